from django.apps import AppConfig


class WissenConfig(AppConfig):
    name = "wissen"
    verbose_name = "Wissen"
