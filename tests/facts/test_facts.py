"""Facts that must go on holding, and the whole table (slow).

The quick ones take the sign or a wide margin of what docs/facts.md reports with its interval; the
chance that one fails without a change of the model is zero, because seeds fix every run. What a
change of the model that leaves the fact alone may do to one of them is said beside it.
"""

from pathlib import Path

import numpy as np
import pytest
from tocsin.experiments.methods.facts.observing import observe
from tocsin.experiments.methods.facts.settings import GRAPHS, ONE_ROAD, VIRTUAL, setting
from tocsin.experiments.methods.facts.table import (
    CHECKS,
    SETTINGS,
    checks_of,
    examine,
    markdown,
    read,
)
from tocsin.experiments.running.stream import run_all

DOCS = Path(__file__).parents[2] / "docs"


def _rows(place, names, seeds):
    return {row.check: row for row in examine(setting(place), checks_of(names), range(seeds), 1)}


def test_generated_networks_fall_apart_when_the_middle_is_taken():
    """30 graphs: the difference has an interval of a few percent, far from 0."""
    rows = _rows(GRAPHS, ["betweenness_beats", "structure_clustering"], 30)
    assert rows["betweenness_beats"].verdict == "holds"
    assert rows["structure_clustering"].verdict == "holds"


@pytest.mark.parametrize("place", VIRTUAL)
def test_volume_comes_back_after_the_largest_market_closes(place):
    """Four pairs; at the spread between seeds in the table, below 0.8 once in more than 1e4."""
    rows = _rows(place, ["market_recovers"], 4)
    assert float(rows["market_recovers"].value) > 0.8


def test_less_recruitment_means_fewer_members_where_nobody_can_go_elsewhere():
    """Six pairs; the effect is several standard errors from 0 in the table."""
    place = setting(ONE_ROAD)
    arms = [place.arm(name) for name in ("base", "recruitment halved")]
    jobs = [(arm.with_length(260), seed, ()) for arm in arms for seed in range(6)]
    members = np.array([run.mean("members_total", 248, 260) for run in run_all(observe, jobs, 1)])
    assert members[6:].mean() < members[:6].mean()


def test_the_page_follows_from_the_table_and_leaves_nothing_out():
    rows = read(DOCS / "facts.csv")
    text = (DOCS / "facts.md").read_text(encoding="utf-8")
    assert text == markdown(rows)
    declared = {(check.name, place) for check in CHECKS for place in check.settings}
    assert {(row.check, row.setting) for row in rows} == declared
    by_name = {check.name: check for check in CHECKS}
    for row in rows:
        assert row.kind == ("fitted" if by_name[row.check].chosen else "predicted")
        assert row.statistic == by_name[row.check].statistic
        assert row.anchor == by_name[row.check].anchor


@pytest.mark.slow
@pytest.mark.parametrize("place", SETTINGS)
def test_what_the_table_says_comes_out_again(place):
    """The same seeds give the same verdicts: no luck is left, so no false alarm either."""
    kept = {row.check: row for row in read(DOCS / "facts.csv") if row.setting == place}
    most = max(row.seeds for row in kept.values())
    again = examine(setting(place), checks_of(kept), range(most))
    assert {row.check: row.verdict for row in again} == {
        name: row.verdict for name, row in kept.items()
    }
