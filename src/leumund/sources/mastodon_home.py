"""Where an account of a Mastodon server is at home: what stands after its @, which may be another name than the server's.

A server says of itself under which name its accounts go (`example.org`, while it answers at `social.example.org`).
Whoever runs a server can say that of any name, so the name itself is asked: its WebFinger (RFC 7033) must point back to
the server. Where it does not, the account is known by the server that was asked.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from leumund.errors import (
    ForbiddenAddressError,
    ServerRefusedError,
    ServerUnreachableError,
    SourceError,
    StrangeAnswerError,
)
from leumund.http import Client
from leumund.http.addresses import place
from leumund.locale import _
from leumund.sources.mastodon_shapes import Person

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[0-9]{1,5})?\Z")
_NAME = re.compile(r"[\w.~-]{1,200}\Z")
_MOST_BYTES = 1 << 20


def claimed_host(client: Client, origin: str) -> str:
    """The name that a server says its accounts go by; its own where it says none.

    Raises:
        SourceError: nothing there speaks Mastodon's API.
    """
    refused = 0
    for path, names in (
        ("/api/v2/instance", ("account_domain", "domain")),
        ("/api/v1/instance", ("account_domain", "uri")),
    ):
        with contextlib.suppress(StrangeAnswerError):
            try:
                told = client.get(origin + path).json()
            except ServerRefusedError:  # small servers leave this part out; what follows will show what it is
                refused += 1
                continue
            if isinstance(told, dict):
                return next((h for n in names if (h := _host_in(told.get(n)))), urlsplit(origin).netloc)
    if refused:
        return urlsplit(origin).netloc
    raise SourceError(_("{origin} does not speak Mastodon's language.").format(origin=origin),
                      hint=_("Write the server's address as in the browser: leumund connect mastodon example.social"))  # fmt: skip


def home_of(client: Client, origin: str, claimed: str, person: Person, tell: Callable[[str], None]) -> str:
    """What stands after the @ of that account: the name its server claims where that name confirms it.

    A name that cannot be asked is believed of a server in the owner's own network alone.
    """
    host = urlsplit(origin).netloc
    if claimed == host:
        return host
    name = (person.username or person.acct or "").partition("@")[0]
    kept = host
    try:
        if _NAME.match(name) and _points_back(_finger(client, origin, claimed, name), origin):
            return claimed
    except (ServerUnreachableError, ForbiddenAddressError):
        if place(origin) in client.allowed:
            kept = claimed
    except SourceError:
        pass
    if kept != claimed:
        text = _(
            "{claimed} does not confirm that accounts of {host} are at home there. Yours is kept as @{name}@{host}."
        )
        tell(text.format(claimed=claimed, host=host, name=name))
    return kept


def _finger(client: Client, origin: str, host: str, name: str) -> Any:
    """What a host says of an account, asked once."""
    plain = urlsplit(origin).scheme == "http" and place(f"http://{host}") in client.allowed
    url = f"{'http' if plain else 'https'}://{host}/.well-known/webfinger"
    tries, client.tries = client.tries, 1
    try:
        found, _answer = client.get_json(
            url, params={"resource": f"acct:{name}@{host}"}, headers={"Accept": "application/jrd+json"},
            most=_MOST_BYTES,
        )  # fmt: skip
    finally:
        client.tries = tries
    return found


def _points_back(found: Any, origin: str) -> bool:
    """Whether the account itself lies on that server. What else its server says of it proves nothing: anybody can."""
    links = found.get("links") if isinstance(found, dict) else None
    for link in links if isinstance(links, list) else []:
        href = link.get("href") if isinstance(link, dict) and link.get("rel") == "self" else None
        with contextlib.suppress(ValueError):
            if isinstance(href, str) and place(href) == place(origin):
                return True
    return False


def _host_in(told: Any) -> str | None:
    if not isinstance(told, str):
        return None
    try:
        host = (urlsplit(told).netloc if "://" in told else told.strip("/")).lower()
        host = host if host.isascii() else host.encode("idna").decode()
    except (ValueError, UnicodeError):
        return None
    return host if _HOST.match(host) else None
