"""The life of a survey round: what leads from one state to the next, what doesn't, and who is told."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from bestandsaufnahme.ablaeufe import erhebung as ablauf
from bestandsaufnahme.auswahl import ERHEBUNG_UEBERGAENGE, ErhebungStatus, FragebogenStatus
from bestandsaufnahme.models import Erhebung, Fragebogen
from ikz_portal.basis.models import Postausgang, Statuswechsel
from ikz_portal.basis.rueckblick import Veraltet
from kommunen.models import Kommune, Konto
from tests.fabriken.bestandsaufnahme import BeteiligungFactory, ErhebungFactory, FragebogenFactory
from tests.fabriken.kommunen import KommuneFactory, KontoFactory, VertretungFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]

HEUTE, FRIST, SPAETER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)


def angaben(**andere: Any) -> dict[str, Any]:
    felder = {"name": "Erhebung 2026", "stichtag": date(2026, 6, 30), "frist": FRIST, "anschreiben": "Bitte mitmachen."}
    return {**felder, "fragen": ["interesse", "kosten"], **andere}


def im_status(status: ErhebungStatus) -> Erhebung:
    return ErhebungFactory(status=status, frist=FRIST, veroeffentlicht=False, beginn_genauigkeit="unbekannt")


def wechsel(erhebung: Erhebung) -> list[tuple[str, str]]:
    zeilen = Statuswechsel.objects.filter(objekt_id=erhebung.pk, content_type__model="erhebung").order_by("pk")
    return [(zeile.von, zeile.nach) for zeile in zeilen]


# --- preparing --------------------------------------------------------------------------------------------------------
def test_anlegen_asks_nobody_yet(geschaeftsstelle: Konto, kontakt: Konto) -> None:
    erhebung = ablauf.anlegen(**angaben(name=" Erhebung\n2026 "), durch=geschaeftsstelle, heute=HEUTE)

    erhebung.refresh_from_db()
    assert (erhebung.name, erhebung.status) == ("Erhebung 2026", ErhebungStatus.VORBEREITUNG)
    assert erhebung.fragen == ["kosten", "interesse"]  # as in the catalogue
    assert wechsel(erhebung) == [("", "vorbereitung")]
    assert not Fragebogen.objects.exists()
    assert not Postausgang.objects.exists()


@pytest.mark.parametrize(
    ("andere", "feld"),
    [
        ({"frist": date(2026, 8, 31)}, "frist"),
        ({"stichtag": date(2013, 6, 30)}, "stichtag"),
        ({"name": "Runde  2013"}, "name"),
    ],
)
def test_anlegen_refuses(geschaeftsstelle: Konto, andere: dict[str, Any], feld: str) -> None:
    ErhebungFactory(name="Runde 2013", stichtag=date(2013, 6, 30))

    with pytest.raises(ValidationError) as fehler:
        ablauf.anlegen(**angaben(**andere), durch=geschaeftsstelle, heute=HEUTE)

    assert list(fehler.value.message_dict) == [feld]


def test_bearbeiten_until_it_is_opened(geschaeftsstelle: Konto) -> None:
    erhebung = ablauf.anlegen(**angaben(), durch=geschaeftsstelle, heute=HEUTE)

    ablauf.bearbeiten(
        erhebung=erhebung, version=1, **angaben(fragen=[], frist=SPAETER), durch=geschaeftsstelle, heute=HEUTE
    )

    erhebung.refresh_from_db()
    assert (erhebung.fragen, erhebung.frist, erhebung.version) == ([], SPAETER, 2)
    with pytest.raises(Veraltet):
        ablauf.bearbeiten(erhebung=erhebung, version=1, **angaben(), durch=geschaeftsstelle, heute=HEUTE)


def test_bearbeiten_after_that_is_refused(geschaeftsstelle: Konto) -> None:
    erhebung = im_status(ErhebungStatus.LAEUFT)

    with pytest.raises(ValidationError, match="schon eröffnet"):
        ablauf.bearbeiten(erhebung=erhebung, version=erhebung.version, **angaben(), durch=geschaeftsstelle, heute=HEUTE)


def test_beschreiben_in_any_state(geschaeftsstelle: Konto) -> None:
    erhebung = im_status(ErhebungStatus.ABGESCHLOSSEN)

    ablauf.beschreiben(
        erhebung=erhebung, version=1, name="Neuer Name", lesehinweis="So.", quelle="Akte", durch=geschaeftsstelle
    )

    erhebung.refresh_from_db()
    assert (erhebung.name, erhebung.lesehinweis, erhebung.quelle) == ("Neuer Name", "So.", "Akte")
    with pytest.raises(Veraltet):
        ablauf.beschreiben(
            erhebung=erhebung, version=1, name="Anders", lesehinweis="", quelle="", durch=geschaeftsstelle
        )


# --- from state to state ----------------------------------------------------------------------------------------------
SCHRITTE: dict[str, tuple[ErhebungStatus, ErhebungStatus, Callable[..., Any]]] = {
    "eroeffnen": (ErhebungStatus.VORBEREITUNG, ErhebungStatus.LAEUFT, ablauf.eroeffnen),
    "auswerten": (ErhebungStatus.LAEUFT, ErhebungStatus.AUSWERTUNG, ablauf.auswerten),
    "wieder_oeffnen": (
        ErhebungStatus.AUSWERTUNG,
        ErhebungStatus.LAEUFT,
        lambda **w: ablauf.wieder_oeffnen(frist=SPAETER, **w),
    ),
    "abschliessen": (
        ErhebungStatus.AUSWERTUNG,
        ErhebungStatus.ABGESCHLOSSEN,
        lambda **w: ablauf.abschliessen(trotz_fehlender=False, **w),
    ),
}


STAND = {status: f"Sie ist {status.label}" for status in ErhebungStatus} | {ErhebungStatus.LAEUFT: "Sie läuft schon"}


def test_every_allowed_transition_has_its_step() -> None:
    assert {(von, nach) for von, nach, _ in SCHRITTE.values()} == {
        (von, nach) for von, ziele in ERHEBUNG_UEBERGAENGE.items() for nach in ziele
    }


@pytest.mark.parametrize("schritt", SCHRITTE)
@pytest.mark.parametrize("status", ErhebungStatus)
def test_step_from_every_state(geschaeftsstelle: Konto, kommune: Kommune, schritt: str, status: ErhebungStatus) -> None:
    von, nach, tun = SCHRITTE[schritt]
    erhebung = im_status(status)

    if status == von:
        tun(erhebung=erhebung, durch=geschaeftsstelle, heute=HEUTE)
    else:
        with pytest.raises(ValidationError, match=STAND[status]):
            tun(erhebung=erhebung, durch=geschaeftsstelle, heute=HEUTE)

    erhebung.refresh_from_db()
    assert erhebung.status == (nach if status == von else status)
    assert wechsel(erhebung) == ([(von, nach)] if status == von else [])


@pytest.mark.parametrize("status", [status for status in ErhebungStatus if status != ErhebungStatus.LAEUFT])
def test_verlaengern_only_while_it_runs(geschaeftsstelle: Konto, status: ErhebungStatus) -> None:
    with pytest.raises(ValidationError, match="laufende Erhebung"):
        ablauf.verlaengern(erhebung=im_status(status), frist=SPAETER, durch=geschaeftsstelle, heute=HEUTE)


# --- opening ----------------------------------------------------------------------------------------------------------
def test_eroeffnen_gives_each_kommune_its_fragebogen(
    geschaeftsstelle: Konto, kontakt: Konto, buergermeister: Konto, andere_kommune: Kommune
) -> None:
    kooperation = BeteiligungFactory(kommune=kontakt.kommune).kooperation
    KontoFactory(kommune=kontakt.kommune, is_active=False)
    erhebung = ablauf.anlegen(**angaben(), durch=geschaeftsstelle, heute=HEUTE)

    versand = ablauf.eroeffnen(erhebung=erhebung, durch=geschaeftsstelle, heute=HEUTE)

    erhebung.refresh_from_db()
    assert (erhebung.beginn, erhebung.beginn_genauigkeit, erhebung.ende_genauigkeit) == (HEUTE, "tag", "offen")
    assert (versand.mails, versand.kommunen, versand.ohne_konto) == (2, 1, ["Nachbarstadt"])
    boegen = {bogen.kommune: bogen for bogen in erhebung.frageboegen.all()}
    assert set(boegen) == {kontakt.kommune, andere_kommune}
    vorausgefuellt = boegen[kontakt.kommune].antworten.filter(kooperation__isnull=False)
    assert [antwort.kooperation for antwort in vorausgefuellt] == [kooperation]
    assert sorted(Postausgang.objects.values_list("an", flat=True)) == sorted([kontakt.email, buergermeister.email])


def test_eroeffnen_writes_what_it_is_about(settings: Any, geschaeftsstelle: Konto, kontakt: Konto) -> None:
    erhebung = ablauf.anlegen(**angaben(), durch=geschaeftsstelle, heute=HEUTE)

    ablauf.eroeffnen(erhebung=erhebung, durch=geschaeftsstelle, heute=HEUTE)

    brief = Postausgang.objects.get()
    assert brief.betreff == "Erhebung 2026: Fragebogen bis 01.10.2026"
    for satz in ("Fragebogen von Musterstadt", "30. Juni 2026", "Bitte mitmachen.", "bis zum 1. Oktober 2026"):
        assert satz in brief.text
    adresse = f"/bestandsaufnahme/erhebungen/{erhebung.pk}/{kontakt.kommune.ags}/"
    assert f"{settings.BASE_URL}{adresse}" in brief.text


def test_eroeffnen_tells_who_stands_in_for_the_head(geschaeftsstelle: Konto, buergermeister: Konto) -> None:
    vertreter = KontoFactory(lesend=True)
    VertretungFactory(vertretener=buergermeister, vertreter=vertreter)

    ablauf.eroeffnen(erhebung=im_status(ErhebungStatus.VORBEREITUNG), durch=geschaeftsstelle, heute=HEUTE)

    assert set(Postausgang.objects.values_list("an", flat=True)) == {buergermeister.email, vertreter.email}


@pytest.mark.parametrize("frist", [None, date(2026, 8, 31)])
@pytest.mark.usefixtures("kommune")
def test_eroeffnen_wants_a_frist_that_lies_ahead(geschaeftsstelle: Konto, frist: date | None) -> None:
    erhebung = ErhebungFactory(status=ErhebungStatus.VORBEREITUNG, frist=frist, veroeffentlicht=False)

    with pytest.raises(ValidationError, match="Rückmeldefrist"):
        ablauf.eroeffnen(erhebung=erhebung, durch=geschaeftsstelle, heute=HEUTE)

    assert not Fragebogen.objects.exists()


def test_eroeffnen_without_any_kommune(geschaeftsstelle: Konto) -> None:
    with pytest.raises(ValidationError, match="keine Kommune"):
        ablauf.eroeffnen(erhebung=im_status(ErhebungStatus.VORBEREITUNG), durch=geschaeftsstelle, heute=HEUTE)


# --- running ----------------------------------------------------------------------------------------------------------
def test_verlaengern_tells_those_that_are_missing(
    geschaeftsstelle: Konto, kontakt: Konto, fremder_kontakt: Konto
) -> None:
    erhebung = im_status(ErhebungStatus.LAEUFT)
    FragebogenFactory(erhebung=erhebung, kommune=kontakt.kommune, status=FragebogenStatus.IN_BEARBEITUNG)
    FragebogenFactory(erhebung=erhebung, kommune=fremder_kontakt.kommune, freigegeben=True)

    versand = ablauf.verlaengern(erhebung=erhebung, frist=SPAETER, durch=geschaeftsstelle, heute=HEUTE)

    erhebung.refresh_from_db()
    assert (erhebung.frist, versand.mails) == (SPAETER, 1)
    brief = Postausgang.objects.get()
    assert (brief.an, brief.betreff) == (kontakt.email, f"{erhebung.name}: neue Frist 01.11.2026")


@pytest.mark.parametrize("frist", [FRIST, date(2026, 9, 15)])
def test_verlaengern_never_shortens(geschaeftsstelle: Konto, frist: date) -> None:
    erhebung = im_status(ErhebungStatus.LAEUFT)

    with pytest.raises(ValidationError, match="nicht nach der bisherigen"):
        ablauf.verlaengern(erhebung=erhebung, frist=frist, durch=geschaeftsstelle, heute=HEUTE)


def test_verlaengern_to_a_day_that_is_over(geschaeftsstelle: Konto) -> None:
    with pytest.raises(ValidationError, match="Vergangenheit"):
        ablauf.verlaengern(
            erhebung=im_status(ErhebungStatus.LAEUFT), frist=SPAETER, durch=geschaeftsstelle, heute=date(2026, 12, 1)
        )


def test_auswerten_closes_the_return_and_wieder_oeffnen_opens_it(geschaeftsstelle: Konto, kontakt: Konto) -> None:
    erhebung = im_status(ErhebungStatus.LAEUFT)
    FragebogenFactory(erhebung=erhebung, kommune=kontakt.kommune)
    ablauf.auswerten(erhebung=erhebung, durch=geschaeftsstelle, heute=HEUTE)
    erhebung.refresh_from_db()
    assert erhebung.ruecklauf_bis == HEUTE

    versand = ablauf.wieder_oeffnen(erhebung=erhebung, frist=SPAETER, durch=geschaeftsstelle, heute=HEUTE)

    erhebung.refresh_from_db()
    assert (erhebung.ruecklauf_bis, erhebung.frist, versand.mails) == (None, SPAETER, 1)
    assert "wieder geöffnet" in Postausgang.objects.get().text


# --- finishing --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("status", [FragebogenStatus.FREIGEGEBEN, FragebogenStatus.GEPRUEFT])
def test_abschliessen_refuses_while_something_is_not_taken_over(
    geschaeftsstelle: Konto, kommune: Kommune, status: FragebogenStatus
) -> None:
    erhebung = im_status(ErhebungStatus.AUSWERTUNG)
    FragebogenFactory(erhebung=erhebung, kommune=kommune, freigegeben=True, status=status)

    with pytest.raises(ValidationError, match="Noch nicht übernommen: Musterstadt"):
        ablauf.abschliessen(erhebung=erhebung, trotz_fehlender=True, durch=geschaeftsstelle, heute=HEUTE)


def test_abschliessen_wants_missing_ones_confirmed(geschaeftsstelle: Konto, kommune: Kommune) -> None:
    erhebung = im_status(ErhebungStatus.AUSWERTUNG)
    FragebogenFactory(erhebung=erhebung, kommune=kommune)
    FragebogenFactory(
        erhebung=erhebung, kommune=KommuneFactory(), freigegeben=True, status=FragebogenStatus.UEBERNOMMEN
    )
    with pytest.raises(ValidationError, match=r"fehlenden Rückmeldungen \(1\)"):
        ablauf.abschliessen(erhebung=erhebung, trotz_fehlender=False, durch=geschaeftsstelle, heute=HEUTE)

    ablauf.abschliessen(erhebung=erhebung, trotz_fehlender=True, durch=geschaeftsstelle, heute=HEUTE)

    erhebung.refresh_from_db()
    assert (erhebung.ruecklauf_bis, erhebung.ende, erhebung.ende_genauigkeit) == (HEUTE, HEUTE, "tag")
    assert Statuswechsel.objects.first().grund == "ohne Rückmeldung: Musterstadt"
