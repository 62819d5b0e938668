"""The pages on which the Geschäftsstelle lets a Kommune join, change its part, leave, or puts an entry right."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from bestandsaufnahme.abfragen.kooperation.beteiligung import fassung
from bestandsaufnahme.models import Beteiligung, Kooperation
from ikz_portal.basis.models import Statuswechsel
from kommunen.models import Kommune, Konto
from tests.fabriken.bestandsaufnahme import BeteiligungFactory, ErhebungFactory, KooperationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]
Anmelden = Callable[[Konto], Client]
SCHRITTE = ("aendern", "beenden", "berichtigen", "entfernen")
BESTEHT = {"status": "besteht", "vorgesehen_bis": "", "rolle": "beteiligt", "herkunft": "beschluss", "erhebung": ""}
FUEHRT = BESTEHT | {"rolle": "federfuehrend"}


@pytest.fixture
def gs(angemeldet: Anmelden, geschaeftsstelle: Konto) -> Client:
    return angemeldet(geschaeftsstelle)


@pytest.fixture
def eine(kommune: Kommune) -> Beteiligung:
    return BeteiligungFactory(kommune=kommune, gilt_ab=date(2013, 6, 30))


def adresse(kooperation: Kooperation, rest: str) -> str:
    return f"/bestandsaufnahme/kooperationen/{kooperation.pk}/beteiligungen/{rest}"


def schritt(beteiligung: Beteiligung, name: str) -> str:
    return adresse(beteiligung.kooperation, f"{beteiligung.pk}/{name}/")


def text(antwort: Any) -> str:
    return str(antwort.content.decode())


def fehler(antwort: Any) -> dict[str, list[str]]:
    assert antwort.status_code == HTTPStatus.OK
    return dict(antwort.context["form"].errors)


def spannen() -> list[tuple[str, date, date | None]]:
    return [(b.rolle, b.gilt_ab, b.gilt_bis) for b in Beteiligung.objects.order_by("gilt_ab")]


# --- who may ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("wer", ["kontakt", "buergermeister", "fremder_kontakt", "lesend"])
@pytest.mark.parametrize("name", SCHRITTE)
def test_others_read_that_the_geschaeftsstelle_does_it(
    request: pytest.FixtureRequest, angemeldet: Anmelden, eine: Beteiligung, wer: str, name: str
) -> None:
    client = angemeldet(request.getfixturevalue(wer))
    for antwort in (client.get(schritt(eine, name)), client.post(schritt(eine, name), FUEHRT)):
        assert antwort.status_code == HTTPStatus.FORBIDDEN
        assert "Kooperationen pflegt die Geschäftsstelle." in text(antwort)
    assert client.get(adresse(eine.kooperation, "neu/")).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("name", SCHRITTE)
def test_the_public_is_led_to_the_sign_in(client: Client, eine: Beteiligung, name: str) -> None:
    assert client.get(schritt(eine, name)).headers["Location"].startswith("/konto/anmelden/")


@pytest.mark.parametrize("name", SCHRITTE)
def test_a_row_of_another_kooperation_is_404(gs: Client, eine: Beteiligung, name: str) -> None:
    assert gs.get(adresse(KooperationFactory(), f"{eine.pk}/{name}/")).status_code == HTTPStatus.NOT_FOUND
    assert gs.get(adresse(eine.kooperation, f"99999999999999999999/{name}/")).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("name", ["neu", *SCHRITTE])
def test_a_get_writes_nothing(gs: Client, eine: Beteiligung, name: str) -> None:
    vorher = Beteiligung.objects.values().get()
    assert gs.get(adresse(eine.kooperation, "neu/") if name == "neu" else schritt(eine, name)).status_code == 200
    assert Beteiligung.objects.values().get() == vorher


# --- join -------------------------------------------------------------------------------------------------------------
def test_a_kommune_joins(gs: Client, kommune: Kommune) -> None:
    kooperation = KooperationFactory()
    runde = ErhebungFactory()
    werte = FUEHRT | {"herkunft": "erhebung", "erhebung": runde.pk, "kommune": kommune.ags, "ab": "2020-01-01"}
    antwort = gs.post(adresse(kooperation, "neu/"), werte, follow=True)
    assert "Musterstadt ist als beteiligt eingetragen." in text(antwort)
    neue = Beteiligung.objects.get()
    assert (neue.kommune, neue.rolle, neue.erhebung) == (kommune, "federfuehrend", runde)
    assert (neue.gilt_ab, neue.gilt_bis) == (date(2020, 1, 1), None)


def test_who_takes_part_already_does_not_join(gs: Client, eine: Beteiligung, kommune: Kommune) -> None:
    werte = FUEHRT | {"kommune": kommune.ags, "ab": "2020-01-01"}
    satz = "Musterstadt ist am 01.01.2020 schon beteiligt. Ändern Sie diese Beteiligung statt einer neuen."
    assert fehler(gs.post(adresse(eine.kooperation, "neu/"), werte)) == {"kommune": [satz]}
    assert spannen() == [("beteiligt", date(2013, 6, 30), None)]


@pytest.mark.parametrize(
    ("angabe", "name"),
    [
        ({"kommune": ""}, "kommune"),
        ({"kommune": "99999999"}, "kommune"),
        ({"kommune": "x\x00"}, "kommune"),
        ({"ab": ""}, "ab"),
        ({"ab": "9999-12-31"}, "ab"),
        ({"status": "x"}, "status"),
        ({"rolle": "x"}, "rolle"),
        ({"herkunft": "erhebung"}, "erhebung"),
        ({"erhebung": "99999"}, "erhebung"),
        ({"vorgesehen_bis": "2020-01-01"}, "vorgesehen_bis"),
    ],
)
def test_join_names_the_field_that_is_wrong(gs: Client, kommune: Kommune, angabe: dict[str, str], name: str) -> None:
    werte = BESTEHT | {"kommune": kommune.ags, "ab": "2020-01-01"} | angabe
    assert name in fehler(gs.post(adresse(KooperationFactory(), "neu/"), werte))
    assert not Beteiligung.objects.exists()


# --- change, leave ----------------------------------------------------------------------------------------------------
def test_a_part_changes_from_a_day_on(gs: Client, eine: Beteiligung) -> None:
    gs.post(schritt(eine, "aendern"), FUEHRT | {"ab": "2020-01-01", "gelesen": fassung(eine)})
    assert spannen() == [
        ("beteiligt", date(2013, 6, 30), date(2020, 1, 1)),
        ("federfuehrend", date(2020, 1, 1), None),
    ]


def test_a_kommune_leaves(gs: Client, eine: Beteiligung) -> None:
    gs.post(schritt(eine, "beenden"), {"letzter_tag": "2020-12-31", "gelesen": fassung(eine)})
    assert spannen() == [("beteiligt", date(2013, 6, 30), date(2021, 1, 1))]


def test_an_entry_is_put_right(gs: Client, eine: Beteiligung) -> None:
    seite = text(gs.get(schritt(eine, "berichtigen")))
    assert 'name="gilt_ab" value="2013-06-30"' in seite
    werte = FUEHRT | {"gilt_ab": "2012-01-01", "letzter_tag": "2018-12-31", "gelesen": fassung(eine)}
    gs.post(schritt(eine, "berichtigen"), werte)
    assert spannen() == [("federfuehrend", date(2012, 1, 1), date(2019, 1, 1))]


def test_saving_a_correction_without_a_change_changes_nothing(gs: Client) -> None:
    eine = BeteiligungFactory(
        gilt_ab=date(2013, 6, 30),
        gilt_bis=date(2020, 1, 1),
        beendet_durch=ErhebungFactory(),
        status="vorgesehen",
        vorgesehen_bis=date(2019, 1, 1),
        herkunft="erhebung",
        erhebung=ErhebungFactory(),
    )
    vorher = Beteiligung.objects.values().get()
    form = gs.get(schritt(eine, "berichtigen")).context["form"]
    gs.post(schritt(eine, "berichtigen"), {name: form[name].value() or "" for name in form.fields})
    assert Beteiligung.objects.values().get() == vorher


def test_an_entry_by_mistake_is_taken_away_with_a_reason(gs: Client, eine: Beteiligung) -> None:
    assert "grund" in fehler(gs.post(schritt(eine, "entfernen"), {"grund": " ", "gelesen": fassung(eine)}))
    assert Beteiligung.objects.exists()
    gs.post(schritt(eine, "entfernen"), {"grund": "Falsche Spalte.", "gelesen": fassung(eine)})
    assert not Beteiligung.objects.exists()
    assert Statuswechsel.objects.get(objekt_id=eine.pk).grund == "Falsche Spalte."


@pytest.mark.parametrize(
    ("name", "werte", "feld"),
    [
        ("aendern", FUEHRT | {"ab": "2013-06-30"}, "ab"),
        ("aendern", FUEHRT | {"ab": ""}, "ab"),
        ("aendern", BESTEHT | {"ab": "2020-01-01"}, "__all__"),
        ("beenden", {"letzter_tag": "2013-06-29"}, "letzter_tag"),
        ("beenden", {"letzter_tag": "9999-12-31"}, "letzter_tag"),
        ("beenden", {"letzter_tag": "x\x00"}, "letzter_tag"),
        ("berichtigen", BESTEHT | {"gilt_ab": "", "letzter_tag": ""}, "gilt_ab"),
        ("berichtigen", BESTEHT | {"gilt_ab": "2020-01-01", "letzter_tag": "2019-01-01"}, "letzter_tag"),
        ("berichtigen", BESTEHT | {"gilt_ab": "2020-01-01", "herkunft": "erhebung"}, "erhebung"),
        ("entfernen", {"grund": "x" * 1001}, "grund"),
    ],
)
def test_each_step_names_what_is_wrong(
    gs: Client, eine: Beteiligung, name: str, werte: dict[str, str], feld: str
) -> None:
    assert feld in fehler(gs.post(schritt(eine, name), werte | {"gelesen": fassung(eine)}))
    assert spannen() == [("beteiligt", date(2013, 6, 30), None)]


@pytest.mark.parametrize(
    ("name", "werte"),
    [
        ("aendern", FUEHRT | {"ab": "2020-01-01"}),
        ("beenden", {"letzter_tag": "2020-01-01"}),
        ("berichtigen", FUEHRT | {"gilt_ab": "2012-01-01", "letzter_tag": ""}),
        ("entfernen", {"grund": "Irrtum"}),
    ],
)
def test_who_read_an_older_edition_sees_the_new_one_and_may_go_on(
    gs: Client, eine: Beteiligung, name: str, werte: dict[str, str]
) -> None:
    gelesen = fassung(eine)
    Beteiligung.objects.update(rolle="leistungsempfaenger")

    antwort = gs.post(schritt(eine, name), werte | {"gelesen": gelesen})
    assert "Jemand anderes hat diese Beteiligung inzwischen geändert." in fehler(antwort)["__all__"][0]
    assert "besteht, Leistungsempfänger, ab 30.06.2013" in text(antwort)
    assert spannen() == [("leistungsempfaenger", date(2013, 6, 30), None)]
    form = antwort.context["form"]
    danach = gs.post(schritt(eine, name), {name: form[name].value() or "" for name in form.fields})
    assert danach.status_code == HTTPStatus.FOUND
    assert spannen() != [("leistungsempfaenger", date(2013, 6, 30), None)]
