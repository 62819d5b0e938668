"""What a reason for a proposed group counts: the only place with these numbers (docs/entscheidungen/0016)."""

from bestandsaufnahme.auswahl import Aussicht, Stufe

# Points for each Kommune by its Stufe; the first that would lead counts more, since without one nothing begins.
JE_STUFE: dict[Stufe, int] = {Stufe.FEDERFUEHRUNG: 5, Stufe.RESSOURCEN: 3, Stufe.INTERESSE: 1}
ERSTE_FEDERFUEHRUNG = 15

# Points for each Kommune whose need another one meets, and how many of them count.
BEDARF = 4
BEDARFE_HOECHSTENS = 5

# Points where all are neighbours, one to the next; and where at least half of them are.
ZUSAMMENHAENGEND = 10
ZUR_HAELFTE = 5

# Points where the largest has at most so many times the inhabitants of the smallest, or all are of one size class.
AEHNLICH_GROSS = 8
GROESSENVERHAELTNIS = 2

# Points for a running Kooperation of two or more of them, fewer where most of all Kommunen take part anyway.
KOOPERATION = 6
KOOPERATION_DER_MEISTEN = 1
KOOPERATIONEN_HOECHSTENS = 2

# How many proposals there are at most for one field.
JE_FELD = 3

SEHR_GUT_AB = 35
GUT_AB = 20


def aussicht(punkte: int) -> Aussicht:
    if punkte >= SEHR_GUT_AB:
        return Aussicht.SEHR_GUT
    return Aussicht.GUT if punkte >= GUT_AB else Aussicht.DENKBAR
