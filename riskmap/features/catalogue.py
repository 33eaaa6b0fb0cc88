"""Catalogue: all layers; adding one is a function and an entry."""

from functools import partial

from riskmap.features import sources
from riskmap.features.climate import (
    distance_to_station,
    heat_load,
    july_water_demand,
    month_temperature,
)
from riskmap.features.distance import (
    distance_to_landmarks,
    distance_to_line,
    distance_to_waterways,
)
from riskmap.features.history import (
    MIGRANT_KINDS,
    event_rate,
    rate_column,
    record_years,
)
from riskmap.features.layer import Layer
from riskmap.features.place import share_mx
from riskmap.features.terrain import terrain_layer
from riskmap.provenance import Source
from riskmap.schema import Column

CLIMATE_TABLES = ("cells", "terrain", "climate")
RECORD_TABLES = ("cells", "incidents", "coverage")

NO_TERRAIN = "Where the terrain table or the raster has no data."
NO_STATION = "Where elevation is missing or no station is within 500 km."
NO_RECORD = "Where no source of this purpose covers the cell before the day asked for."
NEVER = "Never."

# half the Earth's circumference
FURTHEST_KM = 20_040.0

# lowest and highest dry land, with room for a raster's error
LOWEST_M, HIGHEST_M = -500.0, 9_000.0

# lowest and highest air temperature ever measured, rounded outwards (WMO)
COLDEST_C, HOTTEST_C = -90.0, 60.0


def _kilometres(name: str, meaning: str, *, missing: bool = True) -> Column:
    """Describe a distance."""
    return Column(
        name=name,
        dtype="float64",
        unit="km",
        lowest=0,
        highest=FURTHEST_KM,
        missing=missing,
        meaning=meaning,
    )


def _to_landmarks(
    what: str, meaning: str, *kinds: str, own_side: bool = False
) -> Layer:
    """Describe the distance to the nearest landmark of some kinds."""
    name = f"distance_to_{what}_km"
    rule = "Everywhere if no verified landmark of the kind is known"
    return Layer(
        column=_kilometres(name, meaning),
        purpose="neutral",
        compute=partial(
            distance_to_landmarks, name=name, kinds=kinds, own_side=own_side
        ),
        source=sources.LANDMARKS,
        reads=("cells", "landmarks"),
        missing_rule=f"{rule} in the cell's country." if own_side else f"{rule}.",
    )


def _to_waterways(what: str, meaning: str, *kinds: str) -> Layer:
    """Describe the distance to the nearest waterway of some kinds."""
    name = f"distance_to_{what}_km"
    return Layer(
        column=_kilometres(name, meaning),
        purpose="neutral",
        compute=partial(distance_to_waterways, name=name, kinds=kinds),
        source=sources.WATERWAYS,
        reads=("cells", "waterways"),
        missing_rule="Everywhere if no waterway of the kind is known.",
    )


def _terrain(column: Column, source: Source) -> Layer:
    """Describe a column of the terrain table."""
    return Layer(
        column=column,
        purpose="neutral",
        compute=partial(terrain_layer, name=column.name),
        source=source,
        reads=("cells", "terrain"),
        missing_rule=NO_TERRAIN,
    )


def _temperature(name: str, meaning: str, *, variable: str, month: str) -> Layer:
    """Describe the normal temperature of a month."""
    return Layer(
        column=Column(
            name=name,
            dtype="float64",
            unit="°C",
            lowest=COLDEST_C,
            highest=HOTTEST_C,
            missing=True,
            meaning=meaning,
        ),
        purpose="neutral",
        compute=partial(month_temperature, name=name, variable=variable, month=month),
        source=sources.STATIONS,
        reads=CLIMATE_TABLES,
        missing_rule=NO_STATION,
    )


def _rate(
    what: str,
    meaning: str,
    *,
    purpose: str,
    kinds: tuple[str, ...] = (),
    causes: tuple[str, ...] = (),
) -> Layer:
    """Describe how often incidents of some kinds were recorded."""
    column = rate_column(what, meaning)
    return Layer(
        column=column,
        purpose=purpose,
        compute=partial(
            event_rate, name=column.name, purpose=purpose, kinds=kinds, causes=causes
        ),
        source=sources.MIGRANTS if purpose == "life_saving" else sources.VIOLENCE,
        reads=RECORD_TABLES,
        missing_rule=NO_RECORD,
    )


def _years(purpose: str, meaning: str) -> Layer:
    """Describe for how long the sources of one purpose watched."""
    name = f"{purpose}_record_years"
    return Layer(
        column=Column(
            name=name,
            dtype="float64",
            unit="yr",
            lowest=0,
            missing=True,
            meaning=meaning,
        ),
        purpose=purpose,
        compute=partial(record_years, name=name, purpose=purpose),
        source=sources.COVERAGE,
        reads=RECORD_TABLES,
        missing_rule=NO_RECORD,
    )


