"""Work out where each phrase of phrases.txt is, without riskmap: phrases.toml.

Run ``python tests/places/truths.py`` after changing phrases.txt. Only pyproj's
geodesics and the bundled tables are used, never the resolver that is judged.

Notation: places (``town-115``; ``bm:98`` for every post that may be 98; ``km 350``;
``mi 1700``; ``xy LON LAT``), parted by commas or spaces where several are meant;
``> 2km W`` goes by compass, ``~ -3mi`` along the line (kilometres fall eastward and
downstream); ``span A B`` is a stretch, ``half A B`` its middle, ``toward A B 5km``.
``area KIND:NAME`` is a unit of jurisdictions, its four outermost points; ``road 286
PLACE 5mi N`` is so far along a road from where it passes a place, ``mark 286 12mi`` so
far along it from its end at the line. radio.txt, written before anything in it was
tried, becomes radio.toml the same way.
"""

import csv
import gzip
import json
import re
from itertools import pairwise
from pathlib import Path

import pyproj

HERE = Path(__file__).resolve().parent
DATA = HERE.parent.parent / "data"
GEOD = pyproj.Geod(ellps="WGS84")
UNITS = {"m": 1.0, "km": 1000.0, "mi": 1609.344, "yd": 0.9144, "ft": 0.3048}
WINDS = [
    "N",
    "NNE",
    "NE",
    "ENE",
    "E",
    "ESE",
    "SE",
    "SSE",
    "S",
    "SSW",
    "SW",
    "WSW",
    "W",
    "WNW",
    "NW",
    "NNW",
]
LENGTH = re.compile(r"(-?[\d.]+)(km|mi|m|yd|ft)")

with (DATA / "landmarks/landmarks.csv").open(encoding="utf-8") as file:
    ROWS = {row["id"]: row for row in csv.DictReader(file)}
REACHES = json.loads((DATA / "boundary/boundary.geojson").read_text("utf-8"))
LINE = [p[:2] for f in REACHES["features"] for p in f["geometry"]["coordinates"]]
LINE = [p for p, q in zip(LINE, [None, *LINE], strict=False) if p != q]
ROADS = json.loads((DATA / "landmarks/roads.geojson").read_text("utf-8"))["features"]
UNITS_OF = json.loads(
    gzip.decompress((DATA / "boundary/jurisdictions.geojson.gz").read_bytes())
)["features"]
ALONG = [0.0]
for one, other in pairwise(LINE):
    ALONG.append(ALONG[-1] + GEOD.inv(*one, *other)[2])


def at_metre(metres):
    """Walk the line vertex by vertex."""
    for start, end, one, other in zip(ALONG, ALONG[1:], LINE, LINE[1:], strict=False):
        if start <= metres <= end:
            azimuth = GEOD.inv(*one, *other)[0]
            return GEOD.fwd(*one, azimuth, metres - start)[:2]
    raise ValueError(metres)


