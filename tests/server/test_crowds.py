"""Many connections, pages that leave without a word, signals, and a log with an end."""

import contextlib
import io
import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest
from tocsin.dashboard.serving.log import AT_ONCE, BoundedLog
from tocsin.dashboard.serving.server import ENVIRONMENT
from websockets.exceptions import InvalidStatus, WebSocketException

PATIENCE = 90.0  # seconds; for what never happens if it has not happened by then
LARGEST_LOG = 1_000_000
FILES = 1024  # the usual limit
Start = Callable[..., Any]
Asked = Callable[..., dict[str, Any]]


def wait(done: Callable[[], bool]) -> None:
    """Until it is done; fails if it never is."""
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.1)


@pytest.fixture
def many_files() -> Iterator[None]:
    """The attackers need more files than a server has."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def left_behind(page: Any) -> None:
    """Leave as a phone does that was switched off: the connection ends, and nobody says so."""
    with contextlib.suppress(OSError):  # the server may have gone first
        page.socket.shutdown(socket.SHUT_RDWR)
    page.socket.close()


def tried(server: Any, **how: Any) -> Any:
    """A page that was opened, or None if the server has no place for it."""
    try:
        return server.page(**how).__enter__()
    except (InvalidStatus, OSError, WebSocketException):
        return None


@pytest.mark.parametrize("kind", ["dashboard", "classroom"])
def test_idle_connections_and_pages_that_were_left_do_not_end_a_room(
    start: Start, asked: Asked, many_files: None, kind: str
) -> None:
    """(e) 277 pages and 1,100 idle connections ended a room for good, deaf to SIGTERM."""
    server = start(kind, files=FILES)
    process = psutil.Process(server.process.pid)
    with contextlib.ExitStack() as crowd:
        for number in range(277):
            page = tried(server)
            if page is not None and number % 3:
                asked(page, method="app-status")
            if page is not None:
                left_behind(page)
        for _ in range(1100):
            with contextlib.suppress(OSError):
                silent = socket.create_connection(("127.0.0.1", server.port), PATIENCE)
                crowd.callback(silent.close)
        assert server.ask("/").status == 200
        with server.page() as page:
            assert asked(page, method="app-status")["started"] is False
        assert process.num_fds() < FILES * 0.9
        assert server.log.stat().st_size < LARGEST_LOG
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(PATIENCE) == 0


def test_the_place_of_a_page_that_was_left_is_free_again(start: Start, asked: Asked) -> None:
    """(e) After two minutes; here after two seconds. It takes no thread and no file with it."""
    assert ENVIRONMENT["SOLARA_KERNEL_CULL_TIMEOUT"] == "2m"
    server = start("dashboard", SOLARA_KERNEL_CULL_TIMEOUT="2s")
    process = psutil.Process(server.process.pid)
    cookie, kernel = server.session(), "22222222-2222-4333-8444-555555555555"
    with server.page() as page:
        asked(page, method="app-status")
    wait(lambda: not any("ESTABLISHED" in c.status for c in process.net_connections("tcp")))
    files = process.num_fds()
    for number in range(30):
        page = server.page(kernel if number == 0 else None, cookie).__enter__()
        asked(page, method="run", args={"path": "/first-steps"})
        left_behind(page)
    wait(lambda: process.num_fds() <= files + 8)
    with server.page(kernel, cookie) as page:
        assert asked(page, method="app-status")["started"] is False  # a new one


@pytest.mark.parametrize("kind", ["dashboard", "classroom"])
def test_a_page_that_returns_is_taken_up_again(start: Start, asked: Asked, kind: str) -> None:
    """(e) It has its state, however often it leaves and returns."""
    server = start(kind)
    cookie, kernel = server.session(), "33333333-2222-4333-8444-555555555555"
    page = server.page(kernel, cookie).__enter__()
    assert asked(page, method="run", args={"path": "/"})["method"] == "finished"
    for _ in range(3):
        left_behind(page)
        time.sleep(0.5)
        page = server.page(kernel, cookie).__enter__()
        assert asked(page, method="app-status")["started"] is True
    left_behind(page)


def test_a_connection_that_asks_for_nothing_is_closed(start: Start) -> None:
    """(e) One that says nothing, one that never ends its request, one that rests after one."""
    server = start(
        "dashboard",
        dashboard__serving__connections__PATIENCE=1.0,
        dashboard__serving__connections__LOOK=0.2,
    )
    head = f"GET / HTTP/1.1\r\nHost: {server.host}\r\n"
    connections = []
    for said in ("", head, "G", head + "\r\n"):
        connection = socket.create_connection(("127.0.0.1", server.port), PATIENCE)
        connection.settimeout(0.2)
        connection.sendall(said.encode())
        connections.append((connection, said))
    ended = set()
    end = time.monotonic() + PATIENCE
    while len(ended) < len(connections) and time.monotonic() < end:
        for connection, said in connections:
            if connection in ended:
                continue
            with contextlib.suppress(TimeoutError):
                try:
                    if said and not said.endswith("\r\n\r\n"):
                        connection.sendall(b"x")  # a little at a time, and never the end
                    if connection.recv(65536) == b"":
                        ended.add(connection)
                except (ConnectionError, BrokenPipeError):
                    ended.add(connection)
    assert len(ended) == len(connections)
    for connection, _ in connections:
        connection.close()


def test_a_page_that_never_speaks_is_closed(start: Start) -> None:
    """(e) A page asks for the program as soon as it is connected."""
    server = start("dashboard", dashboard__serving__gate__FIRST_WORD=1.0)
    with server.page() as page, pytest.raises(WebSocketException):
        while True:
            page.recv(timeout=PATIENCE)
    assert page.close_code == 1008


def test_one_address_cannot_take_all_places(start: Start, asked: Asked) -> None:
    """(e) Three quarters are for one address; a page that was left makes room for a new one."""
    server = start("dashboard", dashboard__serving__server__PAGES=8)
    with contextlib.ExitStack() as open_pages:
        pages = [open_pages.enter_context(server.page()) for _ in range(6)]
        for page in pages:
            asked(page, method="app-status")
        with pytest.raises(InvalidStatus):
            server.page()
        assert "All places are taken" in server.ask("/").text
        for _ in range(2):
            there = open_pages.enter_context(server.page(source="127.0.0.2"))
            assert asked(there, method="app-status")["started"] is False
        with pytest.raises(InvalidStatus):
            server.page(source="127.0.0.3")
        left_behind(pages[0])
        wait(lambda: server.ask("/").status == 200)
        with server.page() as late:
            assert asked(late, method="app-status")["started"] is False


@pytest.mark.parametrize("cookie", [True, False], ids=["its cookie", "no cookie"])
def test_one_browser_cannot_take_the_places_of_a_class_behind_its_address(
    start: Start, asked: Asked, many_files: None, cookie: bool
) -> None:
    """(e) It opens 300 pages and keeps what it gets; 40 phones at the same address still get in."""
    server = start("classroom")
    with contextlib.ExitStack() as open_pages:
        greedy = server.session() if cookie else ""
        got = [page for _ in range(300) if (page := tried(server, cookie=greedy)) is not None]
        for page in got:
            open_pages.callback(left_behind, page)
        assert 6 <= len(got) <= 22
        if cookie:
            refused = server.ask("/", Cookie=greedy)
            assert refused.status == 503 and "This browser has 22 pages open" in refused.text
        phones = [server.session() for _ in range(40)]
        for phone in phones:
            page = tried(server, cookie=phone)
            assert page is not None
            open_pages.callback(left_behind, page)
            assert asked(page, method="app-status")["started"] is False
        left_behind(got[0])
        if cookie:
            wait(lambda: server.ask("/", Cookie=greedy).status == 200)


def test_one_address_cannot_take_all_connections(start: Start) -> None:
    """(e) Beyond its share, its oldest silent connection goes; others are not touched."""
    server = start("dashboard", dashboard__serving__connections__CONNECTIONS=40)
    process = psutil.Process(server.process.pid)

    def there() -> int:
        connected = [c for c in process.net_connections("tcp") if c.status == "ESTABLISHED"]
        return len(connected)

    with contextlib.ExitStack() as crowd:
        for _ in range(120):
            one = socket.create_connection(("127.0.0.1", server.port), PATIENCE)
            crowd.callback(one.close)
        wait(lambda: there() <= 30)
        assert server.ask("/").status == 200
        assert server.ask("/", source="127.0.0.2").status == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("kind", ["dashboard", "classroom"])
def test_a_signal_ends_a_server_with_open_pages(
    start: Start, asked: Asked, kind: str, number: int
) -> None:
    """(e) Pages that stay connected, or are in the middle of something, do not hold it up."""
    server = start(kind)
    with contextlib.ExitStack() as open_pages:
        for _ in range(3):
            page = tried(server)
            asked(page, method="run", args={"path": "/"})
            open_pages.callback(left_behind, page)
        server.process.send_signal(number)
        assert server.process.wait(PATIENCE) == 0
    assert "the room is closed" in server.log.read_text()


STUCK = """
import sys, threading, time
import tocsin.dashboard.serving.connections
tocsin.dashboard.serving.connections.GRACE = 2.0
from tocsin.dashboard.serving.server import bound

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
    time.sleep(1000)  # holds up the loop of all connections

