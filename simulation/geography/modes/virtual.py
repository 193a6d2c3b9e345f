"""Virtual markets (M20): jurisdictions as stations, no distance.

A sale on a virtual market passes three jurisdictions: the one that hosts the market, the one
through which it is paid, and the one where the victim or buyer sits. Each country has one station
for each of these parts; a station is a sector without length, held by the country's cyber
investigators. So risk is learned, watched and policed as at a border.

A market that is closed sends its vendors to others, as far as they know any. One that the police
take over first goes on selling, and tells its host who sells; when that ends, those who sold
there trust markets less.
"""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.geography.grid import BorderGrid
from tocsin.simulation.geography.modes.mode import Mode
from tocsin.simulation.geography.routes import Route, RouteTable
from tocsin.simulation.geography.sectors import Sectors
from tocsin.simulation.parameters import Agency, Commodity, Country, Detection, Parameters
from tocsin.simulation.randomness import key_of

HOSTING, PAYMENT, VICTIMS = PARTS = ("hosting", "payment", "victims")


class Virtual(Mode):
    """Between jurisdictions, without distance: no network is tied to where a market is hosted."""

    name = "virtual"
    meaning = "between jurisdictions, without distance"
    tag = "net"
    beyond = -4
    place = "country"
    tied_to_source = False
    platforms = True

    def places(self, grid: BorderGrid) -> tuple[str, ...]:
        """Countries that may host a market."""
        return grid.codes

    def stations(self, grid: BorderGrid) -> tuple[tuple[str, str], ...]:
        """One in each country for each part that a jurisdiction may play."""
        return tuple((code, part) for code in grid.codes for part in PARTS)

    def routes(
        self, grid: BorderGrid, sectors: Sectors, parameters: Parameters, good: Commodity
    ) -> RouteTable:
        """Ways through every market: its host, a country of payment, one of victims.

        Which combinations are kept follows from the names alone.
        """
        codes, number = grid.codes, {name: at for at, name in enumerate(sectors.ids)}
        routes: list[Route] = []
        for market in good.markets:
            host = host_of(good, market)
            ways = [(pay, victim) for pay in codes for victim in good.victims or codes]
            ways.sort(key=lambda way: key_of("way", market, *way))
            for pay, victim in ways[: parameters.world.routes_per_pair]:
                through = tuple(dict.fromkeys((host, pay, victim)))
                met = [number[f"{code}-{self.tag}:{part}"]
                       for code, part in zip((host, pay, victim), PARTS, strict=True)]  # fmt: skip
                routes.append(Route(
                    source=host, market=market, cells=np.empty(0, dtype=np.int32), effort_km=0.0,
                    sector=np.array(met, dtype=np.int32), weight=np.ones(len(PARTS)),
                    effort_at=np.zeros(len(PARTS)), met_at=np.zeros(len(PARTS), dtype=np.int64),
                    countries=tuple(codes.index(code) for code in through),
                ))  # fmt: skip
        return RouteTable(tuple(routes))

    def officers(self, profile: Country | Agency) -> float:
        """Cyber investigators of a country; another agency there has no others."""
        return profile.cyber_officers if isinstance(profile, Country) else profile.officers

    def reference(self, rules: Detection) -> float:
        """Investigators of a country that count as an effort of 1."""
        return rules.cyber_reference

    def where(self, part: str, country: str) -> str:
        """The part that a jurisdiction plays, in words."""
        if part == HOSTING:
            return f"on computers hosted in {country}"
        return (
            f"in payments through {country}" if part == PAYMENT else f"among victims in {country}"
        )


VIRTUAL = Virtual()


def host_of(good: Commodity, market: str) -> str:
    """Country that hosts a virtual market: the sources are shared out in turn."""
    return good.sources[good.markets.index(market) % len(good.sources)]


def hosts(sectors: Sectors) -> NDArray[np.bool_]:
    """Stations at which markets are hosted. [S]"""
    return np.array([name.endswith(f"-{VIRTUAL.tag}:{HOSTING}") for name in sectors.ids])
