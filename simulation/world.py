"""The world: what exists, where it lies, and the state of every mechanism.

A world knows no order of events; `tocsin.simulation.phases` has that, and
`tocsin.simulation.agents` decides.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation import kernels
from tocsin.simulation.elementary import exp, log
from tocsin.simulation.errors import InputError, nearest
from tocsin.simulation.geography import modes
from tocsin.simulation.geography.grid import BorderGrid
from tocsin.simulation.geography.roster import Profiles, Roster
from tocsin.simulation.geography.sectors import Sectors
from tocsin.simulation.mechanism import Mechanism
from tocsin.simulation.mechanisms.agencies.capacity import CapacityBuilding
from tocsin.simulation.mechanisms.agencies.integrity import Integrity
from tocsin.simulation.mechanisms.agencies.intelligence import Hub, Picture
from tocsin.simulation.mechanisms.agencies.investigation import CaseFiles
from tocsin.simulation.mechanisms.agencies.patrols import Exposure, Patrols
from tocsin.simulation.mechanisms.agencies.watches import Watches
from tocsin.simulation.mechanisms.cooperation.analysis import HubAnalysis
from tocsin.simulation.mechanisms.cooperation.awareness import Awareness
from tocsin.simulation.mechanisms.cooperation.budget import Budget
from tocsin.simulation.mechanisms.cooperation.evaluation import Evaluation
from tocsin.simulation.mechanisms.cooperation.law import Law
from tocsin.simulation.mechanisms.cooperation.response import ResponseUnits
from tocsin.simulation.mechanisms.cooperation.sharing import Relations
from tocsin.simulation.mechanisms.cooperation.taskforces import TaskForces
from tocsin.simulation.mechanisms.markets import persons
from tocsin.simulation.mechanisms.markets.costs import RunningCosts
from tocsin.simulation.mechanisms.markets.prices import Markets, usual_quantities
from tocsin.simulation.mechanisms.markets.treatments import Treatments
from tocsin.simulation.mechanisms.networks.beliefs import RiskBeliefs
from tocsin.simulation.mechanisms.networks.books import Networks, Trade
from tocsin.simulation.mechanisms.networks.dispatch import Consignments
from tocsin.simulation.mechanisms.networks.innovation import MethodRace
from tocsin.simulation.mechanisms.networks.organisation import Membership
from tocsin.simulation.mechanisms.networks.portfolio import Portfolios
from tocsin.simulation.mechanisms.networks.shipments import Shipments
from tocsin.simulation.messages import _
from tocsin.simulation.parameters import Parameters
from tocsin.simulation.randomness import Keys, Streams, chained, keys_of
from tocsin.simulation.recording.details import Details
from tocsin.simulation.recording.events import EventLog, seizure_id
from tocsin.simulation.recording.indicators import INDICATORS
from tocsin.simulation.recording.record import Record
from tocsin.simulation.scenario.files import Scenario
from tocsin.simulation.scenario.schedule import Schedule

SAFE = 1e-12  # a danger stays below certainty


@dataclass
class World:
    """Ground, trade and mechanisms of one run; A agencies, C countries, S sectors, N networks.

    Attributes
    ----------
    scenario, parameters
        What is run, and the values in force; changes of the scenario replace the second.
    week
        Weeks done, or the present one inside a week.
    streams, log, record, details
        Draws, events, what was measured, and what is logged on request only.
    grid, codes, country_keys, sectors
        The map, countries by number and their keys, border sectors and stations.
    borders
        Sectors that lie at borders or coasts; those behind them are stations.
    owned
        bool[C, S].
    roster
        The agencies, their countries and their sectors.
    trade, consignments, exposure, place_owner
        Who trades in what on which lanes, what a shipment is, where it is exposed, and whose
        each place [P] is.
    """

    scenario: Scenario
    parameters: Parameters
    profiles: Profiles
    schedule: Schedule
    week: int
    streams: Streams
    log: EventLog
    record: Record
    details: Details | None
    grid: BorderGrid
    codes: tuple[str, ...]
    country_keys: Keys
    sectors: Sectors
    borders: int
    owned: NDArray[np.bool_]
    roster: Roster
    trade: Trade
    consignments: Consignments
    exposure: Exposure
    place_owner: NDArray[np.int16]
    smuggled: persons.Smuggled
    # Networks
    portfolios: Portfolios
    members: Membership
    shipments: Shipments
    networks: Networks
    beliefs: RiskBeliefs
    markets: Markets
    # Agencies
    patrols: Patrols
    integrity: Integrity
    picture: Picture
    watches: Watches
    cases: CaseFiles
    race: MethodRace
    capacity: CapacityBuilding
    costs: RunningCosts
    # Cooperation
    cooperation: Relations
    law: Law
    hub: Hub
    hub_analysis: HubAnalysis
    awareness: Awareness
    task_forces: TaskForces
    units: ResponseUnits
    budget: Budget
    evaluation: Evaluation
    treatments: Treatments
    # From outside
    mechanisms: tuple[Mechanism, ...] = ()

    no_state: ClassVar[frozenset[str]] = frozenset({
        "scenario", "parameters", "profiles", "schedule", "log", "details", "grid", "codes",
        "country_keys", "sectors", "borders", "owned", "place_owner",
    })  # fmt: skip

    @classmethod
    def lay_out(cls, scenario: Scenario, seed: int, events: bool, details: bool) -> "World":
        """The world before its first week.

        Raises InputError if the map offers no way from a source to a market.
        """
        parameters, grid = scenario.parameters, scenario.grid
        streams, codes = Streams(seed), grid.codes
        profiles = [parameters.countries[code] for code in codes]
        sectors = modes.sectors_of(grid, parameters)
        borders = len(grid.sectors(parameters.world.sector_km).ids)
        trade = Trade.lay_out(grid, sectors, parameters, streams)
        goods = [parameters.commodities[name] for name in trade.commodities]
        portfolios = Portfolios(trade.lanes, trade.lane_keys, parameters.trafficking, streams)
        country_keys, networks = keys_of(codes), len(trade.ids)
        hidden = np.array([g.concealment for g in goods], dtype=float)[trade.lane_commodity]
        roster = Roster.lay_out(codes, sectors, parameters)
        patrols = Patrols(sectors, roster)
        patrols.update(parameters)
        bought = np.array([profile.corruption for profile in profiles], dtype=float)
        skill = roster.of_country(np.array([profile.capability for profile in profiles]))
        skill = np.array([
            usual if profile.capability is None else profile.capability
            for usual, profile in zip(skill, roster.profiles(parameters), strict=True)
        ], dtype=float)  # fmt: skip
        integrity = Integrity(bought, sectors.country, parameters.governance)
        patrols.corruption = integrity.by_sector
        cooperation = Relations(codes, roster, parameters)
        capacity = CapacityBuilding(skill, roster, parameters)
        picture = Picture(roster.sector_agency, networks, len(roster), parameters.intelligence)
        race = MethodRace(networks, skill)
        exposure = Exposure(trade.lanes, hidden, roster.sector_agency)
        beliefs = RiskBeliefs(networks, patrols.corruption, parameters.beliefs)
        _first_shares(trade, portfolios, beliefs, patrols, parameters)
        books = Networks(trade, portfolios, parameters)
        arriving = portfolios.share * _chance_to_arrive(
            trade, patrols, exposure, capacity, picture, books, race, parameters
        )
        world = cls(
            scenario=scenario, parameters=parameters, schedule=scenario.schedule, week=0,
            streams=streams, log=EventLog(events or details),
            record=Record(
                parameters.world.weeks, codes, parameters.commodities,
                parameters.measurement.headline, sectors.ids, parameters.measurement.from_week,
                INDICATORS | {one.name: one for kind in scenario.mechanisms
                              for one in kind.indicators},
            ),
            details=Details(parameters.intelligence.patience_weeks) if details else None,
            profiles=Profiles.of(codes, roster, parameters),
            grid=grid, codes=codes, country_keys=country_keys, sectors=sectors, borders=borders,
            owned=sectors.country == np.arange(len(codes))[:, None], roster=roster, trade=trade,
            consignments=Consignments.of(trade, goods), exposure=exposure,
            place_owner=sectors.country[trade.lanes.place_sector],
            smuggled=persons.Smuggled(trade.commodities, parameters), portfolios=portfolios,
            members=Membership(trade.size, trade.keys, parameters.organisation),
            shipments=Shipments(trade.lanes, streams), networks=books, beliefs=beliefs,
            markets=Markets(goods, usual_quantities(trade, goods, arriving), trade.markets,
                            parameters.market),
            patrols=patrols, integrity=integrity, picture=picture, watches=Watches(),
            cases=CaseFiles(chained(trade.keys[None, :], roster.keys[:, None]),
                            parameters.investigation),
            race=race, capacity=capacity, costs=RunningCosts(parameters),
            cooperation=cooperation, law=Law(cooperation.legal, country_keys),
            hub=Hub(len(roster)), hub_analysis=HubAnalysis(), awareness=Awareness(),
            task_forces=TaskForces(), units=ResponseUnits(), budget=Budget(parameters),
            evaluation=Evaluation(len(codes)), treatments=Treatments(len(trade.markets)),
        )  # fmt: skip
        world.mechanisms = tuple(kind() for kind in scenario.mechanisms)
        for mechanism in world.mechanisms:
            mechanism.enter(world)
        return world

    def take_over(self, parameters: Parameters) -> None:
        """Let every mechanism work with new values from now on."""
        self.parameters = parameters
        self.profiles = Profiles.of(self.codes, self.roster, parameters)
        self.cooperation.update(parameters)
        self.capacity.update(parameters)
        self.patrols.update(parameters)
        self.smuggled.update(parameters)
        self.budget.update(parameters)
        self.picture.rules = parameters.intelligence
        self.integrity.update(parameters.governance)
        self.costs.update(parameters)
        for mechanism in self.mechanisms:
            mechanism.take_over(parameters)

    def mechanism(self, name: str) -> Mechanism:
        """The mechanism from outside that has a name.

        Raises InputError if the scenario has none of that name.
        """
        for one in self.mechanisms:
            if one.name == name:
                return one
        names = [one.name for one in self.mechanisms]
        raise InputError(_("the scenario has no mechanism {name}{nearest}.", name=repr(name),
                           nearest=nearest(name, names)))  # fmt: skip

    def take_bribes(self) -> None:
        """Officers can be bought as far as integrity leaves it; networks come to know it."""
        corruption, known = self.integrity.by_sector, self.patrols.corruption
        if corruption is not known and not np.array_equal(corruption, known):
            self.patrols.corruption = corruption
            self.beliefs.expect(corruption)
            self.portfolios.bribable(corruption)

    def will(self) -> NDArray[np.float64]:
        """Political will in force. [C]"""
        return self.awareness.will(self.cooperation.usual_will, self.parameters.governance)

    def sharing(self) -> NDArray[np.float64]:
        """Probability that an item of the row's agency goes to the column's. [A, A]"""
        return self.cooperation.sharing(self.law.compatibility, self.will())

    def misspent(self) -> NDArray[np.float64]:
        """Share of funds that each country misspends; less in the year after a finding. [C]"""
        share = np.empty(len(self.codes))
        kernels.misspent(self.parameters.governance.misspending, self.integrity.by_country,
                         self.evaluation.found, share)  # fmt: skip
        return share

    def evidence_of(self, agency: int, network: int) -> str:
        """Event id of the agency's latest own seizure in a case file; "" if there is none."""
        key = int(self.cases.latest[agency, network])
        return seizure_id(key) if key else ""

    def danger(self) -> NDArray[np.float64]:
        """Probability of seizure at every place of every lane, as things stand. [P]"""
        return self.exposure.danger(self.patrols, self.capacity.capability, self.picture,
                                    self.networks.modus, self.race,
                                    self.parameters.detection)  # fmt: skip

    def of_headline(self) -> NDArray[np.bool_]:
        """Lanes on which the headline commodity moves. [L]"""
        return self.trade.lane_commodity == self.record.head

    def forget(self, network: int) -> None:
        """Whatever agencies and the coordinator know of a network is void: it has ended."""
        self.picture.forget(network)
        self.cases.forget(network)
        self.hub.forget(network)
        self.task_forces.forget(network)
        self.units.forget(network)


