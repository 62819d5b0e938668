"""The life of a round of declarations: prepared, opened, answered, closed with its result, published."""

from collections import defaultdict
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bestandsaufnahme.abfragen.interesse.runde import zaehlende
from bestandsaufnahme.abfragen.interesse.rundenruecklauf import fehlende
from bestandsaufnahme.ablaeufe.interesse import in_vertretung
from bestandsaufnahme.ablaeufe.rundschreiben import Versand, an_die_kommunen
from bestandsaufnahme.auswahl import RUNDE_UEBERGAENGE, RundeStatus
from bestandsaufnahme.models import (
    Aufgabenfeld,
    Interessenrunde,
    Rundenergebnis,
    Rundennennung,
    Rundenrueckmeldung,
)
from ikz_portal.basis.formate import tag, tag_lang
from ikz_portal.basis.models import Statuswechsel
from ikz_portal.basis.rueckblick import Veraltet
from kommunen.ablaeufe.konto import einzeilig
from kommunen.models import Kommune, Konto
from kommunen.rechte import handelt_fuer


# --- preparing --------------------------------------------------------------------------------------------------------
@transaction.atomic
def anlegen(*, name: str, frist: date, anschreiben: str, durch: Konto, heute: date) -> Interessenrunde:
    """Prepare a round; nobody is asked before it is opened."""
    runde = Interessenrunde(
        name=einzeilig(name), frist=frist, anschreiben=anschreiben.strip(), status=RundeStatus.VORBEREITUNG
    )
    _frist_pruefen(frist, heute)
    _sichern(runde)
    _vermerken(runde, von="", durch=durch, heute=heute)
    return runde


@transaction.atomic
def bearbeiten(
    *, runde: Interessenrunde, version: int, name: str, frist: date, anschreiben: str, durch: Konto, heute: date
) -> Interessenrunde:
    """Change a round that isn't open yet; Veraltet if somebody was faster."""
    gesperrt = gesperrte(runde)
    if gesperrt.status != RundeStatus.VORBEREITUNG:
        raise ValidationError(f"Die Runde lässt sich nicht mehr bearbeiten. {stand(gesperrt)}")
    if gesperrt.version != version:
        raise Veraltet("Die Runde wurde inzwischen geändert.")
    _frist_pruefen(frist, heute)
    gesperrt.name, gesperrt.frist, gesperrt.anschreiben = einzeilig(name), frist, anschreiben.strip()
    _sichern(gesperrt)
    return gesperrt


# --- running ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def eroeffnen(*, runde: Interessenrunde, durch: Konto, heute: date) -> Versand:
    """Ask every Kommune, and write to whoever acts for it; from now on declarations belong to the round."""
    gesperrt = gesperrte(runde)
    _muss_sein(gesperrt, RundeStatus.VORBEREITUNG, nach=RundeStatus.LAEUFT, was="eröffnen")
    if gesperrt.frist is None or gesperrt.frist <= heute:
        raise ValidationError("Bitte setzen Sie vor dem Eröffnen eine Frist, die nach dem heutigen Tag liegt.")
    gesperrt.jahr, gesperrt.beginn = heute.year, heute
    _wechseln(gesperrt, RundeStatus.LAEUFT, durch=durch, heute=heute)
    anfragen = [Rundenrueckmeldung(runde=gesperrt, kommune=kommune) for kommune in Kommune.objects.all()]
    if not anfragen:
        raise ValidationError("Es ist keine Kommune eingetragen, die gefragt werden könnte.")
    Rundenrueckmeldung.objects.bulk_create(anfragen)
    return an_die_kommunen(
        anfragen=anfragen,
        betreff=f"{gesperrt.name}: Rückmeldung bis {tag(gesperrt.frist)}",
        text=_einladung,
        heute=heute,
    )


def _einladung(anfrage: Rundenrueckmeldung) -> str:
    runde = anfrage.runde
    anfang = f"die Interessenrunde „{runde}“ ist eröffnet: Woran möchte {anfrage.kommune} mit anderen zusammenarbeiten?"
    ende = (
        f"Bitte antworten Sie bis zum {tag_lang(runde.frist)}. Jede Interessenbekundung aus {anfrage.kommune} gilt als "
        "Antwort. Gibt es nichts hinzuzufügen, melden Sie das mit einem Klick; was Sie früher bekundet haben, zählt "
        "weiter."
    )
    return "\n\n".join(absatz for absatz in (anfang, runde.anschreiben, ende) if absatz)


