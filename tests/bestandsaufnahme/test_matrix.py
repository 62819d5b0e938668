"""The matrix as data: what holds on which day, how marks and footnotes are told."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from bestandsaufnahme.abfragen.kooperation.kooperation import zeilen
from bestandsaufnahme.abfragen.matrix.je_kommune import je_kommune
from bestandsaufnahme.abfragen.matrix.matrix import angaben, erhebung_vom, erster_tag, felder_in_reihe, matrix, umfang
from bestandsaufnahme.abfragen.matrix.seiten import auf_seiten
from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus
from bestandsaufnahme.models import Aufgabenfeld, Beteiligung, Kooperation, Kooperationsfeld
from bestandsaufnahme.rechte import massgebliche_erhebungen
from kommunen.models import Kommune
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BeteiligungFactory,
    ErhebungFactory,
    ExternerPartnerFactory,
    KooperationFactory,
    KooperationsfeldFactory,
)

pytestmark = pytest.mark.django_db


def am(tag, **weiteres):
    """Return the first page of the matrix of the day, with all rows and all columns."""
    seiten = auf_seiten(felder_in_reihe(Kooperationsfeld.objects.all()))
    kommunen = list(Kommune.objects.all())
    return matrix(
        Beteiligung.objects.am(tag),
        seite=seiten[0],
        aufgabenfelder=Aufgabenfeld.objects.in_bulk(),
        stichtag=tag,
        **{"kommunen": kommunen, "spalten": kommunen, "kooperationen": Kooperation.objects.all(), **weiteres},
    )


def marken(bild):
    return [m for gruppe in bild.gruppen for zeile in gruppe.zeilen for _, darin in zeile.zellen for m in darin]


def ansagen(bild):
    return [marke.ansage for marke in marken(bild)]


def test_matrix_shows_who_has_joined_and_not_who_has_left(kommune, andere_kommune):
    kooperation = KooperationFactory()
    BeteiligungFactory(kooperation=kooperation, kommune=kommune, gilt_ab=date(2013, 6, 30), gilt_bis=date(2015, 1, 1))
    BeteiligungFactory(kooperation=kooperation, kommune=andere_kommune, gilt_ab=date(2014, 1, 1))
    assert ansagen(am(date(2013, 6, 29))) == []
    assert ansagen(am(date(2013, 6, 30))) == ["Musterstadt: besteht"]
    assert ansagen(am(date(2014, 1, 1))) == ["Musterstadt: besteht", "Nachbarstadt: besteht"]
    assert ansagen(am(date(2015, 1, 1))) == ["Nachbarstadt: besteht"]


def test_matrix_shows_the_status_of_the_day(kommune):
    kooperation = KooperationFactory()
    geplant = {"status": BeteiligungStatus.VORGESEHEN, "gilt_bis": date(2014, 1, 1)}
    BeteiligungFactory(kooperation=kooperation, kommune=kommune, **geplant)
    BeteiligungFactory(kooperation=kooperation, kommune=kommune, gilt_ab=date(2014, 1, 1))
    assert ansagen(am(date(2013, 12, 31))) == ["Musterstadt: vorgesehen"]
    assert ansagen(am(date(2014, 1, 1))) == ["Musterstadt: besteht"]


def test_matrix_tells_who_leads_and_who_receives(kommune, andere_kommune):
    kooperation = KooperationFactory(symbol="⊕", bezeichnung="Rechtsamt")
    BeteiligungFactory(kooperation=kooperation, kommune=kommune, rolle=BeteiligungRolle.FEDERFUEHREND)
    BeteiligungFactory(kooperation=kooperation, kommune=andere_kommune, rolle=BeteiligungRolle.LEISTUNGSEMPFAENGER)
    bild = am(date(2013, 6, 30))
    ((_, (erste,)), (_, (zweite,))) = bild.gruppen[0].zeilen[0].zellen
    assert erste.ansage == "Musterstadt: besteht, federführend"
    assert erste.klasse == "zeichen-besteht zeichen-federfuehrend"
    assert erste.titel == "Musterstadt: besteht, federführend – Rechtsamt"
    assert erste.symbol == "kreis-plus"
    assert zweite.ansage == "Nachbarstadt: besteht, Leistungsempfänger"
    assert zweite.klasse == "zeichen-besteht"


def test_cell_holds_several_marks_in_the_order_of_their_footnotes(kommune):
    feld = KooperationsfeldFactory()
    for symbol in ("●", "■"):
        BeteiligungFactory(kooperation=KooperationFactory(kooperationsfeld=feld, symbol=symbol), kommune=kommune)
    bild = am(date(2013, 6, 30))
    ((_, darin),) = bild.gruppen[0].zeilen[0].zellen
    assert [marke.fussnote for marke in darin] == sorted(fussnote.nummer for fussnote in bild.fussnoten) == [1, 2]
    assert bild.gruppen[0].zeilen[0].fussnoten == [1, 2]


def test_umfang_counts_marks_and_kooperationen_and_names_their_fields(kommune, andere_kommune):
    eine, andere = KooperationFactory(), KooperationFactory()
    KooperationsfeldFactory()
    for kooperation, wer in ((eine, kommune), (eine, andere_kommune), (andere, kommune)):
        BeteiligungFactory(kooperation=kooperation, kommune=wer)
    alles = umfang(Beteiligung.objects.all())
    assert (alles.zeichen, alles.kooperationen, alles.worte) == (3, 2, "3 Markierungen, 2 Kooperationen")
    assert alles.felder == {eine.kooperationsfeld_id, andere.kooperationsfeld_id}
    assert umfang(Beteiligung.objects.filter(kooperation=andere)).worte == "1 Markierung, 1 Kooperation"


def test_mark_that_is_not_drawn_stands_as_text(kommune):
    BeteiligungFactory(kooperation=KooperationFactory(symbol="B1"), kommune=kommune)
    ((_, (marke,)),) = am(date(2013, 6, 30)).gruppen[0].zeilen[0].zellen
    assert (marke.symbol, marke.zeichen) == ("", "B1")


def test_rows_are_grouped_and_in_order(kommune):
    spaeter, frueher = AufgabenfeldFactory(reihenfolge=2, name="Zwei"), AufgabenfeldFactory(reihenfolge=1, name="Eins")
    KooperationsfeldFactory(aufgabenfeld=spaeter, name="c", reihenfolge=1)
    KooperationsfeldFactory(aufgabenfeld=frueher, name="b", reihenfolge=2)
    KooperationsfeldFactory(aufgabenfeld=frueher, name="a", reihenfolge=1)
    bild = am(date(2013, 6, 30))
    gruppen = [(gruppe.name, [zeile.name for zeile in gruppe.zeilen]) for gruppe in bild.gruppen]
    assert gruppen == [("Eins", ["a", "b"]), ("Zwei", ["c"])]


def test_footnotes_are_numbered_through_in_the_order_of_the_rows(kommune):
    for reihenfolge, name in ((2, "später"), (1, "früher")):
        feld = KooperationsfeldFactory(aufgabenfeld=AufgabenfeldFactory(reihenfolge=reihenfolge))
        BeteiligungFactory(kooperation=KooperationFactory(kooperationsfeld=feld, bezeichnung=name), kommune=kommune)
    fussnoten = am(date(2013, 6, 30)).fussnoten
    assert [(fussnote.nummer, fussnote.bezeichnung) for fussnote in fussnoten] == [(1, "früher"), (2, "später")]


def test_footnote_tells_all_that_is_known(kommune):
    kooperation = KooperationFactory(
        symbol="□",
        erlaeuterung="Gemeinsame Post.",
        rechtsform="priv",
        rechtsform_hinweis="Dienstleistungsvertrag",
        seit=date(2012, 1, 1),
        seit_genauigkeit="jahr",
        zeit_hinweis="laut Fußnote",
        quelle="Vortrag 2022",
        sicherheit="hoch",
        bestaetigt=date(2013, 6, 30),
        externe_partner=[ExternerPartnerFactory(name="Post"), ExternerPartnerFactory(name="Bahn")],
    )
    BeteiligungFactory(kooperation=kooperation, kommune=kommune)
    bild = am(date(2013, 6, 30))
    (fussnote,) = bild.fussnoten
    assert fussnote.unbestaetigt == ""
    assert "#quadrat-leer" in fussnote.bild
    assert fussnote.erlaeuterung == "Gemeinsame Post."
    assert fussnote.angaben == [
        ("Kommunen", "Musterstadt"),
        ("Externe Partner", "Bahn, Post"),
        ("Rechtsform", "privatrechtlicher Vertrag oder Gesellschaft – Dienstleistungsvertrag"),
        ("Seit", "2012 (laut Fußnote)"),
        ("Zuletzt bestätigt", "30.06.2013"),
        ("Sicherheit der Lesart", "hoch"),
        ("Quelle", "Vortrag 2022"),
    ]


def test_each_kooperation_says_for_itself_when_it_was_confirmed(kommune):
    feld = KooperationsfeldFactory()
    for symbol, bestaetigt in (("a", date(2013, 6, 30)), ("b", date(2020, 1, 1)), ("c", None)):
        kooperation = KooperationFactory(kooperationsfeld=feld, symbol=symbol, bestaetigt=bestaetigt)
        BeteiligungFactory(kooperation=kooperation, kommune=kommune)
    bild = am(date(2020, 1, 1))
    assert [(marke.ansage, marke.klasse) for marke in marken(bild)] == [
        ("Musterstadt: besteht, zuletzt bestätigt 30.06.2013", "zeichen-besteht zeichen-unbestaetigt"),
        ("Musterstadt: besteht", "zeichen-besteht"),
        ("Musterstadt: besteht", "zeichen-besteht"),
    ]
    assert [fussnote.unbestaetigt for fussnote in bild.fussnoten] == ["zuletzt bestätigt 30.06.2013", "", ""]
    assert "Zuletzt bestätigt" not in dict(bild.fussnoten[0].angaben)
    assert bild.unbestaetigt == "1 von 3 Kooperationen ist zuletzt am 30.06.2013 bestätigt."


@pytest.mark.parametrize(
    ("stichtag", "satz"),
    [
        (date(2014, 6, 30), "1 von 2 Kooperationen ist zuletzt am 30.06.2013 bestätigt."),
        (date(2014, 7, 1), "2 von 2 Kooperationen sind zuletzt zwischen dem 30.06.2013 und dem 30.06.2014 bestätigt."),
        (date(2013, 6, 30), ""),
    ],
)
def test_matrix_counts_the_unconfirmed(kommune, stichtag, satz):
    for tag in (date(2013, 6, 30), date(2014, 6, 30)):
        BeteiligungFactory(kooperation=KooperationFactory(bestaetigt=tag), kommune=kommune)
    assert am(stichtag).unbestaetigt == satz


def test_one_source_of_all_footnotes_is_told_once(kommune):
    for _ in range(2):
        BeteiligungFactory(kooperation=KooperationFactory(quelle="Vortrag 2022"), kommune=kommune)
    bild = am(date(2013, 6, 30))
    assert bild.gemeinsame_quelle == "Vortrag 2022"
    assert "Quelle" not in {name for fussnote in bild.fussnoten for name, _ in fussnote.angaben}


def test_footnote_names_everybody_whatever_columns_and_status_are_shown(kommune, andere_kommune):
    kooperation = KooperationFactory()
    BeteiligungFactory(kooperation=kooperation, kommune=kommune, rolle=BeteiligungRolle.FEDERFUEHREND)
    BeteiligungFactory(kooperation=kooperation, kommune=andere_kommune, status=BeteiligungStatus.VORGESEHEN)
    bild = am(date(2013, 6, 30), spalten=[kommune], status=BeteiligungStatus.BESTEHT)
    wer = f"{kommune.kurzname} (federführend), {andere_kommune.kurzname} (vorgesehen)"
    assert ansagen(bild) == ["Musterstadt: besteht, federführend"]
    assert [dict(fussnote.angaben)["Kommunen"] for fussnote in bild.fussnoten] == [wer]


def test_footnote_says_all_where_all_take_part_in_the_same_way(kommune, andere_kommune):
    kooperation = KooperationFactory()
    for wer in (kommune, andere_kommune):
        BeteiligungFactory(kooperation=kooperation, kommune=wer, status=BeteiligungStatus.UNBEKANNT)
    (fussnote,) = am(date(2013, 6, 30)).fussnoten
    assert dict(fussnote.angaben)["Kommunen"] == "alle 2 (Status nicht überliefert)"


def test_mark_that_is_planned_says_until_when(kommune):
    BeteiligungFactory(kommune=kommune, status=BeteiligungStatus.VORGESEHEN, vorgesehen_bis=date(2013, 12, 31))
    assert ansagen(am(date(2013, 6, 30))) == ["Musterstadt: vorgesehen bis 31.12.2013"]


def test_mark_of_an_example_round_says_so(kommune):
    BeteiligungFactory(kommune=kommune, erhebung=ErhebungFactory(beispiel=True))
    bild = am(date(2013, 6, 30))
    assert ansagen(bild) == ["Musterstadt: besteht, Beispiel"]
    assert marken(bild)[0].klasse == "zeichen-besteht zeichen-beispiel"
    assert bild.mit_beispielen
    assert [(f.beispiel, dict(f.angaben)["Kommunen"]) for f in bild.fussnoten] == [
        (True, f"{kommune.kurzname} (Beispiel)")
    ]


def test_html_of_a_row_escapes_all_that_people_wrote(kommune):
    boese = "<script>alert('x')</script>"
    feld = KooperationsfeldFactory(name=boese)
    kooperation = KooperationFactory(kooperationsfeld=feld, symbol="<b", bezeichnung=boese, erlaeuterung=boese)
    BeteiligungFactory(kooperation=kooperation, kommune=kommune)
    html = am(date(2013, 6, 30)).gruppen[0].zeilen[0].html
    assert "<script" not in html
    assert "<b<" not in html
    assert html.count("&lt;script&gt;") == 3


def test_words_of_a_mark_are_the_first_of_a_long_footnote(kommune):
    BeteiligungFactory(kooperation=KooperationFactory(erlaeuterung="Wort " * 100), kommune=kommune)
    (marke,) = marken(am(date(2013, 6, 30)))
    assert len(marke.worte) == 220
    assert marke.worte.endswith("…")


def test_je_kommune_lists_what_each_takes_part_in(kommune, andere_kommune):
    kooperation = KooperationFactory(bezeichnung="Postverbund", symbol="■")
    BeteiligungFactory(kooperation=kooperation, kommune=kommune)
    eine, andere = je_kommune(am(date(2013, 6, 30)), [kommune, andere_kommune])
    assert (eine.name, eine.anzahl, andere.anzahl, andere.gruppen) == ("Musterstadt", 1, 0, [])
    ((feld, marke),) = eine.gruppen[0].zeichen
    assert (feld, marke.bezeichnung, marke.aussage) == (kooperation.kooperationsfeld.name, "Postverbund", "besteht")
    assert 'href="#fussnote-1"' in eine.gruppen[0].html


def test_angaben_leave_out_what_is_not_known():
    bekannt = angaben(KooperationFactory(), bestaetigt=None)
    assert bekannt == [("Rechtsform", "nicht bekannt"), ("Seit", "nicht bekannt")]


def test_stichtag_is_set_by_the_last_published_erhebung():
    assert not massgebliche_erhebungen(AnonymousUser()).exists()
    ErhebungFactory(stichtag=date(2013, 6, 30))
    ErhebungFactory(stichtag=date(2010, 6, 30))
    ErhebungFactory(stichtag=date(2024, 6, 30), veroeffentlicht=False)
    ErhebungFactory(stichtag=date(2025, 6, 30), beispiel=True)
    massgebliche = massgebliche_erhebungen(AnonymousUser())
    assert [runde.stichtag for runde in massgebliche] == [date(2013, 6, 30), date(2010, 6, 30)]


def test_erhebung_vom_is_the_last_one_up_to_the_day():
    erste, zweite = ErhebungFactory(stichtag=date(2013, 6, 30)), ErhebungFactory(stichtag=date(2020, 6, 30))
    tage = (date(2013, 6, 29), date(2013, 6, 30), date(2021, 1, 1))
    assert [erhebung_vom([zweite, erste], tag) for tag in tage] == [None, erste, zweite]


def test_erster_tag_is_the_first_fact():
    assert erster_tag(Beteiligung.objects.all()) is None
    BeteiligungFactory(gilt_ab=date(2014, 1, 1))
    BeteiligungFactory(gilt_ab=date(2013, 6, 30))
    assert erster_tag(Beteiligung.objects.all()) == date(2013, 6, 30)


def test_zeilen_of_a_kooperation_tell_span_and_role(kommune):
    BeteiligungFactory(kommune=kommune, gilt_bis=date(2015, 1, 1))
    (zeile,) = zeilen(Beteiligung.objects.all(), stichtag=date(2013, 6, 30))
    assert (zeile.kommune, zeile.status, zeile.rolle, zeile.herkunft) == (
        "Musterstadt",
        BeteiligungStatus.BESTEHT,
        "beteiligt",
        "laut Fußnote",
    )
    assert zeile.belegt == "ab 30.06.2013 bis 31.12.2014"
