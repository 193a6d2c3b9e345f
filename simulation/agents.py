"""Those who decide: trafficking networks, national agencies, and the coordinator.

One object for each network would be too slow, so the networks decide together, each for its own
row of the arrays, and so do the agencies. A decision says who is in turn, what they know, which
rule they follow, and what follows from it. `docs/odd.md` has the table of all decisions.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import mesa
import numpy as np
from numpy.typing import NDArray
from tocsin.simulation import kernels
from tocsin.simulation.elementary import kept
from tocsin.simulation.mechanisms.agencies.intelligence import OWN, PUBLIC, RELEASED_PREDICTION
from tocsin.simulation.mechanisms.cooperation.budget import (
    ADVOCACY,
    ANALYSIS,
    CAPACITY,
    EXERCISES,
    HARMONISATION,
    INTEGRITY,
    LIAISON,
    RESPONSE,
    TASK_FORCES,
)
from tocsin.simulation.mechanisms.cooperation.response import Deployment
from tocsin.simulation.mechanisms.cooperation.taskforces import TaskForce
from tocsin.simulation.mesa_doors import LastingAgent
from tocsin.simulation.notes import Notes
from tocsin.simulation.week import hub, reporting
from tocsin.simulation.world import World


@dataclass(frozen=True)
class Loss:
    """What an arrest did: its event, and whether the last leader was among those caught."""

    event: str
    headless: bool


class TraffickingNetwork(LastingAgent[mesa.Model]):
    """A view of one network: members, capital, a portfolio of routes, beliefs of every sector."""

    def __init__(self, model: mesa.Model, world: World, number: int) -> None:
        super().__init__(model)
        self.world = world
        self.number = number

    @property
    def name(self) -> str:
        """Present name; a successor is called N07.2."""
        return self.world.networks.names[self.number]

    @property
    def active(self) -> bool:
        """Whether the network is in business."""
        return bool(self.world.networks.active[self.number])

    @property
    def capital(self) -> float:
        """Money in USD."""
        return float(self.world.networks.capital[self.number])

    @property
    def strength(self) -> float:
        """Share of the members who are at large."""
        return self.world.members.strength(self.number)


class NationalAgency(LastingAgent[mesa.Model]):
    """A view of one country's border agency and investigators."""

    def __init__(self, model: mesa.Model, world: World, number: int) -> None:
        super().__init__(model)
        self.world = world
        self.number = number
        self.code = world.codes[number]

    @property
    def capability(self) -> float:
        """Skill, tools and method, 0 to 1."""
        return float(self.world.capacity.capability[self.number])


