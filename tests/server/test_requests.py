"""What a foreign page, or anybody on the network, may ask a server: headers, assets, origins."""

import contextlib
import re
import socket
from collections.abc import Callable
from typing import Any

import pytest
from tocsin.dashboard.serving.answering import ADDRESS
from tocsin.dashboard.serving.gate import Gate
from websockets.exceptions import InvalidStatus

JAVASCRIPT = "text/javascript"


def test_headers_of_a_proxy_move_no_later_page(server: Any) -> None:
    """(a) The first request used to set the root of every later page."""
    for headers in ({}, {"X_Script_Name": "//evil.example"}, {"X_Forwarded_Prefix": "/evil"}):
        page = server.ask("/", **headers)
        assert page.status == 200
        assert "evil" not in page.text
        assert 'src="/_solara/cdn/' in page.text and 'solara.rootPath = ""' in page.text


def test_a_browser_cannot_say_where_it_comes_from() -> None:
    """(a), (h) The limiter hears the address of the connection, whatever headers say."""
    seen: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope)

    gate = Gate(app, "127.0.0.1", 80, ["/"])
    forged = [(ADDRESS.upper().encode(), b"10.9.9.9"), (b"X-Forwarded-For", b"10.9.9.9")]
    scope = {"type": "http", "client": ("10.0.0.4", 1234), "server": ("127.0.0.1", 80),
             "path": "/", "method": "GET", "query_string": b"",
             "headers": [*forged, (b"host", b"127.0.0.1")]}  # fmt: skip
    with pytest.raises(StopIteration):  # it waits for nothing, so one push is enough
        gate(scope, None, None).__await__().send(None)  # type: ignore[arg-type]
    assert seen[0]["headers"] == [(b"host", b"127.0.0.1"), (ADDRESS.encode(), b"10.0.0.4")]


@pytest.mark.parametrize(
    "path",
    ["one", "one/", "requirejs@2.3.6", "one/.", "./one", "outside", "../cdn/one", "one%2F",
     "%2e%2e/cdn/one", "//one"],
)  # fmt: skip
def test_no_request_deletes_installed_assets(server: Any, path: str) -> None:
    """(b) A folder that was asked for by its own name twice was deleted."""
    before = sorted(str(file) for file in server.assets.rglob("*"))
    folder = path.strip("/").split("/")[-1]
    for asked in (path, f"{path}/{folder}", f"{path}/__main.js/..", f"{path}/a.css/../../one"):
        for method in ("GET", "HEAD", "POST", "DELETE", "PUT"):
            answer = server.ask(f"/_solara/cdn/{asked}", method, Origin=server.origin)
            assert answer.status in (200, 404, 405)
    assert sorted(str(file) for file in server.assets.rglob("*")) == before


def test_nothing_is_fetched_or_stored_for_assets(server: Any) -> None:
    """(c) What was not installed came from the internet, as a page of the room's own origin."""
    before = sorted(server.assets.rglob("*"))
    for path in ("evil@1.0.0/page.html", "evil", "one/other.js", "evil@1/x.js?y=1"):
        assert server.ask(f"/_solara/cdn/{path}").status == 404
    assert server.fetched == []
    assert sorted(server.assets.rglob("*")) == before


