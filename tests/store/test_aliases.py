"""Several names of one account: joined, and taken apart when a handle changes hands."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leumund.events import Account
from leumund.ids import account_key
from leumund.lab import Lab
from leumund.store.aliases import join_aliases, join_all
from leumund.store.people import link

from . import worlds as w

ANNA, BEN = "did:plc:anna", "did:plc:ben"
HANDLE, OTHER = "at://anna.example", "at://other.example"


def names(lab: Lab, uri: str) -> set[str]:
    row = lab.register.known_as([account_key(uri)])[account_key(uri)]
    return {row["uri"], *row["aliases"]}


def told(lab: Lab, pairs: Iterable[tuple[str, str]]) -> None:
    with lab.writing(w.NOW) as writer:
        for did, handle in pairs:
            writer.add([Account(account=did, seen_at=w.NOW, network="bluesky", aliases=(handle,))])


def test_a_handle_that_changes_hands_joins_nobody(tmp_path: Path) -> None:
    lab = Lab.create(tmp_path / "lab")
    told(lab, [(ANNA, HANDLE), (ANNA, OTHER), (BEN, HANDLE)])
    assert names(lab, ANNA) == {ANNA, OTHER}
    assert names(lab, BEN) == {BEN, HANDLE}


def test_a_handle_that_comes_back_is_hers_again(tmp_path: Path) -> None:
    lab = Lab.create(tmp_path / "lab")
    told(lab, [(ANNA, HANDLE), (BEN, HANDLE), (ANNA, HANDLE)])
    assert names(lab, ANNA) == {ANNA, HANDLE}
    assert names(lab, BEN) == {BEN}


def test_who_takes_the_owners_old_handle_does_not_become_the_owner(tmp_path: Path) -> None:
    lab = Lab.create(tmp_path / "lab")
    link(lab.register, [HANDLE], name="Anna", owner=True)
    told(lab, [(ANNA, HANDLE), (BEN, HANDLE)])
    own = lab.register.own_accounts()
    assert names(lab, ANNA) == {ANNA}
    assert [names(lab, row["uri"]) for row in lab.register.accounts(own).values()] == [{ANNA}]


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from([ANNA, BEN, "did:plc:carla"]), st.sampled_from([HANDLE, OTHER])), max_size=8
    )
)
def test_no_two_lasting_names_are_ever_one_account(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]
) -> None:
    lab = Lab.create(tmp_path_factory.mktemp("aliases") / "lab")
    with lab.register.transaction():
        for did, handle in pairs:
            join_aliases(lab.register, handle, did)
    heads = lab.register.aliases()
    owner: dict[str, str] = {handle: did for did, handle in pairs}
    for handle, did in owner.items():
        assert heads.get(account_key(handle), account_key(handle)) == heads.get(
            account_key(did), account_key(did)
        )
    dids = {did for did, _ in pairs}
    assert len({heads.get(account_key(d), account_key(d)) for d in dids}) == len(dids)
    assert all(head < key and head not in heads for key, head in heads.items())
    with Lab.create(lab.folder.parent / "at once") as other:
        with other.register.transaction():
            join_all(other.register, [(handle, did) for did, handle in pairs])
        assert other.register.aliases() == heads
    lab.register.close()
