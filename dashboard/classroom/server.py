"""The server of a class: its pages only, for this machine unless told otherwise."""

import socket
import sys
import threading
import time
import webbrowser
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tocsin.classroom.room import Room
from tocsin.classroom.session import Session
from tocsin.dashboard.classroom import registry
from tocsin.dashboard.classroom.weeks import WeekMaps
from tocsin.dashboard.serving.server import ENVIRONMENT, behind_gate

if TYPE_CHECKING:
    from tocsin.dashboard.serving.connections import Serving

EVERYWHERE = ("0.0.0.0", "::")
PAGES = 120  # at once: forty teams of a class with two each, the trainer, and what was just left
SECRETS = {"/trainer": ("key", ""), "/screen": ("key", ""), "/team": ("code", "seat")}


def serve(session: Session, pace: float, host: str, listener: socket.socket, show: bool) -> None:
    """Open the room of a session and serve its pages until interrupted.

    The trainer's address goes to stdout once it can be opened; what to tell the class, to stderr.

    Parameters
    ----------
    session
        New, or taken up.
    pace
        Seconds between two weeks.
    host, listener
        Where; the second is what `tocsin.dashboard.serving.server.bound` gives for the first.
    show
        Whether to open the trainer's page in a browser.

    Raises
    ------
    InputError
        The extra is not installed, or the world of the session does not come out as it was.
    """
    maps = WeekMaps()
    room = Room(session, pace, look=maps)
    registry.hold(room, maps)
    port = listener.getsockname()[1]
    base = address_for_others(host, port)
    announced = urlsplit(base).hostname or ""
    environment = ENVIRONMENT | {"SOLARA_APP": "tocsin.dashboard.classroom.app"}
    server = behind_gate(environment, "classroom", host, port, PAGES, announced, SECRETS)
    room.link = base
    threading.Thread(target=_announce, args=(server, room, base, show), daemon=True).start()
    room.start()
    try:
        server.serve(listener)
    finally:
        room.stop()


def address_for_others(host: str, port: int) -> str:
    """The address that goes on the blackboard; for a server on all networks, this machine's."""
    if host in EVERYWHERE:
        host = _own_address(":" in host)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _own_address(six: bool) -> str:
    """The address of this machine on its network; asked of the routing table, nothing is sent."""
    family, far = (socket.AF_INET6, "fd00::1") if six else (socket.AF_INET, "10.254.254.254")
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((far, 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "::1" if six else "127.0.0.1"


def _announce(server: "Serving", room: Room, base: str, show: bool) -> None:
    while not server.started:
        time.sleep(0.02)
    state = room.session.state
    page = f"{base}/trainer?key={state.key}"
    print(page, flush=True)
    print(
        f"trainer's page: the address above; keep it to yourself.\n"
        f"the class opens {base} and types the code {state.code}\n"
        f"the session is kept in {room.session.folder}; Ctrl-C closes the room, and "
        f"`tocsin classroom --session {room.session.folder}` takes it up again.",
        file=sys.stderr, flush=True,
    )  # fmt: skip
    if show:
        webbrowser.open(page)
