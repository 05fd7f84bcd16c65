"""How accounts are named in texts and addresses: every way of writing them, to be masked and to be looked up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from leumund.events import Network
from leumund.facts.handles import Handle, find_handles, without_invisible
from leumund.ids import mentioned_account

MASK = "@…"
"""What stands in a text where the handle of an erased account stood."""
GUESSED: tuple[Network, ...] = ("x", "bluesky")
"""Where a text that is no post may name somebody by a handle alone."""

_ADDRESS = re.compile(r"(?<![\w.~-])([\w.~-]+)[@＠]([\w-]+(?:\.[\w-]+)+)")
_PROFILE = re.compile(r"(?<![\w.-])([\w-]+(?:\.[\w-]+)+)/(?:web/)?(?:@|users/)([\w.~-]*\w)")
_X_PROFILE = re.compile(r"\b(?:x|twitter)\.com/@?(\w{1,20})", re.IGNORECASE)
_BLUESKY_PROFILE = re.compile(r"bsky\.app/profile/([\w-]+(?:\.[\w-]+)+)", re.IGNORECASE)
_DID = re.compile(r"did:[a-z]+:[\w.:%-]*\w")
_NAMED_PLACE = re.compile(r"(linkedin\.com/in|facebook\.com)/([\w.%~-]*\w)", re.IGNORECASE)
_LINK = re.compile(r"https?://(?:www\.)?([\w.:-]*\w)([^\s<>\"]*)", re.IGNORECASE)
_GOES_ON = re.compile(r"(?:[.-]+[A-Za-z0-9_]+)+")  # as Mastodon goes on reading a handle without a server
_PART = re.compile(r"[.-]+[A-Za-z0-9_]+")
_DOTTED = re.compile(r"[@＠]([\w-]+(?:\.[\w-]+)+)")


_NOTHING = r"[^\w\W]"
"""No letter at all, in Python's and RE2's words: an empty alternative would be found everywhere."""


class Names:
    """Every way of writing some accounts, found in texts and addresses, and nobody else's.

    A handle is read as a reader reads it: `@ben` is the Ben of the post's own network and, in the
    Fediverse, of its author's server; `@ben@elsewhere.example` is another one. There `@ben.lang` is another one too
    where the lab knows that account (is_known); else it is taken for Ben and a next sentence.
    """

    def __init__(
        self,
        uris: Iterable[str],
        urls: Iterable[str] = (),
        *,
        is_known: Callable[[str], bool] = lambda _uri: False,
    ) -> None:
        self.uris = set(uris)
        self._is_known = is_known
        ways = {way for uri in self.uris for way in _ways(uri)}
        ways |= {_address(url) for url in urls if len(url) <= 300 and self._is_own(url)}
        written = "|".join(sorted(ways, key=lambda w: (-len(w), w))) or _NOTHING
        self._ways = re.compile(rf"(?<![\w@＠.+-])(?i:{written})(?![\w@-]|\.[^\W_A-Z])")
        self.address = rf"(?i)(?:^|[^\w@.-])(?:{written})(?:$|[^\w.@-]|\.(?:$|\W))"
        """Finds them in addresses (RE2)."""
        cores = "|".join(sorted({re.escape(core) for uri in self.uris for core in _cores(uri)})) or _NOTHING
        self.perhaps = rf"(?i){cores}|[\x{{200b}}-\x{{200f}}\x{{202a}}-\x{{202e}}\x{{2060}}-\x{{2069}}\x{{feff}}\x{{ad}}]"
        """Where it finds nothing in a text, nobody is named there (RE2)."""

    def mask(self, text: str, network: Network | None = None, author: str | None = None) -> str:
        """The text with MASK for each of them. network, author: where and by whom it was written, if known."""
        masked = self._mask(text, network, author)
        plain = without_invisible(masked)
        if plain != masked and (again := self._mask(plain, network, author)) != plain:
            return again
        return masked

    def _mask(self, text: str, network: Network | None, author: str | None) -> str:
        if local := self._locals(author):
            text = local.sub(MASK, text)
        for handle in reversed(find_handles(text)):
            if self._means(handle.name, network, author) and not self._is_longer(text, handle, author):
                before = text[: handle.start].rstrip("@＠")
                text = before + MASK + text[handle.end :]
        return self._ways.sub(MASK, text)

    def _locals(self, author: str | None) -> re.Pattern[str] | None:
        """Bare handles with a dot, which a reader elsewhere takes for a name and the next sentence."""
        host = author.rpartition("@")[2] if author and author.startswith("acct:") else ""
        users = [u[5:].rpartition("@")[0] for u in self.uris if host and u.endswith("@" + host)]
        dotted = "|".join(sorted(re.escape(user) for user in users if "." in user))
        return re.compile(rf"[@＠]+(?i:{dotted})(?![\w@＠-]|\.[^\W_A-Z])") if dotted else None

    def _means(self, handle: str, network: Network | None, author: str | None) -> bool:
        networks: tuple[Network, ...] = (network,) if network else GUESSED
        meant = {mentioned_account(handle, n) or _local(handle, author) for n in networks}
        return bool(meant & self.uris)

    def _is_longer(self, text: str, handle: Handle, author: str | None) -> bool:
        """Whether a handle without its server goes on into that of somebody else whom the lab knows."""
        if not (rest := _GOES_ON.match(text, handle.end)):
            return False
        name = handle.name
        for part in _PART.findall(rest[0]):
            name += part
            longer = _local(name, author)
            if longer is not None and longer not in self.uris and self._is_known(longer):
                return True
        return False

    def _is_own(self, url: str) -> bool:
        """An address a source gave is believed when it is on the account's server and ends in its name."""
        try:
            parts = urlsplit(url.lower())
            host = (parts.hostname or "").removeprefix("www.")
        except ValueError:
            return False
        name = parts.path.rstrip("/").rpartition("/")[2].lstrip("@")
        return bool(name) and url.isprintable() and f"acct:{name}@{host}" in self.uris


