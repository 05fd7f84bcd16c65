"""What is kept of a WordPress export: of the site, of a post, of a comment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec

from leumund.sources import wxr
from leumund.sources.web_addresses import guest_name

SHOWN = {"publish": "public", "private": "followers"}


class Channel(msgspec.Struct):
    """What is kept of the head."""

    title: str = ""
    link: str = ""
    about: str = ""
    made: str = ""


class Comment(msgspec.Struct, omit_defaults=True):
    """What is kept of a comment. name: none where it is an e-mail address. own: by one of the site's own people."""

    id: str = ""
    name: str = ""
    url: str = ""
    at: str = ""
    text: str = ""
    type: str = ""
    parent: str = ""
    own: bool = False


class Item(msgspec.Struct, omit_defaults=True):
    """What is kept of a post."""

    id: str = ""
    title: str = ""
    link: str = ""
    at: str = ""
    text: str = ""
    visibility: str = "public"
    comments: list[Comment] = []
    left_out: int = 0


def channel_of(fields: Mapping[str, str]) -> Channel:
    """The head of the export: which site it is, and when it was made."""
    link = fields.get("wp:base_blog_url") or fields.get("link") or fields.get("wp:base_site_url", "")
    made = written_time(fields.get("pubDate", ""))
    return Channel(
        title=fields.get("title", ""), link=link.strip(), about=fields.get("description", ""),
        made=made.isoformat() if made else "",
    )  # fmt: skip


def item_of(found: wxr.Item, authors: set[str]) -> Item:
    """A post with its comments. authors: numbers of the site's own people."""
    fields = found.fields
    shown = SHOWN[fields["wp:status"]]
    return Item(
        id=fields.get("wp:post_id", "").strip(),
        title=fields.get("title", ""),
        link=fields.get("link", "").strip(),
        at=_moment(fields, "wp:post_date_gmt", "wp:post_date") or fields.get("pubDate", ""),
        text=fields.get("content:encoded", ""),
        visibility="followers" if found.locked else shown,
        comments=[
            _comment(c, authors) for c in found.comments if c.get("wp:comment_approved", "").strip() == "1"
        ],
        left_out=found.left_out,
    )


def _comment(fields: Mapping[str, str], authors: set[str]) -> Comment:
    return Comment(
        id=fields.get("wp:comment_id", "").strip(),
        name=guest_name(fields.get("wp:comment_author")) or "",
        url=fields.get("wp:comment_author_url", "").strip(),
        at=_moment(fields, "wp:comment_date_gmt", "wp:comment_date"),
        text=fields.get("wp:comment_content", ""),
        type=fields.get("wp:comment_type", "").strip().lower(),
        parent=fields.get("wp:comment_parent", "").strip(),
        own=fields.get("wp:comment_user_id", "").strip() in authors,
    )


def _moment(fields: Mapping[str, str], *names: str) -> str:
    """The first of these that holds a time; WordPress writes zeros where it knows none."""
    return next((fields[n].strip() for n in names if fields.get(n) and not fields[n].startswith("0000")), "")


def written_time(text: str) -> datetime | None:
    """The time in a mail's spelling of it; None where there is none."""
    try:
        return parsedate_to_datetime(text.strip()).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
