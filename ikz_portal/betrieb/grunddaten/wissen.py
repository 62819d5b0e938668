"""What was learned: the first Beitrag."""

from datetime import date

from bestandsaufnahme.models import Aufgabenfeld
from ikz_portal.betrieb.grunddaten.lesen import Satz, auszug, lies, tage
from ikz_portal.betrieb.grunddaten.schreiben import Schreiber
from projekte.models import Projekt
from wissen.models import Beitrag

FELDER = ("titel", "art", "kurztext", "text", "sichtbarkeit", "auszug", "veroeffentlicht_am", "quelle")


def beitraege(schreiber: Schreiber) -> None:
    datei = lies("beitraege")
    for satz in datei["beitraege"]:
        beitrag(schreiber, {"quelle": datei["quelle"], **satz})


def beispielbeitraege(schreiber: Schreiber, heute: date) -> None:
    for satz in lies("beispiel/beitraege")["beitraege"]:
        beitrag(schreiber, {**satz, **tage(satz, heute)}, beispiel=True)


def beitrag(schreiber: Schreiber, satz: Satz, *, beispiel: bool = False) -> None:
    if Beitrag.objects.filter(slug=satz["slug"]).exists():
        return
    projekt = Projekt.objects.filter(slug=satz["projekt"]).first()
    neu = schreiber.lege_an(Beitrag, slug=satz["slug"], projekt=projekt, beispiel=beispiel, **auszug(satz, *FELDER))
    schreiber.verknuepfe(neu, "aufgabenfelder", Aufgabenfeld.objects.filter(slug__in=satz["aufgabenfelder"]))
