"""One Kommune in one Kooperation through time: what the rows of the file do to the spans that there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from bestandsaufnahme.abfragen.einlesung.angabe import BEISPIEL, BEKANNT_DURCH, BELEGT_AB, BELEGT_BIS, Angabe
from bestandsaufnahme.abfragen.einlesung.bestand import Spanne
from bestandsaufnahme.auswahl import (
    BeteiligungRolle,
    BeteiligungStatus,
    EinlesezeileArt,
    Herkunft,
)
from ikz_portal.basis.formate import tag
from ikz_portal.basis.zeit import tag_danach

OFFEN = "offen"


class Widerspruch(Exception):
    """The row can't hold beside others of the file or of the matrix; the column is the one to mend it in."""

    def __init__(self, spalte: str, satz: str) -> None:
        super().__init__(satz)
        self.spalte, self.satz = spalte, satz


@dataclass(frozen=True, slots=True)
class Wirkung:
    art: EinlesezeileArt
    worte: str


@dataclass(frozen=True, slots=True)
class Vorgabe:
    """What holds where a row says nothing: the Herkunft, the rounds by Stichtag, the last day of the Kooperation."""

    herkunft: str
    erhebungen: dict[date, int]
    ende: date | None = None


def in_der_datei(angaben: Sequence[Angabe], spannen: Sequence[Spanne]) -> dict[int, Widerspruch]:
    """Return by position which of these rows, sorted by day, repeats another or reaches into the next one."""
    widersprueche: dict[int, Widerspruch] = {}
    for stelle, (diese, naechste) in enumerate(pairwise(angaben)):
        if diese.ab == naechste.ab:
            widersprueche[stelle + 1] = Widerspruch(
                BELEGT_AB,
                f"Die Angabe steht doppelt da: In Zeile {diese.zeile} stehen schon dieselbe Kooperation, dieselbe "
                f"Kommune und derselbe Tag ({tag(diese.ab)}). Bitte löschen Sie eine der beiden.",
            )
            continue
        bisher = next((spanne.bis for spanne in spannen if spanne.ab == diese.ab), None)
        ende = diese.bis or bisher
        if ende is None or ende > naechste.ab:
            wie = f"gilt bis {tag(ende)}" if ende else "hat kein Ende"
            widersprueche[stelle] = Widerspruch(
                BELEGT_BIS,
                f"Die Zeit überschneidet sich mit Zeile {naechste.zeile}: Diese Angabe {wie}, die andere gilt ab "
                f"{tag(naechste.ab)}. Bitte tragen Sie hier höchstens {tag(naechste.ab)} ein.",
            )
    return widersprueche


def eintragen(spannen: list[Spanne], angabe: Angabe, vorgabe: Vorgabe) -> Wirkung:
    """Let the row hold from its day on, as `ablaeufe.beteiligung.eintragen` would; `spannen` are changed, in order.

    What the row leaves empty stays as it is. Widerspruch where it can't hold; then nothing is changed.
    """
    naechste = next((spanne for spanne in spannen if spanne.ab > angabe.ab), None)
    gleiche = next((spanne for spanne in spannen if spanne.ab == angabe.ab), None)
    laufende = next((s for s in spannen if s.ab < angabe.ab and (s.bis is None or s.bis > angabe.ab)), None)
    if angabe.bis is not None and naechste is not None and angabe.bis > naechste.ab:
        raise Widerspruch(
            BELEGT_BIS,
            f"Ab {tag(naechste.ab)} steht in der Matrix schon eine andere Angabe. Bitte tragen Sie höchstens "
            f"{tag(naechste.ab)} ein, oder nehmen Sie auch diese Angabe in die Datei auf.",
        )
    _noch_nicht_beendet(angabe, gleiche, vorgabe.ende)
    if gleiche is not None:
        return _berichtigen(gleiche, angabe, vorgabe)
    if laufende is not None and _sagt_dasselbe(laufende, angabe):
        return _weiterlaufen(laufende, angabe)
    return _neu(spannen, laufende, naechste, angabe, vorgabe)


