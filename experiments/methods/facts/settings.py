"""Where checks are made: two worlds that people looked at, one that nobody did, and virtual ones.

What a check needs to know of a world (its corridor, a transit member that can be by-passed) is
found by a rule in one pilot run with a seed of its own, not chosen by hand.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from tocsin.cartography.generated import write
from tocsin.experiments.methods.facts.observing import crossing
from tocsin.experiments.methods.facts.one_road import one_road
from tocsin.simulation.errors import InputError, nearest
from tocsin.simulation.scenario.files import Scenario, load
from tocsin.simulation.scenario.schedule import read_schedule
from tocsin.simulation.steering import SteeredRun

PILOT_SEED = 9_000  # no check uses it
PILOT_WEEKS = 104
UNSEEN = 2026  # seed of the generated world; no choice was made while looking at it
CORRIDOR = (0.10, 0.25)  # share of the delivered flow, as the design defines a corridor
BYPASSED = 0.60  # a member with more of the flow can hardly be by-passed (assumption)
WEEKS = 416
BEGIN, HELD = 105, 208  # weeks of a treatment of two years
SHOCK, AFTER = 27, 260  # week of arrests, and the five years after it
FUNDS = 30.0  # million USD a year, as in more_capacity
STOP = 208  # last week of funds
CLOSED = {"dark_net_2013": ("Silk Road", 144), "dark_net_2017": ("AlphaBay", 131)}
MERIDIAN, CENTRAL_ASIA, GENERATED = "Meridian", "Central Asia 2010", "Generated world"
MAPS = (MERIDIAN, CENTRAL_ASIA, GENERATED)
VIRTUAL = tuple(CLOSED)
GRAPHS = "Generated networks"
ONE_ROAD = "One road"
MERIDIAN_LONG = "Meridian, 20 years"
CARIBBEAN, COAST, MEDITERRANEAN = "Caribbean 1985", "Caribbean, coast held", "Mediterranean"
BALKAN, ACID = "Balkan route", "Before TARCET"
ELSEWHERE = {
    CARIBBEAN: "caribbean_1985", COAST: "coast_held", MEDITERRANEAN: "mediterranean",
    BALKAN: "balkan_route", ACID: "before_tarcet",
}  # fmt: skip
PRICED = (*MAPS, CARIBBEAN, MEDITERRANEAN, BALKAN, ACID, *VIRTUAL)
LONG, DECADE = 1040, 520


@dataclass(frozen=True)
class Setting:
    """A world, and what the checks on it have to know.

    Attributes
    ----------
    name
        As the tables call it.
    base
        The untreated scenario; None where no run is needed.
    corridor
        Sector ids that together carry 10-25 % of the delivered flow, busiest first; where the
        same flow passes both sides of a border, both.
    corridor_share
        Share that they carry in the pilot run.
    bypassed
        Transit member with most of the flow below 60 %; "" if there is none.
    weakest, strongest
        Transit members by capability; "" if there are fewer than two.
    """

    name: str
    base: Scenario | None
    corridor: tuple[str, ...] = ()
    corridor_share: float = 0.0
    bypassed: str = ""
    weakest: str = ""
    strongest: str = ""

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Codes of the countries."""
        return self.base.grid.codes if self.base is not None else ()

    def arm(self, name: str) -> Scenario | None:
        """The scenario of an arm; None if this world has no place for it."""
        if self.base is None:
            return None
        if name not in ARMS:
            raise InputError(f"facts: there is no arm {name!r}{nearest(name, ARMS)}.")
        return ARMS[name](self)


def setting(name: str) -> Setting:
    """Set up a world by name.

    Raises
    ------
    InputError
        There is none of that name.
    """
    if name == GRAPHS:
        return Setting(name, None)
    if name == MERIDIAN:
        return _explored(name, load("baseline"))
    if name == CENTRAL_ASIA:
        return _explored(name, load("central_asia_2010"))
    if name == GENERATED:
        with TemporaryDirectory() as folder:
            return _explored(name, load(write(UNSEEN, Path(folder))))
    if name in ELSEWHERE:
        return Setting(name, load(ELSEWHERE[name]))
    if name in VIRTUAL:
        return Setting(name, load(name))
    if name == ONE_ROAD:
        return Setting(name, one_road())
    if name == MERIDIAN_LONG:
        return Setting(name, load("baseline"))
    known = (*MAPS, *VIRTUAL, ONE_ROAD, MERIDIAN_LONG, GRAPHS)
    raise InputError(
        f"facts: there is no setting {name!r}; there are {', '.join(known)}{nearest(name, known)}."
    )


