"""Credits: whom an export of the bundled data must name, and under which terms."""

from riskmap.provenance import Source

SOURCES: tuple[Source, ...] = (
    Source(
        name="IOM Missing Migrants Project",
        publisher="International Organization for Migration",
        licence="CC BY 4.0",
        url="https://missingmigrants.iom.int",
        note="Recorded deaths and disappearances, 2014-2021; minimum estimates",
    ),
    Source(
        name="UCDP Georeferenced Event Dataset",
        publisher="Uppsala Conflict Data Program (Sundberg & Melander 2013)",
        licence="CC BY 4.0",
        url="https://ucdp.uu.se",
        note="Violent events in Mexico within 100 km of the line, to 2020",
    ),
    Source(
        name="US-Mexico boundary line",
        publisher="US FCC, after USGS and IBWC/CILA",
        licence="US government work, public domain",
    ),
    Source(
        name="Municipios 2021",
        publisher="CONABIO and INEGI",
        licence="INEGI terms of free use, with attribution",
    ),
    Source(
        name="Elevation",
        publisher="Viewfinder Panoramas and SRTM30_PLUS, from SRTM",
        licence="credit asked, commercial use restricted",
        note="Means by H3 cell only",
    ),
    Source(
        name="Natural Earth, US Census Bureau, HIFLD Open, USGS",
        licence="public domain",
        note="Land, rivers, counties, hospitals, peaks",
    ),
    Source(
        name="SimpleMaps World Cities 2021",
        licence="CC BY 4.0",
        note="Towns",
    ),
)
