"""Read ahead by threads or one page after the other, a lab is the same bit for bit; nothing is held that nobody asked for."""

from __future__ import annotations

import gzip
import json
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leumund import intake, reading
from leumund.errors import SourceError, UnreadableFileError
from leumund.events import Event, Problem
from leumund.intake import Part, import_path, parts_of
from leumund.lab import Lab
from leumund.locale import _, speaking
from leumund.reading import Order, Reader
from leumund.sources import Cursor, FileSettings, Page, Source, text_files

from .store import worlds as w

HEAD = "kind,actor,target,network,happened_at\n"


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(text_files, "PIECE", 600)
    monkeypatch.setattr(intake, "_ROWS_AT_ONCE", 7)
    monkeypatch.setenv("LEUMUND_ERASURE_KEY", str(tmp_path / "key"))


# -- the reader alone


def source(
    pages: int, *, fetch_stops: int = -1, parse_stops: int = -1, seen: list[int] | None = None
) -> Source:
    """Each page holds two problems; fetching or parsing may stop at one."""

    def fetch(_settings: FileSettings, cursor: Cursor) -> Iterator[Page]:
        for number in range(int((cursor or {}).get("page") or 0), pages):
            if seen is not None:
                seen.append(number)
            if number == fetch_stops:
                raise UnreadableFileError(Path("x"), "broken")
            yield Page(kind="", where=f"{number}", data=b"x" * 100, position={"page": number + 1})

    def parse(page: Page) -> Iterator[Event]:
        yield Problem(where=page.where, message=_("no list of items"))
        if page.where == str(parse_stops):
            raise UnreadableFileError(Path("x"), "no page")
        yield Problem(where=page.where, message="second")

    return Source(name="made up", title="", recognise=lambda _path: None, fetch=fetch, parse=parse, tells=(), cannot_tell=(),
                  reference="", **_more())  # fmt: skip


def _more() -> dict[str, Any]:
    """What a source must say besides, whatever that is."""
    import dataclasses

    known = {"name", "title", "recognise", "fetch", "parse", "tells", "cannot_tell", "reference"}
    return {
        f.name: () for f in dataclasses.fields(Source)
        if f.name not in known and f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
    }  # fmt: skip


def told(reader: Reader, order: Order, then: Order | None = None) -> list[str]:
    """All that comes out, faults too."""
    found = []
    try:
        for page, events, fault in reader.read(order, lambda: then):
            found += [f"{e.where} {e.message}" for e in events if isinstance(e, Problem)]
            if fault is not None:
                raise fault
            found.append(f"after {page.position}")
    except SourceError as error:
        found.append(error.message)
    return found


def order_of(given: Source, cursor: Cursor = None) -> Order:
    return Order(given, FileSettings(path=Path("x")), cursor)


_STOPS = st.integers(-1, 14)


@given(st.lists(st.tuples(st.integers(0, 14), _STOPS, _STOPS), min_size=1, max_size=3), st.integers(2, 4))
def test_however_many_threads_read_the_same_comes_out_in_the_same_order(
    files: list[tuple[int, int, int]], threads: int
) -> None:
    orders = [order_of(source(n, fetch_stops=f, parse_stops=p)) for n, f, p in files]
    with Reader(threads=1) as alone, Reader(threads=threads) as together:
        for order, then in zip(orders, [*orders[1:], None], strict=True):
            assert told(together, order, then) == told(alone, order, then)


def test_what_came_otherwise_than_foreseen_is_read_anew() -> None:
    first, other = order_of(source(3)), source(9)
    with Reader(threads=3) as reader:
        told(reader, first, order_of(other))
        assert told(reader, order_of(other, {"page": 7})) == told(
            Reader(threads=1), order_of(other, {"page": 7})
        )


