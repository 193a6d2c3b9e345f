"""The race between concealment and method (M9).

Networks that lose shipments hide better. Agencies learn methods as far as their skill, their
tools and what partners show them allow; who knows a method sees through it. Both sides fall back
when nothing drives them, so the race has no end and no winner.
"""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation import kernels
from tocsin.simulation.elementary import kept
from tocsin.simulation.mechanisms.agencies.capacity import CapacityBuilding
from tocsin.simulation.parameters import Innovation, Trafficking


class MethodRace:
    """Concealment of N networks, knowledge of methods in C countries.

    Attributes
    ----------
    concealment
        float64[N], divides the hazard for those who do not know the method; 1 is plain.
    method
        float64[A], share of present methods that the agency knows, 0 to 1.
    """

    def __init__(self, networks: int, capability: NDArray[np.float64]) -> None:
        self.concealment = np.ones(networks)
        self.method = capability.copy()
        self._heard = np.zeros((capability.size, capability.size))
        self._made = np.zeros(capability.size)

    def evade(
        self, loss_rate: NDArray[np.float64], active: NDArray[np.bool_],
        luck: NDArray[np.float64], rules: Innovation, habits: Trafficking,
    ) -> list[int]:  # fmt: skip
        """One week: losses press networks to hide better, or to work in another way.

        Calm lets concealment slip. All vectors [N]; `luck` is uniform in (0, 1).

        Returns
        -------
        Networks that change their *modus operandi*.
        """
        who = np.empty(luck.size, dtype=np.int64)
        number = kernels.evade(
            loss_rate, active, luck, 1 / habits.modus_life_weeks, habits.modus_loss_hazard,
            rules.rate, rules.most, 1 - kept(rules.fade_weeks), self.concealment, who,
        )  # fmt: skip
        return who[:number].tolist()

    def found(self, network: int) -> None:
        """A new network starts plainly."""
        self.concealment[network] = 1.0

    def study(
        self,
        capacity: CapacityBuilding,
        told: NDArray[np.float64],
        cases: NDArray[np.int64],
        rules: Innovation,
    ) -> None:
        """One week of learning: agencies by themselves, by tools, by what partners show.

        Parameters
        ----------
        told
            float64[A, A], seizures of the column's agency that the row's hears of this week.
        cases
            int64[A], own seizures of the week.
        """
        kernels.study(
            told, cases, capacity.capability, capacity.tools, rules.tools_half_musd,
            kept(rules.heard_half_life_weeks), 1 - kept(rules.method_weeks), self._heard,
            self._made, self.method,
        )  # fmt: skip
