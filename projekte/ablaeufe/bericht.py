"""Status reports: asked for, made by a worker from the snapshot, repeated after a failure, released."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from ikz_portal.basis import ablage, laeufe, post
from ikz_portal.basis.auswahl import LaufStatus
from ikz_portal.basis.models import Lauf
from kommunen.ablaeufe.brief import brief
from kommunen.models import Konto
from projekte import berichte
from projekte.auswahl import BerichtArt
from projekte.models import Bericht

AUFGABE = "projekte.tasks.bericht_erstellen"


def anfordern(
    *, stichtag: date, schnappschuss: dict[str, Any], durch: Konto | None, heute: date
) -> tuple[Bericht, bool]:
    """Ask for the portfolio report of the day. Return it and whether it is new: one in work for that day is shared.

    ValidationError for a day to come: nobody knows yet what will be true then.
    """
    if stichtag > heute:
        raise ValidationError("Der Stichtag liegt in der Zukunft. Bitte wählen Sie heute oder einen früheren Tag.")
    try:
        return _neu(stichtag, schnappschuss, durch), True
    except IntegrityError:
        return Bericht.objects.get(
            lauf__art=AUFGABE, lauf__schluessel=_schluessel(stichtag), lauf__status__in=LaufStatus.offene()
        ), False


def _schluessel(stichtag: date) -> str:
    return f"{BerichtArt.PORTFOLIO}:{stichtag}"


@transaction.atomic
def _neu(stichtag: date, schnappschuss: dict[str, Any], durch: Konto | None) -> Bericht:
    return Bericht.objects.create(
        stichtag=stichtag,
        schnappschuss=schnappschuss,
        lauf=laeufe.einreihen(art=AUFGABE, schluessel=_schluessel(stichtag)),
        durch=durch,
    )


def erstellen(lauf: Lauf) -> None:
    """Make the PDF of this job and keep it, with its checksum, in the transaction that ends the job."""
    bericht = lauf.bericht
    laeufe.melden(lauf, schritt="Daten werden aufbereitet", fortschritt=10)
    html = berichte.portfolio_html(bericht.schnappschuss, demo=settings.IKZ_DEMO)
    laeufe.melden(lauf, schritt="Seiten werden gesetzt", fortschritt=35)
    inhalt = berichte.pdf(html)
    laeufe.melden(lauf, schritt="Bericht wird abgelegt", fortschritt=90)
    with transaction.atomic():
        laeufe.beenden(lauf)
        bericht.fassung = ablage.ablegen(
            titel=str(bericht),
            dateiname=berichte.dateiname(bericht.stichtag),
            inhaltstyp="application/pdf",
            inhalt=inhalt,
            durch=bericht.durch,
        )
        bericht.save(update_fields=["fassung"])
        _benachrichtigen(bericht, "ist fertig", "Sie können ihn jetzt öffnen:")


def gescheitert(lauf: Lauf) -> None:
    _benachrichtigen(lauf.bericht, "konnte nicht erstellt werden", "Grund und Wiederholung finden Sie hier:")


def _benachrichtigen(bericht: Bericht, was: str, satz: str) -> None:
    if bericht.durch is None:
        return
    post.einreihen(
        an=bericht.durch.email,
        betreff=f"{bericht} {was}",
        text=brief(f"der {bericht} {was}. {satz}\n\n{settings.BASE_URL}{reverse('bericht_detail', args=[bericht.pk])}"),
    )


def wiederholen(*, bericht: Bericht, durch: Konto) -> None:
    """Make a failed report again, from the same snapshot. ValidationError unless it failed, or if another is made."""
    try:
        laeufe.wiederholen(bericht.lauf)
    except ValueError as fehler:
        raise ValidationError("Dieser Bericht ist nicht fehlgeschlagen.") from fehler
    except IntegrityError as fehler:
        raise ValidationError("Für diesen Stichtag wird gerade ein anderer Bericht erstellt.") from fehler


@transaction.atomic
def freigeben(*, bericht: Bericht, durch: Konto) -> None:
    """Let all who are signed in read it. ValidationError while it isn't finished; a second release changes nothing."""
    bericht = Bericht.objects.select_for_update(of=["self"]).get(pk=bericht.pk)
    if bericht.fassung_id is None:
        raise ValidationError("Freigeben können Sie nur einen fertigen Bericht.")
    if bericht.freigegeben_am is None:
        bericht.freigegeben_am, bericht.freigegeben_durch = timezone.now(), durch
        bericht.save(update_fields=["freigegeben_am", "freigegeben_durch"])
