"""External partners: objects of their own, seen where a visible Kooperation names them."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client

from bestandsaufnahme.abfragen.kooperation.partner import fassung
from bestandsaufnahme.ablaeufe import kooperation as kooperationen
from bestandsaufnahme.ablaeufe import partner as ablauf
from bestandsaufnahme.models import ExternerPartner, Kooperation
from bestandsaufnahme.rechte import sichtbare_partner
from kommunen.models import Konto
from tests.bestandsaufnahme.test_kooperation_ablaeufe import angaben
from tests.fabriken.bestandsaufnahme import ErhebungFactory, ExternerPartnerFactory, KooperationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]
URL = "/bestandsaufnahme/partner/"
Anmelden = Callable[[Konto], Client]


@pytest.fixture
def gs(angemeldet: Anmelden, geschaeftsstelle: Konto) -> Client:
    return angemeldet(geschaeftsstelle)


def text(antwort: Any) -> str:
    return str(antwort.content.decode())


def namen(client: Client, frage: str = "") -> list[str]:
    return [zeile.name for zeile in client.get(URL + frage).context["zeilen"]]


def ersetzen(kooperation: Kooperation, partner: ExternerPartner, durch: Konto, **weiteres: Any) -> None:
    """Let another partner take the place of the one there is, from 2020 on."""
    neue = angaben(kooperation, externe_partner=[partner])
    kooperationen.bearbeiten(
        kooperation=kooperation,
        version=kooperation.version,
        angaben=neue,
        ab=date(2020, 1, 1),
        durch=durch,
        **weiteres,
    )


# --- who sees whom ----------------------------------------------------------------------------------------------------
def test_the_public_sees_those_that_a_published_kooperation_names(
    client: Client, angemeldet: Anmelden, lesend: Konto
) -> None:
    offener = ExternerPartnerFactory(name="Abfallverband")
    interner, freier = ExternerPartnerFactory(name="Interner"), ExternerPartnerFactory(name="Salinen AG")
    KooperationFactory(externe_partner=[offener])
    KooperationFactory(externe_partner=[offener, interner], veroeffentlicht=False, bezeichnung="Geheime")

    assert namen(client) == ["Abfallverband"]
    assert namen(angemeldet(lesend)) == ["Abfallverband", "Interner", "Salinen AG"]
    for partner in (interner, freier):
        assert client.get(f"{URL}{partner.pk}/").status_code == HTTPStatus.NOT_FOUND
    for adresse in (URL, f"{URL}{offener.pk}/", f"{URL}?format=csv"):
        assert "Geheime" not in client.get(adresse).content.decode()
    assert "Geheime" in text(angemeldet(lesend).get(f"{URL}{offener.pk}/"))


@time_machine.travel("2026-05-19")
def test_a_former_partner_is_told_with_its_day(client: Client, geschaeftsstelle: Konto) -> None:
    alter, neuer = ExternerPartnerFactory(name="Post AG"), ExternerPartnerFactory(name="Kurier AG")
    eine = KooperationFactory(bezeichnung="Postverbund", externe_partner=[alter])
    ersetzen(eine, neuer, geschaeftsstelle)

    antwort = client.get(f"{URL}{alter.pk}/")
    assert antwort.context["zeile"].kooperationen == []
    assert antwort.context["fruehere"] == [("Postverbund", eine.get_absolute_url(), "01.01.2020")]
    assert client.get(f"{URL}{neuer.pk}/").context["zeile"].kooperationen == [("Postverbund", eine.get_absolute_url())]


@time_machine.travel("2026-05-19")
def test_what_a_secret_round_changed_is_not_told(client: Client, gs: Client, geschaeftsstelle: Konto) -> None:
    runde = ErhebungFactory(veroeffentlicht=False)
    alter, neuer = ExternerPartnerFactory(name="Post AG"), ExternerPartnerFactory(name="Kurier AG")
    eine = KooperationFactory(bezeichnung="Postverbund", externe_partner=[alter])
    ersetzen(eine, neuer, geschaeftsstelle, erhebung=runde)

    antwort = client.get(f"{URL}{alter.pk}/")
    assert ([name for name, _ in antwort.context["zeile"].kooperationen], antwort.context["fruehere"]) == (
        ["Postverbund"],
        [],
    )
    assert client.get(f"{URL}{neuer.pk}/").status_code == HTTPStatus.NOT_FOUND
    assert gs.get(f"{URL}{alter.pk}/").context["zeile"].kooperationen == []


def test_the_page_of_who_is_visible_answers_and_of_nobody_else(
    client: Client, angemeldet: Anmelden, kontakt: Konto
) -> None:
    KooperationFactory(externe_partner=[ExternerPartnerFactory()])
    ExternerPartnerFactory()
    for betrachter, konto in ((angemeldet(kontakt), kontakt), (client, client.get(URL).wsgi_request.user)):
        sichtbare = set(sichtbare_partner(konto).values_list("pk", flat=True))
        for partner in ExternerPartner.objects.all():
            erwartet = HTTPStatus.OK if partner.pk in sichtbare else HTTPStatus.NOT_FOUND
            assert betrachter.get(f"{URL}{partner.pk}/").status_code == erwartet


def test_list_is_searched_and_taken_away_as_a_file(gs: Client) -> None:
    ExternerPartnerFactory(name="Abfallverband", hinweis="Sitz in Musterstadt")
    ExternerPartnerFactory(name="Salinen AG")
    assert namen(gs, "?q=ABFALL") == ["Abfallverband"]
    zeilen = gs.get(f"{URL}?q=abfall&format=csv").content.decode("utf-8-sig").splitlines()
    assert zeilen == ["Name;Hinweis", "Abfallverband;Sitz in Musterstadt"]
    assert "Kein Partner passt zu diesem Filter" in text(gs.get(f"{URL}?q=gibtesnicht"))
    for frage in ("q=%00", "q=" + "x" * 101, "format=pdf"):
        assert gs.get(f"{URL}?{frage}").status_code == HTTPStatus.BAD_REQUEST


def test_empty_list_says_why(client: Client) -> None:
    assert "Noch keine externen Partner" in text(client.get(URL))


@pytest.mark.parametrize("anzahl", [1, 3])
def test_pages_take_the_same_queries_for_any_number(
    gs: Client, client: Client, django_assert_num_queries: Any, anzahl: int
) -> None:
    for _ in range(anzahl):
        partner = ExternerPartnerFactory()
        KooperationFactory(externe_partner=[partner])
    with django_assert_num_queries(7):
        client.get(URL)
    with django_assert_num_queries(8):
        gs.get(URL)
    with django_assert_num_queries(6):
        client.get(f"{URL}{partner.pk}/")


# --- who may ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("wer", ["kontakt", "buergermeister", "lesend"])
@pytest.mark.parametrize("pfad", ["neu/", "{}/bearbeiten/"])
def test_others_read_that_the_geschaeftsstelle_does_it(
    request: pytest.FixtureRequest, angemeldet: Anmelden, wer: str, pfad: str
) -> None:
    adresse = URL + pfad.format(ExternerPartnerFactory().pk)
    client = angemeldet(request.getfixturevalue(wer))
    for antwort in (client.get(adresse), client.post(adresse, {"name": "Neu"})):
        assert antwort.status_code == HTTPStatus.FORBIDDEN
        assert "Externe Partner pflegt die Geschäftsstelle." in text(antwort)


def test_a_partner_is_named(gs: Client) -> None:
    antwort = gs.post(f"{URL}neu/", {"name": " Salinen   AG ", "hinweis": "Streusalz"})
    neuer = ExternerPartner.objects.get()
    assert antwort.headers["Location"] == f"{URL}{neuer.pk}/"
    assert (neuer.name, neuer.hinweis) == ("Salinen AG", "Streusalz")


@pytest.mark.parametrize(
    ("werte", "feld"),
    [
        ({"name": ""}, "name"),
        ({"name": "abfallVERBAND"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "x\x00"}, "name"),
        ({"name": "Neu", "hinweis": "x" * 301}, "hinweis"),
    ],
)
def test_a_partner_is_refused_at_the_field(gs: Client, werte: dict[str, str], feld: str) -> None:
    ExternerPartnerFactory(name="Abfallverband")
    antwort = gs.post(f"{URL}neu/", werte)
    assert list(antwort.context["form"].errors) == [feld]
    assert ExternerPartner.objects.count() == 1


def test_a_new_name_holds_for_all_days(gs: Client, geschaeftsstelle: Konto) -> None:
    """A typing error stood in earlier descriptions too; whoever is called otherwise since a day is another partner."""
    partner = ExternerPartnerFactory(name="Salinne AG")
    eine = KooperationFactory(externe_partner=[partner])
    ersetzen(eine, ExternerPartnerFactory(name="Kurier AG"), geschaeftsstelle)
    werte = {"name": "Salinen AG", "hinweis": "", "gelesen": fassung(partner)}

    assert gs.post(f"{URL}{partner.pk}/bearbeiten/", werte).status_code == HTTPStatus.FOUND
    assert ExternerPartner.objects.get(pk=partner.pk).name == "Salinen AG"
    assert [stand.externe_partner for stand in eine.staende.all()] == [["Salinen AG"]]


def test_who_read_an_older_edition_is_told_and_may_go_on(gs: Client) -> None:
    partner = ExternerPartnerFactory(name="Alt")
    werte = {"name": "Meiner", "hinweis": "", "gelesen": fassung(partner)}
    ExternerPartner.objects.update(name="Anderer")

    antwort = gs.post(f"{URL}{partner.pk}/bearbeiten/", werte)
    assert "Jetzt steht dort „Anderer“" in text(antwort)
    assert ExternerPartner.objects.get().name == "Anderer"
    form = antwort.context["form"]
    gs.post(f"{URL}{partner.pk}/bearbeiten/", {name: form[name].value() or "" for name in form.fields})
    assert ExternerPartner.objects.get().name == "Meiner"


def test_the_form_goes_through_unchanged(gs: Client) -> None:
    partner = ExternerPartnerFactory(name="Salinen AG", hinweis=" Streusalz | und mehr ")
    form = gs.get(f"{URL}{partner.pk}/bearbeiten/").context["form"]
    antwort = gs.post(f"{URL}{partner.pk}/bearbeiten/", {name: form[name].value() for name in form.fields})
    assert antwort.status_code == HTTPStatus.FOUND


# --- operations -------------------------------------------------------------------------------------------------------
def test_benannte_finds_and_creates_each_once(geschaeftsstelle: Konto) -> None:
    alter = ExternerPartnerFactory(name="Abfallverband")
    gefundene = ablauf.benannte(namen=["abfallverband", "", "  ", "Salinen  AG", "Salinen AG"], durch=geschaeftsstelle)
    assert [partner.name for partner in gefundene] == ["Abfallverband", "Salinen AG"]
    assert gefundene[0] == alter
    assert ExternerPartner.objects.count() == 2


def test_bearbeiten_to_the_name_of_another_is_refused(geschaeftsstelle: Konto) -> None:
    ExternerPartnerFactory(name="Abfallverband")
    partner = ExternerPartnerFactory(name="Salinen AG")
    with pytest.raises(ValidationError) as fehler:
        ablauf.bearbeiten(
            partner=partner, gelesen=fassung(partner), name="ABFALLVERBAND", hinweis="", durch=geschaeftsstelle
        )
    assert fehler.value.message_dict == {"name": ["Diesen Partner gibt es schon: Abfallverband."]}


def test_bearbeiten_of_the_own_case_is_allowed(geschaeftsstelle: Konto) -> None:
    partner = ExternerPartnerFactory(name="salinen ag")
    geaendert = ablauf.bearbeiten(
        partner=partner, gelesen=fassung(partner), name="Salinen AG", hinweis="", durch=geschaeftsstelle
    )
    assert geaendert.name == "Salinen AG"
