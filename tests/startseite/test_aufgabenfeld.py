"""The page of a field: what each person sees of it, its excerpt for the form, and following it."""

from datetime import date

import pytest
import time_machine

from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, InteresseArt, Stufe
from bestandsaufnahme.models import Beobachtung
from ikz_portal.basis.models import Statuswechsel
from projekte.auswahl import ProjektStatus
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BeobachtungFactory,
    BeteiligungFactory,
    ErhebungFactory,
    HemmnisFactory,
    InteressenbekundungFactory,
    InteressenrundeFactory,
    KooperationFactory,
    KooperationsfeldFactory,
    RundenergebnisFactory,
)
from tests.fabriken.kommunen import KommuneFactory
from tests.fabriken.projekte import ProjektFactory, TeilnahmeFactory
from tests.fabriken.wissen import BeitragFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]


@pytest.fixture(autouse=True)
def am_tag():
    with time_machine.travel("2026-01-15", tick=False):
        yield


@pytest.fixture
def feld():
    return AufgabenfeldFactory(slug="bauhof", name="Bauhof")


@pytest.fixture
def teil(feld):
    return KooperationsfeldFactory(aufgabenfeld=feld, name="Winterdienst")


def seite(client, feld, frage=""):
    return client.get(f"/aufgabenfelder/{feld.slug}/{frage}").context["seite"]


def text(antwort):
    return antwort.content.decode()


def gescheiterte(teil, *, kommune, **felder):
    werte = {"gescheitert_jahr": 2015, "gescheitert_grund": "Der Weg war zu weit.", "bezeichnung": "Gerätepool"}
    kooperation = KooperationFactory(kooperationsfeld=teil, **{**werte, **felder})
    kooperation.hemmnisse.add(HemmnisFactory(name=f"Entfernung {kooperation.pk}"))
    BeteiligungFactory(kooperation=kooperation, kommune=kommune, status=BeteiligungStatus.ERWOGEN)
    return kooperation


def eingestelltes(feld, grund="Kein Personal.", **felder):
    projekt = ProjektFactory(aufgabenfeld=feld, status=ProjektStatus.EINGESTELLT, **felder)
    wechsel = {"von": "bearbeitung", "nach": "eingestellt", "gueltig_ab": date(2021, 3, 1)}
    Statuswechsel.objects.create(objekt=projekt, grund=grund, **wechsel)
    return projekt


# --- what is there ----------------------------------------------------------------------------------------------------
def test_field_tells_in_a_sentence_what_there_is(client, feld, teil, kommune, andere_kommune):
    kooperation = KooperationFactory(kooperationsfeld=teil)
    BeteiligungFactory(kooperation=kooperation, kommune=kommune)
    BeteiligungFactory(kooperation=kooperation, kommune=andere_kommune)
    InteressenbekundungFactory(aufgabenfeld=feld)
    InteressenbekundungFactory(aufgabenfeld=None, kooperationsfeld=teil)
    ProjektFactory(aufgabenfeld=feld, veroeffentlicht=True)
    gescheiterte(teil, kommune=kommune, symbol="●")
    assert seite(client, feld).satz == (
        "1 Kooperation läuft mit 2 Kommunen. 2 Kommunen haben Interesse bekundet. 1 Projekt ist in Arbeit. "
        "1 früherer Versuch ist gescheitert."
    )


def test_field_without_anything_says_so(client, feld):
    antwort = client.get("/aufgabenfelder/bauhof/")
    assert antwort.context["seite"].leer
    assert "In diesem Feld gibt es noch nichts" in text(antwort)


def test_field_shows_running_kooperationen_with_who_takes_part(client, feld, teil, kommune, andere_kommune):
    kooperation = KooperationFactory(kooperationsfeld=teil, bezeichnung="Streusalz")
    BeteiligungFactory(kooperation=kooperation, kommune=kommune, rolle=BeteiligungRolle.FEDERFUEHREND)
    BeteiligungFactory(kooperation=kooperation, kommune=andere_kommune, status=BeteiligungStatus.VORGESEHEN)
    BeteiligungFactory(kooperation=kooperation, kommune=KommuneFactory(), gilt_bis=date(2020, 1, 1))
    BeteiligungFactory()
    (zeile,) = seite(client, feld).kooperationen
    assert (zeile.bezeichnung, zeile.feld) == ("Streusalz", "Winterdienst")
    assert zeile.kommunen == ["Musterstadt (federführend)", "Nachbarstadt (vorgesehen)"]


