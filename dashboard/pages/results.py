"""Results: what a folder that was named on the command line holds, and how to look at it.

A page asks for a number in a list, never for a path. What is listed lies inside the folder, links
included. A report is shown in a frame that runs no script and asks nothing from elsewhere.
"""

import base64
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import reacton.ipyvuetify as v
from reacton.core import component, use_effect, use_memo
from tocsin.dashboard.pages import verdicts
from tocsin.dashboard.parts.layout import card
from tocsin.dashboard.parts.widgets import ResultsPiece
from tocsin.dashboard.serving import settings
from tocsin.experiments.comparing.output import COMPARE
from tocsin.experiments.design.goods import mixed
from tocsin.experiments.running.seals import FAULTS, checked_table, read_manifest, reason
from tocsin.experiments.running.store import Store
from tocsin.simulation.errors import InputError
from tocsin.simulation.recording.indicators import MAIN, label_of
from tocsin.simulation.recording.quantities import plain

KINDS = {"comparison": "Comparison", "study": "Study", "run": "Run", "report": "Report"}
DEPTH = 3
MOST_ITEMS = 200
MOST_BYTES = 24 * 1024 * 1024
ROWS = 50
CLOSED = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "style-src 'unsafe-inline'; img-src data:; font-src data:\">"
)


