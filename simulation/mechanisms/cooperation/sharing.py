"""Cooperation (M13): how willing members are to share, and how trust is earned.

A member shares an item with a partner with probability asked share x willingness x effort.
Willingness is a matter of trust, law, culture, will and sovereignty; effort is kept up as long
as partners give back more than the work costs. Partners who leak or give little are trusted less.
"""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation import kernels
from tocsin.simulation.elementary import kept
from tocsin.simulation.geography.roster import Roster
from tocsin.simulation.mechanisms.cooperation.budget import effect
from tocsin.simulation.parameters import Pair, Parameters

YEAR = 52


def pair_key(first: str, second: str) -> str:
    """Name of a pair, the same for both orders."""
    return "-".join(sorted((first, second)))


class Relations:
    """Relations between the A agencies of C countries.

    Attributes
    ----------
    trust
        float64[A, A], trust of the row's agency in the column's.
    legal
        float64[C, C], compatibility of law at the start.
    distance
        float64[A, A], cultural distance in force, 0 to 1.
    effort
        float64[A], part of what was agreed that an agency of a member does.
    members
        bool[C].
    tells
        bool[C, C], false where the row's country tells the column's nothing on purpose.
    among
        bool[A, A], ordered pairs of different agencies of members.
    """

    no_state = frozenset({"_weights"})

    def __init__(self, codes: tuple[str, ...], roster: Roster, parameters: Parameters) -> None:
        profiles = [parameters.countries[code] for code in codes]
        count = len(codes)
        law = np.array([profile.legal for profile in profiles], dtype=float)
        self.codes, self.roster = codes, roster
        self.legal = (law[:, None] + law[None, :]) / 2
        distance = np.zeros((count, count))
        trust = np.full((count, count), parameters.trust.initial)
        for i, one in enumerate(codes):
            for j, other in enumerate(codes):
                pair = parameters.pairs.get(pair_key(one, other), Pair())
                common = bool(set(profiles[i].languages) & set(profiles[j].languages))
                if pair.common_language is not None:
                    common = pair.common_language
                far = 1.0 - common if pair.distance is None else pair.distance
                distance[i, j] = far
                if pair.legal is not None:
                    self.legal[i, j] = pair.legal
                if pair.trust is not None:
                    trust[i, j] = pair.trust
        self._first_distance = roster.between(distance, 0.0)
        self._first_trust = roster.between(trust, parameters.trust.initial)
        self.distance: NDArray[np.float64] = self._first_distance.copy()
        self.closed = 0.0
        self.effort = np.ones(len(roster))
        self._given_back = np.zeros(len(roster))
        self._work = np.zeros(len(roster))
        np.fill_diagonal(self._first_trust, 0.0)
        self.trust = self._first_trust.copy()
        self.update(parameters)

    def update(self, parameters: Parameters) -> None:
        """Take over changed levers."""
        profiles = [parameters.countries[code] for code in self.codes]
        self.rules = rules = parameters.trust
        self._weights = np.array([rules.constant, rules.weight_trust, rules.weight_legal,
                                  rules.weight_language, rules.weight_will,
                                  rules.weight_sovereignty])  # fmt: skip
        self.members = np.array([profile.member for profile in profiles], dtype=bool)
        sharing = self.roster.of_country(self.members)
        self.among = sharing[:, None] & sharing[None, :]
        np.fill_diagonal(self.among, False)
        own = self.roster.profiles(parameters)
        self._officers = np.array([max(1.0, p.officers) for p in own], dtype=float)
        self.usual_will = np.array([p.political_will for p in profiles], dtype=float)
        self.sovereignty = np.array([profile.sovereignty for profile in profiles], dtype=float)
        common = "share" in parameters.cooperation.mandates
        agreed = parameters.cooperation.sharing if common else 0.0
        asked = [agreed if profile.sharing is None else profile.sharing for profile in profiles]
        self.asked = self.roster.of_country(np.array(asked, dtype=float))
        self.tells = np.array(
            [[code not in profile.withholds_from for code in self.codes] for profile in profiles],
            dtype=bool,
        )
        self._told = self.roster.between(self.tells, True) & self.among

    def sharing(self, legal: NDArray[np.float64], will: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probability that an item of the row's agency goes to the column's. [A, A]

        `legal` [C, C] and `will` [C] are what is in force. Inside a country the same rule holds:
        law and language are one, trust has to be earned.
        """
        shared, roster = np.empty(self.trust.shape), self.roster
        kernels.shared(
            self._weights, self.trust, roster.between(legal, 1.0), self.distance,
            roster.of_country(will), roster.of_country(self.sovereignty), self.asked, self.effort,
            self._told, shared,
        )  # fmt: skip
        return shared

    def meet(self, funds: float) -> None:
        """Joint exercises and language training bring members closer; `funds` as a budget line."""
        rules = self.rules
        goal = effect(funds, rules.exercise_half_musd)
        if goal == self.closed == 0:
            return
        self.closed += (1 - kept(rules.exercise_half_life_weeks)) * (goal - self.closed)
        shrunk = self._first_distance * (1 - self.closed * self.among)
        self.distance = np.asarray(shrunk, dtype=np.float64)

    def weigh(
        self, owed: NDArray[np.float64], writing: NDArray[np.float64], cases: NDArray[np.int64]
    ) -> None:
        """Members keep up their effort as long as cooperation pays.

        Parameters
        ----------
        owed
            float64[A, A], seizures of the week that the row's agency owes to the column's tips.
        writing, cases
            float64[A], int64[A]: officers who wrote items up, and what all of them seized; so
            many would those have seized instead.
        """
        kernels.weigh(
            owed, writing, cases, self._officers, 1 - kept(YEAR), self.rules.payoff,
            self.rules.least_effort, self._given_back, self._work, self.effort,
        )  # fmt: skip

    def disappoint(self, sender: int, reader: int) -> None:
        """A sender finds out that a partner leaked its item."""
        trust = self.trust[sender, reader] - self.rules.leak_loss
        self.trust[sender, reader] = max(0.0, trust)

    def publish(self, step: float) -> None:
        """A published evaluation raises trust among members by a step towards 1."""
        self.trust += step * (1 - self.trust) * self.among

    def expose(self, step: NDArray[np.float64]) -> None:
        """A published audit costs those found out a part of their partners' trust. [C]"""
        self.trust *= 1 - self.roster.of_country(np.minimum(step, 1.0))[None, :]

    def learn(self, hits: NDArray[np.float64], sharing: NDArray[np.float64]) -> None:
        """Move trust by one week.

        Parameters
        ----------
        hits
            float64[A, A], seizures of the row's agency owed to tips of the column's.
        sharing
            float64[A, A], what the row's agency gives to the column's (probability).
        """
        rules = self.rules
        kernels.befriend(
            hits, rules.gain, sharing, self._first_trust, rules.reciprocity,
            1 - kept(rules.memory_weeks), self.trust,
        )  # fmt: skip
