"""What a person reads when a file is not what it should be: its name, the reason, the next step, no traceback."""

from __future__ import annotations

import gzip
import io
import json
import os
import zipfile
from pathlib import Path

import pytest

from .conftest import Run

HEAD = "kind,actor,target,network,happened_at\n"
ACT = "like,@ben@garten.example,@anna@garten.example,mastodon,2026-03-06T08:00:00Z\n"


def packed(text: str) -> bytes:
    return gzip.compress("".join(f"{text}{n}\n" for n in range(5000)).encode(), mtime=0)


def locked() -> bytes:
    """An archive that says of its members that a password is needed."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        packed.writestr("outbox.json", "{}")
    return (
        data.getvalue()
        .replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01")
        .replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    )


BAD: dict[str, tuple[str, bytes]] = {
    "empty": ("a.csv", b""),
    "blank": ("a.csv", b"\n\n\n"),
    "binary": ("a.csv", bytes(range(256)) * 100),
    "no noun": ("a.csv", b"a,b,c\n1,2,3\n"),
    "twice": ("a.csv", b"note,note,happened_at\na,b,2026-01-01\n"),
    "cut off": ("a.csv.gz", packed(HEAD)[:-2000]),
    "no gzip": ("a.csv.gz", b"\x1f\x8bnothing of the kind"),
    "wide": ("a.csv", HEAD.encode("utf-16-le")),
    "array": ("a.jsonl", b'[{"noun": "note"}]'),
    "deep": ("a.jsonl", b"[" * 100_000),
    "wish": ("a.jsonl", b'{"noun": "wish"}\n'),
    "one line": ("a.jsonl", b'{"noun": "note", "note": "' + b"x" * 3_000_000),
    "not a zip": ("a.zip", b"PK\x03\x04 and no more"),
    "locked": ("a.zip", locked()),
}
_SAYS = {"empty": "is empty", "locked": "locked with a password", "not a zip": "cut off"}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_named_and_the_reason_told(run: Run, home: Path, kind: str) -> None:
    name, content = BAD[kind]
    (home / name).write_bytes(content)
    said = run("import", str(home / name))
    assert said.code == 1
    assert name in said.err
    assert _SAYS.get(kind, "") in said.err
    assert len(said.err.strip().splitlines()) >= 2, "what happened, and what to do next"
    assert "Traceback" not in said.err + said.out


def test_what_is_no_file_is_named_too(run: Run, home: Path) -> None:
    (home / "folder.csv").mkdir()
    (home / "loop.csv").symlink_to(home / "loop.csv")
    places = ["folder.csv", "loop.csv", "nothing.csv"]
    if hasattr(os, "mkfifo"):
        os.mkfifo(home / "pipe.csv")
        places.append("pipe.csv")
    for name in places:
        said = run("import", str(home / name))
        assert said.code == 1
        assert name in said.err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden here")
def test_a_file_that_may_not_be_read_is_named(run: Run, home: Path) -> None:
    (home / "mine.csv").write_text(HEAD)
    (home / "mine.csv").chmod(0)
    said = run("import", str(home / "mine.csv"))
    assert said.code == 1
    assert "mine.csv: you have no right to do that there" in said.err


@pytest.mark.parametrize(
    ("mapping", "code", "says"),
    [
        ("noun = ", 1, "not TOML"),
        ("noun = 'tweet'", 2, "noun must be one of"),
        ("noun = 'note'\n[columns]\nnote = 'a'", 2, "happened_at"),
        ("noun = 'note'\n[columns]\nnote = 'z'\nhappened_at = 'b'", 2, "no column “z”"),
        ("noun = 'note'\n[columns]\nnote = 2026-01-01\nhappened_at = 'b'", 2, "“note” needs a column's name"),
    ],
)
def test_a_mapping_that_does_not_fit_is_asked_wrongly(
    run: Run, home: Path, mapping: str, code: int, says: str
) -> None:
    (home / "t.csv").write_text("a,b\nHallo,2026-01-01\n")
    (home / "m.toml").write_text(mapping)
    said = run("import", str(home / "t.csv"), "--mapping", str(home / "m.toml"))
    assert said.code == code
    assert says in said.err
    (home / "m.toml").write_text("noun = 'note'\n[columns]\nnote = 'a'\nhappened_at = { value = 2026-01-01 }")
    assert run("import", str(home / "t.csv"), "--mapping", str(home / "m.toml")).code == 0


def test_strict_ends_with_one_only_where_there_are_problems(run: Run, home: Path) -> None:
    (home / "good.csv").write_text(HEAD + ACT)
    (home / "bad.csv").write_text(HEAD + ACT + '"open,' + ACT + "too,few\n" + ACT.replace("08", "09"))
    assert run("import", str(home / "good.csv"), "--strict").code == 0
    said = run("import", str(home / "bad.csv"), "--strict")
    assert said.code == 1
    assert "2 records could not be used" in said.out


def test_problems_tell_file_line_reason_and_what_stood_there(run: Run, home: Path) -> None:
    (home / "bad.csv").write_text(HEAD + ACT + '"open,' + ACT + "too,few\n")
    run("import", str(home / "bad.csv"))
    told = json.loads(run("problems", "--json").out)
    assert told["total"] == 2
    assert [(p["source"], p["place"], p["message"], p["excerpt"]) for p in told["problems"]] == [
        ("csv", "bad.csv:3", "a quotation mark is opened and never closed", ('"open,' + ACT)[:80].strip()),
        ("csv", "bad.csv:4", "2 columns instead of 5", "too,few"),
    ]
    assert all(p["file"].endswith("bad.csv") for p in told["problems"])


def test_an_export_can_be_imported_and_gives_the_same(run: Run, home: Path) -> None:
    posts = (
        "post,account,network,happened_at,text,mentions,language\n"
        '1,@anna,x,2026-03-06,"Zwei\nZeilen, ""so""",@ben @carla,de\n2,@ben,x,2026-03-07,,,\n'
    )
    people = 'account,seen_at,network,name,aliases\n@ben,2026-03-06,x,"Ben, der",https://x.com/i/user/7\n'
    for name, text in (("posts.csv", posts), ("acts.csv", HEAD + ACT), ("people.csv", people)):
        (home / name).write_text(text, "utf-8")
        assert run("import", str(home / name), "--strict").code == 0
    for form in ("csv", "jsonl"):
        assert run("export", str(home / form), "--format", form).code == 0
        for file in sorted((home / form).glob(f"*.{form}")):
            said = run("import", str(file), "--lab", f"again-{form}", "--strict")
            assert said.code == 0, said
        assert run("export", str(home / f"{form}2"), "--format", form, "--lab", f"again-{form}").code == 0
        for file in sorted((home / form).glob(f"*.{form}")):
            assert file.read_bytes() == (home / f"{form}2" / file.name).read_bytes()


