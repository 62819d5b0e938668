from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import product
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from bestandsaufnahme.ablaeufe import interesse as ablauf
from bestandsaufnahme.auswahl import INTERESSE_UEBERGAENGE, InteresseArt, InteresseStatus, Stufe
from bestandsaufnahme.models import Aufgabenfeld, Interessenbekundung
from ikz_portal.basis.models import Statuswechsel
from tests.fabriken.bestandsaufnahme import AufgabenfeldFactory, InteressenbekundungFactory, KooperationsfeldFactory
from tests.fabriken.kommunen import KontoFactory

HEUTE = date(2026, 1, 15)


def abgeben(konto, **felder):
    werte = {
        "kommune": konto.kommune,
        "art": InteresseArt.KOOPERATIONSWILLE,
        "aufgabenfeld": None,
        "kooperationsfeld": None,
        "stufe": Stufe.INTERESSE,
        "wofuer": "Gemeinsam ausbilden.",
    } | felder
    kommune = werte.pop("kommune")
    durch = werte.pop("durch", konto)
    return ablauf.abgeben(kommune=kommune, angaben=ablauf.Angaben(**werte), durch=durch, heute=HEUTE)


def verlauf(interesse):
    zeilen = Statuswechsel.objects.filter(objekt_id=interesse.pk).order_by("pk")
    return [(zeile.von, zeile.nach, zeile.gueltig_ab, zeile.grund) for zeile in zeilen]


@pytest.mark.django_db
def test_abgeben_files_for_the_kommune_and_notes_the_day(kontakt):
    feld = KooperationsfeldFactory()
    interesse = abgeben(
        kontakt, kooperationsfeld=feld, stufe=Stufe.RESSOURCEN, bietet="Personal", sucht="Partner", gueltig_bis=HEUTE
    )
    interesse.refresh_from_db()
    assert (interesse.kommune, interesse.feld, interesse.durch) == (kontakt.kommune, feld, kontakt)
    assert (interesse.status, interesse.abgegeben_am) == (InteresseStatus.ABGEGEBEN, HEUTE)
    assert (interesse.stufe, interesse.bietet, interesse.sucht) == (Stufe.RESSOURCEN, "Personal", "Partner")
    assert verlauf(interesse) == [("", "abgegeben", HEUTE, "")]


@pytest.mark.django_db
def test_abgeben_refuses_a_field_that_went_meanwhile_in_german(kontakt):
    feld = AufgabenfeldFactory()
    Aufgabenfeld.objects.filter(pk=feld.pk).delete()

    with pytest.raises(ValidationError) as fehler:
        abgeben(kontakt, aufgabenfeld=feld)

    satz = "Das Gewählte gibt es nicht mehr. Bitte laden Sie die Seite neu."
    assert fehler.value.message_dict == {"aufgabenfeld": [satz]}
    assert not Interessenbekundung.objects.exists()


@pytest.mark.django_db
def test_abgeben_refuses_a_double_and_names_the_one_there_is(kontakt):
    feld = AufgabenfeldFactory(name="Bauhof")
    InteressenbekundungFactory(kommune=kontakt.kommune, aufgabenfeld=feld, abgegeben_am=date(2025, 5, 2))
    with pytest.raises(ValidationError) as fehler:
        abgeben(kontakt, aufgabenfeld=feld)
    assert fehler.value.messages == [
        (
            "Für „Bauhof“ hat Musterstadt schon eine Interessenbekundung (Kooperationswille, abgegeben am 02.05.2025). "
            "Ändern Sie diese, oder ziehen Sie sie zuerst zurück."
        )
    ]
    assert Interessenbekundung.objects.count() == 1


@pytest.mark.django_db
def test_abgeben_refuses_a_double_without_any_field(kontakt):
    abgeben(kontakt, art=InteresseArt.INFO_AUSTAUSCH)
    with pytest.raises(ValidationError, match="den Austausch ohne bestimmtes Feld"):
        abgeben(kontakt, art=InteresseArt.INFO_AUSTAUSCH)


@pytest.mark.django_db
def test_abgeben_refuses_a_double_of_a_draft(kontakt):
    entwurf = InteressenbekundungFactory(kommune=kontakt.kommune, entwurf=True)
    with pytest.raises(ValidationError, match="noch ein Entwurf"):
        abgeben(kontakt, aufgabenfeld=entwurf.aufgabenfeld)


@pytest.mark.django_db
def test_abgeben_lets_other_kommunen_declare_the_same(kontakt, fremder_kontakt):
    feld = AufgabenfeldFactory()
    abgeben(kontakt, aufgabenfeld=feld)
    abgeben(fremder_kontakt, aufgabenfeld=feld)
    assert feld.interessen.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("status", [InteresseStatus.ABGEGEBEN, InteresseStatus.BESTAETIGT])
def test_abgeben_closes_one_that_is_past_its_date(kontakt, status):
    alte = InteressenbekundungFactory(kommune=kontakt.kommune, gueltig_bis=date(2026, 1, 10), status=status)
    neue = abgeben(kontakt, aufgabenfeld=alte.aufgabenfeld)
    alte.refresh_from_db()
    assert (alte.status, neue.status) == (InteresseStatus.ABGELAUFEN, InteresseStatus.ABGEGEBEN)
    assert verlauf(alte) == [(status, "abgelaufen", date(2026, 1, 11), "gültig bis 10.01.2026")]
    assert Statuswechsel.objects.get(objekt_id=alte.pk).durch is None


