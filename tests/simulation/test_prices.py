"""Prices by market: nested choice, dealers between towns, and the level of the file."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from tocsin.simulation import kernels
from tocsin.simulation.mechanisms.markets.prices import Markets
from tocsin.simulation.model import BorderModel
from tocsin.simulation.parameters import Market
from tocsin.simulation.recording.indicators import market_names
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load

LINES, FIRST = np.array([0]), np.array([0, 6])
MARKET = np.array([0, 0, 0, 1, 1, 2], dtype=np.int32)
MONEY = np.array([0.50, 0.51, 0.40, 0.60, 0.58, 0.90])


def _shares(between, known=None, temperature=0.015):
    worth, weight = np.empty((2, 6))
    everywhere = np.ones(6, dtype=bool)
    kernels.worths(LINES, FIRST, everywhere if known is None else known, everywhere, MONEY,
                   np.ones(6), np.zeros(6), 0.0, worth)  # fmt: skip
    kernels.attraction(LINES, FIRST, MARKET, worth, temperature, between, weight)
    return weight / weight.sum()


def test_with_equal_noise_the_choice_is_a_plain_logit():
    plain = np.exp(MONEY / 0.015)
    assert _shares(0.015) == pytest.approx(plain / plain.sum())


def test_the_market_is_chosen_by_what_its_ways_are_worth_together():
    shares = _shares(0.2)
    worth = [0.015 * np.log(np.exp(MONEY[m == MARKET] / 0.015).sum()) for m in range(3)]
    by_market = np.exp(np.array(worth) / 0.2)
    expected = by_market / by_market.sum()
    assert np.bincount(MARKET, shares) == pytest.approx(expected)
    inside = np.exp(MONEY[:3] / 0.015)
    assert shares[:3] / shares[:3].sum() == pytest.approx(inside / inside.sum())


def test_a_market_without_a_known_way_is_no_choice():
    known = np.array([True, True, True, False, False, True])
    shares = _shares(0.2, known)
    assert (shares[3:5] == 0).all() and shares.sum() == pytest.approx(1.0)


def _dealt(price, quantity, cost=0.02, group=(0, 0, 0, 1)):
    moved = np.array(quantity, dtype=float)
    ones = np.ones(4)
    kernels.deal(moved, np.array(group), np.array(price, dtype=float), ones, 10 * ones, 4.0, cost)
    return moved


def test_dealers_take_goods_from_cheap_to_dear_towns_and_lose_none():
    before = [10.0, 10.0, 10.0, 10.0]
    after = _dealt([0.8, 1.0, 1.2, 0.1], before)
    assert after[0] < 10 < after[2] and after[1] == 10 and after[3] == 10
    assert after.sum() == pytest.approx(40)


def test_dealers_do_not_move_for_less_than_their_cost():
    assert _dealt([0.99, 1.0, 1.01, 1.0], [10, 10, 10, 10]).tolist() == [10] * 4


def test_dealers_bring_no_more_than_is_wanted():
    after = _dealt([0.5, 0.5, 1.04, 1.0], [1000, 1000, 1, 1], group=(0, 0, 0, -1))
    gap = 1.04 - np.mean([0.5, 0.5, 1.04]) - 0.02
    assert after[2] == pytest.approx(1 + 4.0 * gap * 10)


def test_the_price_answers_supply_by_the_stated_elasticity():
    for elasticity in (-0.5, -1.0):
        good = SimpleNamespace(market_price=1.0, elasticity=elasticity, mode="land")
        markets = Markets([good], np.full(2, 10.0), [(0, "one"), (0, "other")], Market())
        for _ in range(400):
            markets.clear(np.full(2, 8.0))
        assert markets.price == pytest.approx(0.8 ** (1 / elasticity), rel=1e-6)


def test_without_stated_demand_the_reference_is_what_arrives_at_the_risks_of_the_first_week(
    tmp_path,
):
    """The danger of an even effort, not 5 % at each border: by hand, lane after lane."""
    folder = Path(load("baseline").path).parent
    text = (folder / "baseline.toml").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if "demand_per_year" not in line]
    (tmp_path / "bare.toml").write_text("\n".join(kept), encoding="utf-8")
    shutil.copy(folder / "meridian.map", tmp_path)
    scenario = load(str(tmp_path / "bare.toml"))
    model = BorderModel(scenario, rng=3, events=False)
    world = model.world
    lanes, portfolios = world.trade.lanes, world.portfolios
    patrols = world.patrols
    profiles = [scenario.parameters.countries[code] for code in world.codes]
    usual = np.zeros(len(world.trade.markets))
    for lane in range(lanes.start.size):
        safe = 1.0
        for place in range(lanes.start[lane], lanes.end[lane]):
            sector = lanes.place_sector[place]
            owner = world.sectors.country[sector]
            length = world.sectors.length_km[world.sectors.country == owner].sum()
            effort = profiles[owner].officers / length
            hazard = scenario.parameters.detection.hazard * effort * profiles[owner].capability
            hazard *= (1 - patrols.corruption[sector]) * lanes.weight[place]
            safe *= np.exp(-hazard)
        sent = portfolios.share[lane] * world.trade.capacity[lanes.line[lane]]
        usual[lanes.market[lane]] += sent * safe
    assert world.markets.usual_quantity == pytest.approx(usual, rel=1e-9)


def test_stated_demand_is_that_of_all_markets_together():
    model = BorderModel("baseline", rng=0, events=False)
    assert 52 * model.world.markets.usual_quantity.sum() == pytest.approx(25_100)


def test_a_treated_world_has_the_demand_of_the_untreated_one():
    """Else more officers from week 1 on would make people want less."""
    base = load("baseline")
    more = base.with_({"countries.SEV.officers": 4000.0})
    usual = [
        BorderModel(one, rng=1, events=False).world.markets.usual_quantity.sum()
        for one in (base, more)
    ]
    assert usual[0] == pytest.approx(usual[1])


def test_every_market_has_a_price_of_its_own():
    finished = run("baseline", seed=0, weeks=60)
    for town in ("Halvik", "Vesthaven", "Marrow"):
        column = finished.series[f"market_price[{town}]"]
        assert column.notna().all() and column.nunique() > 20
        assert f"market_price[{town}]" in finished.indicators
    towns = finished.series[[f"market_price[{t}]" for t in ("Halvik", "Vesthaven", "Marrow")]]
    mean = finished.series["market_price"]
    assert ((towns.min(axis=1) <= mean) & (mean <= towns.max(axis=1))).all()


def test_a_town_that_buys_several_goods_has_a_price_for_each():
    goods = load("before_tarcet").parameters.commodities
    both = {name: good.model_copy(update={"markets": ("Samara",)}) for name, good in goods.items()}
    assert market_names(both) == ("Samara (acetic_anhydride)", "Samara (heroin)")


def test_no_load_is_larger_than_a_vehicle_holds():
    scenario = load("caribbean_1985").with_({"trafficking.largest_load": 5.0})
    model = BorderModel(scenario.with_length(20), rng=0, events=False)
    world = model.world
    largest = 0
    while model.week < 20:
        model.step()
        count = world.shipments.count
        largest = max(largest, int(world.shipments.amount[:count].max()))
    assert largest == 5 * 40 * 1000  # grams
