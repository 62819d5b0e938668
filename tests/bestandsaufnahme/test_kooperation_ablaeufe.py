"""A Kooperation is created, corrected, changed from a day on, ended, or does not come about."""

from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from bestandsaufnahme.abfragen.kooperation.zustand import ende_der_kooperation, mit_zustand
from bestandsaufnahme.abfragen.matrix.stand import am_tag
from bestandsaufnahme.ablaeufe import kooperation as ablauf
from bestandsaufnahme.ablaeufe.kooperation import KooperationAngaben, Teilnehmende
from bestandsaufnahme.ablaeufe.kooperationsfeld import NeuesFeld
from bestandsaufnahme.auswahl import SYMBOLE_DER_REIHE, BeteiligungStatus, Herkunft
from bestandsaufnahme.models import ExternerPartner, Kooperation, Kooperationsfeld, Kooperationsstand
from ikz_portal.basis.models import Statuswechsel
from ikz_portal.basis.rueckblick import Veraltet
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

pytestmark = pytest.mark.django_db
HEUTE = date(2026, 5, 19)


def angaben(kooperation: Kooperation | None = None, **andere: Any) -> KooperationAngaben:
    """Return what the form says when nothing but this was changed."""
    if kooperation is None:
        werte: dict[str, Any] = {"kooperationsfeld": KooperationsfeldFactory(), "bezeichnung": "Streusalz"}
        return KooperationAngaben(**werte | andere)
    kooperation.refresh_from_db()
    mengen = {"externe_partner", "hemmnisse"}
    namen = [feld.name for feld in fields(KooperationAngaben)]
    werte = {n: list(getattr(kooperation, n).all()) if n in mengen else getattr(kooperation, n) for n in namen}
    return KooperationAngaben(**werte | andere)


def bearbeiten(kooperation: Kooperation, durch: Konto, ab: date | None = None, **andere: Any) -> Kooperation:
    neue = angaben(kooperation, **andere)
    return ablauf.bearbeiten(kooperation=kooperation, version=kooperation.version, angaben=neue, ab=ab, durch=durch)


def namen_am(kooperation: Kooperation, tag: date) -> tuple[str, list[str]]:
    ((gelesen, _),) = am_tag(Kooperation.objects.filter(pk=kooperation.pk), tag)
    return gelesen.bezeichnung, gelesen.partnernamen


def zustand(kooperation: Kooperation, tag: date = HEUTE, geheime: tuple[int, ...] = ()) -> str:
    return str(mit_zustand(Kooperation.objects.filter(pk=kooperation.pk), tag, geheime=geheime).get().zustand)


# --- created ----------------------------------------------------------------------------------------------------------
def test_erfassen_creates_it_with_field_partners_and_kommunen(
    kommune: Kommune, andere_kommune: Kommune, geschaeftsstelle: Konto
) -> None:
    oben, alter = AufgabenfeldFactory(), ExternerPartnerFactory(name="Abfallverband")
    neue = ablauf.erfassen(
        angaben=angaben(kooperationsfeld=NeuesFeld(oben, " Winter  dienst "), veroeffentlicht=True),
        teilnehmende=Teilnehmende(
            rollen={kommune: "federfuehrend", andere_kommune: "beteiligt"},
            ab=date(2020, 1, 1),
            status=BeteiligungStatus.VORGESEHEN,
            herkunft=Herkunft.BESCHLUSS,
            vorgesehen_bis=date(2021, 1, 1),
        ),
        neue_partner=["Salinen AG", "abfallverband", " ", "Salinen AG"],
        durch=geschaeftsstelle,
    )
    assert (neue.kooperationsfeld.aufgabenfeld, neue.kooperationsfeld.name) == (oben, "Winter dienst")
    assert [p.name for p in neue.externe_partner.all()] == ["Abfallverband", "Salinen AG"]
    assert alter in neue.externe_partner.all()
    beteiligt = neue.beteiligungen.order_by("kommune__name")
    assert [(b.kommune, b.rolle, b.status, b.vorgesehen_bis) for b in beteiligt] == [
        (kommune, "federfuehrend", "vorgesehen", date(2021, 1, 1)),
        (andere_kommune, "beteiligt", "vorgesehen", date(2021, 1, 1)),
    ]
    assert zustand(neue) == "vorgesehen"


