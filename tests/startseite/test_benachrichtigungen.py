"""The page on which one chooses what to be told of, and the link that unsubscribes."""

from typing import Any

import pytest
from django.core.signing import Signer
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from ikz_portal.basis.models import Aenderung
from kommunen.ablaeufe import meldewunsch
from kommunen.auswahl import Meldeanlass, Rhythmus
from kommunen.models import Konto, Meldewunsch
from tests.fabriken.bestandsaufnahme import AufgabenfeldFactory, BeobachtungFactory
from tests.fabriken.kommunen import KontoFactory, MeldewunschFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

SEITE = "/konto/benachrichtigungen/"
VORGABEN = {
    "interesse_neu": "taeglich",
    "anschluss": "sofort",
    "konstellation": "woechentlich",
    "ablauf": "sofort",
    "bestaetigung": "sofort",
    "projektidee": "sofort",
    "eintrag": "sofort",
}


def wuensche(konto: Konto) -> dict[str, str]:
    return dict(konto.meldewuensche.values_list("anlass", "rhythmus"))


def adresse(konto: Konto, *anlaesse: Meldeanlass) -> str:
    return f"{SEITE}abbestellen/{meldewunsch.token(konto, anlaesse)}/"


# --- choosing ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("wer", "anlaesse"),
    [
        ("lesend", ["interesse_neu"]),
        ("geschaeftsstelle", ["interesse_neu"]),
        ("kontakt", ["interesse_neu", "anschluss", "konstellation", "ablauf", "projektidee", "eintrag"]),
        (
            "buergermeister",
            ["interesse_neu", "anschluss", "konstellation", "ablauf", "bestaetigung", "projektidee", "eintrag"],
        ),
    ],
)
def test_page_asks_for_what_concerns_the_person_with_the_defaults(
    request: pytest.FixtureRequest, angemeldet: Any, wer: str, anlaesse: list[str]
) -> None:
    antwort = angemeldet(request.getfixturevalue(wer)).get(SEITE)

    form = antwort.context["form"]
    assert list(form.fields) == anlaesse
    assert {name: feld.initial for name, feld in form.fields.items()} == {name: VORGABEN[name] for name in anlaesse}
    assert "täglich gesammelt (Vorgabe)" in antwort.content.decode()


def test_choice_is_saved_where_it_differs(angemeldet: Any, kontakt: Konto) -> None:
    wahl = {**VORGABEN, "interesse_neu": "sofort", "konstellation": "nie"}

    antwort = angemeldet(kontakt).post(SEITE, wahl, follow=True)

    assert antwort.redirect_chain == [(SEITE, 302)]
    assert "Ihre Wahl ist gespeichert." in antwort.content.decode()
    assert wuensche(kontakt) == {"interesse_neu": "sofort", "konstellation": "nie"}
    assert antwort.context["form"].fields["interesse_neu"].initial == "sofort"


def test_choice_can_be_taken_back_to_the_default(angemeldet: Any, kontakt: Konto) -> None:
    MeldewunschFactory(konto=kontakt, anlass="interesse_neu", rhythmus="nie")

    angemeldet(kontakt).post(SEITE, VORGABEN)

    assert wuensche(kontakt) == {"interesse_neu": "taeglich"}


def test_foreign_anlass_and_foreign_konto_in_the_post_change_nothing(
    angemeldet: Any, kontakt: Konto, fremder_kontakt: Konto
) -> None:
    wahl = {**VORGABEN, "bestaetigung": "nie", "konto": fremder_kontakt.pk, "durch": fremder_kontakt.pk}

    angemeldet(kontakt).post(SEITE, wahl)

    assert Meldewunsch.objects.count() == 0


@pytest.mark.parametrize("wert", ["stuendlich", "", "\x00", "x" * 5000])
def test_unknown_rhythm_is_refused_in_words(angemeldet: Any, kontakt: Konto, wert: str) -> None:
    antwort = angemeldet(kontakt).post(SEITE, {**VORGABEN, "ablauf": wert})

    assert antwort.status_code == 200
    assert antwort.context["form"].errors["ablauf"]
    assert Meldewunsch.objects.count() == 0


