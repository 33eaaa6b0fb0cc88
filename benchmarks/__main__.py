"""Run all benchmarks and write docs/benchmarks.md: ``make bench``."""

import argparse
import datetime
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import stages
from benchmarks.measure import Measurement, as_markdown, measure
from riskmap import cells
from riskmap.boundary import CorridorOptions, corridor_cells

ROOT = Path(__file__).resolve().parent.parent

REPORT = ROOT / "docs" / "benchmarks.md"

# what must hold: command, seconds, MB
BUDGETS = {
    "riskmap run, resolution 7, from cold": (12.0, 1536),
    "riskmap run, resolution 8, from cold": (40.0, 3072),
    "riskmap --help": (0.5, None),
}

HEAD = """# Speed, measured

Made by `make bench` (`python -m benchmarks`) on {machine}, {cores} cores,
Python {python}, on {day}. Each line is the median of {rounds} rounds, each in a
process of its own; peak memory is what the work took above its inputs. `~`: a part
of the work was run and scaled up. Other work shares the machine: read ratios, not
seconds.

{table}

## The whole road

| command | wall s | must hold | peak MB | must hold |
|---|---:|---:|---:|---:|
{road}
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


def _timed(*command: str) -> tuple[float, float]:
    """Run a command; its wall seconds and peak memory in MB."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, code, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(code)
    if process.returncode:
        msg = f"{command} ended with {process.returncode}."
        raise RuntimeError(msg)
    return time.perf_counter() - start, used.ru_maxrss / 1024


def _road(folder: Path) -> list[tuple[str, float, float]]:
    """Time the commands a newcomer types."""
    riskmap = str(Path(sys.executable).with_name("riskmap"))
    project = str(folder / "border")
    rows = [("riskmap --help", *_timed(riskmap, "--help"))]
    rows.append(("riskmap init", *_timed(riskmap, "init", "--project", project)))
    for resolution in (7, 8):
        shutil.copytree(project, f"{project}{resolution}")
        command = (riskmap, "run", "--project", f"{project}{resolution}")
        took = _timed(*command, "--resolution", str(resolution))
        rows.append((f"riskmap run, resolution {resolution}, from cold", *took))
    again = (riskmap, "run", "--project", f"{project}7")
    rows.append(("riskmap run, nothing changed", *_timed(*again)))
    for form in ("geojson", "geoparquet", "gpkg", "html"):
        command = (riskmap, "export", "--project", f"{project}7", "--format", form)
        took = _timed(*command, "--out", str(folder / "out"))
        rows.append((f"riskmap export --format {form}, resolution 7", *took))
    return rows


def _road_lines(rows: list[tuple[str, float, float]]) -> str:
    """Write the commands' table."""
    lines = []
    for name, seconds, peak in rows:
        most_s, most_mb = BUDGETS.get(name, (None, None))
        wanted = "" if most_s is None else f"≤ {most_s:g}"
        room = "" if most_mb is None else f"≤ {most_mb}"
        lines.append(f"| `{name}` | {seconds:.1f} | {wanted} | {peak:.0f} | {room} |")
    return "\n".join(lines)


def main() -> None:
    """Measure everything, print as it comes, write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--resolution", type=int, default=8)
    parser.add_argument("--road-only", action="store_true")
    parser.add_argument("--out", type=Path, default=REPORT)
    asked = parser.parse_args()
    found: list[Measurement] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        # first, while this process is small: a child starts from its parent's peak
        road = _road(folder)
        candidates = [] if asked.road_only else _stages(folder, asked.resolution)
        for one in candidates:
            done = measure(
                one.stage, one.name, one.work, rounds=asked.rounds, share=one.share
            )
            found.append(done)
            print(f"{done.stage}: {done.candidate} {done.seconds:.2f} s", flush=True)
    text = HEAD.format(
        machine=f"{platform.machine()} {platform.system()}",
        cores=os.cpu_count(),
        python=platform.python_version(),
        day=datetime.datetime.now(datetime.UTC).date().isoformat(),
        rounds=asked.rounds,
        table=as_markdown(found),
        road=_road_lines(road),
    )
    asked.out.write_text(text, encoding="utf-8")
    print(text)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"the benchmark itself took {peak:.0f} MB")


if __name__ == "__main__":
    main()
