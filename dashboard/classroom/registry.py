"""The one room of this server, and where a browser comes from."""

from dataclasses import dataclass

from tocsin.classroom.room import Room
from tocsin.dashboard.classroom.weeks import WeekMaps
from tocsin.dashboard.serving.answering import ADDRESS

_held: list[tuple[Room, WeekMaps]] = []


def hold(room: Room, maps: WeekMaps) -> None:
    """Make a room, and the maps of its weeks, those of this server."""
    _held[:] = [(room, maps)]


def held() -> Room:
    """The room of this server; raises LookupError before there is one."""
    return _only()[0]


def held_maps() -> WeekMaps:
    """The maps of its weeks; raises LookupError before there is a room."""
    return _only()[1]


def _only() -> tuple[Room, WeekMaps]:
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
