from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from itertools import product
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from ikz_portal.basis.models import Statuswechsel
from ikz_portal.basis.rueckblick import Veraltet
from projekte.ablaeufe import projekt as ablauf
from projekte.ablaeufe.projekt import MeilensteinAngaben, ProjektAngaben
from projekte.auswahl import UEBERGAENGE, ProjektStatus
from projekte.models import Meilenstein, Projekt
from tests.fabriken.bestandsaufnahme import AufgabenfeldFactory
from tests.fabriken.kommunen import KontoFactory
from tests.fabriken.projekte import MeilensteinFactory, ProjektFactory

pytestmark = pytest.mark.django_db
HEUTE = date(2026, 6, 1)


def angaben(projekt: Projekt, **andere: object) -> ProjektAngaben:
    """Return what the form says where nothing was changed in it, but for these."""
    gleiche = {name: getattr(projekt, name) for name in ProjektAngaben.__slots__}
    return ProjektAngaben(**{**gleiche, **andere})


def neue_angaben(**andere: object) -> ProjektAngaben:
    return angaben(Projekt(name="Gemeinsames Archiv", aufgabenfeld=AufgabenfeldFactory()), **andere)


def bearbeiten(projekt: Projekt, durch, **andere: object) -> Projekt:
    vorgabe = {"version": projekt.version, "angaben": angaben(projekt), "meilensteine": []}
    return ablauf.bearbeiten(projekt=projekt, durch=durch, heute=HEUTE, **{**vorgabe, **andere})


# --- new ones ---------------------------------------------------------------------------------------------------------


def test_anlegen_writes_projekt_meilensteine_and_first_status(geschaeftsstelle):
    projekt = ablauf.anlegen(
        angaben=neue_angaben(status=ProjektStatus.VORBEREITUNG),
        meilensteine=[MeilensteinAngaben(name="Start", geplant=date(2026, 9, 1))],
        durch=geschaeftsstelle,
        heute=HEUTE,
        grund="Dienstversammlung",
    )
    assert Projekt.objects.get() == projekt
    assert (projekt.slug, projekt.beispiel, projekt.veroeffentlicht) == ("gemeinsames-archiv", False, False)
    assert list(projekt.meilensteine.values_list("name", flat=True)) == ["Start"]
    wechsel = Statuswechsel.objects.get()
    assert (wechsel.objekt, wechsel.von, wechsel.nach) == (projekt, "", "vorbereitung")
    assert (wechsel.gueltig_ab, wechsel.durch, wechsel.grund) == (HEUTE, geschaeftsstelle, "Dienstversammlung")


def test_anlegen_refuses_a_status_that_only_imports_have(geschaeftsstelle):
    with pytest.raises(ValidationError, match="nicht wählen"):
        ablauf.anlegen(
            angaben=neue_angaben(status="nicht_angegeben"), meilensteine=[], durch=geschaeftsstelle, heute=HEUTE
        )
    assert not Projekt.objects.exists()


@pytest.mark.parametrize("name", ["Gemeinsames Archiv", "gemeinsames archiv"])
def test_anlegen_with_a_taken_name_writes_nothing(geschaeftsstelle, name):
    ProjektFactory(name=name)
    with pytest.raises(ValidationError) as fehler:
        ablauf.anlegen(angaben=neue_angaben(), meilensteine=[], durch=geschaeftsstelle, heute=HEUTE)
    assert fehler.value.message_dict == {"name": [ablauf.NAME_VERGEBEN]}
    assert not Statuswechsel.objects.exists()


def test_anlegen_with_a_bad_meilenstein_writes_nothing(geschaeftsstelle):
    doppelt = [MeilensteinAngaben(name="Start", geplant=HEUTE)] * 2
    with pytest.raises(ValidationError, match="Meilenstein „Start“"):
        ablauf.anlegen(angaben=neue_angaben(), meilensteine=doppelt, durch=geschaeftsstelle, heute=HEUTE)
    assert not Projekt.objects.exists()


@pytest.mark.parametrize(
    ("name", "kurzadresse"),
    [
        ("Straßenreinigung für Büttelborn", "strassenreinigung-fuer-buettelborn"),
        ("E-Akte / DMS", "e-akte-dms"),
        ("Neu", "neu-2"),
        ("§§§", "projekt"),
        ("Ä" * 200, "Ae" * 38),
    ],
)
def test_slug_comes_from_the_name(name, kurzadresse):
    assert ablauf.freie_kurzadresse(name) == kurzadresse.lower()


