"""What comes out on the real worlds: flow and interception by country, for docs/worlds.md.

Nothing here is a calibration. It shows what the rules of `cartography` and one set of behavioural
parameters give on maps of very different regions, beside what has been published for them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tocsin.experiments.running.stream import run_all
from tocsin.simulation.recording.quantities import fixed
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import Scenario, load

PUBLISHED = {
    "central_asia_2010": "less than 3 % of the northward flow seized by the five transit states, "
    "less than 1 % by Kazakhstan, in 2010 (UNODC, May 2012). Officers were set to it: fitted.",
    "before_tarcet": "more than 19 t of acid seized in 2008, the year of the operation, which is "
    "about 1 % of what was needed (UNODC Regional Office for Central Asia).",
    "balkan_route": "about 82 t a year crossed Turkey (UNODC, as reported in 2010); what share is "
    "seized between Turkey and the markets was not found.",
    "caribbean_1985": "more than 75 % of what was seized on the way was seized in the Caribbean in "
    "the mid-1980s (UNODC 2012).",
    "coast_held": "by 2010 less than 10 % was seized in the Caribbean and more than 80 % in "
    "Central America (UNODC 2012).",
    "mediterranean": "of 254,000 who left North Africa on the central route in 2023, 102,000 were "
    "stopped at sea, 151,000 arrived, 1,800 died or went missing (UNODC, 17 Oct 2024).",
}
PERSONS = ("started", "crossed", "stopped", "turned_back", "rescued", "died")


@dataclass(frozen=True)
class WorldOutcome:
    """What came out on one world over R runs.

    Attributes
    ----------
    scenario
        What was run, over all of its weeks.
    stopped
        Commodity -> float64[R], seized / (seized + delivered) from week 1 on.
    through
        Code -> float64[R], share of the delivered headline commodity that entered the country.
    taken
        Code -> float64[R], interception rate of the country, NaN where nothing came.
    persons
        Outcome -> float64[R], share of those who set out; empty if nobody is smuggled.
    """

    scenario: Scenario
    stopped: dict[str, NDArray[np.float64]]
    through: dict[str, NDArray[np.float64]]
    taken: dict[str, NDArray[np.float64]]
    persons: dict[str, NDArray[np.float64]]


def _ends(job: tuple[Scenario, int]) -> dict[str, float]:
    scenario, seed = job
    found = run(scenario, seed=seed, events=False).indicators
    return {key: float("nan") if value is None else float(value) for key, value in found.items()}


def survey(
    names: Sequence[str] = tuple(PUBLISHED),
    replications: int = 10,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
    weeks: int | None = None,
) -> list[WorldOutcome]:
    """Run worlds with seeds from 0 on, over all weeks or fewer, and gather what came out."""
    worlds = [load(name) for name in names]
    worlds = worlds if weeks is None else [world.with_length(weeks) for world in worlds]
    jobs = [(world, seed) for world in worlds for seed in range(replications)]
    ends = run_all(_ends, jobs, workers, progress)
    return [
        _gathered(world, ends[n * replications : (n + 1) * replications])
        for n, world in enumerate(worlds)
    ]


def _gathered(world: Scenario, ends: list[dict[str, float]]) -> WorldOutcome:
    def column(key: str) -> NDArray[np.float64]:
        return np.array([end.get(key, np.nan) for end in ends])

    codes, goods = world.grid.codes, world.parameters.commodities
    with np.errstate(invalid="ignore", divide="ignore"):
        stopped = {
            good: column(f"seized[{good}]")
            / (column(f"seized[{good}]") + column(f"delivered[{good}]"))
            for good in goods
        }
        through = {
            code: column(f"delivered_through[{code}]") / column("delivered") for code in codes
        }
        persons = {
            what: column(f"persons_{what}[{good}]") / column(f"persons_started[{good}]")
            for good, rows in goods.items()
            if rows.unit == "persons"
            for what in PERSONS[1:]
        }
    taken = {code: column(f"interception_rate[{code}]") for code in codes}
    return WorldOutcome(world, stopped, through, taken, persons)


def markdown(outcomes: Sequence[WorldOutcome]) -> str:
    """The outcomes as a page."""
    lines: list[str] = []
    for one in outcomes:
        name, world = one.scenario.name, one.scenario
        lines += [f"## {world.title} (`{name}`)", "", f"Published: {PUBLISHED[name]}", ""]
        lines += [f"- `{good}` intercepted: {_spread(rate)}" for good, rate in one.stopped.items()]
        lines += [
            f"- of those who set out, {what.replace('_', ' ')}: {_spread(share)}"
            for what, share in one.persons.items()
        ]
        lines += ["", "| country | of what arrives, passes | intercepted there |", "|---|---|---|"]
        order = sorted(
            one.through, key=lambda code: -float(np.nan_to_num(one.through[code]).mean())
        )
        lines += [
            f"| {world.parameters.countries[code].name} | {_spread(one.through[code])} "
            f"| {_spread(one.taken[code])} |"
            for code in order
        ]
        lines.append("")
    return "\n".join(lines)


def _spread(values: NDArray[np.float64]) -> str:
    """Mean and range over runs in percent; a dash where nothing is defined."""
    known = values[np.isfinite(values)]
    if known.size == 0:
        return "–"
    low, middle, high = (100 * f(known) for f in (np.min, np.mean, np.max))
    return f"{fixed(middle, 1)} % ({fixed(low, 1)} to {fixed(high, 1)})"
