"""Instants: local time at a place → UTC; hours that never were or came twice."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from riskmap.ingest.jurisdictions import codes_at
from riskmap.ingest.sheet import Sheet

CLOCKS: Final = ("", "once", "twice")
"""How often the local time came on that day; ``""`` where nobody can tell."""

UTC_DTYPE: Final = "datetime64[us, UTC]"

ONE_HOUR: Final = pd.Timedelta(hours=1)


@cache
def zone_codes() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """List the time zone of each state, and of the districts that differ from it.

    Returns
    -------
    tuple of mapping
        From code of a state, and from code of a municipio or county, to IANA name.

    Examples
    --------
    >>> zone_codes()[0]["26"], zone_codes()[1]["08037"]
    ('America/Hermosillo', 'America/Ciudad_Juarez')
    """
    path = Path(__file__).with_name("time_zones.toml")
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    districts = {
        code: zone for zone, codes in written["districts"].items() for code in codes
    }
    return written["states"], districts


def zones_at(place: pd.DataFrame, jurisdictions: gpd.GeoDataFrame) -> pd.Series:
    """Find the time zone of points.

    Parameters
    ----------
    place
        ``x`` and ``y``, degrees.
    jurisdictions
        Areas with ``kind`` and ``code``, EPSG:4326.

    Returns
    -------
    pandas.Series of str
        IANA names; ``""`` where the table has no state.

    Examples
    --------
    >>> import shapely
    >>> area = shapely.box(-115, 26, -109, 32)
    >>> table = gpd.GeoDataFrame(
    ...     {"kind": ["mx_state"], "code": ["26"]}, geometry=[area], crs="EPSG:4326"
    ... )
    >>> zones_at(pd.DataFrame({"x": [-110.9], "y": [31.2]}), table).tolist()
    ['America/Hermosillo']
    """
    states, districts = zone_codes()
    codes = codes_at(place, jurisdictions)
    zones = codes["district"].map(districts).fillna(codes["state"].map(states))
    return zones.fillna("").astype("str")


def to_utc(local: pd.Series, zone: str) -> pd.DataFrame:
    """Bring local times of one zone to UTC.

    Parameters
    ----------
    local
        Date and time as the clock showed it, without a zone.
    zone
        IANA name.

    Returns
    -------
    pandas.DataFrame
        ``at`` (UTC; NaT where the time never was or came twice), ``clock`` (one of
        :data:`CLOCKS`) and ``never``: True where clocks were put past that time.

    Examples
    --------
    >>> local = pd.Series(pd.to_datetime(["2021-03-14 02:30", "2021-11-07 01:30"]))
    >>> to_utc(local, "America/Los_Angeles")[["clock", "never"]].values.tolist()
    [['', True], ['twice', False]]
    >>> to_utc(local, "America/Phoenix")["at"].dt.strftime("%H:%M").tolist()
    ['09:30', '08:30']
    """
    at = local.dt.tz_localize(zone, ambiguous="NaT", nonexistent="NaT")
    moved = local.dt.tz_localize(zone, ambiguous="NaT", nonexistent="shift_forward")
    never = at.isna() & moved.notna()
    clock = pd.Series("once", index=local.index, dtype="str")
    clock = clock.mask(at.isna(), "twice").mask(never | local.isna(), "")
    utc = at.dt.tz_convert("UTC").astype(UTC_DTYPE)
    return pd.DataFrame({"at": utc, "clock": clock, "never": never})


def _zones(
    sheet: Sheet, known: pd.DataFrame, jurisdictions: gpd.GeoDataFrame | None
) -> pd.Series:
    """Find the zone of each record: the profile's, or that of its place."""
    stated = sheet.profile.time_zone
    if stated or jurisdictions is None:
        return pd.Series(stated, index=known.index, dtype="str")
    return zones_at(known, jurisdictions)


def _from_offset(
    found: pd.DataFrame, zones: pd.Series, local: pd.Series, offset_min: pd.Series
) -> None:
    """Put in the instants of times written with their distance from UTC.

    The day and the time of day become those of the place, where its zone is known.
    """
    at = (local - pd.to_timedelta(offset_min, unit="min")).dt.tz_localize("UTC")
    found.loc[at.index, "occurred_at"] = at.astype(UTC_DTYPE)
    found.loc[at.index, "clock"] = "once"
    for zone in sorted(set(zones) - {""}):
        here = zones.index[zones == zone]
        there = at.loc[here].dt.tz_convert(zone)
        days = there.dt.tz_localize(None).dt.normalize().dt.tz_localize("UTC")
        found.loc[here, "occurred_on"] = days.astype(UTC_DTYPE)
        found.loc[here, "local_time"] = there.dt.strftime("%H:%M")
        found.loc[here, "time_zone"] = zone


def read_instants(
    sheet: Sheet, records: pd.DataFrame, jurisdictions: gpd.GeoDataFrame | None
) -> pd.DataFrame:
    """Find the instant of each record that has a time of day; note every fault.

    The zone is the profile's or that of the place; a time whose zone nobody knows
    has no instant, and neither has one that came twice that day. A time written
    with its distance from UTC has its instant in any case.

    Parameters
    ----------
    sheet
        A file under inspection.
    records
        ``occurred_on``, ``time_precision``, ``local_time``, ``offset_min``, ``x`` and
        ``y``.
    jurisdictions
        Areas with ``kind`` and ``code``; without them only the profile tells a zone.

    Returns
    -------
    pandas.DataFrame
        ``occurred_at`` (UTC, NaT where unknown), ``time_zone`` and ``clock``; and
        ``occurred_on`` and ``local_time``, which are the place's own now.
    """
    empty = pd.Series("", index=records.index, dtype="str")
    never_at = pd.Series(pd.NaT, index=records.index, dtype=UTC_DTYPE)
    found = pd.DataFrame({"occurred_at": never_at, "time_zone": empty, "clock": empty})
    found[["occurred_on", "local_time"]] = records[["occurred_on", "local_time"]]
    timed = (
        (records["local_time"] != "")
        & records["occurred_on"].notna()
        & (records["time_precision"] == "day")
    )
    if not timed.any():
        return found
    known = records[timed]
    zones = _zones(sheet, known, jurisdictions)
    day = known["occurred_on"].dt.strftime("%Y-%m-%d")
    local = pd.to_datetime(day + " " + known["local_time"], format="%Y-%m-%d %H:%M")
    told = known["offset_min"].notna()
    _from_offset(found, zones[told], local[told], known.loc[told, "offset_min"])
    zones = zones[~told]
    never = pd.Series(False, index=records.index)
    for zone in sorted(set(zones) - {""}):
        here = zones.index[zones == zone]
        instants = to_utc(local.loc[here], zone)
        found.loc[here, "occurred_at"] = instants["at"]
        found.loc[here, "clock"] = instants["clock"]
        found.loc[here, "time_zone"] = zone
        never.loc[here] = instants["never"]
    later = (local + ONE_HOUR).dt.strftime("%H:%M").reindex(records.index).fillna("")
    sheet.note(
        "time_never_was", never, "time", records["local_time"], later.astype("str")
    )
    return found
