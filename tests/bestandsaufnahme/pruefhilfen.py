"""A released Fragebogen with answers: they are written while it is open, afterwards a trigger keeps them."""

from datetime import UTC, date, datetime
from typing import Any

from bestandsaufnahme.ablaeufe import pruefung, uebernahme
from bestandsaufnahme.auswahl import AntwortArt, Aussage, Entscheidung, FragebogenStatus, Herkunft
from bestandsaufnahme.models import Beteiligung, Erhebung, Fragebogen, Fragebogenantwort, Kooperation
from kommunen.models import Kommune, Konto
from tests.fabriken.bestandsaufnahme import (
    BeteiligungFactory,
    ErhebungFactory,
    FragebogenantwortFactory,
    FragebogenFactory,
)

STICHTAG = date(2026, 6, 30)
HEUTE = date(2026, 10, 1)
SEIT = date(2013, 6, 30)
GRUND = "Das ist schon an anderer Stelle erfasst."


def runde(**werte: Any) -> Erhebung:
    return ErhebungFactory(**{"laufend": True, "stichtag": STICHTAG, "name": "Erhebung 2026", **werte})


def bogen(kommune: Kommune, erhebung: Erhebung | None = None) -> Fragebogen:
    return FragebogenFactory(erhebung=erhebung or runde(), kommune=kommune)


def antwort(fragebogen: Fragebogen, aussage: Aussage, kooperation: Kooperation, **werte: Any) -> Fragebogenantwort:
    return FragebogenantwortFactory(fragebogen=fragebogen, kooperation=kooperation, aussage=aussage, **werte)


def neu(fragebogen: Fragebogen, **werte: Any) -> Fragebogenantwort:
    felder = {"bezeichnung": "Gemeinsamer Bauhof", "status": "besteht", "rolle": "beteiligt", "rechtsform": "oerv_m"}
    return FragebogenantwortFactory(
        fragebogen=fragebogen, art=AntwortArt.NEU, aussage=Aussage.NEU, kooperation=None, **{**felder, **werte}
    )


def interesse(fragebogen: Fragebogen, aussage: Aussage, aufgabenfeld: Any, **werte: Any) -> Fragebogenantwort:
    return FragebogenantwortFactory(
        fragebogen=fragebogen,
        art=AntwortArt.INTERESSE,
        aussage=aussage,
        kooperation=None,
        aufgabenfeld=aufgabenfeld,
        **werte,
    )


def beteiligt(kommune: Kommune, kooperation: Kooperation, **werte: Any) -> Any:
    return BeteiligungFactory(
        kommune=kommune, kooperation=kooperation, **{"gilt_ab": SEIT, "herkunft": Herkunft.FUSSNOTE, **werte}
    )


def freigeben(
    fragebogen: Fragebogen,
    durch: Konto | None = None,
    fuer: Konto | None = None,
    status: FragebogenStatus = FragebogenStatus.FREIGEGEBEN,
) -> Fragebogen:
    Fragebogen.objects.filter(pk=fragebogen.pk).update(
        status=status,
        freigegeben_am=datetime(2026, 9, 1, 12, tzinfo=UTC),
        freigegeben_durch=durch,
        freigegeben_fuer=fuer,
    )
    fragebogen.refresh_from_db()
    return fragebogen


def entscheiden(eine: Fragebogenantwort, durch: Konto, **werte: Any) -> Any:
    angaben = {"version": 0, "entscheidung": Entscheidung.ANGENOMMEN, "werte": {}, "grund": "", **werte}
    frisch = Fragebogenantwort.objects.select_related("fragebogen").get(pk=eine.pk)
    return pruefung.entscheiden(antwort=frisch, durch=durch, **angaben)


def abschliessen(fragebogen: Fragebogen, durch: Konto) -> Fragebogen:
    return pruefung.abschliessen(fragebogen=fragebogen, durch=durch, heute=HEUTE)


def uebernehmen(fragebogen: Fragebogen, durch: Any) -> Fragebogen:
    return uebernahme.uebernehmen(fragebogen=fragebogen, durch=durch, heute=HEUTE)


def alles(fragebogen: Fragebogen, durch: Any, **entscheidungen: Any) -> Fragebogen:
    """Decide on its only answer, finish and take over."""
    entscheiden(fragebogen.antworten.get(), durch, **entscheidungen)
    abschliessen(fragebogen, durch)
    return uebernehmen(fragebogen, durch)


def spannen(kommune: Any, gegenstand: Any) -> list[tuple[Any, ...]]:
    zeilen = Beteiligung.objects.filter(kommune=kommune, kooperation=gegenstand).order_by("gilt_ab")
    return list(zeilen.values_list("gilt_ab", "gilt_bis", "status", "rolle", "erhebung__name"))


BISHER = (SEIT, None, "besteht", "beteiligt", None)
