"""The card of a cell: its figures and reasons are those of the tables."""

import pytest

from riskmap import cells
from riskmap.ui.card import cell_card, rows_of
from riskmap.ui.top_cells import TOP_CELLS, top_cells

SCORE = "migrant_danger"


@pytest.fixture(scope="module")
def first(view):
    """The cell ranked first, as text."""
    table = view.tables.cells
    return f"{table.index[table[f'{SCORE}_rank'] == 1][0]:x}"


@pytest.fixture(scope="module")
def blind(view):
    """A cell that no source covers, as text."""
    table = view.tables.cells
    return f"{table.index[table[SCORE].isna()][0]:x}"


def test_parts_on_the_card_add_up_to_its_total(view, first):
    row = rows_of(view, first).iloc[0]
    parts = view.reasons().loc[[int(first, 16)]]
    total = parts.loc[parts["score"] == SCORE, "value"].sum()
    assert total == pytest.approx(row[SCORE], abs=1e-9)


def test_the_card_of_the_first_cell_says_so(view, first, words):
    card = cell_card(view, first, SCORE, words)
    facts = dict(card["facts"])
    ranked = int(view.tables.cells[f"{SCORE}_rank"].notna().sum())
    said = words.text("ui.card.rank_of", rank=1, cells=ranked)
    assert facts[words.text("ui.card.rank")] == said
    assert facts[words.text("map.percentile")].startswith("100")
    assert card["place"].startswith(first)
    assert card["sentences"] == [words.text("map.evidence.records")]


def test_bars_come_the_largest_first_and_keep_their_sign(view, first, words):
    shares = [bar["share"] for bar in cell_card(view, first, SCORE, words)["bars"]]
    assert shares == pytest.approx([1.0, 5 / 7, -2 / 7])


def test_no_data_is_never_a_zero(view, blind, words):
    for layer in (SCORE, "kind-migrant_death"):
        card = cell_card(view, blind, layer, words)
        assert card["figure"] == words.text("map.no_data")
        assert card["sentences"] == [words.text("map.evidence.no_data")]
        assert card["bars"] == []


def test_an_incident_where_no_source_looks_is_still_counted(view, words):
    cell = f"{int(view.tables.incidents['cell'].iloc[1]):x}"
    assert cell_card(view, cell, "kind-migrant_death", words)["figure"] == "60"


def test_a_cell_without_incidents_says_none_recorded(view, first, words):
    card = cell_card(view, first, "kind-violence_nonstate", words)
    assert (card["figure"], card["unit"]) == ("0", words.text("map.recorded"))


def test_an_ancestor_is_the_sum_of_its_cells(view, first, words):
    parent = f"{int(cells.parents(cells.parse_cells([first]), 6)[0]):x}"
    rows = rows_of(view, parent)
    card = cell_card(view, parent, SCORE, words)
    assert len(rows) > 1
    assert card["figure"] == words.number(float(rows[SCORE].sum()), significant=2)
    assert dict(card["facts"])[words.text("ui.card.best_rank")] == "1"
    assert words.text("ui.card.joined", cells=len(rows)) in card["sentences"]
    assert words.text("map.interval") not in dict(card["facts"])


@pytest.mark.parametrize(
    "strange",
    [None, "", "north", "<b>", "8928308280fffff", "87283080dffffff", "0" * 400],
)
def test_what_is_no_cell_of_the_corridor_has_no_card(view, strange, words):
    assert cell_card(view, strange, SCORE, words) is None


def test_the_table_lists_the_first_cells_in_order(view, words):
    table = top_cells(view, SCORE, words)
    assert len(table["rows"]) == TOP_CELLS
    assert [row[1] for row in table["rows"][:3]] == ["1", "2", "3"]
    assert all(len(row) == len(table["columns"]) + 1 for row in table["rows"])
