"""The record of everything at /protokoll/: who reads it, what it filters, what it never tells."""

import io
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from bestandsaufnahme.rechte import sichtbare_aenderungen
from ikz_portal.basis import protokoll
from ikz_portal.basis.models import Aenderung
from ikz_portal.startseite.abfragen import protokoll as abfragen
from projekte.models import Projekt
from tests.fabriken.bestandsaufnahme import AufgabenfeldFactory, InteressenbekundungFactory
from tests.fabriken.kommunen import KontoFactory
from tests.fabriken.projekte import MeilensteinFactory, ProjektFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]
SEITE = "/protokoll/"
GEHEIM = "Quittenbrot"


@pytest.fixture
def client(angemeldet, geschaeftsstelle):
    return angemeldet(geschaeftsstelle)


def namen(antwort) -> list[str]:
    assert antwort.status_code == HTTPStatus.OK
    return [eintrag.name for vorgang in antwort.context["vorgaenge"] for eintrag in vorgang.eintraege]


def csv(antwort) -> list[list[str]]:
    assert antwort.status_code == HTTPStatus.OK
    return [zeile.split(";") for zeile in antwort.content.decode("utf-8-sig").splitlines()]


# --- who --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wer", ["lesend", "kontakt", "buergermeister"])
def test_others_may_not_read_it(request, angemeldet, wer):
    anderer = angemeldet(request.getfixturevalue(wer))
    for adresse in (SEITE, f"{SEITE}?format=csv", f"{SEITE}?seite=2"):
        assert anderer.get(adresse).status_code == HTTPStatus.FORBIDDEN
    assert 'href="/protokoll/"' not in anderer.get("/projekte/").content.decode()


def test_public_is_sent_to_sign_in():
    assert Client().get(SEITE).status_code == HTTPStatus.FOUND


def test_menu_of_the_geschaeftsstelle_leads_here(client):
    assert 'href="/protokoll/"' in client.get("/projekte/").content.decode()


# --- page -------------------------------------------------------------------------------------------------------------


def test_page_tells_who_changed_what(client, kontakt):
    projekt = ProjektFactory(name="Archiv", hinweis="vorher so")
    with protokoll.umstaende(quelle="/x/", konto=kontakt.pk):
        Projekt.objects.filter(pk=projekt.pk).update(hinweis="<b>jetzt</b> so")
    seite = client.get(SEITE).content.decode()
    assert f"<strong>{kontakt.name}</strong>" in seite
    assert "vorher so" in seite
    assert "&lt;b&gt;jetzt&lt;/b&gt; so" in seite
    assert f'href="?zu=projekte_projekt%3A{projekt.pk}"' in seite


def test_empty_result_says_so(client):
    assert "Kein Eintrag passt zu diesen Filtern" in client.get(f"{SEITE}?art=loeschung").content.decode()


def test_long_record_is_paged(client):
    AufgabenfeldFactory.create_batch(60)
    erste, zweite = client.get(f"{SEITE}?objektart=aufgabenfeld"), client.get(f"{SEITE}?objektart=aufgabenfeld&seite=2")
    assert (len(namen(erste)), len(namen(zweite))) == (50, 10)
    assert erste.context["treffer"] == "60 Einträge"
    assert client.get(f"{SEITE}?objektart=aufgabenfeld&seite=3").status_code == HTTPStatus.NOT_FOUND


def test_very_long_record_is_counted_to_a_limit_and_exported_in_parts(client, monkeypatch):
    monkeypatch.setattr(abfragen, "HOECHSTENS", 3)
    AufgabenfeldFactory.create_batch(4)
    antwort = client.get(SEITE)
    assert antwort.context["treffer"] == "die neuesten 3 Einträge"
    assert "wenn Sie den Zeitraum eingrenzen" in antwort.content.decode()
    datei = client.get(f"{SEITE}?format=csv")
    assert datei.status_code == HTTPStatus.BAD_REQUEST
    assert "Das sind mehr als 3 Einträge. Bitte grenzen Sie den Zeitraum ein." in datei.content.decode()


