"""Portfolios of routes (M3): what a network knows, expects, and sends where.

A network knows a few of the candidate routes. At a review it moves a step towards the shares
that a logit on expected money would give; under losses it looks for more routes, in calm times
it gives up those it hardly uses. The volume follows the expected margin.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.parameters import Trafficking
from simulation.randomness import Keys, Streams
from simulation.shipments import Lanes

NEARNESS = 0.15  # assumption: added effort at which a route is e times less likely to be known


@dataclass(frozen=True)
class Terms:
    """What a lane costs and where it leads, by lane. [L]

    Attributes
    ----------
    price_scale
        USD per kg, usual price at the market.
    source_price, transport
        USD per kg.
    corruption
        Mean share of patrol effort on the way that can be bought.
    """

    price_scale: NDArray[np.float64]
    source_price: NDArray[np.float64]
    transport: NDArray[np.float64]
    corruption: NDArray[np.float64]


class Portfolios:
    """Portfolios of N networks over L lanes.

    Attributes
    ----------
    known
        bool[L].
    share
        float64[L], sums to 1 over the lanes of a network.
    taste
        float64[L], lasting liking, in units of its scale.
    volume
        float64[N], relative to capacity.
    usual_margin
        float64[N], USD per kg that the network expected at the start.
    """

    def __init__(self, lanes: Lanes, keys: Keys, rules: Trafficking, streams: Streams) -> None:
        networks = len(lanes.of_network)
        self.lanes = lanes
        self.keys = keys
        self.known = np.zeros(lanes.start.size, dtype=bool)
        self.share = np.zeros(lanes.start.size)
        self.taste = streams.gumbel("taste", keys)
        self.volume = np.ones(networks)
        self.usual_margin = np.ones(networks)
        self._streams = streams
        self._order = self._nearness()
        for network in range(networks):
            self.begin(network, 0, rules)

    def _nearness(self) -> NDArray[np.float64]:
        """Log-odds that a lane is known, 0 for the least effort to its market. [L]"""
        order = np.zeros(self.lanes.start.size)
        for own in self.lanes.of_network:
            market, effort = self.lanes.market[own], self.lanes.effort_km[own]
            for number in np.unique(market):
                least = effort[market == number].min()
                order[own][market == number] = -(effort[market == number] / least - 1) / NEARNESS
        return order

    def begin(self, network: int, week: int, rules: Trafficking) -> None:
        """A new network knows a few near routes to each of its markets."""
        own = self.lanes.of_network[network]
        self.known[own] = False
        self.taste[own] = self._streams.gumbel("taste", self.keys[own], week)
        score = self._order[own] + self._streams.gumbel("knows", self.keys[own], week)
        market = self.lanes.market[own]
        for number in np.unique(market):
            at = np.flatnonzero(market == number)
            self.known[own][at[np.argsort(-score[at])[: rules.known_at_start]]] = True
        self.share[own] = self.known[own] / max(1, self.known[own].sum())
        self.volume[network] = 1.0

    def expected_money(
        self, network: int, risk: NDArray[np.float64], price: NDArray[np.float64],
        terms: Terms, rules: Trafficking,
    ) -> NDArray[np.float64]:  # fmt: skip
        """USD per kg that each lane of a network should bring.

        Parameters
        ----------
        risk
            float64[S], perceived probability of loss on each sector.
        price
            float64[M], at the markets.
        """
        own = self.lanes.of_network[network]
        start, end = self.lanes.start[own], self.lanes.end[own]
        first = start[0]
        safe = np.log1p(-risk[self.lanes.place_sector[first : end[-1]]])
        along = np.concatenate([[0.0], np.cumsum(safe)])
        safe = np.exp(along[end - first] - along[start - first])
        earned = price[self.lanes.market[own]]
        paid = terms.source_price[own] + terms.transport[own]
        bribes = rules.bribe_share * terms.corruption[own] * np.maximum(earned - paid, 0.0)
        return (earned - bribes) * safe - paid

    def settle(
        self, network: int, money: NDArray[np.float64], terms: Terms, rules: Trafficking
    ) -> None:
        """Take the logit shares at once, and their margin as the usual one: the start."""
        own = self.lanes.of_network[network]
        self.share[own] = self._target(own, money, terms, rules)
        self.usual_margin[network] = max(float((self.share[own] * money).sum()), 1e-9)

    def _target(
        self, own: slice, money: NDArray[np.float64], terms: Terms, rules: Trafficking
    ) -> NDArray[np.float64]:
        known = self.known[own]
        worth = money / terms.price_scale[own] + rules.taste * self.taste[own]
        odds = np.where(known, (worth - worth[known].max()) / rules.temperature, -np.inf)
        weight = np.exp(odds)
        return weight / weight.sum()

    def review(
        self,
        network: int,
        week: int,
        money: NDArray[np.float64],
        loss_rate: float,
        terms: Terms,
        rules: Trafficking,
    ) -> None:
        """Let contacts turn over, seek or drop routes, move towards better shares, set volume."""
        own = self.lanes.of_network[network]
        keys, known = self.keys[own], self.known[own]
        turned = self._streams.uniform("turnover", keys, week) < (
            1 - (1 - 1 / rules.taste_life_weeks) ** rules.review_weeks
        )
        if turned.any():
            self.taste[own][turned] = self._streams.gumbel("taste", keys[turned], week)
        if loss_rate > rules.loss_tolerance:
            self._discover(own, week, rules)
        else:
            kept = self.share[own] >= rules.forget_below
            if (known & kept).sum() >= rules.known_at_start:
                self.known[own] = known & kept
                self.share[own] *= self.known[own]
        step = 1 - (1 - rules.inertia) ** rules.review_weeks
        share = self.share[own]
        share += step * (self._target(own, money, terms, rules) - share)
        share /= share.sum()
        margin = max(float((share * money).sum()), 0.0) / self.usual_margin[network]
        self.volume[network] = min(rules.volume_cap, margin**rules.volume_exponent)

    def _discover(self, own: slice, week: int, rules: Trafficking) -> None:
        unknown = np.flatnonzero(~self.known[own])
        room = min(rules.discovery, rules.known_at_most - int(self.known[own].sum()))
        if unknown.size and room > 0:
            score = self._streams.gumbel("discovery", self.keys[own][unknown], week)
            score += self._order[own][unknown]
            self.known[own][unknown[np.argsort(-score)[:room]]] = True
