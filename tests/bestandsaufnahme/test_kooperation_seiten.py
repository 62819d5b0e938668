"""The list of Kooperationen and the page of one: who sees what, filters, files, confirmations, what stays unsaid."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from python_calamine import CalamineWorkbook

from bestandsaufnahme.abfragen.kooperation.beteiligung import fassung
from bestandsaufnahme.ablaeufe import beteiligung as beteiligungen
from bestandsaufnahme.ablaeufe import kooperation as ablauf
from bestandsaufnahme.auswahl import BeteiligungStatus
from bestandsaufnahme.models import Bestaetigung, Erhebung, Kooperation
from kommunen.models import Kommune, Konto
from tests.bestandsaufnahme.test_kooperation_ablaeufe import angaben
from tests.fabriken.bestandsaufnahme import (
    BestaetigungFactory,
    BeteiligungFactory,
    ErhebungFactory,
    ExternerPartnerFactory,
    KooperationFactory,
    KooperationsfeldFactory,
)
from tests.fabriken.kommunen import KontoFactory, VertretungFactory
from tests.fabriken.projekte import ProjektFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]
URL = "/bestandsaufnahme/kooperationen/"
Anmelden = Callable[[Konto], Client]


@pytest.fixture
def gs(angemeldet: Anmelden, geschaeftsstelle: Konto) -> Client:
    return angemeldet(geschaeftsstelle)


@pytest.fixture
def runde(db: None) -> Erhebung:
    """A round that the public knows nothing of yet."""
    return ErhebungFactory(name="Erhebung 2026", veroeffentlicht=False)


def text(antwort: Any) -> str:
    return str(antwort.content.decode())


def namen(client: Client, frage: str = "") -> list[str]:
    return [zeile.bezeichnung for zeile in client.get(URL + frage).context["zeilen"]]


def seite(client: Client, kooperation: Kooperation) -> Any:
    antwort = client.get(f"{URL}{kooperation.pk}/")
    assert antwort.status_code == HTTPStatus.OK
    return antwort


# --- the list ---------------------------------------------------------------------------------------------------------
def test_the_public_sees_what_is_published(client: Client, angemeldet: Anmelden, lesend: Konto) -> None:
    KooperationFactory(bezeichnung="Öffentliche")
    KooperationFactory(bezeichnung="Interne", veroeffentlicht=False)

    assert (namen(client), namen(angemeldet(lesend))) == (["Öffentliche"], ["Öffentliche", "Interne"])
    antwort = client.get(URL)
    assert antwort.context["treffer"] == "1 von 1 Kooperationen"
    assert "Kooperation anlegen" not in text(antwort)


def test_a_row_tells_kommunen_state_and_confirmation(client: Client, kommune: Kommune, andere_kommune: Kommune) -> None:
    eine = KooperationFactory(seit=date(2012, 1, 1), seit_genauigkeit="jahr", bestaetigt=date(2013, 6, 30))
    BeteiligungFactory(kooperation=eine, kommune=kommune, rolle="federfuehrend")
    BeteiligungFactory(kooperation=eine, kommune=andere_kommune, status="vorgesehen")
    BeteiligungFactory(kooperation=eine, gilt_bis=date(2015, 1, 1))

    (zeile,) = client.get(URL).context["zeilen"]
    assert zeile.kommunen == ["Musterstadt (federführend)", "Nachbarstadt (vorgesehen)"]
    assert (zeile.anzahl, zeile.zustand.label, zeile.zeitraum) == ("2 Kommunen", "laufend", "ab 2012")
    assert zeile.zuletzt == "30.06.2013"


@pytest.fixture
def bestand(kommune: Kommune, andere_kommune: Kommune) -> None:
    """One of each state."""
    post = KooperationFactory(
        bezeichnung="Postverbund", rechtsform="priv", externe_partner=[ExternerPartnerFactory(name="Post AG")]
    )
    BeteiligungFactory(kooperation=post, kommune=kommune)
    alte = KooperationFactory(bezeichnung="Altes Amt", bis=date(2015, 6, 30), bis_genauigkeit="tag", rechtsform="zv")
    BeteiligungFactory(kooperation=alte, kommune=kommune, gilt_bis=date(2015, 7, 1))
    geplante = KooperationFactory(bezeichnung="Geplante")
    BeteiligungFactory(kooperation=geplante, kommune=andere_kommune, status="vorgesehen")
    erwogene = KooperationFactory(bezeichnung="Erwogene", gescheitert_jahr=2014)
    BeteiligungFactory(kooperation=erwogene, kommune=andere_kommune, status="erwogen")


@pytest.mark.usefixtures("bestand")
@pytest.mark.parametrize(
    ("frage", "erwartet"),
    [
        ("zustand=laufend", ["Postverbund"]),
        ("zustand=vorgesehen", ["Geplante"]),
        ("zustand=beendet", ["Altes Amt"]),
        ("zustand=gescheitert", ["Erwogene"]),
        ("kommune={kommune}", ["Postverbund", "Altes Amt"]),
        ("status=besteht", ["Postverbund"]),
        ("status=erwogen", ["Erwogene"]),
        ("status=vorgesehen&kommune={kommune}", []),
        ("rechtsform=zv", ["Altes Amt"]),
        ("partner={partner}", ["Postverbund"]),
        ("q=POSTverb", ["Postverbund"]),
        ("q=post+ag", ["Postverbund"]),
        ("q=gibtesnicht", []),
        ("aufgabenfeld={feld}", ["Postverbund"]),
    ],
)
def test_filters(client: Client, kommune: Kommune, frage: str, erwartet: list[str]) -> None:
    post = Kooperation.objects.get(bezeichnung="Postverbund")
    werte = {"kommune": kommune.ags, "partner": post.externe_partner.get().pk}
    werte["feld"] = post.kooperationsfeld.aufgabenfeld.slug
    assert namen(client, f"?{frage.format(**werte)}") == erwartet


@pytest.mark.usefixtures("bestand")
@pytest.mark.parametrize(
    ("frage", "satz"),
    [
        ("zustand=kaputt", "Den Zustand „kaputt“ gibt es nicht."),
        ("kommune=99999999", "Eine Kommune mit dem AGS „99999999“ gibt es nicht."),
        ("partner=99999", "Diesen externen Partner gibt es nicht."),
        ("partner=x", "Diesen externen Partner gibt es nicht."),
        ("rechtsform=verein", "Die Rechtsform „verein“ gibt es nicht."),
        ("status=x", "Den Status „x“ gibt es nicht."),
        ("aufgabenfeld=x", "Das Aufgabenfeld „x“ gibt es nicht."),
        ("q=%00", "Der Text enthält ein Zeichen, das nicht gespeichert werden kann."),
        ("q=" + "x" * 101, "Bitte kürzen Sie den Text auf höchstens 100 Zeichen (jetzt 101)."),
        ("format=pdf", "Dieses Dateiformat gibt es nicht."),
    ],
)
def test_bad_filters_are_answered_with_400_and_a_sentence(client: Client, frage: str, satz: str) -> None:
    antwort = client.get(f"{URL}?{frage}")
    assert antwort.status_code == HTTPStatus.BAD_REQUEST
    assert satz in text(antwort)


@pytest.mark.usefixtures("bestand")
def test_files_hold_what_is_filtered(client: Client) -> None:
    antwort = client.get(f"{URL}?zustand=gescheitert&format=csv")
    kopf, *zeilen = antwort.content.decode("utf-8-sig").splitlines()
    assert kopf.startswith("Aufgabenfeld;Kooperationsfeld;Zeichen;Kooperation;Erläuterung;Zustand;Rechtsform")
    assert [zeile.split(";")[3:6] for zeile in zeilen] == [["Erwogene", "", "nicht zustande gekommen"]]

    mappe = CalamineWorkbook.from_filelike(BytesIO(client.get(f"{URL}?format=xlsx").content))
    tabelle = mappe.get_sheet_by_index(0).to_python()
    assert [zeile[3] for zeile in tabelle] == ["Kooperation", "Postverbund", "Altes Amt", "Geplante", "Erwogene"]
    assert tabelle[1][10] == "Musterstadt"


def test_empty_lists_say_why(client: Client) -> None:
    assert "Noch keine Kooperationen" in text(client.get(URL))
    KooperationFactory()
    assert "Keine Kooperation passt zu diesen Filtern" in text(client.get(f"{URL}?q=gibtesnicht"))


@pytest.mark.parametrize("anzahl", [1, 3])
def test_list_takes_the_same_queries_for_any_number(
    client: Client, gs: Client, runde: Erhebung, django_assert_num_queries: Any, anzahl: int
) -> None:
    for _ in range(anzahl):
        eine = KooperationFactory(externe_partner=[ExternerPartnerFactory()])
        BeteiligungFactory(kooperation=eine)
        BeteiligungFactory(kooperation=eine, gilt_bis=date(2020, 1, 1), beendet_durch=runde)
    with django_assert_num_queries(12):
        client.get(URL)
    with django_assert_num_queries(12):
        gs.get(URL)


# --- the page of one --------------------------------------------------------------------------------------------------
@time_machine.travel("2026-05-19")
def test_page_tells_running_former_and_coming_participants(
    client: Client, kommune: Kommune, andere_kommune: Kommune
) -> None:
    eine = KooperationFactory()
    BeteiligungFactory(kooperation=eine, kommune=kommune, gilt_ab=date(2013, 6, 30), gilt_bis=date(2020, 1, 1))
    BeteiligungFactory(
        kooperation=eine,
        kommune=kommune,
        gilt_ab=date(2020, 1, 1),
        status="vorgesehen",
        vorgesehen_bis=date(2027, 1, 1),
    )
    BeteiligungFactory(kooperation=eine, kommune=andere_kommune, gilt_ab=date(2027, 1, 1))

    alle = seite(client, eine).context["teilnahmen"]
    assert [(z.kommune, z.status_worte, z.zeit) for z in alle.laufende] == [
        ("Musterstadt", "vorgesehen bis 01.01.2027", "ab 01.01.2020")
    ]
    assert [(z.kommune, z.zeit) for z in alle.fruehere] == [("Musterstadt", "30.06.2013 bis 31.12.2019")]
    assert [(z.kommune, z.zeit) for z in alle.kuenftige] == [("Nachbarstadt", "ab 01.01.2027")]


def test_page_tells_what_it_was_called_until_when(client: Client, geschaeftsstelle: Konto) -> None:
    eine = KooperationFactory(bezeichnung="Postverbund", rechtsform="priv")
    neue = angaben(eine, bezeichnung="Kurierverbund", rechtsform="zv")
    ablauf.bearbeiten(kooperation=eine, version=eine.version, angaben=neue, ab=date(2020, 1, 1), durch=geschaeftsstelle)
    (stand,) = seite(client, eine).context["staende"]
    assert (stand.bezeichnung, stand.bis) == ("Postverbund", "01.01.2020")
    assert stand.angaben == [("Rechtsform", "privatrechtlicher Vertrag oder Gesellschaft")]


def test_page_links_the_partners(client: Client) -> None:
    partner = ExternerPartnerFactory(name="Post AG")
    eine = KooperationFactory(externe_partner=[partner])
    assert f'<a href="/bestandsaufnahme/partner/{partner.pk}/">Post AG</a>' in text(seite(client, eine))


def test_page_names_persons_who_confirmed_to_who_is_signed_in(
    client: Client, angemeldet: Anmelden, lesend: Konto, kommune: Kommune, buergermeister: Konto
) -> None:
    eine = KooperationFactory(bestaetigt=date(2013, 6, 30))
    BestaetigungFactory(kooperation=eine, kommune=kommune, am=date(2020, 1, 1), durch=buergermeister)

    def wer(betrachter: Client) -> list[tuple[str, str]]:
        return [(zeile.am, zeile.wer) for zeile in seite(betrachter, eine).context["bestaetigungen"]]

    assert wer(client) == [("01.01.2020", "Musterstadt"), ("30.06.2013", "im Ganzen")]
    assert wer(angemeldet(lesend))[0] == ("01.01.2020", "Musterstadt (Verwaltungsspitze)")


@pytest.mark.parametrize(
    ("projekt", "oeffentlich"),
    [
        ({"veroeffentlicht": True}, True),
        ({"veroeffentlicht": False}, False),
        ({"veroeffentlicht": True, "beispiel": True}, False),
    ],
)
def test_page_tells_the_public_published_projekte_alone(
    client: Client, angemeldet: Anmelden, lesend: Konto, projekt: dict[str, bool], oeffentlich: bool
) -> None:
    eine = KooperationFactory()
    ProjektFactory(name="Postreform", **projekt).kooperationen.add(eine)

    assert ("Postreform" in text(seite(client, eine))) == oeffentlich
    assert "Postreform" in text(seite(angemeldet(lesend), eine))


def test_page_of_an_ended_one_says_so(client: Client, gs: Client) -> None:
    eine = KooperationFactory(
        seit=date(2012, 1, 1), seit_genauigkeit="jahr", bis=date(2015, 6, 30), bis_genauigkeit="tag"
    )
    antwort = seite(client, eine)
    assert antwort.context["zustand"].label == "beendet"
    assert ("Zeitraum", "2012 – 30.06.2015") in antwort.context["fakten"]
    assert "Die Kooperation endet" not in text(seite(gs, eine))


def test_steps_are_for_the_geschaeftsstelle(
    gs: Client, angemeldet: Anmelden, kontakt: Konto, kommune: Kommune, client: Client
) -> None:
    eine = BeteiligungFactory(kommune=kommune)
    adresse = f"{URL}{eine.kooperation.pk}/beteiligungen/{eine.pk}/berichtigen/"
    assert adresse in text(seite(gs, eine.kooperation))
    for andere in (client, angemeldet(kontakt)):
        assert "/beteiligungen/" not in text(seite(andere, eine.kooperation))
        assert "Verlauf" not in text(seite(andere, eine.kooperation))


@pytest.mark.parametrize("status", ["besteht", "vorgesehen"])
def test_what_runs_or_is_planned_can_end_or_fail(gs: Client, kommune: Kommune, status: str) -> None:
    eine = BeteiligungFactory(kommune=kommune, status=status).kooperation
    angebotene = text(seite(gs, eine))
    assert f"{URL}{eine.pk}/beenden/" in angebotene
    assert f"{URL}{eine.pk}/nicht-zustande-gekommen/" in angebotene


def test_what_was_taken_away_is_told_to_the_geschaeftsstelle(
    gs: Client, client: Client, geschaeftsstelle: Konto, kommune: Kommune
) -> None:
    eine = BeteiligungFactory(kommune=kommune)
    beteiligungen.entfernen(
        beteiligung=eine,
        gelesen=fassung(eine),
        grund="In die falsche Spalte geraten.",
        durch=geschaeftsstelle,
        heute=date(2026, 5, 19),
    )
    (zeile,) = seite(gs, eine.kooperation).context["entfernte"]
    assert (zeile.kommune, zeile.am, zeile.durch, zeile.grund) == (
        "Musterstadt",
        "19.05.2026",
        "Geschäftsstelle",
        "In die falsche Spalte geraten.",
    )
    assert "falsche Spalte" not in text(seite(client, eine.kooperation))


@pytest.mark.parametrize("anzahl", [1, 3])
def test_page_takes_the_same_queries_for_any_number(
    gs: Client, client: Client, runde: Erhebung, django_assert_num_queries: Any, anzahl: int
) -> None:
    eine = KooperationFactory(externe_partner=[ExternerPartnerFactory() for _ in range(anzahl)])
    for nummer in range(anzahl):
        BeteiligungFactory(kooperation=eine)
        BestaetigungFactory(kooperation=eine, am=date(2013, 1, 1 + nummer))
        ProjektFactory(veroeffentlicht=True).kooperationen.add(eine)
    with django_assert_num_queries(10):
        client.get(f"{URL}{eine.pk}/")
    with django_assert_num_queries(11):
        gs.get(f"{URL}{eine.pk}/")


# --- confirmed by the head --------------------------------------------------------------------------------------------
@time_machine.travel("2026-05-19")
def test_the_head_confirms_for_the_own_kommune(angemeldet: Anmelden, buergermeister: Konto, kommune: Kommune) -> None:
    eine = BeteiligungFactory(kommune=kommune).kooperation
    spitze = angemeldet(buergermeister)
    assert "Für Musterstadt bestätigen: gilt noch" in text(seite(spitze, eine))

    antwort = spitze.post(f"{URL}{eine.pk}/bestaetigen/", {"kommune": kommune.ags}, follow=True)
    assert "Für Musterstadt ist bestätigt" in text(antwort)
    bestaetigung = Bestaetigung.objects.get()
    assert (bestaetigung.kommune, bestaetigung.am, bestaetigung.durch) == (kommune, date(2026, 5, 19), buergermeister)


def test_who_stands_in_for_the_head_confirms_with_both_names(
    angemeldet: Anmelden, buergermeister: Konto, kommune: Kommune
) -> None:
    vertreter = KontoFactory(name="Vertreterin", kommune=kommune)
    VertretungFactory(vertretener=buergermeister, vertreter=vertreter)
    eine = BeteiligungFactory(kommune=kommune).kooperation
    assert "In Vertretung für Verwaltungsspitze" in text(seite(angemeldet(vertreter), eine))

    angemeldet(vertreter).post(f"{URL}{eine.pk}/bestaetigen/")
    bestaetigung = Bestaetigung.objects.get()
    assert (bestaetigung.durch, bestaetigung.fuer) == (vertreter, buergermeister)


@pytest.mark.parametrize("wer", ["kontakt", "fremder_kontakt", "lesend", "geschaeftsstelle"])
def test_nobody_else_confirms(request: pytest.FixtureRequest, angemeldet: Anmelden, wer: str, kommune: Kommune) -> None:
    eine = BeteiligungFactory(kommune=kommune).kooperation
    client = angemeldet(request.getfixturevalue(wer))
    for koerper in ({}, {"kommune": kommune.ags}, {"kommune": "x\x00"}):
        assert client.post(f"{URL}{eine.pk}/bestaetigen/", koerper).status_code == HTTPStatus.FORBIDDEN
    assert not Bestaetigung.objects.exists()


def test_the_head_of_another_kommune_confirms_nothing_for_this_one(
    angemeldet: Anmelden, buergermeister: Konto, andere_kommune: Kommune
) -> None:
    eine = BeteiligungFactory(kommune=andere_kommune).kooperation
    spitze = angemeldet(buergermeister)
    assert "gilt noch" not in text(seite(spitze, eine))
    fremde = spitze.post(f"{URL}{eine.pk}/bestaetigen/", {"kommune": andere_kommune.ags})
    assert fremde.status_code == HTTPStatus.FORBIDDEN
    eigene = spitze.post(f"{URL}{eine.pk}/bestaetigen/", follow=True)
    assert "Musterstadt ist heute nicht an" in text(eigene)
    assert not Bestaetigung.objects.exists()


def test_confirming_is_no_link(angemeldet: Anmelden, buergermeister: Konto) -> None:
    antwort = angemeldet(buergermeister).get(f"{URL}{KooperationFactory().pk}/bestaetigen/")
    assert antwort.status_code == HTTPStatus.METHOD_NOT_ALLOWED


# --- what a round that isn't public did, the public doesn't read ------------------------------------------------------
@time_machine.travel("2026-05-19")
def test_an_end_by_a_secret_round(
    client: Client, gs: Client, geschaeftsstelle: Konto, runde: Erhebung, kommune: Kommune
) -> None:
    eine = BeteiligungFactory(kommune=kommune).kooperation
    ablauf.beenden(kooperation=eine, letzter_tag=date(2020, 6, 30), erhebung=runde, durch=geschaeftsstelle)

    antwort = seite(client, eine)
    assert antwort.context["zustand"].label == "laufend"
    assert [z.zeit for z in antwort.context["teilnahmen"].laufende] == ["ab 30.06.2013"]
    assert "2020" not in text(antwort)
    assert (namen(client, "?zustand=beendet"), namen(client, "?zustand=laufend")) == ([], [eine.bezeichnung])
    assert "2020" not in client.get(f"{URL}?format=csv").content.decode()
    assert seite(gs, eine).context["zustand"].label == "beendet"


@time_machine.travel("2026-05-19")
def test_a_failure_by_a_secret_round(
    client: Client, gs: Client, geschaeftsstelle: Konto, runde: Erhebung, kommune: Kommune
) -> None:
    eine = BeteiligungFactory(kommune=kommune, status=BeteiligungStatus.VORGESEHEN).kooperation
    werte: dict[str, Any] = {"jahr": 2020, "grund": "Zu teuer.", "hemmnisse": [], "ab": date(2020, 6, 30)}
    ablauf.scheitern(kooperation=eine, erhebung=runde, durch=geschaeftsstelle, **werte)

    for inhalt in (text(seite(client, eine)), client.get(f"{URL}?format=csv").content.decode()):
        assert "Zu teuer." not in inhalt
        assert "2020" not in inhalt
    assert namen(client, "?zustand=vorgesehen") == [eine.bezeichnung]
    assert "Zu teuer." in text(seite(gs, eine))


@time_machine.travel("2026-05-19")
def test_other_words_by_a_secret_round(client: Client, gs: Client, geschaeftsstelle: Konto, runde: Erhebung) -> None:
    alter, neuer = ExternerPartnerFactory(name="Post AG"), ExternerPartnerFactory(name="Kurier AG")
    eine = KooperationFactory(bezeichnung="Postverbund", rechtsform="priv", externe_partner=[alter])
    neue = angaben(eine, bezeichnung="Kurierverbund", rechtsform="zv", externe_partner=[neuer])
    ablauf.bearbeiten(
        kooperation=eine,
        version=eine.version,
        angaben=neue,
        ab=date(2020, 1, 1),
        erhebung=runde,
        durch=geschaeftsstelle,
    )

    inhalt = text(seite(client, eine))
    assert "Postverbund" in inhalt
    assert "Post AG" in inhalt
    assert seite(client, eine).context["staende"] == []
    for adresse in (f"{URL}{eine.pk}/", URL, f"{URL}?format=csv", "/bestandsaufnahme/partner/"):
        assert "Kurier" not in client.get(adresse).content.decode(), adresse
    assert [namen(client, f"?{frage}") for frage in ("q=kurier", "rechtsform=zv")] == [[], []]
    assert [namen(client, f"?{frage}") for frage in ("q=postverbund", "rechtsform=priv")] == [["Postverbund"]] * 2
    assert namen(client, f"?partner={alter.pk}") == ["Postverbund"]
    assert client.get(f"{URL}?partner={neuer.pk}").status_code == HTTPStatus.BAD_REQUEST
    assert client.get(f"/bestandsaufnahme/partner/{neuer.pk}/").status_code == HTTPStatus.NOT_FOUND
    assert namen(gs, "?q=kurier") == ["Kurierverbund"]


def test_a_kooperation_that_only_a_secret_round_named(
    client: Client, gs: Client, runde: Erhebung, kommune: Kommune
) -> None:
    eine = BeteiligungFactory(kommune=kommune, erhebung=runde, herkunft="erhebung").kooperation

    assert client.get(f"{URL}{eine.pk}/").status_code == HTTPStatus.NOT_FOUND
    assert (namen(client), namen(gs)) == ([], [eine.bezeichnung])
    BeteiligungFactory(kooperation=eine)
    assert namen(client) == [eine.bezeichnung]


def test_a_confirmation_in_a_secret_round(client: Client, gs: Client, runde: Erhebung, kommune: Kommune) -> None:
    eine = KooperationFactory(bestaetigt=date(2013, 6, 30))
    BestaetigungFactory(kooperation=eine, kommune=kommune, am=date(2020, 1, 1), erhebung=runde)

    assert [zeile.am for zeile in seite(client, eine).context["bestaetigungen"]] == ["30.06.2013"]
    assert client.get(URL).context["zeilen"][0].zuletzt == "30.06.2013"
    assert gs.get(URL).context["zeilen"][0].zuletzt == "01.01.2020"


@time_machine.travel("2026-05-19")
def test_a_kommune_stands_once_whatever_a_secret_round_said(
    client: Client, geschaeftsstelle: Konto, runde: Erhebung, kommune: Kommune
) -> None:
    """The round changed a role, then the Geschäftsstelle another one: the public reads the first and the last."""
    eine = BeteiligungFactory(kommune=kommune).kooperation
    werte = {"kooperation": eine, "kommune": kommune, "status": "besteht", "durch": geschaeftsstelle}
    beteiligungen.eintragen(ab=date(2020, 1, 1), rolle="federfuehrend", herkunft="erhebung", erhebung=runde, **werte)
    beteiligungen.eintragen(ab=date(2022, 1, 1), rolle="leistungsempfaenger", herkunft="beschluss", **werte)

    alle = seite(client, eine).context["teilnahmen"]
    assert [(z.rolle, z.zeit) for z in alle.laufende] == [("Leistungsempfänger", "ab 01.01.2022")]
    assert [(z.rolle, z.zeit) for z in alle.fruehere] == [("beteiligt", "30.06.2013 bis 31.12.2021")]


def test_list_stands_in_the_order_of_the_matrix(client: Client) -> None:
    feld = KooperationsfeldFactory(reihenfolge=2)
    KooperationFactory(kooperationsfeld=feld, symbol="●", bezeichnung="Zweite")
    erstes = KooperationsfeldFactory(aufgabenfeld=feld.aufgabenfeld, reihenfolge=1)
    KooperationFactory(kooperationsfeld=erstes, bezeichnung="Erste")
    assert namen(client) == ["Erste", "Zweite"]
