"""Since when: remembered by days, whatever somebody put into the cookie."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leumund.today.since import MOST_DAYS, USUAL_DAYS, end_before, first_day, looked
from leumund.views.sparks import HEIGHT, WIDTH, spark

TODAY = date(2026, 3, 31)


@given(st.lists(st.dates(date(2020, 1, 1), date(2030, 1, 1)), max_size=6))
def test_looking_again_on_the_same_day_changes_nothing(days: list[date]) -> None:
    kept = ""
    for day in sorted(days):
        last, kept = looked(kept, day)
        assert looked(kept, day) == (last, kept)
        assert last is None or last < day
    assert len(kept) <= len("2026-03-30.2026-03-31")


@given(st.text(max_size=40))
def test_whatever_was_put_there_gives_a_day_that_can_be(words: str) -> None:
    last, kept = looked(words, TODAY)
    since = first_day(last, TODAY)
    assert TODAY - timedelta(days=MOST_DAYS) <= since < TODAY
    assert kept.endswith(TODAY.isoformat())


def test_who_was_never_there_sees_a_week() -> None:
    assert first_day(None, TODAY) == TODAY - timedelta(days=USUAL_DAYS - 1)
    assert end_before(date(2026, 3, 25)).date() == date(2026, 3, 24)


@given(st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), max_size=40))
def test_a_small_drawing_stays_within_its_frame(values: list[float | None]) -> None:
    drawn = spark(values)
    assert (drawn is None) == (sum(v is not None for v in values) < 2)
    if drawn is not None:
        points = [p.split(" ") for p in drawn.path.replace("M", "L").split("L")[1:]]
        assert all(0 <= float(x) <= WIDTH and 0 <= float(y) <= HEIGHT for x, y in points)
        assert len(points) == sum(v is not None for v in values)
