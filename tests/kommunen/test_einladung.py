"""Who may invite whom, what the mail says, and what nobody learns by it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.core.internal import ratelimit
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from ikz_portal.basis import geheim
from ikz_portal.basis.models import Aenderung, Postausgang
from kommunen.ablaeufe import einladung as ablauf
from kommunen.auswahl import Rolle
from kommunen.models import Einladung, Kommune, Konto
from kommunen.rechte import einladbare_kommunen, einladbare_rollen
from tests.fabriken.kommunen import AdresseFactory, EinladungFactory, KommuneFactory, KontoFactory, VertretungFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

URL = "/konten/einladen/"
JETZT = datetime(2026, 3, 2, 11, tzinfo=UTC)
PERSON = {"email": "neu@stadt.example", "name": "Neue Person", "funktion": "Fachdienst"}

Anmelden = Callable[[Konto], Client]


def einladen(durch: Konto | None, **angaben: Any) -> tuple[Einladung, str]:
    vorgabe = {"rolle": Rolle.LESEN, "kommune": None, "jetzt": JETZT}
    return ablauf.einladen(**{**PERSON, **vorgabe, **angaben}, durch=durch)


# --- who may invite whom ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("rolle", [rolle for rolle in Rolle if rolle != Rolle.GESCHAEFTSSTELLE])
def test_geschaeftsstelle_invites_for_every_rolle_of_a_kommune(
    angemeldet: Anmelden, geschaeftsstelle: Konto, kommune: Kommune, rolle: Rolle
) -> None:
    antwort = angemeldet(geschaeftsstelle).post(URL, {**PERSON, "rolle": rolle, "kommune": kommune.pk})

    einladung = Einladung.objects.get()
    assert (antwort.status_code, antwort.headers["Location"]) == (302, "/konten/")
    assert (einladung.rolle, einladung.kommune, einladung.durch) == (rolle, kommune, geschaeftsstelle)


def test_geschaeftsstelle_invites_a_colleague(angemeldet: Anmelden, geschaeftsstelle: Konto) -> None:
    angemeldet(geschaeftsstelle).post(URL, {**PERSON, "rolle": Rolle.GESCHAEFTSSTELLE})

    assert Einladung.objects.get().rolle == Rolle.GESCHAEFTSSTELLE


def test_head_invites_a_kontakt_of_the_own_kommune(angemeldet: Anmelden, buergermeister: Konto) -> None:
    angemeldet(buergermeister).post(URL, PERSON)

    einladung = Einladung.objects.get()
    assert (einladung.rolle, einladung.kommune) == (Rolle.KONTAKT, buergermeister.kommune)


def test_head_is_not_asked_for_rolle_and_kommune(angemeldet: Anmelden, buergermeister: Konto) -> None:
    formular = angemeldet(buergermeister).get(URL).context["form"]

    assert list(formular.fields) == ["email", "name", "funktion"]


def test_head_cannot_smuggle_rolle_or_kommune_in(
    angemeldet: Anmelden, buergermeister: Konto, andere_kommune: Kommune
) -> None:
    eingeschleust = {"rolle": Rolle.GESCHAEFTSSTELLE, "kommune": andere_kommune.pk, "durch": 1, "konto": 1}

    angemeldet(buergermeister).post(URL, {**PERSON, **eingeschleust})

    einladung = Einladung.objects.get()
    assert (einladung.rolle, einladung.kommune, einladung.durch) == (
        Rolle.KONTAKT,
        buergermeister.kommune,
        buergermeister,
    )


def test_head_who_deputises_chooses_among_both_kommunen(
    angemeldet: Anmelden, buergermeister: Konto, andere_kommune: Kommune
) -> None:
    VertretungFactory(vertretener__kommune=andere_kommune, vertreter=buergermeister)
    fremde = KommuneFactory()
    client = angemeldet(buergermeister)

    abgelehnt = client.post(URL, {**PERSON, "kommune": fremde.pk})
    client.post(URL, {**PERSON, "kommune": andere_kommune.pk})

    assert list(abgelehnt.context["form"].errors) == ["kommune"]
    assert [(e.rolle, e.kommune) for e in Einladung.objects.all()] == [(Rolle.KONTAKT, andere_kommune)]


def test_deputy_of_the_head_invites_and_both_names_are_told(
    angemeldet: Anmelden, kontakt: Konto, buergermeister: Konto
) -> None:
    VertretungFactory(vertretener=buergermeister, vertreter=kontakt)

    angemeldet(kontakt).post(URL, PERSON)

    aenderung = Aenderung.objects.get(tabelle="kommunen_einladung")
    anrede = "Guten Tag,\n\nKontakt (in Vertretung für Verwaltungsspitze) lädt Sie ein"
    assert Postausgang.objects.get().text.startswith(anrede)
    assert (aenderung.konto, aenderung.fuer) == (kontakt, buergermeister)


@pytest.mark.parametrize("wer", ["kontakt", "lesend", "fremder_kontakt"])
@pytest.mark.parametrize("methode", ["get", "post"])
def test_others_may_not_invite(
    angemeldet: Anmelden, request: pytest.FixtureRequest, wer: str, methode: str, buergermeister: Konto
) -> None:
    antwort = getattr(angemeldet(request.getfixturevalue(wer)), methode)(URL, PERSON)

    assert antwort.status_code == 403
    assert "Einladen können die Geschäftsstelle und" in antwort.content.decode()
    assert not Einladung.objects.exists()


def test_past_and_coming_deputies_may_not_invite(angemeldet: Anmelden, kontakt: Konto, buergermeister: Konto) -> None:
    tag = timezone.localdate()
    VertretungFactory(vertretener=buergermeister, vertreter=kontakt, bis=tag)
    VertretungFactory(vertretener=buergermeister, vertreter=kontakt, von=tag + timedelta(days=1))

    assert angemeldet(kontakt).get(URL).status_code == 403


def test_predicates_and_choices_agree(
    geschaeftsstelle: Konto, buergermeister: Konto, kontakt: Konto, lesend: Konto, andere_kommune: Kommune
) -> None:
    for konto in (geschaeftsstelle, buergermeister, kontakt, lesend):
        assert bool(einladbare_rollen(konto)) == einladbare_kommunen(konto).exists()


# --- what is refused --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("angaben", "feld"),
    [
        ({"rolle": "kontakt", "kommune": ""}, "kommune"),
        ({"rolle": "geschaeftsstelle", "kommune": "eine"}, "kommune"),
        ({"rolle": "admin"}, "rolle"),
        ({"rolle": "lesen", "kommune": "99999999"}, "kommune"),
        ({"rolle": "lesen", "kommune": "\x00"}, "kommune"),
        ({"rolle": "lesen", "email": "keine-adresse"}, "email"),
        ({"rolle": "lesen", "email": "a@example.org\nBcc: b@example.org"}, "email"),
        ({"rolle": "lesen", "email": "x" * 250 + "@example.org"}, "email"),
        ({"rolle": "lesen", "name": ""}, "name"),
        ({"rolle": "lesen", "name": "x" * 121}, "name"),
        ({"rolle": "lesen", "name": "a\x00b"}, "name"),
    ],
)
def test_bad_input_is_told_at_its_field(
    angemeldet: Anmelden, geschaeftsstelle: Konto, kommune: Kommune, angaben: dict[str, str], feld: str
) -> None:
    if angaben.get("kommune") == "eine":
        angaben = {**angaben, "kommune": str(kommune.pk)}

    antwort = angemeldet(geschaeftsstelle).post(URL, {**PERSON, **angaben})

    assert (antwort.status_code, list(antwort.context["form"].errors)) == (200, [feld])
    assert not Einladung.objects.exists()


def test_second_head_is_told_at_the_rolle(angemeldet: Anmelden, geschaeftsstelle: Konto, buergermeister: Konto) -> None:
    angaben = {**PERSON, "rolle": Rolle.BUERGERMEISTER, "kommune": buergermeister.kommune_id}

    antwort = angemeldet(geschaeftsstelle).post(URL, angaben)

    assert antwort.context["form"].errors["rolle"] == [
        "Musterstadt hat schon ein aktives Konto der Verwaltungsspitze (Verwaltungsspitze). Deaktivieren Sie es zuerst."
    ]


@pytest.mark.parametrize(
    ("aktiv", "satz"),
    [
        (True, "Für diese Adresse gibt es schon ein Konto."),
        (
            False,
            "Für diese Adresse gibt es schon ein Konto. Es ist deaktiviert; die Geschäftsstelle kann es wieder öffnen.",
        ),
    ],
)
def test_visible_account_of_the_address_is_told(
    angemeldet: Anmelden, buergermeister: Konto, aktiv: bool, satz: str
) -> None:
    KontoFactory(kommune=buergermeister.kommune, email=PERSON["email"], is_active=aktiv)

    antwort = angemeldet(buergermeister).post(URL, {**PERSON, "email": PERSON["email"].upper()})

    assert antwort.context["form"].errors["email"] == [satz]


def test_account_in_another_kommune_is_not_revealed(
    angemeldet: Anmelden, buergermeister: Konto, fremder_kontakt: Konto
) -> None:
    client = angemeldet(buergermeister)

    def gesehen(email: str) -> tuple[int, str, str]:
        """Return all that comes back, without what is there in every answer alone: address, hashes of forms."""
        antwort = client.post(URL, {**PERSON, "email": email}, follow=True)
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|/einladungen/\d+/', "", antwort.content.decode())
        return antwort.status_code, str(antwort.redirect_chain), text.replace(email, "ADRESSE")

    unbekannt = gesehen("niemand@stadt.example")
    Einladung.objects.all().update(zurueckgezogen_am=timezone.now())
    bekannt = gesehen(fremder_kontakt.email)

    assert bekannt == unbekannt


def test_account_in_another_kommune_is_told_to_its_owner_without_a_link(
    buergermeister: Konto, fremder_kontakt: Konto
) -> None:
    einladen(buergermeister, email=fremder_kontakt.email, rolle=Rolle.KONTAKT, kommune=buergermeister.kommune)

    post = Postausgang.objects.get(an=fremder_kontakt.email)
    assert post.geheimnis == ""
    assert "Für Ihre Adresse gibt es dort aber schon ein Konto" in post.text


def test_address_that_a_stranger_typed_in_unproven_can_be_invited(fremder_kontakt: Konto) -> None:
    AdresseFactory(user=fremder_kontakt, email=PERSON["email"], verified=False, primary=False)

    _, link = einladen(None)

    assert ablauf.finden(link.rsplit("/", 2)[1], jetzt=JETZT) is not None


def test_head_does_not_replace_an_invitation_of_the_geschaeftsstelle(buergermeister: Konto) -> None:
    EinladungFactory(email=PERSON["email"], kommune=buergermeister.kommune, rolle=Rolle.LESEN)

    with pytest.raises(ValidationError, match="hat die Geschäftsstelle schon eingeladen"):
        einladen(buergermeister, rolle=Rolle.KONTAKT, kommune=buergermeister.kommune)
    assert Einladung.objects.offene().get().rolle == Rolle.LESEN


# --- link and mail ----------------------------------------------------------------------------------------------------
def test_link_is_kept_as_hash_in_the_row_and_encrypted_in_the_outbox(geschaeftsstelle: Konto) -> None:
    einladung, link = einladen(geschaeftsstelle)

    token = link.rsplit("/", 2)[1]
    post = Postausgang.objects.get()
    zeile = str(list(Einladung.objects.values())) + str(list(Aenderung.objects.values()))
    assert link == f"http://localhost:8000/konto/einladung/{token}/"
    assert len(token) >= 43
    assert re.fullmatch(r"[0-9a-f]{64}", einladung.pruefsumme)
    assert token not in zeile
    assert einladung.pruefsumme not in str(list(Aenderung.objects.values()))
    assert token not in post.text + post.betreff + post.geheimnis
    assert geheim.entschluesseln(post.geheimnis) == link


def test_mail_names_who_invites_rolle_and_period(geschaeftsstelle: Konto, kommune: Kommune) -> None:
    einladen(geschaeftsstelle, rolle=Rolle.KONTAKT, kommune=kommune)

    text = Postausgang.objects.get().text
    assert "Geschäftsstelle lädt Sie ein, im IKZ-Portal mitzuarbeiten" in text
    assert "Ihre Rolle: Kontakt, Musterstadt" in text
    assert "gilt bis zum 16. März 2026" in text


def test_after_sending_it_says_what_happens_next(angemeldet: Anmelden, buergermeister: Konto) -> None:
    antwort = angemeldet(buergermeister).post(URL, PERSON, follow=True)

    (meldung,) = antwort.context["messages"]
    assert str(meldung).startswith("Die Einladung an neu@stadt.example wird verschickt. Der Link darin gilt bis zum")


# --- again, withdrawn -------------------------------------------------------------------------------------------------
def test_erneut_schicken_makes_a_new_link_and_ends_the_former(angemeldet: Anmelden, geschaeftsstelle: Konto) -> None:
    alte, link = einladen(geschaeftsstelle)

    antwort = angemeldet(geschaeftsstelle).post(f"/konten/einladungen/{alte.pk}/erneut/")

    alte.refresh_from_db()
    assert antwort.headers["Location"] == "/konten/"
    assert alte.zurueckgezogen_am is not None
    assert Einladung.objects.offene().get().email == alte.email
    assert ablauf.finden(link.rsplit("/", 2)[1], jetzt=timezone.now()) is None
    assert Postausgang.objects.count() == 2


def test_zurueckziehen_ends_the_link(angemeldet: Anmelden, geschaeftsstelle: Konto) -> None:
    einladung, link = einladen(geschaeftsstelle)

    angemeldet(geschaeftsstelle).post(f"/konten/einladungen/{einladung.pk}/zurueckziehen/")

    assert ablauf.finden(link.rsplit("/", 2)[1], jetzt=JETZT) is None


@pytest.mark.parametrize("schritt", ["erneut", "zurueckziehen"])
def test_closed_invitation_is_told(angemeldet: Anmelden, geschaeftsstelle: Konto, schritt: str) -> None:
    einladung = EinladungFactory(zurueckgezogen_am=timezone.now())

    antwort = angemeldet(geschaeftsstelle).post(f"/konten/einladungen/{einladung.pk}/{schritt}/", follow=True)

    assert [str(meldung) for meldung in antwort.context["messages"]] == ["Diese Einladung ist nicht mehr offen."]
    assert not Postausgang.objects.exists()


@pytest.mark.parametrize("schritt", ["erneut", "zurueckziehen"])
@pytest.mark.parametrize("wer", ["buergermeister", "kontakt", "lesend"])
def test_foreign_invitation_is_not_found(
    angemeldet: Anmelden, request: pytest.FixtureRequest, andere_kommune: Kommune, schritt: str, wer: str
) -> None:
    einladung = EinladungFactory(kommune=andere_kommune)

    antwort = angemeldet(request.getfixturevalue(wer)).post(f"/konten/einladungen/{einladung.pk}/{schritt}/")

    assert antwort.status_code == 404
    assert Einladung.objects.offene().count() == 1


def test_head_does_not_touch_invitations_for_other_rollen(angemeldet: Anmelden, buergermeister: Konto) -> None:
    einladung = EinladungFactory(kommune=buergermeister.kommune, rolle=Rolle.LESEN)

    antwort = angemeldet(buergermeister).post(f"/konten/einladungen/{einladung.pk}/zurueckziehen/")

    assert antwort.status_code == 404


@pytest.mark.parametrize("schritt", ["erneut", "zurueckziehen"])
def test_steps_take_post_alone(angemeldet: Anmelden, geschaeftsstelle: Konto, schritt: str) -> None:
    einladung = EinladungFactory()

    assert angemeldet(geschaeftsstelle).get(f"/konten/einladungen/{einladung.pk}/{schritt}/").status_code == 405


# --- limits -----------------------------------------------------------------------------------------------------------
def test_more_than_thirty_invitations_an_hour_are_refused(
    angemeldet: Anmelden, buergermeister: Konto, geschaeftsstelle: Konto, rf: Any
) -> None:
    anfrage = rf.post(URL)
    for _ in range(30):
        assert ratelimit.consume(
            anfrage, app="kommunen", action="einladen", config={"einladen": "30/h/user"}, user=buergermeister
        )

    neue = angemeldet(buergermeister).post(URL, PERSON)
    andere = angemeldet(geschaeftsstelle).post(URL, {**PERSON, "rolle": Rolle.LESEN})

    assert neue.status_code == 429
    assert neue.context["form"].non_field_errors() == [
        "Mehr als 30 Einladungen in einer Stunde nimmt das Portal nicht an. Bitte machen Sie später weiter."
    ]
    assert (andere.status_code, Einladung.objects.count()) == (302, 1)
