"""What comes out on real worlds is gathered as it came out."""

import numpy as np
import pytest
from tocsin.experiments.methods.worlds import PUBLISHED, WorldOutcome, _gathered, markdown, survey
from tocsin.simulation.scenario.files import load, names

NAN = float("nan")


def _ends(seized, delivered, through, rate):
    return {"delivered": delivered, "delivered[persons]": delivered, "seized[persons]": seized,
            "persons_started[persons]": 200.0, "persons_died[persons]": 10.0,
            "delivered_through[ITA]": through, "interception_rate[ITA]": rate}  # fmt: skip


def test_shares_are_those_of_the_runs():
    ends = [_ends(50.0, 50.0, 25.0, 0.5), _ends(0.0, 100.0, 100.0, NAN)]
    found = _gathered(load("mediterranean"), ends)
    assert isinstance(found, WorldOutcome)
    assert found.stopped["persons"] == pytest.approx([0.5, 0.0])
    assert found.through["ITA"] == pytest.approx([0.5, 1.0])
    assert np.isnan(found.through["MAR"]).all()
    assert found.persons["died"] == pytest.approx([0.05, 0.05])
    page = markdown([found])
    assert "| Italy | 75.0 % (50.0 to 100.0) | 50.0 % (50.0 to 50.0) |" in page
    assert "| Morocco | – | – |" in page
    assert "died: 5.0 % (5.0 to 5.0)" in page


def test_every_world_of_the_page_is_shipped_and_runs():
    assert set(PUBLISHED) <= set(names())
    (one,) = survey(["balkan_route"], replications=1, workers=1, weeks=60)
    assert 0 < one.stopped["heroin"][0] < 1
    assert one.through["TUR"][0] == pytest.approx(1.0)
