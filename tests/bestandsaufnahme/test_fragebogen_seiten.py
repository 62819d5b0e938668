"""The pages of the Fragebogen: what each person sees and may press, conflicts, paper, the phone book of refusals."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from bestandsaufnahme.ablaeufe import antwort as antwort_ablauf
from bestandsaufnahme.ablaeufe import fragebogen as ablauf
from bestandsaufnahme.ablaeufe.antwort import AntwortAngaben
from bestandsaufnahme.auswahl import AntwortArt, Aussage, ErhebungStatus, FragebogenStatus
from bestandsaufnahme.models import Erhebung, Fragebogen, Fragebogenantwort
from kommunen.models import Kommune, Konto
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BeteiligungFactory,
    ErhebungFactory,
    InteressenbekundungFactory,
)
from tests.fabriken.kommunen import KommuneFactory, KontoFactory, VertretungFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

Anmelden = Callable[[Konto], Client]
STICHTAG = date(2026, 6, 30)
ALLE_FORMEN = [
    "partner_im_kreis", "partner_ausserhalb", "vertrag", "vertrag_vom", "kosten", "personal", "nutzen",
    "zufriedenheit", "erfolgsfaktoren", "hemmnisse",
]  # fmt: skip


@pytest.fixture(autouse=True)
def zeit():
    with time_machine.travel(date(2026, 11, 22), tick=False):
        yield


@pytest.fixture
def bogen(kommune: Kommune, geschaeftsstelle: Konto) -> Fragebogen:
    """Two Kooperationen, two Aufgabenfelder, one question asked once."""
    for name in ("Postverbund", "Rechtsamt"):
        BeteiligungFactory(kommune=kommune, kooperation__bezeichnung=name)
    AufgabenfeldFactory()
    return anlegen(kommune, geschaeftsstelle, fragen=["interesse", "arbeitsgruppe"])


def anlegen(kommune: Kommune, durch: Konto, *, fragen: list[str]) -> Fragebogen:
    erhebung = ErhebungFactory(laufend=True, stichtag=STICHTAG, fragen=fragen, frist=date(2026, 12, 4))
    return ablauf.anlegen(erhebung=erhebung, kommune=kommune, durch=durch)


def adresse(bogen: Fragebogen, rest: str = "") -> str:
    return f"/bestandsaufnahme/erhebungen/{bogen.erhebung_id}/{bogen.kommune.ags}/{rest}"


def erste(bogen: Fragebogen, art: AntwortArt = AntwortArt.KOOPERATION) -> Fragebogenantwort:
    antwort = bogen.antworten.filter(art=art).order_by("pk").first()
    assert antwort is not None
    return antwort


def freigeben(bogen: Fragebogen, durch: Konto) -> None:
    ablauf.unveraendert(fragebogen=bogen, durch=durch, heute=timezone.localdate(), jetzt=timezone.now())


def text(antwort: Any) -> str:
    return " ".join(antwort.content.decode().split())


# --- who sees what ----------------------------------------------------------------------------------------------------
def test_detail_shows_the_kommune_its_questions(angemeldet: Anmelden, bogen: Fragebogen, kontakt: Konto) -> None:
    antwort = angemeldet(kontakt).get(adresse(bogen))

    seite = antwort.context["seite"]
    assert [(zeile.titel, zeile.aussage) for zeile in seite.kooperationen] == [
        ("Postverbund", Aussage.OFFEN),
        ("Rechtsamt", Aussage.OFFEN),
    ]
    assert seite.kooperationen[0].stand == [("Status", "besteht"), ("Rolle", "beteiligt")]
    assert antwort.context["kopf"].frist == "04.12.2026 – noch 12 Tage"
    assert antwort.context["kopf"].anlage == "Anlage 1 (Städte und Gemeinden)"
    assert (seite.pflicht.beantwortet, seite.pflicht.alle) == (0, 2)


def test_detail_strangers_get_404(
    angemeldet: Anmelden, bogen: Fragebogen, fremder_kontakt: Konto, lesend: Konto, kommune: Kommune
) -> None:
    leser = KontoFactory(kommune=kommune, rolle="lesen")

    codes = {konto.pk: angemeldet(konto).get(adresse(bogen)).status_code for konto in (fremder_kontakt, lesend, leser)}

    assert set(codes.values()) == {404}
    assert Client().get(adresse(bogen)).status_code == 302


def test_detail_of_an_address_with_a_null_character_is_unknown(
    angemeldet: Anmelden, bogen: Fragebogen, geschaeftsstelle: Konto
) -> None:
    for rest in ("", "pruefung/"):
        antwort = angemeldet(geschaeftsstelle).get(f"/bestandsaufnahme/erhebungen/{bogen.erhebung_id}/a%00b/{rest}")
        assert antwort.status_code == 404


def test_detail_geschaeftsstelle_sees_the_state_alone_until_released(
    angemeldet: Anmelden, bogen: Fragebogen, geschaeftsstelle: Konto, kontakt: Konto, buergermeister: Konto
) -> None:
    client = angemeldet(geschaeftsstelle)
    angaben = AntwortAngaben(aussage=Aussage.BEENDET, angaben={"grund": "streng geheim"})
    antwort_ablauf.speichern(
        antwort=erste(bogen), version=1, angaben=angaben, durch=kontakt, heute=STICHTAG, jetzt=timezone.now()
    )

    vorher = client.get(adresse(bogen))
    assert vorher.status_code == 200
    assert "seite" not in vorher.context
    assert "Nur der Stand" in text(vorher)
    assert "streng geheim" not in text(vorher)
    assert "Postverbund" not in text(vorher)

    ablauf.rest_gilt_noch(fragebogen=bogen, durch=kontakt, heute=STICHTAG, jetzt=timezone.now())
    ablauf.freigeben(fragebogen=bogen, durch=buergermeister, heute=STICHTAG, jetzt=timezone.now())
    nachher = client.get(adresse(bogen))
    assert "streng geheim" in text(nachher)
    assert [zeile.wer for zeile in nachher.context["seite"].kooperationen] == ["", ""]
    assert kontakt.name not in text(nachher).replace("Fremder Kontakt", "")


def test_detail_own_kommune_reads_who_answered(
    angemeldet: Anmelden, bogen: Fragebogen, kontakt: Konto, buergermeister: Konto
) -> None:
    antwort_ablauf.gilt_noch(antwort=erste(bogen), version=1, durch=kontakt, heute=STICHTAG, jetzt=timezone.now())

    zeile = angemeldet(buergermeister).get(adresse(bogen)).context["seite"].kooperationen[0]

    assert (zeile.aussage, zeile.wer) == (Aussage.GILT_NOCH, "Kontakt, 22.11.2026, 01:00 Uhr")


def test_detail_of_the_kreis_is_anlage_2(angemeldet: Anmelden, geschaeftsstelle: Konto) -> None:
    kreis = KommuneFactory(kreis=True)
    bogen = anlegen(kreis, geschaeftsstelle, fragen=["aufsicht"])

    antwort = angemeldet(KontoFactory(kommune=kreis)).get(adresse(bogen))

    assert antwort.context["kopf"].anlage == "Anlage 2 (Kreis)"
    assert [zeile.titel for zeile in antwort.context["seite"].fragen] == [
        "Wo berührt die Kommunalaufsicht die Rolle als Partner?"
    ]


@pytest.mark.parametrize(
    ("tag", "satz"),
    [
        (date(2026, 12, 3), "noch 1 Tag"),
        (date(2026, 12, 4), "endet heute"),
        (date(2026, 12, 5), "abgelaufen, Antworten gehen als „nach der Frist“ ein"),
    ],
)
def test_detail_counts_the_days(angemeldet: Anmelden, bogen: Fragebogen, kontakt: Konto, tag: date, satz: str) -> None:
    with time_machine.travel(tag, tick=False):
        antwort = angemeldet(kontakt).get(adresse(bogen))

    assert antwort.context["kopf"].frist == f"04.12.2026 – {satz}"


def test_release_after_the_frist_says_so(angemeldet: Anmelden, bogen: Fragebogen, buergermeister: Konto) -> None:
    with time_machine.travel(date(2026, 12, 9), tick=False):
        client = angemeldet(buergermeister)
        client.post(adresse(bogen, "unveraendert/"))
        antwort = client.get(adresse(bogen))

    assert antwort.context["kopf"].freigegeben == "09.12.2026, 01:00 Uhr, Verwaltungsspitze, nach der Frist"


@pytest.mark.parametrize("anzahl", [1, 3])
def test_detail_queries(
    angemeldet: Anmelden,
    kontakt: Konto,
    geschaeftsstelle: Konto,
    anzahl: int,
    django_assert_num_queries: Any,
) -> None:
    for _ in range(anzahl):
        BeteiligungFactory(kommune=kontakt.kommune)
        AufgabenfeldFactory()
    bogen = anlegen(kontakt.kommune, geschaeftsstelle, fragen=["interesse", "arbeitsgruppe", *ALLE_FORMEN])
    client = angemeldet(kontakt)

    with django_assert_num_queries(11):
        client.get(adresse(bogen))
    antwort = erste(bogen)
    with django_assert_num_queries(12):
        client.get(adresse(bogen, f"antworten/{antwort.pk}/"))
    with django_assert_num_queries(6):
        client.get(adresse(bogen, "interessen/"))


# --- the two ways -----------------------------------------------------------------------------------------------------
def test_unchanged_kommune_finishes_the_round_with_one_confirmation(
    angemeldet: Anmelden, bogen: Fragebogen, buergermeister: Konto
) -> None:
    client = angemeldet(buergermeister)
    assert client.get(adresse(bogen)).context["darf_unveraendert"]

    antwort = client.post(adresse(bogen, "unveraendert/"), follow=True)

    bogen.refresh_from_db()
    assert bogen.status == FragebogenStatus.FREIGEGEBEN
    assert "Alles ist bestätigt, der Fragebogen ist freigegeben." in text(antwort)
    assert not antwort.context["darf_ausfuellen"]
    assert "<button" not in text(antwort).split('id="inhalt"')[1].split("</main>")[0]


def test_unveraendert_is_the_heads_alone(
    angemeldet: Anmelden, bogen: Fragebogen, kontakt: Konto, geschaeftsstelle: Konto, fremder_kontakt: Konto
) -> None:
    codes = [
        angemeldet(konto).post(adresse(bogen, weg)).status_code
        for konto in (kontakt, geschaeftsstelle, fremder_kontakt)
        for weg in ("unveraendert/", "freigeben/")
    ]

    assert codes == [403, 403, 403, 403, 404, 404]
    bogen.refresh_from_db()
    assert bogen.status == FragebogenStatus.OFFEN


def test_unveraendert_is_not_offered_where_a_change_is_written(
    angemeldet: Anmelden, bogen: Fragebogen, buergermeister: Konto
) -> None:
    Fragebogenantwort.objects.filter(pk=erste(bogen).pk).update(aussage=Aussage.BEENDET)
    client = angemeldet(buergermeister)

    assert not client.get(adresse(bogen)).context["darf_unveraendert"]
    assert "schon Änderungen" in text(client.post(adresse(bogen, "unveraendert/"), follow=True))


def test_freigeben_tells_what_is_missing_as_a_list(
    angemeldet: Anmelden, bogen: Fragebogen, buergermeister: Konto
) -> None:
    antwort = angemeldet(buergermeister).post(adresse(bogen, "freigeben/"))

    assert antwort.context["fehlende"] == [
        "„Postverbund“ ist noch nicht beantwortet.",
        "„Rechtsamt“ ist noch nicht beantwortet.",
    ]
    assert "<li>„Rechtsamt“ ist noch nicht beantwortet.</li>" in text(antwort)


def test_going_through_and_releasing(
    angemeldet: Anmelden, bogen: Fragebogen, kontakt: Konto, buergermeister: Konto
) -> None:
    client, antwort = angemeldet(kontakt), erste(bogen)

    ein_klick = client.post(adresse(bogen, f"antworten/{antwort.pk}/gilt-noch/"), {"version": 1})
    assert ein_klick.url == f"{adresse(bogen)}#antwort-{antwort.pk}"
    client.post(adresse(bogen, "rest-gilt-noch/"))
    client.post(adresse(bogen, "vorlegen/"))
    antwort_ = angemeldet(buergermeister).post(adresse(bogen, "freigeben/"), follow=True)

    assert "Die Geschäftsstelle prüft ihn jetzt" in text(antwort_)
    bogen.refresh_from_db()
    assert (bogen.status, bogen.freigegeben_durch) == (FragebogenStatus.FREIGEGEBEN, buergermeister)


def test_deputy_of_another_kommune_fills_in_and_releases(
    angemeldet: Anmelden, bogen: Fragebogen, buergermeister: Konto, fremder_kontakt: Konto
) -> None:
    VertretungFactory(vertretener=buergermeister, vertreter=fremder_kontakt)
    client = angemeldet(fremder_kontakt)

    assert client.get(adresse(bogen)).context["darf_freigeben"]
    antwort = client.post(adresse(bogen, "unveraendert/"), follow=True)

    wer = "Fremder Kontakt in Vertretung für Verwaltungsspitze"
    assert antwort.context["kopf"].freigegeben == f"22.11.2026, 01:00 Uhr, {wer}"


# --- nothing after the release, nothing outside of a round ------------------------------------------------------------
def schreibende(bogen: Fragebogen) -> list[str]:
    pk = erste(bogen).pk
    einzeln = [f"antworten/{pk}/{rest}" for rest in ("", "gilt-noch/", "loeschen/", "uebergeben/")]
    ganze = ("antworten/neu/", "interessen/", "stelle/", "rest-gilt-noch/", "vorlegen/", "freigeben/", "unveraendert/")
    return [*einzeln, *ganze]


def test_posts_after_the_release_are_refused_in_german(
    angemeldet: Anmelden, bogen: Fragebogen, buergermeister: Konto
) -> None:
    freigeben(bogen, buergermeister)
    vorher = list(bogen.antworten.values())
    client = angemeldet(buergermeister)

    antworten = [client.post(adresse(bogen, weg)) for weg in schreibende(bogen)]

    assert {antwort.status_code for antwort in antworten} == {403}
    assert all("wird nicht mehr geändert" in text(antwort) for antwort in antworten)
    assert list(bogen.antworten.values()) == vorher


def test_posts_outside_of_a_running_round_are_refused_in_german(
    angemeldet: Anmelden, bogen: Fragebogen, buergermeister: Konto
) -> None:
    Erhebung.objects.filter(pk=bogen.erhebung_id).update(status=ErhebungStatus.AUSWERTUNG)
    client = angemeldet(buergermeister)

    seite = client.get(adresse(bogen))
    antworten = [client.post(adresse(bogen, weg)) for weg in schreibende(bogen)]

    assert "Sie ist in Auswertung." in text(seite)
    assert not seite.context["darf_ausfuellen"]
    assert {antwort.status_code for antwort in antworten} == {403}
    assert all("Die Erhebung läuft nicht." in text(antwort) for antwort in antworten)


def test_geschaeftsstelle_may_not_look_into_the_forms(
    angemeldet: Anmelden, bogen: Fragebogen, geschaeftsstelle: Konto
) -> None:
    client = angemeldet(geschaeftsstelle)

    antworten = [client.post(adresse(bogen, weg)) for weg in schreibende(bogen)]
    antworten.append(client.get(adresse(bogen, f"antworten/{erste(bogen).pk}/")))

    assert {antwort.status_code for antwort in antworten} == {403}
    assert all("nur die Kommune selbst" in text(antwort) for antwort in antworten)


def test_answers_of_another_fragebogen_are_unknown(
    angemeldet: Anmelden, bogen: Fragebogen, kontakt: Konto, andere_kommune: Kommune, geschaeftsstelle: Konto
) -> None:
    BeteiligungFactory(kommune=andere_kommune)
    fremder = ablauf.anlegen(erhebung=bogen.erhebung, kommune=andere_kommune, durch=geschaeftsstelle)

    assert angemeldet(kontakt).get(adresse(bogen, f"antworten/{erste(fremder).pk}/")).status_code == 404


# --- on paper ---------------------------------------------------------------------------------------------------------
def test_papier_the_geschaeftsstelle_answers_and_releases(
    angemeldet: Anmelden, bogen: Fragebogen, geschaeftsstelle: Konto, kontakt: Konto
) -> None:
    client = angemeldet(geschaeftsstelle)
    assert client.get(adresse(bogen)).context["darf_papier"]

    begonnen = client.post(adresse(bogen, "papier/"), {"vermerk": "Brief vom 12.05.2026"}, follow=True)
    freigegeben = client.post(adresse(bogen, "unveraendert/"), follow=True)

    assert begonnen.context["darf_ausfuellen"]
    assert "was auf Papier kam: Brief vom 12.05.2026" in text(begonnen)
    assert freigegeben.context["kopf"].freigegeben == "22.11.2026, 01:00 Uhr, Geschäftsstelle"
    assert "was auf Papier kam: Brief vom 12.05.2026" in text(angemeldet(kontakt).get(adresse(bogen)))


def test_papier_is_refused_to_the_others_and_after_the_kommune_began(
    angemeldet: Anmelden, bogen: Fragebogen, geschaeftsstelle: Konto, buergermeister: Konto, fremder_kontakt: Konto
) -> None:
    codes = [
        angemeldet(konto).post(adresse(bogen, "papier/"), {"vermerk": "Brief"}).status_code
        for konto in (buergermeister, fremder_kontakt)
    ]
    ablauf.stelle_nennen(fragebogen=bogen, version=1, stelle="Hauptamt", durch=buergermeister, heute=STICHTAG)
    antwort = angemeldet(geschaeftsstelle).post(adresse(bogen, "papier/"), {"vermerk": "Brief"})

    assert codes == [403, 404]
    assert antwort.status_code == 403
    assert "nicht selbst begonnen" in text(antwort)


def test_papier_without_a_note_shows_the_form_again(
    angemeldet: Anmelden, bogen: Fragebogen, geschaeftsstelle: Konto
) -> None:
    antwort = angemeldet(geschaeftsstelle).post(adresse(bogen, "papier/"), {"vermerk": " "})

    assert antwort.context["form"].errors == {"vermerk": ["Bitte nennen Sie, wann und wie die Rückmeldung kam."]}


# --- the office that fills it in --------------------------------------------------------------------------------------
def test_stelle_of_an_older_version_shows_both(
    angemeldet: Anmelden, bogen: Fragebogen, kontakt: Konto, buergermeister: Konto
) -> None:
    daten = {"stelle": "Kämmerei", "version": bogen.version}
    angemeldet(kontakt).post(adresse(bogen, "stelle/"), {**daten, "stelle": "Hauptamt"})

    antwort = angemeldet(buergermeister).post(adresse(bogen, "stelle/"), daten)
    assert antwort.status_code == 409
    (unterschied,) = antwort.context["abgleich"].unterschiede
    assert (unterschied.gespeichert, unterschied.eingabe) == ("Hauptamt", "Kämmerei")

    neue = {**daten, "version": antwort.context["abgleich"].version, "gewaehlt": "1", "wahl-stelle": "eingabe"}
    angemeldet(buergermeister).post(adresse(bogen, "stelle/"), neue)
    bogen.refresh_from_db()
    assert bogen.stelle == "Kämmerei"


# --- all interests on one page ----------------------------------------------------------------------------------------
@pytest.fixture
def felder(bogen: Fragebogen, geschaeftsstelle: Konto, kommune: Kommune) -> list[Fragebogenantwort]:
    return list(bogen.antworten.filter(art=AntwortArt.INTERESSE).order_by("aufgabenfeld__reihenfolge"))


def interessen(felder: list[Fragebogenantwort], **gesagt: str) -> dict[str, Any]:
    """Return what the page posts: what is saved, and what this person says instead, by the number of the row."""
    daten: dict[str, Any] = {}
    for nummer, antwort in enumerate(felder):
        daten |= {
            f"aussage-{antwort.pk}": gesagt.get(f"aussage{nummer}", antwort.aussage),
            f"prioritaet-{antwort.pk}": gesagt.get(f"prioritaet{nummer}", ""),
            f"erlaeuterung-{antwort.pk}": gesagt.get(f"erlaeuterung{nummer}", ""),
            f"version-{antwort.pk}": antwort.version,
        }
    return daten


def test_interessen_are_saved_and_counted(
    angemeldet: Anmelden, bogen: Fragebogen, felder: list[Fragebogenantwort], kontakt: Konto
) -> None:
    daten = interessen(felder, aussage0="bedingt", prioritaet0="hoch", erlaeuterung0="nur mit Personal")

    antwort = angemeldet(kontakt).post(adresse(bogen, "interessen/"), daten, follow=True)

    assert "Ihre Angaben zu 1 Aufgabenfeld sind gespeichert." in text(antwort)
    assert antwort.context["seite"].interesse.beantwortet == 1
    gespeichert = bogen.antworten.get(pk=felder[0].pk)
    assert (gespeichert.aussage, gespeichert.erlaeuterung, gespeichert.angaben) == (
        "bedingt",
        "nur mit Personal",
        {"prioritaet": "hoch"},
    )


def test_interessen_show_what_is_declared_already(
    angemeldet: Anmelden, bogen: Fragebogen, felder: list[Fragebogenantwort], kontakt: Konto, andere_kommune: Kommune
) -> None:
    InteressenbekundungFactory(kommune=kontakt.kommune, aufgabenfeld=felder[0].aufgabenfeld)
    InteressenbekundungFactory(kommune=andere_kommune, aufgabenfeld=felder[1].aufgabenfeld)

    zeilen = list(angemeldet(kontakt).get(adresse(bogen, "interessen/")).context["form"].zeilen())

    assert [list(zeile.bekundet) for zeile in zeilen[:2]] == [["Kooperationswille: hat Interesse"], []]


def test_interessen_of_two_people_on_different_rows_are_both_kept(
    angemeldet: Anmelden, bogen: Fragebogen, felder: list[Fragebogenantwort], kontakt: Konto, buergermeister: Konto
) -> None:
    angemeldet(kontakt).post(adresse(bogen, "interessen/"), interessen(felder, aussage0="ja"))

    antwort = angemeldet(buergermeister).post(adresse(bogen, "interessen/"), interessen(felder, aussage1="nein"))

    assert antwort.status_code == 302
    gespeichert = bogen.antworten.in_bulk([feld.pk for feld in felder])
    assert [gespeichert[feld.pk].aussage for feld in felder[:2]] == ["ja", "nein"]


def test_interessen_of_two_people_on_the_same_row_show_both(
    angemeldet: Anmelden, bogen: Fragebogen, felder: list[Fragebogenantwort], kontakt: Konto, buergermeister: Konto
) -> None:
    angemeldet(kontakt).post(adresse(bogen, "interessen/"), interessen(felder, aussage0="ja"))
    client = angemeldet(buergermeister)

    antwort = client.post(adresse(bogen, "interessen/"), interessen(felder, aussage0="nein"))

    assert antwort.status_code == 409
    abgleich = antwort.context["abgleich"]
    (unterschied,) = abgleich.unterschiede
    assert (unterschied.gespeichert, unterschied.eingabe, unterschied.beide) == ("ja", "nein", True)
    assert [vorgang.wer for vorgang in abgleich.vorgaenge] == ["Kontakt"]

    client.post(
        adresse(bogen, "interessen/"), {**dict(abgleich.mitgeschickt), "gewaehlt": "1", unterschied.wahl: "eingabe"}
    )
    assert bogen.antworten.get(pk=felder[0].pk).aussage == "nein"


def test_interessen_with_a_priority_but_no_answer_ask_for_it(
    angemeldet: Anmelden, bogen: Fragebogen, felder: list[Fragebogenantwort], kontakt: Konto
) -> None:
    antwort = angemeldet(kontakt).post(adresse(bogen, "interessen/"), interessen(felder, prioritaet0="hoch"))

    assert antwort.context["form"].errors == {
        f"aussage-{felder[0].pk}": ["Bitte wählen Sie dazu „ja“, „bedingt“ oder „nein“."]
    }


def test_interessen_where_the_round_asks_for_none_are_unknown(
    angemeldet: Anmelden, kontakt: Konto, geschaeftsstelle: Konto
) -> None:
    bogen = anlegen(kontakt.kommune, geschaeftsstelle, fragen=["arbeitsgruppe"])

    assert angemeldet(kontakt).get(adresse(bogen, "interessen/")).status_code == 404
