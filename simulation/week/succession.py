"""Succession (M7, M8): a network ends, splits, or takes the place of one that has ended."""

import numpy as np
from tocsin.simulation.notes import Notes
from tocsin.simulation.world import World


def end(world: World, notes: Notes, number: int, event: str) -> None:
    """Go out of business: what is under way is abandoned, and what was known is void."""
    lanes, under_way = world.trade.lanes, world.shipments
    world.networks.end(number, event)
    own = lanes.network[under_way.lane[: under_way.count]] == number
    lane, amount = under_way.remove(own)
    np.add.at(notes.goods.lost, world.trade.lane_commodity[lane], amount)
    world.beliefs.forget(number)
    world.forget(number)


def found(world: World, number: int) -> None:
    """Take the place of the network that ended here, at full strength."""
    _begin(world, number, world.networks.ended_by[number])
    world.members.found(number)


def _begin(world: World, number: int, cause: str) -> None:
    name = world.networks.found(number, world.week)
    world.race.found(number)
    world.forget(number)  # the week in which the last one ended may have brought more of it
    for line in np.flatnonzero(world.trade.line_network == number).tolist():
        world.portfolios.begin(line, world.week, world.parameters.trafficking)
    world.log.record(f"founded-{name}", world.week, "founded", name, network=name, cause=cause)


def split(world: World, notes: Notes, number: int, cause: str) -> None:
    """Without a leader, half of the members go; where there is a vacant place they take it."""
    name = world.networks.names[number]
    gone = world.members.part(number, world.week, world.streams)
    half = world.networks.capital[number] / 2
    world.networks.capital[number] = half
    notes.count("networks_split", 1)
    event = world.log.record(f"split-{world.week}-{name}", world.week, "split", name,
                             network=name, amount=gone.size, cause=cause)  # fmt: skip
    place = world.networks.vacant_place(number)
    if place is not None:
        _begin(world, place, event)
        strength = gone.size / world.trade.size[place]
        world.members.regroup(place, strength, world.week, world.streams)
        world.networks.capital[place] = half
