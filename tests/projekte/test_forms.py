from datetime import date

import pytest

from bestandsaufnahme.models import Aufgabenfeld
from projekte.auswahl import UEBERGAENGE, WAEHLBARE_STATUS, ProjektStatus
from projekte.forms import MeilensteinFormSet, ProjektForm, waehlbare_status
from projekte.models import Projekt
from tests.fabriken.bestandsaufnahme import AufgabenfeldFactory
from tests.fabriken.projekte import ProjektFactory

pytestmark = pytest.mark.django_db
HEUTE = date(2026, 6, 1)
GUT = {
    "name": "Archiv",
    "status": "idee",
    "beginn": "2026-03-14",
    "beginn_genauigkeit": "tag",
    "ende": "",
    "ende_genauigkeit": "offen",
}


def formular(projekt: Projekt | None = None, *, darf_freigeben: bool = True, **andere: str) -> ProjektForm:
    feld = Aufgabenfeld.objects.first() or AufgabenfeldFactory()
    return ProjektForm(
        {**GUT, "aufgabenfeld": feld.pk, **andere},
        instance=projekt or Projekt(),
        aufgabenfelder=Aufgabenfeld.objects.all(),
        vorgaenger=Projekt.objects.all(),
        darf_freigeben=darf_freigeben,
    )


def satz(*zeilen: dict[str, str], kommunen=()):
    daten = {"m-TOTAL_FORMS": str(len(zeilen)), "m-INITIAL_FORMS": "0"}
    for nummer, zeile in enumerate(zeilen):
        daten |= {f"m-{nummer}-{name}": wert for name, wert in zeile.items()}
    return MeilensteinFormSet(daten, prefix="m", form_kwargs={"kommunen": list(kommunen), "heute": HEUTE})


# --- days with their precision ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("genau", "tag"), [("tag", date(2026, 3, 14)), ("monat", date(2026, 3, 1)), ("jahr", date(2026, 1, 1))]
)
def test_day_is_kept_as_precisely_as_it_is_known(genau, tag):
    geprueft = formular(beginn_genauigkeit=genau)
    assert geprueft.is_valid(), geprueft.errors
    assert geprueft.angaben().beginn == tag


def test_day_in_german_form_is_taken():
    geprueft = formular(beginn="14.03.2026")
    assert geprueft.is_valid(), geprueft.errors
    assert geprueft.angaben().beginn == date(2026, 3, 14)


@pytest.mark.parametrize(
    ("werte", "feld", "satz_"),
    [
        ({"ende": "2026-03-13", "ende_genauigkeit": "tag"}, "ende", "Das Ende liegt vor dem Beginn"),
        ({"ende": "2025-12-31", "ende_genauigkeit": "jahr"}, "ende", "Das Ende liegt vor dem Beginn"),
        ({"ende": "2026-12-31", "ende_genauigkeit": "jahr"}, "ende", "ungenauer angegeben"),
        ({"beginn_genauigkeit": "unbekannt"}, "beginn_genauigkeit", "Sie haben ein Datum angegeben"),
        ({"ende": "2027-01-01"}, "ende_genauigkeit", "Sie haben ein Datum angegeben"),
        ({"beginn": "2026-02-30"}, "beginn", "gültiges Datum"),
        ({"beginn": "0001-01-01"}, "beginn", "Jahr von 1990 bis 2100"),
        ({"beginn": "9999-12-31"}, "beginn", "Jahr von 1990 bis 2100"),
        ({"name": ""}, "name", "Bitte nennen Sie das Projekt"),
        ({"aufgabenfeld": ""}, "aufgabenfeld", "Bitte wählen Sie ein Aufgabenfeld"),
        ({"status": "nicht_angegeben"}, "status", "einen der angebotenen Werte"),
    ],
)
def test_wrong_answer_is_told_at_its_field(werte, feld, satz_):
    geprueft = formular(**werte)
    assert list(geprueft.errors) == [feld]
    assert satz_ in geprueft.errors[feld][0]


def test_end_without_a_day_may_be_open_or_unknown():
    for genau in ("offen", "unbekannt"):
        geprueft = formular(ende_genauigkeit=genau)
        assert geprueft.is_valid(), geprueft.errors
        assert (geprueft.angaben().ende, geprueft.angaben().ende_genauigkeit) == (None, genau)


def test_no_day_means_unknown_whatever_precision_was_left_chosen():
    geprueft = formular(beginn="", beginn_genauigkeit="tag")
    assert geprueft.is_valid(), geprueft.errors
    assert geprueft.cleaned_data["beginn_genauigkeit"] == "unbekannt"


