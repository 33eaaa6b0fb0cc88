# for the type checker and for lazy_loader: a module is imported when first asked for

from .finding import (
    MEMBER_COLUMNS,
    ZONE_COLUMNS,
    find_zones,
)
from .matching import match_zones
from .naming import name_zones
from .options import ZoneOptions

__all__ = [
    "MEMBER_COLUMNS",
    "ZONE_COLUMNS",
    "ZoneOptions",
    "find_zones",
    "match_zones",
    "name_zones",
]
