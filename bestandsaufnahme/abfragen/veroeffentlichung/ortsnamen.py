"""Which Kommunen a text names: by name, part of a name, Kürzel, AGS, postcode, office or address, however spelt.

Rather one too many than one too few: a finding costs an edited footnote, an oversight cannot be taken back. The words
below are those of German administration; what is a Kommune's own comes from its row.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from kommunen.auswahl import KommuneArt
from kommunen.models import Kommune

KUERZESTER_TEIL = 5  # „Groß“ of „Groß-Gerau“ names nobody
IM_WORT_AB = 6  # parts that long are found within other words too
ALLGEMEINE = {"stadt", "gemeinde", "kreis", "landkreis", "markt", "kommune"}
# Words that begin a sentence with a capital and then look like a Kürzel.
ALLTAGSWOERTER = {
    "ab",
    "am",
    "an",
    "bei",
    "bis",
    "da",
    "er",
    "es",
    "im",
    "in",
    "je",
    "na",
    "ob",
    "so",
    "um",
    "wo",
    "zu",
}

_ZAHL = re.compile(r"(?<!\d)\d{4,8}(?!\d)")
_POSTLEITZAHL = re.compile(r"(?<!\d)\d{5}(?!\d)")
_TRENNER = r"[\s\-/]*"
_STRICHE = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_ADRESSE = re.compile(r"[\w.+-]+@[\w.-]+|(?:https?://|www\.)\S+|\b(?:[\w-]+\.)+[a-z]{2,}\b(?:/\S*)?", re.IGNORECASE)
# „Kreis“ as the one that acts, not as an area („im Kreis“, „Kommunen des Kreises“) and not in a compound.
_KREIS = re.compile(
    r"(?P<davor>\w+[,.;:!?]?\s+|^\W*)?(?P<artikel>der|die|das|dem|den|des|vom|beim|zum|unser\w*)\s+"
    r"(?:Land)?[Kk]reis(?:es|e)?\b(?!-)(?:\s+(?P<danach>[A-ZÄÖÜ][\w-]+))?",
    re.IGNORECASE,
)
_GEBIET = {"aus", "in", "innerhalb", "außerhalb", "kommunen", "städte", "städten", "gemeinden", "grenze", "grenzen"}
_REIHEND = {"und", "oder", "sowie", "für", "durch"}
_HAUPTWORT = re.compile(r"(?:ung|ion|keit|heit|schaft)(?:en)?$")


@dataclass(frozen=True)
class Nennungen:
    """Keys of the Kommunen that a text names: in words, in an address, by an office that one alone has (with it)."""

    namen: frozenset[int] = frozenset()
    adressen: frozenset[int] = frozenset()
    merkmale: dict[str, int] = field(default_factory=dict)

    @property
    def alle(self) -> frozenset[int]:
        return self.namen | self.adressen | frozenset(self.merkmale.values())


class Ortsnamen:
    """Take the Kommunen once, and ask for as many texts as there are."""

    def __init__(self, kommunen: Iterable[Kommune]) -> None:
        self.kommunen = list(kommunen)
        self._muster = {kommune.pk: _namensmuster(kommune) for kommune in self.kommunen if not kommune.ist_kreis}
        self._kuerzel = {k.pk: _kuerzelmuster(k.kuerzel) for k in self.kommunen if not k.ist_kreis}
        self._domains = {k.pk: _wortmuster(domain + ".") for k in self.kommunen if (domain := _domain(k.website))}
        self._zahlen = {kommune.pk: _zahlen(kommune) for kommune in self.kommunen}
        self._kreis = next((kommune for kommune in self.kommunen if kommune.ist_kreis), None)
        self._kreisname = _kreismuster(self._kreis.name) if self._kreis else None
        self._merkmale = {wort: (_wortmuster(wort), pk) for wort, pk in _merkmale(self.kommunen).items()}
        self._gelesene: dict[str, Nennungen] = {}

    def nennungen(self, text: str) -> Nennungen:
        """Read the text; one that many footnotes share („nicht bekannt“) only once."""
        if text not in self._gelesene:
            self._gelesene[text] = self._lesen(text)
        return self._gelesene[text]

    def _lesen(self, text: str) -> Nennungen:
        lesbar = bereinigt(text)
        adressen = " ".join(_ADRESSE.findall(lesbar))
        worte = _ADRESSE.sub(" ", lesbar)
        rest, kreis = self._ohne_kreis(worte)
        return Nennungen(
            namen=kreis | self._namen(rest, worte),
            adressen=self._in_adressen(adressen),
            merkmale=self._nach_merkmal(worte),
        )

    def _ohne_kreis(self, worte: str) -> tuple[str, frozenset[int]]:
        """Return the folded text without the name of the Kreis, which may hold that of a town; and the Kreis."""
        text = gefaltet(worte)
        if self._kreis is None or self._kreisname is None:
            return text, frozenset()
        rest, anzahl = self._kreisname.subn(lambda fund: f" {fund.groupdict().get('mitte') or ''} ", text)
        return rest, frozenset({self._kreis.pk}) if anzahl else frozenset()

    def _namen(self, rest: str, worte: str) -> frozenset[int]:
        genannte = {pk for pk, muster in self._muster.items() if muster.search(rest)}
        genannte |= {pk for pk, zahlen in self._zahlen.items() if not zahlen.isdisjoint(_ZAHL.findall(worte))}
        return frozenset(genannte | {pk for pk, muster in self._kuerzel.items() if _als_kuerzel(muster, worte)})

    def _in_adressen(self, adressen: str) -> frozenset[int]:
        text = gefaltet(adressen)
        teile = set(re.split(r"[^a-z0-9]+", adressen.lower()))
        genannte = {pk for pk, muster in self._muster.items() if muster.search(text)}
        genannte |= {pk for pk, muster in self._domains.items() if muster.search(text)}
        return frozenset(genannte | {k.pk for k in self.kommunen if not k.ist_kreis and k.kuerzel.lower() in teile})

    def _nach_merkmal(self, worte: str) -> dict[str, int]:
        text = gefaltet(worte)
        gefunden = {wort: pk for wort, (muster, pk) in self._merkmale.items() if muster.search(text)}
        if self._kreis is not None and any(_ist_der_eigene(fund) for fund in _KREIS.finditer(worte)):
            gefunden["der Kreis"] = self._kreis.pk
        return gefunden


# --- spelling ---------------------------------------------------------------------------------------------------------
def bereinigt(text: str) -> str:
    """Return the text as a reader sees it: without characters of no width, every dash alike, hyphenation undone."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(zeichen for zeichen in text if unicodedata.category(zeichen) != "Cf")
    text = re.sub(r"(?<=\w)-[ \t]*\r?\n\s*(?=[a-zäöüß])", "", _STRICHE.sub("-", text))
    umbrochen = re.sub(r"(?<=\w)[ \t]*\r?\n\s*(?=[a-zäöüß])", "", text) if "\n" in text else ""
    return " ".join(f"{text} {umbrochen}".split())


