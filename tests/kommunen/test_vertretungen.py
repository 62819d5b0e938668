"""The pages on which somebody settles, sees and ends who stands in for whom."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from ikz_portal.basis.models import Postausgang
from kommunen.ablaeufe import vertretung as ablauf
from kommunen.models import Kommune, Konto, Vertretung
from kommunen.rechte import (
    spitze_von,
)
from tests.fabriken.kommunen import GremiumFactory, KommuneFactory, KontoFactory, SitzFactory, VertretungFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

VON, LETZTER = date(2026, 3, 2), date(2026, 3, 13)

Anmelden = Callable[[Konto], Client]


def frisch(konto: Konto) -> Konto:
    """Read it as a request would: what it may act as is asked once."""
    return Konto.objects.get(pk=konto.pk)


def am(tag: str) -> time_machine.travel:
    return time_machine.travel(f"{tag} 00:30+01:00", tick=False)


def meldungen(antwort: Any) -> list[str]:
    return [str(meldung) for meldung in antwort.context["messages"]]


# --- the form ---------------------------------------------------------------------------------------------------------
def angaben(konto: Konto, **andere: Any) -> dict[str, Any]:
    return {"vertreter": konto.pk, "von": "2026-03-02", "letzter_tag": "2026-03-13", **andere}


@am("2026-03-02")
def test_neu_by_the_head_for_the_own_office(angemeldet: Anmelden, buergermeister: Konto, kontakt: Konto) -> None:
    client = angemeldet(buergermeister)

    antwort = client.post("/vertretungen/neu/", angaben(kontakt, amt=f"spitze-{buergermeister.pk}"), follow=True)

    vertretung = Vertretung.objects.get()
    assert antwort.redirect_chain == [("/vertretungen/", 302)]
    assert (vertretung.vertretener, vertretung.vertreter, vertretung.sitz, vertretung.durch) == (
        buergermeister,
        kontakt,
        None,
        buergermeister,
    )
    assert (vertretung.von, vertretung.bis) == (VON, LETZTER + timedelta(days=1))
    assert spitze_von(frisch(kontakt)) == {buergermeister.kommune_id}


@am("2026-03-02")
def test_neu_by_whoever_holds_a_seat(angemeldet: Anmelden, kontakt: Konto) -> None:
    sitz = SitzFactory(konto=kontakt, kommune=kontakt.kommune)
    kollege = KontoFactory(kommune=kontakt.kommune)
    client = angemeldet(kontakt)

    client.post("/vertretungen/neu/", angaben(kollege, amt=f"sitz-{sitz.pk}", letzter_tag=""))

    vertretung = Vertretung.objects.get()
    assert (vertretung.sitz, vertretung.vertreter, vertretung.bis) == (sitz, kollege, None)


@am("2026-03-02")
def test_neu_by_the_geschaeftsstelle_for_all_and_both_are_told(
    angemeldet: Anmelden, geschaeftsstelle: Konto, buergermeister: Konto, fremder_kontakt: Konto
) -> None:
    daten = angaben(fremder_kontakt, amt=f"spitze-{buergermeister.pk}")

    angemeldet(geschaeftsstelle).post("/vertretungen/neu/", daten)

    betreffe = {post.an: post.betreff for post in Postausgang.objects.all()}
    assert betreffe == {
        fremder_kontakt.email: "Sie vertreten Verwaltungsspitze",
        buergermeister.email: "Fremder Kontakt vertritt Sie",
    }


def test_neu_without_any_office_says_so(angemeldet: Anmelden, geschaeftsstelle: Konto) -> None:
    form = angemeldet(geschaeftsstelle).get("/vertretungen/neu/").context["form"]

    assert form.fields["amt"].choices == [("", "Noch hat niemand ein Amt, das sich vertreten lässt")]


@am("2026-03-02")
def test_neu_offers_the_own_offices_alone(angemeldet: Anmelden, buergermeister: Konto, kontakt: Konto) -> None:
    eigener = SitzFactory(konto=buergermeister, kommune=buergermeister.kommune, gremium__name="Lenkung")
    SitzFactory(konto=buergermeister, kommune=buergermeister.kommune, bis=date(2026, 3, 2))
    SitzFactory(konto=kontakt, kommune=kontakt.kommune)
    KontoFactory(buergermeister=True)

    form = angemeldet(buergermeister).get("/vertretungen/neu/").context["form"]

    assert form.fields["amt"].choices == [
        ("", "Bitte wählen"),
        ("Verwaltungsspitze", [(f"spitze-{buergermeister.pk}", "Verwaltungsspitze: Verwaltungsspitze (Musterstadt)")]),
        ("Lenkung", [(f"sitz-{eigener.pk}", "Verwaltungsspitze: Lenkung (Musterstadt)")]),
    ]
    assert list(form.fields["vertreter"].queryset) == [kontakt]


@pytest.mark.parametrize("wer", ["kontakt", "lesend"])
@pytest.mark.parametrize("methode", ["get", "post"])
def test_neu_without_an_office_is_refused(
    angemeldet: Anmelden, request: pytest.FixtureRequest, wer: str, methode: str
) -> None:
    antwort = getattr(angemeldet(request.getfixturevalue(wer)), methode)("/vertretungen/neu/")

    assert antwort.status_code == 403


@am("2026-03-02")
def test_neu_cannot_be_smuggled_into_a_foreign_office(
    angemeldet: Anmelden, buergermeister: Konto, kontakt: Konto, fremder_kontakt: Konto
) -> None:
    fremde = KontoFactory(buergermeister=True)
    sitz = SitzFactory(konto=fremde, kommune=fremde.kommune)
    client = angemeldet(buergermeister)

    for amt in (f"spitze-{fremde.pk}", f"sitz-{sitz.pk}", f"spitze-{kontakt.pk}", "sitz-0", "\x00"):
        assert list(client.post("/vertretungen/neu/", angaben(kontakt, amt=amt)).context["form"].errors) == ["amt"]
    daten = angaben(fremder_kontakt, amt=f"spitze-{buergermeister.pk}")
    assert list(client.post("/vertretungen/neu/", daten).context["form"].errors) == ["vertreter"]
    assert not Vertretung.objects.exists()


@pytest.mark.parametrize(
    ("neu", "feld", "satz"),
    [
        ({"von": "2026-03-01"}, "von", "Der erste Tag liegt in der Vergangenheit. Eine Vertretung beginnt ab heute."),
        ({"letzter_tag": "2026-03-01"}, "letzter_tag", "Der letzte Tag liegt vor dem ersten."),
        ({"letzter_tag": "9999-12-31"}, "letzter_tag", "Bitte bleiben Sie bei höchstens 10 Jahren im Voraus."),
        ({"von": "9999-12-31", "letzter_tag": ""}, "von", "Bitte bleiben Sie bei höchstens 10 Jahren im Voraus."),
        ({"von": "2026-02-30"}, "von", "Bitte geben Sie ein gültiges Datum an, zum Beispiel 19.05.2026."),
        ({"vertreter": ""}, "vertreter", "Bitte füllen Sie dieses Feld aus."),
        ({"vertreter": "\x00"}, "vertreter", "Nullzeichen sind nicht erlaubt."),
        ({"vertreter": "selbst"}, "vertreter", "Niemand vertritt sich selbst. Bitte wählen Sie eine andere Person."),
        (
            {"vertreter": "deaktiviert"},
            "vertreter",
            "Diese Person steht nicht zur Wahl. Bitte wählen Sie sie neu aus.",
        ),
        (
            {"von": "2026-03-20", "letzter_tag": "2026-03-22"},
            "von",
            "In dieser Zeit ist die Vertretung schon geregelt.",
        ),
    ],
)
@am("2026-03-02")
def test_neu_tells_at_the_field_what_is_wrong(
    angemeldet: Anmelden, geschaeftsstelle: Konto, neu: dict[str, str], feld: str, satz: str
) -> None:
    spitze, kollege = KontoFactory(buergermeister=True), KontoFactory()
    VertretungFactory(vertretener=spitze, von=date(2026, 3, 20), bis=date(2026, 3, 21))
    personen = {"selbst": spitze.pk, "deaktiviert": KontoFactory(is_active=False).pk}
    neu = {name: personen.get(wert, wert) for name, wert in neu.items()}

    antwort = angemeldet(geschaeftsstelle).post(
        "/vertretungen/neu/", angaben(kollege, **{"amt": f"spitze-{spitze.pk}", **neu})
    )

    assert (antwort.status_code, antwort.context["form"].errors) == (200, {feld: [satz]})
    assert Vertretung.objects.count() == 1


def test_einrichten_refuses_who_was_deactivated_in_the_same_moment(
    geschaeftsstelle: Konto, buergermeister: Konto, kontakt: Konto
) -> None:
    def einrichten(**andere: Any) -> None:
        vorgabe = {"vertretener": buergermeister, "vertreter": kontakt, "sitz": None, "von": VON, "letzter_tag": None}
        ablauf.einrichten(**{**vorgabe, **andere}, durch=geschaeftsstelle, heute=VON)

    with pytest.raises(ValidationError, match="Dieses Konto ist deaktiviert"):
        einrichten(vertreter=KontoFactory(is_active=False))
    with pytest.raises(ValidationError, match=r"Das Konto von .* ist deaktiviert"):
        einrichten(vertretener=KontoFactory(buergermeister=True, is_active=False))
    with pytest.raises(ValidationError, match="Wählen Sie den Sitz"):
        einrichten(vertretener=kontakt, vertreter=buergermeister)
    with pytest.raises(ValidationError, match="Dieser Sitz gehört nicht"):
        einrichten(sitz=SitzFactory(konto=kontakt))


@pytest.mark.django_db(transaction=True)
def test_two_who_settle_the_same_time_at_once_leave_one() -> None:
    spitze = KontoFactory(buergermeister=True)
    start, abgelehnt = Barrier(2), []

    def einrichten(vertreter: Konto) -> None:
        start.wait(10)
        try:
            ablauf.einrichten(
                vertretener=spitze, vertreter=vertreter, sitz=None, von=VON, letzter_tag=None, durch=spitze, heute=VON
            )
        except ValidationError as fehler:
            abgelehnt.append(fehler.message_dict)
        finally:
            connection.close()

    faeden = [Thread(target=einrichten, args=(KontoFactory(),)) for _ in range(2)]
    for faden in faeden:
        faden.start()
    for faden in faeden:
        faden.join(30)

    assert abgelehnt == [{"von": ["In dieser Zeit ist die Vertretung schon geregelt."]}]
    assert Vertretung.objects.count() == 1


# --- the list ---------------------------------------------------------------------------------------------------------
def gezeigt(client: Client, frage: str = "") -> list[tuple[str, str, bool]]:
    zeilen = client.get(f"/vertretungen/{frage}").context["zeilen"]
    return [(zeile.vertretener, zeile.status.label, beendbar) for zeile, beendbar in zeilen]


@am("2026-03-02")
def test_liste_shows_what_runs_what_comes_what_is_past(angemeldet: Anmelden, geschaeftsstelle: Konto) -> None:
    VertretungFactory(vertretener__name="Vorbei", von=date(2026, 1, 1), bis=VON)
    VertretungFactory(vertretener__name="Kommt", von=date(2026, 3, 3))
    VertretungFactory(vertretener__name="Läuft", von=VON, bis=date(2026, 3, 3))
    VertretungFactory(
        vertretener__name="Ruht",
        von=date(2026, 1, 1),
        vertretener__is_active=False,
    )

    assert gezeigt(angemeldet(geschaeftsstelle)) == [
        ("Läuft", "läuft", True),
        ("Ruht", "ruht", True),
        ("Kommt", "kommt", True),
        ("Vorbei", "vorbei", False),
    ]
    assert gezeigt(angemeldet(geschaeftsstelle), "?status=kommt") == [("Kommt", "kommt", True)]


def test_liste_rests_while_the_deputy_is_deactivated(angemeldet: Anmelden, buergermeister: Konto) -> None:
    VertretungFactory(vertretener=buergermeister, vertreter=KontoFactory(is_active=False))

    assert gezeigt(angemeldet(buergermeister)) == [("Verwaltungsspitze", "ruht", True)]


def test_liste_shows_the_own_ones_and_the_head_those_of_the_kommune(
    angemeldet: Anmelden, buergermeister: Konto, kontakt: Konto, lesend: Konto
) -> None:
    kollege = KontoFactory(name="Kollege", kommune=kontakt.kommune)
    sitz = SitzFactory(konto=kollege, kommune=kontakt.kommune)
    VertretungFactory(vertretener=kollege, vertreter=kontakt, sitz=sitz)
    VertretungFactory(vertretener__name="Fremd")

    assert gezeigt(angemeldet(buergermeister)) == [("Kollege", "läuft", False)]
    assert gezeigt(angemeldet(kontakt)) == [("Kollege", "läuft", False)]
    assert gezeigt(angemeldet(kollege)) == [("Kollege", "läuft", True)]
    assert gezeigt(angemeldet(lesend)) == []


@am("2026-03-02")
def test_liste_exports_what_is_visible(angemeldet: Anmelden, buergermeister: Konto, kontakt: Konto) -> None:
    sitz = SitzFactory(konto=buergermeister, kommune=buergermeister.kommune, gremium=GremiumFactory(name="Lenkung"))
    VertretungFactory(vertretener=buergermeister, vertreter=kontakt, sitz=sitz, von=VON, bis=date(2026, 3, 14))
    VertretungFactory(vertretener__name="Fremd")

    antwort = angemeldet(buergermeister).get("/vertretungen/?format=csv")

    assert antwort.content.decode("utf-8-sig").splitlines()[1:] == [
        "Verwaltungsspitze;Lenkung, Sitz von Musterstadt;Kontakt;02.03.2026;13.03.2026;läuft"
    ]


@pytest.mark.parametrize("frage", ["?status=x", "?format=pdf", "?status=%00"])
def test_liste_answers_bad_input_with_400(angemeldet: Anmelden, geschaeftsstelle: Konto, frage: str) -> None:
    assert angemeldet(geschaeftsstelle).get(f"/vertretungen/{frage}").status_code == 400


@pytest.mark.parametrize("anzahl", [1, 3])
def test_liste_takes_the_same_queries_for_any_number(
    angemeldet: Anmelden, geschaeftsstelle: Konto, django_assert_num_queries: Any, anzahl: int
) -> None:
    for _ in range(anzahl):
        spitze = KontoFactory(buergermeister=True)
        VertretungFactory(vertretener=spitze)
        VertretungFactory(vertretener=spitze, sitz=SitzFactory(konto=spitze, kommune=spitze.kommune))
    client = angemeldet(geschaeftsstelle)

    with django_assert_num_queries(6):
        client.get("/vertretungen/")


@pytest.mark.parametrize("anzahl", [1, 3])
def test_neu_takes_the_same_queries_for_any_number(
    angemeldet: Anmelden, geschaeftsstelle: Konto, django_assert_num_queries: Any, anzahl: int
) -> None:
    for _ in range(anzahl):
        spitze = KontoFactory(buergermeister=True)
        SitzFactory(konto=spitze, kommune=spitze.kommune)
    client = angemeldet(geschaeftsstelle)

    with django_assert_num_queries(6):
        client.get("/vertretungen/neu/")


# --- the end ----------------------------------------------------------------------------------------------------------
@am("2026-03-05")
def test_beenden_takes_the_rights_at_once_and_tells_the_deputy(
    angemeldet: Anmelden, buergermeister: Konto, kontakt: Konto
) -> None:
    vertretung = VertretungFactory(vertretener=buergermeister, vertreter=kontakt, von=VON)

    antwort = angemeldet(buergermeister).post(f"/vertretungen/{vertretung.pk}/beenden/", follow=True)

    vertretung.refresh_from_db()
    assert meldungen(antwort) == ["Die Vertretung von Verwaltungsspitze ist beendet."]
    assert vertretung.bis == date(2026, 3, 5)
    assert spitze_von(frisch(kontakt)) == frozenset()
    assert [(post.an, post.betreff) for post in Postausgang.objects.all()] == [
        (kontakt.email, "Eine Vertretung ist beendet")
    ]


@pytest.mark.parametrize("von", ["2026-03-05", "2026-03-06"])
@am("2026-03-05")
def test_beenden_what_has_not_begun_takes_it_back(
    angemeldet: Anmelden, geschaeftsstelle: Konto, buergermeister: Konto, von: str
) -> None:
    vertretung = VertretungFactory(vertretener=buergermeister, von=von)

    angemeldet(geschaeftsstelle).post(f"/vertretungen/{vertretung.pk}/beenden/")

    assert not Vertretung.objects.exists()


def test_beenden_what_is_over_is_told(angemeldet: Anmelden, geschaeftsstelle: Konto) -> None:
    vertretung = VertretungFactory(bis=timezone.localdate())

    antwort = angemeldet(geschaeftsstelle).post(f"/vertretungen/{vertretung.pk}/beenden/", follow=True)

    assert meldungen(antwort) == ["Diese Vertretung ist schon zu Ende."]


@pytest.mark.parametrize(
    ("wer", "status"),
    [("vertreter", 403), ("spitze", 403), ("fremder_kontakt", 404), ("lesend", 404)],
)
def test_beenden_is_for_the_one_who_is_represented(
    angemeldet: Anmelden, request: pytest.FixtureRequest, kommune: Kommune, wer: str, status: int
) -> None:
    inhaber, vertreter = KontoFactory(kommune=kommune), KontoFactory(kommune=KommuneFactory())
    sitz = SitzFactory(konto=inhaber, kommune=kommune)
    vertretung = VertretungFactory(vertretener=inhaber, vertreter=vertreter, sitz=sitz)
    personen = {"vertreter": vertreter, "spitze": KontoFactory(kommune=kommune, buergermeister=True)}
    konto = personen.get(wer) or request.getfixturevalue(wer)

    antwort = angemeldet(konto).post(f"/vertretungen/{vertretung.pk}/beenden/")

    assert antwort.status_code == status
    assert Vertretung.objects.get().bis is None


def test_beenden_takes_post_alone(angemeldet: Anmelden, geschaeftsstelle: Konto) -> None:
    vertretung = VertretungFactory()

    assert angemeldet(geschaeftsstelle).get(f"/vertretungen/{vertretung.pk}/beenden/").status_code == 405


@pytest.mark.parametrize("pfad", ["/vertretungen/", "/vertretungen/neu/"])
def test_signed_out_is_led_to_sign_in(client: Client, pfad: str) -> None:
    assert client.get(pfad).headers["Location"] == f"/konto/anmelden/?next={pfad}"
