"""The page behind the link of an invitation, which makes a Konto and signs in."""

import logging
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone
from structlog.stdlib import ProcessorFormatter

from ikz_portal.basis.models import Aenderung
from kommunen.ablaeufe import einladung as ablauf
from kommunen.auswahl import Rolle
from kommunen.models import Anmeldung, Einladung, Kommune, Konto
from tests.fabriken.kommunen import KommuneFactory, KontoFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

PASSWORT = "vierzehn-kraehen-am-main"
EMAIL = "neu@stadt.example"
ANGABEN = {"name": "Neue Person", "funktion": "Fachdienst", "passwort": PASSWORT, "wiederholung": PASSWORT}

Anmelden = Callable[[Konto], Client]


def einladen(**angaben: Any) -> tuple[Einladung, str]:
    """Return the invitation and the path of its link."""
    vorgabe = {"email": EMAIL, "name": "Neue Person", "rolle": Rolle.LESEN, "kommune": None, "durch": None}
    einladung, link = ablauf.einladen(**{**vorgabe, **angaben}, jetzt=timezone.now())
    return einladung, link.removeprefix(settings.BASE_URL)


def test_page_is_prefilled_and_shows_address_and_rolle(client: Client, kommune: Kommune) -> None:
    _, pfad = einladen(rolle=Rolle.KONTAKT, kommune=kommune, funktion="Hauptamt")

    antwort = client.get(pfad)

    text = antwort.content.decode()
    assert antwort.context["form"].initial == {"name": "Neue Person", "funktion": "Hauptamt"}
    assert EMAIL in text
    assert "Kontakt, Musterstadt" in text
    assert antwort.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in antwort.headers["Cache-Control"]
    assert 'src="http' not in text


def test_annehmen_makes_the_konto_and_signs_in(client: Client, kommune: Kommune) -> None:
    einladung, pfad = einladen(rolle=Rolle.KONTAKT, kommune=kommune)

    antwort = client.post(pfad, ANGABEN, follow=True)

    konto = Konto.objects.get(email=EMAIL)
    einladung.refresh_from_db()
    assert antwort.redirect_chain == [("/", 302)]
    assert antwort.context["user"] == konto
    assert (konto.name, konto.funktion, konto.rolle, konto.kommune) == (
        "Neue Person",
        "Fachdienst",
        Rolle.KONTAKT,
        kommune,
    )
    assert konto.check_password(PASSWORT)
    assert konto.emailaddress_set.get().verified
    assert (einladung.konto, einladung.angenommen_am is not None) == (konto, True)
    assert Anmeldung.objects.get().konto == konto


def test_annehmen_points_to_the_second_factor(client: Client) -> None:
    _, pfad = einladen()

    antwort = client.post(pfad, ANGABEN, follow=True)

    assert '<a href="/konto/zweiter-faktor/">zweiten Faktor</a>' in antwort.content.decode()


def test_annehmen_leads_the_geschaeftsstelle_straight_to_the_second_factor(client: Client) -> None:
    _, pfad = einladen(rolle=Rolle.GESCHAEFTSSTELLE)

    antwort = client.post(pfad, ANGABEN, follow=True)

    assert antwort.redirect_chain == [("/", 302), ("/konto/zweiter-faktor/", 302)]
    assert "Richten Sie am besten" not in antwort.content.decode()


def test_annehmen_counts_as_having_just_proved_the_password(client: Client) -> None:
    """Who sets up the second factor right away is not asked for the password that was chosen a moment ago."""
    _, pfad = einladen()
    client.post(pfad, ANGABEN)

    assert client.get("/konto/zweiter-faktor/app/einrichten/").status_code == 200


def test_annehmen_takes_nothing_but_its_fields(client: Client, andere_kommune: Kommune) -> None:
    _, pfad = einladen()
    fremdes = {"rolle": "geschaeftsstelle", "kommune": andere_kommune.pk, "email": "b@example.org", "demo": "on"}

    client.post(pfad, {**ANGABEN, **fremdes})

    konto = Konto.objects.get()
    assert (konto.rolle, konto.kommune, konto.email, konto.demo) == (Rolle.LESEN, None, EMAIL, False)


def test_annehmen_is_on_record_without_the_link(client: Client) -> None:
    _, pfad = einladen()

    client.post(pfad, ANGABEN)

    angelegt = Aenderung.objects.get(tabelle="kommunen_konto", art="anlage")
    assert angelegt.quelle == "Einladung angenommen"
    assert pfad.split("/")[3] not in str(list(Aenderung.objects.values()))


