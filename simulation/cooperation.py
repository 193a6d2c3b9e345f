"""Cooperation (M13): how willing members are to share, and how trust is earned.

A member shares an item with a partner with probability asked share x willingness x effort.
Willingness is a matter of trust, law, culture, will and sovereignty; effort is kept up as long
as partners give back more than the work costs. Partners who leak or give little are trusted less.
"""

import numpy as np
from numpy.typing import NDArray

from simulation import kernels
from simulation.budget import effect
from simulation.parameters import Pair, Parameters

YEAR = 52


def pair_key(first: str, second: str) -> str:
    """Name of a pair, the same for both orders."""
    return "-".join(sorted((first, second)))


class Cooperation:
    """Relations between C countries.

    Attributes
    ----------
    trust
        float64[C, C], trust of the row's country in the column's.
    legal
        float64[C, C], compatibility of law at the start.
    distance
        float64[C, C], cultural distance in force, 0 to 1.
    effort
        float64[C], part of what was agreed that a member does.
    members
        bool[C].
    tells
        bool[C, C], false where the row's country tells the column's nothing on purpose.
    among
        bool[C, C], ordered pairs of different members.
    """

    def __init__(self, codes: tuple[str, ...], parameters: Parameters) -> None:
        profiles = [parameters.countries[code] for code in codes]
        count = len(codes)
        law = np.array([profile.legal for profile in profiles])
        self.codes = codes
        self.legal = (law[:, None] + law[None, :]) / 2
        self._first_distance = np.zeros((count, count))
        self._first_trust = np.full((count, count), parameters.trust.initial)
        for i, one in enumerate(codes):
            for j, other in enumerate(codes):
                pair = parameters.pairs.get(pair_key(one, other), Pair())
                common = bool(set(profiles[i].languages) & set(profiles[j].languages))
                if pair.common_language is not None:
                    common = pair.common_language
                far = 1.0 - common if pair.distance is None else pair.distance
                self._first_distance[i, j] = far
                if pair.legal is not None:
                    self.legal[i, j] = pair.legal
                if pair.trust is not None:
                    self._first_trust[i, j] = pair.trust
        self.distance = self._first_distance.copy()
        self.closed = 0.0
        self.effort = np.ones(count)
        self._given_back = np.zeros(count)
        self._work = np.zeros(count)
        np.fill_diagonal(self._first_trust, 0.0)
        self.trust = self._first_trust.copy()
        self.update(parameters)

    def update(self, parameters: Parameters) -> None:
        """Take over changed levers."""
        profiles = [parameters.countries[code] for code in self.codes]
        self.rules = rules = parameters.trust
        self._weights = np.array(
            [
                rules.constant, rules.weight_trust, rules.weight_legal, rules.weight_language,
                rules.weight_will, rules.weight_sovereignty,
            ]
        )  # fmt: skip
        self.members = np.array([profile.member for profile in profiles])
        self.among = self.members[:, None] & self.members[None, :]
        np.fill_diagonal(self.among, False)
        self.usual_will = np.array([profile.political_will for profile in profiles])
        self.sovereignty = np.array([profile.sovereignty for profile in profiles])
        agreed = parameters.cooperation.sharing if "share" in parameters.cooperation.mandates else 0
        self.asked = np.array(
            [agreed if profile.sharing is None else profile.sharing for profile in profiles],
            dtype=float,
        )
        self.tells = np.array(
            [[code not in profile.withholds_from for code in self.codes] for profile in profiles]
        )
        self._told = self.tells & self.among

    def sharing(self, legal: NDArray[np.float64], will: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probability that an item of the row's country goes to the column's. [C, C]

        Share asked for x effort x willingness, a logistic function of trust, law, language, will
        and sovereignty; `legal` [C, C] and `will` [C] are what is in force.
        """
        chance = np.empty_like(self.trust)
        kernels.reluctance(
            self._weights, self.trust, legal, self.distance, will, self.sovereignty, chance
        )
        np.exp(chance, out=chance)
        kernels.given(chance, self.asked, self.effort, self._told, chance)
        return chance

    def meet(self, funds: float) -> None:
        """Joint exercises and language training bring members closer; `funds` as a budget line."""
        rules = self.rules
        if funds == 0 and self.closed == 0:
            return
        goal = effect(funds, rules.exercise_half_musd)
        self.closed += (1 - 0.5 ** (1 / rules.exercise_half_life_weeks)) * (goal - self.closed)
        self.distance = self._first_distance * (1 - self.closed * self.among)

    def weigh(self, given_back: NDArray[np.float64], work: NDArray[np.float64]) -> None:
        """Members keep up their effort as long as cooperation pays.

        Parameters
        ----------
        given_back
            float64[C], seizures of the week owed to partners' tips.
        work
            float64[C], seizures that the officers who wrote items up would have made instead.
        """
        kept = 0.5 ** (1 / YEAR)
        self._given_back += (1 - kept) * (given_back - self._given_back)
        self._work += (1 - kept) * (work - self._work)
        both = self._given_back + self._work
        balance = np.divide(
            self._given_back - self._work, both, np.zeros_like(both), where=both > 0
        )
        self.effort += self.rules.payoff * balance
        np.clip(self.effort, self.rules.least_effort, 1.0, out=self.effort)

    def disappoint(self, sender: int, reader: int) -> None:
        """A sender finds out that a partner leaked its item."""
        trust = self.trust[sender, reader] - self.rules.leak_loss
        self.trust[sender, reader] = max(0.0, trust)

    def publish(self, step: float) -> None:
        """A published evaluation raises trust among members by a step towards 1."""
        self.trust += step * (1 - self.trust) * self.among

    def expose(self, step: NDArray[np.float64]) -> None:
        """A published audit costs those found out a part of their partners' trust. [C]"""
        self.trust *= 1 - np.minimum(step, 1.0)[None, :]

    def learn(self, hits: NDArray[np.float64], sharing: NDArray[np.float64]) -> None:
        """Move trust by one week.

        Parameters
        ----------
        hits
            float64[C, C], seizures of the row's country owed to tips of the column's.
        sharing
            float64[C, C], what the row's country gives to the column's (probability).
        """
        rules = self.rules
        self.trust += (1 - self.trust) * (1 - (1 - rules.gain) ** hits)
        self.trust += rules.reciprocity * (sharing.T - sharing)
        self.trust += (1 - 0.5 ** (1 / rules.memory_weeks)) * (self._first_trust - self.trust)
        np.clip(self.trust, 0.0, 1.0, out=self.trust)
        np.fill_diagonal(self.trust, 0.0)
