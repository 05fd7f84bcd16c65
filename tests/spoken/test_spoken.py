"""What people write of days, numbers, hours and goals is read as they mean it, and refused where it may mean two things."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.errors import UsageError
from leumund.spoken.aims import aim_said
from leumund.spoken.amounts import count_said, hours_said, money_said, number_said
from leumund.spoken.days import day_said

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "text",
    ["1.3.2027", "01.03.2027", "1. 3. 2027", "1.3.27", "1. März 2027", "1 March 2027", "March 1 2027", "March 1st, 2027", "2027-03-01",
     "bis zum 1. März", "1 mar", "13/3/2027 ", "3/13/2027", "Anfang März", "1.3."],
)  # fmt: skip
def test_one_day_has_many_spellings(text: str) -> None:
    expected = date(2027, 3, 13) if "13" in text else date(2027, 3, 1)
    assert day_said(text, TODAY, toward="future") == expected


@pytest.mark.parametrize(
    ("text", "day"),
    [("bis März", (2027, 3, 31)), ("Ende Februar 2028", (2028, 2, 29)), ("mid-March", (2027, 3, 15)), ("Ende 2027", (2027, 12, 31)),
     ("the end of the year", (2026, 12, 31)), ("in 6 weeks", (2027, 1, 4)), ("in einem Monat", (2026, 12, 23)), ("heute", (2026, 11, 23))],
)  # fmt: skip
def test_a_month_or_year_alone_is_its_last_day(text: str, day: tuple[int, int, int]) -> None:
    assert day_said(text, TODAY, toward="future") == date(*day)


def test_a_day_without_a_year_is_the_nearest_one_on_the_side_that_is_meant() -> None:
    assert day_said("24.11.", TODAY, toward="past") == date(2025, 11, 24)
    assert day_said("24.11.", TODAY, toward="future") == date(2026, 11, 24)
    assert day_said("29. Februar", TODAY, toward="past") == date(2024, 2, 29)
    assert day_said("vorgestern", TODAY, toward="past") == date(2026, 11, 21)
    assert day_said("vor zwei Wochen", TODAY, toward="past") == date(2026, 11, 9)


@pytest.mark.parametrize(
    "text", ["3/4/2027", "31.2.2027", "soon", "", "2027", "1.13.2027", "0.1.2027", "1.1.3000"]
)
def test_what_is_no_day_or_may_be_two_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        day_said(text, TODAY, toward="past")


@given(st.dates(date(1950, 1, 1), date(2150, 12, 31)))
def test_a_day_written_out_comes_back(day: date) -> None:
    german = [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ]
    for text in (
        day.isoformat(),
        f"{day.day}.{day.month}.{day.year}",
        f"{day.day}. {german[day.month - 1]} {day.year}",
    ):
        assert day_said(text, TODAY, toward="past") == day


@given(st.dates(TODAY - timedelta(days=700), TODAY + timedelta(days=700)))
def test_without_a_year_it_never_lies_on_the_wrong_side(day: date) -> None:
    assert day_said(f"{day.day}.{day.month}.", TODAY, toward="future") >= TODAY
    assert day_said(f"{day.day}.{day.month}.", TODAY, toward="past") <= TODAY


@given(st.integers(0, 10**9), st.integers(0, 99))
def test_german_and_english_money_is_the_same(whole: int, cents: int) -> None:
    english, value = f"{whole:,}.{cents:02}", whole + cents / 100
    german = english.translate(str.maketrans(",.", ".,"))
    assert money_said(english)[0] == money_said(german)[0] == round(value, 2)
    assert number_said(english) == number_said(german)
    assert money_said(german + " €") == (round(value, 2), "EUR")
    assert count_said(f"{whole:,}") == count_said(f"{whole:,}".replace(",", ".")) == whole


def test_what_may_be_two_numbers_is_refused_unless_what_is_counted_decides() -> None:
    for text in ("1.200", "1,200"):
        with pytest.raises(UsageError, match=r"1\.2 or 1200"):
            number_said(text)
        assert count_said(text) == 1200
        assert money_said(text) == (1200.0, None)
    assert count_said("5k") == count_said("5 Tsd.") == 5000
    assert count_said("1.5k") == 1500
    for text in ("5,5", "many", "", "1.20.0"):
        with pytest.raises(UsageError):
            count_said(text)
    for text in ("12 Taler", "€ 5 $", "", "1.2.3"):
        with pytest.raises(UsageError):
            money_said(text)


@pytest.mark.parametrize(
    "text", ["1:30", "1h30", "1h 30m", "90m", "90 min", "1,5", "1.5", "1,5 h", "1.5 hours", "1 Std 30"]
)
def test_hours_have_many_spellings(text: str) -> None:
    assert hours_said(text) == 1.5


@pytest.mark.parametrize("text", ["0", "-1", "1:75", "1.200", "800", "long"])
def test_what_cannot_be_hours_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        hours_said(text)


@pytest.mark.parametrize(
    ("text", "what", "target", "network"),
    [("5000 followers by 2027-03-01", "followers", 5000, None), ("5.000 Follower auf Mastodon bis 1.3.2027", "followers", 5000, "mastodon"),
     ("800 real people among followers by March 1 2027", "people", 800, None), ("Platz 10 im Follow Friday bis 1. März 2027", "board", 10, None),
     ("20 Kundinnen bis 1.3.", "customers", 20, None), ("40 distinct responders until 1 March 2027", "responders", 40, None),
     ("2k followers on X by 1.3.2027", "followers", 2000, "x")],
)  # fmt: skip
def test_goals_are_read_as_sentences(text: str, what: str, target: int, network: str | None) -> None:
    aim = aim_said(text, TODAY)
    assert (aim.what, aim.target, aim.network, aim.by) == (what, target, network, date(2027, 3, 1))


@pytest.mark.parametrize(
    "text",
    ["5000 followers", "followers by 2027-03-01", "5000 by 2027-03-01", "5000 followers by 2020-01-01", "0 followers by 2027-03-01",
     "3 or 4 customers by 2027-03-01", ""],
)  # fmt: skip
def test_what_is_no_goal_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError) as told:
        aim_said(text, TODAY)
    assert told.value.hint


def test_a_nought_before_the_sign_makes_it_no_thousand() -> None:
    assert money_said("0.500") == money_said("0,500") == (0.5, None)
    assert number_said("0.500") == 0.5
    for text in ("0.001", "9" * 23):
        with pytest.raises(UsageError, match="cent"):
            money_said(text)
