"""The questions that a round can choose from, for Anlage 1 (Städte und Gemeinden) and Anlage 2 (the Kreis).

What the matrix needs (Aussage, Status, Rolle, Rechtsform, since when) is asked always and has columns of its own; what
stands here is answered in `Fragebogenantwort.angaben`, under its key. The original Anlagen are not handed down: these
are our own questions, in the categories in which surveys on municipal cooperation ask.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

ANLAGE_1, ANLAGE_2 = 1, 2
BEIDE = (ANLAGE_1, ANLAGE_2)
INTERESSE = "interesse"  # asked per Aufgabenfeld


class Antwortform(Enum):
    KURZTEXT = auto()
    TEXT = auto()
    JA_NEIN = auto()
    ZAHL = auto()
    DATUM = auto()
    AUSWAHL = auto()
    MEHRFACH = auto()
    KOMMUNEN = auto()
    ERFOLGSFAKTOREN = auto()
    HEMMNISSE = auto()
    JE_AUFGABENFELD = auto()


@dataclass(frozen=True)
class Frage:
    """`je_kooperation`: asked at every Kooperation, else once in the Fragebogen."""

    schluessel: str
    text: str
    form: Antwortform
    hilfe: str = ""
    je_kooperation: bool = False
    anlagen: tuple[int, ...] = BEIDE
    optionen: tuple[str, ...] = ()


KATALOG: tuple[Frage, ...] = (
    Frage("partner_im_kreis", "Partner im Kreis", Antwortform.KOMMUNEN, je_kooperation=True),
    Frage(
        "partner_ausserhalb",
        "Partner außerhalb des Kreises",
        Antwortform.KURZTEXT,
        "Zum Beispiel Städte eines Nachbarkreises, Unternehmen, Verbände.",
        je_kooperation=True,
    ),
    Frage(
        "laufzeit",
        "Laufzeit",
        Antwortform.KURZTEXT,
        "Zum Beispiel „unbefristet, Kündigung zum Jahresende“.",
        je_kooperation=True,
    ),
    Frage("vertrag", "Gibt es einen Vertrag?", Antwortform.JA_NEIN, je_kooperation=True),
    Frage("vertrag_vom", "Vertrag vom", Antwortform.DATUM, je_kooperation=True),
    Frage("kosten", "Kosten und ihre Verteilung", Antwortform.TEXT, je_kooperation=True),
    Frage(
        "personal",
        "Personal in Vollzeitstellen",
        Antwortform.ZAHL,
        "So viele Stellen setzt Ihre Kommune dafür ein, zum Beispiel 0,5.",
        je_kooperation=True,
    ),
    Frage(
        "nutzen",
        "Nutzen",
        Antwortform.MEHRFACH,
        je_kooperation=True,
        optionen=("geringere Kosten", "bessere Qualität", "Rechtssicherheit", "Vertretung bei Ausfall"),
    ),
    Frage(
        "zufriedenheit",
        "Zufriedenheit",
        Antwortform.AUSWAHL,
        je_kooperation=True,
        optionen=("sehr zufrieden", "zufrieden", "teils, teils", "unzufrieden"),
    ),
    Frage("erfolgsfaktoren", "Was hat geholfen?", Antwortform.ERFOLGSFAKTOREN, je_kooperation=True),
    Frage("hemmnisse", "Was hat gehindert?", Antwortform.HEMMNISSE, je_kooperation=True),
    Frage(
        "entgelt",
        "Für wen erbringt der Kreis die Leistung, und zu welchem Entgelt?",
        Antwortform.TEXT,
        je_kooperation=True,
        anlagen=(ANLAGE_2,),
    ),
    Frage(
        INTERESSE,
        "Interesse an weiterer Zusammenarbeit",
        Antwortform.JE_AUFGABENFELD,
        "Je Aufgabenfeld: ja, bedingt oder nein, und wie wichtig es Ihnen ist.",
    ),
    Frage("federfuehrung", "In welchen Aufgaben würden Sie die Federführung übernehmen?", Antwortform.TEXT),
    Frage("arbeitsgruppe", "Möchten Sie in der Arbeitsgruppe IKZ mitarbeiten?", Antwortform.JA_NEIN),
    Frage("wissen_teilbar", "Welche Unterlagen und welches Wissen können Sie teilen?", Antwortform.TEXT),
    Frage("unterstuetzungsbedarf", "Wobei brauchen Sie Unterstützung?", Antwortform.TEXT),
    Frage(
        "leistungen_des_kreises",
        "Welche Leistungen erbringt der Kreis für Städte und Gemeinden?",
        Antwortform.TEXT,
        anlagen=(ANLAGE_2,),
    ),
    Frage(
        "aufgabentausch",
        "Welche Aufgaben könnten Städte und Gemeinden vom Kreis übernehmen, und umgekehrt?",
        Antwortform.TEXT,
        anlagen=(ANLAGE_2,),
    ),
    Frage("andere_kreise", "Mit welchen anderen Kreisen arbeiten Sie zusammen?", Antwortform.TEXT, anlagen=(ANLAGE_2,)),
    Frage(
        "aufsicht",
        "Wo berührt die Kommunalaufsicht die Rolle als Partner?",
        Antwortform.TEXT,
        "Damit beide Rollen getrennt bleiben.",
        anlagen=(ANLAGE_2,),
    ),
    Frage(
        "arbeitskreise",
        "Welche Arbeitskreise koordiniert der Kreis?",
        Antwortform.TEXT,
        anlagen=(ANLAGE_2,),
    ),
    Frage("betroffene_kommunen", "Welche Kommunen betrifft das?", Antwortform.KOMMUNEN, anlagen=(ANLAGE_2,)),
)
NACH_SCHLUESSEL = {frage.schluessel: frage for frage in KATALOG}


def anlage(*, ist_kreis: bool) -> int:
    return ANLAGE_2 if ist_kreis else ANLAGE_1


def gewaehlte(schluessel: Iterable[str], *, anlage: int, je_kooperation: bool) -> list[Frage]:
    """Return the chosen questions of this Anlage in the order of the catalogue."""
    gewaehlt = set(schluessel)
    return [
        frage
        for frage in KATALOG
        if frage.schluessel in gewaehlt and anlage in frage.anlagen and frage.je_kooperation is je_kooperation
    ]


# What is asked beside the catalogue, and answered in `angaben` as well:
# of what was considered (when, why not, when to ask again) or has ended (why),
JAHR, GRUND, HEMMNISSE, WIEDERVORLAGE = "jahr", "grund", "hemmnisse", "wiedervorlage"
# of an interest.
PRIORITAET = "prioritaet"

NEBENFRAGEN: tuple[Frage, ...] = (
    Frage(JAHR, "Jahr, in dem Sie davon abgesehen haben", Antwortform.KURZTEXT),
    Frage(GRUND, "Grund", Antwortform.TEXT),
    Frage(WIEDERVORLAGE, "Wieder aufgreifen am", Antwortform.DATUM),
    Frage(PRIORITAET, "Priorität", Antwortform.AUSWAHL, optionen=("hoch", "mittel", "niedrig")),
)
