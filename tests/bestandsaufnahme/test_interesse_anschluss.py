import pytest
import time_machine

from bestandsaufnahme.auswahl import InteresseArt, InteresseStatus
from bestandsaufnahme.models import Interessenbekundung
from kommunen.auswahl import Meldeanlass
from kommunen.models import Meldung
from tests.bestandsaufnahme.interessehilfen import UNGUELTIGE, bekundung
from tests.fabriken.bestandsaufnahme import BestaetigungspflichtFactory, KooperationsfeldFactory
from tests.fabriken.kommunen import KontoFactory, VertretungFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]
DATEN = {"stufe": "ressourcen", "wofuer": "Auch wir."}


@pytest.fixture(autouse=True)
def heute():
    with time_machine.travel("2026-01-15", tick=False):
        yield


@pytest.fixture
def andere(fremder_kontakt):
    """The declaration of another Kommune."""
    return bekundung(
        fremder_kontakt.kommune,
        aufgabenfeld=None,
        kooperationsfeld=KooperationsfeldFactory(name="Winterdienst"),
        art=InteresseArt.INFO_AUSTAUSCH,
        wofuer="Räumen und streuen.",
        durch=fremder_kontakt,
        kontakt=fremder_kontakt,
    )


def url(interesse):
    return f"/interessen/{interesse.pk}/anschliessen/"


def text(antwort):
    return antwort.content.decode()


def gleiche(interesse, kommune, **werte):
    """A declaration of this Kommune for the same."""
    return bekundung(
        kommune, aufgabenfeld=None, kooperationsfeld=interesse.kooperationsfeld, art=interesse.art, **werte
    )


def test_page_shows_what_the_other_one_says(angemeldet, kontakt, andere):
    seite = text(angemeldet(kontakt).get(url(andere)))
    assert "Das sagt Nachbarstadt" in seite
    assert "Räumen und streuen." in seite
    assert "Fremder Kontakt" in seite
    assert f'<option value="{kontakt.pk}" selected>' in seite
    assert 'name="feld"' not in seite


def test_joining_files_the_same_in_own_words_and_tells_the_author(angemeldet, kontakt, fremder_kontakt, andere):
    fremdes = {"feld": "aufgabenfeld-1", "art": "kooperationswille", "status": "bestaetigt", "anschluss_an": "1"}
    antwort = angemeldet(kontakt).post(url(andere), DATEN | fremdes, follow=True)
    eigene = Interessenbekundung.objects.get(kommune=kontakt.kommune)
    assert antwort.redirect_chain == [(f"/interessen/{eigene.pk}/", 302)]
    assert (eigene.feld, eigene.art, eigene.anschluss_an) == (andere.feld, InteresseArt.INFO_AUSTAUSCH, andere)
    assert (eigene.wofuer, eigene.stufe, eigene.status, eigene.durch) == (
        "Auch wir.",
        "ressourcen",
        InteresseStatus.ABGEGEBEN,
        kontakt,
    )
    anschluss = Meldung.objects.filter(anlass=Meldeanlass.ANSCHLUSS)
    assert list(anschluss.values_list("konto", flat=True)) == [fremder_kontakt.pk]


@pytest.mark.parametrize("eingabe", [{"wofuer": ""}, {"wofuer": "Mit\0Null"}, {"gueltig_bis": "2026-01-14"}])
def test_joining_without_own_words_or_past_its_day_is_refused(angemeldet, kontakt, andere, eingabe):
    antwort = angemeldet(kontakt).post(url(andere), DATEN | eingabe)
    assert "Bitte prüfen Sie Ihre Angaben" in text(antwort)
    assert Interessenbekundung.objects.get() == andere


def test_joining_for_a_foreign_kommune_is_refused(angemeldet, kontakt, fremder_kontakt, andere):
    dritte = KontoFactory().kommune
    antwort = angemeldet(kontakt).post(url(andere), DATEN | {"kommune": dritte.ags})
    assert "Sie können nur für Musterstadt ein Interesse bekunden." in text(antwort)
    antwort = angemeldet(kontakt).post(url(andere), DATEN | {"kontakt": fremder_kontakt.pk})
    assert "Diese Person können Sie nicht nennen." in text(antwort)
    assert Interessenbekundung.objects.get() == andere


def test_own_one_is_not_joined(angemeldet, fremder_kontakt, andere):
    client = angemeldet(fremder_kontakt)
    seite = text(client.get(url(andere)))
    assert "Diese Interessenbekundung ist von Ihrer eigenen Kommune." in seite
    assert "Dem Interesse anschließen</button>" not in seite
    assert client.post(url(andere), DATEN).status_code == 409
    assert Interessenbekundung.objects.get() == andere


