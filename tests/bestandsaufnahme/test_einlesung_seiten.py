"""The pages of the import: who sees them, upload, dry run, consent, templates."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bestandsaufnahme.abfragen.einlesung.plan import lies, planen
from bestandsaufnahme.models import Beteiligung, Einlesung, Kooperation
from ikz_portal.basis.models import Fassung
from kommunen.models import Kommune, Konto
from tests.fabriken.bestandsaufnahme import BeteiligungFactory, KooperationFactory, KooperationsfeldFactory
from tests.fabriken.kommunen import KommuneFactory, KontoFactory
from tests.fabriken.tabellen import KOPF, mappe, semikola, zeile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund", "ablageort")]

Anmelden = Callable[[Konto], Client]
URL = "/bestandsaufnahme/einlesen/"
STAND = date(2013, 6, 30)


@pytest.fixture
def ablageort(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def stelle(angemeldet: Anmelden, geschaeftsstelle: Konto) -> Client:
    return angemeldet(geschaeftsstelle)


@pytest.fixture
def post(kommune: Kommune) -> Kooperation:
    feld = KooperationsfeldFactory(aufgabenfeld__name="Zentrales", name="Post")
    return KooperationFactory(kooperationsfeld=feld, symbol="■", bezeichnung="Postverbund")


def eine(kommune: Kommune, **angaben: Any) -> list[Any]:
    vorgabe = {"aufgabenfeld": "Zentrales", "kooperationsfeld": "Post", "zeichen": "■", "kooperation": "Postverbund"}
    return zeile(**{**vorgabe, "ags": kommune.ags, "status": "besteht", **angaben})


def hochladen(client: Client, inhalt: bytes, name: str = "matrix.xlsx", **angaben: Any) -> Any:
    datei = SimpleUploadedFile(name, inhalt)
    return client.post(URL, {"datei": datei, "gilt_ab": "2020-01-01", "herkunft": "fussnote", **angaben})


def hochgeladen(client: Client, *zeilen: list[Any]) -> Einlesung:
    antwort = hochladen(client, mappe([KOPF, *zeilen]))
    assert antwort.status_code == 302
    return Einlesung.objects.get()


# --- who --------------------------------------------------------------------------------------------------------------
def test_only_the_geschaeftsstelle_gets_in(
    angemeldet: Anmelden, stelle: Client, post: Kooperation, kontakt: Konto, fremder_kontakt: Konto
) -> None:
    kommune = kontakt.kommune
    einlesung = hochgeladen(stelle, eine(kommune))
    for konto in (kontakt, fremder_kontakt, KontoFactory(buergermeister=True, kommune=kommune)):
        client = angemeldet(konto)
        assert client.get(URL).status_code == 403
        assert hochladen(client, mappe([KOPF, eine(kommune)])).status_code == 403
        assert client.get(f"{URL}vorlage/liste.xlsx").status_code == 403
        for weg in ("", "datei/"):
            assert client.get(f"{URL}{einlesung.pk}/{weg}").status_code == 404
        for weg in ("uebernehmen/", "verwerfen/"):
            assert client.post(f"{URL}{einlesung.pk}/{weg}").status_code == 404
    assert Client().get(URL).status_code == 302
    einlesung.refresh_from_db()
    assert (einlesung.status, Einlesung.objects.count(), Beteiligung.objects.count()) == ("geprueft", 1, 0)


def test_actions_ask_for_a_post(stelle: Client, post: Kooperation, kommune: Kommune) -> None:
    einlesung = hochgeladen(stelle, eine(kommune))

    for weg in ("uebernehmen", "verwerfen"):
        assert stelle.get(f"{URL}{einlesung.pk}/{weg}/").status_code == 405


# --- upload -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("inhalt", "name", "satz"),
    [
        (b"", "a.xlsx", "Die Datei ist leer. Bitte wählen Sie eine andere."),
        (b"%PDF-1.7", "a.pdf", "Dateien mit der Endung „.pdf“ werden hier nicht angenommen."),
        (b"Kooperationsfeld;\x00", "a.csv", "Die Datei enthält Zeichen, die in keinem Text vorkommen."),
        (b"nur Text", "a.xlsx", "Der Inhalt passt nicht zur Endung"),
        (semikola([["a"]] * 20_100), "a.csv", "Die Tabelle hat mehr als 20.000 Zeilen."),
        (b'Kooperationsfeld\n"', "a.csv", "Die Datei lässt sich nicht als CSV-Tabelle lesen"),
    ],
)
def test_file_that_cannot_be_read_is_not_kept(stelle: Client, inhalt: bytes, name: str, satz: str) -> None:
    antwort = hochladen(stelle, inhalt, name)

    assert antwort.status_code == 200
    assert antwort.context["form"].errors["datei"][0].startswith(satz)
    assert (Einlesung.objects.count(), Fassung.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("angaben", "feld"),
    [
        ({"gilt_ab": ""}, "gilt_ab"),
        ({"gilt_ab": "1013-06-30"}, "gilt_ab"),
        ({"gilt_ab": "9999-12-31"}, "gilt_ab"),
        ({"gilt_ab": "\x00"}, "gilt_ab"),
        ({"herkunft": "geraten"}, "herkunft"),
        ({"herkunft": "erhebung"}, "gilt_ab"),
        ({"datei": ""}, "datei"),
    ],
)
def test_form_refuses_what_does_not_fit(stelle: Client, angaben: dict[str, Any], feld: str) -> None:
    antwort = hochladen(stelle, mappe([KOPF]), **angaben)

    assert antwort.status_code == 200
    assert list(antwort.context["form"].errors) == [feld]
    assert Einlesung.objects.count() == 0


def test_columns_that_the_form_does_not_ask_for_stay_as_they_are(
    stelle: Client, geschaeftsstelle: Konto, post: Kooperation, kommune: Kommune, kontakt: Konto
) -> None:
    hochladen(stelle, mappe([KOPF, eine(kommune)]), status="uebernommen", durch=kontakt.pk, uebernommen_am="2020-01-01")

    einlesung = Einlesung.objects.get()
    assert (einlesung.status, einlesung.durch, einlesung.uebernommen_am) == ("geprueft", geschaeftsstelle, None)


def test_empty_workbook_is_kept_with_its_error(stelle: Client) -> None:
    hochladen(stelle, mappe([]))

    seite = stelle.get(f"{URL}{Einlesung.objects.get().pk}/")

    assert [(f.stelle, f.satz) for f in seite.context["fehler"]] == [("Zeile 1", "Die Tabelle ist leer.")]


# --- dry run ----------------------------------------------------------------------------------------------------------
def test_dry_run_shows_figures_errors_and_rows_and_writes_nothing(
    stelle: Client, post: Kooperation, kommune: Kommune
) -> None:
    einlesung = hochgeladen(stelle, eine(kommune), eine(kommune, ags="06990000", status="kaputt"))

    seite = stelle.get(f"{URL}{einlesung.pk}/")

    text = seite.content.decode()
    assert (seite.context["gelesen"], seite.context["zahlen"][:2]) == (
        "2 Zeilen mit Inhalt",
        [("2", "Fehler"), ("0", "neue Kooperationen")],
    )
    assert text.index('class="kennzahlen"') < text.index('id="fehler"') < text.index('id="zeilen"')
    assert "Zeile 3, Spalte E „AGS“" in text
    assert "Die Datei kann so nicht übernommen werden" in text
    assert "Alles übernehmen" not in text
    assert Beteiligung.objects.count() == 0


def test_dry_run_without_a_change_says_so(stelle: Client, post: Kooperation, kommune: Kommune) -> None:
    BeteiligungFactory(kooperation=post, kommune=kommune, gilt_ab=STAND)

    text = stelle.get(f"{URL}{hochgeladen(stelle, eine(kommune)).pk}/").content.decode()

    assert "Die Datei ändert nichts" in text
    assert "Alles übernehmen" not in text


@pytest.mark.parametrize("anzahl", [1, 130])
def test_dry_run_is_paged_and_needs_the_same_queries(
    stelle: Client, post: Kooperation, kommune: Kommune, django_assert_num_queries: Any, anzahl: int
) -> None:
    einlesung = hochgeladen(stelle, *(eine(kommune, zeichen="", kooperation=f"Neu {n}") for n in range(anzahl)))

    with django_assert_num_queries(11):
        seite = stelle.get(f"{URL}{einlesung.pk}/?seite=2")

    assert len(seite.context["page_obj"]) == {1: 1, 130: 30}[anzahl]


def test_dry_run_shows_rows_of_one_kind(stelle: Client, post: Kooperation, kommune: Kommune) -> None:
    BeteiligungFactory(kooperation=post, kommune=kommune, gilt_ab=STAND)
    einlesung = hochgeladen(stelle, eine(kommune), eine(kommune, zeichen="", kooperation="Neu"))

    seite = stelle.get(f"{URL}{einlesung.pk}/?art=unveraendert")

    assert [zeile.kooperation for zeile in seite.context["page_obj"]] == ["Postverbund"]
    assert [(worte, gewaehlt) for worte, _, gewaehlt in seite.context["auswahl"]] == [
        ("alle (2)", False),
        ("neue Kooperation (1)", False),
        ("unverändert (1)", True),
    ]
    assert stelle.get(f"{URL}{einlesung.pk}/?art=%00").status_code == 400
    assert stelle.get(f"{URL}{einlesung.pk}/?seite=viele").status_code == 200


def test_dry_run_as_a_file_tells_errors_and_rows(stelle: Client, post: Kooperation, kommune: Kommune) -> None:
    einlesung = hochgeladen(stelle, eine(kommune), eine(kommune, status="kaputt"))
    adresse = f"{URL}{einlesung.pk}/"

    for art in ("xlsx", "csv"):
        zeilen = lies(stelle.get(adresse, {"format": art}).content, f"a.{art}").zeilen
        assert [zeile[:2] for zeile in zeilen] == [
            ["Stelle", "Was geschieht"],
            ["Zeile 3, Spalte G „Status“", "Fehler"],
            ["Zeile 2", "neue Beteiligung"],
        ]
    assert stelle.get(adresse, {"format": "pdf"}).status_code == 400


# --- consent ----------------------------------------------------------------------------------------------------------
def test_consent_takes_over_what_was_shown(stelle: Client, post: Kooperation, kommune: Kommune) -> None:
    einlesung = hochgeladen(stelle, eine(kommune))
    adresse = f"{URL}{einlesung.pk}/"
    gesehen = stelle.get(adresse).context["plan"].pruefsumme

    antwort = stelle.post(f"{adresse}uebernehmen/", {"pruefsumme": gesehen}, follow=True)

    assert [str(meldung) for meldung in antwort.context["messages"]] == ["„matrix.xlsx“ ist übernommen."]
    assert Beteiligung.objects.get().kommune == kommune
    text = antwort.content.decode()
    assert "Übernommen am" in text
    assert "Alles übernehmen" not in text
    assert stelle.get(adresse, {"format": "csv"}).status_code == 404


def test_consent_to_an_old_dry_run_shows_the_new_one(stelle: Client, post: Kooperation, kommune: Kommune) -> None:
    einlesung = hochgeladen(stelle, eine(kommune))
    adresse = f"{URL}{einlesung.pk}/"
    gesehen = stelle.get(adresse).context["plan"].pruefsumme
    BeteiligungFactory(kooperation=post, kommune=kommune, gilt_ab=STAND, status="vorgesehen")
    assert "Hier steht der Probelauf von jetzt" in stelle.get(adresse).content.decode()

    antwort = stelle.post(f"{adresse}uebernehmen/", {"pruefsumme": gesehen}, follow=True)

    (meldung,) = antwort.context["messages"]
    assert str(meldung).startswith("Nichts ist übernommen: Die Matrix hat sich seit Ihrem Probelauf geändert.")
    assert [zeile.art for zeile in antwort.context["page_obj"]] == ["geaendert"]
    assert Beteiligung.objects.get().status == "vorgesehen"
    stelle.post(f"{adresse}uebernehmen/", {"pruefsumme": antwort.context["plan"].pruefsumme})
    assert [b.status for b in Beteiligung.objects.order_by("gilt_ab")] == ["vorgesehen", "besteht"]


def test_second_consent_is_told_that_it_is_done(stelle: Client, post: Kooperation, kommune: Kommune) -> None:
    einlesung = hochgeladen(stelle, eine(kommune))
    daten = {"pruefsumme": einlesung.pruefsumme}
    with time_machine.travel("2026-03-02 09:30+00:00", tick=False):
        stelle.post(f"{URL}{einlesung.pk}/uebernehmen/", daten)

    antwort = stelle.post(f"{URL}{einlesung.pk}/uebernehmen/", daten, follow=True)

    assert [str(meldung) for meldung in antwort.context["messages"]][-1] == (
        "Diese Datei ist schon übernommen: am 02.03.2026, 10:30 Uhr."
    )
    assert Beteiligung.objects.count() == 1


def test_file_is_thrown_away_and_stays_in_the_list(stelle: Client, post: Kooperation, kommune: Kommune) -> None:
    einlesung = hochgeladen(stelle, eine(kommune))

    antwort = stelle.post(f"{URL}{einlesung.pk}/verwerfen/", follow=True)

    assert [(zeile.datei, zeile.status, zeile.ergebnis) for zeile in antwort.context["zeilen"]] == [
        ("matrix.xlsx", "verworfen", "1 neue Beteiligung")
    ]
    assert "An der Matrix hat sich nichts geändert" in stelle.get(f"{URL}{einlesung.pk}/").content.decode()


def test_file_comes_back_as_it_was(stelle: Client, post: Kooperation, kommune: Kommune) -> None:
    inhalt = semikola([KOPF, eine(kommune)])
    hochladen(stelle, inhalt, "Grün & Gut.csv")

    antwort = stelle.get(f"{URL}{Einlesung.objects.get().pk}/datei/")

    assert b"".join(antwort.streaming_content) == inhalt
    assert antwort["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("anzahl", [1, 3])
def test_list_needs_the_same_queries_for_any_number(
    stelle: Client, kommune: Kommune, django_assert_num_queries: Any, anzahl: int
) -> None:
    for nummer in range(anzahl):
        hochladen(stelle, mappe([[f"Datei {nummer}"]]))

    with django_assert_num_queries(5):
        seite = stelle.get(URL)

    assert len(seite.context["zeilen"]) == anzahl


# --- templates --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("art", ["liste", "matrix"])
def test_template_is_read_back_with_the_kommunen_of_this_installation(
    stelle: Client, post: Kooperation, kommune: Kommune, art: str
) -> None:
    KommuneFactory(name="Nachbarstadt")

    antwort = stelle.get(f"{URL}vorlage/{art}.xlsx")

    blatt = lies(antwort.content, "a.xlsx")
    gelesen = planen(blatt, ab=STAND, herkunft="fussnote")
    assert antwort["Content-Disposition"] == f'attachment; filename="vorlage-{art}.xlsx"'
    assert gelesen.art == art.capitalize()
    assert gelesen.hinweise == []
    assert [fehler.satz for fehler in gelesen.fehler] == ["Unter den Überschriften steht nichts."]
    if art == "matrix":
        assert blatt.zeilen[0][5:] == ["Musterstadt", "Nachbarstadt"]
    else:
        assert blatt.zeilen[0] == KOPF
    assert stelle.get(f"{URL}vorlage/andere.xlsx").status_code == 404
