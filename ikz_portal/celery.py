"""Celery's application. Jobs are rows (basis.models.Lauf); what Celery carries is only the ring of the doorbell."""

import os
import sys
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init
from django.core.checks import run_checks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikz_portal.settings")

app = Celery("ikz_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def worker_pruefen(**_: Any) -> None:
    """As below; and without Pango there is nothing that a worker could do."""
    _pruefen("betrieb", "pango")


@beat_init.connect
def beat_pruefen(**_: Any) -> None:
    """Refuse to start where the web process would (checks.py)."""
    _pruefen("betrieb")


def _pruefen(*etiketten: str) -> None:
    fehler = run_checks(tags=etiketten, include_deployment_checks=True)
    if fehler:
        sys.exit("\n".join(f"Fehler: {eintrag.msg}" for eintrag in fehler))
