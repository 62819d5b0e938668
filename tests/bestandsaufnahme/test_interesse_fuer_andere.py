import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from bestandsaufnahme.auswahl import InteresseStatus
from bestandsaufnahme.models import Beobachtung, Interessenbekundung
from ikz_portal.basis.models import Fassung
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BestaetigungspflichtFactory,
    InteressenbekundungFactory,
    KooperationsfeldFactory,
)
from tests.fabriken.kommunen import KontoFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]
FUER_ANDERE = "/interessen/fuer-andere/"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)


@pytest.fixture(autouse=True)
def heute():
    with time_machine.travel("2026-01-15", tick=False):
        yield


def text(antwort):
    return antwort.content.decode()


def daten(kommune, **weiteres):
    return {
        "kommune": kommune.ags,
        "feld": f"aufgabenfeld-{AufgabenfeldFactory().pk}",
        "art": "kooperationswille",
        "stufe": "interesse",
        "wofuer": "Mehr Kraft.",
        "vermerk": "Anruf des Hauptamts am 12.01.2026",
    } | weiteres


def test_geschaeftsstelle_files_with_note_and_paper(angemeldet, geschaeftsstelle, kontakt):
    beleg = SimpleUploadedFile("brief.png", PNG, content_type="image/png")
    eingabe = daten(kontakt.kommune, kontakt=kontakt.pk, beleg=beleg)
    antwort = angemeldet(geschaeftsstelle).post(FUER_ANDERE, eingabe, follow=True)
    interesse = Interessenbekundung.objects.get()
    assert antwort.redirect_chain == [(f"/interessen/{interesse.pk}/", 302)]
    assert (interesse.kommune, interesse.durch, interesse.kontakt) == (kontakt.kommune, geschaeftsstelle, kontakt)
    assert (interesse.vermerk, interesse.status) == ("Anruf des Hauptamts am 12.01.2026", InteresseStatus.ABGEGEBEN)
    assert (interesse.beleg.dateiname, interesse.beleg.inhaltstyp) == ("brief.png", "image/png")
    assert not Beobachtung.objects.exists()


def test_paper_is_optional_the_note_is_not(angemeldet, geschaeftsstelle, kommune):
    client = angemeldet(geschaeftsstelle)
    ohne_vermerk = client.post(FUER_ANDERE, daten(kommune, vermerk=" "))
    assert "Bitte vermerken Sie, wie die Kommune Ihnen das Interesse mitgeteilt hat." in text(ohne_vermerk)
    assert not Interessenbekundung.objects.exists()
    client.post(FUER_ANDERE, daten(kommune))
    assert Interessenbekundung.objects.get().beleg is None


def test_nobody_is_proposed(angemeldet, geschaeftsstelle, kontakt, andere_kommune):
    form = angemeldet(geschaeftsstelle).get(FUER_ANDERE).context["form"]
    assert [form[name].value() for name in ("kommune", "kontakt", "feld")] == [None, None, None]


def test_link_chooses_kommune_and_field(angemeldet, geschaeftsstelle, kommune, andere_kommune):
    feld = AufgabenfeldFactory()
    antwort = angemeldet(geschaeftsstelle).get(f"{FUER_ANDERE}?kommune={kommune.ags}&feld=aufgabenfeld-{feld.pk}")
    form = antwort.context["form"]
    assert [form[name].value() for name in ("kommune", "feld")] == [kommune.ags, f"aufgabenfeld-{feld.pk}"]


def test_person_of_another_kommune_is_refused_at_the_field(angemeldet, geschaeftsstelle, kommune, fremder_kontakt):
    antwort = angemeldet(geschaeftsstelle).post(FUER_ANDERE, daten(kommune, kontakt=fremder_kontakt.pk))
    assert antwort.context["form"].errors["kontakt"] == [
        "Fremder Kontakt gehört nicht zu Musterstadt. Bitte wählen Sie eine Person von Musterstadt, oder keine."
    ]
    assert not Interessenbekundung.objects.exists()


@pytest.mark.parametrize(
    ("name", "inhalt"),
    [("brief.exe", b"MZ"), ("brief.pdf", b"kein PDF"), ("brief.png", b""), ("brief.txt", b"Text")],
)
def test_paper_that_is_none_is_refused_and_nothing_kept(angemeldet, geschaeftsstelle, kommune, name, inhalt):
    eingabe = daten(kommune, beleg=SimpleUploadedFile(name, inhalt))
    antwort = angemeldet(geschaeftsstelle).post(FUER_ANDERE, eingabe)
    assert set(antwort.context["form"].errors) == {"beleg"}
    assert not Interessenbekundung.objects.exists()
    assert not Fassung.objects.exists()


