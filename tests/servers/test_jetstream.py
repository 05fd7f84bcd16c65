"""The stand-in for Jetstream tells what it should, to whom it should, as often as it should."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.servers.jetstream import Jetstream, Plan
from tests.servers.jetstream_frames import V2, renamed, standing, written

ANNA, BEN = "did:plc:anna", "did:plc:ben"
POST, LIKE = "app.bsky.feed.post", "app.bsky.feed.like"


@contextmanager
def listening(address: str) -> Iterator[ClientConnection]:
    with connect(address, proxy=None, compression=None) as line:
        yield line


def frames(line: ClientConnection, count: int) -> list[Any]:
    return [json.loads(line.recv(timeout=60)) for _ in range(count)]


def texts(line: ClientConnection, count: int) -> list[str]:
    return [frame["commit"]["record"]["text"] for frame in frames(line, count)]


def posts(*words: str, who: str = ANNA) -> list[dict[str, Any]]:
    return [written(who, POST, {"text": word}) for word in words]


def test_a_listener_hears_what_is_told_after_it_came(jetstream: Jetstream) -> None:
    jetstream.tell(*posts("before"))
    with listening(jetstream.v1) as line:
        jetstream.tell(*posts("after"))
        assert texts(line, 1) == ["after"]


def test_the_cursor_is_inclusive_in_numbers_and_in_times(jetstream: Jetstream) -> None:
    told = jetstream.tell(*posts("a", "b", "c"))
    for cursor in (told[1].seq, told[1].time_us):
        with listening(f"{jetstream.v1}?cursor={cursor}") as line:
            assert texts(line, 2) == ["b", "c"]


def test_version_1_has_its_form(jetstream: Jetstream) -> None:
    told = jetstream.tell(
        *posts("a"), renamed(ANNA, "anna.test"), standing(BEN, active=False, status="deleted")
    )
    with listening(f"{jetstream.v1}?cursor=1") as line:
        commit, identity, account = frames(line, 3)
    assert commit["time_us"] == told[0].time_us >= 10**15
    assert {n: commit[n] for n in ("did", "kind", "cursor")} == {"did": ANNA, "kind": "commit", "cursor": 1}
    assert commit["commit"]["operation"] == "create"
    assert commit["commit"]["record"] == {"$type": POST, "text": "a"}
    assert identity["identity"]["handle"] == "anna.test"
    assert account["account"]["status"] == "deleted"


def test_version_2_has_its_form(jetstream: Jetstream) -> None:
    jetstream.tell(*posts("a"), renamed(ANNA, "anna.test"))
    with connect(f"{jetstream.v2}?cursor=1", proxy=None, subprotocols=[Subprotocol("xrpc.v1.json")]) as line:
        assert line.subprotocol == "xrpc.v1.json"
        commit, identity = frames(line, 2)
    assert commit["$type"] == "message"
    assert commit["payload"]["$type"] == f"{V2}#commit"
    assert commit["payload"]["record"]["text"] == "a"
    assert len(commit["payload"]["time"]) == len("2026-01-01T00:00:00.000000Z")
    assert identity["payload"]["identity"]["handle"] == "anna.test"


def test_a_deletion_carries_no_record(jetstream: Jetstream) -> None:
    jetstream.tell(written(ANNA, LIKE, None, operation="delete", rkey="3k"))
    with listening(f"{jetstream.v1}?cursor=1") as line:
        commit = frames(line, 1)[0]["commit"]
    assert "record" not in commit
    assert "cid" not in commit


def test_collections_filter_commits_alone(jetstream: Jetstream) -> None:
    jetstream.tell(written(ANNA, LIKE, {}), renamed(ANNA, "a.test"), *posts("a"), written(ANNA, "x.y.z", {}))
    wanted = {"v1": f"wantedCollections={POST}", "v2": "collections=app.bsky.feed.*&kinds=commit"}
    with listening(f"{jetstream.v1}?cursor=1&{wanted['v1']}") as line:
        assert [f["kind"] for f in frames(line, 2)] == ["identity", "commit"]
    with listening(f"{jetstream.v2}?cursor=1&{wanted['v2']}") as line:
        assert [f["payload"]["collection"] for f in frames(line, 2)] == [LIKE, POST]


def test_accounts_filter_everything(jetstream: Jetstream) -> None:
    jetstream.tell(*posts("a"), *posts("b", who=BEN), renamed(ANNA, "a.test"), renamed(BEN, "b.test"))
    with listening(f"{jetstream.v1}?cursor=1&wantedDids={BEN}") as line:
        assert {f["did"] for f in frames(line, 2)} == {BEN}


def test_after_a_break_some_is_told_again(jetstream: Jetstream) -> None:
    told = jetstream.tell(*posts("a", "b", "c", "d"))
    jetstream.next_listeners(Plan(break_after=3), Plan(again=2))
    with listening(f"{jetstream.v1}?cursor=1") as line:
        assert texts(line, 3) == ["a", "b", "c"]
        with pytest.raises(ConnectionClosedError):
            line.recv(timeout=60)
    with listening(f"{jetstream.v1}?cursor={told[2].seq}") as line:
        assert texts(line, 4) == ["a", "b", "c", "d"]
    assert len(jetstream.heard[0].sent) == 3


def test_it_closes_with_a_word(jetstream: Jetstream) -> None:
    jetstream.tell(*posts("a", "b"))
    jetstream.next_listeners(Plan(close_after=(1, 1008, "too slow")))
    with listening(f"{jetstream.v1}?cursor=1") as line:
        assert texts(line, 1) == ["a"]
        with pytest.raises(ConnectionClosedError) as closed:
            line.recv(timeout=60)
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1008, "too slow")


def test_it_falls_silent(jetstream: Jetstream) -> None:
    jetstream.tell(*posts("a", "b"))
    jetstream.next_listeners(Plan(silent_after=1))
    with listening(f"{jetstream.v1}?cursor=1") as line:
        assert texts(line, 1) == ["a"]
        with pytest.raises(TimeoutError):
            line.recv(timeout=0.2)


def test_it_talks_nonsense(jetstream: Jetstream) -> None:
    jetstream.tell(*posts("a"))
    jetstream.next_listeners(Plan(garbage=("{", b"\x00\x01", "[]")))
    with listening(f"{jetstream.v1}?cursor=1") as line:
        assert [line.recv(timeout=60) for _ in range(3)] == ["{", b"\x00\x01", "[]"]
        assert texts(line, 1) == ["a"]


@pytest.mark.parametrize(
    "query", ["wantedCollections=a.b.c", "kinds=nothing", "kinds=sync&collections=a.b.c"]
)
def test_version_2_refuses_what_it_does_not_know(jetstream: Jetstream, query: str) -> None:
    with pytest.raises(InvalidStatus) as refused, listening(f"{jetstream.v2}?{query}"):
        pass
    assert refused.value.response.status_code == 400
    assert json.loads(refused.value.response.body or b"")["error"] == "InvalidRequest"


def test_it_refuses_as_planned(jetstream: Jetstream) -> None:
    jetstream.next_listeners(Plan(refuse=503))
    with pytest.raises(InvalidStatus) as refused, listening(jetstream.v1):
        pass
    assert refused.value.response.status_code == 503
    with listening(jetstream.v1):
        jetstream.wait_for(2)


def test_a_cursor_too_old_is_clamped_or_refused(jetstream: Jetstream) -> None:
    told = jetstream.tell(*posts("a", "b", "c"))
    jetstream.forget(before=told[2].seq)
    with listening(f"{jetstream.v1}?cursor={told[0].seq}") as line:
        assert texts(line, 1) == ["c"]
    with listening(f"{jetstream.v2}?cursor={told[0].time_us}") as line:
        info, commit = (f["payload"] for f in frames(line, 2))
        assert info["name"] == "OutdatedCursor"
        assert commit["record"]["text"] == "c"
    with pytest.raises(InvalidStatus) as refused, listening(f"{jetstream.v2}?cursor={told[0].seq}"):
        pass
    assert b"CursorTooOld" in (refused.value.response.body or b"")


def test_recorded_frames_are_told_as_they_were(jetstream: Jetstream) -> None:
    then = 1_700_000_000_000_000
    record = {"rev": "3k", "operation": "create", "collection": POST, "rkey": "3k", "record": {"text": "a"}}
    lines = [
        {"did": ANNA, "time_us": then + n, "kind": "commit", "commit": record, "cursor": 70 + n}
        for n in range(3)
    ]
    jetstream.tell_as_it_was(json.dumps(line) for line in lines)
    with listening(f"{jetstream.v1}?cursor={then + 1}") as line:
        assert frames(line, 2) == lines[1:]


def test_who_speaks_on_version_2_is_sent_away(jetstream: Jetstream) -> None:
    with listening(jetstream.v2) as line:
        line.send('{"type": "options_update"}')
        with pytest.raises(ConnectionClosedError, match="only speaks"):
            line.recv(timeout=60)


def test_a_listener_that_goes_is_noticed(jetstream: Jetstream) -> None:
    with listening(jetstream.v1):
        jetstream.wait_for(1)
    until = time.monotonic() + 60
    while not jetstream.heard[0].over and time.monotonic() < until:
        time.sleep(0.01)
    assert jetstream.heard[0].over
