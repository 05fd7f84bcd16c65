"""Keys of connections at the command line: what is said of a wrong one, and what becomes of those nobody needs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from leumund import budget, vault
from leumund.cli.app import app
from leumund.errors import (
    InsecureAddressError,
    LeumundError,
    SecretError,
    TokenRefusedError,
    UnknownServerError,
)
from leumund.lab import Lab
from leumund.store import connections
from tests.living.made_server import TOKEN, Made
from tests.servers.faulty import Faulty, good


@pytest.fixture
def made(faulty: Faulty) -> Made:
    return Made(faulty, likes=3).start()


def call(*command: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, list(command), input=typed)


def connect(made: Made, *more: str) -> Result:
    said = call("connect", "mastodon", made.url, "--token", "--private-server", *more, typed=TOKEN + "\n")
    assert said.exit_code == 0, said.output
    return said


def test_a_wrong_key_is_told_where_to_get_another_and_the_whole_command(made: Made) -> None:
    made.server.answer("/api/v1/accounts/verify_credentials", good({"error": "no"}, status=401))
    said = call("connect", "mastodon", made.url, "--token", "--private-server", "--lab", "x y", typed="bad\n")
    assert isinstance(said.exception, TokenRefusedError)
    assert "not accepted" in said.exception.message
    assert "Preferences > Development" in said.exception.hint
    assert f"leumund connect mastodon {made.url} --token --private-server --lab 'x y'" in said.exception.hint
    assert "bad" not in said.exception.hint + said.exception.message


def test_a_server_that_does_not_exist_is_said_at_once() -> None:
    said = call("connect", "mastodon", "exmaple.invalid")
    assert isinstance(said.exception, UnknownServerError)
    assert "going on in" not in said.output


def test_plain_http_to_ones_own_network_is_told_both_ways_at_once() -> None:
    said = call("connect", "mastodon", "http://192.168.1.5:3000")
    assert isinstance(said.exception, InsecureAddressError)
    assert "https://" in said.exception.hint
    assert "--private-server" in said.exception.hint


def test_where_a_new_key_cannot_be_kept_the_older_connection_goes_on(
    made: Made, at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(made)
    assert call("sync").exit_code == 0
    cursor = ("mastodon", "mastodon/notifications")
    with Lab.open(at_home / "home" / "main", read_only=True) as lab:
        before = lab.register.cursor(*cursor), connections.all_connections(lab.register)
    assert before[0]
    monkeypatch.setenv("LEUMUND_SECRETS", "off")
    said = call("connect", "mastodon", made.url, "--token", "--private-server", typed="new\n")
    assert isinstance(said.exception, SecretError)
    with Lab.open(at_home / "home" / "main", read_only=True) as lab:
        assert (lab.register.cursor(*cursor), connections.all_connections(lab.register)) == before


def test_where_the_first_key_cannot_be_kept_there_is_no_connection(
    made: Made, at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEUMUND_SECRETS", "off")
    said = call("connect", "mastodon", made.url, "--token", "--private-server", typed="new\n")
    assert isinstance(said.exception, SecretError)
    with Lab.open(at_home / "home" / "main", read_only=True) as lab:
        assert connections.all_connections(lab.register) == []


def test_a_lab_that_is_made_on_the_way_is_said_and_only_once(made: Made, at_home: Path) -> None:
    folder = str(at_home / "elsewhere")
    assert f"Made a new lab: {folder}" in connect(made, "--lab", folder).output
    assert "Made a new lab" not in connect(made, "--lab", folder).output


def test_without_a_network_each_one_is_listed_with_what_it_needs(at_home: Path) -> None:
    said = call("connect")
    assert said.exit_code == 0
    assert not (at_home / "home").exists(), "looking makes nothing"
    lines = {line.split()[2]: line for line in said.output.splitlines() if line.startswith("leumund connect")}
    assert {"mastodon", "bluesky", "x", "blog", "jetstream"} <= lines.keys()
    assert "app password" in lines["bluesky"]
    assert "money" in lines["x"]


def test_a_span_in_seconds_is_understood_and_refused_as_too_short(at_home: Path) -> None:
    Lab.create(at_home / "home" / "main")
    said = call("sync", "--every", "5s")
    assert isinstance(said.exception, LeumundError)
    assert "At least one minute" in said.exception.message


# -- keys that are left behind


def test_keys_of_a_lab_whose_folder_is_gone_are_found_and_deleted_when_asked_for(
    made: Made, at_home: Path
) -> None:
    gone, other = at_home / "gone", at_home / "other"
    connect(made, "--lab", str(gone))
    connect(made, "--lab", str(other))
    assert "left of" not in call("doctor", "--lab", str(other)).output
    shutil.rmtree(gone)
    said = call("doctor", "--lab", str(other)).output
    assert "1 key is left of a lab that is not found: mastodon@" in said
    assert str(gone) in said.replace("\n", "")
    assert len(json.loads((at_home / "secrets.json").read_text())) == 2, "nothing goes without a yes"
    refused = call("doctor", "--fix", "--lab", str(other), typed="no\n")
    assert refused.exit_code == 1
    assert len(json.loads((at_home / "secrets.json").read_text())) == 2
    assert "1 key deleted." in call("doctor", "--fix", "--lab", str(other), typed="yes\n").output
    assert len(json.loads((at_home / "secrets.json").read_text())) == 1
    assert "left of" not in call("doctor", "--lab", str(other)).output
    assert call("sync", "--lab", str(other)).exit_code == 0


def test_keys_of_a_lab_that_moved_are_its_own_again_once_it_was_opened_there(
    made: Made, at_home: Path
) -> None:
    connect(made, "--lab", str(at_home / "old"))
    connect(made, "--lab", str(at_home / "other"))
    shutil.move(at_home / "old", at_home / "new")
    assert "1 key is left" in call("doctor", "--lab", str(at_home / "other")).output
    call("doctor", "--lab", str(at_home / "new"))
    assert "left of" not in call("doctor", "--lab", str(at_home / "other")).output


def test_the_keys_of_every_lab_that_is_called_by_name_are_left_alone(made: Made, at_home: Path) -> None:
    connect(made, "--lab", "work")
    connect(made, "--lab", "home")
    (at_home / "keys.json").unlink()
    assert "left of" not in call("doctor", "--lab", "home").output


def test_a_broken_file_of_keys_is_a_finding_and_broken_notes_are_none(made: Made, at_home: Path) -> None:
    connect(made)
    (at_home / "keys.json").write_text("[broken")
    assert call("doctor").exit_code == 0
    assert json.loads((at_home / "keys.json").read_text()), "written anew"
    (at_home / "secrets.json").write_text("{broken")
    said = call("doctor")
    assert said.exit_code == 1
    assert "secrets.json" in said.output.replace("\n", "")


def test_what_is_noted_of_keys_holds_none(made: Made, at_home: Path) -> None:
    connect(made)
    notes = (at_home / "keys.json").read_text()
    assert TOKEN not in notes
    assert str(at_home / "home" / "main") in notes
    call("disconnect", "mastodon")
    assert "mastodon" not in (at_home / "keys.json").read_text()


# -- files behind a link


def test_a_file_of_keys_behind_a_link_is_changed_where_it_lies(at_home: Path) -> None:
    real = at_home / "synced" / "keys-of-mine.json"
    real.parent.mkdir()
    real.write_text("{}")
    (at_home / "secrets.json").symlink_to(real)
    vault.keep("mastodon@1234", TOKEN)
    assert (at_home / "secrets.json").is_symlink()
    assert json.loads(real.read_text()) == {"mastodon@1234": TOKEN}
    vault.drop("mastodon@1234")
    assert json.loads(real.read_text()) == {}


def test_what_was_spent_is_written_where_the_link_leads(at_home: Path) -> None:
    real = at_home / "elsewhere.json"
    (at_home / "spending.json").symlink_to(real)
    assert budget.spending_path() == real
