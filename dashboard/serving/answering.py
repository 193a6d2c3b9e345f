"""What the gate sends: installed files, headers of every answer, the numbered scripts of a page."""

import mimetypes
import re
import secrets as random_bytes
import stat
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

ADDRESS = "x-tocsin-address"  # header in which the gate says where a browser is
ASSETS = re.compile(r"/_solara/cdn/(.+)")
SERVED = frozenset({
    ".css", ".eot", ".gif", ".ico", ".jpg", ".js", ".json", ".map", ".mjs", ".png", ".svg", ".ttf",
    ".wasm", ".woff", ".woff2",
})  # fmt: skip
SCRIPTS = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css"}
SENT_ALONG = (
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
)
# Solara builds its templates in the browser (eval), styles elements one by one, and loads the
# pieces of a page from blobs; all else is this server's own, and scripts in a page are numbered.
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws://{host}; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
BARE_POLICY = "default-src 'none'; frame-ancestors 'none'"
BARE = (*SENT_ALONG, ("content-security-policy", BARE_POLICY))  # of what is no page


class Assets(StaticFiles):
    """Installed files that pages load, to be read and nothing else.

    A package without a path is its main script, as Solara's own route has it.
    """

    def __init__(self, folder: Path) -> None:
        for ending, kind in SCRIPTS.items():
            mimetypes.add_type(kind, ending)  # some systems call a script a text
        super().__init__(directory=folder, check_dir=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a file; the path is what follows the route."""
        found = ASSETS.fullmatch(scope["path"])
        inner = {**scope, "path": f"/{found[1] if found else ''}", "root_path": ""}
        try:
            await super().__call__(inner, receive, send)
        except HTTPException as wrong:
            await said(wrong.status_code, "There is no such file.")(scope, receive, send)

    def lookup_path(self, path: str) -> tuple[str, Any]:
        """Where a file is: only one that is there, of a kind that pages load."""
        place = Path(path)
        full, found = super().lookup_path(
            str(place / "__main.js") if len(place.parts) == 1 else path
        )
        if found is None or not stat.S_ISREG(found.st_mode) or Path(full).suffix not in SERVED:
            return "", None
        return full, found


class Dressing:
    """What is sent, with the headers of this server, and with numbered scripts if it is a page."""

    def __init__(self, send: Send, host: str, html: bool) -> None:
        self._send, self._host, self._html = send, host, html
        self._nonce = random_bytes.token_urlsafe(16)
        self._start: Message | None = None
        self._body: list[bytes] = []

    async def send(self, message: Message) -> None:
        """Send a part of the answer on."""
        if message["type"] == "http.response.start":
            self._start = {**message, "headers": self._headers(message.get("headers", []))}
            if not self._html:
                await self._send(self._start)
        elif message["type"] == "http.response.body" and self._html and self._start is not None:
            self._body.append(message.get("body", b""))
            if not message.get("more_body", False):
                body = b"".join(self._body)
                body = body.replace(b"<script", f'<script nonce="{self._nonce}"'.encode())
                length = (b"content-length", str(len(body)).encode())
                await self._send({**self._start, "headers": [*self._start["headers"], length]})
                await self._send({"type": "http.response.body", "body": body})
        else:
            await self._send(message)

    def _headers(self, given: Headers) -> Headers:
        ours = {name.encode(): text.encode() for name, text in BARE}
        if self._html:
            policy = POLICY.format(nonce=self._nonce, host=self._host)
            ours[b"content-security-policy"] = policy.encode()
            ours[b"cache-control"] = b"no-store"
        dropped = {*ours, *((b"content-length",) if self._html else ())}
        kept = [(name.lower(), text) for name, text in given if name.lower() not in dropped]
        kept = [
            (name, _shut_cookie(text) if name == b"set-cookie" else text) for name, text in kept
        ]
        return [*kept, *ours.items()]


def _shut_cookie(text: bytes) -> bytes:
    """A cookie that no script reads and no foreign page sends along."""
    kept = [
        part.strip() for part in text.split(b";")
        if part.strip().lower().partition(b"=")[0] not in (b"httponly", b"samesite", b"secure")
    ]  # fmt: skip
    strict = b"strict" in text.lower()
    return b"; ".join([*kept, b"HttpOnly", b"SameSite=Strict" if strict else b"SameSite=Lax"])


def said(status: int, sentence: str) -> Response:
    """An answer of one sentence."""
    return PlainTextResponse(f"{sentence}\n", status_code=status, headers=dict(BARE))
