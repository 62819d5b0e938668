import csv
import re
from datetime import date
from io import BytesIO

import pytest
import time_machine
from python_calamine import CalamineWorkbook

from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BeteiligungFactory,
    ErhebungFactory,
    ExternerPartnerFactory,
    KooperationFactory,
    KooperationsfeldFactory,
)
from tests.fabriken.kommunen import KommuneFactory

pytestmark = pytest.mark.django_db
URL = "/bestandsaufnahme/"
STAND = date(2013, 6, 30)


@pytest.fixture
def erhebung(verbund):
    return ErhebungFactory(name="Bestandsaufnahme 2013", stichtag=STAND, lesehinweis="Die Farbe ist verloren.")


@pytest.fixture
def kooperation(erhebung):
    return KooperationFactory(bezeichnung="Postverbund", symbol="■", bestaetigt=STAND)


def text(antwort):
    return antwort.content.decode()


def ansagen(antwort):
    return re.findall(r'<span class="zeichen-worte">([^<]*: [^<]*) – [^<]*<', text(antwort))


def test_matrix_opens_on_the_day_of_the_last_published_erhebung(client, kooperation, kommune):
    BeteiligungFactory(kooperation=kooperation, kommune=kommune, rolle=BeteiligungRolle.FEDERFUEHREND)
    antwort = client.get(URL)
    assert antwort.context["stichtag"] == STAND
    assert antwort.context["treffer"] == "1 Markierung, 1 Kooperation"
    assert ansagen(antwort) == ["Musterstadt: besteht, federführend"]
    assert "Die Farbe ist verloren." in text(antwort)
    assert 'id="fussnote-1"' in text(antwort)
    assert "zuletzt bestätigt" not in text(antwort)


@time_machine.travel("2026-11-22 12:00+01:00", tick=False)
@time_machine.travel(date(2026, 11, 23))
def test_matrix_leads_to_the_state_of_today_and_keeps_the_view(client, kooperation, kommune):
    BeteiligungFactory(kooperation=kooperation, kommune=kommune)

    damals, jetzt = (client.get(f"{URL}?ansicht=netz{tag}") for tag in ("", "&stichtag=2026-11-23"))

    assert damals.context["heute_url"] == "?ansicht=netz&stichtag=2026-11-23"
    assert "Stand von heute zeigen" in text(damals)
    assert jetzt.context["heute_url"] == ""


def test_matrix_opens_on_a_day_that_has_come_also_where_a_later_stichtag_is_published(client, erhebung):
    ErhebungFactory(stichtag=date(2026, 12, 31))
    antwort = client.get(URL)
    assert antwort.context["stichtag"] == STAND


def test_matrix_head_names_the_kommunen_in_full_and_leads_to_their_pages(client, kooperation, kommune):
    BeteiligungFactory(kooperation=kooperation, kommune=kommune)
    kopf = (
        f'<a class="d-none d-md-inline-block" href="/kommunen/{kommune.ags}/" title="Musterstadt">'
        f'<span class="hoch" aria-hidden="true">{kommune.kurzname}</span>'
        '<span class="visually-hidden">Musterstadt</span></a>'
    )
    assert kopf in text(client.get(URL))


def test_matrix_on_a_later_day_says_when_it_was_confirmed(client, kooperation, kommune):
    BeteiligungFactory(kooperation=kooperation, kommune=kommune)
    antwort = client.get(f"{URL}?stichtag=2020-01-01")
    assert "1 von 1 Kooperationen ist zuletzt am 30.06.2013 bestätigt." in text(antwort)
    assert ansagen(antwort) == ["Musterstadt: besteht, zuletzt bestätigt 30.06.2013"]
    assert text(antwort).count("zuletzt bestätigt 30.06.2013</span>") == 1  # at its footnote
    assert ("Stichtag: 01.01.2020", "?") in antwort.context["angewandte_filter"]


def test_matrix_before_the_first_fact_leads_to_it(client, kooperation):
    BeteiligungFactory(kooperation=kooperation)
    antwort = client.get(f"{URL}?stichtag=2013-06-29")
    assert antwort.status_code == 200
    assert "Für diesen Tag ist nichts bekannt" in text(antwort)
    assert 'href="?stichtag=2013-06-30"' in text(antwort)


def test_matrix_without_anything_says_why(client, verbund):
    assert "Noch keine Kooperation erfasst" in text(client.get(URL))


