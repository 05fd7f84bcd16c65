"""Webmentions: who did what, and whom to believe."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leumund.errors import LeumundError, UnreadableFileError
from leumund.events import Account, Act, Event, Post, Problem
from leumund.sources.webmentions import mention_events

NOW = datetime(2026, 2, 1, tzinfo=UTC)
TARGET = "https://anna.example/1/"


def mention(**more: Any) -> dict[str, Any]:
    plain = {
        "author": {"name": "Ben", "url": "https://ben.example/"},
        "url": "https://ben.example/7",
        "wm-source": "https://ben.example/7",
        "wm-target": TARGET,
        "wm-received": "2026-01-09T08:00:00Z",
        "wm-property": "like-of",
        "wm-private": False,
    }
    return {
        k: v
        for k, v in (plain | {k.replace("wm_", "wm-"): v for k, v in more.items()}).items()
        if v is not None
    }


def told(*mentions: object) -> list[Event]:
    return list(mention_events(json.dumps({"type": "feed", "children": mentions}).encode(), at=NOW))


def act(**more: Any) -> Act:
    (found,) = [e for e in told(mention(**more)) if isinstance(e, Act)]
    return found


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("like-of", "like"), ("repost-of", "reshare"), ("in-reply-to", "reply"), ("mention-of", "mention")],
)
def test_each_kind_is_our_verb_towards_the_site(theirs: str, ours: str) -> None:
    found = act(wm_property=theirs)
    assert (found.kind, found.actor, found.target, found.post) == (
        ours,
        "https://ben.example",
        "https://anna.example",
        TARGET,
    )


@pytest.mark.parametrize(
    ("author", "account"),
    [
        ("https://example.social/@Ben", "acct:ben@example.social"),
        ("https://example.social/users/ben", "acct:ben@example.social"),
        ("https://bsky.app/profile/ben.example", "at://ben.example"),
        ("https://bsky.app/profile/did:plc:aaaabbbbccccdddd", "did:plc:aaaabbbbccccdddd"),
        ("https://twitter.com/Ben", "https://x.com/ben"),
        ("https://medium.com/@Ben", "https://medium.com/@ben"),
        ("https://github.com/Ben", "https://github.com/ben"),
        ("https://ben.example/about/", "https://ben.example"),
        ("https://verlag.example/autor/ben/", "https://verlag.example/autor/ben"),
        ("https://www.linkedin.com/in/Ben", "https://www.linkedin.com/in/ben"),
    ],
)
def test_an_author_is_known_by_the_address_of_her_profile(author: str, account: str) -> None:
    assert act(author={"name": "Ben", "url": author}, url=author, wm_source=author).actor == account


OVER_A_BRIDGE = [
    ("https://brid.gy/like/mastodon/@anna@example.social/1/2", "https://b.example/@ben", "acct:ben@b.example"),
    ("https://www.brid.gy/like/twitter/anna/1/2", "https://twitter.com/ben", "https://x.com/ben"),
    ("https://brid.gy/react/github/anna/1/2", "https://github.com/ben", "https://github.com/ben"),
    ("https://brid.gy/like/bluesky/did:plc:anna/1/2", "https://bsky.app/profile/ben.example", "at://ben.example"),
    ("https://ap.brid.gy/convert/web/https://b.example/users/ben/statuses/1", "https://b.example/@ben", "acct:ben@b.example"),
    ("https://ap.brid.gy/convert/web/https:/b.example/users/ben/statuses/1", "https://b.example/@ben", "acct:ben@b.example"),
    ("https://bsky.brid.gy/convert/web/at://did:plc:abc/app.bsky.feed.post/3k", "https://bsky.app/profile/ben.example", "did:plc:abc"),
    ("https://bsky.brid.gy/convert/web/at%3A%2F%2Fdid:plc:abc/app.bsky.feed.like/3k", "https://bsky.app/profile/did:plc:abc", "did:plc:abc"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "author", "account"), OVER_A_BRIDGE)
def test_who_came_over_a_bridge_is_known_by_the_account_there(source: str, author: str, account: str) -> None:
    assert act(author={"name": "Ben", "url": author}, url=None, wm_source=source).actor == account


@pytest.mark.parametrize(
    ("source", "author"),
    [
        ("https://brid.gy/like/flickr/eve/1/2", "https://example.social/@ben"),
        ("https://brid.gy/like/mastodon/@eve@evil.example/1/2", "https://bsky.app/profile/ben.example"),
        ("https://brid.gy/like/github/eve/1/2", "https://evilgithub.com/ben"),
        ("https://fed.brid.gy/r/https://evil.example/x", "https://example.social/@ben"),
        ("https://web.brid.gy/r/https://evil.example/x", "https://example.social/@ben"),
        ("https://fed.brid.gy/convert/web/https://evil.example/x", "https://example.social/@ben"),
        ("https://ap.brid.gy/convert/web/https:/evil.example/x", "https://bsky.app/profile/ben.example"),
        ("https://bsky.brid.gy/convert/web/at://did:plc:evil/app.bsky.feed.post/3k", "https://bsky.app/profile/did:plc:ben"),
        ("https://bsky.brid.gy/convert/web/at://did:plc:evil/app.bsky.feed.post/3k", "https://example.social/@ben"),
        ("https://evil.brid.gy/", "https://evil.brid.gy/"),
    ],
)  # fmt: skip
def test_a_bridge_speaks_only_for_the_place_it_took_the_words_from(source: str, author: str) -> None:
    found = act(author={"name": "Ben", "url": author}, url=None, wm_source=source)
    assert found.actor == "other:anna.example:guest:ben"


def test_a_bridge_names_no_post_of_another() -> None:
    bridged = {
        "wm_source": "https://brid.gy/comment/mastodon/@eve@evil.example/1/2",
        "wm_property": "in-reply-to",
    }
    author = {"name": "Eve", "url": "https://evil.example/@eve"}
    assert (
        act(author=author, url="https://example.social/@ben/115000000000000001", **bridged).via
        == bridged["wm_source"]
    )
    author["url"] = "https://example.social/@eve"
    found = act(author=author, url="https://example.social/@ben/115000000000000001", **bridged)
    assert found.via == bridged["wm_source"]
    bridged["wm_source"] = "https://bsky.brid.gy/convert/web/at://did:plc:eve/app.bsky.feed.post/3k"
    author["url"] = "https://bsky.app/profile/did:plc:eve"
    found = act(author=author, url="https://bsky.app/profile/did:plc:ben/post/3k", **bridged)
    assert (found.actor, found.via) == ("did:plc:eve", bridged["wm_source"])


def test_a_page_cannot_speak_for_somebody_elses_account() -> None:
    events = told(
        mention(
            author={"name": "Ben", "url": "https://example.social/@ben"},
            url="https://example.social/@ben/115000000000000001",
            wm_source="https://evil.example/x",
            wm_property="in-reply-to",
            content={"text": "Kauft!"},
        )
    )
    assert {e.account for e in events if isinstance(e, Account | Post)} == {"https://evil.example"}
    assert not [e for e in events if isinstance(e, Account) and (e.name or e.url)]
    assert [e.post for e in events if isinstance(e, Post)] == ["https://evil.example/x"]


@pytest.mark.parametrize(
    "source",
    [
        "https://granary.io/url?input=html&output=html&url=https://evil.example/x",
        "https://brid.gy/?url=https://evil.example/x",
        "https://brid.gy/user/comment/x",
        "https://brid.gy.evil.example/comment/1",
        "https://evil.example/brid.gy/comment/1",
    ],
)
def test_what_only_looks_like_a_bridge_speaks_for_nobody(source: str) -> None:
    events = told(
        mention(
            author={"name": "Ben", "url": "https://bsky.app/profile/ben.example"},
            url="https://bsky.app/profile/did:plc:evil/post/3k",
            wm_source=source,
            wm_property="in-reply-to",
            content={"text": "Kauft!"},
        )
    )
    (account,) = [e for e in events if isinstance(e, Account)]
    assert not account.account.startswith(("did:", "at://"))
    assert account.aliases == ()


def test_in_a_house_of_many_nobody_speaks_for_a_neighbour() -> None:
    found = act(
        author={"name": "Ben", "url": "https://medium.com/@ben"},
        url=None,
        wm_source="https://medium.com/@eve/1",
    )
    assert found.actor == "https://medium.com/@eve"


def test_no_webmention_joins_a_handle_and_a_number() -> None:
    events = told(
        mention(
            author={"name": "Ben", "url": "https://bsky.app/profile/ben.example"},
            url="https://bsky.app/profile/did:plc:abc/post/3k",
            wm_source="https://brid.gy/comment/bluesky/did:plc:anna/1/2",
            wm_property="in-reply-to",
            content={"text": "Ja"},
        )
    )
    (account,) = [e for e in events if isinstance(e, Account)]
    assert (account.account, account.aliases) == ("did:plc:abc", ())
    assert {e.account for e in events if isinstance(e, Post)} == {"did:plc:abc"}


def test_the_same_answer_from_the_network_itself_has_the_same_name() -> None:
    for silo, author, url, name in (
        (
            "mastodon",
            "https://example.social/@ben",
            "https://example.social/@ben/115000000000000001",
            "https://example.social/users/ben/statuses/115000000000000001",
        ),
        (
            "twitter",
            "https://twitter.com/ben",
            "https://twitter.com/ben/status/20",
            "https://x.com/i/status/20",
        ),
        (
            "bluesky",
            "https://bsky.app/profile/ben.example",
            "https://bsky.app/profile/did:plc:abc/post/3k",
            "at://did:plc:abc/app.bsky.feed.post/3k",
        ),
    ):
        source = f"https://brid.gy/comment/{silo}/anna/1/2"
        found = act(author={"url": author}, url=url, wm_source=source, wm_property="in-reply-to")
        assert found.via == name


def test_a_site_that_links_to_itself_does_nothing() -> None:
    assert (
        told(mention(author={"name": "A", "url": "https://anna.example"}, wm_source="https://anna.example/2"))
        == []
    )


@pytest.mark.parametrize(
    "more", [{"wm_private": True}, {"wm_property": "bookmark-of"}, {"wm_property": "rsvp"}]
)
def test_what_is_private_or_no_verb_of_ours_is_left_out(more: dict[str, Any]) -> None:
    assert told(mention(**more)) == []


def test_the_time_is_that_of_publishing_then_of_receipt_then_of_asking() -> None:
    assert act(published="2026-01-08T08:00:00+01:00").happened_at.isoformat() == "2026-01-08T07:00:00+00:00"
    assert act(published="soon").happened_at.isoformat() == "2026-01-09T08:00:00+00:00"
    assert act(wm_received=None).happened_at == NOW


def test_both_forms_of_the_same_mention_are_the_same_act() -> None:
    link = {
        "source": "https://ben.example/7", "target": TARGET, "verified_date": "2026-01-09T08:00:00+00:00",
        "activity": {"type": "like"}, "data": {"url": "https://ben.example/7", "author": {"name": "Ben", "url": "https://ben.example/"}},
    }  # fmt: skip
    events = list(mention_events(json.dumps({"links": [link]}).encode(), at=NOW))
    assert events == told(mention())


def test_a_bad_record_is_a_problem_and_the_others_are_read() -> None:
    events = told("nothing", mention(), {"wm-property": 3}, mention(wm_target="nowhere"), None)
    assert [type(e) for e in events].count(Problem) == 4
    assert [type(e) for e in events].count(Act) == 1


def test_a_cut_answer_gives_what_is_whole() -> None:
    data = json.dumps(
        {"type": "feed", "children": [mention(), mention(url="https://ben.example/8")]}
    ).encode()
    assert len([e for e in mention_events(data[:-60], at=NOW) if isinstance(e, Act)]) == 1


@pytest.mark.parametrize("data", [b"", b"{}", b"<html>", b'{"error": "forbidden"}', b"null"])
def test_what_holds_no_mentions_is_said_to_hold_none(data: bytes) -> None:
    with pytest.raises(UnreadableFileError, match=r"webmention\.io"):
        list(mention_events(data, at=NOW))


names = st.sampled_from(["wm-property", "wm-target", "wm-source", "wm-received", "url", "author", "content", "name", "published", "target", "data", "activity", "type"])  # fmt: skip
words = st.sampled_from(["like-of", "mention-of", TARGET, "https://example.social/@a", "https://[", "2026-01-01", "\ud800", "\x00"]) | st.text(max_size=6)  # fmt: skip


@given(st.dictionaries(names, st.recursive(st.none() | st.integers() | words, lambda v: st.dictionaries(names, v, max_size=3) | st.lists(v, max_size=2), max_leaves=6), max_size=9))  # fmt: skip
@settings(max_examples=300)
def test_no_record_raises(record: dict[str, Any]) -> None:
    with contextlib.suppress(LeumundError):
        for event in told({"wm-property": "like-of", "wm-target": TARGET} | record):
            assert isinstance(event, Account | Act | Post | Problem)
