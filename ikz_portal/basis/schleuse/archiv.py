"""ZIP containers of office documents, read strictly: what two programs could understand differently is refused.

Nothing is unpacked to disk. The sizes of the directory are believed only to refuse; reading stops beyond them.
"""

import re
import stat
import struct
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ikz_portal.basis.schleuse.befund import Abgewiesen, Daten, unlesbar

EINTRAEGE = 5000
GESAMT = 400 << 20  # bytes, unpacked
VERHAELTNIS = 250  # unpacked to packed; tables reach 60
VERHAELTNIS_AB = 1 << 20
BLOCK = 1 << 16
BESCHREIBUNG = 24  # bytes of a data descriptor behind a member

ENDE = struct.Struct("<4s4H2IH")
EINTRAG = struct.Struct("<4s6H3I5H2I")
KOPF = struct.Struct("<4s5H3I2H")
GESPEICHERT, GEPACKT = 0, 8
VERSCHLUESSELT = 0x2041  # encrypted, strongly encrypted, masked
NACHGEREICHT = 0x8  # sizes follow the data
IN_UTF8 = 0x800
UNBESTIMMT = 0xFFFFFFFF
LAUFWERK = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Glied:
    name: str
    kopf: int
    gepackt: int
    groesse: int
    packung: int
    pruefzahl: int
    merkmale: int
    daten: int = 0


class Archiv:
    """Refused unless directory and members agree, lie side by side, fill the file and stay within the limits."""

    def __init__(self, daten: Daten) -> None:
        self._daten = daten
        self.glieder: dict[str, Glied] = {}
        glieder = sorted(self._verzeichnis(), key=lambda glied: glied.kopf)
        self._ende_der_daten = self._anfang_des_verzeichnisses
        self._lage_pruefen(glieder)
        if sum(glied.groesse for glied in glieder) > GESAMT:
            raise _bombe()

    def lesen(self, glied: Glied) -> Iterator[bytes]:
        """Yield the content in blocks; refuse if it isn't as long, or not what, the directory says."""
        gesamt = pruefzahl = 0
        for block in self._bloecke(glied):
            gesamt += len(block)
            if gesamt > glied.groesse:
                raise _bombe()
            pruefzahl = zlib.crc32(block, pruefzahl)
            yield block
        if (gesamt, pruefzahl) != (glied.groesse, glied.pruefzahl):
            raise unlesbar("ein Teil stimmt nicht mit seiner Prüfzahl überein")

    def ganz(self, name: str, *, hoechstens: int) -> bytes:
        if self.glieder[name].groesse > hoechstens:
            raise _bombe()
        return b"".join(self.lesen(self.glieder[name]))

    def _bloecke(self, glied: Glied) -> Iterator[bytes]:
        packer = zlib.decompressobj(-zlib.MAX_WBITS) if glied.packung == GEPACKT else None
        for stelle in range(glied.daten, glied.daten + glied.gepackt, BLOCK):
            roh = self._daten[stelle : min(stelle + BLOCK, glied.daten + glied.gepackt)]
            if packer is None:
                yield roh
                continue
            while roh:
                yield _entpackt(packer, roh)
                roh = packer.unconsumed_tail
        if packer is not None and (not packer.eof or packer.unused_data):
            raise unlesbar("ein Teil bricht ab")

    def _verzeichnis(self) -> Iterator[Glied]:
        """Yield what the directory says; it ends the file, and nothing stands in front of the first member."""
        stelle = len(self._daten) - ENDE.size
        if stelle < 0 or self._daten[:4] != b"PK\x03\x04":
            raise unlesbar("der Anfang ist nicht der eines Dokuments")
        kennung, *nummern, laenge, anfang, anmerkung = ENDE.unpack(self._daten[stelle:])
        if kennung != b"PK\x05\x06" or anmerkung or anfang + laenge != stelle or nummern[:2] != [0, 0]:
            raise unlesbar("das Ende ist nicht das eines Dokuments")
        if nummern[3] > EINTRAEGE or nummern[2] != nummern[3]:
            raise _bombe()
        self._anfang_des_verzeichnisses = stelle = anfang
        for _ in range(nummern[3]):
            glied, stelle = self._eintrag(stelle)
            yield glied
        if stelle != anfang + laenge:
            raise unlesbar("das Verzeichnis des Dokuments stimmt nicht")

    def _eintrag(self, stelle: int) -> tuple[Glied, int]:
        roh = self._daten[stelle : stelle + EINTRAG.size]
        if len(roh) < EINTRAG.size or not roh.startswith(b"PK\x01\x02"):
            raise unlesbar("das Verzeichnis des Dokuments stimmt nicht")
        felder = EINTRAG.unpack(roh)
        _, _, _, merkmale, packung, _, _, pruefzahl, gepackt, groesse, name, zusatz, notiz, _, _, rechte, kopf = felder
        anfang = stelle + EINTRAG.size
        if stat.S_IFMT(rechte >> 16) not in {0, stat.S_IFREG, stat.S_IFDIR}:
            raise _abgewiesen("enthält eine Verknüpfung auf eine andere Datei", "verknuepfung")
        glied = Glied(
            _name(self._daten[anfang : anfang + name], merkmale), kopf, gepackt, groesse, packung, pruefzahl, merkmale
        )
        return glied, anfang + name + zusatz + notiz

    def _lage_pruefen(self, glieder: list[Glied]) -> None:
        """Members follow each other without gap or overlap, and no name stands twice."""
        erwartet, gesehen = 0, set()
        for glied in glieder:
            _eines_pruefen(glied)
            if not 0 <= glied.kopf - erwartet <= BESCHREIBUNG or glied.name.casefold() in gesehen:
                raise unlesbar("Teile des Dokuments überschneiden sich")
            gesehen.add(glied.name.casefold())
            daten = self._hinter_dem_kopf(glied)
            erwartet = daten + glied.gepackt
            self.glieder[glied.name] = replace(glied, daten=daten)
        if not 0 <= self._ende_der_daten - erwartet <= BESCHREIBUNG:
            raise unlesbar("im Dokument stehen Daten, die zu keinem Teil gehören")

    def _hinter_dem_kopf(self, glied: Glied) -> int:
        roh = self._daten[glied.kopf : glied.kopf + KOPF.size]
        if len(roh) < KOPF.size or not roh.startswith(b"PK\x03\x04"):
            raise unlesbar("ein Teil fehlt")
        _, _, merkmale, packung, _, _, pruefzahl, gepackt, groesse, name, zusatz = KOPF.unpack(roh)
        anfang = glied.kopf + KOPF.size
        gleich = (merkmale, packung) == (glied.merkmale, glied.packung)
        if not merkmale & NACHGEREICHT:
            gleich &= gepackt in {glied.gepackt, UNBESTIMMT} and groesse in {glied.groesse, UNBESTIMMT}
            gleich &= pruefzahl == glied.pruefzahl
        if not gleich or _name(self._daten[anfang : anfang + name], merkmale) != glied.name:
            raise unlesbar("das Verzeichnis und die Teile widersprechen sich")
        return anfang + name + zusatz


