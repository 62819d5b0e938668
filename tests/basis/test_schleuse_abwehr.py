"""Hostile files stay out of the portal, each for its own reason and with a sentence that says what to do."""

from collections import Counter

import pytest

from ikz_portal.basis.schleuse import Abgewiesen, Dateiart, pruefen
from tests.basis import proben
from tests.basis.boese_dateien import DATEIEN
from tests.basis.boese_dokumente import DOKUMENTE

BOESE = {**DOKUMENTE, **DATEIEN}


def abgewiesen(name: str, inhalt: bytes) -> Abgewiesen:
    with pytest.raises(Abgewiesen) as gefangen:
        pruefen(proben.hochgeladen(name, inhalt), erlaubt=frozenset(Dateiart), hoechstens=50 << 20)
    return gefangen.value


@pytest.mark.parametrize("probe", BOESE)
def test_hostile_file_stays_out_and_says_what_to_do(probe: str) -> None:
    name, machen, erwartet = BOESE[probe]

    fehler = abgewiesen(name, machen())

    (satz,) = fehler.messages
    assert fehler.code == erwartet, satz
    assert satz.startswith(
        (
            "Die Datei",
            "Der Datei",
            "Dateien",
            "Die PDF",
            "Das Bild",
            "Hinter",
            "Ein ZIP",
            "Eine Zelle",
            "Der Inhalt",
            "Der Zeichensatz",
        )
    )
    assert "Bitte " in satz or "Möglich sind" in satz


def test_corpus_holds_enough_of_each_kind() -> None:
    endungen = Counter(name.rpartition(".")[2] for name, _, _ in BOESE.values())

    assert len(BOESE) > 90
    assert [e for e in ("docx", "pptx", "odt", "pdf", "png", "jpg", "txt", "csv") if endungen[e] < 2] == []