def _explored(name: str, base: Scenario) -> Setting:
    """One pilot run: where the corridor is, and who lies on the way."""
    run = SteeredRun(base.with_length(PILOT_WEEKS), PILOT_SEED, events=False)
    model, world = run.model, run.model.world
    arrived = np.zeros(world.trade.lanes.start.size)
    for week in run.weeks():
        if week > PILOT_WEEKS // 2:
            arrived += model.notes.moved.delivered_amount * world.of_headline()
    whole = max(float(arrived.sum()), 1.0)

    def share(sectors: list[int]) -> float:
        return float(arrived[crossing(model, np.array(sectors))].sum() / whole)

    alone = np.array([share([sector]) for sector in range(len(world.sectors.ids))])
    least, most = CORRIDOR
    corridor: list[int] = []
    for sector in np.argsort(-alone, kind="stable").tolist():
        if share([*corridor, sector]) <= most:
            corridor.append(sector)
        if corridor and share(corridor) >= least:
            break
    ways = {tuple(crossing(model, np.array([sector])).tolist()) for sector in corridor}
    corridor = [  # a stretch of border has two sides, which the same flow passes
        sector for sector in np.argsort(-alone, kind="stable").tolist()
        if tuple(crossing(model, np.array([sector])).tolist()) in ways
    ]  # fmt: skip
    goods = base.parameters.commodities[base.parameters.measurement.headline]
    ends = {int(base.grid.country[base.grid.towns[t]]) for t in (*goods.sources, *goods.markets)}
    through = arrived @ world.trade.lanes.entered / whole
    countries = base.parameters.countries
    transit = [n for n, code in enumerate(world.codes)
               if n not in ends and countries[code].member and through[n] > 0]  # fmt: skip
    passable = [n for n in transit if through[n] < BYPASSED]
    by_skill = sorted(transit, key=lambda n: countries[world.codes[n]].capability)
    several = len(by_skill) > 1
    return Setting(
        name=name,
        base=base,
        corridor=tuple(world.sectors.ids[sector] for sector in corridor),
        corridor_share=share(corridor),
        bypassed=world.codes[max(passable, key=lambda n: through[n])] if passable else "",
        weakest=world.codes[by_skill[0]] if several else "",
        strongest=world.codes[by_skill[-1]] if several else "",
    )


def _with(
    setting: Setting, values: Mapping[str, Any], weeks: int, **schedule: list[dict[str, Any]]
) -> Scenario:
    assert setting.base is not None
    changed = setting.base.with_(values) if values else setting.base
    changed = changed.with_length(weeks)
    entries = {
        table: [{"reason": "a check of docs/facts.md", **entry} for entry in rows]
        for table, rows in schedule.items()
    }
    return changed.with_schedule(read_schedule(entries))


def _held(setting: Setting, kind: str, first: int, last: int, **what: Any) -> Scenario:
    treatments = [{"kind": kind, "from": first, "to": last, "where": place, **what}
                  for place in setting.corridor]  # fmt: skip
    return _with(setting, {}, last, treatment=treatments)


def _covered(setting: Setting, where: str) -> Scenario:
    held = {"kind": "patrol", "from": BEGIN, "to": HELD, "where": where, "factor": 3.0}
    return _with(setting, {}, HELD, treatment=[held])


def _arrested(setting: Setting, share: float) -> Scenario:
    shock = {"kind": "arrest", "week": SHOCK, "share": share}
    return _with(setting, {}, SHOCK + AFTER, shock=[shock])


def _shared(setting: Setting, share: float, free: bool) -> Scenario | None:
    if not setting.bypassed:
        return None
    values = {"cooperation.sharing": share}
    values |= {f"countries.{setting.bypassed}.sharing": 0.0} if free else {}
    return _with(setting, values, AFTER)


def _lifted(setting: Setting, code: str) -> Scenario | None:
    if not code or setting.base is None:
        return None
    skill = setting.base.parameters.countries[code].capability
    return _with(setting, {f"countries.{code}.capability": skill + 0.15}, AFTER)


def _funded(setting: Setting, by_week: dict[int, float], weeks: int = WEEKS) -> Scenario:
    key = "capacity.funding_musd_per_year"
    changes = [{"week": week, "set": {key: money}} for week, money in by_week.items() if week > 1]
    return _with(setting, {key: by_week[1]}, weeks, change=changes)


def _behaving(setting: Setting, **factors: float) -> Scenario:
    """Assumptions multiplied by a factor, written with two underscores for the dot."""
    assert setting.base is not None
    keys = {name.replace("__", "."): factor for name, factor in factors.items()}
    values = {key: setting.base.value(key) * factor for key, factor in keys.items()}
    return _with(setting, values, AFTER)


def _closed(setting: Setting) -> Scenario:
    market, week = CLOSED[setting.name]
    held = {"kind": "close_market", "from": week, "to": week + 52, "market": market}
    return _with(setting, {}, week + 52, treatment=[held])


ARMS: dict[str, Callable[[Setting], Scenario | None]] = {
    "base": lambda s: _with(s, {}, WEEKS),
    "corridor patrolled": lambda s: _held(s, "patrol", BEGIN, HELD, factor=3.0),
    "a quarter covered": lambda s: _covered(s, "share:0.25"),
    "all covered": lambda s: _covered(s, "share:1.0"),
    "40 % arrested": lambda s: _arrested(s, 0.4),
    "80 % arrested": lambda s: _arrested(s, 0.8),
    "recruitment halved": lambda s: _behaving(s, organisation__refill_weeks=2.0),
    "operations doubled": lambda s: _behaving(
        s, investigation__operation_rate=2.0, cooperation__joint_rate=2.0
    ),
    "much shared": lambda s: _shared(s, 0.9, False),
    "much shared, free rider": lambda s: _shared(s, 0.9, True),
    "little shared": lambda s: _shared(s, 0.3, False),
    "little shared, free rider": lambda s: _shared(s, 0.3, True),
    "effort kept up": lambda s: _behaving(s, trust__payoff=0.0),
    "weakest lifted": lambda s: _lifted(s, s.weakest),
    "strongest lifted": lambda s: _lifted(s, s.strongest),
    "corridor honest": lambda s: _held(s, "corruption", 1, HELD, value=0.1),
    "corridor corrupt": lambda s: _held(s, "corruption", 1, HELD, value=0.5),
    "funds stop": lambda s: _funded(s, {1: FUNDS, STOP + 1: 0.0}),
    "steady funds": lambda s: _funded(s, {1: FUNDS / 2}),
    "pulsed funds": lambda s: _funded(s, {1: FUNDS, 105: 0.0, 209: FUNDS, 313: 0.0}),
    "market closed": _closed,
    "ten years": lambda s: _with(s, {}, DECADE),
    "twenty years": lambda s: _with(s, {}, LONG),
}
