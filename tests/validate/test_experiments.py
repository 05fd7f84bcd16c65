"""The check of experiments and returns gives figures that can be read."""

from __future__ import annotations

from leumund.validate import experiments


def test_nothing_is_seen_where_nothing_is_and_intervals_hold() -> None:
    found = experiments.check(runs=500)
    shares = [share for kind in found.figures["seen_without_effect"].values() for share in kind.values()]
    assert len(shares) == len(experiments.WORLDS) * len(experiments.PAIRS)
    assert sum(shares) / len(shares) <= 0.05
    by = {(one["pairs"], one["ratio"]): one["seen"] for one in found.figures["power"]}
    assert by[6, 1.5] < by[8, 1.5] < by[12, 1.5]
    assert abs(found.figures["effect"] - 0.9) < 0.09
    assert found.figures["interval"] > 0.9
    assert len(found.told) >= 10
    page = experiments.section(found.figures, "leumund validate experiments")
    assert page.count("|\n") >= 14
    assert "quiet" in page
