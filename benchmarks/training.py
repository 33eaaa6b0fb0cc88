"""Training: what a model, a long backtest and a fine map cost.

``python -m benchmarks.training [--rounds 3] [--only PART]`` founds the sample project,
runs it at resolutions 7 and 8, and rewrites its section of docs/benchmarks.md; with
``--only`` the rows whose name holds the text, so that the works can be measured one by
one on a machine that is free for a short time. The sample holds 2,505 deaths on watched
ground: they are dealt out again, each moved by a draw of 2 km and of 30 days, until
there are 5,000. What is timed is the work alone: the tables are read before. One row
compares the bytes of the map made with one thread and with two.
"""

import argparse
import datetime
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from benchmarks.measure import Measurement, measure
from riskmap import pipeline
from riskmap.pipeline.bench import Bench, EvaluationOptions, lay_bench, rolling_of
from riskmap.pipeline.judging import judge_bench
from riskmap.scoring import PRESETS, basis_of, score_records, target_records
from riskmap.scoring.basis import STACK_HORIZONS

REPORT = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
FROM, TO = "<!-- training -->\n", "<!-- end of training -->\n"

DANGER = PRESETS[0]
DEATHS, MOVED_KM, MOVED_DAYS = 5_000, 2.0, 30
KM_PER_DEGREE = 111.0

# half-years that the sample's eight years hold, after a year and a half to learn from
ORIGINS, HORIZON_DAYS = 13, 182

# past years that the stack is weighed by, as docs/skill.md measured it
STACK = 8

SECTION = """## Models, backtests and fine maps

Made by `python -m benchmarks.training` on {day}, {cores} cores, the median of {rounds}
rounds, each in a process of its own. {deaths:,} deaths: the sample's, dealt out again
and moved by about {moved:g} km until there are so many; the whole corridor, all
baselines of `riskmap evaluate`. Tables are read before; peak memory is what the work
took above them.

| work | wall s | CPU s | must hold, s | peak MB | must hold |
|---|---:|---:|---:|---:|---:|
{lines}
"""


@dataclass(frozen=True, kw_only=True)
class Task:
    """One piece of work and what it may take.

    Parameters
    ----------
    name
        What the table calls it.
    work
        Does it once.
    most_s, most_mb
        What must hold; None where nothing was promised.
    """

    name: str
    work: Callable[[], Any]
    most_s: float | None = None
    most_mb: int | None = None


def dealt_out(incidents: gpd.GeoDataFrame, number: int) -> gpd.GeoDataFrame:
    """Deal deaths out again, each moved a little, until there are so many.

    Parameters
    ----------
    incidents
        Event table.
    number
        How many deaths.

    Returns
    -------
    geopandas.GeoDataFrame
        Deaths only, each with an id of its own.
    """
    deaths = incidents[incidents["kind"].isin(DANGER.kinds)]
    draw = np.random.default_rng(0)
    more = deaths.iloc[draw.integers(len(deaths), size=number - len(deaths))].copy()
    away = draw.normal(0, MOVED_KM / KM_PER_DEGREE, (len(more), 2))
    more["geometry"] = gpd.points_from_xy(
        more.geometry.x + away[:, 0], more.geometry.y + away[:, 1], crs=deaths.crs
    )
    days = draw.integers(-MOVED_DAYS, 1, len(more))
    more["occurred_on"] += pd.to_timedelta(days, unit="D").astype("timedelta64[us]")
    more.index = pd.Index([f"again-{rank}" for rank in range(len(more))])
    found = pd.concat([deaths, more])
    found.index.name = incidents.index.name
    return gpd.GeoDataFrame(found, crs=deaths.crs)


def crowded(bench: Bench) -> Bench:
    """Put so many deaths on a bench that :data:`DEATHS` lie on watched ground.

    Parameters
    ----------
    bench
        With the project's own.

    Returns
    -------
    Bench
        With :data:`DEATHS`, or a few more or less.
    """
    own = bench.incidents["kind"].isin(DANGER.kinds).sum()
    number = round(DEATHS * own / len(bench.records.events))
    incidents = dealt_out(bench.incidents, number)
    ground = bench.records.ground
    records = target_records(
        ground, incidents, bench.coverage, DANGER, as_of=bench.as_of
    )
    return replace(bench, incidents=incidents, records=records)


def train_and_score(bench: Bench, horizons: int = 0) -> bytes:
    """Fit a model on what lies on a bench and score every cell.

    Parameters
    ----------
    bench
        The records as a table, and the layers.
    horizons
        Past horizons that the stack is weighed by; 0 for the mixture alone.

    Returns
    -------
    bytes
        Checksum of scores and reasons.
    """
    numbers = MappingProxyType({**DANGER.numbers, STACK_HORIZONS: horizons})
    preset = replace(DANGER, numbers=numbers)
    cells = bench.records.ground.cells
    records = target_records(
        cells, bench.incidents, bench.coverage, preset, as_of=bench.as_of
    )
    tables = score_records(records, basis_of(preset, bench.features))
    told = [pd.util.hash_pandas_object(table).to_numpy() for table in tables]
    return hashlib.sha256(np.concatenate(told).tobytes()).digest()


