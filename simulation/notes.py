"""Notes: what one phase of a week leaves for later ones.

They are made anew each week. What one week hands to the next is the state of a mechanism, and
no note. Each note says its shape, its unit, the phase that writes it and the phases that read it;
a note that is read before it was written is an AttributeError.
"""

from dataclasses import dataclass, field
from typing import Annotated, NamedTuple, get_type_hints

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.mechanisms.agencies.intelligence import Items
from tocsin.simulation.mechanisms.networks.shipments import Week
from tocsin.simulation.recording.events import Found
from tocsin.simulation.recording.record import Goods


class Note(NamedTuple):
    """What is to be known of a note: shape, unit, the phase that writes it, those that read it."""

    shape: str
    unit: str
    written: str
    read: tuple[str, ...]


@dataclass
class Notes:
    """The notes of one week; L lanes, K commodities, N networks, S sectors, C countries.

    Attributes
    ----------
    goods
        The week's row of the record, to which all phases add.
    tally
        Counters of the week by name.
    """

    goods: Goods
    tally: dict[str, int]
    released: Annotated[list[Items], Note("lots", "items", "intelligence", ("response",))] = field(
        init=False, repr=False
    )
    evidence_arrived: Annotated[
        float, Note("", "seizures' worth", "intelligence", ("institutions", "measurement"))
    ] = field(init=False, repr=False)
    watch_list: Annotated[NDArray[np.bool_], Note("[S, N]", "", "patrolling", ("response",))] = (
        field(init=False, repr=False)
    )
    risk: Annotated[
        NDArray[np.float64], Note("[N, S]", "probability", "trafficking", ("trafficking",))
    ] = field(init=False, repr=False)
    spent: Annotated[NDArray[np.float64], Note("[L]", "USD", "trafficking", ("adaptation",))] = (
        field(init=False, repr=False)
    )
    moved: Annotated[
        Week,
        Note(
            "columns",
            "shipments, smallest units",
            "movement",
            ("movement", "investigation", "reporting", "adaptation", "measurement"),
        ),
    ] = field(init=False, repr=False)
    taken: Annotated[
        NDArray[np.uint64], Note("[n]", "keys of shipments", "movement", ("movement",))
    ] = field(init=False, repr=False)
    found: Annotated[
        Found,
        Note(
            "columns",
            "seizures",
            "movement",
            ("movement", "investigation", "reporting", "adaptation", "institutions"),
        ),
    ] = field(init=False, repr=False)
    skill: Annotated[
        NDArray[np.float64],
        Note(
            "[C]", "seizures' worth of a seizure", "investigation", ("investigation", "reporting")
        ),
    ] = field(init=False, repr=False)
    owed: Annotated[
        NDArray[np.float64],
        Note("[C, C]", "seizures, by whose tip", "adaptation", ("adaptation", "institutions")),
    ] = field(init=False, repr=False)
    profit: Annotated[
        NDArray[np.float64], Note("[K]", "USD", "adaptation", ("adaptation", "measurement"))
    ] = field(init=False, repr=False)
    bribes_paid: Annotated[float, Note("", "USD", "adaptation", ("measurement",))] = field(
        init=False, repr=False
    )
    unabsorbed: Annotated[
        float, Note("", "million USD a year", "institutions", ("measurement",))
    ] = field(init=False, repr=False)
    moved_musd: Annotated[
        float, Note("", "million USD a year", "institutions", ("measurement",))
    ] = field(init=False, repr=False)

    def count(self, name: str, number: int) -> None:
        """Add to one of this week's counters; an unknown name is a KeyError."""
        self.tally[name] += number


def what_is_noted() -> dict[str, Note]:
    """Every note by name, in the order of the week."""
    hints = get_type_hints(Notes, include_extras=True)
    return {
        name: hint.__metadata__[0] for name, hint in hints.items()
        if getattr(hint, "__metadata__", None)
    }  # fmt: skip
