"""The facts of the Kreis Groß-Gerau as `grunddaten` loads them, counted one by one."""

from collections import Counter
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, ErhebungStatus, Herkunft
from bestandsaufnahme.models import (
    Aufgabenfeld,
    Beteiligung,
    Erhebung,
    Interessenbekundung,
    Interessenrunde,
    Kooperation,
    Kooperationsfeld,
    Rundenergebnis,
)
from bestandsaufnahme.rechte import massgebliche_erhebungen
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.models import Statuswechsel
from ikz_portal.betrieb.grunddaten.lesen import zeit
from kommunen.auswahl import GremiumArt
from kommunen.models import Einwohnerstand, Gremium, Kommune, Sitz, Verbund
from projekte.auswahl import AuftragStatus, ProjektStatus
from projekte.models import Ereignis, Ergebnis, Geleitzug, Projekt, Projektauftrag
from wissen.auswahl import Sichtbarkeit
from wissen.models import Beitrag

STICHTAG = date(2013, 6, 30)
VORTRAG = date(2022, 5, 19)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("geladen")]


# --- Kommunen ---------------------------------------------------------------------------------------------------------


def test_kommunen_are_fifteen_and_their_inhabitants_sum_to_276307():
    am_stichtag = Einwohnerstand.objects.filter(stichtag=date(2021, 12, 31))
    summe = am_stichtag.exclude(kommune__art="kreis").aggregate(summe=Sum("einwohner"))["summe"]
    assert Kommune.objects.count() == 15
    assert Kommune.objects.ohne_kreis().count() == 14
    assert summe == am_stichtag.get(kommune__ags="06433").einwohner == 276_307
    assert Kommune.objects.get(art="kreis").ags == "06433"


def test_einwohnerstaende_towns_sum_to_the_kreis_in_every_year():
    staende = Einwohnerstand.objects.values_list("stichtag", "kommune__art", "einwohner")
    kreis = {tag: zahl for tag, art, zahl in staende if art == "kreis"}
    orte: Counter[date] = Counter()
    for tag, art, zahl in staende:
        orte[tag] += zahl if art != "kreis" else 0
    assert len(kreis) == 7
    assert dict(orte) == kreis
    assert not Einwohnerstand.objects.filter(quelle="").exists()


def test_nachbarn_are_symmetric_and_make_23_pairs():
    paare = {(von.ags, nach.ags) for von in Kommune.objects.all() for nach in von.nachbarn.all()}
    assert {(nach, von) for von, nach in paare} == paare
    assert len(paare) == 2 * 23


def test_kacheln_follow_the_map_and_the_kreis_stands_apart():
    raster = {(k.kachel_zeile, k.kachel_spalte): k.kurzname for k in Kommune.objects.all()}
    assert len(raster) == 15
    assert raster[1, 1] == "Kreis Groß-Gerau"
    assert raster[1, 4] == "Kelsterbach"
    assert raster[6, 3] == "Gernsheim"


def test_groessenklassen_of_the_talk_are_kept():
    klassen = Counter(Kommune.objects.ohne_kreis().values_list("groessenklasse_vortrag", flat=True))
    assert klassen == {
        "5.000–7.000": 2,
        "10.000–15.000": 5,
        "15.001–17.000": 3,
        "22.000–25.000": 2,
        "34.000": 1,
        "63.000": 1,
    }


def test_verbund_is_one():
    verbund = Verbund.objects.get()
    assert verbund.kurzname == "IKZ Kreis Groß-Gerau"
    assert verbund.stand_der_daten == VORTRAG


def test_gremien_four_standing_and_eighteen_groups_with_their_projekt():
    gruppen = Gremium.objects.filter(art=GremiumArt.PROJEKTGRUPPE)
    staendig = Gremium.objects.exclude(art=GremiumArt.PROJEKTGRUPPE)
    assert set(staendig.values_list("slug", flat=True)) == {
        "lenkungsgruppe",
        "buergermeister-dienstversammlung",
        "arbeitsgruppe-ikz",
        "e-government-stammgruppe",
    }
    assert Gremium.objects.get(kuerzel="LG").slug == "lenkungsgruppe"
    assert gruppen.count() == 18
    assert set(gruppen.values_list("projekte__beispiel", flat=True)) == {False}
    assert Projekt.objects.filter(gruppe__isnull=False).count() == 18


def test_stammgruppe_has_a_vacant_seat_per_kommune_and_no_other_body_has_one():
    sitze = Sitz.objects.filter(beispiel=False)
    assert sitze.count() == 15
    assert set(sitze.values_list("gremium__slug", "nummer", "konto", "stellvertretung")) == {
        ("e-government-stammgruppe", 1, None, None)
    }
    assert Gremium.objects.get(slug="e-government-stammgruppe").turnus == "3–4 Treffen im Jahr"


