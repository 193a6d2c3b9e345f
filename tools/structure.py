"""The structure of the package in numbers: `python tools/structure.py` has a line for each rule.

Everything is read from the syntax trees of the files; nothing is imported or run.
"""

import ast
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).parents[1]
ROOMS = (
    "simulation", "experiments", "classroom", "dashboard", "cartography", "scenarios", "tocsin",
)  # fmt: skip
LAYERS = {  # what each layer may import beside itself; the command line may import all
    "scenarios": (),
    "simulation": ("scenarios",),
    "cartography": ("simulation",),
    "experiments": ("simulation", "cartography"),
    "classroom": ("simulation", "experiments"),
    "dashboard": ("simulation", "experiments", "classroom"),
}
MODES = "tocsin.simulation.geography.modes"  # where each module names its mode
MAPS = frozenset({
    "tocsin.simulation.geography.map_files",  # what a cell is drawn as
    "tocsin.dashboard.parts.picture",  # colours of a map
})  # fmt: skip
MOST_ARGUMENTS = 10
MOST_MODULES = 20


def modules() -> dict[str, ast.Module]:
    """Syntax tree of every module of the package by its dotted name."""
    found = {}
    for room in ROOMS:
        for file in sorted((TOP / room).rglob("*.py")):
            parts = file.relative_to(TOP).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            name = name if room == "tocsin" else f"tocsin.{name}"
            found[name] = ast.parse(file.read_text(encoding="utf-8"), str(file))
    return found


def imports(trees: dict[str, ast.Module], inner: bool = False) -> dict[str, set[str]]:
    """Modules that each module takes something from when it is read, type-only ones included.

    With `inner` also those that a function takes when it is called.
    """
    found: dict[str, set[str]] = {name: set() for name in trees}
    for name, tree in trees.items():
        for node in ast.walk(tree) if inner else _at_the_top(tree):
            if isinstance(node, ast.Import):
                found[name] |= {alias.name for alias in node.names if alias.name in trees}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    full = f"{node.module}.{alias.name}"
                    target = full if full in trees else node.module
                    if target in trees:
                        found[name].add(target)
        found[name].discard(name)
    return found


def rooms(arrows: dict[str, set[str]], folder: str) -> dict[str, set[str]]:
    """Imports between the rooms of a folder: its own folders, and modules that lie in no other."""
    depth = folder.count(".") + 2
    found: dict[str, set[str]] = defaultdict(set)
    for name, others in arrows.items():
        if not name.startswith(f"{folder}."):
            continue
        here = ".".join(name.split(".")[:depth])
        found[here] |= {
            room for other in others if other.startswith(f"{folder}.")
            and (room := ".".join(other.split(".")[:depth])) != here
        }  # fmt: skip
    return found


def above(trees: dict[str, ast.Module]) -> list[str]:
    """Imports of what lies in a higher layer, those inside of functions included."""
    found = []
    for name, others in imports(trees, inner=True).items():
        layer = name.split(".")[1] if "." in name else ""
        if layer in LAYERS:
            found += [
                f"{name} -> {other}" for other in sorted(others)
                if "." in other and other.split(".")[1] not in (layer, *LAYERS[layer])
            ]  # fmt: skip
    return found


def _at_the_top(tree: ast.Module) -> Iterator[ast.stmt]:
    """Statements outside of functions and classes, those under a condition included."""
    waiting: list[ast.stmt] = list(tree.body)
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.If | ast.Try):
            waiting += [*node.body, *node.orelse]


