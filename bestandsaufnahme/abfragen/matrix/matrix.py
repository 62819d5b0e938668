"""The matrix on a day: Kooperationsfelder × Kommunen with marks and footnotes, as plain values for the template."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, QuerySet
from django.utils.safestring import SafeString

from bestandsaufnahme.abfragen.matrix.fussnoten import (
    Eintrag,
    Fussnote,
    angaben,
    fussnoten,
    gemeinsame_quelle,
    unbestaetigte,
)
from bestandsaufnahme.abfragen.matrix.seiten import Abschnitt, Feld
from bestandsaufnahme.abfragen.matrix.stand import am_tag
from bestandsaufnahme.abfragen.matrix.zeichen import (
    SYMBOLE,
    Teilnahme,
    Zeichen,
    aussage,
    bild,
    erste_worte,
    klasse,
    zeile_html,
)
from bestandsaufnahme.models import Aufgabenfeld, Erhebung, Kooperation, Kooperationsfeld
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet
from kommunen.models import Kommune

__all__ = ["SYMBOLE", "am_tag", "angaben", "erhebung_vom", "erster_tag", "felder_in_reihe", "matrix", "umfang"]

REIHENFOLGE = ("kooperationsfeld__aufgabenfeld__reihenfolge", "kooperationsfeld__reihenfolge", "symbol", "pk")


@dataclass(frozen=True)
class Feldzeile:
    """A row; a cell is (short name of the Kommune, its marks)."""

    pk: int
    name: str
    fussnoten: list[int]
    zellen: list[tuple[str, list[Zeichen]]]

    @property
    def html(self) -> SafeString:
        return zeile_html(self.pk, self.name, self.fussnoten, self.zellen)


@dataclass(frozen=True)
class Gruppe:
    """The rows of an Aufgabenfeld; a long one goes on over several pages, of which this is one part."""

    name: str
    slug: str
    teil: int
    teile: int
    zeilen: list[Feldzeile]

    @property
    def url(self) -> str:
        return Aufgabenfeld(slug=self.slug).get_absolute_url()


@dataclass(frozen=True)
class Matrix:
    gruppen: list[Gruppe]
    fussnoten: list[Fussnote]
    unbestaetigt: str
    gemeinsame_quelle: str
    mit_beispielen: bool


@dataclass(frozen=True)
class Umfang:
    """How much there is over all pages, and which Kooperationsfelder have a mark."""

    zeichen: int
    kooperationen: int
    felder: frozenset[int]

    @property
    def worte(self) -> str:
        """Return „44 Markierungen, 8 Kooperationen“."""
        marken = "Markierung" if self.zeichen == 1 else "Markierungen"
        kooperationen = "Kooperation" if self.kooperationen == 1 else "Kooperationen"
        return f"{self.zeichen} {marken}, {self.kooperationen} {kooperationen}"


def erhebung_vom(erhebungen: Iterable[Erhebung], stichtag: date) -> Erhebung | None:
    """Return the last of these rounds up to the day: its note tells how the marks are to be read."""
    return next((erhebung for erhebung in erhebungen if erhebung.stichtag <= stichtag), None)


def erster_tag(beteiligungen: BeteiligungQuerySet) -> date | None:
    """Return the first day for which anything is known."""
    return beteiligungen.order_by().aggregate(erster=Min("gilt_ab"))["erster"]


def umfang(beteiligungen: BeteiligungQuerySet) -> Umfang:
    """Count the marks of a day without reading them; a Kooperation belongs to one Kooperationsfeld alone."""
    je_feld = beteiligungen.order_by().values_list("kooperation__kooperationsfeld_id")
    zahlen = list(je_feld.annotate(zeichen=Count("pk"), kooperationen=Count("kooperation_id", distinct=True)))
    return Umfang(
        sum(zeichen for _, zeichen, _ in zahlen),
        sum(kooperationen for _, _, kooperationen in zahlen),
        frozenset(feld for feld, _, _ in zahlen),
    )


def felder_in_reihe(felder: QuerySet[Kooperationsfeld]) -> list[Feld]:
    werte = felder.order_by("aufgabenfeld__reihenfolge", "reihenfolge", "pk")
    return [Feld(pk, name, oben) for pk, name, oben in werte.values_list("pk", "name", "aufgabenfeld_id")]


def matrix(
    beteiligungen: BeteiligungQuerySet,
    *,
    seite: Sequence[Abschnitt],
    aufgabenfelder: Mapping[int, Aufgabenfeld],
    kommunen: Sequence[Kommune],
    spalten: Sequence[Kommune],
    stichtag: date,
    kooperationen: QuerySet[Kooperation],
    status: str = "",
    geheime: Collection[int] = (),
) -> Matrix:
    """Take the Beteiligungen of one day and read those of one page, of `spalten` and with `status` only.

    `kooperationen` are those that this person may see: a footnote has its number among all of these, whatever is shown.
    A footnote names everybody who takes part. `geheime` are the rounds (keys) that nothing is told of. Four queries.
    """
    felder = {feld.pk: feld for abschnitt in seite for feld in abschnitt.felder}
    teilnahmen = _teilnahmen(beteiligungen, felder)
    gezeigte_kommunen = {kommune.pk: kommune for kommune in spalten}
    gezeigte = [
        teilnahme
        for teilnahme in teilnahmen
        if teilnahme.kommune in gezeigte_kommunen and (not status or teilnahme.status == status)
    ]
    eintraege = _eintraege(kooperationen, gezeigte, felder, stichtag, geheime)
    je_kooperation = defaultdict(list)
    for teilnahme in teilnahmen:
        je_kooperation[teilnahme.kooperation].append(teilnahme)
    quelle = gemeinsame_quelle(eintraege.values())
    return Matrix(
        gruppen=_gruppen(seite, aufgabenfelder, spalten, _zellen(gezeigte, eintraege, gezeigte_kommunen)),
        fussnoten=fussnoten(eintraege.values(), teilnahmen=je_kooperation, kommunen=kommunen, mit_quelle=not quelle),
        unbestaetigt=unbestaetigte(eintraege.values()),
        gemeinsame_quelle=quelle,
        mit_beispielen=any(teilnahme.beispiel for teilnahme in gezeigte),
    )


def _teilnahmen(beteiligungen: BeteiligungQuerySet, felder: Collection[int]) -> list[Teilnahme]:
    werte = (
        beteiligungen.filter(kooperation__kooperationsfeld__in=felder)
        .order_by()
        .values_list("kooperation_id", "kommune_id", "status", "rolle", "vorgesehen_bis", "erhebung__beispiel")
    )
    return [Teilnahme(*wert[:5], beispiel=bool(wert[5])) for wert in werte]


def _eintraege(
    kooperationen: QuerySet[Kooperation],
    gezeigte: Sequence[Teilnahme],
    felder: Mapping[int, Feld],
    stichtag: date,
    geheime: Collection[int],
) -> dict[int, Eintrag]:
    """Return them by key, in the order of the matrix."""
    reihe = kooperationen.order_by(*REIHENFOLGE).values_list("pk", flat=True)
    nummern = {pk: nummer for nummer, pk in enumerate(reihe, start=1)}
    schluessel = {teilnahme.kooperation for teilnahme in gezeigte}
    gelesene = am_tag(Kooperation.objects.filter(pk__in=schluessel).order_by(), stichtag, geheime=geheime)
    bilder = {zeichen: bild(zeichen) for zeichen in {kooperation.symbol for kooperation, _ in gelesene}}
    eintraege = (
        Eintrag(
            nummern[kooperation.pk],
            bilder[kooperation.symbol],
            kooperation,
            felder[kooperation.kooperationsfeld_id].name,
            bestaetigt,
            veraltet=bestaetigt is not None and bestaetigt < stichtag,
        )
        for kooperation, bestaetigt in gelesene
    )
    return {eintrag.kooperation.pk: eintrag for eintrag in sorted(eintraege, key=lambda eintrag: eintrag.nummer)}


def _zellen(
    gezeigte: Iterable[Teilnahme], eintraege: Mapping[int, Eintrag], kommunen: Mapping[int, Kommune]
) -> dict[tuple[int, int], list[Zeichen]]:
    """Return the marks of every cell, by the keys of Kooperationsfeld and Kommune, in the order of their footnotes."""
    zellen: dict[tuple[int, int], list[Zeichen]] = defaultdict(list)
    worte = {pk: erste_worte(eintrag.kooperation.erlaeuterung) for pk, eintrag in eintraege.items()}
    sorten: dict[tuple, tuple[str, str]] = {}
    for teilnahme in sorted(gezeigte, key=lambda teilnahme: eintraege[teilnahme.kooperation].nummer):
        eintrag = eintraege[teilnahme.kooperation]
        sorte = (eintrag.unbestaetigt, teilnahme.art)
        if sorte not in sorten:
            sorten[sorte] = (
                klasse(teilnahme, veraltet=eintrag.veraltet),
                aussage(teilnahme, unbestaetigt=eintrag.unbestaetigt),
            )
        zeichen = Zeichen(
            zeichen=eintrag.kooperation.symbol,
            klasse=sorten[sorte][0],
            fussnote=eintrag.nummer,
            kommune=kommunen[teilnahme.kommune].name,
            aussage=sorten[sorte][1],
            bezeichnung=eintrag.kooperation.bezeichnung,
            worte=worte[teilnahme.kooperation],
            beispiel=teilnahme.beispiel,
            gezeichnet=eintrag.bild,
        )
        zellen[eintrag.kooperation.kooperationsfeld_id, teilnahme.kommune].append(zeichen)
    return zellen


def _gruppen(
    seite: Sequence[Abschnitt],
    aufgabenfelder: Mapping[int, Aufgabenfeld],
    spalten: Sequence[Kommune],
    zellen: Mapping[tuple[int, int], list[Zeichen]],
) -> list[Gruppe]:
    gruppen = []
    for abschnitt in seite:
        oben = aufgabenfelder[abschnitt.aufgabenfeld]
        zeilen = [_zeile(feld, spalten, zellen) for feld in abschnitt.felder]
        gruppen.append(Gruppe(oben.name, oben.slug, abschnitt.teil, abschnitt.teile, zeilen))
    return gruppen


def _zeile(feld: Feld, spalten: Sequence[Kommune], zellen: Mapping[tuple[int, int], list[Zeichen]]) -> Feldzeile:
    zeile = [(kommune.kurzname, zellen.get((feld.pk, kommune.pk), [])) for kommune in spalten]
    nummern = sorted({zeichen.fussnote for _, marken in zeile for zeichen in marken})
    return Feldzeile(feld.pk, feld.name, nummern, zeile)
