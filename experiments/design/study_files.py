"""Study files: TOML that states what is varied, how, and what is kept.

The format is described in `docs/studies.md`. Reading is all or nothing: the first fault is one
sentence with file, key, value and what is allowed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import resources
from math import prod
from pathlib import Path
from typing import Any, get_args

import pandas as pd
from tocsin.experiments.design.points import STEPS, Axis
from tocsin.experiments.design.published import figures_of
from tocsin.experiments.design.study import (
    POSTERIOR,
    Design,
    Replications,
    ScenarioTask,
    Study,
    values_of,
)
from tocsin.simulation.errors import InputError, nearest
from tocsin.simulation.run import LARGEST_SEED, LONGEST, run
from tocsin.simulation.scenario.files import Scenario, load_beside
from tocsin.simulation.scenario.overrides import Key, parse_key
from tocsin.simulation.scenario.reading import read_mechanisms, read_primary
from tocsin.simulation.scenario.values import allowed, check_value
from tocsin.simulation.scenario.wording import fault
from tocsin.simulation.text_files import find, read_list, read_text, toml_table

SCHEMA = 1
MOST = 200_000  # points of a design; assumption: a day of short runs on a large machine
SIZES = {"grid": "steps", "latin_hypercube": "points", "sobol": "n", "morris": "trajectories"}
DESIGNS = (*SIZES, "list")
RULE = ("indicator", "half_width", "at_least", "at_most")
HEAD = ("title", "question", "author")
SETTINGS = ("schema", *HEAD, "base", "mechanisms", "weeks", "seed", "indicators", "series")
TABLES = (
    "levers", "assumptions", POSTERIOR, "design", "replications", "figures", "calibration",
    "targets", "primary",
)  # fmt: skip


def shipped() -> dict[str, Any]:
    """Name -> file of every study that comes with the package."""
    files = resources.files("tocsin.experiments").joinpath("studies").iterdir()
    return dict(sorted((f.name[:-5], f) for f in files if f.name.endswith(".toml")))


def read(name: str | Path) -> Study:
    """Read a study by the name of a shipped one, or by path.

    Raises
    ------
    InputError
        There is no such file, or it is not well formed; the sentence says what to mend.
    """
    table, path = toml(name)
    try:
        return _study(table, path.parent)
    except InputError as wrong:
        raise InputError(f"{path.name}: {wrong}") from None


def toml(name: str | Path) -> tuple[dict[str, Any], Path]:
    """The content of a study file and where it is."""
    known = shipped()
    found = find(str(name), Path(), known, ".toml", "study")
    if found is None and not str(name).endswith(".toml"):
        raise InputError(
            f"study {str(name)!r}: there is no such study; the shipped ones are "
            f"{', '.join(known)}{nearest(str(name), known)}."
        )
    path = Path(str(found or name))
    text = read_text(path, "a study")
    try:
        return toml_table(text), path
    except InputError as wrong:
        raise InputError(f"{path.name}: {wrong}") from None


def settings_of(
    table: Mapping[str, Any], name: str, part: str, known: Mapping[str, tuple[int, int]]
) -> dict[str, int]:
    """Whole numbers of one part of a study file; `known` gives default and lowest value."""
    stated = table.get(part, {})
    try:
        _known(f"{part}.", stated, tuple(known))
        return {key: _whole(stated, key, *limits) for key, limits in known.items()}
    except InputError as wrong:
        raise InputError(f"{name}: {wrong}") from None


def _study(table: dict[str, Any], folder: Path) -> Study:
    _known("", table, (*SETTINGS, *TABLES))
    if "schema" not in table:
        raise InputError(f"schema: missing; write schema = {SCHEMA} in the first line.")
    if table["schema"] != SCHEMA:
        raise fault("schema", table["schema"], "not a version that is read here",
                    f"allowed is {SCHEMA}")  # fmt: skip
    for key in (*HEAD, "base"):
        if not isinstance(table.get(key), str) or not table[key].strip():
            raise InputError(f"{key}: missing; allowed is a text in quotes.")
    for key in TABLES:
        if not isinstance(table.get(key, {}), dict):
            raise fault(key, table[key], "not a table", f"write [{key}] on a line of its own")
    task = _task(table, folder)
    axes, reasons = _axes(table, task.base)
    design, posterior = _design(table, axes, folder)
    levers = [axis.key for axis in axes if parse_key(axis.key).kind == "lever"]
    study = Study(
        task, tuple(axes), design, _replications(table.get("replications", {}), task),
        tuple(levers), posterior, _whole(table, "seed", 0, 0, LARGEST_SEED), table["title"],
        table["question"], table["author"], reasons, _primary(table, task),
    )  # fmt: skip
    if study.factors or design.kind == "list":
        _check_points(study)
    return study


def _task(table: dict[str, Any], folder: Path) -> ScenarioTask:
    base = load_beside(table["base"], folder)
    if added := read_mechanisms(table):
        base = base.with_mechanisms(added)
    if "weeks" in table:
        base = base.with_length(_whole(table, "weeks", None, 1, LONGEST))
    measured = list(run(base, weeks=1, events=False).indicators)
    chosen = {}
    for key, default in (("indicators", measured), ("series", [])):
        names = table.get(key, default)
        if not isinstance(names, list):
            raise fault(key, names, "not a list", 'allowed is a list as ["delivered"]')
        for one in names:
            if one not in measured:
                raise InputError(f"{key}: {one!r} is not measured in {base.name}"
                                 f"{nearest(str(one), measured)}.")  # fmt: skip
        chosen[key] = tuple(dict.fromkeys(names))
    figures = figures_of(table.get("figures", {}), measured, base.grid.codes)
    return ScenarioTask(base, chosen["indicators"], chosen["series"], figures)


def _primary(table: dict[str, Any], task: ScenarioTask) -> tuple[str, ...]:
    """What the study declares as primary; else what its scenario does, as far as it is kept."""
    kept = [*task.indicators, *(figure.name for figure in task.figures)]
    return read_primary(table, kept) or tuple(one for one in task.base.primary if one in kept)


def _axes(table: dict[str, Any], base: Scenario) -> tuple[list[Axis], dict[str, str]]:
    axes: list[Axis] = []
    reasons: dict[str, str] = {}
    for home in ("levers", "assumptions"):
        for dotted, entry in _entries(table.get(home, {})):
            where = f"{home}.{dotted}"
            _known(f"{where}.", entry, ("low", "high", "values", "reason"))
            if not isinstance(entry.get("reason"), str) or not entry["reason"].strip():
                raise InputError(f"{where}: no reason is given; say where the range comes from.")
            if "values" in entry and not (isinstance(entry["values"], list) and entry["values"]):
                raise fault(f"{where}.values", entry["values"], "not a list of values")
            if "values" in entry and {"low", "high"} & set(entry):
                raise InputError(f"{where}: give values, or low and high, not both.")
            key = parse_key(dotted)
            if (key.kind == "lever") != (home == "levers"):
                other = "levers" if key.kind == "lever" else "assumptions"
                raise InputError(f"{where}: {dotted} is of kind {key.kind}; it stands in "
                                 f"[{other}].")  # fmt: skip
            axis = Axis.of(dotted, entry.get("low"), entry.get("high"), entry.get("values", ()))
            if axis.key in reasons:
                raise InputError(f"{where}: {axis.key} stands there twice; once is enough.")
            base.value(axis.key)
            axes.append(axis)
            reasons[axis.key] = entry["reason"]
    return axes, reasons


def _entries(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted keys, in quotes or not, with the table of each."""
    for key, value in table.items():
        dotted = f"{prefix}.{key}" if prefix else key
        if not isinstance(value, dict):
            raise fault(dotted, value, "not a table",
                        'write { low = ..., high = ..., reason = "..." }')  # fmt: skip
        if any(isinstance(inner, dict) for inner in value.values()):
            yield from _entries(value, dotted)
        else:
            yield dotted, value


