from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from fontTools.ttLib import TTFont

from ikz_portal.basis import statisch

GEWICHTE = ["FiraSans-Regular", "FiraSans-Italic", "FiraSans-SemiBold"]


@pytest.fixture
def datenordner(settings, tmp_path):
    settings.DATEN = tmp_path
    return tmp_path


@pytest.fixture
def rad(datenordner):
    return statisch.RadFinder()


def test_list_nennt_nur_was_gebraucht_wird(rad):
    assert [name for name, _ in rad.list(None)] == [
        "bootstrap/bootstrap.min.css",
        "bootstrap/bootstrap.bundle.min.js",
        "schrift/FiraSans-Regular.woff2",
        "schrift/FiraSans-Italic.woff2",
        "schrift/FiraSans-SemiBold.woff2",
    ]


def test_list_beachtet_ausgenommene_muster(rad):
    assert [name for name, _ in rad.list(["*.woff2"])] == [
        "bootstrap/bootstrap.min.css",
        "bootstrap/bootstrap.bundle.min.js",
    ]


@pytest.mark.parametrize("fremd", ["bootstrap/bootstrap.css", "bootstrap/../geheim", "schrift/FiraSans-Thin.woff2", ""])
def test_find_gibt_nichts_anderes_heraus(rad, fremd):
    assert rad.find(fremd) is None
    assert rad.find(fremd, find_all=True) == []


@pytest.mark.parametrize("datei", ["bootstrap/bootstrap.min.css", "bootstrap/bootstrap.bundle.min.js"])
def test_bootstrap_verliert_nur_den_verweis_auf_die_karte(rad, datei):
    inhalt = Path(rad.find(datei)).read_bytes()
    original = (statisch.BOOTSTRAP / ("css" if datei.endswith("css") else "js") / Path(datei).name).read_bytes()

    assert b"sourceMappingURL" not in inhalt
    assert original.startswith(inhalt.rstrip())
    assert len(original) - len(inhalt) < 60


@pytest.mark.parametrize("gewicht", GEWICHTE)
def test_schrift_ist_klein_und_kann_deutsch(rad, gewicht):
    inhalt = Path(rad.find(f"schrift/{gewicht}.woff2")).read_bytes()

    with TTFont(BytesIO(inhalt)) as schrift:
        merkmale = {eintrag.FeatureTag for eintrag in schrift["GSUB"].table.FeatureList.FeatureRecord}
        assert set(map(ord, "AÄÖÜäöüßẞéłș„“‚‘–…·€−→↑↓½")) <= set(schrift.getBestCmap())
    assert "tnum" in merkmale
    assert inhalt[:4] == b"wOF2"
    assert len(inhalt) < 30_000


def test_datei_wird_nur_einmal_gemacht(rad, monkeypatch):
    ort = rad.find("schrift/FiraSans-Regular.woff2")
    monkeypatch.setitem(statisch.DATEIEN, "schrift/FiraSans-Regular.woff2", lambda: pytest.fail("gemacht"))

    assert rad.find("schrift/FiraSans-Regular.woff2") == ort


def test_neues_rad_macht_die_datei_neu(rad, monkeypatch):
    ort = Path(rad.find("bootstrap/bootstrap.min.css"))
    monkeypatch.setattr(statisch, "version", lambda paket: "99")
    monkeypatch.setitem(statisch.DATEIEN, "bootstrap/bootstrap.min.css", lambda: b"neu")

    rad.find("bootstrap/bootstrap.min.css")

    assert ort.read_bytes() == b"neu"
    assert sorted(datei.name for datei in ort.parent.iterdir()) == [".bootstrap.min.css.stand", "bootstrap.min.css"]


def test_htmx_kommt_aus_seinem_paket():
    assert Path(finders.find("django_htmx/htmx-2.min.js")).name == "htmx-2.min.js"


def test_collectstatic_mit_gepruefter_liste(datenordner, settings):
    settings.STATIC_ROOT = datenordner / "static"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

    call_command("collectstatic", interactive=False, verbosity=0)

    adresse = staticfiles_storage.url("schrift/FiraSans-Regular.woff2")
    assert adresse.startswith("/static/schrift/FiraSans-Regular.")
    css = (settings.STATIC_ROOT / staticfiles_storage.stored_name("css/ikz.css")).read_text(encoding="utf-8")
    assert f'url("../schrift/{Path(adresse).name}")' in css
    assert (settings.STATIC_ROOT / f"{staticfiles_storage.stored_name('bootstrap/bootstrap.min.css')}.gz").exists()
