"""Place columns: where a record lies and how well that is known."""

import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path

import geopandas as gpd
import pandas as pd

from riskmap.ingest.areas import read_areas
from riskmap.ingest.boundary_checks import (
    RIVER_WORDS,
    distance_to_line_km,
    side_of_line,
    surely_within,
    us_probability,
)
from riskmap.ingest.coordinates import (
    METRES_PER_DEGREE,
    check_places,
    parse_angles,
    split_pairs,
)
from riskmap.ingest.grid_columns import looks_like_grid, read_grids, read_metres
from riskmap.ingest.jurisdictions import check_jurisdictions
from riskmap.ingest.options import IngestOptions
from riskmap.ingest.profile_form import PLACE_BASES
from riskmap.ingest.quantities import LARGEST_ACCURACY_M, as_numbers, translate
from riskmap.ingest.sheet import Sheet, first_code

KM_M = 1_000.0

# a geocoder's point for a state, and the same rounded to four decimals
STAND_IN_DEG = 0.0001

# a point that three rows share is the middle of something, not where each was found
SHARED_BY_ROWS = 3

# as many as a gazetteer writes, a tenth of a metre, and nobody reads off a map
GAZETTEER_DECIMALS = 6

COUNTRY_WORDS = {
    "us": "US", "usa": "US", "eua": "US", "ee uu": "US", "united states": "US",
    "united states of america": "US", "estados unidos": "US",
    "estados unidos de america": "US", "mx": "MX", "mex": "MX", "mexico": "MX",
}  # fmt: skip


@cache
def stand_ins() -> tuple[tuple[float, float, str], ...]:
    """List points known to stand for a whole state: latitude, longitude, name.

    Returns
    -------
    tuple
        From ``stand_ins.toml``.

    Examples
    --------
    >>> stand_ins()[0][2]
    'Coahuila'
    """
    text = Path(__file__).with_name("stand_ins.toml").read_text(encoding="utf-8")
    return tuple((y, x, name) for y, x, name in tomllib.loads(text)["stand_ins"])


def _axis_texts(sheet: Sheet) -> pd.DataFrame:
    """Take latitude and longitude as text, from two columns or from one."""
    if "coordinates" in sheet.columns:
        pairs = split_pairs(sheet.text("coordinates"))
    else:
        pairs = pd.DataFrame(
            {"lat": sheet.text("lat"), "lon": sheet.text("lon"), "ambiguous": False}
        )
    return pairs


def _place_field(sheet: Sheet) -> str:
    """Name the field whose column is shown for a place at fault."""
    order = ("coordinates", "grid", "easting")
    return next((name for name in order if name in sheet.columns), "lat")


def _read_angles(sheet: Sheet) -> pd.DataFrame:
    """Read degrees; note what is missing or no angle."""
    pairs = _axis_texts(sheet)
    single = "coordinates" in sheet.columns
    both = pairs["lat"] + ", " + pairs["lon"]
    shown = sheet.text("coordinates") if single else both
    gridded = looks_like_grid(shown) if single else pairs["ambiguous"] & False
    if gridded.any():
        pairs.loc[gridded, ["lat", "lon"]] = ""
    lat = parse_angles(pairs["lat"], "lat")
    lon = parse_angles(pairs["lon"], "lon")
    y_field, x_field = ("coordinates", "coordinates") if single else ("lat", "lon")
    vague = pairs["ambiguous"] & ~gridded
    empty = ((pairs["lat"] == "") | (pairs["lon"] == "")) & ~gridded
    unsplit = empty & (sheet.text("coordinates") != "") if single else empty & False
    sheet.note("coordinates_ambiguous", vague, y_field, shown)
    sheet.note("coordinate_unreadable", unsplit & ~vague, y_field, shown)
    sheet.note("coordinates_missing", empty & ~vague & ~unsplit, y_field, shown)
    sheet.note_codes(lat.code, y_field, pairs["lat"])
    sheet.note_codes(lon.code, x_field, pairs["lon"])
    both_decimals = pd.concat([lat.decimals, lon.decimals], axis=1)
    decimals = both_decimals.max(axis=1).astype("float64")
    place = pd.DataFrame(
        {
            "x": lon.degrees,
            "y": lat.degrees,
            "rounding_m": METRES_PER_DEGREE / 2 * 10.0**-decimals,
            "fewest_decimals": both_decimals.min(axis=1),
            "shown": shown,
        }
    )
    if gridded.any():
        found = read_grids(shown[gridded])
        sheet.note(
            "grid_unreadable",
            found["x"].isna().reindex(shown.index, fill_value=False),
            "coordinates",
        )
        place.loc[gridded, ["x", "y"]] = found[["x", "y"]]
        place.loc[gridded, "rounding_m"] = found["side_m"] / 2
    return place


