"""Goods balance exactly, every week, in whole units, whatever the scenario."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tocsin.simulation.parameters import Commodity
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load
from tocsin.simulation.scenario.schedule import read_schedule

TREATMENTS = (
    {"kind": "enforcement_off", "from": 10, "to": 20},
    {"kind": "close_market", "from": 8, "to": 30, "market": "Halvik"},
    {"kind": "patrol", "from": 12, "to": 30, "where": "busiest:3", "factor": 8.0},
    {"kind": "patrol", "from": 12, "to": 30, "where": "share:0.25", "factor": 3.0},
    {"kind": "corruption", "from": 5, "to": 25, "where": "TAL-VES", "value": 0.9},
)
SHOCKS = (
    {"kind": "arrest", "week": 9, "share": 0.6, "targeting": "betweenness"},
    {"kind": "arrest", "week": 15, "number": 10, "targeting": "role", "role": "courier"},
    {"kind": "seize_stock", "week": 11, "share": 0.5},
    {"kind": "seize_stock", "week": 18, "share": 1.0, "networks": ["N01", "N02"]},
)


@st.composite
def scenarios(draw):
    base = load("baseline").with_length(36)
    values = {
        "cooperation.sharing": draw(st.floats(0, 1)),
        "intelligence.delay_weeks": draw(st.integers(0, 20)),
        "capacity.funding_musd_per_year": draw(st.floats(0, 200)),
        "operations.patrol_budget": draw(st.floats(0, 5)),
        "investigation.operation_rate": draw(st.sampled_from([0.0, 0.01, 0.2])),
        "investigation.dismantling": draw(st.floats(0, 1)),
        "organisation.overhead": draw(st.floats(0, 1)),
        "organisation.capital_weeks": draw(st.sampled_from([1.0, 26.0])),
        "commodities.heroin.size_ln_sd": draw(st.floats(0, 3)),
        "world.networks": draw(st.integers(1, 12)),
    }
    base = base.with_(values)
    if draw(st.booleans()):
        other = Commodity(sources=("Morvat",), markets=("Marrow",), supply_per_year=9_000,
                          shipment_size=3.0, source_price=900, market_price=4_000)  # fmt: skip
        goods = {**base.parameters.commodities, "cannabis": other}
        base = replace(base, parameters=base.parameters.model_copy(update={"commodities": goods}))
    table = {
        "treatment": draw(st.lists(st.sampled_from(TREATMENTS), max_size=3, unique_by=str)),
        "shock": draw(st.lists(st.sampled_from(SHOCKS), max_size=3, unique_by=str)),
    }
    explained = {
        name: [{**entry, "reason": "test"} for entry in entries] for name, entries in table.items()
    }
    return replace(base, schedule=read_schedule(explained))


@settings(max_examples=40, deadline=None)
@given(scenarios(), st.integers(0, 2**31))
def test_goods_balance_every_week_by_commodity(scenario, seed):
    finished = run(scenario, seed=seed)
    series = finished.series
    for name in scenario.parameters.commodities:
        flows = {k: series[f"{k}[{name}]"] for k in ("produced", "delivered", "seized", "lost")}
        assert all(np.issubdtype(flow.dtype, np.integer) for flow in flows.values())
        assert all((flow >= 0).all() for flow in flows.values())
        stock = flows["produced"] - flows["delivered"] - flows["seized"] - flows["lost"]
        assert (stock.cumsum() == series[f"in_transit[{name}]"]).all()
    by_country = sum(series[f"seized_by[{code}]"] for code in scenario.grid.codes)
    assert (by_country == series["seized"]).all()
    assert finished.indicators["produced"] == series["produced"].sum()
