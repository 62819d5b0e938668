import pytest
from django.core.cache import cache
from django.core.management import call_command


@pytest.fixture
def zaehler(db: None) -> None:
    """The counters of attempts, at zero: they live in the database's cache."""
    call_command("createcachetable", verbosity=0)
    cache.clear()