def test_slug_that_is_taken_gets_a_number():
    ProjektFactory(slug="archiv")
    ProjektFactory(slug="archiv-2")
    assert ablauf.freie_kurzadresse("Archiv") == "archiv-3"


# --- status -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("von", "nach"), [paar for paar in product(ProjektStatus, repeat=2) if paar[0] != paar[1]])
def test_status_goes_only_where_the_table_allows(von, nach, geschaeftsstelle):
    projekt = ProjektFactory(status=von)
    if nach in UEBERGAENGE[von]:
        bearbeiten(projekt, geschaeftsstelle, angaben=angaben(projekt, status=nach), grund="weil")
        wechsel = Statuswechsel.objects.get()
        assert (wechsel.objekt, wechsel.von, wechsel.nach, wechsel.grund) == (projekt, von, nach, "weil")
        assert Projekt.objects.get().status == nach
    else:
        with pytest.raises(ValidationError, match="geht es nicht zu"):
            bearbeiten(projekt, geschaeftsstelle, angaben=angaben(projekt, status=nach))
        assert Projekt.objects.get().status == von
        assert not Statuswechsel.objects.exists()


@pytest.mark.parametrize("status", ProjektStatus)
def test_unchanged_status_leaves_no_row(status, geschaeftsstelle):
    projekt = ProjektFactory(status=status)
    bearbeiten(projekt, geschaeftsstelle, angaben=angaben(projekt, hinweis="neu"))
    assert Projekt.objects.get().hinweis == "neu"
    assert not Statuswechsel.objects.exists()


# --- editing ----------------------------------------------------------------------------------------------------------


def test_bearbeiten_keeps_slug_example_and_publication(geschaeftsstelle):
    projekt = ProjektFactory(slug="alt", beispiel=True, veroeffentlicht=True)
    bearbeiten(projekt, geschaeftsstelle, angaben=angaben(projekt, name="Ganz anders", veroeffentlicht=None))
    neu = Projekt.objects.get()
    assert (neu.name, neu.slug, neu.beispiel, neu.veroeffentlicht) == ("Ganz anders", "alt", True, True)


def test_older_version_is_refused_and_nothing_written(geschaeftsstelle):
    projekt = ProjektFactory(hinweis="alt")
    bearbeiten(projekt, geschaeftsstelle, angaben=angaben(projekt, hinweis="von der ersten"))
    with pytest.raises(Veraltet):
        bearbeiten(
            projekt,
            geschaeftsstelle,
            angaben=angaben(projekt, hinweis="von der zweiten"),
            meilensteine=[MeilensteinAngaben(name="Start", geplant=HEUTE)],
        )
    assert Projekt.objects.get().hinweis == "von der ersten"
    assert not Meilenstein.objects.exists()


def test_change_of_a_meilenstein_alone_raises_the_version(geschaeftsstelle):
    zeile = MeilensteinFactory()
    bearbeiten(
        zeile.projekt,
        geschaeftsstelle,
        meilensteine=[MeilensteinAngaben(pk=zeile.pk, name="anders", geplant=zeile.geplant)],
    )
    with pytest.raises(Veraltet):
        bearbeiten(zeile.projekt, geschaeftsstelle, geloeschte=[zeile.pk])
    assert Meilenstein.objects.get().name == "anders"


def test_broken_rule_in_the_database_is_told_in_german(geschaeftsstelle):
    projekt = ProjektFactory()
    falsch = angaben(projekt, ende=date(2024, 1, 1), ende_genauigkeit="tag")
    with pytest.raises(ValidationError, match="Das Ende liegt vor dem Beginn"):
        bearbeiten(projekt, geschaeftsstelle, angaben=falsch)


def test_projekte_never_follow_each_other_in_a_ring(geschaeftsstelle):
    erstes = ProjektFactory()
    zweites = ProjektFactory(vorgaenger=erstes)
    drittes = ProjektFactory(vorgaenger=zweites)
    with pytest.raises(ValidationError, match="folgt selbst"):
        bearbeiten(erstes, geschaeftsstelle, angaben=angaben(erstes, vorgaenger=drittes))


# --- Meilensteine -----------------------------------------------------------------------------------------------------


