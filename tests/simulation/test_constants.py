"""Every number that is behaviour stands in the table; this test reads the code for others."""

import ast
from pathlib import Path

import pytest
import tocsin.simulation

TOP = Path(tocsin.simulation.__file__).parent
UNITS, GUARD, SIZE = "a unit", "keeps a division or a logarithm from 0", "room for working memory"
MATHS, FORMAT, MAP = "mathematics", "a format or a limit of files", "how a map is measured"
MEASURE = "how an indicator or a fingerprint is defined"
# Module -> number or name of a constant -> why it is no behaviour.
ALLOWED = {
    "mechanisms/cooperation/awareness.py": {"YEAR": UNITS},
    "mechanisms/networks/beliefs.py": {"MOST": GUARD},
    "mechanisms/cooperation/budget.py": {"YEAR": UNITS, "MILLION": UNITS},
    "scenario/checks.py": {"MOST": "what the memory of a laptop holds"},
    "mechanisms/cooperation/sharing.py": {"YEAR": UNITS},
    "elementary.py": {"LN2": MATHS, "0.5": "half, of a half-life"},
    "errors.py": {
        "LONGEST_NAME": FORMAT,
        "LONGEST_WORD": FORMAT,
        "0.5": "how alike a name must be to be named in a fault",
    },
    "recording/explain.py": {"1000000.0": UNITS, "YEAR": UNITS},
    "geography/grid.py": {"WIDEST_KM": FORMAT},
    "recording/indices.py": {"0.8": MEASURE, "1e-09": GUARD},
    "recording/notebooks.py": {"MOST_ROWS": FORMAT},
    "mechanisms/agencies/intelligence.py": {"OWN": "says that a tip is one's own"},
    "kernels/accounts.py": {"1e-06": GUARD},
    "kernels/compiling/cache.py": {"DAY": UNITS, "1000000000.0": UNITS},
    "kernels/compiling/__init__.py": {"HERE": "a folder", "MOST": "a rule of style"},
    "kernels/institutions.py": {
        "1e-09": GUARD,
        "0.05": "1 less the highest corruption allowed",
        **dict.fromkeys(("ALWAYS", "TRUST", "LAW", "LANGUAGE", "WILL", "SOVEREIGNTY"), "columns"),
    },
    "kernels/investigation.py": {"UNLIKE": "1 at half compatible law, by definition of mla_weeks"},
    "kernels/learning.py": {"1e-09": GUARD},
    "mechanisms/markets/prices.py": {"1e-09": GUARD},
    "mechanisms/networks/books.py": {"WEEKS": UNITS, "1e-09": GUARD},
    "mechanisms/networks/portfolio.py": {"1e-09": GUARD},
    "recording/record.py": {"YEAR": UNITS},
    "reference/portfolio.py": {"FIRST": "the first draw of a week"},
    "run.py": {"LONGEST": FORMAT, "LARGEST_SEED": FORMAT},
    "geography/map_files.py": {"MAP_SCHEMA": FORMAT, "MORE_LETTERS": FORMAT},
    "scenario/reading.py": {"SCHEMA": FORMAT},
    "scenario/wording.py": {"LONGEST_VALUE": FORMAT},
    "scenario/schedule.py": {"LAST_WEEK": FORMAT, "0.95": "bound of a treatment, as of the table"},
    "geography/sectors.py": dict.fromkeys(
        ("OWN", "NOTHING", "SEA", "AROUND", "SIDES", "CORNER", "LENGTH"), MAP
    ),
    "phases.py": {"YEAR": UNITS},
    "state.py": {"FINGERPRINT_FORMAT": FORMAT, "OURS": "the name of the package"},
    "steering.py": {"KEYFRAME_WEEKS": "room for working memory"},
    "week/evaluation.py": {
        "YEAR": UNITS,
        "0.5": "no target, so neither met nor missed",
        "1e-09": GUARD,
    },
    "week/public.py": {"YEAR": UNITS},
    "world.py": {"SAFE": GUARD},
    "randomness.py": {"FRESH": "how many fresh seeds there are"},
}
WHOLE = ("kernels/functions.py", "kernels/generator.py", "kernels/sums.py", "kernels/draws.py",
         "kernels/movement.py", "kernels/patrols.py", "kernels/intelligence.py",
         "kernels/reporting.py", "reference/functions.py", "reference/draws.py",
         "reference/members.py", "recording/quantities.py", "text_files.py")  # fmt: skip
# bits of random numbers, approximations of functions, numbers of columns, and how text is read


def _numbers(tree):
    """Constants of a module by name, and fractions inside it by what they are."""
    named = set()
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            inside = [n for n in ast.walk(node.value) if isinstance(n, ast.Constant)]
            if any(type(n.value) in (int, float) for n in inside):
                for name in (n for target in targets for n in ast.walk(target)):
                    if isinstance(name, ast.Name) and not isinstance(node.value, ast.Dict):
                        named.add((name.id, node.lineno))
                for one in inside:
                    one.value = None  # counted by its name
    fractions = {(repr(node.value), node.lineno) for node in ast.walk(tree)
                 if isinstance(node, ast.Constant) and type(node.value) is float
                 and node.value not in (0.0, 1.0)}  # fmt: skip
    return named | fractions


def bare(source, allowed):
    """Numbers that the table should hold: (name or number, line)."""
    return sorted(found for found in _numbers(ast.parse(source)) if found[0] not in allowed)


FILES = sorted(path.relative_to(TOP).as_posix() for path in TOP.rglob("*.py")
               if path.parent.name != "parameters")  # fmt: skip


@pytest.mark.parametrize("file", [file for file in FILES if file not in WHOLE])
def test_no_number_of_behaviour_stands_outside_the_table(file):
    assert bare((TOP / file).read_text(), ALLOWED.get(file, {})) == []


def test_the_reader_of_code_finds_what_is_put_there():
    source = "CAP = 0.95\nYEAR = 52\n\n\ndef f(x):\n    return min(CAP, 0.35 * x) + 1.0\n"
    assert bare(source, {"YEAR": UNITS}) == [("0.35", 6), ("CAP", 1)]


def test_every_exception_is_still_needed():
    for file, reasons in ALLOWED.items():
        found = {name for name, _ in _numbers(ast.parse((TOP / file).read_text()))}
        assert set(reasons) <= found, file