def gefaltet(text: str) -> str:
    """Return it without case and umlauts: „Rüsselsheim“, „Ruesselsheim“ and „RUSSELSHEIM“ are the same."""
    text = unicodedata.normalize("NFD", text.casefold())
    text = "".join(zeichen for zeichen in text if unicodedata.category(zeichen) != "Mn")
    return re.sub(r"(?<![aeq])ue", "u", text.replace("ae", "a").replace("oe", "o"))  # „neue“, „Aue“ have no umlaut


# --- what to look for -------------------------------------------------------------------------------------------------
def _kern(name: str) -> str:
    """Return „Rüsselsheim“ of „Rüsselsheim am Main“: the name up to its first small word."""
    worte = name.split()
    klein = next((stelle for stelle, wort in enumerate(worte) if stelle and wort[0].islower()), len(worte))
    return " ".join(worte[:klein])


def _teile(text: str) -> list[str]:
    return [teil for teil in re.split(r"[^\w]+", text) if teil]


def _namensmuster(kommune: Kommune) -> re.Pattern[str]:
    namen = {_kern(kommune.name), _kern(kommune.kurzname)} - {""}
    ganze = {_TRENNER.join(re.escape(gefaltet(teil)) for teil in _teile(name)) for name in namen}
    muster = [rf"\b{ganz}" for ganz in ganze]
    for teil in {teil for name in namen for teil in _teile(name)}:
        wort = gefaltet(teil)
        if len(teil) < KUERZESTER_TEIL or wort in ALLGEMEINE or teil.isdigit():
            continue
        stamm = re.escape(wort.removesuffix("n"))
        muster.append(stamm if len(teil) >= IM_WORT_AB else rf"\b{re.escape(wort)}(?:er\w{{0,2}}|s)?\b")
    eigenes_bad = any(name.startswith("Bad ") for name in namen)
    return re.compile(("" if eigenes_bad else r"(?<!\bbad )") + f"(?:{'|'.join(sorted(muster))})")


def _kuerzelmuster(kuerzel: str) -> re.Pattern[str]:
    """A Kürzel counts as it is written, and not as a unit behind a number („5 MW“)."""
    ersatz = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
    ausgeschrieben = "".join(ersatz.get(zeichen, zeichen) for zeichen in kuerzel)
    return re.compile(rf"(?<![\w-])(?<!\d )(?:{re.escape(kuerzel)}|{re.escape(ausgeschrieben)})(?![\w-])")


