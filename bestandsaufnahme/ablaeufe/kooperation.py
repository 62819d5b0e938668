"""What a Kooperation is, and how that changes: corrected as if it always was so, or from a day on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bestandsaufnahme.abfragen.kooperation.zustand import ende_der_kooperation, freies_symbol, mit_zustand
from bestandsaufnahme.ablaeufe import beteiligung, kooperationsfeld, kooperationsstand, partner
from bestandsaufnahme.ablaeufe.kooperationsfeld import NeuesFeld
from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, KooperationZustand, Rechtsform
from bestandsaufnahme.models import (
    Erhebung,
    ExternerPartner,
    Hemmnis,
    Kooperation,
    Kooperationsfeld,
)
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.formate import tag
from ikz_portal.basis.models import Statuswechsel
from ikz_portal.basis.rueckblick import Veraltet
from ikz_portal.basis.zeit import tag_danach
from kommunen.models import Kommune, Konto

MENGEN = ("externe_partner", "hemmnisse")
SYMBOL_VERGEBEN = "Dieses Symbol steht in dem Feld schon für eine andere Kooperation."


@dataclass(frozen=True, slots=True, kw_only=True)
class KooperationAngaben:
    """What the form says of a Kooperation. An empty symbol takes the next one that is free in the field."""

    kooperationsfeld: Kooperationsfeld | NeuesFeld
    bezeichnung: str
    symbol: str = ""
    erlaeuterung: str = ""
    rechtsform: str = Rechtsform.UNBEKANNT
    rechtsform_hinweis: str = ""
    seit: date | None = None
    seit_genauigkeit: str = Genauigkeit.UNBEKANNT
    bis: date | None = None
    bis_genauigkeit: str = Genauigkeit.UNBEKANNT
    zeit_hinweis: str = ""
    externe_partner: Sequence[ExternerPartner] = ()
    gescheitert_jahr: int | None = None
    gescheitert_grund: str = ""
    hemmnisse: Sequence[Hemmnis] = ()
    quelle: str = ""
    sicherheit: str = ""
    veroeffentlicht: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Teilnehmende:
    """Who takes part in a new Kooperation, all known in the same way from the same day on."""

    rollen: Mapping[Kommune, BeteiligungRolle | str]
    ab: date
    status: BeteiligungStatus | str
    herkunft: str
    vorgesehen_bis: date | None = None
    erhebung: Erhebung | None = None


@transaction.atomic
def anlegen(*, angaben: KooperationAngaben, durch: Konto | None) -> Kooperation:
    """Create a Kooperation, in which nobody takes part yet; ValidationError where a rule is broken."""
    return _uebernehmen(Kooperation(), angaben)


@transaction.atomic
def erfassen(
    *,
    angaben: KooperationAngaben,
    teilnehmende: Teilnehmende | None = None,
    neue_partner: Iterable[str] = (),
    durch: Konto,
) -> Kooperation:
    """Create it with partners that are named here for the first time, and with the Kommunen that take part."""
    neu = anlegen(angaben=_mit_partnern(angaben, neue_partner, durch), durch=durch)
    for kommune, rolle in teilnehmende.rollen.items() if teilnehmende else ():
        beteiligung.eintragen(
            kooperation=neu,
            kommune=kommune,
            rolle=rolle,
            durch=durch,
            **{feld.name: getattr(teilnehmende, feld.name) for feld in fields(Teilnehmende) if feld.name != "rollen"},
        )
    _schluessig(neu)
    return neu


@transaction.atomic
def bearbeiten(
    *,
    kooperation: Kooperation,
    version: int,
    angaben: KooperationAngaben,
    ab: date | None,
    neue_partner: Iterable[str] = (),
    erhebung: Erhebung | None = None,
    durch: Konto,
) -> Kooperation:
    """Change a Kooperation that was read in this version; Veraltet if somebody was faster.

    With `ab` what describes it changes on that day: the matrix of an earlier day keeps the words it had. Without it is
    a correction, and holds for all days.
    """
    gesperrt = _sperren(kooperation)
    if gesperrt.version != version:
        raise Veraltet("Die Kooperation wurde inzwischen geändert.")
    frueher, abschluss = kooperationsstand.beschreibung(gesperrt), _abschluss(gesperrt)
    _uebernehmen(gesperrt, _mit_partnern(angaben, neue_partner, durch))
    kooperationsstand.festhalten(gesperrt, frueher, bis=ab, erhebung=erhebung)
    if _abschluss(gesperrt) != abschluss:
        _schluessig(gesperrt)
    return gesperrt


@transaction.atomic
def beenden(
    *, kooperation: Kooperation, letzter_tag: date, erhebung: Erhebung | None = None, durch: Konto
) -> Kooperation:
    """End the Kooperation and whoever takes part in it with this day; nothing of what was is lost.

    Ended again with the same day it stays as it is.
    """
    gesperrt = _sperren(kooperation)
    if gesperrt.bis == letzter_tag and gesperrt.bis_genauigkeit == Genauigkeit.TAG:
        return gesperrt
    _offen(gesperrt)
    if kommende := list(beteiligung.spaetere(gesperrt, letzter_tag)):
        raise ValidationError({"letzter_tag": _spaeter_eingetragen(kommende)})
    von = _zustand(gesperrt, letzter_tag)
    gesperrt.bis, gesperrt.bis_genauigkeit = letzter_tag, Genauigkeit.TAG
    _pruefen(gesperrt, bis="letzter_tag")
    gesperrt.save()
    for laufende in gesperrt.beteiligungen.am(letzter_tag).select_related("kommune"):
        beteiligung.beenden(
            kooperation=gesperrt, kommune=laufende.kommune, letzter_tag=letzter_tag, erhebung=erhebung, durch=durch
        )
    danach = tag_danach(letzter_tag)
    _vermerken(gesperrt, von, KooperationZustand.BEENDET, ab=danach, durch=durch)
    return gesperrt


@transaction.atomic
def scheitern(
    *,
    kooperation: Kooperation,
    jahr: int,
    grund: str,
    hemmnisse: Sequence[Hemmnis],
    ab: date,
    erhebung: Erhebung | None = None,
    durch: Konto,
) -> Kooperation:
    """Put on record that it did not come about, with year, reason and Hemmnisse; who planned it, considered it.

    What a Kommune does already did come about: that is ended instead.
    """
    gesperrt = _sperren(kooperation)
    _offen(gesperrt)
    laufende = list(gesperrt.beteiligungen.am(ab).select_related("kommune", "erhebung"))
    if bestehende := [str(eine.kommune) for eine in laufende if eine.status == BeteiligungStatus.BESTEHT]:
        satz = f"Die Kooperation besteht schon für {', '.join(bestehende)}. Was bestand, beenden Sie."
        raise ValidationError(satz)
    if kommende := list(beteiligung.spaetere(gesperrt, ab)):
        raise ValidationError({"ab": _spaeter_eingetragen(kommende)})
    von = _zustand(gesperrt, ab)
    gesperrt.gescheitert_jahr, gesperrt.gescheitert_grund = jahr, grund.strip()
    _pruefen(gesperrt, gescheitert_jahr="jahr", gescheitert_grund="grund")
    gesperrt.save()
    gesperrt.hemmnisse.set(hemmnisse)
    for eine in laufende:
        wie_bisher = {feld: getattr(eine, feld) for feld in ("kommune", "rolle", "herkunft")}
        beteiligung.eintragen(
            kooperation=gesperrt,
            ab=ab,
            status=BeteiligungStatus.ERWOGEN,
            erhebung=erhebung or eine.erhebung,
            durch=durch,
            **wie_bisher,
        )
    _vermerken(gesperrt, von, KooperationZustand.GESCHEITERT, ab=ab, durch=durch, grund=gesperrt.gescheitert_grund)
    return gesperrt


# --- rows -------------------------------------------------------------------------------------------------------------
def _sperren(kooperation: Kooperation) -> Kooperation:
    return Kooperation.objects.select_for_update().get(pk=kooperation.pk)


def _mit_partnern(angaben: KooperationAngaben, namen: Iterable[str], durch: Konto) -> KooperationAngaben:
    try:
        neue = partner.benannte(namen=namen, durch=durch)
    except ValidationError as fehler:
        raise ValidationError({"neue_partner": fehler.messages}) from fehler
    return replace(angaben, externe_partner=[*dict.fromkeys([*angaben.externe_partner, *neue])])


def _uebernehmen(kooperation: Kooperation, angaben: KooperationAngaben) -> Kooperation:
    for feld in fields(angaben):
        if feld.name not in {*MENGEN, "kooperationsfeld"}:
            setattr(kooperation, feld.name, getattr(angaben, feld.name))
    kooperation.kooperationsfeld = _feld(angaben.kooperationsfeld)
    kooperation.symbol = angaben.symbol or freies_symbol(kooperation.kooperationsfeld, ausser=kooperation)
    if not kooperation.symbol:
        raise ValidationError({"symbol": "In diesem Kooperationsfeld ist kein Symbol mehr frei."})
    _pruefen(kooperation)
    try:
        with transaction.atomic():
            kooperation.save()
    except IntegrityError as fehler:  # moved to another field by somebody between check and update
        raise ValidationError({"symbol": SYMBOL_VERGEBEN}) from fehler
    for feld_name in MENGEN:
        getattr(kooperation, feld_name).set(getattr(angaben, feld_name))
    return kooperation


def _feld(gewaehltes: Kooperationsfeld | NeuesFeld) -> Kooperationsfeld:
    """Return it locked: of two that take the next free mark each gets one."""
    if isinstance(gewaehltes, NeuesFeld):
        return kooperationsfeld.anlegen(gewaehltes)
    return Kooperationsfeld.objects.select_for_update(no_key=True).get(pk=gewaehltes.pk)


def _pruefen(kooperation: Kooperation, **namen: str) -> None:
    """Check the row; `namen` says how the operation calls a field."""
    try:
        kooperation.full_clean()
    except ValidationError as fehler:
        je_feld = {namen.get(feld, feld): saetze for feld, saetze in fehler.message_dict.items()}
        raise ValidationError(je_feld) from fehler


# --- its end ----------------------------------------------------------------------------------------------------------
def _abschluss(kooperation: Kooperation) -> tuple[Any, ...]:
    return kooperation.bis, kooperation.bis_genauigkeit, kooperation.gescheitert_jahr


def _offen(kooperation: Kooperation) -> None:
    """Refuse to end again what is ended: a wrong day is corrected on the page that edits it."""
    if kooperation.gescheitert_jahr is not None:
        raise ValidationError(f"Die Kooperation ist nicht zustande gekommen ({kooperation.gescheitert_jahr}).")
    if kooperation.bis is not None:
        bis = tag(ende_der_kooperation(kooperation))
        raise ValidationError(f"Die Kooperation endet schon am {bis}. Einen anderen Tag berichtigen Sie im Formular.")


def _schluessig(kooperation: Kooperation) -> None:
    """Refuse an end that somebody's part outlasts, and a failure of what somebody does."""
    ende = ende_der_kooperation(kooperation)
    if ende is not None:
        danach = tag_danach(ende)
        if laengere := kooperation.beteiligungen.exclude(gilt_bis__lte=danach).count():
            noch = "ist noch 1 Kommune" if laengere == 1 else f"sind noch {laengere} Kommunen"
            satz = f"Danach {noch} beteiligt. Beenden Sie die Kooperation auf ihrer Seite: Das beendet beides."
            raise ValidationError({"bis": satz})
    if kooperation.gescheitert_jahr is not None:
        andere = kooperation.beteiligungen.filter(gilt_bis__isnull=True).exclude(status=BeteiligungStatus.ERWOGEN)
        if andere.exists():
            satz = "Beteiligungen einer nicht zustande gekommenen Kooperation haben den Status „erwogen“. "
            raise ValidationError({"gescheitert_jahr": satz + "Bitte prüfen Sie die Angaben."})


def _spaeter_eingetragen(kommende: Sequence[Any]) -> str:
    worte = ", ".join(f"{eine.kommune} ab {tag(eine.gilt_ab)}" for eine in kommende)
    return f"Für die Zeit danach ist schon eingetragen: {worte}. Bitte berichtigen Sie das zuerst."


def _zustand(kooperation: Kooperation, tag_: date) -> KooperationZustand:
    gelesen: Any = mit_zustand(Kooperation.objects.filter(pk=kooperation.pk), tag_).get()
    return KooperationZustand(gelesen.zustand)


def _vermerken(
    kooperation: Kooperation,
    von: KooperationZustand,
    nach: KooperationZustand,
    *,
    ab: date,
    durch: Konto,
    grund: str = "",
) -> None:
    Statuswechsel.objects.create(objekt=kooperation, von=von, nach=nach, gueltig_ab=ab, durch=durch, grund=grund)
