"""The files of one map: a manifest and what it names, made when first asked for."""

import hashlib
import threading
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import orjson
import pandas as pd

from riskmap.webmap import palettes, planes, shapes
from riskmap.webmap.assets import WORLD, read_asset
from riskmap.webmap.encode import Block, blocks_of, encode_cells, pack, pyramid
from riskmap.webmap.layer_of_values import PREFIX, ValueLayer
from riskmap.webmap.records import commonest_plane, record_rows
from riskmap.webmap.tables import MapTables, covered_by
from riskmap.webmap.values import describe, plane_of

# most cells that the first file carries: more come in blocks of detail
OVERVIEW_CELLS = 20_000
COARSE_OVERVIEW = 6
# most cells of a saved page, so that it stays under 3 MB: finer ones are joined
WHOLE_CELLS = 120_000

MANIFEST = "manifest.json"
VALUES = "values.json"

EVIDENCE_BYTES = {"no_data": 0, "prior": 1, "records": 2}


class MapFiles:
    """The files a browser needs to draw one map.

    Parameters
    ----------
    tables
        What to draw.
    whole
        True to put every cell in the first block, as a saved page must; more cells than
        a page can hold are joined to their ancestors.
    detail
        True to add the planes of the interval and the percentile, which the app asks
        Python for.

    Examples
    --------
    >>> from riskmap.cells import cell_index
    >>> from riskmap.webmap.tables import bare_tables
    >>> files = MapFiles(bare_tables(cell_index([0x8748EC7B4FFFFFF])))
    >>> files.names()[-2:]
    ('overview.patrol_risk-doubt', 'overview.patrol_risk-evidence')
    """

    def __init__(
        self, tables: MapTables, *, whole: bool = False, detail: bool = False
    ) -> None:
        self._tables = tables
        self._exact = True
        self._layers = {
            f"{PREFIX}{layer.name}": layer
            for layer in tables.layers
            if layer.saved or not whole
        }
        self._marks = {
            f"{name}-{mark}": column
            for name, layer in self._layers.items()
            for mark, column in layer.marks.items()
        }
        self._planes = _planes_of(tables, detail=detail)
        levels = pyramid(tables.cells.index)
        if whole:
            fit = [level for level in levels if len(level.cells) <= WHOLE_CELLS]
            self._exact = fit[:1] == list(levels[:1])
            levels = tuple(fit) or levels[-1:]
        finest = levels[0].resolution
        few = len(tables.cells) <= OVERVIEW_CELLS
        overview = finest if whole or few else COARSE_OVERVIEW
        self._blocks = {
            block.name: block for block in blocks_of(levels, overview=overview)
        }
        self._made: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def names(self) -> tuple[str, ...]:
        """List the files, shapes first, then blocks.

        Returns
        -------
        tuple of str
            Names without a folder.
        """
        block_files = [
            f"{block}.{part}"
            for block in self._blocks
            for part in ("cells", *self._planes, *self._layers, *self._marks)
        ]
        return (WORLD, *_SHAPES, MANIFEST, VALUES, *block_files)

    def read(self, name: str) -> bytes:
        """Make one file, or give the one made before.

        Parameters
        ----------
        name
            One of :meth:`names`.

        Returns
        -------
        bytes
            Gzipped.

        Raises
        ------
        KeyError
            If there is no such file.
        """
        with self._lock:
            if name not in self._made:
                self._made[name] = pack(self._make(name))
            return self._made[name]

    def digest(self) -> str:
        """Sum every file but those of detail, as a name for this map.

        Returns
        -------
        str
            Sixteen hexadecimal characters; other tables give another.
        """
        total = hashlib.sha256()
        for name in (WORLD, *_SHAPES, MANIFEST):
            total.update(self.read(name))
        values = self._tables.cells.select_dtypes("number")
        total.update(pd.util.hash_pandas_object(values).to_numpy().tobytes())
        incidents = self._tables.incidents
        total.update(
            pd.util.hash_pandas_object(incidents, index=False).to_numpy().tobytes()
        )
        total.update(self._tables.stamp.encode())
        if self._tables.watch is not None:
            total.update(pd.util.hash_pandas_object(self._tables.watch).to_numpy())
        return total.hexdigest()[:16]

    def _make(self, name: str) -> bytes:
        """Make one file."""
        if name == WORLD:
            return read_asset(WORLD).encode()
        if name in _SHAPES:
            return _json(_SHAPES[name](self._tables))
        if name in (MANIFEST, VALUES):
            told = self._manifest() if name == MANIFEST else self._described()
            return _json(told)
        block_name, _, part = name.partition(".")
        block: Block = self._blocks[block_name]
        if part == "cells":
            return encode_cells(block)
        return self._plane(part).encode(block)

    def _plane(self, part: str) -> planes.Plane:
        """Find a plane, or make that of a further layer."""
        if part in self._layers:
            return self._value_plane(self._layers[part])
        if part in self._marks:
            return self._mark_plane(self._marks[part])
        return self._planes[part]

    def _values(self) -> pd.DataFrame:
        """Give the table of further layers, on the cells' index."""
        values = self._tables.values
        return values() if values else pd.DataFrame(index=self._tables.cells.index)

    def _value_plane(self, layer: ValueLayer) -> planes.Plane:
        """Make the plane of a further layer, read only now."""
        column = self._values()[layer.name].reindex(self._tables.cells.index)
        area_km2 = self._tables.cells["area_km2"].to_numpy(dtype=np.float64)
        return plane_of(column, area_km2, layer)

    def _mark_plane(self, name: str) -> planes.Plane:
        """Make the plane of a column of true and false."""
        column = self._values()[name].reindex(self._tables.cells.index)
        marked = column.fillna(value=False).to_numpy(dtype=bool)
        return planes.majority_plane(marked, np.ones(len(marked), dtype=bool))

    def _described(self) -> dict[str, Any]:
        """Say how each further layer is drawn and read."""
        table = self._values()
        return {
            layer.name: describe(table[layer.name], layer)
            for layer in self._layers.values()
        }

    def _manifest(self) -> dict[str, Any]:
        """Say what there is and how to read it."""
        finest = self._blocks["overview"].levels[0]
        every = list(self._blocks.values())
        return {
            "resolution": every[-1].levels[0].resolution,
            "overview": finest.resolution,
            "exact": self._exact,
            "blocks": [block.name for block in every[1:]],
            "planes": {
                **{name: plane.encoding for name, plane in self._planes.items()},
                **{
                    name: "varint" if layer.classes else "byte"
                    for name, layer in self._layers.items()
                },
                **dict.fromkeys(self._marks, "byte"),
            },
            "scores": list(self._tables.scores),
            "kinds": kinds_of(self._tables),
            "rate_edges": [float(f"{edge:.6g}") for edge in planes.RATE_EDGES],
            "rate_breaks": [
                int(step)
                for step in planes.rate_bytes(
                    np.array(palettes.RATE_CLASSES.breaks, dtype=np.float64)
                )
            ],
            "rates": list(palettes.RATE_CLASSES.breaks),
            "count_breaks": list(palettes.COUNT_CLASSES.breaks),
        }


