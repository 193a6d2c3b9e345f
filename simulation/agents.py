"""The three kinds of agents: those who traffic, those who enforce, and the one who coordinates.

They decide. What they decide is carried out in arrays that all of one kind share (the books of
the networks, the agencies' patrols and pictures); the rules behind a decision live in the module
of that concept.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulation import kernels
from simulation.budget import (
    ADVOCACY,
    ANALYSIS,
    CAPACITY,
    EXERCISES,
    HARMONISATION,
    INTEGRITY,
    LIAISON,
    TASK_FORCES,
    Budget,
    effect,
)
from simulation.intelligence import RELEASED_PREDICTION, RELEASED_TIP, Items
from simulation.leaks import leak, let_out
from simulation.mesa_doors import LastingAgent
from simulation.parameters import Parameters
from simulation.state import Told
from simulation.taskforces import TaskForce

if TYPE_CHECKING:
    from simulation.model import BorderModel


MESA = frozenset({"model", "unique_id", "pos"})


@dataclass(frozen=True)
class Loss:
    """What an arrest did: its event, and whether the last leader was among those caught."""

    event: str
    headless: bool


class TraffickingNetwork(LastingAgent["BorderModel"], Told):
    """A network with members, capital, a portfolio of routes and a belief about every sector."""

    told = MESA

    def __init__(self, model: "BorderModel", number: int) -> None:
        super().__init__(model)
        self.number = number
        self.lines = np.flatnonzero(model.trade.line_network == number).tolist()

    @property
    def name(self) -> str:
        """Present name; a successor is called N07.2."""
        return self.model.networks.names[self.number]

    @property
    def active(self) -> bool:
        """Whether the network is in business."""
        return bool(self.model.networks.active[self.number])

    @property
    def capital(self) -> float:
        """Money in USD."""
        return float(self.model.networks.capital[self.number])

    @property
    def strength(self) -> float:
        """Share of the members who are at large."""
        return self.model.members.strength(self.number)

    def end(self, event: str) -> None:
        """Go out of business: what is under way is abandoned, and what was known is void."""
        model = self.model
        model.networks.end(self.number, event)
        model.abandon(self.number)
        model.beliefs.forget(self.number)
        self._be_forgotten()

    def _be_forgotten(self) -> None:
        """Whatever agencies and the coordinator know of the network here is void."""
        model = self.model
        model.picture.forget(self.number)
        model.cases.forget(self.number)
        model.hub.forget(self.number)
        model.task_forces.forget(self.number)
        model.units.forget(self.number)

    def found(self) -> None:
        """Take the place of the network that ended here."""
        self._begin(self.model.networks.ended_by[self.number])
        self.model.members.found(self.number)

    def lose(
        self, share: float, targeting: str, role: str | None, event: str, actor: str, country: str,
    ) -> Loss:  # fmt: skip
        """A share of the members is arrested; `event`, of `actor` in `country`, is the cause."""
        model = self.model
        led = model.members.leaders(self.number)
        caught = model.members.arrest(
            self.number, share, model.week, model.streams, targeting, role
        )
        left = model.members.leaders(self.number)
        model.count("arrests", caught.size)
        model.count("leaders_arrested", led - left)
        name = f"arrest-{event}" if country else f"arrest-{event}-{self.name}"
        arrest = model.log.record(name, model.week, "arrest", actor, country=country,
                                  network=self.name, amount=caught.size, cause=event)  # fmt: skip
        return Loss(arrest, headless=led > 0 and left == 0)

    def go_on(self, loss: Loss) -> None:
        """After an arrest: without its last leader the network may split."""
        model = self.model
        key = model.trade.keys[self.number : self.number + 1]
        if loss.headless and model.streams.uniform("leaderless", key, model.week)[0] < (
            model.parameters.organisation.split
        ):
            self._split(loss.event)

    def _split(self, cause: str) -> None:
        """Without a leader, half of the members go; where there is a vacant place they take it."""
        model = self.model
        gone = model.members.part(self.number, model.week, model.streams)
        half = model.networks.capital[self.number] / 2
        model.networks.capital[self.number] = half
        model.count("networks_split", 1)
        event = model.log.record(f"split-{model.week}-{self.name}", model.week, "split", self.name,
                                 network=self.name, amount=gone.size, cause=cause)  # fmt: skip
        faction = model.vacant_place(self.number)
        if faction is not None:
            faction._begin(event)
            strength = gone.size / model.trade.size[faction.number]
            model.members.regroup(faction.number, strength, model.week, model.streams)
            model.networks.capital[faction.number] = half

    def _begin(self, cause: str) -> None:
        model = self.model
        name = model.networks.found(self.number, model.week)
        model.race.found(self.number)
        self._be_forgotten()  # the week in which the last one ended may have brought more of it
        for line in self.lines:
            model.portfolios.begin(line, model.week, model.parameters.trafficking)
        model.log.record(f"founded-{name}", model.week, "founded", name, network=name, cause=cause)


class NationalAgency(LastingAgent["BorderModel"], Told):
    """The border agency and investigators of one country."""

    told = MESA

    def __init__(self, model: "BorderModel", number: int) -> None:
        super().__init__(model)
        self.number = number
        self.code = model.codes[number]

    @property
    def capability(self) -> float:
        """Skill, tools and method, 0 to 1."""
        return float(self.model.capacity.capability[self.number])

    def targeting(self) -> str:
        """Whom to arrest: with the hub's analysts those who hold the network together.

        By itself an agency now and then knows who has most contacts, else it takes who turns up.
        """
        model, rules = self.model, self.model.parameters.investigation
        member = bool(model.cooperation.members[self.number])
        with_hub = self.capability * model.hub_analysis.level * member
        alone = self.capability * rules.own_analysis
        key = model.country_keys[self.number : self.number + 1]
        drawn = model.streams.uniform("suspects", key, model.week)[0]
        return "betweenness" if drawn < with_hub else "degree" if drawn < alone else "random"

    def operate(self, network: TraffickingNetwork) -> None:
        """Arrest members of a network on the evidence at hand; now and then that ends it."""
        model = self.model
        event = model.log.record(
            f"operation-{model.week}-{self.code}-{network.name}", model.week, "operation",
            self.code, country=self.code, network=network.name,
            cause=model.evidence_of(self.number, network.number),
        )  # fmt: skip
        model.count("operations", 1)
        self.strike(
            network, float(model.skill[self.number]), self.targeting(), event, [self.number]
        )

    def strike(
        self, network: TraffickingNetwork, force: float, targeting: str, event: str,
        parties: list[int],
    ) -> None:  # fmt: skip
        """What an operation does to a network, and what its parties spend of their files."""
        model, rules, number = self.model, self.model.parameters.investigation, network.number
        share = min(rules.arrest_most, rules.arrest_share * force)
        loss = network.lose(share, targeting, None, event, self.code, self.code)
        for party in parties:
            model.cases.evidence[party, number] *= 1 - rules.evidence_used
            felt = model.parameters.beliefs.operation_alarm
            model.beliefs.alarm(number, model.owned[party], felt)
        luck = model.case_keys[self.number : self.number + 1, number]
        if model.streams.uniform("dismantling", luck, model.week)[0] < (
            rules.dismantling * (1 - network.strength) * (1 - network.strength)
        ):
            end = model.log.record(f"dismantled-{network.name}", model.week, "dismantled",
                                   self.code, country=self.code, network=network.name,
                                   cause=event)  # fmt: skip
            model.count("networks_dismantled", 1)
            network.end(end)
        else:
            network.go_on(loss)


class IGOCoordinator(LastingAgent["BorderModel"], Told):
    """The intergovernmental coordinator: members, mandates, a budget split among instruments."""

    told = MESA | {"released", "_bound", "_corruption", "_own_training"}

    def __init__(self, model: "BorderModel") -> None:
        super().__init__(model)
        self.budget = Budget(model.parameters)
        self.released: list[Items] = []
        self.take_over(model.parameters)

    def take_over(self, parameters: Parameters) -> None:
        """Work with new values from now on."""
        profiles = parameters.countries
        self.budget.update(parameters)
        self._own_training = np.array(
            [country.own_training_musd for country in profiles.values()], dtype=float
        )
        self._bound = np.array([country.ratified for country in profiles.values()], dtype=bool)
        self._corruption = np.array(
            [profiles[code].corruption for code in self.model.codes], dtype=float
        )

    def release(self) -> None:
        """Hand to partners what has waited long enough at the hub."""
        model = self.model
        self.released = model.hub.open(model.week)
        for items in self.released:
            readers, leaks = let_out(model, items)
            released = RELEASED_TIP if items.kind == "tip" else RELEASED_PREDICTION
            model.picture.receive(items, readers, released)
            for row in items.due(model.week) if model.log.on else leaks:
                item = items.one(row)
                release = model.log.record(
                    f"release-{item.tip}", model.week, "release", "IGO",
                    country=model.codes[item.origin],
                    network=model.networks.name_in(item.network, item.seen), cause=item.tip,
                )  # fmt: skip
                for reader in leaks.get(row, ()):
                    leak(model, item, reader, release)

    def liaison_share(self) -> float:
        """Share of the items that liaison officers carry."""
        return effect(self.budget[LIAISON], self.model.parameters.intelligence.liaison_half_musd)

    def channel_weeks(self) -> tuple[int, int]:
        """Weeks that an item takes by a liaison officer, and the slow way."""
        rules = self.model.parameters.intelligence
        return min(rules.liaison_weeks, rules.delay_weeks), rules.delay_weeks

    def deploy(self) -> None:
        """Send rapid response units to fresh news, and form joint task forces."""
        model = self.model
        if not model.policy_schedule.enforcement_off:
            model.units.send(model, self.released)
            model.units.reinforce(model)
        model.task_forces.form(model)

    def joint_operation(self, team: TaskForce) -> None:
        """Parties of a task force act together on their common file."""
        model = self.model
        agencies = list(model.agencies)
        held = model.cases.evidence[team.parties, team.network]
        lead = agencies[int(team.parties[int(np.argmax(held))])]
        network = model.trafficking_networks[team.network]
        skill = max(agencies[party].capability for party in team.parties.tolist())
        output = model.task_forces.output(model.parameters.cooperation)
        event = model.log.record(
            f"joint-{model.week}-{network.name}", model.week, "joint operation", "IGO",
            country=lead.code, network=network.name, amount=team.parties.size,
            cause=model.evidence_of(lead.number, team.network),
        )  # fmt: skip
        model.count("joint_operations", 1)
        before = model.tally["arrests"]
        force = (model.parameters.investigation.base_skill + skill) * (1 + output)
        lead.strike(network, force, "betweenness", event, team.parties.tolist())
        self.budget.earn(TASK_FORCES, float(model.tally["arrests"] - before))

    def fund(self) -> None:
        """Split the capacity-building programme among the members, and train."""
        model, capacity = self.model, self.model.capacity
        rules = model.parameters.capacity
        money = self.budget[CAPACITY] if model.week <= rules.duration_weeks else 0.0
        model.received_musd = np.zeros(len(model.codes))
        if money > 0:
            model.received_musd = money * capacity.allocation(
                model.cooperation.members, model.seized_lately, model.evaluation.found
            )
        model.unabsorbed_musd = capacity.train(
            model.received_musd, model.evaluation.misspent(model), self._own_training
        )

    def run_programmes(self) -> None:
        """Spend the other lines of the budget: they change law, will, skills and honesty."""
        model, budget, rules = self.model, self.budget, self.model.parameters
        members = model.cooperation.members
        model.hub_analysis.build(budget[ANALYSIS], rules.intelligence)
        model.cooperation.meet(budget[EXERCISES])
        model.awareness.campaign(budget[ADVOCACY], rules.governance)
        model.integrity.train(budget[INTEGRITY], members)
        will = model.will()
        new = model.law.ratify(
            model.week, rules.legal, budget[HARMONISATION], members, will,
            model.cooperation.sovereignty, self._bound, model.streams,
        )  # fmt: skip
        for number in new.tolist():
            code = model.codes[number]
            model.count("ratifications", 1)
            model.log.record(f"ratified-{code}", model.week, "ratified", code, country=code)
        model.law.practise(rules.legal, will, model.integrity.by_country)

    def credit(self, cases: NDArray[np.int64]) -> None:
        """What the week's interdictions [C] owe to programmes that work through agencies."""
        model, budget = self.model, self.budget
        trained, honest, closer = kernels.credit(
            cases, model.capacity.capability, model.capacity.baseline, self._corruption,
            model.integrity.by_country, model.cooperation.legal,
            model.law.compatibility,
        )  # fmt: skip
        budget.earn(CAPACITY, trained)
        budget.earn(INTEGRITY, honest)
        budget.earn(HARMONISATION, model.evidence_arrived * closer)
