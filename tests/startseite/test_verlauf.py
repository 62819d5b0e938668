"""The Verlauf of one object: who sees it, what it tells, how its page leads there."""

from http import HTTPStatus

import pytest
from django.test import Client

from bestandsaufnahme.auswahl import EinlesungStatus, Entscheidung, ErinnerungAnlass
from bestandsaufnahme.models import Einlesung, Erinnerung, Pruefung
from ikz_portal.basis import protokoll
from ikz_portal.basis.models import Aenderung, Dokument, Fassung
from ikz_portal.startseite.views.verlauf import ZUGAENGE
from projekte.models import Projekt
from tests.fabriken.bestandsaufnahme import (
    ExternerPartnerFactory,
    FragebogenantwortFactory,
    FragebogenFactory,
    InteressenbekundungFactory,
    InteressenrundeFactory,
    KooperationFactory,
    VeroeffentlichungFactory,
)
from tests.fabriken.kommunen import KontoFactory, SitzFactory, VertretungFactory
from tests.fabriken.projekte import MeilensteinFactory, ProjektauftragFactory, ProjektFactory, bericht_anfordern
from tests.fabriken.wissen import BeitragFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]
LINK = "Verlauf anzeigen"


def verlauf(objekt) -> str:
    return f"/verlauf/{objekt._meta.model_name}/{objekt.pk}/"


def detail(objekt) -> str:
    if objekt._meta.model_name == "konto":
        return f"/konten/{objekt.pk}/"
    if objekt._meta.model_name == "projektauftrag":
        return f"/projekte/{objekt.projekt.slug}/auftrag/{objekt.version}/"
    return objekt.get_absolute_url()


def einlesung() -> Einlesung:
    fassung = Fassung.objects.create(
        dokument=Dokument.objects.create(titel="Matrix"),
        nummer=1,
        datei="ab/ab",
        dateiname="matrix.xlsx",
        inhaltstyp="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        groesse=4,
        pruefsumme="a" * 64,
    )
    return Einlesung.objects.create(fassung=fassung, gilt_ab="2026-01-01", status=EinlesungStatus.VERWORFEN)


@pytest.fixture
def objekte(kommune, kontakt):
    """One object of every model that has a Verlauf; Projekt and order are led by somebody else."""
    auftrag = ProjektauftragFactory(projekt=ProjektFactory(leitung=KontoFactory()), beschlossen=True)
    bericht, _ = bericht_anfordern(stichtag=auftrag.projekt.beginn, heute=auftrag.projekt.beginn)
    bogen = FragebogenFactory(kommune=kommune, freigegeben=True)
    return {
        "kommune": kommune,
        "konto": KontoFactory(kommune=kommune, name="Kollege"),
        "interessenbekundung": InteressenbekundungFactory(kommune=kommune, durch=kontakt),
        "interessenrunde": InteressenrundeFactory(),
        "kooperation": KooperationFactory(),
        "erhebung": bogen.erhebung,
        "fragebogen": bogen,
        "veroeffentlichung": VeroeffentlichungFactory(),
        "einlesung": einlesung(),
        "externerpartner": ExternerPartnerFactory(),
        "projekt": auftrag.projekt,
        "projektauftrag": auftrag,
        "bericht": bericht,
        "beitrag": BeitragFactory(),
    }


def test_every_model_with_a_verlauf_is_in_these_tests(objekte):
    assert set(objekte) == set(ZUGAENGE)


# --- who --------------------------------------------------------------------------------------------------------------
ALLE = {
    *("kommune", "konto", "interessenbekundung", "interessenrunde", "kooperation", "externerpartner", "einlesung"),
    *("erhebung", "fragebogen", "veroeffentlichung", "projekt", "projektauftrag", "bericht", "beitrag"),
}
# not released, not one's own, not one's business
UNSICHTBAR = {
    "buergermeister": {"bericht", "einlesung"},
    "kontakt": {"bericht", "einlesung", "konto"},
    "fremder_kontakt": {"bericht", "einlesung", "konto", "erhebung", "fragebogen"},
    "lesend": {"bericht", "einlesung", "konto", "fragebogen"},
}
RECHTE = {
    "geschaeftsstelle": ALLE,
    "buergermeister": {"kommune", "konto", "interessenbekundung", "fragebogen"},
    "kontakt": {"interessenbekundung", "fragebogen"},
    "fremder_kontakt": set(),
    "lesend": set(),
}