def test_what_was_only_considered_is_an_attempt_and_no_running_kooperation(client, feld, teil, kommune):
    kooperation = KooperationFactory(kooperationsfeld=teil, bezeichnung="Streusalz")
    erwogen = BeteiligungFactory(kooperation=kooperation, kommune=kommune, status=BeteiligungStatus.ERWOGEN)
    gelesen = seite(client, feld)
    assert gelesen.kooperationen == []
    assert [(v.titel, v.wer, v.schluessel) for v in gelesen.versuche] == [
        ("Streusalz", ["Musterstadt"], f"erwogen-{kooperation.pk}-{erwogen.pk}")
    ]


def test_who_considered_it_first_and_takes_part_now_has_not_failed(client, feld, teil, kommune):
    kooperation = KooperationFactory(kooperationsfeld=teil)
    wer = {"kooperation": kooperation, "kommune": kommune}
    BeteiligungFactory(**wer, status=BeteiligungStatus.ERWOGEN, gilt_bis=date(2020, 1, 1))
    BeteiligungFactory(**wer, gilt_ab=date(2020, 1, 1))
    assert seite(client, feld).versuche == []


def test_failed_kooperation_tells_why(client, feld, teil, kommune):
    kooperation = gescheiterte(teil, kommune=kommune)
    (versuch,) = seite(client, feld).versuche
    assert versuch.schluessel == f"kooperation-{kooperation.pk}-2015"
    assert (versuch.gescheitert, versuch.wer) == ("Kooperation, 2015 nicht zustande gekommen", ["Musterstadt"])
    assert (versuch.grund, versuch.hemmnisse) == ("Der Weg war zu weit.", [f"Entfernung {kooperation.pk}"])


def test_ended_projekt_is_a_failed_attempt_and_its_reason_is_for_who_is_signed_in(client, angemeldet, lesend, feld):
    eingestelltes(feld, veroeffentlicht=True)
    (oeffentlich,), (intern,) = seite(client, feld).versuche, seite(angemeldet(lesend), feld).versuche
    assert (oeffentlich.gescheitert, oeffentlich.grund) == ("Projekt, eingestellt am 01.03.2021", "")
    assert (intern.gescheitert, intern.grund) == ("Projekt, eingestellt am 01.03.2021", "Kein Personal.")
    assert seite(client, feld).projekte == []


def test_failed_attempt_of_an_example_is_shown_and_does_not_count(angemeldet, lesend, feld):
    eingestelltes(feld, beispiel=True)
    gezeigt = seite(angemeldet(lesend), feld)
    assert [versuch.beispiel for versuch in gezeigt.versuche] == [True]
    assert gezeigt.satz == "Eine laufende Kooperation gibt es noch nicht. Interesse hat noch keine Kommune bekundet."


def test_field_shows_beitraege_and_totals_of_rounds(client, feld):
    BeitragFactory(titel="Räumen", oeffentlich=True, aufgabenfelder=[feld])
    BeitragFactory(titel="Intern", aufgabenfelder=[feld])
    RundenergebnisFactory(runde__name="Damals", aufgabenfeld=feld, anzahl=7)
    RundenergebnisFactory(runde__name="Früher", aufgabenfeld=feld, anzahl=None)
    RundenergebnisFactory(runde__veroeffentlicht=False, aufgabenfeld=feld)
    gelesen = seite(client, feld)
    assert [zeile.titel for zeile in gelesen.beitraege] == ["Räumen"]
    assert sorted((zeile.name, zeile.text) for zeile in gelesen.runden) == [
        ("Damals", "7 Kommunen"),
        ("Früher", "nicht aufgeführt"),
    ]


# --- declarations -----------------------------------------------------------------------------------------------------
def test_public_reads_the_number_of_kommunen_only(client, feld, teil, kommune):
    InteressenbekundungFactory(aufgabenfeld=feld, kommune=kommune, wofuer="zzwofuerzz")
    InteressenbekundungFactory(aufgabenfeld=None, kooperationsfeld=teil, kommune=kommune)
    InteressenbekundungFactory(aufgabenfeld=feld, beispiel=True)
    InteressenbekundungFactory(aufgabenfeld=feld, unbestaetigt=True)
    InteressenbekundungFactory(aufgabenfeld=feld, entwurf=True)
    InteressenbekundungFactory(aufgabenfeld=feld, zurueckgezogen=True)
    antwort = client.get("/aufgabenfelder/bauhof/")
    assert (antwort.context["seite"].interessierte, antwort.context["seite"].bekundungen) == (1, None)
    assert "1 Kommune hat Interesse bekundet" in text(antwort)
    assert "zzwofuerzz" not in text(antwort)
    assert "Musterstadt" not in text(antwort)


