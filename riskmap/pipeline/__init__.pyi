# what a name here means, for the type checker and for lazy_loader: each module is
# imported when one of its names is first asked for, so that a page opens sooner

from .access import (
    holder_of,
    local_clearance,
    open_for,
    open_to,
    signed_clearance,
    view_key,
)
from .agreements import agreed_differences
from .amendments import (
    Amendment,
    accept_rows,
    amend_incident,
    incident_history,
)
from .areas import (
    AreaFacts,
    area_region,
    describe_area,
    drawn_area,
    load_area,
    parse_area,
)
from .audit import now, read_audit, record_action, verify_audit
from .below import Finding, NewLandmark, Project, head_of
from .bench import EvaluationOptions
from .cards import CARD_FORMS, card_facts, print_card, say_card
from .causes import danger_by_cause
from .change_view import (
    QUESTIONS,
    ChangeView,
    ask_change,
    change_subjects,
    view_change,
)
from .changes import Asked
from .choices import (
    BorderOptions,
    HotspotOptions,
    NearRepeatOptions,
    RouteOptions,
    ScanOptions,
)
from .completeness import read_completeness, summarise_completeness
from .contacts import (
    CONTACT_COLUMNS,
    contacts_at,
    list_contacts,
    offices_of,
    take_contacts,
    take_offices,
)
from .credits import SOURCES
from .deliveries import ingest_incidents, ingest_landmarks, resubmit_incidents
from .disclosure import (
    DISCLOSURE_PROFILES,
    Release,
    audit_releases,
    release_counts,
)
from .displaced import DisplacementReport, displacement
from .effort_log import EFFORT_COLUMNS, describe_effort, sum_effort, take_effort
from .evaluation import evaluate, read_evaluation
from .evaluation_page import (
    evaluation_document,
    group_name,
    ranking,
    save_evaluation,
    verdict_lines,
)
from .extracts import card_bytes, export_bytes, release_bytes, zone_bytes
from .files import FORMATS, export, export_notes, map_tables
from .follow_up import (
    OWNERS,
    add_task,
    close_task,
    follow_up_of,
    list_tasks,
    note_evidence,
    set_investigation,
)
from .founding import create_project
from .gazetteer import (
    LANDMARK_SIDES,
    add_landmark,
    geojson_text,
    landmark_disagreements,
    landmark_history,
    list_landmarks,
    stretches_to_mark,
    today,
    unverified_landmarks,
    verify_landmarks,
)
from .grounds import influence, why
from .hazard_views import add_exposure, hazard_columns, read_hazards
from .hotspots import HotspotReport, hot_cells
from .incident_areas import read_incident_areas
from .incident_view import view_incident
from .judging import FOLDS, Evaluation
from .layer_gaps import thin_layers
from .leaving import Leaving, what_leaves
from .linkage import (
    LINK_PARTS,
    LINK_STATES,
    LinkReport,
    decide_link,
    find_link,
    incident_records,
    is_record,
    link_history,
    link_incidents,
    linked_records,
    list_links,
    pair_of,
)
from .model_card import card_text, model_drift, model_in_use, save_card
from .model_shelf import Decision
from .models import (
    activate,
    approve,
    export_model,
    import_model,
    list_models,
    model_facts,
    roll_back,
    train,
)
from .nearrepeat import (
    NearRepeatReport,
    draw_bands,
    near_repeats,
    repeat_kinds,
)
from .on_screen import (
    SCREEN_FORMS,
    Screen,
    screen_box,
    screen_bytes,
    screen_marking,
    screen_shape,
)
from .opening import open_project
from .operations_kept import OPERATION_KINDS, add_operation, list_operations
from .opinions import open_disputes, read_opinions
from .package_exchange import (
    ImportReport,
    decide_difference,
    diff_package,
    import_package,
    imported_package,
)
from .package_reading import verify_package, write_signing_key
from .packages import PackageReport, create_package
from .people import people_at_risk
from .policy import Clearance, cleared, marking_of_table
from .poster import NUMBER_COLUMNS, NUMBERS_FILE, PAPERS, write_posters
from .previews import Preview, preview_incidents, take_previewed
from .profiles import infer_profile, list_profiles, profile_text, write_text
from .quality import Quality, read_quality
from .rank_change import (
    RANKS_LISTED,
    RankChange,
    list_assessments,
    rank_changes,
    say_rank_changes,
)
from .regions import RegionView, list_regions, open_region, scores_in, zones_in
from .register import (
    FAULT_CODES,
    bytes_of,
    latest_faults,
    original_of,
    quarantined,
    quarantined_rows,
    say_where,
)
from .release_files import released_table, write_release
from .release_ledger import HeldRelease, read_ledger
from .reports import (
    BatchReport,
    CoverageRow,
    Progress,
    RunReport,
    Status,
    StepReport,
    TableStatus,
)
from .road import run, stale_tables
from .routes_found import RoutesReport, new_routes
from .scan import ScanReport, emerging_clusters
from .scenario_changes import SCORE_PARTS
from .scenario_layers import layers_of_scenario, scenario_layer_name
from .scenario_register import (
    Changes,
    Scenario,
    find_scenario,
    list_scenarios,
    remove_scenario,
    rename_scenario,
)
from .scenario_runs import create_scenario, refresh_scenario, scenario_state
from .scenario_views import (
    ORDERS,
    Comparison,
    compare_scenarios,
    scenario_facts,
)
from .scenario_words import say_changes, say_comparison
from .seen_tables import record_view, restricted_tables
from .simulation import recovery, simulate
from .standing import status
from .timeliness import TimelinessOptions, read_timeliness
from .trends import TrendReport, cell_trends
from .undercount import UndercountReport, missed_events
from .views import (
    SCORES,
    as_of_day,
    layers,
    quarantine,
    reasons,
    scores,
    skill,
    verify,
    zones,
)
from .waiting_rows import export_quarantine
from .watching import WatchReport, daily_watch
from .whereabouts import (
    Whereabouts,
    find_place,
    find_place_json,
    landmark_gaps,
    landmarks_of,
    place_cards,
    place_units,
    read_whereabouts,
)

