"""Every kind of actor × every state of an object: what is visible, what may be done, and what the pages answer agree.

The matrix of rights is written down here a second time, in plain Python, and compared with `rechte.py`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from bestandsaufnahme import rechte as bestand
from bestandsaufnahme.auswahl import InteresseStatus
from bestandsaufnahme.models import Interessenbekundung
from kommunen.auswahl import GremiumArt, Rolle
from kommunen.models import Konto
from kommunen.rechte import Betrachter
from projekte import rechte as projekte
from projekte.auswahl import FESTE_AUFTRAEGE, ZUSTIMMENDE, Antwort, AuftragStatus
from projekte.models import Projektauftrag
from tests.fabriken.bestandsaufnahme import InteressenbekundungFactory
from tests.fabriken.kommunen import (
    GremiumFactory,
    KommuneFactory,
    KontoFactory,
    SitzFactory,
    VerbundFactory,
    VertretungFactory,
)
from tests.fabriken.projekte import ProjektauftragFactory, ProjektFactory, TeilnahmeFactory
from tests.fabriken.wissen import BeitragFactory
from wissen import rechte as wissen
from wissen.auswahl import Sichtbarkeit
from wissen.models import Beitrag

pytestmark = pytest.mark.django_db
VERGANGEN = {"von": date(2020, 1, 1), "bis": date(2020, 2, 1)}


@dataclass
class Person:
    """A Konto (or nobody) and what the matrix calls it; `fuer` are the Kommunen that it acts for."""

    name: str
    konto: Betrachter
    fuer: tuple[str, ...] = ()
    spitze: bool = False
    geschaeftsstelle: bool = False
    lenkungsgruppe: bool = False
    angemeldet: bool = True


@dataclass
class Auftrag:
    """An order, and the answer that „eigene“ gave to its Projekt."""

    objekt: Projektauftrag
    antwort: Antwort | None
    oeffentlich: bool
    geleitet: bool


@dataclass
class Welt:
    personen: list[Person]
    bekundungen: list[tuple[Interessenbekundung, str]] = field(default_factory=list)
    auftraege: list[Auftrag] = field(default_factory=list)
    beitraege: list[Beitrag] = field(default_factory=list)


@pytest.fixture(scope="module")
def welt(django_db_setup, django_db_blocker) -> Iterator[Welt]:
    with django_db_blocker.unblock(), transaction.atomic():
        VerbundFactory()
        kommunen = {name: KommuneFactory(name=name) for name in ("eigene", "andere")}
        ergebnis = Welt(_personen(**kommunen))
        for status, (name, kommune) in product(InteresseStatus, kommunen.items()):
            ergebnis.bekundungen.append((_bekundung(kommune, status), name))
        leitung = next(person.konto for person in ergebnis.personen if person.name == "Projektleitung")
        for werte in product(AuftragStatus, [None, *Antwort], (False, True), (None, leitung)):
            ergebnis.auftraege.append(_auftrag(kommunen["eigene"], *werte))
        for sichtbarkeit, tag, beispiel in product(Sichtbarkeit, (None, date(2026, 1, 1)), (False, True)):
            ergebnis.beitraege.append(
                BeitragFactory(sichtbarkeit=sichtbarkeit, veroeffentlicht_am=tag, beispiel=beispiel)
            )
        yield ergebnis
        transaction.set_rollback(True)


def _personen(eigene: Any, andere: Any) -> list[Person]:
    spitze = KontoFactory(kommune=eigene, buergermeister=True)
    vertretung, fruehere = KontoFactory(lesend=True), KontoFactory(lesend=True)
    VertretungFactory(vertretener=spitze, vertreter=vertretung, von=date(2021, 1, 1))
    VertretungFactory(vertretener=spitze, vertreter=fruehere, **VERGANGEN)
    sitze = [KontoFactory(lesend=True) for _ in range(4)]
    sitz = SitzFactory(konto=sitze[0])
    VertretungFactory(vertretener=sitze[0], vertreter=sitze[1], sitz=sitz)
    SitzFactory(konto=sitze[2], **VERGANGEN)
    SitzFactory(konto=sitze[3], gremium=GremiumFactory(art=GremiumArt.DIENSTVERSAMMLUNG))
    frueher = KontoFactory(kommune=eigene, is_active=False)
    SitzFactory(konto=frueher)
    return [
        Person("öffentlich", AnonymousUser(), angemeldet=False),
        Person("Lesen", KontoFactory(lesend=True)),
        Person("Lesen in der eigenen", KontoFactory(rolle=Rolle.LESEN, kommune=eigene)),
        Person("Kontakt der eigenen", KontoFactory(kommune=eigene), fuer=("eigene",)),
        Person("Kontakt der anderen", KontoFactory(kommune=andere), fuer=("andere",)),
        Person("Spitze der eigenen", spitze, fuer=("eigene",), spitze=True),
        Person("Spitze der anderen", KontoFactory(kommune=andere, buergermeister=True), fuer=("andere",), spitze=True),
        Person("Vertretung der Spitze", vertretung, fuer=("eigene",), spitze=True),
        Person("frühere Vertretung der Spitze", fruehere),
        Person("Projektleitung", KontoFactory(lesend=True)),
        Person("Mitglied der Lenkungsgruppe", sitze[0], lenkungsgruppe=True),
        Person("Vertretung im Sitz", sitze[1], lenkungsgruppe=True),
        Person("früheres Mitglied", sitze[2]),
        Person("Mitglied eines anderen Gremiums", sitze[3]),
        Person("Geschäftsstelle", KontoFactory(geschaeftsstelle=True), geschaeftsstelle=True),
        Person("deaktivierter Kontakt", frueher, angemeldet=False),
        Person("deaktivierte Geschäftsstelle", KontoFactory(geschaeftsstelle=True, is_active=False), angemeldet=False),
    ]


def _bekundung(kommune: Any, status: InteresseStatus) -> Interessenbekundung:
    zuege = {InteresseStatus.ENTWURF: {"entwurf": True}, InteresseStatus.ZURUECKGEZOGEN: {"zurueckgezogen": True}}
    return InteressenbekundungFactory(kommune=kommune, **zuege.get(status, {"status": status}))


def _auftrag(
    eigene: Any, status: AuftragStatus, antwort: Antwort | None, oeffentlich: bool, leitung: Konto | None
) -> Auftrag:
    projekt = ProjektFactory(veroeffentlicht=oeffentlich, leitung=leitung)
    if antwort is not None:
        TeilnahmeFactory(projekt=projekt, kommune=eigene, antwort=antwort)
    return Auftrag(ProjektauftragFactory(projekt=projekt, status=status), antwort, oeffentlich, leitung is not None)


# --- the matrix, once more --------------------------------------------------------------------------------------------


def sieht_bekundung(person: Person, bekundung: Interessenbekundung, kommune: str) -> bool:
    return person.angemeldet and (bekundung.status != InteresseStatus.ENTWURF or kommune in person.fuer)


def sieht_auftrag(person: Person, auftrag: Auftrag) -> bool:
    if auftrag.objekt.status in FESTE_AUFTRAEGE:
        return person.angemeldet or auftrag.oeffentlich
    gefragt = "eigene" in person.fuer and auftrag.antwort is not None
    nimmt_teil = gefragt and auftrag.antwort in ZUSTIMMENDE
    if person.geschaeftsstelle or (person.name == "Projektleitung" and auftrag.geleitet):
        return True
    return nimmt_teil if auftrag.objekt.status == AuftragStatus.ENTWURF else gefragt or person.lenkungsgruppe


def liest_interne_fassung(person: Person, auftrag: Auftrag) -> bool:
    if auftrag.objekt.status not in FESTE_AUFTRAEGE:
        return sieht_auftrag(person, auftrag)
    if person.geschaeftsstelle or person.spitze or person.lenkungsgruppe:
        return True
    nimmt_teil = "eigene" in person.fuer and auftrag.antwort in ZUSTIMMENDE
    return nimmt_teil or (person.name == "Projektleitung" and auftrag.geleitet)


def sieht_beitrag(person: Person, beitrag: Beitrag) -> bool:
    if person.geschaeftsstelle:
        return True
    oeffentlich = beitrag.sichtbarkeit == Sichtbarkeit.OEFFENTLICH and not beitrag.beispiel
    return beitrag.veroeffentlicht_am is not None and (person.angemeldet or oeffentlich)


# --- compared ---------------------------------------------------------------------------------------------------------


def test_bekundungen(welt: Welt) -> None:
    for person in welt.personen:
        sichtbare = set(bestand.sichtbare_interessen(person.konto))
        erwartet = {b for b, kommune in welt.bekundungen if sieht_bekundung(person, b, kommune)}
        assert sichtbare == erwartet, person.name
        eigene = {b for b, kommune in welt.bekundungen if kommune in person.fuer}
        darf = {b for b, _ in welt.bekundungen if bestand.darf_interesse_zurueckziehen(person.konto, b)}
        assert darf == eigene, person.name
        assert darf <= sichtbare, person.name
        assert {k.name for k in bestand.bekundbare_kommunen(person.konto)} == set(person.fuer), person.name
        assert bestand.darf_interesse_abgeben(person.konto) is bool(person.fuer), person.name


def test_auftraege(welt: Welt) -> None:
    for person in welt.personen:
        sichtbare = set(projekte.sichtbare_auftraege(person.konto))
        assert sichtbare == {a.objekt for a in welt.auftraege if sieht_auftrag(person, a)}, person.name


def test_internal_edition(welt: Welt) -> None:
    for person, auftrag in product(welt.personen, welt.auftraege):
        darf = projekte.darf_internen_auftrag_sehen(person.konto, auftrag.objekt)
        assert darf is liest_interne_fassung(person, auftrag), (person.name, auftrag)
        if darf:
            assert sieht_auftrag(person, auftrag), (person.name, auftrag)


def test_projekte(welt: Welt) -> None:
    alle = [auftrag.objekt.projekt for auftrag in welt.auftraege]
    for person in welt.personen:
        sichtbare = set(projekte.sichtbare_projekte(person.konto))
        assert sichtbare == {projekt for projekt in alle if person.angemeldet or projekt.veroeffentlicht}, person.name
        darf = {projekt for projekt in alle if projekte.darf_projekt_bearbeiten(person.konto, projekt)}
        geleitet = {projekt for projekt in alle if projekt.leitung == person.konto}
        assert darf == (set(alle) if person.geschaeftsstelle else geleitet), person.name
        assert darf <= sichtbare, person.name
        assert projekte.darf_projekt_freigeben(person.konto) is person.geschaeftsstelle, person.name


def test_beitraege(welt: Welt) -> None:
    for person in welt.personen:
        sichtbare = set(wissen.sichtbare_beitraege(person.konto))
        assert sichtbare == {b for b in welt.beitraege if sieht_beitrag(person, b)}, person.name


def _adresse_des_auftrags(auftrag: Any) -> str:
    return reverse("auftrag_version", args=[auftrag.projekt.slug, auftrag.version])


def _adresse(objekt: Any) -> str:
    return str(objekt.get_absolute_url())


# By page: which objects, what is visible of them, the address. The orders are so many that every 23rd is asked for.
SEITEN: list[tuple[Callable[[Welt], list[Any]], Callable[[Any], Any], Callable[[Any], str]]] = [
    (lambda welt: [b for b, _ in welt.bekundungen], bestand.sichtbare_interessen, _adresse),
    (lambda welt: [a.objekt for a in welt.auftraege[::23]], projekte.sichtbare_auftraege, _adresse_des_auftrags),
    (lambda welt: [a.objekt.projekt for a in welt.auftraege[::47]], projekte.sichtbare_projekte, _adresse),
    (lambda welt: welt.beitraege, wissen.sichtbare_beitraege, _adresse),
]


@pytest.mark.parametrize(
    ("objekte", "sichtbare", "adresse"), SEITEN, ids=["Interesse", "Auftrag", "Projekt", "Beitrag"]
)
def test_page_answers_exactly_for_what_is_visible(
    objekte: Callable[[Welt], list[Model]],
    sichtbare: Callable[[Betrachter], Any],
    adresse: Callable[[Model], str],
    welt: Welt,
) -> None:
    for person in welt.personen:
        client = Client()
        if isinstance(person.konto, Konto):
            client.force_login(person.konto)
        erlaubt = set(sichtbare(person.konto))
        for objekt in objekte(welt):
            antwort = client.get(adresse(objekt))
            assert (antwort.status_code == 200) is (objekt in erlaubt), (person.name, str(objekt))
            if person.angemeldet and objekt not in erlaubt:
                assert antwort.status_code == 404, (person.name, str(objekt))
