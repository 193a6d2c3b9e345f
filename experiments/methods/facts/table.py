"""The table of facts: run the checks, keep them as CSV, show them as Markdown."""

import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
import pandas as pd
from tocsin.experiments.methods.facts import (
    cross_model,
    flow,
    institutions,
    long_runs,
    organisations,
    prices,
)
from tocsin.experiments.methods.facts import transfer as elsewhere
from tocsin.experiments.methods.facts.declaring import Check, judge
from tocsin.experiments.methods.facts.observing import Observation, observe
from tocsin.experiments.methods.facts.settings import (
    ELSEWHERE,
    GRAPHS,
    MAPS,
    MERIDIAN_LONG,
    ONE_ROAD,
    VIRTUAL,
    Setting,
)
from tocsin.experiments.running.stream import run_all
from tocsin.simulation.errors import InputError, nearest
from tocsin.simulation.recording.quantities import fixed, percent
from tocsin.simulation.scenario.files import Scenario

CHECKS: tuple[Check, ...] = (
    *flow.CHECKS, *prices.CHECKS, *organisations.CHECKS, *cross_model.CHECKS,
    *institutions.CHECKS, *elsewhere.CHECKS, *long_runs.CHECKS,
)  # fmt: skip
SETTINGS = (*MAPS, ONE_ROAD, *VIRTUAL, GRAPHS, *ELSEWHERE, MERIDIAN_LONG)
SEEDS = 30
LONG_SEEDS = 10  # runs of twenty years
SIGN = {"holds": "holds", "fails": "**fails**", "open": "open", "undefined": "undefined"}


@dataclass(frozen=True)
class FactRow:
    """One check in one setting, as it stands in docs/facts.csv; numbers as text.

    Attributes
    ----------
    low, high
        Bounds of the band.
    kind
        ``fitted`` or ``predicted``, and `chosen` says which defaults make it fitted.
    value, from_, to
        Estimate and its 95 % interval.
    """

    check: str
    fact: str
    setting: str
    anchor: str
    statistic: str
    low: str
    high: str
    kind: str
    chosen: str
    seeds: int
    value: str
    from_: str
    to: str
    verdict: str
    remark: str


COLUMNS = [field.name for field in fields(FactRow)]


def checks_of(names: Iterable[str] = ()) -> list[Check]:
    """Checks by name or by fact, all if none is named.

    Raises
    ------
    InputError
        There is no such check.
    """
    wanted = list(names)
    known = [*(check.name for check in CHECKS), *dict.fromkeys(check.fact for check in CHECKS)]
    for name in wanted:
        if name not in known:
            raise InputError(f"facts: there is no check {name!r}{nearest(name, known)}.")
    return [c for c in CHECKS if not wanted or c.name in wanted or c.fact in wanted]


def examine(
    place: Setting,
    checks: Sequence[Check],
    seeds: Sequence[int],
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
    pictures: Path | None = None,
) -> list[FactRow]:
    """Run all arms that the checks need in one setting, each once a seed, and judge.

    Parameters
    ----------
    place, checks, seeds
        Where, what and how often; of the checks those that make sense there.
    workers, progress
        As in `tocsin.experiments.running.stream.run_all`.
    pictures
        Folder for pictures of long runs, if they are wanted.
    """
    if place.name == MERIDIAN_LONG:
        seeds = seeds[:LONG_SEEDS]
    here = [check for check in checks if place.name in check.settings]
    arms = {name: place.arm(name) for check in here for name in check.arms}
    possible = {name: arm for name, arm in arms.items() if arm is not None}
    jobs: list[tuple[Scenario, int, tuple[str, ...]]] = [
        (arm, seed, place.corridor) for arm in possible.values() for seed in seeds
    ]
    seen = run_all(observe, jobs, workers, progress)
    by_arm = {name: seen[n * len(seeds) : (n + 1) * len(seeds)] for n, name in enumerate(possible)}
    if pictures is not None and "twenty years" in by_arm:
        long_runs.draw(by_arm["twenty years"], pictures)
    return [_row(check, place, seeds, by_arm) for check in here]


