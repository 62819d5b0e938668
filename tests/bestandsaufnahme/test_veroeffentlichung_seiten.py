"""The pages of publications: draft, result, consent, withdrawal, and who reads them when."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bestandsaufnahme.ablaeufe import veroeffentlichung as ablauf
from bestandsaufnahme.auswahl import ErhebungStatus, VeroeffentlichungArt, VeroeffentlichungStatus
from bestandsaufnahme.models import Erhebung, Kooperation, Veroeffentlichung
from bestandsaufnahme.models.veroeffentlichung import Fussnotenfassung, Zustimmung
from ikz_portal.basis.models import Aenderung
from kommunen.models import Kommune, Konto
from tests.fabriken.bestandsaufnahme import BeteiligungFactory, ErhebungFactory, KooperationFactory
from tests.fabriken.kommunen import KommuneFactory, VertretungFactory

Anmelden = Callable[[Konto], Client]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund", "am_ersten_september")]

HEUTE, TAG = date(2026, 9, 1), date(2026, 10, 1)
DAVOR, DANN = datetime(2026, 9, 30, 20, tzinfo=UTC), datetime(2026, 10, 1, 6, tzinfo=UTC)
ANONYM, MIT_NAMEN = VeroeffentlichungArt.ANONYM, VeroeffentlichungArt.MIT_NAMEN


@pytest.fixture
def am_ersten_september() -> Any:
    with time_machine.travel(datetime(2026, 9, 1, 9, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def runde(kommune: Kommune, andere_kommune: Kommune) -> Erhebung:
    runde = ErhebungFactory(
        veroeffentlicht=False,
        stichtag=date(2026, 6, 30),
        name="Erhebung 2026",
        lesehinweis="Musterstadt hat auf Papier geantwortet.",
        quelle="Bogen aus Musterstadt",
    )
    kooperation = KooperationFactory(bezeichnung="zzpostverbundzz", veroeffentlicht=False)
    kooperation.kooperationsfeld.name = "zzfeldzz"
    kooperation.kooperationsfeld.save()
    for eine in (kommune, andere_kommune):
        BeteiligungFactory(kooperation=kooperation, kommune=eine, erhebung=runde, gilt_ab=runde.stichtag)
    return runde


@pytest.fixture
def gs(angemeldet: Anmelden, geschaeftsstelle: Konto) -> Client:
    return angemeldet(geschaeftsstelle)


@pytest.fixture
def vorbereiten(runde: Erhebung, geschaeftsstelle: Konto) -> Callable[..., Veroeffentlichung]:
    def anlegen(art: VeroeffentlichungArt = ANONYM, ab: date | None = TAG) -> Veroeffentlichung:
        return ablauf.vorbereiten(erhebung=runde, art=art, oeffentlich_ab=ab, durch=geschaeftsstelle, heute=HEUTE)

    return anlegen


@pytest.fixture
def veroeffentlichen(
    vorbereiten: Callable[..., Veroeffentlichung], geschaeftsstelle: Konto
) -> Callable[..., Veroeffentlichung]:
    def freigeben(art: VeroeffentlichungArt = ANONYM, ab: date | None = TAG) -> Veroeffentlichung:
        neue = vorbereiten(art, ab)
        for eine in Kommune.objects.all():
            ablauf.zustimmen(
                veroeffentlichung=neue, kommune=eine, vermerk="mündlich", durch=geschaeftsstelle, heute=HEUTE
            )
        return ablauf.freigeben(veroeffentlichung=neue, durch=geschaeftsstelle, heute=HEUTE)

    return freigeben


def url(veroeffentlichung: Veroeffentlichung, schritt: str = "") -> str:
    return f"{veroeffentlichung.get_absolute_url()}{schritt}"


# --- preparing --------------------------------------------------------------------------------------------------------
def test_geschaeftsstelle_prepares_a_draft(gs, runde):
    neu = f"/bestandsaufnahme/erhebungen/{runde.pk}/veroeffentlichungen/neu/"
    assert gs.get(neu).status_code == 200
    antwort = gs.post(neu, {"art": "anonym", "kreis": "oeffentlich", "oeffentlich_ab": "2026-10-01"})
    entwurf = Veroeffentlichung.objects.get()
    assert (antwort.status_code, antwort["Location"]) == (302, url(entwurf))
    assert (entwurf.art, entwurf.oeffentlich_ab, entwurf.status) == (ANONYM, TAG, VeroeffentlichungStatus.ENTWURF)


@pytest.mark.parametrize(
    ("daten", "feld", "satz"),
    [
        ({"art": "geheim", "kreis": "intern"}, "art", "Bitte wählen Sie einen der angebotenen Werte."),
        ({"art": "anonym", "kreis": "oeffentlich"}, "oeffentlich_ab", "Bitte nennen Sie den Tag"),
        (
            {"art": "anonym", "kreis": "oeffentlich", "oeffentlich_ab": "2026-08-31"},
            "oeffentlich_ab",
            "liegt in der Vergangenheit",
        ),
        ({"art": "anonym", "kreis": "oeffentlich", "oeffentlich_ab": "31.99.2026"}, "oeffentlich_ab", "gültiges Datum"),
        ({"art": "\x00", "kreis": "\x00"}, "art", "angebotenen Werte"),
    ],
)
def test_draft_with_bad_input_is_refused_at_the_field(gs, runde, daten, feld, satz):
    antwort = gs.post(f"/bestandsaufnahme/erhebungen/{runde.pk}/veroeffentlichungen/neu/", daten)
    assert antwort.status_code == 200
    assert satz in " ".join(antwort.context["form"].errors[feld])
    assert not Veroeffentlichung.objects.exists()


def test_internal_draft_forgets_the_day(gs, runde):
    daten = {"art": "mit_namen", "kreis": "intern", "oeffentlich_ab": "2026-10-01"}
    gs.post(f"/bestandsaufnahme/erhebungen/{runde.pk}/veroeffentlichungen/neu/", daten)
    assert Veroeffentlichung.objects.get().oeffentlich_ab is None


def test_second_draft_and_running_round_are_told_in_the_form(gs, runde, vorbereiten):
    neu = f"/bestandsaufnahme/erhebungen/{runde.pk}/veroeffentlichungen/neu/"
    vorbereiten(MIT_NAMEN)
    antwort = gs.post(neu, {"art": "mit_namen", "kreis": "intern"})
    assert antwort.context["form"].errors["art"] == [ablauf.DOPPELT]
    Erhebung.objects.update(status=ErhebungStatus.LAEUFT, frist=TAG)
    antwort = gs.post(neu, {"art": "anonym", "kreis": "intern"})
    assert "wenn der Rücklauf geschlossen ist" in antwort.context["form"].non_field_errors()[0]


def test_example_round_asks_for_no_day(gs, runde):
    Erhebung.objects.update(beispiel=True)
    neu = f"/bestandsaufnahme/erhebungen/{runde.pk}/veroeffentlichungen/neu/"
    assert list(gs.get(neu).context["form"].fields) == ["art"]
    gs.post(neu, {"art": "anonym", "kreis": "oeffentlich", "oeffentlich_ab": "2026-10-01"})
    entwurf = Veroeffentlichung.objects.get()
    assert entwurf.oeffentlich_ab is None
    assert "Beispiel" in gs.get(url(entwurf)).content.decode()


# --- who sees what ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("wer", "status"), [("geschaeftsstelle", 200), ("buergermeister", 200), ("kontakt", 404), ("lesend", 404)]
)
def test_draft_is_for_the_geschaeftsstelle_and_the_heads(request, angemeldet, vorbereiten, wer, status):
    ziel = url(vorbereiten())
    assert angemeldet(request.getfixturevalue(wer)).get(ziel).status_code == status
    assert Client().get(ziel).status_code == 404


def test_head_reads_the_draft_without_the_steps_of_the_geschaeftsstelle(angemeldet, vorbereiten, buergermeister):
    antwort = angemeldet(buergermeister).get(url(vorbereiten())).content.decode()
    assert "Für Musterstadt zustimmen" in antwort
    assert "Für Nachbarstadt zustimmen" not in antwort
    for schritt in ("Anonymisiert veröffentlichen", "Entwurf verwerfen", "Fußnote umschreiben"):
        assert schritt not in antwort


@pytest.mark.parametrize("schritt", ["freigeben/", "verwerfen/", "zuruecknehmen/"])
def test_steps_are_for_the_geschaeftsstelle(angemeldet, vorbereiten, buergermeister, kontakt, schritt):
    veroeffentlichung = vorbereiten()
    ziel = url(veroeffentlichung, schritt)
    assert angemeldet(buergermeister).post(ziel, {"grund": "x"}).status_code == 403
    assert angemeldet(kontakt).post(ziel, {"grund": "x"}).status_code == 404
    assert Client().post(ziel)["Location"].startswith("/konto/anmelden/")
    assert angemeldet(buergermeister).get(ziel).status_code == 405
    assert Veroeffentlichung.objects.get() == veroeffentlichung


def test_footnote_of_another_round_or_kind_is_404(gs, vorbereiten, runde):
    kooperation = Kooperation.objects.get()
    entwurf, mit_namen = vorbereiten(), vorbereiten(MIT_NAMEN)
    assert gs.get(url(entwurf, f"fussnoten/{kooperation.pk}/")).status_code == 200
    assert gs.get(url(mit_namen, f"fussnoten/{kooperation.pk}/")).status_code == 404
    assert gs.get(url(entwurf, "fussnoten/987654/")).status_code == 404
    fremde = ErhebungFactory()
    assert gs.get(f"/bestandsaufnahme/erhebungen/{fremde.pk}/veroeffentlichungen/{entwurf.pk}/").status_code == 404


# --- the workbench ----------------------------------------------------------------------------------------------------
def test_geschaeftsstelle_rewrites_a_footnote_and_takes_it_back(gs, vorbereiten):
    entwurf, kooperation = vorbereiten(), Kooperation.objects.get()
    ziel = url(entwurf, f"fussnoten/{kooperation.pk}/")
    assert gs.get(ziel).context["form"].initial["bezeichnung"] == "zzpostverbundzz"
    antwort = gs.post(ziel, {"bezeichnung": "Postverbund", "erlaeuterung": "Zweier Städte."})
    assert antwort["Location"] == f"{url(entwurf)}#entwurf-1"
    assert list(Fussnotenfassung.objects.values_list("bezeichnung", "erlaeuterung")) == [
        ("Postverbund", "Zweier Städte.")
    ]
    assert "Fußnote zurücksetzen" in gs.get(ziel).content.decode()
    gs.post(ziel, {"zuruecksetzen": "1"})
    assert not Fussnotenfassung.objects.exists()


@pytest.mark.parametrize("bezeichnung", ["", "x" * 201, "a\x00b"])
def test_footnote_with_bad_input_is_shown_again(gs, vorbereiten, bezeichnung):
    entwurf, kooperation = vorbereiten(), Kooperation.objects.get()
    antwort = gs.post(url(entwurf, f"fussnoten/{kooperation.pk}/"), {"bezeichnung": bezeichnung})
    assert antwort.status_code == 200
    assert "bezeichnung" in antwort.context["form"].errors


def test_refused_publication_shows_the_reasons_above_the_draft(gs, vorbereiten):
    Kooperation.objects.update(bezeichnung="Postverbund Musterstadt")
    antwort = gs.post(url(vorbereiten(), "freigeben/"))
    assert antwort.status_code == 409
    assert antwort.context["abgelehnt"] == [
        "„zzfeldzz“ (Fußnote 1): Genannt in „Bezeichnung“: Musterstadt.",
        ablauf.AUSWEG,
    ]
    assert Veroeffentlichung.objects.get().status == VeroeffentlichungStatus.ENTWURF


def test_draft_warns_where_the_round_is_public_by_name_too(gs, veroeffentlichen, vorbereiten):
    veroeffentlichen(MIT_NAMEN)
    assert "Diese Erhebung ist auch mit Namen veröffentlicht" in gs.get(url(vorbereiten())).content.decode()


def test_geschaeftsstelle_discards_a_draft(gs, vorbereiten, runde):
    antwort = gs.post(url(vorbereiten(), "verwerfen/"))
    assert antwort["Location"] == runde.get_absolute_url()
    assert not Veroeffentlichung.objects.exists()


def test_published_one_is_not_discarded(gs, veroeffentlichen):
    veroeffentlichung = veroeffentlichen()
    antwort = gs.post(url(veroeffentlichung, "verwerfen/"), follow=True)
    assert "Nur ein Entwurf lässt sich ändern" in antwort.content.decode()


# --- consent ----------------------------------------------------------------------------------------------------------
def test_head_agrees_and_takes_it_back(angemeldet, vorbereiten, buergermeister, kommune):
    entwurf, client = vorbereiten(), angemeldet(buergermeister)
    client.post(url(entwurf, "zustimmungen/"), {"kommune": kommune.ags})
    assert list(Zustimmung.objects.values_list("kommune", "durch", "fuer")) == [(kommune.pk, buergermeister.pk, None)]
    client.post(url(entwurf, f"zustimmungen/{kommune.ags}/zuruecknehmen/"))
    assert not Zustimmung.objects.exists()


def test_deputy_agrees_with_both_names_on_record(angemeldet, vorbereiten, buergermeister, kontakt, kommune):
    VertretungFactory(vertretener=buergermeister, vertreter=kontakt)
    angemeldet(kontakt).post(url(vorbereiten(), "zustimmungen/"), {"kommune": kommune.ags})
    assert list(Zustimmung.objects.values_list("durch", "fuer")) == [(kontakt.pk, buergermeister.pk)]
    eintrag = Aenderung.objects.get(tabelle=Zustimmung._meta.db_table)
    assert (eintrag.konto_id, eintrag.fuer_id) == (kontakt.pk, buergermeister.pk)


def test_head_agrees_for_no_other_kommune(angemeldet, vorbereiten, buergermeister, andere_kommune):
    entwurf, client = vorbereiten(), angemeldet(buergermeister)
    antwort = client.post(url(entwurf, "zustimmungen/"), {"kommune": andere_kommune.ags})
    assert "kommune" in antwort.context["zustimmung"].errors
    assert client.post(url(entwurf, f"zustimmungen/{andere_kommune.ags}/zuruecknehmen/")).status_code == 403
    assert client.post(url(entwurf, "zustimmungen/00000000/zuruecknehmen/")).status_code == 404
    assert not Zustimmung.objects.exists()


def test_geschaeftsstelle_records_it_on_behalf_with_a_note(gs, vorbereiten, kommune):
    ziel = url(vorbereiten(), "zustimmungen/")
    antwort = gs.post(ziel, {"kommune": kommune.ags, "vermerk": ""})
    assert antwort.context["zustimmung"].errors["vermerk"] == ["Bitte füllen Sie dieses Feld aus."]
    assert gs.post(ziel, {"kommune": kommune.ags, "vermerk": "Schreiben vom 01.09."}).status_code == 302
    antwort = gs.post(ziel, {"kommune": kommune.ags, "vermerk": "noch einmal"})
    assert antwort.context["zustimmung"].non_field_errors() == ["Musterstadt hat schon zugestimmt."]


def test_kontakt_cannot_agree(angemeldet, veroeffentlichen, kontakt, kommune):
    veroeffentlichung = veroeffentlichen()
    client = angemeldet(kontakt)
    assert client.post(url(veroeffentlichung, "zustimmungen/"), {"kommune": kommune.ags}).status_code == 403
    assert client.post(url(veroeffentlichung, f"zustimmungen/{kommune.ags}/zuruecknehmen/")).status_code == 403


# --- the result -------------------------------------------------------------------------------------------------------
def test_anonymised_result_is_read_at_once_by_who_is_signed_in_and_by_all_from_its_day_on(
    client, angemeldet, veroeffentlichen, lesend
):
    ziel = url(veroeffentlichen())
    assert angemeldet(lesend).get(ziel).status_code == 200
    with time_machine.travel(DAVOR, tick=False):
        assert client.get(ziel).status_code == 404
    with time_machine.travel(DANN, tick=False):
        antwort = client.get(ziel)
    assert antwort.status_code == 200
    assert antwort.context["ergebnis"].kommunen == ["A", "B"]


def test_result_tells_nothing_that_leads_to_a_kommune(client, veroeffentlichen, kommune):
    kooperation = Kooperation.objects.get()
    ziel = url(veroeffentlichen())
    with time_machine.travel(DANN, tick=False):
        seite = client.get(ziel).content.decode()
        datei = client.get(f"{ziel}?format=csv").content.decode()
    for inhalt in (seite, datei):
        assert "Musterstadt" not in inhalt
        assert kommune.ags not in inhalt
        assert kooperation.get_absolute_url() not in inhalt
        assert "zzpostverbundzz" in inhalt


def test_result_as_a_file(gs, veroeffentlichen, vorbereiten):
    ziel = url(veroeffentlichen())
    kopf, *zeilen = gs.get(f"{ziel}?format=csv").content.decode("utf-8-sig").splitlines()
    assert kopf == (
        "Aufgabenfeld;Kooperationsfeld;Zeichen;Fußnote;Bezeichnung;Erläuterung;Kommune (anonymisiert);Status;Rolle;"
        "Vorgesehen bis"
    )
    assert [zeile.split(";")[1:5] + zeile.split(";")[6:] for zeile in zeilen] == [
        ["zzfeldzz", "■", "1", "zzpostverbundzz", "A", "besteht", "beteiligt", ""],
        ["zzfeldzz", "■", "1", "zzpostverbundzz", "B", "besteht", "beteiligt", ""],
    ]
    assert gs.get(f"{ziel}?format=xlsx").content[:2] == b"PK"
    assert gs.get(f"{ziel}?format=pdf").status_code == 400
    # a draft has no file
    assert gs.get(f"{url(vorbereiten(MIT_NAMEN))}?format=csv")["Content-Type"].startswith("text/html")


def test_publication_by_name_leads_to_the_matrix_on_its_stichtag(client, veroeffentlichen):
    ziel = url(veroeffentlichen(MIT_NAMEN))
    with time_machine.travel(DAVOR, tick=False):
        assert client.get(ziel).status_code == 404
    with time_machine.travel(DANN, tick=False):
        assert "/bestandsaufnahme/?stichtag=2026-06-30" in client.get(ziel).content.decode()


def test_internal_publication_never_is_public(client, angemeldet, veroeffentlichen, lesend):
    ziel = url(veroeffentlichen(ab=None))
    with time_machine.travel(DANN, tick=False):
        assert client.get(ziel).status_code == 404
        assert angemeldet(lesend).get(ziel).status_code == 200


def test_withdrawn_one_says_so_to_who_is_signed_in_and_is_gone_for_the_public(
    client, angemeldet, gs, veroeffentlichen, lesend
):
    veroeffentlichung = veroeffentlichen()
    assert "grund" in gs.post(url(veroeffentlichung, "zuruecknehmen/")).context["ruecknahme"].errors
    gs.post(url(veroeffentlichung, "zuruecknehmen/"), {"grund": "Eine Zeile war falsch."})
    with time_machine.travel(DANN, tick=False):
        assert client.get(url(veroeffentlichung)).status_code == 404
        seite = angemeldet(lesend).get(url(veroeffentlichung)).content.decode()
        assert client.get(f"{url(veroeffentlichung)}?format=csv").status_code == 404
    assert "zurückgenommen" in seite
    assert "Eine Zeile war falsch." in seite
    assert "zzpostverbundzz" not in seite


# --- the embargo ------------------------------------------------------------------------------------------------------
def oeffentliche_seiten(kommune: Kommune) -> list[str]:
    """Return what the public can read about Kooperationen, a Kommune and the round."""
    kooperation = Kooperation.objects.get(bezeichnung="zzpostverbundzz")
    seiten = [
        "/",
        "/bestandsaufnahme/",
        "/bestandsaufnahme/?stichtag=2026-06-30",
        "/bestandsaufnahme/vergleich/?von=2026-01-01&bis=2026-07-01",
        "/bestandsaufnahme/kooperationen/",
        "/bestandsaufnahme/erhebungen/",
        f"/bestandsaufnahme/erhebungen/{Erhebung.objects.get(name='Erhebung 2026').pk}/",
        kooperation.get_absolute_url(),
        kommune.get_absolute_url(),
    ]
    dateien = [f"{seite}{'&' if '?' in seite else '?'}format={art}" for seite in seiten[1:5] for art in ("csv", "xlsx")]
    return seiten + dateien


def gelesen(client: Client, seiten: list[str]) -> dict[str, str]:
    antworten = {seite: client.get(seite) for seite in seiten}
    assert all(antwort.status_code < 500 for antwort in antworten.values())
    return {seite: antwort.content.decode(errors="ignore") for seite, antwort in antworten.items()}


def test_public_reads_nothing_of_a_round_before_its_day_and_all_of_it_then(client, veroeffentlichen, kommune):
    vorher = BeteiligungFactory(kommune=kommune, kooperation__bezeichnung="Bauhof", gilt_ab=date(2020, 1, 1))
    veroeffentlichen(MIT_NAMEN)
    assert Kooperation.objects.get(bezeichnung="zzpostverbundzz").veroeffentlicht
    seiten = oeffentliche_seiten(kommune)
    with time_machine.travel(DAVOR, tick=False):
        davor = gelesen(client, seiten)
    with time_machine.travel(DANN, tick=False):
        dann = gelesen(client, seiten)
    geheime = ("zzpostverbundzz", "zzfeldzz", "Erhebung 2026")
    assert {
        seite: [w for w in geheime if w in text] for seite, text in davor.items() if any(w in text for w in geheime)
    } == {}
    assert vorher.kooperation.bezeichnung in davor["/bestandsaufnahme/"]
    for seite in (seiten[1], seiten[2], seiten[7], kommune.get_absolute_url()):
        assert "zzpostverbundzz" in dann[seite], seite


def test_withdrawing_makes_it_secret_again(client, gs, veroeffentlichen, kommune):
    veroeffentlichung = veroeffentlichen(MIT_NAMEN)
    gs.post(url(veroeffentlichung, "zuruecknehmen/"), {"grund": "Ein Fehler."})
    with time_machine.travel(DANN, tick=False):
        texte = gelesen(client, oeffentliche_seiten(kommune))
    assert [seite for seite, text in texte.items() if "zzpostverbundzz" in text] == []


def test_anonymised_round_is_told_without_remark_and_source(client, veroeffentlichen, runde):
    veroeffentlichen()
    with time_machine.travel(DANN, tick=False):
        seite = client.get(runde.get_absolute_url())
    assert seite.status_code == 200
    assert "Musterstadt" not in seite.content.decode()


# --- the list on the page of the round --------------------------------------------------------------------------------
def test_round_lists_its_publications_with_state(client, gs, veroeffentlichen, vorbereiten, runde):
    veroeffentlichen()
    vorbereiten(MIT_NAMEN)
    zeilen = gs.get(runde.get_absolute_url()).context["veroeffentlichungen"]
    assert [(zeile.status, zeile.sichtbar) for zeile in zeilen] == [
        (VeroeffentlichungStatus.ENTWURF, "geplant: öffentlich ab 1. Oktober 2026"),
        (
            VeroeffentlichungStatus.VEROEFFENTLICHT,
            "für angemeldete Personen seit 1. September 2026, öffentlich ab 1. Oktober 2026",
        ),
    ]
    with time_machine.travel(DANN, tick=False):
        (zeile,) = client.get(runde.get_absolute_url()).context["veroeffentlichungen"]
    assert zeile.sichtbar == "öffentlich seit 1. Oktober 2026"


# --- what the public knows already ------------------------------------------------------------------------------------
@pytest.mark.parametrize(("veroeffentlicht", "gewarnt"), [(True, True), (False, False)])
def test_draft_warns_of_rows_that_the_public_reads_by_name(gs, vorbereiten, kommune, veroeffentlicht, gewarnt):
    KommuneFactory()  # takes part in nothing: where all do, nobody is found
    BeteiligungFactory(kommune=kommune, kooperation__veroeffentlicht=veroeffentlicht)
    Kooperation.objects.filter(bezeichnung="zzpostverbundzz").update(veroeffentlicht=True)
    seite = gs.get(url(vorbereiten())).content.decode()
    assert ("1 Zeile steht am Stichtag schon mit Namen in der öffentlichen Matrix." in seite) == gewarnt


# --- costs ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("art", "anzahl", "erwartet"), [(ANONYM, 1, 15), (ANONYM, 3, 15), (MIT_NAMEN, 3, 15)])
def test_draft_needs_the_same_queries_for_any_number(gs, vorbereiten, art, anzahl, erwartet):
    kommune = KommuneFactory()
    for _ in range(anzahl):
        BeteiligungFactory(kommune=kommune)
        KommuneFactory()
    ziel = url(vorbereiten(art))
    with CaptureQueriesContext(connection) as abfragen:
        gs.get(ziel)
    assert len(abfragen) == erwartet


@pytest.mark.parametrize("anzahl", [1, 3])
def test_result_needs_the_same_queries_for_any_number(gs, veroeffentlichen, kommune, anzahl):
    for _ in range(anzahl):
        BeteiligungFactory(kommune=kommune)
    ziel = url(veroeffentlichen())
    with CaptureQueriesContext(connection) as abfragen:
        gs.get(ziel)
    assert len(abfragen) == 4
