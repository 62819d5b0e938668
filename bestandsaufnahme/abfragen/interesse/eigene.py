"""The declarations of the Kommunen that somebody acts for, by what is to be done with them next."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from bestandsaufnahme.abfragen.interesse.interesse import InteresseZeile, stand, zeilen
from bestandsaufnahme.auswahl import ABLAUF_MELDEN_TAGE, GUELTIGE_INTERESSEN, InteresseStatus
from bestandsaufnahme.models import Interessenbekundung
from kommunen.models import Kommune

Gleiches = tuple[int | None, int | None, str]


@dataclass(frozen=True, slots=True)
class EigeneZeile:
    """A row. `frist` counts the days where few are left; `wieder` leads to the one that runs for the same again."""

    pk: int
    zeile: InteresseZeile
    frist: str
    unvollstaendig: bool
    wieder: str


@dataclass(frozen=True, slots=True)
class EigeneInteressen:
    """Those of one Kommune; `darf_bestaetigen`: the person is its head, or stands in for it."""

    kommune: str
    ags: str
    darf_bestaetigen: bool
    entwuerfe: list[EigeneZeile] = field(default_factory=list)
    wartende: list[EigeneZeile] = field(default_factory=list)
    laufende: list[EigeneZeile] = field(default_factory=list)
    fruehere: list[EigeneZeile] = field(default_factory=list)

    @property
    def leer(self) -> bool:
        return not (self.entwuerfe or self.wartende or self.laufende or self.fruehere)


def je_kommune(
    kommunen: Iterable[Kommune],
    interessen: Iterable[Interessenbekundung],
    *,
    bestaetigbar: Container[int],
    heute: date,
) -> list[EigeneInteressen]:
    """Take the declarations with what a row names (`mit_allem`), and the Kommunen whose head the person acts as."""
    je: dict[int, list[Interessenbekundung]] = {}
    for interesse in interessen:
        je.setdefault(interesse.kommune_id, []).append(interesse)
    return [
        _sortiert(
            EigeneInteressen(kommune.name, kommune.ags, kommune.pk in bestaetigbar), je.get(kommune.pk, []), heute
        )
        for kommune in kommunen
    ]


def _sortiert(seite: EigeneInteressen, interessen: Sequence[Interessenbekundung], heute: date) -> EigeneInteressen:
    aktive = {_gleiches(i): i.get_absolute_url() for i in interessen if not _vorbei(i, heute)}
    for interesse, zeile in zip(interessen, zeilen(interessen, heute=heute), strict=True):
        eigene = EigeneZeile(
            pk=interesse.pk,
            zeile=zeile,
            frist=_frist(interesse, heute),
            unvollstaendig=not interesse.wofuer,
            wieder=aktive.get(_gleiches(interesse), "") if _vorbei(interesse, heute) else "",
        )
        _gruppe(seite, zeile).append(eigene)
    seite.laufende.sort(key=lambda eigene: not eigene.frist)
    return seite


def _gruppe(seite: EigeneInteressen, zeile: InteresseZeile) -> list[EigeneZeile]:
    if zeile.stand == InteresseStatus.ENTWURF:
        return seite.entwuerfe
    if zeile.stand not in GUELTIGE_INTERESSEN:
        return seite.fruehere
    return seite.wartende if zeile.unbestaetigt else seite.laufende


def _gleiches(interesse: Interessenbekundung) -> Gleiches:
    return interesse.aufgabenfeld_id, interesse.kooperationsfeld_id, interesse.art


def _vorbei(interesse: Interessenbekundung, heute: date) -> bool:
    return stand(interesse, heute) in {InteresseStatus.ZURUECKGEZOGEN, InteresseStatus.ABGELAUFEN}


def _frist(interesse: Interessenbekundung, heute: date) -> str:
    """Count the days that a filed one still runs, where they are few."""
    if interesse.gueltig_bis is None or stand(interesse, heute) not in GUELTIGE_INTERESSEN:
        return ""
    tage = (interesse.gueltig_bis - heute).days
    if tage > ABLAUF_MELDEN_TAGE:
        return ""
    return {0: "läuft heute ab", 1: "läuft morgen ab"}.get(tage, f"läuft in {tage} Tagen ab")
