"""A person at the command line: her own home, her own words, what she reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from leumund import cli, locale


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEUMUND_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LEUMUND_ERASURE_KEY", str(tmp_path / "key"))
    monkeypatch.setenv("LEUMUND_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("LEUMUND_LANG", "en")
    monkeypatch.delenv("LEUMUND_LAB", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    del home

    def call(*arguments: str) -> Said:
        with pytest.raises(SystemExit) as ended:
            cli.main(list(arguments))
        out, err = capsys.readouterr()
        return Said(int(ended.value.code or 0), out, err)

    yield call
    locale.use("en")
