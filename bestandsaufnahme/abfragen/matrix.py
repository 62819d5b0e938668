"""The matrix on a day: Kooperationsfelder × Kommunen with marks and footnotes, as plain values for the template."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, QuerySet

from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, Rechtsform
from bestandsaufnahme.models import Erhebung, Kooperation, Kooperationsfeld
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet
from ikz_portal.basis.formate import tag, ungefaehr
from kommunen.models import Kommune

# Marks as the survey prints them → id in symbole.svg; any other mark stands as text.
SYMBOLE = {"■": "quadrat", "□": "quadrat-leer", "●": "punkt", "⊕": "kreis-plus", "+": "plus"}
QUELLE = "Quelle"


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
    angaben: list[tuple[str, str]]


@dataclass(frozen=True)
class Matrix:
    gruppen: list[Gruppe]
    fussnoten: list[Fussnote]
    anzahl_zeichen: int
    zuletzt_bestaetigt: date | None
    gemeinsame_quelle: str

    @property
    def anzahl_kooperationen(self) -> int:
        return len(self.fussnoten)


def veroeffentlichte(erhebungen: QuerySet[Erhebung]) -> QuerySet[Erhebung]:
    """Return the rounds that set the Stichtag for everybody, the newest first."""
    return erhebungen.filter(veroeffentlicht=True, beispiel=False).order_by("-stichtag")


def standard_stichtag(erhebungen: QuerySet[Erhebung]) -> date | None:
    """Return the Stichtag of the last published Erhebung."""
    return veroeffentlichte(erhebungen).values_list("stichtag", flat=True).first()


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
    leere_zeilen: bool = True,
) -> Matrix:
    """Take the Beteiligungen of one day. Rows without a mark are left out where a filter asks for certain marks."""
    namen = {kommune.pk: kommune.name for kommune in kommunen}
    werte = list(
        beteiligungen.filter(kommune__in=namen)
        .order_by("kooperation__symbol", "kooperation_id")
        .values_list("kooperation_id", "kommune_id", "status", "rolle")
    )
    kooperationen = _kooperationen({wert[0] for wert in werte})
    nummern = {kooperation.pk: nummer for nummer, kooperation in enumerate(kooperationen, start=1)}
    zellen = _zellen(werte, {kooperation.pk: kooperation for kooperation in kooperationen}, nummern, namen)
    gezeigt = {kooperation.kooperationsfeld_id for kooperation in kooperationen}
    zeilen = [feld for feld in felder.select_related("aufgabenfeld") if leere_zeilen or feld.pk in gezeigt]
    quelle = _gemeinsame_quelle(kooperationen)
    return Matrix(
        gruppen=_gruppen(zeilen, kommunen, zellen),
        fussnoten=[_fussnote(k, nummern[k.pk], mit_quelle=not quelle) for k in kooperationen],
        anzahl_zeichen=len(werte),
        zuletzt_bestaetigt=max(filter(None, (k.zuletzt_bestaetigt_am for k in kooperationen)), default=None),
        gemeinsame_quelle=quelle,
    )


def _zellen(
    werte: list[tuple[int, int, str, str]],
    kooperationen: dict[int, Kooperation],
    nummern: dict[int, int],
    namen: dict[int, str],
) -> dict[tuple[int, int], list[Zeichen]]:
    """Return the marks of every cell, by the ids of Kooperationsfeld and Kommune."""
    zellen: dict[tuple[int, int], list[Zeichen]] = defaultdict(list)
    for kooperation_id, kommune_id, status, rolle in werte:
        kooperation = kooperationen[kooperation_id]
        zeichen = _zeichen(kooperation, nummern[kooperation_id], namen[kommune_id], status, rolle)
        zellen[kooperation.kooperationsfeld_id, kommune_id].append(zeichen)
    return zellen


def angaben(kooperation: Kooperation) -> list[tuple[str, str]]:
    """Return what is known of a Kooperation beside its name, as (label, value); partners come prefetched."""
    rechtsform = Rechtsform(kooperation.rechtsform).label
    if kooperation.rechtsform_hinweis:
        rechtsform = f"{rechtsform} – {kooperation.rechtsform_hinweis}"
    seit = ungefaehr(kooperation.seit, kooperation.seit_genauigkeit)
    bestaetigt = kooperation.zuletzt_bestaetigt_am
    paare = [
        ("Externe Partner", ", ".join(partner.name for partner in kooperation.externe_partner.all())),
        ("Rechtsform", rechtsform),
        ("Seit", f"{seit} ({kooperation.zeit_hinweis})" if kooperation.zeit_hinweis else seit),
        ("Zuletzt bestätigt", tag(bestaetigt) if bestaetigt else ""),
        ("Sicherheit der Lesart", kooperation.sicherheit),
        (QUELLE, kooperation.quelle),
    ]
    return [(name, wert) for name, wert in paare if wert]


def _kooperationen(schluessel: Iterable[int]) -> list[Kooperation]:
    """Return them in the order of the matrix, which numbers the footnotes."""
    return list(
        Kooperation.objects.filter(pk__in=schluessel)
        .select_related("kooperationsfeld")
        .prefetch_related("externe_partner")
        .order_by("kooperationsfeld__aufgabenfeld__reihenfolge", "kooperationsfeld__reihenfolge", "symbol", "pk")
    )


def _zeichen(kooperation: Kooperation, nummer: int, kommune: str, status: str, rolle: str) -> Zeichen:
    worte = BeteiligungStatus(status).label
    klasse = f"zeichen-{status}"
    if rolle == BeteiligungRolle.FEDERFUEHREND:
        klasse += " zeichen-federfuehrend"
    if rolle != BeteiligungRolle.BETEILIGT:
        worte = f"{worte}, {BeteiligungRolle(rolle).label}"
    ansage = f"{kommune}: {worte}"
    return Zeichen(
        symbol=SYMBOLE.get(kooperation.symbol, ""),
        zeichen=kooperation.symbol,
        klasse=klasse,
        fussnote=nummer,
        ansage=ansage,
        titel=f"{ansage} – {kooperation.bezeichnung}",
    )


def _gruppen(
    felder: Iterable[Kooperationsfeld], kommunen: Sequence[Kommune], zellen: dict[tuple[int, int], list[Zeichen]]
) -> list[Gruppe]:
    gruppen: dict[int, Gruppe] = {}
    for feld in sorted(felder, key=lambda feld: (feld.aufgabenfeld.reihenfolge, feld.reihenfolge, feld.pk)):
        oben = feld.aufgabenfeld
        zeile = [(kommune.kurzname, zellen.get((feld.pk, kommune.pk), [])) for kommune in kommunen]
        fussnoten = sorted({zeichen.fussnote for _, marken in zeile for zeichen in marken})
        gruppe = gruppen.setdefault(oben.pk, Gruppe(oben.name, oben.slug, []))
        gruppe.zeilen.append(Feldzeile(feld.name, fussnoten, zeile))
    return list(gruppen.values())


def _gemeinsame_quelle(kooperationen: Sequence[Kooperation]) -> str:
    """Return the one source of several Kooperationen, so that it needn't stand under each."""
    quellen = {kooperation.quelle for kooperation in kooperationen}
    return quellen.pop() if len(quellen) == 1 and len(kooperationen) > 1 else ""


def _fussnote(kooperation: Kooperation, nummer: int, *, mit_quelle: bool) -> Fussnote:
    return Fussnote(
        nummer=nummer,
        symbol=SYMBOLE.get(kooperation.symbol, ""),
        zeichen=kooperation.symbol,
        bezeichnung=kooperation.bezeichnung,
        url=kooperation.get_absolute_url(),
        feld=kooperation.kooperationsfeld.name,
        erlaeuterung=kooperation.erlaeuterung,
        angaben=[paar for paar in angaben(kooperation) if mit_quelle or paar[0] != QUELLE],
    )
