"""The policy phase: what a scenario's schedule does to a running model.

A change replaces levers. A shock acts once on members or on goods under way. A treatment is held
from its first week to its last: patrols at given sectors, corruption, a closed market, or no
enforcement at all. None of them touches an outcome.
"""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.geography.grid import SEA
from tocsin.simulation.notes import Notes
from tocsin.simulation.randomness import key_of
from tocsin.simulation.scenario.overrides import replaced
from tocsin.simulation.scenario.schedule import (
    Arrest,
    CloseMarket,
    Corruption,
    EnforcementOff,
    Place,
    SeizeStock,
    TakeOverMarket,
    Treatment,
)
from tocsin.simulation.week import arrests, crossing
from tocsin.simulation.week.covert import spoil_trust
from tocsin.simulation.world import World


def act(world: World, notes: Notes) -> None:
    """Begin, hold and end what is due this week."""
    week, schedule = world.week, world.schedule
    for number, change in enumerate(schedule.changes):
        if change.week == week:
            world.take_over(replaced(world.parameters, change.set))
            world.log.record(f"policy-{week}-{number}", week, "policy", "IGO")
    for number, treatment in enumerate(schedule.treatments):
        if week in (treatment.from_week, treatment.to_week + 1):
            begins = week == treatment.from_week
            state = "begin" if begins else "end"
            world.log.record(f"treatment-{state}-{number}", week, "treatment", treatment.kind)
            _turn(world, number, treatment, begins)
    for number, shock in enumerate(schedule.shocks):
        if shock.week == week:
            event = f"shock-{week}-{number}"
            world.log.record(event, week, "treatment", shock.kind)
            if isinstance(shock, Arrest):
                _arrest(world, notes, shock, event)
            else:
                _seize(world, notes, shock)


def _turn(world: World, number: int, treatment: Treatment, begins: bool) -> None:
    """A treatment begins or ends."""
    held = world.treatments
    if isinstance(treatment, EnforcementOff):
        held.enforcement_off = begins
    elif isinstance(treatment, CloseMarket):
        for market in _markets(world, treatment.market):
            world.markets.open[market] = not begins
        world.portfolios.open = world.markets.open[world.trade.lanes.market]
    elif isinstance(treatment, TakeOverMarket):
        for market in _markets(world, treatment.market):
            held.taken_over[market] = begins
            if not begins:
                spoil_trust(world, market)
    elif isinstance(treatment, Corruption):
        at = sectors_at(world, treatment.place)
        world.integrity.hold(at, treatment.value if begins else np.nan)
        world.take_bribes()
    elif begins:
        at = sectors_at(world, treatment.place)
        world.patrols.held[at] = treatment.factor * world.patrols.usual_effort()[at]
        held.held[number] = at
    else:
        world.patrols.held[held.held.pop(number)] = np.nan


def _markets(world: World, name: str) -> list[int]:
    """Numbers of the markets of one name."""
    return [n for n, (_, market) in enumerate(world.trade.markets) if market == name]


def sectors_at(world: World, place: Place) -> NDArray[np.int64]:
    """Sector numbers of a place; the busiest are those of the last 52 weeks."""
    sectors = world.sectors
    if place.kind == "sector":
        return np.array([sectors.ids.index(place.name)])
    if place.kind == "country":
        return np.flatnonzero(sectors.country == world.codes.index(place.name))
    if place.kind == "coast":
        owned = sectors.country == world.codes.index(place.name)
        return np.flatnonzero(owned & (sectors.neighbour == SEA))
    if place.kind == "pair":
        first, second = (world.codes.index(code) for code in place.name.split("-"))
        ends = np.sort(np.column_stack([sectors.country, sectors.neighbour]), axis=1)
        return np.flatnonzero((ends == sorted((first, second))).all(axis=1))
    if place.kind == "busiest":
        flow = world.record.recent_flow()
        return np.sort(np.argsort(-flow, kind="stable")[: int(place.amount)])
    drawn = world.streams.uniform("share of sectors", world.patrols.keys)
    count = max(1, round(place.amount * drawn.size))
    return np.sort(np.argsort(drawn, kind="stable")[:count])


def _arrest(world: World, notes: Notes, shock: Arrest, event: str) -> None:
    """Part of the members of each network that is meant are arrested."""
    for network, name in enumerate(world.trade.ids):
        if not world.networks.active[network] or (shock.networks and name not in shock.networks):
            continue
        share = shock.share
        if share is None:
            at_large = int(world.members.filled[network].sum())
            share = min(1.0, (shock.number or 0) / max(1, at_large))
        loss = arrests.lose(world, notes, network, share, shock.targeting, shock.role, event,
                            shock.kind, "")  # fmt: skip
        arrests.go_on(world, notes, network, loss)


def _seize(world: World, notes: Notes, shock: SeizeStock) -> None:
    """Part of what is under way is seized, each by the owner of the sector it is next to pass."""
    under_way = world.shipments
    meant = np.ones(len(world.trade.ids), dtype=bool)
    if shock.networks:
        meant = np.isin(np.array(world.trade.ids), shock.networks)
    keys = under_way.key[: under_way.count]
    network = world.trade.lanes.network[under_way.lane[: under_way.count]]
    drawn = world.streams.uniform("seize_stock", keys ^ np.uint64(key_of(shock.kind)), world.week)
    chosen = (drawn < shock.share) & meant[network]
    lanes, lane = world.trade.lanes, under_way.lane[: under_way.count][chosen]
    place = np.minimum(under_way.place[: under_way.count][chosen], lanes.end[lane] - 1)
    owner = world.sectors.country[lanes.place_sector[place]]
    _, amount = under_way.remove(chosen)
    good = world.trade.lane_commodity[lane]
    crossing.hold(world, notes, good, amount)
    np.add.at(notes.goods.seized_by, (good, owner), amount)
