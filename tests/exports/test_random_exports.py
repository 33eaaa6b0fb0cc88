"""Random tables come back from every format; `make torture` tries five hundred."""

import pytest

from tests.exports.random_exports import trial


@pytest.mark.parametrize("seed", range(3))
def test_a_random_export_is_read_by_programs_that_others_wrote(seed):
    trial(seed, 8)


def test_a_hundred_features_survive_every_format():
    trial(500, 100)