@pytest.mark.parametrize("name", ["Archiv", "archiv", " ARCHIV "])
def test_taken_name_is_told_at_its_field(name):
    ProjektFactory(name="Archiv")
    assert formular(name=name).errors == {"name": ["Ein Projekt mit diesem Namen gibt es schon."]}


def test_own_name_may_change_its_capitals():
    projekt = ProjektFactory(name="Archiv", status="idee")
    geprueft = formular(projekt, name="ARCHIV", version="1")
    assert geprueft.is_valid(), geprueft.errors


# --- status and rights ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ProjektStatus)
def test_choices_are_the_present_status_and_what_may_follow(status):
    choices = waehlbare_status(ProjektFactory(status=status), darf_freigeben=True)
    assert {wert for wert, _ in choices} == {status, *UEBERGAENGE[status]}


def test_new_projekt_may_have_any_status_that_can_be_chosen():
    assert [wert for wert, _ in waehlbare_status(Projekt(), darf_freigeben=True)] == list(WAEHLBARE_STATUS)


def test_without_the_right_neither_publishing_nor_ending_is_offered():
    projekt = ProjektFactory(status=ProjektStatus.BEARBEITUNG)
    eingeschraenkt = formular(
        projekt, darf_freigeben=False, status="eingestellt", veroeffentlicht="on", version="1", beginn="2026-03-14"
    )
    assert "veroeffentlicht" not in eingeschraenkt.fields
    assert list(eingeschraenkt.errors) == ["status"]


def test_fields_that_decide_ownership_are_not_in_the_form():
    assert not {"slug", "leitung", "gruppe", "beispiel", "teilnahme_zitat"} & set(formular().fields)


def test_version_is_asked_for_when_editing():
    assert list(formular(ProjektFactory(), status="bearbeitung").errors) == ["version"]
    assert "version" not in formular().fields


# --- Meilensteine -----------------------------------------------------------------------------------------------------


def test_empty_rows_are_none(kommune):
    geprueft = satz(
        {"name": "Start", "geplant": "2026-09-01", "verantwortlich": kommune.ags}, {"name": ""}, kommunen=[kommune]
    )
    assert geprueft.is_valid(), geprueft.errors
    [angabe] = geprueft.angaben()
    assert (angabe.pk, angabe.name, angabe.geplant, angabe.verantwortlich) == (None, "Start", date(2026, 9, 1), kommune)


@pytest.mark.parametrize(
    ("zeile", "feld", "satz_"),
    [
        ({"name": "Start"}, "geplant", "Bitte geben Sie den geplanten Tag an."),
        ({"geplant": "2026-09-01"}, "name", "Bitte nennen Sie den Meilenstein."),
        ({"name": "Start", "geplant": "2026-05-01", "erreicht": "2026-06-02"}, "erreicht", "liegt in der Zukunft"),
        (
            {"name": "Start", "geplant": "2026-05-01", "verantwortlich": "99"},
            "verantwortlich",
            "einen der angebotenen Werte",
        ),
        ({"name": "Start", "geplant": "3000-01-01"}, "geplant", "Jahr von 1990 bis 2100"),
    ],
)
def test_wrong_row_is_told_at_its_field(zeile, feld, satz_):
    geprueft = satz(zeile)
    assert not geprueft.is_valid()
    assert satz_ in geprueft.forms[0].errors[feld][0]


def test_row_in_a_summary_says_which_meilenstein_it_is():
    geprueft = satz({"name": "Auftakt"}, {"geplant": "2026-09-01"})
    erste, zweite = [[feld.label for feld in zeile if feld.errors] for zeile in geprueft]
    assert erste == ["Meilenstein „Auftakt“, geplant am"]
    assert zweite == ["Meilenstein 2, Name"]
    assert geprueft.forms[0]["geplant"].label == "geplant am"


def test_two_rows_of_a_name_are_refused():
    geprueft = satz(*[{"name": "Start", "geplant": "2026-09-01"}] * 2)
    assert not geprueft.is_valid()
    assert "hat das Projekt schon" in geprueft.forms[1].errors["name"][0]


def test_row_to_be_deleted_needs_nothing_else():
    geprueft = satz({"id": "7", "name": "", "DELETE": "on"})
    assert geprueft.is_valid(), geprueft.errors
    assert (geprueft.angaben(), geprueft.geloeschte()) == ([], [7])


def test_too_many_rows_are_refused():
    geprueft = satz(*[{"name": str(nummer), "geplant": "2026-09-01"} for nummer in range(101)])
    assert not geprueft.is_valid()
