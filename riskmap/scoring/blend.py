"""Blend: what a cell's place says, where its own record is still short."""

from functools import cached_property

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from riskmap.history.ground import Floats
from riskmap.history.records import Records
from riskmap.scoring.expectation import PARTS
from riskmap.scoring.presets import Preset
from riskmap.scoring.terms import HAZARDS, ground_terms
from riskmap.scoring.unseen import UnseenGround
from riskmap.scoring.wall import refuse_wrong_side

PLACE, UNIFORM = PARTS.index("place"), PARTS.index("uniform")

# number of a preset that asks for the blend; a preset without it has none
HALF_LIFE = "prior_half_life_years"
DAYS_PER_YEAR = 365.0

# below this the place no longer counts: its regressions need not be made
LEAST_NEW = 0.02

# every hazard serves to save lives
HAZARD_PURPOSE = "life_saving"

# layers without which nothing can be said of a place
NEEDED = ("distance_to_line_km", "share_mx")


class Blend:
    """A preset's prior of unseen ground, made only when some cell asks for it.

    Parameters
    ----------
    preset
        What the score is made from.
    features
        Layers, with or without hazards.
    random_state
        Seed of the draw of cells without events.

    Raises
    ------
    PurposeWallError
        If hazards are given for a score that does not serve to save lives.
    """

    def __init__(
        self, preset: Preset, features: pd.DataFrame, random_state: int = 0
    ) -> None:
        given = [name for name in HAZARDS if name in features.columns]
        tags = dict.fromkeys(given, HAZARD_PURPOSE)
        refuse_wrong_side(preset.name, preset.purpose, tags)
        self.half_life_years = preset.numbers.get(HALF_LIFE)
        self.features = features[[*dict.fromkeys((*preset.layers, *given))]]
        self.random_state = random_state

    @property
    def asked(self) -> bool:
        """True if the preset wants a prior, and its layers can tell one."""
        return self.half_life_years is not None and set(NEEDED) <= set(self.features)

    @cached_property
    def terms(self) -> dict[str, Floats]:
        """Terms of the layers, made once for all days."""
        return ground_terms(self.features)

    def relative(self, records: Records) -> Floats | None:
        """Tell each cell's density by its place, as a multiple of watched ground's.

        Parameters
        ----------
        records
            What is known.

        Returns
        -------
        numpy.ndarray of shape (n_cells,) or None
            None where too few stretches hold events to learn from.
        """
        if not self.asked:
            return None
        model = UnseenGround(random_state=self.random_state)
        with threadpool_limits(1):
            return model.fit(records, terms=self.terms).relative_

    def blended(
        self, parts: Floats, records: Records, relative: Floats | None = None
    ) -> Floats:
        """Let the place speak in watched cells whose record is short.

        A cell's own record, that is what was *not* recorded there, lowers it only as
        its watch grows; events near it count in full from the first.

        Parameters
        ----------
        parts
            As :class:`riskmap.scoring.expectation.Expectation` has them.
        records
            What is known.
        relative
            As :meth:`relative` gives, if it is known already.

        Returns
        -------
        numpy.ndarray of shape (n_parts, n_cells)
            Adding up to what they did.
        """
        if not self.asked:
            return parts
        new = newness(records, float(self.half_life_years or 0.0))
        ground = records.ground.area_km2 * records.watched
        if not (ground * new > 0).any():
            return parts
        map_ = self.relative(records) if relative is None else relative
        long_watched = float((ground * (1 - new)).sum())
        if map_ is None or long_watched <= 0:
            return parts
        density = float((parts.sum(axis=0) * (1 - new)).sum()) / long_watched
        found = parts.copy()
        found[[PLACE, UNIFORM]] *= 1 - new
        found[PLACE] += new * density * map_ * ground
        return np.asarray(found * (parts.sum() / max(found.sum(), 1e-300)))


def newness(records: Records, half_life_years: float) -> Floats:
    """Tell how little a cell's own record says: 1 where it is not watched yet.

    Parameters
    ----------
    records
        What is known.
    half_life_years
        Watched years after which the place counts half.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        1 to 0; below a fiftieth it is 0.
    """
    days = records.coverage.discounted_days(records.as_of_day, np.inf)
    share = records.watched
    # a cell of which half is watched was watched for all of its days
    years = np.divide(days, share, out=np.zeros_like(days), where=share > 0)
    found = 0.5 ** (years / DAYS_PER_YEAR / half_life_years)
    return np.where(found >= LEAST_NEW, found, 0.0)
