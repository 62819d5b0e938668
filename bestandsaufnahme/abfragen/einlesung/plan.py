"""The dry run: what a file would do to the matrix, row by row, and what is wrong with it. Nothing here writes."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from bestandsaufnahme.abfragen.einlesung import liste, tafel, text, xlsx
from bestandsaufnahme.abfragen.einlesung.angabe import Angabe
from bestandsaufnahme.abfragen.einlesung.bestand import Bestand, Feld, Koop, Spanne, lade
from bestandsaufnahme.abfragen.einlesung.blatt import Blatt, Fehler
from bestandsaufnahme.abfragen.einlesung.leser import FEHLER_HOECHSTENS, Leser, Umfeld
from bestandsaufnahme.abfragen.einlesung.spalten import LISTE, MATRIX, Kommunen, kopf
from bestandsaufnahme.abfragen.einlesung.zeitlinie import Vorgabe, Widerspruch, Wirkung, eintragen, in_der_datei
from bestandsaufnahme.abfragen.einlesung.zuordnung import Zuordnung
from bestandsaufnahme.auswahl import EinlesezeileArt
from bestandsaufnahme.models import Einlesung
from ikz_portal.basis.formate import zahl

Paar = tuple[Angabe, Koop]


@dataclass(frozen=True, slots=True)
class Planzeile:
    """What one row (or one mark in a cell) would do, ready to be shown."""

    stelle: str
    art: EinlesezeileArt
    aufgabenfeld: str
    kooperationsfeld: str
    zeichen: str
    kooperation: str
    kommune: str
    was: str
    hinweis: str


@dataclass(slots=True)
class Plan:
    """With `fehler` nothing may be written. `neue_*` and `spannen` are what would be; `zeilen` say it in words."""

    art: str
    blatt: str
    zeilen_der_datei: int = 0
    hinweise: list[str] = field(default_factory=list)
    fehler: list[Fehler] = field(default_factory=list)
    zeilen: list[Planzeile] = field(default_factory=list)
    neue_felder: list[Feld] = field(default_factory=list)
    neue_kooperationen: list[Koop] = field(default_factory=list)
    spannen: list[tuple[Koop, Spanne]] = field(default_factory=list)

    @property
    def aendert_etwas(self) -> bool:
        return bool(self.neue_felder or self.neue_kooperationen or self.spannen)

    @property
    def zahlen(self) -> dict[str, int]:
        je_art = Counter(zeile.art for zeile in self.zeilen)
        return {
            "zeilen": self.zeilen_der_datei,
            "fehler": len(self.fehler),
            "neue_felder": len(self.neue_felder),
            "neue_kooperationen": len(self.neue_kooperationen),
            "neue_beteiligungen": je_art[EinlesezeileArt.NEUE_KOOPERATION] + je_art[EinlesezeileArt.NEU],
            "geaenderte_angaben": je_art[EinlesezeileArt.GEAENDERT],
            "unveraenderte": je_art[EinlesezeileArt.UNVERAENDERT],
        }

    @property
    def pruefsumme(self) -> str:
        """Return the sum of all that is shown; old values stand in the words, so that it changes with the matrix."""
        gezeigt: list[Any] = [
            self.art,
            [(f.zeile, f.spalte, f.satz) for f in self.fehler],
            [(z.stelle, z.art, z.aufgabenfeld, z.kooperationsfeld, z.zeichen, z.kooperation, z.kommune, z.was)
             for z in self.zeilen],
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(gezeigt, ensure_ascii=False).encode()).hexdigest()


def plan_der(einlesung: Einlesung) -> Plan:
    """Return what this file would do now, a fault of its own where it can't be read any more."""
    try:
        with einlesung.fassung.datei.open("rb") as datei:
            blatt = lies(datei.read(), einlesung.fassung.dateiname)
        return planen(blatt, ab=einlesung.gilt_ab, herkunft=einlesung.herkunft)
    except (FileNotFoundError, ValidationError) as fehler:
        saetze = fehler.messages if isinstance(fehler, ValidationError) else ["Die Datei liegt nicht mehr im Archiv."]
        return Plan(art="", blatt="", fehler=[Fehler(1, None, "", satz) for satz in saetze])


def lies(inhalt: bytes, dateiname: str) -> Blatt:
    """Return the table in this file, by the ending of its name; ValidationError if it can't be read."""
    return text.lies(inhalt) if dateiname.endswith(".csv") else xlsx.lies(inhalt)


