"""What the coordinator does reaches the world through what agents do, and only then.

Paired runs of one seed and two to four years; the contrasts are wide, and what is asserted holds
exactly or by construction, so no false alarm is expected from chance.
"""

from typing import ClassVar

import numpy as np
import pytest
from tocsin.experiments.comparing.annual import report_text
from tocsin.simulation.mechanisms.agencies.investigation import CaseFiles
from tocsin.simulation.mechanisms.cooperation.budget import Budget
from tocsin.simulation.model import BorderModel
from tocsin.simulation.parameters import Innovation, Investigation, Legal, Trafficking
from tocsin.simulation.phases import patrolling
from tocsin.simulation.randomness import Streams, keys_of
from tocsin.simulation.recording.indicators import indicator_of
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load
from tocsin.simulation.week import arrests, succession

EVERYTHING = ("share", "coordinate", "operate")
BASE = load("baseline").with_({"cooperation.mandates": EVERYTHING})


def _ends(values, weeks=156, seed=1):
    return run(BASE.with_(values), seed=seed, weeks=weeks, events=False).indicators


class TestLeaks:
    LEAKY: ClassVar = {"cooperation.sharing": 1.0, "intelligence.leak_rate": 1.0}

    def test_a_tight_channel_leaks_nothing_and_a_loose_one_costs_trust(self):
        tight = _ends(self.LEAKY | {"intelligence.confidentiality": 1.0})
        loose = _ends(self.LEAKY | {"intelligence.confidentiality": 0.0})
        assert tight["items_leaked"] == 0 < loose["items_leaked"]
        assert loose["trust_mean"] < tight["trust_mean"]

    def test_a_warned_network_fears_the_places_that_the_item_named(self):
        values = self.LEAKY | {"intelligence.confidentiality": 0.0, "intelligence.delay_weeks": 1}
        calm, warned = (
            BorderModel(BASE.with_(values | {"intelligence.warning": warning}), rng=2)
            for warning in (0.0, 50.0)
        )
        for _ in range(60):
            calm.step()
            warned.step()
        assert warned.world.beliefs.losses.sum() > 1.2 * calm.world.beliefs.losses.sum()


class TestMethods:
    def test_losses_teach_networks_to_hide_and_that_costs_interceptions(self):
        plain = _ends({"innovation.rate": 0.0})
        hiding = _ends({})
        assert plain["concealment_mean"] == 1.0 < hiding["concealment_mean"]
        assert hiding["interception_rate"] < plain["interception_rate"]

    def test_the_race_has_an_end_on_both_sides(self):
        model = BorderModel(BASE, rng=0)
        world = model.world
        rules, habits, everybody = Innovation(), Trafficking(), np.ones(30, dtype=bool)
        world.capacity.capability, world.capacity.tools = np.ones(6), np.full(6, 1e9)
        for _ in range(5000):
            world.race.evade(np.ones(30), everybody, np.ones(30), rules, habits)
            world.race.study(world.capacity, np.ones((6, 6)), np.ones(6, dtype=int), rules)
        assert world.race.concealment.max() <= rules.most
        assert world.race.method.max() <= 1.0

    def test_who_knows_the_method_sees_through_it(self):
        model = BorderModel(BASE, rng=0)
        world = model.world
        world.week = 1
        patrolling(model.world, model.cast, model.notes)
        world.race.concealment[:] = 2.0
        hazard = {}
        for known in (0.0, 0.5, 1.0):
            world.race.method[:] = known
            chance = world.exposure.danger(
                world.patrols, world.capacity.capability, world.picture, world.networks.modus,
                world.race, model.parameters.detection,
            )  # fmt: skip
            hazard[known] = -np.log1p(-chance)
        assert hazard[1.0] == pytest.approx(2.0 * hazard[0.0])
        assert hazard[1.0] == pytest.approx(1.5 * hazard[0.5])

    def test_partners_and_tools_teach_methods(self):
        alone = _ends({"cooperation.sharing": 0.0})
        shared = _ends({"cooperation.sharing": 1.0, "intelligence.delay_weeks": 0})
        tools = _ends({"cooperation.sharing": 0.0, "capacity.funding_musd_per_year": 30.0,
                       "capacity.tools_share": 1.0})  # fmt: skip
        assert alone["method_mean"] < shared["method_mean"]
        assert alone["method_mean"] < tools["method_mean"]


