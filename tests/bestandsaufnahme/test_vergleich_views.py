"""/bestandsaufnahme/vergleich/: the two days, the filters, the file, and what the public is not told."""

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest
import time_machine
from python_calamine import CalamineWorkbook

from bestandsaufnahme.models import Kooperation, Kooperationsstand
from kommunen.models import Kommune
from tests.fabriken.bestandsaufnahme import (
    BeteiligungFactory,
    ErhebungFactory,
    ExternerPartnerFactory,
    KooperationFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]
URL = "/bestandsaufnahme/vergleich/"
STAND, TAG, HEUTE = date(2013, 6, 30), date(2019, 1, 1), date(2026, 1, 15)
TAGE = "von=2013-06-30&bis=2026-01-15"


@pytest.fixture(autouse=True)
def heute() -> Iterator[None]:
    with time_machine.travel("2026-01-15T12:00:00Z", tick=False):
        yield


@pytest.fixture
def post(kommune: Kommune, andere_kommune: Kommune) -> Kooperation:
    """Of two Kommunen, the second one since 2019."""
    post = KooperationFactory(bezeichnung="Postverbund")
    BeteiligungFactory(kooperation=post, kommune=kommune)
    BeteiligungFactory(kooperation=post, kommune=andere_kommune, gilt_ab=TAG)
    return post


def text(antwort) -> str:
    return antwort.content.decode()


def csv(antwort) -> list[list[str]]:
    assert antwort.status_code == 200
    return [zeile.split(";") for zeile in antwort.content.decode("utf-8-sig").splitlines()]


def tage(antwort) -> tuple[date, date]:
    return antwort.context["von"], antwort.context["bis"]


# --- the two days -----------------------------------------------------------------------------------------------------
def test_page_opens_on_the_first_known_day_and_today(client, post):
    antwort = client.get(URL)

    assert tage(antwort) == (STAND, HEUTE)
    assert antwort.context["vergleich"].satz == "1 Zeichen neu"
    assert "Nachbarstadt: neu, besteht" in text(antwort)


def test_page_opens_on_the_stichtag_of_the_round_before_the_newest(client, post):
    for stichtag in (date(2013, 6, 30), date(2018, 6, 30), date(2024, 6, 30)):
        ErhebungFactory(stichtag=stichtag)
    ErhebungFactory(stichtag=date(2025, 6, 30), veroeffentlicht=False)

    assert tage(client.get(URL)) == (date(2018, 6, 30), HEUTE)


def test_page_does_not_open_on_a_round_of_which_no_mark_is_known(client, post):
    for stichtag in (date(2005, 6, 30), date(2010, 6, 30)):
        ErhebungFactory(stichtag=stichtag)

    assert tage(client.get(URL)) == (STAND, HEUTE)


def test_swapped_days_are_put_right_and_said_so(client, post):
    antwort = client.get(f"{URL}?von=2026-01-15&bis=2013-06-30")

    assert tage(antwort) == (STAND, HEUTE)
    assert "Der erste Tag lag nach dem zweiten. Verglichen wird vom früheren zum späteren." in text(antwort)
    assert antwort.context["vergleich"].satz == "1 Zeichen neu"


def test_same_day_has_no_differences(client, post):
    seite = text(client.get(f"{URL}?von=2020-01-01&bis=2020-01-01"))

    assert "Keine Unterschiede" in seite
    assert "Beide Tage sind derselbe." in seite


def test_two_days_that_say_the_same(client, post):
    seite = text(client.get(f"{URL}?von=2019-01-01&bis=2020-01-01"))

    assert "Keine Unterschiede" in seite
    assert "sagt die Matrix an beiden Tagen dasselbe" in seite


def test_day_before_the_first_fact_is_no_empty_matrix(client, post):
    antwort = client.get(f"{URL}?von=2013-06-29&bis=2026-01-15")

    assert "Über den ersten Tag ist nichts bekannt" in text(antwort)
    assert 'href="?von=2013-06-30&amp;bis=2026-01-15"' in text(antwort)
    assert "Zeichen neu" not in text(antwort)


def test_two_days_before_the_first_fact(client, post):
    antwort = client.get(f"{URL}?von=2001-01-01&bis=2002-01-01")

    assert "Für beide Tage ist nichts erfasst" in text(antwort)
    assert 'href="?von=2013-06-30"' in text(antwort)


def test_page_without_anything_says_why(client):
    assert "Noch keine Kooperation erfasst" in text(client.get(URL))


