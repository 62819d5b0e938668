"""What the record tells of declarations: to nobody but the own Kommune what happened before they were filed."""

from datetime import date

import pytest

from bestandsaufnahme.ablaeufe import interesse_aenderung, interesse_entwurf
from bestandsaufnahme.ablaeufe.interesse import Angaben
from bestandsaufnahme.auswahl import Stufe
from bestandsaufnahme.rechte import sichtbare_aenderungen
from ikz_portal.basis import protokoll
from ikz_portal.basis.models import Aenderung
from tests.fabriken.bestandsaufnahme import AufgabenfeldFactory
from tests.fabriken.kommunen import VertretungFactory

GEHEIM = "Quittenbrot"
HEUTE = date(2026, 1, 15)
TABELLEN = ("bestandsaufnahme_interessenbekundung", "bestandsaufnahme_interessenaenderung")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]


def angaben(wofuer):
    return Angaben(art="kooperationswille", aufgabenfeld=AufgabenfeldFactory(), stufe=Stufe.INTERESSE, wofuer=wofuer)


@pytest.fixture
def verworfener(kontakt):
    """A draft that was written, changed and thrown away, by the operations."""
    inhalt = angaben(GEHEIM)
    with protokoll.umstaende(quelle="/x/", konto=kontakt.pk):
        entwurf = interesse_entwurf.entwerfen(kommune=kontakt.kommune, angaben=inhalt, durch=kontakt, heute=HEUTE)
    with protokoll.umstaende(quelle="/x/", konto=kontakt.pk):
        interesse_entwurf.bearbeiten(
            interesse=entwurf, version=1, angaben=angaben(f"{GEHEIM} 2"), durch=kontakt, heute=HEUTE
        )
    with protokoll.umstaende(quelle="/x/", konto=kontakt.pk):
        interesse_entwurf.verwerfen(interesse=entwurf, version=2, durch=kontakt)
    return entwurf


@pytest.fixture
def abgegebener(kontakt):
    """A draft that was filed with other words, and raised afterwards."""
    inhalt = angaben(GEHEIM)
    with protokoll.umstaende(quelle="/x/", konto=kontakt.pk):
        entwurf = interesse_entwurf.entwerfen(kommune=kontakt.kommune, angaben=inhalt, durch=kontakt, heute=HEUTE)
    with protokoll.umstaende(quelle="/x/", konto=kontakt.pk):
        interesse = interesse_entwurf.abgeben(
            interesse=entwurf, version=1, angaben=angaben("Gemeinsam bauen."), durch=kontakt, heute=HEUTE
        )
    with protokoll.umstaende(quelle="/x/", konto=kontakt.pk):
        interesse_aenderung.anheben(interesse=interesse, stufe=Stufe.RESSOURCEN, durch=kontakt, heute=HEUTE)
    return interesse


def gesehen(konto):
    zeilen = sichtbare_aenderungen(konto).filter(tabelle__in=TABELLEN).order_by("pk")
    return [(zeile.art, zeile.tabelle.removeprefix("bestandsaufnahme_"), zeile.verdeckt) for zeile in zeilen]


@pytest.mark.parametrize("wer", ["geschaeftsstelle", "fremder_kontakt", "lesend"])
def test_discarded_draft_is_on_record_for_the_own_kommune_alone(request, verworfener, kontakt, wer):
    assert gesehen(request.getfixturevalue(wer)) == []
    assert [art for art, _, _ in gesehen(kontakt)] == ["anlage", "aenderung", "loeschung"]


def test_discarded_draft_is_on_record_for_who_stands_in_for_the_head(verworfener, buergermeister, fremder_kontakt):
    VertretungFactory(vertretener=buergermeister, vertreter=fremder_kontakt)
    assert len(gesehen(fremder_kontakt)) == 3


@pytest.mark.parametrize("wer", ["geschaeftsstelle", "fremder_kontakt", "lesend"])
def test_filed_one_is_on_record_from_its_filing_on(request, abgegebener, wer):
    assert gesehen(request.getfixturevalue(wer)) == [
        ("aenderung", "interessenbekundung", True),
        ("aenderung", "interessenbekundung", False),
        ("anlage", "interessenaenderung", False),
    ]


def test_pages_of_the_geschaeftsstelle_never_tell_the_words_of_a_draft(
    angemeldet, geschaeftsstelle, verworfener, abgegebener
):
    assert GEHEIM in str([zeile.stand for zeile in Aenderung.objects.all()])
    client = angemeldet(geschaeftsstelle)
    zu = f"{TABELLEN[0]}:{verworfener.pk or 0}"
    seiten = [f"/protokoll/?{frage}" for frage in ("", "art=loeschung", "objektart=interessenbekundung", f"zu={zu}")]
    for seite in [*seiten, f"/verlauf/interessenbekundung/{abgegebener.pk}/", abgegebener.get_absolute_url()]:
        for anhang in ("", "&format=csv") if "?" in seite else ("",):
            antwort = client.get(seite + anhang)
            assert (antwort.status_code, GEHEIM in antwort.content.decode()) == (200, False), seite


def test_verlauf_of_a_discarded_draft_is_gone_for_everybody(angemeldet, kontakt, geschaeftsstelle, verworfener):
    gesuchte = Aenderung.objects.filter(tabelle=TABELLEN[0]).first().objekt
    for konto in (kontakt, geschaeftsstelle):
        assert angemeldet(konto).get(f"/verlauf/interessenbekundung/{gesuchte}/").status_code == 404
