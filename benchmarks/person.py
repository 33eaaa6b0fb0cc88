"""One person at the app: speaks Streamlit's protocol over a websocket, as a browser.

Written for Streamlit 1.67: binary protobuf frames on ``/_stcore/stream``; a rerun
begins with ``rerun_script`` and ends with ``script_finished``.
"""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

STREAM = "_stcore/stream"
MAP = "riskmap_map"
# no answer of the app may take longer
PATIENCE_S = 60.0
# Streamlit's own limit of one message is 200 MB
LARGEST_BYTES = 200_000_000


class CountingConnection(ClientConnection):
    """A connection that counts what came over the wire, headers of frames too."""

    received_bytes = 0

    def data_received(self, data: bytes) -> None:
        """Count, then take."""
        self.received_bytes += len(data)
        super().data_received(data)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one rerun took, as the person saw it.

    Parameters
    ----------
    action
        Name of what was done.
    seconds
        From sending until the script had finished and all of it had come.
    wire_bytes
        What came over the wire.
    error
        Why it failed; empty if it did not.
    ended
        When, on the clock of :func:`time.perf_counter`.
    """

    action: str
    seconds: float
    wire_bytes: int
    error: str = ""
    ended: float = field(default_factory=time.perf_counter)


class Person:
    """One session with the app.

    Parameters
    ----------
    address
        Address of the app, ending with a slash.
    query
        What stands after the question mark.
    """

    def __init__(self, address: str, query: str = "") -> None:
        self._page_address = address
        self._address = address.replace("http", "ws", 1) + STREAM
        self._query = query
        self._states: dict[str, WidgetState] = {}
        self._kept: dict[str, Any] = {}
        self._page = ""
        self._connection: CountingConnection | None = None
        self.pages: dict[str, str] = {}
        self.widgets: dict[str, Any] = {}
        self.map_id = ""
        self.map_fragment = ""
        self.map_state: dict[str, Any] = {}
        self.answers: list[Answer] = []

    async def open(self) -> None:
        """Connect and draw the first page."""
        made = await connect(
            self._address,
            subprotocols=["streamlit"],  # type: ignore[list-item]
            compression=None,
            max_size=LARGEST_BYTES,
            create_connection=CountingConnection,
            open_timeout=PATIENCE_S,
        )
        self._connection = made  # type: ignore[assignment]
        await self._rerun("open")

    async def close(self) -> None:
        """Leave."""
        if self._connection is not None:
            await self._connection.close()

    async def tell_map(self, action: str, **told: Any) -> Answer:
        """Let the map tell what was done on it: only its fragment runs.

        Parameters
        ----------
        action
            Name for the answer.
        **told
            Parts of the component's state, as ``bridge.js`` sets them.

        Returns
        -------
        Answer
            What it took.
        """
        if not self.map_id:
            # what is not on the page cannot be used: a page that failed brings no map
            lost = Answer(action=action, seconds=0, wire_bytes=0, error="no map")
            self.answers.append(lost)
            return lost
        self.map_state |= told
        state = WidgetState(id=self.map_id, json_value=json.dumps(self.map_state))
        self._states[self.map_id] = state
        return await self._rerun(action, fragment=self.map_fragment)

    async def choose(self, action: str, label: str, option: int) -> Answer:
        """Choose an option of a radio or of a row of buttons.

        Parameters
        ----------
        action
            Name for the answer.
        label
            Which widget, by its label.
        option
            Which of its options, from 0.

        Returns
        -------
        Answer
            What it took.
        """
        widget = self.widgets[label]
        state = WidgetState(id=widget.id)
        if hasattr(widget, "raw_values"):
            # by its place, as the browser names it
            chosen = widget.options[option].content
            state.string_array_value.data.append(chosen)
        else:
            state.string_value = widget.options[option]
        self._states[widget.id] = state
        return await self._rerun(action)

    async def ask(self, action: str, phrase: str) -> Answer:
        """Type a phrase into the page's box and send it.

        Parameters
        ----------
        action
            Name for the answer.
        phrase
            What is typed.

        Returns
        -------
        Answer
            What it took.
        """
        box, button = self.widgets["text_input"], self.widgets["submit"]
        self._states[box.id] = WidgetState(id=box.id, string_value=phrase)
        self._states[button.id] = WidgetState(id=button.id, trigger_value=True)
        answer = await self._rerun(action)
        self._states.pop(button.id, None)
        return answer

    async def go(self, action: str, page: str) -> Answer:
        """Open another page.

        Parameters
        ----------
        action
            Name for the answer.
        page
            Its address below the app's.

        Returns
        -------
        Answer
            What it took.
        """
        self._page = self.pages[page]
        self._states.clear()
        return await self._rerun(action)

    async def _rerun(self, action: str, *, fragment: str = "") -> Answer:
        """Ask for a rerun and take everything until it is done."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = self._query
        asked.page_script_hash = self._page
        asked.fragment_id = fragment
        asked.widget_states.widgets.extend(self._states.values())
        asked.cached_message_hashes.extend(self._kept)
        asked.context_info.url = self._page_address
        assert self._connection is not None  # noqa: S101
        before = self._connection.received_bytes
        start = time.perf_counter()
        try:
            await self._connection.send(message.SerializeToString())
            async with asyncio.timeout(PATIENCE_S):
                error = await self._take()
        except (OSError, TimeoutError) as failure:
            error = repr(failure)
        answer = Answer(
            action=action,
            seconds=time.perf_counter() - start,
            wire_bytes=self._connection.received_bytes - before,
            error=error,
        )
        self.answers.append(answer)
        return answer

    async def _take(self) -> str:
        """Take messages until the script has finished; gives what went wrong."""
        error = ""
        assert self._connection is not None  # noqa: S101
        while True:
            message = ForwardMsg.FromString(await self._connection.recv())  # type: ignore[arg-type]
            if message.metadata.cacheable:
                self._kept[message.hash] = message
            if message.ref_hash:
                message = self._kept[message.ref_hash]
            kind = message.WhichOneof("type")
            if kind == "script_finished":
                return error
            if kind == "page_not_found":
                error = "page not found"
            elif kind == "delta":
                error = self._see(message.delta) or error
            elif kind == "navigation":
                self._page = message.navigation.page_script_hash
                pages = message.navigation.app_pages
                self.pages = {one.url_pathname: one.page_script_hash for one in pages}

    def _see(self, delta: Any) -> str:
        """Note a part of the page that a person can use; gives an error it says."""
        if delta.WhichOneof("type") != "new_element":
            return ""
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            return f"{element.exception.type}: {element.exception.message}"
        if kind == "bidi_component":
            if element.bidi_component.component_name == MAP:
                self.map_id = element.bidi_component.id
                self.map_fragment = delta.fragment_id
        elif kind in ("radio", "button_group"):
            widget = getattr(element, kind)
            self.widgets[widget.label] = widget
        elif kind == "text_input":
            self.widgets[kind] = element.text_input
        elif kind == "button" and element.button.is_form_submitter:
            self.widgets["submit"] = element.button
        return ""
