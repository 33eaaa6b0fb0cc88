"""Zones: touching cells of high score as ranked areas, each sized to a shift."""

from riskmap.zones.finding import (
    MEMBER_COLUMNS,
    ZONE_COLUMNS,
    ZoneOptions,
    find_zones,
)
from riskmap.zones.naming import name_zones

__all__ = [
    "MEMBER_COLUMNS",
    "ZONE_COLUMNS",
    "ZoneOptions",
    "find_zones",
    "name_zones",
]