@pytest.mark.parametrize("wer", RECHTE)
def test_who_sees_which_verlauf(request, angemeldet, objekte, wer):
    person = request.getfixturevalue(wer)
    client = angemeldet(person)
    darf = {name for name, objekt in objekte.items() if client.get(verlauf(objekt)).status_code == HTTPStatus.OK}
    assert darf == RECHTE[wer]
    for name in ALLE - darf:
        erwartet = HTTPStatus.NOT_FOUND if name in UNSICHTBAR[wer] else HTTPStatus.FORBIDDEN
        assert client.get(verlauf(objekte[name])).status_code == erwartet, name


@pytest.mark.parametrize("wer", RECHTE)
def test_page_of_the_object_shows_the_link_to_those_alone(request, angemeldet, objekte, wer):
    client = angemeldet(request.getfixturevalue(wer))
    mit_link = set()
    for name, objekt in objekte.items():
        seite = client.get(detail(objekt)).content.decode()
        if LINK in seite:
            assert f'href="{verlauf(objekt)}"' in seite
            mit_link.add(name)
    assert mit_link == RECHTE[wer]


def test_leader_sees_project_and_order(angemeldet, objekte):
    client = angemeldet(objekte["projekt"].leitung)
    for name in ("projekt", "projektauftrag"):
        assert client.get(verlauf(objekte[name])).status_code == HTTPStatus.OK
        assert LINK in client.get(detail(objekte[name])).content.decode()


def test_deputy_sees_what_the_head_sees(angemeldet, buergermeister, objekte):
    vertreter = KontoFactory()
    VertretungFactory(vertretener=buergermeister, vertreter=vertreter)
    assert angemeldet(vertreter).get(verlauf(objekte["kommune"])).status_code == HTTPStatus.OK


def test_member_of_the_lenkungsgruppe_sees_nothing(angemeldet, lesend, objekte):
    SitzFactory(konto=lesend)
    client = angemeldet(lesend)
    assert {client.get(verlauf(objekt)).status_code for objekt in objekte.values()} == {
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
    }


def test_kontakt_sees_the_own_konto_and_who_reads_does_not(angemeldet, kontakt, lesend):
    assert angemeldet(kontakt).get(verlauf(kontakt)).status_code == HTTPStatus.OK
    assert angemeldet(lesend).get(verlauf(lesend)).status_code == HTTPStatus.FORBIDDEN


def test_public_is_sent_to_sign_in_and_sees_no_link():
    projekt = ProjektFactory(veroeffentlicht=True)
    assert Client().get(verlauf(projekt)).status_code == HTTPStatus.FOUND
    assert LINK not in Client().get(detail(projekt)).content.decode()


def test_draft_of_another_kommune_is_not_found(angemeldet, geschaeftsstelle, kommune):
    entwurf = InteressenbekundungFactory(kommune=kommune, status="entwurf", abgegeben_am=None)
    assert angemeldet(geschaeftsstelle).get(verlauf(entwurf)).status_code == HTTPStatus.NOT_FOUND


def test_head_reads_the_drafts_before_the_filing(angemeldet, buergermeister, kommune):
    bekundung = InteressenbekundungFactory(kommune=kommune, status="entwurf", abgegeben_am=None, wofuer="Quittenbrot")
    bekundung.status, bekundung.abgegeben_am, bekundung.wofuer = "abgegeben", "2026-01-01", "neu"
    bekundung.save()
    assert "Quittenbrot" in angemeldet(buergermeister).get(verlauf(bekundung)).content.decode()


@pytest.mark.parametrize(
    "rest",
    ["projekt/0", "projekt/x", "projekt/%00", "projekt/" + "9" * 300, "bericht/1", "lauf/1", "aenderung/1", "x/1"],
)
def test_what_there_is_not_is_not_found(angemeldet, geschaeftsstelle, rest):
    assert angemeldet(geschaeftsstelle).get(f"/verlauf/{rest}/").status_code == HTTPStatus.NOT_FOUND


# --- what -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def client(angemeldet, geschaeftsstelle):
    return angemeldet(geschaeftsstelle)


def test_page_tells_of_the_object_and_its_parts_alone(client, kontakt):
    projekt = ProjektFactory(name="Archiv")
    with protokoll.umstaende(quelle="/x/", konto=kontakt.pk):
        MeilensteinFactory(projekt=projekt, name="Start")
    ProjektFactory(name="fremd")
    antwort = client.get(verlauf(projekt))
    namen = [eintrag.name for vorgang in antwort.context["vorgaenge"] for eintrag in vorgang.eintraege]
    assert namen == ["Start", "Archiv"]
    assert f'<a class="btn btn-outline-primary" href="{projekt.get_absolute_url()}">' in antwort.content.decode()