def test_assets_are_read_with_their_type_and_only_from_their_folder(server: Any) -> None:
    """(b), (c) What pages load is there; nothing else is, however it is spelled."""
    for path, kind in (("requirejs@2.3.6/require.js", JAVASCRIPT), ("one", JAVASCRIPT),
                       ("one/a.css", "text/css")):  # fmt: skip
        answer = server.ask(f"/_solara/cdn/{path}")
        assert answer.status == 200 and answer.headers["content-type"].startswith(kind)
        assert answer.headers["x-content-type-options"] == "nosniff"
    for path in ("one/page.html", "../secret.js", "one/../../secret.js", "%2e%2e/secret.js",
                 "one/%2e%2e/%2e%2e/secret.js", "out.js", "outside/secret.js", "/etc/passwd",
                 "..%5csecret.js", "one/a.css%00.js", "x" * 5000):  # fmt: skip
        answer = server.ask(f"/_solara/cdn/{path}")
        assert answer.status == 404 and b"secret" not in answer.body


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "",
             "localhost.evil:{port}", "127.0.0.1:{port}@evil", "10.0.0.1:{port}",
             "[::1]x:{port}", "127.0.0.2:{port}"]
)  # fmt: skip
def test_a_foreign_name_does_not_lead_here(server: Any, host: str) -> None:
    """(f) A name that somebody else made point to this machine opens nothing."""
    asked = host.format(port=server.port)
    answer = server.ask("/", Host=asked)
    assert answer.status in (400, 421) and "<html" not in answer.text
    with pytest.raises(InvalidStatus):
        server.page(origin=f"http://{asked}", headers={"Host": asked})


def test_the_server_answers_to_its_own_names(server: Any) -> None:
    """(f) The address that was reached, and this machine's own name for itself."""
    for name in ("127.0.0.1", "localhost", "LOCALHOST"):
        assert server.ask("/", Host=f"{name}:{server.port}").status == 200
    assert server.ask("/", source="127.0.0.2").status == 200


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "http://127.0.0.1", "http://localhost:{port}",
               "https://127.0.0.1:{port}", "http://127.0.0.1:{port}.evil.example"]
)  # fmt: skip
def test_a_foreign_page_cannot_drive_a_page_of_ours(server: Any, origin: str | None) -> None:
    """(f) A web page that somebody has open beside the room opened connections to it."""
    sent = origin and origin.format(port=server.port)
    with pytest.raises(InvalidStatus) as refused:
        server.page(origin=sent)
    assert refused.value.response.status_code == 403
    kernel = "12345678-1234-4123-8123-123456789abc"
    headers = {"Origin": sent} if sent else {}
    answer = server.ask(f"/_solara/api/close/{kernel}?session_id=x", "POST", **headers)
    assert answer.status == 403


def test_a_foreign_page_can_link_here_and_load_nothing(server: Any) -> None:
    """(f) Pictures, scripts and frames of other sites get nothing; a clicked link does."""
    for mode, kind in (("no-cors", "image"), ("no-cors", "script"), ("navigate", "iframe"),
                       ("cors", "empty")):  # fmt: skip
        for path in ("/", "/_solara/cdn/one/a.css", "/static/main-vuetify.js"):
            answer = server.ask(
                path, Sec_Fetch_Site="cross-site", Sec_Fetch_Mode=mode, Sec_Fetch_Dest=kind
            )
            assert answer.status == 403
    clicked = server.ask(
        "/", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate", Sec_Fetch_Dest="document"
    )
    assert clicked.status == 200


def test_only_what_pages_need_is_public(server: Any) -> None:
    """(g) Solara's inside, with all pages, threads and the machine's load, was for everybody."""
    for path in ("/resourcez", "/resourcez?verbose", "/readyz", "/_solara/api/evict/x",
                 "/jupyter/api/kernels/x", "/nothing", "/static", "//", "/%2e%2e/"):  # fmt: skip
        answer = server.ask(path)
        assert answer.status == 404 and "threads" not in answer.text
        assert "text/html" not in answer.headers["content-type"]
    for method in ("PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"):
        assert server.ask("/", method).status == 405


