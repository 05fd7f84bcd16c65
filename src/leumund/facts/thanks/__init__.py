"""Which posts give thanks, and to whom: `read_thanks` for every post that has a word of thanks.

    >>> read_thanks("Danke fürs Teilen, @anna!").kind, read_thanks("Danke im Voraus für eure Tipps!").kind
    ('thanks', 'advance')

Thanks are given where the author herself thanks somebody for something. Not thanks: what is asked for (*danke im
Voraus*, *please share, thanks!*), a cause (*dank des Regens*, *thanks to the rain*), *nein danke*, irony that shows
(*na vielen Dank auch*, *thanks for nothing*, a word for what went wrong, a sign of irony), thanks of others that are
told of, quoted or reshared. Price: rules see one post; irony without a sign stays unseen. Figures in docs/validity.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from leumund.facts import Derived, Fact
from leumund.facts.handles import find_handles
from leumund.facts.thanks.cues import PERHAPS
from leumund.facts.thanks.grammar import read_thanks
from leumund.facts.thanks.record import SENTENCES, Thanks, ThanksKind
from leumund.ids import account_key, display_handle, mentioned_account

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leumund.events import Network

__all__ = ["FACT", "SENTENCES", "Thanks", "ThanksKind", "derive", "read_thanks"]

_COPIED = ["post", "account", "happened_at", "known_at", "exact", "visibility"]


def derive(posts: pa.Table) -> Derived:
    """One row for every post with a word of thanks, whatever its class. thanked: whom it names, and whom it answers."""
    keep, classes, words, thanked = [], [], [], []
    accounts: set[str] = set()
    columns = ("text", "network", "account", "author_uri", "reply_to_account", "mentions")
    rows_of = zip(*(posts[c].to_pylist() for c in columns), strict=True)
    for index, (text, network, account, author, parent, mentions) in enumerate(rows_of):
        if not text:
            continue
        found = read_thanks(text, author=display_handle(author).lstrip("@") if author else None)
        if found.kind == "none":
            continue
        named: dict[int, str] = dict.fromkeys(mentions or (), "")
        if not named:
            named = _named(text, network, author)
        if parent is not None:
            named.setdefault(parent, "")
        named.pop(account, None)
        accounts.update(uri for uri in named.values() if uri)
        keep.append(index)
        classes.append(found.kind)
        words.append(found.words)
        thanked.append(sorted(named))
    rows = posts.select(_COPIED).take(pa.array(keep, pa.int64()))
    rows = rows.append_column("class", pa.array(classes, pa.string()))
    rows = rows.append_column("words", pa.array(words, pa.string()))
    rows = rows.append_column("thanked", pa.array(thanked, pa.list_(pa.int64())))
    return Derived(rows=rows, accounts=tuple(sorted(accounts)))


def _named(text: str, network: Network, author: str | None) -> dict[int, str]:
    """Whom the handles in a text mean, key -> URI, for sources that list no mentions."""
    local = author.rpartition("@")[2] if author and author.startswith("acct:") else ""
    found = {}
    for handle in _first(h.name for h in find_handles(text) if not h.cut):
        uri = mentioned_account(handle, network)
        if uri is None and local and "@" not in handle:
            uri = mentioned_account(f"{handle}@{local}", network)
        if uri:
            found[account_key(uri)] = uri
    return found


def _first(handles: Iterable[str], most: int = 100) -> list[str]:
    return list(dict.fromkeys(handles))[:most]


FACT = Fact(
    name="thanks",
    version="2",
    columns={
        "post": "VARCHAR",
        "account": "BIGINT",
        "happened_at": "TIMESTAMP",
        "known_at": "TIMESTAMP",
        "exact": "BOOLEAN",
        "visibility": "VARCHAR",
        "class": "VARCHAR",
        "words": "VARCHAR",
        "thanked": "BIGINT[]",
    },
    accounts=("account",),
    account_lists=("thanked",),
    wanted=f"regexp_matches(text, '{PERHAPS.replace(chr(39), chr(39) * 2)}')",
    derive=derive,
    at_import=False,
)
