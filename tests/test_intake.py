"""An import that is interrupted, repeated or given a changed file leaves the lab an undisturbed one would."""

from __future__ import annotations

import gzip
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from leumund import intake
from leumund.errors import IncompleteTableError, UnknownFileError, UnreadableFileError
from leumund.intake import Report, import_path, what_is
from leumund.lab import Lab
from leumund.sources import text_files

from .store import worlds as w

BROKEN = '{"noun":"post"\n{"noun":"wish"}\n'


class Interrupted(Exception):  # noqa: N818  no error of ours
    """The cable was pulled."""


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(text_files, "PIECE", 2000)
    monkeypatch.setattr(intake, "_ROWS_AT_ONCE", 10)
    monkeypatch.setenv("LEUMUND_ERASURE_KEY", str(tmp_path / "key"))


def lines(path: Path, posts: int = 24) -> Path:
    """Posts and likes with two broken lines in each third of the file."""
    w.write_lines(path, posts)
    rows = path.read_text("utf-8").splitlines(keepends=True)
    third = len(rows) // 3
    path.write_text(
        "".join("".join(rows[i : i + third]) + BROKEN for i in range(0, len(rows), third)), "utf-8"
    )
    return path


def table(path: Path) -> Path:
    rows = "".join(f'{n},"Satz\n{n}",2026-01-{n % 28 + 1:02}\n' for n in range(300))
    path.write_text(f"id,said,day\n{rows}too,few\n", "utf-8")
    return path


def rules(account: str = "@anna") -> dict[str, Any]:
    columns = {"post": "id", "text": "said", "happened_at": "day", "account": {"value": account}}
    return {"noun": "post", "network": "x", "columns": columns}


def bring(lab: Lab, file: Path, *, stop_after: int = 0, mapping: Mapping[str, Any] | None = None) -> Report:
    steps = 0

    def step(stage: str, *_how_far: int) -> None:
        nonlocal steps
        steps += 1
        if steps == stop_after and stage == "reading":
            raise Interrupted

    with lab.writing(w.NOW) as writer:
        return import_path(lab, writer, file, mapping=mapping, progress=step)


def facts(lab: Lab) -> dict[str, Any]:
    """All a lab holds, told without the order of its files."""
    db = lab.register.db
    with lab.tables(as_of=w.NOW.replace(year=2030)) as tables:
        rows = {
            t: sorted(
                map(
                    str,
                    tables.sql(
                        f"select * replace (date_trunc('second', known_at) as known_at) from {t}"
                    ).fetchall(),
                )
            )
            for t in ("posts", "acts")
        }
    return {
        **rows,
        "accounts": sorted(r[0] for r in db.execute("select uri from account")),
        "problems": sorted(tuple(r) for r in db.execute("select place, message from problem")),
        "counted": [tuple(r) for r in db.execute("select new, problems from import order by id")],
    }


@pytest.mark.parametrize("kind", ["lines", "packed", "table"])
def test_interrupted_after_any_page_and_begun_again_it_is_the_same_lab(tmp_path: Path, kind: str) -> None:
    mapping = rules() if kind == "table" else None
    file = table(tmp_path / "t.csv") if mapping else lines(tmp_path / "a.jsonl")
    if kind == "packed":
        file = tmp_path / "a.jsonl.gz"
        file.write_bytes(gzip.compress((tmp_path / "a.jsonl").read_bytes(), mtime=0))
    undisturbed = Lab.create(tmp_path / "undisturbed")
    pages = []
    with undisturbed.writing(w.NOW) as writer:
        import_path(undisturbed, writer, file, mapping=mapping, progress=lambda *s: pages.append(s[0]))
    wanted = facts(undisturbed)
    assert wanted["counted"][0][1] == len(wanted["problems"]) == (1 if mapping else 6)
    assert pages.count("reading") >= 3
    for after in range(1, pages.count("reading") + 1):
        lab = Lab.create(tmp_path / f"after{after}")
        with pytest.raises(Interrupted):
            bring(lab, file, stop_after=after, mapping=mapping)
        report = bring(lab, file, mapping=mapping)
        assert facts(lab) == wanted
        assert report.problems <= wanted["counted"][0][1]


def test_interrupted_at_every_step_it_still_arrives(tmp_path: Path) -> None:
    file, lab = lines(tmp_path / "a.jsonl"), Lab.create(tmp_path / "lab")
    for _attempt in range(100):
        try:
            bring(lab, file, stop_after=2)
        except Interrupted:
            continue
        break
    else:
        pytest.fail("no way forward")
    whole = Lab.create(tmp_path / "whole")
    bring(whole, file)
    assert facts(lab) == facts(whole)


def test_a_second_time_says_nothing_new(tmp_path: Path) -> None:
    file, lab = lines(tmp_path / "a.jsonl"), Lab.create(tmp_path / "lab")
    first = bring(lab, file)
    assert (first.new["posts"], first.new["acts"], first.problems) == (24, 24, 6)
    before = facts(lab)
    second = bring(lab, file)
    assert not any(second.new.values())
    assert (second.known["posts"], second.known["acts"]) == (24, 24)
    assert not second.resumed
    assert facts(lab) == before


