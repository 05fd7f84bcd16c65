"""What may come in and what may go out.

- Only for names this computer is called by: a page elsewhere cannot reach the lab under a name of its own (rebinding).
- Whoever comes from another site gets no answer but a page to look at; forms carry a word only our own pages know, and only
  those that show the same lab: what was filled in for one is never put into another.
- Nothing is loaded from elsewhere, framed, or kept by a cache. With a password nobody looks in without it, and who
  guesses waits. A program that knows the token, which lies in a file only its owner can read, is the owner's.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import time
import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from leumund.locale import _
from leumund.web.refusal import refusal
from leumund.web.tries import Tries

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

COOKIE = "leumund"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_SESSION_S = 30 * 86400
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}
_FRAMED = "/widget/preview"
_IN_FRAMES = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "x-frame-options": "SAMEORIGIN",
}
"""For what our own pages show in a frame."""
_OPEN = ("/static/", "/enter", "/connect/back")
_BARE = ("/static/", "/api/", "/connect/back")  # nobody gets a session there
_FOR_PROGRAMS = "/api/"
_HARMLESS = ("GET", "HEAD")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Who may come. hosts: the names the server answers to, without port; password: None where none is asked for.

    by_address: any number is a name of it too, where it listens at all of them (a page elsewhere comes by a name).
    token: opens what is for programs.
    """

    hosts: tuple[str, ...] = LOOPBACK
    port: int = 0
    by_address: bool = False
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    tries: Tries = field(default_factory=Tries, repr=False)
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def knows(self, host: str) -> bool:
        """Whether that is a name of this server: any port of ours, none where the name says none."""
        name, colon, port = host.lower().rpartition(":") if not host.endswith("]") else (host.lower(), "", "")
        if not colon:
            name, port = host.lower(), ""
        fits = not self.port or not port or port == str(self.port)
        return fits and (name in self.hosts or (self.by_address and _is_address(name)))

    @property
    def cookie_name(self) -> str:
        """Of this server alone: browsers give cookies to every port of a computer."""
        return f"{COOKIE}-{self.port}"

    def cookie(self, session: str) -> str:
        """The header that keeps a session; an empty one ends it."""
        age = _SESSION_S if session else 0
        return f"{self.cookie_name}={session}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict"

    def opens(self, given: str) -> bool:
        """Whether this is the password."""
        return self.password is not None and hmac.compare_digest(given.encode(), self.password.encode())

    def is_token(self, given: str) -> bool:
        """Whether this is the word for programs; it is too long to be guessed."""
        return self.token is not None and hmac.compare_digest(given.encode(), self.token.encode())

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

    def word(self, session: str, about: str = "") -> str:
        """What a form of this session carries. about: what it changes; a form about another lab is none of ours."""
        return self._mark("form", f"{session}:{about}")

    def _mark(self, what: str, text: str) -> str:
        return hmac.new(self.secret, f"{what}:{text}".encode(), hashlib.sha256).hexdigest()


class Guard:
    """Stands before the application.

    Puts into the request's state: `session`, `word` (what its forms carry), `own` (whether it is the owner's) and
    `locked` (whether a password is asked for).
    """

    def __init__(
        self, app: Callable[..., Awaitable[None]], rules: Rules, about: Callable[[], str] = lambda: ""
    ) -> None:
        self.app = app
        self.rules = rules
        self.about = about

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # nothing here speaks so
            return await send({"type": "websocket.close", "code": 1008})
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        refused = self._refused(scope, headers)
        fresh = ""
        if refused is None:
            fresh, refused = self._admitted(scope, headers)
        begun = False

        async def out(message: MutableMapping[str, Any]) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                given = MutableHeaders(scope=message)
                framed = _IN_FRAMES if scope["path"] == _FRAMED else {}
                for name, value in (_HEADERS | framed).items():
                    given[name] = value
                if not scope["path"].startswith("/static/"):
                    given["cache-control"] = "no-store"
                if fresh:
                    given.append("set-cookie", self.rules.cookie(fresh))
            await send(message)

        if refused is not None:
            return await refused(scope, receive, out)
        try:
            return await self.app(scope, receive, out)
        except ClientDisconnect:  # in the middle of what she sent: nobody is there to be told
            return None
        except Exception as error:
            if begun:
                raise
            traceback.print_exception(error)
            message = _("Something is wrong with the program itself.")
            return await _no(scope, 500, message)(scope, receive, out)

    def _refused(self, scope: Scope, headers: Headers) -> Response | None:
        if not self.rules.knows(headers.get("host", "")):
            return _no(scope, 421, _("This server is not called so."))
        if scope["method"] not in (*_HARMLESS, "POST"):
            return _no(scope, 405, _("That cannot be done here."), {"allow": "GET, HEAD, POST"})
        came = headers.get("sec-fetch-site", "none")
        looks = scope["method"] in _HARMLESS and headers.get("sec-fetch-dest", "") == "document"
        if came in {"cross-site", "same-site"} and not looks:
            return _no(scope, 403, _("Not from another page."))
        origin = headers.get("origin")
        if scope["method"] == "POST" and origin and not self.rules.knows(origin.partition("://")[2]):
            return _no(scope, 403, _("Not from another page."))
        return None

    def _admitted(self, scope: Scope, headers: Headers) -> tuple[str, Response | None]:
        """A session for whoever has none, where none is to be asked for; else where to get one."""
        now = time.time()
        session = Request(scope).cookies.get(self.rules.cookie_name, "")
        state = scope.setdefault("state", {})
        state |= {"own": self.rules.holds(session, now), "locked": self.rules.password is not None}
        fresh = ""
        if not state["own"]:
            session = ""
            for_programs = scope["path"].startswith(_FOR_PROGRAMS)
            if for_programs and "authorization" in headers:
                refused = self._program(scope, headers["authorization"])
                state["own"] = refused is None
                state["session"] = state["word"] = ""
                return "", refused
            if self.rules.password is not None and not scope["path"].startswith(_OPEN):
                if for_programs:
                    return "", _unknown(scope)
                return "", RedirectResponse("/enter", 303)
            if self.rules.password is None and not scope["path"].startswith(_BARE):
                session = fresh = self.rules.session(now)
                state["own"] = True
        state["session"] = session
        state["word"] = self.rules.word(session, self.about()) if session else ""
        return fresh, None

    def _program(self, scope: Scope, said: str) -> Response | None:
        """Why that program is not let in; None: it says the token or the password."""
        scheme, _blank, word = said.partition(" ")
        if scheme.lower() != "bearer" or self.rules.is_token(word.strip()):
            return None if scheme.lower() == "bearer" else _unknown(scope)
        who = came_from(scope)
        if self.rules.password is not None and (seconds := self.rules.tries.wait(who)):
            return _no(scope, 429, _("Too many wrong passwords."), {"retry-after": str(seconds)})
        if self.rules.opens(word.strip()):
            return None
        self.rules.tries.wrong(who)
        return _unknown(scope)


def came_from(scope: Scope) -> str:
    """The address a request came from."""
    return str((scope.get("client") or ("", 0))[0])


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def _no(scope: Scope, status: int, words: str, headers: dict[str, str] | None = None) -> Response:
    """A refusal, for programs or for people."""
    if scope["path"].startswith(_FOR_PROGRAMS):
        return refusal(status, words, headers=headers)
    return PlainTextResponse(words + "\n", status, headers)


def _unknown(scope: Scope) -> Response:
    return _no(scope, 401, _("A password or a token is needed here."), {"www-authenticate": "Bearer"})
