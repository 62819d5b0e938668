"""Nobody is told what it may no longer see, what is over, or what it did itself."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from bestandsaufnahme.ablaeufe import bestaetigung, interesse_aenderung
from bestandsaufnahme.ablaeufe import interesse as interessen
from bestandsaufnahme.auswahl import InteresseStatus
from bestandsaufnahme.models import Interessenbekundung
from ikz_portal.basis.auswahl import LaufStatus
from ikz_portal.basis.models import Lauf
from ikz_portal.startseite.abfragen import sammlung
from kommunen.ablaeufe import konto as konten
from kommunen.auswahl import Rhythmus, Rolle
from kommunen.models import Kommune, Konto, Meldung
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BeobachtungFactory,
    BestaetigungspflichtFactory,
    InteressenaenderungFactory,
    InteressenbekundungFactory,
)
from tests.fabriken.kommunen import (
    KontoFactory,
    MeldewunschFactory,
    VertretungFactory,
)
from tests.startseite.meldefaelle import (
    ANLAESSE,
    HEUTE,
    MONTAG,
    TAG,
    Fall,
    am_morgen,
    briefe,
    melden,
    neues,
    zu_bestaetigen,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund", "montag")]


# --- what may no longer be told ---------------------------------------------------------------------------------------
def zurueckziehen(fall: Fall) -> None:
    Interessenbekundung.objects.filter(pk=fall.interesse.pk).update(
        status=InteresseStatus.ZURUECKGEZOGEN, zurueckgezogen_am=HEUTE, grund="Anders entschieden."
    )


def eigenes_zurueckziehen(fall: Fall) -> None:
    assert fall.eigenes
    zurueckziehen(Fall(fall.konto, fall.meldung, fall.eigenes))


def vergehen(fall: Fall) -> None:
    Interessenbekundung.objects.filter(pk=fall.interesse.pk).update(gueltig_bis=HEUTE - TAG)


def wieder_unbestaetigt(fall: Fall) -> None:
    Interessenbekundung.objects.filter(pk=fall.interesse.pk).update(bestaetigung_noetig=True)


def wieder_entwurf(fall: Fall) -> None:
    Interessenbekundung.objects.filter(pk=fall.interesse.pk).update(status=InteresseStatus.ENTWURF, abgegeben_am=None)


def bestaetigen(fall: Fall) -> None:
    Interessenbekundung.objects.filter(pk=fall.interesse.pk).update(status=InteresseStatus.BESTAETIGT)


def verlaengern(fall: Fall) -> None:
    Interessenbekundung.objects.filter(pk=fall.interesse.pk).update(gueltig_bis=date(2026, 4, 10))


def aendern(fall: Fall) -> None:
    InteressenaenderungFactory(interesse=fall.interesse)


def deaktivieren(fall: Fall) -> None:
    konten.deaktivieren(konto=fall.konto, durch=KontoFactory(geschaeftsstelle=True), jetzt=MONTAG)


def versetzen(fall: Fall) -> None:
    Konto.objects.filter(pk=fall.konto.pk).update(kommune=KontoFactory().kommune)


def nur_noch_lesen(fall: Fall) -> None:
    Konto.objects.filter(pk=fall.konto.pk).update(rolle=Rolle.LESEN)


def nur_noch_kontakt(fall: Fall) -> None:
    Konto.objects.filter(pk=fall.konto.pk).update(rolle=Rolle.KONTAKT)


def nicht_mehr_beobachten(fall: Fall) -> None:
    fall.konto.beobachtungen.all().delete()


def abbestellen(fall: Fall) -> None:
    MeldewunschFactory(konto=fall.konto, anlass=fall.meldung.anlass, rhythmus=Rhythmus.NIE)


def ohne_starthilfe(fall: Fall) -> None:
    fall.interesse.starthilfen.all().delete()


def loeschen(fall: Fall) -> None:
    Interessenbekundung.objects.filter(pk=fall.interesse.pk).delete()


UEBERALL = (deaktivieren, abbestellen)
FAELLE = {
    "interesse_neu": (zurueckziehen, vergehen, wieder_unbestaetigt, wieder_entwurf, nicht_mehr_beobachten, loeschen),
    "anschluss": (
        *(zurueckziehen, vergehen, wieder_unbestaetigt, wieder_entwurf, loeschen),
        *(eigenes_zurueckziehen, versetzen, nur_noch_lesen),
    ),
    "ablauf": (zurueckziehen, vergehen, verlaengern, wieder_entwurf, versetzen, nur_noch_lesen, loeschen),
    "bestaetigung": (zurueckziehen, vergehen, bestaetigen, aendern, versetzen, nur_noch_kontakt, loeschen),
    "eintrag": (zurueckziehen, vergehen, aendern, wieder_entwurf, versetzen, nur_noch_lesen, loeschen),
    "projektidee": (ohne_starthilfe, versetzen, nur_noch_lesen),
    "konstellation": (zurueckziehen, vergehen, wieder_unbestaetigt, versetzen, nur_noch_lesen),
}


@pytest.mark.parametrize(
    ("anlass", "geschehen"),
    [
        pytest.param(anlass, geschehen, id=f"{anlass}-{geschehen.__name__}")
        for anlass, eigene in FAELLE.items()
        for geschehen in (*eigene, *UEBERALL)
    ],
)
def test_what_may_no_longer_be_told_is_given_up_without_a_mail(
    bauen: Callable[..., Fall], anlass: str, geschehen: Callable[[Fall], None]
) -> None:
    fall = bauen(anlass)
    assert len(list(Meldung.objects.wartende())) == 1
    geschehen(fall)
    Meldung.objects.exclude(pk=fall.meldung.pk).delete()

    am_morgen()

    assert (briefe(), Meldung.objects.count()) == ([], 0)
    assert Lauf.objects.get(art=sammlung.SAMMELN).status == LaufStatus.FERTIG


@pytest.mark.parametrize("anlass", ANLAESSE)
def test_what_may_be_told_is(bauen: Callable[..., Fall], anlass: str) -> None:
    """The other half of the table above: without what happened there, there is a mail."""
    fall = bauen(anlass)

    am_morgen()

    assert [an for an, _ in briefe()] == [fall.konto.email]


def test_what_was_given_up_is_told_when_it_counts_again(montag: Any, kommune: Kommune, kontakt: Konto) -> None:
    """Changed before it was told, it waits for the head; confirmed, it is news."""
    spitze = KontoFactory(kommune=kommune, buergermeister=True)
    fall = neues(KontoFactory(lesend=True), kommune)
    wieder_unbestaetigt(fall)
    melden(fall.konto)
    fall.interesse.refresh_from_db()

    bestaetigung.bestaetigen(interesse=fall.interesse, version=fall.interesse.version, durch=spitze, heute=HEUTE)

    nachricht = melden(fall.konto)
    assert nachricht
    assert nachricht.betreff == "Neues Interesse: Musterstadt, Bauhof"


def test_deputy_is_asked_while_the_deputyship_lasts(montag: Any, kommune: Kommune, andere_kommune: Kommune) -> None:
    spitze = KontoFactory(kommune=kommune, buergermeister=True)
    vertreter = KontoFactory(kommune=kommune)
    vertretung = VertretungFactory(vertretener=spitze, vertreter=vertreter)
    fall = zu_bestaetigen(vertreter, andere_kommune)
    vertretung.bis = HEUTE + TAG
    vertretung.save()

    montag.move_to(MONTAG + TAG)
    assert melden(vertreter) is None
    assert not Meldung.objects.filter(pk=fall.meldung.pk).exists()


# --- the own act ------------------------------------------------------------------------------------------------------
def test_author_is_not_told_of_the_own_declaration(kontakt: Konto, fremder_kontakt: Konto) -> None:
    feld = AufgabenfeldFactory()
    for konto in (kontakt, fremder_kontakt):
        BeobachtungFactory(konto=konto, aufgabenfeld=feld)
    angaben = interessen.Angaben(
        art="kooperationswille", aufgabenfeld=feld, kooperationsfeld=None, stufe="interesse", wofuer="Mehr Kraft."
    )

    interessen.abgeben(kommune=kontakt.kommune, angaben=angaben, durch=kontakt, heute=HEUTE)

    assert list(Meldung.objects.values_list("konto", flat=True)) == [fremder_kontakt.pk]


def test_head_is_not_told_of_what_it_has_just_confirmed(
    kontakt: Konto, buergermeister: Konto, fremder_kontakt: Konto
) -> None:
    BestaetigungspflichtFactory(kommune=kontakt.kommune)
    feld = AufgabenfeldFactory()
    for konto in (kontakt, buergermeister, fremder_kontakt):
        BeobachtungFactory(konto=konto, aufgabenfeld=feld)
    interesse = InteressenbekundungFactory(
        kommune=kontakt.kommune, aufgabenfeld=feld, durch=kontakt, bestaetigung_noetig=True
    )

    bestaetigung.bestaetigen(interesse=interesse, version=interesse.version, durch=buergermeister, heute=HEUTE)

    assert list(Meldung.objects.values_list("konto", flat=True)) == [fremder_kontakt.pk]


# --- in the name of the Kommune ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("mit_pflicht", [False, True])
def test_kommune_is_told_once_what_the_geschaeftsstelle_wrote_for_it(
    kontakt: Konto, buergermeister: Konto, geschaeftsstelle: Konto, *, mit_pflicht: bool
) -> None:
    """Where the head has to confirm it, it is asked to, and the others are told."""
    if mit_pflicht:
        BestaetigungspflichtFactory(kommune=kontakt.kommune)
    inhalt = {"stufe": "interesse", "wofuer": "Mehr Kraft."}
    angaben = interessen.Angaben(art="kooperationswille", aufgabenfeld=AufgabenfeldFactory(), **inhalt)

    interesse = interessen.abgeben(
        kommune=kontakt.kommune, angaben=angaben, vermerk="am Telefon", durch=geschaeftsstelle, heute=HEUTE
    )

    gemeldet = set(Meldung.objects.values_list("konto", "anlass"))
    spitze = "bestaetigung" if mit_pflicht else "eintrag"
    assert gemeldet == {(kontakt.pk, "eintrag"), (buergermeister.pk, spitze)}
    geaendert = interesse_aenderung.aendern(
        interesse=interesse,
        version=interesse.version,
        inhalt=interessen.Inhalt(**inhalt | {"wofuer": "Weniger Kosten."}),
        grund="am Telefon berichtigt",
        durch=geschaeftsstelle,
        heute=HEUTE,
    )
    neu = Meldung.objects.filter(bezug=f"{geaendert.pk}:1")
    assert set(neu.values_list("konto", "anlass")) == gemeldet


def test_head_is_asked_again_when_what_waits_is_changed(kontakt: Konto, buergermeister: Konto) -> None:
    BestaetigungspflichtFactory(kommune=kontakt.kommune)
    inhalt = interessen.Inhalt(stufe="interesse", wofuer="Mehr Kraft.")
    interesse = InteressenbekundungFactory(kommune=kontakt.kommune, durch=kontakt, unbestaetigt=True)

    interesse_aenderung.aendern(
        interesse=interesse, version=interesse.version, inhalt=inhalt, durch=kontakt, heute=HEUTE
    )

    nachricht = melden(buergermeister)
    assert nachricht
    assert nachricht.betreff.startswith("Bitte bestätigen: Musterstadt")
