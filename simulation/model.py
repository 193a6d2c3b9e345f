"""`BorderModel`: one world, one seed, one week after the other."""

from collections import Counter
from functools import cached_property

import mesa
import numpy as np
from numpy.typing import NDArray

from simulation.accounts import enter, settle_accounts
from simulation.agents import IGOCoordinator, NationalAgency, TraffickingNetwork
from simulation.beliefs import RiskBeliefs
from simulation.capacity import CapacityBuilding
from simulation.cooperation import Cooperation
from simulation.dispatch import dispatch
from simulation.errors import InputError
from simulation.events import EventLog, Found, seizure_id
from simulation.intelligence import OWN, Hub, Picture
from simulation.investigation import CaseFiles
from simulation.market import Markets
from simulation.measurement import Goods, Record, weekly_values
from simulation.networks import WEEKS, Networks, Trade
from simulation.organisation import Membership
from simulation.parameters import Parameters
from simulation.patrols import Patrols, danger
from simulation.policy import Policy
from simulation.portfolio import Portfolios
from simulation.randomness import Streams, chained, keys_of
from simulation.reporting import report
from simulation.scenario import Scenario, load
from simulation.shipments import Shipments, Week
from simulation.views import SeriesView

SAFE = 1e-12  # a belief stays below certainty


