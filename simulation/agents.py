"""Those who decide: trafficking networks, national agencies, and the coordinator.

One object for each network would be too slow, so the networks decide together, each for its own
row of the arrays, and so do the agencies. A decision says who is in turn, what they know, which
rule they follow, and what follows from it. `docs/odd.md` has the table of all decisions.
"""

from collections.abc import Iterator

import mesa
import numpy as np
from numpy.typing import NDArray
from tocsin.simulation import kernels
from tocsin.simulation.elementary import kept
from tocsin.simulation.kernels.investigation import fullness
from tocsin.simulation.mechanisms.agencies.intelligence import PUBLIC, RELEASED_PREDICTION
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
from tocsin.simulation.mechanisms.cooperation.taskforces import TaskForce
from tocsin.simulation.mesa_doors import LastingAgent
from tocsin.simulation.notes import Notes
from tocsin.simulation.week import (
    accounts,
    arrests,
    deployments,
    evaluation,
    hub,
    reporting,
    succession,
)
from tocsin.simulation.world import World


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
    """A view of one agency: border officers and investigators, by default one a country.

    `name` is its id in the roster, `code` its country.
    """

    def __init__(self, model: mesa.Model, world: World, number: int) -> None:
        super().__init__(model)
        self.world = world
        self.number = number
        self.name, self.code = world.roster.ids[number], world.roster.codes[number]

    @property
    def capability(self) -> float:
        """Skill, tools and method, 0 to 1."""
        return float(self.world.capacity.capability[self.number])


class Collective[View]:
    """All of one kind, who decide together, each for its own row; it holds a view of each row."""

    def __init__(self, world: World, views: list[View]) -> None:
        self.world = world
        self.views = views

    def __len__(self) -> int:
        return len(self.views)

    def __iter__(self) -> Iterator[View]:
        return iter(self.views)

    def __getitem__(self, number: int) -> View:
        return self.views[number]


class TraffickingNetworks(Collective[TraffickingNetwork]):
    """All networks; each decides on its own routes, shipments, methods and money."""

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
            world.streams.key("size of shipment"), key, lane, trade.lane_commodity, sent.spread,
            rules.largest_load, sent.mean_size, trade.smallest, sent.cost, amount, notes.spent,
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
        world, networks = self.world, self.world.networks
        earned_by_network, earned, quantity = accounts.sell(world, notes)
        for failed in accounts.keep_books(world, notes, earned_by_network, earned):
            name = networks.names[failed]
            end = world.log.record(f"failed-{name}", world.week, "failed", name, network=name)
            notes.count("networks_failed", 1)
            succession.end(world, notes, failed, end)
        world.markets.clear(quantity)

    def enter(self) -> None:
        """Where a network has ended, somebody takes its place, the sooner the higher the price."""
        world, lanes = self.world, self.world.trade.lanes
        vacant = (~(world.networks.active | world.trade.dormant)).nonzero()[0].tolist()
        if not vacant:
            return
        ratio = world.markets.price / world.markets.usual_price
        for number in vacant:
            chance = ratio[lanes.market[lanes.of_network[number]]].mean()
            chance /= world.parameters.organisation.entry_weeks
            key = world.trade.keys[number : number + 1]
            if world.streams.uniform("entry", key, world.week)[0] < chance:
                succession.found(world, number)


