"""The grammar of thanks, against posts that a reader labelled: precision, recall and F1 for each language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from leumund.errors import UnreadableFileError
from leumund.facts.languages import language_of
from leumund.facts.thanks import read_thanks
from leumund.locale import N_, _
from leumund.validate import Finding, said
from leumund.validate.cells import Figures, figure, table
from leumund.validate.friday import wilson
from leumund.validate.tables import Sheet, look, missing
from leumund.views.cells import number

_YES = frozenset({"1", "1.0", "true", "yes", "ja", "y", "j", "thanks", "dank"})
_NO = frozenset({"0", "0.0", "false", "no", "nein", "n", "none"})
_CELLS = ("tp", "fp", "fn", "tn")
_MOST_LANGUAGES = 40
_NAMES = {
    "german": "de",
    "deutsch": "de",
    "ger": "de",
    "deu": "de",
    "english": "en",
    "englisch": "en",
    "eng": "en",
}
UNKNOWN = "unknown"


def check(path: Path) -> Finding:
    """Read every post of a table with the columns text and thanks (1 or 0); lang may be there too, else it is told.

    Counted as found: posts read as giving thanks, whatever else they say. Baseline: a post with the word dank..., thank...
    or thx gives thanks.

    Raises:
        UnreadableFileError: no such table, or no label in it that is known.
    """
    table: dict[str, Counter[str]] = {}
    plain: dict[str, Counter[str]] = {}
    unknown = 0
    sheet = look(path)
    for text, label, language in _labelled(sheet):
        meant = label in _YES
        if not meant and label not in _NO:
            unknown += 1
            continue
        name = language if language in table or len(table) < _MOST_LANGUAGES else UNKNOWN
        table.setdefault(name, Counter())[_cell(meant, read_thanks(text).kind == "thanks")] += 1
        plain.setdefault(name, Counter())[_cell(meant, _simple(text))] += 1
    if not table:
        hint = _("Wanted is 1 where the post gives thanks, 0 where it does not.")
        raise UnreadableFileError(path, _("no row has a label that is known"), hint=hint)
    overall = _figures(sum(table.values(), Counter()), sum(plain.values(), Counter()))
    figures: dict[str, Any] = {
        "posts": sum(c.total() for c in table.values()), "unknown_labels": unknown,
        "odd_rows": sheet.left_out,
        "overall": overall,
        "languages": {name: _figures(table[name], plain[name]) for name in sorted(table)},
    }  # fmt: skip
    figures.update({k: overall[k] for k in ("precision", "recall", "f1")})
    return Finding(figures=figures, told=tuple(_told(figures)))


def _cell(meant: bool, found: bool) -> str:
    return ("tp" if found else "fn") if meant else ("fp" if found else "tn")


def _labelled(sheet: Sheet) -> Iterator[tuple[str, str, str]]:
    """text, label and language, the last told from the text where there is no column or nothing in it."""
    at = {name: i for i, name in reversed(list(enumerate(sheet.names)))}
    if lacking := [name for name in ("text", "thanks") if name not in at]:
        raise missing(sheet.path, lacking, hint=_("Wanted: text,thanks[,lang]"))
    named = next((name for name in ("lang", "language") if name in at), None)
    wanted = ["text", "thanks", *([named] if named else [])]
    for part in sheet.read([at[name] for name in wanted]):
        columns = [c.to_pylist() for c in part.columns]
        for row in zip(*columns, strict=True):
            told = _language(row[2]) if named else ""
            yield row[0], row[1].strip().lower(), told or language_of(row[0]) or UNKNOWN


def _language(written: str) -> str:
    """The code of a language however it is written: `de`, `de-AT`, `German`."""
    name = written.strip().lower().replace("_", "-").split("-")[0]
    return _NAMES.get(name, name)[:12]


def _simple(text: str) -> bool:
    """What the baseline says of a post."""
    small = text.lower()
    return any(word in small for word in ("dank", "thank", "thx", "merci"))


def _figures(counts: Counter[str], plain: Counter[str]) -> dict[str, Any]:
    tp, fp, fn, _tn = (counts[c] for c in _CELLS)
    low, high = wilson(tp + counts["tn"], counts.total())
    return {
        "posts": counts.total(), "thanks": tp + fn,
        "precision": tp / (tp + fp) if tp + fp else None, "recall": tp / (tp + fn) if tp + fn else None,
        "f1": _f1(counts), "f1_baseline": _f1(plain),
        "accuracy": (tp + counts["tn"]) / counts.total(), "accuracy_low": low, "accuracy_high": high,
        "table": {c: counts[c] for c in _CELLS},
    }  # fmt: skip


def _f1(counts: Counter[str]) -> float | None:
    """None where nothing was to be found and nothing was found."""
    tp, fp, fn = counts["tp"], counts["fp"], counts["fn"]
    return 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else None


def _told(figures: dict[str, Any]) -> Iterator[str]:
    for name, one in [*figures["languages"].items(), ("", figures["overall"])]:
        text = N_("{what}: {posts} posts, {thanks} of them give thanks.")
        what = _("All together") if not name else _("Unknown language") if name == UNKNOWN else name
        yield said(text, what=what, posts=one["posts"], thanks=one["thanks"])
        shown = {k: _shown(one[k]) for k in ("precision", "recall", "f1", "f1_baseline")}
        text = N_(
            "precision {precision}, recall {recall}, F1 {f1}; baseline (the word alone): F1 {f1_baseline}"
        )
        yield "  " + said(text, **shown)
        text = N_("found {tp}, missed {fn}; rightly left alone {tn}, wrongly found {fp}")
        yield "  " + said(text, **one["table"])
        if (one["f1_baseline"] or 0) > (one["f1"] or 0):
            yield "  " + _("The baseline wins.")
    if figures["odd_rows"]:
        yield said(N_("Left out, too few or too many cells: {count}."), count=figures["odd_rows"])
    if figures["unknown_labels"]:
        yield said(N_("Left out, label not known: {count}."), count=figures["unknown_labels"])


def _shown(value: float | None) -> str | None:
    return None if value is None else number(value, 3)


def section(figures: Figures, command: str) -> str:
    """The grammar of thanks against labels: a confusion table for each language."""
    rows = [
        [name, *(str(one["table"][c]) for c in ("tp", "fn", "fp", "tn")), *(figure(one[k]) for k in ("precision", "recall", "f1", "f1_baseline"))]
        for name, one in figures["languages"].items()
    ]  # fmt: skip
    heads = (
        "language", "found", "missed", "wrongly found", "rightly left alone", "precision", "recall", "F1", "baseline: the word alone",
    )  # fmt: skip
    told = f"`{command}`: {figures['posts']} made-up posts; the rules were mended on them, so this is no test of them."
    return f"{told}\n\n{table(heads, rows)}"
