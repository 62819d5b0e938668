"""The pages of Konten: who sees whose, filters and files."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from kommunen.ablaeufe import konto as ablauf
from kommunen.auswahl import Rolle
from kommunen.models import Konto
from kommunen.rechte import (
    darf_anmeldung_sehen,
    darf_konten_sehen,
    darf_konto_bearbeiten,
    darf_konto_deaktivieren,
    sichtbare_einladungen,
    sichtbare_konten,
)
from tests.fabriken.kommunen import (
    EinladungFactory,
    KommuneFactory,
    KontoFactory,
    SitzFactory,
    VertretungFactory,
)
from tests.fabriken.projekte import ProjektFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

Anmelden = Callable[[Konto], Client]


def namen(client: Client, frage: str = "") -> list[str]:
    return [zeile.name for zeile in client.get(f"/konten/{frage}").context["zeilen"]]


# --- who sees what ----------------------------------------------------------------------------------------------------
def test_geschaeftsstelle_sees_all(
    angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto, fremder_kontakt: Konto
) -> None:
    assert namen(angemeldet(geschaeftsstelle)) == ["Geschäftsstelle", "Kontakt", "Fremder Kontakt"]


def test_head_sees_those_of_the_own_kommune(
    angemeldet: Anmelden, buergermeister: Konto, kontakt: Konto, fremder_kontakt: Konto, geschaeftsstelle: Konto
) -> None:
    assert namen(angemeldet(buergermeister)) == ["Kontakt", "Verwaltungsspitze"]


def test_deputy_of_the_head_sees_them_too(angemeldet: Anmelden, kontakt: Konto, buergermeister: Konto) -> None:
    VertretungFactory(vertretener=buergermeister, vertreter=kontakt)

    assert namen(angemeldet(kontakt)) == ["Kontakt", "Verwaltungsspitze"]


@pytest.mark.parametrize("wer", ["kontakt", "lesend"])
def test_others_do_not_see_the_list(angemeldet: Anmelden, request: pytest.FixtureRequest, wer: str) -> None:
    for frage in ("", "?format=csv"):
        assert angemeldet(request.getfixturevalue(wer)).get(f"/konten/{frage}").status_code == 403


@pytest.mark.parametrize("pfad", ["/konten/", "/konten/1/", "/konten/1/bearbeiten/", "/konten/einladen/"])
def test_signed_out_is_led_to_sign_in(client: Client, pfad: str) -> None:
    assert client.get(pfad).headers["Location"] == f"/konto/anmelden/?next={pfad}"


def test_einladungen_stand_above_for_who_may_see_them(
    angemeldet: Anmelden, buergermeister: Konto, geschaeftsstelle: Konto
) -> None:
    EinladungFactory(name="Eigene", kommune=buergermeister.kommune, durch=buergermeister)
    EinladungFactory(name="Abgelaufene", kommune=buergermeister.kommune, gueltig_bis=timezone.now())
    EinladungFactory(name="Fremde")
    EinladungFactory(name="Zurückgezogene", kommune=buergermeister.kommune, zurueckgezogen_am=timezone.now())

    def gesehen(konto: Konto) -> list[tuple[str, str, str]]:
        einladungen = angemeldet(konto).get("/konten/").context["einladungen"]
        return [(zeile.name, zeile.durch, zeile.status.label) for zeile in einladungen]

    eigene = [("Abgelaufene", "Betrieb", "abgelaufen"), ("Eigene", "Verwaltungsspitze", "offen")]
    assert gesehen(buergermeister) == eigene
    assert gesehen(geschaeftsstelle) == [("Fremde", "Betrieb", "offen"), *eigene]


def test_predicates_equal_the_visible_rows(
    geschaeftsstelle: Konto, buergermeister: Konto, kontakt: Konto, lesend: Konto, fremder_kontakt: Konto
) -> None:
    """Who may see the list sees others; what it may change, it sees."""
    vertreter = KontoFactory(kommune=KommuneFactory())
    VertretungFactory(vertretener=buergermeister, vertreter=vertreter)
    deaktiviert = KontoFactory(kommune=buergermeister.kommune, is_active=False)
    fremde_einladung = EinladungFactory()
    alle = list(Konto.objects.all())
    for betrachter in [*alle, AnonymousUser()]:
        sichtbare = set(sichtbare_konten(betrachter))
        assert darf_konten_sehen(betrachter) == bool(sichtbare - {betrachter})
        for darf in (darf_konto_bearbeiten, darf_konto_deaktivieren, darf_anmeldung_sehen):
            assert {konto for konto in alle if darf(betrachter, konto)} <= sichtbare
        darf_alle = betrachter == geschaeftsstelle
        assert sichtbare_einladungen(betrachter).filter(pk=fremde_einladung.pk).exists() == darf_alle
    assert not sichtbare_konten(deaktiviert).exists()


@pytest.mark.parametrize("anzahl", [1, 3])
def test_list_takes_the_same_queries_for_any_number(
    angemeldet: Anmelden, geschaeftsstelle: Konto, django_assert_num_queries: Any, anzahl: int
) -> None:
    for _ in range(anzahl):
        KontoFactory()
        EinladungFactory(durch=geschaeftsstelle)
    client = angemeldet(geschaeftsstelle)

    with django_assert_num_queries(8):
        client.get("/konten/")


# --- filters, export --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("frage", "erwartet"),
    [
        ("?rolle=kontakt", ["Ehemaliger", "Kontakt"]),
        ("?rolle=lesen", ["Lesend"]),
        ("?status=deaktiviert", ["Ehemaliger"]),
        ("?status=aktiv&rolle=kontakt", ["Kontakt"]),
        ("?q=EHEMAL", ["Ehemaliger"]),
        ("?q=weg@", ["Ehemaliger"]),
        ("?q=Hauptamt", ["Kontakt"]),
        ("?q=niemand", []),
    ],
)
@pytest.mark.usefixtures("lesend")
def test_list_filters(
    angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto, frage: str, erwartet: list[str]
) -> None:
    Konto.objects.filter(pk=kontakt.pk).update(funktion="Leitung Hauptamt")
    KontoFactory(name="Ehemaliger", email="weg@ikz.example", is_active=False)

    assert namen(angemeldet(geschaeftsstelle), frage) == erwartet


def test_list_filters_by_kommune(angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto) -> None:
    KontoFactory()

    assert namen(angemeldet(geschaeftsstelle), f"?kommune={kontakt.kommune.ags}") == ["Kontakt"]


def test_list_does_not_ask_a_head_for_the_kommune(angemeldet: Anmelden, buergermeister: Konto) -> None:
    filter_ = angemeldet(buergermeister).get("/konten/").context["filterset"]

    assert list(filter_.form.fields) == ["q", "rolle", "status"]


@pytest.mark.parametrize("frage", ["?rolle=chef", "?kommune=1", "?status=x", "?q=%00", "?format=pdf"])
def test_list_answers_bad_input_with_400(
    angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto, fremder_kontakt: Konto, frage: str
) -> None:
    assert angemeldet(geschaeftsstelle).get(f"/konten/{frage}").status_code == 400


def test_list_exports_what_is_filtered_and_visible(
    angemeldet: Anmelden, buergermeister: Konto, kontakt: Konto, fremder_kontakt: Konto
) -> None:
    antwort = angemeldet(buergermeister).get("/konten/?rolle=kontakt&format=csv")

    zeilen = antwort.content.decode("utf-8-sig").splitlines()
    assert len(zeilen) == 2
    assert zeilen[1].startswith(f"Kontakt;{kontakt.email};;Kontakt;Musterstadt;aktiv;")


# --- one Konto --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("wer", "wen", "status"),
    [
        ("geschaeftsstelle", "fremder_kontakt", 200),
        ("buergermeister", "kontakt", 200),
        ("buergermeister", "fremder_kontakt", 404),
        ("buergermeister", "geschaeftsstelle", 404),
        ("kontakt", "kontakt", 200),
        ("kontakt", "buergermeister", 404),
        ("lesend", "kontakt", 404),
    ],
)
def test_detail_is_for_who_may_see_the_konto(
    angemeldet: Anmelden, request: pytest.FixtureRequest, wer: str, wen: str, status: int
) -> None:
    konto = request.getfixturevalue(wen)

    assert angemeldet(request.getfixturevalue(wer)).get(f"/konten/{konto.pk}/").status_code == status


def test_detail_tells_offices_and_projekte(angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto) -> None:
    SitzFactory(konto=kontakt, kommune=kontakt.kommune, gremium__name="Stammgruppe")
    SitzFactory(konto=kontakt, kommune=kontakt.kommune, bis=date(2020, 1, 1))
    ProjektFactory(name="Digitale Akte", leitung=kontakt)

    antwort = angemeldet(geschaeftsstelle).get(f"/konten/{kontakt.pk}/")

    seite = antwort.context["seite"]
    assert seite.sitze == [("Stammgruppe", "Musterstadt")]
    assert [name for name, _ in seite.projekte] == ["Digitale Akte"]
    assert seite.bleibt == "1 Sitz und 1 Projekt bleiben hier eingetragen, bis Sie die Nachfolge regeln."


def test_detail_tells_the_head_neither_projekte_nor_the_last_visit(
    angemeldet: Anmelden, buergermeister: Konto, kontakt: Konto
) -> None:
    ProjektFactory(name="Verdecktes Vorhaben", leitung=kontakt)

    text = angemeldet(buergermeister).get(f"/konten/{kontakt.pk}/").content.decode()

    assert "Verdecktes Vorhaben" not in text
    assert "Zuletzt angemeldet" not in text
    assert "Konto deaktivieren" not in text


def test_detail_shows_only_visible_vertretungen(angemeldet: Anmelden, kontakt: Konto, buergermeister: Konto) -> None:
    fremde = VertretungFactory(vertreter=kontakt)
    VertretungFactory(vertretener=buergermeister, vertreter=kontakt)
    spitze = KontoFactory(kommune=kontakt.kommune)

    seite = angemeldet(buergermeister).get(f"/konten/{kontakt.pk}/").context["seite"]

    assert [zeile.vertretener for zeile in seite.vertretungen] == ["Verwaltungsspitze"]
    assert fremde.vertretener.name not in str(seite)
    assert angemeldet(spitze).get(f"/konten/{kontakt.pk}/").status_code == 404


@pytest.mark.parametrize("anzahl", [1, 3])
def test_detail_takes_the_same_queries_for_any_number(
    angemeldet: Anmelden, geschaeftsstelle: Konto, kontakt: Konto, django_assert_num_queries: Any, anzahl: int
) -> None:
    for _ in range(anzahl):
        SitzFactory(konto=kontakt, kommune=kontakt.kommune)
        ProjektFactory(leitung=kontakt)
        VertretungFactory(vertreter=kontakt)
    client = angemeldet(geschaeftsstelle)

    with django_assert_num_queries(7):
        client.get(f"/konten/{kontakt.pk}/")


# --- the way there ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("wer", "konten", "vertretungen"),
    [
        ("geschaeftsstelle", True, True),
        ("buergermeister", True, True),
        ("kontakt", False, False),
        ("lesend", False, False),
    ],
)
def test_menu_leads_to_what_somebody_may(
    angemeldet: Anmelden, request: pytest.FixtureRequest, wer: str, konten: bool, vertretungen: bool
) -> None:
    text = angemeldet(request.getfixturevalue(wer)).get("/kommunen/").content.decode()

    assert ('href="/konten/"' in text, 'href="/vertretungen/"' in text) == (konten, vertretungen)


def test_menu_leads_a_deputy_to_the_vertretungen(angemeldet: Anmelden, lesend: Konto) -> None:
    VertretungFactory(vertreter=lesend, vertretener=KontoFactory(buergermeister=True))

    text = angemeldet(lesend).get("/kommunen/").content.decode()

    assert 'href="/vertretungen/"' in text


def test_menu_of_a_deputy_from_tomorrow_on_does_not_lead_there_yet(angemeldet: Anmelden, lesend: Konto) -> None:
    VertretungFactory(vertreter=lesend, von=timezone.localdate() + timedelta(days=1))

    assert 'href="/konten/"' not in angemeldet(lesend).get("/kommunen/").content.decode()


def test_konto_of_who_took_the_own_rolle_away_meanwhile_stays(geschaeftsstelle: Konto) -> None:
    """Of two who take each other's Rolle at once, the second still believes to have the own one."""
    andere = KontoFactory(geschaeftsstelle=True)
    Konto.objects.filter(pk=andere.pk).update(rolle=Rolle.LESEN)
    rest = {"name": "Neu", "funktion": "", "rolle": Rolle.LESEN, "kommune": None}

    with pytest.raises(ValidationError, match="Ihre eigene Rolle wurde inzwischen geändert"):
        ablauf.bearbeiten(
            konto=geschaeftsstelle, version=geschaeftsstelle.version, **rest, durch=andere, heute=date(2026, 5, 19)
        )

    geschaeftsstelle.refresh_from_db()
    assert geschaeftsstelle.rolle == Rolle.GESCHAEFTSSTELLE
