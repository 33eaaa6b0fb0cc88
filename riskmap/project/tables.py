"""Tables to Parquet bytes and back: the same table, the same bytes."""

import json
import re
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from riskmap.errors import MissingCRSError, TableContractError
from riskmap.project.records import canonical_json

ROW_GROUP_ROWS = 131_072
# a higher level takes longer and, with the bytes of floats split, saves nothing
ZSTD_LEVEL = 1
GEOPARQUET_VERSION = "1.1.0"

# what comes back exactly as it went in; all else is refused at the door
_DTYPES = re.compile(
    r"bool|boolean|u?int(8|16|32|64)|U?Int(8|16|32|64)|float(32|64)|str"
    r"|datetime64\[(ms|us|ns), UTC\]|geometry"
)


def _check(table: pd.DataFrame, name: str) -> None:
    """Refuse a table that would not come back as it was, all faults at once."""
    faults = []
    if not isinstance(table.columns, pd.Index) or isinstance(
        table.columns, pd.MultiIndex
    ):
        faults.append("columns must be one level of text")
    labels = [*table.columns, *(n for n in table.index.names if n is not None)]
    faults += [f"{label!r} must be text" for label in labels if type(label) is not str]
    texts = [label for label in labels if type(label) is str]
    faults += [f"{t} occurs twice" for t in sorted(set(texts)) if texts.count(t) > 1]
    if not faults:
        levels = [table.index.get_level_values(i) for i in range(table.index.nlevels)]
        dtypes = {str(level.name): level.dtype for level in levels}
        dtypes |= {str(column): table[column].dtype for column in table.columns}
        faults += [
            f"{label} must have a dtype the store keeps exactly, got {dtype}"
            for label, dtype in dtypes.items()
            if not _DTYPES.fullmatch(str(dtype))
        ]
    if faults:
        msg = f"Table {name} cannot be stored: " + "; ".join(faults) + "."
        raise TableContractError(msg, table=name, faults="; ".join(faults))


def _geo_column(column: gpd.GeoSeries, name: str) -> dict[str, Any]:
    """Describe one geometry column as GeoParquet wants it."""
    if column.crs is None:
        msg = f"Table {name} must say its CRS, got none on {column.name}."
        raise MissingCRSError(msg, table=name)
    shapes = column.to_numpy()
    # one shape of each sort tells its name
    sort = shapely.get_type_id(shapes) * 2 + shapely.has_z(shapes)
    few = column.iloc[np.unique(sort, return_index=True)[1]]
    kinds = {
        kind + (" Z" if has_z else "")
        for kind, has_z in zip(few.geom_type, few.has_z, strict=True)
        if isinstance(kind, str)
    }
    described: dict[str, Any] = {
        "encoding": "WKB",
        "crs": column.crs.to_json_dict(),
        "geometry_types": sorted(kinds),
    }
    bounds = [float(edge) for edge in column.total_bounds]
    if np.isfinite(bounds).all():
        described["bbox"] = bounds
    return described


def _split_geometry(
    table: pd.DataFrame, name: str
) -> tuple[pd.DataFrame, dict[str, Any] | None]:
    """Turn geometry columns into WKB, and describe them."""
    columns = [c for c in table.columns if str(table[c].dtype) == "geometry"]
    if not columns:
        return pd.DataFrame(table), None
    active = getattr(table, "_geometry_column_name", None)
    if active not in columns:
        msg = f"Table {name} has a geometry column but is no GeoDataFrame with it set."
        raise TableContractError(msg, table=name, faults=msg)
    described = {c: _geo_column(gpd.GeoSeries(table[c]), name) for c in columns}
    plain = pd.DataFrame(table).copy(deep=False)
    for column in columns:
        wkb = shapely.to_wkb(
            table[column].to_numpy(), flavor="iso", byte_order=1, include_srid=False
        )
        plain[column] = pd.Series(wkb, index=plain.index, dtype=object)
    geo = {
        "version": GEOPARQUET_VERSION,
        "primary_column": active,
        "columns": described,
    }
    return plain, geo


