"""Operations: what was done, where and between which days, as a table."""

import geopandas as gpd
import pandas as pd

from riskmap.crs import STORAGE_CRS
from riskmap.schema import Column, check_table

KINDS = ("operation", "barrier", "checkpoint", "rescue_measure", "closure", "other")

OPERATION_TABLE: tuple[Column, ...] = (
    Column(name="operation_id", dtype="str", meaning="What it is called."),
    Column(name="kind", dtype="str", values=KINDS, meaning="What was done."),
    Column(name="from_on", dtype="str", meaning="First day, ISO 8601."),
    Column(name="to_on", dtype="str", meaning="Last day; empty if it goes on."),
    Column(name="geometry", dtype="geometry", meaning="Its area."),
)


def operation_table(rows: list[dict[str, object]]) -> gpd.GeoDataFrame:
    """Make the table of operations.

    Parameters
    ----------
    rows
        One a row, of the columns of :data:`OPERATION_TABLE`.

    Returns
    -------
    geopandas.GeoDataFrame
        In order of name (EPSG:4326).

    Examples
    --------
    >>> import shapely
    >>> operation_table([{"operation_id": "a", "kind": "barrier", "from_on":
    ...     "2019-01-01", "to_on": "", "geometry": shapely.box(-111, 31, -110, 32)}]
    ... )["kind"].tolist()
    ['barrier']
    """
    names = [column.name for column in OPERATION_TABLE]
    plain = pd.DataFrame(rows, columns=names).sort_values(names[0], ignore_index=True)
    plain = plain.astype(dict.fromkeys(names[:-1], "str"))
    table = gpd.GeoDataFrame(plain, geometry="geometry", crs=STORAGE_CRS)
    check_table(table, OPERATION_TABLE, name="operations")
    return table
