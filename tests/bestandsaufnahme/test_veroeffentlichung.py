"""Publishing a round: drafts, consents, the guard in its transaction, embargo, letters, withdrawal."""

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from bestandsaufnahme.abfragen.veroeffentlichung import anonym
from bestandsaufnahme.abfragen.veroeffentlichung import veroeffentlichung as abfragen
from bestandsaufnahme.ablaeufe import veroeffentlichung as ablauf
from bestandsaufnahme.auswahl import BeteiligungRolle, ErhebungStatus, VeroeffentlichungArt, VeroeffentlichungStatus
from bestandsaufnahme.models import Erhebung, Kooperation, Veroeffentlichung
from bestandsaufnahme.models.veroeffentlichung import Fussnotenfassung, Zustimmung
from ikz_portal.basis.models import Aenderung, Statuswechsel
from kommunen.models import Kommune, Konto
from tests.fabriken.bestandsaufnahme import (
    BestaetigungFactory,
    BeteiligungFactory,
    ErhebungFactory,
    ExternerPartnerFactory,
    KooperationFactory,
)
from tests.fabriken.kommunen import KommuneFactory, VertretungFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("geschaeftsstelle")]
HEUTE = date(2026, 9, 1)
SPAETER = date(2026, 10, 1)
ANONYM, MIT_NAMEN = VeroeffentlichungArt.ANONYM, VeroeffentlichungArt.MIT_NAMEN


@pytest.fixture
def runde(kommune: Kommune, andere_kommune: Kommune) -> Erhebung:
    """A closed round that brought one Kooperation, of two Kommunen, which nobody outside knows yet."""
    runde = ErhebungFactory(veroeffentlicht=False, stichtag=date(2026, 6, 30), name="Erhebung 2026")
    kooperation = KooperationFactory(
        bezeichnung="Postverbund Musterstadt und Nachbarstadt", veroeffentlicht=False, symbol="■"
    )
    for eine in (kommune, andere_kommune):
        BeteiligungFactory(kooperation=kooperation, kommune=eine, erhebung=runde, gilt_ab=runde.stichtag)
    KommuneFactory(name="Drittstadt")
    return runde


def entwurf(runde: Erhebung, art: VeroeffentlichungArt = ANONYM, ab: date | None = None) -> Veroeffentlichung:
    return ablauf.vorbereiten(erhebung=runde, art=art, oeffentlich_ab=ab, durch=gs(), heute=HEUTE)


def gs() -> Konto:
    return Konto.objects.get(name="Geschäftsstelle")


def umschreiben(veroeffentlichung: Veroeffentlichung, text: str = "Postverbund zweier Städte") -> None:
    for zeile in abfragen.bestand(veroeffentlichung):
        ablauf.fussnote_bearbeiten(
            veroeffentlichung=veroeffentlichung,
            kooperation=zeile.kooperation,
            bezeichnung=text,
            erlaeuterung="",
            durch=gs(),
        )


def freigegeben(veroeffentlichung: Veroeffentlichung, am: date = HEUTE) -> Veroeffentlichung:
    return ablauf.freigeben(veroeffentlichung=veroeffentlichung, durch=gs(), heute=am)


def zustimmen(veroeffentlichung: Veroeffentlichung, kommune: Kommune, durch: Konto, vermerk: str = "") -> Zustimmung:
    return ablauf.zustimmen(
        veroeffentlichung=veroeffentlichung, kommune=kommune, vermerk=vermerk, durch=durch, heute=HEUTE
    )


# --- the draft --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("status", "erlaubt"),
    [
        (ErhebungStatus.VORBEREITUNG, False),
        (ErhebungStatus.LAEUFT, False),
        (ErhebungStatus.AUSWERTUNG, True),
        (ErhebungStatus.ABGESCHLOSSEN, True),
    ],
)
def test_draft_is_prepared_once_the_return_is_closed(runde, status, erlaubt):
    Erhebung.objects.update(status=status, frist=HEUTE)
    if erlaubt:
        assert entwurf(runde).status == VeroeffentlichungStatus.ENTWURF
    else:
        with pytest.raises(ValidationError, match="wenn der Rücklauf geschlossen ist"):
            entwurf(runde)


