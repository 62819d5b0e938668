#!/usr/bin/env python3
"""Runs every command of the portal; provides the embedded servers where none are configured."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db.utils import OperationalError

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
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
