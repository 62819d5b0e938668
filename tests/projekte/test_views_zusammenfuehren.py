"""Somebody else saved the same Projekt meanwhile: the second is told who and what, sees both texts and chooses."""

from datetime import date
from http import HTTPStatus

import pytest

from ikz_portal.basis.unterschiede import Unterschied
from projekte.models import Meilenstein, Projekt
from tests.fabriken.bestandsaufnahme import AufgabenfeldFactory
from tests.fabriken.kommunen import KommuneFactory
from tests.fabriken.projekte import MeilensteinFactory, ProjektFactory
from tests.projekte.formulardaten import bearbeiten, daten

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund", "_heute")]


@pytest.fixture
def client(angemeldet, geschaeftsstelle):
    return angemeldet(geschaeftsstelle)


def abgleich(antwort) -> dict[str, Unterschied]:
    assert antwort.status_code == HTTPStatus.CONFLICT
    return {zeile.feld: zeile for zeile in antwort.context["abgleich"].unterschiede}


def ausgewaehlt(antwort, **wahl: str) -> dict[str, str]:
    """Return what the browser sends from the page with the choice: as preselected, but for what `wahl` says."""
    gezeigt = antwort.context["abgleich"]
    werte = dict(gezeigt.mitgeschickt) | {"version": str(gezeigt.version), "gewaehlt": "1"}
    for zeile in gezeigt.unterschiede:
        if zeile.wahl:
            werte[zeile.wahl] = "eingabe" if zeile.meine else "gespeichert"
    return werte | {f"wahl-{name}": wert for name, wert in wahl.items()}


def test_saved_by_someone_else_meanwhile_overwrites_nothing(client):
    projekt = ProjektFactory(hinweis="alt", beginn=date(2026, 3, 1))
    meine = daten(projekt, {"name": "Meiner", "geplant": "2026-09-01"}, hinweis="meine Worte")
    client.post(bearbeiten(projekt), daten(projekt, hinweis="von jemand anderem"))
    antwort = client.post(bearbeiten(projekt), meine)
    seite = antwort.content.decode()
    assert antwort.status_code == HTTPStatus.CONFLICT
    assert "Jemand anderes hat das Projekt inzwischen geändert" in seite
    assert '<div class="formularfehler" role="alert" tabindex="-1" autofocus aria-labelledby="veraltet-titel">' in seite
    assert '<input type="hidden" name="hinweis" value="meine Worte">' in seite
    assert '<input type="hidden" name="meilensteine-0-name" value="Meiner">' in seite
    assert antwort.context["abgleich"].unterschiede == [
        Unterschied("Hinweis", "von jemand anderem", "meine Worte", "wahl-hinweis", beide=True),
        Unterschied("Meilenstein „Meiner“", "–", "geplant am: 01.09.2026", "wahl-meilensteine-0"),
    ]
    assert Projekt.objects.get().hinweis == "von jemand anderem"
    assert not Meilenstein.objects.exists()


def test_who_changed_what_meanwhile_is_told(angemeldet, client, kontakt, geschaeftsstelle):
    projekt = ProjektFactory(leitung=kontakt, beginn=date(2026, 3, 1), hinweis="alt")
    meine = daten(projekt, hinweis="von der Leitung")
    neu = {"name": "Start", "geplant": "2026-09-01"}
    client.post(bearbeiten(projekt), daten(projekt, neu, hinweis="neu", status_hinweis="stockt"))
    antwort = angemeldet(kontakt).post(bearbeiten(projekt), meine)
    (vorgang,) = antwort.context["abgleich"].vorgaenge
    assert vorgang.wer == geschaeftsstelle.name
    assert [(eintrag.was, eintrag.name) for eintrag in vorgang.eintraege] == [
        ("Projekt", projekt.name),
        ("Meilenstein", "Start"),
    ]
    assert [zeile.feld for zeile in vorgang.eintraege[0].felder] == ["Hinweis zum Status", "Hinweis"]
    assert f"<strong>{geschaeftsstelle.name}</strong>" in antwort.content.decode()