# --- what is refused --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("angaben", "feld", "satz"),
    [
        ({"passwort": "kurz", "wiederholung": "kurz"}, "passwort", "mindestens 12 Zeichen"),
        ({"passwort": "1q2w3e4r5t6y", "wiederholung": "1q2w3e4r5t6y"}, "passwort", "zu üblich"),
        ({"passwort": "neu@stadt.example1", "wiederholung": "neu@stadt.example1"}, "passwort", "zu ähnlich"),
        (
            {"passwort": "neue-person-1", "wiederholung": "neue-person-1"},
            "passwort",
            "Das Passwort ist zu ähnlich zu Name.",
        ),
        ({"wiederholung": "etwas-anderes-getippt"}, "wiederholung", "Die beiden Passwörter sind verschieden."),
        ({"passwort": "x" * 201, "wiederholung": "x" * 201}, "passwort", "höchstens 200 Zeichen"),
        ({"passwort": "a\x00bcdefghijklm"}, "passwort", "ein Zeichen, das nicht gespeichert werden kann"),
        ({"name": ""}, "name", "Bitte füllen Sie dieses Feld aus."),
        ({"name": "x" * 121}, "name", "höchstens 120 Zeichen"),
        ({"name": "a\x00b"}, "name", "ein Zeichen, das nicht gespeichert werden kann"),
    ],
)
def test_annehmen_tells_what_is_wrong_in_german(client: Client, angaben: dict[str, str], feld: str, satz: str) -> None:
    _, pfad = einladen()

    antwort = client.post(pfad, {**ANGABEN, **angaben})

    assert antwort.status_code == 200
    assert satz in " ".join(antwort.context["form"].errors[feld])
    assert not Konto.objects.exists()


def test_annehmen_beside_another_head_is_told(client: Client, kommune: Kommune) -> None:
    _, pfad = einladen(rolle=Rolle.BUERGERMEISTER, kommune=kommune)
    KontoFactory(kommune=kommune, buergermeister=True)

    antwort = client.post(pfad, ANGABEN)

    satz = "Für diese Kommune gibt es schon ein aktives Konto der Verwaltungsspitze."
    assert antwort.context["form"].non_field_errors() == [satz]
    assert Konto.objects.count() == 1


# --- links that open nothing ------------------------------------------------------------------------------------------
def verbrauchter(client: Client) -> str:
    _, pfad = einladen()
    Client().post(pfad, ANGABEN)
    return pfad


def abgelaufener(client: Client) -> str:
    einladung, pfad = einladen()
    Einladung.objects.filter(pk=einladung.pk).update(gueltig_bis=timezone.now())
    return pfad


def zurueckgezogener(client: Client) -> str:
    einladung, pfad = einladen()
    ablauf.zurueckziehen(einladung=einladung, durch=KontoFactory(geschaeftsstelle=True), jetzt=timezone.now())
    return pfad


def ueberholter(client: Client) -> str:
    _, pfad = einladen()
    KontoFactory(email=EMAIL.upper())
    return pfad


LINKS: dict[str, Callable[[Client], str]] = {
    "verbraucht": verbrauchter,
    "abgelaufen": abgelaufener,
    "zurueckgezogen": zurueckgezogener,
    "ueberholt": ueberholter,
    "erfunden": lambda _: "/konto/einladung/xyz/",
    "hash": lambda _: f"/konto/einladung/{einladen()[0].pruefsumme}/",
    "null": lambda _: "/konto/einladung/a%00b/",
    "kaputt": lambda _: "/konto/einladung/%ff%fe/",
    "lang": lambda _: f"/konto/einladung/{'x' * 3000}/",
}


@pytest.mark.parametrize("methode", ["get", "post"])
@pytest.mark.parametrize("art", LINKS)
def test_links_that_open_nothing_all_look_alike(client: Client, art: str, methode: str) -> None:
    erwartet = client.get("/konto/einladung/irgendetwas/").content.decode()
    pfad = LINKS[art](client)
    konten = Konto.objects.count()

    antwort = getattr(client, methode)(pfad, ANGABEN)

    def ohne_pfad(text: str) -> str:
        return text[text.index("<main") : text.index("</main>")]

    assert antwort.status_code == 404
    assert ohne_pfad(antwort.content.decode()) == ohne_pfad(erwartet)
    assert "Dieser Link öffnet keine Einladung" in erwartet
    assert Konto.objects.count() == konten
    assert "_auth_user_id" not in client.session


def test_link_expires_by_time(client: Client) -> None:
    with time_machine.travel("2026-03-02 12:00+01:00", tick=False):
        _, pfad = einladen()
    with time_machine.travel("2026-03-16 11:59+01:00", tick=False):
        vorher = client.get(pfad).status_code
    with time_machine.travel("2026-03-16 12:00+01:00", tick=False):
        nachher = client.get(pfad).status_code

    assert (vorher, nachher) == (200, 404)


