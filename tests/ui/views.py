"""A view of a tiny project, made in code."""

import dataclasses
import tempfile
from pathlib import Path

import pandas as pd

from riskmap import pipeline
from riskmap.places.gazetteer import build_gazetteer
from riskmap.ui.tables import View
from riskmap.webmap import MapFiles
from tests.webmap.tiny import hostile, tiny_tables

# parts of a score, as shares that add up to one
PARTS = {"history": 0.7, "terrain": 0.5, "distance": -0.2}


def tiny_view(names: tuple[str, str] = ("Nogales", "Nogales (Sonora)")) -> View:
    """Make a view of some 300 cells about Nogales."""
    tables = tiny_tables(names=names)
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
    example = {"file": name, "row": 3, "column": name, "value": name}
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
        **tiny_trust(name, day),
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


def tiny_whereabouts(*, loud: bool = False) -> pipeline.Whereabouts:
    """Know the bundled places about Nogales; loud ones have names that try to run."""
    with tempfile.TemporaryDirectory() as folder:
        project = pipeline.create_project(Path(folder) / "border", empty=True)
        known = pipeline.read_whereabouts(project)
        here = pipeline.landmarks_of(project).cx[-111.6:-110.3, 31.0:31.8]
        if loud:
            names = [hostile(place) for place in range(len(here))]
            here = here.assign(name_en=names, name_es=names[::-1])
        gazetteer = build_gazetteer(
            here, waterways=project.read("waterways"), jurisdictions=known.units
        )
    return dataclasses.replace(known, gazetteer=gazetteer)
