"""Limit cases whose answer is known."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import brentq
from tocsin.simulation.geography.grid import BorderGrid, Terrain
from tocsin.simulation.model import BorderModel
from tocsin.simulation.parameters import Country
from tocsin.simulation.phases import patrolling
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load
from tocsin.simulation.scenario.schedule import read_schedule


def _without(scenario, *names):
    return scenario.with_(dict.fromkeys(names, 0.0))


def _same(one, other, but=()):
    """Every column of `one` is in `other` with the same bits."""
    for name, column in one.series.items():
        if name not in but:
            assert np.array_equal(column, other.series[name], equal_nan=True), name


def test_without_patrols_and_watches_everything_is_delivered_or_under_way():
    table = {"treatment": [{"kind": "enforcement_off", "from": 1, "to": 60, "reason": "limit"}]}
    scenario = replace(load("baseline").with_length(60), schedule=read_schedule(table))
    ends = run(scenario).indicators
    assert ends["seized"] == ends["lost"] == 0
    assert ends["delivered"] > 0
    assert ends["produced"] == ends["delivered"] + ends["in_transit"]


def _danger(model):
    world = model.world
    return world.exposure.danger(world.patrols, world.capacity.capability, world.picture,
                                 world.networks.modus, world.race,
                                 model.parameters.detection)  # fmt: skip


@pytest.mark.parametrize("lane", [0, 17, 60, 200, 700])
def test_static_hazards_give_the_product_of_the_chances(lane):
    model = BorderModel(load("baseline"), rng=4)
    world = model.world
    world.week = 1
    patrolling(model.world, model.cast, model.notes)
    chance = _danger(model)
    count, lanes = 20_000, world.trade.lanes
    number, shipments = np.zeros(lanes.start.size, np.int64), world.shipments
    number[lane] = count
    shipments.launch(1, count, number, world.trade.lane_keys)[2][:] = 1
    caught = sum(shipments.move(week, chance).seizures.key.size for week in range(1, 60))
    assert shipments.count == 0
    whole = 1 - np.prod(1 - chance[lanes.start[lane] : lanes.end[lane]])
    low, high = stats.binom.interval(0.999, count, whole)
    assert low <= caught <= high


def test_a_watch_with_an_outdated_method_is_worth_little():
    model = BorderModel(load("baseline"), rng=4)
    world = model.world
    world.week = 1
    patrolling(model.world, model.cast, model.notes)
    sector, network = (
        int(world.trade.lanes.place_sector[0]),
        int(world.trade.lanes.network[0]),
    )
    plain = np.log1p(-_danger(model)[0])
    world.picture.watched[sector, network] = True
    world.picture.modus[sector, network] = world.networks.modus[network]
    fresh = np.log1p(-_danger(model)[0])
    world.networks.modus[network] += 1
    stale = np.log1p(-_danger(model)[0])
    assert fresh < plain < 0
    part = (stale - plain) / (fresh - plain)
    assert part == pytest.approx(model.parameters.detection.stale_match)


def test_without_sharing_the_delay_changes_nothing_not_even_the_cost():
    base = load("baseline").with_({"cooperation.sharing": 0.0})
    prints = {
        run(base.with_({"intelligence.delay_weeks": weeks}), seed=3, weeks=208).fingerprint
        for weeks in (0, 12, 104)
    }
    assert len(prints) == 1


def test_a_delay_beyond_the_horizon_is_no_sharing():
    off = _without(load("baseline"), "cooperation.item_effort", "trust.reciprocity")
    late = run(off.with_({"cooperation.sharing": 1.0, "intelligence.delay_weeks": 104}),
               seed=3, weeks=104)  # fmt: skip
    alone = run(off.with_({"cooperation.sharing": 0.0}), seed=3, weeks=104)
    for name in ("produced", "delivered", "seized", "arrests", "lost", "market_price"):
        assert np.array_equal(late.series[name], alone.series[name])
    assert late.indicators["items_shared"] > 0


def test_a_dormant_network_leaves_all_others_as_they_were():
    base = load("baseline")
    more = base.with_({"world.networks": 31, "networks.N31.dormant": True})
    _same(run(base, seed=5, weeks=208), run(more, seed=5, weeks=208))


def test_a_country_without_flow_that_is_no_member_leaves_all_others_as_they_were():
    base = load("baseline")
    country, terrain = base.grid.country.copy(), base.grid.terrain.copy()
    country[38:40, 20:24], terrain[38:40, 20:24] = 6, Terrain.PLAIN
    grid = BorderGrid.from_arrays(
        "Meridian and an island", base.grid.cell_km, (*base.grid.codes, "ZED"), country, terrain,
        base.grid.towns,
    )  # fmt: skip
    island = Country(name="Zed", officers=0, capability=0.9, corruption=0, legal=1, member=False)
    countries = {**base.parameters.countries, "ZED": island}
    larger = replace(
        base, grid=grid, parameters=base.parameters.model_copy(update={"countries": countries})
    )
    of_all_countries = ("capability_mean", "capability_gini")
    _same(run(base, seed=5, weeks=156), run(larger, seed=5, weeks=156), of_all_countries)


TWO_ROUTES = """
schema = 1
title = "Two routes"
cell_km = 100.0
[countries]
A = "AAA"
B = "BBB"
"-" = "nothing"
[terrain]
"." = "plain"
"-" = "nothing"
":" = "desert"
[towns]
1 = "From"
2 = "To"
[layers]
countries = '''
AAABBB
A----B
A----B
A----B
AAABBB
'''
terrain = '''
......
.----.
1----2
.----.
:::...
'''
"""
PATROL, TEMPERATURE = 2.4, 0.05


def _two_routes(folder):
    (folder / "two.map").write_text(TWO_ROUTES)
    countries = "".join(
        f'[countries.{code}]\nname = "{code}"\nofficers = {officers}\ncapability = 1.0\n'
        "corruption = 0.0\nlegal = 0.5\nmember = false\n"
        for code, officers in (("AAA", 0), ("BBB", round(PATROL * 200)))
    )
    (folder / "two.toml").write_text(f"""