@dataclass(frozen=True)
class KeptResult:
    """One thing to look at: a report (a file), or a folder with a manifest."""

    kind: str
    path: Path
    name: str

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What a folder says about itself; empty for a report."""
        if self.kind == "report":
            return {}
        return _manifest(self.path)


def find(root: Path) -> list[KeptResult]:
    """Reports, comparisons, studies and runs in a folder, by kind and name."""
    root = root.resolve()
    found: list[KeptResult] = []
    _search(root, root, 0, found)
    order = list(KINDS)
    found.sort(key=lambda item: (order.index(item.kind), item.name))
    return found[:MOST_ITEMS]


def _search(folder: Path, root: Path, depth: int, found: list[KeptResult]) -> None:
    if (folder / "manifest.json").is_file() and _inside(folder / "manifest.json", root):
        kind = _manifest(folder).get("kind")
        if isinstance(kind, str) and kind in KINDS:
            found.append(KeptResult(str(kind), folder, _name(folder, root)))
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(".") or not _inside(entry, root) or len(found) >= MOST_ITEMS:
            continue
        if entry.is_dir() and depth < DEPTH:
            _search(entry, root, depth + 1, found)
        elif entry.suffix == ".html" and entry.is_file():
            found.append(KeptResult("report", entry, _name(entry, root)))


def _inside(path: Path, root: Path) -> bool:
    return path.resolve().is_relative_to(root)


def _name(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path != root else path.name


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def content(item: KeptResult) -> dict[str, Any]:
    """What the page shows of an item.

    Raises
    ------
    InputError
        It cannot be read, or is too large.
    """
    try:
        return {"report": _report, "comparison": _comparison, "study": _study, "run": _run}[
            item.kind
        ](item)
    except InputError:
        raise
    except FAULTS as wrong:
        raise InputError(f"{item.name}: it cannot be shown ({reason(wrong)}).") from None


def _report(item: KeptResult) -> dict[str, Any]:
    if item.path.stat().st_size > MOST_BYTES:
        raise InputError(f"{item.name}: larger than {MOST_BYTES // 2**20} megabytes.")
    return {"title": item.name, "page": CLOSED + item.path.read_text(encoding="utf-8")}


def _comparison(item: KeptResult) -> dict[str, Any]:
    told = read_manifest(item.path, "comparison", COMPARE)
    table = checked_table(item.path, told, "table", COMPARE)
    plain = table.astype(object).where(table.notna(), None)
    titles = {scenario["name"]: scenario["title"] for scenario in told["scenarios"]}
    base = told["scenarios"][0]
    seeds = told.get("seeds") or []
    kept = {one["name"]: verdicts.KeptScenario.of(one) for one in told["scenarios"]}
    if wrong := mixed({name: one.parameters for name, one in kept.items()}):
        raise InputError(f"{item.name}: {wrong}")
    world = kept[base["name"]]
    tables = [
        {"caption": f"{titles.get(name, name)} against {base['title']}",
         "rows": verdicts.rows(_records(plain, name), world)}
        for name in table.scenario.unique()
    ]  # fmt: skip
    facts = [["Base", base["title"]], ["Pairs of runs", str(len(seeds) or "–")],
             ["Weeks", str(told.get("weeks", "–"))],
             ["Made with", f"tocsin {told.get('versions', {}).get('tocsin', '?')}"]]  # fmt: skip
    return {"title": item.name, "facts": facts, "verdicts": tables, "pictures": _pictures(item)}


def _records(table: pd.DataFrame, scenario: str) -> list[dict[str, Any]]:
    chosen = table.loc[table["scenario"] == scenario]
    return [dict(zip(table.columns, row, strict=True)) for row in chosen.itertuples(index=False)]


def _study(item: KeptResult) -> dict[str, Any]:
    told = item.manifest
    study = told.get("study", {})
    store = Store(item.path)
    points, runs = store.points, store.outcomes()
    facts = [[key.capitalize(), str(study[key])] for key in ("title", "question") if key in study]
    facts += [["Design", str(study["design"]["kind"]).replace("_", " ")],
              ["Replications", _replications(study["replications"])],
              ["Points", str(len(points))], ["Runs kept", str(len(runs))]]  # fmt: skip
    tables = [_table("Points of the design", points.reset_index())]
    if "point" in runs:
        kept = [name for name in MAIN if name in runs.columns]
        means = pd.DataFrame(runs.pivot_table(index="point", values=kept, aggfunc="mean"))
        readable = _readable(means, [name for name in kept if name in means], told.get("scenario"))
        tables.insert(0, _table("Means by point", points.join(readable).reset_index()))
    return {"title": item.name, "facts": facts, "tables": tables, "pictures": _pictures(item)}


def _replications(told: dict[str, Any]) -> str:
    least, most = told["at_least"], told["at_most"]
    return str(least) if least == most else f"{least} to {most}"


def _readable(
    means: pd.DataFrame, names: list[str], described: dict[str, Any] | None
) -> pd.DataFrame:
    """Columns in the units that people read, named in their heads; as they are without a world."""
    columns = {name: means[name].to_numpy(dtype=float) for name in names}
    if described is None:
        return pd.DataFrame(columns, index=means.index)
    world, shown = verdicts.KeptScenario.of(described), {}
    for name, values in columns.items():
        written = verdicts.quantity(name, world, float(np.abs(values).max()))
        unit = f" ({written.unit})" if written.unit else ""
        shown[label_of(name) + unit] = values * written.scale
    return pd.DataFrame(shown, index=means.index)


def _run(item: KeptResult) -> dict[str, Any]:
    told = read_manifest(item.path, "run", "make the run again")
    values, world = told.get("indicators", {}), verdicts.KeptScenario.of(told["scenario"])
    facts = [
        ["Scenario", told["scenario"]["title"]],
        ["Seed", str(told["seed"])],
        ["Weeks", str(told["weeks"])],
        ["Fingerprint", f"{told['fingerprint'][:16]}…"],
    ]
    shown = pd.DataFrame(
        [[label_of(name), verdicts.quantity(name, world, values[name]).level(values[name])]
         for name in MAIN if name in values], columns=["indicator", "value"],
    )  # fmt: skip
    return {"title": item.name, "facts": facts, "tables": [_table("End values", shown)],
            "pictures": _pictures(item)}  # fmt: skip


def _table(title: str, table: pd.DataFrame) -> dict[str, Any]:
    rows = [[_cell(value) for value in row] for row in table.head(ROWS).itertuples(index=False)]
    more = f", the first {ROWS} of {len(table)}" if len(table) > ROWS else ""
    return {"title": title + more, "head": [str(name) for name in table.columns], "rows": rows}


def _cell(value: Any) -> str:
    return plain(value, 6) if isinstance(value, float) else str(value)


def _pictures(item: KeptResult) -> list[list[str]]:
    """PNG files of a folder: name, and content as a data address."""
    found = []
    for path in sorted(item.path.glob("*.png"))[:6]:
        if path.stat().st_size <= MOST_BYTES and _inside(path, item.path):
            data = base64.b64encode(path.read_bytes()).decode("ascii")
            found.append([path.stem.replace("_", " "), f"data:image/png;base64,{data}"])
    return found


class Shelf:
    """What one browser sees of the folder."""

    def __init__(self, root: Path | None) -> None:
        self._items = find(root) if root is not None else []
        self.piece = ResultsPiece(
            items=[[KINDS[item.kind], item.name] for item in self._items],
            folder=root.name if root is not None else "",
        )
        self.piece.listen(self._open)

    def _open(self, message: dict[str, Any], _: list[Any]) -> None:
        number = message.get("number")
        if not isinstance(number, int) or not 0 <= number < len(self._items):
            return
        try:
            found, fault = content(self._items[number]), ""
        except InputError as wrong:
            found, fault = {}, str(wrong)
        with self.piece.hold_sync():  # at once, or the page would draw it piece by piece
            self.piece.content, self.piece.fault, self.piece.chosen = found, fault, number


@component
def Results() -> Any:
    """The third page."""
    shelf = use_memo(lambda: Shelf(settings.present().results), [])
    use_effect(lambda: shelf.piece.close, [])
    with v.Html(tag="div", class_="ready") as main:
        card(shelf.piece)
    return main