def test_erfassen_is_all_or_nothing(kommune: Kommune, geschaeftsstelle: Konto) -> None:
    oben = AufgabenfeldFactory()
    with pytest.raises(ValidationError):
        ablauf.erfassen(
            angaben=angaben(kooperationsfeld=NeuesFeld(oben, "Winterdienst")),
            teilnehmende=Teilnehmende(
                rollen={kommune: "chef"}, ab=date(2020, 1, 1), status="besteht", herkunft="beschluss"
            ),
            neue_partner=["Salinen AG"],
            durch=geschaeftsstelle,
        )
    assert not Kooperation.objects.exists()
    assert not ExternerPartner.objects.exists()
    assert not Kooperationsfeld.objects.filter(name="Winterdienst").exists()


def test_a_new_field_of_a_name_that_there_is_is_that_one(geschaeftsstelle: Konto) -> None:
    feld = KooperationsfeldFactory(name="Winterdienst", reihenfolge=3)
    neue = ablauf.erfassen(
        angaben=angaben(kooperationsfeld=NeuesFeld(feld.aufgabenfeld, "winterdienst")), durch=geschaeftsstelle
    )
    anderes = ablauf.erfassen(
        angaben=angaben(kooperationsfeld=NeuesFeld(feld.aufgabenfeld, "Grünpflege")), durch=geschaeftsstelle
    )
    assert neue.kooperationsfeld == feld
    assert anderes.kooperationsfeld.reihenfolge == 4


def test_symbol_is_the_next_free_one_of_the_field(geschaeftsstelle: Konto) -> None:
    feld = KooperationsfeldFactory()
    for symbol in ("■", "●"):
        KooperationFactory(kooperationsfeld=feld, symbol=symbol)
    symbole = [ablauf.anlegen(angaben=angaben(kooperationsfeld=feld), durch=geschaeftsstelle).symbol for _ in range(3)]
    assert symbole == ["□", "⊕", "+"]


def test_symbol_that_is_taken_is_refused(geschaeftsstelle: Konto) -> None:
    eine = KooperationFactory(symbol="■")
    with pytest.raises(ValidationError) as fehler:
        ablauf.anlegen(angaben=angaben(kooperationsfeld=eine.kooperationsfeld, symbol="■"), durch=geschaeftsstelle)
    assert "Dieses Symbol steht in dem Feld schon für eine andere Kooperation." in fehler.value.messages


def test_a_field_without_a_free_symbol_is_told(geschaeftsstelle: Konto) -> None:
    feld = KooperationsfeldFactory()
    Kooperation.objects.bulk_create(
        Kooperation(kooperationsfeld=feld, symbol=symbol, bezeichnung=symbol) for symbol in SYMBOLE_DER_REIHE
    )
    with pytest.raises(ValidationError) as fehler:
        ablauf.anlegen(angaben=angaben(kooperationsfeld=feld), durch=geschaeftsstelle)
    assert fehler.value.message_dict == {"symbol": ["In diesem Kooperationsfeld ist kein Symbol mehr frei."]}


def test_edited_it_keeps_its_symbol_when_the_field_is_left_empty(geschaeftsstelle: Konto) -> None:
    eine = KooperationFactory(symbol="■")
    assert bearbeiten(eine, geschaeftsstelle, symbol="").symbol == "■"


# --- corrected or changed ---------------------------------------------------------------------------------------------
def test_a_correction_holds_for_all_days(geschaeftsstelle: Konto) -> None:
    eine = KooperationFactory(bezeichnung="Postverbnud")
    bearbeiten(eine, geschaeftsstelle, bezeichnung="Postverbund")

    assert not Kooperationsstand.objects.exists()
    assert namen_am(eine, date(2000, 1, 1))[0] == "Postverbund"


def test_a_change_from_a_day_on_keeps_the_words_of_earlier_days(geschaeftsstelle: Konto) -> None:
    alter, neuer = ExternerPartnerFactory(name="Post AG"), ExternerPartnerFactory(name="Kurier AG")
    eine = KooperationFactory(bezeichnung="Postverbund", externe_partner=[alter])
    bearbeiten(eine, geschaeftsstelle, date(2020, 1, 1), bezeichnung="Kurierverbund", externe_partner=[neuer])
    eine.refresh_from_db()
    bearbeiten(eine, geschaeftsstelle, date(2022, 1, 1), bezeichnung="Botenverbund")

    tage = (date(2019, 12, 31), date(2020, 1, 1), date(2021, 12, 31), date(2022, 1, 1))
    assert [namen_am(eine, tag) for tag in tage] == [
        ("Postverbund", ["Post AG"]),
        ("Kurierverbund", ["Kurier AG"]),
        ("Kurierverbund", ["Kurier AG"]),
        ("Botenverbund", ["Kurier AG"]),
    ]