@pytest.mark.parametrize("anzahl", [1, 3])
def test_page_queries(client, django_assert_num_queries, anzahl):
    MeilensteinFactory.create_batch(anzahl, projekt__leitung=KontoFactory())
    with django_assert_num_queries(7):
        client.get(SEITE)


# --- filters ----------------------------------------------------------------------------------------------------------


def test_filter_by_time(client):
    ProjektFactory(name="Archiv")
    heute = timezone.localdate()
    gestern, morgen = heute - timedelta(days=1), heute + timedelta(days=1)
    for frage, gefunden in [
        (f"von={heute}", True),
        (f"von={morgen}", False),
        (f"bis={heute}", True),
        (f"bis={gestern}", False),
        (f"von={heute}&bis={heute}", True),
    ]:
        assert ("Archiv" in namen(client.get(f"{SEITE}?{frage}"))) == gefunden, frage
    assert f"Von: {heute:%d.%m.%Y}" in client.get(f"{SEITE}?von={heute}").content.decode()


def test_days_begin_at_midnight_here(client):
    am = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)  # half an hour after midnight here
    Aenderung.objects.create(
        am=am, art="anlage", tabelle="x", objekt="1", wurzel_tabelle="x", wurzel="1", stand={"name": "nachts"}
    )
    assert namen(client.get(f"{SEITE}?von=2026-07-01&bis=2026-07-01")) == ["nachts"]
    assert namen(client.get(f"{SEITE}?bis=2026-06-30")) == []


def test_filter_by_person_kind_and_object(client, kontakt):
    feld = AufgabenfeldFactory(name="Bauhof")
    projekt = ProjektFactory(name="Archiv", aufgabenfeld=feld)
    MeilensteinFactory(name="fremd")
    with protokoll.umstaende(quelle="/x/", konto=kontakt.pk):
        zeile = MeilensteinFactory(name="Start", projekt=projekt)
    zeile.delete()
    for frage, gefunden in [
        (f"konto={kontakt.pk}&objektart=meilenstein&art=anlage", ["Start"]),
        ("konto=ohne&objektart=aufgabenfeld&art=anlage", None),
        ("art=loeschung", ["Start"]),
        ("objektart=beitragsfeld", []),
        (f"zu=projekte_projekt:{projekt.pk}&art=anlage", ["Start", "Archiv"]),
    ]:
        ergebnis = namen(client.get(f"{SEITE}?{frage}"))
        assert ("Bauhof" in ergebnis) if gefunden is None else ergebnis == gefunden, (frage, ergebnis)
    seite = client.get(f"{SEITE}?zu=projekte_projekt:{projekt.pk}").content.decode()
    assert "Objekt: Projekt „Archiv“" in seite


@pytest.mark.parametrize(
    "frage",
    [
        "von=bald",
        "von=0001-01-01",
        "bis=9999-12-31",
        "konto=x",
        "konto=999999999999999999999",
        "art=alles",
        "objektart=lauf",
        "zu=lauf:1",
        "zu=projekte_projekt:1'--",
        "zu=projekte_projekt:%00",
        "zu=auth_user",
        "format=pdf",
    ],
)
def test_nonsense_is_told_and_no_error(client, frage):
    assert client.get(f"{SEITE}?{frage}").status_code == HTTPStatus.BAD_REQUEST


# --- export -----------------------------------------------------------------------------------------------------------


