"""External partners: objects of their own, named once and chosen at every Kooperation."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Func, Value

from bestandsaufnahme.abfragen.kooperation.partner import fassung
from bestandsaufnahme.models import ExternerPartner, Kooperationsstand
from kommunen.models import Konto


@transaction.atomic
def anlegen(*, name: str, hinweis: str = "", durch: Konto) -> ExternerPartner:
    return _sichern(ExternerPartner(), name=name, hinweis=hinweis)


@transaction.atomic
def bearbeiten(*, partner: ExternerPartner, gelesen: str, name: str, hinweis: str, durch: Konto) -> ExternerPartner:
    """Correct name and note everywhere, in earlier descriptions of Kooperationen too; `gelesen` is what was read."""
    gesperrt = ExternerPartner.objects.select_for_update().get(pk=partner.pk)
    if fassung(gesperrt) != gelesen:
        raise ValidationError(
            f"Jemand anderes hat diesen Partner inzwischen geändert. Jetzt steht dort „{gesperrt}“, Hinweis: "
            f"„{gesperrt.hinweis}“. Bitte prüfen Sie, ob Ihre Angaben noch passen.",
            code="veraltet",
        )
    bisher = gesperrt.name
    gesichert = _sichern(gesperrt, name=name, hinweis=hinweis)
    if gesichert.name != bisher:
        ersetzt = Func("externe_partner", Value(bisher), Value(gesichert.name), function="array_replace")
        Kooperationsstand.objects.filter(externe_partner__contains=[bisher]).update(externe_partner=ersetzt)
    return gesichert


@transaction.atomic
def benannte(*, namen: Iterable[str], durch: Konto) -> Sequence[ExternerPartner]:
    """Return the partners of these names: those that there are, whatever their case, and new ones for the rest."""
    gefunden = []
    for name in dict.fromkeys(" ".join(n.split()) for n in namen):
        if name:
            gefunden.append(_vorhandener(name) or _neuer(name, durch))
    return gefunden


def _vorhandener(name: str) -> ExternerPartner | None:
    return ExternerPartner.objects.filter(name__iexact=name).first()


def _neuer(name: str, durch: Konto) -> ExternerPartner:
    try:
        return anlegen(name=name, durch=durch)
    except ValidationError:
        if (vorhandener := _vorhandener(name)) is None:
            raise
        return vorhandener  # named by somebody else in the same moment


def _sichern(partner: ExternerPartner, *, name: str, hinweis: str) -> ExternerPartner:
    partner.name, partner.hinweis = " ".join(name.split()), hinweis.strip()
    gleicher = ExternerPartner.objects.filter(name__iexact=partner.name).exclude(pk=partner.pk).first()
    if gleicher:
        raise ValidationError({"name": f"Diesen Partner gibt es schon: {gleicher}."})
    partner.full_clean()
    try:
        with transaction.atomic():
            partner.save()
    except IntegrityError as fehler:  # taken between check and insert
        raise ValidationError({"name": "Diesen Partner gibt es schon."}) from fehler
    return partner
