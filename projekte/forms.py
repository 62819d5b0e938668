"""One page creates and edits a Projekt and its Meilensteine. The forms check and clean; `ablaeufe.projekt` writes."""

import copy
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict

from bestandsaufnahme.models import Aufgabenfeld
from ikz_portal.basis.auswahl import Genauigkeit
from ikz_portal.basis.formulare import GROESSTE_ZAHL, UngeprueftZeigen, versionsfeld
from kommunen.models import Kommune
from projekte.ablaeufe.projekt import NAME_VERGEBEN, MeilensteinAngaben, ProjektAngaben, ist_frei
from projekte.auswahl import UEBERGAENGE, WAEHLBARE_STATUS, ProjektStatus
from projekte.models import Meilenstein, Projekt
from projekte.models.projekt import ProjektQuerySet

GENAU_BEGINN = [
    (Genauigkeit.TAG, "auf den Tag genau"),
    (Genauigkeit.MONAT, "nur Monat und Jahr"),
    (Genauigkeit.JAHR, "nur das Jahr"),
    (Genauigkeit.UNBEKANNT, "nicht bekannt"),
]
GENAU_ENDE = [*GENAU_BEGINN, (Genauigkeit.OFFEN, "läuft noch, ein Ende steht nicht fest")]
# Years that a plan can be drawn for.
JAHRE = range(1990, 2101)
HOECHSTENS = 100