class TestIntegrity:
    def test_programmes_win_effort_back_and_money_lost_is_effort_lost(self):
        none = _ends({})
        funded = _ends({"governance.integrity_musd_per_year": 100.0})
        assert funded["corruption_mean"] < none["corruption_mean"]
        assert funded["bribes_paid"] < none["bribes_paid"]

    def test_networks_know_where_officers_can_be_bought(self):
        model = BorderModel(BASE, rng=0)
        world = model.world
        order = np.argsort(world.patrols.corruption)
        assert (np.diff(world.beliefs.prior[order]) <= 1e-12).all()


class TestLaw:
    def test_a_treaty_shortens_assistance_for_parties_that_comply(self):
        none = _ends({})
        treaty = {"legal.treaty": True, "legal.review": 1.0, "legal.provisions": 1.0,
                  "legal.ratification_weeks": 13.0}  # fmt: skip
        some = _ends(treaty | {f"countries.{c}.sovereignty": 0.0 for c in BASE.grid.codes})
        assert none["ratifications"] == 0 < some["ratifications"]
        assert some["assistance_weeks_mean"] < none["assistance_weeks_mean"]
        assert some["legal_mean"] > none["legal_mean"]

    def test_a_scenario_can_declare_parties(self):
        ends = _ends({"legal.treaty": True, "legal.ratification_weeks": 2000.0,
                      "countries.TAL.ratified": True,
                      "countries.VES.ratified": True}, 20)  # fmt: skip
        assert ends["pairs_ratified"] >= 1 / 15

    def test_half_compatible_law_takes_the_stated_time(self):
        cases, one = (
            CaseFiles(np.zeros((2, 1), dtype=np.uint64), Investigation()),
            np.zeros(1, dtype=np.int64),
        )
        told = np.array([[False, True]])
        half = np.full((2, 2), 0.5)
        asked = cases.send(1, one + 5, told, one, one, half, np.ones(2), 40.0, Investigation())
        assert asked == (1, 40)

    def test_ratification_takes_will(self):
        from tocsin.simulation.mechanisms.cooperation.law import Law

        law = Law(np.full((2, 2), 0.5), keys_of(["A", "B"]))
        both, none = np.array([True, True]), np.zeros(2, dtype=bool)
        rules = Legal(treaty=True, ratification_weeks=13)
        for week in range(1, 2000):
            law.ratify(week, rules, 0.0, both, np.array([0.0, 1.0]), np.zeros(2), none, Streams(0))
        assert law.ratified.tolist() == [False, True]

    def test_evidence_from_abroad_waits_for_assistance(self):
        values = {"cooperation.sharing": 1.0, "intelligence.delay_weeks": 0}
        fast = _ends(values | {"legal.mla_weeks": 0}, 104)
        slow = _ends(values | {"legal.mla_weeks": 104}, 104)
        assert fast["evidence_from_abroad"] > slow["evidence_from_abroad"]


class TestTaskForces:
    FUNDED: ClassVar = {"cooperation.task_forces_musd_per_year": 20.0, "cooperation.sharing": 1.0,
              "intelligence.delay_weeks": 0, "cooperation.joint_rate": 0.2}  # fmt: skip

    def test_teams_act_together_and_unclear_command_stops_them(self):
        clear = _ends(self.FUNDED | {"cooperation.command": 1.0, "cooperation.overlap": 0.0})
        unclear = _ends(self.FUNDED | {"cooperation.command": 0.0})
        wasted = _ends(self.FUNDED | {"cooperation.command": 1.0, "cooperation.overlap": 0.9})
        assert unclear["joint_operations"] == 0
        assert wasted["joint_operations"] < clear["joint_operations"]

    def test_their_number_follows_the_money_and_each_has_two_parties_or_more(self):
        model = BorderModel(BASE.with_(self.FUNDED), rng=3)
        world = model.world
        for _ in range(80):
            model.step()
            teams = world.task_forces.teams.values()
            assert len(teams) <= 10
            assert all(team.parties.size >= 2 for team in teams)
        assert world.task_forces.teams