def test_every_difference_is_told_in_words(client):
    kommune, projekt = KommuneFactory(name="Nauheim"), ProjektFactory(status="idee", beginn=date(2026, 3, 1))
    a, b, c = [MeilensteinFactory(projekt=projekt, name=name, geplant=date(2026, 7, 1)) for name in "ABC"]
    alt = [{"id": zeile.pk, "name": zeile.name, "geplant": "2026-07-01"} for zeile in (a, b, c)]
    meine = daten(
        projekt, {**alt[0], "geplant": "bald"}, {**alt[1], "DELETE": "on"}, alt[2],
        status="eingestellt", ende="2027-01-01", ende_genauigkeit="tag", veroeffentlicht="on",
    )  # fmt: skip
    seine = [{**alt[0], "verantwortlich": kommune.ags}, alt[1], {**alt[2], "DELETE": "on"}]
    neue = {"name": "Neu", "geplant": "2026-08-01"}
    client.post(bearbeiten(projekt), daten(projekt, *seine, neue, status="vorbereitung"))
    antwort = client.post(bearbeiten(projekt), meine)
    laeuft, genau = "läuft noch, ein Ende steht nicht fest", "auf den Tag genau"
    assert antwort.context["abgleich"].unterschiede == [
        Unterschied("Status", "in Vorbereitung", "eingestellt", "wahl-status", beide=True),
        Unterschied("Ende", "–", "01.01.2027", "wahl-ende"),
        Unterschied("Wie genau ist das Ende bekannt?", laeuft, genau, "wahl-ende_genauigkeit"),
        Unterschied("Veröffentlicht", "nein", "ja", "wahl-veroeffentlicht"),
        Unterschied("Meilenstein „A“, geplant am", "01.07.2026", "bald", "wahl-meilensteine-0-geplant"),
        Unterschied(
            "Meilenstein „A“, verantwortlich", "Nauheim", "niemand", "wahl-meilensteine-0-verantwortlich", False
        ),
        Unterschied("Meilenstein „B“", "geplant am: 01.07.2026", "löschen", "wahl-meilensteine-1"),
        Unterschied("Meilenstein „C“", "–", "geplant am: 01.07.2026", "wahl-meilensteine-2", False),
        Unterschied("Meilenstein „Neu“", "geplant am: 01.08.2026", "–", "", False),
    ]


def test_preselected_choice_keeps_what_each_of_the_two_changed(client):
    projekt = ProjektFactory(beginn=date(2026, 3, 1), hinweis="alt", kurzbeschreibung="alt", veroeffentlicht=True)
    offen = daten(projekt, hinweis="alt", kurzbeschreibung="alt", veroeffentlicht="on")
    client.post(bearbeiten(projekt), offen | {"kurzbeschreibung": "seine"})
    gezeigt = client.post(bearbeiten(projekt), offen | {"hinweis": "meiner"})
    assert {feld: zeile.meine for feld, zeile in abgleich(gezeigt).items()} == {
        "Kurzbeschreibung": False,
        "Hinweis": True,
    }
    antwort = client.post(bearbeiten(projekt), ausgewaehlt(gezeigt))
    assert antwort.status_code == HTTPStatus.FOUND
    neu = Projekt.objects.get()
    assert (neu.kurzbeschreibung, neu.hinweis, neu.veroeffentlicht, neu.version) == ("seine", "meiner", True, 3)


def test_choice_of_the_saved_edition_is_kept_for_every_kind_of_field(client):
    feld = AufgabenfeldFactory()
    projekt = ProjektFactory(beginn=date(2026, 3, 1), veroeffentlicht=True)
    client.post(bearbeiten(projekt), daten(projekt, beginn="2026-04-02", aufgabenfeld=feld.pk))
    gezeigt = client.post(bearbeiten(projekt), daten(projekt, beginn="2026-05-03", veroeffentlicht="on"))
    alle = dict.fromkeys(["beginn", "aufgabenfeld", "veroeffentlicht"], "gespeichert")
    assert client.post(bearbeiten(projekt), ausgewaehlt(gezeigt, **alle)).status_code == HTTPStatus.FOUND
    neu = Projekt.objects.get()
    assert (neu.beginn, neu.aufgabenfeld, neu.veroeffentlicht) == (date(2026, 4, 2), feld, False)


def test_meilensteine_are_merged_row_by_row(client):
    projekt = ProjektFactory(beginn=date(2026, 3, 1))
    a, b, c, d = [MeilensteinFactory(projekt=projekt, name=name, geplant=date(2026, 7, 1)) for name in "ABCD"]
    alt = [{"id": zeile.pk, "name": zeile.name, "geplant": "2026-07-01"} for zeile in (a, b, c, d)]
    neu = {"name": "seiner", "geplant": "2026-08-01"}
    loeschen = [{**zeile, "DELETE": "on"} for zeile in alt]
    client.post(
        bearbeiten(projekt),
        daten(projekt, {**alt[0], "geplant": "2026-08-08"}, alt[1], *loeschen[2:], neu, hinweis="!"),
    )
    meine = [alt[0], {**alt[1], "geplant": "2026-09-09"}, alt[2], {**alt[3], "name": "bleibt"}]
    gezeigt = client.post(bearbeiten(projekt), daten(projekt, *meine, {"name": "meiner", "geplant": "2026-10-10"}))
    assert client.post(bearbeiten(projekt), ausgewaehlt(gezeigt)).status_code == HTTPStatus.FOUND
    assert sorted(Meilenstein.objects.values_list("name", "geplant")) == [
        ("A", date(2026, 8, 8)),
        ("B", date(2026, 9, 9)),
        ("bleibt", date(2026, 7, 1)),
        ("meiner", date(2026, 10, 10)),
        ("seiner", date(2026, 8, 1)),
    ]


