"""Portfolios of routes (M3): what a network knows, expects, and sends where.

A network knows a few of the candidate routes. At a review it moves a step towards the shares
that a nested logit on expected money would give, of the market first and of the way there then;
under losses it looks for more routes, in calm times it gives up those it hardly uses. The volume
follows the expected margin.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation import kernels
from tocsin.simulation.mechanisms.networks.shipments import Lanes
from tocsin.simulation.parameters import Trafficking
from tocsin.simulation.randomness import Keys, Streams
from tocsin.simulation.state import Laid


@dataclass(frozen=True)
class Terms(Laid):
    """What a lane costs and where it leads, by lane. [L]

    Attributes
    ----------
    price_scale
        USD per unit, usual price at the market.
    source_price, transport
        USD per unit.
    """

    price_scale: NDArray[np.float64]
    source_price: NDArray[np.float64]
    transport: NDArray[np.float64]

    @cached_property
    def cost(self) -> NDArray[np.float64]:
        """USD per unit, transport included. [L]"""
        return self.source_price + self.transport


class Portfolios:
    """Portfolios of B lines of trade over L lanes.

    Attributes
    ----------
    first
        int64[B + 1], lanes of line b are ``first[b] .. first[b + 1] - 1``.
    known
        bool[L].
    share
        float64[L], sums to 1 over the lanes of a line.
    taste
        float64[L], lasting liking, in units of its scale.
    volume
        float64[B], relative to capacity.
    usual_margin
        float64[B], USD per unit that was expected at the start.
    bought
        float64[L], mean share of the effort on the way that can be bought.
    open
        bool[L], the lane's market is open.
    """

    def __init__(self, lanes: Lanes, keys: Keys, rules: Trafficking, streams: Streams) -> None:
        lines = len(lanes.of_line)
        self.lanes = lanes
        self.first = lanes.first
        self.keys = keys
        self.known = np.zeros(lanes.start.size, dtype=bool)
        self.share = np.zeros(lanes.start.size)
        self.taste = streams.gumbel("taste", keys)
        self.volume = np.ones(lines)
        self.usual_margin = np.ones(lines)
        self.bought = np.zeros(lanes.start.size)
        self.open = np.ones(lanes.start.size, dtype=bool)
        self._streams = streams
        self._order = self._nearness(rules.nearness)
        for line in range(lines):
            self.begin(line, 0, rules)

    def bribable(self, corruption: NDArray[np.float64]) -> None:
        """Note the share of effort that can be bought, by sector [S]."""
        lanes = self.lanes
        along = np.bincount(lanes.place_lane, corruption[lanes.place_sector], lanes.start.size)
        self.bought = along / np.maximum(lanes.end - lanes.start, 1)

    def _nearness(self, scale: float) -> NDArray[np.float64]:
        """Log-odds that a lane is known, 0 for the least effort to its market. [L]"""
        order = np.zeros(self.lanes.start.size)
        for own in self.lanes.of_line:
            market, effort = self.lanes.market[own], self.lanes.effort_km[own]
            for number in np.unique(market):
                least = max(float(effort[market == number].min()), 1e-9)
                beyond = np.maximum(effort[market == number] / least - 1, 0.0)
                order[own][market == number] = -beyond / scale
        return order

    def begin(self, line: int, week: int, rules: Trafficking) -> None:
        """A new network knows a few near routes to each of its markets."""
        own = self.lanes.of_line[line]
        self.known[own] = False
        self.taste[own] = self._streams.gumbel("taste", self.keys[own], week)
        score = self._order[own] + self._streams.gumbel("knows", self.keys[own], week)
        market = self.lanes.market[own]
        for number in np.unique(market):
            at = np.flatnonzero(market == number)
            self.known[own][at[np.argsort(-score[at], kind="stable")[: rules.known_at_start]]] = (
                True
            )
        self.share[own] = self.known[own] / max(1, self.known[own].sum())
        self.volume[line] = 1.0

    def expected_money(
        self, lines: NDArray[np.int64], line_network: NDArray[np.int64],
        risk: NDArray[np.float64], price: NDArray[np.float64], terms: Terms, rules: Trafficking,
    ) -> NDArray[np.float64]:  # fmt: skip
        """USD per unit that each lane of some lines should bring, line after line. [A]

        Parameters
        ----------
        lines, line_network
            int64[R], int64[B].
        risk
            float64[N, S], probability of loss that each network sees on each sector.
        price
            float64[M], at the markets.
        """
        lanes, money = self.lanes, np.empty(self.share.size)
        number = kernels.expected_money(
            lines, self.first, line_network, lanes.start, lanes.end, lanes.place_sector, risk,
            price, lanes.market, terms.cost, self.bought, rules.bribe_share, money,
        )  # fmt: skip
        return money[:number]

    def settle(self, money: NDArray[np.float64], terms: Terms, rules: Trafficking) -> None:
        """All lines take the logit shares at once, and their margin as the usual one: the start.

        `money` is float64[L].
        """
        weight = self._weight(np.arange(self.volume.size), money, terms, rules)
        for line, own in enumerate(self.lanes.of_line):
            self.share[own] = weight[own] / np.add.reduce(weight[own])
            self.usual_margin[line] = max(np.add.reduce(self.share[own] * money[own]), 1e-9)

    def _weight(
        self, lines: NDArray[np.int64], money: NDArray[np.float64], terms: Terms,
        rules: Trafficking,
    ) -> NDArray[np.float64]:  # fmt: skip
        """Weight of each lane of some lines in a logit choice. [A]"""
        worth, weight = np.empty(money.size), np.empty(money.size)
        kernels.worths(lines, self.first, self.known, self.open, money, terms.price_scale,
                       self.taste, rules.taste, worth)  # fmt: skip
        kernels.attraction(lines, self.first, self.lanes.market, worth, rules.temperature,
                           rules.market_temperature, weight)  # fmt: skip
        return weight

    def review(
        self,
        lines: NDArray[np.int64],
        line_network: NDArray[np.int64],
        week: int,
        money: NDArray[np.float64],
        loss_rate: NDArray[np.float64],
        terms: Terms,
        rules: Trafficking,
    ) -> None:
        """Let contacts turn over, seek or drop routes, move towards better shares, set volume.

        Parameters
        ----------
        lines, line_network
            int64[R], of networks in business, and int64[B].
        money
            float64[A], from `expected_money`.
        loss_rate
            float64[N], share of shipments that each network has lost of late.
        """
        kernels.review(
            lines, self.first, line_network, self.lanes.market,
            self._streams.keys("turnover", "taste", "discovery"), self.keys, week,
            rules.review_weeks, rules.taste_life_weeks, loss_rate, rules.loss_tolerance,
            rules.forget_below, rules.known_at_start, rules.discovery, rules.known_at_most,
            self.open, self._order, money, terms.price_scale, rules.taste, rules.temperature,
            rules.market_temperature, rules.inertia, self.usual_margin, rules.volume_exponent,
            rules.volume_cap, self.known, self.share, self.taste, self.volume,
        )  # fmt: skip