def test_signed_in_read_the_declarations_the_highest_stufe_first(angemeldet, kontakt, kommune, feld):
    for name, stufe in (("A-Stadt", Stufe.INTERESSE), ("B-Stadt", Stufe.FEDERFUEHRUNG), ("C-Stadt", Stufe.RESSOURCEN)):
        InteressenbekundungFactory(aufgabenfeld=feld, kommune=KommuneFactory(name=name), stufe=stufe)
    InteressenbekundungFactory(aufgabenfeld=feld, kommune=kommune)
    InteressenbekundungFactory(aufgabenfeld=feld, entwurf=True)
    zeilen = seite(angemeldet(kontakt), feld).bekundungen
    assert [zeile.kommune for zeile in zeilen] == ["B-Stadt", "C-Stadt", "A-Stadt", "Musterstadt"]
    assert [(zeile.eigene, zeile.anschliessbar) for zeile in zeilen] == [(False, False)] * 3 + [(True, False)]


def test_who_has_not_declared_the_same_may_join(angemeldet, kontakt, kommune, feld):
    InteressenbekundungFactory(aufgabenfeld=feld, kommune=KommuneFactory(name="A-Stadt"))
    InteressenbekundungFactory(aufgabenfeld=feld, kommune=kommune, art=InteresseArt.INFO_AUSTAUSCH)
    zeilen = seite(angemeldet(kontakt), feld).bekundungen
    assert {zeile.kommune: zeile.anschliessbar for zeile in zeilen} == {"A-Stadt": True, "Musterstadt": False}


def test_unconfirmed_and_examples_are_shown_and_do_not_count(angemeldet, lesend, feld):
    InteressenbekundungFactory(aufgabenfeld=feld, unbestaetigt=True)
    InteressenbekundungFactory(aufgabenfeld=feld, beispiel=True)
    gelesen = seite(angemeldet(lesend), feld)
    assert (len(gelesen.bekundungen), gelesen.interessierte) == (2, 0)
    assert gelesen.satz.endswith("Interesse hat noch keine Kommune bekundet (dazu 1 Beispiel).")


def test_what_a_round_said_that_is_not_public_is_not_counted_for_the_public(client, feld):
    InteressenbekundungFactory(aufgabenfeld=feld, erhebung=ErhebungFactory(veroeffentlicht=False))
    InteressenbekundungFactory(aufgabenfeld=feld, runde=InteressenrundeFactory(veroeffentlicht=False))
    assert seite(client, feld).interessierte == 0


# --- embargo ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("frage", ["", "?ausschnitt=1"])
def test_public_reads_the_same_bytes_before_and_after_what_is_secret(client, feld, teil, kommune, frage):
    BeteiligungFactory(kooperation=KooperationFactory(kooperationsfeld=teil), kommune=kommune)
    vorher = client.get(f"/aufgabenfelder/bauhof/{frage}").content
    geheim = ErhebungFactory(stichtag=date(2025, 6, 30), veroeffentlicht=False)
    for status in (BeteiligungStatus.BESTEHT, BeteiligungStatus.ERWOGEN):
        BeteiligungFactory(
            kooperation=KooperationFactory(kooperationsfeld__aufgabenfeld=feld),
            kommune=kommune,
            erhebung=geheim,
            status=status,
        )
    gescheiterte(teil, kommune=kommune, veroeffentlicht=False, symbol="●")
    eingestelltes(feld)
    ProjektFactory(aufgabenfeld=feld, veroeffentlicht=True, beispiel=True)
    InteressenbekundungFactory(aufgabenfeld=feld, beispiel=True)
    BeitragFactory(aufgabenfelder=[feld])
    assert client.get(f"/aufgabenfelder/bauhof/{frage}").content == vorher


