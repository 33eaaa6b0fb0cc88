"""The bridge: mounts the folium map in a page and carries choices back.

The map's script and data come by address, once; a rerun sends only the small state.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

HTML = """
<div class="rm-host">
<p class="rm-trouble" role="alert" hidden></p>
<div class="rm-shell">
<div class="rm-main"></div>
<aside class="rm-side">
<section class="rm-card" aria-live="polite"></section>
<section class="rm-zone-list"></section>
<details class="rm-cell-list" hidden></details>
<section class="rm-found" hidden></section>
</aside>
</div>
</div>
"""
SCRIPT = Path(__file__).with_name("bridge.js")
NAME = "riskmap_map"


def mount_map(
    addresses: Mapping[str, str],
    state: Mapping[str, Any],
    *,
    key: str,
    trouble: str,
    height: int,
    callbacks: Mapping[str, Callable[[], None]],
) -> None:
    """Show the map in this place of the page.

    Parameters
    ----------
    addresses
        ``bundle``, ``style`` and ``map``: where the browser gets each.
    state
        What the face shows: plain values and texts.
    key
        Key of the component.
    trouble
        What to say if the map cannot be loaded.
    height
        Pixels.
    callbacks
        ``on_NAME_change`` for ``pick``, ``view``, ``filter`` and ``second``, and for
        ``area`` and ``file`` where areas are drawn.
    """
    component: Any = st.components.v2.component(
        NAME,
        html=HTML,
        js=SCRIPT.read_text(encoding="utf-8"),
        # Leaflet's taps fail in a shadow root on iOS
        isolate_styles=False,
    )
    # only a page that takes areas has them told
    more = ("area",) if "on_area_change" in callbacks else ()
    component(
        key=key,
        data={**addresses, "state": state, "trouble": trouble, "height": height},
        default=dict.fromkeys(("pick", "view", "filter", "second", *more)),
        **callbacks,
    )
