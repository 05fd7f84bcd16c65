"""Forgetting: afterwards every column of every segment and every page of lab.sqlite is looked at."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from leumund.errors import LabError
from leumund.events import Account, Deletion, Event, Problem, Statement
from leumund.facts import all_facts
from leumund.ids import account_key
from leumund.intake import import_path
from leumund.lab import Lab
from leumund.saying import as_one, take_back
from leumund.store import erasures, forget
from leumund.store.entries import corrected, entered, held
from leumund.store.labels import labelled
from leumund.store.marks import marked
from leumund.store.names import Names, named
from leumund.store.nogo import added

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


def test_what_the_owner_said_about_her_goes_and_no_guess_at_it_can_be_tried(lab: Lab, tmp_path: Path) -> None:
    said = [
        labelled(BEA, "mastodon", "robot", at=w.NOW),
        marked("trust", BEA, "mastodon", at=w.NOW),
        entered("thanks", {"thanks": BEA, "answer": "thanked"}, happened_at=w.NOW, said_at=w.NOW),
        added(BEA, "mastodon", at=w.NOW, reason="Beate wirbt nur"),
        added(w.BEN, "mastodon", at=w.NOW, reason="wirbt für @beate.lohse@garten.example"),
        labelled(w.BEN, "mastodon", "person", at=w.NOW),
        Statement(kind="note", happened_at=w.NOW, body={"note": "Kaffee mit @beate.lohse@garten.example"}),
    ]
    numbers = "select id, kind, body from statement"
    with lab.writing(LATER) as writer:
        writer.add(said)
        before = {row["id"] for row in lab.register.db.execute(numbers) if "beate" in row["body"].lower()}
        assert len(before) == 7
        writer.forget(account_key(BEA))
        after = [(row["kind"], row["body"]) for row in lab.register.db.execute(numbers)]
        assert not before & {row["id"] for row in lab.register.db.execute(numbers)}
        writer.add(said)  # a table of it read in again: the same statements, and nothing of hers
        assert [(row["kind"], row["body"]) for row in lab.register.db.execute(numbers)] == after
    assert traces(lab.folder) == []
    assert sorted(kind for kind, _body in after) == ["customer", "label", "nogo", "note"]
    assert any("wirbt für @…" in body for _kind, body in after)


def test_what_was_read_in_and_said_anew_stays_one_entry_that_can_be_taken_back(lab: Lab) -> None:
    told = Statement(
        kind="customer",
        happened_at=w.NOW,
        body={"customer": "M.", "recommended_by": "@beate.lohse@garten.example"},
    )
    with lab.writing(LATER) as writer:
        with as_one(lab.register, "customer"):
            writer.add([told])
        (entry,) = [e for e in held(lab.register, "customer") if e.body["customer"] == "M."]
        writer.add([corrected(entry, {"customer": "M. B."}, happened_at=w.NOW, said_at=LATER)])
        writer.forget(account_key(BEA))
        assert sorted(e.body["customer"] for e in held(lab.register, "customer")) == ["K.", "M. B."]
        writer.add([told])
        assert sorted(e.body["customer"] for e in held(lab.register, "customer")) == ["K.", "M. B."]
    assert take_back(lab.register), "it is found under its new number"


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
    assert w.stored(lab) == 10
    (stated,) = lab.register.db.execute("select body from statement").fetchall()
    assert "@…" in stated["body"], "what she stated before is not told a second time with other words"
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


SPELLINGS = (
    "＠beate.lohse@garten.example", "beate.lohse@garten.example", "look@beate.lohse@garten.example", ".@beate.lohse@garten.example",
    "http://www.garten.example/@beate.lohse", "https://garten.example/web/@beate.lohse", "garten.example/users/beate.lohse",
    "https://other.example/@beate.lohse@garten.example", "acct:beate.lohse@garten.example",
)  # fmt: skip


@pytest.mark.parametrize("written", SPELLINGS)
def test_every_spelling_of_an_account_is_masked_and_the_sentence_around_it_stays(written: str) -> None:
    masked = Names({BEA}).mask(f"Siehe {written}. Gut! {written} {written}", "mastodon", w.BEN)
    assert "lohse" not in masked
    assert masked.startswith("Siehe ")
    assert ". Gut! " in masked


@pytest.mark.parametrize(
    ("uri", "text"),
    [
        ("other:anna", "Johanna, Anna und @anna"),
        ("https://x.com/ben", "@ben@other.social @ben.bsky.social info@ben.example @benno"),
        (
            "acct:ben@garten.example",
            "@ben@garten.example.org reuben@garten.example https://a.garten.example/@ben",
        ),
        ("acct:ben@garten.example", "@ben"),
    ],
)
def test_what_names_somebody_else_is_left_alone(uri: str, text: str) -> None:
    names = Names({uri}, ["e", "https://e.x", "https://e.x/ben"])
    assert names.mask(text, "mastodon", w.BEN) == text


def test_a_bare_handle_is_read_as_its_own_network_and_server_read_it() -> None:
    assert Names({"https://x.com/ben"}).mask("#FF @ben, @Ben.", "x") == "#FF @…, @…."
    carla = Names({w.BEN}).mask("@ben und @carla", "mastodon", w.ANNA)
    assert carla == "@… und @carla"


def test_the_names_of_nobody_are_found_nowhere() -> None:
    nobody = Names([])
    assert nobody.mask("#FF @ben https://x.com/ben", "x") == "#FF @ben https://x.com/ben"
    db = duckdb.connect()
    for pattern in (nobody.address, nobody.perhaps):
        assert db.execute("select regexp_matches('https://x.com/ben', ?)", [pattern]).fetchone() == (False,)


def test_a_forgotten_account_does_not_come_back_from_a_bare_handle_on_its_server(lab: Lab) -> None:
    with lab.writing(LATER) as writer:
        writer.add([w.post(80, who=w.CARLA, text="#FF @beate.lohse weil sie immer hilft")])
        writer.forget(account_key(BEA))
        writer.derive(list(all_facts().values()))
        writer.add([w.post(81, who=w.CARLA, text="#FF @beate.lohse weil sie immer hilft")])
        writer.add([w.post(82, who=BEA, text="wieder da")])
        writer.add([w.post(83, who=BEA, text="und noch einmal")])
        writer.derive(list(all_facts().values()))
    assert traces(lab.folder) == []


def test_what_a_kill_after_the_commit_left_is_done_by_the_next_writer(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, lab.writing(LATER) as writer:
        patch.setattr(forget, "finish", killed)
        with pytest.raises(KeyboardInterrupt):
            writer.forget(account_key(BEA))
    assert traces(lab.folder)
    assert forget.is_unfinished(lab.register)
    with lab.writing(LATER):
        pass
    assert not forget.is_unfinished(lab.register)
    assert traces(lab.folder) == []


def test_a_reader_that_has_the_lab_open_delays_the_overwriting_and_it_is_said(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forget, "_PATIENCE_MS", 50)
    reader = sqlite3.connect(lab.folder / "lab.sqlite", isolation_level=None)
    reader.execute("begin")
    reader.execute("select count(*) from account").fetchone()
    with lab.writing(LATER) as writer:
        assert writer.forget(account_key(BEA)).unfinished
    reader.close()
    with lab.writing(LATER):
        pass
    assert not forget.is_unfinished(lab.register)
    assert traces(lab.folder) == []


def test_a_lost_or_replaced_or_short_key_stops_the_import_instead_of_letting_the_erased_in(
    lab: Lab, key_outside: Path
) -> None:
    with lab.writing(LATER) as writer:
        writer.forget(account_key(BEA))
        right = key_outside.read_bytes()
        for wrong in (None, b"", b"short", b"x" * 32):
            key_outside.unlink(missing_ok=True)
            if wrong is not None:
                key_outside.write_bytes(wrong)
            with pytest.raises(LabError, match="erased accounts"):
                writer.add(events())  # type: ignore[arg-type]
        key_outside.unlink()
        key_outside.mkdir()
        with pytest.raises(LabError, match="erased accounts"):
            writer.add(events())  # type: ignore[arg-type]
        key_outside.rmdir()
        key_outside.write_bytes(right)
        writer.add(events())  # type: ignore[arg-type]
    assert traces(lab.folder) == []


@pytest.mark.parametrize("written", SPELLINGS)
def test_an_import_that_names_a_forgotten_account_in_any_spelling_is_masked(lab: Lab, written: str) -> None:
    with lab.writing(LATER) as writer:
        writer.forget(account_key(BEA))
    lab.register.close()
    with Lab.open(lab.folder) as again, again.writing(LATER) as writer:
        writer.add([w.post(90, text=f"Siehe {written}")])
    assert traces(lab.folder) == []


def sighting(account: str, network: str, handle: str, day: int = 0) -> Account:
    when = w.NOW - timedelta(days=day)
    return Account(account=account, seen_at=when, network=network, handle=handle)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("account", "network", "handle", "text", "masked"),
    [
        ("did:plc:zoe", "bluesky", "@Zoe.example", "Danke @zoe.example!", "Danke @…!"),
        ("https://x.com/i/user/17", "x", "ZoeWort", "#FF @zoewort, @zoewort2", "#FF @…, @zoewort2"),
        ("https://garten.example/actors/9", "mastodon", "zoe@garten.example", "@zoe@garten.example hilft", "@… hilft"),
    ],
)  # fmt: skip
def test_who_is_known_by_a_number_is_masked_under_the_handle_she_was_seen_with(
    lab: Lab, account: str, network: str, handle: str, text: str, masked: str
) -> None:
    told: list[Event] = [sighting(account, network, handle), w.post(80, text=text, network=network)]
    with lab.writing(LATER) as writer:
        writer.add(told)
        writer.forget(account_key(account))
        writer.add([w.post(81, text=text, network=network)])
    with lab.tables(as_of=LATER) as tables:
        rows = tables.sql("select text from posts where post like '%/8_'").fetchall()
    assert rows == [(masked,), (masked,)], "in what is there, and in what comes later"


def test_a_handle_that_somebody_else_bears_by_now_is_not_masked(lab: Lab) -> None:
    old, new = "did:plc:old", "did:plc:new"
    with lab.writing(LATER) as writer:
        writer.add([sighting(old, "bluesky", "zoe.example", 90), sighting(new, "bluesky", "zoe.example")])
        writer.add([w.post(80, text="Danke @zoe.example", network="bluesky")])
        writer.forget(account_key(old))
    with lab.tables(as_of=LATER) as tables:
        assert ("Danke @zoe.example",) in tables.sql("select text from posts").fetchall()
    assert account_key(new) in lab.register.accounts([account_key(new)])


@pytest.mark.parametrize("known", [True, False])
def test_a_handle_with_a_dot_is_not_the_one_it_begins_with_where_the_lab_knows_it(
    lab: Lab, known: bool
) -> None:
    beate, other = "acct:beate@garten.example", "@beate.lohse" if known else "@beate.wolf"
    text = f"Gruss an {other} und @beate. Und @beate.Danke und {other}.Danke"
    with lab.writing(LATER) as writer:
        writer.add([w.post(80, who=w.CARLA, text=text), w.post(79, who=beate, text="hier")])
        writer.forget(account_key(beate))
        writer.add([w.post(81, who=w.CARLA, text=text)])
    with lab.tables(as_of=LATER) as tables:
        rows = tables.sql("select text from posts where post like '%/8_'").fetchall()
    left = other if known else "@….wolf"
    assert rows == [(f"Gruss an {left} und @…. Und @….Danke und {left}.Danke",)] * 2


def test_a_forgotten_handle_with_a_dot_is_masked_as_a_whole_on_her_own_server(lab: Lab) -> None:
    with lab.writing(LATER) as writer:
        writer.add([w.post(80, who=w.CARLA, text="Gruss an @beate.lohse und @beate")])
        writer.forget(account_key(BEA))
    with lab.tables(as_of=LATER) as tables:
        assert ("Gruss an @… und @beate",) in tables.sql("select text from posts").fetchall()


def test_problems_and_statements_that_come_later_do_not_name_her_either(lab: Lab) -> None:
    named = "@beate.lohse@garten.example"
    later: list[Event] = [
        Problem(where="x:7", message="odd", excerpt=f"von {named}"),
        Statement(kind="note", happened_at=w.NOW, body={"note": f"Mit {named} gesprochen"}),
    ]
    with lab.writing(LATER) as writer:
        writer.forget(account_key(BEA))
        writer.add(later, import_id=1)
        writer.add(later, import_id=1)
    assert traces(lab.folder) == []
    notes = lab.register.db.execute("select body from statement where kind = 'note'").fetchall()
    assert [tuple(row) for row in notes] == [('{"note": "Mit @… gesprochen"}',)], "and it is one statement"


@pytest.mark.parametrize(
    ("account", "network", "ways"),
    [
        ("at://zoe.gmbh", "bluesky", ["@zoe.gmbh", "@Zoe.gmbh", "bsky.app/profile/zoe.gmbh", "https://bsky.app/profile/zoe.gmbh",
                                      "@zoe.gmbh.Danke"]),
        ("did:plc:zoe", "bluesky", ["did:plc:zoe", "https://bsky.app/profile/did:plc:zoe"]),
        ("https://x.com/zoe", "x", ["@zoe", "x.com/zoe", "https://www.twitter.com/zoe", "@zoe.Danke"]),
        ("acct:zoe@garten.example", "mastodon", ["@zoe@garten.example", "zoe@garten.example", "garten.example/@zoe",
                                                 "https://garten.example/users/zoe", "@zoe@garten.example.Danke", "zoe@garten.example.Danke"]),
        ("https://garten.example/actors/9", "mastodon", ["https://garten.example/actors/9", "http://garten.example/actors/9."]),
        ("https://www.linkedin.com/in/zoe-wort", "linkedin", ["linkedin.com/in/zoe-wort", "https://de.linkedin.com/in/zoe-wort"]),
        ("https://www.facebook.com/zoe.wort", "facebook", ["facebook.com/zoe.wort", "https://m.facebook.com/zoe.wort."]),
        ("https://zoe.example", "blog", ["https://zoe.example", "https://www.zoe.example", "(https://zoe.example)"]),
    ],
)  # fmt: skip
def test_a_later_import_finds_every_way_of_writing_that_forgetting_finds(
    lab: Lab, account: str, network: str, ways: list[str]
) -> None:
    texts = [f"Danke, {way}" for way in ways]
    posts = [w.post(80 + n, text=text, network=network) for n, text in enumerate(texts)]
    with lab.writing(LATER) as writer:
        writer.add([replace(w.post(79), account=account, network=network), *posts])  # type: ignore[arg-type]
        writer.forget(account_key(account))
    query = "select text from posts where post similar to '%/[89][0-9]' order by post"
    with lab.tables(as_of=LATER) as tables:
        masked = tables.sql(query).fetchall()
    assert all("…" in text for (text,) in masked), masked
    for post in posts:
        erasures._met.clear()  # as in a new run of the program, which reads that one post alone
        with lab.writing(LATER) as writer:
            added = writer.add([post])
        assert (added.new["posts"], added.known["posts"]) == (0, 1), post.text
    with lab.tables(as_of=LATER) as tables:
        assert tables.sql(query).fetchall() == masked


@pytest.mark.parametrize(
    "text",
    ["@a.b" * 20_000, "https://" + "a." * 30_000, "a@" + "b." * 30_000, "linkedin.com/in/" + "a." * 30_000,
     "did:a:" * 20_000, "a" * 60_000 + "/@", "@" + "b." * 30_000, "~.-" * 20_000],
)  # fmt: skip
def test_a_text_made_to_be_slow_is_looked_through_in_little_time(text: str) -> None:
    before = time.process_time()
    named(text, "mastodon", "acct:anna@werkstatt.example")
    assert time.process_time() - before < 5