class BorderModel(mesa.Model):
    """Networks, agencies and a coordinator on a grid of borders.

    Parameters
    ----------
    scenario
        A scenario, the name of a shipped one, or a path.
    rng
        Seed of the run, an integer; every draw follows from it.
    events
        Whether to keep the event log.

    Attributes
    ----------
    week
        Weeks done, or the present one inside a step.
    parameters
        Values in force; changes of the scenario replace them.
    record
        What was measured so far.

    Raises
    ------
    InputError
        If the map offers no way from a source to a market.
    """

    def __init__(self, scenario: Scenario | str, rng: int = 0, events: bool = True) -> None:
        super().__init__(rng=rng)
        self.scenario = load(scenario) if isinstance(scenario, str) else scenario
        self.week = 0
        self.streams = Streams(rng)
        self.log = EventLog(events)
        self.parameters: Parameters = self.scenario.parameters
        self.spent: NDArray[np.float64] = np.zeros(0)
        self.profit = 0.0
        self._lay_out_world(self.scenario)
        self._settle_networks()
        self.policy_schedule = Policy(self)
        for number in range(len(self.trade.ids)):
            TraffickingNetwork(self, number)
        for number in range(len(self.codes)):
            NationalAgency(self, number)
        self.coordinator = IGOCoordinator(self)

    def _lay_out_world(self, scenario: Scenario) -> None:
        parameters, grid = self.parameters, scenario.grid
        self.grid_of_borders = grid
        self.codes = grid.codes
        self.sectors = grid.sectors(parameters.world.sector_km)
        self.trade = Trade.lay_out(grid, parameters, self.streams)
        profiles = [parameters.countries[code] for code in self.codes]
        networks, sectors, countries = len(self.trade.ids), len(self.sectors.ids), len(profiles)
        self.portfolios = Portfolios(
            self.trade.lanes, self.trade.lane_keys, parameters.trafficking, self.streams
        )
        self.members = Membership(self.trade.size, self.trade.keys)
        self.shipments = Shipments(self.trade.lanes, self.streams)
        self.beliefs = RiskBeliefs(networks, sectors, parameters.beliefs)
        self.patrols = Patrols(self.sectors, parameters)
        bought = np.array([profile.corruption for profile in profiles])
        self.usual_corruption = bought[self.sectors.country]
        self.patrols.corruption = self.usual_corruption.copy()
        self.cooperation = Cooperation(self.codes, parameters)
        self.hub = Hub()
        self.picture = Picture(sectors, networks, countries, parameters.intelligence)
        self.cases = CaseFiles(countries, networks, parameters.investigation)
        self.case_keys = chained(self.trade.keys[None, :], keys_of(self.codes)[:, None])  # [C, N]
        skill = np.array([profile.capability for profile in profiles])
        self.capacity = CapacityBuilding(skill, parameters)
        self.writing: NDArray[np.float64] = np.zeros(countries)
        self.seized_lately = np.zeros(countries)
        self._last_evidence = np.zeros((countries, networks), dtype=np.uint64)
        self._watch_ids: dict[tuple[int, int], str] = {}
        self._used_tips: set[str] = set()
        self.tally: Counter[str] = Counter()
        self.record = Record(
            parameters.world.weeks, self.codes, self.trade.commodities,
            parameters.measurement.headline, self.sectors.ids, parameters.measurement.from_week,
        )  # fmt: skip
        goods = [parameters.commodities[name] for name in self.trade.commodities]
        self._concealment = np.array([goods[c].concealment for c in self.trade.commodity])
        head = self.trade.commodities.index(parameters.measurement.headline)
        self.of_headline = self.trade.commodity[self.trade.lanes.network] == head
        self.mean_size = np.array([good.shipment_size for good in goods])[self.trade.commodity]
        self.size_ln_sd = np.array([good.size_ln_sd for good in goods])[self.trade.commodity]

    def _settle_networks(self) -> None:
        """First shares on prior beliefs, and what the markets are used to at these shares."""
        parameters, trade, portfolios = self.parameters, self.trade, self.portfolios
        goods = [parameters.commodities[name] for name in trade.commodities]
        usual_price = np.array([goods[c].market_price for c, _ in trade.markets])
        risk = np.full(len(self.sectors.ids), parameters.beliefs.prior_risk)
        for network in range(len(trade.ids)):
            money = portfolios.expected_money(
                network, risk, usual_price, trade.terms, parameters.trafficking
            )
            portfolios.settle(network, money, trade.terms, parameters.trafficking)
        lanes = trade.lanes
        length = lanes.end - lanes.start
        arriving = portfolios.share * (1 - parameters.beliefs.prior_risk) ** length
        usual_kg = np.bincount(
            lanes.market, arriving * trade.capacity[lanes.network], len(trade.markets)
        )
        elasticity = np.array([goods[c].elasticity for c, _ in trade.markets])
        self.markets = Markets(usual_price, usual_kg, elasticity, parameters.market)
        self.usual_kg = usual_kg
        self.networks = Networks(trade, portfolios, parameters)

    # The week -----------------------------------------------------------------------------

    def step(self) -> None:
        """One week, phase by phase."""
        if self.week >= self.record.flow.shape[0]:
            raise InputError(
                f"the run of {self.scenario.name!r} ends with week {self.week}; "
                "set world.weeks for a longer one."
            )
        self.week += 1
        self.tally.clear()
        self.goods = Goods.none(len(self.trade.commodities), len(self.codes))
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

    def policy(self) -> None:
        """Scheduled changes, shocks and treatments."""
        self.policy_schedule.act()

    def intelligence(self) -> None:
        """The hub releases what is due; pictures and case files age."""
        self.picture.fade()
        self.cases.age()
        self.coordinator.release()

    def patrolling(self) -> None:
        """Agencies place their effort and choose what to watch."""
        self.watch_list = np.zeros_like(self.picture.watched)
        if self.policy_schedule.enforcement_off:
            self.patrols.effort[:] = 0.0
        else:
            agencies = self.agents_by_type[NationalAgency]
            agencies.do("place_patrols")
            agencies.do("choose_watches")
            self.patrols.hold()
        self._begin_watches()

    def _begin_watches(self) -> None:
        picture = self.picture
        for sector, network in picture.begin(self.watch_list, self.week).tolist():
            tip = str(picture.tip[sector, network])
            if picture.sender[sector, network] != OWN:
                self.count("watches_on_tips", 1)
                if tip not in self._used_tips:
                    self._used_tips.add(tip)
                    self.count("items_used", 1)
                    self.record.ages.append(
                        (self.week, self.week - int(picture.seen[sector, network]))
                    )
            if self.log.on:
                country = self.codes[self.sectors.country[sector]]
                name = self.networks.names[network]
                place = self.sectors.ids[sector]
                watch = f"watch-{self.week}-{place}-{name}"
                self._watch_ids[sector, network] = watch
                self.log.record(watch, self.week, "watch", country, country=country, sector=place,
                                network=name, cause=tip)  # fmt: skip

    def response(self) -> None:
        """Rapid response and task forces: none without their mandates."""

    def trafficking(self) -> None:
        """Networks review their routes and launch shipments."""
        self.risk = np.minimum(self.beliefs.risk(self.networks.active), 1 - SAFE)
        self.loss_rate = self.networks.loss_rate()
        self.agents_by_type[TraffickingNetwork].do("review_routes")
        dispatch(self)

    def movement(self) -> None:
        """Shipments move, are exposed, seized or delivered."""
        capability = self.capacity.capability[self.sectors.country]
        stale = self.parameters.detection.stale_match
        watch = self.picture.validity(self.networks.modus, stale)
        hazard = danger(
            self.trade.lanes, self.patrols, capability, watch, self._concealment, self.parameters
        )
        self.moved: Week = self.shipments.move(self.week, hazard)
        closed = ~self.markets.open[self.trade.lanes.market]
        self.goods.lost += self.by_commodity(np.where(closed, self.moved.delivered_amount, 0))
        self.moved.delivered_amount[closed] = 0
        self.goods.delivered += self.by_commodity(self.moved.delivered_amount)
        self._note_seizures()

    def _note_seizures(self) -> None:
        moved, lanes = self.moved.seizures, self.trade.lanes
        sector, network = lanes.place_sector[moved.place], lanes.network[moved.lane].astype(int)
        goods = self.trade.commodity[network]
        causes: dict[int, str] = {}
        if self.log.on:
            watched = np.flatnonzero(self.picture.watched[sector, network]).tolist()
            causes = {at: self._watch_ids[sector[at], network[at]] for at in watched}
        self.found = Found(
            week=self.week, key=moved.key, country=self.sectors.country[sector].astype(int),
            sector=sector, network=network, lane=moved.lane, commodity=goods,
            amount=moved.amount, causes=causes,
            names=(self.codes, self.sectors.ids, tuple(self.networks.names),
                   self.trade.commodities),
        )  # fmt: skip
        np.add.at(self.goods.seized_by, (goods, self.found.country), moved.amount)
        self.log.seizures(self.found)

    def investigation(self) -> None:
        """Seizures become evidence, and evidence operations."""
        skill, found = self.capacity.capability, self.found
        own = (found.country, found.network)
        np.add.at(self.cases.evidence, own, 0.5 + skill[found.country])
        self._last_evidence[own] = found.key
        if self.policy_schedule.enforcement_off:
            return
        ready = self.cases.hazard(skill) * self.networks.active
        drawn = self.streams.uniform("operation", self.case_keys, self.week)
        networks, agencies = (
            self.agents_by_type[TraffickingNetwork],
            self.agents_by_type[NationalAgency],
        )
        for agency, number in np.argwhere(drawn < ready).tolist():
            if self.networks.active[number]:
                agencies[agency].operate(networks[number])

    def evidence_of(self, agency: int, network: int) -> str:
        """Event id of the latest seizure in a case file, own or received; "" if there is none."""
        key = int(self._last_evidence[agency, network])
        return seizure_id(key) if key else ""

    def reporting(self) -> None:
        """Agencies write up what they found; willing members give it to the hub."""
        report(self)

    def adaptation(self) -> None:
        """Agencies and networks learn; members, networks and methods are renewed; prices move."""
        found, lanes, networks = self.found, self.trade.lanes, self.networks
        counts = len(self.trade.ids)
        sectors = len(self.sectors.ids)
        where = lanes.place_network * sectors + lanes.place_sector
        passed = np.bincount(where, self.moved.passed, counts * sectors).reshape(counts, -1)
        caught = np.zeros((counts, sectors))
        np.add.at(caught, (found.network, found.sector), 1.0)
        self.beliefs.learn(caught, passed)
        self.patrols.remember(
            caught.sum(axis=0).astype(np.int64), self.parameters.operations.heat_half_life_weeks
        )
        self._learn_from_watches(caught.T)
        rules = self.parameters.trafficking
        arrived = np.bincount(lanes.network, self.moved.delivered, counts)
        networks.remember(caught.sum(axis=1), arrived, rules.loss_memory_weeks)
        turn = 1 / rules.modus_life_weeks + rules.modus_loss_hazard * networks.loss_rate()
        renewed = self.streams.uniform("modus", self.trade.keys, self.week) < turn
        for number in np.flatnonzero(renewed & networks.active).tolist():
            networks.modus[number] += 1
            name = networks.names[number]
            self.log.record(f"modus-{self.week}-{name}", self.week, "modus", name, network=name)
        self.members.refill(self.week, self.parameters.organisation, self.streams)
        settle_accounts(self)
        enter(self)

    def _learn_from_watches(self, caught: NDArray[np.float64]) -> None:
        hits, on_tips = self.picture.learn(self.sectors.country, caught, self.week)
        self.record.watches.append((self.week, self.tally["watches_on_tips"], on_tips))
        self._owed = np.zeros((len(self.codes), len(self.codes)))
        sender = self.picture.sender[hits[:, 0], hits[:, 1]]
        owner = self.sectors.country[hits[:, 0]]
        foreign = sender != OWN
        np.add.at(self._owed, (owner[foreign], sender[foreign]), 1.0)

    def institutions(self) -> None:
        """Training and its decay; trust."""
        by_country = self.goods.seized_by.sum(axis=0)
        self.seized_lately += (by_country - self.seized_lately) / WEEKS
        self.coordinator.fund()
        self.cooperation.learn(self._owed, self.cooperation.sharing())

    def measurement(self) -> None:
        """Write the week down."""
        self.record.flow[self.week - 1] = np.bincount(
            self.trade.lanes.place_sector, self.moved.passed_amount, len(self.sectors.ids)
        )
        self.record.passed_on[self.week - 1] = self._passed_on()
        self.record.note(weekly_values(self))

    def _passed_on(self) -> NDArray[np.int64]:
        """Amount that left each country unseized and has met its end elsewhere. [C]"""
        lanes, found = self.trade.lanes, self.moved.seizures
        passed = self.moved.delivered_amount @ lanes.passed
        left = lanes.left_at[found.lane]
        behind = (left > 0) & (left <= (found.place - lanes.start[found.lane])[:, None])
        return passed + found.amount @ behind

    # What phases share ------------------------------------------------------------------------

    def take_over(self, parameters: Parameters) -> None:
        """Let everybody work with new values from now on."""
        self.parameters = parameters
        self.cooperation.update(parameters)
        self.capacity.update(parameters)
        self.picture.rules = parameters.intelligence

    def count(self, name: str, number: int) -> None:
        """Add to one of this week's counters."""
        self.tally[name] += number

    def abandon(self, network: int) -> None:
        """Leave behind what a network has under way."""
        at = self.trade.lanes.network[self.shipments.lane[: self.shipments.count]]
        _, amount = self.shipments.remove(at == network)
        self.goods.lost[self.trade.commodity[network]] += amount.sum()

    def confiscate(self, chosen: NDArray[np.bool_]) -> None:
        """Seize shipments under way, each by the owner of the sector it is next to pass."""
        lanes, under_way = self.trade.lanes, self.shipments
        lane = under_way.lane[: under_way.count][chosen]
        place = np.minimum(under_way.place[: under_way.count][chosen], lanes.end[lane] - 1)
        owner = self.sectors.country[lanes.place_sector[place]]
        _, amount = under_way.remove(chosen)
        goods = self.trade.commodity[lanes.network[lane]]
        np.add.at(self.goods.seized_by, (goods, owner), amount)

    def by_network(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum values by lane over the lanes of each network. [N]"""
        return np.bincount(self.trade.lanes.network, values, len(self.trade.ids))

    def by_commodity(self, amounts: NDArray[np.float64] | NDArray[np.int64]) -> NDArray[np.int64]:
        """Sum amounts by lane by commodity; exact, as amounts stay below 2**53. [K]"""
        of_lane = self.trade.commodity[self.trade.lanes.network]
        return np.bincount(of_lane, amounts, len(self.trade.commodities)).astype(np.int64)

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
        return SeriesView(self.record)

    def state(self) -> dict[str, NDArray[np.float64] | NDArray[np.int64]]:
        """What the run has come to, for the fingerprint: arrays by name."""
        count = self.shipments.count
        return {
            "beliefs.losses": self.beliefs.losses,
            "beliefs.safe": self.beliefs.safe,
            "capability": self.capacity.capability,
            "cases.evidence": self.cases.evidence,
            "networks.active": self.networks.active.astype(np.int64),
            "networks.capital": self.networks.capital,
            "networks.modus": self.networks.modus.astype(np.int64),
            "patrols.effort": self.patrols.effort,
            "patrols.heat": self.patrols.heat,
            "portfolios.share": self.portfolios.share,
            "portfolios.volume": self.portfolios.volume,
            "prices": self.markets.price,
            "shipments.amount": self.shipments.amount[:count],
            "shipments.lane": self.shipments.lane[:count].astype(np.int64),
            "shipments.place": self.shipments.place[:count].astype(np.int64),
            "trust": self.cooperation.trust,
        }
