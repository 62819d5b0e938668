"""Joining, changing, leaving: a Kommune's part in a Kooperation changes from a day on, and what was before stays.

What a person typed wrong is corrected instead (`berichtigen`, `entfernen`): as if it never had stood there.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bestandsaufnahme.abfragen.kooperation.beteiligung import fassung
from bestandsaufnahme.abfragen.kooperation.zustand import ende_der_kooperation
from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, Herkunft
from bestandsaufnahme.models import Bestaetigung, Beteiligung, Erhebung, Kooperation
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet
from ikz_portal.basis import protokoll
from ikz_portal.basis.formate import tag
from ikz_portal.basis.models import Statuswechsel
from ikz_portal.basis.zeit import tag_danach
from kommunen.models import Kommune, Konto
from kommunen.rechte import vertritt

BESCHREIBEND = ("status", "rolle", "vorgesehen_bis")
EINGELESEN = (*BESCHREIBEND, "gilt_bis", "herkunft", "erhebung", "beendet_durch")
ENTFERNT = "entfernt"
SCHON_BETEILIGT = "Diese Kommune ist in der Zeit schon an der Kooperation beteiligt."


# --- from a day on ----------------------------------------------------------------------------------------------------
@transaction.atomic
def eintragen(
    *,
    kooperation: Kooperation,
    kommune: Kommune,
    ab: date,
    status: BeteiligungStatus | str,
    rolle: BeteiligungRolle | str,
    herkunft: Herkunft | str,
    vorgesehen_bis: date | None = None,
    erhebung: Erhebung | None = None,
    durch: Konto,
) -> Beteiligung:
    """Let the Kommune take part so from this day on: the span of the day ends the day before, a later one stays.

    A span that begins on the very day is corrected; one that says the same already goes on. ValidationError where a
    rule is broken.
    """
    gesperrt = _sperren(kooperation)
    spannen = gesperrt.beteiligungen.filter(kommune=kommune).order_by("gilt_ab")
    bisherige = spannen.am(ab).first()
    neu = {"status": str(status), "rolle": str(rolle), "vorgesehen_bis": vorgesehen_bis}
    if bisherige and all(getattr(bisherige, feld) == wert for feld, wert in neu.items()):
        return bisherige
    _noch_nicht_beendet(gesperrt, ab)
    belege = {"herkunft": herkunft, "erhebung": erhebung}
    if bisherige and bisherige.gilt_ab == ab:
        return _sichern(bisherige, **neu, **belege)
    ende = _ende_der_neuen(gesperrt, bisherige, spannen.filter(gilt_ab__gt=ab).first())
    if bisherige:
        _sichern(bisherige, gilt_bis=ab, beendet_durch=erhebung)
    return _sichern(Beteiligung(kooperation=gesperrt, kommune=kommune, gilt_ab=ab), **neu, **belege, **ende)


def _ende_der_neuen(
    kooperation: Kooperation, bisherige: Beteiligung | None, naechste: Beteiligung | None
) -> dict[str, Any]:
    """Return until when a new span holds: as the one in whose place it steps, until the next one, or the Kooperation.

    A round that vouches for the next one ends this one too, so that nothing of it is told before it is public.
    """
    if bisherige:
        return {"gilt_bis": bisherige.gilt_bis, "beendet_durch": bisherige.beendet_durch}
    if naechste:
        return {"gilt_bis": naechste.gilt_ab, "beendet_durch": naechste.erhebung}
    ende = ende_der_kooperation(kooperation)
    return {"gilt_bis": tag_danach(ende) if ende else None, "beendet_durch": None}


@transaction.atomic
def aufnehmen(*, kooperation: Kooperation, kommune: Kommune, ab: date, durch: Konto, **angaben: Any) -> Beteiligung:
    """Let a Kommune join that takes no part on that day (`eintragen`)."""
    gesperrt = _sperren(kooperation)
    if gesperrt.beteiligungen.filter(kommune=kommune).am(ab).exists():
        satz = f"{kommune} ist am {tag(ab)} schon beteiligt. Ändern Sie diese Beteiligung statt einer neuen."
        raise ValidationError({"kommune": satz})
    return eintragen(kooperation=gesperrt, kommune=kommune, ab=ab, durch=durch, **angaben)


@transaction.atomic
def aendern(*, beteiligung: Beteiligung, gelesen: str, ab: date, durch: Konto, **angaben: Any) -> Beteiligung:
    """Let it be otherwise from a day within its span on (`eintragen`); `gelesen` is the edition that was read."""
    _sperren(beteiligung.kooperation)
    gesperrt = _unveraendert(beteiligung, gelesen)
    if ab <= gesperrt.gilt_ab or (gesperrt.gilt_bis is not None and ab >= gesperrt.gilt_bis):
        bis = f" und vor dem {tag(gesperrt.gilt_bis)}" if gesperrt.gilt_bis else ""
        raise ValidationError({"ab": f"Bitte nennen Sie einen Tag nach dem {tag(gesperrt.gilt_ab)}{bis}."})
    neu = {feld: angaben.get(feld) for feld in BESCHREIBEND}
    if all(getattr(gesperrt, feld) == wert for feld, wert in neu.items()):
        raise ValidationError("Es hat sich nichts geändert: Status und Rolle sind wie bisher.")
    return eintragen(kooperation=gesperrt.kooperation, kommune=gesperrt.kommune, ab=ab, durch=durch, **angaben)


@transaction.atomic
def beenden(
    *, kooperation: Kooperation, kommune: Kommune, letzter_tag: date, erhebung: Erhebung | None = None, durch: Konto
) -> None:
    """Let the Kommune take part up to this day, and no more. ValidationError where it takes no part on it."""
    gesperrt = _sperren(kooperation)
    spannen = gesperrt.beteiligungen.filter(kommune=kommune)
    laufende = spannen.am(letzter_tag).first()
    if laufende is None:
        raise ValidationError(f"{kommune} ist am {tag(letzter_tag)} nicht an „{gesperrt}“ beteiligt.")
    danach = tag_danach(letzter_tag)
    if laufende.gilt_bis == danach and (laufende.beendet_durch is None or erhebung is not None):
        return  # known already; what is said without a round is known to everybody
    if laufende.gilt_bis and laufende.gilt_bis != danach and spannen.filter(gilt_ab=laufende.gilt_bis).exists():
        satz = f"Für {kommune} ist ab dem {tag(laufende.gilt_bis)} schon eine weitere Beteiligung eingetragen. "
        raise ValidationError(satz + "Bitte berichtigen Sie diese zuerst.")
    _sichern(laufende, gilt_bis=danach, beendet_durch=erhebung)


@transaction.atomic
def austreten(*, beteiligung: Beteiligung, gelesen: str, letzter_tag: date, durch: Konto) -> None:
    """End this very span (`beenden`): the last day lies within it."""
    _sperren(beteiligung.kooperation)
    gesperrt = _unveraendert(beteiligung, gelesen)
    if letzter_tag < gesperrt.gilt_ab or (gesperrt.gilt_bis is not None and letzter_tag >= gesperrt.gilt_bis):
        bis = f", vor dem {tag(gesperrt.gilt_bis)}" if gesperrt.gilt_bis else ""
        raise ValidationError({"letzter_tag": f"Bitte nennen Sie einen Tag ab dem {tag(gesperrt.gilt_ab)}{bis}."})
    beenden(kooperation=gesperrt.kooperation, kommune=gesperrt.kommune, letzter_tag=letzter_tag, durch=durch)


# --- corrected --------------------------------------------------------------------------------------------------------
@transaction.atomic
def berichtigen(
    *,
    beteiligung: Beteiligung,
    gelesen: str,
    gilt_ab: date,
    letzter_tag: date | None,
    durch: Konto,
    **angaben: Any,
) -> Beteiligung:
    """Put right what was typed wrong in this one row, its span included; refused where it would overlap another."""
    kooperation = _sperren(beteiligung.kooperation)
    gesperrt = _unveraendert(beteiligung, gelesen)
    if letzter_tag is not None and letzter_tag < gilt_ab:
        raise ValidationError({"letzter_tag": "Der letzte Tag liegt vor dem ersten. Bitte prüfen Sie beide."})
    gilt_bis = tag_danach(letzter_tag) if letzter_tag else None
    ende = ende_der_kooperation(kooperation)
    if ende and (letzter_tag or date.max) > ende and gilt_bis != gesperrt.gilt_bis:
        satz = f"Die Kooperation endet am {tag(ende)}. Bitte nennen Sie keinen späteren letzten Tag."
        raise ValidationError({"letzter_tag": satz})
    beendet_durch = gesperrt.beendet_durch if gilt_bis == gesperrt.gilt_bis else None
    return _sichern(gesperrt, gilt_ab=gilt_ab, gilt_bis=gilt_bis, beendet_durch=beendet_durch, **angaben)


@transaction.atomic
def entfernen(*, beteiligung: Beteiligung, gelesen: str, grund: str, durch: Konto, heute: date) -> None:
    """Take a row away that was entered by mistake: the Kommune never took part so. Row and reason stay on record."""
    if not grund.strip():
        raise ValidationError({"grund": "Bitte nennen Sie den Grund: Er bleibt im Verlauf stehen."})
    _sperren(beteiligung.kooperation)
    gesperrt = _unveraendert(beteiligung, gelesen)
    Statuswechsel.objects.create(
        objekt=gesperrt, von=gesperrt.status, nach=ENTFERNT, gueltig_ab=heute, durch=durch, grund=grund.strip()
    )
    gesperrt.delete()


# --- many at once -----------------------------------------------------------------------------------------------------
@transaction.atomic
def viele_sichern(*, geaenderte: Sequence[Beteiligung], neue: Sequence[Beteiligung], durch: Konto) -> None:
    """Write the spans of an import, whole rows, in a few statements instead of ten for each.

    Whoever calls holds the locks and has laid them beside those there are (`abfragen.einlesung`); what ends comes
    first, so that what takes its place finds room. PostgreSQL has the last word: ValidationError, nothing is written.
    """
    try:
        with transaction.atomic():
            Beteiligung.objects.bulk_create(  # an UPDATE by key; bulk_update takes minutes for thousands of rows
                geaenderte, update_conflicts=True, unique_fields=["pk"], update_fields=EINGELESEN, batch_size=1000
            )
            Beteiligung.objects.bulk_create(neue, batch_size=1000)
    except IntegrityError as fehler:
        raise ValidationError(
            "Die Datenbank hat eine der Angaben nicht angenommen; nichts ist übernommen. "
            "Bitte lesen Sie die Datei noch einmal ein."
        ) from fehler


# --- confirmed --------------------------------------------------------------------------------------------------------
@transaction.atomic
def bestaetigen(
    *,
    kooperation: Kooperation,
    kommune: Kommune | None,
    am: date,
    erhebung: Erhebung | None = None,
    durch: Konto | None,
    fuer: Konto | None = None,
) -> Bestaetigung:
    """Put on record that the Kommune confirms the Kooperation on this day; twice a day is once."""
    bestaetigung, _ = Bestaetigung.objects.get_or_create(
        kooperation=kooperation,
        kommune=kommune,
        am=am,
        defaults={"erhebung": erhebung, "durch": durch, "fuer": fuer},
    )
    return bestaetigung


@transaction.atomic
def gilt_noch(*, kooperation: Kooperation, kommune: Kommune, durch: Konto, heute: date) -> Bestaetigung:
    """Let the head of a Kommune that takes part today confirm it, or who stands in for the head."""
    gesperrt = _sperren(kooperation)
    if not gesperrt.beteiligungen.filter(kommune=kommune).am(heute).exists():
        raise ValidationError(f"{kommune} ist heute nicht an „{gesperrt}“ beteiligt und kann sie nicht bestätigen.")
    fuer = vertritt(durch, kommune, als_spitze=True)
    if fuer is not None:
        protokoll.in_vertretung(fuer.pk)
    return bestaetigen(kooperation=gesperrt, kommune=kommune, am=heute, durch=durch, fuer=fuer)


# --- rows -------------------------------------------------------------------------------------------------------------
def spaetere(kooperation: Kooperation, tag: date) -> BeteiligungQuerySet:
    """Return the rows that begin after this day: who ends the Kooperation with it has to mend them first."""
    return kooperation.beteiligungen.filter(gilt_ab__gt=tag).select_related("kommune")


def _noch_nicht_beendet(kooperation: Kooperation, ab: date) -> None:
    ende = ende_der_kooperation(kooperation)
    if ende is not None and ab > ende:
        satz = f"Die Kooperation ist am {tag(ende)} beendet. Bitte nennen Sie einen früheren Tag."
        raise ValidationError({"ab": satz})


def _sperren(kooperation: Kooperation) -> Kooperation:
    return Kooperation.objects.select_for_update().get(pk=kooperation.pk)


def _unveraendert(beteiligung: Beteiligung, gelesen: str) -> Beteiligung:
    """Return the row as it is, under the lock of its Kooperation; refused if it isn't what was read."""
    heutige = Beteiligung.objects.select_related("kommune", "kooperation", "beendet_durch").filter(pk=beteiligung.pk)
    stand = heutige.first()
    if stand is None or fassung(stand) != gelesen:
        satz = (
            "Jemand anderes hat diese Beteiligung inzwischen geändert. Bitte sehen Sie den neuen Stand an und prüfen "
        )
        raise ValidationError(f"{satz}Sie, ob Ihre Angaben noch passen.", code="veraltet")
    return stand


def _sichern(beteiligung: Beteiligung, **werte: object) -> Beteiligung:
    for feld, wert in werte.items():
        setattr(beteiligung, feld, wert)
    try:
        beteiligung.full_clean()
        with transaction.atomic():
            beteiligung.save()
    except IntegrityError as fehler:
        raise ValidationError(SCHON_BETEILIGT) from fehler
    return beteiligung