def test_draft_of_the_same_kind_is_refused_until_the_first_is_withdrawn(runde):
    erster = entwurf(runde, MIT_NAMEN)
    assert entwurf(runde, ANONYM).pk
    with pytest.raises(ValidationError, match="gibt es schon"):
        entwurf(runde, MIT_NAMEN)
    freigegeben(erster)
    ablauf.zuruecknehmen(veroeffentlichung=erster, grund="Ein Fehler.", durch=gs(), heute=HEUTE)
    assert entwurf(runde, MIT_NAMEN).pk


def test_draft_names_no_day_in_the_past(runde):
    with pytest.raises(ValidationError, match="liegt in der Vergangenheit"):
        entwurf(runde, ab=HEUTE - timedelta(days=1))
    assert entwurf(runde, ab=HEUTE).oeffentlich_ab == HEUTE


def test_example_round_is_never_public(runde):
    Erhebung.objects.update(beispiel=True)
    with pytest.raises(ValidationError, match="Beispiel-Erhebung wird nie öffentlich"):
        entwurf(runde, ab=SPAETER)
    interne = entwurf(runde, MIT_NAMEN)
    Veroeffentlichung.objects.update(oeffentlich_ab=SPAETER)
    with pytest.raises(ValidationError, match="Beispiel-Erhebung wird nie öffentlich"):
        freigegeben(interne)


def test_discarding_deletes_the_draft_and_what_belongs_to_it(runde, buergermeister):
    veroeffentlichung = entwurf(runde)
    umschreiben(veroeffentlichung)
    zustimmen(veroeffentlichung, buergermeister.kommune, buergermeister)
    ablauf.verwerfen(veroeffentlichung=veroeffentlichung, durch=gs())
    assert not Veroeffentlichung.objects.exists()
    assert not Fussnotenfassung.objects.exists()
    assert not Zustimmung.objects.exists()
    with pytest.raises(ValidationError, match="inzwischen verworfen"):
        ablauf.verwerfen(veroeffentlichung=veroeffentlichung, durch=gs())


def test_footnote_goes_back_to_the_words_of_the_kooperation(runde):
    veroeffentlichung = entwurf(runde)
    kooperation = Kooperation.objects.get()
    kooperation.externe_partner.set([ExternerPartnerFactory(name="Postdienst")])
    (vorher,) = abfragen.bestand(veroeffentlichung)
    umschreiben(veroeffentlichung)
    (umgeschrieben,) = abfragen.bestand(veroeffentlichung)
    assert (umgeschrieben.bezeichnung, umgeschrieben.eigene) == ("Postverbund zweier Städte", True)
    # what the text of one's own doesn't say isn't said
    assert "Externe Partner" in dict(vorher.angaben)
    assert "Externe Partner" not in dict(umgeschrieben.angaben)
    ablauf.fussnote_zuruecksetzen(veroeffentlichung=veroeffentlichung, kooperation=kooperation, durch=gs())
    assert abfragen.bestand(veroeffentlichung) == [vorher]
    assert Kooperation.objects.get().bezeichnung == "Postverbund Musterstadt und Nachbarstadt"


def test_only_an_anonymised_draft_has_footnotes_of_its_own(runde):
    veroeffentlichung = entwurf(runde, MIT_NAMEN)
    with pytest.raises(ValidationError, match="nur eine anonymisierte"):
        umschreiben(veroeffentlichung)


# --- consent ----------------------------------------------------------------------------------------------------------
def test_head_agrees_for_the_own_kommune(runde, buergermeister):
    zustimmung = zustimmen(entwurf(runde), buergermeister.kommune, buergermeister)
    assert (zustimmung.am, zustimmung.durch, zustimmung.fuer) == (HEUTE, buergermeister, None)


def test_deputy_agrees_with_both_names(runde, buergermeister, kontakt):
    VertretungFactory(vertretener=buergermeister, vertreter=kontakt)
    zustimmung = zustimmen(entwurf(runde), kontakt.kommune, Konto.objects.get(pk=kontakt.pk))
    assert (zustimmung.durch, zustimmung.fuer) == (kontakt, buergermeister)


def test_on_behalf_it_takes_a_note(runde, kommune):
    veroeffentlichung = entwurf(runde)
    with pytest.raises(ValidationError, match="wie die Kommune zugestimmt hat"):
        zustimmen(veroeffentlichung, kommune, gs(), "  ")
    assert zustimmen(veroeffentlichung, kommune, gs(), "Schreiben vom 01.09.").vermerk == "Schreiben vom 01.09."


