"""The forms of single answers: prefilled, understood, refused with German sentences, never a 500."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from bestandsaufnahme.ablaeufe import fragebogen as ablauf
from bestandsaufnahme.auswahl import AntwortArt, Aussage, BeteiligungStatus
from bestandsaufnahme.models import Fragebogen, Fragebogenantwort
from kommunen.models import Kommune, Konto
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BeteiligungFactory,
    ErfolgsfaktorFactory,
    ErhebungFactory,
    HemmnisFactory,
    KooperationsfeldFactory,
)
from tests.fabriken.kommunen import KontoFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

Anmelden = Callable[[Konto], Client]
STICHTAG = date(2026, 6, 30)
FRAGEN = [
    "partner_im_kreis", "partner_ausserhalb", "vertrag", "vertrag_vom", "kosten", "personal", "nutzen",
    "zufriedenheit", "erfolgsfaktoren", "hemmnisse",
]  # fmt: skip
STAND: dict[str, Any] = {
    "bezeichnung": "Postverbund",
    "status": "besteht",
    "vorgesehen_bis": "",
    "rolle": "beteiligt",
    "rechtsform": "oerv_m",
    "seit": "2008-01-01",
    "seit_genauigkeit": "jahr",
    "erlaeuterung": "Post gemeinsam.",
    "version": 1,
}
NEU: dict[str, Any] = {
    "bezeichnung": "Bauhof",
    "status": "besteht",
    "rolle": "beteiligt",
    "rechtsform": "unbekannt",
    "seit_genauigkeit": "tag",
}


@pytest.fixture(autouse=True)
def zeit():
    with time_machine.travel(date(2026, 11, 22), tick=False):
        yield


def anlegen(kommune: Kommune, durch: Konto, *fragen: str) -> Fragebogen:
    erhebung = ErhebungFactory(laufend=True, stichtag=STICHTAG, fragen=list(fragen))
    return ablauf.anlegen(erhebung=erhebung, kommune=kommune, durch=durch)


@pytest.fixture
def bogen(kommune: Kommune, geschaeftsstelle: Konto) -> Fragebogen:
    BeteiligungFactory(
        kommune=kommune,
        kooperation__bezeichnung="Postverbund",
        kooperation__erlaeuterung="Post gemeinsam.",
        kooperation__rechtsform="oerv_m",
        kooperation__seit=date(2008, 1, 1),
        kooperation__seit_genauigkeit="jahr",
    )
    return anlegen(kommune, geschaeftsstelle, *FRAGEN, "arbeitsgruppe", "interesse")


@pytest.fixture
def antwort(bogen: Fragebogen) -> Fragebogenantwort:
    return bogen.antworten.get(art=AntwortArt.KOOPERATION)


def adresse(bogen: Fragebogen, rest: str = "") -> str:
    return f"/bestandsaufnahme/erhebungen/{bogen.erhebung_id}/{bogen.kommune.ags}/antworten/{rest}"


def weg(antwort: Fragebogenantwort, rest: str = "") -> str:
    return adresse(antwort.fragebogen, f"{antwort.pk}/{rest}")


# --- a Kooperation ----------------------------------------------------------------------------------------------------
def test_form_begins_with_what_the_matrix_says(
    angemeldet: Anmelden, antwort: Fragebogenantwort, kontakt: Konto
) -> None:
    form = angemeldet(kontakt).get(f"{weg(antwort)}?aussage=geaendert").context["form"]

    werte = {name: form[name].value() for name in ("aussage", "bezeichnung", "status", "rolle", "rechtsform", "seit")}
    assert werte == {
        "aussage": "geaendert",
        "bezeichnung": "Postverbund",
        "status": "besteht",
        "rolle": "beteiligt",
        "rechtsform": "oerv_m",
        "seit": date(2008, 1, 1),
    }


@pytest.mark.parametrize("wunsch", ["neu", "<script>", "\x00", "ja"])
def test_form_ignores_what_the_question_does_not_offer(
    angemeldet: Anmelden, antwort: Fragebogenantwort, kontakt: Konto, wunsch: str
) -> None:
    seite = angemeldet(kontakt).get(weg(antwort), {"aussage": wunsch})

    assert seite.status_code == 200
    assert seite.context["form"]["aussage"].value() == ""


def test_form_offers_unknown_only_where_it_is(
    angemeldet: Anmelden, kommune: Kommune, kontakt: Konto, geschaeftsstelle: Konto
) -> None:
    for status in (BeteiligungStatus.BESTEHT, BeteiligungStatus.UNBEKANNT):
        BeteiligungFactory(kommune=kommune, status=status)
    bogen = anlegen(kommune, geschaeftsstelle)
    client = angemeldet(kontakt)

    angeboten = [
        [wert for wert, _ in client.get(weg(eine)).context["form"].fields["status"].choices]
        for eine in bogen.antworten.order_by("pk")
    ]

    assert angeboten == [
        ["besteht", "vorgesehen", "erwogen"],
        ["besteht", "vorgesehen", "erwogen", "unbekannt"],
    ]


def test_geaendert_is_saved_with_all_kinds_of_questions(
    angemeldet: Anmelden, antwort: Fragebogenantwort, kontakt: Konto, andere_kommune: Kommune
) -> None:
    faktor, hemmnis = ErfolgsfaktorFactory(), HemmnisFactory()
    gefragt = {
        "partner_im_kreis": [andere_kommune.ags],
        "partner_ausserhalb": "Mainz",
        "vertrag": "ja",
        "vertrag_vom": "2008-05-01",
        "kosten": "je Einwohner",
        "personal": "0,5",
        "nutzen": ["geringere Kosten", "Rechtssicherheit"],
        "zufriedenheit": "teils, teils",
        "erfolgsfaktoren": [faktor.kuerzel],
        "hemmnisse": [hemmnis.kuerzel],
    }
    daten = {
        **STAND,
        "aussage": "geaendert",
        "ab": "2026-03-01",
        "rolle": "federfuehrend",
        "erlaeuterung": "Post\r\ngemeinsam.",
        **gefragt,
    }
    client = angemeldet(kontakt)

    assert client.post(weg(antwort), daten).status_code == 302

    antwort.refresh_from_db()
    assert (antwort.aussage, antwort.ab, antwort.rolle, antwort.erlaeuterung) == (
        Aussage.GEAENDERT,
        date(2026, 3, 1),
        "federfuehrend",
        "Post\ngemeinsam.",
    )
    assert antwort.angaben == {**gefragt, "personal": "0.5"}
    seite = client.get(f"/bestandsaufnahme/erhebungen/{antwort.fragebogen.erhebung_id}/{kontakt.kommune.ags}/")
    assert seite.context["seite"].kooperationen[0].gesagt == [
        ("Ab", "01.03.2026"),
        ("Rolle", "federführend (bisher: beteiligt)"),
        ("Erläuterung", "Post\ngemeinsam. (bisher: Post gemeinsam.)"),
        ("Partner im Kreis", "Nachbarstadt"),
        ("Partner außerhalb des Kreises", "Mainz"),
        ("Gibt es einen Vertrag?", "ja"),
        ("Vertrag vom", "01.05.2008"),
        ("Kosten und ihre Verteilung", "je Einwohner"),
        ("Personal in Vollzeitstellen", "0,5"),
        ("Nutzen", "geringere Kosten, Rechtssicherheit"),
        ("Zufriedenheit", "teils, teils"),
        ("Was hat geholfen?", faktor.name),
        ("Was hat gehindert?", hemmnis.name),
    ]
    form = client.get(weg(antwort)).context["form"]
    assert (form["personal"].value(), form["vertrag_vom"].value()) == ("0,5", date(2008, 5, 1))


def test_geaendert_but_the_same_is_asked_back(angemeldet: Anmelden, antwort: Fragebogenantwort, kontakt: Konto) -> None:
    seite = angemeldet(kontakt).post(weg(antwort), {**STAND, "aussage": "geaendert", "ab": "2026-01-01"})

    assert seite.context["form"].errors == {
        "aussage": ["Sie haben nichts anders angegeben als bisher. Wählen Sie dann bitte „Gilt noch“."]
    }


def test_beendet_stores_the_first_day_of_the_new_state(
    angemeldet: Anmelden, antwort: Fragebogenantwort, kontakt: Konto
) -> None:
    daten = {**STAND, "aussage": "beendet", "letzter_tag": "2025-12-31", "grund": "zu teuer", "seit": "Unsinn"}
    client = angemeldet(kontakt)

    client.post(weg(antwort), daten)

    antwort.refresh_from_db()
    assert (antwort.ab, antwort.angaben, antwort.rolle) == (date(2026, 1, 1), {"grund": "zu teuer"}, "")
    assert client.get(weg(antwort)).context["form"]["letzter_tag"].value() == date(2025, 12, 31)
    seite = client.get(f"/bestandsaufnahme/erhebungen/{antwort.fragebogen.erhebung_id}/{kontakt.kommune.ags}/")
    assert seite.context["seite"].kooperationen[0].gesagt == [("Letzter Tag", "31.12.2025"), ("Grund", "zu teuer")]


def test_gilt_noch_ignores_what_was_typed_elsewhere(
    angemeldet: Anmelden, antwort: Fragebogenantwort, kontakt: Konto
) -> None:
    daten = {**STAND, "aussage": "gilt_noch", "rolle": "federfuehrend", "ab": "kein Datum", "letzter_tag": "x"}

    angemeldet(kontakt).post(weg(antwort), daten)

    antwort.refresh_from_db()
    assert (antwort.aussage, antwort.rolle, antwort.ab) == (Aussage.GILT_NOCH, "", None)


def test_erwogen_asks_for_year_and_reason(angemeldet: Anmelden, antwort: Fragebogenantwort, kontakt: Konto) -> None:
    daten = {**STAND, "aussage": "geaendert", "status": "erwogen"}
    client = angemeldet(kontakt)

    seite = client.post(weg(antwort), daten)
    assert seite.context["form"].errors == {
        "jahr": ["Bitte nennen Sie das Jahr."],
        "grund": ["Bitte nennen Sie den Grund."],
    }

    client.post(weg(antwort), {**daten, "jahr": "2024", "grund": "Kein Beschluss.", "wiedervorlage": "2028-01-01"})
    antwort.refresh_from_db()
    assert antwort.angaben == {"jahr": 2024, "grund": "Kein Beschluss.", "wiedervorlage": "2028-01-01"}


@pytest.mark.parametrize(
    ("falsch", "feld"),
    [
        ({"aussage": ""}, "aussage"),
        ({"aussage": "neu"}, "aussage"),
        ({"ab": "0001-01-01"}, "ab"),
        ({"status": "vorgesehen", "vorgesehen_bis": "morgen"}, "vorgesehen_bis"),
        ({"rechtsform": "GmbH"}, "rechtsform"),
        ({"bezeichnung": "x" * 201}, "bezeichnung"),
        ({"bezeichnung": "\x00"}, "bezeichnung"),
        ({"seit": "2008-05-05", "seit_genauigkeit": "unbekannt"}, "seit_genauigkeit"),
        ({"personal": "viele"}, "personal"),
        ({"partner_im_kreis": ["99"]}, "partner_im_kreis"),
        ({"kosten": "x" * 3001}, "kosten"),
        ({"version": "x"}, "version"),
    ],
)
def test_bad_input_shows_the_form_again(
    angemeldet: Anmelden, antwort: Fragebogenantwort, kontakt: Konto, falsch: dict[str, Any], feld: str
) -> None:
    seite = angemeldet(kontakt).post(
        weg(antwort), {**STAND, "aussage": "geaendert", "rolle": "federfuehrend", **falsch}
    )

    assert seite.status_code == 200
    assert feld in seite.context["form"].errors
    antwort.refresh_from_db()
    assert antwort.aussage == Aussage.OFFEN


def test_a_partner_is_another_kommune(angemeldet: Anmelden, antwort: Fragebogenantwort, kontakt: Konto) -> None:
    form = angemeldet(kontakt).get(weg(antwort)).context["form"]

    assert kontakt.kommune.ags not in dict(form.fields["partner_im_kreis"].choices)


def test_two_people_on_the_same_question_see_both(
    angemeldet: Anmelden, antwort: Fragebogenantwort, kontakt: Konto, buergermeister: Konto
) -> None:
    angemeldet(kontakt).post(weg(antwort), {**STAND, "aussage": "beendet", "nutzen": ["bessere Qualität"]})
    client = angemeldet(buergermeister)
    daten = {**STAND, "aussage": "gilt_noch"}

    seite = client.post(f"{weg(antwort)}?aussage=geaendert", daten)  # the form was opened by the link of the list

    assert seite.status_code == 409
    abgleich = seite.context["abgleich"]
    assert [vorgang.wer for vorgang in abgleich.vorgaenge] == ["Kontakt"]
    gesagt = {zeile.feld: (zeile.gespeichert, zeile.eingabe, zeile.meine) for zeile in abgleich.unterschiede}
    assert gesagt["Nutzen"] == ("bessere Qualität", "–", False)
    beendet, gilt_noch, meine = gesagt["Gilt das noch?"]
    assert (beendet.split(":")[0], gilt_noch.split(":")[0], meine) == ("Beendet", "Gilt noch", True)

    wahl = {zeile.wahl: "eingabe" if zeile.meine else "gespeichert" for zeile in abgleich.unterschiede}
    client.post(weg(antwort), {**daten, "version": abgleich.version, "gewaehlt": "1", **wahl})
    antwort.refresh_from_db()
    assert (antwort.aussage, antwort.angaben) == (Aussage.GILT_NOCH, {"nutzen": ["bessere Qualität"]})


@pytest.mark.parametrize("version", ["1", "x", "", "99999999999999999999", "-1", "²"])
def test_gilt_noch_of_an_older_page_is_told(
    angemeldet: Anmelden, antwort: Fragebogenantwort, kontakt: Konto, buergermeister: Konto, version: str
) -> None:
    angemeldet(kontakt).post(weg(antwort), {**STAND, "aussage": "beendet"})

    seite = angemeldet(buergermeister).post(weg(antwort, "gilt-noch/"), {"version": version}, follow=True)

    assert "wurde inzwischen beantwortet, mit „beendet“" in seite.content.decode()
    antwort.refresh_from_db()
    assert antwort.aussage == Aussage.BEENDET


# --- new ones ---------------------------------------------------------------------------------------------------------
def test_neu_in_a_known_field(angemeldet: Anmelden, bogen: Fragebogen, kontakt: Konto) -> None:
    feld = KooperationsfeldFactory()
    daten = {**NEU, "feld": f"kooperationsfeld-{feld.pk}", "seit": "2024-05-17", "seit_genauigkeit": "monat"}
    client = angemeldet(kontakt)

    client.post(adresse(bogen, "neu/"), daten)

    neue = bogen.antworten.get(art=AntwortArt.NEU)
    assert (neue.bezeichnung, neue.kooperationsfeld, neue.seit, neue.seit_genauigkeit, neue.bearbeitet_durch) == (
        "Bauhof",
        feld,
        date(2024, 5, 1),
        "monat",
        kontakt,
    )
    form = client.get(weg(neue)).context["form"]
    assert form["feld"].value() == f"kooperationsfeld-{feld.pk}"
    client.post(weg(neue), {**daten, "bezeichnung": "Bauhof Süd", "version": 1})
    neue.refresh_from_db()
    assert neue.bezeichnung == "Bauhof Süd"
    client.post(weg(neue, "loeschen/"), {"version": neue.version})
    assert not bogen.antworten.filter(art=AntwortArt.NEU).exists()


def test_neu_considered_with_a_field_of_its_own(angemeldet: Anmelden, bogen: Fragebogen, kontakt: Konto) -> None:
    oben, hemmnis = AufgabenfeldFactory(), HemmnisFactory()
    daten = {
        **NEU,
        "status": "erwogen",
        "feld": f"aufgabenfeld-{oben.pk}",
        "feldvorschlag": "Winterdienst",
        "jahr": "2019",
        "grund": "zu teuer",
        "hemmnisse": [hemmnis.kuerzel],
        "wiedervorlage": "2028-01-01",
    }

    angemeldet(kontakt).post(adresse(bogen, "neu/"), daten)

    neue = bogen.antworten.get(art=AntwortArt.NEU)
    assert (neue.aufgabenfeld, neue.kooperationsfeld, neue.feldvorschlag, neue.status) == (
        oben,
        None,
        "Winterdienst",
        "erwogen",
    )
    assert neue.angaben == {
        "jahr": 2019,
        "grund": "zu teuer",
        "hemmnisse": [hemmnis.kuerzel],
        "wiedervorlage": "2028-01-01",
    }


@pytest.mark.parametrize(
    ("falsch", "feld"),
    [
        ({"feld": ""}, "feld"),
        ({"feld": "kooperationsfeld-999999"}, "feld"),
        ({"feldvorschlag": ""}, "feldvorschlag"),
        ({"bezeichnung": ""}, "bezeichnung"),
        ({"status": "unbekannt"}, "status"),
        ({"status": "erwogen"}, "jahr"),
        ({"status": "erwogen", "jahr": "19"}, "jahr"),
        ({"status": "erwogen", "jahr": "9" * 30}, "jahr"),
    ],
)
def test_neu_bad_input_shows_the_form_again(
    angemeldet: Anmelden, bogen: Fragebogen, kontakt: Konto, falsch: dict[str, str], feld: str
) -> None:
    oben = AufgabenfeldFactory()
    daten = {**NEU, "feld": f"aufgabenfeld-{oben.pk}", "feldvorschlag": "Winterdienst", **falsch}

    seite = angemeldet(kontakt).post(adresse(bogen, "neu/"), daten)

    assert seite.status_code == 200
    assert feld in seite.context["form"].errors
    assert not bogen.antworten.filter(art=AntwortArt.NEU).exists()


# --- asked once, interests --------------------------------------------------------------------------------------------
def test_question_asked_once_is_answered_and_emptied(angemeldet: Anmelden, bogen: Fragebogen, kontakt: Konto) -> None:
    frage = bogen.antworten.get(schluessel="arbeitsgruppe")
    client = angemeldet(kontakt)

    client.post(weg(frage), {"arbeitsgruppe": "ja", "version": 1, "kosten": "eingeschmuggelt"})
    frage.refresh_from_db()
    assert (frage.aussage, frage.angaben) == (Aussage.BEANTWORTET, {"arbeitsgruppe": "ja"})

    client.post(weg(frage), {"arbeitsgruppe": "", "version": 2})
    frage.refresh_from_db()
    assert (frage.aussage, frage.angaben) == (Aussage.OFFEN, {})


def test_one_interest_alone(angemeldet: Anmelden, kommune: Kommune, kontakt: Konto, geschaeftsstelle: Konto) -> None:
    AufgabenfeldFactory()
    bogen = anlegen(kommune, geschaeftsstelle, "interesse")
    eins = bogen.antworten.get()

    angemeldet(kontakt).post(
        weg(eins), {"aussage": "ja", "prioritaet": "mittel", "erlaeuterung": "Winterdienst", "version": 1}
    )

    eins.refresh_from_db()
    assert (eins.aussage, eins.erlaeuterung, eins.angaben) == ("ja", "Winterdienst", {"prioritaet": "mittel"})


# --- handing over -----------------------------------------------------------------------------------------------------
def test_uebergeben_is_shown_to_the_kommune(
    angemeldet: Anmelden, antwort: Fragebogenantwort, kontakt: Konto, buergermeister: Konto
) -> None:
    client = angemeldet(buergermeister)

    client.post(weg(antwort, "uebergeben/"), {"an": kontakt.pk})

    seite = f"/bestandsaufnahme/erhebungen/{antwort.fragebogen.erhebung_id}/{kontakt.kommune.ags}/"
    assert client.get(seite).context["seite"].kooperationen[0].liegt_bei == "Kontakt"
    Konto.objects.filter(pk=kontakt.pk).update(is_active=False, deaktiviert_am=timezone.now())
    assert client.get(seite).context["seite"].kooperationen[0].liegt_bei == "Kontakt (Konto deaktiviert)"
    client.post(weg(antwort, "uebergeben/"), {"an": ""})
    assert client.get(seite).context["seite"].kooperationen[0].liegt_bei == ""


def test_uebergeben_offers_and_takes_colleagues_alone(
    angemeldet: Anmelden, antwort: Fragebogenantwort, kontakt: Konto, fremder_kontakt: Konto, kommune: Kommune
) -> None:
    gegangen = KontoFactory(kommune=kommune, is_active=False)
    client = angemeldet(kontakt)

    angeboten = client.get(weg(antwort)).context["uebergabe"].fields["an"].queryset
    seiten = [
        client.post(weg(antwort, "uebergeben/"), {"an": an}, follow=True)
        for an in (fremder_kontakt.pk, gegangen.pk, "x")
    ]

    assert list(angeboten) == [kontakt]
    assert all("arbeitet nicht (mehr) für Musterstadt" in seite.content.decode() for seite in seiten)
    antwort.refresh_from_db()
    assert antwort.zustaendig is None