def test_page_names_followed_fields_and_the_others(angemeldet: Any, kontakt: Konto, fremder_kontakt: Konto) -> None:
    beobachtet = BeobachtungFactory(konto=kontakt, aufgabenfeld__name="Bauhof").aufgabenfeld
    weiteres = BeobachtungFactory(konto=fremder_kontakt, aufgabenfeld__name="Standesamt").aufgabenfeld

    antwort = angemeldet(kontakt).get(SEITE)

    felder = antwort.context["felder"]
    assert (felder.beobachtete, felder.weitere) == ([beobachtet], [weiteres])
    seite = antwort.content.decode()
    assert f'action="/aufgabenfelder/{beobachtet.slug}/beobachten/"' in seite
    assert 'aria-label="Bauhof: Nicht mehr beobachten"' in seite
    assert 'aria-label="Standesamt: Beobachten"' in seite


def test_following_from_here_leads_back_here(angemeldet: Any, kontakt: Konto) -> None:
    feld = AufgabenfeldFactory(name="Bauhof")
    client = angemeldet(kontakt)
    ziel, von = f"/aufgabenfelder/{feld.slug}/beobachten/", {"von": "benachrichtigungen"}

    erste = client.post(ziel, {**von, "beobachten": "ja"}, follow=True)
    assert (erste.redirect_chain, erste.context["felder"].beobachtete) == ([(SEITE, 302)], [feld])
    zweite = client.post(ziel, {**von, "beobachten": "nein"}, follow=True)
    assert zweite.context["felder"].beobachtete == []


def test_page_says_when_the_next_collected_mail_goes_out(angemeldet: Any, kontakt: Konto, time_machine: Any) -> None:
    time_machine.move_to("2026-03-17T12:00:00+01:00", tick=False)

    seite = angemeldet(kontakt).get(SEITE).content.decode()

    assert "die nächste am 17. März 2026 ab 7 Uhr" in seite


@pytest.mark.parametrize("anzahl", [1, 3])
def test_page_takes_few_queries(
    angemeldet: Any, kontakt: Konto, django_assert_num_queries: DjangoAssertNumQueries, anzahl: int
) -> None:
    for _ in range(anzahl):
        BeobachtungFactory(konto=kontakt)
        AufgabenfeldFactory()
    client = angemeldet(kontakt)

    with django_assert_num_queries(7):
        client.get(SEITE)


def test_public_is_sent_to_the_sign_in(client: Client) -> None:
    assert client.get(SEITE).headers["Location"] == f"/konto/anmelden/?next={SEITE}"


def test_menu_and_profile_lead_there(angemeldet: Any, kontakt: Konto) -> None:
    assert angemeldet(kontakt).get("/konto/").content.decode().count(f'href="{SEITE}"') >= 2


# --- unsubscribing ----------------------------------------------------------------------------------------------------
def test_one_post_of_a_mail_program_unsubscribes(kontakt: Konto) -> None:
    """RFC 8058: without session, without a cookie, with this body, and answered without a redirect."""
    client = Client(enforce_csrf_checks=True)

    antwort = client.post(adresse(kontakt, Meldeanlass.ABLAUF), {"List-Unsubscribe": "One-Click"})

    assert (antwort.status_code, wuensche(kontakt)) == (200, {"ablauf": "nie"})
    assert not antwort.cookies


def test_it_ends_these_mails_and_no_others(kontakt: Konto) -> None:
    MeldewunschFactory(konto=kontakt, anlass="ablauf", rhythmus="sofort")
    MeldewunschFactory(konto=kontakt, anlass="anschluss", rhythmus="sofort")
    MeldewunschFactory(konto=KontoFactory(), anlass="ablauf", rhythmus="sofort")

    for _ in range(2):
        Client().post(adresse(kontakt, Meldeanlass.ABLAUF, Meldeanlass.PROJEKTIDEE))

    assert wuensche(kontakt) == {"ablauf": "nie", "anschluss": "sofort", "projektidee": "nie"}
    assert Meldewunsch.objects.filter(rhythmus=Rhythmus.NIE).count() == 2


