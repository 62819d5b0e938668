"""What a mail says of each Meldung, read through the rights that its recipient has on the day.

What is over, or no longer for this person, is left out: withdrawn, expired, unconfirmed again, gone, of a Kommune that
it no longer acts for, of a field that it no longer follows.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from bestandsaufnahme.abfragen.interesse.interesse import feldname, mit_allem
from bestandsaufnahme.abfragen.interesse.konstellation import noch_vorhanden
from bestandsaufnahme.models import Interessenbekundung
from bestandsaufnahme.models.interesse import InteressenbekundungQuerySet
from bestandsaufnahme.rechte import (
    bestaetigbare_interessen,
    darf_konstellationen_sehen,
    eigene_beobachtungen,
    sichtbare_interessen,
)
from ikz_portal.basis.formate import aufzaehlung, tag_lang
from kommunen.auswahl import Meldeanlass
from kommunen.models import Konto, Meldung
from kommunen.rechte import handelt_fuer
from projekte.models import Starthilfe
from projekte.rechte import sichtbare_projekte

Meldungen = Sequence[Meldung]

# How many reasons of a proposal a mail names; its page names all.
GRUENDE = 2


@dataclass(frozen=True, slots=True)
class Absatz:
    """One news of a mail: what it is, a sentence about it, and where it is."""

    titel: str
    text: str
    url: str


Absaetze = dict[Meldung, Absatz]


def absaetze(konto: Konto, meldungen: Iterable[Meldung], heute: date) -> Absaetze:
    """Return what there is to tell this person, what it has to act on first."""
    je_anlass: dict[str, list[Meldung]] = defaultdict(list)
    for meldung in meldungen:
        je_anlass[meldung.anlass].append(meldung)
    gefunden: Absaetze = {}
    for anlass, lesen in LESER.items():
        if anlass in je_anlass:
            gefunden |= lesen(konto, je_anlass[anlass], heute)
    return _ohne_wiederholung(konto, gefunden)


def _ohne_wiederholung(konto: Konto, gefunden: Absaetze) -> Absaetze:
    """Leave out the new declarations that are told, or were, as joining the own one."""
    neue = {meldung.bezug for meldung in gefunden if meldung.anlass == Meldeanlass.INTERESSE_NEU}
    if not neue:
        return gefunden
    anschluesse = Meldung.objects.filter(konto=konto, anlass=Meldeanlass.ANSCHLUSS, bezug__in=neue)
    bekannte = set(anschluesse.exclude(erledigt_am=None).values_list("bezug", flat=True))
    bekannte |= {meldung.bezug for meldung in gefunden if meldung.anlass == Meldeanlass.ANSCHLUSS}
    return {
        meldung: absatz
        for meldung, absatz in gefunden.items()
        if meldung.anlass != Meldeanlass.INTERESSE_NEU or meldung.bezug not in bekannte
    }


# --- declarations -----------------------------------------------------------------------------------------------------
def _zu_bestaetigen(konto: Konto, meldungen: Meldungen, heute: date) -> Absaetze:
    """Only as the head would read it now: of a later change another Meldung tells."""
    wartende = bestaetigbare_interessen(konto, heute).prefetch_related("aenderungen")
    return {
        meldung: _absatz(
            interesse,
            f"Bitte bestätigen: {_worum(interesse)}",
            f"{interesse.kommune} {_was(interesse)}. Das Interesse zählt erst, wenn Sie es bestätigen.",
        )
        for meldung, interesse in _gemeinte(wartende, meldungen).items()
        if _zusatz(meldung) == str(len(interesse.aenderungen.all()))
    }


def _eingetragen(konto: Konto, meldungen: Meldungen, heute: date) -> Absaetze:
    """What the Geschäftsstelle wrote in the name of the own Kommune, as long as it reads so."""
    eigene = _eigene(konto).laufende(heute).prefetch_related("aenderungen")
    gefunden: Absaetze = {}
    for meldung, interesse in _gemeinte(eigene, meldungen).items():
        aenderungen = len(interesse.aenderungen.all())
        if _zusatz(meldung) == str(aenderungen):
            wie = "geändert" if aenderungen else "eingetragen"
            gefunden[meldung] = _absatz(
                interesse,
                f"Für Ihre Kommune {wie}: {_worum(interesse)}",
                f"Die Geschäftsstelle hat ein Interesse {wie}: {interesse.kommune} {_was(interesse)}. "
                "Bitte sehen Sie nach, ob es so stimmt.",
            )
    return gefunden


def _laeuft_ab(konto: Konto, meldungen: Meldungen, heute: date) -> Absaetze:
    return {
        meldung: _absatz(
            interesse,
            f"Ihr Interesse läuft ab: {_worum(interesse)}",
            f"Die Interessenbekundung von {interesse.kommune} gilt bis zum {tag_lang(interesse.gueltig_bis)}. "
            "Bis dahin können Sie sie verlängern, danach zählt sie nicht mehr.",
        )
        for meldung, interesse in _gemeinte(_eigene(konto).laufende(heute), meldungen).items()
        if _zusatz(meldung) == str(interesse.gueltig_bis)
    }


def _anschluss(konto: Konto, meldungen: Meldungen, heute: date) -> Absaetze:
    gueltige = sichtbare_interessen(konto).gueltige(heute).filter(anschluss_an__in=_eigene(konto).laufende(heute))
    return {
        meldung: _absatz(
            interesse,
            f"{interesse.kommune} schließt sich Ihrem Interesse an: {feldname(interesse)}",
            f"{interesse.kommune} {_was(interesse)}.",
        )
        for meldung, interesse in _gemeinte(gueltige, meldungen).items()
    }


def _neues_interesse(konto: Konto, meldungen: Meldungen, heute: date) -> Absaetze:
    felder = eigene_beobachtungen(konto).values("aufgabenfeld")
    gueltige = sichtbare_interessen(konto).gueltige(heute).mit_feld()
    beobachtete = gueltige.filter(feld_id__in=felder)  # type: ignore[misc]  # by mit_feld
    return {
        meldung: _absatz(interesse, f"Neues Interesse: {_worum(interesse)}", f"{interesse.kommune} {_was(interesse)}.")
        for meldung, interesse in _gemeinte(beobachtete, meldungen).items()
    }


# --- what comes of them -----------------------------------------------------------------------------------------------
def _projektidee(konto: Konto, meldungen: Meldungen, heute: date) -> Absaetze:
    """Also where the declaration is over by now: something came of it all the same."""
    starthilfen = Starthilfe.objects.filter(
        interesse__in=_eigene(konto).filter(pk__in=[_zusatz(meldung) for meldung in meldungen]),
        projekt__in=sichtbare_projekte(konto),
    )
    mit_namen = starthilfen.select_related(
        "projekt", "interesse__kommune", "interesse__aufgabenfeld", "interesse__kooperationsfeld"
    )
    je_bezug = {f"{eine.projekt_id}:{eine.interesse_id}": eine for eine in mit_namen}
    return {meldung: _absatz_der_idee(je_bezug[meldung.bezug]) for meldung in meldungen if meldung.bezug in je_bezug}


def _absatz_der_idee(starthilfe: Starthilfe) -> Absatz:
    projekt, interesse = starthilfe.projekt, starthilfe.interesse
    return Absatz(
        f"Aus Ihrem Interesse wird eine Projektidee: {projekt.name}{_beispiel(beispiel=projekt.beispiel)}",
        f"Sie ist aus der Interessenbekundung von {interesse.kommune} entstanden ({feldname(interesse)}). "
        "Ob Ihre Kommune teilnimmt, wird später gefragt.",
        adresse(projekt.get_absolute_url()),
    )


def _konstellation(konto: Konto, meldungen: Meldungen, heute: date) -> Absaetze:
    if not darf_konstellationen_sehen(konto):
        return {}
    kommunen = handelt_fuer(konto)
    gefundene = {meldung: noch_vorhanden(meldung.bezug, kommunen, heute) for meldung in meldungen}
    return {
        meldung: Absatz(
            f"Mögliche Partner: {eine.feld}{_beispiel(beispiel=eine.beispiel)}",
            f"{aufzaehlung(mitglied.name for mitglied in eine.kommunen)} könnten gemeinsam beginnen "
            f"({eine.aussicht.label}). {' '.join(grund.text for grund in eine.gruende[:GRUENDE])}",
            adresse((eine.kooperationsfeld or eine.aufgabenfeld).url),
        )
        for meldung, eine in gefundene.items()
        if eine
    }


# --- shared -----------------------------------------------------------------------------------------------------------
def _eigene(konto: Konto) -> InteressenbekundungQuerySet:
    """Those of the Kommunen that it acts for today."""
    return sichtbare_interessen(konto).filter(kommune__in=handelt_fuer(konto))


def _gemeinte(interessen: InteressenbekundungQuerySet, meldungen: Meldungen) -> dict[Meldung, Interessenbekundung]:
    """Return the declaration that each Meldung names, where it is among these."""
    gefundene = mit_allem(interessen).in_bulk([int(meldung.bezug.partition(":")[0]) for meldung in meldungen])
    paare = ((meldung, gefundene.get(int(meldung.bezug.partition(":")[0]))) for meldung in meldungen)
    return {meldung: interesse for meldung, interesse in paare if interesse}


def _zusatz(meldung: Meldung) -> str:
    return meldung.bezug.partition(":")[2]


def _absatz(interesse: Interessenbekundung, titel: str, text: str) -> Absatz:
    return Absatz(f"{titel}{_beispiel(beispiel=interesse.beispiel)}", text, adresse(interesse.get_absolute_url()))


def _worum(interesse: Interessenbekundung) -> str:
    return f"{interesse.kommune}, {feldname(interesse)}"


def _was(interesse: Interessenbekundung) -> str:
    """Return „würde federführen (Kooperationswille im Aufgabenfeld Bauhof, gültig bis 19. Mai 2026)“."""
    feld = interesse.kooperationsfeld.aufgabenfeld if interesse.kooperationsfeld else interesse.aufgabenfeld
    worin = f" im Aufgabenfeld „{feld}“" if feld else ""
    frist = f", gültig bis {tag_lang(interesse.gueltig_bis)}" if interesse.gueltig_bis else ""
    return f"{interesse.get_stufe_display()} ({interesse.get_art_display()}{worin}{frist})"


def _beispiel(*, beispiel: bool) -> str:
    return " (Beispiel)" if beispiel else ""


def adresse(pfad: str) -> str:
    """Return the whole address: mails are read outside of the portal."""
    return f"{settings.BASE_URL}{pfad}"


LESER: dict[Meldeanlass, Callable[[Konto, Meldungen, date], Absaetze]] = {
    Meldeanlass.BESTAETIGUNG: _zu_bestaetigen,
    Meldeanlass.EINTRAG: _eingetragen,
    Meldeanlass.ABLAUF: _laeuft_ab,
    Meldeanlass.PROJEKTIDEE: _projektidee,
    Meldeanlass.ANSCHLUSS: _anschluss,
    Meldeanlass.KONSTELLATION: _konstellation,
    Meldeanlass.INTERESSE_NEU: _neues_interesse,
}
