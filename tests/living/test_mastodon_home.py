"""Where an account is at home: a server may claim any name, the name itself must say so too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from leumund.http import Client
from leumund.http.addresses import place
from leumund.sources.living import Asked, Connected, living_named
from tests.living import labs
from tests.living.made_server import ME, TOKEN, Made
from tests.servers.faulty import Answer, Faulty, faulty_server, good

FINGER = "/.well-known/webfinger"


@pytest.fixture
def other() -> Iterator[Faulty]:
    """The server that has the name."""
    with faulty_server() as server:
        yield server


def name_of(server: Faulty) -> str:
    return server.url.removeprefix("http://")


def connecting(server: Faulty, other: Faulty) -> tuple[Connected, list[str]]:
    told: list[str] = []
    who = Asked(
        where=server.url, options={"token": "1"}, tell=told.append, prompt=lambda _text, _hidden: TOKEN,
        browse=lambda _url: False, at=labs.now(),
        client=lambda origin: Client(origin=origin, allowed=frozenset({place(origin), place(other.url)})),
    )  # fmt: skip
    Made(server).start()
    server.answer("/api/v2/instance", good({"domain": name_of(other)}))
    return living_named("mastodon").connect(who), told


def finger(*hrefs: object, rel: object = "self") -> Answer:
    return good({"subject": "acct:anna@x", "links": [{"rel": rel, "href": href} for href in hrefs]})


def test_a_name_that_points_back_to_the_server_is_believed(faulty: Faulty, other: Faulty) -> None:
    other.answer(FINGER, finger(f"{faulty.url}/users/anna"))
    found, told = connecting(faulty, other)
    assert found.connection.account == f"acct:anna@{name_of(other)}"
    assert found.connection.settings["host"] == name_of(other)
    assert told == []
    (asked,) = other.asked(FINGER)
    assert asked.query["resource"] == [f"acct:anna@{name_of(other)}"]
    assert "authorization" not in asked.headers  # the key is for its own server


@pytest.mark.parametrize(
    "answer",
    [
        finger("https://somewhere.example/users/anna"),
        finger(ME["url"]),  # what the claiming server itself says of the account proves nothing
        finger(),
        finger(None, 5, "http://["),
        good({"links": "none"}),
        good([]),
        good({"error": "nobody"}, status=404),
        good({"error": "no"}, status=401),
        good(b"<html>", kind="text/html"),
    ],
)
def test_a_name_that_does_not_point_back_is_not_taken(faulty: Faulty, other: Faulty, answer: Answer) -> None:
    other.answer(FINGER, answer)
    found, told = connecting(faulty, other)
    assert found.connection.account == f"acct:anna@{name_of(faulty)}"
    assert name_of(other) in told[-1]


def test_another_account_s_page_on_that_server_is_no_proof(faulty: Faulty, other: Faulty) -> None:
    other.answer(FINGER, finger(f"{faulty.url}/@anna", rel="http://webfinger.net/rel/profile-page"))
    found, _told = connecting(faulty, other)
    assert found.connection.account == f"acct:anna@{name_of(faulty)}"


def test_in_one_s_own_network_a_name_that_nobody_can_ask_is_believed(faulty: Faulty, other: Faulty) -> None:
    Made(faulty).start()
    faulty.answer("/api/v2/instance", good({"domain": "made.test"}))
    found = living_named("mastodon").connect(
        labs.asked(faulty.url, prompt=lambda _text, _hidden: TOKEN, token="1")
    )
    assert found.connection.account == "acct:anna@made.test"
    assert other.asked() == []
