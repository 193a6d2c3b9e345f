"""Notes: what one phase of a week leaves for later ones.

They are made anew each week. What one week hands to the next is the state of a mechanism, and
no note. Each note says its shape, its unit, the phase that writes it and the phases that read it;
a note that is read before it was written is an AttributeError.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, NamedTuple, get_type_hints

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.errors import InputError, nearest
from tocsin.simulation.mechanisms.agencies.intelligence import Items
from tocsin.simulation.mechanisms.networks.shipments import Week
from tocsin.simulation.messages import _
from tocsin.simulation.recording.events import Found
from tocsin.simulation.recording.record import Goods


class Note(NamedTuple):
    """What is to be known of a note: shape, unit, the phase that writes it, those that read it."""

    shape: str
    unit: str
    written: str
    read: tuple[str, ...]


class Arrests(NamedTuple):
    """Arrests of the week in one network.

    `country` is the code of the agency's country, "" in a shock of the scenario; `network` a
    number, `members` how many, `event` the id of the event.
    """

    country: str
    network: int
    members: int
    event: str


@dataclass
class Notes:
    """The notes of one week; L lanes, K goods, N networks, S sectors, A agencies, C countries.

    Attributes
    ----------
    goods
        The week's row of the record, to which all phases add.
    tally
        Counters of the week by name.
    numbers
        What mechanisms from outside measure in the week, by name.
    rows, week
        Of the record, for every indicator that stands for each country or commodity, and the week.
    arrests
        Who was arrested in the week, for mechanisms from outside.
    """

    goods: Goods
    tally: dict[str, int]
    numbers: dict[str, float]
    rows: Mapping[str, NDArray[Any]]
    week: int
    arrests: list[Arrests] = field(default_factory=list)
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
            "[A]", "seizures' worth of a seizure", "investigation", ("investigation", "reporting")
        ),
    ] = field(init=False, repr=False)
    owed: Annotated[
        NDArray[np.float64],
        Note("[A, A]", "seizures, by whose tip", "adaptation", ("adaptation", "institutions")),
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
        """Add to one of this week's counters.

        Raises InputError if nothing of this name is counted.
        """
        try:
            self.tally[name] += number
        except KeyError:
            raise InputError(_(
                "indicator {name}: none of this name is counted{nearest}.", name=repr(name),
                nearest=nearest(name, self.tally),
            )) from None  # fmt: skip

    def measure(self, name: str, value: float) -> None:
        """Report what a mechanism from outside measures once in a week.

        Raises InputError if no mechanism of the scenario declares such an indicator as measured.
        """
        if name not in self.numbers:
            raise InputError(_(
                "indicator {name}: no mechanism of the scenario declares one that is measured"
                "{nearest}.", name=repr(name), nearest=nearest(name, self.numbers),
            ))  # fmt: skip
        self.numbers[name] = float(value)

    def row(self, name: str) -> NDArray[Any]:
        """The week's values of an indicator for each country [C] or commodity [K], to be written.

        Raises InputError if no indicator of this name stands for countries or commodities.
        """
        if name not in self.rows:
            raise InputError(_(
                "indicator {name}: none of this name stands for each country or commodity{nearest}"
                ".", name=repr(name), nearest=nearest(name, self.rows),
            ))  # fmt: skip
        return self.rows[name][self.week - 1]


def what_is_noted() -> dict[str, Note]:
    """Every note by name, in the order of the week."""
    hints = get_type_hints(Notes, include_extras=True)
    return {
        name: hint.__metadata__[0] for name, hint in hints.items()
        if getattr(hint, "__metadata__", None)
    }  # fmt: skip
