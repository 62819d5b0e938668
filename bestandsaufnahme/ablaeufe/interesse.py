"""Filing and withdrawing a declaration of interest. Who does it in the place of a head is recorded with both names."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bestandsaufnahme.auswahl import AKTIVE_INTERESSEN, UEBERGAENGE, InteresseArt, InteresseStatus, Stufe
from bestandsaufnahme.models import Aufgabenfeld, Fragebogen, Interessenbekundung, Kooperationsfeld
from ikz_portal.basis import protokoll
from ikz_portal.basis.formate import tag
from ikz_portal.basis.models import Statuswechsel
from kommunen.models import Kommune, Konto
from kommunen.rechte import vertritt

DOPPELT = "doppelt"


@transaction.atomic
def abgeben(
    *,
    kommune: Kommune,
    art: InteresseArt | str,
    aufgabenfeld: Aufgabenfeld | None,
    kooperationsfeld: Kooperationsfeld | None,
    stufe: Stufe | str,
    wofuer: str,
    bietet: str = "",
    sucht: str = "",
    gueltig_bis: date | None = None,
    durch: Konto,
    heute: date,
) -> Interessenbekundung:
    """File it for the Kommune; refused with a sentence that names the one there is already."""
    if gueltig_bis is not None and gueltig_bis < heute:
        raise ValidationError(
            {"gueltig_bis": "Gültig bis: Der Tag liegt in der Vergangenheit. Bitte wählen Sie einen späteren."}
        )
    fuer = _in_vertretung(durch, kommune)
    interesse = Interessenbekundung(
        kommune=kommune,
        art=art,
        aufgabenfeld=aufgabenfeld,
        kooperationsfeld=kooperationsfeld,
        stufe=stufe,
        wofuer=wofuer,
        bietet=bietet,
        sucht=sucht,
        gueltig_bis=gueltig_bis,
        status=InteresseStatus.ABGEGEBEN,
        abgegeben_am=heute,
        durch=durch,
        fuer=fuer,
    )
    return _eintragen(interesse, heute=heute)


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
        status=InteresseStatus.ABGEGEBEN,
        abgegeben_am=heute,
        durch=fragebogen.freigegeben_durch,
        fuer=fragebogen.freigegeben_fuer,
        erhebung=fragebogen.erhebung,
        beispiel=fragebogen.erhebung.beispiel,
    )
    try:
        return _eintragen(interesse, heute=heute)
    except ValidationError as fehler:
        if getattr(fehler, "code", "") != DOPPELT:
            raise
        return None


@transaction.atomic
def zurueckziehen(*, interesse: Interessenbekundung, grund: str, durch: Konto, heute: date) -> Interessenbekundung:
    """End a valid declaration; day and reason stay on record."""
    if not grund.strip():
        raise ValidationError({"grund": "Bitte nennen Sie den Grund, warum Sie das Interesse zurückziehen."})
    gesperrt = (
        Interessenbekundung.objects.select_for_update(of=("self",)).select_related("kommune").get(pk=interesse.pk)
    )
    von = gesperrt.marke_des_status
    if InteresseStatus.ZURUECKGEZOGEN not in UEBERGAENGE[von]:
        raise ValidationError(f"Diese Interessenbekundung kann nicht zurückgezogen werden: Sie ist {von.label}.")
    fuer = _in_vertretung(durch, gesperrt.kommune)
    gesperrt.status, gesperrt.zurueckgezogen_am, gesperrt.grund = InteresseStatus.ZURUECKGEZOGEN, heute, grund.strip()
    gesperrt.save(update_fields=["status", "zurueckgezogen_am", "grund"])
    _vermerken(gesperrt, von=von, durch=durch, fuer=fuer, heute=heute, grund=gesperrt.grund)
    return gesperrt


def _eintragen(interesse: Interessenbekundung, *, heute: date) -> Interessenbekundung:
    _platz_machen(interesse, heute=heute)
    try:
        with transaction.atomic():
            interesse.full_clean()
            interesse.save()
    except (IntegrityError, ValidationError) as fehler:
        # filed by somebody else in the same moment
        if (vorhandene := _aktive(interesse)) is None:
            raise
        raise _doppelt(vorhandene) from fehler
    _vermerken(interesse, von="", durch=interesse.durch, fuer=interesse.fuer, heute=heute)
    return interesse


def _in_vertretung(durch: Konto, kommune: Kommune) -> Konto | None:
    """Return the head in whose place this is done, and tell the record."""
    fuer = vertritt(durch, kommune)
    if fuer is not None:
        protokoll.in_vertretung(fuer.pk)
    return fuer


def _platz_machen(interesse: Interessenbekundung, *, heute: date) -> None:
    """Refuse a double; one that is past its date is closed as expired and gives way."""
    vorhandene = _aktive(interesse)
    if vorhandene is None:
        return
    von = vorhandene.marke_des_status
    vorbei = vorhandene.gueltig_bis is not None and vorhandene.gueltig_bis < heute
    if not vorbei or InteresseStatus.ABGELAUFEN not in UEBERGAENGE[von]:
        raise _doppelt(vorhandene)
    vorhandene.status = InteresseStatus.ABGELAUFEN
    vorhandene.save(update_fields=["status"])
    grund = f"gültig bis {tag(vorhandene.gueltig_bis)}"
    _vermerken(vorhandene, von=von, durch=interesse.durch, fuer=interesse.fuer, heute=heute, grund=grund)


def _aktive(interesse: Interessenbekundung) -> Interessenbekundung | None:
    """Return the declaration that this one would double, locked."""
    return (
        Interessenbekundung.objects.select_for_update()
        .filter(
            kommune=interesse.kommune,
            aufgabenfeld=interesse.aufgabenfeld,
            kooperationsfeld=interesse.kooperationsfeld,
            art=interesse.art,
            status__in=AKTIVE_INTERESSEN,
        )
        .first()
    )


def _doppelt(vorhandene: Interessenbekundung) -> ValidationError:
    seit = f"abgegeben am {tag(vorhandene.abgegeben_am)}" if vorhandene.abgegeben_am else "noch ein Entwurf"
    worum = f"„{vorhandene.feld}“" if vorhandene.feld else "den Austausch ohne bestimmtes Feld"
    return ValidationError(
        f"Für {worum} hat {vorhandene.kommune} schon eine Interessenbekundung "
        f"({vorhandene.get_art_display()}, {seit}). Ziehen Sie diese zuerst zurück, wenn Sie sie ersetzen möchten.",
        code=DOPPELT,
    )


def _vermerken(
    interesse: Interessenbekundung, *, von: str, durch: Konto | None, fuer: Konto | None, heute: date, grund: str = ""
) -> None:
    Statuswechsel.objects.create(
        objekt=interesse, von=von, nach=interesse.status, gueltig_ab=heute, durch=durch, fuer=fuer, grund=grund
    )
