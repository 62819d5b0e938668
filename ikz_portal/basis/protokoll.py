"""Who stands behind a change: said once per request, job or command, and put on record by the tables' triggers."""

from pghistory.runtime import context


def umstaende(*, quelle: str, konto: int | None = None) -> context:
    """While this context is open, the record names this Konto (by key) and source for all that is written.

    Only the library's context is used: it hands both to PostgreSQL with each statement, so that nothing sticks to a
    pooled connection. Its tables of events, one per model, could not be paged through together (decision 0010).
    """
    return context(quelle=quelle[:200], konto=konto)


def in_vertretung(fuer: int) -> None:
    """Say that what follows in this context is done in the place of that Konto."""
    context(fuer=fuer)
