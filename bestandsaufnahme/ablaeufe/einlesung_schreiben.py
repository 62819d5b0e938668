"""Writing what a dry run has computed, many rows in one statement: a file may name thousands.

`ablaeufe.kooperation` and `ablaeufe.beteiligung` would need forty and ten queries for each row; their rules are in the
plan already (`abfragen.einlesung`), and PostgreSQL has the last word. Called by `ablaeufe.einlesung` alone, which holds
the locks and the transaction.
"""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bestandsaufnahme.abfragen.einlesung.bestand import Feld, Koop, Spanne
from bestandsaufnahme.abfragen.einlesung.plan import Plan
from bestandsaufnahme.abfragen.einlesung.werte import beginn, vergleichbar
from bestandsaufnahme.ablaeufe import beteiligung, kooperationsfeld, partner
from bestandsaufnahme.ablaeufe.kooperationsfeld import NeuesFeld
from bestandsaufnahme.auswahl import Rechtsform
from bestandsaufnahme.models import Aufgabenfeld, Bestaetigung, Beteiligung, Erhebung, Kooperation
from kommunen.models import Konto

JE_ANWEISUNG = 1000


def schreiben(plan: Plan, *, quelle: str, durch: Konto) -> None:
    """Create what is new, then the spans; `quelle` is noted with the new Kooperationen."""
    _felder_anlegen(plan.neue_felder)
    _kooperationen_anlegen(plan.neue_kooperationen, quelle=quelle)
    _partner_verknuepfen(plan.neue_kooperationen, durch=durch)
    _bestaetigen(plan.neue_kooperationen, durch=durch)
    beteiligung.viele_sichern(
        geaenderte=[_zeile(koop.pk, spanne) for koop, spanne in plan.spannen if koop.pk and spanne.pk],
        neue=[_zeile(koop.pk, spanne) for koop, spanne in plan.spannen if koop.pk and not spanne.pk],
        durch=durch,
    )


def _felder_anlegen(felder: Sequence[Feld]) -> None:
    aufgabenfelder = Aufgabenfeld.objects.in_bulk([feld.aufgabenfeld for feld in felder])
    for feld in felder:
        feld.pk = kooperationsfeld.anlegen(NeuesFeld(aufgabenfelder[feld.aufgabenfeld], feld.name)).pk


def _kooperationen_anlegen(koops: Sequence[Koop], *, quelle: str) -> None:
    neue = [_kooperation(koop, quelle) for koop in koops]
    for neu in neue:
        neu.clean_fields(exclude=["kooperationsfeld"])
    try:
        with transaction.atomic():
            Kooperation.objects.bulk_create(neue, batch_size=JE_ANWEISUNG)
    except IntegrityError as fehler:
        raise ValidationError(
            "Die Datenbank hat eine der neuen Kooperationen nicht angenommen; nichts ist übernommen. "
            "Bitte lesen Sie die Datei noch einmal ein."
        ) from fehler
    for koop, neu in zip(koops, neue, strict=True):
        koop.pk = neu.pk


def _kooperation(koop: Koop, quelle: str) -> Kooperation:
    seit, genauigkeit, hinweis = beginn(koop.seit)
    return Kooperation(
        kooperationsfeld_id=koop.feld.pk or 0,
        symbol=koop.zeichen,
        bezeichnung=koop.bezeichnung,
        rechtsform=koop.rechtsform or Rechtsform.UNBEKANNT,
        seit=seit,
        seit_genauigkeit=genauigkeit,
        zeit_hinweis=hinweis,
        quelle=quelle,
    )


def _partner_verknuepfen(koops: Sequence[Koop], *, durch: Konto) -> None:
    """Each name once, however many Kooperationen it stands with."""
    namen = {vergleichbar(name): name for koop in koops for name in koop.partnernamen}
    gefundene = {vergleichbar(p.name): p.pk for p in partner.benannte(namen=namen.values(), durch=durch)}
    verknuepfung = Kooperation.externe_partner.through
    verknuepfung.objects.bulk_create(
        [
            verknuepfung(kooperation_id=koop.pk, externerpartner_id=schluessel)
            for koop in koops
            for schluessel in _schluessel(koop, gefundene)
        ],
        batch_size=JE_ANWEISUNG,
    )


def _schluessel(koop: Koop, gefundene: Mapping[str, int]) -> list[int]:
    return [gefundene[vergleichbar(name)] for name in koop.partnernamen]


def _bestaetigen(koops: Sequence[Koop], *, durch: Konto) -> None:
    """The day on which each was confirmed as a whole, with the round of that Stichtag if there is one."""
    tage = {koop.pk: koop.bestaetigt for koop in koops if koop.pk and koop.bestaetigt}
    runden = {r.stichtag: r for r in Erhebung.objects.filter(stichtag__in=set(tage.values()), beispiel=False)}
    Bestaetigung.objects.bulk_create(
        [Bestaetigung(kooperation_id=pk, am=tag, erhebung=runden.get(tag), durch=durch) for pk, tag in tage.items()],
        batch_size=JE_ANWEISUNG,
    )


def _zeile(kooperation: int, spanne: Spanne) -> Beteiligung:
    status, rolle, vorgesehen_bis = spanne.beschreibung
    return Beteiligung(
        pk=spanne.pk,
        kooperation_id=kooperation,
        kommune_id=spanne.kommune,
        gilt_ab=spanne.ab,
        gilt_bis=spanne.bis,
        status=status,
        rolle=rolle,
        vorgesehen_bis=vorgesehen_bis,
        herkunft=spanne.herkunft,
        erhebung_id=spanne.erhebung,
        beendet_durch_id=spanne.beendet_durch,
    )
