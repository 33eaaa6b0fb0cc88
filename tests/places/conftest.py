"""The bundled landmarks and line, read once for all tests of places."""

import gzip
import json
from functools import partial

import geopandas as gpd
import pytest

from riskmap.boundary import boundary_line, kilometres_along, point_at, read_boundary
from riskmap.boundary.sides import sides_at, sides_of
from riskmap.i18n import LANGUAGES, Words
from riskmap.ingest.landmarks import read_landmarks
from riskmap.places.gazetteer import build_gazetteer
from riskmap.places.line import Line
from tests.conftest import ROOT

DATA = ROOT / "data"
RIVERS = ("rio_grande", "colorado")


@pytest.fixture(scope="session")
def landmarks():
    return read_landmarks(DATA / "landmarks" / "landmarks.csv").accepted


@pytest.fixture(scope="session")
def jurisdictions():
    path = DATA / "boundary" / "jurisdictions.geojson.gz"
    features = json.loads(gzip.decompress(path.read_bytes()))["features"]
    return gpd.GeoDataFrame.from_features(features, crs="EPSG:4326")


@pytest.fixture(scope="session")
def waterways():
    return gpd.read_file(DATA / "landmarks" / "waterways.geojson")


@pytest.fixture(scope="session")
def roads():
    return gpd.read_file(DATA / "landmarks" / "roads.geojson")


@pytest.fixture(scope="session")
def gazetteer(landmarks, waterways, roads, jurisdictions):
    return build_gazetteer(
        landmarks, waterways=waterways, roads=roads, jurisdictions=jurisdictions
    )


@pytest.fixture(scope="session")
def line():
    boundary = read_boundary(DATA / "boundary" / "boundary.geojson")
    shape = boundary_line(boundary)
    return Line(
        nearest=partial(kilometres_along, shape),
        point_at=partial(point_at, shape),
        side_of=partial(sides_at, sides_of(shape)),
        length_km=float(boundary["to_km"].max()),
        rivers=tuple(
            (float(row.from_km), float(row.to_km))
            for row in boundary.itertuples()
            if row.reach in RIVERS
        ),
    )


@pytest.fixture(scope="session")
def labels():
    return {lang: Words(lang).text for lang in LANGUAGES}
