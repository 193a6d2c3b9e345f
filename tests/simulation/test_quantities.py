"""The one writer of quantities: shares, decimals, levers and times."""

import ast
import re
from pathlib import Path

import pytest
from tocsin.simulation.recording.quantities import (
    Quantity,
    duration,
    fixed,
    in_unit,
    percent,
    short_unit,
    volume,
)
from tocsin.simulation.scenario.files import load

ROOT = Path(__file__).parents[2]
BY_HAND = re.compile(r"\{100 \* [^{}]*:[^{}]*\}[^\"']{0,2}%")  # a share written in an f-string


@pytest.mark.parametrize(
    ("share", "places", "text"),
    [
        (0.0, 0, "0 %"), (0.004, 0, "under 1 %"), (0.42, 0, "42 %"), (0.996, 0, "over 99 %"),
        (1.0, 0, "100 %"), (0.0004, 1, "under 0.1 %"), (0.1234, 1, "12.3 %"),
        (-0.2, 0, "−20 %"), (float("nan"), 0, "undefined"),
    ],
)  # fmt: skip
def test_a_share_that_is_some_but_not_all_is_never_written_as_none_or_all(share, places, text):
    assert percent(share, places) == text


def test_decimals_have_a_sign_only_where_a_digit_shows_it():
    assert fixed(-0.001) == "0.00"
    assert fixed(0.04, 1, sign=True) == "0.0"
    assert fixed(-1234.5, 1) == "−1,234.5"
    assert fixed(2.25, 1, sign=True) == "+2.2"
    assert fixed(float("inf")) == "undefined"


def test_a_lever_is_written_in_its_unit():
    assert in_unit(0.6, "share") == "60 %"
    assert in_unit(20.0, "million USD a year") == "20 million USD a year"
    assert in_unit(2.5, short_unit("million USD a year")) == "2.5 M USD"


def test_a_count_is_written_in_full_whether_it_came_as_a_whole_number_or_not():
    world = load("mediterranean")
    for number in (25_314, 25_314.0):
        assert Quantity.of("delivered", world).level(number) == "25,314 persons"
        assert Quantity.of("networks_active", world).level(number) == "25,314 networks"
    assert Quantity.of("trust_mean", world).level(1.0) == "1.00"


def test_times_and_volumes_are_said_in_their_largest_unit():
    assert [duration(s) for s in (0.2, 90, 600, 9000)] == ["1 s", "90 s", "10 minutes", "2 hours"]
    assert [volume(b) for b in (12, 3.3e5, 8.06e10)] == ["12 bytes", "330.0 kB", "80.6 GB"]


@pytest.fixture(scope="module")
def files():
    folders = ("simulation", "experiments", "classroom", "dashboard", "tocsin", "cartography")
    found = {file: file.read_text(encoding="utf-8")
             for folder in folders for file in (ROOT / folder).rglob("*.py")}  # fmt: skip
    assert len(found) > 100
    return found


def test_no_other_module_writes_a_share_by_hand(files):
    assert [file.name for file, text in files.items() if BY_HAND.search(text)] == []


def test_no_other_module_writes_decimals_by_hand(files):
    allowed = {
        "quantities.py",
        "evaluation.py",  # sentences of the annual report are part of the state
        "drawing.py",  # points of a picture
        "governance.py",  # a scenario file
        "parts.py",  # degrees of a map
    }
    found = set()
    for file, text in files.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
                form = ast.unparse(node.format_spec)
                if form.rstrip("\"'")[-1:] in "fe%":
                    found.add(file.name)
    assert found == allowed