@pytest.mark.django_db
def test_abgeben_never_closes_a_draft_that_is_past_its_date(kontakt):
    entwurf = InteressenbekundungFactory(kommune=kontakt.kommune, entwurf=True, gueltig_bis=date(2026, 1, 14))
    with pytest.raises(ValidationError, match="noch ein Entwurf"):
        abgeben(kontakt, aufgabenfeld=entwurf.aufgabenfeld)
    assert Interessenbekundung.objects.get().status == InteresseStatus.ENTWURF


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("felder", "satz"),
    [
        ({"gueltig_bis": date(2026, 1, 14), "art": "info_austausch"}, "Vergangenheit"),
        ({}, "Ein Kooperationswille gilt einem Aufgabenfeld"),
        ({"art": "info_austausch", "wofuer": " "}, "wofür Ihre Kommune"),
        ({"art": "info_austausch", "stufe": "quatsch"}, "angebotenen Werte"),
        ({"art": "quatsch"}, "angebotenen Werte"),
    ],
)
def test_abgeben_refuses_what_makes_no_sense(kontakt, felder, satz):
    with pytest.raises(ValidationError, match=satz):
        abgeben(kontakt, **felder)
    assert not Interessenbekundung.objects.exists()
    assert not Statuswechsel.objects.exists()


@pytest.mark.django_db
def test_abgeben_refuses_a_field_that_is_gone(kontakt):
    feld = KooperationsfeldFactory()
    type(feld).objects.filter(pk=feld.pk).delete()
    with pytest.raises(ValidationError) as fehler:
        abgeben(kontakt, kooperationsfeld=feld)
    assert set(fehler.value.message_dict) == {"kooperationsfeld"}
    assert not Interessenbekundung.objects.exists()


@pytest.mark.django_db
def test_abgeben_refuses_a_kontakt_of_another_kommune(kontakt, fremder_kontakt):
    with pytest.raises(ValidationError, match="Die Ansprechperson gehört nicht zu Musterstadt"):
        abgeben(kontakt, aufgabenfeld=AufgabenfeldFactory(), kontakt=fremder_kontakt)
    assert not Interessenbekundung.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_abgeben_twice_at_once_files_one_and_tells_the_other():
    konto, feld, start = KontoFactory(), AufgabenfeldFactory(name="Bauhof"), Barrier(8)

    def einer(_):
        try:
            start.wait(timeout=20)
            return abgeben(konto, aufgabenfeld=feld).status
        except ValidationError as fehler:
            return fehler.messages[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as kraefte:
        ergebnisse = sorted(kraefte.map(einer, range(8)))
    assert ergebnisse.count(InteresseStatus.ABGEGEBEN) == 1
    assert sum(satz.startswith("Für „Bauhof“ hat") for satz in ergebnisse) == 7
    assert Interessenbekundung.objects.count() == 1


ERLAUBT = {
    ("entwurf", "abgegeben"),
    ("abgegeben", "bestaetigt"),
    ("abgegeben", "zurueckgezogen"),
    ("abgegeben", "abgelaufen"),
    ("bestaetigt", "abgegeben"),
    ("bestaetigt", "zurueckgezogen"),
    ("bestaetigt", "abgelaufen"),
}


@pytest.mark.parametrize(("von", "nach"), list(product(InteresseStatus, repeat=2)))
def test_uebergaenge_allow_these_pairs_alone(von, nach):
    assert (nach in INTERESSE_UEBERGAENGE[von]) is ((von, nach) in ERLAUBT)


@pytest.mark.django_db
@pytest.mark.parametrize("status", [von for von, nach in ERLAUBT if nach == "zurueckgezogen"])
def test_zurueckziehen_keeps_day_and_reason(kontakt, status):
    interesse = InteressenbekundungFactory(kommune=kontakt.kommune, status=status)
    ablauf.zurueckziehen(interesse=interesse, grund=" Anders entschieden. ", durch=kontakt, heute=HEUTE)
    interesse.refresh_from_db()
    assert (interesse.status, interesse.zurueckgezogen_am) == (InteresseStatus.ZURUECKGEZOGEN, HEUTE)
    assert interesse.grund == "Anders entschieden."
    assert verlauf(interesse) == [(status, "zurueckgezogen", HEUTE, "Anders entschieden.")]


@pytest.mark.django_db
def test_zurueckziehen_makes_room_for_a_new_one(kontakt):
    interesse = InteressenbekundungFactory(kommune=kontakt.kommune)
    ablauf.zurueckziehen(interesse=interesse, grund="Anders.", durch=kontakt, heute=HEUTE)
    assert abgeben(kontakt, aufgabenfeld=interesse.aufgabenfeld).status == InteresseStatus.ABGEGEBEN


@pytest.mark.django_db
def test_zurueckziehen_asks_for_a_reason(kontakt):
    interesse = InteressenbekundungFactory(kommune=kontakt.kommune)
    with pytest.raises(ValidationError, match="Grund"):
        ablauf.zurueckziehen(interesse=interesse, grund="  ", durch=kontakt, heute=HEUTE)
    interesse.refresh_from_db()
    assert interesse.status == InteresseStatus.ABGEGEBEN


@pytest.mark.django_db
@pytest.mark.parametrize(
    "zustand",
    [{"entwurf": True}, {"zurueckgezogen": True}, {"status": InteresseStatus.ABGELAUFEN}],
)
def test_zurueckziehen_refuses_what_is_not_valid(kontakt, zustand):
    interesse = InteressenbekundungFactory(kommune=kontakt.kommune, **zustand)
    vorher = interesse.status
    with pytest.raises(ValidationError, match="kann nicht zurückgezogen werden"):
        ablauf.zurueckziehen(interesse=interesse, grund="Anders.", durch=kontakt, heute=HEUTE)
    interesse.refresh_from_db()
    assert interesse.status == vorher
    assert verlauf(interesse) == []
