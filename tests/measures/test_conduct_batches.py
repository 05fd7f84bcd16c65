"""Conduct goes through the accounts some at a time, and nothing it says depends on how many."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.measures.conduct import conduct, told
from leumund.measures.conduct.told import batches

from .conftest import Coach


@given(st.lists(st.integers(1, 100), max_size=60), st.integers(1, 300))
def test_every_account_is_in_one_batch_and_none_has_too_many_posts_but_one_account_alone(
    often: list[int], most: int
) -> None:
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(told, "_AT_ONCE", most)
        found = batches(np.array(often, np.int64))
    assert [at for of in found for at in range(of.start, of.stop)] == list(range(len(often)))
    assert all(sum(often[of]) <= most or of.stop - of.start == 1 for of in found)


def test_in_batches_everything_is_said_as_at_once(coach: Coach, monkeypatch: pytest.MonkeyPatch) -> None:
    with coach.tables() as tables:
        once = conduct(tables, limit=None)
        assert tables.arrow("select count(*) as n from co_told")["n"][0].as_py() > 3 * 700
        monkeypatch.setattr(told, "_AT_ONCE", 700)
        some = conduct(tables, limit=None)
    assert once.rows.num_rows
    assert some.rows.equals(once.rows)
    assert dict(some.figures) == dict(once.figures)
