"""Mechanisms one by one, on cases small enough to work out by hand."""

from types import SimpleNamespace

import networkx as nx
import numpy as np
import pytest
from tocsin.simulation.mechanisms.agencies.intelligence import (
    OWN,
    PUBLIC,
    RELEASED_TIP,
    TIP,
    Items,
    Picture,
)
from tocsin.simulation.mechanisms.agencies.investigation import CaseFiles
from tocsin.simulation.mechanisms.markets.prices import Markets
from tocsin.simulation.mechanisms.networks.beliefs import RiskBeliefs
from tocsin.simulation.mechanisms.networks.organisation import (
    ROLES,
    Build,
    Membership,
    member_graph,
)
from tocsin.simulation.parameters import Beliefs, Intelligence, Investigation, Market, Organisation
from tocsin.simulation.randomness import Streams, keys_of
from tocsin.simulation.recording.indices import divergence, gini, places_of_most

USUAL = Beliefs().usual_corruption


class TestBeliefs:
    def test_losses_raise_the_risk_and_time_takes_it_back(self):
        rules = Beliefs(rumour=0.0, half_life_weeks=26)
        beliefs = RiskBeliefs(1, np.full(2, USUAL), rules)
        beliefs.learn(np.array([[5.0, 0.0]]), np.array([[10.0, 0.0]]))
        awake = np.array([True])
        risk = beliefs.risk(awake)[0]
        assert risk[0] == pytest.approx((0.05 * 20 + 5) / (20 + 10))
        assert risk[1] == pytest.approx(0.05)
        for _ in range(26):
            beliefs.learn(np.zeros((1, 2)), np.zeros((1, 2)))
        assert beliefs.risk(awake)[0, 0] == pytest.approx((0.05 * 20 + 2.5) / (20 + 5))

    def test_rumour_carries_what_others_lost(self):
        beliefs = RiskBeliefs(2, np.full(1, USUAL), Beliefs(rumour=0.5))
        beliefs.learn(np.array([[9.0], [0.0]]), np.array([[9.0], [0.0]]))
        own, heard = beliefs.risk(np.array([True, True]))[:, 0]
        assert heard == pytest.approx((0.05 + (1 + 9) / 29) / 2)
        assert own < (1 + 9) / 29
        alone = beliefs.risk(np.array([True, False]))[:, 0]
        assert alone[0] == pytest.approx((1 + 9) / 29)


class TestMarkets:
    def _market(self, **rules):
        good = SimpleNamespace(market_price=100.0, elasticity=-0.5, mode="land")
        return Markets([good], np.array([10.0]), [(0, "Marrow")], Market(**rules))

    def test_scarcity_raises_the_price_by_the_elasticity(self):
        market = self._market(smoothing_weeks=1)
        for _ in range(60):
            market.clear(np.array([5.0]))
        assert market.price[0] == pytest.approx(100 * 0.5 ** (1 / -0.5), rel=1e-6)

    def test_the_price_waits_for_the_first_delivery(self):
        market = self._market()
        market.clear(np.array([0.0]))
        assert market.price[0] == 100.0

    def test_the_price_stays_between_floor_and_ceiling(self):
        market = self._market(smoothing_weeks=1, price_ceiling=2.0)
        for kg in (10.0, *[0.01] * 50):
            market.clear(np.array([kg]))
        assert market.price[0] == 200.0