# --- survey and interests ---------------------------------------------------------------------------------------------


def test_aufgabenfelder_are_fifteen_in_the_order_of_the_talk():
    felder = list(Aufgabenfeld.objects.values_list("name", flat=True))
    assert len(felder) == 15
    assert felder[:3] == [
        "Zentrale Angelegenheiten",
        "Informations- und Kommunikationstechnologie / Digitalisierung",
        "Personalmanagement",
    ]
    assert felder[-1] == "Wirtschaft und Tourismus"
    assert "Informationstechnologie" in Aufgabenfeld.objects.get(reihenfolge=2).aliase
    assert Aufgabenfeld.objects.get(reihenfolge=6).aliase == ["Brandschutz"]


def test_matrix_has_44_marks_per_field_as_the_footnotes_say():
    je_feld = Counter(Beteiligung.objects.values_list("kooperation__kooperationsfeld__name", flat=True))
    assert je_feld == {
        "Postverbund": 2,
        "Rechtsamt": 1,
        "Beschaffungen": 3,
        "amtliche Bekanntmachungen": 2,
        "DV-Leistungen für Kommunen": 15,
        "Softwareschulungen für Systemsoftware": 5,
        "Prüfung von EDV-Software": 1,
        "IT-Projekte": 15,
    }
    assert sum(je_feld.values()) == 44
    assert (Kooperationsfeld.objects.count(), Kooperation.objects.count()) == (8, 8)


def test_matrix_29_marks_exist_and_15_are_unknown():
    je_status = Counter(Beteiligung.objects.values_list("status", flat=True))
    bestehende = Beteiligung.objects.filter(status=BeteiligungStatus.BESTEHT)
    assert je_status == {BeteiligungStatus.BESTEHT: 29, BeteiligungStatus.UNBEKANNT: 15}
    assert set(bestehende.values_list("herkunft", flat=True)) == {Herkunft.FUSSNOTE}
    assert set(Beteiligung.objects.values_list("gilt_ab", "gilt_bis")) == {(STICHTAG, None)}


def test_matrix_symbols_stand_as_printed():
    symbole = list(Kooperation.objects.order_by("kooperationsfeld__aufgabenfeld", "kooperationsfeld__reihenfolge"))
    assert [kooperation.symbol for kooperation in symbole] == list("■□⊕●●■□+")
    assert set(Kooperation.objects.values_list("bestaetigungen__am", "veroeffentlicht")) == {(STICHTAG, True)}


def test_matrix_slipped_marks_belong_to_biebesheim_and_stockstadt():
    kommunen = Kommune.objects.filter(beteiligungen__kooperation__kooperationsfeld__name="amtliche Bekanntmachungen")
    assert [kommune.kurzname for kommune in kommunen] == ["Biebesheim", "Stockstadt"]


def test_matrix_rollen_only_where_the_source_tells_them():
    besondere = Beteiligung.objects.exclude(rolle=BeteiligungRolle.BETEILIGT)
    assert set(besondere.values_list("kooperation__kooperationsfeld__name", "kommune__kurzname", "rolle")) == {
        ("Rechtsamt", "Rüsselsheim", BeteiligungRolle.FEDERFUEHREND),
        ("Prüfung von EDV-Software", "Rüsselsheim", BeteiligungRolle.LEISTUNGSEMPFAENGER),
    }


def test_externe_partner_are_objects_of_their_kooperation():
    ekom = Kooperation.objects.get(kooperationsfeld__name="DV-Leistungen für Kommunen")
    assert [partner.name for partner in ekom.externe_partner.all()] == [
        "ekom21 – Kommunales Gebietsrechenzentrum Hessen"
    ]


def test_erhebung_2013_is_closed_and_published():
    erhebung = Erhebung.objects.get(beispiel=False)
    assert (erhebung.beginn, erhebung.beginn_genauigkeit) == (date(2013, 2, 1), Genauigkeit.MONAT)
    assert (erhebung.ende, erhebung.ende_genauigkeit) == (date(2013, 5, 1), Genauigkeit.MONAT)
    assert (erhebung.ruecklauf_bis, erhebung.stichtag) == (date(2013, 5, 29), STICHTAG)
    assert erhebung.status == ErhebungStatus.ABGESCHLOSSEN
    assert list(massgebliche_erhebungen(AnonymousUser())) == [erhebung]
    assert "gerutscht" in erhebung.lesehinweis


