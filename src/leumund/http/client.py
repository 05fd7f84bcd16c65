"""Requests as a decent guest makes them: within the server's limits, within ours, and never endless."""

from __future__ import annotations

import contextlib
import random
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus, urlencode, urljoin, urlsplit

import msgspec

from leumund.errors import (
    ForbiddenAddressError,
    InsecureAddressError,
    RateLimitedError,
    ServerRefusedError,
    ServerUnreachableError,
    StrangeAnswerError,
    TokenRefusedError,
    TooSlowError,
    UnknownServerError,
    WrongClockError,
)
from leumund.http import addresses, limits
from leumund.http.words import Stopped, bare, host_of
from leumund.locale import _

if TYPE_CHECKING:
    from leumund.http.transport import Transport

_MOST_BYTES = 16 << 20
_MOST_REDIRECTS = 5
_MOST_TRIES = 6
_CONNECT_S, _READ_S, _ALL_S = 15.0, 45.0, 180.0
_CLOCKS_APART = timedelta(days=1)
_SLOW_AFTER_S, _SLOW_S = 15 * 60.0, 15.0
_PASSING = {408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524}
_HALVES = re.compile(rb"\\u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|\\(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.")
_SECRET = {"client_secret", "code", "code_verifier", "password", "authFactorToken", "token", "refresh_token"}
_MOVED = {301, 302, 303, 307, 308}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered. headers: names in lower case; url: where the answer came from in the end."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    def json(self) -> Any:
        """The body as plain Python values.

        Raises:
            StrangeAnswerError: it is no JSON, or nested beyond reason.
        """
        try:
            return msgspec.json.decode(self.body)
        except RecursionError as error:
            raise StrangeAnswerError(bare(self.url), _("it is nested beyond all reason")) from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            why = _("it breaks off in the middle") if _breaks_off(error) else _("this is no JSON")
            raise StrangeAnswerError(bare(self.url), why) from error


