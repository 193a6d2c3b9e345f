"""Leaks (M6): what many can read, somebody sells.

Every agency that receives an item may leak it: the more of its effort can be bought and the
less the channel protects the item, the more likely. The network that hears of it keeps away from
the places named. If the sender finds out, trust in the leaky partner falls.
"""

from typing import TYPE_CHECKING

import numpy as np

from simulation.intelligence import Item
from simulation.randomness import chained

if TYPE_CHECKING:
    from simulation.model import BorderModel


def leak(model: "BorderModel", item: Item, release: str) -> None:
    """Let each reader of a released item leak it or not."""
    rules = model.parameters.intelligence
    readers = np.flatnonzero(item.recipients)
    keys = chained(np.full(readers.size, item.key, dtype=np.uint64), model.country_keys[readers])
    bought = model.integrity.by_country(model.parameters.governance)[readers]
    chance = rules.leak_rate * bought * (1 - rules.confidentiality)
    for reader in readers[model.streams.uniform("leak", keys) < chance].tolist():
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
