"""The page of one declaration: who wants what with whom, whom to talk to, how it came to be, what became of it."""

from datetime import date

import pytest
import time_machine

from bestandsaufnahme.ablaeufe import interesse as ablauf
from bestandsaufnahme.ablaeufe import interesse_aenderung, interesse_entwurf
from bestandsaufnahme.ablaeufe.bestaetigung import bestaetigen
from bestandsaufnahme.ablaeufe.interesse import Angaben, Inhalt
from bestandsaufnahme.auswahl import InteresseArt, InteresseStatus, Stufe
from ikz_portal.basis import ablage
from ikz_portal.basis.models import Statuswechsel
from tests.fabriken.bestandsaufnahme import (
    AufgabenfeldFactory,
    BestaetigungspflichtFactory,
    ErhebungFactory,
    InteressenaenderungFactory,
    InteressenbekundungFactory,
    InteressenrundeFactory,
    KooperationsfeldFactory,
)
from tests.fabriken.kommunen import KommuneFactory, KontoFactory, VertretungFactory
from tests.fabriken.projekte import StarthilfeFactory

HEUTE = date(2026, 1, 15)
MARKE = "wartet auf Bestätigung, zählt noch nicht"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]


@pytest.fixture(autouse=True)
def uhr():
    with time_machine.travel("2026-01-15 09:00", tick=True):
        yield


@pytest.fixture
def interesse(kommune):
    return InteressenbekundungFactory(kommune=kommune, aufgabenfeld__name="Bauhof")


def url(interesse, rest=""):
    return f"/interessen/{interesse.pk}/{rest}"


def text(antwort):
    return antwort.content.decode()


def saetze(antwort):
    return [(schritt.am, schritt.satz, schritt.grund) for schritt in antwort.context["geschichte"]]


# --- the first line ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("felder", "satz"),
    [
        ({}, "Musterstadt möchte „Bauhof“ gemeinsam mit anderen Kommunen angehen."),
        (
            {"stufe": Stufe.RESSOURCEN},
            "Musterstadt möchte „Bauhof“ gemeinsam mit anderen Kommunen angehen und dafür Ressourcen einbringen.",
        ),
        (
            {"stufe": Stufe.FEDERFUEHRUNG, "art": InteresseArt.INFO_AUSTAUSCH},
            (
                "Musterstadt möchte sich mit anderen Kommunen über „Bauhof“ austauschen "
                "und dabei die Federführung übernehmen."
            ),
        ),
        (
            {"aufgabenfeld": None, "art": InteresseArt.INFO_AUSTAUSCH},
            "Musterstadt möchte sich mit anderen Kommunen austauschen.",
        ),
        ({"zurueckgezogen": True}, "Musterstadt wollte „Bauhof“ gemeinsam mit anderen Kommunen angehen."),
        ({"gueltig_bis": date(2026, 1, 14)}, "Musterstadt wollte „Bauhof“ gemeinsam mit anderen Kommunen angehen."),
    ],
)
def test_first_line_says_who_wants_what(angemeldet, lesend, kommune, felder, satz):
    feld = {} if "aufgabenfeld" in felder else {"aufgabenfeld__name": "Bauhof"}
    interesse = InteressenbekundungFactory(kommune=kommune, **feld, **felder)
    antwort = angemeldet(lesend).get(url(interesse))
    assert antwort.context["satz"] == satz
    assert satz in text(antwort)


@pytest.mark.parametrize(
    ("anzahl", "wem"),
    [
        (1, "Kommune A"),
        (2, "Kommune A und Kommune B"),
        (3, "Kommune A, Kommune B und Kommune C"),
        (4, "4 anderen Kommunen"),
    ],
)
def test_first_line_names_those_who_joined(angemeldet, lesend, interesse, anzahl, wem):
    for name in "ABCD"[:anzahl]:
        InteressenbekundungFactory(kommune__name=f"Kommune {name}", anschluss_an=interesse)
    antwort = angemeldet(lesend).get(url(interesse))
    assert antwort.context["satz"] == f"Musterstadt möchte „Bauhof“ gemeinsam mit {wem} angehen."


