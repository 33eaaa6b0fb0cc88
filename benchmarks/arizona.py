"""Arizona: where deaths lay by era and corridor, and which chains were new in each.

``python -m benchmarks.arizona FILE`` reads the file of Arizona OpenGIS. Eras are fiscal
years, from October, as the Binational Migration Institute cuts them (from memory,
docs/literature.md); corridors are the file's own.
"""

import argparse
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap import cells as h3_cells
from riskmap.crs import STORAGE_CRS, metric_crs_for
from riskmap.history.ground import EPOCH, day_number, lay_ground, to_plane_km
from riskmap.hotspots.displacement import Blocks, DisplacementOptions, mean_change
from riskmap.hotspots.routes import Country, RouteOptions, find_routes
from riskmap.hotspots.walks import walking_hours
from riskmap.neighbours import neighbour_matrix

# southern Arizona, degrees
ARIZONA_X, ARIZONA_Y = (-114.9, -109.0), (31.3, 33.6)

# funnel effect: early, late, localised
ERAS = ((2000, 2005), (2006, 2013), (2014, 2020))
FIRST_MONTH = 10
QUARTER_DAYS = 91

# the file's corridors from east to west; San Miguel and Cowlick cross the lands of the
# Tohono O'odham Nation, Sasabe is the Altar valley
AREAS: Mapping[str, tuple[str, ...]] = {
    "east": ("Douglas", "Bernadino", "Sierra Vista", "Patagonia", "Nogales"),
    "Altar valley": ("Sasabe",),
    "Tohono O'odham": ("San Miguel", "Cowlick"),
    "west": ("Ajo", "Cabeza Prieta", "Goldwater", "Yuma"),
}
GPS = "GPS"

# hours a kilometre on level ground (Tobler 1993)
LEVEL_PACE = 0.199
GAP_HOURS = 1.0


def read_deaths(path: str) -> pd.DataFrame:
    """Read dated and placed deaths, with where they lie and in which area and era."""
    table = pd.read_csv(path, parse_dates=["Reporting Date"])
    table = table.dropna(subset=["Latitude", "Longitude", "Reporting Date"])
    table = table.loc[table["Longitude"].between(*ARIZONA_X)]
    table = table.loc[table["Latitude"].between(*ARIZONA_Y)]
    middle = gpd.GeoSeries(shapely.points([[-112.0, 32.0]]), crs=STORAGE_CRS)
    xy = to_plane_km(metric_crs_for(middle), table["Longitude"], table["Latitude"])
    date = table["Reporting Date"]
    area = {name: area for area, names in AREAS.items() for name in names}
    return pd.DataFrame(
        {
            "day": (date - EPOCH.tz_localize(None)).dt.days,
            "fiscal_year": date.dt.year + (date.dt.month >= FIRST_MONTH),
            "area": table["Corridor"].map(area).fillna(""),
            "gps": table["Location Precision"].str.startswith(GPS, na=False),
            "east": xy[:, 0],
            "north": xy[:, 1],
            "from_the_line": table["dist_boundary_km"],
            "x": table["Longitude"],
            "y": table["Latitude"],
        }
    )


def compare(deaths: pd.DataFrame, values: pd.Series, eras: tuple[int, int]) -> str:
    """Say how a mean changed from one era to another, quarters being the blocks."""
    one, two = (deaths["fiscal_year"].between(*ERAS[era]) for era in eras)
    both = one | two
    quarter = deaths["day"][both] // QUARTER_DAYS
    # quarters without deaths hold nothing to draw, and eras may not share one
    block = np.unique(quarter * 2 + two[both], return_inverse=True)[1]
    n_before = len(np.unique(block[one[both].to_numpy()]))
    order = np.unique(np.column_stack([two[both], block]), axis=0)[:, 1]
    place = np.argsort(order)
    blocks = Blocks(
        block=place[block],
        area=np.zeros(len(block), dtype=np.int64),
        n_before=n_before,
        n_after=len(order) - n_before,
    )
    rows = values[both].to_numpy(dtype=np.float64)[:, None]
    found = mean_change(rows, blocks, DisplacementOptions())
    sign = np.sign(found.change[0]) or 1.0
    low, high = sorted((sign * found.low, sign * found.high))
    return f"{found.change[0]:+.3g} ({low:+.3g} to {high:+.3g}, p {found.p:.3f})"


def shifts(deaths: pd.DataFrame) -> None:
    """Say how deaths moved, all of them and within each area."""
    for eras in ((0, 1), (1, 2), (0, 2)):
        said = " to ".join("{}-{}".format(*ERAS[era]) for era in eras)
        for area in AREAS:
            share = compare(deaths, 100.0 * (deaths["area"] == area), eras)
            print(f"{said}, share of {area}, points: {share}", flush=True)
        for name, own in (
            ("all", deaths),
            ("all by GPS", deaths[deaths["gps"]]),
            *((area, deaths[deaths["area"] == area]) for area in AREAS),
            *(
                (f"{area} by GPS", deaths[(deaths["area"] == area) & deaths["gps"]])
                for area in AREAS
            ),
        ):
            moved = ", ".join(
                f"{way} {compare(own, own[way], eras)}"
                for way in ("east", "north", "from_the_line")
            )
            print(f"{said}, {name} (n {len(own)}), km: {moved}", flush=True)


def new_chains(deaths: pd.DataFrame) -> None:
    """Find the chains that are new in each era, given all before."""
    box = shapely.box(ARIZONA_X[0], ARIZONA_Y[0], ARIZONA_X[1], ARIZONA_Y[1])
    index = h3_cells.cells_touching(box, 7)
    centres = h3_cells.cell_centres(index)
    ground = lay_ground(centres.assign(area_km2=h3_cells.cell_areas_km2(index)))
    cell = index.get_indexer(h3_cells.points_to_cells(deaths["x"], deaths["y"], 7))
    day = deaths["day"].to_numpy()
    # level ground: the terrain of the whole state is not bundled
    country = Country(
        xy_km=ground.xy_km,
        hours=walking_hours(
            neighbour_matrix(index), ground.xy_km, np.full(len(index), LEVEL_PACE)
        ),
        near=neighbour_matrix(index, 2),
        watched_alike=np.zeros(len(index), dtype=np.int64),
    )
    for first, last in ERAS[1:]:
        start, end = (day_number(f"{year}-10-01") for year in (first - 1, last))
        known = day < end
        options = RouteOptions(
            recent_days=end - start, most_gap_hours=GAP_HOURS, deals=199
        )
        found = find_routes(cell[known], day[known], country, options, to_day=end)
        for one in found[:5]:
            at = centres.iloc[one.active].mean()
            print(
                f"{first}-{last}: {one.length_km:.0f} km about {at['y']:.2f}, "
                f"{at['x']:.2f}: {one.events} events, {one.expected:.1f} by chance, "
                f"p {one.p:.3f}",
                flush=True,
            )


def main() -> None:
    """Run both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    deaths = read_deaths(parser.parse_args().file)
    print(f"{len(deaths)} dated and placed deaths")
    shifts(deaths)
    new_chains(deaths)


if __name__ == "__main__":
    main()
