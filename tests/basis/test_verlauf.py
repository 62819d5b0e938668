"""The record in words. The models of the portal serve as examples; `basis` itself knows none."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from ikz_portal.basis import protokoll, verlauf
from ikz_portal.basis.feldworte import Wert
from ikz_portal.basis.models import Aenderung
from ikz_portal.basis.verlauf import Feldzeile
from projekte.models import Projekt
from tests.fabriken.bestandsaufnahme import AufgabenfeldFactory, InteressenbekundungFactory
from tests.fabriken.kommunen import KommuneFactory, KontoFactory, SitzFactory, VertretungFactory
from tests.fabriken.projekte import GeleitzugFactory, MeilensteinFactory, ProjektFactory, TeilnahmeFactory
from tests.fabriken.wissen import BeitragFactory

pytestmark = pytest.mark.django_db


def lesen(aenderungen=None):
    return verlauf.vorgaenge(
        (Aenderung.objects.all() if aenderungen is None else aenderungen).select_related("konto", "fuer")
    )


def letzter():
    """Return the only entry of the newest Vorgang."""
    (eintrag,) = lesen()[0].eintraege
    return eintrag


def felder(eintrag):
    return {zeile.feld: (zeile.vorher.text, zeile.nachher.text) for zeile in eintrag.felder}


def schreiben(**werte) -> None:
    """Put a row on record as an older version of the portal, or a test, needs it."""
    eintrag = {"am": timezone.now(), "art": "anlage", "objekt": "1", "stand": {"id": 1}, "quelle": "", **werte}
    eintrag.setdefault("wurzel_tabelle", eintrag["tabelle"])
    Aenderung.objects.create(**{"wurzel": eintrag["objekt"], **eintrag})


# --- what -------------------------------------------------------------------------------------------------------------


def test_change_names_the_row_and_its_fields_before_and_after():
    projekt = ProjektFactory(name="Archiv", hinweis="alt", status="idee", beginn=date(2026, 5, 19))
    Projekt.objects.filter(pk=projekt.pk).update(
        hinweis="neu", status="bearbeitung", beginn=date(2026, 6, 1), veroeffentlicht=True, teilnahme_zitat=None
    )
    eintrag = letzter()
    assert (eintrag.art, eintrag.was, eintrag.name, eintrag.ganzes) == ("aenderung", "Projekt", "Archiv", "")
    assert eintrag.felder == (
        Feldzeile("Status", Wert("Idee"), Wert("in Bearbeitung")),
        Feldzeile("Beginn", Wert("19.05.2026"), Wert("01.06.2026")),
        Feldzeile("Veröffentlicht", Wert("nein"), Wert("ja")),
        Feldzeile("Hinweis", Wert("alt"), Wert("neu")),
    )


def test_new_row_tells_what_it_says_and_nothing_of_keys_and_counters():
    feld = AufgabenfeldFactory(name="Bauhof")
    ProjektFactory(name="Archiv", slug="archiv", aufgabenfeld=feld, leitung=KontoFactory(name="Rita"))
    gefunden = felder(letzter())
    assert {"ID", "Version", "Geändert am", "Sortierung"} & set(gefunden) == set()
    assert gefunden["Aufgabenfeld"] == ("–", "Bauhof")
    assert gefunden["Projektleitung"] == ("–", "Rita")
    assert gefunden["Beginn"] == ("–", "01.03.2025")
    assert "Hinweis" not in gefunden


def test_day_is_told_as_precisely_as_it_was_known():
    projekt = ProjektFactory(ende=date(2026, 1, 1), ende_genauigkeit="jahr")
    Projekt.objects.filter(pk=projekt.pk).update(ende_genauigkeit="monat")
    assert felder(letzter()) == {"Ende": ("2026", "Januar 2026")}
    Projekt.objects.filter(pk=projekt.pk).update(ende=None, ende_genauigkeit="offen")
    assert felder(letzter()) == {"Ende": ("Januar 2026", "läuft")}


def test_deleted_row_keeps_its_name_and_what_it_said():
    zeile = MeilensteinFactory(name="Start", projekt__name="Archiv", geplant=date(2026, 5, 19))
    zeile.delete()
    eintrag = letzter()
    assert (eintrag.art, eintrag.was, eintrag.name, eintrag.ganzes) == (
        "loeschung",
        "Meilenstein",
        "Start",
        "Projekt „Archiv“",
    )
    assert felder(eintrag)["Geplant"] == ("19.05.2026", "–")
    assert "Projekt" not in felder(eintrag)


def test_names_of_deleted_rows_come_from_the_record():
    feld = AufgabenfeldFactory(name="Bauhof")
    projekt = ProjektFactory(aufgabenfeld=feld)
    neues = AufgabenfeldFactory(name="Archiv")
    Projekt.objects.filter(pk=projekt.pk).update(aufgabenfeld=neues)
    feld.delete()
    (eintrag,) = lesen(Aenderung.objects.filter(art="aenderung"))[0].eintraege
    assert felder(eintrag) == {"Aufgabenfeld": ("Bauhof", "Archiv")}


def test_row_without_a_name_is_told_by_what_it_connects():
    nauheim = KommuneFactory(name="Nauheim")
    TeilnahmeFactory(kommune=nauheim, projekt__name="Archiv")
    assert (letzter().name, letzter().ganzes) == ("Nauheim", "Projekt „Archiv“")
    InteressenbekundungFactory(kommune=nauheim, aufgabenfeld=AufgabenfeldFactory(name="Bauhof"))
    assert letzter().name == "Nauheim, Bauhof"
    VertretungFactory(vertretener=KontoFactory(name="A", buergermeister=True), vertreter=KontoFactory(name="B"))
    assert letzter().name == "A, B"
    GeleitzugFactory(nummer=2)
    assert letzter().name == "Nr. 2"


def test_many_to_many_is_told_in_the_words_of_its_ends():
    beitrag = BeitragFactory(titel="Leitfaden")
    beitrag.aufgabenfelder.add(AufgabenfeldFactory(name="Bauhof"))
    eintrag = letzter()
    assert (eintrag.was, eintrag.name, eintrag.ganzes) == (
        "Aufgabenfeld eines Beitrags",
        "Bauhof",
        "Beitrag „Leitfaden“",
    )
    assert felder(eintrag) == {"Aufgabenfeld": ("–", "Bauhof")}


def test_reference_that_the_record_does_not_know_is_told_by_its_number():
    schreiben(tabelle="kommunen_sitz", stand={"id": 1, "gremium_id": 17, "nummer": 1})
    eintrag = letzter()
    assert (eintrag.name, felder(eintrag)["Gremium"]) == ("Nr. 1", ("–", "Nr. 17"))


def test_tables_columns_and_choices_of_an_older_version_never_break():
    schreiben(tabelle="alt_ding", objekt="x1", stand={"id": "x1", "farbe_innen": [1, {"a": None}], "an": True})
    schreiben(
        art="aenderung",
        tabelle="projekte_projekt",
        stand={"id": 1, "name": "Archiv", "status": "neu", "beginn": "irgendwann", "frueher": "b", "ende": 5},
        vorher={"status": "weg", "beginn": None, "frueher": "a", "ende": {"x": 1}},
    )
    projekt, ding = lesen()
    assert felder(projekt.eintraege[0]) == {
        "Status": ("weg", "neu"),
        "Beginn": ("–", "irgendwann"),
        "Ende": ('{"x": 1}', "5"),
        "Frueher": ("a", "b"),
    }
    assert (ding.eintraege[0].was, ding.eintraege[0].name) == ("alt_ding", "")
    assert felder(ding.eintraege[0]) == {
        "Farbe innen": ("–", '[1, {"a": null}]'),
        "An": ("–", "ja"),
        "Id": ("–", "x1"),
    }


def test_list_is_told_line_by_line():
    AufgabenfeldFactory(aliase=["Archive", "Akten"])
    assert felder(letzter())["Andere Namen"] == ("–", "Archive\nAkten")


# --- who --------------------------------------------------------------------------------------------------------------


def test_both_names_stand_at_what_a_deputy_does():
    vertreter, spitze = KontoFactory(name="Vera"), KontoFactory(name="Sepp")
    with protokoll.umstaende(quelle="/x/", konto=vertreter.pk):
        protokoll.in_vertretung(spitze.pk)
        AufgabenfeldFactory()
    assert lesen()[0].wer == "Vera in Vertretung für Sepp"


@pytest.mark.parametrize(
    ("quelle", "worte"),
    [
        ("", "unmittelbar in der Datenbank"),
        ("/konto/passwort/vergessen/", "ohne Anmeldung"),
        ("Auftrag bericht_erstellen", "Hintergrundauftrag „bericht erstellen“"),
        ("manage.py grunddaten", "Befehl „grunddaten“"),
        ("Einladung angenommen", "Einladung angenommen"),
    ],
)
def test_source_is_named_where_no_person_is(quelle, worte):
    schreiben(tabelle="x", quelle=quelle)
    assert lesen()[0].wer == worte


def test_person_is_no_longer_known_after_the_period(settings):
    settings.FRISTEN = {**settings.FRISTEN, "protokoll": 100}
    jetzt = datetime(2026, 5, 19, 12, tzinfo=UTC)
    schreiben(tabelle="x", objekt="1", quelle="/projekte/", am=jetzt - timedelta(days=99))
    schreiben(tabelle="x", objekt="2", quelle="/projekte/", am=jetzt - timedelta(days=101))
    with time_machine.travel(jetzt):
        assert [vorgang.wer for vorgang in lesen()] == ["nicht mehr bekannt", "ohne Anmeldung"]


def test_konto_that_is_gone_is_no_longer_known():
    schreiben(tabelle="x", konto_id=2**40, quelle="/projekte/")
    assert lesen()[0].wer == "nicht mehr bekannt"


# --- what belongs together --------------------------------------------------------------------------------------------


def test_one_form_is_one_entry_in_the_order_in_which_it_happened():
    with protokoll.umstaende(quelle="/projekte/neu/"):
        projekt = ProjektFactory(name="Archiv", aufgabenfeld=AufgabenfeldFactory(name="Bauhof"))
        MeilensteinFactory(projekt=projekt, name="Start")
    (vorgang,) = lesen()
    assert [eintrag.name for eintrag in vorgang.eintraege] == ["Bauhof", "Archiv", "Start"]


def test_steps_of_one_row_within_a_form_are_one_change():
    zeile = MeilensteinFactory(name="alt")
    with protokoll.umstaende(quelle="/x/"):
        for name in ("~1~", "neu"):
            zeile.name = name
            zeile.save()
    assert felder(letzter()) == {"Name": ("alt", "neu")}


def test_what_ends_as_it_began_says_nothing():
    zeile = MeilensteinFactory(name="alt")
    with protokoll.umstaende(quelle="/x/"):
        for name in ("~1~", "alt"):
            zeile.name = name
            zeile.save()
    assert lesen()[0].eintraege == ()


def test_created_and_changed_at_once_is_new():
    with protokoll.umstaende(quelle="/x/"):
        zeile = MeilensteinFactory(name="alt", projekt=ProjektFactory())
        zeile.name = "neu"
        zeile.save()
    eintrag = lesen()[0].eintraege[-1]
    assert (eintrag.art, felder(eintrag)["Name"]) == ("anlage", ("–", "neu"))


def test_counted_versions_are_left_out_and_those_of_an_order_are_not():
    projekt = ProjektFactory()
    projekt.save()
    schreiben(art="aenderung", tabelle="projekte_projektauftrag", stand={"id": 1, "version": 2}, vorher={"version": 1})
    alle = Aenderung.objects.filter(art="aenderung")
    assert [eintrag.tabelle for eintrag in alle] == ["projekte_projektauftrag", "projekte_projekt"]
    assert [eintrag.tabelle for eintrag in verlauf.lesbare(alle)] == ["projekte_projektauftrag"]


# --- cost -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("anzahl", [1, 3])
def test_names_cost_one_query(django_assert_num_queries, anzahl):
    for _ in range(anzahl):
        SitzFactory()
        TeilnahmeFactory()
    with django_assert_num_queries(2):
        assert lesen()


def test_nothing_costs_no_query_for_names(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert lesen() == []


def test_one_name_is_asked_for_by_itself():
    feld = AufgabenfeldFactory(name="Bauhof")
    assert verlauf.bezeichnung(feld._meta.db_table, str(feld.pk)) == "Aufgabenfeld „Bauhof“"
    assert verlauf.bezeichnung(feld._meta.db_table, "999999") == "Aufgabenfeld Nr. 999999"
    assert verlauf.bezeichnung("projekte_bericht", "a-b") == "Bericht"