@transaction.atomic
def verlaengern(*, runde: Interessenrunde, frist: date, durch: Konto, heute: date) -> Versand:
    """Give more time, and tell those that are missing."""
    gesperrt = gesperrte(runde)
    muss_laufen(gesperrt, "Verlängern")
    if gesperrt.frist and frist <= gesperrt.frist:
        raise ValidationError({"frist": f"Die neue Frist liegt nicht nach der bisherigen ({tag(gesperrt.frist)})."})
    _frist_pruefen(frist, heute)
    gesperrt.frist = frist
    _sichern(gesperrt)
    return an_die_kommunen(
        anfragen=list(fehlende(gesperrt)),
        betreff=f"{gesperrt.name}: neue Frist {tag(frist)}",
        text=lambda anfrage: (
            f"in der Interessenrunde „{gesperrt}“ ist jetzt mehr Zeit: Bitte antworten Sie für {anfrage.kommune} bis "
            f"zum {tag_lang(frist)}. Jede Interessenbekundung gilt als Antwort; gibt es nichts hinzuzufügen, melden "
            "Sie das mit einem Klick."
        ),
        heute=heute,
    )


@transaction.atomic
def zurueckmelden(
    *, runde: Interessenrunde, kommune: Kommune, durch: Konto, heute: date, vermerk: str = ""
) -> Rundenrueckmeldung:
    """Say that the Kommune has nothing to add: what it declared before goes on counting, or it declares nothing.

    Who says so on behalf notes how the Kommune told it.
    """
    gesperrt = gesperrte(runde)
    muss_laufen(gesperrt, "Zurückmelden")
    anfrage = gesperrt.rueckmeldungen.select_for_update().filter(kommune=kommune).first()
    if anfrage is None:
        raise ValidationError(f"{kommune} ist in dieser Runde nicht gefragt.")
    if anfrage.am is not None:
        raise ValidationError(f"{kommune} hat schon am {tag(anfrage.am)} geantwortet.")
    if kommune.pk not in handelt_fuer(durch) and not vermerk.strip():
        raise ValidationError({"vermerk": "Bitte vermerken Sie, wie die Kommune Ihnen die Antwort mitgeteilt hat."})
    anfrage.am, anfrage.durch, anfrage.fuer = heute, durch, in_vertretung(durch, kommune)
    anfrage.vermerk = vermerk.strip()
    anfrage.full_clean()
    anfrage.save()
    return anfrage


# --- the result -------------------------------------------------------------------------------------------------------
@transaction.atomic
def abschliessen(*, runde: Interessenrunde, trotz_fehlender: bool, durch: Konto, heute: date) -> Interessenrunde:
    """Keep what counts today, and end the round; missing answers want to be confirmed.

    The lock on the round is the one that filing takes: a declaration is in it, or comes after it.
    """
    gesperrt = gesperrte(runde)
    _muss_sein(gesperrt, RundeStatus.LAEUFT, nach=RundeStatus.ABGESCHLOSSEN, was="abschließen")
    fehlend = [anfrage.kommune.name for anfrage in fehlende(gesperrt)]
    if fehlend and not trotz_fehlender:
        satz = f"Bitte bestätigen Sie, dass Sie ohne die fehlenden Rückmeldungen ({len(fehlend)}) abschließen."
        raise ValidationError({"trotz_fehlender": satz})
    _ergebnis_festhalten(gesperrt, heute=heute)
    gesperrt.abgeschlossen_am = heute
    grund = f"ohne Rückmeldung: {', '.join(fehlend)}" if fehlend else ""
    return _wechseln(gesperrt, RundeStatus.ABGESCHLOSSEN, durch=durch, heute=heute, grund=grund)


def _ergebnis_festhalten(runde: Interessenrunde, *, heute: date) -> None:
    """Store which declarations count, and the number of Kommunen of each field; read in one query, as of one moment."""
    nennungen, kommunen = [], defaultdict[int | None, set[int]](set)
    for interesse in zaehlende(runde, heute=heute).mit_feld().order_by("pk"):
        nennungen.append(Rundennennung(runde=runde, interesse=interesse, stufe=interesse.stufe))
        kommunen[interesse.feld_id].add(interesse.kommune_id)  # type: ignore[attr-defined]  # by mit_feld
    Rundennennung.objects.bulk_create(nennungen)
    Rundenergebnis.objects.bulk_create(
        Rundenergebnis(runde=runde, aufgabenfeld=feld, anzahl=len(kommunen[feld.pk]))
        for feld in Aufgabenfeld.objects.all()
    )


