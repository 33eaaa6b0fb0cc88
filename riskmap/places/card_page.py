"""Card page: a card in both languages with a small map, to print on one sheet."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np
import shapely

from riskmap.places.card import Surroundings
from riskmap.places.card_text import full_text
from riskmap.places.facts import Card
from riskmap.places.geodesy import M_PER_KM, Floats
from riskmap.places.landmark import Landmark
from riskmap.places.wording import Label, name_of

# the map, in units of its own; printed 190 mm wide on both letter and A4
WIDE, HIGH = 760, 260
EDGE = 8.0

# what the map shows at least and at most, metres from its middle to its upper edge
LEAST_REACH_M, MOST_REACH_M = 1_500.0, 60_000.0
# the nearest landmark both sides know stands well inside
ROOM = 1.25

M_PER_DEG = 111_320.0

MOST_LANDMARKS = 12

# where the name of a side may stand, shares of the width and the height
SPOTS_ACROSS: Final = (0.12, 0.3, 0.5, 0.7, 0.86)
SPOTS_DOWN: Final = (0.16, 0.35, 0.65, 0.8)

# points of a path nearer than this are one
LEAST_STEP = 0.5

# words that are said loudly: gaps, and what nobody has verified for long
LOUD: Final = re.compile(r"[A-ZÁÉÍÓÚÑ]{2,} [A-ZÁÉÍÓÚÑ]{4,}")

NICE: Final = (1.0, 2.0, 5.0, 10.0)
# the scale bar is this part of the width at most
BAR_SHARE = 0.25

NORTH: Final = (
    '<path d="M738 34V12m-5 8 5-8 5 8" fill="none" stroke="#111" stroke-width="2"/>'
    '<text x="738" y="48" font-size="13" text-anchor="middle">N</text>'
)

STYLE: Final = """
@page { margin: 10mm }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 190mm; padding: 2mm; color: #111; background: #fff;
  font: 9.5pt/1.3 "Liberation Sans", Arial, Helvetica, sans-serif }
h1 { font-size: 13pt; margin: 0 0 1mm } h2 { font-size: 9.5pt; margin: 1.5mm 0 .5mm }
p.where { font-size: 11pt; font-weight: bold; margin: 0 0 1mm }
svg { display: block; width: 100%; height: auto; border: .3mm solid #333 }
ol { columns: 2; margin: 1mm 0; padding-left: 5mm; font-size: 8.6pt; column-gap: 8mm }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 4mm }
.two div { overflow-wrap: anywhere } .two p { margin: 0; padding-left: 2.5mm;
  text-indent: -2.5mm } .two p.in { padding-left: 5mm } .loud { font-weight: bold }
@media (max-width: 480px) { .two { grid-template-columns: 1fr } ol { columns: 1 } }
@media print { body { padding: 0; font-size: 7pt; line-height: 1.13 }
  ol { font-size: 6.8pt } h1 { font-size: 11pt } p.where { font-size: 10pt } }
"""


@dataclass(frozen=True, kw_only=True)
class _Frame:
    """The map's middle and scale: degrees to units of the drawing."""

    lon: float
    lat: float
    reach_m: float

    def place(self, xy: Floats) -> Floats:
        """Place degrees on the drawing; true to scale near its middle."""
        per_m = (HIGH / 2 - EDGE) / self.reach_m
        east = (xy[:, 0] - self.lon) * M_PER_DEG * math.cos(math.radians(self.lat))
        north = (xy[:, 1] - self.lat) * M_PER_DEG
        return np.column_stack(
            [WIDE / 2 + east * per_m, HIGH / 2 - north * per_m]
        ).round(1)

    def holds(self, xy: Floats) -> bool:
        """Tell whether a point lies inside the drawing."""
        x, y = self.place(xy)[0]
        return bool(EDGE < x < WIDE - EDGE and EDGE < y < HIGH - EDGE)

    def box(self) -> tuple[float, float, float, float]:
        """Give west, south, east and north of the drawing, degrees."""
        north = self.reach_m / M_PER_DEG * 1.1
        east = north * WIDE / HIGH / math.cos(math.radians(self.lat))
        return (self.lon - east, self.lat - north, self.lon + east, self.lat + north)