def _noch_nicht_beendet(angabe: Angabe, gleiche: Spanne | None, ende: date | None) -> None:
    if ende is None:
        return
    if gleiche is None and angabe.ab > ende:
        raise Widerspruch(
            BELEGT_AB, f"Die Kooperation ist am {tag(ende)} beendet. Bitte nennen Sie einen früheren Tag."
        )
    if angabe.bis is not None and angabe.bis > tag_danach(ende) and (gleiche is None or angabe.bis != gleiche.bis):
        raise Widerspruch(
            BELEGT_BIS,
            f"Die Kooperation ist am {tag(ende)} beendet. Bitte tragen Sie höchstens {tag(tag_danach(ende))} ein.",
        )


def _berichtigen(spanne: Spanne, angabe: Angabe, vorgabe: Vorgabe) -> Wirkung:
    herkunft, erhebung = _belege(angabe, vorgabe, spanne)
    status, rolle, vorgesehen = _beschreibung(angabe, spanne)
    neu = {
        "Status": (spanne.status, status),
        "Rolle": (spanne.rolle, rolle),
        "Vorgesehen bis": (spanne.vorgesehen_bis, vorgesehen),
        "Bekannt durch": (spanne.herkunft, herkunft),
        "Belegt bis": (spanne.bis, angabe.bis or spanne.bis),
    }
    anderes = {name: paar for name, paar in neu.items() if paar[0] != paar[1]}
    if not anderes:
        return Wirkung(EinlesezeileArt.UNVERAENDERT, f"gilt so seit {tag(spanne.ab)}")
    _kein_beispiel(angabe)
    spanne.status, spanne.rolle, spanne.vorgesehen_bis = status, rolle, vorgesehen
    spanne.herkunft, spanne.erhebung = herkunft, erhebung
    _enden(spanne, angabe.bis or spanne.bis, None)
    worte = "; ".join(f"{name}: {_wort(nachher)} statt {_wort(vorher)}" for name, (vorher, nachher) in anderes.items())
    return Wirkung(EinlesezeileArt.GEAENDERT, f"ab {tag(angabe.ab)} – {worte}")


def _weiterlaufen(laufende: Spanne, angabe: Angabe) -> Wirkung:
    if angabe.bis is None or angabe.bis == laufende.bis:
        return Wirkung(EinlesezeileArt.UNVERAENDERT, f"gilt so seit {tag(laufende.ab)}")
    _kein_beispiel(angabe)
    worte = f"Die Angabe ab {tag(laufende.ab)} – Belegt bis: {_wort(angabe.bis)} statt {_wort(laufende.bis)}"
    _enden(laufende, angabe.bis, None)
    return Wirkung(EinlesezeileArt.GEAENDERT, worte)


def _neu(
    spannen: list[Spanne], laufende: Spanne | None, naechste: Spanne | None, angabe: Angabe, vorgabe: Vorgabe
) -> Wirkung:
    """A new span; what held up to then ends on its first day, and lends it its end where the row names none."""
    _kein_beispiel(angabe)
    herkunft, erhebung = _belege(angabe, vorgabe, None)
    status, rolle, vorgesehen = _beschreibung(angabe, laufende)
    bis, beendet_durch = _ende(angabe, laufende, naechste, vorgabe.ende)
    worte = _worte(status, rolle, vorgesehen)
    if laufende is not None:
        worte += f" statt {_worte(*laufende.beschreibung)} (seit {tag(laufende.ab)})"
        _enden(laufende, angabe.ab, erhebung)
    zeit = f"ab {tag(angabe.ab)}" + (f" bis vor {tag(bis)}" if bis else "")
    spannen.append(
        Spanne(
            None, angabe.kommune.pk, angabe.ab, bis, status, rolle, vorgesehen, herkunft, erhebung, beendet_durch, True
        )
    )
    spannen.sort(key=lambda spanne: spanne.ab)
    art = EinlesezeileArt.GEAENDERT if laufende else EinlesezeileArt.NEU
    return Wirkung(art, f"{zeit} {worte}")


