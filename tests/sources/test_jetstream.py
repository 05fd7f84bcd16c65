"""A Jetstream's frames: both versions, bad ones, those for a board; in any split and however often they come."""

from __future__ import annotations

import gzip
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.draws import draws

from leumund.errors import UnreadableFileError
from leumund.events import Account, Deletion, Event, Problem, Rows
from leumund.friday_tag import has_tag
from leumund.lab import Lab
from leumund.sources import FileSettings, jetstream_frames, recognise, text_files, zstd_lines
from leumund.sources.at_times import as_moment
from leumund.sources.jetstream import SOURCE
from leumund.sources.jetstream_frames import Parsed, parse_frames
from leumund.sources.jetstream_wanted import Wanted

from .make_repos import NOON, as_line, did, frame, frame_2, post_uri, ref, tid

ANNA, BEN, CARLA = did("anna"), did("ben"), did("carla")
LATER = datetime(2026, 4, 1, tzinfo=UTC)
A_PROFILE = {"displayName": "Anna"}


def at(second: int) -> int:
    return NOON + second * 10**6


def iso(second: int) -> str:
    return as_moment(at(second)).isoformat().replace("+00:00", "Z")


def post(second: int, text: str = "Hallo", *, who: str = ANNA, **more: Any) -> dict[str, Any]:
    return frame(
        who, "feed.post", tid(at(second)), {"text": text, "createdAt": iso(second), **more}, us=at(second)
    )


def like(second: int, uri: str, *, who: str = CARLA) -> dict[str, Any]:
    return frame(
        who, "feed.like", tid(at(second)), {"subject": ref(uri), "createdAt": iso(second)}, us=at(second)
    )


def follow(second: int, whom: str, *, who: str = CARLA) -> dict[str, Any]:
    return frame(
        who, "graph.follow", tid(at(second)), {"subject": whom, "createdAt": iso(second)}, us=at(second)
    )


def gone(old: dict[str, Any], second: int) -> dict[str, Any]:
    kind = old["commit"]["collection"].removeprefix("app.bsky.")
    return frame(old["did"], kind, old["commit"]["rkey"], us=at(second))


def about(who: str, second: int, **said: Any) -> dict[str, Any]:
    ((kind, body),) = said.items()
    return {"did": who, "time_us": at(second), "kind": kind, kind: {"did": who, **body}}


def heard(*frames: dict[str, Any], wanted: Wanted | None = None) -> Parsed:
    lines = [as_line(f) for f in frames]
    return parse_frames(lines, wanted=wanted) if wanted else parse_frames(lines)


def told(events: tuple[Event, ...]) -> list[str]:
    """The events as texts, in one order, wherever they stood."""
    found = []
    for event in events:
        if isinstance(event, Rows):
            found += [json.dumps({k: v for k, v in row.items() if v not in (None, [])}, default=str, sort_keys=True)
                      for row in event.table.to_pylist()]  # fmt: skip
            found += [str(p) for p in event.problems]
        else:
            found.append(str(event))
    return sorted(found)


def problems(parsed: Parsed) -> list[Problem]:
    inside = [p for e in parsed.events if isinstance(e, Rows) for p in e.problems]
    return inside + [e for e in parsed.events if isinstance(e, Problem)]


def posts(parsed: Parsed) -> list[str]:
    return [
        t
        for e in parsed.events
        if isinstance(e, Rows) and e.noun == "post"
        for t in e.table["text"].to_pylist()
    ]


def acts(parsed: Parsed) -> list[tuple[str, str, str]]:
    tables = [e.table for e in parsed.events if isinstance(e, Rows) and e.noun == "act"]
    return [(r["kind"], r["actor"], r["target"]) for t in tables for r in t.to_pylist()]


# -- frames

EVERYTHING = [
    post(1, "#FF @ben.example", facets=[{"features": [{"did": BEN}]}]),
    like(2, post_uri("ben")),
    follow(3, BEN),
    gone(follow(3, BEN), 4),
    frame(ANNA, "actor.profile", "self", A_PROFILE, us=at(5), operation="update"),
    about(BEN, 6, identity={"handle": "ben.example"}),
    about(did("dora"), 7, account={"active": False, "status": "deleted"}),
    frame(ANNA, "graph.block", tid(at(8)), {"subject": BEN}, us=at(8)),
    about(did("emil"), 9, account={"active": False, "status": "suspended"}),
]


