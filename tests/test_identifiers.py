"""What tells of persons is found in free text of both languages, and little else."""

from collections import Counter

import numpy as np
import pytest

from riskmap.identifiers import curp_is_valid, find_disclosing, rfc_is_valid
from tests.sentences import MAKERS, curp, rfc, sentences

# of the issue
SENTENCES, LEAST_RECALL, LEAST_PRECISION = 3_000, 0.98, 0.95


def test_recall_and_precision_hold_over_thousands_of_sentences():
    right, missed, wrong = Counter(), Counter(), Counter()
    for text, planted in sentences(SENTENCES, seed=5):
        found = [kind for kind, _, _ in find_disclosing(text)]
        if planted:
            hit = planted in found
            right[planted] += hit
            missed[planted] += not hit
            found = [kind for kind in found if kind != planted]
        for kind in found:
            wrong[kind] += 1
    assert set(right) == {make.__name__ for make in MAKERS}
    for kind in right:
        assert right[kind] / (right[kind] + missed[kind]) >= LEAST_RECALL, kind
        assert right[kind] / (right[kind] + wrong[kind]) >= LEAST_PRECISION, kind


@pytest.mark.parametrize("seed", range(20))
def test_check_digits_hold_and_fall_with_one_letter(seed):
    rng = np.random.default_rng(seed)
    assert curp_is_valid(curp(rng))
    assert rfc_is_valid(rfc(rng))
    known = curp(rng)
    assert not curp_is_valid(known[:-1] + str((int(known[-1]) + 1) % 10))