def test_pages_carry_a_content_security_policy(server: Any) -> None:
    """(g) Scripts are this server's own and numbered; no other page can frame this one."""
    page = server.ask("/")
    policy = dict(rule.strip().partition(" ")[::2]
                  for rule in page.headers["content-security-policy"].split(";"))  # fmt: skip
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'none'"
    scripts = policy["script-src"].split()
    nonce = re.search(r"'nonce-([\w-]{20,})'", policy["script-src"])
    assert nonce is not None
    assert set(scripts) == {"'self'", nonce[0], "'unsafe-eval'", "blob:"}
    assert policy["connect-src"] == f"'self' ws://{server.host}"
    marked = re.findall(r"<script[^>]*", page.text)
    assert len(marked) > 5 and all(f'nonce="{nonce[1]}"' in script for script in marked)
    assert nonce[0] not in server.ask("/").headers["content-security-policy"]
    for answer in (page, server.ask("/nothing"), server.ask("/static/main-vuetify.js")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "server" not in answer.headers
    assert page.headers["cache-control"] == "no-store"


def test_no_script_reads_the_cookie_and_no_foreign_page_sends_it(server: Any) -> None:
    """(g) Under every name of the server."""
    for name in ("127.0.0.1", "localhost"):
        (cookie,) = server.ask("/", Host=f"{name}:{server.port}").cookies
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"httponly", "samesite=lax"} <= parts


def test_a_page_is_closed_by_its_own_browser_only(server: Any, asked: Callable[..., Any]) -> None:
    """(f) Whoever knew the number of a page could close it."""
    kernel, mine = "11111111-2222-4333-8444-555555555555", server.session()
    with server.page(kernel, mine) as page:
        assert asked(page, method="app-status")["started"] is False
        goodbye = page.request.path.partition("session_id=")[2]
        path = f"/_solara/api/close/{kernel}?session_id={goodbye}"
        for cookie in ("", "solara-session-id=other"):
            assert server.ask(path, "POST", Origin=server.origin, Cookie=cookie).status == 204
        assert asked(page, method="app-status")["started"] is False
        with pytest.raises(InvalidStatus):
            server.page(kernel, "solara-session-id=other")
        assert server.ask(path, "POST", Origin=server.origin, Cookie=mine).status == 204
        with pytest.raises(Exception, match=r"close|1\d\d\d"):
            asked(page, method="app-status")


def test_a_long_body_is_not_waited_for(server: Any) -> None:
    """(e) A request that announces gigabytes is answered before they come."""
    head = (f"POST /_solara/api/close/x HTTP/1.1\r\nHost: {server.host}\r\n"
            f"Origin: {server.origin}\r\nContent-Length: 9999999999\r\n\r\n")  # fmt: skip
    with socket.create_connection(("127.0.0.1", server.port), 30) as connection:
        connection.sendall(head.encode())
        assert b"404" in connection.recv(100)


def said_raw(server: Any, *parts: bytes) -> bytes:
    """The whole answer to bytes as they stand, with the connection closed by the server."""
    answer = b""
    with socket.create_connection(("127.0.0.1", server.port), 30) as connection:
        with contextlib.suppress(ConnectionError):  # it may be refused before it was all sent
            for part in parts:
                connection.sendall(part)
        with contextlib.suppress(ConnectionError):
            while some := connection.recv(65536):
                answer += some
    return answer


def upgrade(server: Any, *lines: str) -> bytes:
    """A request for a page's connection, with more lines."""
    kernel = "44444444-2222-4333-8444-555555555555"
    head = [f"GET /jupyter/api/kernels/{kernel}/channels?session_id=x HTTP/1.1",
            "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", *lines, "", ""]  # fmt: skip
    return "\r\n".join(head).encode()


def is_dressed(answer: bytes) -> bool:
    """Whether a refusal has the headers of every answer."""
    head = answer.partition(b"\r\n\r\n")[0].lower()
    return (
        b"content-security-policy: default-src 'none'" in head
        and b"x-content-type-options: nosniff" in head
        and b"x-frame-options: deny" in head
    )


