"""Sides: the land north and south of the line, as polygons about the region."""

import numpy as np
import shapely

from sample.line import Line

WEST, EAST, SOUTH, NORTH = -126.0, -90.0, 20.0, 42.0


def sides(line: Line, tolerance_deg: float = 0.0) -> dict[str, shapely.Polygon]:
    """Cut a box about the region along the line, prolonged east and west.

    Out at sea the cut follows a parallel: it is no maritime boundary.
    """
    cut = shapely.LineString(line.xy)
    if tolerance_deg:
        cut = shapely.simplify(cut, tolerance_deg)
    xy = shapely.get_coordinates(cut)
    east, west = (EAST, xy[0, 1]), (WEST, xy[-1, 1])
    whole = np.vstack([east, xy, west])
    return {
        side: shapely.make_valid(
            shapely.Polygon(np.vstack([whole, [(WEST, edge), (EAST, edge)]]))
        )
        for side, edge in (("US", NORTH), ("MX", SOUTH))
    }
