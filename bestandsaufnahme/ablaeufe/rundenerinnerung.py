"""Reminding the Kommunen that haven't answered in a round of declarations: by hand, and by itself around the Frist."""

from collections.abc import Sequence
from datetime import date

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction

from bestandsaufnahme.abfragen.interesse.rundenruecklauf import fehlende, noch_nicht_erinnerte
from bestandsaufnahme.ablaeufe.interessenrunde import gesperrte, muss_laufen
from bestandsaufnahme.ablaeufe.rundschreiben import Versand, an_die_kommunen, fristen_mit_erinnerung
from bestandsaufnahme.auswahl import RundeStatus
from bestandsaufnahme.models import Interessenrunde, Rundenrueckmeldung
from ikz_portal.basis import laeufe
from ikz_portal.basis.formate import tag_lang
from ikz_portal.basis.models import Lauf
from ikz_portal.basis.zeit import heute as heutiger_tag
from kommunen.models import Konto

log = structlog.get_logger(__name__)

AUFGABE = "bestandsaufnahme.tasks.an_runden_erinnern"


@transaction.atomic
def erinnern(*, runde: Interessenrunde, durch: Konto, heute: date) -> Versand:
    """Remind everybody who is missing now; nobody twice on one day."""
    gesperrt = gesperrte(runde)
    muss_laufen(gesperrt, "Erinnern")
    versand = _erinnern(gesperrt, seit=heute, heute=heute)
    if not versand.mails:
        raise ValidationError(_warum_niemand(gesperrt, versand))
    return versand


def _warum_niemand(runde: Interessenrunde, versand: Versand) -> str:
    if versand.ohne_konto:
        return f"Es gibt niemanden anzuschreiben: Für {', '.join(versand.ohne_konto)} hat niemand ein Konto."
    if fehlende(runde).exists():
        return "Heute ist schon an alle fehlenden Rückmeldungen erinnert worden."
    return "Es fehlt keine Rückmeldung: Alle Kommunen haben geantwortet."


# --- by itself --------------------------------------------------------------------------------------------------------
def einreihen() -> Lauf | None:
    """Queue the run of today, unless it was before."""
    return laeufe.einmal(art=AUFGABE, schluessel=heutiger_tag().isoformat())


def ausfuehren(lauf: Lauf) -> None:
    """Do what is due on the day of the run, also where its worker comes late."""
    mails = faellige_erinnern(faellig_am=date.fromisoformat(lauf.schluessel), heute=heutiger_tag())
    log.info("rundenerinnerungen_verschickt", mails=mails)
    laeufe.beenden(lauf)


@transaction.atomic
def faellige_erinnern(*, faellig_am: date, heute: date) -> int:
    """Remind in the round that runs if its Frist is that far from this day, and return the number of mails.

    Whoever got a reminder since that day gets no second one, so that running twice sends once.
    """
    laufende = Interessenrunde.objects.select_for_update(no_key=True).filter(status=RundeStatus.LAEUFT)
    runde = laufende.filter(frist__in=fristen_mit_erinnerung(faellig_am)).exclude(beginn__gte=faellig_am).first()
    return _erinnern(runde, seit=faellig_am, heute=heute).mails if runde else 0


# --- shared -----------------------------------------------------------------------------------------------------------
def _erinnern(runde: Interessenrunde, *, seit: date, heute: date) -> Versand:
    """Write to them, and put it on record where there was somebody to write to.

    The round is locked: whoever answers in this moment comes before or after.
    """
    anfragen: Sequence[Rundenrueckmeldung] = list(noch_nicht_erinnerte(runde, seit=seit))
    versand = an_die_kommunen(
        anfragen=anfragen, betreff=f"Erinnerung: {runde.name}", text=lambda anfrage: _text(anfrage, heute), heute=heute
    )
    runde.rueckmeldungen.filter(kommune__in=versand.angeschrieben).update(erinnert_am=heute)
    return versand


def _text(anfrage: Rundenrueckmeldung, heute: date) -> str:
    runde = anfrage.runde
    vorbei, bis = runde.frist is not None and runde.frist < heute, tag_lang(runde.frist)
    frist = f"Die Frist war der {bis}. Bitte holen Sie die Antwort nach" if vorbei else f"Zeit ist bis zum {bis}"
    return (
        f"in der Interessenrunde „{runde}“ fehlt noch die Antwort von {anfrage.kommune}. {frist}.\n\n"
        "Jede Interessenbekundung gilt als Antwort. Gibt es nichts hinzuzufügen, melden Sie das mit einem Klick; was "
        "Sie früher bekundet haben, zählt weiter."
    )
