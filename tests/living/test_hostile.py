"""Servers that mean harm, or are merely odd: nobody becomes somebody else, nothing known is lost, nothing stands still."""

from __future__ import annotations

import contextlib
import copy
import json
import socket
import threading
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import duckdb
import pytest
from typer.testing import CliRunner

from leumund import fetching, gone, syncing, vault
from leumund.cli.app import app
from leumund.cli.sync import watching
from leumund.errors import LeumundError, SourceError, WrongKeyError
from leumund.events import Account, Act, Post
from leumund.http import limits
from leumund.lab import Lab
from leumund.reach import reach_of
from leumund.sources import Page, bluesky, jetstream_live, mastodon
from leumund.sources.living import Connection, Stream
from leumund.sources.mastodon_lists import _next, asking
from leumund.sources.mastodon_login import _Listener
from leumund.sources.walking import Listing, walk
from leumund.store.connections import Reach
from leumund.store.people import link
from tests.living import labs
from tests.living.made_server import HOST, ME, NOTIFICATIONS, Made, person
from tests.living.test_faults import connect, made
from tests.servers.faulty import Answer, Asked, computed, good

__all__ = ["made"]
AT = "2026-03-01T00:00:00Z"
STATUSES = "/api/v1/accounts/1/statuses"
FOLLOWERS = "/api/v1/accounts/1/followers"
ACCOUNT = "/api/v1/accounts/verify_credentials"


# -- odd values


EVE = {
    "id": "5", "acct": "eve@evil.example", "username": "eve", "url": "https://evil.example/@eve",
    "uri": "https://evil.example/users/eve", "display_name": "Eve", "note": "<p>x</p>", "created_at": AT,
    "followers_count": 1, "feature_approval": {"current_user": "automatic", "automatic": ["public"]},
}  # fmt: skip
HER_POST = {
    "id": "9", "uri": "https://evil.example/users/eve/statuses/9", "url": "https://evil.example/@eve/9",
    "created_at": AT, "account": EVE, "content": "<p>hi</p>", "visibility": "public", "language": "de",
    "in_reply_to_id": "3", "in_reply_to_account_id": "1", "poll": {"options": [{"title": "a"}]},
    "mentions": [{"id": "1", "acct": "anna", "url": "https://made.test/@anna"}], "favourites_count": 1,
}  # fmt: skip
ME_DID, EVE_DID = "did:plc:" + "a" * 24, "did:plc:" + "b" * 24
PROFILE = {
    "did": EVE_DID,
    "handle": "eve.example",
    "labels": [{"val": "bot"}],
    "createdAt": AT,
    "followersCount": 1,
}
LIKE = {
    "uri": f"at://{EVE_DID}/app.bsky.feed.like/3k2yihcrp6f2d", "author": PROFILE, "reason": "like", "indexedAt": AT,
    "record": {"$type": "app.bsky.feed.like", "createdAt": AT,
               "subject": {"uri": f"at://{ME_DID}/app.bsky.feed.post/3k2yihcrp6f2c", "cid": "x"}},
}  # fmt: skip
ODD: list[Any] = [
    None, True, -1, 2**70, 1e308, "", "\x00", "\x1b[2J", "\u202e", "http://[", "acct:", "@@", "did:", "at://x",
    "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", [], {}, [[]], [{}], [None], {"a": {}}, "\u0130@x.example",
]  # fmt: skip
CONTEXT = {
    "host": HOST, "origin": f"https://{HOST}", "owner": f"acct:anna@{HOST}", "id": "1", "own_post": "", "at": AT,
}  # fmt: skip


def _places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield way
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inner:
        yield from _places(below, (*way, key))


def _with(value: Any, way: tuple[Any, ...], odd: Any) -> Any:
    if not way:
        return odd
    value = copy.deepcopy(value)
    holder = value
    for key in way[:-1]:
        holder = holder[key]
    holder[way[-1]] = odd
    return value


@pytest.mark.parametrize("kind", ["mention", "favourite", "follow"])
def test_whatever_stands_in_a_field_of_mastodon_s_costs_that_record_alone(kind: str) -> None:
    told = {
        "id": "1",
        "type": kind,
        "created_at": AT,
        "account": EVE,
        "status": {**HER_POST, "quote": HER_POST},
    }
    for way in _places(told):
        for odd in ODD:
            data = json.dumps([_with(told, way, odd), told]).encode()
            page = Page(kind="notifications", where="here", data=data, context=CONTEXT, position={})
            assert any(isinstance(e, Account) for e in mastodon.parse(page)), (way, odd)


