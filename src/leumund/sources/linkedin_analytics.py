"""The analytics workbook one can export of one's LinkedIn account (XLSX).

    FOLLOWERS    Total followers on 3/5/2024: | 1234
                 Date | New followers            a row for each day
    TOP POSTS    Post URL | Post publish date | Engagements |   | Post URL | Post publish date | Impressions
    DISCOVERY, ENGAGEMENT, DEMOGRAPHICS          sums over all posts: not kept

Names of sheets and columns are in the language of the account, so a table is known by what stands in it: a
day and a total in the first row and then days with numbers; links to posts with a day and a number.

How many followers there were on earlier days is reckoned back from the total of the one day it is told for,
by the new followers of each day since, as far as these are told without a gap. A count is that of the end of
its day. Impressions become the views of a post. Engagements are likes, comments, shares and clicks in one sum;
no such number is kept.

Whose it is stands in the addresses of her posts, or in the name of the file; else it is `linkedin-name:me`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pyarrow as pa

from leumund.errors import LeumundError, UnreadableFileError
from leumund.events import Account, Event, Problem, Rows
from leumund.locale import N_, _
from leumund.sources import Cursor, FileSettings, Found, Page, Source
from leumund.sources.archive_files import is_archive
from leumund.sources.json_records import decode, page_records, parse_problems, problem_data
from leumund.sources.linkedin_days import Reading, reading_of
from leumund.sources.linkedin_files import UNNAMED
from leumund.sources.linkedin_records import author_of, most_common, named, post_uri, time_of
from leumund.sources.linkedin_sheets import Sheet, midnight, read_sheets, sheet_names, whole
from leumund.sources.record_pages import Loaded, Step, step_pages

_NAMES = {"FOLLOWERS", "FOLLOWER", "TOP POSTS", "DISCOVERY", "ENGAGEMENT", "DEMOGRAPHICS"}
_GERMAN = {
    "TOP-BEITRÄGE",
    "BELIEBTESTE BEITRÄGE",
    "ENTDECKUNG",
    "INTERAKTION",
    "DEMOGRAFIE",
    "DEMOGRAFISCHE DATEN",
}
_FILE = re.compile(r"(?:AggregateAnalytics|Content)_(.{0,200}?)\.xlsx\Z", re.IGNORECASE)
_DAYS = re.compile(r"_?\d{4}-\d\d-\d\d_\d{4}-\d\d-\d\d_?| ?\(\d{1,3}\)\Z")
_IMPRESSIONS = re.compile(r"impr[eé]|weergave", re.IGNORECASE)

NO_TOTAL = N_("the total of followers is not told for a day, so their number on no day is known.")
BELOW_ZERO = N_("more new followers are told than there were; earlier days were left out.")


class Count(msgspec.Struct):
    """How many followers at the end of a day."""

    day: date
    followers: int


class Shown(msgspec.Struct):
    """How often a post was shown."""

    link: str
    day: date | None
    views: int | None


def recognise(path: Path) -> Found | None:
    """A workbook with LinkedIn's sheets or under LinkedIn's name."""
    try:
        if not path.is_file() or not is_archive(path):
            return None
        sheets = {name.strip().upper() for name in sheet_names(path)}
    except (LeumundError, OSError):
        return None
    called = _FILE.match(path.name) is not None
    if not sheets or not (called or len(sheets & (_NAMES | _GERMAN)) > 1):
        return None
    name, owner = _name_of(path), _by_file_name(path)
    what = _("LinkedIn analytics of {who}").format(who=name) if owner else _("LinkedIn analytics")
    return Found(sure=0.95 if sheets & _NAMES else 0.7, what=what, owner=owner)


def fetch(settings: FileSettings, cursor: Cursor) -> Iterator[Page]:
    """The followers of each day and the posts that were shown most.

    Raises:
        UnreadableFileError: no workbook, broken, or none of LinkedIn's tables in it.
        DangerousFileError: made to do harm.
    """
    path = settings.path
    sheets = read_sheets(path)
    read = reading_of(cell for sheet in sheets for row in sheet.rows for cell in row)
    counts, notes = _followers(sheets, read)
    posts = _posts(sheets, read)
    if not counts and not posts and not notes:
        hint = _("On LinkedIn, open your analytics and choose Export for the whole audience and content.")
        raise UnreadableFileError(path, _("there are neither followers nor posts in it."), hint=hint)
    owner = most_common(author_of(post.link) for post in posts) or _by_file_name(path) or UNNAMED
    steps = [
        _step(
            path, "followers", owner, Loaded(records=[msgspec.json.encode(c) for c in counts], problems=notes)
        ),
        _step(path, "posts", owner, Loaded(records=[msgspec.json.encode(post) for post in posts])),
    ]
    last = max((c.day for c in counts), default=date.min)
    yield from step_pages(steps, cursor, archive=f"{owner} {last.isoformat()} {len(counts)} {len(posts)}")


def _step(path: Path, kind: str, owner: str, loaded: Loaded) -> Step:
    context = {"owner": owner}
    return Step(
        kind=kind,
        file=kind,
        where=f"{path.name}: {kind}",
        size=1,
        load=lambda: loaded,
        context=lambda _records: context,
    )


def _followers(sheets: list[Sheet], read: Reading) -> tuple[list[Count], list[bytes]]:
    """The followers at the end of each day, as far back as can be reckoned from the one total."""
    for sheet in sheets:
        first = next((row for row in sheet.rows if any(cell is not None for cell in row)), [])
        cells = [cell for cell in first if cell is not None]
        total = whole(cells[1]) if len(cells) == 2 else None
        gains = dict(_pairs(sheet, read))
        if total is None or total < 0 or not gains:
            continue
        day = read(cells[0])
        if day is None:
            return [], [problem_data(sheet.name, NO_TOTAL)]
        counts = [Count(day, total)]
        while (gained := gains.get(day)) is not None:
            total, day = total - gained, day - timedelta(days=1)
            if total < 0:
                return counts[::-1], [problem_data(sheet.name, BELOW_ZERO)]
            counts.append(Count(day, total))
        return counts[::-1], []
    return [], []


def _pairs(sheet: Sheet, read: Reading) -> Iterator[tuple[date, int]]:
    """Rows of a day and a number and nothing else; the first row is the total's."""
    for row in sheet.rows[1:]:
        cells = [cell for cell in row if cell is not None]
        if len(cells) == 2 and (day := read(cells[0])) and (number := whole(cells[1])) is not None:
            yield day, number


