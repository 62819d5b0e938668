from django.apps import AppConfig


class BasisConfig(AppConfig):
    name = "ikz_portal.basis"
    label = "basis"
