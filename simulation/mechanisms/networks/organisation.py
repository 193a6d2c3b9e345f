"""Organisation of networks (M8): members, roles, arrests and replacement.

Every network has members with roles. What it can move follows the roles that are filled;
places of those arrested are filled again one by one. Who is arrested is chosen at random, by
role, or by place in the graph of who works with whom, which is drawn when it is needed.
"""

from functools import lru_cache
from typing import NamedTuple

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from tocsin.simulation import kernels
from tocsin.simulation.elementary import power
from tocsin.simulation.parameters import Organisation
from tocsin.simulation.randomness import Keys, Streams, chained

ROLES = ("leader", "broker", "logistician", "courier", "financier", "corruptor")
COURIER = ROLES.index("courier")


class Build(NamedTuple):
    """How networks are built: shares of members by role, cells, and probabilities of ties."""

    shares: tuple[float, ...]
    cell: int
    inside: float
    second: float

    @classmethod
    def of(cls, rules: Organisation) -> "Build":
        """What the table says; couriers are all who are nothing else."""
        shares = [0.0 if role == "courier" else getattr(rules, f"share_{role}") for role in ROLES]
        return cls(tuple(shares), rules.cell, rules.inside, rules.second)


class Membership:
    """Members of N networks; M is the size of the largest.

    Attributes
    ----------
    size
        int64[N], members at full strength.
    role
        int8[N, M], index into `ROLES`, -1 where there is no such member.
    present
        bool[N, M], members at large.
    filled
        int64[N, roles], members at large by role.
    labour
        float64[N], what the filled roles can still do, 1 at full strength.
    """

    def __init__(self, size: NDArray[np.int64], keys: Keys, rules: Organisation) -> None:
        self.size = size
        self._leave = rules.leave
        self._build = Build.of(rules)
        self.role = np.full((size.size, int(size.max(initial=1))), -1, dtype=np.int8)
        for network, members in enumerate(size):
            self.role[network, :members] = _roles(int(members), self._build)
        self.present = self.role >= 0
        self._keys = chained(keys[:, None], np.arange(self.role.shape[1]))
        self._full = np.array([self._by_role(network) for network in range(size.size)])
        self.filled = self._full.copy()
        self.labour = np.ones(size.size)
        _, first, self._kind = np.unique(size, return_index=True, return_inverse=True)
        self._worth = _worth(self._full[first], rules)
        self._unknown = np.zeros(self.role.shape[1])  # nobody is known as central

    def _by_role(self, network: int) -> NDArray[np.int64]:
        """Members at large by role. [roles]"""
        return np.bincount(self.role[network][self.present[network]], minlength=len(ROLES))

    def _renew(self, network: int) -> None:
        self.filled[network] = filled = self._by_role(network)
        worth = self._worth[self._kind[network]]
        self.labour[network] = worth[filled, np.arange(len(ROLES))].prod()

    def strength(self, network: int) -> float:
        """Share of the members who are at large."""
        return float(self.filled[network].sum() / self.size[network])

    def graph(self, network: int) -> nx.Graph:
        """Who works with whom, at full strength; nodes are the members' numbers."""
        return member_graph(int(self.size[network]), int(self._keys[network, 0]), self._build)

    def refill(self, week: int, rules: Organisation, streams: Streams) -> None:
        """Fill each empty place with the weekly probability ``1 / refill_weeks``."""
        kernels.refill(
            streams.key("recruitment"), week, 1 / rules.refill_weeks, self._keys, self.size,
            self.role, self.present, self._kind, self._worth, self.filled, self.labour,
        )  # fmt: skip

    def arrest(
        self,
        network: int,
        share: float,
        week: int,
        streams: Streams,
        targeting: str = "random",
        role: str | None = None,
    ) -> NDArray[np.int64]:
        """Arrest a share of the members at large; returns who, as member numbers.

        Parameters
        ----------
        targeting
            ``random``, ``role`` (only members of that `role`), or ``degree`` and
            ``betweenness`` (the most central first, in the graph of all members).
        """
        wanted = ROLES.index(role or "leader") if targeting == "role" else -1
        score = self._unknown
        if targeting in ("degree", "betweenness"):
            score = centrality(
                int(self.size[network]), int(self._keys[network, 0]), targeting, self._build
            )
        caught = np.empty(self.present.shape[1], dtype=np.int64)
        number, self.labour[network] = kernels.arrest(
            streams.key("arrest"), streams.key("arrests"), week, share, wanted,
            self._keys[network], self.role[network], self.present[network], score,
            self._worth[self._kind[network]], self.filled[network], caught,
        )  # fmt: skip
        return caught[:number]

    def leaders(self, network: int) -> int:
        """Leaders at large."""
        return int(self.filled[network, ROLES.index("leader")])

    def part(self, network: int, week: int, streams: Streams) -> NDArray[np.intp]:
        """Part of the members at large leave, whoever they are; returns who."""
        at_large = np.flatnonzero(self.present[network])
        luck = streams.uniform("split", self._keys[network, at_large], week)
        gone = at_large[luck < self._leave]
        self.present[network, gone] = False
        self._renew(network)
        return gone

    def regroup(self, network: int, strength: float, week: int, streams: Streams) -> None:
        """A new network starts with part of its places filled, all leaders among them."""
        places = np.flatnonzero(self.role[network] >= 0)
        luck = streams.uniform("faction", self._keys[network, places], week)
        lead = self.role[network, places] == ROLES.index("leader")
        self.present[network] = False
        self.present[network, places[(luck < strength) | lead]] = True
        self._renew(network)

    def found(self, network: int) -> None:
        """A new network starts at full strength."""
        self.present[network] = self.role[network] >= 0
        self.filled[network] = self._full[network]
        self.labour[network] = 1.0


