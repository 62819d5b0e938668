"""Filing a declaration that another Kommune gave rise to, or that a Kommune told the Geschäftsstelle."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from bestandsaufnahme.ablaeufe.interesse import Angaben, Inhalt, abgeben
from bestandsaufnahme.models import Interessenbekundung
from ikz_portal.basis import ablage
from ikz_portal.basis.schleuse import Geprueft
from kommunen.models import Kommune, Konto


@transaction.atomic
def anschliessen(
    *, an: Interessenbekundung, kommune: Kommune, inhalt: Inhalt, durch: Konto, heute: date
) -> Interessenbekundung:
    """File the same field and Art with words of one's own; refused where the other one is over, or the own."""
    vorbild = Interessenbekundung.objects.laufende(heute).filter(pk=an.pk).select_related("kommune").first()
    if vorbild is None:
        raise ValidationError(
            f"Die Interessenbekundung von {an.kommune} gilt nicht mehr. Anschließen geht nur, solange sie gilt."
        )
    if vorbild.kommune_id == kommune.pk:
        raise ValidationError(f"Diese Interessenbekundung ist von {kommune} selbst.")
    angaben = Angaben(
        art=vorbild.art,
        aufgabenfeld=vorbild.aufgabenfeld,
        kooperationsfeld=vorbild.kooperationsfeld,
        stufe=inhalt.stufe,
        wofuer=inhalt.wofuer,
        bietet=inhalt.bietet,
        sucht=inhalt.sucht,
        kontakt=inhalt.kontakt,
        gueltig_bis=inhalt.gueltig_bis,
    )
    return abgeben(kommune=kommune, angaben=angaben, durch=durch, heute=heute, anschluss_an=vorbild)


@transaction.atomic
def abgeben_fuer(
    *, kommune: Kommune, angaben: Angaben, vermerk: str, beleg: Geprueft | None, durch: Konto, heute: date
) -> Interessenbekundung:
    """File what the Kommune told, with the note of how it did and the paper, if there is one."""
    fassung = None
    if beleg is not None:
        fassung = ablage.aufnehmen(titel=f"Beleg: Interesse von {kommune}", geprueft=beleg, durch=durch)
    return abgeben(kommune=kommune, angaben=angaben, durch=durch, heute=heute, vermerk=vermerk, beleg=fassung)
