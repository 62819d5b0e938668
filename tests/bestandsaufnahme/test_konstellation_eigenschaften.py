"""What holds for every proposal, whatever is declared: no database, the rules alone."""

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bestandsaufnahme.abfragen.konstellation.auswahl import ausgewaehlte, knappe
from bestandsaufnahme.abfragen.konstellation.bits import menge, stellen, zusammenhaengende
from bestandsaufnahme.abfragen.konstellation.gewichte import JE_FELD
from bestandsaufnahme.abfragen.konstellation.lage import Gebiet, Lage, Land, Laufende, Ort, Wille
from bestandsaufnahme.abfragen.konstellation.modell import Feld, Konstellation, Teilfeld

WORTE = ("kehrmaschin", "hacksl", "software", "raum")
FELDER = (Feld(1, "Bauhof", "bauhof"), Feld(2, "Personal", "personal"))
TEILE = (Teilfeld(11, "Winterdienst", FELDER[0]), Teilfeld(12, "Grünpflege", FELDER[0]))


@st.composite
def laender(draw: Callable[..., Any]) -> Land:
    anzahl = draw(st.integers(3, 9))
    mit_kreis = draw(st.booleans())
    nachbarn = [0] * anzahl
    for eine, andere in draw(st.lists(st.tuples(st.integers(0, anzahl - 1), st.integers(0, anzahl - 1)), max_size=14)):
        if eine != andere and not (mit_kreis and anzahl - 1 in {eine, andere}):
            nachbarn[eine] |= 1 << andere
            nachbarn[andere] |= 1 << eine
    orte = [Ort(100 + n, f"0643300{n}", f"Ort {n}", f"Ort {n}", mit_kreis and n == anzahl - 1) for n in range(anzahl)]
    return Land(
        orte=tuple(orte),
        schluessel=tuple(ort.pk for ort in orte),
        nachbarn=tuple(nachbarn),
        einwohner=tuple(draw(st.sampled_from([0, 4_000, 7_000, 9_000, 15_000, 66_000])) for _ in orte),
        staedte=menge(n for n, ort in enumerate(orte) if not ort.kreis),
    )


@st.composite
def lagen(draw: Callable[..., Any]) -> Lage:
    land = draw(laender())
    worte = st.lists(st.sampled_from(WORTE), max_size=2).map(lambda stamme: {stamm: stamm.title() for stamm in stamme})
    gruppen = st.integers(0, (1 << len(land.orte)) - 1)
    laufende = [
        Laufende(n, f"Kooperation {n}", gruppe)
        for n, gruppe in enumerate(draw(st.lists(gruppen, max_size=4)))
        if gruppe.bit_count() > 1
    ]
    laufende.sort(key=lambda eine: (eine.gruppe.bit_count(), eine.pk))
    je_teil: dict[Any, list[Wille]] = {}
    bekundungen = st.tuples(
        st.integers(0, len(land.orte) - 1), st.integers(0, 2), st.booleans(), worte, worte, st.sampled_from(range(4))
    )
    for pk, (ort, stufe, beispiel, bietet, sucht, wo) in enumerate(draw(st.lists(bekundungen, max_size=30))):
        feld, teil = ((FELDER[0], None), (FELDER[1], None), (FELDER[0], TEILE[0]), (FELDER[0], TEILE[1]))[wo]
        wille = Wille(pk, ort, stufe, teil.name if teil else "", beispiel, bietet, sucht)
        for schluessel in {(feld, None), (feld, teil)}:
            je_teil.setdefault(schluessel, []).append(wille)
    moegliche = [(FELDER[0], None), (FELDER[1], None), (FELDER[0], TEILE[0]), (FELDER[0], TEILE[1])]
    return Lage(
        land, [Gebiet(*k, je_teil[k], laufende if k[0] == FELDER[0] else []) for k in moegliche if k in je_teil]
    )


def erzaehlt(vorschlaege: list[Konstellation]) -> list[Any]:
    return [(k.schluessel, k.punkte, k.beispiel, k.kommunen, k.gruende, k.fehlt, k.federfuehrung) for k in vorschlaege]


def willige(gebiet: Gebiet) -> set[int]:
    return {wille.ort for wille in gebiet.willen}


