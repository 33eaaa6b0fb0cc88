"""The same small world as the scores have."""

from tests.scoring.conftest import world

__all__ = ["world"]
