"""Formats: a point in all the forms that responders of both countries use."""

from riskmap import cells, grids
from riskmap.places import plus_codes
from riskmap.places.geodesy import Floats


def formats_of(x: Floats, y: Floats, *, resolution: int = 9) -> list[dict[str, str]]:
    """Write points in all forms that responders use.

    Parameters
    ----------
    x, y
        Longitude and latitude, degrees (EPSG:4326), of shape (n_points,).
    resolution
        H3 resolution of the cell; 9 is about 0.1 km².

    Returns
    -------
    list of dict
        ``decimal``, ``dms``, ``ddm``, ``mgrs``, ``utm``, ``plus_code``, ``cell``.
        Letters are those of English; say O for W in Spanish.

    Examples
    --------
    >>> import numpy as np
    >>> found = formats_of(np.array([-110.9406]), np.array([31.3322]))[0]
    >>> found["ddm"], found["mgrs"]
    ("31°19.932'N 110°56.436'W", '12R WV 05650 66420')
    """
    references = grids.to_mgrs(x, y)
    zones, east, north = grids.to_utm(x, y)
    held = cells.cell_hex(cells.points_to_cells(x, y, resolution))
    found = []
    for row, (lon, lat) in enumerate(zip(x.tolist(), y.tolist(), strict=True)):
        utm = f"{zones[row]}{grids.band_of(lat)} {east[row]:.0f} {north[row]:.0f}"
        found.append(
            {
                "decimal": f"{lat:.5f}, {lon:.5f}",
                "dms": f"{_dms(lat, 'NS')} {_dms(lon, 'EW')}",
                "ddm": f"{_ddm(lat, 'NS')} {_ddm(lon, 'EW')}",
                "mgrs": references[row],
                "utm": utm,
                "plus_code": plus_codes.encode(lon, lat),
                "cell": str(held[row]),
            }
        )
    return found


def _dms(degrees: float, letters: str) -> str:
    """Write degrees, minutes and tenths of seconds."""
    tenths = round(abs(degrees) * 36000)
    whole, rest = divmod(tenths, 36000)
    minutes, tenths = divmod(rest, 600)
    letter = letters[degrees < 0]
    return f"{whole}°{minutes:02d}'{tenths // 10:02d}.{tenths % 10}\"{letter}"


def _ddm(degrees: float, letters: str) -> str:
    """Write degrees and thousandths of minutes."""
    thousandths = round(abs(degrees) * 60000)
    whole, rest = divmod(thousandths, 60000)
    return f"{whole}°{rest // 1000:02d}.{rest % 1000:03d}'{letters[degrees < 0]}"
