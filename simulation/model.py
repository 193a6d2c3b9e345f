"""`BorderModel`: one world, one seed, one week after the other."""

from functools import cached_property
from pathlib import Path

import mesa
import numpy as np
from numpy.typing import NDArray

from simulation import kernels, persons, virtual
from simulation.accounts import enter, settle_accounts
from simulation.agents import IGOCoordinator, NationalAgency, TraffickingNetwork
from simulation.analysis import HubAnalysis
from simulation.awareness import Awareness, public_tips
from simulation.beliefs import RiskBeliefs
from simulation.capacity import CapacityBuilding
from simulation.cooperation import Cooperation
from simulation.details import Details
from simulation.dispatch import Consignments, dispatch
from simulation.elementary import exp, log
from simulation.evaluation import Evaluation
from simulation.events import EventLog, Found, seizure_id
from simulation.innovation import MethodRace
from simulation.integrity import Integrity
from simulation.intelligence import Hub, Picture
from simulation.investigation import CaseFiles
from simulation.law import Law
from simulation.learning import learn
from simulation.market import Markets
from simulation.measurement import measure, officers_cost, secretariat_cost
from simulation.mesa_doors import LastingModel
from simulation.networks import WEEKS, Networks, Trade
from simulation.organisation import Membership
from simulation.parameters import Parameters
from simulation.patrols import Exposure, Patrols
from simulation.policy import Policy
from simulation.portfolio import Portfolios
from simulation.randomness import Rng, Streams, chained, keys_of, seed_of
from simulation.record import Record
from simulation.reporting import report
from simulation.response import ResponseUnits
from simulation.scenario import Scenario, load
from simulation.shipments import Shipments, Week
from simulation.state import Arrays, fingerprint, state_of
from simulation.taskforces import TaskForces
from simulation.views import SeriesView
from simulation.watches import begin_watches

SAFE = 1e-12  # a danger stays below certainty


