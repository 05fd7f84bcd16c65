"""The export of ActivityWatch: how many hours a day were spent on which network.

    {"buckets": {"aw-watcher-afk_host":    {"type": "afkstatus", "hostname", "events": [{"timestamp", "duration",
                                            "data": {"status": "not-afk"}}]},
                 "aw-watcher-window_host": {"type": "currentwindow", ... {"app", "title"}},
                 "aw-watcher-web-firefox": {"type": "web.tab.current", ... {"url", "title"}}}}

A page counts while its browser was in front and somebody sat there. Titles are never read, addresses never kept:
a page of ours holds stretches of time and the network's name, of networks alone; all else is left out. The newest
day is left out too, for it was not over when the file was made.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from leumund.errors import UnreadableFileError
from leumund.events import Event, Statement
from leumund.locale import N_, _
from leumund.refused import reason
from leumund.sources import Cursor, FileSettings, Found, Page, Source
from leumund.sources.json_records import (
    RecordError,
    as_utf8,
    decode,
    page_records,
    parse_problems,
    problem_data,
    utc_time,
)
from leumund.sources.record_stream import Record, stream_pages
from leumund.sources.screen_time import (
    DAY,
    Stretch,
    both,
    days_of,
    is_browser,
    network_of_app,
    network_of_page,
    union,
)
from leumund.sources.text_files import is_regular

LARGEST = 256 << 20  # read whole: about three times as much memory is needed
_HEAD = 1 << 14
_LONGEST_S = 7 * DAY  # of one event: beyond, a clock was wrong
_SHORTEST_S = 30.0  # of a network on a day: less is no more than passing by
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TYPES = (b'"afkstatus"', b'"currentwindow"', b'"web.tab.current"')
BAD_EVENTS = N_("“{bucket}”: entries with a time or length that cannot be were left out: {count}.")


class _Bucket(msgspec.Struct):
    type: str = ""
    hostname: str | None = None
    events: list[msgspec.Raw] = []


class _Export(msgspec.Struct):
    buckets: dict[str, _Bucket]


class _Data(msgspec.Struct):
    """All that is looked at of what was on the screen."""

    app: str | None = None
    url: str | None = None
    status: str | None = None


class _Event(msgspec.Struct):
    timestamp: str
    duration: float
    data: _Data


class _Day(msgspec.Struct, omit_defaults=True):
    """What a page holds of one day of one machine; None where no such watcher ran."""

    host: str
    day: int
    active: list[Stretch] | None = None
    browser: list[Stretch] | None = None
    pages: dict[str, list[Stretch]] = {}
    apps: dict[str, list[Stretch]] = {}


@dataclass(slots=True)
class _Machine:
    """What the watchers of one machine saw."""

    active: list[Stretch] | None = None
    browser: list[Stretch] | None = None
    pages: dict[str, list[Stretch]] = field(default_factory=lambda: defaultdict(list))
    apps: dict[str, list[Stretch]] = field(default_factory=lambda: defaultdict(list))
    newest: float = 0.0


def recognise(path: Path) -> Found | None:
    """A JSON file whose head speaks of buckets and of a watcher."""
    if not is_regular(path):
        return None
    try:
        with path.open("rb") as handle:
            head = handle.read(_HEAD)
    except OSError:
        return None
    ours = b'"buckets"' in head and (b'"aw-' in head or any(kind in head for kind in _TYPES))
    return Found(sure=0.9, what=_("export of ActivityWatch")) if ours and head.lstrip()[:1] == b"{" else None


def fetch(settings: FileSettings, cursor: Cursor) -> Iterator[Page]:
    """Day by day, what is needed to know how long each network was looked at.

    Raises:
        UnreadableFileError: no file, too large, or broken.
    """
    path = settings.path
    if not is_regular(path):
        raise UnreadableFileError(path, _("this is no ordinary file"))
    try:
        size = path.stat().st_size
        if size > LARGEST:
            why = _("this is too large: I read up to {size} MB").format(size=LARGEST >> 20)
            raise UnreadableFileError(path, why, hint=_("Export one bucket at a time, or a shorter span."))
        data = as_utf8(path.read_bytes())[0]
    except OSError as error:
        raise UnreadableFileError(path, reason(error)) from error
    try:
        export = msgspec.json.decode(data, type=_Export)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        hint = _("Export it again from ActivityWatch (Raw data > Export all buckets).")
        raise UnreadableFileError(path, _("this is no whole export of ActivityWatch"), hint=hint) from error
    records = _records(export, path.name, size)
    yield from stream_pages(records, cursor, where=path.name, stamp=str(size), size=size, context={})


def _records(export: _Export, name: str, size: int) -> Iterator[Record]:
    machines, bad = _machines(export)
    for bucket, count in bad.items():
        data = problem_data(name, BAD_EVENTS, count=count, bucket=bucket[:100])
        yield Record("problem", data[1:-1], 1, 0)
    number = 0
    for host, machine in sorted(machines.items()):
        for day in _days(host, machine):
            number += 1
            yield Record("days", msgspec.json.encode(day), number, size)


def _machines(export: _Export) -> tuple[dict[str, _Machine], dict[str, int]]:
    """By host what was seen, by bucket how many events could not be used."""
    windows = sorted({b.hostname or "" for b in export.buckets.values() if b.type == "currentwindow"})
    machines: dict[str, _Machine] = defaultdict(_Machine)
    bad: dict[str, int] = {}
    for name, bucket in sorted(export.buckets.items()):
        if bucket.type not in ("afkstatus", "currentwindow", "web.tab.current"):
            continue
        host = bucket.hostname or ""
        if host not in windows and len(windows) == 1:  # browsers do not know on which machine they run
            host = windows[0]
        machine = machines[host]
        if bucket.type == "afkstatus" and machine.active is None:
            machine.active = []
        if bucket.type == "currentwindow" and machine.browser is None:
            machine.browser = []
        for raw in bucket.events:
            try:
                _note(machine, bucket.type, decode(raw, _Event))
            except RecordError:
                bad[name] = bad.get(name, 0) + 1
    return machines, bad


def _note(machine: _Machine, kind: str, event: _Event) -> None:
    start = (utc_time(event.timestamp) - _EPOCH).total_seconds()
    if not 0 <= event.duration <= _LONGEST_S or start < 0:
        raise RecordError
    stretch = (start, start + event.duration)
    machine.newest = max(machine.newest, stretch[1])
    if kind == "afkstatus":
        if event.data.status == "not-afk":
            assert machine.active is not None  # made when the bucket was met
            machine.active.append(stretch)
    elif kind == "web.tab.current":
        if network := network_of_page(event.data.url or ""):
            machine.pages[network].append(stretch)
    elif network := network_of_app(event.data.app or ""):
        machine.apps[network].append(stretch)
    elif is_browser(event.data.app or ""):
        assert machine.browser is not None  # as above
        machine.browser.append(stretch)


def _days(host: str, machine: _Machine) -> Iterator[_Day]:
    """The days on which a network was looked at, but for the newest."""
    last = int(machine.newest // DAY)
    days: dict[int, _Day] = {}
    for what, by_network in (("pages", machine.pages), ("apps", machine.apps)):
        for network, stretches in sorted(by_network.items()):
            for day, stretch in days_of(union(stretches)):
                if day < last:
                    holder = days.setdefault(day, _Day(host=_mark(host), day=day, pages={}, apps={}))
                    getattr(holder, what).setdefault(network, []).append(stretch)
    for what, around in (("active", machine.active), ("browser", machine.browser)):
        if around is None:
            continue
        for holder in days.values():
            setattr(holder, what, [])
        for day, stretch in days_of(union(around)):
            if day in days:
                getattr(days[day], what).append(stretch)
    yield from (days[day] for day in sorted(days))


def _mark(host: str) -> str:
    """A machine as a mark that tells machines apart and does not say its name."""
    return hashlib.sha256(host.encode("utf-8", "replace")).hexdigest()[:12]


def parse(page: Page) -> Iterator[Event]:
    """The hours of each day by network."""
    if page.kind == "problem":
        yield from parse_problems(page)
        return
    for _number, raw in page_records(page):
        day = decode(raw, _Day)
        for network in sorted({*day.pages, *day.apps}):
            seconds = _seconds(day, network)
            if seconds >= _SHORTEST_S:
                yield Statement(
                    kind="time",
                    happened_at=_EPOCH + timedelta(days=day.day),
                    body={"time": network, "hours": round(seconds / 3600, 3), "note": "ActivityWatch"},
                    statement=f"activitywatch:{day.host}:{day.day}:{network}",
                )


def _seconds(day: _Day, network: str) -> float:
    """How long a network was looked at: its pages while a browser was in front, its programs; nobody away."""
    pages: Sequence[Stretch] = union(day.pages.get(network, ()))
    if day.browser is not None:
        pages = both(pages, day.browser)
    looked = union([*pages, *day.apps.get(network, ())])
    if day.active is not None:
        looked = both(looked, day.active)
    return sum(end - start for start, end in looked)


SOURCE = Source(
    name="activitywatch",
    title=N_("Hours from ActivityWatch (export of all buckets, JSON)"),
    recognise=recognise,
    fetch=fetch,
    parse=parse,
    tells=(N_("How many hours a day you had each network in front of you."),),
    cannot_tell=(
        N_("What you did there, and what else you did: titles and addresses are not kept."),
        N_("Time on a network in a browser without ActivityWatch's extension."),
        N_("The newest day: it was not over when the file was made."),
        N_("Time on a Mastodon server whose address does not look like one."),
        N_("Days are cut at midnight UTC."),
    ),
    reference="https://docs.activitywatch.net/en/latest/buckets-and-events.html",
    group=N_("Your hours"),
    get=N_("ActivityWatch: Raw data, Export all buckets: a file .json."),
)
