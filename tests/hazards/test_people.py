"""Three people at risk, apart; one index only with weights that are shown."""

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from riskmap.crs import metric_crs_for
from riskmap.errors import OptionError, UnknownNameError
from riskmap.features.hazard_audience import AUDIENCE_LAYERS, audience_rate
from riskmap.features.layer import Inputs
from riskmap.pipeline.people import combine, rate_column
from tests.hazards.worlds import CENTRE, block, table_of

INDEX = block(0.2)
X, Y = CENTRE


def inputs_with(rows):
    table = table_of(INDEX).assign(
        side="US", share_us=1.0, share_mx=0.0, km=100.0, distance_km=5.0
    )
    incidents = gpd.GeoDataFrame(
        {
            "occurred_on": pd.to_datetime([row[2] for row in rows], utc=True),
            "time_precision": "day",
            "accuracy_m": 100.0,
            "kind": [row[0] for row in rows],
            "audience": [row[1] for row in rows],
            "purpose": [
                "life_saving" if row[1] == "migrants" else "public_safety"
                for row in rows
            ],
            "cause": "",
            "source": "a",
        },
        geometry=gpd.points_from_xy([X] * len(rows), [Y] * len(rows)),
        crs="EPSG:4326",
    )
    coverage = pd.DataFrame(
        {
            "source": ["a", "b"],
            "purpose": ["life_saving", "public_safety"],
            "side": "both",
            "from_km": 0.0,
            "to_km": 3200.0,
            "from_on": pd.Timestamp("2010-01-01", tz="UTC"),
            "to_on": pd.Timestamp("2019-12-31", tz="UTC"),
            "note": "",
        }
    )
    nothing = gpd.GeoDataFrame(geometry=[], crs="EPSG:4326")
    return Inputs(
        cells=table,
        landmarks=nothing,
        waterways=nothing,
        incidents=incidents,
        coverage=coverage,
        climate=nothing,
        terrain=nothing,
        metric_crs=metric_crs_for(incidents),
        as_of=pd.Timestamp("2020-01-01", tz="UTC"),
    )


ROWS = [
    ("migrant_death", "migrants", "2018-05-01"),
    ("assault_on_migrant", "migrants", "2018-06-01"),
    ("rock_throwing", "officers", "2018-07-01"),
]


def rates(rows):
    inputs = inputs_with(rows)
    return {layer.name: layer.compute(inputs) for layer in AUDIENCE_LAYERS}


def test_each_group_counts_its_own_alone():
    found, without = rates(ROWS), rates(ROWS[:2])
    migrants = "migrants_harmed_events_per_100km2_year"
    officers = "officers_harmed_events_per_100km2_year"
    assert found[migrants].equals(without[migrants])
    assert found[officers].max() > 0
    # two records against one, a month older
    alone = rates(ROWS[:1])[migrants].max()
    assert found[migrants].max() == pytest.approx(2 * alone, rel=0.05)


def test_assaults_are_their_own_layer_within_the_migrants():
    found = rates(ROWS)
    assault = found["migrant_assault_events_per_100km2_year"]
    assert (assault <= found["migrants_harmed_events_per_100km2_year"] + 1e-12).all()
    assert assault.max() > 0


def test_what_no_source_ever_recorded_is_no_data():
    found = rates(ROWS[:1])
    assert found["officers_harmed_events_per_100km2_year"].isna().all()
    assert found["migrant_assault_events_per_100km2_year"].isna().all()


def test_what_is_not_known_yet_does_not_count():
    later = [("rock_throwing", "officers", "2021-01-01")]
    assert rates(later)["officers_harmed_events_per_100km2_year"].isna().all()


def test_records_that_do_not_say_whom_they_endangered_are_no_data():
    inputs = inputs_with(ROWS)
    blind = SimpleNamespace(
        cells=inputs.cells, incidents=inputs.incidents.drop(columns="audience")
    )
    found = audience_rate(blind, name="x", audience="migrants")
    assert found.isna().all()


TABLE = pd.DataFrame(
    {
        rate_column("migrants"): [2.0, 0.0, 4.0],
        rate_column("officers"): [0.0, 10.0, np.nan],
    }
)
AREA = pd.Series([1.0, 1.0, 2.0])


def test_the_index_is_the_weighted_mean_of_rates_over_their_means():
    # means by area: migrants (2 + 0 + 8) / 4 = 2.5, officers 10 / 2 = 5
    found = combine(TABLE, AREA, {"migrants": 3.0, "officers": 1.0})
    assert found.tolist()[:2] == pytest.approx([0.75 * 0.8, 0.25 * 2.0])
    assert np.isnan(found[2])


def test_a_group_without_weight_takes_nothing_away():
    found = combine(TABLE, AREA, {"migrants": 1.0, "officers": 0.0})
    assert found.tolist() == pytest.approx([0.8, 0.0, 1.6])


@pytest.mark.parametrize(
    ("weights", "error"),
    [
        ({"smugglers": 1.0}, UnknownNameError),
        ({"migrants": -1.0}, OptionError),
        ({"migrants": 0.0}, OptionError),
        ({}, OptionError),
    ],
)
def test_weights_that_mean_nothing_are_refused(weights, error):
    with pytest.raises(error):
        combine(TABLE, AREA, weights)
