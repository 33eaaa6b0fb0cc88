"""Build riskmap's bundled tables from the shared folder.

The same shared folder gives the same bytes. Each folder of `data/` has a README
with publisher, licence, method and what is missing.
"""

import argparse
from pathlib import Path

from sample.basemap import write_basemap
from sample.boundary import write_boundary, write_spans
from sample.climate import write_stations
from sample.incidents import write_coverage, write_incidents
from sample.jurisdictions import write_jurisdictions
from sample.landmarks import write_landmarks
from sample.line import read_line
from sample.roads import write_roads
from sample.terrain import write_terrain
from sample.waterways import write_regions, write_waterways

ROOT = Path(__file__).resolve().parent.parent


def build(shared: Path, out: Path, atlas: Path | None = None) -> None:
    """Write every table of the sample project into a folder."""
    line, vertices = read_line(shared)
    write_boundary(line, vertices, out)
    write_spans(shared, out)
    write_jurisdictions(shared, line, out)
    if atlas:
        write_basemap(shared, atlas, line, out)
    write_incidents(shared, out)
    write_coverage(float(line.km[-1]), out)
    write_landmarks(shared, line, out)
    write_waterways(shared, line, out)
    write_roads(shared, line, out)
    write_regions(shared, out)
    write_stations(shared, out)
    write_terrain(shared, line, out)


def main() -> None:
    """Read the arguments and build."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path, help="folder of the public source files")
    parser.add_argument("--out", type=Path, default=ROOT / "data")
    parser.add_argument(
        "--atlas",
        type=Path,
        help="folder with the npm packages world-atlas 2.0.2 and us-atlas 3.0.1, "
        "unpacked under these names; without it the basemap is left as it is",
    )
    given = parser.parse_args()
    build(given.shared, given.out, given.atlas)


if __name__ == "__main__":
    main()
