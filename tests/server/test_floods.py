"""Floods of frames: pieces without end, pings, pongs, small messages, from one and from many."""

import base64
import contextlib
import json
import os
import selectors
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tocsin.dashboard.serving import frame_limits
from tocsin.dashboard.serving.frame_check import MOST_BYTES
from tocsin.dashboard.serving.frame_limits import (
    POLICY,
    TOO_BIG,
    Addresses,
    FrameHead,
    Traffic,
    head_of,
)

PATIENCE = 90.0  # seconds; for what never happens if it has not happened by then
TEXT, PIECE, PING, PONG = 1, 0, 9, 10
As = Callable[..., dict[str, Any]]


def frame(opcode: int, content: bytes = b"", final: bool = True, packed: bool = False) -> bytes:
    """A frame as a browser sends it, masked with zeros."""
    first = opcode | (0x80 if final else 0) | (0x40 if packed else 0)
    size = len(content)
    if size < 126:
        head = struct.pack("!BB", first, 0x80 | size)
    elif size < 65536:
        head = struct.pack("!BBH", first, 0x80 | 126, size)
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, size)
    return head + bytes(4) + content


def bomb() -> bytes:
    """A message of a few kilobytes that unpacks to almost the most that a message may have."""
    press = zlib.compressobj(9, zlib.DEFLATED, -12)
    content = press.compress(b" " * (MOST_BYTES - 1)) + press.flush(zlib.Z_SYNC_FLUSH)
    return frame(TEXT, content[:-4], packed=True)


FLOODS = {
    "empty pieces": (frame(TEXT, final=False), frame(PIECE, final=False)),
    "pieces of a byte": (frame(TEXT, b"[", final=False), frame(PIECE, b"[", final=False)),
    "pings": (b"", frame(PING, b"x" * 100)),
    "pongs": (b"", frame(PONG)),
    "small messages": (b"", frame(TEXT, b"{}")),
    "large messages": (b"", frame(TEXT, b" " * MOST_BYTES)),
    "bombs": (b"", bomb()),
    "a message too long": (frame(TEXT, final=False), frame(PIECE, b" " * 65536, final=False)),
}  # fmt: skip


def opened(port: int, cookie: str = "") -> socket.socket:
    """A page's connection of which every byte is ours."""
    connection = socket.create_connection(("127.0.0.1", port), PATIENCE)
    host = f"127.0.0.1:{port}"
    path = f"/jupyter/api/kernels/{uuid.uuid4()}/channels?session_id={uuid.uuid4()}"
    key = base64.b64encode(os.urandom(16)).decode()
    connection.sendall(
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
        f"Sec-WebSocket-Extensions: permessage-deflate\r\n{cookie}\r\n".encode()
    )
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(65536)
    assert b" 101 " in answer.partition(b"\r\n")[0], answer
    return connection


