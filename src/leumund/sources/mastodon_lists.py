"""Lists as Mastodon's API gives them: asked for page by page, by the Link header where there is one, else by the last id."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from leumund.errors import StrangeAnswerError
from leumund.http import Answer
from leumund.locale import _
from leumund.sources import Page
from leumund.sources.json_records import RecordError, utc_time
from leumund.sources.living import Access
from leumund.sources.mastodon_accounts import count
from leumund.sources.mastodon_shapes import Person
from leumund.sources.walking import Listing

_LONGEST_LINK = 8_192
_NEXT = re.compile(r'<([^<>]+)>\s*;[^,]*\brel="?next"?')


def asking(
    access: Access, path: str, params: Mapping[str, Any], *, timed: bool = True, learn: bool = False
) -> Callable[[str | None], Listing]:
    """How a list is asked for: the place is the query of its next page. learn: remember how own posts are named."""
    url = access.connection.server + path

    def ask(place: str | None) -> Listing:
        given = dict(params) if place is None else parse_qs(place, keep_blank_values=True)
        found, answer = access.client.get_json(url, params=given)
        if not isinstance(found, list):
            raise StrangeAnswerError(url, _("it is no list"))
        records = [r for r in found if isinstance(r, dict)]
        if learn:
            _learn(access, records)
        ids = tuple(str(r.get("id", "")) for r in records)
        times = tuple(t for r in records if (t := _time(r.get("created_at")))) if timed else ()
        guessed = "link" not in answer.headers and bool(ids)
        return Listing(
            data=answer.body, ids=ids, times=times, next=_next(answer, params, ids), guessed=guessed
        )

    return ask


def _next(answer: Answer, params: Mapping[str, Any], ids: tuple[str, ...]) -> str | None:
    """The query of the next page: as the server links it, else below the last id."""
    link = answer.headers.get("link")
    if link is not None:
        match = _NEXT.search(link[:_LONGEST_LINK])
        return match[1].partition("#")[0].partition("?")[2] or None if match else None
    if not ids or not ids[-1]:
        return None
    return urlencode({**params, "max_id": ids[-1]}, doseq=True)


def _learn(access: Access, records: list[dict[str, Any]]) -> None:
    """How this server makes the address of an own post from its number: notifications tell the number only."""
    makes = {
        uri.replace(number, "{id}")
        for r in records
        if not r.get("reblog")
        and (number := str(r.get("id", "")))
        and number in (uri := str(r.get("uri", "")))
    }
    if len(makes) == 1:
        access.memory["own_post"] = makes.pop()


def counted(access: Access, what: str) -> int | None:
    """How many things of that kind the server says the account has, as `remember_counts` was told."""
    told = access.memory.get(f"count of {what}", "")
    return int(told) if told else None


def remember_counts(access: Access, person: Person) -> None:
    """Keep what the server counts, for the streams that follow."""
    for what in ("statuses", "followers", "following"):
        number = count(getattr(person, f"{what}_count"))
        if number is not None:
            access.memory[f"count of {what}"] = str(number)


def making(access: Access, kind: str) -> Callable[[bytes, Mapping[str, str | int | float | None]], Page]:
    """How a page of that kind is made of an answer and the position behind it."""
    return lambda data, position: page_of(access, kind, data, position, where=kind)


def page_of(
    access: Access, kind: str, data: bytes, position: Mapping[str, str | int | float | None], *, where: str
) -> Page:
    """A page with all that `parse` must know besides the bytes."""
    settings = access.connection.settings
    context = {
        "host": settings["host"],
        "origin": access.connection.server,
        "owner": access.connection.account,
        "id": settings["id"],
        "own_post": access.memory.get("own_post", ""),
        "at": access.at.isoformat(),
    }
    return Page(kind=kind, where=f"{urlsplit(access.connection.server).netloc} {where}", data=data, context=context,
                position=dict(position))  # fmt: skip


def _time(text: object) -> datetime | None:
    try:
        return utc_time(text) if isinstance(text, str) else None
    except RecordError:
        return None