# --- who joined -------------------------------------------------------------------------------------------------------
def test_joined_ones_are_linked_and_only_what_counts_is_counted(angemeldet, kontakt, fremder_kontakt, interesse):
    zaehlt = InteressenbekundungFactory(kommune__name="Kommune A", anschluss_an=interesse)
    wartend = InteressenbekundungFactory(kommune__name="Kommune B", anschluss_an=interesse, unbestaetigt=True)
    for zustand in ({"zurueckgezogen": True}, {"gueltig_bis": date(2026, 1, 14)}, {"entwurf": True}):
        InteressenbekundungFactory(anschluss_an=interesse, **zustand)
    entwurf = InteressenbekundungFactory(kommune=fremder_kontakt.kommune, anschluss_an=interesse, entwurf=True)

    for konto in (kontakt, fremder_kontakt):  # whose own draft is no business of this page either
        antwort = angemeldet(konto).get(url(interesse))
        assert [p.kommune for p in antwort.context["verbindung"].anschluesse] == ["Kommune A", "Kommune B"]
        assert "Eine Kommune hat sich angeschlossen" in text(antwort)
        assert text(antwort).count(MARKE) == 1
        assert zaehlt.get_absolute_url() in text(antwort)
        assert wartend.get_absolute_url() in text(antwort)
        assert entwurf.get_absolute_url() not in text(antwort).split("Ihre Kommune ist dabei")[0]


def test_it_links_what_it_joins(angemeldet, lesend, interesse, andere_kommune):
    anschluss = InteressenbekundungFactory(
        kommune=andere_kommune, aufgabenfeld=interesse.aufgabenfeld, anschluss_an=interesse
    )
    antwort = angemeldet(lesend).get(url(anschluss))
    assert f'<dd><a href="{url(interesse)}">Interesse von Musterstadt</a></dd>' in text(antwort)
    assert antwort.context["satz"] == "Nachbarstadt möchte „Bauhof“ gemeinsam mit Musterstadt angehen."


def test_it_tells_that_what_it_joins_is_over(angemeldet, lesend, andere_kommune):
    altes = InteressenbekundungFactory(zurueckgezogen=True)
    anschluss = InteressenbekundungFactory(kommune=andere_kommune, aufgabenfeld__name="Bauhof", anschluss_an=altes)
    antwort = angemeldet(lesend).get(url(anschluss))
    assert antwort.context["satz"] == "Nachbarstadt möchte „Bauhof“ gemeinsam mit anderen Kommunen angehen."
    assert antwort.context["verbindung"].an.stand == InteresseStatus.ZURUECKGEZOGEN


# --- whom to talk to --------------------------------------------------------------------------------------------------
def test_contact_is_named_with_function_and_address(angemeldet, lesend, interesse):
    interesse.kontakt = KontoFactory(
        kommune=interesse.kommune, name="Rita Rat", funktion="Hauptamt", email="r@ikz.example"
    )
    interesse.save()
    seite = text(angemeldet(lesend).get(url(interesse)))
    assert "Rita Rat" in seite
    assert "Hauptamt" in seite
    assert 'href="mailto:r@ikz.example"' in seite


@pytest.mark.parametrize("zustand", [{"is_active": False}, {"kommune__name": "Anderswo"}])
def test_contact_that_is_gone_is_not_offered(angemeldet, kontakt, lesend, interesse, zustand):
    interesse.kontakt = KontoFactory(
        **{"kommune": interesse.kommune} if "is_active" in zustand else {}, **zustand, email="weg@ikz.example"
    )
    interesse.save()
    for konto, rat in ((lesend, False), (kontakt, True)):
        seite = text(angemeldet(konto).get(url(interesse)))
        assert "nicht mehr zuständig" in seite
        assert "weg@ikz.example" not in seite
        assert ("Eine neue nennen" in seite) is rat


