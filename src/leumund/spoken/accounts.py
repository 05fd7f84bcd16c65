"""Accounts as people write them: @anna@example.social, anna.bsky.social, x.com/anna, a profile link."""

from __future__ import annotations

import re

from leumund.errors import UsageError
from leumund.events import Network
from leumund.ids import BadNameError, account_uri
from leumund.locale import _


def account_said(text: str) -> str:
    """The canonical name of an account; its network is told by the spelling.

    >>> account_said("@Anna@example.social"), account_said("anna.bsky.social"), account_said("x.com/Anna")
    ('acct:anna@example.social', 'at://anna.bsky.social', 'https://x.com/anna')

    Raises:
        UsageError: it is none, or could be anybody's on any network.
    """
    network = network_said(text)
    if network is not None:
        try:
            return account_uri(text, network)
        except BadNameError:
            pass
    bare = text.strip().lstrip("@")
    if re.fullmatch(r"\w+", bare):
        hint = _("Write which network: x.com/{name}, @{name}@server or {name}.bsky.social").format(name=bare)
        raise UsageError(_("“{text}” could be anybody, on any network.").format(text=text), hint=hint)
    hint = _("Write it as on the network: @name@server, name.bsky.social, x.com/name or a profile link.")
    raise UsageError(_("“{text}” does not look like an account.").format(text=text), hint=hint)


def is_bare(text: str) -> bool:
    """Whether it is a word alone, which could be anybody's on any network."""
    return not re.search(r"[@./:]", text.strip().lstrip("@"))


def network_said(text: str) -> Network | None:
    """The network that a spelling tells of; None where it tells none."""
    text = text.strip()
    bare = re.sub(r"^https?://(www\.|mobile\.|m\.)?", "", text.lower()).lstrip("@")
    host, slash, path = bare.partition("/")
    if re.search(r"(^|\.)linkedin\.com$", host):
        return "linkedin"
    if re.search(r"(^|\.)facebook\.com$", host):
        return "facebook"
    if bare.startswith(("did:", "at://")) or host == "bsky.app":
        return "bluesky"
    if host in {"x.com", "twitter.com"} and slash:
        return "x"
    if "://" in text:
        return "mastodon" if re.match(r"@|users/", path) else "blog" if not path.strip("/") else None
    if "@" in bare:
        return "mastodon"
    return "bluesky" if "." in host and not slash else None
