"""What is told twice, a little differently: one event, its newest words, whatever the order and the files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from leumund.errors import LabDamagedError
from leumund.intake import import_path
from leumund.lab import Lab

from . import worlds as w

LATER = w.NOW + timedelta(days=400)


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab.create(tmp_path / "lab")


def texts(lab: Lab) -> list[str]:
    with lab.tables(as_of=LATER) as tables:
        return [r[0] for r in tables.sql("select text from posts order by post").fetchall()]


def test_the_same_post_told_a_second_apart_is_one(lab: Lab) -> None:
    with lab.writing(w.NOW) as writer:
        writer.add([w.post(1)])
        writer.add([replace(w.post(1), happened_at=w.NOW + timedelta(milliseconds=500))])
        writer.add([replace(w.post(1), happened_at=w.NOW - timedelta(hours=2))])
    assert texts(lab) == ["Guten Morgen"]


def test_a_post_first_without_a_certain_time_gets_it_later(lab: Lab) -> None:
    with lab.writing(w.NOW) as writer:
        writer.add([w.post(1, exact=False)])
        writer.add([w.post(1, days_ago=200)])
        assert writer.add([w.post(1, exact=False)]).new == {"posts": 0}
    with lab.tables(as_of=LATER) as tables:
        assert tables.sql("select exact, happened_at from posts").fetchall() == [
            (True, (w.NOW - timedelta(days=200)).replace(tzinfo=None))
        ]


def test_a_richer_source_adds_what_the_first_did_not_tell(lab: Lab) -> None:
    with lab.writing(w.NOW) as writer:
        writer.add([w.post(1, likes=3)])
        writer.add(
            [w.post(1, language="de", mentions=(w.BEN,), reply_to="https://werkstatt.example/posts/0")]
        )
        writer.add([w.post(1)])
    with lab.tables(as_of=LATER) as tables:
        rows = tables.sql("select language, len(mentions), reply_to, likes from posts").fetchall()
    assert rows == [("de", 1, "https://werkstatt.example/posts/0", 3)]


def test_what_was_once_told_as_private_stays_private(lab: Lab) -> None:
    with lab.writing(w.NOW) as writer:
        writer.add([w.post(1, visibility="followers")])
        writer.add([w.post(1)])
    with lab.tables(as_of=LATER) as tables:
        assert tables.sql("select visibility from posts").fetchall() == [("followers",)]


def test_of_two_versions_in_one_file_the_later_holds_and_again_changes_nothing(
    lab: Lab, tmp_path: Path
) -> None:
    file = tmp_path / "posts.csv"
    rows = [f"{n},@anna@werkstatt.example,mastodon,2026-03-01,Satz {n}" for n in range(3000)]
    head = "post,account,network,happened_at,text"
    file.write_text("\n".join([head, "p,@anna@werkstatt.example,mastodon,2026-03-01,alt", *rows,
                               "p,@anna@werkstatt.example,mastodon,2026-03-01,neu"]) + "\n")  # fmt: skip
    stored = []
    from leumund import intake

    small = pytest.MonkeyPatch()
    small.setattr(intake, "_ROWS_AT_ONCE", 500)
    small.setattr("leumund.sources.text_files.PIECE", 20_000)
    for _again in range(3):
        with lab.writing(w.NOW) as writer:
            import_path(lab, writer, file)
        stored.append(sum(s.rows for s in lab.register.segments("posts")))
        assert [t for t in texts(lab) if not t.startswith("Satz")] == ["neu"]
    small.undo()
    assert len(set(stored)) == 1


def test_versions_in_two_months_stay_one_post_after_compaction_and_forgetting(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LEUMUND_ERASURE_KEY", str(tmp_path / "key"))
    edge = datetime(2026, 2, 1, tzinfo=UTC)
    with lab.writing(w.NOW) as writer:
        writer.add(
            [replace(w.post(1, text="alt @ben@werkstatt.example"), happened_at=edge - timedelta(seconds=1))]
        )
        writer.add(
            [replace(w.post(1, text="neu @ben@werkstatt.example"), happened_at=edge + timedelta(seconds=1))]
        )
        for n in range(10):
            writer.add([replace(w.post(10 + n), happened_at=edge + timedelta(hours=n))])
        assert writer.compact() == 1
        assert len(texts(lab)) == 11
        writer.add([w.like(1, who=w.BEN)])
        from leumund.ids import account_key

        writer.forget(account_key(w.BEN))
    assert [t for t in texts(lab) if "neu" in t or "alt" in t] == ["neu @…"]


def test_many_years_at_once_make_few_files(lab: Lab) -> None:
    with lab.writing(w.NOW) as writer:
        writer.add([w.post(n, days_ago=n * 31) for n in range(600)])
    assert len(lab.register.segments("posts")) < 60
    assert w.stored(lab) == 600


def test_a_lab_folder_with_signs_of_patterns_reads_only_itself(tmp_path: Path) -> None:
    for name in ("k1", "k2", "k*", "k[12]", "k?"):
        lab = Lab.create(tmp_path / name)
        with lab.writing(w.NOW) as writer:
            writer.add([w.post(1)])
        lab.register.close()
    with Lab.open(tmp_path / "k*") as lab:
        for inner in (tmp_path / "k*" / "events").rglob(
            "*.parquet"
        ):  # the same file names everywhere, as in copies
            for other in ("k1", "k2"):
                copy = tmp_path / other / inner.relative_to(tmp_path / "k*")
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(inner.read_bytes())
        assert w.stored(lab) == 1


def test_a_catalogue_that_names_foreign_files_is_refused_and_deletes_nothing(
    lab: Lab, tmp_path: Path
) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("precious")
    with lab.register.transaction():
        for path in (str(victim), "../victim.txt"):
            lab.register.add_segment(at=w.NOW, tbl="posts", month="2026-03", path=path, rows=1, revisions=0, bytes=1,
                                     min_at=0, max_at=1, retired_at=1)  # fmt: skip
    with lab.writing(LATER):
        pass
    assert victim.exists()
    with lab.register.transaction():
        lab.register.add_segment(at=w.NOW, tbl="posts", month="2026-03", path="/etc/x.parquet", rows=1, revisions=0,
                                 bytes=1, min_at=0, max_at=1)  # fmt: skip
    with pytest.raises(LabDamagedError):
        w.stored(lab)


def test_an_own_account_is_known_by_its_handle_whichever_of_its_names_has_the_smaller_key(
    tmp_path: Path,
) -> None:
    from leumund.events import Account
    from leumund.store.people import link

    for user in ("anna", "lena", "maria", "petra", "ulrike", "sven"):
        address, page = f"acct:{user}@example.social", f"https://example.social/users/{user}"
        lab = Lab.create(tmp_path / user)
        link(lab.register, [address], name="", owner=True)
        with lab.writing(w.NOW) as writer:
            seen = Account(
                account=address,
                aliases=(page,),
                seen_at=w.NOW,
                network="mastodon",
                handle=f"{user}@example.social",
            )
            writer.add([seen, w.like(1, whom=page)])
        own = lab.register.own_accounts()
        with lab.tables(as_of=LATER) as tables:
            assert tables.sql("select target from acts").fetchall() == [(own[0],)]
        assert lab.names(own) == {own[0]: f"@{user}@example.social"}


def test_an_act_told_under_another_name_of_the_account_is_the_same_act(lab: Lab) -> None:
    from leumund.events import Account

    page = "https://werkstatt.example/users/ben"
    with lab.writing(w.NOW) as writer:
        writer.add(
            [w.like(1, who=page), Account(account=w.BEN, aliases=(page,), seen_at=w.NOW, network="mastodon")]
        )
        assert writer.add([w.like(1, who=w.BEN)]).new == {"acts": 0}
