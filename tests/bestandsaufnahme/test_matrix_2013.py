"""The matrix of 2013 stays what it was, whatever changes after it."""

from datetime import date

import pytest
from django.core.management import call_command

from bestandsaufnahme.ablaeufe import beteiligung, kooperation
from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, Herkunft, Rechtsform
from bestandsaufnahme.models import Erhebung, Kooperation
from ikz_portal.betrieb.grunddaten.lesen import lies
from kommunen.models import Kommune

pytestmark = pytest.mark.django_db
URL = "/bestandsaufnahme/?stichtag=2013-06-30"
ALLE_15 = {
    *("Biebesheim am Rhein", "Bischofsheim", "Büttelborn", "Gernsheim", "Ginsheim-Gustavsburg", "Groß-Gerau"),
    *("Kelsterbach", "Mörfelden-Walldorf", "Nauheim", "Raunheim", "Riedstadt", "Rüsselsheim am Main"),
    *("Stockstadt am Rhein", "Trebur", "Kreis Groß-Gerau"),
}
LESART = {
    "Postverbund": {"Mörfelden-Walldorf", "Rüsselsheim am Main"},
    "Rechtsamt": {"Rüsselsheim am Main"},
    "Beschaffungen": {"Kelsterbach", "Raunheim", "Rüsselsheim am Main"},
    "amtliche Bekanntmachungen": {"Biebesheim am Rhein", "Stockstadt am Rhein"},
    "DV-Leistungen für Kommunen": ALLE_15,
    "Softwareschulungen für Systemsoftware": {
        *("Bischofsheim", "Büttelborn", "Ginsheim-Gustavsburg", "Mörfelden-Walldorf", "Rüsselsheim am Main")
    },
    "Prüfung von EDV-Software": {"Rüsselsheim am Main"},
    "IT-Projekte": ALLE_15,
}


@pytest.fixture(autouse=True)
def grunddaten(db):
    call_command("grunddaten", verbosity=0)


def gelesen(antwort):
    """Return who has a mark in which row."""
    zeilen = [zeile for gruppe in antwort.context["matrix"].gruppen for zeile in gruppe.zeilen]
    return {z.name: {zeichen.kommune for _, marken in z.zellen for zeichen in marken} for z in zeilen}


def worte(antwort):
    return [(f.nummer, f.bezeichnung, f.erlaeuterung, f.angaben) for f in antwort.context["matrix"].fussnoten]


def nach_der_kooperation(name):
    return Kooperation.objects.get(kooperationsfeld__name=name)


def veraendere(durch):
    """Let Kommunen join, leave and change, describe one otherwise, end another, after 2013."""
    post, einkauf, recht = (nach_der_kooperation(name) for name in ("Postverbund", "Beschaffungen", "Rechtsamt"))
    nauheim, raunheim, ruesselsheim = (Kommune.objects.get(name__startswith=n) for n in ("Nauh", "Raun", "Rüss"))
    neu = {"status": BeteiligungStatus.BESTEHT, "herkunft": Herkunft.BESCHLUSS, "durch": durch}
    beteiligt = BeteiligungRolle.BETEILIGT
    beteiligung.eintragen(kooperation=post, kommune=nauheim, ab=date(2015, 1, 1), rolle=beteiligt, **neu)
    beteiligung.beenden(kooperation=einkauf, kommune=raunheim, letzter_tag=date(2014, 12, 31), durch=durch)
    fuehrung = BeteiligungRolle.FEDERFUEHREND
    beteiligung.eintragen(kooperation=einkauf, kommune=ruesselsheim, ab=date(2016, 1, 1), rolle=fuehrung, **neu)
    beteiligung.bestaetigen(kooperation=post, kommune=None, am=date(2018, 1, 1), durch=durch)
    angaben = kooperation.KooperationAngaben(
        kooperationsfeld=post.kooperationsfeld,
        symbol=post.symbol,
        bezeichnung="Briefzentrum",
        rechtsform=Rechtsform.ZV,
        seit=post.seit,
        seit_genauigkeit=post.seit_genauigkeit,
        quelle=post.quelle,
        veroeffentlicht=True,
    )
    kooperation.bearbeiten(kooperation=post, version=post.version, angaben=angaben, ab=date(2017, 1, 1), durch=durch)
    kooperation.beenden(kooperation=recht, letzter_tag=date(2019, 12, 31), durch=durch)


