"""A table comes back as it went in, and the same table gives the same bytes."""

import hashlib
import subprocess
import sys

import geopandas as gpd
import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis.extra import numpy as hnp
from hypothesis.extra import pandas as hpd
from pandas.testing import assert_frame_equal

from riskmap.errors import MissingCRSError, TableContractError
from riskmap.project import tables
from tests.project.tables_of_tests import cells, incidents

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)

PLAIN = [f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)]
NUMPY = [*PLAIN, "float32", "float64", "bool"]
NULLABLE = [*(name.replace("i", "I").replace("u", "U") for name in PLAIN), "boolean"]
TIMES = [f"datetime64[{unit}, UTC]" for unit in ("ms", "us", "ns")]


def there_and_back(table):
    return tables.from_arrow(
        tables.from_parquet(tables.to_parquet(tables.to_arrow(table, name="t")))
    )


def to_bytes(table):
    return tables.to_parquet(tables.to_arrow(table, name="t")).to_pybytes()


def values_of(dtype):
    """Lists of values that a column of ``dtype`` may hold."""
    if dtype in NUMPY:
        return hnp.from_dtype(np.dtype(dtype))
    if dtype == "boolean":
        return st.none() | st.booleans()
    if dtype in NULLABLE:
        return st.none() | hnp.from_dtype(np.dtype(dtype.lower()))
    if dtype == "str":
        return st.none() | TEXT
    return st.none() | st.datetimes(
        pd.Timestamp("1700-01-01"), pd.Timestamp("2200-01-01")
    ).map(lambda moment: moment.replace(microsecond=0))


@pytest.mark.parametrize("dtype", [*NUMPY, *NULLABLE, *TIMES, "str"])
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_every_dtype_comes_back_exactly(dtype, data):
    values = data.draw(st.lists(values_of(dtype), max_size=8))
    if dtype in TIMES:
        column = pd.Series(pd.to_datetime(values, utc=True)).astype(dtype)
    else:
        column = pd.Series(values, dtype=dtype)
    table = pd.DataFrame({"a": column, "b": column})
    assert_frame_equal(there_and_back(table), table, check_exact=True)


@settings(max_examples=25, deadline=None)
@given(
    numbers=st.lists(st.integers(0, 2**64 - 1), unique=True, max_size=6),
    names=st.sampled_from([["cell"], ["cell", "period"], [None]]),
)
def test_a_cell_index_comes_back_to_the_last_bit(numbers, names):
    cell = np.array(sorted(numbers), dtype="uint64")
    index = pd.Index(cell, name=names[0])
    if len(names) > 1:
        index = pd.MultiIndex.from_arrays(
            [cell, pd.Index(["2020"] * len(cell), dtype="str")], names=names
        )
    table = pd.DataFrame({"km": np.arange(len(cell), dtype="float64")}, index=index)
    back = there_and_back(table)
    assert_frame_equal(back, table)
    assert back.index.get_level_values(0).dtype == "uint64"


@settings(max_examples=25, deadline=None)
@given(
    table=hpd.data_frames(
        # a point at NaN and an empty one are the same well-known bytes
        [hpd.column(name, elements=st.floats(allow_nan=False)) for name in ("x", "y")],
        index=hpd.range_indexes(max_size=6),
    ),
    gap=st.booleans(),
)
def test_geometry_comes_back_to_the_last_bit(table, gap):
    points = shapely.points(table["x"], table["y"])
    if gap and len(points):
        points[0] = None
    there = gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4326")
    back = there_and_back(there)
    assert back.crs == there.crs
    assert back.geometry.name == "geometry"
    assert np.array_equal(
        shapely.to_wkb(back.geometry.array), shapely.to_wkb(there.geometry.array)
    )


@pytest.mark.parametrize(
    "geometry",
    [
        shapely.Point(1, 2, 3),
        shapely.LineString([(0, 0), (1, 1)]),
        shapely.Polygon(),
        shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)]),
        shapely.GeometryCollection([shapely.Point(1, 2)]),
    ],
    ids=lambda geometry: geometry.geom_type,
)
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:6372", "+proj=laea +lat_0=30"])
def test_every_kind_of_geometry_and_crs_comes_back(geometry, crs):
    there = gpd.GeoDataFrame({"k": ["a"]}, geometry=[geometry], crs=crs)
    back = there_and_back(there)
    assert_geodataframe_equal(back, there)
    assert back.geometry.iloc[0].has_z == geometry.has_z


def test_a_second_geometry_column_and_another_name_come_back():
    there = incidents(1).rename_geometry("place")
    there["other"] = there.geometry.reverse()
    back = there_and_back(there)
    assert back.geometry.name == "place"
    assert_geodataframe_equal(back, there)


def test_other_programs_read_the_file_as_ordinary_geoparquet(tmp_path):
    path = tmp_path / "incidents.parquet"
    path.write_bytes(to_bytes(incidents(1)))
    assert_geodataframe_equal(gpd.read_parquet(path), incidents(1))
    path.write_bytes(to_bytes(cells(1)))
    assert_frame_equal(pd.read_parquet(path), cells(1))


