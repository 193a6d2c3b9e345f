"""What an interpreter or a notebook shows of the things that users hold."""

import subprocess
import sys

import html5lib
import pytest
from tocsin.experiments.design.points import Axis
from tocsin.experiments.design.study import ScenarioTask, Study

import tocsin

PATTERN = '<script>alert("it")</script> & more'


@pytest.fixture(scope="module")
def scenario():
    """One whose every text would be dangerous if it stood in a page as it is."""
    from dataclasses import replace

    changed = tocsin.load("baseline").with_({"intelligence.delay_weeks": 3}).with_length(8)
    reasons = {**changed.reasons, "intelligence.delay_weeks": PATTERN}
    return replace(changed, title=PATTERN, question=PATTERN, name="mine", reasons=reasons)


@pytest.fixture(scope="module")
def finished(scenario):
    return tocsin.run(scenario, seed=3)


@pytest.fixture(scope="module")
def comparison(scenario):
    return tocsin.compare(["baseline", scenario], replications=2, weeks=8, workers=1)


def _table(thing):
    """Cells of the table of a view, row by row; the view must be well-formed and harmless."""
    said = thing._repr_html_()
    assert "<script" not in said
    assert "color:" not in said  # the page's own colours, on light and on dark
    page = html5lib.HTMLParser(namespaceHTMLElements=False, strict=True).parseFragment(said)
    return [["".join(cell.itertext()) for cell in row] for row in page.iter("tr")]


def test_the_package_lists_what_is_meant_for_users_and_nothing_else():
    assert dir(tocsin) == sorted(tocsin.__all__)
    for name in tocsin.__all__:
        assert getattr(tocsin, name).__doc__


def test_the_list_is_told_without_reading_the_model():
    script = "import sys, tocsin; dir(tocsin); print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.strip() == "False"


def test_a_scenario_a_run_a_comparison_and_a_study_say_in_a_line_what_they_are(
    scenario, finished, comparison
):
    assert repr(scenario) == f"<Scenario mine: {PATTERN!r}, meridian, 8 weeks>"
    assert repr(finished) == "<Run of mine: seed 3, 8 weeks>"
    assert repr(comparison) == "<Comparison of mine with baseline: 2 pairs of runs>"
    study = Study(ScenarioTask(scenario, ("delivered",)), title="Delay",
                  axes=(Axis("intelligence.delay_weeks", values=(2, 4)),))  # fmt: skip
    assert repr(study) == "<Study 'Delay': grid over intelligence.delay_weeks>"
    size = "6 countries, 30 networks, heroin, 8 weeks"
    assert repr(scenario.parameters) == str(scenario.parameters) == f"<Parameters: {size}>"


def test_a_notebook_shows_what_a_scenario_states(scenario):
    head, *rows = _table(scenario)
    assert head == ["key", "value", "reason or source"]
    assert rows[0] == ["intelligence.delay_weeks", "3", PATTERN]


def test_a_notebook_shows_the_first_of_many_values_and_counts_the_rest():
    whole = tocsin.load("baseline")
    assert len(_table(whole)) == 13
    assert f"and {len(whole.stated) - 12} more" in whole._repr_html_()


def test_a_notebook_shows_the_end_values_of_a_run_with_label_and_unit(finished):
    head, *rows = _table(finished)
    assert head == ["indicator", "end value"]
    (delivered,) = [value for label, value in rows if label == "Delivered"]
    number, unit = delivered.split()
    scale = {"kg": 1e3, "t": 1e6}[unit]
    assert float(number.replace(",", "")) * scale == pytest.approx(
        finished.indicators["delivered"], rel=1e-2
    )


def test_a_notebook_shows_the_primary_outcomes_of_a_comparison(comparison):
    head, *rows = _table(comparison)
    assert head == ["scenario", "indicator", "base", "change", "interval", "verdict"]
    assert len(rows) == len(comparison.primary)
    assert {row[0] for row in rows} == {PATTERN}
    assert {row[-1] for row in rows} == set(
        comparison.table[comparison.table.indicator.isin(comparison.primary)].verdict
    )
