"""What is kept of people for a time only, and what happens at its end (docs/datenschutz.md).

Every rule finds what is due by dates and states alone. So running twice does nothing more, a run that broke off is
finished by the next one, and after a restore the same is deleted again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast, Coalesce, Least
from django.utils import timezone

from ikz_portal.basis import laeufe, protokoll
from ikz_portal.basis.auswahl import LaufStatus, PostStatus
from ikz_portal.basis.models import Aenderung, Lauf, Postausgang
from ikz_portal.basis.zeit import heute
from ikz_portal.betrieb import fristen_fragebogen, fristen_meldung
from ikz_portal.betrieb.fristen_regel import Regel, loeschen, seit, zeilen
from kommunen.ablaeufe import konto as konto_ablauf
from kommunen.models import Anmeldung, Einladung, Konto

log = structlog.get_logger(__name__)

AUFGABE = "ikz_portal.betrieb.tasks.fristen_anwenden"
SCHRITT = 500  # rows of one transaction
SPERRE = "fristen_anwenden"
PERSOENLICH = ("email", "name")  # columns of Konto and Einladung that tell who it is; the function may stay


@dataclass(frozen=True)
class Ergebnis:
    """What was done, which rules failed, and how many entries of the record wait for a role that may change it."""

    saetze: list[str]
    gescheitert: list[str]
    wartende: int


def anwenden(*, jetzt: datetime, trocken: bool = False) -> Ergebnis:
    """Apply every rule, or with `trocken` count only; one that fails is logged and doesn't stop the others."""
    saetze, gescheitert, wartende = [], [], 0
    darf = protokoll.darf_nach_frist_aendern()
    for regel in REGELN:
        try:
            if regel.im_protokoll and not darf:
                wartende += regel.anzahl(jetzt)
            elif anzahl := regel.anzahl(jetzt) if trocken else _anwenden(regel, jetzt):
                saetze.append(regel.satz(anzahl, trocken=trocken))
        except Exception:
            log.exception("frist_gescheitert", regel=regel.mehrzahl)
            gescheitert.append(regel.mehrzahl)
    return Ergebnis(saetze, gescheitert, wartende)


def wartende_eintraege(jetzt: datetime) -> int:
    """Return how many entries of the record wait for the owner's role; none where this role may do it itself."""
    if protokoll.darf_nach_frist_aendern():
        return 0
    return sum(regel.anzahl(jetzt) for regel in REGELN if regel.im_protokoll)


# --- the daily run ---------------------------------------------------------------------------------------------------
def einreihen() -> Lauf | None:
    """Queue the run of today, unless it was before."""
    return laeufe.einmal(art=AUFGABE, schluessel=heute().isoformat())


def ausfuehren(lauf: Lauf) -> None:
    ergebnis = anwenden(jetzt=timezone.now())
    log.info("fristen_angewendet", getan=ergebnis.saetze, im_protokoll_warten=ergebnis.wartende)
    if ergebnis.gescheitert:
        raise laeufe.Scheitern(f"Nicht angewendet: {', '.join(ergebnis.gescheitert)}.")
    laeufe.beenden(lauf)


# --- how a rule is applied -------------------------------------------------------------------------------------------
def _anwenden(regel: Regel, jetzt: datetime) -> int:
    summe, anzahl = 0, SCHRITT
    while anzahl == SCHRITT:
        with transaction.atomic():
            _allein()
            anzahl = regel.schritt(jetzt, SCHRITT)
        summe += anzahl
    return summe


