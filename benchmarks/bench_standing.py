"""Standing on 20 million edges, and on 4 million, against four programs for graphs, in the same run.

Each runs in a process of its own and is given the same arrays; counted are the CPU seconds of all its threads
from the arrays to the answer. An answer counts only if it is the seeded PageRank to 1e-8, against one made
with numpy alone. Not all can do that:

    networkit       knows no seeds; its uniform PageRank is timed, for the size, and never counted
    scikit-network  only the solver RH is right where accounts have no edges: diteration counts in float32,
                    piteration and bicgstab lose what stands with such accounts, push divides by zero
    igraph          right, and needs minutes for 20 million edges

Wanted are the packages igraph, networkit, scikit-network and python-graphblas (group "bench").
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.timing import Row, absent, compared, surroundings

GROUP, SECONDS = "ranking", 120

START = """
import json, resource, sys
import numpy as np
folder = sys.argv[1]
source, target, weight, seeds, exact = (np.load(f"{folder}/{n}.npy") for n in ("source", "target", "weight", "seeds", "exact"))
size, edges = len(exact), len(source)
shares = np.zeros(size)
shares[seeds] = 1 / len(seeds)
np.ones(edges * 10)  # a virtual machine is given its memory when it first touches it: not in the time of the first
def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
def told(answer, **more):
    more["error"] = float(np.abs(answer - exact).sum())
    print(json.dumps(more))
"""
MEMORY = (
    START.replace("np.ones(edges * 10)", "0")
    + """
from leumund.graph import Graph, standing
def memory(what):
    # ru_maxrss would know of the process that started this one, too
    return next(int(l.split()[1]) for l in open("/proc/self/status") if l.startswith(what)) * 1024 / edges
before = memory("VmRSS")
ranks = standing(Graph.of(source, target, weight, size), seeds)
told(ranks.p, ours=memory("VmHWM") - before, process=memory("VmHWM"))
"""
)
OURS = (
    START
    + """
