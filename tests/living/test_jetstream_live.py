"""Listening to a stream: every event once, whatever breaks; strangers' things stay out."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from leumund import syncing
from leumund.errors import LeumundError
from leumund.events import Account
from leumund.http import Client
from leumund.http.addresses import place
from leumund.lab import Lab
from leumund.sources import jetstream_live
from leumund.sources.living import Asked, Connection, living_named
from leumund.store import connections
from leumund.store.people import link
from tests.living import labs
from tests.servers.jetstream import Jetstream, Plan
from tests.servers.jetstream_frames import written

ME = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"
BEN = "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb"
CARLA = "did:plc:cccccccccccccccccccccccc"
POST, LIKE, FOLLOW = "app.bsky.feed.post", "app.bsky.feed.like", "app.bsky.graph.follow"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jetstream_live, "_QUIET_S", 0.8)
    monkeypatch.setattr(jetstream_live, "_SECONDS", 0.2)


def stamp() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def post(who: str, text: str, language: str = "de") -> dict[str, object]:
    return written(who, POST, {"text": text, "langs": [language], "createdAt": stamp()})


def like(who: str, uri: str) -> dict[str, object]:
    return written(who, LIKE, {"subject": {"uri": uri, "cid": "x"}, "createdAt": stamp()})


def connect(lab: Lab, stream: Jetstream, *, version: str = "2", language: str = "") -> Connection:
    who = Asked(
        where=stream.url, options={"language": language}, tell=lambda _t: None, prompt=labs.unprompted,
        browse=lambda _u: False, at=labs.now(),
        client=lambda origin: Client(origin=origin, allowed=frozenset({place(origin)})),
    )  # fmt: skip
    found = living_named("jetstream").connect(who)
    assert found.own is False
    made = Connection(
        id="", source="jetstream", server=found.connection.server, account=found.connection.account,
        settings={**found.connection.settings, "private": "1", "version": version},
    )  # fmt: skip
    return connections.add(lab.register, made, at=labs.now())


def listen(lab: Lab) -> None:
    assert labs.failures(labs.sync(lab, stop=labs.Impatient())) == []


@pytest.mark.parametrize("version", ["1", "2"])
def test_tagged_posts_come_in_and_others_do_not(lab: Lab, jetstream: Jetstream, version: str) -> None:
    connect(lab, jetstream, version=version)
    listen(lab)
    jetstream.tell(
        post(BEN, "Guten Morgen"),
        post(CARLA, "#FollowFriday @ben.example because he listens"),
        like(CARLA, f"at://{BEN}/{POST}/3kaaaaaaaaaa2"),
    )
    listen(lab)
    assert (
        sorted(labs.posts(lab).values()) == ["#FollowFriday @ben.example because he listens"]
        or len(labs.posts(lab)) == 2
    )
    assert labs.acts(lab) == []


def test_languages_can_be_chosen(lab: Lab, jetstream: Jetstream) -> None:
    connect(lab, jetstream, language="de")
    listen(lab)
    jetstream.tell(post(BEN, "#FF @carla.example, klug"), post(BEN, "#FF @carla.example, clever", "en"))
    listen(lab)
    assert "#FF @carla.example, klug" in labs.posts(lab).values()
    assert "#FF @carla.example, clever" not in labs.posts(lab).values()


def test_what_is_done_towards_the_owner_comes_in(lab: Lab, jetstream: Jetstream) -> None:
    at = labs.now()
    with lab.writing(at) as writer:
        writer.add(
            [Account(account=ME, seen_at=at, network="bluesky", own=True, aliases=("at://anna.example",))]
        )
    link(lab.register, [ME], name="", owner=True)
    connect(lab, jetstream)
    listen(lab)
    mine = f"at://{ME}/{POST}/3kaaaaaaaaaa2"
    jetstream.tell(
        like(BEN, mine),
        like(BEN, f"at://{CARLA}/{POST}/3kaaaaaaaaaa2"),
        written(CARLA, FOLLOW, {"subject": ME, "createdAt": stamp()}),
    )
    listen(lab)
    assert labs.acts(lab) == [("follow", CARLA, ME, ""), ("like", BEN, ME, mine)]


def test_deletions_take_away_what_is_there_and_nothing_else_is_kept_of_them(
    lab: Lab, jetstream: Jetstream
) -> None:
    connect(lab, jetstream)
    listen(lab)
    kept, gone = post(BEN, "#FF @carla.example bleibt"), post(BEN, "#FF @carla.example geht")
    jetstream.tell(kept, gone)
    listen(lab)
    key = gone["what"]["rkey"]  # type: ignore[index]
    jetstream.tell(
        written(BEN, POST, None, rkey=key, operation="delete"),
        *(written(CARLA, POST, None, rkey=f"3kzzz{n:08d}", operation="delete") for n in range(30)),
    )
    listen(lab)
    assert "#FF @carla.example geht" not in labs.posts(lab).values()
    assert "#FF @carla.example bleibt" in labs.posts(lab).values()
    stored = sum(s.rows for s in lab.register.segments("deletions"))
    assert stored == 1


@pytest.mark.parametrize("version", ["1", "2"])
def test_a_stream_that_breaks_and_tells_again_gives_each_event_once(
    lab: Lab, jetstream: Jetstream, version: str
) -> None:
    connect(lab, jetstream, version=version)
    listen(lab)
    jetstream.tell(*(post(BEN, f"#FF @carla.example, Nummer {n}") for n in range(50)))
    jetstream.next_listeners(
        Plan(break_after=7), Plan(again=5, break_after=20), Plan(refuse=503), Plan(again=9, garbage=("no frame", b"\x00")),
    )  # fmt: skip
    listen(lab)
    texts = [t for t in labs.posts(lab).values() if "Nummer" in t]
    assert sorted(texts) == sorted(f"#FF @carla.example, Nummer {n}" for n in range(50))
    assert len(labs.posts(lab)) == 50


def test_a_stream_that_cannot_be_reached_is_said(lab: Lab, jetstream: Jetstream) -> None:
    connect(lab, jetstream)
    jetstream.next_listeners(*(Plan(refuse=503) for _ in range(20)))
    told = labs.failures(labs.sync(lab, stop=labs.Impatient()))
    assert len(told) == 1


def test_what_is_no_stream_is_said(jetstream: Jetstream) -> None:
    jetstream.next_listeners(Plan(refuse=404), Plan(refuse=404))
    who = labs.asked(jetstream.url)
    with pytest.raises(LeumundError):
        living_named("jetstream").connect(who)


def test_live_it_stays_until_it_is_stopped(lab: Lab, jetstream: Jetstream) -> None:
    connect(lab, jetstream)
    stop = threading.Event()
    came = threading.Event()
    outcomes: list[object] = []

    def run() -> None:
        with Lab.open(lab.folder) as own:
            which = connections.all_connections(own.register)
            outcomes.extend(
                syncing.sync(
                    own,
                    which,
                    clock=labs.now,
                    live=True,
                    stop=stop,
                    say=lambda s: came.set() if s.rows else None,
                )
            )

    listening = threading.Thread(target=run)
    listening.start()
    jetstream.wait_for(2)
    time.sleep(2 * jetstream_live._QUIET_S)
    jetstream.tell(post(BEN, "#FF @carla.example, live"))
    assert came.wait(60)
    stop.set()
    listening.join(60)
    assert not listening.is_alive()
    assert "#FF @carla.example, live" in labs.posts(lab).values()


def test_a_clock_that_goes_ahead_keeps_nobody_listening(
    lab: Lab, jetstream: Jetstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jetstream_live, "_WATCHED_S", 0.8)
    connect(lab, jetstream)
    listen(lab)
    over = threading.Event()

    def go_on() -> None:
        while not over.wait(0.05):
            jetstream.tell(post(BEN, "Guten Morgen"))

    teller = threading.Thread(target=go_on)
    teller.start()
    stopped = threading.Timer(60, over.set)
    stopped.start()
    try:
        syncing.sync(
            lab,
            connections.all_connections(lab.register),
            clock=lambda: labs.now() + timedelta(hours=1),
            stop=labs.Impatient(),
        )
        assert not over.is_set(), "it ended by itself, not because nobody spoke any more"
    finally:
        over.set()
        stopped.cancel()
        teller.join()