def test_agreeing_twice_is_refused(runde, buergermeister):
    veroeffentlichung = entwurf(runde)
    zustimmen(veroeffentlichung, buergermeister.kommune, buergermeister)
    with pytest.raises(ValidationError, match="hat schon zugestimmt"):
        zustimmen(veroeffentlichung, buergermeister.kommune, buergermeister)


def test_consent_can_be_taken_back_from_a_draft(runde, buergermeister):
    veroeffentlichung = entwurf(runde)
    ziel = {"veroeffentlichung": veroeffentlichung, "kommune": buergermeister.kommune, "durch": buergermeister}
    with pytest.raises(ValidationError, match="keine Zustimmung festgehalten"):
        ablauf.zustimmung_zuruecknehmen(**ziel)
    zustimmen(veroeffentlichung, buergermeister.kommune, buergermeister)
    ablauf.zustimmung_zuruecknehmen(**ziel)
    assert not Zustimmung.objects.exists()


# --- publishing -------------------------------------------------------------------------------------------------------
def test_round_is_published_when_it_is_closed(runde):
    veroeffentlichung = entwurf(runde, MIT_NAMEN)
    Erhebung.objects.update(status=ErhebungStatus.AUSWERTUNG)
    with pytest.raises(ValidationError, match="noch nicht abgeschlossen"):
        freigegeben(veroeffentlichung)
    Erhebung.objects.update(status=ErhebungStatus.ABGESCHLOSSEN)
    gueltige = freigegeben(veroeffentlichung)
    assert (gueltige.status, gueltige.veroeffentlicht_am, gueltige.durch) == ("veroeffentlicht", HEUTE, gs())
    wechsel = Statuswechsel.objects.filter(objekt_id=gueltige.pk, content_type__model="veroeffentlichung")
    assert list(wechsel.order_by("pk").values_list("von", "nach")) == [
        ("", "entwurf"),
        ("entwurf", "veroeffentlicht"),
    ]


def test_round_without_a_mark_has_nothing_to_publish(db):
    leere = ErhebungFactory(veroeffentlicht=False)
    with pytest.raises(ValidationError, match="nichts zu veröffentlichen"):
        freigegeben(entwurf(leere))


def test_by_name_to_the_public_it_takes_the_consent_of_all_with_a_mark(runde, buergermeister, andere_kommune):
    veroeffentlichung = entwurf(runde, MIT_NAMEN, ab=SPAETER)
    zustimmen(veroeffentlichung, buergermeister.kommune, buergermeister)
    with pytest.raises(ValidationError) as fehler:
        freigegeben(veroeffentlichung)
    assert fehler.value.messages == ["Es fehlt die Zustimmung, mit Namen öffentlich genannt zu werden: Nachbarstadt."]
    zustimmen(veroeffentlichung, andere_kommune, gs(), "Schreiben vom 01.09.")
    assert freigegeben(veroeffentlichung).status == VeroeffentlichungStatus.VEROEFFENTLICHT


def test_by_name_internally_it_takes_none_and_makes_nothing_public(runde):
    freigegeben(entwurf(runde, MIT_NAMEN))
    assert not Kooperation.objects.get().veroeffentlicht


def test_anonymised_it_is_refused_with_the_names_that_it_would_reveal(runde):
    veroeffentlichung = entwurf(runde)
    with pytest.raises(ValidationError) as fehler:
        freigegeben(veroeffentlichung)
    anzahl, name, ausweg = fehler.value.messages
    assert "Die Fußnote nennt Musterstadt und Nachbarstadt" in anzahl
    assert name.endswith("Genannt in „Bezeichnung“: Musterstadt und Nachbarstadt.")
    assert ausweg == ablauf.AUSWEG
    veroeffentlichung.refresh_from_db()
    assert (veroeffentlichung.status, veroeffentlichung.inhalt) == (VeroeffentlichungStatus.ENTWURF, None)


def test_anonymised_it_goes_out_with_other_words_or_with_consent(runde, kommune, andere_kommune):
    veroeffentlichung = entwurf(runde)
    umschreiben(veroeffentlichung)
    assert freigegeben(veroeffentlichung).inhalt["fussnoten"][0]["bezeichnung"] == "Postverbund zweier Städte"
    ablauf.zuruecknehmen(veroeffentlichung=veroeffentlichung, grund="Neu.", durch=gs(), heute=HEUTE)
    zweite = entwurf(runde)
    zustimmen(zweite, kommune, gs(), "mündlich")
    with pytest.raises(ValidationError):
        freigegeben(zweite)
    zustimmen(zweite, andere_kommune, gs(), "mündlich")
    assert freigegeben(zweite).status == VeroeffentlichungStatus.VEROEFFENTLICHT


