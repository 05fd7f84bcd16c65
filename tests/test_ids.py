"""One spelling for one account, whoever wrote it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leumund.events import NETWORKS, Network
from leumund.ids import (
    BadNameError,
    account_key,
    account_uri,
    display_handle,
    mentioned_account,
    name_uri,
    network_of,
)

SAME: list[tuple[Network, str, list[str]]] = [
    ("x", "https://x.com/anna", ["anna", "@Anna", "https://twitter.com/Anna", "http://www.x.com/anna/", "x.com/anna",
                                 "https://mobile.twitter.com/anna/status/1?s=20", "twitter.com/ANNA"]),
    ("x", "https://x.com/i/user/123", ["https://x.com/i/user/123", "https://twitter.com/i/user/123"]),
    ("mastodon", "acct:anna@example.social", ["@anna@example.social", "Anna@Example.Social", "acct:anna@example.social",
                                              "https://example.social/@anna", "https://example.social/users/anna/",
                                              "https://other.example/@anna@example.social", "\u2068@anna@example.social\u2069"]),
    ("mastodon", "acct:anna@example.social:8443", ["@anna@example.social:8443", "https://example.social:8443/@anna"]),
    ("bluesky", "at://anna.bsky.social", ["anna.bsky.social", "@Anna.bsky.social", "at://anna.bsky.social/",
                                          "https://bsky.app/profile/anna.bsky.social/post/3k"]),
    ("bluesky", "did:plc:abc", ["did:plc:abc", "at://did:plc:abc/app.bsky.feed.post/3k", "https://bsky.app/profile/did:plc:abc"]),
    ("linkedin", "https://www.linkedin.com/in/anna-berg", ["anna-berg", "https://www.linkedin.com/in/Anna-Berg/",
                                                           "linkedin.com/in/anna-berg?trk=x", "http://linkedin.com/in/anna-berg"]),
    ("facebook", "https://www.facebook.com/anna", ["anna", "@anna", "https://www.facebook.com/anna", "facebook.com/anna/"]),
    ("blog", "https://example.org", ["example.org", "https://Example.org/a/b?c#d", "http://example.org"]),
    ("other", "other:anna", ["anna", "@Anna"]),
    ("other", "https://example.org/~anna", ["https://example.org/~anna"]),
]  # fmt: skip


@pytest.mark.parametrize(("network", "uri", "spellings"), SAME)
def test_every_usual_spelling_is_one_account(network: Network, uri: str, spellings: list[str]) -> None:
    assert {account_uri(s, network) for s in spellings} == {uri}
    assert account_uri(uri, network) == uri
    assert network_of(uri) == network


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("bad", ["", " ", "a b", "x" * 3000, "@", "a\x00b", "a\x1bb", "https://", "\u202e"])
def test_what_cannot_be_a_name_is_refused(network: Network, bad: str) -> None:
    with pytest.raises(BadNameError):
        account_uri(bad, network)


@pytest.mark.parametrize("network", ["x", "mastodon", "blog", "linkedin", "facebook"])
@pytest.mark.parametrize("bad", ["https://[", "https://a.example:99999999/", "https://[::1"])
def test_an_address_that_is_none_is_no_name(network: Network, bad: str) -> None:
    try:
        assert account_uri(account_uri(bad, network), network)
    except BadNameError:
        return


@given(
    st.one_of(st.text(max_size=40), st.from_regex(r"(https?://|@|at://|did:|acct:)?[\w.@:/\[\]%?#-]{0,30}"))
)
@settings(max_examples=600)
def test_a_canonical_name_is_its_own_name_and_nothing_else_is_raised(text: str) -> None:
    for network in NETWORKS:
        try:
            uri = account_uri(text, network)
        except BadNameError:
            continue
        assert account_uri(uri, network) == uri
        assert display_handle(uri)
        assert 0 <= account_key(uri) < 2**63
        mentioned_account(text, network)


@pytest.mark.parametrize("network", NETWORKS)
def test_a_letter_that_grows_when_made_small_gives_one_name_or_none(network: Network) -> None:
    for text in ("İ", "İ@example.social", "https://example.social/@İ"):
        try:
            once = account_uri(text, network)
        except BadNameError:
            continue
        assert account_uri(once, network) == once


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("Anna  Berg ", "facebook-name:Anna_Berg"),
        ("Zoe\u0308 O’Brien-Müller", "facebook-name:Zoë_O’Brien-Müller"),
        ("\u202eanna/../@x", "facebook-name:anna_.._x"),
        ("अंजलि वर्मा", "facebook-name:अंजलि_वर्मा"),
    ],
)
def test_a_name_shown_is_an_account_that_nobody_takes_for_a_handle(name: str, uri: str) -> None:
    assert name_uri(name, "facebook") == uri
    assert account_uri(uri, "facebook") == uri
    assert network_of(uri) == "facebook"
    assert not display_handle(uri).startswith("@")
    assert display_handle(uri) == uri.partition(":")[2].replace("_", " ")


@pytest.mark.parametrize("name", ["", " ", "\u200b", "/", "a" * 400])
def test_what_nobody_can_see_is_no_name(name: str) -> None:
    with pytest.raises(BadNameError):
        name_uri(name, "linkedin")


def test_a_name_on_one_network_is_none_on_another() -> None:
    with pytest.raises(BadNameError):
        account_uri("facebook-name:Anna_Berg", "linkedin")


@given(st.text(max_size=60))
@settings(max_examples=400)
def test_the_account_of_a_name_is_its_own_name(name: str) -> None:
    try:
        uri = name_uri(name, "linkedin")
    except BadNameError:
        return
    assert account_uri(uri, "linkedin") == uri
    assert account_uri(uri, "other") == uri
