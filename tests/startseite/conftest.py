"""Where the tests of the mails begin."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine

from kommunen.models import Kommune
from tests.startseite.meldefaelle import MONTAG, Fall, bauen_fuer


@pytest.fixture
def montag() -> Any:
    """A Monday morning; the journey may go on from there."""
    with time_machine.travel(MONTAG, tick=False) as reise:
        yield reise


@pytest.fixture
def bauen(kommune: Kommune, andere_kommune: Kommune) -> Callable[..., Fall]:
    return bauen_fuer(kommune, andere_kommune)
