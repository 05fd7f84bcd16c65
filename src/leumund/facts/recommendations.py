"""Which posts are Follow-Friday recommendations, of whom: `endorsements.read_post` for every tagged post."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import pyarrow as pa

from leumund.events import Network
from leumund.facts import Derived, Fact
from leumund.facts.endorsements import read_post
from leumund.friday_tag import has_tag
from leumund.ids import account_key, display_handle, mentioned_account, network_of

_HANDLE = re.compile(r"(?<![\w/@])@([A-Za-z0-9][\w.-]*)")
_KINDS = {"x", "mastodon", "bluesky", "other"}


def derive(posts: pa.Table) -> Derived:
    """One row for every post with a Follow-Friday tag, whatever its class; who it endorses as keys."""
    keep, classes, endorsed, reasons, given, whys = [], [], [], [], [], []
    accounts: set[str] = set()
    columns = ("text", "network", "author_uri", "reply_to_uri", "mentions")
    rows_of = zip(*(posts[c].to_pylist() for c in columns), strict=True)
    for index, (text, network, author, parent, mentions) in enumerate(rows_of):
        if not text or not has_tag(text):
            continue
        handle = display_handle(author).lstrip("@") if author else None
        answered = display_handle(parent).lstrip("@") if parent else None
        found = read_post(text, author=handle, reply_to=answered)
        meant = _meant(text, mentions) if network == "bluesky" and mentions else {}
        named = _accounts(found.endorsed, network, author, meant)
        accounts.update(uri for uri in named.values() if uri)
        keep.append(index)
        classes.append(found.kind)
        endorsed.append(sorted(named))
        reasons.append(found.reason)
        given.append(found.reason_given)
        whys.append(json.dumps([[w.code, w.detail] for w in found.why], ensure_ascii=False))
    rows = posts.select(
        ["post", "account", "happened_at", "known_at", "exact", "network", "visibility"]
    ).take(pa.array(keep, pa.int64()))
    more = {
        "class": pa.array(classes, pa.string()),
        "endorsed": pa.array(endorsed, pa.list_(pa.int64())),
        "reason_given": pa.array(given, pa.bool_()),
        "reason": pa.array(reasons, pa.string()),
        "why": pa.array(whys, pa.string()),
    }
    for name, column in more.items():
        rows = rows.append_column(name, column)
    return Derived(rows=rows, accounts=tuple(sorted(accounts)))


def _meant(text: str, mentions: list[int]) -> dict[str, int]:
    """Whom the handles in a Bluesky post mean, as the post itself says beside its text: handles may have changed since.

    Only where there are as many of one as of the other; their order is the same.
    """
    written = list(dict.fromkeys(m[1].lower().rstrip(".-") for m in _HANDLE.finditer(text)))
    return dict(zip(written, mentions, strict=True)) if len(written) == len(mentions) else {}


def _accounts(
    handles: tuple[str, ...], network: Network, author: str | None, meant: Mapping[str, int]
) -> dict[int, str]:
    """Handles as account keys; the URI is "" where the lab knows whose key it is.

    On Mastodon a handle without its server is one on the author's own server.
    """
    named: dict[int, str] = {}
    local = author.rpartition("@")[2] if author and author.startswith("acct:") else ""
    for handle in handles:
        whole = next((w for w in meant if w == handle.lower() or w.startswith(handle.lower() + ".")), None)
        if whole is not None:
            if author is None or meant[whole] != account_key(author):
                named[meant[whole]] = ""
            continue
        uri = mentioned_account(handle, network)
        if uri is None and local:
            uri = f"acct:{handle.lower()}@{local}"
        if uri and uri != author and network_of(uri) in _KINDS:
            named[account_key(uri)] = uri
    return named


FACT = Fact(
    name="recommendations",
    version="3",
    columns={
        "post": "VARCHAR",
        "account": "BIGINT",
        "happened_at": "TIMESTAMP",
        "known_at": "TIMESTAMP",
        "exact": "BOOLEAN",
        "network": "VARCHAR",
        "visibility": "VARCHAR",
        "class": "VARCHAR",
        "endorsed": "BIGINT[]",
        "reason_given": "BOOLEAN",
        "reason": "VARCHAR",
        "why": "VARCHAR",
    },
    accounts=("account",),
    account_lists=("endorsed",),
    wanted="contains(text, '#') or contains(text, '＃')",
    derive=derive,
    at_import=True,
)
