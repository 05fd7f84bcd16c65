"""A person at the command line who checks the measures, and the made-up files she checks them with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from leumund import cli, locale

Ask = Callable[..., Any]


@pytest.fixture
def told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., tuple[int, str, str]]]:
    """Runs `leumund validate ...`: exit code, answer, and what was said beside it."""
    for name, place in (("HOME", "home"), ("ERASURE_KEY", "key"), ("CONFIG", "config.toml")):
        monkeypatch.setenv(f"LEUMUND_{name}", str(tmp_path / place))
    monkeypatch.setenv("LEUMUND_LANG", "en")
    monkeypatch.delenv("LEUMUND_LAB", raising=False)

    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(["validate", *map(str, arguments)])
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    yield call
    locale.use("en")


@pytest.fixture
def asked(told: Callable[..., tuple[int, str, str]]) -> Ask:
    """The same, answered as JSON."""

    def call(*arguments: object) -> Any:
        code, out, err = told(*arguments, "--json")
        assert code == 0, err
        return json.loads(out)

    return call
