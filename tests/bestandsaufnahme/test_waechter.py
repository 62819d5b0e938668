"""The guard on its own: what it takes for a name, what gives a Kommune away, and what doesn't."""

import pytest

from bestandsaufnahme.abfragen.veroeffentlichung.ortsnamen import Ortsnamen, bereinigt
from bestandsaufnahme.abfragen.veroeffentlichung.waechter import (
    FELDNAME,
    PARTNER,
    Befund,
    Fussnotentext,
    Grund,
    offene,
    pruefen,
)
from kommunen.auswahl import KommuneArt
from kommunen.models import Kommune

STADT = {"vertretungskoerperschaft": "Stadtverordnetenversammlung", "verwaltungsorgan": "Magistrat"}
GEMEINDE = {"vertretungskoerperschaft": "Gemeindevertretung", "verwaltungsorgan": "Gemeindevorstand"}
KOMMUNEN = [
    Kommune(
        pk=pk,
        name=name,
        kurzname=kurzname,
        kuerzel=kuerzel,
        art=art,
        website=website,
        **{KommuneArt.STADT: STADT, KommuneArt.GEMEINDE: GEMEINDE}.get(art, {"verwaltungsorgan": "Kreisausschuss"}),
        amtsbezeichnung_spitze=spitze,
        ags="06433" if art == KommuneArt.KREIS else f"064330{11 + pk}",
        anschrift="Marktplatz 4, 65428 Rüsselsheim am Main" if pk == 1 else "",
    )
    for pk, name, kurzname, kuerzel, art, website, spitze in (
        (1, "Rüsselsheim am Main", "Rüsselsheim", "Rü", "stadt", "www.ruesselsheim.de", "Oberbürgermeister/in"),
        (2, "Mörfelden-Walldorf", "Mörfelden-Walldorf", "MW", "stadt", "www.mw.example", "Bürgermeister/in"),
        (3, "Groß-Gerau", "Groß-Gerau", "GG", "stadt", "www.gross-gerau.de", "Bürgermeister/in"),
        (4, "Bischofsheim", "Bischofsheim", "Bis", "gemeinde", "", "Bürgermeister/in"),
        (5, "Stockstadt am Rhein", "Stockstadt", "St", "gemeinde", "", "Bürgermeister/in"),
        (6, "Nauheim", "Nauheim", "Na", "gemeinde", "https://nauheim.example/", "Bürgermeister/in"),
        (7, "Kreis Groß-Gerau", "Kreis Groß-Gerau", "Kreis", "kreis", "www.kreisgg.de", "Landrätin/Landrat"),
    )
]
RUE, MW, GG, BIS, ST, NA, KREIS = range(1, 8)
ALLE = frozenset(range(1, 8))
ORTSNAMEN = Ortsnamen(KOMMUNEN)


# --- names ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "genannte"),
    [
        ("Rüsselsheim am Main hilft.", {RUE}),
        ("Das Rechtsamt der Stadt Rüsselsheim berät.", {RUE}),
        ("Rüsselsheims Amt, die Rüsselsheimer Verwaltung, Rüsselsheimerinnen", {RUE}),
        ("RUESSELSHEIM, ruesselsheimer Weg", {RUE}),
        ("Russelsheim", {RUE}),
        ("R\u200büssels\u00adheim", {RUE}),
        ("Ru\u0308sselsheim", {RUE}),
        ("Rüssels-\nheim", {RUE}),
        ("Rüssels\nheim", {RUE}),
        ("Rüsselsheim\nam\nMain", {RUE}),
        ("Stadtteilkonzept Altrüsselsheim", {RUE}),
        ("Mörfelden - Walldorf", {MW}),
        ("Mörfelden\u2011Walldorf", {MW}),
        ("Mörfelden-\nWalldorf", {MW}),
        ("nur Walldorf", {MW}),
        ("AGS 06433012", {RUE}),
        ("Gemeindeschlüssel 6433012.", {RUE}),
        ("Antworten an: Marktplatz 4, 65428", {RUE}),
        ("Vertrag 106433012, Konto 654281", set()),
        ("der Mörfelder Weg", {MW}),
        ("Moerfelden", {MW}),
        ("Groß Gerau, Großgerau, Gross-Gerau, GROSS-GERAU", {GG}),
        ("das Gerauer Amt", {GG}),
        ("Raum MW und Rü", {MW, RUE}),
        ("Beteiligt: Bis, Na und St.", {BIS, NA, ST}),
        ("der Rue-Bote und Rue", {RUE}),
    ],
)
def test_name_is_found_however_it_is_spelt(text, genannte):
    assert ORTSNAMEN.nennungen(text).namen == genannte


