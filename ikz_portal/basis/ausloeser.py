"""Database triggers that models declare: what never changes, and the version that rises with every change."""

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


def zaehlt_version(*berechnete: str) -> pgtrigger.Trigger:
    """Raise `version` with every UPDATE, so that a form that read an older one is noticed; name generated columns."""
    return pgtrigger.Trigger(
        name="zaehlt_version",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(exclude=["version", *berechnete]),
        func="NEW.version = OLD.version + 1; RETURN NEW;",
    )


class Din5007(models.Func):
    """German sort key of a text (DIN 5007-1: ä like a, ß like ss), whatever collation the server offers."""

    function = "din5007"
    arity = 1
    output_field = models.TextField()
