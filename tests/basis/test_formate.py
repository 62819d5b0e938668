from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template

from ikz_portal.basis import formate
from ikz_portal.basis.auswahl import Genauigkeit

TAG = date(2026, 5, 19)
G = Genauigkeit


@pytest.mark.parametrize(
    ("wert", "text"),
    [
        (276307, "276.307"),
        (0, "0"),
        (999, "999"),
        (-1234, "−1.234"),
        (Decimal("453.04"), "453,04"),
        (Decimal("1E+3"), "1.000"),
        (Decimal("12.50"), "12,50"),
        (2.5, "2,5"),
        (1e21, "1.000.000.000.000.000.000.000"),
        (None, "–"),
        ("", "–"),
    ],
)
def test_zahl(wert, text):
    assert formate.zahl(wert) == text


@pytest.mark.parametrize(
    ("wert", "text"),
    [
        (Decimal("1234.56"), "1.234,56 €"),
        (1000, "1.000,00 €"),
        (Decimal("0.005"), "0,00 €"),
        (Decimal("2.675"), "2,68 €"),
        (Decimal("-0.004"), "0,00 €"),
        (Decimal("-12.3"), "−12,30 €"),
        (0, "0,00 €"),
        (None, "–"),
    ],
)
def test_geld(wert, text):
    assert formate.geld(wert) == text


@pytest.mark.parametrize(
    ("wert", "kurz", "lang"),
    [
        (TAG, "19.05.2026", "19. Mai 2026"),
        (date(2013, 6, 3), "03.06.2013", "3. Juni 2013"),
        (date(2024, 3, 1), "01.03.2024", "1. März 2024"),
        (datetime(2026, 5, 19, 23, 30, tzinfo=UTC), "20.05.2026", "20. Mai 2026"),
        (datetime(2026, 1, 1, 22, 59, tzinfo=UTC), "01.01.2026", "1. Januar 2026"),
        (None, "–", "–"),
    ],
)
def test_tag_in_ortszeit(wert, kurz, lang):
    assert (formate.tag(wert), formate.tag_lang(wert)) == (kurz, lang)


@pytest.mark.parametrize(
    ("wert", "text"),
    [
        (datetime(2026, 5, 19, 12, 5, tzinfo=UTC), "19.05.2026, 14:05 Uhr"),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), "01.01.2027, 00:00 Uhr"),
        (None, "–"),
    ],
)
def test_zeitpunkt_sommer_und_winterzeit(wert, text):
    assert formate.zeitpunkt(wert) == text


@pytest.mark.parametrize(
    ("wert", "genauigkeit", "hinweis", "text"),
    [
        (TAG, G.TAG, "", "19.05.2026"),
        (TAG, "monat", "", "Mai 2026"),
        (TAG, G.JAHR, "", "2026"),
        (TAG, G.JAHR, "Sommer 2022", "Sommer 2022"),
        (None, G.UNBEKANNT, "", "nicht bekannt"),
        (None, G.OFFEN, "", "läuft"),
        (None, G.TAG, "", "nicht bekannt"),
        (None, "", "", "nicht bekannt"),
        (None, G.UNBEKANNT, "vor 1990", "vor 1990"),
    ],
)
def test_ungefaehr(wert, genauigkeit, hinweis, text):
    assert formate.ungefaehr(wert, genauigkeit, hinweis) == text


@pytest.mark.parametrize(
    ("von", "bis", "text"),
    [
        ((date(2016, 1, 1), G.JAHR), (date(2018, 1, 1), G.JAHR), "2016 – 2018"),
        ((date(2016, 1, 1), G.JAHR), (date(2016, 12, 31), G.JAHR), "2016"),
        ((date(2016, 3, 1), G.MONAT), (TAG, G.TAG), "März 2016 – 19.05.2026"),
        ((date(2016, 1, 1), G.JAHR), (None, G.OFFEN), "seit 2016"),
        ((None, G.UNBEKANNT), (None, G.OFFEN), "läuft, Beginn nicht bekannt"),
        ((None, G.UNBEKANNT), (date(2018, 1, 1), G.JAHR), "bis 2018"),
        ((date(2016, 1, 1), G.JAHR), (None, G.UNBEKANNT), "ab 2016, Ende nicht bekannt"),
        ((None, G.UNBEKANNT), (None, G.UNBEKANNT), "nicht bekannt"),
    ],
)
def test_zeitraum(von, bis, text):
    assert formate.zeitraum(*von, *bis) == text


def test_zeitraum_mit_worten_der_quelle():
    assert formate.zeitraum(TAG, G.JAHR, None, G.UNBEKANNT, "Frühjahr 2012", "Ende 2013") == "Frühjahr 2012 – Ende 2013"


@pytest.mark.parametrize(
    ("worte", "text"), [([], ""), (["A"], "A"), (["A", "B"], "A und B"), (iter("ABC"), "A, B und C")]
)
def test_aufzaehlung(worte, text):
    assert formate.aufzaehlung(worte) == text


def test_filter_und_tags_in_der_vorlage():
    vorlage = Template(
        "{% load format %}{{ n|zahl }} | {{ b|geld }} | {{ t|tag }} | {{ t|tag_lang }} | {{ fehlt|zahl }}"
        " | {{ fehlt|tag }} | {% ungefaehr t 'monat' %} | {% ungefaehr t 'jahr' hinweis %}"
        " | {% zeitraum t 'jahr' None 'offen' %}"
    )

    text = vorlage.render(Context({"n": 1234567, "b": Decimal("0.5"), "t": TAG, "hinweis": "<b>"}))

    assert text == ("1.234.567 | 0,50 € | 19.05.2026 | 19. Mai 2026 | – | – | Mai 2026 | &lt;b&gt; | seit 2026")
