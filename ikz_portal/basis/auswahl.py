"""Choices that every app shares, and the kind of choice that knows its badge."""

from typing import Self

from django.db import models


class MarkenChoices(models.TextChoices):
    """Choices whose members carry their badge: value, symbol (id in symbole.svg), colour (CSS suffix), label."""

    symbol: str
    farbe: str

    def __new__(cls, wert: str, symbol: str = "", farbe: str = "") -> Self:
        glied = str.__new__(cls, wert)
        glied._value_ = wert
        glied.symbol = symbol
        glied.farbe = farbe
        return glied


class Genauigkeit(models.TextChoices):
    """How precisely a day in the past is known. OFFEN is for ends only: what still runs is not what is unknown."""

    TAG = "tag", "auf den Tag"
    MONAT = "monat", "auf den Monat"
    JAHR = "jahr", "auf das Jahr"
    UNBEKANNT = "unbekannt", "nicht bekannt"
    OFFEN = "offen", "läuft"


class LaufStatus(MarkenChoices):
    WARTET = "wartet", "kreis-gestrichelt", "neutral", "angefordert"
    LAEUFT = "laeuft", "punkt", "blau", "in Arbeit"
    FERTIG = "fertig", "haken", "gruen", "fertig"
    FEHLGESCHLAGEN = "fehlgeschlagen", "kreuz", "rot", "fehlgeschlagen"
    ABGEBROCHEN = "abgebrochen", "kreuz", "neutral", "abgebrochen"

    @classmethod
    def offene(cls) -> list[str]:
        return [cls.WARTET, cls.LAEUFT]


class PostStatus(MarkenChoices):
    WARTET = "wartet", "kreis-gestrichelt", "neutral", "wartet"
    GESENDET = "gesendet", "haken", "gruen", "gesendet"
    FEHLGESCHLAGEN = "fehlgeschlagen", "kreuz", "rot", "fehlgeschlagen"


class AenderungArt(MarkenChoices):
    ANLAGE = "anlage", "plus", "gruen", "angelegt"
    AENDERUNG = "aenderung", "stift", "blau", "geändert"
    LOESCHUNG = "loeschung", "kreuz", "rot", "gelöscht"
