"""From the ODD to the code and back: what it names is there, and what is there is named."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from tocsin.simulation.parameters import table

ROOT = Path(__file__).parents[2]
ODD = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
# Not a part of the model: how files are read, errors told, logs kept, kernels explained.
PLUMBING = {
    "__init__",
    "details",
    "errors",
    "events",
    "mesa_doors",
    "library",
    "overrides",
    "reference",
    "views",
}
MODULES = {path.stem for path in (ROOT / "simulation").glob("*.py")} | {"kernels"}
KEYS = {row.key for row in table()}
QUOTED = set(re.findall(r"`(?:[a-z_]+\.)?([A-Za-z_]+)\.([A-Za-z_]+)`", ODD))


def _names(module):
    found = import_module(f"simulation.{module}")
    own = dict(vars(found))
    for one in list(own.values()):
        if isinstance(one, type) and one.__module__ == found.__name__:
            own |= {**vars(one), **getattr(one, "__annotations__", {})}
    return own


def test_every_module_of_the_model_is_named():
    unnamed = {
        name for name in MODULES - PLUMBING
        if not re.search(rf"\b{name}(\.py|\.|`)|from `?{name}", ODD) and name not in ODD
    }  # fmt: skip
    assert not unnamed


@pytest.mark.parametrize("file", sorted(set(re.findall(r"`([a-z_/]+\.py)`", ODD))))
def test_every_file_that_is_named_is_there(file):
    assert (
        (ROOT / "simulation" / file).is_file()
        or (ROOT / file).is_file()
        or list((ROOT / "tests").rglob(file))
    )


def test_every_function_that_is_named_is_there():
    modules = {name: _names(name) for name in MODULES - {"__init__"}}
    checked = 0
    for left, right in QUOTED:
        if right == "py" or f"{left}.{right}" in KEYS:
            continue
        if left in modules:
            assert right in modules[left], f"{left}.{right}"
            checked += 1
        elif left[0].isupper():
            homes = [own for own in modules.values() if left in own]
            assert any(hasattr(own[left], right) for own in homes), f"{left}.{right}"
            checked += 1
    assert checked > 20
