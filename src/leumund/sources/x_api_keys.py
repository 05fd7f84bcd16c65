"""The keys of a developer app of X: four of them to ask as the owner herself (OAuth 1.0a), or one for the app alone.

Only who asks as herself pays the price for "owned reads". The four keys do not run out; a request is signed with
them and they never leave this computer. The one key (Bearer token) is sent along.

Signing: RFC 5849; docs.x.com/fundamentals/authentication/oauth-1-0a
"""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import parse_qsl, quote, urlsplit

import msgspec

from leumund.errors import UsageError
from leumund.http import Client
from leumund.locale import _
from leumund.sources.living import Asked

CONSOLE = "https://console.x.com"
_LONGEST = 1_000
_BEARER_FROM = 80  # an API key has 25 signs, a Bearer token more than 100


class Keys(msgspec.Struct, frozen=True):
    """What is kept of an app: four keys, or the bearer token alone."""

    api: str = ""
    api_secret: str = ""
    access: str = ""
    access_secret: str = ""
    bearer: str = ""

    @property
    def owned(self) -> bool:
        """Whether X sees the owner herself asking."""
        return not self.bearer


def ask_for(asked: Asked, handle: str) -> Keys:
    """The keys, as the owner copies them out of X's console; none is shown.

    Raises:
        UsageError: that is none.
    """
    asked.tell(_("Leumund reads X with a developer app of your own. At {console}:").format(console=CONSOLE))
    asked.tell(
        _("1. Log in as @{handle}, make an app, give it the right “Read” and no other.").format(handle=handle)
    )
    asked.tell(_("2. Buy a little credit there, and set a spending limit there too."))
    for line in (
        _(
            "3. Under “Keys and tokens” make: API key and secret, access token and secret of your own account."
        ),
        _("With these four X takes the low price for one's own data."),
        _(
            "The Bearer token alone costs five to ten times as much; to use it, paste it instead of the API key."
        ),
    ):
        asked.tell(line)
    first = _key(asked, _("API key (consumer key)"))
    if len(first) >= _BEARER_FROM:
        return Keys(bearer=first.removeprefix("Bearer ").strip())
    return Keys(
        api=first,
        api_secret=_key(asked, _("API key secret")),
        access=_key(asked, _("Access token")),
        access_secret=_key(asked, _("Access token secret")),
    )


def _key(asked: Asked, what: str) -> str:
    given = asked.prompt(what, True).strip()
    if not given or not given.isascii() or not given.isprintable() or len(given) > _LONGEST:
        raise UsageError(_("That is no key. Nothing was changed."))
    return given


def as_secret(keys: Keys) -> str:
    """The keys as they are kept."""
    return keys.bearer or msgspec.json.encode(keys).decode()


def keys_of(secret: str) -> Keys:
    """The keys as they were kept; anything else is a bearer token (given by the environment, perhaps)."""
    try:
        return msgspec.json.decode(secret, type=Keys)
    except msgspec.DecodeError:
        return Keys(bearer=secret)


def use(client: Client, keys: Keys) -> None:
    """Have the client ask with these keys, and no others."""
    client.sign = None
    if keys.bearer:
        client.token = lambda: f"Bearer {keys.bearer}"
    else:
        client.sign = lambda method, url: signed(
            keys, method, url, nonce=secrets.token_hex(16), at=client.clock()
        )


def signed(keys: Keys, method: str, url: str, *, nonce: str, at: datetime) -> str:
    """The value of the Authorization header for one request. url: with its query."""
    parts = urlsplit(url)
    ours = {
        "oauth_consumer_key": keys.api,
        "oauth_nonce": nonce,
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(int(at.timestamp())),
        "oauth_token": keys.access,
        "oauth_version": "1.0",
    }
    given = [*parse_qsl(parts.query, keep_blank_values=True), *ours.items()]
    pairs = "&".join(f"{k}={v}" for k, v in sorted((_quoted(k), _quoted(v)) for k, v in given))
    where = f"{parts.scheme}://{parts.netloc}{parts.path}"
    base = "&".join(_quoted(part) for part in (method.upper(), where, pairs))
    key = f"{_quoted(keys.api_secret)}&{_quoted(keys.access_secret)}"
    ours["oauth_signature"] = base64.b64encode(hmac.digest(key.encode(), base.encode(), "sha1")).decode()
    return "OAuth " + ", ".join(f'{_quoted(k)}="{_quoted(v)}"' for k, v in sorted(ours.items()))


def _quoted(text: str) -> str:
    return quote(text, safe="-._~")
