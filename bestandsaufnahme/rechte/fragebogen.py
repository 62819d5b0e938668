"""Who may see, fill in, release and examine a Fragebogen: until its release it is the own Kommune's alone."""

from datetime import date

from django.db.models import Q, QuerySet

from bestandsaufnahme.auswahl import (
    ErhebungStatus,
    FragebogenStatus,
)
from bestandsaufnahme.models import (
    Fragebogen,
)
from kommunen.auswahl import ROLLEN_EINER_KOMMUNE, Rolle
from kommunen.models import Konto, Vertretung
from kommunen.rechte import (
    Betrachter,
    handelt_fuer,
    ist_geschaeftsstelle,
    spitze_von,
)


def sichtbare_frageboegen(konto: Betrachter) -> QuerySet[Fragebogen]:
    """The Geschäftsstelle all (the answers only where `darf_antworten_sehen`), a Kommune its own."""
    if ist_geschaeftsstelle(konto):
        return Fragebogen.objects.all()
    return Fragebogen.objects.filter(kommune__in=handelt_fuer(konto))


def darf_antworten_sehen(konto: Betrachter, fragebogen: Fragebogen) -> bool:
    """Until its head has released it the own Kommune alone; what came on paper the Geschäftsstelle typed in itself."""
    if fragebogen.kommune_id in handelt_fuer(konto):
        return True
    return ist_geschaeftsstelle(konto) and (not fragebogen.ist_offen or bool(fragebogen.papier_vermerk))


def darf_fragebogen_ausfuellen(konto: Betrachter, fragebogen: Fragebogen) -> bool:
    """Take it with its Erhebung: while the round runs and the Fragebogen isn't released."""
    if not fragebogen.ist_offen or fragebogen.erhebung.status != ErhebungStatus.LAEUFT:
        return False
    return darf_antworten_sehen(konto, fragebogen)


def darf_fragebogen_freigeben(konto: Betrachter, fragebogen: Fragebogen) -> bool:
    """The head, or the Geschäftsstelle for what came signed on paper."""
    if not darf_fragebogen_ausfuellen(konto, fragebogen):
        return False
    return fragebogen.kommune_id in spitze_von(konto) or ist_geschaeftsstelle(konto)


def darf_papier_erfassen(konto: Betrachter, fragebogen: Fragebogen) -> bool:
    """Only before the Kommune began: what it has written already is nobody else's to read."""
    laeuft = fragebogen.erhebung.status == ErhebungStatus.LAEUFT
    return ist_geschaeftsstelle(konto) and laeuft and fragebogen.status == FragebogenStatus.OFFEN


def darf_fragebogen_pruefen(konto: Betrachter, fragebogen: Fragebogen) -> bool:
    return ist_geschaeftsstelle(konto) and not fragebogen.ist_offen


def beteiligbare_kollegen(fragebogen: Fragebogen) -> QuerySet[Konto]:
    """Those that a question may be handed to: who acts for the Kommune."""
    return Konto.objects.filter(kommune=fragebogen.kommune_id, rolle__in=ROLLEN_EINER_KOMMUNE, is_active=True)


def freigebende(fragebogen: Fragebogen, tag: date) -> QuerySet[Konto]:
    """Those that may release it on the day: the head, and who stands in for it."""
    vertretungen = Vertretung.objects.wirksame(tag).filter(
        sitz__isnull=True, vertretener__kommune=fragebogen.kommune_id
    )
    spitze = Q(kommune=fragebogen.kommune_id, rolle=Rolle.BUERGERMEISTER)
    return Konto.objects.filter(spitze | Q(pk__in=vertretungen.values("vertreter")), is_active=True)


def empfangende_geschaeftsstelle() -> QuerySet[Konto]:
    """Those that are told what has come in."""
    return Konto.objects.filter(rolle=Rolle.GESCHAEFTSSTELLE, is_active=True)


def darf_bearbeitende_sehen(konto: Betrachter, fragebogen: Fragebogen) -> bool:
    """Who of a Kommune answered what stays in the Kommune."""
    return fragebogen.kommune_id in handelt_fuer(konto)