def _allein() -> None:
    """Let steps of two runs follow each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [SPERRE])


# --- Konten and Einladungen ------------------------------------------------------------------------------------------
def _konten(jetzt: datetime) -> QuerySet[Konto]:
    return Konto.objects.filter(
        is_active=False, pseudonymisiert_am__isnull=True, deaktiviert_am__lte=seit(jetzt, "konto")
    )


def _pseudonymisieren(konten: QuerySet[Konto], jetzt: datetime) -> None:
    for konto in konten:
        konto_ablauf.pseudonymisieren(konto=konto, jetzt=jetzt)


def _einladungen(jetzt: datetime) -> QuerySet[Einladung]:
    """By the day they ended: accepted, withdrawn or expired, whichever came first."""
    ende = Least("angenommen_am", "zurueckgezogen_am", "gueltig_bis")
    return Einladung.objects.annotate(ende=ende).filter(ende__lte=seit(jetzt, "einladung"))


def _adressen(jetzt: datetime) -> QuerySet[EmailAddress]:
    """New addresses that nobody confirmed: their link has expired with the mail that carried it."""
    frist = timedelta(days=settings.ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS)
    mails = Postausgang.objects.filter(an__iexact=OuterRef("email"), angelegt_am__gt=jetzt - frist)
    return EmailAddress.objects.filter(~Exists(mails), verified=False, primary=False)


# --- the record ------------------------------------------------------------------------------------------------------
def _protokoll_der_konten(jetzt: datetime) -> QuerySet[Aenderung]:
    konten = Konto.objects.filter(pseudonymisiert_am__isnull=False).annotate(nummer=Cast("pk", TextField()))
    eintraege = Aenderung.objects.filter(tabelle=Konto._meta.db_table, objekt__in=konten.values("nummer"))
    return eintraege.filter(protokoll.ungeschwaerzte(PERSOENLICH))


def _protokoll_der_einladungen(jetzt: datetime) -> QuerySet[Aenderung]:
    noch_da = Einladung.objects.filter(pk=Cast(OuterRef("objekt"), BigIntegerField()))
    eintraege = Aenderung.objects.filter(~Exists(noch_da), tabelle=Einladung._meta.db_table)
    return eintraege.filter(protokoll.ungeschwaerzte(PERSOENLICH))


def _schwaerzen(eintraege: QuerySet[Aenderung], jetzt: datetime) -> None:
    werte = {spalte: protokoll.geschwaerzt(spalte, PERSOENLICH) for spalte in ("stand", "vorher")}
    protokoll.nach_frist_aendern(eintraege, **werte)


def _protokoll_mit_personen(jetzt: datetime) -> QuerySet[Aenderung]:
    genannt = Q(konto__isnull=False) | Q(fuer__isnull=False)
    return Aenderung.objects.filter(genannt, am__lte=seit(jetzt, "protokoll"))


def _vergessen(eintraege: QuerySet[Aenderung], jetzt: datetime) -> None:
    protokoll.nach_frist_aendern(eintraege, konto=None, fuer=None)


# --- sign-ins, mails, jobs -------------------------------------------------------------------------------------------
def _anmeldungen(jetzt: datetime) -> QuerySet[Anmeldung]:
    return Anmeldung.objects.filter(am__lte=seit(jetzt, "anmeldung"))


def _anmeldungen_mit_ip(jetzt: datetime) -> QuerySet[Anmeldung]:
    return Anmeldung.objects.filter(am__lte=seit(jetzt, "anmeldung_ip"), ip__isnull=False)


def _ip_leeren(anmeldungen: QuerySet[Anmeldung], jetzt: datetime) -> None:
    anmeldungen.update(ip=None)


def _nachrichten(jetzt: datetime) -> QuerySet[Postausgang]:
    """Those that are sent or given up; what still waits is kept, however old."""
    fertig = Postausgang.objects.exclude(status=PostStatus.WARTET).annotate(
        ende=Coalesce("gesendet_am", "lauf__beendet_am")
    )
    return fertig.filter(ende__lte=seit(jetzt, "nachricht"))


def _nachrichten_loeschen(nachrichten: QuerySet[Postausgang], jetzt: datetime) -> None:
    laeufe_dazu = list(nachrichten.values_list("lauf_id", flat=True))
    nachrichten.delete()
    Lauf.objects.filter(pk__in=laeufe_dazu).delete()


def _laeufe(jetzt: datetime) -> QuerySet[Lauf]:
    """Those that are over and that no other row needs."""
    frei = {f"{beziehung.name}__isnull": True for beziehung in Lauf._meta.related_objects}
    beendete = Lauf.objects.exclude(status__in=LaufStatus.offene())
    return beendete.filter(beendet_am__lte=seit(jetzt, "lauf"), **frei)


def _sitzungen(jetzt: datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lte=jetzt)


# --- the cache, a table without a model; among others it counts attempts by address ----------------------------------
def _verfallenes(jetzt: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {_cache_tabelle()} WHERE expires <= %s", [jetzt])  # noqa: S608
        return int(cursor.fetchone()[0])


def _verfallenes_loeschen(jetzt: datetime, hoechstens: int) -> int:
    tabelle = _cache_tabelle()
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {tabelle} WHERE cache_key IN "  # noqa: S608  # the name is quoted, and a setting
            f"(SELECT cache_key FROM {tabelle} WHERE expires <= %s LIMIT %s)",
            [jetzt, hoechstens],
        )
        return int(cursor.rowcount)


def _cache_tabelle() -> str:
    return connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))


# Konten and Einladungen before what the record tells of them.
REGELN = (
    zeilen("Konto", "Konten", "pseudonymisiert", _konten, _pseudonymisieren),
    zeilen("Einladung", "Einladungen", "gelöscht", _einladungen, loeschen),
    zeilen("unbestätigte Adresse", "unbestätigte Adressen", "gelöscht", _adressen, loeschen),
    zeilen(
        "Eintrag im Protokoll über ein Konto",
        "Einträge im Protokoll über Konten",
        "geschwärzt",
        _protokoll_der_konten,
        _schwaerzen,
        im_protokoll=True,
    ),
    zeilen(
        "Eintrag im Protokoll über eine Einladung",
        "Einträge im Protokoll über Einladungen",
        "geschwärzt",
        _protokoll_der_einladungen,
        _schwaerzen,
        im_protokoll=True,
    ),
    zeilen(
        "Eintrag im Protokoll",
        "Einträge im Protokoll",
        "von der Person gelöst",
        _protokoll_mit_personen,
        _vergessen,
        im_protokoll=True,
    ),
    *fristen_fragebogen.REGELN,
    *fristen_meldung.REGELN,
    zeilen("Anmeldung", "Anmeldungen", "gelöscht", _anmeldungen, loeschen),
    zeilen("IP-Adresse", "IP-Adressen", "gelöscht", _anmeldungen_mit_ip, _ip_leeren),
    zeilen("Nachricht", "Nachrichten", "gelöscht", _nachrichten, _nachrichten_loeschen),
    zeilen("beendeter Auftrag", "beendete Aufträge", "gelöscht", _laeufe, loeschen),
    zeilen("abgelaufene Sitzung", "abgelaufene Sitzungen", "gelöscht", _sitzungen, loeschen),
    Regel("verfallener Zwischenwert", "verfallene Zwischenwerte", "gelöscht", _verfallenes, _verfallenes_loeschen),
)
