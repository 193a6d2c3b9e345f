"""Intelligence (M5): tips, the hub that relays them, and the watches that agencies keep.

A seizure now and then reveals the network's whole route. The agency that made it knows from the
next week on; partners learn when the hub releases the item, if the member wants them to, their
systems can read it, and the delay has passed. A tip carries the *modus operandi* of its time:
once the network has changed its own, the watch looks for the wrong thing. Nothing else makes old
news worthless.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation import kernels
from tocsin.simulation.elementary import kept
from tocsin.simulation.kernels.intelligence import NETWORK
from tocsin.simulation.kernels.investigation import UNLIKE
from tocsin.simulation.parameters import Intelligence, Legal
from tocsin.simulation.randomness import Keys
from tocsin.simulation.scenario.values import bounds

OWN = -1


def _horizon() -> int:
    """Weeks that anything can be on its way, with the present one: the longest that the table
    allows.

    An item leaves the week after its seizure, waits for the hub, and then for legal assistance.
    """
    weeks = [bounds(Intelligence.model_fields["delay_weeks"])[1],
             bounds(Legal.model_fields["mla_weeks"])[1]]  # fmt: skip
    delay, assistance = (int(most or 0) for most in weeks)
    return 1 + (1 + delay) + ceil(UNLIKE * assistance)


HORIZON = _horizon()

WORDS = ("", "tip", "release-tip", "release-prediction", "public")  # how ids of events begin
NOTHING, TIP, RELEASED_TIP, RELEASED_PREDICTION, PUBLIC = range(len(WORDS))


@dataclass(frozen=True)
class Item:
    """One item of intelligence: a network's route, as somebody saw it.

    `tip` is its event id, `key` its stable key, `origin` the number of the country that knows
    it, `recipients` bool[A]. It is `void` once the network has ended.
    """

    tip: str
    key: int
    origin: int
    network: int
    sectors: NDArray[np.int32]
    modus: int
    seen: int
    recipients: NDArray[np.bool_]
    void: bool


@dataclass(frozen=True)
class Items:
    """Items of one kind and week in columns.

    Attributes
    ----------
    kind
        What an event id begins with: ``tip`` or ``prediction``.
    seen
        Week.
    key
        uint64[n], of the seizures behind them.
    routes
        int64[n, 5]: country that knows, network, its modus operandi, first and last place
        (exclusive).
    recipients
        bool[n, A], who is told and can read it.
    weeks
        int64[n], in which the hub lets each out, 0 for what nobody will read.
    place_sector
        int32[P], sector of every place.
    void
        bool[n], those about a network that has ended since: the hub lets none of them out.
    """

    kind: str
    seen: int
    key: Keys
    routes: NDArray[np.int64]
    recipients: NDArray[np.bool_]
    weeks: NDArray[np.int64]
    place_sector: NDArray[np.int32]
    void: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "void", np.zeros(self.key.size, dtype=bool))

    def due(self, week: int) -> list[int]:
        """Numbers of those that the hub lets out in a week."""
        return np.flatnonzero((self.weeks == week) & ~self.void).tolist()

    def one(self, row: int) -> Item:
        """One of them."""
        key = int(self.key[row])
        origin, network, modus, start, end = self.routes[row].tolist()
        return Item(f"{self.kind}-{key:016x}", key, origin, network, self.place_sector[start:end],
                    modus, self.seen, self.recipients[row], bool(self.void[row]))  # fmt: skip

    def __len__(self) -> int:
        return self.key.size

    def __iter__(self) -> Iterator[Item]:
        return map(self.one, range(len(self)))


class Hub:
    """What is on its way through the hub, by the week in which it comes out."""

    def __init__(self, countries: int) -> None:
        self._items: dict[int, list[Items]] = {}
        self._coming = np.zeros((HORIZON, countries, countries))
        self._present = 0

    @property
    def told(self) -> NDArray[np.float64]:
        """Seizures of which readers (rows) hear this week from senders (columns). [A, A]"""
        return self._coming[self._present]

    def accept(self, items: Items) -> None:
        """Keep each item until its week."""
        for week in sorted(set(items.weeks.tolist()) - {0}):
            self._items.setdefault(week, []).append(items)

    def waiting(self) -> list[tuple[int, Item]]:
        """Items that have not come out yet, with the week in which they would; void ones too."""
        return [(week, items.one(row)) for week, lots in self._items.items() for items in lots
                for row in np.flatnonzero(items.weeks == week).tolist()]  # fmt: skip

    def tell(
        self, weeks: NDArray[np.int64], recipients: NDArray[np.bool_], origin: NDArray[np.int64]
    ) -> None:
        """Keep word of n seizures for readers [n, A] until the given weeks."""
        kernels.tell(weeks, recipients, origin, self._coming)

    def open(self, week: int) -> list[Items]:
        """Let out what is due: word of seizures, and items, with others of their week."""
        self._coming[self._present] = 0.0
        self._present = week % HORIZON
        return self._items.pop(week, [])

    def forget(self, network: int) -> None:
        """A network has ended; nobody will read what waits about it."""
        for lots in self._items.values():
            for items in lots:
                items.void[items.routes[:, NETWORK] == network] = True


class Picture:
    """The intelligence pictures of all agencies; a sector has one owner, so [S, N] holds all.

    Parameters
    ----------
    owner
        int16[S], country of each sector.
    networks, countries
        How many there are.
    rules
        Values in force.

    Attributes
    ----------
    interest
        float64[S, N], what a tip on the pair is still worth to the owner of the sector.
    key
        uint64[S, N], of the latest tip; with its word it makes the id of the event.
    watched
        bool[S, N].
    expired
        int64[n, 2], (sector, network) of watches on received tips whose weeks of patience have
        passed without a seizure, this week.
    """

    def __init__(
        self, owner: NDArray[np.int16], networks: int, countries: int, rules: Intelligence
    ) -> None:
        self.rules = rules
        self.owner = owner
        shape = owner.size, networks
        self.interest = np.zeros(shape)
        self._latest = np.zeros((4, *shape), dtype=np.int32)  # one array, or a copy would part them
        self.modus[:] = -1
        self.sender[:] = OWN
        self.key = np.zeros(shape, dtype=np.uint64)
        self.watched = np.zeros(shape, dtype=bool)
        self.expired = np.empty((0, 2), dtype=np.int64)
        self._open_until = np.zeros(shape, dtype=np.int32)
        self._tried = np.full((countries, 2), rules.first_watches)
        self._won = np.full((countries, 2), rules.first_hits)

    @property
    def modus(self) -> NDArray[np.int32]:
        """Modus operandi of the latest tip, -1 if there was none. [S, N]"""
        return self._latest[0]

    @property
    def seen(self) -> NDArray[np.int32]:
        """Week in which the latest tip was seen. [S, N]"""
        return self._latest[1]

    @property
    def sender(self) -> NDArray[np.int32]:
        """Country whose tip is the latest, or OWN. [S, N]"""
        return self._latest[2]

    @property
    def word(self) -> NDArray[np.int32]:
        """Kind of event by which the latest tip became known, a number in `WORDS`. [S, N]"""
        return self._latest[3]

    def receive(self, items: Items, readers: NDArray[np.bool_], word: int) -> None:
        """Note tips on those of their sectors that belong to readers [n, A].

        Newer methods replace older ones. `word` is the kind of event by which they become known.
        """
        kernels.receive(
            items.routes, items.key, items.seen, word, readers, items.place_sector, self.owner,
            self.interest, self._latest, self.key,
        )  # fmt: skip

    def event(self, sector: int, network: int, codes: tuple[str, ...]) -> str:
        """Id of the event by which the latest tip became known, "" if there never was one.

        `codes` name the countries.
        """
        word, key = int(self.word[sector, network]), int(self.key[sector, network])
        if word == NOTHING:
            return ""
        if word == PUBLIC:  # the key is which of its week it was
            return public_id(int(self.seen[sector, network]), codes[self.owner[sector]], key)
        return f"{WORDS[word]}-{key:016x}"

    def fade(self) -> None:
        """One week passes."""
        self.interest *= kept(self.rules.tip_half_life_weeks)

    def forget(self, network: int) -> None:
        """A network has ended."""
        self.interest[:, network] = 0.0
        self._latest[:, :, network] = 0
        self.modus[:, network] = -1
        self.sender[:, network] = OWN
        self.key[:, network] = 0
        self.watched[:, network] = False
        self._open_until[:, network] = 0

    def choose(self) -> NDArray[np.bool_]:
        """What agencies watch: each the networks and sectors of its most telling tips. [S, N]"""
        chosen = np.empty(self.watched.shape, dtype=bool)
        kernels.choose_watches(
            self.interest, self.sender, self.owner, self._tried, self._won,
            self.rules.faded, self.rules.partner_trust_most, self.rules.watch_places, chosen,
        )  # fmt: skip
        return chosen

    def begin(self, watched: NDArray[np.bool_], week: int) -> NDArray[np.int64]:
        """Replace the watches [S, N]; returns (sector, network, sender) of those that begin.

        A watch begun by a partner's tip counts as a hit if it leads to a seizure within the weeks
        of patience, this one included.
        """
        begun = np.empty((watched.size, 3), dtype=np.int64)
        count = kernels.begin_watches(
            watched,
            self.watched,
            self.sender,
            week + self.rules.patience_weeks - 1,
            self._open_until,
            begun,
        )
        self.watched = watched
        return begun[:count]

    def learn(
        self, caught: NDArray[np.float64], week: int
    ) -> tuple[int, NDArray[np.float64], NDArray[np.int64]]:
        """Learn from a week of watching.

        Parameters
        ----------
        caught
            float64[N, S], seizures of the week by network and sector.

        Returns
        -------
        How many watches begun by a partner's tip, within patience, led to a seizure; how
        many of any age, by whose agency and on whose tip (float64[A, A], own word left out); and
        how many on tips of each kind of word (int64, in the order of `WORDS`).
        """
        countries = len(self._tried)
        owed, by_word = np.zeros((countries, countries)), np.zeros(len(WORDS), dtype=np.int64)
        expired = np.empty((self.watched.size, 2), dtype=np.int64)
        if self.watched.any():
            kernels.fade_trust(
                self.rules.first_watches, self.rules.first_hits,
                kept(self.rules.yield_memory_weeks), self._tried, self._won,
            )  # fmt: skip
        on_tips, count = kernels.judge_watches(
            week, self.watched, caught, self.owner, self._latest, self.rules.dry_watch,
            self.interest, self._open_until, self._tried, self._won, owed, by_word, expired,
        )  # fmt: skip
        self.expired = expired[:count]
        return on_tips, owed, by_word


def public_id(week: int, code: str, nth: int) -> str:
    """Event id of a tip from the public."""
    return f"public-{week}-{code}-{nth}"
