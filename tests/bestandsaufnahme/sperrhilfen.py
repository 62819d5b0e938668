"""Waiting for the moment in which somebody else waits."""

from time import monotonic, sleep

from django.db import connection


def bis_jemand_wartet() -> None:
    """Return once somebody waits for a lock of this transaction."""
    ende = monotonic() + 30
    while monotonic() < ende:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
            )
            if cursor.fetchone():
                return
        sleep(0.01)
    raise AssertionError("Niemand wartet.")
