"""Attacks: what a ring gains is what it was lent, whatever it does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leumund.measures.influence.score import MOST_BY_STRANGERS
from leumund.validate import attack
from leumund.validate.edges import Edges, read_edges

from .files import community, edges_csv

Told = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Edges:
    return read_edges(edges_csv(tmp_path_factory.mktemp("graph") / "edges.csv"))


def run(real: Edges, **more: Any) -> Any:
    return attack.check(Path("made up"), edges=real, **{"ring": 30, "outside": 0, **more}).figures


@settings(max_examples=25)
@given(st.integers(1, 200), st.integers(0, 40), st.sampled_from(attack.KINDS), st.integers(0, 99))
def test_standing_never_exceeds_what_is_lent(
    real: Edges, ring: int, outside: int, kind: Any, draw: int
) -> None:
    found = run(real, ring=ring, outside=outside, kind=kind, draw=draw)
    assert found["standing"]["within_bound"]
    assert found["standing"]["ring"] <= found["standing"]["lent"] + 1e-6
    if not found["outside"]:
        assert found["standing"]["ring"] == 0
        assert found["standing"]["above_median"] == 0
        assert found["points"]["boss_at_most"] == pytest.approx(MOST_BY_STRANGERS)


def test_a_large_ring_wins_by_number_and_by_pagerank_but_not_by_standing(real: Edges) -> None:
    found = run(real, ring=500)
    assert (found["in_degree"]["best_rank"], found["pagerank"]["best_rank"]) == (1, 1)
    assert found["pagerank"]["share"] > 0.5
    assert found["standing"]["share"] == 0


def test_a_closed_ring_holds_exactly_what_it_is_lent(real: Edges) -> None:
    found = run(real, outside=10)["standing"]
    assert found["ring"] > 0
    assert found["ring"] == pytest.approx(found["bound"], rel=1e-6)


def test_size_adds_nothing(real: Edges) -> None:
    small, large = (run(real, ring=k, outside=10)["standing"]["ring"] for k in (5, 500))
    assert large == pytest.approx(small, rel=1e-6)


def test_seeds_are_chosen_before_the_attack_and_among_those_who_look_back(real: Edges) -> None:
    seeds = attack.chosen_seeds(real)
    assert len(seeds) == round(np.sqrt(real.size))
    pairs = set(zip(real.source.tolist(), real.target.tolist(), strict=True))
    assert all(any((s, b) in pairs and (b, s) in pairs for b in range(real.size)) for s in seeds.tolist())


def test_a_list_of_seeds_is_taken_as_it_is(asked: Any, told: Told, tmp_path: Path) -> None:
    edges, seeds = edges_csv(tmp_path / "edges.csv"), tmp_path / "seeds.txt"
    seeds.write_text("m1\nm2\n\nnobody\n", "utf-8")
    assert asked("attack", edges, "--ring", 5, "--seeds", seeds)["seeds"] == 2
    seeds.write_text("nobody\n", "utf-8")
    code, _out, err = told("attack", edges, "--ring", 5, "--seeds", seeds)
    assert code == 1
    assert "seeds.txt" in err


def test_the_answer_says_all_that_is_asked(asked: Any, told: Told, tmp_path: Path) -> None:
    path = edges_csv(tmp_path / "edges.csv")
    found = asked("attack", path, "--ring", 100, "--outside", 5)
    assert (found["ring"], found["outside"], found["accounts"]) == (100, 5, 60)
    assert {
        "ring",
        "lent",
        "bound",
        "best_rank",
        "share",
        "median_real",
        "median_reached",
        "above_median",
    } <= set(found["standing"])
    out = told("attack", path, "--ring", 100, "--outside", 5)[1]
    assert "stand-in for an operator's list" in out
    assert "held" in out
    assert "NOT" not in out


@pytest.mark.parametrize(
    "wrong", [("--ring", 0), ("--outside", -1), ("--outside", 10**5), ("--kind", "siege")]
)
def test_what_cannot_be_is_asked_wrongly(told: Told, tmp_path: Path, wrong: tuple[str, object]) -> None:
    code, out, err = told("attack", edges_csv(tmp_path / "edges.csv"), *wrong)
    assert (code, out) == (2, "")
    assert err


@pytest.mark.parametrize("kind", attack.KINDS)
def test_the_same_draw_gives_the_same_figures(real: Edges, kind: Any) -> None:
    assert run(real, outside=5, kind=kind) == run(real, outside=5, kind=kind)


def test_a_graph_without_anybody_looking_back_has_seeds_all_the_same(tmp_path: Path) -> None:
    rows = [(a, b, w) for a, b, w in community() if a < b]
    found = attack.check(edges_csv(tmp_path / "edges.csv", rows), ring=3, outside=0).figures
    assert found["seeds"] >= 3
    assert found["standing"]["reached"] >= 3


def test_where_most_real_accounts_have_no_standing_a_ring_without_any_is_not_above_them(
    tmp_path: Path,
) -> None:
    rows = [("m0", "m1", 1.0), ("m1", "m0", 1.0), *((f"m{i}", "m0", 1.0) for i in range(2, 40))]
    found = attack.check(edges_csv(tmp_path / "edges.csv", rows), ring=10, outside=0).figures["standing"]
    assert (found["median_real"], found["reached"], found["above_median"]) == (0.0, 2, 0)