def test_a_second_change_of_the_same_day_keeps_what_was_before_the_first(geschaeftsstelle: Konto) -> None:
    eine = KooperationFactory(bezeichnung="A")
    for name in ("B", "C"):
        bearbeiten(eine, geschaeftsstelle, date(2020, 1, 1), bezeichnung=name)
        eine.refresh_from_db()
    assert [namen_am(eine, tag)[0] for tag in (date(2019, 1, 1), date(2020, 1, 1))] == ["A", "C"]


def test_a_change_before_the_last_one_is_refused_and_nothing_of_it_stays(geschaeftsstelle: Konto) -> None:
    eine = KooperationFactory(bezeichnung="A")
    bearbeiten(eine, geschaeftsstelle, date(2020, 1, 1), bezeichnung="B")
    eine.refresh_from_db()

    with pytest.raises(ValidationError) as fehler:
        bearbeiten(eine, geschaeftsstelle, date(2019, 1, 1), bezeichnung="C")
    assert list(fehler.value.message_dict) == ["ab"]
    eine.refresh_from_db()
    assert (eine.bezeichnung, eine.staende.count()) == ("B", 1)


def test_a_day_without_other_words_keeps_no_stand(geschaeftsstelle: Konto) -> None:
    eine = KooperationFactory()
    bearbeiten(eine, geschaeftsstelle, date(2020, 1, 1), veroeffentlicht=False)
    assert not Kooperationsstand.objects.exists()


def test_whoever_read_an_older_version_is_told(geschaeftsstelle: Konto) -> None:
    eine = KooperationFactory(bezeichnung="A")
    veraltete = eine.version
    bearbeiten(eine, geschaeftsstelle, bezeichnung="B")

    with pytest.raises(Veraltet):
        ablauf.bearbeiten(
            kooperation=eine, version=veraltete, angaben=angaben(eine, bezeichnung="C"), ab=None, durch=geschaeftsstelle
        )
    eine.refresh_from_db()
    assert eine.bezeichnung == "B"


def test_partners_alone_raise_the_version(geschaeftsstelle: Konto) -> None:
    eine = KooperationFactory()
    vorher = eine.version
    bearbeiten(eine, geschaeftsstelle, externe_partner=[ExternerPartnerFactory()])
    eine.refresh_from_db()
    assert eine.version == vorher + 1


# --- ended ------------------------------------------------------------------------------------------------------------
def test_beenden_ends_whoever_takes_part(kommune: Kommune, geschaeftsstelle: Konto) -> None:
    eine = KooperationFactory()
    laufende = BeteiligungFactory(kooperation=eine, kommune=kommune)
    frueher = BeteiligungFactory(kooperation=eine, gilt_bis=date(2015, 1, 1))
    kuerzer = BeteiligungFactory(kooperation=eine, gilt_bis=date(2030, 1, 1))
    ablauf.beenden(kooperation=eine, letzter_tag=date(2020, 12, 31), durch=geschaeftsstelle)

    eine.refresh_from_db()
    assert (eine.bis, eine.bis_genauigkeit) == (date(2020, 12, 31), "tag")
    enden = {b.pk: b.gilt_bis for b in eine.beteiligungen.all()}
    assert enden == {laufende.pk: date(2021, 1, 1), frueher.pk: date(2015, 1, 1), kuerzer.pk: date(2021, 1, 1)}
    assert [zustand(eine, tag) for tag in (date(2020, 12, 31), date(2021, 1, 1))] == ["laufend", "beendet"]
    wechsel = Statuswechsel.objects.get(objekt_id=eine.pk)
    assert (wechsel.von, wechsel.nach, wechsel.gueltig_ab, wechsel.durch) == (
        "laufend",
        "beendet",
        date(2021, 1, 1),
        geschaeftsstelle,
    )


