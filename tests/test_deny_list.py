"""Places, never persons: no table, column, profile or layer has room for identity.

The deny list is the one that strips files at the door; here everything that riskmap
itself stores, reads or declares is held against it.
"""

import importlib
import pkgutil
import tomllib

import pytest

import riskmap
from riskmap.features.catalogue import LAYERS
from riskmap.ingest.identity import IDENTITY_WORDS, fold
from riskmap.ingest.taxonomy import KINDS
from riskmap.schema import Column
from riskmap.scoring import PRESETS
from tests.conftest import ROOT

# names of places, offices, arrays, files and scenarios: never of a person
NAMES_OF_THINGS = {"name", "name_en", "name_es"}
THINGS = (
    "ARRAY",
    "BASEMAP",
    "JURISDICTION",
    "LANDMARK",
    "OFFICE",
    "REGION",
    "ROAD",
    "SCENARIO",
    "WATERWAY",
)

PROFILES = sorted((ROOT / "riskmap" / "ingest" / "profiles").glob("*.toml"))

# a kind of incident against a role, which says nothing of who held it
ROLES = {"assault_on_officer"}

# faces that start a server or a worker when imported
NOT_IMPORTED = (".ui", ".worker")


def identity_in(name):
    return set(fold(str(name)).split()) & IDENTITY_WORDS


def declared():
    """Every contract of a table anywhere in the package."""
    for module in pkgutil.walk_packages(riskmap.__path__, "riskmap."):
        if any(part in module.name for part in NOT_IMPORTED):
            continue
        held = vars(importlib.import_module(module.name))
        for name, value in held.items():
            if (
                isinstance(value, tuple)
                and value
                and all(isinstance(column, Column) for column in value)
            ):
                yield f"{module.name}.{name}", value


def test_no_contract_of_a_table_has_a_column_of_identity():
    contracts = dict(declared())
    assert len(contracts) > 15
    for where, columns in contracts.items():
        for column in columns:
            if column.name in NAMES_OF_THINGS:
                assert any(thing in where for thing in THINGS), where
            else:
                assert not identity_in(column.name), (where, column.name)


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_no_profile_keeps_a_column_of_identity(path):
    profile = tomllib.loads(path.read_text("utf-8"))
    for kept in profile.get("keep", []):
        assert not identity_in(kept), kept
    for target, columns in profile.get("columns", {}).items():
        assert not identity_in(target), target
        every = [columns] if isinstance(columns, str) else columns
        for column in every:
            assert not identity_in(str(column)), column


def test_no_layer_kind_or_setting_is_of_identity():
    names = [layer.name for layer in LAYERS] + list(KINDS)
    for preset in PRESETS:
        names += [*preset.layers, *preset.numbers, *preset.kinds]
    for name in sorted(set(names) - ROLES):
        assert not identity_in(name), name


def test_no_table_of_a_run_has_a_column_of_identity(tmp_path):
    project = riskmap.Project.simulate(tmp_path / "border", years=4, change_year=0)
    project.run(resolution=5)
    for made in project.store.snapshots():
        table = project.table(made.name)
        for column in table.columns:
            if column in NAMES_OF_THINGS:
                thing = made.name.upper()
                assert not thing.startswith(("INCIDENT", "SCORE", "EVENT")), thing
            else:
                assert not identity_in(column), (made.name, column)
