"""The life of a Fragebogen: pre-filled, filled in, released by the head of the Kommune, and sometimes given back."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from bestandsaufnahme.abfragen.erhebung import fragen
from bestandsaufnahme.ablaeufe.rundschreiben import an_die_kommunen, weg
from bestandsaufnahme.auswahl import (
    FRAGEBOGEN_UEBERGAENGE,
    AntwortArt,
    Aussage,
    BeteiligungStatus,
    ErhebungStatus,
    FragebogenStatus,
)
from bestandsaufnahme.fragenkatalog import Antwortform, Frage
from bestandsaufnahme.models import (
    Aufgabenfeld,
    Erhebung,
    Fragebogen,
    Fragebogenantwort,
    Kooperation,
    Pruefung,
)
from bestandsaufnahme.rechte import empfangende_geschaeftsstelle, freigebende
from ikz_portal.basis import post, protokoll
from ikz_portal.basis.formate import beide_namen, tag_lang, zeitpunkt
from ikz_portal.basis.models import Statuswechsel
from ikz_portal.basis.rueckblick import Veraltet
from kommunen.ablaeufe.brief import brief
from kommunen.models import Kommune, Konto
from kommunen.rechte import vertritt

# A Kooperation that never came about is no longer asked for.
ERFRAGT = (BeteiligungStatus.BESTEHT, BeteiligungStatus.VORGESEHEN, BeteiligungStatus.UNBEKANNT)
AENDERUNGEN = (Aussage.GEAENDERT, Aussage.BEENDET, Aussage.NEU)


@transaction.atomic
def anlegen(*, erhebung: Erhebung, kommune: Kommune, durch: Konto) -> Fragebogen:
    """Create the open Fragebogen, pre-filled from the matrix of the Stichtag; ValidationError where there is one."""
    fragebogen = Fragebogen(erhebung=erhebung, kommune=kommune)
    fragebogen.full_clean()
    fragebogen.save()
    Fragebogenantwort.objects.bulk_create(
        [
            *_fragen_zu_kooperationen(fragebogen),
            *(antwort for frage in fragen.einmalige(fragebogen) for antwort in _antworten_zu(frage, fragebogen)),
        ]
    )
    return fragebogen


def _fragen_zu_kooperationen(fragebogen: Fragebogen) -> list[Fragebogenantwort]:
    beteiligungen = fragebogen.kommune.beteiligungen.am(fragebogen.erhebung.stichtag).filter(status__in=ERFRAGT)
    kooperationen = Kooperation.objects.filter(beteiligungen__in=beteiligungen).order_by(
        "kooperationsfeld__aufgabenfeld__reihenfolge", "kooperationsfeld__reihenfolge", "symbol", "pk"
    )
    return [
        Fragebogenantwort(fragebogen=fragebogen, art=AntwortArt.KOOPERATION, kooperation=kooperation)
        for kooperation in kooperationen
    ]


def _antworten_zu(frage: Frage, fragebogen: Fragebogen) -> Iterable[Fragebogenantwort]:
    if frage.form is Antwortform.JE_AUFGABENFELD:
        for feld in Aufgabenfeld.objects.all():
            yield Fragebogenantwort(fragebogen=fragebogen, art=AntwortArt.INTERESSE, aufgabenfeld=feld)
    else:
        yield Fragebogenantwort(fragebogen=fragebogen, art=AntwortArt.ALLGEMEIN, schluessel=frage.schluessel)


# --- while the Kommune writes -----------------------------------------------------------------------------------------
def zum_ausfuellen(fragebogen: Fragebogen) -> Fragebogen:
    """Return it locked, so that nobody releases it meanwhile; ValidationError where nothing may be written any more."""
    gesperrt = _gesperrt(fragebogen)
    if not gesperrt.ist_offen:
        wer = beide_namen(gesperrt.freigegeben_durch, gesperrt.freigegeben_fuer)
        raise ValidationError(
            f"Der Fragebogen ist schon freigegeben ({zeitpunkt(gesperrt.freigegeben_am)}, {wer or 'nicht bekannt'}) "
            "und wird nicht mehr geändert. Wenn doch noch etwas fehlt, gibt die Geschäftsstelle ihn zurück."
        )
    _erhebung_laeuft(gesperrt.erhebung)
    return gesperrt


def beginnen(gesperrt: Fragebogen, *, durch: Konto, heute: date, grund: str = "") -> None:
    """Say that the Kommune has begun, with the first thing that is written; a second time changes nothing.

    Who writes in the place of the head is named to the record.
    """
    fuer = _in_vertretung(durch, gesperrt.kommune, als_spitze=False)
    if gesperrt.status == FragebogenStatus.OFFEN:
        _uebergehen(gesperrt, FragebogenStatus.IN_BEARBEITUNG, durch=durch, fuer=fuer, heute=heute, grund=grund)


@transaction.atomic
def stelle_nennen(*, fragebogen: Fragebogen, version: int, stelle: str, durch: Konto, heute: date) -> Fragebogen:
    """Say which office fills it in: a function, not a person. Veraltet if somebody changed it since this version."""
    gesperrt = zum_ausfuellen(fragebogen)
    if gesperrt.version != version:
        raise Veraltet("Die Stelle wurde inzwischen geändert.")
    beginnen(gesperrt, durch=durch, heute=heute)
    gesperrt.stelle = " ".join(stelle.split())
    gesperrt.full_clean()
    gesperrt.save(update_fields=["stelle"])
    return gesperrt


@transaction.atomic
def papier_erfassen(*, fragebogen: Fragebogen, vermerk: str, durch: Konto, heute: date) -> Fragebogen:
    """Let the Geschäftsstelle type in what came on paper, before the Kommune itself has begun."""
    gesperrt = zum_ausfuellen(fragebogen)
    if gesperrt.status != FragebogenStatus.OFFEN:
        raise ValidationError(
            f"{gesperrt.kommune} hat den Fragebogen inzwischen selbst begonnen. Bitte sprechen Sie sich ab: "
            "Was die Kommune schon geschrieben hat, sieht bis zur Freigabe nur sie."
        )
    if not vermerk.strip():
        raise ValidationError({"vermerk": "Bitte nennen Sie, wann und wie die Rückmeldung kam."})
    gesperrt.papier_vermerk = vermerk.strip()
    gesperrt.full_clean()
    gesperrt.save(update_fields=["papier_vermerk"])
    beginnen(gesperrt, durch=durch, heute=heute, grund=f"Rückmeldung auf Papier: {gesperrt.papier_vermerk}")
    return gesperrt


@transaction.atomic
def rest_gilt_noch(*, fragebogen: Fragebogen, durch: Konto, heute: date, jetzt: datetime) -> int:
    """Answer every Kooperation that is still open with „gilt noch“ and return how many these are."""
    gesperrt = zum_ausfuellen(fragebogen)
    beginnen(gesperrt, durch=durch, heute=heute)
    return _offene_gelten_noch(gesperrt, durch=durch, jetzt=jetzt)


@transaction.atomic
def vorlegen(*, fragebogen: Fragebogen, durch: Konto, heute: date) -> int:
    """Ask the head, and who stands in for it, to release; return how many were asked."""
    gesperrt = zum_ausfuellen(fragebogen)
    spitzen = list(freigebende(gesperrt, heute).exclude(pk=durch.pk))
    if not spitzen:
        raise ValidationError(
            f"Für {gesperrt.kommune} hat niemand ein Konto, der freigeben kann. Bitte wenden Sie sich an die "
            "Geschäftsstelle."
        )
    beginnen(gesperrt, durch=durch, heute=heute)
    for spitze in spitzen:
        text = (
            f"{durch.name} legt Ihnen den Fragebogen von {gesperrt.kommune} zur {gesperrt.erhebung} vor. "
            "Bitte sehen Sie ihn durch und geben Sie ihn frei; erst dann sieht ihn die Geschäftsstelle."
        )
        _schreiben(spitze, f"Zur Freigabe: Fragebogen {gesperrt.kommune}", text, gesperrt)
    return len(spitzen)


# --- released ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def freigeben(*, fragebogen: Fragebogen, durch: Konto, heute: date, jetzt: datetime) -> Fragebogen:
    """Hand it to the Geschäftsstelle; from now on its answers stay. ValidationError with what is missing."""
    gesperrt = zum_ausfuellen(fragebogen)
    offene = gesperrt.antworten.filter(art=AntwortArt.KOOPERATION, aussage=Aussage.OFFEN).select_related("kooperation")
    if fehlende := [f"„{antwort.kooperation}“ ist noch nicht beantwortet." for antwort in offene]:
        raise ValidationError(fehlende)
    return _freigeben(gesperrt, durch=durch, heute=heute, jetzt=jetzt)


@transaction.atomic
def unveraendert(*, fragebogen: Fragebogen, durch: Konto, heute: date, jetzt: datetime) -> Fragebogen:
    """Confirm all Kooperationen and release at once; refused where somebody has written a change."""
    gesperrt = zum_ausfuellen(fragebogen)
    geaenderte = gesperrt.antworten.filter(aussage__in=AENDERUNGEN).select_related("kooperation")
    if namen := [f"„{antwort}“" for antwort in geaenderte]:
        raise ValidationError(
            f"In diesem Fragebogen stehen schon Änderungen: {', '.join(namen)}. "
            "Bitte geben Sie ihn mit „Fragebogen freigeben“ frei, oder nehmen Sie die Änderungen zuerst zurück."
        )
    _in_vertretung(durch, gesperrt.kommune, als_spitze=True)
    _offene_gelten_noch(gesperrt, durch=durch, jetzt=jetzt)
    return _freigeben(gesperrt, durch=durch, heute=heute, jetzt=jetzt, grund="alles unverändert")


@transaction.atomic
def zurueckgeben(*, fragebogen: Fragebogen, grund: str, durch: Konto, heute: date) -> Fragebogen:
    """Let the Kommune change what it had released; what was decided on its answers is dropped.

    What came on paper is the Kommune's own from then on: what it writes now the Geschäftsstelle doesn't read.
    """
    if not grund.strip():
        raise ValidationError({"grund": "Bitte nennen Sie den Grund, warum Sie den Fragebogen zurückgeben."})
    gesperrt = _gesperrt(fragebogen)
    if FragebogenStatus.IN_BEARBEITUNG not in FRAGEBOGEN_UEBERGAENGE[gesperrt.marke_des_status] or gesperrt.ist_offen:
        raise ValidationError(
            f"Zurückgeben lässt sich nur ein freigegebener Fragebogen. Dieser ist {gesperrt.marke_des_status.label}."
        )
    _erhebung_laeuft(gesperrt.erhebung)
    Pruefung.objects.filter(antwort__fragebogen=gesperrt).delete()
    gesperrt.freigegeben_am = gesperrt.freigegeben_durch = gesperrt.freigegeben_fuer = None
    gesperrt.papier_vermerk = ""
    _uebergehen(gesperrt, FragebogenStatus.IN_BEARBEITUNG, durch=durch, heute=heute, grund=grund.strip())
    text = (
        f"die Geschäftsstelle gibt Ihnen den Fragebogen von {gesperrt.kommune} zur {gesperrt.erhebung} zurück. "
        f"Ihr Grund: {grund.strip()}\n\nSie können ihn wieder bearbeiten. Danach gibt ihn die Verwaltungsspitze "
        "erneut frei."
    )
    an_die_kommunen(
        anfragen=[gesperrt],
        betreff=f"Fragebogen {gesperrt.kommune} zurück an Sie",
        text=lambda _: text,
        heute=heute,
    )
    return gesperrt


# --- shared -----------------------------------------------------------------------------------------------------------
def _gesperrt(fragebogen: Fragebogen) -> Fragebogen:
    """Return it as it is under the lock.

    Read by a second query: whoever waited for the lock would see the round as it was before it closed.
    """
    Fragebogen.objects.select_for_update().get(pk=fragebogen.pk)
    gelesen: QuerySet[Fragebogen] = Fragebogen.objects.select_related(
        "erhebung", "kommune", "freigegeben_durch", "freigegeben_fuer"
    )
    return gelesen.get(pk=fragebogen.pk)


def _erhebung_laeuft(erhebung: Erhebung) -> None:
    if erhebung.status != ErhebungStatus.LAEUFT:
        raise ValidationError(
            f"Die {erhebung} läuft nicht, sie ist {erhebung.marke_des_status.label}. "
            "Fragebögen lassen sich nur in einer laufenden Erhebung ändern."
        )


def _in_vertretung(durch: Konto, kommune: Kommune, *, als_spitze: bool) -> Konto | None:
    """Return the head in whose place this is done, and tell the record."""
    fuer = vertritt(durch, kommune, als_spitze=als_spitze)
    if fuer is not None:
        protokoll.in_vertretung(fuer.pk)
    return fuer


def _uebergehen(
    gesperrt: Fragebogen,
    nach: FragebogenStatus,
    *,
    durch: Konto,
    heute: date,
    fuer: Konto | None = None,
    grund: str = "",
) -> None:
    von = gesperrt.marke_des_status
    gesperrt.status = nach
    gesperrt.save(update_fields=["status", "freigegeben_am", "freigegeben_durch", "freigegeben_fuer", "papier_vermerk"])
    Statuswechsel.objects.create(
        objekt=gesperrt, von=von, nach=nach, gueltig_ab=heute, durch=durch, fuer=fuer, grund=grund
    )


def _offene_gelten_noch(gesperrt: Fragebogen, *, durch: Konto, jetzt: datetime) -> int:
    offene = gesperrt.antworten.filter(art=AntwortArt.KOOPERATION, aussage=Aussage.OFFEN)
    return offene.update(aussage=Aussage.GILT_NOCH, bearbeitet_durch=durch, bearbeitet_am=jetzt)


def _freigeben(gesperrt: Fragebogen, *, durch: Konto, heute: date, jetzt: datetime, grund: str = "") -> Fragebogen:
    fuer = _in_vertretung(durch, gesperrt.kommune, als_spitze=True)
    gesperrt.freigegeben_am, gesperrt.freigegeben_durch, gesperrt.freigegeben_fuer = jetzt, durch, fuer
    if gesperrt.papier_vermerk:
        grund = "; ".join(filter(None, [grund, f"Rückmeldung auf Papier: {gesperrt.papier_vermerk}"]))
    _uebergehen(gesperrt, FragebogenStatus.FREIGEGEBEN, durch=durch, fuer=fuer, heute=heute, grund=grund)
    text = (
        f"der Fragebogen von {gesperrt.kommune} zur {gesperrt.erhebung} ist seit dem {tag_lang(heute)} freigegeben "
        f"({beide_namen(durch, fuer)}). Sie können ihn jetzt prüfen."
    )
    for konto in empfangende_geschaeftsstelle().exclude(pk=durch.pk):
        _schreiben(konto, f"Freigegeben: Fragebogen {gesperrt.kommune}", text, gesperrt)
    return gesperrt


def _schreiben(konto: Konto, betreff: str, text: str, fragebogen: Fragebogen) -> None:
    """Queue the mail, with the way to the Fragebogen."""
    post.einreihen(
        an=konto.email,
        betreff=betreff,
        text=brief(f"{text}\n\n{weg(fragebogen)}"),
    )
