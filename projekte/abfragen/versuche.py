"""What was tried before in an Aufgabenfeld and did not come about, and why: to be read before something new begins."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from bestandsaufnahme.abfragen.kooperation.im_feld import Feldkooperation, im_feld
from bestandsaufnahme.auswahl import KooperationZustand
from bestandsaufnahme.models import Aufgabenfeld
from bestandsaufnahme.rechte import geheime_erhebungen, sichtbare_beteiligungen, sichtbare_kooperationen
from ikz_portal.basis.formate import tag
from ikz_portal.basis.models import Statuswechsel
from kommunen.rechte import Betrachter, darf_namen_sehen
from projekte.auswahl import ProjektStatus
from projekte.models import Projekt
from projekte.models.projekt import ProjektQuerySet
from projekte.rechte import sichtbare_projekte


@dataclass(frozen=True, slots=True)
class Versuch:
    """An attempt that failed. `schluessel` is another one when the same thing was tried and failed again.

    `gescheitert` says what happened; `grund` is empty where none is known or it may not be told.
    """

    schluessel: str
    titel: str
    url: str
    gescheitert: str
    wer: list[str]
    grund: str
    hemmnisse: list[str] = field(default_factory=list)
    beispiel: bool = False


def versuche(feld: Aufgabenfeld, *, konto: Betrachter, heute: date) -> list[Versuch]:
    """Return all that this person may see. Three queries, for the public two more."""
    kooperationen = im_feld(
        sichtbare_kooperationen(konto).filter(kooperationsfeld__aufgabenfeld=feld),
        beteiligungen=sichtbare_beteiligungen(konto),
        heute=heute,
        geheime=list(geheime_erhebungen(konto)),
    )
    projekte = mit_einstellung(sichtbare_projekte(konto).filter(aufgabenfeld=feld))
    mit_grund = darf_namen_sehen(konto)
    return [*aus_kooperationen(kooperationen), *aus_projekten(projekte, mit_grund=mit_grund)]


def aus_kooperationen(kooperationen: Iterable[Feldkooperation]) -> list[Versuch]:
    """Return those that did not come about, and those that go on without a Kommune that once considered them."""
    return [
        _gescheiterte(eine) if eine.zustand == KooperationZustand.GESCHEITERT else _erwogene(eine)
        for eine in kooperationen
        if eine.zustand == KooperationZustand.GESCHEITERT or eine.erwogen
    ]


def mit_einstellung(projekte: ProjektQuerySet) -> ProjektQuerySet:
    """Annotate `einstellung`: the dated change by which it was ended before its goal (pk, gueltig_ab, grund)."""
    wechsel = Statuswechsel.objects.filter(
        content_type=ContentType.objects.get_for_model(Projekt),
        objekt_id=OuterRef("pk"),
        nach=ProjektStatus.EINGESTELLT,
    )
    letzter = wechsel.order_by("-gueltig_ab", "-pk")
    werte = letzter.values(werte=JSONObject(pk="pk", gueltig_ab="gueltig_ab", grund="grund"))
    return projekte.annotate(einstellung=Subquery(werte[:1]))


def aus_projekten(projekte: Iterable[Projekt], *, mit_grund: bool) -> list[Versuch]:
    """Take them out of `mit_einstellung`; why, only where it may be told."""
    return [_projekt(eines, mit_grund=mit_grund) for eines in projekte if eines.status == ProjektStatus.EINGESTELLT]


def _gescheiterte(kooperation: Feldkooperation) -> Versuch:
    return Versuch(
        schluessel=f"kooperation-{kooperation.pk}-{kooperation.gescheitert_jahr}",
        titel=kooperation.bezeichnung,
        url=kooperation.url,
        gescheitert=f"Kooperation, {kooperation.gescheitert_jahr} nicht zustande gekommen",
        wer=kooperation.erwogen,
        grund=kooperation.gescheitert_grund,
        hemmnisse=kooperation.hemmnisse,
        beispiel=kooperation.beispiel,
    )


def _erwogene(kooperation: Feldkooperation) -> Versuch:
    return Versuch(
        schluessel=f"erwogen-{kooperation.pk}-{kooperation.letzte_erwaegung}",
        titel=kooperation.bezeichnung,
        url=kooperation.url,
        gescheitert="Beteiligung erwogen, nicht zustande gekommen",
        wer=kooperation.erwogen,
        grund="",
        beispiel=kooperation.beispiel,
    )


def _projekt(projekt: Any, *, mit_grund: bool) -> Versuch:  # Any: it carries annotations
    einstellung = projekt.einstellung or {}
    am = einstellung.get("gueltig_ab")
    return Versuch(
        schluessel=f"projekt-{projekt.pk}-{einstellung.get('pk', 0)}",
        titel=projekt.name,
        url=projekt.get_absolute_url(),
        gescheitert=f"Projekt, eingestellt am {tag(date.fromisoformat(am))}" if am else "Projekt, eingestellt",
        wer=[],
        grund=einstellung.get("grund", "") if mit_grund else "",
        beispiel=projekt.beispiel,
    )
