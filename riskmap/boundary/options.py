"""Options of the corridor, which a project's settings hold."""

from dataclasses import dataclass

from riskmap.errors import HalfWidthError, ResolutionError

LOWEST_RESOLUTION, HIGHEST_RESOLUTION = 4, 10

NARROWEST_KM, WIDEST_KM = 1.0, 300.0


@dataclass(frozen=True, kw_only=True)
class CorridorOptions:
    """How wide the corridor is and how fine its cells are.

    Parameters
    ----------
    half_width_km
        Width of the corridor on each side of the line, 1 to 300 km. The default is
        the border region of the La Paz Agreement of 1983.
    resolution
        H3 resolution, 4 to 10; a cell of 7 measures about 6 km².

    Raises
    ------
    HalfWidthError
        If the width is out of range or no number.
    ResolutionError
        If the resolution is out of range or no whole number.

    Examples
    --------
    >>> CorridorOptions().half_width_km
    100.0
    """

    half_width_km: float = 100.0
    resolution: int = 7

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        width, fineness = self.half_width_km, self.resolution
        # written so that NaN fails
        if not NARROWEST_KM <= width <= WIDEST_KM:
            msg = (
                f"`half_width_km` must be {NARROWEST_KM:g} to {WIDEST_KM:g}, got "
                f"{width!r}."
            )
            raise HalfWidthError(
                msg,
                option="half_width_km",
                value=width,
                lowest=NARROWEST_KM,
                highest=WIDEST_KM,
            )
        within = LOWEST_RESOLUTION <= fineness <= HIGHEST_RESOLUTION
        if not within or isinstance(fineness, bool) or fineness != int(fineness):
            msg = (
                f"`resolution` must be a whole number from {LOWEST_RESOLUTION} to "
                f"{HIGHEST_RESOLUTION}, got {fineness!r}."
            )
            raise ResolutionError(
                msg,
                option="resolution",
                value=fineness,
                lowest=LOWEST_RESOLUTION,
                highest=HIGHEST_RESOLUTION,
            )
