"""Jurisdictions: is a record in the state and municipio that its own row names."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap.crs import metric_crs_for
from riskmap.ingest.identity import fold
from riskmap.ingest.sheet import Sheet

STATES, DISTRICTS = ("us_state", "mx_state"), ("us_county", "mx_municipio")

STATE_WORDS: Final = {
    "az": "04", "ariz": "04", "ca": "06", "calif": "06", "nm": "35", "n m": "35",
    "nuevo mexico": "35", "tx": "48", "tex": "48", "tejas": "48", "bc": "02",
    "b c": "02", "baja california norte": "02", "coah": "05", "coahuila": "05",
    "coahuila de zaragoza": "05", "chih": "08", "nl": "19", "n l": "19", "son": "26",
    "tamps": "28", "tam": "28",
}  # fmt: skip
"""Folded short forms and other names → code; full names come from the table."""

KINDLESS: Final = r"\s*\b(?:county|condado|municipio|municipality|mpio)\b(?: de)?\s*"
"""Words that say what a district is, not which."""

SLIPS_DEG: Final = (1.0, -1.0, 10.0, -10.0, 0.1, -0.1)
"""One digit of a coordinate mistyped by one, as far as it is tried."""

STATE_DIGITS: Final = 2

KM_M: Final = 1_000.0


def _names(table: gpd.GeoDataFrame) -> pd.Series:
    """Fold the names of a table, without what kind of district each is."""
    return table["name"].map(fold).str.replace(KINDLESS, " ", regex=True).str.strip()


def _codes_of(text: pd.Series, table: gpd.GeoDataFrame) -> pd.Series:
    """Find the codes that each text may mean; none if the table has no such name."""
    known = pd.DataFrame({"name": _names(table), "code": table["code"]})
    by_name = known.groupby("name")["code"].agg(tuple).to_dict()
    by_code = {code: (code,) for code in table["code"]}
    words = {word: (code,) for word, code in STATE_WORDS.items() if code in by_code}
    distinct = text.drop_duplicates()
    plain = distinct.map(fold).str.replace(KINDLESS, " ", regex=True).str.strip()
    found = {
        written: by_name.get(name, words.get(name, by_code.get(written, ())))
        for written, name in zip(distinct, plain, strict=True)
    }
    return text.map(found)


def _shapes(table: gpd.GeoDataFrame) -> dict[str, shapely.Geometry]:
    """Join the parts of each jurisdiction."""
    return {
        str(code): shapely.union_all(part.to_numpy())
        for code, part in table.groupby("code")["geometry"]
    }


def _slip(x: float, y: float, shape: shapely.Geometry) -> str:
    """Propose the one slip that explains a point outside a shape; ``""`` if none."""
    moved = [(x + step, y) for step in SLIPS_DEG] + [
        (x, y + step) for step in SLIPS_DEG
    ]
    inside = [point for point in moved if shapely.contains_xy(shape, *point)]
    return f"{inside[0][1]:.9g}, {inside[0][0]:.9g}" if len(inside) == 1 else ""


def _outside(
    place: pd.DataFrame, shape: shapely.Geometry, margin_m: float
) -> pd.Series:
    """Tell which points lie outside a shape by more than their accuracy."""
    inside = shapely.contains_xy(shape, place["x"].to_numpy(), place["y"].to_numpy())
    outside = pd.Series(~inside, index=place.index)
    if not outside.any():
        return outside
    far = place[outside]
    points = gpd.GeoSeries(gpd.points_from_xy(far["x"], far["y"]), crs="EPSG:4326")
    around = gpd.GeoSeries([shape], crs="EPSG:4326")
    metric_crs = metric_crs_for(around)
    metres = points.to_crs(metric_crs).distance(around.to_crs(metric_crs).iloc[0])
    allowed = far["accuracy_m"].fillna(0).to_numpy() + margin_m
    outside.loc[far.index] = metres.to_numpy() > allowed
    return outside


def _check(
    codes: pd.Series,
    place: pd.DataFrame,
    shapes: dict[str, shapely.Geometry],
    margin_m: float,
) -> tuple[pd.Series, pd.Series]:
    """Find points outside all that their row may mean, and propose corrections."""
    wrong = pd.Series(False, index=place.index)
    proposed = pd.Series("", index=place.index, dtype="str")
    for meant in sorted(set(codes) - {()}):
        here = [code == meant for code in codes]
        rows = place[here].dropna(subset=["x", "y"])
        shape = shapely.union_all([shapes[code] for code in meant])
        if rows.empty:
            continue
        outside = _outside(rows, shape, margin_m)
        lost = rows[outside]
        wrong.loc[lost.index] = True
        proposed.loc[lost.index] = [
            _slip(x, y, shape) for x, y in zip(lost["x"], lost["y"], strict=True)
        ]
    return wrong, proposed


def check_jurisdictions(
    sheet: Sheet,
    place: pd.DataFrame,
    jurisdictions: gpd.GeoDataFrame,
    *,
    margin_km: float,
) -> None:
    """Note records outside the state or the municipio that their row names.

    A name that the table does not have is no fault: the table holds the border
    only. Where several municipios have the name, the state decides, or any of
    them will do.

    Parameters
    ----------
    sheet
        A file under inspection.
    place
        ``x``, ``y``, ``accuracy_m`` and ``shown`` of its rows.
    jurisdictions
        Areas with ``kind``, ``code`` and ``name``, EPSG:4326.
    margin_km
        How far outside, beyond its own accuracy, a record may lie: the areas are
        drawn roughly.
    """
    states = jurisdictions[jurisdictions["kind"].isin(STATES)]
    districts = jurisdictions[jurisdictions["kind"].isin(DISTRICTS)]
    in_states = _codes_of(sheet.text("state"), states)
    for field, table, code in (
        ("state", states, "outside_state"),
        ("municipio", districts, "outside_municipio"),
    ):
        if field not in sheet.columns or table.empty:
            continue
        meant = _codes_of(sheet.text(field), table)
        if field == "municipio":
            meant = _within(meant, in_states)
        wrong, proposed = _check(meant, place, _shapes(table), margin_km * KM_M)
        shown = sheet.text(field) + ": " + place["shown"]
        # a state is so large that almost any slip would bring a point into it
        mend = proposed if field == "municipio" else ""
        sheet.note(code, wrong, field, shown, mend)


def _within(meant: pd.Series, states: pd.Series) -> pd.Series:
    """Keep the municipios of the state that the row names, if it names one."""
    kept = [
        tuple(c for c in codes if not within or c[:STATE_DIGITS] in within)
        for codes, within in zip(meant, states, strict=True)
    ]
    return pd.Series(kept, index=meant.index, dtype="object")


def districts_named(sheet: Sheet, jurisdictions: gpd.GeoDataFrame) -> pd.Series:
    """Find the municipios or counties that each row may mean by its words.

    Parameters
    ----------
    sheet
        A file under inspection.
    jurisdictions
        Areas with ``kind``, ``code`` and ``name``, EPSG:4326.

    Returns
    -------
    pandas.Series of tuple
        Codes; none where the table has no such name. The state, if the row names
        one, decides between several.
    """
    states = jurisdictions[jurisdictions["kind"].isin(STATES)]
    districts = jurisdictions[jurisdictions["kind"].isin(DISTRICTS)]
    meant = _codes_of(sheet.text("municipio"), districts)
    return _within(meant, _codes_of(sheet.text("state"), states))


def codes_at(place: pd.DataFrame, jurisdictions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Find in which state and which municipio or county points lie.

    Parameters
    ----------
    place
        ``x`` and ``y``, degrees; NaN lies nowhere.
    jurisdictions
        Areas with ``kind`` and ``code``, EPSG:4326.

    Returns
    -------
    pandas.DataFrame
        ``state`` and ``district``: codes, ``""`` where the table has none.

    Examples
    --------
    >>> area = shapely.box(-115, 31, -109, 37)
    >>> table = gpd.GeoDataFrame(
    ...     {"kind": ["us_state"], "code": ["04"]}, geometry=[area], crs="EPSG:4326"
    ... )
    >>> codes_at(pd.DataFrame({"x": [-110.9], "y": [31.4]}), table).values.tolist()
    [['04', '']]
    """
    found = pd.DataFrame("", index=place.index, columns=["state", "district"])
    known = place.dropna(subset=["x", "y"])
    points = shapely.points(known["x"].to_numpy(), known["y"].to_numpy())
    for column, kinds in (("state", STATES), ("district", DISTRICTS)):
        table = jurisdictions[jurisdictions["kind"].isin(kinds)]
        tree = shapely.STRtree(table.geometry.to_numpy())
        rows, areas = tree.query(points, predicate="intersects")
        # a point on a border lies in two: the first of the table is taken
        first = np.unique(rows, return_index=True)
        labels = known.index[first[0]]
        found.loc[labels, column] = table["code"].to_numpy()[areas[first[1]]]
    return found.astype("str")
