"""Writes rows by their natural key: nothing where a row says the same already. Counts what it did.

Only the columns that differ are written: the portal may serve, and change others, meanwhile.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from ikz_portal.basis.models import Statuswechsel

M = TypeVar("M", bound=Model)


class Schreiber:
    def __init__(self) -> None:
        self.angelegt: Counter[type[Model]] = Counter()
        self.geaendert: Counter[type[Model]] = Counter()
        self._neue: set[tuple[type[Model], Any]] = set()

    def schreibe(
        self,
        modell: type[M],
        schluessel: dict[str, Any],
        werte: dict[str, Any] | None = None,
        *,
        einmalig: dict[str, Any] | None = None,
    ) -> M:
        """Return the row with this key. A new one gets all values; one that exists is brought to `werte` alone.

        What people change in the portal therefore stands in `einmalig`.
        """
        objekt = modell._default_manager.filter(**schluessel).first()
        if objekt is None:
            return self.lege_an(modell, **schluessel, **(werte or {}), **(einmalig or {}))
        if anders := setze(objekt, werte or {}):
            objekt.save(update_fields=[*anders, *_zeitstempel(modell)])
            self.geaendert[modell] += 1
        return objekt

    def lege_an(self, modell: type[M], **werte: Any) -> M:
        objekt = modell()
        setze(objekt, werte)
        objekt.save(force_insert=True)
        self.angelegt[modell] += 1
        self._neue.add((modell, objekt.pk))
        return objekt

    def halte_status_fest(
        self, objekt: Model, *, nach: str, am: date | str, grund: str = "", von: str = "", durch: Model | None = None
    ) -> None:
        """Write the dated row of this change of status, once; whatever people change later has rows of its own."""
        art = ContentType.objects.get_for_model(objekt)
        schluessel = {"content_type": art, "objekt_id": objekt.pk, "von": von, "nach": nach}
        if not Statuswechsel.objects.filter(**schluessel).exists():
            self.lege_an(Statuswechsel, **schluessel, gueltig_ab=am, grund=grund, durch=durch)

    def ist_neu(self, objekt: Model) -> bool:
        return (type(objekt), objekt.pk) in self._neue

    def verknuepfe(self, objekt: Model, name: str, ziele: Iterable[Model]) -> None:
        """Let the many-to-many field hold exactly these; they are part of the row and not counted."""
        verwalter = getattr(objekt, name)
        neu = {ziel.pk for ziel in ziele}
        if neu != set(verwalter.values_list("pk", flat=True)):
            verwalter.set(neu)

    def zusammenfassung(self) -> str:
        teile = [
            f"{sum(zaehler.values())} {wort} ({_aufzaehlung(zaehler)})"
            for wort, zaehler in (("angelegt", self.angelegt), ("geändert", self.geaendert))
            if zaehler
        ]
        return f"Grunddaten: {'; '.join(teile) or 'auf dem Stand, nichts geändert'}."


def setze(objekt: Model, werte: dict[str, Any]) -> list[str]:
    """Set the fields that differ, each in the form that its field stores; return their names."""
    felder = {feld.name: feld for feld in objekt._meta.concrete_fields}
    anders = []
    for name, wert in werte.items():
        feld = felder[name]
        neu = wert.pk if isinstance(wert, Model) else feld.to_python(wert)
        if getattr(objekt, feld.attname) != neu:
            setattr(objekt, feld.attname, neu)
            anders.append(name)
    return anders


def _zeitstempel(modell: type[Model]) -> list[str]:
    """Return the fields that take the time of every change, which is lost where they aren't saved along."""
    return [feld.name for feld in modell._meta.concrete_fields if getattr(feld, "auto_now", False)]


def _aufzaehlung(zaehler: Counter[type[Model]]) -> str:
    return ", ".join(
        f"{anzahl} {modell._meta.verbose_name if anzahl == 1 else modell._meta.verbose_name_plural}"
        for modell, anzahl in zaehler.items()
    )
