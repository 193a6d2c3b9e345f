"""Points are what decisions were worth, not what luck brought."""

import math
import statistics
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from tocsin.classroom.lesson import Lesson
from tocsin.classroom.points import (
    AHEAD,
    FEWEST,
    Gain,
    SeatYear,
    Years,
    gain_of,
    places,
    together,
    year_points,
)
from tocsin.classroom.reading import load_lesson
from tocsin.classroom.room import Room
from tocsin.classroom.session import Session
from tocsin.classroom.world import SharedWorld, changes_of, played
from tocsin.dashboard.classroom.report import marks_markup, table_markup
from tocsin.dashboard.classroom.words import between, mean_of
from tocsin.simulation.model import BorderModel

ANSWERS = {"flow": 25_000_000, "rate": 0.5}
KURMANIA = {"countries.KUR.sharing": 1.0, "countries.KUR.own_training_musd": 2.5,
            "countries.KUR.patrol_budget": 0.9}  # fmt: skip


def starting(lesson: Lesson) -> dict[str, dict]:
    return {id: seat.start for id, seat in lesson.seats.items()}


def test_a_branch_under_the_luck_of_the_run_is_the_run(lesson: Lesson) -> None:
    """A copy goes on bit by bit as the world does; the keys alone make another luck of it."""
    world = SharedWorld(lesson)
    world.run_year()
    same, other, twin = world.branch(1), world.branch(1), world.branch(2)
    same.model.world.streams.rekey(lesson.world.seed)
    for each in (world, same, other, twin):
        each.run_year()
    assert same.fingerprint() == world.fingerprint()
    assert same.news == world.news
    assert len({w.fingerprint() for w in (world, other, twin)}) == 3
    again = played(lesson, [{}]).branch(1)
    again.run_year()
    assert again.fingerprint() == other.fingerprint()


def test_a_model_keeps_no_key_of_its_old_luck(lesson: Lesson) -> None:
    """Every part takes its keys from the streams when it draws: no key lies anywhere else."""
    model = SharedWorld(lesson).model
    world = model.world
    keys = {int(key) for key in world.streams._keys.values()}
    seen: set[int] = set()
    found: list[str] = []

    def look(part: object, path: str) -> None:
        if id(part) in seen or part is world.streams:
            return
        seen.add(id(part))
        if type(part) is np.uint64 and int(part) in keys:
            found.append(path)
        elif type(part) is np.ndarray and part.dtype == np.uint64:
            if keys & set(part.ravel().tolist()):
                found.append(path)
        elif isinstance(part, dict):
            for name, value in list(part.items()):
                look(value, f"{path}.{name}")
        elif isinstance(part, list | tuple | set):
            for value in part:
                look(value, path)
        elif type(part).__module__.startswith("tocsin.simulation"):
            for name, value in list(getattr(part, "__dict__", {}).items()):
                look(value, f"{path}.{name}")

    look(model, "model")
    assert len(keys) > 20 and len(seen) > 1000
    assert found == []


def test_a_team_that_decides_nothing_gets_exactly_nothing(lesson: Lesson) -> None:
    start = starting(lesson)
    busy = {**start, "sev": {"countries.SEV.sharing": 0.0}}
    points = year_points(lesson, [busy, busy], 1, workers=1)
    for id in ("tal", "igo"):
        assert set(points[id].points.by_luck) == {0.0} == {points[id].points.mean}
        assert not points[id].points.told
    assert len(set(points["sev"].points.by_luck)) == lesson.world.lucks
    kept = year_points(lesson, [busy, busy], 2, workers=1)
    assert all(set(one.points.by_luck) == {0.0} for one in kept.values())


