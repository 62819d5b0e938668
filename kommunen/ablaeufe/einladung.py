"""Inviting somebody, and what becomes of the invitation. Its link works once, for a while, and is kept as a hash."""

import hashlib
import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from ikz_portal.basis import post, protokoll
from ikz_portal.basis.formate import tag_lang
from kommunen.ablaeufe import konto as konto_ablauf
from kommunen.ablaeufe.brief import brief
from kommunen.auswahl import Rolle
from kommunen.models import Einladung, Kommune, Konto, Verbund
from kommunen.rechte import ist_geschaeftsstelle, sichtbare_einladungen, sichtbare_konten, vertritt

GUELTIG = timedelta(days=14)  # rechte.md, „Personal data“


class Verfallen(ValidationError):
    """The link opens nothing (any more): answered by the one page for all such links."""


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
    _zweite_spitze_ausschliessen(rolle, kommune)
    vertretener = _in_vertretung(durch, kommune)
    _fruehere_beenden(email, kommune, durch, jetzt)
    token = secrets.token_urlsafe(32)
    einladung = Einladung(
        email=email,
        name=konto_ablauf.einzeilig(name),
        funktion=konto_ablauf.einzeilig(funktion),
        rolle=rolle,
        kommune=kommune,
        durch=durch,
        pruefsumme=_pruefsumme(token),
        gueltig_bis=jetzt + GUELTIG,
    )
    _sichern(einladung)
    link = f"{settings.BASE_URL}{reverse('einladung_annehmen', args=[token])}"
    _benachrichtigen(einladung, vertretener, link)
    return einladung, link


@transaction.atomic
def erneut_schicken(*, einladung: Einladung, durch: Konto, jetzt: datetime) -> Einladung:
    """Invite the same person again: the new link counts from now, the former one no longer."""
    gesperrt = _offene(einladung)
    neue, _ = einladen(
        email=gesperrt.email,
        name=gesperrt.name,
        funktion=gesperrt.funktion,
        rolle=gesperrt.rolle,
        kommune=gesperrt.kommune,
        durch=durch,
        jetzt=jetzt,
    )
    return neue


def finden(token: str, *, jetzt: datetime) -> Einladung | None:
    """Return the Einladung that this link opens now."""
    offene = Einladung.objects.offene().filter(gueltig_bis__gt=jetzt).select_related("kommune")
    einladung = offene.filter(pruefsumme=_pruefsumme(token)).first()
    return None if einladung is None or _vergeben(einladung.email) else einladung


@transaction.atomic
def annehmen(*, token: str, name: str, funktion: str, passwort: str, jetzt: datetime) -> Konto:
    """Make the Konto; Verfallen if the link opens nothing (any more)."""
    gefunden = Einladung.objects.offene().filter(gueltig_bis__gt=jetzt, pruefsumme=_pruefsumme(token))
    einladung = gefunden.select_for_update(of=("self",)).select_related("kommune").first()
    if einladung is None or _vergeben(einladung.email):
        raise Verfallen("Dieser Einladungslink gilt nicht mehr.")
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
    gesperrt = _offene(einladung)
    _in_vertretung(durch, gesperrt.kommune)
    return _beenden(gesperrt, jetzt)


def _offene(einladung: Einladung) -> Einladung:
    gesperrt = Einladung.objects.offene().select_for_update().filter(pk=einladung.pk).first()
    if gesperrt is None:
        raise ValidationError("Diese Einladung ist nicht mehr offen.")
    return gesperrt


def _sichern(einladung: Einladung) -> None:
    einladung.full_clean()
    try:
        with transaction.atomic():
            einladung.save()
    except IntegrityError as fehler:  # invited by somebody else in the same moment
        raise ValidationError({"email": "Diese Adresse wird gerade schon eingeladen."}) from fehler


def _fruehere_beenden(email: str, kommune: Kommune | None, durch: Konto | None, jetzt: datetime) -> None:
    frueher = Einladung.objects.offene().filter(email__iexact=email, kommune=kommune).select_for_update().first()
    if frueher is None:
        return
    if durch and not sichtbare_einladungen(durch).filter(pk=frueher.pk).exists():
        raise ValidationError({"email": "Diese Adresse hat die Geschäftsstelle schon eingeladen."})
    _beenden(frueher, jetzt)


def _in_vertretung(durch: Konto | None, kommune: Kommune | None) -> Konto | None:
    """Return the head in whose place this is done, and put that on record."""
    if durch is None or kommune is None or ist_geschaeftsstelle(durch):
        return None
    vertretener = vertritt(durch, kommune, als_spitze=True)
    if vertretener:
        protokoll.in_vertretung(vertretener.pk)
    return vertretener


def _beenden(einladung: Einladung, jetzt: datetime) -> Einladung:
    einladung.zurueckgezogen_am = jetzt
    einladung.save()
    return einladung


def _sichtbares_konto_ausschliessen(email: str, durch: Konto | None) -> None:
    sichtbare = sichtbare_konten(durch) if durch else Konto.objects.all()
    if vorhanden := sichtbare.filter(email__iexact=email).first():
        zustand = "" if vorhanden.is_active else " Es ist deaktiviert; die Geschäftsstelle kann es wieder öffnen."
        raise ValidationError({"email": f"Für diese Adresse gibt es schon ein Konto.{zustand}"})


def _zweite_spitze_ausschliessen(rolle: str, kommune: Kommune | None) -> None:
    if rolle != Rolle.BUERGERMEISTER or kommune is None:
        return
    if vorhandene := Konto.objects.filter(rolle=rolle, kommune=kommune, is_active=True).first():
        satz = f"{kommune} hat schon ein aktives Konto der Verwaltungsspitze ({vorhandene.name}). "
        raise ValidationError({"rolle": f"{satz}Deaktivieren Sie es zuerst."})


def _vergeben(email: str) -> bool:
    """An address that somebody has typed in but not proven belongs to nobody yet."""
    bestaetigt = EmailAddress.objects.filter(email__iexact=email, verified=True).exists()
    return bestaetigt or Konto.objects.filter(email__iexact=email).exists()


def _benachrichtigen(einladung: Einladung, vertretener: Konto | None, link: str) -> None:
    verbund = Verbund.objects.first()
    von = einladung.durch.name if einladung.durch else "die Geschäftsstelle"
    von += f" (in Vertretung für {vertretener.name})" if vertretener else ""
    anrede = f"{von} lädt Sie ein, im IKZ-Portal mitzuarbeiten" + (f" ({verbund.name})." if verbund else ".")
    if _vergeben(einladung.email):
        text = "Für Ihre Adresse gibt es dort aber schon ein Konto: Melden Sie sich einfach damit an. Geht das nicht, "
        text += "oder soll es zu einer anderen Kommune oder Rolle gehören, fragen Sie bitte die Geschäftsstelle."
        post.einreihen(an=einladung.email, betreff="Einladung ins IKZ-Portal", text=brief(f"{anrede}\n\n{text}"))
        return
    rolle = einladung.get_rolle_display() + (f", {einladung.kommune}" if einladung.kommune else "")
    text = (
        f"Ihre Rolle: {rolle}\n\nSo beginnen Sie: Öffnen Sie diesen Link und wählen Sie ein Passwort.\n\n"
        f"{post.PERSOENLICHER_LINK}\n\n"
        f"Der Link gilt bis zum {tag_lang(einladung.gueltig_bis)} und nur ein Mal. Geben Sie ihn bitte nicht weiter."
    )
    post.einreihen(an=einladung.email, betreff="Einladung ins IKZ-Portal", text=brief(f"{anrede}\n\n{text}"), link=link)


def _pruefsumme(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
