"""What the Geschäftsstelle does with a Konto: edit, deactivate, open again, remove the second factor."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from ikz_portal.basis.models import Aenderung, Postausgang
from kommunen.ablaeufe import konto as ablauf
from kommunen.auswahl import Rolle
from kommunen.models import Einladung, Kommune, Konto
from tests.fabriken.kommunen import (
    EinladungFactory,
    FaktorFactory,
    KontoFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

Anmelden = Callable[[Konto], Client]


def angaben(konto: Konto, **andere: Any) -> dict[str, Any]:
    werte = {"name": konto.name, "funktion": konto.funktion, "rolle": konto.rolle, "version": konto.version}
    return {**werte, "kommune": konto.kommune_id or "", **andere}


def meldungen(antwort: Any) -> list[str]:
    return [str(meldung) for meldung in antwort.context["messages"]]


# --- edit -------------------------------------------------------------------------------------------------------------
def test_bearbeiten_changes_what_was_sent(
    angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto, andere_kommune: Kommune
) -> None:
    neu = angaben(kontakt, name=" Neuer  Name ", funktion="Kämmerei", kommune=andere_kommune.pk)

    antwort = angemeldet(geschaeftsstelle).post(f"/konten/{kontakt.pk}/bearbeiten/", neu)

    kontakt.refresh_from_db()
    assert antwort.headers["Location"] == f"/konten/{kontakt.pk}/"
    assert (kontakt.name, kontakt.funktion, kontakt.kommune) == ("Neuer Name", "Kämmerei", andere_kommune)


def test_bearbeiten_ignores_what_is_not_in_the_form(
    angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto
) -> None:
    neu = angaben(kontakt, email="anders@ikz.example", is_active="", demo="on", password="x")

    angemeldet(geschaeftsstelle).post(f"/konten/{kontakt.pk}/bearbeiten/", neu)

    vorher = (kontakt.email, kontakt.is_active, kontakt.demo, kontakt.password)
    kontakt.refresh_from_db()
    assert (kontakt.email, kontakt.is_active, kontakt.demo, kontakt.password) == vorher


@pytest.mark.parametrize(
    ("neu", "feld", "satz"),
    [
        ({"name": ""}, "name", "Bitte füllen Sie dieses Feld aus."),
        ({"kommune": ""}, "kommune", "Diese Rolle gehört immer zu einer Kommune. Bitte wählen Sie sie aus."),
        (
            {"rolle": "geschaeftsstelle"},
            "kommune",
            "Die Geschäftsstelle gehört zu keiner einzelnen Kommune. Bitte wählen Sie keine.",
        ),
        (
            {"rolle": "buergermeister"},
            "__all__",
            "Für diese Kommune gibt es schon ein aktives Konto der Verwaltungsspitze.",
        ),
        ({"version": "x"}, "version", "Bitte geben Sie eine ganze Zahl an, zum Beispiel 12."),
    ],
)
def test_bearbeiten_tells_what_is_wrong(
    angemeldet: Anmelden, geschaeftsstelle: Konto, neu: dict[str, str], feld: str, satz: str
) -> None:
    kontakt = KontoFactory(kommune=KontoFactory(buergermeister=True).kommune)

    antwort = angemeldet(geschaeftsstelle).post(f"/konten/{kontakt.pk}/bearbeiten/", angaben(kontakt, **neu))

    assert (antwort.status_code, antwort.context["form"].errors) == (200, {feld: [satz]})


def test_bearbeiten_keeps_the_own_rolle(angemeldet: Anmelden, geschaeftsstelle: Konto) -> None:
    neu = angaben(geschaeftsstelle, rolle=Rolle.LESEN)

    antwort = angemeldet(geschaeftsstelle).post(f"/konten/{geschaeftsstelle.pk}/bearbeiten/", neu)

    assert antwort.context["form"].errors == {"rolle": ["Die eigene Rolle können Sie nicht ändern."]}


def test_bearbeiten_an_older_version_shows_both_and_saves_nothing(
    angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto
) -> None:
    gelesen = angaben(kontakt, name="Meine Eingabe")
    client = angemeldet(geschaeftsstelle)
    client.post(f"/konten/{kontakt.pk}/bearbeiten/", angaben(kontakt, name="Inzwischen", funktion="Kämmerei"))

    antwort = client.post(f"/konten/{kontakt.pk}/bearbeiten/", gelesen)

    kontakt.refresh_from_db()
    abgleich = antwort.context["abgleich"]
    assert (antwort.status_code, kontakt.name) == (409, "Inzwischen")
    assert [(u.feld, u.gespeichert, u.eingabe, u.beide) for u in abgleich.unterschiede] == [
        ("Name", "Inzwischen", "Meine Eingabe", True),
        ("Funktion", "Kämmerei", "–", False),
    ]


def test_bearbeiten_saves_what_was_chosen(angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto) -> None:
    client = angemeldet(geschaeftsstelle)
    client.post(f"/konten/{kontakt.pk}/bearbeiten/", angaben(kontakt, name="Inzwischen", funktion="Kämmerei"))
    kontakt.refresh_from_db()
    wahl = {"gewaehlt": "1", "wahl-name": "eingabe", "wahl-funktion": "gespeichert"}

    client.post(f"/konten/{kontakt.pk}/bearbeiten/", angaben(kontakt, name="Meine Eingabe", funktion="", **wahl))

    kontakt.refresh_from_db()
    assert (kontakt.name, kontakt.funktion) == ("Meine Eingabe", "Kämmerei")


def test_bearbeiten_weiter_shows_the_form_with_what_was_chosen(
    angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto
) -> None:
    wahl = {"gewaehlt": "1", "weiterbearbeiten": "1", "wahl-name": "gespeichert"}

    antwort = angemeldet(geschaeftsstelle).post(
        f"/konten/{kontakt.pk}/bearbeiten/", angaben(kontakt, name="Meine Eingabe", funktion="Neu", **wahl)
    )

    form = antwort.context["form"]
    assert (form["name"].value(), form["funktion"].value(), form.errors) == ("Kontakt", "Neu", {})


# --- rights of the steps ----------------------------------------------------------------------------------------------
SCHRITTE = ["bearbeiten", "deaktivieren", "reaktivieren", "zweiter-faktor"]


@pytest.mark.parametrize(
    ("wer", "wen", "status"),
    [
        ("buergermeister", "kontakt", 403),
        ("buergermeister", "fremder_kontakt", 404),
        ("kontakt", "kontakt", 403),
        ("kontakt", "buergermeister", 404),
        ("lesend", "kontakt", 404),
    ],
)
def test_steps_are_for_the_geschaeftsstelle(
    angemeldet: Anmelden, request: pytest.FixtureRequest, wer: str, wen: str, status: int
) -> None:
    konto = request.getfixturevalue(wen)
    client = angemeldet(request.getfixturevalue(wer))
    anzahl = Aenderung.objects.count()

    antworten = [client.post(f"/konten/{konto.pk}/{schritt}/", angaben(konto, name="X")) for schritt in SCHRITTE]

    assert [antwort.status_code for antwort in antworten] == [status] * len(SCHRITTE)
    assert Aenderung.objects.count() == anzahl


@pytest.mark.parametrize("schritt", SCHRITTE[1:])
def test_steps_take_post_alone(angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto, schritt: str) -> None:
    assert angemeldet(geschaeftsstelle).get(f"/konten/{kontakt.pk}/{schritt}/").status_code == 405


# --- deactivate, open again, second factor ----------------------------------------------------------------------------
def test_deaktivieren_ends_the_session_at_once(angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto) -> None:
    seine = angemeldet(kontakt)
    assert seine.get("/konto/").status_code == 200

    angemeldet(geschaeftsstelle).post(f"/konten/{kontakt.pk}/deaktivieren/")

    assert seine.get("/konto/").status_code == 302
    assert not Konto.objects.get(pk=kontakt.pk).is_active


def test_deaktivieren_takes_back_the_invitations_that_are_open(
    angemeldet: Anmelden, geschaeftsstelle: Konto, buergermeister: Konto
) -> None:
    eigene, fremde = EinladungFactory(durch=buergermeister), EinladungFactory(durch=geschaeftsstelle)

    angemeldet(geschaeftsstelle).post(f"/konten/{buergermeister.pk}/deaktivieren/")

    assert list(Einladung.objects.offene()) == [fremde]
    eigene.refresh_from_db()
    assert eigene.zurueckgezogen_am is not None


def test_deaktivieren_twice_is_told(angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto) -> None:
    client = angemeldet(geschaeftsstelle)
    client.post(f"/konten/{kontakt.pk}/deaktivieren/")

    antwort = client.post(f"/konten/{kontakt.pk}/deaktivieren/", follow=True)

    assert "Das Konto ist schon deaktiviert." in meldungen(antwort)


def test_deaktivieren_the_own_is_refused(angemeldet: Anmelden, geschaeftsstelle: Konto) -> None:
    antwort = angemeldet(geschaeftsstelle).post(f"/konten/{geschaeftsstelle.pk}/deaktivieren/")

    assert antwort.status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_who_deactivate_each_other_at_once_do_not_both_succeed() -> None:
    eine, andere = KontoFactory(geschaeftsstelle=True), KontoFactory(geschaeftsstelle=True)
    start, abgelehnt = Barrier(2), []

    def deaktivieren(konto: Konto, durch: Konto) -> None:
        start.wait(10)
        try:
            ablauf.deaktivieren(konto=konto, durch=durch, jetzt=timezone.now())
        except ValidationError as fehler:
            abgelehnt.extend(fehler.messages)
        finally:
            connection.close()

    faeden = [Thread(target=deaktivieren, args=paar) for paar in [(eine, andere), (andere, eine)]]
    for faden in faeden:
        faden.start()
    for faden in faeden:
        faden.join(20)

    assert abgelehnt == ["Ihr eigenes Konto ist inzwischen deaktiviert."]
    assert Konto.objects.filter(is_active=True).count() == 1


def test_reaktivieren_lets_sign_in_again(angemeldet: Anmelden, geschaeftsstelle: Konto) -> None:
    konto = KontoFactory(is_active=False)

    antwort = angemeldet(geschaeftsstelle).post(f"/konten/{konto.pk}/reaktivieren/", follow=True)

    konto.refresh_from_db()
    assert (konto.is_active, konto.deaktiviert_am) == (True, None)
    assert meldungen(antwort) == [f"{konto.name} kann sich wieder anmelden, mit dem bisherigen Passwort."]


def test_reaktivieren_a_former_head_beside_the_new_one_is_refused(
    angemeldet: Anmelden, geschaeftsstelle: Konto, buergermeister: Konto
) -> None:
    frueher = KontoFactory(buergermeister=True, kommune=buergermeister.kommune, is_active=False)

    antwort = angemeldet(geschaeftsstelle).post(f"/konten/{frueher.pk}/reaktivieren/", follow=True)

    assert meldungen(antwort) == ["Für diese Kommune gibt es schon ein aktives Konto der Verwaltungsspitze."]
    assert not Konto.objects.get(pk=frueher.pk).is_active


@pytest.mark.parametrize("schritt", ["bearbeiten", "reaktivieren", "zweiter-faktor"])
def test_pseudonymised_konto_stays_as_it_is(angemeldet: Anmelden, geschaeftsstelle: Konto, schritt: str) -> None:
    konto = KontoFactory(is_active=False)
    konto = ablauf.pseudonymisieren(konto=konto, jetzt=timezone.now())
    client = angemeldet(geschaeftsstelle)

    seite = client.get(f"/konten/{konto.pk}/").content.decode()

    assert client.post(f"/konten/{konto.pk}/{schritt}/", angaben(konto)).status_code == 403
    assert "geloescht.invalid" not in seite
    assert "Konto wieder öffnen" not in seite


def test_zweiter_faktor_is_removed_and_its_owner_told(
    angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto
) -> None:
    FaktorFactory(user=kontakt)

    angemeldet(geschaeftsstelle).post(f"/konten/{kontakt.pk}/zweiter-faktor/")

    assert not Authenticator.objects.filter(user=kontakt).exists()
    assert Postausgang.objects.get().an == kontakt.email


def test_sessions_of_before_stay_closed_when_a_konto_is_opened_again(
    angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto
) -> None:
    client, anderer = angemeldet(kontakt), angemeldet(geschaeftsstelle)

    anderer.post(f"/konten/{kontakt.pk}/deaktivieren/")
    anderer.post(f"/konten/{kontakt.pk}/reaktivieren/")

    assert client.get("/konto/").status_code == 302
    assert anderer.get("/konto/").status_code == 200


def test_zweiter_faktor_of_the_own_konto_stays(angemeldet: Anmelden, geschaeftsstelle: Konto) -> None:
    """Its own page asks for the password first: whoever took over a session doesn't get by here."""
    antwort = angemeldet(geschaeftsstelle).post(f"/konten/{geschaeftsstelle.pk}/zweiter-faktor/", follow=True)

    assert meldungen(antwort) == ["Den eigenen zweiten Faktor entfernen Sie unter „Mein Konto“."]
    assert Authenticator.objects.filter(user=geschaeftsstelle).count() == 1


def test_zweiter_faktor_that_is_not_there_is_told(
    angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto
) -> None:
    antwort = angemeldet(geschaeftsstelle).post(f"/konten/{kontakt.pk}/zweiter-faktor/", follow=True)

    assert meldungen(antwort) == ["Dieses Konto hat keinen zweiten Faktor."]
    assert not Postausgang.objects.exists()
