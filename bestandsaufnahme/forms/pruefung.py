"""The decision on one answer: yes or no, in whose reading, and how it gets into the matrix."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from bestandsaufnahme.abfragen.pruefung.pruefpunkte import Pruefpunkt
from bestandsaufnahme.abfragen.pruefung.pruefwahl import Wahl
from bestandsaufnahme.abfragen.pruefung.vorschlag import Werte
from bestandsaufnahme.auswahl import AntwortArt, Aussage, Entscheidung
from bestandsaufnahme.forms.pruefangaben import (
    AufnahmeForm,
    BeschriebeneBeteiligungForm,
    BestandForm,
    BeteiligungForm,
    EndeForm,
    InteresseForm,
    LeerForm,
    NeuForm,
)
from bestandsaufnahme.models import Fragebogenantwort, Kooperation, Pruefung
from ikz_portal.basis.formulare import GROESSTE_ZAHL


class EntscheidungForm(forms.Form):
    """`version` is that of the decision that was read, 0 where there was none."""

    entscheidung = forms.ChoiceField(
        label="Ihre Entscheidung",
        widget=forms.RadioSelect,
        choices=[
            (Entscheidung.ANGENOMMEN, "Übernehmen, wie angegeben"),
            (Entscheidung.ANGEPASST, "Angepasst übernehmen"),
            (Entscheidung.ABGELEHNT, "Nicht übernehmen"),
        ],
        error_messages={"required": "Bitte entscheiden Sie sich."},
    )
    grund = forms.CharField(
        label="Grund",
        required=False,
        max_length=Pruefung._meta.get_field("grund").max_length,
        help_text="Nötig, wenn Sie nicht übernehmen. Die Kommune liest ihn.",
        widget=forms.Textarea(attrs={"rows": 2, "data-je-nach": "entscheidung"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=GROESSTE_ZAHL)

    def clean(self) -> dict[str, Any]:
        daten = super().clean() or self.cleaned_data
        abgelehnt = daten.get("entscheidung") == Entscheidung.ABGELEHNT
        if abgelehnt and "grund" in daten and not daten["grund"].strip():
            self.add_error("grund", "Bitte nennen Sie den Grund, warum die Angabe nicht übernommen wird.")
        return daten


# --- together ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Formulare:
    """The three parts of one decision. Only what the decision needs is checked; the rest is shown as it was."""

    entscheidung: EntscheidungForm
    angaben: forms.Form
    umsetzung: forms.Form

    @property
    def gewaehlt(self) -> str:
        return str(self.entscheidung.cleaned_data["entscheidung"])

    def sind_gueltig(self) -> bool:
        gueltig = [form.is_valid() for form in (self.entscheidung, self.angaben, self.umsetzung) if form.is_bound]
        return all(gueltig)

    def werte(self) -> Werte:
        """Return what the operation takes: the values as JSON keeps them."""
        angaben = self.angaben.cleaned_data if self.angaben.is_bound else {}
        umsetzung = self.umsetzung.cleaned_data if self.umsetzung.is_bound else {}
        return {
            name: wert.isoformat() if isinstance(wert, date) else wert
            for name, wert in {**angaben, **umsetzung}.items()
        }


def formulare(punkt: Pruefpunkt, wahl: Wahl, daten: QueryDict | None) -> Formulare:
    """Return the forms over the answer and what was decided on it."""
    pruefung = punkt.pruefung
    bisher = {
        "entscheidung": pruefung.entscheidung if pruefung else None,
        "grund": pruefung.grund if pruefung else "",
        "version": pruefung.version if pruefung else 0,
    }
    gewaehlt = daten.get("entscheidung") if daten is not None else None
    anpassen = daten if gewaehlt == Entscheidung.ANGEPASST else None
    uebernehmen = daten if gewaehlt in {Entscheidung.ANGENOMMEN, Entscheidung.ANGEPASST} else None
    angaben, umsetzung = _klassen(punkt, wahl)
    return Formulare(
        entscheidung=EntscheidungForm(daten, initial=bisher),
        angaben=angaben(anpassen, initial=_angaben(punkt), **({"wahl": wahl} if angaben is NeuForm else {})),
        umsetzung=umsetzung(uebernehmen, initial=_umsetzung(punkt, wahl), wahl=wahl),
    )


def _klassen(punkt: Pruefpunkt, wahl: Wahl) -> tuple[Any, Any]:
    antwort = punkt.antwort
    if antwort.art == AntwortArt.INTERESSE:
        return InteresseForm, LeerForm
    if antwort.art == AntwortArt.NEU:
        return NeuForm, AufnahmeForm
    if antwort.aussage == Aussage.BEENDET:
        return EndeForm, BestandForm
    return (BeschriebeneBeteiligungForm if wahl.beschreibung else BeteiligungForm), BestandForm


def _angaben(punkt: Pruefpunkt) -> dict[str, Any]:
    beschrieben: Mapping[str, Any] = {}
    if punkt.lage and punkt.antwort.art == AntwortArt.KOOPERATION:
        beschrieben = _beschreibung(punkt.lage.kooperation) | punkt.beschreibung
    return {**beschrieben, **punkt.werte}


def _beschreibung(kooperation: Kooperation) -> dict[str, Any]:
    return {name: getattr(kooperation, name) for name in ("bezeichnung", "erlaeuterung", "rechtsform")}


def _umsetzung(punkt: Pruefpunkt, wahl: Wahl) -> dict[str, Any]:
    """Return what was decided before, else what is likely."""
    if punkt.pruefung and punkt.angenommen:
        return punkt.werte
    return {"ziel": wahl.ziel, "partner": [p.ags for p in wahl.partner if p.auch], **_feld(punkt.antwort)}


def _feld(antwort: Fragebogenantwort) -> dict[str, Any]:
    return {
        "kooperationsfeld": antwort.kooperationsfeld_id,
        "neues_feld": antwort.feldvorschlag,
        "aufgabenfeld": antwort.aufgabenfeld_id,
    }


class ZurueckgabeForm(forms.Form):
    grund = forms.CharField(
        label="Grund",
        max_length=2000,
        help_text="Die Kommune liest ihn in der Nachricht.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Bitte nennen Sie den Grund, warum Sie den Fragebogen zurückgeben."},
    )
