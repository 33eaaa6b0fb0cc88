r"""Border: a made-up stretch of the line of which everything is known.

From east to west a river that is the line, then open desert with a canal along it.
Deaths have three causes, each an intensity that is known for every cell and year:
routes through the desert, of which one is given up and another taken in a year of
change (:math:`\exp(-d^2 / 2 s^2)` about each, growing with the distance from water),
the canal and the river (:math:`\exp(-d / r)`). What is recorded is less: each side
finds a share of it, one stretch and some years are not watched at all, and places are
known more or less finely. Nothing here is a claim about any real place.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from riskmap.errors import OptionError
from riskmap.history.ground import Floats, Ground, to_plane_km

# a stretch as straight as the real line is between Nogales and El Paso
EAST, WEST, LATITUDE = -108.4, -111.0, 31.35
RIVER_TO = -109.2
RIVER_BEND_DEG = 0.015

# how far the made routes, the canal and the river reach, kilometres
ROUTE_SPREAD_KM, WATER_REACH_KM = 3.0, 1.5

# ground this far from water is half as deadly again as ground this near
DRY_KM = 20.0

# shares of the deaths: desert, canal, river, and anywhere
CAUSE_SHARES = {"exposure": 0.55, "drowning_canal": 0.12, "drowning_river": 0.3}
ANYWHERE = 0.03

CAUSES = {
    "exposure": "exposure",
    "drowning_canal": "drowning",
    "drowning_river": "drowning",
}

# how finely places are known, metres, and how often
ACCURACY_M = (100.0, 2_000.0, 10_000.0)
ACCURACY_SHARES = (0.7, 0.2, 0.1)

SOURCE = "simulated"


@dataclass(frozen=True, kw_only=True)
class BorderOptions:
    """How the border is made.

    Parameters
    ----------
    seed
        Of all chance.
    first_year, years
        From when, and for how long.
    deaths_per_year
        In all, recorded or not.
    change_year
        Year in which one route is given up for another; 0 for none.
    found_us, found_mx
        Share of the deaths that each side's source records.
    gap_km
        First and last kilometre of the stretch that no source watches.
    mx_from_year
        First year that the southern source watches.

    Raises
    ------
    OptionError
        If a number is out of its range.
    """

    seed: int = 0
    first_year: int = 2010
    years: int = 10
    deaths_per_year: float = 200.0
    change_year: int = 2016
    found_us: float = 0.9
    found_mx: float = 0.6
    gap_km: tuple[float, float] = (110.0, 140.0)
    mx_from_year: int = 2012

    def __post_init__(self) -> None:
        """Refuse numbers that make no border."""
        if self.years < 1:
            msg = f"`years` must be 1 or more, got {self.years}."
            raise OptionError(msg, option="years", value=str(self.years))
        if self.deaths_per_year <= 0:
            msg = f"`deaths_per_year` must be above 0, got {self.deaths_per_year}."
            raise OptionError(
                msg, option="deaths_per_year", value=str(self.deaths_per_year)
            )
        for name in ("found_us", "found_mx"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                msg = f"`{name}` must be 0 to 1, got {value}."
                raise OptionError(msg, option=name, value=str(value))


def made_boundary() -> gpd.GeoDataFrame:
    """Draw the line: a river that winds, then a straight line through the desert.

    Returns
    -------
    geopandas.GeoDataFrame
        Two reaches from east to west, EPSG:4326, without kilometres.
    """
    x = np.linspace(EAST, RIVER_TO, 60)
    bend = np.sin(np.linspace(0, 6 * np.pi, 60)) * RIVER_BEND_DEG
    river = shapely.linestrings(x, LATITUDE + bend)
    land = shapely.linestrings([RIVER_TO, WEST], [LATITUDE, LATITUDE])
    return gpd.GeoDataFrame(
        {"reach": pd.array(["rio_grande", "desert"], dtype="str")},
        geometry=[river, land],
        crs="EPSG:4326",
    )


def made_waterways() -> gpd.GeoDataFrame:
    """Draw the river, and a canal four kilometres north of the line.

    Returns
    -------
    geopandas.GeoDataFrame
        As the table of waterways, EPSG:4326.
    """
    river = made_boundary().geometry.iloc[0]
    canal = shapely.linestrings([-109.9, -110.7], [LATITUDE + 0.04, LATITUDE + 0.035])
    return gpd.GeoDataFrame(
        {
            "name_en": ["Made river", "Made canal"],
            "name_es": ["Río simulado", "Canal simulado"],
            "kind": ["river", "canal"],
            "accuracy_m": [50.0, 50.0],
            "source": [SOURCE, SOURCE],
            "basis": ["derived", "derived"],
        },
        geometry=[river, canal],
        crs="EPSG:4326",
    ).astype(dict.fromkeys(("name_en", "name_es", "kind", "source", "basis"), "str"))


def made_routes() -> dict[str, shapely.LineString]:
    """Draw the routes: one for good, one given up, one taken in its place.

    Returns
    -------
    dict
        ``lasting``, ``old`` and ``new``, EPSG:4326.
    """
    return {
        "lasting": shapely.LineString(
            [(-109.5, 31.2), (-109.45, 31.6), (-109.6, 31.9)]
        ),
        "old": shapely.LineString([(-110.0, 31.25), (-110.05, 31.6), (-109.95, 31.9)]),
        "new": shapely.LineString([(-110.75, 31.3), (-110.8, 31.6), (-110.7, 32.0)]),
    }


def true_intensity(ground: Ground, options: BorderOptions) -> pd.DataFrame:
    """Work out how many deaths a year are to be expected in each cell, by cause.

    Parameters
    ----------
    ground
        The cells.
    options
        How the border is made.

    Returns
    -------
    pandas.DataFrame
        On the cell index, a column ``CAUSE_YEAR`` for every cause and year, all of a
        year adding up to ``deaths_per_year``; what may happen anywhere is counted
        with ``exposure``.
    """
    river, canal = (_distance_km(ground, shape) for shape in made_waterways().geometry)
    dry = 1 + np.minimum(np.minimum(river, canal), DRY_KM) / (2 * DRY_KM)
    near = {
        name: np.exp(-((_distance_km(ground, shape) / ROUTE_SPREAD_KM) ** 2) / 2) * dry
        for name, shape in made_routes().items()
    }
    area = ground.area_km2
    columns = {}
    for year in range(options.first_year, options.first_year + options.years):
        changed = options.change_year and year >= options.change_year
        desert = near["lasting"] + near["new" if changed else "old"]
        maps = {
            "exposure": desert,
            "drowning_canal": np.exp(-canal / WATER_REACH_KM),
            "drowning_river": np.exp(-river / WATER_REACH_KM),
        }
        for cause, map_ in maps.items():
            held = map_ * area
            found = CAUSE_SHARES[cause] * held / held.sum()
            if cause == "exposure":
                found = found + ANYWHERE * area / area.sum()
            columns[f"{cause}_{year}"] = options.deaths_per_year * found
    return pd.DataFrame(columns, index=ground.index)


def _distance_km(ground: Ground, shape: shapely.Geometry) -> Floats:
    """Measure from each centre to a line, to a tenth of a kilometre."""
    fine = shapely.segmentize(shape, 0.002)
    points = shapely.get_coordinates(fine)
    away, _ = cKDTree(to_plane_km(ground.crs, points[:, 0], points[:, 1])).query(
        ground.xy_km
    )
    return np.asarray(away, dtype=np.float64)


def made_coverage(options: BorderOptions, length_km: float) -> pd.DataFrame:
    """Say what the made sources watch: each side, but for a gap and some years.

    Parameters
    ----------
    options
        How the border is made.
    length_km
        Length of the line.

    Returns
    -------
    pandas.DataFrame
        Coverage rows of purpose ``life_saving``.
    """
    low, high = options.gap_km
    last = options.first_year + options.years - 1
    starts = {"US": options.first_year, "MX": options.mx_from_year}
    rows = [
        (side, first, end, f"{year}-01-01")
        for side, year in starts.items()
        for first, end in ((0.0, low), (high, length_km))
        if end > first
    ]
    table = pd.DataFrame(rows, columns=["side", "from_km", "to_km", "from_on"])
    table["from_on"] = pd.to_datetime(table["from_on"], utc=True)
    table["to_on"] = pd.Timestamp(f"{last}-12-31", tz="UTC")
    table = table.assign(source=SOURCE, purpose="life_saving", note="simulated gap")
    names = ("source", "purpose", "side", "from_km", "to_km", "from_on", "to_on")
    days = dict.fromkeys(("from_on", "to_on"), "datetime64[us, UTC]")
    texts = dict.fromkeys(("source", "purpose", "side", "note"), "str")
    return table[[*names, "note"]].astype(days | texts)


def draw_deaths(
    cells: pd.DataFrame, truth: pd.DataFrame, options: BorderOptions
) -> pd.DataFrame:
    """Draw deaths from the truth, and of these what is recorded.

    Parameters
    ----------
    cells
        Cell table.
    truth
        As :func:`true_intensity` gives.
    options
        How the border is made.

    Returns
    -------
    pandas.DataFrame
        A row a recorded death, in riskmap's own form of incidents: ``id``, ``date``,
        ``date_precision``, ``lon``, ``lat``, ``accuracy_m``, ``kind``, ``cause``,
        ``dead``, ``missing``, ``source``, ``source_quality``.
    """
    draw = np.random.default_rng(options.seed)
    parts = [
        _deaths_of(cells, truth[column].to_numpy(), str(column), draw)
        for column in truth
    ]
    table = pd.concat(parts, ignore_index=True)
    kept = _recorded(table, options, draw)
    kept = kept.sort_values(["date", "lon", "lat"], ignore_index=True)
    kept.insert(0, "id", [f"sim-{n:06d}" for n in range(len(kept))])
    return kept.drop(columns=["km", "side"])


def _deaths_of(
    cells: pd.DataFrame, rate: Floats, column: str, draw: np.random.Generator
) -> pd.DataFrame:
    """Draw the deaths of one cause and year, each somewhere in its cell."""
    cause, _, year = column.rpartition("_")
    rows = np.repeat(np.arange(len(cells)), draw.poisson(rate))
    place, n = cells.iloc[rows], len(rows)
    x, y = place["x"].to_numpy(), place["y"].to_numpy()
    # a third of the radius of a disc as large: nearly always inside the cell
    radius_km = np.sqrt(place["area_km2"].to_numpy() / np.pi) / 3
    accuracy = draw.choice(ACCURACY_M, n, p=ACCURACY_SHARES)
    spread = np.hypot(radius_km, accuracy / 2_000)
    north = draw.normal(0, 1, n) * spread / 111.2
    east = draw.normal(0, 1, n) * spread / (111.2 * np.cos(np.radians(y)))
    day = np.datetime64(f"{year}-01-01") + draw.integers(0, 365, n)
    return pd.DataFrame(
        {
            "date": day.astype("datetime64[D]").astype(str),
            "date_precision": "day",
            "lon": np.round(x + east, 6),
            "lat": np.round(y + north, 6),
            "accuracy_m": accuracy.astype(int),
            "kind": "migrant_death",
            "cause": CAUSES[cause],
            "dead": 1,
            "missing": 0,
            "source": SOURCE,
            "source_quality": 5,
            "km": place["km"].to_numpy(),
            "side": np.where(place["share_mx"].to_numpy() > 1 / 2, "MX", "US"),
        }
    )


def _recorded(
    table: pd.DataFrame, options: BorderOptions, draw: np.random.Generator
) -> pd.DataFrame:
    """Leave out what nobody finds, and what lies where or when nobody looks."""
    south = (table["side"] == "MX").to_numpy()
    share = np.where(south, options.found_mx, options.found_us)
    found: npt.NDArray[np.bool_] = draw.random(len(table)) < share
    low, high = options.gap_km
    outside = ~table["km"].between(low, high).to_numpy()
    year = table["date"].str[:4].astype(int).to_numpy()
    watched = ~south | (year >= options.mx_from_year)
    return table[found & outside & watched]
