"""The public (M17): people tell an agency of their country of what passes near them."""

import numpy as np
from tocsin.simulation import kernels
from tocsin.simulation.mechanisms.agencies.intelligence import PUBLIC, TIP, Items, public_id
from tocsin.simulation.notes import Notes
from tocsin.simulation.randomness import chained
from tocsin.simulation.world import World

YEAR = 52


def tips(world: World, notes: Notes) -> None:
    """People tell their own agency of what passes near them; rarely, and not always rightly."""
    rules = world.parameters.governance
    usual = rules.public_tips_per_year / YEAR
    aware = 1 + (rules.public_tips_most - 1) * world.awareness.level
    tips = np.empty((int(len(world.codes) * (usual * aware + 1)), 3), dtype=np.int64)
    count = kernels.public_tips(
        world.streams.keys("public", "public place"), world.week, world.country_keys,
        world.place_owner, notes.moved.passed, usual, aware, tips,
    )  # fmt: skip
    notes.count("public_tips", count)
    for country, nth, place in tips[:count].tolist():
        _tip(world, country, nth, place)


def _tip(world: World, country: int, nth: int, place: int) -> None:
    """One tip: a network at a place, as it is or mistaken for another one."""
    lanes, streams, week = world.trade.lanes, world.streams, world.week
    key = chained(world.country_keys[country : country + 1], nth)
    network = int(lanes.place_network[place])
    accuracy = world.parameters.governance.public_accuracy
    if streams.uniform("public accuracy", key, week)[0] > accuracy:
        awake = np.flatnonzero(world.networks.active)
        drawn = streams.uniform("public mistake", key, week)[0]
        network = int(awake[int(drawn * awake.size)]) if awake.size else network
    code = world.codes[country]
    world.log.record(
        public_id(week, code, nth), week, "public tip", "public", country=code,
        sector=world.sectors.ids[lanes.place_sector[place]], network=world.networks.names[network],
    )  # fmt: skip
    agency = int(world.roster.sector_agency[lanes.place_sector[place]])
    tell(world, agency, network, place, place + 1, nth, PUBLIC)


def tell(
    world: World, agency: int, network: int, start: int, end: int, key: int, word: int = TIP
) -> None:
    """An agency hears that a network works, by its present method, at some places.

    Parameters
    ----------
    agency, network
        Numbers of who hears and of whom.
    start, end
        First place and the one behind the last, of one lane.
    key
        64-bit key of the tip; the event by which it became known has the id ``tip-`` and the key
        in 16 hexadecimal digits.
    word
        Kind of that event, a number in `tocsin.simulation.mechanisms.agencies.intelligence.WORDS`.
    """
    own = np.zeros((1, len(world.roster)), dtype=bool)
    own[0, agency] = True
    route = (agency, network, int(world.networks.modus[network]), start, end)
    item = Items("tip", world.week, np.array([key], dtype=np.uint64),
                 np.array([route], dtype=np.int64), own, np.zeros(1, dtype=np.int64),
                 world.trade.lanes.place_sector)  # fmt: skip
    world.picture.receive(item, own, word)
