from django_filters import ChoiceFilter, FilterSet

from bestandsaufnahme.auswahl import ErhebungStatus, FragebogenStatus

UNBEKANNTER_STATUS = {"invalid_choice": "Den Status „%(value)s“ gibt es nicht."}


class ErhebungFilter(FilterSet):
    status = ChoiceFilter(
        label="Status", choices=ErhebungStatus.choices, empty_label="alle", error_messages=UNBEKANNTER_STATUS
    )


class RuecklaufFilter(FilterSet):
    """The Kommunen of a round by the state of their Fragebogen."""

    status = ChoiceFilter(
        label="Stand", choices=FragebogenStatus.choices, empty_label="alle", error_messages=UNBEKANNTER_STATUS
    )
