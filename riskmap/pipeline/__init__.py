"""The pipeline: what a face, a notebook or a script asks of a project."""

from riskmap.pipeline.deliveries import take_incidents as ingest_incidents
from riskmap.pipeline.deliveries import take_landmarks as ingest_landmarks
from riskmap.pipeline.files import FORMATS, export, map_tables
from riskmap.pipeline.founding import create_project, open_project
from riskmap.pipeline.reports import (
    BatchReport,
    CoverageRow,
    Progress,
    RunReport,
    Status,
    StepReport,
    TableStatus,
)
from riskmap.pipeline.road import run, stale_tables
from riskmap.pipeline.views import (
    SCORES,
    layers,
    quarantine,
    reasons,
    scores,
    skill,
    status,
    verify,
    zones,
)
from riskmap.pipeline.whereabouts import (
    Whereabouts,
    card_of_cell,
    find_place,
    find_place_json,
    landmark_gaps,
    landmarks_of,
    place_cards,
    whereabouts,
)
from riskmap.project import Finding, Project

__all__ = [
    "FORMATS",
    "SCORES",
    "BatchReport",
    "CoverageRow",
    "Finding",
    "Progress",
    "Project",
    "RunReport",
    "Status",
    "StepReport",
    "TableStatus",
    "Whereabouts",
    "card_of_cell",
    "create_project",
    "export",
    "find_place",
    "find_place_json",
    "ingest_incidents",
    "ingest_landmarks",
    "landmark_gaps",
    "landmarks_of",
    "layers",
    "map_tables",
    "open_project",
    "place_cards",
    "quarantine",
    "reasons",
    "run",
    "scores",
    "skill",
    "stale_tables",
    "status",
    "verify",
    "whereabouts",
    "zones",
]
