"""Costs that stand from week to week: the coordinator itself, officers and their own training."""

from tocsin.simulation.geography.modes import Mode, in_use
from tocsin.simulation.mechanisms.cooperation.budget import MILLION, YEAR
from tocsin.simulation.parameters import Parameters


class RunningCosts:
    """USD a week, until the policy changes.

    Attributes
    ----------
    secretariat_usd, officers_usd
        For the coordinator itself; for officers and the countries' own training.
    """

    no_state = frozenset({"_modes"})

    def __init__(self, parameters: Parameters) -> None:
        self._modes = in_use(parameters)
        self.update(parameters)

    def update(self, parameters: Parameters) -> None:
        """Take over changed levers."""
        self.secretariat_usd = _secretariat(parameters)
        self.officers_usd = _officers(parameters, self._modes)


def _secretariat(parameters: Parameters) -> float:
    """USD a week for the coordinator itself, which stands as long as it has members."""
    member = any(country.member for country in parameters.countries.values())
    return parameters.costs.hub_musd_per_year * MILLION / YEAR * member


def _officers(parameters: Parameters, modes: tuple[Mode, ...]) -> float:
    """USD a week for officers, those at stations too, and the countries' own training."""
    rules = parameters.operations
    others = dict.fromkeys(parameters.countries, 0.0)
    for name, agency in parameters.agencies.items():
        others[name[:3]] += agency.officers
    return sum(
        (sum(mode.officers(country) for mode in modes) + others[code])
        * country.patrol_factor(rules.patrol_budget) * country.officer_usd_per_year
        + country.own_training_musd * MILLION
        for code, country in parameters.countries.items()
    ) / YEAR  # fmt: skip
