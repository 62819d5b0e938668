"""Every page on the real data, for the public, a Kontakt and the Geschäftsstelle: it answers, cheaply, no leaks."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bestandsaufnahme.models import ExternerPartner, Interessenbekundung, Kooperation
from kommunen.models import Kommune, Konto
from projekte.models import Projekt
from wissen.models import Beitrag

HOECHSTENS = 15  # queries of any page, whatever the number of rows
LISTEN = (
    "/kommunen/",
    "/bestandsaufnahme/",
    "/interessen/",
    "/interessen/konstellationen/",
    "/projekte/",
    "/wissen/",
    "/bestandsaufnahme/kooperationen/",
    "/bestandsaufnahme/partner/",
)
FEST = ("/", *LISTEN, "/hilfe/", "/berichte/", "/postfach/", "/projekte/neu/", "/interessen/neu/", "/konto/anmelden/")


def adressen() -> Iterator[str]:
    yield from FEST
    yield from (f"{liste}?format={art}" for liste in LISTEN for art in ("csv", "xlsx"))
    yield from (f"/kommunen/{ags}/" for ags in Kommune.objects.values_list("ags", flat=True))
    for slug in Projekt.objects.values_list("slug", flat=True):
        yield from (f"/projekte/{slug}/{teil}" for teil in ("", "auftrag/", "ablaufplan/", "bearbeiten/"))
    for modell in (Kooperation, ExternerPartner, Interessenbekundung, Beitrag):
        yield from (objekt.get_absolute_url() for objekt in modell.objects.all())


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["", "kontakt.nauheim@ikz.example", "geschaeftsstelle@ikz.example"])
def test_every_page_answers_with_few_queries_and_without_leaks(settings, email: str) -> None:
    settings.IKZ_DEMO = True
    call_command("grunddaten", verbosity=0)
    client = Client(raise_request_exception=False)
    if email:
        client.force_login(Konto.objects.get(email=email))
    beispiele = list(Projekt.objects.filter(beispiel=True).values_list("name", flat=True))

    maengel = []
    for adresse in adressen():
        with CaptureQueriesContext(connection) as abfragen:
            antwort = client.get(adresse)
        inhalt = antwort.getvalue().decode(errors="ignore")
        verraten = not email and any(name in inhalt for name in beispiele)
        if antwort.status_code >= 500 or len(abfragen) > HOECHSTENS or verraten:
            maengel.append((adresse, antwort.status_code, len(abfragen), verraten))
    assert maengel == []
