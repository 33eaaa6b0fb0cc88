r"""Under-counting: how many events no source recorded, from how much the sources share.

Two sources: if being in one makes an event neither likelier nor less likely to be in
the other, the missed ones follow from the overlap (Chapman). How far the estimate hangs
on that is told by an odds ratio :math:`\theta` between the sources, which two sources
cannot measure: :math:`f_0 = \theta\, n_{10} n_{01} / (n_{11} + 1)`.

Three sources: log-linear models with every choice of pairs of sources that lean on one
another, each weighed by AIC; that all three lean together cannot be measured. Every
cell has 1/4 added (Evans and Bonett); the interval comes from counts drawn anew.

What no number of sources tells: of events that none of them could ever have recorded.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from riskmap.errors import TooFewError
from riskmap.history.ground import Floats
from riskmap.schema import Column

CONFIDENCE = 0.90

# odds ratios between two sources that are tried, 1 being independence
ODDS_RATIOS = (0.5, 1.0, 2.0, 4.0)

TWO, THREE = 2, 3

# bias of log-linear estimates from few events (Evans and Bonett 1994)
ADDED = 0.25

# an overlap this large says that one source copies the other
COPIED = 0.95

NEWTON_STEPS = 30
MOST_STEP = 4.0

ESTIMATE_TABLE: tuple[Column, ...] = (
    Column(name="model", dtype="str", meaning="Which sources lean on one another."),
    Column(name="estimate", dtype="float64", lowest=0, meaning="Events in truth."),
    Column(name="low", dtype="float64", lowest=0, missing=True, meaning="Of 90 %."),
    Column(name="high", dtype="float64", lowest=0, missing=True, meaning="Of 90 %."),
    Column(name="weight", dtype="float64", lowest=0, highest=1, missing=True),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Undercount:
    """How many events there were, recorded or not.

    Parameters
    ----------
    recorded
        Events that at least one source has.
    estimate, low, high
        Events in truth, and the interval of 90 %.
    models
        As :data:`ESTIMATE_TABLE`: what other assumptions would give.
    copied
        True if one source holds nearly all of another: then the estimate says only
        that it copies it.
    """

    recorded: int
    estimate: float
    low: float
    high: float
    models: pd.DataFrame
    copied: bool


def chapman(first: int, second: int, both: int) -> tuple[float, float, float]:
    """Estimate how many events there are from two sources that are independent.

    Parameters
    ----------
    first, second
        Events in each source.
    both
        Events in both.

    Returns
    -------
    estimate, low, high : float
        And the interval of 90 %: log-normal in the number missed.

    References
    ----------
    Chapman DG (1951) Univ Calif Publ Stat 1:131-160. Seber GAF (1970) The effects of
    trap response on tag recapture estimates. Biometrics 26:13-22,
    doi:10.2307/2529040. Chao A (1987) Estimating the population size for capture-
    recapture data with unequal catchability. Biometrics 43:783-791,
    doi:10.2307/2531532 (interval).

    Examples
    --------
    >>> [round(x, 1) for x in chapman(60, 40, 20)]
    [118.1, 100.9, 149.4]
    """
    estimate = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (
        (first + 1)
        * (second + 1)
        * (first - both)
        * (second - both)
        / ((both + 1) ** 2 * (both + 2))
    )
    recorded = first + second - both
    return estimate, *_around(recorded, estimate - recorded, variance)


def _around(recorded: int, missed: float, variance: float) -> tuple[float, float]:
    """Lay a log-normal interval about the number missed."""
    if missed <= 0:
        return float(recorded), float(recorded)
    z = float(stats.norm.ppf((1 + CONFIDENCE) / 2))
    factor = float(np.exp(z * np.sqrt(np.log1p(variance / missed**2))))
    return recorded + missed / factor, recorded + missed * factor


def estimate_undercount(
    patterns: Mapping[str, int],
    names: tuple[str, ...],
    *,
    draws: int = 999,
    random_state: int = 0,
) -> Undercount:
    """Estimate how many events no source recorded.

    Parameters
    ----------
    patterns
        Events by the sources that have them: ``"10"`` for the first of two alone.
    names
        Names of the two or three sources.
    draws
        How often counts are drawn anew, for three sources.
    random_state
        Seed.

    Returns
    -------
    Undercount
        For two sources by Chapman, with other odds ratios as models; for three the
        mean of the log-linear models, by weight.

    Raises
    ------
    TooFewError
        If there are not two or three sources, or no event is in two of them.

    References
    ----------
    Fienberg SE (1972) The multiple recapture census for closed populations and
    incomplete 2^k contingency tables. Biometrika 59:591-603,
    doi:10.1093/biomet/59.3.591. Evans MA, Bonett DG (1994) Bias reduction for
    multiple-recapture estimators of closed population size. Biometrics 50:388-395,
    doi:10.2307/2533383. International Working Group for Disease Monitoring (1995)
    Capture-recapture and multiple-record systems estimation. Am J Epidemiol
    142:1047-1068.

    Examples
    --------
    >>> found = estimate_undercount({"10": 40, "01": 20, "11": 20}, ("a", "b"))
    >>> found.recorded, round(found.estimate, 1), found.copied
    (80, 118.1, False)
    """
    size = len(names)
    if size not in (TWO, THREE):
        msg = f"Two or three sources are needed, got {size}."
        raise TooFewError(msg, what="sources", found=size, needed=TWO)
    codes = _codes(size)
    counts = np.array([patterns.get(code, 0) for code in codes], dtype=np.float64)
    shared = int(sum(n for c, n in zip(codes, counts, strict=True) if c.count("1") > 1))
    if shared == 0:
        msg = "No event is in two sources."
        raise TooFewError(msg, what="overlap", found=0, needed=1)
    copied = _copied(codes, counts)
    if size == TWO:
        return _from_two(patterns, names, copied=copied)
    return _from_three(counts, names, (draws, random_state), copied=copied)


def _codes(size: int) -> tuple[str, ...]:
    """List the patterns that can be seen, the missed one left out."""
    every = ("".join(bits) for bits in itertools.product("01", repeat=size))
    return tuple(code for code in every if "1" in code)


def _copied(codes: tuple[str, ...], counts: Floats) -> bool:
    """Tell whether one source holds nearly all of another."""
    inside = np.array([[bit == "1" for bit in code] for code in codes])
    for one, other in itertools.combinations(range(inside.shape[1]), 2):
        both = counts[inside[:, one] & inside[:, other]].sum()
        smaller = min(counts[inside[:, one]].sum(), counts[inside[:, other]].sum())
        if both >= COPIED * smaller > 0:
            return True
    return False


def _from_two(
    patterns: Mapping[str, int], names: tuple[str, ...], *, copied: bool
) -> Undercount:
    """Estimate from two sources, and say what other odds ratios would give."""
    alone, other, both = (int(patterns.get(code, 0)) for code in ("10", "01", "11"))
    recorded = alone + other + both
    estimate, low, high = chapman(alone + both, other + both, both)
    missed = estimate - recorded
    product = float((alone + both + 1) * (other + both + 1) * alone * other)
    variance = product / ((both + 1) ** 2 * (both + 2))
    rows = []
    for ratio in ODDS_RATIOS:
        ends = _around(recorded, ratio * missed, ratio**2 * variance)
        name = f"{names[0]}*{names[1]}={ratio:g}"
        rows.append((name, recorded + ratio * missed, *ends, np.nan))
    return Undercount(
        recorded=recorded,
        estimate=estimate,
        low=low,
        high=high,
        models=_models(rows),
        copied=copied,
    )


def _from_three(
    counts: Floats, names: tuple[str, ...], draws: tuple[int, int], *, copied: bool
) -> Undercount:
    """Average log-linear models, and draw the counts anew for the interval."""
    designs = _designs()
    recorded = int(counts.sum())
    missed, weight = _fit_all(counts[None] + ADDED, designs)
    rng = np.random.default_rng(draws[1])
    centre = (missed * weight).sum()
    share = np.append(counts, centre) / (recorded + centre)
    anew = rng.multinomial(round(recorded + centre), share, size=draws[0])[:, :-1]
    again, weights = _fit_all(anew.astype(np.float64) + ADDED, designs)
    tail = (1 - CONFIDENCE) / 2
    totals = anew.sum(axis=1)[:, None] + again
    mean = (totals * weights).sum(axis=1)
    low, high = np.quantile(mean, [tail, 1 - tail])
    ends = np.quantile(totals, [tail, 1 - tail], axis=0)
    rows = [
        (
            " ".join(f"{names[a]}*{names[b]}" for a, b in pairs) or "independent",
            recorded + missed[0, at],
            max(ends[0, at], recorded),
            ends[1, at],
            weight[0, at],
        )
        for at, pairs in enumerate(designs)
    ]
    return Undercount(
        recorded=recorded,
        estimate=float(recorded + centre),
        low=max(float(low), float(recorded)),
        high=float(high),
        models=_models(rows),
        copied=copied,
    )


Pairs = tuple[tuple[int, int], ...]


def _designs() -> dict[Pairs, Floats]:
    """List the log-linear models of three sources: every choice of pairs."""
    seen = np.array([[int(bit) for bit in code] for code in _codes(THREE)])
    couples = tuple(itertools.combinations(range(THREE), 2))
    found = {}
    for size in range(len(couples) + 1):
        for pairs in itertools.combinations(couples, size):
            columns = [np.ones(len(seen)), *seen.T]
            columns += [seen[:, a] * seen[:, b] for a, b in pairs]
            found[pairs] = np.column_stack(columns).astype(np.float64)
    return found


def _fit_all(counts: Floats, designs: Mapping[Pairs, Floats]) -> tuple[Floats, Floats]:
    """Fit every model to every row of counts: missed events and weights by AIC."""
    missed, aic = [], []
    for design in designs.values():
        beta = _poisson(counts, design)
        fitted = np.exp(beta @ design.T)
        deviance = 2 * (counts * np.log(counts / fitted) - counts + fitted).sum(axis=1)
        missed.append(np.exp(beta[:, 0]))
        aic.append(deviance + 2 * design.shape[1])
    scores = np.column_stack(aic)
    weight = np.exp(-0.5 * (scores - scores.min(axis=1, keepdims=True)))
    return np.column_stack(missed), weight / weight.sum(axis=1, keepdims=True)


def _poisson(counts: Floats, design: Floats) -> Floats:
    """Fit one log-linear model to every row of counts at once, by Newton's steps."""
    beta = np.linalg.lstsq(design, np.log(counts).T, rcond=None)[0].T
    for _ in range(NEWTON_STEPS):
        fitted = np.exp(beta @ design.T)
        slope = (counts - fitted) @ design
        bend = np.einsum("rc,ci,cj->rij", fitted, design, design)
        step = np.linalg.solve(bend, slope[:, :, None])[:, :, 0]
        beta = beta + np.clip(step, -MOST_STEP, MOST_STEP)
    return np.asarray(beta)


def _models(rows: list[tuple[str, float, float, float, float]]) -> pd.DataFrame:
    """Lay the models out as rows."""
    table = pd.DataFrame(rows, columns=[column.name for column in ESTIMATE_TABLE])
    return table.astype({column.name: column.dtype for column in ESTIMATE_TABLE})