def _read_degrees(sheet: Sheet, options: IngestOptions) -> pd.DataFrame:
    """Read coordinates; note every fault that the row itself shows."""
    place = read_metres(sheet)
    if place is None:
        place = _read_angles(sheet)
    slips = check_places(place["x"], place["y"], options.region)
    sheet.note_codes(
        slips["code"], _place_field(sheet), place["shown"], slips["proposed"]
    )
    fine = (slips["code"] == "") & place["x"].notna() & place["y"].notna()
    place[["x", "y"]] = place[["x", "y"]].where(fine)
    return place


def _accuracy_from_place(sheet: Sheet, place: pd.DataFrame) -> pd.Series:
    """Grade by what the text on the place says; NaN where no rule fits."""
    text = sheet.text("place")
    shared = place.groupby(["x", "y"])["x"].transform("size") >= SHARED_BY_ROWS
    fine = place["fewest_decimals"] >= GAZETTEER_DECIMALS
    metres = pd.Series(float("nan"), index=text.index)
    for rule in sheet.profile.accuracy_by_place:
        value = pd.Series(rule.metres, index=text.index, dtype="float64")
        if rule.fine_m:
            value = value.mask(fine, rule.fine_m)
        if rule.shared_m:
            value = value.mask(shared, rule.shared_m)
        metres = metres.mask(metres.isna() & text.str.contains(rule.pattern), value)
    return metres


def _read_accuracy(sheet: Sheet, place: pd.DataFrame) -> pd.Series:
    """Read metres; note what is missing, unknown or out of range."""
    text = sheet.text("accuracy")
    by_place = _accuracy_from_place(sheet, place)
    classes = sheet.profile.vocabulary.get("accuracy")
    classed = classes is not None and "accuracy" in sheet.columns
    meaning = translate(text, classes) if classed and classes else text
    metres = by_place.fillna(as_numbers(meaning))
    silent = (text == "") & by_place.isna()
    codes = first_code(
        text.index,
        [
            ("accuracy_missing", silent),
            ("accuracy_class_unknown", metres.isna() & classed),
            ("accuracy_unreadable", metres.isna()),
            ("accuracy_out_of_range", ~metres.between(0, LARGEST_ACCURACY_M, "right")),
        ],
    )
    sheet.note_codes(codes, "accuracy")
    return metres.where(codes == "")


def _countries(sheet: Sheet) -> pd.Series:
    """Read which country the row itself names; ``""`` if none."""
    words = COUNTRY_WORDS | dict(sheet.profile.vocabulary.get("country", {}))
    return translate(sheet.text("country"), words)


def _check_against_line(
    sheet: Sheet,
    place: pd.DataFrame,
    boundary: gpd.GeoDataFrame,
    options: IngestOptions,
) -> None:
    """Note records that contradict themselves, seen from the boundary."""
    known = place.dropna(subset=["x", "y"])
    if known.empty:
        return
    field = _place_field(sheet)
    country = _countries(sheet)
    side = side_of_line(known["x"], known["y"], boundary).reindex(place.index)
    contradicts = (country != "") & side.notna() & (country != side)
    river = pd.Series(False, index=place.index)
    if sheet.profile.river_by_place:
        text = sheet.text("place")
        # a hospital far away is where a person died, and its place is right
        river = text.str.contains(RIVER_WORDS) & ~text.str.contains("(?i)hospital")
    near = surely_within(known["x"], known["y"], boundary, options.far_km)
    near = near.reindex(place.index, fill_value=False)
    # only where it matters is the distance measured
    asked = known[(contradicts | river | ~near)[known.index]]
    km = pd.Series(float("nan"), index=place.index)
    if not asked.empty:
        seen = distance_to_line_km(asked["x"], asked["y"], boundary)
        km = seen["km"].reindex(place.index)
    far = km > options.far_km
    sheet.note("coordinates_far_from_border", far, field, place["shown"])
    off_river = river & (km > options.river_km)
    sheet.note("coordinates_far_from_river", off_river, field, place["shown"])
    margin_km = options.wrong_side_km + place["accuracy_m"].fillna(0) / KM_M
    wrong = contradicts & (km > margin_km)
    sheet.note("country_contradicts", wrong, field, place["shown"])


