"""A connected account against a server of Mastodon's kind: what was done there is found here, act by act."""

from __future__ import annotations

import urllib.request
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

from leumund.events import Kind
from leumund.lab import Lab
from leumund.sources.living import Connection
from tests.living import labs
from tests.servers.ledger import Ledger
from tests.servers.mastodon import Mastodon
from tests.servers.mastodon_people import Person


def connect(lab: Lab, server: Mastodon, whose: Person) -> Connection:
    who = labs.asked(server.origin, prompt=lambda _text, _hidden: whose.token, token="True")
    return labs.connect(lab, "mastodon", who)


def done(ledger: Ledger, whose: Person) -> list[tuple[str, str, str, str]]:
    """What the ledger says was done by or towards a person."""
    kinds: tuple[Kind, ...] = ("follow", "like", "reshare", "reply", "quote", "mention")
    return sorted(
        (d.what, d.who, d.whom or "", d.via or d.post or "")
        for d in ledger.ever(*kinds)
        if whose.account in (d.who, d.whom)
    )


def test_what_was_done_is_found_act_by_act(lab: Lab, mastodon: Mastodon, ledger: Ledger) -> None:
    anna, ben, carla = (mastodon.join(ledger, name) for name in ("anna", "ben", "carla"))
    first, second = anna.post("Guten Morgen", language="de"), anna.post("Zweiter Beitrag")
    ben.follow(anna)
    carla.follow(anna)
    anna.follow(ben)
    ben.favourite(first)
    carla.favourite(first)
    carla.boost(first)
    ben.post(f"@{anna.username} danke!", reply_to=second)
    carla.post(f"#FF @{anna.username}, weil sie klug ist", mentions=[anna], language="de")
    bens = ben.post("Bens Beitrag")
    anna.boost(bens)
    anna.favourite(bens)
    connect(lab, mastodon, anna)
    assert labs.failures(labs.sync(lab)) == []
    found = labs.acts(lab)
    assert found == done(ledger, anna)
    assert labs.posts(lab)[first.uri] == "Guten Morgen"
    with lab.tables(as_of=labs.now()) as tables:
        counts = tables.arrow(
            "select likes, reshares from posts where post = $post", post=first.uri
        ).to_pylist()
        recommended = tables.arrow("select count(*) as n from recommendations where class = 'vote'")["n"][
            0
        ].as_py()
    assert counts == [{"likes": 2, "reshares": 1}]
    assert recommended == 1
    again = labs.sync(lab)
    assert labs.acts(lab) == found
    assert again[0].new.get("acts", 0) == again[0].new.get("posts", 0) == 0


def test_what_changes_later_follows(lab: Lab, mastodon: Mastodon, ledger: Ledger) -> None:
    anna, ben, carla = (mastodon.join(ledger, name) for name in ("anna", "ben", "carla"))
    kept, wrong, gone = (anna.post(t) for t in ("Bleibt", "Mit Feler", "Kommt weg"))
    anna.post("Als letztes")
    follow = ben.follow(anna)
    carla.follow(anna)
    connect(lab, mastodon, anna)
    labs.sync(lab)
    anna.edit(wrong, "Ohne Fehler")
    anna.delete(gone)
    ben.unfollow(anna, follow)
    like = carla.favourite(kept)
    assert labs.failures(labs.sync(lab)) == []
    found = labs.posts(lab)
    assert found[wrong.uri] == "Ohne Fehler"
    assert gone.uri not in found
    assert kept.uri in found
    left = [a for a in labs.acts(lab) if a[0] == "unfollow"]
    assert [a[1:3] for a in left] == [(ben.account, anna.account)]
    assert ("like", carla.account, anna.account, like.post) in labs.acts(lab)
    ben.follow(anna)
    labs.sync(lab)
    follows = [a for a in labs.acts(lab) if a[:2] == ("follow", ben.account)]
    assert len(follows) == 2  # twice it was done
    assert labs.acts(lab) == (labs.sync(lab), labs.acts(lab))[1]


def test_more_than_a_page_of_everything(lab: Lab, mastodon: Mastodon, ledger: Ledger) -> None:
    anna, ben = (mastodon.join(ledger, name) for name in ("anna", "ben"))
    written = [anna.post(f"Beitrag {n}") for n in range(95)]
    for post in written:
        ben.favourite(post)
    others = [mastodon.join(ledger, "leser") for _ in range(90)]
    for other in others:
        other.follow(anna)
    connect(lab, mastodon, anna)
    assert labs.failures(labs.sync(lab)) == []
    assert labs.acts(lab) == done(ledger, anna)
    assert len(labs.posts(lab)) == 95


def test_letters_stay_letters(lab: Lab, mastodon: Mastodon, ledger: Ledger) -> None:
    anna, ben = (mastodon.join(ledger, name) for name in ("anna", "ben"))
    letter = ben.post(f"@{anna.username} ganz unter uns", mentions=[anna], visibility="direct")
    connect(lab, mastodon, anna)
    labs.sync(lab)
    assert letter.uri not in labs.posts(lab)
    assert labs.acts(lab) == []


def test_a_key_that_is_withdrawn_is_said_and_nothing_is_lost(
    lab: Lab, mastodon: Mastodon, ledger: Ledger
) -> None:
    anna, ben = (mastodon.join(ledger, name) for name in ("anna", "ben"))
    ben.favourite(anna.post("Guten Morgen"))
    connect(lab, mastodon, anna)
    labs.sync(lab)
    before = labs.acts(lab)
    mastodon.fault("status", status=401, count=None)
    told = labs.failures(labs.sync(lab))
    mastodon.heal()
    assert len(told) == 1
    assert "401" in told[0]
    assert labs.acts(lab) == before
    assert labs.failures(labs.sync(lab)) == []


def test_through_the_browser_of_a_server_that_does_not_accept_its_own_finer_key(
    lab: Lab, mastodon: Mastodon, ledger: Ledger
) -> None:
    anna, ben = (mastodon.join(ledger, name) for name in ("anna", "ben"))
    ben.favourite(anna.post("Guten Morgen"))
    rights: list[str] = []

    def browse(url: str) -> bool:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        rights.append(asked["scope"])
        form = urlencode({**asked, "username": anna.username}).encode()
        with urllib.request.urlopen(f"{mastodon.origin}/oauth/authorize", form, timeout=60) as page:
            assert page.status == 200  # sent back to us, who say thank you
        return True

    made = labs.connect(lab, "mastodon", replace(labs.asked(mastodon.origin), browse=browse))
    assert [r.split(":")[0] for r in rights] == ["read", "read"]
    assert rights[1] == "read"
    assert made.account == anna.account
    assert labs.failures(labs.sync(lab)) == []
    assert labs.acts(lab) == done(ledger, anna)
