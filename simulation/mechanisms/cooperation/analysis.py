"""Analysis at the hub (M5, M7): prediction of routes, and who holds a network together.

Analysts see every seizure that members share. Now and then they can say which way the network
must have been on, from the ways that pass there; partners get that as an item like any other,
right or wrong. The same analysts tell investigators whom to arrest.
"""

from tocsin.simulation.elementary import kept
from tocsin.simulation.mechanisms.cooperation.budget import effect
from tocsin.simulation.parameters import Intelligence


class HubAnalysis:
    """Analytic capability of the hub, 0 to 1."""

    def __init__(self) -> None:
        self.level = 0.0

    def build(self, funds: float, rules: Intelligence) -> None:
        """One week; `funds` in million USD a year."""
        goal = effect(funds, rules.analysis_half_musd)
        self.level += (1 - kept(rules.analysis_build_weeks)) * (goal - self.level)
