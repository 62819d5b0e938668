import hashlib
from pathlib import Path

import pytest
from django.db import IntegrityError, connection

from ikz_portal.basis import ablage
from ikz_portal.basis.models import Fassung

pytestmark = pytest.mark.django_db


def ablegen(inhalt: bytes = b"Inhalt") -> Fassung:
    return ablage.ablegen(titel="Bericht", dateiname="b.pdf", inhaltstyp="application/pdf", inhalt=inhalt, durch=None)


def test_ablegen_keeps_bytes_size_and_checksum() -> None:
    fassung = ablegen()

    assert fassung.datei.read() == b"Inhalt"
    assert (fassung.groesse, fassung.pruefsumme) == (6, hashlib.sha256(b"Inhalt").hexdigest())
    fassung.datei.close()


def test_ablegen_same_bytes_twice_stores_one_file() -> None:
    assert ablegen().datei.name == ablegen().datei.name


def test_ablegen_half_written_file_is_replaced() -> None:
    ganze = ablegen(b"ganzer Inhalt")
    with open(ganze.datei.path, "wb") as datei:
        datei.write(b"ganz")

    zweite = ablegen(b"ganzer Inhalt")

    assert ablage.unversehrt(zweite)
    assert ablage.unversehrt(ganze)


def test_unversehrt_missing_file_is_noticed() -> None:
    fassung = ablegen(b"gleich weg")
    Path(fassung.datei.path).unlink()

    assert not ablage.unversehrt(fassung)


def test_unversehrt_changed_file_is_noticed() -> None:
    fassung = ablegen(b"unversehrt")
    assert ablage.unversehrt(fassung)

    with open(fassung.datei.path, "ab") as datei:
        datei.write(b"!")

    assert not ablage.unversehrt(fassung)


def test_fassung_change_by_raw_sql_is_refused() -> None:
    fassung = ablegen()

    with pytest.raises(IntegrityError, match="nie geaendert"), connection.cursor() as cursor:
        cursor.execute("UPDATE basis_fassung SET groesse = 1 WHERE id = %s", [fassung.pk])
