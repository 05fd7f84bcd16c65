"""Hours out of the tables of time trackers: one statement an entry, under the network it was spent on.

    Toggl Track, Clockify  "Start date", "Start time", "Duration" (1:30:00), "Project", "Task", "Description", "Tags"
    Kimai                  "Date", "From", "To", "Duration" (1:30, 1.5 or 5400), "Customer", "Project", "Activity" ...

An entry belongs to a network if its tags, its activity or its project name one ("Social Media: Mastodon"); else to
its project. Who worked and for whom is used to tell entries apart, but not kept. An entry's id is made of its person
and its beginning, so that a report that overlaps with an earlier one adds nothing twice but corrects what changed.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from leumund.errors import UnreadableFileError
from leumund.events import Event, Problem, Statement
from leumund.locale import _
from leumund.sources import Cursor, FileSettings, Page
from leumund.sources.json_records import RecordError, clean
from leumund.sources.table_rows import Head, head_of, no_table, rows, table_pages

Order = Literal["", "day first", "month first"]

NETWORK_WORDS = {
    "mastodon": "mastodon", "fediverse": "mastodon", "fediversum": "mastodon", "bluesky": "bluesky", "bsky": "bluesky",
    "twitter": "x", "linkedin": "linkedin", "facebook": "facebook", "blog": "blog", "blogging": "blog",
    "bloggen": "blog", "blogpost": "blog", "blogposts": "blog", "blogartikel": "blog", "wordpress": "blog",
}  # fmt: skip
_ONLY_X = re.compile(r"x(?:\.com)?(?:\W+(?:ehemals|formerly|ex)?\W*twitter\W*)?\Z", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,5}):([0-5]\d)(?::([0-5]\d)(?:[.,]\d+)?)?\Z", re.ASCII)
_UNITS = re.compile(
    r"(?:(\d{1,5}(?:[.,]\d+)?)\s*(?:h|std\.?|stunden?|hours?))?\s*"
    r"(?:(\d{1,5})\s*(?:m|min\.?|minuten?|minutes?))?\s*(?:(\d{1,5})\s*(?:s|sek\.?|sec\.?))?\Z",
    re.ASCII | re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?\Z", re.ASCII)
_DAY = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)\Z|(\d\d?)\.\s?(\d\d?)\.\s?(\d{4})\Z|(\d\d?)[/-](\d\d?)[/-](\d{4})\Z", re.ASCII
)
_TIME = re.compile(r"(\d\d?)[:.](\d\d)(?:[:.](\d\d))?\s*(?:([ap])\.?m\.?|Uhr)?\Z", re.ASCII | re.IGNORECASE)
_TURNABLE = re.compile(rb"(?<![\d/-])(\d\d?)[/-](\d\d?)[/-]\d{4}(?![\d/-])")
_LONGEST_HOURS = 24 * 31
_MOST = 2_000  # characters of a note


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """How a program names its columns, by ours. needed: of each group one must be there."""

    name: str
    what: str
    columns: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]

    def fits(self, head: Head) -> bool:
        return all(set(self.columns[ours]) & set(head.names) for ours in self.needed)


def sheet_pages(sheet: Sheet, settings: FileSettings, cursor: Cursor) -> Iterator[Page]:
    """The entries of a report in pieces.

    Raises:
        UnreadableFileError: other columns, or dates that can be read in two ways.
    """
    head = head_of(settings.path)
    if head is None or not sheet.fits(head):
        raise no_table(settings.path, _(sheet.what))
    order = _order(settings.path, head.rest)
    yield from table_pages(settings.path, head, cursor, context={"order": order})


def sheet_events(sheet: Sheet, page: Page) -> Iterator[Event]:
    """The hours of a page, and a problem for each entry that cannot be used."""
    order: Order = page.context["order"]  # type: ignore[assignment]
    begun: Counter[str] = Counter()
    for row in rows(page):
        if isinstance(row, Problem):
            yield row
            continue
        told = {ours: clean(row.first(theirs)).strip() for ours, theirs in sheet.columns.items()}
        if not any(told.get(ours) for ours in ("date", "project", "activity", "description")):
            continue  # an empty row, or the sum at the end
        try:
            yield _statement(sheet, told, order, begun)
        except RecordError as error:
            excerpt = " ".join(told.get(k, "") for k in ("date", "duration", "project", "description"))[:80]
            yield Problem(where=f"{page.where}:{row.line}", message=str(error), excerpt=excerpt)


def _statement(sheet: Sheet, told: Mapping[str, str], order: Order, begun: Counter[str]) -> Statement:
    start = moment(told.get("date", ""), told.get("start", ""), order)
    if start is None:
        raise RecordError(_("“{text}” is no day I can read").format(text=told.get("date", "")[:40]))
    end = (
        moment(told.get("end_date") or told.get("date", ""), told.get("end", ""), order)
        if told.get("end")
        else None
    )
    length = hours_of(told.get("duration", ""), start, end)
    if length is None:
        raise RecordError(
            _("“{text}” is no length of time I can read").format(text=told.get("duration", "")[:40])
        )
    tags = [tag.strip() for tag in re.split(r"[,;|]", told.get("tags", "")) if tag.strip()]
    network = network_named([*tags, told.get("activity", ""), told.get("project", "")])
    names = [told[k] for k in ("project", "activity") if told.get(k)]
    spent = network or next((n for n in (*names, told.get("description", "")) if n), sheet.name)
    parts = [
        p for p in (*names, told.get("description", ""), " ".join(f"#{t}" for t in tags)) if p and p != spent
    ]
    mark = f"{sheet.name}|{told.get('user', '').lower()}|{start.isoformat()}"
    begun[mark] += 1
    name = hashlib.sha256(f"{mark}|{begun[mark]}".encode("utf-8", "replace")).hexdigest()[:24]
    return Statement(
        kind="time",
        happened_at=start,
        body={"time": spent[:200], "hours": length, "note": " · ".join(dict.fromkeys(parts))[:_MOST] or None},
        statement=f"{sheet.name}:{name}",
    )


def network_named(texts: list[str]) -> str | None:
    """The network one of these texts names as a word; "X" only where it stands alone.

    >>> network_named(["Kunde 7", "Social Media: Mastodon"]), network_named(["Projekt X"]), network_named(["X (Twitter)"])
    ('mastodon', None, 'x')
    """
    for text in texts:
        if _ONLY_X.match(text.strip()):
            return "x"
        for word in re.findall(r"\w+", text.lower()):
            if word in NETWORK_WORDS:
                return NETWORK_WORDS[word]
    return None


def moment(day: str, clock: str, order: Order) -> datetime | None:
    """A day and a time of day, taken as UTC; a time that is not told is midnight.

    >>> str(moment("09.01.2026", "8:15", "")), str(moment("1/9/2026", "8:15 PM", "month first"))
    ('2026-01-09 08:15:00+00:00', '2026-01-09 20:15:00+00:00')
    """
    if not clock and (whole := re.match(r"(\S+)[T ](\d\d?:\d\d(?::\d\d)?(?:\s?[AaPp][Mm])?)", day)):
        day, clock = whole[1], whole[2]
    found = _DAY.match(day.strip())
    if not found:
        return None
    if found[1]:
        year, month, date = found[1], found[2], found[3]
    elif found[4]:
        date, month, year = found[4], found[5], found[6]
    elif order == "month first":
        month, date, year = found[7], found[8], found[9]
    else:
        date, month, year = found[7], found[8], found[9]
    at = _TIME.match(clock.strip()) if clock else None
    if clock and not at:
        return None
    hour, minute, second = (int(at[1]), int(at[2]), int(at[3] or 0)) if at else (0, 0, 0)
    if at and at[4]:
        hour = hour % 12 + (12 if at[4].lower() == "p" else 0)
    try:
        return datetime(int(year), int(month), int(date), hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def hours_of(text: str, start: datetime, end: datetime | None) -> float | None:
    """A length of time in hours. A bare number may be hours or seconds: what fits beginning and end is meant.

    >>> now = datetime(2026, 1, 9, 8, tzinfo=UTC)
    >>> hours_of("1:30:00", now, None), hours_of("1,5", now, None), hours_of("1 h 30 min", now, None)
    (1.5, 1.5, 1.5)
    >>> hours_of("5400", now, now + timedelta(hours=1.5)), hours_of("8", now, None)
    (1.5, 8.0)
    """
    text = text.strip()
    if end is not None and end < start:
        end += timedelta(days=1)  # over midnight
    span = (end - start).total_seconds() / 3600 if end else None
    found: float | None = None
    if clock := _CLOCK.match(text):
        found = int(clock[1]) + int(clock[2]) / 60 + int(clock[3] or 0) / 3600
    elif _NUMBER.match(text):
        number = float(text.replace(",", "."))
        meant = [number, number / 3600, number * 24]
        if span is not None:
            found = min(meant, key=lambda hours: abs(hours - span))
        else:
            found = number / 3600 if text.isdigit() and number > 24 else number
    elif text and (units := _UNITS.match(text)):
        parts = [float((part or "0").replace(",", ".")) for part in units.groups()]
        found = parts[0] + parts[1] / 60 + parts[2] / 3600
    elif not text:
        found = span
    return round(found, 4) if found is not None and 0 <= found <= _LONGEST_HOURS else None


def _order(path: Path, sample: bytes) -> Order:
    """How days such as 01/09/2026 are meant, told by those that can be meant in one way only."""
    pairs = [(int(a), int(b)) for a, b in _TURNABLE.findall(sample)]
    if not pairs:
        return ""
    day_first, month_first = any(a > 12 for a, _b in pairs), any(b > 12 for _a, b in pairs)
    if day_first == month_first:
        hint = _("Choose days such as 2026-01-31 in the settings of the program, and export again.")
        raise UnreadableFileError(
            path, _("its days can be read in two ways (day or month first?)"), hint=hint
        )
    return "day first" if day_first else "month first"
