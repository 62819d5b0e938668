"""Keeping how a Kooperation was described before it is described otherwise."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from bestandsaufnahme.models import Erhebung, Kooperation, Kooperationsstand
from bestandsaufnahme.models.stand import BEGINN, BESCHREIBUNG
from ikz_portal.basis.formate import tag


def beschreibung(kooperation: Kooperation) -> dict[str, Any]:
    namen = list(kooperation.externe_partner.order_by("name").values_list("name", flat=True))
    return {feld: getattr(kooperation, feld) for feld in BESCHREIBUNG} | {"externe_partner": namen}


def beginn_von(kooperation: Kooperation) -> dict[str, Any]:
    return {feld: getattr(kooperation, feld) for feld in BEGINN}


def stand_festhalten(
    kooperation: Kooperation, frueher: dict[str, Any], *, bis: date, erhebung: Erhebung | None
) -> None:
    """Keep what held up to this day. A second change from the same day on keeps what was before the first; where a
    round says it, the whole change is the round's, so that nothing of it is told before it is public.
    """
    letzter = kooperation.staende.order_by("-bis").first()
    if letzter and letzter.bis > bis:
        seit = tag(letzter.bis)
        raise ValidationError(
            {"ab": f"Die Kooperation wurde schon zum {seit} geändert. Bitte nennen Sie einen späteren Tag."}
        )
    if letzter is None or letzter.bis < bis:
        Kooperationsstand.objects.create(kooperation=kooperation, bis=bis, erhebung=erhebung, **frueher)
    elif erhebung is not None:
        letzter.erhebung = erhebung
        if not letzter.seit_genauigkeit:
            letzter.seit_genauigkeit = frueher.get("seit_genauigkeit", "")
            letzter.seit = frueher.get("seit")
        letzter.save(update_fields=["erhebung", *BEGINN])