def _first_shares(
    trade: Trade, portfolios: Portfolios, beliefs: RiskBeliefs, patrols: Patrols,
    parameters: Parameters,
) -> None:  # fmt: skip
    """Networks take their first shares on prior beliefs and usual prices."""
    portfolios.bribable(patrols.corruption)
    goods = [parameters.commodities[name] for name in trade.commodities]
    usual_price = np.array([goods[c].market_price for c, _ in trade.markets], dtype=float)
    risk = np.tile(beliefs.prior, (len(trade.ids), 1))
    money = portfolios.expected_money(
        np.arange(trade.capacity.size), trade.line_network, risk, usual_price, trade.terms,
        parameters.trafficking,
    )  # fmt: skip
    portfolios.settle(money, trade.terms, parameters.trafficking)


def _chance_to_arrive(
    trade: Trade, patrols: Patrols, exposure: Exposure, capacity: CapacityBuilding,
    picture: Picture, networks: Networks, race: MethodRace, parameters: Parameters,
) -> NDArray[np.float64]:  # fmt: skip
    """Part of what leaves that arrives on each lane, at the risks of the first week. [L]"""
    patrols.effort[:] = patrols.even_effort()
    danger = exposure.danger(patrols, capacity.capability, picture, networks.modus, race,
                             parameters.detection)  # fmt: skip
    safe = log(1 - np.minimum(danger, 1 - SAFE))
    along = np.bincount(trade.lanes.place_lane, safe, trade.lanes.start.size)
    return exp(along.astype(np.float64))  # whole numbers where there is no place at all
