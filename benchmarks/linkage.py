"""Linkage: precision and recall on a real pair and on planted ones.

Run ``python -m benchmarks.linkage`` in the checkout; ``--shared`` says where the real
files are. Its speed is measured by ``python -m benchmarks.register``. ``--sets FILE``
writes some of the sets for ``benchmarks/splink_trial.py``, and scores them.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from scipy.sparse.csgraph import connected_components
from scipy.stats import binomtest

from riskmap.ingest import INCIDENT_TABLE, read_incidents
from riskmap.linkage import LINKED, propose_links

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "incidents"
OGIS, NMD = "ogis_pima_snapshot_2021-02-24.csv.gz", "dev_nmd_before_2022_no_elpaso.csv"
KNOWN_ON = date(2024, 1, 1)

# what must hold (issue 3)
LEAST = 0.98

SEEDS = range(10)
M_PER_DEGREE = 111_320.0
US_PER_DAY = 86_400_000_000

# how records are spoiled, which only the ceiling may know
DAYS_OFF = {0: 0.85, 1: 0.05, -1: 0.05, 2: 0.03, -3: 0.02}
MONTH_ONLY, NO_CAUSE, WRONG_CAUSE = 0.05, 0.30, 0.05
OTHER_CAUSES = ("exposure", "drowning", "vehicle")
ONE_EVENT_M = 1_000.0

# which of two bodies found together is which, no field that is kept can tell
BY_BODY = ", by body"

# for the trial of another library
TRIAL_SEEDS, CUTS = range(3), (0.5, 0.95)
TOLD = (
    "accuracy_m",
    "occurred_on",
    "time_precision",
    "kind",
    "cause",
    "dead",
    "source",
)

Pairs = set[tuple[str, str]]


def real_records(folder: Path) -> gpd.GeoDataFrame:
    """Read both files as any user would, identity columns left at the door."""
    files = ((OGIS, "arizona_ogis"), (NMD, "no_more_deaths"))
    parts = [
        read_incidents(folder / name, profile=profile, known_on=KNOWN_ON).accepted
        for name, profile in files
    ]
    return gpd.GeoDataFrame(pd.concat(parts).sort_index(), crs="EPSG:4326")


def _raw(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read what tells one person from another: for the truth only."""
    ogis = pd.read_csv(folder / OGIS, dtype="str", keep_default_na=False)
    nmd = pd.read_csv(folder / NMD, dtype="str", keep_default_na=False)
    nmd = nmd[nmd["Source"].str.startswith("Pima")]
    ours = pd.DataFrame(
        {
            "id": "arizona_ogis:" + ogis["ML Number"],
            "day": ogis["Reporting Date"],
            "x": pd.to_numeric(ogis["Longitude"]).round(6),
            "y": pd.to_numeric(ogis["Latitude"]).round(6),
            "sex": ogis["Sex"].str[:1].str.upper(),
            "age": pd.to_numeric(ogis["Age"], errors="coerce"),
            "cause": ogis["Cause of Death"].str.casefold(),
        }
    )
    theirs = pd.DataFrame(
        {
            "id": "no_more_deaths:" + nmd["nmd_row"],
            "day": nmd["date"],
            "x": pd.to_numeric(nmd["lon"]).round(6),
            "y": pd.to_numeric(nmd["lat"]).round(6),
            "sex": nmd["sex"],
            "age": pd.to_numeric(nmd["Age"], errors="coerce"),
            "cause": nmd["Cause_of_Death"].str.casefold(),
        }
    )
    return ours, theirs


