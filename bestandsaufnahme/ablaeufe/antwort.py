"""Answering the questions of a Fragebogen: one by one, by several people at once, each answer with its version."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from bestandsaufnahme.abfragen.erhebung import fragen
from bestandsaufnahme.ablaeufe.fragebogen import beginnen, zum_ausfuellen
from bestandsaufnahme.auswahl import AntwortArt, Aussage, BeteiligungStatus
from bestandsaufnahme.fragenkatalog import GRUND, HEMMNISSE, JAHR, PRIORITAET, WIEDERVORLAGE
from bestandsaufnahme.models import Aufgabenfeld, Fragebogen, Fragebogenantwort, Kooperationsfeld
from bestandsaufnahme.rechte import beteiligbare_kollegen
from ikz_portal.basis import post
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.rueckblick import Veraltet
from kommunen.ablaeufe.brief import brief
from kommunen.models import Konto

INZWISCHEN = "Diese Frage wurde inzwischen anders beantwortet."


@dataclass(frozen=True, slots=True, kw_only=True)
class AntwortAngaben:
    """What the form says. What doesn't belong to the Aussage is left away, whatever was sent."""

    aussage: str
    ab: date | None = None
    aufgabenfeld: Aufgabenfeld | None = None
    kooperationsfeld: Kooperationsfeld | None = None
    feldvorschlag: str = ""
    bezeichnung: str = ""
    erlaeuterung: str = ""
    status: str = ""
    vorgesehen_bis: date | None = None
    rolle: str = ""
    rechtsform: str = ""
    seit: date | None = None
    seit_genauigkeit: str = Genauigkeit.UNBEKANNT
    angaben: Mapping[str, Any] = field(default_factory=dict)