from leumund.graph import Graph, standing
begin = cpu()
graph = Graph.of(source, target, weight, size)
built = cpu()
ranks = standing(graph, seeds)
solved = cpu()
del graph
old, new = slice(edges - edges // 200), slice(edges - edges // 200, None)
yesterday = Graph.of(source[old], target[old], weight[old], size)
vector = standing(yesterday, seeds).p
morning = cpu()
today = standing(yesterday.plus(source[new], target[new], weight[new], size), seeds, start=vector)
evening = cpu()
told(ranks.p, build=built - begin, cpu=solved - begin, day=evening - morning, said=ranks.error, steps=ranks.steps,
     day_steps=today.steps, day_error=float(np.abs(today.p - exact).sum()))
"""
)
STEP = (
    START
    + """
from leumund.graph import Graph, standing
graph = Graph.of(source, target, weight, size)
layer = graph.base.matrix
handed = np.random.default_rng(1).random(size)
starts, place = layer.indptr[:-1], np.empty(layer.nnz)
filled = np.flatnonzero(np.diff(layer.indptr))
def gather():
    got = np.zeros(size)
    got[filled] = np.add.reduceat(np.take(handed, layer.indices, out=place, mode="clip"), starts[filled])
    return got
gathers, steps = [], []
for _ in range(5):
    begin = cpu(); [gather() for _ in range(4)]; gathers.append((cpu() - begin) / 4)
    begin = cpu(); ranks = standing(graph, seeds); steps.append((cpu() - begin) / ranks.steps)
told(ranks.p, step=sorted(steps)[2], gather=sorted(gathers)[2])
"""
)
PEERS = {
    "scikit-network": """
from scipy import sparse
from sknetwork.ranking import PageRank
begin = cpu()
matrix = sparse.csr_matrix((weight, (source, target)), shape=(size, size))
answer = PageRank(damping_factor=.5, solver="RH", n_iter=27).fit_predict(matrix, weights=shares)
told(answer, cpu=cpu() - begin)
""",
    "graphblas": """
from graphblas import Matrix, Vector, binary, monoid, semiring
begin = cpu()
matrix = Matrix.from_coo(source, target, weight, nrows=size, ncols=size, dup_op=binary.plus)
given = matrix.reduce_rowwise(monoid.plus).new().to_dense(0.0)
hands_on = np.divide(.5, given, out=np.zeros(size), where=given > 0)
idle, p, left = given == 0, shares, 1.0
while left > 1e-8:
    got = Vector.from_dense(p * hands_on).vxm(matrix, semiring.plus_times).new().to_dense(0.0)
    got += (.5 + .5 * p[idle].sum()) * shares
    left, p = np.abs(got - p).sum(), got
told(p, cpu=cpu() - begin)
""",
    "igraph": """
import igraph
begin = cpu()
graph = igraph.Graph(n=size, edges=np.column_stack((source, target)), directed=True)
answer = graph.personalized_pagerank(damping=.5, reset=shares.tolist(), weights=weight.tolist(), implementation="prpack")
told(np.array(answer), cpu=cpu() - begin)
""",
    "networkit": """
import networkit
begin = cpu()
graph = networkit.GraphFromCoo((weight, (source, target)), n=size, weighted=True, directed=True)
ranks = networkit.centrality.PageRank(graph, .5, 1e-8, distributeSinks=networkit.centrality.SinkHandling.DistributeSinks)
ranks.run()
told(np.array(ranks.scores()), cpu=cpu() - begin)
""",
}  # fmt: skip
EXACT = 1e-8
SLOW = {"igraph", "networkit"}  # run once, and on 20 million edges in the large size only


def run(*, small: bool, large: bool = False) -> Iterator[Row]:
    """The rows of both sizes; small: of a small one; large: the slow peers on 20 million edges, too."""
    for edges, size in ((400_000, 20_000),) if small else ((4_000_000, 200_000), (20_000_000, 1_000_000)):
        with tempfile.TemporaryDirectory() as folder:
            _make(Path(folder), edges, size)
            yield from _rows(folder, edges, slow=edges < 10_000_000 or large)


def _rows(folder: str, edges: int, *, slow: bool) -> Iterator[Row]:
    names = [n for n in PEERS if slow or n not in SLOW]
    ours: list[dict[str, Any]] = []
    found: dict[str, list[dict[str, Any]]] = {n: [] for n in names}
    for turn in range(3):
        ours.append(_told(OURS, folder))
        for name in names:
            if not turn or (name not in SLOW and "failed" not in found[name][0]):
                found[name].append(_told(START + PEERS[name], folder))
    print(f"  {edges:,} edges, ours: {ours[0]}", flush=True)
    wrong = [o for o in ours if o["error"] > EXACT or o["day_error"] > EXACT]
    if wrong:
        raise RuntimeError(wrong)
    full = statistics.median(o["cpu"] for o in ours)
    right = {n: each for n, each in found.items() if each[0].get("error", 1.0) <= EXACT}
    best = min(right, key=lambda n: statistics.median(f["cpu"] for f in right[n]), default="")
    for name in PEERS:
        what = f"standing, {edges:,} edges"
        if name in right:
            its = [f["cpu"] for f in right[name]]
            limit = 0.5 if name == best else float("inf")  # half of what the best takes
            yield compared(what, [o["cpu"] for o in ours][: len(its)], its, limit=limit, against=name)
        else:
            yield absent(f"{what}, {name}", _why_not(found.get(name)))
    day = statistics.median(o["day"] / o["cpu"] for o in ours)
    yield Row(name=f"a day's edges and standing, {edges:,} edges", ours=day * full, peer=full,
              unit="CPU s", ratio=day, limit=1 / 3, against="all anew")  # fmt: skip
    step = _told(STEP, folder)
    yield Row(name=f"a step, {edges:,} edges", ours=step["step"], peer=step["gather"], unit="CPU s",
              ratio=step["step"] / step["gather"], limit=1.3, against="only gathering")  # fmt: skip
    memory = _told(MEMORY, folder)
    yield Row(name=f"peak, {edges:,} edges, beyond the arrays given", ours=memory["ours"], peer=40.0, unit="B/edge",
              ratio=memory["ours"] / 40, limit=1.0)  # fmt: skip


def _why_not(found: list[dict[str, Any]] | None) -> str:
    if not found:
        return "not run in this size: it needs minutes (--large)"
    if "failed" in found[0]:
        return f"could not be had: {' '.join(found[0]['failed'])[:120]}"
    return f"gives another answer ({found[0]['cpu']:.1f} CPU s)"


def _told(script: str, folder: str) -> dict[str, Any]:
    """What the script prints last; its own words where it fails."""
    done = subprocess.run([sys.executable, "-c", script, folder], env=surroundings(Path(folder)),
                          capture_output=True, text=True, check=False)  # fmt: skip
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1:]}
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _make(folder: Path, edges: int, size: int) -> None:
    """A made-up world: few do most and few get most, a third never acts, many stay among neighbours or answer.

    All pairs differ and come in no order, under numbers that mean nothing. 300 accounts are seeds.
    """
    dice = np.random.default_rng(11)
    many = edges * 3 // 2
    active = np.cumsum(dice.pareto(1.5, size) * (dice.random(size) > 0.3) + 1e-9)
    liked = np.cumsum(dice.pareto(1.3, size) + 0.05)
    source = np.searchsorted(active / active[-1], dice.random(many))
    target = np.searchsorted(liked / liked[-1], dice.random(many))
    near = dice.random(many) < 0.6
    target[near] = (
        source[near] + np.clip(dice.standard_cauchy(int(near.sum())) * 300, -size, size).astype(int)
    ) % size
    answers = np.flatnonzero(dice.random(many) < 0.25)
    answered = dice.integers(0, many, len(answers))
    source[answers], target[answers] = target[answered], source[answered]
    number = dice.permutation(size)
    pairs = np.unique(number[source] * size + number[target])
    dice.shuffle(pairs)
    source, target = pairs // size, pairs % size
    other = np.flatnonzero(source != target)[:edges]
    if len(other) < edges:
        raise RuntimeError(f"{len(other):,} pairs only")
    columns = {
        "source": source[other].astype(np.int32),
        "target": target[other].astype(np.int32),
        "weight": (dice.geometric(0.4, edges) * dice.choice([2.0, 3.0, 4.0], edges)).astype(np.float64),
        "seeds": dice.choice(size, 300, replace=False),
    }
    columns["exact"] = _exact(columns["source"], columns["target"], columns["weight"], columns["seeds"], size)
    for name, column in columns.items():
        np.save(folder / f"{name}.npy", column)


def _exact(source: Any, target: Any, weight: Any, seeds: Any, size: int) -> Any:
    """The equation applied again and again, with nothing of ours, until it holds to 1e-13."""
    shares = np.zeros(size)
    shares[seeds] = 1 / len(seeds)
    given = np.bincount(source, weights=weight, minlength=size)
    onward = weight / given[source]
    p: Any = shares
    for _ in range(60):
        new = 0.5 * np.bincount(target, weights=onward * p[source], minlength=size)
        new += (0.5 + 0.5 * p[given == 0].sum()) * shares
        left = np.abs(new - p).sum()
        p = new
        if left < 1e-13:
            break
    return p
