"""What the public start page shows: the process explained, with the live figures of what is published."""

from collections import Counter
from dataclasses import dataclass

from django.urls import reverse

from bestandsaufnahme.rechte import sichtbare_kooperationen
from ikz_portal.startseite.abfragen.kennzahl import Kennzahl
from kommunen.rechte import Betrachter, sichtbare_kommunen
from projekte.auswahl import ProjektStatus
from projekte.models import Ereignis
from projekte.rechte import sichtbare_projekte


@dataclass(frozen=True, slots=True)
class Zeitpunkt:
    zeit: str
    titel: str
    text: str
    ausblick: bool


@dataclass(frozen=True, slots=True)
class Startseite:
    kennzahlen: list[Kennzahl]
    zeitleiste: list[Zeitpunkt]


def startseite(konto: Betrachter) -> Startseite:
    """4 queries."""
    return Startseite(_kennzahlen(konto), [_zeitpunkt(ereignis) for ereignis in Ereignis.objects.all()])


def _kennzahlen(konto: Betrachter) -> list[Kennzahl]:
    projekte = Counter(sichtbare_projekte(konto).eigenstaendige().values_list("status", flat=True))
    portfolio = reverse("projekt_liste")
    return [
        Kennzahl(sichtbare_kommunen(konto).count(), "Kommunen im Verbund", reverse("kommune_liste")),
        Kennzahl(sichtbare_kooperationen(konto).count(), "erfasste Kooperationen", reverse("matrix")),
        *(
            Kennzahl(
                projekte[status], f"Projekte {status.label}", f"{portfolio}?status={status}", f"Projekt {status.label}"
            )
            for status in (ProjektStatus.BEARBEITUNG, ProjektStatus.ABGESCHLOSSEN)
        ),
    ]


def _zeitpunkt(ereignis: Ereignis) -> Zeitpunkt:
    return Zeitpunkt(ereignis.zeit, ereignis.titel, ereignis.text, ereignis.ausblick)
