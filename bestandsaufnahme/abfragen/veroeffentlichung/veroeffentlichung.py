"""Reading publications: what a round would publish, what the guard makes of it, and what still stands against it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from bestandsaufnahme.abfragen.matrix.matrix import REIHENFOLGE
from bestandsaufnahme.abfragen.matrix.stand import am_tag
from bestandsaufnahme.abfragen.matrix.zeichen import Teilnahme
from bestandsaufnahme.abfragen.veroeffentlichung import anonym
from bestandsaufnahme.abfragen.veroeffentlichung.anonym import Bestandszeile, Ergebnis
from bestandsaufnahme.abfragen.veroeffentlichung.waechter import FELDNAME, Befund, Fussnotentext, offene, pruefen
from bestandsaufnahme.auswahl import ErhebungStatus, VeroeffentlichungArt, VeroeffentlichungStatus
from bestandsaufnahme.models import Bestaetigung, Beteiligung, Erhebung, Kooperation, Veroeffentlichung
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet
from bestandsaufnahme.models.veroeffentlichung import Zustimmung
from bestandsaufnahme.rechte import geheime_erhebungen
from ikz_portal.basis.formate import beide_namen, tag, tag_lang
from kommunen.models import Kommune

NICHT_ABGESCHLOSSEN = "Die Erhebung ist noch nicht abgeschlossen. Bis dahin kann sich das Ergebnis noch ändern."
BEISPIEL_BLEIBT_INTERN = "Eine Beispiel-Erhebung wird nie öffentlich. Bitte wählen Sie „nur intern“."
OHNE_ZEICHEN = "Am Stichtag hat keine Kommune ein Zeichen. Es gibt nichts zu veröffentlichen."


# --- what a round would publish ---------------------------------------------------------------------------------------
def kooperationen_der(erhebung: Erhebung) -> QuerySet[Kooperation]:
    """Return those that may appear: the published ones, and those that the round itself tells of."""
    return Kooperation.objects.filter(Q(veroeffentlicht=True) | _aus(erhebung))


def _aus(erhebung: Erhebung) -> Q:
    beteiligungen = Beteiligung.objects.filter(kooperation=OuterRef("pk"), erhebung=erhebung)
    bestaetigungen = Bestaetigung.objects.filter(kooperation=OuterRef("pk"), erhebung=erhebung)
    return Q(Exists(beteiligungen)) | Q(Exists(bestaetigungen))


def beteiligungen_der(erhebung: Erhebung, beispiele: Collection[int]) -> BeteiligungQuerySet:
    """Return the marks on its Stichtag, without those of the example rounds (keys)."""
    alle = Beteiligung.objects.exclude(erhebung__in=beispiele).mit_ende(ohne=beispiele).am(erhebung.stichtag)
    return alle.filter(kooperation__in=kooperationen_der(erhebung))


def fremde_beispiele(erhebung: Erhebung) -> list[int]:
    """Return the keys of the example rounds, whose marks are none; an example shows its own."""
    return [] if erhebung.beispiel else list(Erhebung.objects.filter(beispiel=True).values_list("pk", flat=True))


def neue_kooperationen(erhebung: Erhebung, zeilen: Iterable[Bestandszeile]) -> QuerySet[Kooperation]:
    """Return those of its rows that publishing by name makes known: of this round, and of rounds alone that are secret.

    What the Geschäftsstelle entered by hand and keeps to itself stays so: it publishes that at the Kooperation.
    """
    gezeigte = [zeile.kooperation.pk for zeile in zeilen]
    geheime = geheime_erhebungen(AnonymousUser())
    bekannte = Beteiligung.objects.filter(kooperation=OuterRef("pk")).exclude(erhebung__in=geheime)
    return Kooperation.objects.filter(_aus(erhebung), ~Exists(bekannte), veroeffentlicht=False, pk__in=gezeigte)


def bestand(veroeffentlichung: Veroeffentlichung) -> list[Bestandszeile]:
    """Return what it would show, in the order of the matrix. 5 queries."""
    erhebung = veroeffentlichung.erhebung
    beispiele = fremde_beispiele(erhebung)
    je_kooperation: dict[int, list[Teilnahme]] = defaultdict(list)
    werte = beteiligungen_der(erhebung, beispiele).order_by()
    for wert in werte.values_list("kooperation_id", "kommune_id", "status", "rolle", "vorgesehen_bis"):
        je_kooperation[wert[0]].append(Teilnahme(*wert, beispiel=False))
    fassungen = {fassung.kooperation_id: fassung for fassung in veroeffentlichung.fussnoten.all()}
    gezeigte = Kooperation.objects.filter(pk__in=je_kooperation).select_related("kooperationsfeld__aufgabenfeld")
    gelesene = am_tag(gezeigte.order_by(*REIHENFOLGE), erhebung.stichtag, geheime=beispiele)
    zeilen = []
    for nummer, (kooperation, bestaetigt) in enumerate(gelesene, start=1):
        fassung = fassungen.get(kooperation.pk)
        text = fassung or kooperation
        zeilen.append(
            Bestandszeile(
                nummer=nummer,
                kooperation=kooperation,
                bezeichnung=text.bezeichnung,
                erlaeuterung=text.erlaeuterung,
                angaben=anonym.angaben(kooperation, bestaetigt=bestaetigt, eigene=fassung is not None),
                eigene=fassung is not None,
                teilnahmen=je_kooperation[kooperation.pk],
            )
        )
    return zeilen


# --- the guard --------------------------------------------------------------------------------------------------------
def befunde(erhebung: Erhebung, zeilen: Sequence[Bestandszeile], kommunen: Sequence[Kommune]) -> list[Befund]:
    """Let the guard read all that an anonymised publication would say. No query."""
    kopf = Fussnotentext(kooperation=None, titel=erhebung.name, texte=(("Name der Erhebung", erhebung.name),))
    return pruefen([kopf, *(_wachtext(zeile, len(kommunen)) for zeile in zeilen)], kommunen)


def _wachtext(zeile: Bestandszeile, anzahl_kommunen: int) -> Fussnotentext:
    feste = (
        (FELDNAME, f"{zeile.aufgabenfeld}: {zeile.feld}"),
        ("Bezeichnung", zeile.bezeichnung),
        ("Erläuterung", zeile.erlaeuterung),
    )
    arten = {(teilnahme.status, teilnahme.rolle, teilnahme.vorgesehen_bis) for teilnahme in zeile.teilnahmen}
    return Fussnotentext(
        kooperation=zeile.kooperation.pk,
        titel=zeile.feld,
        nummer=zeile.nummer,
        texte=(*feste, *zeile.angaben),
        beteiligte=frozenset(teilnahme.kommune for teilnahme in zeile.teilnahmen),
        alle_gleich=len(zeile.teilnahmen) == anzahl_kommunen and len(arten) == 1,
    )


def hindernisse(
    veroeffentlichung: Veroeffentlichung,
    zeilen: Sequence[Bestandszeile],
    kommunen: Sequence[Kommune],
    zugestimmt: Collection[int],
) -> list[str]:
    """Return in sentences all that stands against publishing it; nothing where it may go out. No query."""
    erhebung = veroeffentlichung.erhebung
    saetze = []
    if erhebung.status != ErhebungStatus.ABGESCHLOSSEN:
        saetze.append(NICHT_ABGESCHLOSSEN)
    if erhebung.beispiel and veroeffentlichung.oeffentlich_ab:
        saetze.append(BEISPIEL_BLEIBT_INTERN)
    if not zeilen:
        saetze.append(OHNE_ZEICHEN)
    if veroeffentlichung.ist_anonym:
        return saetze + [befund.ganzer_satz for befund in offene(befunde(erhebung, zeilen, kommunen), zugestimmt)]
    noetige = noetige_zustimmungen(veroeffentlichung, zeilen) - set(zugestimmt)
    if fehlende := [kommune.name for kommune in kommunen if kommune.pk in noetige]:
        saetze.append(f"Es fehlt die Zustimmung, mit Namen öffentlich genannt zu werden: {', '.join(fehlende)}.")
    return saetze


def noetige_zustimmungen(veroeffentlichung: Veroeffentlichung, zeilen: Iterable[Bestandszeile]) -> set[int]:
    """Return the Kommunen (keys) that have to agree to be told by name: those with a mark, if it is to be public."""
    if veroeffentlichung.ist_anonym or veroeffentlichung.oeffentlich_ab is None:
        return set()
    return {teilnahme.kommune for zeile in zeilen for teilnahme in zeile.teilnahmen}


# --- the workbench of a draft -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Befundzeile:
    befund: Befund
    geklaert: bool


@dataclass(frozen=True)
class Fussnotenzeile:
    zeile: Bestandszeile
    befunde: list[Befundzeile]

    @property
    def offen(self) -> bool:
        return any(not eine.geklaert for eine in self.befunde)

    @property
    def auswege(self) -> list[str]:
        """Return each once."""
        return list(dict.fromkeys(eine.befund.ausweg for eine in self.befunde if not eine.geklaert))


@dataclass(frozen=True)
class Zustimmungszeile:
    """Of one Kommune; `am` is empty where it hasn't agreed."""

    ags: str
    kommune: str
    noetig: bool
    am: str
    durch: str
    vermerk: str