@dataclass(slots=True)
class Client:
    """Asks one server (and those it points to) on behalf of one connection; not to be shared by threads.

    origin: the server that may see the token. allowed: places in a private network that the owner allowed.
    token: gives the value of the Authorization header, None without; sign: the same for servers that want it made
    from method and address. stop: set when the person wants to leave.
    waiting: is told (host, seconds, why) before each pause. tries: how often a server is asked that fails in passing;
    unknown_tries: one whose name is not known, which may be misspelled or just not known for a moment.
    slow_after_s, slow_s: after so long in all, a server that takes longer than that for an answer is left.
    pay: is told each address before it is asked, repetitions and redirects too, and may raise to keep it from being
    asked; what it gives is told the answer, None where nothing was sent, and hears nothing where the answer was lost.
    """

    origin: str = ""
    allowed: frozenset[str] = frozenset()
    token: Callable[[], str | None] = lambda: None
    sign: Callable[[str, str], str] | None = None
    pay: Callable[[str], Callable[[Answer | None], None]] = lambda _url: lambda _answer: None
    stop: threading.Event = field(default_factory=threading.Event)
    waiting: Callable[[str, float, str], None] = lambda _host, _seconds, _why: None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    chance: Callable[[], float] = random.random
    read_s: float = _READ_S
    all_s: float = _ALL_S
    tries: int = _MOST_TRIES
    unknown_tries: int = _MOST_TRIES
    slow_after_s: float = _SLOW_AFTER_S
    slow_s: float = _SLOW_S
    requests: int = 0
    _pause_until: dict[str, float] = field(default_factory=dict)
    _waits: dict[str, tuple[int, float]] = field(default_factory=dict)
    _transport: Transport | None = None
    _secrets: set[str] = field(default_factory=set)

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str | int | list[str] | None] | None = None,
        accept: tuple[int, ...] = (),
        headers: Mapping[str, str] | None = None,
        most: int = _MOST_BYTES,
    ) -> Answer:
        """Ask for a resource; passing failures are tried again.

        params: added to the address; lists are repeated. accept: statuses besides 2xx that the caller understands.
        most: bytes of body (unpacked) that are read at most.

        Raises:
            TokenRefusedError (401), ServerRefusedError (other refusals), RateLimitedError, ServerUnreachableError,
            StrangeAnswerError (too long, cut off), ForbiddenAddressError, InsecureAddressError, TooSlowError,
            WrongClockError; Stopped.
        """
        return self._persist("GET", with_params(url, params), None, accept, headers or {}, most)

    def get_json(
        self, url: str, *, params: Mapping[str, str | int | list[str] | None] | None = None, **more: Any
    ) -> tuple[Any, Answer]:
        """The same, decoded; an answer that breaks off is asked for again before it is given up.

        What is whole and yet no JSON would be the same the next time.
        """
        for attempt in range(1, self.tries + 1):
            answer = self.get(url, params=params, **more)
            try:
                with contextlib.suppress(StrangeAnswerError):
                    return answer.json(), answer
                answer = replace(answer, body=_HALVES.sub(_whole, answer.body))
                return answer.json(), answer
            except StrangeAnswerError as error:
                if attempt == self.tries or _is_page(answer) or not _breaks_off(error.__cause__):
                    raise
                self._wait(url, limits.backoff_s(attempt, self.chance()), _("the answer was cut off"))
        raise AssertionError

    def post(
        self,
        url: str,
        *,
        form: Mapping[str, str] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
        accept: tuple[int, ...] = (),
    ) -> Answer:
        """Send something, once: only where no connection came about it is tried again.

        Raises:
            As `get`.
        """
        given = form if form is not None else json if isinstance(json, dict) else {}
        self._secrets |= {v for k, v in given.items() if k in _SECRET and isinstance(v, str) and len(v) > 3}
        if form is not None:
            body, kind = urlencode(form).encode(), "application/x-www-form-urlencoded"
        else:
            body, kind = (msgspec.json.encode(json) if json is not None else b""), "application/json"
        sent = {**(headers or {}), **({"Content-Type": kind} if body else {})}
        return self._persist("POST", url, body, accept, sent, _MOST_BYTES)

    def close(self) -> None:
        """Let go of all connections."""
        if self._transport is not None:
            self._transport.close()

    def pause(self, url: str, seconds: float, why: str) -> None:
        """Wait, and say so.

        Raises:
            RateLimitedError: that is longer than one waits. Stopped.
        """
        self._wait(url, seconds, why)

    # -- how it is done

    def _persist(
        self,
        method: str,
        url: str,
        body: bytes | None,
        accept: tuple[int, ...],
        headers: Mapping[str, str],
        most: int,
    ) -> Answer:
        """One request, repeated while that makes sense."""
        again = method == "GET"
        refused: Answer | None = None
        for attempt in range(1, self.tries + 1):
            self._keep_pause(url)
            try:
                answer = self._follow(method, url, body, headers, most)
            except ServerUnreachableError as error:
                last = self.unknown_tries if isinstance(error, UnknownServerError) else self.tries
                if attempt >= min(last, self.tries) or not (again or error.before_sending):
                    raise
                self._wait(url, limits.backoff_s(attempt, self.chance()), error.why)
                continue
            now = self.clock()
            if (pause := limits.pause_s(answer.headers, now)) > 0:
                self._pause_until[addresses.place(url)] = now.timestamp() + pause
            if answer.status == 429 or (answer.status in _PASSING and again and answer.status not in accept):
                refused = answer
                if attempt == self.tries:
                    break
                asked = limits.asked_wait_s(answer.headers, now)
                wait = limits.backoff_s(attempt, self.chance()) if asked is None else asked + self.chance()
                why = _("its limit is reached") if answer.status == 429 else _("it has a problem of its own")
                self._wait(url, wait, why)
                continue
            return _checked(answer, accept, self._secrets)
        assert refused is not None
        if refused.status == 429:
            raise RateLimitedError(host_of(url), limits.asked_wait_s(refused.headers, self.clock()))
        return _checked(refused, accept, self._secrets)

    def _follow(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], most: int
    ) -> Answer:
        """The answer after redirects. The token goes to the origin alone; nothing is sent on twice."""
        for _hop in range(_MOST_REDIRECTS + 1):
            answer = self._once(method, url, body, headers, most)
            if answer.status not in _MOVED or "location" not in answer.headers:
                return answer
            if method != "GET":
                raise StrangeAnswerError(bare(url), _("it points elsewhere, which must not happen here"))
            try:
                url = urljoin(url, answer.headers["location"])
            except ValueError:
                raise StrangeAnswerError(bare(url), _("it points to no address")) from None
        raise StrangeAnswerError(bare(url), _("it sends us from one place to the next without end"))

    def _once(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], most: int
    ) -> Answer:
        self._check_address(url)
        sent = {
            "User-Agent": user_agent(),
            "Accept-Encoding": "gzip",
            "Accept": "application/json, */*;q=0.5",
        }
        token = None
        if self.origin and addresses.place(url) == addresses.place(self.origin):
            token = self.sign(method, url) if self.sign else self.token()
        if token:
            sent["Authorization"] = token
            self._secrets.add(token.rpartition(" ")[2])
        sent.update(headers)
        where = addresses.place(url)
        answers, waited_s = self._waits.get(where, (0, 0.0))
        if waited_s > max(self.slow_after_s, answers * self.slow_s):
            raise TooSlowError(host_of(url), waited_s / 60)
        settle = self.pay(url)
        self.requests += 1
        if self._transport is None:
            from leumund.http.transport import Transport  # brings TLS and all; not needed to know of a source

            self._transport = Transport(
                allowed=self.allowed,
                connect_s=_CONNECT_S,
                read_s=self.read_s,
                all_s=self.all_s,
                stop=self.stop,
            )
        began = time.monotonic()
        try:
            status, told, data = self._transport.request(method, url, body=body, headers=sent, most=most)
        except (ServerUnreachableError, ForbiddenAddressError) as error:
            if not isinstance(error, ServerUnreachableError) or error.before_sending:
                settle(None)
            raise
        finally:  # a computer that slept meanwhile waited no longer than one waits
            self._waits[where] = answers + 1, waited_s + min(time.monotonic() - began, self.all_s)
        answer = Answer(status, told, data, url)
        settle(answer)
        if token:  # what is for us alone comes from no cache, so its date is of now
            self._check_clock(answer)
        return answer

    def _check_clock(self, answer: Answer) -> None:
        ours, theirs = self.clock(), limits.their_time(answer.headers)
        if theirs is not None and abs(theirs - ours) > _CLOCKS_APART:
            raise WrongClockError(host_of(answer.url), ours, theirs)

    def _check_address(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            known = parts.hostname and parts.scheme in {"http", "https"} and (parts.port or 1)
        except ValueError:
            known = False
        if not known:
            raise StrangeAnswerError(bare(url), _("this is no address"))
        if parts.scheme == "http" and addresses.place(url) not in self.allowed:
            raise InsecureAddressError(host_of(url))

    def _keep_pause(self, url: str) -> None:
        until = self._pause_until.pop(addresses.place(url), 0.0)
        if (wait := until - self.clock().timestamp()) > 0:
            self._wait(url, wait, _("its limit is reached"))

    def _wait(self, url: str, seconds: float, why: str) -> None:
        if seconds > limits.LONGEST_WAIT_S:
            raise RateLimitedError(host_of(url), seconds)
        self.waiting(host_of(url), seconds, why)
        if self.stop.wait(seconds):
            raise Stopped


def _whole(escape: re.Match[bytes]) -> bytes:
    """An escape of a JSON text; half of a character, as cut texts end with, becomes a sign of its own."""
    return b"\\ufffd" if escape["half"] else escape[0]


def with_params(url: str, params: Mapping[str, str | int | list[str] | None] | None) -> str:
    """An address with parameters; None leaves one out.

    >>> with_params("https://a.example/x?y=1", {"limit": 80, "types[]": ["a", "b"], "max_id": None})
    'https://a.example/x?y=1&limit=80&types%5B%5D=a&types%5B%5D=b'
    """
    given = {k: v for k, v in (params or {}).items() if v is not None}
    if not given:
        return url
    return url + ("&" if "?" in url else "?") + urlencode(given, doseq=True)


def _checked(answer: Answer, accept: tuple[int, ...], secrets: set[str]) -> Answer:
    if 200 <= answer.status < 300 or answer.status in accept:
        return answer
    if answer.status == 401:
        raise TokenRefusedError(host_of(answer.url))
    raise ServerRefusedError(bare(answer.url), answer.status, _told(answer, secrets))


def _told(answer: Answer, secrets: set[str]) -> str:
    """What the server says is wrong, cut short; never ours to trust: some repeat what they were sent, keys and all."""
    with contextlib.suppress(StrangeAnswerError):
        found = answer.json()
        if isinstance(found, dict):
            for name in ("error_description", "message", "error", "detail"):
                if isinstance(found.get(name), str) and found[name]:
                    text = str(found[name])
                    for secret in sorted(secrets, key=len, reverse=True):
                        for form in {secret, quote(secret, safe=""), quote_plus(secret)}:
                            text = text.replace(form, "…")
                    return text[:200]
    return ""


def _breaks_off(error: BaseException | None) -> bool:
    """Whether a JSON text ended too early, as msgspec says it."""
    return isinstance(error, msgspec.DecodeError) and "truncated" in str(error)


def _is_page(answer: Answer) -> bool:
    """A web page where data should be: asking again will not help."""
    return "html" in answer.headers.get("content-type", "")


@cache
def user_agent() -> str:
    """How we introduce ourselves."""
    return f"Leumund/{version('leumund')} (a laboratory for one's own presence; runs on its owner's computer)"
