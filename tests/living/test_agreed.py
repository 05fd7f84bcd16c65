"""Accounts that agreed to be named are looked at with each sync, so that a board knows who changed their mind."""

from __future__ import annotations

from typing import Any

from leumund.consent import Answer, may_appear
from leumund.ids import account_key
from leumund.lab import Lab
from leumund.saying import keep
from leumund.sources import bluesky
from leumund.sources.living import Access, Connection
from leumund.store.consents import agreed
from tests.living import labs
from tests.living.made_server import Made
from tests.living.test_faults import connect, made
from tests.servers.faulty import Answer as Reply
from tests.servers.faulty import Asked, Faulty, computed, good

__all__ = ["made"]
BEN, CARLA = "acct:ben@other.test", "acct:carla@other.test"
LOOKUP = "/api/v1/accounts/lookup"


def person(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "username": name, "acct": f"{name}@other.test", "locked": False, **more}


def answer_of(lab: Lab, uri: str) -> Answer:
    at, key = labs.now(), account_key(uri)
    with lab.tables(as_of=at) as tables:
        return may_appear(lab, tables, [key], "board", at=at)[key]


def test_a_sync_looks_at_who_agreed_and_sees_who_locked_the_account(lab: Lab, made: Made) -> None:
    connect(lab, made)
    at = labs.now()
    keep(
        lab,
        [s for group in agreed(lab.register, [BEN, CARLA], ["board"], at=at).values() for s in group],
        at=at,
    )
    assert answer_of(lab, BEN).reason == "unchecked"
    locked = False
    wanted: list[str] = []

    def lookup(asked: Asked) -> Reply:
        wanted.append(asked.one("acct") or "")
        if asked.one("acct") != "ben@other.test":
            return good({"error": "Record not found"}, status=404)
        return good(person("ben", locked=locked))

    made.server.answer(LOOKUP, computed(lookup))
    assert not labs.failures(labs.sync(lab))
    assert sorted(wanted) == ["ben@other.test", "carla@other.test"]
    assert answer_of(lab, BEN).reason == "said"
    assert answer_of(lab, CARLA).reason == "unchecked", "nobody there knows her"
    locked = True
    labs.sync(lab)
    assert answer_of(lab, BEN).reason == "locked"


def test_an_account_that_moved_is_not_named(lab: Lab, made: Made) -> None:
    connect(lab, made)
    at = labs.now()
    keep(lab, [s for group in agreed(lab.register, [BEN], ["board"], at=at).values() for s in group], at=at)
    made.server.answer(LOOKUP, good(person("ben", moved=person("ben2"))))
    assert not labs.failures(labs.sync(lab))
    assert answer_of(lab, BEN).reason == "hidden"


def test_where_nobody_agreed_nobody_is_asked_about(lab: Lab, made: Made) -> None:
    connect(lab, made)
    assert not labs.failures(labs.sync(lab))


def test_bluesky_is_asked_for_profiles_with_their_labels(faulty: Faulty) -> None:
    told = {
        "did": "did:plc:dora",
        "handle": "dora.test",
        "labels": [{"val": "!no-unauthenticated", "src": "did:plc:dora"}],
    }
    faulty.answer("/xrpc/app.bsky.actor.getProfiles", good({"profiles": [told]}))
    access = Access(
        connection=Connection(id="b", source="bluesky", server=faulty.url, account="did:plc:me"), at=labs.now(),
        client=labs.asked(faulty.url).client(faulty.url), secret=lambda: None, keep_secret=lambda _secret: None,
        agreed=("did:plc:dora", BEN),
    )  # fmt: skip
    (page,) = bluesky.fetch_agreed(access, None)
    (seen,) = bluesky.parse(page)
    assert (seen.account, seen.discoverable, seen.limited) == ("did:plc:dora", False, False)  # type: ignore[union-attr]