class TestRapidResponse:
    FUNDED: ClassVar = {"operations.rapid_response_musd_per_year": 10.0, "cooperation.sharing": 1.0}

    def test_old_news_moves_nobody(self):
        old = _ends(self.FUNDED | {"intelligence.delay_weeks": 26})
        fresh = _ends(self.FUNDED | {"intelligence.delay_weeks": 0})
        assert old["deployments"] == 0 < fresh["deployments"]
        assert fresh["interdictions_by_units"] > 0

    def test_units_arrive_after_the_lead_and_leave_after_the_stay(self):
        values = {"intelligence.delay_weeks": 0, "operations.response_lead_weeks": 3,
                  "operations.response_stay_weeks": 2}  # fmt: skip
        model = BorderModel(BASE.with_(self.FUNDED | values), rng=3)
        world = model.world
        for _ in range(60):
            model.step()
            for unit in world.units.on_the_spot(model.week):
                assert unit.arrives <= model.week < unit.arrives + 2
                assert model.notes.watch_list[unit.sector, unit.network]
            assert len(world.units.deployed) <= 5


class TestAnalysis:
    def test_analysts_predict_routes_from_what_is_shared(self):
        none = _ends({})
        funded = _ends({"intelligence.analysis_musd_per_year": 20.0})
        unshared = _ends({"intelligence.analysis_musd_per_year": 20.0, "cooperation.sharing": 0.0})
        assert none["predictions"] == unshared["predictions"] == 0 < funded["predictions"]
        assert funded["items_used"] > none["items_used"]


class TestAwareness:
    def test_an_aware_public_tells_more_and_forgets(self):
        quiet = _ends({}, 208)
        aware = _ends({"governance.advocacy_musd_per_year": 20.0}, 208)
        assert aware["public_tips"] > 2 * quiet["public_tips"] > 0
        assert aware["will_mean"] > quiet["will_mean"]
        model = BorderModel(BASE, rng=0)
        world = model.world
        world.awareness.level = 0.8
        for _ in range(52):
            world.awareness.campaign(0.0, model.parameters.governance)
        assert world.awareness.level == pytest.approx(0.4)


class TestLiaison:
    def test_liaison_officers_bring_fresh_news_beside_the_slow_channel(self):
        slow = _ends({"intelligence.delay_weeks": 26})
        carried = _ends(
            {"intelligence.delay_weeks": 26, "intelligence.liaison_musd_per_year": 50.0}
        )
        assert slow["items_by_liaison"] == 0 < carried["items_by_liaison"]
        assert carried["intelligence_age_at_use"] < slow["intelligence_age_at_use"]


class TestCooperation:
    def test_exercises_bring_partners_closer(self):
        far = _ends({})
        near = _ends({"cooperation.exercises_musd_per_year": 20.0})
        assert near["distance_mean"] < far["distance_mean"]

    def test_members_keep_back_what_does_not_pay(self):
        cheap = _ends({"cooperation.item_effort": 0.0, "trust.payoff": 0.05})
        dear = _ends({"cooperation.item_effort": 20.0, "trust.payoff": 0.05})
        assert dear["effort_mean"] < cheap["effort_mean"]
        assert dear["items_shared"] < cheap["items_shared"]


class TestCapacity:
    def test_a_country_cannot_use_more_than_it_can_absorb(self):
        little = _ends({"capacity.funding_musd_per_year": 6.0, "governance.misspending": 0.0})
        much = _ends({"capacity.funding_musd_per_year": 200.0, "governance.misspending": 0.0})
        assert little["funds_unabsorbed"] == 0 < much["funds_unabsorbed"]

    def test_performance_gives_to_those_who_seize_most_by_officer(self):
        model = BorderModel(BASE.with_({"capacity.allocation": "performance"}), rng=0)
        model.world.capacity.seized_lately = np.array([0.0, 0.0, 10.0, 0.0, 0.0, 1.0])
        everybody = np.ones(6, dtype=bool)
        split = model.world.capacity.allocation(everybody, np.zeros(6))
        assert split.sum() == pytest.approx(1.0)
        assert split[2] > split[5] > split[0] == 0

    def test_the_programme_ends_when_it_is_over(self):
        ends = _ends({"capacity.funding_musd_per_year": 26.0, "capacity.duration_weeks": 52}, 104)
        assert ends["cost_capacity"] == pytest.approx(26e6)


