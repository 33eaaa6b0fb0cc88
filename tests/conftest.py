"""Fixtures that many tests share: tiny, made in code, no file, no clock."""

from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from hypothesis import settings

# a busy machine is no fault of the code: what must be quick has a benchmark
settings.register_profile("riskmap", deadline=None)
settings.load_profile("riskmap")

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout; skipped where there is none."""
    if not SHARED.is_dir():
        pytest.skip(f"no real data: {SHARED} is absent")
    return SHARED


@pytest.fixture(scope="session")
def tiny_boundary() -> gpd.GeoDataFrame:
    """Two reaches about Nogales, 19 km from east to west, as data/boundary has them."""
    return gpd.GeoDataFrame(
        {
            "reach": ["east", "west"],
            "from_km": [0.0, 9.5],
            "to_km": [9.5, 19.0],
        },
        geometry=[
            shapely.LineString([(-110.80, 31.333), (-110.90, 31.333)]),
            shapely.LineString([(-110.90, 31.333), (-111.00, 31.333)]),
        ],
        crs="EPSG:4326",
    )
