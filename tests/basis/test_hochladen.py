"""Requests that bring too much along are turned away in German, before anything is read."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from pytest_django import Settings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

ANMELDEN = "/konto/anmelden/"


def text(antwort) -> str:
    return " ".join(antwort.content.decode().split())


def test_request_with_files_beyond_the_limit_is_not_read(client: Client, settings: Settings) -> None:
    settings.ANFRAGE_HOECHSTENS = 5000
    datei = SimpleUploadedFile("a.pdf", b"x" * 5000)

    antwort = client.post(ANMELDEN, {"login": "a@ikz.example", "password": "x", "datei": datei})

    assert antwort.status_code == 400
    assert "Eine Datei darf 50 MB groß sein." in text(antwort)


def test_request_with_files_within_the_limit_is_read(client: Client, settings: Settings) -> None:
    settings.ANFRAGE_HOECHSTENS = 9000
    datei = SimpleUploadedFile("a.pdf", b"x" * 5000)

    antwort = client.post(ANMELDEN, {"login": "a@ikz.example", "password": "x", "datei": datei})

    assert antwort.status_code == 200
    assert antwort.wsgi_request.FILES["datei"].size == 5000


@pytest.mark.parametrize(
    "felder",
    [
        {"login": "a@ikz.example", "password": "x" * (3 << 20)},
        {f"feld{nummer}": "" for nummer in range(2001)},
    ],
    ids=["three megabytes", "2001 fields"],
)
def test_form_beyond_the_limit_is_turned_away(client: Client, felder: dict[str, str]) -> None:
    antwort = client.post(ANMELDEN, felder)

    assert antwort.status_code == 400
    assert "<h1>Die Anfrage ist nicht lesbar</h1>" in text(antwort)


def test_form_with_too_many_files_is_turned_away(client: Client) -> None:
    dateien = {f"datei{nummer}": SimpleUploadedFile("a.txt", b"x") for nummer in range(21)}

    antwort = client.post(ANMELDEN, dateien)

    assert antwort.status_code == 400


def test_form_that_names_no_boundary_is_turned_away(client: Client) -> None:
    assert client.generic("POST", ANMELDEN, b"x", content_type="multipart/form-data").status_code == 400


def test_form_that_breaks_off_is_asked_for_again(client: Client) -> None:
    halb = encode_multipart(BOUNDARY, {"login": "a@ikz.example"})[:30]

    antwort = client.generic("POST", ANMELDEN, halb, content_type=MULTIPART_CONTENT)

    assert antwort.status_code == 200
    assert antwort.context["form"].errors.keys() == {"login", "password"}