@pytest.mark.parametrize("size", [1, 10**9])
def test_it_goes_ahead_no_further_than_there_is_room(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(reading, "_AHEAD_BYTES", size)
    most = 1 if size == 1 else reading._AHEAD_PAGES
    seen: list[int] = []
    later: list[int] = []
    with Reader(threads=4) as reader:
        pages = reader.read(order_of(source(30, seen=seen)), lambda: order_of(source(30, seen=later)))
        for taken, _parsed in enumerate(pages, start=1):
            assert len(seen) + len(later) - taken <= most + 1


def test_who_leaves_early_leaves_no_thread_behind() -> None:
    begun, closed = [], []

    def fetch(_settings: FileSettings, _cursor: Cursor) -> Iterator[Page]:
        begun.append(True)
        try:
            for number in range(10**6):
                yield Page(kind="", where=f"{number}", data=b"")
        finally:
            closed.append(True)

    before = set(threading.enumerate())
    endless = Source(name="endless", title="", recognise=lambda _path: None, fetch=fetch, parse=lambda _page: iter(()),
                     tells=(), cannot_tell=(), reference="", **_more())  # fmt: skip
    with suppress(ZeroDivisionError), Reader(threads=3) as reader:
        for _parsed in reader.read(order_of(source(2)), lambda: order_of(endless)):
            pass
        raise ZeroDivisionError
    with suppress(ZeroDivisionError), Reader(threads=3) as reader:
        for _parsed in reader.read(order_of(endless)):
            raise ZeroDivisionError
    assert closed == begun
    assert set(threading.enumerate()) <= before


def test_problems_are_told_in_the_language_of_whoever_asked() -> None:
    with Reader(threads=2) as reader, speaking("de"):
        words = told(reader, order_of(source(3)))
        assert words == told(Reader(threads=1), order_of(source(3)))
    assert words != told(Reader(threads=1), order_of(source(3)))


# -- into a lab


def post(number: int, text: str, day: int) -> dict[str, Any]:
    at = f"2026-0{1 + day // 28}-{1 + day % 28:02}T08:00:00Z"
    return {"noun": "post", "post": f"https://a.example/{number}", "account": w.ANNA, "network": "mastodon",
            "happened_at": at, "text": text}  # fmt: skip


def like(number: int, who: str, day: int) -> dict[str, Any]:
    at = f"2026-0{1 + day // 28}-{1 + day % 28:02}T09:00:00Z"
    return {"noun": "act", "kind": "like", "actor": who, "target": w.ANNA, "network": "mastodon", "happened_at": at,
            "post": f"https://a.example/{number}"}  # fmt: skip


_DAYS, _NUMBERS = st.integers(0, 55), st.integers(0, 15)
LINES = st.one_of(
    st.builds(post, _NUMBERS, st.sampled_from(["Hallo", "a\x00b", "Gru\u0308\u00dfe", "x" * 900]), _DAYS).map(json.dumps),
    st.builds(like, _NUMBERS, st.sampled_from([w.BEN, w.CARLA, "@Ben@werkstatt.example", "nobody at all"]), _DAYS).map(json.dumps),
    st.builds(lambda n: json.dumps({"noun": "account", "account": w.BEN, "network": "mastodon", "followers": n,
                                    "seen_at": f"2026-01-0{1 + n}"}), st.integers(0, 5)),
    st.builds(lambda n: json.dumps({"noun": "note", "note": f"Notiz {n}", "happened_at": "2026-01-09"}), st.integers(0, 5)),
    st.sampled_from(['{"noun":"post"', '{"noun":"wish"}', "", "[1]", '{"noun":"act","kind":["a"]}']),
)  # fmt: skip
FILES = st.lists(st.tuples(st.lists(LINES, max_size=40), st.sampled_from(["plain", "gz", "cut", "table"])), min_size=1, max_size=3)  # fmt: skip


def write(folder: Path, files: list[tuple[list[str], str]]) -> list[Path]:
    paths = []
    for number, (lines, kind) in enumerate(files):
        data = "".join(f"{line}\n" for line in lines).encode()
        path = folder / f"{number}.jsonl{'' if kind == 'plain' else '.gz'}"
        if kind == "table":
            path, rows = folder / f"{number}.csv", [json.loads(x) for x in lines if '"like"' in x]
            data = (HEAD + "".join(",".join(r[c] for c in HEAD.strip().split(",")) + "\n" for r in rows)
                    + "wink,a,b,x,2026-01-09\n" + "like,one cell\n").encode()  # fmt: skip
        elif kind != "plain":
            data = gzip.compress(data, mtime=0)
        path.write_bytes(data[: len(data) - 12] if kind == "cut" else data)
        paths.append(path)
    return paths


def known(path: Path) -> Part | None:
    try:
        return parts_of(path)[0]
    except SourceError:
        return None


def brought(folder: Path, paths: list[Path], threads: int) -> list[object]:
    """All that can be seen of bringing these files in: what was said, and the lab, its segments byte by byte."""
    said: list[object] = []
    with Lab.create(folder) as lab, lab.writing(w.NOW) as writer, Reader(threads=threads) as reader:
        parts = [known(path) for path in paths]
        for path, part, then in zip(paths, parts, [*parts[1:], None], strict=True):
            try:
                report = import_path(
                    lab, writer, path, reader=reader, known=part, then=then,
                    progress=lambda *how_far: said.append(how_far),
                )  # fmt: skip
            except SourceError as error:
                said.append((error.message, error.hint))
            else:
                said.append((report.new, report.known, report.problems, report.facts, report.ahead))
        db = lab.register.db
        for table in ("account", "alias", "problem", "import", "cursor", "statement"):
            rows = [tuple(r) for r in db.execute(f"select * from {table}")]
            said.append((table, rows))
        for tbl, month, path in db.execute("select tbl, month, path from segment where rows > 0 order by id"):
            said.append((tbl, month, (folder / path).read_bytes()))
    return said


def check_alike(files: list[tuple[list[str], str]]) -> None:
    with tempfile.TemporaryDirectory() as made:
        (folder := Path(made) / "files").mkdir()
        paths = write(folder, files)
        assert brought(Path(made) / "together", paths, 3) == brought(Path(made) / "alone", paths, 1)


@given(FILES)
@settings(max_examples=3)
def test_read_by_several_threads_a_lab_is_the_same_byte_by_byte(files: list[tuple[list[str], str]]) -> None:
    check_alike(files)


@pytest.mark.long
@given(FILES)
@settings(max_examples=100)
def test_read_by_several_threads_many_labs_are_the_same_byte_by_byte(
    files: list[tuple[list[str], str]],
) -> None:
    check_alike(files)


def test_a_harmful_file_among_good_ones_harms_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_files, "_RATIO_FROM", 2_000)
    monkeypatch.setattr(text_files, "_RATIO", 2)
    w.write_lines(tmp_path / "a.jsonl", 20)
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(b'{"noun":"note"}\n' * 900, mtime=0))
    (tmp_path / "c.csv").write_text(
        HEAD + 'like,"@ben@garten.example,@anna@garten.example,mastodon,2026-03-06\n' * 9
    )
    w.write_lines(tmp_path / "d.jsonl", 30)
    paths = sorted(tmp_path.iterdir())
    together = brought(tmp_path / "together", paths, 3)
    assert together == brought(tmp_path / "alone", paths, 1)
    assert "grows more than 2 times" in str(together)
    with Lab.open(tmp_path / "together") as lab:
        assert w.stored(lab) == 30
