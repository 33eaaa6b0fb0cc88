"""Lattice: a square grid of points on which wide kernels are blurred at once."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage, sparse

Floats = npt.NDArray[np.float64]

# the blur is drawn on three points to each standard deviation
LATTICE_STEPS_PER_WIDTH = 3.0

# a Gaussian is cut where 0.03 % of it remains
CUT_WIDTHS = 4.0


@dataclass(frozen=True, kw_only=True)
class Lattice:
    """A square lattice over the plane, to blur upon.

    Parameters
    ----------
    origin_km
        Corner of the lattice.
    step_km
        Its spacing.
    shape
        Points along each axis.
    width_km
        Standard deviation of the blur.
    """

    origin_km: Floats
    step_km: float
    shape: tuple[int, int]
    width_km: float

    def _steps(self, xy_km: Floats) -> Floats:
        return np.asarray((xy_km - self.origin_km) / self.step_km)

    def between(self, xy_km: Floats) -> sparse.csr_matrix:
        """Share each point among the four lattice points about it.

        Of shape (n_points, n_lattice); rows add up to 1. Its transpose lays weights
        out on the lattice, itself reads off the lattice.
        """
        at = self._steps(xy_km)
        corner = np.floor(at).astype(np.int32)
        part = at - corner
        shares = np.empty((len(at), 4))
        places = np.empty((len(at), 4), dtype=np.int32)
        first = corner[:, 0] * self.shape[1] + corner[:, 1]
        for right in (0, 1):
            for up in (0, 1):
                east, north = (
                    np.abs(1 - right - part[:, 0]),
                    np.abs(1 - up - part[:, 1]),
                )
                shares[:, 2 * right + up] = east * north
                places[:, 2 * right + up] = first + right * self.shape[1] + up
        ends = np.arange(0, 4 * len(at) + 1, 4, dtype=np.int32)
        return sparse.csr_matrix(
            (shares.ravel(), places.ravel(), ends),
            shape=(len(at), self.shape[0] * self.shape[1]),
        )

    def blur(self, laid: Floats) -> Floats:
        """Blur weights laid on the lattice into a density per km², both flat."""
        # laying out and reading off between points widen the blur by step² / 3
        width = np.sqrt((self.width_km / self.step_km) ** 2 - 1 / 3)
        density = ndimage.gaussian_filter(
            laid.reshape(self.shape), width, mode="constant", truncate=CUT_WIDTHS
        )
        return np.asarray(density).ravel() / self.step_km**2


def lattice_over(
    xy_km: Floats, width_km: float, *, steps: float = LATTICE_STEPS_PER_WIDTH
) -> Lattice:
    """Lay a lattice over points, with room for the blur to run out.

    Parameters
    ----------
    xy_km
        Points it must hold, of shape (n, 2).
    width_km
        Standard deviation of the blur it is for.
    steps
        Points to each width.

    Returns
    -------
    Lattice
        Not yet blurred upon.

    Examples
    --------
    >>> lattice_over(np.array([[0.0, 0.0], [30.0, 0.0]]), 3.0).step_km
    1.0
    """
    step = width_km / steps
    low, high = xy_km.min(axis=0) - 2 * step, xy_km.max(axis=0) + 2 * step
    size = np.ceil((high - low) / step).astype(int) + 1
    return Lattice(
        origin_km=low,
        step_km=step,
        shape=(int(size[0]), int(size[1])),
        width_km=width_km,
    )
