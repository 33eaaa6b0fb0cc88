"""Fixtures of the map's tests."""

import pytest

from riskmap.webmap import MapTables
from tests.webmap.tiny import tiny_tables


@pytest.fixture(scope="session")
def tables() -> MapTables:
    """All tables of a tiny map."""
    return tiny_tables()