def test_every_kind_of_frame_becomes_what_it_means() -> None:
    found = heard(*EVERYTHING)
    assert posts(found) == ["#FF @ben.example"]
    assert sorted(acts(found)) == [("follow", CARLA, BEN), ("like", CARLA, BEN), ("mention", ANNA, BEN)]
    assert [(e.of, e.subject) for e in found.events if isinstance(e, Deletion)] == [
        ("act", f"at://{CARLA}/app.bsky.graph.follow/{tid(at(3))}"), ("account", did("dora")),
    ]  # fmt: skip
    assert [(e.name, e.handle) for e in found.events if isinstance(e, Account)] == [
        ("Anna", None),
        (None, "ben.example"),
    ]
    assert (found.frames, found.used) == (9, 7)


def test_both_versions_tell_the_same_and_may_be_mixed() -> None:
    one = heard(*EVERYTHING)
    two = heard(*(frame_2(f, n) for n, f in enumerate(EVERYTHING)))
    mixed = heard(*(frame_2(f, n) if n % 2 else f for n, f in enumerate(EVERYTHING)))
    assert told(one.events) == told(two.events) == told(mixed.events)


def test_unknown_keys_and_a_cursor_of_newer_servers_are_no_trouble() -> None:
    plain, more = like(1, post_uri("ben")), {**like(1, post_uri("ben")), "cursor": 12, "novelty": {"a": [1]}}
    assert told(heard(plain).events) == told(heard(more).events)


def test_reading_goes_on_from_the_last_frame_that_says_where_it_is() -> None:
    assert heard().position is None
    assert heard(like(1, "x"), post(2)).position == {"cursor": at(2), "time_us": at(2)}
    assert heard(like(1, "x"), {**post(2), "cursor": 7}).position == {"cursor": 7, "time_us": at(2)}
    assert heard(frame_2(post(3), 99)).position == {"cursor": 99, "time_us": at(3)}
    unused = frame(ANNA, "graph.block", "x", {"subject": BEN}, us=at(4))
    assert heard(post(3), unused).position == {"cursor": at(4), "time_us": at(4)}
    info = {
        "$type": "message",
        "payload": {"$type": "network.bsky.jetstream.subscribeEvents#info", "name": "x"},
    }
    assert heard(frame_2(post(3), 99), info).position == {"cursor": 99, "time_us": at(3)}
    assert heard(post(3), {"$type": "error"}).position == {"cursor": at(3), "time_us": at(3)}
    broken = parse_frames([as_line(post(3)), b"{", b""])
    assert broken.position == {"cursor": at(3), "time_us": at(3)}


def test_a_frame_with_a_bad_record_still_says_where_it_is() -> None:
    bad = frame(ANNA, "feed.post", "x", {"text": 7}, us=at(9))
    found = heard(post(1), bad)
    assert found.position == {"cursor": at(9), "time_us": at(9)}
    assert len(problems(found)) == 1


@pytest.mark.parametrize(
    "line",
    [
        b"{", b"[]", b"7", b"null", b"{}", b'"x"', b"\xff\xfe", b'{"a":' + b"[" * 100_000, b'{"kind":"commit"}',
        b'{"did":"did:plc:anna","time_us":1,"kind":"commit","commit":7}',
        b'{"did":"did:plc:anna","time_us":"now","kind":"commit","commit":{}}',
        b'{"did":"did:plc:anna","time_us":123456789012345678901234567890,"kind":"commit"}',
        b'{"did":7,"time_us":1767960000000000,"kind":"account","account":{}}',
        b'{"$type":"error","error":"ConsumerTooSlow"}',
        b'{"$type":"message","payload":[]}',
        as_line(frame("nobody", "feed.like", "k", {"subject": ref(post_uri("ben"))})),
        as_line(frame(ANNA, "feed.like", "k k", {"subject": ref(post_uri("ben"))})),
        as_line(frame(ANNA, "feed.like", "k", {"subject": 7})),
        as_line(frame(ANNA, "feed.like", "k", operation="create")),
        as_line({**like(1, post_uri("ben")), "time_us": 5}),
        as_line({**like(1, post_uri("ben")), "time_us": None}),
        as_line(frame_2(like(1, post_uri("ben")), 1)).replace(b"2026-", b"soon-"),
        as_line(frame_2(gone(like(1, post_uri("ben")), 1), 1)).replace(b'"time"', b'"tome"'),
    ],
)  # fmt: skip
def test_a_bad_frame_is_one_problem_at_its_place_and_the_others_are_read(line: bytes) -> None:
    found = parse_frames(
        [as_line(post(1, "davor")), line, as_line(post(2, "danach"))], where="rec.jsonl", first=10
    )
    assert posts(found) == ["davor", "danach"]
    (problem,) = problems(found)
    assert problem.where == "rec.jsonl:11"
    assert problem.message
    assert len(problem.excerpt) <= 80