BESCHREIBEND = (
    *("bezeichnung", "erlaeuterung", "status", "vorgesehen_bis", "rolle", "rechtsform", "seit", "seit_genauigkeit"),
)
FELD = ("aufgabenfeld", "kooperationsfeld", "feldvorschlag")
SPALTEN = (*FELD, "ab", *BESCHREIBEND)
# Which columns an Aussage fills; the Aufgabenfeld of an interest is the question itself.
GEFUELLT: dict[str, tuple[str, ...]] = {
    Aussage.GEAENDERT: ("ab", *BESCHREIBEND),
    Aussage.BEENDET: ("ab",),
    Aussage.NEU: (*FELD, *BESCHREIBEND),
    Aussage.JA: ("erlaeuterung",),
    Aussage.BEDINGT: ("erlaeuterung",),
    Aussage.NEIN: ("erlaeuterung",),
}
# Without these a Kooperation is not described.
NOETIG = {
    "bezeichnung": "Bitte nennen Sie die Kooperation.",
    "status": "Bitte wählen Sie den Status.",
    "rolle": "Bitte wählen Sie die Rolle Ihrer Kommune.",
    "rechtsform": "Bitte wählen Sie die Rechtsform, oder „nicht bekannt“.",
}
LEER: dict[str, Any] = {"ab": None, "vorgesehen_bis": None, "seit": None, "seit_genauigkeit": Genauigkeit.UNBEKANNT} | {
    "aufgabenfeld": None,
    "kooperationsfeld": None,
}
ERWOGENES = (JAHR, GRUND, HEMMNISSE, WIEDERVORLAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class InteresseAngaben:
    """One row of the page of all Aufgabenfelder, as it was read in this version."""

    pk: int
    version: int
    aussage: str
    erlaeuterung: str
    angaben: Mapping[str, Any]


@transaction.atomic
def speichern(
    *,
    antwort: Fragebogenantwort,
    version: int,
    angaben: AntwortAngaben,
    durch: Konto,
    heute: date,
    jetzt: datetime,
) -> Fragebogenantwort:
    """Answer a question that was read in this version; Veraltet if somebody was faster."""
    fragebogen = zum_ausfuellen(antwort.fragebogen)
    gesperrt = _gesperrt(antwort)
    if gesperrt.version != version:
        raise Veraltet(INZWISCHEN)
    beginnen(fragebogen, durch=durch, heute=heute)
    return _sichern(gesperrt, fragebogen, angaben, durch=durch, jetzt=jetzt)


@transaction.atomic
def hinzufuegen(
    *, fragebogen: Fragebogen, angaben: AntwortAngaben, durch: Konto, heute: date, jetzt: datetime
) -> Fragebogenantwort:
    """Add a Kooperation that the matrix doesn't know: a new one, or one that was considered and did not come about."""
    gesperrt = zum_ausfuellen(fragebogen)
    beginnen(gesperrt, durch=durch, heute=heute)
    antwort = Fragebogenantwort(fragebogen=gesperrt, art=AntwortArt.NEU)
    return _sichern(antwort, gesperrt, angaben, durch=durch, jetzt=jetzt)


@transaction.atomic
def gilt_noch(
    *, antwort: Fragebogenantwort, version: int, durch: Konto, heute: date, jetzt: datetime
) -> Fragebogenantwort:
    """Confirm a Kooperation by one click; what was answered to the round's own questions stays."""
    if antwort.art != AntwortArt.KOOPERATION:
        raise ValidationError("„Gilt noch“ sagen Sie zu einer laufenden Kooperation.")
    erfragte = {frage.schluessel for frage in fragen.je_kooperation(antwort.fragebogen)}
    bleibt = {schluessel: wert for schluessel, wert in antwort.angaben.items() if schluessel in erfragte}
    angaben = AntwortAngaben(aussage=Aussage.GILT_NOCH, angaben=bleibt)
    return speichern(antwort=antwort, version=version, angaben=angaben, durch=durch, heute=heute, jetzt=jetzt)


@transaction.atomic
def loeschen(*, antwort: Fragebogenantwort, version: int, durch: Konto, heute: date) -> None:
    """Take back what the Kommune itself has added; the questions of the round stay."""
    fragebogen = zum_ausfuellen(antwort.fragebogen)
    gesperrt = _gesperrt(antwort)
    if gesperrt.art != AntwortArt.NEU:
        raise ValidationError("Löschen lassen sich nur Kooperationen, die Sie selbst hinzugefügt haben.")
    if gesperrt.version != version:
        raise ValidationError("Dieser Eintrag wurde inzwischen geändert. Bitte sehen Sie ihn vor dem Löschen noch an.")
    beginnen(fragebogen, durch=durch, heute=heute)
    gesperrt.delete()


@transaction.atomic
def uebergeben(*, antwort: Fragebogenantwort, an: Konto | None, durch: Konto, heute: date) -> Fragebogenantwort:
    """Hand a question to a colleague, who is told by mail; nobody takes it back to all."""
    fragebogen = zum_ausfuellen(antwort.fragebogen)
    gesperrt = _gesperrt(antwort)
    if an is not None and not beteiligbare_kollegen(fragebogen).filter(pk=an.pk).exists():
        raise ValidationError({"an": f"Diese Person arbeitet nicht mehr für {fragebogen.kommune}."})
    beginnen(fragebogen, durch=durch, heute=heute)
    vorher, gesperrt.zustaendig = gesperrt.zustaendig_id, an
    gesperrt.save(update_fields=["zustaendig"])
    if an is not None and an.pk not in {durch.pk, vorher}:
        _benachrichtigen(an, gesperrt, fragebogen, durch)
    return gesperrt


@transaction.atomic
def interessen_speichern(
    *, fragebogen: Fragebogen, zeilen: Sequence[InteresseAngaben], durch: Konto, heute: date, jetzt: datetime
) -> int:
    """Save the rows that say something else than what is saved, all or none, and return how many these were.

    Veraltet where one of them was read in an older version.
    """
    gesperrt = zum_ausfuellen(fragebogen)
    antworten = gesperrt.antworten.filter(art=AntwortArt.INTERESSE).order_by("pk").select_for_update().in_bulk()
    geaenderte = [(antworten[zeile.pk], zeile) for zeile in zeilen if _sagt_anderes(antworten[zeile.pk], zeile)]
    if any(antwort.version != zeile.version for antwort, zeile in geaenderte):
        raise Veraltet(INZWISCHEN)
    if geaenderte:
        beginnen(gesperrt, durch=durch, heute=heute)
    for antwort, zeile in geaenderte:
        werte = AntwortAngaben(aussage=zeile.aussage, erlaeuterung=zeile.erlaeuterung, angaben=zeile.angaben)
        _sichern(antwort, gesperrt, werte, durch=durch, jetzt=jetzt)
    return len(geaenderte)


def _sagt_anderes(antwort: Fragebogenantwort, zeile: InteresseAngaben) -> bool:
    gespeichert = (antwort.aussage, antwort.erlaeuterung, antwort.angaben)
    return gespeichert != (zeile.aussage, zeile.erlaeuterung, dict(zeile.angaben))


def _gesperrt(antwort: Fragebogenantwort) -> Fragebogenantwort:
    gelesen = Fragebogenantwort.objects.select_for_update(of=("self",)).select_related("kooperation", "aufgabenfeld")
    gesperrt = gelesen.filter(pk=antwort.pk).first()
    if gesperrt is None:
        raise ValidationError("Dieser Eintrag wurde inzwischen gelöscht.")
    return gesperrt


def _sichern(
    antwort: Fragebogenantwort, fragebogen: Fragebogen, werte: AntwortAngaben, *, durch: Konto, jetzt: datetime
) -> Fragebogenantwort:
    antwort.aussage = werte.aussage
    gefuellt = GEFUELLT.get(werte.aussage, ())
    for spalte in SPALTEN:
        if spalte in gefuellt or spalte not in FELD:
            setattr(antwort, spalte, getattr(werte, spalte) if spalte in gefuellt else LEER.get(spalte, ""))
    if werte.aussage == Aussage.NEU and werte.kooperationsfeld is not None:
        antwort.aufgabenfeld, antwort.feldvorschlag = werte.kooperationsfeld.aufgabenfeld, ""
    antwort.angaben = _angaben(antwort, fragebogen, werte.angaben)
    _vollstaendig(antwort)
    antwort.bearbeitet_durch, antwort.bearbeitet_am = durch, jetzt
    if antwort.zustaendig_id == durch.pk:
        antwort.zustaendig = None
    antwort.full_clean()
    antwort.save()
    antwort.refresh_from_db(fields=["version"])
    return antwort


def _angaben(antwort: Fragebogenantwort, fragebogen: Fragebogen, werte: Mapping[str, Any]) -> dict[str, Any]:
    """Return what belongs to this answer. A key that the round didn't choose is refused, never stored."""
    erfragt, dazu = _schluessel(antwort, fragebogen)
    if werte.keys() - {*erfragt, *ERWOGENES, PRIORITAET}:
        raise ValidationError("Diese Frage stellt die Erhebung nicht. Bitte laden Sie die Seite neu.")
    erlaubt = {*erfragt, *dazu}
    return {
        schluessel: wert for schluessel, wert in werte.items() if schluessel in erlaubt and wert not in ("", None, [])
    }


def _schluessel(antwort: Fragebogenantwort, fragebogen: Fragebogen) -> tuple[Iterable[str], Iterable[str]]:
    """Return the keys of the questions that the round chose, and of those that its Aussage brings along."""
    if antwort.art == AntwortArt.ALLGEMEIN:
        return [antwort.schluessel], []
    if antwort.art == AntwortArt.INTERESSE:
        return [], [] if antwort.aussage == Aussage.OFFEN else [PRIORITAET]
    erfragt = [frage.schluessel for frage in fragen.je_kooperation(fragebogen)]
    if antwort.status == BeteiligungStatus.ERWOGEN:
        return erfragt, ERWOGENES
    return erfragt, [GRUND] if antwort.aussage == Aussage.BEENDET else []


def _vollstaendig(antwort: Fragebogenantwort) -> None:
    fehler: dict[str, str] = {}
    if antwort.aussage in {Aussage.GEAENDERT, Aussage.NEU}:
        fehler |= {feld: satz for feld, satz in NOETIG.items() if not getattr(antwort, feld)}
    if antwort.aussage == Aussage.NEU and antwort.kooperationsfeld is None:
        if antwort.aufgabenfeld is None:
            fehler["feld"] = "Bitte wählen Sie das Feld, in dem Sie zusammenarbeiten."
        elif not antwort.feldvorschlag:
            fehler["feldvorschlag"] = (
                "Bitte nennen Sie das neue Kooperationsfeld, oder wählen Sie oben eines der Liste."
            )
    if antwort.status == BeteiligungStatus.ERWOGEN:
        noetig = {JAHR: "Bitte nennen Sie das Jahr.", GRUND: "Bitte nennen Sie den Grund."}
        fehler |= {schluessel: satz for schluessel, satz in noetig.items() if schluessel not in antwort.angaben}
    if fehler:
        raise ValidationError(fehler)


def _benachrichtigen(an: Konto, antwort: Fragebogenantwort, fragebogen: Fragebogen, durch: Konto) -> None:
    """What the Kommune itself wrote stays out of the mail: the Geschäftsstelle reads what the portal sends."""
    worum = antwort.get_art_display() if antwort.art == AntwortArt.NEU else fragen.worum(antwort)
    weg = reverse("antwort_bearbeiten", args=[fragebogen.erhebung_id, fragebogen.kommune.ags, antwort.pk])
    text = (
        f"{durch.name} bittet Sie, im Fragebogen von {fragebogen.kommune} zur {fragebogen.erhebung} eine Frage zu "
        f"beantworten: {worum}"
    )
    post.einreihen(
        an=an.email,
        betreff=f"Eine Frage im Fragebogen {fragebogen.kommune} liegt bei Ihnen",
        text=brief(f"{text}\n\n{settings.BASE_URL}{weg}"),
    )