def card_page(
    card: Card, around: Surroundings, labels: Mapping[str, Label], own: str
) -> str:
    """Write a card as one page of HTML that needs nothing else.

    Parameters
    ----------
    card
        The card.
    around
        What it was made from, for the map.
    labels
        Words of every language, each of which is a column.
    own
        The language that comes first.

    Returns
    -------
    str
        An HTML document without scripts; it prints on one sheet of letter or A4.
    """
    languages = [own, *(lang for lang in labels if lang != own)]
    frame = _frame(card)
    shown = _shown(card, frame)
    drawing = _drawing(card, around, frame, shown, labels[own])
    title = " / ".join(labels[lang]("places.card.title") for lang in languages)
    legend = "".join(
        f"<li>{escape(_legend(place, labels, languages))}</li>" for place in shown
    )
    columns = "".join(_column(card, labels[lang], lang) for lang in languages)
    return (
        f'<!DOCTYPE html>\n<html lang="{own}">\n<head>\n<meta charset="utf-8"/>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
        f"<title>{escape(title)}: {escape(card.formats['mgrs'])}</title>\n"
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{escape(title)}</h1>\n"
        f'<p class="where">{escape(card.formats["decimal"])} · '
        f"{escape(card.formats['mgrs'])}</p>\n{drawing}\n<ol>{legend}</ol>\n"
        f'<div class="two">{columns}</div>\n</main>\n</body>\n</html>\n'
    )


def _frame(card: Card) -> _Frame:
    """Choose the scale: the point, the line and the nearest landmark fit."""
    near = [one.metres for one in card.shared[:1]]
    reach = max([card.line_m, card.accuracy_m, *near]) * ROOM
    clipped = min(max(reach, LEAST_REACH_M), MOST_REACH_M)
    return _Frame(lon=card.lon, lat=card.lat, reach_m=clipped)


def _shown(card: Card, frame: _Frame) -> list[Landmark]:
    """List the landmarks of the card that lie inside the map, each once."""
    every = [near.landmark for near in (*card.shared, *card.around.values())]
    found = {
        place.landmark_id: place
        for place in every
        if frame.holds(np.array([[place.lon, place.lat]]))
    }
    return list(found.values())[:MOST_LANDMARKS]


def _legend(
    place: Landmark, labels: Mapping[str, Label], languages: Sequence[str]
) -> str:
    """Name a landmark in both languages, once where both names are the same."""
    names = dict.fromkeys(name_of(place, lang) for lang in languages)
    kind = labels[languages[0]](f"landmark_kind.{place.kind}")
    return f"{' / '.join(names)} ({kind})"


def _column(card: Card, label: Label, lang: str) -> str:
    """Write the whole card in one language, gaps in bold."""
    first, *rest = full_text(card, label, lang).split("\n")
    lines = []
    for line in rest:
        sorts = ["in"] if line.startswith(" ") else []
        sorts += ["loud"] if LOUD.search(line) else []
        named = f' class="{" ".join(sorts)}"' if sorts else ""
        lines.append(f"<p{named}>{escape(line.strip())}</p>")
    return f'<div lang="{lang}"><h2>{escape(first)}</h2>{"".join(lines)}</div>'


def _drawing(
    card: Card,
    around: Surroundings,
    frame: _Frame,
    shown: Sequence[Landmark],
    label: Label,
) -> str:
    """Draw the map: line, roads, landmarks by number, the point and its doubt."""
    per_m = (HIGH / 2 - EDGE) / frame.reach_m
    middle = f'cx="{WIDE / 2:.0f}" cy="{HIGH / 2:.0f}"'
    parts = [
        f'<rect width="{WIDE}" height="{HIGH}" fill="#fff"/>',
        *_roads(around, frame),
        *_line(card, around, frame),
        *_sides(around, frame, label),
    ]
    if card.accuracy_m * per_m > 1:
        radius = min(card.accuracy_m * per_m, float(WIDE))
        parts.append(
            f'<circle {middle} r="{radius:.1f}" fill="#c2410c" fill-opacity=".12" '
            'stroke="#c2410c" stroke-dasharray="4 3"/>'
        )
    for number, place in enumerate(shown, start=1):
        x, y = frame.place(np.array([[place.lon, place.lat]]))[0]
        parts.append(
            f'<circle cx="{x}" cy="{y}" r="3.5" fill="#1d4ed8"/>'
            f'<text x="{x + 5}" y="{y - 4}" font-size="13" fill="#1d4ed8" '
            f'stroke="#fff" stroke-width="3" paint-order="stroke">{number}</text>'
        )
    parts += [
        f'<circle {middle} r="6" fill="none" stroke="#c2410c" stroke-width="3"/>',
        f'<circle {middle} r="1.5" fill="#c2410c"/>',
        _bar(per_m),
        NORTH,
    ]
    told = escape(label("places.card.map"), quote=True)
    return (
        f'<svg viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="{told}" '
        f'font-family="Arial, sans-serif">{"".join(parts)}</svg>'
    )


