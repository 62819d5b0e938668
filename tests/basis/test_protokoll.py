"""What the database puts on record, whichever way a row is written, and that nobody rewrites it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from ikz_portal.basis import laeufe, protokoll
from ikz_portal.basis.middleware import ProtokollMiddleware
from ikz_portal.basis.models import Aenderung
from kommunen.models import Kommune
from projekte.models import Meilenstein, Projekt
from tests.fabriken.bestandsaufnahme import AufgabenfeldFactory
from tests.fabriken.kommunen import KommuneFactory, KontoFactory
from tests.fabriken.projekte import MeilensteinFactory, ProjektFactory
from tests.fabriken.wissen import BeitragFactory

pytestmark = pytest.mark.django_db


def zu(objekt) -> list[tuple[str, dict[str, object] | None]]:
    """Return (kind, what was different before) of its changes, the oldest first."""
    eintraege = Aenderung.objects.filter(tabelle=objekt._meta.db_table, objekt=str(objekt.pk)).order_by("pk")
    return [(eintrag.art, eintrag.vorher) for eintrag in eintraege]


# --- every way to write -----------------------------------------------------------------------------------------------


def test_create_update_and_delete_are_recorded():
    feld = AufgabenfeldFactory(name="Archiv")
    feld.name = "Archive"
    feld.save()
    pk = feld.pk
    feld.delete()
    feld.pk = pk
    assert zu(feld) == [("anlage", None), ("aenderung", {"name": "Archiv"}), ("loeschung", None)]
    assert Aenderung.objects.filter(art="loeschung").get().stand["name"] == "Archive"


def test_bulk_writes_are_recorded_row_by_row():
    felder = [AufgabenfeldFactory(name=name) for name in "AB"]
    for feld in felder:
        feld.slug += "-neu"
    type(felder[0]).objects.bulk_update(felder, ["slug"])
    type(felder[0]).objects.update(reihenfolge=F("reihenfolge") + 1000)
    assert [[art for art, _ in zu(feld)] for feld in felder] == [["anlage", "aenderung", "aenderung"]] * 2


def test_raw_sql_is_recorded():
    feld = AufgabenfeldFactory(name="Archiv")
    with connection.cursor() as zeiger:
        zeiger.execute("UPDATE bestandsaufnahme_aufgabenfeld SET name = 'anders' WHERE id = %s", [feld.pk])
    assert zu(feld)[-1] == ("aenderung", {"name": "Archiv"})


def test_update_that_changes_nothing_is_not_recorded():
    feld = AufgabenfeldFactory()
    feld.save()
    assert zu(feld) == [("anlage", None)]


def test_many_to_many_is_recorded_at_its_object():
    beitrag, feld = BeitragFactory(), AufgabenfeldFactory()
    beitrag.aufgabenfelder.add(feld)
    beitrag.aufgabenfelder.clear()
    arten = Aenderung.objects.von(beitrag).filter(tabelle="wissen_beitrag_aufgabenfelder").values_list("art", flat=True)
    assert list(arten) == ["loeschung", "anlage"]


def test_parts_are_found_with_their_whole():
    zeile = MeilensteinFactory()
    MeilensteinFactory()
    zeile.delete()
    tabellen = Aenderung.objects.von(zeile.projekt).values_list("tabelle", "art")
    assert list(tabellen) == [
        (Meilenstein._meta.db_table, "loeschung"),
        (Meilenstein._meta.db_table, "anlage"),
        (Projekt._meta.db_table, "anlage"),
    ]


def test_passwords_stay_out_and_signing_in_is_no_change(client):
    konto = KontoFactory(passwort="geheim-geheim")
    konto.set_password("anders-anders")
    konto.save()
    client.force_login(konto)
    eintraege = Aenderung.objects.filter(tabelle=konto._meta.db_table, objekt=str(konto.pk))
    assert [eintrag.art for eintrag in eintraege] == ["anlage"]
    assert {"password", "last_login"} & set(eintraege.get().stand) == set()


def test_what_is_rolled_back_is_not_recorded():
    with transaction.atomic():
        AufgabenfeldFactory()
        transaction.set_rollback(True)
    assert not Aenderung.objects.exists()


# --- who --------------------------------------------------------------------------------------------------------------


def test_umstaende_name_konto_and_source_and_bind_together():
    konto, fuer = KontoFactory(), KontoFactory()
    with protokoll.umstaende(quelle="/x/", konto=konto.pk):
        AufgabenfeldFactory()
        protokoll.in_vertretung(fuer.pk)
        AufgabenfeldFactory()
    zweiter, erster = Aenderung.objects.filter(tabelle="bestandsaufnahme_aufgabenfeld")
    assert (erster.konto, erster.fuer, erster.quelle) == (konto, None, "/x/")
    assert (zweiter.konto, zweiter.fuer) == (konto, fuer)
    assert zweiter.vorgang == erster.vorgang is not None


def beantworten(anfrage, **argumente):
    """Let a view with these arguments write a row, in the order in which Django asks the middleware."""

    def ansicht(anfrage):
        middleware.process_view(anfrage, ansicht, (), argumente)
        AufgabenfeldFactory()

    middleware = ProtokollMiddleware(ansicht)
    middleware(anfrage)


def test_request_that_writes_is_named(rf):
    konto = KontoFactory()
    anfrage = rf.post("/projekte/neu/")
    anfrage.user = konto
    beantworten(anfrage)
    eintrag = Aenderung.objects.first()
    assert (eintrag.konto, eintrag.quelle) == (konto, "/projekte/neu/")


def test_request_of_nobody_is_recorded_without_a_name(rf):
    anfrage = rf.post("/konto/passwort/vergessen/")
    anfrage.user = AnonymousUser()
    beantworten(anfrage)
    eintrag = Aenderung.objects.first()
    assert (eintrag.konto, eintrag.quelle) == (None, "/konto/passwort/vergessen/")


def test_what_opens_a_page_stays_out_of_the_record(rf):
    anfrage = rf.post("/konto/passwort/neu/2-abc/")
    anfrage.user = AnonymousUser()
    beantworten(anfrage, uidb36="2", key="abc")
    assert Aenderung.objects.first().quelle == "/konto/passwort/neu/2-…/"


def test_pages_that_are_read_record_nothing(angemeldet, geschaeftsstelle, verbund):
    projekt = MeilensteinFactory().projekt
    vorher = Aenderung.objects.count()
    client = angemeldet(geschaeftsstelle)
    for adresse in ("/", "/projekte/", projekt.get_absolute_url(), "/protokoll/", f"/verlauf/projekt/{projekt.pk}/"):
        assert client.get(adresse).status_code == 200
    assert Aenderung.objects.count() == vorher


def test_command_is_named():
    call_command("grunddaten", verbosity=0)
    assert set(Aenderung.objects.values_list("quelle", flat=True)) == {"manage.py grunddaten"}
    assert Aenderung.objects.filter(tabelle=Kommune._meta.db_table).count() == Kommune.objects.count()


def test_job_is_named():
    lauf = laeufe.einreihen(art="basis.tasks.probe", schluessel="1")

    def arbeit(lauf):
        AufgabenfeldFactory()
        laeufe.beenden(lauf)

    laeufe.ausfuehren(lauf.pk, arbeit, nach_scheitern=lambda _: None)
    assert Aenderung.objects.get().quelle == "Auftrag probe"


# --- it stays ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("satz", ["UPDATE basis_aenderung SET konto_id = NULL", "DELETE FROM basis_aenderung"])
def test_record_refuses_to_be_changed(satz):
    KommuneFactory()
    with pytest.raises(IntegrityError, match="wird nie geaendert"), transaction.atomic(), connection.cursor() as zeiger:
        zeiger.execute(satz)
    assert Aenderung.objects.count() == 1


def test_record_survives_the_deletion_of_who_made_it():
    projekt = ProjektFactory()
    with protokoll.umstaende(quelle="/x/", konto=2**40):
        Projekt.objects.filter(pk=projekt.pk).update(hinweis="neu")
    assert Aenderung.objects.select_related("konto").first().konto is None
