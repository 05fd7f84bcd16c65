"""Whole pieces of lines read as columns mean what each line means by itself; a file copied in order means the same in any."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.store import worlds as w

from leumund.intake import import_path
from leumund.lab import Lab
from leumund.sources import Page, text_files
from leumund.store.batch import account_keys

from .tables import told_by

NETWORKS = ["mastodon", "facebook", "x", "bluesky", "MASTODON", "myspace"]
NAMES = [
    "acct:a@b.example",
    "@A@b.example",
    "acct:ü@b.example",
    "anna",
    "no one",
    "did:plc:abc",
    "https://x.com/Anna",
    "",
]
TIMES = [
    "2026-01-09T08:15:00Z",
    "2026-01-09",
    "2026-01-09T08:15:00+05:00",
    "9.1.2026 8:15",
    "soon",
    "",
    "9999-99-99",
]
COUNTS: list[Any] = [1, 0, -1, 10**400, 2**31, 1.5, "7", "1.200", True, None, [1], {"a": 1}]
TEXTS: list[Any] = [
    "Hallo",
    "Gru\u0308\u00dfe",
    "a\x00b",
    "[x",
    "{y",
    "\u2028",
    "😀",
    5,
    None,
    ["a"],
    {"b": "c"},
]


def shape(noun: str, needed: dict[str, Any], more: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Rows of a noun in which anything may be odd, and what is needed may be missing."""
    kinds = {name: st.sampled_from(values) for name, values in (needed | more).items()}
    optional = {name: kinds[name] for name in more}
    required = {name: kinds[name] for name in needed}
    whole = st.fixed_dictionaries({"noun": st.just(noun), **required}, optional=optional)
    return st.one_of(whole, st.fixed_dictionaries({"noun": st.just(noun)}, optional=kinds))


ACTS = shape(
    "act",
    {"kind": ["like", "Follow", "shout"], "actor": NAMES, "target": NAMES, "network": NETWORKS, "happened_at": TIMES},
    {"act": ["https://x.example/1", "7", " ", None], "count": COUNTS, "exact": ["true", False, "maybe"], "odd": TEXTS},
)  # fmt: skip
POSTS = shape(
    "post",
    {"post": ["https://x.example/1", "7"], "account": NAMES, "network": NETWORKS, "happened_at": TIMES, "text": TEXTS},
    {"mentions": [["@a@b.example", "no\\one", 5], "@a@b.example anna", {"a": 1}, []], "likes": COUNTS, "language": ["de-AT", "?"]},
)  # fmt: skip
BROKEN = st.sampled_from(
    ['{"noun":"act"', '{"noun":"act"}}', '{"noun":"act",}', '{"noun":"post","text":"\\ud800"}', "[]", "", "   ", '{"noun":"wish"}', '{"noun": "act"x}']
)  # fmt: skip


def page(lines: list[str], first: int = 1) -> Page:
    data = "\n".join(lines).encode() + b"\n"
    return Page(kind="lines", where="x.jsonl", data=data, first=first, position={}, done=0, size=0)


def written(row: dict[str, Any], way: str) -> str:
    """The same row begun by its noun, as an export writes it, or otherwise."""
    if way == "noun last":
        row = {name: row[name] for name in reversed(row)}
    separators = (",", ":") if way == "dense" else (", ", ": ")
    return json.dumps(row, ensure_ascii=way == "escaped", separators=separators)


@given(
    st.lists(st.one_of(ACTS, ACTS, POSTS, BROKEN), min_size=1, max_size=8),
    st.sampled_from(["dense", "spaced", "escaped"]),
)
@settings(max_examples=15)
def test_lines_together_mean_what_each_means_alone(rows: list[dict[str, Any] | str], way: str) -> None:
    lines = [row if isinstance(row, str) else written(row, way) for row in rows]
    others = [row if isinstance(row, str) else written(row, "noun last") for row in rows]
    together = told_by([page(lines)])
    alone = told_by([page([line], number) for number, line in enumerate(others, start=1)])
    # what stands in a broken line is told as it stands there, and a line has one problem: the first of its columns
    assert together.rows == alone.rows
    assert together.problems.keys() == alone.problems.keys()


@given(st.lists(st.text(max_size=20), max_size=20))
def test_keys_of_many_accounts_are_those_of_each(names: list[str]) -> None:
    from leumund.ids import account_key

    assert account_keys(names).tolist() == [account_key(name) for name in names]


def test_a_long_line_at_the_end_of_a_piece_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_files, "PIECE", 100)
    monkeypatch.setattr(text_files, "_LINE", 16)
    data = b"".join(b"x" * size + b"\n" for size in (30, 90, 10, 10, 300, 5, 80, 1, 95, 3, 99, 100, 0, 0, 7))
    (tmp_path / "a.jsonl").write_bytes(data)
    found = list(text_files.pieces(tmp_path / "a.jsonl"))
    assert b"".join(piece for piece, *_ in found) == data
    assert all(piece.endswith(b"\n") for piece, *_ in found)
    for done, (_piece, offset, *_how_far) in enumerate(found, start=1):
        rest = text_files.pieces(tmp_path / "a.jsonl", start=offset)
        assert [piece for piece, *_ in rest] == [piece for piece, *_ in found[done:]]


def test_the_order_of_files_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEUMUND_ERASURE_KEY", str(tmp_path / "key"))
    w.write_lines(tmp_path / "all.jsonl", 30)
    lines = (tmp_path / "all.jsonl").read_text("utf-8").splitlines(keepends=True)
    files = [tmp_path / f"{name}.jsonl" for name in "abc"]
    for number, file in enumerate(files):  # each tells a part that another tells too
        start = number * len(lines) // 4
        file.write_text("".join([*lines[start : start + len(lines) // 2], "{broken\n"]), "utf-8")
    labs = []
    for name, order in (("one", files), ("other", files[::-1])):
        with Lab.create(tmp_path / name) as lab:
            for file in order:
                with lab.writing(w.NOW) as writer:
                    assert import_path(lab, writer, file).problems == 1
            with lab.tables(as_of=w.NOW.replace(year=2030)) as tables:
                found = [
                    sorted(map(str, tables.sql(f"select * exclude (known_at) from {table}").fetchall()))
                    for table in ("posts", "acts")
                ]
            labs.append(
                (found, lab.register.db.execute("select key, uri from account order by 1").fetchall())
            )
    assert labs[0][0] == labs[1][0]
    assert [tuple(row) for row in labs[0][1]] == [tuple(row) for row in labs[1][1]]
    assert all(labs[0][0])
