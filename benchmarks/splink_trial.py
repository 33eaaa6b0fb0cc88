"""Splink on the same sets as our own linkage, in an environment of its own.

``python -m benchmarks.linkage --sets sets.json`` in the checkout writes them. Then,
in a throwaway environment with splink 5.0.0, pandas and scipy,
``python benchmarks/splink_trial.py sets.json``. Splink is no dependency of riskmap.

The model is made with care, not tuned: distance in standard deviations of both places,
days between both spans, cause (an open one says nothing), kind and dead; chance
agreement by random pairs, true agreement by EM; one partner each, the whole best.
"""

import json
import logging
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

LONGEST_DAYS = {"day": 1, "week": 7, "month": 31, "year": 366}
CUTS = (0.5, 0.95)

NORTH = "(y_l - y_r) * 111320.0"
EAST = "(x_l - x_r) * 111320.0 * cos(radians((y_l + y_r) / 2))"
METRES = f"sqrt(pow({NORTH}, 2) + pow({EAST}, 2))"
SPREAD = "greatest(sqrt(pow(accuracy_m_l, 2) + pow(accuracy_m_r, 2)), 30)"
DAYS = "greatest(greatest(first_r - last_l, first_l - last_r), 0)"
NEAR = (
    "abs(l.x - r.x) < 0.7 and abs(l.y - r.y) < 0.55 "
    "and greatest(r.first - l.last, l.first - r.last) <= 7"
)
VAGUE = "time_precision_l <> 'day' or time_precision_r <> 'day'"
OPEN = "cause_l in ('', 'undetermined') or cause_r in ('', 'undetermined')"


def _comparison(name: str, rules: list[str], silent: str = "") -> Any:
    """Compare a field by rules in order; what is silent says nothing."""
    found = [levels.CustomLevel(rule, label_for_charts=rule) for rule in rules]
    if silent:
        said = levels.CustomLevel(silent, label_for_charts="not said")
        found.insert(0, said.configure(is_null_level=True))
    return comparisons.CustomComparison(
        output_column_name=name, comparison_levels=[*found, levels.ElseLevel()]
    )


def _prepared(columns: dict[str, list[Any]]) -> pd.DataFrame:
    """Add spans of days, and a coarse cell to train within."""
    rows = pd.DataFrame(columns).rename(columns={"id": "unique_id"})
    days = pd.to_datetime(rows.pop("occurred_on")) - pd.Timestamp("1970-01-01")
    first = days.dt.days
    cell = [np.floor(rows[axis] * 20).astype("int64").astype(str) for axis in "xy"]
    return rows.assign(
        first=first,
        last=first + rows["time_precision"].map(LONGEST_DAYS) - 1,
        day=first.astype(str),
        cell=cell[0] + "_" + cell[1],
    )


def _one_each(pairs: pd.DataFrame) -> pd.DataFrame:
    """Give each record one partner at most, so that the weights add up to most."""
    one, ours = np.unique(pairs["unique_id_l"], return_inverse=True)
    other, theirs = np.unique(pairs["unique_id_r"], return_inverse=True)
    size = len(one) + len(other)
    links = coo_matrix((np.ones(len(pairs)), (ours, len(one) + theirs)), (size, size))
    groups = connected_components(links, directed=False)[1][ours]
    worth = pairs["match_weight"].to_numpy()
    worth = worth - worth.min() + 0.001
    kept: list[int] = []
    for _, place in pd.Series(range(len(pairs))).groupby(groups):
        at = place.to_numpy()
        row = np.unique(ours[at], return_inverse=True)[1]
        column = np.unique(theirs[at], return_inverse=True)[1]
        gain = np.zeros((row.max() + 1, column.max() + 1))
        number = np.full(gain.shape, -1)
        gain[row, column], number[row, column] = worth[at], at
        best = number[linear_sum_assignment(gain, maximize=True)]
        kept += best[best >= 0].tolist()
    return pairs.iloc[kept]


def link(rows: pd.DataFrame) -> pd.DataFrame:
    """Train and predict."""
    counts = rows["source"].value_counts()
    api = DuckDBAPI()
    tables = [
        api.register(part.reset_index(drop=True), dataset_display_name=str(source))
        for source, part in rows.groupby("source")
    ]
    place = [
        f"{METRES} <= 15",
        *(f"{METRES} <= {n} * {SPREAD}" for n in (0.5, 1, 2, 3)),
    ]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            _comparison("place", place),
            _comparison("days", [f"{DAYS} <= {n}" for n in (0, 1, 3)], VAGUE),
            _comparison("cause", ["cause_l = cause_r"], OPEN),
            comparisons.ExactMatch("kind"),
            comparisons.ExactMatch("dead"),
        ],
        blocking_rules_to_generate_predictions=[NEAR],
        # half of the smaller source is in the other one too
        probability_two_random_records_match=0.5 / float(counts.max()),
    )
    linker = Linker(tables, settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for rule in ("day", "cell"):
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(rule)
        )
    found = linker.inference.predict(threshold_match_probability=0.05)
    return _one_each(found.as_pandas_dataframe())


def main() -> None:
    """Print precision and recall of every set, by event."""
    logging.disable(logging.WARNING)
    sets = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    for name, told in sets.items():
        truth = {(one, other) for one, other in told["truth"]}
        pairs = link(_prepared(told["rows"]))
        for least in CUTS:
            kept = pairs[pairs["match_probability"] >= least]
            both = zip(kept["unique_id_l"], kept["unique_id_r"], strict=True)
            ordered = ((min(pair), max(pair)) for pair in both)
            found = {(told["events"].get(one, one), other) for one, other in ordered}
            right = len(found & truth)
            print(
                f"{name:16} {least:.2f} precision {right / len(found):.4f} "
                f"recall {right / len(truth):.4f}"
            )


if __name__ == "__main__":
    main()