def _local(handle: str, author: str | None) -> str | None:
    """On Mastodon a handle without its server is one on the author's own server."""
    if "@" in handle or not author or not author.startswith("acct:"):
        return None
    return f"acct:{handle.lower()}@{author.rpartition('@')[2]}"


def _ways(uri: str) -> set[str]:
    """How an account may stand in a text (besides a bare handle), as regular expressions."""
    ways = {_address(uri)}
    if uri.startswith("acct:"):
        user, _at, host = (re.escape(part) for part in uri[5:].rpartition("@"))
        ways |= {rf"[@＠]*{user}[@＠]{host}", rf"(?:https?://)?(?:www\.)?{host}/(?:web/)?(?:@|users/){user}"}
    elif uri.startswith("at://"):
        name = re.escape(uri[5:])
        ways |= {rf"[@＠]+{name}", rf"(?:https?://)?(?:www\.)?bsky\.app/profile/{name}"}
    elif uri.startswith("https://x.com/"):
        ways.add(rf"(?:https?://)?(?:www\.|mobile\.)?(?:x|twitter)\.com/@?{re.escape(uri[14:])}")
    elif uri.startswith(("https://www.linkedin.com/in/", "https://www.facebook.com/")):
        ways.add(r"(?:https?://)?(?:[\w-]+\.)?" + re.escape(uri.removeprefix("https://www.")))
    return ways


def _address(uri: str) -> str:
    """A URI as it may be written: http or https, with www or without."""
    if uri.startswith(("https://", "http://")):
        return r"https?://(?:www\.)?" + re.escape(uri.partition("://")[2].removeprefix("www."))
    return re.escape(uri)


def _cores(uri: str) -> set[str]:
    """What stands in every way of writing an account."""
    if uri.startswith("acct:"):
        return {uri[5:].rpartition("@")[0]}
    if uri.startswith("at://"):
        return {uri[5:]}
    return {uri.removeprefix("other:").rstrip("/").rpartition("/")[2].removeprefix("www.")}


def named(text: str, network: Network, author: str | None) -> set[str]:
    """Every account that a text may name; more than it does name, for they are only looked up."""
    found: set[str] = set()
    plain = without_invisible(text)
    for handle in find_handles(plain):
        if uri := mentioned_account(handle.name, network) or _local(handle.name, author):
            found.add(uri)
    if "@" in plain or "＠" in plain or "/" in plain:
        found.update(
            f"acct:{user}@{h}".lower() for user, host in _ADDRESS.findall(plain) for h in _heads(host)
        )
        profiles = _PROFILE.findall(plain)
        found.update(
            f"acct:{u}@{h.removeprefix('www.')}".lower() for h, user in profiles for u in _heads(user)
        )
        found.update(f"https://x.com/{user.lower()}" for user in _X_PROFILE.findall(plain))
        for name in (n for dotted in _DOTTED.findall(plain) for n in _heads(dotted)):
            found.add(f"at://{name.lower()}")
            if uri := _local(name, author):
                found.add(uri)
        names = _BLUESKY_PROFILE.findall(plain)
        found.update(f"at://{head.lower()}" for name in names for head in _heads(name))
        found.update(
            f"https://www.{place}/{n}".lower()
            for place, name in _NAMED_PLACE.findall(plain)
            for n in _heads(name)
        )
    if ":" in plain:
        found.update(_DID.findall(plain))
        for host, path in _LINK.findall(plain):
            found |= {f"https://{host.lower()}", f"https://{host.lower()}{path.rstrip(_ENDS)}"}
            found |= {f"http://{host.lower()}{path.rstrip(_ENDS)}", f"https://www.{host.lower()}"}
    return found


_LONGEST_HOST, _MOST_LABELS = 253, 12  # what a name server allows, and more parts than anybody's name has
_ENDS = ".,;:!?)]}'’…"


def _heads(name: str) -> set[str]:
    """A dotted name as it may be meant where the next sentence follows it without a blank.

    >>> sorted(_heads("anna.bsky.social.Danke"))
    ['anna', 'anna.bsky', 'anna.bsky.social', 'anna.bsky.social.Danke']
    """
    labels = name[:_LONGEST_HOST].split(".")[:_MOST_LABELS]
    return {".".join(labels[:n]) for n in range(1, len(labels) + 1)}
