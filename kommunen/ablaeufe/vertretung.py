"""Who stands in for whom, from which day to which."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ikz_portal.basis import post
from ikz_portal.basis.formate import tag_lang
from kommunen.auswahl import Rolle
from kommunen.models import Konto, Sitz, Vertretung

GERECHNET = "In dieser Zeit ist die Vertretung schon geregelt."


@transaction.atomic
def einrichten(
    *,
    vertretener: Konto,
    vertreter: Konto,
    sitz: Sitz | None,
    von: date,
    letzter_tag: date | None,
    durch: Konto,
    heute: date,
) -> Vertretung:
    """Let one act for the other, in that seat or without one as head of the Kommune, the last day included."""
    if letzter_tag is not None and letzter_tag < heute:
        raise ValidationError({"letzter_tag": "Der letzte Tag liegt in der Vergangenheit."})
    if sitz is None and vertretener.rolle != Rolle.BUERGERMEISTER:
        raise ValidationError({"sitz": "Wählen Sie den Sitz: Als Verwaltungsspitze kann nur diese vertreten werden."})
    if sitz is not None and sitz.konto_id != vertretener.pk:
        raise ValidationError({"sitz": f"Dieser Sitz gehört nicht {vertretener.name}."})
    if not vertreter.is_active:
        raise ValidationError({"vertreter": "Dieses Konto ist deaktiviert."})
    bis = letzter_tag + timedelta(days=1) if letzter_tag else None
    vertretung = Vertretung(vertretener=vertretener, vertreter=vertreter, sitz=sitz, von=von, bis=bis, durch=durch)
    try:
        vertretung.full_clean()
        with transaction.atomic():
            vertretung.save()
    except IntegrityError as fehler:  # settled by somebody else in the same moment
        raise ValidationError(GERECHNET) from fehler
    _benachrichtigen(vertretung, letzter_tag)
    return vertretung


@transaction.atomic
def beenden(*, vertretung: Vertretung, durch: Konto, heute: date) -> Vertretung | None:
    """End it today; one that has not begun is taken back as a whole, and None returned."""
    gesperrt = Vertretung.objects.select_for_update().get(pk=vertretung.pk)
    if gesperrt.bis is not None and gesperrt.bis <= heute:
        raise ValidationError("Diese Vertretung ist schon zu Ende.")
    if gesperrt.von >= heute:
        gesperrt.delete()
        return None
    gesperrt.bis = heute
    gesperrt.save()
    return gesperrt


def _benachrichtigen(vertretung: Vertretung, letzter_tag: date | None) -> None:
    amt = f"im Gremium „{vertretung.sitz.gremium}“" if vertretung.sitz else "als Verwaltungsspitze"
    bis = f"bis zum {tag_lang(letzter_tag)}" if letzter_tag else "bis auf Weiteres"
    post.einreihen(
        an=vertretung.vertreter.email,
        betreff=f"Sie vertreten {vertretung.vertretener.name}",
        text=f"Ab dem {tag_lang(vertretung.von)} {bis} vertreten Sie {vertretung.vertretener.name} {amt}. "
        "Bei allem, was Sie in dieser Vertretung im IKZ-Portal tun, stehen beide Namen.",
    )
