"""Small tables of every dtype the store keeps, made from a number."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

FIRST_CELL = 0x88754E6499FFFFF


def cells(number: int, rows: int = 40) -> pd.DataFrame:
    """A cell table; another number gives other values."""
    rng = np.random.default_rng(number)
    index = pd.Index(
        FIRST_CELL + np.arange(rows, dtype="uint64") * 4096, dtype="uint64", name="cell"
    )
    return pd.DataFrame(
        {
            "km": rng.random(rows),
            "side": pd.array(rng.choice(["US", "MX"], rows), dtype="str"),
            "rank": pd.array(rng.integers(0, 9, rows), dtype="Int64").astype("Int64"),
        },
        index=index,
    )


def incidents(number: int, rows: int = 12) -> gpd.GeoDataFrame:
    """An event table whose ids no other number has."""
    rng = np.random.default_rng(number)
    day = np.datetime64("2020-01-01", "us") + rng.integers(
        0, 700, rows
    ) * np.timedelta64(1, "D")
    return gpd.GeoDataFrame(
        {
            "occurred_on": pd.Series(day).dt.tz_localize("UTC").to_numpy(),
            "dead": rng.integers(0, 3, rows),
            "accuracy_m": np.where(rng.random(rows) < 0.3, np.nan, 100.0),
        },
        index=pd.Index(
            [f"{number}-{i:03d}" for i in range(rows)], dtype="str", name="event_id"
        ),
        geometry=shapely.points(
            rng.uniform(-117, -97, rows), rng.uniform(26, 33, rows)
        ),
        crs="EPSG:4326",
    ).astype({"occurred_on": "datetime64[us, UTC]"})


def faults(number: int, rows: int = 3) -> pd.DataFrame:
    """A quarantine table: ``rows`` rows, the first with two faults."""
    at = [1, *range(1, rows + 1)] if rows else []
    return pd.DataFrame(
        {
            "row": np.array(at, dtype="int64"),
            "code": pd.array(["no_date"] * len(at), dtype="str"),
            "value": pd.array([f"día {number}"] * len(at), dtype="str"),
        }
    )


def receipt(number: int, *, accepted: int = 12, quarantined: int = 3) -> dict:
    """What comes with delivery ``number``: one duplicate, the rest as said."""
    return {
        "file_sha256": f"{number:064x}",
        "file_name": f"entrega {number}.csv",
        "profile": "iom_mmp",
        "duplicates": 1,
        "rows_in": accepted + quarantined + 1,
        "known_at": f"2021-03-{number % 28 + 1:02d}",
    }


def deliver(project, number):
    """Record delivery ``number``."""
    return project.record_batch(
        "incidents",
        accepted=incidents(number),
        faults=faults(number),
        **receipt(number),
    )
