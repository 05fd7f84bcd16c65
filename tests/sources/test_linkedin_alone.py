"""One file of a LinkedIn export alone does not say whose it is: then it has to be said, or the lab knows."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from leumund.cli.app import app
from leumund.errors import UnreadableFileError
from leumund.intake import import_path
from leumund.lab import Lab
from leumund.store.people import link

NOW = datetime(2026, 3, 20, tzinfo=UTC)
ANNA, OTHER = "https://www.linkedin.com/in/anna-berg", "https://www.linkedin.com/in/anna-of-work"
ROWS = (
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    "Ben,Tal,https://www.linkedin.com/in/ben-tal,,Tal,Boss,05 Mar 2024\n"
)


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEUMUND_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LEUMUND_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("LEUMUND_ERASURE_KEY", str(tmp_path / "key"))
    path = tmp_path / "Connections.csv"
    path.write_text(ROWS, "utf-8")
    return path


def follows(folder: Path) -> set[str]:
    """Whom somebody follows, by the lab."""
    with Lab.open(folder, read_only=True) as lab, lab.tables(as_of=NOW) as tables:
        keys = tables.arrow("select target from acts where kind = 'follow'")["target"].to_pylist()
        return set(lab.register.uris(keys).values())


def test_it_is_asked_for_and_nothing_is_read_until_it_is_said(alone: Path, tmp_path: Path) -> None:
    said = CliRunner().invoke(app, ["import", str(alone)])
    assert isinstance(said.exception, UnreadableFileError)
    assert "whose it is on LinkedIn" in said.exception.message
    assert "--account" in said.exception.hint
    said = CliRunner().invoke(app, ["import", str(alone), "--account", ANNA])
    assert said.exit_code == 0, said.output
    assert ANNA in follows(tmp_path / "home" / "main")


def test_the_one_account_the_lab_knows_is_taken(alone: Path, tmp_path: Path) -> None:
    with Lab.create(tmp_path / "lab") as lab:
        link(lab.register, [ANNA, "acct:anna@example.social"], name="", owner=True)
        with lab.writing(NOW) as writer:
            import_path(lab, writer, alone)
    assert follows(tmp_path / "lab") == {ANNA, "https://www.linkedin.com/in/ben-tal"}


def test_of_two_accounts_the_one_that_is_meant_has_to_be_said(alone: Path, tmp_path: Path) -> None:
    with Lab.create(tmp_path / "lab") as lab:
        link(lab.register, [ANNA, OTHER], name="", owner=True)
        with lab.writing(NOW) as writer:
            with pytest.raises(UnreadableFileError):
                import_path(lab, writer, alone)
            import_path(lab, writer, alone, account=OTHER)
    assert OTHER in follows(tmp_path / "lab")


@pytest.mark.parametrize("account", ["acct:anna@example.social", "at://anna.bsky.example"])
def test_an_account_of_another_network_is_refused(alone: Path, tmp_path: Path, account: str) -> None:
    with Lab.create(tmp_path / "lab") as lab, lab.writing(NOW) as writer, pytest.raises(UnreadableFileError):
        import_path(lab, writer, alone, account=account)


def test_a_file_that_says_whose_it_is_is_believed(tmp_path: Path) -> None:
    table = tmp_path / "posts.jsonl"
    table.write_text(
        '{"noun": "account", "account": "acct:a@b.example", "seen_at": "2026-01-01T00:00:00Z"}\n'
    )
    refused = pytest.raises(UnreadableFileError, match="leave out --account")
    with Lab.create(tmp_path / "lab") as lab, lab.writing(NOW) as writer, refused:
        import_path(lab, writer, table, account=ANNA)
