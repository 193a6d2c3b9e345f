"""The map's frames: what is on them is what the model holds."""

import numpy as np
import pytest
from tocsin.dashboard.pages.inside import subject
from tocsin.dashboard.pages.story import story
from tocsin.dashboard.parts.picture import (
    FINE,
    HEAD,
    STEPS,
    Ground,
    difference_frame,
    scaled,
    sector_values,
    signed,
)
from tocsin.experiments.telling.sentences import feed
from tocsin.simulation.scenario.files import load
from tocsin.simulation.steering import LiveRun


@pytest.fixture(scope="module")
def live() -> LiveRun:
    run = LiveRun(load("baseline"), 2)
    run.step(40)
    return run


@pytest.fixture(scope="module")
def ground(live: LiveRun) -> Ground:
    return Ground(live.origin.grid, live.model)


def parts(frame: bytes) -> tuple[tuple[int, ...], list[np.ndarray]]:
    head = HEAD.unpack_from(frame)
    at, arrays = HEAD.size, []
    for count, width in zip(head[2:5], (5, 3, 5), strict=True):
        size = 2 * count * width
        arrays.append(np.frombuffer(frame[at : at + size], "<u2").reshape(-1, width))
        at += size
    arrays.append(np.frombuffer(frame[at:], "u1"))
    return head, arrays


def test_a_frame_holds_every_shipment_and_seizure_of_its_week(
    live: LiveRun, ground: Ground
) -> None:
    model = live.model
    world = model.world
    head, (shipments, seizures, tips, shades) = parts(ground.frame(model))
    assert head[:2] == (40, live.total)
    assert len(shipments) == world.shipments.count == head[7] > 0
    assert len(seizures) == model.notes.found.sector.size
    assert len(tips) > 0
    assert len(shades) == len(world.sectors.ids)


def test_everything_lies_on_the_map(live: LiveRun, ground: Ground) -> None:
    height, width = live.origin.grid.shape
    _, (shipments, seizures, tips, _) = parts(ground.frame(live.model))
    places = [shipments[:, :2], shipments[:, 2:4], seizures[:, :2], tips[:, :2], tips[:, 2:4]]
    for x_and_y in places:
        assert (x_and_y[:, 0] < width * FINE).all()
        assert (x_and_y[:, 1] < height * FINE).all()


def test_routes_begin_at_their_source_and_end_at_their_market(ground: Ground) -> None:
    towns = ground.grid.towns
    for route, way in zip(ground.model.world.trade.routes.routes, ground.ways, strict=True):
        if not route.cells.size:
            continue
        for town, point in ((route.source, way[0]), (route.market, way[-1])):
            row, column = towns[town]
            assert np.allclose(point / FINE, [column + 0.5, row + 0.5], atol=0.02)


def test_a_shipment_is_at_a_border_when_it_is_checked_there(ground: Ground) -> None:
    of_cell = ground.model.world.sectors.of_cell
    for route, way in zip(ground.model.world.trade.routes.routes, ground.ways, strict=True):
        for sector, effort in zip(route.sector, route.effort_at, strict=True):
            x, y = way[round(STEPS * effort / route.effort_km)] / FINE
            near = of_cell[max(0, int(y) - 2) : int(y) + 3, max(0, int(x) - 2) : int(x) + 3]
            assert sector in near  # within the grain of the table, two cells


def test_many_shipments_are_thinned_evenly(
    live: LiveRun, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.dashboard.parts.picture.DRAWN", 100)
    head, (shipments, *_) = parts(ground.frame(live.model))
    assert head[6] == -(-live.model.world.shipments.count // 100)
    assert 0 < len(shipments) <= 100


@pytest.mark.parametrize("shade", ["patrol", "risk", "flow"])
def test_a_shade_grows_with_what_it_stands_for(live: LiveRun, ground: Ground, shade: str) -> None:
    values = sector_values(live.model, shade)
    _, (*_, shades) = parts(ground.frame(live.model, shade))
    order = np.argsort(values, kind="stable")
    assert (np.diff(shades[order].astype(int)) >= 0).all()
    assert shades.max() == 255


def test_nothing_to_scale_is_no_colour() -> None:
    assert (scaled(np.zeros(3)) == 0).all()
    assert (signed(np.zeros(3)) == 128).all()


def test_a_difference_has_the_sign_of_second_less_first(live: LiveRun) -> None:
    other = LiveRun(load("more_capacity"), 2)
    other.step(40)
    _, (*_, shades) = parts(difference_frame(live.model, other.model))
    gap = sector_values(other.model, "flow") - sector_values(live.model, "flow")
    assert (np.sign(shades.astype(int) - 128) == np.sign(gap)).mean() > 0.95
    _, (*_, none) = parts(difference_frame(live.model, live.model))
    assert (none == 128).all()


def test_people_by_sea_and_virtual_markets_are_drawn_too() -> None:
    more = {
        "commodities.persons.unit": "persons", "commodities.persons.sources": ["Port Ard"],
        "commodities.persons.markets": ["Halvik"], "commodities.persons.supply_per_year": 20_000,
        "commodities.persons.shipment_size": 12.0, "commodities.persons.source_price": 200,
        "commodities.persons.market_price": 4_000, "commodities.persons.mode": "sea",
        "commodities.fraud.unit": "USD", "commodities.fraud.mode": "virtual",
        "commodities.fraud.sources": ["KUR"], "commodities.fraud.markets": ["Agora"],
        "commodities.fraud.supply_per_year": 9_000_000, "commodities.fraud.shipment_size": 900.0,
        "commodities.fraud.source_price": 0.1, "commodities.fraud.market_price": 1.0,
    }  # fmt: skip
    run = LiveRun(load("baseline").with_(more), 3)
    run.step(30)
    ground = Ground(run.origin.grid, run.model)
    assert sorted(ground.base["commodities"]) == ["fraud", "heroin", "persons"]
    _, (shipments, _, _, shades) = parts(ground.frame(run.model))
    assert set(shipments[:, 4].tolist()) == {1, 2}  # what is virtual arrives within its week
    assert (
        len(shades)
        == len(run.model.world.sectors.ids)
        > ground.model.world.sectors.of_cell.max() + 1
    )
    again = run.fingerprint
    run.go_to(10)
    run.go_to(30)
    assert run.fingerprint == again
    for number in range(len(run.model.world.sectors.ids)):
        assert subject(run.model, "sector", number)["line"].endswith(".")
    for event in feed(run.model, "all"):
        assert event["text"].endswith(".")
    assert story(run.origin)["how"]


def test_drawing_changes_nothing(live: LiveRun, ground: Ground) -> None:
    before = live.fingerprint
    for shade in ("patrol", "risk", "flow"):
        ground.frame(live.model, shade)
    assert live.fingerprint == before
