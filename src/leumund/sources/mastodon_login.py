"""Getting a key of a Mastodon server: the code flow of OAuth 2 in the owner's browser, reading rights only.

The browser is sent back to a small listener on this computer (loopback, RFC 8252); where no browser can be opened,
or the server does not allow that, the owner copies a code (out of band). A key made by hand under Preferences >
Development will do as well.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import secrets
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from leumund.errors import ServerRefusedError, SourceError
from leumund.http import Client
from leumund.locale import _
from leumund.sources.living import Asked

SCOPES = "read:accounts read:statuses read:notifications read:follows read:favourites"
ALL_READING = "read"
_BY_HAND = "urn:ietf:wg:oauth:2.0:oob"
_PATIENCE_S = 300.0
_SITE = "https://leumund.invalid"


@dataclass(frozen=True, slots=True)
class _App:
    id: str
    secret: str
    redirect: str
    scopes: str


def log_in(
    asked: Asked, client: Client, origin: str, *, rights: tuple[str, ...] = (SCOPES, ALL_READING)
) -> tuple[str, str]:
    """A key that may only read, as the server gave it, and which rights were asked for: "" for a key made by hand.

    rights: the first of these that the server knows.

    Raises:
        SourceError: the owner said no, or the server gives none.
    """
    if asked.options.get("token"):
        question = _("Key (access token) of your application on {host}").format(host=_host(origin))
        return asked.prompt(question, True), ""
    verifier = secrets.token_urlsafe(48)
    state = secrets.token_urlsafe(24)
    wait_for = asked.back or _Listener.start
    listener = None if asked.options.get("paste") else wait_for(state)
    try:
        app = _register(client, origin, listener.address if listener else _BY_HAND, rights)
        url = _question(origin, app, state, verifier)
        asked.tell(_("Allow Leumund to read, in your browser:"))
        asked.tell(url)
        if listener is None or not asked.browse(url):
            if listener is not None:  # no browser here: the code must come by hand
                app = _register(client, origin, _BY_HAND, rights)
                asked.tell(_("No browser could be opened. Open this address yourself:"))
                asked.tell(_question(origin, app, state, verifier))
            code = asked.prompt(_("The code that the page then shows"), True).strip()
        else:
            asked.tell(_("Waiting for your answer in the browser (Ctrl-C to stop) ..."))
            code = listener.wait(_PATIENCE_S)
    finally:
        if listener is not None:
            listener.stop()
    return _exchange(client, origin, app, code, verifier), app.scopes


def _register(client: Client, origin: str, redirect: str, rights: tuple[str, ...]) -> _App:
    """Make ourselves known to the server; old servers do not know the finer rights."""
    for scopes in rights:
        form = {"client_name": "Leumund", "redirect_uris": redirect, "scopes": scopes, "website": _SITE}
        try:
            told: Any = client.post(f"{origin}/api/v1/apps", form=form).json()
        except ServerRefusedError as error:
            if scopes == rights[-1] or error.status not in {400, 422}:
                raise
            continue
        if isinstance(told, dict) and told.get("client_id") and told.get("client_secret"):
            return _App(str(told["client_id"]), str(told["client_secret"]), redirect, scopes)
    raise SourceError(_("{host} does not let programs connect in the usual way.").format(host=_host(origin)),
                      hint=_("Make a key under Preferences > Development, then: leumund connect mastodon {server} --token")
                      .format(server=_host(origin)))  # fmt: skip


def _question(origin: str, app: _App, state: str, verifier: str) -> str:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asks = {
        "response_type": "code",
        "client_id": app.id,
        "redirect_uri": app.redirect,
        "scope": app.scopes,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{origin}/oauth/authorize?{urlencode(asks)}"


def _exchange(client: Client, origin: str, app: _App, code: str, verifier: str) -> str:
    if not code:
        raise SourceError(_("Without the code there is no connection. Nothing was changed."))
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": app.id,
        "client_secret": app.secret,
        "redirect_uri": app.redirect,
        "scope": app.scopes,
        "code_verifier": verifier,
    }
    told = client.post(f"{origin}/oauth/token", form=form).json()
    token = told.get("access_token") if isinstance(told, dict) else None
    if not isinstance(token, str) or not token:
        raise SourceError(_("{host} gave no key.").format(host=_host(origin)))
    return token


class _Listener:
    """Waits on this computer for the browser to come back with the code."""

    def __init__(self, server: HTTPServer, state: str) -> None:
        self._server = server
        self._state = state
        self._came = threading.Event()
        self._code = ""
        self._refused = False
        self.address = f"http://127.0.0.1:{server.server_port}/leumund"

    @classmethod
    def start(cls, state: str) -> _Listener:
        listener: _Listener

        class Handler(BaseHTTPRequestHandler):
            timeout = 10

            def do_GET(self) -> None:
                listener._answer(self)

            def log_message(self, *_args: Any) -> None:
                """Nothing is logged: the address holds the code."""

        class Quiet(
            ThreadingHTTPServer
        ):  # browsers open lines that they do not use; none of them keeps the others waiting
            daemon_threads = True
            block_on_close = False

            def handle_error(self, *_who: Any) -> None:
                """Whoever speaks nonsense, or leaves in the middle, is not worth a word."""

        listener = cls(Quiet(("127.0.0.1", 0), Handler), state)
        threading.Thread(target=listener._server.serve_forever, daemon=True).start()
        return listener

    def wait(self, seconds: float) -> str:
        """The code.

        Raises:
            SourceError: it did not come in time, or the owner said no.
        """
        if not self._came.wait(seconds):
            raise SourceError(_("No answer came from the browser. Nothing was changed."),
                              hint=_("Try again, or copy the code yourself: leumund connect mastodon SERVER --paste"))  # fmt: skip
        if self._refused:
            raise SourceError(_("You did not allow it. Nothing was changed."))
        return self._code

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(request.path)
        told = {k: v[0] for k, v in parse_qs(parts.query).items()}
        ours = parts.path == "/leumund" and hmac.compare_digest(
            told.get("state", "").encode(), self._state.encode()
        )
        if not ours:  # another page of the browser, or somebody who guesses
            self._write(request, 404, _("This page belongs to another question."))
            return
        if told.get("error") or not told.get("code"):
            self._refused = True
            self._write(request, 200, _("You did not allow it. Nothing was changed."))
        else:
            self._code = told["code"]
            self._write(request, 200, _("Thank you. You can close this page; Leumund goes on in its window."))
        self._came.set()

    @staticmethod
    def _write(request: BaseHTTPRequestHandler, status: int, text: str) -> None:
        body = f"<!doctype html><meta charset=utf-8><title>Leumund</title><p>{html.escape(text)}</p>".encode()
        request.send_response(status)
        request.send_header("Content-Type", "text/html; charset=utf-8")
        request.send_header("Content-Length", str(len(body)))
        request.send_header("Referrer-Policy", "no-referrer")
        request.end_headers()
        request.wfile.write(body)


def _host(origin: str) -> str:
    return urlsplit(origin).netloc
