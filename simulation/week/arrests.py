"""Arrests (M7, M8): what an operation or a shock does to a network, and what that costs."""

from dataclasses import dataclass

from tocsin.simulation.notes import Arrests, Notes
from tocsin.simulation.week import succession
from tocsin.simulation.world import World


@dataclass(frozen=True)
class Loss:
    """What an arrest did: its event, and whether the last leader was among those caught."""

    event: str
    headless: bool


def strike(
    world: World, notes: Notes, agency: int, network: int, force: float, targeting: str,
    event: str, parties: list[int],
) -> None:  # fmt: skip
    """What an operation does to a network, and what its parties spend of their files."""
    rules, roster = world.parameters.investigation, world.roster
    own, code = roster.ids[agency], roster.codes[agency]
    share = min(rules.arrest_most, rules.arrest_share * force)
    loss = lose(world, notes, network, share, targeting, None, event, own, code)
    for party in parties:
        world.cases.evidence[party, network] *= 1 - rules.evidence_used
        felt = world.parameters.beliefs.operation_alarm
        world.beliefs.alarm(network, world.owned[roster.country[party]], felt)
    luck = world.cases.keys[agency : agency + 1, network]
    weakness = 1 - world.members.strength(network)
    if world.streams.uniform("dismantling", luck, world.week)[0] < (
        rules.dismantling * weakness * weakness
    ):
        name = world.networks.names[network]
        end = world.log.record(f"dismantled-{name}", world.week, "dismantled", own,
                               country=code, network=name, cause=event)  # fmt: skip
        notes.count("networks_dismantled", 1)
        succession.end(world, notes, network, end)
    else:
        go_on(world, notes, network, loss)


def lose(
    world: World, notes: Notes, number: int, share: float, targeting: str, role: str | None,
    event: str, actor: str, country: str,
) -> Loss:  # fmt: skip
    """A share of the members is arrested; `event`, of `actor` in `country`, is the cause."""
    name = world.networks.names[number]
    led = world.members.leaders(number)
    caught = world.members.arrest(number, share, world.week, world.streams, targeting, role)
    left = world.members.leaders(number)
    notes.count("arrests", caught.size)
    notes.count("leaders_arrested", led - left)
    arrest = f"arrest-{event}" if country else f"arrest-{event}-{name}"
    notes.arrests.append(Arrests(country, number, caught.size, arrest))
    world.log.record(arrest, world.week, "arrest", actor, country=country, network=name,
                     amount=caught.size, cause=event)  # fmt: skip
    return Loss(arrest, headless=led > 0 and left == 0)


def go_on(world: World, notes: Notes, number: int, loss: Loss) -> None:
    """After an arrest: without its last leader a network may split."""
    key = world.trade.keys[number : number + 1]
    if loss.headless and world.streams.uniform("leaderless", key, world.week)[0] < (
        world.parameters.organisation.split
    ):
        succession.split(world, notes, number, loss.event)