# --- facts ------------------------------------------------------------------------------------------------------------
def test_facts_name_field_round_and_survey(angemeldet, lesend, kommune):
    teil = KooperationsfeldFactory(name="Winterdienst", aufgabenfeld=AufgabenfeldFactory(name="Bauhof", slug="bauhof"))
    runde, erhebung = InteressenrundeFactory(name="Runde 2026"), ErhebungFactory(name="Erhebung 2026")
    interesse = InteressenbekundungFactory(
        kommune=kommune, aufgabenfeld=None, kooperationsfeld=teil, runde=runde, erhebung=erhebung
    )
    seite = text(angemeldet(lesend).get(url(interesse)))
    assert f'href="/aufgabenfelder/bauhof/?kooperationsfeld={teil.pk}"' in seite
    assert "im Aufgabenfeld Bauhof" in seite
    assert f'<a href="{runde.get_absolute_url()}">Runde 2026</a>' in seite
    assert "<dd>Erhebung 2026</dd>" in seite


@pytest.fixture
def mit_beleg(kommune, geschaeftsstelle):
    fassung = ablage.ablegen(
        titel="Schreiben",
        dateiname="schreiben.pdf",
        inhaltstyp="application/pdf",
        inhalt=b"%PDF-1.4",
        durch=geschaeftsstelle,
    )
    return InteressenbekundungFactory(
        kommune=kommune, durch=geschaeftsstelle, vermerk="Schreiben vom 2. Januar", beleg=fassung
    )


@pytest.mark.parametrize(
    ("wer", "sieht"),
    [("kontakt", True), ("geschaeftsstelle", True), ("fremder_kontakt", False), ("lesend", False)],
)
def test_receipt_is_for_the_kommune_and_the_geschaeftsstelle(request, angemeldet, mit_beleg, wer, sieht):
    client = angemeldet(request.getfixturevalue(wer))
    seite = text(client.get(url(mit_beleg)))
    assert "Schreiben vom 2. Januar" in seite
    assert ("schreiben.pdf" in seite) is sieht
    antwort = client.get(url(mit_beleg, "beleg/"))
    assert antwort.status_code == (200 if sieht else 403)
    if sieht:
        assert antwort["Content-Disposition"] == 'attachment; filename="schreiben.pdf"'
        assert b"".join(antwort) == b"%PDF-1.4"


def test_receipt_that_there_is_not_is_404(angemeldet, kontakt, interesse):
    assert angemeldet(kontakt).get(url(interesse, "beleg/")).status_code == 404


# --- waiting for the head ---------------------------------------------------------------------------------------------
def test_unconfirmed_one_is_marked_for_everybody(angemeldet, lesend, kontakt, buergermeister, interesse):
    interesse.bestaetigung_noetig = True
    interesse.save()
    for konto, knopf in ((lesend, False), (kontakt, False), (buergermeister, True)):
        seite = text(angemeldet(konto).get(url(interesse)))
        assert seite.count(MARKE) == 1
        assert (url(interesse, "bestaetigen/") in seite) is knopf


def test_expired_one_waits_for_nobody(angemeldet, buergermeister, kommune):
    interesse = InteressenbekundungFactory(kommune=kommune, unbestaetigt=True, gueltig_bis=date(2026, 1, 14))
    seite = text(angemeldet(buergermeister).get(url(interesse)))
    assert MARKE not in seite
    assert url(interesse, "bestaetigen/") not in seite


# --- the history ------------------------------------------------------------------------------------------------------
def angaben(feld, **felder):
    return Angaben(
        **{"art": "kooperationswille", "aufgabenfeld": feld, "stufe": "interesse", "wofuer": "Los."} | felder
    )


