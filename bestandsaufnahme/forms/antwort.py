"""The forms of the single answers: to a Kooperation, to a new one, to an interest, to a question asked once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from bestandsaufnahme.abfragen.erhebung.fragen import Worte, frage_zu
from bestandsaufnahme.ablaeufe.antwort import AntwortAngaben
from bestandsaufnahme.auswahl import Aussage
from bestandsaufnahme.forms.fragen import KEINE_ANGABE, als_json, aus_json, feld
from bestandsaufnahme.fragenkatalog import (
    NACH_SCHLUESSEL,
    NEBENFRAGEN,
    PRIORITAET,
    Frage,
)
from bestandsaufnahme.models import Fragebogenantwort
from ikz_portal.basis.formulare import UngeprueftZeigen, versionsfeld
from kommunen.models import Konto

NEBEN = {frage.schluessel: frage for frage in NEBENFRAGEN}


@dataclass(frozen=True, kw_only=True)
class Gefragt:
    """What the round asks of this Kommune, and the names that its fields offer."""

    je_kooperation: Sequence[Frage]
    worte: Worte
    stichtag: date


class AntwortForm(UngeprueftZeigen, forms.Form):
    """What all have in common: the version that was read, and the questions of the catalogue."""

    fragen: Sequence[Frage] = ()

    def __init__(self, *args: Any, antwort: Fragebogenantwort, gefragt: Gefragt, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.antwort, self.gefragt = antwort, gefragt
        self.fragen = self.gestellte()
        for frage in self.fragen:
            self.fields[frage.schluessel] = feld(frage, gefragt.worte)
        if antwort.pk is not None:
            self.fields["version"] = versionsfeld()
        self.initial = {**self.anfang(), **self._gespeicherte_angaben(), "version": antwort.version}

    def gestellte(self) -> Sequence[Frage]:
        """Return the questions of the catalogue that this form asks."""
        return self.gefragt.je_kooperation

    def anfang(self) -> dict[str, Any]:
        """Return what stands in the other fields."""
        return {}

    def angaben(self) -> AntwortAngaben:
        """Return what was answered, for the operation."""
        raise NotImplementedError

    @property
    def fragefelder(self) -> list[forms.BoundField]:
        return [self[frage.schluessel] for frage in self.fragen]

    @property
    def fragen_offen(self) -> bool:
        """Whether something is answered there, or wrong: then they are shown at once."""
        return any(feld.errors or feld.value() not in (None, "", []) for feld in self.fragefelder)

    def _gespeicherte_angaben(self) -> dict[str, Any]:
        alle = {**NACH_SCHLUESSEL, **NEBEN}
        return {
            schluessel: aus_json(alle[schluessel], wert)
            for schluessel, wert in self.antwort.angaben.items()
            if schluessel in alle
        }

    def _angaben(self, *weitere: str) -> dict[str, Any]:
        """Return the answers for `angaben`, those that were given."""
        namen = {*(frage.schluessel for frage in self.fragen), *weitere} & self.cleaned_data.keys()
        werte = {name: als_json(self.cleaned_data[name]) for name in sorted(namen)}
        return {name: wert for name, wert in werte.items() if wert not in ("", None, [])}

    def nur(self, felder: Iterable[str]) -> None:
        """Forget the other fields and what is wrong in them: they belong to an answer that wasn't chosen."""
        behalten = {*felder, "version", *(frage.schluessel for frage in self.fragen)}
        for name in self.fields.keys() - behalten:
            self.errors.pop(name, None)
            self.cleaned_data.pop(name, None)


INTERESSE_WAHL = [
    (Aussage.JA, "ja"),
    (Aussage.BEDINGT, "bedingt"),
    (Aussage.NEIN, "nein"),
    (Aussage.OFFEN, "keine Angabe"),
]
PRIORITAETEN = [KEINE_ANGABE, *((option, option) for option in NEBEN[PRIORITAET].optionen)]


class InteresseantwortForm(AntwortForm):
    """The interest in one Aufgabenfeld, for whoever was handed this one question."""

    aussage = forms.ChoiceField(label="Interesse", choices=INTERESSE_WAHL, widget=forms.RadioSelect)
    prioritaet = forms.ChoiceField(label="Priorität", choices=PRIORITAETEN, required=False)
    erlaeuterung = forms.CharField(
        label="Wofür, oder unter welcher Bedingung?",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def gestellte(self) -> Sequence[Frage]:
        return ()

    def anfang(self) -> dict[str, Any]:
        return {"aussage": self.antwort.aussage, "erlaeuterung": self.antwort.erlaeuterung}

    def angaben(self) -> AntwortAngaben:
        return AntwortAngaben(
            aussage=self.cleaned_data["aussage"],
            erlaeuterung=self.cleaned_data["erlaeuterung"],
            angaben=self._angaben(PRIORITAET),
        )


class FrageForm(AntwortForm):
    """A question that is asked once."""

    def gestellte(self) -> Sequence[Frage]:
        return [frage_zu(self.antwort)]

    def angaben(self) -> AntwortAngaben:
        angaben = self._angaben()
        return AntwortAngaben(aussage=Aussage.BEANTWORTET if angaben else Aussage.OFFEN, angaben=angaben)


class UebergabeForm(forms.Form):
    """To whom the question is handed; nobody is everybody."""

    an = forms.ModelChoiceField(
        Konto.objects.none(), label="Wer soll diese Frage beantworten?", required=False, empty_label="alle gemeinsam"
    )

    def __init__(self, *args: Any, kollegen: QuerySet[Konto], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["an"].queryset = kollegen  # type: ignore[attr-defined]  # a ModelChoiceField