class TraffickingNetworks:
    """All networks; each decides on its own routes, shipments, methods and money."""

    def __init__(self, world: World, views: list[TraffickingNetwork]) -> None:
        self.world = world
        self.views = views

    def __len__(self) -> int:
        return len(self.views)

    def __iter__(self) -> Iterator[TraffickingNetwork]:
        return iter(self.views)

    def __getitem__(self, number: int) -> TraffickingNetwork:
        return self.views[number]

    def review_routes(self, notes: Notes) -> None:
        """Every few weeks, in its own turn, a network moves towards the routes that seem to pay."""
        world, trade, rules = self.world, self.world.trade, self.world.parameters.trafficking
        notes.risk = world.beliefs.risk(world.networks.active)
        lines = trade.in_turn(world.week, rules.review_weeks)
        lines = lines[world.networks.active[trade.line_network[lines]]]
        if lines.size == 0:
            return
        money = world.portfolios.expected_money(
            lines, trade.line_network, notes.risk, world.markets.price, trade.terms, rules
        )
        world.portfolios.review(lines, trade.line_network, world.week, money,
                                world.networks.loss_rate, trade.terms, rules)  # fmt: skip

    def launch(self, notes: Notes) -> None:
        """A network in business sends off what it can move, by the shares of its routes.

        The weekly amount of a line is capacity x filled roles x volume x supply x a lognormal
        activity of mean 1; the number of shipments on a lane is its expectation, rounded up or
        down by one draw; their sizes are lognormal. Where a precursor is scarce, less is made.
        """
        world, trade, routes, sent = (
            self.world, self.world.trade, self.world.portfolios, self.world.consignments
        )  # fmt: skip
        rules, number = world.parameters.trafficking, np.empty(routes.share.size, dtype=np.int64)
        count = kernels.launches(
            world.streams.keys("activity", "launch"), world.week, trade.keys, world.members.labour,
            world.networks.active, rules.activity_sd, sent.made(world.markets), trade.capacity,
            routes.volume, sent.mean_size, trade.line_network, trade.line_commodity, routes.first,
            routes.share, routes.open, trade.lane_keys, number,
        )  # fmt: skip
        key, lane, amount = world.shipments.launch(world.week, count, number, trade.lane_keys)
        notes.spent = np.empty(routes.share.size)
        kernels.load(
            world.streams.key("size of shipment"), key, lane, sent.spread, rules.largest_load,
            trade.lane_commodity, sent.mean_size, trade.smallest, sent.cost, amount, notes.spent,
            notes.goods.produced,
        )  # fmt: skip

    def learn(self, notes: Notes) -> NDArray[np.float64]:
        """A network remembers where it lost shipments and where it got them through.

        Returns seizures of the week by network and sector. [N, S]
        """
        world, lanes, found = self.world, self.world.trade.lanes, notes.found
        networks, memory = world.networks, world.parameters.trafficking.loss_memory_weeks
        crossings, caught = np.zeros((2, len(world.trade.ids), len(world.sectors.ids)))
        kernels.outcomes(
            notes.moved.passed, lanes.place_network, lanes.place_sector, notes.moved.delivered,
            lanes.network, found.network, found.sector, kept(memory), crossings, caught,
            networks.lost, networks.met, networks.loss_rate,
        )  # fmt: skip
        world.beliefs.learn(caught, crossings)
        return caught

    def hide(self) -> None:
        """Losses press a network to hide better, and now and then to change its modus operandi."""
        world, networks, rules = self.world, self.world.networks, self.world.parameters
        luck = world.streams.uniform("modus", world.trade.keys, world.week)
        for number in world.race.evade(
            networks.loss_rate, networks.active, luck, rules.innovation, rules.trafficking
        ):
            networks.modus[number] += 1
            name = networks.names[number]
            world.log.record(f"modus-{world.week}-{name}", world.week, "modus", name, network=name)

    def recruit(self) -> None:
        """A network fills each empty place sooner or later."""
        world = self.world
        world.members.refill(world.week, world.parameters.organisation, world.streams)

    def settle_accounts(self, notes: Notes) -> None:
        """A network sells, pays members, transport and bribes; who has nothing left fails."""
        world, trade, networks = self.world, self.world.trade, self.world.networks
        rules, market = world.parameters.organisation, world.trade.lanes.market
        earned_by_network, quantity = np.zeros(len(trade.ids)), np.zeros(len(trade.markets))
        earned, notes.profit = np.zeros((2, len(trade.commodities)))
        notes.bribes_paid = kernels.sales(
            notes.moved.delivered_amount, world.portfolios.first, trade.line_network,
            trade.line_commodity, trade.smallest, market, world.markets.price,
            trade.terms.source_price, trade.terms.transport, world.portfolios.bought,
            world.parameters.trafficking.bribe_share, notes.spent, earned_by_network, earned,
            quantity,
        )  # fmt: skip
        ruined = np.empty(len(trade.ids), dtype=np.int64)
        number = kernels.keep_books(
            trade.line_network, trade.line_commodity, trade.capacity,
            world.portfolios.usual_margin, world.members.labour, networks.active, rules.overhead,
            rules.payout, earned_by_network, earned, networks.first_capital, networks.capital,
            notes.profit, ruined,
        )  # fmt: skip
        for failed in ruined[:number].tolist():
            name = networks.names[failed]
            end = world.log.record(f"failed-{name}", world.week, "failed", name, network=name)
            notes.count("networks_failed", 1)
            self.end(failed, end, notes)
        world.markets.clear(quantity)

    def enter(self) -> None:
        """Where a network has ended, somebody takes its place, the sooner the higher the price."""
        world, lanes = self.world, self.world.trade.lanes
        vacant = np.flatnonzero(~(world.networks.active | world.trade.dormant)).tolist()
        if not vacant:
            return
        ratio = world.markets.price / world.markets.usual_price
        for number in vacant:
            chance = ratio[lanes.market[lanes.of_network[number]]].mean()
            chance /= world.parameters.organisation.entry_weeks
            key = world.trade.keys[number : number + 1]
            if world.streams.uniform("entry", key, world.week)[0] < chance:
                self.found(number)

    def end(self, number: int, event: str, notes: Notes) -> None:
        """Go out of business: what is under way is abandoned, and what was known is void."""
        world, lanes, under_way = self.world, self.world.trade.lanes, self.world.shipments
        world.networks.end(number, event)
        own = lanes.network[under_way.lane[: under_way.count]] == number
        lane, amount = under_way.remove(own)
        np.add.at(notes.goods.lost, world.trade.lane_commodity[lane], amount)
        world.beliefs.forget(number)
        world.forget(number)

    def found(self, number: int) -> None:
        """Take the place of the network that ended here, at full strength."""
        self._begin(number, self.world.networks.ended_by[number])
        self.world.members.found(number)

    def _begin(self, number: int, cause: str) -> None:
        world = self.world
        name = world.networks.found(number, world.week)
        world.race.found(number)
        world.forget(number)  # the week in which the last one ended may have brought more of it
        for line in np.flatnonzero(world.trade.line_network == number).tolist():
            world.portfolios.begin(line, world.week, world.parameters.trafficking)
        world.log.record(f"founded-{name}", world.week, "founded", name, network=name, cause=cause)

    def lose(
        self, number: int, share: float, targeting: str, role: str | None, event: str, actor: str,
        country: str, notes: Notes,
    ) -> Loss:  # fmt: skip
        """A share of the members is arrested; `event`, of `actor` in `country`, is the cause."""
        world, name = self.world, self.world.networks.names[number]
        led = world.members.leaders(number)
        caught = world.members.arrest(number, share, world.week, world.streams, targeting, role)
        left = world.members.leaders(number)
        notes.count("arrests", caught.size)
        notes.count("leaders_arrested", led - left)
        arrest = f"arrest-{event}" if country else f"arrest-{event}-{name}"
        world.log.record(arrest, world.week, "arrest", actor, country=country, network=name,
                         amount=caught.size, cause=event)  # fmt: skip
        return Loss(arrest, headless=led > 0 and left == 0)

    def go_on(self, number: int, loss: Loss, notes: Notes) -> None:
        """After an arrest: without its last leader a network may split."""
        world, key = self.world, self.world.trade.keys[number : number + 1]
        if loss.headless and world.streams.uniform("leaderless", key, world.week)[0] < (
            world.parameters.organisation.split
        ):
            self._split(number, loss.event, notes)

    def _split(self, number: int, cause: str, notes: Notes) -> None:
        """Without a leader, half of the members go; where there is a vacant place they take it."""
        world, name = self.world, self.world.networks.names[number]
        gone = world.members.part(number, world.week, world.streams)
        half = world.networks.capital[number] / 2
        world.networks.capital[number] = half
        notes.count("networks_split", 1)
        event = world.log.record(f"split-{world.week}-{name}", world.week, "split", name,
                                 network=name, amount=gone.size, cause=cause)  # fmt: skip
        place = world.networks.vacant_place(number)
        if place is not None:
            self._begin(place, event)
            strength = gone.size / world.trade.size[place]
            world.members.regroup(place, strength, world.week, world.streams)
            world.networks.capital[place] = half


