"""Connections of a server: how many, how long they may say nothing, and when it stops.

Below the gate (`tocsin.dashboard.serving.gate`), where a connection has not asked for anything yet.
The server runs in a thread of its own, so that the main thread hears signals whatever the pages do.
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import h11
from tocsin.dashboard.serving.answering import BARE
from tocsin.dashboard.serving.frame_check import MOST_BYTES
from tocsin.dashboard.serving.frame_limits import Addresses, Traffic, head_of
from uvicorn._types import ASGIReceiveEvent, ASGISendEvent
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import Server
from websockets.http11 import Response
from websockets.server import ServerProtocol

CONNECTIONS = 400  # 40 phones with seven each, and as many again as are just left
FILES_OF_A_PAGE = 4  # its connection, and three of its thread
FILES_OF_THE_REST = 160
WANTED_FILES = 4096
BACKLOG = 64
PATIENCE = 10.0  # seconds until a connection has asked for something
LONGEST_ANSWER = 120.0  # seconds; three megabytes over a poor network
PIECE = 16 * 1024  # bytes read at once; a request's line and headers have at most two of these
LOOK = 2.0
GRACE = 6.0  # seconds from the signal to the end, whatever pages do
GOODBYE = 2  # seconds of these in which answers may be finished


class Connection(H11Protocol):
    """A connection that asks soon and is answered in time, or is closed.

    If there are too many, the one that has been silent longest makes room: all together have
    `most`, one address three quarters of them, so that no machine shuts out the others.
    """

    most = CONNECTIONS

    def connection_made(self, transport: Any) -> None:
        """Count it."""
        super().connection_made(transport)
        self.since = self.loop.time()
        self.leaving = False
        self._of: object = None
        self._timer = self.loop.call_later(LOOK, self._look)
        self._make_room()

    @property
    def busy(self) -> bool:
        """Whether it has asked for something that is not answered yet."""
        return self.cycle is not None and not self.cycle.response_complete

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on in pieces, each looked at before the next one."""
        for at in range(0, len(data), PIECE):
            super().data_received(data[at : at + PIECE])
            if self.transport.is_closing() or self.transport.get_protocol() is not self:
                return

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, with the headers of every answer."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            headers = [
                *BARE,
                ("content-type", "text/plain; charset=utf-8"),
                ("connection", "close"),
            ]
            response = h11.Response(status_code=400, headers=headers, reason="Bad Request")
            for event in (response, h11.Data(data=f"{msg}\n".encode()), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def handle_websocket_upgrade(self, event: Any) -> None:
        """Hand it over to a page."""
        self._timer.cancel()
        super().handle_websocket_upgrade(event)

    def _look(self) -> None:
        now, of = self.loop.time(), (self.cycle, self.busy)
        if of != self._of:
            self._of, self.since = of, now
        elif now - self.since > (LONGEST_ANSWER if self.busy else PATIENCE):
            self._leave()
            return
        self._timer = self.loop.call_later(LOOK, self._look)

    def _leave(self) -> None:
        self.leaving = True
        self.transport.abort()

    def _make_room(self) -> None:
        here = [one for one in self.connections if not getattr(one, "leaving", False)]
        near = [one for one in here if _host(one) == _host(self)]
        for some, most in ((near, self.most * 3 // 4), (here, self.most)):
            if len([one for one in some if not getattr(one, "leaving", False)]) > most:
                silent = [
                    one for one in some
                    if isinstance(one, Connection) and not one.busy and not one.leaving
                ]  # fmt: skip
                min(silent, key=lambda one: one.since, default=self)._leave()


def _host(connection: object) -> str:
    return str((getattr(connection, "client", None) or ("",))[0])


class Handshake(ServerProtocol):
    """How a page's connection begins; a refusal has the headers of every answer."""

    def reject(self, status: int, text: str) -> Response:
        """A refusal."""
        response = super().reject(status, text)
        response.headers.update(BARE)
        return response


class PageConnection(WebSocketsSansIOProtocol):
    """A page's connection: it sends what a page may send, and ends when it is closed.

    Frames are taken in one by one, each paid for by its header (`frame_limits`). What is behind a
    message waits unread until the message is taken; so does the sender.
    """

    addresses: Addresses

    def connection_made(self, transport: Any) -> None:
        """Begin to count what it sends."""
        super().connection_made(transport)
        self.conn = Handshake(
            extensions=self.conn.available_extensions, max_size=self.config.ws_max_size,
            logger=self.conn.logger,
        )  # fmt: skip
        self._traffic = Traffic(self.addresses, _host(self))
        self._asked = False
        self._unread, self._rest = bytearray(), 0

    def data_received(self, data: bytes) -> None:
        """Take in the request, which comes whole, and frames after it."""
        if not self._asked:
            self._asked = True
            super().data_received(data)
            if not self.handshake_initiated:  # it is no request, and was refused
                self.transport.write(b"".join(self.conn.data_to_send()))
                self.transport.close()
            return
        self._unread += data
        self._take_in()

    def _take_in(self) -> None:
        """Read on, frame by frame, until there is a message or nothing more."""
        while self._unread and not self.read_paused and not self.transport.is_closing():
            if not self._rest:
                head = head_of(self._unread)
                if head is None:
                    return
                if code := self._traffic.begin(head):
                    self._shut_out(code)
                    return
                self._rest = head.size + head.length
            piece = bytes(self._unread[: self._rest])
            del self._unread[: len(piece)]
            self._rest -= len(piece)
            super().data_received(piece)

    async def receive(self) -> ASGIReceiveEvent:
        """The next message."""
        message = await super().receive()
        self._take_in()
        return message

    async def send(self, message: ASGISendEvent) -> None:
        """Send; after a goodbye, look for the answer to it."""
        await super().send(message)
        if message["type"] == "websocket.close":
            self._take_in()

    def send_receive_event_to_app(self) -> None:
        """Hand a message over; a compressed one is paid for by what was in it, too."""
        if code := self._traffic.unpacked(sum(map(len, self.frames))):
            self._shut_out(code)
        else:
            super().send_receive_event_to_app()

    def handle_ping(self) -> None:
        """Answer, unless earlier answers are not read."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()

    def keepalive_timeout(self) -> None:
        """End a connection whose page has left without a word."""
        super().keepalive_timeout()
        self.transport.abort()

    def handle_parser_exception(self) -> None:
        """End a connection that does not speak the protocol."""
        super().handle_parser_exception()
        self.loop.call_later(LOOK, self.transport.abort)

    def _shut_out(self, code: int) -> None:
        """End a connection that sends too much, and forget what it has sent."""
        self._unread.clear()
        self.frames = []
        waiting = [self.queue.get_nowait() for _ in range(self.queue.qsize())]
        for message in waiting:
            if message["type"] != "websocket.receive":
                self.queue.put_nowait(message)
        self.conn.fail(code, "too much")
        self.close_sent = True
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.transport.abort()


class Serving:
    """Pages, served on a socket until interrupted.

    Parameters
    ----------
    application
        The gate.
    most_pages
        Pages that it lets in; with a small limit of open files there are fewer connections.
    """

    def __init__(self, application: Any, most_pages: int) -> None:
        files = raised_limit()
        room = files - FILES_OF_THE_REST - FILES_OF_A_PAGE * most_pages
        config = Config(
            application, http=type("Connection", (Connection,), {"most": min(CONNECTIONS, room)}),
            ws=type("PageConnection", (PageConnection,), {"addresses": Addresses(time.monotonic)}),
            loop="asyncio", ws_max_size=MOST_BYTES, backlog=BACKLOG,
            log_config=None, access_log=False, proxy_headers=False, server_header=False,
            timeout_graceful_shutdown=GOODBYE, h11_max_incomplete_event_size=PIECE,
        )  # fmt: skip
        self._server = Server(config)
        self._failed: BaseException | None = None

    @property
    def started(self) -> bool:
        """Whether pages can be opened."""
        return self._server.started

    def serve(self, listener: socket.socket) -> None:
        """Serve until a signal ends it, at the latest some seconds after the signal.

        Ctrl-C and SIGTERM close the room in good order. If something holds it up, the process
        ends all the same: everything that counts is on the disk already.
        """
        told = threading.Event()
        before = {number: signal.signal(number, _stopper(told)) for number in _signals()}
        thread = threading.Thread(target=self._run, args=(listener,), name="server", daemon=True)
        thread.start()
        while thread.is_alive() and not told.wait(0.2):
            pass
        self._server.should_exit = True
        thread.join(GRACE)
        for number, handler in before.items():
            signal.signal(number, handler)
        if self._failed is not None:
            raise self._failed
        with contextlib.suppress(OSError, ValueError):
            print("the room is closed.", file=sys.stderr, flush=True)

    def _run(self, listener: socket.socket) -> None:
        try:
            asyncio.run(self._server.serve(sockets=[listener]))
        except BaseException as wrong:  # told by the main thread
            self._failed = wrong


def _signals() -> list[signal.Signals]:
    names = ("SIGINT", "SIGTERM", "SIGBREAK")
    return [getattr(signal, name) for name in names if hasattr(signal, name)]


def _stopper(told: threading.Event) -> Callable[[int, object], None]:
    """What hears a signal: the first one closes the room, and sees to it that it ends."""

    def stop(number: int, _: object) -> None:
        if told.is_set():
            os._exit(128 + number)
        told.set()
        last = threading.Timer(GRACE, os._exit, [0])
        last.daemon = True
        last.start()

    return stop


def raised_limit() -> int:
    """How many files this process may open, after asking for enough."""
    try:
        import resource
    except ImportError:
        return WANTED_FILES  # Windows has no such limit
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return WANTED_FILES
    wanted = WANTED_FILES if hard == resource.RLIM_INFINITY else min(WANTED_FILES, hard)
    if soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    return soft


def places(wanted: int) -> int:
    """Pages that this process can hold, of those that are wanted."""
    room = raised_limit() - FILES_OF_THE_REST
    return max(1, min(wanted, room // (2 * FILES_OF_A_PAGE)))
