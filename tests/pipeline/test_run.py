"""A run makes what is missing or stale, in order, and nothing else."""

import datetime

import pytest

from riskmap import pipeline
from riskmap.errors import (
    DateOptionError,
    FileMissingError,
    HalfWidthError,
    ResolutionError,
)
from riskmap.pipeline import road
from riskmap.pipeline.days import DAY_WITHOUT_RECORDS
from riskmap.pipeline.founding import sample_folder
from riskmap.pipeline.runner import Settings
from riskmap.pipeline.steps import REGISTERS, STEPS
from riskmap.project import Project
from tests.pipeline.conftest import COARSE, KNOWN_AT

LANDMARK = """id,kind,name_en,name_es,lat,lon,accuracy_m,side,basis
test-1,peak,Test Peak,Cerro de Prueba,31.5,-111.0,100,US,read
"""

HEADINGS = (
    "id,date,date_precision,lon,lat,accuracy_m,kind,cause,dead,missing,source,"
    "source_quality\n"
)

INCIDENTS = f"""{HEADINGS}\
a1,2019-05-02,day,-111.01,31.40,100,migrant_death,exposure,1,0,iom_mmp,5
a2,2020-05-02,day,-111.02,31.41,100,migrant_death,exposure,1,0,iom_mmp,5
b1,2020-07-09,day,-110.94,31.30,1000,violence_nonstate,,2,0,ucdp_ged,
"""


def _file(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _states(report):
    return {step.name: step.state for step in report.steps}


def _checksums(project):
    return {made.name: made.sha256 for made in project.snapshots()}


def test_every_step_is_made_once(ran):
    made = {snapshot.name for snapshot in ran.snapshots()}
    assert {name for step in (*REGISTERS, *STEPS) for name in step.makes} <= made


def test_a_step_needs_only_what_an_earlier_one_or_the_sample_makes():
    known = set(pipeline.founding.CONTEXT)
    for step in (*REGISTERS, *STEPS):
        assert set(step.needs) <= known, step.name
        known |= set(step.makes)


def test_a_second_run_with_nothing_changed_does_nothing(ran):
    before = _checksums(ran)
    report = pipeline.run(ran, **COARSE)
    assert not report.changed
    assert set(_states(report).values()) == {"kept"}
    assert _checksums(ran) == before


def test_two_projects_of_the_same_inputs_hold_the_same_bytes(ran, tmp_path):
    other = pipeline.create_project(tmp_path / "other")
    pipeline.run(other, **COARSE)
    assert _checksums(other) == _checksums(ran)


def test_a_new_landmark_remakes_only_what_depends_on_landmarks(tmp_path):
    project = pipeline.create_project(tmp_path / "border")
    pipeline.run(project, **COARSE)
    file = _file(tmp_path, "more.csv", LANDMARK)
    pipeline.ingest_landmarks(project, [file], at=KNOWN_AT)
    assert {"landmarks", "layers", "zones"} <= pipeline.stale_tables(project)
    states = _states(pipeline.run(project, **COARSE))
    assert states["landmarks"] == states["layers"] == states["zones"] == "made"
    assert states["incidents"] == states["cells"] == states["history"] == "kept"
    assert states["terrain"] == states["counts"] == "kept"


def test_options_out_of_range_are_refused_before_anything_is_done(ran):
    before = _checksums(ran)
    for options, error in (
        ({"resolution": 3}, ResolutionError),
        ({"resolution": 12}, ResolutionError),
        ({"half_width_km": 0.0}, HalfWidthError),
        ({"half_width_km": 1000.0}, HalfWidthError),
        ({"as_of": "31/03/2021"}, DateOptionError),
    ):
        with pytest.raises(error):
            pipeline.run(ran, **options)
    assert _checksums(ran) == before


def test_a_run_as_of_a_day_is_the_run_of_who_knew_no_more(empty, tmp_path):
    early = "\n".join(INCIDENTS.splitlines()[:2]) + "\n"
    pipeline.ingest_incidents(empty, [_file(tmp_path, "a.csv", early)], at=KNOWN_AT)
    pipeline.run(empty, as_of="2020-01-01", **COARSE)
    then = _checksums(empty)
    late = INCIDENTS.splitlines()
    late = "\n".join([late[0], *late[2:]]) + "\n"
    pipeline.ingest_incidents(empty, [_file(tmp_path, "b.csv", late)], at=KNOWN_AT)
    pipeline.run(empty, as_of="2020-01-01", **COARSE)
    now = _checksums(empty)
    for name in ("scores", "reasons", "history", "incidents_by_cell", "zones"):
        assert now[name] == then[name], name


def test_the_patrol_score_is_the_same_without_what_was_gathered_to_save_lives(
    empty, tmp_path
):
    violence = [
        line
        for line in INCIDENTS.splitlines()
        if line.startswith("id,") or "violence" in line
    ]
    file = _file(tmp_path, "violence.csv", "\n".join(violence) + "\n")
    pipeline.ingest_incidents(empty, [file], at=KNOWN_AT)
    pipeline.run(empty, as_of="2021-01-01", **COARSE)
    without = empty.read("scores").filter(like="patrol_risk")
    pipeline.ingest_incidents(
        empty, [_file(tmp_path, "all.csv", INCIDENTS)], at=KNOWN_AT
    )
    pipeline.run(empty, as_of="2021-01-01", **COARSE)
    assert empty.read("scores").filter(like="patrol_risk").equals(without)


def test_a_project_without_incidents_runs_and_says_no_data(empty):
    report = pipeline.run(empty, **COARSE)
    assert report.as_of == DAY_WITHOUT_RECORDS
    scores = empty.read("scores")
    assert scores["patrol_risk"].isna().all()
    assert (scores["patrol_risk_evidence"] == "no_data").all()
    assert empty.read("incidents_by_cell").isna().all().all()


def test_an_elevation_model_that_is_not_there_is_missed_by_name(empty):
    settings = (empty.path / "riskmap.toml").read_text(encoding="utf-8")
    settings = settings.replace('dem = ""', 'dem = "mine.tif"')
    (empty.path / "riskmap.toml").write_text(settings, encoding="utf-8")
    with pytest.raises(FileMissingError, match=r"mine\.tif"):
        pipeline.run(empty, **COARSE)


def test_progress_names_every_step_in_order(empty):
    told = []
    pipeline.run(empty, **COARSE, progress=lambda step, *_: told.append(step))
    order = [step.name for step in STEPS]
    assert list(dict.fromkeys(name for name in told if name in order)) == order


def test_a_table_that_was_lost_is_made_again(empty):
    pipeline.run(empty, **COARSE)
    lost = empty.snapshot("cells")
    (file,) = empty.path.rglob(f"{lost.sha256}*")
    file.unlink()
    states = _states(pipeline.run(empty, **COARSE))
    assert states["cells"] == "made"
    assert pipeline.verify(empty) == ()


def test_the_sample_is_where_a_checkout_has_it():
    assert (sample_folder() / "boundary" / "boundary.geojson").is_file()


def test_the_settings_of_a_new_project_are_the_defaults(empty):
    assert road.read_settings(empty) == Settings(
        config=road.Config(), folder=str(empty.path)
    )


def test_a_day_is_settled_by_the_last_month_with_records(ran):
    last = ran.read("incidents")["occurred_on"].max().date()
    settled = datetime.date.fromisoformat(pipeline.status(ran).as_of)
    assert settled.day == 1
    assert 0 < (settled - last).days <= 31


def test_who_opens_a_project_while_another_runs_reads_whole_tables(ran):
    other = Project.open(ran.path)
    assert other.read("scores").equals(ran.read("scores"))
