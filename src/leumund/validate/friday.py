"""The grammar of Follow-Friday posts, against posts that a reader labelled."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from leumund.errors import UnreadableFileError
from leumund.facts.endorsements import read_post
from leumund.facts.endorsements.record import PostKind
from leumund.facts.handles import find_handles, same_account
from leumund.friday_tag import has_tag
from leumund.locale import N_, _
from leumund.validate import Finding, said
from leumund.validate.cells import Figures, figure, ranged, table
from leumund.validate.tables import look, missing

CLASSES: tuple[PostKind, ...] = get_args(PostKind)
_SAME = {
    "recommendation": "vote",
    "endorsement": "vote",
    "beg": "begging",
    "rt": "reshare",
    "retweet": "reshare",
}
_RESHARED = re.compile(r"\bRT\b", re.IGNORECASE)
_NAMED = re.compile(r"[\s,;|]+")
_Z = 1.6448536269514722  # of a 90 % interval


def check(path: Path) -> Finding:
    """Read every post of a table with the columns text and class, and compare; author and endorsed may be there too.

    class: vote, thanks, begging, reshare, other. endorsed: the handles that are recommended, with spaces between.
    Baseline: a tag, a handle and no "RT" is a recommendation of everybody named.

    Raises:
        UnreadableFileError: no such table, or no label in it that is known.
    """
    table: Counter[tuple[str, str]] = Counter()
    plain: Counter[tuple[str, str]] = Counter()
    ours, theirs, unknown, named = [0, 0, 0], [0, 0, 0], 0, False
    for text, label, author, endorsed in _labelled(path):
        wanted = _SAME.get(label, label)
        if wanted not in CLASSES:
            unknown += 1
            continue
        found = read_post(text, author=author.lstrip("@") or None)
        simple = _simple(text)
        table[wanted, found.kind] += 1
        plain[wanted, simple[0]] += 1
        if endorsed is not None and wanted == "vote":
            named = True
            meant = [h.lstrip("@") for h in _NAMED.split(endorsed) if h.strip("@")]
            _count(ours, meant, found.endorsed if found.kind == "vote" else ())
            _count(theirs, meant, simple[1])
    total = table.total()
    if not total:
        hint = _("Wanted are: {names}").format(names=", ".join(CLASSES))
        raise UnreadableFileError(path, _("no row has a class that is known"), hint=hint)
    right = sum(table[c, c] for c in CLASSES)
    low, high = wilson(right, total)
    figures: dict[str, Any] = {
        "posts": total, "unknown_labels": unknown, "right": right / total, "low": low, "high": high,
        "baseline": sum(plain[c, c] for c in CLASSES) / total,
        "table": {c: {k: table[c, k] for k in CLASSES} for c in CLASSES},
        "f1": _f1(ours) if named else None, "f1_baseline": _f1(theirs) if named else None,
    }  # fmt: skip
    return Finding(figures=figures, told=tuple(_told(figures)))


def _labelled(path: Path) -> Iterator[tuple[str, str, str, str | None]]:
    """text, class in small letters, author ("" for none) and endorsed (None where there is no such column)."""
    sheet = look(path)
    at = {name: i for i, name in reversed(list(enumerate(sheet.names)))}
    if lacking := [name for name in ("text", "class") if name not in at]:
        raise missing(path, lacking, hint=_("Wanted: text,class[,author][,endorsed]"))
    there = [name for name in ("text", "class", "author", "endorsed") if name in at]
    for part in sheet.read([at[name] for name in there]):
        columns = dict(zip(there, (c.to_pylist() for c in part.columns), strict=True))
        for i, text in enumerate(columns["text"]):
            author = columns["author"][i].strip() if "author" in columns else ""
            endorsed = columns["endorsed"][i] if "endorsed" in columns else None
            yield text, columns["class"][i].strip().lower(), author, endorsed


def _simple(text: str) -> tuple[str, tuple[str, ...]]:
    """What the baseline says of a post."""
    if _RESHARED.search(text):
        return "reshare", ()
    handles = tuple(h.name for h in find_handles(text))
    return ("vote", handles) if has_tag(text) and handles else ("other", ())


def _count(sums: list[int], meant: list[str], found: tuple[str, ...]) -> None:
    """Add to (right, found, meant), in handles."""
    right = sum(any(same_account(f, m) for m in meant) for f in found)
    sums[0] += right
    sums[1] += len(found)
    sums[2] += len(set(meant))


def _f1(sums: list[int]) -> float | None:
    return 2 * sums[0] / (sums[1] + sums[2]) if sums[1] + sums[2] else None


def wilson(right: int, total: int) -> tuple[float, float]:
    """The 90 % interval of a share.

    >>> [round(v, 3) for v in wilson(90, 100)]
    [0.84, 0.939]
    """
    p, z = right / total, _Z
    about = (p + z * z / (2 * total)) / (1 + z * z / total)
    wide = z / (1 + z * z / total) * ((p * (1 - p) / total + z * z / (4 * total**2)) ** 0.5)
    return max(0.0, about - wide), min(1.0, about + wide)


def _told(figures: dict[str, Any]) -> Iterator[str]:
    yield said(
        N_(
            "{posts} posts; read as the reader did: {right:.3f} ({low:.3f} … {high:.3f}); baseline {baseline:.3f}."
        ),
        **{name: figures[name] for name in ("posts", "right", "low", "high", "baseline")},
    )
    if figures["baseline"] > figures["right"]:
        yield _("The baseline wins.")
    if figures["f1"] is not None:
        yield said(
            N_("Whom it recommends, F1 over handles: {f1:.3f}; baseline {base:.3f}."),
            f1=figures["f1"],
            base=figures["f1_baseline"],
        )
    yield _("Rows as labelled, columns as read:")
    yield " ".join(f"{c:>9}" for c in ("", *CLASSES))
    for c in CLASSES:
        yield " ".join([f"{c:>9}", *(f"{figures['table'][c][k]:>9}" for k in CLASSES)])
    if figures["unknown_labels"]:
        yield said(N_("Left out, class not known: {count}."), count=figures["unknown_labels"])


def section(figures: Figures, command: str) -> str:
    """The grammar against labels, with the confusion table."""
    rows = [
        [label, *(str(n) for n in row.values()), str(sum(row.values()))]
        for label, row in figures["table"].items()
    ]
    right = ranged(figures["right"], figures["low"], figures["high"])
    told = (
        f"`{command}`: {figures['posts']} made-up posts that the rules were written with; class right {right},"
        f" baseline {figure(figures['baseline'])}; whom it recommends, F1 {figure(figures['f1'])}, baseline"
        f" {figure(figures['f1_baseline'])}. Rows as labelled, columns as read."
    )
    return f"{told}\n\n{table(['labelled', *figures['table'], 'all'], rows)}"
