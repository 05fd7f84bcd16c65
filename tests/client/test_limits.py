"""How long to wait, as servers say it in their several ways."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.http.limits import asked_wait_s, backoff_s, pause_s

NOW = datetime(2026, 8, 1, 14, 59, 0, tzinfo=UTC)
IN_A_MINUTE = NOW + timedelta(seconds=60)


@pytest.mark.parametrize(
    "told",
    [
        {"x-ratelimit-reset": "2026-08-01T15:00:00.000000Z"},  # Mastodon
        {"x-ratelimit-reset": str(int(IN_A_MINUTE.timestamp()))},  # X, AT Protocol
        {"ratelimit-reset": "60"},  # the draft of the IETF
        {"retry-after": "60"},
        {"retry-after": format_datetime(IN_A_MINUTE, usegmt=True)},
        {"x-rate-limit-reset": str(int(IN_A_MINUTE.timestamp()))},
    ],
)
def test_every_way_of_saying_a_minute_is_a_minute(told: dict[str, str]) -> None:
    assert asked_wait_s(told, NOW) == pytest.approx(60.0)


def test_a_wrong_clock_does_no_harm_because_the_servers_own_date_counts() -> None:
    told = {"x-ratelimit-reset": "2026-08-01T15:00:00Z", "date": format_datetime(NOW, usegmt=True)}
    assert asked_wait_s(told, NOW + timedelta(hours=3)) == pytest.approx(60.0)
    assert asked_wait_s(told, NOW - timedelta(days=3)) == pytest.approx(60.0)


def test_retry_after_goes_before_the_reset_of_the_window() -> None:
    assert asked_wait_s({"retry-after": "7", "ratelimit-reset": "60"}, NOW) == 7.0


@pytest.mark.parametrize("nonsense", ["", "soon", "nan", "-5", "inf", "1e999", "\x00"])
def test_nonsense_is_nothing_said(nonsense: str) -> None:
    assert asked_wait_s({"retry-after": nonsense}, NOW) is None


def test_there_is_no_pause_while_something_is_left() -> None:
    assert pause_s({"x-ratelimit-remaining": "1", "ratelimit-reset": "60"}, NOW) == 0.0
    assert pause_s({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "60"}, NOW) == 60.0
    assert pause_s({}, NOW) == 0.0


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_whatever_servers_say_is_no_error_and_no_wait_below_zero(one: str, two: str, three: str) -> None:
    told = {"retry-after": one, "x-ratelimit-reset": two, "date": three, "x-ratelimit-remaining": two}
    wait = asked_wait_s(told, NOW)
    assert wait is None or wait >= 0
    assert pause_s(told, NOW) >= 0


@given(st.integers(1, 100), st.floats(0, 1))
def test_backing_off_grows_and_stays_within_a_minute(attempt: int, chance: float) -> None:
    assert 0 < backoff_s(attempt, chance) <= 60
    assert backoff_s(attempt, chance) <= backoff_s(attempt + 1, chance)
