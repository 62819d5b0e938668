"""What PostgreSQL itself refuses, asked in raw SQL."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from projekte.auswahl import Antwort, AuftragStatus, MeilensteinStand
from projekte.models import Ergebnis, Meilenstein, Projekt, Projektauftrag
from tests.fabriken.kommunen import KommuneFactory
from tests.fabriken.projekte import (
    ErgebnisFactory,
    GeleitzugFactory,
    MeilensteinFactory,
    ProjektauftragFactory,
    ProjektFactory,
    TeilnahmeFactory,
)

pytestmark = pytest.mark.django_db
FEST = [AuftragStatus.BESCHLOSSEN, AuftragStatus.UEBERLIEFERT]
STICHTAG = date(2026, 6, 1)


def sql(befehl: str, *werte: object) -> None:
    with transaction.atomic(), connection.cursor() as zeiger:
        zeiger.execute(befehl, werte)


# --- orders -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", FEST)
def test_fixed_order_refuses_change_and_deletion(status):
    auftrag = ProjektauftragFactory(status=status, projektziele="wie beschlossen")
    with pytest.raises(IntegrityError, match="nie geaendert"):
        sql("UPDATE projekte_projektauftrag SET projektziele = 'anders' WHERE id = %s", auftrag.pk)
    with pytest.raises(IntegrityError, match="nie geaendert"):
        sql("DELETE FROM projekte_projektauftrag WHERE id = %s", auftrag.pk)
    assert Projektauftrag.objects.get().projektziele == "wie beschlossen"


@pytest.mark.parametrize("status", FEST)
def test_results_of_a_fixed_order_refuse_every_change(status):
    auftrag = ProjektauftragFactory(status=status, ergebnisse=["Konzept"])
    ergebnis = auftrag.ergebnisse.get()
    with pytest.raises(IntegrityError, match="nie geaendert"):
        sql("UPDATE projekte_ergebnis SET text = 'anders' WHERE id = %s", ergebnis.pk)
    with pytest.raises(IntegrityError, match="nie geaendert"):
        sql("DELETE FROM projekte_ergebnis WHERE id = %s", ergebnis.pk)
    with pytest.raises(IntegrityError, match="nie geaendert"), transaction.atomic():
        ErgebnisFactory(auftrag=auftrag, reihenfolge=2)
    assert list(Ergebnis.objects.values_list("text", flat=True)) == ["Konzept"]


def test_result_cannot_be_moved_into_a_fixed_order():
    fester, entwurf = ProjektauftragFactory(beschlossen=True), ProjektauftragFactory()
    ergebnis = ErgebnisFactory(auftrag=entwurf)
    with pytest.raises(IntegrityError, match="nie geaendert"):
        sql("UPDATE projekte_ergebnis SET auftrag_id = %s WHERE id = %s", fester.pk, ergebnis.pk)


def test_draft_and_its_results_may_change():
    ergebnis = ErgebnisFactory(auftrag=ProjektauftragFactory(), text="alt")
    sql("UPDATE projekte_ergebnis SET text = 'neu' WHERE id = %s", ergebnis.pk)
    sql("DELETE FROM projekte_ergebnis WHERE id = %s", ergebnis.pk)
    assert Ergebnis.objects.count() == 0


@pytest.mark.parametrize("status", [AuftragStatus.ENTWURF, AuftragStatus.EINGEREICHT])
def test_only_one_order_is_in_the_making(status):
    projekt = ProjektFactory()
    ProjektauftragFactory(projekt=projekt, version=1, status=status)
    with pytest.raises(IntegrityError, match="einer_in_arbeit"), transaction.atomic():
        ProjektauftragFactory(projekt=projekt, version=2)


# --- answers ----------------------------------------------------------------------------------------------------------


def test_second_answer_of_a_kommune_is_refused():
    erste = TeilnahmeFactory()
    with pytest.raises(IntegrityError, match="eine_je_kommune"), transaction.atomic():
        TeilnahmeFactory(projekt=erste.projekt, kommune=erste.kommune)


@pytest.mark.parametrize(
    ("antwort", "tag"), [(Antwort.OFFEN, STICHTAG), (Antwort.STIMMT_ZU, None), (Antwort.AUSGESTIEGEN, None)]
)
def test_answer_and_its_day_go_together(antwort, tag):
    with pytest.raises(IntegrityError, match="antwort_mit_tag"), transaction.atomic():
        TeilnahmeFactory(antwort=antwort, am=tag)


def test_reservation_needs_a_text():
    with pytest.raises(IntegrityError, match="vorbehalt_mit_text"), transaction.atomic():
        TeilnahmeFactory(antwort=Antwort.VORBEHALT, vermerk="")


def test_wave_of_another_projekt_is_refused():
    fremder = GeleitzugFactory()
    with pytest.raises(IntegrityError, match="anderen Projekt"), transaction.atomic():
        TeilnahmeFactory(geleitzug=fremder)


def test_wave_of_the_same_projekt_is_taken():
    geleitzug = GeleitzugFactory()
    teilnahme = TeilnahmeFactory(projekt=geleitzug.projekt, geleitzug=geleitzug)
    assert list(geleitzug.teilnahmen.all()) == [teilnahme]


# --- Projekt ----------------------------------------------------------------------------------------------------------


def test_version_rises_with_every_update():
    projekt = ProjektFactory()
    projekt.save()
    sql("UPDATE projekte_projekt SET hinweis = 'von außen' WHERE id = %s", projekt.pk)
    assert Projekt.objects.get().version == 3


def test_version_cannot_be_set_back():
    projekt = ProjektFactory()
    projekt.save()
    sql("UPDATE projekte_projekt SET version = 1, hinweis = 'alt' WHERE id = %s", projekt.pk)
    assert Projekt.objects.get().version == 3


@pytest.mark.parametrize(
    ("felder", "regel"),
    [
        ({"slug": "neu"}, "slug_frei"),
        ({"status": "erfunden"}, "status_gueltig"),
        ({"ende": date(2024, 1, 1), "ende_genauigkeit": "tag"}, "beginn_vor_ende"),
        ({"beginn": None}, "beginn_genau"),
        ({"beginn_genauigkeit": "offen"}, "beginn_genau"),
        ({"beginn_genauigkeit": "jahr"}, "beginn_genau"),
        ({"teilnahme_zitat": 14, "teilnahme_zitat_stand": STICHTAG}, "teilnahme_zitat_mit"),
    ],
)
def test_projekt_breaking_a_rule_is_refused(felder, regel):
    with pytest.raises(IntegrityError, match=regel), transaction.atomic():
        ProjektFactory(**felder)


def test_projekt_does_not_follow_itself():
    projekt = ProjektFactory()
    with pytest.raises(IntegrityError, match="folgt_nicht_sich_selbst"):
        sql("UPDATE projekte_projekt SET vorgaenger_id = id WHERE id = %s", projekt.pk)


# --- Meilenstein ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tage", "stand"),
    [
        ({"geplant": date(2026, 5, 31)}, MeilensteinStand.UEBERFAELLIG),
        ({"geplant": date(2026, 6, 1)}, MeilensteinStand.FAELLIG),
        ({"geplant": date(2026, 7, 1)}, MeilensteinStand.FAELLIG),
        ({"geplant": date(2026, 7, 2)}, MeilensteinStand.GEPLANT),
        ({"geplant": date(2026, 5, 1), "prognose": date(2026, 9, 1)}, MeilensteinStand.GEPLANT),
        ({"geplant": date(2026, 9, 1), "prognose": date(2026, 5, 31)}, MeilensteinStand.UEBERFAELLIG),
        ({"geplant": date(2026, 5, 1), "erreicht": date(2026, 6, 1)}, MeilensteinStand.ERREICHT),
        ({"geplant": date(2026, 5, 1), "erreicht": date(2026, 6, 2)}, MeilensteinStand.UEBERFAELLIG),
    ],
)
def test_meilenstein_stands_as_of_the_day(tage, stand):
    meilenstein = MeilensteinFactory(**tage)
    assert meilenstein.stand_am(STICHTAG) == stand
    assert Meilenstein.objects.ueberfaellige(STICHTAG).exists() == (stand == MeilensteinStand.UEBERFAELLIG)


@pytest.mark.parametrize(
    ("status", "unerreicht"),
    [
        ("bearbeitung", MeilensteinStand.UEBERFAELLIG),
        ("vorbereitung", MeilensteinStand.UEBERFAELLIG),
        ("idee", MeilensteinStand.GEPLANT),
        ("nicht_angegeben", MeilensteinStand.GEPLANT),
        ("abgeschlossen", MeilensteinStand.OFFEN),
        ("eingestellt", MeilensteinStand.OFFEN),
    ],
)
def test_only_in_a_running_projekt_anything_is_due(status, unerreicht):
    meilenstein = MeilensteinFactory(projekt__status=status, geplant=date(2026, 5, 31))
    assert meilenstein.stand_am(STICHTAG, status=status) == unerreicht
    assert Meilenstein.objects.ueberfaellige(STICHTAG).exists() == (unerreicht == MeilensteinStand.UEBERFAELLIG)
    assert Meilenstein.objects.offene(STICHTAG).exists() == (unerreicht != MeilensteinStand.OFFEN)
    meilenstein.erreicht = STICHTAG
    assert meilenstein.stand_am(STICHTAG, status=status) == MeilensteinStand.ERREICHT


def test_release_only_where_one_is_needed():
    with pytest.raises(IntegrityError, match="freigabe_nur_wo_noetig"), transaction.atomic():
        MeilensteinFactory(freigegeben_am=STICHTAG)


def test_two_meilensteine_of_a_name_only_in_different_projekte():
    erster = MeilensteinFactory(name="Start")
    MeilensteinFactory(name="Start")
    with pytest.raises(IntegrityError, match="name_eindeutig"), transaction.atomic():
        MeilensteinFactory(projekt=erster.projekt, name="Start")


def test_absorbed_projekte_are_told_apart():
    spaeteres, pilot = ProjektFactory(), ProjektFactory()
    pilot.aufgegangen_in.add(spaeteres)
    assert list(Projekt.objects.eigenstaendige()) == [spaeteres]


def test_counts_of_answers_stay_right_beside_each_other():
    projekt = ProjektFactory()
    for antwort in [Antwort.STIMMT_ZU, Antwort.VORBEHALT, Antwort.GREMIENBESCHLUSS, Antwort.OFFEN]:
        TeilnahmeFactory(projekt=projekt, kommune=KommuneFactory(), antwort=antwort)
    gezaehlt = Projekt.objects.mit_teilnahme().get()
    assert (gezaehlt.antworten, gezaehlt.beantwortet) == (4, 3)
    assert (gezaehlt.zustimmungen, gezaehlt.beschluss_noetig) == (2, 1)
