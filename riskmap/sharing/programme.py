"""Programme: sums that stay while what is sought of them changes, solved by HiGHS."""

from typing import Any, Final

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

PRIMAL_SIMPLEX: Final = 4
"""HiGHS's number: after a change of the aim alone the last answer still fits."""

MOST_NODES: Final = 2_000
"""Branches that a search of whole numbers looks at: a limit of time would give
another answer on a busy machine."""

Status = highspy.HighsModelStatus


class Programme:
    """Find the least of an aim, within bounds, where sums hold.

    One model is kept: asking anew with another aim costs a few steps from the last
    answer, a hundredth of what making the model costs.

    Parameters
    ----------
    sums
        Of shape (n_sums, n_nodes).
    low, high
        What each sum times the counts may be, of shape (n_sums,).
    whole
        Numbers of the nodes that must be whole; the branching starts anew each time.

    Examples
    --------
    >>> sums = sparse.csr_array(np.array([[1.0, 1.0]]))
    >>> programme = Programme(sums, np.array([5.0]), np.array([5.0]))
    >>> programme.least(np.array([1.0, 0.0]), np.zeros(2), np.array([9.0, 3.0]))
    array([2., 3.])
    """

    def __init__(
        self,
        sums: Any,
        low: npt.NDArray[Any],
        high: npt.NDArray[Any],
        whole: Integers | None = None,
    ) -> None:
        rows = sparse.csr_array(sums)
        number = rows.shape[1]
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = rows.shape
        model.col_cost_ = np.zeros(number)
        model.col_lower_, model.col_upper_ = np.zeros(number), np.full(number, np.inf)
        model.row_lower_ = np.asarray(low, dtype=np.float64)
        model.row_upper_ = np.asarray(high, dtype=np.float64)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = rows.indptr.astype(np.int32)
        model.a_matrix_.index_ = rows.indices.astype(np.int32)
        model.a_matrix_.value_ = rows.data.astype(np.float64)
        self._all = np.arange(number, dtype=np.int32)
        self._mixed = whole is not None
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self._solver.silent()
        self._solver.setOptionValue("threads", 1)
        if whole is None:
            self._solver.setOptionValue("presolve", "off")
            self._solver.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
        else:
            kinds = np.full(number, highspy.HighsVarType.kContinuous)
            kinds[whole] = highspy.HighsVarType.kInteger
            model.integrality_ = list(kinds)
            self._solver.setOptionValue("mip_max_nodes", MOST_NODES)
        self._solver.passModel(model)

    def least(
        self, aim: Floats, low: npt.NDArray[Any], high: npt.NDArray[Any]
    ) -> Floats | None:
        """Find counts that make ``aim`` times the counts least.

        Parameters
        ----------
        aim, low, high
            Of shape (n_nodes,).

        Returns
        -------
        numpy.ndarray or None
            The counts; None if none fit, or nothing bounds the aim.
        """
        if np.any(np.asarray(low) > np.asarray(high)):
            return None
        solver, number = self._solver, len(self._all)
        solver.changeColsCost(number, self._all, np.asarray(aim, dtype=np.float64))
        solver.changeColsBounds(
            number,
            self._all,
            np.asarray(low, dtype=np.float64),
            np.asarray(high, dtype=np.float64),
        )
        if self._mixed:
            solver.clearSolver()
        solver.run()
        status = solver.getModelStatus()
        solution = solver.getSolution()
        enough = status == Status.kOptimal or (
            status == Status.kSolutionLimit and solution.value_valid
        )
        return np.array(solution.col_value) if enough else None
