"""A view of a tiny project, made in code."""

import dataclasses
import tempfile
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap import pipeline
from riskmap.pipeline.reports import OverdueTask
from riskmap.places.gazetteer import build_gazetteer
from riskmap.ui.tables import View
from riskmap.webmap import MapFiles, MapTables
from tests.webmap.tiny import (
    EAST,
    LINE_Y,
    NORTH,
    WEST,
    hostile,
    tiny_tables,
)

# parts of a score, as shares that add up to one
PARTS = {"history": 0.7, "terrain": 0.5, "distance": -0.2}


def loud_tables(texts: Sequence[str]) -> MapTables:
    """Put every text into the name of a landmark, a zone and a town of its own."""
    tables = tiny_tables()
    count = len(texts)
    names, other = list(texts), list(texts[::-1])
    x = np.linspace(WEST, EAST, count)
    y = np.linspace(LINE_Y, NORTH, count)
    # as many rows as texts, each the same but for its name, place and key
    rows = np.zeros(count, dtype=int)
    zones = tables.zones.iloc[rows].assign(
        landmark_en=names, landmark_es=other, rank=range(1, count + 1)
    )
    zones.index = pd.Index([f"migrant_danger-US-{i}" for i in range(count)])
    zones = zones.rename_axis("zone_id").set_geometry(
        shapely.box(x, y, x + 0.002, y + 0.002), crs="EPSG:4326"
    )
    landmarks = tables.landmarks.iloc[rows].assign(name_en=names, name_es=other)
    landmarks.index = pd.Index([f"p-{i}" for i in range(count)], name="landmark_id")
    towns = gpd.GeoDataFrame(
        {"kind": "town", "name": names, "people": 300_000.0},
        geometry=gpd.points_from_xy(x, y),
        crs="EPSG:4326",
    )
    return dataclasses.replace(
        tables,
        zones=zones,
        landmarks=landmarks.set_geometry(gpd.points_from_xy(x, y), crs="EPSG:4326"),
        basemap=pd.concat([tables.basemap, towns], ignore_index=True),
    )


def tiny_view(
    names: tuple[str, str] = ("Nogales", "Nogales (Sonora)"),
    tables: MapTables | None = None,
) -> View:
    """Make a view of some 300 cells about Nogales."""
    tables = tables or tiny_tables(names=names)
    files = MapFiles(tables)
    reasons = pd.concat(
        [
            pd.DataFrame(
                {
                    "cell": tables.cells.index,
                    "score": score,
                    "part": part,
                    "value": tables.cells[score].to_numpy() * share,
                }
            ).dropna()
            for score in tables.scores
            for part, share in PARTS.items()
        ]
    )
    skill = pd.DataFrame(
        {
            "score": "migrant_danger",
            "model": ["mixture", "count_all", "mixture", "mixture", "count_all"],
            "versus": ["", "", "count_all", "", ""],
            "metric": ["hit_rate_5pct"] * 2
            + ["information_gain_bits"]
            + ["pai_5pct"] * 2,
            "events": 300,
            "from_on": "2021-01-01",
            "to_on": "2022-01-01",
            "value": [0.61, 0.52, 3.0, 12.2, 10.4],
            "low": [0.55, 0.45, 2.5, 11.0, 9.0],
            "high": [0.65, 0.55, 3.5, 13.0, 11.0],
        }
    )
    return View(
        tables=tables,
        files=files,
        digest=files.digest(),
        reasons=lambda: reasons.set_index("cell").sort_index(),
        skill=skill,
        as_of="2022-01-01",
    )


def tiny_region(view: View, code: str) -> pipeline.RegionView | None:
    """Give a region of the west half and the last zone only."""
    if not code:
        return None
    cells = view.tables.cells
    return pipeline.RegionView(
        region_id=code,
        name_en="Tucson",
        name_es="Tucsón",
        basis="unverified",
        cells=cells.index[cells["x"] < -110.9].to_numpy(),
        zones=(str(view.tables.zones.index[-1]),),
        box=(-111.1, 31.2, -110.9, 31.5),
    )