class Tagesfeld(forms.DateField):
    """A day in the browser's own field; years that no project of a county can lie in are refused."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.error_messages["invalid"] = "Bitte geben Sie ein gültiges Datum an, zum Beispiel 19.05.2026."

    def clean(self, value: Any) -> date | None:
        tag = super().clean(value)
        if tag is not None and tag.year not in JAHRE:
            raise ValidationError(f"Bitte geben Sie ein Jahr von {JAHRE.start} bis {JAHRE.stop - 1} an.")
        return tag


class ProjektForm(UngeprueftZeigen, forms.ModelForm):
    beginn = Tagesfeld(
        label="Beginn",
        required=False,
        help_text="Leer, wenn er nicht bekannt ist. Ist nur Monat oder Jahr bekannt, wählen Sie einen Tag darin.",
    )
    beginn_genauigkeit = forms.ChoiceField(label="Wie genau ist der Beginn bekannt?", choices=GENAU_BEGINN)
    ende = Tagesfeld(label="Ende", required=False, help_text="Bei laufenden Projekten das geplante Ende.")
    ende_genauigkeit = forms.ChoiceField(label="Wie genau ist das Ende bekannt?", choices=GENAU_ENDE)
    status = forms.ChoiceField(label="Status")
    grund = forms.CharField(
        label="Grund des Statuswechsels",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Steht im Verlauf des Projekts, wenn Sie den Status ändern.",
    )
    version = versionsfeld()

    class Meta:
        model = Projekt
        fields = [
            "name", "aufgabenfeld", "kurzbeschreibung", "status", "status_hinweis", "beginn", "beginn_genauigkeit",
            "ende", "ende_genauigkeit", "zeit_hinweis", "vorgaenger", "hinweis", "veroeffentlicht",
        ]  # fmt: skip
        widgets = {
            "kurzbeschreibung": forms.Textarea(attrs={"rows": 4}),
            "hinweis": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "kurzbeschreibung": "Worum geht es, in zwei oder drei Sätzen?",
            "status_hinweis": "Zum Beispiel: Gruppe besteht weiter.",
            "zeit_hinweis": "Steht statt des Enddatums, zum Beispiel „Sommer 2022“.",
            "vorgaenger": "Das frühere Projekt, das mit diesem fortgesetzt wird.",
            "veroeffentlicht": "Jede Person kann das Projekt ohne Anmeldung sehen.",
        }
        error_messages = {
            "name": {"required": "Bitte nennen Sie das Projekt."},
            "aufgabenfeld": {"required": "Bitte wählen Sie ein Aufgabenfeld."},
        }

    def __init__(
        self,
        *args: Any,
        aufgabenfelder: QuerySet[Aufgabenfeld],
        vorgaenger: ProjektQuerySet,
        darf_freigeben: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["aufgabenfeld"].queryset = aufgabenfelder  # type: ignore[attr-defined]  # a choice field
        self.fields["aufgabenfeld"].empty_label = "Bitte wählen"  # type: ignore[attr-defined]  # as above
        self.fields["vorgaenger"].queryset = vorgaenger  # type: ignore[attr-defined]  # as above
        self.fields["vorgaenger"].empty_label = "kein früheres Projekt"  # type: ignore[attr-defined]  # as above
        status = waehlbare_status(self.instance, darf_freigeben)
        self.fields["status"].choices = status  # type: ignore[attr-defined]  # as above
        self.initial.setdefault("version", self.instance.version)
        if self.instance.pk is None:
            del self.fields["version"]
            self.initial.update(beginn_genauigkeit=Genauigkeit.TAG, ende_genauigkeit=Genauigkeit.TAG)
        if not darf_freigeben:
            del self.fields["veroeffentlicht"]
        self.helper = _helfer(self)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not ist_frei(name, fuer=self.instance):
            raise ValidationError(NAME_VERGEBEN)
        return name

    def clean(self) -> dict[str, Any]:
        werte = super().clean() or self.cleaned_data
        for feld in ("beginn", "ende"):
            self._tag_einordnen(feld)
        beginn, ende = werte.get("beginn"), werte.get("ende")
        if beginn and ende and ende < beginn:
            self.add_error("ende", self._ende_vor_beginn(beginn, ende))
        return werte

    def _tag_einordnen(self, feld: str) -> None:
        """Set the day to the first of what is known; no day is „nicht bekannt“, unless it is said to still run."""
        tag, genau = self.cleaned_data.get(feld), self.cleaned_data.get(f"{feld}_genauigkeit")
        if feld not in self.cleaned_data or genau is None:
            return
        if tag is None:
            offen = genau == Genauigkeit.OFFEN
            self.cleaned_data[f"{feld}_genauigkeit"] = Genauigkeit.OFFEN if offen else Genauigkeit.UNBEKANNT
        elif genau in {Genauigkeit.UNBEKANNT, Genauigkeit.OFFEN}:
            self.add_error(
                f"{feld}_genauigkeit", "Sie haben ein Datum angegeben. Bitte wählen Sie, wie genau es bekannt ist."
            )
        else:
            monat = 1 if genau == Genauigkeit.JAHR else tag.month
            self.cleaned_data[feld] = tag if genau == Genauigkeit.TAG else date(tag.year, monat, 1)

    def _ende_vor_beginn(self, beginn: date, ende: date) -> str:
        genau = self.cleaned_data.get("ende_genauigkeit")
        gleich = ende.year == beginn.year and (genau == Genauigkeit.JAHR or ende.month == beginn.month)
        if gleich and genau != Genauigkeit.TAG:
            return "Das Ende ist ungenauer angegeben als der Beginn. Bitte geben Sie beide gleich genau an."
        return "Das Ende liegt vor dem Beginn. Bitte prüfen Sie beide Daten."

    def angaben(self) -> ProjektAngaben:
        return ProjektAngaben(**{name: self.cleaned_data[name] for name in self.Meta.fields if name in self.fields})


def waehlbare_status(projekt: Projekt, darf_freigeben: bool) -> list[tuple[str, str]]:
    """Return the present status and those that may follow; ending it before its goal is a right of its own."""
    if projekt.pk is None:
        moegliche = set(WAEHLBARE_STATUS)
    else:
        moegliche = {projekt.marke_des_status, *UEBERGAENGE[projekt.marke_des_status]}
    if not darf_freigeben and projekt.status != ProjektStatus.EINGESTELLT:
        moegliche.discard(ProjektStatus.EINGESTELLT)
    return [(status.value, str(status.label)) for status in ProjektStatus if status in moegliche]


def _helfer(formular: ProjektForm) -> FormHelper:
    gruppen = {
        "Worum es geht": ["name", "aufgabenfeld", "kurzbeschreibung"],
        "Status": ["status", "grund", "status_hinweis", "veroeffentlicht"],
        "Zeitraum": ["beginn", "beginn_genauigkeit", "ende", "ende_genauigkeit", "zeit_hinweis"],
        "Einordnung": ["vorgaenger", "hinweis", "version"],
    }
    helfer = FormHelper()
    helfer.form_tag = helfer.include_media = False
    helfer.disable_csrf = True
    helfer.layout = Layout(
        *[
            Fieldset(titel, *[feld for feld in felder if feld in formular.fields], css_class="mb-5")
            for titel, felder in gruppen.items()
        ]
    )
    return helfer


class MeilensteinForm(UngeprueftZeigen, forms.Form):
    nummer = 1
    id = forms.IntegerField(required=False, min_value=1, max_value=GROESSTE_ZAHL, widget=forms.HiddenInput)
    name = forms.CharField(
        label="Name", max_length=200, error_messages={"required": "Bitte nennen Sie den Meilenstein."}
    )
    geplant = Tagesfeld(label="geplant am", error_messages={"required": "Bitte geben Sie den geplanten Tag an."})
    prognose = Tagesfeld(
        label="Prognose", required=False, help_text="Nur wenn der geplante Tag nicht mehr zu halten ist."
    )
    erreicht = Tagesfeld(label="erreicht am", required=False)
    verantwortlich = forms.ChoiceField(label="verantwortlich", required=False)
    freigabe_noetig = forms.BooleanField(label="Die Lenkungsgruppe muss ihn freigeben", required=False)

    def __init__(self, *args: Any, kommunen: list[Kommune], heute: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heute = heute
        self.kommunen = {kommune.ags: kommune for kommune in kommunen}
        feld: Any = self.fields["verantwortlich"]
        feld.choices = [("", "niemand"), *((ags, kommune.name) for ags, kommune in self.kommunen.items())]

    def __iter__(self) -> Iterator[BoundField]:
        """One after the other, as in a summary of errors, the fields say which Meilenstein they belong to."""
        for feld in super().__iter__():
            benanntes = copy.copy(feld)
            benanntes.label = f"{self.bezeichnung}, {feld.label}"
            yield benanntes

    @property
    def bezeichnung(self) -> str:
        name = self["name"].value()
        return f"Meilenstein „{name}“" if name else f"Meilenstein {self.nummer}"

    def clean_verantwortlich(self) -> Kommune | None:
        return self.kommunen.get(self.cleaned_data["verantwortlich"])

    def clean_erreicht(self) -> date | None:
        erreicht: date | None = self.cleaned_data["erreicht"]
        if erreicht is not None and erreicht > self.heute:
            raise ValidationError("Dieser Tag liegt in der Zukunft. Tragen Sie ihn bei „Prognose“ ein.")
        return erreicht

    def angaben(self) -> MeilensteinAngaben:
        werte = {name: wert for name, wert in self.cleaned_data.items() if name not in {"id", "DELETE"}}
        return MeilensteinAngaben(pk=self.cleaned_data["id"], **werte)


class MeilensteinSatz(forms.BaseFormSet):
    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.nummer = (index or 0) + 1
        form.fields["DELETE"].label = "Diesen Meilenstein löschen"

    def clean(self) -> None:
        gesehen = set()
        for zeile in self._bleibende():
            name = zeile.cleaned_data.get("name")
            if name in gesehen:
                zeile.add_error("name", "Einen Meilenstein mit diesem Namen hat das Projekt schon.")
            gesehen.add(name)

    def angaben(self) -> list[MeilensteinAngaben]:
        return [zeile.angaben() for zeile in self._bleibende()]

    def geloeschte(self) -> list[int]:
        return [pk for zeile in self.deleted_forms if (pk := zeile.cleaned_data.get("id"))]

    def _bleibende(self) -> list[Any]:
        """Return the rows that say something and are not to be deleted."""
        return [zeile for zeile in self.forms if zeile.has_changed() and not zeile.cleaned_data.get("DELETE")]

    def ohne_pruefung(self) -> None:
        self._errors: list[ErrorDict] = []
        self._non_form_errors = self.error_class()
        for zeile in self.forms:
            zeile.ohne_pruefung()


MeilensteinFormSet = forms.formset_factory(
    MeilensteinForm,
    formset=MeilensteinSatz,
    extra=1,
    can_delete=True,
    max_num=HOECHSTENS,
    absolute_max=HOECHSTENS,
    validate_max=True,
)


def meilensteine_als_vorgabe(meilensteine: Iterable[Meilenstein]) -> list[dict[str, Any]]:
    """Return the rows of the formset for the Meilensteine that there are; `verantwortlich` is loaded."""
    felder = ("id", "name", "geplant", "prognose", "erreicht", "freigabe_noetig")
    return [
        {feld: getattr(zeile, feld) for feld in felder}
        | {"verantwortlich": zeile.verantwortlich.ags if zeile.verantwortlich else ""}
        for zeile in meilensteine
    ]


class BerichtForm(forms.Form):
    """For which day the status report is made."""

    stichtag = Tagesfeld(
        label="Stichtag",
        help_text="Der Bericht zeigt, was an diesem Tag galt. Ein Tag in der Zukunft ist nicht möglich.",
    )