def test_history_tells_all_that_happened_newest_first(angemeldet, kontakt, buergermeister, geschaeftsstelle, kommune):
    BestaetigungspflichtFactory(kommune=kommune)
    entwurf = interesse_entwurf.entwerfen(
        kommune=kommune, angaben=angaben(AufgabenfeldFactory()), durch=kontakt, heute=date(2026, 1, 2)
    )
    interesse = interesse_entwurf.abgeben(
        interesse=entwurf,
        version=entwurf.version,
        angaben=angaben(entwurf.aufgabenfeld),
        durch=kontakt,
        heute=date(2026, 1, 3),
    )
    interesse.refresh_from_db()
    bestaetigen(interesse=interesse, version=interesse.version, durch=buergermeister, heute=date(2026, 1, 4))
    interesse.refresh_from_db()
    interesse_aenderung.anheben(interesse=interesse, stufe=Stufe.RESSOURCEN, durch=kontakt, heute=date(2026, 1, 5))
    interesse.refresh_from_db()
    interesse_aenderung.aendern(
        interesse=interesse,
        version=interesse.version,
        inhalt=Inhalt(stufe=Stufe.INTERESSE, wofuer="Anders."),
        grund="Auf Bitte der Kommune",
        durch=geschaeftsstelle,
        heute=date(2026, 1, 6),
    )
    interesse.refresh_from_db()
    StarthilfeFactory(interesse=interesse, am=date(2026, 1, 7), projekt__name="Gemeinsamer Bauhof")
    ablauf.zurueckziehen(interesse=interesse, grund="Erledigt.", durch=buergermeister, heute=date(2026, 1, 8))

    client = angemeldet(kontakt)

    assert saetze(client.get(url(interesse))) == [
        ("08.01.2026", "Zurückgezogen von Verwaltungsspitze.", "Erledigt."),
        ("07.01.2026", "Ging in ein Projekt ein:", ""),
        (
            "06.01.2026",
            "Stufe gesenkt von Geschäftsstelle: von „bringt Ressourcen ein“ auf „hat Interesse“.",
            "Auf Bitte der Kommune",
        ),
        ("05.01.2026", "Nicht mehr bestätigt: nach einer Änderung von der Verwaltungsspitze zu bestätigen.", ""),
        ("05.01.2026", "Stufe angehoben von Kontakt: von „hat Interesse“ auf „bringt Ressourcen ein“.", ""),
        ("04.01.2026", "Bestätigt von Verwaltungsspitze.", ""),
        ("03.01.2026", "Abgegeben von Kontakt.", ""),
        ("02.01.2026", "Als Entwurf begonnen von Kontakt.", ""),
    ]


@pytest.mark.parametrize("wer", ["fremder_kontakt", "geschaeftsstelle", "lesend"])
def test_history_tells_nobody_else_of_the_draft(request, angemeldet, kontakt, wer):
    entwurf = interesse_entwurf.entwerfen(
        kommune=kontakt.kommune, angaben=angaben(AufgabenfeldFactory()), durch=kontakt, heute=date(2026, 1, 2)
    )
    interesse_entwurf.abgeben(
        interesse=entwurf, version=1, angaben=angaben(entwurf.aufgabenfeld), durch=kontakt, heute=HEUTE
    )
    antwort = angemeldet(request.getfixturevalue(wer)).get(url(entwurf))
    assert saetze(antwort) == [("15.01.2026", "Abgegeben von Kontakt.", "")]
    assert "02.01.2026" not in text(antwort)
    assert "Entwurf" not in text(antwort)


def test_history_of_one_on_behalf_and_of_one_by_a_deputy(
    angemeldet, lesend, geschaeftsstelle, fremder_kontakt, buergermeister
):
    kommune = buergermeister.kommune
    VertretungFactory(vertretener=buergermeister, vertreter=fremder_kontakt)
    im_auftrag = ablauf.abgeben(
        kommune=kommune,
        angaben=angaben(AufgabenfeldFactory()),
        durch=geschaeftsstelle,
        vermerk="Am Telefon gesagt.",
        heute=HEUTE,
    )
    vertreten = ablauf.abgeben(
        kommune=kommune, angaben=angaben(AufgabenfeldFactory()), durch=fremder_kontakt, heute=HEUTE
    )
    client = angemeldet(lesend)
    assert saetze(client.get(url(im_auftrag))) == [
        ("15.01.2026", "Im Auftrag der Kommune eingetragen von Geschäftsstelle.", "")
    ]
    assert saetze(client.get(url(vertreten))) == [
        ("15.01.2026", "Abgegeben von Fremder Kontakt in Vertretung für Verwaltungsspitze.", "")
    ]


