"""What the form of a Projektidee begins with: the declarations of the field, and words drafted out of theirs."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from bestandsaufnahme.abfragen.interesse.interesse import mit_allem
from bestandsaufnahme.abfragen.interesse.konstellation import konstellationen
from bestandsaufnahme.abfragen.konstellation.modell import Konstellation
from bestandsaufnahme.auswahl import InteresseArt
from bestandsaufnahme.models import Aufgabenfeld, Interessenbekundung
from bestandsaufnahme.models.interesse import InteressenbekundungQuerySet
from bestandsaufnahme.rechte import sichtbare_aufgabenfelder, sichtbare_kooperationsfelder, waehlbare_kontakte
from ikz_portal.basis.formate import aufzaehlung, tag
from kommunen.models import Kommune
from kommunen.rechte import Betrachter
from projekte.models import Starthilfe
from projekte.rechte import sichtbare_projekte

NAME_HOECHSTENS = 200
PLATZ = 5  # characters that a number behind the name needs
NAMENTLICH = 3  # so many Kommunen are named in the name of a Projekt


@dataclass(frozen=True, slots=True)
class Kandidat:
    """A declaration that the Projekt can come from; `projekte` came from it before. `kontakte` as (key, name)."""

    interesse: Interessenbekundung
    kommune: str
    ags: str
    url: str
    feld: str
    art: str
    stufe: str
    abgegeben: str
    kontakte: list[tuple[str, str]]
    kontakt: str
    projekte: list[str]
    beispiel: bool

    @property
    def pk(self) -> int:
        return self.interesse.pk


def felder(konto: Betrachter) -> QuerySet[Aufgabenfeld]:
    """Annotate `teilfelder` and `projektnamen`."""
    eigene = {"aufgabenfeld": OuterRef("pk")}
    teile = sichtbare_kooperationsfelder(konto).filter(**eigene).order_by("reihenfolge", "pk")
    namen = sichtbare_projekte(konto).filter(**eigene).order_by().values("name")
    return sichtbare_aufgabenfelder(konto).annotate(
        teilfelder=ArraySubquery(teile.values(werte=JSONObject(pk="pk", name="name"))),
        projektnamen=ArraySubquery(namen),
    )


def kandidaten(interessen: InteressenbekundungQuerySet, feld: Aufgabenfeld, *, heute: date) -> list[Kandidat]:
    """Return those (of the visible ones handed in) that count today, by Kommune. One query."""
    kommune = Kommune.objects.filter(pk=OuterRef(OuterRef("kommune")))
    personen = waehlbare_kontakte(kommune).order_by("name", "pk")
    frueher = Starthilfe.objects.filter(interesse=OuterRef("pk")).order_by("pk").values("projekt__name")
    des_feldes = mit_allem(interessen.gueltige(heute).im_feld(feld)).annotate(
        personen=ArraySubquery(personen.values(werte=JSONObject(pk="pk", name="name", funktion="funktion"))),
        frueher=ArraySubquery(frueher),
    )
    return [_kandidat(eine) for eine in des_feldes.order_by("kommune__sortierung", "pk")]


def _kandidat(interesse: Any) -> Kandidat:  # Any: it carries annotations
    kontakte = [(str(p["pk"]), ", ".join(filter(None, [p["name"], p["funktion"]]))) for p in interesse.personen]
    genannte = [str(pk) for pk in (interesse.kontakt_id, interesse.durch_id) if pk]
    waehlbar = {pk for pk, _ in kontakte}
    return Kandidat(
        interesse=interesse,
        kommune=interesse.kommune.name,
        ags=interesse.kommune.ags,
        url=interesse.get_absolute_url(),
        feld=str(interesse.feld),
        art=interesse.get_art_display(),
        stufe=interesse.get_stufe_display(),
        abgegeben=tag(interesse.abgegeben_am),
        kontakte=kontakte,
        kontakt=next((pk for pk in genannte if pk in waehlbar), ""),
        projekte=interesse.frueher,
        beispiel=interesse.beispiel,
    )


def vorausgewaehlte(
    alle: Iterable[Kandidat], *, kommunen: Collection[str], kooperationsfeld: int | None
) -> list[Kandidat]:
    """Return those that the address names (AGS), else all that want to cooperate and began nothing yet.

    Of a Kooperationsfeld also those who declared for the whole field.
    """
    zum_feld = [k for k in alle if not kooperationsfeld or k.interesse.kooperationsfeld_id in {None, kooperationsfeld}]
    if kommunen:
        return [kandidat for kandidat in zum_feld if kandidat.ags in kommunen]
    return [k for k in zum_feld if k.interesse.art == InteresseArt.KOOPERATIONSWILLE and not k.projekte]


def konstellation(
    feld: Aufgabenfeld, *, kommunen: Collection[str], kooperationsfeld: int | None, heute: date, mindestens: int
) -> Konstellation | None:
    """Return the proposal of exactly these Kommunen (AGS) for the field. Seven queries, none without Kommunen."""
    if not kommunen:
        return None
    alle = konstellationen(heute=heute, mindestens=mindestens, felder=[feld.pk])
    gesucht = (frozenset(kommunen), kooperationsfeld)
    return next((eine for eine in alle if _merkmale(eine) == gesucht), None)


def _merkmale(eine: Konstellation) -> tuple[frozenset[str], int | None]:
    return frozenset(m.ags for m in eine.kommunen), eine.kooperationsfeld.pk if eine.kooperationsfeld else None


# --- words ------------------------------------------------------------------------------------------------------------
def namensvorschlag(feld: str, kommunen: Sequence[str], *, vergeben: Iterable[str]) -> str:
    """Return „Bauhof: Zusammenarbeit von Nauheim und Raunheim“, with a number where that is taken."""
    einmal = list(dict.fromkeys(kommunen))
    wer = f" von {aufzaehlung(einmal)}" if len(einmal) <= NAMENTLICH else f" von {len(einmal)} Kommunen"
    schlicht = f"{feld}: Zusammenarbeit"
    name = schlicht if not einmal or len(schlicht + wer) > NAME_HOECHSTENS - PLATZ else schlicht + wer
    belegt = {anderer.lower() for anderer in vergeben}
    nummer = 1
    while (vorschlag := name if nummer == 1 else f"{name} ({nummer})").lower() in belegt:
        nummer += 1
    return vorschlag


def entwurf(gewaehlte: Sequence[Kandidat]) -> str:
    """Return a description out of what the Kommunen say themselves, marked as their words."""
    if not gewaehlte:
        return ""
    return "\n\n".join(["Das sagen die Kommunen selbst:", *map(_zitat, gewaehlte)])


def _zitat(kandidat: Kandidat) -> str:
    interesse = kandidat.interesse
    texte = [("", interesse.wofuer), ("bringt ein: ", interesse.bietet), ("sucht: ", interesse.sucht)]
    zitate = "; ".join(f"{vorsatz}„{' '.join(text.split())}“" for vorsatz, text in texte if text.strip())
    return f"{kandidat.kommune} ({kandidat.stufe}): {zitate}"


def herkunft(eine: Konstellation | None) -> str:
    """Return which Konstellation it was and why, for the record; nothing for none."""
    if eine is None:
        return ""
    gruende = "\n".join(f"– {grund.text}" for grund in eine.gruende)
    return f"Vorgeschlagene Konstellation: {aufzaehlung([m.name for m in eine.kommunen])}. Gründe:\n{gruende}"
