"""What a Kommune answers is its own: the record, the Verlauf and mails tell it to nobody else, in no detour."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.test import Client

from bestandsaufnahme.ablaeufe import antwort as antwort_ablauf
from bestandsaufnahme.ablaeufe import fragebogen as ablauf
from bestandsaufnahme.auswahl import AntwortArt, Aussage, Entscheidung, FragebogenStatus
from bestandsaufnahme.models import Fragebogen, Fragebogenantwort, Pruefung
from bestandsaufnahme.rechte import sichtbare_aenderungen
from ikz_portal.basis import protokoll
from ikz_portal.basis.models import Postausgang
from kommunen.ablaeufe import konto as konto_ablauf
from kommunen.models import Kommune, Konto
from tests.fabriken.bestandsaufnahme import FragebogenantwortFactory, FragebogenFactory, KooperationFactory
from tests.fabriken.kommunen import KontoFactory, VertretungFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]
PROTOKOLL = "/protokoll/"
WORT = "Quittenbrot"
TABELLEN = ("fragebogen", "fragebogenantwort", "pruefung", "erinnerung")
HEUTE, JETZT = date(2026, 1, 15), datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def heute() -> Iterator[None]:
    with time_machine.travel(JETZT, tick=False):
        yield


@pytest.fixture
def bogen(kontakt: Konto) -> Fragebogen:
    """One in which the secret word stands wherever a Kommune can write, also in what it took back."""
    bogen = FragebogenFactory(kommune=kontakt.kommune)
    kooperation = KooperationFactory()
    with protokoll.umstaende(quelle="/bestandsaufnahme/erhebungen/1/06433007/", konto=kontakt.pk):
        Fragebogen.objects.filter(pk=bogen.pk).update(stelle=WORT)
        Fragebogen.objects.filter(pk=bogen.pk).update(status=FragebogenStatus.IN_BEARBEITUNG)
        FragebogenantwortFactory(
            fragebogen=bogen,
            kooperation=kooperation,
            aussage=Aussage.GEAENDERT,
            bezeichnung=WORT,
            erlaeuterung=WORT,
            angaben={"kosten": WORT},
        )
        neue(bogen).delete()
        neue(bogen)
    bogen.refresh_from_db()
    return bogen


def neue(bogen: Fragebogen) -> Fragebogenantwort:
    return FragebogenantwortFactory(
        fragebogen=bogen,
        art=AntwortArt.NEU,
        kooperation=None,
        aussage=Aussage.NEU,
        bezeichnung=WORT,
        feldvorschlag=WORT,
    )


def freigegeben(bogen: Fragebogen, durch: Konto) -> Fragebogen:
    with protokoll.umstaende(quelle="/x/", konto=durch.pk):
        return ablauf.freigeben(fragebogen=bogen, durch=durch, heute=HEUTE, jetzt=JETZT)


def verlauf(objekt: Any) -> str:
    return f"/verlauf/{objekt._meta.model_name}/{objekt.pk}/"


def fragen(bogen: Fragebogen) -> list[str]:
    """Return all addresses of the record that could tell something of it."""
    antworten = Fragebogenantwort.objects.filter(fragebogen=bogen)
    zu = [f"zu=bestandsaufnahme_fragebogenantwort:{nummer}" for nummer in antworten.values_list("pk", flat=True)]
    arten = [f"objektart={tabelle}" for tabelle in TABELLEN]
    return [
        *("", "art=loeschung", "art=aenderung", f"zu=bestandsaufnahme_fragebogen:{bogen.pk}"),
        *(f"zu=bestandsaufnahme_erhebung:{bogen.erhebung_id}", *zu, *arten),
    ]


def erzaehlt(client: Client, bogen: Fragebogen) -> list[str]:
    """Return the addresses of the record, as page and as file, that tell the secret word."""
    gefunden = []
    for frage in fragen(bogen):
        for adresse in (f"{PROTOKOLL}?{frage}", f"{PROTOKOLL}?{frage}&format=csv"):
            antwort = client.get(adresse)
            assert antwort.status_code == HTTPStatus.OK, adresse
            gefunden += [adresse] * (WORT in antwort.content.decode())
    return gefunden


@pytest.fixture
def client(angemeldet: Callable[[Konto], Client], geschaeftsstelle: Konto) -> Client:
    return angemeldet(geschaeftsstelle)


# --- the record of the Geschäftsstelle --------------------------------------------------------------------------------
def test_record_tells_nothing_of_what_a_kommune_writes(client, bogen):
    assert erzaehlt(client, bogen) == []


def test_record_tells_how_it_came_to_its_answers_neither_after_the_release(client, bogen, buergermeister):
    freigegeben(bogen, buergermeister)

    assert erzaehlt(client, bogen) == []


def test_record_tells_that_it_was_begun_and_released_and_by_whom(client, bogen, buergermeister):
    freigegeben(bogen, buergermeister)

    seite = client.get(f"{PROTOKOLL}?objektart=fragebogen").content.decode()
    assert "in Bearbeitung" in seite
    assert "freigegeben" in seite
    assert f"<strong>{buergermeister.name}</strong>" in seite


def test_number_of_entries_tells_nothing_of_the_answers(client, bogen):
    assert client.get(f"{PROTOKOLL}?objektart=fragebogenantwort").context["treffer"] == "0 Einträge"


def test_check_of_an_answer_does_not_tell_its_words_once_it_was_given_back(
    client, bogen, buergermeister, geschaeftsstelle
):
    """The name of an object is that which it has now: the Kommune writes again, and its new words are its own."""
    Fragebogenantwort.objects.filter(fragebogen=bogen).update(bezeichnung="alt", erlaeuterung="", feldvorschlag="x")
    freigegeben(bogen, buergermeister)
    geprueft = bogen.antworten.filter(art=AntwortArt.NEU).get()
    Pruefung.objects.create(antwort=geprueft, entscheidung=Entscheidung.ANGENOMMEN, durch=geschaeftsstelle)
    ablauf.zurueckgeben(fragebogen=bogen, grund="Bitte ergänzen.", durch=geschaeftsstelle, heute=HEUTE)
    Fragebogenantwort.objects.filter(pk=geprueft.pk).update(bezeichnung=WORT)

    assert erzaehlt(client, bogen) == []
    assert WORT not in client.get(verlauf(bogen)).content.decode()
    eintraege = client.get(f"{PROTOKOLL}?objektart=pruefung").context["vorgaenge"]
    assert eintraege[0].eintraege[0].ganzes == f"Antwort im Fragebogen Nr. {geprueft.pk}"


def test_geschaeftsstelle_sees_what_it_typed_in_itself(client, kommune):
    bogen = FragebogenFactory(kommune=kommune, papier_vermerk="Brief vom 2. Januar")
    Fragebogen.objects.filter(pk=bogen.pk).update(status=FragebogenStatus.IN_BEARBEITUNG, stelle="Rechtsamt")

    assert "Rechtsamt" in client.get(f"{PROTOKOLL}?objektart=fragebogen").content.decode()


# --- the Verlauf ------------------------------------------------------------------------------------------------------
def test_verlauf_of_the_fragebogen_tells_the_own_kommune_all(angemeldet, bogen, kontakt, buergermeister):
    for person in (kontakt, buergermeister):
        seite = angemeldet(person).get(verlauf(bogen)).content.decode()
        assert "Antwort im Fragebogen" in seite
        assert f"Kosten und ihre Verteilung: {WORT}" in seite


def test_verlauf_of_the_fragebogen_tells_the_geschaeftsstelle_its_states_alone(client, bogen, buergermeister):
    for _ in range(2):
        seite = client.get(verlauf(bogen)).content.decode()
        assert "in Bearbeitung" in seite
        assert "Antwort im Fragebogen" not in seite
        assert WORT not in seite
        if bogen.ist_offen:
            bogen = freigegeben(bogen, buergermeister)


def test_verlauf_of_the_erhebung_tells_states_alone(client, bogen):
    seite = client.get(verlauf(bogen.erhebung)).content.decode()

    assert "in Bearbeitung" in seite
    assert WORT not in seite


@pytest.mark.parametrize("wer", ["fremder_kontakt", "lesend"])
def test_verlauf_of_the_fragebogen_is_not_there_for_others(request, angemeldet, bogen, wer):
    assert angemeldet(request.getfixturevalue(wer)).get(verlauf(bogen)).status_code == HTTPStatus.NOT_FOUND


def test_verlauf_of_single_answers_is_there_for_nobody(angemeldet, bogen, kontakt, geschaeftsstelle):
    for person in (kontakt, geschaeftsstelle):
        for modell in ("fragebogenantwort", "pruefung"):
            adresse = f"/verlauf/{modell}/{bogen.antworten.first().pk}/"
            assert angemeldet(person).get(adresse).status_code == HTTPStatus.NOT_FOUND


def test_public_is_sent_to_sign_in(bogen):
    assert Client().get(verlauf(bogen)).status_code == HTTPStatus.FOUND


def test_deputy_of_the_head_reads_it_as_long_as_the_vertretung_lasts(angemeldet, bogen, buergermeister):
    vertreter = KontoFactory()
    VertretungFactory(vertretener=buergermeister, vertreter=vertreter, von=HEUTE, bis=date(2026, 2, 1))
    client = angemeldet(vertreter)

    assert WORT in client.get(verlauf(bogen)).content.decode()
    with time_machine.travel(datetime(2026, 2, 1, 12, tzinfo=UTC), tick=False):
        assert angemeldet(vertreter).get(verlauf(bogen)).status_code == HTTPStatus.NOT_FOUND


def test_who_went_to_another_kommune_reads_it_no_more(angemeldet, bogen, kontakt, andere_kommune: Kommune):
    Konto.objects.filter(pk=kontakt.pk).update(kommune=andere_kommune)

    assert angemeldet(kontakt).get(verlauf(bogen)).status_code == HTTPStatus.NOT_FOUND


def test_deactivated_and_pseudonymised_konto_reads_nothing(bogen, kontakt, geschaeftsstelle):
    konto_ablauf.deaktivieren(konto=kontakt, durch=geschaeftsstelle, jetzt=JETZT)
    kontakt.refresh_from_db()
    assert tabellen(kontakt) == set()
    konto_ablauf.pseudonymisieren(konto=kontakt, jetzt=JETZT)
    kontakt.refresh_from_db()
    assert tabellen(kontakt) == set()


# --- the queryset behind all of it ------------------------------------------------------------------------------------
def tabellen(konto: Konto) -> set[str]:
    """Return of which secret tables the record of this Konto has entries."""
    geheime = ["bestandsaufnahme_fragebogenantwort", "bestandsaufnahme_pruefung"]
    return set(sichtbare_aenderungen(konto).filter(tabelle__in=geheime).values_list("tabelle", flat=True))


ANTWORT, PRUEFUNG = "bestandsaufnahme_fragebogenantwort", "bestandsaufnahme_pruefung"


@pytest.mark.parametrize(
    ("status", "eigene"),
    [
        (FragebogenStatus.FREIGEGEBEN, {ANTWORT}),
        (FragebogenStatus.GEPRUEFT, {ANTWORT}),
        (FragebogenStatus.UEBERNOMMEN, {ANTWORT, PRUEFUNG}),
    ],
)
def test_checks_are_the_geschaeftsstelles_own_until_they_are_taken_over(request, bogen, buergermeister, status, eigene):
    freigegeben(bogen, buergermeister)
    for antwort in bogen.antworten.all():
        Pruefung.objects.create(antwort=antwort, entscheidung=Entscheidung.ANGENOMMEN)
    Fragebogen.objects.filter(pk=bogen.pk).update(status=status)

    personen = ("kontakt", "buergermeister", "fremder_kontakt", "lesend", "geschaeftsstelle")
    gesehen = {wer: tabellen(request.getfixturevalue(wer)) for wer in personen}
    assert gesehen == {
        "kontakt": eigene,
        "buergermeister": eigene,
        "fremder_kontakt": set(),
        "lesend": set(),
        "geschaeftsstelle": {PRUEFUNG},
    }


def test_answers_of_a_fragebogen_that_is_gone_are_told_to_nobody(kontakt, geschaeftsstelle, bogen):
    bogen.delete()

    assert (tabellen(kontakt), tabellen(geschaeftsstelle)) == (set(), set())


# --- mails ------------------------------------------------------------------------------------------------------------
def test_mail_that_hands_a_question_on_does_not_tell_what_was_written(bogen, kontakt, buergermeister, client):
    """The Geschäftsstelle reads the mails that the portal sent."""
    for antwort in bogen.antworten.all():
        antwort_ablauf.uebergeben(antwort=antwort, an=buergermeister, durch=kontakt, heute=HEUTE)

    texte = [f"{mail.betreff} {mail.text}" for mail in Postausgang.objects.all()]
    assert len(texte) == 2
    assert [text for text in texte if WORT in text] == []
    for mail in Postausgang.objects.all():
        assert WORT not in client.get(f"/betrieb/nachrichten/{mail.pk}/").content.decode()