threading.Thread(target=time.sleep, args=(1000,)).start()  # and the end of the program
listener = bound("127.0.0.1", 0)
server = tocsin.dashboard.serving.connections.Serving(app, 10)
def tell():
    while not server.started:
        time.sleep(0.02)
    print(listener.getsockname()[1], flush=True)
threading.Thread(target=tell, daemon=True).start()
server.serve(listener)
"""


def test_sigterm_is_obeyed_when_everything_is_stuck() -> None:
    """(e) The loop is held up, and a thread that does not end: the process ends all the same."""
    process = subprocess.Popen([sys.executable, "-c", STUCK], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            time.sleep(0.5)
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
    finally:
        process.kill()


def test_hostile_visitors_cannot_fill_the_disk_with_the_log(
    start: Start, asked: Asked, as_message: Asked
) -> None:
    """(e) Whatever a page makes go wrong, the log stays small."""
    server = start("dashboard")
    for _ in range(10):
        with server.page() as page:
            for number in range(100):
                comm, data = f"c{number}", {"method": "run", "args": {"appName": "x" * 2000}}
                page.send(json.dumps(as_message(
                    "comm_open", comm_id=comm, target_name="solara.control", data={}
                )))  # fmt: skip
                page.send(json.dumps(as_message("comm_msg", comm_id=comm, data=data)))
            assert asked(page, method="app-status")["started"] is False
    assert server.ask("/").status == 200
    assert 10_000 < server.log.stat().st_size < AT_ONCE + 10_000


def test_the_log_has_an_end_and_says_what_it_left_out() -> None:
    kept, now = io.StringIO(), [0.0]
    log = BoundedLog(kept, at_once=100, a_minute=60, clock=lambda: now[0])
    for _ in range(1000):
        assert log.write("0123456789") == 10
    assert kept.getvalue() == "0123456789" * 10
    now[0] += 80
    log.write("again")
    assert re.search(r"\[9900 characters left out of the log\]\nagain$", kept.getvalue())
    for _ in range(24 * 60):
        now[0] += 60
        for _ in range(100):
            log.write("x" * 30)
    assert len(kept.getvalue()) < 24 * 60 * 60 + 300
