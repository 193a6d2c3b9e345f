"""The roster of agencies: which there are, of which country, and who is responsible where.

By default each country has one national agency, which has the number and the name of the country.
A scenario may set others beside it; each takes over the sectors that it names, and the national
agency keeps the rest. What an agency does or knows is by agency [A]: officers, capability, known
methods, patrols, tips, watches, case files, trust and effort to share. Law, will, membership,
integrity, funds, evaluation and what the public tells are by country [C].
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.geography.modes import MODES
from tocsin.simulation.geography.sectors import SEA, Sectors
from tocsin.simulation.parameters import Agency, Country, Parameters
from tocsin.simulation.randomness import Keys, keys_of
from tocsin.simulation.state import Laid

BROAD = ("borders", "coasts")
CROSSINGS = "crossings"


@dataclass(frozen=True)
class Roster(Laid):
    """All agencies in columns of A entries, in order of their ids; C countries, S sectors.

    Attributes
    ----------
    ids
        A national agency has the code of its country, ``TJK``; another one says more,
        ``TJK-customs``.
    codes, kind
        Code of the country, and what it is: ``national`` or what the scenario says.
    country
        int64[A].
    keys
        uint64[A], stable keys.
    sector_agency
        int16[S].
    """

    ids: tuple[str, ...]
    codes: tuple[str, ...]
    kind: tuple[str, ...]
    country: NDArray[np.int64]
    keys: Keys
    sector_agency: NDArray[np.int16]

    @classmethod
    def lay_out(cls, codes: Sequence[str], sectors: Sectors, parameters: Parameters) -> "Roster":
        """The agencies of a scenario; `codes` are those of the countries by number."""
        ids = tuple(sorted((*codes, *parameters.agencies)))
        of = [name[:3] for name in ids]
        country = np.array([codes.index(code) for code in of], dtype=np.int64)
        national = np.array([ids.index(code) for code in codes], dtype=np.int16)
        sector_agency = national[sectors.country]
        for _, name, own in claims(codes, sectors, parameters):
            sector_agency[own] = ids.index(name)
        kind = tuple(
            parameters.agencies[name].kind if name in parameters.agencies else "national"
            for name in ids
        )
        return cls(ids, tuple(of), kind, country, keys_of(ids), sector_agency)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def alone(self) -> bool:
        """Whether each country has one agency, so that what is by agency is by country."""
        return len(self.ids) == self._count.size

    @cached_property
    def _count(self) -> NDArray[np.int64]:
        """Agencies of each country. [C]"""
        return np.bincount(self.country)

    def national(self, country: int) -> int:
        """Number of the national agency of a country."""
        return int(np.argmax(self.country == country))  # its id is the shortest, so the first

    def profiles(self, parameters: Parameters) -> list[Country | Agency]:
        """What a scenario says of each agency; of a national one, the profile of its country."""
        return [parameters.agencies.get(name) or parameters.countries[name] for name in self.ids]

    def parts(self, parameters: Parameters) -> NDArray[np.float64]:
        """Share of each agency in the officers of its country; equal where there are none. [A]"""
        own = np.array([one.officers for one in self.profiles(parameters)], dtype=float)
        whole = np.bincount(self.country, own)[self.country]
        return np.where(whole > 0, own / np.where(whole > 0, whole, 1.0),
                        1 / self._count[self.country])  # fmt: skip

    def of_country(self, values: NDArray[Any]) -> NDArray[Any]:
        """What holds in the country of each agency: [C] becomes [A]."""
        return values if self.alone else values[self.country]

    def between(self, values: NDArray[Any], inside: float) -> NDArray[Any]:
        """What holds between the countries of two agencies: [C, C] becomes [A, A].

        `inside` holds between two agencies of one country.
        """
        if self.alone:
            return values
        same = self.country[:, None] == self.country
        np.fill_diagonal(same, False)
        return np.where(same, inside, values[np.ix_(self.country, self.country)]).astype(
            values.dtype
        )

    def mean(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Mean over the agencies of each country: [A] becomes [C]."""
        return values if self.alone else np.bincount(self.country, values) / self._count

    def mean_between(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Mean over the pairs of agencies of each pair of countries: [A, A] becomes [C, C]."""
        if self.alone:
            return values
        each = (self.country == np.arange(self._count.size)[:, None]) / self._count[:, None]
        return each @ values @ each.T

    def at(self, sector: NDArray[np.int32], country: NDArray[np.int64]) -> NDArray[np.int64]:
        """Agencies of n sectors, which lie in the given countries. [n]"""
        return country if self.alone else self.sector_agency[sector].astype(np.int64)


@dataclass(frozen=True)
class Profiles:
    """What a policy says of countries, in columns: as long as it is in force.

    Attributes
    ----------
    corruption
        float64[A], of the country of each agency.
    own_training
        float64[C], million USD a year.
    bound
        bool[C], declared as parties to the open legal instrument.
    """

    corruption: NDArray[np.float64]
    own_training: NDArray[np.float64]
    bound: NDArray[np.bool_]

    @classmethod
    def of(cls, codes: Sequence[str], roster: Roster, parameters: Parameters) -> "Profiles":
        """Read off the parameters; `codes` are those of the countries by number."""
        rows = [parameters.countries[code] for code in codes]
        corruption = np.array([row.corruption for row in rows], dtype=float)
        return cls(
            corruption=roster.of_country(corruption),
            own_training=np.array([row.own_training_musd for row in rows], dtype=float),
            bound=np.array([row.ratified for row in rows], dtype=bool),
        )


def claims(
    codes: Sequence[str], sectors: Sectors, parameters: Parameters
) -> list[tuple[str, str, NDArray[np.bool_]]]:
    """(place, agency, its sectors [S]) of every place that agencies name, later ones prevail.

    What is said more exactly comes later: borders, coasts and modes first, then crossings, then
    neighbours, then single sectors.
    """
    found = [
        (exactness(place, codes), name, place)
        for name, agency in parameters.agencies.items() for place in agency.at
    ]  # fmt: skip
    return [
        (place, name, responsible(place, name[:3], codes, sectors))
        for _, name, place in sorted(found)
    ]


def visited(place: str, sectors: Sectors) -> NDArray[np.bool_]:
    """Sectors that a place of ``agencies.*.sent`` means: one id, or all that begin so. [S]"""
    return np.array([place in (name, name.partition(":")[0]) for name in sectors.ids], dtype=bool)


def exactness(place: str, codes: Sequence[str]) -> int:
    """How exactly a place of ``agencies.*.at`` is said, from 0."""
    if place in BROAD or place in MODES:
        return 0
    return 1 if place == CROSSINGS else 2 if place in codes else 3


def responsible(
    place: str, code: str, codes: Sequence[str], sectors: Sectors
) -> NDArray[np.bool_]:  # fmt: skip
    """Sectors of a country that a place of ``agencies.*.at`` means; none if it means nothing. [S]

    A place is ``borders``, ``coasts``, ``crossings`` (sectors with an official crossing or a
    port), a mode with stations, the code of a neighbour, or the id of a sector.
    """
    own = sectors.country == codes.index(code)
    if place == "borders":
        return own & (sectors.neighbour >= 0)
    if place == "coasts":
        return own & (sectors.neighbour == SEA)
    if place == CROSSINGS:
        return own & (sectors.crossings > 0)
    if place in MODES and MODES[place].tag:
        return own & (sectors.neighbour == MODES[place].beyond)
    if place in codes:
        return own & (sectors.neighbour == codes.index(place))
    return own & np.array([name == place for name in sectors.ids], dtype=bool)
