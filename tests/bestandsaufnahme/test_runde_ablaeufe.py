"""Rounds of declarations: every step, and what each refuses."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Count

from bestandsaufnahme.ablaeufe import interesse as bekundungen
from bestandsaufnahme.ablaeufe import interessenrunde as ablauf
from bestandsaufnahme.ablaeufe.interesse import Angaben
from bestandsaufnahme.auswahl import RUNDE_UEBERGAENGE, InteresseArt, RundeStatus, Stufe
from bestandsaufnahme.models import (
    Aufgabenfeld,
    Interessenbekundung,
    Interessenrunde,
    Rundenergebnis,
    Rundennennung,
    Rundenrueckmeldung,
)
from ikz_portal.basis.models import Postausgang, Statuswechsel
from ikz_portal.basis.rueckblick import Veraltet
from kommunen.models import Kommune, Konto
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    InteressenbekundungFactory,
    InteressenrundeFactory,
    KooperationsfeldFactory,
    RundenergebnisFactory,
    RundenrueckmeldungFactory,
)
from tests.fabriken.kommunen import KommuneFactory, KontoFactory, VertretungFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

HEUTE, FRIST, SPAETER = date(2026, 11, 22), date(2026, 12, 31), date(2027, 1, 31)
NEUE: dict[str, Any] = {"name": "Interessenrunde 2026", "frist": FRIST, "anschreiben": "Bitte sagen Sie, was geht."}


@pytest.fixture
def geplante(db: None) -> Interessenrunde:
    return InteressenrundeFactory(
        status=RundeStatus.VORBEREITUNG, veroeffentlicht=False, name="Geplante", frist=FRIST, anschreiben="Bitte."
    )


@pytest.fixture
def runde(db: None) -> Interessenrunde:
    return InteressenrundeFactory(laufend=True, name="Laufende", frist=FRIST, beginn=date(2026, 11, 1))


def angaben(feld: Aufgabenfeld, **andere: Any) -> Angaben:
    werte = {"art": InteresseArt.KOOPERATIONSWILLE, "stufe": Stufe.INTERESSE, "wofuer": "Mehr Kraft."}
    return Angaben(**{**werte, "aufgabenfeld": feld, **andere})


def satz(fehler: pytest.ExceptionInfo[ValidationError]) -> str:
    return " ".join(fehler.value.messages)


def wechsel(runde: Interessenrunde) -> list[tuple[str, str]]:
    return list(Statuswechsel.objects.filter(objekt_id=runde.pk).order_by("pk").values_list("von", "nach"))


def adressen() -> list[str]:
    return sorted(Postausgang.objects.values_list("an", flat=True))


# --- preparing --------------------------------------------------------------------------------------------------------
def test_anlegen_asks_nobody_yet(geschaeftsstelle: Konto, kontakt: Konto) -> None:
    runde = ablauf.anlegen(**NEUE, durch=geschaeftsstelle, heute=HEUTE)

    runde.refresh_from_db()
    assert (runde.status, runde.beginn, runde.jahr, runde.veroeffentlicht) == ("vorbereitung", None, None, False)
    assert wechsel(runde) == [("", "vorbereitung")]
    assert (adressen(), runde.rueckmeldungen.count()) == ([], 0)


@pytest.mark.parametrize("frist", [date(2026, 11, 21), HEUTE])
def test_anlegen_with_a_frist_that_is_not_ahead(geschaeftsstelle: Konto, frist: date) -> None:
    with pytest.raises(ValidationError) as fehler:
        ablauf.anlegen(**{**NEUE, "frist": frist}, durch=geschaeftsstelle, heute=HEUTE)

    assert fehler.value.message_dict == {
        "frist": ["Die Frist liegt nicht nach heute. Bitte wählen Sie einen späteren Tag."]
    }
    assert not Interessenrunde.objects.exists()


def test_anlegen_with_the_name_of_another(geschaeftsstelle: Konto, geplante: Interessenrunde) -> None:
    with pytest.raises(ValidationError, match="So heißt schon eine andere Runde"):
        ablauf.anlegen(**{**NEUE, "name": " Geplante\n"}, durch=geschaeftsstelle, heute=HEUTE)


def test_bearbeiten_in_the_version_that_was_read(geschaeftsstelle: Konto, geplante: Interessenrunde) -> None:
    ablauf.bearbeiten(runde=geplante, version=1, **NEUE, durch=geschaeftsstelle, heute=HEUTE)

    geplante.refresh_from_db()
    assert (geplante.name, geplante.anschreiben, geplante.version) == (NEUE["name"], NEUE["anschreiben"], 2)
    with pytest.raises(Veraltet):
        ablauf.bearbeiten(runde=geplante, version=1, **NEUE, durch=geschaeftsstelle, heute=HEUTE)


# --- every transition -------------------------------------------------------------------------------------------------
SCHRITTE: dict[RundeStatus, Callable[[Interessenrunde, Konto], Any]] = {
    RundeStatus.LAEUFT: lambda runde, konto: ablauf.eroeffnen(runde=runde, durch=konto, heute=HEUTE),
    RundeStatus.ABGESCHLOSSEN: lambda runde, konto: ablauf.abschliessen(
        runde=runde, trotz_fehlender=True, durch=konto, heute=HEUTE
    ),
}


@pytest.mark.parametrize("von", RundeStatus)
@pytest.mark.parametrize("nach", SCHRITTE)
def test_transition_is_allowed_as_the_table_says(
    geschaeftsstelle: Konto, kommune: Kommune, von: RundeStatus, nach: RundeStatus
) -> None:
    runde = InteressenrundeFactory(status=von, frist=FRIST, beginn=date(2026, 11, 1), veroeffentlicht=False)
    AufgabenfeldFactory()

    if nach in RUNDE_UEBERGAENGE[von]:
        SCHRITTE[nach](runde, geschaeftsstelle)
        assert wechsel(runde) == [(von, nach)]
    else:
        with pytest.raises(ValidationError, match="Die Runde lässt sich jetzt nicht"):
            SCHRITTE[nach](runde, geschaeftsstelle)
        assert wechsel(runde) == []
    runde.refresh_from_db()
    assert runde.status == (nach if nach in RUNDE_UEBERGAENGE[von] else von)


@pytest.mark.parametrize("status", [RundeStatus.LAEUFT, RundeStatus.ABGESCHLOSSEN])
def test_bearbeiten_after_the_opening(geschaeftsstelle: Konto, status: RundeStatus) -> None:
    runde = InteressenrundeFactory(status=status, frist=FRIST, beginn=HEUTE, veroeffentlicht=False)

    with pytest.raises(ValidationError, match="lässt sich nicht mehr bearbeiten"):
        ablauf.bearbeiten(runde=runde, version=1, **NEUE, durch=geschaeftsstelle, heute=HEUTE)


@pytest.mark.parametrize("status", [RundeStatus.VORBEREITUNG, RundeStatus.ABGESCHLOSSEN])
def test_only_a_running_round_is_extended_or_answered(
    geschaeftsstelle: Konto, kontakt: Konto, status: RundeStatus
) -> None:
    runde = InteressenrundeFactory(status=status, frist=FRIST, veroeffentlicht=False)
    anfrage = RundenrueckmeldungFactory(runde=runde, kommune=kontakt.kommune)

    with pytest.raises(ValidationError, match="nur in einer laufenden Runde"):
        ablauf.verlaengern(runde=runde, frist=SPAETER, durch=geschaeftsstelle, heute=HEUTE)
    with pytest.raises(ValidationError, match="nur in einer laufenden Runde"):
        ablauf.zurueckmelden(runde=runde, kommune=kontakt.kommune, durch=kontakt, heute=HEUTE)
    anfrage.refresh_from_db()
    runde.refresh_from_db()
    assert (anfrage.am, runde.frist) == (None, FRIST)


# --- opening ----------------------------------------------------------------------------------------------------------
def test_eroeffnen_asks_every_kommune_and_everybody_who_acts_for_it(
    geschaeftsstelle: Konto, geplante: Interessenrunde, kontakt: Konto, buergermeister: Konto, fremder_kontakt: Konto
) -> None:
    vertreter = VertretungFactory(vertretener=buergermeister).vertreter
    KontoFactory(kommune=kontakt.kommune, is_active=False)
    KommuneFactory(name="Stummstadt")

    versand = ablauf.eroeffnen(runde=geplante, durch=geschaeftsstelle, heute=HEUTE)

    geplante.refresh_from_db()
    assert (geplante.status, geplante.beginn, geplante.jahr) == ("laeuft", HEUTE, 2026)
    assert geplante.rueckmeldungen.filter(am__isnull=True).count() == Kommune.objects.count()
    gefragt = {kontakt.email, buergermeister.email, fremder_kontakt.email, vertreter.email}
    assert set(adressen()) == gefragt
    assert "Stummstadt" in versand.ohne_konto
    assert versand.mails == len(adressen())


def test_eroeffnen_writes_what_is_asked_and_until_when(
    settings: Any, geschaeftsstelle: Konto, geplante: Interessenrunde, kontakt: Konto
) -> None:
    ablauf.eroeffnen(runde=geplante, durch=geschaeftsstelle, heute=HEUTE)

    brief = Postausgang.objects.get()
    assert brief.betreff == "Geplante: Rückmeldung bis 31.12.2026"
    assert "Woran möchte Musterstadt mit anderen zusammenarbeiten?" in brief.text
    assert "\n\nBitte.\n\n" in brief.text
    assert "Bitte antworten Sie bis zum 31. Dezember 2026." in brief.text
    assert f"{settings.BASE_URL}{geplante.get_absolute_url()}" in brief.text


@pytest.mark.parametrize("frist", [None, date(2026, 11, 21), HEUTE])
def test_eroeffnen_with_a_frist_that_is_not_ahead(
    geschaeftsstelle: Konto, geplante: Interessenrunde, kommune: Kommune, frist: date | None
) -> None:
    Interessenrunde.objects.filter(pk=geplante.pk).update(frist=frist)

    with pytest.raises(ValidationError, match="Bitte setzen Sie vor dem Eröffnen eine Frist"):
        ablauf.eroeffnen(runde=geplante, durch=geschaeftsstelle, heute=HEUTE)

    assert not Rundenrueckmeldung.objects.exists()


def test_eroeffnen_beside_another_that_runs(
    geschaeftsstelle: Konto, geplante: Interessenrunde, runde: Interessenrunde, kontakt: Konto
) -> None:
    with pytest.raises(ValidationError) as fehler:
        ablauf.eroeffnen(runde=geplante, durch=geschaeftsstelle, heute=HEUTE)

    assert satz(fehler) == "Es läuft schon eine Runde. Bitte schließen Sie diese zuerst ab."
    assert (adressen(), geplante.rueckmeldungen.count()) == ([], 0)


def test_database_refuses_a_second_running_round(runde: Interessenrunde, geplante: Interessenrunde) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Interessenrunde.objects.filter(pk=geplante.pk).update(status=RundeStatus.LAEUFT, beginn=HEUTE)


def test_eroeffnen_without_kommunen(geschaeftsstelle: Konto, geplante: Interessenrunde) -> None:
    with pytest.raises(ValidationError, match="keine Kommune eingetragen"):
        ablauf.eroeffnen(runde=geplante, durch=geschaeftsstelle, heute=HEUTE)

    geplante.refresh_from_db()
    assert geplante.status == RundeStatus.VORBEREITUNG


# --- extending --------------------------------------------------------------------------------------------------------
def test_verlaengern_tells_the_missing_alone(
    geschaeftsstelle: Konto, runde: Interessenrunde, kontakt: Konto, fremder_kontakt: Konto
) -> None:
    RundenrueckmeldungFactory(runde=runde, kommune=kontakt.kommune)
    RundenrueckmeldungFactory(runde=runde, kommune=fremder_kontakt.kommune, am=HEUTE)

    versand = ablauf.verlaengern(runde=runde, frist=SPAETER, durch=geschaeftsstelle, heute=HEUTE)

    runde.refresh_from_db()
    assert (runde.frist, versand.mails, adressen()) == (SPAETER, 1, [kontakt.email])
    assert "bis zum 31. Januar 2027" in Postausgang.objects.get().text


@pytest.mark.parametrize("frist", [FRIST, date(2026, 12, 30), date(2026, 1, 1)])
def test_verlaengern_to_a_day_that_is_not_later(geschaeftsstelle: Konto, runde: Interessenrunde, frist: date) -> None:
    with pytest.raises(ValidationError, match="nicht nach der bisherigen"):
        ablauf.verlaengern(runde=runde, frist=frist, durch=geschaeftsstelle, heute=HEUTE)


def test_verlaengern_of_an_overdue_round_to_a_day_that_is_past(geschaeftsstelle: Konto, runde: Interessenrunde) -> None:
    with pytest.raises(ValidationError, match="liegt nicht nach heute"):
        ablauf.verlaengern(runde=runde, frist=date(2027, 1, 5), durch=geschaeftsstelle, heute=date(2027, 1, 5))


# --- answering --------------------------------------------------------------------------------------------------------
def test_zurueckmelden_by_contact_head_and_deputy(
    runde: Interessenrunde, kontakt: Konto, buergermeister: Konto, kommune: Kommune
) -> None:
    vertreter = VertretungFactory(vertretener=buergermeister).vertreter
    for konto, fuer in ((kontakt, None), (buergermeister, None), (vertreter, buergermeister)):
        anfrage = RundenrueckmeldungFactory(runde=runde, kommune=kommune)

        ablauf.zurueckmelden(runde=runde, kommune=kommune, durch=konto, heute=HEUTE)

        anfrage.refresh_from_db()
        assert (anfrage.am, anfrage.durch, anfrage.fuer, anfrage.vermerk) == (HEUTE, konto, fuer, "")
        anfrage.delete()


def test_zurueckmelden_twice(runde: Interessenrunde, kontakt: Konto) -> None:
    RundenrueckmeldungFactory(runde=runde, kommune=kontakt.kommune, am=date(2026, 11, 20))

    with pytest.raises(ValidationError) as fehler:
        ablauf.zurueckmelden(runde=runde, kommune=kontakt.kommune, durch=kontakt, heute=HEUTE)

    assert satz(fehler) == "Musterstadt hat schon am 20.11.2026 geantwortet."


def test_zurueckmelden_for_one_that_is_not_asked(runde: Interessenrunde, kontakt: Konto) -> None:
    with pytest.raises(ValidationError, match="Musterstadt ist in dieser Runde nicht gefragt"):
        ablauf.zurueckmelden(runde=runde, kommune=kontakt.kommune, durch=kontakt, heute=HEUTE)


@pytest.mark.parametrize("wer", ["geschaeftsstelle", "fremder_kontakt"])
def test_zurueckmelden_on_behalf_wants_a_note(
    request: pytest.FixtureRequest, runde: Interessenrunde, kommune: Kommune, wer: str
) -> None:
    anfrage, konto = RundenrueckmeldungFactory(runde=runde, kommune=kommune), request.getfixturevalue(wer)
    werte: dict[str, Any] = {"runde": runde, "kommune": kommune, "durch": konto, "heute": HEUTE}

    with pytest.raises(ValidationError, match="Bitte vermerken Sie"):
        ablauf.zurueckmelden(**werte, vermerk="  ")
    ablauf.zurueckmelden(**werte, vermerk=" Anruf vom 22.11.2026 ")

    anfrage.refresh_from_db()
    assert (anfrage.durch, anfrage.vermerk) == (konto, "Anruf vom 22.11.2026")


def test_filing_in_a_running_round_is_the_answer(runde: Interessenrunde, kontakt: Konto) -> None:
    anfrage = RundenrueckmeldungFactory(runde=runde, kommune=kontakt.kommune)

    interesse = bekundungen.abgeben(
        kommune=kontakt.kommune, angaben=angaben(AufgabenfeldFactory()), durch=kontakt, heute=HEUTE
    )

    anfrage.refresh_from_db()
    assert (interesse.runde, anfrage.am, anfrage.durch) == (runde, HEUTE, kontakt)
    with pytest.raises(ValidationError, match=r"hat schon am 22\.11\.2026 geantwortet"):
        ablauf.zurueckmelden(runde=runde, kommune=kontakt.kommune, durch=kontakt, heute=HEUTE)


# --- closing ----------------------------------------------------------------------------------------------------------
def test_abschliessen_wants_the_missing_confirmed(
    geschaeftsstelle: Konto, runde: Interessenrunde, kommune: Kommune
) -> None:
    RundenrueckmeldungFactory(runde=runde, kommune=kommune)
    werte: dict[str, Any] = {"runde": runde, "durch": geschaeftsstelle, "heute": HEUTE}

    with pytest.raises(ValidationError) as fehler:
        ablauf.abschliessen(**werte, trotz_fehlender=False)
    assert list(fehler.value.message_dict) == ["trotz_fehlender"]

    geschlossene = ablauf.abschliessen(**werte, trotz_fehlender=True)

    assert (geschlossene.status, geschlossene.abgeschlossen_am) == (RundeStatus.ABGESCHLOSSEN, HEUTE)
    assert Statuswechsel.objects.get().grund == "ohne Rückmeldung: Musterstadt"


def test_abschliessen_counts_what_is_valid_that_day_also_from_before(
    geschaeftsstelle: Konto, runde: Interessenrunde, kommune: Kommune, andere_kommune: Kommune
) -> None:
    feld, leeres = AufgabenfeldFactory(name="Bauhof"), AufgabenfeldFactory(name="Kultur")
    teil = KooperationsfeldFactory(aufgabenfeld=feld)
    gezaehlte = [
        InteressenbekundungFactory(kommune=kommune, aufgabenfeld=feld, runde=runde, stufe=Stufe.FEDERFUEHRUNG),
        InteressenbekundungFactory(kommune=kommune, aufgabenfeld=None, kooperationsfeld=teil),
        InteressenbekundungFactory(kommune=kommune, aufgabenfeld=feld, art=InteresseArt.INFO_AUSTAUSCH),
        InteressenbekundungFactory(kommune=andere_kommune, aufgabenfeld=feld, gueltig_bis=HEUTE),
        InteressenbekundungFactory(kommune=kommune, aufgabenfeld=None, art=InteresseArt.INFO_AUSTAUSCH),
        InteressenbekundungFactory(kommune=andere_kommune, aufgabenfeld=teil.aufgabenfeld, art="info_austausch"),
    ]
    for ungueltig in (
        {"entwurf": True},
        {"unbestaetigt": True, "runde": runde},
        {"zurueckgezogen": True, "runde": runde},
        {"gueltig_bis": date(2026, 11, 21)},
        {"beispiel": True},
    ):
        InteressenbekundungFactory(aufgabenfeld=leeres, **ungueltig)

    ablauf.abschliessen(runde=runde, trotz_fehlender=False, durch=geschaeftsstelle, heute=HEUTE)

    nennungen = dict(Rundennennung.objects.filter(runde=runde).values_list("interesse", "stufe"))
    assert nennungen == {eine.pk: eine.stufe for eine in gezaehlte}
    assert dict(runde.ergebnisse.values_list("aufgabenfeld__name", "anzahl")) == {"Bauhof": 2, "Kultur": 0}


def test_totals_equal_the_distinct_kommunen_of_the_nennungen(geschaeftsstelle: Konto, runde: Interessenrunde) -> None:
    felder = AufgabenfeldFactory.create_batch(4)
    kommunen = KommuneFactory.create_batch(5)
    for nummer, kommune in enumerate(kommunen):
        for feld in felder[: nummer % 4]:
            teil = KooperationsfeldFactory(aufgabenfeld=feld)
            InteressenbekundungFactory(kommune=kommune, aufgabenfeld=feld)
            InteressenbekundungFactory(kommune=kommune, aufgabenfeld=None, kooperationsfeld=teil)

    ablauf.abschliessen(runde=runde, trotz_fehlender=False, durch=geschaeftsstelle, heute=HEUTE)

    genannte = Interessenbekundung.objects.filter(nennungen__runde=runde).mit_feld().order_by()
    gezaehlt = dict(genannte.values("feld_id").annotate(n=Count("kommune", distinct=True)).values_list("feld_id", "n"))
    ergebnis = dict(Rundenergebnis.objects.filter(runde=runde).values_list("aufgabenfeld", "anzahl"))
    assert ergebnis == {feld.pk: gezaehlt.get(feld.pk, 0) for feld in felder}
    assert sorted(ergebnis.values()) == [0, 1, 2, 3]


def test_example_round_counts_examples_too(geschaeftsstelle: Konto) -> None:
    runde = InteressenrundeFactory(laufend=True, beispiel=True)
    feld = AufgabenfeldFactory()
    InteressenbekundungFactory(aufgabenfeld=feld, beispiel=True)
    InteressenbekundungFactory(aufgabenfeld=feld)

    ablauf.abschliessen(runde=runde, trotz_fehlender=False, durch=geschaeftsstelle, heute=HEUTE)

    assert Rundenergebnis.objects.get(runde=runde).anzahl == 2


def test_result_stays_what_becomes_of_a_declaration_later(
    geschaeftsstelle: Konto, runde: Interessenrunde, kontakt: Konto
) -> None:
    interesse = InteressenbekundungFactory(kommune=kontakt.kommune)
    ablauf.abschliessen(runde=runde, trotz_fehlender=False, durch=geschaeftsstelle, heute=HEUTE)

    bekundungen.zurueckziehen(interesse=interesse, grund="Anders.", durch=kontakt, heute=HEUTE)

    assert Rundenergebnis.objects.get(runde=runde).anzahl == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        Rundennennung.objects.filter(runde=runde).delete()


def test_declaration_after_the_round_does_not_belong_to_it(
    geschaeftsstelle: Konto, runde: Interessenrunde, kontakt: Konto
) -> None:
    ablauf.abschliessen(runde=runde, trotz_fehlender=False, durch=geschaeftsstelle, heute=HEUTE)

    interesse = bekundungen.abgeben(
        kommune=kontakt.kommune, angaben=angaben(AufgabenfeldFactory()), durch=kontakt, heute=HEUTE
    )

    assert interesse.runde is None
    assert not Rundennennung.objects.exists()


# --- publishing -------------------------------------------------------------------------------------------------------
def test_veroeffentlichen_and_back(geschaeftsstelle: Konto) -> None:
    runde = InteressenrundeFactory(veroeffentlicht=False)

    for schritt, erwartet in ((ablauf.veroeffentlichen, True), (ablauf.zuruecknehmen, False)):
        schritt(runde=runde, durch=geschaeftsstelle)
        runde.refresh_from_db()
        assert runde.veroeffentlicht is erwartet
        with pytest.raises(ValidationError, match="veröffentlicht"):
            schritt(runde=runde, durch=geschaeftsstelle)


@pytest.mark.parametrize("werte", [{"status": RundeStatus.VORBEREITUNG}, {"laufend": True}])
def test_veroeffentlichen_before_the_end(geschaeftsstelle: Konto, werte: dict[str, Any]) -> None:
    runde = InteressenrundeFactory(**{"veroeffentlicht": False, **werte})

    with pytest.raises(ValidationError, match="nur eine abgeschlossene Runde"):
        ablauf.veroeffentlichen(runde=runde, durch=geschaeftsstelle)


def test_example_is_never_published(geschaeftsstelle: Konto) -> None:
    runde = InteressenrundeFactory(veroeffentlicht=False, beispiel=True)

    with pytest.raises(ValidationError, match="Ein Beispiel wird nicht veröffentlicht"):
        ablauf.veroeffentlichen(runde=runde, durch=geschaeftsstelle)


def test_result_of_a_closed_round_never_changes_but_a_handed_down_one_may_be_corrected() -> None:
    geschlossen = RundenergebnisFactory(runde__abgeschlossen_am=HEUTE)
    ueberliefert = RundenergebnisFactory()

    with pytest.raises(IntegrityError, match="bleibt stehen"), transaction.atomic():
        Rundenergebnis.objects.filter(pk=geschlossen.pk).update(anzahl=1)
    with pytest.raises(IntegrityError, match="bleibt stehen"), transaction.atomic():
        geschlossen.delete()
    assert Rundenergebnis.objects.filter(pk=ueberliefert.pk).update(anzahl=1) == 1