class NationalAgencies:
    """All agencies; each decides on its own patrols, watches, sharing and operations."""

    def __init__(
        self, world: World, views: list[NationalAgency], networks: TraffickingNetworks
    ) -> None:
        self.world = world
        self.views = views
        self.networks = networks

    def __len__(self) -> int:
        return len(self.views)

    def __iter__(self) -> Iterator[NationalAgency]:
        return iter(self.views)

    def __getitem__(self, number: int) -> NationalAgency:
        return self.views[number]

    def place_patrols(self) -> None:
        """An agency spreads its officers: some evenly, some by chance, most where it burns."""
        world = self.world
        world.patrols.place(world.week, world.parameters.operations, world.streams)

    def choose_watches(self, notes: Notes) -> None:
        """An agency watches for the networks and places of its most telling tips."""
        notes.watch_list = self.world.picture.choose()

    def rest(self, notes: Notes) -> None:
        """No enforcement at all: a treatment of an experiment."""
        notes.watch_list = np.zeros_like(self.world.picture.watched)
        self.world.patrols.effort[:] = 0.0

    def begin_watches(self, notes: Notes) -> None:
        """An agency starts what it chose to watch and drops what it chose no longer."""
        world, picture = self.world, self.world.picture
        for sector, network, sender in picture.begin(notes.watch_list, world.week).tolist():
            if sender == OWN and not world.log.on:
                continue
            tip = picture.event(sector, network, world.codes)
            if sender != OWN:
                notes.count("watches_on_tips", 1)
                if tip not in world.watches.used:
                    world.watches.used.add(tip)
                    notes.count("items_used", 1)
                    age = world.week - int(picture.seen[sector, network])
                    world.record.ages.append((world.week, age))
            if world.log.on:
                country = world.codes[world.sectors.country[sector]]
                name, place = world.networks.names[network], world.sectors.ids[sector]
                watch = f"watch-{world.week}-{place}-{name}"
                world.watches.ids[sector, network] = watch
                world.log.record(watch, world.week, "watch", country, country=country,
                                 sector=place, network=name, cause=tip)  # fmt: skip

    def file_evidence(self, notes: Notes) -> None:
        """An agency files its seizures; what one is worth grows with capability."""
        world, found = self.world, notes.found
        base = world.parameters.investigation.base_skill
        notes.skill = base + world.capacity.capability
        kernels.file_evidence(
            found.country, found.network, found.key, notes.skill, world.cases.evidence,
            world.cases.latest,
        )  # fmt: skip

    def open_operations(self, notes: Notes) -> None:
        """An agency acts on a network, the likelier the fuller its case file is."""
        world, active = self.world, self.world.networks.active
        for agency, number in world.cases.operations(
            notes.skill, active, world.week, world.streams
        ):
            if active[number]:  # an earlier one may have ended it
                self.operate(agency, number, notes)

    def operate(self, agency: int, network: int, notes: Notes) -> None:
        """Arrest members of a network on the evidence at hand; now and then that ends it."""
        world, code, name = self.world, self.world.codes[agency], self.world.networks.names[network]
        event = world.log.record(
            f"operation-{world.week}-{code}-{name}", world.week, "operation", code, country=code,
            network=name, cause=world.evidence_of(agency, network),
        )  # fmt: skip
        notes.count("operations", 1)
        self.strike(agency, network, float(notes.skill[agency]), self.targeting(agency), event,
                    [agency], notes)  # fmt: skip

    def targeting(self, agency: int) -> str:
        """Whom to arrest: with the hub's analysts those who hold the network together.

        By itself an agency now and then knows who has most contacts, else it takes who turns up.
        """
        world, rules = self.world, self.world.parameters.investigation
        capability = float(world.capacity.capability[agency])
        with_hub = capability * world.hub_analysis.level * bool(world.cooperation.members[agency])
        alone = capability * rules.own_analysis
        key = world.country_keys[agency : agency + 1]
        drawn = world.streams.uniform("suspects", key, world.week)[0]
        return "betweenness" if drawn < with_hub else "degree" if drawn < alone else "random"

    def strike(
        self, agency: int, network: int, force: float, targeting: str, event: str,
        parties: list[int], notes: Notes,
    ) -> None:  # fmt: skip
        """What an operation does to a network, and what its parties spend of their files."""
        world, rules, code = self.world, self.world.parameters.investigation, self[agency].code
        share = min(rules.arrest_most, rules.arrest_share * force)
        loss = self.networks.lose(network, share, targeting, None, event, code, code, notes)
        for party in parties:
            world.cases.evidence[party, network] *= 1 - rules.evidence_used
            felt = world.parameters.beliefs.operation_alarm
            world.beliefs.alarm(network, world.owned[party], felt)
        luck = world.cases.keys[agency : agency + 1, network]
        weakness = 1 - world.members.strength(network)
        if world.streams.uniform("dismantling", luck, world.week)[0] < (
            rules.dismantling * weakness * weakness
        ):
            name = world.networks.names[network]
            end = world.log.record(f"dismantled-{name}", world.week, "dismantled", code,
                                   country=code, network=name, cause=event)  # fmt: skip
            notes.count("networks_dismantled", 1)
            self.networks.end(network, end, notes)
        else:
            self.networks.go_on(network, loss, notes)

    def share(self, notes: Notes, coordinator: "IGOCoordinator") -> None:
        """A member that is willing gives each seizure to a partner, and writes it up for that."""
        world = self.world
        size, rules = notes.found.key.size, world.parameters
        recipients = np.empty((size, len(self)), dtype=bool)
        weeks = np.empty(size, dtype=np.int64)
        world.patrols.writing = np.empty(len(self))
        shared, sooner = kernels.share(
            world.streams.keys("share", "read", "liaison"), world.week, notes.found.key,
            notes.found.country, notes.found.network, world.networks.active, world.sharing(),
            rules.intelligence.interoperability, coordinator.liaison_share(),
            *coordinator.channel_weeks(), rules.cooperation.item_effort, recipients, weeks,
            world.patrols.writing,
        )  # fmt: skip
        notes.count("items_shared", shared)
        notes.count("items_by_liaison", sooner)
        reporting.tell(world, notes, recipients, weeks)
        hub.predict(world, notes, recipients, weeks)
        reporting.tell_teams(world, notes)

    def learn(self, caught: NDArray[np.float64], notes: Notes) -> None:
        """An agency remembers where it seized, whose word came true, and what it owes to whom.

        `caught` is float64[N, S], seizures of the week.
        """
        world, budget = self.world, self.world.budget
        world.patrols.remember(notes.found.sector, world.parameters.operations)
        on_tips, notes.owed, by_word = world.picture.learn(caught, world.week)
        world.record.watches.append((world.week, notes.tally["watches_on_tips"], on_tips))
        budget.earn(ADVOCACY, float(by_word[PUBLIC]))
        budget.earn(ANALYSIS, float(by_word[RELEASED_PREDICTION]))
        owed = float(np.add.reduce(notes.owed, axis=None))
        budget.earn(LIAISON, owed * hub.liaison_share(world))
        budget.earn(EXERCISES, owed * world.cooperation.closed)

    def weigh_cooperation(self, cases: NDArray[np.int64], notes: Notes) -> None:
        """A member keeps up its effort as long as partners give back, and trusts those who do.

        `cases` is int64[C], own seizures of the week.
        """
        world = self.world
        world.race.study(world.capacity, world.hub.told, cases, world.parameters.innovation)
        world.take_bribes()
        world.cooperation.weigh(notes.owed, world.patrols.writing, cases)
        world.cooperation.learn(notes.owed, world.sharing())


