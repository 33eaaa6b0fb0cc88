"""Low confidence and no data are told apart by their pattern alone, in pixels."""

import itertools

import numpy as np
import pytest

from riskmap import cells
from riskmap.i18n import Words
from riskmap.webmap import PALETTES, save_page
from tests.browser.looking import face, show_place
from tests.webmap.tiny import tiny_tables

WORDS = {lang: Words(lang, strict=False).text for lang in ("en", "es")}
SIDE_PX = 30
ZOOM = 12
# pixels as they are drawn about the middle of the map
BLOCK = """([side]) => {
  const map = riskmap.face.map, box = map.getContainer().getBoundingClientRect();
  const at = map.latLngToContainerPoint(map.getCenter());
  for (const tile of document.querySelectorAll(".rm-tiles canvas")) {
    const place = tile.getBoundingClientRect();
    const x = at.x + box.left - place.left - side / 2;
    const y = at.y + box.top - place.top - side / 2;
    if (x < 0 || y < 0 || x + side > place.width || y + side > place.height) continue;
    const scale = tile.width / place.width;
    return [...tile.getContext("2d").getImageData(
      x * scale, y * scale, side, side).data];
  }
  return null;
}"""


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / "map.html"
    notes = {"en": ["As of 2022."], "es": ["Al 2022."]}
    return save_page(tiny_tables(), path, WORDS, notes).as_uri()


def ink_of(page, x, y):
    """Where a place's pattern lies over the colour below it, as true and false."""
    # until the block about the place lies in one tile
    for shift in itertools.product((0, 0.002, -0.002), repeat=2):
        show_place(page, x + shift[0], y + shift[1], ZOOM)
        block = page.evaluate(BLOCK, [SIDE_PX])
        if block:
            break
    pixels = np.array(block).reshape(SIDE_PX, SIDE_PX, 4)[..., :3].sum(axis=2)
    values, counts = np.unique(pixels, return_counts=True)
    return np.abs(pixels - values[counts.argmax()]) > SIDE_PX


def longest_slant(ink):
    """The longest run of ink along either diagonal, pixels."""
    runs = [
        sum(1 for _ in run)
        for turned in (ink, ink[:, ::-1])
        for offset in range(-SIDE_PX, SIDE_PX)
        for inked, run in itertools.groupby(np.diagonal(turned, offset))
        if inked
    ]
    return max(runs, default=0)


@pytest.mark.parametrize("palette", PALETTES)
def test_low_confidence_is_lines_and_no_data_is_dots(looker, saved, palette):
    page = looker.open(saved)
    table = tiny_tables().cells
    inner = table[
        table["x"].between(-111.05, -110.75) & table["y"].between(31.23, 31.47)
    ]
    hexes = dict(zip(cells.cell_hex(inner.index), inner.index, strict=True))
    marks = page.evaluate(
        "(all) => all.map((cell) => riskmap.face.cells.facts(cell).doubt)", list(hexes)
    )
    doubted = inner[np.array(marks) & inner["migrant_danger"].notna()].iloc[0]
    blind = inner[inner["migrant_danger"].isna()].iloc[0]
    page.evaluate(
        "(colours) => riskmap.face.cells.apply({ colours: colours, doubt: true })",
        list(PALETTES[palette]),
    )
    lines, dots = (ink_of(page, row["x"], row["y"]) for row in (doubted, blind))
    assert lines.any()
    assert dots.any()
    assert longest_slant(lines) > 2 * longest_slant(dots)
    assert face(page, "cells.stats.cells") > 0
