"""Repositories as CAR files: whole ones are read whole, of others it is said what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from leumund.errors import LeumundError, UnreadableFileError
from leumund.events import Account, Event, Problem, Rows
from leumund.sources import FileSettings, Page, bluesky_repo, recognise
from leumund.sources.bluesky_repo import SOURCE
from leumund.sources.car_files import open_car

from .make_repos import (
    DID,
    NOON,
    Blocks,
    Link,
    car,
    cbor,
    did,
    post_uri,
    put,
    ref,
    repo,
    repo_blocks,
    tid,
    varint,
)

COUNT = 60


def records(count: int = COUNT) -> dict[str, Any]:
    found: dict[str, Any] = {"app.bsky.actor.profile/self": {"displayName": "Anna"}}
    for n in range(count):
        when = {"createdAt": "2026-01-08T10:00:00Z"}
        found[f"app.bsky.feed.post/{tid(NOON - n * 10**6)}"] = {"text": f"Beitrag {n}", **when}
        found[f"app.bsky.feed.like/{tid(NOON - n * 10**6)}"] = {
            "subject": ref(post_uri("ben", NOON - n)),
            **when,
        }
        found[f"app.bsky.graph.block/{tid(NOON - n * 10**6)}"] = {"subject": did("ben"), **when}
    return found


def pages(path: Path, cursor: Any = None) -> list[Page]:
    return list(SOURCE.fetch(FileSettings(path=path), cursor))


def read(path: Path, data: bytes) -> list[Event]:
    path.write_bytes(data)
    return [event for page in pages(path) for event in SOURCE.parse(page)]


def counted(events: list[Event]) -> dict[str, int]:
    found: dict[str, int] = {e.noun: e.table.num_rows for e in events if isinstance(e, Rows)}
    return found | {"account": sum(isinstance(e, Account) for e in events)}


def problems(events: list[Event]) -> list[Problem]:
    inside = [p for e in events if isinstance(e, Rows) for p in e.problems]
    return inside + [e for e in events if isinstance(e, Problem)]


def test_a_whole_repository_is_read_whole(tmp_path: Path) -> None:
    found = read(tmp_path / "anna.car", repo(records()))
    assert counted(found) == {"post": COUNT, "act": COUNT, "account": 1}
    assert not problems(found)


def test_whose_it_is_and_when_it_was_made_is_seen_at_once_and_not_that_it_is_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "without a name"
    path.write_bytes(repo(records(3)))
    source, found = recognise(path)
    assert (source.name, found.owner) == ("bluesky_repo", DID)
    assert found.made_at is not None
    assert found.made_at.isoformat() == "2026-01-09T12:00:00+00:00"
    assert not any(e.own for e in read(path, path.read_bytes()) if isinstance(e, Account))


def test_a_repository_of_2023_does_not_say_when_it_was_made(tmp_path: Path) -> None:
    path = tmp_path / "old.car"
    path.write_bytes(repo(records(3), rev=""))
    _source, found = recognise(path)
    assert (found.owner, found.made_at) == (DID, None)
    assert len(pages(path)) == 1


def test_records_are_spread_over_pages_and_reading_goes_on_after_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bluesky_repo, "RECORDS_PER_PAGE", 7)
    path = tmp_path / "anna.car"
    path.write_bytes(repo(records()))
    every = pages(path)
    assert len(every) == -(-(2 * COUNT + 1) // 7)
    for done, page in enumerate(every, start=1):
        assert [p.data for p in pages(path, page.position)] == [p.data for p in every[done:]]


def test_a_cursor_of_another_state_of_the_repository_means_nothing(tmp_path: Path) -> None:
    path = tmp_path / "anna.car"
    path.write_bytes(repo(records(2)))
    assert len(pages(path, {"archive": "other", "record": 3, "told": 1})) == 1


def header_and_commit(car: bytes) -> int:
    """How many bytes tell whose repository it is: the header and the first block, each behind its length."""
    at = 0
    for _ in range(2):
        length = shift = 0
        while True:
            byte = car[at]
            at, length, shift = at + 1, length | (byte & 0x7F) << shift, shift + 7
            if byte < 0x80:
                break
        at += length
    return at


@example(share=0.021484375)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 0.999))
def test_a_file_that_is_cut_off_is_read_as_far_as_it_goes_and_said_to_be_cut(
    tmp_path: Path, share: float
) -> None:
    whole = repo(records(20))
    data = whole[: int(len(whole) * share)]
    if len(data) < header_and_commit(whole):  # not even whose it is
        with pytest.raises(UnreadableFileError, match=r"cut\.car"):
            read(tmp_path / "cut.car", data)
        return
    found = read(tmp_path / "cut.car", data)
    assert any("cut off" in p.message for p in problems(found))
    assert sum(counted(found).values()) < 41


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 0.9999), sign=st.integers(1, 255))
def test_no_damage_goes_unnoticed(tmp_path: Path, place: float, sign: int) -> None:
    data = bytearray(repo(records(20)))
    data[int(len(data) * place)] ^= sign
    try:
        found = read(tmp_path / "damaged.car", bytes(data))
    except LeumundError:
        return
    # A block of no use to us (who is blocked) may be broken; else somebody is told.
    assert problems(found) or counted(found) == {"post": 20, "act": 20, "account": 1}


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(rest=st.binary(max_size=300), start=st.sampled_from(["header", "nothing"]))
def test_any_bytes_are_an_error_in_words_or_a_counted_problem(
    tmp_path: Path, rest: bytes, start: str
) -> None:
    header = cbor({"roots": [Link(b"\x01\x71\x12\x20" + b"\x07" * 32)], "version": 1})
    data = varint(len(header)) + header + rest if start == "header" else rest
    with pytest.raises(UnreadableFileError):
        read(tmp_path / "x.car", data)
    assert SOURCE.recognise(tmp_path / "x.car") is None or start == "header"


def test_what_a_difference_leaves_out_is_counted(tmp_path: Path) -> None:
    root, blocks = repo_blocks(records(10))
    left_out = [name for name, data in blocks.items() if b"Beitrag" in data][:4]
    for name in left_out:
        del blocks[name]
    found = read(tmp_path / "since.car", car(root, blocks))
    assert counted(found)["post"] == 6
    (problem,) = problems(found)
    assert "4" in problem.message


def commit(data: Any, blocks: Blocks) -> bytes:
    return put({"did": DID, "version": 3, "data": data, "rev": tid(NOON), "prev": None, "sig": b""}, blocks)


def entry(path: str, record: bytes, after: bytes | None = None, *, shared: int = 0) -> dict[str, Any]:
    return {"p": shared, "k": path.encode(), "v": Link(record), "t": Link(after) if after else None}


def test_a_tree_that_leads_to_itself_again_and_again_ends(tmp_path: Path) -> None:
    blocks: Blocks = {}
    like = put({"subject": ref(post_uri("ben")), "createdAt": "2026-01-08T10:00:00Z"}, blocks)
    name: bytes | None = None
    for depth in range(60):  # 3^60 ways down
        paths = [f"app.bsky.feed.like/{depth:02}{n}" for n in range(3)]
        name = put({"l": Link(name) if name else None, "e": [entry(p, like, name) for p in paths]}, blocks)
    assert name is not None
    found = read(tmp_path / "bomb.car", car(commit(Link(name), blocks), blocks))
    assert len(problems(found)) == 1


@pytest.mark.parametrize(
    "node",
    [
        [],
        "node",
        7,
        {},
        {"l": None, "e": 5},
        {"l": None, "e": [7]},
        {"l": None, "e": [{"p": 0, "k": b"x", "v": 7, "t": None}]},
        {"l": None, "e": [{"p": "0", "k": b"x", "v": b"", "t": None}]},
        {"l": None, "e": [{"p": 0, "k": "text", "v": b"", "t": None}]},
        {"l": None, "e": [{"p": 0, "k": b"x" * 2_000, "v": b"", "t": None}]},
        {"l": b"no name", "e": []},
        {"l": 7, "e": []},
    ],
)
def test_a_node_that_is_none_is_missing_and_said_to_be(tmp_path: Path, node: Any) -> None:
    blocks: Blocks = {}
    found = read(tmp_path / "odd.car", car(commit(Link(put(node, blocks)), blocks), blocks))
    (problem,) = problems(found)
    assert "parts of the list" in problem.message


@pytest.mark.parametrize(
    "path", ["app.bsky.feed.post", "/x", "app.bsky.feed.post/a b", "app.bsky.feed.post/\u00e4"]
)
def test_a_path_that_names_no_record_is_counted(tmp_path: Path, path: str) -> None:
    blocks: Blocks = {}
    record = put({"text": "x"}, blocks)
    node = put({"l": None, "e": [entry(path, record)]}, blocks)
    (problem,) = problems(read(tmp_path / "odd.car", car(commit(Link(node), blocks), blocks)))
    assert "1" in problem.message


@pytest.mark.parametrize(
    "raw", [b"\x81" * 100_000 + b"\x00", b"\x9b\x00\x00\x00\x7f\xff\xff\xff\xff", b"\xff", b"\x01"]
)
def test_a_record_that_is_none_is_a_problem_with_its_number(tmp_path: Path, raw: bytes) -> None:
    from .make_repos import cid

    blocks: Blocks = {cid(raw): raw}
    node = put({"l": None, "e": [entry("app.bsky.feed.post/1", cid(raw))]}, blocks)
    (problem,) = problems(read(tmp_path / "odd.car", car(commit(Link(node), blocks), blocks)))
    assert problem.where == "odd.car: item 1"


@pytest.mark.parametrize("who", ["anna", "did:plc:a b", 7, None])
def test_a_repository_of_nobody_is_refused(tmp_path: Path, who: Any) -> None:
    with pytest.raises(UnreadableFileError, match="whose repository"):
        read(tmp_path / "x.car", repo(records(1), who=who))


@pytest.mark.parametrize(
    "header",
    [
        {"roots": [], "version": 1},
        {"roots": 7, "version": 1},
        {"version": 2},
        [],
        {"roots": [7], "version": 1},
    ],
)
def test_another_kind_of_car_file_is_not_taken_for_one(tmp_path: Path, header: Any) -> None:
    data = cbor(header)
    path = tmp_path / "x.car"
    path.write_bytes(varint(len(data)) + data)
    assert SOURCE.recognise(path) is None
    with pytest.raises(UnreadableFileError, match="no CAR file"):
        pages(path)


def test_names_that_begin_alike_are_told_apart(tmp_path: Path) -> None:
    blocks: Blocks = {}
    for n in range(2_000):
        put({"n": n}, blocks)
    root = put({"did": DID}, blocks)
    (tmp_path / "x.car").write_bytes(car(root, blocks))
    with open_car(tmp_path / "x.car") as found:
        assert len(found) == len(blocks)
        assert all(found.block(name) == data for name, data in blocks.items())