@pytest.mark.parametrize(
    "text",
    [
        "Alle Kreiskommunen, der Arbeitskreis DV und Kommunen im Kreis",
        "Städte aus dem Kreis Offenbach",
        "Der Kreis Offenbach hilft mit, und der Landkreis Darmstadt-Dieburg.",
        "Stadt Frankfurt am Main, Revisionsamt",
        "Bad Nauheim prüft.",
        "Bis 2012 galt der Vertrag. Na also: Bis dahin.",
        "5 MW Leistung, St. Martin",
        "seit geraumer Zeit, geräumt und großzügig",
        "Sie treffen sich bisher, z. B. im Ried.",
        "Fünf Kommunen des Kreises waren dabei.",
    ],
)
def test_what_is_no_name_is_not_found(text):
    assert ORTSNAMEN.nennungen(text).alle == frozenset()


@pytest.mark.parametrize(
    ("text", "genannte"),
    [
        ("Kreis Groß-Gerau", {KREIS}),
        ("Schulen des Kreises Groß-Gerau", {KREIS}),
        ("EDV-Verantwortliche aus den Kreisen Groß-Gerau und Offenbach", {KREIS}),
        ("die Kreise Offenbach und Groß-Gerau", {KREIS}),
        ("der Groß-Gerauer Kreistag", {KREIS}),
        ("Landkreis Groß-\nGerau", {KREIS}),
        ("Kreis Groß-Gerau, Groß-Gerau und Nauheim", {KREIS, GG, NA}),
        ("die Stadt Groß-Gerau", {GG}),
    ],
)
def test_town_inside_the_name_of_the_kreis_is_the_kreis(text, genannte):
    assert ORTSNAMEN.nennungen(text).namen == genannte


@pytest.mark.parametrize(
    ("text", "gemeinte"),
    [
        ("Der Kreis stellt das Personal.", {"der Kreis": KREIS}),
        ("Personal bietet der Kreis Schulungen an.", {"der Kreis": KREIS}),
        ("Der Kreisausschuss beschloss es.", {"Kreisausschuss": KREIS}),
        ("Landrat und Landrätin", {"Landrat": KREIS, "Landrätin": KREIS}),
        ("Die Oberbürgermeisterin unterschrieb.", {"Oberbürgermeister": RUE}),
        ("Die Sonderstatusstadt führt.", {"Sonderstatus": RUE}),
        ("in der Kreisstadt", {"Kreisstadt": GG}),
        ("Magistrat, Gemeindevorstand, Bürgermeister", {}),
    ],
)
def test_office_that_one_alone_has(text, gemeinte):
    assert ORTSNAMEN.nennungen(text).merkmale == gemeinte


@pytest.mark.parametrize(
    ("text", "genannte"),
    [
        ("Anmeldung: post@ruesselsheim.de", {RUE}),
        ("siehe https://www.stadt-moerfelden.example/amt", {MW}),
        ("www.kreisgg.de/it", {KREIS}),
        ("it@gg.example", {GG}),
        ("www.bekanntmachung.example", set()),
    ],
)
def test_address_with_a_name(text, genannte):
    nennungen = ORTSNAMEN.nennungen(text)
    assert (nennungen.adressen, nennungen.namen) == (genannte, frozenset())


