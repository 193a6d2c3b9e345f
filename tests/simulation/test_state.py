"""The state covers everything that one week hands to the next, and nothing else."""

import numpy as np
import pytest
from tocsin.simulation.run import run
from tocsin.simulation.state import fingerprint, state_of


@pytest.fixture(scope="module")
def finished():
    return run("all_three", seed=2, weeks=60, events=False).model


def test_a_field_that_is_added_to_a_mechanism_changes_the_fingerprint(finished):
    before = finished.fingerprint
    for mechanism in (
        finished.world.markets,
        finished.world.race,
        finished.world.units,
        finished.world.evaluation,
    ):
        mechanism.rumour = np.array([0.5])
        assert finished.fingerprint != before, type(mechanism).__name__
        del mechanism.rumour
    assert finished.fingerprint == before


@pytest.mark.parametrize("path", [
    "hub._coming", "cases._coming", "picture._tried", "markets._seen", "patrols._recent",
    "members.present", "networks.generation", "capacity._pipeline[0]", "shipments.launched",
])  # fmt: skip
def test_every_array_counts(finished, path):
    name, _, index = path.rstrip("]").partition("[")
    thing = finished.world
    for part in name.split("."):
        thing = getattr(thing, part)
    array = thing[int(index)] if index else thing
    before, old = finished.fingerprint, array.copy()
    array.flat[0] = not array.flat[0] if array.dtype == bool else array.flat[0] + 1
    assert finished.fingerprint != before
    array[...] = old
    assert finished.fingerprint == before


def test_a_log_changes_no_state(finished):
    told = run("all_three", seed=2, weeks=60, details=True).model
    one, other = finished.state(), told.state()
    assert one.keys() == other.keys()
    for name, values in one.items():
        np.testing.assert_array_equal(values, other[name], err_msg=name)


def test_names_do_not_count_and_shapes_do():
    values = np.arange(6.0)
    assert fingerprint({"a": values}) == fingerprint({"b": values})
    assert fingerprint({"a": values}) != fingerprint({"a": values.reshape(2, 3)})
    assert fingerprint({"a": values}) != fingerprint({"a": values.astype(int)})


def test_nested_values_are_found():
    found = state_of({"b": [1, (2.5, "x")], "a": {3, 2}, "none": None}, "root")
    assert sorted(found) == ["root['a'][0]", "root['a'][1]", "root['b'][0]", "root['b'][1][0]",
                             "root['b'][1][1]"]  # fmt: skip