def true_pairs(folder: Path) -> Pairs:
    """Find the pairs of one person, by what linkage is never given.

    Neither file names the other's case numbers here. Rows of one day and one place to
    the last digit are one case; where several are, sex, age and wording of the cause
    tell which is which. Where day or place was corrected in between, the other must
    be the same, and sex and a known age as well.
    """
    ours, theirs = _raw(folder)
    both = ours.merge(theirs, on=["day", "x", "y"], suffixes=("", "_b"))
    both["alike"] = (
        (both["sex"] == both["sex_b"]) * 2.0
        + (both["age"] == both["age_b"]) * 2.0
        + (both["age"].isna() & both["age_b"].isna()) * 1.0
        + (both["cause"] == both["cause_b"]) * 1.0
        + 0.1
    )
    pairs: Pairs = set()
    for _, group in both.groupby(["day", "x", "y"]):
        worth = group.pivot_table(index="id", columns="id_b", values="alike")
        for row, column in zip(
            *linear_sum_assignment(worth.to_numpy(), maximize=True), strict=True
        ):
            pairs.add((str(worth.index[row]), str(worth.columns[column])))
    left = ours[~ours["id"].isin({a for a, _ in pairs})]
    free = theirs[~theirs["id"].isin({b for _, b in pairs})]
    for keys in (["day", "sex", "age"], ["x", "y", "sex", "age"]):
        known = left[left["age"].notna()].merge(free, on=keys, suffixes=("", "_b"))
        if "day" in keys:
            # the same desert, not the other end of the state
            near = np.hypot(known["x"] - known["x_b"], known["y"] - known["y_b"]) < 0.5
            known = known[near]
        pairs |= {
            (str(a), str(b)) for a, b in zip(known["id"], known["id_b"], strict=True)
        }
    return pairs


def pairs_of(links: pd.DataFrame, states: tuple[str, ...] = LINKED) -> Pairs:
    """Take the pairs of links, each the same way round."""
    held = links[links["state"].isin(states)]
    return {
        (min(a, b), max(a, b)) for a, b in zip(held["one"], held["other"], strict=True)
    }


def score(name: str, found: Pairs, truth: Pairs) -> dict[str, Any]:
    """Count, with 95 % intervals of Clopper and Pearson."""
    right = len(found & truth)
    figures: dict[str, Any] = {"set": name, "true": len(truth), "linked": len(found)}
    for measure_name, of in (("precision", len(found)), ("recall", len(truth))):
        low, high = binomtest(right, of).proportion_ci(method="exact") if of else (0, 1)
        figures[measure_name] = right / of if of else float("nan")
        figures[f"{measure_name}_low"], figures[f"{measure_name}_high"] = low, high
    return figures


def _moved(
    records: gpd.GeoDataFrame, rng: np.random.Generator, metres: Any
) -> gpd.GeoSeries:
    """Move points by errors of a normal distribution on each axis."""
    east, north = rng.normal(size=(2, len(records))) * metres
    y = records.geometry.y + north / M_PER_DEGREE
    x = records.geometry.x + east / (M_PER_DEGREE * np.cos(np.radians(y)))
    return gpd.GeoSeries(gpd.points_from_xy(x, y), index=records.index, crs="EPSG:4326")