@dataclass(frozen=True)
class Werkstatt:
    fussnoten: list[Fussnotenzeile]
    allgemeine: list[Befundzeile]
    zustimmungen: list[Zustimmungszeile]
    hindernisse: list[str]
    neue: list[Kooperation]
    bekannte: int
    vorschau: Ergebnis | None

    @property
    def offene(self) -> int:
        je_zeile = [eine for zeile in self.fussnoten for eine in zeile.befunde]
        return sum(not eine.geklaert for eine in [*self.allgemeine, *je_zeile])

    @property
    def fehlende(self) -> list[str]:
        return [zeile.kommune for zeile in self.zustimmungen if zeile.noetig and not zeile.am]


def werkstatt(veroeffentlichung: Veroeffentlichung) -> Werkstatt:
    """Return the state of a draft; `bekannte` are rows that give their columns away. At most 9 queries."""
    kommunen, zeilen = list(Kommune.objects.all()), bestand(veroeffentlichung)
    erteilte = {z.kommune_id: z for z in veroeffentlichung.zustimmungen.select_related("durch", "fuer")}
    ist_anonym = veroeffentlichung.ist_anonym
    gefunden = befunde(veroeffentlichung.erhebung, zeilen, kommunen) if ist_anonym else []
    noetige = noetige_zustimmungen(veroeffentlichung, zeilen).union(*(befund.kommunen for befund in gefunden))
    je_kooperation: dict[int | None, list[Befundzeile]] = defaultdict(list)
    for befund in gefunden:
        je_kooperation[befund.kooperation].append(Befundzeile(befund, geklaert=not offene([befund], erteilte)))
    buchstaben = anonym.verlosen(kommunen)
    oeffentlich_mit_namen = not ist_anonym and veroeffentlichung.oeffentlich_ab is not None
    return Werkstatt(
        fussnoten=[Fussnotenzeile(zeile, je_kooperation[zeile.kooperation.pk]) for zeile in zeilen],
        allgemeine=je_kooperation[None],
        zustimmungen=[
            _zustimmung(kommune, erteilte.get(kommune.pk), noetig=kommune.pk in noetige) for kommune in kommunen
        ],
        hindernisse=hindernisse(veroeffentlichung, zeilen, kommunen, erteilte),
        neue=list(neue_kooperationen(veroeffentlichung.erhebung, zeilen)) if oeffentlich_mit_namen else [],
        bekannte=_schon_mit_namen(veroeffentlichung.erhebung, zeilen, len(kommunen)) if ist_anonym else 0,
        vorschau=_vorschau(veroeffentlichung.erhebung, zeilen, buchstaben) if ist_anonym and zeilen else None,
    )