@time_machine.travel("2026-01-15")
def test_matrix_without_erhebung_shows_today(client, verbund):
    BeteiligungFactory()
    assert client.get(URL).context["stichtag"] == date(2026, 1, 15)


def test_matrix_filters_by_aufgabenfeld_kommune_and_status(client, erhebung, kommune, andere_kommune):
    eine, andere = KooperationFactory(), KooperationFactory()
    BeteiligungFactory(kooperation=eine, kommune=kommune)
    BeteiligungFactory(kooperation=eine, kommune=andere_kommune, status=BeteiligungStatus.VORGESEHEN)
    BeteiligungFactory(kooperation=andere, kommune=andere_kommune)
    slug = eine.kooperationsfeld.aufgabenfeld.slug
    assert ansagen(client.get(f"{URL}?aufgabenfeld={slug}")) == ["Musterstadt: besteht", "Nachbarstadt: vorgesehen"]
    assert ansagen(client.get(f"{URL}?kommune={kommune.ags}")) == ["Musterstadt: besteht"]
    assert ansagen(client.get(f"{URL}?status=vorgesehen")) == ["Nachbarstadt: vorgesehen"]
    nichts = client.get(f"{URL}?status=vorgesehen&kommune={kommune.ags}")
    assert "Keine Markierung passt zu diesen Filtern" in text(nichts)


def test_matrix_shows_rows_without_marks_unless_filtered(client, kooperation, kommune):
    BeteiligungFactory(kooperation=kooperation, kommune=kommune)
    KooperationsfeldFactory(name="Winterdienst")
    assert "Winterdienst" in text(client.get(URL))
    assert "Winterdienst" not in text(client.get(f"{URL}?kommune={kommune.ags}"))


@pytest.mark.parametrize(
    ("frage", "satz"),
    [
        ("stichtag=2013-13-45", "Der Stichtag ist kein Datum"),
        ("stichtag=gestern", "Der Stichtag ist kein Datum"),
        ("aufgabenfeld=zauberei", "Das Aufgabenfeld „zauberei“ gibt es nicht."),
        ("kommune=99999999", "Eine Kommune mit dem AGS „99999999“ gibt es nicht."),
        ("status=kaputt", "Den Status „kaputt“ gibt es nicht."),
        ("format=pdf", "Dieses Dateiformat gibt es nicht."),
        ("stichtag=%00", "Der Stichtag ist kein Datum"),
        ("ansicht=kreisel", "Die Ansicht „kreisel“ gibt es nicht."),
        ("rechtsform=gmbh", "Die Rechtsform „gmbh“ gibt es nicht."),
        ("federfuehrung=nein", "Federführung: Möglich sind „ja“ und der AGS einer Kommune, nicht „nein“."),
        ("extern=nein", "Externe Partner: Möglich ist „ja“."),
        ("q=%00", "Der Text enthält ein Zeichen, das nicht gespeichert werden kann."),
        ("q=" + "x" * 101, "Bitte kürzen Sie den Text auf höchstens 100 Zeichen"),
    ],
)
def test_matrix_answers_bad_input_with_400_and_a_sentence(client, kooperation, frage, satz):
    antwort = client.get(f"{URL}?{frage}")
    assert antwort.status_code == 400
    assert satz in text(antwort)


def test_matrix_of_the_public_leaves_out_what_is_not_published(client, angemeldet, lesend, erhebung, kommune):
    BeteiligungFactory(kooperation=KooperationFactory(veroeffentlicht=False), kommune=kommune)
    assert ansagen(client.get(URL)) == []
    assert ansagen(angemeldet(lesend).get(URL)) == ["Musterstadt: besteht"]


def test_matrix_exports_the_marks_that_are_filtered(client, kooperation, kommune, andere_kommune):
    BeteiligungFactory(kooperation=kooperation, kommune=kommune)
    BeteiligungFactory(kooperation=kooperation, kommune=andere_kommune)
    antwort = client.get(f"{URL}?kommune={kommune.ags}&format=csv")
    kopf, zeile = antwort.content.decode("utf-8-sig").splitlines()
    assert kopf.startswith("Aufgabenfeld;Kooperationsfeld;Zeichen;Kooperation;AGS;Kommune;Status")
    assert zeile.split(";")[2:7] == ["■", "Postverbund", kommune.ags, "Musterstadt", "besteht"]
    assert zeile.split(";")[9] == "30.06.2013"


