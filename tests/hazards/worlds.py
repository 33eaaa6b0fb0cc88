"""Small worlds of a few hundred cells, for tests of the hazards."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap import cells
from riskmap.hazards.walkers import Ground

CENTRE = (-112.5, 32.2)


def block(rings_deg: float = 0.25, resolution: int = 7) -> pd.Index:
    x, y = CENTRE
    box = shapely.box(x - rings_deg, y - rings_deg, x + rings_deg, y + rings_deg)
    return cells.cells_touching(box, resolution)


def table_of(index: pd.Index) -> pd.DataFrame:
    table = cells.cell_centres(index)
    table["area_km2"] = cells.cell_areas_km2(index)
    return table


def flat(index: pd.Index, **given: float) -> Ground:
    """The same ground everywhere: a July day in the desert unless told otherwise."""
    usual = {"slope_deg": 3.0, "highest_c": 40.0, "lowest_c": 26.0, "dew_c": 15.0}
    values = usual | given
    size = len(index)
    return Ground(
        **{name: np.full(size, value) for name, value in values.items()},
        latitude_deg=np.full(size, CENTRE[1]),
    )


def line_km(index: pd.Index) -> np.ndarray:
    """A line along the south edge of the block."""
    y = cells.cell_centres(index)["y"].to_numpy()
    return (y - y.min()) * 110.9


def river(points, name="Rio Grande, test", kind="river", accuracy_m=80.0):
    return gpd.GeoDataFrame(
        {"name_en": [name], "kind": [kind], "accuracy_m": [accuracy_m]},
        geometry=[shapely.LineString(points)],
        crs="EPSG:4326",
    )
