"""The life of a survey round: prepared, opened, its return closed and opened again, finished."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bestandsaufnahme.abfragen.erhebung import ruecklauf
from bestandsaufnahme.ablaeufe import fragebogen
from bestandsaufnahme.ablaeufe.rundschreiben import Versand, an_die_kommunen
from bestandsaufnahme.auswahl import ERHEBUNG_UEBERGAENGE, ErhebungStatus, FragebogenStatus
from bestandsaufnahme.fragenkatalog import KATALOG
from bestandsaufnahme.models import Erhebung, Fragebogen
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.formate import tag, tag_lang
from ikz_portal.basis.models import Statuswechsel
from ikz_portal.basis.rueckblick import Veraltet
from kommunen.ablaeufe.konto import einzeilig
from kommunen.models import Kommune, Konto

NICHT_UEBERNOMMEN = (FragebogenStatus.FREIGEGEBEN, FragebogenStatus.GEPRUEFT)


# --- preparing --------------------------------------------------------------------------------------------------------
@transaction.atomic
def anlegen(
    *, name: str, stichtag: date, frist: date, anschreiben: str, fragen: Iterable[str], durch: Konto, heute: date
) -> Erhebung:
    """Prepare a round; nobody is asked before it is opened."""
    erhebung = Erhebung(
        name=einzeilig(name), stichtag=stichtag, frist=frist, anschreiben=anschreiben.strip(), fragen=_fragen(fragen)
    )
    _frist_pruefen(frist, heute)
    _sichern(erhebung)
    _vermerken(erhebung, von="", durch=durch, heute=heute)
    return erhebung


@transaction.atomic
def bearbeiten(
    *,
    erhebung: Erhebung,
    version: int,
    name: str,
    stichtag: date,
    frist: date,
    anschreiben: str,
    fragen: Iterable[str],
    durch: Konto,
    heute: date,
) -> Erhebung:
    """Change a round that isn't open yet; Veraltet if somebody was faster."""
    gesperrt = _unveraendert(erhebung, version)
    if gesperrt.status != ErhebungStatus.VORBEREITUNG:
        raise ValidationError("Die Erhebung ist schon eröffnet. Stichtag, Anschreiben und Fragen stehen fest.")
    _frist_pruefen(frist, heute)
    gesperrt.name, gesperrt.stichtag, gesperrt.frist = einzeilig(name), stichtag, frist
    gesperrt.anschreiben, gesperrt.fragen = anschreiben.strip(), _fragen(fragen)
    _sichern(gesperrt)
    return gesperrt


@transaction.atomic
def beschreiben(
    *, erhebung: Erhebung, version: int, name: str, lesehinweis: str, quelle: str, durch: Konto
) -> Erhebung:
    """Change what is said about a round, whatever its state; Veraltet if somebody was faster."""
    gesperrt = _unveraendert(erhebung, version)
    gesperrt.name, gesperrt.lesehinweis, gesperrt.quelle = einzeilig(name), lesehinweis.strip(), quelle.strip()
    _sichern(gesperrt)
    return gesperrt


# --- running ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def eroeffnen(*, erhebung: Erhebung, durch: Konto, heute: date) -> Versand:
    """Give each Kommune its Fragebogen and write to it; from now on Stichtag and questions stay."""
    gesperrt = _gesperrt(erhebung)
    _muss_sein(gesperrt, ErhebungStatus.VORBEREITUNG, nach=ErhebungStatus.LAEUFT, was="eröffnen")
    if gesperrt.frist is None or gesperrt.frist < heute:
        raise ValidationError("Bitte setzen Sie vor dem Eröffnen eine Rückmeldefrist, die noch nicht vorbei ist.")
    gesperrt.beginn, gesperrt.beginn_genauigkeit = heute, Genauigkeit.TAG
    gesperrt.ende_genauigkeit = Genauigkeit.OFFEN
    _wechseln(gesperrt, ErhebungStatus.LAEUFT, durch=durch, heute=heute)
    boegen = [fragebogen.anlegen(erhebung=gesperrt, kommune=kommune, durch=durch) for kommune in Kommune.objects.all()]
    if not boegen:
        raise ValidationError("Es ist keine Kommune eingetragen, die gefragt werden könnte.")
    bis = tag_lang(gesperrt.frist)
    return an_die_kommunen(
        anfragen=boegen,
        betreff=f"{gesperrt.name}: Fragebogen bis {tag(gesperrt.frist)}",
        text=lambda bogen: _einladung(bogen, bis),
        heute=heute,
    )


