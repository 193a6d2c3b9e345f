"""Quantities as people read them: the one place that writes numbers with their units.

What is traded is counted in kilograms, persons or US dollars, as its commodity says; runs keep
grams, persons and cents. Everything that shows a number to people takes its unit from here.
"""

from dataclasses import dataclass
from math import ceil, floor, isfinite, log10
from numbers import Integral
from typing import Protocol

from tocsin.simulation.parameters import Commodity, Parameters
from tocsin.simulation.recording.indicators import indicator_of, sold_at

PRICE = "market_price"
SMALL_USD = 100_000
SMALL_KG = 0.1
MOST_PLACES = 6
LARGEST_IN_FULL = 1e15  # beyond, a float does not hold all digits of a whole number
ONE = {"persons": "person"}
SHORT = {"million USD a year": "M USD"}
SAID_BY_NAME = ("trust", "capability", "index")  # units that say no more than the name does


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
    whole
        Whether values are counts, so that a whole number is written in full.
    """

    scale: float
    unit: str
    change: str
    whole: bool = False

    @classmethod
    def of(cls, indicator: str, world: Measured | Parameters, size: float = 0.0) -> "Quantity":
        """The quantity of an indicator; values of about `size` choose the unit."""
        one = indicator_of(indicator)
        unit = one.unit
        if one.kind == "goods":
            return cls.amount(indicator, world, size)
        if one.kind == "share":
            return cls(100, "%", "points")
        if one.kind == "money":
            return cls.money(size)
        if one.kind == "price":
            unit = f"USD per {one_of(_good(indicator, world).unit)}"
        elif unit in SAID_BY_NAME:
            unit = ""
        return cls(1, unit, unit, one.whole)

    @classmethod
    def amount(cls, indicator: str, world: Measured | Parameters, size: float = 0.0) -> "Quantity":
        """The quantity of an amount of goods, in the unit of its commodity."""
        return cls.goods(_good(indicator, world), size)

    @classmethod
    def goods(cls, good: Commodity, size: float = 0.0) -> "Quantity":
        """The quantity of an amount of one commodity, kept in its smallest unit."""
        scale, unit = 1 / good.smallest, str(good.unit)
        if unit == "kg" and size * scale >= 10_000:
            scale, unit = scale / 1000, "t"
        elif unit == "kg" and 0 < size * scale < SMALL_KG:
            scale, unit = 1.0, "g"
        elif unit == "USD" and size * scale >= 1_000_000:
            scale, unit = scale / 1e6, "million USD"
        return cls(scale, unit, unit, True)

    @classmethod
    def money(cls, size: float = 0.0) -> "Quantity":
        """The quantity of an amount of US dollars."""
        if 0 < size < SMALL_USD:
            return cls(1, "USD", "USD")
        return cls(1e-6, "million USD", "million USD")

    def level(self, value: float | None) -> str:
        """A value with its unit; a whole number that needs no scale is written in full."""
        if value is None or not isfinite(value):
            return "undefined"
        if self.scale == 1 and (isinstance(value, Integral) or (self.whole and value % 1 == 0)):
            return f"{_minus(f'{int(value):,d}')} {self.unit}".strip()
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


def one_of(unit: str) -> str:
    """One of a unit, as in *USD per person*."""
    return ONE.get(unit, unit)


def good_of(indicator: str, world: Measured | Parameters) -> str:
    """Name of the commodity that an indicator is about.

    It is the one in its brackets, the one that is sold at the market there, or the headline.
    """
    parameters = world if isinstance(world, Parameters) else world.parameters
    goods, headline = parameters.commodities, parameters.measurement.headline
    plain, _, inside = indicator.removesuffix("]").partition("[")
    if inside in goods:
        return inside
    return sold_at(goods).get(inside, headline) if plain == PRICE else headline


def _good(indicator: str, world: Measured | Parameters) -> Commodity:
    parameters = world if isinstance(world, Parameters) else world.parameters
    return parameters.commodities[good_of(indicator, parameters)]


def digits(value: float, significant: int = 3) -> str:
    """A number with about three digits that mean something, thousands with a comma."""
    if value == 0 or not isfinite(value):
        return "0" if value == 0 else "undefined"
    places = significant - 1 - floor(log10(abs(value)))
    if round(value, MOST_PLACES) == 0:  # nothing that is not zero is written as zero
        return _minus(f"{value:.{significant - 1}e}")
    return _minus(f"{round(value, places):,.{min(max(0, places), MOST_PLACES)}f}")


def signed(value: float, significant: int = 3) -> str:
    """The same with a sign."""
    text = digits(value, significant)
    return f"+{text}" if value > 0 and not text.startswith("+") else text


def plain(value: float, significant: int = 4, sign: bool = False) -> str:
    """A value that was set, or a tick of an axis: no digit that it does not need."""
    if not isfinite(value):
        return "undefined"
    if abs(value) >= LARGEST_IN_FULL:
        return _minus(f"{value:{'+' if sign else ''}.{significant}g}")
    whole = abs(value) >= float(f"1e{significant - 1}") or float(value).is_integer()
    form = ("+" if sign and value else "") + (",.0f" if whole else f",.{significant}g")
    return _minus(f"{value:{form}}")


def percent(share: float, places: int = 0) -> str:
    """A share as a percentage; what is not all is never written as 100, nor what is some as 0."""
    if not isfinite(share):
        return "undefined"
    step = float(f"1e-{places}")
    if 0 < 100 * share < step / 2:
        return f"under {step:.{places}f} %"
    if 100 - step / 2 <= 100 * share < 100:
        return f"over {100 - step:.{places}f} %"
    return _minus(f"{100 * share:.{places}f} %")


def fixed(value: float, places: int = 2, sign: bool = False) -> str:
    """A number with so many decimals, as in a column; one that rounds to zero has no sign."""
    if not isfinite(value):
        return "undefined"
    text = f"{value:{'+' if sign else ''},.{places}f}"
    return _minus(text if float(text.replace(",", "")) else text.lstrip("+-"))


def in_unit(value: float, unit: str) -> str:
    """A value of the table of parameters, as a lever, in its unit."""
    if unit in ("share", "probability"):
        return percent(value)
    return f"{plain(value, 3)} {unit}".strip()


def short_unit(unit: str) -> str:
    """A unit where there is little room, as beside a slider."""
    return SHORT.get(unit, unit)


def duration(seconds: float) -> str:
    """A time as people say it."""
    for unit, size in (("days", 86400.0), ("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(1, ceil(seconds))} s"


def volume(size: float) -> str:
    """A number of bytes as people say it."""
    for unit, bytes_ in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= bytes_:
            return f"{size / bytes_:.1f} {unit}"
    return f"{size:.0f} bytes"


def _minus(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")
