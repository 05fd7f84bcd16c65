"""Whatever goes wrong on the way: in the end exactly the acts that happened are in the lab, each once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from leumund import fetching, syncing
from leumund.errors import SyncBusyError
from leumund.events import Account
from leumund.http import Client
from leumund.http.addresses import place
from leumund.lab import Lab
from leumund.sources.living import Connection
from tests.living import labs
from tests.living.made_server import HOST, ME, NOTIFICATIONS, TOKEN, Made, person
from tests.servers import faults
from tests.servers.faulty import Answer, Faulty, computed, good


@pytest.fixture
def made(faulty: Faulty, monkeypatch: pytest.MonkeyPatch) -> Made:
    def quick(
        connection: Connection, stop: threading.Event, waiting: Callable[[str, float, str], None]
    ) -> Client:
        return Client(
            origin=connection.server, allowed=frozenset({place(connection.server)}), stop=stop, waiting=waiting,
            chance=lambda: 0.0, read_s=0.5, all_s=3.0, tries=4,
        )  # fmt: skip

    monkeypatch.setattr(fetching, "client_for", quick)
    return Made(faulty).start()


def connect(lab: Lab, made: Made) -> None:
    labs.connect(lab, "mastodon", labs.asked(made.url, prompt=lambda _text, _hidden: TOKEN, token="1"))


BAD: dict[str, Answer] = {
    "reset before a byte": faults.reset(),
    "reset in the middle": faults.reset([1, 2, 3, 4], after=6),
    "cut off": faults.cut_off([1, 2, 3, 4], after=6),
    "truncated JSON": faults.malformed([1, 2, 3, 4], after=6),
    "stall": faults.stalled(),
    "500": faults.broken(500),
    "503": faults.broken(503),
    "429 with a span": faults.limited({"Retry-After": "0"}),
    "429 without a word": faults.limited(),
    "no list": good({"a": 1}),
    "no HTTP": faults.not_http(),
    "hung up": faults.hung_up(),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_fault_on_any_page_costs_nothing(lab: Lab, made: Made, kind: str) -> None:
    made.likes = 200
    made.before = lambda number: BAD[kind] if number == 3 else None
    connect(lab, made)
    for _attempt in range(3):
        if not labs.failures(labs.sync(lab, stop=labs.Impatient())):
            break
    else:
        pytest.fail("it never came to its end")
    assert labs.acts(lab) == made.acts()


def test_bursts_of_faults_cost_nothing(lab: Lab, made: Made) -> None:
    draw = random.Random(11)
    made.likes = 400
    bad = list(BAD.values())
    made.before = lambda _number: draw.choice(bad) if draw.random() < 0.4 else None
    connect(lab, made)
    for _attempt in range(30):
        if not labs.failures(labs.sync(lab, stop=labs.Impatient())):
            break
    made.before = lambda _number: None
    assert labs.failures(labs.sync(lab, stop=labs.Impatient())) == []
    assert labs.acts(lab) == made.acts()


def test_new_things_come_first_while_the_history_is_still_read(lab: Lab, made: Made) -> None:
    made.likes = 400
    connect(lab, made)
    made.before = lambda number: faults.broken(500) if number > 3 else None
    assert labs.failures(labs.sync(lab, stop=labs.Impatient()))
    made.likes = 410
    made.before = lambda number: faults.broken(500) if number % 2 == 0 else None
    labs.sync(lab, stop=labs.Impatient())
    assert {a[3] for a in made.acts()[-1:]} <= {a[3] for a in labs.acts(lab)}
    made.before = lambda _number: None
    assert labs.failures(labs.sync(lab, stop=labs.Impatient())) == []
    assert labs.acts(lab) == made.acts()


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("page", [1, 7, 80])
def test_servers_page_in_their_own_ways(lab: Lab, made: Made, *, links: bool, page: int) -> None:
    made.likes, made.links, made.page = 50, links, page
    connect(lab, made)
    assert labs.failures(labs.sync(lab)) == []
    assert labs.acts(lab) == made.acts()


def test_a_server_without_some_parts_still_tells_the_others(lab: Lab, made: Made) -> None:
    made.likes = 10
    connect(lab, made)
    missing = good({"error": "Record not found"}, status=404)
    for path in ("/api/v1/favourites", "/api/v1/accounts/1/followers", "/api/v1/accounts/1/following"):
        made.server.answer(path, missing)
    steps: list[tuple[str, str]] = []
    outcomes = labs.sync(lab, say=lambda s: steps.append((s.stream.name if s.stream else "", s.state)))
    assert labs.failures(outcomes) == []
    assert {name for name, state in steps if state == "not told"} == {
        "favourites",
        "followers",
        "following",
        "familiar",
    }
    assert labs.acts(lab) == made.acts()


def test_what_no_server_should_send_is_a_problem_of_its_own(lab: Lab, made: Made) -> None:
    at = "2026-03-01T00:00:00Z"
    told = [
        {"id": "9", "type": "follow", "created_at": at, "account": person(9)},
        {"id": "8", "type": "follow", "created_at": "yesterday", "account": person(8)},
        {"id": "7", "type": "favourite", "created_at": at, "account": person(7), "status": None},
        {"id": "6", "type": "something_new", "created_at": at, "account": person(6)},
        {"id": "5", "type": "follow", "created_at": at, "account": {"id": "p5"}},
        {"id": "4", "type": "follow", "created_at": at, "account": None},
        {"id": 3, "type": "follow", "created_at": at, "account": {**person(3), "followers_count": "many"}},
        {"id": "2", "type": "mention", "created_at": at, "account": person(2), "status": {"id": 1, "content": 5}},
        "nonsense", None, 17,
    ]  # fmt: skip
    made.server.answer(NOTIFICATIONS, good(told))
    made.server.answer("/api/v1/accounts/1/followers", good([person(3), person(9)]))
    connect(lab, made)
    (outcome,) = labs.sync(lab)
    assert outcome.failures == []
    assert [a[1] for a in labs.acts(lab)] == ["acct:leser3@other.test", "acct:leser9@other.test"], labs.acts(
        lab
    )
    assert outcome.problems == 7
    places = [r[0] for r in lab.register.db.execute("select place from problem")]
    assert all("notifications" in p for p in places)


def test_who_of_those_one_follows_knows_ones_followers_is_found(lab: Lab, made: Made) -> None:
    made.server.answer("/api/v1/accounts/1/followers", good([person(1), person(2)]))
    told = [
        {"id": "p1", "accounts": [person(5), person(6), ME]},
        {"id": "p9", "accounts": [person(7)]},
        {"id": "p2"},
    ]
    made.server.answer("/api/v1/accounts/familiar_followers", good(told))
    connect(lab, made)
    assert labs.failures(labs.sync(lab)) == []
    found = [a[1:3] for a in labs.acts(lab) if a[2] != f"acct:anna@{HOST}"]
    assert found == [(f"acct:leser{n}@other.test", "acct:leser1@other.test") for n in (5, 6)]
    asked = made.server.asked("/api/v1/accounts/familiar_followers")
    assert asked[0].query["id[]"] == ["p1", "p2"]
    labs.sync(lab)
    assert len(made.server.asked("/api/v1/accounts/familiar_followers")) == len(
        asked
    )  # once a week is enough


def test_who_is_missing_from_a_list_that_cannot_be_whole_has_not_left(lab: Lab, made: Made) -> None:
    connect(lab, made)
    followers = "/api/v1/accounts/1/followers"
    made.server.answer(followers, good([person(n) for n in range(20)]))
    made.server.answer("/api/v1/accounts/verify_credentials", good({**ME, "followers_count": 20}))
    labs.sync(lab)
    made.server.answer(followers, good([]))
    labs.sync(lab)
    assert {a[0] for a in labs.acts(lab)} == {"follow"}
    made.server.answer(followers, good([person(n) for n in range(19)]))
    made.server.answer("/api/v1/accounts/verify_credentials", good({**ME, "followers_count": 19}))
    labs.sync(lab)
    assert [a[1] for a in labs.acts(lab) if a[0] == "unfollow"] == ["acct:leser19@other.test"]


def test_one_dead_server_does_not_keep_the_others(lab: Lab, made: Made) -> None:
    made.likes = 30
    connect(lab, made)
    from leumund import vault
    from leumund.store import connections

    dead = connections.add(
        lab.register,
        Connection(id="", source="mastodon", server="http://127.0.0.1:9", account="acct:ben@dead.test",
                   settings={"host": "dead.test", "id": "2", "private": "1"}),
        at=labs.now(),
    )  # fmt: skip
    vault.keep(connections.secret_name(lab.register, dead.id), "x")
    outcomes = labs.sync(lab, stop=labs.Impatient())
    assert [len(o.failures) > 0 for o in outcomes] == [False, True]
    assert labs.acts(lab) == made.acts()


def test_a_server_that_is_not_there_is_asked_for_one_thing_only(lab: Lab, made: Made) -> None:
    connect(lab, made)
    made.server.answer("/*", faults.reset())
    for path in list(made.server._answers):
        made.server.answer(path, faults.reset())
    before = len(made.server.asked())
    (outcome,) = labs.sync(lab, stop=labs.Impatient())
    assert len(outcome.failures) <= 2
    assert len(made.server.asked()) - before <= 2 * 4  # two things, four tries each


def test_two_syncs_of_one_lab_are_one_too_many(lab: Lab, made: Made) -> None:
    connect(lab, made)
    begun, go_on = _held_up(made)
    first = threading.Thread(target=lambda: _sync_apart(lab))
    first.start()
    try:
        assert begun.wait(60)
        with pytest.raises(SyncBusyError):
            labs.sync(lab)
    finally:
        go_on.set()
        first.join()


def _held_up(made: Made) -> tuple[threading.Event, threading.Event]:
    """The server answers nothing about likes until it may; gives (it was asked, it may)."""
    asked, go_on = threading.Event(), threading.Event()

    def answer(_asked: object) -> Answer:
        asked.set()
        go_on.wait(60)
        return good([])

    made.server.answer("/api/v1/favourites", computed(answer))
    return asked, go_on


def _sync_apart(lab: Lab) -> None:
    with Lab.open(lab.folder) as own:
        labs.sync(own, stop=labs.Impatient())


def test_while_a_sync_waits_others_may_write(lab: Lab, made: Made) -> None:
    made.likes = 10
    connect(lab, made)
    waiting, go_on = _held_up(made)
    sync = threading.Thread(target=lambda: _sync_apart(lab))
    sync.start()
    assert waiting.wait(60)
    at = labs.now()
    with Lab.open(lab.folder) as own, own.writing_patiently(at) as writer:
        added = writer.add([Account(account="acct:x@y.example", seen_at=at, network="mastodon", followers=1)])
    go_on.set()
    sync.join()
    assert added.new == {"sightings": 1}
    assert labs.acts(lab) == made.acts()


def _killed(lab: Lab, after: float) -> int:
    """Sync in a process of its own and kill it; gives its exit code."""
    command = [sys.executable, "-m", "leumund", "sync", "--lab", str(lab.folder)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ.copy()
    )
    try:
        return process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        return process.wait()


def _kill_again_and_again(lab: Lab, faulty: Faulty, times: int) -> None:
    draw = random.Random(5)
    made = Made(faulty, likes=2_000, page=20).start()
    connect(lab, made)
    killed = 0
    for _run in range(times):
        killed += _killed(lab, draw.uniform(0.3, 1.6)) != 0
        found = labs.acts(lab)
        assert len(set(found)) == len(found)
        made.likes += 7
    assert killed > times / 3
    assert labs.failures(labs.sync(lab)) == []
    assert labs.acts(lab) == made.acts()


def test_killed_at_any_moment_it_goes_on(lab: Lab, faulty: Faulty) -> None:
    _kill_again_and_again(lab, faulty, 20)


@pytest.mark.long
def test_killed_two_hundred_times_it_goes_on(lab: Lab, faulty: Faulty) -> None:
    _kill_again_and_again(lab, faulty, 200)


def test_interrupted_by_hand_what_was_read_is_kept(lab: Lab, made: Made) -> None:
    made.likes = 400
    connect(lab, made)
    pages = 0

    def interrupt(step: syncing.Step) -> None:
        nonlocal pages
        pages += step.state == "reading" and step.rows > 0
        if pages == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        labs.sync(lab, say=interrupt)
    kept = len(labs.acts(lab))
    assert kept > 0
    made.asked = 0
    labs.sync(lab)
    assert labs.acts(lab) == made.acts()


def test_the_key_stands_in_no_file_of_the_lab(lab: Lab, made: Made) -> None:
    made.likes = 3
    connect(lab, made)
    made.server.answer("/api/v1/favourites", faults.broken(500))
    outcomes = labs.sync(lab, stop=labs.Impatient())
    assert len(labs.failures(outcomes)) == 1
    assert TOKEN not in " ".join(labs.failures(outcomes)) + repr(outcomes)
    files = [file for file in lab.folder.rglob("*") if file.is_file()]
    assert len(files) > 2
    assert all(TOKEN.encode() not in file.read_bytes() for file in files)
