"""The published board at the command line: checked, built, built again without a word, and without who took it back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.cli.conftest import Run


def test_a_board_is_checked_built_and_follows_who_takes_it_back(run: Run, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    seen, friday = (now - timedelta(days=days) for days in (1, 3))
    (tmp_path / "accounts.csv").write_text(
        "account,seen_at,network,handle,locked,own\n"
        f"@ben@example.social,{seen.isoformat()},mastodon,@ben@example.social,false,\n"
        f"@petra@example.social,{seen.isoformat()},mastodon,@petra@example.social,false,true\n",
        "utf-8",
    )
    (tmp_path / "posts.csv").write_text(
        "post,account,network,happened_at,text\n"
        f"p1,@carla@example.social,mastodon,{friday.isoformat()},#FF @ben@example.social weil er zuhört\n"
        f"p2,@petra@example.social,mastodon,{friday.isoformat()},#FF @ben@example.social weil er zuhört\n",
        "utf-8",
    )
    run("init")
    for file in ("accounts.csv", "posts.csv"):
        assert run("import", file).code == 0
    run("consent", "add", "@ben@example.social")
    told = run("board", "check", "--board", "all").out
    assert "   1  @ben@example.social" in told
    assert "carla" not in told, "she did not agree: she is counted, not listed"
    assert "1 more" in told
    done = run("board", "build", "--out", "site", "--board", "all", "--places", "5")
    assert (done.code, "1 place" in done.out) == (0, True), done.err
    board = json.loads((tmp_path / "site" / "board.json").read_text("utf-8"))
    assert [(p["account"], p["recommended_by"], p["others"]) for p in board["places"]] == [
        ("@ben@example.social", ["@petra@example.social"], "1-4")
    ]
    run("consent", "remove", "@ben@example.social")
    again = run("board", "build")
    assert again.code == 0, again.err
    assert "board check" in again.err
    assert not any(b"@ben" in f.read_bytes() for f in (tmp_path / "site").rglob("*") if f.is_file())
    (tmp_path / "site" / "mine.txt").write_text("mine", "utf-8")
    assert "mine.txt" in run("board", "build").err
    assert run("board", "propose", "--for", "myspace").code == 2
