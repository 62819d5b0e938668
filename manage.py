#!/usr/bin/env python3
"""Runs every command of the portal; provides the embedded servers where none are configured."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db.utils import DatabaseError, OperationalError
from psycopg.errors import InsufficientPrivilege, UndefinedColumn, UndefinedFunction, UndefinedTable

from ikz_portal import dienste


def main() -> None:
    """Run the command; what a user can act on becomes one German line on stderr, never a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikz_portal.settings")
    try:
        with dienste.bereit(sys.argv):
            execute_from_command_line(sys.argv)
    except (dienste.DiensteFehler, ImproperlyConfigured) as fehler:
        sys.exit(f"Fehler: {fehler}")
    except OperationalError as fehler:
        sys.exit(f"Fehler: Die Datenbank ist nicht erreichbar oder bricht ab ({' '.join(str(fehler).split())}).")
    except DatabaseError as fehler:
        sys.exit(f"Fehler: {_satz(fehler)}")
    except KeyboardInterrupt:
        sys.exit(130)


def _satz(fehler: DatabaseError) -> str:
    """Return what to do where the database isn't as this version expects it; any other error is one of the portal."""
    ursache: BaseException = fehler
    while innere := ursache.__cause__ or ursache.__context__:
        ursache = innere
    if isinstance(ursache, UndefinedTable) and "cache" in str(ursache):
        return "Die Tabelle für Zwischenwerte fehlt: python manage.py createcachetable"
    if isinstance(ursache, UndefinedTable | UndefinedColumn | UndefinedFunction):
        return "Die Datenbank ist nicht eingerichtet oder nicht auf dem Stand: python manage.py migrate"
    if isinstance(ursache, InsufficientPrivilege):
        return f"Der Datenbankrolle fehlt ein Recht ({' '.join(str(ursache).split())}): docs/betrieb.md."
    raise fehler


if __name__ == "__main__":
    main()