def test_matrix_of_2013_is_the_resolved_reading(client):
    antwort = client.get(URL)
    assert gelesen(antwort) == LESART
    assert antwort.context["treffer"] == "44 Markierungen, 8 Kooperationen"
    assert antwort.context["seite"].paginator.num_pages == 1


@pytest.mark.parametrize("wer", ["öffentlich", "angemeldet"])
def test_matrix_of_2013_stays_after_later_changes(client, angemeldet, geschaeftsstelle, wer):
    besucher = client if wer == "öffentlich" else angemeldet(geschaeftsstelle)
    vorher = besucher.get(URL)
    veraendere(geschaeftsstelle)
    nachher, heute = besucher.get(URL), besucher.get("/bestandsaufnahme/?stichtag=2020-01-01")
    assert gelesen(nachher) == gelesen(vorher) == LESART
    assert worte(nachher) == worte(vorher)
    assert nachher.context["treffer"] == "44 Markierungen, 8 Kooperationen"
    assert gelesen(heute)["Postverbund"] == {"Mörfelden-Walldorf", "Nauheim", "Rüsselsheim am Main"}
    assert gelesen(heute)["Beschaffungen"] == {"Kelsterbach", "Rüsselsheim am Main"}
    assert gelesen(heute)["Rechtsamt"] == set()
    assert heute.context["matrix"].fussnoten[0].bezeichnung == "Briefzentrum"


def test_note_tells_the_print_and_its_columns(client):
    seite = client.get(URL).content.decode()
    hinweis = Erhebung.objects.get(stichtag=date(2013, 6, 30)).lesehinweis
    assert "| Kooperationsfeld | Rü | Ra | Ke | A | B | C | D | E | F | G | H | I | J | K | L |" in hinweis
    assert "| Beschaffungen | ⊕ | ⊕ | ⊕ |  |  |  |  |  |  |  |  |  |  | ● | ● |" in hinweis
    assert "| A, B, E | Bischofsheim, Büttelborn, Ginsheim-Gustavsburg | zusammen hoch, einzeln offen |" in hinweis
    assert "<h2>So gedruckt</h2>" in seite
    assert "verrutschte Zeichen" in seite


def test_print_and_reading_agree_but_for_the_two_that_slipped():
    """Columns that can't be told apart carry the same marks, so the row is resolved all the same."""
    abdruck = lies("matrix_2013")["erhebung"]["abdruck"]
    namen = dict(Kommune.objects.values_list("ags", "name"))
    je_spalten = {tuple(lesart["spalten"]): {namen[ags] for ags in lesart["kommunen"]} for lesart in abdruck["lesart"]}
    assert sorted(spalte for spalten in je_spalten for spalte in spalten) == sorted(abdruck["spalten"])
    assert set().union(*je_spalten.values()) == ALLE_15

    gedruckt = {}
    for zeile in abdruck["zeilen"]:
        belegte = {spalte for spalten in zeile["zeichen"].values() for spalte in spalten}
        ganze = {spalten for spalten in je_spalten if set(spalten) <= belegte}
        assert {spalte for spalten in ganze for spalte in spalten} == belegte
        gedruckt[zeile["kooperationsfeld"]] = set().union(*(je_spalten[spalten] for spalten in ganze))
    verrutscht = LESART["amtliche Bekanntmachungen"]
    assert sum(len(s) for zeile in abdruck["zeilen"] for s in zeile["zeichen"].values()) == 44
    assert gedruckt == {
        **LESART,
        "Beschaffungen": LESART["Beschaffungen"] | verrutscht,
        "amtliche Bekanntmachungen": set(),
    }