def _design(
    table: dict[str, Any], axes: list[Axis], folder: Path
) -> tuple[Design, pd.DataFrame | None]:
    posterior = None
    if POSTERIOR in table:
        _known("posterior.", table[POSTERIOR], ("file", "draws"))
        posterior = _csv(folder, table[POSTERIOR].get("file"), "posterior.file")
        draws = _whole(table[POSTERIOR], "draws", min(50, len(posterior)), 2, len(posterior))
        posterior = posterior.head(draws)
        _apart(axes, posterior)
    stated = table.get("design", {})
    kind = stated.get("kind", "grid")
    if kind not in DESIGNS:
        raise fault("design.kind", kind, "no such design", f"allowed is {' or '.join(DESIGNS)}",
                    nearest(str(kind), DESIGNS))  # fmt: skip
    if kind == "list":
        _known("design.", stated, ("kind", "file"))
        if axes:
            raise InputError("design: a list names its keys in the file; take the tables of "
                             "levers and assumptions out.")  # fmt: skip
        points = _csv(folder, stated.get("file"), "design.file")
        for column in points:
            values = tuple(points[column].drop_duplicates().tolist())
            axes.append(Axis.of(str(column), values=values))
        if posterior is not None:
            _apart(axes, posterior)
        return Design("list", 0, 0, points), posterior
    size = SIZES[kind]
    _known("design.", stated, ("kind", size, "seed"))
    number = _whole(stated, size, STEPS if kind == "grid" else None, 2, MOST)
    _check_size(kind, size, number, axes)
    return Design(kind, number, _whole(stated, "seed", 0, 0)), posterior


def _check_size(kind: str, size: str, number: int, axes: Sequence[Axis]) -> None:
    """Refuse a design of more points than a study can hold, before they are made."""
    points = {
        "grid": prod(len(axis.values) or number for axis in axes),
        "morris": number * (len(axes) + 1),
        "sobol": number * (2 * len(axes) + 2),
    }.get(kind, number)
    if points > MOST:
        raise fault(f"design.{size}", number, f"{points} points are too many",
                    f"allowed are {MOST} points")  # fmt: skip