def _path(frame: _Frame, xy: Floats, look: str) -> str:
    """Draw degrees as a path, points nearer than a unit left out."""
    placed = frame.place(xy)
    moved = np.append(True, (np.abs(np.diff(placed, axis=0)) > LEAST_STEP).any(axis=1))
    text = "L".join(f"{x:g} {y:g}" for x, y in placed[moved].tolist())
    return f'<path d="M{text}" fill="none" {look}/>'


def _line(card: Card, around: Surroundings, frame: _Frame) -> list[str]:
    """Draw the line near the point, thick and dashed as maps have it."""
    reach_km = frame.reach_m / M_PER_KM * WIDE / HIGH * 3
    line = around.line
    low, high = max(card.km - reach_km, 0.0), min(card.km + reach_km, line.length_km)
    shape = shapely.LineString(line.point_at(np.linspace(low, high, 1500)))
    parts = shapely.get_parts(shapely.clip_by_rect(shape, *frame.box()))
    look = 'stroke="#111" stroke-width="2.5" stroke-dasharray="12 3 3 3"'
    return [
        _path(frame, shapely.get_coordinates(part), look)
        for part in parts
        if part.geom_type == "LineString"
    ]


def _roads(around: Surroundings, frame: _Frame) -> list[str]:
    """Draw the roads on file."""
    if around.roads is None:
        return []
    known = {
        road.landmark_id: road
        for roads in around.roads.roads.values()
        for road in roads
    }
    look = 'stroke="#9a3412" stroke-opacity=".55" stroke-width="1.5"'
    found = []
    for road in known.values():
        clipped = shapely.clip_by_rect(road.shape, *frame.box())
        found += [
            _path(frame, shapely.get_coordinates(part), look)
            for part in shapely.get_parts(clipped)
            if part.geom_type == "LineString"
        ]
    return found


def _sides(around: Surroundings, frame: _Frame, label: Label) -> list[str]:
    """Name each side that is on the map, where there is most room for it."""
    west, south, east, north = frame.box()
    across, down = np.meshgrid(SPOTS_ACROSS, SPOTS_DOWN)
    lon = west + across.ravel() * (east - west)
    lat = north - down.ravel() * (north - south)
    sides = around.line.side_of(lon, lat)
    _, away_km = around.line.nearest(lon, lat)
    found = []
    for side in ("US", "MX"):
        rows = np.flatnonzero(sides == side)
        if rows.size == 0:
            continue
        best = int(rows[np.argmax(away_km[rows])])
        x, y = frame.place(np.array([[lon[best], lat[best]]]))[0]
        name = escape(label(f"side.{side}"))
        found.append(
            f'<text x="{x}" y="{y}" font-size="14" fill="#555" '
            f'text-anchor="middle">{name}</text>'
        )
    return found


def _bar(per_m: float) -> str:
    """Draw a scale bar of a round length."""
    most_m = WIDE * BAR_SHARE / per_m
    power = 10.0 ** math.floor(math.log10(most_m))
    metres = max(step * power for step in NICE if step * power <= most_m)
    wide = metres * per_m
    text = f"{metres / M_PER_KM:g} km" if metres >= M_PER_KM else f"{metres:g} m"
    y = HIGH - 12
    return (
        f'<path d="M14 {y - 5}v5h{wide:.1f}v-5" fill="none" stroke="#111" '
        f'stroke-width="2"/><text x="{20 + wide:.1f}" y="{y}" font-size="13">{text}'
        "</text>"
    )
