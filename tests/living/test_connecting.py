"""Connecting an account: the way through the browser, by hand, and all that can go wrong on it."""

from __future__ import annotations

import base64
import hashlib
import os
import stat
import threading
import urllib.request
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from typer.testing import CliRunner

from leumund import vault
from leumund.cli.app import app
from leumund.errors import LeumundError, ServerRefusedError, SourceError, UsageError
from leumund.http import Client
from leumund.http.addresses import place
from leumund.lab import Lab
from leumund.sources.living import Asked, Connected, living_named
from leumund.store import connections
from tests.living import labs
from tests.living.made_server import ME, TOKEN, Made
from tests.servers.faulty import Answer, Faulty, computed, good
from tests.servers.faulty import Asked as Request


class Browser:
    """Somebody at a browser, who allows it, or does not."""

    def __init__(self, server: Faulty, *, answer: str = "code", forged: bool = False) -> None:
        self.server, self.answer, self.forged = server, answer, forged
        self.opened: dict[str, str] = {}
        self.told: list[str] = []

    def browse(self, url: str) -> bool:
        self.opened = {k: v[0] for k, v in parse_qs(urlsplit(url).query).items()}
        back = {
            "state": self.opened["state"],
            **({"code": "a-code"} if self.answer == "code" else {"error": "access_denied"}),
        }
        if self.forged:
            self._visit({**back, "state": "another", "code": "forged"})
        threading.Thread(target=self._visit, args=(back,), daemon=True).start()
        return True

    def _visit(self, back: dict[str, str]) -> None:
        try:
            with urllib.request.urlopen(
                f"{self.opened['redirect_uri']}?{urlencode(back)}", timeout=60
            ) as page:
                self.told.append(page.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                self.told.append(f"{error.code}")


@pytest.fixture
def made(faulty: Faulty) -> Made:
    server = Made(faulty, likes=3).start()
    faulty.answer("/api/v1/apps", good({"client_id": "us", "client_secret": "ours"}))
    faulty.answer("/oauth/token", computed(lambda r: _token(faulty, r)))
    return server


def _token(server: Faulty, request: Request) -> Answer:
    form = {k: v[0] for k, v in parse_qs(request.body.decode()).items()}
    right = form.get("code") == "a-code" and form.get("client_secret") == "ours"
    return good(
        {"access_token": TOKEN} if right else {"error": "invalid_grant"}, status=200 if right else 400
    )


def connecting(server: Faulty, browser: Browser, where: str = "", **options: str) -> Connected:
    who = Asked(
        where=where or server.url, options=options, tell=browser.told.append, prompt=labs.unprompted,
        browse=browser.browse, at=labs.now(),
        client=lambda origin: Client(origin=origin, allowed=frozenset({place(origin)})),
    )  # fmt: skip
    return living_named("mastodon").connect(who)


def test_through_the_browser_with_reading_rights_only(faulty: Faulty, made: Made) -> None:
    browser = Browser(faulty)
    found = connecting(faulty, browser)
    assert found.secret == TOKEN
    assert found.connection.account == "acct:anna@made.test"
    assert all(right.startswith("read:") for right in browser.opened["scope"].split())
    form = {k: v[0] for k, v in parse_qs(faulty.asked("/oauth/token")[0].body.decode()).items()}
    challenge = (
        base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        .rstrip(b"=")
        .decode()
    )
    assert browser.opened["code_challenge"] == challenge
    assert (
        faulty.asked("/api/v1/accounts/verify_credentials")[0].headers["authorization"] == f"Bearer {TOKEN}"
    )
    assert made.likes == 3


def test_a_page_that_did_not_ask_cannot_slip_in_a_code(faulty: Faulty, made: Made) -> None:
    browser = Browser(faulty, forged=True)
    assert connecting(faulty, browser).secret == TOKEN
    assert "404" in browser.told
    assert made.likes == 3


def test_a_no_is_a_no(faulty: Faulty, made: Made) -> None:
    with pytest.raises(SourceError, match="did not allow"):
        connecting(faulty, Browser(faulty, answer="no"))
    assert faulty.asked("/oauth/token") == []
    assert made.likes == 3


def test_an_old_server_that_knows_only_read_is_asked_for_that(faulty: Faulty, made: Made) -> None:
    unknown = good({"error": "scopes are invalid"}, status=422)
    faulty.answer("/api/v1/apps", unknown, good({"client_id": "us", "client_secret": "ours"}))
    browser = Browser(faulty)
    assert connecting(faulty, browser).secret == TOKEN
    assert browser.opened["scope"] == "read"
    assert made.likes == 3


NO = {"error": "This action is outside the authorized scopes"}


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/accounts/verify_credentials",
        "/api/v1/accounts/1/statuses",
        "/api/v1/notifications",
    ],
)
def test_a_server_that_does_not_accept_its_own_finer_key_is_asked_once_more(
    faulty: Faulty, made: Made, path: str
) -> None:
    faulty.answer(path, good(NO, status=403), good(ME if path.endswith("credentials") else []))
    browser = Browser(faulty)
    found = connecting(faulty, browser)
    assert found.connection.account == "acct:anna@made.test"
    assert browser.opened["scope"] == "read"
    assert len(faulty.asked("/oauth/token")) == 2
    assert any("asked once more" in line for line in browser.told)
    assert made.likes == 3


