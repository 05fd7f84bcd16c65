"""Forecasts of goals, twelve weeks ahead, against AutoETS and the last eight weeks, on the same curves in the same run.

The curves are those of the files named in LEUMUND_CURVES (as `leumund validate growth` takes them, separated as paths
are), else made up: accounts of 20 to 200,000 followers that grow, burst, tire, shrink, are counted daily or weekly,
with gaps. Compared are CRPS, in people and in relation to what is usual for a curve; and how many intervals of 80 %
missed, which should be 20 of 100 and may be 8 to 25. Wanted is the package statsforecast (group "bench").
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.timing import Row
from leumund.validate import growth
from leumund.validate.baselines import BASELINES, auto_ets

GROUP, SECONDS = "measures", 120

LIMIT = 1.05
MOST_MISSED, FEWEST_MISSED = 0.25, 0.08


def run(*, small: bool) -> Iterator[Row]:
    """Three rows for each file of curves."""
    with tempfile.TemporaryDirectory() as folder:
        named = [Path(p) for p in os.environ.get("LEUMUND_CURVES", "").split(os.pathsep) if p]
        for path in named or [_made(Path(folder), 40 if small else 300)]:
            started = time.process_time()
            found = growth.check(path, baselines={**BASELINES, "auto_ets": auto_ets})
            print(
                "  " + "\n  ".join(found.told), f"\n  {time.process_time() - started:.1f} CPU s", flush=True
            )
            yield from _rows(path.stem, found.figures)


def _rows(name: str, figures: Mapping[str, Any]) -> Iterator[Row]:
    ours = figures["ours"]
    for what, words in (("crps", "people"), ("scaled_crps", "of the usual")):
        best = min((way for way in (*BASELINES, "auto_ets")), key=lambda way: figures[way][what])
        peer = figures[best][what]
        yield Row(name=f"goals, {name}: CRPS, best peer {best}", ours=ours[what], peer=peer, unit=words,
                  ratio=ours[what] / peer, limit=LIMIT)  # fmt: skip
    missed = 1 - ours["coverage"]
    yield Row(name=f"goals, {name}: intervals that missed", ours=missed, peer=MOST_MISSED, unit="share",
              ratio=missed / MOST_MISSED, limit=1.0)  # fmt: skip
    yield Row(name=f"goals, {name}: intervals that missed, at least", ours=FEWEST_MISSED, peer=missed, unit="share",
              ratio=FEWEST_MISSED / max(missed, 1e-9), limit=1.0)  # fmt: skip


def _made(folder: Path, series: int) -> Path:
    """Accounts whose pace wanders, with bursts, losses and gaps: made by other rules than the forecasts go by."""
    dice = np.random.default_rng(7)
    first = np.datetime64("2022-01-03")
    lines = ["series,date,count"]
    for name in range(series):
        weeks, step = int(dice.integers(40, 160)), int(dice.choice([1, 7]))
        days = np.arange(0, weeks * 7 + 1, step)
        start = float(10 ** dice.uniform(1.3, 5.3))
        wander = np.cumsum(dice.standard_t(4, weeks + 1) * 0.08) + np.cumsum(
            dice.random(weeks + 1) < 0.02
        ) * dice.normal(0, 0.8)
        pace = start * 10 ** dice.uniform(-4, -1.7) * np.exp(np.clip(wander, -4, 4))[days // 7] * step / 7
        bursts = (dice.random(len(days)) < 0.02 * step / 7) * dice.pareto(1.5, len(days)) * pace * 40 / step
        gone = start * dice.choice([0, 1e-4, 1e-3]) * step / 7
        steps = dice.poisson(dice.gamma(2, (pace + bursts) / 2)) - dice.poisson(gone, len(days))
        counts = np.maximum(0, start + np.cumsum(steps)).astype(int)
        kept = dice.random(len(days)) > dice.choice([0, 0.1, 0.5])
        dates = (first + days[kept]).astype(str)
        lines += [f"made {name},{d},{n}" for d, n in zip(dates, counts[kept], strict=True)]
    path = folder / "made-up.csv"
    path.write_text("\n".join(lines) + "\n")
    return path
