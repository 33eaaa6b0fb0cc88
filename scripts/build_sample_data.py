"""Build `data/` from the shared folder: `build_sample_data.py SHARED [OUT]`.

The same shared folder gives the same bytes. Each folder of `data/` has a README
with publisher, licence, method and what is missing.
"""

import sys
from pathlib import Path

from sample.boundary import write_boundary, write_spans
from sample.climate import write_stations
from sample.incidents import write_coverage, write_incidents
from sample.landmarks import write_landmarks, write_regions, write_waterways
from sample.line import read_line
from sample.terrain import write_terrain

ROOT = Path(__file__).resolve().parent.parent


def build(shared: Path, out: Path) -> None:
    """Write every table of the sample project into a folder."""
    line, vertices = read_line(shared)
    write_boundary(line, vertices, out)
    write_spans(shared, out)
    write_incidents(shared, out)
    write_coverage(float(line.km[-1]), out)
    write_landmarks(shared, line, out)
    write_waterways(shared, line, out)
    write_regions(shared, out)
    write_stations(shared, out)
    write_terrain(shared, line, out)


def main() -> None:
    """Read the arguments and build."""
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    out = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "data"  # noqa: PLR2004
    build(Path(sys.argv[1]), out)


if __name__ == "__main__":
    main()