def test_of_a_file_that_grew_only_the_rest_is_new(tmp_path: Path) -> None:
    file, lab = tmp_path / "a.jsonl", Lab.create(tmp_path / "lab")
    w.write_lines(file, 30)
    rows = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(rows[:40]), "utf-8")
    bring(lab, file)
    file.write_text("".join(rows), "utf-8")
    report = bring(lab, file)
    assert (report.new["posts"], report.new["acts"], report.known["posts"]) == (10, 10, 20)


def test_another_mapping_is_another_reading(tmp_path: Path) -> None:
    file, lab = table(tmp_path / "t.csv"), Lab.create(tmp_path / "lab")
    with pytest.raises(Interrupted):
        bring(lab, file, stop_after=2, mapping=rules("@ann"))
    report = bring(lab, file, mapping=rules("@anna"))
    assert not report.resumed
    assert report.new["posts"] + report.known.get("posts", 0) == 300
    assert "https://x.com/anna" in facts(lab)["accounts"]


def test_of_a_file_that_breaks_off_all_before_the_break_stays(tmp_path: Path) -> None:
    file, lab = tmp_path / "a.jsonl.gz", Lab.create(tmp_path / "lab")
    w.write_lines(tmp_path / "a.jsonl", 200)
    whole = gzip.compress((tmp_path / "a.jsonl").read_bytes(), mtime=0)
    file.write_bytes(whole[: len(whole) * 9 // 10])
    with pytest.raises(UnreadableFileError, match=r"a\.jsonl\.gz: the compressed file is cut off or broken"):
        bring(lab, file)
    kept = w.stored(lab)
    assert 100 < kept < 200
    file.write_bytes(whole)
    report = bring(lab, file)
    assert report.new["posts"] == 200 - kept
    assert w.stored(lab) == 200


def test_problems_alone_do_not_pile_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = "kind,actor,target,network,happened_at\n"
    (tmp_path / "a.csv").write_text(head + "wink,ben,anna,x,2026-01-09\n" * 2000, "utf-8")
    sizes: list[int] = []
    commit = intake._commit

    def seen(report: Report, writer: Any, waiting: list[Any], mark: str) -> None:
        sizes.append(len(waiting))
        commit(report, writer, waiting, mark)

    monkeypatch.setattr(intake, "_commit", seen)
    assert bring(Lab.create(tmp_path / "lab"), tmp_path / "a.csv").problems == 2000
    assert len(sizes) > 10
    assert max(sizes) < 10


def test_long_texts_do_not_pile_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "_ROWS_AT_ONCE", 10**6)
    monkeypatch.setattr(intake, "_BYTES_AT_ONCE", 6000)
    lab = Lab.create(tmp_path / "lab")
    w.write_lines(tmp_path / "a.jsonl", 100)
    assert bring(lab, tmp_path / "a.jsonl").new["posts"] == 100
    size = (tmp_path / "a.jsonl").stat().st_size
    assert len(lab.register.segments("posts")) >= size // 8000


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("mapping", [None, {"noun": "post"}])
def test_a_named_pipe_is_not_waited_for(tmp_path: Path, mapping: dict[str, str] | None) -> None:
    os.mkfifo(tmp_path / "x.csv")
    with pytest.raises(UnreadableFileError, match="no ordinary file"):
        what_is(tmp_path / "x.csv", mapping=mapping)


def test_what_is_not_there_or_in_a_circle_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    for path in (tmp_path / "loop.csv", tmp_path / "nothing.csv", tmp_path / ("x" * 3000)):
        with pytest.raises(UnreadableFileError):
            what_is(path)


def test_a_table_or_lines_that_lack_something_are_told_what(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("actor,target,network,happened_at\n")
    with pytest.raises(IncompleteTableError, match="the column “kind” is missing"):
        what_is(tmp_path / "t.csv")
    (tmp_path / "l.jsonl").write_text('{"note":"a","happened_at":"2026-01-01"}\n')
    with pytest.raises(IncompleteTableError, match="the column “noun” is missing"):
        what_is(tmp_path / "l.jsonl")


def test_a_folder_named_like_a_table_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "x.csv").mkdir()
    with pytest.raises(UnknownFileError):
        what_is(tmp_path / "x.csv")


def test_a_table_that_is_refused_is_nothing_to_go_on_with(tmp_path: Path) -> None:
    good, twice = tmp_path / "good.csv", tmp_path / "twice.csv"
    good.write_text("happened_at,hours,time\n2026-01-01,1,mastodon\n", "utf-8")
    twice.write_text("happened_at,hours,time,hours\n2026-01-01,1,mastodon,2\n", "utf-8")
    with Lab.create(tmp_path / "lab") as lab, lab.writing(w.NOW) as writer:
        import_path(lab, writer, good)
        for _time in range(2):
            with pytest.raises(UnreadableFileError):
                import_path(lab, writer, twice)
        (place,) = lab.register.db.execute("select place from import").fetchall()
        assert Path(place[0]) == good
