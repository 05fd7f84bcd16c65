"""Pages of what the API of X gave, made and read: accounts that came along first, then posts, then what X does not show.

[{"user": {...}}, {"tweet": {...}}, {"error": {...}}]
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from leumund.events import Act, Event, Problem
from leumund.locale import _
from leumund.sources import Page
from leumund.sources.json_records import RecordError, decode, page_records, record_problem, tidy, utc_time
from leumund.sources.x_api_records import Reader
from leumund.sources.x_api_shapes import Missing, Person, Tweet
from leumund.sources.x_records import Owner, handle_uri, user_uri


def joined(records: Iterable[tuple[str, msgspec.Raw]]) -> bytes:
    """The records as one page, each with its kind."""
    return b"[" + b",".join(b'{"%s":%s}' % (kind.encode(), bytes(raw)) for kind, raw in records) + b"]"


class _Record(msgspec.Struct):
    user: msgspec.Raw = msgspec.Raw()
    tweet: msgspec.Raw = msgspec.Raw()
    error: msgspec.Raw = msgspec.Raw()


def parse(page: Page) -> Iterator[Event]:
    """The events of a page; what cannot be used, or X does not show, is a problem of its own."""
    records = [(number, msgspec.json.decode(raw, type=_Record)) for number, raw in page_records(page)]
    people: list[Person] = []
    for _n, record in records:
        with contextlib.suppress(RecordError):
            if bytes(record.user):
                people.append(decode(record.user, Person))
    context = page.context
    me = [p for p in people if str(p.id) == context["id"]]
    told = [p.protected for p in me if isinstance(p.protected, bool)]
    locked = told[0] if told else context.get("locked") == "yes"
    names = [uri for p in me if (uri := handle_uri(p.username))]
    owner = owner_of(context["owner"], context["id"], utc_time(context["at"]), *names, locked=locked)
    reader = Reader(owner, people)
    for number, record in records:
        try:
            if bytes(record.error):
                yield Problem(
                    where=f"{page.where}: {number}",
                    message=_("X does not show this: {why}").format(why=why_not(record.error)),
                )
            elif bytes(record.tweet):
                yield from reader.post(decode(record.tweet, Tweet))
            elif bytes(record.user):
                person = decode(record.user, Person)
                yield from reader.person(person)
                if page.kind in {"followers", "following"}:
                    yield from _follow(page.kind, person, owner)
        except RecordError as error:
            yield record_problem(page, number, error)


def _follow(kind: str, person: Person, owner: Owner) -> Iterator[Act]:
    """Somebody in a list: that it is so, not since when."""
    other = handle_uri(person.username) or user_uri(str(person.id))
    if other is None or str(person.id) == owner.number:
        return
    actor, target = (other, owner.account) if kind == "followers" else (owner.account, other)
    yield Act(kind="follow", actor=actor, target=target, network="x", happened_at=owner.made_at, exact=False)


def owner_of(account: str, number: str, at: datetime, *names: str, locked: bool) -> Owner:
    """Whose pages these are. names: other addresses of the same account."""
    also = frozenset({account, *names, *([uri] if (uri := user_uri(number)) else [])})
    return Owner(account=account, handle=account.removeprefix("https://x.com/"), number=number, also=also,
                 locked=locked, made_at=at)  # fmt: skip


def why_not(raw: msgspec.Raw) -> str:
    """X's words for why something is not shown."""
    try:
        missing = decode(raw, Missing)
    except RecordError:
        return _("it does not say why")
    for words in (missing.detail, missing.title):
        if isinstance(words, str) and (text := tidy(words)):
            return text[:200]
    return _("it does not say why")
