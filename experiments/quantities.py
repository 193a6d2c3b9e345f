"""Quantities as people read them: tonnes, persons, percent, million USD, with few digits."""

from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import Protocol

from simulation.indicators import indicator_of
from simulation.networks import SMALLEST
from simulation.parameters import Parameters

AMOUNTS = "g"
SMALL_USD = 100_000


class Measured(Protocol):
    """A scenario, or what has been kept of one."""

    @property
    def parameters(self) -> Parameters:
        """Values of its table, which say what is traded, and in which unit."""
        ...


@dataclass(frozen=True)
class Quantity:
    """How values of one indicator are written.

    Attributes
    ----------
    scale
        What a value is multiplied with.
    unit, change
        Unit of a level, and of a difference of two levels (percent, percentage points).
    """

    scale: float
    unit: str
    change: str

    @classmethod
    def of(cls, indicator: str, scenario: Measured, size: float = 0.0) -> "Quantity":
        """The quantity of an indicator; values of about `size` choose the unit."""
        unit = indicator_of(indicator).unit
        if unit == AMOUNTS:
            return cls.amount(indicator, scenario, size)
        if unit == "share":
            return cls(100, "%", "points")
        if unit == "USD":
            if 0 < size < SMALL_USD:
                return cls(1, "USD", "USD")
            return cls(1e-6, "million USD", "million USD")
        return cls(1, unit, unit)

    @classmethod
    def amount(cls, indicator: str, scenario: Measured, size: float = 0.0) -> "Quantity":
        """The quantity of an amount of goods, in the unit of its commodity."""
        inside = indicator.rstrip("]").partition("[")[2]
        goods = scenario.parameters.commodities
        good = goods.get(inside, goods[scenario.parameters.measurement.headline])
        scale, unit = 1 / SMALLEST[good.unit], str(good.unit)
        if unit == "kg" and size * scale >= 10_000:
            scale, unit = scale / 1000, "t"
        elif unit == "USD" and size * scale >= 1_000_000:
            scale, unit = scale / 1e6, "million USD"
        return cls(scale, unit, unit)

    def level(self, value: float | None) -> str:
        """A value with its unit."""
        if value is None or not isfinite(value):
            return "undefined"
        return f"{digits(value * self.scale)} {self.unit}".strip()

    def difference(self, value: float | None) -> str:
        """A difference with sign and unit."""
        if value is None or not isfinite(value):
            return "undefined"
        return f"{signed(value * self.scale)} {self.change}".strip()

    def interval(self, low: float, high: float) -> str:
        """Both ends of an interval of a difference, without unit."""
        if not (isfinite(low) and isfinite(high)):
            return "undefined"
        return f"{signed(low * self.scale)} to {signed(high * self.scale)}"


def digits(value: float, significant: int = 3) -> str:
    """A number with about three digits that mean something, thousands with a comma."""
    if value == 0 or not isfinite(value):
        return "0" if value == 0 else "undefined"
    places = significant - 1 - floor(log10(abs(value)))
    text = f"{round(value, places):,.{min(max(0, places), 6)}f}"
    return text.replace("-", "\N{MINUS SIGN}")


def signed(value: float, significant: int = 3) -> str:
    """The same with a sign."""
    text = digits(value, significant)
    return f"+{text}" if value > 0 and not text.startswith("+") else text
