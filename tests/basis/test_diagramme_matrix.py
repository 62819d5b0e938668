"""The charts of the matrix: numbers as a heat map, a network."""

from xml.etree import ElementTree

import pytest
from django.utils.safestring import SafeString

from ikz_portal.basis.diagramme import Faden, Knoten, Waermereihe, netzbild, waermebild
from ikz_portal.basis.diagramme.netz import stufen_je_anzahl
from ikz_portal.basis.diagramme.waerme import stufe

SVG = "{http://www.w3.org/2000/svg}"
BOESE = "\"><script>alert(1)</script> & 'x' \x00\x1b\ud800"
TEXTE = {"kennung": "probe", "titel": "Probe", "beschreibung": "Eine Probe."}


def waerme(*reihen: Waermereihe, spalten: tuple[str, ...] = ("Ahausen", "Bergheim")) -> SafeString:
    return waermebild(reihen, spalten=spalten, **TEXTE)


def netz(*faeden: Faden, knoten: tuple[Knoten, ...] = (Knoten("A", 3), Knoten("B", 2), Knoten("C", 1))) -> SafeString:
    return netzbild(knoten, faeden, **TEXTE)


def gelesen(diagramm: str) -> ElementTree.Element:
    return ElementTree.fromstring(diagramm)  # noqa: S314  # our own


def texte(diagramm: str) -> list[str]:
    return [text.text or "" for text in gelesen(diagramm).iter(f"{SVG}text")]


def titel(diagramm: str) -> list[str]:
    return [element.text or "" for element in gelesen(diagramm).iter(f"{SVG}title")]


ALLE = {
    "waerme": waerme(Waermereihe("Post", (3, 0), 3, "?feld=post"), Waermereihe("Recht", (1, 1), 1)),
    "netz": netz(Faden(0, 1, 2), Faden(1, 2, 1)),
    "waerme-leer": waerme(),
    "netz-leer": netz(knoten=()),
    "waerme-boese": waerme(Waermereihe(BOESE, (1,), 1, f"?{BOESE}"), spalten=(BOESE,)),
    "netz-boese": netz(Faden(0, 1, 1), knoten=(Knoten(BOESE, 1, f"?{BOESE}"), Knoten("B", 1, "javascript:x"))),
}


@pytest.mark.parametrize("diagramm", ALLE.values(), ids=ALLE)
def test_diagramm_ist_wohlgeformt_ohne_stil_und_skript(diagramm: SafeString) -> None:
    baum = gelesen(diagramm)

    assert isinstance(diagramm, SafeString)
    assert baum.tag == f"{SVG}svg"
    assert not [element for element in baum.iter() if element.tag.endswith("script") or "style" in element.attrib]
    assert not [name for element in baum.iter() for name in element.attrib if name.startswith("on")]
    assert (baum[0].text, baum[1].text) == ("Probe", "Eine Probe.")
    assert (baum.get("aria-labelledby"), baum.get("aria-describedby")) == ("probe-titel", "probe-beschreibung")


def test_verweis_mit_fremdem_ziel_bleibt_text() -> None:
    assert "javascript" not in ALLE["netz-boese"]


