"""Events in sentences, and why they happened."""

from typing import Any, NamedTuple

from tocsin.simulation.errors import InputError
from tocsin.simulation.geography import modes
from tocsin.simulation.model import BorderModel
from tocsin.simulation.recording.events import meaning
from tocsin.simulation.recording.explain import Trails, in_a_sentence
from tocsin.simulation.recording.quantities import Quantity, plain

SHOWN = 60
FILTERS = (
    ("main", "what matters most"),
    ("seizure", "seizures"),
    ("watch", "watches"),
    ("release", "shared intelligence"),
    ("operation", "operations"),
    ("wreck", "boats in distress"),
    ("all", "everything"),
)
MAIN = {
    "policy", "treatment", "operation", "joint operation", "task force", "dismantled", "split",
    "failed", "founded", "ratified", "report", "deployment", "leak noticed",
}  # fmt: skip
LARGE = 0.995  # share of seizures that are too small for "what matters most"


class LoggedEvent(NamedTuple):
    """A row of the log."""

    event_id: str
    week: int
    kind: str
    actor: str
    country: str
    sector: str
    network: str
    commodity: str
    amount: float | None
    cause_id: str


def latest(model: BorderModel, kind: str, weeks: int = 26) -> list[LoggedEvent]:
    """Events of the last weeks, the latest first, as many as the feed shows."""
    rows = [LoggedEvent(*row) for row in model.world.log.since(model.week - weeks + 1)]  # pyright: ignore[reportArgumentType]
    if kind == "main":
        large = _large(rows)
        rows = [row for row in rows if row.kind in MAIN or (row.kind == "seizure" and
                (row.amount or 0) >= large)]  # fmt: skip
    elif kind != "all":
        kinds = {
            "operation": {"operation", "joint operation", "task force", "dismantled", "arrest"},
            "release": {"release", "tip", "public tip", "leak", "leak noticed"},
        }
        rows = [row for row in rows if row.kind in kinds.get(kind, {kind})]
    return rows[::-1][:SHOWN]


def _large(rows: list[LoggedEvent]) -> float:
    amounts = sorted(row.amount or 0.0 for row in rows if row.kind == "seizure")
    return amounts[int(LARGE * (len(amounts) - 1))] if amounts else 0.0


def told(event: LoggedEvent, model: BorderModel) -> str:
    """One event as a sentence."""
    own = model.parameters.agencies.get(event.actor)
    who = own.name if own else country_name(model, event.country or event.actor)
    net, there = f"network {event.network}", where(model, event.sector)
    place = place_name(model, event.sector)
    amount = quantity(model, event.commodity, event.amount)
    count = _count(event.amount)
    sentences = {
        "policy": "Levers take new values.",
        "treatment": f"What the scenario schedules acts: {event.actor.replace('_', ' ')}.",
        "seizure": f"{who} stops {amount} whom {net} brings, {there}."
        if _are_people(model, event.commodity)
        else f"{who} seizes {amount} from {net} {there}.",
        "tip": f"A seizure reveals to {who} which way {net} goes.",
        "prediction": f"Analysts predict where {net} will go next.",
        "public tip": f"Somebody tells {who} of {net} {there}.",
        "release": f"The hub hands on what {who} learnt of {net}.",
        "watch": f"{who} begins to watch for {net} {there}.",
        "deployment": f"A rapid response unit is sent to {place}, for {net}.",
        "operation": f"{who} acts against {net}.",
        "joint operation": f"A task force led by {who} acts against {net}.",
        "task force": f"The coordinator forms a task force on {net}.",
        "arrest": f"{count} of {net} arrested{f' by {who}' if event.country else ''}.",
        "dismantled": f"{who} dismantles {net}.",
        "split": f"N{net[1:]} has lost its leaders and splits.",
        "failed": f"N{net[1:]} runs out of money and gives up.",
        "founded": f"N{net[1:]} takes the place of one that has ended.",
        "modus": f"N{net[1:]} changes its methods.",
        "leak": f"Somebody in {who} sells an item, and {net} is warned.",
        "leak noticed": f"{country_name(model, event.actor)} finds out that {who} leaked, and "
        "trusts it less.",
        "ratified": f"{who} ratifies the common instrument.",
        "report": "The coordinator closes the books of the year and reports.",
        "wreck": f"A boat of {net} is in distress {there}"
        + (f"; {plain(event.amount)} die." if event.amount else ", and nobody dies."),
    }
    if event.kind in sentences:
        said = sentences[event.kind]
        return said[:1].upper() + said[1:]
    about = f" ({net})" if event.network else ""
    return f"{who or 'Somebody'}: {meaning(event.kind)}{about}."


def _count(amount: float | None) -> str:
    number = int(amount or 0)
    return {0: "None", 1: "One member"}.get(number, f"{number} members")


def quantity(model: BorderModel, commodity: str, amount: float | None) -> str:
    """An amount in the smallest unit, as people read it."""
    if amount is None or commodity not in model.parameters.commodities:
        return ""
    good = model.parameters.commodities[commodity]
    size = Quantity.goods(good, amount).level(round(amount))
    return size if good.unit == "persons" else f"{size} of {commodity.replace('_', ' ')}"


def _are_people(model: BorderModel, commodity: str) -> bool:
    good = model.parameters.commodities.get(commodity)
    return good is not None and good.unit == "persons"


def country_name(model: BorderModel, code: str) -> str:
    """A country by its name; what is no country keeps its own."""
    profile = model.parameters.countries.get(code)
    if profile is None:
        return {"IGO": "the coordinator"}.get(code, code)
    return in_a_sentence(profile.name)


def where(model: BorderModel, sector: str) -> str:
    """Where something happens: at a border sector, or in what a trade without a map passes."""
    at_station = modes.station(sector, lambda code: country_name(model, code))
    return at_station or f"at {place_name(model, sector)}"


def place_name(model: BorderModel, sector: str) -> str:
    """A border sector in words, ``TAL-VES:03`` as Talmoria's border with Vestholm, stretch 3."""
    return modes.place_name(sector, lambda code: country_name(model, code))


def why(model: BorderModel, event_id: str) -> list[str]:
    """How an event came about, from its first cause on."""
    try:
        return Trails(model.world.log.frame(), model.parameters).explain(event_id)
    except InputError:
        return ["It has left the log: the run has been taken back since."]


def feed(model: BorderModel, kind: str) -> list[dict[str, Any]]:
    """What the feed shows."""
    return [
        {"id": e.event_id, "week": e.week, "kind": e.kind, "text": told(e, model)}
        for e in latest(model, kind)
    ]