# --- one part of the field --------------------------------------------------------------------------------------------
def test_kooperationsfeld_narrows_what_belongs_to_it(angemeldet, lesend, feld, teil, kommune):
    anderer = KooperationsfeldFactory(aufgabenfeld=feld, name="Gerät")
    for eines in (teil, anderer):
        BeteiligungFactory(kooperation=KooperationFactory(kooperationsfeld=eines), kommune=kommune)
        InteressenbekundungFactory(aufgabenfeld=None, kooperationsfeld=eines)
    InteressenbekundungFactory(aufgabenfeld=feld)
    gelesen = seite(angemeldet(lesend), feld, f"?kooperationsfeld={teil.pk}")
    assert [zeile.feld for zeile in gelesen.kooperationen] == ["Winterdienst"]
    assert [zeile.teilfeld for zeile in gelesen.bekundungen] == ["Winterdienst"]
    assert gelesen.interessierte == 1


def test_public_reads_the_number_of_the_whole_field_alone(client, feld, teil, kommune, andere_kommune):
    """As in the ranking: the number of a Kooperationsfeld could tell who it is."""
    KooperationFactory(kooperationsfeld=teil)
    InteressenbekundungFactory(aufgabenfeld=None, kooperationsfeld=teil, kommune=kommune)
    InteressenbekundungFactory(aufgabenfeld=feld, kommune=andere_kommune)

    antwort = client.get(f"/aufgabenfelder/bauhof/?kooperationsfeld={teil.pk}")

    assert "2 Kommunen haben Interesse bekundet (im ganzen Aufgabenfeld)." in text(antwort)


@pytest.mark.parametrize("genannt", ["0", "abc", "1,2", "%00", "-1", "9" * 40, "²"])
def test_unknown_kooperationsfeld_is_404(client, feld, genannt):
    assert client.get(f"/aufgabenfelder/bauhof/?kooperationsfeld={genannt}").status_code == 404


def test_kooperationsfeld_of_another_field_is_404(client, feld):
    anderes = KooperationsfeldFactory()
    assert client.get(f"/aufgabenfelder/bauhof/?kooperationsfeld={anderes.pk}").status_code == 404


def test_kooperationsfeld_of_which_the_public_may_not_know_is_404(client, angemeldet, lesend, feld, teil):
    KooperationFactory(kooperationsfeld=teil, veroeffentlicht=False)
    adresse = f"/aufgabenfelder/bauhof/?kooperationsfeld={teil.pk}"
    assert [c.get(adresse).status_code for c in (client, angemeldet(lesend))] == [404, 200]


def test_unknown_field_is_404(client):
    assert client.get("/aufgabenfelder/gibt-es-nicht/").status_code == 404


# --- Konstellationen --------------------------------------------------------------------------------------------------
@pytest.fixture
def drei(feld, kommune):
    kommunen = [kommune, KommuneFactory(), KommuneFactory()]
    return [InteressenbekundungFactory(aufgabenfeld=feld, kommune=eine) for eine in kommunen]


def test_konstellationen_are_for_those_who_are_part_and_the_geschaeftsstelle(  # noqa: PLR0917
    client, angemeldet, feld, drei, kontakt, fremder_kontakt, geschaeftsstelle, lesend
):
    konten = (kontakt, fremder_kontakt, geschaeftsstelle, lesend)
    gelesen = [seite(c, feld).konstellationen for c in (client, *map(angemeldet, konten))]
    assert [g if g is None else len(g) for g in gelesen] == [None, 1, 0, 1, None]


# --- the excerpt ------------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("drei")
def test_excerpt_has_the_facts_and_no_layout(angemeldet, kontakt, feld, teil):
    gescheiterte(teil, kommune=kontakt.kommune)
    ProjektFactory(aufgabenfeld=feld, name="Fuhrpark")
    antwort = angemeldet(kontakt).get("/aufgabenfelder/bauhof/?ausschnitt=1")
    for wort in ("Gerätepool", "Der Weg war zu weit.", "Fuhrpark", "Musterstadt", 'href="/aufgabenfelder/bauhof/"'):
        assert wort in text(antwort)
    assert [marke in text(antwort) for marke in ("<h1", "<h2", "<html", "<main")] == [False] * 4


def test_excerpt_of_an_empty_field_says_so(angemeldet, kontakt, feld):
    antwort = angemeldet(kontakt).get("/aufgabenfelder/bauhof/?ausschnitt=1")
    assert "In diesem Feld gibt es noch nichts" in text(antwort)


def test_excerpt_shows_at_most_four_rows_of_each_part(angemeldet, kontakt, feld):
    for _ in range(6):
        InteressenbekundungFactory(aufgabenfeld=feld)
    assert text(angemeldet(kontakt).get("/aufgabenfelder/bauhof/?ausschnitt=1")).count("hat Interesse") == 4


