"""Reading survey rounds: rows of the list, facts of one, and what its questionnaires look like."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from bestandsaufnahme.auswahl import OFFENE_FRAGEBOEGEN, Aussage, ErhebungStatus
from bestandsaufnahme.fragenkatalog import ANLAGE_1, ANLAGE_2, Antwortform, Frage, gewaehlte
from bestandsaufnahme.models import Erhebung, Fragebogen
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.formate import tag, zeitraum

ANLAGEN = {ANLAGE_1: "Anlage 1: Städte und Gemeinden", ANLAGE_2: "Anlage 2: Kreis"}
# What every questionnaire asks at each Kooperation, whatever else the round chose.
IMMER = (
    ("Gilt die Kooperation noch?", "eine von: gilt noch, geändert, beendet"),
    ("Status, Rolle, Rechtsform, seit wann", "vorausgefüllt, zum Ändern"),
)
FORM_IN_WORTEN = {
    Antwortform.KURZTEXT: "kurzer Text",
    Antwortform.TEXT: "Text",
    Antwortform.JA_NEIN: "ja oder nein",
    Antwortform.ZAHL: "Zahl",
    Antwortform.DATUM: "Datum",
    Antwortform.AUSWAHL: "eine von",
    Antwortform.MEHRFACH: "beliebig viele von",
    Antwortform.KOMMUNEN: "Auswahl der Kommunen",
    Antwortform.ERFOLGSFAKTOREN: "Auswahl der Erfolgsfaktoren",
    Antwortform.HEMMNISSE: "Auswahl der Hemmnisse",
    Antwortform.JE_AUFGABENFELD: f"je Aufgabenfeld: {Aussage.JA}, {Aussage.BEDINGT} oder {Aussage.NEIN}",
}


@dataclass(frozen=True)
class ErhebungZeile:
    """A row of the list; `faellig` is empty but for a round that runs, `zurueck` None where nobody was asked."""

    url: str
    name: str
    status: ErhebungStatus
    stichtag: str
    frist: str
    faellig: str
    zurueck: int | None
    gesamt: int | None
    ueberliefert: bool
    beispiel: bool


@dataclass(frozen=True)
class Vorschau:
    """What the questionnaire of one Anlage asks: pairs of question and form of the answer, with help."""

    titel: str
    je_kooperation: list[tuple[str, str, str]]
    einmal: list[tuple[str, str, str]]


def mit_ruecklauf(erhebungen: QuerySet[Erhebung]) -> QuerySet[Erhebung]:
    """Annotate how many Fragebögen there are (`gesamt`), and how many of them came back (`zurueck`)."""
    alle = Fragebogen.objects.filter(erhebung=OuterRef("pk"))
    zurueck = alle.exclude(status__in=OFFENE_FRAGEBOEGEN)
    return erhebungen.annotate(gesamt=anzahl_je(alle, "erhebung"), zurueck=anzahl_je(zurueck, "erhebung"))


def anzahl_je(zeilen: QuerySet[Any], spalte: str) -> Coalesce:
    """Count in a query of its own: a join of the rows that may be seen would count these alone."""
    gezaehlt = zeilen.order_by().values(spalte).annotate(anzahl=Count("pk")).values("anzahl")
    return Coalesce(Subquery(gezaehlt, output_field=IntegerField()), Value(0))


def zeilen(erhebungen: Iterable[Erhebung], *, heute: date) -> list[ErhebungZeile]:
    """Take them with their counts (`mit_ruecklauf`)."""
    return [_zeile(erhebung, heute) for erhebung in erhebungen]


def _zeile(erhebung: Erhebung, heute: date) -> ErhebungZeile:
    gesamt, zurueck = getattr(erhebung, "gesamt", 0), getattr(erhebung, "zurueck", 0)
    return ErhebungZeile(
        url=erhebung.get_absolute_url(),
        name=erhebung.name,
        status=erhebung.marke_des_status,
        stichtag=tag(erhebung.stichtag),
        frist=tag(erhebung.frist),
        faellig=faellig(erhebung, heute=heute),
        zurueck=zurueck if gesamt else None,
        gesamt=gesamt or None,
        ueberliefert=not gesamt and erhebung.status != ErhebungStatus.VORBEREITUNG,
        beispiel=erhebung.beispiel,
    )


def faellig(erhebung: Erhebung, *, heute: date) -> str:
    """Return „fällig in 5 Tagen“ or „seit 3 Tagen überfällig“ while the round runs."""
    return faellig_in_worten(erhebung.frist, heute=heute) if erhebung.status == ErhebungStatus.LAEUFT else ""


def faellig_in_worten(frist: date | None, *, heute: date) -> str:
    if frist is None:
        return ""
    tage = (frist - heute).days
    nah = {0: "fällig heute", 1: "fällig morgen", -1: "seit gestern überfällig"}
    if tage in nah:
        return nah[tage]
    return f"fällig in {tage} Tagen" if tage > 0 else f"seit {-tage} Tagen überfällig"


def fakten(erhebung: Erhebung, *, mit_quelle: bool = True) -> list[tuple[str, str]]:
    """Return what is known of the round, as pairs for the page."""
    laeuft = erhebung.status != ErhebungStatus.ABGESCHLOSSEN and erhebung.ende is None
    bis_genauigkeit = Genauigkeit.OFFEN if laeuft else erhebung.ende_genauigkeit
    spanne = (erhebung.beginn, erhebung.beginn_genauigkeit, erhebung.ende, bis_genauigkeit)
    paare = [
        ("Stichtag", tag(erhebung.stichtag)),
        ("Zeitraum", zeitraum(*spanne) if erhebung.beginn or erhebung.ende else ""),
        ("Rückmeldefrist", tag(erhebung.frist) if erhebung.frist else ""),
        ("Rücklauf geschlossen", tag(erhebung.ruecklauf_bis) if erhebung.ruecklauf_bis else ""),
        ("Quelle", erhebung.quelle if mit_quelle else ""),
    ]
    return [(name, wert) for name, wert in paare if wert]


def vorschau(fragen: Sequence[str]) -> list[Vorschau]:
    """Return how the questionnaires look with these questions, one for each Anlage."""
    return [
        Vorschau(
            titel,
            [(frage, form, "") for frage, form in IMMER] + _fragen(fragen, anlage, je_kooperation=True),
            _fragen(fragen, anlage, je_kooperation=False),
        )
        for anlage, titel in ANLAGEN.items()
    ]


def _fragen(fragen: Sequence[str], anlage: int, *, je_kooperation: bool) -> list[tuple[str, str, str]]:
    return [
        (frage.text, _form(frage), frage.hilfe)
        for frage in gewaehlte(fragen, anlage=anlage, je_kooperation=je_kooperation)
    ]


def _form(frage: Frage) -> str:
    worte = FORM_IN_WORTEN[frage.form]
    return f"{worte}: {', '.join(frage.optionen)}" if frage.optionen else worte
