"""X's statistics: the same posts as in the archive, with what X counts, and never a worse text."""

from __future__ import annotations

import contextlib
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leumund.errors import LeumundError, UnreadableFileError
from leumund.events import Account, Event, Post, Problem
from leumund.intake import import_path
from leumund.lab import Lab
from leumund.sources import FileSettings
from leumund.sources.x_analytics import ABRIDGED, SOURCE
from leumund.sources.x_records import x_time

HEAD = "Post id,Date,Post text,Post Link,Impressions,Likes,Replies,Reposts\n"
NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)


def number(moment: datetime) -> int:
    """The number X gives a post of that moment."""
    return (int(moment.timestamp() * 1000) + 321 - 1_288_834_974_657 << 22) + 5


POST = number(datetime(2026, 1, 9, 8, 15, 3, tzinfo=UTC))


def row(
    text: str = "Hallo", *, post: object = POST, link: str = "", views: str = "7", likes: str = "1"
) -> str:
    link = link or f"https://x.com/Anna/status/{POST}"
    return f'{post},"Fri, Jan 9, 2026","{text}",{link},{views},{likes},0,2\n'


def written(
    folder: Path, *rows: str, name: str = "account_analytics_content_2026-01-01_2026-01-31.csv"
) -> Path:
    (folder / name).write_text(HEAD + "".join(rows), encoding="utf-8")
    return folder / name


def events(folder: Path, *rows: str) -> list[Event]:
    pages = SOURCE.fetch(FileSettings(path=written(folder, *rows)), None)
    return [e for page in pages for e in SOURCE.parse(page)]


def post(folder: Path, *rows: str) -> Post:
    (found,) = [e for e in events(folder, *rows) if isinstance(e, Post)]
    return found


def test_a_posts_number_tells_the_second_the_archive_tells(tmp_path: Path) -> None:
    found = post(tmp_path, row())
    assert found.happened_at == x_time("Fri Jan 09 08:15:03 +0000 2026")
    assert found.exact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hallo &amp; guten Tag", "Hallo & guten Tag"),
        ("Lest das https://t.co/abc123", "Lest das" + ABRIDGED),
        ("https://t.co/abc123", ABRIDGED.strip()),
        ("Hier https://t.co/abc123 und mehr", "Hier https://t.co/abc123 und mehr" + ABRIDGED),
        ("und so weiter …", "und so weiter …"),
        ("x" * 279 + "…", "x" * 279 + "…" + ABRIDGED),
    ],
)
def test_a_text_that_is_not_whole_is_marked(tmp_path: Path, text: str, expected: str) -> None:
    assert post(tmp_path, row(text)).text == expected


@pytest.mark.parametrize(
    ("views", "expected"),
    [("1204", 1204), ('"1,204"', 1204), ("1204.0", 1204), ("0", 0), ("", None), ("-", None)],
)
def test_what_x_does_not_tell_is_unknown_and_not_0(tmp_path: Path, views: str, expected: int | None) -> None:
    assert post(tmp_path, row(views=views)).views == expected


@pytest.mark.parametrize("views", ["many", "-5", "1.5", "9" * 20, "٣"])
def test_a_count_that_is_none_is_a_problem(tmp_path: Path, views: str) -> None:
    (problem,) = events(tmp_path, row(views=views))
    assert isinstance(problem, Problem)
    assert problem.where.endswith(":2")


def test_a_number_that_a_spreadsheet_spoiled_is_read_from_the_link(tmp_path: Path) -> None:
    assert post(tmp_path, row(post="2.00987E+18")).post == f"https://x.com/i/status/{POST}"


@pytest.mark.parametrize(
    "link",
    ["https://x.com/i/status/5", "https://x.com/i/web/status/5", "x", "https://evil.example/anna/status/5"],
)
def test_a_post_of_nobody_is_a_problem(tmp_path: Path, link: str) -> None:
    assert [type(e) for e in events(tmp_path, row(link=link))] == [Problem]


def test_the_account_is_the_owners_own(tmp_path: Path) -> None:
    (account,) = [e for e in events(tmp_path, row(), row("zwei")) if isinstance(e, Account)]
    assert (account.account, account.own) == ("https://x.com/anna", True)
    assert account.seen_at == datetime(2026, 1, 31, tzinfo=UTC)


def test_a_post_passed_on_is_none_of_hers(tmp_path: Path) -> None:
    assert events(tmp_path, row("RT @ben: Hallo")) == []


def test_the_daily_overview_says_what_to_export_instead() -> None:
    path = Path(__file__).parent / "x_analytics" / "sample_overview.csv"
    ((problem,),) = [list(SOURCE.parse(page)) for page in SOURCE.fetch(FileSettings(path=path), None)]
    assert isinstance(problem, Problem)
    assert "Content" in problem.hint


def test_another_table_is_said_to_be_another(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="columns"):
        list(SOURCE.fetch(FileSettings(path=tmp_path / "x.csv"), None))


# -- with what the lab knows already


ARCHIVE = (
    '{{"noun":"post","post":"https://x.com/i/status/{post}","account":"anna","network":"x","happened_at":"2026-01-09T08:15:03Z",'
    '"text":"Lest das https://anna.example/holz","language":"de","mentions":["ben"],"likes":3,"visibility":"followers"}}\n'
)


def kept(folder: Path, *paths: Path) -> dict[str, Any]:
    with Lab.create(folder / "lab") as lab:
        for day, path in enumerate(paths):
            with lab.writing(NOW + timedelta(days=day)) as writer:
                import_path(lab, writer, path)
        with lab.tables(as_of=NOW + timedelta(days=9)) as tables:
            (found,) = tables.arrow("select * from posts").to_pylist()
    return dict(found)


@pytest.mark.parametrize("archive_first", [True, False])
def test_the_whole_text_stays_whoever_came_first(tmp_path: Path, archive_first: bool) -> None:
    archive = tmp_path / "archive.jsonl"
    archive.write_text(ARCHIVE.format(post=POST), encoding="utf-8")
    paths = [archive, written(tmp_path, row("Lest das https://t.co/abc", views="99", likes="4"))]
    found = kept(tmp_path, *(paths if archive_first else paths[::-1]))
    assert found["text"] == "Lest das https://anna.example/holz"
    assert (found["language"], found["visibility"], len(found["mentions"])) == ("de", "followers", 1)
    assert (found["views"], found["replies"]) == (99, 0)
    assert found["happened_at"] == datetime(2026, 1, 9, 8, 15, 3)  # noqa: DTZ001  tables hold UTC by agreement
    assert found["likes"] == (4 if archive_first else 3)


def test_a_text_that_is_not_whole_is_better_than_none(tmp_path: Path) -> None:
    first = written(
        tmp_path, row("Lest das https://t.co/abc"), name="account_analytics_content_2026-01-01_2026-01-09.csv"
    )
    second = written(tmp_path, row("Lest doch https://t.co/abc"))
    assert kept(tmp_path, first, second)["text"] == "Lest doch" + ABRIDGED


@given(st.lists(st.lists(st.sampled_from([str(POST), "https://x.com/Anna/status/5", "1,2", '"', "ä", "", "9" * 40, "\x00", "Fri, Jan 9, 2026"]), min_size=8, max_size=8), max_size=5))  # fmt: skip
@settings(max_examples=200)
def test_every_row_is_a_post_or_a_problem(rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(LeumundError):
        for event in events(Path(folder), *(",".join(cells) + "\n" for cells in rows)):
            assert isinstance(event, Account | Post | Problem)
