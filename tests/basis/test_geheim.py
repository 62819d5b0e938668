"""What the database keeps encrypted: readable with the key and its predecessors, with no other."""

import pytest

from ikz_portal.basis import geheim

TEXT = "https://ikz.example/konto/einladung/ä-17/"


@pytest.mark.parametrize("text", [TEXT, "", "ü" * 5000])
def test_entschluesseln_gives_back_what_was_encrypted(text: str) -> None:
    verschluesselt = geheim.verschluesseln(text)

    assert geheim.entschluesseln(verschluesselt) == text
    assert verschluesselt.isascii()
    assert not text or text not in verschluesselt


def test_verschluesseln_gives_another_text_each_time() -> None:
    assert geheim.verschluesseln(TEXT) != geheim.verschluesseln(TEXT)


def test_entschluesseln_with_the_former_key_reads_on(settings) -> None:
    verschluesselt = geheim.verschluesseln(TEXT)

    settings.SECRET_KEY_FALLBACKS = ["ein anderer", settings.SECRET_KEY]
    settings.SECRET_KEY = "neu"

    assert geheim.entschluesseln(verschluesselt) == TEXT


def test_verschluesseln_takes_the_new_key(settings) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "neu"
    verschluesselt = geheim.verschluesseln(TEXT)

    settings.SECRET_KEY_FALLBACKS = []

    assert geheim.entschluesseln(verschluesselt) == TEXT


def test_entschluesseln_after_a_change_of_key_is_unlesbar(settings) -> None:
    verschluesselt = geheim.verschluesseln(TEXT)
    settings.SECRET_KEY = "neu"

    with pytest.raises(geheim.Unlesbar):
        geheim.entschluesseln(verschluesselt)


@pytest.mark.parametrize("fremd", ["", "unlesbar", "ä" * 100, "gAAAAA=="])
def test_entschluesseln_of_foreign_text_is_unlesbar(fremd: str) -> None:
    with pytest.raises(geheim.Unlesbar):
        geheim.entschluesseln(fremd)


def test_entschluesseln_of_an_altered_text_is_unlesbar() -> None:
    verschluesselt = geheim.verschluesseln(TEXT)
    mitte = len(verschluesselt) // 2
    anders = "A" if verschluesselt[mitte] != "A" else "B"

    with pytest.raises(geheim.Unlesbar):
        geheim.entschluesseln(verschluesselt[:mitte] + anders + verschluesselt[mitte + 1 :])
