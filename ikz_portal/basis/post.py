"""Mail through the outbox: the row is written with what it tells of; a job sends it, once, whatever dies meanwhile."""

import uuid
from datetime import timedelta
from email.utils import parseaddr
from smtplib import SMTPException, SMTPRecipientsRefused

import structlog
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from ikz_portal.basis import geheim, laeufe
from ikz_portal.basis.auswahl import PostStatus
from ikz_portal.basis.models import Lauf, Postausgang

log = structlog.get_logger(__name__)

# From this SMTP code on a refusal is for good; below it (greylisting) the server wants to be asked again.
ENDGUELTIG = 500

AUFGABE = "ikz_portal.basis.tasks.post_senden"

# Stands in the text for a link that only the recipient may see.
PERSOENLICHER_LINK = "[persönlicher Link]"


@transaction.atomic
def einreihen(
    *, an: str, betreff: str, text: str, link: str = "", abbestellbar: bool = False, laeuten: bool = True
) -> Postausgang:
    """Queue a mail in the caller's transaction.

    A personal `link` is kept apart, encrypted, and put in place of PERSOENLICHER_LINK when the mail is sent.
    `abbestellbar`: a POST to that link unsubscribes, and the mail program is told so. `laeuten` as in
    `laeufe.einreihen`.
    """
    if abbestellbar and not link:
        raise ValueError("Abbestellen lässt sich nur über einen persönlichen Link.")
    kennung = str(uuid.uuid4())
    _, absender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return Postausgang.objects.create(
        an=an,
        betreff=betreff,
        text=text,
        geheimnis=geheim.verschluesseln(link) if link else "",
        abbestellbar=abbestellbar,
        kennung=f"<{kennung}@{absender.rpartition('@')[2]}>",
        lauf=laeufe.einreihen(art=AUFGABE, schluessel=kennung, laeuten=laeuten),
    )


@transaction.atomic
def wiederholen(*, post: Postausgang, durch: AbstractBaseUser) -> Postausgang:
    """Send a failed mail again, from its first attempt on. ValidationError unless it has failed."""
    gesperrt = Postausgang.objects.select_for_update(of=("self",)).select_related("lauf").get(pk=post.pk)
    if gesperrt.status != PostStatus.FEHLGESCHLAGEN:
        raise ValidationError("Nur eine fehlgeschlagene Nachricht lässt sich erneut senden.")
    laeufe.wiederholen(gesperrt.lauf)
    gesperrt.status = PostStatus.WARTET
    gesperrt.save(update_fields=["status"])
    log.info("nachricht_wiederholt", nachricht=gesperrt.pk, durch=durch.pk)
    return gesperrt


def senden(lauf: Lauf) -> None:
    """Send the mail of this job. In a demo without a mail server the outbox itself is the mailbox.

    Its Message-ID comes from the row: a mail that went out although the sender was killed at once is the same mail.
    """
    post = Postausgang.objects.get(lauf=lauf)
    erledigt: dict[str, object] = {"status": PostStatus.GESENDET, "gesendet_am": timezone.now()}
    if settings.EMAIL_URL_GESETZT:
        _ausliefern(post, lauf)
        erledigt["geheimnis"] = ""
    elif not settings.IKZ_DEMO:
        raise laeufe.Scheitern("Es ist kein Mailserver eingerichtet.")
    with transaction.atomic():
        laeufe.beenden(lauf)
        Postausgang.objects.filter(pk=post.pk).update(**erledigt)


def mit_link(post: Postausgang) -> str:
    """Return the text as the recipient gets it. Scheitern if the link was written with a key that is gone."""
    link = _link(post)
    return post.text.replace(PERSOENLICHER_LINK, link) if link else post.text


def _link(post: Postausgang) -> str:
    if not post.geheimnis:
        return ""
    try:
        return geheim.entschluesseln(post.geheimnis)
    except geheim.Unlesbar as fehler:
        raise laeufe.Scheitern("Der persönliche Link ist nicht mehr lesbar (SECRET_KEY wurde gewechselt).") from fehler


def _kopf(post: Postausgang) -> dict[str, str]:
    """Return the headers of our own; those of one-click unsubscription are RFC 2369's and RFC 8058's."""
    kopf = {"Message-ID": post.kennung}
    if post.abbestellbar and (link := _link(post)):
        kopf |= {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return kopf


def _ausliefern(post: Postausgang, lauf: Lauf) -> None:
    nachricht = EmailMessage(post.betreff, mit_link(post), to=[post.an], headers=_kopf(post))
    try:
        nachricht.send()
    except SMTPRecipientsRefused as fehler:
        if all(code >= ENDGUELTIG for code, _ in fehler.recipients.values()):
            raise laeufe.Scheitern("Der Mailserver nimmt für diese Adresse nichts an.") from fehler
        raise laeufe.Nochmal("Der Mailserver nimmt die Nachricht noch nicht an.", _pause(lauf)) from fehler
    except (SMTPException, OSError) as fehler:
        raise laeufe.Nochmal("Der Mailserver ist nicht erreichbar.", _pause(lauf)) from fehler


def _pause(lauf: Lauf) -> timedelta:
    return timedelta(minutes=2**lauf.versuche)


def gescheitert(lauf: Lauf) -> None:
    Postausgang.objects.filter(lauf=lauf).update(status=PostStatus.FEHLGESCHLAGEN)
