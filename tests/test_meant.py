"""Whom and which day the owner means: the same words mean the same at the command line and in the pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.errors import UsageError
from leumund.ids import account_key
from leumund.lab import Lab
from leumund.meant import account_meant, uri_meant
from leumund.measures import measure_named
from leumund.spoken.moments import beginning_said, moment_said
from leumund.store.people import link
from leumund.web.options import explanation_asked, options
from leumund.web.page import Asked
from leumund.web.sight import open_sight

BEN = ["acct:ben@example.social", "at://ben.bsky.social"]
TODAY = date(2026, 11, 23)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    with Lab.create(tmp_path / "lab") as made:
        link(made.register, BEN, name="Ben from the fair")
        link(made.register, ["acct:eva@example.social"], name="Eva")
        link(made.register, ["acct:eva@elsewhere.example"], name="eva")
        yield made


@pytest.mark.parametrize("written", ["@ben@example.social", "ben.bsky.social", "ben  from the Fair"])
def test_somebody_is_known_by_every_name(lab: Lab, written: str) -> None:
    assert account_meant(lab, written) in {account_key(uri) for uri in BEN}
    assert uri_meant(lab, written) in BEN


@pytest.mark.parametrize(("written", "says"), [("eva", "may be several"), ("zoe", "not in this lab")])
def test_who_may_be_several_or_nobody_is_asked_for_again(lab: Lab, written: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        account_meant(lab, written)


def test_whom_a_bare_word_is_taken_for_is_told(lab: Lab) -> None:
    told: list[tuple[str, str]] = []
    uri = uri_meant(lab, "Ben from the fair", guessed=lambda text, uri: told.append((text, uri)))
    assert told == [("Ben from the fair", uri)]
    assert uri_meant(lab, "@new@example.social", guessed=lambda *_: pytest.fail("no guess")) == "acct:new@example.social"  # fmt: skip


def test_a_page_knows_people_and_days_as_the_command_line_does(lab: Lab) -> None:
    with open_sight(lab.folder) as sight:
        courtesy = measure_named("courtesy")
        said = Asked(path={"name": "courtesy"}, query={"account": "Ben from the Fair"})
        assert explanation_asked(sight, said).measure == "courtesy"
        span = {"start": "1.3.2026", "end": "31. März 2026"}
        found = options(sight, measure_named("influence"), span, explained=True)
        assert (found["start"].date(), found["end"].date()) == (date(2026, 3, 1), date(2026, 3, 31))
        assert options(sight, measure_named("returns"), {"rate": "80,50 €"}) == {"rate": 80.5}
        with pytest.raises(UsageError, match="not in this lab"):
            explanation_asked(sight, Asked(path={"name": courtesy.name}, query={"account": "Zoe"}))


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_a_day_is_the_same_in_both_writings_from_its_beginning_to_its_end(day: date) -> None:
    german = f"{day.day}.{day.month}.{day.year:04}"
    first, last = beginning_said(german, TODAY), moment_said(day.isoformat(), TODAY)
    assert (
        first == beginning_said(day.isoformat(), TODAY) == datetime(day.year, day.month, day.day, tzinfo=UTC)
    )
    assert last == moment_said(german, TODAY)
    assert (last - first).total_seconds() == pytest.approx(86400, abs=1e-5)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("soon", "no day"),
        ("2026-02-30", "no date"),
        ("1899-12-31", "too far"),
        ("0001-01-01T00:00+23:00", "too far"),
    ],
)
def test_no_moment_is_made_of_what_is_none(written: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        moment_said(written, TODAY)


def test_a_time_with_a_zone_is_taken_as_written() -> None:
    assert moment_said("2026-03-31T12:00+02:00", TODAY) == datetime(2026, 3, 31, 10, tzinfo=UTC)
