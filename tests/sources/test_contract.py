"""What every source promises, over all there are. Samples: tests/sources/NAME/sample*, a file or folder
each, with a sample.mapping.toml beside it where it needs one; the answers: tests/sources/NAME/expected.jsonl.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import socket
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leumund.events import Account, Act, Deletion, Event, Post, Problem, Rows, Statement
from leumund.sources import FileSettings, Found, Page, Source, all_sources

HERE = Path(__file__).parent


def samples(name: str) -> list[Path]:
    found = sorted(p for p in (HERE / name).glob("sample*") if not p.name.endswith(".mapping.toml"))
    return [p for p in found if not p.name.startswith(".")]


def settings_of(sample: Path) -> FileSettings:
    mapping = sample.with_name(sample.name.split(".")[0] + ".mapping.toml")
    return FileSettings(
        path=sample, mapping=tomllib.loads(mapping.read_text("utf-8")) if mapping.exists() else None
    )


def written(event: Event) -> dict[str, Any]:
    """An event as plain values, without what is as usual."""
    if isinstance(event, Rows):
        rows = cast("list[dict[str, Any]]", event.table.to_pylist())
        return {
            "event": "Rows",
            "noun": event.noun,
            "rows": rows,
            "problems": [written(p) for p in event.problems],
        }
    values = {"event": type(event).__name__}
    for field in dataclasses.fields(event):
        value = getattr(event, field.name)
        if value != field.default and not (field.default_factory is not dataclasses.MISSING and not value):
            values[field.name] = value
    return values


def plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else dict(cast("dict[str, object]", value))


def answers(source: Source) -> str:
    lines: list[dict[str, Any]] = []
    for sample in samples(source.name):
        lines.append({"sample": sample.name})
        lines += [written(e) for page in source.fetch(settings_of(sample), None) for e in source.parse(page)]
    return "".join(json.dumps(line, ensure_ascii=False, default=plain) + "\n" for line in lines)


every_source = pytest.mark.parametrize("source", [pytest.param(s, id=n) for n, s in all_sources().items()])
every_sample = pytest.mark.parametrize(
    ("source", "sample"),
    [pytest.param(s, p, id=f"{n}:{p.name}") for n, s in all_sources().items() for p in samples(n)],
)


def pages(source: Source, sample: Path) -> list[Page]:
    return list(source.fetch(settings_of(sample), None))


@every_source
def test_every_source_has_a_sample(source: Source) -> None:
    assert samples(source.name), f"make tests/sources/{source.name}/sample..."


@every_source
def test_a_sample_gives_the_events_expected(source: Source, accept: bool) -> None:
    expected = HERE / source.name / "expected.jsonl"
    given_now = answers(source)
    if accept:
        expected.write_text(given_now, encoding="utf-8", newline="\n")
    assert given_now.splitlines() == expected.read_text("utf-8").splitlines()


@every_source
def test_a_source_says_what_it_tells_and_what_it_cannot(source: Source) -> None:
    assert source.tells
    assert source.cannot_tell
    assert source.title
    assert source.reference
    assert all(text.endswith(".") for text in (*source.tells, *source.cannot_tell))


@every_sample
def test_a_source_recognises_its_own_samples(source: Source, sample: Path) -> None:
    found = source.recognise(sample)
    if settings_of(sample).mapping is None:
        assert found is not None
        assert 0 < found.sure <= 1
        assert found.what


@every_sample
def test_the_same_page_gives_the_same_events_and_stays_as_it_was(source: Source, sample: Path) -> None:
    for page in pages(source, sample):
        before = copy.deepcopy(page)
        first = [written(e) for e in source.parse(page)]
        assert [written(e) for e in source.parse(page)] == first
        assert page == before


@every_source
def test_pages_parsed_by_several_threads_give_what_they_give_one_by_one(source: Source) -> None:
    every = [page for sample in samples(source.name) for page in pages(source, sample)]
    with ThreadPoolExecutor(4) as threads:
        together = threads.map(lambda page: [written(e) for e in source.parse(page)], every * 3)
        assert list(together) == [[written(e) for e in source.parse(page)] for page in every] * 3


@every_sample
def test_reading_a_file_opens_no_connection(
    source: Source, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_about: object, **_more: object) -> None:
        pytest.fail("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    source.recognise(sample)
    for page in pages(source, sample):
        list(source.parse(page))


@every_sample
def test_problems_name_the_place(source: Source, sample: Path) -> None:
    for page in pages(source, sample):
        for event in source.parse(page):
            problems = (
                event.problems if isinstance(event, Rows) else [event] if isinstance(event, Problem) else []
            )
            for problem in problems:
                assert problem.where
                assert problem.message
                if page.kind != "problem":
                    assert page.where in problem.where
                    assert any(sign.isdigit() for sign in problem.where)


@every_sample
def test_times_are_aware_and_in_utc(source: Source, sample: Path) -> None:
    for page in pages(source, sample):
        for event in source.parse(page):
            if isinstance(event, Post | Act | Deletion | Statement):
                assert event.happened_at.utcoffset() == timedelta(0)
            elif isinstance(event, Account):
                assert event.seen_at.utcoffset() == timedelta(0)
                assert event.created_at is None or event.created_at.utcoffset() == timedelta(0)


@every_sample
def test_reading_goes_on_from_any_position(source: Source, sample: Path) -> None:
    every = pages(source, sample)
    for done, page in enumerate(every, start=1):
        position = json.loads(json.dumps(dict(page.position)))
        rest = list(source.fetch(settings_of(sample), position))
        assert [(p.kind, p.where, p.first, p.data) for p in rest] == [
            (p.kind, p.where, p.first, p.data) for p in every[done:]
        ]


@every_sample
def test_progress_never_runs_backwards(source: Source, sample: Path) -> None:
    done = [page.done for page in pages(source, sample)]
    assert done == sorted(done)
    assert all(page.done <= page.size for page in pages(source, sample))


NAMES = (
    "x.zip",
    "x.tar.gz",
    "x.csv",
    "x.json",
    "x.js",
    "twitter-2024-03-05-1.zip",
    "archive-20240305101112-abcdef01.zip",
)
STARTS = (
    b"",
    b"PK\x03\x04",
    b"PK\x05\x06" + bytes(18),
    b"\x1f\x8b\x08\x00",
    b"window.YTD.tweets.part0 = [",
    b"{",
    b"\xff\xfe",
)


@every_source
@given(name=st.sampled_from(NAMES), start=st.sampled_from(STARTS), rest=st.binary(max_size=2_000))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_foreign_bytes_are_never_an_error_to_recognise(
    source: Source, name: str, start: bytes, rest: bytes
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(start + rest)
        found = source.recognise(path)
        assert found is None or isinstance(found, Found)


@every_source
def test_foreign_places_are_never_an_error_to_recognise(source: Source, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "nothing.zip").write_bytes(b"")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for path in (
        tmp_path / "empty",
        tmp_path / "nothing.zip",
        tmp_path / "loop",
        tmp_path / "not there",
        tmp_path,
    ):
        assert source.recognise(path) is None
    for other in all_sources():
        for sample in samples(other):
            source.recognise(sample)
