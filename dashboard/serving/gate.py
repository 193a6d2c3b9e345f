"""The gate: what a server lets in before Solara sees it.

Solara is made to stand behind a proxy that it trusts. Ours stands in the open: on the trainer's
own machine, where any web page can send requests to it, or in a class room's network. So one layer
in front of both servers decides who is heard:

- *Addresses.* The host that a browser asked for must be one of this server, so that no foreign
  name can be made to point here; what changes anything must come from a page of this server.
  Who says this twice is not heard.
- *Headers* that speak for a proxy are dropped.
- *Paths.* Only what pages need is there. Assets are read from the installed folder and from
  nowhere else; nothing is written, deleted or fetched.
- *Frames* are checked before they are unpacked (`tocsin.dashboard.serving.frame_check`); how many
  may come is decided below, where they are read (`tocsin.dashboard.serving.frame_limits`).
- *Pages* are counted: all together, those of one address, and those of one browser there, so that
  nobody takes the places of a class behind one address by opening pages. One that was left makes
  room.
- *Secrets* in an address go into a cookie at once, and out of the address.
- *Answers* carry a content security policy and its like (`tocsin.dashboard.serving.answering`).
"""

import asyncio
import ipaddress
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, quote, urlencode

from solara.server import kernel_context, settings
from solara.server.server import COOKIE_KEY_SESSION_ID
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import RedirectResponse, Response
from tocsin.dashboard.serving.answering import (
    ADDRESS,
    ASSETS,
    Application,
    Assets,
    Dressing,
    Message,
    Receive,
    Scope,
    Send,
    said,
)
from tocsin.dashboard.serving.frame_check import sound

