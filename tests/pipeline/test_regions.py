"""Regions opened by name: their cells and zones are those that lie there."""

import numpy as np
import pytest

from riskmap import pipeline
from riskmap.errors import TableMissingError, UnknownNameError

PRIORITY = (
    "Western Arizona deserts",
    "All-American Canal",
    "Rio Grande",
    "San Diego",
    "Calexico",
    "Tucson",
    "El Paso",
    "Laredo",
    "Arizona/Sonora",
    "Laredo/Nuevo Laredo",
)


def test_every_region_of_the_list_opens(ran):
    cells = ran.read("cells")
    for code in pipeline.list_regions()["region_id"]:
        view = pipeline.open_region(ran, code)
        assert view.region_id == code
        assert np.isin(view.cells, cells.index).all()
        if len(view.cells):
            assert view.box[0] <= view.box[2]


@pytest.mark.parametrize("name", PRIORITY)
def test_the_priority_regions_open_by_name_and_hold_cells(ran, name):
    view = pipeline.open_region(ran, name)
    assert view.name_en == name
    # cells of resolution 5 are wider than a canal's surroundings
    assert len(view.cells) or view.region_id == "all_american_canal"


def test_a_stretch_holds_the_cells_of_its_kilometres_on_both_sides(ran):
    view = pipeline.open_region(ran, "tucson")
    cells = ran.read("cells").loc[view.cells]
    assert cells["km"].between(2348, 2769).all()
    assert set(cells["side"]) >= {"US", "MX"}


def test_zones_of_a_region_are_those_with_a_cell_in_it(ran):
    view = pipeline.open_region(ran, "arizona_sonora")
    members = ran.read("zone_cells")
    for zone, held in members.groupby("zone_id")["cell"]:
        assert (zone in view.zones) == bool(held.isin(view.cells).any())


def test_a_name_of_either_language_opens_the_same(ran):
    one = pipeline.open_region(ran, "desiertos del oeste de arizona")
    assert one.region_id == "western_arizona_deserts"


def test_an_unknown_region_is_refused(ran):
    with pytest.raises(UnknownNameError):
        pipeline.open_region(ran, "Atlantis")


def test_before_a_run_there_are_no_cells(empty):
    with pytest.raises(TableMissingError):
        pipeline.open_region(empty, "tucson")
