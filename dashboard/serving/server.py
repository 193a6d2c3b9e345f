"""The server: Solara on this machine, behind our own gate, nothing from elsewhere.

Solara reads its settings from the environment when it is imported, so they are set first. Its
assets are the installed ones; telemetry is off; a page that was left is forgotten after two
minutes, and one that comes back within them goes on where it was.
"""

import errno
import importlib
import logging
import os
import socket
import sys
import threading
import time
import warnings
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tocsin.dashboard.serving import memory, settings
from tocsin.dashboard.serving.log import BoundedLog
from tocsin.simulation.errors import InputError

if TYPE_CHECKING:
    from tocsin.dashboard.serving.connections import Serving

ENVIRONMENT = {
    "SOLARA_APP": "tocsin.dashboard.app",
    "SOLARA_MODE": "production",
    "SOLARA_ASSETS_PROXY": "True",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
    "SOLARA_KERNEL_CULL_TIMEOUT": "2m",
    "SOLARA_ROOT_PATH": "",
    "SOLARA_SESSION_HTTP_ONLY": "True",
    "SOLARA_SESSION_HTTPS_ONLY": "False",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_THEME_FORCE_REFRESH": "True",  # a page that comes back too late begins anew
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_TITLE": "Tocsin",
}
PAGES = 60  # at once; each holds a run of its own. An assumption: a class with one screen each
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
    from tocsin.simulation.scenario.files import load

    load(scenario)
    if results is not None and not results.is_dir():
        raise InputError(f"--results {results}: there is no such folder.")
    settings.choose(scenario=scenario, results=results and results.resolve())
    listener = bound(host, port)
    port = listener.getsockname()[1]
    server = behind_gate(ENVIRONMENT, "dashboard", host, port, PAGES)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    announcing = threading.Thread(target=_announce, args=(server, address, show), daemon=True)
    announcing.start()
    server.serve(listener)


def behind_gate(
    environment: Mapping[str, str],
    command: str,
    host: str,
    port: int,
    most_pages: int,
    announced: str = "",
    secrets: Mapping[str, tuple[str, str]] | None = None,
) -> "Serving":
    """A server of Solara's pages behind the gate, with a log that has an end.

    Parameters
    ----------
    environment
        Settings of Solara, which it reads when it is imported.
    command
        Who says it if the extra is missing.
    host, port, announced
        Where it listens, and the address that is told to others (`serving.gate.Gate`).
    most_pages
        Pages at once, if this process may open enough files.
    secrets
        What pages take from their address into a cookie, by path: its name, and the name of a
        value that tells cookies apart.

    Raises
    ------
    InputError
        The extra is not installed.
    """
    os.environ.update(environment)
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")  # no iframes here
    try:
        from solara.server.starlette import app
        from tocsin.dashboard.serving.connections import Serving, places
        from tocsin.dashboard.serving.gate import Gate, Secret
    except ImportError as missing:
        raise InputError(f"{command}: {missing.name} is not installed; {NEEDED}.") from None
    sys.stderr = BoundedLog(sys.stderr)
    logging.basicConfig(level=logging.WARNING)
    memory.few_arenas()
    most_pages = places(most_pages)
    routes = importlib.import_module(environment["SOLARA_APP"]).routes
    pages = [f"/{route.path.strip('/')}" for route in routes]
    gate = Gate(
        app, host, port, pages, announced,
        {path: Secret(*names) for path, names in (secrets or {}).items()}, most_pages,
    )  # fmt: skip
    return Serving(gate, most_pages)


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


def _announce(server: "Serving", address: str, show: bool) -> None:
    while not server.started:
        time.sleep(0.02)
    print(address, flush=True)
    print("the room is open; Ctrl-C closes it.", file=sys.stderr, flush=True)
    if show:
        webbrowser.open(address)
