"""Thanks that no source sees, said by command."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .conftest import Run


def test_thanked_elsewhere_is_open_no_more_until_that_is_taken_back(run: Run, home: Path) -> None:
    run("init", "--me", "@petra@kiez.example")
    then = (datetime.now(UTC) - timedelta(days=3)).isoformat()
    file = home / "acts.csv"
    file.write_text(
        "kind,actor,target,network,happened_at,post\n"
        f"reshare,@anna@werkstatt.example,@petra@kiez.example,mastodon,{then},https://kiez.example/1\n"
    )
    run("import", str(file))

    def settled() -> list[str | None]:
        rows = json.loads(run("show", "courtesy", "--json").out)["rows"]
        return [None if row["open"] else row["answered"] for row in rows]

    assert settled() == [None]
    assert "@anna@werkstatt.example" in run("thanked", "@anna@werkstatt.example").out
    assert settled() == ["thanked elsewhere"]
    assert "Thanked: @anna@werkstatt.example" in run("undo").out
    assert settled() == [None]
    run("thanked", "@anna@werkstatt.example", "--let-go")
    assert settled() == ["let go"]
    assert run("thanked", "@petra@kiez.example").code == 2
    run("undo")
    run(
        "thanked",
        "@anna@werkstatt.example",
        "--on",
        (datetime.now(UTC) - timedelta(days=5)).date().isoformat(),
    )
    assert settled() == [None], "what came after that day is still open"