def test_matrix_exports_xlsx(client, kooperation):
    BeteiligungFactory(kooperation=kooperation)
    antwort = client.get(f"{URL}?format=xlsx")
    zeilen = CalamineWorkbook.from_filelike(BytesIO(antwort.content)).get_sheet_by_index(0).to_python()
    assert [zeile[3] for zeile in zeilen] == ["Kooperation", "Postverbund"]


@pytest.mark.parametrize("anzahl", [1, 3])
def test_matrix_needs_the_same_queries_for_any_number(angemeldet, lesend, erhebung, django_assert_num_queries, anzahl):
    for _ in range(anzahl):
        kooperation = KooperationFactory(externe_partner=[ExternerPartnerFactory()])
        BeteiligungFactory(kooperation=kooperation)
        BeteiligungFactory(kooperation=kooperation)
    client = angemeldet(lesend)
    with django_assert_num_queries(12):
        client.get(URL)


def test_kooperation_that_is_not_published_is_404_for_the_public(client, angemeldet, lesend):
    kooperation = KooperationFactory(veroeffentlicht=False)
    url = f"{URL}kooperationen/{kooperation.pk}/"
    assert client.get(url).status_code == 404
    assert "noch nicht veröffentlicht" in text(angemeldet(lesend).get(url))


def test_matrix_of_a_day_to_come_is_refused(client, kooperation):
    antwort = client.get(f"{URL}?stichtag=2999-01-01")
    assert antwort.status_code == 400
    assert "Der Stichtag liegt in der Zukunft." in text(antwort)


def test_footnote_keeps_its_number_whatever_is_shown(client, kommune, andere_kommune):
    BeteiligungFactory(kooperation=KooperationFactory(veroeffentlicht=True), kommune=kommune)
    BeteiligungFactory(kooperation=KooperationFactory(veroeffentlicht=True), kommune=andere_kommune)
    tag = "stichtag=2013-06-30"
    alle = client.get(f"{URL}?{tag}").context["matrix"].fussnoten
    [eine] = client.get(f"{URL}?{tag}&kommune={andere_kommune.ags}").context["matrix"].fussnoten
    assert [fussnote.nummer for fussnote in alle] == [1, 2]
    assert eine.nummer == 2


# --- what is exported -------------------------------------------------------------------------------------------------
def test_export_has_the_columns_that_the_import_reads(client, erhebung, kommune):
    partner = [ExternerPartnerFactory(name="Post AG"), ExternerPartnerFactory(name="Bahn AG")]
    kooperation = KooperationFactory(
        bezeichnung="Postverbund",
        rechtsform="priv",
        externe_partner=partner,
        seit=date(2012, 1, 1),
        seit_genauigkeit="jahr",
        bestaetigt=STAND,
    )
    vorgesehen = {"status": BeteiligungStatus.VORGESEHEN, "vorgesehen_bis": date(2013, 12, 31)}
    BeteiligungFactory(kooperation=kooperation, kommune=kommune, erhebung=erhebung, **vorgesehen)
    kopf, zeile = client.get(f"{URL}?format=csv").content.decode("utf-8-sig").splitlines()
    feld = kooperation.kooperationsfeld
    assert dict(zip(kopf.split(";"), next(csv.reader([zeile], delimiter=";")), strict=True)) == {
        "Aufgabenfeld": feld.aufgabenfeld.name,
        "Kooperationsfeld": feld.name,
        "Zeichen": "■",
        "Kooperation": "Postverbund",
        "AGS": kommune.ags,
        "Kommune": "Musterstadt",
        "Status": "vorgesehen",
        "Rolle": "beteiligt",
        "Bekannt durch": "laut Fußnote",
        "Belegt ab": "30.06.2013",
        "Belegt bis (ausschließlich)": "",
        "Vorgesehen bis": "31.12.2013",
        "Rechtsform": "privatrechtlicher Vertrag oder Gesellschaft",
        "Externe Partner": "Bahn AG; Post AG",
        "Seit": "2012",
        "Zuletzt bestätigt": "30.06.2013",
        "Beispiel": "",
    }


def test_export_holds_all_pages_and_nothing_of_the_view(client, erhebung, kommune):
    for feld in felder_ueber_zwei_seiten():
        BeteiligungFactory(kooperation=KooperationFactory(kooperationsfeld=feld), kommune=kommune)
    zeilen = client.get(f"{URL}?ansicht=netz&seite=2&format=csv").content.decode("utf-8-sig").splitlines()
    assert len(zeilen) == 1 + 70


