"""The owner's accounts as they are named above her posts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from leumund.clean import clean
from leumund.ids import display_handle
from leumund.lab import Lab
from leumund.views.written import web_address


@dataclass(frozen=True, slots=True)
class Author:
    """uri: canonical; name: as shown there, "" where none is known; handle: with its @; address: of the profile, or ""."""

    uri: str
    network: str
    name: str
    handle: str
    address: str


def authors(lab: Lab, accounts: Iterable[int]) -> tuple[Author, ...]:
    """These accounts (keys) as their networks last told of them, in the order of the networks' names."""
    found = []
    for known in lab.register.known_as(accounts).values():
        uri, handle = known["uri"], known["handle"] or ""
        shown = (
            f"@{handle}"
            if handle and known["network"] in {"mastodon", "bluesky", "x"}
            else display_handle(uri)
        )
        found.append(
            Author(
                uri=uri,
                network=known["network"],
                name=clean(known["name"] or "", 80),
                handle=clean(shown, 80),
                address=web_address(known["url"] or "") or _profile(uri, handle),
            )
        )
    return tuple(sorted(found, key=lambda a: (a.network, a.uri)))


def _profile(uri: str, handle: str) -> str:
    """Where the profile is to be read in a browser; "" where that cannot be told.

    >>> _profile("acct:anna@example.social", ""), _profile("did:plc:abc", ""), _profile("at://anna.example", "")
    ('https://example.social/@anna', 'https://bsky.app/profile/did:plc:abc', 'https://bsky.app/profile/anna.example')
    """
    if uri.startswith("acct:"):
        user, _at, server = uri.removeprefix("acct:").rpartition("@")
        return web_address(f"https://{server}/@{user}")
    if uri.startswith(("did:", "at://")):
        return web_address(f"https://bsky.app/profile/{handle.lstrip('@') or uri.removeprefix('at://')}")
    return web_address(uri) if uri.startswith("https://") else ""
