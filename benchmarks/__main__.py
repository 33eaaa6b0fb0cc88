"""Run all benchmarks and write docs/benchmarks.md: ``make bench``."""

import argparse
import datetime
import os
import platform
import resource
import tempfile
from pathlib import Path

from benchmarks import road, stages
from benchmarks.measure import Measurement, as_markdown, measure
from riskmap import cells
from riskmap.boundary import CorridorOptions, corridor_cells

ROOT = Path(__file__).resolve().parent.parent

REPORT = ROOT / "docs" / "benchmarks.md"

HEAD = """# Speed, measured

Made by `make bench` (`python -m benchmarks`) on {machine}, {cores} cores,
Python {python}, on {day}. Each line is the median of {rounds} rounds, each in a
process of its own; peak memory is what the work took above its inputs. `~`: a part
of the work was run and scaled up. Other work shares the machine: read ratios, not
seconds.

{table}

The register's speed (`python -m benchmarks.register`) stands in
[the linkage how-to](howto-linkage.md#speed).

"""


def _stages(folder: Path, resolution: int) -> list[stages.Candidate]:
    """List every candidate of every stage."""
    boundary = stages.given("boundary")
    index = corridor_cells(boundary, CorridorOptions(resolution=resolution)).index
    part = cells.cell_index(index[:50_000])
    return [
        *stages.points_to_cells(),
        *stages.corridor_to_cells(),
        *stages.corridor(7),
        *stages.corridor(8),
        *stages.zonal(folder, index),
        *stages.nearest_distance(index),
        *stages.neighbourhood_sums(index),
        *stages.dissolve(part),
        *stages.export(index, folder),
    ]


def main() -> None:
    """Measure everything, print as it comes, write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--resolution", type=int, default=8)
    parser.add_argument("--road-only", action="store_true")
    parser.add_argument("--out", type=Path, default=REPORT)
    asked = parser.parse_args()
    # first, while this process is small: a child starts from its parent's peak
    with tempfile.TemporaryDirectory() as scratch:
        walked = road.section(Path(scratch), rounds=asked.rounds)
    if asked.road_only:
        head = asked.out.read_text(encoding="utf-8").split(road.TITLE)[0]
    else:
        head = HEAD.format(
            machine=f"{platform.machine()} {platform.system()}",
            cores=os.cpu_count(),
            python=platform.python_version(),
            day=datetime.datetime.now(datetime.UTC).date().isoformat(),
            rounds=asked.rounds,
            table=as_markdown(_measured(asked.resolution, asked.rounds)),
        )
    asked.out.write_text(head + walked, encoding="utf-8")
    print(head + walked)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"the benchmark itself took {peak:.0f} MB")


def _measured(resolution: int, rounds: int) -> list[Measurement]:
    """Measure every candidate, telling each as it is done."""
    found: list[Measurement] = []
    with tempfile.TemporaryDirectory() as scratch:
        for one in _stages(Path(scratch), resolution):
            done = measure(
                one.stage, one.name, one.work, rounds=rounds, share=one.share
            )
            found.append(done)
            print(f"{done.stage}: {done.candidate} {done.seconds:.2f} s", flush=True)
    return found


if __name__ == "__main__":
    main()