def test_a_server_that_accepts_no_key_is_asked_no_third_time(faulty: Faulty, made: Made) -> None:
    faulty.answer("/api/v1/accounts/verify_credentials", good(NO, status=403))
    with pytest.raises(ServerRefusedError):
        connecting(faulty, Browser(faulty))
    assert len(faulty.asked("/oauth/token")) == 2
    assert made.likes == 3


def test_a_part_that_is_missing_is_no_reason_to_ask_for_more_rights(faulty: Faulty, made: Made) -> None:
    faulty.answer("/api/v1/notifications", good({"error": "not here"}, status=404))
    browser = Browser(faulty)
    connecting(faulty, browser)
    assert "read:notifications" in browser.opened["scope"]
    assert made.likes == 3


@pytest.mark.parametrize(
    "where",
    [
        "",
        "not a server",
        "https://",
        "https://user:word@example.social",
        "ftp://example.social",
        "https://[::",
    ],
)
def test_what_is_no_server_is_said(faulty: Faulty, where: str) -> None:
    with pytest.raises(UsageError):
        connecting(faulty, Browser(faulty), where=where or " ")


def test_a_server_of_another_kind_is_said(faulty: Faulty) -> None:
    faulty.answer("/*", good(b"<html>", kind="text/html"))
    with pytest.raises(LeumundError) as caught:
        connecting(faulty, Browser(faulty))
    assert "example.social" in caught.value.hint


def run(*command: str, typed: str = "") -> str:
    outcome = CliRunner().invoke(app, list(command), input=typed)
    assert outcome.exit_code == 0, (outcome.output, outcome.exception)
    return outcome.output


def test_the_whole_way_on_the_command_line(made: Made, at_home: Path) -> None:
    told = run("connect", "mastodon", made.url, "--token", "--private-server", typed=TOKEN + "\n")
    assert "@anna@made.test" in told
    assert TOKEN not in told
    told = run("sync")
    assert "3 " in told
    assert run("sync", "--json").startswith("[")
    told = run("coverage")
    assert "2026" in told
    assert "Views" in told
    assert "mastodon" in run("connect")
    kept = at_home / "secrets.json"
    if os.name == "posix":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert TOKEN in kept.read_text()
    told = run("disconnect", "mastodon")
    assert TOKEN not in kept.read_text()
    with Lab.open(at_home / "home" / "main", read_only=True) as lab:
        assert connections.all_connections(lab.register) == []
        assert labs.acts(lab) == made.acts()  # what was read stays


def test_connecting_again_gives_a_new_key_to_the_same_connection(made: Made) -> None:
    for key in ("first", "second"):
        run("connect", "mastodon", made.url, "--token", "--private-server", typed=key + "\n")
    assert run("connect").count("made.test") == 1


def test_a_lab_that_came_back_has_keys_of_its_own(made: Made, at_home: Path) -> None:
    run("connect", "mastodon", made.url, "--token", "--private-server", typed=TOKEN + "\n")
    run("backup", str(at_home / "copy.zip"))
    run("restore", str(at_home / "copy.zip"), "--lab", "again")
    run("sync", "--lab", "again")
    run("disconnect", "mastodon", "--lab", "again")
    told = run("sync")
    assert "3 " in told


def test_a_key_can_come_from_the_environment(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    run("connect", "mastodon", made.url, "--token", "--private-server", typed="stored\n")
    monkeypatch.setenv("LEUMUND_SECRET_MASTODON", TOKEN)
    run("sync")
    keys = {r.headers["authorization"] for r in made.server.asked("/api/v1/notifications")}
    assert keys == {f"Bearer {TOKEN}"}


def test_a_private_server_needs_the_owners_word(made: Made) -> None:
    outcome = CliRunner().invoke(app, ["connect", "mastodon", made.url, "--token"], input=TOKEN + "\n")
    assert outcome.exit_code != 0
    assert made.server.asked() == []


@pytest.mark.parametrize(
    "command",
    [
        ["connect", "nowhere", "x"], ["connect", "mastodon"], ["connect", "mastodon", "a.example", "--budget", "5"],
        ["sync", "nobody"], ["sync", "--every", "5"], ["sync", "--every", "10s"], ["disconnect", "nobody"],
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_said(command: list[str], tmp_path: Path) -> None:
    Lab.create(tmp_path / "home" / "main")
    outcome = CliRunner().invoke(app, command)
    assert isinstance(outcome.exception, UsageError)
    assert outcome.exception.message


def test_without_a_place_for_keys_the_way_by_the_environment_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEUMUND_SECRETS", "off")
    with pytest.raises(LeumundError) as caught:
        vault.keep("mastodon@1234", TOKEN)
    assert "LEUMUND_SECRET_MASTODON" in caught.value.hint
    assert TOKEN not in caught.value.message + caught.value.hint


def test_a_broken_file_of_keys_is_said_and_not_overwritten(at_home: Path) -> None:
    (at_home / "secrets.json").write_text("{broken")
    with pytest.raises(LeumundError, match=r"secrets\.json"):
        vault.keep("mastodon@1234", TOKEN)
    assert (at_home / "secrets.json").read_text() == "{broken"


def test_a_file_of_keys_others_can_read_is_closed(at_home: Path) -> None:
    vault.keep("mastodon@1234", TOKEN)
    (at_home / "secrets.json").chmod(0o644)
    assert vault.find("mastodon@1234") == TOKEN
    assert stat.S_IMODE((at_home / "secrets.json").stat().st_mode) == 0o600
