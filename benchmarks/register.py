"""Register: a file validated, linked against as many stored rows, and committed.

Run ``python -m benchmarks.register`` in the checkout; ``--rows`` for fewer. Beside it
pandas + pandera do the same checks in the same run; they link and commit nothing.
"""

import argparse
import os
import resource
import sys
import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.ingest import (
    LARGE_MB,
    LARGE_SECONDS,
    SMALL_ROWS,
    SMALL_SECONDS,
    make_file,
    pandera,
)
from benchmarks.measure import MB, Measurement, as_markdown, measure
from riskmap import pipeline

# half of the new rows are of a stored event, seen again within their accuracy
SHARED = 0.5
M_PER_DEGREE = 111_000.0


def make_pair(stored: Path, new: Path, rows: int) -> None:
    """Write a file that is stored, and another agency's that comes after it."""
    make_file(stored, rows)
    one = pd.read_csv(stored, dtype="str", keep_default_na=False)
    rng = np.random.default_rng(5)
    two = one.assign(source="agency_b", country="")
    two["id"] = np.where(two["id"] == "", "", [f"b{n}" for n in rng.permutation(rows)])
    off = pd.to_numeric(one["accuracy"]) / M_PER_DEGREE
    y, x = pd.to_numeric(one["latitude"]), pd.to_numeric(one["longitude"])
    same = (rng.random(rows) < SHARED) & (x.abs() > 1) & (y.abs() > 1)
    moved_y, moved_x = (v + rng.normal(size=rows) * off for v in (y, x))
    elsewhere = rng.permutation(rows)
    two["latitude"] = np.where(same, moved_y, y.to_numpy()[elsewhere]).round(5)
    two["longitude"] = np.where(same, moved_x, x.to_numpy()[elsewhere]).round(5)
    one.assign(source="agency_a").to_csv(stored, index=False)
    two.sample(frac=1, random_state=3).to_csv(new, index=False)


def take(base: Path, new: Path) -> None:
    """Validate, compare, link and commit a file."""
    project = pipeline.open_project(base)
    pipeline.ingest_incidents(project, [new], "generic_en")
    pipeline.link_incidents(project)


def store(base: Path, stored: Path) -> None:
    """Make the project that the file comes into."""
    project = pipeline.create_project(base, empty=True)
    pipeline.ingest_incidents(project, [stored], "generic_en")


def size_of(folder: Path, rows: int) -> list[Measurement]:
    """Measure one size of file."""
    stored, new = folder / f"stored_{rows}.csv", folder / f"new_{rows}.csv"
    base = folder / f"base_{rows}"
    # each in a process of its own, so that this one stays small
    measure("", "", partial(make_pair, stored, new, rows), rounds=1)
    measure("", "", partial(store, base, stored), rounds=1)
    stage = f"{rows:,} rows, {rows:,} stored"
    return [
        measure(
            stage, "riskmap: validate, link, commit", partial(take, base, new),
            rounds=1,
        ),
        measure(
            stage, "pandas + pandera: validate only", partial(pandera, new), rounds=1
        ),
    ]  # fmt: skip


def main() -> None:
    """Print the figures; fail where a promise of issue 3 is not kept."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    given = options.parse_args()
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        sizes = sorted({SMALL_ROWS, given.rows})
        found = [size_of(Path(name), rows) for rows in sizes]
    small, large = found[0], found[-1]
    print(as_markdown([row for rows in found for row in rows]))
    load = f"{before:.1f} before, {os.getloadavg()[0]:.1f} after"
    print(f"load average {load}; {os.cpu_count()} cores")
    own_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MB
    print(f"peak MB is above the {own_mb:.0f} MB that Python and its libraries take")
    kept = small[0].seconds <= SMALL_SECONDS and large[0].seconds <= LARGE_SECONDS
    sys.exit(not (kept and large[0].peak_mb + own_mb <= LARGE_MB))


if __name__ == "__main__":
    main()