def _worth(full: NDArray[np.int64], rules: Organisation) -> NDArray[np.float64]:
    """What a role is worth with 0, 1, 2 ... members at large, by size of a network.

    `full` is int64[sizes, roles], members at full strength. [sizes, most + 1, roles]
    """
    number = np.arange(full.max(initial=0) + 1)[:, None]
    share = number / np.maximum(full, 1)[:, None, :]
    weights = np.array([getattr(rules, f"weight_{role}") for role in ROLES], dtype=float)
    return power(rules.stand_in + (1 - rules.stand_in) * share, weights)


@lru_cache(maxsize=512)
def _roles(members: int, build: Build) -> NDArray[np.int8]:
    """Roles of so many members: at least one leader, couriers where nothing else. [members]"""
    number = np.floor(np.array(build.shares) * members).astype(int)
    number[0] = max(1, number[0])
    number[COURIER] = members - number.sum()
    return np.repeat(np.arange(len(ROLES)), number).astype(np.int8)


def member_graph(members: int, key: int, build: Build) -> nx.Graph:
    """Who works with whom: cells of close colleagues, joined by their best connected members.

    The best connected are the leaders, then the brokers; couriers know the fewest.

    Parameters
    ----------
    members
        Number of members, the nodes of the graph.
    key
        Makes the graph, together with the number of members.
    build
        How large cells are, and how members are tied.
    """
    pairs, place = _ties(members, key, build)
    graph: nx.Graph = nx.empty_graph(members)
    graph.add_edges_from(pairs.tolist())
    return nx.relabel_nodes(graph, dict(enumerate(place.tolist())))


def _ties(members: int, key: int, build: Build) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of persons who work together, [n, 2], and the member number of each. [members]"""
    # a cell has at most 3/2 build.cell members, but for the rounding of the smallest
    pairs = np.empty((members * (build.cell + 2), 2), dtype=np.int64)
    place = np.empty(members, dtype=np.int64)
    cells = max(1, round(members / build.cell))
    count = kernels.ties(
        np.uint64(key), _by_standing(members, build), cells, build.inside, build.second, pairs,
        place,
    )  # fmt: skip
    return pairs[:count], place


@lru_cache(maxsize=512)
def _by_standing(members: int, build: Build) -> NDArray[np.intp]:
    """Member numbers, those of the roles that join others first: leaders, brokers and so on."""
    standing = np.array([0, 1, 2, 5, 3, 4])  # couriers know the fewest
    return np.argsort(standing[_roles(members, build)], kind="stable")


def centrality(members: int, key: int, targeting: str, build: Build) -> NDArray[np.float64]:
    """Degree or betweenness centrality of every member of a generated network. [members]"""
    if targeting == "betweenness":
        return _betweenness(members, key, build)
    pairs, place = _ties(members, key, build)
    score = np.empty(members)
    score[place] = np.bincount(pairs.ravel(), minlength=members)
    return score * (1 / (members - 1))


@lru_cache(maxsize=1024)
def _betweenness(members: int, key: int, build: Build) -> NDArray[np.float64]:
    score = nx.betweenness_centrality(member_graph(members, key, build))
    return np.array([score[member] for member in range(members)])
