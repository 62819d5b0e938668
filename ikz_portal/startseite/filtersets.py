from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.text import capfirst
from django_filters import ChoiceFilter, DateFilter, FilterSet

from ikz_portal.basis.auswahl import AenderungArt
from ikz_portal.basis.models.aenderung import AenderungQuerySet
from ikz_portal.basis.verlauf import bezeichnung, protokollierte_modelle
from kommunen.models import Konto

OHNE_KONTO = "ohne"
JAHRE = (date(2000, 1, 1), date(2100, 12, 31))
DATUM = {"invalid": "Das ist kein Datum. Bitte geben Sie einen Tag an, zum Beispiel 19.05.2026."}


class Tagesfilter(DateFilter):
    def __init__(self, label: str, method: str) -> None:
        jahr = f"Bitte geben Sie einen Tag von {JAHRE[0].year} bis {JAHRE[1].year} an."
        super().__init__(
            label=label,
            method=method,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages=DATUM,
            validators=[MinValueValidator(JAHRE[0], jahr), MaxValueValidator(JAHRE[1], jahr)],
        )


class ProtokollFilter(FilterSet):
    """`zu` is the address of one object in the record, as the entries link it: „table:key“."""

    von = Tagesfilter("Von", "ab_tag")
    bis = Tagesfilter("Bis einschließlich", "bis_tag")
    konto = ChoiceFilter(
        label="Wer",
        method="durch",
        empty_label="alle",
        error_messages={"invalid_choice": "Dieses Konto gibt es nicht."},
    )
    art = ChoiceFilter(
        label="Was geschah",
        choices=AenderungArt.choices,
        empty_label="alles",
        error_messages={"invalid_choice": "Was geschah: Möglich sind „anlage“, „aenderung“ und „loeschung“."},
    )
    objektart = ChoiceFilter(
        label="Woran",
        method="der_art",
        empty_label="alles",
        error_messages={"invalid_choice": "Die Objektart „%(value)s“ gibt es nicht."},
    )
    zu = ChoiceFilter(
        label="Objekt",
        method="am_objekt",
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "Dieses Objekt steht nicht im Protokoll."},
    )

    def __init__(self, data: Any = None, *args: Any, konten: Iterable[Konto], **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.tabellen = {m._meta.model_name or "": m._meta for m in protokollierte_modelle()}
        felder: dict[str, Any] = self.form.fields
        felder["konto"].choices = [(OHNE_KONTO, "niemand (Portal selbst, ohne Anmeldung)")] + [
            (str(konto.pk), str(konto)) for konto in konten
        ]
        arten = [(name, str(capfirst(meta.verbose_name))) for name, meta in self.tabellen.items()]
        felder["objektart"].choices = sorted(arten, key=lambda art: art[1])
        felder["zu"].choices = self._objekt((data or {}).get("zu", ""))

    def _objekt(self, zu: str) -> list[tuple[str, str]]:
        """Offer the one that is asked for, in words, if there can be such a one."""
        tabelle, _, schluessel = zu.partition(":")
        bekannt = tabelle in {meta.db_table for meta in self.tabellen.values()}
        lesbar = schluessel.isascii() and schluessel.replace("-", "").isalnum() and len(schluessel) <= 40
        return [(zu, bezeichnung(tabelle, schluessel))] if bekannt and lesbar else []

    def ab_tag(self, aenderungen: AenderungQuerySet, name: str, tag: date) -> AenderungQuerySet:
        return aenderungen.filter(am__gte=_mitternacht(tag))

    def bis_tag(self, aenderungen: AenderungQuerySet, name: str, tag: date) -> AenderungQuerySet:
        return aenderungen.filter(am__lt=_mitternacht(tag + timedelta(days=1)))

    def durch(self, aenderungen: AenderungQuerySet, name: str, wert: str) -> AenderungQuerySet:
        return aenderungen.filter(konto=None) if wert == OHNE_KONTO else aenderungen.filter(konto=int(wert))

    def der_art(self, aenderungen: AenderungQuerySet, name: str, wert: str) -> AenderungQuerySet:
        return aenderungen.filter(tabelle=self.tabellen[wert].db_table)

    def am_objekt(self, aenderungen: AenderungQuerySet, name: str, wert: str) -> AenderungQuerySet:
        tabelle, _, schluessel = wert.partition(":")
        return aenderungen.filter(wurzel_tabelle=tabelle, wurzel=schluessel)


def _mitternacht(tag: date) -> datetime:
    return timezone.make_aware(datetime.combine(tag, time.min))
