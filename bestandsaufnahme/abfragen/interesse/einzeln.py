"""One declaration as its page tells it: who wants what with whom, whom to talk to, who joined."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bestandsaufnahme.abfragen.interesse.interesse import stand, wartet
from bestandsaufnahme.auswahl import AKTIVE_INTERESSEN, GUELTIGE_INTERESSEN, InteresseArt, InteresseStatus, Stufe
from bestandsaufnahme.models import Interessenbekundung
from bestandsaufnahme.models.interesse import InteressenbekundungQuerySet
from ikz_portal.basis.formate import aufzaehlung

# More names than that make the sentence hard to read.
HOECHSTENS_NAMEN = 3
ZUSATZ = {
    Stufe.INTERESSE: "",
    Stufe.RESSOURCEN: " und dafür Ressourcen einbringen",
    Stufe.FEDERFUEHRUNG: " und dabei die Federführung übernehmen",
}


@dataclass(frozen=True, slots=True)
class Partner:
    """A Kommune that joined, or that this one joins."""

    kommune: str
    url: str
    stand: InteresseStatus
    unbestaetigt: bool
    beispiel: bool

    @property
    def zaehlt(self) -> bool:
        return self.stand in GUELTIGE_INTERESSEN and not self.unbestaetigt


@dataclass(frozen=True, slots=True)
class Verbindung:
    """The declaration that it joins, as far as it may be seen, and those that join it."""

    an: Partner | None
    anschluesse: list[Partner]

    @property
    def angeschlossene(self) -> list[str]:
        """Names of the Kommunen that joined and count, each once."""
        return list(dict.fromkeys(partner.kommune for partner in self.anschluesse if partner.zaehlt))

    @property
    def mit(self) -> list[str]:
        """Names of all Kommunen that it goes together with today."""
        erste = [self.an.kommune] if self.an and self.an.zaehlt else []
        return list(dict.fromkeys([*erste, *self.angeschlossene]))


@dataclass(frozen=True, slots=True)
class Ansprechperson:
    name: str
    funktion: str
    email: str


def satz(interesse: Interessenbekundung, verbindung: Verbindung, *, heute: date) -> str:
    """Say who wants what with whom: „Musterstadt möchte „Bauhof“ gemeinsam mit Nachbarstadt angehen.“"""
    vorbei = stand(interesse, heute) not in AKTIVE_INTERESSEN
    wem = _aufgezaehlt(verbindung.mit)
    if interesse.art == InteresseArt.INFO_AUSTAUSCH:
        ueber = f" über „{interesse.feld}“" if interesse.feld else ""
        kern = f"sich mit {wem}{ueber} austauschen"
    else:
        kern = f"„{interesse.feld}“ gemeinsam mit {wem} angehen"
    verb = "wollte" if vorbei else "möchte"
    return f"{interesse.kommune} {verb} {kern}{ZUSATZ[Stufe(interesse.stufe)]}."


def _aufgezaehlt(namen: Sequence[str]) -> str:
    if not namen:
        return "anderen Kommunen"
    if len(namen) > HOECHSTENS_NAMEN:
        return f"{len(namen)} anderen Kommunen"
    return aufzaehlung(namen)


def verbindung(interesse: Interessenbekundung, sichtbare: InteressenbekundungQuerySet, *, heute: date) -> Verbindung:
    """Take the declarations that may be seen; drafts and what is over join nobody. 1 query, 2 where it joins one."""
    andere = sichtbare.select_related("kommune").exclude(pk=interesse.pk)
    an = andere.filter(pk=interesse.anschluss_an_id).first() if interesse.anschluss_an_id else None
    anschluesse = andere.filter(anschluss_an=interesse).laufende(heute).order_by("kommune__sortierung", "pk")
    return Verbindung(
        an=_partner(an, heute) if an else None, anschluesse=[_partner(anschluss, heute) for anschluss in anschluesse]
    )


def _partner(interesse: Interessenbekundung, heute: date) -> Partner:
    return Partner(
        kommune=interesse.kommune.name,
        url=interesse.get_absolute_url(),
        stand=stand(interesse, heute),
        unbestaetigt=wartet(interesse, heute),
        beispiel=interesse.beispiel,
    )


def ansprechperson(interesse: Interessenbekundung) -> Ansprechperson | None:
    """Return whom to talk to; nobody whose Konto is deactivated, or who has gone to another Kommune."""
    konto = interesse.kontakt
    if konto is None or not konto.is_active or konto.kommune_id != interesse.kommune_id:
        return None
    return Ansprechperson(konto.name, konto.funktion, konto.email)


def laufende_gleiche(
    interesse: Interessenbekundung, sichtbare: InteressenbekundungQuerySet, *, kommune: int, heute: date
) -> Interessenbekundung | None:
    """Return the draft or the running declaration of this Kommune for the same: it stands in the way of a new one."""
    gleiche = sichtbare.filter(
        kommune=kommune,
        aufgabenfeld=interesse.aufgabenfeld_id,
        kooperationsfeld=interesse.kooperationsfeld_id,
        art=interesse.art,
        status__in=AKTIVE_INTERESSEN,
    )
    aktive = (eine for eine in gleiche.exclude(pk=interesse.pk) if _aktiv(eine, heute))
    return next(aktive, None)


def _aktiv(interesse: Interessenbekundung, heute: date) -> bool:
    return interesse.status == InteresseStatus.ENTWURF or stand(interesse, heute) in GUELTIGE_INTERESSEN
