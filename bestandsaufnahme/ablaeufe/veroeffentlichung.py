"""Publishing a round: prepared as a draft, its footnotes mended, consents recorded, published, withdrawn."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bestandsaufnahme.abfragen.veroeffentlichung import anonym
from bestandsaufnahme.abfragen.veroeffentlichung import veroeffentlichung as abfragen
from bestandsaufnahme.auswahl import (
    VEROEFFENTLICHUNG_UEBERGAENGE,
    VORBEREITBARE_ERHEBUNGEN,
    VeroeffentlichungArt,
    VeroeffentlichungStatus,
)
from bestandsaufnahme.models import Erhebung, Kooperation, Veroeffentlichung
from bestandsaufnahme.models.veroeffentlichung import Fussnotenfassung, Zustimmung
from ikz_portal.basis import protokoll
from ikz_portal.basis.models import Statuswechsel
from kommunen.models import Kommune, Konto
from kommunen.rechte import spitze_von, vertritt

DOPPELT = "Diese Veröffentlichung gibt es schon. Bitte bearbeiten Sie die vorhandene, oder nehmen Sie sie zurück."
AUSWEG = "Bitte schreiben Sie die Fußnoten für diese Veröffentlichung um, oder halten Sie die Zustimmungen fest."


# --- the draft --------------------------------------------------------------------------------------------------------
@transaction.atomic
def vorbereiten(
    *, erhebung: Erhebung, art: VeroeffentlichungArt | str, oeffentlich_ab: date | None, durch: Konto, heute: date
) -> Veroeffentlichung:
    """Begin a draft of a round whose return is closed; nothing of it is seen by others than those whom it asks."""
    gesperrt = Erhebung.objects.select_for_update(no_key=True).get(pk=erhebung.pk)
    if gesperrt.status not in VORBEREITBARE_ERHEBUNGEN:
        raise ValidationError(
            f"Eine Veröffentlichung lässt sich erst vorbereiten, wenn der Rücklauf geschlossen ist. Die Erhebung ist "
            f"{gesperrt.marke_des_status.label}."
        )
    if gesperrt.beispiel and oeffentlich_ab is not None:
        raise ValidationError({"oeffentlich_ab": abfragen.BEISPIEL_BLEIBT_INTERN})
    if oeffentlich_ab is not None and oeffentlich_ab < heute:
        raise ValidationError(
            {"oeffentlich_ab": "Der Tag liegt in der Vergangenheit. Bitte wählen Sie einen späteren."}
        )
    vorhandene = gesperrt.veroeffentlichungen.exclude(status=VeroeffentlichungStatus.ZURUECKGEZOGEN)
    if vorhandene.filter(art=art).exists():
        raise ValidationError({"art": DOPPELT})
    neue = Veroeffentlichung(erhebung=gesperrt, art=art, oeffentlich_ab=oeffentlich_ab, durch=durch)
    neue.full_clean()
    neue.save()
    _vermerken(neue, von="", durch=durch, heute=heute)
    return neue


@transaction.atomic
def verwerfen(*, veroeffentlichung: Veroeffentlichung, durch: Konto) -> None:
    """Delete a draft with its footnotes and consents; the record keeps what they were."""
    _entwurf(veroeffentlichung).delete()


@transaction.atomic
def fussnote_bearbeiten(
    *, veroeffentlichung: Veroeffentlichung, kooperation: Kooperation, bezeichnung: str, erlaeuterung: str, durch: Konto
) -> Fussnotenfassung:
    """Write the footnote anew for this publication alone; the Kooperation stays as it is."""
    entwurf = _anonymer_entwurf(veroeffentlichung)
    fassung, _ = Fussnotenfassung.objects.get_or_create(
        veroeffentlichung=entwurf, kooperation=kooperation, defaults={"bezeichnung": bezeichnung.strip()}
    )
    fassung.bezeichnung, fassung.erlaeuterung = bezeichnung.strip(), erlaeuterung.strip()
    fassung.full_clean()
    fassung.save()
    return fassung


@transaction.atomic
def fussnote_zuruecksetzen(*, veroeffentlichung: Veroeffentlichung, kooperation: Kooperation, durch: Konto) -> None:
    """Let the footnote say again what the Kooperation says."""
    _anonymer_entwurf(veroeffentlichung).fussnoten.filter(kooperation=kooperation).delete()


# --- consent ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def zustimmen(
    *, veroeffentlichung: Veroeffentlichung, kommune: Kommune, vermerk: str, durch: Konto, heute: date
) -> Zustimmung:
    """Put on record that the Kommune agrees: by its head or deputy, or on its behalf, then with a note how."""
    entwurf = _entwurf(veroeffentlichung)
    if kommune.pk not in spitze_von(durch) and not vermerk.strip():
        raise ValidationError({"vermerk": "Bitte vermerken Sie, wie die Kommune zugestimmt hat."})
    if entwurf.zustimmungen.filter(kommune=kommune).exists():
        raise ValidationError(f"{kommune} hat schon zugestimmt.")
    zustimmung = Zustimmung(
        veroeffentlichung=entwurf,
        kommune=kommune,
        am=heute,
        vermerk=vermerk.strip(),
        durch=durch,
        fuer=_in_vertretung(durch, kommune),
    )
    zustimmung.full_clean()
    zustimmung.save()
    return zustimmung


@transaction.atomic
def zustimmung_zuruecknehmen(*, veroeffentlichung: Veroeffentlichung, kommune: Kommune, durch: Konto) -> None:
    """Take the consent back, as long as nothing is published on the ground of it."""
    entwurf = _entwurf(veroeffentlichung)
    _in_vertretung(durch, kommune)
    anzahl, _ = entwurf.zustimmungen.filter(kommune=kommune).delete()
    if not anzahl:
        raise ValidationError(f"Von {kommune} ist keine Zustimmung festgehalten.")


# --- publishing -------------------------------------------------------------------------------------------------------
@transaction.atomic
def freigeben(*, veroeffentlichung: Veroeffentlichung, durch: Konto, heute: date) -> Veroeffentlichung:
    """Publish it: internally at once, for the public from its day on. ValidationError with all that stands against it.

    The round, its Kooperationen and consents are locked and read anew: what the guard reads is what is stored.
    """
    Erhebung.objects.select_for_update(no_key=True).get(pk=veroeffentlichung.erhebung_id)
    entwurf = _entwurf(veroeffentlichung)
    erhebung = entwurf.erhebung
    gezeigte = abfragen.beteiligungen_der(erhebung, abfragen.fremde_beispiele(erhebung)).values("kooperation")
    list(Kooperation.objects.select_for_update().filter(pk__in=gezeigte).order_by("pk").values_list("pk"))
    kommunen, zeilen = list(Kommune.objects.all()), abfragen.bestand(entwurf)
    zugestimmt = list(entwurf.zustimmungen.values_list("kommune_id", flat=True))
    if hindernisse := abfragen.hindernisse(entwurf, zeilen, kommunen, zugestimmt):
        raise ValidationError([*hindernisse, *_ausweg(entwurf, hindernisse)])
    if entwurf.ist_anonym:
        entwurf.inhalt = anonym.anonymisiert(erhebung, zeilen, anonym.verlosen(kommunen))
    elif entwurf.oeffentlich_ab is not None:
        _kooperationen_veroeffentlichen(erhebung, zeilen)
    entwurf.veroeffentlicht_am, entwurf.durch = heute, durch
    return _wechseln(entwurf, VeroeffentlichungStatus.VEROEFFENTLICHT, durch=durch, heute=heute)


@transaction.atomic
def zuruecknehmen(*, veroeffentlichung: Veroeffentlichung, grund: str, durch: Konto, heute: date) -> Veroeffentlichung:
    """Withdraw it with a reason: nobody reads its content any more, and what it made known is secret again."""
    if not grund.strip():
        raise ValidationError({"grund": "Bitte nennen Sie den Grund der Rücknahme."})
    gesperrt = _gesperrt(veroeffentlichung)
    gesperrt.grund = grund.strip()
    nach = VeroeffentlichungStatus.ZURUECKGEZOGEN
    return _wechseln(gesperrt, nach, durch=durch, heute=heute, grund=gesperrt.grund)


# --- shared -----------------------------------------------------------------------------------------------------------
def _gesperrt(veroeffentlichung: Veroeffentlichung) -> Veroeffentlichung:
    """Return it locked; ValidationError where somebody has discarded it meanwhile."""
    alle = Veroeffentlichung.objects.select_for_update(of=("self",)).select_related("erhebung")
    gesperrt = alle.filter(pk=veroeffentlichung.pk).first()
    if gesperrt is None:
        raise ValidationError("Dieser Entwurf wurde inzwischen verworfen.")
    return gesperrt


def _entwurf(veroeffentlichung: Veroeffentlichung) -> Veroeffentlichung:
    gesperrt = _gesperrt(veroeffentlichung)
    if gesperrt.status != VeroeffentlichungStatus.ENTWURF:
        raise ValidationError(f"Nur ein Entwurf lässt sich ändern. Diese Veröffentlichung ist {_status(gesperrt)}.")
    return gesperrt


def _anonymer_entwurf(veroeffentlichung: Veroeffentlichung) -> Veroeffentlichung:
    entwurf = _entwurf(veroeffentlichung)
    if not entwurf.ist_anonym:
        raise ValidationError("Eigene Fußnoten hat nur eine anonymisierte Veröffentlichung.")
    return entwurf


def _status(veroeffentlichung: Veroeffentlichung) -> str:
    return str(veroeffentlichung.marke_des_status.label)


def _ausweg(entwurf: Veroeffentlichung, hindernisse: Sequence[str]) -> list[str]:
    feste = {abfragen.NICHT_ABGESCHLOSSEN, abfragen.BEISPIEL_BLEIBT_INTERN, abfragen.OHNE_ZEICHEN}
    braucht_ihn = entwurf.ist_anonym and set(hindernisse) - feste
    return [AUSWEG] if braucht_ihn else []


def _kooperationen_veroeffentlichen(erhebung: Erhebung, zeilen: Sequence[anonym.Bestandszeile]) -> None:
    """Publish what the round alone tells of. Nobody sees it before the day: until then the round is secret."""
    for kooperation in abfragen.neue_kooperationen(erhebung, zeilen).order_by("pk"):
        kooperation.veroeffentlicht = True
        kooperation.save(update_fields=["veroeffentlicht", "geaendert_am"])


def _in_vertretung(durch: Konto, kommune: Kommune) -> Konto | None:
    """Return the head in whose place this is done, and tell the record."""
    fuer = vertritt(durch, kommune, als_spitze=True)
    if fuer is not None:
        protokoll.in_vertretung(fuer.pk)
    return fuer


def _wechseln(
    veroeffentlichung: Veroeffentlichung, nach: VeroeffentlichungStatus, *, durch: Konto, heute: date, grund: str = ""
) -> Veroeffentlichung:
    von = veroeffentlichung.marke_des_status
    if nach not in VEROEFFENTLICHUNG_UEBERGAENGE[von]:
        raise ValidationError(f"Das geht nicht mehr: Diese Veröffentlichung ist {von.label}.")
    veroeffentlichung.status = nach
    veroeffentlichung.full_clean()
    try:
        with transaction.atomic():
            veroeffentlichung.save()
    except IntegrityError as fehler:
        raise ValidationError(DOPPELT) from fehler
    _vermerken(veroeffentlichung, von=von, durch=durch, heute=heute, grund=grund)
    return veroeffentlichung


def _vermerken(veroeffentlichung: Veroeffentlichung, *, von: str, durch: Konto, heute: date, grund: str = "") -> None:
    Statuswechsel.objects.create(
        objekt=veroeffentlichung, von=von, nach=veroeffentlichung.status, gueltig_ab=heute, durch=durch, grund=grund
    )
