from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.utils.safestring import SafeString

from ikz_portal.basis.diagramme import Balken, Kachel, PlanZeile, ablaufplan, balkendiagramm, balkenstrich, kachelkarte
from ikz_portal.basis.diagramme import svg as bauteile

SVG = "{http://www.w3.org/2000/svg}"
BOESE = "\"><script>alert(1)</script> & 'x' \x00\x1b\ud800"
HEUTE = date(2026, 5, 19)
TEXTE = {"kennung": "probe", "titel": "Probe", "beschreibung": "Eine Probe."}


def karte(*kacheln: Kachel) -> SafeString:
    return kachelkarte(kacheln, **TEXTE)


def balken(*zeilen: Balken, **weiter: int) -> SafeString:
    return balkendiagramm(zeilen, **TEXTE, **weiter)


def plan(*zeilen: PlanZeile, heute: date = HEUTE, **weiter: date) -> SafeString:
    return ablaufplan(zeilen, **TEXTE, heute=heute, **weiter)


def gelesen(diagramm: str) -> ElementTree.Element:
    return ElementTree.fromstring(diagramm)  # noqa: S314  # our own


def texte(diagramm: str) -> list[str]:
    return [text.text or "" for text in gelesen(diagramm).iter(f"{SVG}text")]


ALLE = {
    "karte": karte(Kachel(1, 1, "GG", "Groß-Gerau", "14 von 15", 4, "/kommunen/gg/"), Kachel(0, 2, "Rau", "Raunheim")),
    "balken": balken(Balken("Bauhof", 3, "/felder/bauhof/", "von 15"), Balken("Energie", None), hoechstwert=15),
    "plan": plan(
        PlanZeile("Zuschlag", date(2026, 4, 1), date(2026, 7, 1), ueberfaellig=True, verantwortlich="Geschäftsstelle"),
        PlanZeile("Auftrag", date(2026, 1, 1), erreicht=date(2026, 1, 9)),
        PlanZeile("Abschluss", None),
        beginn=date(2026, 1, 1),
    ),
}
BOESES = {
    "karte": karte(Kachel(0, 0, BOESE, BOESE, BOESE, 9, f"/x/{BOESE}")),
    "balken": balken(Balken(BOESE, 1, f"/x/{BOESE}", BOESE)),
    "plan": plan(PlanZeile(BOESE, HEUTE, verantwortlich=BOESE)),
}


@pytest.mark.parametrize("diagramm", [*ALLE.values(), *BOESES.values()])
def test_diagramm_ist_wohlgeformt_ohne_stil_und_skript(diagramm: SafeString) -> None:
    baum = gelesen(diagramm)

    assert isinstance(diagramm, SafeString)
    assert baum.tag == f"{SVG}svg"
    assert not [element for element in baum.iter() if element.tag.endswith("script") or "style" in element.attrib]
    assert not [name for element in baum.iter() for name in element.attrib if name.startswith("on")]


@pytest.mark.parametrize("diagramm", ALLE.values())
def test_diagramm_nennt_titel_und_beschreibung_als_erste_kinder(diagramm: SafeString) -> None:
    baum = gelesen(diagramm)

    assert [kind.tag for kind in baum][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert (baum[0].text, baum[1].text) == ("Probe", "Eine Probe.")
    assert (baum.get("aria-labelledby"), baum.get("aria-describedby")) == (baum[0].get("id"), baum[1].get("id"))


def test_kennungen_zweier_diagramme_sind_verschieden() -> None:
    zwei = [kachelkarte([], kennung=kennung, titel="T", beschreibung="B") for kennung in ("eins", "zwei")]

    kennungen = [id_ for diagramm in zwei for e in gelesen(diagramm).iter() if (id_ := e.get("id"))]

    assert kennungen == ["eins-titel", "eins-beschreibung", "zwei-titel", "zwei-beschreibung"]


def test_kennung_mit_sonderzeichen_wird_abgelehnt() -> None:
    with pytest.raises(ValueError, match="Keine Kennung"):
        kachelkarte([], kennung='x" onload="y', titel="T", beschreibung="B")


def test_zahlen_haben_einen_punkt() -> None:
    assert [bauteile.zahl(wert) for wert in (1, 2.0, 3.14, -0.26, 1000.5)] == ["1", "2", "3.1", "-0.3", "1000.5"]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "JavaScript:x", "//boese.example", "/\\boese.example", "data:x"]
)
def test_verweis_mit_fremdem_ziel_bleibt_text(url: str) -> None:
    assert "href" not in karte(Kachel(0, 0, "GG", "Groß-Gerau", url=url))