def test_the_same_rows_give_the_same_bytes_however_they_were_made():
    one = cells(1)
    by_column = pd.DataFrame({name: one[name].copy() for name in one}, index=one.index)
    by_column.attrs["made_by"] = "someone"
    assert to_bytes(by_column) == to_bytes(one)
    named = one.set_axis(pd.Index(one.columns, dtype=object, name="layer"), axis=1)
    assert to_bytes(named) == to_bytes(one)
    kept_otherwise = one.astype({"side": pd.StringDtype("python", na_value=np.nan)})
    assert to_bytes(kept_otherwise) == to_bytes(one)
    taken = incidents(1, rows=40).iloc[::2]
    fresh = gpd.GeoDataFrame(taken.copy(deep=True))
    assert to_bytes(fresh) == to_bytes(taken)


def test_another_process_with_another_hash_seed_gives_the_same_bytes():
    program = (
        "import hashlib\n"
        "from tests.project.tables_of_tests import incidents\n"
        "from tests.project.test_tables import to_bytes\n"
        "print(hashlib.sha256(to_bytes(incidents(1))).hexdigest())\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONHASHSEED": "7", "PATH": "", "TZ": "America/Ojinaga"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == hashlib.sha256(to_bytes(incidents(1))).hexdigest()


def test_neither_version_nor_clock_nor_machine_is_in_the_metadata():
    arrow = tables.to_arrow(incidents(1), name="t")
    text = b"".join(arrow.schema.metadata.values()).decode()
    assert pd.__version__ not in text
    assert '"creator":{}' in text


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        (pd.DataFrame({"a": [object()]}), "a must have a dtype"),
        (pd.DataFrame({"a": pd.Series(["x", 1], dtype=object)}), "a must have a dtype"),
        (pd.DataFrame({"a": pd.Categorical(["x"])}), "got category"),
        (pd.DataFrame({"a": pd.to_datetime(["2020-01-01"])}), "got datetime64"),
        (
            pd.DataFrame(
                {"a": pd.to_datetime(["2020-01-01"]).tz_localize("US/Arizona")}
            ),
            "US/Arizona",
        ),
        (pd.DataFrame({"a": pd.to_timedelta(["1h"])}), "got timedelta"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "a occurs twice"),
        (pd.DataFrame({"a": [1]}, index=pd.Index([1], name="a")), "a occurs twice"),
        (pd.DataFrame({1: [1]}), "1 must be text"),
        (pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")])), "level"),
    ],
)
def test_what_would_come_back_changed_is_refused(table, fault):
    with pytest.raises(TableContractError, match=fault):
        tables.to_arrow(table, name="t")


def test_every_fault_of_a_table_is_told_at_once():
    table = pd.DataFrame({"a": pd.Categorical(["x"]), "b": pd.to_timedelta(["1h"])})
    with pytest.raises(TableContractError) as caught:
        tables.to_arrow(table, name="t")
    assert "a must" in caught.value.fields["faults"]
    assert "b must" in caught.value.fields["faults"]


def test_a_geometry_without_crs_is_refused():
    with pytest.raises(MissingCRSError):
        tables.to_arrow(incidents(1).set_crs(None, allow_override=True), name="t")


def test_a_geometry_in_a_plain_table_is_refused():
    with pytest.raises(TableContractError, match="no GeoDataFrame"):
        tables.to_arrow(pd.DataFrame(incidents(1)), name="t")


def joined(*parts):
    arrows = [tables.to_arrow(part, name="t") for part in parts]
    return tables.from_arrow(tables.joined(arrows, name="t"))


def test_joined_tables_keep_dtypes_index_and_order():
    both = joined(incidents(1), incidents(2))
    assert_geodataframe_equal(both, pd.concat([incidents(1), incidents(2)]))


def test_a_counted_index_starts_anew_when_joined():
    one = pd.DataFrame({"row": [4, 5]})
    assert list(joined(one, one).index) == [0, 1, 2, 3]


def test_a_new_column_is_missing_in_the_rows_before_it():
    new = cells(2)
    new["note"] = pd.array(["x"] * len(new), dtype="str")
    both = joined(cells(1), new)
    assert both["note"].isna().sum() == len(cells(1))
    assert str(both["note"].dtype) == "str"
    assert both.index.dtype == "uint64"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda t: t.astype({"km": "float32"}), "km has more than one dtype"),
        (lambda t: t.astype({"rank": "int64"}), "rank has more than one dtype"),
        (lambda t: t.assign(count=1), "count is not in all"),
        (lambda t: t.reset_index(), "index differs"),
    ],
)
def test_tables_that_would_change_when_joined_are_refused(change, fault):
    with pytest.raises(TableContractError, match=fault):
        joined(cells(1), change(cells(2)))


def test_two_crs_are_not_joined():
    with pytest.raises(TableContractError, match="geometry has more than one"):
        joined(incidents(1), incidents(2).to_crs("EPSG:4269"))
