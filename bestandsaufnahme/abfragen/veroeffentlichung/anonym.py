"""The anonymised matrix: made once when it is published, and shown from its stored content alone ever after."""

import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.safestring import SafeString

from bestandsaufnahme.abfragen.matrix.fussnoten import ZULETZT_BESTAETIGT, seit_in_worten
from bestandsaufnahme.abfragen.matrix.zeichen import Teilnahme, Zeichen, aussage, bild, erste_worte, klasse, zeile_html
from bestandsaufnahme.abfragen.veroeffentlichung.waechter import PARTNER
from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, Rechtsform
from bestandsaufnahme.models import Erhebung, Kooperation
from ikz_portal.basis.formate import tag
from kommunen.models import Kommune

RECHTSFORM, SEIT = "Rechtsform", "Seit"
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

Inhalt = dict[str, Any]


@dataclass(frozen=True)
class Bestandszeile:
    """A Kooperation of the round as it would be published: its footnote, and who takes part.

    `eigene` says that its text was written for this publication; then nothing but that is told, no partner and no hint.
    """

    nummer: int
    kooperation: Kooperation
    bezeichnung: str
    erlaeuterung: str
    angaben: list[tuple[str, str]]
    eigene: bool
    teilnahmen: list[Teilnahme]

    @property
    def feld(self) -> str:
        return self.kooperation.kooperationsfeld.name

    @property
    def aufgabenfeld(self) -> str:
        return self.kooperation.kooperationsfeld.aufgabenfeld.name

    @property
    def anzahl_worte(self) -> str:
        """Return „2 Zeichen“."""
        return f"{len(self.teilnahmen)} Zeichen"


def angaben(kooperation: Kooperation, *, bestaetigt: date | None, eigene: bool) -> list[tuple[str, str]]:
    """Return what a footnote tells beside its text. Neither source nor remarks on it: both name who answered."""
    form = str(Rechtsform(kooperation.rechtsform).label)
    seit = seit_in_worten(kooperation)
    if eigene:
        paare = [(RECHTSFORM, form), (SEIT, seit)]
    else:
        partner: list[str] = getattr(kooperation, "partnernamen", [])
        paare = [
            (PARTNER, ", ".join(partner)),
            (RECHTSFORM, " – ".join(teil for teil in (form, kooperation.rechtsform_hinweis) if teil)),
            (SEIT, f"{seit} ({kooperation.zeit_hinweis})" if kooperation.zeit_hinweis else seit),
        ]
    paare.append((ZULETZT_BESTAETIGT, tag(bestaetigt) if bestaetigt else ""))
    return [(name, wert) for name, wert in paare if wert]


# --- making it --------------------------------------------------------------------------------------------------------
def verlosen(kommunen: Sequence[Kommune]) -> dict[int, str]:
    """Give each Kommune (key) a letter by chance; nothing but the content of the publication ever knows which."""
    gemischt = [kommune.pk for kommune in kommunen]
    secrets.SystemRandom().shuffle(gemischt)
    return {schluessel: _buchstabe(stelle) for stelle, schluessel in enumerate(gemischt)}


def _buchstabe(stelle: int) -> str:
    """Return A … Z, AA, AB …"""
    davor, rest = divmod(stelle, len(ALPHABET))
    return (_buchstabe(davor - 1) if davor else "") + ALPHABET[rest]


def anonymisiert(erhebung: Erhebung, bestand: Sequence[Bestandszeile], buchstaben: Mapping[int, str]) -> Inhalt:
    """Return the content without name, AGS or key. The columns stand in the order of the letters, which is chance's."""
    return {
        "erhebung": erhebung.name,
        "stichtag": erhebung.stichtag.isoformat(),
        "kommunen": list(buchstaben.values()),
        "fussnoten": [
            {
                "nummer": zeile.nummer,
                "aufgabenfeld": zeile.aufgabenfeld,
                "feld": zeile.feld,
                "zeichen": zeile.kooperation.symbol,
                "bezeichnung": zeile.bezeichnung,
                "erlaeuterung": zeile.erlaeuterung,
                "angaben": [list(paar) for paar in zeile.angaben],
                "marken": _marken(zeile.teilnahmen, buchstaben),
            }
            for zeile in bestand
        ],
    }


def _marken(teilnahmen: Sequence[Teilnahme], buchstaben: Mapping[int, str]) -> list[dict[str, str]]:
    """Return them in the order of the letters: that of the rows would tell which is which."""
    je_buchstabe = {buchstaben[teilnahme.kommune]: teilnahme for teilnahme in teilnahmen}
    return [
        {
            "kommune": buchstabe,
            "status": je_buchstabe[buchstabe].status,
            "rolle": je_buchstabe[buchstabe].rolle,
            "bis": _iso(je_buchstabe[buchstabe].vorgesehen_bis),
        }
        for buchstabe in buchstaben.values()
        if buchstabe in je_buchstabe
    ]


