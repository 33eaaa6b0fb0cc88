"""Context: what sources cover, and lines and areas → tables."""

from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely.geometry
from shapely.errors import ShapelyError

from riskmap.crs import STORAGE_CRS, to_storage
from riskmap.errors import ColumnMissingError, FileUnreadableError, TableContractError
from riskmap.ingest.geojson import check_depth, parse_features
from riskmap.ingest.raw import Limits
from riskmap.ingest.reading import read_bytes, read_table
from riskmap.ingest.taxonomy import PURPOSES
from riskmap.schema import Column, check_table

DAY: Final = "datetime64[us, UTC]"

COVERAGE_TABLE: Final[tuple[Column, ...]] = (
    Column(name="source", dtype="str", meaning="code, as in the event table"),
    Column(name="purpose", dtype="str", values=PURPOSES),
    Column(name="side", dtype="str", values=("US", "MX", "both")),
    Column(name="from_km", dtype="float64", unit="km", lowest=0),
    Column(name="to_km", dtype="float64", unit="km", lowest=0),
    Column(name="from_on", dtype=DAY, meaning="first day covered"),
    Column(name="to_on", dtype=DAY, missing=True, meaning="last day; none if ongoing"),
    Column(name="note", dtype="str"),
)

WATERWAY_TABLE: Final[tuple[Column, ...]] = (
    Column(name="name_en", dtype="str"),
    Column(name="name_es", dtype="str"),
    Column(name="kind", dtype="str"),
    Column(name="accuracy_m", dtype="float64", unit="m", lowest=0),
    Column(name="source", dtype="str"),
    Column(name="basis", dtype="str"),
    Column(name="geometry", dtype="geometry"),
)

REGION_TABLE: Final = WATERWAY_TABLE
"""Regions carry the same columns as waterways; their shapes are areas."""

JURISDICTION_TABLE: Final[tuple[Column, ...]] = (
    Column(name="kind", dtype="str"),
    Column(name="code", dtype="str"),
    Column(name="name", dtype="str"),
    Column(name="geometry", dtype="geometry"),
)


def read_coverage(path: Path) -> pd.DataFrame:
    r"""Read what the sources of incidents cover.

    Parameters
    ----------
    path
        CSV with the columns of :data:`COVERAGE_TABLE`; a ``to_on`` left empty means
        that the source is still at work.

    Returns
    -------
    pandas.DataFrame
        One row for each source, side, stretch and span.

    Raises
    ------
    InputError
        If the file cannot be read or breaks its list of columns.

    Examples
    --------
    >>> import tempfile
    >>> text = "source,purpose,side,from_km,to_km,from_on,to_on,note\n"
    >>> text += "iom_mmp,life_saving,US,0,1796.0,2014-01-01,,ongoing\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "coverage.csv"
    ...     _ = path.write_text(text, encoding="utf-8")
    ...     coverage = read_coverage(path)
    >>> coverage["to_km"].tolist(), coverage["to_on"].isna().tolist()
    ([1796.0], [True])
    """
    raw = read_table(path)
    if not raw.faults.empty:
        rows = raw.faults["row"].tolist()
        msg = f"{path} has rows of another width than its headings: {rows}."
        raise FileUnreadableError(msg, path=str(path), reason="records")
    _require(raw.frame.columns, COVERAGE_TABLE, path)
    table = raw.frame[[column.name for column in COVERAGE_TABLE]].reset_index(drop=True)
    table = table.apply(lambda text: text.str.strip())
    for column in COVERAGE_TABLE:
        text = table[column.name]
        if column.dtype == "float64":
            table[column.name] = pd.to_numeric(text, errors="coerce").astype("float64")
        elif column.dtype == DAY:
            days = pd.to_datetime(text, format="%Y-%m-%d", errors="coerce", utc=True)
            broken = text[days.isna() & (text != "")].tolist()
            if broken:
                msg = f"{path}: `{column.name}` must be days, got {broken}."
                raise TableContractError(
                    msg, table=path.name, faults=f"{column.name}: {broken}"
                )
            table[column.name] = days.astype(DAY)
    check_table(table, COVERAGE_TABLE, name=path.name)
    return table


