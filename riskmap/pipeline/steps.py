"""Steps: the whole road in order, each with what it needs and what it makes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import geopandas as gpd
import pandas as pd

from riskmap.boundary import corridor_cells
from riskmap.crs import metric_crs_for
from riskmap.exports import count_incidents
from riskmap.features.build import build_features
from riskmap.features.layer import TABLES, Inputs, Layer
from riskmap.history.extension import extend_coverage
from riskmap.history.periods import count_periods, watch_cells
from riskmap.pipeline.causes import CAUSE_STEP
from riskmap.pipeline.effort_log import EFFORT_STEP
from riskmap.pipeline.grades import GRADES_STEP
from riskmap.pipeline.hazards import HAZARD_STEP
from riskmap.pipeline.in_use import changed_settings
from riskmap.pipeline.incident_areas import AREAS_STEP
from riskmap.pipeline.linked import LINKED_STEP, LINKS_STEP
from riskmap.pipeline.people import PEOPLE_STEP
from riskmap.pipeline.plugins import layers_in_use, plugin_layers
from riskmap.pipeline.rasters import checksum_of_dem, terrain_of
from riskmap.pipeline.record_marks import landmarks_for_tables
from riskmap.pipeline.register import faults_left
from riskmap.pipeline.reports import Progress
from riskmap.pipeline.runner import Settings, Step, Tables
from riskmap.pipeline.scored import RECORD_TABLES, make_scores
from riskmap.pipeline.versions import current_records
from riskmap.scoring import PRESETS
from riskmap.zones import find_zones, name_zones

LASTING = tuple(layer for layer in layers_in_use() if not layer.from_incidents)
MADE_FROM_INCIDENTS = tuple(layer for layer in layers_in_use() if layer.from_incidents)

# layers that no incident can change are the same on every day
ANY_DAY = "2000-01-01"


def _incidents(tables: Tables, _: Settings, __: Progress) -> Sequence[pd.DataFrame]:
    """Join the deliveries of incidents, and what they left in quarantine."""
    batches, corrections = tables["batches:incidents"], tables["batches:corrections"]
    return current_records(batches), faults_left(batches, corrections)


def _landmarks(tables: Tables, _: Settings, __: Progress) -> Sequence[pd.DataFrame]:
    """Join the deliveries of landmarks; what came last of one is what holds."""
    accepted = tables["batches:landmarks"].accepted()
    return (accepted[~accepted.index.duplicated(keep="last")].sort_index(),)


def _cells(
    tables: Tables, settings: Settings, progress: Progress
) -> Sequence[pd.DataFrame]:
    """Fill the corridor."""

    def told(done: int, total: int) -> None:
        progress("cells", done, total)

    corridor = settings.config.corridor
    return (corridor_cells(tables["boundary"], corridor, progress=told),)


def _terrain(
    tables: Tables, settings: Settings, progress: Progress
) -> Sequence[pd.DataFrame]:
    """Take the bundled terrain, or measure it on the user's own DEM."""
    given, cells = tables["terrain_given"], tables["cells"]
    return (terrain_of(given, cells, settings, progress=progress),)


def _coverage(
    tables: Tables, settings: Settings, _: Progress
) -> Sequence[pd.DataFrame]:
    """Stretch what is known of the sources over what they have delivered since."""
    # every record tells that its source looked there, whether it is shown or not
    cells, records = tables["cells"], tables["incident_records"]
    given = tables["coverage_given"]
    return (extend_coverage(cells, records, given, as_of=settings.as_of),)


def _run_layers(
    tables: Tables, as_of: str, layers: Sequence[Layer], progress: Progress
) -> Sequence[pd.DataFrame]:
    """Run layers over the tables they read; the others stay empty."""
    absent = gpd.GeoDataFrame(geometry=[], crs="EPSG:4326")
    read = tables_of(layers)
    if "landmarks" in read:
        kept = landmarks_for_tables(tables["landmarks"])
        tables = {**tables, "landmarks": kept}
    inputs = Inputs(
        **{name: tables[name] if name in read else absent for name in TABLES},
        metric_crs=metric_crs_for(tables["boundary"]),
        as_of=pd.Timestamp(as_of, tz="UTC"),
    )
    return (build_features(inputs, layers, progress=progress),)


def tables_of(layers: Sequence[Layer]) -> tuple[str, ...]:
    """Name the tables that layers read, each once, sorted.

    Parameters
    ----------
    layers
        Layers of the catalogue.

    Returns
    -------
    tuple of str
        Names of tables.

    Examples
    --------
    >>> tables_of(MADE_FROM_INCIDENTS)
    ('cells', 'coverage', 'incidents')
    """
    return tuple(sorted({table for layer in layers for table in layer.reads}))


def _layers(tables: Tables, _: Settings, progress: Progress) -> Sequence[pd.DataFrame]:
    """Run the layers that no incident can change."""
    return _run_layers(tables, ANY_DAY, LASTING, progress)


def _history(
    tables: Tables, settings: Settings, progress: Progress
) -> Sequence[pd.DataFrame]:
    """Run the layers that are made from incidents."""
    return _run_layers(tables, settings.as_of, MADE_FROM_INCIDENTS, progress)


