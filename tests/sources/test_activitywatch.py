"""ActivityWatch: what counts as time on a network, and what never leaves the file."""

from __future__ import annotations

import contextlib
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.errors import LeumundError, UnreadableFileError
from leumund.events import Event, Problem, Statement
from leumund.sources import FileSettings, Page
from leumund.sources.activitywatch import SOURCE
from leumund.sources.screen_time import both, days_of, network_of_app, network_of_page, union

DAY = datetime.fromisoformat("2026-01-09T00:00:00+00:00")
LATER = "2026-01-20T00:00:00+00:00"


def seen(start: float, end: float, **data: Any) -> dict[str, Any]:
    """An event from one hour of the day to another."""
    return {
        "timestamp": (DAY + timedelta(hours=start)).isoformat(),
        "duration": (end - start) * 3600,
        "data": data,
    }


def bucket(kind: str, *events: object, host: str = "desk") -> dict[str, Any]:
    end = {"timestamp": LATER, "duration": 0, "data": {}}
    return {"type": kind, "hostname": host, "events": [*events, end]}


def pages(folder: Path, **buckets: Any) -> list[Page]:
    path = folder / "export.json"
    path.write_text(json.dumps({"buckets": {f"aw-{k}": v for k, v in buckets.items()}}), encoding="utf-8")
    return list(SOURCE.fetch(FileSettings(path=path), None))


def events(folder: Path, **buckets: Any) -> list[Event]:
    return [e for page in pages(folder, **buckets) for e in SOURCE.parse(page)]


def hours(folder: Path, **buckets: Any) -> dict[tuple[str, str], float]:
    found = [e for e in events(folder, **buckets) if isinstance(e, Statement)]
    return {
        (e.happened_at.date().isoformat(), str(e.body["time"])): float(e.body["hours"] or 0) for e in found
    }


WEB = bucket("web.tab.current", seen(8, 10, url="https://bsky.app/", title="Geheim"), host="unknown")
WINDOW = bucket(
    "currentwindow", seen(8, 9, app="Firefox", title="Geheim"), seen(9, 12, app="LibreOffice", title="Geheim")
)
AFK = bucket("afkstatus", seen(8, 8.5, status="not-afk"), seen(8.5, 20, status="afk"))


def test_a_page_counts_while_its_browser_is_in_front_and_somebody_is_there(tmp_path: Path) -> None:
    bluesky = ("2026-01-09", "bluesky")
    assert hours(tmp_path, web=WEB) == {bluesky: 2.0}
    assert hours(tmp_path, web=WEB, window=WINDOW) == {bluesky: 1.0}
    assert hours(tmp_path, web=WEB, window=WINDOW, afk=AFK) == {bluesky: 0.5}


def test_two_tabs_and_a_program_at_one_time_count_once(tmp_path: Path) -> None:
    web = bucket(
        "web.tab.current", seen(8, 9, url="https://x.com/a"), seen(8.5, 9.5, url="https://twitter.com/b")
    )
    window = bucket("currentwindow", seen(9, 10, app="Twitter.exe"), seen(8, 9.5, app="chrome.exe"))
    assert hours(tmp_path, web=web, window=window) == {("2026-01-09", "x"): 2.0}


def test_an_hour_around_midnight_belongs_to_two_days(tmp_path: Path) -> None:
    found = hours(tmp_path, window=bucket("currentwindow", seen(23.5, 24.5, app="Tusky")))
    assert found == {("2026-01-09", "mastodon"): 0.5, ("2026-01-10", "mastodon"): 0.5}


def test_the_newest_day_is_left_out_for_it_is_not_over(tmp_path: Path) -> None:
    export = {
        "window": {
            "type": "currentwindow",
            "hostname": "desk",
            "events": [seen(-20, -19, app="Tusky"), seen(8, 9, app="Tusky")],
        }
    }
    assert list(hours(tmp_path, **export)) == [("2026-01-08", "mastodon")]


def test_a_later_export_calls_the_same_day_the_same(tmp_path: Path) -> None:
    more = bucket("currentwindow", *WINDOW["events"], seen(30, 31, app="Tusky"))
    one = {e.statement for e in events(tmp_path, web=WEB, window=WINDOW) if isinstance(e, Statement)}
    two = {e.statement for e in events(tmp_path, web=WEB, window=more) if isinstance(e, Statement)}
    assert len(one) == 1
    assert one < two


def test_two_machines_are_told_apart_and_not_named(tmp_path: Path) -> None:
    phone = bucket("currentwindow", seen(8, 9, app="Tusky"), host="annas-telefon")
    desk = bucket("currentwindow", seen(8, 9, app="Tusky"), host="annas-rechner")
    found = [e for e in events(tmp_path, phone=phone, desk=desk) if isinstance(e, Statement)]
    assert len({e.statement for e in found}) == 2
    assert "annas" not in str(found)