@pytest.mark.parametrize("vermerkt", [False, True])
def test_history_tells_once_that_it_has_run_out(angemeldet, lesend, vermerkt):
    interesse = InteressenbekundungFactory(gueltig_bis=date(2026, 1, 10))
    if vermerkt:
        ablauf.ablaufen(interesse)
    antwort = angemeldet(lesend).get(url(interesse))
    assert saetze(antwort) == [("11.01.2026", "Abgelaufen: gültig bis 10.01.2026.", "")]


def test_history_of_a_change_without_another_stufe(angemeldet, lesend, interesse):
    InteressenaenderungFactory(interesse=interesse, stufe_nach=Stufe.INTERESSE, am=HEUTE, grund="Genauer gesagt")
    assert saetze(angemeldet(lesend).get(url(interesse))) == [("15.01.2026", "Angaben geändert.", "Genauer gesagt")]


# --- what became of it ------------------------------------------------------------------------------------------------
def test_it_points_to_what_became_of_it(angemeldet, lesend, interesse):
    hilfe = StarthilfeFactory(interesse=interesse, am=HEUTE, projekt__name="Gemeinsamer Bauhof", projekt__status="idee")
    StarthilfeFactory(projekt__name="Etwas anderes")
    antwort = angemeldet(lesend).get(url(interesse))
    assert [(e.projekt, e.url, e.status, e.am) for e in antwort.context["ergebnisse"]] == [
        ("Gemeinsamer Bauhof", hilfe.projekt.get_absolute_url(), "idee", "15.01.2026")
    ]
    assert "Was daraus wurde" in text(antwort)


# --- what one can do --------------------------------------------------------------------------------------------------
KNOEPFE = ("bearbeiten", "anschliessen", "anheben", "zurueckziehen", "bestaetigen", "verwerfen", "vorlage")


def angeboten(client, interesse):
    seite = text(client.get(url(interesse)))
    ziele = {name: url(interesse, f"{name}/") for name in KNOEPFE} | {"vorlage": f"?vorlage={interesse.pk}"}
    return {name for name, ziel in ziele.items() if ziel in seite}


@pytest.mark.parametrize(
    ("zustand", "wer", "knoepfe"),
    [
        ({}, "kontakt", {"bearbeiten", "anheben", "zurueckziehen"}),
        ({}, "buergermeister", {"bearbeiten", "anheben", "zurueckziehen"}),
        ({}, "fremder_kontakt", {"anschliessen"}),
        ({}, "geschaeftsstelle", {"bearbeiten"}),
        ({}, "lesend", set()),
        ({"stufe": Stufe.FEDERFUEHRUNG}, "kontakt", {"bearbeiten", "zurueckziehen"}),
        ({"unbestaetigt": True}, "kontakt", {"bearbeiten", "anheben", "zurueckziehen"}),
        ({"unbestaetigt": True}, "buergermeister", {"bearbeiten", "anheben", "zurueckziehen", "bestaetigen"}),
        ({"bestaetigt": True}, "buergermeister", {"bearbeiten", "anheben", "zurueckziehen"}),
        ({"entwurf": True}, "kontakt", {"bearbeiten", "verwerfen"}),
        ({"zurueckgezogen": True}, "kontakt", {"vorlage"}),
        ({"zurueckgezogen": True}, "fremder_kontakt", set()),
        ({"zurueckgezogen": True}, "geschaeftsstelle", set()),
        ({"gueltig_bis": date(2026, 1, 14)}, "kontakt", {"vorlage"}),
        ({"status": InteresseStatus.ABGELAUFEN}, "buergermeister", {"vorlage"}),
    ],
)
def test_page_offers_what_one_can_do(request, angemeldet, zustand, wer, knoepfe):
    interesse = InteressenbekundungFactory(kommune=request.getfixturevalue("kommune"), **zustand)
    assert angeboten(angemeldet(request.getfixturevalue(wer)), interesse) == knoepfe


