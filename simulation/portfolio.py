"""Portfolios of routes (M3): what a network knows, expects, and sends where.

A network knows a few of the candidate routes. At a review it moves a step towards the shares
that a logit on expected money would give; under losses it looks for more routes, in calm times
it gives up those it hardly uses. The volume follows the expected margin.
"""

from dataclasses import dataclass
from itertools import pairwise

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


@dataclass(frozen=True)
class Table:
    """Lines that review together, a row each, so that one expression serves them all.

    Attributes
    ----------
    lines
        int64[R], ascending.
    at, row, column
        int64[A]: their lanes, the row of each, and its position in the row.
    bounds
        Positions of the first lane of each row in `at`, and the end. [R + 1]
    places
        int64[Q], their places; place i goes to entry `cell[i]` of a flat array [R, width].
    start, end
        int64[A]: entries before the first and at the last place of each lane.
    """

    lines: NDArray[np.int64]
    at: NDArray[np.int64]
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    bounds: NDArray[np.int64]
    places: NDArray[np.int64]
    cell: NDArray[np.int64]
    width: int
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    @classmethod
    def of(cls, lanes: Lanes, lines: NDArray[np.int64]) -> "Table":
        """Lay out the given lines."""
        own = [lanes.of_line[line] for line in lines.tolist()]
        count = np.array([line.stop - line.start for line in own], dtype=np.int64)
        first = np.array([lanes.start[line.start] for line in own], dtype=np.int64)
        length = np.array([lanes.end[line.stop - 1] for line in own], dtype=np.int64) - first
        width = 1 + int(length.max(initial=0))
        at = np.concatenate([np.arange(line.start, line.stop) for line in own])
        row = np.repeat(np.arange(lines.size), count)
        column = np.concatenate([np.arange(number) for number in count.tolist()])
        step = np.concatenate([np.arange(number) for number in length.tolist()])
        offset = np.arange(lines.size) * width
        return cls(
            lines=lines, at=at, row=row, column=column,
            bounds=np.concatenate([[0], np.cumsum(count)]),
            places=np.repeat(first, length) + step,
            cell=np.repeat(offset, length) + 1 + step,
            width=width,
            start=offset[row] + lanes.start[at] - first[row],
            end=offset[row] + lanes.end[at] - first[row],
        )  # fmt: skip

    def sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum of values by lane [A] over each row. [R]"""
        spans = pairwise(self.bounds.tolist())
        return np.array([np.add.reduce(values[first:end]) for first, end in spans])

    def largest(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Largest of values by lane [A] in each row. [R]"""
        return np.maximum.reduceat(values, self.bounds[:-1])

    def number(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """How many lanes of each row are chosen. [R]"""
        return np.bincount(self.row[chosen], minlength=self.lines.size)


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
        self._tables: dict[bytes, Table] = {}
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

    def table(self, lines: NDArray[np.int64]) -> Table:
        """The given lines [R] as a table, laid out once."""
        key = lines.tobytes()
        if key not in self._tables:
            self._tables[key] = Table.of(self.lanes, lines)
        return self._tables[key]

    def expected_money(
        self, table: Table, risk: NDArray[np.float64], price: NDArray[np.float64],
        terms: Terms, rules: Trafficking,
    ) -> NDArray[np.float64]:  # fmt: skip
        """USD per unit that each lane of a table should bring. [A]

        Parameters
        ----------
        risk
            float64[N, S], probability of loss that each network sees on each sector.
        price
            float64[M], at the markets.
        """
        at, lanes, places = table.at, self.lanes, table.places
        along = np.zeros(table.lines.size * table.width)
        along[table.cell] = np.log1p(-risk[lanes.place_network[places], lanes.place_sector[places]])
        along = np.cumsum(along.reshape(-1, table.width), axis=1).ravel()
        safe = np.exp(along[table.end] - along[table.start])
        earned = price[lanes.market[at]]
        paid = terms.source_price[at] + terms.transport[at]
        bribes = rules.bribe_share * self.bought[at] * np.maximum(earned - paid, 0.0)
        return (earned - bribes) * safe - paid

    def settle(
        self, table: Table, money: NDArray[np.float64], terms: Terms, rules: Trafficking
    ) -> None:
        """Take the logit shares at once, and their margin as the usual one: the start."""
        share = self._target(table, self.known[table.at], money, terms, rules)
        self.share[table.at] = share
        self.usual_margin[table.lines] = np.maximum(table.sums(share * money), 1e-9)

    def _target(
        self, table: Table, known: NDArray[np.bool_], money: NDArray[np.float64], terms: Terms,
        rules: Trafficking,
    ) -> NDArray[np.float64]:  # fmt: skip
        usable = known & self.open[table.at]
        shut = table.number(usable) == 0
        usable |= known & shut[table.row]
        worth = money / terms.price_scale[table.at] + rules.taste * self.taste[table.at]
        best = table.largest(np.where(usable, worth, -np.inf))[table.row]
        weight = np.exp(np.where(usable, (worth - best) / rules.temperature, -np.inf))
        return weight / table.sums(weight)[table.row]

    def review(
        self,
        table: Table,
        live: NDArray[np.bool_],
        week: int,
        money: NDArray[np.float64],
        loss_rate: NDArray[np.float64],
        terms: Terms,
        rules: Trafficking,
    ) -> None:
        """Let contacts turn over, seek or drop routes, move towards better shares, set volume.

        Parameters
        ----------
        live
            bool[R], rows whose network is in business; the others stay as they are.
        money
            float64[A], from `expected_money`.
        loss_rate
            float64[R], share of shipments that the line's network has lost of late.
        """
        at, row, keys = table.at, table.row, self.keys[table.at]
        turned = self._streams.uniform("turnover", keys, week) < (
            1 - (1 - 1 / rules.taste_life_weeks) ** rules.review_weeks
        )
        turned &= live[row]
        self.taste[at[turned]] = self._streams.gumbel("taste", keys[turned], week)
        known, share = self.known[at], self.share[at]
        shut_out = table.number(known & ~self.open[at]) > 0
        seeking = (loss_rate > rules.loss_tolerance) | shut_out
        kept = known & (share >= rules.forget_below)
        calm = (~seeking & (table.number(kept) >= rules.known_at_start))[row]
        if seeking.any():
            self._discover(table, known, seeking, self._streams.gumbel("discovery", keys, week),
                           rules)  # fmt: skip
        known = np.where(calm, kept, known)
        share = np.where(calm, share * known, share)
        step = 1 - (1 - rules.inertia) ** rules.review_weeks
        share += step * (self._target(table, known, money, terms, rules) - share)
        share /= table.sums(share)[row]
        margin = np.maximum(table.sums(share * money), 0.0) / self.usual_margin[table.lines]
        self.known[at] = np.where(live[row], known, self.known[at])
        self.share[at] = np.where(live[row], share, self.share[at])
        for line, own, awake in zip(table.lines.tolist(), margin.tolist(), live, strict=True):
            if awake:
                self.volume[line] = min(rules.volume_cap, own**rules.volume_exponent)

    def _discover(
        self, table: Table, known: NDArray[np.bool_], seeking: NDArray[np.bool_],
        luck: NDArray[np.float64], rules: Trafficking,
    ) -> None:  # fmt: skip
        """Add to `known` [A] the best unknown lanes of rows that seek, where there is room."""
        room = np.minimum(rules.discovery, rules.known_at_most - table.number(known)) * seeking
        score = np.where(known | ~self.open[table.at], -np.inf, luck + self._order[table.at])
        scores = np.full((table.lines.size, int(table.column.max()) + 1), -np.inf)
        scores[table.row, table.column] = score
        best = np.argsort(-scores, axis=1)[:, : rules.discovery]
        found = np.isfinite(np.take_along_axis(scores, best, axis=1))
        row, nth = np.nonzero(found & (np.arange(best.shape[1]) < room[:, None]))
        known[table.bounds[row] + best[row, nth]] = True
