# for the type checker and for lazy_loader: a module is imported when first asked for

from .corridor import CELL_COLUMNS, corridor_cells
from .line import kilometres_along, point_at
from .options import CorridorOptions
from .reading import boundary_line, read_boundary
from .sides import side_of

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