def test_guard_reads_what_is_stored_in_that_moment(runde):
    veroeffentlichung = entwurf(runde)
    umschreiben(veroeffentlichung)
    assert abfragen.werkstatt(veroeffentlichung).hindernisse == []
    umschreiben(veroeffentlichung, "Postverbund mit Musterstadt")
    with pytest.raises(ValidationError, match="Musterstadt"):
        freigegeben(veroeffentlichung)


def test_only_a_draft_is_changed_or_published(runde, kommune):
    veroeffentlichung = entwurf(runde, MIT_NAMEN)
    freigegeben(veroeffentlichung)
    kooperation = Kooperation.objects.get()
    schritte: list[tuple[Any, dict[str, Any]]] = [
        (ablauf.freigeben, {"heute": HEUTE}),
        (ablauf.verwerfen, {}),
        (ablauf.zustimmen, {"kommune": kommune, "vermerk": "x", "heute": HEUTE}),
        (ablauf.zustimmung_zuruecknehmen, {"kommune": kommune}),
        (ablauf.fussnote_bearbeiten, {"kooperation": kooperation, "bezeichnung": "x", "erlaeuterung": ""}),
        (ablauf.fussnote_zuruecksetzen, {"kooperation": kooperation}),
    ]
    for schritt, werte in schritte:
        with pytest.raises(ValidationError, match="Diese Veröffentlichung ist veröffentlicht"):
            schritt(veroeffentlichung=veroeffentlichung, durch=gs(), **werte)


def test_only_what_is_published_is_withdrawn_and_with_a_reason(runde):
    veroeffentlichung = entwurf(runde, MIT_NAMEN)
    rueckzug = {"veroeffentlichung": veroeffentlichung, "durch": gs(), "heute": HEUTE}
    with pytest.raises(ValidationError, match="in Vorbereitung"):
        ablauf.zuruecknehmen(**rueckzug, grund="Ein Fehler.")
    freigegeben(veroeffentlichung)
    with pytest.raises(ValidationError, match="nennen Sie den Grund"):
        ablauf.zuruecknehmen(**rueckzug, grund=" ")
    assert ablauf.zuruecknehmen(**rueckzug, grund="Ein Fehler.").grund == "Ein Fehler."
    with pytest.raises(ValidationError, match="zurückgezogen"):
        ablauf.zuruecknehmen(**rueckzug, grund="Noch einer.")


def test_published_content_never_changes_by_raw_sql_either(runde):
    veroeffentlichung = entwurf(runde)
    umschreiben(veroeffentlichung)
    freigegeben(veroeffentlichung)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE bestandsaufnahme_veroeffentlichung SET inhalt = '{}'")
    vorher = Veroeffentlichung.objects.get().inhalt
    Kooperation.objects.update(bezeichnung="Anders")
    Kommune.objects.filter(name="Musterstadt").update(name="Umbenannt")
    assert Veroeffentlichung.objects.get().inhalt == vorher


# --- what belongs to a round ------------------------------------------------------------------------------------------
def test_round_tells_what_held_on_its_stichtag_and_is_known_or_its_own(runde, kommune):
    bekannte = BeteiligungFactory(kommune=kommune, kooperation__bezeichnung="Bauhof")
    interne = KooperationFactory(veroeffentlicht=False)
    BeteiligungFactory(kommune=kommune, kooperation=interne)
    bestaetigte = BeteiligungFactory(kommune=kommune, kooperation__veroeffentlicht=False).kooperation
    BestaetigungFactory(kooperation=bestaetigte, am=runde.stichtag, erhebung=runde)
    BeteiligungFactory(kommune=kommune, gilt_bis=runde.stichtag)
    BeteiligungFactory(kommune=kommune, gilt_ab=runde.stichtag + timedelta(days=1))
    beispiel = ErhebungFactory(beispiel=True)
    BeteiligungFactory(kommune=kommune, erhebung=beispiel)
    gezeigte = {zeile.kooperation for zeile in abfragen.bestand(entwurf(runde))}
    eigene = Kooperation.objects.get(bezeichnung__startswith="Postverbund")
    assert gezeigte == {eigene, bekannte.kooperation, bestaetigte}