@pytest.mark.parametrize(
    "falsches",
    [
        {"kommune": ""},
        {"kommune": "06433999"},
        {"kommune": "\0"},
        {"vermerk": "Mit\0Null"},
        {"vermerk": "x" * 1001},
        {"gueltig_bis": "2026-01-14"},
        {"feld": "aufgabenfeld-0"},
        {"beleg": "keine Datei", "vermerk": ""},
    ],
)
def test_nonsense_shows_the_form_again_and_writes_nothing(
    angemeldet, geschaeftsstelle, kommune, andere_kommune, falsches
):
    antwort = angemeldet(geschaeftsstelle).post(FUER_ANDERE, daten(kommune) | falsches)
    assert antwort.status_code == 200
    assert "Bitte prüfen Sie Ihre Angaben" in text(antwort)
    assert not Interessenbekundung.objects.exists()


def test_nothing_is_taken_that_the_form_does_not_ask(angemeldet, geschaeftsstelle, kontakt):
    fremdes = {"durch": kontakt.pk, "status": "bestaetigt", "bestaetigung_noetig": "on", "entwurf": "1", "runde": "1"}
    angemeldet(geschaeftsstelle).post(FUER_ANDERE, daten(kontakt.kommune, **fremdes))
    interesse = Interessenbekundung.objects.get()
    assert (interesse.durch, interesse.status, interesse.bestaetigung_noetig) == (geschaeftsstelle, "abgegeben", False)


def test_double_is_refused_with_a_link(angemeldet, geschaeftsstelle, kommune, andere_kommune):
    vorhandene = InteressenbekundungFactory(kommune=kommune)
    eingabe = daten(kommune, feld=f"aufgabenfeld-{vorhandene.aufgabenfeld_id}")
    seite = text(angemeldet(geschaeftsstelle).post(FUER_ANDERE, eingabe))
    assert f'<a href="/interessen/{vorhandene.pk}/">Zur vorhandenen Interessenbekundung</a>' in seite
    assert Interessenbekundung.objects.count() == 1


def test_draft_of_the_kommune_neither_hinders_nor_is_told(angemeldet, geschaeftsstelle, kommune, andere_kommune):
    entwurf = InteressenbekundungFactory(kommune=kommune, entwurf=True, wofuer="Geheim")
    eingabe = daten(kommune, feld=f"aufgabenfeld-{entwurf.aufgabenfeld_id}")
    seite = text(angemeldet(geschaeftsstelle).post(FUER_ANDERE, eingabe, follow=True))
    assert "Geheim" not in seite
    assert set(Interessenbekundung.objects.values_list("status", flat=True)) == {"entwurf", "abgegeben"}


def test_page_says_whose_head_confirms(angemeldet, geschaeftsstelle, kommune, andere_kommune):
    BestaetigungspflichtFactory(kommune=kommune)
    client = angemeldet(geschaeftsstelle)
    assert "In Musterstadt bestätigt die Verwaltungsspitze jedes Interesse" in text(client.get(FUER_ANDERE))
    client.post(FUER_ANDERE, daten(kommune))
    assert Interessenbekundung.objects.get().unbestaetigt


@pytest.mark.parametrize("wer", ["kontakt", "buergermeister", "lesend"])
def test_on_behalf_is_for_the_geschaeftsstelle_alone(request, angemeldet, andere_kommune, wer):
    client = angemeldet(request.getfixturevalue(wer))
    assert client.get(FUER_ANDERE).status_code == 403
    assert client.post(FUER_ANDERE, daten(andere_kommune)).status_code == 403
    assert not Interessenbekundung.objects.exists()


@pytest.mark.parametrize("anzahl", [1, 3])
def test_page_needs_the_same_queries_for_any_number(angemeldet, geschaeftsstelle, django_assert_num_queries, anzahl):
    for _ in range(anzahl):
        KooperationsfeldFactory()
    for _ in range(anzahl + 1):
        KontoFactory()
    client = angemeldet(geschaeftsstelle)
    with django_assert_num_queries(9):
        client.get(FUER_ANDERE)
