"""Gives the whole test run one real PostgreSQL and Valkey, before Django reads its settings (`-p tests.dienste`).

Only the controller of pytest-xdist starts them; its workers inherit the addresses. What is configured, is taken.
The servers end with this process, however it ends, and their folder goes with them.
"""

import atexit
import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from ikz_portal.dienste import Ordner, eingebettet
from ikz_portal.dienste.postgres import Postgres
from ikz_portal.dienste.valkey import Valkey

UMGEBUNG = {
    "SECRET_KEY": "nur-fuer-tests-" + "t" * 40,
    "BASE_URL": "http://localhost:8000",
    "IKZ_DEMO": "0",
    "DEBUG": "0",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright's event loop runs beside the live server
}
FREMD = ("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "EMAIL_URL", "SENTRY_DSN", "DATABASE_URL_EIGENTUEMER", "PORT")


def _einrichten() -> None:
    ordner = Path(tempfile.mkdtemp(prefix="ikz-test-"))
    ordner.chmod(0o711)  # the servers' user passes through
    (ordner / "static").mkdir()  # WhiteNoise warns where there is none
    for name in FREMD:
        os.environ.pop(name, None)
    os.environ |= {**UMGEBUNG, "IKZ_DATEN": str(ordner)}
    stapel = ExitStack()
    atexit.register(shutil.rmtree, ordner, ignore_errors=True)
    atexit.register(stapel.close)
    arten = [art for art in (Postgres, Valkey) if not os.environ.get(art.variable)]
    stapel.enter_context(eingebettet(Ordner(ordner), *arten, fluechtig=True))


if "PYTEST_XDIST_WORKER" not in os.environ and not os.environ.get("IKZ_TESTLAUF"):
    os.environ["IKZ_TESTLAUF"] = "1"
    _einrichten()