def _schon_mit_namen(erhebung: Erhebung, zeilen: Sequence[Bestandszeile], anzahl_kommunen: int) -> int:
    """Return in how many rows the public reads the same Kommunen by name in the matrix of that day. One query."""
    bekannte = Beteiligung.objects.exclude(erhebung__in=geheime_erhebungen(AnonymousUser()))
    oeffentliche = bekannte.filter(kooperation__veroeffentlicht=True).am(erhebung.stichtag).order_by()
    je_kooperation: dict[int, set[int]] = defaultdict(set)
    for kooperation, kommune in oeffentliche.values_list("kooperation_id", "kommune_id"):
        je_kooperation[kooperation].add(kommune)
    beteiligte = ((zeile.kooperation.pk, {t.kommune for t in zeile.teilnahmen}) for zeile in zeilen)
    return sum(len(alle) < anzahl_kommunen and je_kooperation[pk] == alle for pk, alle in beteiligte)


def _vorschau(erhebung: Erhebung, zeilen: Sequence[Bestandszeile], buchstaben: dict[int, str]) -> Ergebnis:
    return anonym.ergebnis(anonym.anonymisiert(erhebung, zeilen, buchstaben))


def _zustimmung(kommune: Kommune, erteilt: Zustimmung | None, *, noetig: bool) -> Zustimmungszeile:
    return Zustimmungszeile(
        ags=kommune.ags,
        kommune=kommune.name,
        noetig=noetig,
        am=tag(erteilt.am) if erteilt else "",
        durch=beide_namen(erteilt.durch, erteilt.fuer) if erteilt else "",
        vermerk=erteilt.vermerk if erteilt else "",
    )