class TestPicture:
    def _tip(self, modus=0, seen=1, origin=0, key=1):
        return Items("tip", seen, np.array([key], dtype=np.uint64),
                     np.array([[origin, 0, modus, 0, 2]]), np.array([[False, True]]),
                     np.zeros(1, dtype=np.int64), np.array([0, 1], dtype=np.int32))  # fmt: skip

    def _picture(self, owner=(0, 1), **rules):
        return Picture(np.array(owner, dtype=np.int16), 2, 2, Intelligence(**rules))

    EVERYBODY = np.array([[True, True]])

    def test_a_tip_is_noted_where_it_may_be_read_and_fades(self):
        picture = self._picture(tip_half_life_weeks=4)
        tip = self._tip()
        picture.receive(tip, tip.recipients, RELEASED_TIP)
        assert picture.interest[:, 0].tolist() == [0.0, 1.0]
        assert picture.sender[:, 0].tolist() == [OWN, 0]
        assert picture.event(0, 0, ("AAA", "BBB")) == ""
        assert picture.event(1, 0, ("AAA", "BBB")) == "release-tip-0000000000000001"
        for _ in range(4):
            picture.fade()
        assert picture.interest[1, 0] == pytest.approx(0.5)

    def test_a_newer_method_replaces_an_older_one_and_not_the_reverse(self):
        picture = self._picture()
        picture.receive(self._tip(modus=3, seen=9, key=9), self.EVERYBODY, TIP)
        picture.receive(self._tip(modus=2, seen=12, key=12, origin=1), self.EVERYBODY, RELEASED_TIP)
        assert picture.modus[0, 0] == 3
        assert picture.event(0, 0, ("AAA", "BBB")) == "tip-0000000000000009"
        assert picture.interest[0, 0] == 1.0
        picture.receive(self._tip(modus=3, seen=13), self.EVERYBODY, TIP)
        assert picture.interest[0, 0] == 2.0

    def test_a_tip_from_the_public_is_known_by_week_and_country(self):
        picture = self._picture()
        picture.receive(self._tip(seen=7, key=2), self.EVERYBODY, PUBLIC)
        assert picture.event(1, 0, ("AAA", "BBB")) == "public-7-BBB-2"

    def test_an_agency_watches_no_more_than_it_has_room_for(self):
        picture = self._picture(owner=(0, 0), watch_places=1)
        picture.receive(self._tip(), self.EVERYBODY, TIP)
        picture.interest[1, 0] = 3.0
        assert picture.choose().tolist() == [[False, False], [True, False]]

    def test_partners_tips_count_as_far_as_they_have_come_true(self):
        picture = self._picture(owner=(0, 0), watch_places=1, dry_watch=1.0)
        picture.receive(self._tip(), self.EVERYBODY, TIP)
        picture.sender[1, 0] = 1
        for week in range(1, 60):
            picture.begin(np.array([[True, False], [True, False]]), week)
            picture.learn(np.array([[1.0, 0.0], [0.0, 0.0]]), week)
        assert picture.choose().tolist() == [[True, False], [False, False]]

    def test_a_hit_counts_once_and_only_within_four_weeks(self):
        watched = np.array([[True, False], [False, False]])
        found = np.array([[1.0, 0.0], [0.0, 0.0]])
        for week_of_seizure, expected in ((2, 1), (5, 1), (6, 0)):
            picture = self._picture(dry_watch=1.0)
            picture.receive(self._tip(origin=1), self.EVERYBODY, RELEASED_TIP)
            picture.begin(watched, 2)
            hits = 0
            for week in range(2, 9):
                got = found if week == week_of_seizure else 0 * found
                hits += picture.learn(got, week)[0]
            assert hits == expected, week_of_seizure


class TestInvestigation:
    def test_evidence_halves_and_what_is_under_way_ages_too(self):
        rules = Investigation(evidence_half_life_weeks=39, foreign_weight=1.0, court_weight=0.5)
        cases = CaseFiles(keys_of(["N01"])[None], rules)
        cases.evidence[0, 0] = 8.0
        only, law, skill = np.array([0]), np.array([[1.0]]), np.array([8.0])
        sent = cases.send(0, np.array([39]), np.array([[True]]), only, only, law, skill,
                          78.0, rules)  # fmt: skip
        assert sent == (1, 39)
        for week in range(39):
            cases.pass_week(week + 1)
        assert cases.evidence[0, 0] == pytest.approx(8.0)  # half of 8 and half of 8
        for week in range(39, 78):
            cases.pass_week(week + 1)
        assert cases.evidence[0, 0] == pytest.approx(5.0)  # half of 8 and a quarter of 4

    def test_half_of_readiness_is_reached_at_the_threshold(self):
        rules = Investigation(case_threshold=35, operation_rate=0.01)
        cases = CaseFiles(keys_of(["N01"])[None], rules)
        cases.evidence[0, 0] = 35.0
        skill, active, luck = np.ones(1), np.ones(1, bool), Streams(0)
        weeks = range(1, 2000)
        acted = [week for week in weeks if cases.operations(skill, active, week, luck)]
        drawn = [luck.uniform("operation", cases.keys, week)[0, 0] for week in weeks]
        assert acted == [week for week in weeks if drawn[week - 1] < 0.005] != []