def test_row_that_i_delete_may_stay_as_the_other_saved_it(client):
    projekt = ProjektFactory(beginn=date(2026, 3, 1))
    zeile = MeilensteinFactory(projekt=projekt, name="A", geplant=date(2026, 7, 1), freigabe_noetig=True)
    alt = {"id": zeile.pk, "name": "A", "geplant": "2026-07-01", "freigabe_noetig": "on"}
    client.post(bearbeiten(projekt), daten(projekt, {**alt, "geplant": "2026-08-08"}, hinweis="!"))
    gezeigt = client.post(bearbeiten(projekt), daten(projekt, {**alt, "DELETE": "on"}))
    unterschied = abgleich(gezeigt)["Meilenstein „A“"]
    assert (unterschied.eingabe, unterschied.meine, unterschied.beide) == ("löschen", True, True)
    client.post(bearbeiten(projekt), ausgewaehlt(gezeigt, **{"meilensteine-0": "gespeichert"}))
    assert list(Meilenstein.objects.values_list("geplant", "freigabe_noetig")) == [(date(2026, 8, 8), True)]


def test_whoever_is_faster_again_is_told_again(client):
    projekt = ProjektFactory(beginn=date(2026, 3, 1), hinweis="alt")
    client.post(bearbeiten(projekt), daten(projekt, hinweis="zweite"))
    erste = client.post(bearbeiten(projekt), daten(projekt, hinweis="meine"))
    client.post(bearbeiten(projekt), daten(Projekt.objects.get(), hinweis="dritte"))
    zweite = client.post(bearbeiten(projekt), ausgewaehlt(erste))
    assert abgleich(zweite)["Hinweis"] == Unterschied("Hinweis", "dritte", "meine", "wahl-hinweis", beide=True)
    assert len(zweite.context["abgleich"].vorgaenge) == 1
    assert client.post(bearbeiten(projekt), ausgewaehlt(zweite)).status_code == HTTPStatus.FOUND
    assert Projekt.objects.get().hinweis == "meine"


def test_whoever_wants_to_think_goes_on_in_the_form_with_the_merged_text(client):
    projekt = ProjektFactory(beginn=date(2026, 3, 1), hinweis="alt", kurzbeschreibung="alt")
    offen = daten(projekt, hinweis="alt", kurzbeschreibung="alt")
    client.post(bearbeiten(projekt), offen | {"kurzbeschreibung": "seine"})
    gezeigt = client.post(bearbeiten(projekt), offen | {"hinweis": "meiner"})
    antwort = client.post(bearbeiten(projekt), ausgewaehlt(gezeigt) | {"weiterbearbeiten": "1"})
    formular = antwort.context["formular"]
    assert antwort.status_code == HTTPStatus.OK
    assert [formular[name].value() for name in ("kurzbeschreibung", "hinweis", "version")] == ["seine", "meiner", "2"]
    assert "formularfehler-titel" not in antwort.content.decode()
    assert Projekt.objects.get().version == 2


def test_merged_edition_that_breaks_a_rule_comes_back_in_the_form(client):
    projekt = ProjektFactory(beginn=date(2026, 3, 1))
    client.post(bearbeiten(projekt), daten(projekt, beginn="2026-08-01"))
    gezeigt = client.post(bearbeiten(projekt), daten(projekt, ende="2026-05-01", ende_genauigkeit="tag"))
    antwort = client.post(bearbeiten(projekt), ausgewaehlt(gezeigt))
    assert antwort.status_code == HTTPStatus.OK
    assert list(antwort.context["formular"].errors) == ["ende"]
    assert antwort.context["formular"]["version"].value() == "2"


def test_conflict_without_any_difference_says_so(client):
    projekt = ProjektFactory(beginn=date(2026, 3, 1))
    meine = daten(projekt, hinweis="gleich")
    client.post(bearbeiten(projekt), meine)
    antwort = client.post(bearbeiten(projekt), meine)
    assert antwort.status_code == HTTPStatus.CONFLICT
    assert "Sie unterscheiden sich nicht von dem, was jetzt gespeichert ist" in antwort.content.decode()


def test_saved_meanwhile_is_told_before_other_errors(client):
    projekt = ProjektFactory(status="idee")
    meine = daten(projekt, status="idee", name="")
    client.post(bearbeiten(projekt), daten(projekt, status="vorbereitung"))
    client.post(bearbeiten(projekt), daten(Projekt.objects.get(), status="bearbeitung"))
    seite = client.post(bearbeiten(projekt), meine).content.decode()
    assert "Jemand anderes hat das Projekt inzwischen geändert" in seite
    assert Projekt.objects.get().status == "bearbeitung"


@pytest.mark.parametrize("anzahl", [1, 3])
def test_conflict_queries(client, django_assert_num_queries, anzahl):
    projekt = ProjektFactory(beginn=date(2026, 3, 1))
    zeilen = MeilensteinFactory.create_batch(anzahl, projekt=projekt, verantwortlich=KommuneFactory())
    alt = [{"id": zeile.pk, "name": zeile.name, "geplant": "2025-06-30"} for zeile in zeilen]
    client.post(bearbeiten(projekt), daten(projekt, *alt, hinweis="y"))
    with django_assert_num_queries(13):
        assert client.post(bearbeiten(projekt), daten(projekt, *alt, hinweis="x")).status_code == HTTPStatus.CONFLICT
