"""„Interessen Ihrer Kommune“: each in its group, with its next step; for several Kommunen, one after the other."""

from datetime import date

import pytest
import time_machine

from bestandsaufnahme.auswahl import InteresseStatus
from tests.fabriken.bestandsaufnahme import InteressenbekundungFactory
from tests.fabriken.kommunen import KontoFactory, VertretungFactory

SEITE = "/interessen/eigene/"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]


@pytest.fixture(autouse=True)
def heute():
    with time_machine.travel("2026-01-15", tick=False):
        yield


def text(antwort):
    return antwort.content.decode()


def gruppen(seite):
    namen = ("entwuerfe", "wartende", "laufende", "fruehere")
    return {name: [eigene.zeile.feld for eigene in getattr(seite, name)] for name in namen}


def fuelle(kommune):
    for feld, zustand in {
        "Entwurf": {"entwurf": True, "wofuer": ""},
        "wartet": {"unbestaetigt": True},
        "läuft": {},
        "bestätigt": {"bestaetigt": True},
        "zurückgezogen": {"zurueckgezogen": True},
        "abgelaufen": {"status": InteresseStatus.ABGELAUFEN},
        "gestern vorbei": {"unbestaetigt": True, "gueltig_bis": date(2026, 1, 14)},
    }.items():
        InteressenbekundungFactory(kommune=kommune, aufgabenfeld__name=feld, **zustand)


def test_page_sorts_them_by_what_is_to_be_done(angemeldet, kontakt, andere_kommune):
    fuelle(kontakt.kommune)
    InteressenbekundungFactory(kommune=andere_kommune)
    antwort = angemeldet(kontakt).get(SEITE)
    (seite,) = antwort.context["seiten"]
    assert gruppen(seite) == {
        "entwuerfe": ["Entwurf"],
        "wartende": ["wartet"],
        "laufende": ["bestätigt", "läuft"],
        "fruehere": ["gestern vorbei", "abgelaufen", "zurückgezogen"],
    }
    assert "<h1>Interessen Ihrer Kommune</h1>" in text(antwort)
    assert "Es fehlt noch, wofür" in text(antwort)


@pytest.mark.parametrize(("wer", "bestaetigt"), [("kontakt", False), ("buergermeister", True)])
def test_page_gives_each_its_next_step(request, angemeldet, kommune, wer, bestaetigt):
    entwurf, wartend, laufend, frueher = (
        InteressenbekundungFactory(kommune=kommune, **zustand)
        for zustand in ({"entwurf": True}, {"unbestaetigt": True}, {}, {"zurueckgezogen": True})
    )
    seite = text(angemeldet(request.getfixturevalue(wer)).get(SEITE))
    for interesse, wort in ((entwurf, "Weiterschreiben"), (wartend, "Ändern"), (laufend, "Ändern")):
        assert f'href="/interessen/{interesse.pk}/bearbeiten/">{wort}<' in seite
    assert f'href="/interessen/neu/?vorlage={frueher.pk}">Erneut bekunden<' in seite
    assert (f'href="/interessen/bestaetigungen/#interesse-{wartend.pk}">Lesen und bestätigen<' in seite) is bestaetigt


@pytest.mark.parametrize(
    ("bis", "frist"),
    [
        (date(2026, 1, 15), "läuft heute ab"),
        (date(2026, 1, 16), "läuft morgen ab"),
        (date(2026, 2, 14), "läuft in 30 Tagen ab"),
        (date(2026, 2, 15), ""),
        (None, ""),
    ],
)
def test_page_counts_the_days_where_few_are_left(angemeldet, kontakt, bis, frist):
    InteressenbekundungFactory(kommune=kontakt.kommune, gueltig_bis=bis)
    antwort = angemeldet(kontakt).get(SEITE)
    assert antwort.context["seiten"][0].laufende[0].frist == frist
    assert ("Verlängern" in text(antwort)) is bool(frist)


def test_page_shows_first_what_ends_soon(angemeldet, kontakt):
    for feld, bis in (("unbefristet", None), ("bald", date(2026, 1, 20)), ("später", date(2026, 12, 1))):
        InteressenbekundungFactory(kommune=kontakt.kommune, aufgabenfeld__name=feld, gueltig_bis=bis)
    (seite,) = angemeldet(kontakt).get(SEITE).context["seiten"]
    assert gruppen(seite)["laufende"][0] == "bald"


@pytest.mark.parametrize("zustand", [{}, {"entwurf": True}, {"unbestaetigt": True}])
def test_page_does_not_offer_again_what_runs_again(angemeldet, kontakt, zustand):
    altes = InteressenbekundungFactory(kommune=kontakt.kommune, zurueckgezogen=True)
    neues = InteressenbekundungFactory(kommune=kontakt.kommune, aufgabenfeld=altes.aufgabenfeld, **zustand)
    antwort = angemeldet(kontakt).get(SEITE)
    assert antwort.context["seiten"][0].fruehere[0].wieder == neues.get_absolute_url()
    assert f"?vorlage={altes.pk}" not in text(antwort)


def test_page_of_a_deputy_has_a_part_for_each_kommune(angemeldet, fremder_kontakt, buergermeister):
    VertretungFactory(vertretener=buergermeister, vertreter=fremder_kontakt)
    for konto, feld in ((buergermeister, "Bauhof"), (fremder_kontakt, "Archiv")):
        InteressenbekundungFactory(kommune=konto.kommune, aufgabenfeld__name=feld, entwurf=True)
    antwort = angemeldet(fremder_kontakt).get(SEITE)
    teile = {
        seite.kommune: (gruppen(seite)["entwuerfe"], seite.darf_bestaetigen) for seite in antwort.context["seiten"]
    }
    assert teile == {"Musterstadt": (["Bauhof"], True), "Nachbarstadt": (["Archiv"], False)}
    assert "<h1>Interessen Ihrer Kommunen</h1>" in text(antwort)
    assert "Musterstadt</h2>" in text(antwort)


def test_empty_page_says_what_will_stand_here(angemeldet, kontakt):
    seite = text(angemeldet(kontakt).get(SEITE))
    assert "Noch kein Interesse bekundet" in seite
    assert f"/interessen/neu/?kommune={kontakt.kommune.ags}" in seite


@pytest.mark.parametrize("wer", ["geschaeftsstelle", "lesend"])
def test_page_is_403_for_those_who_act_for_no_kommune(request, angemeldet, wer):
    antwort = angemeldet(request.getfixturevalue(wer)).get(SEITE)
    assert antwort.status_code == 403
    assert "Diese Seite ist für Personen, die für eine Kommune handeln." in text(antwort)


def test_page_is_for_those_signed_in(client):
    assert client.get(SEITE).headers["Location"] == f"/konto/anmelden/?next={SEITE}"


@pytest.mark.parametrize("anzahl", [1, 3])
def test_page_needs_the_same_queries_for_any_number(angemeldet, django_assert_num_queries, anzahl):
    konto = KontoFactory()
    for _ in range(anzahl):
        fuelle_ohne_namen(konto.kommune)
        VertretungFactory(vertreter=konto)
    client = angemeldet(konto)
    with django_assert_num_queries(5):
        client.get(SEITE)


def fuelle_ohne_namen(kommune):
    for zustand in ({"entwurf": True}, {"unbestaetigt": True}, {}, {"zurueckgezogen": True}):
        InteressenbekundungFactory(kommune=kommune, **zustand)
