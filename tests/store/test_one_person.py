"""Which accounts are one person, and that by_account and by_person show the same world."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.events import Account, Act, Deletion, Event, Post
from leumund.facts import all_facts
from leumund.ids import account_key
from leumund.lab import Lab
from leumund.store.one_person import _joined, people_in
from leumund.store.people import link

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
ANNA, BEN, CARLA, DORA = (f"acct:{name}@example.social" for name in ("anna", "ben", "carla", "dora"))
BSKY, DID = "at://anna.bsky.example", "did:plc:anna"


def seen(account: str, network: str = "mastodon", *aliases: str, own: bool = False) -> Account:
    return Account(account=account, seen_at=NOW, network=network, aliases=aliases, own=own, followers=7)  # type: ignore[arg-type]


def post(name: str, account: str, text: str, mentions: tuple[str, ...] = ()) -> Post:
    return Post(post=name, account=account, network="mastodon", happened_at=NOW, text=text, mentions=mentions)


def act(actor: str, target: str) -> Act:
    return Act(kind="like", actor=actor, target=target, network="mastodon", happened_at=NOW, post="p1")


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    events: list[Event] = [
        seen(ANNA), seen(DID, "bluesky", BSKY), seen(BEN), seen(CARLA, own=True), seen(DORA, own=True),
        post("p1", BEN, "#FF @anna@example.social @carla@example.social", (ANNA, BSKY)),
        act(BSKY, CARLA), act(ANNA, DORA),
    ]  # fmt: skip
    with Lab.create(tmp_path / "lab") as made, made.writing(NOW) as writer:
        writer.add(events)
        writer.derive(list(all_facts().values()))
    return Lab.open(tmp_path / "lab")


def test_nobody_linked_is_everybody_by_herself_but_all_own_accounts_are_the_owner(lab: Lab) -> None:
    people, mine = people_in(lab.register)
    assert mine == min(account_key(CARLA), account_key(DORA))
    assert {k: set(p.accounts) for k, p in people.items()} == {mine: {account_key(CARLA), account_key(DORA)}}


def test_a_person_has_the_name_she_was_given_and_the_address_first(lab: Lab) -> None:
    link(lab.register, [BSKY, ANNA], name="Anna Lind")
    with lab.tables(as_of=LATER) as tables:
        key = tables.person_of(account_key(ANNA))
        assert tables.people[key].name == "Anna Lind"
        assert tables.people[key].accounts[0] == account_key(ANNA)
        assert len(tables.people[key].accounts) == 2
        assert tables.person_of(account_key(BEN)) == account_key(BEN)


def test_the_owner_stands_under_a_key_that_was_said_to_be_hers(lab: Lab) -> None:
    """Whoever was linked before an archive told that one of the accounts is the owner's is the owner too."""
    with lab.register.transaction() as db:
        db.execute("insert into person (id, name, owner) values (9, '', 0)")
        keys = [account_key(CARLA), account_key(BEN)]
        db.executemany("insert into person_account values (?, 9, 'told')", [(k,) for k in keys])
    people, mine = people_in(lab.register)
    assert mine in {account_key(CARLA), account_key(DORA)}
    assert set(people[mine].accounts) == {account_key(n) for n in (BEN, CARLA, DORA)}


def test_measures_see_people_and_whoever_asks_sees_accounts(lab: Lab) -> None:
    link(lab.register, [BSKY, ANNA], name="")
    link(lab.register, [CARLA], name="", owner=True)
    query = "select distinct actor, target from acts order by all"
    with lab.tables(as_of=LATER) as tables:
        apart = tables.sql(query).fetchall()
        anna, mine = tables.person_of(account_key(ANNA)), tables.own
        assert len(apart) == 2
        assert tables.person_by_person().sql(query).fetchall() == [(anna, mine)]
        assert tables.sql("select * from own").fetchall() == [(mine,)]
        assert tables.sql("select count(*) from by_account.own").fetchall() == [(2,)]
        assert tables.sql("select mentions from posts").fetchall() == [([anna],)]
        assert tables.sql("select endorsed from recommendations").fetchall() == [(sorted((anna, mine or 0)),)]
        assert tables.sql("select count(*) from sightings").fetchall() == [(5,)]
        assert tables.account_by_account().sql(query).fetchall() == apart


def test_deleting_one_account_of_a_person_leaves_what_the_other_did(lab: Lab) -> None:
    link(lab.register, [BSKY, ANNA], name="")
    with lab.writing(NOW) as writer:
        writer.add([Deletion(of="account", subject=ANNA, happened_at=NOW)])
    with lab.tables(as_of=LATER) as tables:
        tables.person_by_person()
        assert tables.sql("select count(*) from acts").fetchall() == [(1,)]


groups = st.lists(st.sets(st.integers(0, 12), max_size=4), max_size=8)


@given(groups)
def test_groups_that_share_a_member_become_one_and_others_stay_apart(drawn: list[set[int]]) -> None:
    joined = _joined(drawn)
    members = [k for group in joined for k in group]
    assert len(members) == len(set(members)), "nobody is two persons"
    assert set(members) == set().union(*drawn)
    assert all(any(group <= whole for whole in joined) for group in drawn if group)
    for whole in joined:  # no more than what hangs together
        reached = set(min((g for g in drawn if g and g <= whole), key=sorted))
        while more := [g for g in drawn if g & reached and not g <= reached]:
            reached = reached.union(*more)
        assert reached == whole
