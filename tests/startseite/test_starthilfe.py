"""The page that makes a Projektidee: what it begins with, what must be read, what comes of it."""

from datetime import date

import pytest
import time_machine

from bestandsaufnahme.auswahl import Stufe
from ikz_portal.startseite.abfragen.starthilfe import namensvorschlag
from projekte.auswahl import ProjektStatus
from projekte.models import Projekt
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    InteressenbekundungFactory,
    KooperationFactory,
    KooperationsfeldFactory,
)
from tests.fabriken.kommunen import KommuneFactory, KontoFactory
from tests.fabriken.projekte import ProjektFactory, StarthilfeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]
SEITE = "/aufgabenfelder/bauhof/projektidee/"


@pytest.fixture(autouse=True)
def am_tag():
    with time_machine.travel("2026-01-15", tick=False):
        yield


@pytest.fixture
def feld():
    return AufgabenfeldFactory(slug="bauhof", name="Bauhof")


@pytest.fixture
def interesse(feld, kommune, kontakt):
    werte = {"wofuer": "Geräte teilen", "bietet": "Kehrmaschine", "sucht": "Häcksler", "stufe": Stufe.FEDERFUEHRUNG}
    return InteressenbekundungFactory(aufgabenfeld=feld, kommune=kommune, durch=kontakt, **werte)


@pytest.fixture
def anderes(feld, andere_kommune):
    return InteressenbekundungFactory(aufgabenfeld=feld, kommune=andere_kommune, wofuer="Winterdienst")


@pytest.fixture
def stelle(angemeldet, geschaeftsstelle):
    return angemeldet(geschaeftsstelle)


def formular(client, frage=""):
    return client.get(f"{SEITE}{frage}").context["form"]


def gewaehlte(form):
    return [kandidat.kommune for kandidat, dabei, _ in form.teilnehmende() if dabei.value()]


def gescheitert(feld):
    return KooperationFactory(
        kooperationsfeld__aufgabenfeld=feld,
        bezeichnung="Gerätepool",
        gescheitert_jahr=2015,
        gescheitert_grund="Zu weit.",
    )


# --- what it begins with ----------------------------------------------------------------------------------------------
def test_form_begins_with_what_the_kommunen_say(stelle, interesse, anderes, kontakt):
    form = formular(stelle)
    assert form["name"].value() == "Bauhof: Zusammenarbeit von Musterstadt und Nachbarstadt"
    assert form["kurzbeschreibung"].value() == (
        "Das sagen die Kommunen selbst:\n\n"
        "Musterstadt (würde federführen): „Geräte teilen“; bringt ein: „Kehrmaschine“; sucht: „Häcksler“\n\n"
        "Nachbarstadt (hat Interesse): „Winterdienst“"
    )
    assert gewaehlte(form) == ["Musterstadt", "Nachbarstadt"]
    assert [kontaktfeld.value() for _, _, kontaktfeld in form.teilnehmende()] == [str(kontakt.pk), ""]


def test_form_offers_those_alone_that_count(stelle, feld, interesse):
    for zustand in ({"entwurf": True}, {"zurueckgezogen": True}, {"unbestaetigt": True}):
        InteressenbekundungFactory(aufgabenfeld=feld, **zustand)
    InteressenbekundungFactory(aufgabenfeld=feld, gueltig_bis=date(2026, 1, 14))
    InteressenbekundungFactory()
    assert [kandidat.kommune for kandidat in formular(stelle).kandidaten] == ["Musterstadt"]


def test_what_began_something_already_is_offered_and_not_ticked(stelle, interesse, anderes):
    StarthilfeFactory(interesse=anderes, projekt__name="Fuhrpark")
    form = formular(stelle)
    assert gewaehlte(form) == ["Musterstadt"]
    assert "Daraus wurde schon: Fuhrpark" in stelle.get(SEITE).content.decode()


def test_wish_for_exchange_is_offered_and_not_ticked(stelle, feld, interesse):
    InteressenbekundungFactory(aufgabenfeld=feld, art="info_austausch")
    form = formular(stelle)
    assert (len(form.kandidaten), gewaehlte(form)) == (2, ["Musterstadt"])


def test_field_without_declarations_leads_to_the_ordinary_form(stelle, feld):
    text = stelle.get(SEITE).content.decode()
    assert "Noch kein Interesse, das zählt" in text
    assert 'href="/projekte/neu/"' in text


@pytest.mark.parametrize(
    ("kommunen", "vergeben", "name"),
    [
        (["A"], [], "Bauhof: Zusammenarbeit von A"),
        (["A", "A", "B"], [], "Bauhof: Zusammenarbeit von A und B"),
        (["A", "B", "C", "D"], [], "Bauhof: Zusammenarbeit von 4 Kommunen"),
        ([], [], "Bauhof: Zusammenarbeit"),
        (["A"], ["BAUHOF: Zusammenarbeit von A"], "Bauhof: Zusammenarbeit von A (2)"),
        (["A" * 100, "B" * 100], [], "Bauhof: Zusammenarbeit"),
    ],
)
def test_proposed_name_is_short_and_free(kommunen, vergeben, name):
    assert namensvorschlag("Bauhof", kommunen, vergeben=vergeben) == name


