"""Where released Fragebögen of a round contradict each other: both sides with their words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from bestandsaufnahme.abfragen.kooperation.aehnlichkeit import GLEICH, aehnlichkeit
from bestandsaufnahme.abfragen.pruefung.vorschlag import genannte_partner
from bestandsaufnahme.auswahl import (
    OFFENE_FRAGEBOEGEN,
    AntwortArt,
    Aussage,
    BeteiligungRolle,
    BeteiligungStatus,
    Rechtsform,
)
from bestandsaufnahme.models import Beteiligung, Erhebung, Fragebogen, Fragebogenantwort
from ikz_portal.basis.formate import tag

Rollen = Mapping[tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class Stimme:
    """What one Kommune says; `antwort` is None where it says nothing."""

    kommune: str
    ags: str
    aussage: Aussage | None
    text: str
    url: str
    antwort: int | None = None


@dataclass(frozen=True, slots=True)
class Widerspruch:
    was: str
    worum: str
    url: str
    satz: str
    stimmen: tuple[Stimme, ...]

    @property
    def antworten(self) -> set[int]:
        return {stimme.antwort for stimme in self.stimmen if stimme.antwort}

    def betrifft(self, ags: str) -> bool:
        return any(stimme.ags == ags for stimme in self.stimmen)


@dataclass(frozen=True, slots=True)
class Rueckmeldungen:
    """What the released Fragebögen of a round say about Kooperationen, by AGS and in the order of the matrix."""

    boegen: Mapping[str, Fragebogen]
    antworten: Sequence[Fragebogenantwort]
    rollen: Rollen

    @property
    def neue(self) -> list[Fragebogenantwort]:
        return [antwort for antwort in self.antworten if antwort.art == AntwortArt.NEU]


def rueckmeldungen(erhebung: Erhebung) -> Rueckmeldungen:
    """Three queries."""
    boegen = {
        bogen.kommune.ags: bogen
        for bogen in erhebung.frageboegen.exclude(status__in=OFFENE_FRAGEBOEGEN).select_related("kommune")
    }
    antworten = _antworten(erhebung, boegen)
    gefragte = {antwort.kooperation_id for antwort in antworten if antwort.kooperation_id}
    spannen = Beteiligung.objects.am(erhebung.stichtag).filter(kooperation__in=gefragte)
    rollen = {(s[0], s[1]): s[2] for s in spannen.values_list("kooperation_id", "kommune_id", "rolle")}
    return Rueckmeldungen(boegen, antworten, rollen)


def widersprueche(gesagt: Rueckmeldungen) -> list[Widerspruch]:
    """Return all of the round in the order of the matrix, what is new last."""
    gruppen: dict[int, list[Fragebogenantwort]] = defaultdict(list)
    for antwort in gesagt.antworten:
        if antwort.kooperation_id:
            gruppen[antwort.kooperation_id].append(antwort)
    funde = [fund for gruppe in gruppen.values() for fund in _zu_einer(gruppe, gesagt.rollen, gesagt.boegen)]
    return funde + list(_zu_neuen(gesagt.neue, gesagt.boegen))


def _antworten(erhebung: Erhebung, boegen: Mapping[str, Fragebogen]) -> list[Fragebogenantwort]:
    gelesen = Fragebogenantwort.objects.filter(
        fragebogen__in=list(boegen.values()), art__in=[AntwortArt.KOOPERATION, AntwortArt.NEU]
    ).exclude(aussage=Aussage.OFFEN)
    je_bogen = {bogen.pk: bogen for bogen in boegen.values()}
    antworten = list(
        gelesen.select_related(
            "kooperation__kooperationsfeld__aufgabenfeld", "kooperationsfeld", "aufgabenfeld"
        ).order_by(
            "kooperation__kooperationsfeld__aufgabenfeld__reihenfolge",
            "kooperation__kooperationsfeld__reihenfolge",
            "kooperation__symbol",
            "kooperation",
            "fragebogen__kommune__sortierung",
            "pk",
        )
    )
    for antwort in antworten:
        antwort.fragebogen = je_bogen[antwort.fragebogen_id]
        antwort.fragebogen.erhebung = erhebung
    return antworten


# --- about a Kooperation of the matrix --------------------------------------------------------------------------------
def _zu_einer(
    gruppe: Sequence[Fragebogenantwort], rollen: Rollen, boegen: Mapping[str, Fragebogen]
) -> Iterator[Widerspruch]:
    beendete = [a for a in gruppe if a.aussage == Aussage.BEENDET]
    bleibende = [a for a in gruppe if a.aussage != Aussage.BEENDET]
    if beendete and bleibende:
        ist = "ist" if len(beendete) == 1 else "sind"
        satz = f"Für {_namen(beendete)} {ist} sie beendet, für {_namen(bleibende)} nicht. "
        frage = "Endet die Kooperation, oder scheidet nur ein Teil aus?"
        yield _widerspruch("Beendet oder nicht", satz + frage, [*beendete, *bleibende])
    yield from _verschieden(bleibende, rollen)
    gefragte = {a.fragebogen.kommune.ags for a in gruppe}
    for antwort in bleibende:
        for ags in genannte_partner(antwort):
            if ags in boegen and ags not in gefragte:
                yield _ohne_partner(antwort, boegen[ags])


def _verschieden(antworten: Sequence[Fragebogenantwort], rollen: Rollen) -> Iterator[Widerspruch]:
    """Compare what these answers say about one and the same Kooperation."""
    formen = {a.pk: _rechtsform(a) for a in antworten}
    bekannte = [a for a in antworten if formen[a.pk] not in {"", Rechtsform.UNBEKANNT}]
    if len({formen[a.pk] for a in bekannte}) > 1:
        satz = "Die Kommunen nennen verschiedene Rechtsformen."
        yield _widerspruch("Rechtsform", satz, bekannte, lambda a: Rechtsform(formen[a.pk]).label)
    federfuehrende = [a for a in antworten if _rolle(a, rollen) == BeteiligungRolle.FEDERFUEHREND]
    if len(federfuehrende) > 1:
        satz = f"{_namen(federfuehrende)} nennen sich beide federführend."
        if len(federfuehrende) > 2:
            satz = f"{len(federfuehrende)} Kommunen nennen sich federführend: {_namen(federfuehrende)}."
        yield _widerspruch("Federführung", satz, federfuehrende, lambda a: "federführend")


def _rechtsform(antwort: Fragebogenantwort) -> str:
    if antwort.rechtsform or antwort.kooperation is None:
        return antwort.rechtsform
    return antwort.kooperation.rechtsform


def _rolle(antwort: Fragebogenantwort, rollen: Rollen) -> str:
    if antwort.rolle:
        return antwort.rolle
    return rollen.get((antwort.kooperation_id or 0, antwort.fragebogen.kommune_id), "")


def _ohne_partner(antwort: Fragebogenantwort, anderer: Fragebogen) -> Widerspruch:
    kommune = anderer.kommune
    satz = f"{antwort.fragebogen.kommune} nennt {kommune} als Partner. {kommune} gibt dazu nichts an."
    stumm = Stimme(kommune.name, kommune.ags, None, "keine Angabe zu dieser Kooperation", _url(anderer))
    fund = _widerspruch("Partner", satz, [antwort])
    return Widerspruch(fund.was, fund.worum, fund.url, fund.satz, (*fund.stimmen, stumm))


# --- about what is new ------------------------------------------------------------------------------------------------
def _zu_neuen(neue: Sequence[Fragebogenantwort], boegen: Mapping[str, Fragebogen]) -> Iterator[Widerspruch]:
    """Compare what several describe as new; who is named as a partner would be expected to do so too."""
    verglichen: set[frozenset[int]] = set()
    for antwort in neue:
        gleiche = [andere for andere in neue if ist_dieselbe(antwort, andere)]
        for andere in gleiche:
            paar = frozenset({antwort.pk, andere.pk})
            if paar not in verglichen:
                verglichen.add(paar)
                yield from _verschieden([antwort, andere], {})
        dabei = {andere.fragebogen.kommune.ags for andere in gleiche}
        for ags in genannte_partner(antwort):
            if ags in boegen and ags not in {*dabei, antwort.fragebogen.kommune.ags}:
                yield _ohne_partner(antwort, boegen[ags])


def ist_dieselbe(antwort: Fragebogenantwort, andere: Fragebogenantwort) -> bool:
    """Tell whether two Kommunen may well mean the same new Kooperation: alike in words, or partners in one field."""
    if antwort.fragebogen_id == andere.fragebogen_id:
        return False
    if aehnlichkeit(antwort.bezeichnung, andere.bezeichnung) >= GLEICH:
        return True
    beide = (antwort, andere), (andere, antwort)
    genannt = any(b.fragebogen.kommune.ags in genannte_partner(a) for a, b in beide)
    return genannt and antwort.aufgabenfeld_id is not None and antwort.aufgabenfeld_id == andere.aufgabenfeld_id


# --- in words ---------------------------------------------------------------------------------------------------------
def _widerspruch(was: str, satz: str, antworten: Iterable[Fragebogenantwort], text: Any = None) -> Widerspruch:
    alle = list(antworten)
    kooperation = alle[0].kooperation
    return Widerspruch(
        was=was,
        worum=str(kooperation or alle[0].bezeichnung),
        url=kooperation.get_absolute_url() if kooperation else "",
        satz=satz,
        stimmen=tuple(_stimme(a, text(a) if text else _text(a)) for a in alle),
    )


def _stimme(antwort: Fragebogenantwort, text: str) -> Stimme:
    kommune = antwort.fragebogen.kommune
    url = f"{_url(antwort.fragebogen)}#antwort-{antwort.pk}"
    return Stimme(kommune.name, kommune.ags, Aussage(antwort.aussage), text, url, antwort.pk)


def _text(antwort: Fragebogenantwort) -> str:
    teile = [
        f"ab {tag(antwort.ab)}" if antwort.ab else "",
        BeteiligungStatus(antwort.status).label if antwort.status else "",
        antwort.bezeichnung if antwort.art == AntwortArt.KOOPERATION else "",
        antwort.erlaeuterung,
    ]
    return ", ".join(teil for teil in teile if teil)


def _namen(antworten: Sequence[Fragebogenantwort]) -> str:
    namen = [antwort.fragebogen.kommune.name for antwort in antworten]
    return namen[0] if len(namen) == 1 else f"{', '.join(namen[:-1])} und {namen[-1]}"


def _url(fragebogen: Fragebogen) -> str:
    return reverse("pruefung_detail", args=[fragebogen.erhebung_id, fragebogen.kommune.ags])
