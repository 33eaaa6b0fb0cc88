"""Build the coarse land of the world that the map shows beyond the project's own.

Natural Earth 1:110m (public domain) as packed in ``world-atlas``, fetched from npm and
pinned by sum. The result, ``riskmap/webmap/static/world.json``, is committed: it is
small, and the map needs no network. Run by hand, once.
"""

import itertools
import json
import sys
import tarfile
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import vendor_assets

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "riskmap/webmap/static/world.json"
PACKAGE = "world-atlas@2.0.2"
LAND = "package/land-110m.json"
LAND_SHA256 = "ead5f68119c49a9250902e7da303bcb209341bbb8fefe7369a439b48b704658a"
STEP_DEG = 0.01


def land_topology() -> dict:
    """Fetch the land, and check its sum."""
    with tempfile.TemporaryDirectory() as folder:
        npm = vendor_assets.npm_command()
        archive = vendor_assets.fetch(PACKAGE, npm, Path(folder))
        with tarfile.open(archive) as files:
            member = files.extractfile(LAND)
            content = member.read() if member else b""
    if vendor_assets.sha256(content) != LAND_SHA256:
        sys.exit(f"{LAND} is not the file pinned: {vendor_assets.sha256(content)}")
    return json.loads(content)


def decoded_arcs(topology: dict) -> list[list[tuple[int, int]]]:
    """Turn TopoJSON's differences into whole steps of a hundredth of a degree."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        sums = itertools.accumulate(arc, lambda a, b: [a[0] + b[0], a[1] + b[1]])
        arcs.append(
            [
                (
                    round((x * scale[0] + shift[0]) / STEP_DEG),
                    round((y * scale[1] + shift[1]) / STEP_DEG),
                )
                for x, y in sums
            ]
        )
    return arcs


def flat_ring(numbers: list[int], arcs: list[list[tuple[int, int]]]) -> list[int]:
    """Join arcs to a ring: its first point, then differences."""
    points: list[tuple[int, int]] = []
    for number in numbers:
        part = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += part[1:] if points else part
    out = list(points[0])
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        if (x0, y0) != (x1, y1):
            out += [x1 - x0, y1 - y0]
    return out


def main() -> None:
    """Write the world."""
    topology = land_topology()
    arcs = decoded_arcs(topology)
    polygons = [
        [flat_ring(numbers, arcs) for numbers in rings]
        for geometry in topology["objects"]["land"]["geometries"]
        for rings in geometry["arcs"]
    ]
    text = json.dumps({"step": STEP_DEG, "land": polygons}, separators=(",", ":"))
    OUT.write_text(text + "\n", encoding="utf-8")
    print(f"{OUT}: {len(polygons)} polygons, {len(text):,} characters")


if __name__ == "__main__":
    main()
