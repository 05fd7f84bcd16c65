from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_archives import as_zip, cut, lying

from leumund.errors import DangerousFileError, SourceError, UnreadableFileError
from leumund.events import Account, Event, Problem, Rows
from leumund.sources import FileSettings, recognise
from leumund.sources.linkedin_analytics import SOURCE
from leumund.sources.linkedin_days import reading_of
from leumund.sources.linkedin_sheets import whole

from .workbooks import Table, as_workbook, workbook_files

LINK = "https://www.linkedin.com/feed/update/urn:li:activity:"
SHEET = "xl/worksheets/sheet1.xml"


def number_of(when: dt.datetime) -> str:
    """A post's number given at that time."""
    return str(int(when.timestamp() * 1000) << 22 | 5)


def followers(total: str | float = "100", on: str = "3/4/2024", days: Table | None = None) -> Table:
    told = days if days is not None else [["3/2/2024", "1"], ["3/3/2024", "10"], ["3/4/2024", "4"]]
    return [[f"Total followers on {on}:", total], [], ["Date", "New followers"], *told]


def posts(*rows: tuple[str, str, str | float], title: str = "Impressions") -> Table:
    header = ["Post URL", "Post publish date", "Engagements", None, "Post URL", "Post publish date", title]
    return [["Maximum of 50 posts"], [], header, *([None, None, None, None, *row] for row in rows)]


def workbook(tmp_path: Path, name: str = "x.xlsx", **sheets: Table) -> Path:
    told = {key.replace("_", " "): table for key, table in sheets.items()}
    return as_workbook(tmp_path / name, {"DISCOVERY": [["Impressions", "5"]]} | told)


def events(path: Path) -> list[Event]:
    return [event for page in SOURCE.fetch(FileSettings(path=path), None) for event in SOURCE.parse(page)]


def counts(path: Path) -> dict[str, int | None]:
    return {e.seen_at.date().isoformat(): e.followers for e in events(path) if isinstance(e, Account)}


def shown(path: Path) -> list[dict[str, Any]]:
    return [row for e in events(path) if isinstance(e, Rows) for row in e.table.to_pylist()]


def test_earlier_days_are_reckoned_back_from_the_one_total(tmp_path: Path) -> None:
    path = workbook(tmp_path, FOLLOWERS=followers())
    assert counts(path) == {"2024-03-01": 85, "2024-03-02": 86, "2024-03-03": 96, "2024-03-04": 100}


def test_beyond_a_day_that_is_not_told_nothing_is_known(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, FOLLOWERS=followers(days=[["3/1/2024", "7"], ["3/3/2024", "10"], ["3/4/2024", "4"]])
    )
    assert counts(path) == {"2024-03-02": 86, "2024-03-03": 96, "2024-03-04": 100}


def test_a_total_of_another_day_is_that_days_alone(tmp_path: Path) -> None:
    assert counts(workbook(tmp_path, FOLLOWERS=followers(on="3/9/2024"))) == {"2024-03-09": 100}


@pytest.mark.parametrize("first", [["Total followers", "100"], ["Total followers on 13/13/2024", "100"]])
def test_without_a_day_for_the_total_no_number_is_made_up(tmp_path: Path, first: list[str]) -> None:
    found = events(workbook(tmp_path, FOLLOWERS=[first, [], *followers()[2:]]))
    assert [type(e) for e in found if not isinstance(e, Rows)] == [Problem]


def test_numbers_that_lead_below_nothing_are_a_problem(tmp_path: Path) -> None:
    path = workbook(tmp_path, FOLLOWERS=followers(total="12"))
    assert counts(path) == {"2024-03-03": 8, "2024-03-04": 12}
    assert any(isinstance(e, Problem) for e in events(path))


def test_impressions_are_views_and_engagements_are_nothing(tmp_path: Path) -> None:
    when = dt.datetime(2024, 3, 2, 9, 30, tzinfo=dt.UTC)
    link = LINK + number_of(when)
    (row,) = shown(
        workbook(
            tmp_path,
            TOP_POSTS=[*posts((link, "3/2/2024", "1,234")), [LINK + "7000000000000000001", "3/2/2024", "9"]],
        )
    )
    assert (row["post"], row["views"], row["happened_at"], row["exact"]) == (link, 1234, when, True)
    assert not {"likes", "reshares", "replies", "text"} & set(row)


