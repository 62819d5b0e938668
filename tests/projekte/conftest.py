from collections.abc import Iterator
from datetime import date

import pytest
import time_machine


@pytest.fixture
def _heute() -> Iterator[None]:
    """Let it be 1 June 2026 all through the test."""
    with time_machine.travel(date(2026, 6, 1), tick=False):
        yield
