"""`manage.py fristen_anwenden`: every period a day before and at its end, and that nothing of a person is left."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import CommandError
from django.db import IntegrityError, transaction

from bestandsaufnahme.models import Beobachtung
from ikz_portal.basis import laeufe, post, protokoll
from ikz_portal.basis.auswahl import LaufStatus, PostStatus
from ikz_portal.basis.models import Aenderung, GespeicherteAnsicht, Lauf, Postausgang, Statuswechsel
from ikz_portal.betrieb import fristen
from kommunen.ablaeufe import einladung as einladung_ablauf
from kommunen.ablaeufe import konto as konto_ablauf
from kommunen.auswahl import Rolle
from kommunen.models import Anmeldung, Einladung, Kommune, Konto, Meldewunsch, Meldung
from tests.betrieb.fristen import ADRESSE, BEGINN, NAME, anwenden, ausgeschieden, bestand, fundstellen, tage
from tests.fabriken.bestandsaufnahme import BeobachtungFactory
from tests.fabriken.kommunen import (
    AdresseFactory,
    EinladungFactory,
    FaktorFactory,
    KontoFactory,
    MeldewunschFactory,
    MeldungFactory,
)
from tests.fabriken.projekte import ProjektFactory, TeilnahmeFactory, bericht_anfordern

pytestmark = pytest.mark.django_db


# --- Konten ----------------------------------------------------------------------------------------------------------
def test_konto_is_pseudonymised_six_months_after_its_end(uhr, kommune: Kommune) -> None:
    konto = ausgeschieden(kommune=kommune)

    uhr(tage(182))
    assert anwenden() == ["Nichts fällig."]
    uhr(tage(183))
    zeilen = anwenden()

    konto.refresh_from_db()
    assert zeilen == ["1 Konto pseudonymisiert", "3 Einträge im Protokoll über Konten geschwärzt"]
    assert (konto.name, konto.email) == ("Hauptamtsleitung, Musterstadt", f"konto-{konto.pk}@geloescht.invalid")
    assert konto.pseudonymisiert_am == BEGINN + tage(183)


def test_konto_still_in_use_is_left_alone(uhr, kontakt: Konto) -> None:
    uhr(tage(4000))
    anwenden()

    kontakt.refresh_from_db()
    assert kontakt.name == "Kontakt"


def test_konto_at_its_end_leaves_no_name_and_no_address_anywhere(uhr, kommune: Kommune, buergermeister: Konto) -> None:
    angenommen = einladung_ablauf.einladen(
        email=ADRESSE, name=NAME, rolle=Rolle.KONTAKT, kommune=kommune, durch=buergermeister, jetzt=BEGINN
    )
    token = angenommen[1].rstrip("/").rpartition("/")[2]
    konto = einladung_ablauf.annehmen(
        token=token, name=NAME, funktion="Hauptamtsleitung", passwort="vierzehn-kraehen-am-main", jetzt=BEGINN
    )
    konto_ablauf.profil_aendern(konto=konto, version=konto.version, name=f"{NAME}-Birnstiel", funktion="Amtsleitung")
    AdresseFactory(user=konto, email=f"neu.{ADRESSE}", verified=False, primary=False)
    FaktorFactory(user=konto)
    SocialAccount.objects.create(user=konto, provider="kreis", uid="4711", extra_data={"email": ADRESSE})
    GespeicherteAnsicht.objects.create(konto=konto, seite="projekt_liste", name=NAME, parameter="status=idee")
    Anmeldung.objects.create(konto=konto, ip="203.0.113.77", gelungen=True)
    post.einreihen(an=ADRESSE, betreff="Hallo", text=f"Guten Tag, {NAME}")
    Postausgang.objects.update(status=PostStatus.FEHLGESCHLAGEN)
    Lauf.objects.update(status=LaufStatus.FEHLGESCHLAGEN, fehler="Abgewiesen.", beendet_am=BEGINN)
    konto_ablauf.deaktivieren(konto=konto, durch=KontoFactory(geschaeftsstelle=True), jetzt=BEGINN)
    assert "basis_aenderung.vorher: Quendelbaum" in fundstellen("Quendelbaum", "203.0.113.77")

    uhr(tage(183))
    anwenden()

    assert fundstellen("Quendelbaum", "Birnstiel", "203.0.113.77") == []


def test_what_a_konto_wished_to_be_told_goes_with_it(uhr) -> None:
    konto = ausgeschieden()
    for eigenes in (BeobachtungFactory, MeldungFactory, MeldewunschFactory):
        eigenes(konto=konto)
        eigenes()

    uhr(tage(183))
    anwenden()

    assert [getattr(konto, name).count() for name in ("beobachtungen", "meldungen", "meldewuensche")] == [0, 0, 0]
    assert [modell.objects.count() for modell in (Beobachtung, Meldung, Meldewunsch)] == [1, 1, 1]


def test_what_a_konto_decided_stays_readable_by_function(uhr, kommune: Kommune, angemeldet, geschaeftsstelle) -> None:
    konto = ausgeschieden(kommune=kommune)
    teilnahme = TeilnahmeFactory(kommune=kommune, durch=konto)
    wechsel = Statuswechsel.objects.create(objekt=ProjektFactory(), nach="idee", gueltig_ab=BEGINN.date(), durch=konto)

    uhr(tage(183))
    anwenden()

    teilnahme.refresh_from_db()
    wechsel = Statuswechsel.objects.select_related("durch").get(pk=wechsel.pk)
    assert {str(teilnahme.durch), str(wechsel.durch)} == {"Hauptamtsleitung, Musterstadt"}


def test_redacted_entry_keeps_what_tells_nobody(uhr, kommune: Kommune) -> None:
    konto = ausgeschieden(kommune=kommune)

    uhr(tage(183))
    anwenden()

    (anlage, ende, pseudonym) = Aenderung.objects.filter(tabelle="kommunen_konto", objekt=str(konto.pk)).order_by("pk")
    assert (anlage.stand["name"], anlage.stand["email"], anlage.vorher) == ("[gelöscht]", "[gelöscht]", None)
    assert (anlage.stand["funktion"], anlage.stand["rolle"]) == ("Hauptamtsleitung", "kontakt")
    assert "name" not in ende.vorher
    assert pseudonym.vorher["name"] == pseudonym.vorher["email"] == "[gelöscht]"
    assert pseudonym.quelle == "manage.py fristen_anwenden"


def test_others_in_the_record_keep_their_names(uhr, kontakt: Konto) -> None:
    ausgeschieden()

    uhr(tage(183))
    anwenden()

    (eintrag,) = Aenderung.objects.filter(tabelle="kommunen_konto", objekt=str(kontakt.pk))
    assert eintrag.stand["name"] == "Kontakt"


def test_restore_is_put_right_by_the_dates_alone(uhr) -> None:
    konto = ausgeschieden()
    uhr(tage(183))
    anwenden()
    Konto.objects.filter(pk=konto.pk).update(name=NAME, email=ADRESSE, pseudonymisiert_am=None)

    uhr(tage(300))
    anwenden()

    assert fundstellen("Quendelbaum") == []


def test_konto_pseudonymised_before_is_still_redacted_in_the_record(uhr) -> None:
    konto = ausgeschieden()
    konto_ablauf.pseudonymisieren(konto=konto, jetzt=BEGINN)

    assert anwenden() == ["3 Einträge im Protokoll über Konten geschwärzt"]
    assert fundstellen("Quendelbaum") == []


def test_authenticators_go_with_the_konto(uhr) -> None:
    FaktorFactory(user=ausgeschieden())

    uhr(tage(183))
    anwenden()

    assert Authenticator.objects.filter(user__pseudonymisiert_am__isnull=False).count() == 0


# --- Einladungen and addresses ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("ende", "am"),
    [
        ({}, 14),
        ({"zurueckgezogen_am": BEGINN + tage(2)}, 2),
        ({"zurueckgezogen_am": BEGINN + tage(40)}, 14),
    ],
    ids=["abgelaufen", "zurueckgezogen", "nach Ablauf zurueckgezogen"],
)
def test_einladung_is_deleted_30_days_after_its_end(uhr, ende: dict[str, datetime], am: int) -> None:
    EinladungFactory(name=NAME, email=ADRESSE, gueltig_bis=BEGINN + tage(14), **ende)

    uhr(tage(am + 29))
    assert anwenden() == ["Nichts fällig."]
    uhr(tage(am + 30))
    zeilen = anwenden()

    assert zeilen == ["1 Einladung gelöscht", "2 Einträge im Protokoll über Einladungen geschwärzt"]
    assert fundstellen("Quendelbaum") == []


def test_accepted_einladung_is_deleted_and_the_konto_stays(uhr, kontakt: Konto) -> None:
    EinladungFactory(konto=kontakt, angenommen_am=BEGINN, gueltig_bis=BEGINN + tage(14))

    uhr(tage(30))
    anwenden()

    assert not Einladung.objects.exists()
    assert Konto.objects.get(pk=kontakt.pk).name == "Kontakt"


def test_open_einladung_keeps_its_entries(uhr) -> None:
    EinladungFactory(name=NAME, gueltig_bis=BEGINN + tage(14))

    anwenden()

    assert Aenderung.objects.get(tabelle="kommunen_einladung").stand["name"] == NAME


def test_unconfirmed_address_goes_when_its_link_has_expired(uhr, kontakt: Konto) -> None:
    AdresseFactory(user=kontakt, email="neu@ikz.example", verified=False, primary=False)
    post.einreihen(an="neu@ikz.example", betreff="Bestätigen", text="Bitte.")

    uhr(tage(3) - timedelta(seconds=1))
    assert anwenden() == ["Nichts fällig."]
    uhr(tage(3))
    assert anwenden() == ["1 unbestätigte Adresse gelöscht"]
    assert [adresse.email for adresse in EmailAddress.objects.all()] == [kontakt.email]


# --- the record ------------------------------------------------------------------------------------------------------
def test_record_forgets_after_three_years_who_it_was(uhr, kontakt: Konto, buergermeister: Konto) -> None:
    with protokoll.umstaende(quelle="/projekte/neu/", konto=kontakt.pk):
        protokoll.in_vertretung(buergermeister.pk)
        ProjektFactory()
    Aenderung.objects.exclude(tabelle="projekte_projekt")
    with transaction.atomic():
        assert protokoll.nach_frist_aendern(Aenderung.objects.all(), am=BEGINN)

    uhr(tage(1095))
    assert anwenden() == ["Nichts fällig."]
    uhr(tage(1096))
    zeilen = anwenden()

    assert [zeile.partition(" ")[2] for zeile in zeilen] == ["Einträge im Protokoll von der Person gelöst"]
    eintrag = Aenderung.objects.get(tabelle="projekte_projekt")
    assert (eintrag.konto_id, eintrag.fuer_id, eintrag.quelle) == (None, None, "/projekte/neu/")


@pytest.mark.parametrize("weg", [lambda: Aenderung.objects.update(quelle=""), lambda: Aenderung.objects.all().delete()])
def test_record_is_closed_again_after_the_exception(kontakt: Konto, weg) -> None:
    with transaction.atomic():
        protokoll.nach_frist_aendern(Aenderung.objects.all(), konto=None)
        with pytest.raises(IntegrityError, match="wird nie geaendert"), transaction.atomic():
            weg()


# --- sign-ins, mails, jobs, sessions ---------------------------------------------------------------------------------
def test_sign_in_loses_its_address_after_30_days_and_goes_after_90(uhr, kontakt: Konto) -> None:
    Anmeldung.objects.create(konto=kontakt, ip="203.0.113.77", gelungen=True)

    uhr(tage(29))
    assert anwenden() == ["Nichts fällig."]
    uhr(tage(30))
    assert anwenden() == ["1 IP-Adresse gelöscht"]
    uhr(tage(89))
    assert anwenden() == ["Nichts fällig."]
    assert Anmeldung.objects.get().ip is None
    uhr(tage(90))
    assert anwenden() == ["1 Anmeldung gelöscht"]


@pytest.mark.parametrize("zustand", [PostStatus.GESENDET, PostStatus.FEHLGESCHLAGEN])
def test_mail_goes_with_its_job_30_days_after_the_end(uhr, zustand: PostStatus) -> None:
    nachricht = post.einreihen(an=ADRESSE, betreff="Hallo", text="Text")
    gesendet = {"gesendet_am": BEGINN} if zustand == PostStatus.GESENDET else {}
    Postausgang.objects.filter(pk=nachricht.pk).update(status=zustand, **gesendet)
    Lauf.objects.update(status=LaufStatus.FEHLGESCHLAGEN, fehler="Abgewiesen.", beendet_am=BEGINN)

    uhr(tage(29))
    assert anwenden() == ["Nichts fällig."]
    uhr(tage(30))
    assert anwenden() == ["1 Nachricht gelöscht"]
    assert (Postausgang.objects.count(), Lauf.objects.count()) == (0, 0)


def test_mail_that_waits_is_kept(uhr) -> None:
    post.einreihen(an=ADRESSE, betreff="Hallo", text="Text")

    uhr(tage(400))
    assert anwenden() == ["Nichts fällig."]


def test_job_goes_90_days_after_its_end_unless_something_needs_it(uhr, geschaeftsstelle: Konto) -> None:
    bericht, _ = bericht_anfordern(stichtag=BEGINN.date(), heute=BEGINN.date(), durch=geschaeftsstelle)
    laeufe.einreihen(art="probe", schluessel="1")
    Lauf.objects.update(status=LaufStatus.FEHLGESCHLAGEN, fehler="Ging nicht.", beendet_am=BEGINN)

    uhr(tage(89))
    assert anwenden() == ["Nichts fällig."]
    uhr(tage(90))
    assert anwenden() == ["1 beendeter Auftrag gelöscht"]
    assert [lauf.pk for lauf in Lauf.objects.all()] == [bericht.lauf_id]


def test_session_and_counters_go_when_they_expire(uhr) -> None:
    Session.objects.create(session_key="a" * 32, session_data="", expire_date=BEGINN + tage(1))
    cache.set("versuche", [1], 3600)

    assert anwenden() == ["Nichts fällig."]
    uhr(tage(1))
    assert anwenden() == ["1 abgelaufene Sitzung gelöscht", "1 verfallener Zwischenwert gelöscht"]


# --- the command -----------------------------------------------------------------------------------------------------
def test_dry_run_counts_and_changes_nothing(uhr) -> None:
    bestand()
    uhr(tage(200))

    zeilen = anwenden("--trocken")

    assert zeilen == [
        "1 Konto würde pseudonymisiert",
        "3 Einladungen würden gelöscht",
        "1 Anmeldung würde gelöscht",
        "1 IP-Adresse würde gelöscht",
    ]
    assert Konto.objects.filter(name=NAME).count() == 1
    assert (Einladung.objects.count(), Anmeldung.objects.count()) == (3, 1)


def test_second_run_finds_nothing(uhr) -> None:
    bestand()
    uhr(tage(200))
    anwenden()

    assert anwenden() == ["Nichts fällig."]


def test_many_rows_are_handled_in_steps(uhr, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fristen, "SCHRITT", 2)
    EinladungFactory.create_batch(5, gueltig_bis=BEGINN)
    uhr(tage(30))

    assert anwenden() == ["5 Einladungen gelöscht", "10 Einträge im Protokoll über Einladungen geschwärzt"]


def test_period_is_a_setting(uhr, settings) -> None:
    settings.FRISTEN = {**settings.FRISTEN, "einladung": 10}
    EinladungFactory(gueltig_bis=BEGINN)

    uhr(tage(9))
    assert anwenden() == ["Nichts fällig."]
    uhr(tage(10))
    assert anwenden()[0] == "1 Einladung gelöscht"


def test_rule_that_fails_is_told_and_the_others_go_on(uhr, monkeypatch: pytest.MonkeyPatch) -> None:
    def scheitern(**_: Any) -> None:
        raise RuntimeError("geht nicht")

    bestand()
    monkeypatch.setattr(fristen.konto_ablauf, "pseudonymisieren", scheitern)
    uhr(tage(200))

    with pytest.raises(CommandError, match=r"^Nicht angewendet: Konten; der Grund steht im Log\.$"):
        anwenden()

    assert Konto.objects.filter(name=NAME).count() == 1
    assert (Einladung.objects.count(), Anmeldung.objects.count()) == (0, 0)
