"""What X's own statistics say of one's posts: how often each was shown, liked, reshared, answered.

    account_analytics_content_<from>_<to>.csv  "Post id","Date","Post text","Post Link","Impressions","Likes","Replies","Reposts"
    tweet_activity_metrics_<handle>_*.csv      "Tweet id","Tweet permalink","Tweet text","time","impressions","retweets",
    (until 2024)                               "replies","likes" (earlier "favorites")
    account_overview_analytics.csv             sums by day: no posts, no people; nothing here can use it

A post has the name the archive gives it, so that both become one post. Its number tells the second it was written.
Links in the texts are cut to t.co there, and pictures look like links: a text that holds one ends in "[…]" here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from leumund.events import Account, Event, Post, Problem
from leumund.ids import BadNameError, account_uri
from leumund.locale import N_, _
from leumund.sources import Cursor, FileSettings, Found, Page, Source
from leumund.sources.json_records import RecordError, clean, utc_time
from leumund.sources.table_rows import Row, head_of, no_table, rows, table_pages
from leumund.sources.x_records import RESHARE, is_number, status_uri, unescape

_ID, _TEXT, _LINK = ("post id", "tweet id"), ("post text", "tweet text"), ("post link", "tweet permalink")
_WHEN = ("time", "date")
_LIKES, _RESHARES, _REPLIES, _VIEWS = (
    ("likes", "favorites"),
    ("reposts", "retweets"),
    ("replies",),
    ("impressions",),
)
_OVERVIEW = ("date", "impressions", "new follows", "unfollows")
_STATUS = re.compile(r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(\w{1,20})/status(?:es)?/(\d{1,20})")
_SPAN = re.compile(r"_(\d{4}-\d\d-\d\d)_(\d{4}-\d\d-\d\d)")
_SHORT = re.compile(r"https?://t\.co/\w+")
_LAST_LINKS = re.compile(r"(?:\s*https?://t\.co/\w+)+\s*\Z")
_ENGLISH = re.compile(r"\w{3}, (\w{3}) (\d\d?), (\d{4})\Z")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FIRST_SNOWFLAKE = 29_700_859_247  # of November 2010; since then a post's number holds its time
_SNOWFLAKE_EPOCH_MS = 1_288_834_974_657
ABRIDGED = " […]"
"""The end of a text that is known not to be whole."""


def recognise(path: Path) -> Found | None:
    """A table with the columns of X's statistics."""
    head = head_of(path)
    if head is None:
        return None
    if any(head.has(number, text, "impressions") for number, text in zip(_ID, _TEXT, strict=True)):
        span = _SPAN.search(path.name)
        if span:
            return Found(
                sure=0.95, what=_("statistics of X, {first} to {last}").format(first=span[1], last=span[2])
            )
        return Found(sure=0.95, what=_("statistics of X"))
    return Found(sure=0.9, what=_("daily overview of X")) if head.has(*_OVERVIEW) else None


def fetch(settings: FileSettings, cursor: Cursor) -> Iterator[Page]:
    """The rows in pieces.

    Raises:
        UnreadableFileError: other columns.
    """
    path = settings.path
    head = head_of(path)
    if head is None or recognise(path) is None:
        raise no_table(path, _("the statistics of X"))
    span = _SPAN.search(path.name)
    overview = "yes" if head.has(*_OVERVIEW) and not head.has(_ID[0]) else ""
    yield from table_pages(
        path, head, cursor, context={"until": span[2] if span else "", "overview": overview}
    )


def parse(page: Page) -> Iterator[Event]:
    """The posts of a page and whose they are; a row that cannot be used is a Problem with its line."""
    if page.context["overview"]:
        yield Problem(
            where=f"{page.where}:1",
            message=_("this file holds sums by day, without posts and people; nothing here can use it"),
            hint=_("Choose “Content” on the same page of X, and export that."),
        )
        return
    found: dict[str, Account] = {}
    posts: list[Event] = []
    for row in rows(page):
        if isinstance(row, Problem):
            posts.append(row)
            continue
        try:
            post = _post(row)
        except RecordError as error:
            excerpt = clean(row.first(_TEXT))[:80]
            posts.append(Problem(where=f"{page.where}:{row.line}", message=str(error), excerpt=excerpt))
            continue
        if post is not None:
            posts.append(post)
            known = found.get(post.account)
            if known is None or known.seen_at < post.happened_at:
                found[post.account] = _owner(post, page.context["until"])
    yield from found.values()
    yield from posts


