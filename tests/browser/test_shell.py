"""The shell of the room: every page opens, draws, and asks nothing from elsewhere."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize("width", [1440, 1024])
def test_the_first_page_draws_its_map(
    room: Any, open_page: Callable[..., Any], drawn_pixels: Callable[[Any, str], int], width: int
) -> None:
    page = open_page(room.address, width)
    page.wait_for_selector(".map[data-drawn]")
    assert drawn_pixels(page, ".map-ground") > 100_000
