"""The event log: what happened, who did it, and what caused it.

Ids are made of stable names (the key of a shipment, a week, a sector, a network), so the same
event has the same id in another scenario with the same seed.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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
}


class EventLog:
    """Events of one run in the order in which they happened; records nothing if switched off."""

    def __init__(self, on: bool) -> None:
        self.on = on
        self._rows: list[tuple[object, ...]] = []

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

    def seizures(
        self,
        week: int,
        keys: NDArray[np.uint64],
        countries: Sequence[str],
        sectors: Sequence[str],
        networks: Sequence[str],
        commodities: Sequence[str],
        amounts: NDArray[np.int64],
        causes: Sequence[str],
    ) -> None:
        """Note a week's seizures, all columns of equal length."""
        if self.on:
            columns = (countries, sectors, networks, commodities, amounts.tolist(), causes)
            self._rows.extend(
                (seizure_id(key), week, "seizure", country, country, *rest)
                for key, country, *rest in zip(keys.tolist(), *columns, strict=True)
            )

    def frame(self) -> pd.DataFrame:
        """The log as a table; `amount` is in the smallest unit, persons or a number."""
        table = pd.DataFrame(self._rows, columns=list(COLUMNS))
        return table.astype({"week": "int64", "amount": "float64"})


def seizure_id(key: int) -> str:
    """Event id of the seizure of a shipment."""
    return f"seizure-{key:016x}"
