"""What is counted out of the matrix: pages, Kooperationen per field, who works with whom."""

from datetime import date

import pytest

from bestandsaufnahme.abfragen.matrix.matrix import felder_in_reihe
from bestandsaufnahme.abfragen.matrix.netz import netz
from bestandsaufnahme.abfragen.matrix.seiten import Feld, auf_seiten
from bestandsaufnahme.abfragen.matrix.waerme import waerme
from bestandsaufnahme.abfragen.matrix.zaehlung import grundlage, zaehlbare
from bestandsaufnahme.auswahl import BeteiligungStatus
from bestandsaufnahme.models import Aufgabenfeld, Beteiligung, Kooperationsfeld
from kommunen.models import Kommune
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BeteiligungFactory,
    ErhebungFactory,
    KooperationFactory,
    KooperationsfeldFactory,
)
from tests.fabriken.kommunen import KommuneFactory

TAG = date(2013, 6, 30)


# --- pages ------------------------------------------------------------------------------------------------------------
def felder(*anzahlen):
    return [Feld(100 * oben + nummer, "Feld", oben) for oben, anzahl in enumerate(anzahlen) for nummer in range(anzahl)]


@pytest.mark.parametrize(
    ("anzahlen", "seiten"),
    [
        ((), []),
        ((4, 4), [[4, 4]]),
        ((60,), [[60]]),
        ((40, 20, 1), [[40, 20], [1]]),
        ((33, 33, 20), [[33], [33, 20]]),
        ((61,), [[31], [30]]),
        ((10, 150, 10), [[10, 50], [50], [50, 10]]),
    ],
)
def test_pages_are_packed_with_whole_aufgabenfelder(anzahlen, seiten):
    gepackt = auf_seiten(felder(*anzahlen))
    assert [[len(abschnitt.felder) for abschnitt in seite] for seite in gepackt] == seiten


def test_parts_of_a_long_aufgabenfeld_are_numbered_and_lose_no_row():
    alle = felder(130)
    abschnitte = [abschnitt for seite in auf_seiten(alle) for abschnitt in seite]
    assert [(abschnitt.teil, abschnitt.teile) for abschnitt in abschnitte] == [(1, 3), (2, 3), (3, 3)]
    assert [feld for abschnitt in abschnitte for feld in abschnitt.felder] == alle


# --- what counts ------------------------------------------------------------------------------------------------------
@pytest.fixture
def marken(db, kommune):
    """One mark of every status, and an example."""
    for status in BeteiligungStatus:
        BeteiligungFactory(kommune=kommune, status=status)
    BeteiligungFactory(kommune=kommune, erhebung=ErhebungFactory(beispiel=True))
    BeteiligungFactory(kommune=kommune, erhebung=ErhebungFactory())


def test_countable_is_what_exists_and_what_has_lost_its_status(marken):
    status = zaehlbare(Beteiligung.objects.all()).values_list("status", flat=True)
    assert sorted(status) == ["besteht", "besteht", "unbekannt"]


def test_countable_with_a_status_of_ones_own_is_that_alone(marken):
    gezaehlte = zaehlbare(Beteiligung.objects.all(), status="vorgesehen")
    assert [marke.status for marke in gezaehlte] == ["vorgesehen"]
    satz = grundlage(Beteiligung.objects.filter(status="vorgesehen"), stichtag=TAG, status="vorgesehen").satz
    assert satz == "Gezählt wird, was am 30. Juni 2013 den gewählten Status „vorgesehen“ hat."


def test_grundlage_tells_what_is_counted_and_what_not(marken):
    assert grundlage(Beteiligung.objects.all(), stichtag=TAG).satz == (
        "Gezählt wird, was am 30. Juni 2013 besteht, und was ohne überlieferten Status eingetragen ist "
        "(1 von 3 Zeichen). Nicht mitgezählt: 2 Zeichen für Vorgesehenes oder nicht zustande Gekommenes und "
        "1 aus Beispielen."
    )


@pytest.mark.django_db
def test_grundlage_is_short_where_all_is_known():
    BeteiligungFactory()
    assert grundlage(Beteiligung.objects.all(), stichtag=TAG).satz == "Gezählt wird, was am 30. Juni 2013 besteht."


