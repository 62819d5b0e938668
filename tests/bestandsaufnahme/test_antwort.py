"""Answering one question: what is stored of which answer, what is refused, several people at once, handing over."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from bestandsaufnahme.ablaeufe import antwort as ablauf
from bestandsaufnahme.ablaeufe import fragebogen as fragebogen_ablauf
from bestandsaufnahme.ablaeufe.antwort import AntwortAngaben, InteresseAngaben
from bestandsaufnahme.auswahl import AntwortArt, Aussage, FragebogenStatus
from bestandsaufnahme.models import Fragebogen, Fragebogenantwort
from ikz_portal.basis.models import Aenderung, Postausgang
from ikz_portal.basis.rueckblick import Veraltet
from kommunen.models import Kommune, Konto
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    ErhebungFactory,
    FragebogenantwortFactory,
    FragebogenFactory,
    KooperationsfeldFactory,
)
from tests.fabriken.kommunen import KontoFactory, VertretungFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

HEUTE = date(2026, 11, 22)
JETZT = datetime(2026, 11, 22, 9, tzinfo=UTC)
WANN: dict[str, Any] = {"heute": HEUTE, "jetzt": JETZT}
GEAENDERT: dict[str, Any] = {
    "aussage": Aussage.GEAENDERT,
    "bezeichnung": "Postverbund Süd",
    "status": "besteht",
    "rolle": "federfuehrend",
    "rechtsform": "zv",
}
ERWOGEN: dict[str, Any] = {
    "aussage": Aussage.NEU,
    "bezeichnung": "Gemeinsamer Bauhof",
    "status": "erwogen",
    "rolle": "beteiligt",
    "rechtsform": "unbekannt",
    "angaben": {"jahr": 2019, "grund": "zu teuer", "hemmnisse": ["SG04"], "wiedervorlage": "2028-01-01"},
}


@pytest.fixture
def bogen(kommune: Kommune) -> Fragebogen:
    return FragebogenFactory(
        kommune=kommune, erhebung=ErhebungFactory(laufend=True, fragen=["kosten", "hemmnisse", "arbeitsgruppe"])
    )


@pytest.fixture
def antwort(bogen: Fragebogen) -> Fragebogenantwort:
    return FragebogenantwortFactory(fragebogen=bogen, kooperation__bezeichnung="Postverbund")


def speichern(antwort: Fragebogenantwort, durch: Konto, version: int = 1, **angaben: Any) -> Fragebogenantwort:
    return ablauf.speichern(antwort=antwort, version=version, angaben=AntwortAngaben(**angaben), durch=durch, **WANN)


# --- what is stored ---------------------------------------------------------------------------------------------------
def test_speichern_keeps_who_and_when_and_begins(antwort: Fragebogenantwort, kontakt: Konto) -> None:
    gespeichert = speichern(antwort, kontakt, aussage=Aussage.GILT_NOCH, angaben={"kosten": "je Einwohner"})

    assert (gespeichert.aussage, gespeichert.angaben, gespeichert.version) == (
        Aussage.GILT_NOCH,
        {"kosten": "je Einwohner"},
        2,
    )
    assert (gespeichert.bearbeitet_durch, gespeichert.bearbeitet_am) == (kontakt, JETZT)
    antwort.fragebogen.refresh_from_db()
    assert antwort.fragebogen.status == FragebogenStatus.IN_BEARBEITUNG


def test_speichern_geaendert_holds_the_new_description(antwort: Fragebogenantwort, kontakt: Konto) -> None:
    gespeichert = speichern(antwort, kontakt, **GEAENDERT, ab=date(2026, 3, 1))

    gespeichert.refresh_from_db()
    assert {name: getattr(gespeichert, name) for name in ("ab", *GEAENDERT)} == {"ab": date(2026, 3, 1), **GEAENDERT}


@pytest.mark.parametrize("feld", ["bezeichnung", "status", "rolle", "rechtsform"])
def test_speichern_geaendert_needs_the_whole_description(antwort: Fragebogenantwort, kontakt: Konto, feld: str) -> None:
    with pytest.raises(ValidationError) as fehler:
        speichern(antwort, kontakt, **{**GEAENDERT, feld: ""})

    assert list(fehler.value.message_dict) == [feld]


def test_speichern_beendet_forgets_a_former_change(antwort: Fragebogenantwort, kontakt: Konto) -> None:
    speichern(antwort, kontakt, **GEAENDERT)

    gespeichert = speichern(
        antwort, kontakt, version=2, **{**GEAENDERT, "aussage": "beendet"}, ab=date(2026, 1, 1), angaben={"grund": "x"}
    )

    assert (gespeichert.ab, gespeichert.status, gespeichert.bezeichnung, gespeichert.angaben) == (
        date(2026, 1, 1),
        "",
        "",
        {"grund": "x"},
    )


def test_speichern_refuses_a_question_that_was_not_chosen(antwort: Fragebogenantwort, kontakt: Konto) -> None:
    with pytest.raises(ValidationError, match="stellt die Erhebung nicht"):
        speichern(antwort, kontakt, aussage=Aussage.GILT_NOCH, angaben={"personal": "2"})

    antwort.refresh_from_db()
    assert (antwort.aussage, antwort.angaben) == (Aussage.OFFEN, {})


@pytest.mark.parametrize("aussage", [Aussage.NEU, Aussage.JA, Aussage.BEANTWORTET, "erfunden"])
def test_speichern_refuses_what_the_question_does_not_offer(
    antwort: Fragebogenantwort, kontakt: Konto, aussage: str
) -> None:
    with pytest.raises(ValidationError):
        speichern(antwort, kontakt, **{**GEAENDERT, "aussage": aussage})


def test_speichern_by_a_deputy_is_on_record_with_both(
    antwort: Fragebogenantwort, buergermeister: Konto, fremder_kontakt: Konto
) -> None:
    VertretungFactory(vertretener=buergermeister, vertreter=fremder_kontakt)

    gespeichert = speichern(antwort, fremder_kontakt, aussage=Aussage.GILT_NOCH)

    assert gespeichert.bearbeitet_durch == fremder_kontakt
    assert antwort.fragebogen.kommune == buergermeister.kommune


# --- several people at once -------------------------------------------------------------------------------------------
def test_speichern_of_an_older_version_overwrites_nothing(
    antwort: Fragebogenantwort, kontakt: Konto, buergermeister: Konto
) -> None:
    speichern(antwort, kontakt, aussage=Aussage.BEENDET)

    with pytest.raises(Veraltet):
        speichern(antwort, buergermeister, aussage=Aussage.GILT_NOCH)
    with pytest.raises(Veraltet):
        ablauf.gilt_noch(antwort=antwort, version=1, durch=buergermeister, **WANN)

    antwort.refresh_from_db()
    assert (antwort.aussage, antwort.bearbeitet_durch) == (Aussage.BEENDET, kontakt)


def test_two_people_answer_two_questions(antwort: Fragebogenantwort, kontakt: Konto, buergermeister: Konto) -> None:
    andere = FragebogenantwortFactory(fragebogen=antwort.fragebogen)

    speichern(antwort, kontakt, aussage=Aussage.GILT_NOCH)
    speichern(andere, buergermeister, aussage=Aussage.BEENDET)

    assert list(antwort.fragebogen.antworten.values_list("aussage", "bearbeitet_durch")) == [
        (Aussage.GILT_NOCH, kontakt.pk),
        (Aussage.BEENDET, buergermeister.pk),
    ]


def test_speichern_after_the_release_is_refused(
    antwort: Fragebogenantwort, kontakt: Konto, buergermeister: Konto
) -> None:
    fragebogen_ablauf.unveraendert(fragebogen=antwort.fragebogen, durch=buergermeister, **WANN)

    with pytest.raises(ValidationError, match="schon freigegeben"):
        speichern(antwort, kontakt, version=2, aussage=Aussage.BEENDET)


# --- gilt noch, by one click ------------------------------------------------------------------------------------------
def test_gilt_noch_keeps_the_answers_of_the_catalogue(antwort: Fragebogenantwort, kontakt: Konto) -> None:
    speichern(antwort, kontakt, aussage=Aussage.BEENDET, angaben={"kosten": "5 EUR", "grund": "zu teuer"})
    antwort.refresh_from_db()

    gespeichert = ablauf.gilt_noch(antwort=antwort, version=2, durch=kontakt, **WANN)

    assert (gespeichert.aussage, gespeichert.ab, gespeichert.angaben) == ("gilt_noch", None, {"kosten": "5 EUR"})


def test_gilt_noch_is_for_running_cooperations(bogen: Fragebogen, kontakt: Konto) -> None:
    frage = FragebogenantwortFactory(
        fragebogen=bogen, art=AntwortArt.ALLGEMEIN, kooperation=None, schluessel="arbeitsgruppe"
    )
    with pytest.raises(ValidationError, match="laufenden Kooperation"):
        ablauf.gilt_noch(antwort=frage, version=1, durch=kontakt, **WANN)


# --- new and considered -----------------------------------------------------------------------------------------------
def test_hinzufuegen_of_what_was_considered(bogen: Fragebogen, kontakt: Konto) -> None:
    feld = KooperationsfeldFactory()

    neue = ablauf.hinzufuegen(
        fragebogen=bogen, angaben=AntwortAngaben(**ERWOGEN, kooperationsfeld=feld), durch=kontakt, **WANN
    )

    neue.refresh_from_db()
    assert (neue.art, neue.aussage, neue.aufgabenfeld, neue.kooperationsfeld, neue.angaben) == (
        AntwortArt.NEU,
        Aussage.NEU,
        feld.aufgabenfeld,
        feld,
        ERWOGEN["angaben"],
    )


def test_hinzufuegen_with_a_field_of_its_own(bogen: Fragebogen, kontakt: Konto) -> None:
    oben = AufgabenfeldFactory()
    angaben = AntwortAngaben(**{**ERWOGEN, "status": "besteht"}, aufgabenfeld=oben, feldvorschlag="Winterdienst")

    neue = ablauf.hinzufuegen(fragebogen=bogen, angaben=angaben, durch=kontakt, **WANN)

    assert (neue.kooperationsfeld, neue.feldvorschlag) == (None, "Winterdienst")
    assert neue.angaben == {"hemmnisse": ["SG04"]}  # a question of the round; the rest belongs to what failed


@pytest.mark.parametrize(
    ("geaendert", "fehlt"),
    [
        ({"angaben": {"grund": "x"}}, "jahr"),
        ({"angaben": {"jahr": 2019}}, "grund"),
        ({"bezeichnung": ""}, "bezeichnung"),
        ({"kooperationsfeld": None}, "feld"),
    ],
)
def test_hinzufuegen_names_what_is_missing(
    bogen: Fragebogen, kontakt: Konto, geaendert: dict[str, Any], fehlt: str
) -> None:
    angaben = AntwortAngaben(**{**ERWOGEN, "kooperationsfeld": KooperationsfeldFactory(), **geaendert})

    with pytest.raises(ValidationError) as fehler:
        ablauf.hinzufuegen(fragebogen=bogen, angaben=angaben, durch=kontakt, **WANN)

    assert list(fehler.value.message_dict) == [fehlt]
    assert not bogen.antworten.exists()


def test_hinzufuegen_without_a_name_of_the_field(bogen: Fragebogen, kontakt: Konto) -> None:
    with pytest.raises(ValidationError, match="das neue Kooperationsfeld"):
        ablauf.hinzufuegen(
            fragebogen=bogen,
            angaben=AntwortAngaben(**ERWOGEN, aufgabenfeld=AufgabenfeldFactory()),
            durch=kontakt,
            **WANN,
        )


def test_loeschen_takes_back_only_what_was_added(antwort: Fragebogenantwort, kontakt: Konto) -> None:
    neue = FragebogenantwortFactory(
        fragebogen=antwort.fragebogen, art=AntwortArt.NEU, kooperation=None, aussage="neu", bezeichnung="Bauhof"
    )
    with pytest.raises(ValidationError, match="selbst hinzugefügt"):
        ablauf.loeschen(antwort=antwort, version=1, durch=kontakt, heute=HEUTE)
    with pytest.raises(ValidationError, match="inzwischen geändert"):
        ablauf.loeschen(antwort=neue, version=7, durch=kontakt, heute=HEUTE)

    ablauf.loeschen(antwort=neue, version=1, durch=kontakt, heute=HEUTE)

    assert list(antwort.fragebogen.antworten.all()) == [antwort]
    with pytest.raises(ValidationError, match="inzwischen gelöscht"):
        ablauf.loeschen(antwort=neue, version=1, durch=kontakt, heute=HEUTE)


# --- handing over -----------------------------------------------------------------------------------------------------
def test_uebergeben_tells_the_colleague(antwort: Fragebogenantwort, kontakt: Konto, buergermeister: Konto) -> None:
    uebergeben = ablauf.uebergeben(antwort=antwort, an=kontakt, durch=buergermeister, heute=HEUTE)

    (brief,) = Postausgang.objects.all()
    assert (uebergeben.zustaendig, brief.an) == (kontakt, kontakt.email)
    weg = f"/bestandsaufnahme/erhebungen/{antwort.fragebogen.erhebung_id}/{kontakt.kommune.ags}/antworten/{antwort.pk}/"
    assert weg in brief.text
    antwort.refresh_from_db()
    assert antwort.version == 1  # who has it is no answer: nobody's form gets old by it


def test_uebergeben_the_same_again_writes_no_second_mail(
    antwort: Fragebogenantwort, kontakt: Konto, buergermeister: Konto
) -> None:
    for _ in range(2):
        ablauf.uebergeben(antwort=antwort, an=kontakt, durch=buergermeister, heute=HEUTE)
    ablauf.uebergeben(antwort=antwort, an=None, durch=buergermeister, heute=HEUTE)
    ablauf.uebergeben(antwort=antwort, an=buergermeister, durch=buergermeister, heute=HEUTE)

    assert Postausgang.objects.count() == 1


def test_uebergeben_not_to_strangers_or_those_who_left(
    antwort: Fragebogenantwort, kommune: Kommune, kontakt: Konto, fremder_kontakt: Konto, geschaeftsstelle: Konto
) -> None:
    gegangen = KontoFactory(kommune=kommune, is_active=False)
    lesend = KontoFactory(kommune=kommune, rolle="lesen")

    for an in (fremder_kontakt, geschaeftsstelle, gegangen, lesend):
        with pytest.raises(ValidationError, match="arbeitet nicht mehr für Musterstadt"):
            ablauf.uebergeben(antwort=antwort, an=an, durch=kontakt, heute=HEUTE)


def test_uebergeben_is_done_when_that_person_answers(
    antwort: Fragebogenantwort, kontakt: Konto, buergermeister: Konto
) -> None:
    ablauf.uebergeben(antwort=antwort, an=kontakt, durch=buergermeister, heute=HEUTE)
    assert speichern(antwort, buergermeister, aussage=Aussage.GILT_NOCH).zustaendig == kontakt

    assert speichern(antwort, kontakt, version=2, aussage=Aussage.GILT_NOCH).zustaendig is None


# --- all interests on one page ----------------------------------------------------------------------------------------
@pytest.fixture
def interessen(bogen: Fragebogen) -> list[Fragebogenantwort]:
    felder = [AufgabenfeldFactory() for _ in range(3)]
    return [
        FragebogenantwortFactory(fragebogen=bogen, art=AntwortArt.INTERESSE, kooperation=None, aufgabenfeld=feld)
        for feld in felder
    ]


def zeile(antwort: Fragebogenantwort, version: int = 1, aussage: str = "offen", **mehr: Any) -> InteresseAngaben:
    return InteresseAngaben(
        pk=antwort.pk,
        version=version,
        aussage=aussage,
        erlaeuterung=mehr.get("erlaeuterung", ""),
        angaben=mehr.get("angaben", {}),
    )


def test_interessen_speichern_writes_the_changed_rows_alone(
    bogen: Fragebogen, interessen: list[Fragebogenantwort], kontakt: Konto
) -> None:
    erste, zweite, dritte = interessen
    zeilen = [
        zeile(erste, aussage="bedingt", erlaeuterung="nur mit Personal", angaben={"prioritaet": "hoch"}),
        zeile(zweite),
        zeile(dritte, aussage="nein"),
    ]

    anzahl = ablauf.interessen_speichern(fragebogen=bogen, zeilen=zeilen, durch=kontakt, **WANN)

    assert anzahl == 2
    werte = bogen.antworten.values_list("aussage", "erlaeuterung", "angaben", "version")
    assert list(werte) == [
        ("bedingt", "nur mit Personal", {"prioritaet": "hoch"}, 2),
        ("offen", "", {}, 1),
        ("nein", "", {}, 2),
    ]
    assert interessen[0].aufgabenfeld == bogen.antworten.first().aufgabenfeld


def test_interessen_speichern_of_an_older_version_writes_nothing(
    bogen: Fragebogen, interessen: list[Fragebogenantwort], kontakt: Konto, buergermeister: Konto
) -> None:
    erste, zweite, _ = interessen
    ablauf.interessen_speichern(fragebogen=bogen, zeilen=[zeile(erste, aussage="ja")], durch=kontakt, **WANN)

    with pytest.raises(Veraltet):
        ablauf.interessen_speichern(
            fragebogen=bogen,
            zeilen=[zeile(zweite, aussage="ja"), zeile(erste, aussage="nein")],
            durch=buergermeister,
            **WANN,
        )

    assert list(bogen.antworten.values_list("aussage", flat=True)) == ["ja", "offen", "offen"]


def test_interessen_speichern_unchanged_is_nothing_at_all(
    bogen: Fragebogen, interessen: list[Fragebogenantwort], kontakt: Konto
) -> None:
    vorher = Aenderung.objects.count()

    assert ablauf.interessen_speichern(fragebogen=bogen, zeilen=[zeile(interessen[0])], durch=kontakt, **WANN) == 0

    bogen.refresh_from_db()
    assert (bogen.status, Aenderung.objects.count()) == (FragebogenStatus.OFFEN, vorher)
