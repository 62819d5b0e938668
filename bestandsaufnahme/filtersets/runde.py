from django_filters import ChoiceFilter, FilterSet

from bestandsaufnahme.auswahl import RundeStatus
from bestandsaufnahme.filtersets.erhebung import UNBEKANNTER_STATUS


class RundeFilter(FilterSet):
    status = ChoiceFilter(
        label="Status", choices=RundeStatus.choices, empty_label="alle", error_messages=UNBEKANNTER_STATUS
    )