def metre_of(lon, lat):
    """Find the metre of the line nearest to a point on it, by small pieces."""
    best = (float("inf"), 0.0)
    for start, end, one, other in zip(ALONG, ALONG[1:], LINE, LINE[1:], strict=False):
        if min(abs(one[0] - lon), abs(other[0] - lon)) > 0.2:
            continue
        azimuth = GEOD.inv(*one, *other)[0]
        pieces = max(int((end - start) // 5), 1)
        for piece in range(pieces + 1):
            gone = (end - start) * piece / pieces
            x, y, _ = GEOD.fwd(*one, azimuth, gone)
            best = min(best, (GEOD.inv(lon, lat, x, y)[2], start + gone))
    return best[1]


def posts(number):
    """All rows of monuments that may carry a number."""
    for row in ROWS.values():
        if row["kind"] == "boundary_monument":
            low, _, high = row["us_id"].partition("..")
            if int(low) <= number <= int(high or low):
                yield row


def places(text):
    """Points of a notation, and the accuracy of the least sure of them."""
    words = text.replace(",", " ").split()
    if words[0] == "xy":
        return [(float(words[1]), float(words[2]))], 0.0
    if words[0] in ("km", "mi"):
        return [at_metre(float(words[1]) * UNITS[words[0]])], 80.0
    found, spread = [], 0.0
    for word in words:
        kind, _, name = word.partition(":")
        if kind == "bm":
            rows = list(posts(int(name)))
            ends = [float(row["km"]) for row in rows]
            spread = (max(ends) - min(ends)) * 1000
        elif kind == "hosp-mx":
            full = f"Hospital General de {text.partition(':')[2]}"
            found += [row for row in ROWS.values() if row["name_es"] == full]
            break
        else:
            rows = [ROWS[word]]
        found += rows
    points = [(float(row["lon"]), float(row["lat"])) for row in found]
    return points, max(float(row["accuracy_m"]) for row in found) + spread


def metres_of(text):
    number, unit = LENGTH.fullmatch(text).groups()
    return float(number) * UNITS[unit]


def area(name):
    """The outermost points of a unit, and half its width."""
    kind, _, called = name.partition(":")
    units = [f for f in UNITS_OF if f["properties"]["kind"] == kind]
    (unit,) = [
        f for f in units if called in (f["properties"]["name"], f["properties"]["code"])
    ]
    rings = unit["geometry"]["coordinates"]
    if unit["geometry"]["type"] != "Polygon":
        rings = [ring for part in rings for ring in part]
    points = [tuple(point[:2]) for ring in rings for point in ring]
    east = max(points)
    west = min(points)
    north = max(points, key=lambda point: point[1])
    south = min(points, key=lambda point: point[1])
    return [east, west, north, south], GEOD.inv(*east, *west)[2] / 2


def road_line(number):
    """The longest piece of a road."""
    (road,) = [f for f in ROADS if f["properties"]["road_id"].split("-")[1] == number]
    return max(road["geometry"]["coordinates"], key=len)


def along_road(number, start, metres, wind=""):
    """Walk a road vertex by vertex from its point nearest to a place, both ways."""
    line = road_line(number)
    marks = [0.0]
    for one, other in pairwise(line):
        marks.append(marks[-1] + GEOD.inv(*one, *other)[2])

    def at(mark):
        for place, (one, other) in enumerate(pairwise(line)):
            if marks[place] <= mark <= marks[place + 1]:
                azimuth = GEOD.inv(*one, *other)[0]
                return GEOD.fwd(*one, azimuth, mark - marks[place])[:2]
        return None

    steps = [marks[-1] * step / 20000 for step in range(20001)]
    foot = min(steps, key=lambda mark: GEOD.inv(*start, *at(mark))[2])
    ends = [end for end in (at(foot - metres), at(foot + metres)) if end]
    if wind:
        bearing = WINDS.index(wind) * 22.5
        turn = lambda end: abs(  # noqa: E731
            (GEOD.inv(*at(foot), *end)[0] - bearing + 180) % 360 - 180
        )
        ends = [min(ends, key=turn)]
    return ends


def road(words):
    """The truth of a step along a road, or of a mark on it."""
    if words[0] == "mark":
        line = road_line(words[1])
        start = min((line[0], line[-1]), key=lambda end: end[1])
        return along_road(words[1], start, metres_of(words[2])), 0.0, 1500.0
    (start,), accuracy = places(words[2])
    metres = metres_of(words[3])
    return along_road(words[1], start, metres, words[4]), metres, accuracy


def truth(notation):
    """Readings, metres said, accuracy, and whether all are one reading."""
    first, *rest = notation.split()
    if first == "area":
        return *area(notation.removeprefix("area ")), 1.0
    if first in ("road", "mark"):
        return road([first, *rest])
    if first in ("span", "half"):
        ends, accuracy = [], 0.0
        for place in rest:
            points, more = places(place)
            ends += [metre_of(*point) for point in points]
            accuracy = max(accuracy, more)
        marks = (min(ends), (min(ends) + max(ends)) / 2, max(ends))
        marks = marks[1:2] if first == "half" else marks
        length = 0.0 if first == "half" else marks[-1] - marks[0]
        return [at_metre(mark) for mark in marks], length, accuracy
    if first == "toward":
        (start,), accuracy = places(rest[0])
        (end,), _ = places(rest[1])
        metres = metres_of(rest[2])
        azimuth = GEOD.inv(*start, *end)[0]
        return [GEOD.fwd(*start, azimuth, metres)[:2]], metres, accuracy
    place, *steps = re.split(r"\s+(?=[>~])", notation)
    points, accuracy = places(place)
    said = 0.0
    for step in steps:
        sign, length, *wind = step.split()
        metres = metres_of(length)
        said += abs(metres)
        if sign == "~":
            points = [at_metre(metre_of(*point) + metres) for point in points]
        else:
            bearing = WINDS.index(wind[0]) * 22.5
            points = [GEOD.fwd(*point, bearing, metres)[:2] for point in points]
    return points, said, accuracy


def write(name):
    """Write the truths of one file of phrases."""
    lines = (HERE / f"{name}.txt").read_text("utf-8").splitlines()
    out = [f"# Written by truths.py out of {name}.txt: do not edit.", ""]
    for line in lines:
        if not line or line.startswith("#"):
            continue
        lang, text, notation = (part.strip() for part in line.split(" | "))
        readings, said, accuracy = truth(notation)
        points = ", ".join(f"[{x:.6f}, {y:.6f}]" for x, y in readings)
        quoted = json.dumps(text, ensure_ascii=False)
        out += ["[[phrase]]", f"text = {quoted}", f'lang = "{lang}"']
        out += [f"said_m = {said:.1f}", f"accuracy_m = {accuracy:.1f}"]
        out += [f"readings = [{points}]", ""]
    (HERE / f"{name}.toml").write_text("\n".join(out), "utf-8")


if __name__ == "__main__":
    for file in ("phrases", "radio"):
        write(file)
