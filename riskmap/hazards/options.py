"""Options: the settings of all hazards, as riskmap.toml holds them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from riskmap.hazards.channels import CHANNELS, WaterOptions
from riskmap.hazards.walkers import WalkOptions

# hazards that only a file of the user's own can tell
GIVEN = ("cold", "flood", "fire", "storm")


@dataclass(frozen=True, kw_only=True)
class HazardOptions(WalkOptions):
    """Settings of all hazards.

    Those of the walkers are :class:`riskmap.hazards.walkers.WalkOptions`.

    Parameters
    ----------
    stage
        Course to its depth against usual, as
        :class:`riskmap.hazards.channels.WaterOptions` has it.
    drift_km
        Mean way that water carries a body.
    temperature
        File with the daily maximum of a forecast day, °C: a raster, or a table with
        ``x``, ``y``, ``elevation_m`` and ``tmax_c``; empty for the month's normals.
    cold, flood, fire, storm
        Rasters or polygons of those hazards; empty if there is none.

    Examples
    --------
    >>> HazardOptions(flood="flood.tif").files()
    {'flood': 'flood.tif'}
    """

    stage: dict[str, float] = field(default_factory=dict)
    drift_km: float = CHANNELS["drift_km"]["value"]
    temperature: str = ""
    cold: str = ""
    flood: str = ""
    fire: str = ""
    storm: str = ""

    def __post_init__(self) -> None:
        """Refuse what is out of its range."""
        super().__post_init__()
        self.water()

    def water(self) -> WaterOptions:
        """Take those of the water."""
        return WaterOptions(stage=self.stage, drift_km=self.drift_km)

    def files(self) -> Mapping[str, str]:
        """Name the files of hazards that are given."""
        named = {name: str(getattr(self, name)) for name in GIVEN}
        return {name: path for name, path in named.items() if path}

    def walk(self) -> WalkOptions:
        """Take those of the walkers alone."""
        own = {part.name: getattr(self, part.name) for part in fields(WalkOptions)}
        return WalkOptions(**own)
