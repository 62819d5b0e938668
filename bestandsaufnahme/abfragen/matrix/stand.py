"""How a Kooperation was described on a day: read for the page, and asked for by filters."""

from collections.abc import Collection
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, F, Func, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce, Concat

from bestandsaufnahme.models import Bestaetigung, ExternerPartner, Kooperation, Kooperationsstand
from bestandsaufnahme.models.stand import BEGINN, BESCHREIBUNG
from ikz_portal.basis.ausloeser import Din5007

# What people write for an umlaut where the keyboard has none; DIN 5007-1 sorts the umlaut itself like the plain vowel.
UMSCHRIFTEN = (("ae", "a"), ("oe", "o"), ("ue", "u"))


def am_tag(
    kooperationen: QuerySet[Kooperation], stichtag: date, *, geheime: Collection[int] = ()
) -> list[tuple[Kooperation, date | None]]:
    """Return them as they were described on the day, each with the day of its last confirmation up to then.

    They carry `partnernamen`. What a round in `geheime` said counts as not said. Two queries.
    """
    bestaetigungen = Bestaetigung.objects.filter(kooperation=OuterRef("pk"), am__lte=stichtag)
    offene = bestaetigungen.exclude(erhebung__in=geheime).order_by("-am").values("am")[:1]
    partner = ExternerPartner.objects.filter(kooperationen=OuterRef("pk")).values("name")
    gelesen = list(kooperationen.annotate(bestaetigt=Subquery(offene), partnernamen=ArraySubquery(partner)))
    staende = _spaetere_staende(stichtag, geheime).filter(kooperation__in=[eine.pk for eine in gelesen])
    # read backwards, the first stand after the day is the one that is left
    rueckwaerts = list(staende.order_by("-bis"))
    gueltige = {stand.kooperation_id: stand for stand in rueckwaerts}
    beginne = {stand.kooperation_id: stand for stand in rueckwaerts if stand.seit_genauigkeit}
    for kooperation in gelesen:
        _zuruecksetzen(kooperation, gueltige.get(kooperation.pk), beginne.get(kooperation.pk))
    return [(kooperation, kooperation.bestaetigt) for kooperation in gelesen]


def damalige_angabe(feld: str, stichtag: date, *, geheime: Collection[int] = (), zu: str = "") -> Coalesce:
    """Return what `am_tag` reads in this column of `BESCHREIBUNG`; `zu` leads from the row to its Kooperation."""
    staende = _spaetere_staende(stichtag, geheime).filter(kooperation=OuterRef(zu or "pk")).order_by("bis")
    return Coalesce(Subquery(staende.values(feld)[:1]), F(f"{zu}__{feld}" if zu else feld))


def beschrieben_am(stichtag: date, *, geheime: Collection[int] = ()) -> QuerySet[Kooperation]:
    """Return all Kooperationen with `damalige_rechtsform`, `damalige_partner` (names) and `damaliger_text`.

    Exactly the words that `am_tag` reads: those of the first stand after the day, else those of today.
    """
    staende = _spaetere_staende(stichtag, geheime).filter(kooperation=OuterRef("pk")).order_by("bis")
    heutige = ArraySubquery(ExternerPartner.objects.filter(kooperationen=OuterRef("pk")).values("name"))
    rechtsform, bezeichnung, erlaeuterung = (
        damalige_angabe(feld, stichtag, geheime=geheime) for feld in ("rechtsform", "bezeichnung", "erlaeuterung")
    )
    partner = Coalesce(
        Subquery(staende.values("externe_partner")[:1]), heutige, output_field=ArrayField(CharField(max_length=200))
    )
    namen = Func(partner, Value(" "), function="array_to_string", output_field=TextField())
    worte = (F("kooperationsfeld__name"), bezeichnung, erlaeuterung, namen)
    mit_abstand = [teil for wort in worte for teil in (wort, Value(" "))]
    return Kooperation.objects.annotate(
        damalige_rechtsform=rechtsform,
        damalige_partner=partner,
        damaliger_text=Din5007(Concat(*mit_abstand, output_field=TextField())),
    )


def nennt(begriff: str) -> Q:
    """Match rows of `beschrieben_am` whose text has every word: „muell“, „Müll“ and „MÜLL“ are the same."""
    bedingung = Q()
    for wort in begriff.split():
        kurz = wort.lower()
        for umschrift, vokal in UMSCHRIFTEN:
            kurz = kurz.replace(umschrift, vokal)
        schreibweisen = [Q(damaliger_text__contains=Din5007(Value(form))) for form in {wort, kurz}]
        bedingung &= schreibweisen[0] | schreibweisen[-1]
    return bedingung


def _spaetere_staende(stichtag: date, geheime: Collection[int]) -> QuerySet[Kooperationsstand]:
    return Kooperationsstand.objects.filter(Q(bis__gt=stichtag) | Q(erhebung__in=geheime))


def _zuruecksetzen(kooperation: Kooperation, stand: Kooperationsstand | None, beginn: Kooperationsstand | None) -> None:
    """Let it say what it said then; `beginn` is the first stand that knows of another begin."""
    if stand is not None:
        kooperation.partnernamen = stand.externe_partner  # type: ignore[attr-defined]  # the annotation
        for feld in BESCHREIBUNG:
            setattr(kooperation, feld, getattr(stand, feld))
    if beginn is not None:
        for feld in BEGINN:
            setattr(kooperation, feld, getattr(beginn, feld))
