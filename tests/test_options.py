"""What measures can be asked, and how a value is read."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.asking import options_of
from leumund.errors import UsageError
from leumund.ids import account_key
from leumund.lab import Lab
from leumund.measures import Result, all_measures, measure_named
from leumund.options import MOST_DAYS, Option, options_for, settled, value_of
from leumund.store.people import link

TODAY = date(2026, 11, 23)
BEN = "acct:ben@example.social"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with Lab.create(tmp_path_factory.mktemp("options") / "lab") as made:
        link(made.register, [BEN], name="Ben from the fair")
        yield made


@pytest.mark.parametrize("name", all_measures())
def test_every_option_of_every_measure_is_described(name: str) -> None:
    measure = measure_named(name)
    for explained, function in ((False, measure.compute), (True, measure.explain)):
        if function is None:
            continue
        found = {o.name: o for o in options_for(measure, explained=explained)}
        assert set(found) == {*options_of(function), *(["account"] if explained else [])}
        assert all(o.said and o.title for o in found.values())
        for parameter in inspect.signature(function).parameters.values():
            if parameter.kind is parameter.KEYWORD_ONLY:
                default = parameter.default
                told = list(default) if isinstance(default, tuple) else default
                assert found[parameter.name].default == told


@pytest.mark.parametrize(
    ("name", "option", "written", "means"),
    [
        ("influence", "days", "7", 7),
        ("influence", "days", 7, 7),
        ("returns", "rate", "80,50 €", 80.5),
        ("follow_friday", "fridays_only", "ja", True),
        ("follow_friday", "fridays_only", False, False),
        ("influence", "account", "ben from the Fair", account_key(BEN)),
        ("influence", "account", account_key(BEN), account_key(BEN)),
        ("comparison", "with", "@ben@example.social, Ben from the fair", (account_key(BEN),) * 2),
        ("comparison", "with_", ["@ben@example.social"], (account_key(BEN),)),
    ],
)
def test_a_value_may_be_written_or_given(lab: Lab, name: str, option: str, written: Any, means: Any) -> None:
    assert list(settled(lab, measure_named(name), {option: written}, today=TODAY).values()) == [means]


@pytest.mark.parametrize("day", ["2026-03-31", "31.3.2026", date(2026, 3, 31)])
def test_a_day_stands_for_its_end(lab: Lab, day: Any) -> None:
    found = settled(lab, measure_named("influence"), {"end": day}, today=TODAY, explained=True)
    assert found == {"end": datetime(2026, 3, 31, 23, 59, 59, 999999, UTC)}


@pytest.mark.parametrize(
    ("option", "wrong"),
    [("days", 0), ("days", MOST_DAYS + 1), ("days", "x"), ("days", 1.5), ("days", True), ("days", ""), ("days", "9" * 5000),
     ("network", "myspace"), ("account", "nobody@nowhere.example"), ("account", ""), ("account", "\x00"), ("account", "9" * 40),
     ("dayz", 3)],
)  # fmt: skip
def test_what_means_nothing_is_said_to_be_so(lab: Lab, option: str, wrong: Any) -> None:
    with pytest.raises(UsageError):
        settled(lab, measure_named("influence"), {option: wrong}, today=TODAY)


@given(
    st.text() | st.integers() | st.floats() | st.binary() | st.lists(st.text(), max_size=3) | st.booleans()
)
def test_whatever_is_given_is_a_value_or_wrong(lab: Lab, whatever: Any) -> None:
    for measure in (measure_named("influence"), measure_named("comparison"), measure_named("follow_friday")):
        for option in options_for(measure):
            try:
                found = value_of(lab, option, whatever, today=TODAY)
            except UsageError:
                continue
            assert found is not None
            if option.kind == "whole":
                assert isinstance(found, int)
                assert (option.least or 0) <= found <= (option.most or 0)


def test_a_measure_of_another_package_says_its_own_options() -> None:
    def compute(tables: object, *, so_many: int = 3, flag: bool = False, name: str = "x") -> Result:
        raise NotImplementedError(tables, so_many, flag, name)

    measure = replace(measure_named("influence"), compute=compute)
    kinds = [(o.name, o.kind, o.default) for o in options_for(measure)]
    assert kinds == [("so_many", "whole", 3), ("flag", "flag", False), ("name", "text", "x")]
    assert Option(name="with_").written == "with"
