"""A view of a tiny project, made in code."""

from pathlib import Path

import pandas as pd

from riskmap.boundary import read_boundary
from riskmap.features.terrain import read_terrain
from riskmap.ingest.context import read_jurisdictions, read_waterways
from riskmap.ingest.landmarks import read_landmarks
from riskmap.pipeline.whereabouts import Whereabouts, measured_line
from riskmap.places.card import build_surroundings
from riskmap.places.gazetteer import build_gazetteer
from riskmap.ui.tables import View
from riskmap.webmap import MapFiles
from tests.webmap.tiny import hostile, tiny_tables

DATA = Path(__file__).resolve().parents[2] / "data"

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


def tiny_whereabouts(*, loud: bool = False) -> Whereabouts:
    """Know the bundled places about Nogales; loud ones have names that try to run."""
    known = read_landmarks(DATA / "landmarks" / "landmarks.csv").accepted
    here = known.cx[-111.6:-110.3, 31.0:31.8]
    if loud:
        names = [hostile(place) for place in range(len(here))]
        here = here.assign(name_en=names, name_es=names[::-1])
    waterways = read_waterways(DATA / "landmarks" / "waterways.geojson")
    units = read_jurisdictions(DATA / "boundary" / "jurisdictions.geojson.gz")
    terrain = read_terrain(DATA / "terrain" / "terrain_r6.csv")
    line = measured_line(read_boundary(DATA / "boundary" / "boundary.geojson"))
    gazetteer = build_gazetteer(here, waterways=waterways, jurisdictions=units)
    around = build_surroundings(gazetteer, line, jurisdictions=units, terrain=terrain)
    return Whereabouts(gazetteer=gazetteer, line=line, around=around)
