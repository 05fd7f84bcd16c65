"""Which posts are shown: the owner's latest, public ones in her own words, each once however many networks have it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pyarrow as pa

from leumund.clean import clean
from leumund.errors import UsageError
from leumund.facts.handles import pieces, without_invisible
from leumund.ids import account_key
from leumund.lab import Lab
from leumund.locale import _
from leumund.store.tables import Tables
from leumund.views.written import web_address
from leumund.widget.authors import Author, authors
from leumund.widget.wanted import Wanted

_SAME_WITHIN = timedelta(days=3)
_LEAST_BEGINNING = 40  # letters in which a text that was cut agrees with the whole one
_LOOKED_AT = 3000
_NOT_WORDS = re.compile(r"https?://\S+|[\W_]+")
_LINES = re.compile(r"\r\n?|[\n\x0b\x0c\x85\u2028\u2029]")
_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")

Why = Literal["reply", "quote", "names", "wordless"]
"""Why a post is left out: it answers somebody, quotes somebody, names somebody, or is a picture without words."""


@dataclass(frozen=True, slots=True)
class Copy:
    """The same post on one network. address: where it can be read, "" where nobody knows."""

    network: str
    address: str


@dataclass(slots=True)
class Shown:
    """One post. post: its URI; text: plain, in lines; language: two or three letters, "" where nobody knows."""

    post: str
    at: datetime
    text: str
    language: str
    copies: list[Copy]
    account: int
    others: set[int] = field(default_factory=set)

    @property
    def address(self) -> str:
        """Where it can be read; "" where nobody knows."""
        return next((c.address for c in self.copies if c.address), "")


@dataclass(frozen=True, slots=True)
class Chosen:
    """posts: newest first. authors: the owner's accounts they are from. left_out: newer ones than the oldest shown."""

    posts: tuple[Shown, ...]
    authors: tuple[Author, ...]
    left_out: Mapping[Why, int]


def chosen(lab: Lab, tables: Tables, wanted: Wanted) -> Chosen:
    """The posts to be shown.

    tables: the lab at the moment of building; without what is gone, as always.

    Raises:
        UsageError: the lab is a community's, knows no account of the owner's own, or not that one.
    """
    if tables.community:
        raise UsageError(
            _("This lab is a community's: a widget shows one person's own posts."),
            hint=_("Choose a lab of your own with --lab."),
        )
    own = _own(tables)
    wished = _wished(lab, own, wanted)
    left_out: dict[Why, int] = {}
    posts: list[Shown] = []
    handles = _handles(lab, own)
    for row in _rows(tables, wished):
        if len(posts) == wanted.count and posts[-1].at - row["at"] > _SAME_WITHIN:
            break  # what comes now cannot be the same as any that is shown
        if why := _why_not(row, wanted, own, handles):
            if len(posts) < wanted.count:
                left_out[why] = left_out.get(why, 0) + 1
            continue
        shown = _shown(row)
        twin = next((p for p in reversed(posts) if _is_same(p, shown)), None)
        if twin is not None:
            _join(twin, shown)
        elif len(posts) < wanted.count:
            posts.append(shown)
    used = {p.account for p in posts} | {a for p in posts for a in p.others}
    return Chosen(tuple(posts), authors(lab, [a for a in wished if a in used] or wished), left_out)


def own_accounts(lab: Lab, tables: Tables) -> tuple[Author, ...]:
    """The owner's own accounts, to choose from."""
    return authors(lab, _own(tables))


def _own(tables: Tables) -> list[int]:
    own: list[int] = sorted(_of_accounts(tables, "select account from own")["account"].to_pylist())
    if not own:
        raise UsageError(
            _("No account is known to be your own, so there is nothing to show."),
            hint=_("Connect one: leumund connect   or say which is yours: leumund me ACCOUNT"),
        )
    return own


def _of_accounts(tables: Tables, query: str, **parameters: Any) -> pa.Table:
    """The rows of a query over single accounts; measures go on with people afterwards."""
    try:
        return tables.account_by_account().arrow(query, **parameters)
    finally:
        tables.person_by_person()


def _wished(lab: Lab, own: list[int], wanted: Wanted) -> list[int]:
    aliases = lab.register.aliases()
    keys = {aliases.get(k := account_key(uri), k): uri for uri in wanted.accounts}
    for key, uri in keys.items():
        if key not in own:
            raise UsageError(_("{account} is not one of your own accounts.").format(account=clean(uri, 80)))
    return [k for k in own if k in keys] if keys else own


def _rows(tables: Tables, accounts: Iterable[int]) -> Iterator[dict[str, Any]]:
    """Public posts with a known time, newest first, the same time in the order of their names."""
    found = _of_accounts(
        tables,
        """select p.post, p.account, p.network, p.happened_at, p.text, p.reply_to, p.reply_to_account, p.quote_of,
                  p.mentions, p.url, coalesce(p.language, l.language) as language
           from posts p left join languages l on l.post = p.post
           where p.visibility = 'public' and p.exact and p.account in (select unnest($accounts::BIGINT[]))
           order by p.happened_at desc, p.post limit $most""",
        accounts=list(accounts),
        most=_LOOKED_AT,
    )
    for row in found.to_pylist():
        yield {**row, "at": row["happened_at"].replace(tzinfo=UTC)}


def _handles(lab: Lab, own: Iterable[int]) -> set[str]:
    """How the owner's own accounts are written in texts, in small letters."""
    names = [str(a["handle"] or "").lower() for a in lab.register.known_as(own).values()]
    return {n for n in (*names, *(n.partition("@")[0] for n in names)) if n}


def _why_not(row: Mapping[str, Any], wanted: Wanted, own: list[int], handles: set[str]) -> Why | None:
    if not wanted.replies and (row["reply_to"] or row["reply_to_account"]):
        return "reply"
    if not wanted.replies and row["quote_of"]:
        return "quote"
    text = without_invisible(row["text"] or "")
    if not _NOT_WORDS.sub("", text):
        return "wordless"
    if set(row["mentions"] or ()) - set(own):
        return "names"
    for piece in pieces(text):
        named = piece.lastgroup in {"handle", "odd"}
        if named and piece[0].replace("＠", "@").strip("@.").lower() not in handles:
            return "names"
    return None


def _shown(row: Mapping[str, Any]) -> Shown:
    lines = (clean(line) for line in _LINES.split(row["text"]))
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    language = row["language"] or ""
    address = web_address(row["url"] or "") or web_address(row["post"])
    return Shown(
        post=row["post"],
        at=row["at"],
        text=text,
        language=language if _LANGUAGE.match(language) else "",
        copies=[Copy(row["network"], address)],
        account=row["account"],
    )


def _is_same(one: Shown, other: Shown) -> bool:
    """The same words, or the beginning of them where one was cut, by another account of hers and soon after."""
    if other.account in {one.account, *one.others} or abs(one.at - other.at) > _SAME_WITHIN:
        return False
    a, b = (_NOT_WORDS.sub("", p.text).casefold() for p in (one, other))
    short, long = sorted((a, b), key=len)
    cut = any(p.text.rstrip().endswith(("…", "...", "[…]")) for p in (one, other))
    return a == b or (cut and len(short) >= _LEAST_BEGINNING and long.startswith(short))


def _join(one: Shown, other: Shown) -> None:
    """Show them as one, under the newer time: the longer text, and each network it stands on."""
    if len(other.text) > len(one.text):
        one.text = other.text
    one.language = one.language or other.language
    one.copies += [c for c in other.copies if c not in one.copies]
    one.others.add(other.account)
