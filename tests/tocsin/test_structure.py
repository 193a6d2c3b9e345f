"""What `tools/structure.py` counts stays so: no circles, layers, small folders, one meaning."""

import ast
import importlib.util
from pathlib import Path

import pytest

_FILE = Path(__file__).parents[2] / "tools" / "structure.py"
_SPEC = importlib.util.spec_from_file_location("structure", _FILE)
assert _SPEC is not None and _SPEC.loader is not None
structure = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(structure)

BROWSER = {"anywidget", "html", "ipyvue", "ipyvuetify", "jinja2", "markupsafe", "reacton", "solara",
           "starlette", "uvicorn", "websockets"}  # fmt: skip


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    return structure.modules()


def test_no_module_imports_itself_in_a_circle(trees):
    assert structure.circles(structure.imports(trees)) == []


@pytest.mark.parametrize("layer", structure.LAYERS)
def test_no_rooms_of_a_layer_import_one_another_in_a_circle(trees, layer):
    arrows = structure.imports(trees)
    assert structure.circles(structure.rooms(arrows, f"tocsin.{layer}")) == []


def test_a_circle_between_rooms_is_found():
    arrows = {"tocsin.x.a.one": {"tocsin.x.b.two"}, "tocsin.x.b.two": set(),
              "tocsin.x.b.three": {"tocsin.x.a.four"}, "tocsin.x.a.four": set()}  # fmt: skip
    assert structure.circles(arrows) == []
    rooms = structure.rooms(arrows, "tocsin.x")
    assert structure.circles(rooms) == [["tocsin.x.a", "tocsin.x.b"]]


def test_nothing_imports_a_higher_layer(trees):
    assert structure.above(trees) == []


def test_an_import_of_a_higher_layer_is_found_inside_of_a_function_too(trees):
    late = ast.parse("def run():\n    from tocsin.dashboard import app")
    assert structure.above(trees | {"tocsin.simulation.late": late}) == [
        "tocsin.simulation.late -> tocsin.dashboard.app"
    ]


def test_the_rules_of_the_class_know_no_browser(trees):
    known = set()
    for name, tree in trees.items():
        if name.startswith("tocsin.classroom"):
            for node in ast.walk(tree):
                if isinstance(node, ast.Import):
                    known |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    known.add(node.module.split(".")[0])
    assert known & BROWSER == set()
    assert {"tocsin", "dataclasses"} <= known


def test_the_model_sets_few_attributes_itself(trees):
    assert len(structure.own_attributes(trees, "tocsin.simulation.model", "BorderModel")) < 12


def test_nothing_outside_of_the_simulation_builds_a_model(trees):
    assert structure.builders(trees) == []


def test_no_folder_has_more_modules_than_can_be_looked_over(trees):
    assert structure.crowded(trees) == {}


def test_a_kernel_of_many_arguments_says_why(trees):
    assert [name for name, reason in structure.long_kernels(trees).items() if not reason] == []


def test_the_name_of_a_class_means_one_thing(trees):
    assert structure.homonyms(trees) == {}