schema = 1
title = "Two routes"
question = "Do shares and patrols settle?"
author = "test"
description = "One side patrols two crossings; nobody remembers long."
[world]
map = "two.map"
sector_km = 100.0
networks = 10
routes_per_pair = 2
weeks = 416
{countries}
[commodities.heroin]
sources = ["From"]
markets = ["To"]
supply_per_year = 52_000
shipment_size = 1.0
size_ln_sd = 0.0
source_price = 0
market_price = 25_000
[detection]
hazard = 0.25
[operations]
floor = 0.05
unpredictability = 0.0
heat_half_life_weeks = 6.0
[beliefs]
prior_weight = 1.0
half_life_weeks = 4.0
rumour = 0.0
[intelligence]
disclosure = 0.0
[investigation]
operation_rate = 0.0
[trafficking]
taste = 0.0
temperature = {TEMPERATURE}
activity_sd = 0.0
[market]
price_floor = 1.0
price_ceiling = 1.0
[sources]
"*" = "a case with a known answer"
""")
    return load(folder / "two.toml")


def test_two_routes_settle_at_the_quantal_response_equilibrium(tmp_path):
    """Patrols follow seizures per effort, shares follow a logit: both answers, one fixed point."""
    scenario = _two_routes(tmp_path)
    model = BorderModel(scenario, rng=1, events=False)
    world = model.world
    lanes, terms, rules = world.trade.lanes, world.trade.terms, scenario.parameters
    one = lanes.of_network[0]
    assert one.stop - one.start == 2
    weight = np.array([lanes.weight[lanes.start[lane] : lanes.end[lane]].max() for lane in (0, 1)])
    carry = terms.transport[one] / 25_000

    def caught(shares):
        """Chance of seizure on each route when officers follow seizures per effort."""
        floor = rules.operations.floor

        def effort(first):
            split = np.array([first, 1 - first])
            found = shares * -np.expm1(-rules.detection.hazard * 2 * PATROL * split * weight)
            heat = found / split
            return (floor / 2 + (1 - floor) * heat / heat.sum())[0] - first

        first = brentq(effort, 1e-4, 1 - 1e-4)
        split = np.array([first, 1 - first])
        return -np.expm1(-rules.detection.hazard * 2 * PATROL * split * weight)

    def answer(first):
        shares = np.array([first, 1 - first])
        worth = 1 - caught(shares) - carry
        return 1 / (1 + np.exp((worth[1] - worth[0]) / TEMPERATURE)) - first

    expected = brentq(answer, 1e-3, 1 - 1e-3)
    shares = []
    for _ in range(416):
        model.step()
        shares.append([world.portfolios.share[own][0] for own in lanes.of_network])
    assert 0.05 < expected < 0.95
    assert np.mean(shares[104:]) == pytest.approx(expected, abs=0.05)
