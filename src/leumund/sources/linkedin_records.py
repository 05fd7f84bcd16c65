"""How LinkedIn writes days, times, addresses of posts and paragraphs.

A post has a number of one of several kinds (`share`, `ugcPost`, `activity`), in addresses of two forms:

    https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A7148000000000000000
    https://www.linkedin.com/posts/anna-berg_a-few-words-ugcPost-7148000000000000000-AbCd

One post has a number of more than one kind, and nothing says which belong together; kinds are therefore kept
apart. A number holds, in its first 41 bits, the time it was given in milliseconds since 1970: where only a day
is told, and the number's time is of that day or its neighbours, the time is the number's.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote

from leumund.events import Visibility
from leumund.ids import BadNameError, account_uri, name_uri
from leumund.locale import _
from leumund.sources.json_records import RecordError, utc_time

_MONTHS = {
    start: number
    for number, starts in enumerate(
        ("jan jän", "feb", "mar mär mrz maer", "apr", "may mai", "jun", "jul", "aug", "sep", "oct okt", "nov", "dec dez"),
        start=1,
    )
    for start in starts.split()
}  # fmt: skip
_DAY = re.compile(r"(\d{1,2})\.? ([^\W\d_]{3,12})\.?,? (\d{4})\Z")
_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\Z", re.ASCII)
_AMERICAN = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d\d(?:\d\d)?),? (\d{1,2}):(\d\d)\s?([AP]M)\Z", re.ASCII | re.IGNORECASE
)
_CLOCK = re.compile(
    r"(\d{4})[-/](\d\d)[-/](\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?))?(?: ?(?:UTC|GMT|Z))?\Z", re.ASCII
)
_URN = re.compile(
    r"urn:li:(activity|share|ugcPost|groupPost|article):(?:\d{1,20}-)?(\d{5,20})(?!\d)", re.ASCII
)
_IN_PATH = re.compile(r"-(activity|share|ugcPost)-(\d{15,20})(?:-[\w-]*)?/?(?:[?#]|\Z)", re.ASCII)
_COMMENT = re.compile(
    r"urn:li:comment:\((?:urn:li:)?(activity|share|ugcPost):(\d{5,20}),(\d{5,20})\)", re.ASCII
)
_AUTHOR = re.compile(r"linkedin\.com/posts/([^/?#_]{2,100})_")
_FIRST = datetime(2003, 5, 1, tzinfo=UTC)  # LinkedIn's opening
_LAST = datetime(2100, 1, 1, tzinfo=UTC)


def linkedin_day(text: str) -> datetime:
    """A day as LinkedIn writes it, in English or German: its midnight, as with every day told without a clock.

    >>> linkedin_day("05 Mar 2024") == linkedin_day("5. März 2024") == linkedin_day("2024-03-05")
    True

    Raises:
        RecordError: no such day.
    """
    plain = " ".join(text.split())
    try:
        if found := _DAY.match(plain):
            name = found[2].lower()
            month = next((n for start, n in _MONTHS.items() if name.startswith(start)), 0)
            return _sane(datetime(int(found[3]), month, int(found[1]), tzinfo=UTC))
        if found := _GERMAN_DAY.match(plain):
            return _sane(datetime(int(found[3]), int(found[2]), int(found[1]), tzinfo=UTC))
        return linkedin_time(plain)[0]
    except (ValueError, OverflowError):
        raise RecordError(_("“{text}” is no time").format(text=text[:60])) from None


def linkedin_time(text: str) -> tuple[datetime, bool]:
    """A time, and whether the clock was told, not only the day. Without a zone it is UTC.

    Raises:
        RecordError: no such time.
    """
    plain = " ".join(text.split())
    if found := _CLOCK.match(plain):
        iso = f"{found[1]}-{found[2]}-{found[3]}T{found[4] or '00:00'}+00:00"
        return _sane(utc_time(iso)), found[4] is not None
    if found := _AMERICAN.match(plain):
        month, day, year, hour, minute = (int(found[i]) for i in range(1, 6))
        hour = hour % 12 + (12 if found[6].upper() == "PM" else 0)
        try:
            return _sane(
                datetime(year + 2000 if year < 100 else year, month, day, hour, minute, tzinfo=UTC)
            ), True
        except ValueError:
            pass
    raise RecordError(_("“{text}” is no time").format(text=text[:60]))


def _sane(time: datetime) -> datetime:
    if not _FIRST <= time < _LAST:
        raise RecordError(_("“{text}” is no time").format(text=time.date().isoformat()))
    return time


def post_uri(link: str) -> str | None:
    """The one address of a post, of whichever form; None where the link is none of a post of LinkedIn's."""
    plain = _plain(link)
    if "linkedin.com/" not in plain and not plain.startswith("urn:li:"):
        return None
    before = plain.partition("?")[0]
    found = _URN.search(before) or _IN_PATH.search(plain) or _URN.search(plain)
    return f"https://www.linkedin.com/feed/update/urn:li:{found[1]}:{found[2]}" if found else None


