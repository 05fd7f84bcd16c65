"""Whether something became slower: today's ratios against those in reference.json, never seconds.

Ours and a peer run in turn, so a slow or busy machine slows both. A ratio above what is tolerated is measured again,
up to nine pairs; only if the median of all pairs and a lower quartile still lie above is it said to be slower. So one
bad pair, or three, decide nothing, while what takes twice as long cannot be missed.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from benchmarks.machine import machine
from benchmarks.timing import measured
from benchmarks.watched import WATCHED, Watched

REFERENCE = Path(__file__).with_name("reference.json")
FEW, MOST = 3, 9  # pairs
TOLERATED = 1.5  # the median of the pairs, against the reference
TOLERATED_QUARTILE = 1.3  # a quarter of the pairs lies below this quantile
FASTER = 1 / 1.5

_TWICE = """
import atexit, time
def _burn():
    until = 2 * time.process_time()
    while time.process_time() < until: pass
atexit.register(_burn)
"""

Verdict = Literal["as before", "slower", "faster", "measure again"]


def judged(ratios: Sequence[float], reference: float) -> Verdict:
    """What the pairs say. ratios: ours through the peer's, one for each pair; at least FEW."""
    median = statistics.median(ratios) / reference
    if median <= TOLERATED:
        return "faster" if median < FASTER else "as before"
    if len(ratios) < MOST:
        return "measure again"
    quartile = statistics.quantiles(ratios, n=4)[0] / reference
    return "slower" if quartile > TOLERATED_QUARTILE else "as before"


def compared(watched: Watched, folder: Path, reference: float, *, twice: bool = False) -> tuple[Verdict, list[float]]:  # fmt: skip
    """The verdict and the ratios it stands on. twice: ours is made to take twice its CPU time, to try the guard."""
    ours = _TWICE + watched.ours if twice else watched.ours
    measured(ours, str(folder))  # not counted: files are read and compiled for the first time
    ratios: list[float] = []
    while True:
        pair = [measured(script, str(folder))[0] for script in (ours, watched.peer)]
        ratios.append(pair[0] / pair[1])
        if len(ratios) < FEW:
            continue
        verdict = judged(ratios, reference)
        if verdict != "measure again":
            return verdict, ratios


def references() -> dict[str, float]:
    """Name: ratio."""
    told: Mapping[str, Mapping[str, float]] = json.loads(REFERENCE.read_text("utf-8"))
    return dict(told["ratios"])


def slower(watched: Iterable[Watched] = WATCHED, *, twice: bool = False) -> list[str]:
    """What became slower, by name; says all it finds."""
    known, found = references(), []
    for each in watched:
        if each.name not in known:
            print(f"{each.name:<24} has no reference: --guard --renew makes one")
            continue
        with tempfile.TemporaryDirectory() as tmp:
            each.prepare(Path(tmp))
            verdict, ratios = compared(each, Path(tmp), known[each.name], twice=twice)
        print(f"{each.name:<24} {statistics.median(ratios):6.2f} ({min(ratios):.2f} to {max(ratios):.2f}, {len(ratios)} pairs), "
              f"reference {known[each.name]:6.2f}: {verdict}", flush=True)  # fmt: skip
        if verdict == "slower":
            found.append(each.name)
    return found


def renew() -> None:
    """Nine pairs of each; their medians are the reference from now on."""
    ratios = {}
    for each in WATCHED:
        with tempfile.TemporaryDirectory() as tmp:
            each.prepare(Path(tmp))
            measured(each.ours, tmp)
            pairs = [[measured(s, tmp)[0] for s in (each.ours, each.peer)] for _ in range(MOST)]
        found = [ours / peer for ours, peer in pairs]
        ratios[each.name] = round(statistics.median(found), 3)
        print(f"{each.name:<24} {ratios[each.name]:6.2f} ({min(found):.2f} to {max(found):.2f})", flush=True)
    about = {"made": datetime.now(UTC).date().isoformat(), "on": machine(), "ratios": ratios}
    REFERENCE.write_text(json.dumps(about, indent=1) + "\n", "utf-8")


def main(*, renewed: bool) -> int:
    """1 if something became slower."""
    if renewed:
        renew()
        return 0
    found = slower()
    if found:
        print(
            f"Slower than the reference: {', '.join(found)}. If that is meant: --guard --renew, and say why."
        )
    return 1 if found else 0