def test_get_writes_nothing_and_shows_one_button(kontakt: Konto) -> None:
    with CaptureQueriesContext(connection) as abfragen:
        antwort = Client().get(adresse(kontakt, Meldeanlass.ABLAUF))

    seite = antwort.content.decode()
    assert [q["sql"] for q in abfragen if not q["sql"].startswith("SELECT")] == []
    assert "Ihre Interessenbekundung läuft bald ab" in seite
    assert seite.count("<form") == 1
    assert '<form method="post"><button class="btn btn-primary">Diese E-Mails abbestellen</button></form>' in seite


@pytest.mark.parametrize("methode", ["get", "post"])
def test_neither_name_nor_address_is_shown(methode: str) -> None:
    konto = KontoFactory(name="Xaverine Quendelbaum", email="x.quendelbaum@ikz.example")

    seite = getattr(Client(), methode)(adresse(konto, Meldeanlass.ABLAUF)).content.decode()

    assert "uendelbaum" not in seite


def test_after_it_the_page_tells_what_was_turned_off_and_where_to_turn_it_on(kontakt: Konto) -> None:
    seite = Client().post(adresse(kontakt, Meldeanlass.ABLAUF)).content.decode()

    assert "<h1" in seite
    assert "Abbestellt" in seite
    assert "Ihre Interessenbekundung läuft bald ab" in seite
    assert f'href="{SEITE}"' in seite


def test_record_tells_the_page_and_not_the_token(kontakt: Konto) -> None:
    ziel = adresse(kontakt, Meldeanlass.ABLAUF)

    Client().post(ziel)

    eintrag = Aenderung.objects.get(tabelle="kommunen_meldewunsch")
    assert (eintrag.quelle, eintrag.konto) == (f"{SEITE}abbestellen/…/", None)


def faelschungen() -> dict[str, str]:
    echt = meldewunsch.token(Konto(pk=1), [Meldeanlass.ABLAUF])
    return {
        "kein Token": "abc",
        "fremdes Konto": echt.replace(echt[:4], Signer(salt=meldewunsch.SALZ).sign_object([2, []])[:4], 1)[:-1] + "x",
        "andere Signatur": Signer(salt="anderes").sign_object([1, ["ablauf"]]),
        "abgeschnitten": echt[:-3],
        "ohne Anlass": meldewunsch.token(Konto(pk=1), []),
        "unbekannter Anlass": Signer(salt=meldewunsch.SALZ).sign_object([1, ["frueher"]]),
        "sehr lang": "x" * 5000 + ":" + "y" * 50,
        "Sonderzeichen": "%00%F0%9F%98%80",
    }


@pytest.mark.parametrize("methode", ["get", "post"])
@pytest.mark.parametrize("art", faelschungen())
def test_forged_token_is_unknown_and_costs_nothing_but_the_page(methode: str, art: str) -> None:
    client = Client()

    with CaptureQueriesContext(connection) as abfragen:
        antwort = getattr(client, methode)(f"{SEITE}abbestellen/{faelschungen()[art]}/")

    assert antwort.status_code == 404
    assert "Dieser Link bestellt nichts ab" in antwort.content.decode()
    assert {q["sql"].partition(" FROM ")[2].split(" ")[0] for q in abfragen} <= {'"kommunen_verbund"'}


def test_token_of_a_konto_that_is_gone_is_unknown(kontakt: Konto) -> None:
    ziel = adresse(Konto(pk=kontakt.pk + 1000), Meldeanlass.ABLAUF)

    assert Client().post(ziel).status_code == 404


def test_link_of_another_unsubscribes_that_one_also_while_signed_in(
    angemeldet: Any, kontakt: Konto, fremder_kontakt: Konto
) -> None:
    angemeldet(kontakt).post(adresse(fremder_kontakt, Meldeanlass.ABLAUF))

    assert (wuensche(kontakt), wuensche(fremder_kontakt)) == ({}, {"ablauf": "nie"})


def test_token_outlives_a_change_of_the_key(kontakt: Konto, settings: Any) -> None:
    ziel = adresse(kontakt, Meldeanlass.ABLAUF)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "ein ganz anderer Schlüssel"

    assert Client().post(ziel).status_code == 200