def blur(records: gpd.GeoDataFrame, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Spoil records as another office would have known them.

    Every place is measured anew within 500 m, no coordinate is copied; a tenth are a
    day off and a twentieth two or three; a twentieth are known to the month; three
    tenths have no cause and a twentieth the wrong one.
    """
    spoiled = records.copy()
    accuracy = rng.choice([30.0, 100.0, 500.0], len(records))
    spoiled["geometry"] = _moved(records, rng, accuracy)
    spoiled["accuracy_m"] = accuracy
    days = rng.choice(list(DAYS_OFF), len(records), p=list(DAYS_OFF.values()))
    spoiled["occurred_on"] = records["occurred_on"] + pd.to_timedelta(days, unit="D")
    month = rng.random(len(records)) < MONTH_ONLY
    first = spoiled["occurred_on"].dt.tz_localize(None).dt.to_period("M").dt.start_time
    first = first.dt.tz_localize("UTC").dt.as_unit("us")
    spoiled["occurred_on"] = spoiled["occurred_on"].where(~month, first)
    spoiled["time_precision"] = pd.array(np.where(month, "month", "day"), dtype="str")
    lot = rng.random(len(records))
    other = rng.choice(OTHER_CAUSES, len(records))
    cause = np.where(lot < WRONG_CAUSE, other, records["cause"])
    cause = np.where(lot > 1 - NO_CAUSE, "undetermined", cause)
    spoiled["cause"] = pd.array(cause, dtype="str")
    return spoiled


def named_by_lot(
    records: gpd.GeoDataFrame, truth: Pairs, seed: int
) -> tuple[gpd.GeoDataFrame, Pairs]:
    """Give the second source's records names by lot.

    Both files are in one order, and so are their identifiers: of records alike in all
    that is kept, the first would go with the first without anything to tell it.
    """
    others = records.index[records["source"] == "no_more_deaths"]
    lot = np.random.default_rng(seed).permutation(len(others))
    names = {old: f"no_more_deaths:{n:05d}" for old, n in zip(others, lot, strict=True)}
    renamed = records.rename(index=names).sort_index()
    return renamed, {(one, names[other]) for one, other in truth}


def disagreement(records: gpd.GeoDataFrame, truth: Pairs) -> str:
    """Say how far the two files tell the same case differently."""
    one, other = (
        records.loc[[pair[side] for pair in sorted(truth)]] for side in (0, 1)
    )
    x, y = (column(other) - column(one) for column in _NUMBERS[:2])
    metres = np.hypot(x * np.cos(np.radians(one.geometry.y.to_numpy())), y)
    metres *= M_PER_DEGREE
    days = _NUMBERS[2](other) - _NUMBERS[2](one)
    open_ = [(table["cause"] == "undetermined").to_numpy() for table in (one, other)]
    unlike = one["cause"].to_numpy() != other["cause"].to_numpy()
    return (
        f"of {len(one)} true pairs the place is the same to a metre in "
        f"{(metres < 1).mean():.4f}, the day in {(days == 0).mean():.4f}; the cause is "
        f"told by one file only in {(open_[0] != open_[1]).mean():.4f}, otherwise in "
        f"{(unlike & ~open_[0] & ~open_[1]).mean():.4f}"
    )


def event_labels(records: gpd.GeoDataFrame) -> dict[str, str]:
    """Name the event of each body: those of one day within a kilometre are one.

    Which of two bodies found together is which only sex or age could tell, and
    these are left at the door: as events they are the same.
    """
    bodies = records[records["source"] == "arizona_ogis"]
    labels: dict[str, str] = {}
    for _, day in bodies.groupby("occurred_on"):
        x, y = day.geometry.x.to_numpy(), day.geometry.y.to_numpy()
        east = (x[:, None] - x) * np.cos(np.radians(y.mean()))
        apart = np.hypot(east, y[:, None] - y) * M_PER_DEGREE
        _, groups = connected_components(apart < ONE_EVENT_M, directed=False)
        first = {g: str(i) for i, g in zip(day.index[::-1], groups[::-1], strict=True)}
        labels |= {str(i): first[g] for i, g in zip(day.index, groups, strict=True)}
    return labels


def as_events(pairs: Pairs, labels: dict[str, str]) -> Pairs:
    """Put the event in place of the first record's body."""
    return {(labels.get(one, one), other) for one, other in pairs}


def blurred_pair(
    records: gpd.GeoDataFrame, truth: Pairs, seed: int
) -> tuple[gpd.GeoDataFrame, Pairs]:
    """Spoil the second source's records of the real pair, those of GPS quality."""
    rng = np.random.default_rng(seed)
    fine = set(records.index[records["accuracy_m"] <= 300])
    partners = {b for a, b in truth if a in fine}
    one = records[records["source"] == "arizona_ogis"]
    one = one[one["accuracy_m"] <= 300]
    other = records[records["source"] == "no_more_deaths"]
    rest = {b for _, b in truth} - partners
    other = blur(other[~other.index.isin(rest)], rng)
    kept = {(a, b) for a, b in truth if a in fine}
    whole = gpd.GeoDataFrame(pd.concat([one, other]).sort_index(), crs="EPSG:4326")
    return whole, kept


def ceiling(records: gpd.GeoDataFrame, truth: Pairs) -> float:
    """Share of bodies that anybody could pair rightly without sex and age.

    Whoever knew which records are of which event, and how they were spoiled, would
    pair the bodies of an event by likelihood; no linkage can expect to do better.
    """
    labels = event_labels(records)
    right = total = 0
    for seed in SEEDS:
        whole, pairs = blurred_pair(records, truth, seed)
        events: dict[str, list[tuple[str, str]]] = {}
        for one, other in sorted(pairs):
            events.setdefault(labels[one], []).append((one, other))
        for bodies in events.values():
            ones, others = zip(*bodies, strict=True)
            likely = _log_likelihood(whole.loc[list(ones)], whole.loc[list(others)])
            best = linear_sum_assignment(likely, maximize=True)
            right += int((best[0] == best[1]).sum())
            total += len(bodies)
    return right / total


_NUMBERS = (
    lambda rows: rows.geometry.x.to_numpy(),
    lambda rows: rows.geometry.y.to_numpy(),
    lambda rows: rows["occurred_on"].astype("int64").to_numpy() // US_PER_DAY,
)


def _log_likelihood(ones: gpd.GeoDataFrame, others: gpd.GeoDataFrame) -> Any:
    """Tell how likely each record of the one is what each of the other came from."""
    x, y, days = (
        column(others)[None, :] - column(ones)[:, None] for column in _NUMBERS
    )
    east = x * np.cos(np.radians(ones.geometry.y.to_numpy()))[:, None]
    metres = np.hypot(east, y) * M_PER_DEGREE
    found = -0.5 * (metres / others["accuracy_m"].to_numpy()) ** 2
    off = np.vectorize(lambda day: DAYS_OFF.get(int(day), 1e-6))(days)
    dated = (others["time_precision"] == "day").to_numpy()
    found = found + np.where(dated, np.log(off), 0.0)
    said = others["cause"].to_numpy()
    chance = WRONG_CAUSE / len(OTHER_CAUSES)
    same = np.equal.outer(ones["cause"].to_numpy(), said)
    kept = np.where(same, 1 - NO_CAUSE - WRONG_CAUSE + chance, chance)
    return found + np.log(np.where(said == "undetermined", NO_CAUSE, kept))


def planted(seed: int) -> tuple[gpd.GeoDataFrame, Pairs]:
    """Plant 1,500 events of which 50 in 100 are in both sources, with near ones.

    Both countries, clustered about forty places, seven kinds. A fifth of the records
    have a neighbour that is another event: at the same point on another day of the
    fortnight, or on the same day some kilometres off.
    """
    rng = np.random.default_rng(seed)
    size = 1_500
    place = rng.integers(0, 40, size)
    middle_x, middle_y = rng.uniform(-114, -99, 40), rng.uniform(26, 32, 40)
    x = middle_x[place] + rng.normal(size=size) * 0.15
    y = middle_y[place] + rng.normal(size=size) * 0.15
    kinds = ["migrant_death", "rescue", "injury", "assault_on_migrant"]
    kind = rng.choice(kinds, size, p=[0.4, 0.3, 0.2, 0.1])
    died = kind == "migrant_death"
    causes = np.array(["exposure", "drowning", "vehicle", "undetermined"])
    events = {
        "occurred_on": pd.Timestamp("2015-01-01", tz="UTC")
        + pd.to_timedelta(rng.integers(0, 2_000, size), unit="D"),
        "kind": kind,
        "cause": np.where(died, rng.choice(causes, size), ""),
        "dead": np.where(died, rng.choice([1, 1, 1, 1, 2, 3], size), 0),
    }
    base = _as_records(events, x, y, "truth")
    near = base.iloc[: size // 5].copy()
    days = rng.choice([-13, -10, 9, 12], len(near))
    near["occurred_on"] = near["occurred_on"] + pd.to_timedelta(days, unit="D")
    far = base.iloc[size // 5 : 2 * size // 5].copy()
    far["geometry"] = _moved(far, rng, 0.0).translate(0.03, 0.03)
    neighbours = pd.concat([near, far])
    neighbours.index = neighbours.index + "n"
    one = base[rng.random(size) < 0.75]
    other = base[base.index.isin(one.index[: 2 * len(one) // 3]) | ~base.index.isin(
        one.index
    )]  # fmt: skip
    split = rng.random(len(neighbours)) < 0.5
    first = gpd.GeoDataFrame(pd.concat([one, neighbours[split]]), crs="EPSG:4326")
    second = gpd.GeoDataFrame(pd.concat([other, neighbours[~split]]), crs="EPSG:4326")
    first, second = blur(first, rng), blur(second, rng)
    second["dead"] = np.where(
        (rng.random(len(second)) < 0.05) & (second["dead"] > 0),
        second["dead"] + 1,
        second["dead"],
    )
    truth = {(f"one:{e}", f"other:{e}") for e in set(first.index) & set(second.index)}
    for table, source in ((first, "one"), (second, "other")):
        table["source"] = pd.array([source] * len(table), dtype="str")
        table.index = source + ":" + table.index
    whole = gpd.GeoDataFrame(pd.concat([first, second]).sort_index(), crs="EPSG:4326")
    return whole.rename_axis("event_id"), truth


def _as_records(events: dict[str, Any], x: Any, y: Any, source: str) -> Any:
    """Bring planted events into the contract of the event table."""
    size = len(x)
    plain: dict[str, Any] = {}
    for column in INCIDENT_TABLE:
        if column.dtype == "geometry":
            continue
        if column.name in events:
            values = pd.Series(events[column.name])
        elif column.dtype == "str":
            values = pd.Series([""] * size)
        elif column.dtype.startswith("datetime"):
            values = pd.Series([pd.NaT] * size, dtype="datetime64[us, UTC]")
        else:
            values = pd.Series(np.zeros(size))
        plain[column.name] = values.astype(column.dtype)
    table = gpd.GeoDataFrame(plain, geometry=gpd.points_from_xy(x, y), crs="EPSG:4326")
    table["source_quality"] = np.nan
    for name, value in (
        ("time_precision", "day"), ("purpose", "life_saving"),
        ("audience", "migrants"), ("source", source),
    ):  # fmt: skip
        table[name] = pd.array([value] * size, dtype="str")
    table.index = pd.Index([f"{n:05d}" for n in range(size)], dtype="str")
    return table


def pooled(
    name: str,
    make: Callable[[int], tuple[gpd.GeoDataFrame, Pairs]],
    labels: dict[str, str] | None = None,
) -> list[dict[str, Any]]:
    """Link the same planted set of many seeds and count them together."""
    labels = labels or {}
    found: Pairs = set()
    waiting: Pairs = set()
    truth: Pairs = set()
    for seed in SEEDS:
        records, pairs = make(seed)
        links = propose_links(records)
        sure = as_events(pairs_of(links), labels)
        all_of = as_events(pairs_of(links, (*LINKED, "possible")), labels)
        pairs = as_events(pairs, labels)
        found |= {(f"{seed} {a}", b) for a, b in sure}
        waiting |= {(f"{seed} {a}", b) for a, b in all_of}
        truth |= {(f"{seed} {a}", b) for a, b in pairs}
    return [
        score(name, found, truth),
        score(f"{name}, possible ones accepted too", waiting, truth),
    ]


def quality(folder: Path) -> Iterator[dict[str, Any]]:
    """Score every set."""
    if (folder / OGIS).exists():
        records, truth = real_records(folder), true_pairs(folder)
        links = propose_links(records)
        yield score("Arizona OpenGIS and No More Deaths", pairs_of(links), truth)
        blurred = partial(blurred_pair, records, truth)
        labels = event_labels(records)
        found = as_events(pairs_of(links), labels), as_events(truth, labels)
        yield score("the same, by event", *found)
        by_lot = partial(named_by_lot, records, truth)
        yield from pooled("real pair, names by lot, each body", by_lot)
        yield from pooled("real pair, names by lot, by event", by_lot, labels)
        yield from pooled(f"real pair measured anew{BY_BODY}", blurred)
        yield from pooled("real pair measured anew, by event", blurred, labels)
    yield from pooled("planted, with near neighbours", planted)


def _shown(rows: list[dict[str, Any]]) -> str:
    """Write the scores as a Markdown table."""
    lines = [
        "| set | true pairs | linked | precision | recall |",
        "|---|--:|--:|--:|--:|",
    ]
    for row in rows:
        told = [
            f"{row[name]:.4f} ({row[f'{name}_low']:.4f} to {row[f'{name}_high']:.4f})"
            for name in ("precision", "recall")
        ]
        lines.append(f"| {row['set']} | {row['true']} | {row['linked']} | "
                     f"{' | '.join(told)} |")  # fmt: skip
    return "\n".join(lines)


def write_sets(folder: Path, out: Path) -> None:
    """Write the real pair, three of it measured anew and three planted, and score them.

    By event and at both probabilities, as ``benchmarks/splink_trial.py`` does.
    """
    records, truth = real_records(folder), true_pairs(folder)
    labels = event_labels(records)
    sets = {"real": (records, truth)}
    for seed in TRIAL_SEEDS:
        sets[f"measured anew {seed}"] = blurred_pair(records, truth, seed)
        sets[f"planted {seed}"] = planted(seed)
    told = {}
    for name, (rows, pairs) in sorted(sets.items()):
        flat = pd.DataFrame(rows[list(TOLD)]).assign(
            id=rows.index, x=rows.geometry.x, y=rows.geometry.y,
            occurred_on=rows["occurred_on"].dt.strftime("%Y-%m-%d"),
        )  # fmt: skip
        events = labels if "planted" not in name else {}
        right = as_events(pairs, events)
        told[name] = {
            "rows": flat.to_dict("list"),
            "events": {one: events.get(one, one) for one, _ in pairs} | events,
            "truth": sorted(map(list, right)),
        }
        links = propose_links(rows)
        for least in CUTS:
            kept = links[links["probability"] >= least].assign(state="sure")
            found = score(name, as_events(pairs_of(kept), events), right)
            print(f"{name:16} {least:.2f} precision {found['precision']:.4f} "
                  f"recall {found['recall']:.4f}")  # fmt: skip
    out.write_text(json.dumps(told), encoding="utf-8")


def main() -> None:
    """Print the figures; fail where a promise of issue 3 is not kept."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--shared", type=Path, default=SHARED)
    options.add_argument("--sets", type=Path, default=None)
    given = options.parse_args()
    if given.sets:
        write_sets(given.shared, given.sets)
        return
    rows = list(quality(given.shared))
    print(_shown(rows))
    if (given.shared / OGIS).exists():
        records, truth = real_records(given.shared), true_pairs(given.shared)
        print(disagreement(records, truth))
        most = ceiling(records, truth)
        print(f"by body, without sex and age, nobody could expect above {most:.4f}")
    automatic = [
        row
        for row in rows
        if "possible" not in row["set"] and BY_BODY not in row["set"]
    ]
    sys.exit(any(min(r["precision"], r["recall"]) < LEAST for r in automatic))


if __name__ == "__main__":
    main()