def test_beenden_twice_with_the_same_day_is_once_with_another_refused(geschaeftsstelle: Konto) -> None:
    eine = KooperationFactory()
    for _ in range(2):
        ablauf.beenden(kooperation=eine, letzter_tag=date(2020, 12, 31), durch=geschaeftsstelle)
    assert Statuswechsel.objects.count() == 1

    with pytest.raises(ValidationError, match=r"Die Kooperation endet schon am 31.12.2020\."):
        ablauf.beenden(kooperation=eine, letzter_tag=date(2021, 12, 31), durch=geschaeftsstelle)


def test_beenden_before_somebody_joins_is_refused(kommune: Kommune, geschaeftsstelle: Konto) -> None:
    eine = KooperationFactory()
    BeteiligungFactory(kooperation=eine, kommune=kommune, gilt_ab=date(2022, 1, 1))

    with pytest.raises(ValidationError) as fehler:
        ablauf.beenden(kooperation=eine, letzter_tag=date(2020, 12, 31), durch=geschaeftsstelle)
    satz = "Für die Zeit danach ist schon eingetragen: Musterstadt ab 01.01.2022. Bitte berichtigen Sie das zuerst."
    assert fehler.value.message_dict == {"letzter_tag": [satz]}


def test_beenden_before_it_began_is_refused(geschaeftsstelle: Konto) -> None:
    eine = KooperationFactory(seit=date(2020, 1, 1), seit_genauigkeit="jahr")
    with pytest.raises(ValidationError, match="Das Ende liegt vor dem Beginn"):
        ablauf.beenden(kooperation=eine, letzter_tag=date(2019, 12, 31), durch=geschaeftsstelle)


def test_an_end_that_somebody_outlasts_is_no_correction(geschaeftsstelle: Konto) -> None:
    eine = BeteiligungFactory().kooperation
    with pytest.raises(ValidationError) as fehler:
        bearbeiten(eine, geschaeftsstelle, bis=date(2020, 1, 1), bis_genauigkeit="jahr")
    satz = "Danach ist noch 1 Kommune beteiligt. Beenden Sie die Kooperation auf ihrer Seite: Das beendet beides."
    assert fehler.value.message_dict == {"bis": [satz]}


@pytest.mark.parametrize(
    ("bis", "genauigkeit", "letzter", "vorbei_am"),
    [
        (date(2020, 5, 3), "tag", date(2020, 5, 3), date(2020, 5, 4)),
        (date(2020, 2, 1), "monat", date(2020, 2, 29), date(2020, 3, 1)),
        (date(2020, 1, 1), "jahr", date(2020, 12, 31), date(2021, 1, 1)),
    ],
)
def test_an_end_known_vaguely_is_over_when_it_surely_is(
    bis: date, genauigkeit: str, letzter: date, vorbei_am: date
) -> None:
    eine = KooperationFactory(bis=bis, bis_genauigkeit=genauigkeit)
    assert ende_der_kooperation(eine) == letzter
    assert [zustand(eine, letzter), zustand(eine, vorbei_am)] == ["laufend", "beendet"]


# --- not come about ---------------------------------------------------------------------------------------------------
def test_scheitern_says_that_all_considered_it(kommune: Kommune, geschaeftsstelle: Konto) -> None:
    hemmnis = HemmnisFactory(name="kein Gremienbeschluss")
    eine = KooperationFactory()
    BeteiligungFactory(
        kooperation=eine, kommune=kommune, status="vorgesehen", rolle="federfuehrend", vorgesehen_bis=date(2015, 1, 1)
    )
    ablauf.scheitern(
        kooperation=eine,
        jahr=2016,
        grund=" Zu teuer. ",
        hemmnisse=[hemmnis],
        ab=date(2016, 5, 1),
        durch=geschaeftsstelle,
    )
    eine.refresh_from_db()
    assert (eine.gescheitert_jahr, eine.gescheitert_grund) == (2016, "Zu teuer.")
    assert list(eine.hemmnisse.all()) == [hemmnis]
    assert [(b.status, b.rolle, b.gilt_ab, b.gilt_bis) for b in eine.beteiligungen.order_by("gilt_ab")] == [
        ("vorgesehen", "federfuehrend", date(2013, 6, 30), date(2016, 5, 1)),
        ("erwogen", "federfuehrend", date(2016, 5, 1), None),
    ]
    assert zustand(eine) == "gescheitert"
    wechsel = Statuswechsel.objects.get(objekt_id=eine.pk)
    assert (wechsel.von, wechsel.nach, wechsel.gueltig_ab, wechsel.grund) == (
        "vorgesehen",
        "gescheitert",
        date(2016, 5, 1),
        "Zu teuer.",
    )


