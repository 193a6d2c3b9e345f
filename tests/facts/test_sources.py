"""No default without a source or the word assumption, and what was fitted is named beside it."""

import json
import re
from pathlib import Path

from tocsin.experiments.methods.facts.table import CHECKS, WHY, read
from tocsin.simulation.parameters import GROUPS, table
from tocsin.simulation.parameters.declaring import PROTOTYPE

from tocsin.cli import main

DOCS = Path(__file__).parents[2] / "docs"
DESIGN = "the defaults that gave a stable core in the design study"


def test_every_default_has_a_source_or_is_called_an_assumption(capsys):
    rows = table()
    for row in rows:
        assert row.source.strip(), row.key
        assert row.meaning.strip(), row.key
        named = re.search(r"\d{4}|NarcoLogic|ISO|design", row.source)
        assert row.status == "assumed" or named, (row.key, row.source)
    assumed = sum(row.status == "assumed" for row in rows)
    assert main(["parameters"]) == 0
    told = capsys.readouterr().out
    assert f"{assumed} defaults and bounds are assumed, {len(rows) - assumed} rest on" in told
    assert told.count("source: ") == len(rows)


def test_what_made_a_fact_fitted_is_named_beside_it():
    """A check is fitted to parameters that exist, to the design study, or to code that exists."""
    short = {row.key.rpartition(".")[2] for row in table()}
    whole = {row.key for row in table()}
    assert any(row.source == PROTOTYPE for row in table())
    for check in CHECKS:
        if not check.chosen:
            continue
        keys = re.findall(r"\b(?:" + "|".join(GROUPS) + r")\.(?!py\b)[a-z_]+", check.chosen)
        code = re.findall(r"[a-z_/]+\.py", check.chosen)
        assert set(keys) <= whole, check.name
        for file in code:
            assert (DOCS.parent / file).is_file(), check.name
        loose = set(re.findall(r"[a-z_]+", check.chosen)) & short
        assert keys or code or loose or check.chosen.startswith(DESIGN), check.name


def test_every_fact_that_fails_has_its_reason_and_no_reason_is_stale():
    rows = read(DOCS / "facts.csv")
    assert {row.check for row in rows if row.verdict == "fails"} <= set(WHY)
    assert set(WHY) <= {check.name for check in CHECKS}
    page = (DOCS / "facts.md").read_text(encoding="utf-8")
    for name in {row.check for row in rows if row.verdict == "fails"}:
        assert WHY[name] in page, name


def test_the_counts_are_the_same_as_json(capsys):
    assert main(["parameters", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["status"] for row in rows} <= {"assumed", "sourced"}
    assert len(rows) == len(table())