DROPPED = re.compile(
    rb"(x-)?script-name|x-forwarded(-.*)?|forwarded|x-real-ip|x-original-.*|x-rewrite-url|"
    + ADDRESS.encode()
)
EVERYWHERE = ("0.0.0.0", "::")
PATH = re.compile(r"/(?!/)[A-Za-z0-9@._/+~-]*")  # of everything that pages ask for
FILES = re.compile(r"/(static|jupyter/nbextensions)/.+")
CLOSE = re.compile(r"/_solara/api/close/([0-9a-f-]{36})")
KERNEL = re.compile(r"/jupyter/api/kernels/([0-9a-f-]{36})/channels")
PAGE_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
ASIDE = re.compile(r"[A-Za-z0-9_-]{1,40}")
LONGEST_SECRET = 200
FIRST_WORD = 30.0  # seconds; a page speaks as soon as it is connected
FEWEST_OF_A_BROWSER = 6  # pages that one browser may have, however few places there are
NO_COOKIE = "none"  # session of connections that name none
ONCE = ("host", "origin", "cookie", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest")


@dataclass(frozen=True)
class Secret:
    """What a page takes from its address into a cookie.

    Attributes
    ----------
    name
        Of the value in the address.
    aside
        Of a value that is no secret and tells cookies of one page apart; none if empty.
    """

    name: str
    aside: str = ""


def cookie_name(port: int, page: str, aside: str = "") -> str:
    """Name of the cookie that holds a page's secret; browsers share cookies between ports."""
    return "-".join(["tocsin", str(port), page.strip("/"), *([aside] if aside else [])])


@dataclass
class Gate:
    """An ASGI application in front of Solara's.

    Parameters
    ----------
    solara
        Solara's application.
    host, port
        Where the server listens; a host that is not an address is a name under which it is asked.
    pages
        Paths of its pages.
    announced
        Address that is told to others, without scheme and port; empty if it is `host`.
    secrets
        What pages take from their address into a cookie, by path.
    most_pages
        Pages at once; one address may have three quarters of them, one browser a quarter of these.
    """

    solara: Application
    host: str
    port: int
    pages: Iterable[str]
    announced: str = ""
    secrets: Mapping[str, Secret] = field(default_factory=dict)
    most_pages: int = 120
    _open: Counter[tuple[str, str]] = field(default_factory=Counter, repr=False)

    def __post_init__(self) -> None:
        self._pages = frozenset(self.pages)
        self._assets = GZipMiddleware(Assets(settings.assets.proxy_cache_dir), minimum_size=1000)
        named = {"localhost", *(name for name in (self.host, self.announced) if name)}
        self._names = {_plain(name) for name in named - set(EVERYWHERE)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it."""
        if scope["type"] == "http":
            await self._request(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._page(scope, receive, send)
        else:
            await self.solara(scope, receive, send)

    # Requests -----------------------------------------------------------------------------

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = _read(scope)
        refused = self._refused(scope, headers)
        answer = refused or self._answer(scope, headers)
        html = answer is self.solara and scope["path"] in self._pages
        scope = self._cleaned(scope, b"accept-encoding" if html else b"")
        dressing = Dressing(send, headers.get("host", ""), html)
        await answer(scope, _bodiless(receive), dressing.send)

    def _refused(self, scope: Scope, headers: Mapping[str, str]) -> Response | None:
        """Why a request is not heard; None if it is."""
        if twice := _twice(scope):
            return said(400, twice)
        if not self._is_ours(scope, headers.get("host", "")):
            return said(421, f"This server answers to http://{self._shown()} only.")
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return said(405, "Only GET, HEAD and POST are answered.")
        if scope["method"] == "POST" and not self._same_origin(headers):
            return said(403, "Only pages of this server may ask for this.")
        site = headers.get("sec-fetch-site", "none")
        opened = (
            headers.get("sec-fetch-mode") == "navigate"
            and headers.get("sec-fetch-dest") == "document"
        )
        if site not in ("none", "same-origin") and (not opened or self._secret(scope)):
            return said(403, "Type or paste this address; another site may not ask for it.")
        return None

    def _answer(self, scope: Scope, headers: Mapping[str, str]) -> Application:
        path, reading = scope["path"], scope["method"] != "POST"
        if not PATH.fullmatch(path) or "/." in path:
            return said(404, "There is no such page.")
        if reading and ASSETS.fullmatch(path):
            return self._assets
        if reading and path in self._pages:
            if why := self._full(_client(scope), _session(headers)):
                return said(503, why)
            return self._exchanged(scope) or self.solara
        if reading and FILES.fullmatch(path):
            return self.solara
        if not reading and (closed := CLOSE.fullmatch(path)):
            return _Goodbye(closed[1], _query(scope).get("session_id", ""), _session(headers))
        return said(404, "There is no such page.")

    def _secret(self, scope: Scope) -> str:
        """The secret in an address, if it has one."""
        secret = self.secrets.get(scope["path"])
        return _query(scope).get(secret.name, "") if secret else ""

    def _exchanged(self, scope: Scope) -> Response | None:
        """The way to the same page with its secret in a cookie; None if there is none."""
        secret, value = self.secrets.get(scope["path"]), self._secret(scope)
        if secret is None or not value:
            return None
        rest = {key: text for key, text in _query(scope).items() if key != secret.name}
        aside = rest.get(secret.aside, "")
        name = cookie_name(self.port, scope["path"], aside if ASIDE.fullmatch(aside) else "")
        answer = RedirectResponse(
            scope["path"] + (f"?{urlencode(rest)}" if rest else ""), status_code=303,
            headers={"cache-control": "no-store"},
        )  # fmt: skip
        answer.set_cookie(
            name, quote(value[:LONGEST_SECRET], safe=""), httponly=True, samesite="strict"
        )
        return answer

    # Pages --------------------------------------------------------------------------------

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        if twice := _twice(scope):
            await said(400, twice)(scope, receive, send)
            return
        headers = _read(scope)
        known = KERNEL.fullmatch(scope["path"])
        page = PAGE_ID.fullmatch(_query(scope).get("session_id", ""))
        ours = self._is_ours(scope, headers.get("host", "")) and self._same_origin(headers)
        client, session = _client(scope), _session(headers)
        if not (ours and known and page) or not _may_take_up(known[1], session):
            await send({"type": "websocket.close", "code": 1008})
            return
        if self._full(client, session or NO_COOKIE):
            await send({"type": "websocket.close", "code": 1013})
            return
        self._open[client, session or NO_COOKIE] += 1
        try:
            await _make_room(self.most_pages - self._open.total(), known[1])
            listening = _Listening(receive, send)
            await self.solara(self._cleaned(scope), listening.receive, listening.send)
        finally:
            self._open[client, session or NO_COOKIE] -= 1
            self._open += Counter()  # forgets browsers that have left

    def _full(self, client: str, session: str) -> str:
        """Why a browser at an address gets no page; empty if it does.

        A browser is known by its session. On its first visit it has none, and is not judged by
        others that have none; a connection without one is, since pages of ours all have it.
        """
        share = max(1, self.most_pages * 3 // 4)
        its_own = max(FEWEST_OF_A_BROWSER, share // 4)
        here = sum(number for (address, _), number in self._open.items() if address == client)
        if self._open.total() >= self.most_pages or here >= share:
            return "All places are taken; close a page and come again."
        if self._open[client, session] >= its_own:
            return (f"This browser has {its_own} pages open, as many as one may have; close one "
                    "and come again.")  # fmt: skip
        return ""

    # Whose a request is -------------------------------------------------------------------

    def _is_ours(self, scope: Scope, host: str) -> bool:
        """Whether a host is this server: under its name, or at the address that was reached."""
        name, port = _parted(host)
        if port != self.port:
            return False
        reached = (scope.get("server") or ("", 0))[0]
        return name in self._names or (bool(name) and name == _plain(str(reached)))

    def _same_origin(self, headers: Mapping[str, str]) -> bool:
        return headers.get("origin", "").lower() == f"http://{headers.get('host', '')}".lower()

    def _shown(self) -> str:
        host = self.announced or self.host
        return f"{f'[{host}]' if ':' in host else host}:{self.port}"

    def _cleaned(self, scope: Scope, dropped: bytes = b"") -> Scope:
        """A request as Solara sees it: without words of a proxy, with the sender's address."""
        kept = [
            (name.lower(), text) for name, text in scope["headers"]
            if name.lower() != dropped and not DROPPED.fullmatch(name.lower())
        ]  # fmt: skip
        kept.append((ADDRESS.encode(), _client(scope).encode()))
        return {**scope, "headers": kept, "root_path": ""}


class _Goodbye:
    """A page says that it is closed; it is heard for its own kernel only."""

    def __init__(self, kernel: str, page: str, session: str) -> None:
        self._kernel, self._page, self._session = kernel, page, session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Close the page if it is the sender's, and say nothing about it."""
        context = kernel_context.contexts.get(self._kernel)
        if (
            context is not None
            and self._page in context.page_status
            and self._session == context.session_id
        ):
            await asyncio.to_thread(context.page_close, self._page)
        await Response(status_code=204)(scope, receive, send)


class _Listening:
    """The messages of one page: checked, and the first one soon."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._heard = self._shut = False

    async def receive(self) -> Message:
        """The next message; a page that sends what no page sends is closed."""
        if self._shut:
            return {"type": "websocket.disconnect", "code": 1008}
        try:
            # the first message is the connection itself
            async with asyncio.timeout(None if self._heard else FIRST_WORD):
                message = await self._receive()
        except TimeoutError:
            return await self._close()
        if message["type"] == "websocket.receive":
            self._heard = True
            text, data = message.get("text"), message.get("bytes")
            if not sound(text if text is not None else data or b""):
                return await self._close()
        return message

    async def send(self, message: Message) -> None:
        """Send to the page; raises OSError once it was closed."""
        if self._shut:
            raise OSError("the page was closed")
        await self._send(message)

    async def _close(self) -> Message:
        self._shut = True
        await self._send({"type": "websocket.close", "code": 1008})
        return {"type": "websocket.disconnect", "code": 1008}


def _may_take_up(kernel: str, session: str) -> bool:
    """Whether a browser may have a kernel: a new one, or its own."""
    context = kernel_context.contexts.get(kernel)
    return context is None or context.session_id == session


async def _make_room(room: int, taken_up: str) -> None:
    """Close pages that were left, the oldest first, until so many are kept at most."""
    connected = kernel_context.PageStatus.CONNECTED
    left = [
        context for context in list(kernel_context.contexts.values())
        if context.id != taken_up and context.page_status
        and connected not in list(context.page_status.values())
    ]  # fmt: skip
    for context in left[: max(0, len(left) - max(0, room))]:
        await asyncio.to_thread(context.close, "evicted")


def _bodiless(receive: Receive) -> Receive:
    """Requests have no body that anybody needs; what is sent along is not waited for."""
    told = False

    async def nothing() -> Message:
        nonlocal told
        if not told:
            told = True
            return {"type": "http.request", "body": b"", "more_body": False}
        while (message := await receive())["type"] != "http.disconnect":
            pass
        return message

    return nothing


def _twice(scope: Scope) -> str:
    """What is wrong if a request says twice whose it is, so that two readers could differ."""
    there = Counter(name.decode("latin-1").lower() for name, _ in scope["headers"])
    return next((f"The header {name} may be sent once." for name in ONCE if there[name] > 1), "")


def _read(scope: Scope) -> dict[str, str]:
    """Headers of a request; of one that is there twice (none of `ONCE` is) the last value."""
    return {name.decode("latin-1").lower(): text.decode("latin-1")
            for name, text in scope["headers"]}  # fmt: skip


def _query(scope: Scope) -> dict[str, str]:
    try:
        return dict(parse_qsl(scope["query_string"].decode("latin-1"), max_num_fields=100))
    except ValueError:
        return {}


def _session(headers: Mapping[str, str]) -> str:
    """The session that Solara gave to a browser."""
    cookie = SimpleCookie()
    for part in headers.get("cookie", "").split(";"):
        if part.strip().startswith(f"{COOKIE_KEY_SESSION_ID}="):
            cookie.load(part.strip())
    morsel = cookie.get(COOKIE_KEY_SESSION_ID)
    return morsel.value if morsel else ""


def _client(scope: Scope) -> str:
    return str((scope.get("client") or ("unknown", 0))[0])


def _parted(host: str) -> tuple[str, int]:
    """Name and port of a Host header; port -1 if it is none."""
    found = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::([0-9]{1,5}))?", host)
    return (_plain(found[1]), int(found[2] or 80)) if found else ("", -1)


def _plain(host: str) -> str:
    """A host as it is compared: an address in its one form, a name in small letters."""
    bare = host.strip("[]").partition("%")[0].lower()
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return bare
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)
