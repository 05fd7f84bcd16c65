"""A session with an AT data server: an app password first, renewed when it has run out.

A session's key lasts two hours, the one to renew it two months; a new log-in costs one of 30 in five minutes. So the
session is kept with the password, renewed when the server says so, and made anew only where that fails.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import msgspec

from leumund.errors import SecretError, ServerRefusedError, SourceError, TokenRefusedError, UsageError
from leumund.http import Answer, Client
from leumund.locale import _
from leumund.sources.living import Access

_OVER = {"ExpiredToken", "InvalidToken", "AuthMissing", "AuthenticationRequired"}
_WHOLE = "com.atproto.access"
"""The scope of a session that was opened with the account's own password."""


class Kept(msgspec.Struct):
    """What is kept of a session: who, her app password, and the two keys the server gave."""

    identifier: str
    password: str
    access: str = ""
    refresh: str = ""


def log_in(client: Client, origin: str, identifier: str, password: str) -> tuple[Kept, str, str]:
    """A new session; gives what to keep of it, the DID and the handle.

    Raises:
        SourceError: the server does not accept handle and password.
    """
    try:
        answer = client.post(
            f"{origin}/xrpc/com.atproto.server.createSession",
            json={"identifier": identifier, "password": password},
        )
    except (TokenRefusedError, ServerRefusedError) as error:
        if isinstance(error, ServerRefusedError) and error.status not in {400, 403}:
            raise
        raise SourceError(
            _("The server does not accept this handle and app password."),
            hint=_(
                "Make an app password under Settings > Privacy and security > App passwords, and try again."
            ),
        ) from error
    told = answer.json()
    if not isinstance(told, dict) or not all(
        isinstance(told.get(n), str) for n in ("did", "accessJwt", "refreshJwt")
    ):
        raise SourceError(_("{host} gave no key.").format(host=origin))
    if _scope(told["accessJwt"]) == _WHOLE:
        raise UsageError(
            _("That is the password of the account itself, which may do everything. Nothing was kept."),
            hint=_(
                "Make an app password under Settings > Privacy and security > App passwords, and try again."
            ),
        )
    kept = Kept(
        identifier=identifier, password=password, access=told["accessJwt"], refresh=told["refreshJwt"]
    )
    return kept, told["did"], str(told.get("handle") or "")


def _scope(key: str) -> str:
    """What a session may do, as its key says (a JWT: three parts, the second is JSON); "" where it does not say."""
    try:
        middle = key.split(".")[1]
        told = msgspec.json.decode(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except (IndexError, ValueError, RecursionError):
        return ""
    return str(told.get("scope", "")) if isinstance(told, dict) else ""


def as_secret(kept: Kept) -> str:
    """As it is put away."""
    return msgspec.json.encode(kept).decode()


def ask(
    access: Access, method: str, params: Mapping[str, str | int | list[str] | None]
) -> tuple[Any, Answer]:
    """What a method of the server answers, the session renewed where it has run out.

    Raises:
        TokenRefusedError: neither renewing nor a new log-in helps. Others as `Client.get`.
    """
    url = f"{access.connection.server}/xrpc/{method}"
    if "session" not in access.memory:  # looking without an account
        return access.client.get_json(url, params=params)
    found, answer = access.client.get_json(url, params=params, accept=(400, 401))
    if answer.status >= 400 and isinstance(found, dict):
        if answer.status == 401 or found.get("error") in _OVER:
            _renew(access)
            return access.client.get_json(url, params=params)
        raise ServerRefusedError(
            url, answer.status, str(found.get("message") or found.get("error") or "")[:200]
        )
    return found, answer


def begin(access: Access) -> None:
    """Take up the session that was kept.

    Raises:
        SourceError: its key is gone.
    """
    secret = access.secret()
    bare = (secret or "").strip()
    if bare and not bare.startswith("{"):  # an app password by the environment
        secret = as_secret(Kept(identifier=access.connection.account, password=bare))
    try:
        kept = msgspec.json.decode(secret or "", type=Kept)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise SecretError(
            _("The key for {account} is gone.").format(account=access.connection.account),
            hint=_("Connect again with: leumund connect bluesky {handle}").format(
                handle=access.connection.account
            ),
        ) from error
    access.memory["session"] = secret or ""
    access.client.token = lambda: f"Bearer {kept.access}"
    if not kept.access:
        _renew(access)


def _renew(access: Access) -> None:
    kept = msgspec.json.decode(access.memory["session"], type=Kept)
    origin = access.connection.server
    renewed: Kept | None = None
    if kept.refresh:
        answer = access.client.post(
            f"{origin}/xrpc/com.atproto.server.refreshSession",
            headers={"Authorization": f"Bearer {kept.refresh}"},
            accept=(400, 401),
        )
        told = answer.json() if answer.status == 200 else None
        if isinstance(told, dict) and isinstance(told.get("accessJwt"), str):
            kept.access, kept.refresh = told["accessJwt"], str(told.get("refreshJwt") or kept.refresh)
            renewed = kept
    if renewed is None:
        access.client.token = lambda: None
        try:
            renewed, _did, _handle = log_in(access.client, origin, kept.identifier, kept.password)
        except SourceError as error:
            if isinstance(error, ServerRefusedError):
                raise
            raise TokenRefusedError(origin) from error
    access.memory["session"] = as_secret(renewed)
    access.keep_secret(access.memory["session"])
    key = renewed.access
    access.client.token = lambda: f"Bearer {key}"
