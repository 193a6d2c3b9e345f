"""The hub (M5, M6, M7): it releases what is due, somebody sells it, and analysts predict routes.

Every agency that receives an item may leak it: the more of its effort can be bought and the
less the channel protects the item, the more likely. The network that hears of it keeps away from
the places named. If the sender finds out, trust in the leaky partner falls.
"""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation import kernels
from tocsin.simulation.mechanisms.agencies.intelligence import (
    RELEASED_PREDICTION,
    RELEASED_TIP,
    Item,
    Items,
)
from tocsin.simulation.mechanisms.cooperation.budget import LIAISON, effect
from tocsin.simulation.notes import Notes
from tocsin.simulation.randomness import chained
from tocsin.simulation.recording.events import seizure_id
from tocsin.simulation.world import World


def liaison_share(world: World) -> float:
    """Share of the items that liaison officers carry."""
    return effect(world.budget[LIAISON], world.parameters.intelligence.liaison_half_musd)


def channel_weeks(world: World) -> tuple[int, int]:
    """Weeks that an item takes by a liaison officer, and the slow way."""
    rules = world.parameters.intelligence
    return min(rules.liaison_weeks, rules.delay_weeks), rules.delay_weeks


def freshest_first(released: list[Items], week: int) -> list[Item]:
    """Items that come out in a week, those that were seen last first."""
    items = [lot.one(row) for lot in released for row in lot.due(week)]
    return sorted(items, key=lambda item: (-item.seen, item.tip))


def release(world: World, notes: Notes) -> list[Items]:
    """Hand to partners what has waited long enough; returns it."""
    released = world.hub.open(world.week)
    for items in released:
        readers, leaks = _let_out(world, items)
        word = RELEASED_TIP if items.kind == "tip" else RELEASED_PREDICTION
        world.picture.receive(items, readers, word)
        for row in items.due(world.week) if world.log.on else leaks:
            item = items.one(row)
            event = world.log.record(
                f"release-{item.tip}", world.week, "release", "IGO",
                country=world.roster.codes[item.origin],
                network=world.networks.name_in(item.network, item.seen), cause=item.tip,
            )  # fmt: skip
            for reader in leaks.get(row, ()):
                _leak(world, notes, item, reader, event)
    return released


def _let_out(world: World, items: Items) -> tuple[NDArray[np.bool_], dict[int, list[int]]]:
    """Readers of the items that are due, [n, A]; those who sell them, by number of the item."""
    rules = world.parameters.intelligence
    readers = np.empty_like(items.recipients)
    leaks = np.empty((readers.size, 2), dtype=np.int64)
    kernels.let_out(world.week, np.where(items.void, 0, items.weeks), items.routes,
                    items.recipients, world.networks.active, readers)  # fmt: skip
    count = kernels.sell(
        world.streams.key("leak"), items.key, world.roster.keys, readers, rules.leak_rate,
        world.roster.of_country(world.integrity.by_country), 1 - rules.confidentiality, leaks,
    )  # fmt: skip
    found: dict[int, list[int]] = {}
    for row, reader in leaks[:count].tolist():
        found.setdefault(row, []).append(reader)
    return readers, found


def _leak(world: World, notes: Notes, item: Item, reader: int, release: str) -> None:
    """A reader sells an item to the network it is about."""
    rules = world.parameters.intelligence
    name = world.networks.names[item.network]
    roster = world.roster
    code, own = roster.codes[reader], roster.ids[reader]
    event = world.log.record(f"leak-{own}-{item.tip}", world.week, "leak", own,
                             country=code, network=name, cause=release)  # fmt: skip
    notes.count("items_leaked", 1)
    named = np.zeros(len(world.sectors.ids), dtype=bool)
    named[item.sectors] = True
    world.beliefs.alarm(item.network, named, rules.warning)
    noticed = chained(roster.keys[reader : reader + 1], item.key)
    if world.streams.uniform("leak noticed", noticed)[0] < rules.leak_noticed:
        world.cooperation.disappoint(item.origin, reader)
        sender = roster.ids[item.origin]
        world.log.record(f"noticed-{event}", world.week, "leak noticed", sender,
                         country=code, network=name, cause=event)  # fmt: skip


def predict(
    world: World, notes: Notes, recipients: NDArray[np.bool_], weeks: NDArray[np.int64]
) -> None:
    """Analysts say which way networks take, from the seizures of the week that members share.

    `recipients` is bool[n, A], `weeks` int64[n], in which the hub lets each out, 0 for never.
    """
    found, lanes = notes.found, world.trade.lanes
    chance = world.parameters.intelligence.prediction_rate * world.hub_analysis.level
    if chance == 0 or not world.parameters.channels.shared_tips:
        return
    drawn = world.streams.uniform("prediction", found.key) < chance
    for number in np.flatnonzero(drawn & (weeks > 0)).tolist():
        network, sector = int(found.network[number]), int(found.sector[number])
        if not world.networks.active[network]:
            continue
        one = slice(number, number + 1)
        key = found.key[one]
        passing = (lanes.place_network == network) & (lanes.place_sector == sector)
        ways = lanes.place_lane[passing]
        lane = int(ways[int(world.streams.uniform("predicted way", key)[0] * ways.size)])
        origin = int(found.agency[number])
        world.log.record(
            f"prediction-{int(key[0]):016x}", world.week, "prediction", "IGO",
            country=world.roster.codes[origin], network=world.networks.name_in(network, world.week),
            cause=seizure_id(int(key[0])),
        )  # fmt: skip
        route = (origin, network, world.networks.modus[network], lanes.start[lane], lanes.end[lane])
        items = Items("prediction", world.week, key, np.array([route], dtype=np.int64),
                      recipients[one], weeks[one], lanes.place_sector)  # fmt: skip
        world.hub.accept(items)
        notes.count("predictions", 1)
