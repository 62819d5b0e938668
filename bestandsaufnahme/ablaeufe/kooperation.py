"""What a Kooperation is, and how that changes: corrected as if it always was so, or from a day on."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bestandsaufnahme.ablaeufe import beteiligung
from bestandsaufnahme.auswahl import SYMBOLE_DER_REIHE, BeteiligungStatus, Rechtsform
from bestandsaufnahme.models import Erhebung, ExternerPartner, Hemmnis, Kooperation, Kooperationsfeld, Kooperationsstand
from bestandsaufnahme.models.stand import BESCHREIBUNG
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.formate import tag
from ikz_portal.basis.rueckblick import Veraltet
from kommunen.models import Konto

MENGEN = ("externe_partner", "hemmnisse")


@dataclass(frozen=True, slots=True, kw_only=True)
class KooperationAngaben:
    """What the form says of a Kooperation. An empty symbol takes the next one that is free in the field."""

    kooperationsfeld: Kooperationsfeld
    bezeichnung: str
    symbol: str = ""
    erlaeuterung: str = ""
    rechtsform: str = Rechtsform.UNBEKANNT
    rechtsform_hinweis: str = ""
    seit: date | None = None
    seit_genauigkeit: str = Genauigkeit.UNBEKANNT
    bis: date | None = None
    bis_genauigkeit: str = Genauigkeit.UNBEKANNT
    zeit_hinweis: str = ""
    externe_partner: Sequence[ExternerPartner] = ()
    gescheitert_jahr: int | None = None
    gescheitert_grund: str = ""
    hemmnisse: Sequence[Hemmnis] = ()
    quelle: str = ""
    sicherheit: str = ""
    veroeffentlicht: bool = False


@transaction.atomic
def anlegen(*, angaben: KooperationAngaben, durch: Konto | None) -> Kooperation:
    """Create a Kooperation, in which nobody takes part yet; ValidationError where a rule is broken."""
    return _uebernehmen(Kooperation(), angaben)


@transaction.atomic
def bearbeiten(
    *,
    kooperation: Kooperation,
    version: int,
    angaben: KooperationAngaben,
    ab: date | None,
    erhebung: Erhebung | None = None,
    durch: Konto,
) -> Kooperation:
    """Change a Kooperation that was read in this version; Veraltet if somebody was faster.

    With `ab` what describes it changes on that day: the matrix of an earlier day keeps the words it had. Without it is
    a correction, and holds for all days.
    """
    gesperrt = Kooperation.objects.select_for_update().get(pk=kooperation.pk)
    if gesperrt.version != version:
        raise Veraltet("Die Kooperation wurde inzwischen geändert.")
    frueher = _beschreibung(gesperrt)
    _uebernehmen(gesperrt, angaben)
    if ab is not None and _beschreibung(gesperrt) != frueher:
        _stand_festhalten(gesperrt, frueher, bis=ab, erhebung=erhebung)
    return gesperrt


@transaction.atomic
def beenden(
    *, kooperation: Kooperation, letzter_tag: date, erhebung: Erhebung | None = None, durch: Konto
) -> Kooperation:
    """End the Kooperation and whoever takes part in it with this day; nothing of what was is lost."""
    gesperrt = Kooperation.objects.select_for_update().get(pk=kooperation.pk)
    gesperrt.bis, gesperrt.bis_genauigkeit = letzter_tag, Genauigkeit.TAG
    gesperrt.full_clean()
    gesperrt.save()
    for laufende in gesperrt.beteiligungen.am(letzter_tag).select_related("kommune"):
        beteiligung.beenden(
            kooperation=gesperrt, kommune=laufende.kommune, letzter_tag=letzter_tag, erhebung=erhebung, durch=durch
        )
    return gesperrt


@transaction.atomic
def scheitern(
    *,
    kooperation: Kooperation,
    jahr: int,
    grund: str,
    hemmnisse: Sequence[Hemmnis],
    ab: date,
    erhebung: Erhebung | None = None,
    durch: Konto,
) -> Kooperation:
    """Put on record that it did not come about, with year, reason and Hemmnisse; who planned it, considered it."""
    gesperrt = Kooperation.objects.select_for_update().get(pk=kooperation.pk)
    gesperrt.gescheitert_jahr, gesperrt.gescheitert_grund = jahr, grund.strip()
    gesperrt.full_clean()
    gesperrt.save()
    gesperrt.hemmnisse.set(hemmnisse)
    for laufende in gesperrt.beteiligungen.am(ab).select_related("kommune"):
        beteiligung.eintragen(
            kooperation=gesperrt,
            kommune=laufende.kommune,
            ab=ab,
            status=BeteiligungStatus.ERWOGEN,
            rolle=laufende.rolle,
            herkunft=laufende.herkunft,
            erhebung=erhebung or laufende.erhebung,
            durch=durch,
        )
    return gesperrt


def freies_symbol(feld: Kooperationsfeld) -> str:
    """Return the first mark that no other Kooperation of the field has."""
    vergeben = set(feld.kooperationen.values_list("symbol", flat=True))
    return next(symbol for symbol in SYMBOLE_DER_REIHE if symbol not in vergeben)


def _uebernehmen(kooperation: Kooperation, angaben: KooperationAngaben) -> Kooperation:
    for feld in fields(angaben):
        if feld.name not in MENGEN:
            setattr(kooperation, feld.name, getattr(angaben, feld.name))
    kooperation.symbol = angaben.symbol or freies_symbol(angaben.kooperationsfeld)
    kooperation.full_clean()
    try:
        with transaction.atomic():
            kooperation.save()
    except IntegrityError as fehler:  # taken between check and insert
        satz = "Dieses Symbol steht in dem Feld schon für eine andere Kooperation."
        raise ValidationError({"symbol": satz}) from fehler
    for feld_name in MENGEN:
        getattr(kooperation, feld_name).set(getattr(angaben, feld_name))
    return kooperation


def _beschreibung(kooperation: Kooperation) -> dict[str, Any]:
    partner = list(kooperation.externe_partner.order_by("name").values_list("name", flat=True))
    return {feld: getattr(kooperation, feld) for feld in BESCHREIBUNG} | {"externe_partner": partner}


def _stand_festhalten(
    kooperation: Kooperation, frueher: dict[str, Any], *, bis: date, erhebung: Erhebung | None
) -> None:
    """Keep what held up to this day. A second change from the same day on keeps what was before the first."""
    letzter = kooperation.staende.order_by("-bis").first()
    if letzter and letzter.bis > bis:
        seit = tag(letzter.bis)
        raise ValidationError(
            {"ab": f"Die Kooperation wurde schon zum {seit} geändert. Bitte nennen Sie einen späteren Tag."}
        )
    if letzter is None or letzter.bis < bis:
        Kooperationsstand.objects.create(kooperation=kooperation, bis=bis, erhebung=erhebung, **frueher)