def flooded(connections: list[socket.socket], first: bytes, again: bytes) -> int:
    """Send on all of them until each is closed; the number of those that were."""
    closed, end = 0, time.monotonic() + PATIENCE
    many = again * max(1, min(5000, 2**18 // len(again)))
    waiting = selectors.DefaultSelector()
    for connection in connections:
        connection.sendall(first)
        connection.setblocking(False)
        waiting.register(connection, selectors.EVENT_READ | selectors.EVENT_WRITE, [b""])
    while waiting.get_map() and time.monotonic() < end:
        for key, events in waiting.select(1.0):
            connection = key.fileobj
            assert isinstance(connection, socket.socket)
            try:
                if events & selectors.EVENT_READ and not connection.recv(2**20):
                    raise ConnectionResetError
                if events & selectors.EVENT_WRITE:
                    key.data[0] = key.data[0] or many
                    key.data[0] = key.data[0][connection.send(key.data[0]) :]
            except BlockingIOError:
                pass
            except OSError:
                closed += 1
                waiting.unregister(connection)
                connection.close()
    for key in list(waiting.get_map().values()):
        waiting.unregister(key.fileobj)
    return closed


COUNTING = """
import json, threading, time
from websockets.protocol import Protocol
from tocsin.dashboard.serving.server import bound
from tocsin.dashboard.serving.connections import Serving

seen = {"frames": 0, "messages": 0, "most in queue": 0}
handled = Protocol.recv_frame

def counted(self, frame):
    seen["frames"] += 1
    handled(self, frame)

Protocol.recv_frame = counted

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
    elif scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(seen).encode()})
    else:
        await receive()
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            seen["messages"] += 1
            waiting = receive.__self__.queue.qsize()
            seen["most in queue"] = max(waiting, seen["most in queue"])

listener = bound("127.0.0.1", 0)
server = Serving(app, 10)
def tell():
    while not server.started:
        time.sleep(0.02)
    print(listener.getsockname()[1], flush=True)
threading.Thread(target=tell, daemon=True).start()
server.serve(listener)
"""


@pytest.fixture
def counting() -> Iterator[int]:
    """The port of a server that counts the frames that are handled, whoever refuses them."""
    process = subprocess.Popen([sys.executable, "-c", COUNTING], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


def told(port: int) -> dict[str, int]:
    """What an honest client reads there."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE) as answer:
        return json.loads(answer.read())


@pytest.mark.parametrize("number", [1, 20])
@pytest.mark.parametrize("kind", FLOODS)
def test_a_flood_of_frames_is_closed_and_few_of_them_are_handled(
    counting: int, kind: str, number: int
) -> None:
    """No frame of a flood reaches the gate; 20 connections kept a page waiting for 38 s."""
    begun = time.monotonic()
    connections = [opened(counting) for _ in range(number)]
    answers: list[dict[str, int]] = []
    honest = threading.Thread(target=lambda: answers.append(told(counting)))
    honest.start()
    assert flooded(connections, *FLOODS[kind]) == number
    honest.join(PATIENCE)
    assert len(answers) == 1
    seen, lasted = told(counting), time.monotonic() - begun
    limit = frame_limits.SHARED_FRAMES + frame_limits.SHARED_FRAMES_A_SECOND * lasted
    limit += number * (frame_limits.OWN_FRAMES + frame_limits.OWN_FRAMES_A_SECOND * lasted)
    if "piece" in kind:
        limit = min(limit, number * frame_limits.MOST_FRAGMENTS)
    if kind in ("large messages", "bombs"):
        octets = frame_limits.SHARED_BYTES + frame_limits.SHARED_BYTES_A_SECOND * lasted
        octets += number * (frame_limits.OWN_BYTES + frame_limits.OWN_BYTES_A_SECOND * lasted)
        limit = octets / (MOST_BYTES - 1) + number  # a bomb is paid for when it was unpacked
    assert 0 < seen["frames"] <= limit
    assert seen["most in queue"] <= 1  # the sender waits, messages do not


def test_an_honest_page_at_the_address_of_a_flood_goes_on(counting: int) -> None:
    """It has an allowance that others cannot spend."""
    page = opened(counting)
    for kind in ("pings", "small messages"):
        assert flooded([opened(counting) for _ in range(10)], *FLOODS[kind]) == 10
        before = told(counting)["messages"]
        for _ in range(90):
            page.sendall(frame(TEXT, b"honest"))
        page.sendall(frame(PING, b"still there?"))
        heard = b""
        while b"still there?" not in heard:
            some = page.recv(65536)
            assert some
            heard += some
        assert told(counting)["messages"] - before == 90
    page.close()


def test_pings_whose_answers_are_not_read_take_no_memory(counting: int) -> None:
    """A sender that never reads gets no more answers; its connection holds none of them back."""
    connection = opened(counting)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    ping = frame(PING, b"x" * 125)
    with contextlib.suppress(OSError):
        for _ in range(frame_limits.OWN_FRAMES + frame_limits.SHARED_FRAMES + 5000):
            connection.sendall(ping)
    assert told(counting)["frames"] > 0
    connection.close()


@pytest.mark.parametrize("kind", ["empty pieces", "pings", "pongs", "small messages", "bombs"])
def test_a_server_goes_on_while_twenty_connections_flood_it(
    server: Any, asked: As, kind: str
) -> None:
    """As above, at the gate and at pages of ours."""
    cookies = [f"Cookie: solara-session-id={uuid.uuid4()}\r\n" for _ in range(20)]
    with server.page(cookie=server.session()) as page:
        assert asked(page, method="app-status")["started"] is False
        assert flooded([opened(server.port, one) for one in cookies], *FLOODS[kind]) == 20
        assert server.ask("/").status == 200
        assert asked(page, method="app-status")["started"] is False


def test_a_page_that_opens_and_a_dragged_slider_have_ten_times_what_they_need() -> None:
    """Counted in a browser: 5 frames of 2 kB in all, then 3 a second of 0.4 kB at most."""
    now = 0.0
    page = Traffic(Addresses(lambda: now), "10.0.0.1")
    for _ in range(50):
        assert page.begin(FrameHead(8, 400, TEXT, True)) == 0
    for step in range(30 * 600):
        now = step / 30
        assert page.begin(FrameHead(8, 500, TEXT, True)) == 0


def test_a_class_of_forty_at_one_address_has_room() -> None:
    """Each page sends 100 frames when it opens, all at once, and two a second from then on."""
    now = 0.0
    addresses = Addresses(lambda: now)
    pages = [Traffic(addresses, "10.0.0.1") for _ in range(40)]
    for page in pages:
        for _ in range(100):
            assert page.begin(FrameHead(8, 2000, TEXT, True)) == 0
    for step in range(600):
        now = step / 2
        for page in pages:
            assert page.begin(FrameHead(8, 500, TEXT, True)) == 0


def test_a_new_connection_does_not_give_an_address_a_new_share() -> None:
    """Whoever is closed comes back with its own allowance only; another address has its share."""
    addresses = Addresses(lambda: 0.0)

    def sent(host: str) -> int:
        page, number = Traffic(addresses, host), 0
        while page.begin(FrameHead(6, 0, PING, True)) == 0:
            number += 1
        return number

    own, shared = frame_limits.OWN_FRAMES, frame_limits.SHARED_FRAMES
    assert [sent("10.0.0.1"), sent("10.0.0.1"), sent("10.0.0.2")] == [
        own + shared, own, own + shared,
    ]  # fmt: skip


def test_addresses_that_sent_nothing_lately_are_forgotten() -> None:
    now = 0.0
    addresses = Addresses(lambda: now)
    busy = addresses.of("busy")
    for number in range(10 * frame_limits.MOST_ADDRESSES):
        now += 1.0
        busy.frames.left, busy.frames.at = 0.0, now
        addresses.of(str(number))
    assert len(addresses._known) <= frame_limits.MOST_ADDRESSES
    assert addresses.of("busy") is busy


@pytest.mark.parametrize("pieces", [1, 3])
def test_a_message_that_says_that_it_is_too_long_is_not_waited_for(pieces: int) -> None:
    """By the length in its header, before any of it has come."""
    page = Traffic(Addresses(lambda: 0.0), "10.0.0.1")
    for _ in range(pieces - 1):
        assert page.begin(FrameHead(14, MOST_BYTES // 4, TEXT, False)) == 0
    assert page.begin(FrameHead(14, MOST_BYTES + 1, PIECE, False)) == TOO_BIG
    assert page.begin(FrameHead(14, 2**62, PING, True)) == POLICY


def test_headers_of_frames_are_read_as_they_stand() -> None:
    for content in (b"", b"x" * 125, b"x" * 126, b"x" * 65535, b"x" * 65536):
        sent = frame(TEXT, content, final=False)
        head = head_of(sent)
        assert head == FrameHead(len(sent) - len(content), len(content), TEXT, False)
        assert head_of(sent[:1]) is None
    assert head_of(b"") is None
    assert head_of(b"\x81\xfe\x01") is None
    assert head_of(b"\x81\xff" + bytes(7)) is None
    assert head_of(b"\x8a\x00") == FrameHead(2, 0, PONG, True)
