"""Virtual markets: buyers of a closed one go over to others of its kind, and volume comes back."""

from types import SimpleNamespace

import numpy as np
import pytest
from tocsin.simulation.mechanisms.markets.prices import Markets
from tocsin.simulation.parameters import Market
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load

CLOSED = 144  # week in which silk_road_closed closes its market


def _markets(virtual):
    usual = np.array([4.0, 2.0, 1.0, 3.0])
    modes = ["land" if kind < 0 else "virtual" for kind in virtual]
    goods = [SimpleNamespace(market_price=1.0, elasticity=-0.5, mode=mode) for mode in modes]
    sold = [(virtual.index(kind), str(n)) for n, kind in enumerate(virtual)]
    return Markets(goods, usual, sold, Market())


def test_buyers_move_to_open_markets_of_the_same_kind():
    markets = _markets([0, 0, 0, 1])
    markets.open[0] = False
    for _ in range(4):  # a half-life
        markets.clear(np.zeros(4))
    assert markets.demand[0] == pytest.approx(2.0)
    assert markets.demand[1:3] == pytest.approx([2 + 4 / 3, 1 + 2 / 3])  # the larger takes more
    assert markets.demand[3] == 3.0
    assert markets.demand.sum() == pytest.approx(10.0)


def test_buyers_in_a_town_stay_there():
    markets = _markets([-1, -1, -1, -1])
    markets.open[0] = False
    markets.clear(np.zeros(4))
    assert markets.demand.tolist() == [4.0, 2.0, 1.0, 3.0]


def test_buyers_wait_if_nothing_is_open():
    markets = _markets([0, 0, 0, 0])
    markets.open[:] = False
    markets.clear(np.zeros(4))
    assert markets.demand.tolist() == [4.0, 2.0, 1.0, 3.0]


def test_volume_comes_back_because_buyers_move():
    """Three pairs of runs; each must agree, a chance of 1/8 if buyers made no difference."""
    scenario = load("silk_road_closed")
    for seed in range(3):
        late = []
        for weeks in (4.0, 104.0):
            finished = run(scenario.with_({"market.buyers_weeks": weeks}), seed, weeks=208)
            late.append(finished.series["delivered"][CLOSED + 13 :].sum())
        assert late[0] > 1.02 * late[1]