def test_points_are_the_gain_against_the_year_before_luck_by_luck(lesson: Lesson) -> None:
    start = starting(lesson)
    first = {**start, "igo": {**start["igo"], "capacity.funding_musd_per_year": 20.0}}
    second = {**first, "sev": {"countries.SEV.sharing": 1.0}}
    points = year_points(lesson, [first, second], 2, workers=1)["sev"]
    longer = replace(lesson, scenario=lesson.scenario.with_length(52 * 4))
    figures = []
    for way in ([first, second], [first, first]):
        world = SharedWorld(longer)
        world.govern(changes_of(longer, [first], {}))
        world.run_year()
        rows = []
        for luck in range(1, 7):
            branch = world.branch(luck)
            branch.govern(changes_of(longer, way, {}))
            branch.run_year()
            branch.run_year()
            rows.append(branch.total("delivered_through[SEV]", 2, AHEAD))
        figures.append(rows)
    made, without = figures
    expected = [100 * (b - a) / statistics.mean(without) for a, b in zip(*figures, strict=True)]
    assert points.points.by_luck == pytest.approx(expected)
    reach = stats.t.ppf(0.975, 5) * statistics.stdev(expected) / math.sqrt(6)
    mean = statistics.mean(expected)
    assert (points.points.mean, points.points.low, points.points.high) == pytest.approx(
        (mean, mean - reach, mean + reach)
    )
    assert points.marks[0].made == pytest.approx(statistics.mean(made) / AHEAD)


def test_processes_and_one_process_give_the_same_points(lesson: Lesson) -> None:
    decisions: Years = [{**starting(lesson), "sev": {"countries.SEV.sharing": 0.0}}]
    alone = year_points(lesson, decisions, 1, workers=1)
    assert year_points(lesson, decisions, 1, workers=2) == alone


def with_seed(lesson: Lesson, seed: int) -> Lesson:
    return replace(lesson, world=lesson.world.model_copy(update={"seed": seed, "lucks": 6}))


def test_points_of_the_same_decisions_under_eight_seeds_are_alike() -> None:
    """Kurmania shares all and trains, under eight seeds of the class.

    The old points compared one run in its fourth year with one run in which nobody had acted. If
    both measures had the same variance, its ratio would pass with probability 0.01. If the new one
    has a tenth of the standard deviation, the test fails with probability 0.001. The sign: seven or
    more of eight means above zero come by luck with probability 9 / 256 = 0.035.
    """
    lesson = load_lesson("one_road")
    start = starting(lesson)
    decisions = {**start, "kurmania": {**start["kurmania"], **KURMANIA}}
    old, new = [], []
    for seed in range(1, 9):
        seeded = with_seed(lesson, seed)
        new.append(year_points(seeded, [decisions], 1)["kurmania"].points.mean)
        touched, untouched = played(seeded, [decisions] * 4), played(seeded, [{}] * 4)
        own, all_ = (
            100 * (1 - touched.figure(name, 4) / untouched.figure(name, 4))
            for name in ("delivered_through[KUR]", "delivered")
        )
        old.append((2 * own + all_) / 3)
    ratio = statistics.variance(new) / statistics.variance(old)
    assert ratio < stats.f.ppf(0.01, 7, 7)
    assert sum(mean > 0 for mean in new) >= 7


def test_places_that_luck_could_swap_are_shared() -> None:
    drawn = np.random.default_rng(3).normal(0, 1, 16)
    near, far = gain_of(drawn + 0.01 * np.sin(range(16))), gain_of(drawn - 9)
    assert places({"a": gain_of(drawn), "b": near, "c": far}) == {
        "a": (1, 2), "b": (1, 2), "c": (3, 3)}  # fmt: skip
    nothing = gain_of([0.0] * 16)
    assert places({"a": nothing, "b": nothing}) == {"a": (1, 2), "b": (1, 2)}
    undefined = gain_of([math.nan] * 16)
    assert not undefined.defined
    assert places({"a": nothing, "b": undefined}) == {"a": (1, 1)}


def test_an_order_of_places_is_seldom_wrong_where_all_teams_are_alike() -> None:
    """600 classes of six equal teams: at most 5 % may show any order.

    If the true rate is 5 %, more than 55 come with probability below 2e-5.
    """
    random = np.random.default_rng(5)
    wrong = 0
    for _ in range(600):
        teams = {str(n): gain_of(row) for n, row in enumerate(random.normal(0, 1, (6, 16)))}
        wrong += any(place != (1, 6) for place in places(teams).values())
    assert wrong <= 55


def test_points_of_years_are_added_luck_by_luck() -> None:
    first, second = gain_of(range(6)), gain_of([1.0, -1.0] * 3)
    assert together([first, second]).by_luck == (1.0, 0.0, 3.0, 2.0, 5.0, 4.0)
    few = gain_of([1.0, 2.0, 3.0, math.nan, math.nan, math.nan])
    assert not few.defined and not few.told and FEWEST == 6
    assert not together([first, few]).defined


