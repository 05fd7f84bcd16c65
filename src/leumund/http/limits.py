"""What servers say about their limits, and how long to wait for it.

Seen in the wild: `X-RateLimit-Reset` as an ISO time (Mastodon), as seconds since 1970 (others), as seconds from
now; `RateLimit-*` without the X (AT Protocol); `Retry-After` in seconds or as a date; 429 with none of these.
Times are compared with the server's own `Date`, so that a wrong clock on either side does no harm.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_SINCE_1970 = 10**9  # a larger number is a moment, a smaller one a span
LONGEST_WAIT_S = 15 * 60.0
"""Longer than this nobody is kept waiting: the sync says when it can go on, and ends for that server."""


def asked_wait_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds until a server wants to be asked again after it refused (429, 503); None where it did not say.

    >>> asked_wait_s({"retry-after": "7"}, datetime(2026, 1, 1, tzinfo=UTC))
    7.0
    """
    told = _header(headers, "retry-after")
    if told is not None and (wait := _seconds(told, _clock(headers, now))) is not None:
        return wait
    return _reset_s(headers, now)


def pause_s(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds to wait before the next request after a good answer: only where nothing is left of the limit."""
    for name in ("x-ratelimit-remaining", "ratelimit-remaining", "x-rate-limit-remaining"):
        left = _header(headers, name)
        if left is not None:
            with contextlib.suppress(ValueError):
                if float(left) <= 0:
                    return _reset_s(headers, now) or 0.0
    return 0.0


def backoff_s(attempt: int, chance: float) -> float:
    """Seconds before another try where the server said nothing: doubling, spread, at most a minute.

    attempt: 1 for the first repetition; chance: 0 to 1, drawn anew each time so that clients do not march in step.

    >>> backoff_s(1, 0.0), backoff_s(3, 1.0), backoff_s(20, 1.0)
    (0.5, 4.0, 60.0)
    """
    return float(min(60.0, 2.0 ** (attempt - 1)) * (0.5 + chance / 2))


def _reset_s(headers: Mapping[str, str], now: datetime) -> float | None:
    for name in ("x-ratelimit-reset", "ratelimit-reset", "x-rate-limit-reset"):
        told = _header(headers, name)
        if told is not None and (wait := _seconds(told, _clock(headers, now))) is not None:
            return wait
    return None


def _seconds(told: str, now: datetime) -> float | None:
    """Seconds from now of a span, a moment since 1970, an ISO time or a mail date; None where it is none of them."""
    moment: datetime | None = None
    try:
        number = float(told)
    except ValueError:
        with contextlib.suppress(ValueError):
            moment = datetime.fromisoformat(told)
        if moment is None:
            with contextlib.suppress(ValueError, TypeError, OverflowError):
                moment = parsedate_to_datetime(told)
        if moment is None:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, (moment - now).total_seconds())
    if not math.isfinite(number) or number < 0:
        return None
    return max(0.0, number - now.timestamp()) if number >= _SINCE_1970 else number


def _clock(headers: Mapping[str, str], now: datetime) -> datetime:
    """The server's clock, where it tells the time: its limits are told by that."""
    return their_time(headers) or now


def their_time(headers: Mapping[str, str]) -> datetime | None:
    """What time it is on the server; None where it does not say."""
    told = _header(headers, "date")
    if told:
        with contextlib.suppress(ValueError, TypeError, OverflowError):
            theirs = parsedate_to_datetime(told)
            return theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
    return None


def _header(headers: Mapping[str, str], name: str) -> str | None:
    value = headers.get(name)
    if value and name not in {"date", "retry-after"}:  # dates have a comma of their own
        value = value.split(",")[0]
    return value.strip() if value else None
