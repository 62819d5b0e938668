"""Reading what belongs to one Aufgabenfeld out of all apps, each part as far as this person may see it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from bestandsaufnahme.abfragen.interesse.interesse import mit_allem
from bestandsaufnahme.abfragen.interesse.konstellation import konstellationen
from bestandsaufnahme.abfragen.konstellation.modell import Konstellation
from bestandsaufnahme.abfragen.kooperation.im_feld import Feldkooperation, im_feld
from bestandsaufnahme.auswahl import KooperationZustand, Stufe
from bestandsaufnahme.models import Aufgabenfeld, Interessenbekundung, Rundenergebnis
from bestandsaufnahme.rechte import (
    darf_interessen_sehen,
    darf_konstellationen_sehen,
    eigene_beobachtungen,
    geheime_erhebungen,
    sichtbare_aufgabenfelder,
    sichtbare_beteiligungen,
    sichtbare_interessen,
    sichtbare_kooperationen,
    sichtbare_kooperationsfelder,
    sichtbare_runden,
    sieht_alle_konstellationen,
    zaehlbare_interessen,
)
from ikz_portal.startseite.abfragen import feldseite as zeilen
from ikz_portal.startseite.abfragen.feldseite import Feldseite, Teilfeld
from kommunen.rechte import Betrachter, darf_namen_sehen, handelt_fuer
from projekte.abfragen.versuche import aus_kooperationen, aus_projekten, mit_einstellung
from projekte.auswahl import ProjektStatus
from projekte.rechte import sichtbare_projekte
from wissen.rechte import sichtbare_beitraege


def felder(konto: Betrachter) -> QuerySet[Aufgabenfeld]:
    """Return the fields, each with what belongs to it alone and takes little room: all in one query.

    Annotate `teilfelder`, `ergebnisse`, `beitragszeilen` and `beobachtet`, as far as this person may see it.
    """
    eigene = {"aufgabenfeld": OuterRef("pk")}
    teilfelder = sichtbare_kooperationsfelder(konto).filter(**eigene).order_by("reihenfolge", "pk")
    ergebnisse = Rundenergebnis.objects.filter(**eigene, runde__in=sichtbare_runden(konto)).order_by("-runde")
    beitraege = sichtbare_beitraege(konto).filter(aufgabenfelder=OuterRef("pk"), veroeffentlicht_am__isnull=False)
    return sichtbare_aufgabenfelder(konto).annotate(
        teilfelder=ArraySubquery(teilfelder.values(werte=JSONObject(pk="pk", name="name"))),
        ergebnisse=ArraySubquery(
            ergebnisse.values(werte=JSONObject(pk="runde_id", name="runde__name", anzahl="anzahl"))
        ),
        beitragszeilen=ArraySubquery(
            beitraege.values(
                werte=JSONObject(
                    slug="slug",
                    titel="titel",
                    art="art",
                    kurztext="kurztext",
                    sichtbarkeit="sichtbarkeit",
                    beispiel="beispiel",
                )
            )
        ),
        beobachtet=Exists(eigene_beobachtungen(konto).filter(**eigene)),
    )


def feldseite(feld: Any, *, teil: Teilfeld | None, konto: Betrachter, heute: date, mindestens: int) -> Feldseite:
    """Take a field out of `felder`. Four queries, and seven where there are Konstellationen to see; six for the public.

    `mindestens`: how many Kommunen a Konstellation has.
    """
    kooperationen = _kooperationen(feld, teil, konto, heute)
    projekte = list(mit_einstellung(sichtbare_projekte(konto).filter(aufgabenfeld=feld).mit_teilnahme()))
    if darf_interessen_sehen(konto):
        laufende = _laufende(feld, teil, konto, heute)
        bekundungen = [zeilen.bekundung(eine, handelt_fuer(konto), laufende) for eine in laufende]
        interessierte = len({e.kommune_id for e in laufende if not e.unbestaetigt and not e.beispiel})
    else:
        zaehlbare = zaehlbare_interessen(konto).gueltige(heute).im_feld(feld).order_by()
        bekundungen, interessierte = None, zaehlbare.values("kommune").distinct().count()
    return Feldseite(
        teilfelder=zeilen.teilfelder(feld),
        teilfeld=teil,
        interessierte=interessierte,
        bekundungen=bekundungen,
        konstellationen=_konstellationen(feld, teil, konto, heute, mindestens),
        kooperationen=[eine for eine in kooperationen if eine.laeuft],
        beendete=[eine for eine in kooperationen if eine.zustand == KooperationZustand.BEENDET],
        versuche=[*aus_kooperationen(kooperationen), *aus_projekten(projekte, mit_grund=darf_namen_sehen(konto))],
        projekte=[zeilen.projekt(eines) for eines in projekte if eines.status != ProjektStatus.EINGESTELLT],
        beitraege=[zeilen.beitrag(werte) for werte in feld.beitragszeilen],
        runden=[zeilen.runde(werte) for werte in feld.ergebnisse],
        beobachtet=feld.beobachtet,
    )


def _kooperationen(feld: Aufgabenfeld, teil: Teilfeld | None, konto: Betrachter, heute: date) -> list[Feldkooperation]:
    sichtbare = sichtbare_kooperationen(konto).filter(kooperationsfeld__aufgabenfeld=feld)
    return im_feld(
        sichtbare.filter(kooperationsfeld=teil.pk) if teil else sichtbare,
        beteiligungen=sichtbare_beteiligungen(konto),
        heute=heute,
        geheime=list(geheime_erhebungen(konto)),
    )


def _konstellationen(
    feld: Aufgabenfeld, teil: Teilfeld | None, konto: Betrachter, heute: date, mindestens: int
) -> list[Konstellation] | None:
    """Return those that this person may see, None for who sees none at all."""
    if not darf_konstellationen_sehen(konto):
        return None
    kommunen = None if sieht_alle_konstellationen(konto) else handelt_fuer(konto)
    alle = konstellationen(heute=heute, mindestens=mindestens, felder=[feld.pk], kommunen=kommunen)
    return [eine for eine in alle if not teil or not eine.kooperationsfeld or eine.kooperationsfeld.pk == teil.pk]


def _laufende(
    feld: Aufgabenfeld, teil: Teilfeld | None, konto: Betrachter, heute: date
) -> Sequence[Interessenbekundung]:
    """Return the declarations of the day, those that would go furthest first."""
    laufende = sichtbare_interessen(konto).laufende(heute)
    des_feldes = laufende.filter(kooperationsfeld=teil.pk) if teil else laufende.im_feld(feld)
    alle = mit_allem(des_feldes).select_related("kontakt")
    stufen = Stufe.values
    return sorted(alle.order_by("kommune__sortierung", "pk"), key=lambda eine: -stufen.index(eine.stufe))