# --- lists and facts --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class VeroeffentlichungZeile:
    """A row of the list on the page of a round."""

    url: str
    art: str
    status: VeroeffentlichungStatus
    sichtbar: str


def liste(
    veroeffentlichungen: Iterable[Veroeffentlichung], *, erhebung: Erhebung, heute: date
) -> list[VeroeffentlichungZeile]:
    """Return those of the round in the order given."""
    return [
        VeroeffentlichungZeile(
            url=reverse("veroeffentlichung_detail", args=[erhebung.pk, eine.pk]),
            art=eine.get_art_display(),
            status=eine.marke_des_status,
            sichtbar=sichtbarkeit(eine, heute=heute),
        )
        for eine in veroeffentlichungen
    ]


def sichtbarkeit(veroeffentlichung: Veroeffentlichung, *, heute: date) -> str:
    """Return in words who may see it from when on."""
    ab, intern = veroeffentlichung.oeffentlich_ab, veroeffentlichung.veroeffentlicht_am
    if veroeffentlichung.status == VeroeffentlichungStatus.ZURUECKGEZOGEN:
        return "für niemanden mehr"
    if veroeffentlichung.status == VeroeffentlichungStatus.ENTWURF:
        return f"geplant: öffentlich ab {tag_lang(ab)}" if ab else "geplant: nur für angemeldete Personen"
    seit = f"für angemeldete Personen seit {tag_lang(intern)}"
    if ab is None:
        return seit
    beginn = max(ab, intern) if intern else ab
    return f"öffentlich seit {tag_lang(beginn)}" if beginn <= heute else f"{seit}, öffentlich ab {tag_lang(ab)}"


def mit_namen_oeffentlich(erhebung: Erhebung) -> bool:
    """Tell whether the same round is published by name too: who compares both finds every Kommune."""
    return erhebung.veroeffentlichungen.filter(
        art=VeroeffentlichungArt.MIT_NAMEN,
        status=VeroeffentlichungStatus.VEROEFFENTLICHT,
        oeffentlich_ab__isnull=False,
    ).exists()
