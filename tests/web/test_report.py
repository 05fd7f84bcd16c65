"""The report on a month: what it says, whom a client sees named, how it comes out of a printer, and its page."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.conftest import Got, Site

from leumund.asking import Question
from leumund.errors import UsageError
from leumund.lab import Lab
from leumund.locale import speaking
from leumund.report.periodic import ALSO, Periodic, file_name, take
from leumund.report.periodic.compared import came_back, customers, done, ratio
from leumund.report.periodic.sections import sections
from leumund.spoken.periods import Period, month_said, months_from, quarter_said, span_said

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TODAY = date(2026, 11, 23)
MARCH = month_said("2026-03", TODAY)
_A4, _LETTER = 673, 695  # pixels between the margins


@pytest.fixture(scope="module")
def march(demo_lab: Path) -> Periodic:
    """The demo's March, for the team."""
    with Lab.open(demo_lab, read_only=True) as lab, speaking("en"):
        return take(lab, MARCH, at=datetime.now(UTC))


@pytest.fixture(scope="module")
def for_client(shared: Site) -> dict[str, Got]:
    """The same month for a client, as the pages give it: to read, and as a file."""
    site = Site(shared.port, shared.folder)
    read = site.get("/report?period=2026-03&for=client")
    address = read.text.split('<a href="/report/file?')[1].split('"')[0].replace("&amp;", "&")
    return {"page": read, "file": site.get("/report/file?" + address)}


def handles(text: str) -> set[str]:
    return set(re.findall(r"@[\w.-]+@[\w.-]+\w", text.replace("<wbr>", "")))


@pytest.mark.parametrize(
    "text", ["2026-10", "10/2026", "10.2026", "Oktober 2026", "October 2026", "oktober", "Okt 2026"]
)
def test_a_month_is_known_by_every_name(text: str) -> None:
    assert month_said(text, TODAY) == Period(date(2026, 10, 1), date(2026, 10, 31), 1)


@pytest.mark.parametrize("text", ["2026-Q3", "2026q3", "Q3 2026", "3. Quartal 2026", "3 quarter 2026"])
def test_a_quarter_is_known_by_every_name(text: str) -> None:
    found = quarter_said(text)
    assert (found.first, found.last, found.kind) == (date(2026, 7, 1), date(2026, 9, 30), "quarter")
    assert found.before == quarter_said("2026-Q2")


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-0", "1.10.2026", "x", "Q5 2026", "9999999-01", "\x00", "Smarch 2026"]
)
def test_what_is_no_month_and_no_quarter_is_said_to_be_none(text: str) -> None:
    with pytest.raises(UsageError):
        month_said(text, TODAY)
    with pytest.raises(UsageError):
        quarter_said(text)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.sampled_from([1, 3]))
def test_the_time_before_ends_where_the_time_begins(day: date, months: int) -> None:
    period = months_from(day.replace(day=1), months)
    assert (period.first - period.before.last).days == 1
    assert period.before.months == months
    span = span_said(day.isoformat(), period.last.isoformat(), TODAY)
    assert span.before.days == span.days
    assert (span.first - span.before.last).days == 1


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(1, 92), st.integers(1, 92))
def test_a_ratio_lies_between_its_bounds(now: int, before: int, days: int, days_before: int) -> None:
    times, low, high = ratio(now, before, days, days_before)
    assert (times is None) == (high is None) == (before == 0)
    assert low >= 0
    if times is not None and high is not None:
        assert low <= times <= high
        assert times == pytest.approx(now / days / (before / days_before)) if now else times == 0


def test_the_change_is_that_of_the_readings(march: Periodic) -> None:
    rows = {r["day"]: r for r in march.influence.dicts()}
    change = march.causes.figures["change"]
    assert isinstance(change, float)
    before, after = (rows[day]["score"] for day in (date(2026, 2, 28), date(2026, 3, 31)))
    assert after - before == pytest.approx(change, abs=1e-9)
    assert sum(r["points"] for r in march.causes.dicts()) == pytest.approx(change, abs=1e-9)
    posts = {r["network"]: r["now"] for r in march.done.dicts()}
    assert posts["mastodon"] > posts["bluesky"] > 0
    said = {s.heading: " ".join(s.paragraphs()) for s in sections(march)}
    assert f"{before:.1f}" in said["Influence"]
    assert "March 2026 with February 2026" in said["How complete this is"]
    assert march.hours is not None