def tiny_quality(name: str = "north.csv") -> pipeline.Quality:
    """Tell of one file of three rows; every text from outside is the name given."""
    day = pd.Timestamp("2021-01-01", tz="UTC")
    where = {"file": name, "row": 3, "line": 4, "unit": "line"}
    example = where | {"column": name, "value": name}
    return pipeline.Quality(
        register=pd.DataFrame(
            {
                "source": ["iom_mmp", name],
                "kind": ["migrant_death", name],
                "records": [1, 1],
                "from_on": day,
                "to_on": day,
            }
        ),
        faults=pd.DataFrame(
            {"code": ["date_unreadable"], "rows": [1], "examples": [[example]]}
        ),
        coverage=pd.DataFrame(
            {
                "source": [name, "iom_mmp"],
                "side": ["US", "MX"],
                "from_km": [0.0, 0.0],
                "to_km": [3182.0, 3182.0],
                "from_on": [day, pd.NaT],
                "to_on": [day, pd.NaT],
                "state": ["stated", "no_data"],
            }
        ),
        deliveries=pd.DataFrame(
            {
                "register": ["incidents"],
                "file": [name],
                "known_at": ["2022-01-01T00:00:00+00:00"],
                "rows_in": [3],
                "accepted": [2],
                "quarantined": [1],
                "duplicates": [0],
            }
        ),
        overdue=(
            OverdueTask(
                item=name,
                event_id=name,
                side="US",
                note=name,
                due_on="2021-02-01",
                overdue_days=3,
            ),
        ),
        **tiny_trust(name, day),
    )


def loud_quality(texts: Sequence[str]) -> pipeline.Quality:
    """Tell of a file for every text, all texts from outside being that one."""
    each = [vars(tiny_quality(text)) for text in texts]
    tables = [name for name in each[0] if name != "overdue"]
    return pipeline.Quality(
        overdue=tuple(task for one in each for task in one["overdue"]),
        **{name: pd.concat([one[name] for one in each]) for name in tables},
    )


def tiny_trust(name: str, day: pd.Timestamp) -> dict[str, pd.DataFrame]:
    """Tell how well, how late and how completely the one file was recorded."""
    return {
        "grades": pd.DataFrame(
            {
                "accuracy_basis": ["stated"],
                "confirmation": ["confirmed"],
                "marking": [name],
                "records": [2],
            }
        ),
        "timeliness": pd.DataFrame(
            {
                "source": [name],
                "basis": ["known"],
                "median_days": [12.0],
                "p90_days": [40.0],
                "limit_days": [float("nan")],
                "late": [False],
                "stale": [True],
                "newest_on": [day],
                "last_known_on": [day],
            }
        ),
        "completeness": pd.DataFrame(
            {
                "purpose": ["life_saving"],
                "side": ["US"],
                "name": [name],
                "reporting": [0],
                "not_reporting": [3],
                "unknown": [9],
                "records": [0],
                "last_month": [""],
            }
        ),
        "areas": pd.DataFrame(
            {
                "area": ["26043"],
                "area_label": [name],
                "kind": [name],
                "year": [2020],
                "events": [3],
            }
        ),
    }


def tiny_whereabouts(
    *, loud: bool = False, texts: Sequence[str] = ()
) -> pipeline.Whereabouts:
    """Know the bundled places about Nogales; loud ones have names that try to run."""
    with tempfile.TemporaryDirectory() as folder:
        project = pipeline.create_project(Path(folder) / "border", empty=True)
        known = pipeline.read_whereabouts(project)
        here = pipeline.landmarks_of(project).cx[-111.6:-110.3, 31.0:31.8]
        if loud:
            shout = texts.__getitem__ if texts else hostile
            count = len(texts) or len(here)
            names = [shout(place % count) for place in range(len(here))]
            here = here.assign(name_en=names, name_es=names[::-1])
        gazetteer = build_gazetteer(
            here, waterways=project.read("waterways"), jurisdictions=known.units
        )
    return dataclasses.replace(known, gazetteer=gazetteer)