def _eines_pruefen(glied: Glied) -> None:
    if glied.merkmale & VERSCHLUESSELT:
        raise Abgewiesen(
            "Die Datei ist mit einem Passwort verschlüsselt. Bitte speichern Sie sie ohne Passwort.", "verschluesselt"
        )
    if glied.packung not in {GESPEICHERT, GEPACKT} or (glied.packung == GESPEICHERT and glied.gepackt != glied.groesse):
        raise unlesbar("unbekannte Art der Kompression")
    if glied.groesse > GESAMT or (glied.groesse > VERHAELTNIS_AB and glied.groesse > VERHAELTNIS * glied.gepackt):
        raise _bombe()


def _name(roh: bytes, merkmale: int) -> str:
    """Return the name of a member: relative, without a way upwards, in one spelling."""
    try:
        name = roh.decode("utf-8" if merkmale & IN_UTF8 else "cp437")
    except UnicodeDecodeError as fehler:
        raise unlesbar("ein Teil hat einen unlesbaren Namen") from fehler
    teile = name.rstrip("/").split("/")
    unsichtbar = any(unicodedata.category(zeichen)[0] == "C" for zeichen in name)
    if unsichtbar or "\\" in name or LAUFWERK.match(name) or {"", ".", ".."} & set(teile):
        raise _abgewiesen("enthält einen Teil mit unzulässigem Namen", "pfad")
    return name


def _entpackt(packer: "zlib._Decompress", roh: bytes) -> bytes:
    try:
        return packer.decompress(roh, BLOCK)
    except zlib.error as fehler:
        raise unlesbar("ein Teil ist nicht lesbar") from fehler


def _abgewiesen(was: str, code: str) -> Abgewiesen:
    return Abgewiesen(f"Die Datei {was}. Bitte speichern Sie das Dokument neu, am besten als PDF.", code)


def _bombe() -> Abgewiesen:
    return _abgewiesen("wird beim Öffnen unverhältnismäßig groß", "bombe")