def test_of_a_time_before_anything_is_known_nothing_is_zero(demo_lab: Path) -> None:
    """The demo begins in October."""
    october = month_said("2025-10", TODAY)
    end = datetime(2025, 11, 1, tzinfo=UTC)
    with Lab.open(demo_lab, read_only=True) as lab, Question(lab, end).state() as state:
        back, posts, sold = (f(state, october).dicts() for f in (came_back, done, customers))
    for row in (*back, *sold):
        assert row["now"] > 0
        assert [row[n] for n in ("before", "times", "times_low", "times_high")] == [None] * 4
    assert posts
    assert {r["before"] for r in posts} == {None}


@pytest.mark.long
def test_every_tick_of_the_form_adds_what_it_says(shared: Site) -> None:
    form = shared.get("/report").text
    ticks = re.findall(r'<input id="with-\w+" name="(\w+)" type="checkbox" value="1"', form)
    assert set(ticks) == set(ALSO)
    plain = shared.get("/report?period=2026-01&for=client").text
    october = shared.get("/report?period=2025-10").text
    assert "What came back in the period before is not known." in october
    assert "how many there were in the period before is not known" in october
    for tick in ticks:
        more = shared.get(f"/report?period=2026-01&for=client&{tick}=1").text
        assert f'name="{tick}" type="checkbox" value="1" checked' in more
        assert len(more) > len(plain)
    handled = shared.get("/report?period=2026-01&for=client&" + "&".join(f"{t}=1" for t in ticks)).text
    assert "Became customers" in handled
    assert "Became customers" not in plain
    assert "Jeder Beitrag endet mit einer Frage" in handled
    assert "Jeder Beitrag endet mit einer Frage" not in plain


def test_a_client_sees_nobody_named_who_did_not_agree(march: Periodic, for_client: dict[str, Got]) -> None:
    mine = {"@maralindner@berufung.example"}
    assert len(handles(" ".join([*march.causes.names.values(), *march.board.names.values()]))) > 5
    for told in for_client.values():
        assert handles(told.text) - mine == set()
        assert "Person 1" in told.text
        assert "Hours" not in told.text
        assert "Fragen stellen" not in told.text  # her own words; and it was over in February
    assert not march.experiments.rows


def test_the_file_is_one_to_be_kept(for_client: dict[str, Got]) -> None:
    file = for_client["file"]
    assert file.headers["content-disposition"] == 'attachment; filename="report-2026-03-client.html"'
    assert "Report: March 2026" in file.text
    assert "Report: March 2026" in for_client["page"].text
    assert "src=" not in file.text
    assert "<script" not in file.text


def test_what_has_not_begun_has_no_report(demo_lab: Path) -> None:
    with Lab.open(demo_lab, read_only=True) as lab, pytest.raises(UsageError, match="has not begun"):
        take(lab, month_said("2026-05", TODAY), at=datetime.now(UTC))


def test_files_are_called_by_their_time() -> None:
    assert file_name(MARCH, "team") == "report-2026-03.html"
    assert file_name(quarter_said("2026-Q1"), "client") == "report-2026-Q1-client.html"
    assert (
        file_name(span_said("2026-01-02", "2026-01-05", TODAY), "team")
        == "report-2026-01-02-to-2026-01-05.html"
    )


def test_it_comes_out_of_a_printer_whole(chromium: Browser, for_client: dict[str, Got]) -> None:
    page = chromium.new_page()
    page.set_default_timeout(120_000)
    page.set_content(for_client["file"].text)
    page.emulate_media(media="print")
    for paper, width in (("A4", _A4), ("Letter", _LETTER)):
        page.set_viewport_size({"width": width, "height": 900})
        too_wide = page.evaluate(
            """width => [...document.querySelectorAll("table, svg, h1, h2, p, li")]
                .filter(e => e.getClientRects().length && e.getBoundingClientRect().right > width + 1)
                .map(e => e.textContent.slice(0, 40))""",
            width,
        )
        assert too_wide == []
        printed = page.pdf(format=paper)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) > 3
    page.close()


def test_the_page_offers_the_times_there_are(site: Site) -> None:
    start = site.get("/report").text
    assert '<option value="2026-03"' in start
    assert '<option value="2026-Q1"' in start
    for wrong in ("/report?period=x", "/report/file", "/report?first=2026-03-10&last=2026-03-01"):
        assert site.get(wrong).status == 400