def test_export_marks_examples_and_the_public_gets_none(client, angemeldet, lesend, erhebung, kommune):
    BeteiligungFactory(kommune=kommune, erhebung=ErhebungFactory(beispiel=True))
    assert len(client.get(f"{URL}?format=csv").content.decode().splitlines()) == 1
    _, zeile = angemeldet(lesend).get(f"{URL}?format=csv").content.decode().splitlines()
    assert zeile.endswith(";ja")


# --- pages ------------------------------------------------------------------------------------------------------------
def felder_ueber_zwei_seiten():
    """Return 70 Kooperationsfelder: 40 and 20 of two Aufgabenfelder on the first page, 10 of a third on the next."""
    felder = []
    for nummer, anzahl in enumerate((40, 20, 10), start=1):
        oben = AufgabenfeldFactory(name=f"Aufgabe {nummer}", slug=f"aufgabe-{nummer}", reihenfolge=nummer)
        felder += KooperationsfeldFactory.create_batch(anzahl, aufgabenfeld=oben)
    return felder


def test_pages_hold_whole_aufgabenfelder_and_a_list_of_them(client, erhebung, kommune):
    felder = felder_ueber_zwei_seiten()
    BeteiligungFactory(kooperation=KooperationFactory(kooperationsfeld=felder[0]), kommune=kommune)
    erste, zweite = client.get(URL), client.get(f"{URL}?seite=2")
    assert [gruppe.name for gruppe in erste.context["matrix"].gruppen] == ["Aufgabe 1", "Aufgabe 2"]
    assert [gruppe.name for gruppe in zweite.context["matrix"].gruppen] == ["Aufgabe 3"]
    assert erste.context["verzeichnis"] == [
        (1, "?seite=1", [("Aufgabe 1", "?seite=1#aufgabe-1"), ("Aufgabe 2", "?seite=1#aufgabe-2")]),
        (2, "?seite=2", [("Aufgabe 3", "?seite=2#aufgabe-3")]),
    ]
    assert 'id="aufgabe-3"' in text(zweite)
    assert "Weiter: Aufgabe 3" in text(erste)
    assert "Zurück: Aufgabe 1" in text(zweite)
    assert erste.context["treffer"] == zweite.context["treffer"] == "1 Markierung, 1 Kooperation"


@pytest.mark.parametrize("seite", ["3", "0", "-1", "x", "9" * 40])
def test_page_that_does_not_exist_is_404(client, erhebung, kommune, seite):
    BeteiligungFactory(kommune=kommune)
    assert client.get(f"{URL}?seite={seite}").status_code == 404


def test_filters_keep_the_view_but_lead_to_the_first_page(client, kooperation, kommune):
    BeteiligungFactory(kooperation=kooperation, kommune=kommune)
    antwort = client.get(f"{URL}?ansicht=kommunen&status=besteht&seite=1")
    assert antwort.context["angewandte_filter"] == [("Status: besteht", "?ansicht=kommunen")]
    assert antwort.context["ohne_filter"] == f"{URL}?ansicht=kommunen"
    ansichten = {name: url for name, _, url in antwort.context["ansichten"]}
    assert ansichten["netz"] == "?ansicht=netz&status=besteht"


# --- views ------------------------------------------------------------------------------------------------------------
def test_list_per_kommune_shows_the_same_marks(client, kooperation, kommune, andere_kommune):
    BeteiligungFactory(kooperation=kooperation, kommune=kommune)
    antwort = client.get(f"{URL}?ansicht=kommunen")
    assert [(liste.name, liste.anzahl) for liste in antwort.context["liste"]] == [
        ("Musterstadt", 1),
        ("Nachbarstadt", 0),
    ]
    assert f'id="kommune-{kommune.ags}"' in text(antwort)
    assert 'id="fussnote-1"' in text(antwort)
    assert "<table" not in text(antwort)


def test_heat_view_has_the_numbers_as_chart_and_as_table(client, kooperation, kommune):
    BeteiligungFactory(kooperation=kooperation, kommune=kommune)
    antwort = client.get(f"{URL}?ansicht=waerme")
    bild = antwort.context["waerme"]
    assert [(g.kopf.werte, [z.werte for z in g.zeilen]) for g in bild.gruppen] == [([1], [[1]])]
    assert 'id="waerme-titel"' in text(antwort)
    assert '<table class="matrix matrix-zahlentabelle">' in text(antwort)
    assert "Gezählt wird, was am 30. Juni 2013 besteht." in text(antwort)


