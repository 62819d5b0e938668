"""Celery's application. Jobs are rows (basis.models.Lauf); what Celery carries is only the ring of the doorbell."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikz_portal.settings")

app = Celery("ikz_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
