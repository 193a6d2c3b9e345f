"""Runs at the edge of what a scenario may state: nobody, nothing and none of it, from the first
week or from the middle of a run."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from tocsin.simulation.parameters import instruments, table
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load
from tocsin.simulation.scenario.schedule import read_schedule

MANDATES = ("share", "coordinate", "operate")
WEEKS, TURN = 60, 30  # one yearly evaluation is in it
FUNDED = {
    "cooperation.mandates": list(MANDATES),
    "intelligence.delay_weeks": 4,
    "legal.treaty": True,
    "governance.flexibility": 0.2,
    **dict.fromkeys(instruments(), 10.0),
}
WORLDS = ("baseline", "dark_net_2013", "mediterranean", "before_tarcet")


def _goes(scenario):
    """The run ends, and no number in its history is infinite."""
    series = run(scenario, seed=1, weeks=WEEKS, events=True).series
    assert len(series) == WEEKS
    assert not np.isinf(series.to_numpy(dtype=float)).any()


def _later(scenario, values):
    """The same scenario where values change in mid run."""
    entries = {"change": [{"week": TURN, "set": values, "reason": "test"}]}
    return replace(scenario, schedule=scenario.schedule + read_schedule(entries))


def _allowed(scenario, mandates):
    """These mandates, and without money or duty what needs another one."""
    values = {"cooperation.mandates": list(mandates)}
    for row in table():
        if row.mandate is not None and row.mandate not in mandates:
            keys = [row.key.replace("*", code) for code in scenario.grid.codes]
            values |= {key: 0 for key in keys if scenario.value(key) is not None}
    return values


def _by_country(scenario, **rows):
    return {f"countries.{c}.{row}": v for c in scenario.grid.codes for row, v in rows.items()}


@pytest.mark.parametrize("world", WORLDS[:2])
@pytest.mark.parametrize(
    "mandates", [(), *((m,) for m in MANDATES), *combinations(MANDATES, 2), MANDATES]
)
def test_a_run_ends_with_any_mandates_from_the_first_week_or_by_a_change(world, mandates):
    for base in (load(world), load(world).with_(FUNDED)):
        values = _allowed(base, mandates)
        _goes(base.with_(values))
        _goes(_later(base, values))


@pytest.mark.parametrize("world", WORLDS[:2])
@pytest.mark.parametrize("sharing", [0, 1, 0.5])
def test_a_run_ends_where_one_country_or_all_state_what_they_share(world, sharing):
    base = load(world)
    agreed = {"cooperation.sharing": 0}
    for codes in (base.grid.codes[:1], base.grid.codes):
        values = agreed | {f"countries.{code}.sharing": sharing for code in codes}
        _goes(base.with_(values))
        _goes(_later(base, values))


@pytest.mark.parametrize("world", WORLDS)
def test_a_run_ends_without_any_member(world):
    base = load(world)
    nobody = _by_country(base, member=False)
    _goes(base.with_(nobody))
    _goes(_later(base.with_(FUNDED), nobody))
    _goes(_later(base.with_(nobody), _by_country(base, member=True)))


@pytest.mark.parametrize("world", WORLDS)
def test_a_run_ends_with_whole_numbers_wherever_a_fraction_may_stand(world):
    base = load(world)
    zero = _by_country(base, capability=0, corruption=0, legal=0, sovereignty=0, political_will=0,
                       officers=0, cyber_officers=0, own_training_musd=0)  # fmt: skip
    one = _by_country(base, capability=1, legal=1, sovereignty=1, political_will=1,
                      officers=1, cyber_officers=1, own_training_musd=1)  # fmt: skip
    _goes(base.with_(zero))
    _goes(base.with_(one))


@pytest.mark.parametrize("world", WORLDS)
def test_a_run_ends_where_every_network_is_dormant(world):
    base = load(world)
    _goes(base.with_({f"networks.{n}.dormant": True for n in base.parameters.network_ids()}))


@pytest.mark.parametrize("key", instruments())
def test_a_run_ends_when_one_instrument_loses_its_money(key):
    funded = load("baseline").with_(FUNDED)
    _goes(funded.with_({key: 0}))
    _goes(_later(funded, {key: 0}))


def test_a_run_ends_when_all_instruments_lose_their_money():
    _goes(_later(load("baseline").with_(FUNDED), dict.fromkeys(instruments(), 0)))


ALONE = """
schema = 1
title = "Alone"
cell_km = 25.0
[countries]
A = "AAA"
"~" = "sea"
[terrain]
"~" = "sea"
"." = "plain"
[towns]
1 = "From"
2 = "To"
[layers]
countries = '''
AAA~AAA
AAA~AAA
'''
terrain = '''
1..~...
...~..2
'''
"""


INLAND = ALONE.replace('"~" = "sea"\n', "").replace("AAA~AAA", "AAAAAAA").replace("~", ".")


@pytest.mark.parametrize("member", ["true", "false"])
@pytest.mark.parametrize("drawn", [ALONE, INLAND], ids=["two shores", "no border at all"])
def test_a_run_ends_with_one_country(tmp_path, member, drawn):
    (tmp_path / "alone.map").write_text(drawn)
    (tmp_path / "alone.toml").write_text(f"""
schema = 1
title = "Alone"
question = "Does one country make a world?"
author = "test"
description = "One country on two shores."
[world]
map = "alone.map"
networks = 5
[countries.AAA]
name = "A"
officers = 100
capability = 0.5
corruption = 0
legal = 1
member = {member}
[commodities.heroin]
sources = ["From"]
markets = ["To"]
supply_per_year = 10_000
shipment_size = 10
source_price = 1000
market_price = 20_000
[sources]
"*" = "test"
""")
    alone = load(tmp_path / "alone.toml")
    _goes(alone)
    _goes(alone.with_(FUNDED))
    _goes(alone.with_(_allowed(alone, ())))
    _goes(_later(alone.with_(FUNDED), _allowed(alone, ())))
