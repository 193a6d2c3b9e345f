"""The server: Solara on this machine, nothing from elsewhere.

Solara reads its settings from the environment when it is imported, so they are set first. Its
assets come from the installed package through its own proxy; telemetry is off; a browser that has
left is forgotten after half an hour.
"""

import errno
import os
import socket
import sys
import threading
import time
import warnings
import webbrowser
from pathlib import Path
from typing import Any

from dashboard import memory, settings
from simulation.errors import InputError

ENVIRONMENT = {
    "SOLARA_APP": "dashboard.app",
    "SOLARA_MODE": "production",
    "SOLARA_ASSETS_PROXY": "True",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
    "SOLARA_KERNEL_CULL_TIMEOUT": "30m",
    "SOLARA_SESSION_HTTPS_ONLY": "False",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_TITLE": "Tocsin",
}
NEEDED = "it needs the extra: pip install 'tocsin[dashboard]'"


def serve(
    scenario: str = "baseline",
    results: Path | None = None,
    host: str = "127.0.0.1",
    port: int = 8765,
    show: bool = False,
) -> None:
    """Serve the pages until interrupted; says the address on stdout once they can be opened.

    Parameters
    ----------
    scenario
        What the first page begins with.
    results
        Folder that the results page shows.
    host, port
        Where to listen; port 0 takes a free one.
    show
        Whether to open a browser window.

    Raises
    ------
    InputError
        The port is taken, the host is not this machine's, or the extra is not installed.
    """
    from simulation.scenario import load

    load(scenario)
    if results is not None and not results.is_dir():
        raise InputError(f"--results {results}: there is no such folder.")
    settings.choose(scenario=scenario, results=results and results.resolve())
    listener = bound(host, port)
    port = listener.getsockname()[1]
    os.environ.update(ENVIRONMENT)
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")  # no iframes here
    try:
        from solara.server.starlette import app
    except ImportError as missing:
        raise InputError(f"dashboard: {missing.name} is not installed; {NEEDED}.") from None
    memory.few_arenas()
    server = Serving(app)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    announcing = threading.Thread(target=_announce, args=(server, address, show), daemon=True)
    announcing.start()
    server.serve(listener)


def bound(host: str, port: int) -> socket.socket:
    """A socket that has the port, or a free one for 0; raises InputError if it cannot be had.

    The server listens on this very socket, so that nobody can take the port in between.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family)
    try:
        if os.name == "posix":  # elsewhere it would let two servers have one port
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
    except OverflowError:
        taken.close()
        raise InputError(f"--port {port}: allowed is a whole number from 0 to 65535.") from None
    except OSError as wrong:
        taken.close()
        if wrong.errno == errno.EADDRINUSE:
            raise InputError(f"--port {port}: it is taken; try --port 0.") from None
        raise InputError(f"--host {host} --port {port}: {wrong.strerror or wrong}.") from None
    return taken


class Serving:
    """Solara's pages, served on a socket until interrupted."""

    def __init__(self, application: Any) -> None:
        from uvicorn.config import Config
        from uvicorn.server import Server

        config = Config(application, log_level="warning", access_log=False, loop="asyncio")
        self._server = Server(config)

    @property
    def started(self) -> bool:
        """Whether pages can be opened."""
        return self._server.started

    def serve(self, listener: socket.socket) -> None:
        """Serve until interrupted, which is how a room is closed."""
        try:
            self._server.run(sockets=[listener])
        except KeyboardInterrupt:
            print("the room is closed.", file=sys.stderr, flush=True)


def _announce(server: Serving, address: str, show: bool) -> None:
    while not server.started:
        time.sleep(0.02)
    print(address, flush=True)
    print("the room is open; Ctrl-C closes it.", file=sys.stderr, flush=True)
    if show:
        webbrowser.open(address)
