"""Options of zones, which a project's settings hold."""

from dataclasses import dataclass

from riskmap.errors import OptionError


@dataclass(frozen=True, kw_only=True)
class ZoneOptions:
    """How large zones are, and how much of the corridor they hold.

    Parameters
    ----------
    share_of_area
        Share of a side's area with data that its zones may hold, above 0 to 1.
    largest_km2
        Largest area of a zone. The default is our own reckoning, not a published
        norm: a vehicle team that is on the move for half of an eight-hour shift, at
        15 km/h on tracks, passes 60 km and looks 2 km to either side, 240 km². Set
        it to what a unit covers. A cell larger than this is a zone by itself.
    smallest_km2
        Smallest area of a zone: a tenth of the largest, about four cells of
        resolution 7. Less is a spot, finer than the records are placed.
    by_side
        True keeps zones to one side of the line: no cell of a zone has most of its
        area on the other. False lets zones of a joint map cross it.

    Raises
    ------
    OptionError
        If a number is out of range.

    Examples
    --------
    >>> ZoneOptions().largest_km2
    250.0
    """

    share_of_area: float = 0.05
    largest_km2: float = 250.0
    smallest_km2: float = 25.0
    by_side: bool = True

    def __post_init__(self) -> None:
        """Refuse what is out of range; written so that NaN fails."""
        checks = {
            "share_of_area": 0 < self.share_of_area <= 1,
            "largest_km2": 0 < self.largest_km2 < float("inf"),
            "smallest_km2": 0 <= self.smallest_km2 <= self.largest_km2,
        }
        for option, holds in checks.items():
            if not holds:
                value = getattr(self, option)
                msg = f"`{option}` is out of range, got {value!r}."
                raise OptionError(msg, option=option, value=value)
