"""Inviting somebody, and what becomes of the invitation. Its link works once, for a while, and is kept as a hash."""

import hashlib
import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from ikz_portal.basis import post, protokoll
from ikz_portal.basis.formate import tag_lang
from kommunen.ablaeufe import konto as konto_ablauf
from kommunen.models import Einladung, Kommune, Konto, Verbund
from kommunen.rechte import sichtbare_konten

GUELTIG = timedelta(days=14)  # rechte.md, „Personal data“
VERFALLEN = "Dieser Einladungslink gilt nicht mehr. Bitte lassen Sie sich eine neue Einladung schicken."


@transaction.atomic
def einladen(
    *,
    email: str,
    name: str,
    rolle: str,
    kommune: Kommune | None,
    funktion: str = "",
    durch: Konto | None,
    jetzt: datetime,
) -> tuple[Einladung, str]:
    """Invite, or invite again with a new link; return the Einladung and its link, which is not kept anywhere.

    Whether an address that the inviter can't see has a Konto already is told to its owner alone, by mail.
    """
    email = email.strip().lower()
    _sichtbares_konto_ausschliessen(email, durch)
    frueher = Einladung.objects.offene().filter(email__iexact=email, kommune=kommune)
    for einladung in frueher.select_for_update():
        _beenden(einladung, jetzt)
    token = secrets.token_urlsafe(32)
    einladung = Einladung(
        email=email,
        name=name,
        funktion=funktion,
        rolle=rolle,
        kommune=kommune,
        durch=durch,
        pruefsumme=_pruefsumme(token),
        gueltig_bis=jetzt + GUELTIG,
    )
    einladung.full_clean()
    einladung.save()
    link = f"{settings.BASE_URL}{reverse('einladung_annehmen', args=[token])}"
    _benachrichtigen(einladung, link)
    return einladung, link


def finden(token: str, *, jetzt: datetime) -> Einladung | None:
    """Return the Einladung that this link opens now."""
    offene = Einladung.objects.offene().filter(gueltig_bis__gt=jetzt).select_related("kommune")
    return offene.filter(pruefsumme=_pruefsumme(token)).first()


@transaction.atomic
def annehmen(*, token: str, name: str, funktion: str, passwort: str, jetzt: datetime) -> Konto:
    """Make the Konto; ValidationError if the link is used, expired, withdrawn or foreign."""
    gefunden = Einladung.objects.offene().filter(gueltig_bis__gt=jetzt, pruefsumme=_pruefsumme(token))
    einladung = gefunden.select_for_update(of=("self",)).select_related("kommune").first()
    if einladung is None or EmailAddress.objects.filter(email__iexact=einladung.email).exists():
        raise ValidationError(VERFALLEN)
    with protokoll.umstaende(quelle="Einladung angenommen"):
        konto = konto_ablauf.anlegen(
            email=einladung.email,
            name=name,
            funktion=funktion,
            rolle=einladung.rolle,
            kommune=einladung.kommune,
            passwort=passwort,
        )
        einladung.konto, einladung.angenommen_am = konto, jetzt
        einladung.save()
    return konto


@transaction.atomic
def zurueckziehen(*, einladung: Einladung, durch: Konto, jetzt: datetime) -> Einladung:
    gesperrt = Einladung.objects.select_for_update().get(pk=einladung.pk)
    if gesperrt.angenommen_am is not None or gesperrt.zurueckgezogen_am is not None:
        raise ValidationError("Diese Einladung ist nicht mehr offen.")
    return _beenden(gesperrt, jetzt)


def _beenden(einladung: Einladung, jetzt: datetime) -> Einladung:
    einladung.zurueckgezogen_am = jetzt
    einladung.save()
    return einladung


def _sichtbares_konto_ausschliessen(email: str, durch: Konto | None) -> None:
    sichtbare = sichtbare_konten(durch) if durch else Konto.objects.all()
    if vorhanden := sichtbare.filter(email__iexact=email).first():
        zustand = "" if vorhanden.is_active else " Es ist deaktiviert und lässt sich wieder öffnen."
        raise ValidationError({"email": f"Für diese Adresse gibt es schon ein Konto.{zustand}"})


def _benachrichtigen(einladung: Einladung, link: str) -> None:
    verbund = Verbund.objects.first()
    von = einladung.durch.name if einladung.durch else "Die Geschäftsstelle"
    anrede = f"{von} lädt Sie ein, im IKZ-Portal mitzuarbeiten" + (f" ({verbund.name})." if verbund else ".")
    if EmailAddress.objects.filter(email__iexact=einladung.email).exists():
        text = "Für Ihre Adresse gibt es dort aber schon ein Konto: Melden Sie sich einfach damit an. Soll es zu einer "
        text += "anderen Kommune oder Rolle gehören, wenden Sie sich bitte an die Geschäftsstelle."
        post.einreihen(an=einladung.email, betreff="Einladung ins IKZ-Portal", text=f"{anrede}\n\n{text}")
        return
    rolle = einladung.get_rolle_display() + (f", {einladung.kommune}" if einladung.kommune else "")
    text = (
        f"Ihre Rolle: {rolle}\n\nSo beginnen Sie: Öffnen Sie diesen Link und wählen Sie ein Passwort.\n"
        f"{post.PERSOENLICHER_LINK}\n\n"
        f"Der Link gilt bis zum {tag_lang(einladung.gueltig_bis)} und nur ein Mal. Geben Sie ihn bitte nicht weiter."
    )
    post.einreihen(an=einladung.email, betreff="Einladung ins IKZ-Portal", text=f"{anrede}\n\n{text}", link=link)


def _pruefsumme(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
