from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django_filters import CharFilter, ChoiceFilter, FilterSet

from bestandsaufnahme.abfragen.kooperation.partner import nennende
from bestandsaufnahme.abfragen.matrix.stand import beschrieben_am, nennt
from bestandsaufnahme.auswahl import BeteiligungStatus, KooperationZustand, Rechtsform
from bestandsaufnahme.filtersets.gemeinsam import (
    LAENGSTE_SUCHE,
    UNBEKANNTE_KOMMUNE,
    UNBEKANNTE_RECHTSFORM,
    UNBEKANNTER_STATUS,
    UNBEKANNTES_FELD,
    FeldUndKommune,
)
from bestandsaufnahme.models import ExternerPartner, Kooperation
from bestandsaufnahme.models.kooperation import BeteiligungQuerySet


class KooperationFilter(FeldUndKommune):
    """Takes Kooperationen with their `zustand` (`mit_zustand`); asks of the words that describe them today.

    `beteiligungen` are those that this person sees, `geheime` the rounds that it may not know: by them nothing is found
    either.
    """

    q = CharFilter(label="Suchwort", method="mit_worten", max_length=LAENGSTE_SUCHE)
    aufgabenfeld = ChoiceFilter(
        label="Aufgabenfeld",
        field_name="kooperationsfeld__aufgabenfeld__slug",
        empty_label="alle",
        error_messages=UNBEKANNTES_FELD,
    )
    zustand = ChoiceFilter(
        label="Zustand",
        choices=KooperationZustand.choices,
        empty_label="alle",
        error_messages={"invalid_choice": "Den Zustand „%(value)s“ gibt es nicht."},
    )
    kommune = ChoiceFilter(
        label="Kommune",
        method="mit_kommune",
        empty_label="alle",
        help_text="heute oder früher beteiligt",
        error_messages=UNBEKANNTE_KOMMUNE,
    )
    status = ChoiceFilter(
        label="Status der Beteiligung",
        choices=BeteiligungStatus.choices,
        method="im_status",
        empty_label="alle",
        help_text="heute, für mindestens eine Kommune",
        error_messages=UNBEKANNTER_STATUS,
    )
    rechtsform = ChoiceFilter(
        label="Rechtsform",
        choices=Rechtsform.choices,
        method="in_rechtsform",
        empty_label="alle",
        error_messages=UNBEKANNTE_RECHTSFORM,
    )
    partner = ChoiceFilter(
        label="Externer Partner",
        method="mit_partner",
        empty_label="alle",
        error_messages={"invalid_choice": "Diesen externen Partner gibt es nicht."},
    )

    def __init__(
        self,
        *args: Any,
        beteiligungen: BeteiligungQuerySet,
        partner: Iterable[ExternerPartner],
        heute: date,
        geheime: Collection[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.beteiligungen, self.heute, self.geheime = beteiligungen, heute, geheime
        self.partner_namen = {str(einer.pk): einer.name for einer in partner}
        self.form.fields["partner"].choices = list(self.partner_namen.items())

    def mit_worten(self, kooperationen: QuerySet[Kooperation], name: str, wert: str) -> QuerySet[Kooperation]:
        return self._beschriebene(kooperationen, nennt(wert))

    def in_rechtsform(self, kooperationen: QuerySet[Kooperation], name: str, wert: str) -> QuerySet[Kooperation]:
        return self._beschriebene(kooperationen, damalige_rechtsform=wert)

    def mit_partner(self, kooperationen: QuerySet[Kooperation], name: str, wert: str) -> QuerySet[Kooperation]:
        return nennende(kooperationen, [self.partner_namen[wert]], heute=self.heute, geheime=self.geheime)

    def mit_kommune(self, kooperationen: QuerySet[Kooperation], name: str, wert: str) -> QuerySet[Kooperation]:
        """With a status as well it is the one that this Kommune has today."""
        if self.gewaehlt("status"):
            return kooperationen
        return kooperationen.filter(Exists(self.beteiligungen.filter(kooperation=OuterRef("pk"), kommune__ags=wert)))

    def im_status(self, kooperationen: QuerySet[Kooperation], name: str, wert: str) -> QuerySet[Kooperation]:
        heutige = self.beteiligungen.am(self.heute).filter(kooperation=OuterRef("pk"), status=wert)
        if ags := self.gewaehlt("kommune"):
            heutige = heutige.filter(kommune__ags=ags)
        return kooperationen.filter(Exists(heutige))

    def _beschriebene(self, kooperationen: QuerySet[Kooperation], *frage: Any, **fragen: Any) -> QuerySet[Kooperation]:
        beschriebene = beschrieben_am(self.heute, geheime=self.geheime).filter(*frage, **fragen)
        return kooperationen.filter(pk__in=beschriebene.values("pk"))


class PartnerFilter(FilterSet):
    q = CharFilter(label="Name", method="mit_namen", max_length=LAENGSTE_SUCHE)

    def mit_namen(self, partner: QuerySet[ExternerPartner], name: str, wert: str) -> QuerySet[ExternerPartner]:
        return partner.filter(name__icontains=wert)
