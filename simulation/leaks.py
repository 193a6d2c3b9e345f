"""Leaks (M6): what many can read, somebody sells.

Every agency that receives an item may leak it: the more of its effort can be bought and the
less the channel protects the item, the more likely. The network that hears of it keeps away from
the places named. If the sender finds out, trust in the leaky partner falls.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulation import kernels
from simulation.intelligence import Item, Items
from simulation.randomness import chained

if TYPE_CHECKING:
    from simulation.model import BorderModel


def let_out(model: "BorderModel", items: Items) -> tuple[NDArray[np.bool_], dict[int, list[int]]]:
    """Readers of the items that are due, [n, C]; those who sell them, by number of the item."""
    rules = model.parameters.intelligence
    readers = np.empty_like(items.recipients)
    leaks = np.empty((readers.size, 2), dtype=np.int64)
    count = kernels.release(
        model.streams.key("leak"), model.week, np.where(items.void, 0, items.weeks),
        items.key, items.routes, items.recipients, model.networks.active, model.country_keys,
        rules.leak_rate, model.integrity.by_country, 1 - rules.confidentiality, readers, leaks,
    )  # fmt: skip
    found: dict[int, list[int]] = {}
    for row, reader in leaks[:count].tolist():
        found.setdefault(row, []).append(reader)
    return readers, found


def leak(model: "BorderModel", item: Item, reader: int, release: str) -> None:
    """A reader sells an item to the network it is about."""
    rules = model.parameters.intelligence
    name = model.networks.names[item.network]
    code = model.codes[reader]
    event = model.log.record(f"leak-{code}-{item.tip}", model.week, "leak", code,
                             country=code, network=name, cause=release)  # fmt: skip
    model.count("items_leaked", 1)
    named = np.zeros(len(model.sectors.ids), dtype=bool)
    named[item.sectors] = True
    model.beliefs.alarm(item.network, named, rules.warning)
    noticed = chained(model.country_keys[reader : reader + 1], item.key)
    if model.streams.uniform("leak noticed", noticed)[0] < rules.leak_noticed:
        model.cooperation.disappoint(item.origin, reader)
        sender = model.codes[item.origin]
        model.log.record(f"noticed-{event}", model.week, "leak noticed", sender,
                         country=code, network=name, cause=event)  # fmt: skip
