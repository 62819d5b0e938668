"""`manage.py konto_einladen`: the first account on an empty system begins with a link."""

from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client

from ikz_portal.basis import geheim
from ikz_portal.basis.models import Aenderung, Postausgang
from kommunen.auswahl import Rolle
from kommunen.models import Einladung, Konto
from tests.fabriken.kommunen import KommuneFactory, KontoFactory

pytestmark = pytest.mark.django_db


def einladen(*worte: str) -> list[str]:
    ausgabe = StringIO()
    call_command("konto_einladen", *worte, stdout=ausgabe)
    return ausgabe.getvalue().splitlines()


@time_machine.travel("2026-03-02 12:00+01:00", tick=False)
def test_konto_einladen_prints_the_link_and_queues_it() -> None:
    satz, link = einladen("Erste.Person@Example.org", "--rolle", "geschaeftsstelle", "--name", "Erste Person")

    einladung = Einladung.objects.get()
    post = Postausgang.objects.get()
    assert satz == (
        "erste.person@example.org ist eingeladen (Geschäftsstelle). Der Link gilt ein Mal, bis zum 16. März 2026; "
        "eine E-Mail damit ist vorgemerkt:"
    )
    assert (einladung.email, einladung.name, einladung.rolle, einladung.durch) == (
        "erste.person@example.org",
        "Erste Person",
        Rolle.GESCHAEFTSSTELLE,
        None,
    )
    assert (post.an, geheim.entschluesseln(post.geheimnis)) == ("erste.person@example.org", link)
    assert not Konto.objects.exists()


def test_konto_einladen_with_its_kommune_and_funktion() -> None:
    kommune = KommuneFactory()

    einladen("a@example.org", "--rolle", "buergermeister", "--kommune", kommune.ags, "--funktion", "Landrätin")

    einladung = Einladung.objects.get()
    assert (einladung.kommune, einladung.name, einladung.funktion) == (kommune, "a@example.org", "Landrätin")


def test_konto_einladen_link_opens_and_asks_for_the_name(client: Client) -> None:
    _, link = einladen("a@example.org", "--rolle", "lesen")

    antwort = client.get(link.removeprefix("http://localhost:8000"))

    assert antwort.status_code == 200
    assert antwort.context["form"].initial["name"] == ""


def test_konto_einladen_again_makes_a_new_link_and_ends_the_first(client: Client) -> None:
    _, erster = einladen("a@example.org", "--rolle", "lesen")

    _, zweiter = einladen("a@example.org", "--rolle", "lesen")

    pfade = [link.removeprefix("http://localhost:8000") for link in (erster, zweiter)]
    assert [client.get(pfad).status_code for pfad in pfade] == [404, 200]
    assert Einladung.objects.offene().count() == 1


def test_konto_einladen_is_on_record_with_its_name() -> None:
    einladen("a@example.org", "--rolle", "lesen")

    aenderung = Aenderung.objects.get(tabelle="kommunen_einladung")
    assert (aenderung.quelle, aenderung.konto) == ("manage.py konto_einladen", None)


@pytest.mark.parametrize(
    ("worte", "satz"),
    [
        (["keine-adresse", "--rolle", "lesen"], "Bitte gültige E-Mail-Adresse eingeben"),
        (["a@example.org"], "--rolle fehlt: geschaeftsstelle, buergermeister, kontakt, lesen."),
        (["a@example.org", "--rolle", "chef"], "Die Rolle „chef“ gibt es nicht: geschaeftsstelle"),
        (["a@example.org", "--rolle", "kontakt"], "Diese Rolle gehört immer zu einer Kommune."),
        (["a@example.org", "--rolle", "kontakt", "--kommune", "1"], "Eine Kommune mit dem AGS „1“ gibt es nicht."),
        (
            ["a@example.org", "--rolle", "lesen", "--name", "x" * 121],
            "Bitte sicherstellen, dass der Wert aus höchstens 120",
        ),
    ],
)
def test_konto_einladen_refuses_in_one_german_line(worte: list[str], satz: str) -> None:
    with pytest.raises(CommandError) as fehler:
        einladen(*worte)

    assert str(fehler.value).startswith(satz)
    assert "\n" not in str(fehler.value)
    assert not Einladung.objects.exists()
    assert not Postausgang.objects.exists()


def test_konto_einladen_refuses_an_address_that_has_an_account() -> None:
    KontoFactory(email="a@example.org", lesend=True)

    with pytest.raises(CommandError, match=r"^Für diese Adresse gibt es schon ein Konto\.$"):
        einladen("A@example.org", "--rolle", "lesen")


def test_konto_einladen_refuses_a_second_head() -> None:
    spitze = KontoFactory(buergermeister=True, name="Erste Spitze")

    with pytest.raises(CommandError, match=r"hat schon ein aktives Konto der Verwaltungsspitze \(Erste Spitze\)"):
        einladen("a@example.org", "--rolle", "buergermeister", "--kommune", spitze.kommune.ags)
