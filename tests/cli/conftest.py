"""A person at the command line: her own home, her own words, what she reads."""

from __future__ import annotations

import shutil
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


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, str]:
    """Where the demo was made for the first test, and what it said: the others get a copy."""
    return {tmp_path_factory.mktemp("demo"): ""}


@pytest.fixture
def demo(run: Run, home: Path, made: dict[Path, str]) -> tuple[Run, str, Path]:
    """A command's caller, what `leumund demo` said to her, and the report it wrote."""
    ((kept, text),) = made.items()
    if not text:
        said = run("demo", "--out", str(home / "out"))
        assert said.code == 0, said.err
        made[kept] = text = said.out.replace(str(home), "HOME")
        for folder in ("home", "out"):
            shutil.copytree(home / folder, kept / folder)
    else:
        for folder in ("home", "out"):
            shutil.copytree(kept / folder, home / folder)
    return run, text.replace("HOME", str(home)), home / "out" / "report.html"