def scheitern(kooperation: Kooperation, durch: Konto, **andere: Any) -> Kooperation:
    werte = {"jahr": 2016, "grund": "Zu teuer.", "hemmnisse": [], "ab": date(2016, 5, 1)}
    return ablauf.scheitern(kooperation=kooperation, durch=durch, **werte | andere)


def test_what_exists_already_does_not_fail(kommune: Kommune, geschaeftsstelle: Konto) -> None:
    eine = BeteiligungFactory(kommune=kommune).kooperation
    with pytest.raises(ValidationError, match=r"Die Kooperation besteht schon für Musterstadt\."):
        scheitern(eine, geschaeftsstelle)
    eine.refresh_from_db()
    assert eine.gescheitert_jahr is None


def test_scheitern_before_somebody_joins_is_refused(geschaeftsstelle: Konto) -> None:
    eine = BeteiligungFactory(gilt_ab=date(2020, 1, 1), status="vorgesehen").kooperation
    with pytest.raises(ValidationError) as fehler:
        scheitern(eine, geschaeftsstelle)
    assert list(fehler.value.message_dict) == ["ab"]


def test_what_has_failed_neither_fails_nor_ends_again(geschaeftsstelle: Konto) -> None:
    eine = KooperationFactory(gescheitert_jahr=2014)
    satz = r"Die Kooperation ist nicht zustande gekommen \(2014\)\."
    with pytest.raises(ValidationError, match=satz):
        scheitern(eine, geschaeftsstelle)
    with pytest.raises(ValidationError, match=satz):
        ablauf.beenden(kooperation=eine, letzter_tag=date(2020, 1, 1), durch=geschaeftsstelle)


def test_what_has_ended_does_not_fail(geschaeftsstelle: Konto) -> None:
    eine = KooperationFactory(bis=date(2015, 1, 1), bis_genauigkeit="jahr")
    with pytest.raises(ValidationError, match=r"Die Kooperation endet schon am 31.12.2015\."):
        scheitern(eine, geschaeftsstelle)


@pytest.mark.parametrize(("angabe", "feld"), [({"jahr": 16}, "__all__"), ({"jahr": 99999}, "jahr")])
def test_scheitern_asks_for_a_real_year(geschaeftsstelle: Konto, angabe: dict[str, int], feld: str) -> None:
    with pytest.raises(ValidationError) as fehler:
        scheitern(KooperationFactory(), geschaeftsstelle, **angabe)
    assert list(fehler.value.message_dict) == [feld]


def test_a_failure_is_no_correction_of_what_goes_on(geschaeftsstelle: Konto) -> None:
    eine = BeteiligungFactory(status="vorgesehen").kooperation
    with pytest.raises(ValidationError) as fehler:
        bearbeiten(eine, geschaeftsstelle, gescheitert_jahr=2016, gescheitert_grund="Zu teuer.")
    assert list(fehler.value.message_dict) == ["gescheitert_jahr"]


def test_a_failure_can_be_taken_back_as_a_correction(geschaeftsstelle: Konto) -> None:
    eine = BeteiligungFactory(status="erwogen").kooperation
    Kooperation.objects.update(gescheitert_jahr=2016, gescheitert_grund="Zu teuer.")
    eine.refresh_from_db()
    bearbeiten(eine, geschaeftsstelle, gescheitert_jahr=None, gescheitert_grund="")
    assert zustand(eine) == "laufend"


# --- what a round that isn't public did -------------------------------------------------------------------------------
def test_end_by_a_secret_round_is_not_told(geschaeftsstelle: Konto) -> None:
    runde = ErhebungFactory(veroeffentlicht=False)
    eine = BeteiligungFactory().kooperation
    ablauf.beenden(kooperation=eine, letzter_tag=date(2020, 1, 1), erhebung=runde, durch=geschaeftsstelle)

    assert (zustand(eine), zustand(eine, geheime=(runde.pk,))) == ("beendet", "laufend")


def test_failure_by_a_secret_round_is_not_told(geschaeftsstelle: Konto) -> None:
    runde = ErhebungFactory(veroeffentlicht=False)
    eine = BeteiligungFactory(status="vorgesehen").kooperation
    scheitern(eine, geschaeftsstelle, erhebung=runde)

    assert (zustand(eine), zustand(eine, geheime=(runde.pk,))) == ("gescheitert", "vorgesehen")
