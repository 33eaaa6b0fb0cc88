"""Ingest: a million rows read and checked, beside pandas with pandera.

Run ``python -m benchmarks.ingest`` in the checkout; ``--rows`` for fewer.
"""

import argparse
import sys
import tempfile
from datetime import date
from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pandera.pandas as pa
import shapely

from benchmarks.measure import Measurement, as_markdown, measure
from riskmap.boundary import read_boundary
from riskmap.crs import metric_crs_for
from riskmap.ingest import KINDS, load_profile, read_incidents, read_jurisdictions
from riskmap.ingest.boundary_checks import distance_to_line_km
from riskmap.ingest.identity import fold
from riskmap.ingest.options import IngestOptions

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data" / "boundary"
KNOWN_ON = date(2024, 1, 1)
SMALL_ROWS = 5_000

# what must hold: rows, seconds, MB (issue 3)
SMALL_SECONDS, LARGE_SECONDS, LARGE_MB = 2.0, 90.0, 2_048

OPTIONS = IngestOptions()


def make_file(path: Path, rows: int) -> None:
    """Write rows in both countries, about one in ten with a slip."""
    rng = np.random.default_rng(3)
    x, y = rng.uniform(-114, -109, rows).round(5), rng.uniform(30.5, 33, rows).round(5)
    slip = rng.integers(0, 100, rows)
    days = pd.to_timedelta(rng.integers(0, 4_000, rows), unit="D")
    boundary = read_boundary(DATA / "boundary.geojson")
    side = distance_to_line_km(pd.Series(x), pd.Series(y), boundary)["side"].to_numpy()
    table = pd.DataFrame(
        {
            "id": np.where(slip == 0, "", np.arange(rows).astype(str)),
            "date": (pd.Timestamp("2010-01-01") + days).strftime("%Y-%m-%d"),
            "type": rng.choice(["death", "rescue", "injury", "rock throwing"], rows),
            "cause": rng.choice(["heat", "drowned", ""], rows),
            "dead": rng.integers(1, 3, rows),
            "missing": 0,
            "latitude": np.where(slip == 1, 0, np.where(slip == 2, -y, y)),
            "longitude": np.where(slip == 3, -x, np.where(slip == 4, -200.5, x)),
            "accuracy": rng.choice([100, 1_000, 5_000], rows),
            "country": np.where(slip == 5, "MX", side),
        }
    )
    table.loc[slip == 6, "date"] = "2021-02-30"
    table.loc[slip == 7, "type"] = "picnic"
    table.loc[slip == 8, "dead"] = -1
    table.to_csv(path, index=False)


def ours(path: Path, *, jurisdictions: bool) -> tuple[int, int]:
    """Read and check with riskmap; rows accepted and set aside."""
    areas = DATA / "jurisdictions.geojson.gz"
    batch = read_incidents(
        path,
        profile="generic_en",
        known_on=KNOWN_ON,
        boundary=read_boundary(DATA / "boundary.geojson"),
        jurisdictions=read_jurisdictions(areas) if jurisdictions else None,
    )
    return len(batch.accepted), batch.quarantined


def _sides(frame: pd.DataFrame, boundary: gpd.GeoDataFrame) -> pd.Series:
    """Tell which rows do not lie 10 km and more within the other country."""
    metric_crs = metric_crs_for(boundary)
    line = boundary.to_crs(metric_crs).union_all()
    pieces = shapely.get_parts(shapely.segmentize(line, 5_000.0))
    shapely.prepare(pieces)
    x, y = (pd.to_numeric(frame[c], errors="coerce") for c in ("longitude", "latitude"))
    points = gpd.GeoSeries(gpd.points_from_xy(x, y), crs=4326).to_crs(metric_crs)
    corners = shapely.get_coordinates(line)
    edges = shapely.linestrings(np.stack([corners[:-1], corners[1:]], axis=1))
    finite = np.isfinite(shapely.get_coordinates(points.to_numpy())).all(axis=1)
    near = points.to_numpy()[finite]
    metres = np.zeros(len(frame))
    _, away = shapely.STRtree(edges).query_nearest(
        near, return_distance=True, all_matches=False
    )
    metres[finite] = away
    top = [(corners[:, 0].min() - 1e6, 3e6), (corners[:, 0].max() + 1e6, 3e6)]
    order = corners if corners[0, 0] > corners[-1, 0] else corners[::-1]
    ring = shapely.Polygon(np.concatenate([order, top]))
    north = shapely.contains_xy(ring, shapely.get_coordinates(points.to_numpy()))
    wrong = np.where(north, "US", "MX") != frame["country"].to_numpy()
    accuracy = pd.to_numeric(frame["accuracy"], errors="coerce").fillna(0).to_numpy()
    return pd.Series(~(wrong & (metres > 10_000 + accuracy)), index=frame.index)