def _read_basis(sheet: Sheet) -> pd.Series:
    """Tell by what each place is known: the row's word, its class, or a guess."""
    words = {name: name for name in PLACE_BASES}
    classes = dict(sheet.profile.vocabulary.get("accuracy_basis", {}))
    said = translate(sheet.text("accuracy_basis"), words | classes)
    odd = (sheet.text("accuracy_basis") != "") & (said == "")
    sheet.note("accuracy_basis_unknown", odd, "accuracy_basis")
    if classes and "accuracy" in sheet.columns:
        said = said.mask(said == "", translate(sheet.text("accuracy"), classes))
    if sheet.profile.accuracy_by_place:
        text = sheet.text("place")
        for rule in sheet.profile.accuracy_by_place:
            fits = (said == "") & text.str.contains(rule.pattern)
            said = said.mask(fits, rule.basis or "assumed")
    elif "accuracy" in sheet.columns:
        written = sheet.frame[sheet.columns["accuracy"]].str.strip() != ""
        said = said.mask((said == "") & written, "stated")
    return said.mask(said == "", "assumed").astype("str")


def _read_points(
    sheet: Sheet,
    options: IngestOptions,
    boundary: gpd.GeoDataFrame | None,
    jurisdictions: gpd.GeoDataFrame | None,
) -> pd.DataFrame:
    """Read the rows that give coordinates; note every fault."""
    place = _read_degrees(sheet, options)
    metres = _read_accuracy(sheet, place)
    if not sheet.profile.accuracy_stated:
        # written with two decimals, a place is known to half a kilometre at best
        metres = metres.where(metres >= place["rounding_m"], place["rounding_m"])
    place["accuracy_m"] = metres
    field = _place_field(sheet)
    for y, x, _ in stand_ins():
        at_point = (place["y"] - y).abs().lt(STAND_IN_DEG) & (
            (place["x"] - x).abs().lt(STAND_IN_DEG)
        )
        sheet.note("coordinates_stand_in", at_point, field, place["shown"])
    sheet.note("place_is_area", metres > options.coarsest_m, "accuracy")
    if boundary is not None:
        _check_against_line(sheet, place, boundary, options)
    if jurisdictions is not None and {"state", "municipio"} & sheet.columns.keys():
        check_jurisdictions(
            sheet, place, jurisdictions, margin_km=options.jurisdiction_km
        )
    place["accuracy_basis"] = _read_basis(sheet)
    return place[["x", "y", "accuracy_m", "accuracy_basis"]].assign(area="")


def read_places(
    sheet: Sheet,
    options: IngestOptions,
    boundary: gpd.GeoDataFrame | None,
    jurisdictions: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """Read where each record lies; note every fault.

    Parameters
    ----------
    sheet
        A file under inspection.
    options
        What is taken for possible.
    boundary
        Reaches of the boundary in order; without it the checks against it are left
        out.
    jurisdictions
        States, counties and municipios; the same without them.

    Returns
    -------
    pandas.DataFrame
        ``x``, ``y`` in degrees and ``accuracy_m``, NaN where a fault was noted;
        ``accuracy_basis`` (one of :data:`riskmap.ingest.profile_form.PLACE_BASES`);
        ``area``, the code of the municipio or county that is all that is known of
        the place, ``""`` for a point; ``us_probability``.
    """
    areas = read_areas(sheet, jurisdictions)
    rest = sheet
    if not areas.empty:
        rest = replace(sheet, frame=sheet.frame.drop(areas.index))
        wide = areas["accuracy_m"] > options.coarsest_m
        sheet.note("place_is_area", wide, "municipio")
    place = _read_points(rest, options, boundary, jurisdictions)
    if not areas.empty:
        place = pd.concat([place, areas.assign(accuracy_basis="municipality")])
        place = place.loc[sheet.frame.index]
    text = ["accuracy_basis", "area"]
    place[text] = place[text].astype("str")
    share = pd.Series(float("nan"), index=place.index)
    if boundary is not None:
        share = us_probability(place, boundary)
    if not areas.empty and jurisdictions is not None:
        # an area lies in its country, however near the line its middle is
        kinds = jurisdictions.drop_duplicates("code").set_index("code")["kind"]
        within = areas["area"].map(kinds).map({"us_county": 1.0, "mx_municipio": 0.0})
        share.loc[areas.index] = within.astype("float64")
    return place.assign(us_probability=share)