# --- out of a Konstellation -------------------------------------------------------------------------------------------
@pytest.fixture
def drei(feld, kommune, andere_kommune):
    dritte = KommuneFactory(name="Drittstadt")
    for eine in (kommune, andere_kommune, dritte, KommuneFactory(name="Viertstadt")):
        InteressenbekundungFactory(aufgabenfeld=feld, kommune=eine, stufe=Stufe.FEDERFUEHRUNG)
    return [dritte, kommune, andere_kommune]


def test_address_preselects_kommunen(stelle, drei):
    form = formular(stelle, f"?kommunen={','.join(eine.ags for eine in drei)}")
    assert gewaehlte(form) == ["Drittstadt", "Musterstadt", "Nachbarstadt"]


def test_kooperationsfeld_preselects_those_for_it_and_for_the_whole_field(stelle, feld, interesse, andere_kommune):
    teil, anderer = (KooperationsfeldFactory(aufgabenfeld=feld, name=name) for name in ("Winterdienst", "Gerät"))
    werte = {"aufgabenfeld": None, "kommune": andere_kommune}
    for eines in (teil, anderer):
        InteressenbekundungFactory(**werte, kooperationsfeld=eines)
    form = formular(stelle, f"?kooperationsfeld={teil.pk}&kommunen={interesse.kommune.ags},{andere_kommune.ags}")
    ticks = [(kandidat.feld, bool(dabei.value())) for kandidat, dabei, _ in form.teilnehmende()]
    assert sorted(ticks) == [("Bauhof", True), ("Gerät", False), ("Winterdienst", True)]
    assert form["name"].value().startswith("Winterdienst: ")


@pytest.mark.parametrize(
    "frage",
    [
        "?kommunen=",
        "?kommunen=,,%00,abc",
        "?kommunen=99999999",
        "?kooperationsfeld=abc",
        "?kooperationsfeld=%00",
        "?mindestens=²",
    ],
)
def test_nonsense_in_the_address_is_passed_over(stelle, interesse, frage):
    assert gewaehlte(formular(stelle, frage)) == ["Musterstadt"]


def test_reasons_of_the_konstellation_go_to_the_sources(stelle, feld, kommune, andere_kommune):
    alle = [kommune, andere_kommune, KommuneFactory(name="Drittstadt")]
    for eine in alle:
        InteressenbekundungFactory(aufgabenfeld=feld, kommune=eine, stufe=Stufe.FEDERFUEHRUNG)
    frage = f"?kommunen={','.join(eine.ags for eine in alle)}"
    antwort = stelle.get(f"{SEITE}{frage}")
    (grund, *_) = antwort.context["konstellation"].gruende
    assert "Vorgeschlagene Konstellation" in antwort.content.decode()
    absenden(stelle, antwort.context["form"], frage)
    quelle = Projekt.objects.get().quelle
    assert "Vorgeschlagene Konstellation: Drittstadt, Musterstadt und Nachbarstadt. Gründe:" in quelle
    assert f"– {grund.text}" in quelle


def test_reasons_are_those_of_a_konstellation_of_more_kommunen_that_was_asked_for(stelle, feld):
    orte = [KommuneFactory(name=f"Ort {nummer}") for nummer in range(9)]
    for erster in (0, 3, 6):  # three groups of neighbours: better than all nine together
        orte[erster].nachbarn.add(orte[erster + 1])
        orte[erster + 1].nachbarn.add(orte[erster + 2])
    for ort in orte:
        InteressenbekundungFactory(aufgabenfeld=feld, kommune=ort)
    alle = f"?kommunen={','.join(ort.ags for ort in orte)}"
    liste = stelle.get("/interessen/konstellationen/?mindestens=9").content.decode()
    assert f"{SEITE}{alle}&amp;mindestens=9" in liste
    assert stelle.get(f"{SEITE}{alle}&mindestens=9").context["konstellation"] is not None
    assert stelle.get(f"{SEITE}{alle}&mindestens=10").context["konstellation"] is None


# --- saving -----------------------------------------------------------------------------------------------------------
def absenden(client, form, frage="", **andere):
    werte = {feld.html_name: feld.value() for feld in form if feld.value() not in {None, False}}
    return client.post(f"{SEITE}{frage}", {**{n: w if w is not True else "on" for n, w in werte.items()}, **andere})


def test_idea_is_made_and_its_page_follows(stelle, interesse, anderes, kontakt):
    antwort = absenden(stelle, formular(stelle), name="Gemeinsamer Bauhof", kurzbeschreibung="Geräte teilen.")
    projekt = Projekt.objects.get()
    assert antwort.headers["Location"] == f"/projekte/{projekt.slug}/"
    assert (projekt.name, projekt.kurzbeschreibung, projekt.status) == (
        "Gemeinsamer Bauhof",
        "Geräte teilen.",
        ProjektStatus.IDEE,
    )
    assert [(s.interesse, s.kontakt) for s in projekt.starthilfen.all()] == [(interesse, kontakt), (anderes, None)]