def time_of(post: str, day: datetime) -> datetime | None:
    """The time in a post's number, if it can be that of a post of that day."""
    found = _URN.search(post)
    try:
        time = datetime.fromtimestamp((int(found[2]) >> 22) / 1000, UTC) if found else None
    except (ValueError, OverflowError, OSError):
        return None
    near = timedelta(days=1)
    return time if time and day - near <= time < day + 2 * near else None


def comment_uri(link: str, at: datetime, text: str) -> str | None:
    """What names a comment: its number where the link has it, else the post's address, its second and its text."""
    if found := _COMMENT.search(_plain(link)):
        return f"urn:li:comment:({found[1]}:{found[2]},{found[3]})"
    post = post_uri(link)
    mark = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:12]
    return f"{post}#comment-{int(at.timestamp())}-{mark}" if post else None


def author_of(link: str) -> str | None:
    """Whose post it is, where the address says so."""
    found = _AUTHOR.search(_plain(link))
    return profile_uri(found[1]) if found else None


def profile_uri(link: str | None) -> str | None:
    """A profile's canonical address, with percent signs for letters beyond ASCII; None where the text is none."""
    try:
        return account_uri(quote(link.strip(), safe=":/?=&%~"), "linkedin") if link else None
    except BadNameError:
        return None


def named(*names: str | None) -> str | None:
    """The account of somebody known by name alone; None where the name is empty."""
    try:
        return name_uri(full_name(*names), "linkedin")
    except BadNameError:
        return None


def full_name(*names: str | None) -> str:
    """First and last name as one."""
    return " ".join(part for name in names if name and (part := " ".join(name.split())))


def most_common(found: Iterable[str | None]) -> str | None:
    """What occurs most often; of several the first in the alphabet."""
    counts = Counter(value for value in found if value)
    return min(counts, key=lambda value: (-counts[value], value), default=None)


def paragraphs(text: str) -> str:
    r"""The text as it was written: LinkedIn puts every paragraph but the outermost ends between quotation marks.

    >>> paragraphs('One"\n""\n"Two'), paragraphs('"So," she said\nand left')
    ('One\n\nTwo', '"So," she said\nand left')
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    inner = lines[1:-1]
    wrapped = len(lines) > 1 and lines[0].endswith('"') and lines[-1].startswith('"')
    if wrapped and all(len(line) > 1 and line.startswith('"') and line.endswith('"') for line in inner):
        lines = [lines[0][:-1], *(line[1:-1] for line in inner), lines[-1][1:]]
    return "\n".join(lines).strip()


def visibility(word: str | None) -> Visibility:
    """Who can see a post: all where that is said. “MEMBER_NETWORK” stands beside nearly every post and says little."""
    return "public" if (word or "").strip().upper() in {"PUBLIC", "ANYONE", "EVERYONE"} else "followers"


def _plain(link: str) -> str:
    """The link with its percent signs undone; twice, for some were written so."""
    link = link.strip()[:2048]
    for _again in range(2):
        link = unquote(link) if "%" in link else link
    return link
