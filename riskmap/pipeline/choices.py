"""Options of the floors below that a face may set."""

from riskmap.hotspots.local import HotspotOptions
from riskmap.hotspots.nearrepeat import NearRepeatOptions
from riskmap.hotspots.routes import RouteOptions
from riskmap.hotspots.scan import ScanOptions
from riskmap.simulation.border import BorderOptions

__all__ = [
    "BorderOptions",
    "HotspotOptions",
    "NearRepeatOptions",
    "RouteOptions",
    "ScanOptions",
]
