"""How the order of the proposals comes about, told with the numbers that are used."""

from bestandsaufnahme.abfragen.konstellation import gewichte
from bestandsaufnahme.auswahl import Aussicht, Stufe

AEHNLICH_GROSS = (
    "Sie sind ähnlich groß: gleiche Größenklasse, oder die größte hat höchstens "
    f"{gewichte.GROESSENVERHAELTNIS}-mal so viele Einwohner wie die kleinste"
)


def regeln() -> list[tuple[str, str]]:
    """Return what counts, and how much."""
    je_stufe = gewichte.JE_STUFE
    return [
        (
            "Eine Kommune würde federführen",
            f"{gewichte.ERSTE_FEDERFUEHRUNG}, jede weitere {je_stufe[Stufe.FEDERFUEHRUNG]}",
        ),
        ("Eine Kommune bringt Ressourcen ein", f"je {je_stufe[Stufe.RESSOURCEN]}"),
        ("Eine Kommune hat Interesse", f"je {je_stufe[Stufe.INTERESSE]}"),
        (
            "Was eine Kommune sucht, bietet eine andere an (gleiches Wort in den Bekundungen)",
            f"je {gewichte.BEDARF}, höchstens {gewichte.BEDARFE_HOECHSTENS} Mal",
        ),
        (
            "Die Kommunen sind Nachbarn",
            f"{gewichte.ZUSAMMENHAENGEND}, wenn alle zusammenhängen; {gewichte.ZUR_HAELFTE}, wenn es die Hälfte tut",
        ),
        (AEHNLICH_GROSS, f"{gewichte.AEHNLICH_GROSS}"),
        (
            f"Sie arbeiten im Aufgabenfeld schon zusammen (höchstens {gewichte.KOOPERATIONEN_HOECHSTENS} zählen)",
            f"je Kooperation {gewichte.KOOPERATION}; {gewichte.KOOPERATION_DER_MEISTEN}, wo die meisten dabei sind",
        ),
    ]


def worte() -> str:
    """Return which score has which word."""
    return (
        f"Ab {gewichte.SEHR_GUT_AB} Punkten heißt ein Vorschlag „{Aussicht.SEHR_GUT.label}“, "
        f"ab {gewichte.GUT_AB} „{Aussicht.GUT.label}“, darunter „{Aussicht.DENKBAR.label}“."
    )
