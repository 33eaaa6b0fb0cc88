"""People: harm recorded to migrants, officers and communities, each apart."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import pandas as pd

from riskmap.crs import metric_crs_for
from riskmap.errors import OptionError, UnknownNameError
from riskmap.features.build import build_features
from riskmap.features.hazard_audience import AUDIENCE_LAYERS, AUDIENCES
from riskmap.features.layer import TABLES, Inputs
from riskmap.pipeline.reports import Progress
from riskmap.pipeline.runner import Settings, Step, Tables
from riskmap.project import Project

NEEDS = ("cells", "incidents", "coverage")

COMBINED = "combined"


def _make(
    tables: Tables, settings: Settings, progress: Progress
) -> Sequence[pd.DataFrame]:
    """Take the step."""
    absent = gpd.GeoDataFrame(geometry=[], crs="EPSG:4326")
    inputs = Inputs(
        **{name: tables[name] if name in NEEDS else absent for name in TABLES},
        metric_crs=metric_crs_for(tables["boundary"]),
        as_of=pd.Timestamp(settings.as_of, tz="UTC"),
    )
    return (build_features(inputs, AUDIENCE_LAYERS, progress=progress),)


PEOPLE_STEP = Step(
    name="people",
    makes=("people_at_risk",),
    make=_make,
    needs=("boundary", *NEEDS),
    options=lambda settings: {"as_of": settings.as_of},
)


def rate_column(audience: str) -> str:
    """Name the column of one audience's rate.

    Parameters
    ----------
    audience
        ``migrants``, ``officers`` or ``communities``.

    Returns
    -------
    str
        Name of a column of ``people_at_risk``.

    Examples
    --------
    >>> rate_column("officers")
    'officers_harmed_events_per_100km2_year'
    """
    return f"{audience}_harmed_events_per_100km2_year"


def combine(
    table: pd.DataFrame, area_km2: pd.Series, weights: Mapping[str, float]
) -> pd.Series:
    """Put people at risk into one index, only because somebody asked for it.

    Each group's rate is divided by its own mean over the corridor, so that a group
    of which more is recorded does not count for more; then the weights apply.

    Parameters
    ----------
    table
        On the cell index: a rate for each audience.
    area_km2
        Of each cell.
    weights
        Audience to weight, 0 or more.

    Returns
    -------
    pandas.Series of shape (n_cells,)
        1 is the corridor's mean; NaN where a group with a weight is no data.

    Raises
    ------
    UnknownNameError
        If a group is none of the three.
    OptionError
        If a weight is negative or all are 0.

    Examples
    --------
    >>> rates = pd.DataFrame({rate_column("migrants"): [3.0, 1.0]})
    >>> combine(rates, pd.Series([1.0, 1.0]), {"migrants": 1.0}).tolist()
    [1.5, 0.5]
    """
    for name, weight in weights.items():
        if name not in AUDIENCES:
            msg = f"The group must be one of {tuple(AUDIENCES)}, got {name!r}."
            raise UnknownNameError(
                msg, kind="audience", value=name, known=tuple(AUDIENCES)
            )
        if not 0 <= weight < float("inf"):
            msg = f"The weight of {name} must be 0 or more, got {weight!r}."
            raise OptionError(msg, option="weights", value=weight)
    whole = sum(weights.values())
    if whole <= 0:
        msg = f"One weight at least must be above 0, got {dict(weights)!r}."
        raise OptionError(msg, option="weights", value=str(dict(weights)))
    total = pd.Series(0.0, index=table.index, name=COMBINED)
    for name, weight in weights.items():
        if weight == 0:
            continue
        rate = table[rate_column(name)]
        area = area_km2.where(rate.notna())
        mean = (rate * area).sum() / area.sum() if area.sum() else float("nan")
        total += weight / whole * (rate / mean if mean else rate)
    return total


def people_at_risk(
    project: Project, weights: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Read what harm was recorded to whom, each group apart.

    Parameters
    ----------
    project
        A project that has been run.
    weights
        Audience to weight of one index; by default there is none.

    Returns
    -------
    pandas.DataFrame
        On ``cell``: ``side``, ``km``, ``area_km2``, a rate for each group, and
        ``combined`` only if weights were given.

    Raises
    ------
    TableMissingError
        Before the first run.
    UnknownNameError, OptionError
        If a weight is wrong.
    """
    place = project.read("cells")[["side", "km", "area_km2"]]
    found = place.join(project.read("people_at_risk"))
    if weights is None:
        return found
    return found.assign(**{COMBINED: combine(found, found["area_km2"], weights)})
