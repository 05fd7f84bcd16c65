"""Forgetting: afterwards every column of every segment and every page of lab.sqlite is looked at."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from leumund.events import Account, Deletion, Problem, Statement
from leumund.facts import all_facts
from leumund.ids import account_key
from leumund.intake import import_path
from leumund.lab import Lab
from leumund.store import erasures

from . import worlds as w

BEA = "acct:beate.lohse@garten.example"
PAGE = "https://garten.example/users/beate.lohse/statuses/9"
LATER = w.NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def key_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "elsewhere" / "erasure.key"
    monkeypatch.setenv("LEUMUND_ERASURE_KEY", str(place))
    return place


def events() -> list[object]:
    seen = Account(account=BEA, seen_at=w.NOW, network="mastodon", handle="beate.lohse@garten.example", name="Beate Lohse",
                   bio="Gärtnerin", aliases=("https://garten.example/actors/17",), followers=3)  # fmt: skip
    return [
        *w.week(), seen,
        w.post(50, who=BEA, text="Hier spricht Beate"),
        w.post(51, text="#FF @beate.lohse@garten.example weil sie @ben@werkstatt.example hilft", mentions=(BEA, w.BEN)),
        w.post(52, text="Siehe https://garten.example/@beate.lohse. Gut!", reply_to=PAGE, reply_to_account=BEA),
        w.like(50, whom=BEA), w.like(3, who=BEA), replace(w.like(9), kind="reply", post=PAGE, via="https://werkstatt.example/posts/52"),
        Deletion(of="account", subject=BEA, happened_at=w.NOW + timedelta(days=5)),
        Statement(kind="customer", happened_at=w.NOW, body={"customer": "K.", "recommended_by": "@beate.lohse@garten.example"}),
        Problem(where="x:1", message="odd", excerpt="@beate.lohse@garten.example"),
    ]  # fmt: skip


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    made = Lab.create(tmp_path / "lab")
    with made.register.transaction() as db:
        db.execute(
            "insert into import (id, source, place, fingerprint, started_at) values (1, 'x', 'y', 'z', 0)"
        )
    with made.writing(w.NOW) as writer:
        writer.add(events(), import_id=1)  # type: ignore[arg-type]
        writer.derive(list(all_facts().values()))
    return made


def traces(folder: Path) -> list[str]:
    """Every place in a lab's folder where something of Beate's is still found."""
    keys = {account_key(BEA), account_key("https://garten.example/actors/17")}
    found = []
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        if path.suffix == ".parquet":
            for column, values in pq.read_table(path).to_pydict().items():
                text = repr(values).lower()
                if "beate" in text or any(str(k) in text for k in keys):
                    found.append(f"{path.name}:{column}")
        elif b"beate" in path.read_bytes().lower():
            found.append(path.name)
    with sqlite3.connect(folder / "lab.sqlite") as db:
        for (table,) in db.execute("select name from sqlite_master where type = 'table'").fetchall():
            rows = db.execute(f"select * from {table}").fetchall()
            found += [f"lab.sqlite:{table}" for row in rows if keys & {v for v in row if isinstance(v, int)}]
    return found


def test_nothing_of_a_forgotten_account_is_left_anywhere(lab: Lab) -> None:
    assert traces(lab.folder)
    with lab.writing(LATER) as writer:
        done = writer.forget(account_key(BEA))
    assert BEA in done.accounts
    assert done.rows > 0
    lab.register.close()
    assert traces(lab.folder) == []
    with Lab.open(lab.folder) as again, again.tables(as_of=LATER) as tables:
        texts = [r[0] for r in tables.sql("select text from posts order by post").fetchall()]
        assert "#FF @… weil sie @ben@werkstatt.example hilft" in texts
        assert "Siehe @…. Gut!" in texts
        assert tables.sql("select count(*) from posts").fetchall() == [(9,)]


def test_what_is_derived_anew_does_not_know_her_either(lab: Lab) -> None:
    with lab.writing(LATER) as writer:
        writer.forget(account_key(BEA))
        writer.derive(list(all_facts().values()))
    assert traces(lab.folder) == []


def test_a_forgotten_account_stays_away_from_the_next_import(lab: Lab, tmp_path: Path) -> None:
    with lab.writing(LATER) as writer:
        writer.forget(account_key(BEA))
        writer.add(events())  # type: ignore[arg-type]
        file = tmp_path / "posts.csv"
        file.write_text(
            "post,account,network,happened_at,text\n"
            "https://garten.example/1,@Beate.Lohse@garten.example,mastodon,2026-03-30,Hallo\n"
            "https://garten.example/2,@carla@garten.example,mastodon,2026-03-30,Gruss an @beate.lohse@garten.example\n"
        )
        import_path(lab, writer, file)
    assert traces(lab.folder) == []
    with lab.tables(as_of=LATER) as tables:
        assert ("Gruss an @…",) in tables.sql("select text from posts").fetchall()


def test_others_with_a_longer_name_are_not_touched(lab: Lab) -> None:
    other = "acct:beate.lohse2@garten.example"
    with lab.writing(LATER) as writer:
        writer.add([w.post(70, who=other, text="Ich heisse ähnlich, @beate.lohse2@garten.example")])
        writer.forget(account_key(BEA))
    with lab.tables(as_of=LATER) as tables:
        assert ("Ich heisse ähnlich, @beate.lohse2@garten.example",) in tables.sql(
            "select text from posts"
        ).fetchall()


def test_only_a_keyed_hash_remains_and_the_key_is_not_in_the_lab(lab: Lab, key_outside: Path) -> None:
    with lab.writing(LATER) as writer:
        writer.forget(account_key(BEA))
    (stored,) = [
        bytes(r[0])
        for r in lab.register.db.execute("select hmac from erasure where length(hmac) = 32 limit 1")
    ]
    key = key_outside.read_bytes()
    assert stored in {erasures.fingerprint(u, key) for u in (BEA, "https://garten.example/actors/17")}
    assert key_outside.stat().st_mode & 0o077 == 0
    assert key not in b"".join(p.read_bytes() for p in lab.folder.rglob("*") if p.is_file())
