from datetime import date

import pytest

from bestandsaufnahme.abfragen.interesse.rangliste import letzte_runde, rangliste
from bestandsaufnahme.auswahl import InteresseArt
from bestandsaufnahme.models import Aufgabenfeld, Interessenbekundung, Interessenrunde
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    InteressenbekundungFactory,
    InteressenrundeFactory,
    KooperationsfeldFactory,
    RundenergebnisFactory,
)

pytestmark = pytest.mark.django_db
HEUTE = date(2026, 1, 15)


def heutige():
    return rangliste(Interessenbekundung.objects.all(), felder=list(Aufgabenfeld.objects.all()), heute=HEUTE)


def zahlen(liste):
    return {rang.feld: (rang.kommunen, rang.wille, rang.austausch, rang.nur_beispiel) for rang in liste.raenge}


def test_rangliste_counts_kommunen_and_not_declarations(kommune, andere_kommune):
    feld = AufgabenfeldFactory(name="Bauhof")
    teile = [KooperationsfeldFactory(aufgabenfeld=feld) for _ in range(2)]
    InteressenbekundungFactory(kommune=kommune, aufgabenfeld=feld)
    InteressenbekundungFactory(kommune=kommune, aufgabenfeld=feld, art=InteresseArt.INFO_AUSTAUSCH)
    for teil in teile:
        InteressenbekundungFactory(kommune=kommune, aufgabenfeld=None, kooperationsfeld=teil)
    InteressenbekundungFactory(
        kommune=andere_kommune, aufgabenfeld=None, kooperationsfeld=teile[0], art=InteresseArt.INFO_AUSTAUSCH
    )
    assert zahlen(heutige()) == {"Bauhof": (2, 1, 2, 0)}


def test_rangliste_orders_by_number_shares_places_and_includes_fields_with_none(kommune):
    felder = {name: AufgabenfeldFactory(name=name) for name in ("Leer", "Eins", "Auch eins", "Zwei")}
    for name in ("Eins", "Auch eins", "Zwei"):
        InteressenbekundungFactory(aufgabenfeld=felder[name])
    InteressenbekundungFactory(aufgabenfeld=felder["Zwei"])
    raenge = [(rang.platz, rang.feld, rang.kommunen) for rang in heutige().raenge]
    assert raenge == [(1, "Zwei", 2), (2, "Eins", 1), (2, "Auch eins", 1), (4, "Leer", 0)]


def test_rangliste_leaves_out_what_is_not_valid_today():
    feld = AufgabenfeldFactory(name="Bauhof")
    InteressenbekundungFactory(aufgabenfeld=feld, entwurf=True)
    InteressenbekundungFactory(aufgabenfeld=feld, zurueckgezogen=True)
    InteressenbekundungFactory(aufgabenfeld=feld, gueltig_bis=date(2026, 1, 14))
    assert zahlen(heutige()) == {"Bauhof": (0, 0, 0, 0)}
    assert heutige().leer


def test_rangliste_keeps_examples_apart(kommune):
    feld = AufgabenfeldFactory(name="Bauhof")
    InteressenbekundungFactory(aufgabenfeld=feld, beispiel=True)
    InteressenbekundungFactory(aufgabenfeld=feld, kommune=kommune)
    InteressenbekundungFactory(aufgabenfeld=feld, kommune=kommune, art=InteresseArt.INFO_AUSTAUSCH, beispiel=True)
    liste = heutige()
    assert zahlen(liste) == {"Bauhof": (1, 1, 0, 1)}
    assert liste.mit_beispielen


def test_rangliste_tells_those_without_a_field_apart():
    AufgabenfeldFactory(name="Bauhof")
    InteressenbekundungFactory(aufgabenfeld=None, art=InteresseArt.INFO_AUSTAUSCH)
    liste = heutige()
    assert zahlen(liste) == {"Bauhof": (0, 0, 0, 0)}
    assert (liste.ohne_feld, liste.leer, liste.mit_beispielen) == (1, False, False)


def test_letzte_runde_sums_and_tells_what_is_not_listed():
    runde = InteressenrundeFactory(name="Runde 2013")
    for name, anzahl in (("A", 4), ("B", None), ("C", 12)):
        RundenergebnisFactory(runde=runde, aufgabenfeld=AufgabenfeldFactory(name=name), anzahl=anzahl)
    ergebnis = letzte_runde(Interessenrunde.objects.all())
    assert [(zeile.feld, zeile.text) for zeile in ergebnis.zeilen] == [
        ("C", "12"),
        ("A", "4"),
        ("B", "nicht aufgeführt"),
    ]
    assert (ergebnis.summe, ergebnis.mit_angabe, ergebnis.ohne_angabe) == (16, 2, 1)


def test_letzte_runde_is_the_newest_with_totals():
    RundenergebnisFactory(runde=InteressenrundeFactory(jahr=None, name="ohne Jahr"))
    RundenergebnisFactory(runde=InteressenrundeFactory(jahr=2020, name="2020"))
    InteressenrundeFactory(jahr=2025)
    assert letzte_runde(Interessenrunde.objects.all()).name == "2020"
    assert letzte_runde(Interessenrunde.objects.none()) is None
