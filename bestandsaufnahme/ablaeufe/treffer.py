"""Telling the Kommunen which partners there are for them, when a declaration has changed that."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from bestandsaufnahme.abfragen.erhebung.ruecklauf import anzuschreibende
from bestandsaufnahme.abfragen.interesse.konstellation import konstellationen
from bestandsaufnahme.abfragen.konstellation.modell import Konstellation
from bestandsaufnahme.abfragen.konstellation.schluessel import ags_aus, feld_aus
from bestandsaufnahme.ablaeufe.interesse_folgen import TREFFER_SUCHEN
from ikz_portal.basis import laeufe
from ikz_portal.basis.auswahl import LaufStatus
from ikz_portal.basis.models import Lauf
from ikz_portal.basis.zeit import heute as heutiger_tag
from kommunen.ablaeufe.meldung import vormerken
from kommunen.auswahl import Meldeanlass
from kommunen.models import Kommune, Konto, Meldung

log = structlog.get_logger(__name__)


def ausfuehren(lauf: Lauf) -> None:
    """Look once for all that asked: where a later one waits, it finds what this one would have."""
    spaetere = Lauf.objects.filter(art=TREFFER_SUCHEN, status=LaufStatus.WARTET, pk__gt=lauf.pk)
    if not spaetere.exists():
        log.info("treffer_gesucht", meldungen=melden(heute=heutiger_tag()))
    laeufe.beenden(lauf)


@transaction.atomic
def melden(*, heute: date) -> int:
    """Note for those who act for a Kommune the best proposal of each field, and return how many notes are new.

    Whoever was told of the same group in the field, or of one that held it, is not told again. What waits to be told
    counts as long as it holds: of what doesn't no mail will tell.
    """
    with connection.cursor() as cursor:  # two at once: the second one reads what the first one noted
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [TREFFER_SUCHEN])
    vorschlaege = konstellationen(heute=heute, mindestens=settings.KONSTELLATION_MINDESTENS)
    beste = _beste(vorschlaege)
    betroffene = {kommune for kommunen in beste.values() for kommune in kommunen}
    konten = anzuschreibende(Kommune.objects.filter(pk__in=betroffene), heute=heute)
    bekannte = _bekannte(
        {konto.pk for je_kommune in konten.values() for konto in je_kommune},
        geltende={eine.schluessel for eine in vorschlaege},
    )
    neue = 0
    for eine, kommunen in beste.items():
        empfaenger = _neue(eine, (konto for kommune in kommunen for konto in konten[kommune]), bekannte)
        if empfaenger:
            neue += vormerken(anlass=Meldeanlass.KONSTELLATION, bezug=eine.schluessel, konten=empfaenger)
    return neue


def _beste(vorschlaege: Iterable[Konstellation]) -> dict[Konstellation, list[int]]:
    """Return the proposals that are the best of their field for some Kommunen (keys), and for which.

    Examples come behind: they keep nobody from what is real.
    """
    versorgte: dict[str, set[int]] = defaultdict(set)
    gefunden = {}
    for eine in sorted(vorschlaege, key=lambda vorschlag: vorschlag.beispiel):
        if neue := eine.mitglieder - versorgte[eine.feldschluessel]:
            versorgte[eine.feldschluessel] |= neue
            gefunden[eine] = sorted(neue)
    return gefunden


def _bekannte(konten: Collection[int], *, geltende: Collection[str]) -> dict[int, list[str]]:
    """Return per Konto (key) the keys of what it was told of, or will be since it still holds."""
    bezuege: dict[int, list[str]] = defaultdict(list)
    erzaehlt = Q(erledigt_am__isnull=False) | Q(bezug__in=geltende)
    meldungen = Meldung.objects.filter(erzaehlt, konto__in=konten, anlass=Meldeanlass.KONSTELLATION)
    for konto, bezug in meldungen.order_by("pk").values_list("konto_id", "bezug"):
        bezuege[konto].append(bezug)
    return bezuege


def _neue(eine: Konstellation, konten: Iterable[Konto], bekannte: dict[int, list[str]]) -> list[Konto]:
    """Return those who were not told of it yet."""
    ags = frozenset(mitglied.ags for mitglied in eine.kommunen)
    return [
        konto
        for konto in konten
        if not any(feld_aus(bezug) == eine.feldschluessel and ags <= ags_aus(bezug) for bezug in bekannte[konto.pk])
    ]
