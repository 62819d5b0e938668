"""A Kommune joins, its part changes, it leaves; or what was typed of it is put right."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.boundfield import BoundField

from bestandsaufnahme.abfragen.kooperation.beteiligung import fassung
from bestandsaufnahme.ablaeufe.kooperation import Teilnehmende
from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, Herkunft
from bestandsaufnahme.forms.fragen import Tagesfeld
from bestandsaufnahme.models import Beteiligung, Erhebung
from ikz_portal.basis.zeit import tag_davor
from kommunen.models import Kommune


class MitAngaben(forms.Form):
    """What is said of a part: status, role, and how it is known."""

    status = forms.ChoiceField(label="Status", choices=BeteiligungStatus.choices, initial=BeteiligungStatus.BESTEHT)
    vorgesehen_bis = Tagesfeld(
        label="Vorgesehen bis", required=False, help_text="Nur beim Status „vorgesehen“: bis wann es so weit sein soll."
    )
    rolle = forms.ChoiceField(label="Rolle", choices=BeteiligungRolle.choices, initial=BeteiligungRolle.BETEILIGT)
    herkunft = forms.ChoiceField(label="Bekannt durch", choices=Herkunft.choices, initial=Herkunft.BESCHLUSS)
    erhebung = forms.ModelChoiceField(
        label="Erhebung",
        queryset=Erhebung.objects.none(),
        required=False,
        empty_label="keine",
        widget=forms.Select(attrs={"data-je-nach": "herkunft"}),
        help_text="Nötig, wenn die Angabe aus einer Erhebung stammt. Öffentlich ist sie dann erst mit dieser Erhebung.",
    )

    def __init__(self, *args: Any, erhebungen: QuerySet[Erhebung], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["erhebung"].queryset = erhebungen  # type: ignore[attr-defined]  # as declared above

    def clean(self) -> dict[str, Any]:
        werte = super().clean() or self.cleaned_data
        if werte.get("vorgesehen_bis") and werte.get("status") not in {None, BeteiligungStatus.VORGESEHEN}:
            self.add_error("vorgesehen_bis", "Diesen Tag hat nur, was vorgesehen ist. Bitte leeren Sie ihn.")
        if werte.get("herkunft") == Herkunft.ERHEBUNG and not werte.get("erhebung") and "erhebung" not in self.errors:
            self.add_error("erhebung", "Bitte wählen Sie die Erhebung, aus der die Angabe stammt.")
        return werte


class Gelesenes(forms.Form):
    """Carries the edition of the row that was read, so that nobody overwrites what somebody else changed since."""

    gelesen = forms.CharField(widget=forms.HiddenInput, max_length=300)

    def __init__(self, *args: Any, beteiligung: Beteiligung, **kwargs: Any) -> None:
        kwargs["initial"] = {**kwargs.get("initial", {}), "gelesen": fassung(beteiligung)}
        super().__init__(*args, **kwargs)


def _bisherige(beteiligung: Beteiligung) -> dict[str, Any]:
    felder = ("status", "rolle", "vorgesehen_bis", "herkunft", "erhebung")
    return {feld: getattr(beteiligung, feld) for feld in felder}


class BeitrittForm(MitAngaben):
    kommune = forms.ModelChoiceField(
        label="Kommune",
        queryset=Kommune.objects.none(),
        to_field_name="ags",
        empty_label="Bitte wählen",
        error_messages={"required": "Bitte wählen Sie eine Kommune."},
    )
    ab = Tagesfeld(
        label="Beteiligt ab",
        help_text="Der erste Tag, für den die Beteiligung belegt ist.",
        error_messages={"required": "Bitte nennen Sie den ersten Tag."},
    )

    field_order = ["kommune", "ab", "status", "vorgesehen_bis", "rolle", "herkunft", "erhebung"]

    def __init__(self, *args: Any, kommunen: QuerySet[Kommune], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kommune"].queryset = kommunen  # type: ignore[attr-defined]  # as declared above


class AenderungForm(Gelesenes, MitAngaben):
    ab = Tagesfeld(
        label="Gilt ab",
        help_text="Der erste Tag mit dem neuen Stand. Bis zum Tag davor bleibt es, wie es war.",
        error_messages={"required": "Bitte nennen Sie den Tag, ab dem es anders ist."},
    )

    field_order = ["ab", "status", "vorgesehen_bis", "rolle", "herkunft", "erhebung", "gelesen"]

    def __init__(self, *args: Any, beteiligung: Beteiligung, **kwargs: Any) -> None:
        kwargs["initial"] = _bisherige(beteiligung)
        super().__init__(*args, beteiligung=beteiligung, **kwargs)


class AustrittForm(Gelesenes):
    letzter_tag = Tagesfeld(
        label="Letzter Tag",
        help_text="An diesem Tag ist die Kommune noch beteiligt, am nächsten nicht mehr.",
        error_messages={"required": "Bitte nennen Sie den letzten Tag."},
    )

    field_order = ["letzter_tag", "gelesen"]


class BerichtigungForm(Gelesenes, MitAngaben):
    gilt_ab = Tagesfeld(label="Belegt ab", error_messages={"required": "Bitte nennen Sie den ersten Tag."})
    letzter_tag = Tagesfeld(label="Letzter Tag", required=False, help_text="Leer: Die Beteiligung läuft noch.")

    field_order = ["gilt_ab", "letzter_tag", "status", "vorgesehen_bis", "rolle", "herkunft", "erhebung", "gelesen"]

    def __init__(self, *args: Any, beteiligung: Beteiligung, **kwargs: Any) -> None:
        ende = tag_davor(beteiligung.gilt_bis) if beteiligung.gilt_bis else None
        kwargs["initial"] = {**_bisherige(beteiligung), "gilt_ab": beteiligung.gilt_ab, "letzter_tag": ende}
        super().__init__(*args, beteiligung=beteiligung, **kwargs)


class EntfernenForm(Gelesenes):
    grund = forms.CharField(
        label="Grund",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Zum Beispiel: Beim Abschreiben in die falsche Spalte geraten. Der Grund bleibt stehen.",
        error_messages={"required": "Bitte nennen Sie den Grund: Er bleibt im Verlauf stehen."},
    )

    field_order = ["grund", "gelesen"]


class TeilnehmendeForm(MitAngaben):
    """Who takes part in a new Kooperation: a role per Kommune, all known in the same way from the same day on."""

    ab = Tagesfeld(
        label="Belegt ab", required=False, help_text="Der erste Tag, für den das gilt. Nötig, sobald jemand mitmacht."
    )

    field_order = ["ab", "status", "vorgesehen_bis", "herkunft", "erhebung"]

    def __init__(self, *args: Any, kommunen: Iterable[Kommune], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["rolle"]
        self.kommunen = {f"kommune_{kommune.ags}": kommune for kommune in kommunen}
        for name, kommune in self.kommunen.items():
            auswahl = [("", "nicht beteiligt"), *BeteiligungRolle.choices]
            self.fields[name] = forms.ChoiceField(label=kommune.name, choices=auswahl, required=False)

    @property
    def gemeinsame(self) -> list[BoundField]:
        return [feld for feld in self if feld.name not in self.kommunen]

    @property
    def je_kommune(self) -> list[BoundField]:
        return [self[name] for name in self.kommunen]

    def clean(self) -> dict[str, Any]:
        werte = super().clean()
        werte["rollen"] = {kommune: werte[name] for name, kommune in self.kommunen.items() if werte.get(name)}
        if werte["rollen"] and not werte.get("ab") and "ab" not in self.errors:
            self.add_error("ab", "Bitte nennen Sie den ersten Tag, für den die Beteiligungen belegt sind.")
        return werte

    def teilnehmende(self) -> Teilnehmende | None:
        if not self.cleaned_data["rollen"]:
            return None
        return Teilnehmende(**{feld.name: self.cleaned_data[feld.name] for feld in fields(Teilnehmende)})