def _apart(axes: Sequence[Axis], posterior: pd.DataFrame) -> None:
    for axis in axes:
        if axis.key in posterior:
            raise InputError(f"{axis.key}: varied by itself and in the posterior sample; choose.")


def _csv(folder: Path, name: Any, where: str) -> pd.DataFrame:
    """A table of points: dotted keys in the first line, a point in each other line."""
    if not isinstance(name, str) or not name:
        raise InputError(f"{where}: missing; allowed is the name of a CSV file.")
    try:
        head, lines, meant = read_list(folder / name, "a list")
    except InputError as wrong:
        raise InputError(f"{where}: {wrong}") from None
    keys: list[Key] = []
    for number, text in enumerate(head.cells, 1):
        if not text:
            raise InputError(f"{name}, line {head.number}: column {number} has no key.")
        try:
            keys.append(parse_key(text))
        except InputError as wrong:
            raise InputError(f"{name}, line {head.number}: {wrong}") from None
        if keys.count(keys[-1]) > 1:
            raise InputError(f"{name}, line {head.number}: {keys[-1].dotted} has two columns; one "
                             "is enough.")  # fmt: skip
    rows = []
    for line in lines:
        try:
            rows.append([_point(key, text, meant) for key, text in zip(keys, line.cells,
                                                                       strict=True)])  # fmt: skip
        except InputError as wrong:
            raise InputError(f"{name}, line {line.number}: {wrong}") from None
    if not rows:
        raise InputError(f"{name}: it holds no points.")
    return pd.DataFrame(rows, columns=[key.dotted for key in keys])


def _point(key: Key, text: str, meant: Callable[[str], Any]) -> Any:
    """The checked value of one cell; programs write whole numbers as 2.0, and words like 7."""
    if not text:
        raise InputError(f"{key.dotted}: the cell is empty; {allowed(key.field)}.")
    try:
        value = meant(text)
    except InputError as wrong:
        raise InputError(f"{key.dotted}: {wrong}") from None
    types = {key.field.annotation, *get_args(key.field.annotation)}
    if isinstance(value, float) and value.is_integer() and int in types and float not in types:
        value = int(value)
    if str in types and not isinstance(value, str):
        value = text
    return check_value(key.dotted, key.field, value)


def _replications(stated: dict[str, Any], task: ScenarioTask) -> Replications:
    _known("replications.", stated, ("number", *RULE))
    if not set(RULE) & set(stated):
        number = _whole(stated, "number", 1, 1)
        return Replications(number, number)
    if "number" in stated:
        raise InputError("replications: give a number or a stopping rule, not both.")
    missing = [key for key in ("indicator", "half_width", "at_most") if key not in stated]
    if missing:
        raise InputError(f"replications.{missing[0]}: missing; a stopping rule needs it.")
    if stated["indicator"] not in task.indicators:
        raise fault("replications.indicator", stated["indicator"], "not an indicator that is kept",
                    "", nearest(str(stated["indicator"]), task.indicators))  # fmt: skip
    width = stated["half_width"]
    if not isinstance(width, float) or not 0 < width < 1:
        raise fault("replications.half_width", width, "not a share",
                    "allowed is a number between 0 and 1")  # fmt: skip
    least = _whole(stated, "at_least", 5, 2)
    most = _whole(stated, "at_most", None, least)
    return Replications(least, most, stated["indicator"], width)


def _check_points(study: Study) -> None:
    """Whether the model takes the ends of each axis; what only some points break is recorded."""
    base, points = study.base, study.points()
    assert base is not None
    keys = [key for key in points.columns if key != POSTERIOR]
    rows = {0, len(points) - 1}
    for key in keys:
        if pd.api.types.is_numeric_dtype(points[key]):
            rows |= {int(points[key].argmin()), int(points[key].argmax())}
    for row in sorted(rows):
        base.with_(values_of(points, row))


def _known(where: str, table: Mapping[str, Any], allowed: Sequence[str]) -> None:
    for key in table:
        if key not in allowed:
            raise InputError(f"{where}{key}: there is no such key; allowed are "
                             f"{', '.join(allowed)}{nearest(key, allowed)}.")  # fmt: skip


def _whole(
    table: Mapping[str, Any], key: str, default: int | None, low: int, high: int | None = None
) -> int:
    value = table.get(key, default)
    if value is None:
        raise InputError(f"{key}: missing; allowed is a whole number from {low}.")
    beyond = high is not None and isinstance(value, int) and value > high
    if isinstance(value, bool) or not isinstance(value, int) or value < low or beyond:
        end = f" to {high}" if high is not None else ""
        raise fault(key, value, "not such a number", f"allowed is a whole number from {low}{end}")
    return value
