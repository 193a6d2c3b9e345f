"""Output: folders of results that are written whole or not at all."""

import json
import platform
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.comparison import Comparison
from simulation.annual import report_text
from simulation.errors import InputError
from simulation.parameters import Parameters
from simulation.run import Run
from simulation.scenario import Scenario

PACKAGES = ("mesa", "numba", "numpy", "pandas", "pyarrow", "scipy")


@contextmanager
def whole_folder(target: Path, replace: bool = False) -> Iterator[Path]:
    """Give a temporary folder that becomes `target` if all goes well, and vanishes if not.

    Raises
    ------
    InputError
        The target holds something already (unless it may be replaced), or cannot be written.
    """
    if target.exists() and not replace and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"--out {target}: it is not empty; name a new or an empty folder.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as wrong:
        raise InputError(f"--out {target}: cannot be written ({wrong.strerror}).") from None
    try:
        yield work
        work.chmod(0o755)
        if target.exists():
            old = work.with_name(f"{work.name}-old")
            target.replace(old)
            work.replace(target)
            shutil.rmtree(old)
        else:
            work.replace(target)
    except OSError as wrong:
        shutil.rmtree(work, ignore_errors=True)
        raise InputError(
            f"--out {target}: writing failed, nothing was kept ({wrong.strerror or wrong})."
        ) from None
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise


def write_run(finished: Run, folder: Path) -> None:
    """Write series, events, annual reports, end values and manifest of a run into a folder."""
    write_table(finished.series.reset_index(), folder / "series")
    write_table(finished.events, folder / "events")
    (folder / "reports").mkdir()
    for report in finished.reports:
        page = folder / "reports" / f"year_{report.year:02d}.md"
        page.write_text(report_text(report, finished.scenario), encoding="utf-8")
    manifest = {
        "kind": "run",
        "seed": finished.seed,
        "weeks": finished.weeks,
        "fingerprint": finished.fingerprint,
        "indicators": finished.indicators,
        "scenario": described(finished.scenario),
        "versions": versions(),
    }
    write_json(manifest, folder / "manifest.json")


def read_run(folder: Path) -> tuple[pd.DataFrame, Parameters]:
    """Event log and parameters of a run that `write_run` wrote.

    Raises InputError if the folder is none.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        events = pd.read_parquet(folder / "events.parquet")
    except (OSError, ValueError):
        raise InputError(f"{folder}: no folder of a run; write one with tocsin run SCENARIO "
                         f"--out {folder}.") from None  # fmt: skip
    return events, Parameters.model_validate(manifest["scenario"]["parameters"])


def write_comparison(comparison: Comparison, folder: Path) -> None:
    """Write table, outcomes, flow and manifest of a comparison into a folder."""
    write_table(comparison.table, folder / "table")
    write_table(comparison.outcomes, folder / "outcomes")
    write_table(comparison.flow.reset_index(), folder / "flow")
    manifest = {
        "kind": "comparison",
        "seeds": list(comparison.seeds),
        "weeks": comparison.scenarios[0].parameters.world.weeks,
        "scenarios": [described(scenario) for scenario in comparison.scenarios],
        "versions": versions(),
    }
    write_json(manifest, folder / "manifest.json")


def write_table(table: pd.DataFrame, stem: Path) -> None:
    """Write a table as Parquet and as CSV; floats in CSV keep every digit."""
    table.to_parquet(stem.with_suffix(".parquet"), index=False)
    table.to_csv(stem.with_suffix(".csv"), index=False)


def write_json(value: Any, path: Path) -> None:
    """Write indented JSON."""
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def described(scenario: Scenario) -> dict[str, Any]:
    """A scenario in full, so that a reader needs no other file."""
    return {
        "name": scenario.name,
        "title": scenario.title,
        "lineage": list(scenario.lineage),
        "digest": scenario.digest,
        "overrides": scenario.overrides,
        "stated": scenario.to_toml(),
        "parameters": scenario.parameters.model_dump(mode="json"),
    }


def versions() -> dict[str, str]:
    """Versions of code, Python and the packages on which numbers depend."""
    own = {"tocsin": version("tocsin"), "python": platform.python_version()}
    return own | {name: version(name) for name in PACKAGES}
