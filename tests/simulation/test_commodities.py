"""Persons, ships, virtual markets, precursors, and networks with two trades."""

from dataclasses import replace

import numpy as np
import pytest
from tocsin.simulation.model import BorderModel
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load
from tocsin.simulation.scenario.schedule import read_schedule

BASE = load("baseline").with_length(130)


def _with(name, **rows):
    values = {f"commodities.{name}.{row}": value for row, value in rows.items()}
    return BASE.with_(values | {"measurement.headline": name})


PEOPLE = _with("people", unit="persons", sources=["Port Ard", "Kuresh"], markets=["Marrow"],
               supply_per_year=30_000, shipment_size=20.0, source_price=300, market_price=3_000,
               wreck=0.05, speed_km_per_week=700)  # fmt: skip
ONLINE = _with("wares", unit="USD", mode="virtual", sources=["VES", "LOR", "TAL"],
               markets=["Alpha", "Beta", "Gamma"], supply_per_year=5e7, shipment_size=2_000.0,
               source_price=0.6, market_price=1.0)  # fmt: skip


class TestPersons:
    def test_everybody_who_sets_out_is_somewhere(self):
        ends = run(PEOPLE, seed=1, events=False).indicators
        of = {key: ends[f"persons_{key}[people]"] for key in
              ("started", "crossed", "stopped", "turned_back", "rescued", "died")}  # fmt: skip
        abandoned = ends["lost"] - of["died"]
        there = sum(of.values()) - of["started"] + ends["in_transit"] + abandoned
        assert there == of["started"]
        assert min(of.values()) > 0
        assert ends["seized"] == of["stopped"] + of["turned_back"] + of["rescued"]

    def test_officers_about_save_lives_in_boats(self):
        few, many = (
            run(PEOPLE.with_({"operations.patrol_budget": budget}), seed=1, events=False).indicators
            for budget in (0.1, 5.0)
        )
        share = [ends["persons_died[people]"]
                 / (ends["persons_died[people]"] + ends["persons_rescued[people]"])
                 for ends in (few, many)]  # fmt: skip
        assert share[1] < share[0]

    def test_goods_have_no_outcomes_of_persons(self):
        series = run(BASE, weeks=10).series
        assert not [name for name in series if name.startswith("persons_")]


class TestVirtualMarkets:
    def _held(self, *treatments):
        table = {"treatment": [{**entry, "reason": "test"} for entry in treatments]}
        return replace(ONLINE, schedule=read_schedule(table))

    def test_a_sale_takes_no_time_and_passes_three_stations(self):
        model = BorderModel(ONLINE, rng=0)
        world = model.world
        lanes = world.trade.lanes
        virtual = world.trade.lane_commodity == world.trade.commodities.index("wares")
        assert (lanes.weeks[virtual] == 0).all()
        assert (lanes.end - lanes.start)[virtual].tolist() == [3] * int(virtual.sum())
        assert (lanes.place_sector[lanes.start[virtual]] >= world.borders).all()

    def test_vendors_leave_a_closed_market_and_the_rest_sells_more(self):
        closed = self._held({"kind": "close_market", "market": "Alpha", "from": 60, "to": 130})
        model = BorderModel(closed, rng=1, events=False)
        world = model.world
        lanes = world.trade.lanes
        alpha = [name for _, name in world.trade.markets].index("Alpha")
        at_alpha = lanes.market == alpha
        for _ in range(59):
            model.step()
        before = world.portfolios.share[at_alpha].sum()
        for _ in range(60):
            model.step()
        assert world.portfolios.share[at_alpha].sum() < 0.1 * before
        assert not model.notes.moved.delivered[at_alpha].any()

    def test_covert_control_yields_evidence_and_spoils_trust(self):
        covert = {"kind": "take_over_market", "market": "Alpha", "from": 40, "to": 60}
        taken, free = (BorderModel(s, rng=1, events=False) for s in (self._held(covert), ONLINE))
        for _ in range(60):
            taken.step()
            free.step()
        assert taken.world.cases.evidence.sum() > free.world.cases.evidence.sum()
        assert sum(taken.record.columns["covert_sales"]) > 0
        for model in (taken, free):
            model.step()
        assert taken.world.beliefs.losses.sum() > free.world.beliefs.losses.sum()


class TestPrecursors:
    def test_scarcity_of_the_precursor_lowers_supply(self):
        rows = {"sources": ["Marrow"], "markets": ["Kaldun"], "supply_per_year": 50_000,
                "shipment_size": 50.0, "source_price": 1, "market_price": 20,
                "transport_usd_per_km": 0.002}  # fmt: skip
        acid = {f"commodities.acid.{row}": value for row, value in rows.items()}
        both = BASE.with_(acid | {"commodities.heroin.precursor": "acid"})
        closed = {"treatment": [{"kind": "close_market", "market": "Kaldun", "from": 40, "to": 130,
                                 "reason": "test"}]}  # fmt: skip
        free = run(both, seed=1, events=False).indicators
        short = run(replace(both, schedule=read_schedule(closed)), seed=1, events=False).indicators
        assert short["produced[acid]"] < free["produced[acid]"]
        assert short["produced[heroin]"] < 0.9 * free["produced[heroin]"]


class TestModesAndTrades:
    def test_ships_take_to_the_sea(self):
        rows = {"sources": ["Port Ard"], "markets": ["Marrow"], "supply_per_year": 9_000,
                "shipment_size": 30.0, "source_price": 900, "market_price": 9_000}  # fmt: skip
        by_land, by_sea = (_with("cocaine", mode=mode, **rows) for mode in ("land", "sea"))
        tables = [BorderModel(s, rng=0).world.trade.routes for s in (by_land, by_sea)]
        through = [np.mean([len(route.countries) for route in table.routes
                            if route.source == "Port Ard"]) for table in tables]  # fmt: skip
        assert through[1] < through[0]

    def test_a_network_can_have_two_trades_with_half_of_its_members_in_each(self):
        two = PEOPLE.with_({"networks.N01.commodity": "heroin",
                            "networks.N01.second_commodity": "people"})  # fmt: skip
        model = BorderModel(two, rng=0)
        world = model.world
        assert world.trade.line_network[:3].tolist() == [0, 0, 1]
        names = [world.trade.commodities[c] for c in world.trade.line_commodity[:2]]
        assert names == ["heroin", "people"]
        for _ in range(20):
            model.step()
        for line in (0, 1):
            own = world.trade.lanes.of_line[line]
            assert world.portfolios.share[own].sum() == pytest.approx(1.0)

    def test_second_trades_are_drawn_where_there_are_several_commodities(self):
        model = BorderModel(PEOPLE.with_({"world.second_trades": 1.0}), rng=0)
        assert model.world.trade.line_network.size == 60
        alone = BorderModel(BASE.with_({"world.second_trades": 1.0}), rng=0)
        assert alone.world.trade.line_network.size == 30
