"""Events in sentences, and why they happened."""

from typing import Any, NamedTuple

from simulation.events import KINDS
from simulation.model import BorderModel

SHOWN = 60
FILTERS = (
    ("main", "what matters most"),
    ("seizure", "seizures"),
    ("watch", "watches"),
    ("release", "shared intelligence"),
    ("operation", "operations"),
    ("all", "everything"),
)
MAIN = {"policy", "treatment", "operation", "dismantled", "failed", "founded"}
LARGE = 0.995  # share of seizures that are too small for "what matters most"
STEPS_BACK = 8


class Event(NamedTuple):
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


def latest(model: BorderModel, kind: str, weeks: int = 26) -> list[Event]:
    """Events of the last weeks, the latest first, as many as the feed shows."""
    rows = [Event(*row) for row in model.log.since(model.week - weeks + 1)]  # pyright: ignore[reportArgumentType]
    if kind == "main":
        large = _large(rows)
        rows = [row for row in rows if row.kind in MAIN or (row.kind == "seizure" and
                (row.amount or 0) >= large)]  # fmt: skip
    elif kind != "all":
        kinds = {"operation": {"operation", "dismantled", "arrest"}, "release": {"release", "tip"}}
        rows = [row for row in rows if row.kind in kinds.get(kind, {kind})]
    return rows[::-1][:SHOWN]


def _large(rows: list[Event]) -> float:
    amounts = sorted(row.amount or 0.0 for row in rows if row.kind == "seizure")
    return amounts[int(LARGE * (len(amounts) - 1))] if amounts else 0.0


def told(event: Event, model: BorderModel) -> str:
    """One event as a sentence."""
    who = country_name(model, event.actor)
    net, place = f"network {event.network}", place_name(model, event.sector)
    amount = quantity(model, event.commodity, event.amount)
    sentences = {
        "policy": "Levers take new values.",
        "seizure": f"{who} seizes {amount} of {network_goods(event, net)} at {place}.",
        "tip": f"A seizure reveals to {who} which way {net} goes.",
        "release": f"The hub hands on what {country_name(model, event.country)} learnt of {net}.",
        "watch": f"{who} begins to watch for {net} at {place}.",
        "operation": f"{who} acts against {net}.",
        "arrest": f"{_count(event.amount)} of {net} arrested{_by(who, event)}.",
        "dismantled": f"{who} dismantles {net}.",
        "failed": f"{net.capitalize()} runs out of money and gives up.",
        "founded": f"{net.capitalize()} takes the place of one that has ended.",
        "modus": f"{net.capitalize()} changes its methods.",
        "treatment": f"What the scenario schedules acts: {event.actor.replace('_', ' ')}.",
    }
    if event.kind in sentences:
        return sentences[event.kind]
    subject = country_name(model, event.actor or event.country)
    meaning = KINDS.get(event.kind, event.kind).split(";")[0]
    about = f" ({net})" if event.network else ""
    return f"{subject or 'Somebody'}: {meaning}{about}."


def _count(amount: float | None) -> str:
    number = int(amount or 0)
    return {0: "None", 1: "One member"}.get(number, f"{number} members")


def _by(who: str, event: Event) -> str:
    return f" by {who}" if event.country else ""


def network_goods(event: Event, net: str) -> str:
    """Whose goods they are."""
    return f"{event.commodity.replace('_', ' ')} from {net}"


def quantity(model: BorderModel, commodity: str, amount: float | None) -> str:
    """An amount in the smallest unit, as people read it."""
    if amount is None or commodity not in model.parameters.commodities:
        return ""
    unit = model.parameters.commodities[commodity].unit
    if unit == "kg":
        kg = amount / 1000
        return f"{kg:,.0f} kg" if kg >= 10 else f"{kg:.1f} kg" if kg >= 0.1 else f"{amount:,.0f} g"
    if unit == "USD":
        return f"{amount / 100:,.0f} USD"
    return f"{amount:,.0f} {unit}"


def country_name(model: BorderModel, code: str) -> str:
    """A country by its name; what is no country keeps its own."""
    profile = model.parameters.countries.get(code)
    return profile.name if profile else {"IGO": "the coordinator"}.get(code, code)


def place_name(model: BorderModel, sector: str) -> str:
    """A border sector in words, ``TAL-VES:03`` as Talmoria's border with Vestholm, stretch 3."""
    pair, _, stretch = sector.partition(":")
    own, _, other = pair.partition("-")
    if not stretch:
        return sector
    if other == "sea":
        return f"the coast of {country_name(model, own)}, stretch {stretch.lstrip('0')}"
    return (
        f"{country_name(model, own)}'s border with {country_name(model, other)}, "
        f"stretch {stretch.lstrip('0')}"
    )


def why(model: BorderModel, event_id: str) -> list[str]:
    """The chain of causes behind an event, the nearest first, as the log has it."""
    known = {row[0]: Event(*row) for row in model.log.since(0)}  # pyright: ignore[reportArgumentType]
    chain: list[str] = []
    event = known.get(event_id)
    while event is not None and len(chain) < STEPS_BACK:
        cause = known.get(event.cause_id)
        if cause is not None:
            chain.append(f"because in week {cause.week}: {told(cause, model)}")
        event = cause
    return chain or ["No earlier event led to it: officers on patrol, or chance."]


def feed(model: BorderModel, kind: str) -> list[dict[str, Any]]:
    """What the feed shows."""
    return [
        {"id": e.event_id, "week": e.week, "kind": e.kind, "text": told(e, model)}
        for e in latest(model, kind)
    ]
