"""Connections of a server: how many, how long they may say nothing, and when it stops.

Below the gate (`dashboard.gate`), where a connection has not asked for anything yet. The server
runs in a thread of its own, so that the main thread hears signals whatever the pages do.
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import Server

from dashboard.frame_check import MOST_BYTES

CONNECTIONS = 400  # 40 phones with seven each, and as many again as are just left
FILES_OF_A_PAGE = 4  # its connection, and three of its thread
FILES_OF_THE_REST = 160
WANTED_FILES = 4096
BACKLOG = 64
PATIENCE = 10.0  # seconds until a connection has asked for something
LONGEST_ANSWER = 120.0  # seconds; three megabytes over a poor network
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


class PageConnection(WebSocketsSansIOProtocol):
    """A page's connection, which ends when it is closed even if nobody reads any more."""

    def keepalive_timeout(self) -> None:
        """End a connection whose page has left without a word."""
        super().keepalive_timeout()
        self.transport.abort()

    def handle_parser_exception(self) -> None:
        """End a connection that does not speak the protocol."""
        super().handle_parser_exception()
        self.loop.call_later(LOOK, self.transport.abort)


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
            ws=PageConnection, loop="asyncio", ws_max_size=MOST_BYTES, backlog=BACKLOG,
            log_config=None, access_log=False, proxy_headers=False, server_header=False,
            timeout_graceful_shutdown=GOODBYE,
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