def test_too_many_guesses_from_one_address_are_stopped(client: Client) -> None:
    _, pfad = einladen()
    with time_machine.travel("2026-03-02 12:00+01:00", tick=False):
        stati = [client.get(f"/konto/einladung/{nummer}/").status_code for nummer in range(31)]
        andere = client.get("/konto/einladung/x/", REMOTE_ADDR="127.0.0.9").status_code
    with time_machine.travel("2026-03-02 12:06+01:00", tick=False):
        spaeter = client.get("/konto/einladung/x/").status_code

    assert stati == [404] * 30 + [429]
    assert (andere, spaeter, client.get(pfad).status_code) == (404, 404, 200)


# --- somebody is signed in --------------------------------------------------------------------------------------------
def test_signed_in_is_told_and_nothing_happens(angemeldet: Anmelden, kontakt: Konto) -> None:
    _, pfad = einladen()
    client = angemeldet(kontakt)

    antworten = [client.get(pfad), client.post(pfad, ANGABEN)]

    assert ["Sie sind schon angemeldet" in antwort.content.decode() for antwort in antworten] == [True, True]
    assert not Konto.objects.filter(email=EMAIL).exists()


def test_signed_in_can_sign_out_and_come_back_to_the_link(angemeldet: Anmelden, kontakt: Konto) -> None:
    _, pfad = einladen()
    client = angemeldet(kontakt)

    antwort = client.post("/konto/abmelden/", {"next": pfad}, follow=True)

    assert antwort.redirect_chain == [(pfad, 302)]
    assert antwort.context["form"].initial["name"] == "Neue Person"


# --- the link stays out of the log ------------------------------------------------------------------------------------
@pytest.fixture
def protokollzeilen() -> Any:
    """What the portal's own handler writes."""
    (handler,) = [h for h in logging.getLogger().handlers if isinstance(h.formatter, ProcessorFormatter)]
    geschrieben = StringIO()
    vorher = handler.setStream(geschrieben)  # type: ignore[attr-defined]  # a StreamHandler
    yield geschrieben
    handler.setStream(vorher)  # type: ignore[attr-defined]


def test_link_does_not_stand_in_the_log(protokollzeilen: StringIO) -> None:
    _, pfad = einladen()

    Client(enforce_csrf_checks=True).post(pfad, ANGABEN)
    Client().get("/konto/einladung/erfunden/")

    text = protokollzeilen.getvalue()
    assert text.count("/konto/einladung/[pers") == 2
    assert pfad.split("/")[3] not in text


# --- two at once ------------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_who_open_the_same_link_at_once_make_one_konto() -> None:
    _, pfad = einladen()
    start, abgelehnt = Barrier(2), []

    def annehmen(name: str) -> None:
        start.wait(10)
        try:
            ablauf.annehmen(token=pfad.split("/")[3], name=name, funktion="", passwort=PASSWORT, jetzt=timezone.now())
        except ablauf.Verfallen:
            abgelehnt.append(name)
        finally:
            connection.close()

    zugleich(annehmen, "Eine", "Andere")

    assert len(abgelehnt) == 1
    assert Konto.objects.filter(email=EMAIL).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_links_for_one_address_at_once_make_one_konto() -> None:
    pfade = [einladen(kommune=KommuneFactory())[1] for _ in range(2)]
    start, abgelehnt = Barrier(2), []

    def annehmen(pfad: str) -> None:
        start.wait(10)
        try:
            ablauf.annehmen(token=pfad.split("/")[3], name="Wer", funktion="", passwort=PASSWORT, jetzt=timezone.now())
        except ValidationError as fehler:
            abgelehnt.append(fehler)
        finally:
            connection.close()

    zugleich(annehmen, *pfade)

    assert len(abgelehnt) == 1
    assert Konto.objects.filter(email=EMAIL).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_invite_the_same_address_at_once_leave_one_open_link() -> None:
    start, abgelehnt = Barrier(2), []

    def laden(_: str) -> None:
        start.wait(10)
        try:
            einladen()
        except ValidationError as fehler:
            abgelehnt.extend(fehler.messages)
        finally:
            connection.close()

    zugleich(laden, "", "")

    assert Einladung.objects.offene().count() == 1
    assert abgelehnt in ([], ["Diese Adresse wird gerade schon eingeladen."])


def zugleich(was: Callable[[str], None], *worte: str) -> None:
    faeden = [Thread(target=was, args=(wort,)) for wort in worte]
    for faden in faeden:
        faden.start()
    for faden in faeden:
        faden.join(30)


def test_expired_invitation_is_still_told_as_open_until_it_is_withdrawn() -> None:
    einladung, _ = einladen()
    spaeter = timezone.now() + ablauf.GUELTIG + timedelta(seconds=1)

    assert (einladung.status(timezone.now()).value, einladung.status(spaeter).value) == ("offen", "abgelaufen")
