"""The books of all trafficking networks, in columns; the agents decide on their own rows."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.elementary import exp
from tocsin.simulation.geography.grid import BorderGrid, Sectors
from tocsin.simulation.geography.modes import mode_of
from tocsin.simulation.geography.routes import Route, RouteTable
from tocsin.simulation.mechanisms.networks.portfolio import Portfolios, Terms
from tocsin.simulation.mechanisms.networks.shipments import Lanes
from tocsin.simulation.parameters import Commodity, Network, Parameters
from tocsin.simulation.randomness import Keys, Streams, key_of, keys_of
from tocsin.simulation.state import Laid

WEEKS = 52


@dataclass(frozen=True)
class Trade(Laid):
    """Who trades in what, from where to where: fixed for a run.

    A *line* is one network's trade in one commodity; most networks have one line, some two.

    Attributes
    ----------
    commodities
        Names, sorted; a commodity number is an index into them.
    smallest
        int64[K], grams, persons or cents in a unit of each commodity.
    markets
        (commodity number, market) of each market; a market number is an index.
    routes
        All candidate routes; `lanes.route` is an index.
    turn
        int64[N], week from which a network counts its own turns to review.
    dormant
        bool[N].
    size
        int64[N], members at full strength.
    line_network, line_commodity
        int64[B], in order of network.
    capacity
        float64[B], units a week at full strength and the usual margin.
    lanes, lane_keys, lane_commodity, terms
        Routes by line, their stable keys, what moves on them, and what they cost.
    """

    ids: tuple[str, ...]
    keys: Keys
    commodities: tuple[str, ...]
    smallest: NDArray[np.int64]
    markets: tuple[tuple[int, str], ...]
    routes: RouteTable
    turn: NDArray[np.int64]
    dormant: NDArray[np.bool_]
    size: NDArray[np.int64]
    line_network: NDArray[np.int64]
    line_commodity: NDArray[np.int64]
    capacity: NDArray[np.float64]
    lanes: Lanes
    lane_keys: Keys
    lane_commodity: NDArray[np.int64]
    terms: Terms

    @classmethod
    def lay_out(
        cls, grid: BorderGrid, sectors: Sectors, parameters: Parameters, streams: Streams
    ) -> "Trade":
        """Generate the networks of a scenario and find their routes."""
        world, goods = parameters.world, parameters.commodities
        names = tuple(sorted(goods))
        ids = parameters.network_ids()
        keys = keys_of(ids)
        profiles = [parameters.networks.get(name, Network()) for name in ids]
        lines = _lines(keys, profiles, names, world.second_trades, streams)
        line_network = np.array([network for network, _ in lines])
        line_commodity = np.array([commodity for _, commodity in lines])
        markets = tuple((c, town) for c, name in enumerate(names) for town in goods[name].markets)
        tables = [mode_of(goods[name]).routes(grid, sectors, parameters, goods[name])
                  for name in names]  # fmt: skip
        table = RouteTable(tuple(route for one in tables for route in one.routes))
        commodity_of = np.repeat(np.arange(len(names)), [len(one.routes) for one in tables])
        market_of = np.array([
            markets.index((c, route.market))
            for c, route in zip(commodity_of, table.routes, strict=True)
        ], dtype=np.int32)  # fmt: skip
        choices = [
            _choice(keys[n : n + 1], profiles[n], goods[names[c]], world.markets_per_network,
                    table.routes, np.flatnonzero(commodity_of == c), streams)
            for n, c in lines
        ]  # fmt: skip
        speeds = [goods[names[c]].speed_km_per_week for _, c in lines]
        lanes = Lanes.lay_out(table, choices, line_network, speeds, market_of, len(grid.codes),
                              sectors.country)  # fmt: skip
        lane_commodity = line_commodity[lanes.line]
        visibility = np.array([
            mode_of(goods[name]).visibility(sectors, parameters.geography) for name in names
        ])  # fmt: skip
        lanes.weight[:] *= visibility[lane_commodity[lanes.place_lane], lanes.place_sector]
        dormant = np.array([profile.dormant for profile in profiles])
        size = _sizes(keys, profiles, parameters, streams)
        supply = np.array([goods[names[c]].supply_per_year for c in line_commodity]) / WEEKS
        trades = np.bincount(line_network, minlength=len(ids))
        hands = (np.where(dormant, 0, size) / np.maximum(trades, 1))[line_network]
        together = np.bincount(line_commodity, hands, len(names))[line_commodity]
        return cls(
            ids=ids, keys=keys, commodities=names,
            smallest=np.array([goods[name].smallest for name in names]), markets=markets,
            routes=table, dormant=dormant, size=size,
            turn=(keys % np.uint64(2**32)).astype(np.int64),
            line_network=line_network, line_commodity=line_commodity,
            capacity=supply * hands / np.maximum(together, 1e-9),
            lanes=lanes, lane_keys=_lane_keys(ids, names, table, lanes, commodity_of),
            lane_commodity=lane_commodity, terms=_terms(parameters, names, lanes, lane_commodity),
        )  # fmt: skip

    @cached_property
    def _rota(self) -> dict[tuple[int, int], NDArray[np.int64]]:
        return {}

    def in_turn(self, week: int, review_weeks: int) -> NDArray[np.int64]:
        """Lines whose network reviews its routes this week. [R]"""
        turn = week % review_weeks, review_weeks
        if turn not in self._rota:  # they come round
            self._rota[turn] = np.flatnonzero(
                (week + self.turn[self.line_network]) % review_weeks == 0
            )
        return self._rota[turn]


def _lines(
    keys: Keys, profiles: list[Network], names: tuple[str, ...], second: float, streams: Streams
) -> list[tuple[int, int]]:
    """(network, commodity) of every line, in order of network."""
    lines: list[tuple[int, int]] = []
    more = streams.uniform("second trade", keys) < second
    for n, profile in enumerate(profiles):
        first = names.index(profile.commodity) if profile.commodity else n % len(names)
        lines.append((n, first))
        if profile.second_commodity is not None:
            lines.append((n, names.index(profile.second_commodity)))
        elif more[n] and len(names) > 1:
            lines.append((n, (first + 1) % len(names)))
    return [line for at, line in enumerate(lines) if line not in lines[:at]]


def _sizes(
    keys: Keys, profiles: list[Network], parameters: Parameters, streams: Streams
) -> NDArray[np.int64]:
    rules = parameters.organisation
    drawn = rules.members * exp(rules.size_ln_sd * streams.normal("size", keys))
    return np.array([
        profile.members or min(500, max(5, round(float(size))))
        for profile, size in zip(profiles, drawn, strict=True)
    ])  # fmt: skip


def _choice(
    key: Keys, profile: Network, good: Commodity, count: int,
    routes: Sequence[Route], candidates: NDArray[np.int64], streams: Streams,
) -> list[int]:  # fmt: skip
    """Route numbers that a line may use: all from its source to each of its markets."""
    liking = streams.gumbel("source", key ^ keys_of(good.sources))
    drawn = good.sources[int(np.argmax(liking))]
    source = profile.source if profile.source in good.sources else drawn
    liking = streams.gumbel("market", key ^ keys_of(good.markets))
    tied = mode_of(good).tied_to_source
    chosen = {good.markets[i] for i in np.argsort(-liking, kind="stable")[:count]}
    return [
        number
        for number in candidates.tolist()
        if (not tied or routes[number].source == source) and routes[number].market in chosen
    ]


def _lane_keys(
    ids: tuple[str, ...], names: tuple[str, ...], table: RouteTable, lanes: Lanes,
    commodity_of: NDArray[np.int64],
) -> Keys:  # fmt: skip
    """Keys by the names of network, commodity, source, market and rank of the route."""
    ranked: list[tuple[str, str, str, int]] = []
    seen: Counter[tuple[str, str, str]] = Counter()
    for good, route in zip(commodity_of.tolist(), table.routes, strict=True):
        pair = (names[good], route.source, route.market)
        ranked.append((*pair, seen[pair]))
        seen[pair] += 1
    pairs = zip(lanes.network.tolist(), lanes.route.tolist(), strict=True)
    return np.array([key_of(ids[n], *ranked[route]) for n, route in pairs], dtype=np.uint64)


def _terms(
    parameters: Parameters, names: tuple[str, ...], lanes: Lanes, lane_commodity: NDArray[np.int64]
) -> Terms:
    goods = [parameters.commodities[names[c]] for c in lane_commodity]
    return Terms(
        price_scale=np.array([good.market_price for good in goods]),
        source_price=np.array([good.source_price for good in goods]),
        transport=np.array(
            [
                parameters.trafficking.transport_usd_per_km
                if good.transport_usd_per_km is None
                else good.transport_usd_per_km
                for good in goods
            ]
        )
        * lanes.effort_km,
    )


class Networks:
    """What changes in the books of N networks.

    Attributes
    ----------
    active
        bool[N], in business.
    names
        Present name; ``N07.2`` is the second network in the place of N07.
    capital, first_capital
        float64[N], USD.
    usual_income
        float64[N], USD a week at full strength and the usual margin.
    modus
        int32[N], number of the present modus operandi.
    lost, met, loss_rate
        float64[N], remembered shipments that were seized, that met their end at all, and the one
        as a share of the other.
    ended_by
        Event that ended the last network in this place, "" before any end.
    """

    no_state = frozenset({"ended_by"})

    def __init__(self, trade: Trade, portfolios: Portfolios, parameters: Parameters) -> None:
        count = len(trade.ids)
        self.trade = trade
        self.active = ~trade.dormant
        self.names = list(trade.ids)
        self._founded: list[list[int]] = [[] for _ in range(count)]
        self.generation = np.ones(count, dtype=np.int64)
        self.modus = np.zeros(count, dtype=np.int32)
        self.ended_by = [""] * count
        self.usual_income = np.bincount(
            trade.line_network, trade.capacity * portfolios.usual_margin, count
        )
        self.first_capital = parameters.organisation.capital_weeks * self.usual_income
        self.capital = self.first_capital.copy()
        self.lost, self.met, self.loss_rate = np.zeros((3, count))

    def end(self, network: int, event: str) -> None:
        """A network is gone."""
        self.active[network] = False
        self.capital[network] = 0.0
        self.ended_by[network] = event

    def vacant_place(self, like: int) -> int | None:
        """A place whose network has ended and that trades in the same things, if there is one."""
        trade = self.trade
        goods = trade.line_commodity[trade.line_network == like].tolist()
        for number in np.flatnonzero(~self.active & ~trade.dormant).tolist():
            if trade.line_commodity[trade.line_network == number].tolist() == goods:
                return number
        return None

    def name_in(self, network: int, week: int) -> str:
        """Name of whoever traded in a place in a week; successors trade from the next week on."""
        return self._name(network, 1 + bisect_left(self._founded[network], week))

    def _name(self, network: int, generation: int) -> str:
        first = self.trade.ids[network]
        return first if generation == 1 else f"{first}.{generation}"

    def found(self, network: int, week: int) -> str:
        """Somebody takes the place of a network that has ended; returns the new name."""
        self.generation[network] += 1
        self._founded[network].append(week)
        self.names[network] = self._name(network, int(self.generation[network]))
        self.active[network] = True
        self.capital[network] = self.first_capital[network]
        self.modus[network] += 1
        self.lost[network] = self.met[network] = self.loss_rate[network] = 0.0
        return self.names[network]