def _owner(post: Post, until: str) -> Account:
    """Whose statistics these are: only she can have them."""
    handle = post.account.removeprefix("https://x.com/")
    try:
        seen_at = max(post.happened_at, utc_time(until)) if until else post.happened_at
    except RecordError:
        seen_at = post.happened_at
    return Account(account=post.account, seen_at=seen_at, network="x", handle=handle, own=True)


def _post(row: Row) -> Post | None:
    """The post of a row; None where it is somebody else's, passed on."""
    number = row.first(_ID)
    link = _STATUS.match(row.first(_LINK))
    if not is_number(number):
        number = link[2] if link else ""  # spreadsheets make 2.07E+18 of a number
    if not number:
        raise RecordError(_("a post without a number"))
    if link is None:
        raise RecordError(_("its link does not say whose post this is"))
    try:
        account = account_uri(link[1], "x")
    except BadNameError:
        raise RecordError(_("its link does not say whose post this is")) from None
    if account == "https://x.com/i":
        raise RecordError(_("its link does not say whose post this is"))
    text = row.first(_TEXT)
    if RESHARE.match(text):
        return None
    happened_at, exact = _when(int(number), row.first(_WHEN))
    return Post(
        post=status_uri(number),
        account=account,
        network="x",
        happened_at=happened_at,
        exact=exact,
        text=_text(text),
        url=f"https://x.com/{link[1]}/status/{number}",
        likes=_count(row, _LIKES),
        reshares=_count(row, _RESHARES),
        replies=_count(row, _REPLIES),
        views=_count(row, _VIEWS),
    )


def _when(number: int, told: str) -> tuple[datetime, bool]:
    """When a post was written, and whether that is certain to the second."""
    if number >= _FIRST_SNOWFLAKE:
        seconds = ((number >> 22) + _SNOWFLAKE_EPOCH_MS) // 1000
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
        if at.year < 2100:
            return at, True
    if (match := _ENGLISH.match(told)) and match[1] in _MONTHS:
        told = f"{match[3]}-{_MONTHS.index(match[1]) + 1:02}-{int(match[2]):02}"
    return utc_time(re.sub(r" ([+-]\d{4})\Z", r"\1", told)), ":" in told


def _text(text: str) -> str:
    """The text with X's escapes undone; marked as not whole where a link or a picture was cut to t.co."""
    whole = clean(unescape(text)).strip()
    if not _SHORT.search(whole):
        return whole + ABRIDGED if whole.endswith(("…", "...")) and len(whole) >= 270 else whole
    return (_LAST_LINKS.sub("", whole) + ABRIDGED).strip()


def _count(row: Row, names: tuple[str, ...]) -> int | None:
    """A count, written 1234 or 1,234 or 1234.0; None where the file does not tell."""
    text = row.first(names).replace("\u00a0", "").replace(",", "").removesuffix(".0")
    if text in ("", "-", "–"):
        return None
    if not (text.isascii() and text.isdigit()) or int(text[:12]) >= 2**31:
        raise RecordError(_("{column}: not a number I can use").format(column=names[0]))
    return int(text)


SOURCE = Source(
    name="x_analytics",
    title=N_("Statistics of X (account_analytics_content … .csv)"),
    recognise=recognise,
    fetch=fetch,
    parse=parse,
    tells=(
        N_("How often each of your posts was shown, liked, reshared and answered, as X counts."),
        N_("When each was written, and its text, without the addresses of links."),
    ),
    cannot_tell=(
        N_("Who liked, reshared or answered, and who follows you."),
        N_("Posts before the first day of the file: X hands out three months or a year at once."),
        N_("Bookmarks, profile visits and clicks stand in the file, but nothing here uses them."),
    ),
    reference="https://help.x.com/en/managing-your-account/using-the-post-activity-dashboard",
    group=N_("X (Twitter)"),
    get=N_("Figures of your posts: Analytics, Content, the arrow for downloading: a file .csv."),
)