def test_without_a_time_in_the_number_a_post_is_of_that_day_at_the_latest(tmp_path: Path) -> None:
    (row,) = shown(workbook(tmp_path, TOP_POSTS=posts((LINK + "7000000000000000001", "3/2/2024", 5.0))))
    assert (row["happened_at"], row["exact"]) == (dt.datetime(2024, 3, 3, tzinfo=dt.UTC), False)


def test_a_column_of_another_name_is_no_views(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        TOP_POSTS=posts((LINK + "7000000000000000001", "3/2/2024", "5"), title="Klicks"),
        FOLLOWERS=followers(),
    )
    assert shown(path) == []


@pytest.mark.parametrize(
    ("name", "link", "owner"),
    [
        (
            "x.xlsx",
            "https://www.linkedin.com/posts/anna-berg_x-share-7000000000000000001-a",
            "https://www.linkedin.com/in/anna-berg",
        ),
        (
            "AggregateAnalytics_Anna Berg_2024-01-01_2024-03-05.xlsx",
            LINK + "7000000000000000001",
            "linkedin-name:Anna_Berg",
        ),
        (
            "Content_2024-01-01_2024-03-05_AnnaBerg (1).xlsx",
            LINK + "7000000000000000001",
            "linkedin-name:AnnaBerg",
        ),
        ("x.xlsx", LINK + "7000000000000000001", "linkedin-name:me"),
    ],
)
def test_the_owner_is_found_in_addresses_then_in_the_name_of_the_file(
    tmp_path: Path, name: str, link: str, owner: str
) -> None:
    path = workbook(tmp_path, name, FOLLOWERS=followers(), TOP_POSTS=posts((link, "3/2/2024", "5")))
    assert {e.account for e in events(path) if isinstance(e, Account)} == {owner}
    assert recognise(path)[0] is SOURCE


def test_sheets_in_another_language_are_known_by_what_stands_in_them(tmp_path: Path) -> None:
    name = "AggregateAnalytics_Anna Berg_2024-01-01_2024-03-05.xlsx"
    told = [["02/03/2024", "1"], ["03/03/2024", "10"], ["04/03/2024", "4"]]
    seguidores: Table = [
        ["Total de seguidores em 04/03/2024", "100"],
        [],
        ["Data", "Novos seguidores"],
        *told,
    ]
    table = posts((LINK + "7000000000000000001", "02/03/2024", "5"), title="Impressões")
    path = as_workbook(tmp_path / name, {"Seguidores": seguidores, "Publicações": table})
    assert recognise(path)[0] is SOURCE
    assert counts(path)["2024-03-03"] == 96
    assert [row["views"] for row in shown(path)] == [5]


@pytest.mark.parametrize(
    ("cells", "day"),
    [
        (["3/5/2024", "3/14/2024"], (2024, 3, 5)),
        (["3/5/2024", "14/3/2024"], (2024, 5, 3)),
        (["3/5/2024", "4/5/2024", "5/5/2024"], (2024, 5, 3)),
        (["3/5/2024", "3/6/2024", "3/7/2024"], (2024, 3, 5)),
        (["3/5/2024"], (2024, 3, 5)),
        (["05.03.2024"], (2024, 3, 5)),
        (["Follower am 2024-03-05"], (2024, 3, 5)),
        ([dt.date(2024, 3, 5)], (2024, 3, 5)),
    ],
)
def test_the_order_of_day_and_month_is_one_for_the_whole_workbook(
    cells: list[str | dt.date], day: tuple[int, int, int]
) -> None:
    read = reading_of(cells)
    assert read(cells[0]) == dt.date(*day)


@pytest.mark.parametrize("cell", ["", "3/5", "99/99/2024", "1/1/0001", "x", 5.0, None, dt.date(1899, 12, 31)])
def test_what_is_no_day_is_none(cell: Any) -> None:
    assert reading_of([cell])(cell) is None


@pytest.mark.parametrize(
    ("cell", "number"),
    [("1,234,567", 1_234_567), ("1 234", 1_234), ("12", 12), (12.0, 12), (12.5, None), ("1,23", None), ("< 1%", None),
     ("-3", -3), (float(10**12), None), ("99999999999", None), ("٣", None)],
)  # fmt: skip
def test_a_count_is_a_number_or_unknown(cell: Any, number: int | None) -> None:
    assert whole(cell) == number