def _number(low: float, high: float) -> pa.Check:
    return pa.Check(
        lambda text: pd.to_numeric(text, errors="coerce").between(low, high)
    )


def _places(frame: pd.DataFrame) -> pd.Series:
    """Check what two coordinates say together."""
    x, y = (pd.to_numeric(frame[c], errors="coerce") for c in ("longitude", "latitude"))
    return ~((x.abs() == y.abs()) | ((x % 1 == 0) & (y % 1 == 0)) | (x == 0) | (y == 0))


def _nobody(frame: pd.DataFrame) -> pd.Series:
    dead = pd.to_numeric(frame["dead"], errors="coerce")
    return ~((frame["type"] == "death") & (dead == 0))


def schema(boundary: gpd.GeoDataFrame) -> pa.DataFrameSchema:
    """Say the same checks in pandera, as far as they can be said there."""
    profile = load_profile("generic_en")
    words = {*profile.vocabulary["kind"], *(code.replace("_", " ") for code in KINDS)}
    causes = {*profile.vocabulary["cause"], "exposure", "drowning", ""}
    west, south, east, north = OPTIONS.region

    def known(allowed: set[str]) -> pa.Check:
        return pa.Check(
            lambda text: text.map({t: fold(t) in allowed for t in text.unique()})
        )

    def possible(text: pd.Series) -> pd.Series:
        days = pd.to_datetime(text, format="%Y-%m-%d", errors="coerce")
        return days.between("1900-01-01", pd.Timestamp(KNOWN_ON))

    clean = pa.Check.str_matches(r"^[^\x00-\x08\x0e-\x1f\x7f\ufffd]*$")
    columns = {
        "id": pa.Column(str, [clean, pa.Check.str_length(1, 200)]),
        "date": pa.Column(str, [clean, pa.Check(possible)]),
        "type": pa.Column(str, [clean, known(words)]),
        "cause": pa.Column(str, [clean, known(causes)]),
        "dead": pa.Column(str, [clean, _number(0, OPTIONS.most_harmed)]),
        "missing": pa.Column(str, [clean, _number(0, OPTIONS.most_harmed)]),
        "latitude": pa.Column(str, [clean, _number(south, north)]),
        "longitude": pa.Column(str, [clean, _number(west, east)]),
        "accuracy": pa.Column(str, [clean, _number(0.1, OPTIONS.coarsest_m)]),
        "country": pa.Column(str, [clean, pa.Check.isin(["US", "MX", ""])]),
    }
    checks = [
        pa.Check(lambda frame: ~frame["id"].duplicated(keep=False), name="repeated"),
        pa.Check(_places),
        pa.Check(_nobody),
        pa.Check(partial(_sides, boundary=boundary), name="country"),
    ]
    return pa.DataFrameSchema(columns, checks=checks)


def pandera(path: Path) -> tuple[int, int]:
    """Read with pandas and check with pandera; rows accepted and set aside."""
    frame = pd.read_csv(path, dtype="str", keep_default_na=False)
    wrong: set[int] = set()
    try:
        schema(read_boundary(DATA / "boundary.geojson")).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        wrong = set(error.failure_cases["index"].dropna())
    good = frame[~frame.index.isin(wrong)]
    points = gpd.points_from_xy(
        pd.to_numeric(good["longitude"]), pd.to_numeric(good["latitude"])
    )
    return len(gpd.GeoDataFrame(good, geometry=points, crs=4326)), len(wrong)


def rows_of(folder: Path, rows: int, rounds: int) -> list[Measurement]:
    """Measure one size of file."""
    path = folder / f"{rows}.csv"
    make_file(path, rows)
    stage = f"{rows:,} rows read and checked"
    plain = partial(ours, path, jurisdictions=False)
    full = partial(ours, path, jurisdictions=True)
    return [
        measure(stage, "riskmap", plain, rounds=rounds),
        measure(stage, "riskmap, with states and municipios", full, rounds=rounds),
        measure(
            stage, "pandas + pandera, without proposals", partial(pandera, path),
            rounds=rounds,
        ),
    ]  # fmt: skip


def main() -> None:
    """Print the figures; fail where a promise of issue 3 is not kept."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=1)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small = rows_of(folder, SMALL_ROWS, given.rounds)
        large = rows_of(folder, given.rows, given.rounds)
        path = folder / f"{SMALL_ROWS}.csv"
        ended = {"riskmap": ours(path, jurisdictions=False), "pandera": pandera(path)}
    print(as_markdown([*small, *large]))
    for candidate, (accepted, aside) in ended.items():
        print(f"{candidate}: {accepted} accepted, {aside} set aside of {SMALL_ROWS}")
    kept = small[0].seconds <= SMALL_SECONDS and large[0].seconds <= LARGE_SECONDS
    sys.exit(not (kept and large[0].peak_mb <= LARGE_MB))


if __name__ == "__main__":
    main()
