"""What has to hold before the portal is put to work: Pango for the reports, and no makeshift outside of the demo."""

import ctypes
import sys
from collections.abc import Sequence
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Hinweis
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from psycopg import sql

from ikz_portal import umgebung

ETIKETT = "betrieb"
PANGO = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
LAENGE, VERSCHIEDENE = 50, 10  # characters of a SECRET_KEY at least, and different ones among them
BEKANNT = ("nur-fuer-tests-", "django-insecure-", "entwicklung-")  # how keys begin that stand in a repository
NICHT_STARTEN = 4  # gunicorn's „App failed to load“: its master gives up instead of trying again


def registrieren() -> None:
    """Have `manage.py check` run the first of these checks, and `check --deploy` both."""
    register(_pango, "pango")
    register(_betrieb, ETIKETT, deploy=True)


def pangofehler() -> list[CheckMessage]:
    """Return one message naming the missing Debian packages, or nothing.

    A warning, since all but the reports works without; `starten` and the worker refuse nevertheless.
    """
    fehlend = [paket for bibliothek, paket in PANGO.items() if not _ladbar(bibliothek)]
    if not fehlend:
        return []
    pakete = " ".join(fehlend)
    return [Hinweis(f"Für die Berichte fehlen Bibliotheken: apt-get install {pakete}", id="ikz.W001")]


def betriebsfehler() -> list[CheckMessage]:
    """Return what forbids to start: without a key ever, and outside of the demo all that only a demo may have."""
    if umgebung.ja("IKZ_DEMO"):
        return [] if umgebung.text("SECRET_KEY") else [_schluessel_fehlt()]
    return [
        *_schluesselfehler(),
        *_einstellungsfehler(),
        *_datenbankfehler(),
    ]


def erzwingen() -> None:
    """End this process with the German errors, if there are any. For the start of the web process."""
    fehler = betriebsfehler()
    if fehler:
        sys.stderr.write("".join(f"Fehler: {eintrag.msg}\n" for eintrag in fehler))
        sys.exit(NICHT_STARTEN)


def _pango(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:
    return pangofehler()


def _betrieb(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:
    return betriebsfehler()


def _ladbar(bibliothek: str) -> bool:
    try:
        ctypes.CDLL(bibliothek)
    except OSError:
        return False
    return True


def _eigener_schluessel() -> bool:
    return bool(umgebung.text("SECRET_KEY")) and not umgebung.ja("IKZ_SCHLUESSEL_ERZEUGT")


def _schluesselfehler() -> list[CheckMessage]:
    if not _eigener_schluessel():
        return [_schluessel_fehlt()]
    schluessel = umgebung.text("SECRET_KEY")
    if len(schluessel) >= LAENGE and len(set(schluessel)) >= VERSCHIEDENE and not schluessel.startswith(BEKANNT):
        return []
    return [
        Error(
            f"SECRET_KEY ist zu schwach: mindestens {LAENGE} zufällige Zeichen setzen, zum Beispiel mit "
            "„openssl rand -base64 60“ erzeugt.",
            id="ikz.E108",
        )
    ]


def _schluessel_fehlt() -> CheckMessage:
    return Error("SECRET_KEY fehlt: eine lange, zufällige Zeichenkette setzen (oder SECRET_KEY_FILE).", id="ikz.E101")


def _einstellungsfehler() -> list[CheckMessage]:
    fehler: list[CheckMessage] = []
    if settings.DEBUG:
        fehler.append(Error("DEBUG darf außerhalb der Demo nicht eingeschaltet sein.", id="ikz.E102"))
    if "*" in settings.ALLOWED_HOSTS:
        fehler.append(Error("ALLOWED_HOSTS darf außerhalb der Demo nicht „*“ enthalten.", id="ikz.E103"))
    if not settings.BASE_URL.startswith("https://"):
        fehler.append(Error("BASE_URL muss außerhalb der Demo mit https:// beginnen.", id="ikz.E107"))
    if umgebung.text("IKZ_DEMO_PASSWORT"):
        fehler.append(Error("IKZ_DEMO_PASSWORT gehört nur zur Demo: entfernen.", id="ikz.E110"))
    return fehler


def _datenbankfehler() -> list[CheckMessage]:
    if umgebung.ja("IKZ_EINGEBETTET"):
        return [Error("Die mitgelieferte Datenbank ist nur für die Demo: DATABASE_URL setzen.", id="ikz.E104")]
    if not umgebung.text("DATABASE_URL"):
        return [Error("DATABASE_URL fehlt.", id="ikz.E105")]
    fehler: list[CheckMessage] = []
    if _demokonten_vorhanden():
        fehler.append(
            Error(
                "Die Datenbank enthält aktive Demokonten, deren Passwort bekannt ist: deaktivieren "
                "(docs/betrieb.md, „Demo accounts“).",
                id="ikz.E106",
            )
        )
    return [*fehler, *_rollenfehler()]


def _rollenfehler() -> list[CheckMessage]:
    """With two roles the application's own must not be able to change the record."""
    if not umgebung.text("DATABASE_URL_EIGENTUEMER"):
        return []
    rolle = _rolle_mit_recht_am_protokoll()
    if rolle is None:
        return []
    return [
        Error(
            f"Die Rolle {rolle} aus DATABASE_URL kann das Protokoll ändern. Ihr dürfen die Tabellen nicht gehören; die "
            f"Rolle, der sie gehören, führt aus: REVOKE UPDATE, DELETE, TRUNCATE ON basis_aenderung FROM {rolle};",
            id="ikz.E109",
        )
    ]


def _demokonten_vorhanden() -> bool:
    konto = apps.get_model("kommunen", "Konto")._meta
    namen = (konto.db_table, konto.get_field("demo").name, konto.get_field("is_active").name)
    abfrage = sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE {} AND {})").format(*map(sql.Identifier, namen))
    return bool((_gefragt(abfrage) or [False])[0])


def _rolle_mit_recht_am_protokoll() -> str | None:
    """Return the name of this role, quoted for SQL, if it may do more than add to the record."""
    tabelle = apps.get_model("basis", "Aenderung")._meta.db_table
    abfrage = sql.SQL(
        "SELECT quote_ident(current_user) WHERE to_regclass({0}) IS NOT NULL "
        "AND has_table_privilege(to_regclass({0}), 'UPDATE, DELETE, TRUNCATE')"
    ).format(sql.Literal(tabelle))
    gefunden = _gefragt(abfrage)
    return str(gefunden[0]) if gefunden else None


def _gefragt(abfrage: sql.Composed) -> tuple[Any, ...] | None:
    """Ask with a connection of its own: Celery's worker forks afterwards, and a pool doesn't survive that."""
    try:
        parameter = {**connection.get_connection_params(), "connect_timeout": 2}
        with psycopg.connect(**parameter) as verbindung:
            return verbindung.execute(abfrage).fetchone()
    except (psycopg.Error, ImproperlyConfigured):  # not there yet, or away: KontoBackend refuses demo accounts anyway
        return None
