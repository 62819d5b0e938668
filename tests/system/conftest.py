from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.system.szene import Szene, szene


@pytest.fixture(scope="module")
def vorbereitet(django_db_setup: None, django_db_blocker: Any) -> Iterator[Szene]:
    """The prepared county, built once per module; whoever sends a request takes back what it wrote."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield szene()
        transaction.set_rollback(True)
