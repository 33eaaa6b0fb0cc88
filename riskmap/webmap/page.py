"""One HTML file with the map in it, to be opened from a disk without a network.

The file's own Content-Security-Policy lets no script run but ours, by its sum, and
nothing be fetched. Tables and words are inert JSON; the script sets them as text.
"""

import base64
import hashlib
import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

from riskmap.errors import FolderUnwritableError
from riskmap.webmap import assets, layers, palettes
from riskmap.webmap.files import MapFiles, kinds_of
from riskmap.webmap.layer_of_values import PREFIX
from riskmap.webmap.map import build_map, home, map_script
from riskmap.webmap.tables import MapTables
from riskmap.webmap.words import map_words

Label = Callable[[str], str]

LANGUAGE_NAMES = {"en": "English", "es": "Español"}
LANDMARKS_SHOWN = ("port_of_entry", "international_bridge", "hospital", "grupo_beta")
START_SCRIPT = """
riskmap.startPage(
  {map: map_riskmap, cells: cells_riskmap, zones: zones_riskmap,
   landmarks: landmarks_riskmap},
  JSON.parse(document.getElementById("rm-data").textContent)
);
"""

SHELL = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
{styles}
</head>
<body>
<div id="rm-page">
<header><h1 id="rm-title">{title}</h1><div id="rm-controls"></div></header>
<main class="rm-shell">
<div class="rm-main"><div class="folium-map rm-map" id="map_riskmap"></div></div>
<aside class="rm-side" aria-label="{title}">
<section id="rm-card" aria-live="polite"></section>
<section id="rm-zones"></section>
<details id="rm-table" hidden></details>
</aside>
</main>
<footer id="rm-notes"></footer>
</div>
{data}
{scripts}
</body>
</html>
"""


def save_page(
    tables: MapTables,
    out_path: Path | str,
    words: Mapping[str, Label],
    notes: Mapping[str, Sequence[str]],
) -> Path:
    """Write the map as one self-contained file.

    Parameters
    ----------
    tables
        What to draw.
    out_path
        File to write; what was there is replaced at once or not at all.
    words
        Language to its labels, the language shown first coming first.
    notes
        Language to sentences for the foot: as-of day, skill, sources, limits.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    FolderUnwritableError
        If the file cannot be written.
    """
    path = Path(out_path)
    content = page_html(tables, words, notes)
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(content, encoding="utf-8", newline="\n")
        part.replace(path)
    except OSError as error:
        msg = f"Cannot write {path}: {error.strerror}."
        raise FolderUnwritableError(msg, path=str(path)) from error
    return path


def page_html(
    tables: MapTables,
    words: Mapping[str, Label],
    notes: Mapping[str, Sequence[str]],
    *,
    layer: str = "",
) -> str:
    """Make the text of the self-contained file.

    Parameters
    ----------
    tables
        What to draw.
    words
        Language to its labels, the language shown first coming first.
    notes
        Language to sentences for the foot.
    layer
        What it shows first: a score, ``kind-`` and a kind, or ``value-`` and a further
        layer, which then is in it whether it usually is or not. The first score if
        empty.

    Returns
    -------
    str
        HTML; the same inputs give the same bytes.

    Examples
    --------
    >>> from riskmap.cells import cell_index
    >>> from riskmap.webmap.tables import bare_tables
    >>> tables = bare_tables(cell_index([0x8748EC7B4FFFFFF]))
    >>> text = page_html(tables, {"en": str}, {"en": ["A note"]})
    >>> "<script src" in text
    False
    """
    held = [
        replace(one, saved=one.saved or layer == f"{PREFIX}{one.name}")
        for one in tables.layers
    ]
    tables = replace(tables, layers=tuple(held))
    files = MapFiles(tables, whole=True, detail=True)
    packed = {
        name: base64.b64encode(files.read(name)).decode() for name in files.names()
    }
    scripts = [assets.read_asset(name) for name in assets.PAGE_SCRIPTS]
    scripts.append(map_script(build_map(tables)) + START_SCRIPT)
    language = next(iter(words))
    return SHELL.format(
        language=html.escape(language),
        title=html.escape(words[language]("map.title")),
        policy=html.escape(_policy(scripts)),
        styles="\n".join(
            f"<style>\n{assets.read_asset(name)}\n</style>"
            for name in assets.PAGE_STYLES
        ),
        data=_inert("rm-files", packed)
        + "\n"
        + _inert("rm-data", _page_data(tables, words, notes, layer)),
        scripts="\n".join(f"<script>{script}</script>" for script in scripts),
    )


def _policy(scripts: Sequence[str]) -> str:
    """Write the policy: these scripts and nothing else, no fetching at all."""
    sums = " ".join(
        "'sha256-"
        + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        + "'"
        for script in scripts
    )
    return (
        f"default-src 'none'; script-src {sums}; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _inert(element_id: str, value: Any) -> str:
    """Write data as JSON that no parser takes for markup."""
    text = orjson.dumps(value).decode()
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return f'<script type="application/json" id="{element_id}">{text}</script>'


def _page_data(
    tables: MapTables,
    words: Mapping[str, Label],
    notes: Mapping[str, Sequence[str]],
    layer: str,
) -> dict[str, Any]:
    """Gather what the page's own controls need."""
    kinds = kinds_of(tables)
    landmark_kinds = sorted(set(tables.landmarks["kind"].astype(str)))
    first = next(iter(tables.scores))
    saved = [layer for layer in tables.layers if layer.saved]
    return {
        "layers": [layer.name for layer in saved],
        "languages": [[code, LANGUAGE_NAMES.get(code, code)] for code in words],
        "words": {
            code: map_words(label, tables.scores, kinds, landmark_kinds, saved)
            for code, label in words.items()
        },
        "notes": {code: list(notes.get(code, ())) for code in words},
        "scores": list(tables.scores),
        # what zones stand beside another version of a score
        "versions": {
            one.name: one.of.removeprefix("score.")
            for one in saved
            if one.of.removeprefix("score.") in tables.scores
        },
        "kinds": kinds,
        "kind_scores": kind_scores(tables),
        "palettes": palettes.PALETTES,
        "landmark_kinds": [
            kind for kind in layers.LANDMARK_SYMBOLS if kind in landmark_kinds
        ]
        + [kind for kind in landmark_kinds if kind not in layers.LANDMARK_SYMBOLS],
        "state": {
            "language": next(iter(words)),
            "layer": layer or first,
            "palette": palettes.DEFAULT_PALETTE,
            "doubt": True,
            "zones": True,
            "zone": None,
            "cell": None,
            "table": None,
            "landmarks": [kind for kind in LANDMARKS_SHOWN if kind in landmark_kinds],
            "change_colours": palettes.CHANGE_COLOURS,
            "classes": {
                "rate": palettes.RATE_CLASSES.words,
                "count": palettes.COUNT_CLASSES.words,
            },
            "home": home(tables.cells["x"], tables.cells["y"]),
        },
    }


def kind_scores(tables: MapTables) -> dict[str, str]:
    """Find the score of each kind of incident: the one of its own purpose.

    Parameters
    ----------
    tables
        What to draw.

    Returns
    -------
    dict
        Kind to score; the first score for kinds of no purpose.
    """
    by_purpose = {purpose: score for score, purpose in tables.scores.items()}
    first = next(iter(tables.scores))
    rows = tables.incidents[["kind", "purpose"]]
    if tables.areas is not None:
        rows = pd.concat([rows, pd.DataFrame(tables.areas[["kind", "purpose"]])])
    purposes = rows.groupby("kind")["purpose"].first()
    return {
        kind: by_purpose.get(str(purposes[kind]), first) for kind in kinds_of(tables)
    }