def test_interessenrunde_has_13_totals_of_sum_98_and_no_declaration():
    runde = Interessenrunde.objects.get(beispiel=False)
    summen = list(runde.ergebnisse.filter(anzahl__isnull=False).values_list("anzahl", flat=True))
    assert summen == [12, 11, 8, 8, 8, 7, 7, 7, 7, 7, 6, 6, 4]
    assert sum(summen) == 98
    assert runde.jahr is None
    assert runde.interessen.count() == 0
    assert not Interessenbekundung.objects.filter(beispiel=False).exists()


def test_interessenrunde_two_fields_are_not_listed():
    leere = Rundenergebnis.objects.filter(anzahl__isnull=True)
    assert [ergebnis.aufgabenfeld.name for ergebnis in leere] == [
        "Verkehrsflächen und -anlagen, ÖPNV",
        "Wirtschaft und Tourismus",
    ]


# --- Projekte ---------------------------------------------------------------------------------------------------------


def test_projekte_are_22_by_status_with_the_pilot_apart():
    fakten = Projekt.objects.fakten()
    je_status = Counter(fakten.eigenstaendige().values_list("status", flat=True))
    assert fakten.count() == 22
    assert je_status == {
        ProjektStatus.ABGESCHLOSSEN: 12,
        ProjektStatus.BEARBEITUNG: 3,
        ProjektStatus.VORBEREITUNG: 2,
        ProjektStatus.NICHT_ANGEGEBEN: 4,
    }
    assert not fakten.filter(veroeffentlicht=False).exists()


def test_pilot_of_2014_was_absorbed_by_two_projects():
    pilot = Projekt.objects.get(slug="beschaffungswesen")
    assert [projekt.name for projekt in pilot.aufgegangen_in.all()] == [
        "Beschaffungsgemeinschaft Papier + Büromaterial",
        "Kommunales Vergabezentrum",
    ]
    assert (pilot.status, pilot.beginn_genauigkeit) == (ProjektStatus.NICHT_ANGEGEBEN, Genauigkeit.JAHR)


@pytest.mark.parametrize(
    ("slug", "anzahl", "beginn", "ende", "vorgaenger"),
    [
        ("e-government", 14, 2016, 2018, None),
        ("e-rechnung", 13, 2018, 2020, "e-government"),
        ("e-akte-dms", 14, 2020, 2022, "e-government"),
    ],
)
def test_teilnahme_is_quoted_with_its_day(slug, anzahl, beginn, ende, vorgaenger):
    projekt = Projekt.objects.get(slug=slug)
    zitat = (projekt.teilnahme_zitat, projekt.teilnahme_zitat_von, projekt.teilnahme_zitat_stand)
    assert zitat == (anzahl, 15, VORTRAG)
    assert (projekt.beginn.year, projekt.beginn_genauigkeit, projekt.ende.year) == (beginn, Genauigkeit.JAHR, ende)
    assert (projekt.vorgaenger and projekt.vorgaenger.slug) == vorgaenger
    assert projekt.teilnahmen.count() == 0


def test_e_akte_ends_in_a_month_with_the_words_of_the_source():
    projekt = Projekt.objects.get(slug="e-akte-dms")
    assert (projekt.ende_genauigkeit, projekt.zeit_hinweis) == (Genauigkeit.MONAT, "Sommer 2022")


def test_e_rechnung_has_three_geleitzuege_without_year_or_kommunen():
    zuege = Geleitzug.objects.filter(projekt__slug="e-rechnung")
    assert [zug.nummer for zug in zuege] == [1, 2, 3]
    assert set(zuege.values_list("beginn", "beginn_genauigkeit", "ende", "teilnahmen")) == {
        (None, Genauigkeit.UNBEKANNT, None, None)
    }
    assert all("nicht überliefert" in zug.zeit_hinweis for zug in zuege)


def test_statuswechsel_every_fact_is_dated_to_the_talk():
    je_projekt = {projekt.pk: projekt.status for projekt in Projekt.objects.fakten()}
    art = ContentType.objects.get_for_model(Projekt)
    wechsel = Statuswechsel.objects.filter(content_type=art, objekt_id__in=je_projekt)
    assert {zeile.objekt_id: zeile.nach for zeile in wechsel} == je_projekt
    assert set(wechsel.values_list("gueltig_ab", "von", "durch")) == {(VORTRAG, "", None)}
    assert wechsel.count() == 22


