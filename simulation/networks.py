"""The books of all trafficking networks, in columns; the agents decide on their own rows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.grid import BorderGrid
from simulation.parameters import Network, Parameters
from simulation.portfolio import Portfolios, Terms
from simulation.randomness import Keys, Streams, key_of, keys_of
from simulation.routes import Route, RouteTable, route_table
from simulation.shipments import Lanes

GRAMS = 1000  # smallest units in a kilogram
WEEKS = 52


@dataclass(frozen=True)
class Trade:
    """Who trades in what, from where to where: fixed for a run.

    Attributes
    ----------
    commodities
        Names, sorted; a commodity number is an index into them.
    markets
        (commodity number, town) of each market; a market number is an index.
    commodity
        int64[N], of each network.
    dormant
        bool[N].
    size
        int64[N], members at full strength.
    capacity
        float64[N], kg a week at full strength and the usual margin.
    lanes, lane_keys, terms
        Routes by network, their stable keys, and what they cost.
    routes
        All candidate routes; `lanes.route` numbers them.
    """

    ids: tuple[str, ...]
    keys: Keys
    commodities: tuple[str, ...]
    markets: tuple[tuple[int, str], ...]
    commodity: NDArray[np.int64]
    dormant: NDArray[np.bool_]
    size: NDArray[np.int64]
    capacity: NDArray[np.float64]
    lanes: Lanes
    lane_keys: Keys
    terms: Terms
    routes: RouteTable

    @classmethod
    def lay_out(cls, grid: BorderGrid, parameters: Parameters, streams: Streams) -> "Trade":
        """Generate the networks of a scenario and find their routes."""
        world, goods = parameters.world, parameters.commodities
        names = tuple(sorted(goods))
        ids = parameters.network_ids()
        keys = keys_of(ids)
        profiles = [parameters.networks.get(name, Network()) for name in ids]
        commodity = np.array([
            names.index(profile.commodity) if profile.commodity else n % len(names)
            for n, profile in enumerate(profiles)
        ])  # fmt: skip
        markets = tuple((c, town) for c, name in enumerate(names) for town in goods[name].markets)
        routes, offset = [], []
        for name in names:
            offset.append(len(routes))
            good = goods[name]
            table = route_table(
                grid,
                parameters.geography,  # pyright: ignore[reportArgumentType]
                world.sector_km,
                good.sources,
                good.markets,
                world.routes_per_pair,
                world.detour,
            )
            routes.extend(table.routes)
        table = RouteTable(tuple(routes))
        commodity_of = np.repeat(np.arange(len(names)), np.diff([*offset, len(routes)]))
        market_of = np.array([
            markets.index((c, route.market)) for c, route in zip(commodity_of, routes, strict=True)
        ], dtype=np.int32)  # fmt: skip
        choices = [
            _choice(keys[n : n + 1], profile, goods[names[commodity[n]]], world.markets_per_network,
                    routes, np.flatnonzero(commodity_of == commodity[n]), streams)
            for n, profile in enumerate(profiles)
        ]  # fmt: skip
        speeds = [goods[names[c]].speed_km_per_week for c in commodity]
        lanes = Lanes.lay_out(table, choices, speeds, market_of, len(grid.codes),
                              grid.sectors(world.sector_km).country)  # fmt: skip
        dormant = np.array([profile.dormant for profile in profiles])
        size = _sizes(keys, profiles, parameters, streams)
        supply = np.array([goods[names[c]].supply_per_year for c in commodity]) / WEEKS
        awake = np.where(dormant, 0, size)
        together = np.bincount(commodity, weights=awake, minlength=len(names))[commodity]
        return cls(
            ids=ids, keys=keys, commodities=names, markets=markets, commodity=commodity,
            dormant=dormant, size=size, capacity=supply * awake / np.maximum(together, 1),
            lanes=lanes, lane_keys=_lane_keys(ids, table, lanes),
            terms=_terms(grid, parameters, names, commodity, lanes), routes=table,
        )  # fmt: skip


def _sizes(
    keys: Keys, profiles: list[Network], parameters: Parameters, streams: Streams
) -> NDArray[np.int64]:
    rules = parameters.organisation
    drawn = rules.members * np.exp(rules.size_ln_sd * streams.normal("size", keys))
    return np.array([
        profile.members or min(500, max(5, round(float(size))))
        for profile, size in zip(profiles, drawn, strict=True)
    ])  # fmt: skip


def _choice(
    key: Keys, profile: Network, good: object, count: int,
    routes: list[Route], candidates: NDArray[np.int64], streams: Streams,
) -> list[int]:  # fmt: skip
    """Route numbers that a network may use: all from its source to each of its markets."""
    sources, markets = good.sources, good.markets  # pyright: ignore[reportAttributeAccessIssue]
    liking = [streams.gumbel("source", key ^ np.uint64(key_of(town)))[0] for town in sources]
    source = profile.source or sources[int(np.argmax(liking))]
    liking = [streams.gumbel("market", key ^ np.uint64(key_of(town)))[0] for town in markets]
    chosen = {markets[i] for i in np.argsort(-np.array(liking), kind="stable")[:count]}
    return [
        int(number)
        for number in candidates
        if routes[number].source == source and routes[number].market in chosen
    ]


def _lane_keys(ids: tuple[str, ...], table: RouteTable, lanes: Lanes) -> Keys:
    """Keys by the names of network, source, market and rank of the route."""
    rank = {number: place for pair in table.by_pair.values() for place, number in enumerate(pair)}
    names = []
    for network, number in zip(lanes.network.tolist(), lanes.route.tolist(), strict=True):
        route = table.routes[number]
        names.append(key_of(ids[network], route.source, route.market, rank[number]))
    return np.array(names, dtype=np.uint64)


def _terms(
    grid: BorderGrid, parameters: Parameters, names: tuple[str, ...],
    commodity: NDArray[np.int64], lanes: Lanes,
) -> Terms:  # fmt: skip
    goods = [parameters.commodities[names[c]] for c in commodity[lanes.network]]
    owner = grid.sectors(parameters.world.sector_km).country
    bought = np.array([parameters.countries[code].corruption for code in grid.codes])[owner]
    places = np.maximum(lanes.end - lanes.start, 1)
    along = np.bincount(lanes.place_lane, weights=bought[lanes.place_sector],
                        minlength=lanes.start.size)  # fmt: skip
    return Terms(
        price_scale=np.array([good.market_price for good in goods]),
        source_price=np.array([good.source_price for good in goods]),
        transport=parameters.trafficking.transport_usd_per_km * lanes.effort_km,
        corruption=along / places,
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
    modus
        int32[N], number of the present modus operandi.
    ended_by
        Event that ended the last network in this place, "" before any end.
    """

    def __init__(self, trade: Trade, portfolios: Portfolios, parameters: Parameters) -> None:
        count = len(trade.ids)
        self.trade = trade
        self.portfolios = portfolios
        self.active = ~trade.dormant
        self.names = list(trade.ids)
        self.generation = np.ones(count, dtype=np.int64)
        self.modus = np.zeros(count, dtype=np.int32)
        self.ended_by = [""] * count
        self.first_capital = (
            parameters.organisation.capital_weeks * trade.capacity * portfolios.usual_margin
        )
        self.capital = self.first_capital.copy()
        self._lost = np.zeros(count)
        self._met = np.zeros(count)

    def loss_rate(self) -> NDArray[np.float64]:
        """Share of shipments lost, remembered. [N]"""
        return self._lost / np.maximum(self._met, 1e-9)

    def remember(
        self, lost: NDArray[np.float64], arrived: NDArray[np.float64], half_life: float
    ) -> None:
        """Add one week's outcome of shipments, both [N]."""
        kept = 0.5 ** (1 / half_life)
        self._lost = self._lost * kept + lost
        self._met = self._met * kept + lost + arrived

    def end(self, network: int, event: str) -> None:
        """A network is gone."""
        self.active[network] = False
        self.capital[network] = 0.0
        self.ended_by[network] = event

    def found(self, network: int) -> str:
        """Somebody takes the place of a network that has ended; returns the new name."""
        self.generation[network] += 1
        self.names[network] = f"{self.trade.ids[network]}.{self.generation[network]}"
        self.active[network] = True
        self.capital[network] = self.first_capital[network]
        self.modus[network] += 1
        self._lost[network] = self._met[network] = 0.0
        return self.names[network]
