"""The footnotes of the matrix: what is known of a Kooperation on the day, who takes part, when it was confirmed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from bestandsaufnahme.abfragen.matrix.zeichen import Teilnahme
from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, Rechtsform
from bestandsaufnahme.models import Kooperation, Kooperationsstand
from ikz_portal.basis.formate import tag, ungefaehr
from kommunen.models import Kommune

QUELLE, ZULETZT_BESTAETIGT = "Quelle", "Zuletzt bestätigt"


@dataclass(frozen=True)
class Eintrag:
    """A Kooperation with its number, the last confirmation up to the day, and whether that lies before the day."""

    nummer: int
    bild: SafeString
    kooperation: Kooperation
    feld: str
    bestaetigt: date | None
    veraltet: bool

    @property
    def unbestaetigt(self) -> str:
        return f"zuletzt bestätigt {tag(self.bestaetigt)}" if self.veraltet else ""


@dataclass(frozen=True)
class Fussnote:
    nummer: int
    bild: SafeString
    bezeichnung: str
    url: str
    feld: str
    feld_pk: int
    erlaeuterung: str
    unbestaetigt: str
    beispiel: bool
    angaben: list[tuple[str, str]]

    @property
    def angaben_html(self) -> SafeString:
        """Return the items of the description list; the template would take longer for them than for the rest."""
        return format_html_join("", "<div><dt>{}</dt> <dd>{}</dd></div>", self.angaben)


def angaben(kooperation: Kooperation, *, bestaetigt: date | None) -> list[tuple[str, str]]:
    """Return what is known of a Kooperation (`am_tag`) beside its name, as (label, value)."""
    rechtsform = str(Rechtsform(kooperation.rechtsform).label)
    if kooperation.rechtsform_hinweis:
        rechtsform = f"{rechtsform} – {kooperation.rechtsform_hinweis}"
    seit = seit_in_worten(kooperation)
    partner: list[str] = getattr(kooperation, "partnernamen", [])
    paare = [
        ("Externe Partner", ", ".join(partner)),
        ("Rechtsform", rechtsform),
        ("Seit", f"{seit} ({kooperation.zeit_hinweis})" if kooperation.zeit_hinweis else seit),
        (ZULETZT_BESTAETIGT, tag(bestaetigt) if bestaetigt else ""),
        ("Sicherheit der Lesart", kooperation.sicherheit),
        (QUELLE, kooperation.quelle),
    ]
    return [(name, wert) for name, wert in paare if wert]


def seit_in_worten(kooperation: Kooperation | Kooperationsstand) -> str:
    return ungefaehr(kooperation.seit, kooperation.seit_genauigkeit)


def fussnoten(
    eintraege: Collection[Eintrag],
    *,
    teilnahmen: Mapping[int, Sequence[Teilnahme]],
    kommunen: Sequence[Kommune],
    mit_quelle: bool,
) -> list[Fussnote]:
    return [
        _fussnote(eintrag, teilnahmen[eintrag.kooperation.pk], kommunen=kommunen, mit_quelle=mit_quelle)
        for eintrag in eintraege
    ]


def _fussnote(
    eintrag: Eintrag, teilnahmen: Sequence[Teilnahme], *, kommunen: Sequence[Kommune], mit_quelle: bool
) -> Fussnote:
    """What stands at its head or under all of them isn't told again among its facts."""
    kooperation = eintrag.kooperation
    gesagt = {QUELLE: not mit_quelle, ZULETZT_BESTAETIGT: bool(eintrag.unbestaetigt)}
    bekannt = [(n, wert) for n, wert in angaben(kooperation, bestaetigt=eintrag.bestaetigt) if not gesagt.get(n)]
    return Fussnote(
        nummer=eintrag.nummer,
        bild=eintrag.bild,
        bezeichnung=kooperation.bezeichnung,
        url=kooperation.get_absolute_url(),
        feld=eintrag.feld,
        feld_pk=kooperation.kooperationsfeld_id,
        erlaeuterung=kooperation.erlaeuterung,
        unbestaetigt=eintrag.unbestaetigt,
        beispiel=any(teilnahme.beispiel for teilnahme in teilnahmen),
        angaben=[("Kommunen", wer(teilnahmen, kommunen)), *bekannt],
    )


def wer(teilnahmen: Iterable[Teilnahme], kommunen: Sequence[Kommune]) -> str:
    """Return „Raunheim, Rüsselsheim (federführend)“, or „alle 15“ where all take part in the same way."""
    je_kommune = {teilnahme.kommune: _besonderes(teilnahme) for teilnahme in teilnahmen}
    arten = set(je_kommune.values())
    if len(kommunen) > 1 and len(je_kommune) == len(kommunen) and len(arten) == 1:
        return f"alle {len(kommunen)}{arten.pop()}"
    beteiligte = (kommune for kommune in kommunen if kommune.pk in je_kommune)
    return ", ".join(f"{kommune.kurzname}{je_kommune[kommune.pk]}" for kommune in beteiligte)


def _besonderes(teilnahme: Teilnahme) -> str:
    """Return in brackets what is not the rule; nothing for who simply takes part in what exists."""
    worte = []
    if teilnahme.rolle != BeteiligungRolle.BETEILIGT:
        worte.append(str(BeteiligungRolle(teilnahme.rolle).label))
    if teilnahme.status != BeteiligungStatus.BESTEHT:
        worte.append(str(BeteiligungStatus(teilnahme.status).label))
    if teilnahme.beispiel:
        worte.append("Beispiel")
    return f" ({', '.join(worte)})" if worte else ""


def unbestaetigte(eintraege: Collection[Eintrag]) -> str:
    """Return in one sentence how many Kooperationen nobody has confirmed up to the day, and since when."""
    tage = sorted(eintrag.bestaetigt for eintrag in eintraege if eintrag.bestaetigt and eintrag.veraltet)
    if not tage:
        return ""
    seit = f"am {tag(tage[0])}" if tage[0] == tage[-1] else f"zwischen dem {tag(tage[0])} und dem {tag(tage[-1])}"
    ist = "ist" if len(tage) == 1 else "sind"
    return f"{len(tage)} von {len(eintraege)} Kooperationen {ist} zuletzt {seit} bestätigt."


def gemeinsame_quelle(eintraege: Collection[Eintrag]) -> str:
    """Return the one source of several Kooperationen, so that it needn't stand under each."""
    quellen = {eintrag.kooperation.quelle for eintrag in eintraege}
    return quellen.pop() if len(quellen) == 1 and len(eintraege) > 1 else ""