@given(lagen(), st.integers(2, 5))
@settings(max_examples=150, deadline=None)
def test_every_proposal_keeps_the_rules(lage: Lage, mindestens: int):
    vorschlaege = ausgewaehlte(lage, mindestens=mindestens, kommunen=None)
    je_feld: dict[Any, list[Konstellation]] = {}
    for eine in vorschlaege:
        assert len(eine.kommunen) == len(eine.mitglieder) >= mindestens
        assert eine.gruende
        assert all(grund.text and grund.punkte > 0 for grund in eine.gruende)
        assert sum(grund.punkte for grund in eine.gruende) == eine.punkte
        assert len(eine.schluessel) <= 200
        je_feld.setdefault((eine.aufgabenfeld.pk, eine.kooperationsfeld), []).append(eine)
    assert len({eine.schluessel for eine in vorschlaege}) == len(vorschlaege)
    assert [eine.punkte for eine in vorschlaege] == sorted((eine.punkte for eine in vorschlaege), reverse=True)
    for feldes in je_feld.values():
        assert len(feldes) <= JE_FELD
        assert len({eine.wer for eine in feldes}) == len(feldes)


@given(lagen(), st.integers(2, 4))
@settings(max_examples=100, deadline=None)
def test_everybody_in_a_field_with_enough_kommunen_is_part_of_a_proposal(lage: Lage, mindestens: int):
    vorschlaege = ausgewaehlte(lage, mindestens=mindestens, kommunen=None)
    for gebiet in lage.gebiete:
        if len(willige(gebiet)) >= mindestens:
            dabei = [e for e in vorschlaege if e.aufgabenfeld == gebiet.feld]
            assert menge(willige(gebiet)) & ~menge(s for e in dabei for s in stellen(e.wer)) == 0
        elif gebiet.teilfeld is None:
            knapp = next(k for k in knappe(lage, mindestens=mindestens, kommunen=None) if k.feld == gebiet.feld)
            assert knapp.fehlen == mindestens - len(willige(gebiet))


@given(lagen(), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_another_order_of_the_same_declarations_gives_the_same(lage: Lage, zufall: Any):
    gemischt = []
    for gebiet in lage.gebiete:
        willen = list(gebiet.willen)
        zufall.shuffle(willen)
        gemischt.append(gebiet._replace(willen=willen))
    erste = ausgewaehlte(lage, mindestens=3, kommunen=None)
    zweite = ausgewaehlte(Lage(lage.land, gemischt), mindestens=3, kommunen=None)
    assert erzaehlt(zweite) == erzaehlt(erste)


@given(lagen())
@settings(max_examples=100, deadline=None)
def test_asking_for_one_kommune_gives_those_that_it_is_part_of(lage: Lage):
    alle = ausgewaehlte(lage, mindestens=3, kommunen=None)
    for ort in lage.land.orte:
        eigene = ausgewaehlte(lage, mindestens=3, kommunen=[ort.pk])
        assert erzaehlt(eigene) == erzaehlt([eine for eine in alle if ort.pk in eine.mitglieder])


@given(lagen(), st.data())
@settings(max_examples=100, deadline=None)
def test_who_withdraws_everything_is_in_no_proposal(lage: Lage, data: Any):
    ort = data.draw(st.sampled_from(range(len(lage.land.orte))))
    ohne = [g._replace(willen=[wille for wille in g.willen if wille.ort != ort]) for g in lage.gebiete]
    vorschlaege = ausgewaehlte(Lage(lage.land, ohne), mindestens=2, kommunen=None)
    assert not any(eine.wer >> ort & 1 for eine in vorschlaege)


@given(lagen())
@settings(max_examples=100, deadline=None)
def test_examples_mark_what_they_are_part_of_and_displace_nothing_real(lage: Lage):
    echte = [g._replace(willen=[wille for wille in g.willen if not wille.beispiel]) for g in lage.gebiete]
    vorschlaege = ausgewaehlte(lage, mindestens=3, kommunen=None)
    ausgedachte = {
        (gebiet.feld.pk, gebiet.teilfeld, ort)
        for gebiet in lage.gebiete
        for ort in willige(gebiet)
        if all(wille.beispiel for wille in gebiet.willen if wille.ort == ort)
    }
    for eine in vorschlaege:
        wo = (eine.aufgabenfeld.pk, eine.kooperationsfeld)
        assert eine.beispiel == any((*wo, ort) in ausgedachte for ort in stellen(eine.wer))
    for gebiet in echte:
        if gebiet.teilfeld and len(willige(gebiet)) >= 3:
            assert any(not e.beispiel and e.kooperationsfeld == gebiet.teilfeld for e in vorschlaege)


@given(laender(), st.data())
@settings(max_examples=100, deadline=None)
def test_connected_parts_share_nobody_and_no_border(land: Land, data: Any):
    gruppe = data.draw(st.integers(0, (1 << len(land.orte)) - 1))
    teile = zusammenhaengende(gruppe, land.nachbarn)
    assert sum(teil.bit_count() for teil in teile) == gruppe.bit_count()
    assert menge(stelle for teil in teile for stelle in stellen(teil)) == gruppe
    for teil in teile:
        erreichbar = 0
        for stelle in stellen(teil):
            erreichbar |= land.nachbarn[stelle]
        assert erreichbar & gruppe & ~teil == 0
