"""What happens to people who are smuggled: they cross, are stopped, turned back, rescued, or die.

A group that officers find is stopped or turned back. A boat at an open coast may founder, the
more likely the more the network hides its crossings; where officers are about, more are saved.
Persons are counted by themselves: never weighed, never added to goods.
"""

import numpy as np
from tocsin.simulation.parameters import Parameters

OUTCOMES = ("stopped", "turned_back", "rescued", "died")


class Smuggled:
    """What may happen to those who are smuggled, by commodity number.

    Attributes
    ----------
    persons
        bool[K], whether the commodity is persons.
    wreck
        float64[K], probability that a boat founders at an open coast.
    drowned, turned_back
        float64[K], share of the shipwrecked who die where no officers are about, and of the
        groups that are found which are turned back.
    anybody, by_boat
        Whether persons are smuggled at all, and whether a boat may founder.
    """

    def __init__(self, names: tuple[str, ...], parameters: Parameters) -> None:
        self._names = names
        self.update(parameters)

    def update(self, parameters: Parameters) -> None:
        """Take over changed levers."""
        goods = [parameters.commodities[name] for name in self._names]
        self.persons = np.array([good.unit == "persons" for good in goods], dtype=bool)
        self.wreck = np.array([good.wreck for good in goods], dtype=float) * self.persons
        self.drowned = np.array([good.drowned for good in goods], dtype=float)
        self.turned_back = np.array([good.turned_back for good in goods], dtype=float)
        self.anybody = bool(self.persons.any())
        self.by_boat = bool(self.wreck.any())
