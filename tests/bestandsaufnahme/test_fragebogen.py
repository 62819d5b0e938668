"""The life of a Fragebogen: pre-filled, begun, released, given back; who may do what, and what is refused."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, transaction
from django.utils import timezone

from bestandsaufnahme.ablaeufe import fragebogen as ablauf
from bestandsaufnahme.auswahl import (
    AntwortArt,
    Aussage,
    BeteiligungStatus,
    Entscheidung,
    ErhebungStatus,
    FragebogenStatus,
)
from bestandsaufnahme.models import Erhebung, Fragebogen, Fragebogenantwort, Pruefung
from bestandsaufnahme.rechte import (
    darf_antworten_sehen,
    darf_bearbeitende_sehen,
    darf_fragebogen_ausfuellen,
    darf_fragebogen_freigeben,
    darf_papier_erfassen,
    freigebende,
)
from ikz_portal.basis import protokoll
from ikz_portal.basis.models import Aenderung, Postausgang, Statuswechsel
from kommunen.models import Kommune, Konto
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BeteiligungFactory,
    ErhebungFactory,
    FragebogenantwortFactory,
    FragebogenFactory,
)
from tests.fabriken.kommunen import KommuneFactory, KontoFactory, VertretungFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

HEUTE = date(2026, 11, 22)
JETZT = datetime(2026, 11, 22, 9, tzinfo=UTC)
WANN = {"heute": HEUTE, "jetzt": JETZT}


@pytest.fixture
def bogen(kommune: Kommune) -> Fragebogen:
    return FragebogenFactory(kommune=kommune)


def wechsel(bogen: Fragebogen) -> list[tuple[str, str, Konto | None, Konto | None, str]]:
    alle = Statuswechsel.objects.filter(objekt_id=bogen.pk, content_type__model="fragebogen").order_by("pk")
    return [(eine.von, eine.nach, eine.durch, eine.fuer, eine.grund) for eine in alle]


def post() -> list[tuple[str, str]]:
    return [(eine.an, eine.betreff) for eine in Postausgang.objects.order_by("pk")]


# --- pre-filled -------------------------------------------------------------------------------------------------------
def test_anlegen_asks_for_what_runs_on_the_stichtag(kommune: Kommune, geschaeftsstelle: Konto) -> None:
    erhebung = ErhebungFactory(laufend=True, stichtag=date(2026, 6, 30))
    erfragte = [
        BeteiligungFactory(kommune=kommune, status=status).kooperation
        for status in (BeteiligungStatus.BESTEHT, BeteiligungStatus.VORGESEHEN, BeteiligungStatus.UNBEKANNT)
    ]
    BeteiligungFactory(kommune=kommune, status=BeteiligungStatus.ERWOGEN)
    BeteiligungFactory(kommune=kommune, gilt_bis=date(2026, 6, 30))
    BeteiligungFactory(kommune=kommune, gilt_ab=date(2026, 7, 1))
    BeteiligungFactory()

    bogen = ablauf.anlegen(erhebung=erhebung, kommune=kommune, durch=geschaeftsstelle)

    assert bogen.status == FragebogenStatus.OFFEN
    gefragt = bogen.antworten.values_list("art", "aussage", "kooperation")
    assert list(gefragt) == [(AntwortArt.KOOPERATION, Aussage.OFFEN, eine.pk) for eine in erfragte]


def test_anlegen_asks_a_town_the_chosen_questions_of_anlage_1(kommune: Kommune, geschaeftsstelle: Konto) -> None:
    felder = [AufgabenfeldFactory(), AufgabenfeldFactory()]
    erhebung = ErhebungFactory(laufend=True, fragen=["kosten", "interesse", "arbeitsgruppe", "aufsicht"])

    bogen = ablauf.anlegen(erhebung=erhebung, kommune=kommune, durch=geschaeftsstelle)

    assert list(bogen.antworten.values_list("art", "aufgabenfeld", "schluessel")) == [
        (AntwortArt.INTERESSE, felder[0].pk, ""),
        (AntwortArt.INTERESSE, felder[1].pk, ""),
        (AntwortArt.ALLGEMEIN, None, "arbeitsgruppe"),
    ]


def test_anlegen_asks_the_kreis_anlage_2(geschaeftsstelle: Konto) -> None:
    AufgabenfeldFactory()
    erhebung = ErhebungFactory(laufend=True, fragen=["arbeitsgruppe", "aufsicht"])

    bogen = ablauf.anlegen(erhebung=erhebung, kommune=KommuneFactory(kreis=True), durch=geschaeftsstelle)

    assert list(bogen.antworten.values_list("schluessel", flat=True)) == ["arbeitsgruppe", "aufsicht"]


def test_anlegen_twice_is_refused(bogen: Fragebogen, geschaeftsstelle: Konto) -> None:
    with pytest.raises(ValidationError, match="schon einen Fragebogen"):
        ablauf.anlegen(erhebung=bogen.erhebung, kommune=bogen.kommune, durch=geschaeftsstelle)


# --- what may be done, by whom ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("status", FragebogenStatus)
def test_rights_follow_the_state(
    bogen: Fragebogen,
    status: FragebogenStatus,
    *,
    kontakt: Konto,
    buergermeister: Konto,
    fremder_kontakt: Konto,
    geschaeftsstelle: Konto,
    lesend: Konto,
) -> None:
    bogen.status, bogen.freigegeben_am = status, None if status in {"offen", "in_bearbeitung"} else JETZT
    offen = bogen.ist_offen
    personen = (kontakt, buergermeister, fremder_kontakt, geschaeftsstelle, lesend)

    def wer(recht) -> list[bool]:
        return [recht(konto, bogen) for konto in personen]

    assert wer(darf_antworten_sehen) == [True, True, False, not offen, False]
    assert wer(darf_fragebogen_ausfuellen) == [offen, offen, False, False, False]
    assert wer(darf_fragebogen_freigeben) == [False, offen, False, False, False]
    assert wer(darf_papier_erfassen) == [False, False, False, status == FragebogenStatus.OFFEN, False]
    assert wer(darf_bearbeitende_sehen) == [True, True, False, False, False]


def test_rights_on_paper_the_geschaeftsstelle_fills_in_and_releases(bogen: Fragebogen, geschaeftsstelle: Konto) -> None:
    bogen.papier_vermerk, bogen.status = "Brief vom 12.05.", FragebogenStatus.IN_BEARBEITUNG

    assert darf_fragebogen_ausfuellen(geschaeftsstelle, bogen)
    assert darf_fragebogen_freigeben(geschaeftsstelle, bogen)


def test_rights_end_with_the_round(bogen: Fragebogen, kontakt: Konto, buergermeister: Konto) -> None:
    bogen.erhebung.status = ErhebungStatus.AUSWERTUNG

    assert not darf_fragebogen_ausfuellen(kontakt, bogen)
    assert not darf_fragebogen_freigeben(buergermeister, bogen)


def test_rights_of_a_deactivated_colleague_are_gone(bogen: Fragebogen, kommune: Kommune) -> None:
    konto = KontoFactory(kommune=kommune, is_active=False)

    assert not darf_antworten_sehen(konto, bogen)
    assert not darf_fragebogen_ausfuellen(konto, bogen)


def test_freigebende_are_the_head_and_who_stands_in(bogen: Fragebogen, buergermeister: Konto, kontakt: Konto) -> None:
    vertretung = VertretungFactory(vertretener=buergermeister, von=HEUTE, bis=date(2026, 12, 1))
    VertretungFactory(vertretener=KontoFactory(buergermeister=True), vertreter=kontakt)

    assert set(freigebende(bogen, HEUTE)) == {buergermeister, vertretung.vertreter}
    assert set(freigebende(bogen, date(2026, 12, 1))) == {buergermeister}


# --- released ---------------------------------------------------------------------------------------------------------
def test_freigeben_names_what_is_missing(bogen: Fragebogen, buergermeister: Konto) -> None:
    offene = FragebogenantwortFactory(fragebogen=bogen, kooperation__bezeichnung="Postverbund")
    FragebogenantwortFactory(fragebogen=bogen, aussage=Aussage.GILT_NOCH)

    with pytest.raises(ValidationError) as fehler:
        ablauf.freigeben(fragebogen=bogen, durch=buergermeister, **WANN)

    assert fehler.value.messages == ["„Postverbund“ ist noch nicht beantwortet."]
    bogen.refresh_from_db()
    assert (bogen.status, offene.fragebogen_id) == (FragebogenStatus.OFFEN, bogen.pk)


def test_freigeben_by_the_head(bogen: Fragebogen, buergermeister: Konto, geschaeftsstelle: Konto) -> None:
    KontoFactory(geschaeftsstelle=True, is_active=False)
    FragebogenantwortFactory(fragebogen=bogen, aussage=Aussage.GEAENDERT)
    FragebogenantwortFactory(fragebogen=bogen, art=AntwortArt.ALLGEMEIN, kooperation=None, schluessel="arbeitsgruppe")

    ablauf.freigeben(fragebogen=bogen, durch=buergermeister, **WANN)

    bogen.refresh_from_db()
    assert (bogen.status, bogen.freigegeben_am, bogen.freigegeben_durch, bogen.freigegeben_fuer) == (
        FragebogenStatus.FREIGEGEBEN,
        JETZT,
        buergermeister,
        None,
    )
    assert wechsel(bogen) == [("offen", "freigegeben", buergermeister, None, "")]
    assert post() == [(geschaeftsstelle.email, "Freigegeben: Fragebogen Musterstadt")]


def test_freigeben_by_a_deputy_names_both(bogen: Fragebogen, buergermeister: Konto, fremder_kontakt: Konto) -> None:
    VertretungFactory(vertretener=buergermeister, vertreter=fremder_kontakt)

    ablauf.freigeben(fragebogen=bogen, durch=fremder_kontakt, **WANN)

    bogen.refresh_from_db()
    assert (bogen.freigegeben_durch, bogen.freigegeben_fuer) == (fremder_kontakt, buergermeister)
    assert wechsel(bogen) == [("offen", "freigegeben", fremder_kontakt, buergermeister, "")]


def test_freigeben_by_two_heads_counts_once(bogen: Fragebogen, buergermeister: Konto, kontakt: Konto) -> None:
    VertretungFactory(vertretener=buergermeister, vertreter=kontakt)
    ablauf.freigeben(fragebogen=bogen, durch=buergermeister, **WANN)

    with pytest.raises(ValidationError, match=r"schon freigegeben .*Verwaltungsspitze"):
        ablauf.freigeben(fragebogen=bogen, durch=kontakt, **WANN)

    assert len(wechsel(bogen)) == 1


@pytest.mark.parametrize("status", [ErhebungStatus.AUSWERTUNG, ErhebungStatus.ABGESCHLOSSEN])
def test_nothing_is_written_outside_of_a_running_round(
    bogen: Fragebogen, buergermeister: Konto, status: ErhebungStatus
) -> None:
    Erhebung.objects.filter(pk=bogen.erhebung_id).update(status=status)

    for tun in (ablauf.freigeben, ablauf.unveraendert, ablauf.rest_gilt_noch):
        with pytest.raises(ValidationError, match="läuft nicht"):
            tun(fragebogen=bogen, durch=buergermeister, **WANN)


def test_unveraendert_finishes_the_round_at_once(bogen: Fragebogen, buergermeister: Konto) -> None:
    FragebogenantwortFactory.create_batch(2, fragebogen=bogen)
    FragebogenantwortFactory(
        fragebogen=bogen, art=AntwortArt.INTERESSE, kooperation=None, aufgabenfeld=AufgabenfeldFactory()
    )

    ablauf.unveraendert(fragebogen=bogen, durch=buergermeister, **WANN)

    bogen.refresh_from_db()
    assert bogen.status == FragebogenStatus.FREIGEGEBEN
    assert list(bogen.antworten.values_list("aussage", "bearbeitet_durch", "bearbeitet_am")) == [
        (Aussage.GILT_NOCH, buergermeister.pk, JETZT),
        (Aussage.GILT_NOCH, buergermeister.pk, JETZT),
        (Aussage.OFFEN, None, None),
    ]
    assert wechsel(bogen) == [("offen", "freigegeben", buergermeister, None, "alles unverändert")]


def test_unveraendert_by_a_deputy_is_on_record_with_both(
    bogen: Fragebogen, buergermeister: Konto, fremder_kontakt: Konto
) -> None:
    VertretungFactory(vertretener=buergermeister, vertreter=fremder_kontakt)
    FragebogenantwortFactory(fragebogen=bogen)

    with protokoll.umstaende(quelle="/", konto=fremder_kontakt.pk):
        ablauf.unveraendert(fragebogen=bogen, durch=fremder_kontakt, **WANN)

    eintraege = Aenderung.objects.filter(art="aenderung", tabelle=Fragebogenantwort._meta.db_table)
    assert [(eine.konto, eine.fuer) for eine in eintraege] == [(fremder_kontakt, buergermeister)]


@pytest.mark.parametrize("aussage", [Aussage.GEAENDERT, Aussage.BEENDET])
def test_unveraendert_is_refused_where_a_change_is_written(
    bogen: Fragebogen, buergermeister: Konto, aussage: Aussage
) -> None:
    FragebogenantwortFactory(fragebogen=bogen, aussage=aussage, kooperation__bezeichnung="Rechtsamt")
    offene = FragebogenantwortFactory(fragebogen=bogen)

    with pytest.raises(ValidationError, match="schon Änderungen: „Rechtsamt“"):
        ablauf.unveraendert(fragebogen=bogen, durch=buergermeister, **WANN)

    offene.refresh_from_db()
    assert offene.aussage == Aussage.OFFEN


def test_released_answers_stay_also_for_raw_sql(bogen: Fragebogen, buergermeister: Konto) -> None:
    antwort = FragebogenantwortFactory(fragebogen=bogen)
    ablauf.unveraendert(fragebogen=bogen, durch=buergermeister, **WANN)

    with pytest.raises(Error, match="freigegebener Fragebogen"), transaction.atomic():
        Fragebogenantwort.objects.filter(pk=antwort.pk).update(aussage=Aussage.BEENDET)
    with pytest.raises(ValidationError, match="schon freigegeben"):
        ablauf.rest_gilt_noch(fragebogen=bogen, durch=buergermeister, **WANN)


def test_rest_gilt_noch_leaves_what_is_answered(bogen: Fragebogen, kontakt: Konto) -> None:
    FragebogenantwortFactory(fragebogen=bogen, aussage=Aussage.BEENDET)
    FragebogenantwortFactory.create_batch(2, fragebogen=bogen)

    anzahl = ablauf.rest_gilt_noch(fragebogen=bogen, durch=kontakt, **WANN)

    assert anzahl == 2
    assert list(bogen.antworten.values_list("aussage", flat=True)) == ["beendet", "gilt_noch", "gilt_noch"]
    assert wechsel(bogen) == [("offen", "in_bearbeitung", kontakt, None, "")]


# --- handed to the head -----------------------------------------------------------------------------------------------
def test_vorlegen_writes_to_the_head_and_the_deputy(bogen: Fragebogen, kontakt: Konto, buergermeister: Konto) -> None:
    vertreter = VertretungFactory(vertretener=buergermeister).vertreter

    ablauf.vorlegen(fragebogen=bogen, durch=kontakt, heute=HEUTE)

    betreff = "Zur Freigabe: Fragebogen Musterstadt"
    assert sorted(post()) == sorted([(buergermeister.email, betreff), (vertreter.email, betreff)])
    bogen.refresh_from_db()
    assert bogen.status == FragebogenStatus.IN_BEARBEITUNG


def test_vorlegen_where_nobody_can_release_says_so(bogen: Fragebogen, kontakt: Konto) -> None:
    with pytest.raises(ValidationError, match="Für Musterstadt hat niemand ein Konto"):
        ablauf.vorlegen(fragebogen=bogen, durch=kontakt, heute=HEUTE)

    bogen.refresh_from_db()
    assert bogen.status == FragebogenStatus.OFFEN


# --- on paper ---------------------------------------------------------------------------------------------------------
def test_papier_is_said_everywhere(bogen: Fragebogen, geschaeftsstelle: Konto) -> None:
    vermerk = "Brief vom 12.05.2026"
    ablauf.papier_erfassen(fragebogen=bogen, vermerk=f" {vermerk} ", durch=geschaeftsstelle, heute=HEUTE)

    ablauf.unveraendert(fragebogen=bogen, durch=geschaeftsstelle, **WANN)

    bogen.refresh_from_db()
    assert (bogen.papier_vermerk, bogen.freigegeben_durch) == (vermerk, geschaeftsstelle)
    assert wechsel(bogen) == [
        ("offen", "in_bearbeitung", geschaeftsstelle, None, f"Rückmeldung auf Papier: {vermerk}"),
        (
            "in_bearbeitung",
            "freigegeben",
            geschaeftsstelle,
            None,
            f"alles unverändert; Rückmeldung auf Papier: {vermerk}",
        ),
    ]


def test_papier_only_before_the_kommune_began(bogen: Fragebogen, geschaeftsstelle: Konto, kontakt: Konto) -> None:
    ablauf.stelle_nennen(fragebogen=bogen, version=1, stelle="Hauptamt", durch=kontakt, heute=HEUTE)

    with pytest.raises(ValidationError, match="inzwischen selbst begonnen"):
        ablauf.papier_erfassen(fragebogen=bogen, vermerk="Brief", durch=geschaeftsstelle, heute=HEUTE)

    bogen.refresh_from_db()
    assert bogen.papier_vermerk == ""


def test_papier_that_is_given_back_is_the_kommunes_own(bogen: Fragebogen, geschaeftsstelle: Konto) -> None:
    ablauf.papier_erfassen(fragebogen=bogen, vermerk="Brief", durch=geschaeftsstelle, heute=HEUTE)
    ablauf.rest_gilt_noch(fragebogen=bogen, durch=geschaeftsstelle, heute=HEUTE, jetzt=timezone.now())
    ablauf.freigeben(fragebogen=bogen, durch=geschaeftsstelle, heute=HEUTE, jetzt=timezone.now())
    zurueck = ablauf.zurueckgeben(fragebogen=bogen, grund="Eine Frage fehlt.", durch=geschaeftsstelle, heute=HEUTE)
    assert zurueck.papier_vermerk == ""
    assert not darf_antworten_sehen(geschaeftsstelle, zurueck)


def test_papier_needs_a_note(bogen: Fragebogen, geschaeftsstelle: Konto) -> None:
    with pytest.raises(ValidationError, match="wann und wie"):
        ablauf.papier_erfassen(fragebogen=bogen, vermerk="  ", durch=geschaeftsstelle, heute=HEUTE)


# --- given back -------------------------------------------------------------------------------------------------------
def test_zurueckgeben_opens_it_again_and_drops_the_decisions(
    kommune: Kommune, kontakt: Konto, buergermeister: Konto, geschaeftsstelle: Konto
) -> None:
    bogen = FragebogenFactory(kommune=kommune)
    antwort = FragebogenantwortFactory(fragebogen=bogen)
    ablauf.unveraendert(fragebogen=bogen, durch=buergermeister, **WANN)
    Pruefung.objects.create(antwort=antwort, entscheidung=Entscheidung.ANGENOMMEN)
    Postausgang.objects.all().delete()

    ablauf.zurueckgeben(fragebogen=bogen, grund=" Die Rechtsform fehlt. ", durch=geschaeftsstelle, heute=HEUTE)

    bogen.refresh_from_db()
    assert (bogen.status, bogen.freigegeben_am, bogen.freigegeben_durch) == ("in_bearbeitung", None, None)
    assert not Pruefung.objects.exists()
    assert wechsel(bogen)[-1] == ("freigegeben", "in_bearbeitung", geschaeftsstelle, None, "Die Rechtsform fehlt.")
    betreff = "Fragebogen Musterstadt zurück an Sie"
    assert sorted(post()) == sorted([(kontakt.email, betreff), (buergermeister.email, betreff)])
    assert "Die Rechtsform fehlt." in Postausgang.objects.first().text
    assert ablauf.freigeben(fragebogen=bogen, durch=buergermeister, **WANN).status == FragebogenStatus.FREIGEGEBEN


@pytest.mark.parametrize(
    "status",
    [FragebogenStatus.OFFEN, FragebogenStatus.IN_BEARBEITUNG, FragebogenStatus.GEPRUEFT, FragebogenStatus.UEBERNOMMEN],
)
def test_zurueckgeben_only_what_is_released(
    kommune: Kommune, geschaeftsstelle: Konto, status: FragebogenStatus
) -> None:
    seit = None if status in {"offen", "in_bearbeitung"} else JETZT
    bogen = FragebogenFactory(kommune=kommune, status=status, freigegeben_am=seit)

    with pytest.raises(ValidationError, match="nur ein freigegebener Fragebogen"):
        ablauf.zurueckgeben(fragebogen=bogen, grund="So nicht.", durch=geschaeftsstelle, heute=HEUTE)


def test_zurueckgeben_needs_a_reason_and_a_running_round(kommune: Kommune, geschaeftsstelle: Konto) -> None:
    bogen = FragebogenFactory(kommune=kommune, freigegeben=True)
    with pytest.raises(ValidationError, match="nennen Sie den Grund"):
        ablauf.zurueckgeben(fragebogen=bogen, grund=" ", durch=geschaeftsstelle, heute=HEUTE)
    Erhebung.objects.filter(pk=bogen.erhebung_id).update(status=ErhebungStatus.AUSWERTUNG)

    with pytest.raises(ValidationError, match="läuft nicht"):
        ablauf.zurueckgeben(fragebogen=bogen, grund="So nicht.", durch=geschaeftsstelle, heute=HEUTE)


def test_stelle_by_a_deputy_is_on_record_with_both(
    bogen: Fragebogen, buergermeister: Konto, fremder_kontakt: Konto
) -> None:
    VertretungFactory(vertretener=buergermeister, vertreter=fremder_kontakt)

    ablauf.stelle_nennen(
        fragebogen=bogen, version=1, stelle="  Haupt-\n und  Personalamt ", durch=fremder_kontakt, heute=HEUTE
    )

    bogen.refresh_from_db()
    assert bogen.stelle == "Haupt- und Personalamt"
    assert wechsel(bogen) == [("offen", "in_bearbeitung", fremder_kontakt, buergermeister, "")]
    assert Aenderung.objects.filter(tabelle="bestandsaufnahme_fragebogen", stand__stelle=bogen.stelle).exists()