def test_day_without_a_mark_in_the_chosen_field_is_known_all_the_same(client, post, kommune):
    spaet = BeteiligungFactory(kommune=kommune, gilt_ab=TAG).kooperation.kooperationsfeld.aufgabenfeld

    assert client.get(f"{URL}?{TAGE}&aufgabenfeld={spaet.slug}").context["vergleich"].satz.startswith("1 Zeichen neu")


@pytest.mark.parametrize(
    ("frage", "satz"),
    [
        ("von=2013-13-45", "Der erste Tag ist kein Datum."),
        ("bis=gestern", "Der zweite Tag ist kein Datum."),
        ("von=%00", "Der erste Tag ist kein Datum."),
        ("von=2026-01-16", "Der erste Tag liegt in der Zukunft."),
        ("bis=2999-01-01", "Der zweite Tag liegt in der Zukunft."),
        ("aufgabenfeld=zauberei", "Das Aufgabenfeld „zauberei“ gibt es nicht."),
        ("kommune=99999999", "Eine Kommune mit dem AGS „99999999“ gibt es nicht."),
        ("format=pdf", "Dieses Dateiformat gibt es nicht."),
        ("von=2001-01-01&format=csv", "Über den 01.01.2001 ist nichts bekannt."),
    ],
)
def test_bad_input_is_answered_with_400_and_a_sentence(client, post, frage, satz):
    antwort = client.get(f"{URL}?{frage}")

    assert antwort.status_code == 400
    assert satz in text(antwort)


@pytest.mark.parametrize("seite", ["2", "0", "x", "%00"])
def test_page_that_there_is_not_is_404(client, post, seite):
    assert client.get(f"{URL}?{TAGE}&seite={seite}").status_code == 404


# --- filters ----------------------------------------------------------------------------------------------------------
def test_filters_by_kommune_and_field(client, post, kommune, andere_kommune):
    anderes = BeteiligungFactory(kommune=kommune, gilt_ab=TAG).kooperation.kooperationsfeld.aufgabenfeld

    def satz(frage: str) -> str:
        return client.get(f"{URL}?{TAGE}&{frage}").context["vergleich"].satz

    assert satz("") == "2 Zeichen neu; 1 Kooperation neu"
    assert satz(f"kommune={andere_kommune.ags}") == "1 Zeichen neu"
    assert satz(f"kommune={kommune.ags}") == "1 Zeichen neu; 1 Kooperation neu"
    assert satz(f"aufgabenfeld={anderes.slug}") == "1 Zeichen neu; 1 Kooperation neu"
    assert satz(f"aufgabenfeld={anderes.slug}&kommune={andere_kommune.ags}") == ""


def test_applied_filters_leave_the_days_where_they_are(client, post, andere_kommune):
    antwort = client.get(f"{URL}?{TAGE}&kommune={andere_kommune.ags}")

    assert antwort.context["angewandte_filter"] == [("Kommune: Nachbarstadt", f"?{TAGE}")]
    assert f'href="?{TAGE.replace("&", "&amp;")}"' in text(antwort)


def test_table_shows_the_chosen_kommune_alone(client, post, andere_kommune):
    kopf = re.findall(r'<th scope="col">.*?title="([^"]+)"', text(client.get(f"{URL}?kommune={andere_kommune.ags}")))

    assert kopf == ["Nachbarstadt"]


# --- files ------------------------------------------------------------------------------------------------------------
def test_csv_tells_each_change_with_both_states(client, post, andere_kommune):
    antwort = client.get(f"{URL}?{TAGE}&format=csv")

    kopf, zeile = csv(antwort)
    assert kopf[4:] == ["AGS", "Kommune", "Änderung", "Angabe", "am 30.06.2013", "am 15.01.2026"]
    assert zeile[2:] == ["■", "Postverbund", andere_kommune.ags, "Nachbarstadt", "neu", "Beteiligung", "", "besteht"]
    assert antwort["Content-Disposition"] == 'attachment; filename="vergleich-2013-06-30-2026-01-15.csv"'


def test_xlsx_tells_what_is_filtered_with_both_states(client, post, kommune):
    Kooperationsstand.objects.create(kooperation=post, bis=TAG, bezeichnung="=1+1", rechtsform="unbekannt")

    antwort = client.get(f"{URL}?{TAGE}&kommune={kommune.ags}&format=xlsx")

    zeilen = CalamineWorkbook.from_filelike(BytesIO(antwort.content)).get_sheet_by_index(0).to_python()
    assert [zeile[6:] for zeile in zeilen[1:]] == [["geändert", "Bezeichnung", "=1+1", "Postverbund"]]


