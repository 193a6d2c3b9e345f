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
        USD per unit, usual price at the market.
    source_price, transport
        USD per unit.
    """

    price_scale: NDArray[np.float64]
    source_price: NDArray[np.float64]
    transport: NDArray[np.float64]


class Portfolios:
    """Portfolios of B lines of trade over L lanes.

    Attributes
    ----------
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
        self.keys = keys
        self.known = np.zeros(lanes.start.size, dtype=bool)
        self.share = np.zeros(lanes.start.size)
        self.taste = streams.gumbel("taste", keys)
        self.volume = np.ones(lines)
        self.usual_margin = np.ones(lines)
        self.bought = np.zeros(lanes.start.size)
        self.open = np.ones(lanes.start.size, dtype=bool)
        self._streams = streams
        self._order = self._nearness()
        self._turn = self._luck = np.zeros(lanes.start.size)
        for line in range(lines):
            self.begin(line, 0, rules)

    def bribable(self, corruption: NDArray[np.float64]) -> None:
        """Note the share of effort that can be bought, by sector [S]."""
        lanes = self.lanes
        along = np.bincount(lanes.place_lane, corruption[lanes.place_sector], lanes.start.size)
        self.bought = along / np.maximum(lanes.end - lanes.start, 1)

    def _nearness(self) -> NDArray[np.float64]:
        """Log-odds that a lane is known, 0 for the least effort to its market. [L]"""
        order = np.zeros(self.lanes.start.size)
        for own in self.lanes.of_line:
            market, effort = self.lanes.market[own], self.lanes.effort_km[own]
            for number in np.unique(market):
                least = max(float(effort[market == number].min()), 1e-9)
                beyond = np.maximum(effort[market == number] / least - 1, 0.0)
                order[own][market == number] = -beyond / NEARNESS
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
            self.known[own][at[np.argsort(-score[at])[: rules.known_at_start]]] = True
        self.share[own] = self.known[own] / max(1, self.known[own].sum())
        self.volume[line] = 1.0

    def expected_money(
        self, line: int, risk: NDArray[np.float64], price: NDArray[np.float64],
        terms: Terms, rules: Trafficking,
    ) -> NDArray[np.float64]:  # fmt: skip
        """USD per unit that each lane of a line should bring.

        Parameters
        ----------
        risk
            float64[S], perceived probability of loss on each sector.
        price
            float64[M], at the markets.
        """
        own = self.lanes.of_line[line]
        start, end = self.lanes.start[own], self.lanes.end[own]
        first = start[0]
        safe = np.log1p(-risk[self.lanes.place_sector[first : end[-1]]])
        along = np.concatenate([[0.0], np.cumsum(safe)])
        safe = np.exp(along[end - first] - along[start - first])
        earned = price[self.lanes.market[own]]
        paid = terms.source_price[own] + terms.transport[own]
        bribes = rules.bribe_share * self.bought[own] * np.maximum(earned - paid, 0.0)
        return (earned - bribes) * safe - paid

    def settle(
        self, line: int, money: NDArray[np.float64], terms: Terms, rules: Trafficking
    ) -> None:
        """Take the logit shares at once, and their margin as the usual one: the start."""
        own = self.lanes.of_line[line]
        self.share[own] = self._target(own, money, terms, rules)
        self.usual_margin[line] = max(float((self.share[own] * money).sum()), 1e-9)

    def _target(
        self, own: slice, money: NDArray[np.float64], terms: Terms, rules: Trafficking
    ) -> NDArray[np.float64]:
        known = self.known[own] & self.open[own]
        if not known.any():
            known = self.known[own]
        worth = money / terms.price_scale[own] + rules.taste * self.taste[own]
        odds = np.where(known, (worth - worth[known].max()) / rules.temperature, -np.inf)
        weight = np.exp(odds)
        return weight / weight.sum()

    def draw(self, week: int) -> None:
        """Draw the week's luck of all lanes at once: whose contacts turn over, what is found."""
        self._turn = self._streams.uniform("turnover", self.keys, week)
        self._luck = self._streams.gumbel("discovery", self.keys, week)

    def review(
        self,
        line: int,
        week: int,
        money: NDArray[np.float64],
        loss_rate: float,
        terms: Terms,
        rules: Trafficking,
    ) -> None:
        """Let contacts turn over, seek or drop routes, move towards better shares, set volume.

        `draw` has been called in this week.
        """
        own = self.lanes.of_line[line]
        keys, known = self.keys[own], self.known[own]
        turned = self._turn[own] < 1 - (1 - 1 / rules.taste_life_weeks) ** rules.review_weeks
        if turned.any():
            self.taste[own][turned] = self._streams.gumbel("taste", keys[turned], week)
        shut_out = bool((known & ~self.open[own]).any())
        if loss_rate > rules.loss_tolerance or shut_out:
            self._discover(own, rules)
        else:
            kept = self.share[own] >= rules.forget_below
            if (known & kept).sum() >= rules.known_at_start:
                self.known[own] = known & kept
                self.share[own] *= self.known[own]
        step = 1 - (1 - rules.inertia) ** rules.review_weeks
        share = self.share[own]
        share += step * (self._target(own, money, terms, rules) - share)
        share /= share.sum()
        margin = max(float((share * money).sum()), 0.0) / self.usual_margin[line]
        self.volume[line] = min(rules.volume_cap, margin**rules.volume_exponent)

    def _discover(self, own: slice, rules: Trafficking) -> None:
        unknown = np.flatnonzero(~self.known[own] & self.open[own])
        room = min(rules.discovery, rules.known_at_most - int(self.known[own].sum()))
        if unknown.size and room > 0:
            score = self._luck[own][unknown] + self._order[own][unknown]
            self.known[own][unknown[np.argsort(-score)[:room]]] = True