class TestEvaluation:
    PROGRAMMES: ClassVar = {
        "capacity.funding_musd_per_year": 10.0, "cooperation.exercises_musd_per_year": 10.0,
        "governance.evaluation_musd_per_year": 2.0,
    }  # fmt: skip

    def test_a_flexible_framework_moves_money_and_a_rigid_one_does_not(self):
        rigid = _ends(self.PROGRAMMES | {"governance.transparency": 0.0})
        flexible = _ends(self.PROGRAMMES | {"governance.transparency": 0.0,
                                            "governance.flexibility": 0.2})  # fmt: skip
        assert rigid["budget_moved"] == 0 < flexible["budget_moved"]
        costs = [sum(ends[f"cost_{name}"] for name in ("capacity", "exercises", "evaluation"))
                 for ends in (rigid, flexible)]  # fmt: skip
        assert costs[0] == pytest.approx(costs[1])

    def test_without_evaluation_nothing_is_learnt_or_published(self):
        values = self.PROGRAMMES | {"governance.evaluation_musd_per_year": 0.0,
                                    "governance.flexibility": 0.5}  # fmt: skip
        ends = _ends(values)
        assert ends["budget_moved"] == ends["reports_published"] == 0

    def test_audits_find_and_deter_misspending(self):
        values = {"capacity.funding_musd_per_year": 30.0, "governance.misspending": 1.0}
        unseen = _ends(values)
        audited = _ends(values | {"governance.audit": 1.0})
        assert audited["funds_misspent"] < unseen["funds_misspent"]

    def test_every_year_has_a_report_that_says_what_was_done(self):
        finished = run(BASE.with_(self.PROGRAMMES | {"governance.flexibility": 0.2}), weeks=160)
        assert [report.year for report in finished.reports] == [1, 2, 3]
        text = report_text(finished.reports[2], finished.scenario)
        assert "year 3" in text
        assert "Moved for next year" in text
        done = finished.reports[0].done["items_shared"]
        assert done == finished.series["items_shared"].loc[1:51].sum()

    def test_a_year_of_the_coordinator_has_the_values_of_any_other_period(self):
        finished = run(BASE.with_(self.PROGRAMMES), weeks=104)
        results = finished.reports[1].results
        (year,) = finished.model.record.over([(52, 103)], results)
        now = finished.series["trust_mean"].loc[103]  # trust as it stands, not as it was
        assert {name: value for name, (value, _, _) in results.items()} == (
            year | {"trust_mean": now}
        )
        for name, (value, target, met) in results.items():
            assert value is not None and target is not None
            more = indicator_of(name).direction == "up"
            assert met == (value >= target if more else value <= target), name

    def test_a_budget_keeps_its_sum_when_it_moves(self):
        budget = Budget(BASE.with_(self.PROGRAMMES).parameters)
        whole = budget.total
        source, target = "cooperation.exercises_musd_per_year", "capacity.funding_musd_per_year"
        moved = budget.move(source, target, 4.0)
        assert (moved, budget.total) == (4.0, pytest.approx(whole))
        assert budget[source] == pytest.approx(6.0)
        assert budget.move(source, target, 100.0) == pytest.approx(6.0)
        for _ in range(100):
            budget.raise_by(0.5)
        assert budget.total == pytest.approx(1.5 * whole)


class TestSplits:
    def test_a_network_that_loses_its_leaders_may_split(self):
        never = _ends({"organisation.split": 0.0})
        often = _ends({"organisation.split": 1.0})
        assert never["networks_split"] == 0 < often["networks_split"]

    def test_a_faction_takes_a_vacant_place(self):
        model = BorderModel(BASE.with_({"organisation.split": 1.0}), rng=0)
        world = model.world
        model.step()
        succession.end(model.world, model.notes, 0, "test")
        arrests.go_on(model.world, model.notes, 1, arrests.Loss("test", headless=True))
        first = model.cast.networks[0]
        assert first.active
        assert world.networks.capital[0] == pytest.approx(world.networks.capital[1])
        assert 0 < first.strength < 1


def test_a_lever_without_its_mandate_does_nothing_because_it_is_refused():
    from tocsin.simulation.errors import InputError

    with pytest.raises(InputError, match="needs the mandate 'operate'"):
        load("baseline").with_({"operations.rapid_response_musd_per_year": 1.0})
