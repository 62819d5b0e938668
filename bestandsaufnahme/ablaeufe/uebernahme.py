"""Taking over a Fragebogen: all that was accepted of it changes the matrix in one transaction, or nothing does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from bestandsaufnahme.abfragen.pruefung.pruefpunkte import Pruefpunkt, pruefpunkte
from bestandsaufnahme.abfragen.pruefung.vorschlag import Werte, gescheitert
from bestandsaufnahme.ablaeufe import beteiligung, interesse, kooperation, kooperationsfeld
from bestandsaufnahme.ablaeufe.kooperation import KooperationAngaben
from bestandsaufnahme.ablaeufe.kooperationsfeld import NeuesFeld
from bestandsaufnahme.ablaeufe.pruefung import sperren, uebergehen
from bestandsaufnahme.auswahl import (
    AntwortArt,
    Aussage,
    BeteiligungRolle,
    BeteiligungStatus,
    Entscheidung,
    FragebogenStatus,
    Herkunft,
)
from bestandsaufnahme.models import Aufgabenfeld, Erhebung, Fragebogen, Hemmnis, Kooperation, Kooperationsfeld
from bestandsaufnahme.rechte import beteiligbare_kollegen, freigebende
from ikz_portal.basis import post
from ikz_portal.basis.zeit import tag_davor
from kommunen.ablaeufe.brief import brief
from kommunen.models import Kommune, Konto

NICHTS = "Es ist nichts übernommen."
NEU_ENTSCHEIDEN = "Bitte öffnen Sie die Prüfung wieder und entscheiden Sie über diese Angabe neu."


@dataclass(frozen=True, slots=True)
class Bogen:
    """Whose answers are taken over, in which round, and by whom."""

    fragebogen: Fragebogen
    durch: Konto
    heute: date

    @property
    def erhebung(self) -> Erhebung:
        return self.fragebogen.erhebung

    @property
    def kommune(self) -> Kommune:
        return self.fragebogen.kommune


@transaction.atomic
def uebernehmen(*, fragebogen: Fragebogen, durch: Konto, heute: date) -> Fragebogen:
    """Do what was accepted, each from its day on, and tell the Kommune what became of its answers.

    Everything is read anew under lock. If the matrix no longer is what somebody decided on, the whole is refused with
    the answers that this concerns.
    """
    # one after the other in a round: what one Fragebogen changes, the next one is compared with
    Erhebung.objects.select_for_update(no_key=True).get(pk=fragebogen.erhebung_id)
    gesperrt = sperren(fragebogen)
    if gesperrt.status != FragebogenStatus.GEPRUEFT:
        raise ValidationError(_nicht_geprueft(gesperrt))
    _kooperationen_sperren(pruefpunkte(gesperrt))
    punkte = [punkt for punkt in pruefpunkte(gesperrt) if punkt.zu_entscheiden]
    if ueberholte := [satz for punkt in punkte if (satz := _ueberholt(punkt))]:
        raise ValidationError([*ueberholte, NICHTS])
    bogen = Bogen(gesperrt, durch, heute)
    for punkt in punkte:
        if punkt.angenommen:
            with _nennend(punkt):
                _anwenden(punkt, bogen)
    bilanz = _bilanz(punkte)
    uebergehen(gesperrt, FragebogenStatus.UEBERNOMMEN, durch=durch, heute=heute, grund=bilanz)
    _benachrichtigen(bogen, bilanz)
    return gesperrt


# --- what has to hold -------------------------------------------------------------------------------------------------
def _nicht_geprueft(fragebogen: Fragebogen) -> str:
    if fragebogen.status == FragebogenStatus.UEBERNOMMEN:
        return f"Der Fragebogen von {fragebogen.kommune} ist schon übernommen."
    return f"Übernehmen lässt sich nur ein geprüfter Fragebogen. Dieser ist {fragebogen.marke_des_status.label}."


def _kooperationen_sperren(punkte: list[Pruefpunkt]) -> None:
    schluessel = {punkt.lage.kooperation.pk for punkt in punkte if punkt.lage}
    list(Kooperation.objects.select_for_update().filter(pk__in=schluessel).order_by("pk").values_list("pk"))


def _ueberholt(punkt: Pruefpunkt) -> str:
    """Return in a sentence why a decision no longer stands, nothing where it does."""
    if punkt.pruefung is None:
        return f"„{punkt.worum}“ ist noch nicht entschieden. {NEU_ENTSCHEIDEN}"
    if not punkt.angenommen:
        return ""
    if hindernis := punkt.hindernis():
        return f"„{punkt.worum}“: {hindernis} {NEU_ENTSCHEIDEN}"
    if punkt.veraltet:
        return f"„{punkt.worum}“: Die Matrix wurde seit der Entscheidung geändert. {NEU_ENTSCHEIDEN}"
    return ""


@contextmanager
def _nennend(punkt: Pruefpunkt) -> Iterator[None]:
    """Let a refusal name the answer that it is about."""
    try:
        yield
    except ValidationError as fehler:
        raise ValidationError(f"„{punkt.worum}“: {' '.join(fehler.messages)} {NICHTS}") from fehler


# --- one answer -------------------------------------------------------------------------------------------------------
def _anwenden(punkt: Pruefpunkt, bogen: Bogen) -> None:
    antwort, werte = punkt.antwort, punkt.werte
    if antwort.aufgabenfeld is not None and antwort.art == AntwortArt.INTERESSE:
        interesse.aus_fragebogen(
            fragebogen=bogen.fragebogen,
            aufgabenfeld=antwort.aufgabenfeld,
            bedingt=antwort.aussage == Aussage.BEDINGT,
            stufe=werte["stufe"],
            wofuer=werte["wofuer"],
            heute=bogen.heute,
        )
    elif antwort.art == AntwortArt.NEU:
        _neu(punkt, bogen)
    elif antwort.aussage == Aussage.BEENDET:
        _endet(punkt, bogen)
    else:
        _bleibt(punkt, bogen)


def _bleibt(punkt: Pruefpunkt, bogen: Bogen) -> None:
    """The Kommune stays in the Kooperation, as before or in another part; or it no longer plans to."""
    gegenstand: Any = punkt.antwort.kooperation
    if punkt.aendert_beteiligung:
        _eintragen(gegenstand, punkt.werte, bogen)
    if punkt.werte.get("beschreibung") and punkt.beschreibung:
        _neu_beschreiben(gegenstand, punkt, bogen)
    if punkt.werte["status"] != BeteiligungStatus.ERWOGEN:
        _bestaetigen(gegenstand, bogen, am=bogen.erhebung.stichtag)
    elif punkt.werte.get("kooperation_scheitert"):
        _scheitert(gegenstand, punkt, bogen)


def _scheitert(gegenstand: Kooperation, punkt: Pruefpunkt, bogen: Bogen) -> None:
    warum = _gescheitert(gescheitert(punkt.antwort))
    kooperation.scheitern(
        kooperation=gegenstand,
        jahr=warum["gescheitert_jahr"],
        grund=warum["gescheitert_grund"],
        hemmnisse=warum["hemmnisse"],
        ab=punkt.ab or bogen.erhebung.stichtag,
        erhebung=bogen.erhebung,
        durch=bogen.durch,
    )


def _neu_beschreiben(gegenstand: Kooperation, punkt: Pruefpunkt, bogen: Bogen) -> None:
    heutige = Kooperation.objects.get(pk=gegenstand.pk)
    neue: Werte = {feld: punkt.werte.get(feld, wert) for feld, wert in punkt.beschreibung.items()}
    if "seit" in neue:
        neue["seit"] = date.fromisoformat(neue["seit"])
    kooperation.bearbeiten(
        kooperation=heutige,
        version=heutige.version,
        angaben=_angaben(heutige, **neue),
        ab=punkt.ab,
        erhebung=bogen.erhebung,
        durch=bogen.durch,
    )


def _angaben(heutige: Kooperation, **neue: Any) -> KooperationAngaben:
    mengen = {"externe_partner", "hemmnisse"}
    namen = [feld.name for feld in fields(KooperationAngaben)]
    werte = {n: list(getattr(heutige, n).all()) if n in mengen else getattr(heutige, n) for n in namen}
    return KooperationAngaben(**{**werte, **neue})


def _endet(punkt: Pruefpunkt, bogen: Bogen) -> None:
    gegenstand: Any = punkt.antwort.kooperation
    ab = date.fromisoformat(punkt.werte["ab"])
    letzter_tag = tag_davor(ab)
    beteiligung.beenden(
        kooperation=gegenstand,
        kommune=bogen.kommune,
        letzter_tag=letzter_tag,
        erhebung=bogen.erhebung,
        durch=bogen.durch,
    )
    if punkt.werte.get("kooperation_beenden"):
        if gegenstand.beteiligungen.am(ab).exists():
            raise ValidationError("An der Kooperation sind noch andere beteiligt. Sie kann nicht im Ganzen enden.")
        kooperation.beenden(kooperation=gegenstand, letzter_tag=letzter_tag, erhebung=bogen.erhebung, durch=bogen.durch)


# --- what is new ------------------------------------------------------------------------------------------------------
def _neu(punkt: Pruefpunkt, bogen: Bogen) -> None:
    """The Kommune joins a Kooperation that there is, or a new one; partners that were ticked get a mark too."""
    werte = punkt.werte
    gegenstand = punkt.lage.kooperation if punkt.lage else _neue_kooperation(werte, bogen)
    _eintragen(gegenstand, werte, bogen)
    tag_ = date.fromisoformat(werte["ab"])
    beteiligte = set(gegenstand.beteiligungen.am(tag_).values_list("kommune_id", flat=True))
    for partner in Kommune.objects.filter(ags__in=werte.get("partner", [])).exclude(pk__in=beteiligte):
        _eintragen(gegenstand, {**werte, "rolle": BeteiligungRolle.BETEILIGT}, bogen, kommune=partner)
    if werte["status"] != BeteiligungStatus.ERWOGEN:
        _bestaetigen(gegenstand, bogen, am=max(tag_, bogen.erhebung.stichtag))


def _neue_kooperation(werte: Werte, bogen: Bogen) -> Kooperation:
    feld = _kooperationsfeld(werte)
    if feld.kooperationen.filter(bezeichnung__iexact=werte["bezeichnung"]).exists():
        raise ValidationError(f"In „{feld}“ gibt es inzwischen eine Kooperation dieses Namens. {NEU_ENTSCHEIDEN}")
    return kooperation.anlegen(
        angaben=KooperationAngaben(
            kooperationsfeld=feld,
            bezeichnung=werte["bezeichnung"],
            erlaeuterung=werte["erlaeuterung"],
            rechtsform=werte["rechtsform"],
            seit=date.fromisoformat(werte["seit"]) if werte["seit"] else None,
            seit_genauigkeit=werte["seit_genauigkeit"],
            quelle=f"{bogen.erhebung}, Angabe von {bogen.kommune}",
            veroeffentlicht=bool(werte.get("veroeffentlicht")) and not bogen.erhebung.beispiel,
            **(_gescheitert(werte) if werte["status"] == BeteiligungStatus.ERWOGEN else {}),
        ),
        durch=bogen.durch,
    )


def _gescheitert(werte: Werte) -> Werte:
    hemmnisse = list(Hemmnis.objects.filter(kuerzel__in=werte["hemmnisse"]))
    return {
        "gescheitert_jahr": werte["gescheitert_jahr"],
        "gescheitert_grund": werte["gescheitert_grund"],
        "hemmnisse": hemmnisse,
    }


def _kooperationsfeld(werte: Werte) -> Kooperationsfeld:
    if werte.get("kooperationsfeld"):
        return Kooperationsfeld.objects.get(pk=werte["kooperationsfeld"])
    oben = Aufgabenfeld.objects.get(pk=werte["aufgabenfeld"])
    return kooperationsfeld.anlegen(NeuesFeld(oben, werte["neues_feld"]))


# --- shared -----------------------------------------------------------------------------------------------------------
def _eintragen(gegenstand: Kooperation, werte: Werte, bogen: Bogen, *, kommune: Kommune | None = None) -> None:
    frist = werte.get("vorgesehen_bis")
    beteiligung.eintragen(
        kooperation=gegenstand,
        kommune=kommune or bogen.kommune,
        ab=date.fromisoformat(werte["ab"]),
        status=werte["status"],
        rolle=werte["rolle"],
        vorgesehen_bis=date.fromisoformat(frist) if frist else None,
        herkunft=Herkunft.ERHEBUNG,
        erhebung=bogen.erhebung,
        durch=bogen.durch,
    )


def _bestaetigen(gegenstand: Kooperation, bogen: Bogen, *, am: date) -> None:
    beteiligung.bestaetigen(
        kooperation=gegenstand,
        kommune=bogen.kommune,
        am=am,
        erhebung=bogen.erhebung,
        durch=bogen.fragebogen.freigegeben_durch,
        fuer=bogen.fragebogen.freigegeben_fuer,
    )


def _bilanz(punkte: list[Pruefpunkt]) -> str:
    worte = ((Entscheidung.ANGENOMMEN, "übernommen"), (Entscheidung.ANGEPASST, "angepasst übernommen"))
    entscheidungen = [punkt.pruefung.entscheidung for punkt in punkte if punkt.pruefung]
    zahlen = [(entscheidungen.count(entscheidung), wort) for entscheidung, wort in worte]
    zahlen.append((entscheidungen.count(Entscheidung.ABGELEHNT), "nicht übernommen"))
    return ", ".join(f"{anzahl} {wort}" for anzahl, wort in zahlen if anzahl) or "keine Änderung"


def _benachrichtigen(bogen: Bogen, bilanz: str) -> None:
    """Tell the contacts of the Kommune, its head, and who stands in for it."""
    text = (
        f"die Geschäftsstelle hat den Fragebogen von {bogen.kommune} zur „{bogen.erhebung}“ in die Matrix übernommen. "
        f"Das Ergebnis: {bilanz}. Was aus jeder Angabe geworden ist und warum, steht in Ihrem Fragebogen:\n\n"
        f"{settings.BASE_URL}{bogen.fragebogen.get_absolute_url()}"
    )
    empfangende = beteiligbare_kollegen(bogen.fragebogen) | freigebende(bogen.fragebogen, bogen.heute)
    for adresse in sorted({konto.email for konto in empfangende}):
        post.einreihen(an=adresse, betreff=f"Übernommen: Fragebogen {bogen.kommune}", text=brief(text))