@pytest.mark.parametrize("wer", ["client", "kontakt"])
def test_excerpt_is_kept_for_nobody(request, client, angemeldet, feld, wer):
    leser = client if wer == "client" else angemeldet(request.getfixturevalue("kontakt"))
    antwort = leser.get("/aufgabenfelder/bauhof/?ausschnitt=1")
    assert antwort.headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in antwort.headers["Vary"]


# --- what can be done -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("wer", "erwartet"),
    [
        ("client", [False, False, False]),
        ("kontakt", [True, True, False]),
        ("lesend", [False, True, False]),
        ("geschaeftsstelle", [False, True, True]),
    ],
)
def test_actions_are_offered_to_who_may_do_them(request, angemeldet, feld, wer, erwartet):
    person = request.getfixturevalue(wer)
    inhalt = text((person if wer == "client" else angemeldet(person)).get("/aufgabenfelder/bauhof/"))
    schritte = (f"?feld=aufgabenfeld-{feld.pk}", "/beobachten/", "/projektidee/")
    assert [schritt in inhalt for schritt in schritte] == erwartet


def test_following_and_not_following_can_be_asked_for_twice(angemeldet, lesend, feld):
    client = angemeldet(lesend)
    stand = []
    for wunsch in ("ja", "ja", "nein", "nein"):
        antwort = client.post("/aufgabenfelder/bauhof/beobachten/", {"beobachten": wunsch})
        assert antwort.headers["Location"] == "/aufgabenfelder/bauhof/"
        stand.append((Beobachtung.objects.filter(konto=lesend, aufgabenfeld=feld).count(), seite(client, feld)))
    assert [(anzahl, gelesen.beobachtet) for anzahl, gelesen in stand] == [(1, True), (1, True), (0, False), (0, False)]


def test_following_is_each_persons_own(angemeldet, lesend, kontakt, feld):
    BeobachtungFactory(konto=kontakt, aufgabenfeld=feld)
    angemeldet(lesend).post("/aufgabenfelder/bauhof/beobachten/", {"beobachten": "nein"})
    assert Beobachtung.objects.get().konto == kontakt
    assert not seite(angemeldet(lesend), feld).beobachtet


@pytest.mark.parametrize("daten", [{}, {"beobachten": "vielleicht"}, {"beobachten": "\x00"}])
def test_nonsense_changes_nothing(angemeldet, lesend, feld, daten):
    antwort = angemeldet(lesend).post("/aufgabenfelder/bauhof/beobachten/", daten)
    assert (antwort.status_code, Beobachtung.objects.count()) == (400, 0)


def test_public_is_asked_to_sign_in_before_it_follows(client, feld):
    antwort = client.post("/aufgabenfelder/bauhof/beobachten/", {"beobachten": "ja"})
    assert (antwort.status_code, Beobachtung.objects.count()) == (302, 0)
    assert antwort.headers["Location"].startswith("/konto/anmelden/")


# --- queries ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("frage", ["", "?ausschnitt=1"])
@pytest.mark.parametrize("anzahl", [1, 3])
@pytest.mark.parametrize(("wer", "erwartet"), [("client", 8), ("lesend", 8), ("geschaeftsstelle", 14)])
def test_field_needs_the_same_queries_for_any_number(  # noqa: PLR0917
    request, client, angemeldet, django_assert_num_queries, wer, erwartet, anzahl, frage, feld
):
    for _ in range(anzahl):
        teil = KooperationsfeldFactory(aufgabenfeld=feld)
        BeteiligungFactory(kooperation=KooperationFactory(kooperationsfeld=teil))
        gescheiterte(KooperationsfeldFactory(aufgabenfeld=feld), kommune=KommuneFactory())
        for _ in range(3):
            InteressenbekundungFactory(aufgabenfeld=feld, bietet="Ein Häcksler", sucht="Eine Halle")
        TeilnahmeFactory(projekt=ProjektFactory(aufgabenfeld=feld, veroeffentlicht=True))
        eingestelltes(feld, veroeffentlicht=True)
        BeitragFactory(aufgabenfelder=[feld], oeffentlich=True)
        RundenergebnisFactory(aufgabenfeld=feld)
    leser = client if wer == "client" else angemeldet(request.getfixturevalue(wer))
    leser.get("/aufgabenfelder/bauhof/")  # which content types there are is asked once
    with django_assert_num_queries(erwartet - (frage != "")):
        leser.get(f"/aufgabenfelder/bauhof/{frage}")
