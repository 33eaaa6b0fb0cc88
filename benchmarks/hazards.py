"""Hazards: how well physics alone ranks a sector that nothing was learned from.

``python -m benchmarks.hazards PROJECT`` with a project that has been run at the
resolution asked about. Each Border Patrol sector's stretch (both sides) is left out
in turn: the scale of each cause is learned on the other sectors, and the cells of the
one left out are ranked by flow times hazard, summed over causes; beside it stand the
distance to the line alone and each hazard alone. Incidents accurate to 10 km. A second
argument takes only what occurred before that day: ``… PROJECT 2014-01-01``.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from riskmap import cells as grid
from riskmap import pipeline
from riskmap.hazards.intensity import (
    CAUSE_HAZARDS,
    cause_rates,
    intensities_by_cause,
    scaled,
    share_on_foot,
)
from riskmap.hazards.options import HazardOptions
from riskmap.ingest.taxonomy import CAUSES
from riskmap.pipeline.hazards import NEEDS, make_hazards

KINDS = ("migrant_death", "migrant_disappearance")
MOST_ACCURACY_M = 10_000
LEAST_EVENTS = 15
SHARES = (0.05, 0.10, 0.20)
SECTORS = Path(__file__).parents[1] / "data" / "boundary" / "sector_extents.csv"


def captured(score: np.ndarray, events: np.ndarray, area: np.ndarray) -> list[float]:
    """Area under the capture curve, then the share of events in the top 5, 10, 20 %."""
    lowest = np.nanmin(score) - 1 if np.isfinite(score).any() else 0.0
    values = np.where(np.isfinite(score), score, lowest)
    # cells of the same value are taken together: neither luck nor order ranks them
    table = pd.DataFrame({"v": np.round(values, 10), "n": events, "a": area})
    sums = table.groupby("v")[["n", "a"]].sum().sort_index(ascending=False)
    across = np.r_[0, sums["a"].cumsum() / area.sum()]
    caught = np.r_[0, sums["n"].cumsum() / events.sum()]
    return [float(np.trapezoid(caught, across))] + [
        float(np.interp(share, across, caught)) for share in SHARES
    ]


def counts(project: pipeline.Project, table: pd.DataFrame, before: str) -> pd.DataFrame:
    """Events of each cause in each cell."""
    incidents = project.read("incidents")
    if before:
        day = pd.Timestamp(before, tz="UTC")
        incidents = incidents[incidents["occurred_on"] < day]
    kept = incidents[
        incidents["kind"].isin(KINDS) & (incidents["accuracy_m"] <= MOST_ACCURACY_M)
    ]
    resolution = grid.resolution_of(table.index)
    found = grid.points_to_cells(
        kept.geometry.x.to_numpy(), kept.geometry.y.to_numpy(), resolution
    )
    place = table.index.get_indexer(found)
    inside = place >= 0
    causes = kept["cause"].to_numpy()
    return pd.DataFrame(
        {
            cause: np.bincount(
                place[inside & (causes == cause)], minlength=len(table)
            ).astype(float)
            for cause in CAUSES
        },
        index=table.index,
    )


def main(path: str, before: str = "") -> None:
    """Print the table, sector by sector."""
    project = pipeline.open_project(Path(path))
    tables = {name: project.read(name) for name in NEEDS}
    cells, found = tables["cells"], make_hazards(tables, HazardOptions())
    years = project.read("history")["life_saving_record_years"].fillna(0).to_numpy()
    events = counts(project, cells, before)
    causes = (*CAUSE_HAZARDS, "vehicle", "fall", "violence", "medical")
    parts = intensities_by_cause(found, causes)
    area = cells["area_km2"].to_numpy()
    flow = share_on_foot(found["walk_hours"], 8.0)
    targets = {
        "all deaths": events.sum(axis=1).to_numpy(),
        "exposure and undetermined": events[["exposure", "undetermined"]]
        .sum(axis=1)
        .to_numpy(),
        "drowning": events["drowning"].to_numpy(),
    }
    rows = []
    for sector in pd.read_csv(SECTORS).itertuples():
        left = cells["km"].between(sector.from_km, sector.to_km, inclusive="left")
        here, elsewhere = left.to_numpy(), ~left.to_numpy()
        # those not determined are mostly remains in the desert: counted as exposure
        known = events[elsewhere].sum()
        known["exposure"] += known["undetermined"]
        rates = cause_rates(parts, known, np.where(elsewhere, area * years, 0.0))
        total = scaled(parts, rates)["total"].to_numpy()
        ranked = {
            "flow x hazard, by cause": total,
            "heat loss x flow": parts["exposure"].to_numpy(),
            "heat chance": found["heat_chance"].to_numpy(),
            "drowning drift": found["drowning_drift"].to_numpy(),
            "flow alone": flow,
            "distance to line": -cells["distance_km"].to_numpy(),
        }
        watched = here & (years > 0)
        for target, number in targets.items():
            if number[watched].sum() < LEAST_EVENTS:
                continue
            for name, score in ranked.items():
                values = captured(score[watched], number[watched], area[watched])
                rows.append(
                    (target, sector.sector, int(number[watched].sum()), name, *values)
                )
    names = ["target", "sector", "events", "ranked by", "area under", "5 %", "10 %"]
    table = pd.DataFrame(rows, columns=[*names, "20 %"])
    print(table.round(2).to_string(index=False))
    weights = table["events"]
    numbers = ["area under", "5 %", "10 %", "20 %"]
    pooled = table[numbers].mul(weights, axis=0).assign(events=weights)
    pooled = pooled.groupby([table["target"], table["ranked by"]]).sum()
    print("\npooled over sectors, each left out in turn")
    print(pooled[numbers].div(pooled["events"], axis=0).round(3).to_string())


if __name__ == "__main__":
    main(*sys.argv[1:3])