@pytest.mark.parametrize("name", ["Host", "Origin", "Cookie", "Sec-Fetch-Site"])
@pytest.mark.parametrize("first", ["ours", "foreign"])
@pytest.mark.parametrize("kind", ["GET", "POST", "websocket"])
def test_who_says_twice_where_a_request_comes_from_is_refused(
    server: Any, name: str, first: str, kind: str
) -> None:
    """The last of two used to count here; another reader takes the first."""
    ours = {"Host": server.host, "Origin": server.origin, "Cookie": "a=b",
            "Sec-Fetch-Site": "same-origin"}  # fmt: skip
    foreign = {"Host": "evil.example", "Origin": "http://evil.example", "Cookie": "a=c",
               "Sec-Fetch-Site": "cross-site"}  # fmt: skip
    lines = [f"{key}: {text}" for key, text in ours.items() if key != name]
    two = [f"{name}: {ours[name]}", f"{name.upper()}: {foreign[name]}"]
    lines += two if first == "ours" else two[::-1]
    if kind == "websocket":
        answer = said_raw(server, upgrade(server, *lines))
    else:
        path = "/" if kind == "GET" else "/_solara/api/close/x"
        answer = said_raw(
            server, "\r\n".join([f"{kind} {path} HTTP/1.1", *lines, "Connection: close", "", ""])
            .encode(),
        )  # fmt: skip
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert is_dressed(answer)


@pytest.mark.parametrize("kind", ["one header", "many headers", "request line", "websocket"])
def test_a_request_of_more_than_32_kilobytes_is_refused(server: Any, kind: str) -> None:
    """It used to be heard up to a quarter of a megabyte, if it came at once."""
    host, long = f"Host: {server.host}\r\n", 32 * 1024
    path = "/?x=" + "x" * long if kind == "request line" else "/"
    more = {"one header": f"X-A: {'x' * long}\r\n", "many headers": "X-A: x\r\n" * (long // 8)}
    head = f"GET {path} HTTP/1.1\r\n{host}{more.get(kind, '')}Connection: close\r\n\r\n".encode()
    if kind == "websocket":
        head = upgrade(server, host.strip(), f"Origin: {server.origin}", f"X-A: {'x' * long}")
    answer = said_raw(server, head)
    assert answer == b"" or answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 431 "))
    assert b"<html" not in answer and (not answer or is_dressed(answer))
    assert server.ask("/", Cookie="a=" + "x" * 8000).status == 200


@pytest.mark.parametrize(
    "said",
    [b"\x16\x03\x01\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n",
     b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
     b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: y\r\n\r\n",
     b"<script>alert(1)</script>\r\n\r\n"],
)  # fmt: skip
def test_what_is_no_request_is_refused_with_the_headers_of_every_answer(
    server: Any, said: bytes
) -> None:
    answer = said_raw(server, said)
    assert answer.startswith(b"HTTP/1.1 400 ") and is_dressed(answer)
    assert b"script" not in answer.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize(
    ("line", "status"), [("X-A: " + "x" * 9000, b"431"), ("Sec-WebSocket-Version: 12", b"400")]
)
def test_a_page_that_asks_for_its_connection_wrongly_is_answered_and_closed(
    server: Any, line: str, status: bytes
) -> None:
    """One with a line of more than 8 kilobytes used to stay open for ever, unanswered."""
    lines = (f"Host: {server.host}", f"Origin: {server.origin}", line)
    answer = said_raw(server, upgrade(server, *lines))
    assert answer.startswith(b"HTTP/1.1 " + status) and is_dressed(answer)


def test_a_body_that_breaks_off_wrongly_after_the_answer_leaves_no_traceback(server: Any) -> None:
    head = (f"POST /_solara/api/close/x HTTP/1.1\r\nHost: {server.host}\r\n"
            f"Origin: {server.origin}\r\nTransfer-Encoding: chunked\r\n\r\n")  # fmt: skip
    with socket.create_connection(("127.0.0.1", server.port), 30) as connection:
        connection.sendall(head.encode())
        assert b"404" in connection.recv(4096)
        with contextlib.suppress(ConnectionError):
            connection.sendall(b"zz\r\nno chunk\r\n")
            while connection.recv(4096):
                pass
    assert server.ask("/").status == 200
    assert "LocalProtocolError" not in server.log.read_text()
