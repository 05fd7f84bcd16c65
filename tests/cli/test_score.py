"""Scoring a whole community from the command line: files that are whole, names as people write them, what is refused."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from unittest import mock

import pyarrow.parquet as pq
import pytest

from leumund.events import Post
from leumund.facts import all_facts
from leumund.lab import Lab
from leumund.labs import make_own
from leumund.simulate.stream import stream
from leumund.store.marks import EVER, marked

from .conftest import Run

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def community(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("labs") / "community"
    make_own(folder, [], community=True)
    with Lab.open(folder) as lab, lab.writing(NOW) as writer:
        for rows in stream(1, 4000, 150, 60, start=date(2025, 11, 1)):
            writer.add([rows])
        writer.derive([all_facts()["recommendations"]])
        some = lab.register.db.execute("select uri from account order by uri limit 5").fetchall()
        writer.add([marked("trust", uri, "mastodon", at=NOW, since=EVER) for (uri,) in some])
    return folder


def test_everybody_is_written_into_open_files(run: Run, community: Path, tmp_path: Path) -> None:
    out = tmp_path / "scores"
    said = run("score", "--all", "--lab", str(community), "--out", str(out), "--as-of", "2025-12-30")
    assert said.code == 0, said.err
    influence, board = pq.read_table(out / "influence.parquet"), pq.read_table(out / "board.parquet")
    assert f"{influence.num_rows} people scored, {board.num_rows} on the board" in said.out
    assert influence["rank"].to_pylist() == list(range(1, influence.num_rows + 1))
    assert all(name.startswith("@") for name in influence["account"].to_pylist())
    assert not influence["score"].null_count
    assert set(board["key"].to_pylist()) <= set(influence["key"].to_pylist()), (
        "who is recommended is acted upon"
    )
    about = json.loads((out / "about.json").read_text("utf-8"))
    assert about["as_of"] == "2025-12-30T23:59:59.999999+00:00"
    assert about["influence"]["figures"]["people"] == influence.num_rows
    shown = run("show", "scores", "--lab", str(community), "--as-of", "2025-12-30", "--limit", "3", "--json")
    assert [row["score"] for row in json.loads(shown.out)["rows"]] == pytest.approx(
        influence["score"].to_pylist()[:3]
    )


def test_one_account_is_told_without_reckoning(run: Run, community: Path, tmp_path: Path) -> None:
    words = ("--lab", str(community), "--out", str(tmp_path / "out"), "--board", "none")
    for as_of in ("2025-12-29", "2025-12-30"):
        said = run("score", "--all", *words, "--as-of", as_of)
        assert said.code == 0, said.err
    assert not (tmp_path / "out" / "board.parquet").exists()
    first = pq.read_table(tmp_path / "out" / "influence.parquet").to_pylist()[0]
    told = run("score", first["account"], "--lab", str(community))
    assert told.code == 0, told.err
    assert f"{first['score']:.1f} of 100 on 30 Dec 2025: place 1 of" in told.out
    assert "29 Dec 2025: " in told.out
    german = run("--lang", "de", "score", first["account"], "--lab", str(community)).out
    assert f"{first['score']:.1f}".replace(".", ",") in german
    assert "30.12.2025" in german
    assert "29.12.2025: " in german
    unknown = run("score", "nobody@nowhere.example", "--lab", str(community))
    assert unknown.code == 2
    assert "score --all" in unknown.err


def test_a_day_that_brought_nothing_new_leaves_the_files_as_they_are(
    run: Run, community: Path, tmp_path: Path
) -> None:
    def scored(*words: str) -> dict[str, tuple[int, bytes]]:
        said = run("score", "--all", "--lab", str(community), "--out", str(tmp_path / "out"), *words)
        assert said.code == 0, said.err
        told.append(said.out)
        files = (tmp_path / "out" / name for name in ("about.json", "board.parquet", "influence.parquet"))
        return {f.name: (f.stat().st_ino, f.read_bytes()) for f in files}

    told: list[str] = []
    first = scored("--as-of", "2025-12-29")
    assert scored("--as-of", "2025-12-29") == first
    assert told[0] == told[1]
    in_german = scored("--as-of", "2025-12-29", "--lang", "de")
    assert in_german["about.json"][1] != first["about.json"][1], "its notes are in words"
    (tmp_path / "out" / "board.parquet").write_bytes(b"not ours any more")
    mended = scored("--as-of", "2025-12-29")
    assert mended["board.parquet"][1] == first["board.parquet"][1]
    with Lab.open(community) as lab, lab.writing(NOW) as writer:
        (uri,) = lab.register.db.execute("select uri from account order by uri desc limit 1").fetchone()
        writer.add([marked("trust", uri, "mastodon", at=NOW, since=EVER)])
    trusting = scored("--as-of", "2025-12-29")
    assert trusting["influence.parquet"][1] != first["influence.parquet"][1]
    with Lab.open(community) as lab, lab.writing(NOW) as writer:
        at = datetime(2025, 12, 26, 9, tzinfo=UTC)
        post = {"post": "https://example.social/ff", "account": uri, "network": "mastodon", "happened_at": at}
        writer.add(
            [Post(**post, text="#FF @anna@example.social and @ben@example.social, for their patience")]
        )
        writer.derive([all_facts()["recommendations"]])
    recommended = scored("--as-of", "2025-12-29")
    assert recommended["board.parquet"][1] != trusting["board.parquet"][1]
    assert scored("--as-of", "2025-12-29") == recommended, "though a recommendation was new the time before"


def test_in_the_lab_of_one_person_nobody_is_sent_to_score_all(run: Run, tmp_path: Path) -> None:
    make_own(tmp_path / "own", [])
    said = run("score", "anna@example.social", "--lab", str(tmp_path / "own"))
    assert said.code == 2
    assert "show influence --account" in said.err
    assert "score --all" not in said.err


def test_what_was_written_before_stays_whole_when_the_next_one_fails(
    run: Run, community: Path, tmp_path: Path
) -> None:
    arguments = ("score", "--all", "--lab", str(community), "--out", str(tmp_path), "--as-of", "2025-12-30")
    assert run(*arguments).code == 0
    before = {f.name: f.read_bytes() for f in tmp_path.iterdir()}
    with mock.patch("leumund.scoring.pq.write_table", side_effect=OSError(28, "No space left on device")):
        assert run(*arguments[:-1], "2025-12-29").code == 1
    assert {f.name: f.read_bytes() for f in tmp_path.iterdir()} == before
    assert not list((community / "tmp").glob("spill-*"))


def test_little_memory_gives_the_same(run: Run, community: Path, tmp_path: Path) -> None:
    for name, memory in (("much", "2GB"), ("little", "256MB")):
        words = ("--out", str(tmp_path / name), "--memory", memory, "--as-of", "2025-12-30")
        assert run("score", "--all", "--lab", str(community), *words).code == 0
    much, little = (pq.read_table(tmp_path / n / "influence.parquet") for n in ("much", "little"))
    assert much["account"] == little["account"]
    assert much["score"].to_pylist() == pytest.approx(little["score"].to_pylist(), abs=1e-9)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "leumund score --all   What it said of one account: leumund score ACCOUNT"),
        (("--all", "--memory", "much"), "no amount of memory"),
        (("--all", "--memory", "8MB"), "no amount of memory"),
        (("--all", "--engine", "nowhere"), "engine"),
    ],
)
def test_what_means_nothing_is_refused(
    run: Run, community: Path, tmp_path: Path, words: tuple[str, ...], why: str
) -> None:
    if "--engine" in words:
        pytest.importorskip("sqlglot")
    said = run("score", *words, "--lab", str(community), "--out", str(tmp_path / "out"))
    assert said.code == 2 or "--engine" in words
    assert said.code
    assert why in said.err
    assert not (tmp_path / "out").exists()


def test_one_persons_lab_has_no_scores_of_all(run: Run, tmp_path: Path) -> None:
    make_own(tmp_path / "mine", [])
    said = run("score", "--all", "--lab", str(tmp_path / "mine"), "--out", str(tmp_path / "out"))
    assert said.code == 2
    assert "init --community" in said.err
    assert not (tmp_path / "out").exists()


def test_where_nobody_can_be_scored_it_is_said_what_is_missing_and_nothing_is_written(
    run: Run, tmp_path: Path
) -> None:
    make_own(tmp_path / "empty", [], community=True)
    words = ("score", "--all", "--lab", str(tmp_path / "empty"), "--out", str(tmp_path / "out"))
    said = run(*words)
    assert said.code == 1
    assert not said.out
    assert "nothing is known that anybody did towards others until" in said.err
    assert "leumund import FILE" in said.err
    with Lab.open(tmp_path / "empty") as lab, lab.writing(NOW) as writer:
        for rows in stream(1, 50, 20, 5, start=date(2025, 11, 1)):
            writer.add([rows])
    assert not (tmp_path / "out").exists()
    untrusted = run(*words)
    assert untrusted.code == 0
    assert "no trusted accounts. Say them with: leumund trust ACCOUNT" in untrusted.err


def test_what_is_not_from_here_is_not_overwritten(run: Run, community: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", "utf-8")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "about.json").write_text('{"as_of": "mine"}', "utf-8")
    for out, named in (("file", "file"), ("site", "about.json")):
        said = run("score", "--all", "--lab", str(community), "--out", str(tmp_path / out), "--board", "none")
        assert said.code == 2
        assert "not from here" in said.err
        assert named in said.err
    assert (tmp_path / "site" / "about.json").read_text("utf-8") == '{"as_of": "mine"}'
    assert [f.name for f in (tmp_path / "site").iterdir()] == ["about.json"]