def decide(opened, seat: str, **values: object) -> None:
    desk = opened.session.enter(opened.session.state.seats[seat].code)
    for key in desk.view().draft:
        if key.rpartition(".")[2] in values:
            desk.move(key, values[key.rpartition(".")[2]])
    desk.commit(desk.view().draft, ANSWERS)


def test_points_are_the_same_when_a_session_is_taken_up_again(
    opened, in_room: Callable[[Session], Room]
) -> None:
    opened.join("sev")
    opened.join("tal")
    room = in_room(opened.session)
    for share in (0.0, 1.0):
        opened.trainer.next_year()
        decide(opened, "sev", sharing=share)
        opened.trainer.run_year()
        room.advance()
    room.count_points()
    before: dict[int, dict[str, SeatYear]] = room.points
    opened.session.close()
    again = in_room(Session(opened.session.folder, clock=opened.hand))
    assert again.points == {}
    again.count_points()
    assert again.points == before and list(before) == [1, 2]
    again.session.close()


def test_points_wait_for_nobody_and_are_worked_out_while_the_year_runs(
    opened, in_room: Callable[[Session], Room]
) -> None:
    """A closed year has points before it has run; until then the pages say so."""
    opened.join("sev")
    room = in_room(opened.session)
    opened.trainer.next_year()
    decide(opened, "sev", sharing=0.0)
    opened.trainer.run_year()
    room.advance()
    assert "being computed" in marks_markup(room, "sev", 1)
    assert "being computed" in table_markup(room, 1)
    opened.trainer.next_year()
    opened.trainer.run_year()
    room.count_points()
    assert list(room.points) == [1, 2] and opened.session.state.phase == "running"
    assert "being computed" not in marks_markup(room, "sev", 1) + table_markup(room, 1)
    assert set(room.points[2]["sev"].points.by_luck) == {0.0}


def test_points_that_luck_could_have_brought_are_grey_and_say_so(
    opened, in_room: Callable[[Session], Room]
) -> None:
    opened.join("sev")
    room = in_room(opened.session)
    opened.trainer.next_year()
    opened.trainer.run_year()
    room.advance()

    def shown(gain: Gain) -> str:
        one = SeatYear((), gain)
        room.points = {1: dict.fromkeys(opened.session.lesson.seats, one)}
        return table_markup(room, 1)

    unsure = shown(gain_of([-3.0, 4.0] * 3))
    assert unsure.count("class-luck") == 6 and "class-good" not in unsure
    assert "Grey: not told apart from luck" in unsure
    sure = shown(gain_of([3.0, 3.2, 3.4, 3.6, 3.8, 4.0]))
    assert "class-luck" not in sure and sure.count("class-good") == 6
    assert "+3.1 to +3.9" in sure


def test_a_luck_is_the_same_for_a_model_of_one_seed_only() -> None:
    model = BorderModel("baseline", rng=3)
    world = model.world
    before = world.streams.key("detection")
    world.streams.rekey(4)
    other = BorderModel("baseline", rng=4).world
    assert world.streams.key("detection") == other.streams.key("detection")
    assert world.streams.key("detection") != before


def test_the_number_of_lucks_is_a_setting_of_the_lesson(tmp_path: Path) -> None:
    trial = Path(__file__).with_name("trial.toml").read_text(encoding="utf-8")
    file = tmp_path / "mine.toml"
    file.write_text(trial.replace("lucks = 6\n", ""), encoding="utf-8")
    assert load_lesson(file).world.lucks == 16


@pytest.mark.parametrize("low", [0.04, 0.0499, 0.001, 3e-7])
@pytest.mark.parametrize("sign", [1, -1])
def test_points_that_are_told_from_luck_have_no_end_that_is_written_as_zero(
    low: float, sign: int
) -> None:
    ends = sorted((sign * low, sign * 0.3))
    gain = Gain((sign * 0.1,) * FEWEST, sign * 0.02, *ends)
    assert gain.told
    for text in (mean_of(gain), *between(gain).split(" to ")):
        assert text[0] == ("+" if sign > 0 else "\N{MINUS SIGN}")
        assert float(text[1:]) > 0
    grey = Gain(gain.by_luck, 0.02, -0.04, 0.3)
    assert (mean_of(grey), between(grey)) == ("0.0", "0.0 to +0.3")
