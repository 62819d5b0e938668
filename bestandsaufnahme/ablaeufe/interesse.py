"""Filing and withdrawing a declaration of interest.

Who does it in the place of a head is recorded with both names.
"""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bestandsaufnahme.ablaeufe import interesse_folgen
from bestandsaufnahme.auswahl import (
    AKTIVE_INTERESSEN,
    GUELTIGE_INTERESSEN,
    INTERESSE_UEBERGAENGE,
    InteresseArt,
    InteresseStatus,
    RundeStatus,
    Stufe,
)
from bestandsaufnahme.models import (
    Aufgabenfeld,
    Bestaetigungspflicht,
    Fragebogen,
    Interessenbekundung,
    Interessenrunde,
    Kooperationsfeld,
    Rundenrueckmeldung,
)
from ikz_portal.basis import protokoll
from ikz_portal.basis.formate import tag
from ikz_portal.basis.models import Fassung, Statuswechsel
from ikz_portal.basis.zeit import tag_danach
from kommunen.models import Kommune, Konto
from kommunen.rechte import handelt_fuer, spitze_von, vertritt


@dataclass(frozen=True, kw_only=True, slots=True)
class Inhalt:
    """What a declaration says and may say differently later."""

    stufe: Stufe | str
    wofuer: str
    bietet: str = ""
    sucht: str = ""
    kontakt: Konto | None = None
    gueltig_bis: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Angaben(Inhalt):
    """What a declaration says at all."""

    art: InteresseArt | str
    aufgabenfeld: Aufgabenfeld | None = None
    kooperationsfeld: Kooperationsfeld | None = None


class Doppelt(ValidationError):
    """The Kommune has an active declaration of the same Art for the field: `vorhandene`."""

    def __init__(self, satz: str, vorhandene: Interessenbekundung) -> None:
        super().__init__(satz)
        self.vorhandene = vorhandene


# --- filing -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def abgeben(
    *,
    kommune: Kommune,
    angaben: Angaben,
    durch: Konto,
    heute: date,
    anschluss_an: Interessenbekundung | None = None,
    vermerk: str = "",
    beleg: Fassung | None = None,
) -> Interessenbekundung:
    """File it for the Kommune; Doppelt where it has one already.

    Who files on behalf says in the `vermerk` how the Kommune told it.
    """
    interesse = Interessenbekundung(
        kommune=kommune, durch=durch, anschluss_an=anschluss_an, vermerk=vermerk.strip(), beleg=beleg
    )
    interesse.fuer = in_vertretung(durch, kommune)
    if kommune.pk not in handelt_fuer(durch) and not interesse.vermerk:
        raise ValidationError({"vermerk": "Bitte vermerken Sie, wie die Kommune Ihnen das Interesse mitgeteilt hat."})
    einsetzen(interesse, angaben, heute=heute)
    return einreichen(interesse, von="", durch=durch, heute=heute)


@transaction.atomic
def aus_fragebogen(
    *,
    fragebogen: Fragebogen,
    aufgabenfeld: Aufgabenfeld,
    bedingt: bool,
    stufe: Stufe | str,
    wofuer: str,
    heute: date,
) -> Interessenbekundung | None:
    """File what the head released in a Fragebogen, in its name; nothing where the Kommune has declared it already."""
    wie = "als bedingtes Interesse" if bedingt else "als Interesse"
    herkunft = f"Im Fragebogen der „{fragebogen.erhebung}“ {wie} angegeben."
    interesse = Interessenbekundung(
        kommune=fragebogen.kommune,
        art=InteresseArt.KOOPERATIONSWILLE,
        aufgabenfeld=aufgabenfeld,
        stufe=stufe,
        wofuer="\n\n".join(filter(None, [wofuer.strip(), herkunft])),
        durch=fragebogen.freigegeben_durch,
        fuer=fragebogen.freigegeben_fuer,
        erhebung=fragebogen.erhebung,
        beispiel=fragebogen.erhebung.beispiel,
    )
    try:
        return einreichen(interesse, von="", durch=interesse.durch, heute=heute, bestaetigt=True)
    except Doppelt:
        return None


