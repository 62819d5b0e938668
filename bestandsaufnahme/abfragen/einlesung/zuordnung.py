"""Which Kooperation a row means: one that there is, or a new one that the rows describe together."""

from collections import defaultdict
from difflib import get_close_matches

from bestandsaufnahme.abfragen.einlesung.angabe import (
    BEISPIEL,
    BESTAETIGT,
    KOOPERATION,
    PARTNER,
    RECHTSFORM,
    SEIT,
    ZEICHEN,
    Angabe,
)
from bestandsaufnahme.abfragen.einlesung.bestand import Bestand, Feld, FeldSchluessel, Koop
from bestandsaufnahme.abfragen.einlesung.leser import Leser
from bestandsaufnahme.abfragen.einlesung.werte import vergleichbar
from bestandsaufnahme.abfragen.kooperation.zustand import erstes_freies
from bestandsaufnahme.auswahl import Rechtsform
from ikz_portal.basis.formate import tag


class Zuordnung:
    """Asked row by row; `neue_felder` and `neue` grow, `hinweise` tells by row what the file says and isn't taken."""

    def __init__(self, bestand: Bestand, leser: Leser) -> None:
        self.neue_felder: list[Feld] = []
        self.erste_im_feld: dict[int, Koop] = {}  # by the identity of a new field
        self.neue: dict[int, tuple[Koop, Angabe]] = {}
        self.hinweise: dict[int, list[str]] = defaultdict(list)
        self._leser = leser
        self._felder = dict(bestand.felder)
        self._im_feld: dict[FeldSchluessel, list[Koop]] = defaultdict(list)
        self._namen_der_felder: dict[int, list[str]] = defaultdict(list)
        for aufgabenfeld, name in bestand.felder:
            self._namen_der_felder[aufgabenfeld].append(name)
        for koop in bestand.kooperationen:
            self._im_feld[koop.feld.aufgabenfeld, vergleichbar(koop.feld.name)].append(koop)

    def kooperation(self, angabe: Angabe) -> Koop | None:
        """Return the one that is meant, None where the row contradicts what there is."""
        schluessel = (angabe.aufgabenfeld, vergleichbar(angabe.kooperationsfeld))
        im_feld, name = self._im_feld[schluessel], vergleichbar(angabe.kooperation)
        if angabe.zeichen:
            koop = next((koop for koop in im_feld if koop.zeichen == angabe.zeichen), None)
            gefunden = self._mit_zeichen(angabe, koop, im_feld)
        else:
            gefunden = self._ohne_zeichen(angabe, [koop for koop in im_feld if not name or name in koop.namen])
        if gefunden is None:
            return None
        if not gefunden:
            return self._anlegen(angabe, schluessel)
        (koop,) = gefunden
        return koop if self._vergleichen(angabe, koop) else None

    def zeichen_vergeben(self) -> None:
        """Give those that the file names without a mark the first that is free in their field."""
        for koop, _ in self.neue.values():
            if not koop.zeichen:
                im_feld = self._im_feld[koop.feld.aufgabenfeld, vergleichbar(koop.feld.name)]
                vergeben = {andere.zeichen for andere in im_feld}
                koop.zeichen = erstes_freies(vergeben)

    # --- finding: a list with the one that is meant, an empty one where it is new, None where there is a fault --------
    def _mit_zeichen(self, angabe: Angabe, koop: Koop | None, im_feld: list[Koop]) -> list[Koop] | None:
        name = vergleichbar(angabe.kooperation)
        if koop is not None and (not name or name in koop.namen):
            return [koop]
        if koop is not None:
            frei = erstes_freies({k.zeichen for k in im_feld})
            self._bemaengle(
                angabe,
                KOOPERATION,
                f"In diesem Kooperationsfeld steht {angabe.zeichen} für „{koop.bezeichnung}“. Ist diese gemeint, "
                f"schreiben Sie sie bitte so; sonst wählen Sie ein freies Zeichen, zum Beispiel {frei}.",
            )
            return None
        gleichnamige = [koop for koop in im_feld if name and name in koop.namen]
        if not gleichnamige:
            return []
        if not gleichnamige[0].zeichen:
            gleichnamige[0].zeichen = angabe.zeichen
            return gleichnamige[:1]
        satz = f"„{gleichnamige[0].bezeichnung}“ hat in diesem Kooperationsfeld das Zeichen {gleichnamige[0].zeichen}, "
        self._bemaengle(angabe, ZEICHEN, f"{satz}nicht {angabe.zeichen}.")
        return None

    def _ohne_zeichen(self, angabe: Angabe, moegliche: list[Koop]) -> list[Koop] | None:
        if len(moegliche) <= 1:
            return moegliche
        namen = ", ".join(f"{koop.zeichen} „{koop.bezeichnung}“" for koop in moegliche[:5])
        self._bemaengle(angabe, ZEICHEN, f"Gemeint sein können mehrere: {namen}. Bitte nennen Sie das Zeichen.")
        return None

    # --- new ones -----------------------------------------------------------------------------------------------------
    def _anlegen(self, angabe: Angabe, schluessel: FeldSchluessel) -> Koop | None:
        name = angabe.kooperation
        if not name and angabe.ohne_namen:
            name = angabe.kooperationsfeld + (f" ({angabe.zeichen})" if angabe.zeichen else "")
        if not name:
            self._bemaengle(angabe, KOOPERATION, "Diese Kooperation gibt es noch nicht. Bitte nennen Sie ihren Namen.")
            return None
        if angabe.beispiel:
            self._bemaengle(angabe, BEISPIEL, "Beispiele werden nicht eingelesen. Bitte löschen Sie die Zeile.")
            return None
        koop = Koop(None, self._feld(angabe, schluessel), angabe.zeichen, name, {vergleichbar(name)})
        if koop.feld.pk is None:
            self.erste_im_feld.setdefault(id(koop.feld), koop)
        koop.rechtsform, koop.seit, koop.bestaetigt = angabe.rechtsform, angabe.seit, angabe.bestaetigt
        koop.partnernamen = angabe.partner
        self._im_feld[schluessel].append(koop)
        self.neue[id(koop)] = koop, angabe
        return koop

    def _feld(self, angabe: Angabe, schluessel: FeldSchluessel) -> Feld:
        feld = self._felder.get(schluessel)
        if feld is None:
            feld = self._felder[schluessel] = Feld(None, angabe.aufgabenfeld, angabe.kooperationsfeld)
            self.neue_felder.append(feld)
            aehnliche = get_close_matches(schluessel[1], self._namen_der_felder[angabe.aufgabenfeld], n=1, cutoff=0.8)
            if aehnliche:
                vorhandenes = self._felder[angabe.aufgabenfeld, aehnliche[0]].name
                self.hinweise[angabe.zeile].append(f"Ein ähnliches Kooperationsfeld gibt es schon: „{vorhandenes}“.")
        return feld

    # --- what is told of the Kooperation beside its name --------------------------------------------------------------
    def _vergleichen(self, angabe: Angabe, koop: Koop) -> bool:
        if koop.pk is None:
            return self._ergaenzen(angabe, koop)
        abweichend = []
        if angabe.rechtsform and angabe.rechtsform not in koop.rechtsformen:
            abweichend.append("Die Rechtsform")
        if angabe.partner and frozenset(map(vergleichbar, angabe.partner)) not in koop.partner:
            abweichend.append("Die Liste der externen Partner")
        self.hinweise[angabe.zeile] += [f"{was} ist im Portal eine andere und bleibt so." for was in abweichend]
        return True

    def _ergaenzen(self, angabe: Angabe, koop: Koop) -> bool:
        """Rows about one new Kooperation have to agree; what one of them leaves out, another may say."""
        erste = self.neue[id(koop)][1].zeile
        paare = (
            ("rechtsform", angabe.rechtsform, RECHTSFORM),
            ("partnernamen", angabe.partner, PARTNER),
            ("seit", angabe.seit, SEIT),
            ("bestaetigt", angabe.bestaetigt, BESTAETIGT),
        )
        for eigenschaft, wert, spalte in paare:
            bisher = getattr(koop, eigenschaft)
            if not bisher:
                setattr(koop, eigenschaft, wert)
            elif wert and _vergleichswert(wert) != _vergleichswert(bisher):
                self._bemaengle(
                    angabe,
                    spalte,
                    f"Für dieselbe neue Kooperation steht in Zeile {erste} „{_worte(bisher)}“. "
                    "Bitte schreiben Sie es in allen Zeilen gleich.",
                )
                return False
        return True

    def _bemaengle(self, angabe: Angabe, spalte: str, satz: str) -> None:
        self._leser.bemaengle(angabe, spalte, satz)


def _vergleichswert(wert: object) -> object:
    if isinstance(wert, tuple):
        return frozenset(map(vergleichbar, wert))
    return vergleichbar(wert) if isinstance(wert, str) else wert


def _worte(wert: object) -> str:
    if isinstance(wert, tuple):
        return "; ".join(wert)
    if isinstance(wert, str):
        return str(Rechtsform(wert).label) if wert in Rechtsform.values else wert
    return tag(wert)  # type: ignore[arg-type]  # the only other kind is a day
