"""A scenario as a story: what it is, how it works, what to notice, what to try.

All of it is read off the scenario, so a new file has its story at once: what it states against
its parent, what is scheduled, and lines for the levers that it moves.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from tocsin.experiments.telling.levers import ScenarioLever, levers, sentence
from tocsin.simulation.errors import InputError
from tocsin.simulation.parameters import Country
from tocsin.simulation.recording.quantities import percent, plain
from tocsin.simulation.scenario.files import Scenario, load, names
from tocsin.simulation.scenario.library import families
from tocsin.simulation.scenario.overrides import look_up, parse_key
from tocsin.simulation.scenario.schedule import Change

INDENT = "\u2003"
MOST_LINES = 8
NOTICE = {
    "cooperation": "Green diamonds are tips on their way. More of them cross the map when members "
    "share more; look whether networks are also dismantled sooner.",
    "intelligence": "A tip that arrives late points to a route that the network has left. Compare "
    "how many tips are used, not how many are sent.",
    "capacity": "Capability rises slowly: money needs half a year to become a trained officer, "
    "and the first years show little.",
    "operations": "Where officers go, the flow leaves. Colour the borders by flow and see where "
    "it turns up again.",
    "countries": "Countries differ in what they do here. Click one on the map and look at its "
    "case files and at what its partners give it.",
    "legal": "Law works through cases: evidence from abroad takes time to count, so look for "
    "networks that are dismantled, years later, and not for seizures.",
    "governance": "Trust, corruption and public tips move slowly. Look inside a country before and "
    "after some years; the flow tells little of it at first.",
    "schedule": "Something happens on a date. Marks on the time line and in the charts show when.",
    "commodities": "What is traded has changed: its price, its size or its way. Shipments of each "
    "kind have a colour of their own.",
}
ALWAYS_NOTICE = (
    "When less arrives, the market price rises, and traffickers may earn more than before.",
    "Seizures are no measure of success: they fall when less is sent.",
)
TRY = {
    "cooperation": "Set the delay to 52 weeks and see what is left of the gain from sharing.",
    "intelligence": "Share nothing at all: then the delay has no effect whatever.",
    "capacity": "Take the money away after year four. How long does the gain last?",
    "operations": "Double the officers and watch the borders beside the busiest one.",
    "countries": "Set all countries to the same under More levers. Who gains, who loses?",
    "legal": "Open the treaty some years later, and see whether the end looks any different.",
    "governance": "Put the same money into capacity building instead, and compare the two.",
}
ALWAYS_TRY = (
    "Play two years, go back to week 52, move one lever and play again: the grey line is the "
    "untouched scenario with the same luck.",
    "Press New seed. What stays the same is the policy, what changes is luck; Compare says how "
    "sure you can be.",
)


@cache
def offered() -> list[dict[str, str]]:
    """Shipped scenarios to choose from: name, title and family; children stand under parents."""
    return [
        {"name": one.name, "title": f"{INDENT * one.depth}{one.title}", "family": family.title}
        for family in families()
        for one in family.scenarios
    ]


@cache
def held_against(base: str) -> str:
    """The first shipped child of a scenario, to be compared with it; itself if it has none."""
    children = (one for family in families() for one in family.scenarios if one.parent == base)
    return next((one.name for one in children), base)


def story(scenario: Scenario) -> dict[str, Any]:
    """What the page tells about a scenario."""
    groups = _groups(scenario)
    notice = [NOTICE[group] for group in NOTICE if group in groups]
    ideas = [TRY[group] for group in TRY if group in groups]
    if not ideas:
        ideas = [TRY["cooperation"], TRY["capacity"]]
    return {
        "title": scenario.title,
        "question": scenario.question,
        "what": " ".join(scenario.description.split()),
        "how": _world(scenario) + _differences(scenario) + _scheduled(scenario),
        "notice": [*notice, *ALWAYS_NOTICE],
        "try": [*ideas, *ALWAYS_TRY],
    }


def _groups(scenario: Scenario) -> set[str]:
    """Groups of what a scenario states against its parent; a root states no policy."""
    groups = {"schedule"} if scenario.schedule.entries() else set()
    if scenario.parent is None:
        return groups
    return groups | {parse_key(key).group for key in scenario.stated}


def _world(scenario: Scenario) -> list[str]:
    world, values = scenario.parameters.world, scenario.parameters
    codes = values.countries
    goods = [
        f"{name.replace('_', ' ')} from {_and(_named(good.sources, codes))} to {_and(good.markets)}"
        for name, good in values.commodities.items()
    ]
    members = sum(country.member for country in values.countries.values())
    return [
        f"{len(values.countries)} countries, {world.networks} trafficking networks, "
        f"{world.weeks // 52} years, week by week.",
        f"{_and(goods).capitalize()[:1]}{_and(goods)[1:]}.",
        f"{members} members share {percent(values.cooperation.sharing)} of their items, which "
        f"take {values.intelligence.delay_weeks} weeks; capacity building has "
        f"{plain(values.capacity.funding_musd_per_year)} million USD a year.",
    ]


def _named(places: Iterable[str], countries: Mapping[str, Country]) -> list[str]:
    """Where goods come from: towns, or for a trade without a map countries by their codes."""
    return [countries[place].name if place in countries else place for place in places]


def _and(words: Any) -> str:
    listed = list(words)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"


def _differences(scenario: Scenario) -> list[str]:
    """One line for each lever that differs from the parent."""
    if scenario.parent is None:
        return []
    known = {lever.key: lever for lever in levers(scenario.parameters)}
    parent = _parent(scenario)
    lines = []
    for key, value in scenario.stated.items():
        if key not in known:
            lines.append(f"{key} is {value}: {scenario.reasons[key]}.")
            continue
        lever = known[key]
        before = "" if parent is None else _before(lever, parent)
        lines.append(f"{lever.name}: {sentence(lever, value)}{before} ({scenario.reasons[key]}).")
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"And {len(lines) - MOST_LINES} more values that differ."]
    return lines


def _before(lever: ScenarioLever, parent: Scenario) -> str:
    """What the parent has in the place; nothing if it has no such mechanism."""
    try:
        value = look_up(parent.parameters, parse_key(lever.key))
    except InputError:
        return ""
    return f" instead of {sentence(lever, value)}"


def _parent(scenario: Scenario) -> Scenario | None:
    try:
        return load(scenario.parent) if scenario.parent in names() else None
    except InputError:
        return None


def _scheduled(scenario: Scenario) -> list[str]:
    known = {lever.key: lever for lever in levers(scenario.parameters)}
    dated: list[tuple[int, str]] = []
    for table, entry in scenario.schedule.entries():
        why = entry.reason or entry.source
        if isinstance(entry, Change):
            what = ", ".join(
                f"{known[key].name} {sentence(known[key], value)}" if key in known else key
                for key, value in entry.set.items()
            )
            dated.append((entry.week, f"From week {entry.week}: {what} ({why})."))
            continue
        kind = str(getattr(entry, "kind", table)).replace("_", " ")
        first = getattr(entry, "week", None) or getattr(entry, "from_week", None)
        last = getattr(entry, "to_week", None)
        when = f"Weeks {first} to {last}" if last else f"Week {first}"
        dated.append((first or 0, f"{when}: {kind} ({why})."))
    return [line for _, line in sorted(dated, key=lambda one: one[0])]
