"""Notebooks run from top to bottom, and are kept without results."""

import json
from pathlib import Path

import matplotlib
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(notebook):
    matplotlib.use("Agg")
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert code
    assert all(cell["outputs"] == [] for cell in code)
    names: dict[str, object] = {"__name__": notebook.stem}
    for cell in code:
        exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
    assert names["comparison"].table.n.max() == 5
