"""Sources that the layers rest on, citable."""

from riskmap.provenance import Source

CELL_TABLE = Source(
    name="riskmap cell table",
    note="H3 cells about the boundary line, measured on the WGS 84 ellipsoid",
)
DEM = Source(
    name="Terrain table of the project",
    publisher="Viewfinder Panoramas and SRTM30_PLUS, 15 arc-seconds",
    note=(
        "means by H3 resolution-6 cell; source steps of 20 m make slopes under about "
        "5° on plains false; a user's own DEM replaces it"
    ),
)
RUGGEDNESS = Source(
    name="Sappington, Longshore and Thompson 2007",
    publisher="Journal of Wildlife Management 71:1419-1426",
    url="doi:10.2193/2005-723",
    note="vector ruggedness measure, here over all pixels of a cell",
)
STATIONS = Source(
    name="Climate stations of the project",
    publisher="published monthly normals, data/climate/README.md",
    note="6.5 K/km: ICAO standard atmosphere (Doc 7488); weights: Shepard 1968",
)
HEAT = Source(
    name="Climate stations of the project",
    publisher="published monthly normals, data/climate/README.md",
    note="threshold of 30 °C: deaths near Ajo rise by 24 % per °C of monthly maximum",
)
WATER_DEMAND = Source(
    name="Hargreaves and Samani 1985, as FAO-56 equation 52 has it",
    publisher="FAO Irrigation and Drainage Paper 56",
    note=(
        "strongest predictor in White, Radil, Philipps and Irmischer 2025, Applied "
        "Geography 180:103651"
    ),
)
LANDMARKS = Source(
    name="Landmarks of the project",
    publisher="data/landmarks/README.md",
    note="rows marked unverified do not count",
)
WATERWAYS = Source(
    name="Waterways of the project",
    publisher="data/landmarks/README.md",
    note=(
        "rivers are the surveyed boundary line; courses of canals are general "
        "knowledge, and those known worse than 2.5 km do not count"
    ),
)
MIGRANTS = Source(
    name="Incidents of the project, by default IOM Missing Migrants Project",
    licence="CC BY 4.0",
    note="weights by recency, docs/layers.md",
)
VIOLENCE = Source(
    name="Incidents of the project, by default UCDP GED",
    publisher="Sundberg and Melander 2013; Uppsala Conflict Data Program",
    licence="CC BY 4.0",
    note="weights by recency, docs/layers.md",
)
COVERAGE = Source(
    name="Coverage table of the project",
    publisher="data/incidents/README.md",
    note="what each source of incidents watched, and when",
)
