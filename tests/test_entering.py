"""Entries made of words, as commands and pages make them: what must be there, what cannot be, what stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.entering import costs, customers, experiments, goals, hours, kept, notes
from leumund.entering.kept import _short
from leumund.entering.lines import dated
from leumund.entering.said import Said
from leumund.errors import UsageError
from leumund.lab import Lab
from leumund.saying import take_back
from leumund.store.people import link

AT = datetime(2026, 3, 20, 12, tzinfo=UTC)
TODAY = date(2026, 3, 20)
BEN = "acct:ben@example.social"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    with Lab.create(tmp_path / "lab") as made:
        link(made.register, [BEN], name="Ben from the fair")
        yield made


def words(lab: Lab, said: Said) -> str:
    (one,) = kept.listed(lab, said.kind)
    return dated(said.kind, one.entry.body, one.happened_at)


def test_what_is_not_named_stays_and_what_is_empty_goes(lab: Lab) -> None:
    said = kept.add(lab, costs.said(today=TODAY, amount="120 €", channel=" fair ", note="stand"), at=AT)
    assert words(lab, said) == "20 Mar 2026  120 EUR: fair – stand"
    kept.change(lab, costs.said(today=TODAY, amount="90,50", on="1.3.", note=""), "last", at=AT)
    assert words(lab, said) == "1 Mar 2026  90.50 EUR: fair"
    kept.remove(lab, "cost", "last", at=AT)
    assert kept.listed(lab, "cost") == []
    assert take_back(lab.register)[0].way == "back"


@pytest.mark.parametrize(
    "emptied",
    [hours.said(today=TODAY, hours=""), hours.said(today=TODAY, channel=""), hours.said(today=TODAY)],
)
def test_nothing_is_left_without_what_it_needs(lab: Lab, emptied: Said) -> None:
    said = kept.add(lab, hours.said(today=TODAY, hours="1:30", channel="fair"), at=AT)
    with pytest.raises(UsageError):
        kept.change(lab, emptied, "last", at=AT)
    assert words(lab, said) == "20 Mar 2026  1.5 hours: fair"


def test_an_edit_cannot_turn_two_days_round_either(lab: Lab) -> None:
    kept.add(lab, customers.said(lab, today=TODAY, name="K.", on="2.2.2026", bought="5.2.2026"), at=AT)
    with pytest.raises(UsageError, match="before they came"):
        kept.change(lab, customers.said(lab, today=TODAY, on="6.2.2026"), "last", at=AT)
    kept.add(lab, notes.said(today=TODAY, text="Fair", on="1.2.2026", until="3.2.2026"), at=AT)
    with pytest.raises(UsageError, match="end before"):
        kept.change(lab, notes.said(today=TODAY, on="4.2.2026"), "last", at=AT)


def test_a_chain_knows_people_by_the_owners_names_and_leaves_other_names(lab: Lab) -> None:
    said = customers.said(
        lab, today=TODAY, recommended_by="Ben from the fair > Mrs K.", through="ben@example.social"
    )
    assert (said.body["recommended_by"], said.body["through"]) == (f"{BEN} > Mrs K.", BEN)


@pytest.mark.parametrize("fun", ["0", "6", "4.5", "much"])
def test_fun_goes_from_one_to_five(fun: str) -> None:
    with pytest.raises(UsageError, match="1 to 5"):
        notes.said(today=TODAY, text="x", fun=fun)


def test_a_goal_keeps_its_network_until_another_is_named() -> None:
    assert goals.said(today=TODAY, text="90 Follower auf Bluesky bis Jahresende").body["network"] == "bluesky"
    assert goals.said(today=TODAY, text="90 followers by 2027", on_network="Twitter").body["network"] == "x"


def test_a_plan_is_kept_as_it_was_shown_and_warns_of_others(lab: Lab) -> None:
    for name in ("Mornings", "Pictures"):
        plan = experiments.said(lab, at=AT, name=name, change="x", pairs=6, seed="blue")
        assert kept.add(lab, plan, at=AT).body == plan.body
    begun = experiments.begin(lab, "pictures", at=AT)
    assert begun.body["begins"] == plan.body["begins"]
    plans = experiments.planned(lab, at=AT)
    number = experiments.meant(lab, "Pictures").entry
    assert experiments.beside(plans, number) == ["Mornings"]
    experiments.begin(lab, "Mornings", at=AT)
    experiments.stop(lab, "Mornings", at=AT)
    assert experiments.beside(experiments.planned(lab, at=AT.replace(hour=13)), number) == []


@given(st.lists(st.text("ab0", min_size=6, max_size=6), unique=True, max_size=9))
def test_the_shortest_beginning_means_one_number_alone(numbers: list[str]) -> None:
    found = _short(numbers)
    for number in numbers:
        assert [n for n in numbers if n.startswith(found[number])] == [number]
        assert len(found[number]) == 4 or sum(n.startswith(found[number][:-1]) for n in numbers) > 1