def test_whatever_stands_in_a_field_of_bluesky_s_costs_that_record_alone() -> None:
    for way in _places(LIKE):
        for odd in ODD:
            data = json.dumps([_with(LIKE, way, odd), LIKE]).encode()
            page = Page(
                kind="notifications",
                where="here",
                data=data,
                context={"owner": ME_DID, "at": AT},
                position={},
            )
            assert any(isinstance(e, Account) for e in bluesky.parse(page)), (way, odd)


@pytest.mark.parametrize(
    "told",
    [
        "Mon, 01 Jan 2024 00:00:00 +99999999999999999999",
        "Mon, 01 Jan 99999999999999 00:00:00 GMT",
        "9" * 5000,
    ],
)
def test_a_date_beyond_all_dates_is_none(told: str) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert limits.asked_wait_s({"retry-after": told}, now) is None
    assert limits.asked_wait_s({"retry-after": "5", "date": told}, now) == 5


@pytest.mark.parametrize(
    "link", ['<https://[x?max_id=3>; rel="next"', '<http://a.example:99999999/x?max_id=3>; rel="next"']
)
def test_a_link_that_is_no_address_still_has_its_query(link: str) -> None:
    from leumund.http import Answer as Told

    answer = Told(200, {"link": link}, b"[]", "https://a.example")
    assert _next(answer, {}, ()) == "max_id=3"


def test_a_link_made_to_be_looked_at_for_ever_costs_no_time() -> None:
    from leumund.http import Answer as Told

    began = time.process_time()
    assert _next(Told(200, {"link": "<a>;" * 16_000}, b"[]", "https://a.example"), {}, ()) is None
    assert time.process_time() - began < 2


# -- lists with odd times


def _made(data: bytes, position: Any) -> Page:
    return Page(kind="numbers", where="here", data=data, position=position)


def _listing(numbers: list[int], times: dict[int, datetime], size: int, place: str | None) -> Listing:
    below = [n for n in sorted(numbers, reverse=True) if place is None or n < int(place)]
    page, rest = below[:size], below[size:]
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return Listing(
        data=json.dumps(page).encode(), ids=tuple(map(str, page)), next=str(page[-1]) if rest else None,
        times=tuple(times.get(n, start + timedelta(hours=n)) for n in page),
    )  # fmt: skip


@pytest.mark.parametrize(
    "odd", [datetime(9999, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)]
)
@pytest.mark.parametrize("which", [99, 190])
def test_one_odd_time_hides_nothing_that_is_new(odd: datetime, which: int) -> None:
    times = {which: odd}
    numbers = list(range(100))
    first = list(walk(None, lambda p: _listing(numbers, times, 10, p), _made, at=labs.now()))
    numbers += range(100, 200)
    found = list(walk(first[-1].position, lambda p: _listing(numbers, times, 10, p), _made, at=labs.now()))
    assert {n for page in found for n in json.loads(page.data)} >= set(range(100, 200))


def test_a_list_whose_times_are_all_odd_is_still_read_again() -> None:
    times = dict.fromkeys(range(30), datetime(1, 1, 1, tzinfo=UTC))
    ask = lambda place: _listing(list(range(30)), times, 10, place)  # noqa: E731
    first = list(walk(None, ask, _made, at=labs.now()))
    again = list(walk(first[-1].position, ask, _made, at=labs.now(), again=timedelta(days=14)))
    assert {n for page in again for n in json.loads(page.data)} == set(range(30))


def test_a_place_of_a_megabyte_is_not_kept() -> None:
    page = Listing(data=b"[1]", ids=("1",), times=(), next="x" * 2**20)
    pages: list[Page] = []
    with pytest.raises(SourceError, match=r"^here: "):
        pages.extend(walk(None, lambda _place: page, _made, at=labs.now()))
    assert [p.data for p in pages] == [b"[1]"]
    assert all(len(str(v)) < 1000 for v in pages[0].position.values())


# -- a careless owner


