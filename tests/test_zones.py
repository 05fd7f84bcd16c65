"""Whose clocks tell the times that are shown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import tzlocal
from hypothesis import given
from hypothesis import strategies as st

from leumund.config import own_zone
from leumund.entering.said import today_at
from leumund.settings import change
from leumund.spoken import zones
from leumund.views import cells

EVENING = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)  # in Berlin half past midnight
ZONES = ["Europe/Berlin", "America/Los_Angeles", "Pacific/Kiritimati", "UTC"]


def test_times_are_told_by_the_owners_clocks_and_utc_says_that_it_is() -> None:
    assert cells.moment(EVENING) == "31 Mar 2026, 22:30 UTC"
    with zones.showing("Europe/Berlin"):
        assert cells.moment(EVENING) == "1 Apr 2026, 00:30"
        assert cells.day(EVENING) == cells.written("time", EVENING) == "1 Apr 2026"
        assert today_at(EVENING) == date(2026, 4, 1)
        assert cells.moment(EVENING - timedelta(minutes=30)) == "31 Mar 2026, 24:00"


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.sampled_from(ZONES))
def test_a_day_stays_that_day_wherever_one_is(day: date, zone: str) -> None:
    first = datetime(day.year, day.month, day.day, tzinfo=UTC)
    with zones.showing(zone):
        said = {
            cells.day(day),
            cells.moment(day),
            cells.moment(first),
            cells.day(first + timedelta(days=1, microseconds=-1)),
        }
    assert said == {cells.day(day)}


def test_the_computers_zone_holds_until_the_owner_names_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LEUMUND_CONFIG", str(tmp_path / "config.toml"))
    for name, known in {"Europe/Vienna": "Europe/Vienna", "Etc/UTC": "UTC", None: "UTC"}.items():
        monkeypatch.setattr(tzlocal, "get_localzone_name", lambda name=name: name)
        assert own_zone() == known
    change({"zone": "Europe/Berlin"})
    assert own_zone() == "Europe/Berlin"


def test_what_counts_days_in_utc_says_days_in_utc() -> None:
    night = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    with zones.showing("Europe/Berlin"):
        assert cells.day(cells.as_day(night)) == "1 Mar 2026"
        assert cells.day(night) == "2 Mar 2026"


def test_a_zone_that_is_none_breaks_no_page() -> None:
    with zones.showing("Mars/Base"):
        assert cells.moment(EVENING) == "31 Mar 2026, 22:30 UTC"
