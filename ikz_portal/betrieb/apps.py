from django.apps import AppConfig

from ikz_portal import checks


class BetriebConfig(AppConfig):
    name = "ikz_portal.betrieb"
    label = "betrieb"

    def ready(self) -> None:
        checks.registrieren()
