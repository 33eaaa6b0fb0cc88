"""Debt: water lost on the cheapest way from the line or the last water."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph
from scipy.special import ndtr

from riskmap import cells
from riskmap.crs import geocentric
from riskmap.hazards import heat, walking
from riskmap.hazards.walkers import (
    SETTINGS,
    Ground,
    WalkOptions,
    effort_w_per_m2,
    felt_by_hour_c,
    loss_by_hour_l_per_km,
    walkers,
    window_mean,
)

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

M_PER_KM = 1000.0

# an edge of no length would be no edge
LEAST_L = 1e-9

NO_DATA, OUT_OF_REACH, LONG = "no_data", "out_of_reach", "long"


@dataclass(frozen=True, kw_only=True)
class WalkGraph:
    """The cells as a graph to walk on.

    Parameters
    ----------
    starts, ends
        Positions of the two cells of each edge, both ways, of shape (n_edges,).
    length_km
        From centre to centre.
    size
        How many cells.
    """

    starts: npt.NDArray[np.intp]
    ends: npt.NDArray[np.intp]
    length_km: Floats
    size: int

    def ways(self, known: Truths, entry_km: Floats) -> "Ways":
        """Lay out the ways over the cells where somebody can walk.

        Parameters
        ----------
        known
            True where somebody can walk, of shape (n_cells,).
        entry_km
            Kilometres from where ways begin straight to the cell's centre; NaN where
            no way begins.

        Returns
        -------
        Ways
            For any costs of a kilometre.
        """
        both = known[self.starts] & known[self.ends]
        first = np.flatnonzero(known & np.isfinite(entry_km))
        # the last node is where all ways begin
        rows = np.concatenate([self.starts[both], np.full(first.size, self.size)])
        columns = np.concatenate([self.ends[both], first])
        order = np.lexsort((columns, rows))
        rows, columns = rows[order], columns[order]
        length_km = np.concatenate([self.length_km[both], entry_km[first]])[order]
        begins = np.searchsorted(rows, np.arange(self.size + 2))
        return Ways(
            known=known,
            # a way from the line is all in the cell that it enters
            leaves=np.where(rows < self.size, rows, columns),
            enters=columns,
            length_km=length_km,
            begins=begins,
        )


@dataclass(frozen=True, kw_only=True)
class Ways:
    """Ways over known ground, ready for any cost of a kilometre.

    Parameters
    ----------
    known
        True where somebody can walk.
    leaves, enters
        Cells of each edge, sorted by the cell it leaves, those from the line last.
    length_km
        Of each edge.
    begins
        Where the edges of each cell begin, of shape (n_cells + 2,).
    """

    known: Truths
    leaves: npt.NDArray[np.intp]
    enters: npt.NDArray[np.intp]
    length_km: Floats
    begins: npt.NDArray[np.intp]

    def costs(self, per_km: Floats) -> Floats:
        """Find the cheapest way into each cell (Dijkstra).

        Parameters
        ----------
        per_km
            What a kilometre costs in each cell, 0 or more, of shape (n_cells,).

        Returns
        -------
        numpy.ndarray of shape (n_cells,)
            Infinite where no way leads; NaN where nobody can walk.
        """
        edge = self.length_km * (per_km[self.leaves] + per_km[self.enters]) / 2
        size = len(self.begins) - 1
        graph = sparse.csr_matrix(
            (np.maximum(edge, LEAST_L), self.enters, self.begins), shape=(size, size)
        )
        found = csgraph.dijkstra(graph, indices=size - 1)[:-1]
        return np.asarray(np.where(self.known, found, np.nan))


def walk_graph(index: pd.Index) -> WalkGraph:
    """Link each cell to its neighbours.

    Parameters
    ----------
    index
        A cell index, of shape (n_cells,).

    Returns
    -------
    WalkGraph
        With lengths through the Earth, which a few kilometres do not feel.

    Examples
    --------
    >>> from riskmap.cells import cell_index
    >>> walk_graph(cell_index([614553222213795839])).length_km.tolist()
    []
    """
    ends, counts = cells.neighbour_lists(index, 1)
    starts = np.repeat(np.arange(len(index)), counts)
    apart = starts != ends
    centres = cells.cell_centres(index)
    xyz = geocentric(centres["x"].to_numpy(), centres["y"].to_numpy())
    starts, ends = starts[apart], ends[apart]
    length_m = np.linalg.norm(xyz[starts] - xyz[ends], axis=1)
    return WalkGraph(
        starts=starts, ends=ends, length_km=length_m / M_PER_KM, size=len(index)
    )


def entries_km(graph: WalkGraph, line_km: Floats, water_km: Floats) -> Floats:
    """Tell from how far a way begins in each cell: the line, or known water.

    Parameters
    ----------
    graph
        The cells.
    line_km
        From each centre to the line.
    water_km
        From each centre to the nearest known water; NaN or infinite if there is none.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        Kilometres; NaN where neither is as near as the next cell.
    """
    nearest = np.fmin(line_km, water_km)
    spacing_km = float(np.median(graph.length_km)) if graph.length_km.size else 0.0
    near = nearest <= spacing_km
    return np.where(near, nearest, np.nan)


def chance_over_limit(loss_l: Floats, bearable_l: float, spread: float) -> Floats:
    """Tell the chance that a loss passes what a walker can bear.

    The loss is the middle of a lognormal spread over people, whose logarithm has the
    standard deviation ``spread``.

    Parameters
    ----------
    loss_l
        Litres, 0 or more, infinite where no way leads.
    bearable_l
        Litres carried plus the loss that is the limit.
    spread
        Above 0.

    Returns
    -------
    numpy.ndarray
        0 to 1, of the same shape; NaN stays NaN.

    Examples
    --------
    >>> chance_over_limit(np.array([0.0, 11.0, np.inf]), 11.0, 0.3).tolist()
    [0.0, 0.5, 1.0]
    """
    ratio = np.asarray(loss_l, dtype=np.float64) / bearable_l
    with np.errstate(divide="ignore"):
        return np.asarray(ndtr(np.log(ratio) / spread))


def water_debt(
    index: pd.Index,
    ground: Ground,
    options: WalkOptions,
    *,
    line_km: Floats,
    water_km: Floats,
) -> pd.DataFrame:
    """Tell how much water walkers lack in each cell, and the chance that it is fatal.

    Measures the walk alone: from the line, or from the last known water, by the way
    that costs least water. Rest, shade, aid, unlisted wells and a way back are not in
    it. Hotter, steeper and farther from water never come out safer, as long as the
    moisture of the air is the same.

    Parameters
    ----------
    index
        A cell index, of shape (n_cells,).
    ground
        What the walkers meet.
    options
        Who walks, when and with what.
    line_km, water_km
        From each centre to the line and to the nearest known water, kilometres.

    Returns
    -------
    pandas.DataFrame of shape (n_cells, 5)
        ``heat_loss_l_per_km``: litres that a kilometre costs; ``heat_debt_l``: litres
        lost less litres carried, mean of the walkers;
        ``heat_chance``: chance that the loss passes the limit; ``heat_flag``: words
        joined by ``+`` for what the equations were not fitted on, ``no_data`` or
        ``out_of_reach``; ``walk_hours``: hours on foot from the line by the quickest
        way. NaN where terrain or climate is unknown.
    """
    graph = walk_graph(index)
    known = _known(ground)
    ways = graph.ways(known, entries_km(graph, line_km, water_km))
    felt = felt_by_hour_c(ground, options)
    debt, chance, cost = (np.zeros(len(index)) for _ in range(3))
    for walker in walkers(options):
        by_hour = loss_by_hour_l_per_km(ground, felt, walker, options)
        bearable = walker.water_l + options.limit_share * walker.body_kg
        for start, share in options.starts():
            per_km = window_mean(by_hour, start, options.hours)
            loss = ways.costs(per_km)
            weight = share * walker.share
            cost += weight * per_km
            debt += weight * (loss - walker.water_l)
            chance += weight * chance_over_limit(
                loss, bearable, SETTINGS["sweat_spread"]
            )
    reached = np.isfinite(debt)
    h_per_km = _hours_per_km(ground)
    hours = ways.costs(h_per_km)
    flags = _flags(ground, options, hours)
    flags = np.where(np.isnan(debt), NO_DATA, np.where(reached, flags, OUT_OF_REACH))
    line_ways = graph.ways(known, entries_km(graph, line_km, line_km))
    from_line = line_ways.costs(h_per_km)
    return pd.DataFrame(
        {
            "heat_loss_l_per_km": cost,
            "heat_debt_l": np.where(reached, debt, np.nan),
            "heat_chance": np.where(reached, chance, np.nan),
            "heat_flag": pd.array(flags, dtype="str"),
            "walk_hours": np.where(np.isfinite(from_line), from_line, np.nan),
        },
        index=index,
    )


def _hours_per_km(ground: Ground) -> Floats:
    """Tell how long a kilometre takes, up as much as down."""
    slope = np.tan(np.radians(ground.slope_deg))
    up, down = (walking.walking_speed_kmh(way * slope) for way in (1, -1))
    return np.asarray((1 / up + 1 / down) / 2)


def _known(ground: Ground) -> Truths:
    """Tell where all that a walker meets is known."""
    weather = ground.highest_c + ground.lowest_c + ground.dew_c
    return np.isfinite(weather + ground.slope_deg)


def _flags(
    ground: Ground, options: WalkOptions, hours: Floats
) -> npt.NDArray[np.object_]:
    """Name what the sweat equations are asked for outside their fit."""
    heaviest = walkers(options)[-1]
    slope = np.tan(np.radians(ground.slope_deg))
    _, rate, _ = effort_w_per_m2(slope, heaviest, options)
    vapour = heat.vapour_kpa(ground.dew_c)
    hottest = heat.outside_fit(ground.highest_c, vapour, options.wind_ms, rate)
    coldest = heat.outside_fit(ground.lowest_c, vapour, options.wind_ms, rate)
    found = {name: hottest[name] | coldest[name] for name in hottest}
    found[LONG] = np.isfinite(hours) & (hours > heat.FITTED_HOURS[1])
    return _joined(found, len(hours))


def _joined(
    found: dict[str, npt.NDArray[np.bool_]], size: int
) -> npt.NDArray[np.object_]:
    """Join the names of what holds in each cell."""
    code = np.zeros(size, dtype=np.int64)
    for place, there in enumerate(found.values()):
        code |= there.astype(np.int64) << place
    texts = np.array(
        [
            "+".join(name for bit, name in enumerate(found) if number >> bit & 1)
            for number in range(1 << len(found))
        ],
        dtype=object,
    )
    return np.asarray(texts[code])
