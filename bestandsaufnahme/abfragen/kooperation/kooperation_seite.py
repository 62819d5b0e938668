"""What the page of one Kooperation tells beside its participants."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet

from bestandsaufnahme.abfragen.kooperation.kooperation_liste import zeit_in_worten
from bestandsaufnahme.abfragen.matrix.fussnoten import QUELLE, angaben, seit_in_worten
from bestandsaufnahme.auswahl import Rechtsform
from bestandsaufnahme.models import Bestaetigung, Beteiligung, Kooperation, Kooperationsstand
from bestandsaufnahme.models.stand import BESCHREIBUNG
from ikz_portal.basis.auswahl import AenderungArt
from ikz_portal.basis.formate import beide_namen, tag
from ikz_portal.basis.models import Aenderung, Statuswechsel
from kommunen.models import Kommune

# Told on the page in another place, or in more words.
ANDERSWO = {"Externe Partner", "Seit"}
WORTE = {
    "bezeichnung": "Bezeichnung",
    "erlaeuterung": "Erläuterung",
    "rechtsform_hinweis": "Hinweis zur Rechtsform",
    "quelle": QUELLE,
    "sicherheit": "Sicherheit der Lesart",
}


@dataclass(frozen=True, slots=True)
class FruehererStand:
    """How it was described up to a day, as far as that was otherwise than it is now; by which round it changed."""

    bezeichnung: str
    bis: str
    angaben: list[tuple[str, str]]
    erhebung: str


@dataclass(frozen=True, slots=True)
class Bestaetigungszeile:
    am: str
    wer: str
    erhebung: str


@dataclass(frozen=True, slots=True)
class Entfernte:
    kommune: str
    am: str
    durch: str
    grund: str


def fakten(kooperation: Kooperation, *, bestaetigt: date | None) -> list[tuple[str, str]]:
    """Take it as `am_tag` returns it."""
    bekannt = [(n, wert) for n, wert in angaben(kooperation, bestaetigt=bestaetigt) if n not in ANDERSWO]
    return [("Zeitraum", zeit_in_worten(kooperation)), *bekannt]


def partner(kooperation: Kooperation, adressen: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (name, address), without one where the page of the partner is not to be seen."""
    namen: list[str] = getattr(kooperation, "partnernamen", [])
    return [(name, adressen.get(name, "")) for name in namen]


def fruehere_staende(kooperation: Kooperation, *, heute: date, geheime: Collection[int] = ()) -> list[FruehererStand]:
    """Return the earlier descriptions, the newest first. What a secret round replaced is how it is described today."""
    staende = list(kooperation.staende.select_related("erhebung").order_by("bis"))
    erster_geheimer = next((s.bis for s in staende if s.erhebung_id in geheime), date.max)
    gezeigte = [s for s in staende if s.bis <= heute and s.bis < erster_geheimer]
    return [_frueherer(stand, kooperation) for stand in reversed(gezeigte)]


def _frueherer(stand: Kooperationsstand, heutige: Kooperation) -> FruehererStand:
    paare = []
    for feld in BESCHREIBUNG:
        damals = getattr(stand, feld)
        if damals == getattr(heutige, feld) or feld == "bezeichnung":
            continue
        if feld == "rechtsform":
            paare.append(("Rechtsform", str(Rechtsform(damals).label)))
        else:
            paare.append((WORTE[feld], damals or "keine Angabe"))
    if stand.seit_genauigkeit and seit_in_worten(stand) != seit_in_worten(heutige):
        paare.append(("Seit", seit_in_worten(stand) or "keine Angabe"))
    if set(stand.externe_partner) != set(getattr(heutige, "partnernamen", [])):
        paare.append(("Externe Partner", ", ".join(stand.externe_partner) or "keine"))
    return FruehererStand(stand.bezeichnung, tag(stand.bis), paare, str(stand.erhebung or ""))


def bestaetigungen(
    kooperation: Kooperation, *, mit_namen: bool, geheime: Collection[int] = ()
) -> list[Bestaetigungszeile]:
    """Return who confirmed it when, the newest first; persons only with `mit_namen`."""
    alle: QuerySet[Bestaetigung] = kooperation.bestaetigungen.filter(
        Q(erhebung__isnull=True) | ~Q(erhebung__in=geheime)
    )
    geladen = alle.select_related("kommune", "erhebung", "durch", "fuer").order_by("-am", "kommune__sortierung")
    return [_bestaetigung(eine, mit_namen=mit_namen) for eine in geladen]


def _bestaetigung(eine: Bestaetigung, *, mit_namen: bool) -> Bestaetigungszeile:
    wer = str(eine.kommune) if eine.kommune else "im Ganzen"
    person = beide_namen(eine.durch, eine.fuer) if mit_namen else ""
    return Bestaetigungszeile(tag(eine.am), f"{wer} ({person})" if person else wer, str(eine.erhebung or ""))


def entfernte(kooperation: Kooperation) -> list[Entfernte]:
    """Return the rows that were entered by mistake and taken away, the last one first. Three queries, mostly one."""
    geloescht = Aenderung.objects.von(kooperation).filter(
        tabelle=Beteiligung._meta.db_table, art=AenderungArt.LOESCHUNG
    )
    kommunen = {int(eine.objekt): eine.stand["kommune_id"] for eine in geloescht}
    if not kommunen:
        return []
    namen = Kommune.objects.in_bulk(kommunen.values())
    wechsel = Statuswechsel.objects.filter(
        content_type=ContentType.objects.get_for_model(Beteiligung), objekt_id__in=kommunen
    )
    return [
        Entfernte(str(namen[kommunen[eine.objekt_id]]), tag(eine.gueltig_ab), str(eine.durch or ""), eine.grund)
        for eine in wechsel.select_related("durch").order_by("-gueltig_ab", "-pk")
    ]