def kinds_of(tables: MapTables) -> list[str]:
    """List the kinds of incidents on the map, the commonest first.

    Parameters
    ----------
    tables
        What to draw.

    Returns
    -------
    list of str
        Codes; ties in order of the alphabet.
    """
    rows = tables.incidents[["kind", "events"]]
    if tables.areas is not None:
        rows = pd.concat([rows, pd.DataFrame(tables.areas[["kind", "events"]])])
    totals = rows.groupby("kind")["events"].sum()
    ordered = totals.sort_index().sort_values(ascending=False, kind="stable")
    return [str(kind) for kind in ordered.index]


def kind_counts(tables: MapTables, kind: str) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Count the incidents of a kind in each cell.

    Parameters
    ----------
    tables
        What to draw.
    kind
        Code of a kind.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        int64, on the cells' index; incidents in no cell of the map do not count.
    """
    rows = tables.incidents[tables.incidents["kind"] == kind]
    per_cell = rows.groupby("cell")["events"].sum()
    index = tables.cells.index
    at = index.get_indexer(per_cell.index.astype(np.uint64))
    counts = np.zeros(len(index), dtype=np.int64)
    counts[at[at >= 0]] = per_cell.to_numpy()[at >= 0]
    return counts


def doubtful(cells: pd.DataFrame, score: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Tell where a score rests on little.

    Parameters
    ----------
    cells
        Cell table with the score's columns.
    score
        Name of the score.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        True where no record is within the model's reach, so that the figure is the
        model's alone. No data is not doubt.
    """
    return np.asarray((cells[f"{score}_evidence"] == "prior").to_numpy())


def _planes_of(tables: MapTables, *, detail: bool) -> dict[str, planes.Plane]:
    """Make every plane: three or six a score, one a kind."""
    cells = tables.cells
    area_km2 = cells["area_km2"].to_numpy(dtype=np.float64)
    made: dict[str, planes.Plane] = {}
    for score in tables.scores:
        values = cells[score].to_numpy(dtype=np.float64, na_value=np.nan)
        known = ~np.isnan(values)
        evidence = cells[f"{score}_evidence"].map(EVIDENCE_BYTES)
        made[score] = planes.rate_plane(values, area_km2)
        made[f"{score}-doubt"] = planes.majority_plane(doubtful(cells, score), known)
        made[f"{score}-evidence"] = planes.highest_plane(
            evidence.fillna(0).to_numpy(dtype=np.uint8)
        )
        if detail:
            for end in ("low", "high"):
                ends = cells[f"{score}_{end}"].to_numpy(np.float64, na_value=np.nan)
                made[f"{score}-{end}"] = planes.rate_plane(ends, area_km2)
            percentile = cells[f"{score}_percentile"].to_numpy(
                np.float64, na_value=np.nan
            )
            made[f"{score}-percentile"] = planes.highest_plane(
                np.nan_to_num(np.floor(percentile * 2) + 1).astype(np.uint8)
            )
    for kind in kinds_of(tables):
        made[f"kind-{kind}"] = planes.count_plane(
            kind_counts(tables, kind), covered_by(tables, kind)
        )
    if tables.watch is not None:
        watch = tables.watch.reindex(cells.index).fillna(0)
        made["watch"] = commonest_plane(watch.to_numpy(dtype=np.int64))
    return made


def _json(value: Any) -> bytes:
    """Write JSON without spaces."""
    return orjson.dumps(value)


_SHAPES: Mapping[str, Callable[[MapTables], Any]] = {
    "lines.json": lambda tables: {
        "boundary": shapes.boundary_lines(tables.boundary),
        **shapes.basemap_lines(tables.basemap),
    },
    "ground.json": lambda tables: shapes.ground(tables.basemap),
    "zones.json": lambda tables: shapes.zone_rows(tables.zones),
    "areas.json": lambda tables: shapes.area_rows(tables.areas),
    "records.json": record_rows,
    "landmarks.json": lambda tables: shapes.landmark_rows(tables.landmarks),
}
