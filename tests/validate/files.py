"""Made-up tables: pairs of persons, edges of a small community."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np

FEATURES = (
    "follower_count",
    "following_count",
    "listed_count",
    "mentions_received",
    "retweets_received",
    "mentions_sent",
    "retweets_sent",
    "posts",
    "network_feature_1",
)


def pairs_csv(path: Path, *, persons: int = 40, rows: int = 200, seed: int = 1) -> Path:
    """Pairs of made-up persons; who is judged more influential goes by what she receives, with some luck."""
    dice = np.random.default_rng(seed)
    fame = dice.normal(0, 2, persons)
    features = np.exp(fame[:, None] + dice.normal(3, 1, (persons, len(FEATURES)))).round(3)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Choice", *(f"{who}_{f}" for who in "AB" for f in FEATURES)])
    for _row in range(rows):
        a, b = dice.choice(persons, 2, replace=False)
        chosen = int(fame[a] + dice.normal() > fame[b])
        writer.writerow([chosen, *features[a], *features[b]])
    path.write_text(out.getvalue(), "utf-8")
    return path


def community(*, size: int = 60, edges: int = 400, seed: int = 3) -> list[tuple[str, str, float]]:
    """Who points at whom in a made-up community: few are pointed at often; many look back."""
    dice = np.random.default_rng(seed)
    found = []
    for _edge in range(edges):
        a, b = dice.integers(0, size), int(size * dice.random() ** 2)
        if a != b:
            found.append((f"m{a}", f"m{b}", float(dice.integers(1, 5))))
            if dice.random() < 0.4:
                found.append((f"m{b}", f"m{a}", 1.0))
    return found


def edges_csv(path: Path, rows: list[tuple[str, str, float]] | None = None) -> Path:
    lines = [f"{a},{b},{w:g}" for a, b, w in (community() if rows is None else rows)]
    path.write_text("\n".join(["source,target,weight", *lines]) + "\n", "utf-8")
    return path
