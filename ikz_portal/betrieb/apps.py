from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import import_string

from ikz_portal import checks


class BetriebConfig(AppConfig):
    name = "ikz_portal.betrieb"
    label = "betrieb"

    def ready(self) -> None:
        checks.registrieren()
        if settings.SENTRY_DSN:  # imported only then: it takes a good tenth of a second of every start
            import_string("ikz_portal.betrieb.fehlermeldung.einrichten")(settings.SENTRY_DSN)
