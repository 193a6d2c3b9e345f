"""The coordinator's budget: one line for each instrument (M18).

What a scenario states is the plan. A flexible framework lets an evaluation move money between
the lines, which keeps the sum; donors may give more or less of the whole.
"""

from tocsin.simulation.parameters import Parameters, instruments, short_name
from tocsin.simulation.scenario.overrides import look_up, parse_key

CAPACITY = "capacity.funding_musd_per_year"
EXERCISES = "cooperation.exercises_musd_per_year"
TASK_FORCES = "cooperation.task_forces_musd_per_year"
LIAISON = "intelligence.liaison_musd_per_year"
ANALYSIS = "intelligence.analysis_musd_per_year"
RESPONSE = "operations.rapid_response_musd_per_year"
HARMONISATION = "legal.harmonisation_musd_per_year"
INTEGRITY = "governance.integrity_musd_per_year"
ADVOCACY = "governance.advocacy_musd_per_year"
EVALUATION = "governance.evaluation_musd_per_year"

YEAR, MILLION = 52, 1e6


class Budget:
    """Funds of every instrument in million USD a year.

    Attributes
    ----------
    costs
        USD a week by name of the indicator; the capacity programme, which may end, apart.
    """

    def __init__(self, parameters: Parameters) -> None:
        self._moved = dict.fromkeys(instruments(), 0.0)
        self.donors = 1.0
        self.credit = dict.fromkeys(instruments(), 0.0)
        self.update(parameters)

    def update(self, parameters: Parameters) -> None:
        """Take over a changed plan; what evaluations have moved stays moved."""
        plan = {key: float(look_up(parameters, parse_key(key))) for key in instruments()}
        if not any(country.member for country in parameters.countries.values()):
            plan = dict.fromkeys(plan, 0.0)
        self._plan, self._rules = plan, parameters.governance
        self._settle()

    def _settle(self) -> None:
        lines = {key: max(0.0, sum_) for key, sum_ in self._with_moves().items()}
        total = sum(lines.values())
        scale = self.donors * sum(self._plan.values()) / total if total else 0.0
        self._funds = {key: value * scale for key, value in lines.items()}
        self.costs = {
            f"cost_{short_name(key)}": value * MILLION / YEAR
            for key, value in self._funds.items() if key != CAPACITY
        }  # fmt: skip

    def _with_moves(self) -> dict[str, float]:
        return {key: value + self._moved[key] for key, value in self._plan.items()}

    def __getitem__(self, instrument: str) -> float:
        """Funds of an instrument, million USD a year."""
        return self._funds[instrument]

    @property
    def total(self) -> float:
        """All instruments together, million USD a year."""
        return sum(self._funds.values())

    def funded(self) -> list[str]:
        """Instruments that have money, in order of declaration."""
        return [key for key, value in self._funds.items() if value > 0]

    def earn(self, instrument: str, credit: float) -> None:
        """Note what an instrument has brought about this year, in interdictions' worth."""
        self.credit[instrument] += credit

    def move(self, source: str, target: str, amount: float) -> float:
        """Move million USD a year from one line to another; returns what was moved."""
        amount = min(amount, self._funds[source])
        self._moved[source] -= amount / self.donors
        self._moved[target] += amount / self.donors
        self._settle()
        return amount

    def raise_by(self, share: float) -> None:
        """Donors change the whole by a share, within bounds."""
        rules = self._rules
        within = max(rules.donors_least, self.donors * (1 + share))
        self.donors = min(rules.donors_most, within)
        self._settle()


def effect(funds: float, half: float) -> float:
    """Concave effect of funds, 0 to 1: one half at `half`, both in million USD a year."""
    return funds / (funds + half)
