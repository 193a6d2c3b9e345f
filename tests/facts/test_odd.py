"""From the ODD to the code and back: what it names is there, and what is there is named."""

import ast
import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest
from tocsin.simulation import agents
from tocsin.simulation.parameters import table

ROOT = Path(__file__).parents[2]
SIMULATION = ROOT / "simulation"
ODD = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
# Not a part of the model: how files are read, errors told, logs kept, kernels explained. Modes of
# transport are listed by their registry, in docs/parameters.md.
PLUMBING = {
    "__init__", "cast", "details", "errors", "events", "installed", "library", "mesa_doors",
    "messages", "notebooks", "overrides", "state", "steering", "values", "views", "wording",
}  # fmt: skip
FILES = [
    path for path in sorted(SIMULATION.rglob("*.py"))
    if not {"kernels", "reference", "parameters", "modes"} & set(path.relative_to(SIMULATION).parts)
]  # fmt: skip
MODULES = {path.stem for path in FILES} | {"kernels"}
KEYS = {row.key for row in table()}
QUOTED = set(re.findall(r"`(?:[a-z_]+\.)?([A-Za-z_]+)\.([A-Za-z_]+)`", ODD))
COLLECTIVES = (agents.TraffickingNetworks, agents.NationalAgencies, agents.IGOCoordinator)
MOST_STATEMENTS = 15


def _names(stem):
    """What the modules of one name hold, with what their classes hold."""
    places = [path.relative_to(ROOT).with_suffix("") for path in FILES if path.stem == stem]
    dotted = [".".join(("tocsin", *place.parts)) for place in places]
    own = {}
    for name in dotted or ["tocsin.simulation.kernels"]:
        found = import_module(name)
        own |= vars(found)
        for one in vars(found).values():
            if isinstance(one, type) and one.__module__ == found.__name__:
                own |= {**vars(one), **getattr(one, "__annotations__", {})}
    return own


def test_every_module_of_the_model_is_named():
    unnamed = {
        name for name in MODULES - PLUMBING
        if not re.search(rf"`([a-z_/]*/|[a-z]+\.)?{name}(\.[A-Za-z_.]+)?`", ODD)
    }  # fmt: skip
    assert not unnamed


@pytest.mark.parametrize("file", sorted(set(re.findall(r"`([a-z_/]+\.py)`", ODD))))
def test_every_file_that_is_named_is_there(file):
    assert (
        list(SIMULATION.rglob(file))
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


def _quoted(cell):
    return re.findall(r"`([^`]+)`", cell)


def _decisions():
    """Rows of the table of decisions: its five cells."""
    text = ODD.split("### Decisions")[1].split("\n\n")[2]
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines()]
    return [(said, who, _quoted(method)[0], _quoted(rule), set(_quoted(kernel)))
            for said, who, method, rule, kernel in rows[2:]]  # fmt: skip


DECISIONS = _decisions()


def _functions():
    """Functions of the model by `module.name` or `Class.name`, private ones too."""
    found = {}
    for path in FILES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            inside = node.body if isinstance(node, ast.ClassDef) else [node]
            home = node.name if isinstance(node, ast.ClassDef) else path.stem
            found |= {f"{home}.{one.name}": one for one in inside
                      if isinstance(one, ast.FunctionDef)}  # fmt: skip
    return found


def _called(name, functions):
    """Names that a function calls, by itself or through private functions beside it; kernels."""
    names, kernels, home = set(), set(), name.split(".")[0]
    for node in ast.walk(functions[name]):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        names.add(called)
        if ast.unparse(node.func) == f"kernels.{called}":
            kernels.add(called)
        if called.startswith("_") and f"{home}.{called}" in functions:
            more, deeper = _called(f"{home}.{called}", functions)
            names, kernels = names | more, kernels | deeper
    return names, kernels


def _public(collective):
    return {f"{collective.__name__}.{name}" for name in vars(collective) if name[0] != "_"}


def test_the_table_has_every_decision_of_the_agents_once():
    methods = [method for _, _, method, _, _ in DECISIONS]
    assert len(methods) == len(set(methods))
    assert set(methods) == set().union(*map(_public, COLLECTIVES))


@pytest.mark.parametrize(
    ("said", "who", "method", "rules", "named"), DECISIONS, ids=[row[2] for row in DECISIONS]
)
def test_a_decision_is_said_and_made_as_the_table_has_it(said, who, method, rules, named):
    collective, _, name = method.partition(".")
    first = inspect.getdoc(getattr(getattr(agents, collective), name)).split("\n\n")[0]
    assert " ".join(first.split()) == said
    assert who in {"TraffickingNetworks": ["network"], "NationalAgencies": ["agency", "member"],
                   "IGOCoordinator": ["coordinator"]}[collective]  # fmt: skip
    functions = _functions()
    calls, kernels = _called(method, functions)
    for rule in rules:
        assert rule.split(".")[1] in calls, f"{rule} is not called"
        more, deeper = _called(rule, functions)
        calls, kernels = calls | more, kernels | deeper
    assert kernels == named


def _statements(body):
    """Statements of a body and of what stands inside them."""
    return sum(
        1 + sum(_statements(getattr(one, part, [])) for part in ("body", "orelse"))
        for one in body
    )  # fmt: skip


@pytest.mark.parametrize("collective", COLLECTIVES)
def test_a_decision_is_short(collective):
    long = {}
    for name, function in _functions().items():
        if name.startswith(f"{collective.__name__}."):
            documented = ast.get_docstring(function) is not None
            count = _statements(function.body) - documented
            if count > MOST_STATEMENTS:
                long[name] = count
    assert not long