@pytest.mark.parametrize("zustand", UNGUELTIGE[1:])
def test_one_that_is_over_is_not_joined(angemeldet, kontakt, andere_kommune, zustand):
    werte = {"status": InteresseStatus.ZURUECKGEZOGEN} if "zurueckgezogen" in zustand else zustand
    vorbei = bekundung(andere_kommune, **werte)
    client = angemeldet(kontakt)
    assert "Anschließen können Sie sich nur, solange sie gilt." in text(client.get(url(vorbei)))
    assert client.post(url(vorbei), DATEN).status_code == 409
    assert Interessenbekundung.objects.get() == vorbei


@pytest.mark.parametrize(
    ("status", "verweis"),
    [
        (InteresseStatus.ABGEGEBEN, '<a href="/interessen/{}/">Zur Interessenbekundung von Musterstadt</a>'),
        (InteresseStatus.ENTWURF, '<a href="/interessen/{}/bearbeiten/">Am Entwurf weiterschreiben</a>'),
    ],
)
def test_who_has_one_already_is_led_to_it(angemeldet, kontakt, andere, status, verweis):
    eigene = gleiche(andere, kontakt.kommune, status=status)
    client = angemeldet(kontakt)
    seite = text(client.get(url(andere)))
    assert "Musterstadt hat für „Winterdienst“ schon eine Interessenbekundung dieser Art." in seite
    assert verweis.format(eigene.pk) in seite
    assert client.post(url(andere), DATEN).status_code == 409
    assert Interessenbekundung.objects.count() == 2


def test_own_one_that_is_past_its_day_stands_in_nobodys_way(angemeldet, kontakt, andere):
    alte = gleiche(andere, kontakt.kommune, gueltig_bis="2026-01-14")
    angemeldet(kontakt).post(url(andere), DATEN)
    alte.refresh_from_db()
    assert alte.status == InteresseStatus.ABGELAUFEN
    assert Interessenbekundung.objects.get(anschluss_an=andere).kommune == kontakt.kommune


def test_who_acts_for_several_joins_for_those_that_can(angemeldet, kontakt, andere):
    vertretene, beteiligte = KontoFactory(buergermeister=True), KontoFactory(buergermeister=True)
    for spitze in (vertretene, beteiligte):
        VertretungFactory(vertretener=spitze, vertreter=kontakt)
    gleiche(andere, beteiligte.kommune)
    client = angemeldet(kontakt)
    angebotene = client.get(url(andere)).context["form"].fields["kommune"].queryset
    assert set(angebotene) == {kontakt.kommune, vertretene.kommune}
    client.post(url(andere), DATEN | {"kommune": vertretene.kommune.ags})
    anschluss = Interessenbekundung.objects.get(anschluss_an=andere)
    assert (anschluss.kommune, anschluss.durch, anschluss.fuer) == (vertretene.kommune, kontakt, vertretene)


def test_page_says_that_the_head_confirms(angemeldet, kontakt, buergermeister, andere):
    BestaetigungspflichtFactory(kommune=kontakt.kommune)
    satz = "In Musterstadt bestätigt die Verwaltungsspitze jedes Interesse"
    assert satz in text(angemeldet(kontakt).get(url(andere)))
    assert satz not in text(angemeldet(buergermeister).get(url(andere)))


def test_joining_is_403_for_those_who_act_for_no_kommune(angemeldet, geschaeftsstelle, lesend, andere):
    for konto in (geschaeftsstelle, lesend):
        assert angemeldet(konto).get(url(andere)).status_code == 403
        assert angemeldet(konto).post(url(andere), DATEN).status_code == 403
    assert Interessenbekundung.objects.get() == andere


def test_foreign_draft_is_404(angemeldet, kontakt, andere_kommune):
    entwurf = bekundung(andere_kommune, status=InteresseStatus.ENTWURF)
    assert angemeldet(kontakt).get(url(entwurf)).status_code == 404
    assert angemeldet(kontakt).post(url(entwurf), DATEN).status_code == 404


@pytest.mark.parametrize("anzahl", [1, 3])
def test_page_needs_the_same_queries_for_any_number(angemeldet, kontakt, andere, django_assert_num_queries, anzahl):
    for _ in range(anzahl):
        KontoFactory(kommune=kontakt.kommune)
        bekundung(kontakt.kommune)
    client = angemeldet(kontakt)
    with django_assert_num_queries(9):
        client.get(url(andere))
