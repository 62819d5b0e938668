"""What became of the matrix between two days: Kooperationen and marks that came, went or changed."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef

from bestandsaufnahme.abfragen.matrix.matrix import REIHENFOLGE
from bestandsaufnahme.abfragen.matrix.stand import am_tag
from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, Veraenderung
from bestandsaufnahme.models import Kooperation, Kooperationsstand
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet
from bestandsaufnahme.models.stand import BESCHREIBUNG
from ikz_portal.basis.feldworte import in_worten
from ikz_portal.basis.formate import LEER, tag, ungefaehr
from kommunen.models import Kommune


class Zustand(NamedTuple):
    """What a mark says on a day, and whether an example round says it."""

    status: str
    rolle: str
    vorgesehen_bis: date | None
    beispiel: bool | None = False

    @property
    def worte(self) -> str:
        worte = [BeteiligungStatus(self.status).label]
        if self.vorgesehen_bis:
            worte = [f"{worte[0]} bis {tag(self.vorgesehen_bis)}"]
        if self.rolle != BeteiligungRolle.BETEILIGT:
            worte.append(BeteiligungRolle(self.rolle).label)
        return ", ".join([*worte, *["Beispiel"] * bool(self.beispiel)])

    def sagt(self) -> tuple[str, str, date | None]:
        return self.status, self.rolle, self.vorgesehen_bis


@dataclass(frozen=True)
class Paar:
    """A mark on both days, None where there is none."""

    vorher: Zustand | None
    nachher: Zustand | None

    @cached_property
    def art(self) -> Veraenderung | None:
        if self.vorher is None:
            return Veraenderung.NEU
        if self.nachher is None:
            return Veraenderung.WEGGEFALLEN
        return None if self.vorher.sagt() == self.nachher.sagt() else Veraenderung.GEAENDERT


Zellen = dict[int, Paar]  # by the key of the Kommune


@dataclass(frozen=True)
class Aenderung:
    """A Kooperation of which something is different: the marks that are looked at, and what describes it otherwise.

    `damals` is the Kooperation as it was on the first day, `heute` on the second. `im_feld`: what that means for its
    Kooperationsfeld.
    """

    damals: Kooperation
    heute: Kooperation
    art: Veraenderung | None
    im_feld: Veraenderung | None
    zellen: Zellen
    beschreibung: list[tuple[str, str, str]]

    @property
    def gezeigt(self) -> Kooperation:
        return self.damals if self.art == Veraenderung.WEGGEFALLEN else self.heute


@dataclass(frozen=True)
class Vergleich:
    """All that is different, in the order of the matrix, and how many marks are the same.

    `bekannt`: the first day has marks of whatever Kommune.
    """

    aenderungen: list[Aenderung]
    gleiche: int
    bekannt: bool

    @cached_property
    def zeichen(self) -> Counter[str]:
        arten = (paar.art for eine in self.aenderungen for paar in eine.zellen.values())
        return Counter(art for art in arten if art)

    @cached_property
    def kooperationen(self) -> Counter[str]:
        return Counter(eine.art for eine in self.aenderungen if eine.art)

    @property
    def satz(self) -> str:
        """Return „3 Zeichen neu, 1 weggefallen, 2 geändert; 1 Kooperation neu“."""
        teile = [_gezaehlt(self.zeichen, "Zeichen", "Zeichen"), _gezaehlt(self.kooperationen, "Kooperation", "en")]
        return "; ".join(teil for teil in teile if teil)


# --- comparing --------------------------------------------------------------------------------------------------------
def vergleich(
    beteiligungen: BeteiligungQuerySet,
    *,
    von: date,
    bis: date,
    kommunen: Sequence[Kommune],
    geheime: Collection[int] = (),
) -> Vergleich:
    """Compare the marks of these two days, read with `ende`; of them only those of `kommunen` are told.

    `geheime` are the rounds (keys) that nothing is told of. Five queries.
    """
    alle, felder = _zellen(beteiligungen, von, bis)
    gefragte = {kommune.pk for kommune in kommunen}
    gezeigte = {
        pk: {kommune: paar for kommune, paar in zellen.items() if kommune in gefragte} for pk, zellen in alle.items()
    }
    aenderungen = list(_aenderungen(alle, gezeigte, felder, von=von, bis=bis, geheime=geheime))
    geaenderte = sum(1 for eine in aenderungen for paar in eine.zellen.values() if paar.art)
    return Vergleich(
        aenderungen=aenderungen,
        gleiche=sum(map(len, gezeigte.values())) - geaenderte,
        bekannt=any(paar.vorher for zellen in alle.values() for paar in zellen.values()),
    )


def _zellen(
    beteiligungen: BeteiligungQuerySet, von: date, bis: date
) -> tuple[dict[int, Zellen], tuple[set[int], set[int]]]:
    """Return the marks of every Kooperation by Kommune, and the Kooperationsfelder (keys) with a mark on each day.

    Where two spans hold at once the later one counts.
    """
    damals: dict[tuple[int, int], Zustand] = {}
    heute: dict[tuple[int, int], Zustand] = {}
    felder: tuple[set[int], set[int]] = (set(), set())
    werte = beteiligungen.order_by("gilt_ab", "pk").values_list(
        *("kooperation_id", "kommune_id", "kooperation__kooperationsfeld_id", "gilt_ab", "ende"),
        *("status", "rolle", "vorgesehen_bis", "erhebung__beispiel"),
    )
    zustand, paar = cache(Zustand), cache(Paar)  # thousands of marks, but few that differ
    for kooperation, kommune, feld, ab, ende, *sagt in werte:
        if ab <= von and (ende is None or ende > von):
            damals[kooperation, kommune] = zustand(*sagt)
            felder[0].add(feld)
        if ab <= bis and (ende is None or ende > bis):
            heute[kooperation, kommune] = zustand(*sagt)
            felder[1].add(feld)
    alle: dict[int, Zellen] = defaultdict(dict)
    for kooperation, kommune in damals.keys() | heute.keys():
        stelle = (kooperation, kommune)
        alle[kooperation][kommune] = paar(damals.get(stelle), heute.get(stelle))
    return alle, felder


def _aenderungen(
    alle: dict[int, Zellen],
    gezeigte: dict[int, Zellen],
    felder: tuple[set[int], set[int]],
    *,
    von: date,
    bis: date,
    geheime: Collection[int],
) -> Iterator[Aenderung]:
    bewegte = [pk for pk, zellen in gezeigte.items() if any(paar.art for paar in zellen.values())]
    staende = Kooperationsstand.objects.filter(kooperation=OuterRef("pk"), bis__gt=von, bis__lte=bis)
    kooperationen = Kooperation.objects.select_related("kooperationsfeld__aufgabenfeld").order_by(*REIHENFOLGE)
    # whatever was not described anew in between had the same words on both days
    anders = am_tag(kooperationen.filter(Exists(staende)), von, geheime=geheime)
    damals = {kooperation.pk: kooperation for kooperation, _ in anders}
    for heute, _ in am_tag(kooperationen.filter(pk__in={*bewegte, *damals}), bis, geheime=geheime):
        zellen = gezeigte.get(heute.pk)
        if zellen and (eine := _aenderung(damals.get(heute.pk, heute), heute, alle[heute.pk], zellen, felder)):
            yield eine


def _aenderung(
    damals: Kooperation, heute: Kooperation, alle: Zellen, zellen: Zellen, felder: tuple[set[int], set[int]]
) -> Aenderung | None:
    """Return what is different of one, with the marks of all and those that are shown; None where nothing is."""
    art = _art(alle)
    beschreibung = [] if art or damals is heute else _beschreibung(damals, heute)
    if not beschreibung and not any(paar.art for paar in zellen.values()):
        return None
    im_feld = _im_feld(heute.kooperationsfeld_id, *felder)
    return Aenderung(
        damals=damals,
        heute=heute,
        art=art or (Veraenderung.GEAENDERT if beschreibung else None),
        im_feld=im_feld if im_feld == art else None,
        zellen=zellen,
        beschreibung=beschreibung,
    )


def _art(zellen: Zellen) -> Veraenderung | None:
    """Tell whether the Kooperation came or went: by whoever takes part in it."""
    if not any(paar.vorher for paar in zellen.values()):
        return Veraenderung.NEU
    return None if any(paar.nachher for paar in zellen.values()) else Veraenderung.WEGGEFALLEN


def _im_feld(feld: int, damals: set[int], heute: set[int]) -> Veraenderung | None:
    if feld not in damals:
        return Veraenderung.NEU
    return None if feld in heute else Veraenderung.WEGGEFALLEN


def _beschreibung(damals: Kooperation, heute: Kooperation) -> list[tuple[str, str, str]]:
    """Return what describes it otherwise, as (label, before, after)."""
    vorher, nachher = _worte(damals), _worte(heute)
    return [(name, vorher[name], nachher[name]) for name in vorher if vorher[name] != nachher[name]]


def _worte(kooperation: Any) -> dict[str, str]:  # Any: it carries the names of its partners
    felder = [kooperation._meta.get_field(name) for name in BESCHREIBUNG]
    worte = {str(feld.verbose_name): in_worten(feld, getattr(kooperation, feld.name)) for feld in felder}
    seit = ungefaehr(kooperation.seit, kooperation.seit_genauigkeit)
    return {**worte, "Externe Partner": ", ".join(sorted(kooperation.partnernamen)) or LEER, "Seit": seit}


def _gezaehlt(anzahlen: Counter[str], einzahl: str, mehrzahl: str) -> str:
    """Return „1 Kooperation neu, 2 weggefallen“, nothing where there is nothing."""
    teile = [(anzahlen[art], art.label) for art in Veraenderung if anzahlen[art]]
    if not teile:
        return ""
    (erste, wort), *rest = teile
    was = einzahl if erste == 1 or mehrzahl == einzahl else einzahl + mehrzahl
    return ", ".join([f"{erste} {was} {wort}", *(f"{anzahl} {wort}" for anzahl, wort in rest)])