def backtest(bench: Bench) -> int:
    """Judge the score and every baseline on :data:`ORIGINS` days.

    Parameters
    ----------
    bench
        Records and layers.

    Returns
    -------
    int
        Rows of the skill table.
    """
    last = pd.Timestamp(bench.as_of, tz="UTC")
    first = last - pd.Timedelta(days=ORIGINS * HORIZON_DAYS)
    asked = EvaluationOptions(
        from_on=first.date().isoformat(),
        to_on=last.date().isoformat(),
        horizon_days=HORIZON_DAYS,
        unseen=False,
    )
    rolling = rolling_of(bench, asked)
    if len(rolling.origins) != ORIGINS:
        msg = f"{len(rolling.origins)} origins, not {ORIGINS}."
        raise RuntimeError(msg)
    return len(judge_bench(bench, rolling, asked).skill)


def tasks(folder: Path, only: str) -> Iterator[Task]:
    """Lay the works out in a folder.

    Parameters
    ----------
    folder
        An empty one.
    only
        Works whose name holds this; all if empty.

    Yields
    ------
    Task
        Ready to be timed.
    """
    project = pipeline.create_project(folder / "border")
    pipeline.run(project, resolution=7)
    bench = crowded(lay_bench(project, DANGER.name))
    coarse = (
        Task(
            name="train and score danger, resolution 7",
            work=partial(train_and_score, bench),
            most_s=30.0,
            most_mb=2048,
        ),
        Task(
            name="by the stack of learners, resolution 7",
            work=partial(train_and_score, bench, STACK),
        ),
        Task(
            name=f"backtest, {ORIGINS} origins, every baseline, resolution 7",
            work=partial(backtest, bench),
            most_s=300.0,
        ),
        Task(
            name="the same bytes with one thread and two, resolution 7",
            work=partial(same_on_threads, bench, 0),
        ),
    )
    yield from (task for task in coarse if only in task.name)
    fine_name = "train and score danger, 604,393 cells, resolution 8"
    if only not in fine_name:
        return
    pipeline.run(project, resolution=8)
    fine = crowded(lay_bench(project, DANGER.name))
    yield Task(name=fine_name, work=partial(train_and_score, fine), most_s=10.0)


def same_on_threads(bench: Bench, horizons: int) -> bool:
    """Tell whether one thread and two give the same bytes.

    Parameters
    ----------
    bench
        Records and layers.
    horizons
        As of :func:`train_and_score`.

    Returns
    -------
    bool
        True.

    Raises
    ------
    RuntimeError
        If they do not.
    """
    found = set()
    for threads in (1, 2):
        with threadpool_limits(threads):
            found.add(train_and_score(bench, horizons))
    if len(found) > 1:
        msg = "One thread and two do not give the same bytes."
        raise RuntimeError(msg)
    return True


def row_of(task: Task, took: Measurement) -> str:
    """Write one work as a row.

    Parameters
    ----------
    task
        The work.
    took
        What it took.

    Returns
    -------
    str
        Of a Markdown table.
    """
    seconds = "" if task.most_s is None else f"≤ {task.most_s:g}"
    room = "" if task.most_mb is None else f"≤ {task.most_mb}"
    return (
        f"| {task.name} | {took.seconds:.1f} | {took.cpu_seconds:.1f} | {seconds} "
        f"| {took.peak_mb:.0f} | {room} |"
    )


def put(report: str, lines: dict[str, str], rounds: int) -> str:
    """Put rows in their place in a report, other rows of the section staying.

    Parameters
    ----------
    report
        Markdown.
    lines
        Rows by the name of the work.
    rounds
        How often each was measured.

    Returns
    -------
    str
        The report.
    """
    before, _, rest = report.partition(FROM)
    old, _, after = rest.partition(TO)
    held = {
        line.split("|")[1].strip(): line
        for line in old.splitlines()
        if line.startswith("| ") and not line.startswith("| work")
    }
    section = SECTION.format(
        day=datetime.datetime.now(datetime.UTC).date().isoformat(),
        cores=os.cpu_count(),
        rounds=rounds,
        deaths=DEATHS,
        moved=MOVED_KM,
        lines="\n".join({**held, **lines}.values()),
    )
    return before.rstrip("\n") + "\n\n" + FROM + section + TO + after


def main() -> None:
    """Measure, print as it comes, write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="")
    parser.add_argument("--out", type=Path, default=REPORT)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        for task in tasks(Path(scratch), asked.only):
            took = measure("training", task.name, task.work, rounds=asked.rounds)
            row = row_of(task, took)
            print(row, flush=True)
            # at once: the next work may outlast the time that there is
            report = asked.out.read_text(encoding="utf-8")
            told = put(report, {task.name: row}, asked.rounds)
            asked.out.write_text(told, encoding="utf-8")


if __name__ == "__main__":
    main()