class TestOrganisation:
    def _members(self, size=60):
        return Membership(np.array([size]), keys_of(["N01"]), Organisation())

    def test_all_roles_are_there_and_a_full_network_works_fully(self):
        members = self._members()
        counts = np.bincount(members.role[0], minlength=len(ROLES))
        assert counts.min() >= 1
        assert counts.sum() == 60
        assert members.labour[0] == 1.0

    def test_arrests_reduce_labour_and_recruitment_restores_it(self):
        members, streams = self._members(), Streams(0)
        caught = members.arrest(0, 0.5, 1, streams).size
        assert caught in (29, 30, 31)
        assert members.strength(0) == pytest.approx(1 - caught / 60)
        low = members.labour[0]
        assert 0.3 < low < 0.8
        for week in range(2, 400):
            members.refill(week, Organisation(refill_weeks=40), streams)
        assert members.strength(0) == 1.0
        assert members.labour[0] == 1.0

    def test_targeting_a_role_arrests_that_role_only(self):
        members = self._members()
        members.arrest(0, 1.0, 1, Streams(0), "role", "broker")
        gone = members.role[0][~members.present[0]]
        assert set(gone.tolist()) == {ROLES.index("broker")}

    @pytest.mark.parametrize("targeting", ["degree", "betweenness"])
    def test_the_most_central_members_are_the_ones_arrested(self, targeting):
        members = self._members()
        centrality = nx.degree_centrality if targeting == "degree" else nx.betweenness_centrality
        score = centrality(members.graph(0))
        members.arrest(0, 0.1, 1, Streams(0), targeting)
        gone = np.flatnonzero(~members.present[0])
        left = np.flatnonzero(members.present[0])
        assert gone.size in (6, 7)
        assert min(score[m] for m in gone) >= max(score[m] for m in left)

    @pytest.mark.parametrize("size", [50, 100, 150])
    def test_generated_networks_are_sparse_clustered_and_connected(self, size):
        graph = member_graph(size, 7, Build.of(Organisation()))
        assert nx.is_connected(graph)
        assert 0.02 <= nx.density(graph) <= 0.10
        rate = 2 * graph.number_of_edges() / (size * (size - 1))
        assert nx.average_clustering(graph) > 4 * rate


class TestSmallFormulas:
    def test_gini_of_known_vectors(self):
        assert gini(np.array([1.0, 1.0, 1.0])) == pytest.approx(0.0)
        assert gini(np.array([0.0, 0.0, 3.0])) == pytest.approx(2 / 3)
        assert np.isnan(gini(np.zeros(3)))

    def test_divergence_is_0_for_equal_and_1_for_disjoint_flows(self):
        assert divergence([1, 2, 3], [2, 4, 6]) == pytest.approx(0.0)
        assert divergence([1, 0], [0, 5]) == pytest.approx(1.0)
        assert np.isnan(divergence([0, 0], [1, 1]))

    def test_places_of_most(self):
        assert places_of_most([80, 10, 10]) == 1
        assert places_of_most([50, 30, 20]) == 2
        assert places_of_most([25, 25, 25, 25]) == 4
        assert places_of_most([0, 0]) == 0
