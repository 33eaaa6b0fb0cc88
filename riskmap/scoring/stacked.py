"""Stacked: a score made by the stack of learners, its parts still adding up."""

import numpy as np

from riskmap.history.ground import Floats
from riskmap.history.records import Records
from riskmap.scoring.mixture import KernelMixture
from riskmap.scoring.place import PlaceTerms
from riskmap.scoring.stack import GLM, MIXTURE, SELF_EXCITING, TREES, Stack, StackTables

# the parts that docs/skill.md measured
LEARNERS = (MIXTURE, TREES, GLM, SELF_EXCITING)


class StackedMixture(KernelMixture):
    """The mixture, and beside it what learners make of each cell's past and place.

    It is fitted and asked as a mixture is; what the mixture expects keeps its named
    parts, and the learners' share is one part more.

    Attributes
    ----------
    stack_
        The stack, its own mixture refitted on each past day.
    """

    tables: StackTables
    most_horizons: int

    def fit(
        self,
        X: Records,
        y: None = None,  # noqa: ARG002 - scikit-learn passes y
        *,
        place: PlaceTerms,
    ) -> "StackedMixture":
        """Fit the mixture; the learners are fitted on the days that are asked for.

        Parameters
        ----------
        X
            What is known.
        y
            Not used.
        place
            Terms of the neutral layers.

        Returns
        -------
        StackedMixture
            Itself.
        """
        super().fit(X, place=place)
        self.stack_ = Stack(
            mixture=KernelMixture(**self.get_params(deep=False)),
            parts=LEARNERS,
            most_horizons=self.most_horizons,
            random_state=place.random_state,
        )
        self.joined_: dict[int, tuple[float, Floats]] = {}
        return self

    def learned_on(self, day: int, where: Floats) -> tuple[float, Floats]:
        """Tell the learners' weight on a day, and where they expect the events.

        Parameters
        ----------
        day
            Not after the day that it was fitted on; nothing later is used.
        where
            Share of each cell that is open, of shape (n_cells,).

        Returns
        -------
        weight : float
            0 to 1; what is left is the mixture's.
        shares : numpy.ndarray of shape (n_cells,)
            Adding up to 1; all zeros where they expect nothing on open ground.
        """
        if day not in self.joined_:
            records = self.records_
            known = records if day == records.as_of_day else records.before(day)
            maps = self.stack_.maps_on(known, self.tables)
            weights = self.stack_.weights_on(known, self.tables)
            rest = [weights[name] * maps[name] for name in maps if name != MIXTURE]
            self.joined_[day] = 1 - weights[MIXTURE], np.asarray(np.sum(rest, axis=0))
        weight, map_ = self.joined_[day]
        found = map_ * where
        total = float(found.sum())
        if total <= 0:
            return 0.0, np.zeros(len(where))
        return weight, found / total


def stacked(
    mixture: KernelMixture, tables: StackTables, horizons: float
) -> StackedMixture:
    """Make the unfitted stack of a mixture.

    Parameters
    ----------
    mixture
        Not fitted.
    tables
        Layers of the cells; days that were asked for once are kept in it.
    horizons
        Past horizons to weigh the learners by.

    Returns
    -------
    StackedMixture
        Not fitted.
    """
    found = StackedMixture(**mixture.get_params(deep=False))
    found.tables, found.most_horizons = tables, int(horizons)
    return found
