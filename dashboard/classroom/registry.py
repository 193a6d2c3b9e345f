"""The one room of this server, and where a browser comes from."""

from collections.abc import Awaitable, Callable
from typing import Any

from dashboard.classroom.room import Room

ADDRESS = "x-tocsin-address"
_held: list[Room] = []


def hold(room: Room) -> None:
    """Make a room that of this server."""
    _held[:] = [room]


def held() -> Room:
    """The room of this server; raises LookupError before there is one."""
    if not _held:
        raise LookupError("no room is open")
    return _held[0]


class Addressed:
    """An ASGI application whose requests say which machine they come from.

    The header is ours: what a browser sends under its name is dropped, so that nobody can pass
    for another machine before the limiter.
    """

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Pass a request on, with the address of its sender."""
        if scope["type"] in ("http", "websocket"):
            client = (scope.get("client") or ("unknown", 0))[0]
            kept = [pair for pair in scope["headers"] if pair[0].lower() != ADDRESS.encode()]
            scope = {**scope, "headers": [*kept, (ADDRESS.encode(), str(client).encode())]}
        await self._app(scope, receive, send)


def address_of(headers: dict[str, list[str]] | None) -> str:
    """Where a page's browser is, from the headers of its connection."""
    return ((headers or {}).get(ADDRESS) or ["unknown"])[-1]