LAYERS: tuple[Layer, ...] = (
    _terrain(
        Column(
            name="elevation_m",
            dtype="float64",
            unit="m",
            lowest=LOWEST_M,
            highest=HIGHEST_M,
            missing=True,
            meaning="Mean height of the ground above sea level.",
        ),
        sources.DEM,
    ),
    _terrain(
        Column(
            name="slope_deg",
            dtype="float64",
            unit="°",
            lowest=0,
            highest=90,
            missing=True,
            meaning="Mean steepness of the ground (Horn 1981), not of any path.",
        ),
        sources.DEM,
    ),
    _terrain(
        Column(
            name="ruggedness",
            dtype="float64",
            unit="1",
            lowest=0,
            highest=1,
            missing=True,
            meaning=(
                "How much the ground faces different ways: 1 minus the length of the "
                "mean upright unit vector. An even slope has 0."
            ),
        ),
        sources.RUGGEDNESS,
    ),
    _temperature(
        "july_tmax_c",
        "Normal daily maximum of the air in July, in the shade.",
        variable="tmax",
        month="jul",
    ),
    _temperature(
        "january_tmin_c",
        "Normal daily minimum of the air in January.",
        variable="tmin",
        month="jan",
    ),
    Layer(
        column=Column(
            name="heat_degree_days",
            dtype="float64",
            unit="°C·d",
            lowest=0,
            highest=365 * HOTTEST_C,
            missing=True,
            meaning="Days of a year times degrees of the month's maximum over 30 °C.",
        ),
        purpose="neutral",
        compute=partial(heat_load, name="heat_degree_days"),
        source=sources.HEAT,
        reads=CLIMATE_TABLES,
        missing_rule=NO_STATION,
    ),
    Layer(
        column=Column(
            name="july_water_demand_mm_per_day",
            dtype="float64",
            unit="mm/d",
            lowest=0,
            highest=30,
            missing=True,
            meaning=(
                "Potential evapotranspiration in July, without wind and humidity; "
                "not a person's loss of water."
            ),
        ),
        purpose="neutral",
        compute=partial(july_water_demand, name="july_water_demand_mm_per_day"),
        source=sources.WATER_DEMAND,
        reads=CLIMATE_TABLES,
        missing_rule=NO_STATION,
    ),
    Layer(
        column=_kilometres(
            "distance_to_station_km",
            "How far the nearest weather station is: the doubt of the climate layers.",
        ),
        purpose="neutral",
        compute=partial(distance_to_station, name="distance_to_station_km"),
        source=sources.STATIONS,
        reads=("cells", "climate"),
        missing_rule="Everywhere if no station is known.",
    ),
    Layer(
        column=_kilometres(
            "distance_to_line_km",
            "How far the boundary line is from the cell's centre.",
            missing=False,
        ),
        purpose="neutral",
        compute=distance_to_line,
        source=sources.CELL_TABLE,
        reads=("cells",),
        missing_rule=NEVER,
    ),
    Layer(
        column=Column(
            name="share_mx",
            dtype="float64",
            unit="1",
            lowest=0,
            highest=1,
            meaning="Share of the cell's area that lies in Mexico.",
        ),
        purpose="neutral",
        compute=share_mx,
        source=sources.CELL_TABLE,
        reads=("cells",),
        missing_rule=NEVER,
    ),
    _to_landmarks(
        "crossing",
        "How far the nearest port of entry or international bridge is, in a line.",
        "port_of_entry",
        "international_bridge",
    ),
    _to_landmarks(
        "town", "How far the nearest town of either country is, in a line.", "town"
    ),
    _to_landmarks(
        "hospital",
        "How far the nearest hospital of the cell's own country is, in a line.",
        "hospital",
        own_side=True,
    ),
    _to_landmarks(
        "monument",
        "How far the nearest boundary monument is, in a line.",
        "boundary_monument",
    ),
    _to_waterways(
        "water",
        "How far the nearest river or canal on the list is; wells and tanks are not.",
        "river",
        "canal",
    ),
    _to_waterways(
        "river",
        "How far the nearest river on the list is: the Rio Grande or the Colorado.",
        "river",
    ),
    _to_waterways(
        "canal",
        "How far the nearest canal on the list is; many canals are not listed.",
        "canal",
    ),
    _rate(
        "migrant_death_events",
        "Recorded incidents in which migrants died or went missing.",
        purpose="life_saving",
        kinds=MIGRANT_KINDS,
    ),
    _rate(
        "exposure_death_events",
        "Those put down to heat, cold or thirst; many causes are undetermined.",
        purpose="life_saving",
        kinds=MIGRANT_KINDS,
        causes=("exposure",),
    ),
    _rate(
        "drowning_events",
        "Those put down to drowning, where found, often downstream.",
        purpose="life_saving",
        kinds=MIGRANT_KINDS,
        causes=("drowning",),
    ),
    _rate(
        "violence_events",
        "Recorded incidents of violence that endanger the public.",
        purpose="public_safety",
    ),
    _years("life_saving", "Years in which a source of migrant deaths watched."),
    _years("public_safety", "Years in which a source of violence watched."),
)
