"""The report without a browser: the same PDF, a German line for what is wrong."""

from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from ikz_portal.basis.models import Statuswechsel
from tests.fabriken.projekte import ProjektFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbund")]


@pytest.fixture(autouse=True)
def heute():
    with time_machine.travel(date(2026, 11, 22)):
        yield


def test_statusbericht_writes_the_pdf_of_today(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    projekt = ProjektFactory()
    Statuswechsel.objects.create(objekt=projekt, nach=projekt.status, gueltig_ab=date(2022, 5, 19))
    datei = tmp_path / "bericht.pdf"

    call_command("statusbericht", datei=datei)

    assert datei.read_bytes().startswith(b"%PDF-")
    assert capsys.readouterr().out.startswith(f"Statusbericht zum 22.11.2026: {datei}")


@pytest.mark.parametrize(
    ("stichtag", "satz"),
    [("2013-13-45", "kein Datum"), ("20220519", "kein Datum"), ("2026-11-23", "liegt in der Zukunft")],
)
def test_statusbericht_wrong_day_is_told(tmp_path: Path, stichtag: str, satz: str) -> None:
    with pytest.raises(CommandError, match=satz):
        call_command("statusbericht", stichtag=stichtag, datei=tmp_path / "b.pdf")


def test_statusbericht_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="lässt sich nicht schreiben"):
        call_command("statusbericht", datei=tmp_path / "fehlt" / "b.pdf")
