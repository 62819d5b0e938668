"""What the claims of a provider make of a person."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.conf import settings as einstellungen
from django.db import connection

from kommunen.ablaeufe import einmalanmeldung
from kommunen.ablaeufe.einmalanmeldung import Abgewiesen, Angaben
from kommunen.auswahl import Rolle
from kommunen.models import Kommune, Konto, Vertretung
from kommunen.oidc import angaben
from tests.anbieter import PERSON
from tests.fabriken.kommunen import KontoFactory, VertretungFactory

HEUTE = date(2026, 5, 19)


def person(**werte: Any) -> Angaben:
    return Angaben(
        **{
            "aussteller": "https://anmeldung.kreis.example",
            "kennung": "kennung-1",
            "email": "neu@ikz.example",
            "name": "Neu Hier",
            "rolle": Rolle.LESEN,
            "ags": "",
            **werte,
        }
    )


def ankommen(*, angaben: Angaben) -> Konto:
    return einmalanmeldung.ankommen(angaben=angaben, heute=HEUTE)


# --- reading the claims -----------------------------------------------------------------------------------------------


def test_rollen_by_default_are_those_of_the_portal() -> None:
    assert {rolle.value: rolle.value for rolle in Rolle} == einstellungen.OIDC_ROLLEN


@pytest.mark.parametrize(
    ("werte", "rolle"),
    [
        (["lesen", "kontakt"], Rolle.KONTAKT),
        (["kontakt", "buergermeister"], Rolle.BUERGERMEISTER),
        (["buergermeister", "geschaeftsstelle", "lesen"], Rolle.GESCHAEFTSSTELLE),
        (["offline_access", "lesen"], Rolle.LESEN),
        (["Kontakt"], None),
        ([], None),
    ],
)
def test_hoechste_rolle_is_the_one_with_most_rights(werte: list[str], rolle: Rolle | None) -> None:
    assert angaben.hoechste_rolle(werte) == rolle


@pytest.mark.parametrize(
    ("claim", "claims"),
    [
        ("ikz_rolle", {"ikz_rolle": "ikz-leitung"}),
        ("realm_access.roles", {"realm_access": {"roles": ["offline_access", "ikz-leitung"]}}),
        ("https://kreis.example/rolle", {"https://kreis.example/rolle": ["ikz-leitung", 7, None]}),
    ],
)
def test_lesen_finds_the_rolle_where_it_is_told_to(settings: Any, claim: str, claims: dict[str, Any]) -> None:
    settings.OIDC_ROLLEN_CLAIM, settings.OIDC_ROLLEN = claim, {"ikz-leitung": "geschaeftsstelle"}

    assert angaben.lesen({"sub": "1", **claims}).rolle == Rolle.GESCHAEFTSSTELLE


@pytest.mark.parametrize(
    "claims",
    [
        {"realm_access": "roles"},
        {"realm_access": ["roles"]},
        {"realm_access": {"roles": {"a": 1}}},
        {"realm_access": None},
        {},
    ],
)
def test_lesen_takes_another_shape_for_no_rolle(settings: Any, claims: dict[str, Any]) -> None:
    settings.OIDC_ROLLEN_CLAIM = "realm_access.roles"

    assert angaben.lesen({"sub": "1", **claims}).rolle is None


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"name": " Anna \u00a0 Muster\n"}, "Anna Muster"),
        ({"given_name": "Anna", "family_name": "Muster"}, "Anna Muster"),
        ({"name": "\x00", "family_name": "Muster"}, "Muster"),
        ({"name": "x" * 500}, "x" * 120),
        ({"name": ["Anna"], "given_name": None}, ""),
        ({}, ""),
    ],
)
def test_lesen_makes_one_readable_name(claims: dict[str, Any], name: str) -> None:
    assert angaben.lesen({"sub": "1", **claims}).name == name


# --- what becomes of them ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rolle", "mit_ags", "erwartet"),
    [
        (Rolle.KONTAKT, True, True),
        (Rolle.BUERGERMEISTER, True, True),
        (Rolle.LESEN, True, True),
        (Rolle.LESEN, False, False),
        (Rolle.GESCHAEFTSSTELLE, True, False),
        (Rolle.GESCHAEFTSSTELLE, False, False),
    ],
)
def test_ankommen_joins_a_kommune_where_the_rolle_has_one(
    kommune: Kommune, rolle: Rolle, mit_ags: bool, erwartet: bool
) -> None:
    konto = ankommen(angaben=person(rolle=rolle, ags=kommune.ags if mit_ags else ""))

    assert (konto.rolle, konto.kommune) == (rolle, kommune if erwartet else None)


@pytest.mark.django_db
@pytest.mark.parametrize("rolle", [Rolle.KONTAKT, Rolle.LESEN])
def test_ankommen_with_two_kommunen_is_refused(
    settings: Any, kommune: Kommune, andere_kommune: Kommune, rolle: Rolle
) -> None:
    claims = {**PERSON, "ikz_rolle": rolle.value, "ikz_kommune": [kommune.ags, andere_kommune.ags]}

    with pytest.raises(Abgewiesen) as fehler:
        ankommen(angaben=angaben.lesen(claims))

    assert fehler.value.code == einmalanmeldung.KOMMUNE


@pytest.mark.django_db
def test_ankommen_without_a_name_keeps_the_known_one(kommune: Kommune) -> None:
    konto = KontoFactory(email="neu@ikz.example", kommune=kommune, name="Altbekannt")

    ankommen(angaben=person(name="", rolle=Rolle.KONTAKT, ags=kommune.ags))

    konto.refresh_from_db()
    assert konto.name == "Altbekannt"


@pytest.mark.django_db
def test_ankommen_new_person_without_a_name_is_called_by_the_address() -> None:
    assert ankommen(angaben=person(name="")).name == "neu"


@pytest.mark.django_db
def test_ankommen_known_person_needs_no_verified_address(lesend: Konto) -> None:
    ankommen(angaben=person(email=lesend.email))

    assert ankommen(angaben=person(email="")) == lesend


@pytest.mark.django_db
def test_ankommen_promotion_to_a_second_head_leaves_the_konto_as_it_was(
    kommune: Kommune, buergermeister: Konto, kontakt: Konto
) -> None:
    with pytest.raises(Abgewiesen):
        ankommen(angaben=person(email=kontakt.email, rolle=Rolle.BUERGERMEISTER, ags=kommune.ags))

    kontakt.refresh_from_db()
    assert kontakt.rolle == Rolle.KONTAKT
    assert not SocialAccount.objects.exists()


@pytest.mark.django_db
def test_ankommen_address_too_long_for_a_konto_is_refused() -> None:
    with pytest.raises(Abgewiesen):
        ankommen(angaben=person(email=f"{'a' * 60}@{'b.' * 120}example"))

    assert Konto.objects.count() == 0


def test_vertretung_ends_when_the_head_goes_to_another_kommune(kommune: Kommune, andere_kommune: Kommune) -> None:
    spitze = ankommen(angaben=person(rolle=Rolle.BUERGERMEISTER, ags=kommune.ags))
    VertretungFactory(vertretener=spitze, von=date(2026, 5, 1), bis=date(2026, 6, 1))
    VertretungFactory(vertretener=spitze, von=date(2026, 7, 1), bis=date(2026, 7, 8))

    ankommen(angaben=person(rolle=Rolle.BUERGERMEISTER, ags=andere_kommune.ags))

    assert list(Vertretung.objects.values_list("von", "bis")) == [(date(2026, 5, 1), HEUTE)]


def gleichzeitig(personen: list[Angaben]) -> list[int | None]:
    """Let all arrive at once, each on a connection of its own; return their Konten, None for who was turned away."""
    start = Barrier(len(personen))

    def versuchen(angaben: Angaben) -> int | None:
        start.wait(timeout=10)
        try:
            return ankommen(angaben=angaben).pk
        except Abgewiesen:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(len(personen)) as fenster:
        return [lauf.result() for lauf in [fenster.submit(versuchen, wer) for wer in personen]]


@pytest.mark.django_db(transaction=True)
def test_ankommen_known_address_in_several_windows_at_once_is_linked_once() -> None:
    konto = KontoFactory(email="neu@ikz.example", lesend=True)

    assert gleichzeitig([person()] * 4) == [konto.pk] * 4
    assert SocialAccount.objects.get().user == konto


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("adressen", [["neu"] * 4, ["a", "b", "c", "d"]])
def test_ankommen_new_person_in_several_windows_at_once_gets_one_konto(adressen: list[str]) -> None:
    ergebnisse = gleichzeitig([person(email=f"{adresse}@ikz.example") for adresse in adressen])

    assert {ergebnis for ergebnis in ergebnisse if ergebnis} == {Konto.objects.get().pk}
    assert SocialAccount.objects.get().user == Konto.objects.get()