def test_only_ticked_kommunen_take_part(stelle, interesse, anderes):
    form = formular(stelle)
    stelle.post(SEITE, {"name": "Neu", f"dabei-{anderes.pk}": "on", f"kontakt-{interesse.pk}": ""})
    assert form.kandidaten
    assert [s.interesse for s in Projekt.objects.get().starthilfen.all()] == [anderes]


def test_nobody_ticked_is_told_at_the_list(stelle, interesse):
    form = stelle.post(SEITE, {"name": "Neu"}).context["form"]
    assert form.errors == {
        f"dabei-{interesse.pk}": ["Bitte wählen Sie mindestens eine Kommune, mit der das Projekt beginnt."]
    }
    assert not Projekt.objects.exists()


def test_failed_attempt_must_be_ticked_and_the_summary_leads_there(stelle, feld, interesse):
    gescheitert(feld)
    antwort = absenden(stelle, formular(stelle))
    text = antwort.content.decode()
    (versuch,) = antwort.context["form"].versuche
    assert antwort.context["form"].errors == {
        f"gelesen-{versuch.schluessel}": ["Bitte lesen Sie, woran dieser Versuch scheiterte, und bestätigen Sie es."]
    }
    assert f'href="#id_gelesen-{versuch.schluessel}"' in text
    assert text.index("Zu weit.") < text.index("Wer dabei ist")
    absenden(stelle, antwort.context["form"], **{f"gelesen-{versuch.schluessel}": "on"})
    assert Projekt.objects.count() == 1


def test_attempt_that_came_up_while_the_form_was_open_must_be_read(stelle, feld, interesse):
    form = formular(stelle)
    gescheitert(feld)
    antwort = absenden(stelle, form)
    assert "Gerätepool" in antwort.content.decode()
    assert not Projekt.objects.exists()


def test_declaration_withdrawn_while_the_form_was_open_is_no_more_offered(stelle, interesse, anderes):
    form = formular(stelle)
    anderes.status, anderes.zurueckgezogen_am, anderes.grund = "zurueckgezogen", date(2026, 1, 15), "anders"
    anderes.save()
    absenden(stelle, form)
    assert [s.interesse for s in Projekt.objects.get().starthilfen.all()] == [interesse]


def test_foreign_contact_is_refused(stelle, interesse):
    fremde = KontoFactory()
    form = absenden(stelle, formular(stelle), **{f"kontakt-{interesse.pk}": str(fremde.pk)}).context["form"]
    assert form.errors == {f"kontakt-{interesse.pk}": ["Diese Person gehört nicht (mehr) zu der Kommune."]}


def test_name_that_is_taken_is_told_at_the_field(stelle, interesse):
    ProjektFactory(name="Fuhrpark")
    form = absenden(stelle, formular(stelle), name="FUHRPARK").context["form"]
    assert form.errors == {"name": ["Ein Projekt mit diesem Namen gibt es schon."]}


@pytest.mark.parametrize("name", ["", "\x00", "x" * 201])
def test_nonsense_in_the_form_is_refused_in_words(stelle, interesse, name):
    antwort = absenden(stelle, formular(stelle), name=name)
    assert (antwort.status_code, list(antwort.context["form"].errors)) == (200, ["name"])
    assert not Projekt.objects.exists()


# --- who may ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("wer", ["kontakt", "fremder_kontakt", "buergermeister", "lesend"])
def test_only_the_geschaeftsstelle_may(request, angemeldet, interesse, wer):
    client = angemeldet(request.getfixturevalue(wer))
    assert [client.get(SEITE).status_code, client.post(SEITE, {}).status_code] == [403, 403]


def test_unknown_field_is_404(stelle):
    assert stelle.get("/aufgabenfelder/gibt-es-nicht/projektidee/").status_code == 404


@pytest.mark.parametrize("anzahl", [1, 3])
def test_form_needs_the_same_queries_for_any_number(stelle, feld, django_assert_num_queries, anzahl):
    kommunen = [KommuneFactory() for _ in range(3 * anzahl)]
    for kommune in kommunen:
        konto = KontoFactory(kommune=kommune)
        werte = {"bietet": "Ein Häcksler", "sucht": "Eine Halle", "kontakt": konto}
        StarthilfeFactory(interesse=InteressenbekundungFactory(aufgabenfeld=feld, kommune=kommune, **werte))
    for nummer in range(anzahl):
        ProjektFactory(aufgabenfeld=feld, status=ProjektStatus.EINGESTELLT, name=f"Alt {nummer}")
        gescheitert(feld)
    for frage, erwartet in (("", 8), (f"?kommunen={','.join(eine.ags for eine in kommunen)}", 14)):
        stelle.get(f"{SEITE}{frage}")  # content types and words that say nothing are asked for once
        with django_assert_num_queries(erwartet):
            stelle.get(f"{SEITE}{frage}")
