"""Whatever a scenario sets within its bounds: goods are conserved and shares stay shares."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tocsin.simulation.model import BorderModel
from tocsin.simulation.parameters import table
from tocsin.simulation.scenario.files import load

WEEKS = 40
MOST = 8  # values that one example sets
BASE = load("baseline")
UNTOUCHED = {"cooperation.mandates"}
ROWS = {
    row.key: row
    for row in table()
    if row.kind in ("lever", "assumption")
    and row.type in ("int", "float")
    and row.default is not None
    and not row.required
    and row.key not in UNTOUCHED
    and not row.key.startswith(("countries", "pairs", "networks", "commodities"))
    and row.mandate in (None, "share")
}


@st.composite
def overrides(draw):
    """A few values anywhere in their bounds."""
    keys = draw(st.lists(st.sampled_from(sorted(ROWS)), min_size=1, max_size=MOST, unique=True))
    values = {}
    for key in keys:
        row = ROWS[key]
        if row.type == "int":
            values[key] = draw(st.integers(int(np.ceil(row.low)), int(row.high)))
        else:
            values[key] = draw(st.floats(row.low, row.high, allow_nan=False))
    return values


@settings(max_examples=20, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
@given(values=overrides(), seed=st.integers(0, 1000))
def test_goods_are_conserved_and_shares_stay_shares(values, seed):
    model = BorderModel(BASE.with_(values).with_length(WEEKS), rng=seed, events=False)
    world = model.world
    for _ in range(WEEKS):
        model.step()
    series = model.record.series()
    out = series[["delivered", "seized", "lost"]].to_numpy().sum()
    assert series["produced"].sum() == out + series["in_transit"].iloc[-1]
    assert (series[["produced", "delivered", "seized", "lost", "in_transit"]] >= 0).all().all()
    shares = ("interception_rate", "trust_mean", "capability_mean", "method_mean", "effort_mean",
              "legal_mean", "will_mean", "awareness", "analysis", "corruption_mean",
              "strength_mean", "pairs_ratified")  # fmt: skip
    for name in shares:
        known = series[name].dropna()
        assert ((known >= 0) & (known <= 1)).all(), name
    for name, array in model.state().items():
        undefined = name.startswith(("record", "patrols.held", "integrity.held"))
        assert undefined or np.isfinite(array).all(), name
    assert (world.patrols.effort >= 0).all()
    for own in world.trade.lanes.of_line:
        assert np.isclose(world.portfolios.share[own].sum(), 1.0)
