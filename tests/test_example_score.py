"""The example score: found by its entry point, held to the wall, shown by a run."""

import pytest

from riskmap import pipeline
from tests.examples import installed, python

EXAMPLE = "armed_groups_score"

FOUND = """
from riskmap.i18n import Words
from riskmap.pipeline import SCORES
from riskmap.pipeline.plugins import scores_in_use
from riskmap.scoring import PRESETS
names = [tuple(one.name for one in presets) for presets in (PRESETS, scores_in_use())]
print([SCORES, SCORES] == names)
mine = scores_in_use()[-1]
print(mine.name, mine.purpose, mine.kinds, len(mine.plugin))
print(Words("es").text("score.armed_groups"))
"""

REFUSED = """
from riskmap.errors import RiskmapError
from riskmap.pipeline.plugins import scores_in_use
try:
    scores_in_use()
except RiskmapError as error:
    print(error.code, error.fields.get("reason") or error.fields.get("layer")
          or error.fields["value"])
"""

RUN = """
import sys
from pathlib import Path
from riskmap import pipeline
coarse = {"resolution": 5, "half_width_km": 20.0}
project = pipeline.open_project(Path(sys.argv[1]))
made = {step.name: step.state for step in pipeline.run(project, **coarse).steps}
print(made["cells"], made["scores"], made["zones"])
again = {step.name: step.state for step in pipeline.run(project, **coarse).steps}
print(again["scores"])
mine = pipeline.scores(project, "armed_groups", top=1)
zoned = (pipeline.zones(project)["score"] == "armed_groups").any()
print(mine["armed_groups_rank"].tolist(), zoned)
skill = pipeline.skill(project)
own = skill[(skill["score"] == "armed_groups") & (skill["versus"] == "")]
print(sorted(set(own["model"])))
parts = project.read("reasons")
sums = parts[parts["score"] == "armed_groups"].groupby("cell")["value"].sum()
whole = project.read("scores")["armed_groups"].dropna()
print(bool((sums.reindex(whole.index) - whole).abs().max() < 1e-9))
"""


def test_the_score_is_found_with_its_words_and_its_checksum(tmp_path):
    done = python(installed(tmp_path, EXAMPLE), FOUND)
    assert done.stdout.splitlines() == [
        "True",
        "armed_groups public_safety ('violence_nonstate',) 16",
        "Enfrentamientos entre grupos armados",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('("violence_nonstate",)', '("rescue",)', "purpose_wall rescue"),
        ('("violence_nonstate",)', '("thunder",)', "unknown_name thunder"),
        (
            "kinds=",
            'layers=("drowning_events_per_100km2_year",), kinds=',
            "purpose_wall drowning_events_per_100km2_year",
        ),
        ('name="armed_groups"', 'name="patrol_risk"', "plug_in taken"),
        ('name="armed_groups"', 'name="patrol_risk_low"', "plug_in taken"),
        ('name="armed_groups"', 'name="Armed Groups"', "plug_in taken"),
        ("ARMED_GROUPS = preset_like(", "OTHER = preset_like(", "plug_in broken"),
        ('"half_lives_days"', '"half_life"', "plug_in broken"),
        ("WORDS = {", "ARMED_GROUPS = 7; WORDS = {", "plug_in kind"),
        ('"score.armed_groups.help": "Enf', '"score.other": "Enf', "plug_in words"),
        ('"es": {', '"fr": {', "plug_in words"),
    ],
)
def test_what_breaks_the_wall_or_a_contract_is_refused(tmp_path, old, new, said):
    given = installed(tmp_path, EXAMPLE, lambda source: source.replace(old, new))
    assert python(given, REFUSED).stdout.strip() == said


def test_a_run_makes_it_once_with_zones_reasons_and_skill(tmp_path):
    project = pipeline.create_project(tmp_path / "border")
    pipeline.run(project, resolution=5, half_width_km=20.0)
    done = python(installed(tmp_path, EXAMPLE), RUN, project.path)
    assert done.stdout.splitlines() == [
        "kept made made",
        "kept",
        "[1] True",
        "['count_all', 'count_last_year', 'count_neighbours', 'mixture', 'uniform']",
        "True",
    ], done.stderr
