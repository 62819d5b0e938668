#!/usr/bin/env python3
"""Runs every command of the portal; provides the embedded servers where none are configured."""

import os
import sys

from django.core.management import execute_from_command_line

from ikz_portal import dienste

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikz_portal.settings")
    with dienste.bereit(sys.argv):
        execute_from_command_line(sys.argv)
