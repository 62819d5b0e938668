"""The pages on which the Geschäftsstelle creates, edits and ends a Kooperation, or says that it didn't come about."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.test import Client

from bestandsaufnahme.models import ExternerPartner, Kooperation, Kooperationsfeld
from kommunen.models import Kommune, Konto
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BeteiligungFactory,
    ErhebungFactory,
    ExternerPartnerFactory,
    HemmnisFactory,
    KooperationFactory,
    KooperationsfeldFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]
URL = "/bestandsaufnahme/kooperationen/"
Anmelden = Callable[[Konto], Client]

NEU = {
    "kooperationsfeld": "",
    "neues_aufgabenfeld": "",
    "neues_feld": "",
    "symbol": "",
    "bezeichnung": "Streusalz",
    "erlaeuterung": "",
    "rechtsform": "oerv_m",
    "rechtsform_hinweis": "",
    "neue_partner": "",
    "quelle": "",
    "sicherheit": "",
    "seit": "",
    "seit_genauigkeit": "unbekannt",
    "bis": "",
    "bis_genauigkeit": "offen",
    "zeit_hinweis": "",
    "teilnehmende-ab": "",
    "teilnehmende-status": "besteht",
    "teilnehmende-vorgesehen_bis": "",
    "teilnehmende-herkunft": "beschluss",
    "teilnehmende-erhebung": "",
}


@pytest.fixture
def gs(angemeldet: Anmelden, geschaeftsstelle: Konto) -> Client:
    return angemeldet(geschaeftsstelle)


@pytest.fixture
def feld(db: None) -> Kooperationsfeld:
    return KooperationsfeldFactory(name="Winterdienst")


def text(antwort: Any) -> str:
    return str(antwort.content.decode())


def fehler(antwort: Any, name: str = "form") -> dict[str, list[str]]:
    assert antwort.status_code == HTTPStatus.OK
    return dict(antwort.context[name].errors)


def gelesen(client: Client, kooperation: Kooperation) -> dict[str, Any]:
    """Return what the browser sends when nothing was changed on the page."""
    form = client.get(f"{URL}{kooperation.pk}/bearbeiten/").context["form"]
    werte = {name: form[name].value() for name in form.fields}
    return {
        name: [str(w) for w in wert] if isinstance(wert, list) else "" if wert is None else str(wert)
        for name, wert in werte.items()
        if wert is not False
    }


# --- who may ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("pfad", ["neu/", "{}/bearbeiten/", "{}/beenden/", "{}/nicht-zustande-gekommen/"])
@pytest.mark.parametrize("wer", ["kontakt", "buergermeister", "lesend"])
def test_others_read_that_the_geschaeftsstelle_does_it(
    request: pytest.FixtureRequest, angemeldet: Anmelden, wer: str, pfad: str
) -> None:
    antwort = angemeldet(request.getfixturevalue(wer)).get(URL + pfad.format(KooperationFactory().pk))
    assert antwort.status_code == HTTPStatus.FORBIDDEN
    assert "Kooperationen pflegt die Geschäftsstelle." in text(antwort)


@pytest.mark.parametrize("pfad", ["neu/", "{}/bearbeiten/", "{}/beenden/", "{}/nicht-zustande-gekommen/"])
def test_the_public_is_led_to_the_sign_in(client: Client, pfad: str) -> None:
    antwort = client.get(URL + pfad.format(KooperationFactory().pk))
    assert antwort.headers["Location"].startswith("/konto/anmelden/?next=")


def test_what_is_not_there_is_404(gs: Client) -> None:
    for pfad in ("bearbeiten/", "beenden/", "nicht-zustande-gekommen/"):
        assert gs.get(f"{URL}99999999999999999999/{pfad}").status_code == HTTPStatus.NOT_FOUND


# --- new --------------------------------------------------------------------------------------------------------------
def test_new_with_kommunen_partners_and_a_symbol(
    gs: Client, feld: Kooperationsfeld, kommune: Kommune, andere_kommune: Kommune
) -> None:
    partner = ExternerPartnerFactory(name="Abfallverband")
    rollen = {f"teilnehmende-kommune_{kommune.ags}": "federfuehrend"}
    antwort = gs.post(
        f"{URL}neu/",
        NEU
        | rollen
        | {
            "kooperationsfeld": feld.pk,
            "externe_partner": [partner.pk],
            "neue_partner": "Salinen AG\r\n\r\n",
            "seit": "2012-05-17",
            "seit_genauigkeit": "jahr",
            "veroeffentlicht": "on",
            "teilnehmende-ab": "2020-01-01",
        },
    )
    neue = Kooperation.objects.get()
    assert antwort.headers["Location"] == f"{URL}{neue.pk}/"
    assert (neue.symbol, neue.rechtsform, neue.veroeffentlicht) == ("■", "oerv_m", True)
    assert (neue.seit, neue.seit_genauigkeit, neue.bis_genauigkeit) == (date(2012, 1, 1), "jahr", "offen")
    assert [p.name for p in neue.externe_partner.all()] == ["Abfallverband", "Salinen AG"]
    werte = neue.beteiligungen.values_list("kommune", "rolle", "status", "herkunft", "gilt_ab")
    assert list(werte) == [(kommune.pk, "federfuehrend", "besteht", "beschluss", date(2020, 1, 1))]


def test_new_names_a_field_that_is_new(gs: Client) -> None:
    oben = AufgabenfeldFactory()
    gs.post(f"{URL}neu/", NEU | {"neues_aufgabenfeld": oben.pk, "neues_feld": "Grünpflege"})
    assert Kooperation.objects.get().kooperationsfeld == Kooperationsfeld.objects.get(
        aufgabenfeld=oben, name="Grünpflege"
    )


def test_new_shows_the_next_free_symbol_of_each_field(gs: Client, feld: Kooperationsfeld) -> None:
    KooperationFactory(kooperationsfeld=feld, symbol="■")
    assert "Winterdienst (frei: □)" in text(gs.get(f"{URL}neu/"))


@pytest.mark.parametrize(
    ("angabe", "name"),
    [
        ({}, "kooperationsfeld"),
        ({"neues_feld": "Grünpflege"}, "neues_aufgabenfeld"),
        ({"kooperationsfeld": "feld", "neues_feld": "Grünpflege"}, "neues_feld"),
        ({"kooperationsfeld": "99999"}, "kooperationsfeld"),
        ({"kooperationsfeld": "x\x00"}, "kooperationsfeld"),
        ({"kooperationsfeld": "feld", "bezeichnung": ""}, "bezeichnung"),
        ({"kooperationsfeld": "feld", "bezeichnung": "x\x00"}, "bezeichnung"),
        ({"kooperationsfeld": "feld", "bezeichnung": "x" * 201}, "bezeichnung"),
        ({"kooperationsfeld": "feld", "rechtsform": "verein"}, "rechtsform"),
        ({"kooperationsfeld": "feld", "symbol": "abc"}, "symbol"),
        ({"kooperationsfeld": "feld", "symbol": "\u200b"}, "symbol"),
        ({"kooperationsfeld": "feld", "seit": "2012-13-01"}, "seit"),
        ({"kooperationsfeld": "feld", "seit": "0001-01-01"}, "seit"),
        ({"kooperationsfeld": "feld", "seit": "2012-01-01"}, "seit_genauigkeit"),
        ({"kooperationsfeld": "feld", "bis": "2012-01-01", "bis_genauigkeit": "offen"}, "bis_genauigkeit"),
        ({"kooperationsfeld": "feld", "externe_partner": ["99999"]}, "externe_partner"),
        ({"kooperationsfeld": "feld", "externe_partner": ["x"]}, "externe_partner"),
        ({"kooperationsfeld": "feld", "neue_partner": "x" * 201}, "neue_partner"),
    ],
)
def test_new_names_the_field_that_is_wrong(
    gs: Client, feld: Kooperationsfeld, angabe: dict[str, Any], name: str
) -> None:
    angabe = {schluessel: feld.pk if wert == "feld" else wert for schluessel, wert in angabe.items()}
    assert name in fehler(gs.post(f"{URL}neu/", NEU | angabe), "formular")
    assert not Kooperation.objects.exists()
    assert not ExternerPartner.objects.exists()


@pytest.mark.parametrize(
    ("angabe", "name"),
    [
        ({"rolle": "beteiligt"}, "ab"),
        ({"rolle": "chef"}, "rolle"),
        ({"teilnehmende-vorgesehen_bis": "2020-01-01"}, "vorgesehen_bis"),
        ({"teilnehmende-herkunft": "erhebung"}, "erhebung"),
        ({"teilnehmende-status": "vielleicht"}, "status"),
    ],
)
def test_new_names_what_is_wrong_about_the_kommunen(
    gs: Client, feld: Kooperationsfeld, kommune: Kommune, angabe: dict[str, str], name: str
) -> None:
    ihre = f"kommune_{kommune.ags}"
    angabe = {f"teilnehmende-{ihre}" if schluessel == "rolle" else schluessel: w for schluessel, w in angabe.items()}
    antwort = gs.post(f"{URL}neu/", NEU | {"kooperationsfeld": feld.pk} | angabe)
    assert (ihre if name == "rolle" else name) in fehler(antwort, "teilnehmende")
    assert not Kooperation.objects.exists()


def test_new_refuses_a_symbol_that_is_taken(gs: Client) -> None:
    eine = KooperationFactory(symbol="■")
    antwort = gs.post(f"{URL}neu/", NEU | {"kooperationsfeld": eine.kooperationsfeld_id, "symbol": "■"})
    assert "Dieses Symbol steht in dem Feld schon für eine andere Kooperation." in text(antwort)
    assert Kooperation.objects.count() == 1


# --- edited -----------------------------------------------------------------------------------------------------------
def test_saving_without_a_change_changes_nothing(gs: Client) -> None:
    eine = KooperationFactory(
        externe_partner=[ExternerPartnerFactory()], seit=date(2012, 1, 1), seit_genauigkeit="jahr"
    )
    BeteiligungFactory(kooperation=eine)
    vorher = Kooperation.objects.values().get()
    antwort = gs.post(f"{URL}{eine.pk}/bearbeiten/", gelesen(gs, eine))
    assert antwort.status_code == HTTPStatus.FOUND
    nachher = Kooperation.objects.values().get()
    unwichtig = {"version", "geaendert_am"}
    assert {k: w for k, w in nachher.items() if k not in unwichtig} == {
        k: w for k, w in vorher.items() if k not in unwichtig
    }
    assert (eine.externe_partner.count(), eine.staende.count()) == (1, 0)


def test_other_words_ask_whether_it_is_a_correction(gs: Client) -> None:
    eine = KooperationFactory(bezeichnung="Postverbund")
    werte = gelesen(gs, eine) | {"bezeichnung": "Kurierverbund"}
    assert fehler(gs.post(f"{URL}{eine.pk}/bearbeiten/", werte)) == {
        "art_der_aenderung": ["Bitte sagen Sie, ob das eine Berichtigung ist oder eine Änderung."]
    }


@time_machine.travel("2026-05-19")
@pytest.mark.parametrize(
    ("angabe", "satz"),
    [
        ({"art_der_aenderung": "geaendert"}, "Bitte nennen Sie den Tag, ab dem es anders ist."),
        ({"art_der_aenderung": "geaendert", "ab": "2026-05-20"}, "Der Tag liegt in der Zukunft."),
        ({"art_der_aenderung": "geaendert", "ab": "x"}, "Bitte geben Sie ein gültiges Datum an"),
        ({"art_der_aenderung": "berichtigung", "ab": "2026-05-01"}, "Eine Berichtigung gilt für alle Tage."),
        ({"art_der_aenderung": "zauberei"}, "Bitte wählen Sie einen der angebotenen Werte."),
    ],
)
def test_the_day_of_a_change_is_checked(gs: Client, angabe: dict[str, str], satz: str) -> None:
    eine = KooperationFactory(bezeichnung="Postverbund")
    antwort = gs.post(f"{URL}{eine.pk}/bearbeiten/", gelesen(gs, eine) | {"bezeichnung": "Kurierverbund"} | angabe)
    assert satz in text(antwort)
    assert Kooperation.objects.get().bezeichnung == "Postverbund"


@pytest.mark.parametrize(
    ("angabe", "staende"),
    [({"art_der_aenderung": "berichtigung"}, []), ({"art_der_aenderung": "geaendert", "ab": "2020-01-01"}, ["Alt"])],
)
def test_a_correction_and_a_change_are_kept_apart(gs: Client, angabe: dict[str, str], staende: list[str]) -> None:
    eine = KooperationFactory(bezeichnung="Alt")
    gs.post(f"{URL}{eine.pk}/bearbeiten/", gelesen(gs, eine) | {"bezeichnung": "Neu"} | angabe)
    assert Kooperation.objects.get().bezeichnung == "Neu"
    assert [stand.bezeichnung for stand in eine.staende.all()] == staende


def test_a_new_partner_is_a_change_too(gs: Client) -> None:
    eine = KooperationFactory()
    werte = gelesen(gs, eine) | {"neue_partner": "Salinen AG"}
    assert "art_der_aenderung" in fehler(gs.post(f"{URL}{eine.pk}/bearbeiten/", werte))
    gs.post(f"{URL}{eine.pk}/bearbeiten/", werte | {"art_der_aenderung": "geaendert", "ab": "2020-01-01"})
    assert [p.name for p in eine.externe_partner.all()] == ["Salinen AG"]
    assert [stand.externe_partner for stand in eine.staende.all()] == [[]]


def test_what_is_not_dated_asks_nothing(gs: Client) -> None:
    eine = KooperationFactory(veroeffentlicht=False)
    gs.post(f"{URL}{eine.pk}/bearbeiten/", gelesen(gs, eine) | {"veroeffentlicht": "on", "symbol": "●"})
    neu = Kooperation.objects.get()
    assert (neu.veroeffentlicht, neu.symbol) == (True, "●")


def test_end_and_failure_stay_when_the_form_does_not_ask_for_them(gs: Client) -> None:
    hemmnis = HemmnisFactory()
    eine = KooperationFactory(gescheitert_jahr=2014, gescheitert_grund="Zu teuer.")
    eine.hemmnisse.add(hemmnis)
    assert "bis" not in gs.get(f"{URL}{eine.pk}/bearbeiten/").context["form"].fields
    gs.post(f"{URL}{eine.pk}/bearbeiten/", gelesen(gs, eine) | {"zeit_hinweis": "Neu"})
    neu = Kooperation.objects.get()
    assert (neu.gescheitert_jahr, list(neu.hemmnisse.all()), neu.zeit_hinweis) == (2014, [hemmnis], "Neu")


def test_a_failure_without_a_reason_is_asked_for_it(gs: Client) -> None:
    eine = KooperationFactory(gescheitert_jahr=2014, gescheitert_grund="Zu teuer.")
    werte = gelesen(gs, eine) | {"gescheitert_grund": ""}
    assert fehler(gs.post(f"{URL}{eine.pk}/bearbeiten/", werte)) == {
        "gescheitert_grund": ["Bitte nennen Sie den Grund."]
    }


def test_whoever_read_an_older_version_chooses_field_by_field(gs: Client) -> None:
    """Also in the lists: the partner that somebody else added stays unless the person says otherwise."""
    erster, zweiter = ExternerPartnerFactory(name="Abfallverband"), ExternerPartnerFactory(name="Salinen AG")
    eine = KooperationFactory(bezeichnung="Alt", externe_partner=[erster])
    meine = gelesen(gs, eine) | {"bezeichnung": "Meine", "art_der_aenderung": "geaendert", "ab": "2020-01-01"}
    andere = gelesen(gs, eine) | {"externe_partner": [erster.pk, zweiter.pk], "art_der_aenderung": "berichtigung"}
    gs.post(f"{URL}{eine.pk}/bearbeiten/", andere)

    antwort = gs.post(f"{URL}{eine.pk}/bearbeiten/", meine)
    assert antwort.status_code == HTTPStatus.CONFLICT
    zeilen = [(z.feld, z.gespeichert, z.eingabe, z.meine) for z in antwort.context["abgleich"].unterschiede]
    assert zeilen == [
        ("Bezeichnung", "Alt", "Meine", True),
        ("Externe Partner", "Abfallverband, Salinen AG", "Abfallverband", False),
    ]
    wahl = {"wahl-bezeichnung": "eingabe", "wahl-externe_partner": "gespeichert", "gewaehlt": "1"}
    eine.refresh_from_db()
    gs.post(f"{URL}{eine.pk}/bearbeiten/", meine | wahl | {"version": eine.version})
    eine.refresh_from_db()
    assert eine.bezeichnung == "Meine"
    assert [p.name for p in eine.externe_partner.all()] == ["Abfallverband", "Salinen AG"]
    assert [stand.bezeichnung for stand in eine.staende.all()] == ["Alt"]


def test_a_field_in_two_editions_is_told_by_its_name(gs: Client, feld: Kooperationsfeld) -> None:
    eine = KooperationFactory(kooperationsfeld=KooperationsfeldFactory(name="Postverbund"))
    meine = gelesen(gs, eine)
    gs.post(f"{URL}{eine.pk}/bearbeiten/", meine | {"kooperationsfeld": feld.pk, "symbol": "●"})
    unterschiede = gs.post(f"{URL}{eine.pk}/bearbeiten/", meine).context["abgleich"].unterschiede
    assert ("Kooperationsfeld", "Winterdienst (frei: ■)") in [(z.feld, z.gespeichert) for z in unterschiede]


# --- ended, not come about --------------------------------------------------------------------------------------------
def test_ending_says_how_many_it_concerns(gs: Client, kommune: Kommune, andere_kommune: Kommune) -> None:
    eine = KooperationFactory(bezeichnung="Postverbund")
    for beteiligte in (kommune, andere_kommune):
        BeteiligungFactory(kooperation=eine, kommune=beteiligte)
    BeteiligungFactory(kooperation=eine, gilt_bis=date(2015, 1, 1))
    seite = text(gs.get(f"{URL}{eine.pk}/beenden/"))
    assert "enden auch die Beteiligungen von <strong>2 Kommunen</strong>: Musterstadt, Nachbarstadt." in seite

    antwort = gs.post(f"{URL}{eine.pk}/beenden/", {"letzter_tag": "2020-12-31"}, follow=True)
    assert "Das Ende von „Postverbund“ ist eingetragen." in text(antwort)
    assert not eine.beteiligungen.am(date(2021, 1, 1)).exists()


@pytest.mark.parametrize("letzter_tag", ["", "gestern", "1800-01-01", "2020-01-01\x00"])
def test_ending_asks_for_a_real_day(gs: Client, letzter_tag: str) -> None:
    antwort = gs.post(f"{URL}{KooperationFactory().pk}/beenden/", {"letzter_tag": letzter_tag})
    assert "letzter_tag" in fehler(antwort)


def test_ending_is_refused_at_the_field(gs: Client) -> None:
    eine = BeteiligungFactory(gilt_ab=date(2022, 1, 1)).kooperation
    antwort = gs.post(f"{URL}{eine.pk}/beenden/", {"letzter_tag": "2020-12-31"})
    assert "Für die Zeit danach ist schon eingetragen" in fehler(antwort)["letzter_tag"][0]


def test_failure_is_on_record_with_year_reason_and_hemmnisse(gs: Client, client: Client, kommune: Kommune) -> None:
    hemmnis = HemmnisFactory(name="kein Gremienbeschluss")
    eine = BeteiligungFactory(kommune=kommune, status="vorgesehen").kooperation
    assert "Musterstadt steht dann in der Matrix" in text(gs.get(f"{URL}{eine.pk}/nicht-zustande-gekommen/"))
    gs.post(
        f"{URL}{eine.pk}/nicht-zustande-gekommen/",
        {"jahr": "2016", "grund": "Zu teuer.", "hemmnisse": [hemmnis.pk], "ab": "2016-05-01"},
    )
    seite = text(client.get(f"{URL}{eine.pk}/"))
    assert "Die Kommunen ließen 2016 davon ab: Zu teuer." in seite
    assert "Hemmnisse: kein Gremienbeschluss" in seite


@pytest.mark.parametrize(
    ("angabe", "name"),
    [({"jahr": "2999"}, "jahr"), ({"jahr": "16"}, "jahr"), ({"grund": " "}, "grund"), ({"ab": ""}, "ab")],
)
def test_failure_names_what_is_missing(gs: Client, angabe: dict[str, str], name: str) -> None:
    werte = {"jahr": "2016", "grund": "Zu teuer.", "ab": "2016-05-01"} | angabe
    assert name in fehler(gs.post(f"{URL}{KooperationFactory().pk}/nicht-zustande-gekommen/", werte))


def test_failure_of_what_exists_leads_to_the_end(gs: Client, kommune: Kommune) -> None:
    eine = BeteiligungFactory(kommune=kommune).kooperation
    assert "Diese Kooperation besteht schon" in text(gs.get(f"{URL}{eine.pk}/nicht-zustande-gekommen/"))
    werte = {"jahr": "2016", "grund": "Zu teuer.", "ab": "2016-05-01"}
    antwort = gs.post(f"{URL}{eine.pk}/nicht-zustande-gekommen/", werte)
    assert "Die Kooperation besteht schon für Musterstadt." in text(antwort)


@pytest.mark.parametrize("anzahl", [1, 3])
def test_the_form_takes_the_same_queries_for_any_number(
    gs: Client, django_assert_num_queries: Any, anzahl: int
) -> None:
    for _ in range(anzahl):
        eine = KooperationFactory(externe_partner=[ExternerPartnerFactory()])
        BeteiligungFactory(kooperation=eine)
        ErhebungFactory()
        HemmnisFactory()
    with django_assert_num_queries(9):
        gs.get(f"{URL}neu/")
    with django_assert_num_queries(10):
        gs.get(f"{URL}{eine.pk}/bearbeiten/")