def _einladung(bogen: Fragebogen, bis: str) -> str:
    runde = bogen.erhebung
    anfang = (
        f"zur Erhebung „{runde}“ liegt der Fragebogen von {bogen.kommune} im IKZ-Portal bereit. Er ist aus der "
        f"Bestandsaufnahme am Stichtag {tag_lang(runde.stichtag)} vorausgefüllt: Was noch gilt, bestätigen Sie nur."
    )
    ende = (
        f"Bitte geben Sie ihn bis zum {bis} zurück. Freigeben kann ihn die Verwaltungsspitze; bis dahin sieht nur Ihre "
        "Kommune, was darin steht."
    )
    return "\n\n".join(absatz for absatz in (anfang, runde.anschreiben, ende) if absatz)


@transaction.atomic
def verlaengern(*, erhebung: Erhebung, frist: date, durch: Konto, heute: date) -> Versand:
    """Give more time, and tell those that are missing."""
    gesperrt = _gesperrt(erhebung)
    if gesperrt.status != ErhebungStatus.LAEUFT:
        raise ValidationError(f"Verlängern lässt sich nur eine laufende Erhebung. {stand(gesperrt)}")
    if gesperrt.frist and frist <= gesperrt.frist:
        raise ValidationError({"frist": f"Die neue Frist liegt nicht nach der bisherigen ({tag(gesperrt.frist)})."})
    _frist_pruefen(frist, heute)
    gesperrt.frist = frist
    _sichern(gesperrt)
    return _neue_frist_mitteilen(gesperrt, "Für die Rückmeldung ist jetzt mehr Zeit.", heute=heute)


@transaction.atomic
def auswerten(*, erhebung: Erhebung, durch: Konto, heute: date) -> Erhebung:
    """Close the return: what is missing stays missing, unless the round is opened again."""
    gesperrt = _gesperrt(erhebung)
    _muss_sein(gesperrt, ErhebungStatus.LAEUFT, nach=ErhebungStatus.AUSWERTUNG, was="auswerten")
    _boegen_sperren(gesperrt)
    gesperrt.ruecklauf_bis = heute
    return _wechseln(gesperrt, ErhebungStatus.AUSWERTUNG, durch=durch, heute=heute)


@transaction.atomic
def wieder_oeffnen(*, erhebung: Erhebung, frist: date, durch: Konto, heute: date) -> Versand:
    """Let the Kommunen that are missing go on until this day, and tell them."""
    gesperrt = _gesperrt(erhebung)
    _muss_sein(gesperrt, ErhebungStatus.AUSWERTUNG, nach=ErhebungStatus.LAEUFT, was="wieder öffnen")
    _frist_pruefen(frist, heute)
    gesperrt.frist, gesperrt.ruecklauf_bis = frist, None
    _wechseln(gesperrt, ErhebungStatus.LAEUFT, durch=durch, heute=heute)
    return _neue_frist_mitteilen(gesperrt, "Die Erhebung ist wieder geöffnet.", heute=heute)


@transaction.atomic
def abschliessen(*, erhebung: Erhebung, trotz_fehlender: bool, durch: Konto, heute: date) -> Erhebung:
    """Finish the round. Refused while something released isn't taken over; missing ones want to be confirmed."""
    gesperrt = _gesperrt(erhebung)
    _muss_sein(gesperrt, ErhebungStatus.AUSWERTUNG, nach=ErhebungStatus.ABGESCHLOSSEN, was="abschließen")
    boegen = _boegen_sperren(gesperrt)
    if wartende := [bogen.kommune.name for bogen in boegen if bogen.status in NICHT_UEBERNOMMEN]:
        raise ValidationError(
            f"Noch nicht übernommen: {', '.join(wartende)}. Bitte prüfen und übernehmen Sie zuerst diese Fragebögen."
        )
    fehlende = [bogen.kommune.name for bogen in boegen if bogen.ist_offen]
    if fehlende and not trotz_fehlender:
        satz = f"Bitte bestätigen Sie, dass Sie ohne die fehlenden Rückmeldungen ({len(fehlende)}) abschließen."
        raise ValidationError({"trotz_fehlender": satz})
    gesperrt.ende, gesperrt.ende_genauigkeit = heute, Genauigkeit.TAG
    gesperrt.ruecklauf_bis = gesperrt.ruecklauf_bis or heute
    grund = f"ohne Rückmeldung: {', '.join(fehlende)}" if fehlende else ""
    return _wechseln(gesperrt, ErhebungStatus.ABGESCHLOSSEN, durch=durch, heute=heute, grund=grund)