def test_file_without_differences_has_its_head(client, post):
    assert len(csv(client.get(f"{URL}?von=2020-01-01&bis=2020-01-01&format=csv"))) == 1


def test_links_to_the_files_keep_the_days(client, post):
    assert f"?{TAGE.replace('&', '&amp;')}&amp;format=xlsx" in text(client.get(f"{URL}?{TAGE}"))


# --- who --------------------------------------------------------------------------------------------------------------
def test_public_is_not_told_of_what_is_not_published(client, angemeldet, lesend, post, kommune):
    geheim = KooperationFactory(bezeichnung="Quittenbrot", veroeffentlicht=False)
    BeteiligungFactory(kooperation=geheim, kommune=kommune, gilt_ab=TAG)

    for frage in (TAGE, f"{TAGE}&format=csv"):
        assert "Quittenbrot" not in text(client.get(f"{URL}?{frage}"))
        assert "Quittenbrot" in text(angemeldet(lesend).get(f"{URL}?{frage}"))


def test_public_is_not_told_of_a_round_before_it_is_public(client, angemeldet, lesend, post, kommune):
    runde = ErhebungFactory(veroeffentlicht=False)
    BeteiligungFactory(kooperation=post, gilt_ab=TAG, erhebung=runde, kommune__name="Quittenheim")
    Kooperationsstand.objects.create(
        kooperation=post, bis=TAG, bezeichnung="Briefverbund", rechtsform="unbekannt", erhebung=runde
    )

    oeffentlich, intern = client.get(f"{URL}?{TAGE}"), angemeldet(lesend).get(f"{URL}?{TAGE}")

    assert oeffentlich.context["vergleich"].satz == "1 Zeichen neu"
    assert intern.context["vergleich"].satz == "2 Zeichen neu; 1 Kooperation geändert"
    assert "Quittenheim: neu" not in text(oeffentlich)
    for antwort in (oeffentlich, client.get(f"{URL}?{TAGE}&format=csv")):
        assert "Briefverbund" in text(antwort)  # as it was before that round
        assert "Postverbund" not in text(antwort)


def test_page_is_for_reading_only(client, post):
    assert client.post(URL).status_code == 405


# --- how much ---------------------------------------------------------------------------------------------------------
def vorbereiten(anzahl: int, kommune: Kommune) -> None:
    for _ in range(anzahl):
        kooperation = KooperationFactory(externe_partner=[ExternerPartnerFactory()])
        BeteiligungFactory(kooperation=kooperation, kommune=kommune)
        BeteiligungFactory(kooperation=kooperation, gilt_ab=TAG)
        Kooperationsstand.objects.create(kooperation=kooperation, bis=TAG, bezeichnung="alt", rechtsform="unbekannt")


@pytest.mark.parametrize("anzahl", [1, 3])
def test_page_needs_the_same_queries_for_any_number(
    angemeldet, lesend, kommune, django_assert_num_queries, anzahl
) -> None:
    ErhebungFactory(stichtag=STAND)
    vorbereiten(anzahl, kommune)
    client = angemeldet(lesend)

    with django_assert_num_queries(12):
        client.get(URL)


@pytest.mark.parametrize("anzahl", [1, 3])
def test_page_of_the_public_needs_the_same_queries(client, kommune, django_assert_num_queries, anzahl) -> None:
    ErhebungFactory(stichtag=STAND)
    vorbereiten(anzahl, kommune)

    with django_assert_num_queries(10):
        client.get(f"{URL}?{TAGE}")


def test_long_comparison_is_paged_and_its_file_is_whole(client, kommune):
    vorbereiten(1, kommune)
    for _ in range(41):
        BeteiligungFactory(kommune=kommune, gilt_ab=TAG)

    def zeilen(frage: str) -> int:
        return sum(len(gruppe.zeilen) for gruppe in client.get(f"{URL}?{TAGE}{frage}").context["gruppen"])

    assert (zeilen(""), zeilen("&seite=2")) == (30, 12)
    assert (
        len(csv(client.get(f"{URL}?{TAGE}&format=csv"))) == 1 + 41 + 3
    )  # a mark, a name and a partner of the first one
