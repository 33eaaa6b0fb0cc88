"""The files of a map: what the register says, named by what they hold."""

import dataclasses
import gzip
import json

import numpy as np
import pandas as pd
import pytest

from riskmap.webmap import MapFiles, bare_tables, kinds_of
from riskmap.webmap.files import doubtful, kind_counts
from tests.webmap.test_encode import read_cells, read_varints


@pytest.fixture(scope="module")
def files(tables):
    return MapFiles(tables)


def opened(files, name):
    return gzip.decompress(files.read(name))


def test_every_named_file_can_be_read(files):
    for name in files.names():
        assert len(opened(files, name)) > 0


def test_an_unknown_file_is_a_key_error(files):
    with pytest.raises(KeyError):
        files.read("../secrets")


def test_the_manifest_names_the_layers_and_the_fixed_breaks(files):
    manifest = json.loads(opened(files, "manifest.json"))
    assert manifest["scores"] == ["migrant_danger", "patrol_risk"]
    assert manifest["kinds"] == ["migrant_death", "violence_nonstate"]
    assert manifest["resolution"] == 7
    assert manifest["rates"] == [0.03, 0.1, 0.3, 1]


@pytest.mark.parametrize("kind", ["migrant_death", "violence_nonstate"])
def test_counts_on_the_map_are_the_register_s(files, tables, kind):
    _, _, cells = read_cells(opened(files, "overview.cells"))
    shown = read_varints(opened(files, f"overview.kind-{kind}"))[: len(cells)]
    found = {c: n - 1 for c, n in zip(cells, shown, strict=True) if n > 1}
    register = tables.incidents[tables.incidents["kind"] == kind]
    assert found == register.set_index("cell")["events"].to_dict()


def test_what_no_source_covers_is_no_data_not_zero(files, tables):
    score = np.frombuffer(opened(files, "overview.migrant_danger"), np.uint8)
    finest = score[: len(tables.cells)]
    blind = tables.cells["migrant_danger"].isna().to_numpy()
    assert np.array_equal(finest == 0, blind)
    counts = read_varints(opened(files, "overview.kind-migrant_death"))
    assert np.array_equal(np.array(counts[: len(blind)]) == 0, blind)


def test_incidents_outside_the_corridor_count_nowhere(tables):
    strange = tables.incidents.assign(cell=np.uint64(608693941536882687))
    moved = dataclasses.replace(tables, incidents=strange)
    assert kind_counts(moved, "migrant_death").sum() == 0


def test_low_confidence_is_the_model_alone_and_never_no_data(tables):
    found = doubtful(tables.cells, "migrant_danger")
    evidence = tables.cells["migrant_danger_evidence"].to_numpy()
    assert set(evidence[found]) == {"prior"}
    assert "prior" not in evidence[~found]


def test_the_name_of_a_map_changes_with_any_number(tables):
    name = MapFiles(tables).digest()
    assert MapFiles(tables).digest() == name
    changed = tables.cells.copy()
    changed.iloc[3, changed.columns.get_loc("migrant_danger")] *= 1.001
    assert MapFiles(dataclasses.replace(tables, cells=changed)).digest() != name


def test_rows_in_another_order_give_the_same_files(tables, files):
    other = dataclasses.replace(
        tables,
        incidents=tables.incidents.sample(frac=1, random_state=3),
        landmarks=tables.landmarks.iloc[::-1],
        zones=tables.zones.iloc[::-1],
    )
    again = MapFiles(other)
    assert all(again.read(name) == files.read(name) for name in files.names())


def test_kinds_come_the_commonest_first(tables):
    assert kinds_of(tables) == ["migrant_death", "violence_nonstate"]
    assert kinds_of(bare_tables(tables.cells.index)) == []


def test_finer_cells_come_in_blocks_once_there_are_many(tables, monkeypatch):
    monkeypatch.setattr("riskmap.webmap.files.OVERVIEW_CELLS", 10)
    files = MapFiles(tables)
    manifest = json.loads(opened(files, "manifest.json"))
    assert manifest["overview"] == 6
    assert len(manifest["blocks"]) >= 1
    found = [
        cell
        for block in manifest["blocks"]
        for cell in read_cells(opened(files, f"{block}.cells"))[2]
    ]
    assert sorted(found) == tables.cells.index.tolist()


def test_a_saved_page_joins_cells_once_there_are_too_many(tables, monkeypatch):
    whole = json.loads(opened(MapFiles(tables, whole=True), "manifest.json"))
    assert (whole["overview"], whole["exact"], whole["blocks"]) == (7, True, [])
    monkeypatch.setattr("riskmap.webmap.files.WHOLE_CELLS", 60)
    joined = MapFiles(tables, whole=True, detail=True)
    manifest = json.loads(opened(joined, "manifest.json"))
    assert (manifest["overview"], manifest["exact"], manifest["blocks"]) == (
        6,
        False,
        [],
    )
    counts = read_varints(opened(joined, "overview.kind-migrant_death"))
    cells = read_cells(opened(joined, "overview.cells"))[2]
    assert sum(max(n - 1, 0) for n in counts[: len(cells)]) == 65


def test_none_recorded_needs_a_source_that_looks(tables):
    # a score can borrow from elsewhere where no source looks: counts cannot
    looked = pd.DataFrame({"migrant_death": False}, index=tables.cells.index)
    looked.iloc[::2] = True
    files = MapFiles(dataclasses.replace(tables, covered=looked))
    cells = read_cells(opened(files, "overview.cells"))[2]
    counts = read_varints(opened(files, "overview.kind-migrant_death"))[: len(cells)]
    recorded = kind_counts(tables, "migrant_death") > 0
    expected = looked["migrant_death"].to_numpy() | recorded
    assert (np.array(counts) > 0).tolist() == expected.tolist()