def test_file_has_a_row_per_field_of_what_is_filtered(client, kontakt):
    projekt = ProjektFactory(name="Archiv", hinweis="alt", kurzbeschreibung="alt")
    with protokoll.umstaende(quelle="/x/", konto=kontakt.pk):
        Projekt.objects.filter(pk=projekt.pk).update(hinweis="neu", kurzbeschreibung="=1+1")
        MeilensteinFactory(name="Start", projekt=projekt)
    kopf, *zeilen = csv(client.get(f"{SEITE}?format=csv&art=aenderung"))
    assert kopf == list(abfragen.KOPF)
    assert [zeile[1:] for zeile in zeilen] == [
        [kontakt.name, "geändert", "Projekt", "Archiv", "", "Kurzbeschreibung", "alt", "'=1+1"],
        [kontakt.name, "geändert", "Projekt", "Archiv", "", "Hinweis", "alt", "neu"],
    ]
    mappe = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{SEITE}?format=xlsx&art=aenderung").content))
    assert [zeile[7:] for zeile in mappe.get_sheet_by_index(0).to_python()[1:]] == [["alt", "=1+1"], ["alt", "neu"]]


def test_file_is_read_in_batches(client, monkeypatch):
    monkeypatch.setattr(abfragen, "STAPEL", 2)
    AufgabenfeldFactory.create_batch(5)
    zeilen = csv(client.get(f"{SEITE}?format=csv&objektart=aufgabenfeld"))
    assert len({zeile[4] for zeile in zeilen[1:]}) == 5


# --- drafts are the own Kommune's alone -------------------------------------------------------------------------------


@pytest.fixture
def entwurf(kontakt):
    """A draft with a secret word, changed and filed without it, and one that was deleted."""
    felder = [AufgabenfeldFactory(name=name) for name in ("Bauhof", "Archiv")]
    werte = {"kommune": kontakt.kommune, "status": "entwurf", "abgegeben_am": None, "wofuer": GEHEIM, "durch": kontakt}
    with protokoll.umstaende(quelle="/x/", konto=kontakt.pk):
        bekundung = InteressenbekundungFactory(aufgabenfeld=felder[0], **werte)
        InteressenbekundungFactory(aufgabenfeld=felder[1], **werte).delete()
    bekundung.bietet = GEHEIM
    bekundung.save()
    bekundung.wofuer, bekundung.bietet = "Gemeinsam bauen", ""
    bekundung.status, bekundung.abgegeben_am = "abgegeben", timezone.localdate()
    bekundung.save()
    return bekundung


def test_drafts_never_appear_in_page_file_or_filter(client, entwurf):
    for frage in ("", "objektart=interessenbekundung", "art=loeschung", f"zu={entwurf._meta.db_table}:{entwurf.pk}"):
        assert GEHEIM not in client.get(f"{SEITE}?{frage}").content.decode()
        assert GEHEIM not in client.get(f"{SEITE}?{frage}&format=csv").content.decode()
    (eintrag,) = client.get(f"{SEITE}?objektart=interessenbekundung").context["vorgaenge"][0].eintraege
    gezeigt = {zeile.feld: (zeile.vorher.text, zeile.nachher.text) for zeile in eintrag.felder}
    assert gezeigt["Wofür"] == ("nicht einsehbar", "Gemeinsam bauen")
    assert {vorher for vorher, _ in gezeigt.values()} == {"nicht einsehbar"}


def test_drafts_are_for_those_who_act_for_the_kommune(entwurf, kontakt, fremder_kontakt, geschaeftsstelle, lesend):
    def gesehen(konto):
        zeilen = sichtbare_aenderungen(konto).filter(tabelle=entwurf._meta.db_table)
        return [(zeile.art, zeile.stand["status"], zeile.verdeckt) for zeile in zeilen]

    abgabe = [("aenderung", "abgegeben", True)]
    assert [gesehen(konto) for konto in (fremder_kontakt, geschaeftsstelle, lesend)] == [abgabe] * 3
    assert gesehen(kontakt) == [
        ("aenderung", "abgegeben", False),
        ("aenderung", "entwurf", False),
        ("loeschung", "entwurf", False),
        ("anlage", "entwurf", False),
        ("anlage", "entwurf", False),
    ]