def _long_texts(arrow: pa.Table) -> pa.Table:
    """Give texts one type: pandas has two ways to hold the same ones."""
    fields = [
        field.with_type(pa.large_string()) if pa.types.is_string(field.type) else field
        for field in arrow.schema
    ]
    return arrow.cast(pa.schema(fields, metadata=arrow.schema.metadata))


def to_arrow(table: pd.DataFrame, *, name: str) -> pa.Table:
    """Turn a table into Arrow with metadata that hold no version and no chance.

    Parameters
    ----------
    table
        Any table of the dtypes the store keeps; a GeoDataFrame with a CRS.
    name
        What the table is called in an error.

    Returns
    -------
    pyarrow.Table
        The rows; geometry as WKB, the index as columns.

    Raises
    ------
    TableContractError
        If a dtype or a label would not come back as it was.
    MissingCRSError
        If a geometry column has no CRS.

    Examples
    --------
    >>> to_arrow(pd.DataFrame({"km": [1.5]}), name="cells").column_names
    ['km']
    """
    _check(table, name)
    plain, geo = _split_geometry(table, name)
    plain = plain.set_axis(pd.Index(list(plain.columns), dtype="str"), axis=1)
    try:
        arrow = _long_texts(pa.Table.from_pandas(plain, nthreads=1))
    except (UnicodeError, pa.ArrowException) as error:
        msg = f"Table {name} cannot be stored: {error}."
        raise TableContractError(msg, table=name, faults=str(error)) from error
    known = json.loads(arrow.schema.metadata[b"pandas"])
    # versions and attributes would change the bytes of the same rows
    known |= {"attributes": {}, "creator": {}, "pandas_version": ""}
    for column in known["columns"]:
        if column["numpy_type"] == "str":
            column["pandas_type"] = "unicode"
    metadata = {b"pandas": canonical_json(known).encode()}
    if geo is not None:
        metadata[b"geo"] = canonical_json(geo).encode()
        for column in geo["columns"]:
            place = arrow.schema.get_field_index(column)
            field = pa.field(column, pa.binary())
            arrow = arrow.set_column(place, field, arrow[column].cast(pa.binary()))
    return arrow.replace_schema_metadata(metadata)


def from_arrow(arrow: pa.Table) -> pd.DataFrame:
    """Turn stored Arrow back into the table it was.

    Parameters
    ----------
    arrow
        What :func:`to_arrow` made, or a file it was written to.

    Returns
    -------
    pandas.DataFrame
        The table; a GeoDataFrame if it was one.

    Examples
    --------
    >>> cells = pd.DataFrame({"km": [1.5]})
    >>> from_arrow(to_arrow(cells, name="cells")).equals(cells)
    True
    """
    table = arrow.to_pandas(use_threads=False)
    geo_json = (arrow.schema.metadata or {}).get(b"geo")
    if geo_json is None:
        return table
    geo = json.loads(geo_json)
    for column, described in geo["columns"].items():
        table[column] = gpd.GeoSeries.from_wkb(table[column], crs=described["crs"])
    return gpd.GeoDataFrame(table, geometry=geo["primary_column"])


def to_parquet(arrow: pa.Table) -> pa.Buffer:
    """Write Arrow to Parquet in memory: zstd, fixed row groups, one thread.

    Parameters
    ----------
    arrow
        What :func:`to_arrow` made.

    Returns
    -------
    pyarrow.Buffer
        The file; equal tables give equal bytes under one version of pyarrow.

    Examples
    --------
    >>> cells = to_arrow(pd.DataFrame({"km": [1.5]}), name="cells")
    >>> to_parquet(cells).equals(to_parquet(cells))
    True
    """
    floats = [f.name for f in arrow.schema if pa.types.is_floating(f.type)]
    texts = [f.name for f in arrow.schema if pa.types.is_large_string(f.type)]
    sink = pa.BufferOutputStream()
    pq.write_table(
        arrow,
        sink,
        row_group_size=ROW_GROUP_ROWS,
        compression="zstd",
        compression_level=ZSTD_LEVEL,
        version="2.6",
        data_page_version="1.0",
        # three times faster and a third smaller than dictionaries for all
        use_dictionary=texts,
        use_byte_stream_split=floats,
        write_statistics=True,
        store_schema=True,
    )
    return sink.getvalue()


