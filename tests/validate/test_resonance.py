"""The made-up worlds of the resonance check: what is claimed where nothing differs, and where something does."""

from __future__ import annotations

from leumund.validate.resonance import WORLDS, check


def test_where_all_is_alike_hardly_anything_is_claimed_and_intervals_hold_where_groups_differ() -> None:
    found = check(worlds=40, seed=3)
    kinds = found.figures["kinds"]
    assert set(kinds) == set(WORLDS)
    assert kinds["alike"]["claimed"] <= 0.05
    assert kinds["alike"]["found"] is None
    assert 0.82 <= kinds["different"]["held"] <= 0.96
    assert kinds["different"]["wrong"] <= 0.05
    assert len(found.told) == len(WORLDS)
    assert check(worlds=3, seed=5).figures == check(worlds=3, seed=5).figures
