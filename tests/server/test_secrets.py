"""Keys and codes: where they stand, and who is asked for them."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest

Start = Callable[..., Any]


@pytest.fixture(scope="module")
def room(start: Start) -> Any:
    return start("classroom")


@pytest.mark.parametrize(
    ("asked", "then", "name", "secret"),
    [("/trainer?key=K%2F-_x", "/trainer", "trainer", "K/-_x"), ("/screen?key=abc", "/screen",
      "screen", "abc"), ("/team?code=ABCD-2346", "/team", "team", "ABCD-2346"),
     ("/team?seat=sev&code=ABCD-2346", "/team?seat=sev", "team-sev", "ABCD-2346"),
     ("/team?seat=a%3B+b&code=x%0D%0AX%3A+1", "/team?seat=a%3B+b", "team", "x\r\nX: 1")],
)  # fmt: skip
def test_a_key_leaves_the_address_for_a_cookie(
    room: Any, asked: str, then: str, name: str, secret: str
) -> None:
    """(g) Keys stood in the address line, in the history and on the projector."""
    answer = room.ask(asked)
    assert answer.status == 303 and answer.headers["location"] == then
    (cookie,) = answer.cookies
    pair, *parts = [part.strip() for part in cookie.split(";")]
    found, _, value = pair.partition("=")
    assert found == f"tocsin-{room.port}-{name}" and unquote(value) == secret
    assert {"httponly", "samesite=strict", "path=/"} <= {part.lower() for part in parts}
    assert not any(part.lower().startswith(("expires", "max-age")) for part in parts)
    assert answer.headers["cache-control"] == "no-store" and answer.body == b""


def test_the_page_behind_a_key_has_no_key_in_it(room: Any) -> None:
    """(g) The address that the command prints leads to a page that names no secret."""
    path = room.said.removeprefix(room.origin)
    key = path.partition("key=")[2]
    answer = room.ask(path)
    page = room.ask(answer.headers["location"], Cookie=answer.cookies[0].partition(";")[0])
    assert page.status == 200 and len(key) >= 22
    assert key not in page.text and key not in str(page.headers)
    assert page.headers["referrer-policy"] == "same-origin"


def test_another_site_cannot_put_a_key_into_a_browser(room: Any) -> None:
    """(g) A link on another site would take the trainer's place in the trainer's browser."""
    for path in ("/trainer?key=other", "/team?code=ABCD-2346"):
        answer = room.ask(
            path, Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate", Sec_Fetch_Dest="document"
        )
        assert answer.status == 403 and answer.cookies == []