def test_news_of_kinds_nobody_knows_yet_are_not_a_problem() -> None:
    sync = {"did": ANNA, "time_us": at(1), "kind": "sync", "sync": {"rev": "x"}}
    found = heard(
        sync,
        {**sync, "kind": "novelty"},
        frame_2(sync, 4),
        {"$type": "ping"},
        about(ANNA, 1, account={"active": True}),
    )
    assert not problems(found)[1:]
    assert found.used == 0


def test_a_gap_in_the_stream_is_said() -> None:
    info = {
        "$type": "message",
        "payload": {"$type": "network.bsky.jetstream.subscribeEvents#info", "name": "OutdatedCursor"},
    }
    (problem,) = problems(heard(info))
    assert "missing" in problem.message


def test_halves_of_letters_are_taken_out() -> None:
    line = as_line(post(1, "HIER")).replace(b"HIER", b"a\\ud800b")
    assert posts(parse_frames([line])) == ["ab"]


def test_messages_come_as_bytes_as_text_or_as_lines() -> None:
    lines = [as_line(f) for f in EVERYTHING]
    every = [
        parse_frames(lines),
        parse_frames([line.decode() for line in lines]),
        parse_frames(b"\n".join(lines) + b"\n"),
    ]
    assert all(told(p.events) == told(every[0].events) for p in every)
    assert all(p.frames == len(lines) for p in every)


@given(data=st.binary(max_size=400))
def test_any_bytes_are_read_without_a_word(data: bytes) -> None:
    found = parse_frames(data)
    assert found.used == 0
    assert len(problems(found)) <= data.count(b"\n") + 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(ANNA) | st.just(NOON),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["did", "time_us", "kind", "commit", "operation", "collection", "rkey", "record", "subject", "uri", "text",
         "facets", "features", "reply", "parent", "embed", "langs", "payload", "$type", "seq", "time", "identity"]
    ), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@given(
    value=JSON,
    collection=st.sampled_from(["feed.post", "feed.like", "graph.follow", "actor.profile"]),
    two=st.booleans(),
)
def test_any_record_is_events_or_a_problem(value: Any, collection: str, *, two: bool) -> None:
    whole = frame(ANNA, collection, tid(NOON), {"createdAt": iso(0)})
    whole["commit"]["record"] = value
    found = heard(frame_2(whole, 1) if two else whole, post(1))
    assert "Hallo" in posts(found)
    assert len(problems(found)) <= 1


# -- for a board

