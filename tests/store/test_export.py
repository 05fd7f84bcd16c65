"""What leaves a lab comes back: persons, own accounts, aliases, statements with their numbers, the future."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from leumund.clean import FORMULA
from leumund.events import Account, Statement
from leumund.ids import account_key
from leumund.intake import import_path, parts_of
from leumund.lab import Lab
from leumund.store import people
from leumund.store.export import Format, export

from . import worlds as w

EVER = datetime.max.replace(tzinfo=UTC)
DID, NUMBER = "did:plc:zoe", "https://x.com/i/user/17"


def seen(account: str, network: str, *aliases: str, **more: object) -> Account:
    return Account(account=account, network=network, seen_at=w.NOW, aliases=aliases, **more)  # type: ignore[arg-type]


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    made = Lab.create(tmp_path / "lab")
    with made.writing(w.NOW) as writer:
        writer.add([
            *w.week(),
            seen(DID, "bluesky", "at://zoe.example", handle="zoe.example", bio=""),
            seen("https://x.com/zoe", "x", NUMBER, name='Zoe "Z", \n2'),
            w.post(60, who=NUMBER, text="Zeile\r\nund\tTab", network="x", mentions=("https://x.com/benni",)),
            w.post(62, who=DID, text="@zoe.example", network="bluesky", mentions=(DID,)),
            w.post(61, days_ago=-400, text="morgen"),
            w.post(63, text='=HYPERLINK("https://a.example","x")'),
            w.post(64, text="'=1+1"),
            w.post(65, text="\t-5 Grad"),
            seen("acct:eve@a.example", "mastodon", name="@SUM(A1)", bio="-\n+", handle="+1"),
            Statement(kind="note", happened_at=w.NOW, body={"note": "+49 angerufen"}),
            w.like(60, who="https://x.com/benni", whom=NUMBER, network="x"),
            replace(w.like(61, who="at://zoe.example", whom=DID, network="bluesky"), exact=False),
            Statement(kind="customer", happened_at=w.NOW, statement="K-1", body={"customer": "K.", "value": 480.5, "lead": False}),
            Statement(kind="note", happened_at=w.NOW, body={"note": "2026-01-01 Ferien"}),
            Statement(kind="goal", happened_at=w.NOW, body={"goal": "followers", "target": 5000, "until": "2026-12-31"}),
        ])  # fmt: skip
    people.link(made.register, ["https://anna.example", "at://anna.example"], name="", owner=True)
    people.link(made.register, [DID, NUMBER], name="Zoë")
    people.link(made.register, [w.BEN, w.CARLA], name="", evidence="their pages link each other")
    return made


def written(lab: Lab, to: Path, form: Format) -> dict[str, bytes]:
    with lab.tables(as_of=EVER) as tables:
        export(tables, lab.register, to, form, private=True)
    return {p.name: p.read_bytes() for p in sorted(to.iterdir())}


def brought_in(lab: Lab, folder: Path, *, backwards: bool = False) -> int:
    problems = 0
    for path in sorted((part.path for part in parts_of(folder)), reverse=backwards):
        with lab.writing(w.NOW + timedelta(days=9)) as writer:
            problems += import_path(lab, writer, path).problems
    return problems


@pytest.mark.parametrize("form", ["jsonl", "csv"])
@pytest.mark.parametrize("backwards", [False, True])
def test_a_lab_that_was_exported_and_read_in_again_exports_the_same(
    lab: Lab, tmp_path: Path, form: Format, backwards: bool
) -> None:
    first = written(lab, tmp_path / "one", form)
    other = Lab.create(tmp_path / "other")
    assert brought_in(other, tmp_path / "one", backwards=backwards) == 0
    assert written(other, tmp_path / "two", form) == first
    assert set(first) >= {f"{name}.{form}" for name in ("person", "customer", "note", "goal", "posts", "acts", "accounts")}  # fmt: skip
    assert people.persons(other.register) == people.persons(lab.register)
    known = lab.register.known_as(lab.register.own_accounts()).values()
    assert {row["uri"] for row in known} == {"https://anna.example", "at://anna.example", w.ANNA}
    assert other.register.own_accounts() == lab.register.own_accounts()
    assert other.register.aliases() == lab.register.aliases()
    rows = "select id, kind, happened_at, body from statement order by id"
    assert list(map(tuple, other.register.db.execute(rows))) == list(
        map(tuple, lab.register.db.execute(rows))
    )


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_reading_an_export_into_the_lab_it_came_from_changes_nothing(
    lab: Lab, tmp_path: Path, form: Format
) -> None:
    first = written(lab, tmp_path / "one", form)
    assert brought_in(lab, tmp_path / "one") == 0
    assert written(lab, tmp_path / "two", form) == first


def test_no_cell_of_a_csv_is_calculated_by_a_spreadsheet(lab: Lab, tmp_path: Path) -> None:
    first = written(lab, tmp_path / "one", "csv")
    for name, data in first.items():
        rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
        cells = {cell for row in rows for cell in row.values()}
        assert not {c for c in cells if c.lstrip().startswith(tuple("=+-@|%"))}, name
    assert b'"\'=HYPERLINK(""https://a.example"",""x"")"' in first["posts.csv"]
    assert b"'+49 angerufen" in first["note.csv"]


def test_python_and_duckdb_find_the_same_formulas() -> None:
    unseen = [chr(n) for n in range(1, 0x3100) if chr(n).isspace() or unicodedata.category(chr(n)) == "Cf"]
    texts = [f"{sign}={n}" for n, sign in enumerate([*unseen, "\ufeff", "a", "é", "ß", " \u200b\u00a0"])]
    found = duckdb.execute("select regexp_matches(unnest($1), $2)", [texts, FORMULA]).fetchall()
    by_python = [re.match(FORMULA, text) is not None for text in texts]
    assert [bool(one) for (one,) in found] == by_python
    assert all(
        m for m, t in zip(by_python, texts, strict=True) if t[0].isspace() or t[0] in "\u200b\u202e\ufeff"
    )
    assert not any(m for m, t in zip(by_python, texts, strict=True) if t[0].isalpha())


def test_accounts_of_one_person_leave_as_the_accounts_they_are(lab: Lab, tmp_path: Path) -> None:
    acts = written(lab, tmp_path / "one", "csv")["acts.csv"].decode()
    assert acts.count(f"like,{w.BEN},") == acts.count(f"like,{w.CARLA},") == 7


def test_what_is_dated_in_the_future_leaves_with_the_rest(lab: Lab, tmp_path: Path) -> None:
    assert b"morgen" in written(lab, tmp_path / "one", "csv")["posts.csv"]


def test_a_statement_told_again_under_its_number_is_a_correction(lab: Lab) -> None:
    def told(**body: str | float) -> Statement:
        return Statement(kind="customer", happened_at=w.NOW, statement="K-1", body=body)

    with lab.writing(w.NOW + timedelta(days=1)) as writer:
        added = writer.add([told(customer="K.", value=500)])
        assert added.new["statements"] == 1
        assert writer.add([told(customer="K.", value=500)]).new["statements"] == 0
    rows = lab.register.db.execute("select body from statement where id = 'K-1'").fetchall()
    assert [r["body"] for r in rows] == ['{"customer": "K.", "value": 500}']


def test_one_number_in_two_kinds_means_two_entries(lab: Lab) -> None:
    cost = Statement(
        kind="cost", happened_at=w.NOW, statement="17", body={"cost": "advertisement", "amount": 20}
    )
    customer = Statement(kind="customer", happened_at=w.NOW, statement="17", body={"customer": "K."})
    with lab.writing(w.NOW + timedelta(days=1)) as writer:
        assert writer.add([cost, customer]).new["statements"] == 2
        assert writer.add([customer, cost]).new["statements"] == 0
    rows = lab.register.db.execute("select kind from statement where id = '17' order by kind").fetchall()
    assert [r["kind"] for r in rows] == ["cost", "customer"]


def test_a_lab_without_persons_writes_no_table_of_them(tmp_path: Path) -> None:
    empty = Lab.create(tmp_path / "empty")
    assert set(written(empty, tmp_path / "out", "csv")) == {"posts.csv", "acts.csv", "accounts.csv"}


def test_persons_leave_beside_parquet_as_json_lines(lab: Lab, tmp_path: Path) -> None:
    assert b"their pages link each other" in written(lab, tmp_path / "one", "parquet")["person.jsonl"]
    assert account_key(DID) in lab.register.aliases().values() or account_key(DID) in lab.register.aliases()
