"""A Projektidee out of declarations of interest: what is carried over, what is refused, who is told, what shows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection

from bestandsaufnahme.ablaeufe import interesse_aenderung
from bestandsaufnahme.auswahl import BeteiligungStatus, Stufe
from ikz_portal.basis.models import Statuswechsel
from kommunen.auswahl import Meldeanlass
from kommunen.models import Meldung
from projekte.abfragen.versuche import versuche
from projekte.ablaeufe import starthilfe as ablauf
from projekte.auswahl import ProjektStatus
from projekte.models import Projekt, Starthilfe
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BeteiligungFactory,
    InteressenbekundungFactory,
    KooperationFactory,
    KooperationsfeldFactory,
)
from tests.fabriken.kommunen import KontoFactory
from tests.fabriken.projekte import ProjektFactory, StarthilfeFactory

pytestmark = pytest.mark.django_db
HEUTE = date(2026, 6, 1)


@pytest.fixture
def feld():
    return AufgabenfeldFactory(name="Bauhof", slug="bauhof")


@pytest.fixture
def interesse(feld, kommune, kontakt):
    return InteressenbekundungFactory(
        aufgabenfeld=feld, kommune=kommune, durch=kontakt, stufe=Stufe.FEDERFUEHRUNG, wofuer="Geräte teilen"
    )


@pytest.fixture
def anderes(feld, andere_kommune, fremder_kontakt):
    teil = KooperationsfeldFactory(aufgabenfeld=feld, name="Winterdienst")
    felder = {"aufgabenfeld": None, "kooperationsfeld": teil, "kommune": andere_kommune, "durch": fremder_kontakt}
    return InteressenbekundungFactory(**felder, abgegeben_am=date(2023, 1, 2))


@pytest.fixture
def beginnen(feld, geschaeftsstelle):
    def tun(*interessen, **andere):
        werte = {
            "name": "Gemeinsamer Bauhof",
            "kurzbeschreibung": "Geräte teilen.",
            "aufgabenfeld": feld,
            "interessen": list(interessen),
            "kontakte": {},
            "gelesene": [],
            "herkunft": "",
            "durch": geschaeftsstelle,
            "heute": HEUTE,
        }
        return ablauf.beginnen(**{**werte, **andere})

    return tun


def gescheiterte(feld, **felder):
    werte = {"bezeichnung": "Gerätepool", "gescheitert_jahr": 2015, "gescheitert_grund": "Der Weg war zu weit."}
    kooperation = KooperationFactory(kooperationsfeld__aufgabenfeld=feld, **{**werte, **felder})
    BeteiligungFactory(kooperation=kooperation, status=BeteiligungStatus.ERWOGEN)
    return kooperation


def eingestelltes(feld):
    projekt = ProjektFactory(aufgabenfeld=feld, name="Fuhrpark", status=ProjektStatus.EINGESTELLT)
    Statuswechsel.objects.create(objekt=projekt, nach="eingestellt", gueltig_ab=date(2021, 3, 1), grund="Kein Geld.")
    return projekt


def schluessel(feld, durch):
    return [versuch.schluessel for versuch in versuche(feld, konto=durch, heute=HEUTE)]


# --- what is carried over ---------------------------------------------------------------------------------------------
def test_idea_carries_over_participants_contacts_and_sources(beginnen, interesse, anderes, kontakt, geschaeftsstelle):
    projekt = beginnen(interesse, anderes, kontakte={interesse.pk: kontakt, anderes.pk: None}, herkunft="Gründe: nah")
    projekt.refresh_from_db()
    assert (projekt.name, projekt.status, projekt.veroeffentlicht) == ("Gemeinsamer Bauhof", "idee", False)
    assert projekt.aufgabenfeld == interesse.aufgabenfeld
    assert [(s.interesse, s.kontakt, s.am) for s in projekt.starthilfen.all()] == [
        (interesse, kontakt, HEUTE),
        (anderes, None, HEUTE),
    ]
    assert projekt.quelle == (
        "Entstanden aus Interessenbekundungen:\n"
        "Musterstadt: Kooperationswille zu „Bauhof“, würde federführen, abgegeben am 19.05.2022\n"
        "Nachbarstadt: Kooperationswille zu „Winterdienst“, hat Interesse, abgegeben am 02.01.2023\n"
        "Gründe: nah"
    )
    wechsel = Statuswechsel.objects.get(nach="idee")
    assert (wechsel.durch, wechsel.gueltig_ab) == (geschaeftsstelle, HEUTE)
    assert wechsel.grund == (
        "Aus 2 Interessenbekundungen. Ein früherer gescheiterter Versuch in diesem Feld ist nicht bekannt."
    )


def test_idea_is_an_example_when_one_declaration_is(beginnen, feld, interesse):
    beispiel = InteressenbekundungFactory(aufgabenfeld=feld, beispiel=True)
    assert not beginnen(interesse).beispiel
    assert beginnen(interesse, beispiel, name="Anderer").beispiel


def test_same_declaration_named_twice_counts_once(beginnen, interesse):
    assert beginnen(interesse, interesse).starthilfen.count() == 1


def test_authors_and_contacts_are_told(beginnen, interesse, anderes, kontakt, fremder_kontakt):
    ansprechperson = KontoFactory(kommune=interesse.kommune)
    interesse.kontakt = ansprechperson
    interesse.save()
    projekt = beginnen(interesse, anderes)
    gemeldet = Meldung.objects.filter(anlass=Meldeanlass.PROJEKTIDEE).values_list("konto", "bezug")
    assert set(gemeldet) == {
        (kontakt.pk, f"{projekt.pk}:{interesse.pk}"),
        (ansprechperson.pk, f"{projekt.pk}:{interesse.pk}"),
        (fremder_kontakt.pk, f"{projekt.pk}:{anderes.pk}"),
    }


# --- what must be read ------------------------------------------------------------------------------------------------
def test_failed_attempts_must_be_read(beginnen, interesse, feld, geschaeftsstelle):
    gescheiterte(feld)
    eingestelltes(feld)
    with pytest.raises(ValidationError) as fehler:
        beginnen(interesse)
    assert fehler.value.message_dict == {
        "gelesene": [
            "Bitte lesen Sie zuerst, woran es früher scheiterte, und bestätigen Sie es: „Gerätepool“ und „Fuhrpark“."
        ]
    }
    assert not Starthilfe.objects.exists()
    projekt = beginnen(interesse, gelesene=schluessel(feld, geschaeftsstelle))
    assert Statuswechsel.objects.get(objekt_id=projekt.pk, nach="idee").grund == (
        "Aus 1 Interessenbekundung. Gelesen, woran es früher scheiterte: "
        "„Gerätepool“ (Kooperation, 2015 nicht zustande gekommen) und „Fuhrpark“ (Projekt, eingestellt am 01.03.2021)."
    )


def test_attempt_that_came_up_meanwhile_must_be_read_too(beginnen, interesse, feld, geschaeftsstelle):
    gescheiterte(feld)
    gelesene = schluessel(feld, geschaeftsstelle)
    eingestelltes(feld)
    with pytest.raises(ValidationError, match="„Fuhrpark“"):
        beginnen(interesse, gelesene=gelesene)
    assert Projekt.objects.count() == 1


def test_projekt_that_failed_again_must_be_read_again(beginnen, interesse, feld, geschaeftsstelle):
    projekt = eingestelltes(feld)
    gelesene = schluessel(feld, geschaeftsstelle)
    Statuswechsel.objects.create(objekt=projekt, nach="eingestellt", gueltig_ab=date(2025, 3, 1), grund="Wieder.")
    with pytest.raises(ValidationError, match="„Fuhrpark“"):
        beginnen(interesse, gelesene=gelesene)


def test_attempts_in_other_fields_need_not_be_read(beginnen, interesse):
    gescheiterte(AufgabenfeldFactory())
    eingestelltes(AufgabenfeldFactory())
    assert beginnen(interesse).status == "idee"


# --- what is refused --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("zustand", "satz"),
    [
        ({"entwurf": True}, "Eine der gewählten Interessenbekundungen ist nicht abgegeben."),
        ({"zurueckgezogen": True}, "Das Interesse von Musterstadt gilt nicht mehr: Es ist zurückgezogen."),
        ({"status": "abgelaufen"}, "Das Interesse von Musterstadt gilt nicht mehr: Es ist abgelaufen."),
        ({"gueltig_bis": date(2026, 5, 31)}, "Das Interesse von Musterstadt gilt nicht mehr: Es ist abgelaufen."),
        (
            {"unbestaetigt": True},
            "Das Interesse von Musterstadt zählt noch nicht: Es wartet auf die Bestätigung der Verwaltungsspitze.",
        ),
        (
            {"aufgabenfeld": None, "art": "info_austausch"},
            "Das Interesse von Musterstadt gilt nicht dem Aufgabenfeld „Bauhof“.",
        ),
    ],
)
def test_declaration_with_which_nothing_can_begin_is_refused(beginnen, feld, kommune, zustand, satz):
    interesse = InteressenbekundungFactory(**{"aufgabenfeld": feld, "kommune": kommune, **zustand})
    with pytest.raises(ValidationError) as fehler:
        beginnen(interesse)
    assert fehler.value.message_dict == {"interessen": [satz]}
    assert not Projekt.objects.exists()


def test_declaration_of_another_field_is_refused(beginnen, interesse):
    with pytest.raises(ValidationError, match="gilt nicht dem Aufgabenfeld"):
        beginnen(interesse, InteressenbekundungFactory())


def test_declaration_on_its_last_day_is_taken(beginnen, feld):
    assert beginnen(InteressenbekundungFactory(aufgabenfeld=feld, gueltig_bis=HEUTE)).status == "idee"


def test_nobody_and_nothing_left_is_refused(beginnen, interesse):
    with pytest.raises(ValidationError, match="mindestens eine Kommune"):
        beginnen()
    interesse.delete()
    interesse.pk = 4711
    with pytest.raises(ValidationError, match="gibt es nicht mehr"):
        beginnen(interesse)


@pytest.mark.parametrize(("wer", "eigene"), [({}, False), ({"lesend": True}, False), ({"is_active": False}, True)])
def test_contact_that_does_not_belong_to_the_kommune_is_refused(beginnen, interesse, wer, eigene):
    kommune = {"kommune": interesse.kommune} if eigene else {}
    with pytest.raises(ValidationError, match="Die Ansprechperson gehört nicht zu Musterstadt"):
        beginnen(interesse, kontakte={interesse.pk: KontoFactory(**wer, **kommune)})
    assert not Projekt.objects.exists()


def test_name_that_is_taken_is_refused_in_words(beginnen, interesse):
    ProjektFactory(name="gemeinsamer bauhof")
    with pytest.raises(ValidationError) as fehler:
        beginnen(interesse)
    assert fehler.value.message_dict == {"name": ["Ein Projekt mit diesem Namen gibt es schon."]}
    assert not Starthilfe.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_with_the_same_name_one_is_told(beginnen, interesse):
    gleichauf = Barrier(2)

    def tun(_):
        try:
            gleichauf.wait(timeout=30)
            beginnen(interesse)
        except ValidationError as fehler:
            return fehler.messages
        finally:
            connection.close()
        return []

    with ThreadPoolExecutor(2) as laeufer:
        ausgaenge = sorted(laeufer.map(tun, range(2)))
    assert ausgaenge == [[], ["Ein Projekt mit diesem Namen gibt es schon."]]
    assert (Projekt.objects.count(), Starthilfe.objects.count()) == (1, 1)


# --- the page of the Projekt ------------------------------------------------------------------------------------------
@pytest.fixture
def seite(verbund, client, angemeldet):
    def lesen(projekt, konto=None):
        antwort = (angemeldet(konto) if konto else client).get(f"/projekte/{projekt.slug}/")
        return antwort.context["aus_interessen"], antwort.content.decode()

    return lesen


def test_page_tells_the_stufe_of_then_and_the_contact(beginnen, seite, interesse, kontakt, lesend):
    with time_machine.travel(datetime(2026, 6, 1, 9, tzinfo=UTC), tick=False):
        projekt = beginnen(interesse, kontakte={interesse.pk: kontakt})
    for stunde, stufe in ((10, Stufe.INTERESSE), (11, Stufe.RESSOURCEN)):
        with time_machine.travel(datetime(2026, 6, 1, stunde, tzinfo=UTC), tick=False):
            interesse.refresh_from_db()
            inhalt = interesse_aenderung.Inhalt(stufe=stufe, wofuer="Geräte teilen")
            interesse_aenderung.aendern(
                interesse=interesse, version=interesse.version, inhalt=inhalt, durch=kontakt, heute=HEUTE
            )
    (zeile,), text = seite(projekt, lesend)
    assert (zeile.kommune, zeile.stufe, zeile.kontakt) == ("Musterstadt", "würde federführen", "Kontakt")
    assert "Aus diesen Interessen" in text


def test_change_before_counts_as_the_stufe_of_then(beginnen, seite, interesse, kontakt, lesend):
    interesse_aenderung.aendern(
        interesse=interesse,
        version=interesse.version,
        inhalt=interesse_aenderung.Inhalt(stufe=Stufe.RESSOURCEN, wofuer="Geräte teilen"),
        durch=kontakt,
        heute=HEUTE,
    )
    (zeile,), _ = seite(beginnen(interesse), lesend)
    assert zeile.stufe == "bringt Ressourcen ein"


def test_public_page_names_neither_declarations_nor_their_words(beginnen, seite, interesse, lesend):
    projekt = beginnen(interesse)
    Projekt.objects.update(veroeffentlicht=True)
    zeilen, text = seite(projekt)
    assert (zeilen, "Aus diesen Interessen" in text, "Musterstadt" in text) == ([], False, False)
    assert "Entstanden aus Interessenbekundungen" in seite(projekt, lesend)[1]


def test_public_still_reads_the_source_of_what_was_told(seite):
    assert "Vortrag 2022" in seite(ProjektFactory(veroeffentlicht=True, quelle="Vortrag 2022"))[1]


def test_source_does_not_make_the_idea_one_that_is_handed_down(beginnen, seite, interesse, lesend):
    assert "noch keine Antworten" in seite(beginnen(interesse), lesend)[1]


@pytest.mark.usefixtures("verbund")
@pytest.mark.parametrize("anzahl", [1, 3])
def test_page_needs_one_query_more_for_any_number(angemeldet, lesend, django_assert_num_queries, anzahl, feld):
    ohne, mit = ProjektFactory(aufgabenfeld=feld), ProjektFactory(aufgabenfeld=feld)
    for _ in range(anzahl):
        StarthilfeFactory(projekt=mit, kontakt=KontoFactory())
    client = angemeldet(lesend)
    client.get(f"/projekte/{ohne.slug}/")
    for projekt, erwartet in ((ohne, 12), (mit, 13)):
        with django_assert_num_queries(erwartet):
            client.get(f"/projekte/{projekt.slug}/")


@pytest.mark.usefixtures("verbund")
def test_verlauf_of_the_projekt_tells_of_it(beginnen, angemeldet, geschaeftsstelle, interesse, kontakt):
    projekt = beginnen(interesse, kontakte={interesse.pk: kontakt})
    text = angemeldet(geschaeftsstelle).get(f"/verlauf/projekt/{projekt.pk}/").content.decode()
    assert "Starthilfe" in text
    assert "Ansprechperson" in text
