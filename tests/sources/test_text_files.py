"""Large files in pieces: flat memory, whatever is done to them."""

from __future__ import annotations

import gzip
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from leumund.errors import UnreadableFileError
from leumund.sources import text_files
from leumund.sources.text_files import TooLong, as_text, head, is_regular, lines_in, opening, pieces


def lines(count: int) -> bytes:
    dice = random.Random(count)
    return b"".join(b"%d,%s\n" % (n, dice.randbytes(30).hex().encode()) for n in range(count))


def cut_off(path: Path, rows: int = 20_000) -> Path:
    whole = gzip.compress(lines(rows), mtime=0)
    path.write_bytes(whole[: len(whole) * 3 // 4])
    return path


@pytest.mark.parametrize("size", [10, 100, 4096, 2**20])
@pytest.mark.parametrize("name", ["plain.csv", "packed.csv.gz", "wide.csv"])
def test_pieces_together_are_the_file_and_go_on_from_everywhere(
    tmp_path: Path, name: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = lines(60) + b"no end"
    raw = (
        gzip.compress(data)
        if name.endswith("gz")
        else data.decode().encode("utf-16")
        if "wide" in name
        else data
    )
    (tmp_path / name).write_bytes(raw)
    monkeypatch.setattr(text_files, "PIECE", size)
    every = list(pieces(tmp_path / name))
    assert b"".join(piece for piece, *_ in every) == data
    for done, (_piece, offset, *_rest) in enumerate(every, start=1):
        assert [p for p, *_ in pieces(tmp_path / name, start=offset)] == [p for p, *_ in every[done:]]


def test_a_packed_file_that_is_cut_off_tells_all_before_the_break(tmp_path: Path) -> None:
    file = cut_off(tmp_path / "cut.csv.gz")
    got: list[bytes] = []
    with pytest.raises(UnreadableFileError, match=r"cut\.csv\.gz: the compressed file is cut off or broken"):
        got.extend(piece for piece, *_ in pieces(file))
    data = b"".join(got)
    assert lines(20_000).startswith(data)
    assert data.endswith(b"\n")
    assert len(data) > 0.7 * len(lines(20_000))


@pytest.mark.parametrize("harm", [b"garbage at the end", b"\x1f\x8b\x08\x00broken member"])
def test_garbage_after_a_packed_file_is_told(tmp_path: Path, harm: bytes) -> None:
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(lines(10)) + harm)
    with pytest.raises(UnreadableFileError, match="cut off or broken"):
        list(pieces(tmp_path / "x.csv.gz"))


def test_a_line_without_end_is_refused_in_flat_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_files, "LONGEST_RECORD", 2**20)
    monkeypatch.setattr(text_files, "PIECE", 2**18)
    (tmp_path / "x.csv").write_bytes(b"a,b\n" + b"x" * 2**22)
    with pytest.raises(UnreadableFileError, match="no end of a record within 1 MB"):
        list(pieces(tmp_path / "x.csv"))


@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz"])
@pytest.mark.parametrize("ending", [b"", b"\n", b"\nlast\n", b"\n" + b"y" * 2**21 + b"\nlast"])
def test_a_line_too_long_is_passed_over_where_that_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, ending: bytes
) -> None:
    monkeypatch.setattr(text_files, "LONGEST_RECORD", 2**20)
    monkeypatch.setattr(text_files, "PIECE", 2**18)
    data = b"a\nb\n" + b"x" * (2**22 + 5) + ending
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    every = list(pieces(tmp_path / name, pass_over=True))
    read = b"".join(p for p, *_ in every if not isinstance(p, TooLong))
    assert read == b"a\nb\n" + (ending[ending.index(b"last") :] if b"last" in ending else b"")
    assert sum(lines_in(p) for p, *_ in every) == data.count(b"\n")
    assert all(len(p) < 500 for p, *_ in every)
    assert every[-1][1] == len(data)
    for done, (_piece, offset, *_rest) in enumerate(every, start=1):
        again = pieces(tmp_path / name, start=offset, pass_over=True)
        assert [(p, o) for p, o, *_ in again] == [(p, o) for p, o, *_ in every[done:]]


@pytest.mark.skipif(sys.platform == "win32", reason="memory is measured the Unix way")
def test_a_line_too_long_needs_little_memory(tmp_path: Path) -> None:
    with (tmp_path / "x.jsonl").open("wb") as out:
        out.write(b'{"noun":"note"}\n')
        for _ in range(400):
            out.write(b"x" * 2**20)
    script = (
        "import resource, sys\nfrom pathlib import Path\nfrom leumund.sources.text_files import pieces\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print(len(list(pieces(Path(sys.argv[1]), pass_over=True))))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    file = str(tmp_path / "x.jsonl")
    told = subprocess.run([sys.executable, "-c", script, file], capture_output=True, text=True, check=True)
    count, grown = map(int, told.stdout.split())
    assert count == 2
    assert grown < 250_000 * (1024 if sys.platform == "darwin" else 1)


def test_a_packed_file_that_grows_beyond_measure_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_files, "_RATIO_FROM", 2**20)
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(b"a,b\n" * 2**20))
    with pytest.raises(UnreadableFileError, match="grows more than 200 times"):
        list(pieces(tmp_path / "x.csv.gz"))


@pytest.mark.skipif(sys.platform == "win32", reason="memory is measured the Unix way")
def test_a_packed_bomb_needs_little_memory(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.csv.gz"
    with gzip.open(bomb, "wb", compresslevel=6) as out:
        for _ in range(40):
            out.write(b"note,happened_at\n" * (2**20 * 10 // 17))
    script = (
        "import resource, sys\nfrom pathlib import Path\nfrom leumund.sources.text_files import pieces\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n    print(sum(len(p) for p, *_ in pieces(Path(sys.argv[1]))))\n"
        "except Exception as error:\n    print(type(error).__name__)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", script, str(bomb)], capture_output=True, text=True, check=True
    )
    outcome, grown = told.stdout.split()
    assert outcome == "UnreadableFileError"
    assert int(grown) < 200_000 * (1024 if sys.platform == "darwin" else 1)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.csv")
    assert head(tmp_path / "x.csv") is None
    with pytest.raises(UnreadableFileError, match="no ordinary file"):
        list(pieces(tmp_path / "x.csv"))


def test_what_is_no_file_is_none(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for path in (
        tmp_path,
        tmp_path / "loop",
        tmp_path / "not there",
        tmp_path / ("x" * 5000),
        Path("a\x00b"),
    ):
        assert not is_regular(path)
        assert opening(path) is None


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.csv").write_bytes(lines(3))

    def refuse(*_about: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert head(tmp_path / "x.csv") is None
    with pytest.raises(UnreadableFileError, match=r"x\.csv: you have no right"):
        list(pieces(tmp_path / "x.csv"))


def test_bytes_that_mean_nothing_become_the_replacement_sign() -> None:
    assert as_text(b"a\x81b") == "a\ufffdb"
    assert as_text("€ – „ü“".encode("cp1252")) == "€ – „ü“"
