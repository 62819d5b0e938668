"""No relation to a Konto is forgotten in what a person is told about the own data."""

from django.apps import apps

from ikz_portal.startseite.views.eigene_daten import TEILE
from kommunen.models import Konto


def beziehungen() -> set[str]:
    return {
        f"{modell._meta.label}.{feld.name}"
        for modell in apps.get_models(include_auto_created=True)
        for feld in [*modell._meta.fields, *modell._meta.many_to_many]
        if feld.related_model is Konto and not modell._meta.proxy
    }


def erzaehlte() -> set[str]:
    return {f"{teil.modell._meta.label}.{feld}" for teil in TEILE for feld in teil.felder}


def test_every_relation_to_a_konto_is_told_and_none_that_there_is_not() -> None:
    gefunden = beziehungen()
    assert {"kommunen.Sitz.konto", "mfa.Authenticator.user", "basis.Aenderung.fuer"} <= gefunden
    assert erzaehlte() == gefunden


def test_every_part_has_a_key_of_its_own_a_purpose_and_a_period() -> None:
    schluessel = [teil.schluessel for teil in TEILE]
    assert len(schluessel) == len(set(schluessel))
    assert [teil.schluessel for teil in TEILE if not (teil.zweck and teil.frist())] == []