__all__ = [
    "CARD_FORMS",
    "CONTACT_COLUMNS",
    "DISCLOSURE_PROFILES",
    "EFFORT_COLUMNS",
    "FAULT_CODES",
    "FOLDS",
    "FORMATS",
    "LANDMARK_SIDES",
    "LINK_PARTS",
    "LINK_STATES",
    "NUMBERS_FILE",
    "NUMBER_COLUMNS",
    "OPERATION_KINDS",
    "ORDERS",
    "OWNERS",
    "PAPERS",
    "QUESTIONS",
    "RANKS_LISTED",
    "SCORES",
    "SCORE_PARTS",
    "SCREEN_FORMS",
    "SOURCES",
    "Amendment",
    "AreaFacts",
    "Asked",
    "BatchReport",
    "BorderOptions",
    "ChangeView",
    "Changes",
    "Clearance",
    "Comparison",
    "CoverageRow",
    "Decision",
    "DisplacementReport",
    "Evaluation",
    "EvaluationOptions",
    "Finding",
    "HeldRelease",
    "HotspotOptions",
    "HotspotReport",
    "ImportReport",
    "Leaving",
    "LinkReport",
    "NearRepeatOptions",
    "NearRepeatReport",
    "NewLandmark",
    "PackageReport",
    "Preview",
    "Progress",
    "Project",
    "Quality",
    "RankChange",
    "RegionView",
    "Release",
    "RouteOptions",
    "RoutesReport",
    "RunReport",
    "ScanOptions",
    "ScanReport",
    "Scenario",
    "Screen",
    "Status",
    "StepReport",
    "TableStatus",
    "TimelinessOptions",
    "TrendReport",
    "UndercountReport",
    "WatchReport",
    "Whereabouts",
    "accept_rows",
    "activate",
    "add_exposure",
    "add_landmark",
    "add_operation",
    "add_task",
    "agreed_differences",
    "amend_incident",
    "approve",
    "area_region",
    "as_of_day",
    "ask_change",
    "audit_releases",
    "bytes_of",
    "card_bytes",
    "card_facts",
    "card_text",
    "cell_trends",
    "change_subjects",
    "cleared",
    "close_task",
    "compare_scenarios",
    "contacts_at",
    "create_package",
    "create_project",
    "create_scenario",
    "daily_watch",
    "danger_by_cause",
    "decide_difference",
    "decide_link",
    "describe_area",
    "describe_effort",
    "diff_package",
    "displacement",
    "draw_bands",
    "drawn_area",
    "emerging_clusters",
    "evaluate",
    "evaluation_document",
    "export",
    "export_bytes",
    "export_model",
    "export_notes",
    "export_quarantine",
    "find_link",
    "find_place",
    "find_place_json",
    "find_scenario",
    "follow_up_of",
    "geojson_text",
    "group_name",
    "hazard_columns",
    "head_of",
    "holder_of",
    "hot_cells",
    "import_model",
    "import_package",
    "imported_package",
    "incident_history",
    "incident_records",
    "infer_profile",
    "influence",
    "ingest_incidents",
    "ingest_landmarks",
    "is_record",
    "landmark_disagreements",
    "landmark_gaps",
    "landmark_history",
    "landmarks_of",
    "latest_faults",
    "layers",
    "layers_of_scenario",
    "link_history",
    "link_incidents",
    "linked_records",
    "list_assessments",
    "list_contacts",
    "list_landmarks",
    "list_links",
    "list_models",
    "list_operations",
    "list_profiles",
    "list_regions",
    "list_scenarios",
    "list_tasks",
    "load_area",
    "local_clearance",
    "map_tables",
    "marking_of_table",
    "missed_events",
    "model_drift",
    "model_facts",
    "model_in_use",
    "near_repeats",
    "new_routes",
    "note_evidence",
    "now",
    "offices_of",
    "open_disputes",
    "open_for",
    "open_project",
    "open_region",
    "open_to",
    "original_of",
    "pair_of",
    "parse_area",
    "people_at_risk",
    "place_cards",
    "place_units",
    "preview_incidents",
    "print_card",
    "profile_text",
    "quarantine",
    "quarantined",
    "quarantined_rows",
    "rank_changes",
    "ranking",
    "read_audit",
    "read_completeness",
    "read_evaluation",
    "read_hazards",
    "read_incident_areas",
    "read_ledger",
    "read_opinions",
    "read_quality",
    "read_timeliness",
    "read_whereabouts",
    "reasons",
    "record_action",
    "record_view",
    "recovery",
    "refresh_scenario",
    "release_bytes",
    "release_counts",
    "released_table",
    "remove_scenario",
    "rename_scenario",
    "repeat_kinds",
    "restricted_tables",
    "resubmit_incidents",
    "roll_back",
    "run",
    "save_card",
    "save_evaluation",
    "say_card",
    "say_changes",
    "say_comparison",
    "say_rank_changes",
    "say_where",
    "scenario_facts",
    "scenario_layer_name",
    "scenario_state",
    "scores",
    "scores_in",
    "screen_box",
    "screen_bytes",
    "screen_marking",
    "screen_shape",
    "set_investigation",
    "signed_clearance",
    "simulate",
    "skill",
    "stale_tables",
    "status",
    "stretches_to_mark",
    "sum_effort",
    "summarise_completeness",
    "take_contacts",
    "take_effort",
    "take_offices",
    "take_previewed",
    "thin_layers",
    "today",
    "train",
    "unverified_landmarks",
    "verdict_lines",
    "verify",
    "verify_audit",
    "verify_landmarks",
    "verify_package",
    "view_change",
    "view_incident",
    "view_key",
    "what_leaves",
    "why",
    "write_posters",
    "write_release",
    "write_signing_key",
    "write_text",
    "zone_bytes",
    "zones",
    "zones_in",
]
