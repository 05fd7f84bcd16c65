"""What is gone and what comes back: only hidden, made anew, deleted for good, or deleted by a stranger's word."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from leumund import gone, returned
from leumund.events import Account, Act, Deletion, Event, Post
from leumund.lab import Lab
from leumund.sources import Page, jetstream_live
from leumund.sources.living import Connection
from leumund.store.people import link
from tests.living import labs
from tests.living.made_server import Made
from tests.living.test_faults import connect, made
from tests.living.test_hostile import STATUSES, post
from tests.living.test_jetstream_live import BEN, LIKE, ME, POST, listen, quick
from tests.living.test_jetstream_live import connect as connect_stream
from tests.servers.faulty import good
from tests.servers.jetstream import Jetstream
from tests.servers.jetstream_frames import standing, written

__all__ = ["made", "quick"]
MINE = f"at://{ME}/{POST}/3kaaaaaaaaaa2"
HERS = f"at://{BEN}/{LIKE}/3kbbbbbbbbbb2"
CONNECTION = Connection(id="b", source="bluesky", server="https://a.example", account=ME)


def visible(lab: Lab) -> int:
    return len(labs.posts(lab))


def tell(lab: Lab, *events: Event) -> None:
    with lab.writing(labs.now()) as writer:
        writer.add(list(events))


def listed_now(lab: Lab, listed: gone.Listed, what: Any = "records") -> list[Event]:
    """What a sync makes of a complete list, stored."""
    at = labs.now()
    back = returned.seen_again(lab, CONNECTION, listed, at=at)
    events, _note = gone.differences(lab, CONNECTION, what, listed, at=at, complete=True)
    tell(lab, *back, *events)
    return back + events


def mine(at: datetime) -> Post:
    return Post(post=MINE, account=ME, network="bluesky", happened_at=at, text="Guten Morgen", likes=1)


def her_like(at: datetime) -> Act:
    return Act(kind="like", actor=BEN, target=ME, network="bluesky", happened_at=at, act=HERS, post=MINE)


def test_a_post_the_server_hid_for_a_while_is_there_again_and_may_go_again(lab: Lab, made: Made) -> None:
    everything = [post(n) for n in (9, 8, 5, 4, 3, 2, 1)]
    hidden = [p for p in everything if p["id"] != "5"]
    connect(lab, made)
    found: list[tuple[int, int]] = []
    for answer, there in (
        (everything, 7),
        (hidden, 6),
        (everything, 7),
        (everything, 7),
        (hidden, 6),
        (everything, 7),
    ):
        made.server.answer(STATUSES, good(answer))
        (outcome,) = labs.sync(lab)
        assert outcome.failures == []
        assert visible(lab) == there
        found.append((outcome.new.get("deletions", 0), outcome.new.get("returned", 0)))
    assert found == [(0, 0), (1, 0), (0, 1), (0, 0), (1, 0), (0, 1)]
    before = sum(s.rows for s in lab.register.segments("deletions"))
    labs.sync(lab)
    assert sum(s.rows for s in lab.register.segments("deletions")) == before == 4


def test_while_it_was_hidden_it_was_not_there(lab: Lab, made: Made) -> None:
    connect(lab, made)
    moments = []
    for left_out in ("", "5", ""):
        made.server.answer(STATUSES, good([post(n) for n in (9, 8, 5, 4) if str(n) != left_out]))
        labs.sync(lab)
        moments.append(labs.now())
    counts = []
    for moment in moments:
        with lab.tables(as_of=moment) as tables:
            counts.append(tables.arrow("select count(*) as n from posts")["n"][0].as_py())
    assert counts == [4, 3, 4]


def test_what_the_network_said_to_be_deleted_does_not_come_back_from_a_list(lab: Lab) -> None:
    at = labs.now()
    tell(lab, mine(at - timedelta(days=2)))
    tell(lab, Deletion(of="post", subject=MINE, happened_at=at - timedelta(days=1)))
    listed = gone.Listed(posts={MINE: (ME, at - timedelta(days=2))})
    assert listed_now(lab, listed) == []
    assert returned.told_anew(lab, [mine(at - timedelta(days=2))]) == []
    assert visible(lab) == 0


def test_what_is_written_anew_after_its_deletion_is_there_until_it_is_deleted_again(lab: Lab) -> None:
    at = labs.now()
    first, deleted, anew, again = (at - timedelta(hours=n) for n in (4, 3, 2, 1))
    tell(lab, mine(first), Deletion(of="post", subject=MINE, happened_at=deleted))
    back = returned.told_anew(lab, [mine(anew)])
    assert [(d.of, d.happened_at) for d in back if isinstance(d, Deletion)] == [("post back", anew)]
    tell(lab, mine(anew), *back)
    assert visible(lab) == 1
    assert returned.told_anew(lab, [mine(anew)]) == []
    tell(lab, Deletion(of="post", subject=MINE, happened_at=again))
    assert visible(lab) == 0
    assert returned.told_anew(lab, [mine(anew)]) == []


def test_a_like_that_is_listed_again_counts_again(lab: Lab) -> None:
    at = labs.now() - timedelta(hours=1)
    tell(lab, mine(at).__class__(**{**_fields(mine(at)), "likes": 0}), her_like(at))
    assert [e.of for e in listed_now(lab, gone.Listed(), "reactions") if isinstance(e, Deletion)] == ["act"]
    assert labs.acts(lab) == []
    listed_now(lab, gone.Listed(reactions={("like", BEN, MINE)}), "reactions")
    assert len(labs.acts(lab)) == 1


def _fields(event: Post) -> dict[str, Any]:
    return {name: getattr(event, name) for name in event.__dataclass_fields__}


def test_an_account_that_was_deleted_and_does_something_later_is_there_again(lab: Lab) -> None:
    at = labs.now()
    tell(lab, her_like(at - timedelta(hours=4)))
    tell(lab, Deletion(of="account", subject=BEN, happened_at=at - timedelta(hours=3)))
    assert labs.acts(lab) == []
    assert returned.told_anew(lab, [her_like(at - timedelta(hours=4))]) == []
    later = Post(post=f"at://{BEN}/{POST}/3kcccccccccc2", account=BEN, network="bluesky", text="Da bin ich",
                 happened_at=at - timedelta(hours=2))  # fmt: skip
    tell(lab, later, *returned.told_anew(lab, [later]))
    assert len(labs.acts(lab)) == 1


def test_nobody_who_was_forgotten_comes_back(lab: Lab) -> None:
    at = labs.now()
    tell(lab, mine(at - timedelta(days=1)), her_like(at - timedelta(hours=4)),
         Account(account=BEN, seen_at=at, network="bluesky", handle="ben.example"))  # fmt: skip
    listed_now(lab, gone.Listed(posts={MINE: (ME, at)}))
    (row,) = lab.find_account(BEN)
    with lab.writing(labs.now()) as writer:
        writer.forget(row["key"])
    told = her_like(at - timedelta(hours=1))
    tell(lab, told, *returned.told_anew(lab, [told]))
    listed_now(lab, gone.Listed(acts={HERS}, reactions={("like", BEN, MINE)}), "reactions")
    assert labs.acts(lab) == []
    assert lab.find_account(BEN) == []


# -- what a stream of everybody may delete


def frame(did: str, rkey: str) -> bytes:
    import json

    return json.dumps({"did": did, "time_us": 1_770_000_000_000_000, "kind": "commit",
                       "commit": {"operation": "delete", "collection": POST, "rkey": rkey, "rev": "x"}}).encode()  # fmt: skip


@pytest.mark.parametrize(
    ("did", "rkey"),
    [
        (BEN, "3kaaaaaaaaaa2"),
        (BEN, f"../../{ME}/{POST}/3kaaaaaaaaaa2"),
        (BEN, f"at://{ME}/{POST}/3kaaaaaaaaaa2"),
        (f"{ME}/{POST}/3kaaaaaaaaaa2#", ""),
        (f"{ME}/{POST}/3kaaaaaaaaaa2", ""),
        ("", f"{ME}/{POST}/3kaaaaaaaaaa2"),
    ],
)
def test_a_stream_deletes_in_the_repository_alone_that_its_frame_names(did: str, rkey: str) -> None:
    page = Page(
        kind="frames",
        where="here",
        data=frame(did, rkey),
        context={"language": "", "accounts": ""},
        position={},
    )
    told = [d for e in jetstream_live.parse(page) for d in gone.deletions_in(e)]
    assert MINE not in {d.subject for d in told}
    page = Page(
        kind="frames", where="here", data=frame(ME, "3kaaaaaaaaaa2"), context=page.context, position={}
    )
    told = [d for e in jetstream_live.parse(page) for d in gone.deletions_in(e)]
    assert {d.subject for d in told} == {MINE}


def test_what_a_stranger_s_stream_says_of_the_owner_her_own_server_can_put_right(
    lab: Lab, jetstream: Jetstream
) -> None:
    at = labs.now()
    tell(lab, Account(account=ME, seen_at=at, network="bluesky", own=True), mine(at - timedelta(days=1)))
    link(lab.register, [ME], name="", owner=True)
    connect_stream(lab, jetstream)
    listen(lab)
    jetstream.tell(
        written(ME, POST, None, rkey="3kaaaaaaaaaa2", operation="delete"),
        standing(ME, active=False, status="deleted"),
    )
    listen(lab)
    assert visible(lab) == 0
    listed_now(lab, gone.Listed(posts={MINE: (ME, at - timedelta(days=1))}))
    assert visible(lab) == 1
