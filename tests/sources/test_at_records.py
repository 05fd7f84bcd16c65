"""Records of the AT Protocol: whose, towards whom, when; and what of it can be believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.events import Account, Act, Deletion, Event, Post, Problem
from leumund.sources.at_columns import addresses, column
from leumund.sources.at_posts import MOST_NAMED
from leumund.sources.at_records import deletion, name_change, record_events, status_change
from leumund.sources.at_times import BEGAN_US, as_moment, micros, moments, written_micros
from leumund.sources.at_uris import author_of, is_did, odd_accounts, odd_keys, tid_micros

from .make_repos import DID, NOON, did, post_uri, ref, tid

SEEN = as_moment(NOON)
BEN, CARLA = did("ben"), did("carla")
NAME = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=24, max_size=24)


def iso(us: int) -> str:
    return as_moment(us).isoformat().replace("+00:00", "Z")


def events(
    collection: str, record: Any, *, us: int = NOON - 1_000, who: str = DID, key: str = ""
) -> list[Event]:
    if isinstance(record, dict):
        record = {"createdAt": iso(us), **record}
    return record_events(who, f"app.bsky.{collection}", key or tid(us), record, SEEN)


def post(**more: Any) -> Post:
    found = next(e for e in events("feed.post", {"text": "Hallo", **more}) if isinstance(e, Post))
    assert found.account == DID
    return found


def acts(collection: str, record: Any) -> list[tuple[str, str, str | None]]:
    return [(e.kind, e.target, e.post) for e in events(collection, record) if isinstance(e, Act)]


def mention(*who: str) -> dict[str, Any]:
    return {
        "facets": [{"index": {"byteStart": 0, "byteEnd": 1}, "features": [{"did": name}]} for name in who]
    }


# -- what is done towards whom


def test_a_like_names_its_own_address_so_that_a_deletion_finds_it() -> None:
    uri = post_uri("ben")
    (like,) = events("feed.like", {"subject": ref(uri)})
    assert isinstance(like, Act)
    assert (like.kind, like.actor, like.target, like.post, like.via) == ("like", DID, BEN, uri, None)
    gone = deletion(DID, "app.bsky.feed.like", tid(NOON - 1_000), SEEN)
    assert gone is not None
    assert (gone.of, gone.subject) == ("act", like.act)


def test_a_repost_is_a_reshare_and_a_follow_a_follow() -> None:
    assert acts("feed.repost", {"subject": ref(post_uri("ben"))}) == [("reshare", BEN, post_uri("ben"))]
    assert acts("graph.follow", {"subject": BEN}) == [("follow", BEN, None)]


def test_old_follows_and_votes_mean_what_they_meant() -> None:
    assert acts("graph.follow", {"subject": {"did": BEN, "declarationCid": "bafy"}}) == [
        ("follow", BEN, None)
    ]
    vote = {"subject": ref(post_uri("ben"))}
    assert acts("feed.vote", {**vote, "direction": "up"}) == [("like", BEN, post_uri("ben"))]
    assert acts("feed.vote", {**vote, "direction": "down"}) == []


def test_what_one_does_to_oneself_is_nothing_done_towards_another() -> None:
    mine = post_uri("anna")
    assert did("anna") == DID
    assert acts("feed.like", {"subject": ref(mine)}) == []
    assert acts("graph.follow", {"subject": DID}) == []
    own = {"text": "x", "reply": {"parent": ref(mine)}, "embed": {"record": ref(mine)}, **mention(DID)}
    assert acts("feed.post", own) == []


def test_a_reply_a_quote_and_mentions_are_acts_with_the_post_they_are_done_with() -> None:
    parent, quoted = post_uri("ben"), post_uri("carla")
    record = {
        "text": "ja",
        "reply": {"parent": ref(parent)},
        "embed": {"record": ref(quoted)},
        **mention(BEN, did("dora")),
    }
    found = events("feed.post", record)
    (written,) = (e for e in found if isinstance(e, Post))
    assert (written.reply_to, written.reply_to_account, written.quote_of) == (parent, BEN, quoted)
    assert written.mentions == (BEN, did("dora"))
    done = [e for e in found if isinstance(e, Act)]
    assert [(a.kind, a.target) for a in done] == [("reply", BEN), ("quote", CARLA), ("mention", did("dora"))]
    assert {a.via for a in done} == {written.post}


def test_a_quote_beside_pictures_lies_one_level_deeper() -> None:
    assert post(embed={"media": {}, "record": {"record": ref(post_uri("ben"))}}).quote_of == post_uri("ben")


def test_a_feed_or_a_list_that_is_shown_is_no_quote() -> None:
    assert post(embed={"record": ref(f"at://{BEN}/app.bsky.feed.generator/kaffee")}).quote_of is None


@pytest.mark.parametrize(
    "collection", ["graph.block", "graph.listitem", "feed.threadgate", "graph.assertion"]
)
def test_blocks_lists_rules_and_scenes_are_none_of_ours(collection: str) -> None:
    assert events(collection, {"subject": BEN}) == []
    assert deletion(DID, f"app.bsky.{collection}", "x", SEEN) is None


@pytest.mark.parametrize(
    ("collection", "record"),
    [
        ("feed.like", {}),
        ("feed.like", {"subject": "did:plc:ben"}),
        ("feed.like", {"subject": {"uri": "https://example.org/1"}}),
        ("feed.like", {"subject": {"uri": "at://did:plc:a b/app.bsky.feed.post/1"}}),
        ("feed.like", {"subject": {"uri": 7}}),
        ("graph.follow", {"subject": "ben.example"}),
        ("graph.follow", {"subject": None}),
        ("graph.follow", {"subject": "did:plc:" + "b" * 3_000}),
        ("feed.post", {}),
        ("feed.post", {"text": ["Hallo"]}),
        ("feed.post", {"text": "x" * 100_001}),
        ("feed.post", None),
        ("feed.post", [1]),
        ("actor.profile", {"description": "x" * 100_001}),
    ],
)
def test_a_record_that_cannot_be_used_is_a_problem_that_names_its_place(collection: str, record: Any) -> None:
    (problem,) = (e for e in events(collection, record) if isinstance(e, Problem))
    assert f"{DID}/app.bsky.{collection}/" in problem.where
    assert problem.message


def test_a_post_with_a_broken_ornament_is_still_a_post() -> None:
    found = post(facets=7, langs="de", embed={"record": 3}, reply=[], labels={"values": 5})
    assert (found.text, found.language, found.mentions, found.reply_to) == ("Hallo", None, (), None)


def test_a_key_that_is_none_is_a_problem() -> None:
    (problem,) = events("feed.like", {"subject": ref(post_uri("ben"))}, key="a/b c")
    assert isinstance(problem, Problem)


def test_of_a_thousand_named_only_the_first_are_kept_and_it_is_said() -> None:
    found = events("feed.post", {"text": "alle", **mention(*(f"did:plc:{n:024}" for n in range(1_000)))})
    assert sum(isinstance(e, Act) for e in found) == MOST_NAMED
    assert sum(isinstance(e, Problem) for e in found) == 1


# -- what is told of posts and accounts


def test_the_first_declared_language_counts_as_its_primary_subtag() -> None:
    assert post(langs=["und", "de-AT", "en"]).language == "de"
    assert post(langs=[]).language is None
    assert post().language is None


def test_entities_name_as_facets_do() -> None:
    entity = {"index": {"start": 0, "end": 3}, "type": "mention", "value": BEN}
    assert post(
        entities=[entity, {**entity, "type": "link"}, {**entity, "value": "ben.example"}]
    ).mentions == (BEN,)


def test_texts_lose_what_means_nothing() -> None:
    assert post(text="Gru\u0308ße\x00").text == "Grüße"


def test_a_profile_says_what_its_owner_says_of_herself() -> None:
    labels = {"values": [{"val": "bot"}, {"val": "!no-unauthenticated"}]}
    (found,) = events(
        "actor.profile", {"displayName": " Anna ", "description": "", "labels": labels}, key="self"
    )
    assert isinstance(found, Account)
    assert (found.name, found.bio, found.automated, found.discoverable, found.own) == (
        "Anna",
        None,
        True,
        False,
        False,
    )
    (plain,) = events("actor.profile", {}, key="self")
    assert isinstance(plain, Account)
    assert (plain.automated, plain.discoverable) == (False, None)


def test_a_handle_becomes_an_alias_unless_it_is_invalid() -> None:
    found = name_change(DID, "Anna.Example", SEEN)
    assert found is not None
    assert (found.handle, found.aliases) == ("anna.example", ("at://anna.example",))
    for handle in (None, "", "handle.invalid", "no handle", did("ben"), "a" * 3_000):
        assert name_change(DID, handle, SEEN) is None


def test_only_a_deleted_account_is_gone_all_else_can_be_undone() -> None:
    assert status_change(DID, "deleted", SEEN) == Deletion(of="account", subject=DID, happened_at=SEEN)
    for status in ("takendown", "suspended", "deactivated", "throttled", None):
        assert status_change(DID, status, SEEN) is None


# -- when

DAY = 86_400 * 10**6


@pytest.mark.parametrize(
    ("claimed", "made", "found", "exact"),
    [
        (NOON - 5 * DAY, NOON - 5 * DAY, NOON - 5 * DAY, True),  # as it should be
        (NOON + 60 * 10**6, NOON - 1_000, NOON, True),  # a clock that is fast
        (NOON + 300 * DAY, NOON - 7, NOON - 7, True),  # the future: the key is believed
        (BEGAN_US - DAY, NOON - 7, NOON - 7, True),  # before there was a Bluesky
        (NOON - 900 * DAY, NOON - 7, NOON - 7, True),  # dated back, or brought over from elsewhere
        (NOON - DAY // 2, NOON - 7, NOON - DAY // 2, True),  # written on the train
        (None, NOON - 7, NOON - 7, True),
        (NOON - 9 * DAY, None, NOON - 9 * DAY, True),  # a key that tells nothing
        (NOON + 300 * DAY, NOON + 300 * DAY, NOON, False),  # both impossible: at the latest when it was seen
        (None, None, NOON, False),
    ],
)
def test_claim_key_and_witness_are_weighed(
    claimed: int | None, made: int | None, found: int, *, exact: bool
) -> None:
    text = None if claimed is None else iso(claimed)
    at, sure = moments([text], ["self" if made is None else tid(made)], np.array([NOON]))
    assert (micros(at[0].as_py()), sure[0].as_py()) == (found, exact)


@given(
    claimed=st.one_of(
        st.none(), st.datetimes().map(lambda t: t.replace(tzinfo=UTC).isoformat()), st.text(max_size=40)
    ),
    made=st.one_of(st.just("self"), st.integers(0, 2**53 - 1).map(tid), st.text(max_size=20)),
    seen=st.integers(BEGAN_US, NOON + 10**15),
)
def test_no_record_is_later_than_it_was_seen(claimed: str | None, made: str, seen: int) -> None:
    at, exact = moments([claimed], [made], np.array([seen]))
    assert micros(at[0].as_py()) <= seen
    assert exact[0].as_py() or micros(at[0].as_py()) == seen


TIMES = st.one_of(
    st.datetimes(min_value=datetime(1, 1, 2)).map(datetime.isoformat),  # noqa: DTZ001  without a zone on purpose
    st.datetimes(timezones=st.timezones(), min_value=datetime(1900, 1, 2)).map(datetime.isoformat),  # noqa: DTZ001
    st.sampled_from(
        [
            "2026-02-30T00:00:00Z",
            "2026-01-01t10:00:00z",
            "2026-01-01T10:00:00.123456789Z",
            "",
            "gestern",
            None,
        ]
    ),
)


@given(texts=st.lists(TIMES, max_size=8))
def test_a_time_is_read_the_same_whatever_stands_beside_it(texts: list[str | None]) -> None:
    together = written_micros(texts).tolist()
    assert together == [int(written_micros([text])[0]) for text in texts]
    for text, found in zip(texts, together, strict=True):
        try:
            moment = datetime.fromisoformat((text or "").strip().upper())
            plain = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            continue
        if found != np.iinfo(np.int64).min and plain > datetime(2, 1, 1, tzinfo=UTC):
            assert abs(found - (plain - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)) <= 1


@given(us=st.lists(st.integers(0, 2**53 - 1), max_size=5), odd=st.lists(st.text(max_size=14), max_size=3))
def test_a_key_tells_when_it_was_made(us: list[int], odd: list[str]) -> None:
    keys = [tid(u, clock=1023) for u in us] + odd
    found = tid_micros(keys).tolist()
    assert found[: len(us)] == us
    assert all(told >= -1 for told in found)


def test_a_key_whose_first_letter_is_too_high_is_no_time() -> None:
    assert tid_micros(["zzzzzzzzzzzzz", "3JZFCIJPJ2Z2A", "3jzfcijpj2z2\u00e4"]).tolist() == [-1, -1, -1]


# -- names


@pytest.mark.parametrize(
    ("uri", "whose"),
    [
        (post_uri("ben"), BEN),
        ("at://did:web:ben.example/app.bsky.feed.post/1", "did:web:ben.example"),
        ("at://ben.example/app.bsky.feed.post/1", "at://ben.example"),
        ("at://did:plc:ben", None),
        ("at://did:plc:b n/app.bsky.feed.post/1", None),
        ("at://nohost/app.bsky.feed.post/1", None),
        ("at://../app.bsky.feed.post/1", None),
        ("", None),
    ],
)
def test_an_address_says_whose_record_it_is(uri: str, whose: str | None) -> None:
    assert author_of(uri) == whose


@given(names=st.lists(st.one_of(NAME.map("did:plc:".__add__), st.text(max_size=40)), max_size=6))
def test_names_are_judged_in_columns_as_they_are_one_by_one(names: list[str]) -> None:
    plain = [n.encode("utf-8", "replace").decode() for n in names]
    odd = odd_accounts(column(plain))
    for index, name in enumerate(plain):
        if name.startswith("did:") or not name.startswith("at://"):
            assert (index in odd) == (not is_did(name))


@given(rows=st.lists(st.tuples(st.one_of(NAME, st.text(max_size=9)), st.text(max_size=13)), max_size=6))
def test_columns_of_one_length_and_of_many_hold_the_same(rows: list[tuple[str, str]]) -> None:
    dids, keys = [r[0] for r in rows], [r[1] for r in rows]
    try:
        wanted = [f"at://{d}/x.y.z/{k}" for d, k in rows]
        assert addresses(dids, "x.y.z", keys).to_pylist() == wanted
        assert column(keys).to_pylist() == keys
    except UnicodeEncodeError:
        assert any("\ud800" <= sign <= "\udfff" for sign in "".join(dids + keys))


@given(keys=st.lists(st.text(max_size=5), max_size=5))
def test_odd_keys_are_found_among_good_ones(keys: list[str]) -> None:
    assert set(odd_keys(keys)) == {n for n, key in enumerate(keys) if odd_keys([key])}
