"""Pages held to the HTML standard, many in one go.

    def test_the_board_is_html(validated: Validated) -> None:
        assert not validated({"index.html": text, "about.html": other})

Whole documents begin with a doctype; anything else is looked at as a part of a page.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.markup.installation import PROGRAM, why_missing
from tests.servers.fixtures import leave_out
from tests.servers.installation import node_folder

Validated = Callable[[Mapping[str, str]], list[str]]
"""From pages by name (any text) to what is wrong in them, each "name:line:column rule: message"."""

_RULES = Path(__file__).with_name("rules.json")
_PATIENCE_S = 120


@pytest.fixture
def validated(request: pytest.FixtureRequest, tmp_path: Path) -> Validated:
    """Says what is wrong in pages. Left out where html-validate cannot be had; on CI that is a failure."""
    if why := why_missing():
        leave_out(request, "html-validate", why)
    return lambda pages: list(_complaints(pages, tmp_path / "validated"))


def _complaints(pages: Mapping[str, str], folder: Path) -> Iterator[str]:
    assert pages, "nothing to validate"
    folder.mkdir(exist_ok=True)
    names = {}
    for number, (name, text) in enumerate(pages.items()):
        file = folder / f"{number}.html"
        file.write_text(text, "utf-8")
        names[str(file)] = name
    command = [
        str(node_folder() / "bin" / "node"),
        str(PROGRAM),
        "--config",
        str(_RULES),
        "--formatter",
        "json",
    ]
    ended = subprocess.run(
        [*command, *names], capture_output=True, text=True, timeout=_PATIENCE_S, check=False
    )
    assert ended.returncode in {0, 1}, ended.stderr[-2000:]
    for found in json.loads(ended.stdout):
        for message in found["messages"]:
            place = f"{names[found['filePath']]}:{message['line']}:{message['column']}"
            yield f"{place} {message['ruleId']}: {message['message']}"
