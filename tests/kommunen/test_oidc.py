"""Single sign-on against a real small provider: who comes in, who doesn't, and what it takes to prove it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import structlog
import time_machine
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.test import Client
from django.utils import timezone

from ikz_portal.basis.models import Aenderung
from kommunen.auswahl import Rolle
from kommunen.models import Anmeldung, Kommune, Konto
from tests import anbieter as idp
from tests.anbieter import HIN, PERSON, ZURUECK, Anbieter, anmelden, beginnen
from tests.fabriken.kommunen import AdresseFactory, KontoFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]


@pytest.fixture
def anbieter(settings: Any, kommune: Kommune) -> Iterator[Anbieter]:
    with idp.anbieter(settings) as server:
        server.person = {**PERSON, "ikz_rolle": "kontakt", "ikz_kommune": kommune.ags}
        yield server


def angemeldetes(client: Client) -> Konto | None:
    return Konto.objects.filter(pk=client.session.get("_auth_user_id")).first()


def mit_sub(konto: Konto, anbieter: Anbieter, sub: str = "kennung-1") -> SocialAccount:
    return SocialAccount.objects.create(user=konto, provider=anbieter.adresse, uid=sub)


# --- without a provider -----------------------------------------------------------------------------------------------


def test_anmelden_without_a_provider_is_not_there(client: Client) -> None:
    assert (client.post(HIN).status_code, client.get(ZURUECK).status_code) == (404, 404)
    assert "/konto/sso/" not in client.get("/konto/anmelden/").content.decode()


def test_anmelden_provider_in_the_librarys_table_is_ignored(client: Client) -> None:
    SocialApp.objects.create(provider="openid_connect", provider_id="oidc", name="Hintertür", client_id="x")

    assert client.post(HIN).status_code == 404
    assert "Hintertür" not in client.get("/konto/anmelden/").content.decode()


def test_anmelden_other_provider_is_not_there(client: Client, anbieter: Anbieter) -> None:
    assert client.post("/konto/sso/google/").status_code == 404


# --- the way there ----------------------------------------------------------------------------------------------------


def test_login_page_offers_the_provider_and_keeps_where_one_wanted_to_go(client: Client, anbieter: Anbieter) -> None:
    seite = client.get("/konto/anmelden/?next=/projekte/").content.decode()

    formular = re.search(rf'<form method="post" action="{HIN}".*?</form>', seite, re.DOTALL)[0]
    assert "Weiter mit „Kreis-Anmeldung“" in formular
    assert 'name="next" value="/projekte/"' in formular
    assert "csrfmiddlewaretoken" in formular


def test_anmelden_by_get_is_refused(client: Client, anbieter: Anbieter) -> None:
    assert client.get(HIN).status_code == 405
    assert anbieter.gefragt == []


def test_anmelden_without_the_forms_key_is_refused(anbieter: Anbieter) -> None:
    assert Client(enforce_csrf_checks=True).post(HIN).status_code == 403


def test_anmelden_asks_with_state_nonce_and_pkce(client: Client, anbieter: Anbieter) -> None:
    frage = {name: wert for name, (wert,) in parse_qs(urlsplit(beginnen(client)).query).items()}

    assert set(frage["scope"].split()) == {"openid", "profile", "email"}
    assert (frage["response_type"], frage["code_challenge_method"]) == ("code", "S256")
    assert frage["redirect_uri"] == f"http://testserver{ZURUECK}"
    assert min(len(frage["state"]), len(frage["nonce"]), len(frage["code_challenge"])) >= 16


def test_anmelden_takes_no_parameters_for_the_provider_from_the_visitor(client: Client, anbieter: Anbieter) -> None:
    seite = client.post(f"{HIN}?scope=admin&auth_params=prompt%3Dnone&process=connect").content.decode()

    assert "admin" not in seite
    assert "prompt" not in seite


# --- who comes in -----------------------------------------------------------------------------------------------------


def test_zurueck_new_person_gets_a_konto(client: Client, anbieter: Anbieter, kommune: Kommune) -> None:
    antwort = anmelden(client)

    konto = Konto.objects.get()
    assert (antwort.status_code, antwort.headers["Location"]) == (302, "/")
    assert angemeldetes(client) == konto
    assert (konto.name, konto.email, konto.rolle, konto.kommune) == ("Neu Hier", "neu@ikz.example", "kontakt", kommune)
    assert not konto.has_usable_password()
    assert konto.emailaddress_set.get().verified
    assert (Anmeldung.objects.get().konto, Anmeldung.objects.get().gelungen) == (konto, True)


def test_zurueck_keeps_of_the_provider_only_who_it_is(client: Client, anbieter: Anbieter) -> None:
    anmelden(client)

    verknuepfung = SocialAccount.objects.get()
    assert (verknuepfung.provider, verknuepfung.uid) == (anbieter.adresse, "kennung-1")
    assert verknuepfung.extra_data == {}
    assert SocialToken.objects.count() == 0
    assert "zugriff-geheim" not in str(dict(client.session))


def test_zurueck_known_person_gets_the_own_konto_whatever_the_address(client: Client, anbieter: Anbieter) -> None:
    konto = KontoFactory(kommune=Kommune.objects.get(), name="Neu Hier")
    mit_sub(konto, anbieter)

    anmelden(client)

    konto.refresh_from_db()
    assert angemeldetes(client) == konto
    assert konto.email != "neu@ikz.example"  # the address has its own way, with confirmation


def test_zurueck_known_address_links_its_konto(client: Client, anbieter: Anbieter, kommune: Kommune) -> None:
    konto = KontoFactory(email="NEU@ikz.example", kommune=kommune)

    anmelden(client)

    assert angemeldetes(client) == konto
    assert SocialAccount.objects.get().user == konto


def test_zurueck_second_time_changes_nothing(client: Client, anbieter: Anbieter) -> None:
    anmelden(client)
    vorher = Aenderung.objects.count()

    anmelden(Client())

    assert (Konto.objects.count(), SocialAccount.objects.count()) == (1, 1)
    assert Aenderung.objects.count() == vorher


def test_zurueck_changed_claims_change_the_konto_on_record(
    client: Client, anbieter: Anbieter, andere_kommune: Kommune
) -> None:
    anmelden(client)
    konto = Konto.objects.get()
    anbieter.person |= {"ikz_rolle": "buergermeister", "ikz_kommune": andere_kommune.ags, "name": "Neuer Name"}

    anmelden(Client())

    konto.refresh_from_db()
    assert (konto.rolle, konto.kommune, konto.name) == (Rolle.BUERGERMEISTER, andere_kommune, "Neuer Name")
    aenderung = Aenderung.objects.latest("pk")
    assert (aenderung.quelle, aenderung.konto_id) == ("Single Sign-on", konto.pk)


def test_zurueck_somebody_else_in_the_same_browser_takes_over_nothing(
    client: Client, anbieter: Anbieter, lesend: Konto
) -> None:
    client.force_login(lesend)
    sitzung = client.session.session_key

    anmelden(client)

    assert angemeldetes(client).email == "neu@ikz.example"
    assert client.session.session_key != sitzung


def test_zurueck_session_ends_with_the_browser_or_the_working_day(
    client: Client, anbieter: Anbieter, settings: Any
) -> None:
    anmelden(client)

    assert client.cookies["sitzung"]["max-age"] == ""
    for minuten, status in [(-1, 200), (1, 302)]:
        spaeter = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE, minutes=minuten)
        with time_machine.travel(spaeter, tick=False):
            assert client.get("/konto/").status_code == status


@pytest.mark.parametrize(
    ("next_", "ziel"),
    [
        ("/projekte/?status=idee", "/projekte/?status=idee"),
        ("https://boese.example/", "/"),
        ("//boese.example/", "/"),
        ("/\\boese.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_zurueck_leads_to_own_pages_only(client: Client, anbieter: Anbieter, next_: str, ziel: str) -> None:
    assert anmelden(client, next=next_).headers["Location"] == ziel


# --- who doesn't ------------------------------------------------------------------------------------------------------


def abgewiesen(client: Client, anbieter: Anbieter) -> str:
    """Try; return the reason that the page gives, having seen that nothing but the attempt was written."""
    vorher = (Konto.objects.count(), SocialAccount.objects.count(), Aenderung.objects.count())
    with structlog.testing.capture_logs() as zeilen:
        antwort = anmelden(client)

    assert antwort.status_code == 403
    assert "_auth_user_id" not in client.session
    assert (Konto.objects.count(), SocialAccount.objects.count(), Aenderung.objects.count()) == vorher
    assert [zeile["event"] for zeile in zeilen] == ["einmalanmeldung_abgewiesen"]
    assert not [wert for wert in PERSON.values() if str(wert) in str(zeilen)]
    return re.search(r"lässt Sie aber nicht ein: ([^<]+)", antwort.content.decode())[1]


@pytest.mark.parametrize(
    ("claims", "satz"),
    [
        ({"ikz_rolle": None}, "Ihnen ist dort keine Rolle für das IKZ-Portal zugeordnet."),
        ({"ikz_rolle": "admin"}, "Ihnen ist dort keine Rolle für das IKZ-Portal zugeordnet."),
        ({"ikz_rolle": {"a": 1}}, "Ihnen ist dort keine Rolle für das IKZ-Portal zugeordnet."),
        ({"ikz_kommune": None}, "Ihnen ist dort keine Kommune zugeordnet, die das IKZ-Portal kennt."),
        ({"ikz_kommune": "99999999"}, "Ihnen ist dort keine Kommune zugeordnet, die das IKZ-Portal kennt."),
        ({"ikz_kommune": "0\x00"}, "Ihnen ist dort keine Kommune zugeordnet, die das IKZ-Portal kennt."),
        ({"email_verified": False}, "Ihre E-Mail-Adresse ist dort nicht bestätigt."),
        ({"email_verified": "true"}, "Ihre E-Mail-Adresse ist dort nicht bestätigt."),
        ({"email_verified": None}, "Ihre E-Mail-Adresse ist dort nicht bestätigt."),
        ({"email": "keine-adresse"}, "Ihre E-Mail-Adresse ist dort nicht bestätigt."),
        ({"email": "\ud800@ikz.example"}, "Ihre E-Mail-Adresse ist dort nicht bestätigt."),
    ],
)
def test_zurueck_claims_that_say_too_little_let_nobody_in(
    client: Client, anbieter: Anbieter, claims: dict[str, Any], satz: str
) -> None:
    anbieter.person |= claims

    assert abgewiesen(client, anbieter) == satz
    assert (Anmeldung.objects.get().konto, Anmeldung.objects.get().gelungen) == (None, False)


@pytest.mark.parametrize("bekannt", ["sub", "adresse"])
@pytest.mark.parametrize(
    ("konto", "satz"),
    [
        ({"is_active": False}, "Ihr Konto im IKZ-Portal ist deaktiviert."),
        ({"demo": True}, "Unter Ihrer E-Mail-Adresse gibt es hier nur ein Demokonto."),
        ({"is_active": False, "pseudonymisiert_am": timezone.now()}, "Ihr Konto im IKZ-Portal ist deaktiviert."),
    ],
)
def test_zurueck_closed_konto_stays_closed(
    client: Client, anbieter: Anbieter, konto: dict[str, Any], satz: str, bekannt: str
) -> None:
    geschlossen = KontoFactory(email="neu@ikz.example", **konto)
    if bekannt == "sub":
        mit_sub(geschlossen, anbieter)

    assert abgewiesen(client, anbieter) == satz
    assert (Anmeldung.objects.get().konto, Anmeldung.objects.get().gelungen) == (geschlossen, False)


def test_zurueck_known_person_whose_role_vanished_is_out(client: Client, anbieter: Anbieter) -> None:
    konto = KontoFactory()
    mit_sub(konto, anbieter)
    anbieter.person |= {"ikz_rolle": []}

    assert abgewiesen(client, anbieter) == "Ihnen ist dort keine Rolle für das IKZ-Portal zugeordnet."
    assert Anmeldung.objects.get().konto == konto


def test_zurueck_second_head_of_a_kommune_is_refused(client: Client, anbieter: Anbieter, buergermeister: Konto) -> None:
    anbieter.person |= {"ikz_rolle": "buergermeister"}

    satz = "Für diese Kommune gibt es schon ein aktives Konto der Verwaltungsspitze."
    assert abgewiesen(client, anbieter) == satz


def test_zurueck_address_that_was_handed_on_opens_no_konto(client: Client, anbieter: Anbieter) -> None:
    mit_sub(KontoFactory(email="neu@ikz.example"), anbieter, sub="vorgängerin")

    assert abgewiesen(client, anbieter) == "Ihre E-Mail-Adresse gehört im IKZ-Portal schon zu einem anderen Konto."


def test_zurueck_second_address_of_another_konto_makes_no_new_one(client: Client, anbieter: Anbieter) -> None:
    AdresseFactory(user=KontoFactory(), email="neu@ikz.example", primary=False)

    assert abgewiesen(client, anbieter) == "Ihre E-Mail-Adresse gehört im IKZ-Portal schon zu einem anderen Konto."


def test_zurueck_same_sub_of_another_issuer_is_somebody_else(client: Client, anbieter: Anbieter) -> None:
    fremd = KontoFactory()
    SocialAccount.objects.create(user=fremd, provider="https://früher.example", uid="kennung-1")

    anmelden(client)

    assert angemeldetes(client) != fremd
