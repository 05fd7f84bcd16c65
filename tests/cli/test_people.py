"""Whose accounts are whose: said, listed, taken back; and whose archive it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from make_archives import as_zip, mastodon_files, x_files

from leumund.cli.people import account_uris
from leumund.errors import UsageError

from .conftest import Run


@pytest.fixture
def lab(run: Run) -> None:
    assert run("init", "--me", "@anna@werkstatt.example", "--me", "x.com/anna").code == 0


def archive(home: Path, user: str) -> str:
    files = {name: data.replace(b"anna", user.encode()) for name, data in mastodon_files().items()}
    return str(as_zip(home / f"{user}.zip", files))


@pytest.mark.parametrize(
    ("written", "uri"),
    [
        ("@anna@Werkstatt.example", "acct:anna@werkstatt.example"),
        ("https://werkstatt.example/@anna", "acct:anna@werkstatt.example"),
        ("https://werkstatt.example/users/anna", "acct:anna@werkstatt.example"),
        ("anna.bsky.social", "at://anna.bsky.social"),
        ("@anna.bsky.social", "at://anna.bsky.social"),
        ("https://bsky.app/profile/anna.bsky.social", "at://anna.bsky.social"),
        ("did:plc:abc", "did:plc:abc"),
        ("x.com/Anna", "https://x.com/anna"),
        ("https://mobile.twitter.com/anna", "https://x.com/anna"),
        ("https://de.linkedin.com/in/anna", None),
        ("www.linkedin.com/in/anna", "https://www.linkedin.com/in/anna"),
        ("facebook.com/anna.berg", "https://www.facebook.com/anna.berg"),
        ("https://anna.example/", "https://anna.example"),
        ("https://anna.example/about/me", None),
        ("anna", None),
        ("@anna", None),
        ("x", None),
        ("", None),
        ("@", None),
        ("anna berg", None),
        ("evilx.com/anna", None),
        ("x.com.example/anna", None),
    ],
)
def test_the_spelling_tells_the_network_or_it_is_refused(written: str, uri: str | None) -> None:
    if uri is not None:
        assert account_uris([written]) == [uri]
        return
    with pytest.raises(UsageError) as refused:
        account_uris([written])
    assert refused.value.hint


def test_a_bare_word_is_refused_with_what_it_could_be(run: Run, lab: None) -> None:
    said = run("me", "unsinn")
    assert (said.code, said.out) == (2, "")
    for spelling in ("x.com/unsinn", "@unsinn@server", "unsinn.bsky.social"):
        assert spelling in said.err
    assert "unsinn" not in run("me").out


def test_a_bare_word_that_the_lab_knows_is_taken_and_that_is_said(run: Run, lab: None) -> None:
    assert run("link", "@ben@garten.example", "ben.bsky.example").code == 0
    said = run("link", "ben.bsky.example", "@ben@garten.example", "x.com/benni")
    assert said.code == 0
    assert said.err == ""
    said = run("link", "benni", "@b@garten.example")
    assert "taken for @benni (X)" in said.err


def test_own_accounts_are_listed_each_with_its_network(run: Run, lab: None) -> None:
    assert run("me").out == "Yours: @anna (X), @anna@werkstatt.example (Mastodon)\n"
    told = {row["account"]: row["network"] for row in json.loads(run("me", "--json").out)}
    assert told == {"https://x.com/anna": "x", "acct:anna@werkstatt.example": "mastodon"}


def test_looking_at_ones_accounts_changes_nothing(run: Run, lab: None, home: Path) -> None:
    file = home / "home" / "main" / "lab.sqlite"
    before = file.read_bytes()
    run("me")
    run("link")
    assert file.read_bytes() == before


def test_an_own_account_can_be_taken_back(run: Run, lab: None) -> None:
    said = run("me", "--remove", "https://x.com/anna")
    assert said.out == "Yours: @anna@werkstatt.example (Mastodon)\n"
    assert run("me", "--remove", "https://x.com/anna").code == 2
    said = run("me", "--remove", "@anna@werkstatt.example")
    assert "No account is known as yours" in said.out


def test_a_handle_that_two_own_accounts_bear_is_asked_for_in_full(run: Run, lab: None) -> None:
    said = run("me", "--remove", "anna")
    assert said.code == 2
    assert "@anna (X), @anna@werkstatt.example (Mastodon)" in said.err
    assert run("me").out.count("anna") == 2


def test_only_ones_own_can_be_taken_back(run: Run, lab: None) -> None:
    run("link", "@ben@garten.example", "ben.bsky.example")
    assert "not among your accounts" in run("me", "--remove", "@ben@garten.example").err
    assert run("link").out == "@ben.bsky.example (Bluesky), @ben@garten.example (Mastodon)\n"


def test_a_link_can_be_listed_and_taken_apart(run: Run, lab: None) -> None:
    assert "Nobody is linked" in run("link").out
    run("link", "@ben@garten.example", "ben.bsky.example", "x.com/ben", "--name", "Ben")
    assert run("link").out == "Ben: @ben (X), @ben.bsky.example (Bluesky), @ben@garten.example (Mastodon)\n"
    assert run("link", "--remove", "x.com/ben").code == 0
    assert json.loads(run("link", "--json").out) == [
        {"name": "Ben", "accounts": ["acct:ben@garten.example", "at://ben.bsky.example"]}
    ]
    assert run("link", "--remove", "ben.bsky.example").code == 0
    assert json.loads(run("link", "--json").out) == [], "one account alone is no link"
    assert run("link", "--remove", "@ben@garten.example").code == 2


def test_what_is_hers_cannot_become_somebody_elses_nor_the_other_way_round(run: Run, lab: None, home: Path) -> None:  # fmt: skip
    run("link", "@ben@garten.example", "ben.bsky.example")
    run("me", "--remove", "@anna@werkstatt.example")
    run("import", archive(home, "lena"))
    assert run("me").out == "Yours: @anna (X), @lena@example.social (Mastodon)\n"
    assert run("link", "@lena@example.social", "lena.bsky.example").code == 2, "hers by her archive alone"
    run("me", "@anna@werkstatt.example")
    assert run("link", "@anna@werkstatt.example", "x.com/carla").code == 2
    said = run("me", "@ben@garten.example")
    assert said.code == 2
    assert "leumund link --remove" in said.err
    assert "leumund me --remove" in run("link", "--remove", "x.com/anna").err


def test_the_first_archive_of_a_network_is_ones_own_and_that_is_said(run: Run, home: Path) -> None:
    said = run("import", archive(home, "anna"))
    assert "Yours from now on: @anna@example.social (Mastodon)" in said.out
    assert "leumund me --remove" in said.out
    said = run("import", str(as_zip(home / "x.zip", x_files())))
    assert "Yours from now on: @anna (X)" in said.out
    assert "Yours from now on" not in run("import", archive(home, "anna")).out


def test_the_archive_of_somebody_else_makes_nobody_the_owner(run: Run, home: Path) -> None:
    run("import", archive(home, "anna"))
    said = run("import", archive(home, "lena"))
    assert "New: 3 posts" in said.out
    assert "This is the archive of @lena@example.social (Mastodon)" in said.out
    assert "If it is yours: leumund me @lena@example.social" in said.out
    assert run("me").out == "Yours: @anna@example.social (Mastodon)\n"
    assert run("me", "@lena@example.social").code == 0
    said = run("import", archive(home, "lena"))
    assert "This is the archive of" not in said.out


def test_an_archive_does_not_give_back_what_was_taken_back(run: Run, home: Path) -> None:
    run("import", archive(home, "anna"))
    run("me", "--remove", "@anna@example.social")
    said = run("import", archive(home, "anna"))
    assert "This is the archive of @anna@example.social" in said.out
    assert "No account is known as yours" in run("me").out
    run("import", archive(home, "anna"))
    assert "No account is known as yours" in run("me").out, "not the second time either"
    assert "@anna@example.social" in run("me", "@anna@example.social").out


def test_a_blog_of_ones_own_does_not_speak_against_an_archive(run: Run, home: Path) -> None:
    run("init", "--me", "https://anna.example")
    assert "Yours from now on: @anna@example.social" in run("import", archive(home, "anna")).out