def test_cleaned_text_has_one_kind_of_dash_and_space():
    assert bereinigt("Zwei\u00a0Städte \u2013 ein\u200b Vertrag") == "Zwei Städte - ein Vertrag"


def test_kommune_with_words_of_everyday_language_is_found_by_its_whole_name_alone():
    ortsnamen = Ortsnamen([Kommune(pk=1, name="Kommune 003", kurzname="Kommune 003", kuerzel="K3", art="stadt")])
    assert ortsnamen.nennungen("Jede Kommune führt eine Stadtkasse.").alle == frozenset()
    assert ortsnamen.nennungen("Kommune 003 führt.").alle == {1}


# --- judgment ---------------------------------------------------------------------------------------------------------
def befunde(*, beteiligte=(RUE, MW), alle_gleich=False, **texte: str) -> list[Befund]:
    labels = {"partner": PARTNER, "feld": FELDNAME}
    paare = tuple((labels.get(name, name.capitalize()), text) for name, text in texte.items())
    text = Fussnotentext(
        kooperation=7,
        titel="Postverbund",
        texte=paare,
        nummer=1,
        beteiligte=frozenset(beteiligte),
        alle_gleich=alle_gleich,
    )
    return pruefen([text], KOMMUNEN)


def gruende(gefundene: list[Befund]) -> list[tuple[Grund, set[int]]]:
    return [(befund.grund, set(befund.kommunen)) for befund in gefundene]


def test_footnote_without_a_name_has_no_finding():
    assert befunde(bezeichnung="Postverbund zweier Städte", erlaeuterung="Die beiden Städte haben einen Vertrag.") == []


def test_footnote_that_names_as_many_as_there_are_marks_gives_the_columns_away():
    anzahl, name = befunde(bezeichnung="Postverbund Mörfelden-Walldorf und Rüsselsheim")
    assert gruende([anzahl, name]) == [(Grund.ANZAHL, {RUE, MW}), (Grund.NAME, {RUE, MW})]
    assert anzahl.stark
    assert not name.stark
    assert anzahl.ganzer_satz == (
        "„Postverbund“ (Fußnote 1): Die Fußnote nennt Rüsselsheim am Main und Mörfelden-Walldorf. Das sind so viele "
        "Kommunen, wie die Zeile Zeichen hat (2): Damit sind die Spalten in jeder Zeile verraten."
    )
    assert anzahl.ausweg == (
        "Schreiben Sie die Fußnote für diese Veröffentlichung um, oder halten Sie die Zustimmung fest "
        "(Rüsselsheim am Main und Mörfelden-Walldorf)."
    )


def test_names_in_several_texts_count_together():
    gefundene = befunde(bezeichnung="Post in Rüsselsheim", erlaeuterung="Mit MW gemeinsam.")
    assert gruende(gefundene) == [
        (Grund.ANZAHL, {RUE, MW}),
        (Grund.NAME, {RUE}),
        (Grund.NAME, {MW}),
    ]


def test_footnote_that_names_fewer_is_a_finding_by_name():
    assert gruende(befunde(beteiligte=(RUE, MW, NA), bezeichnung="Rüsselsheim und andere")) == [(Grund.NAME, {RUE})]


def test_footnote_that_names_all_but_a_few_gives_these_away():
    (anzahl, _) = befunde(beteiligte=ALLE - {NA}, erlaeuterung="Alle außer Nauheim machen mit.")
    assert gruende([anzahl]) == [(Grund.ANZAHL, {NA})]
    assert anzahl.satz.endswith("Damit ist die Spalte in jeder Zeile verraten.")
    (ohne_wort, _) = befunde(beteiligte=ALLE - {NA}, erlaeuterung="Nauheim hat anders entschieden.")
    assert gruende([ohne_wort]) == [(Grund.ANZAHL, {NA})]


