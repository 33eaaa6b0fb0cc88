r"""Causes: how a danger is made up of what people die of, cell by cell.

Each cause has an intensity by physics, flow times hazard times detectability. Its
share of a cell's danger is the mean of a Dirichlet posterior,

.. math:: p_k = (a \, m_k + n_k) / (a + \sum_j n_j),

*m* what physics makes likely, mixed with the same shares everywhere, and :math:`n_k`
records of the cause nearby through a Gaussian of one reach. So physics counts for less
the more is recorded. How much it is trusted, *a* and the reach are those under which
the causes of past years' records, as foretold at the time, were most likely.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.history.ground import Floats, Placed, Places, place_events
from riskmap.history.records import Records
from riskmap.scoring.totals import DAYS_PER_YEAR

YEAR_DAYS = 365

# what is tried: how much of the prior is physics, its worth in events, the reach
PHYSICS = (0.0, 0.5, 1.0)
STRENGTH_EVENTS = (1.0, 3.0, 10.0, 30.0, 100.0)
REACH_KM = (5.0, 10.0, 20.0, 40.0, 80.0)

# part of physics that is the same everywhere: people drown where no water is listed
LEAST_EVERYWHERE = 0.01

# past years to choose by
MOST_YEARS = 6

# half an event of each cause, Jeffreys' prior: nothing is impossible
PRIOR_EVENTS = 0.5


@dataclass(frozen=True, kw_only=True)
class Trust:
    """What a split by cause rests on.

    Parameters
    ----------
    physics
        Part of the prior that is physics, 0 to 1; the rest is the same everywhere.
    strength_events
        How many records nearby the prior is worth.
    reach_km
        Standard deviation of the Gaussian that says what is near.
    """

    physics: float
    strength_events: float
    reach_km: float


# what is trusted where no past year can tell
USUAL = Trust(physics=0.5, strength_events=3.0, reach_km=20.0)

ALL_TRUSTS = tuple(
    Trust(physics=physics, strength_events=events, reach_km=reach)
    for reach, events, physics in product(REACH_KM, STRENGTH_EVENTS, PHYSICS)
)


@dataclass(frozen=True, kw_only=True, eq=False)
class CauseSplit:
    """What share of a danger each cause has.

    Parameters
    ----------
    shares
        On the cell index, a column a cause; rows add up to 1.
    physics
        How much of each row is physics, 0 to 1.
    trust
        What was chosen.
    foretold
        A row for each record of past years: ``cell``, its position; ``split``,
        ``everywhere``, ``physics`` and ``nearby``, the share that each way of
        splitting had foretold for its cause, all chosen on years before.
    """

    shares: pd.DataFrame
    physics: pd.Series
    trust: Trust
    foretold: pd.DataFrame


def events_by_cause(
    records: Records, incidents: gpd.GeoDataFrame, causes: tuple[str, ...]
) -> dict[str, Placed]:
    """Sort the events of some records by what people died of.

    Parameters
    ----------
    records
        What is known.
    incidents
        Event table of the same kinds, with ``cause``.
    causes
        Causes; a record of any other is left out.

    Returns
    -------
    dict of str to Placed
        Those placed finely enough to tell their cell, on watched ground and days.
    """
    found = {}
    for cause in causes:
        mine = incidents.loc[incidents["cause"] == cause]
        events = place_events(records.ground, mine, before_day=records.as_of_day)
        events = events.keep(records.coverage.holds(events.cell, events.day))
        found[cause] = events.pinned
    return found


def split_by_cause(
    records: Records, events: Mapping[str, Placed], intensity: pd.DataFrame
) -> CauseSplit:
    """Split a danger up by cause.

    Parameters
    ----------
    records
        What is known.
    events
        As :func:`events_by_cause` gives.
    intensity
        On the cell index, for each cause flow times hazard times detectability, to any
        scale; NaN where physics does not know.

    Returns
    -------
    CauseSplit
        The same shares everywhere where nothing is recorded and nothing known.
    """
    bench = _Bench(records=records, events=events, intensity=intensity)
    years = list(bench.years())
    trust = _chosen(years)
    shares, physics = bench.split(trust)
    foretold = [
        _foretold(year, _chosen(years[:before])) for before, year in enumerate(years)
    ]
    none = {name: np.zeros(0) for name in FORETOLD}
    return CauseSplit(
        shares=pd.DataFrame(shares, index=intensity.index, columns=intensity.columns),
        physics=pd.Series(physics, index=intensity.index, name="physics"),
        trust=trust,
        foretold=pd.concat(foretold or [pd.DataFrame(none)], ignore_index=True),
    )


FORETOLD = ("cell", "split", "everywhere", "physics", "nearby")


@dataclass(frozen=True, kw_only=True)
class _Year:
    """A past year: for each way of splitting the share foretold for each record."""

    cell: Places
    by_trust: Mapping[Trust, Floats]
    everywhere: Floats
    physics: Floats


def _chosen(years: list[_Year]) -> Trust:
    """Choose what would have foretold some years best."""
    if not years:
        return USUAL
    likely = {
        trust: sum(float(np.log(year.by_trust[trust]).sum()) for year in years)
        for trust in ALL_TRUSTS
    }
    return max(ALL_TRUSTS, key=lambda trust: likely[trust])


def _foretold(year: _Year, trust: Trust) -> pd.DataFrame:
    """Lay out what was foretold of one year's records."""
    alone = Trust(
        physics=0.0, strength_events=trust.strength_events, reach_km=trust.reach_km
    )
    return pd.DataFrame(
        {
            "cell": year.cell,
            "split": year.by_trust[trust],
            "everywhere": year.everywhere,
            "physics": year.physics,
            "nearby": year.by_trust[alone],
        }
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Bench:
    """Events of all causes and what physics says, ready to be asked on any day."""

    records: Records
    events: Mapping[str, Placed]
    intensity: pd.DataFrame

    def years(self) -> Iterator[_Year]:
        """Foretell past years, oldest first, each from what was over before it."""
        parts = [self.events[str(cause)] for cause in self.intensity.columns]
        code = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        day = np.concatenate([part.day for part in parts])
        known = np.concatenate([part.known_day for part in parts])
        cell = np.concatenate([part.cell for part in parts])
        xy_km = np.concatenate([part.site_xy_km[part.site] for part in parts])
        first = self.records.coverage.first_day
        for back in range(MOST_YEARS, 0, -1):
            start = self.records.as_of_day - back * YEAR_DAYS
            came = np.flatnonzero((day >= start) & (day < start + YEAR_DAYS))
            if first is None or start < first + YEAR_DAYS or not len(came):
                continue
            past, mine = np.flatnonzero(known <= start), code[came]
            priors = everywhere, physics = self._priors(start, cell[came])
            apart = np.hypot(*(xy_km[came, None] - xy_km[past]).transpose(2, 0, 1))
            causes = np.eye(len(parts))[code[past]]
            found = {}
            for reach in REACH_KM:
                near = np.exp(-0.5 * (apart / reach) ** 2) @ causes
                for trust in ALL_TRUSTS:
                    if trust.reach_km == reach:
                        shares, _ = _posterior(trust, *priors, near)
                        found[trust] = _taken(shares, mine)
            yield _Year(
                cell=cell[came],
                by_trust=found,
                everywhere=_taken(everywhere, mine),
                physics=_taken(physics, mine),
            )

    def split(self, trust: Trust) -> tuple[Floats, Floats]:
        """Split every cell today."""
        day = self.records.as_of_day
        rows = np.arange(len(self.records.ground))
        everywhere, physics = self._priors(day, rows)
        lattice, cells_on = self.records.ground.lattice(trust.reach_km)
        # a Gaussian whose peak is 1: a record in the cell counts as one
        peak = 2 * np.pi * trust.reach_km**2
        near = np.zeros_like(physics)
        for rank, cause in enumerate(self.intensity.columns):
            past = self.events[str(cause)].before(day)
            if len(past):
                xy = past.site_xy_km[past.site]
                laid = np.asarray(lattice.between(xy).sum(axis=0)).ravel()
                near[:, rank] = cells_on @ lattice.blur(laid) * peak
        return _posterior(trust, everywhere, physics, near)

    def _priors(self, day: int, rows: Places) -> tuple[Floats, Floats]:
        """Tell the shares of causes the same everywhere, and by physics, at cells."""
        past = [self.events[str(cause)].before(day) for cause in self.intensity.columns]
        counted = np.array([len(part) + PRIOR_EVENTS for part in past])
        everywhere = np.tile(counted / counted.sum(), (len(rows), 1))
        coverage = self.records.coverage
        years = coverage.discounted_days(day, np.inf) / DAYS_PER_YEAR
        exposed = self.records.ground.area_km2 * years
        intensity = self.intensity.to_numpy(dtype=np.float64)
        whole = np.nansum(intensity * exposed[:, None], axis=0)
        rate = np.divide(counted, whole, out=np.zeros_like(whole), where=whole > 0)
        expected = intensity[rows] * rate
        total = expected.sum(axis=1)
        known = np.isfinite(total) & (total > 0)
        physics = everywhere.copy()
        physics[known] = expected[known] / total[known, None]
        physics = (1 - LEAST_EVERYWHERE) * physics + LEAST_EVERYWHERE * everywhere
        return everywhere, physics


def _posterior(
    trust: Trust, everywhere: Floats, physics: Floats, near: Floats
) -> tuple[Floats, Floats]:
    """Mix the prior with records nearby; tell how much of the mix is physics."""
    prior = trust.physics * physics + (1 - trust.physics) * everywhere
    whole = trust.strength_events + near.sum(axis=1)
    shares = (trust.strength_events * prior + near) / whole[:, None]
    return shares, trust.physics * trust.strength_events / whole


def _taken(shares: Floats, causes: Places) -> Floats:
    """Take the share of each record's own cause."""
    return np.asarray(shares[np.arange(len(causes)), causes])
