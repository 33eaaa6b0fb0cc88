"""What the server adds: addresses by content, safe headers, nothing of the disk."""

import asyncio
import gc
import gzip
import json
import urllib.parse
from pathlib import Path

import pytest
from starlette.applications import Starlette
from streamlit.web.server.starlette import starlette_app_utils, starlette_websocket

from riskmap import pipeline
from riskmap.ui import access, map_files, server, tables


class Answer:
    """One answer of the server, opened if it came zipped."""

    def __init__(self, messages):
        start, *rest = messages
        self.status_code = start["status"]
        self.headers = {k.decode(): v.decode() for k, v in start["headers"]}
        body = b"".join(message.get("body", b"") for message in rest)
        zipped = self.headers.get("content-encoding") == "gzip"
        self.content = gzip.decompress(body) if zipped else body
        self.text = self.content.decode("utf-8", "replace")


class Client:
    """Asks an ASGI app without a network, as a browser would."""

    def __init__(self, app):
        self.app = app

    def get(self, path, headers=None):
        sent = {"Accept-Encoding": "gzip", **(headers or {})}
        scope = {
            "type": "http",
            "method": "GET",
            "path": urllib.parse.unquote(path),
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(k.lower().encode(), v.encode()) for k, v in sent.items()],
        }
        messages = []

        async def receive():
            return {"type": "http.request"}

        async def send(message):
            messages.append(message)

        asyncio.run(self.app(scope, receive, send))
        return Answer(messages)


@pytest.fixture(scope="module")
def client(view):
    with pytest.MonkeyPatch.context() as patch:
        views = tables.Views()
        views._kept["x"] = view
        patch.setattr(map_files, "VIEWS", views)
        patch.setattr(map_files, "load", lambda: view)
        app = Starlette(routes=server.routes(), middleware=server.middleware())
        yield Client(app)


def test_every_address_of_a_page_answers_and_may_be_kept(client, view):
    for address in map_files.addresses(view.digest).values():
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-encoding"] == "gzip"


def test_every_file_of_the_map_answers(client, view):
    folder = map_files.addresses(view.digest)["map"].removesuffix("map.js")
    for name in view.files.names():
        assert client.get(folder + name).content == gzip.decompress(
            view.files.read(name)
        )


def test_who_cannot_unzip_gets_it_plain(client, view):
    address = map_files.addresses(view.digest)["bundle"]
    answer = client.get(address, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert "riskmap.Face" in answer.text


def test_the_map_s_script_makes_a_function_and_runs_nothing(client, view):
    address = map_files.addresses(view.digest)["map"]
    assert f'riskmap.builders["{address}"] = function' in client.get(address).text


def signed_in(secret, **said):
    """The cookie that Streamlit gives to who has signed in."""
    body = json.dumps({"is_logged_in": True, "origin": "http://here", **said})
    name = "_streamlit_user"
    signed = starlette_app_utils.create_signed_value(secret, name, body)
    return {"Cookie": f"{name}={signed.decode()}"}


def test_the_map_s_files_ask_for_the_sign_in_of_the_page(view, monkeypatch, tmp_path):
    project = pipeline.create_project(tmp_path / "p")
    monkeypatch.setenv(access.PROJECT_VARIABLE, str(project.path))
    monkeypatch.setattr(access, "configured", lambda: True)
    monkeypatch.setattr(starlette_websocket, "get_cookie_secret", lambda: "secret")
    views = tables.Views()
    monkeypatch.setattr(map_files, "VIEWS", views)
    monkeypatch.setattr(tables, "_read", lambda _: view)
    said = {"email": "ana@example.org", "exp": 4e9, "riskmap_role": "planner"}
    ana = {**said, "riskmap_country": "US"}
    mine = access.Person(access.clearance({"is_logged_in": True, **ana}))
    views.at("now", lambda: project, "seen", mine)
    client = Client(Starlette(routes=server.routes(), middleware=server.middleware()))
    for address in ("map.js", "manifest.json"):
        path = f"/riskmap/map/{view.digest}/{address}"
        assert client.get(path).status_code == 403
        assert client.get(path, signed_in("forged", **ana)).status_code == 403
        assert client.get(path, signed_in("secret", **ana)).status_code == 200
        ended = signed_in("secret", **{**ana, "exp": 1})
        assert client.get(path, ended).status_code == 403
        ben = signed_in("secret", **{**said, "riskmap_country": "MX"})
        assert client.get(path, ben).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/riskmap/map/0000/manifest.json",
        "/riskmap/map/{digest}/riskmap.sqlite",
        "/riskmap/map/{digest}/..%2f..%2fapp.py",
        "/riskmap/map/{digest}/%2e%2e/%2e%2e/etc/passwd",
        "/riskmap/static/0000/map.js",
        "/riskmap/static/{digest}/server.py",
    ],
)
def test_nothing_else_is_served(client, view, path):
    assert client.get(path.format(digest=view.digest)).status_code == 404


def test_every_answer_carries_the_safe_headers(client):
    headers = client.get("/riskmap/absent").headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    scripts = next(p for p in policy.split("; ") if p.startswith("script-src"))
    assert "unsafe-inline" not in scripts
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_streamlit_s_page_shows_no_box_of_its_own_and_obeys_no_other_page(client):
    answer = client.get(server.HOST_ADDRESS)
    assert json.loads(answer.text) == {"allowedOrigins": [], "blockErrorDialogs": True}
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_what_is_read_ahead_is_out_of_the_collector_s_sight(view, monkeypatch):
    read = []

    class Collector:
        collect = staticmethod(lambda: None)
        freeze = staticmethod(lambda: read.append("stays"))

    monkeypatch.setattr(map_files, "gc", Collector)
    monkeypatch.setattr(map_files, "load", lambda: view)
    monkeypatch.setattr(map_files, "is_stale", lambda: read.append("news"))
    monkeypatch.setattr(map_files, "_places", lambda: read.append("places"))
    monkeypatch.setattr(map_files.quality, "load", lambda: read.append("quality"))
    monkeypatch.setattr(map_files.door, "restricted", read.append)
    map_files.warm()
    map_files.settle()
    # of the reasons nothing is noted: the view reads them itself
    assert read == [
        *("stays", "map", "stays", "news", "stays", "stays"),
        *("places", "stays", "quality", "stays"),
    ]


@pytest.mark.parametrize("fails", [False, True])
def test_the_collector_rests_while_the_first_map_is_made_and_no_longer(
    monkeypatch, fails
):
    seen = []

    class Files:
        @staticmethod
        def warm():
            seen.append(gc.isenabled())
            if fails:
                msg = "no project"
                raise RuntimeError(msg)

        @staticmethod
        def settle():
            seen.append(gc.isenabled())

    async def serve():
        async with server.lifespan(None):
            # the two are over in a moment, since nothing is read
            await asyncio.sleep(0.3)

    monkeypatch.setattr(server, "_map_files", lambda: Files)
    monkeypatch.setattr(server, "FIRST_MAP_S", 0.0)
    asyncio.run(serve())
    assert seen == ([False] if fails else [False, True])
    assert gc.isenabled()


def test_a_file_that_goes_while_it_is_looked_at_is_not_there(tmp_path, monkeypatch):
    (tmp_path / "riskmap.toml").write_text("", encoding="utf-8")
    # is_file would still say yes of the one that goes
    monkeypatch.setattr(Path, "is_file", lambda _: True)
    assert [mark[0] for mark in access.marks(tmp_path)] == ["riskmap.toml"]
