"""The one room of this server, and where a browser comes from."""

from dataclasses import dataclass

from tocsin.dashboard.answering import ADDRESS
from tocsin.dashboard.classroom.room import Room

_held: list[Room] = []


def hold(room: Room) -> None:
    """Make a room that of this server."""
    _held[:] = [room]


def held() -> Room:
    """The room of this server; raises LookupError before there is one."""
    if not _held:
        raise LookupError("no room is open")
    return _held[0]


def address_of(headers: dict[str, list[str]] | None) -> str:
    """Where a page's browser is, from the headers of its connection."""
    return ((headers or {}).get(ADDRESS) or ["unknown"])[-1]


@dataclass(frozen=True)
class Sender:
    """Who sends something: the address of a browser, and one of its pages."""

    address: str
    page: str