# --- withdrawing ------------------------------------------------------------------------------------------------------
@transaction.atomic
def zurueckziehen(*, interesse: Interessenbekundung, grund: str, durch: Konto, heute: date) -> Interessenbekundung:
    """End a filed declaration; day and reason stay on record."""
    if not grund.strip():
        raise ValidationError({"grund": "Bitte nennen Sie den Grund, warum Sie das Interesse zurückziehen."})
    gesperrt = gesperrte(interesse)
    von = gesperrt.marke_des_status
    if InteresseStatus.ZURUECKGEZOGEN not in INTERESSE_UEBERGAENGE[von]:
        raise ValidationError(f"Diese Interessenbekundung kann nicht zurückgezogen werden: Sie ist {von.label}.")
    fuer = in_vertretung(durch, gesperrt.kommune)
    gesperrt.status, gesperrt.zurueckgezogen_am, gesperrt.grund = InteresseStatus.ZURUECKGEZOGEN, heute, grund.strip()
    gesperrt.save(update_fields=["status", "zurueckgezogen_am", "grund"])
    vermerken(gesperrt, von=von, durch=durch, fuer=fuer, heute=heute, grund=gesperrt.grund)
    return gesperrt


# --- shared with the other operations on declarations -----------------------------------------------------------------
def gesperrte(interesse: Interessenbekundung) -> Interessenbekundung:
    """Return it locked, as it is now; ValidationError if it is gone."""
    bekundungen = Interessenbekundung.objects.select_for_update(of=("self",)).select_related("kommune")
    if (gesperrt := bekundungen.filter(pk=interesse.pk).first()) is None:
        raise ValidationError("Diesen Entwurf gibt es nicht mehr: Er wurde inzwischen verworfen.")
    return gesperrt


def in_vertretung(durch: Konto, kommune: Kommune) -> Konto | None:
    """Return the head in whose place this is done, and tell the record."""
    fuer = vertritt(durch, kommune)
    if fuer is not None:
        protokoll.in_vertretung(fuer.pk)
    return fuer


def mit_bestaetigung(kommune: Kommune) -> bool:
    """Tell whether the head confirms; locked, so that nothing is left waiting while the Kommune waives that."""
    return Bestaetigungspflicht.objects.select_for_update(no_key=True).filter(kommune=kommune).first() is not None


def inhalt_setzen(interesse: Interessenbekundung, inhalt: Inhalt, *, heute: date) -> None:
    """Put in what it says; refused where the day is past, or a new person not one of the Kommune's."""
    if inhalt.gueltig_bis is not None and inhalt.gueltig_bis < heute:
        raise ValidationError({"gueltig_bis": "Der Tag liegt in der Vergangenheit. Bitte wählen Sie einen späteren."})
    neuer_kontakt = inhalt.kontakt if inhalt.kontakt and inhalt.kontakt.pk != interesse.kontakt_id else None
    if neuer_kontakt is not None and neuer_kontakt.kommune_id != interesse.kommune_id:
        raise ValidationError({"kontakt": f"Die Ansprechperson gehört nicht zu {interesse.kommune}."})
    interesse.stufe = inhalt.stufe
    interesse.wofuer, interesse.bietet, interesse.sucht = (
        text.strip() for text in (inhalt.wofuer, inhalt.bietet, inhalt.sucht)
    )
    interesse.kontakt, interesse.gueltig_bis = inhalt.kontakt, inhalt.gueltig_bis


def vermerken(
    interesse: Interessenbekundung, *, von: str, durch: Konto | None, fuer: Konto | None, heute: date, grund: str = ""
) -> None:
    """Write the dated row of its change of status."""
    Statuswechsel.objects.create(
        objekt=interesse, von=von, nach=interesse.status, gueltig_ab=heute, durch=durch, fuer=fuer, grund=grund
    )


# --- inner ------------------------------------------------------------------------------------------------------------
def einsetzen(interesse: Interessenbekundung, angaben: Angaben, *, heute: date) -> None:
    interesse.art = angaben.art
    interesse.aufgabenfeld, interesse.kooperationsfeld = angaben.aufgabenfeld, angaben.kooperationsfeld
    inhalt_setzen(interesse, angaben, heute=heute)


def einreichen(
    interesse: Interessenbekundung, *, von: str, durch: Konto | None, heute: date, bestaetigt: bool = False
) -> Interessenbekundung:
    """File it: in the round that runs, confirmed at once where the head itself does it, and told to whom it concerns.

    Without the duty to confirm it counts as filed.
    """
    if not interesse.wofuer:
        raise ValidationError({"wofuer": "Bitte schreiben Sie, wofür Ihre Kommune zusammenarbeiten möchte."})
    platz_machen(interesse, durch=durch, heute=heute)
    interesse.bestaetigung_noetig = mit_bestaetigung(interesse.kommune)  # declarations are locked first, as in changing
    interesse.status, interesse.abgegeben_am = InteresseStatus.ABGEGEBEN, heute
    if interesse.erhebung_id is None:  # what was asked in an Erhebung is no answer to another round
        interesse.runde = _laufende_runde()
    sichern(interesse, durch=durch)
    vermerken(interesse, von=von, durch=durch, fuer=interesse.fuer, heute=heute)
    _rueckmelden(interesse, heute=heute)
    durch_die_spitze = bestaetigt or (durch is not None and interesse.kommune_id in spitze_von(durch))
    if interesse.bestaetigung_noetig and durch_die_spitze:
        interesse.status = InteresseStatus.BESTAETIGT
        interesse.save(update_fields=["status"])
        vermerken(interesse, von=InteresseStatus.ABGEGEBEN, durch=durch, fuer=interesse.fuer, heute=heute)
    interesse_folgen.nach_abgabe(interesse, heute=heute)
    return interesse


