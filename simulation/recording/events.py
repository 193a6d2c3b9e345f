"""The event log: what happened, who did it, and what caused it.

Ids are made of stable names (the key of a shipment, a week, a sector, a network), so the same
event has the same id in another scenario with the same seed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tocsin.simulation.errors import InputError
from tocsin.simulation.messages import _
from tocsin.simulation.state import Laid

COLUMNS = (
    "event_id", "week", "kind", "actor", "country", "sector", "network", "commodity", "amount",
    "cause_id",
)  # fmt: skip
KINDS = {
    "policy": "levers took new values",
    "treatment": "a treatment began or ended, or a shock acted",
    "seizure": "an agency seized a shipment; the cause is the watch, if there was one",
    "tip": "a seizure revealed a route; the cause is the seizure",
    "release": "the hub released an item to partners; the cause is the tip",
    "watch": "an agency began to watch a network in a sector; the cause is the tip or release",
    "operation": "an agency acted against a network; the cause is the latest evidence it used",
    "arrest": "members arrested in an operation or a shock",
    "dismantled": "an operation ended a network",
    "failed": "a network ran out of money",
    "founded": "a network took the place of one that had ended; the cause is that end",
    "modus": "a network changed its modus operandi",
    "split": "a network without leaders split; the cause is the arrest",
    "task force": "the coordinator formed a joint task force on a network",
    "joint operation": "parties of a task force acted together; the cause is the latest evidence",
    "deployment": "a rapid response unit was ordered to a sector; the cause is the news",
    "leak": "a reader sold an item to the network; the cause is the release",
    "leak noticed": "the sender found out who had leaked; the cause is the leak",
    "prediction": "the hub's analysts predicted a network's way; the cause is the seizure",
    "public tip": "somebody told an agency of a network at a place",
    "ratified": "a member ratified the common instrument",
    "report": "the coordinator closed the books of a year; the amount is what it moved",
    "wreck": "a boat was in distress; the amount is how many died",
    "delivery": "a shipment reached its market; only with details",
    "missed": "a watch on a received tip led to nothing in time; the amount is how many "
    "shipments came by; only with details",
}

_guests: dict[str, tuple[str, str]] = {}  # of mechanisms from outside: kind -> whose, meaning


def declare(mechanism: str, kinds: Mapping[str, str]) -> None:
    """Make the kinds of events of a mechanism known; those that it declared before are forgotten.

    Raises
    ------
    InputError
        The package, or another mechanism, has events of this kind.
    """
    for kind in kinds:
        if kind in KINDS or _guests.get(kind, (mechanism,))[0] != mechanism:
            raise InputError(_("mechanism {mechanism}: events: {kind} is there already; choose "
                               "another word.", mechanism=repr(mechanism),
                               kind=repr(kind)))  # fmt: skip
    for kind in [kind for kind, (owner, said) in _guests.items() if owner == mechanism]:
        del _guests[kind]
    _guests.update({kind: (mechanism, meaning) for kind, meaning in kinds.items()})


def meaning(kind: str) -> str:
    """What events of a kind are, without what their cause is; the word itself if nobody says."""
    said = KINDS[kind] if kind in KINDS else _guests.get(kind, ("", kind))[1]
    return said.partition(";")[0]


@dataclass
class Found:
    """Seizures of one week in columns of numbers, with the names behind the numbers."""

    week: int
    key: NDArray[np.uint64]
    country: NDArray[np.int64]
    agency: NDArray[np.int64]
    sector: NDArray[np.int32]
    network: NDArray[np.int64]
    lane: NDArray[np.int32]
    commodity: NDArray[np.int64]
    amount: NDArray[np.int64]
    causes: dict[int, str]  # by position, where there was a watch
    names: tuple[tuple[str, ...], ...]  # of countries, agencies, sectors, networks, commodities

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Rows of the log."""
        columns = (self.key, self.country, self.agency, self.sector, self.network, self.commodity,
                   self.amount)  # fmt: skip
        codes, agencies, sectors, networks, goods = self.names
        lists = zip(*(column.tolist() for column in columns), strict=True)
        for number, (key, country, agency, sector, network, good, amount) in enumerate(lists):
            yield (
                seizure_id(key), self.week, "seizure", agencies[agency], codes[country],
                sectors[sector], networks[network], goods[good], amount,
                self.causes.get(number, ""),
            )  # fmt: skip


class EventLog(Laid):
    """Events of one run in the order in which they happened; records nothing if switched off."""

    def __init__(self, on: bool) -> None:
        self.on = on
        self._rows: list[tuple[object, ...] | Found] = []

    def record(
        self,
        event_id: str,
        week: int,
        kind: str,
        actor: str,
        *,
        country: str = "",
        sector: str = "",
        network: str = "",
        commodity: str = "",
        amount: float | None = None,
        cause: str = "",
    ) -> str:
        """Note one event; returns its id."""
        if self.on:
            row = (event_id, week, kind, actor, country, sector, network, commodity, amount, cause)
            self._rows.append(row)
        return event_id

    def seizures(self, found: "Found") -> None:
        """Note a week's seizures; they are put into words when the log is read."""
        if self.on:
            self._rows.append(found)

    def since(self, week: int) -> list[tuple[object, ...]]:
        """Rows (as `COLUMNS`) of the weeks from `week` on, in order."""
        first = len(self._rows)
        while first and _week(self._rows[first - 1]) >= week:
            first -= 1
        return _in_words(self._rows[first:])

    def frame(self) -> pd.DataFrame:
        """The log as a table; `amount` is in the smallest unit, persons or a number."""
        table = pd.DataFrame(_in_words(self._rows), columns=list(COLUMNS))
        return table.astype({"week": "int64", "amount": "float64"})

    def __deepcopy__(self, memo: dict[int, object]) -> "EventLog":
        """A log that goes its own way; what is written never changes and is shared."""
        twin = EventLog(self.on)
        twin._rows = list(self._rows)
        return twin


def _week(row: tuple[object, ...] | Found) -> int:
    return row.week if isinstance(row, Found) else int(row[1])  # pyright: ignore[reportArgumentType]


def _in_words(kept: Iterable[tuple[object, ...] | Found]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for row in kept:
        rows.extend(row.rows() if isinstance(row, Found) else (row,))
    return rows


def seizure_id(key: int) -> str:
    """Event id of the seizure of a shipment."""
    return f"seizure-{key:016x}"
