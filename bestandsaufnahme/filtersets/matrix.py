from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.db.models import Exists, OuterRef
from django_filters import CharFilter, ChoiceFilter, DateFilter

from bestandsaufnahme.abfragen.matrix.stand import beschrieben_am, nennt
from bestandsaufnahme.auswahl import BeteiligungRolle, BeteiligungStatus, Rechtsform
from bestandsaufnahme.filtersets.gemeinsam import (
    LAENGSTE_SUCHE,
    UNBEKANNTE_KOMMUNE,
    UNBEKANNTE_RECHTSFORM,
    UNBEKANNTER_STATUS,
    UNBEKANNTES_FELD,
    FeldUndKommune,
)
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet

TABELLE, KOMMUNEN, WAERME, NETZ = "tabelle", "kommunen", "waerme", "netz"
ANSICHTEN = ((TABELLE, "Tabelle"), (KOMMUNEN, "Liste je Kommune"), (WAERME, "Anzahl je Feld"), (NETZ, "Netz"))
IRGENDEINE = "ja"
# What doesn't ask for certain marks: the day, the rows, and how they are shown.
RAHMEN = {"ansicht", "stichtag", "aufgabenfeld"}


class MatrixFilter(FeldUndKommune):
    """The marks of one day: that of `stichtag`, by default the one handed in.

    What is asked of a Kooperation (Rechtsform, external partners, free text) is asked of the words that described it on
    that very day, as the page shows them; `geheime` are the rounds whose words this person may not know. A Federführung
    is that of the day, and of those Beteiligungen that this person sees.
    """

    ansicht = ChoiceFilter(
        label="Ansicht",
        choices=ANSICHTEN,
        method="unveraendert",
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "Die Ansicht „%(value)s“ gibt es nicht."},
    )
    stichtag = DateFilter(
        label="Stichtag",
        method="am",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": "Der Stichtag ist kein Datum. Bitte geben Sie einen Tag an, zum Beispiel 30.06.2013."
        },
    )
    q = CharFilter(
        label="Suchwort",
        method="mit_worten",
        max_length=LAENGSTE_SUCHE,
    )
    aufgabenfeld = ChoiceFilter(
        label="Aufgabenfeld",
        field_name="kooperation__kooperationsfeld__aufgabenfeld__slug",
        empty_label="alle",
        error_messages=UNBEKANNTES_FELD,
    )
    kommune = ChoiceFilter(
        label="Kommune", field_name="kommune__ags", empty_label="alle", error_messages=UNBEKANNTE_KOMMUNE
    )
    status = ChoiceFilter(
        label="Status",
        choices=BeteiligungStatus.choices,
        empty_label="alle",
        error_messages=UNBEKANNTER_STATUS,
    )
    rechtsform = ChoiceFilter(
        label="Rechtsform",
        choices=Rechtsform.choices,
        method="in_rechtsform",
        empty_label="alle",
        error_messages=UNBEKANNTE_RECHTSFORM,
    )
    federfuehrung = ChoiceFilter(
        label="Federführung",
        method="unter_fuehrung",
        empty_label="mit und ohne",
        error_messages={
            "invalid_choice": "Federführung: Möglich sind „ja“ und der AGS einer Kommune, nicht „%(value)s“."
        },
    )
    extern = ChoiceFilter(
        label="Externe Partner",
        choices=[("ja", "nur mit externen Partnern")],
        method="mit_partnern",
        empty_label="mit und ohne",
        error_messages={"invalid_choice": "Externe Partner: Möglich ist „ja“."},
    )

    def __init__(
        self, data: Any = None, *args: Any, standard: date, heute: date, geheime: Collection[int], **kwargs: Any
    ) -> None:
        data = data.copy()
        if not data.get("stichtag"):
            data["stichtag"] = standard.isoformat()
        super().__init__(data, *args, **kwargs)
        self.geheime = geheime
        zukunft = MaxValueValidator(heute, "Der Stichtag liegt in der Zukunft. Bitte wählen Sie heute oder früher.")
        self.form.fields["stichtag"].validators.append(zukunft)
        kommunen = [(kommune.ags, kommune.name) for kommune in self.kommunen]
        self.form.fields["federfuehrung"].choices = [(IRGENDEINE, "irgendeine Kommune federführend"), *kommunen]

    @property
    def tag(self) -> date:
        return self.form.cleaned_data["stichtag"]

    @property
    def gewaehlte_ansicht(self) -> str:
        return self.gewaehlt("ansicht") or TABELLE

    @property
    def schraenkt_ein(self) -> bool:
        """Tell whether certain marks are asked for, so that rows without any are left out."""
        return any(wert for name, wert in self.form.cleaned_data.items() if name not in RAHMEN)

    def ohne(self, *namen: str) -> BeteiligungQuerySet:
        """Return what is filtered but for these filters, of a valid filter set."""
        zeilen = self.queryset
        for name, wert in self.form.cleaned_data.items():
            if name not in namen:
                zeilen = self.filters[name].filter(zeilen, wert)
        return zeilen

    def unveraendert(self, beteiligungen: BeteiligungQuerySet, name: str, wert: str) -> BeteiligungQuerySet:
        return beteiligungen

    def am(self, beteiligungen: BeteiligungQuerySet, name: str, wert: date) -> BeteiligungQuerySet:
        return beteiligungen.am(wert)

    def mit_worten(self, beteiligungen: BeteiligungQuerySet, name: str, wert: str) -> BeteiligungQuerySet:
        return beteiligungen.filter(kooperation__in=self._beschriebene().filter(nennt(wert)).values("pk"))

    def in_rechtsform(self, beteiligungen: BeteiligungQuerySet, name: str, wert: str) -> BeteiligungQuerySet:
        return beteiligungen.filter(kooperation__in=self._beschriebene().filter(damalige_rechtsform=wert).values("pk"))

    def mit_partnern(self, beteiligungen: BeteiligungQuerySet, name: str, wert: str) -> BeteiligungQuerySet:
        return beteiligungen.filter(
            kooperation__in=self._beschriebene().filter(damalige_partner__len__gt=0).values("pk")
        )

    def unter_fuehrung(self, beteiligungen: BeteiligungQuerySet, name: str, wert: str) -> BeteiligungQuerySet:
        fuehrende = self.queryset.am(self.tag).filter(
            rolle=BeteiligungRolle.FEDERFUEHREND, kooperation=OuterRef("kooperation")
        )
        if wert != IRGENDEINE:
            fuehrende = fuehrende.filter(kommune__ags=wert)
        return beteiligungen.filter(Exists(fuehrende))

    def _beschriebene(self) -> Any:
        return beschrieben_am(self.tag, geheime=self.geheime)