FRIDAY: dict[str, Any] = {"facets": [{"features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "FF"}]}]}


def test_a_board_wants_tagged_posts_and_acts_by_and_towards_those_it_knows() -> None:
    board = Wanted(tagged=has_tag, accounts=frozenset({BEN}))
    found = heard(
        post(1, "#FF @ben.example"), post(2, "Guten Morgen"), post(3, "Wie jeden Freitag", **FRIDAY), post(4, "von ben", who=BEN),
        post(5, "ohne Raute", tags=["FollowFriday"]), like(6, post_uri("ben")), like(7, post_uri("carla"), who=ANNA),
        like(8, post_uri("carla"), who=BEN), follow(9, ANNA), follow(10, BEN),
        frame(ANNA, "actor.profile", "self", A_PROFILE, us=at(11)), about(ANNA, 12, identity={"handle": "anna.example"}),
        wanted=board,
    )  # fmt: skip
    assert posts(found) == ["#FF @ben.example", "Wie jeden Freitag", "von ben", "ohne Raute"]
    assert sorted(acts(found)) == [("follow", CARLA, BEN), ("like", BEN, CARLA), ("like", CARLA, BEN)]
    assert [(e.name, e.handle) for e in found.events if isinstance(e, Account)] == [(None, "anna.example")]
    assert found.position == {"cursor": at(12), "time_us": at(12)}


def test_of_other_languages_only_what_declares_none_else_stays_out() -> None:
    german = Wanted(languages=frozenset({"de"}))
    found = heard(post(1, "de", langs=["de-DE"]), post(2, "beide", langs=["en", "de"]), post(3, "en", langs=["en"]), post(4, "keine"),
                  wanted=german)  # fmt: skip
    assert posts(found) == ["de", "beide", "keine"]


def test_other_collections_stay_out_with_their_deletions() -> None:
    only = Wanted(collections=frozenset({"app.bsky.feed.post", "app.bsky.graph.block"}))
    found = heard(
        post(1), like(2, post_uri("ben")), gone(like(2, post_uri("ben")), 3), gone(post(1), 4), wanted=only
    )
    assert (posts(found), acts(found)) == (["Hallo"], [])
    assert [e.of for e in found.events if isinstance(e, Deletion)] == ["post"]


@given(
    text=st.text(max_size=30),
    tag=st.none() | st.sampled_from(["FF", "ff", "x"]),
    escaped=st.booleans(),
    top=st.booleans(),
)
def test_the_quick_look_at_bytes_misses_nothing(
    text: str, tag: str | None, *, escaped: bool, top: bool
) -> None:
    more: dict[str, Any] = (
        {} if tag is None else {"tags": [tag]} if top else {"facets": [{"features": [{"tag": tag}]}]}
    )
    for before in ("", "#FF ", "＃ff "):
        lines = [
            json.dumps(post(1, before + text, **more), ensure_ascii=escaped).encode(),
            as_line(follow(2, BEN)),
        ]
        quick = parse_frames(lines, wanted=Wanted(tagged=has_tag))
        slow = parse_frames(lines, wanted=Wanted(tagged=has_tag, accounts=frozenset({did("nobody")})))
        assert posts(quick) == posts(slow)
        assert quick.position == slow.position


# -- a recording


def write(path: Path, *frames: dict[str, Any], pack: str = "") -> Path:
    data = b"".join(as_line(f) + b"\n" for f in frames)
    path.write_bytes(
        gzip.compress(data)
        if pack == "gz"
        else pa.compress(data, codec="zstd", asbytes=True)
        if pack
        else data
    )
    return path


def read(path: Path) -> list[str]:
    return told(tuple(e for page in SOURCE.fetch(FileSettings(path=path), None) for e in SOURCE.parse(page)))


@pytest.mark.parametrize("pack", ["", "gz", "zst"])
def test_a_recording_is_recognised_packed_or_not_whatever_its_name(tmp_path: Path, pack: str) -> None:
    path = write(tmp_path / "x.bin", *EVERYTHING, pack=pack)
    source, found = recognise(path)
    assert source.name == "jetstream"
    assert found.sure > 0.9
    assert read(path) == told(heard(*EVERYTHING).events)


def test_version_2_is_recognised_too_and_other_json_is_not(tmp_path: Path) -> None:
    assert SOURCE.recognise(write(tmp_path / "two.jsonl", *(frame_2(f, 1) for f in EVERYTHING)))
    others: list[dict[str, Any]] = [
        {"noun": "note", "happened_at": "2026-01-01", "note": "x"},
        {"did": ANNA},
        {"$type": "message", "payload": {}},
    ]
    for other in others:
        assert SOURCE.recognise(write(tmp_path / "other.jsonl", other)) is None


def test_a_first_line_longer_than_the_glance_is_no_hindrance(tmp_path: Path) -> None:
    assert SOURCE.recognise(write(tmp_path / "long.jsonl", post(1, "x" * 90_000)))


@pytest.mark.parametrize("pack", ["", "gz", "zst"])
def test_pieces_of_any_size_tell_the_same_and_reading_goes_on_after_each(
    tmp_path: Path, pack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "x", *(post(n, "x" * (n % 50)) for n in range(300)), pack=pack)
    whole = read(path)
    monkeypatch.setattr(text_files, "PIECE", 2_000)
    monkeypatch.setattr(zstd_lines, "PIECE", 2_000)
    monkeypatch.setattr(zstd_lines, "_BLOCK", 700)
    every = list(SOURCE.fetch(FileSettings(path=path), None))
    assert len(every) > 20
    assert read(path) == whole
    for done, page in enumerate(every, start=1):
        rest = list(SOURCE.fetch(FileSettings(path=path), page.position))
        assert [(p.first, p.data) for p in rest] == [(p.first, p.data) for p in every[done:]]


@pytest.mark.parametrize("cut", [6, 40, -3])
def test_a_packed_recording_that_is_cut_off_is_read_as_far_as_it_goes(tmp_path: Path, cut: int) -> None:
    path = write(tmp_path / "x.zst", *(post(n, f"{n * 7919 % 1000}") for n in range(400)), pack="zst")
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(UnreadableFileError, match="cut off or broken"):
        read(path)


def test_a_recording_packed_with_a_dictionary_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.zst"
    path.write_bytes(b"\x28\xb5\x2f\xfd\x03" + (1_612_007_021).to_bytes(4, "little") + b"\x00" * 20)
    with pytest.raises(UnreadableFileError, match="dictionary"):
        read(path)


def test_what_grows_without_measure_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zstd_lines, "_RATIO_FROM", 2**20)
    path = tmp_path / "x.zst"
    path.write_bytes(pa.compress(b"{}\n" + b" " * 2**24, codec="zstd", asbytes=True))
    with pytest.raises(UnreadableFileError, match="grows more than"):
        read(path)


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zstd_lines, "PIECE", 1_000)
    monkeypatch.setattr(zstd_lines, "LONGEST_RECORD", 5_000)
    path = write(tmp_path / "x.zst", post(1, "x" * 20_000), pack="zst")
    with pytest.raises(UnreadableFileError, match="no end of a record"):
        read(path)


# -- once, however often it is delivered

WHO = st.sampled_from(["anna", "ben", "carla"])


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """What happens among three people in a few seconds; some of it is deleted later."""
    frames: list[dict[str, Any]] = []
    second, living = 0, list[dict[str, Any]]()
    for _step in range(draw(st.integers(1, 10))):
        second += 1
        who, other = draw(WHO), draw(WHO)
        kind = draw(st.sampled_from(["post", "reply", "like", "follow", "gone", "name"]))
        if kind == "gone" and living:
            frames.append(gone(living.pop(draw(st.integers(0, len(living) - 1))), second))
            continue
        if kind == "name":
            frames.append(about(did(who), second, identity={"handle": f"{who}.example"}))
            continue
        match kind:
            case "like":  # the same post may be liked again after the like was taken back
                made = like(second, post_uri(other), who=did(who))
            case "follow":
                made = follow(second, did(other), who=did(who))
            case "reply":
                made = post(second, "ja", who=did(who), reply={"parent": ref(post_uri(other))})
            case _:
                made = post(
                    second,
                    f"#FF @{other}.example",
                    who=did(who),
                    facets=[{"features": [{"did": did(other)}]}],
                )
        frames.append(made)
        living.append(made)
    return frames


def kept(deliveries: list[list[dict[str, Any]]]) -> dict[str, list[tuple[Any, ...]]]:
    """What a lab holds after these batches of frames."""
    with tempfile.TemporaryDirectory() as folder, Lab.create(Path(folder) / "lab") as lab:
        with lab.writing(LATER) as writer:
            for batch in deliveries:
                writer.add(heard(*batch).events)
        with lab.tables(as_of=LATER) as tables:
            return {
                "posts": tables.sql("select post, account, text, reply_to, mentions, happened_at from posts order by 1").fetchall(),
                "acts": tables.sql("select kind, actor, target, act, post, via, happened_at from acts order by all").fetchall(),
                "accounts": [tuple(r) for r in lab.register.db.execute("select uri, handle from account order by uri")],
            }  # fmt: skip


@draws(5, suppress_health_check=list(HealthCheck))
@given(history=histories(), data=st.data())
def test_frames_in_any_split_and_delivered_again_give_the_same_lab(
    history: list[dict[str, Any]], data: st.DataObject
) -> None:
    once = kept([[f] for f in history])
    deliveries, done = [], 0
    while done < len(history):
        back = data.draw(st.integers(0, done), label="the connection breaks: so many frames come again")
        done_next = data.draw(st.integers(done + 1, len(history)), label="up to")
        deliveries.append(history[done - back : done_next])
        done = done_next
    assert kept(deliveries) == once


@settings(max_examples=30)
@given(history=histories(), at_once=st.integers(1, 5))
def test_how_many_are_read_side_by_side_changes_nothing(history: list[dict[str, Any]], at_once: int) -> None:
    whole = heard(*history)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jetstream_frames, "_AT_ONCE", at_once)
        parts = heard(*history)
    assert told(parts.events) == told(whole.events)
    assert (parts.position, parts.used) == (whole.position, whole.used)


def test_a_follow_that_is_taken_back_and_given_again_stands() -> None:
    history = [follow(1, BEN), gone(follow(1, BEN), 2), follow(3, BEN)]
    for deliveries in ([history], [[f] for f in history], [history, history], [history[:2], history[1:]]):
        assert len(kept(deliveries)["acts"]) == 1
