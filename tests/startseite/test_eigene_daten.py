"""`/konto/daten/`: all of one's own, to read and to take along, and nothing of anybody else."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from bestandsaufnahme.auswahl import EinlesungStatus, Entscheidung, ErinnerungAnlass
from bestandsaufnahme.models import Einlesung, Erinnerung, Pruefung, Zustimmung
from ikz_portal.basis import post, protokoll
from ikz_portal.basis.formate import dauer
from ikz_portal.basis.models import Dokument, Fassung, GespeicherteAnsicht, Statuswechsel
from kommunen.ablaeufe import konto as konto_ablauf
from kommunen.auswahl import Meldeanlass, Rhythmus
from kommunen.models import Anmeldung, Kommune, Konto, Meldewunsch
from tests.fabriken.bestandsaufnahme import (
    BeobachtungFactory,
    BestaetigungFactory,
    BestaetigungspflichtFactory,
    FragebogenantwortFactory,
    FragebogenFactory,
    GespraechFactory,
    InteressenaenderungFactory,
    InteressenbekundungFactory,
    InteressenrundeFactory,
    RundenrueckmeldungFactory,
    VeroeffentlichungFactory,
)
from tests.fabriken.kommunen import (
    AdresseFactory,
    EinladungFactory,
    FaktorFactory,
    KontoFactory,
    MeldungFactory,
    SitzFactory,
    VertretungFactory,
)
from tests.fabriken.projekte import ProjektFactory, StarthilfeFactory, TeilnahmeFactory, bericht_anfordern

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]
SEITE, DATEI = "/konto/daten/", "/konto/daten.json"


@pytest.fixture(autouse=True)
def heute() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 1, 15, 12, 0, tzinfo=UTC), tick=False):
        yield


def alles_von(konto: Konto, anzahl: int = 1) -> None:
    """Give it rows in every relation, so that a forgotten one and a query per row would show."""
    FaktorFactory(user=konto, data={"secret": "GEHEIMER-SAMEN"})
    SocialAccount.objects.create(user=konto, provider="kreis", uid=f"uid-{konto.pk}", extra_data={"sub": "kennung-17"})
    bericht_anfordern(stichtag=date(2026, 1, 1 + konto.pk % 14), heute=date(2026, 1, 15), durch=konto)
    EinladungFactory(email=konto.email, konto=konto, angenommen_am=datetime(2026, 1, 14, tzinfo=UTC))
    for nummer in range(anzahl):
        SitzFactory(konto=konto)
        SitzFactory(stellvertretung=konto)
        VertretungFactory(vertreter=konto, durch=konto)
        VertretungFactory(vertretener=konto, von=date(2020 + nummer, 1, 1), bis=date(2020 + nummer, 2, 1))
        EinladungFactory(durch=konto)
        Anmeldung.objects.create(konto=konto, ip="203.0.113.77", gelungen=True)
        GespeicherteAnsicht.objects.create(konto=konto, seite="projekt_liste", name=f"A{nummer}", parameter="status=x")
        post.einreihen(
            an=konto.email, betreff="Guten Tag", text=f"Bitte: {post.PERSOENLICHER_LINK}", link="https://x/1"
        )
        fassung = Fassung.objects.create(
            dokument=Dokument.objects.create(titel="Bericht"),
            nummer=1,
            datei="ab/ab",
            dateiname=f"bericht-{nummer}.pdf",
            inhaltstyp="application/pdf",
            groesse=4,
            pruefsumme="a" * 64,
            durch=konto,
        )
        ProjektFactory(leitung=konto)
        _alles_zu_interessen(konto)
        TeilnahmeFactory(durch=konto)
        TeilnahmeFactory(fuer=konto)
        Statuswechsel.objects.create(objekt=ProjektFactory(), nach="idee", gueltig_ab=date(2026, 1, 2), durch=konto)
        with protokoll.umstaende(quelle="/projekte/neu/", konto=konto.pk):
            ProjektFactory()
        _alles_aus_einer_erhebung(konto, fassung)


def _alles_zu_interessen(konto: Konto) -> None:
    interesse = InteressenbekundungFactory(durch=konto, kontakt=konto)
    InteressenbekundungFactory(fuer=konto)
    InteressenaenderungFactory(interesse=interesse, durch=konto)
    RundenrueckmeldungFactory(
        runde=InteressenrundeFactory(), kommune=interesse.kommune, am=date(2026, 1, 2), durch=konto
    )
    BestaetigungspflichtFactory(durch=konto)
    StarthilfeFactory(interesse=interesse, kontakt=konto)
    BeobachtungFactory(konto=konto, aufgabenfeld=interesse.aufgabenfeld)
    MeldungFactory(konto=konto)
    Meldewunsch.objects.get_or_create(konto=konto, anlass=Meldeanlass.ABLAUF, rhythmus=Rhythmus.NIE)


def _alles_aus_einer_erhebung(konto: Konto, fassung: Fassung) -> None:
    antwort = FragebogenantwortFactory(zustaendig=konto, bezeichnung="Was der Kollege schrieb")
    FragebogenantwortFactory(bearbeitet_durch=konto)
    Pruefung.objects.create(antwort=antwort, entscheidung=Entscheidung.ANGENOMMEN, durch=konto)
    Erinnerung.objects.create(
        fragebogen=antwort.fragebogen, anlass=ErinnerungAnlass.VON_HAND, am=date(2026, 1, 2), durch=konto
    )
    FragebogenFactory(freigegeben=True, freigegeben_durch=konto, freigegeben_fuer=konto)
    kommune = antwort.fragebogen.kommune
    BestaetigungFactory(durch=konto)
    BestaetigungFactory(fuer=konto)
    GespraechFactory(durch=konto)
    veroeffentlichung = VeroeffentlichungFactory(durch=konto)
    Zustimmung.objects.create(
        veroeffentlichung=veroeffentlichung, kommune=kommune, am=date(2026, 1, 2), durch=konto, fuer=konto
    )
    Einlesung.objects.create(fassung=fassung, gilt_ab=date(2026, 1, 2), status=EinlesungStatus.GEPRUEFT, durch=konto)


def exportiert(client: Client) -> dict[str, Any]:
    antwort = client.get(DATEI)
    assert antwort.status_code == 200
    return json.loads(antwort.getvalue())


# --- the file --------------------------------------------------------------------------------------------------------
def test_file_is_an_attachment_that_nobody_caches(angemeldet, kontakt: Konto) -> None:
    antwort = angemeldet(kontakt).get(DATEI)

    assert antwort["Content-Type"] == "application/json"
    assert antwort["Content-Disposition"] == 'attachment; filename="meine-daten.json"'
    assert antwort["Cache-Control"] == "no-store"


def test_file_tells_the_konto_with_purpose_and_period(angemeldet, kontakt: Konto) -> None:
    konto = exportiert(angemeldet(kontakt))["daten"]["konto"]

    assert (konto["zweck"], konto["dauer"]) == (
        "Zusammenarbeit der Kommunen, Zugang zum Portal",
        "bis das Konto endet, danach 6 Monate",
    )
    (eintrag,) = konto["eintraege"]
    assert (eintrag["Name"], eintrag["E-Mail-Adresse"]) == (kontakt.name, kontakt.email)
    assert (eintrag["Rolle"], eintrag["Kommune"]) == ("Kontakt", "Musterstadt")


def test_file_holds_rows_of_every_part(angemeldet, kontakt: Konto) -> None:
    alles_von(kontakt)

    daten = exportiert(angemeldet(kontakt))["daten"]

    anzahl = {name: len(teil["eintraege"]) for name, teil in daten.items()}
    assert {name for name, zahl in anzahl.items() if not zahl} == set()
    assert (anzahl["sitze"], anzahl["vertretungen"], anzahl["interessenbekundungen"], anzahl["teilnahmen"]) == (2,) * 4
    assert [zeile["Als"] for zeile in daten["sitze"]["eintraege"]] == ["Mitglied", "Stellvertretung"]
    assert daten["anmeldungen"]["eintraege"][0]["IP-Adresse"] == "203.0.113.77"
    assert daten["protokoll"]["eintraege"][0]["Auf der Seite"] == "/projekte/neu/"
    assert daten["anmeldedienst"]["eintraege"][0]["Angaben des Dienstes"] == {"sub": "kennung-17"}


def test_file_tells_what_one_did_in_a_round_and_nothing_of_the_answers(angemeldet, kontakt: Konto) -> None:
    alles_von(kontakt)
    client = angemeldet(kontakt)

    daten = exportiert(client)["daten"]

    assert [zeile["Von Ihnen"] for zeile in daten["antworten"]["eintraege"]] == ["zu beantworten", "zuletzt bearbeitet"]
    assert daten["frageboegen"]["eintraege"][0]["Durch"] == "von Ihnen und in Vertretung für Sie"
    assert daten["frageboegen"]["dauer"] == "1 Jahr nach dem Ende der Erhebung; danach ohne Bezug auf Sie"
    assert len(daten["bestaetigungen"]["eintraege"]) == 2
    assert "Was der Kollege schrieb" not in client.get(DATEI).getvalue().decode()


def test_file_is_complete_where_the_page_shows_the_newest(angemeldet, kontakt: Konto) -> None:
    Anmeldung.objects.bulk_create([Anmeldung(konto=kontakt, gelungen=True) for _ in range(25)])
    client = angemeldet(kontakt)

    assert len(exportiert(client)["daten"]["anmeldungen"]["eintraege"]) == 25
    assert "Gezeigt sind die neuesten 20 von 25." in client.get(SEITE).content.decode()


def test_file_has_no_secret(angemeldet, kommune: Kommune) -> None:
    konto = KontoFactory(kommune=kommune, passwort="vierzehn-kraehen-am-main")
    alles_von(konto)

    text = angemeldet(konto).get(DATEI).getvalue().decode()

    assert "argon2" not in text
    assert "GEHEIMER-SAMEN" not in text
    assert "https://x/1" not in text
    assert "[persönlicher Link]" in text


def test_neither_page_nor_file_tells_of_anybody_else(angemeldet, kontakt: Konto, kommune: Kommune) -> None:
    fremd = KontoFactory(name="Xaverine Quendelbaum", email="x.quendelbaum@ikz.example", kommune=kommune)
    alles_von(kontakt)
    alles_von(fremd)
    SitzFactory(konto=kontakt, stellvertretung=fremd)
    VertretungFactory(vertretener=fremd, vertreter=kontakt, von=date(2025, 1, 1), bis=date(2025, 2, 1), durch=fremd)
    TeilnahmeFactory(durch=kontakt, fuer=fremd)
    EinladungFactory(name="Xaverine Quendelbaum", email="zweite.quendelbaum@ikz.example", durch=kontakt)
    with protokoll.umstaende(quelle="/konten/1/", konto=kontakt.pk):
        konto_ablauf.profil_aendern(
            konto=fremd, version=fremd.version, name="Xaverine Quendelbaum-Birnstiel", funktion=""
        )
    with protokoll.umstaende(quelle="/konten/2/", konto=fremd.pk):
        konto_ablauf.profil_aendern(konto=kontakt, version=kontakt.version, name="Neu", funktion="")
    client = angemeldet(kontakt)

    for text in (client.get(SEITE).content.decode(), client.get(DATEI).getvalue().decode()):
        assert "uendelbaum" not in text
        assert "Birnstiel" not in text
        assert f"uid-{fremd.pk}" not in text


def test_mails_to_an_address_that_is_only_claimed_stay_with_their_owner(angemeldet, kontakt: Konto) -> None:
    AdresseFactory(user=kontakt, email="fremd@ikz.example", verified=False, primary=False)
    post.einreihen(an="fremd@ikz.example", betreff="Vertraulich", text="T")
    EinladungFactory(email="fremd@ikz.example")

    daten = exportiert(angemeldet(kontakt))["daten"]

    assert (daten["nachrichten"]["eintraege"], daten["einladungen"]["eintraege"]) == ([], [])
    EmailAddress.objects.filter(email="fremd@ikz.example").update(verified=True)
    daten = exportiert(angemeldet(kontakt))["daten"]
    assert [zeile["Betreff"] for zeile in daten["nachrichten"]["eintraege"]] == ["Vertraulich"]


# --- the page --------------------------------------------------------------------------------------------------------
def test_page_shows_what_there_is_and_counts_the_rest(angemeldet, kontakt: Konto) -> None:
    alles_von(kontakt)

    antwort = angemeldet(kontakt).get(SEITE)

    zaehlungen = {zeile.titel: zeile.anzahl for zeile in antwort.context["uebersicht"].gezaehlte}
    assert zaehlungen["Interessenbekundungen"] == 2
    assert zaehlungen["Einladungen, die Sie ausgesprochen haben"] == 1
    text = antwort.content.decode()
    assert kontakt.email in text
    assert "App mit Einmalcodes" in text
    assert "90 Tage, die IP-Adresse 30 Tage" in text


def test_page_names_what_there_is_nothing_of(angemeldet, lesend: Konto) -> None:
    antwort = angemeldet(lesend).get(SEITE)

    assert [abschnitt.titel for abschnitt in antwort.context["uebersicht"].gezeigte] == ["Konto", "E-Mail-Adressen"]
    assert "Zweiter Faktor; Verbundener Anmeldedienst; Einladung; Sitze in Gremien" in antwort.content.decode()


@pytest.mark.parametrize("anzahl", [1, 3])
def test_page_needs_the_same_queries_for_any_number(angemeldet, kontakt, django_assert_num_queries, anzahl) -> None:
    alles_von(kontakt, anzahl)
    client = angemeldet(kontakt)

    with django_assert_num_queries(14):
        client.get(SEITE)


@pytest.mark.parametrize("adresse", [SEITE, DATEI])
def test_signed_out_is_led_to_the_sign_in(client: Client, adresse: str) -> None:
    assert client.get(adresse).headers["Location"] == f"/konto/anmelden/?next={adresse}"


@pytest.mark.parametrize("adresse", [SEITE, DATEI])
def test_geschaeftsstelle_without_second_factor_sets_it_up_first(
    angemeldet, geschaeftsstelle: Konto, adresse: str
) -> None:
    Authenticator.objects.all().delete()

    assert angemeldet(geschaeftsstelle).get(adresse).headers["Location"] == "/konto/zweiter-faktor/"


@pytest.mark.parametrize("adresse", [SEITE, DATEI])
def test_nothing_can_be_posted(angemeldet, kontakt: Konto, adresse: str) -> None:
    assert angemeldet(kontakt).post(adresse).status_code == 405


@pytest.mark.parametrize(
    ("tage", "worte"),
    [(1, "1 Tag"), (30, "30 Tage"), (90, "90 Tage"), (183, "6 Monate"), (365, "1 Jahr"), (1096, "3 Jahre")],
)
def test_dauer_in_words(tage: int, worte: str) -> None:
    assert dauer(tage) == worte


@pytest.mark.parametrize("adresse", ["/datenschutz/", SEITE])
def test_pages_tell_the_periods_that_are_set(angemeldet, kontakt: Konto, settings, adresse: str) -> None:
    settings.FRISTEN = {**settings.FRISTEN, "konto": 77}

    assert "77 Tage" in angemeldet(kontakt).get(adresse).content.decode()