def _posts(sheets: list[Sheet], read: Reading) -> list[Shown]:
    """Every post of which it is told how often it was shown."""
    found: dict[str, Shown] = {}
    for sheet in sheets:
        titles: dict[int, str] = {}
        for row in sheet.rows:
            for place, cell in enumerate(row):
                if not isinstance(cell, str):
                    continue
                if (uri := post_uri(cell)) is None:
                    titles.setdefault(place, cell)
                    continue
                told = [*row[place + 1 : place + 3], None, None]
                views = whole(told[1]) if _IMPRESSIONS.search(titles.get(place + 2, "")) else None
                shown = found.setdefault(uri, Shown(cell, None, None))
                shown.day = shown.day or read(told[0])
                shown.views = views if views is not None and views >= 0 else shown.views
    return [shown for shown in found.values() if shown.views is not None]


def _by_file_name(path: Path) -> str | None:
    """The owner by the name LinkedIn put into the file's: AggregateAnalytics_Anna Berg_2024-01-01_2024-03-05.xlsx."""
    return named(_name_of(path))


def _name_of(path: Path) -> str:
    found = _FILE.match(path.name)
    return _DAYS.sub("", found[1]).replace("_", " ").strip() if found else ""


# -- parse --------------------------------------------------------------------------------------


def parse(page: Page) -> Iterator[Event]:
    """A sighting of the owner for each day, and what was told of her posts: no text, so that none is lost by it."""
    if page.kind == "problem":
        yield from parse_problems(page)
        return
    owner = page.context["owner"]
    if page.kind == "followers":
        for _number, raw in page_records(page):
            count = decode(raw, Count)
            end = midnight(count.day) + timedelta(days=1) - timedelta(seconds=1)
            yield Account(account=owner, seen_at=end, network="linkedin", followers=count.followers, own=True)
        return
    yield _rows(page, owner)


def _rows(page: Page, owner: str) -> Rows:
    rows: list[dict[str, object]] = []
    problems: list[Problem] = []
    for number, raw in page_records(page):
        post = decode(raw, Shown)
        uri = post_uri(post.link)
        if uri is None or post.day is None:
            where = _("{file}: item {number}").format(file=page.where, number=number)
            problems.append(
                Problem(where=where, message=_("the day of the post cannot be read"), excerpt=post.link[:80])
            )
            continue
        exactly = time_of(uri, midnight(post.day))
        rows.append({
            "post": uri, "account": owner, "network": "linkedin", "url": uri, "views": post.views,
            "happened_at": exactly or midnight(post.day) + timedelta(days=1), "exact": exactly is not None,
        })  # fmt: skip
    shape = {
        "post": pa.string(), "account": pa.string(), "network": pa.string(), "url": pa.string(), "views": pa.int32(),
        "happened_at": pa.timestamp("us", tz="UTC"), "exact": pa.bool_(),
    }  # fmt: skip
    table = pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind in shape.items()})
    return Rows(noun="post", table=table, problems=tuple(problems))


SOURCE = Source(
    name="linkedin_analytics",
    title=N_("LinkedIn analytics (XLSX)"),
    recognise=recognise,
    fetch=fetch,
    parse=parse,
    tells=(
        N_(
            "How many followed you at the end of each day, as far as LinkedIn tells new followers day by day."
        ),
        N_("How often each of the fifty posts shown most was shown."),
    ),
    cannot_tell=(
        N_(
            "Which of the posts in your copy of the data is meant, where LinkedIn names it by another of its numbers (share, ugcPost, activity)."
        ),
        N_(
            "Who stopped following: earlier days are reckoned back by the new followers alone and are too low by those who left since."
        ),
        N_("Likes, comments and shares: LinkedIn tells one sum of them and of clicks, which is left out."),
        N_("What your posts say, and how often those were shown that are not among the fifty shown most."),
        N_("Who your followers are."),
        N_(
            "Which post of your data is meant, where LinkedIn gives one post two numbers: it then stands there twice."
        ),
    ),
    reference="https://www.linkedin.com/help/linkedin/answer/a704175",
    group=N_("LinkedIn"),
    get=N_("Figures of your posts: Analytics, Export: a file .xlsx."),
)
