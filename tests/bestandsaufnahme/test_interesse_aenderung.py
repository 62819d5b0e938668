"""Operations that change what is filed, file after another Kommune, or on behalf."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection, transaction

from bestandsaufnahme.ablaeufe import interesse_aenderung
from bestandsaufnahme.ablaeufe.interesse import Doppelt, abgeben, gesperrte
from bestandsaufnahme.ablaeufe.interesse_anschluss import abgeben_fuer, anschliessen
from bestandsaufnahme.auswahl import InteresseArt, InteresseStatus, Stufe
from bestandsaufnahme.models import Bestaetigungspflicht, Interessenaenderung, Interessenbekundung
from ikz_portal.basis.models import Fassung, Statuswechsel
from ikz_portal.basis.rueckblick import Veraltet
from ikz_portal.basis.schleuse import Dateiart, Geprueft
from kommunen.auswahl import Meldeanlass
from kommunen.models import Meldung
from tests.bestandsaufnahme.interessehilfen import (
    GESTERN,
    HEUTE,
    UNGUELTIGE,
    angaben,
    bekundung,
    inhalt,
    unveraendert,
)
from tests.bestandsaufnahme.sperrhilfen import bis_jemand_wartet
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BestaetigungspflichtFactory,
    InteressenbekundungFactory,
    KooperationsfeldFactory,
)
from tests.fabriken.kommunen import KontoFactory


# --- changing ---------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("status", [InteresseStatus.ABGEGEBEN, InteresseStatus.BESTAETIGT])
def test_aendern_keeps_a_dated_row_and_leaves_field_and_art(kontakt, status):
    interesse = bekundung(kontakt.kommune, status=status)
    feld = interesse.aufgabenfeld
    geaendert = interesse_aenderung.aendern(
        interesse=interesse, version=1, inhalt=inhalt(kontakt=kontakt, gueltig_bis=HEUTE), durch=kontakt, heute=HEUTE
    )
    zeile = Interessenaenderung.objects.get()
    assert (geaendert.feld, geaendert.art) == (feld, InteresseArt.KOOPERATIONSWILLE)
    assert (geaendert.wofuer, geaendert.kontakt, geaendert.gueltig_bis) == ("Neu gesagt.", kontakt, HEUTE)
    assert (zeile.interesse, zeile.am, zeile.stufe_von, zeile.stufe_nach, zeile.durch, zeile.grund) == (
        interesse,
        HEUTE,
        Stufe.INTERESSE,
        Stufe.RESSOURCEN,
        kontakt,
        "",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("zustand", UNGUELTIGE)
def test_aendern_refuses_what_is_over_or_a_draft(kontakt, zustand):
    interesse = InteressenbekundungFactory(kommune=kontakt.kommune, **zustand)
    with pytest.raises(ValidationError, match=r"lässt sich nicht mehr ändern|galt bis 14\.01\.2026"):
        interesse_aenderung.aendern(interesse=interesse, version=1, inhalt=inhalt(), durch=kontakt, heute=HEUTE)
    assert unveraendert(interesse)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("werte", "feld"),
    [({"wofuer": " "}, "wofuer"), ({"gueltig_bis": GESTERN}, "gueltig_bis"), ({"stufe": "quatsch"}, "stufe")],
)
def test_aendern_refuses_what_makes_no_sense(kontakt, werte, feld):
    interesse = bekundung(kontakt.kommune)
    with pytest.raises(ValidationError) as fehler:
        interesse_aenderung.aendern(interesse=interesse, version=1, inhalt=inhalt(**werte), durch=kontakt, heute=HEUTE)
    assert set(fehler.value.message_dict) == {feld}
    assert unveraendert(interesse)


@pytest.mark.django_db
def test_aendern_refuses_a_kontakt_of_another_kommune(kontakt, fremder_kontakt):
    interesse = bekundung(kontakt.kommune)
    with pytest.raises(ValidationError, match="Die Ansprechperson gehört nicht zu Musterstadt"):
        interesse_aenderung.aendern(
            interesse=interesse, version=1, inhalt=inhalt(kontakt=fremder_kontakt), durch=kontakt, heute=HEUTE
        )
    assert unveraendert(interesse)


@pytest.mark.django_db
def test_aendern_refuses_an_older_version(kontakt):
    interesse = bekundung(kontakt.kommune)
    with pytest.raises(Veraltet):
        interesse_aenderung.aendern(interesse=interesse, version=2, inhalt=inhalt(), durch=kontakt, heute=HEUTE)
    assert unveraendert(interesse)


@pytest.mark.django_db
def test_geschaeftsstelle_changes_with_a_reason_alone(kontakt, geschaeftsstelle):
    interesse = bekundung(kontakt.kommune)
    werte = {"interesse": interesse, "version": 1, "inhalt": inhalt(), "durch": geschaeftsstelle, "heute": HEUTE}
    with pytest.raises(ValidationError) as fehler:
        interesse_aenderung.aendern(**werte, grund=" ")
    assert set(fehler.value.message_dict) == {"grund"}
    assert unveraendert(interesse)
    interesse_aenderung.aendern(**werte, grund=" Nach Anruf. ")
    assert Interessenaenderung.objects.get().grund == "Nach Anruf."


@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_keep_the_first():
    konto, start = KontoFactory(), Barrier(2)
    interesse = bekundung(konto.kommune)

    def einer(wort):
        try:
            start.wait(timeout=20)
            interesse_aenderung.aendern(
                interesse=interesse, version=1, inhalt=inhalt(wofuer=wort), durch=konto, heute=HEUTE
            )
            return wort
        except Veraltet:
            return ""
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as kraefte:
        geschrieben = [wort for wort in kraefte.map(einer, ["eins", "zwei"]) if wort]
    assert [Interessenbekundung.objects.get().wofuer] == geschrieben


# --- confirmed ones ---------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_confirmed_one_that_a_contact_changes_waits_for_the_head_again(kontakt, buergermeister):
    BestaetigungspflichtFactory(kommune=kontakt.kommune)
    interesse = bekundung(kontakt.kommune, status=InteresseStatus.BESTAETIGT, bestaetigung_noetig=True)
    geaendert = interesse_aenderung.aendern(interesse=interesse, version=1, inhalt=inhalt(), durch=kontakt, heute=HEUTE)
    assert geaendert.unbestaetigt
    assert not Interessenbekundung.objects.gueltige(HEUTE).exists()
    wechsel = Statuswechsel.objects.get()
    assert (wechsel.von, wechsel.nach, wechsel.grund) == (
        "bestaetigt",
        "abgegeben",
        "nach einer Änderung von der Verwaltungsspitze zu bestätigen",
    )
    assert list(Meldung.objects.values_list("konto", "anlass")) == [(buergermeister.pk, Meldeanlass.BESTAETIGUNG)]


@pytest.mark.django_db
def test_one_filed_before_the_duty_waits_once_a_contact_changes_it(kontakt, buergermeister):
    interesse = bekundung(kontakt.kommune)
    BestaetigungspflichtFactory(kommune=kontakt.kommune)
    geaendert = interesse_aenderung.aendern(interesse=interesse, version=1, inhalt=inhalt(), durch=kontakt, heute=HEUTE)
    assert geaendert.unbestaetigt
    wechsel = Statuswechsel.objects.get()
    assert (wechsel.von, wechsel.nach) == ("abgegeben", "abgegeben")
    assert list(Meldung.objects.values_list("konto", "anlass")) == [(buergermeister.pk, Meldeanlass.BESTAETIGUNG)]


@pytest.mark.django_db
def test_waiting_one_that_the_head_changes_is_confirmed_with_it(buergermeister):
    BestaetigungspflichtFactory(kommune=buergermeister.kommune)
    interesse = bekundung(buergermeister.kommune, bestaetigung_noetig=True)
    interesse_aenderung.aendern(interesse=interesse, version=1, inhalt=inhalt(), durch=buergermeister, heute=HEUTE)
    interesse.refresh_from_db()
    assert (interesse.status, interesse.wofuer) == (InteresseStatus.BESTAETIGT, inhalt().wofuer)
    assert list(Statuswechsel.objects.values_list("von", "nach", "grund")) == [("abgegeben", "bestaetigt", "")]


@pytest.mark.django_db
def test_confirmed_one_that_the_head_changes_stays_confirmed(buergermeister):
    BestaetigungspflichtFactory(kommune=buergermeister.kommune)
    interesse = bekundung(buergermeister.kommune, status=InteresseStatus.BESTAETIGT, bestaetigung_noetig=True)
    interesse_aenderung.aendern(interesse=interesse, version=1, inhalt=inhalt(), durch=buergermeister, heute=HEUTE)
    interesse.refresh_from_db()
    assert interesse.status == InteresseStatus.BESTAETIGT
    assert not Statuswechsel.objects.exists()


@pytest.mark.django_db
def test_confirmed_one_counts_on_where_the_kommune_no_longer_wants_that(kontakt, buergermeister):
    interesse = bekundung(kontakt.kommune, status=InteresseStatus.BESTAETIGT, bestaetigung_noetig=True)
    geaendert = interesse_aenderung.aendern(interesse=interesse, version=1, inhalt=inhalt(), durch=kontakt, heute=HEUTE)
    assert (geaendert.status, geaendert.unbestaetigt) == (InteresseStatus.ABGEGEBEN, False)
    assert Interessenbekundung.objects.gueltige(HEUTE).get() == interesse
    assert not Meldung.objects.exists()


# --- joining ----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_anschliessen_files_the_same_field_and_art_in_own_words(kontakt, andere_kommune):
    teil = KooperationsfeldFactory()
    andere = bekundung(
        andere_kommune, aufgabenfeld=None, kooperationsfeld=teil, art=InteresseArt.INFO_AUSTAUSCH, wofuer="Ihre Worte."
    )
    eigene = anschliessen(an=andere, kommune=kontakt.kommune, inhalt=inhalt(), durch=kontakt, heute=HEUTE)
    eigene.refresh_from_db()
    assert (eigene.kommune, eigene.feld, eigene.art) == (kontakt.kommune, teil, InteresseArt.INFO_AUSTAUSCH)
    assert (eigene.anschluss_an, eigene.wofuer, eigene.status) == (andere, "Neu gesagt.", InteresseStatus.ABGEGEBEN)


@pytest.mark.django_db
@pytest.mark.parametrize("zustand", UNGUELTIGE)
def test_anschliessen_refuses_what_is_over_or_a_draft(kontakt, andere_kommune, zustand):
    andere = InteressenbekundungFactory(kommune=andere_kommune, **zustand)
    with pytest.raises(ValidationError, match="Die Interessenbekundung von Nachbarstadt gilt nicht mehr"):
        anschliessen(an=andere, kommune=kontakt.kommune, inhalt=inhalt(), durch=kontakt, heute=HEUTE)
    assert Interessenbekundung.objects.count() == 1


@pytest.mark.django_db
def test_anschliessen_refuses_the_own_one_and_a_double(kontakt, andere_kommune):
    eigene = bekundung(kontakt.kommune)
    andere = bekundung(andere_kommune, aufgabenfeld=eigene.aufgabenfeld)
    werte = {"kommune": kontakt.kommune, "inhalt": inhalt(), "durch": kontakt, "heute": HEUTE}
    with pytest.raises(ValidationError, match="Diese Interessenbekundung ist von Musterstadt selbst"):
        anschliessen(an=eigene, **werte)
    with pytest.raises(Doppelt) as fehler:
        anschliessen(an=andere, **werte)
    assert fehler.value.vorhandene == eigene
    assert Interessenbekundung.objects.count() == 2


@pytest.mark.django_db
def test_anheben_leaves_a_person_that_has_gone_to_another_kommune(kontakt, fremder_kontakt):
    interesse = bekundung(kontakt.kommune, kontakt=fremder_kontakt)
    angehoben = interesse_aenderung.anheben(interesse=interesse, stufe=Stufe.RESSOURCEN, durch=kontakt, heute=HEUTE)
    assert (angehoben.stufe, angehoben.kontakt) == (Stufe.RESSOURCEN, fremder_kontakt)


@pytest.mark.django_db(transaction=True)
def test_filing_a_double_waits_for_a_change_without_holding_what_that_needs(kontakt):
    """Else the two would wait for each other: the change reads the duty to confirm next."""
    BestaetigungspflichtFactory(kommune=kontakt.kommune)
    vorhandene = bekundung(kontakt.kommune)

    def doppelt() -> None:
        try:
            abgeben(
                kommune=kontakt.kommune,
                angaben=angaben(aufgabenfeld=vorhandene.aufgabenfeld),
                durch=kontakt,
                heute=HEUTE,
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as laeufer:
        with transaction.atomic():
            gesperrte(vorhandene)
            arbeit = laeufer.submit(doppelt)
            bis_jemand_wartet()
            frei = list(Bestaetigungspflicht.objects.select_for_update(nowait=True))
        with pytest.raises(Doppelt):
            arbeit.result(timeout=30)
    assert len(frei) == 1


# --- on behalf --------------------------------------------------------------------------------------------------------
def geprueft(inhalt=b"Brief"):
    return Geprueft(ContentFile(inhalt), "brief.txt", Dateiart.TXT, len(inhalt), "0" * 64, "text/plain")


@pytest.mark.django_db
def test_on_behalf_keeps_note_and_paper(kommune, geschaeftsstelle):
    interesse = abgeben_fuer(
        kommune=kommune,
        angaben=angaben(aufgabenfeld=AufgabenfeldFactory()),
        vermerk=" Anruf am 12.01. ",
        beleg=geprueft(),
        durch=geschaeftsstelle,
        heute=HEUTE,
    )
    interesse.refresh_from_db()
    assert (interesse.kommune, interesse.durch, interesse.fuer) == (kommune, geschaeftsstelle, None)
    assert (interesse.vermerk, interesse.status) == ("Anruf am 12.01.", InteresseStatus.ABGEGEBEN)
    assert (interesse.beleg.dateiname, interesse.beleg.durch) == ("brief.txt", geschaeftsstelle)


@pytest.mark.django_db
def test_on_behalf_needs_a_note(kommune, geschaeftsstelle):
    with pytest.raises(ValidationError) as fehler:
        abgeben_fuer(
            kommune=kommune,
            angaben=angaben(aufgabenfeld=AufgabenfeldFactory()),
            vermerk=" ",
            beleg=geprueft(),
            durch=geschaeftsstelle,
            heute=HEUTE,
        )
    assert set(fehler.value.message_dict) == {"vermerk"}
    assert not Interessenbekundung.objects.exists()
    assert not Fassung.objects.exists()


@pytest.mark.django_db
def test_on_behalf_waits_for_the_head_like_any_other(kommune, geschaeftsstelle):
    BestaetigungspflichtFactory(kommune=kommune)
    interesse = abgeben_fuer(
        kommune=kommune,
        angaben=angaben(aufgabenfeld=AufgabenfeldFactory()),
        vermerk="Anruf.",
        beleg=None,
        durch=geschaeftsstelle,
        heute=HEUTE,
    )
    assert interesse.unbestaetigt
