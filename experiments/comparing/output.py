"""Output: what a folder of results holds, and how it is read again."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ValidationError
from tocsin.experiments.comparing.annual import report_text
from tocsin.experiments.comparing.comparison import Comparison
from tocsin.experiments.comparing.stopping import Stopped, Until
from tocsin.experiments.design.goods import same_goods
from tocsin.experiments.running.destination import write_text
from tocsin.experiments.running.provenance import changed_mechanisms, described, versions
from tocsin.experiments.running.seals import (
    checked,
    checked_table,
    or_said,
    read_manifest,
    write_manifest,
)
from tocsin.simulation.errors import InputError
from tocsin.simulation.geography.map_files import map_text, read_map
from tocsin.simulation.mechanism import find
from tocsin.simulation.messages import _
from tocsin.simulation.parameters import Parameters
from tocsin.simulation.recording.indicators import indicator_of
from tocsin.simulation.recording.quantities import Quantity
from tocsin.simulation.run import Run
from tocsin.simulation.scenario.files import Scenario
from tocsin.simulation.scenario.schedule import read_schedule
from tocsin.simulation.state import FINGERPRINT_FORMAT, fingerprint_format

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # begin a formula in a spreadsheet
MEASURED = ("base", "difference", "low", "high", "detectable", "value")
COMPARE = "name a folder that `tocsin compare` wrote with --out"
TABLES = ("table", "outcomes", "flows", "officers", "bands")


def write_run(finished: Run, folder: Path) -> None:
    """Write series, events, annual reports, end values and manifest of a run into a folder."""
    write_table(finished.series.reset_index(), folder / "series")
    write_table(finished.events, folder / "events")
    (folder / "reports").mkdir()
    for report in finished.reports:
        page = folder / "reports" / f"year_{report.year:02d}.md"
        write_text(page, report_text(report, finished.scenario))
    manifest = {
        "kind": "run",
        "seed": finished.seed,
        "weeks": finished.weeks,
        "fingerprint": finished.fingerprint,
        "fingerprint_format": FINGERPRINT_FORMAT,
        "indicators": finished.indicators,
        "scenario": described(finished.scenario),
        "versions": versions(),
    }
    write_manifest(manifest, folder, ["series.parquet", "events.parquet"])


def read_run(folder: Path) -> tuple[pd.DataFrame, Parameters]:
    """Event log and parameters of a run that `write_run` wrote.

    Raises InputError if the folder is none, or is damaged.
    """
    again = f"write one with tocsin run SCENARIO --out {folder}"
    told = read_manifest(folder, "run", again)
    with or_said(folder, again):
        events = checked_table(folder, told, "events", again)
        return events, Parameters.model_validate(told["scenario"]["parameters"])


def write_comparison(comparison: Comparison, folder: Path, command: str = "") -> None:
    """Write all tables, maps and the manifest of a comparison into a folder.

    Parquet files hold values in the units of `tocsin.simulation.recording.indicators`, so that they
    can be read again; CSV files those that people read, with a column that names the unit.
    `command` is what repeats it; `read_comparison` reads the folder.
    """
    for name in TABLES:
        table = getattr(comparison, name)
        table.to_parquet(folder / f"{name}.parquet", index=False)
        shown = _in_units(table, comparison.base) if "indicator" in table else table
        for_sheets(shown).to_csv(folder / f"{name}.csv", index=False)
    write_table(comparison.flow.reset_index(), folder / "flow")
    scenarios = []
    for scenario in comparison.scenarios:
        file = f"{scenario.grid.digest[:12]}.map"
        write_text(folder / file, map_text(scenario.grid))
        proof = {"map": file, "fingerprint": comparison.fingerprints[scenario.name]}
        scenarios.append(described(scenario) | proof)
    stopped = comparison.stopped
    manifest = {
        "kind": "comparison",
        "command": command,
        "seeds": list(comparison.seeds),
        "weeks": comparison.base.parameters.world.weeks,
        "stopped": None if stopped is None else stopped.described(),
        "primary": list(comparison.primary),
        "fingerprint_format": comparison.fingerprint_format,
        "scenarios": scenarios,
        "versions": comparison.versions,
    }
    tables = [f"{name}.parquet" for name in (*TABLES, "flow")]
    write_manifest(manifest, folder, [*tables, *dict.fromkeys(one["map"] for one in scenarios)])


def in_units(comparison: Comparison) -> list[dict[str, Any]]:
    """Rows of the table in the units that people read, each with its unit; None where undefined."""
    table = _in_units(comparison.table, comparison.base).astype(object)
    return table.where(table.notna(), None).to_dict(orient="records")


def _in_units(table: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """A table with a column `indicator` in the units that people read (kg, persons, USD, %)."""
    known = {key: _unit(key, scenario) for key in table.indicator.unique()}
    scale = table.indicator.map({key: one.scale for key, one in known.items()}).astype(float)
    shown = table.copy()
    for name in MEASURED:
        if name in table:
            shown[name] = table[name] * scale
    place = list(table.columns).index("indicator") + 1
    shown.insert(place, "unit", table.indicator.map({key: one.unit for key, one in known.items()}))
    return shown


def _unit(key: str, scenario: Scenario) -> Quantity:
    """The unit of all values of an indicator in a table, whatever their size."""
    return Quantity.of(key, scenario, 1.0 if indicator_of(key).kind == "money" else 0.0)


def read_comparison(folder: Path) -> Comparison:
    """Read what `write_comparison` wrote.

    Raises
    ------
    InputError
        The folder holds no comparison, is damaged, of another version of the model, or of
        scenarios with different headline commodities.
    """
    told = read_manifest(folder, "comparison", COMPARE)
    with or_said(folder, COMPARE):
        tables = {name: checked_table(folder, told, name, COMPARE) for name in TABLES}
        flow = checked_table(folder, told, "flow", COMPARE).set_index("sector")
        if len(told["scenarios"]) < 2:
            raise ValueError("a base and another scenario are needed")
        if not told["seeds"] or set(told["seeds"]) != set(tables["outcomes"]["seed"].tolist()):
            raise ValueError("the seeds are not those of the outcomes")
        stopped = told["stopped"]
        if stopped is not None:
            until = Until(stopped["indicator"], stopped["half_width"], stopped["most"])
            stopped = Stopped(until, stopped["reached"], stopped["pairs"])
        for said in told["scenarios"]:
            checked(folder, told, said["map"], COMPARE)
        scenarios = tuple(_rebuilt(one, folder, told["versions"]) for one in told["scenarios"])
        same_goods(scenarios, str(folder))
        return Comparison(
            scenarios, tuple(told["seeds"]), flow=flow, stopped=stopped,
            fingerprints={said["name"]: said["fingerprint"] for said in told["scenarios"]},
            primary=tuple(told["primary"]),
            fingerprint_format=fingerprint_format(told, folder), versions=dict(told["versions"]),
            **tables,
        )  # fmt: skip


def _rebuilt(said: dict[str, Any], folder: Path, made_by: dict[str, str]) -> Scenario:
    """A scenario as it was when it ran, whatever has become of its file."""
    try:
        kinds = find(one["name"] for one in said.get("mechanisms", ()))
    except InputError as wrong:
        raise InputError(f"{folder}: {wrong}") from None
    scenario = None
    with suppress(KeyError, ValidationError, InputError):
        values = dict(said["parameters"])
        levers = {kind.name: kind.levers.model_validate(values.pop(kind.name)) for kind in kinds}
        parameters = Parameters.model_validate(values).model_copy(update=levers)
        scenario = Scenario(
            **{key: said[key] for key in ("name", "title", "question", "author", "description",
                                          "family", "parent", "reasons", "overrides")},
            lineage=tuple(said["lineage"]), path=str(folder / "manifest.json"),
            stated=said["values"], parameters=parameters, mechanisms=kinds,
            schedule=read_schedule(said["schedule"]),
            own_schedule=read_schedule(said["own_schedule"]),
            grid=read_map(folder / said["map"]),
        )  # fmt: skip
    now = {"mechanisms": [kind.described() for kind in kinds]}
    for name in changed_mechanisms(said, now):
        raise InputError(_(
            "{folder}: mechanism {name} has changed since {scenario} was run; install it as it "
            "was, or compare again.", folder=folder, name=repr(name), scenario=said.get("name"),
        ))  # fmt: skip
    if scenario is None or scenario.digest != said["digest"]:
        raise InputError(f"{folder}: {said.get('name')} was run by another version of the model "
                         f"(tocsin {made_by.get('tocsin')}); compare again.")  # fmt: skip
    return scenario


def write_table(table: pd.DataFrame, stem: Path) -> None:
    """Write a table as Parquet and as CSV; floats in CSV keep every digit.

    Parquet has every text as it was written. In CSV a text that a spreadsheet would take for a
    formula begins with an apostrophe, which makes it text there.
    """
    table.to_parquet(stem.with_suffix(".parquet"), index=False)
    for_sheets(table).to_csv(stem.with_suffix(".csv"), index=False)


def for_sheets(table: pd.DataFrame) -> pd.DataFrame:
    """The table with an apostrophe before each text that a spreadsheet would take for a formula."""
    found = table.copy()
    for name in table.columns:
        column = table[name]
        if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
            continue
        found[name] = [f"'{one}" if isinstance(one, str) and one[:1] in FORMULA else one
                       for one in column]  # fmt: skip
    return found


def write_json(value: Any, path: Path) -> None:
    """Write indented JSON."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")
