from django.apps import AppConfig


class BestandsaufnahmeConfig(AppConfig):
    name = "bestandsaufnahme"
    verbose_name = "Bestandsaufnahme"
