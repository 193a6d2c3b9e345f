"""Tables on the console: columns stay apart whatever stands in them."""

import re

import pandas as pd
import pytest
from tocsin.experiments.comparing.comparison import Comparison
from tocsin.experiments.comparing.families import COLUMNS
from tocsin.simulation.recording.quantities import Quantity, digits
from tocsin.simulation.scenario.files import load

from tocsin.commands.comparing import in_words
from tocsin.commands.running import in_columns

NUMBERS = (1.6e3, 12.7, -1.25e9, 3.2e-5)


def _compared(values: tuple[float, ...]) -> Comparison:
    """A comparison of the Mediterranean with made-up rows of its two widest outcomes."""
    base, other = load("mediterranean"), load("mediterranean_partners")
    base_value, difference, low, high = values
    primary = ("market_price", "networks_dismantled")
    rows = [
        dict.fromkeys(COLUMNS) | {
            "scenario": other.name, "indicator": name, "base": base_value,
            "difference": difference, "low": low, "high": high, "detectable": difference,
            "confidence": 0.99, "verdict": "not settled", "n": 9,
        }
        for name in primary
    ]  # fmt: skip
    empty = pd.DataFrame()
    return Comparison((base, other), (0, 1), pd.DataFrame(rows, columns=list(COLUMNS)), empty,
                      empty, empty, empty, empty, {}, primary=primary)  # fmt: skip


@pytest.mark.parametrize("base", NUMBERS)
@pytest.mark.parametrize("difference", NUMBERS)
def test_columns_of_a_comparison_are_two_spaces_apart_whatever_their_widths(
    base: float, difference: float
) -> None:
    lines = in_words(_compared((base, difference, -1.5e12, 2.5e12))).splitlines()
    table = [line for line in lines if "base  " in line or "not settled" in line]
    assert len(table) == 3
    ends = set()
    for line in table[1:]:
        cells = re.split(r" {2,}", line.strip())
        assert len(cells) == 6, line
        ends.add(line.index("["))
    assert ends == {table[0].index("95 % interval")}


@pytest.mark.parametrize("width", [1, 20, 60])
def test_cells_of_any_width_never_touch(width: int) -> None:
    rows = [("a", "b", "c"), ("x" * width, "y" * width, "z" * width)]
    for line in in_columns(rows, "<><", (5, 5, 0)):
        assert len(re.split(r" {2,}", line.strip())) == 3


@pytest.mark.parametrize("value", [4e-7, -2e-9, 1e-30])
def test_a_number_that_is_not_zero_is_never_written_as_zero(value: float) -> None:
    for text in (digits(value), Quantity(1, "", "").interval(value, 2 * value).split(" to ")[0]):
        assert re.search("[1-9]", text.partition("e")[0])
