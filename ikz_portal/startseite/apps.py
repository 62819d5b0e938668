from django.apps import AppConfig


class StartseiteConfig(AppConfig):
    name = "ikz_portal.startseite"
    label = "startseite"
