"""A layer from another package: how much of the shortest day of the year is light."""

import numpy as np
import pandas as pd

from riskmap import Column, Inputs, Layer, Source

TILT = np.radians(23.44)  # of the Earth's axis


def shortest_day(inputs: Inputs) -> pd.Series:
    """Share of the December solstice that is light (sunrise equation)."""
    latitude = np.radians(inputs.cells["y"])
    share = np.arccos(np.tan(latitude) * np.tan(TILT)) / np.pi
    return share.rename("shortest_day_share")


SHORTEST_DAY = Layer(
    column=Column(name="shortest_day_share", dtype="float64", lowest=0, highest=1),
    purpose="neutral",
    compute=shortest_day,
    source=Source(name="Sunrise equation", publisher="spherical astronomy"),
    reads=("cells",),
    missing_rule="Never.",
)
