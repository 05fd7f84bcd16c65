"""Frames that look alike are read as columns: it tells the same as decoding each, whatever else is among them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.draws import draws

from leumund.events import Deletion, Event, Problem, Rows
from leumund.sources import jetstream_alike, jetstream_frames
from leumund.sources.at_records import unrolled
from leumund.sources.jetstream_alike import Forms
from leumund.sources.jetstream_forms import form_of, numbers
from leumund.sources.jetstream_frames import DECODER, Parsed, parse_frames
from leumund.sources.jetstream_wanted import ALL, Wanted

from .make_repos import NOON, as_line, did, frame, frame_2, post_uri, ref, tid

WHO = [did(name) for name in ("anna", "ben", "carla")]
US = st.integers(NOON, NOON + 10**6)


def claimed(us: int) -> str:
    return f"2026-01-09T12:00:{us % 60:02}.{us % 1000:03}Z"


def told(parsed: Parsed) -> tuple[list[str], Any, int, int]:
    events: list[Event] = [e for event in parsed.events for e in unrolled(event)]
    texts = (str(event).replace("zoneinfo.ZoneInfo(key='UTC')", "datetime.timezone.utc") for event in events)
    return sorted(texts), parsed.position, parsed.frames, parsed.used


def read(lines: list[bytes], enough: int, wanted: Wanted = ALL) -> Parsed:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jetstream_alike, "ENOUGH", enough)
        patch.setattr(jetstream_frames, "_FORMS", Forms(DECODER.decode))
        return parse_frames(lines, wanted=wanted)


@st.composite
def frames(draw: st.DrawFn) -> bytes:
    us, who, whom = draw(US), draw(st.sampled_from(WHO)), draw(st.sampled_from(["anna", "ben", "carla"]))
    kind = draw(
        st.sampled_from(
            ["feed.like", "feed.repost", "graph.follow", "graph.block", "feed.post", "feed.generator"]
        )
    )
    record: dict[str, Any] = {"createdAt": claimed(us), "subject": ref(post_uri(whom))}
    if kind.startswith("graph."):
        record["subject"] = did(whom)
    if kind == "feed.post":
        record = {"createdAt": claimed(us), "text": "Hallo"}
    if draw(st.integers(0, 9)) == 0:
        record |= draw(
            st.sampled_from(
                [{"direction": "up"}, {"via": ref(post_uri("ben"))}, {"n": 123, "l": [1, 2], "b": True}]
            )
        )
    deleted = draw(st.booleans()) and kind != "graph.block"
    whole = frame(who, kind, tid(us), None if deleted else record, us=us)
    return as_line(frame_2(whole, us) if draw(st.integers(0, 3)) == 0 else whole)


@st.composite
def streams(draw: st.DrawFn) -> list[bytes]:
    lines = draw(st.lists(frames(), min_size=2, max_size=12))
    for _change in range(draw(st.integers(0, 3))):  # one byte of one frame is another one
        number = draw(st.integers(0, len(lines) - 1))
        at = draw(st.integers(0, len(lines[number]) - 1))
        sign = draw(
            st.sampled_from(
                [b'"', b"\\", b"0", b"9", b"a", b"A", b"/", b":", b"{", b" ", b"\xff", b"\x00", b"\n", b"-"]
            )
        )
        lines[number] = lines[number][:at] + sign + lines[number][at + 1 :]
    return draw(st.permutations(lines * draw(st.integers(1, 2))))


@draws(100)
@given(lines=streams())
def test_columns_tell_the_same_as_decoding_each(lines: list[bytes]) -> None:
    assert told(read(lines, 2)) == told(read(lines, 10**9))


@draws(60)
@given(lines=streams(), known=st.frozensets(st.sampled_from(WHO)), posts=st.booleans())
def test_what_is_wanted_is_the_same_too(lines: list[bytes], known: frozenset[str], *, posts: bool) -> None:
    kinds = frozenset({"app.bsky.feed.like", "app.bsky.feed.post"} if posts else {"app.bsky.graph.follow"})
    for wanted in (Wanted(accounts=known), Wanted(collections=kinds)):
        assert told(read(lines, 2, wanted)) == told(read(lines, 10**9, wanted))


def like(us: int, **more: Any) -> bytes:
    record = {"createdAt": claimed(us), "subject": ref(post_uri("ben"))}
    return as_line({**frame(WHO[0], "feed.like", tid(us), record, us=us), **more})


def test_likes_of_one_form_are_columns() -> None:
    lines = [like(NOON + 1_000 * n) for n in range(100)]
    form = form_of(lines[0], DECODER.decode(lines[0]))
    assert form is not None
    assert form.read(b"".join(lines))[0].all()
    (rows,) = (e for e in read(lines, 2).events if isinstance(e, Rows))
    assert len(set(rows.table["act"].to_pylist())) == 100
    assert rows.table.num_rows == 100


def test_deletions_of_one_form_are_columns() -> None:
    lines = [
        as_line(frame(WHO[0], "feed.like", tid(NOON + n * 10**6), us=NOON + n * 10**6)) for n in range(3)
    ]
    found = read(lines, 2).events
    assert [e.noun for e in found if isinstance(e, Rows)] == ["deletion"]
    assert [e for event in found for e in unrolled(event)] == [
        e for e in read(lines, 9).events if isinstance(e, Deletion)
    ]


@pytest.mark.parametrize(
    "changed",
    [
        (b'"did":', b'"did":"did:plc:x","did":'), (b'"kind":"commit"', b'"kind": "commit"'), (b'"rkey":"', b'"rkey":"\\u0061'),
        (b'"time_us":', b'"time_us":-'), (b'"did":"did:plc:', b'"did":"did:web:'), (b'"kind":"commit"', b'"kind":"commit","x":"\xc3\xbc"'),
        (b'bbb"}}', b'bbb"},"commit":{}}'), (b'"collection":', b'"collection":"app.bsky.graph.block","collection":'),
        (b'"operation":"create"', b'"operation":"delete"'), (b'"kind":"commit"', b'"kind":"commit","payload":{"did":"x"}'),
    ],
)  # fmt: skip
def test_what_could_mean_something_else_has_no_form(changed: tuple[bytes, bytes]) -> None:
    plain = like(NOON)
    line = plain.replace(*changed, 1)
    assert line != plain
    try:
        decoded = DECODER.decode(line)
    except ValueError:
        decoded = None
    assert form_of(line, decoded) is None


def test_a_bad_frame_among_many_alike_is_a_problem_at_its_place() -> None:
    lines = [like(NOON + n) for n in range(100)]
    lines[42] = lines[42].replace(b'"rkey":"3', b'"rkey":3"')
    found = parse_frames(lines, where="rec.jsonl")
    inside = [p for e in found.events if isinstance(e, Rows) for p in e.problems]
    assert [p.where for p in inside + [e for e in found.events if isinstance(e, Problem)]] == ["rec.jsonl:43"]
    assert found.used == 99


def test_a_stream_of_ever_new_forms_is_read_and_not_remembered_without_end() -> None:
    forms = Forms(DECODER.decode)
    for n in range(300):
        forms.learn(as_line({**json.loads(like(NOON)), "x": "a" * n}))
    assert sum(len(forms.of(length)) for length in range(2_000)) <= 64


@given(st.lists(st.integers(0, 10**16 - 1), min_size=1, max_size=20))
def test_digits_are_the_numbers_they_write(values: list[int]) -> None:
    digits = np.frombuffer("".join(f"{v:016}" for v in values).encode(), np.uint8).reshape(-1, 16)
    assert numbers(digits).tolist() == values