def test_rows_dated_in_the_future_are_taken_and_said(run: Run, home: Path) -> None:
    rows = "".join(ACT.replace("2026-03-06", day).replace("ben", f"ben{n}") for n, day in enumerate(
        ["2150-01-01", "2150-01-02", "2026-03-06"]))  # fmt: skip
    (home / "acts.csv").write_text(HEAD + rows)
    said = run("import", "acts.csv")
    assert "New: 3 acts" in said.out
    assert "2 rows are dated in the future." in said.out
    run("export", "out", "--format", "csv")
    assert (home / "out" / "acts.csv").read_text().count("2150-01-0") == 2, "they leave with the rest"
    (home / "note.csv").write_text("note,happened_at\nA talk,2150-01-01\n")
    assert "1 row is dated in the future." in run("import", "note.csv").out
    (home / "past.csv").write_text(HEAD + ACT)
    assert "future" not in run("import", "past.csv").out


def test_a_goal_may_lie_ahead_without_a_word(run: Run, home: Path) -> None:
    (home / "goal.csv").write_text("goal,happened_at,target,until\nfollowers,2026-01-01,5000,2150-01-01\n")
    said = run("import", "goal.csv")
    assert "New: 1 entry" in said.out
    assert "future" not in said.out


def test_problems_are_told_in_the_language_of_the_last_reading_and_once(run: Run, home: Path) -> None:
    (home / "acts.csv").write_text(HEAD + ACT.replace("2026-03-06T08:00:00Z", "soon") + ACT)
    run("import", "acts.csv")
    english = json.loads(run("problems", "--json").out)
    run("import", "acts.csv", "--lang", "de")
    german = json.loads(run("problems", "--json").out)
    assert english["total"] == german["total"] == 1
    assert english["problems"][0]["place"] == german["problems"][0]["place"] == "acts.csv:2"
    assert english["problems"][0]["message"] != german["problems"][0]["message"]


def test_no_lab_is_made_where_a_file_stands_in_the_way(run: Run, home: Path) -> None:
    (home / "acts.csv").write_text(HEAD + ACT)
    for asked in (
        ("init", "--lab", "./acts.csv"), ("init", "--lab", "./acts.csv/deep/er"),
        ("import", "acts.csv", "--lab", "./acts.csv/x"),
    ):  # fmt: skip
        said = run(*asked)
        assert (said.code, said.out) == (2, "")
        assert f"{home / 'acts.csv'} is a file" in said.err
    run("import", "acts.csv")
    assert "is a file" in run("export", "acts.csv").err
    assert (home / "acts.csv").read_text() == HEAD + ACT


def test_one_broken_file_in_a_folder_does_not_keep_the_others_out(run: Run, home: Path) -> None:
    folder = home / "folder"
    folder.mkdir()
    (folder / "a.zip").write_bytes(b"PK\x03\x04 and no more")
    (folder / "b.csv").write_text(HEAD + ACT)
    (folder / "c.csv").write_text("note,happened_at\nA talk,2026-01-01\n")
    said = run("import", str(folder))
    assert said.code == 1, "a script has to learn of it"
    assert "a.zip: the archive is broken or cut off" in said.err
    assert "New: 1 act" in said.out
    assert "New: 1 entry" in said.out
    assert said.out.count("cannot tell") == 1, "and what the files cannot tell is said once"


def test_several_files_are_read_one_after_the_other(run: Run, home: Path) -> None:
    (home / "a.csv").write_text(HEAD + ACT)
    (home / "b.zip").write_bytes(b"PK\x03\x04 and no more")
    (home / "c.csv").write_text("note,happened_at\nA talk,2026-01-01\n")
    said = run("import", "a.csv", "b.zip", "nothing.csv", "c.csv", "a.csv")
    assert said.code == 1, "a script has to learn of it"
    assert "b.zip: the archive is broken or cut off" in said.err
    assert "nothing.csv: there is no such file" in said.err
    assert (
        said.out.index("New: 1 act") < said.out.index("New: 1 entry") < said.out.index("Already there: 1 act")
    )
    assert run("import", "a.csv", "c.csv").code == 0
    assert run("import", "b.zip", "nothing.csv", "--lab", "./other").code == 1
    assert not (home / "other").exists()


def test_what_comes_next_is_said_for_the_lab_that_was_made(run: Run) -> None:
    assert "Next: leumund import FILE --lab 'my lab' " in run("init", "--lab", "my lab").out
    assert "Next: leumund import FILE   (" in run("init").out
