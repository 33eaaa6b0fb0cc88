"""Every code that a table, a list or a report can hold has words in both languages."""

import csv
import itertools
from string import Formatter

import pytest

from riskmap.cli.program import COMMANDS, GROUPS
from riskmap.evaluation.baselines import BASELINES
from riskmap.evaluation.metrics import METRICS
from riskmap.exports import dictionary
from riskmap.features.catalogue import LAYERS
from riskmap.features.layer import PURPOSES, UNITS
from riskmap.i18n import LANGUAGES
from riskmap.i18n.catalogues import forms
from riskmap.ingest.faults import FAULTS
from riskmap.ingest.landmarks import BASES
from riskmap.ingest.taxonomy import CAUSES, KINDS
from riskmap.pipeline.steps import REGISTERS, STEPS
from riskmap.places.contacts import ROLES
from riskmap.places.verification import STATES
from riskmap.scoring.expectation import PARTS
from riskmap.scoring.presets import PRESETS
from tests.conftest import ROOT

SIDES = ("US", "MX", "both")
EVIDENCE = ("records", "prior", "no_data")


def landmark_kinds():
    with (ROOT / "data" / "landmarks" / "landmarks.csv").open(encoding="utf-8") as file:
        return sorted({row["kind"] for row in csv.DictReader(file)})


def families(prefix, codes, *suffixes):
    return [f"{prefix}.{code}{suffix}" for code in codes for suffix in ("", *suffixes)]


CODES = [
    *families("fault", FAULTS),
    *families("kind", KINDS, ".definition"),
    *families("cause", CAUSES),
    *families("layer", (layer.name for layer in LAYERS), ".help"),
    *families("unit", UNITS.values()),
    *families("score", (preset.name for preset in PRESETS), ".help"),
    *families("field", dictionary.FIELDS, ".help"),
    *(f"field.score_{part}" for part in dictionary.SCORE_PARTS),
    *families("part", PARTS),
    *families("model", ("mixture", *BASELINES)),
    *families("metric", METRICS),
    *families("landmark_kind", landmark_kinds()),
    *families("purpose", PURPOSES),
    *families("side", SIDES),
    *families("evidence", EVIDENCE),
    *families("step", (step.name for step in itertools.chain(REGISTERS, STEPS))),
    *families("basis", BASES),
    *families("verification", STATES),
    *families("contact_role", ROLES),
    *families("cli.command", (*GROUPS, *COMMANDS)),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", CODES)
def test_a_code_has_words(key, language):
    assert forms(language, key), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_faults_sentence_names_only_what_a_fault_holds(language):
    for code in FAULTS:
        (text,) = forms(language, f"fault.{code}")
        named = {name for _, name, _, _ in Formatter().parse(text) if name}
        assert named <= {"column", "value"}, code


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_without_fields_can_be_said_as_they_are(language):
    # what draws below the faces takes a label(key) and hands no fields
    for key in CODES:
        if not key.startswith("fault."):
            for text in forms(language, key):
                assert "{" not in text, key
