"""The table of facts: run the checks, keep them as CSV, show them as Markdown."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.engine import run_all
from experiments.facts import cross_model, flow, institutions, long_runs, organisations
from experiments.facts.declaring import Check, judge
from experiments.facts.observing import Observation, observe
from experiments.facts.settings import GRAPHS, MAPS, MERIDIAN_LONG, ONE_ROAD, VIRTUAL, Setting
from simulation.errors import InputError, nearest
from simulation.scenario import Scenario

CHECKS: tuple[Check, ...] = (
    *flow.CHECKS, *organisations.CHECKS, *cross_model.CHECKS, *institutions.CHECKS,
    *long_runs.CHECKS,
)  # fmt: skip
SETTINGS = (*MAPS, ONE_ROAD, *VIRTUAL, GRAPHS, MERIDIAN_LONG)
SEEDS = 30
LONG_SEEDS = 10  # runs of twenty years
SIGN = {"holds": "holds", "fails": "**fails**", "open": "open", "undefined": "undefined"}


@dataclass(frozen=True)
class Row:
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


COLUMNS = [field.name for field in fields(Row)]


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
) -> list[Row]:
    """Run all arms that the checks need in one setting, each once a seed, and judge.

    Parameters
    ----------
    place, checks, seeds
        Where, what and how often; of the checks those that make sense there.
    workers, progress
        As in `experiments.engine.run_all`.
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
) -> Row:
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
    return Row(
        check.name, check.fact, place.name, check.anchor, check.statistic, _text(check.low),
        _text(check.high), "fitted" if check.chosen else "predicted", check.chosen, found.seeds,
        _text(found.value), _text(found.low), _text(found.high), found.verdict, remark,
    )  # fmt: skip


def _remark(check: Check, place: Setting) -> str:
    """What was found in the pilot run of the setting, where the check rests on it."""
    if any("corridor" in arm for arm in check.arms):
        return f"{', '.join(place.corridor)}: {100 * place.corridor_share:.0f} % of the flow"
    if any("free rider" in arm for arm in check.arms):
        return place.bypassed
    if any("lifted" in arm for arm in check.arms):
        return f"{place.weakest} against {place.strongest}"
    return ""


def _text(number: float) -> str:
    """A number with four significant digits, empty if it is no number or has no end."""
    return f"{number:.4g}" if np.isfinite(number) else ""


def merged(old: Sequence[Row], new: Sequence[Row]) -> list[Row]:
    """Rows in the order of the checks; new ones replace old ones, unknown checks drop out."""
    kept = {(row.check, row.setting): row for row in (*old, *new)}
    keys = [(check.name, place) for check in CHECKS for place in check.settings]
    return [kept[key] for key in keys if key in kept]


def write(rows: Sequence[Row], file: Path) -> None:
    """Write the rows as CSV."""
    frame = pd.DataFrame([astuple(row) for row in rows], columns=pd.Index(COLUMNS))
    file.write_text(frame.to_csv(index=False, lineterminator="\n"), encoding="utf-8")


def read(file: Path) -> list[Row]:
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
    rows: list[Row] = []
    for record in frame.to_dict(orient="records"):
        cells = {str(name): str(value) for name, value in record.items()}
        seeds = int(cells.pop("seeds"))
        rows.append(Row(seeds=seeds, **cells))
    return rows


def markdown(rows: Sequence[Row]) -> str:
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
        "at the generated world.", "",
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
            lines.append("")
    lines += NOT_CHECKED
    return "\n".join(lines) + "\n"


NOT_CHECKED = [
    "## Facts without a check",
    "",
    "*The price climbs along the chain* (Reuter 1994). The model holds a price at the source and "
    "one at the market, both given by the scenario. A ladder computed from risk and transport in "
    "between climbs by construction, so a check of it could not fail, and none is made. See "
    "[limits.md](limits.md).",
]


def _by_kind(rows: Sequence[Row]) -> str:
    parts = []
    for kind in ("fitted", "predicted"):
        own = [row for row in rows if row.kind == kind]
        parts.append(f"{sum(r.verdict == 'holds' for r in own)} of {len(own)} {kind} ones hold")
    return f"Of the checks, {' and '.join(parts)}."


def _kind(row: Row) -> str:
    return f"fitted: {row.chosen}" if row.chosen else row.kind


def _band(row: Row) -> str:
    if row.low and row.high:
        return f"{row.low} to {row.high}"
    return f"above {row.low}" if row.low else f"below {row.high}"


def _interval(row: Row) -> str:
    return f"{row.value} ({row.from_} to {row.to})" if row.value else "–"
