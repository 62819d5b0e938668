"""A file with a matrix that the Geschäftsstelle has had checked: it names a Kooperation that there isn't yet."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from bestandsaufnahme.ablaeufe import einlesung
from bestandsaufnahme.auswahl import Herkunft
from bestandsaufnahme.models import Einlesung
from ikz_portal.basis.schleuse import Dateiart, pruefen
from ikz_portal.basis.zeit import heute
from kommunen.models import Kommune, Konto
from tests.fabriken.bestandsaufnahme import AufgabenfeldFactory
from tests.fabriken.tabellen import KOPF, semikola, zeile

# Stands in the file, and so in its dry run.
EINGELESENES = "zzeinlesungzz"


def datei(kommune: Kommune) -> SimpleUploadedFile:
    eine = zeile(
        aufgabenfeld="Eingelesenes Feld",
        kooperationsfeld="Bauhof",
        kooperation=EINGELESENES,
        ags=kommune.ags,
        status="besteht",
    )
    return SimpleUploadedFile("matrix.csv", semikola([KOPF, eine]))


def einlesungen(kommune: Kommune, geschaeftsstelle: Konto) -> dict[str, dict[str, Any]]:
    AufgabenfeldFactory(name="Eingelesenes Feld")
    geprueft = pruefen(datei(kommune), erlaubt={Dateiart.CSV}, hoechstens=1 << 20)
    gelesen = einlesung.aufnehmen(
        geprueft=geprueft,
        gilt_ab=date(2020, 1, 1),
        herkunft=Herkunft.BESCHLUSS,
        durch=geschaeftsstelle,
        heute=heute(),
    )
    return {
        "einlesung": {"pk": gelesen.pk},
        "einlesung-vorlage": {"art": "liste"},
    }


def gesehenes(pk: int) -> str:
    """Return the sum of the dry run that was shown."""
    return Einlesung.objects.get(pk=pk).pruefsumme