class TestKachelkarte:
    def test_ohne_verweise_ist_sie_ein_bild(self) -> None:
        assert gelesen(karte(Kachel(0, 0, "GG", "Groß-Gerau"))).get("role") == "img"

    def test_mit_verweisen_ist_sie_eine_liste(self) -> None:
        baum = gelesen(ALLE["karte"])

        verweise = list(baum.iter(f"{SVG}a"))
        assert [element.get("role") for element in baum.iter() if element.get("role")] == [
            "group",
            "list",
            "listitem",
            "listitem",
        ]
        assert [(a.get("href"), a.get("aria-label")) for a in verweise] == [("/kommunen/gg/", "Groß-Gerau: 14 von 15")]

    def test_kachel_zeigt_kuerzel_und_wert(self) -> None:
        assert texte(ALLE["karte"]) == ["Rau", "GG", "14 von 15"]

    def test_abgesetzte_kachel_ist_gestrichelt(self) -> None:
        assert "stroke-dasharray" in karte(Kachel(0, 0, "Kreis", "Kreis", abgesetzt=True))
        assert "stroke-dasharray" not in karte(Kachel(0, 0, "GG", "Groß-Gerau"))

    @pytest.mark.parametrize(("stufe", "klasse"), [(-1, "d-stufe-0"), (2, "d-stufe-2"), (7, "d-stufe-4")])
    def test_stufe_bleibt_im_bereich(self, stufe: int, klasse: str) -> None:
        assert klasse in karte(Kachel(0, 0, "GG", "Groß-Gerau", stufe=stufe))


class TestBalken:
    def test_ohne_wert_steht_nicht_aufgefuehrt_und_kein_balken(self) -> None:
        diagramm = balken(Balken("Bauhof", None))

        assert texte(diagramm) == ["Bauhof", "nicht aufgeführt"]
        assert "<rect" not in diagramm

    def test_null_ist_eine_leere_bahn(self) -> None:
        diagramm = balken(Balken("Bauhof", 0, zusatz="von 15"), hoechstwert=15)

        assert texte(diagramm) == ["Bauhof", "0 von 15"]
        assert 'class="d-bahn"' in diagramm
        assert 'class="d-balken"' not in diagramm

    @pytest.mark.parametrize(("wert", "breite"), [(3, "80"), (15, "400"), (99, "400")])
    def test_laenge_folgt_dem_hoechstwert(self, wert: int, breite: str) -> None:
        baum = gelesen(balken(Balken("Bauhof", wert), hoechstwert=15))

        striche = [element.get("width") for element in baum.iter(f"{SVG}rect") if element.get("class") == "d-balken"]
        assert striche == [breite]

    def test_grosse_zahl_hat_deutsche_punkte(self) -> None:
        assert texte(balken(Balken("Kreis", 1276307, zusatz="Personen, rund"))) == ["Kreis", "1.276.307 Personen, rund"]

    def test_langer_name_bricht_um(self) -> None:
        name = "Zentrale Angelegenheiten, Gebäudemanagement und gemeinsame Beschaffung"

        zeilen = texte(balken(Balken(name, 3)))
        assert len(zeilen) > 2
        assert " ".join(zeilen[:-1]) == name

    def test_was_nicht_zaehlt_steht_gestrichelt_dahinter(self) -> None:
        baum = gelesen(balken(Balken("Bauhof", 3, zusatz="+ 2 als Beispiel", dazu=2), hoechstwert=10))

        (dahinter,) = [element for element in baum.iter(f"{SVG}rect") if element.get("class") == "d-dazu"]
        assert (dahinter.get("x"), dahinter.get("width")) == ("120.5", "79")
        assert dahinter.get("stroke-dasharray") == "3 2"

    @pytest.mark.parametrize(("vergleich", "stelle"), [(5, "M200 "), (99, "M398.5 ")])
    def test_vergleich_ist_ein_strich_ueber_den_balken_hinaus(self, vergleich: int, stelle: str) -> None:
        baum = gelesen(balken(Balken("Bauhof", 3, vergleich=vergleich, ansage="früher: 5"), hoechstwert=10))

        (strich,) = [element for element in baum.iter(f"{SVG}path") if element.get("class") == "d-vergleich"]
        assert str(strich.get("d")).startswith(stelle)
        assert [titel.text for titel in baum.iter(f"{SVG}title")][1:] == ["Bauhof: 3, früher: 5"]

    @pytest.mark.parametrize("vergleich", [None, 0])
    def test_ohne_vergleich_ist_kein_strich(self, vergleich: int | None) -> None:
        assert "d-vergleich" not in balken(Balken("Bauhof", 3, vergleich=vergleich))

    def test_strich_allein_ist_fuer_vorlesende_nicht_da(self) -> None:
        strich = balkenstrich(Balken(BOESE, 3, dazu=1, vergleich=5), hoechstwert=10)

        baum = gelesen(strich)
        assert (baum.get("aria-hidden"), baum.get("viewBox")) == ("true", "0 0 400 16")
        assert [element.get("class") for element in baum] == ["d-bahn", "d-dazu", "d-balken", "d-hof", "d-vergleich"]
        assert "script" not in strich

    def test_strich_ohne_hoechstwert_bleibt_leer(self) -> None:
        assert "d-balken" not in balkenstrich(Balken("Bauhof", None), hoechstwert=0).replace("diagramm-balken", "")

    def test_ohne_balken_steht_keine_angaben(self) -> None:
        assert texte(balken()) == ["Keine Angaben"]