class BorderModel(LastingModel):
    """Networks, agencies and a coordinator on a grid of borders.

    Parameters
    ----------
    scenario
        A scenario, the name of a shipped one, or a path.
    rng
        What the seed comes from, as in Mesa: a whole number is the seed itself, None draws a fresh
        one, and a seed sequence or a generator gives one. Every draw of the run follows from it.
    events
        Whether to keep the event log.
    details
        Whether the log holds deliveries and missed tips too.

    Attributes
    ----------
    seed
        Seed of the run; ``rng=seed`` gives the same run again.
    week
        Weeks done, or the present one inside a step.
    running
        True until the last week is done. Mesa's tools stop then; a further step is refused.
    parameters
        Values in force; changes of the scenario replace them.
    record
        What was measured so far.

    Raises
    ------
    InputError
        If the scenario cannot be read, `rng` gives no seed, or the map offers no way from a source
        to a market.
    """

    def __init__(
        self, scenario: Scenario | str | Path, rng: Rng = None, events: bool = True,
        details: bool = False,
    ) -> None:  # fmt: skip
        self.seed = seed_of(rng)
        super().__init__(rng=self.seed)
        self.scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
        self.week = 0
        self.streams = Streams(self.seed)
        self.log = EventLog(events or details)
        self.parameters: Parameters = self.scenario.parameters
        patience = self.parameters.intelligence.patience_weeks
        self.details = Details(patience) if details else None
        self.spent: NDArray[np.float64] = np.zeros(0)
        self.profit: NDArray[np.float64] = np.zeros(0)
        self.bribes_paid = 0.0
        self._lay_out_world(self.scenario)
        self._set_up_institutions()
        self._settle_networks()
        self.policy_schedule = Policy(self)
        self.trafficking_networks = [
            TraffickingNetwork(self, number) for number in range(len(self.trade.ids))
        ]
        self.agencies = [NationalAgency(self, number) for number in range(len(self.codes))]
        self.coordinator = IGOCoordinator(self)
        self.keep_agents()

    def _lay_out_world(self, scenario: Scenario) -> None:
        parameters, grid = self.parameters, scenario.grid
        self.grid_of_borders = grid
        self.codes = grid.codes
        self.country_keys = keys_of(self.codes)
        self.sectors = virtual.sectors_of(grid, parameters)
        self.owned = self.sectors.country == np.arange(len(self.codes))[:, None]  # [C, S]
        self.cyber = any(good.mode == "virtual" for good in parameters.commodities.values())
        self.borders = len(grid.sectors(parameters.world.sector_km).ids)  # the rest are stations
        self.trade = Trade.lay_out(grid, self.sectors, parameters, self.streams)
        self.portfolios = Portfolios(
            self.trade.lanes, self.trade.lane_keys, parameters.trafficking, self.streams
        )
        self.members = Membership(self.trade.size, self.trade.keys, parameters.organisation)
        self.shipments = Shipments(self.trade.lanes, self.streams)
        self.record = Record(
            parameters.world.weeks, self.codes, parameters.commodities,
            parameters.measurement.headline, self.sectors.ids, parameters.measurement.from_week,
        )  # fmt: skip
        goods = [parameters.commodities[name] for name in self.trade.commodities]
        hidden = np.array([g.concealment for g in goods], dtype=float)[self.trade.lane_commodity]
        self.patrols = Patrols(self.sectors, np.arange(len(self.sectors.ids)) >= self.borders)
        self.patrols.update(self.codes, parameters)
        self.smuggled = persons.Smuggled(self.trade.commodities, parameters)
        self.exposure = Exposure(self.trade.lanes, hidden, self.sectors.country)
        head = self.trade.commodities.index(parameters.measurement.headline)
        self.of_headline = self.trade.lane_commodity == head
        self.consignments = Consignments.of(self.trade, goods)
        self.place_owner = self.sectors.country[self.trade.lanes.place_sector]

    def _set_up_institutions(self) -> None:
        """What agencies and the coordinator know and hold at the start."""
        parameters = self.parameters
        profiles = [parameters.countries[code] for code in self.codes]
        networks, countries = len(self.trade.ids), len(profiles)
        bought = np.array([profile.corruption for profile in profiles], dtype=float)
        skill = np.array([profile.capability for profile in profiles], dtype=float)
        self.integrity = Integrity(bought, self.sectors.country, parameters.governance)
        self.patrols.corruption = self.integrity.by_sector
        self.beliefs = RiskBeliefs(networks, self.patrols.corruption, parameters.beliefs)
        self.cooperation = Cooperation(self.codes, parameters)
        self.law = Law(self.cooperation.legal, self.country_keys)
        self.hub = Hub(countries)
        self.hub_analysis = HubAnalysis()
        self.picture = Picture(
            self.sectors.country, networks, countries, parameters.intelligence
        )  # fmt: skip
        self.cases = CaseFiles(countries, networks, parameters.investigation)
        self.case_keys = chained(self.trade.keys[None, :], self.country_keys[:, None])  # [C, N]
        self.capacity = CapacityBuilding(skill, parameters)
        self.race = MethodRace(networks, skill)
        self.awareness = Awareness()
        self.task_forces = TaskForces()
        self.units = ResponseUnits()
        self.evaluation = Evaluation(countries)
        self.writing: NDArray[np.float64] = np.zeros(countries)
        self.seized_lately = np.zeros(countries)
        self.received_musd = np.zeros(countries)
        self._work_out_costs()
        self.unabsorbed_musd = self.moved_musd = self.evidence_arrived = 0.0
        self.owed = np.zeros((countries, countries))  # seizures of the week by whose tip
        self.watch_ids: dict[tuple[int, int], str] = {}
        self.used_tips: set[str] = set()
        self.tally: dict[str, int] = {}

    def _settle_networks(self) -> None:
        """First shares on prior beliefs, and what the markets are used to at these shares."""
        parameters, trade, portfolios = self.parameters, self.trade, self.portfolios
        portfolios.bribable(self.patrols.corruption)
        goods = [parameters.commodities[name] for name in trade.commodities]
        usual_price = np.array([goods[c].market_price for c, _ in trade.markets], dtype=float)
        lines = np.arange(trade.capacity.size)
        risk = np.tile(self.beliefs.prior, (len(trade.ids), 1))
        money = portfolios.expected_money(
            lines, trade.line_network, risk, usual_price, trade.terms, parameters.trafficking
        )
        portfolios.settle(money, trade.terms, parameters.trafficking)
        lanes = trade.lanes
        self.networks = Networks(trade, portfolios, parameters)
        arriving = portfolios.share * self._chance_to_arrive()
        usual = np.bincount(lanes.market, arriving * trade.capacity[lanes.line], len(trade.markets))
        self.market_good = np.array([good for good, _ in trade.markets], dtype=np.int64)
        for number, good in enumerate(goods):
            own = self.market_good == number
            together = np.add.reduce(usual[own])
            if good.demand_per_year is not None:
                share = usual[own] / together if together > 0 else 1 / own.sum()
                usual[own] = good.demand_per_year / WEEKS * share
        elasticity = np.array([goods[c].elasticity for c, _ in trade.markets], dtype=float)
        virtual = np.array([goods[c].mode == "virtual" for c, _ in trade.markets], dtype=bool)
        self.markets = Markets(
            usual_price, usual, elasticity, parameters.market, self.market_good, virtual
        )
        self.usual_quantity = usual

    def _chance_to_arrive(self) -> NDArray[np.float64]:
        """Part of what leaves that arrives on each lane, at the risks of the first week. [L]"""
        lanes, patrols = self.trade.lanes, self.patrols
        patrols.effort[:] = patrols.even_effort()
        danger = self.exposure.danger(patrols, self.capacity.capability, self.picture,
                                      self.networks.modus, self.race,
                                      self.parameters.detection)  # fmt: skip
        safe = log(1 - np.minimum(danger, 1 - SAFE))
        along = np.bincount(lanes.place_lane, safe, lanes.start.size)
        return exp(along.astype(np.float64))  # whole numbers where there is no place at all

    # The week -----------------------------------------------------------------------------

    def step(self) -> None:
        """One week, phase by phase."""
        self.week += 1
        self.tally = dict.fromkeys(self.record.counted, 0)
        self.goods = self.record.goods_of(self.week)
        self.policy()
        self.intelligence()
        self.patrolling()
        self.response()
        self.trafficking()
        self.movement()
        self.investigation()
        self.reporting()
        self.adaptation()
        self.institutions()
        self.measurement()
        self.running = self.week < self.last_week

    def policy(self) -> None:
        """Scheduled changes, shocks and treatments."""
        self.policy_schedule.act()

    def intelligence(self) -> None:
        """The hub releases what is due; pictures and case files age."""
        self.picture.fade()
        self.evidence_arrived = self.cases.pass_week(self.week)
        self.coordinator.release()

    def patrolling(self) -> None:
        """Agencies place their effort and choose what to watch."""
        if self.policy_schedule.enforcement_off:
            self.watch_list = np.zeros_like(self.picture.watched)
            self.patrols.effort[:] = 0.0
            return
        self.patrols.place(self.writing, self.week, self.parameters.operations, self.streams)
        self.watch_list = self.picture.choose()

    def response(self) -> None:
        """Rapid response units and joint task forces; then everybody is where they are needed."""
        self.coordinator.deploy()
        begin_watches(self)

    def trafficking(self) -> None:
        """Networks review their routes and launch shipments."""
        self.risk = self.beliefs.risk(self.networks.active)
        self._review_routes()
        dispatch(self)

    def _review_routes(self) -> None:
        """Every few weeks, each network in its own turn: move towards what seems to pay."""
        trade, rules = self.trade, self.parameters.trafficking
        lines = trade.in_turn(self.week, rules.review_weeks)
        lines = lines[self.networks.active[trade.line_network[lines]]]
        if lines.size == 0:
            return
        money = self.portfolios.expected_money(
            lines, trade.line_network, self.risk, self.markets.price, trade.terms, rules
        )
        self.portfolios.review(lines, trade.line_network, self.week, money,
                               self.networks.loss_rate, trade.terms, rules)  # fmt: skip

    def movement(self) -> None:
        """Shipments move, are exposed, seized or delivered."""
        rules = self.parameters.detection
        seized = self.exposure.danger(self.patrols, self.capacity.capability, self.picture,
                                      self.networks.modus, self.race, rules)  # fmt: skip
        wrecked = persons.wreck_chance(self)
        taken = seized if wrecked is None else np.minimum(seized + wrecked, 1 - SAFE)
        if self.details is not None:
            self.details.before(self)
        self.moved: Week = self.shipments.move(self.week, taken)
        self.taken_keys = self.moved.seizures.key
        kernels.hand_over(self.trade.lane_commodity, self.portfolios.open,
                          self.moved.delivered_amount, self.goods.lost,
                          self.goods.delivered)  # fmt: skip
        if wrecked is not None:
            self.moved.seizures = persons.part_wrecks(self, self.moved.seizures, seized, wrecked)
        self._note_seizures()
        if self.details is not None:
            self.details.deliveries(self)

    def _note_seizures(self) -> None:
        moved, trade = self.moved.seizures, self.trade
        number = moved.key.size
        sector = np.empty(number, dtype=np.int32)
        network, commodity, country = np.empty((3, number), dtype=np.int64)
        kernels.note(
            moved.place, moved.lane, moved.amount, trade.lanes.place_sector, trade.lanes.network,
            trade.lane_commodity, self.sectors.country, sector, network, commodity, country,
            self.goods.seized_by,
        )  # fmt: skip
        causes: dict[int, str] = {}
        if self.log.on:
            watched = np.flatnonzero(self.picture.watched[sector, network]).tolist()
            causes = {at: self.watch_ids[sector[at], network[at]] for at in watched}
        self.found = Found(
            week=self.week, key=moved.key, country=country, sector=sector, network=network,
            lane=moved.lane, commodity=commodity, amount=moved.amount, causes=causes,
            names=(self.codes, self.sectors.ids, tuple(self.networks.names), trade.commodities),
        )  # fmt: skip
        self.log.seizures(self.found)
        persons.stop(self)
        self.units.credit(self)

    def investigation(self) -> None:
        """Seizures become evidence, and evidence operations."""
        found = self.found
        base = self.parameters.investigation.base_skill
        self.skill = base + self.capacity.capability  # what a seizure is worth as evidence, [C]
        kernels.file_evidence(
            found.country, found.network, found.key, self.skill, self.cases.evidence,
            self.cases.latest,
        )  # fmt: skip
        virtual.covert_evidence(self)
        if self.policy_schedule.enforcement_off:
            return
        active = self.networks.active
        for agency, number in self.cases.operations(
            self.skill, active, self.case_keys, self.week, self.streams
        ):
            if active[number]:  # an earlier one may have ended it
                self.agencies[agency].operate(self.trafficking_networks[number])
        self.task_forces.act(self)

    def evidence_of(self, agency: int, network: int) -> str:
        """Event id of the agency's latest own seizure in a case file; "" if there is none."""
        key = int(self.cases.latest[agency, network])
        return seizure_id(key) if key else ""

    def reporting(self) -> None:
        """Agencies write up what they found; willing members give it to the hub."""
        report(self)
        public_tips(self)

    def adaptation(self) -> None:
        """Agencies and networks learn; members, networks and methods are renewed; prices move."""
        learn(self)
        settle_accounts(self)
        enter(self)

    def institutions(self) -> None:
        """The yearly evaluation; programmes and their decay; trust and law."""
        if self.week % WEEKS == 0:
            self.evaluation.hold(self)
        cases = np.zeros(len(self.codes), dtype=np.int64)
        kernels.look_back(self.goods.seized_by, self.found.country, WEEKS, self.seized_lately,
                          cases)  # fmt: skip
        self.coordinator.fund()
        self.coordinator.run_programmes()
        self.coordinator.credit(cases)
        self.race.study(self.capacity, self.hub.told, cases, self.parameters.innovation)
        self.take_bribes(self.integrity.by_sector)
        self.cooperation.weigh(self.owed, self.writing, cases)
        self.cooperation.learn(self.owed, self.sharing())

    def measurement(self) -> None:
        """Write the week down."""
        measure(self)
        self.moved_musd = 0.0

    # What phases share ------------------------------------------------------------------------

    def take_over(self, parameters: Parameters) -> None:
        """Let everybody work with new values from now on."""
        self.parameters = parameters
        self.cooperation.update(parameters)
        self.capacity.update(parameters)
        self.patrols.update(self.codes, parameters)
        self.smuggled.update(parameters)
        self.coordinator.take_over(parameters)
        self.picture.rules = parameters.intelligence
        self.integrity.update(parameters.governance)
        self._work_out_costs()

    def _work_out_costs(self) -> None:
        """What the coordinator and officers cost in a week, until the policy changes."""
        self.secretariat_usd = secretariat_cost(self.parameters)
        self.officers_usd = officers_cost(self.parameters, self.cyber)

    def take_bribes(self, corruption: NDArray[np.float64]) -> None:
        """Officers can be bought as far as `corruption` [S] says; networks come to know it."""
        known = self.patrols.corruption
        if corruption is not known and not np.array_equal(corruption, known):
            self.patrols.corruption = corruption
            self.beliefs.expect(corruption)
            self.portfolios.bribable(corruption)

    def will(self) -> NDArray[np.float64]:
        """Political will in force. [C]"""
        return self.awareness.will(self.cooperation.usual_will, self.parameters.governance)

    def sharing(self) -> NDArray[np.float64]:
        """Probability that an item of the row's country goes to the column's. [C, C]"""
        return self.cooperation.sharing(self.law.compatibility, self.will())

    def vacant_place(self, like: int) -> TraffickingNetwork | None:
        """A place whose network has ended and that trades in the same things, if there is one."""
        trade = self.trade
        goods = trade.line_commodity[trade.line_network == like].tolist()
        for number in np.flatnonzero(~self.networks.active & ~trade.dormant).tolist():
            if trade.line_commodity[trade.line_network == number].tolist() == goods:
                return self.trafficking_networks[number]
        return None

    def count(self, name: str, number: int) -> None:
        """Add to one of this week's counters."""
        self.tally[name] += number

    def abandon(self, network: int) -> None:
        """Leave behind what a network has under way."""
        at = self.trade.lanes.network[self.shipments.lane[: self.shipments.count]]
        lane, amount = self.shipments.remove(at == network)
        np.add.at(self.goods.lost, self.trade.lane_commodity[lane], amount)

    def confiscate(self, chosen: NDArray[np.bool_]) -> None:
        """Seize shipments under way, each by the owner of the sector it is next to pass."""
        lanes, under_way = self.trade.lanes, self.shipments
        lane = under_way.lane[: under_way.count][chosen]
        place = np.minimum(under_way.place[: under_way.count][chosen], lanes.end[lane] - 1)
        owner = self.sectors.country[lanes.place_sector[place]]
        _, amount = under_way.remove(chosen)
        persons.hold(self, self.trade.lane_commodity[lane], amount)
        np.add.at(self.goods.seized_by, (self.trade.lane_commodity[lane], owner), amount)

    @property
    def scenario(self) -> Scenario:  # pyright: ignore[reportIncompatibleVariableOverride]
        """What is run. Mesa's own property would write the model into it; ours is frozen."""
        return self._scenario

    @scenario.setter
    def scenario(self, scenario: Scenario) -> None:
        self._scenario = scenario

    # What others look at ----------------------------------------------------------------------

    @cached_property
    def datacollector(self) -> "SeriesView":
        """The series as Mesa's own tools expect them."""
        return SeriesView(self.record, self.seed)

    @property
    def last_week(self) -> int:
        """Week with which the run ends."""
        return self.record.flow.shape[0]

    @property
    def run_name(self) -> str:
        """Name of the scenario."""
        return self.scenario.name

    def state(self) -> Arrays:
        """All that one week hands to the next, and what was measured: arrays by name."""
        found: Arrays = {}
        for name, thing in vars(self).items():
            if name not in _NO_STATE:
                found |= state_of(thing, name)
        return found

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the whole state; equal for runs of which every week was the same."""
        return fingerprint(self.state())


# What Mesa keeps; what is laid out once; what one phase leaves for another within a week; and
# what is kept to tell of the run.
_NO_STATE = frozenset(vars(mesa.Model())) | {
    "_scenario", "agencies", "borders", "bribes_paid", "case_keys", "codes", "country_keys",
    "cyber", "evidence_arrived", "found", "goods", "market_good", "moved", "moved_musd",
    "of_headline", "owed", "owned", "place_owner", "profit", "risk", "running", "seed", "skill",
    "spent", "taken_keys", "tally", "trafficking_networks", "unabsorbed_musd", "usual_quantity",
    "watch_ids", "watch_list",
}  # fmt: skip
