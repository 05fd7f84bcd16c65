"""What coverage says of accounts: in the reader's language, and of those that are no longer connected, too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from leumund import fetching, locale
from leumund.cli.app import app
from leumund.errors import UnknownServerError
from leumund.http import Client
from leumund.http.addresses import place
from leumund.ids import account_key
from leumund.lab import Lab
from leumund.locale import kept, ngettext, told
from leumund.reach import reach_of
from leumund.store import connections
from leumund.store.connections import Reach
from tests.living import labs
from tests.living.made_server import TOKEN, Made
from tests.servers.faulty import Faulty, good


@pytest.fixture(autouse=True)
def spoken() -> Iterator[None]:
    locale.use("en")
    yield
    locale.use("en")


@pytest.fixture
def made(faulty: Faulty, monkeypatch: pytest.MonkeyPatch) -> Made:
    monkeypatch.setattr(
        fetching, "client_for",
        lambda c, *_rest: Client(origin=c.server, allowed=frozenset({place(c.server)}), tries=1, stop=labs.Impatient()),
    )  # fmt: skip
    return Made(faulty, likes=3).start()


def run(*command: str, typed: str = "", code: int = 0) -> str:
    outcome = CliRunner().invoke(app, list(command), input=typed)
    assert outcome.exit_code == code, (outcome.output, outcome.exception)
    return outcome.output


def connect(made: Made) -> None:
    run("connect", "mastodon", made.url, "--token", "--private-server", typed=TOKEN + "\n")


def test_why_a_sync_failed_is_said_in_the_language_of_whoever_asks(made: Made) -> None:
    connect(made)
    locale.use("de")
    made.server.answer("/api/v1/notifications", good(b"<html>", kind="text/html"))
    run("sync", code=1)
    assert "Die Antwort ist nicht zu gebrauchen" in run("coverage")
    locale.use("en")
    assert "the answer cannot be used: this is no JSON" in run("coverage")


def test_an_account_that_is_no_longer_connected_keeps_its_place_in_coverage(made: Made) -> None:
    connect(made)
    run("sync")
    before = run("coverage")
    run("disconnect", "mastodon")
    after = run("coverage")
    assert "@anna@made.test  (no longer connected)" in after
    assert [line for line in before.splitlines() if " to " in line] == [
        line for line in after.splitlines() if " to " in line
    ]
    assert [p["connected"] for p in json.loads(run("coverage", "--json"))] == [False]
    connect(made)
    assert "no longer connected" not in run("coverage")


def test_an_account_that_never_was_read_leaves_no_trace(made: Made) -> None:
    connect(made)
    run("disconnect", "mastodon")
    assert "made.test" not in run("coverage")


def test_whoever_is_forgotten_is_forgotten_as_an_account_once_connected_too(
    made: Made, at_home: Path
) -> None:
    connect(made)
    run("sync")
    run("disconnect", "mastodon")
    run("me", "--remove", "@anna@made.test")
    run("backup", str(at_home / "copy.zip"))
    run("forget", "@anna@made.test", "--yes")
    with Lab.open(at_home / "home" / "main", read_only=True) as lab:
        assert connections.ended(lab.register) == []
        assert [p for p in reach_of(lab) if not p.connected] == []
    run("restore", str(at_home / "copy.zip"), "--lab", "again")
    with Lab.open(at_home / "home" / "again", read_only=True) as lab:
        assert connections.ended(lab.register) == []
        assert account_key("acct:anna@made.test") not in lab.register.uris(
            [account_key("acct:anna@made.test")]
        )


def test_a_note_is_kept_with_the_notes_in_it_and_those_of_older_labs_are_shown_as_they_are(lab: Lab) -> None:
    locale.use("de")
    at = datetime(2026, 3, 1, tzinfo=UTC)
    with lab.register.transaction() as db:
        db.execute(
            "insert into connection values ('m', 'mastodon', 'https://a.example', 'acct:a@a.example', '{}', 0)"
        )
        for stream, note in (
            ("posts", UnknownServerError("a.example").message),
            ("old", "so wie es war {x}"),
        ):
            connections.put_reach(
                db, Reach(connection="m", stream=stream, ran_at=at, since=None, whole=False, note=note)
            )
    locale.use("en")
    notes = {r.stream: r.note for r in connections.reaches(lab.register)}
    assert notes == {
        "posts": "a.example cannot be reached: there is no server of that name.",
        "old": "so wie es war {x}",
    }


@given(st.text(), st.integers(0, 3))
def test_whatever_is_kept_is_told_as_it_was(text: str, n: int) -> None:
    assert told(kept(text)) == text or text.startswith('{"message":')
    said = ngettext("{n} row", "{n} rows", n).format(n=n, other=text)
    assert told(kept(said)) == said
    error = UnknownServerError(text)
    assert told(kept(error.message)) == error.message


@given(st.text())
def test_what_only_looks_as_if_it_had_been_kept_is_shown_as_it_stands(rest: str) -> None:
    assert isinstance(told('{"message":' + rest), str)
