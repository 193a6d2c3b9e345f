"""The benchmarks themselves: their opponents obey the same law, their arithmetic is right."""

import numpy as np
import pytest
from tocsin.simulation.phases import PHASES

from benchmarks.catalogue import BENCHMARKS, EXTRA
from benchmarks.compiled_c import reference
from benchmarks.convoys import SEIZED, STATE, Stream, arguments, law
from benchmarks.default_run import phases
from benchmarks.figures import Figure, Goal, ratio, rows, table
from benchmarks.growth import exponent
from benchmarks.mesa_objects import ObjectModel
from benchmarks.movement import against_twin, parted, same_in_c, same_in_parts
from benchmarks.results import PAGE, RESULTS
from benchmarks.worlds import drawn_finer

SHIPMENTS = 3000


@pytest.fixture(scope="module", params=["launch", "route"])
def call(request):
    stream = Stream.settled(law(), SHIPMENTS)
    if request.param == "route":  # long runs of neighbours that move together
        stream.in_route_order()
    return arguments(stream)


def test_the_largest_phase_of_a_default_run_is_named_with_its_share():
    (largest,) = phases()
    assert largest.ours.split(";")[0] in {*(name for name, _ in PHASES), "between the phases"}
    assert 100 / (len(PHASES) + 1) <= largest.value < 100


def test_a_stream_keeps_its_size():
    stream = Stream.settled(law(), SHIPMENTS)
    for _ in range(5):
        stream.pass_week()
    assert 0.5 * SHIPMENTS < stream.shipments.count < SHIPMENTS


def test_the_kernel_its_twin_and_its_parts_give_the_same_bits(call):
    _, same = against_twin(call)
    assert same
    assert same_in_parts(call, parted(call))


def test_c_gives_the_same_bits(call):
    opponent = reference()
    if opponent is None:
        pytest.skip("no gcc: there is no C reference to compare with")
    assert same_in_c(law(), call, opponent)


def test_long_runs_of_equal_shipments_move_like_single_ones():
    stream = Stream.settled(law(), SHIPMENTS)
    stream.in_route_order()
    given = arguments(stream)
    most = np.bincount(given[STATE][1]).argmax()
    one = np.flatnonzero(given[STATE][1] == most)[0]
    for column in given[STATE][1:4]:  # one lane, one place, one launch: more than a block
        column[:] = column[one]
    given[2] = given[STATE][0].size
    given[SEIZED] = [np.zeros_like(column) for column in given[STATE]]
    _, same = against_twin(given)
    assert same


@pytest.mark.parametrize("full", [True, False])
def test_objects_obey_the_law_of_the_arrays(full):
    """Weeks of both, same launches; counts within five standard errors (false alarm: 1e-6)."""
    stream = Stream.settled(law(), SHIPMENTS)
    objects = ObjectModel(stream, full)
    seized, weeks = np.zeros(2), 20
    for way in objects.ways:
        way.delivered = 0
    delivered = np.zeros(2)
    for _ in range(weeks):
        objects.step()
        stream.launch()
        moved = stream.shipments.move(stream.week, stream.law.danger)
        seized += len(objects.seized), moved.seizures.key.size
        delivered[1] += moved.delivered.sum()
    delivered[0] = sum(way.delivered for way in objects.ways)
    for one, other in (seized, delivered):
        assert abs(one - other) < 5 * np.sqrt(one + other)


def test_a_goal_without_a_figure_is_not_reached():
    goals = {"speed": Goal(low=2), "memory": Goal(high=160)}
    lines = rows("sweep", goals, [Figure("speed", 2.5, "x")])
    assert [(line[1], line[-1]) for line in lines] == [("speed", "yes"), ("memory", "no")]
    assert "not measured" in table(lines)


def test_an_undefined_figure_reaches_no_goal():
    assert not Goal(low=0).reached(float("nan"))
    assert not Goal(high=0).reached(float("nan"))


def test_exponents_and_ratios():
    sizes = [10.0, 100.0, 1000.0]
    assert exponent(sizes, [3 * size**1.5 for size in sizes]) == pytest.approx(1.5)
    assert ratio([2.0, 90.0, 4.0], [1.0, 1.0, 2.0]) == 2.0


def test_names_of_benchmarks_are_words_of_the_command_line():
    names = [one.name for one in (*BENCHMARKS, *EXTRA)]
    assert len(set(names)) == len(names)
    assert "keep" not in names


def test_the_page_says_what_the_results_file_says():
    if not RESULTS.exists():
        pytest.skip("nothing kept yet: `make bench results` writes both")
    results = RESULTS.read_text().splitlines()
    first = next(n for n, line in enumerate(results) if "| seconds of one run" in line)
    found = {}
    for line in results[first:]:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        found[cells[1]] = cells[4].removesuffix(" s")
    page = [[cell.strip() for cell in line.strip("|").split("|")] for line in
            PAGE.read_text().splitlines()]  # fmt: skip
    told = {cells[0]: cells[1] for cells in page if cells[0] in found}
    assert told == found


def test_a_finer_meridian_has_the_towns_of_meridian():
    grid = drawn_finer(90)
    assert grid.shape == (90, 90)
    assert {"Kaldun", "Halvik"} <= set(grid.towns)
