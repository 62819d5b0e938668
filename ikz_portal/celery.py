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
@beat_init.connect
def betrieb_pruefen(**_: Any) -> None:
    """Refuse to start where the web process would (checks.py)."""
    fehler = [
        eintrag for eintrag in run_checks(tags=["betrieb"], include_deployment_checks=True) if eintrag.is_serious()
    ]
    if fehler:
        sys.exit("\n".join(f"Fehler: {eintrag.msg}" for eintrag in fehler))
