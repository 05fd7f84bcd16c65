"""A budget: whatever happens, no more is spent in a month than was allowed for it."""

from __future__ import annotations

import json
import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leumund import budget
from leumund.budget import Budget, amount_of, dollars, spending_path
from leumund.errors import BudgetSpentError, SourceError, UsageError

NOW = datetime(2026, 5, 12, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEUMUND_SPENDING", str(tmp_path / "spending.json"))


def of(monthly: str, at: datetime = NOW, name: str = "x anna") -> Budget:
    return Budget(name, Decimal(monthly), lambda: at)


@dataclass(frozen=True)
class Request:
    """wait: since the one before; most, cost: in tenths of a cent; late: until it is charged; end: how it ended."""

    wait: timedelta
    most: int
    cost: int
    late: timedelta
    end: str


@st.composite
def requests(draw: st.DrawFn) -> Request:
    most = draw(st.integers(1, 400))
    return Request(
        wait=draw(st.one_of(st.timedeltas(timedelta(0), timedelta(minutes=9)), st.timedeltas(timedelta(0), timedelta(days=40)))),
        most=most, cost=draw(st.integers(0, most)), late=draw(st.timedeltas(timedelta(0), timedelta(minutes=4))),
        end=draw(st.sampled_from(["settled", "settled", "killed before", "killed after", "lost"])),
    )  # fmt: skip


@settings(max_examples=150)
@given(
    begin=st.timedeltas(timedelta(minutes=-10), timedelta(minutes=10)),
    allowed=st.integers(1, 1_000),
    asked=st.lists(requests(), max_size=25),
)
def test_for_any_requests_kills_and_months_no_month_costs_more_than_allowed(
    begin: timedelta, allowed: int, asked: list[Request]
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEUMUND_SPENDING", str(Path(folder) / "spending.json"))
        patch.setattr(os, "fsync", lambda _handle: None)
        now, charged = datetime(2026, 2, 1, tzinfo=UTC) + begin, dict[str, int]()
        for request in asked:
            now += request.wait
            money = Budget("x anna", Decimal(allowed) / 1000, lambda now=now: now)  # type: ignore[misc]
            try:
                settle = money.reserve(Decimal(request.most) / 1000)
            except BudgetSpentError:
                continue
            if request.end == "killed before":
                continue
            now += request.late
            month = f"{now:%Y-%m}"  # by the clock of X, when the request arrived
            charged[month] = charged.get(month, 0) + request.cost
            if request.end == "settled":
                settle(Decimal(request.cost) / 1000)
        assert all(sum_ <= allowed for sum_ in charged.values())


def test_what_was_put_aside_is_given_back_down_to_the_real_cost() -> None:
    settle = of("1").reserve(Decimal("0.4"))
    assert of("1").left() == Decimal("0.6")
    settle(Decimal("0.15"))
    assert of("1").left() == Decimal("0.85")


def test_settling_twice_gives_nothing_back_twice() -> None:
    settle = of("1").reserve(Decimal("0.4"))
    settle(Decimal("0.3"))
    settle(Decimal(0))
    assert of("1").left() == Decimal("0.7")


def test_all_of_it_can_be_spent_and_no_tenth_of_a_cent_more() -> None:
    of("1").reserve(Decimal("0.999"))
    with pytest.raises(BudgetSpentError, match=r"\$1\.00"):
        of("1").reserve(Decimal("0.002"))
    of("1").reserve(Decimal("0.001"))
    assert of("1").left() == 0


def test_a_server_that_took_more_than_it_should_is_believed() -> None:
    of("1").reserve(Decimal("0.1"))(Decimal(5))
    assert of("1").left() == 0
    assert of("6").left() == Decimal(1)


def test_months_and_accounts_have_purses_of_their_own() -> None:
    of("1").reserve(Decimal(1))
    assert of("1", name="x ben").left() == 1
    assert of("1", NOW + timedelta(days=30)).left() == 1
    assert of("1").left() == 0


def test_near_the_turn_of_a_month_a_request_counts_in_both() -> None:
    turn = datetime(2026, 6, 1, tzinfo=UTC)
    of("1", turn - timedelta(minutes=2)).reserve(Decimal("0.3"))
    assert (
        of("1", turn - timedelta(days=3)).left() == of("1", turn + timedelta(days=3)).left() == Decimal("0.7")
    )


def test_many_at_once_spend_no_more_than_one() -> None:
    won: list[Decimal] = []

    def spend() -> None:
        with suppress(BudgetSpentError):
            for _ in range(10):
                of("0.05").reserve(Decimal("0.003"))(Decimal("0.002"))
                won.append(Decimal("0.002"))

    threads = [threading.Thread(target=spend) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(won) == Decimal("0.05") - of("0.05").left()


@pytest.mark.parametrize("bad", ["", "{", "[]", '{"2026-05": 5}', '{"2026-05": {"x anna": "-5"}}', '{"2026-05": {"x anna": "NaN"}}',
                                 '{"2026-05": {"x anna": 1}}', "\x00", "[" * 100_000])  # fmt: skip
def test_a_file_that_cannot_be_read_is_no_reason_to_spend(bad: str) -> None:
    spending_path().write_text(bad)
    with pytest.raises(SourceError, match="nothing more is spent"):
        of("1").reserve(Decimal("0.1"))
    assert spending_path().read_text() == bad


def test_what_cannot_be_written_down_is_not_spent(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    of("1").reserve(Decimal("0.1"))
    before = spending_path().read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SourceError, match="no room is left"):
        of("1").reserve(Decimal("0.1"))
    assert spending_path().read_bytes() == before


def test_it_is_on_the_disk_before_the_request_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    real_sync, real_replace = os.fsync, Path.replace

    def sync(handle: int) -> None:
        done.append("sync")
        real_sync(handle)

    def rename(old: Path, new: Path) -> Path:
        done.append("rename")
        return real_replace(old, new)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", rename)
    of("1").reserve(Decimal("0.1"))
    assert done[:2] == ["sync", "rename"]
    assert json.loads(spending_path().read_text()) == {"2026-05": {"x anna": "0.1"}}


@pytest.mark.parametrize(
    ("text", "amount"),
    [("5", "5"), ("$2.50", "2.50"), ("2,50", "2.50"), (" 10 usd ", "10"), ("0.01", "0.01")],
)
def test_amounts_are_read_as_people_write_them(text: str, amount: str) -> None:
    assert amount_of(text) == Decimal(amount)


NO_AMOUNTS = ["", "0", "-5", "NaN", "inf", "1e3", "5 EUR", "1.000,50", "1,000.50", "2.505", "ten", "1000000", "٥", "5" * 50, "0.001"]  # fmt: skip


@pytest.mark.parametrize("text", NO_AMOUNTS)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        amount_of(text)


@given(st.text(max_size=30))
def test_no_text_makes_an_amount_that_is_none(text: str) -> None:
    with suppress(UsageError):
        assert Decimal("0.01") <= amount_of(text) <= 100_000


def test_money_is_shown_in_cents_and_finer_where_it_is_little() -> None:
    assert [dollars(Decimal(a)) for a in ("0", "0.004", "0.1", "12.345")] == [
        "$0.00",
        "$0.004",
        "$0.10",
        "$12.34",
    ]
    assert budget.dollars(Decimal("1e5")) == "$100,000.00"
