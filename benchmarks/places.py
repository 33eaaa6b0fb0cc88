"""Places: seconds of locating and of cards, beside brute force on the same points.

Run ``python -m benchmarks.places`` in the checkout.
"""

import gzip
import json
import statistics
import time
import tomllib
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np

from riskmap.boundary import boundary_line, kilometres_along, point_at, read_boundary
from riskmap.boundary.sides import sides_at, sides_of
from riskmap.crs import GEOD
from riskmap.ingest.landmarks import read_landmarks
from riskmap.places.card import build_surroundings, card, cards
from riskmap.places.facts import is_shared
from riskmap.places.gazetteer import Gazetteer, build_gazetteer
from riskmap.places.line import Line
from riskmap.places.resolver import locate

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
POINTS, BRUTE = 10_000, 500
MOST_SECONDS, MOST_SECONDS_EACH = 5.0, 0.05


def world() -> tuple[Gazetteer, Line, gpd.GeoDataFrame]:
    """Read the bundled landmarks, jurisdictions and line."""
    boundary = read_boundary(DATA / "boundary/boundary.geojson")
    shape = boundary_line(boundary)
    rivers = boundary[boundary["reach"].isin(["rio_grande", "colorado"])]
    line = Line(
        nearest=partial(kilometres_along, shape),
        point_at=partial(point_at, shape),
        side_of=partial(sides_at, sides_of(shape)),
        length_km=float(boundary["to_km"].max()),
        rivers=tuple(zip(rivers["from_km"], rivers["to_km"], strict=True)),
    )
    raw = gzip.decompress((DATA / "boundary/jurisdictions.geojson.gz").read_bytes())
    units = gpd.GeoDataFrame.from_features(json.loads(raw)["features"], crs=4326)
    landmarks = read_landmarks(DATA / "landmarks/landmarks.csv").accepted
    roads = gpd.read_file(DATA / "landmarks/roads.geojson")
    water = gpd.read_file(DATA / "landmarks/waterways.geojson")
    gazetteer = build_gazetteer(
        landmarks, waterways=water, roads=roads, jurisdictions=units
    )
    return gazetteer, line, units


def inside(phrase: dict[str, Any], gazetteer: Gazetteer, line: Line) -> str:
    """Tell whether an answer holds all readings of a phrase, or is none."""
    found = locate(phrase["text"], gazetteer, line).candidates
    if not found:
        return "refused"
    held = [
        any(GEOD.inv(c.lon, c.lat, *point)[2] <= c.radius_m for c in found)
        for point in phrase["readings"]
    ]
    return "inside" if all(held) else "wrong"


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of a piece of work, and what it gave."""
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def main() -> None:
    """Print the figures; fail where a promise of issue 4 is not kept."""
    seconds, (gazetteer, line, units) = timed(world)
    print(f"read and index: {seconds:.2f} s")
    build = partial(build_surroundings, gazetteer, line, jurisdictions=units)
    seconds, around = timed(build)
    print(f"surroundings: {seconds:.2f} s")
    rng = np.random.default_rng(4)
    on_line = line.point_at(rng.uniform(0, line.length_km, POINTS))
    points = on_line + rng.normal(0, 0.3, on_line.shape)
    card(*points[0], around)
    each = [timed(partial(card, *point, around))[0] for point in points[:200]]
    print(f"one card: median {statistics.median(each) * 1e3:.1f} ms")
    whole, made = timed(partial(cards, points[:, 0], points[:, 1], around))
    print(f"{POINTS:,} cards: {whole:.2f} s")
    shared = [p for p in gazetteer.landmarks if is_shared(p)]
    lon, lat = np.array([(p.lon, p.lat) for p in shared]).T
    worst, others, start = 0.0, 0, time.perf_counter()
    for point, one in zip(points[:BRUTE], made[:BRUTE], strict=True):
        ones = np.ones(lon.size)
        metres = GEOD.inv(lon, lat, point[0] * ones, point[1] * ones)[2]
        best = np.argsort(metres, kind="stable")[:3]
        apart = [
            abs(metres[row] - near.metres)
            for row, near in zip(best, one.shared, strict=True)
        ]
        worst = max(worst, *apart)
        others += [shared[b] for b in best] != [near.landmark for near in one.shared]
    slow = (time.perf_counter() - start) * POINTS / BRUTE
    print(f"brute force, shared landmarks only: {slow:.1f} s for {POINTS:,} points")
    print(f"against it: {others} other neighbours, at most {worst:.2g} m apart")
    phrases = tomllib.loads((ROOT / "tests/places/phrases.toml").read_text("utf-8"))
    texts = [phrase["text"] for phrase in phrases["phrase"]]
    spent = [timed(partial(locate, text, gazetteer, line))[0] for text in texts]
    print(
        f"locate, {len(texts)} phrases: "
        f"median {statistics.median(spent) * 1e3:.1f} ms, "
        f"slowest {max(spent) * 1e3:.0f} ms"
    )
    for name in ("phrases", "radio"):
        file = ROOT / f"tests/places/{name}.toml"
        listed = tomllib.loads(file.read_text("utf-8"))["phrase"]
        sorts = Counter(inside(phrase, gazetteer, line) for phrase in listed)
        print(
            f"{name}: {len(listed)}, " + ", ".join(f"{n} {s}" for s, n in sorts.items())
        )
    kept = whole < MOST_SECONDS and statistics.median(each) < MOST_SECONDS_EACH
    raise SystemExit(not (kept and others == 0 and worst <= 0.1))


if __name__ == "__main__":
    main()