@transaction.atomic
def veroeffentlichen(*, runde: Interessenrunde, durch: Konto) -> Interessenrunde:
    """Show the totals to the public; those of an example never."""
    gesperrt = gesperrte(runde)
    if gesperrt.status != RundeStatus.ABGESCHLOSSEN:
        raise ValidationError(f"Veröffentlichen lässt sich nur eine abgeschlossene Runde. {stand(gesperrt)}")
    if gesperrt.beispiel:
        raise ValidationError("Ein Beispiel wird nicht veröffentlicht.")
    return _sichtbar_machen(gesperrt, oeffentlich=True)


@transaction.atomic
def zuruecknehmen(*, runde: Interessenrunde, durch: Konto) -> Interessenrunde:
    """Hide them from the public again."""
    return _sichtbar_machen(gesperrte(runde), oeffentlich=False)


def _sichtbar_machen(gesperrt: Interessenrunde, *, oeffentlich: bool) -> Interessenrunde:
    if gesperrt.veroeffentlicht == oeffentlich:
        raise ValidationError(f"Das Ergebnis ist {'schon' if oeffentlich else 'nicht'} veröffentlicht.")
    gesperrt.veroeffentlicht = oeffentlich
    gesperrt.save(update_fields=["veroeffentlicht"])
    return gesperrt


# --- shared with the reminders ----------------------------------------------------------------------------------------
def gesperrte(runde: Interessenrunde) -> Interessenrunde:
    return Interessenrunde.objects.select_for_update(no_key=True).get(pk=runde.pk)


def muss_laufen(runde: Interessenrunde, was: str) -> None:
    if runde.status != RundeStatus.LAEUFT:
        raise ValidationError(f"{was} lässt sich nur in einer laufenden Runde. {stand(runde)}")


def stand(runde: Interessenrunde) -> str:
    """Say in which state it is, for who asked for a step that doesn't follow."""
    laeuft = runde.status == RundeStatus.LAEUFT
    return "Sie läuft schon." if laeuft else f"Sie ist {runde.marke_des_status.label}."


# --- inner ------------------------------------------------------------------------------------------------------------
def _frist_pruefen(frist: date, heute: date) -> None:
    if frist <= heute:
        raise ValidationError({"frist": "Die Frist liegt nicht nach heute. Bitte wählen Sie einen späteren Tag."})


def _muss_sein(runde: Interessenrunde, von: RundeStatus, *, nach: RundeStatus, was: str) -> None:
    if runde.status != von or nach not in RUNDE_UEBERGAENGE[von]:
        raise ValidationError(f"Die Runde lässt sich jetzt nicht {was}. {stand(runde)}")


def _wechseln(
    runde: Interessenrunde, nach: RundeStatus, *, durch: Konto, heute: date, grund: str = ""
) -> Interessenrunde:
    von = runde.status
    runde.status = nach
    _sichern(runde)
    _vermerken(runde, von=von, durch=durch, heute=heute, grund=grund)
    return runde


def _vermerken(runde: Interessenrunde, *, von: str, durch: Konto, heute: date, grund: str = "") -> None:
    Statuswechsel.objects.create(objekt=runde, von=von, nach=runde.status, gueltig_ab=heute, durch=durch, grund=grund)


def _sichern(runde: Interessenrunde) -> None:
    """Save it; the database has the last word where two rounds take the same name, or are opened, at once."""
    if Interessenrunde.objects.exclude(pk=runde.pk).filter(name=runde.name).exists():
        raise ValidationError({"name": "So heißt schon eine andere Runde. Bitte wählen Sie einen anderen Namen."})
    runde.full_clean()
    try:
        with transaction.atomic():
            runde.save()
    except IntegrityError as fehler:
        satz = "Inzwischen läuft schon eine andere Runde, oder eine heißt so. Es ist nichts gespeichert."
        raise ValidationError(satz) from fehler