def test_network_of_one_kommune_keeps_those_that_it_works_with(client, kooperation, kommune, andere_kommune):
    for wer in (kommune, andere_kommune):
        BeteiligungFactory(kooperation=kooperation, kommune=wer)
    antwort = client.get(f"{URL}?ansicht=netz&kommune={kommune.ags}")
    assert antwort.context["haeufigste"] == [("Musterstadt", "Nachbarstadt", 1)]
    assert "Mit wem Musterstadt zusammenarbeitet" in text(antwort)
    assert 'id="netz-titel"' in text(antwort)


def test_figures_say_what_they_do_not_count(angemeldet, lesend, kooperation, kommune, andere_kommune):
    BeteiligungFactory(kooperation=kooperation, kommune=kommune, status=BeteiligungStatus.UNBEKANNT)
    BeteiligungFactory(kooperation=kooperation, kommune=andere_kommune, status=BeteiligungStatus.VORGESEHEN)
    BeteiligungFactory(kooperation=kooperation, erhebung=ErhebungFactory(beispiel=True))
    for ansicht in ("waerme", "netz"):
        assert angemeldet(lesend).get(f"{URL}?ansicht={ansicht}").context["grundlage"] == (
            "Gezählt wird, was am 30. Juni 2013 besteht, und was ohne überlieferten Status eingetragen ist "
            "(1 von 1 Zeichen). Nicht mitgezählt: 1 Zeichen für Vorgesehenes oder nicht zustande Gekommenes "
            "und 1 aus Beispielen."
        )


@pytest.mark.parametrize("ansicht", ["tabelle", "kommunen", "waerme", "netz"])
def test_examples_are_marked_for_those_signed_in_and_unknown_to_the_public(
    client, angemeldet, lesend, kooperation, ansicht
):
    BeteiligungFactory(kooperation=kooperation)
    BeteiligungFactory(kooperation=kooperation, erhebung=ErhebungFactory(beispiel=True))
    oeffentlich, intern = client.get(f"{URL}?ansicht={ansicht}"), angemeldet(lesend).get(f"{URL}?ansicht={ansicht}")
    assert oeffentlich.context["treffer"] == "1 Markierung, 1 Kooperation"
    assert "marke-beispiel" not in text(oeffentlich)
    assert intern.context["treffer"] == "2 Markierungen, 1 Kooperation"
    assert ("marke-beispiel" in text(intern)) == (ansicht in {"tabelle", "kommunen"})


def test_note_of_the_round_is_markdown_without_markup_of_its_own(client, verbund):
    ErhebungFactory(stichtag=STAND, lesehinweis="## Lesart\n\n<script>alert(1)</script> **verloren**")
    BeteiligungFactory()
    assert "<h2>Lesart</h2>" in text(client.get(URL))
    assert "<strong>verloren</strong>" in text(client.get(URL))
    assert "<script>alert" not in text(client.get(URL))


def test_only_the_geschaeftsstelle_is_led_to_the_import(angemeldet, geschaeftsstelle, lesend, kooperation):
    BeteiligungFactory(kooperation=kooperation)
    darf = [angemeldet(wer).get(URL).context["darf_einlesen"] for wer in (geschaeftsstelle, lesend)]
    assert darf == [True, False]


# --- as cheap for many as for few -------------------------------------------------------------------------------------
@pytest.mark.parametrize("felder", [3, 120])
def test_matrix_needs_the_same_queries_for_3_and_120_fields(
    angemeldet, geschaeftsstelle, erhebung, django_assert_num_queries, felder
):
    kommune, oben = KommuneFactory(), AufgabenfeldFactory.create_batch(3)
    for nummer in range(felder):
        feld = KooperationsfeldFactory(aufgabenfeld=oben[nummer % 3])
        BeteiligungFactory(kooperation=KooperationFactory(kooperationsfeld=feld), kommune=kommune)
    client = angemeldet(geschaeftsstelle)
    for ansicht, abfragen in (("tabelle", 12), ("kommunen", 12), ("waerme", 11), ("netz", 9)):
        with django_assert_num_queries(abfragen):
            antwort = client.get(f"{URL}?ansicht={ansicht}&q=kooperation&rechtsform=unbekannt")
        assert antwort.context["treffer"] == f"{felder} Markierungen, {felder} Kooperationen"
