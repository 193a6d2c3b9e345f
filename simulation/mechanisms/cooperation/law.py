"""Legal instruments (M14): ratification, compliance, and what they do to legal assistance.

A common instrument closes part of the gap in law between two parties, as far as both comply.
Ratification takes political will and is slowed by concern for sovereignty, the more the further
the instrument goes; support speeds it up. Practice follows the signature slowly, and better
where compliance is reviewed. Compatible law shortens formal legal assistance and lets evidence
count for more.
"""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation import kernels
from tocsin.simulation.elementary import kept
from tocsin.simulation.mechanisms.cooperation.budget import effect
from tocsin.simulation.parameters import Legal
from tocsin.simulation.randomness import Keys, Streams


class Law:
    """Law of C countries.

    Attributes
    ----------
    ratified
        bool[C].
    compliance
        float64[C], how far practice follows what was signed, 0 to 1.
    """

    def __init__(self, base: NDArray[np.float64], keys: Keys) -> None:
        self._base = base
        self._keys = keys
        self.ratified = np.zeros(keys.size, dtype=bool)
        self.compliance = np.zeros(keys.size)
        self.compatibility = base.copy()

    def ratify(
        self, week: int, rules: Legal, support: float, members: NDArray[np.bool_],
        will: NDArray[np.float64], sovereignty: NDArray[np.float64], bound: NDArray[np.bool_],
        streams: Streams,
    ) -> NDArray[np.intp]:  # fmt: skip
        """Members that ratify this week; all vectors [C], `support` in million USD a year.

        `bound` says which countries the scenario declares as parties.
        """
        if not rules.treaty:
            return np.empty(0, dtype=np.intp)
        rate = will * (1 - sovereignty * rules.provisions) / rules.ratification_weeks
        rate = rate * (1 + rules.support_gain * effect(support, rules.harmonisation_half_musd))
        drawn = streams.uniform("ratification", self._keys, week) < rate
        new = (members & drawn | bound) & ~self.ratified
        self.ratified |= new
        return np.flatnonzero(new)

    def practise(
        self, rules: Legal, will: NDArray[np.float64], corruption: NDArray[np.float64]
    ) -> None:
        """One week: practice moves towards what will, integrity and review allow. [C]"""
        kernels.practise(
            self.ratified, will, corruption, rules.review,
            1 - kept(rules.compliance_weeks), rules.provisions * rules.treaty, self._base,
            self.compliance, self.compatibility,
        )  # fmt: skip
