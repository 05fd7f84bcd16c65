"""Several files, each looked at once; together they are the last thing done."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

import pytest

from leumund import intake, sources
from leumund.bringing import as_last, bring, pieces_of
from leumund.events import Statement
from leumund.lab import Lab
from leumund.reading import Order, Reader
from leumund.saying import can_be_taken_back, import_last, keep, said_last, take_back
from leumund.sources import Cursor, FileSettings, Found, Page, Source

from .store import worlds as w
from .test_reading import source

ACTS = "kind,actor,target,network,happened_at\nlike,@ben@a.example,@anna@a.example,mastodon,2026-01-0{day}\n"
HOURS = "time,happened_at,hours\nMastodon,2026-01-09,{hours}\n"


def brought(lab: Lab, *paths: Path, folder: Path | None = None) -> list[intake.Report]:
    with ExitStack() as kept:
        pieces = [piece for path in paths for piece in pieces_of(path, kept, folder=folder)]
        reader, writer = kept.enter_context(Reader(threads=2)), kept.enter_context(lab.writing(w.NOW))
        done = kept.enter_context(as_last(lab.register))
        reports = []
        for piece, then in zip_longest(pieces, pieces[1:]):
            reports.append(bring(writer, piece, then, reader=reader))
            done(reports[-1])
        return reports


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab.create(tmp_path / "lab")


def said_by_hand(lab: Lab, number: str) -> None:
    told = Statement(kind="time", statement=number, happened_at=w.NOW, body={"time": "Messe", "hours": 2.0})
    keep(lab, [told], at=w.NOW)


def tables(tmp_path: Path, *texts: str) -> list[Path]:
    paths = [tmp_path / f"{n}.csv" for n in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    return paths


def test_what_a_file_is_is_looked_up_once(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[Path] = []

    def recognise(path: Path) -> tuple[Source, Found]:
        looked.append(path)
        return sources.recognise(path)

    monkeypatch.setattr(intake, "recognise", recognise)
    paths = tables(tmp_path, *(ACTS.format(day=day) for day in range(1, 5)))
    assert [report.new["acts"] for report in brought(lab, *paths)] == [1, 1, 1, 1]
    assert looked == paths


def test_a_files_name_alone_is_said_where_that_is_wanted(lab: Lab, tmp_path: Path) -> None:
    (path,) = tables(tmp_path, ACTS.format(day=1) + "wink,a,b,x,2026-01-09\n")
    (report,) = brought(lab, Path(path.name), folder=tmp_path)
    assert report.problems == 1
    rows = [tuple(r) for r in lab.register.db.execute("select place, excerpt from problem")]
    rows += [tuple(r) for r in lab.register.db.execute("select place from import")]
    assert str(tmp_path) not in repr(rows)


def test_a_table_of_entries_is_taken_back_whole_and_nothing_else(lab: Lab, tmp_path: Path) -> None:
    said_by_hand(lab, "first")
    brought(lab, *tables(tmp_path, HOURS.format(hours=1), HOURS.format(hours=3)))
    assert {one.body["hours"] for one in take_back(lab.register)} == {1, 3}
    assert [one.body["time"] for one in take_back(lab.register)] == ["Messe"]


def test_files_of_what_others_did_are_not_taken_back_nor_what_was_said_before_them(
    lab: Lab, tmp_path: Path
) -> None:
    said_by_hand(lab, "first")
    (report,) = brought(lab, *tables(tmp_path, ACTS.format(day=1)))
    assert can_be_taken_back(lab.register, ["time"])  # on the page of hours it is still the last one
    assert import_last(lab.register) == report.import_id
    assert import_last(lab.register) is None  # asked once more
    assert [body["time"] for _kind, body, _at in said_last(lab.register)] == ["Messe"]
    brought(lab, *tables(tmp_path, ACTS.format(day=1)))  # nothing new: nothing was done
    assert import_last(lab.register) is None
    brought(lab, *tables(tmp_path, ACTS.format(day=2), HOURS.format(hours=5)))
    assert import_last(lab.register) is not None
    assert len(take_back(lab.register)) == 1
    assert not take_back(lab.register)
    assert {row[0] for row in lab.register.db.execute("select count(*) from statement")} == {1}


def test_the_keys_that_end_a_run_wait_for_no_page_that_is_still_being_read() -> None:
    reached, wanted = threading.Event(), threading.Event()

    def fetch(_settings: FileSettings, _cursor: Cursor) -> Iterator[Page]:
        yield Page(kind="", where="0", data=b"x", position={})
        reached.set()
        assert wanted.wait(60)
        yield Page(kind="", where="1", data=b"x", position={})

    slow = replace(source(1), fetch=fetch)
    order = Order(slow, FileSettings(path=Path("x")), None)

    def read() -> None:
        with Reader(threads=2) as reader:
            for _parsed in reader.read(order):
                assert reached.wait(60)
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read()
    assert not wanted.is_set()  # and yet we are here
    wanted.set()
