"""What the tests of the mails share: a morning, for each Anlass a Meldung with what it is about, and the runs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone

from bestandsaufnahme.abfragen.interesse.konstellation import konstellationen
from bestandsaufnahme.models import Aufgabenfeld, Interessenbekundung
from ikz_portal.basis.auswahl import LaufStatus
from ikz_portal.basis.models import Lauf, Postausgang
from ikz_portal.startseite import tasks
from ikz_portal.startseite.abfragen import sammlung
from ikz_portal.startseite.ablaeufe import meldungen as ablauf
from kommunen.ablaeufe.meldung import SOFORT_SENDEN
from kommunen.auswahl import Rhythmus
from kommunen.models import Kommune, Konto, Meldung
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BeobachtungFactory,
    InteressenbekundungFactory,
)
from tests.fabriken.kommunen import (
    KommuneFactory,
    KontoFactory,
    MeldungFactory,
)
from tests.fabriken.projekte import StarthilfeFactory

MONTAG = datetime(2026, 3, 16, 6, 0, tzinfo=UTC)  # 7 o'clock in Berlin
HEUTE = MONTAG.date()
ALLE = tuple(Rhythmus)
TAG = timedelta(days=1)


def melden(konto: Konto, *rhythmen: Rhythmus) -> Postausgang | None:
    return ablauf.melden(konto=konto.pk, rhythmen=rhythmen or ALLE, heute=timezone.localdate(), jetzt=timezone.now())


def briefe() -> list[tuple[str, str]]:
    return list(Postausgang.objects.order_by("pk").values_list("an", "betreff"))


def sofort() -> None:
    """Run what was rung for, as the worker does."""
    for lauf in Lauf.objects.filter(art=SOFORT_SENDEN, status=LaufStatus.WARTET):
        tasks.meldungen_sofort(lauf.pk)


def am_morgen() -> None:
    """Ask as beat does, and do what was queued."""
    tasks.meldungen_taeglich()
    for lauf in Lauf.objects.filter(art=sammlung.SAMMELN, status=LaufStatus.WARTET):
        tasks.meldungen_sammeln(lauf.pk)


# --- what each mail says ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Fall:
    """A Meldung with what it is about."""

    konto: Konto
    meldung: Meldung
    interesse: Interessenbekundung
    eigenes: Interessenbekundung | None = None


def neues(konto: Konto, andere: Kommune, **felder: Any) -> Fall:
    feld = Aufgabenfeld.objects.filter(name="Bauhof").first() or AufgabenfeldFactory(name="Bauhof")
    BeobachtungFactory(konto=konto, aufgabenfeld=feld)
    interesse = InteressenbekundungFactory(kommune=andere, aufgabenfeld=feld, **felder)
    return Fall(konto, MeldungFactory(konto=konto, anlass="interesse_neu", bezug=str(interesse.pk)), interesse)


def anschluss(konto: Konto, andere: Kommune, **felder: Any) -> Fall:
    eigenes = InteressenbekundungFactory(kommune=konto.kommune, durch=konto)
    interesse = InteressenbekundungFactory(
        kommune=andere, aufgabenfeld=eigenes.aufgabenfeld, anschluss_an=eigenes, **felder
    )
    meldung = MeldungFactory(konto=konto, anlass="anschluss", bezug=str(interesse.pk))
    return Fall(konto, meldung, interesse, eigenes)


def laeuft_ab(konto: Konto, andere: Kommune, **felder: Any) -> Fall:
    werte = {"kommune": konto.kommune, "durch": konto, "gueltig_bis": date(2026, 4, 1), **felder}
    interesse = InteressenbekundungFactory(aufgabenfeld__name="Bauhof", **werte)
    return Fall(
        konto, MeldungFactory(konto=konto, anlass="ablauf", bezug=f"{interesse.pk}:2026-04-01"), interesse, interesse
    )


def zu_bestaetigen(konto: Konto, andere: Kommune, **felder: Any) -> Fall:
    interesse = InteressenbekundungFactory(
        kommune=konto.kommune, aufgabenfeld__name="Bauhof", unbestaetigt=True, **felder
    )
    meldung = MeldungFactory(konto=konto, anlass="bestaetigung", bezug=f"{interesse.pk}:0")
    return Fall(konto, meldung, interesse, interesse)


def eintrag(konto: Konto, andere: Kommune, **felder: Any) -> Fall:
    interesse = InteressenbekundungFactory(
        kommune=konto.kommune, aufgabenfeld__name="Bauhof", vermerk="am Telefon mitgeteilt", **felder
    )
    meldung = MeldungFactory(konto=konto, anlass="eintrag", bezug=f"{interesse.pk}:0")
    return Fall(konto, meldung, interesse, interesse)


def projektidee(konto: Konto, andere: Kommune, **felder: Any) -> Fall:
    interesse = InteressenbekundungFactory(kommune=konto.kommune, aufgabenfeld__name="Bauhof", **felder)
    starthilfe = StarthilfeFactory(
        interesse=interesse, projekt__name="Gemeinsamer Bauhof", projekt__beispiel=interesse.beispiel
    )
    bezug = f"{starthilfe.projekt.pk}:{interesse.pk}"
    return Fall(konto, MeldungFactory(konto=konto, anlass="projektidee", bezug=bezug), interesse, interesse)


def konstellation(konto: Konto, andere: Kommune, **felder: Any) -> Fall:
    """Three Kommunen, as many as it takes, want the same."""
    feld = AufgabenfeldFactory(name="Bauhof")
    for kommune in (andere, KommuneFactory(name="Drittstadt")):
        InteressenbekundungFactory(kommune=kommune, aufgabenfeld=feld, **felder)
    eigenes = InteressenbekundungFactory(kommune=konto.kommune, aufgabenfeld=feld, **felder)
    [eine] = konstellationen(heute=HEUTE, mindestens=3)
    meldung = MeldungFactory(konto=konto, anlass="konstellation", bezug=eine.schluessel)
    return Fall(konto, meldung, eigenes, eigenes)


ANLAESSE: dict[str, Callable[..., Fall]] = {
    "interesse_neu": neues,
    "anschluss": anschluss,
    "ablauf": laeuft_ab,
    "bestaetigung": zu_bestaetigen,
    "projektidee": projektidee,
    "eintrag": eintrag,
    "konstellation": konstellation,
}


def bauen_fuer(kommune: Kommune, andere_kommune: Kommune) -> Callable[..., Fall]:
    """Return what makes a case of an Anlass; the one that it concerns is the head where it must be."""

    def machen(anlass: str, **felder: Any) -> Fall:
        konto = KontoFactory(kommune=kommune, buergermeister=anlass == "bestaetigung")
        return ANLAESSE[anlass](konto, andere_kommune, **felder)

    return machen