def _row(
    check: Check, place: Setting, seeds: Sequence[int], by_arm: dict[str, list[Observation]]
) -> FactRow:
    components = np.full((len(seeds), 1), np.nan)
    remark = _remark(check, place)
    if all(arm in by_arm for arm in check.arms):
        components = np.array([
            check.measure({arm: by_arm[arm][n] for arm in check.arms}, place, seed)
            for n, seed in enumerate(seeds)
        ], dtype=float)  # fmt: skip
    else:
        remark = "the world has no member that the check needs"
    found = judge(components, check.combine, check.low, check.high)
    return FactRow(
        check.name, check.fact, place.name, check.anchor, check.statistic, _text(check.low),
        _text(check.high), "fitted" if check.chosen else "predicted", check.chosen, found.seeds,
        _text(found.value), _text(found.low), _text(found.high), found.verdict, remark,
    )  # fmt: skip


def _remark(check: Check, place: Setting) -> str:
    """What was found in the pilot run of the setting, where the check rests on it."""
    if any("corridor" in arm for arm in check.arms):
        return f"{', '.join(place.corridor)}: {percent(place.corridor_share)} of the flow"
    if any("free rider" in arm for arm in check.arms):
        return place.bypassed
    if any("lifted" in arm for arm in check.arms):
        return f"{place.weakest} against {place.strongest}"
    return ""


def _text(number: float) -> str:
    """A number with four significant digits, empty if it is no number or has no end."""
    return f"{number:.4g}" if np.isfinite(number) else ""


def merged(old: Sequence[FactRow], new: Sequence[FactRow]) -> list[FactRow]:
    """Rows in the order of the checks; new ones replace old ones, unknown checks drop out."""
    kept = {(row.check, row.setting): row for row in (*old, *new)}
    keys = [(check.name, place) for check in CHECKS for place in check.settings]
    return [kept[key] for key in keys if key in kept]


def write(rows: Sequence[FactRow], file: Path) -> None:
    """Write the rows as CSV."""
    frame = pd.DataFrame([astuple(row) for row in rows], columns=pd.Index(COLUMNS))
    file.write_text(frame.to_csv(index=False, lineterminator="\n"), encoding="utf-8")


def read(file: Path) -> list[FactRow]:
    """Read what `write` wrote; nothing if there is no such file.

    Raises
    ------
    InputError
        The file has other columns.
    """
    if not file.is_file():
        return []
    frame = pd.read_csv(file, dtype=str, keep_default_na=False)
    if list(frame.columns) != COLUMNS:
        raise InputError(f"{file}: other columns than {', '.join(COLUMNS)}; run `make facts`.")
    rows: list[FactRow] = []
    for record in frame.to_dict(orient="records"):
        cells = {str(name): str(value) for name, value in record.items()}
        seeds = int(cells.pop("seeds"))
        rows.append(FactRow(seeds=seeds, **cells))
    return rows


