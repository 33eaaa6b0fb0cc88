r"""Displacement: what became of records in and about an area when something began.

Time is cut into blocks that begin with the operation, as many before as after. With
*A* records of an area and *C* of the control areas, before (0) and after (1),

.. math:: \text{ratio} = \frac{A_1 + \frac12}{A_0 + \frac12} \bigg/
          \frac{C_1 + \frac12}{C_0 + \frac12}

is 1 where the area changed as the controls did (difference in differences, of logs).
Intervals draw whole blocks anew, before and after apart and the same ones in all areas
(block bootstrap); p-values deal before and after anew among the blocks.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import spatial

from riskmap.errors import OptionError, TooFewError
from riskmap.history.ground import Floats

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# fewest blocks on each side, and records in and about the area on each side
LEAST_BLOCKS, LEAST_RECORDS = 6, 10

# a narrower ring would tell where single records lie
LEAST_RING_KM = 5.0

HALF_TURN_DEG = 180.0

# control areas are looked for about so many cells
MOST_CENTRES = 1_000

# added to counts so that none is nought (Haldane 1956, Anscombe 1956)
HALF = 0.5


@dataclass(frozen=True, kw_only=True)
class DisplacementOptions:
    """Which ground is compared, and how often chance is asked.

    Parameters
    ----------
    rings_km
        Outer edges of the rings about the area, ascending.
    controls
        How many control areas.
    block_days
        Days of a block; records that lean on one another should share one.
    level
        Share of intervals that miss, and p-value up to which a change is told.
    draws
        Of blocks.
    score_draws
        How many of them the score is made anew for.
    random_state
        Seed.
    """

    rings_km: tuple[float, ...] = (10.0, 20.0, 40.0)
    controls: int = 5
    block_days: int = 30
    level: float = 0.05
    draws: int = 999
    score_draws: int = 39
    random_state: int = 0

    def __post_init__(self) -> None:
        steps = np.diff((0.0, *self.rings_km))
        if not len(self.rings_km) or not (steps >= LEAST_RING_KM).all():
            msg = f"`rings_km` must rise by {LEAST_RING_KM} km, got {self.rings_km}."
            raise OptionError(msg, option="rings_km", value=self.rings_km)
        for name, least in (("controls", 1), ("block_days", 7), ("draws", 99)):
            got = getattr(self, name)
            if got < least:
                msg = f"`{name}` must be {least} or more, got {got}."
                raise OptionError(msg, option=name, value=got)


@dataclass(frozen=True, kw_only=True, eq=False)
class Blocks:
    """Records by block of time.

    Parameters
    ----------
    block
        Block of each record, those before the start first, of shape (n_records,).
    area
        0 in the area, 1 and up in the rings, -1 in a control area, of shape
        (n_records,).
    n_before, n_after
        Blocks on each side.
    """

    block: Ints
    area: Ints
    n_before: int
    n_after: int

    @property
    def n_blocks(self) -> int:
        """Blocks in all."""
        return self.n_before + self.n_after

    @property
    def later(self) -> Flags:
        """Whether each block comes after the start."""
        return np.arange(self.n_blocks) >= self.n_before

    def draw(self, options: DisplacementOptions) -> Ints:
        """Draw blocks anew, each side from its own: (draws, n_blocks)."""
        rng = np.random.default_rng(options.random_state)
        shape = (options.draws, self.n_before), (options.draws, self.n_after)
        before = rng.integers(0, self.n_before, shape[0])
        after = rng.integers(self.n_before, self.n_blocks, shape[1])
        return np.hstack([before, after])

    def deals(self, options: DisplacementOptions) -> Flags:
        """Deal before and after anew: (draws, n_blocks), True for after."""
        rng = np.random.default_rng([options.random_state, 1])
        return rng.permuted(np.tile(self.later, (options.draws, 1)), axis=1)


@dataclass(frozen=True, kw_only=True, eq=False)
class AreaChange:
    """How the records of one area changed beside those of the control areas.

    Parameters
    ----------
    before, after
        Records.
    ratio, low, high
        1 where it changed as the controls did.
    told
        -1 if it fell, 1 if it rose, beyond doubt and beyond all areas looked at.
    """

    before: int
    after: int
    ratio: float
    low: float
    high: float
    told: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Moved:
    """How a mean over records changed.

    Parameters
    ----------
    change
        After less before, of shape (n_values,).
    size, low, high
        Along the direction of the change; the interval may include 0.
    turn_deg
        Most that the direction turns, to either side, in the interval; 180 if any.
    p
        Share of the deals with as large a change, itself counted in.
    """

    change: Floats
    size: float
    low: float
    high: float
    turn_deg: float
    p: float


def compare_areas(
    blocks: Blocks, n_rings: int, options: DisplacementOptions
) -> tuple[AreaChange, ...]:
    """Compare the area and each ring with the control areas.

    Parameters
    ----------
    blocks
        Records by block, those of the control areas too.
    n_rings
        How many rings there are.
    options
        Draws and level.

    Returns
    -------
    tuple of AreaChange
        The area, then its rings. A change is told if the interval at the level shared
        out among them (Bonferroni) leaves out 1.

    Raises
    ------
    TooFewError
        If there are too few blocks, or records in the control areas.
    """
    check_blocks(blocks)
    n = blocks.n_blocks
    counts = np.stack(
        [
            np.bincount(blocks.block[blocks.area == area], minlength=n)
            for area in (-1, *range(n_rings + 1))
        ],
        axis=1,
    ).astype(np.float64)
    control = int(counts[:, 0].sum())
    if control < LEAST_RECORDS:
        msg = f"The control areas hold {control} records, {LEAST_RECORDS} are needed."
        raise TooFewError(msg, what="controls", found=control, needed=LEAST_RECORDS)
    drawn = counts[blocks.draw(options)]
    logs = _log_ratios(
        drawn[:, : blocks.n_before].sum(axis=1), drawn[:, blocks.n_before :].sum(axis=1)
    )
    before = counts[~blocks.later].sum(axis=0)
    after = counts[blocks.later].sum(axis=0)
    seen = _log_ratios(before, after)
    ends = np.exp(_ends(logs, options.level))
    shared = _ends(logs, options.level / (n_rings + 1))
    return tuple(
        AreaChange(
            before=int(before[place]),
            after=int(after[place]),
            ratio=float(np.exp(seen[place - 1])),
            low=float(ends[0, place - 1]),
            high=float(ends[1, place - 1]),
            told=int(shared[0, place - 1] > 0) - int(shared[1, place - 1] < 0),
        )
        for place in range(1, n_rings + 2)
    )


def _log_ratios(before: Floats, after: Floats) -> Floats:
    """Take the logs of the ratios of all areas to the controls, which stand first."""
    change = np.log((after + HALF) / (before + HALF))
    return np.asarray(change[..., 1:] - change[..., :1])


def _ends(values: Floats, level: float) -> Floats:
    """Take the ends of the interval over draws."""
    return np.asarray(np.quantile(values, [level / 2, 1 - level / 2], axis=0))


def mean_change(values: Floats, blocks: Blocks, options: DisplacementOptions) -> Moved:
    """Tell whether a mean over records changed: of places, or of the ground's hazard.

    Parameters
    ----------
    values
        One row a record, such as kilometres east and north, of shape
        (n_records, n_values).
    blocks
        The same records by block.
    options
        Draws and level.

    Returns
    -------
    Moved
        The change, its interval and its p-value.

    Raises
    ------
    TooFewError
        If there are too few blocks, or records on one side.

    Examples
    --------
    All that follows lies 3 km further west.

    >>> block = np.repeat(np.arange(12), 5)
    >>> blocks = Blocks(block=block, area=0 * block, n_before=6, n_after=6)
    >>> found = mean_change(np.where(block < 6, 0.0, -3.0)[:, None], blocks,
    ...     DisplacementOptions())
    >>> found.change.tolist(), found.size, found.p < 0.01
    ([-3.0], 3.0, True)
    """
    check_blocks(blocks)
    later = blocks.later
    counts = np.bincount(blocks.block, minlength=blocks.n_blocks).astype(np.float64)
    sums = np.zeros((blocks.n_blocks, values.shape[1]))
    np.add.at(sums, blocks.block, values)
    for side in (~later, later):
        if counts[side].sum() < LEAST_RECORDS:
            found, needed = int(counts[side].sum()), LEAST_RECORDS
            msg = f"{found} records on one side, {needed} are needed."
            raise TooFewError(msg, what="about", found=found, needed=needed)
    change = _difference(sums, counts, later[None])[0]
    size = float(np.sqrt((change**2).sum()))
    picks = blocks.draw(options)
    drawn_sums, drawn_counts = sums[picks], counts[picks]
    n = blocks.n_before
    drawn = _mean(drawn_sums[:, n:], drawn_counts[:, n:])
    drawn = drawn - _mean(drawn_sums[:, :n], drawn_counts[:, :n])
    along = drawn @ (change / size) if size > 0 else np.zeros(len(drawn))
    low, high = _ends(along, options.level)
    spread = np.atleast_2d(np.cov(values, rowvar=False))
    inverse = np.linalg.pinv(spread)
    dealt = np.vstack([later[None], blocks.deals(options)])
    gaps = _difference(sums, counts, dealt)
    after = dealt @ counts
    weight = after * (counts.sum() - after) / counts.sum()
    score = weight * np.einsum("ij,jk,ik->i", gaps, inverse, gaps)
    # a deal that leaves one side without records tells nothing
    score = np.nan_to_num(score)
    above = score[1:] >= score[0] * (1 - 1e-9)
    return Moved(
        change=change,
        size=size,
        low=float(low),
        high=float(high),
        turn_deg=_turn_deg(drawn, change, options.level),
        p=float((above.sum() + 1) / len(score)),
    )


def _mean(sums: Floats, counts: Floats) -> Floats:
    """Average over blocks, of shape (draws, n_values)."""
    return np.asarray(sums.sum(axis=1) / np.maximum(counts.sum(axis=1), 1)[:, None])


def _difference(sums: Floats, counts: Floats, later: Flags) -> Floats:
    """Take the mean after less the mean before, by deals."""
    after = np.maximum(later @ counts, 1)[:, None]
    before = np.maximum(~later @ counts, 1)[:, None]
    return np.asarray((later @ sums) / after - (~later @ sums) / before)


def _turn_deg(drawn: Floats, change: Floats, level: float) -> float:
    """Find how far to either side the direction turns over the draws."""
    if len(change) == 1 or not change.any():
        return HALF_TURN_DEG
    cross = drawn[:, 0] * change[1] - drawn[:, 1] * change[0]
    turn = np.degrees(np.abs(np.arctan2(cross, drawn @ change)))
    return float(np.quantile(turn, 1 - level))


def check_blocks(blocks: Blocks) -> None:
    """Refuse to compare too short times.

    Parameters
    ----------
    blocks
        Records by block.

    Raises
    ------
    TooFewError
        Under six blocks on one side.
    """
    found = min(blocks.n_before, blocks.n_after)
    if found < LEAST_BLOCKS:
        msg = f"{found} blocks on one side, {LEAST_BLOCKS} are needed."
        raise TooFewError(msg, what="blocks", found=found, needed=LEAST_BLOCKS)


def match_controls(
    xy_km: Floats, traits: Floats, allowed: Flags, inside: Flags, how_many: int
) -> Ints:
    """Choose areas as large as the operation's and most like it before it began.

    Parameters
    ----------
    xy_km
        Centres of the cells, of shape (n_cells, 2).
    traits
        What is to be alike, such as earlier records and the ground's hazard, of shape
        (n_cells, n_traits); an area has the mean of its cells.
    allowed
        Cells that an area may be made of.
    inside
        Cells of the operation.
    how_many
        Most areas.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        1 and up for the control areas, the most alike first; 0 elsewhere.
    """
    found = np.zeros(len(xy_km), dtype=np.int64)
    size, pool = int(inside.sum()), np.flatnonzero(allowed)
    if len(pool) < size:
        return found
    tree = spatial.KDTree(xy_km[pool])
    centres = pool[:: max(1, len(pool) // MOST_CENTRES)]
    _, members = tree.query(xy_km[centres], k=[*range(1, size + 1)])
    means = traits[pool][members].mean(axis=1)
    spread = means.std(axis=0)
    apart = (means - traits[inside].mean(axis=0)) / np.where(spread > 0, spread, 1)
    for centre in np.argsort((apart**2).sum(axis=1), kind="stable").tolist():
        own = pool[members[centre]]
        if not found[own].any():
            found[own] = found.max() + 1
        if found.max() == how_many:
            break
    return found
