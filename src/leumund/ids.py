"""Canonical names of accounts and posts: one spelling for one account, whoever wrote it.

    X          https://x.com/anna (lower case), or https://x.com/i/user/123 where only the id is known
    Mastodon   acct:anna@example.social (RFC 7565; also GoToSocial, Pixelfed ...)
    Bluesky    did:plc:..., or at://anna.bsky.social where only the handle is known
    LinkedIn   https://www.linkedin.com/in/anna, or linkedin-name:Anna_Berg where only the name shown is known
    Facebook   https://www.facebook.com/anna, or facebook-name:Anna_Berg
    blog       https://example.org (the site's origin)
    other      the URI given, or other:NAME

Two spellings of one account that cannot be told to be the same from themselves (a handle and a
numeric id, a handle and a DID) are joined as aliases when a source shows both.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from typing import Literal, cast
from urllib.parse import urlsplit

from leumund.events import Network

_X_HANDLE = re.compile(r"[A-Za-z0-9_]{1,20}\Z")  # 15 today; older accounts have up to 20
_FEDIVERSE = re.compile(r"@?([\w.~-]+)@([\w-]+(?:\.[\w-]+)+(?::\d+)?)\Z")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*\Z", re.IGNORECASE)
_SLUG = re.compile(r"[\w.%~-]+\Z")
_URI = re.compile(r"[a-z][a-z0-9+.-]*:(?!/*\Z)\S+\Z", re.IGNORECASE)
_X_HOSTS = {"x.com", "twitter.com", "www.x.com", "www.twitter.com", "mobile.twitter.com", "mobile.x.com"}
_NAMED = re.compile(r"(facebook|linkedin)-name:(.+)\Z")
_NOT_IN_NAMES = re.compile(r"""[\s_/\\:;,?#\[\]{}@%"<>|]+""")  # what means something in addresses and lists
_SITE = re.compile(r"https://[^/?#]+\Z")
_FEDI_PATH = re.compile(r"/(?:users/|@)([\w.~-]+(?:@[\w-]+(?:\.[\w-]+)+(?::\d+)?)?)/?\Z")


class BadNameError(ValueError):
    """A text that cannot be the name of an account on that network."""


def account_key(uri: str) -> int:
    """The account's key in event segments: 63 bits of the MD5 of its canonical URI.

    The same in every lab and for any order of arrival, so that nothing depends on who came first.
    At ten million accounts two share a key with probability 5e-6.

    >>> account_key("acct:anna@example.social") == account_key("acct:anna@example.social")
    True
    """
    return int.from_bytes(hashlib.md5(uri.encode(), usedforsecurity=False).digest()[:8], "big") >> 1


def account_uri(reference: str, network: Network) -> str:
    """The canonical URI of an account written in any usual way.

    >>> account_uri("@Anna@Example.Social", "mastodon")
    'acct:anna@example.social'
    >>> account_uri("https://twitter.com/Anna", "x")
    'https://x.com/anna'
    >>> account_uri("anna.bsky.social", "bluesky")
    'at://anna.bsky.social'

    Raises:
        BadNameError: the text cannot be an account's name on that network.
    """
    text = reference.strip().strip("\u200b\u200e\u200f\u2069\u2068")
    if not text or len(text) > 2048 or not text.isprintable() or " " in text:  # no other blank is printable
        raise BadNameError(reference)
    try:
        if (named := _NAMED.match(text)) and named[1] == network:
            return name_uri(named[2], cast("Literal['facebook', 'linkedin']", network))
        return _WRITTEN[network](text)
    except ValueError as error:  # an address that is none: brackets left open, a port that cannot be
        raise BadNameError(reference) from error


def name_uri(name: str, network: Literal["facebook", "linkedin"]) -> str:
    """The account of which nothing is known but the name it shows: no handle, no address, and not to be taken for one.

    Two people of one name on one network are one such account.

    >>> name_uri("Anna  Berg", "facebook")
    'facebook-name:Anna_Berg'

    Raises:
        BadNameError: nothing in it can be seen, or it is longer than any name.
    """
    seen = "".join(c for c in _NOT_IN_NAMES.sub("_", unicodedata.normalize("NFC", name)) if c.isprintable())
    plain = re.sub("_+", "_", unicodedata.normalize("NFC", seen)).strip("_")
    if not plain or len(plain) > 300:
        raise BadNameError(name)
    return f"{network}-name:{plain}"


def network_of(uri: str) -> Network:
    """The network a canonical account URI belongs to.

    >>> network_of("did:plc:abc"), network_of("acct:a@b.example"), network_of("https://x.com/a")
    ('bluesky', 'mastodon', 'x')
    >>> network_of("https://anna.example")
    'blog'
    """
    if uri.startswith(("did:", "at://")):
        return "bluesky"
    if uri.startswith("acct:"):
        return "mastodon"
    if named := _NAMED.match(uri):
        return cast("Network", named[1])
    for prefix, network in _PREFIXES.items():
        if uri.startswith(prefix):
            return network
    return "blog" if _SITE.match(uri) else "other"


def display_handle(uri: str) -> str:
    """How people write that account, for when no better name is known.

    >>> display_handle("acct:anna@example.social"), display_handle("https://x.com/anna")
    ('@anna@example.social', '@anna')
    """
    if uri.startswith("acct:"):
        return "@" + uri[5:]
    if uri.startswith("at://"):
        return "@" + uri[5:]
    if named := _NAMED.match(uri):
        return named[2].replace("_", " ")  # no @: it is no handle
    for prefix in _PREFIXES:
        if uri.startswith(prefix) and not uri.startswith("https://x.com/i/user/"):
            return "@" + uri[len(prefix) :]
    return uri.removeprefix("other:")


def mentioned_account(handle: str, network: Network) -> str | None:
    """The account that `@handle` means in a post on that network; None where it cannot be one.

    >>> mentioned_account("anna", "x"), mentioned_account("anna@example.social", "x")
    ('https://x.com/anna', 'acct:anna@example.social')
    >>> mentioned_account("anna", "mastodon") is None   # anna of which server?
    True
    """
    if _FEDIVERSE.match(handle):
        return "acct:" + handle.lstrip("@").lower()
    target: Network = (
        "bluesky" if "." in handle and _DOMAIN.match(handle) and network != "mastodon" else network
    )
    try:
        return account_uri(handle, target)
    except BadNameError:
        return None


def _x(text: str) -> str:
    if "://" in text or text.lower().startswith(("x.com/", "twitter.com/")):
        parts = urlsplit(text if "://" in text else "https://" + text)
        if (parts.hostname or "") not in _X_HOSTS:
            raise BadNameError(text)
        path = [p for p in parts.path.split("/") if p]
        if path[:2] == ["i", "user"] and len(path) == 3 and path[2].isascii() and path[2].isdigit():
            return f"https://x.com/i/user/{path[2]}"
        text = path[0] if path else ""
    handle = text.lstrip("@")
    if not _X_HANDLE.match(handle):
        raise BadNameError(text)
    return "https://x.com/" + handle.lower()


def _mastodon(text: str) -> str:
    text = text.removeprefix("acct:")
    if text.startswith(("https://", "http://")):
        parts = urlsplit(text)
        if not parts.hostname:
            raise BadNameError(text)
        match = _FEDI_PATH.match(parts.path.lower())
        if not match:
            return text  # an ActivityPub actor whose address we cannot read a handle from
        if "@" in match[1]:
            return f"acct:{match[1].lower()}"
        return f"acct:{match[1].lower()}@{parts.netloc.rpartition('@')[2].lower()}"
    match = _FEDIVERSE.match(text.lower())
    if not match:
        raise BadNameError(text)
    return f"acct:{match[1].lower()}@{match[2].lower()}"


def _bluesky(text: str) -> str:
    if text.startswith("did:"):
        return text
    for prefix in ("at://", "https://bsky.app/profile/"):
        if text.startswith(prefix):
            text = text[len(prefix) :].split("/", maxsplit=1)[0]
            if text.startswith("did:"):
                return text
    handle = text.lstrip("@")
    if not _DOMAIN.match(handle):
        raise BadNameError(text)
    return "at://" + handle.lower()


def _site(prefix: str) -> Callable[[str], str]:
    """A network whose accounts are paths below one address; the host may be written with or without www."""
    bare = prefix.removeprefix("https://").removeprefix("www.")

    def write(text: str) -> str:
        slug = re.sub(r"\Ahttps?://", "", text).removeprefix("www.")
        slug = slug.removeprefix(bare).removeprefix("@").strip("/").split("?")[0]
        slug = slug.lower()  # before the look: some letters become two, of which one is no letter of a name
        if not _SLUG.match(slug):
            raise BadNameError(text)
        return prefix + slug

    return write


def _blog(text: str) -> str:
    parts = urlsplit(text if "://" in text else "https://" + text)
    if parts.scheme not in ("http", "https") or not parts.hostname or "." not in parts.hostname:
        raise BadNameError(text)
    return f"https://{parts.hostname.lower()}" + (f":{parts.port}" if parts.port else "")


def _other(text: str) -> str:
    if _URI.match(text):
        return text
    name = text.lstrip("@").lower()
    if not name or name.endswith((":", "/")):
        raise BadNameError(text)
    return "other:" + name


_PREFIXES: dict[str, Network] = {
    "https://x.com/": "x",
    "https://www.linkedin.com/in/": "linkedin",
    "https://www.facebook.com/": "facebook",
}
_WRITTEN: dict[Network, Callable[[str], str]] = {
    "x": _x,
    "mastodon": _mastodon,
    "bluesky": _bluesky,
    "linkedin": _site("https://www.linkedin.com/in/"),
    "facebook": _site("https://www.facebook.com/"),
    "blog": _blog,
    "other": _other,
}