def markdown(rows: Sequence[FactRow]) -> str:
    """The rows as a page; nothing in it but what the rows say."""
    count = {verdict: sum(row.verdict == verdict for row in rows) for verdict in SIGN}
    lines = [
        "<!-- Generated by `make facts` from docs/facts.csv; do not edit. -->",
        "# Stylised facts: what is known, and what the model gives", "",
        f"{len(rows)} checks: {count['holds']} hold, {count['fails']} fail, {count['open']} are "
        f"open, {count['undefined']} could not be made. {_by_kind(rows)}", "",
        "A check *holds* if the whole 95 % interval of its statistic (jackknife over seeds, "
        "Student's t) lies in the band, *fails* if all of it lies outside, and is *open* if it "
        "covers an edge. A statistic whose true value lies exactly at an edge is said to hold in "
        "2.5 % of all tables, and to fail in 2.5 %. *Fitted* means that somebody looked at the "
        "fact while the named defaults were chosen; all else is *predicted*. The defaults of the "
        "design study are marked so in [parameters.md](parameters.md). The band is that of the "
        "design, or the published range. What fails stays here.", "",
        "Runs are paired: base and treatment have the same seeds. Corridors and members are "
        "found by a rule in a pilot run with a seed of its own. No choice was made while looking "
        "at the generated world. Why a check does not hold was looked for in a few runs each (2 to "
        "4 seeds): it is where a change of the model would begin, not a finding.", "",
    ]  # fmt: skip
    for fact in dict.fromkeys(row.fact for row in rows):
        own = [row for row in rows if row.fact == fact]
        lines += [f"## {fact[0].upper()}{fact[1:]}", ""]
        for name in dict.fromkeys(row.check for row in own):
            same = [row for row in own if row.check == name]
            lines += [f"**`{name}`**: {same[0].statistic}. Known: {same[0].anchor}.", "",
                      "| world | band | model, 95 % interval | seeds | kind | verdict | |",
                      "|---|---|---|---|---|---|---|"]  # fmt: skip
            lines += [
                f"| {row.setting} | {_band(row)} | {_interval(row)} | {row.seeds} | {_kind(row)} "
                f"| {SIGN[row.verdict]} | {row.remark} |"
                for row in same
            ]
            lines += _why(name, same)
        lines += ABOUT.get(fact, [])
        lines += _gaps(own)
    return "\n".join(lines).rstrip() + "\n"


ABOUT = {
    "price climbs along the chain": [
        "The model holds a price at the source and one at the market, both given by the scenario. "
        "The ladder between them, what a unit has to earn behind each border, climbs by "
        "construction; that it climbs is therefore no check.", "",
    ],
    "transfer to other maps": [
        "The behavioural parameters are those of all maps, nothing was refitted; "
        "[worlds.md](worlds.md) has what comes out country by country, on these maps and on the "
        "Balkan route.", "",
    ],
    "sanity of behaviour": [
        "Ten runs of twenty years:", "",
        "![What is delivered, members, the largest route and the busiest sectors over twenty "
        "years](pictures/twenty_years.png)", "",
        "![Autocorrelation of flow and of patrols by sector](pictures/twenty_years_echo.png)", "",
    ],
}  # fmt: skip
_REASONS = Path(__file__).with_name("reasons.toml")
WHY: dict[str, str] = tomllib.loads(_REASONS.read_text(encoding="utf-8"))
PUBLISHED = {"membership_grows": 0.23, "membership_halved": -0.10, "membership_doubled": 0.06}


def _why(name: str, rows: Sequence[FactRow]) -> list[str]:
    """Why the check does not hold everywhere, if somebody looked."""
    if name not in WHY or all(row.verdict == "holds" for row in rows):
        return [""]
    return ["", f"Why it does not hold, as far as we can tell: {WHY[name]}.", ""]


def _gaps(rows: Sequence[FactRow]) -> list[str]:
    """How far a value lies from the published one, where that is one number."""
    gaps = [
        f"`{row.check}` {fixed(100 * (float(row.value) - PUBLISHED[row.check]), 0, sign=True)}"
        for row in rows
        if row.check in PUBLISHED and row.value
    ]
    if not gaps:
        return []
    return [f"Gap to the published equations, in points of a hundred: {', '.join(gaps)}.", ""]


def _by_kind(rows: Sequence[FactRow]) -> str:
    parts = []
    for kind in ("fitted", "predicted"):
        own = [row for row in rows if row.kind == kind]
        parts.append(f"{sum(r.verdict == 'holds' for r in own)} of {len(own)} {kind} ones hold")
    return f"Of the checks, {' and '.join(parts)}."


def _kind(row: FactRow) -> str:
    return f"fitted: {row.chosen}" if row.chosen else row.kind


def _band(row: FactRow) -> str:
    if row.low and row.high:
        return f"{row.low} to {row.high}"
    return f"above {row.low}" if row.low else f"below {row.high}"


def _interval(row: FactRow) -> str:
    return f"{row.value} ({row.from_} to {row.to})" if row.value else "–"
