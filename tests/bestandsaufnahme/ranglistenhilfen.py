"""What the tests of the page /interessen/ share."""

from datetime import date

from tests.fabriken.bestandsaufnahme import (
    InteressenrundeFactory,
    RundenergebnisFactory,
    RundennennungFactory,
)

LISTE = "/interessen/"
ENDE = date(2025, 12, 1)


def text(antwort):
    return antwort.content.decode()


def hauptteil(antwort):
    """Return the page without its frame, whose link to the sign-in leads back to the very address."""
    return text(antwort).split("<main", 1)[1].split("</main>", 1)[0]


def zeilen_der_datei(antwort):
    return antwort.content.decode("utf-8-sig").splitlines()


def raenge(antwort, liste="rangliste"):
    return [(rang.feld, rang.kommunen, rang.zahlen.nur_beispiel) for rang in antwort.context[liste].raenge]


def abgeschlossene_runde(*interessen, **weiteres):
    """Return a round of the portal in which these counted, with its totals."""
    runde = InteressenrundeFactory(abgeschlossen_am=ENDE, **weiteres)
    kommunen = {}
    for interesse in interessen:
        RundennennungFactory(runde=runde, interesse=interesse, stufe=interesse.stufe)
        kommunen.setdefault(interesse.aufgabenfeld, set()).add(interesse.kommune_id)
    for feld, ihre in kommunen.items():
        RundenergebnisFactory(runde=runde, aufgabenfeld=feld, anzahl=len(ihre))
    return runde