# --- shared -----------------------------------------------------------------------------------------------------------
def _gesperrt(erhebung: Erhebung) -> Erhebung:
    return Erhebung.objects.select_for_update(no_key=True).get(pk=erhebung.pk)


def _unveraendert(erhebung: Erhebung, version: int) -> Erhebung:
    gesperrt = _gesperrt(erhebung)
    if gesperrt.version != version:
        raise Veraltet("Die Erhebung wurde inzwischen geändert.")
    return gesperrt


def _boegen_sperren(erhebung: Erhebung) -> Sequence[Fragebogen]:
    """Whoever releases one in this moment comes before or after, not in between."""
    boegen = Fragebogen.objects.select_for_update(of=("self",)).select_related("kommune")
    return list(boegen.filter(erhebung=erhebung).order_by("kommune__sortierung", "pk"))


def _fragen(gewaehlte: Iterable[str]) -> list[str]:
    """Return the keys in the order of the catalogue, which alone says what may be asked."""
    gewollt = set(gewaehlte)
    return [frage.schluessel for frage in KATALOG if frage.schluessel in gewollt]


def _frist_pruefen(frist: date, heute: date) -> None:
    if frist < heute:
        raise ValidationError({"frist": "Die Frist liegt in der Vergangenheit. Bitte wählen Sie heute oder später."})


def _muss_sein(erhebung: Erhebung, von: ErhebungStatus, *, nach: ErhebungStatus, was: str) -> None:
    if erhebung.status != von or nach not in ERHEBUNG_UEBERGAENGE[von]:
        raise ValidationError(f"Die Erhebung lässt sich jetzt nicht {was}. {stand(erhebung)}")


def stand(erhebung: Erhebung) -> str:
    """Say in which state it is, for who asked for a step that doesn't follow."""
    laeuft = erhebung.status == ErhebungStatus.LAEUFT
    return "Sie läuft schon." if laeuft else f"Sie ist {erhebung.marke_des_status.label}."


def _wechseln(erhebung: Erhebung, nach: ErhebungStatus, *, durch: Konto, heute: date, grund: str = "") -> Erhebung:
    von = erhebung.status
    erhebung.status = nach
    _sichern(erhebung)
    _vermerken(erhebung, von=von, durch=durch, heute=heute, grund=grund)
    return erhebung


def _vermerken(erhebung: Erhebung, *, von: str, durch: Konto, heute: date, grund: str = "") -> None:
    Statuswechsel.objects.create(
        objekt=erhebung, von=von, nach=erhebung.status, gueltig_ab=heute, durch=durch, grund=grund
    )


def _sichern(erhebung: Erhebung) -> None:
    """Save it; the database has the last word where two rounds take the same name or Stichtag at once."""
    andere = Erhebung.objects.exclude(pk=erhebung.pk)
    if gleiche := andere.filter(stichtag=erhebung.stichtag).first():
        raise ValidationError({"stichtag": f"Diesen Stichtag hat schon die Erhebung „{gleiche}“."})
    if andere.filter(name=erhebung.name).exists():
        raise ValidationError({"name": "So heißt schon eine andere Erhebung. Bitte wählen Sie einen anderen Namen."})
    erhebung.full_clean()
    try:
        with transaction.atomic():
            erhebung.save()
    except IntegrityError as fehler:
        raise ValidationError("Eine Erhebung mit diesem Namen oder Stichtag gibt es inzwischen schon.") from fehler


def _neue_frist_mitteilen(erhebung: Erhebung, anlass: str, *, heute: date) -> Versand:
    bis = tag_lang(erhebung.frist)
    return an_die_kommunen(
        anfragen=list(ruecklauf.fehlende(erhebung)),
        betreff=f"{erhebung.name}: neue Frist {tag(erhebung.frist)}",
        text=lambda bogen: (
            f"{anlass} Der Fragebogen von {bogen.kommune} zur Erhebung „{erhebung}“ fehlt noch. "
            f"Bitte geben Sie ihn bis zum {bis} zurück; freigeben kann ihn die Verwaltungsspitze."
        ),
        heute=heute,
    )