def circles(arrows: dict[str, set[str]]) -> list[list[str]]:
    """Sets of modules that import one another in a circle (Tarjan), a package's own left out."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        order[name] = lowest[name] = len(order)
        stack.append(name)
        for other in sorted(arrows[name]):
            if other not in order:
                visit(other)
                lowest[name] = min(lowest[name], lowest[other])
            elif other in stack:
                lowest[name] = min(lowest[name], order[other])
        if lowest[name] == order[name]:
            at = stack.index(name)
            together = sorted(stack[at:])
            del stack[at:]
            if len(together) > 1:
                found.append(together)

    sys.setrecursionlimit(10_000)
    for name in sorted(arrows):
        if name not in order:
            visit(name)
    return found


def own_attributes(trees: dict[str, ast.Module], module: str, cls: str) -> set[str]:
    """Attributes that a class sets on itself."""
    (found,) = (node for node in ast.walk(trees[module])
                if isinstance(node, ast.ClassDef) and node.name == cls)  # fmt: skip
    return {
        node.attr for node in ast.walk(found)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name) and node.value.id == "self"
    }  # fmt: skip


def builders(trees: dict[str, ast.Module]) -> list[str]:
    """Modules outside `simulation` that build a `BorderModel` themselves."""
    return sorted(
        name for name, tree in trees.items() if not name.startswith("tocsin.simulation")
        and any(isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
                and node.func.id == "BorderModel" for node in ast.walk(tree))
    )  # fmt: skip


def mode_names(trees: dict[str, ast.Module]) -> set[str]:
    """Names of the modes of transport, as their modules give them."""
    return {
        node.value.value
        for name, tree in trees.items() if name.startswith(f"{MODES}.")
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        and any(isinstance(target, ast.Name) and target.id == "name" for target in node.targets)
    }  # fmt: skip


def mode_comparisons(trees: dict[str, ast.Module]) -> list[str]:
    """Places outside the modes that tell one mode of transport from another by its name.

    These are comparisons, cases, keys and types that list names. Modules that only draw maps are
    left out: there, land and sea are what a cell is.
    """
    modes = mode_names(trees)
    found = []
    for name, tree in trees.items():
        if name.startswith(MODES) or name in MAPS:
            continue
        for node in ast.walk(tree):
            looked_at: list[ast.expr | None] = []
            if isinstance(node, ast.Compare):
                looked_at = [node.left, *node.comparators]
            elif isinstance(node, ast.Dict):
                looked_at = node.keys
            elif isinstance(node, ast.Subscript):
                looked_at = [node.slice]
            elif isinstance(node, ast.MatchValue):
                looked_at = [node.value]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                asks = node.func.attr in ("get", "startswith", "endswith")
                looked_at = list(node.args) if asks else []
            if any(_says(one, modes) for one in looked_at):
                found.append(f"{name}:{node.lineno}")
    return found


def _says(node: ast.expr | None, names: set[str]) -> bool:
    """Whether an expression is one of the names, or a display that holds one."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return any(_says(one, names) for one in node.elts)
    return isinstance(node, ast.Constant) and node.value in names


def long_kernels(trees: dict[str, ast.Module]) -> dict[str, str]:
    """Compiled functions with more arguments than a reader can keep apart -> the reason, or ""."""
    found = {}
    for name, tree in trees.items():
        if not name.startswith("tocsin.simulation.kernels"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                many = len(node.args.args)
                if many > MOST_ARGUMENTS:
                    found[f"{name.rpartition('kernels.')[2]}.{node.name} ({many})"] = _reason(node)
    return found


def _reason(node: ast.FunctionDef) -> str:
    """The reason that a decorator of a function gives."""
    said = [word.value.value for one in node.decorator_list if isinstance(one, ast.Call)
            for word in one.keywords
            if word.arg == "reason" and isinstance(word.value, ast.Constant)]  # fmt: skip
    return str(said[0]) if said else ""


def crowded(trees: dict[str, ast.Module]) -> dict[str, int]:
    """Folders with more modules than fit; the rooms in a folder are none of its modules."""
    folders = {name.rpartition(".")[0] for name in trees}
    inside = Counter(name.rpartition(".")[0] for name in trees if name not in folders)
    return {folder: count for folder, count in inside.items() if count > MOST_MODULES}


def homonyms(trees: dict[str, ast.Module]) -> dict[str, list[str]]:
    """Class names that stand for more than one class."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, tree in trees.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(name)
    return {cls: places for cls, places in found.items() if len(places) > 1}


def main() -> None:
    """Print what there is."""
    trees = modules()
    arrows, builds = imports(trees), builders(trees)
    tied, upward = circles(arrows), above(trees)
    attributes = own_attributes(trees, "tocsin.simulation.model", "BorderModel")
    compared, long, many, twice = (
        mode_comparisons(trees), long_kernels(trees), crowded(trees), homonyms(trees),
    )  # fmt: skip
    print(f"circles of imports: {len(tied)}")
    for circle in tied:
        print(f"  {', '.join(circle)}")
    for layer in LAYERS:
        between = circles(rooms(arrows, f"tocsin.{layer}"))
        print(f"circles between rooms of {layer}/: {len(between)} {between or ''}")
    print(f"imports of a higher layer: {len(upward)} {upward}")
    print(f"attributes that BorderModel sets: {len(attributes)} ({', '.join(sorted(attributes))})")
    print(f"modules outside simulation that build a BorderModel: {len(builds)} {builds}")
    print(f"comparisons with the name of a mode: {len(compared)} {compared}")
    bare = [name for name, reason in long.items() if not reason]
    print(f"kernels with more than {MOST_ARGUMENTS} arguments and no reason: {len(bare)} {bare}")
    print("kernels with more, and why:")
    for name, reason in long.items():
        print(f"  {name}: {reason}")
    print(f"folders with more than {MOST_MODULES} modules: {many}")
    print(f"class names with two meanings: {len(twice)} {twice}")


if __name__ == "__main__":
    main()
