"""The source's own matrix, anonymised: what its eight footnotes give away, and that nothing is left of it then."""

import io
import json
import re
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from python_calamine import CalamineWorkbook

from bestandsaufnahme.abfragen.veroeffentlichung import veroeffentlichung as abfragen
from bestandsaufnahme.abfragen.veroeffentlichung.ortsnamen import Ortsnamen
from bestandsaufnahme.ablaeufe import veroeffentlichung as ablauf
from bestandsaufnahme.auswahl import VeroeffentlichungArt
from bestandsaufnahme.models import Erhebung, Veroeffentlichung
from ikz_portal.basis.models import Aenderung
from kommunen.models import Kommune, Konto

pytestmark = pytest.mark.django_db
HEUTE = date(2026, 9, 1)

# Per footnote of the source: reason and the Kommunen that it would reveal.
BEFUNDE = {
    "Postverbund": [
        ("ANZAHL", {"Mörfelden-Walldorf", "Rüsselsheim am Main"}),
        ("NAME", {"Mörfelden-Walldorf", "Rüsselsheim am Main"}),
    ],
    "Rechtsamt": [("ANZAHL", {"Rüsselsheim am Main"}), ("NAME", {"Rüsselsheim am Main"})],
    "Beschaffungen": [
        ("ANZAHL", {"Kelsterbach", "Raunheim", "Rüsselsheim am Main"}),
        ("NAME", {"Kelsterbach", "Raunheim", "Rüsselsheim am Main"}),
    ],
    "amtliche Bekanntmachungen": [
        ("ANZAHL", {"Biebesheim am Rhein", "Stockstadt am Rhein"}),
        ("NAME", {"Biebesheim am Rhein", "Stockstadt am Rhein"}),
    ],
    "DV-Leistungen für Kommunen": [],
    "Softwareschulungen für Systemsoftware": [("NAME", {"Kreis Groß-Gerau"})],
    "Prüfung von EDV-Software": [("ANZAHL", {"Rüsselsheim am Main"}), ("NAME", {"Rüsselsheim am Main"})],
    "IT-Projekte": [],
}


@pytest.fixture(autouse=True)
def grunddaten(db: None) -> None:
    call_command("grunddaten", verbosity=0)


@pytest.fixture
def entwurf(geschaeftsstelle: Konto) -> Veroeffentlichung:
    runde = Erhebung.objects.get(stichtag=date(2013, 6, 30))
    art = VeroeffentlichungArt.ANONYM
    return ablauf.vorbereiten(erhebung=runde, art=art, oeffentlich_ab=HEUTE, durch=geschaeftsstelle, heute=HEUTE)


@pytest.fixture
def veroeffentlicht(entwurf: Veroeffentlichung, geschaeftsstelle: Konto) -> Veroeffentlichung:
    for zeile in abfragen.bestand(entwurf):
        ablauf.fussnote_bearbeiten(
            veroeffentlichung=entwurf,
            kooperation=zeile.kooperation,
            bezeichnung=f"{zeile.feld}, gemeinsam",
            erlaeuterung="Die Beteiligten haben dafür einen Vertrag.",
            durch=geschaeftsstelle,
        )
    return ablauf.freigeben(veroeffentlichung=entwurf, durch=geschaeftsstelle, heute=HEUTE)


def genannte(text: str) -> set[str]:
    """Return the Kommunen that this text names in any way, offices aside."""
    kommunen = list(Kommune.objects.all())
    nennungen = Ortsnamen(kommunen).nennungen(text)
    return {kommune.name for kommune in kommunen if kommune.pk in nennungen.namen | nennungen.adressen}


def test_postverbund_is_refused_with_the_names_that_it_would_reveal(entwurf, geschaeftsstelle):
    with pytest.raises(ValidationError) as fehler:
        ablauf.freigeben(veroeffentlichung=entwurf, durch=geschaeftsstelle, heute=HEUTE)
    assert fehler.value.messages[0] == (
        "„Postverbund“ (Fußnote 1): Die Fußnote nennt Mörfelden-Walldorf und Rüsselsheim am Main. Das sind so viele "
        "Kommunen, wie die Zeile Zeichen hat (2): Damit sind die Spalten in jeder Zeile verraten."
    )
    entwurf.refresh_from_db()
    assert (entwurf.status, entwurf.inhalt) == ("entwurf", None)


def test_guard_finds_in_the_eight_footnotes_what_gives_away(entwurf):
    namen = dict(Kommune.objects.values_list("pk", "name"))
    gefunden = {
        fussnote.zeile.feld: [
            (eine.befund.grund.name, {namen[pk] for pk in eine.befund.kommunen}) for eine in fussnote.befunde
        ]
        for fussnote in abfragen.werkstatt(entwurf).fussnoten
    }
    assert gefunden == BEFUNDE


def test_postverbund_alone_stands_against_it_when_the_others_are_mended(entwurf, geschaeftsstelle):
    for zeile in abfragen.bestand(entwurf)[1:]:
        ablauf.fussnote_bearbeiten(
            veroeffentlichung=entwurf,
            kooperation=zeile.kooperation,
            bezeichnung=zeile.feld,
            erlaeuterung="",
            durch=geschaeftsstelle,
        )
    with pytest.raises(ValidationError) as fehler:
        ablauf.freigeben(veroeffentlichung=entwurf, durch=geschaeftsstelle, heute=HEUTE)
    assert [satz.partition("“")[0] for satz in fehler.value.messages] == ["„Postverbund", "„Postverbund", ablauf.AUSWEG]


def test_nothing_published_names_a_kommune(veroeffentlicht, client: Client):
    ziel = veroeffentlicht.get_absolute_url()
    seite = re.search(r"<main.*</main>", client.get(ziel).content.decode(), re.DOTALL)
    assert seite is not None
    csv = client.get(f"{ziel}?format=csv").content.decode()
    xlsx = tabelle(client.get(f"{ziel}?format=xlsx").content)
    inhalt = json.dumps(Veroeffentlichung.objects.get(pk=veroeffentlicht.pk).inhalt, ensure_ascii=False)
    for text in (seite[0], csv, xlsx, inhalt):
        assert "Postverbund, gemeinsam" in text
        assert genannte(text) == set()
        assert not any(ags in text for ags in Kommune.objects.values_list("ags", flat=True))


def tabelle(datei: bytes) -> str:
    zeilen: list[list[Any]] = CalamineWorkbook.from_object(io.BytesIO(datei)).get_sheet_by_index(0).to_python()
    return "\n".join(" ".join(str(wert) for wert in zeile) for zeile in zeilen)


def test_published_matrix_has_the_marks_of_the_source_for_fifteen_letters(veroeffentlicht):
    inhalt = Veroeffentlichung.objects.get(pk=veroeffentlicht.pk).inhalt
    assert inhalt["kommunen"] == list("ABCDEFGHIJKLMNO")
    assert [len(fussnote["marken"]) for fussnote in inhalt["fussnoten"]] == [2, 1, 3, 2, 15, 5, 1, 15]


def test_record_ties_no_letter_to_a_kommune(veroeffentlicht):
    for eintrag in Aenderung.objects.filter(tabelle="bestandsaufnahme_veroeffentlichung", objekt=veroeffentlicht.pk):
        assert "inhalt" not in {**eintrag.stand, **(eintrag.vorher or {})}