def sichern(interesse: Interessenbekundung, *, durch: Konto | None) -> Interessenbekundung:
    try:
        with transaction.atomic():
            interesse.full_clean()
            interesse.save()
    except (IntegrityError, ValidationError) as fehler:
        # filed by somebody else in the same moment
        if (vorhandene := _aktive(interesse, durch)) is None:
            raise
        raise _doppelt(vorhandene) from fehler
    return interesse


def _laufende_runde() -> Interessenrunde | None:
    """Return it locked: a round is closed before or after this declaration, never meanwhile."""
    return Interessenrunde.objects.select_for_update(no_key=True).filter(status=RundeStatus.LAEUFT).first()


def _rueckmelden(interesse: Interessenbekundung, *, heute: date) -> None:
    if interesse.runde_id is not None:
        Rundenrueckmeldung.objects.filter(runde=interesse.runde_id, kommune=interesse.kommune, am=None).update(
            am=heute, durch=interesse.durch, fuer=interesse.fuer
        )


def platz_machen(interesse: Interessenbekundung, *, durch: Konto | None, heute: date) -> None:
    """Refuse a double; one that is past its date is closed as expired and gives way."""
    vorhandene = _aktive(interesse, durch)
    if vorhandene is None:
        return
    vorbei = vorhandene.gueltig_bis is not None and vorhandene.gueltig_bis < heute
    if not vorbei or InteresseStatus.ABGELAUFEN not in INTERESSE_UEBERGAENGE[vorhandene.marke_des_status]:
        raise _doppelt(vorhandene)
    ablaufen(vorhandene)


def ablaufen(gesperrt: Interessenbekundung) -> Interessenbekundung:
    """Note that a locked declaration is past its date: since the day after it, and by nobody."""
    von, bis = gesperrt.marke_des_status, gesperrt.gueltig_bis
    if bis is None:
        raise ValueError("Eine unbefristete Interessenbekundung laeuft nicht ab.")
    gesperrt.status = InteresseStatus.ABGELAUFEN
    gesperrt.save(update_fields=["status"])
    vermerken(gesperrt, von=von, durch=None, fuer=None, heute=tag_danach(bis), grund=f"gültig bis {tag(bis)}")
    return gesperrt


def _aktive(interesse: Interessenbekundung, durch: Konto | None) -> Interessenbekundung | None:
    """Return the declaration that this one would double, locked.

    A draft is in the way only of who may know of it, and not of what the head released in a Fragebogen.
    """
    eigene = interesse.erhebung_id is None and durch is not None and interesse.kommune_id in handelt_fuer(durch)
    return (
        Interessenbekundung.objects.select_for_update()
        .filter(
            kommune=interesse.kommune,
            aufgabenfeld=interesse.aufgabenfeld,
            kooperationsfeld=interesse.kooperationsfeld,
            art=interesse.art,
            status__in=AKTIVE_INTERESSEN if eigene else GUELTIGE_INTERESSEN,
        )
        .exclude(pk=interesse.pk)
        .first()
    )


def _doppelt(vorhandene: Interessenbekundung) -> Doppelt:
    worum = f"„{vorhandene.feld}“" if vorhandene.feld else "den Austausch ohne bestimmtes Feld"
    if vorhandene.abgegeben_am:
        stand = f"abgegeben am {tag(vorhandene.abgegeben_am)}"
        rat = "Ändern Sie diese, oder ziehen Sie sie zuerst zurück."
    else:
        stand, rat = "noch ein Entwurf", "Schreiben Sie an diesem weiter, oder verwerfen Sie ihn zuerst."
    return Doppelt(
        f"Für {worum} hat {vorhandene.kommune} schon eine Interessenbekundung "
        f"({vorhandene.get_art_display()}, {stand}). {rat}",
        vorhandene,
    )
