"""What may come in and what may go out.

- Only for names this computer is called by: a page elsewhere cannot reach the lab under a name of its own (rebinding).
- Whoever comes from another site gets no answer but a page to look at; forms carry a word only our own pages know.
- Nothing is loaded from elsewhere, framed, or kept by a cache. With a password nobody looks in without it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from leumund.locale import _

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

COOKIE = "leumund"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_SESSION_S = 30 * 86400
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}
_OPEN = ("/static/", "/enter", "/connect/back")
_BARE = ("/static/", "/api/", "/connect/back")  # nobody gets a session there
_HARMLESS = ("GET", "HEAD")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Who may come. hosts: the names the server answers to, without port; password: None where none is asked for."""

    hosts: tuple[str, ...] = LOOPBACK
    port: int = 0
    password: str | None = None
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def knows(self, host: str) -> bool:
        """Whether that is a name of this server: any port of ours, none where the name says none."""
        name, colon, port = host.lower().rpartition(":") if not host.endswith("]") else (host.lower(), "", "")
        if not colon:
            name, port = host.lower(), ""
        fits = not self.port or not port or port == str(self.port)
        return name in self.hosts and fits

    def opens(self, given: str) -> bool:
        """Whether this is the password."""
        return self.password is not None and hmac.compare_digest(given.encode(), self.password.encode())

    def session(self, now: float) -> str:
        """A new session: a chance word, until when it holds, and our mark on both."""
        body = f"{secrets.token_urlsafe(18)}.{int(now + _SESSION_S)}"
        return f"{body}.{self._mark('session', body)}"

    def holds(self, session: str, now: float) -> bool:
        """Whether a session is ours and not over."""
        body, _dot, mark = session.rpartition(".")
        until = body.rpartition(".")[2]
        return (
            hmac.compare_digest(mark.encode(), self._mark("session", body).encode())
            and until.isdecimal()
            and now < int(until)
        )

    def word(self, session: str) -> str:
        """What a form of this session carries."""
        return self._mark("form", session)

    def _mark(self, what: str, text: str) -> str:
        return hmac.new(self.secret, f"{what}:{text}".encode(), hashlib.sha256).hexdigest()


class Guard:
    """Stands before the application. Puts `session` and `own` (whether it is the owner's) into the request's state."""

    def __init__(self, app: Callable[..., Awaitable[None]], rules: Rules) -> None:
        self.app = app
        self.rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        refusal = self._refused(scope, headers)
        fresh = ""
        if refusal is None:
            fresh, refusal = self._admitted(scope, headers)

        async def out(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                given = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    given[name] = value
                if not scope["path"].startswith("/static/"):
                    given["cache-control"] = "no-store"
                if fresh:
                    given.append("set-cookie", cookie(fresh))
            await send(message)

        if refusal is not None:
            return await refusal(scope, receive, out)
        return await self.app(scope, receive, out)

    def _refused(self, scope: Scope, headers: Headers) -> Response | None:
        if not self.rules.knows(headers.get("host", "")):
            return PlainTextResponse(_("This server is not called so.") + "\n", 421)
        if scope["method"] not in (*_HARMLESS, "POST"):
            return PlainTextResponse(_("That cannot be done here.") + "\n", 405, {"allow": "GET, HEAD, POST"})
        came = headers.get("sec-fetch-site", "none")
        looks = scope["method"] in _HARMLESS and headers.get("sec-fetch-dest", "") == "document"
        if came in {"cross-site", "same-site"} and not looks:
            return PlainTextResponse(_("Not from another page.") + "\n", 403)
        origin = headers.get("origin")
        if scope["method"] == "POST" and origin and not self.rules.knows(origin.partition("://")[2]):
            return PlainTextResponse(_("Not from another page.") + "\n", 403)
        return None

    def _admitted(self, scope: Scope, headers: Headers) -> tuple[str, Response | None]:
        """A session for whoever has none, where none is to be asked for; else where to get one."""
        now = time.time()
        request = Request(scope)
        session = request.cookies.get(COOKIE, "")
        state = scope.setdefault("state", {})
        state["own"] = self.rules.holds(session, now)
        bearer = headers.get("authorization", "")
        if bearer.startswith("Bearer ") and self.rules.opens(bearer.removeprefix("Bearer ").strip()):
            state["own"] = True
        fresh = ""
        if not state["own"]:
            session = ""
            if self.rules.password is not None and not scope["path"].startswith(_OPEN):
                if scope["path"].startswith("/api/"):
                    return "", PlainTextResponse(_("A password is needed here.") + "\n", 401)
                return "", RedirectResponse("/enter", 303)
            if self.rules.password is None and not scope["path"].startswith(_BARE):
                session = fresh = self.rules.session(now)
                state["own"] = True
        state["session"] = session
        state["word"] = self.rules.word(session) if session else ""
        return fresh, None


def cookie(session: str) -> str:
    """The header that keeps a session."""
    return f"{COOKIE}={session}; Path=/; Max-Age={_SESSION_S}; HttpOnly; SameSite=Strict"
