"""Near-duplicates among posts of many accounts, against rensa and datasketch: from the texts to the pairs, compared exactly.

One post in twenty is nearly another's: some words changed, at least four fifths of its pieces kept. All three cut texts
into the same pieces of four letters, look for pairs with MinHash, and compare what they found exactly. The peers take 128
permutations, as they do unless told otherwise, and bands for a likeness of .8; with our ten bands of four they have to compare
a hundred times as many pairs. Each in a process of its own; who finds fewer than 95 of 100 planted pairs is not compared.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.timing import Row, absent, compared, is_there, surroundings

GROUP, SECONDS = "text", 40

_FILL = """
import json, sys
from pathlib import Path
import numpy as np
from leumund.facts.likeness import SAME, jaccard
posts, dice = int(sys.argv[2]), np.random.default_rng(3)
sounds = ["ba", "ter", "lin", "ge", "schau", "mo", "ru", "kel", "an", "stra", "wei", "ti", "fo", "den", "hu", "ver", "zu", "pro"]
words = np.array(["".join(dice.choice(sounds, dice.integers(1, 5))) for _ in range(20_000)])
chance = 1 / np.arange(1, len(words) + 1); chance /= chance.sum()
texts, planted = [], []
for number in range(posts):
    said = words[dice.choice(len(words), dice.integers(12, 30), p=chance)].tolist()
    if number > 100 and dice.random() < .05:
        other = int(dice.integers(0, number))
        said = texts[other].split(" ")
        said[int(dice.integers(0, len(said)))] = str(words[int(dice.integers(0, 20_000))])
        if jaccard(" ".join(said), texts[other]) >= SAME:
            planted.append((number, other))
    texts.append(" ".join(said))
Path(sys.argv[1], "texts.json").write_text(json.dumps({"texts": texts, "planted": planted}))
"""
_START = """
import json, resource, sys
from pathlib import Path
from leumund.facts.likeness import PIECE, SAME, bands, jaccard
from leumund.measures.conduct.similar import pairs
import numpy as np
known = json.loads(Path(sys.argv[1], "texts.json").read_text())
texts, planted = known["texts"], {tuple(p) for p in known["planted"]}
def pieces(text):
    return list({text[i : i + PIECE] for i in range(len(text) - PIECE + 1)})
def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
def told(found):
    spent = cpu() - begin
    print(json.dumps({"cpu": spent, "found": len(planted & found) / len(planted), "pairs": len(found)}))
begin = cpu()
"""
_OURS = """
who = np.arange(len(texts))
later, earlier = pairs(who, bands(texts), np.ones(len(texts), bool))
told({(a, b) for a, b in zip(later.tolist(), earlier.tolist()) if jaccard(texts[a], texts[b]) >= SAME})
"""
_PEERS = {
    "rensa": """
from rensa import RMinHash, RMinHashLSH
sketches = []
for text in texts:
    sketch = RMinHash(num_perm=128, seed=1)
    sketch.update(pieces(text))
    sketches.append(sketch)
index = RMinHashLSH(threshold=SAME, num_perm=128, num_bands=16)
index.insert_many(sketches)
told({(a, b) for a, near in enumerate(index.query_all(sketches)) for b in near if b < a and jaccard(texts[a], texts[b]) >= SAME})
""",
    "datasketch": """
from datasketch import MinHash, MinHashLSH
index = MinHashLSH(threshold=.7, num_perm=128)
found = set()
for a, sketch in enumerate(MinHash.generator([[p.encode() for p in pieces(t)] for t in texts], num_perm=128)):
    found |= {(a, b) for b in index.query(sketch) if jaccard(texts[a], texts[b]) >= SAME}
    index.insert(a, sketch)
told(found)
""",
}
_FEWEST = 0.95


def run(*, small: bool) -> Iterator[Row]:
    """A row for each peer."""
    posts = 4_000 if small else 20_000
    with tempfile.TemporaryDirectory() as folder:
        _said(_FILL, folder, str(posts))
        for name, peer in _PEERS.items():
            what = f"near-duplicates among {posts:,} posts"
            if not is_there(name):
                yield absent(f"{what}, {name}", f"{name} is not installed")
                continue
            both = [[_told(_START + script, folder) for script in (_OURS, peer)] for _ in range(3)]
            ours, its = ([found[i] for found in both] for i in (0, 1))
            print(f"  ours {ours[0]}, {name} {its[0]}", flush=True)
            if ours[0]["found"] < _FEWEST:
                raise RuntimeError(ours)
            if its[0]["found"] < _FEWEST:
                yield absent(f"{what}, {name}", f"{name} found {its[0]['found']:.0%} of the planted pairs")
                continue
            yield compared(f"{what} ({ours[0]['found']:.1%} found, {name}: {its[0]['found']:.1%})",
                           [f["cpu"] for f in ours], [f["cpu"] for f in its], limit=1.0, against=name)  # fmt: skip


def _told(script: str, folder: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_said(script, folder).splitlines()[-1])
    return found


def _said(script: str, folder: str, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-c", script, folder, *arguments], env=surroundings(Path(folder)),
                          stdout=subprocess.PIPE, text=True, check=True)  # fmt: skip
    return done.stdout