def test_titles_addresses_and_other_programs_get_into_no_page(tmp_path: Path) -> None:
    bank = bucket("web.tab.current", seen(8, 9, url="https://bank.example/konto"), *WEB["events"])
    text = str(pages(tmp_path, web=bank, window=WINDOW, afk=AFK))
    assert "bsky" not in text
    assert "Geheim" not in text
    assert "bank.example" not in text
    assert "LibreOffice" not in text


def test_less_than_half_a_minute_is_only_passing_by(tmp_path: Path) -> None:
    assert hours(tmp_path, web=bucket("web.tab.current", seen(8, 8.005, url="https://bsky.app/"))) == {}


@pytest.mark.parametrize(
    "bad",
    [
        {"timestamp": "never", "duration": 9, "data": {}},
        seen(9, 8, app="Tusky"),
        seen(0, 24 * 9, app="Tusky"),
        7,
        {},
    ],
)
def test_an_entry_that_cannot_be_is_counted_and_left_out(tmp_path: Path, bad: object) -> None:
    found = events(tmp_path, window=bucket("currentwindow", bad, seen(8, 9, app="Tusky")))
    assert [type(e) for e in found] == [Problem, Statement]
    assert isinstance(found[0], Problem)
    assert "“aw-window”: entries with a time or length that cannot be were left out: 1." in found[0].message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"buckets": []}',
        '{"buckets": {"aw-x": {"type": "afkstatus", "events": [{}',
        '{"buckets": ' + '{"a":' * 9999,
    ],
)
def test_a_broken_export_is_said_to_be_broken(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="no whole export"):
        list(SOURCE.fetch(FileSettings(path=tmp_path / "x.json"), None))


def test_a_file_larger_than_fits_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leumund.sources.activitywatch.LARGEST", 10)
    with pytest.raises(UnreadableFileError, match="too large"):
        pages(tmp_path, web=WEB)


@pytest.mark.parametrize(
    ("url", "network"),
    [("https://mastodon.social/home", "mastodon"), ("https://social.anna.example/deck/home", "mastodon"), ("https://anna.example/@ben@ben.example", "mastodon"),
     ("https://de.linkedin.com/in/a", "linkedin"), ("https://m.facebook.com/", "facebook"), ("https://notx.com/", None), ("https://x.com.evil.example/", None),
     ("https://anna.example/wp-admin/post-new.php", "blog"), ("https://[", None), ("about:blank", None), ("", None)],
)  # fmt: skip
def test_a_page_belongs_to_the_network_its_address_says(url: str, network: str | None) -> None:
    assert network_of_page(url) == network


def test_a_program_is_known_whatever_its_ending() -> None:
    assert [network_of_app(n) for n in ("Tusky", "bluesky.exe", "Ivory.app", "Excel")] == [
        "mastodon",
        "bluesky",
        "mastodon",
        None,
    ]


stretches = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda p: (float(min(p)), float(max(p)))),
    max_size=8,
)


def minutes(parts: list[tuple[float, float]]) -> set[int]:
    return {m for start, end in parts for m in range(int(start), int(end))}


@given(stretches, stretches)
def test_time_put_together_is_the_time_it_was(
    one: list[tuple[float, float]], other: list[tuple[float, float]]
) -> None:
    first, second = union(one), union(other)
    assert minutes(first) == minutes(one)
    assert sum(end - start for start, end in first) == len(minutes(one))
    assert minutes(both(first, second)) == minutes(one) & minutes(other)


@given(stretches)
def test_cutting_at_midnight_loses_no_time(parts: list[tuple[float, float]]) -> None:
    long = [(a * 9000, b * 9000) for a, b in union(parts)]
    cut = list(days_of(long))
    assert sum(end - start for _day, (start, end) in cut) == sum(end - start for start, end in long)
    assert all(day * 86_400 <= start < end <= (day + 1) * 86_400 for day, (start, end) in cut)


@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda v: st.lists(v, max_size=3) | st.dictionaries(st.sampled_from(["buckets", "aw-a", "type", "hostname", "events", "timestamp", "duration", "data"]), v, max_size=4), max_leaves=10))  # fmt: skip
def test_no_export_raises_anything_but_our_own_errors(
    tmp_path_factory: pytest.TempPathFactory, value: object
) -> None:
    path = tmp_path_factory.mktemp("aw") / "x.json"
    path.write_text(
        json.dumps({"buckets": {"aw-a": {"type": "afkstatus", "events": value}}}), encoding="utf-8"
    )
    with contextlib.suppress(LeumundError):
        for page in SOURCE.fetch(FileSettings(path=path), None):
            list(SOURCE.parse(page))