def test_fragebogen_tells_of_itself_and_of_the_parts_of_its_parts(client, geschaeftsstelle, kommune):
    bogen = FragebogenFactory(kommune=kommune)
    antwort = FragebogenantwortFactory(fragebogen=bogen, kooperation=KooperationFactory(bezeichnung="Archiv"))
    FragebogenantwortFactory()
    Erinnerung.objects.create(fragebogen=bogen, anlass=ErinnerungAnlass.VON_HAND, am="2026-01-01")
    Pruefung.objects.create(
        antwort=antwort,
        entscheidung=Entscheidung.ANGEPASST,
        werte={"ab": "2026-06-30", "rolle": "federfuehrend", "stand": "0123456789abcdef", "kooperation_beenden": True},
    )
    eintraege = [
        eintrag for vorgang in client.get(verlauf(bogen)).context["vorgaenge"] for eintrag in vorgang.eintraege
    ]
    assert [(eintrag.was, eintrag.name) for eintrag in eintraege] == [
        ("Prüfung", f"Nr. {antwort.pruefung.pk}"),
        ("Erinnerung", f"Nr. {bogen.erinnerungen.get().pk}"),
        ("Fragebogen", "Musterstadt"),
    ]
    assert eintraege[0].ganzes == f"Antwort im Fragebogen Nr. {antwort.pk}"
    werte = {zeile.feld: zeile.nachher.text for zeile in eintraege[0].felder}
    assert werte["Angepasste Werte"] == "Gilt ab: 30.06.2026\nRolle: federführend\nKooperation beenden: ja"


def test_own_fragebogen_tells_its_answers_in_the_words_of_the_questions(angemeldet, kontakt, kommune):
    bogen = FragebogenFactory(kommune=kommune, erhebung__fragen=["kosten", "arbeitsgruppe"])
    FragebogenantwortFactory(
        fragebogen=bogen,
        kooperation=KooperationFactory(bezeichnung="Archiv"),
        angaben={"kosten": "je zur Hälfte", "vertrag": True, "vertrag_vom": "2026-01-31", "nutzen": ["a", "b"]},
    )
    (eintrag,) = angemeldet(kontakt).get(verlauf(bogen)).context["vorgaenge"][0].eintraege
    werte = {zeile.feld: zeile.nachher.text for zeile in eintrag.felder}
    assert (eintrag.was, eintrag.name) == ("Antwort im Fragebogen", "Archiv")
    assert werte["Weitere Angaben"].split("\n") == [
        "Kosten und ihre Verteilung: je zur Hälfte",
        "Nutzen: a, b",
        "Gibt es einen Vertrag?: ja",
        "Vertrag vom: 31.01.2026",
    ]


def test_erhebung_names_its_questions(client):
    runde = FragebogenFactory(erhebung__fragen=["kosten", "unbekannt"]).erhebung
    felder = [
        zeile
        for vorgang in client.get(verlauf(runde)).context["vorgaenge"]
        for eintrag in vorgang.eintraege
        for zeile in eintrag.felder
    ]
    assert [zeile.nachher.text for zeile in felder if zeile.feld == "Fragen"] == [
        "Kosten und ihre Verteilung\nunbekannt"
    ]


def test_htmx_gets_the_newest_entries_and_the_way_to_all(client):
    projekt = ProjektFactory()
    for nummer in range(25):
        Projekt.objects.filter(pk=projekt.pk).update(hinweis=f"Hinweis {nummer}")
    antwort = client.get(verlauf(projekt), headers={"HX-Request": "true"})
    seite = antwort.content.decode()
    assert "<html" not in seite
    assert len(antwort.context["vorgaenge"]) == 20
    assert f'<a href="{verlauf(projekt)}">Alle 26 Einträge</a>' in seite


def test_object_older_than_the_record_says_so(client, monkeypatch, kommune):
    monkeypatch.setattr("bestandsaufnahme.rechte.sichtbare_aenderungen", lambda _: Aenderung.objects.filter(pk=0))
    assert "Noch nichts festgehalten" in client.get(verlauf(kommune)).content.decode()


@pytest.mark.parametrize("anzahl", [1, 3])
def test_page_queries(client, django_assert_num_queries, anzahl):
    projekt = ProjektFactory()
    MeilensteinFactory.create_batch(anzahl, projekt=projekt)
    with django_assert_num_queries(7):
        client.get(verlauf(projekt))