def _require(found: Any, columns: tuple[Column, ...], path: Path) -> None:
    """Refuse a table that lacks columns, geometry aside."""
    wanted = [column.name for column in columns if column.dtype != "geometry"]
    lacking = [name for name in wanted if name not in set(found)]
    if lacking:
        msg = f"{path} must have the columns {lacking}, it has {list(found)}."
        raise ColumnMissingError(
            msg, path=str(path), columns=lacking, found=list(found)
        )


def read_shapes(path: Path, columns: tuple[Column, ...]) -> gpd.GeoDataFrame:
    """Read lines or areas from GeoJSON, gzipped or not.

    Parameters
    ----------
    path
        A FeatureCollection in degrees.
    columns
        What it must hold; other properties are left out.

    Returns
    -------
    geopandas.GeoDataFrame
        The columns, EPSG:4326, in the order of the file.

    Raises
    ------
    InputError
        If the file cannot be read or breaks its list of columns.

    Examples
    --------
    >>> import tempfile
    >>> line = '{"type": "LineString", "coordinates": [[-115, 32.7], [-116, 32.6]]}'
    >>> text = '{"type": "Feature", "properties": {"kind": "us_state", "code": "4", '
    >>> text += '"name": "Arizona"}, "geometry": ' + line + "}"
    >>> text = '{"type": "FeatureCollection", "features": [' + text + "]}"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "lines.geojson"
    ...     _ = path.write_text(text, encoding="utf-8")
    ...     shapes = read_shapes(path, JURISDICTION_TABLE)
    >>> shapes.columns.tolist(), shapes.geom_type.tolist()
    (['kind', 'code', 'name', 'geometry'], ['LineString'])
    """
    limits = Limits()
    data = read_bytes(path, limits).data
    check_depth(data, path, limits)
    features = parse_features(data, path)
    try:
        shapes = [shapely.geometry.shape(feature["geometry"]) for feature in features]
        properties = [dict(feature["properties"]) for feature in features]
    except (LookupError, TypeError, ValueError, AttributeError, ShapelyError) as error:
        msg = f"{path} holds features without a shape: {error}."
        raise FileUnreadableError(msg, path=str(path), reason="not_features") from error
    table = pd.DataFrame(properties)
    _require(table.columns, columns, path)
    plain = [column for column in columns if column.dtype != "geometry"]
    made = {
        column.name: table[column.name].astype(column.dtype)
        if column.dtype != "str"
        else table[column.name].fillna("").astype("str")
        for column in plain
    }
    result = gpd.GeoDataFrame(made, geometry=shapes, crs=STORAGE_CRS)
    check_table(result, columns, name=path.name)
    return to_storage(result, name=path.name)


def read_waterways(path: Path) -> gpd.GeoDataFrame:
    """Read rivers and canals; see :func:`read_shapes`.

    Parameters
    ----------
    path
        ``data/landmarks/waterways.geojson`` or one like it.

    Returns
    -------
    geopandas.GeoDataFrame
        Lines with the columns of :data:`WATERWAY_TABLE`.
    """
    return read_shapes(path, WATERWAY_TABLE)


def read_regions(path: Path) -> gpd.GeoDataFrame:
    """Read named areas; see :func:`read_shapes`.

    Parameters
    ----------
    path
        ``data/landmarks/regions.geojson`` or one like it.

    Returns
    -------
    geopandas.GeoDataFrame
        Areas with the columns of :data:`REGION_TABLE`.
    """
    return read_shapes(path, REGION_TABLE)


def read_jurisdictions(path: Path) -> gpd.GeoDataFrame:
    """Read states, counties, municipios and sectors; see :func:`read_shapes`.

    Parameters
    ----------
    path
        ``data/boundary/jurisdictions.geojson.gz`` or one like it.

    Returns
    -------
    geopandas.GeoDataFrame
        Areas with the columns of :data:`JURISDICTION_TABLE`.
    """
    return read_shapes(path, JURISDICTION_TABLE)