def from_parquet(data: bytes | pa.Buffer) -> pa.Table:
    """Read Parquet from memory, one thread, nothing inferred from names."""
    return pq.read_table(pa.BufferReader(data), use_threads=False, partitioning=None)


# a gap in these would turn the column into floats, and cells into other cells
_WITHOUT_GAPS = re.compile(r"bool|u?int\d+")


def _described(schema: pa.Schema) -> tuple[dict[str, tuple[str, str, str]], str]:
    """Write down each column's types and CRS, and the index and main geometry."""
    known = json.loads(schema.metadata[b"pandas"])
    geo = json.loads(schema.metadata.get(b"geo", b"{}"))
    crs = {c: canonical_json(d["crs"]) for c, d in geo.get("columns", {}).items()}
    columns = {
        c["field_name"]: (
            str(c["numpy_type"]),
            str(schema.field(c["field_name"]).type),
            crs.get(c["field_name"], ""),
        )
        for c in known["columns"]
    }
    index = [i if isinstance(i, str) else "range" for i in known["index_columns"]]
    return columns, canonical_json([index, geo.get("primary_column")])


def _join_faults(schemas: list[pa.Schema]) -> list[str]:
    described = [_described(schema) for schema in schemas]
    faults = [] if len({frame for _, frame in described}) == 1 else ["index differs"]
    for name in sorted({name for columns, _ in described for name in columns}):
        types = {columns[name] for columns, _ in described if name in columns}
        gaps = any(name not in columns for columns, _ in described)
        if len(types) > 1:
            faults.append(f"{name} has more than one dtype: {sorted(types)}")
        elif gaps and _WITHOUT_GAPS.fullmatch(min(types)[0]):
            faults.append(f"{name} is not in all, and cannot have gaps")
    return faults


def check_joinable(schemas: list[pa.Schema], *, name: str) -> None:
    """Refuse tables that would change if they were put under each other.

    Parameters
    ----------
    schemas
        Of tables that :func:`to_arrow` made.
    name
        What the table is called in an error.

    Raises
    ------
    TableContractError
        If a column has two dtypes or CRS, or a column of integers or bools is
        not in all.

    Examples
    --------
    >>> one = to_arrow(pd.DataFrame({"km": [1.5]}), name="cells")
    >>> check_joinable([one.schema, one.schema], name="cells")
    """
    if faults := _join_faults(schemas):
        msg = f"Deliveries of {name} do not fit together: " + "; ".join(faults) + "."
        raise TableContractError(msg, table=name, faults="; ".join(faults))


def joined(parts: list[pa.Table], *, name: str) -> pa.Table:
    """Put tables under each other so that no value changes.

    A column that some tables lack is missing there.

    Parameters
    ----------
    parts
        At least one table that :func:`to_arrow` made.
    name
        What the table is called in an error.

    Returns
    -------
    pyarrow.Table
        The rows in the order of the parts; a counted index starts anew.

    Raises
    ------
    TableContractError
        If a value would change.

    Examples
    --------
    >>> one = to_arrow(pd.DataFrame({"km": [1.5]}), name="cells")
    >>> joined([one, one], name="cells").num_rows
    2
    """
    check_joinable([part.schema for part in parts], name=name)
    whole = pa.concat_tables(
        [part.replace_schema_metadata(None) for part in parts],
        promote_options="default",
    )
    metadata = dict(parts[0].schema.metadata)
    known = [json.loads(part.schema.metadata[b"pandas"]) for part in parts]
    columns = {c["field_name"]: c for part in known for c in part["columns"]}
    counted = {"start": 0, "stop": whole.num_rows, "step": 1}
    first = known[0] | {
        "columns": [columns[column] for column in whole.column_names],
        "index_columns": [
            i if isinstance(i, str) else i | counted for i in known[0]["index_columns"]
        ],
    }
    geos = [json.loads(part.schema.metadata.get(b"geo", b"{}")) for part in parts]
    described = {c: d for geo in geos for c, d in geo.get("columns", {}).items()}
    if described:
        geo = geos[0] | {"columns": described}
        metadata[b"geo"] = canonical_json(geo).encode()
    return whole.replace_schema_metadata(
        metadata | {b"pandas": canonical_json(first).encode()}
    )
