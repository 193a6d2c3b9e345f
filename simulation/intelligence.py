"""Intelligence (M5): tips, the hub that relays them, and the watches that agencies keep.

A seizure now and then reveals the network's whole route. The agency that made it knows from the
next week on; partners learn when the hub releases the item, if the member wants them to, their
systems can read it, and the delay has passed. A tip carries the *modus operandi* of its time:
once the network has changed its own, the watch looks for the wrong thing. Nothing else makes old
news worthless.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.parameters import Intelligence

OWN = -1
HORIZON = 264  # weeks that anything can be on its way: longest delay, then longest assistance
FADED = 0.05  # below this interest a tip is forgotten


@dataclass(frozen=True)
class Item:
    """One item of intelligence: a network's route, as somebody saw it.

    `tip` is its event id, `key` its stable key, `origin` the number of the country that knows
    it, `recipients` bool[C].
    """

    tip: str
    key: int
    origin: int
    network: int
    sectors: NDArray[np.int32]
    modus: int
    seen: int
    recipients: NDArray[np.bool_]


class Hub:
    """What is on its way through the hub, by the week in which it comes out.

    Attributes
    ----------
    told
        float64[C, C], seizures of which readers (rows) hear this week from senders (columns).
    """

    def __init__(self, countries: int) -> None:
        self._items: dict[int, list[Item]] = {}
        self._told = np.zeros((HORIZON, countries, countries))
        self.told = np.zeros((countries, countries))

    def accept(self, item: Item, week: int) -> None:
        """Keep an item until `week`."""
        self._items.setdefault(week, []).append(item)

    def waiting(self) -> list[tuple[int, Item]]:
        """Items that have not come out yet, with the week in which they will."""
        return [(week, item) for week, items in self._items.items() for item in items]

    def tell(
        self, weeks: NDArray[np.int64], readers: NDArray[np.intp], senders: NDArray[np.intp]
    ) -> None:
        """Keep word of seizures until the given weeks; arrays of one entry a reader and seizure."""
        np.add.at(self._told, (weeks % HORIZON, readers, senders), 1.0)

    def open(self, week: int) -> list[Item]:
        """Let out what is due: word of seizures, and the items, which are returned."""
        slot = week % HORIZON
        self.told = self._told[slot].copy()
        self._told[slot] = 0.0
        return self._items.pop(week, [])


class Picture:
    """The intelligence pictures of all agencies; a sector has one owner, so [S, N] holds all.

    Attributes
    ----------
    interest
        float64[S, N], what a tip on the pair is still worth to the owner of the sector.
    modus, seen, sender
        int32[S, N], of the latest tip: modus operandi, week seen, country or OWN.
    watched
        bool[S, N].
    expired
        intp[n, 2], (sector, network) of watches on received tips whose four weeks have passed
        without a seizure, this week.
    """

    def __init__(self, sectors: int, networks: int, countries: int, rules: Intelligence) -> None:
        self.rules = rules
        shape = sectors, networks
        self.interest = np.zeros(shape)
        self.modus = np.full(shape, -1, dtype=np.int32)
        self.seen = np.zeros(shape, dtype=np.int32)
        self.sender = np.full(shape, OWN, dtype=np.int32)
        self.tip = np.full(shape, "", dtype=object)
        self.watched = np.zeros(shape, dtype=bool)
        self.expired = np.empty((0, 2), dtype=np.intp)
        self._open_until = np.zeros(shape, dtype=np.int32)
        self._tried = np.full((countries, 2), 20.0)
        self._won = np.full((countries, 2), 1.0)

    def receive(self, item: Item, own: NDArray[np.bool_], sender: int, event: str) -> None:
        """Note a tip on those of its sectors that are `own`; newer methods replace older ones.

        `event` is the id of the event by which it became known.
        """
        at = item.sectors[own[item.sectors]]
        modus = self.modus[:, item.network]
        known = modus[at]
        newest = known <= item.modus
        at, fresh = at[newest], (known < item.modus)[newest]
        if at.size == 0:
            return
        interest = self.interest[:, item.network]
        interest[at] = np.where(fresh, 1.0, interest[at] + 1)
        modus[at] = item.modus
        self.seen[:, item.network][at] = item.seen
        self.sender[:, item.network][at] = sender
        self.tip[:, item.network][at] = event

    def fade(self) -> None:
        """One week passes."""
        self.interest *= 0.5 ** (1 / self.rules.tip_half_life_weeks)

    def forget(self, network: int) -> None:
        """A network has ended."""
        self.interest[:, network] = 0.0
        self.modus[:, network] = -1
        self.watched[:, network] = False
        self._open_until[:, network] = 0

    def choose(self, country_of: NDArray[np.int16]) -> NDArray[np.bool_]:
        """What agencies watch: each the networks and sectors of its most telling tips. [S, N]

        Partners' tips count as far as they have come true before, relative to own ones.
        `country_of` is the owner of each sector. [S]
        """
        came_true = self._won / self._tried
        partners = np.minimum(1.5, came_true[:, 1] / came_true[:, 0])
        trusted = np.where(self.sender == OWN, 1.0, partners[country_of][:, None])
        value = (trusted * self.interest).ravel()
        chosen = value > FADED
        pairs = np.flatnonzero(chosen)
        country = country_of[pairs // self.watched.shape[1]]
        crowded = np.bincount(country) > self.rules.watch_places
        for number in np.flatnonzero(crowded).tolist():
            own = pairs[country == number]
            best = np.argsort(-value[own], kind="stable")
            chosen[own[best[self.rules.watch_places :]]] = False
        return chosen.reshape(self.watched.shape)

    def begin(self, watched: NDArray[np.bool_], week: int) -> NDArray[np.intp]:
        """Replace the watches [S, N]; returns (sector, network) of those that begin.

        A watch begun by a partner's tip counts as a hit if it leads to a seizure within four
        weeks, this one included.
        """
        begun = np.argwhere(watched & ~self.watched)
        self.watched = watched
        received = begun[self.sender[begun[:, 0], begun[:, 1]] != OWN]
        self._open_until[received[:, 0], received[:, 1]] = week + 3
        return begun

    def learn(
        self, country_of: NDArray[np.int16], seized: NDArray[np.float64], week: int
    ) -> tuple[NDArray[np.intp], int]:
        """Learn from a week of watching.

        Parameters
        ----------
        country_of
            int16[S], owner of each sector.
        seized
            float64[S, N], seizures of watched networks by sector and network.

        Returns
        -------
        (sector, network) of watches that led to a seizure, and how many of them were begun by
        a partner's tip at most four weeks ago.
        """
        sector, network = np.nonzero(self.watched)
        self.expired = np.argwhere(self._open_until == week)
        if sector.size == 0:
            return np.empty((0, 2), dtype=np.intp), 0
        won = seized[sector, network] > 0
        kept = 0.5 ** (1 / self.rules.yield_memory_weeks)
        self._tried = 20.0 + (self._tried - 20.0) * kept
        self._won = 1.0 + (self._won - 1.0) * kept
        foreign = (self.sender[sector, network] != OWN).astype(np.intp)
        np.add.at(self._tried, (country_of[sector], foreign), 1.0)
        np.add.at(self._won, (country_of[sector], foreign), won)
        dry = ~won
        self.interest[sector[dry], network[dry]] *= self.rules.dry_watch
        open_ones = won & (self._open_until[sector, network] >= week)
        self._open_until[sector[open_ones], network[open_ones]] = 0
        self.expired = np.argwhere(self._open_until == week)
        hits = np.column_stack([sector[won], network[won]])
        return hits, int(open_ones.sum())
