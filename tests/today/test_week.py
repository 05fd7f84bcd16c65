"""The digest of a week."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.errors import UsageError
from leumund.report.digest import as_markdown, as_page, as_text
from leumund.today.week import Digest, digest
from leumund.today.week.span import meant, of_day, usual
from tests.today.conftest import NOW, taken

TUESDAY = NOW.date()


@pytest.fixture(scope="module")
def last_week(lab: Path) -> Digest:
    with taken(lab) as readings:
        return digest(readings, meant("", TUESDAY))


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 900))
def test_every_day_lies_in_its_week_and_the_usual_week_has_at_least_its_friday(
    today: date, back: int
) -> None:
    day = today - timedelta(days=back)
    span = of_day(day, today)
    assert span.monday <= day <= span.sunday
    assert span.start <= span.end
    assert meant(span.name, today) == span == meant(day.isoformat(), today)
    assert usual(today) + timedelta(days=4) <= today
    assert of_day(today, today).newest


@pytest.mark.parametrize("words", ["2026-W54", "2026-W13x", "never", "2026-W20", "2027-01-01"])
def test_no_week_and_a_week_to_come_are_refused(words: str) -> None:
    with pytest.raises(UsageError):
        meant(words, TUESDAY)


def test_in_its_first_week_a_lab_tells_of_that_week_since_of_the_one_before_nobody_knows() -> None:
    assert meant("", TUESDAY, first=TUESDAY).monday == TUESDAY - timedelta(days=1)
    assert meant("", TUESDAY, first=TUESDAY).newest
    assert meant("", TUESDAY, first=TUESDAY - timedelta(days=2)) == meant("", TUESDAY)


def test_a_week_tells_what_came_back_who_was_new_and_what_is_owed(last_week: Digest) -> None:
    assert last_week.span.name == "2026-W11"
    parts = {p.name: p for p in last_week.parts}
    assert list(parts) == ["back", "new", "owed", "try"]
    assert parts["back"].sentences[0] == "You wrote 1 post and 0 replies."
    assert parts["new"].sentences == ("Nobody responded for the first time.",)
    assert "These come first" in parts["owed"].sentences[0]
    assert {c.name for c in last_week.figures} == {"influence", "followers", "thanks", "board", "goals"}


def test_a_past_week_is_told_as_it_was_and_has_no_drafts(lab: Path) -> None:
    with taken(lab) as readings:
        then = digest(readings, meant("2026-W09", TUESDAY))
    (followers,) = [c for c in then.figures if c.name == "followers"]
    assert followers.value == f"{1000 - 2 * (TUESDAY - date(2026, 3, 1)).days:,}"
    assert then.friday == ()
    (back,) = [p for p in then.parts if p.name == "back"]
    assert back.sentences[0] == "You wrote 1 post and 0 replies."
    assert [e.more for e in back.entries] == ["25 Feb 2026, one person responded"]


def test_all_forms_say_the_same_and_what_strangers_wrote_is_no_markup(last_week: Digest) -> None:
    from dataclasses import replace

    from leumund.today.week import Item

    evil = Item(text="<script>alert(1)</script> [x](javascript:1) *b*", more="")
    changed = replace(last_week.parts[0], entries=(evil,))
    bad = replace(last_week, parts=(changed, *last_week.parts[1:]))
    text, marked, page = as_text(bad), as_markdown(bad), as_page(bad)
    for heading in ("What came back", "Who was new", "What is owed", "What to try"):
        assert heading in text
        assert heading in marked
        assert heading in page
    assert "<script" not in page
    assert "<script" not in marked.replace("\\<", "")
    assert "[x](" not in marked
    assert "default-src &#39;none&#39;" in page
    assert "http" not in page.replace("http-equiv", "")
