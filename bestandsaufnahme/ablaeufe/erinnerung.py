"""Reminding the Kommunen whose Fragebogen is missing: by hand, and by itself before and after the Frist."""

from collections.abc import Sequence
from datetime import date

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction

from bestandsaufnahme.abfragen.erhebung import ruecklauf
from bestandsaufnahme.ablaeufe.erhebung import stand
from bestandsaufnahme.ablaeufe.rundschreiben import Versand, an_die_kommunen, fristen_mit_erinnerung
from bestandsaufnahme.auswahl import ErhebungStatus, ErinnerungAnlass
from bestandsaufnahme.models import Erhebung, Erinnerung, Fragebogen
from ikz_portal.basis import laeufe
from ikz_portal.basis.formate import tag_lang
from ikz_portal.basis.models import Lauf
from ikz_portal.basis.zeit import heute as heutiger_tag
from kommunen.models import Konto

log = structlog.get_logger(__name__)

AUFGABE = "bestandsaufnahme.tasks.erinnern"


@transaction.atomic
def erinnern(*, erhebung: Erhebung, durch: Konto, heute: date) -> Versand:
    """Remind everybody who is missing now; nobody twice on one day."""
    gesperrt = _gesperrt(erhebung)
    if gesperrt.status != ErhebungStatus.LAEUFT:
        raise ValidationError(f"Erinnern lässt sich nur in einer laufenden Erhebung. {stand(gesperrt)}")
    versand = _erinnern(
        gesperrt, _zu_erinnernde(gesperrt, seit=heute), ErinnerungAnlass.VON_HAND, durch=durch, heute=heute
    )
    if not versand.mails:
        raise ValidationError(_warum_niemand(gesperrt, versand))
    return versand


def _warum_niemand(erhebung: Erhebung, versand: Versand) -> str:
    if versand.ohne_konto:
        return f"Es gibt niemanden anzuschreiben: Für {', '.join(versand.ohne_konto)} hat niemand ein Konto."
    if ruecklauf.fehlende(erhebung).exists():
        return "Heute ist schon an alle fehlenden Rückmeldungen erinnert worden."
    return "Es fehlt keine Rückmeldung: Alle Fragebögen sind freigegeben."


# --- by itself --------------------------------------------------------------------------------------------------------
def einreihen() -> Lauf | None:
    """Queue the run of today, unless it was before."""
    return laeufe.einmal(art=AUFGABE, schluessel=heutiger_tag().isoformat())


def ausfuehren(lauf: Lauf) -> None:
    """Do what is due on the day of the run, also where its worker comes late."""
    mails = faellige_erinnern(faellig_am=date.fromisoformat(lauf.schluessel), heute=heutiger_tag())
    log.info("erinnerungen_verschickt", mails=mails)
    laeufe.beenden(lauf)


def faellige_erinnern(*, faellig_am: date, heute: date) -> int:
    """Remind in the rounds whose Frist is that far from this day, and return the number of mails.

    Whoever got a reminder since that day gets no second one, so that running twice sends once.
    """
    fristen = fristen_mit_erinnerung(faellig_am)
    runden = Erhebung.objects.filter(status=ErhebungStatus.LAEUFT, frist__in=fristen).exclude(beginn__gte=faellig_am)
    return sum(_runde_erinnern(pk, fristen, seit=faellig_am, heute=heute) for pk in runden.values_list("pk", flat=True))


@transaction.atomic
def _runde_erinnern(pk: int, fristen: list[date], *, seit: date, heute: date) -> int:
    gesperrt = Erhebung.objects.select_for_update(no_key=True).get(pk=pk)
    if gesperrt.status != ErhebungStatus.LAEUFT or gesperrt.frist not in fristen:
        return 0  # extended or closed meanwhile
    anlass = ErinnerungAnlass.NACH_FRIST if gesperrt.frist < heute else ErinnerungAnlass.VOR_FRIST
    return _erinnern(gesperrt, _zu_erinnernde(gesperrt, seit=seit), anlass, durch=None, heute=heute).mails


# --- shared -----------------------------------------------------------------------------------------------------------
def _gesperrt(erhebung: Erhebung) -> Erhebung:
    return Erhebung.objects.select_for_update(no_key=True).get(pk=erhebung.pk)


def _zu_erinnernde(erhebung: Erhebung, *, seit: date) -> list[Fragebogen]:
    """Return them locked, with how much is missing: whoever releases one in this moment comes before or after."""
    offene = ruecklauf.noch_nicht_erinnerte(erhebung, seit=seit)
    gesperrt = [bogen.pk for bogen in offene.select_for_update(of=("self",))]
    return list(ruecklauf.mit_fragen(Fragebogen.objects.filter(pk__in=gesperrt)))


def _erinnern(
    erhebung: Erhebung, boegen: Sequence[Fragebogen], anlass: ErinnerungAnlass, *, durch: Konto | None, heute: date
) -> Versand:
    """Write to them, and put it on record where there was somebody to write to."""
    versand = an_die_kommunen(
        anfragen=boegen,
        betreff=f"Erinnerung: {erhebung.name}",
        text=lambda bogen: _text(bogen, erhebung, heute),
        heute=heute,
    )
    Erinnerung.objects.bulk_create(
        Erinnerung(fragebogen=bogen, anlass=anlass, am=heute, durch=durch)
        for bogen in boegen
        if bogen.kommune_id in versand.angeschrieben
    )
    return versand


def _text(bogen: Fragebogen, erhebung: Erhebung, heute: date) -> str:
    vorbei = erhebung.frist is not None and erhebung.frist < heute
    bis = tag_lang(erhebung.frist)
    frist = f"Die Frist war der {bis}. Bitte holen Sie die Rückmeldung nach" if vorbei else f"Zeit ist bis zum {bis}"
    return (
        f"der Fragebogen von {bogen.kommune} zur Erhebung „{erhebung}“ ist noch nicht freigegeben. {frist}.\n\n"
        f"{_was_fehlt(bogen)}"
    )


def _was_fehlt(bogen: Fragebogen) -> str:
    fragen, unbeantwortet = getattr(bogen, "fragen", 0), getattr(bogen, "unbeantwortet", 0)
    if unbeantwortet:
        return f"Noch nicht beantwortet: {unbeantwortet} von {fragen} Fragen."
    return "Alle Fragen sind beantwortet. Es fehlt nur die Freigabe durch die Verwaltungsspitze."
