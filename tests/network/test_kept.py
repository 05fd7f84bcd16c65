"""What is kept between two days: which weeks are reckoned anew, what is looked up by account, and when all of it goes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from leumund.errors import LabBusyError
from leumund.events import Account, Act
from leumund.ids import account_key
from leumund.lab import Lab
from leumund.measures.weeks import week_at
from leumund.network.answers import _thinned, answer
from leumund.network.kept import FOLDER, erased, keeping
from leumund.store.marks import EVER, marked
from leumund.store.register import as_us

from .test_daily import NAMES, check_same, community, daily, day, from_scratch, told


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Five weeks, scored once."""
    with community(tmp_path_factory.mktemp("kept") / "lab") as made:
        told(made, *(reply(n % 4, 4, -n) for n in range(30)), at=day(0))
        told(made, marked("trust", NAMES[0], "mastodon", at=day(0), since=EVER), at=day(0))
        assert len(daily(made, day(0)).made) == 5
        yield made


def reply(actor: int, target: int, when: float) -> Act:
    return Act(
        kind="reply", actor=NAMES[actor], target=NAMES[target], network="mastodon", happened_at=day(when)
    )


def week(when: float) -> int:
    return week_at(as_us(day(when)))


def test_only_what_changed_is_reckoned_anew(lab: Lab) -> None:
    told(lab, reply(1, 2, 1), at=day(1))
    monday = daily(lab, day(1))
    assert set(monday.made) == {week(0), week(1)}, "the week that is over is whole now"
    assert monday.standing_anew
    told(lab, reply(1, 3, 2), at=day(2))
    tuesday = daily(lab, day(2))
    assert set(tuesday.made) == {week(2)}
    assert not tuesday.standing_anew
    told(lab, reply(5, 3, -15), at=day(2))
    late = daily(lab, day(2))
    assert set(late.made) == {week(-15)}
    assert late.standing_anew, "an old reply is a tie"
    told(lab, marked("trust", NAMES[3], "mastodon", at=day(2)), at=day(2))
    trusting = daily(lab, day(2))
    assert not trusting.made
    assert trusting.standing_anew
    check_same(trusting.scores.rows, from_scratch(lab, day(2)))


def test_an_account_is_looked_up_with_its_days_before(lab: Lab) -> None:
    told(
        lab,
        Account(
            account=NAMES[4], seen_at=day(3), network="mastodon", aliases=("https://example.social/u/4",)
        ),
        at=day(3),
    )
    rows = daily(lab, day(3)).scores.rows.to_pylist()
    for row in rows:
        found = answer(lab.folder, row["account"])
        assert found is not None
        assert (found.score, found.place, found.standing) == (row["score"], row["rank"], row["standing"])
        assert (found.low, found.high, found.actors, found.acts) == (
            row["low"],
            row["high"],
            row["actors"],
            row["acts"],
        )
        assert found.of == len(rows)
    same = [answer(lab.folder, account_key(n)) for n in (NAMES[4], "https://example.social/u/4")]
    assert same[0] == same[1]
    assert same[0] is not None
    last, score_then, _place = same[0].history[-1]
    assert last == day(3).date()
    assert score_then == pytest.approx(same[0].score, rel=1e-6)
    assert same[0].history[0][0] == day(0).date()
    assert answer(lab.folder, account_key("acct:nobody@example.social")) is None


def test_what_is_kept_goes_when_somebody_is_forgotten(lab: Lab) -> None:
    daily(lab, day(4))
    with keeping(lab.folder, erased(lab.register)) as kept:
        with lab.writing(day(4)) as writer:
            writer.forget(account_key(NAMES[1]))
        assert not (lab.folder / FOLDER).exists()
        with pytest.raises(LabBusyError):
            kept.commit(erased(lab.register))
    assert answer(lab.folder, account_key(NAMES[4])) is None
    anew = daily(lab, day(4))
    assert len(anew.made) > 4
    check_same(anew.scores.rows, from_scratch(lab, day(4)))
    data = b"".join(file.read_bytes() for file in (lab.folder / FOLDER).iterdir())
    assert account_key(NAMES[1]).to_bytes(8, "little") not in data


