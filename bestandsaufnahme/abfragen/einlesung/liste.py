"""The list: each row tells of one Kommune in one Kooperation over one span."""

from bestandsaufnahme.abfragen.einlesung.angabe import (
    AGS,
    BEISPIEL,
    BELEGT_AB,
    BELEGT_BIS,
    BESTAETIGT,
    KOMMUNE,
    KOOPERATION,
    PARTNER,
    RECHTSFORM,
    ROLLE,
    SEIT,
    STATUS,
    VORGESEHEN_BIS,
    ZEICHEN,
    Angabe,
    Kommunename,
)
from bestandsaufnahme.abfragen.einlesung.leser import NAME_LAENGE, Leser
from bestandsaufnahme.abfragen.einlesung.werte import partner, rechtsform, rolle, status, tag, text, vergleichbar
from bestandsaufnahme.auswahl import BeteiligungStatus
from bestandsaufnahme.models import ExternerPartner, Kooperation
from ikz_portal.basis import formate

KEINE = Kommunename(0, "", "", "", "")
PARTNER_LAENGE = ExternerPartner._meta.get_field("name").max_length or 0
SEIT_LAENGE = Kooperation._meta.get_field("zeit_hinweis").max_length or 0


def angaben(leser: Leser) -> list[Angabe]:
    """Return what every row says that has no error; the errors are in the Leser."""
    return [angabe for zeile in leser.zeilen() if (angabe := _angabe(leser, zeile)) is not None]


def _angabe(leser: Leser, zeile: int) -> Angabe | None:
    anzahl = len(leser.fehler)
    schluessel, name = leser.aufgabenfeld(zeile)
    feld = leser.kooperationsfeld(zeile)
    kommune = _kommune(leser, zeile)
    ab = leser.lies(zeile, BELEGT_AB, tag, None) or leser.umfeld.ab
    angabe = Angabe(
        zeile=zeile + 1,
        spalten=leser.kopf.spalten,
        stelle=leser.stelle(zeile),
        aufgabenfeld=schluessel,
        aufgabenfeld_name=name,
        kooperationsfeld=feld,
        zeichen=leser.zeichen(zeile, ZEICHEN),
        kooperation=leser.name(zeile, KOOPERATION, NAME_LAENGE),
        kommune=kommune or KEINE,
        status=_status(leser, zeile),
        rolle=leser.wort(zeile, ROLLE, rolle, ""),
        herkunft=leser.herkunft(zeile),
        ab=ab,
        bis=leser.lies(zeile, BELEGT_BIS, tag, None),
        vorgesehen_bis=leser.lies(zeile, VORGESEHEN_BIS, tag, None),
        rechtsform=leser.wort(zeile, RECHTSFORM, rechtsform, ""),
        partner=leser.wort(zeile, PARTNER, lambda glatt: partner(glatt, PARTNER_LAENGE), ()),
        seit=leser.lies(zeile, SEIT, lambda wert: text(wert, SEIT_LAENGE), ""),
        bestaetigt=leser.lies(zeile, BESTAETIGT, tag, None),
        beispiel=leser.wort(zeile, BEISPIEL, lambda glatt: vergleichbar(glatt) in {"ja", "x", "beispiel"}, False),
    )
    if len(leser.fehler) == anzahl:
        _zeiten_pruefen(leser, angabe)
    return angabe if len(leser.fehler) == anzahl else None


def _status(leser: Leser, zeile: int) -> str:
    anzahl = len(leser.fehler)
    gelesen = leser.wort(zeile, STATUS, status, "")
    if not gelesen and len(leser.fehler) == anzahl:
        leser.bemaengeln(zeile, STATUS, "Bitte nennen Sie den Status, zum Beispiel „besteht“.")
    return gelesen


def _kommune(leser: Leser, zeile: int) -> Kommunename | None:
    """The AGS decides; a name beside it has to be that of the same Kommune."""
    anzahl = len(leser.fehler)
    ags, name = leser.lies(zeile, AGS, text, ""), leser.lies(zeile, KOMMUNE, text, "")
    if len(leser.fehler) > anzahl:
        return None
    if not ags and not name:
        leser.bemaengeln(zeile, AGS if AGS in leser.kopf.spalten else KOMMUNE, "Bitte nennen Sie die Kommune.")
        return None
    kommunen = leser.umfeld.kommunen
    gefunden = kommunen.mit_ags(ags) if ags else kommunen.mit_namen(name)
    wert, titel = (ags, AGS) if ags else (name, KOMMUNE)
    if gefunden is None:
        kurz = wert if len(wert) <= 60 else f"{wert[:59]}…"
        satz = f"{kurz if ags else f'„{kurz}“'} ist keine Kommune dieses Verbunds.{kommunen.vorschlag(wert, name)}"
        leser.bemaengeln(zeile, titel, satz)
    elif ags and name and kommunen.mit_namen(name) != gefunden:
        leser.bemaengeln(zeile, KOMMUNE, f"Der AGS {gefunden.ags} gehört zu {gefunden.name}, hier steht „{name[:60]}“.")
    return gefunden


def _zeiten_pruefen(leser: Leser, angabe: Angabe) -> None:
    if angabe.bis is not None and angabe.bis <= angabe.ab:
        leser.bemaengle(
            angabe,
            BELEGT_BIS,
            f"Das Ende ({formate.tag(angabe.bis)}) liegt nicht nach dem Beginn ({formate.tag(angabe.ab)}). "
            "Gemeint ist der erste Tag, an dem die Angabe nicht mehr gilt.",
        )
    if angabe.vorgesehen_bis is not None and angabe.status != BeteiligungStatus.VORGESEHEN:
        leser.bemaengle(angabe, VORGESEHEN_BIS, "Ein Datum „Vorgesehen bis“ hat nur, was vorgesehen ist.")