def _ende(
    angabe: Angabe, laufende: Spanne | None, naechste: Spanne | None, ende: date | None
) -> tuple[date | None, int | None]:
    """Return the end of a new span and the round that ended it, as `ablaeufe.beteiligung` has it."""
    if angabe.bis is not None:
        return angabe.bis, None
    if laufende is not None:
        return laufende.bis, laufende.beendet_durch
    if naechste is not None:
        return naechste.ab, naechste.erhebung
    return (tag_danach(ende) if ende else None), None


def _enden(spanne: Spanne, bis: date | None, durch: int | None) -> None:
    if bis != spanne.bis:
        spanne.bis, spanne.beendet_durch = bis, durch
    spanne.geaendert = True


def _sagt_dasselbe(laufende: Spanne, angabe: Angabe) -> bool:
    return laufende.beschreibung == _beschreibung(angabe, laufende)


def _beschreibung(angabe: Angabe, bisher: Spanne | None) -> tuple[str, str, date | None]:
    """An empty Rolle is the one there was; an empty „vorgesehen bis“ too, as long as it is still planned."""
    rolle = angabe.rolle or (bisher.rolle if bisher else str(BeteiligungRolle.BETEILIGT))
    weiter = bisher is not None and angabe.status == bisher.status
    return angabe.status, rolle, angabe.vorgesehen_bis or (bisher.vorgesehen_bis if bisher and weiter else None)


def _belege(angabe: Angabe, vorgabe: Vorgabe, bisher: Spanne | None) -> tuple[str, int | None]:
    """Return Herkunft and round. Who says „laut Erhebung“ names the round by its Stichtag."""
    herkunft = angabe.herkunft or (bisher.herkunft if bisher else vorgabe.herkunft)
    erhebung = bisher.erhebung if bisher else None
    if herkunft == Herkunft.ERHEBUNG and erhebung is None:
        erhebung = vorgabe.erhebungen.get(angabe.ab)
    if herkunft == Herkunft.ERHEBUNG and erhebung is None:
        stichtage = ", ".join(tag(stichtag) for stichtag in sorted(vorgabe.erhebungen)[-3:])
        moeglich = f" ({stichtage})" if stichtage else ""
        raise Widerspruch(
            BEKANNT_DURCH,
            f"Zum {tag(angabe.ab)} gibt es keine Erhebung. Bitte tragen Sie in „{BELEGT_AB}“ den Stichtag einer "
            f"Erhebung ein{moeglich}, oder hier „{Herkunft.FUSSNOTE.label}“ oder „{Herkunft.BESCHLUSS.label}“.",
        )
    return herkunft, erhebung


def _kein_beispiel(angabe: Angabe) -> None:
    if angabe.beispiel:
        raise Widerspruch(BEISPIEL, "Beispiele werden nicht eingelesen. Bitte löschen Sie die Zeile.")


def _worte(status: str, rolle: str, vorgesehen_bis: date | None) -> str:
    worte = [str(BeteiligungStatus(status).label)]
    if vorgesehen_bis:
        worte[0] += f" bis {tag(vorgesehen_bis)}"
    if rolle != BeteiligungRolle.BETEILIGT:
        worte.append(str(BeteiligungRolle(rolle).label))
    return ", ".join(worte)


def _wort(wert: str | date | None) -> str:
    if wert is None or isinstance(wert, date):
        return tag(wert) if wert else OFFEN
    for auswahl in (BeteiligungStatus, BeteiligungRolle, Herkunft):
        if wert in auswahl.values:
            return str(auswahl(wert).label)
    return wert