class TestAblaufplan:
    def test_jeder_stand_hat_seine_form_und_sein_wort(self) -> None:
        diagramm = ALLE["plan"]

        woerter = texte(diagramm)
        assert "überfällig, Prognose 01.07.2026" in woerter
        assert "erreicht 09.01.2026" in woerter
        assert "nicht terminiert" in woerter
        assert "seit 01.01.2026" in woerter
        assert woerter[-4:] == ["geplant", "Prognose", "erreicht", "überfällig"]
        assert diagramm.count('class="d-ueberfaellig"') == 2  # the row's and the legend's

    def test_keine_schrift_ist_kleiner_als_zwoelf(self) -> None:
        groessen = [float(text.get("font-size") or 0) for text in gelesen(ALLE["plan"]).iter(f"{SVG}text")]

        assert min(groessen) == 12

    def test_zeilen_liegen_untereinander_ohne_luecke(self) -> None:
        zeilen = plan(PlanZeile("Ein Name, der in der linken Spalte zwei Zeilen braucht", HEUTE), PlanZeile("B", HEUTE))
        namen = [text for text in gelesen(zeilen).iter(f"{SVG}text") if text.get("class") == "d-name"]

        stellen = [float(text.get("y") or 0) for text in namen]
        assert stellen == [63, 77, 103]

    def test_titel_der_zeile_sagt_alles(self) -> None:
        assert (
            "Zuschlag: geplant 01.04.2026, Prognose 01.07.2026, überfällig, verantwortlich: Geschäftsstelle"
            in ALLE["plan"]
        )

    def test_langer_name_hat_zwei_zeilen_und_steht_ganz_im_titel(self) -> None:
        name = "Leistungsverzeichnis für die gemeinsame europaweite Ausschreibung"
        diagramm = plan(PlanZeile(name, HEUTE))

        assert texte(diagramm)[-7:-5] == ["Leistungsverzeichnis für die", "gemeinsame europaweite…"]
        assert f"<title>{name}: geplant 19.05.2026</title>" in diagramm

    @pytest.mark.parametrize("zeilen", [[], [PlanZeile("Auftrag", None)], [PlanZeile("Auftrag", HEUTE, HEUTE, HEUTE)]])
    def test_wenig_angaben_ergeben_einen_plan_mit_heute(self, zeilen: list[PlanZeile]) -> None:
        woerter = texte(plan(*zeilen))

        assert "heute" in woerter
        assert "2026" in woerter
        assert not [wert for wert in woerter if "nan" in wert.lower()]

    @pytest.mark.parametrize(
        ("tage", "spalte"), [(200, "Jun"), (900, "3. Qu."), (3650, "2031"), (20000, "2030"), (2_900_000, "2026")]
    )
    def test_achse_waehlt_monate_quartale_oder_jahre(self, tage: int, spalte: str) -> None:
        woerter = texte(plan(PlanZeile("Beginn", HEUTE), PlanZeile("Ende", HEUTE + timedelta(days=tage))))

        assert spalte in woerter

    @pytest.mark.parametrize("tag", [date.min, date.max])
    def test_erster_und_letzter_tag_des_kalenders_gehen(self, tag: date) -> None:
        assert "nicht terminiert" not in texte(plan(PlanZeile("Rand", tag)))

    def test_heute_weit_ausserhalb_wird_ein_pfeil(self) -> None:
        diagramm = plan(PlanZeile("Alt", date(2013, 3, 1)), heute=HEUTE)

        assert "2026" not in texte(diagramm)
        assert "heute" in texte(diagramm)

    def test_alle_marken_liegen_in_der_zeichnung(self) -> None:
        baum = gelesen(plan(PlanZeile("Ende", date(2027, 12, 31)), PlanZeile("Anfang", date(2026, 1, 1))))

        stellen = [
            float(element.get("d", "M0 ").split()[0][1:])
            for element in baum.iter(f"{SVG}path")
            if element.get("class") == "d-geplant"
        ]
        assert min(stellen) >= 0
        assert max(stellen) <= 860 - 8


class TestTexte:
    def test_gekuerzt_laesst_passendes_stehen(self) -> None:
        assert bauteile.gekuerzt("Bauhof", 100, 13) == "Bauhof"

    def test_umbruch_haelt_die_zahl_der_zeilen(self) -> None:
        zeilen = bauteile.umbruch("eins zwei drei vier fünf sechs", 40, 13, 2)

        assert len(zeilen) == 2
        assert zeilen[-1].endswith("…")

    def test_umbruch_ohne_leerzeichen_kuerzt(self) -> None:
        assert len(bauteile.umbruch("x" * 500, 100, 13)) == 1