def _iso(wert: date | None) -> str:
    return wert.isoformat() if wert else ""


# --- showing it -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class AnonymeGruppe:
    """An Aufgabenfeld with its rows, as HTML."""

    name: str
    zeilen: list[SafeString]


@dataclass(frozen=True)
class AnonymeFussnote:
    nummer: int
    bild: SafeString
    bezeichnung: str
    feld: str
    erlaeuterung: str
    angaben: list[tuple[str, str]]


@dataclass(frozen=True)
class Ergebnis:
    """What the page of an anonymised publication shows."""

    erhebung: str
    stichtag: date
    kommunen: list[str]
    gruppen: list[AnonymeGruppe]
    fussnoten: list[AnonymeFussnote]
    anzahl_zeichen: int


def ergebnis(inhalt: Inhalt) -> Ergebnis:
    fussnoten = inhalt["fussnoten"]
    return Ergebnis(
        erhebung=inhalt["erhebung"],
        stichtag=date.fromisoformat(inhalt["stichtag"]),
        kommunen=inhalt["kommunen"],
        gruppen=[
            AnonymeGruppe(name, _zeilen(list(eine), inhalt["kommunen"]))
            for name, eine in groupby(fussnoten, key=lambda fussnote: fussnote["aufgabenfeld"])
        ],
        fussnoten=[
            AnonymeFussnote(
                nummer=fussnote["nummer"],
                bild=bild(fussnote["zeichen"]),
                bezeichnung=fussnote["bezeichnung"],
                feld=fussnote["feld"],
                erlaeuterung=fussnote["erlaeuterung"],
                angaben=[(name, wert) for name, wert in fussnote["angaben"]],
            )
            for fussnote in fussnoten
        ],
        anzahl_zeichen=sum(len(fussnote["marken"]) for fussnote in fussnoten),
    )


def _zeilen(fussnoten: list[Inhalt], kommunen: list[str]) -> list[SafeString]:
    """Return the rows; each is known by the number of its first footnote."""
    zeilen = []
    for name, eine in groupby(fussnoten, key=lambda fussnote: fussnote["feld"]):
        des_feldes = list(eine)
        je_kommune: dict[str, list[Zeichen]] = defaultdict(list)
        for fussnote in des_feldes:
            gezeichnet = bild(fussnote["zeichen"])
            for marke in fussnote["marken"]:
                je_kommune[marke["kommune"]].append(_zeichen(fussnote, marke, gezeichnet))
        nummern = [fussnote["nummer"] for fussnote in des_feldes]
        zellen = [(kommune, je_kommune[kommune]) for kommune in kommunen]
        zeilen.append(zeile_html(nummern[0], name, nummern, zellen))
    return zeilen


def _zeichen(fussnote: Inhalt, marke: dict[str, str], gezeichnet: SafeString) -> Zeichen:
    bis = date.fromisoformat(marke["bis"]) if marke["bis"] else None
    teilnahme = Teilnahme(0, 0, marke["status"], marke["rolle"], bis, beispiel=False)
    return Zeichen(
        zeichen=fussnote["zeichen"],
        klasse=klasse(teilnahme, veraltet=False),
        fussnote=fussnote["nummer"],
        kommune=f"Kommune {marke['kommune']}",
        aussage=aussage(teilnahme),
        bezeichnung=fussnote["bezeichnung"],
        worte=erste_worte(fussnote["erlaeuterung"]),
        beispiel=False,
        gezeichnet=gezeichnet,
    )


# --- as a file --------------------------------------------------------------------------------------------------------
KOPF = (
    *("Aufgabenfeld", "Kooperationsfeld", "Zeichen", "Fußnote", "Bezeichnung", "Erläuterung"),
    *("Kommune (anonymisiert)", "Status", "Rolle", "Vorgesehen bis"),
)


def exportzeilen(inhalt: Inhalt) -> Iterator[list[Any]]:
    for fussnote in inhalt["fussnoten"]:
        fest = [fussnote[name] for name in ("aufgabenfeld", "feld", "zeichen", "nummer", "bezeichnung", "erlaeuterung")]
        for marke in fussnote["marken"]:
            status, rolle = BeteiligungStatus(marke["status"]).label, BeteiligungRolle(marke["rolle"]).label
            bis = date.fromisoformat(marke["bis"]) if marke["bis"] else None
            yield [*fest, marke["kommune"], str(status), str(rolle), bis]