# --- per field --------------------------------------------------------------------------------------------------------
def gezaehlt(**weiteres):
    return waerme(
        Beteiligung.objects.order_by(),
        felder=felder_in_reihe(Kooperationsfeld.objects.all()),
        aufgabenfelder=Aufgabenfeld.objects.in_bulk(),
        spalten=list(Kommune.objects.all()),
        **weiteres,
    )


@pytest.fixture
def zwei_kooperationen(kommune, andere_kommune):
    """In one Kooperationsfeld: one of both Kommunen and one of the first alone; a second field of the same is empty."""
    feld = KooperationsfeldFactory(name="Post")
    KooperationsfeldFactory(name="Recht", aufgabenfeld=feld.aufgabenfeld, reihenfolge=feld.reihenfolge + 1)
    for symbol, beteiligte in (("■", (kommune, andere_kommune)), ("□", (kommune,))):
        kooperation = KooperationFactory(kooperationsfeld=feld, symbol=symbol)
        for wer in beteiligte:
            BeteiligungFactory(kooperation=kooperation, kommune=wer)
    return feld


def test_heat_counts_kooperationen_per_field_and_kommune(zwei_kooperationen):
    AufgabenfeldFactory(name="Leer")
    bild = gezaehlt()
    (gruppe,) = bild.gruppen
    assert (gruppe.kopf.werte, gruppe.kopf.gesamt) == ([2, 1], 2)
    assert [(zeile.name, zeile.werte, zeile.gesamt) for zeile in gruppe.zeilen] == [
        ("Post", [2, 1], 2),
        ("Recht", [0, 0], 0),
    ]
    assert (bild.summen, bild.gesamt, bild.einzeln, bild.ohne_felder) == ([2, 1], 2, True, ["Leer"])


def test_heat_of_many_fields_counts_the_same_per_aufgabenfeld(zwei_kooperationen):
    bild = gezaehlt(einzeln=False)
    assert [(gruppe.kopf.werte, gruppe.kopf.gesamt, gruppe.zeilen) for gruppe in bild.gruppen] == [([2, 1], 2, [])]
    assert (bild.summen, bild.gesamt, bild.einzeln) == ([2, 1], 2, False)


@pytest.mark.django_db
@pytest.mark.parametrize(("anzahl", "einzeln"), [(60, True), (61, False)])
def test_heat_shows_single_fields_as_long_as_they_fit(anzahl, einzeln):
    KooperationsfeldFactory.create_batch(anzahl, aufgabenfeld=AufgabenfeldFactory())
    assert gezaehlt().einzeln is einzeln


# --- who with whom ----------------------------------------------------------------------------------------------------
@pytest.fixture
def drei(db):
    return [KommuneFactory(name=name) for name in ("Ahausen", "Bergheim", "Cornstadt")]


def mit(*kommunen):
    kooperation = KooperationFactory()
    for kommune in kommunen:
        BeteiligungFactory(kooperation=kooperation, kommune=kommune)


def test_netz_counts_what_two_have_in_common(drei):
    a, b, c = drei
    mit(a, b)
    mit(a, b, c)
    mit(c)
    bild = netz(Beteiligung.objects.all(), kommunen=drei)
    assert [(paar.von, paar.nach, paar.anzahl) for paar in bild.paare] == [(0, 1, 2), (0, 2, 1), (1, 2, 1)]
    assert (bild.eigene, bild.kooperationen, bild.mit_allen) == ([2, 2, 2], 3, 1)
    assert bild.tabelle == [(a, [None, 2, 1]), (b, [2, None, 1]), (c, [1, 1, None])]


def test_netz_of_one_kommune_has_its_lines_only(drei):
    a, b, c = drei
    mit(a, b)
    mit(b, c)
    bild = netz(Beteiligung.objects.all(), kommunen=drei, nur=a.pk)
    assert [(paar.von, paar.nach, paar.anzahl) for paar in bild.paare] == [(0, 1, 1)]
    assert (bild.eigene, bild.kooperationen) == ([1, 1, 0], 1)


def test_netz_leaves_out_pairs_that_share_their_place_with_too_many_others(drei):
    a, b, c = drei
    mit(a, b)
    mit(a, b, c)
    bild = netz(Beteiligung.objects.all(), kommunen=drei)
    assert bild.haeufigste(2) == [("Ahausen", "Bergheim", 2)]
    assert [anzahl for _, _, anzahl in bild.haeufigste(3)] == [2, 1, 1]
