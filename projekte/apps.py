from django.apps import AppConfig


class ProjekteConfig(AppConfig):
    name = "projekte"
    verbose_name = "Projekte"
