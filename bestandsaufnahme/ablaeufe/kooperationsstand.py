"""Keeping how a Kooperation was described before it is described otherwise."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from bestandsaufnahme.models import Erhebung, Kooperation, Kooperationsstand
from bestandsaufnahme.models.stand import BEGINN, BESCHREIBUNG
from ikz_portal.basis.formate import tag


def beschreibung(kooperation: Kooperation) -> dict[str, Any]:
    namen = list(kooperation.externe_partner.order_by("name").values_list("name", flat=True))
    return {feld: getattr(kooperation, feld) for feld in (*BESCHREIBUNG, *BEGINN)} | {"externe_partner": namen}


def festhalten(
    kooperation: Kooperation, frueher: dict[str, Any], *, bis: date | None, erhebung: Erhebung | None
) -> None:
    """Keep of what described it (`beschreibung`) that which is another now and held up to this day.

    Another begin is kept where a round says so; typed in by hand it is a correction for all days.
    """
    anders = {feld for feld, wert in beschreibung(kooperation).items() if wert != frueher[feld]}
    beginn = anders & set(BEGINN)
    if beginn and erhebung is None:
        heutiger = {feld: getattr(kooperation, feld) for feld in BEGINN}
        kooperation.staende.exclude(seit_genauigkeit="").update(**heutiger)
    gehalten = frueher if beginn and erhebung else {f: wert for f, wert in frueher.items() if f not in BEGINN}
    if bis is not None and anders & gehalten.keys():
        _schreiben(kooperation, gehalten, bis=bis, erhebung=erhebung)


def _schreiben(kooperation: Kooperation, gehalten: dict[str, Any], *, bis: date, erhebung: Erhebung | None) -> None:
    """A second change from the same day on keeps what was before the first. Where a round says it, the whole change
    is the round's: nothing of it is told before that is public.
    """
    letzter = kooperation.staende.order_by("-bis").first()
    if letzter and letzter.bis > bis:
        seit = tag(letzter.bis)
        raise ValidationError(
            {"ab": f"Die Kooperation wurde schon zum {seit} geändert. Bitte nennen Sie einen späteren Tag."}
        )
    if letzter is None or letzter.bis < bis:
        Kooperationsstand.objects.create(kooperation=kooperation, bis=bis, erhebung=erhebung, **gehalten)
    elif erhebung is not None:
        letzter.erhebung = erhebung
        if not letzter.seit_genauigkeit:
            letzter.seit, letzter.seit_genauigkeit = gehalten.get("seit"), gehalten.get("seit_genauigkeit", "")
        letzter.save(update_fields=["erhebung", *BEGINN])