def planen(blatt: Blatt, *, ab: date, herkunft: str) -> Plan:
    """Lay the file beside the matrix of this moment. `ab` and `herkunft` hold where the file says nothing.

    ValidationError where it is larger than what is read. The number of queries is the same for any file.
    """
    bestand = lade()
    kommunen = Kommunen(bestand.kommunen)
    gefunden = kopf(blatt, kommunen)
    leser = Leser(blatt, gefunden, Umfeld(kommunen, bestand.aufgabenfelder, ab, herkunft), gefunden.fehler)
    plan = Plan(art=gefunden.art, blatt=blatt.name, hinweise=[*blatt.hinweise, *gefunden.hinweise])
    if gefunden.art:
        angaben = liste.angaben(leser) if gefunden.art == LISTE else tafel.angaben(leser, bestand.zeichen())
        _einordnen(plan, angaben, bestand, leser)
        _etwas_da(leser, angaben)
    plan.zeilen_der_datei = leser.zeilen_mit_inhalt
    plan.fehler = sorted(set(leser.fehler), key=lambda f: (f.zeile, -1 if f.spalte is None else f.spalte, f.satz))
    if len(plan.fehler) >= FEHLER_HOECHSTENS:
        plan.hinweise.append(f"Nach {zahl(FEHLER_HOECHSTENS)} Fehlern wurde nicht weitergelesen.")
    return plan


def _etwas_da(leser: Leser, angaben: list[Angabe]) -> None:
    if leser.fehler or angaben:
        return
    if leser.kopf.art == MATRIX and leser.zeilen_mit_inhalt:
        leser.bemaengeln(leser.kopf.zeile, None, "In keiner Zelle unter den Kommunen steht ein Zeichen.")
    else:
        leser.bemaengeln(leser.kopf.zeile, None, "Unter den Überschriften steht nichts.")


def _einordnen(plan: Plan, angaben: Iterable[Angabe], bestand: Bestand, leser: Leser) -> None:
    zuordnung = Zuordnung(bestand, leser)
    paare = [(angabe, koop) for angabe in angaben if (koop := zuordnung.kooperation(angabe)) is not None]
    vorgabe = Vorgabe(leser.umfeld.herkunft, bestand.erhebungen)
    wirkungen: dict[int, Wirkung] = {}
    gruppen: dict[tuple[int, int], list[Paar]] = defaultdict(list)
    for angabe, koop in paare:
        gruppen[id(koop), angabe.kommune.pk].append((angabe, koop))
    for gruppe in gruppen.values():
        wirkungen |= _zeitlinie(plan, gruppe, vorgabe, leser)
    zuordnung.zeichen_vergeben()
    plan.neue_felder = zuordnung.neue_felder
    plan.neue_kooperationen = [koop for koop, _ in zuordnung.neue.values()]
    erste = {id(koop): angabe for koop, angabe in zuordnung.neue.values()}
    plan.zeilen = [
        _planzeile(angabe, koop, wirkungen[id(angabe)], erste.get(id(koop)) is angabe, zuordnung)
        for angabe, koop in paare
        if id(angabe) in wirkungen
    ]


def _zeitlinie(plan: Plan, gruppe: list[Paar], vorgabe: Vorgabe, leser: Leser) -> dict[int, Wirkung]:
    """Let the rows of one Kommune in one Kooperation hold, the earliest first."""
    angaben = sorted((angabe for angabe, _ in gruppe), key=lambda angabe: (angabe.ab, angabe.zeile))
    koop = gruppe[0][1]
    spannen = koop.zeiten[angaben[0].kommune.pk]
    wirkungen: dict[int, Wirkung] = {}
    widersprueche = in_der_datei(angaben, spannen)
    vorgabe = replace(vorgabe, ende=koop.ende)
    for stelle, angabe in enumerate(angaben):
        try:
            if widerspruch := widersprueche.get(stelle):
                raise widerspruch
            wirkungen[id(angabe)] = eintragen(spannen, angabe, vorgabe)
        except Widerspruch as grund:
            leser.bemaengle(angabe, grund.spalte, grund.satz)
    plan.spannen += [(koop, spanne) for spanne in spannen if spanne.geaendert]
    return wirkungen


def _planzeile(angabe: Angabe, koop: Koop, wirkung: Wirkung, ist_erste: bool, zuordnung: Zuordnung) -> Planzeile:
    art, worte = wirkung.art, wirkung.worte
    if ist_erste:
        art = EinlesezeileArt.NEUE_KOOPERATION
        neues_feld = zuordnung.erste_im_feld.get(id(koop.feld)) is koop
        worte = f"{'neues Kooperationsfeld, ' if neues_feld else ''}neue Kooperation; {worte}"
    return Planzeile(
        stelle=angabe.stelle,
        art=art,
        aufgabenfeld=angabe.aufgabenfeld_name,
        kooperationsfeld=koop.feld.name,
        zeichen=koop.zeichen,
        kooperation=koop.bezeichnung,
        kommune=angabe.kommune.name,
        was=worte,
        hinweis=" ".join(zuordnung.hinweise.get(angabe.zeile, ())),
    )
