"""Assumptions: what is drawn anew in each world, and the sequence of the draws.

Drawn are all rows of the table of parameters of the kind *assumption*, and what a scenario states
of its countries, pairs, commodities and networks under the word "assumption". A row of the table
is drawn between its bounds. The bounds of a profile only keep nonsense out (up to a million
officers), so a profile is drawn within a stated factor of the value in force. Half of the draws
lie below the value in force and half above it, evenly spread on either side.

The sequence is made of Latin hypercubes of `BLOCK` draws each. It depends on the seed alone: who
asks for more draws goes on in the same sequence. A scrambled Sobol' sequence would not do here:
with some 160 assumptions and a few dozen draws, several of them share each leading digit, so that
their effects could not be told apart.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from tocsin.experiments.design.points import Axis, latin_hypercube
from tocsin.simulation.errors import InputError
from tocsin.simulation.parameters import ASSUMPTION, COLLECTIONS, Row, table, table_of
from tocsin.simulation.parameters import row_of as declared
from tocsin.simulation.scenario.files import BY_HAND, Scenario
from tocsin.simulation.scenario.overrides import parse_key
from tocsin.simulation.scenario.values import bounds

BLOCK = 20
REACH = 2.0  # assumption: a profile is known to within a factor of two
REACH_OF = {  # assumption: mean loads differ far more between modes, places and years
    "commodities.*.shipment_size": 5.0,
}


class Assumption(NamedTuple):
    """One number that is drawn: dotted key, lowest, value in force, highest, whether whole."""

    key: str
    low: float
    value: float
    high: float
    whole: bool


def assumptions(scenario: Scenario, others: Sequence[Scenario] = ()) -> list[Assumption]:
    """What is drawn for a comparison of a base with others.

    What the scenarios do not have in common is a question, not an assumption, and is not drawn.
    """
    found = (*_of_table(scenario), *_of_profiles(scenario))
    return [one for one in found if all(_has(other, one) for other in others)]


def row_of(key: str) -> Row:
    """The row of the table of parameters behind a dotted key, a profile's too."""
    parsed = parse_key(key)
    return declared(parsed.pattern, parsed.field)


def draw(rows: Sequence[Assumption], number: int, seed: int = 0, start: int = 0) -> pd.DataFrame:
    """Draws `start`, `start` + 1 and so on of the sequence: one row a world, one column a key."""
    axes = [Axis(one.key) for one in rows]
    first, last = start // BLOCK, (start + number - 1) // BLOCK
    blocks = [
        latin_hypercube(axes, BLOCK, np.random.SeedSequence([seed, block]).generate_state(1)[0])
        for block in range(first, last + 1)
    ]
    shares = pd.concat(blocks, ignore_index=True).iloc[start - first * BLOCK :].head(number)
    columns = {}
    for key, low, value, high, whole in rows:
        share = shares[key].to_numpy()
        below = low + 2 * share * (value - low)
        above = value + (2 * share - 1) * (high - value)
        drawn = np.where(share < 0.5, below, above)
        columns[key] = np.rint(drawn).astype(int) if whole else drawn
    return pd.DataFrame(columns)


def _of_table(scenario: Scenario) -> Iterator[Assumption]:
    for row in table_of(scenario.parameters):
        if row.kind != "assumption" or "*" in row.key or row.low is None or row.high is None:
            continue
        value = scenario.value(row.key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        yield Assumption(row.key, row.low, value, row.high, row.type == "int")


def _of_profiles(scenario: Scenario) -> Iterator[Assumption]:
    """Numbers of countries, pairs, commodities and networks that are said to be assumed."""
    sources = {row.key: row.source for row in table() if row.kind == "structure"}
    for group in COLLECTIONS:
        for name, profile in getattr(scenario.parameters, group).items():
            for row, value in profile:
                key = parse_key(f"{group}.{name}.{row}")
                reason = scenario.reasons.get(key.dotted, BY_HAND)
                source = sources.get(key.pattern, "") if reason == BY_HAND else reason
                if key.kind != "structure" or not source.startswith(ASSUMPTION):
                    continue
                if isinstance(value, bool) or not isinstance(value, int | float) or not value:
                    continue
                reach = REACH_OF.get(key.pattern, REACH)
                ends = sorted((value / reach, value * reach))
                low, high = (
                    end if bound is None else limit(end, bound)
                    for end, bound, limit in zip(ends, bounds(key.field), (max, min), strict=True)
                )
                yield Assumption(key.dotted, low, value, high, isinstance(value, int))


def _has(scenario: Scenario, one: Assumption) -> bool:
    try:
        return scenario.value(one.key) == one.value
    except InputError:
        return False
