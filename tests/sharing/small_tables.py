"""Small tables, and the fewest counts that have to be hidden in them, exactly."""

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from riskmap.sharing.lattice import Tree, add_up, equations
from riskmap.sharing.worlds import Needs, System


def flat_tree(leaves):
    return Tree.of([("all", None), *((str(n), "all") for n in range(leaves))])


def small_system(rng, k=11):
    """Places by kinds, or places below places by kinds, skewed as real counts are."""
    if rng.random() < 0.5:
        places = flat_tree(int(rng.integers(3, 6)))
    else:
        places = Tree.of(
            [("all", None), ("a", "all"), ("b", "all")]
            + [(f"{up}{n}", up) for up in "ab" for n in range(int(rng.integers(2, 4)))]
        )
    trees = [places, flat_tree(int(rng.integers(2, 4))), Tree.of([("2019", None)])]
    shape = tuple(map(len, trees))
    leaves = np.zeros(shape, dtype=np.int64)
    inner = [set(tree.parent.tolist()) for tree in trees]
    for at in np.ndindex(shape):
        if not any(place in inner[axis] for axis, place in enumerate(at)):
            leaves[at] = rng.choice([0, rng.integers(1, 12), rng.integers(11, 90)])
    counts = add_up(leaves, trees).ravel()
    needs = Needs(
        low=np.zeros(counts.size, dtype=np.int64),
        high=np.full(counts.size, k - 1),
        protected=counts < k,
    )
    known = ~needs.protected
    return System(sums=equations(trees), counts=counts, known=known), needs


def fewest_hidden(system, needs):
    """Solve for the fewest: switches shared by two worlds a protected count."""
    counts, number = system.counts, system.counts.size
    protected = np.flatnonzero(needs.protected)
    free = np.flatnonzero(system.known)
    room = int(counts.max()) * 2 + 1000
    worlds = [(node, end) for node in protected for end in (0, 1)]
    columns = number * len(worlds) + free.size
    low, high = np.zeros(columns), np.full(columns, float(room))
    high[number * len(worlds) :] = 1
    rows, right_low, right_high = [], [], []
    pick = sparse.csr_array(
        (np.ones(free.size), (np.arange(free.size), free)), shape=(free.size, number)
    )
    for place, (node, end) in enumerate(worlds):
        if end == 0:
            high[place * number + node] = needs.low[node]
        else:
            low[place * number + node] = needs.high[node]
        before = sparse.csr_array((1, place * number))
        after = sparse.csr_array((1, number * (len(worlds) - 1 - place)))

        def spread(block, switch, before=before, after=after):
            pads = [
                sparse.csr_array((block.shape[0], pad.shape[1]))
                for pad in (before, after)
            ]
            return sparse.hstack([pads[0], block, pads[1], switch], format="csr")

        none = sparse.csr_array((system.sums.shape[0], free.size))
        rows.append(spread(sparse.csr_array(system.sums), none))
        right_low.append(np.zeros(system.sums.shape[0]))
        right_high.append(np.zeros(system.sums.shape[0]))
        rows.append(spread(pick, -room * sparse.identity(free.size)))
        right_low.append(np.full(free.size, -np.inf))
        right_high.append(counts[free].astype(float))
        rows.append(spread(pick, sparse.diags_array(counts[free].astype(float))))
        right_low.append(counts[free].astype(float))
        right_high.append(np.full(free.size, np.inf))
    cost = np.zeros(columns)
    cost[number * len(worlds) :] = 1
    solved = milp(
        cost,
        integrality=np.concatenate(
            [np.zeros(number * len(worlds)), np.ones(free.size)]
        ),
        bounds=Bounds(low, high),
        constraints=LinearConstraint(
            sparse.vstack(rows, format="csr"),
            np.concatenate(right_low),
            np.concatenate(right_high),
        ),
        options={"time_limit": 30},
    )
    assert solved.status == 0, solved.message
    return round(solved.fun) + protected.size
