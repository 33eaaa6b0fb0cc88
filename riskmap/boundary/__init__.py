"""Boundary: the line, the corridor on both its sides, and the corridor's cells."""

from riskmap.boundary.corridor import CELL_COLUMNS, CorridorOptions, corridor_cells
from riskmap.boundary.line import kilometres_along, point_at
from riskmap.boundary.reading import boundary_line, read_boundary
from riskmap.boundary.sides import side_of

__all__ = [
    "CELL_COLUMNS",
    "CorridorOptions",
    "boundary_line",
    "corridor_cells",
    "kilometres_along",
    "point_at",
    "read_boundary",
    "side_of",
]
