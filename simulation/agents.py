"""The three kinds of agents: those who traffic, those who enforce, and the one who coordinates.

They decide. What they decide is carried out in arrays that all of one kind share (the books of
the networks, the agencies' patrols and pictures); the rules behind a decision live in the module
of that concept.
"""

from typing import TYPE_CHECKING

import mesa
import numpy as np

from simulation.intelligence import Item

if TYPE_CHECKING:
    from simulation.model import BorderModel


class TraffickingNetwork(mesa.Agent["BorderModel"]):
    """A network with members, capital, a portfolio of routes and a belief about every sector."""

    def __init__(self, model: "BorderModel", number: int) -> None:
        super().__init__(model)
        self.number = number
        self._phase = int(model.trade.keys[number] % np.uint64(2**32))

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

    def review_routes(self) -> None:
        """Every few weeks, each network in its own turn: move towards what seems to pay."""
        model = self.model
        rules = model.parameters.trafficking
        if self.active and (model.week + self._phase) % rules.review_weeks == 0:
            money = model.portfolios.expected_money(
                self.number, model.risk[self.number], model.markets.price, model.trade.terms, rules
            )
            model.portfolios.review(
                self.number, model.week, money, model.loss_rate[self.number],
                model.trade.terms, rules,
            )  # fmt: skip

    def end(self, event: str) -> None:
        """Go out of business: what is under way is abandoned, and what was known is void."""
        model = self.model
        model.networks.end(self.number, event)
        model.abandon(self.number)
        model.beliefs.forget(self.number)
        model.picture.forget(self.number)
        model.cases.forget(self.number)

    def found(self) -> None:
        """Take the place of the network that ended here."""
        model = self.model
        cause = model.networks.ended_by[self.number]
        name = model.networks.found(self.number)
        model.members.found(self.number)
        model.portfolios.begin(self.number, model.week, model.parameters.trafficking)
        model.log.record(f"founded-{name}", model.week, "founded", name, network=name, cause=cause)


class NationalAgency(mesa.Agent["BorderModel"]):
    """The border agency and investigators of one country."""

    def __init__(self, model: "BorderModel", number: int) -> None:
        super().__init__(model)
        self.number = number
        self.code = model.codes[number]
        self.sectors = np.flatnonzero(model.sectors.country == number)

    @property
    def capability(self) -> float:
        """Skill, tools and method, 0 to 1."""
        return float(self.model.capacity.capability[self.number])

    def place_patrols(self) -> None:
        """Spread officers over the border: some everywhere, some by chance, most where it burns."""
        model = self.model
        if not self.sectors.size:
            return
        parameters = model.parameters
        shares = model.patrols.shares(self.sectors, model.week, parameters, model.streams)
        officers = parameters.countries[self.code].officers * parameters.operations.patrol_budget
        officers = max(0.0, officers - model.writing[self.number])
        model.patrols.place(self.sectors, shares, officers / parameters.detection.reference_density)

    def choose_watches(self) -> None:
        """Watch the networks and sectors on which the most telling tips have come in."""
        picture = self.model.picture
        chosen = picture.choose(self.number, self.sectors)
        networks = picture.watched.shape[1]
        self.model.watch_list[self.sectors[chosen // networks], chosen % networks] = True

    def operate(self, network: TraffickingNetwork) -> None:
        """Arrest members of a network on the evidence at hand; now and then that ends it."""
        model, rules = self.model, self.model.parameters.investigation
        name, week, number = network.name, model.week, network.number
        operation = f"operation-{week}-{self.code}-{name}"
        model.log.record(operation, week, "operation", self.code, country=self.code, network=name,
                         cause=model.evidence_of(self.number, number))  # fmt: skip
        share = min(0.95, rules.arrest_share * (0.5 + self.capability))
        caught = model.members.arrest(number, share, week, model.streams)
        model.count("operations", 1)
        model.count("arrests", caught)
        model.log.record(f"arrest-{operation}", week, "arrest", self.code, country=self.code,
                         network=name, amount=caught, cause=operation)  # fmt: skip
        model.cases.evidence[self.number, number] *= 1 - rules.evidence_used
        felt = model.sectors.country == self.number
        model.beliefs.alarm(number, felt, model.parameters.beliefs.operation_alarm)
        broken = rules.dismantling * (1 - network.strength) ** 2
        if (
            model.streams.uniform("dismantling", model.case_keys[self.number, number], week)
            < broken
        ):
            end = model.log.record(f"dismantled-{name}", week, "dismantled", self.code,
                                   country=self.code, network=name, cause=operation)  # fmt: skip
            model.count("networks_dismantled", 1)
            network.end(end)


class IGOCoordinator(mesa.Agent["BorderModel"]):
    """The intergovernmental coordinator: it relays intelligence and funds training."""

    def release(self) -> None:
        """Hand to partners what has waited long enough at the hub."""
        model = self.model
        model.cases.arrive(model.week)
        for item in model.hub.due(model.week):
            readers = item.recipients[model.sectors.country]
            release = f"release-{item.tip}"
            model.log.record(
                release, model.week, "release", "IGO", country=model.codes[item.origin],
                network=model.networks.names[item.network], cause=item.tip,
            )  # fmt: skip
            if model.networks.active[item.network]:
                model.picture.receive(item, readers, item.origin, release)

    def accept(self, item: Item) -> None:
        """Take in an item; it comes out after the delay of the channel."""
        delay = self.model.parameters.intelligence.delay_weeks
        self.model.hub.accept(item, self.model.week + 1 + delay)

    def fund(self) -> None:
        """Split the programme among the members, and train."""
        model = self.model
        money = model.parameters.capacity.funding_musd_per_year
        split = model.capacity.allocation(model.cooperation.members, model.seized_lately)
        model.capacity.train(money * split)
