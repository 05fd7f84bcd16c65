"""Conduct against what is known elsewhere: labelled accounts held out, politicians whom nobody should propose, a made-up world."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from leumund.facts import all_facts
from leumund.ids import account_key
from leumund.lab import Lab
from leumund.measures.conduct.evidence import FACTS, evidence
from leumund.measures.conduct.limits import limits_said
from leumund.simulate import career_coach
from leumund.simulate.truth import HUMAN
from leumund.validate import conduct
from leumund.validate.cells import Figures, figure, ranged, table

ACCOUNTS = Path("conduct/accounts_2011.csv")
POSTS = (Path("conduct/posts_legit.csv.gz"), Path("conduct/posts_polluter.csv.gz"))
POLITICIANS = Path("german/dictvectoR/tw_data.csv")
_LONGEST_CELL = 10_000_000
_TABLE = {
    "account": "UserID", "created_at": "CreatedAt", "seen_at": "CollectedAt", "following": "NumerOfFollowings",
    "followers": "NumberOfFollowers", "posts": "NumberOfTweets", "label": "label",
}  # fmt: skip


def check(accounts: Path, posts: Sequence[Path], politicians: Path) -> dict[str, Any]:
    """The collection of 2011 (held out, and as shipped), German politicians, and the career coach's world."""
    with TemporaryDirectory() as folder:
        tables = Path(folder) / "accounts.csv", Path(folder) / "posts.csv"
        _write(tables[0], list(_TABLE), ([row[c] for c in _TABLE.values()] for row in _rows(accounts)))
        said = ([row["author_id"], row["created_at"], row["text"]] for path in posts for row in _rows(path))
        _write(tables[1], ["account", "happened_at", "text"], said)
        held_out = conduct.fit_and_check(*tables, label="label", to=Path(folder) / "score.toml", version="0")
        shipped = conduct.check(*tables)
    return {
        "held_out": held_out.figures, "shipped": shipped.figures, "politicians": _politicians(politicians),
        "world": _world(),
    }  # fmt: skip


def _rows(path: Path) -> Iterator[dict[str, str]]:
    csv.field_size_limit(_LONGEST_CELL)
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as lines
    ):
        yield from csv.DictReader(lines)


def _write(path: Path, names: list[str], rows: Iterator[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(names)
        writer.writerows(rows)


def _politicians(path: Path) -> dict[str, int]:
    """How many lie beyond a usual limit: by their last hundred posts, and by each five, ten and twenty in a row."""
    by: dict[str, list[tuple[str, str, bool]]] = {}
    for row in _rows(path):
        by.setdefault(row["twitter_handle"], []).append((row["created_at"], row["full_text"], False))
    figures = {"accounts": len(by), "posts": sum(map(len, by.values()))}
    every = [sorted(posts) for posts in by.values()]
    figures["flagged"] = _beyond([posts[-conduct.MOST_POSTS :] for posts in every])
    for size in (5, 10, 20):
        parts = [posts[i : i + size] for posts in every for i in range(0, len(posts) - size + 1, size)]
        figures |= {f"runs_of_{size}": len(parts), f"flagged_of_{size}": _beyond(parts)}
    return figures


def _beyond(told: list[list[tuple[str, str, bool]]]) -> int:
    _posts, originals, kinds = conduct.features_of(told)
    return int(np.logical_or.reduce(list(conduct.passed_by(originals, kinds).values())).sum())


def _world() -> dict[str, int]:
    """Who is proposed by the usual limits in the made-up world, by what they are."""
    world = career_coach()
    who = {account_key(uri): kind for uri, kind in world.truth.who.items()}
    with TemporaryDirectory() as folder, Lab.create(Path(folder) / "lab") as lab:
        with lab.writing(world.end) as writer:
            writer.add(world.events(), source="made up")
            writer.derive([all_facts()[name] for name in FACTS])
        with lab.tables(as_of=world.end) as tables:
            found = evidence(tables.person_by_person())
    passed = found.passed(limits_said(None))
    named = [
        who.get(int(a))
        for a, p, may in zip(found.accounts, passed, found.proposable, strict=True)
        if p and may
    ]
    return {
        "advertisers": sum(kind == "advertiser" for kind in who.values()), "proposed": named.count("advertiser"),
        "people": sum(kind in HUMAN for kind in who.values()), "people_proposed": sum(kind in HUMAN for kind in named),
        "others_proposed": sum(kind not in HUMAN and kind != "advertiser" for kind in named),
    }  # fmt: skip


def section(figures: Figures, command: str) -> str:
    """The order of the evidence and the usual limits, on what is known elsewhere."""
    held, shipped, world, law = (figures[n] for n in ("held_out", "shipped", "world", "politicians"))
    rows = [
        (
            "posts alone",
            *_both(held["posts_alone"], shipped["posts_alone"]),
            figure(shipped["brier_posts_alone"]),
        ),
        ("with the profile", *_both(held["with_profile"], shipped["with_profile"]), figure(shipped["brier"])),
        ("baseline: share of posts with a link", "", _interval(shipped["baseline_linked"]), ""),
    ]
    heads = ("order by", "AUC on people held out (90 %)", "AUC of all, as shipped (90 %)", "Brier")
    flagged = shipped["flagged"]
    limits = [
        ("polluters of 2011", flagged["polluters"]["with_enough_posts"], flagged["polluters"]["flagged"]),
        ("legitimate accounts of 2011", flagged["others"]["with_enough_posts"], flagged["others"]["flagged"]),
        ("German politicians, last 100 posts", law["accounts"], law["flagged"]),
        *(
            (f"the same, {n} posts in a row", law[f"runs_of_{n}"], law[f"flagged_of_{n}"])
            for n in (5, 10, 20)
        ),
        ("made-up world: advertisers", world["advertisers"], world["proposed"]),
        ("made-up world: people", world["people"], world["people_proposed"]),
    ]
    told = (
        f"`{command}`: {shipped['accounts']:,} labelled accounts, {shipped['posts']:,} posts. Held out: a quarter of the accounts"
        f" ({held['held_out']:,}), by curves fitted on the others."
    )
    beyond = table(
        ("who", "how many", "beyond a usual limit"), [(w, f"{n:,}", f"{f:,}") for w, n, f in limits]
    )
    return f"{told}\n\n{table(heads, rows)}\n\n{beyond}"


def _both(one: Figures, other: Figures) -> tuple[str, str]:
    return _interval(one), _interval(other)


def _interval(one: Figures) -> str:
    return ranged(one["auc"], one["low"], one["high"])
