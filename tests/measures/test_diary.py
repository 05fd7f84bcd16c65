"""The diary: hours and fun by the week, and what happened meanwhile on every reading over time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leumund.measures import measure_named, read
from leumund.measures.diary import diary
from leumund.measures.happenings import SILENT_DAYS, happenings, silences

from .made import World, friday

ME = 1


def test_hours_of_a_week_are_added_up_by_channel_and_fun_is_a_mean() -> None:
    world = World(own=(ME,))
    world.stated("hours", at=friday(), channel="mastodon", hours=1.5).stated(
        "hours", at=friday(), channel="mastodon", hours=2.0
    )
    world.stated("hours", at=friday(), channel="fair", hours=8.0)
    world.stated("notes", at=friday(), fun=5).stated("notes", at=friday(), fun=2).stated(
        "notes", at=friday(), text="x"
    )
    result = diary(world.tables(friday()))
    told = {(r["what"]): (r["value"], r["entries"]) for r in result.rows.to_pylist()}
    assert told == {"mastodon": (3.5, 2), "fair": (8.0, 1), "fun": (3.5, 2)}
    assert (result.figures["hours"], result.figures["fun_mean"]) == (11.5, 3.5)


def test_a_week_of_which_nothing_was_said_is_unknown_not_0() -> None:
    world = World(own=(ME,)).stated("hours", at=friday(-2), channel="x", hours=1.0)
    result = diary(world.stated("hours", at=friday(), channel="x", hours=3.0).tables(friday()))
    assert [r["value"] for r in sorted(result.rows.to_pylist(), key=lambda r: r["week"])] == [1.0, None, 3.0]
    assert result.figures["hours_a_week"] == 2.0
    assert diary(World(own=(ME,)).tables(friday())).figures["hours"] is None


def test_small_channels_are_one() -> None:
    world = World(own=(ME,))
    for n in range(7):
        world.stated("hours", at=friday(), channel=f"c{n}", hours=float(n + 1))
    told = {r["what"]: r["value"] for r in diary(world.tables(friday())).rows.to_pylist()}
    assert told == {"c6": 7.0, "c5": 6.0, "c4": 5.0, "c3": 4.0, "other": 6.0}


def posting(world: World, *weeks_ago: float) -> World:
    for ago in weeks_ago:
        world.post(ME, at=friday(-ago))
    return world


def test_what_happened_stands_on_what_is_told_over_time_and_on_nothing_else() -> None:
    world = posting(World(own=(ME,)), *(n / 7 for n in range(10, 30)), 0)
    world.stated("notes", at=friday(-1), about="note", text="Fair").stated(
        "notes", at=friday(-300), about="note", text="Old"
    )
    world.stated(
        "notes", at=friday(-2), about="outage", text="Server", network="mastodon", until=friday(-1.5)
    )
    begins = (friday(-3) - timedelta(days=4)).date()
    world.stated("experiments", at=friday(-4), name="Early", begins=begins, pairs=8, started_at=friday(-4))
    world.stated("experiments", at=friday(-4), name="Never begun", begins=begins, pairs=8)
    world.stated("hours", at=friday(-4), channel="x", hours=1.0)
    tables = world.tables(friday())
    reading = read(measure_named("diary"), tables, lambda keys: {k: str(k) for k in keys})
    assert [(h.kind, h.text) for h in reading.happened] == [
        ("experiment", "Early"), ("outage", "Server"), ("silence", ""), ("note", "Fair"),
    ]  # fmt: skip
    experiment, outage, silence, _note = reading.happened
    assert experiment.until == friday()
    assert outage.until == datetime.combine(friday(-1.5).date(), datetime.max.time(), UTC)
    assert (silence.at.date(), silence.until and silence.until.date()) == (
        friday(-9 / 7).date(), friday(-1 / 7).date(),
    )  # fmt: skip
    assert read(measure_named("courtesy"), tables, lambda keys: {k: str(k) for k in keys}).happened == ()


def test_a_silence_she_told_herself_is_not_marked_twice() -> None:
    world = posting(World(own=(ME,)), *(n / 7 for n in range(10, 30)), 0)
    world.stated("notes", at=friday(-1), about="silence", text="Mountains", until=friday(-0.5))
    assert [h.text for h in happenings(world.tables(friday()))] == ["Mountains"]


def test_who_posts_on_sundays_alone_is_not_silent_each_week() -> None:
    days = [friday(n).date() for n in range(10)]
    assert silences(days) == []
    assert len(silences([*days, friday(20).date()])) == 1


@given(st.sets(st.dates(friday().date(), friday(30).date()), max_size=60))
def test_silences_hold_no_day_with_a_post_and_are_long(days: set) -> None:  # type: ignore[type-arg]
    found = silences(days)
    for first, last in found:
        assert (last - first).days + 2 > SILENT_DAYS
        assert not any(first <= day <= last for day in days)
        assert first - timedelta(days=1) in days
        assert last + timedelta(days=1) in days
