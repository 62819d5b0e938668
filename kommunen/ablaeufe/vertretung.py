"""Who stands in for whom, from which day to which."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ikz_portal.basis import post
from ikz_portal.basis.formate import tag_lang
from kommunen.ablaeufe.brief import brief
from kommunen.auswahl import Rolle
from kommunen.models import Konto, Sitz, Vertretung

GERECHNET = "In dieser Zeit ist die Vertretung schon geregelt."
HOECHSTENS_JAHRE = 10


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
    """Let one act for the other, in that seat or without one as head of the Kommune, the last day included.

    It begins today at the earliest: what was done before was not done in the place of anybody.
    """
    _amt_pruefen(vertretener, sitz)
    _vertreter_pruefen(vertretener, vertreter)
    _zeit_pruefen(von, letzter_tag, heute)
    # One after the other: of two overlapping rows at once, PostgreSQL ends one by a deadlock instead of the constraint.
    Konto.objects.select_for_update().get(pk=vertretener.pk)
    bis = letzter_tag + timedelta(days=1) if letzter_tag else None
    vertretung = Vertretung(vertretener=vertretener, vertreter=vertreter, sitz=sitz, von=von, bis=bis, durch=durch)
    vertretung.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            vertretung.save()
    except IntegrityError as fehler:  # all but the overlap is excluded above
        raise ValidationError({"von": GERECHNET}) from fehler
    _benachrichtigen(vertretung, letzter_tag)
    return vertretung


@transaction.atomic
def beenden(*, vertretung: Vertretung, durch: Konto, heute: date) -> Vertretung | None:
    """End it today; one that has not begun is taken back as a whole, and None returned."""
    gesperrt = Vertretung.objects.select_for_update().filter(pk=vertretung.pk).first()
    if gesperrt is None or (gesperrt.bis is not None and gesperrt.bis <= heute):
        raise ValidationError("Diese Vertretung ist schon zu Ende.")
    text = f"{gesperrt.vertreter.name} vertritt {gesperrt.vertretener.name} {amt_in_worten(gesperrt)} nicht mehr. "
    text += f"Die Vertretung hat {durch.name} am {tag_lang(heute)} beendet."
    for konto in (gesperrt.vertreter, gesperrt.vertretener):
        if konto.pk != durch.pk:
            post.einreihen(an=konto.email, betreff="Eine Vertretung ist beendet", text=brief(text))
    if gesperrt.von >= heute:
        gesperrt.delete()
        return None
    gesperrt.bis = heute
    gesperrt.save()
    return gesperrt


def amt_in_worten(vertretung: Vertretung) -> str:
    return f"im Gremium „{vertretung.sitz.gremium}“" if vertretung.sitz else "als Verwaltungsspitze"


def _amt_pruefen(vertretener: Konto, sitz: Sitz | None) -> None:
    if not vertretener.is_active:
        raise ValidationError({"sitz": f"Das Konto von {vertretener.name} ist deaktiviert."})
    if sitz is None and vertretener.rolle != Rolle.BUERGERMEISTER:
        raise ValidationError({"sitz": "Wählen Sie den Sitz: Als Verwaltungsspitze kann nur diese vertreten werden."})
    if sitz is not None and sitz.konto_id != vertretener.pk:
        raise ValidationError({"sitz": f"Dieser Sitz gehört nicht {vertretener.name}."})


def _vertreter_pruefen(vertretener: Konto, vertreter: Konto) -> None:
    if vertreter.pk == vertretener.pk:
        raise ValidationError({"vertreter": "Niemand vertritt sich selbst. Bitte wählen Sie eine andere Person."})
    if not vertreter.is_active:
        raise ValidationError({"vertreter": "Dieses Konto ist deaktiviert."})


def _zeit_pruefen(von: date, letzter_tag: date | None, heute: date) -> None:
    if von < heute:
        raise ValidationError({"von": "Der erste Tag liegt in der Vergangenheit. Eine Vertretung beginnt ab heute."})
    if letzter_tag is not None and letzter_tag < von:
        raise ValidationError({"letzter_tag": "Der letzte Tag liegt vor dem ersten."})
    for feld, tag in (("von", von), ("letzter_tag", letzter_tag)):
        if tag is not None and tag.year > heute.year + HOECHSTENS_JAHRE:
            raise ValidationError({feld: f"Bitte bleiben Sie bei höchstens {HOECHSTENS_JAHRE} Jahren im Voraus."})


def _benachrichtigen(vertretung: Vertretung, letzter_tag: date | None) -> None:
    """Tell both; who settled it knows already."""
    amt = amt_in_worten(vertretung)
    bis = f"bis zum {tag_lang(letzter_tag)}" if letzter_tag else "bis auf Weiteres"
    zeit = f"ab dem {tag_lang(vertretung.von)} {bis}"
    vertretener, vertreter, durch = vertretung.vertretener, vertretung.vertreter, vertretung.durch
    post.einreihen(
        an=vertreter.email,
        betreff=f"Sie vertreten {vertretener.name}",
        text=brief(
            f"{zeit} vertreten Sie {vertretener.name} {amt}. "
            "Bei allem, was Sie in dieser Vertretung im IKZ-Portal tun, stehen beide Namen."
        ),
    )
    if durch is not None and durch.pk != vertretener.pk:
        post.einreihen(
            an=vertretener.email,
            betreff=f"{vertreter.name} vertritt Sie",
            text=brief(
                f"{zeit} vertritt {vertreter.name} Sie {amt}. Das hat {durch.name} eingetragen. "
                "Stimmt das nicht? Dann wenden Sie sich bitte gleich an die Geschäftsstelle."
            ),
        )