class TestWaermebild:
    def test_zahl_steht_in_jedem_feld_und_die_summe_am_ende(self) -> None:
        bild = waerme(Waermereihe("Post", (3, 0), 3))

        assert texte(bild) == ["Ahausen", "Bergheim", "gesamt", "Post", "3", "0", "3"]

    def test_feld_sagt_zeile_spalte_und_zahl(self) -> None:
        assert titel(waerme(Waermereihe("Post", (3, 0), 3)))[1:] == [
            "Post: 3",
            "Post, Ahausen: 3",
            "Post, Bergheim: 0",
        ]

    def test_kopf_einer_gruppe_hat_zahlen_ohne_farbe(self) -> None:
        bild = waerme(Waermereihe("Zentrales", (9, 9), 9, kopf=True), Waermereihe("Post", (2, 0), 2))

        klassen = [element.get("class") for element in gelesen(bild).iter(f"{SVG}rect")]
        assert klassen == ["d-zelle d-stufe-2", "d-zelle d-stufe-0"]

    @pytest.mark.parametrize(
        ("wert", "hoechster", "grad"),
        [(0, 0, 0), (0, 8, 0), (1, 1, 1), (4, 4, 4), (1, 8, 1), (2, 8, 1), (3, 8, 2), (8, 8, 4), (9, 8, 4), (-1, 8, 0)],
    )
    def test_stufe_nach_vierteln_des_hoechsten(self, wert: int, hoechster: int, grad: int) -> None:
        assert stufe(wert, hoechster) == grad

    def test_mit_verweisen_ist_es_eine_liste(self) -> None:
        baum = gelesen(ALLE["waerme"])

        assert baum.get("role") == "group"
        assert [(a.get("href"), a.get("aria-label")) for a in baum.iter(f"{SVG}a")] == [("?feld=post", "Post: 3")]
        assert gelesen(waerme(Waermereihe("Post", (3, 0), 3))).get("role") == "img"

    def test_langer_name_hat_zwei_zeilen(self) -> None:
        bild = waerme(
            Waermereihe("Informations- und Kommunikationstechnologie / Digitalisierung", (0, 0), 0, kopf=True)
        )

        assert texte(bild)[3:5] == ["Informations- und", "Kommunikationstechnologie / Digitalisierung"]

    def test_ohne_reihen_sagt_es_das(self) -> None:
        assert texte(ALLE["waerme-leer"]) == ["Keine Angaben"]


class TestNetzbild:
    def test_duenne_linien_liegen_unter_den_dicken(self) -> None:
        bild = netz(Faden(0, 1, 5), Faden(1, 2, 1))

        assert titel(bild)[1:3] == ["B – C: 1 gemeinsame Kooperationen", "A – B: 5 gemeinsame Kooperationen"]

    def test_name_steht_mit_seiner_zahl(self) -> None:
        assert texte(ALLE["netz"])[:3] == ["A 3", "B 2", "C 1"]

    def test_groesserer_wert_hat_den_groesseren_punkt(self) -> None:
        radien = [float(kreis.get("r") or 0) for kreis in gelesen(ALLE["netz"]).iter(f"{SVG}circle")]

        assert radien == sorted(radien, reverse=True)
        assert len(set(radien)) == 3

    @pytest.mark.parametrize(
        ("anzahlen", "stufen"),
        [
            ([], {}),
            ([7, 7], {7: 1}),
            ([2, 3], {2: 0, 3: 3}),
            ([2, 3, 4], {2: 0, 3: 2, 4: 3}),
            ([1, 2, 3, 4, 5, 6, 7], {1: 0, 2: 0, 3: 1, 4: 2, 5: 2, 6: 2, 7: 3}),
        ],
    )
    def test_dicke_nach_dem_rang(self, anzahlen: list[int], stufen: dict[int, int]) -> None:
        assert stufen_je_anzahl(anzahlen) == stufen

    def test_schluessel_nennt_die_zahlen_jeder_linie(self) -> None:
        assert texte(ALLE["netz"])[3:] == ["1", "2", "gemeinsame Kooperationen"]

    def test_ohne_linien_sagt_es_das(self) -> None:
        assert texte(netz())[-1] == "Keine gemeinsame Kooperationen"

    def test_mit_verweisen_ist_es_eine_liste(self) -> None:
        bild = netz(knoten=(Knoten("Ahausen", 1, "?kommune=1"), Knoten("Bergheim", 0)))

        assert [(a.get("href"), a.get("aria-label")) for a in gelesen(bild).iter(f"{SVG}a")] == [
            ("?kommune=1", "Ahausen: 1")
        ]

    def test_zu_langer_name_wird_gekuerzt(self) -> None:
        bild = netz(knoten=tuple(Knoten("Donaudampfschifffahrtsgesellschaft am Rhein", 1) for _ in range(4)))

        oben, rechts, unten, links = texte(bild)[:4]
        assert oben == unten == "Donaudampfschifffahrtsgesellschaft am Rhein 1"
        assert rechts == links
        assert rechts.endswith("… 1")
