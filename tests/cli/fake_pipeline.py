"""A pipeline that computes nothing: exactly what the command line expects of it.

``tests/cli/test_pipeline_contract.py`` holds the true one to the same names.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pandas as pd

from riskmap.errors import ProjectMissingError

SCORES = ("migrant_danger", "patrol_risk")
FORMATS = ("geojson", "geoparquet", "gpkg", "html", "csv")


@dataclass(frozen=True, kw_only=True)
class StepReport:
    name: str
    state: str
    rows: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class GradeCount:
    score: str
    accuracy_basis: str
    accuracy: str
    records: int
    used: int
    in_cell: int
    left_out: int


@dataclass(frozen=True, kw_only=True)
class RunReport:
    steps: tuple[StepReport, ...]
    as_of: str
    resolution: int
    half_width_km: float
    changed: bool
    grades: tuple[GradeCount, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BatchReport:
    file: str
    profile: str
    rows_in: int
    accepted: int
    quarantined: int
    duplicates: int
    faults: Mapping[str, int]
    stripped: Mapping[str, int]
    repeated: bool


@dataclass(frozen=True, kw_only=True)
class TableStatus:
    name: str
    rows: int
    sha256: str
    current: bool
    step: str


@dataclass(frozen=True, kw_only=True)
class CoverageRow:
    source: str
    side: str
    from_km: float
    to_km: float
    from_on: str
    to_on: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class OverdueTask:
    item: str
    event_id: str
    side: str
    note: str
    due_on: str
    overdue_days: int


@dataclass(frozen=True, kw_only=True)
class Status:
    path: str
    version: str
    as_of: str | None
    tables: tuple[TableStatus, ...]
    incidents: int
    quarantined: int
    landmarks: int
    coverage: tuple[CoverageRow, ...]
    overdue: tuple[OverdueTask, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Finding:
    table: str
    code: str
    detail: str
    harmless: bool = False


@dataclass(frozen=True, kw_only=True)
class Project:
    path: Path
    calls: list[tuple] = field(default_factory=list)


STATE = {"findings": (), "changed": True, "project": None}


def create_project(path: Path, *, empty: bool = False) -> Project:
    return _project(path, "create_project", empty)


def open_project(path: Path) -> Project:
    if not path.is_dir():
        msg = f"No project in {path}."
        raise ProjectMissingError(msg, path=str(path))
    return _project(path, "open_project")


def thin_layers(project: Project) -> list[dict[str, object]]:  # noqa: ARG001
    return []


def describe_effort(project: Project) -> list[dict[str, object]]:  # noqa: ARG001
    return []


def what_leaves(project: Project) -> SimpleNamespace:  # noqa: ARG001
    return SimpleNamespace(marking="TLP:CLEAR", withheld={})


def local_clearance(folder: Path, *, role: str = "") -> str:  # noqa: ARG001
    return role


def open_for(folder: Path, clearance: str, surface: str) -> Project:  # noqa: ARG001
    return open_project(folder)


def open_to(folder: Path, clearance: str, deed: str) -> Project:  # noqa: ARG001
    return open_project(folder)


def _project(path: Path, *call: object) -> Project:
    STATE["project"] = Project(path=path)
    STATE["project"].calls.append(call)
    return STATE["project"]


def run(
    project: Project,
    *,
    as_of: str | None = None,
    known_by: str | None = None,  # noqa: ARG001 as the true one takes it
    resolution: int | None = None,
    half_width_km: float | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> RunReport:
    project.calls.append(("run", as_of, resolution, half_width_km))
    if progress is not None:
        progress("cells", 1, 2)
    state = "made" if STATE["changed"] else "kept"
    return RunReport(
        steps=(StepReport(name="cells", state=state, rows=86019, seconds=1.25),),
        as_of="2021-01-01",
        resolution=resolution or 7,
        half_width_km=half_width_km or 100.0,
        changed=bool(STATE["changed"]),
        grades=(
            GradeCount(
                score="migrant_danger",
                accuracy_basis="municipality",
                accuracy="vague",
                records=7,
                used=5,
                in_cell=0,
                left_out=2,
            ),
        ),
    )


def ingest_incidents(
    project: Project, files: Sequence[Path], profile: str | None = None
) -> tuple[BatchReport, ...]:
    project.calls.append(("ingest_incidents", tuple(files), profile))
    return tuple(
        BatchReport(
            file=path.name,
            profile=profile or "iom_mmp",
            rows_in=1204,
            accepted=1200,
            quarantined=3,
            duplicates=1,
            faults={"date_impossible": 2, "coordinates_null_island": 1},
            stripped={"age": 1204},
            repeated=path.name.startswith("again"),
        )
        for path in files
    )


ingest_landmarks = ingest_incidents

CARD_FORMS = ("plain", "full", "json", "gpx", "html")
LANDMARK_SIDES = ("US", "MX", "both")
FAULT_CODES = ("date_impossible", "coordinates_null_island")


def latest_faults(project: Project, register: str) -> pd.DataFrame:
    del project, register
    names = ("row", "column", "code", "value")
    rows = [
        (17, "Incident_Date", "date_impossible", "31/02/2019"),
        (40, "Incident_Date", "date_impossible", "30/02/2019"),
        (3, "lat", "coordinates_null_island", "0, 0"),
    ]
    return pd.DataFrame(rows, columns=names)


def today() -> datetime.date:
    return datetime.date(2026, 1, 1)


CELLS = pd.Index([614553222205407231, 614553222213795839], dtype="uint64", name="cell")


def scores(
    project: Project, target: str | None = None, top: int | None = None
) -> pd.DataFrame:
    project.calls.append(("scores", target, top))
    columns = {}
    for score in [target] if target else SCORES:
        columns |= {
            score: [0.000512, float("nan")],
            f"{score}_low": [0.0002, float("nan")],
            f"{score}_high": [0.0011, float("nan")],
            f"{score}_rank": pd.array([1, None], dtype="Int64"),
            f"{score}_percentile": [100.0, float("nan")],
            f"{score}_evidence": ["records", "no_data"],
        }
    frame = pd.DataFrame(columns)
    # every pair of rows again, for the tests that need a long table
    frame = pd.concat([frame] * (len(CELLS) // 2), ignore_index=True)
    return frame.set_index(CELLS).head(top or len(CELLS))


def skill(project: Project) -> pd.DataFrame:
    del project
    row = {
        "score": "migrant_danger",
        "horizon_days": 365,
        "from_on": pd.Timestamp("2020-01-01", tz="UTC"),
        "to_on": pd.Timestamp("2021-01-01", tz="UTC"),
        "events": 1213,
        "low": 0.5,
        "high": 0.8,
    }
    values = [
        ("mixture", "", "hit_rate_5pct", 0.733),
        ("mixture", "", "pai_5pct", 14.7),
        ("mixture", "count_all", "information_gain_bits", 3.6),
        ("count_all", "", "hit_rate_5pct", 0.474),
        ("count_all", "", "pai_5pct", 9.5),
        ("kde", "", "hit_rate_5pct", 0.683),
        ("uniform", "", "hit_rate_5pct", 0.05),
    ]
    names = ("model", "versus", "metric", "value")
    return pd.DataFrame([row | dict(zip(names, v, strict=True)) for v in values])


def zones(project: Project, target: str | None = None) -> pd.DataFrame:
    project.calls.append(("zones", target))
    rows = [
        {
            "score": score,
            "rank": rank,
            "side": "US",
            "area_km2": 1234.5,
            "cells": 201,
            "expected_per_year": 12.3,
            "share_of_score": 0.125,
            "from_km": 1900.4,
            "to_km": 1975.2,
            "landmark_id": "town-sasabe",
            "landmark_en": "Town of Sasabe",
            "landmark_es": "Poblado de Sásabe",
            "landmark_distance_km": 12.4,
            "geometry": object(),
        }
        for score in ([target] if target else SCORES)
        for rank in (1, 2)
    ]
    index = pd.Index(
        [f"{row['score']}-US-{row['rank']:03}" for row in rows], name="zone_id"
    )
    return pd.DataFrame(rows, index=index)


@dataclass(frozen=True)
class _Column:
    name: str = "town_distance_km"
    unit: str = "km"


@dataclass(frozen=True)
class _Source:
    def cite(self) -> str:
        return "Somebody 2020"


@dataclass(frozen=True)
class _Layer:
    column: _Column = _Column()
    purpose: str = "neutral"
    from_incidents: bool = False
    source: _Source = _Source()


def layers() -> tuple[_Layer, ...]:
    return (_Layer(),)


def export(
    project: Project,
    form: str,
    out: Path,
    words: Mapping[str, Callable[[str], str]],
    *,
    region: str | None = None,  # noqa: ARG001 as the true one takes it
) -> tuple[Path, ...]:
    project.calls.append(("export", form, out, tuple(words)))
    return (out / f"zones.{form}",)


def status(project: Project) -> Status:
    return Status(
        path=str(project.path),
        version="0.1.0",
        as_of=None if not STATE["changed"] else "2021-01-01",
        tables=(
            TableStatus(
                name="cells", rows=86019, sha256="ab" * 32, current=True, step="cells"
            ),
            TableStatus(
                name="zones", rows=40, sha256="cd" * 32, current=False, step="zones"
            ),
        ),
        incidents=3506,
        quarantined=1,
        landmarks=410,
        overdue=(
            OverdueTask(
                item="2d6991",
                event_id="iom_mmp:1",
                side="US",
                note="send the report",
                due_on="2021-04-01",
                overdue_days=12,
            ),
        ),
        coverage=(
            CoverageRow(
                source="iom_mmp",
                side="both",
                from_km=0.0,
                to_km=1570.0,
                from_on="2014-01-01",
                to_on="2021-12-31",
            ),
        ),
    )


def verify(project: Project | Path) -> tuple[Finding, ...]:
    if isinstance(project, Path):
        open_project(project)
    return STATE["findings"]