def test_meilensteine_are_added_changed_and_deleted(geschaeftsstelle, kommune):
    projekt = ProjektFactory()
    bleibt, geht = MeilensteinFactory(projekt=projekt), MeilensteinFactory(projekt=projekt)
    bearbeiten(
        projekt,
        geschaeftsstelle,
        meilensteine=[
            MeilensteinAngaben(pk=bleibt.pk, name="Konzept", geplant=HEUTE, erreicht=HEUTE, verantwortlich=kommune),
            MeilensteinAngaben(name="Schulung", geplant=date(2026, 9, 1), freigabe_noetig=True),
        ],
        geloeschte=[geht.pk],
    )
    zeilen = Meilenstein.objects.values_list("name", "geplant", "erreicht", "verantwortlich", "freigabe_noetig")
    assert list(zeilen) == [
        ("Konzept", HEUTE, HEUTE, kommune.pk, False),
        ("Schulung", date(2026, 9, 1), None, None, True),
    ]


def test_two_meilensteine_swap_their_names(geschaeftsstelle):
    projekt = ProjektFactory()
    a, b = MeilensteinFactory(projekt=projekt, name="A"), MeilensteinFactory(projekt=projekt, name="B")
    tausch = [
        MeilensteinAngaben(pk=a.pk, name="B", geplant=a.geplant),
        MeilensteinAngaben(pk=b.pk, name="A", geplant=b.geplant),
    ]
    bearbeiten(projekt, geschaeftsstelle, meilensteine=tausch)
    assert dict(Meilenstein.objects.values_list("pk", "name")) == {a.pk: "B", b.pk: "A"}


def test_name_of_a_deleted_one_is_free_at_once(geschaeftsstelle):
    alt = MeilensteinFactory(name="Start")
    neu = MeilensteinAngaben(name="Start", geplant=date(2027, 1, 1))
    bearbeiten(alt.projekt, geschaeftsstelle, meilensteine=[neu], geloeschte=[alt.pk])
    assert Meilenstein.objects.get().geplant == date(2027, 1, 1)


@pytest.mark.parametrize("weg", ["meilensteine", "geloeschte"])
def test_meilenstein_of_another_projekt_is_refused(weg, geschaeftsstelle):
    fremder = MeilensteinFactory(name="fremd")
    werte = {
        "meilensteine": [MeilensteinAngaben(pk=fremder.pk, name="geraubt", geplant=HEUTE)],
        "geloeschte": [fremder.pk],
    }
    with pytest.raises(ValidationError, match="gehört nicht zu diesem Projekt"):
        bearbeiten(ProjektFactory(), geschaeftsstelle, **{weg: werte[weg]})
    assert Meilenstein.objects.get().name == "fremd"


def test_released_meilenstein_keeps_its_need_of_release(geschaeftsstelle):
    zeile = MeilensteinFactory(name="Start", freigabe_noetig=True, freigegeben_am=HEUTE)
    ohne = MeilensteinAngaben(pk=zeile.pk, name="Start", geplant=HEUTE)
    with pytest.raises(ValidationError, match="Freigegeben wird nur"):
        bearbeiten(zeile.projekt, geschaeftsstelle, meilensteine=[ohne])


# --- two at once ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_saved_and_one_refused():
    durch, projekt = KontoFactory(geschaeftsstelle=True), ProjektFactory(hinweis="alt")
    gleichauf = Barrier(2)

    def speichern(hinweis: str) -> str:
        try:
            gleichauf.wait(timeout=10)
            bearbeiten(projekt, durch, angaben=replace(angaben(projekt), hinweis=hinweis))
        except Veraltet:
            return "veraltet"
        finally:
            connection.close()
        return hinweis

    with ThreadPoolExecutor(2) as laeufer:
        ergebnisse = list(laeufer.map(speichern, ["erste", "zweite"]))
    gespeichert = Projekt.objects.get()
    assert sorted(ergebnisse) == sorted([gespeichert.hinweis, "veraltet"])
    assert gespeichert.version == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_new_ones_of_a_name_one_is_made_and_one_refused():
    durch, felder = KontoFactory(geschaeftsstelle=True), neue_angaben()
    gleichauf = Barrier(2)

    def anlegen(_: int) -> str:
        try:
            gleichauf.wait(timeout=10)
            return ablauf.anlegen(angaben=felder, meilensteine=[], durch=durch, heute=HEUTE).slug
        except ValidationError as fehler:
            return ", ".join(fehler.message_dict)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as laeufer:
        assert sorted(laeufer.map(anlegen, range(2))) == ["gemeinsames-archiv", "name"]
    assert Projekt.objects.count() == 1
    assert Statuswechsel.objects.count() == 1
