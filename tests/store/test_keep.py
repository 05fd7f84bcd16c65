"""Compaction, migration, backup, export: what keeps a lab for years."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import sqlite3
import zipfile
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from leumund.errors import LabDamagedError, LabTooNewError, UnreadableFileError, UsageError
from leumund.events import Statement
from leumund.facts import all_facts
from leumund.intake import import_path
from leumund.lab import Lab
from leumund.store import derived, migrations
from leumund.store.backup import backup, restore
from leumund.store.doctor import examine
from leumund.store.export import export

from . import worlds as w

LATER = w.NOW + timedelta(days=60)


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    made = Lab.create(tmp_path / "lab")
    for day in range(12):
        with made.writing(w.NOW + timedelta(days=day)) as writer:
            text = f"#FF {'@ben@werkstatt.example' if day % 2 else '@carla@garten.example'} weil es Freude macht, Nummer {day}"
            writer.add([w.post(day, days_ago=day, text=text), w.like(day, days_ago=day)])
    with made.writing(w.NOW + timedelta(days=13)) as writer:
        writer.add(
            [w.anna(followers=5), w.post(3, days_ago=3, text="#FF @ben@werkstatt.example, verbessert")]
        )
    return made


def test_old_months_become_one_segment_and_say_the_same(lab: Lab) -> None:
    questions = [
        ("select post, text, likes from posts order by post", None),
        ("select post, text from posts order by post", w.NOW + timedelta(days=6)),
        ("select actor, target, post from acts order by post", None),
    ]

    def answers() -> list[list[tuple[object, ...]]]:
        found = []
        for query, known_by in questions:
            with lab.tables(as_of=LATER, known_by=known_by) as tables:
                found.append(tables.sql(query).fetchall())
        return found

    before = answers()
    assert len(lab.register.segments("posts")) == 13
    with lab.writing(LATER) as writer:
        writer.derive(list(all_facts().values()))
        assert writer.compact() == 2
    assert len(lab.register.segments("posts")) == 1
    assert answers() == before
    assert [derived.missing(lab.register, f) for f in all_facts().values()] == [[]] * len(all_facts())
    with lab.writing(LATER) as writer:
        assert writer.add([w.post(3, days_ago=3, text="#FF @ben@werkstatt.example, verbessert")]).new == {
            "posts": 0
        }
    old = [lab.folder / p for _, p, _ in lab.register.retired()]
    assert old
    assert all(p.exists() for p in old if "none" not in p.parts), "a reader may still hold them"
    with lab.writing(LATER + timedelta(hours=2)):
        pass
    assert not any(p.exists() for p in old)
    assert answers() == before


def test_the_running_month_is_left_alone(lab: Lab) -> None:
    with lab.writing(w.NOW) as writer:
        assert writer.compact() == 0


def test_a_migration_makes_a_backup_first_and_a_failed_one_changes_nothing(lab: Lab) -> None:
    lab.register.close()

    def add_column(db: sqlite3.Connection) -> None:
        db.execute("alter table person add column colour text")

    def fails(db: sqlite3.Connection) -> None:
        db.execute("alter table person add column shape text")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        migrations.bring_up_to_date(lab.folder, steps={3: fails}, target=3)
    with sqlite3.connect(lab.folder / "lab.sqlite") as db:
        assert "shape" not in [r[1] for r in db.execute("pragma table_info(person)")]
        assert db.execute("select value from meta where name = 'schema_version'").fetchone() == ("2",)
    kept = migrations.bring_up_to_date(lab.folder, steps={3: add_column}, target=3)
    assert kept is not None
    with sqlite3.connect(kept) as old, sqlite3.connect(lab.folder / "lab.sqlite") as new:
        assert old.execute("select value from meta where name = 'schema_version'").fetchone() == ("2",)
        assert new.execute("select value from meta where name = 'schema_version'").fetchone() == ("3",)
        assert "colour" in [r[1] for r in new.execute("pragma table_info(person)")]
    with pytest.raises(LabTooNewError) as caught:
        Lab.open(lab.folder)
    assert "3" in caught.value.message


def test_a_backup_restored_is_the_same_lab(lab: Lab, tmp_path: Path) -> None:
    file = tmp_path / "copy.zip"
    backup(lab.register, lab.folder, file, at=LATER)
    with pytest.raises(UsageError):
        backup(lab.register, lab.folder, file, at=LATER)
    restore(file, tmp_path / "again")
    with Lab.open(tmp_path / "again") as again:
        assert w.stored(again) == w.stored(lab)
        assert [f for f in examine(again.register, again.folder) if f.level == "bad"] == []
        with again.writing(LATER) as writer:
            assert writer.add(
                [w.post(5, days_ago=5, text="#FF @ben@werkstatt.example weil es Freude macht, Nummer 5")]
            ).new == {"posts": 0}
    with pytest.raises(UsageError):
        restore(file, tmp_path / "again")


def test_a_damaged_backup_makes_nothing(lab: Lab, tmp_path: Path) -> None:
    file = tmp_path / "copy.zip"
    backup(lab.register, lab.folder, file, at=LATER)
    whole = file.read_bytes()
    for broken in (whole[: len(whole) // 2], whole.replace(b"PAR1", b"PAR2", 1)):
        (tmp_path / "broken.zip").write_bytes(broken)
        with pytest.raises(UnreadableFileError):
            restore(tmp_path / "broken.zip", tmp_path / "fresh")
        assert not (tmp_path / "fresh").exists()
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as out:
        out.writestr("manifest.json", json.dumps({"sha256": {"../../evil": "00"}}))
        out.writestr("../../evil", "boo")
    with pytest.raises(UnreadableFileError):
        restore(tmp_path / "evil.zip", tmp_path / "fresh")
    assert not (tmp_path.parent / "evil").exists()


def _zip(file: Path, manifest: bytes, **inner: bytes) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("manifest.json", manifest)
        for name, content in inner.items():
            out.writestr(name.replace("__", "."), content)
    return file


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"sha256": {}}',
        b'{"sha256": []}',
        b'{"sha256": {"events": "00"}}',
        b'{"sha256": {"lab.sqlite": 1}}',
        b'{"sha256": {"lab.sqlite": "00", ".": "00"}}',
        b'{"sha256": {"lab.sqlite": "00", "": "00"}}',
        b'{"sha256": {"lab.sqlite": "00", "lab.sqlite/x": "00"}}',
        b'{"sha256": {"lab.sqlite": "00", "lab.sqlite-wal": "00"}}',
        b'{"sha256": {"lab.sqlite": "00", "a\\u0000b": "00"}}',
        b'{"sha256": {"lab.sqlite": "00", "/tmp/x": "00"}}',
    ],
)
def test_a_backup_that_lists_no_lab_makes_nothing(tmp_path: Path, manifest: bytes) -> None:
    file = _zip(tmp_path / "odd.zip", manifest, lab__sqlite=b"x")
    with pytest.raises(UnreadableFileError):
        restore(file, tmp_path / "labs" / "fresh")
    assert [p.name for p in tmp_path.iterdir()] == ["odd.zip"]


def test_a_neighbouring_folder_is_left_alone_when_a_backup_is_restored(lab: Lab, tmp_path: Path) -> None:
    for name in ("fresh.restoring", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "letter.txt").write_text("mine")
    backup(lab.register, lab.folder, tmp_path / "copy.zip", at=LATER)
    restore(tmp_path / "copy.zip", tmp_path / "fresh")
    with pytest.raises(UnreadableFileError):
        restore(_zip(tmp_path / "odd.zip", b"[]"), tmp_path / "second")
    assert (tmp_path / "fresh.restoring" / "letter.txt").read_text() == "mine"
    names = {"copy.zip", "fresh", "fresh.restoring", "lab", "odd.zip", "other"}
    assert {p.name for p in tmp_path.iterdir()} == names


def test_a_lab_is_restored_only_into_a_folder_of_its_own(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "copy.zip"
    backup(lab.register, lab.folder, file, at=LATER)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    (tmp_path / "link").symlink_to(tmp_path / "here")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for target in (Path("./"), Path(), Path(".."), Path("/"), tmp_path / "link", tmp_path / "dangling", file):
        with pytest.raises(UsageError):
            restore(file, target)
    assert list((tmp_path / "here").iterdir()) == []
    assert not (tmp_path / "nowhere").exists()


def test_a_place_may_be_given_from_where_one_stands(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    backup(lab.register, lab.folder, Path("copy.zip"), at=LATER)
    restore(Path("copy.zip"), Path("some/where/new"))
    with Lab.open(tmp_path / "some" / "where" / "new") as again:
        assert w.stored(again) == w.stored(lab)


def test_a_backup_that_would_fill_the_disk_is_refused(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leumund.store.backup._PLENTY", 2**20)
    file = _zip(tmp_path / "bomb.zip", b'{"sha256": {"lab.sqlite": "00"}}', lab__sqlite=bytes(2**24))
    with pytest.raises(UnreadableFileError, match="unpacked"):
        restore(file, tmp_path / "fresh")
    backup(lab.register, lab.folder, tmp_path / "copy.zip", at=LATER)
    restore(tmp_path / "copy.zip", tmp_path / "fresh")


@pytest.mark.parametrize(
    "change",
    [
        "update segment set path = '../letter.txt' where id = 1",
        "update segment set path = '/tmp/letter.txt' where id = 1",
        "update segment set path = 'none/../../letter.txt', rows = 0 where id = 1",
        "create trigger later after insert on meta begin update segment set path = '../letter.txt'; end",
        "drop table segment",
    ],
)
def test_a_backup_whose_catalogue_names_files_elsewhere_is_refused(
    lab: Lab, tmp_path: Path, change: str
) -> None:
    backup(lab.register, lab.folder, tmp_path / "copy.zip", at=LATER)
    with zipfile.ZipFile(tmp_path / "copy.zip") as whole:
        inner = {name: whole.read(name) for name in whole.namelist()}
    (tmp_path / "lab.sqlite").write_bytes(inner["lab.sqlite"])
    with contextlib.closing(sqlite3.connect(tmp_path / "lab.sqlite")) as db:
        db.execute(change)
        db.commit()
    inner["lab.sqlite"] = (tmp_path / "lab.sqlite").read_bytes()
    manifest = json.loads(inner["manifest.json"])
    manifest["sha256"]["lab.sqlite"] = hashlib.sha256(inner["lab.sqlite"]).hexdigest()
    inner["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as out:
        for name, content in inner.items():
            out.writestr(name, content)
    with pytest.raises(UnreadableFileError):
        restore(tmp_path / "evil.zip", tmp_path / "fresh")
    assert {p.name for p in tmp_path.iterdir()} == {"copy.zip", "evil.zip", "lab", "lab.sqlite"}


def test_a_backup_is_not_written_into_a_folder_that_is_not_there(lab: Lab, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere"):
        backup(lab.register, lab.folder, tmp_path / "nowhere" / "copy.zip", at=LATER)


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_what_is_exported_can_be_imported_again_and_is_the_same(lab: Lab, tmp_path: Path, form: str) -> None:
    with lab.writing(LATER) as writer:
        writer.add(
            [Statement(kind="customer", happened_at=w.NOW, body={"customer": "Frau K.", "value": 480.0})]
        )
    with lab.tables(as_of=LATER) as tables:
        export(tables, lab.register, tmp_path / "out", form, private=True)  # type: ignore[arg-type]
    again = Lab.create(tmp_path / "again")
    with again.writing(LATER) as writer:
        for file in sorted((tmp_path / "out").iterdir()):
            report = import_path(again, writer, file)
            assert report.problems == 0, file
    for query in ("select post, account, happened_at, text, mentions from posts order by post",
                  "select kind, actor, target, happened_at, post, count from acts order by post",
                  "select account, happened_at, followers from sightings order by 1, 2"):  # fmt: skip
        with lab.tables(as_of=LATER) as one, again.tables(as_of=LATER) as other:
            assert one.sql(query).fetchall() == other.sql(query).fetchall()
    said = "select kind, happened_at, body from statement"
    assert [tuple(r) for r in lab.register.db.execute(said)] == [
        tuple(r) for r in again.register.db.execute(said)
    ]
    assert again.names(again.register.own_accounts()) == lab.names(lab.register.own_accounts())


def test_doctor_finds_what_is_missing_and_broken(lab: Lab) -> None:
    first, second, *_rest = [lab.folder / s.path for s in lab.register.segments("posts")]
    first.unlink()
    second.write_bytes(second.read_bytes()[:50])
    bad = [f.text for f in examine(lab.register, lab.folder) if f.level == "bad"]
    assert len(bad) == 2
    assert any(first.name in t for t in bad)
    lab.register.close()
    (lab.folder / "lab.sqlite").write_bytes(b"SQLite format 3\x00 no, not really" * 100)
    for rest in lab.folder.glob("lab.sqlite-*"):
        rest.unlink()
    with pytest.raises(LabDamagedError) as caught:
        Lab.open(lab.folder)
    assert "restore" in caught.value.hint


def test_leftovers_of_a_killed_run_are_swept_and_the_rest_is_not(lab: Lab) -> None:
    orphan = lab.folder / "events" / "posts" / "2026-03" / "0000.parquet"
    shutil.copy(lab.folder / lab.register.segments("posts")[0].path, orphan)
    staging = lab.folder / "tmp" / "abc"
    staging.mkdir(parents=True)
    before = w.stored(lab)
    with lab.writing(LATER):
        pass
    assert not orphan.exists()
    assert not staging.exists()
    assert w.stored(lab) == before


def test_a_lab_of_version_1_is_read_with_the_columns_that_came_later(lab: Lab) -> None:
    stored = w.stored(lab)
    with lab.register.transaction() as db:  # as version 1 left it: no connections, segments without views
        for table in ("stream", "connection"):
            db.execute(f"drop table {table}")
        db.execute("drop index alias_of")
        db.execute("alter table statement rename to later")
        db.execute(
            "create table statement (id text primary key, kind text, happened_at integer, known_at integer, body text)"
        )
        db.execute("insert into statement select id, kind, happened_at, known_at, body from later")
        db.execute("drop table later")
        for column in ("first_at", "last_at"):
            db.execute(f"alter table import drop column {column}")
        db.execute("update segment set code = null where tbl = 'posts'")
        lab.register.put("schema_version", "1")
    for segment in lab.register.segments("posts"):
        path = lab.folder / segment.path
        table = pq.read_table(path, partitioning=None)
        pq.write_table(table.drop_columns(["views"]), path)
    lab.register.close()
    with Lab.open(lab.folder) as again, again.writing(LATER) as writer:
        assert w.stored(again) == stored
        assert writer.add([w.post(77, days_ago=1, text="Neu")]).new == {"posts": 1}
        assert w.stored(again) != stored
        with again.tables(as_of=LATER) as tables:
            assert set(tables.arrow("select views from posts")["views"].to_pylist()) == {None}