def _als_kuerzel(muster: re.Pattern[str], worte: str) -> bool:
    """An everyday word at the beginning of a sentence is none, nor is a saint („St. Martin“)."""
    for fund in muster.finditer(worte):
        davor, danach = worte[: fund.start()].rstrip(), worte[fund.end() :]
        satzanfang = (not davor or davor[-1] in ".:;!?-„") and danach.startswith(" ")
        alltag = satzanfang and fund[0].lower() in ALLTAGSWOERTER
        if not alltag and not (fund[0] == "St" and re.match(r"\. [A-ZÄÖÜ]", danach)):
            return True
    return False


def _wortmuster(wort: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(gefaltet(wort))}")


def _zahlen(kommune: Kommune) -> frozenset[str]:
    """Return its AGS, with and without the leading zero, and its postcode: every search engine knows whose they are."""
    return frozenset({kommune.ags, kommune.ags.lstrip("0"), *_POSTLEITZAHL.findall(kommune.anschrift)} - {""})


def _domain(website: str) -> str:
    """Return „ruesselsheim“ of „www.ruesselsheim.de“, folded."""
    rechner = re.sub(r"^(?:https?://)?(?:www\.)?", "", website.strip().lower()).split("/")[0]
    return gefaltet(rechner.rpartition(".")[0])


def _kreismuster(name: str) -> re.Pattern[str]:
    """„Kreis X“, „des Kreises X“, „Kreise Y und X“, „X-Kreis“, „Xer Kreistag“; a Kreis of another form by its name."""
    ort = _TRENNER.join(re.escape(gefaltet(t)) for t in _teile(name) if gefaltet(t) not in ALLGEMEINE)
    kreis = r"\b(?:land)?kreis(?:e|es|en|s)?"
    if not ort or not re.search(r"\b(?:land)?kreis\b", gefaltet(name)):
        return re.compile(r"\b" + _TRENNER.join(re.escape(gefaltet(teil)) for teil in _teile(name)))
    mitte = r"(?P<mitte>(?:[\w-]+(?:,\s*|\s+und\s+)){0,3})"
    return re.compile(rf"{kreis}\s+{mitte}{ort}\w*|\b{ort}(?:er)?[\s-]+(?:land)?kreis\w*")


def _merkmale(kommunen: list[Kommune]) -> dict[str, int]:
    """Return the offices and bodies that one Kommune alone has, and what the law ties to them."""
    traeger: dict[str, set[int]] = defaultdict(set)
    for kommune in kommunen:
        for angabe in (kommune.verwaltungsorgan, kommune.vertretungskoerperschaft, kommune.amtsbezeichnung_spitze):
            for wort in (wort for wort in re.split(r"[/\s]+", angabe) if len(wort) >= KUERZESTER_TEIL):
                traeger[wort].add(kommune.pk)
        if "oberbürgermeister" in kommune.amtsbezeichnung_spitze.lower():  # § 45 HGO with § 4a
            traeger["Sonderstatus"].add(kommune.pk)
    kreise = [kommune.name for kommune in kommunen if kommune.ist_kreis]
    for kommune in kommunen:
        if not kommune.ist_kreis and any(kreis.endswith(f" {kommune.name}") for kreis in kreise):
            traeger["Kreisstadt"].add(kommune.pk)
    return {wort: next(iter(eine)) for wort, eine in traeger.items() if len(eine) == 1 and len(kommunen) > 1}


def _ist_der_eigene(fund: re.Match[str]) -> bool:
    """Tell „der Kreis“ from „Kommunen des Kreises“ and from „der Kreis Offenbach“.

    A capital behind it is another Kreis' name where a new sentence or a preposition leads there; „bietet der Kreis
    Schulungen an“ is the own one.
    """
    davor = (fund["davor"] or "").strip()
    if davor.lower() in _GEBIET:
        return False
    danach = fund["danach"]
    if not danach or danach[0].islower() or _HAUPTWORT.search(danach):
        return True
    satzanfang = not davor or davor[-1] in ".:;!?"
    return not satzanfang and fund["artikel"].lower() in {"der", "den"} and davor.lower() not in _REIHEND


def arten(kommunen: Iterable[Kommune]) -> dict[str, frozenset[int]]:
    """Return the keys of the towns and of the Gemeinden."""
    gruppen: dict[str, set[int]] = {KommuneArt.STADT: set(), KommuneArt.GEMEINDE: set()}
    for kommune in kommunen:
        gruppen.get(kommune.art, set()).add(kommune.pk)
    return {art: frozenset(menge) for art, menge in gruppen.items()}
