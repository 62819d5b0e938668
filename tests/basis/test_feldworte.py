"""Values out of the record in words. The models of the portal serve as examples."""

import pytest

from ikz_portal.basis.feldworte import DAVOR, KURZ, WORT, Wert, gekuerzt, in_worten
from kommunen.models import Kommune, Konto
from projekte.models import Projekt


@pytest.mark.parametrize(
    ("modell", "name", "wert", "worte"),
    [
        (Konto, "angelegt_am", "2026-05-19T12:05:00+00:00", "19.05.2026, 14:05 Uhr"),
        (Konto, "is_active", False, "nein"),
        (Konto, "rolle", "kontakt", "Kontakt"),
        (Kommune, "flaeche_km2", 453.04, "453,04"),
        (Kommune, "flaeche_km2", 20, "20,00"),
        (Projekt, "teilnahme_zitat", 2022, "2022"),
        (Projekt, "teilnahme_zitat", 276307, "276.307"),
        (Projekt, "hinweis", "a\r\nb ", "a\nb"),
        (Projekt, "hinweis", "", "–"),
        (Projekt, "beginn", "0001-01-01", "01.01.1"),
    ],
)
def test_values_in_words(modell, name, wert, worte):
    assert in_worten(modell._meta.get_field(name), wert).startswith(worte)


# --- long texts -------------------------------------------------------------------------------------------------------


def test_long_text_is_shown_where_it_differs():
    gleich = "wort " * 200
    vorher, nachher = gekuerzt(f"{gleich}alt {gleich}", f"{gleich}neu {gleich}")
    assert vorher.voll == f"{gleich}alt {gleich}"
    assert (vorher.kurz[:7], vorher.kurz[-6:]) == ("… wort ", "wort …")
    assert vorher.kurz.index("alt") == nachher.kurz.index("neu") <= DAVOR + WORT + len("… ")
    assert len(vorher.kurz) <= KURZ + len("…  …")


def test_text_that_goes_on_is_shown_from_there():
    vorher, nachher = gekuerzt("x" * 300, "x" * 300 + " Ende")
    assert nachher.kurz.endswith(" Ende")
    assert vorher.voll == "x" * 300


def test_short_text_stays_whole():
    assert gekuerzt("alt", "neu") == (Wert("alt"), Wert("neu"))
    assert gekuerzt("–", "n" * KURZ) == (Wert("–"), Wert("n" * KURZ))