def test_raising_is_offered_for_every_higher_stufe(angemeldet, kontakt, interesse):
    seite = text(angemeldet(kontakt).get(url(interesse)))
    assert "Stufe anheben: bringt Ressourcen ein" in seite
    assert "Stufe anheben: würde federführen" in seite


@pytest.mark.parametrize(("wer", "pflicht"), [("kontakt", True), ("kontakt", False), ("buergermeister", True)])
def test_raising_a_confirmed_one_warns_that_it_waits_again(request, angemeldet, kommune, wer, pflicht):
    interesse = InteressenbekundungFactory(kommune=kommune, bestaetigt=True)
    if pflicht:
        BestaetigungspflichtFactory(kommune=kommune)
    seite = text(angemeldet(request.getfixturevalue(wer)).get(url(interesse)))
    assert ("bis dahin zählt das Interesse nicht" in seite) is (pflicht and wer == "kontakt")


@pytest.mark.parametrize("zustand", [{}, {"entwurf": True}])
def test_joining_is_not_offered_to_who_has_declared_the_same(angemeldet, fremder_kontakt, interesse, zustand):
    eigenes = InteressenbekundungFactory(
        kommune=fremder_kontakt.kommune, aufgabenfeld=interesse.aufgabenfeld, **zustand
    )
    seite = text(angemeldet(fremder_kontakt).get(url(interesse)))
    assert url(interesse, "anschliessen/") not in seite
    assert eigenes.get_absolute_url() in seite


def test_declaring_again_is_not_offered_where_it_runs_again(angemeldet, kontakt):
    altes = InteressenbekundungFactory(kommune=kontakt.kommune, zurueckgezogen=True)
    neues = InteressenbekundungFactory(kommune=kontakt.kommune, aufgabenfeld=altes.aufgabenfeld)
    seite = text(angemeldet(kontakt).get(url(altes)))
    assert f"?vorlage={altes.pk}" not in seite
    assert f'href="{neues.get_absolute_url()}"' in seite


def test_declaring_again_says_nothing_of_a_foreign_draft(angemeldet, geschaeftsstelle, kommune):
    altes = InteressenbekundungFactory(kommune=kommune, zurueckgezogen=True)
    entwurf = InteressenbekundungFactory(kommune=kommune, aufgabenfeld=altes.aufgabenfeld, entwurf=True)
    seite = text(angemeldet(geschaeftsstelle).get(url(altes)))
    assert entwurf.get_absolute_url() not in seite
    assert "Entwurf" not in seite


@pytest.mark.parametrize("anzahl", [1, 3])
def test_page_needs_the_same_queries_for_any_number(angemeldet, fremder_kontakt, django_assert_num_queries, anzahl):
    wer = {"durch": KontoFactory(), "kontakt": KontoFactory()}
    interesse = InteressenbekundungFactory(
        **wer, runde=InteressenrundeFactory(), anschluss_an=InteressenbekundungFactory()
    )
    for tag in range(1, anzahl + 1):
        InteressenbekundungFactory(anschluss_an=interesse, kommune=KommuneFactory())
        InteressenaenderungFactory(interesse=interesse, durch=KontoFactory(), am=date(2026, 1, tag))
        StarthilfeFactory(interesse=interesse)
        Statuswechsel.objects.create(
            objekt=interesse, nach="abgegeben", gueltig_ab=date(2026, 1, tag), durch=KontoFactory()
        )
    client = angemeldet(fremder_kontakt)
    with django_assert_num_queries(10):
        client.get(url(interesse))