def test_a_copy_is_read_once_to_be_believed(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    daily(lab, day(4))
    files = [file for file in (lab.folder / FOLDER).iterdir() if file.suffix in {".npy", ".arrow"}]
    for file in files:
        os.utime(file, ns=(0, 0))
    assert not daily(lab, day(4)).made, "it is what was written"
    read = []

    def reads(file: Path) -> int:
        read.append(file)
        return 0

    monkeypatch.setattr("leumund.network.kept._checksum", reads)
    with keeping(lab.folder, erased(lab.register)) as kept:
        assert kept.told
    assert not read


def test_days_long_ago_are_kept_by_week() -> None:
    today = date(2025, 11, 30)
    every = [{"day": (today - timedelta(days=n)).isoformat()} for n in range(1000)]
    kept = [date.fromisoformat(e["day"]) for e in _thinned(every, today)]
    assert kept == sorted(kept)
    assert kept[-14:] == [today - timedelta(days=n) for n in range(13, -1, -1)]
    assert {d.weekday() for d in kept[:-14]} == {6}, "the Sundays"
    assert kept[0] >= today - timedelta(days=2 * 364)


def test_a_broken_state_is_none(lab: Lab, tmp_path: Path) -> None:
    daily(lab, day(4))
    (lab.folder / FOLDER / "state.json").write_text("{", "utf-8")
    check_same(daily(lab, day(4)).scores.rows, from_scratch(lab, day(4)))
    assert answer(tmp_path, 1) is None


def _emptied(file: Path) -> None:
    file.write_bytes(b"")


def _halved(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _altered(file: Path) -> None:
    """Another byte near its end: the file looks whole."""
    data = bytearray(file.read_bytes())
    data[-3] ^= 1
    file.write_bytes(data)


HARM = (_emptied, _halved, _altered, Path.unlink)


@pytest.mark.parametrize("turn", [0, *(pytest.param(n, marks=pytest.mark.long) for n in range(1, len(HARM)))])
def test_what_is_not_as_it_was_written_is_made_anew(lab: Lab, turn: int) -> None:
    daily(lab, day(4))
    told(lab, reply(1, 2, 4), at=day(4))
    right = from_scratch(lab, day(4))
    kinds = {f.name.split("-")[0] for f in (lab.folder / FOLDER).iterdir() if f.name != "lock"}
    assert len(kinds) > 10
    for number, kind in enumerate(sorted(kinds)):
        for file in list((lab.folder / FOLDER).glob(f"{kind}*")):
            HARM[(number + turn) % len(HARM)](file)
        check_same(daily(lab, day(4)).scores.rows, right)
        check_answers(lab, right)
        for file in list((lab.folder / FOLDER).glob("answer*")):
            HARM[(number + turn) % len(HARM)](file)
        assert answer(lab.folder, right["account"].to_pylist()[0]) is None


def check_answers(lab: Lab, right: pa.Table) -> None:
    for row in right.to_pylist():
        found = answer(lab.folder, row["account"])
        assert found is not None
        assert found.score == pytest.approx(row["score"])
        assert [s for d, s, _place in found.history if d == found.as_of.date()] == [
            pytest.approx(row["score"], rel=1e-6)
        ]


def test_days_before_stay_those_of_the_same_account_when_sums_are_made_anew(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    daily(lab, day(5))
    told(lab, reply(2, 5, 5.5), reply(0, 1, 5.5), at=day(5.6))
    before = daily(lab, day(6)).scores.rows.to_pylist()
    then = {row["account"]: answer(lab.folder, row["account"]).history for row in before}  # type: ignore[union-attr]
    monkeypatch.setattr("leumund.network.daily.rules", lambda: "others")
    assert len(daily(lab, day(6)).made) > 4
    assert {key: answer(lab.folder, key).history for key in then} == then  # type: ignore[union-attr]
    (lab.folder / FOLDER / "state.json").unlink()
    daily(lab, day(6))
    assert {key: answer(lab.folder, key).history for key in then} == then  # type: ignore[union-attr]


def test_a_lab_that_is_copied_keeps_its_sums(lab: Lab, tmp_path: Path) -> None:
    daily(lab, day(7))
    for file in (lab.folder / FOLDER).iterdir():
        os.utime(file, (1, 1))
    assert not daily(lab, day(7)).made


def test_only_the_folder_s_own_files_are_swept(lab: Lab, tmp_path: Path) -> None:
    daily(lab, day(7))
    shutil.rmtree(lab.folder / FOLDER)
    (tmp_path / "mine").write_text("mine", "utf-8")
    (lab.folder / FOLDER).symlink_to(tmp_path, target_is_directory=True)
    check_same(daily(lab, day(7)).scores.rows, from_scratch(lab, day(7)))
    assert [f.name for f in tmp_path.iterdir()] == ["mine"]
