"""Files by content: stored under their SHA-256 sum, so that a Fassung can be checked and never overwrites another."""

import hashlib
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction

from ikz_portal.basis.models import Dokument, Fassung
from ikz_portal.basis.schleuse import Geprueft


def ablegen(*, titel: str, dateiname: str, inhaltstyp: str, inhalt: bytes, durch: Any) -> Fassung:
    """Keep these bytes as the first Fassung of a new Dokument; `durch` is a Konto or None. Same bytes, same file."""
    angaben = {"dateiname": dateiname, "inhaltstyp": inhaltstyp, "groesse": len(inhalt), "durch": durch}
    return _erste_fassung(titel, ContentFile(inhalt), hashlib.sha256(inhalt).hexdigest(), angaben)


def aufnehmen(*, titel: str, geprueft: Geprueft, durch: Any) -> Fassung:
    """Keep an upload that came through the gate, as above; what lies on disk is moved, not read again."""
    angaben = {"dateiname": geprueft.name, "inhaltstyp": geprueft.inhaltstyp, "groesse": geprueft.groesse}
    return _erste_fassung(titel, geprueft.datei, geprueft.pruefsumme, {**angaben, "durch": durch})


@transaction.atomic
def _erste_fassung(titel: str, datei: File, pruefsumme: str, angaben: dict[str, Any]) -> Fassung:
    pfad = f"{pruefsumme[:2]}/{pruefsumme}"
    if not _liegt_dort(pfad, pruefsumme):
        default_storage.delete(pfad)  # what a killed process left half written
        pfad = default_storage.save(pfad, datei)
    dokument = Dokument.objects.create(titel=titel)
    return Fassung.objects.create(dokument=dokument, nummer=1, datei=pfad, pruefsumme=pruefsumme, **angaben)


def unversehrt(fassung: Fassung) -> bool:
    """True if the stored bytes are still those that the checksum was taken of."""
    return _liegt_dort(str(fassung.datei.name), fassung.pruefsumme)


def _liegt_dort(pfad: str, pruefsumme: str) -> bool:
    if not default_storage.exists(pfad):
        return False
    with default_storage.open(pfad) as datei:
        return hashlib.file_digest(datei, "sha256").hexdigest() == pruefsumme
