"""Who sent a request that no page is drawn for: the sign-in that its cookie carries."""

import json
from typing import Any

from starlette.requests import HTTPConnection
from streamlit.web.server.starlette import starlette_websocket
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME


def claims_of(request: HTTPConnection) -> dict[str, Any]:
    """Read the claims of the sign-in that a request was sent with.

    Streamlit 1.67 has no public reader for a route of our own: these are the two
    functions that its own websocket asks when a page is opened.

    Parameters
    ----------
    request
        A request to one of our addresses.

    Returns
    -------
    dict
        As ``st.user`` would hold them; empty where nobody is signed in, and where the
        cookie was not signed by this server.
    """
    read = starlette_websocket._get_signed_cookie_with_chunks
    told: dict[str, Any] = {}
    if signed := read(dict(request.cookies), USER_COOKIE_NAME):
        told = json.loads(signed)
        told.pop("origin", None)
    # what a proxy in front says counts more, as on a page
    return told | starlette_websocket.gather_user_info(request.headers)