def _counts(tables: Tables, settings: Settings, _: Progress) -> Sequence[pd.DataFrame]:
    """Count what is recorded in each cell, no data kept apart from none."""
    incidents = tables["incidents"]
    known = incidents[incidents["occurred_on"] < pd.Timestamp(settings.as_of, tz="UTC")]
    cells, coverage = tables["cells"], tables["coverage"]
    return (count_incidents(cells, known, coverage, as_of=settings.as_of),)


def _periods(tables: Tables, settings: Settings, _: Progress) -> Sequence[pd.DataFrame]:
    """Count what is recorded by cell and month, and who watched each cell when."""
    incidents = tables["incidents"]
    known = incidents[incidents["occurred_on"] < pd.Timestamp(settings.as_of, tz="UTC")]
    watch, spans = watch_cells(tables["cells"], tables["coverage"])
    return count_periods(tables["cells"], known), watch.to_frame(), spans


def _zones(
    tables: Tables, settings: Settings, progress: Progress
) -> Sequence[pd.DataFrame]:
    """Rank touching high cells as zones and name them."""
    zones, members = [], []
    options = settings.config.zones
    for done, preset in enumerate(settings.presets):
        progress("zones", done, len(settings.presets))
        found, inside = find_zones(
            tables["cells"], tables["scores"], options, score=preset.name
        )
        zones.append(found)
        members.append(inside.reset_index())
    named = name_zones(
        gpd.GeoDataFrame(pd.concat(zones), crs="EPSG:4326"),
        landmarks_for_tables(tables["landmarks"]),
    )
    return named, pd.concat(members, ignore_index=True)


def _corridor(settings: Settings) -> Mapping[str, Any]:
    return asdict(settings.config.corridor)


def _as_of(settings: Settings) -> Mapping[str, Any]:
    return {"as_of": settings.as_of}


def _models(settings: Settings) -> Mapping[str, Any]:
    """Name the day, and the settings of scores that are not those riskmap brings."""
    own = {
        preset.name: changed_settings(preset, brought)
        for preset, brought in zip(settings.presets, PRESETS, strict=True)
        if preset != brought
    }
    return {**_as_of(settings), **({"models": own} if own else {})}


def _plugins(_: Settings) -> Mapping[str, Any]:
    """Name the layers of plug-ins, so that one more makes the table anew."""
    names = [layer.name for layer in plugin_layers()]
    return {"plugins": names} if names else {}


def _known_by(settings: Settings) -> Mapping[str, Any]:
    return {"known_by": settings.known_by} if settings.known_by else {}


def _zone_sizes(settings: Settings) -> Mapping[str, Any]:
    return asdict(settings.config.zones)


def _dem(settings: Settings) -> Mapping[str, Any]:
    return {"dem": checksum_of_dem(settings)}


# what is known before the as-of day can be settled
REGISTERS: tuple[Step, ...] = (
    Step(
        name="incidents",
        makes=("incident_records", "quarantine"),
        make=_incidents,
        batches=("incidents", "corrections"),
        options=_known_by,
    ),
    Step(
        name="landmarks", makes=("landmarks",), make=_landmarks, batches=("landmarks",)
    ),
)

STEPS: tuple[Step, ...] = (
    LINKS_STEP,
    LINKED_STEP,
    Step(
        name="cells",
        makes=("cells",),
        make=_cells,
        needs=("boundary",),
        options=_corridor,
    ),
    Step(
        name="terrain",
        makes=("terrain",),
        make=_terrain,
        needs=("terrain_given", "cells"),
        options=_dem,
    ),
    Step(
        name="coverage",
        makes=("coverage",),
        make=_coverage,
        needs=("coverage_given", "cells", "incident_records"),
        options=_as_of,
    ),
    Step(
        name="layers",
        makes=("layers",),
        make=_layers,
        needs=("boundary", *tables_of(LASTING)),
        options=_plugins,
    ),
    HAZARD_STEP,
    Step(
        name="history",
        makes=("history",),
        make=_history,
        needs=("boundary", *tables_of(MADE_FROM_INCIDENTS)),
        options=_as_of,
    ),
    PEOPLE_STEP,
    Step(
        name="counts",
        makes=("incidents_by_cell",),
        make=_counts,
        needs=("cells", "incidents", "coverage"),
        options=_as_of,
    ),
    AREAS_STEP,
    Step(
        name="periods",
        makes=("incidents_by_period", "watch", "watch_spans"),
        make=_periods,
        needs=("cells", "incidents", "coverage"),
        options=_as_of,
    ),
    EFFORT_STEP,
    Step(
        name="scores",
        makes=("scores", "reasons", "skill"),
        make=make_scores,
        needs=RECORD_TABLES,
        options=_models,
    ),
    CAUSE_STEP,
    GRADES_STEP,
    Step(
        name="zones",
        makes=("zones", "zone_cells"),
        make=_zones,
        needs=("cells", "scores", "landmarks"),
        options=_zone_sizes,
    ),
)
