"""Who stands behind a change: said once per request, job or command, and put on record by the tables' triggers.

And the one exception to „the record never changes“: what the periods say about a person.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Func, JSONField, Q, QuerySet
from django.db.models.lookups import Exact
from pghistory.runtime import context

from ikz_portal.basis.models import Aenderung

# Stands in the record where a person's name or address stood.
GELOESCHT = "[gelöscht]"


def umstaende(*, quelle: str, konto: int | None = None) -> context:
    """While this context is open, the record names this Konto (by key) and source for all that is written.

    Only the library's context is used: it hands both to PostgreSQL with each statement, so that nothing sticks to a
    pooled connection. Its tables of events, one per model, could not be paged through together (decision 0010).
    """
    return context(quelle=quelle[:200], konto=konto)


def mit_quelle(quelle: str) -> None:
    """Name another source for what follows in this context; without one it does nothing."""
    context(quelle=quelle[:200])


def in_vertretung(fuer: int) -> None:
    """Say that what follows in this context is done in the place of that Konto."""
    context(fuer=fuer)


def nach_frist_aendern(eintraege: QuerySet[Any], **werte: Any) -> int:
    """Change entries of the record whose period is over, and return how many: for `fristen_anwenden` alone.

    The database allows it within this call only. With two roles the portal's own has no right to it: ask
    `darf_nach_frist_aendern` first, or get a ProgrammingError. Of a Statuswechsel, which never changes either, it
    allows to forget who it was; to that both roles have the right.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ikz.fristen = 'ja'")
        anzahl = eintraege.update(**werte)
        cursor.execute("SET LOCAL ikz.fristen = ''")
    return anzahl


def darf_nach_frist_aendern() -> bool:
    """Tell whether the role of this connection may change the record at all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'UPDATE')", [Aenderung._meta.db_table])
        return bool(cursor.fetchone()[0])


def geschwaerzt(spalte: str, schluessel: Sequence[str], *, wort: str | None = GELOESCHT) -> Func | F:
    """Return the JSON of this column with this word (None: with nothing) at these keys, where it has them."""
    ausdruck: Func | F = F(spalte)
    for name in schluessel:
        ausdruck = _ersetzt(ausdruck, name, json.dumps(wort, ensure_ascii=False))
    return ausdruck


def ungeschwaerzte(schluessel: Sequence[str], *, wort: str | None = GELOESCHT) -> Q:
    """Match entries that still tell a value of one of these keys."""
    return Q(~Exact(F("stand"), geschwaerzt("stand", schluessel, wort=wort))) | Q(
        ~Exact(F("vorher"), geschwaerzt("vorher", schluessel, wort=wort))
    )


def _ersetzt(ausdruck: Func | F, schluessel: str, wert: str) -> Func:
    return Func(
        ausdruck,
        function="jsonb_set",
        template=f"%(function)s(%(expressions)s, '{{{schluessel}}}', '{wert}', false)",
        output_field=JSONField(),
    )