class NationalAgencies(Collective[NationalAgency]):
    """All agencies; each decides on its own patrols, watches, sharing and operations."""

    def place_patrols(self) -> None:
        """An agency spreads officers: some evenly, some at random, most where it seized most."""
        world = self.world
        world.patrols.place(world.week, world.parameters.operations, world.streams)

    def choose_watches(self, notes: Notes) -> None:
        """An agency watches for the networks and places of its most telling tips."""
        notes.watch_list = self.world.picture.choose()

    def file_evidence(self, notes: Notes) -> None:
        """An agency files its seizures; what one is worth grows with capability."""
        world, found = self.world, notes.found
        base = world.parameters.investigation.base_skill
        notes.skill = base + world.capacity.capability
        kernels.file_evidence(
            found.agency, found.network, found.key, notes.skill, world.cases.evidence,
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
        """An agency arrests members of a network; now and then that ends the network."""
        world, own, name = self.world, self[agency].name, self.world.networks.names[network]
        event = world.log.record(
            f"operation-{world.week}-{own}-{name}", world.week, "operation", own,
            country=self[agency].code, network=name, cause=world.evidence_of(agency, network),
        )  # fmt: skip
        notes.count("operations", 1)
        arrests.strike(world, notes, agency, network, float(notes.skill[agency]),
                       self.targeting(agency), event, [agency])  # fmt: skip

    def targeting(self, agency: int) -> str:
        """With the hub's analysts an agency arrests those who hold the network together.

        By itself it now and then knows who has most contacts, else it takes who turns up.
        """
        world, rules = self.world, self.world.parameters.investigation
        capability = float(world.capacity.capability[agency])
        member = bool(world.cooperation.members[world.roster.country[agency]])
        with_hub = capability * world.hub_analysis.level * member
        alone = capability * rules.own_analysis
        key = world.roster.keys[agency : agency + 1]
        drawn = world.streams.uniform("suspects", key, world.week)[0]
        return "betweenness" if drawn < with_hub else "degree" if drawn < alone else "random"

    def share(self, notes: Notes) -> None:
        """A member that is willing gives each seizure to a partner, and writes it up for that."""
        world = self.world
        size, rules = notes.found.key.size, world.parameters
        recipients, weeks = np.empty((size, len(self)), dtype=bool), np.empty(size, dtype=np.int64)
        world.patrols.writing = np.empty(len(self))
        shared, sooner = kernels.share(
            world.streams.keys("share", "read", "liaison"), world.week, notes.found.key,
            notes.found.agency, notes.found.network, world.networks.active, world.sharing(),
            rules.intelligence.interoperability, hub.liaison_share(world),
            *hub.channel_weeks(world), rules.cooperation.item_effort, recipients, weeks,
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

    def ratify(self, notes: Notes) -> None:
        """A member ratifies an open instrument when it will, and practises what it has signed."""
        world, rules = self.world, self.world.parameters
        will = world.will()
        new = world.law.ratify(
            world.week, rules.legal, world.budget[HARMONISATION], world.cooperation.members, will,
            world.cooperation.sovereignty, world.profiles.bound, world.streams,
        )  # fmt: skip
        for number in new.tolist():
            code = world.codes[number]
            notes.count("ratifications", 1)
            world.log.record(f"ratified-{code}", world.week, "ratified", code, country=code)
        world.law.practise(rules.legal, will, world.integrity.by_country)

    def weigh_cooperation(self, cases: NDArray[np.int64], notes: Notes) -> None:
        """A member keeps up its effort as long as partners give back, and trusts those who do.

        `cases` is int64[A], own seizures of the week.
        """
        world = self.world
        world.race.study(world.capacity, world.hub.told, cases, world.parameters.innovation)
        world.take_bribes()
        world.cooperation.weigh(notes.owed, world.patrols.writing, cases)
        world.cooperation.learn(notes.owed, world.sharing())


class IGOCoordinator(LastingAgent[mesa.Model]):
    """The intergovernmental coordinator: members, mandates, a budget split among instruments."""

    def __init__(self, model: mesa.Model, world: World) -> None:
        super().__init__(model)
        self.world = world

    def close_year(self, notes: Notes) -> None:
        """Once a year the coordinator measures, audits, moves money and reports."""
        findings = evaluation.measure(self.world)
        evaluation.report(self.world, notes, findings, self.move_money(findings.estimates))

    def move_money(self, estimates: dict[str, float]) -> tuple[str, str, float] | None:
        """The coordinator moves money from what seemed to work least to what seemed to work best.

        `estimates` is interdictions' worth per million USD by funded instrument. A framework says
        how much may move. Returns from, to and million USD a year; None if nothing moves.
        """
        share, budget = self.world.parameters.governance.flexibility, self.world.budget
        if share == 0 or len(estimates) < 2:
            return None
        best = max(estimates, key=lambda key: estimates[key])
        worst = min(estimates, key=lambda key: estimates[key])
        if estimates[best] == estimates[worst]:
            return None
        amount = budget.move(worst, best, share * budget.total)
        return (worst, best, amount) if amount > 0 else None

    def send_units(self, notes: Notes) -> None:
        """The coordinator sends free units where the freshest news points, if it is fresh enough.

        Of the sectors that news names, the busiest comes first.
        """
        world, rules, week = self.world, self.world.parameters.operations, self.world.week
        units, cost = world.units, world.parameters.costs.response_unit_musd
        units.come_home(week)
        room = int(world.budget[RESPONSE] / cost)
        if len(units.deployed) >= room:
            return
        for item in hub.freshest_first(notes.released, week):
            if len(units.deployed) >= room or week - item.seen > rules.response_fresh_weeks:
                return
            if world.networks.active[item.network]:
                sector = self._busiest(item.sectors)
                if sector is not None:
                    deployments.send(world, notes, item, sector)

    def _busiest(self, sectors: NDArray[np.int32]) -> int | None:
        """Of some sectors, that of a member at a border with most seizures and without a unit."""
        world = self.world
        taken = {unit.sector for unit in world.units.deployed}
        open_to = world.cooperation.members[world.sectors.country[sectors]]
        open_to &= sectors < world.borders
        places = [int(s) for s in sectors[open_to] if int(s) not in taken]
        return max(places, key=lambda s: (world.patrols.heat[s], -s)) if places else None

    def form_teams(self) -> None:
        """The coordinator forms joint task forces on the heaviest common files.

        What is over ends first; funds say how many teams there can be.
        """
        world, rules, forces = self.world, self.world.parameters.cooperation, self.world.task_forces
        active, roster = world.networks.active, world.roster
        members = roster.of_country(world.cooperation.members)
        room = int(world.budget[TASK_FORCES] / world.parameters.costs.task_force_musd)
        forces.end_what_is_over(world.week, active, members, room)
        if len(forces.teams) == room:
            return
        until = world.week + rules.task_force_weeks - 1
        for network, parties in forces.in_need(
            world.cases.evidence, active, members, roster.country, rules.task_force_case
        )[: room - len(forces.teams)]:
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
            full = fullness(common, threshold)
            key = world.trade.keys[network : network + 1]
            drawn = world.streams.uniform("joint operation", key, world.week)[0]
            if world.networks.active[network] and drawn < rules.joint_rate * output * full:
                self._operate(team, output, notes)

    def _operate(self, team: TaskForce, output: float, notes: Notes) -> None:
        """Parties of a task force act together on their common file."""
        world, name = self.world, self.world.networks.names[team.network]
        held = world.cases.evidence[team.parties, team.network]
        lead = int(team.parties[int(np.argmax(held))])
        event = world.log.record(
            f"joint-{world.week}-{name}", world.week, "joint operation", "IGO",
            country=world.roster.codes[lead], network=name, amount=team.parties.size,
            cause=world.evidence_of(lead, team.network),
        )  # fmt: skip
        notes.count("joint_operations", 1)
        before = notes.tally["arrests"]
        force = max(notes.skill[team.parties].tolist()) * (1 + output)
        arrests.strike(world, notes, lead, team.network, force, "betweenness", event,
                       team.parties.tolist())  # fmt: skip
        world.budget.earn(TASK_FORCES, float(notes.tally["arrests"] - before))

    def allocate(self, notes: Notes) -> None:
        """The coordinator splits the capacity-building programme among the members, and trains."""
        world, capacity, rules = self.world, self.world.capacity, self.world.parameters.capacity
        money = world.budget[CAPACITY] if world.week <= rules.duration_weeks else 0.0
        capacity.received = np.zeros(len(world.codes))
        if money > 0:
            shares = capacity.allocation(world.cooperation.members, world.evaluation.found)
            capacity.received = money * shares
        notes.unabsorbed = capacity.train(
            capacity.received, world.misspent(), world.profiles.own_training
        )

    def run_programmes(self) -> None:
        """The coordinator spends the other lines of its budget on law, will, skills, honesty."""
        world, budget, rules = self.world, self.world.budget, self.world.parameters
        world.hub_analysis.build(budget[ANALYSIS], rules.intelligence)
        world.cooperation.meet(budget[EXERCISES])
        world.awareness.campaign(budget[ADVOCACY], rules.governance)
        world.integrity.train(budget[INTEGRITY], world.cooperation.members)
