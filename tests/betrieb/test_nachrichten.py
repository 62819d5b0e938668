"""`/betrieb/nachrichten/`: the state of every mail, for the Geschäftsstelle alone, and never the personal link."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from ikz_portal.basis import post
from ikz_portal.basis.auswahl import LaufStatus, PostStatus
from ikz_portal.basis.models import Lauf, Postausgang
from kommunen.models import Konto
from tests.fabriken.kommunen import KontoFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]
LISTE = "/betrieb/nachrichten/"
LINK = "https://ikz.example/konto/einladung/geheim-17/"


def nachricht(an: str = "kontakt@ikz.example", betreff: str = "Einladung", *, gescheitert: str = "") -> Postausgang:
    geschrieben = post.einreihen(an=an, betreff=betreff, text=f"Öffnen Sie {post.PERSOENLICHER_LINK}", link=LINK)
    if gescheitert:
        Postausgang.objects.filter(pk=geschrieben.pk).update(status=PostStatus.FEHLGESCHLAGEN)
        Lauf.objects.filter(pk=geschrieben.lauf_id).update(
            status=LaufStatus.FEHLGESCHLAGEN, fehler=gescheitert, versuche=5, beendet_am=datetime.now(UTC)
        )
    return geschrieben


def text(antwort) -> str:
    return antwort.content.decode()


def test_list_tells_state_attempts_reason_and_next_try(angemeldet, geschaeftsstelle: Konto) -> None:
    nachricht(betreff="Kam nicht an", gescheitert="Der Mailserver nimmt für diese Adresse nichts an.")
    spaeter = nachricht(betreff="Wartet")
    Lauf.objects.filter(pk=spaeter.lauf_id).update(
        fruehestens=datetime(2030, 1, 2, 11, 30, tzinfo=UTC), versuche=2, fehler="Der Mailserver ist nicht erreichbar."
    )

    antwort = angemeldet(geschaeftsstelle).get(LISTE)

    zeilen = [(z.betreff, z.status, z.versuche, z.naechster, z.fehler) for z in antwort.context["zeilen"]]
    assert zeilen == [
        ("Wartet", "wartet", 2, "02.01.2030, 12:30 Uhr", "Der Mailserver ist nicht erreichbar."),
        ("Kam nicht an", "fehlgeschlagen", 5, "", "Der Mailserver nimmt für diese Adresse nichts an."),
    ]
    assert text(antwort).count("Erneut senden") == 1


@pytest.mark.parametrize(
    ("frage", "betreffe"),
    [
        ("", ["Passwort", "Einladung"]),
        ("status=fehlgeschlagen", ["Passwort"]),
        ("status=gesendet", []),
        ("an=KONTAKT@", ["Einladung"]),
        ("q=passw", ["Passwort"]),
        ("q=Öffnen", ["Passwort", "Einladung"]),
        ("von=2026-01-15", ["Passwort"]),
        ("bis=2026-01-14", ["Einladung"]),
        ("von=2026-01-14&bis=2026-01-15", ["Passwort", "Einladung"]),
    ],
)
def test_list_filters(angemeldet, geschaeftsstelle: Konto, frage: str, betreffe: list[str]) -> None:
    with time_machine.travel(datetime(2026, 1, 14, 12, tzinfo=UTC), tick=False) as uhr:
        nachricht()
        uhr.shift(timedelta(days=1))
        nachricht(an="andere@ikz.example", betreff="Passwort", gescheitert="Ging nicht.")

        antwort = angemeldet(geschaeftsstelle).get(f"{LISTE}?{frage}")

    assert [zeile.betreff for zeile in antwort.context["zeilen"]] == betreffe
    assert antwort.context["treffer"] == f"{len(betreffe)} von 2 Nachrichten"


@pytest.mark.parametrize(
    "frage", ["status=x", "von=gestern", "q=%00", f"an={'a' * 300}", "format=pdf", "von=99999-01-01"]
)
def test_list_answers_bad_input_with_400(angemeldet, geschaeftsstelle: Konto, frage: str) -> None:
    assert angemeldet(geschaeftsstelle).get(f"{LISTE}?{frage}").status_code == 400


@pytest.mark.parametrize("frage", ["von=0001-01-01", "bis=9999-12-31"])
def test_list_takes_the_utmost_days(angemeldet, geschaeftsstelle: Konto, frage: str) -> None:
    nachricht()
    assert len(angemeldet(geschaeftsstelle).get(f"{LISTE}?{frage}").context["zeilen"]) == 1


def test_link_is_shown_nowhere(angemeldet, geschaeftsstelle: Konto) -> None:
    eine = nachricht()
    client = angemeldet(geschaeftsstelle)

    seite = text(client.get(f"{LISTE}{eine.pk}/"))
    assert "Öffnen Sie [persönlicher Link]" in seite
    assert "Den persönlichen Link sieht nur, wer die Nachricht erhält." in seite
    for adresse in (LISTE, f"{LISTE}{eine.pk}/", f"{LISTE}?format=csv"):
        assert "geheim-17" not in text(client.get(adresse))


def test_export_holds_what_is_filtered(angemeldet, geschaeftsstelle: Konto) -> None:
    nachricht()
    nachricht(betreff="Passwort", gescheitert="Ging nicht.")

    antwort = angemeldet(geschaeftsstelle).get(f"{LISTE}?status=fehlgeschlagen&format=csv")

    (zeile,) = antwort.content.decode("utf-8-sig").splitlines()[1:]
    assert zeile.endswith(";kontakt@ikz.example;Passwort;fehlgeschlagen;;5;Ging nicht.")


@pytest.mark.parametrize("wer", ["kontakt", "buergermeister", "lesend"])
def test_others_get_403(request: pytest.FixtureRequest, angemeldet, wer: str) -> None:
    eine = nachricht(gescheitert="Ging nicht.")
    client = angemeldet(request.getfixturevalue(wer))

    assert client.get(LISTE).status_code == 403
    assert client.get(f"{LISTE}{eine.pk}/").status_code == 403
    assert client.post(f"{LISTE}{eine.pk}/senden/").status_code == 403
    assert Postausgang.objects.get().status == PostStatus.FEHLGESCHLAGEN


def test_signed_out_is_led_to_the_sign_in(client) -> None:
    assert client.get(LISTE).headers["Location"] == f"/konto/anmelden/?next={LISTE}"


def test_send_again_puts_it_back_in_the_queue(angemeldet, geschaeftsstelle: Konto) -> None:
    eine = nachricht(gescheitert="Ging nicht.")

    antwort = angemeldet(geschaeftsstelle).post(f"{LISTE}{eine.pk}/senden/", follow=True)

    eine = Postausgang.objects.select_related("lauf").get()
    assert (eine.status, eine.lauf.status, eine.lauf.versuche) == (PostStatus.WARTET, LaufStatus.WARTET, 0)
    assert antwort.redirect_chain == [(f"{LISTE}{eine.pk}/", 302)]
    assert "Die Nachricht an kontakt@ikz.example wird erneut gesendet." in text(antwort)


def test_send_again_of_one_that_has_not_failed_is_refused(angemeldet, geschaeftsstelle: Konto) -> None:
    eine = nachricht()

    antwort = angemeldet(geschaeftsstelle).post(f"{LISTE}{eine.pk}/senden/", follow=True)

    assert "Nur eine fehlgeschlagene Nachricht lässt sich erneut senden." in text(antwort)


def test_send_again_needs_a_post(angemeldet, geschaeftsstelle: Konto) -> None:
    eine = nachricht(gescheitert="Ging nicht.")

    assert angemeldet(geschaeftsstelle).get(f"{LISTE}{eine.pk}/senden/").status_code == 405
    assert angemeldet(geschaeftsstelle).post(f"{LISTE}{eine.pk + 1}/senden/").status_code == 404


def test_list_says_that_there_is_no_mail_server(angemeldet, geschaeftsstelle: Konto, settings) -> None:
    client = angemeldet(geschaeftsstelle)

    assert "Es ist kein Mailserver eingerichtet" in text(client.get(LISTE))
    settings.EMAIL_URL_GESETZT = True
    assert "Es ist kein Mailserver eingerichtet" not in text(client.get(LISTE))


@pytest.mark.parametrize("anzahl", [1, 3])
def test_list_needs_the_same_queries_for_any_number(
    angemeldet, geschaeftsstelle: Konto, django_assert_num_queries, anzahl: int
) -> None:
    for _ in range(anzahl):
        nachricht(gescheitert="Ging nicht.")
    client = angemeldet(geschaeftsstelle)

    with django_assert_num_queries(7):
        client.get(LISTE)


def test_account_menu_leads_the_geschaeftsstelle_there(angemeldet, geschaeftsstelle: Konto) -> None:
    assert f'href="{LISTE}"' in text(angemeldet(geschaeftsstelle).get("/hilfe/"))
    assert f'href="{LISTE}"' not in text(angemeldet(KontoFactory()).get("/hilfe/"))