def test_a_workbook_of_something_else_is_not_linkedins(tmp_path: Path) -> None:
    path = as_workbook(tmp_path / "x.xlsx", {"Sheet1": [["Date", "Followers"]]})
    assert SOURCE.recognise(path) is None
    with pytest.raises(UnreadableFileError, match="neither followers nor posts"):
        events(path)


# -- made to do harm ----------------------------------------------------------------------------


def rewritten(tmp_path: Path, **parts: str | bytes) -> Path:
    """The workbook with other parts."""
    told = workbook_files({"FOLLOWERS": followers(), "TOP POSTS": posts()})
    changed = {name: text.encode() for name, text in told.items()}
    changed |= {name: data.encode() if isinstance(data, str) else data for name, data in parts.items()}
    path: Path = as_zip(tmp_path / "x.xlsx", changed)
    return path


@pytest.mark.parametrize("place", ["XFD1048576", "A1048576", "ZZZZ1", "xfd1"])
def test_a_cell_far_out_is_refused_before_it_fills_the_memory(tmp_path: Path, place: str) -> None:
    text = workbook_files({"x": followers()})[SHEET].replace('r="A1"', f'r="{place}"')
    with pytest.raises(DangerousFileError, match="further out"):
        events(rewritten(tmp_path, **{SHEET: text}))


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DangerousFileError):
        events(rewritten(tmp_path, **{SHEET: b"<x>" + b" " * (30 << 20)}))


def test_a_lie_about_a_size_is_no_traceback(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError):
        events(lying(rewritten(tmp_path), SHEET, 20))


def test_a_workbook_cut_off_says_what_to_do(tmp_path: Path) -> None:
    path = cut(workbook(tmp_path, FOLLOWERS=followers()), 0.7)
    assert SOURCE.recognise(path) is None
    with pytest.raises(UnreadableFileError):
        events(path)


def test_a_sheet_that_is_listed_and_not_there_is_no_traceback(tmp_path: Path) -> None:
    path = rewritten(tmp_path)
    with zipfile.ZipFile(path) as old:
        kept = {name: old.read(name) for name in old.namelist() if name != SHEET}
    with pytest.raises(UnreadableFileError, match="damaged"):
        events(as_zip(tmp_path / "y.xlsx", kept))


def test_entities_of_xml_do_not_grow(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    text = workbook_files({"x": followers()})[SHEET].replace("Total followers on", "&b;&b;Total followers on")
    try:
        found = events(rewritten(tmp_path, **{SHEET: bomb + text}))
    except SourceError:
        return
    assert all(len(str(e)) < 2_000 for e in found)


@given(
    data=st.binary(max_size=400),
    part=st.sampled_from([SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels"]),
)
@settings(max_examples=100)
def test_parts_of_any_content_are_an_error_in_words_at_most(
    data: bytes, part: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = rewritten(tmp_path_factory.mktemp("x"), **{part: data})
    SOURCE.recognise(path)
    try:
        events(path)
    except SourceError as error:
        assert error.message  # noqa: PT017  any outcome but a traceback is right


CELL = st.one_of(
    st.none(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"),
        max_size=12,
    ),
    st.sampled_from(
        [
            "3/4/2024",
            "31/12/2024",
            "100",
            "Total on 3/4/2024",
            LINK + "7000000000000000001",
            "Impressions",
            "-5",
        ]
    ),
)


@given(st.lists(st.lists(CELL, max_size=7), max_size=8), st.lists(st.lists(CELL, max_size=7), max_size=8))
@settings(max_examples=150)
def test_cells_of_any_content_are_problems_at_most(
    tmp_path_factory: pytest.TempPathFactory, one: Table, two: Table
) -> None:
    path = as_workbook(tmp_path_factory.mktemp("x") / "x.xlsx", {"FOLLOWERS": one, "TOP POSTS": two})
    try:
        found = events(path)
    except UnreadableFileError:
        return
    for event in found:
        assert isinstance(event, Account | Rows | Problem)
        assert not isinstance(event, Account) or (event.followers or 0) >= 0