def test_office_counts_with_the_names():
    gefundene = befunde(beteiligte=(RUE, KREIS), erlaeuterung="Rüsselsheim und der Kreis teilen sich die Stelle.")
    assert gruende(gefundene) == [(Grund.ANZAHL, {RUE, KREIS}), (Grund.NAME, {RUE}), (Grund.MERKMAL, {KREIS})]


@pytest.mark.parametrize(
    ("text", "beteiligte", "verratene"),
    [
        ("Alle Städte kaufen gemeinsam ein.", {RUE, MW, GG}, {RUE, MW, GG}),
        ("Die drei Städte kaufen gemeinsam ein.", {RUE, MW, GG}, {RUE, MW, GG}),
        ("Alle Städte und Gemeinden sind dabei.", ALLE - {KREIS}, {KREIS}),
        ("Alle kreisangehörigen Städte und Gemeinden.", ALLE - {KREIS}, {KREIS}),
    ],
)
def test_all_of_a_kind_gives_the_columns_away(text, beteiligte, verratene):
    assert gruende(befunde(beteiligte=beteiligte, erlaeuterung=text)) == [(Grund.ANZAHL, verratene)]


@pytest.mark.parametrize(
    ("text", "beteiligte"),
    [
        ("Die beiden Städte haben einen Vertrag.", {RUE, MW}),
        ("Zwei Gemeinden geben ein Blatt heraus.", {BIS, ST}),
        ("Alle Städte kaufen gemeinsam ein.", {RUE, MW}),
        ("Zwei Kommunen arbeiten zusammen.", {RUE, KREIS}),
    ],
)
def test_number_alone_gives_nobody_away(text, beteiligte):
    assert befunde(beteiligte=beteiligte, erlaeuterung=text) == []


def test_row_in_which_all_have_the_same_mark_tells_nothing_by_offices():
    text = "Alle Städte und Gemeinden und der Kreis gehören dazu."
    assert befunde(beteiligte=ALLE, alle_gleich=True, erlaeuterung=text) == []
    # one of them leads, and the text says which
    assert gruende(befunde(beteiligte=ALLE, erlaeuterung="Der Kreis führt.")) == [(Grund.MERKMAL, {KREIS})]
    # a name stays a name
    gefundene = befunde(beteiligte=ALLE, alle_gleich=True, erlaeuterung="Rüsselsheim lädt ein.")
    assert gruende(gefundene) == [(Grund.NAME, {RUE})]


def test_partner_address_and_field_name_have_reasons_of_their_own():
    assert gruende(befunde(beteiligte=(RUE, NA), partner="Stadtwerke Mörfelden")) == [(Grund.PARTNER, {MW})]
    assert gruende(befunde(beteiligte=(RUE, NA), erlaeuterung="Mehr: www.nauheim.example")) == [(Grund.ADRESSE, {NA})]
    (befund,) = befunde(beteiligte=(RUE, NA), feld="Post: Postverbund Nauheim")
    assert befund.grund == Grund.NAME
    assert befund.ausweg.startswith("Ändern Sie diesen Namen, oder")


def test_text_of_the_whole_page_is_read_too():
    (befund,) = pruefen(
        [Fussnotentext(kooperation=None, titel="Umfrage Nauheim", texte=(("Name der Erhebung", "Umfrage Nauheim"),))],
        KOMMUNEN,
    )
    assert (befund.kooperation, befund.kommunen, befund.ganzer_satz) == (
        None,
        {NA},
        "„Umfrage Nauheim“: Genannt in „Name der Erhebung“: Nauheim.",
    )


def test_finding_is_settled_by_the_consent_of_all_whom_it_reveals():
    gefundene = befunde(bezeichnung="Postverbund Mörfelden-Walldorf und Rüsselsheim")
    assert offene(gefundene, []) == gefundene
    assert offene(gefundene, [RUE]) == gefundene
    assert offene(gefundene, [RUE, MW]) == []


def test_row_without_marks_and_empty_texts_are_no_finding():
    assert befunde(beteiligte=(), bezeichnung="", erlaeuterung="") == []
