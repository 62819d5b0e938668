from typing import Any

from django_filters import ChoiceFilter

from bestandsaufnahme.abfragen.konstellation.modell import Feld, Konstellation
from bestandsaufnahme.filtersets.gemeinsam import UNBEKANNTE_KOMMUNE, UNBEKANNTES_FELD, FeldUndKommune


class KonstellationFilter(FeldUndKommune):
    """What is asked for among the proposals, which are no rows: `passt` and `passt_feld` filter them."""

    aufgabenfeld = ChoiceFilter(label="Aufgabenfeld", empty_label="alle", error_messages=UNBEKANNTES_FELD)
    kommune = ChoiceFilter(label="Kommune", empty_label="alle", error_messages=UNBEKANNTE_KOMMUNE)
    mindestens = ChoiceFilter(
        label="Kommunen, mindestens",
        empty_label=None,
        error_messages={"invalid_choice": "So viele Kommunen lassen sich nicht verlangen: %(value)s."},
    )

    def __init__(self, *args: Any, mindestens: int, hoechstens: int, **kwargs: Any) -> None:
        """`mindestens` is the least that may be asked for, `hoechstens` how many Kommunen there are."""
        super().__init__(*args, **kwargs)
        felder = self.form.fields
        zahlen = range(mindestens, max(mindestens, hoechstens) + 1)
        felder["mindestens"].choices = [("", f"{mindestens} (Vorgabe)"), *((str(n), str(n)) for n in zahlen[1:])]
        if len(self.kommunen) < 2:
            del felder["kommune"]

    def passt_feld(self, feld: Feld) -> bool:
        return self.gewaehlt("aufgabenfeld") in {"", feld.slug}

    def passt(self, vorschlag: Konstellation) -> bool:
        ags = self.gewaehlt("kommune")
        kommune = next((kommune.pk for kommune in self.kommunen if kommune.ags == ags), None)
        return self.passt_feld(vorschlag.aufgabenfeld) and (kommune is None or kommune in vorschlag.mitglieder)