class IGOCoordinator(LastingAgent[mesa.Model]):
    """The intergovernmental coordinator: members, mandates, a budget split among instruments."""

    def __init__(self, model: mesa.Model, world: World, agencies: NationalAgencies) -> None:
        super().__init__(model)
        self.world = world
        self.agencies = agencies

    def release(self, notes: Notes) -> None:
        """Hand to partners what has waited long enough at the hub."""
        notes.released = hub.release(self.world, notes)

    def liaison_share(self) -> float:
        """Share of the items that liaison officers carry."""
        return hub.liaison_share(self.world)

    def channel_weeks(self) -> tuple[int, int]:
        """Weeks that an item takes by a liaison officer, and the slow way."""
        rules = self.world.parameters.intelligence
        return min(rules.liaison_weeks, rules.delay_weeks), rules.delay_weeks

    def send_units(self, notes: Notes) -> None:
        """Send free units where the freshest released news points, the busiest places first."""
        world, rules, week = self.world, self.world.parameters.operations, self.world.week
        units = world.units
        units.deployed = [unit for unit in units.deployed if unit.leaves > week]
        cost = world.parameters.costs.response_unit_musd
        room = int(world.budget[RESPONSE] / cost)
        if len(units.deployed) >= room:
            return
        for item in hub.freshest_first(notes.released, week):
            if len(units.deployed) >= room or week - item.seen > rules.response_fresh_weeks:
                return
            if not world.networks.active[item.network]:
                continue
            sector = self._busiest(item.sectors)
            if sector is None:
                continue
            arrives = week + rules.response_lead_weeks
            unit = Deployment(sector, item.network, f"release-{item.tip}", arrives,
                              arrives + rules.response_stay_weeks)  # fmt: skip
            units.deployed.append(unit)
            notes.count("deployments", 1)
            code = world.codes[world.sectors.country[sector]]
            name, place = world.networks.names[item.network], world.sectors.ids[sector]
            world.log.record(f"unit-{week}-{place}", week, "deployment", "IGO", country=code,
                             sector=place, network=name, cause=unit.news)  # fmt: skip

    def _busiest(self, sectors: NDArray[np.int32]) -> int | None:
        """Of some sectors, that of a member at a border where it burns most and no unit is."""
        world = self.world
        taken = {unit.sector for unit in world.units.deployed}
        open_to = world.cooperation.members[world.sectors.country[sectors]]
        open_to &= sectors < world.borders
        places = [int(s) for s in sectors[open_to] if int(s) not in taken]
        return max(places, key=lambda s: (world.patrols.heat[s], -s)) if places else None

    def reinforce(self, notes: Notes) -> None:
        """A unit adds officers to its sector and a watch for the network that it came for."""
        world, rules = self.world, self.world.parameters
        for unit in world.units.on_the_spot(world.week):
            density = rules.operations.unit_officers / world.sectors.length_km[unit.sector]
            world.patrols.effort[unit.sector] += density / rules.detection.reference_density
            notes.watch_list[unit.sector, unit.network] = True

    def form_teams(self) -> None:
        """End what is over; form new joint task forces as far as the funds reach."""
        world, rules, forces = self.world, self.world.parameters.cooperation, self.world.task_forces
        active, members = world.networks.active, world.cooperation.members
        cost = world.parameters.costs.task_force_musd
        room = int(world.budget[TASK_FORCES] / cost)
        forces.end_what_is_over(world.week, active, members, room)
        if len(forces.teams) == room:
            return
        held = (world.cases.evidence >= rules.task_force_case) & members[:, None]
        weight = (world.cases.evidence * held).sum(axis=0)
        weight *= active & (held.sum(axis=0) >= 2)
        weight[list(forces.teams)] = 0.0
        for network in np.argsort(-weight, kind="stable")[: room - len(forces.teams)].tolist():
            if weight[network] > 0:
                until = world.week + rules.task_force_weeks - 1
                parties = np.flatnonzero(held[:, network])
                forces.teams[network] = TaskForce(network, parties, until)
                name = world.networks.names[network]
                world.log.record(f"team-{world.week}-{name}", world.week, "task force", "IGO",
                                 network=name, amount=parties.size)  # fmt: skip

    def act_jointly(self, notes: Notes) -> None:
        """A team acts on its common file, the likelier the fuller it is."""
        world, rules = self.world, self.world.parameters.cooperation
        output = world.task_forces.output(rules)
        threshold = world.parameters.investigation.case_threshold
        for network, team in list(world.task_forces.teams.items()):
            common = float(world.cases.evidence[team.parties, network].sum())
            full = common * common / (common * common + threshold * threshold)
            key = world.trade.keys[network : network + 1]
            drawn = world.streams.uniform("joint operation", key, world.week)[0]
            if world.networks.active[network] and drawn < rules.joint_rate * output * full:
                self._operate(team, output, notes)

    def _operate(self, team: TaskForce, output: float, notes: Notes) -> None:
        """Parties of a task force act together on their common file."""
        world, name = self.world, self.world.networks.names[team.network]
        held = world.cases.evidence[team.parties, team.network]
        lead = int(team.parties[int(np.argmax(held))])
        skill = max(world.capacity.capability[team.parties].tolist())
        event = world.log.record(
            f"joint-{world.week}-{name}", world.week, "joint operation", "IGO",
            country=world.codes[lead], network=name, amount=team.parties.size,
            cause=world.evidence_of(lead, team.network),
        )  # fmt: skip
        notes.count("joint_operations", 1)
        before = notes.tally["arrests"]
        force = (world.parameters.investigation.base_skill + skill) * (1 + output)
        self.agencies.strike(lead, team.network, force, "betweenness", event,
                             team.parties.tolist(), notes)  # fmt: skip
        world.budget.earn(TASK_FORCES, float(notes.tally["arrests"] - before))

    def allocate(self, notes: Notes) -> None:
        """Split the capacity-building programme among the members, and train."""
        world, capacity, rules = self.world, self.world.capacity, self.world.parameters.capacity
        money = world.budget[CAPACITY] if world.week <= rules.duration_weeks else 0.0
        capacity.received = np.zeros(len(world.codes))
        if money > 0:
            shares = capacity.allocation(world.cooperation.members, world.evaluation.found)
            capacity.received = money * shares
        own = [country.own_training_musd for country in world.parameters.countries.values()]
        notes.unabsorbed = capacity.train(
            capacity.received, world.misspent(), np.array(own, dtype=float)
        )

    def run_programmes(self, notes: Notes) -> None:
        """Spend the other lines of the budget: they change law, will, skills and honesty."""
        world, budget, rules = self.world, self.world.budget, self.world.parameters
        members = world.cooperation.members
        world.hub_analysis.build(budget[ANALYSIS], rules.intelligence)
        world.cooperation.meet(budget[EXERCISES])
        world.awareness.campaign(budget[ADVOCACY], rules.governance)
        world.integrity.train(budget[INTEGRITY], members)
        will = world.will()
        bound = [country.ratified for country in rules.countries.values()]
        new = world.law.ratify(
            world.week, rules.legal, budget[HARMONISATION], members, will,
            world.cooperation.sovereignty, np.array(bound, dtype=bool), world.streams,
        )  # fmt: skip
        for number in new.tolist():
            code = world.codes[number]
            notes.count("ratifications", 1)
            world.log.record(f"ratified-{code}", world.week, "ratified", code, country=code)
        world.law.practise(rules.legal, will, world.integrity.by_country)

    def credit(self, cases: NDArray[np.int64], notes: Notes) -> None:
        """What the week's interdictions [C] owe to programmes that work through agencies."""
        world, budget = self.world, self.world.budget
        profiles = world.parameters.countries
        corruption = np.array([profiles[code].corruption for code in world.codes], dtype=float)
        trained, honest, closer = kernels.credit(
            cases, world.capacity.capability, world.capacity.baseline, corruption,
            world.integrity.by_country, world.cooperation.legal, world.law.compatibility,
        )  # fmt: skip
        budget.earn(CAPACITY, trained)
        budget.earn(INTEGRITY, honest)
        budget.earn(HARMONISATION, notes.evidence_arrived * closer)

    def credit_units(self, notes: Notes) -> None:
        """Note seizures where units stand."""
        places = [unit.sector for unit in self.world.units.on_the_spot(self.world.week)]
        if places:
            made = int(np.isin(notes.found.sector, places).sum())
            notes.count("interdictions_by_units", made)
            self.world.budget.earn(RESPONSE, made)


@dataclass(frozen=True)
class Cast:
    """Everybody who decides."""

    networks: TraffickingNetworks
    agencies: NationalAgencies
    coordinator: IGOCoordinator

    @classmethod
    def of(cls, model: mesa.Model, world: World) -> "Cast":
        """The agents of a model, in the order in which Mesa numbers them."""
        numbers = range(len(world.trade.ids))
        networks = TraffickingNetworks(
            world, [TraffickingNetwork(model, world, number) for number in numbers]
        )
        views = [NationalAgency(model, world, number) for number in range(len(world.codes))]
        agencies = NationalAgencies(world, views, networks)
        return cls(networks, agencies, IGOCoordinator(model, world, agencies))
