"""Taking a file over: all of it or nothing, only what was seen, and only once."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from bestandsaufnahme.abfragen.einlesung.plan import Plan, lies, plan_der, planen
from bestandsaufnahme.ablaeufe import einlesung as ablauf
from bestandsaufnahme.ablaeufe import kooperationsfeld
from bestandsaufnahme.ablaeufe.kooperationsfeld import NeuesFeld
from bestandsaufnahme.auswahl import EINLESUNG_UEBERGAENGE, EinlesungStatus, Herkunft
from bestandsaufnahme.models import Bestaetigung, Beteiligung, Einlesung, Kooperation, Kooperationsfeld
from ikz_portal.basis.models import Statuswechsel
from ikz_portal.basis.schleuse import Dateiart, pruefen
from kommunen.models import Kommune, Konto
from tests.bestandsaufnahme.sperrhilfen import bis_jemand_wartet
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BeteiligungFactory,
    ErhebungFactory,
    ExternerPartnerFactory,
    KooperationFactory,
    KooperationsfeldFactory,
)
from tests.fabriken.kommunen import KommuneFactory, KontoFactory
from tests.fabriken.tabellen import KOPF, mappe, zeile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund", "ablageort")]

Anmelden = Callable[[Konto], Client]
STAND, TAG, HEUTE = date(2013, 6, 30), date(2020, 1, 1), date(2026, 3, 2)
JETZT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TABELLEN = {"xlsx": {Dateiart.XLSX}, "csv": {Dateiart.CSV}}


@pytest.fixture
def ablageort(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def aufgenommen(
    inhalt: bytes, durch: Konto, *, name: str = "matrix.xlsx", ab: date = TAG, herkunft: str = Herkunft.FUSSNOTE
) -> Einlesung:
    geprueft = pruefen(SimpleUploadedFile(name, inhalt), erlaubt=TABELLEN[name[-4:].strip(".")], hoechstens=10 << 20)
    return ablauf.aufnehmen(geprueft=geprueft, gilt_ab=ab, herkunft=herkunft, durch=durch, heute=HEUTE)


def uebernommen(einlesung: Einlesung, durch: Konto, *, gesehen: str | None = None) -> bool:
    return ablauf.uebernehmen(
        einlesung=einlesung,
        gesehen=einlesung.pruefsumme if gesehen is None else gesehen,
        durch=durch,
        jetzt=JETZT,
        heute=HEUTE,
    )


def spannen() -> list[tuple[Any, ...]]:
    return list(
        Beteiligung.objects.order_by("kooperation__bezeichnung", "kommune__name", "gilt_ab").values_list(
            *("kooperation__bezeichnung", "kommune__name", "gilt_ab", "gilt_bis", "status", "rolle", "herkunft"),
        )
    )


@pytest.fixture
def stadt() -> Kommune:
    return KommuneFactory(name="Musterstadt", ags="06999010")


@pytest.fixture
def post(stadt: Kommune) -> Kooperation:
    feld = KooperationsfeldFactory(aufgabenfeld__name="Zentrales", name="Post", reihenfolge=7)
    return KooperationFactory(kooperationsfeld=feld, symbol="■", bezeichnung="Postverbund")


def eine(**angaben: Any) -> list[Any]:
    vorgabe = {"aufgabenfeld": "Zentrales", "kooperationsfeld": "Post", "zeichen": "■", "ags": "06999010"}
    return zeile(**{**vorgabe, "kooperation": "Postverbund", "status": "besteht", **angaben})


# --- what is written --------------------------------------------------------------------------------------------------
def test_taking_over_writes_new_and_changed_spans(post: Kooperation, stadt: Kommune, geschaeftsstelle: Konto) -> None:
    runde = ErhebungFactory(stichtag=TAG)
    alte = BeteiligungFactory(kooperation=post, kommune=stadt, gilt_ab=STAND)
    einlesung = aufgenommen(
        mappe([KOPF, eine(status="vorgesehen", bekannt_durch="laut Erhebung", vorgesehen_bis="01.01.2030")]),
        geschaeftsstelle,
    )
    assert (einlesung.status, Beteiligung.objects.count()) == ("geprueft", 1)

    assert uebernommen(einlesung, geschaeftsstelle)

    assert spannen() == [
        ("Postverbund", "Musterstadt", STAND, TAG, "besteht", "beteiligt", "fussnote"),
        ("Postverbund", "Musterstadt", TAG, None, "vorgesehen", "beteiligt", "erhebung"),
    ]
    alte.refresh_from_db()
    neue = Beteiligung.objects.get(gilt_ab=TAG)
    assert (alte.beendet_durch, neue.erhebung, neue.vorgesehen_bis) == (runde, runde, date(2030, 1, 1))
    einlesung.refresh_from_db()
    assert (einlesung.status, einlesung.uebernommen_am) == ("uebernommen", JETZT)
    assert (einlesung.zusammenfassung["geaenderte_angaben"], einlesung.zusammenfassung["zeilen"]) == (1, 1)


def test_new_kooperation_arises_with_all_that_the_rows_say(
    post: Kooperation, stadt: Kommune, geschaeftsstelle: Konto
) -> None:
    vorhandener = ExternerPartnerFactory(name="Post AG")
    runde = ErhebungFactory(stichtag=STAND)
    neu = {"kooperationsfeld": "Bauhof", "zeichen": "", "kooperation": "Gemeinsamer Bauhof"}
    einlesung = aufgenommen(
        mappe(
            [
                KOPF,
                eine(
                    **neu,
                    rechtsform="Zweckverband",
                    externe_partner="post ag; Bahn AG",
                    seit="Mai 2012",
                    zuletzt_bestaetigt=STAND,
                ),
            ]
        ),
        geschaeftsstelle,
    )

    assert uebernommen(einlesung, geschaeftsstelle)

    koop = Kooperation.objects.get(bezeichnung="Gemeinsamer Bauhof")
    assert (koop.symbol, koop.rechtsform, koop.seit, koop.seit_genauigkeit, koop.veroeffentlicht) == (
        *("■", "zv", date(2012, 5, 1), "monat", False),
    )
    assert (koop.kooperationsfeld.name, koop.kooperationsfeld.reihenfolge) == ("Bauhof", 8)
    assert koop.quelle == "Datei „matrix.xlsx“, eingelesen am 02.03.2026"
    assert {partner.name for partner in koop.externe_partner.all()} == {vorhandener.name, "Bahn AG"}
    assert Bestaetigung.objects.filter(kooperation=koop).values_list("kommune", "am", "erhebung").get() == (
        *(None, STAND, runde.pk),
    )


def test_every_step_is_a_dated_row(post: Kooperation, geschaeftsstelle: Konto) -> None:
    einlesung = aufgenommen(mappe([KOPF, eine()]), geschaeftsstelle)
    uebernommen(einlesung, geschaeftsstelle)

    wechsel = Statuswechsel.objects.filter(objekt_id=einlesung.pk, content_type__model="einlesung").order_by("pk")
    assert list(wechsel.values_list("von", "nach", "gueltig_ab", "durch")) == [
        ("", "geprueft", HEUTE, geschaeftsstelle.pk),
        ("geprueft", "uebernommen", HEUTE, geschaeftsstelle.pk),
    ]


def test_file_of_the_matrix_kind_is_taken_over_too(post: Kooperation, stadt: Kommune, geschaeftsstelle: Konto) -> None:
    ErhebungFactory(stichtag=TAG)
    kopf = ["Aufgabenfeld", "Kooperationsfeld", "Musterstadt"]

    assert uebernommen(
        aufgenommen(mappe([kopf, ["Zentrales", "Post", "vF"]]), geschaeftsstelle, herkunft="erhebung"),
        geschaeftsstelle,
    )

    assert spannen() == [("Postverbund", "Musterstadt", TAG, None, "vorgesehen", "federfuehrend", "erhebung")]


def test_upload_says_laut_erhebung_only_for_a_stichtag(post: Kooperation, geschaeftsstelle: Konto) -> None:
    with pytest.raises(ValidationError) as grund:
        aufgenommen(mappe([KOPF, eine()]), geschaeftsstelle, herkunft="erhebung")

    assert grund.value.message_dict == {
        "gilt_ab": ["Zum 01.01.2020 gibt es keine Erhebung. Bitte nennen Sie den Stichtag einer Erhebung."]
    }


# --- all or nothing ---------------------------------------------------------------------------------------------------
def test_nothing_is_written_if_the_last_row_fails_in_the_database(
    post: Kooperation, stadt: Kommune, geschaeftsstelle: Konto
) -> None:
    BeteiligungFactory(kooperation=post, kommune=stadt, gilt_ab=STAND)
    letzte = KommuneFactory(name="Letzte", ags="06999099")
    zeilen = [eine(status="vorgesehen"), *(eine(zeichen="", kooperation=f"Neu {n}") for n in range(20))]
    zeilen.append(eine(zeichen="", kooperation="Neu 19", ags="06999099"))
    einlesung = aufgenommen(mappe([KOPF, *zeilen]), geschaeftsstelle)
    vorher = (spannen(), list(Kooperation.objects.values_list("bezeichnung")))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE bestandsaufnahme_beteiligung ADD CONSTRAINT probe CHECK (kommune_id <> %s)", [letzte.pk]
        )

    with pytest.raises(ValidationError, match="nichts ist übernommen"):
        uebernommen(einlesung, geschaeftsstelle)

    assert (spannen(), list(Kooperation.objects.values_list("bezeichnung"))) == vorher
    einlesung.refresh_from_db()
    assert einlesung.status == "geprueft"


def test_file_with_an_error_is_never_written(post: Kooperation, geschaeftsstelle: Konto) -> None:
    einlesung = aufgenommen(mappe([KOPF, eine(), eine(status="kaputt", ags="")]), geschaeftsstelle)
    assert einlesung.status == "fehlerhaft"

    with pytest.raises(ValidationError, match="Die Datei hat Fehler"):
        uebernommen(einlesung, geschaeftsstelle)

    assert spannen() == []


def test_file_without_a_change_is_not_taken_over(post: Kooperation, stadt: Kommune, geschaeftsstelle: Konto) -> None:
    BeteiligungFactory(kooperation=post, kommune=stadt, gilt_ab=TAG)

    with pytest.raises(ValidationError, match="ändert nichts"):
        uebernommen(aufgenommen(mappe([KOPF, eine()]), geschaeftsstelle), geschaeftsstelle)


def test_file_that_is_gone_is_told_and_not_written(post: Kooperation, geschaeftsstelle: Konto) -> None:
    einlesung = aufgenommen(mappe([KOPF, eine()]), geschaeftsstelle)
    einlesung.fassung.datei.storage.delete(einlesung.fassung.datei.name)

    assert [fehler.satz for fehler in plan_der(einlesung).fehler] == ["Die Datei liegt nicht mehr im Archiv."]
    assert not uebernommen(einlesung, geschaeftsstelle)
    assert spannen() == []


# --- only what was seen, and once -------------------------------------------------------------------------------------
def test_matrix_that_changed_since_is_shown_anew_instead(
    post: Kooperation, stadt: Kommune, geschaeftsstelle: Konto
) -> None:
    einlesung = aufgenommen(mappe([KOPF, eine()]), geschaeftsstelle)
    gesehen = einlesung.pruefsumme
    BeteiligungFactory(kooperation=post, kommune=stadt, gilt_ab=STAND, status="vorgesehen")

    assert not uebernommen(einlesung, geschaeftsstelle)

    assert spannen() == [("Postverbund", "Musterstadt", STAND, None, "vorgesehen", "beteiligt", "fussnote")]
    einlesung.refresh_from_db()
    assert einlesung.pruefsumme != gesehen
    assert (einlesung.status, einlesung.zusammenfassung["geaenderte_angaben"]) == ("geprueft", 1)
    assert uebernommen(einlesung, geschaeftsstelle)


def test_error_that_the_matrix_mended_meanwhile_is_one_no_more(stadt: Kommune, geschaeftsstelle: Konto) -> None:
    einlesung = aufgenommen(mappe([KOPF, eine()]), geschaeftsstelle)
    AufgabenfeldFactory(name="Zentrales")

    assert not uebernommen(einlesung, geschaeftsstelle)

    einlesung.refresh_from_db()
    assert einlesung.status == "geprueft"
    assert uebernommen(einlesung, geschaeftsstelle)


@pytest.mark.parametrize("von", EinlesungStatus)
@pytest.mark.parametrize("handlung", ["uebernehmen", "verwerfen"])
def test_only_open_files_are_settled(
    post: Kooperation, geschaeftsstelle: Konto, von: EinlesungStatus, handlung: str
) -> None:
    einlesung = aufgenommen(mappe([KOPF, eine()]), geschaeftsstelle)
    zeit = JETZT if von == EinlesungStatus.UEBERNOMMEN else None
    Einlesung.objects.filter(pk=einlesung.pk).update(status=von, uebernommen_am=zeit)
    nach = EinlesungStatus.UEBERNOMMEN if handlung == "uebernehmen" else EinlesungStatus.VERWORFEN

    def ausfuehren() -> None:
        if handlung == "uebernehmen":
            uebernommen(einlesung, geschaeftsstelle)
        else:
            ablauf.verwerfen(einlesung=einlesung, durch=geschaeftsstelle, heute=HEUTE)

    if nach in EINLESUNG_UEBERGAENGE[von]:
        ausfuehren()
    else:
        with pytest.raises(ValidationError, match="schon übernommen" if zeit else "verworfen"):
            ausfuehren()
    einlesung.refresh_from_db()
    assert einlesung.status == (nach if nach in EINLESUNG_UEBERGAENGE[von] else von)
    assert len(spannen()) == (1 if einlesung.status == "uebernommen" and not zeit else 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_consent_at_once_one_is_told_that_it_is_done(post: Kooperation, geschaeftsstelle: Konto) -> None:
    einlesung = aufgenommen(mappe([KOPF, eine(), eine(zeichen="", kooperation="Neu")]), geschaeftsstelle)
    zugleich, ausgang = Barrier(2), []

    def zustimmen(konto: Konto) -> None:
        zugleich.wait(10)
        try:
            ausgang.append(uebernommen(einlesung, konto))
        except ValidationError as fehler:
            ausgang.append(" ".join(fehler.messages))
        finally:
            connection.close()

    faeden = [Thread(target=zustimmen, args=(konto,)) for konto in (geschaeftsstelle, KontoFactory())]
    for faden in faeden:
        faden.start()
    for faden in faeden:
        faden.join(30)

    assert sorted(ausgang, key=str) == ["Diese Datei ist schon übernommen: am 02.03.2026, 10:30 Uhr.", True]
    assert len(spannen()) == 2


@pytest.mark.django_db(transaction=True)
def test_two_files_with_the_same_new_kooperation_at_once_make_it_once(
    post: Kooperation, geschaeftsstelle: Konto
) -> None:
    inhalt = mappe([KOPF, eine(kooperationsfeld="Neues Feld", zeichen="", kooperation="Neu")])
    einlesungen = [aufgenommen(inhalt, geschaeftsstelle) for _ in range(2)]
    zugleich, ausgang = Barrier(2), []

    def zustimmen(einlesung: Einlesung) -> None:
        zugleich.wait(10)
        try:
            ausgang.append(uebernommen(einlesung, geschaeftsstelle))
        finally:
            connection.close()

    faeden = [Thread(target=zustimmen, args=(einlesung,)) for einlesung in einlesungen]
    for faden in faeden:
        faden.start()
    for faden in faeden:
        faden.join(30)

    assert sorted(ausgang) == [False, True]
    assert (Kooperation.objects.filter(bezeichnung="Neu").count(), len(spannen())) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_taking_over_while_a_kooperation_moves_to_a_new_field_waits_in_one_direction(
    post: Kooperation, geschaeftsstelle: Konto
) -> None:
    einlesung = aufgenommen(mappe([KOPF, eine()]), geschaeftsstelle)
    gesperrt, ausgang = Event(), []

    def verlegen() -> None:
        try:
            with transaction.atomic():
                Kooperation.objects.select_for_update().get(pk=post.pk)
                gesperrt.set()
                bis_jemand_wartet()
                ausgang.append(kooperationsfeld.anlegen(NeuesFeld(post.kooperationsfeld.aufgabenfeld, "Porto")).name)
        finally:
            connection.close()

    faden = Thread(target=verlegen)
    faden.start()
    gesperrt.wait(30)
    ausgang.append(uebernommen(einlesung, geschaeftsstelle))
    faden.join(30)

    assert ausgang == ["Porto", True]


# --- round trip -------------------------------------------------------------------------------------------------------
@pytest.fixture
def reiche_matrix(post: Kooperation, stadt: Kommune) -> None:
    """Several spans, all kinds of Status and Rolle, several marks in a cell, words that a spreadsheet would run."""
    runde = ErhebungFactory(stichtag=STAND)
    nachbar = KommuneFactory(name="Nachbarstadt")
    feld = post.kooperationsfeld
    plus = KooperationFactory(
        kooperationsfeld=feld, symbol="+", bezeichnung="=Rechtsamt; gemeinsam", rechtsform="zv", seit=date(2012, 1, 1),
        seit_genauigkeit="jahr", externe_partner=[ExternerPartnerFactory(name=n) for n in ("-Post AG", "Bahn AG")],
        bestaetigt=STAND,
    )  # fmt: skip
    gescheitert = KooperationFactory(kooperationsfeld=feld, symbol="A", bezeichnung="Archiv", veroeffentlicht=False)
    wie = {"kooperation": post, "kommune": stadt}
    BeteiligungFactory(**wie, gilt_ab=STAND, gilt_bis=date(2016, 1, 1), herkunft="erhebung", erhebung=runde)
    BeteiligungFactory(
        **wie, gilt_ab=date(2016, 1, 1), gilt_bis=date(2018, 1, 1), status="vorgesehen", vorgesehen_bis=TAG
    )
    BeteiligungFactory(**wie, gilt_ab=date(2018, 6, 1), rolle="federfuehrend", herkunft="beschluss")
    BeteiligungFactory(kooperation=plus, kommune=stadt, gilt_ab=STAND, rolle="leistungsempfaenger")
    BeteiligungFactory(kooperation=plus, kommune=nachbar, gilt_ab=date(2014, 1, 1), status="unbekannt")
    BeteiligungFactory(kooperation=gescheitert, kommune=nachbar, gilt_ab=STAND, status="erwogen")


@pytest.mark.parametrize("art", ["xlsx", "csv"])
@pytest.mark.parametrize("stichtag", ["2013-06-30", "2015-01-01", "2017-01-01", "2018-03-01", "2021-01-01"])
@pytest.mark.usefixtures("reiche_matrix")
def test_export_read_back_changes_nothing_on_any_day(
    angemeldet: Anmelden, geschaeftsstelle: Konto, art: str, stichtag: str
) -> None:
    export = angemeldet(geschaeftsstelle).get("/bestandsaufnahme/", {"format": art, "stichtag": stichtag})

    plan = planen(lies(export.content, f"matrix.{art}"), ab=HEUTE, herkunft=Herkunft.BESCHLUSS)

    assert (plan.fehler, [zeile.hinweis for zeile in plan.zeilen if zeile.hinweis]) == ([], [])
    assert {zeile.art for zeile in plan.zeilen} == {"unveraendert"}
    assert len(plan.zeilen) == Beteiligung.objects.am(date.fromisoformat(stichtag)).count()
    assert not plan.aendert_etwas


@pytest.mark.parametrize("art", ["xlsx", "csv"])
@pytest.mark.usefixtures("reiche_matrix")
def test_export_read_into_an_empty_matrix_gives_the_same_export(
    angemeldet: Anmelden, geschaeftsstelle: Konto, art: str
) -> None:
    frage = {"format": art, "stichtag": "2014-06-30"}
    client = angemeldet(geschaeftsstelle)
    export = client.get("/bestandsaufnahme/", frage).content
    vorher = lies(export, f"a.{art}").zeilen
    assert len(vorher) == 5
    Kooperationsfeld.objects.get().kooperationen.all().delete()
    Kooperationsfeld.objects.all().delete()

    einlesung = aufgenommen(export, geschaeftsstelle, name=f"matrix.{art}")
    assert einlesung.zusammenfassung["neue_kooperationen"] == 3
    assert uebernommen(einlesung, geschaeftsstelle)

    nachher = lies(client.get("/bestandsaufnahme/", frage).content, f"a.{art}").zeilen
    assert nachher == vorher


def test_seed_data_read_back_changes_nothing(angemeldet: Anmelden, geschaeftsstelle: Konto) -> None:
    call_command("grunddaten", verbosity=0)
    client = angemeldet(geschaeftsstelle)
    for art in ("xlsx", "csv"):
        plan: Plan = planen(
            lies(client.get("/bestandsaufnahme/", {"format": art}).content, f"a.{art}"), ab=HEUTE, herkunft="fussnote"
        )
        assert plan.zahlen == {
            "zeilen": 44,
            "fehler": 0,
            "neue_felder": 0,
            "neue_kooperationen": 0,
            "neue_beteiligungen": 0,
            "geaenderte_angaben": 0,
            "unveraenderte": 44,
        }
