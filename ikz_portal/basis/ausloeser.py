"""Database triggers that models declare: what never changes, what counts its version, what is put on record."""

from collections.abc import Sequence
from typing import Any

import pgtrigger
from django.db import models


def unveraenderlich(
    name: str,
    *,
    satz: str,
    wenn: pgtrigger.Q | None = None,
    was: pgtrigger.Operation = pgtrigger.Update | pgtrigger.Delete,
) -> pgtrigger.Trigger:
    """Refuse UPDATE and DELETE of rows in this state, by raw SQL too; the sentence is that of the IntegrityError."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=was,
        condition=wenn,
        func=f"RAISE EXCEPTION '{satz}' USING ERRCODE = 'restrict_violation';",
    )


def zaehlt_version(*ohne: str) -> pgtrigger.Trigger:
    """Raise `version` with every UPDATE, so that a form that read an older one is noticed.

    Name generated columns, and those that no form edits.
    """
    return pgtrigger.Trigger(
        name="zaehlt_version",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(exclude=["version", *ohne]),
        func="NEW.version = OLD.version + 1; RETURN NEW;",
    )


class protokolliert(pgtrigger.Trigger):
    """Put every INSERT, UPDATE and DELETE on record (`basis.models.Aenderung`), whatever code or SQL does it.

    `wurzel` names the foreign key to the object whose part this row is. Columns in `ohne` stay out of the record, as do
    computed ones. Where rows are `vertraulich`, entries about others name them by their number alone. `vergisst` says
    that who stands behind an entry is forgotten sooner than in the rest of the record.
    """

    name = "protokoll"
    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete

    def __init__(
        self, *, wurzel: str = "", ohne: Sequence[str] = (), vertraulich: bool = False, vergisst: bool = False
    ) -> None:
        super().__init__()
        self.wurzel = wurzel
        self.ohne = tuple(ohne)
        self.vertraulich = vertraulich
        self.vergisst = vergisst

    def get_func(self, model: type[models.Model]) -> str:
        felder = model._meta.concrete_fields
        berechnet = [f.column for f in felder if f.generated or getattr(f, "auto_now", False)]
        ohne = ", ".join(f"'{spalte}'" for spalte in [*self.ohne, *berechnet])
        schluessel: Any = model._meta.pk
        feld: Any = model._meta.get_field(self.wurzel) if self.wurzel else schluessel
        ganzes = feld.related_model if self.wurzel else model
        return f"""
            PERFORM ikz_protokoll(to_jsonb(OLD), to_jsonb(NEW), ARRAY[{ohne}]::text[], TG_TABLE_NAME,
                '{schluessel.column}', '{ganzes._meta.db_table}', '{feld.column}');
            RETURN NULL;
        """


class Din5007(models.Func):
    """German sort key of a text (DIN 5007-1: ä like a, ß like ss), whatever collation the server offers."""

    function = "din5007"
    arity = 1
    output_field = models.TextField()
