"""Names on the map of the room leave each other room on every shipped map, wide and narrow."""

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from tocsin.simulation.scenario.files import load

Open = Callable[..., Any]
MAPS = ("baseline", "balkan_route", "central_american_corridor", "caribbean_1985",
        "central_asia_2010", "dark_net_2017", "mediterranean", "tarcet")  # fmt: skip


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", MAPS)
def test_names_on_the_map_of_the_room_do_not_overlap_or_leave_the_frame(
    room: Any, open_page: Open, name: str, size: tuple[int, int]
) -> None:
    page = open_page(f"{room.address}/?scenario={name}&seed=1", width=size[0], height=size[1])
    page.wait_for_selector(".map[data-names]")
    wide, high = json.loads(page.get_attribute(".map", "data-frame"))
    names = json.loads(page.get_attribute(".map", "data-names"))
    for words, left, top, right, bottom in names:
        assert left >= -0.5 and top >= -0.5 and right <= wide + 0.5 and bottom <= high + 0.5, words
    for (one, *a), (two, *b) in itertools.combinations(names, 2):
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert apart, (one, two)
    words = {one[0] for one in names}
    for code, country in load(name).parameters.countries.items():
        assert words & {country.name.upper(), code}
