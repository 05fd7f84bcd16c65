"""The real servers start, and say what the ledger says was done there."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from websockets.sync.client import connect

from tests.servers.bluesky import Bluesky
from tests.servers.firehose import feeding
from tests.servers.jetstream import Jetstream
from tests.servers.json_calls import RefusedError, call
from tests.servers.ledger import Ledger
from tests.servers.mastodon import Mastodon, mastodon_server

_TOLD_AS = {"follow": "follow", "like": "like", "repost": "reshare", "reply": "reply", "quote": "quote",
            "mention": "mention"}  # fmt: skip
_MASTODON_TOLD_AS = {"follow": "follow", "favourite": "like", "reblog": "reshare", "mention": "mention"}


def profile(bluesky: Bluesky, who: str) -> Any:
    return call("GET", f"{bluesky.appview}/xrpc/app.bsky.actor.getProfile", query={"actor": who})


def test_bluesky_notifies_of_every_act_of_the_ledger(bluesky: Bluesky, ledger: Ledger) -> None:
    anna, ben = bluesky.join(ledger, "anna"), bluesky.join(ledger, "ben")
    first = anna.post("Wer kommt mit in den Garten?", languages=["de"])
    ben.follow(anna)
    ben.like(first)
    ben.repost(first)
    ben.post("Ich!", reply_to=first)
    ben.post("Seht nur", quote=first)
    ben.post(f"Mit @{anna.handle} natürlich", mentions=[anna])
    told = anna.ask("app.bsky.notification.listNotifications", limit=100)["notifications"]
    acts = ledger.holds("follow", "like", "reshare", "reply", "quote", "mention", whom=anna.did)
    assert len(acts) == 6
    assert {(_TOLD_AS[n["reason"]], n["author"]["did"], n["uri"]) for n in told} == {
        (act.what, act.who, act.act) for act in acts
    }


def test_bluesky_counts_what_still_holds(bluesky: Bluesky, ledger: Ledger) -> None:
    dora, emil, frida = (bluesky.join(ledger, name) for name in ("dora", "emil", "frida"))
    post = dora.post("Eins")
    dora.undo(dora.post("Zwei"))
    follow = emil.follow(dora)
    frida.follow(dora)
    emil.undo(follow)
    frida.undo(frida.like(post))
    shown = profile(bluesky, dora.did)
    assert shown["followersCount"] == len(ledger.holds("follow", whom=dora.did)) == 1
    assert shown["postsCount"] == len(ledger.holds("post", who=dora.did)) == 1
    assert not ledger.holds("like", whom=dora.did)
    assert len(ledger.ever("follow", whom=dora.did)) == 2


def test_on_bluesky_people_change_their_names_and_leave(bluesky: Bluesky, ledger: Ledger) -> None:
    gerd = bluesky.join(ledger, "gerd")
    gerd.introduce("Gerd", "Gärtner")
    gerd.rename("gerd-im-garten.test")
    shown = profile(bluesky, gerd.did)
    assert (shown["handle"], shown["displayName"], shown["description"]) == (gerd.handle, "Gerd", "Gärtner")
    gerd.leave()
    with pytest.raises(RefusedError, match="AccountDeactivated"):
        profile(bluesky, gerd.did)
    gerd.come_back()
    assert profile(bluesky, gerd.did)["handle"] == "gerd-im-garten.test"


def test_on_bluesky_a_post_can_claim_a_time(bluesky: Bluesky, ledger: Ledger) -> None:
    hans = bluesky.join(ledger, "hans")
    post = hans.post("Von morgen", written=datetime(2199, 1, 1, tzinfo=UTC))
    shown = hans.ask("app.bsky.feed.getPosts", uris=[post.uri])["posts"][0]
    assert shown["record"]["createdAt"].startswith("2199-01-01")
    assert not shown["indexedAt"].startswith("2199")


def test_on_bluesky_many_deeds_are_waited_for_at_once(bluesky: Bluesky, ledger: Ledger) -> None:
    kai = bluesky.join(ledger, "kai")
    kai.patient = False
    for number in range(30):
        kai.post(f"Nummer {number}")
    bluesky.settle()
    feed = call(
        "GET", f"{bluesky.appview}/xrpc/app.bsky.feed.getAuthorFeed", query={"actor": kai.did, "limit": 100}
    )
    assert {item["post"]["uri"] for item in feed["feed"]} == {
        d.post for d in ledger.holds("post", who=kai.did)
    }
    assert len(feed["feed"]) == 30


def test_an_app_password_opens_a_session(bluesky: Bluesky, ledger: Ledger) -> None:
    ida = bluesky.join(ledger, "ida")
    body = {"identifier": ida.handle, "password": ida.app_password()}
    session = call("POST", f"{bluesky.pds}/xrpc/com.atproto.server.createSession", body=body)
    assert session["did"] == ida.did


def test_a_real_firehose_flows_through_jetstream(
    bluesky: Bluesky, ledger: Ledger, jetstream: Jetstream
) -> None:
    jan = bluesky.join(ledger, "jan")
    post = jan.post("Für alle")
    like = jan.like(post)
    jan.undo(like)
    jan.rename("jan-der-erste.test")
    with feeding(jetstream, bluesky.firehose) as fed:
        fed.wait_for(bluesky.settle())
    with connect(f"{jetstream.v1}?cursor=1&wantedDids={jan.did}", proxy=None) as line:
        seen = [
            json.loads(line.recv(timeout=60))
            for _ in range(len([t for t in jetstream.told if t.did == jan.did]) - 1)
        ]
    commits = [f["commit"] for f in seen if f["kind"] == "commit"]
    assert [(c["operation"], f"at://{jan.did}/{c['collection']}/{c['rkey']}") for c in commits] == [
        ("create", post.uri),
        ("create", like.act),
        ("delete", like.act),
    ]
    assert commits[0]["record"]["text"] == "Für alle"
    assert commits[0]["cid"] == post.cid
    assert [f["identity"]["handle"] for f in seen if f["kind"] == "identity"][-1] == jan.handle


def test_mastodon_notifies_of_every_act_of_the_ledger(mastodon: Mastodon, ledger: Ledger) -> None:
    anna, ben = mastodon.join(ledger, "anna"), mastodon.join(ledger, "ben")
    first = anna.post("Wer kommt mit in den Garten?", language="de")
    ben.follow(anna)
    ben.favourite(first)
    ben.boost(first)
    ben.post(f"@{anna.username} ich!", mentions=[anna])
    told = anna.ask("v1/notifications", limit=80)
    acts = ledger.holds("follow", "like", "reshare", "mention", whom=anna.account)
    assert len(acts) == 4
    assert {(_MASTODON_TOLD_AS[n["type"]], n["account"]["acct"]) for n in told} == {
        (act.what, ben.username) for act in acts
    }
    assert {act.who for act in acts} == {ben.account}


def test_mastodon_counts_what_still_holds(mastodon: Mastodon, ledger: Ledger) -> None:
    carla, dirk = mastodon.join(ledger, "carla"), mastodon.join(ledger, "dirk")
    post = carla.post("Eins")
    carla.delete(carla.post("Zwei"))
    carla.edit(post, "Eins!")
    dirk.unfollow(carla, dirk.follow(carla))
    dirk.unfavourite(post, dirk.favourite(post))
    dirk.unboost(post, dirk.boost(post))
    dirk.post("Antwort", reply_to=post)
    dirk.post("Schaut", quote=post)
    me = carla.ask("v1/accounts/verify_credentials")
    shown = carla.ask(f"v1/statuses/{post.id}")
    assert me["followers_count"] == len(ledger.holds("follow", whom=carla.account)) == 0
    assert me["statuses_count"] == len(ledger.holds("post", who=carla.account)) == 1
    assert shown["replies_count"] == len(ledger.holds("reply", whom=carla.account)) == 1
    assert shown["favourites_count"] == len(ledger.holds("like", whom=carla.account)) == 0
    assert (
        len(carla.ask(f"v1/statuses/{post.id}/quotes")) == len(ledger.holds("quote", whom=carla.account)) == 1
    )
    assert "Eins!" in shown["content"]


def test_mastodon_fails_when_it_is_told_to(mastodon: Mastodon, ledger: Ledger) -> None:
    emma = mastodon.join(ledger, "emma")
    mastodon.fault("status", "/api/v1/notifications", status=502, count=2)
    for _ in range(2):
        with pytest.raises(RefusedError, match="502"):
            emma.ask("v1/notifications")
    assert emma.ask("v1/notifications") == []
    mastodon.fault("ratelimit", count=None)
    with pytest.raises(RefusedError, match="Too many requests"):
        emma.ask("v1/notifications")
    mastodon.heal()
    assert emma.ask("v1/notifications") == []


def test_a_server_of_another_name_with_little_patience(mastodon: Mastodon, ledger: Ledger) -> None:
    with mastodon_server("anderswo.test", requests=5) as strict:
        otto = strict.join(ledger, "otto")
        assert otto.account == "acct:otto@anderswo.test"
        assert otto.post("Hier").uri.startswith("https://anderswo.test/")
        for _ in range(4):
            otto.ask("v1/notifications")
        with pytest.raises(RefusedError, match="429"):
            otto.ask("v1/notifications")
    assert strict.origin != mastodon.origin
