"""Illustrations: which pictures a report shows of its findings, and what they say in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray
from tocsin.experiments.comparing.attribution import REST, Attribution
from tocsin.experiments.comparing.comparison import Comparison, so_far
from tocsin.experiments.comparing.costs import TOTAL
from tocsin.experiments.comparing.costs import plane as cost_plane
from tocsin.experiments.comparing.displacement import by_sector
from tocsin.experiments.comparing.families import with_ends
from tocsin.experiments.comparing.statistics import LEVEL
from tocsin.experiments.telling import pictures
from tocsin.experiments.telling.drawing import LETTERS
from tocsin.experiments.telling.findings import Findings
from tocsin.experiments.telling.statement import FEWEST_WORLDS, label
from tocsin.experiments.unknowns.assumptions import assumptions
from tocsin.simulation.recording.indicators import HEADLINES, indicator_of, label_of
from tocsin.simulation.recording.quantities import Quantity, digits, percent, signed

DEATHS = "persons_died"
BETTER = {"up": "more is better", "down": "less is better", "neither": "no direction is better"}
MATTERS = 10


def headlines(comparison: Comparison) -> tuple[str, ...]:
    """Indicators of the table of effects: those that are judged, and the headlines.

    Where people are smuggled, their deaths too.
    """
    deaths = f"{DEATHS}[{comparison.base.parameters.measurement.headline}]"
    there = deaths in set(comparison.table.indicator)
    return tuple(dict.fromkeys((*comparison.primary, *HEADLINES, *([deaths] if there else ()))))


def number_of(findings: Findings, name: str) -> int:
    """Place of a scenario among the others, from which its letter and colour follow."""
    return [one.name for one in findings.comparison.others].index(name)


@dataclass(frozen=True)
class Illustration:
    """A picture with its heading."""

    title: str
    note: str
    svg: Markup


def effects(findings: Findings) -> list[Illustration]:
    """Differences of the headline indicators with their intervals, a panel an indicator."""
    comparison = findings.comparison
    found = []
    for key in headlines(comparison):
        rows = []
        base = 0.0
        for number, scenario in enumerate(comparison.others):
            row = comparison.row(scenario.name, key)
            if row is None:
                continue
            base = row["base"]
            quantity = Quantity.of(key, comparison.base, abs(base))
            middle, low, high = (
                quantity.scale * with_ends(row)[k] for k in ("difference", "low", "high")
            )
            rows.append(pictures.Interval(number, scenario.title, middle, low, high,
                                          quantity.difference(row["difference"])))  # fmt: skip
        if not rows:
            continue
        quantity = Quantity.of(key, comparison.base, abs(base))
        label = label_of(key)
        text = f"{label}, change against the base. " + " ".join(
            f"{LETTERS[row.series % 26]}, {row.label}: {row.words}, "
            + ("exact." if row.low == row.high != 0 else
               f"95 % interval {signed(row.low)} to {signed(row.high)}.") for row in rows
        )  # fmt: skip
        better = BETTER[indicator_of(key).direction]
        found.append(Illustration(label, f"base {quantity.level(base)}; {better}",
                             pictures.intervals(rows, text)))  # fmt: skip
    return found


def bands(findings: Findings) -> list[Illustration]:
    """Differences over time with their bands, a panel an indicator."""
    comparison = findings.comparison
    found = []
    for key in HEADLINES:
        of = comparison.bands.query("indicator == @key")
        if of.week.nunique() < 3:
            continue
        quantity = Quantity.of(key, comparison.base, float(of.base.abs().max()))
        lines, ends = [], []
        for number, scenario in enumerate(comparison.others):
            mine = of.query("scenario == @scenario.name")
            columns = [mine[name].to_numpy(dtype=float) for name in
                       ("week", "difference", "low", "high")]  # fmt: skip
            week, *rest = columns
            lines.append(
                pictures.DifferenceBand(number, week, *(quantity.scale * one for one in rest))
            )
            ends.append(f"{LETTERS[number % 26]}, {scenario.title}, ends at "
                        f"{quantity.difference(rest[0][-1])}.")  # fmt: skip
        label = indicator_of(key).label
        per = "so far" if so_far(key) else "per quarter of a year"
        text = f"{label}, difference from the base over time, {per}. {' '.join(ends)}"
        found.append(Illustration(label, f"{quantity.change} {per}", pictures.bands(lines, text)))
    return found


def maps(findings: Findings) -> list[Illustration]:
    """What moves, a map a scenario, all in one scale of colours."""
    comparison = findings.comparison
    of = by_sector(comparison).query("measure == 'flow'")
    if of.empty or not float(of.difference.abs().max()):
        return []
    reach = float(of.difference.abs().max())
    quantity = Quantity.amount("delivered", comparison.base, 0)

    def words(value: float) -> str:
        return f"{signed(quantity.scale * value, 2)} {quantity.unit}"

    found = []
    for number, scenario in enumerate(comparison.others):
        mine = of.query("scenario == @scenario.name")
        if mine.empty:
            continue
        change = mine.difference.to_numpy(dtype=float)
        extremes = _extremes(list(mine.place), change, words)
        text = (
            f"Map of {scenario.grid.title}: change of the flow by border sector under "
            f"{scenario.title} against the base. {extremes}"
        )
        found.append(Illustration(
            f"{LETTERS[number % 26]}  {scenario.title}", "",
            pictures.difference_map(scenario, change, reach, words, text),
        ))  # fmt: skip
    return found


def _extremes(
    names: Sequence[str], change: NDArray[np.float64], words: Callable[[float], str]
) -> str:
    low, high = int(np.argmin(change)), int(np.argmax(change))
    said = []
    if change[low] < 0:
        said.append(f"largest fall {words(float(change[low]))} at {names[low]}")
    if change[high] > 0:
        said.append(f"largest rise {words(float(change[high]))} at {names[high]}")
    words_ = "; ".join(said)
    return f"{words_[0].upper()}{words_[1:]}." if words_ else "Nothing moves."


def _attribution(
    findings: Findings, found: Attribution, key: str, names: Callable[[str], str]
) -> Illustration | None:
    comparison = findings.comparison
    of = found.table.query("indicator == @key").to_dict("records")
    if not of or not any(isfinite(row["value"]) for row in of):
        return None
    base = comparison.base
    whole = sum(row["value"] for row in of)
    size = max(abs(whole), *(abs(row["value"]) for row in of))
    quantity = Quantity.of(key, base, size)
    scale = quantity.scale
    parts = [
        pictures.Interval(0, names(row["part"]), scale * row["value"], scale * row["low"],
                          scale * row["high"], quantity.difference(row["value"]))
        for row in of
    ]  # fmt: skip
    label = indicator_of(key).label
    text = f"{label}: parts of the gap of {quantity.difference(whole)}. " + " ".join(
        f"{part.label} {part.words}." for part in parts
    )
    scenario = comparison.scenario(found.other)
    number = number_of(findings, found.other)
    return Illustration(
        f"{LETTERS[number % 26]}  {scenario.title}",
        f"{label}, {quantity.change}, {int(of[0]['n'])} pairs",
        pictures.waterfall(parts, quantity.difference(whole), text),
    )


def levers(findings: Findings) -> list[Illustration]:
    """The gap of each scenario by lever; that of the leader in three indicators."""

    def name(part: str) -> str:
        return label(part, findings.comparison.base)

    found = []
    for attribution in findings.levers.values():
        keys = ("delivered",)
        if len(attribution.parts) > 1 and attribution.other == findings.leader:
            keys = ("delivered", "interception_rate", "cost_total")
        if len(attribution.parts) > 1 or len(findings.levers) == 1:
            pictures_ = (_attribution(findings, attribution, key, name) for key in keys)
            found += [one for one in pictures_ if one is not None]
    return found


def channels(findings: Findings) -> list[Illustration]:
    """The gap of the leader by channel."""

    def name(part: str) -> str:
        return "all else" if part == REST else part

    found = []
    for attribution in findings.channels.values():
        for key in ("delivered", "interception_rate"):
            picture = _attribution(findings, attribution, key, name)
            found += [picture] if picture is not None else []
    return found


def plane(findings: Findings) -> Illustration | None:
    """The cost-effectiveness plane of all scenarios."""
    comparison = findings.comparison
    planes = cost_plane(comparison)
    if not planes:
        return None
    base = comparison.base
    reach = max(float(np.abs(one.effect).max()) for one in planes)
    goods, dollars = Quantity.amount("delivered", base, reach), Quantity.of(TOTAL, base)
    clouds, said = [], []
    for one in planes:
        number = number_of(findings, one.scenario)
        clouds.append(pictures.Cloud(
            number, one.effect * goods.scale, one.cost * dollars.scale,
            one.ellipse * np.array([goods.scale, dollars.scale]),
        ))  # fmt: skip
        said.append(f"{LETTERS[number % 26]}, {comparison.scenario(one.scenario).title}: "
                    f"{digits(goods.scale * one.middle[0])} {goods.unit} avoided for "
                    f"{digits(dollars.scale * one.middle[1])} million USD.")  # fmt: skip
    return Illustration(
        "The cost-effectiveness plane", "",
        pictures.plane(clouds, f"delivered flow avoided, {goods.unit}", "added cost, million USD",
                       f"Cost-effectiveness plane. {' '.join(said)}"),
    )  # fmt: skip


def worlds(findings: Findings) -> Illustration | None:
    """The gain of every scenario in every world."""
    sturdy = findings.robustness
    if sturdy is None:
        return None
    comparison = findings.comparison
    size = sturdy.outcomes[sturdy.scenarios[0]].abs().to_numpy(dtype=float)
    against, number_of_worlds = sturdy.against_base(), len(sturdy.worlds)
    rows, said = {}, []
    for number, scenario in enumerate(comparison.others):
        gain = sturdy.gain[scenario.name].to_numpy(dtype=float)
        defined = size > 0
        less, same, more, _ = against[scenario.name]
        words = f"less in {less} of {number_of_worlds}"
        rows[number] = (scenario.title, 100 * gain[defined] / size[defined], words)
        said.append(f"{LETTERS[number % 26]}, {scenario.title}: less delivered in {less}, "
                    f"as much in {same}, more in {more}.")  # fmt: skip
    return Illustration(
        "One dot a world", "",
        pictures.worlds(rows, "less delivered than in the base, %",
                        f"Gain against the base in {number_of_worlds} plausible worlds. "
                        f"{' '.join(said)}"),
    )  # fmt: skip


def matters(findings: Findings) -> Illustration | None:
    """The assumptions that go most with the size of the effect."""
    if findings.robustness is None or len(findings.robustness.worlds) < FEWEST_WORLDS:
        return None
    of = findings.robustness.matters().head(MATTERS)
    base = findings.comparison.base
    rows = [
        (label(str(key), base), float(correlation), bool(p < LEVEL))
        for key, correlation, p in of.itertuples(index=False)
        if isfinite(correlation)
    ]
    said = " ".join(f"{name} {signed(value, 2)}." for name, value, _ in rows)
    return Illustration(
        "Which assumptions go with a larger effect",
        "rank correlation; pale bars may be chance",
        pictures.correlations(rows, f"Rank correlations. {said}"),
    )


def corner(findings: Findings) -> Illustration | None:
    """What would have to be true for another scenario to deliver less than the first."""
    sturdy = findings.robustness
    if sturdy is None or sturdy.corner is None:
        return None
    base = findings.comparison.base
    spans = {one.key: one for one in assumptions(base)}
    box, chance = sturdy.corner
    rows, said = [], []
    for key, (low, high) in box.limits.items():
        one, name = spans[key], label(key, base)
        rows.append((name, one.low, one.high, low, high, one.value))
        said.append(f"{name} from {digits(low)} to {digits(high)}.")
    return Illustration(
        f"Coverage {percent(box.coverage)}, density {percent(box.density)}",
        f"{percent(box.mass)} of all worlds lie in it; with outcomes shuffled, "
        f"{percent(chance)} of searches find a corner as good",
        pictures.limits(rows, f"Limits of the corner. {' '.join(said)}"),
    )


ALL: dict[str, Callable[[Findings], list[Illustration] | Illustration | None]] = {
    "effects": effects, "bands": bands, "maps": maps, "levers": levers, "channels": channels,
    "plane": plane, "worlds": worlds, "matters": matters, "corner": corner,
}  # fmt: skip