def test_publishing_by_name_makes_known_what_the_round_alone_tells(runde, kommune, buergermeister, andere_kommune):
    neue = Kooperation.objects.get()
    # entered by hand and kept to itself, though the round confirms it
    interne = BeteiligungFactory(kommune=kommune, kooperation__veroeffentlicht=False).kooperation
    BestaetigungFactory(kooperation=interne, am=runde.stichtag, erhebung=runde)
    veroeffentlichung = entwurf(runde, MIT_NAMEN, ab=SPAETER)
    assert abfragen.werkstatt(veroeffentlichung).neue == [neue]
    for eine in (kommune, andere_kommune):
        zustimmen(veroeffentlichung, eine, gs(), "mündlich")
    freigegeben(veroeffentlichung)
    neue.refresh_from_db()
    interne.refresh_from_db()
    assert (neue.veroeffentlicht, interne.veroeffentlicht) == (True, False)


# --- letters ----------------------------------------------------------------------------------------------------------
def test_letters_go_on_behind_z():
    kommunen = [Kommune(pk=nummer) for nummer in range(60)]
    buchstaben = anonym.verlosen(kommunen)
    assert list(buchstaben.values()) == [
        *anonym.ALPHABET,
        *(f"A{zweiter}" for zweiter in anonym.ALPHABET),
        *(f"B{zweiter}" for zweiter in "ABCDEFGH"),
    ]
    assert set(buchstaben) == set(range(60))


def test_letters_are_drawn_anew_for_each_publication():
    kommunen = [Kommune(pk=nummer) for nummer in range(60)]
    assert anonym.verlosen(kommunen) != anonym.verlosen(kommunen)


def test_content_holds_no_way_back(runde, kommune, andere_kommune):
    kooperation = Kooperation.objects.get()
    kooperation.beteiligungen.filter(kommune=kommune).update(rolle=BeteiligungRolle.FEDERFUEHREND)
    veroeffentlichung = entwurf(runde)
    umschreiben(veroeffentlichung)
    inhalt = freigegeben(veroeffentlichung).inhalt
    assert set(inhalt) == {"erhebung", "stichtag", "kommunen", "fussnoten"}
    assert inhalt["kommunen"] == ["A", "B", "C"]
    (fussnote,) = inhalt["fussnoten"]
    assert set(fussnote) == {
        *("nummer", "aufgabenfeld", "feld", "zeichen", "bezeichnung", "erlaeuterung", "angaben", "marken")
    }
    assert all(set(marke) == {"kommune", "status", "rolle", "bis"} for marke in fussnote["marken"])
    assert sorted(marke["rolle"] for marke in fussnote["marken"]) == ["beteiligt", "federfuehrend"]
    # in the order of the letters, whoever they stand for
    buchstaben = [marke["kommune"] for marke in fussnote["marken"]]
    assert buchstaben == sorted(buchstaben)
    text = json.dumps(inhalt, ensure_ascii=False)
    for eine in Kommune.objects.all():
        assert eine.name not in text
        assert eine.ags not in text


def test_record_tells_nothing_of_the_letters(runde):
    veroeffentlichung = entwurf(runde)
    umschreiben(veroeffentlichung)
    freigegeben(veroeffentlichung)
    eintraege = Aenderung.objects.filter(tabelle="bestandsaufnahme_veroeffentlichung")
    assert eintraege.count() == 2
    assert not any("inhalt" in {**eintrag.stand, **(eintrag.vorher or {})} for eintrag in eintraege)


def test_stored_content_is_shown_as_it_was_published(runde):
    veroeffentlichung = entwurf(runde)
    umschreiben(veroeffentlichung)
    freigegeben(veroeffentlichung)
    ergebnis = anonym.ergebnis(Veroeffentlichung.objects.get().inhalt)
    assert (ergebnis.kommunen, ergebnis.anzahl_zeichen, ergebnis.stichtag) == (["A", "B", "C"], 2, runde.stichtag)
    ((zeile,),) = [gruppe.zeilen for gruppe in ergebnis.gruppen]
    assert re.findall(r'data-kommune="(\w)"', zeile) == [
        marke["kommune"] for marke in Veroeffentlichung.objects.get().inhalt["fussnoten"][0]["marken"]
    ]
