"""The report: one page that answers a question, readable offline, on paper and on a phone.

The page is a template (`templates/report.html.j2`) with every text escaped; pictures are inline
SVG. This module says what stands in it. The same findings give the same bytes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from math import isfinite
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from tocsin.experiments.comparing.attribution import Part, differing, entries_of
from tocsin.experiments.comparing.cautions import of_comparison
from tocsin.experiments.comparing.comparison import Comparison
from tocsin.experiments.comparing.costs import TOTAL, by_instrument, effectiveness, frontier
from tocsin.experiments.comparing.displacement import balloon
from tocsin.experiments.comparing.families import AGAINST_BASE, SET
from tocsin.experiments.comparing.statistics import LEVEL
from tocsin.experiments.running.destination import write_whole
from tocsin.experiments.running.notices import drawn
from tocsin.experiments.running.provenance import versions
from tocsin.experiments.telling import illustrations
from tocsin.experiments.telling.drawing import LETTERS, listed
from tocsin.experiments.telling.findings import Findings
from tocsin.experiments.telling.illustrations import MATTERS, headlines, number_of
from tocsin.experiments.telling.places import OPEN_SECTORS, countries, elsewhere, sectors
from tocsin.experiments.telling.statement import (
    FEWEST_WORLDS,
    balloon_words,
    label,
    least_words,
    one_unit,
    percent,
    quoted,
    sentences,
    years,
)
from tocsin.experiments.unknowns.assumptions import assumptions, row_of
from tocsin.experiments.unknowns.decisive import decisive
from tocsin.experiments.unknowns.plausibility import BANDS, MEANINGS
from tocsin.experiments.unknowns.robustness import Spread
from tocsin.simulation.errors import InputError
from tocsin.simulation.messages import _
from tocsin.simulation.recording.indicators import indicator_of, label_of
from tocsin.simulation.recording.quantities import Quantity, digits, plain, signed
from tocsin.simulation.scenario.files import Scenario
from tocsin.simulation.state import FINGERPRINT_FORMAT

USD = ("USD", "million USD")
TONES = {"clearly better": "good", "clearly worse": "bad"}


@dataclass(frozen=True)
class StatedChange:
    """One thing that a scenario changes against the base."""

    name: str
    key: str
    before: str
    after: str
    why: str


@dataclass(frozen=True)
class Line:
    """One indicator of one scenario in the headline table."""

    name: str
    meaning: str
    base: str
    change: str
    interval: str
    detectable: str
    verdict: str
    tone: str


@dataclass(frozen=True)
class Entrant:
    """A scenario as the report introduces it."""

    letter: str
    series: int
    scenario: Scenario
    changes: tuple[StatedChange, ...]
    lines: tuple[Line, ...]
    balloon: str
    moved: str


def render(findings: Findings, command: str = "") -> str:
    """The whole page as HTML.

    Parameters
    ----------
    findings
        What is to be said.
    command
        The command that repeats it, if it is known.
    """
    page = Environment(
        loader=PackageLoader("tocsin.experiments.telling"), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    ).get_template("report.html.j2")  # fmt: skip
    comparison = findings.comparison
    base = comparison.base
    others = comparison.others
    leader = comparison.scenario(findings.leader)
    sturdy = findings.robustness
    first = leader if sturdy is None else comparison.scenario(sturdy.ranking[0])
    title = (
        others[0].question
        if len(others) == 1
        else f"What do {len(others)} scenarios change against {quoted(base)}, and at what price?"
    )
    entrants = [_entrant(findings, number, one) for number, one in enumerate(others)]
    missing: list[str] = []
    pictures = {
        name: drawn(name, partial(draw, findings), [], missing)
        for name, draw in illustrations.ALL.items()
    }
    return page.render(
        pictures, title=title, base=base, leader=leader, entrants=entrants,
        answer=sentences(findings), tiles=_tiles(findings), n=len(comparison.seeds),
        span=years(base.parameters.world.weeks),
        map_notes=sorted({one.grid.note for one in comparison.scenarios if one.grid.note}),
        detail=_detail(findings),
        elsewhere=elsewhere(findings),
        shared=any(set(base.grid.codes).intersection(one.grid.codes) for one in others),
        countries=countries(findings), sectors=sectors(findings), open_sectors=OPEN_SECTORS,
        instruments=_instruments(findings),
        ratios=_ratios(findings), steps=_steps(findings), sturdy=sturdy, first=first,
        limits=_limits(findings), robust=_robust_rows(findings), bands_kept=_bands_kept(findings),
        few=sturdy is not None and len(sturdy.worlds) < FEWEST_WORLDS,
        cautions=of_comparison(comparison), notes=(*findings.notes, *missing),
        effort=findings.effort, assumptions=_assumptions(findings),
        decisive=_decisive(base), writer=versions()["tocsin"], command=command,
        made_with=_made_with(comparison), mechanisms=_mechanisms(comparison), comparison=comparison,
        proof=_proof(comparison), percent=percent,
        seeds=f"{comparison.seeds[0]} to {comparison.seeds[-1]}", stopped=_stopped(findings),
        unit=one_unit(base), years=years, least=least_words(findings),
        sampled=[one.scenario.title for one in entrants
                 if one.scenario.name in findings.levers
                 and not findings.levers[one.scenario.name].exact],
    )  # fmt: skip


def _made_with(comparison: Comparison) -> str:
    """Versions that made the runs, and those of today that differ from them."""
    now = versions()
    made = ", ".join(f"{name} {number}" for name, number in comparison.versions.items())
    later = [f"{name} {number}" for name, number in now.items()
             if comparison.versions.get(name) != number]  # fmt: skip
    if not later:
        return _("Made with {made}.", made=made)
    return _("Made with {made}. This page, and the runs that it adds to those compared, were made "
             "with {later}.", made=made, later=", ".join(later))  # fmt: skip


def _mechanisms(comparison: Comparison) -> str:
    """The mechanisms of other packages that the runs had, and their sources."""
    kinds = {kind.name: kind for one in comparison.scenarios for kind in one.mechanisms}
    told = [kind.described() for kind in kinds.values()]
    return " ".join(
        _("Mechanism {name} of {maker}, sources {digest}.",
          name=one["name"], maker=one.get("package", one["class"]), digest=one["digest"])
        for one in told
    )  # fmt: skip


def _proof(comparison: Comparison) -> str:
    """What the fingerprints on the page can be compared with."""
    if comparison.fingerprint_format == FINGERPRINT_FORMAT:
        return _("Equal versions on the same kind of processor give equal fingerprints.")
    return _("What came out of the runs is stated in format {old} of the fingerprint; this version "
             "makes format {new}, so new runs cannot be compared with it.",
             old=comparison.fingerprint_format, new=FINGERPRINT_FORMAT)  # fmt: skip


def write_report(findings: Findings, file: Path, command: str = "") -> None:
    """Write the page; raises InputError if the file cannot be written."""
    write_whole(file, render(findings, command))


def _entrant(findings: Findings, number: int, scenario: Scenario) -> Entrant:
    comparison = findings.comparison
    index = balloon(comparison, scenario.name)
    row = comparison.row(scenario.name, AGAINST_BASE)
    alike = scenario.grid.digest == comparison.base.grid.digest
    words = "no loss is settled" if alike else "not known, on another map"
    moved = "" if row is None or not isfinite(row["difference"]) else digits(row["difference"])
    return Entrant(
        LETTERS[number % 26], number, scenario, tuple(_changes(comparison.base, scenario)),
        tuple(_lines(findings, scenario)), words if index is None else balloon_words(index), moved,
    )  # fmt: skip


def _changes(base: Scenario, other: Scenario) -> Iterable[StatedChange]:
    """What a scenario states against the base, with its reasons."""
    try:
        parts = differing(base, other)
    except InputError:
        parts = [Part(key, (key,)) for key in other.stated]
    for part in parts:
        for key in part.keys:
            before, after = (_value(one, key) for one in (base, other))
            yield StatedChange(
                label(key, base), key, before, after, other.reasons.get(key, "as by default")
            )
    theirs = [said for said, _ in entries_of(base)]
    mine = [said for said, _ in entries_of(other)]
    for said, (kind, entry) in (*entries_of(base), *entries_of(other)):
        if said in theirs and said in mine:
            continue
        stated = entry.model_dump(by_alias=True, exclude_defaults=True,
                                  exclude={"reason", "source", "kind"})  # fmt: skip
        words = ", ".join(f"{key} {value}" for key, value in stated.items())
        name = getattr(entry, "kind", kind).replace("_", " ")
        name = name if said in mine else f"no {name}"
        yield StatedChange(name, kind, "", words, entry.reason or entry.source)


def _value(scenario: Scenario, key: str) -> str:
    try:
        value = scenario.value(key)
    except InputError:
        return "none"
    if isinstance(value, tuple):
        return listed([str(one) for one in value]) or "none"
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "not stated"}[value]
    return plain(value, 6) if isinstance(value, int | float) else str(value)


def _lines(findings: Findings, scenario: Scenario) -> Iterable[Line]:
    comparison = findings.comparison
    for key in headlines(comparison):
        row = comparison.row(scenario.name, key)
        if row is None:
            continue
        quantity = Quantity.of(key, comparison.base, abs(row["base"] or 0.0))
        moved = Quantity.of(key, comparison.base, _size(row)) if quantity.unit in USD else quantity
        found = row["detectable"]
        verdict = str(row["verdict"])
        yield Line(
            label_of(key), indicator_of(key).definition, quantity.level(row["base"]),
            moved.difference(row["difference"]),
            "exact" if verdict == SET else moved.interval(row["low"], row["high"]),
            moved.difference(found).lstrip("+") if isfinite(found) else "", verdict,
            TONES.get(verdict, "plain"),
        )  # fmt: skip


def _size(row: dict[str, Any]) -> float:
    """The largest of a difference and the ends of its interval, by which its unit is chosen."""
    ends = (row[key] for key in ("difference", "low", "high"))
    return max((abs(end) for end in ends if end is not None and isfinite(end)), default=0.0)


def _tiles(findings: Findings) -> list[tuple[str, str, str]]:
    """Key figures of the leader: name, figure, what it is compared with.

    Where the sentences abstain, because an interval holds zero or worlds are few, stands no tile.
    """
    comparison = findings.comparison
    tiles = []
    for key in ("delivered", "interception_rate", "cost_total"):
        row = comparison.row(findings.leader, key)
        if row is None or not isfinite(row["difference"]) or row["low"] <= 0 <= row["high"]:
            continue
        quantity = Quantity.of(key, comparison.base, abs(row["base"]))
        relative = row["relative"]
        figure = quantity.difference(row["difference"])
        if key == "delivered" and isfinite(relative):
            figure = f"{signed(100 * relative)} %"
        tiles.append(
            (label_of(key), figure, f"base {quantity.level(row['base'])}; {row['verdict']}")
        )
    index = balloon(comparison, findings.leader)
    if index is not None and index.low > 0:
        figure, _, rest = balloon_words(index).partition(", ")
        tiles.append(("Balloon index", figure, f"{rest}; 1 means that all of it moved"))
    sturdy = findings.robustness
    if sturdy is not None and len(sturdy.worlds) >= FEWEST_WORLDS:
        better, equal, worse, _ = sturdy.against_base()[findings.leader]
        tiles.append(("Plausible worlds in which it delivers less",
                      f"{better} of {len(sturdy.worlds)}",
                      f"as much in {equal}, more in {worse}"))  # fmt: skip
    return tiles


def _instruments(findings: Findings) -> list[tuple[str, list[str]]]:
    of = by_instrument(findings.comparison)
    dollars = Quantity.of(TOTAL, findings.comparison.base)
    return [
        (str(name).removeprefix("cost_").replace("_", " "),
         [digits(dollars.scale * float(value)) for value in row])
        for name, row in zip(of.index, of.to_numpy(), strict=True)
    ]  # fmt: skip


def _ratios(findings: Findings) -> list[tuple[str, str, list[str]]]:
    """Cost of one unit of success: scenario by scenario, delivered and dismantled."""
    base = findings.comparison.base
    quantity = Quantity.amount("delivered", base)
    per = {"delivered": 1 / quantity.scale, "networks_dismantled": 1.0}
    scale = {"delivered": 1.0, "networks_dismantled": 1e-6}
    rows: dict[str, list[str]] = {}
    for row in effectiveness(findings.comparison).to_dict("records"):
        key = row["measure"]
        factor = per[key] * scale[key]
        said = {
            "saves": "more success at less cost", "no success": "no certain success",
            "no cost": "more success at the same cost",
            "cost not settled": "more success; not settled whether it costs more or less",
        }.get(
            row["statement"], f"{digits(factor * row['ratio'])} ({digits(factor * row['low'])} to "
            f"{digits(factor * row['high'])})",
        )  # fmt: skip
        rows.setdefault(row["scenario"], []).append(said)
    comparison = findings.comparison
    return [
        (LETTERS[number_of(findings, name) % 26], comparison.scenario(name).title, cells)
        for name, cells in rows.items()
    ]


def _steps(findings: Findings) -> list[tuple[str, str, str, str]]:
    """Steps up the efficient frontier: to, from, extra cost, price of a further unit."""
    comparison = findings.comparison
    per = 1 / Quantity.amount("delivered", comparison.base).scale
    rows = []
    for step in frontier(comparison):
        price = "not settled what it costs" if step.avoids else "not clear that it avoids more"
        if isfinite(step.ratio):
            middle, low, high = (digits(per * one) for one in (step.ratio, step.low, step.high))
            price = f"{middle} ({low} to {high})"
        dollars = Quantity.of(TOTAL, comparison.base, abs(step.cost))
        rows.append((comparison.scenario(step.scenario).title,
                     comparison.scenario(step.after).title,
                     dollars.difference(step.cost), price))  # fmt: skip
    return rows


def _robust_rows(findings: Findings) -> list[dict[str, str]]:
    """Scenario by scenario, what came out over the plausible worlds, in counts of them."""
    sturdy = findings.robustness
    if sturdy is None:
        return []
    comparison = findings.comparison
    against, first, regret = sturdy.against_base(), sturdy.first(), sturdy.regret()
    cheapest = sturdy.cheapest()
    quantity = Quantity.of(sturdy.by, comparison.base, max(regret.values()))
    per = 1 / Quantity.amount("delivered", comparison.base).scale
    rows = []
    for name in sturdy.scenarios:
        alone, tied = first[name]
        row = {
            "letter": "", "title": comparison.scenario(name).title, "less": "", "same": "",
            "more": "", "effect": "", "cost": "", "cheapest": "",
            "first": f"{alone} (ties in {tied})" if tied else str(alone),
            "regret": quantity.difference(regret[name]).lstrip("+"),
        }  # fmt: skip
        if name in against:
            less, same, more, _ = against[name]
            row |= {"less": str(less), "same": str(same), "more": str(more)}
            row["letter"] = LETTERS[number_of(findings, name) % 26]
            row["effect"] = _over_worlds(sturdy.relative_gain(name), -100, " %")
            row["cost"] = _over_worlds(sturdy.unit_cost(name), per, "")
            row["cheapest"] = str(cheapest[name])
        rows.append(row)
    return rows


def _over_worlds(spread: Spread, scale: float, unit: str) -> str:
    """Median, range and number of worlds; nothing where it is defined nowhere."""
    if not spread.worlds:
        return "defined in no world"
    low, high = sorted((scale * spread.low, scale * spread.high))
    write = digits if scale > 0 else signed
    return (f"{write(scale * spread.middle)}{unit} ({write(low)} to {write(high)}{unit}; "
            f"{spread.worlds})")  # fmt: skip


def _bands_kept(findings: Findings) -> list[tuple[str, str, str]]:
    """What a plausible world keeps to: in words, why, and how many worlds were discarded for it."""
    sturdy = findings.robustness
    if sturdy is None:
        return []
    sources = {band.name: band.source for band in BANDS}
    return [
        (meaning, sources.get(name, ""), str(sturdy.discarded.get(name, 0)))
        for name, meaning in MEANINGS.items()
    ]


def _limits(findings: Findings) -> list[tuple[str, str]]:
    """What the assumptions mean that bound the corner in which it flips."""
    sturdy = findings.robustness
    if sturdy is None or sturdy.corner is None:
        return []
    return [(key, row_of(key).meaning) for key in sturdy.corner[0].limits]


def _assumptions(findings: Findings) -> list[tuple[str, str, str, str, str]]:
    """The assumptions that matter most: key, value, span, meaning, what rests on it."""
    sturdy, base = findings.robustness, findings.comparison.base
    if sturdy is None or len(sturdy.worlds) < FEWEST_WORLDS:
        return []
    spans = {one.key: one for one in assumptions(base)}
    found = []
    for key, correlation, p in sturdy.matters().head(MATTERS).itertuples(index=False):
        row, one = row_of(str(key)), spans[str(key)]
        beyond = "beyond chance" if p < LEVEL else "may be chance"
        found.append((
            one.key, f"{_value(base, one.key)} {row.unit}".strip(),
            f"{plain(one.low)} to {plain(one.high)}",
            row.meaning, f"{signed(correlation, 2)}, {beyond}",
        ))  # fmt: skip
    return found


def _decisive(base: Scenario) -> list[tuple[str, str, str, str, str, str]]:
    """The five of the screening: key, value, bounds, meaning, source, what it decides most."""
    found = []
    for one in decisive():
        value = f"{_value(base, one.key)} {one.unit}".strip()
        if base.value(one.key) != one.default:
            value += f" (default {plain(one.default)})"
        ends = ("no limit" if end is None else plain(end) for end in (one.low, one.high))
        span = " to ".join(ends)
        found.append((one.key, value, span, one.meaning, one.source, one.words))
    return found


def _detail(findings: Findings) -> list[dict[str, Any]]:
    """Every indicator of every scenario, for those who want it all."""
    comparison = findings.comparison
    rows = []
    for row in comparison.rows():
        key = str(row["indicator"])
        scenario = comparison.scenario(row["scenario"])
        quantity = Quantity.of(key, scenario, abs(row["base"] or 0.0))
        low, high = (float("nan") if row[k] is None else row[k] for k in ("low", "high"))
        moved = Quantity.of(key, scenario, _size(row)) if quantity.unit in USD else quantity
        rows.append({
            "letter": LETTERS[number_of(findings, scenario.name) % 26], "name": label_of(key),
            "base": quantity.level(row["base"]), "change": moved.difference(row["difference"]),
            "interval": "exact" if row["verdict"] == SET else moved.interval(low, high),
            "verdict": row["verdict"], "n": row["n"],
        })  # fmt: skip
    return rows


def _stopped(findings: Findings) -> str:
    stopped = findings.comparison.stopped
    if stopped is None:
        return ""
    name, width = stopped.until.indicator, stopped.until.half_width
    quantity = Quantity.of(name, findings.comparison.base, width)
    return stopped.sentence(quantity.difference(width).lstrip("+"))
