"""Attribution: which part of the gap between two scenarios comes from which lever or channel.

Shapley values (Shapley 1953) over the levers that differ: every lever gets the mean of what it
adds, over all orders in which the levers could be moved one after the other. All mixed scenarios
run with the same seeds, so that a Shapley value is known for each seed; intervals follow from
the spread over the seeds, and for each seed the parts add up to the gap. Up to six parts are
exact; with more, every seed draws its own orders, in pairs of one order and its reverse, so the
interval holds that error too.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, combinations
from math import factorial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tocsin.experiments.comparing.statistics import paired
from tocsin.experiments.design.goods import same_goods
from tocsin.experiments.design.variants import variant
from tocsin.experiments.running.replications import Job, ReplicatedRuns
from tocsin.simulation.errors import InputError
from tocsin.simulation.messages import _
from tocsin.simulation.parameters import COLLECTIONS, Channels, table_of
from tocsin.simulation.scenario.files import Scenario
from tocsin.simulation.scenario.overrides import look_up, parse_key
from tocsin.simulation.scenario.schedule import Change, Entry, Schedule
from tocsin.simulation.scenario.wording import written

EXACT = 6
ORDERS = 4
REST = "rest"
CHANNELS = {
    "shared_tips": "seizures on shared tips",
    "shared_evidence": "operations on shared evidence",
    "training": "capability from training",
}
COLUMNS = ("indicator", "part", "value", "low", "high", "share", "n")

Coalition = frozenset[int]


@dataclass(frozen=True)
class Part:
    """What moves together when one scenario turns into the other.

    Attributes
    ----------
    name
        As people read it.
    keys
        Dotted keys of the values that it holds.
    entries
        Entries of the schedule, as table and content, that only one of the scenarios has.
    """

    name: str
    keys: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Attribution:
    """Parts of a gap.

    Attributes
    ----------
    base, other
        Names of the scenarios.
    parts
        In the order of the table.
    exact
        Whether all coalitions were run.
    table
        One row an indicator and part: mean over the seeds, 95 % interval, share of the gap.
    by_seed
        indicator, seed, part, value: the parts of every seed, which add up to its gap.
    """

    base: str
    other: str
    parts: tuple[str, ...]
    exact: bool
    table: pd.DataFrame = field(repr=False)
    by_seed: pd.DataFrame = field(repr=False)


def differing(base: Scenario, other: Scenario) -> list[Part]:
    """The levers that differ, one part each; a lever goes together with the mandate it needs.

    Scheduled changes of a lever belong to that lever; a shock or a treatment is a part of its
    own. Values that are no levers (an assumption, the profile of a country) make one more part.

    Raises
    ------
    InputError
        The scenarios have different maps, countries or headline commodities.
    """
    same_goods((base, other), "attribution")
    if base.grid.digest != other.grid.digest:
        raise InputError(f"attribution: {base.name} and {other.name} have different maps; a gap "
                         "can be divided only within one world.")  # fmt: skip
    keys = _differing_keys(base, other)
    levers = [key for key in keys if parse_key(key).kind == "lever"]
    entries: dict[str, list[str]] = {}
    for said, entry in _own_entries(base, other):
        moved = sorted(entry.set) if isinstance(entry, Change) else []
        name = moved[0] if moved else f"{getattr(entry, 'kind', 'change')} in the schedule"
        entries.setdefault(name, []).append(said)
        levers += [key for key in moved[:1] if key not in levers]
    mandates = "cooperation.mandates"
    together: list[str] = []
    if mandates in levers:
        changed = set(base.value(mandates)) ^ set(other.value(mandates))
        together = [key for key in levers if parse_key(key).mandate in changed]
    parts = [
        Part(key, (key,) if key in keys else (), tuple(entries.pop(key, ())))
        for key in levers
        if key not in (mandates, *together)
    ]
    if mandates in levers:
        joint = [mandates, *together]
        said = tuple(text for key in joint for text in entries.pop(key, ()))
        parts.insert(0, Part(" + ".join(joint), tuple(k for k in joint if k in keys), said))
    parts += [Part(name, (), tuple(said)) for name, said in entries.items()]
    if rest := tuple(key for key in keys if parse_key(key).kind != "lever"):
        parts.append(Part("no lever: " + ", ".join(rest), rest))
    return parts


def by_lever(
    base: Scenario,
    other: Scenario,
    seeds: Sequence[int],
    indicators: Sequence[str],
    runs: ReplicatedRuns | None = None,
    parts: Sequence[Part] | None = None,
    seed: int = 0,
) -> Attribution:
    """Divide the gap among the levers that differ.

    Parameters
    ----------
    seeds
        Of the replications.
    indicators
        What the gap is measured in.
    runs
        Where runs are made and remembered.
    parts
        What moves together; each lever by itself if none are given.
    seed
        Of the orders that are drawn with more than six parts.

    Raises
    ------
    InputError
        Nothing differs, the worlds differ, or a mixture of both scenarios is not allowed.
    """
    runs = ReplicatedRuns() if runs is None else runs
    chosen = differing(base, other) if parts is None else list(parts)
    if not chosen:
        raise InputError(f"attribution: {base.name} and {other.name} do not differ.")
    exact = len(chosen) <= EXACT
    wanted: dict[int, list[tuple[int, ...]]] = {}
    if not exact:
        generator = np.random.default_rng(seed)
        for one in seeds:
            drawn = [tuple(generator.permutation(len(chosen)).tolist()) for _ in range(ORDERS // 2)]
            wanted[one] = [order for first in drawn for order in (first, first[::-1])]
    mixed: dict[Coalition, Scenario] = {}

    def scenario(coalition: Coalition) -> Scenario:
        if coalition not in mixed:
            mixed[coalition] = _mixture(base, other, chosen, coalition)
        return mixed[coalition]

    if exact:
        runs.run([scenario(one) for one in _subsets(len(chosen))], seeds)
    else:
        runs.run_jobs(Job(scenario(one), at) for at in seeds for one in _on_the_way(wanted[at]))

    def value(coalition: Coalition, name: str, at: Sequence[int]) -> NDArray[np.float64]:
        return runs.values(scenario(coalition), name, at)

    by_seed: dict[str, NDArray[np.float64]] = {}
    for name in indicators:
        if exact:
            by_seed[name] = shapley(len(chosen), lambda c, n=name: value(c, n, seeds))
        else:
            each = [
                _over_orders(wanted[at], lambda c, n=name, a=at: float(value(c, n, [a])[0]))
                for at in seeds
            ]
            by_seed[name] = np.column_stack(each)
    return _attribution(base, other, [part.name for part in chosen], exact, seeds, by_seed)


def by_channel(
    base: Scenario,
    other: Scenario,
    seeds: Sequence[int],
    indicators: Sequence[str],
    runs: ReplicatedRuns | None = None,
) -> Attribution:
    """Divide the gap among the channels by which policy reaches the field, and the rest.

    The value of a set of channels is the gap that is left when just those are open, in both
    scenarios; the gap with all of them closed is the rest.
    """
    runs = ReplicatedRuns() if runs is None else runs
    names = [name for name in Channels.model_fields if getattr(other.parameters.channels, name)
             or getattr(base.parameters.channels, name)]  # fmt: skip
    pairs = {
        subset: tuple(_closed(one, [name for n, name in enumerate(names) if n not in subset])
                      for one in (base, other))
        for subset in _subsets(len(names))
    }  # fmt: skip
    runs.run(chain.from_iterable(pairs.values()), seeds)
    by_seed: dict[str, NDArray[np.float64]] = {}
    for indicator in indicators:

        def gap(subset: Coalition, indicator: str = indicator) -> NDArray[np.float64]:
            first, second = (runs.values(one, indicator, seeds) for one in pairs[subset])
            return second - first

        closed = gap(frozenset())
        by_seed[indicator] = np.vstack([shapley(len(names), gap), closed])
    parts = [*(CHANNELS.get(name, name.replace("_", " ")) for name in names), REST]
    return _attribution(base, other, parts, True, seeds, by_seed)


def shapley(players: int, value: Callable[[Coalition], NDArray[np.float64]]) -> NDArray[np.float64]:
    """Exact Shapley values of a game with one value a seed.

    Parameters
    ----------
    players
        Number of players, from 1.
    value
        Coalition -> float64[R].

    Returns
    -------
    float64[players, R]; columns add up to the value of all less the value of none.
    """
    known = {one: value(one) for one in _subsets(players)}
    parts = []
    for player in range(players):
        part = np.zeros_like(known[frozenset()], dtype=float)
        for coalition in known:
            if player in coalition:
                continue
            size = len(coalition)
            weight = factorial(size) * factorial(players - size - 1) / factorial(players)
            part += weight * (known[coalition | {player}] - known[coalition])
        parts.append(part)
    return np.array(parts)


def _over_orders(
    orders: Sequence[tuple[int, ...]], value: Callable[[Coalition], float]
) -> NDArray[np.float64]:
    """Mean of what each player adds, over some orders. [players]"""
    added = np.zeros((len(orders), len(orders[0])))
    for row, order in enumerate(orders):
        before = value(frozenset())
        for place, player in enumerate(order, 1):
            after = value(frozenset(order[:place]))
            added[row, player] = after - before
            before = after
    return added.mean(axis=0)


def _on_the_way(orders: Iterable[tuple[int, ...]]) -> set[Coalition]:
    return {frozenset(order[:place]) for order in orders for place in range(len(order) + 1)}


def _subsets(players: int) -> list[Coalition]:
    """All coalitions, the small ones first."""
    sizes = (combinations(range(players), size) for size in range(players + 1))
    return [frozenset(one) for one in chain.from_iterable(sizes)]


def _attribution(
    base: Scenario,
    other: Scenario,
    parts: Sequence[str],
    exact: bool,
    seeds: Sequence[int],
    by_seed: Mapping[str, NDArray[np.float64]],
) -> Attribution:
    rows: list[dict[str, Any]] = []
    long: list[tuple[str, int, str, float]] = []
    for name, values in by_seed.items():
        whole = values[:, ~np.isnan(values).any(axis=0)]
        gap = float(whole.sum(axis=0).mean()) if whole.size else float("nan")
        for part, of_one in zip(parts, whole, strict=True):
            result = paired(np.zeros(of_one.size), of_one)
            share = result.difference / gap if gap else float("nan")
            rows.append({"indicator": name, "part": part, "value": result.difference,
                         "low": result.low, "high": result.high, "share": share,
                         "n": result.n})  # fmt: skip
        long += [
            (name, at, part, float(values[row, column]))
            for column, at in enumerate(seeds)
            for row, part in enumerate(parts)
        ]
    return Attribution(
        base.name, other.name, tuple(parts), exact,
        pd.DataFrame(rows, columns=list(COLUMNS)),
        pd.DataFrame(long, columns=["indicator", "seed", "part", "value"]),
    )  # fmt: skip


def _differing_keys(base: Scenario, other: Scenario) -> list[str]:
    """Dotted keys whose values differ, in the order of the table of parameters."""
    first, second = base.parameters, other.parameters
    found: list[str] = []
    alone = {kind.name for kind in base.mechanisms} ^ {kind.name for kind in other.mechanisms}
    for name in sorted(alone):
        raise InputError(_(
            "attribution: mechanism {name} is only in one of {base} and {other}; give it to both, "
            "and let its levers differ.", name=repr(name), base=base.name, other=other.name,
        ))  # fmt: skip
    for row in table_of(first):
        parts = row.key.split(".")
        group, last = parts[0], parts[-1]
        names = sorted(
            {*getattr(first, group), *getattr(second, group)}
        ) if group in COLLECTIONS else [""]  # fmt: skip
        for name in names:
            dotted = ".".join(part for part in (group, name, last) if part)
            key = parse_key(dotted)
            if dotted == "world.map":
                continue
            if group in COLLECTIONS and group not in ("pairs", "networks") and not (
                name in getattr(first, group) and name in getattr(second, group)
            ):  # fmt: skip
                raise InputError(f"attribution: {group}.{name} is only in one of {base.name} and "
                                 f"{other.name}; a gap can be divided only within one "
                                 "world.")  # fmt: skip
            if look_up(first, key) != look_up(second, key):
                found.append(dotted)
    return found


def _said(kind: str, entry: Entry) -> str:
    """An entry of a schedule as text, without why it is there."""
    stated = entry.model_dump(mode="json", by_alias=True, exclude={"reason", "source"})
    return f"{kind} {written(stated)}"


def entries_of(scenario: Scenario) -> list[tuple[str, tuple[str, Entry]]]:
    """What is scheduled in a scenario: said as text without why, kind of entry, entry."""
    return [(_said(kind, entry), (kind, entry)) for kind, entry in scenario.schedule.entries()]


def _own_entries(base: Scenario, other: Scenario) -> list[tuple[str, Entry]]:
    """Entries that only one of both has, those of the base first."""
    of = [dict(entries_of(one)) for one in (base, other)]
    return [
        (said, entry)
        for mine, theirs in (of, of[::-1])
        for said, (_, entry) in mine.items()
        if said not in theirs
    ]


def _closed(scenario: Scenario, channels: Sequence[str]) -> Scenario:
    """The scenario without these channels."""
    shut = {f"channels.{name}": False for name in channels
            if getattr(scenario.parameters.channels, name)}  # fmt: skip
    return variant(scenario, shut)


def _mixture(
    base: Scenario, other: Scenario, parts: Sequence[Part], coalition: Coalition
) -> Scenario:
    """The base with the parts of a coalition as they are in the other scenario."""
    moved = [part for number, part in enumerate(parts) if number in coalition]
    stay = {said for number, part in enumerate(parts) if number not in coalition
            for said in part.entries}  # fmt: skip
    go = {said for part in moved for said in part.entries}
    kept = [(kind, e) for kind, e in base.schedule.entries() if _said(kind, e) not in go]
    mine = {_said(kind, entry) for kind, entry in base.schedule.entries()}
    come = [
        (kind, e)
        for kind, e in other.schedule.entries()
        if (said := _said(kind, e)) not in stay and said not in mine
    ]
    schedule = replace(
        Schedule(),
        **{f"{name}s": tuple(e for kind, e in (*kept, *come) if kind == name)
           for name in ("change", "shock", "treatment")},
    )  # fmt: skip
    values = {key: look_up(other.parameters, parse_key(key)) for part in moved for key in part.keys}
    return variant(base, values, schedule)
