"""The matrix on a day: Kooperationsfelder × Kommunen with marks and footnotes, as plain values for the template."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Min, OuterRef, Q, QuerySet, Subquery

from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, Rechtsform
from bestandsaufnahme.models import (
    Bestaetigung,
    Erhebung,
    ExternerPartner,
    Kooperation,
    Kooperationsfeld,
    Kooperationsstand,
)
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet
from bestandsaufnahme.models.stand import BESCHREIBUNG
from ikz_portal.basis.formate import tag, ungefaehr
from kommunen.models import Kommune

# Marks as the survey prints them → id in symbole.svg; any other mark stands as text.
SYMBOLE = {"■": "quadrat", "□": "quadrat-leer", "●": "punkt", "⊕": "kreis-plus", "+": "plus"}
QUELLE, ZULETZT_BESTAETIGT = "Quelle", "Zuletzt bestätigt"

REIHENFOLGE = ("kooperationsfeld__aufgabenfeld__reihenfolge", "kooperationsfeld__reihenfolge", "symbol", "pk")


@dataclass(frozen=True)
class Zeichen:
    """One mark: what is drawn, what it says, and the number of its footnote."""

    symbol: str
    zeichen: str
    klasse: str
    fussnote: int
    ansage: str
    titel: str


@dataclass(frozen=True)
class Feldzeile:
    """A row; a cell is (short name of the Kommune, its marks)."""

    name: str
    fussnoten: list[int]
    zellen: list[tuple[str, list[Zeichen]]]


@dataclass(frozen=True)
class Gruppe:
    name: str
    slug: str
    zeilen: list[Feldzeile]


@dataclass(frozen=True)
class Fussnote:
    nummer: int
    symbol: str
    zeichen: str
    bezeichnung: str
    url: str
    feld: str
    erlaeuterung: str
    unbestaetigt: str
    angaben: list[tuple[str, str]]


@dataclass(frozen=True)
class Matrix:
    gruppen: list[Gruppe]
    fussnoten: list[Fussnote]
    anzahl_zeichen: int
    unbestaetigt: str
    gemeinsame_quelle: str

    @property
    def anzahl_kooperationen(self) -> int:
        return len(self.fussnoten)


@dataclass(frozen=True)
class _Eintrag:
    """A Kooperation with its number, the last confirmation up to the day, and whether that lies before the day."""

    nummer: int
    kooperation: Kooperation
    bestaetigt: date | None
    veraltet: bool

    @property
    def unbestaetigt(self) -> str:
        return f"zuletzt bestätigt {tag(self.bestaetigt)}" if self.veraltet else ""


def erhebung_vom(erhebungen: Iterable[Erhebung], stichtag: date) -> Erhebung | None:
    """Return the last of these rounds up to the day: its note tells how the marks are to be read."""
    return next((erhebung for erhebung in erhebungen if erhebung.stichtag <= stichtag), None)


def erster_tag(beteiligungen: BeteiligungQuerySet) -> date | None:
    """Return the first day for which anything is known."""
    return beteiligungen.order_by().aggregate(erster=Min("gilt_ab"))["erster"]


def matrix(
    beteiligungen: BeteiligungQuerySet,
    *,
    felder: QuerySet[Kooperationsfeld],
    kommunen: Sequence[Kommune],
    stichtag: date,
    geheime: Collection[int] = (),
    leere_zeilen: bool = True,
) -> Matrix:
    """Take the Beteiligungen of one day. Rows without a mark are left out where a filter asks for certain marks.

    `geheime` are the rounds (keys) that nothing is told of.
    """
    namen = {kommune.pk: kommune.name for kommune in kommunen}
    werte = list(
        beteiligungen.filter(kommune__in=namen)
        .order_by("kooperation__symbol", "kooperation_id")
        .values_list("kooperation_id", "kommune_id", "status", "rolle")
    )
    eintraege = _eintraege({wert[0] for wert in werte}, stichtag, geheime)
    quelle = _gemeinsame_quelle(eintraege.values())
    return Matrix(
        gruppen=_gruppen(felder, kommunen, _zellen(werte, eintraege, namen), leere_zeilen=leere_zeilen),
        fussnoten=[_fussnote(eintrag, mit_quelle=not quelle) for eintrag in eintraege.values()],
        anzahl_zeichen=len(werte),
        unbestaetigt=_unbestaetigt(eintraege.values()),
        gemeinsame_quelle=quelle,
    )


def _zellen(
    werte: list[tuple[int, int, str, str]], eintraege: dict[int, _Eintrag], namen: dict[int, str]
) -> dict[tuple[int, int], list[Zeichen]]:
    """Return the marks of every cell, by the ids of Kooperationsfeld and Kommune."""
    zellen: dict[tuple[int, int], list[Zeichen]] = defaultdict(list)
    for kooperation_id, kommune_id, status, rolle in werte:
        eintrag = eintraege[kooperation_id]
        zeichen = _zeichen(eintrag, namen[kommune_id], status, rolle)
        zellen[eintrag.kooperation.kooperationsfeld_id, kommune_id].append(zeichen)
    return zellen


def angaben(kooperation: Kooperation, *, bestaetigt: date | None) -> list[tuple[str, str]]:
    """Return what is known of a Kooperation (`am_tag`) beside its name, as (label, value)."""
    rechtsform = Rechtsform(kooperation.rechtsform).label
    if kooperation.rechtsform_hinweis:
        rechtsform = f"{rechtsform} – {kooperation.rechtsform_hinweis}"
    seit = ungefaehr(kooperation.seit, kooperation.seit_genauigkeit)
    partner: list[str] = getattr(kooperation, "partnernamen", [])
    paare = [
        ("Externe Partner", ", ".join(partner)),
        ("Rechtsform", rechtsform),
        ("Seit", f"{seit} ({kooperation.zeit_hinweis})" if kooperation.zeit_hinweis else seit),
        (ZULETZT_BESTAETIGT, tag(bestaetigt) if bestaetigt else ""),
        ("Sicherheit der Lesart", kooperation.sicherheit),
        (QUELLE, kooperation.quelle),
    ]
    return [(name, wert) for name, wert in paare if wert]


def _eintraege(schluessel: Iterable[int], stichtag: date, geheime: Collection[int]) -> dict[int, _Eintrag]:
    """Return them by id in the order of the matrix. A footnote has its number of the whole, whatever is shown."""
    alle = Kooperation.objects.order_by(*REIHENFOLGE)
    nummern = {pk: nummer for nummer, pk in enumerate(alle.values_list("pk", flat=True), start=1)}
    gezeigte = am_tag(alle.filter(pk__in=schluessel).select_related("kooperationsfeld"), stichtag, geheime=geheime)
    return {
        kooperation.pk: _Eintrag(
            nummern[kooperation.pk], kooperation, bestaetigt, veraltet=bestaetigt is not None and bestaetigt < stichtag
        )
        for kooperation, bestaetigt in gezeigte
    }


def am_tag(
    kooperationen: QuerySet[Kooperation], stichtag: date, *, geheime: Collection[int] = ()
) -> list[tuple[Kooperation, date | None]]:
    """Return them as they were described on the day, each with the day of its last confirmation up to then.

    They carry `partnernamen`. What a round in `geheime` said counts as not said. Two queries.
    """
    bestaetigungen = Bestaetigung.objects.filter(kooperation=OuterRef("pk"), am__lte=stichtag)
    offene = bestaetigungen.exclude(erhebung__in=geheime).order_by("-am").values("am")[:1]
    partner = ExternerPartner.objects.filter(kooperationen=OuterRef("pk")).values("name")
    gelesen = list(kooperationen.annotate(bestaetigt=Subquery(offene), partnernamen=ArraySubquery(partner)))
    staende = Kooperationsstand.objects.filter(Q(bis__gt=stichtag) | Q(erhebung__in=geheime), kooperation__in=gelesen)
    # read backwards, the first stand after the day is the one that is left
    gueltige = {stand.kooperation_id: stand for stand in staende.order_by("-bis")}
    return [(_wie_damals(kooperation, gueltige.get(kooperation.pk)), kooperation.bestaetigt) for kooperation in gelesen]


def _wie_damals(kooperation: Kooperation, stand: Kooperationsstand | None) -> Kooperation:
    if stand is not None:
        kooperation.partnernamen = stand.externe_partner  # type: ignore[attr-defined]  # the annotation
        for feld in BESCHREIBUNG:
            setattr(kooperation, feld, getattr(stand, feld))
    return kooperation


def _unbestaetigt(eintraege: Collection[_Eintrag]) -> str:
    """Return in one sentence how many Kooperationen nobody has confirmed up to the day, and since when."""
    tage = sorted(eintrag.bestaetigt for eintrag in eintraege if eintrag.bestaetigt and eintrag.veraltet)
    if not tage:
        return ""
    seit = f"am {tag(tage[0])}" if tage[0] == tage[-1] else f"zwischen dem {tag(tage[0])} und dem {tag(tage[-1])}"
    ist = "ist" if len(tage) == 1 else "sind"
    return f"{len(tage)} von {len(eintraege)} Kooperationen {ist} zuletzt {seit} bestätigt."


def _zeichen(eintrag: _Eintrag, kommune: str, status: str, rolle: str) -> Zeichen:
    kooperation = eintrag.kooperation
    worte, klassen = [BeteiligungStatus(status).label], [f"zeichen-{status}"]
    if rolle == BeteiligungRolle.FEDERFUEHREND:
        klassen.append("zeichen-federfuehrend")
    if rolle != BeteiligungRolle.BETEILIGT:
        worte.append(BeteiligungRolle(rolle).label)
    if eintrag.unbestaetigt:
        worte.append(eintrag.unbestaetigt)
        klassen.append("zeichen-unbestaetigt")
    ansage = f"{kommune}: {', '.join(worte)}"
    return Zeichen(
        symbol=SYMBOLE.get(kooperation.symbol, ""),
        zeichen=kooperation.symbol,
        klasse=" ".join(klassen),
        fussnote=eintrag.nummer,
        ansage=ansage,
        titel=f"{ansage} – {kooperation.bezeichnung}",
    )


def _gruppen(
    felder: QuerySet[Kooperationsfeld],
    kommunen: Sequence[Kommune],
    zellen: dict[tuple[int, int], list[Zeichen]],
    *,
    leere_zeilen: bool,
) -> list[Gruppe]:
    gruppen: dict[int, Gruppe] = {}
    for feld in felder.select_related("aufgabenfeld").order_by("aufgabenfeld__reihenfolge", "reihenfolge", "pk"):
        zeile = [(kommune.kurzname, zellen.get((feld.pk, kommune.pk), [])) for kommune in kommunen]
        fussnoten = sorted({zeichen.fussnote for _, marken in zeile for zeichen in marken})
        if fussnoten or leere_zeilen:
            oben = feld.aufgabenfeld
            gruppe = gruppen.setdefault(oben.pk, Gruppe(oben.name, oben.slug, []))
            gruppe.zeilen.append(Feldzeile(feld.name, fussnoten, zeile))
    return list(gruppen.values())


def _gemeinsame_quelle(eintraege: Collection[_Eintrag]) -> str:
    """Return the one source of several Kooperationen, so that it needn't stand under each."""
    quellen = {eintrag.kooperation.quelle for eintrag in eintraege}
    return quellen.pop() if len(quellen) == 1 and len(eintraege) > 1 else ""


def _fussnote(eintrag: _Eintrag, *, mit_quelle: bool) -> Fussnote:
    """What stands at its head or under all of them isn't told again among its facts."""
    kooperation = eintrag.kooperation
    gesagt = {QUELLE: not mit_quelle, ZULETZT_BESTAETIGT: bool(eintrag.unbestaetigt)}
    return Fussnote(
        nummer=eintrag.nummer,
        symbol=SYMBOLE.get(kooperation.symbol, ""),
        zeichen=kooperation.symbol,
        bezeichnung=kooperation.bezeichnung,
        url=kooperation.get_absolute_url(),
        feld=kooperation.kooperationsfeld.name,
        erlaeuterung=kooperation.erlaeuterung,
        unbestaetigt=eintrag.unbestaetigt,
        angaben=[(n, wert) for n, wert in angaben(kooperation, bestaetigt=eintrag.bestaetigt) if not gesagt.get(n)],
    )
