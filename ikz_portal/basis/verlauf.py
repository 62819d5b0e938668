"""The record as people read it: who, when, what, and each field in words before and after. Knows no app.

Models are found by their tables. What an older version of the portal wrote, of tables or columns that are gone, is
shown as it stands.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.db.models import Func, JSONField, Q, Value
from django.utils import timezone
from django.utils.text import capfirst

from ikz_portal.basis.ausloeser import protokolliert
from ikz_portal.basis.auswahl import AenderungArt
from ikz_portal.basis.feldworte import Wert, gekuerzt, in_worten, lesbar
from ikz_portal.basis.formate import LEER, beide_namen, zeitpunkt
from ikz_portal.basis.models import Aenderung
from ikz_portal.basis.models.aenderung import AenderungQuerySet

# Columns that name a row, the best first; whatever row has none of them is „Nr. 17“.
NAMEN = ("name", "titel", "bezeichnung", "kurzname", "dateiname")
NICHT_MEHR_BEKANNT = "nicht mehr bekannt"
VERDECKT = "nicht einsehbar"

Schluessel = tuple[str, str]


# --- what is shown ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Feldzeile:
    feld: str
    vorher: Wert
    nachher: Wert


@dataclass(frozen=True, slots=True)
class Eintrag:
    """What happened to one row. `ganzes` names what it is a part of, `zu` is the address of that in the record."""

    art: AenderungArt
    was: str
    name: str
    ganzes: str
    zu: str
    felder: tuple[Feldzeile, ...]

    @property
    def geaendert(self) -> bool:
        return self.art == AenderungArt.AENDERUNG


@dataclass(frozen=True, slots=True)
class Vorgang:
    """What somebody did at once: one form, one command, one job."""

    am: datetime
    wer: str
    eintraege: tuple[Eintrag, ...]

    @property
    def wann(self) -> str:
        return zeitpunkt(self.am)


# --- which rows -------------------------------------------------------------------------------------------------------
class _OhneVersion(Func):
    template = "(%(expressions)s - 'version')"
    output_field = JSONField()


def lesbare(aenderungen: AenderungQuerySet) -> AenderungQuerySet:
    """Leave out what only counted a version: something else was changed then, and has an entry of its own."""
    zaehlende = [m._meta.db_table for m in protokollierte_modelle() if _ist_zaehler(_felder(m._meta.db_table))]
    nur_version = Q(art=AenderungArt.AENDERUNG, tabelle__in=zaehlende, rest=Value({}, JSONField()))
    return aenderungen.alias(rest=_OhneVersion("vorher")).exclude(nur_version)


def _ist_zaehler(felder: dict[str, Any]) -> bool:
    return "version" in felder and not felder["version"].editable


@cache
def protokollierte_modelle() -> tuple[type[models.Model], ...]:
    """Return the models whose rows the record keeps; for a relation without a model, the proxy that stands for it."""
    alle = apps.get_models(include_auto_created=True)
    return tuple(m for m in alle if any(isinstance(t, protokolliert) for t in getattr(m._meta, "triggers", ())))


@cache
def modell(tabelle: str) -> type[models.Model] | None:
    """Return the model of a table, None for one that an older version of the portal had."""
    return next((m for m in protokollierte_modelle() if m._meta.db_table == tabelle), None)


@cache
def _tabellen(merkmal: str) -> frozenset[str]:
    alle: Any = protokollierte_modelle()
    return frozenset(m._meta.db_table for m in alle if any(getattr(t, merkmal, False) for t in m._meta.triggers))


@cache
def _felder(tabelle: str) -> dict[str, Any]:
    gefunden = modell(tabelle)
    return {str(feld.column): feld for feld in gefunden._meta.concrete_fields} if gefunden else {}


# --- reading ----------------------------------------------------------------------------------------------------------
def vorgaenge(aenderungen: Iterable[Aenderung]) -> list[Vorgang]:
    """Return the changes, handed in newest first, as people read them; one query for all names in them.

    `konto` and `fuer` are loaded. Where a row has the attribute `verdeckt`, what held before it stays hidden; of the
    columns in `verschwiegen` it tells nothing.
    """
    zeilen = list(aenderungen)
    namen = _namen({schluessel for zeile in zeilen for schluessel in _genannte(zeile)})
    return [_vorgang(gruppe, namen) for gruppe in _gruppen(zeilen)]


def _gruppen(zeilen: Sequence[Aenderung]) -> list[list[Aenderung]]:
    return [list(gruppe) for _, gruppe in groupby(zeilen, key=lambda zeile: zeile.vorgang or zeile.pk)]


def _vorgang(zeilen: Sequence[Aenderung], namen: dict[Schluessel, str]) -> Vorgang:
    """Tell it in the order in which it happened; several changes of one row are one entry, as are the steps of it."""
    je_zeile: dict[Schluessel, list[Aenderung]] = {}
    for zeile in reversed(zeilen):
        je_zeile.setdefault((zeile.tabelle, zeile.objekt), []).append(zeile)
    eintraege = [_eintrag(schritte, namen) for schritte in je_zeile.values()]
    gesagte = tuple(eintrag for eintrag in eintraege if eintrag.felder or not eintrag.geaendert)
    return Vorgang(zeilen[0].am, wer(zeilen[0]), gesagte)


def _eintrag(schritte: Sequence[Aenderung], namen: dict[Schluessel, str]) -> Eintrag:
    erste, letzte = schritte[0], schritte[-1]
    art = AenderungArt.ANLAGE if erste.art == AenderungArt.ANLAGE else AenderungArt(letzte.art)
    if letzte.art == AenderungArt.LOESCHUNG:
        art = AenderungArt.LOESCHUNG
    klasse = modell(letzte.tabelle)
    ist_teil = (letzte.wurzel_tabelle, letzte.wurzel) != (letzte.tabelle, letzte.objekt)
    return Eintrag(
        art=art,
        was=str(klasse._meta.verbose_name) if klasse else letzte.tabelle,
        name=_eigener_name(letzte, namen),
        ganzes=bezeichnung(letzte.wurzel_tabelle, letzte.wurzel, namen) if ist_teil else "",
        zu=f"{letzte.wurzel_tabelle}:{letzte.wurzel}",
        felder=tuple(_feldzeilen(art, erste, letzte, namen)),
    )


def wer(zeile: Aenderung) -> str:
    """Say who stands behind a change: a person, in whose place it may be, or what the portal does by itself."""
    if zeile.konto_id is not None:
        return beide_namen(zeile.konto or NICHT_MEHR_BEKANNT, zeile.fuer)
    if zeile.quelle.startswith("/"):
        vergessen = timezone.now() - timedelta(days=settings.FRISTEN["protokoll"])
        vergisst = zeile.am < vergessen or zeile.tabelle in _tabellen("vergisst")
        return NICHT_MEHR_BEKANNT if vergisst else "ohne Anmeldung"
    return _system(zeile.quelle)


def _system(quelle: str) -> str:
    if not quelle:
        return "unmittelbar in der Datenbank"
    art, _, name = quelle.partition(" ")
    if art == "Auftrag":
        return f"Hintergrundauftrag „{name.replace('_', ' ')}“"
    return f"Befehl „{name}“" if art == "manage.py" else quelle


# --- names ------------------------------------------------------------------------------------------------------------
def _genannte(zeile: Aenderung) -> Iterable[Schluessel]:
    """Yield the rows that the entry of this one may name: the whole, and what its columns refer to."""
    if (zeile.wurzel_tabelle, zeile.wurzel) != (zeile.tabelle, zeile.objekt):
        yield zeile.wurzel_tabelle, zeile.wurzel
    for spalte, feld in _felder(zeile.tabelle).items():
        if feld.is_relation:
            ziel = feld.related_model._meta.db_table
            for stand in (zeile.stand, zeile.vorher or {}):
                if stand.get(spalte) is not None:
                    yield ziel, str(stand[spalte])


def _namen(schluessel: set[Schluessel]) -> dict[Schluessel, str]:
    """Return their names out of the record, so that what is deleted has one too; one query however many they are."""
    offene = sorted(eins for eins in schluessel if eins[0] not in _tabellen("vertraulich"))
    if not offene:
        return {}
    tabellen, objekte = zip(*offene, strict=True)
    spalten = ", ".join(f"NULLIF(stand ->> '{name}', '')" for name in NAMEN)
    with connection.cursor() as zeiger:
        zeiger.execute(
            f"""
            SELECT gesucht.tabelle, gesucht.objekt, juengste.name
            FROM unnest(%s::text[], %s::text[]) AS gesucht (tabelle, objekt)
            CROSS JOIN LATERAL (
                SELECT COALESCE({spalten}, 'Nr. ' || (stand ->> 'nummer')) AS name FROM basis_aenderung
                WHERE tabelle = gesucht.tabelle AND objekt = gesucht.objekt ORDER BY id DESC LIMIT 1
            ) AS juengste
            WHERE juengste.name IS NOT NULL
            """,  # noqa: S608  # constants of this module
            [list(tabellen), list(objekte)],
        )
        return {(tabelle, objekt): name for tabelle, objekt, name in zeiger.fetchall()}


def _name(schluessel: Schluessel, namen: dict[Schluessel, str]) -> str:
    return namen.get(schluessel) or _nummer(schluessel[1])


def _nummer(objekt: str) -> str:
    """Return „Nr. 17“, nothing for a key that says nothing to anybody."""
    return f"Nr. {objekt}" if objekt.isdecimal() else ""


def _eigener_name(zeile: Aenderung, namen: dict[Schluessel, str]) -> str:
    """Return the name that the row had then; without one, whom and what it connects, or of which day it is."""
    for spalte in NAMEN:
        if name := zeile.stand.get(spalte):
            return str(name)
    teile = [name for ziel in _verbundene(zeile) if not (name := _name(ziel, namen)).startswith("Nr. ")][:2]
    felder = _felder(zeile.tabelle)
    if "stichtag" in felder and zeile.stand.get("stichtag"):
        teile.append(f"zum {in_worten(felder['stichtag'], zeile.stand['stichtag'])}")
    if not teile and zeile.stand.get("nummer"):
        return f"Nr. {zeile.stand['nummer']}"
    return ", ".join(teile) or _nummer(zeile.objekt)


def _verbundene(zeile: Aenderung) -> Iterable[Schluessel]:
    for spalte, feld in _felder(zeile.tabelle).items():
        if feld.many_to_one and zeile.stand.get(spalte) is not None:
            ziel = (feld.related_model._meta.db_table, str(zeile.stand[spalte]))
            if ziel != (zeile.wurzel_tabelle, zeile.wurzel):
                yield ziel


def bezeichnung(tabelle: str, objekt: str, namen: dict[Schluessel, str] | None = None) -> str:
    """Return „Projekt „Archiv““ for a row, „Projekt Nr. 17“ where the record has no name; a query without `namen`."""
    namen = _namen({(tabelle, objekt)}) if namen is None else namen
    klasse = modell(tabelle)
    art = str(klasse._meta.verbose_name) if klasse else tabelle
    name = namen.get((tabelle, objekt))
    return f"{art} „{name}“" if name else f"{art} {_nummer(objekt)}".strip()


# --- fields -----------------------------------------------------------------------------------------------------------
def _feldzeilen(
    art: AenderungArt, erste: Aenderung, letzte: Aenderung, namen: dict[Schluessel, str]
) -> Iterable[Feldzeile]:
    """Yield the fields that say something else than before; of a new or a deleted row all that say something."""
    verdeckt = bool(getattr(erste, "verdeckt", False))
    verschwiegen = {spalte for zeile in (erste, letzte) for spalte in getattr(zeile, "verschwiegen", ())}
    alt = {} if art == AenderungArt.ANLAGE or verdeckt else {**erste.stand, **(erste.vorher or {})}
    neu = {} if art == AenderungArt.LOESCHUNG else letzte.stand
    felder = _felder(letzte.tabelle)
    for spalte in [*felder, *sorted({*alt, *neu} - set(felder))]:
        feld = felder.get(spalte)
        if spalte in verschwiegen or spalte not in {*alt, *neu} or _ist_beiwerk(spalte, feld, letzte, felder):
            continue
        vorher, nachher = _in_worten(spalte, alt, letzte, namen), _in_worten(spalte, neu, letzte, namen)
        if vorher != nachher:
            zeile = Feldzeile(_label(spalte, feld), *gekuerzt(vorher, nachher))
            yield replace(zeile, vorher=Wert(VERDECKT)) if verdeckt else zeile


def _ist_beiwerk(spalte: str, feld: Any, zeile: Aenderung, felder: dict[str, Any]) -> bool:
    """Tell what says nothing to a person: keys, counters, times of writing, the whole that stands beside it anyway."""
    if feld is None:
        return False
    if not feld.editable or feld.primary_key or spalte.removesuffix("_genauigkeit") in felder.keys() - {spalte}:
        return True
    if not feld.is_relation:
        return False
    ziel = feld.related_model._meta.db_table
    return modell(ziel) is None or (ziel, str(zeile.stand.get(spalte))) == (zeile.wurzel_tabelle, zeile.wurzel)


def _label(spalte: str, feld: Any) -> str:
    if feld is None:
        return str(capfirst(lesbar(spalte)))
    unbenannt = feld.is_relation and feld.verbose_name == lesbar(feld.name)  # of a relation's own table
    return str(capfirst(feld.related_model._meta.verbose_name if unbenannt else feld.verbose_name))


def _in_worten(spalte: str, stand: dict[str, Any], zeile: Aenderung, namen: dict[Schluessel, str]) -> str:
    wert, feld = stand.get(spalte), _felder(zeile.tabelle).get(spalte)
    if feld is not None and feld.is_relation:
        return LEER if wert is None else _name((feld.related_model._meta.db_table, str(wert)), namen) or LEER
    genauigkeit = stand.get(f"{spalte}_genauigkeit")
    return in_worten(feld, wert, genauigkeit=genauigkeit if isinstance(genauigkeit, str) else "")
