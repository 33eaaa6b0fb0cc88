"""Fixtures of the pages' tests."""

import pytest

from riskmap.i18n import Words
from riskmap.ui.tables import View
from tests.ui.views import tiny_view, tiny_whereabouts


@pytest.fixture(scope="session")
def view() -> View:
    """A view of a tiny project."""
    return tiny_view()


@pytest.fixture(params=["en", "es"])
def words(request) -> Words:
    """Words of each language in turn."""
    return Words(request.param, strict=False)


@pytest.fixture(scope="session")
def known():
    """The bundled places about Nogales."""
    return tiny_whereabouts()


@pytest.fixture(scope="session")
def loud():
    """The same under names that try to run."""
    return tiny_whereabouts(loud=True)
