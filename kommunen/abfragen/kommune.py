"""Reading Kommunen: rows of the list, its totals, the tiles of the map."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count

from ikz_portal.basis.diagramme import Kachel
from ikz_portal.basis.formate import tag, zahl
from kommunen.auswahl import GROESSENKLASSEN
from kommunen.models import Einwohnerstand, Kommune
from kommunen.models.kommune import KommuneQuerySet, groessenklasse

TAUSEND = 1000


@dataclass(frozen=True)
class KommuneZeile:
    """A row of the list; `stand` names the day of the figure where it isn't the day of the list."""

    ags: str
    name: str
    url: str
    art: str
    einwohner: str
    stand: str
    flaeche: str
    klasse: str
    klasse_vortrag: str
    weicht_ab: bool


@dataclass(frozen=True)
class KommunenListe:
    """The towns with their sum, and the Kreis apart: its figure is never added."""

    staedte: list[KommuneZeile]
    kreis: list[KommuneZeile]
    summe_einwohner: str
    summe_flaeche: str
    abweichungen: int


def gemeinsamer_stichtag(kommunen: KommuneQuerySet) -> date | None:
    """Return the newest day on which the most of these Kommunen have a figure, so that their sum means something."""
    staende = Einwohnerstand.objects.filter(kommune__in=kommunen.order_by().values("pk")).order_by()
    je_tag = staende.values("stichtag").annotate(anzahl=Count("pk")).order_by("-anzahl", "-stichtag")
    return je_tag.values_list("stichtag", flat=True).first()


def untergrenzen() -> list[tuple[int, str]]:
    """Return (least number of inhabitants, name) of every size class."""
    grenzen = [0, *[grenze for grenze, _ in GROESSENKLASSEN if grenze]]
    return list(zip(grenzen, [name for _, name in GROESSENKLASSEN], strict=True))


def passt_zur_klasse(klasse: str, einwohner: int) -> bool:
    """Tell whether a number lies in a class of the talk: „15.001–17.000“, or one number in full thousands."""
    grenzen = [int(ziffern.replace(".", "")) for ziffern in re.findall(r"\d[\d.]*", klasse)]
    match grenzen:
        case [unten, oben]:
            return unten <= einwohner <= oben
        case [rund]:
            return einwohner // TAUSEND == rund // TAUSEND
    return False


def liste(kommunen: Iterable[Kommune], *, stichtag: date | None) -> KommunenListe:
    """Take Kommunen with `einwohner` (`mit_einwohnern`) in their order."""
    kreis: list[Kommune] = []
    staedte: list[Kommune] = []
    for kommune in kommunen:
        (kreis if kommune.ist_kreis else staedte).append(kommune)
    zeilen = [_zeile(kommune, stichtag) for kommune in staedte]
    return KommunenListe(
        staedte=zeilen,
        kreis=[_zeile(kommune, stichtag) for kommune in kreis],
        summe_einwohner=zahl(sum(filter(None, map(_einwohner, staedte)))),
        summe_flaeche=zahl(sum(filter(None, (kommune.flaeche_km2 for kommune in staedte)), Decimal(0))),
        abweichungen=sum(zeile.weicht_ab for zeile in zeilen),
    )


def kacheln(kommunen: Iterable[Kommune]) -> list[Kachel]:
    """Return the tiles, tinted by size class; the Kreis lies apart without a tint: it is no town of that size."""
    return [
        Kachel(
            zeile=kommune.kachel_zeile,
            spalte=kommune.kachel_spalte,
            kuerzel=kommune.kuerzel,
            name=kommune.name,
            wert="" if _einwohner(kommune) is None else zahl(_einwohner(kommune)),
            stufe=0 if kommune.ist_kreis else _stufe(_einwohner(kommune)),
            url=kommune.get_absolute_url(),
            abgesetzt=kommune.ist_kreis,
        )
        for kommune in kommunen
    ]


def _einwohner(kommune: Kommune) -> int | None:
    return getattr(kommune, "einwohner", None)


def _stufe(einwohner: int | None) -> int:
    return sum(einwohner >= grenze for grenze, _ in untergrenzen()[1:]) if einwohner is not None else 0


def _zeile(kommune: Kommune, stichtag: date | None) -> KommuneZeile:
    einwohner = _einwohner(kommune)
    stand = getattr(kommune, "einwohner_stichtag", None)
    vortrag = kommune.groessenklasse_vortrag
    return KommuneZeile(
        ags=kommune.ags,
        name=kommune.name,
        url=kommune.get_absolute_url(),
        art=kommune.get_art_display(),
        einwohner=zahl(einwohner),
        stand=tag(stand) if stand and stand != stichtag else "",
        flaeche=zahl(kommune.flaeche_km2),
        klasse="" if kommune.ist_kreis else groessenklasse(einwohner),
        klasse_vortrag=vortrag,
        weicht_ab=bool(vortrag and einwohner is not None and not passt_zur_klasse(vortrag, einwohner)),
    )