def test_a_clock_set_back_keeps_no_list_waiting() -> None:
    stream = Stream(
        name="followers", title="", fetch=lambda _access, _cursor: iter(()), every=timedelta(days=1)
    )
    ahead = Reach(
        connection="a", stream="followers", ran_at=datetime(2030, 1, 1, tzinfo=UTC), since=None, whole=True, note="",
        pages=100,
    )  # fmt: skip
    assert fetching.not_due(stream, ahead, datetime(2029, 12, 31, tzinfo=UTC)) is False
    assert fetching.not_due(stream, ahead, datetime(2030, 1, 1, 5, tzinfo=UTC)) is True


def test_a_key_by_the_environment_may_end_with_a_line_s_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEUMUND_SECRET_MASTODON", "abc\r\n")
    assert vault.find("mastodon@1234") == "abc"


def test_a_place_for_keys_that_cannot_be_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from leumund.errors import SecretError

    monkeypatch.setenv("LEUMUND_SECRETS", "/" + "x" * 5000)
    with pytest.raises(SecretError):
        vault.find("mastodon@1234")


def test_what_goes_wrong_in_one_stream_keeps_no_other(
    lab: Lab, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.likes = 3
    connect(lab, made)
    monkeypatch.setattr("leumund.sources.mastodon.asking", _failing_once(asking))
    outcomes = labs.sync(lab)
    assert len(labs.failures(outcomes)) == 1
    assert labs.acts(lab) == made.acts()


def _failing_once(whole: Any) -> Any:
    calls = 0

    def once(*args: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise AttributeError
        return whole(*args, **more)

    return once


def test_no_word_of_a_server_reaches_the_terminal_as_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    connection = Connection(
        id="mastodon", source="mastodon", server="https://a.example", account="acct:a@a.example"
    )
    watch = watching(quiet=True)
    watch._quiet = False
    with watch as say:
        watch._bar.console.file = _Terminal()
        say(syncing.Step(connection, None, "failed", text="no \x1b]0;mine\x07 \x1b[2J \u202e"))
        (task,) = watch._bar.tasks
    assert "\x1b" not in task.description
    assert "\u202e" not in task.description
    capsys.readouterr()


class _Terminal:
    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None: ...


# -- what lists say of who left and what is gone


def counted(made: Made, followers: int | None) -> None:
    made.server.answer(ACCOUNT, good({**ME, "followers_count": followers}))


def post(number: int, **more: Any) -> dict[str, Any]:
    """A post of the owner's, one an hour."""
    at = (datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=number)).isoformat()
    return {
        "id": str(number), "uri": f"https://made.test/users/anna/statuses/{number}", "created_at": at, "account": ME,
        "content": f"<p>Beitrag {number}</p>", "visibility": "public", **more,
    }  # fmt: skip


def follow(number: int, at: datetime) -> dict[str, Any]:
    return {"id": f"n{number}", "type": "follow", "created_at": at.isoformat(), "account": person(number)}


def follows(lab: Lab) -> list[str]:
    """Each follow and unfollow there is, at any time."""
    with lab.tables(as_of=datetime(2999, 1, 1, tzinfo=UTC)) as tables:
        return sorted(
            tables.arrow("select kind from acts where kind in ('follow', 'unfollow')")["kind"].to_pylist()
        )


def test_a_clock_that_goes_behind_doubles_no_follower(lab: Lab, made: Made) -> None:
    counted(made, 1)
    made.server.answer(NOTIFICATIONS, good([follow(1, labs.now() + timedelta(days=2))]))
    made.server.answer(FOLLOWERS, good([person(1)]))
    connect(lab, made)
    labs.sync(lab)
    assert follows(lab) == ["follow"]
    counted(made, 0)
    made.server.answer(FOLLOWERS, good([]))
    labs.sync(lab)
    labs.sync(lab)
    assert follows(lab) == ["follow", "unfollow"]
    counted(made, 1)
    made.server.answer(FOLLOWERS, good([person(1)]))
    labs.sync(lab)
    labs.sync(lab)
    assert follows(lab) == ["follow", "follow", "unfollow"]


def test_nobody_leaves_who_came_while_the_list_was_read(lab: Lab, made: Made) -> None:
    counted(made, 1)
    made.server.answer(FOLLOWERS, good([person(1)]))
    connect(lab, made)
    told = follow(2, labs.now() - timedelta(minutes=1))  # told by another stream after the list was read
    made.server.answer(NOTIFICATIONS, good([told]))
    labs.sync(lab)
    assert follows(lab) == ["follow", "follow"]
    labs.sync(lab)
    assert follows(lab) == ["follow", "follow", "unfollow"]


def test_where_nobody_tells_how_many_follow_a_list_that_is_empty_is_not_believed(
    lab: Lab, made: Made
) -> None:
    counted(made, None)
    made.server.answer(FOLLOWERS, good([person(n) for n in range(20)]))
    connect(lab, made)
    labs.sync(lab)
    made.server.answer(FOLLOWERS, good([]))
    labs.sync(lab)
    assert set(follows(lab)) == {"follow"}
    made.server.answer(FOLLOWERS, whole(range(19)))
    labs.sync(lab)
    assert follows(lab).count("unfollow") == 1


def whole(numbers: range) -> Answer:
    """A list of accounts that says that nothing follows."""
    return good([person(n) for n in numbers], headers={"Link": '<https://made.test/x>; rel="prev"'})


@pytest.mark.parametrize(("told", "listed", "left"), [(100, 99, 0), (99, 99, 1), (98, 99, 0), (None, 99, 0)])
def test_from_a_list_paged_by_guessing_nobody_leaves_unless_it_is_as_long_as_the_server_counts(
    lab: Lab, made: Made, told: int | None, listed: int, left: int
) -> None:
    counted(made, 100)
    made.server.answer(FOLLOWERS, whole(range(100)))
    connect(lab, made)
    labs.sync(lab)
    counted(made, told)

    def page(asked: Asked) -> Answer:  # below the last id, without a word on how it goes on
        below = asked.one("max_id")
        first = 0 if below is None else int(below.removeprefix("p")) + 1
        return good([person(n) for n in range(first, min(first + 40, listed))])

    made.server.answer(FOLLOWERS, computed(page))
    steps: list[str] = []
    labs.sync(lab, full=True, say=lambda s: steps.append(s.text) if s.state == "done" else None)
    assert follows(lab).count("unfollow") == left
    assert any("how its list goes on" in text for text in steps) == (not left)
    with_link = whole(range(99))
    counted(made, 99)
    made.server.answer(FOLLOWERS, with_link)
    labs.sync(lab, full=True)
    assert follows(lab).count("unfollow") == 1


@pytest.mark.parametrize(("lacks", "deleted"), [(5, 5), (6, 6), (8, 0)])
def test_a_list_that_lacks_many_posts_at_once_deletes_none_of_them(
    lab: Lab, made: Made, lacks: int, deleted: int
) -> None:
    made.server.answer(STATUSES, good([post(n) for n in range(20, -1, -1)]))
    connect(lab, made)
    labs.sync(lab)
    made.server.answer(STATUSES, good([post(n) for n in range(20, -1, -1) if not 1 <= n <= lacks]))
    steps: list[str] = []
    labs.sync(lab, say=lambda s: steps.append(s.text) if s.state == "done" else None)
    assert len(labs.posts(lab)) == 21 - deleted
    assert any("whether the others were deleted" in text for text in steps) == (not deleted)


def test_a_record_that_is_bad_at_each_sync_is_one_problem(lab: Lab, made: Made) -> None:
    bad = {"id": "7", "type": "favourite", "created_at": AT, "account": person(7), "status": None}
    made.server.answer(NOTIFICATIONS, good([bad, bad]))
    connect(lab, made)
    assert labs.sync(lab)[0].problems == 1
    newer = {"id": "9", "type": "follow", "created_at": AT, "account": person(9)}
    made.server.answer(NOTIFICATIONS, good([newer, bad]))  # it stands further down
    assert labs.sync(lab)[0].problems == 0
    counts = lab.register.db.execute("select sum(problems), (select count(*) from problem) from import")
    assert tuple(counts.fetchone()) == (1, 1)


def test_the_list_of_imports_names_the_account_as_it_is_called_now(lab: Lab, made: Made) -> None:
    made.likes = 1
    connect(lab, made)
    labs.sync(lab)
    with lab.register.transaction() as db:
        db.execute("update import set place = 'acct:old@made.test posts' where place like '%posts%'")
        db.execute(
            "update import set place = 'acct:old@made.test notifications' where place like '%notifications%'"
        )
    made.likes = 2
    labs.sync(lab)
    places = {row[0] for row in lab.register.db.execute("select place from import where fingerprint != ''")}
    assert f"{OWNER} notifications" in places


def test_a_part_that_is_not_there_is_said_not_to_be_offered(lab: Lab, made: Made) -> None:
    made.server.answer("/api/v1/favourites", good({"error": "not here"}, status=404))
    connect(lab, made)
    labs.sync(lab)
    (found,) = reach_of(lab)
    parts = {s.what: s for s in found.stretches}
    assert (parts["what you like"].offered, parts["what you like"].until) == (False, None)
    assert parts["your posts"].offered
    told = CliRunner().invoke(app, ["coverage", "--lab", str(lab.folder)]).output
    assert "what you like: not offered" in told
    made.server.answer("/api/v1/favourites", good([]))
    labs.sync(lab)
    (found,) = reach_of(lab)
    assert all(s.offered and s.until for s in found.stretches if s.what == "what you like")


def test_posts_of_others_in_the_own_list_delete_nothing(lab: Lab, made: Made) -> None:
    made.server.answer(STATUSES, good([post(n) for n in (9, 8, 5, 4, 3, 2, 1)]))
    connect(lab, made)
    labs.sync(lab)
    eve = {"id": "5", "acct": "eve@made.test", "username": "eve"}
    others = [
        post(0, id="x0", uri="https://made.test/x0", account=eve),
        post(99, id="x", uri="https://made.test/x", account=eve),
    ]
    made.server.answer(STATUSES, good([others[1], post(9), post(8), others[0]]))
    labs.sync(lab)
    assert {p for p in labs.posts(lab) if "/anna/" in p} == {post(n)["uri"] for n in (9, 8, 5, 4, 3, 2, 1)}
    made.server.answer(STATUSES, good([post(n) for n in (9, 8, 4, 3, 2, 1)]))
    labs.sync(lab)
    assert post(5)["uri"] not in labs.posts(lab)
    assert post(4)["uri"] in labs.posts(lab)


def test_a_short_list_of_likers_takes_no_likes_back(lab: Lab) -> None:
    mine = f"at://{ME_DID}/app.bsky.feed.post/3k2yihcrp6f2c"
    at = labs.now() - timedelta(hours=1)
    likers = [f"did:plc:{'b' * 23}{c}" for c in "abcdefghij"]

    def like(who: str) -> Act:
        return Act(kind="like", actor=who, target=ME_DID, network="bluesky", happened_at=at,
                   act=f"at://{who}/app.bsky.feed.like/3k2yihcrp6f2d", post=mine)  # fmt: skip

    with lab.writing(at) as writer:
        told = Post(post=mine, account=ME_DID, network="bluesky", happened_at=at, text="x", likes=10)
        writer.add([told, *map(like, likers)])
    connection = Connection(id="b", source="bluesky", server="https://a.example", account=ME_DID)

    def missing(*seen: str) -> int:
        listed = gone.Listed(reactions={("like", who, mine) for who in seen})
        return len(gone.differences(lab, connection, "reactions", listed, at=labs.now(), complete=True)[0])

    assert missing(likers[0]) == 0
    assert missing(*likers[1:]) == 1
    assert missing(*likers) == 0


# -- who claims to be whom


OWNER = f"acct:anna@{HOST}"


def owned(lab: Lab) -> set[str]:
    """Every name under which an account is the owner's."""
    return lab.register.own_names()


@pytest.mark.parametrize(
    "claims",
    [
        {"url": f"https://{HOST}/@anna"},
        {"uri": "https://evil.example/users/eve", "url": f"https://{HOST}/users/anna"},
        {"uri": f"https://{HOST}/users/anna"},
        {"uri": "https://evil.example/users/eve", "url": "https://anna.example"},
        {"url": "https://anna.example"},
        {"uri": "https://other.example/@ben"},
    ],
)
def test_nobody_becomes_somebody_else_by_an_address(lab: Lab, made: Made, claims: dict[str, str]) -> None:
    connect(lab, made)
    link(lab.register, [OWNER, "https://anna.example"], name="", owner=True)
    eve = {"id": "5", "acct": "eve@evil.example", "username": "eve", **claims}
    made.server.answer(NOTIFICATIONS, good([{"id": "1", "type": "follow", "created_at": AT, "account": eve}]))
    before = owned(lab)
    labs.sync(lab)
    assert owned(lab) == before
    assert ("follow", "acct:eve@evil.example", OWNER, "") in labs.acts(lab)
    assert lab.register.aliases() == {}


def test_a_server_whose_accounts_have_another_name_than_its_address_joins_both(lab: Lab, made: Made) -> None:
    connect(lab, made)
    ben = {"id": "6", "acct": "ben@example.org", "uri": "https://social.example.org/users/ben",
           "url": "https://social.example.org/@ben"}  # fmt: skip
    told = {"id": "1", "type": "follow", "created_at": AT, "account": ben}
    made.server.answer(NOTIFICATIONS, good([told]))
    labs.sync(lab)
    assert len(lab.register.aliases()) == 1


@pytest.mark.parametrize(
    "address", ["https://made.test/users/anna/statuses/3", "https://other.test/users/anna/statuses/3"]
)
def test_nobody_writes_over_a_post_of_another_s(lab: Lab, made: Made, address: str) -> None:
    made.server.answer(STATUSES, good([post(n) for n in (30, 20, 10)]))
    connect(lab, made)
    with lab.writing(labs.now()) as writer:
        mine = Post(post=address, account="acct:anna@other.test", network="mastodon", text="Meine Worte",
                    happened_at=datetime(2026, 3, 1, tzinfo=UTC))  # fmt: skip
        writer.add([mine])
    forged = {**post(3), "uri": address, "account": EVE, "content": "<p>Ihre Worte</p>",
              "mentions": [{"id": "1", "acct": "anna"}]}  # fmt: skip
    told = {"id": "1", "type": "mention", "created_at": AT, "account": EVE, "status": forged}
    made.server.answer(NOTIFICATIONS, good([told]))
    labs.sync(lab)
    assert labs.posts(lab)[address] == "Meine Worte"
    assert "Ihre Worte" in labs.posts(lab).values()


def test_the_key_of_another_account_makes_nobody_the_owner(lab: Lab, made: Made) -> None:
    made.likes = 3
    connect(lab, made)
    before = owned(lab)
    made.server.answer(ACCOUNT, good({**ME, "id": "2", "acct": "ben", "username": "ben"}))
    outcomes = labs.sync(lab)
    assert [type(f) for o in outcomes for f in o.failures] == [WrongKeyError]
    assert labs.acts(lab) == []
    assert owned(lab) == before


@pytest.mark.parametrize(
    ("domain", "me"),
    [("https://[", {}), (HOST, {"acct": "", "username": "", "url": None}), (["x"], {}), ("\x1b[2J", {})],
)
def test_a_server_that_says_nonsense_of_itself_is_not_connected_with_a_crash(
    lab: Lab, made: Made, domain: object, me: dict[str, object]
) -> None:
    made.server.answer("/api/v2/instance", good({"domain": domain}))
    made.server.answer(ACCOUNT, good({**ME, **me}))
    with contextlib.suppress(SourceError):
        connect(lab, made)
    assert all("\x1b" not in name for name in owned(lab))


def test_an_id_of_a_megabyte_is_nobody_s(lab: Lab, made: Made) -> None:
    made.server.answer(ACCOUNT, good({**ME, "id": "9" * 2**20}))
    with pytest.raises(SourceError, match="whose account"):
        connect(lab, made)


def test_a_profile_of_a_megabyte_is_kept_as_far_as_one_may_be_read(lab: Lab, made: Made) -> None:
    eve = {**EVE, "note": "<p>" + "n" * 2**20}
    made.server.answer(NOTIFICATIONS, good([{"id": "1", "type": "follow", "created_at": AT, "account": eve}]))
    connect(lab, made)
    labs.sync(lab)
    (row,) = lab.register.db.execute("select length(bio) from account where uri = 'acct:eve@evil.example'")
    assert 10_000 < row[0] <= 50_000


def test_what_a_server_says_of_its_followers_friends_may_be_no_text(lab: Lab, made: Made) -> None:
    made.server.answer(FOLLOWERS, whole(range(3)))
    made.server.answer("/api/v1/accounts/familiar_followers", good(b'[{"id": "\xff"}]'))
    connect(lab, made)
    assert labs.failures(labs.sync(lab)) == []


def test_half_a_character_costs_no_page(lab: Lab, made: Made) -> None:
    half = rb'{"id":"1","type":"follow","created_at":"2026-03-01T00:00:00Z","account":{"id":"5","acct":"eve@evil.example",'
    data = b"[" + half + rb'"display_name":"Eve \ud83d","note":"\\ud83d \ud83d\ude00 \udc00"}}]'
    made.server.answer(NOTIFICATIONS, good(data))
    connect(lab, made)
    assert labs.failures(labs.sync(lab)) == []
    (row,) = lab.register.db.execute("select name, bio from account where uri = 'acct:eve@evil.example'")
    assert tuple(row) == ("Eve \ufffd", "\\ud83d \U0001f600 \ufffd")


def test_a_line_that_says_nothing_keeps_the_browser_waiting_for_nothing(
    capfd: pytest.CaptureFixture[str],
) -> None:
    listener = _Listener.start("a-state")
    try:
        host, port = urlsplit(listener.address).hostname, urlsplit(listener.address).port
        idle = [socket.create_connection((host, port or 0)) for _ in range(5)]
        with socket.create_connection((host, port or 0)) as odd:
            odd.sendall(b"GET http://[x HTTP/1.1\r\nHost: evil.example\r\n\r\n")
            odd.recv(1000)
        # One after the other, each idle line would be waited for for ten seconds.
        with urllib.request.urlopen(f"{listener.address}?state=a-state&code=<b>c", timeout=40) as page:
            assert b"<b>" not in page.read()
        assert listener.wait(60) == "<b>c"
        for line in idle:
            line.close()
    finally:
        listener.stop()
    assert "Traceback" not in capfd.readouterr().err


def test_a_name_that_nobody_looked_up_is_not_taken_from_a_stream() -> None:
    frame = {"did": EVE_DID, "time_us": 1_770_000_000_000_000, "kind": "identity",
             "identity": {"did": EVE_DID, "handle": "anna.example", "seq": 1}}  # fmt: skip
    page = Page(kind="frames", where="here", data=json.dumps(frame).encode(), context={"language": "", "accounts": ""},
                position={})  # fmt: skip
    assert list(jetstream_live.parse(page)) == []


def test_keys_that_are_renewed_side_by_side_are_all_kept() -> None:
    wrong: list[object] = []

    def renew(name: str) -> None:
        for time_ in map(str, range(15)):
            try:
                vault.keep(name, time_)
                wrong.extend([] if vault.find(name) == time_ else [name])
            except LeumundError as error:
                wrong.append(error)

    threads = [threading.Thread(target=renew, args=(f"bluesky-{n}@1234",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_key_that_cannot_be_sent_is_said_at_once(
    lab: Lab, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(lab, made)
    asked = len(made.server.asked())
    monkeypatch.setenv("LEUMUND_SECRET_MASTODON", "nö€")
    assert labs.failures(labs.sync(lab)) == ["That is no key."]
    assert len(made.server.asked()) == asked


def test_long_texts_are_stored_before_they_are_many(
    lab: Lab, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syncing, "_BYTES_AT_ONCE", 10_000)
    made.likes, made.page = 200, 40
    connect(lab, made)
    stored: list[int] = []
    store = syncing._Sync._store

    def watch(self: Any, name: str, stream: str, buffer: Any, *rest: Any) -> None:
        stored.append(buffer.size)
        store(self, name, stream, buffer, *rest)

    monkeypatch.setattr(syncing._Sync, "_store", watch)
    labs.sync(lab)
    assert len([size for size in stored if size]) >= 5
    assert max(stored) < 40_000
    assert labs.acts(lab) == made.acts()


def test_a_month_too_large_to_be_made_one_stays_in_pieces(
    lab: Lab, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_large(*_args: object, **_more: object) -> None:
        raise duckdb.OutOfMemoryException

    monkeypatch.setattr("leumund.store.compact.MOST_SEGMENTS", 0)
    monkeypatch.setattr(
        "leumund.store.compact.due", lambda register, _at: [("acts", register.segments("acts"))]
    )
    monkeypatch.setattr("leumund.store.compact.compact", too_large)
    made.likes = 3
    connect(lab, made)
    assert labs.failures(labs.sync(lab)) == []
    assert labs.acts(lab) == made.acts()


def test_a_part_that_is_not_there_is_not_asked_for_more_often_than_it_would_be_read(
    lab: Lab, made: Made
) -> None:
    made.server.answer(FOLLOWERS, whole(range(3)))
    familiar = "/api/v1/accounts/familiar_followers"
    made.server.answer(familiar, good({"error": "not here"}, status=404))
    connect(lab, made)
    for _time in range(3):
        labs.sync(lab)
    assert len(made.server.asked(familiar)) == 1
