"""Real servers on this machine, and clients that send what no browser sends.

Servers are started with assets of their own, so that an attack that works destroys nothing, and
with a stand-in for the internet, which notes what it is asked for. What takes minutes in a room is
set to seconds. A client waits for at most `PATIENCE` seconds.
"""

import contextlib
import http.client
import json
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).resolve().parents[2]
TRIAL = ROOT / "tests" / "classroom" / "trial.toml"
PATIENCE = 30.0
SCRIPT = """
import json, os, resource, sys
files, settings, arguments = json.loads(sys.argv[1])
if files:
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
import tocsin.dashboard.serving.server
for name, value in settings.items():
    if name.isupper() and name.startswith("SOLARA_"):
        tocsin.dashboard.serving.server.ENVIRONMENT[name] = value
os.environ.update(tocsin.dashboard.serving.server.ENVIRONMENT)
for name, value in settings.items():
    if not name.startswith("SOLARA_"):
        module, _, constant = name.rpartition(".")
        __import__(module)
        setattr(sys.modules[module], constant, value)
from tocsin.cli import main
sys.exit(main(arguments))
"""


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes
    cookies: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass
class Running:
    """A server under attack."""

    kind: str
    port: int
    process: "subprocess.Popen[str]" = field(repr=False)
    log: Path
    assets: Path
    folder: Path
    fetched: list[str]
    said: str

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    def ask(
        self, path: str, method: str = "GET", source: str | None = None, **headers: str
    ) -> Answer:
        """One request; underscores in names of headers are hyphens."""
        where = (source, 0) if source else None
        connection = http.client.HTTPConnection("127.0.0.1", self.port, PATIENCE, where)
        with contextlib.closing(connection):
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            given = {name.replace("_", "-"): text for name, text in headers.items()}
            for name, text in {"Host": self.host, **given}.items():
                connection.putheader(name, text)
            connection.endheaders()
            response = connection.getresponse()
            found = {name.lower(): text for name, text in response.getheaders()}
            cookies = response.headers.get_all("set-cookie") or []
            return Answer(response.status, found, response.read(), cookies)

    def session(self) -> str:
        """The cookie that a first visit gives."""
        cookies = [text for text in self.ask("/").cookies if text.startswith("solara-session-id")]
        return cookies[0].partition(";")[0]

    def page(
        self, kernel: str | None = None, cookie: str = "", source: str | None = None, **more: Any
    ) -> ClientConnection:
        """A page's connection, as a browser opens it."""
        kernel = kernel or str(uuid.uuid4())
        path = f"/jupyter/api/kernels/{kernel}/channels?session_id={uuid.uuid4()}"
        headers = {"Cookie": cookie} if cookie else {}
        given: dict[str, Any] = {"origin": self.origin, "open_timeout": PATIENCE, **more}
        if source:
            given["source_address"] = (source, 0)
        headers |= given.pop("headers", {})
        return connect(
            f"ws://{self.host}{path}", additional_headers=headers, proxy=None, **given
        )  # fmt: skip

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


def message(kind: str, channel: str = "shell", **content: Any) -> dict[str, Any]:
    """A message as a page sends it."""
    header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "", "session": "s",
              "version": "5.2", "date": "2026-01-01T00:00:00Z"}  # fmt: skip
    return {"header": header, "parent_header": {}, "metadata": {}, "content": content,
            "buffers": [], "channel": channel}  # fmt: skip


def control(page: ClientConnection, **data: Any) -> dict[str, Any]:
    """Ask Solara something about the page, and wait for the answer."""
    comm = uuid.uuid4().hex
    opened = message("comm_open", comm_id=comm, target_name="solara.control", data={})
    page.send(json.dumps(opened))
    page.send(json.dumps(message("comm_msg", comm_id=comm, data=data)))
    while True:
        frame = page.recv(timeout=PATIENCE)
        if isinstance(frame, bytes):
            continue  # a message with pictures
        answer = json.loads(frame)
        content = answer["content"]
        if answer["header"]["msg_type"] == "comm_msg" and content["comm_id"] == comm:
            return content["data"]


@pytest.fixture(scope="session")
def asked() -> Callable[..., dict[str, Any]]:
    """`control`, for tests."""
    return control


@pytest.fixture(scope="session")
def as_message() -> Callable[..., dict[str, Any]]:
    """`message`, for tests."""
    return message


@pytest.fixture(scope="session")
def internet() -> Iterator[tuple[str, list[str]]]:
    """Where a server would fetch packages from, and what it was asked for."""
    fetched: list[str] = []

    class Npm(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fetched.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<script>stolen()</script>")

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Npm)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", fetched
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def start(
    tmp_path_factory: pytest.TempPathFactory, internet: tuple[str, list[str]]
) -> Iterator[Callable[..., Running]]:
    """Start a server of a kind; `files` limits its open files, settings replace constants."""
    running: list[Running] = []

    def begin(kind: str, files: int = 0, **settings: Any) -> Running:
        folder = tmp_path_factory.mktemp(kind)
        assets = folder / "cdn"
        for name in ("requirejs@2.3.6/require.js", "one/__main.js", "one/page.html", "one/a.css"):
            (assets / name).parent.mkdir(parents=True, exist_ok=True)
            (assets / name).write_text(f"/* {name} */")
        (folder / "secret.js").write_text("secret")
        (assets / "out.js").symlink_to(folder / "secret.js")
        (assets / "outside").symlink_to(folder)
        settings = {
            "SOLARA_ASSETS_PROXY_CACHE_DIR": str(assets), "SOLARA_ASSETS_CDN": internet[0],
            **{name if name.isupper() else f"tocsin.{name.replace('__', '.')}": value
               for name, value in settings.items()},
        }  # fmt: skip
        arguments = ["--port", "0", "--no-browser"]
        if kind == "classroom":
            arguments += [str(TRIAL), "--session", str(folder / "session")]
        log = folder / "log"
        with log.open("w") as file:
            process = subprocess.Popen(
                [sys.executable, "-c", SCRIPT, json.dumps([files, settings, [kind, *arguments]])],
                stdout=subprocess.PIPE, stderr=file, text=True, cwd=ROOT,
            )  # fmt: skip
        assert process.stdout is not None
        said = process.stdout.readline().strip()
        assert said.startswith("http://127.0.0.1:"), log.read_text()
        port = int(said.split(":")[2].partition("/")[0])
        one = Running(kind, port, process, log, assets, folder, internet[1], said)
        running.append(one)
        return one

    yield begin
    for one in running:
        one.end()


@pytest.fixture(scope="session", params=["dashboard", "classroom"])
def server(request: pytest.FixtureRequest, start: Callable[..., Running]) -> Running:
    """A server whose very first visitor is hostile."""
    one = start(request.param)
    hostile = dict.fromkeys(("X_Script_Name", "Script_Name"), "//evil.example")
    one.ask("/", **hostile, X_Forwarded_Host="evil.example", X_Forwarded_Proto="https")
    return one
