"""Choices out of what somebody may see: a field of municipal work, a person of a Kommune."""

from collections.abc import Iterable
from typing import Any

from django import forms

from bestandsaufnahme.models import Aufgabenfeld, Kooperationsfeld
from kommunen.models import Konto

Feld = Aufgabenfeld | Kooperationsfeld
OHNE_FELD = "ohne"


def wert_des_feldes(feld: Feld | None) -> str:
    """Return how the choice calls it."""
    return f"{feld._meta.model_name}-{feld.pk}" if feld else OHNE_FELD


class FeldSelect(forms.Select):
    """A complete list, which a script makes searchable; each option tells its page and its other names."""

    felder: dict[str, Feld] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        feld = self.felder.get(str(value))
        if feld is not None:
            option["attrs"]["data-url"] = feld.get_absolute_url()
        if isinstance(feld, Aufgabenfeld) and feld.aliase:
            option["attrs"]["data-auch"] = "|".join(feld.aliase)
        return option


class FeldWahl(forms.ChoiceField):
    """Its value is an Aufgabenfeld, a Kooperationsfeld, or None: the exchange without a certain field."""

    widget = FeldSelect(attrs={"data-suchauswahl": "Tippen Sie zum Suchen"})
    default_error_messages = {
        "required": "Bitte wählen Sie ein Aufgabenfeld oder ein Kooperationsfeld.",
        "invalid_choice": "Dieses Feld gibt es nicht. Bitte wählen Sie eines aus der Liste.",
    }

    def anbieten(self, felder: Iterable[Aufgabenfeld]) -> None:
        """Offer these Aufgabenfelder, each with its Kooperationsfelder."""
        self.felder: dict[str, Feld] = {}
        gruppen = [(feld.name, self._gruppe(feld)) for feld in felder]
        ohne = (OHNE_FELD, "ohne bestimmtes Feld (nur Info-Austausch)")
        self.choices = [("", "Bitte wählen"), ohne, *gruppen]
        self.widget.felder = self.felder

    def _gruppe(self, feld: Aufgabenfeld) -> list[tuple[str, str]]:
        teile = list(feld.kooperationsfelder.all())
        alle: list[Feld] = [feld, *teile]
        self.felder |= {wert_des_feldes(eines): eines for eines in alle}
        ganzes = (wert_des_feldes(feld), f"{feld.name} (ganzes Aufgabenfeld)")
        return [ganzes, *((wert_des_feldes(teil), teil.name) for teil in teile)]

    def clean(self, value: Any) -> Feld | None:
        return self.felder.get(super().clean(value))


class KontaktWahl(forms.ChoiceField):
    """Its value is a Konto or None; those of several Kommunen stand in groups."""

    default_error_messages = {"invalid_choice": "Diese Person können Sie nicht nennen. Bitte wählen Sie eine andere."}

    def anbieten(self, konten: Iterable[Konto]) -> None:
        """Take the persons with their Kommune."""
        self.konten = {str(konto.pk): konto for konto in konten}
        gruppen: dict[str, list[tuple[str, str]]] = {}
        for pk, konto in self.konten.items():
            name = f"{konto.name}, {konto.funktion}" if konto.funktion else konto.name
            gruppen.setdefault(str(konto.kommune), []).append((pk, name))
        keine = ("", "keine bestimmte Person")
        personen = next(iter(gruppen.values()), [])
        self.choices = [keine, *(gruppen.items() if len(gruppen) > 1 else personen)]

    def clean(self, value: Any) -> Konto | None:
        return self.konten.get(super().clean(value))
