"""The pages on the real facts: the figures that the sources print, computed out of the rows."""

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def grunddaten(db):
    call_command("grunddaten", verbosity=0)


def test_pages_show_the_facts(client):
    matrix = client.get("/bestandsaufnahme/")
    assert matrix.context["treffer"] == "44 Markierungen, 8 Kooperationen"
    assert len(matrix.context["kommunen"]) == 15
    bestehende, offene = (client.get(f"/bestandsaufnahme/?status={wert}") for wert in ("besteht", "unbekannt"))
    assert bestehende.context["treffer"] == "29 Markierungen, 7 Kooperationen"
    assert offene.context["treffer"] == "15 Markierungen, 1 Kooperation"

    liste = client.get("/kommunen/").context["liste"]
    assert (len(liste.staedte), liste.summe_einwohner, len(liste.kreis)) == (14, "276.307", 1)
    abgewichen = [zeile.name for zeile in liste.staedte if zeile.weicht_ab]
    assert abgewichen == ["Groß-Gerau", "Kelsterbach", "Rüsselsheim am Main"]

    interessen = client.get("/interessen/").context
    assert interessen["rangliste"].leer
    (historische,) = interessen["view"].runden
    gewaehlt = client.get(f"/interessen/?stand={historische.pk}").context
    for runde in (interessen["runde"], gewaehlt["rangliste"]):
        assert [rang.kommunen for rang in runde.raenge] == [12, 11, 8, 8, 8, 7, 7, 7, 7, 7, 6, 6, 4, None, None]
        assert [rang.text for rang in runde.raenge][-2:] == ["nicht aufgeführt", "nicht aufgeführt"]
        assert (runde.summe, runde.genannt, runde.ohne_angabe) == (98, 13, 2)
