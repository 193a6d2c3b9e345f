"""Notebooks run from top to bottom, show what they promise, and are kept without results."""

import json
import linecache
from pathlib import Path

import matplotlib
import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
SHOWS = {
    "first_run": lambda names: (
        set(names["events_of_phase"]) == {name for name, _ in names["PHASES"]}
        and sum(names["events_of_phase"].values()) == len(names["week"])
        and len(names["trail"]) >= 4
    ),
    "comparing_policies": lambda names: (
        names["comparison"].table.n.max() == 5 and names["spread"].notna().all()
    ),
    "sensitivity_study": lambda names: (
        len(names["store"].runs()) == 32
        and names["again"].different == ()
        and names["indices"].set_index("key").total["x3"] > 0.15
    ),
    "your_own_map": lambda names: (
        names["scenario"].grid.codes == ("MID", "NOR", "SUD")
        and names["table"].base["delivered"] > 0
        and names["finished"].weeks == 30
    ),
    "own_mechanism": lambda names: (
        names["same"]
        and names["talking"].indicators["informants"] > 0
        and "Members who talked" in names["page"].read_text(encoding="utf-8")
        and len(names["store"].runs()) == 15
    ),
    "mesa_tools": lambda names: names["model"].week == len(names["table"]) + 1 == 41,
}


def test_every_notebook_is_known():
    assert {path.stem for path in FOLDER.glob("*.ipynb")} == set(SHOWS)


@pytest.mark.parametrize("name", SHOWS)
def test_a_notebook_runs(name):
    matplotlib.use("Agg")
    cells = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert code
    assert all(cell["outputs"] == [] for cell in code)
    names: dict[str, object] = {"__name__": name}
    for cell in code:
        text = "".join(cell["source"])
        linecache.cache[cell["id"]] = len(text), None, text.splitlines(True), cell["id"]
        exec(compile(text, cell["id"], "exec"), names)
    assert SHOWS[name](names)