def test_statuswechsel_erhebung_is_closed_as_of_its_stichtag():
    erhebung = Erhebung.objects.get(beispiel=False)
    art = ContentType.objects.get_for_model(Erhebung)
    wechsel = Statuswechsel.objects.get(content_type=art, objekt_id=erhebung.pk)
    assert (wechsel.von, wechsel.nach, wechsel.gueltig_ab) == ("", ErhebungStatus.ABGESCHLOSSEN, STICHTAG)
    assert wechsel.grund.startswith("überliefert, Stand am Stichtag: Vortrag vom 19. Mai 2022")


@pytest.mark.parametrize("modell", [Erhebung, Interessenbekundung, Projekt, Projektauftrag])
def test_statuswechsel_tells_the_status_of_everything_that_has_one(modell):
    erster = modell._meta.get_field("status").default
    heute = Statuswechsel.objects.status_am(modell, date(2026, 3, 2))
    zeilen = modell.objects.exclude(status=erster).annotate(laut=heute)
    assert zeilen.exists()
    assert [zeile for zeile in zeilen if zeile.laut != zeile.status] == []


def test_auftraege_two_are_handed_down_with_empty_points():
    auftraege = Projektauftrag.objects.filter(status=AuftragStatus.UEBERLIEFERT)
    leere = {"start_und_ende", "projektkosten", "projektleitung", "projektgruppe", "informationsmanagement"}
    assert set(auftraege.values_list("projekt__slug", flat=True)) == {"beschaffungswesen", "e-rechnung"}
    assert {getattr(auftrag, punkt) for auftrag in auftraege for punkt in leere} == {""}
    assert all(auftrag.einleitung and auftrag.projektziele and auftrag.hinweis for auftrag in auftraege)
    assert auftraege.get(projekt__slug="beschaffungswesen").rahmenbedingungen == ""
    assert "„Umsetzungstermin bis 18.02.2020“" in auftraege.get(projekt__slug="e-rechnung").rahmenbedingungen


def test_auftrag_beschaffungswesen_has_its_tree_of_results():
    ergebnisse = Ergebnis.objects.filter(auftrag__projekt__slug="beschaffungswesen")
    assert [(ergebnis.nummer, ergebnis.eltern and ergebnis.eltern.nummer) for ergebnis in ergebnisse] == [
        ("1.", None),
        ("2.", None),
        ("a)", "2."),
        ("b)", "2."),
        ("c)", "2."),
        ("3.", None),
        ("Variante A", "3."),
        ("Variante B", "3."),
    ]


@pytest.mark.parametrize("slug", ["beschaffungswesen", "e-rechnung"])
@pytest.mark.parametrize(
    "befehl",
    [
        "UPDATE projekte_projektauftrag SET titel = 'x' WHERE id = %s",
        "DELETE FROM projekte_projektauftrag WHERE id = %s",
    ],
)
def test_auftrag_handed_down_withstands_raw_sql(slug, befehl):
    auftrag = Projektauftrag.objects.get(projekt__slug=slug)
    with pytest.raises(IntegrityError, match="nie geaendert"), transaction.atomic(), connection.cursor() as zeiger:
        zeiger.execute(befehl, [auftrag.pk])
    assert Projektauftrag.objects.get(pk=auftrag.pk).titel == auftrag.titel


def test_ereignisse_reach_from_2013_to_the_outlook():
    assert Ereignis.objects.filter(ausblick=False).count() == 11
    assert Ereignis.objects.filter(ausblick=True).count() == 7
    assert Ereignis.objects.first().schluessel == "bestandsaufnahme"
    assert not Ereignis.objects.filter(quelle="").exists()


def test_beitrag_of_the_guide_is_an_excerpt_for_all():
    beitrag = Beitrag.objects.get(beispiel=False)
    assert (beitrag.auszug, beitrag.sichtbarkeit) == (True, Sichtbarkeit.OEFFENTLICH)
    assert [zeile[3:] for zeile in beitrag.text.splitlines() if zeile.startswith("## ")] == [
        "Was ist zu tun?",
        "Wer?",
        "Wie?",
    ]


@pytest.mark.parametrize(
    ("text", "tag", "genauigkeit"),
    [
        ("2016", date(2016, 1, 1), Genauigkeit.JAHR),
        ("2013-02", date(2013, 2, 1), Genauigkeit.MONAT),
        ("2013-05-29", date(2013, 5, 29), Genauigkeit.TAG),
        (None, None, Genauigkeit.UNBEKANNT),
    ],
)
def test_zeit_reads_as_precisely_as_written(text, tag, genauigkeit):
    assert zeit({"beginn": text}, "beginn") == {"beginn": tag, "beginn_genauigkeit": genauigkeit}
