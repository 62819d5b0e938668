from django.apps import AppConfig

from ikz_portal.basis.formulare import texte_setzen


class BasisConfig(AppConfig):
    name = "ikz_portal.basis"
    label = "basis"

    def ready(self) -> None:
        texte_setzen()
