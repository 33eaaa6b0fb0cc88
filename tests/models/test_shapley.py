"""Trees taken apart: exact against every ordering, and adding up to the model."""

from itertools import permutations

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingRegressor

from riskmap.history.learners import TREES
from riskmap.models.shapley import leaves_of, shapley_values


@pytest.fixture(scope="module")
def taught():
    """Small trees on four columns, one with holes, one that says nothing."""
    draw = np.random.default_rng(5)
    X = draw.normal(size=(400, 4))
    X[draw.random(400) < 0.2, 1] = np.nan
    rate = np.exp(0.8 * X[:, 0] + np.where(np.isnan(X[:, 1]), 0.5, 0.0) * X[:, 2])
    y = draw.poisson(rate).astype(float)
    model = HistGradientBoostingRegressor(
        loss="poisson", max_iter=12, max_leaf_nodes=6, min_samples_leaf=10
    )
    return model.fit(X, y), X


def asked(model, row, known):
    """What the trees say if only some columns are known, node by node."""

    def walk(nodes, place):
        node = nodes[place]
        if node["is_leaf"]:
            return node["value"]
        left, right = int(node["left"]), int(node["right"])
        column = int(node["feature_idx"])
        if column in known:
            value = row[column]
            goes_left = (
                node["missing_go_to_left"]
                if np.isnan(value)
                else value <= node["num_threshold"]
            )
            return walk(nodes, left if goes_left else right)
        part = nodes[left]["count"] / node["count"]
        return part * walk(nodes, left) + (1 - part) * walk(nodes, right)

    trees = sum(walk(predictor.nodes, 0) for (predictor,) in model._predictors)
    return float(np.ravel(model._baseline_prediction)[0]) + trees


def by_every_ordering(model, row):
    values = np.zeros(len(row))
    orders = list(permutations(range(len(row))))
    for order in orders:
        known = set()
        for column in order:
            before = asked(model, row, known)
            known.add(column)
            values[column] += asked(model, row, known) - before
    return values / len(orders)


@pytest.mark.parametrize("place", [0, 7, 42])
def test_values_are_those_of_every_ordering(taught, place):
    model, X = taught
    base, values = shapley_values(model, X[place])
    assert base == pytest.approx(asked(model, X[place], set()))
    assert values == pytest.approx(by_every_ordering(model, X[place]), abs=1e-10)


def test_values_and_base_add_up_to_the_model(taught):
    model, X = taught
    for row in X[:25]:
        base, values = shapley_values(model, row)
        said = np.log(model.predict(row[None])[0])
        assert base + values.sum() == pytest.approx(said, abs=1e-9)


def test_a_column_that_no_tree_asks_about_adds_nothing(taught):
    model, X = taught
    split_on = {split.column for leaf in leaves_of(model) for split in leaf.splits}
    wider = HistGradientBoostingRegressor(loss="poisson", max_iter=5)
    rows = np.column_stack([X[:, 0], np.full(len(X), 3.0)])
    wider.fit(rows, np.exp(X[:, 0]))
    _, values = shapley_values(wider, rows[0])
    assert values[1] == 0
    assert split_on <= {0, 1, 2, 3}


def test_trees_as_large_as_those_in_use_are_taken_apart(taught):
    _, X = taught
    wide = np.column_stack([X, X**2, X[:, :1] * X])
    model = HistGradientBoostingRegressor(**{**TREES, "min_samples_leaf": 5})
    model.fit(wide, np.exp(X[:, 0]))
    base, values = shapley_values(model, wide[3])
    said = np.log(model.predict(wide[3:4])[0])
    assert base + values.sum() == pytest.approx(said, abs=1e-9)


def test_the_package_shap_says_the_same(taught):
    shap = pytest.importorskip("shap", reason="shap is not installed")
    model, X = taught
    explainer = shap.TreeExplainer(model, feature_perturbation="tree_path_dependent")
    theirs = explainer.shap_values(X[:10])
    ours = np.array([shapley_values(model, row)[1] for row in X[:10]])
    assert ours == pytest.approx(theirs, abs=1e-6)


def test_a_categorical_column_is_refused(taught):
    _, X = taught
    codes = np.tile(np.arange(4.0), 100)[:, None]
    model = HistGradientBoostingRegressor(max_iter=2, categorical_features=[0])
    model.fit(codes, codes[:, 0] % 2 * 5 + X[:, 0] * 0)
    with pytest.raises(ValueError, match="Categorical"):
        shapley_values(model, np.array([1.0]))
