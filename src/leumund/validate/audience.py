"""What the audience's model is worth on labelled accounts it never saw: order, calibration, and shares with intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from leumund.clean import clean
from leumund.errors import UnreadableFileError
from leumund.ids import account_key
from leumund.locale import N_, _
from leumund.measures.audience.features import SIGNS, Profile, signs_of
from leumund.measures.audience.model import FEWEST, Model, set_right, shipped
from leumund.measures.audience.prevalence import LEVEL, WANTED, estimate, next_asked, share_of, strata_of
from leumund.validate import Finding, said
from leumund.validate.audience_labels import is_automated
from leumund.validate.audience_sets import MOST_ACCOUNTS, age, count, moment, rows_of, written_by
from leumund.validate.sureness import auc
from leumund.validate.tables import look, missing

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]

BINS = 10
DRAWS = 200
_LEAST_REST = 20  # accounts to measure on after the labels
_COLUMNS = (
    "handle",
    "name",
    "bio",
    "url",
    "place",
    "created_at",
    "seen_at",
    "followers",
    "following",
    "posts",
)


def check(
    accounts: Path,
    posts: Path | None = None,
    *,
    label: str = "label",
    draws: int = DRAWS,
    model: Model | None = None,
) -> Finding:
    """AUC, Brier and ECE before and after the first 100 labels, and the share of automated accounts with its interval.

    The first 100 labels are those that `leumund triage` would ask for first; of fewer than 120 accounts half of them.
    What comes after them is measured on the other accounts alone. ECE: ten bins of equal width. draws: so many other samples of 100 labels, to see how
    often the interval holds the share that all labels together show.

    Raises:
        UnreadableFileError: no table, no such column, no labels of both kinds.
    """
    keys, profiles, automated, left_out = read_accounts(accounts, posts, label)
    model = model or shipped()
    signs = signs_of(profiles)
    sums = model.sums(signs)
    known = ~np.isnan(signs)
    figures: dict[str, Any] = {
        "accounts": len(keys), "automated": int(automated.sum()), "left_out": left_out, "level": LEVEL,
        "signs_known": {name: round(float(share), 4) for name, share in zip(SIGNS, known.mean(axis=0), strict=True)},
        "model": model.version, "auc": auc(sums, automated),
    }  # fmt: skip
    many = WANTED if len(keys) >= WANTED + _LEAST_REST else len(keys) // 2
    asked = sample(keys, sums, many)
    rest = np.setdiff1d(np.arange(len(keys)), asked)
    figures["labels"] = len(asked)
    if len(asked) < FEWEST:
        figures |= {"before": figures_of(model.chances(signs), automated), "after": None, "prevalence": None}
        return Finding(figures=figures, told=tuple(_told(figures)))
    figures["before"] = figures_of(model.chances(signs[rest]), automated[rest])
    local = set_right(model, signs[asked], automated[asked], everybody=signs)
    figures["after"] = figures_of(local.chances(signs[rest]), automated[rest])
    share = estimate(model, local, signs, asked, automated[asked])
    true = float(automated.mean())
    figures["prevalence"] = {
        "value": share.value, "low": share.low, "high": share.high, "true": true,
        "holds": share.low <= true <= share.high,
    }  # fmt: skip
    figures["draws"] = _drawn_again(model, signs, automated, draws)
    return Finding(figures=figures, told=tuple(_told(figures)))


def sample(keys: Sequence[int], sums: Numbers, many: int) -> Indices:
    """The places of those whom triage would ask about first, sorted."""
    nobody = np.zeros(len(keys), bool)
    place = {key: i for i, key in enumerate(keys)}
    order = next_asked(keys, strata_of(sums), nobody, nobody)[:many]
    return np.array(sorted(place[k] for k in order), np.int64)


def figures_of(chances: Numbers, automated: Flags) -> dict[str, float | None]:
    """AUC, Brier and ECE; the AUC is None where all are alike."""
    y = automated.astype(np.float64)
    both = 0 < y.sum() < len(y)
    return {
        "auc": auc(chances, automated) if both else None,
        "brier": float(((chances - y) ** 2).mean()),
        "ece": ece(chances, automated),
    }


def ece(chances: Numbers, automated: Flags) -> float:
    """Expected calibration error: how far chances are from what came true, in ten bins of equal width.

    >>> ece(np.array([0.25, 0.25, 0.25, 0.25]), np.array([True, False, False, False]))
    0.0
    """
    at = np.minimum((chances * BINS).astype(np.int64), BINS - 1)
    apart = np.bincount(at, chances, BINS) - np.bincount(at, automated.astype(np.float64), BINS)
    return float(np.abs(apart).sum() / len(chances))


def _drawn_again(model: Model, signs: Numbers, automated: Flags, draws: int) -> dict[str, Any] | None:
    """How often the interval holds the true share, in audiences of 800 drawn from these accounts, labels drawn in each."""
    dice = np.random.default_rng(1)
    held, widths = 0, []
    for _draw in range(draws):
        size = min(800, len(signs))
        drawn = dice.choice(len(signs), size, replace=False)
        asked = sample([int(k) for k in dice.integers(0, 2**62, size)], model.sums(signs[drawn]), WANTED)
        if len(asked) == size:
            return None
        share = share_of(model, signs[drawn], asked, automated[drawn][asked])
        if share is None:
            return None
        held += share.low <= float(automated[drawn].mean()) <= share.high
        widths.append(share.high - share.low)
    return {"draws": draws, "held": held / draws, "width": float(np.mean(widths))} if draws else None


def read_accounts(
    accounts: Path, posts: Path | None, label: str
) -> tuple[list[int], list[Profile], Flags, int]:
    """Keys, profiles and labels of a table in the shape `account`, with what they wrote; and how many rows have no label.

    A column that is not there, or empty in every row, is unknown; an empty cell of a column that others fill says that
    nothing stands there.
    """
    wanted = label.strip().lower()
    names = look(accounts).names
    if wanted not in names:
        raise missing(accounts, [label], hint=_("Name the column that says who is automated with --label."))
    if "account" not in names and (posts is not None or "handle" not in names):
        raise missing(accounts, ["account"])
    rows, flags, left_out = _labelled_rows(accounts, wanted)
    if not any(flags) or all(flags):
        why = _(
            "“{label}” must say of some accounts that they are automated (1) and of others that they are not (0)"
        )
        raise UnreadableFileError(accounts, why.format(label=label), hint=_found_words(accounts, wanted))
    written = {} if posts is None else written_by([posts], who="account", when="happened_at", name=_plain)
    filled = {name for name in _COLUMNS if any((row.get(name) or "").strip() for row in rows)}
    latest = max((w.at for mine in written.values() for w in mine if w.at), default=None)
    newest = [m for row in rows for m in (moment(row.get("seen_at")), moment(row.get("created_at"))) if m]
    end = max([*newest, *([moment_of(latest)] if latest else [])], default=None)
    profiles = []
    for row in rows:
        texts = {
            n: (row[n] or "").strip() if n in filled else None
            for n in ("handle", "name", "bio", "place", "url")
        }
        texts["handle"] = texts["handle"] or _handle(row["account"])
        profiles.append(
            Profile(
                **texts, followers=count(row.get("followers")), following=count(row.get("following")),
                posts=count(row.get("posts")), written=written.get(_plain(row["account"]), ()),
                age_days=age(row.get("created_at"), moment(row.get("seen_at")) or end),
            )
        )  # fmt: skip
    keys = [account_key(f"{n} {row['account']}") for n, row in enumerate(rows)]
    return keys, profiles, np.array(flags, bool), left_out


def _labelled_rows(accounts: Path, label: str) -> tuple[list[dict[str, str]], list[bool], int]:
    """The rows with a label and what it says, and how many have none; each account once, those with both labels not at all.

    An account that stands there several times is looked at as it stands there last. Rows without a name are all others.
    """
    kept: dict[str, tuple[dict[str, str], bool]] = {}
    both: set[str] = set()
    left_out = 0
    for n, row in enumerate(rows_of(accounts, ("account", label, *_COLUMNS))):
        automated = is_automated(row[label])
        if automated is None:
            left_out += 1
            continue
        row = {**row, "account": (row.get("account") or row.get("handle") or "").strip()}  # noqa: PLW2901
        name = _plain(row["account"]) or f" {n}"
        if name in kept and kept[name][1] != automated:
            both.add(name)
        kept[name] = row, automated
        if len(kept) > MOST_ACCOUNTS:
            why = _("more than {most} rows").format(most=MOST_ACCOUNTS)
            raise UnreadableFileError(accounts, why, hint=_("Take a part of it."))
    rows = [told for name, told in kept.items() if name not in both]
    return [row for row, _automated in rows], [automated for _row, automated in rows], left_out + len(both)


def _found_words(accounts: Path, label: str) -> str:
    """What stands in that column, the commonest first."""
    found = Counter(clean(row[label].strip(), 40) for row in rows_of(accounts, (label,)))
    words = ", ".join(f"“{word}” ({n})" for word, n in found.most_common(5))
    return _("Found there: {words}.").format(words=words) if words else ""


def moment_of(seconds: float) -> Any:
    """The aware time of seconds since 1970."""
    from datetime import UTC, datetime

    return datetime.fromtimestamp(seconds, UTC)


def _plain(account: str) -> str:
    return account.strip().lstrip("@").casefold()


def _handle(account: str) -> str | None:
    """The name in an account's address, where it has one; a number or a DID is none."""
    bare = account.strip().removeprefix("acct:").rstrip("/").rpartition("/")[2].lstrip("@").partition("@")[0]
    return None if not bare or bare.isdigit() or account.strip().startswith("did:") else bare


def _told(f: dict[str, Any]) -> list[str]:
    lines = [
        said(
            N_(
                "{accounts} accounts, {automated} of them automated; {left_out} without a clear label left out."
            ),
            **f,
        ),
        said(N_("In order by the shipped weights: AUC {auc}."), **f),
    ]
    before, after = f["before"], f["after"]
    lines.append(said(N_("Before any label: AUC {auc}, Brier {brier}, calibration error {ece}."), **before))
    if after is None:
        lines.append(said(N_("Too few accounts to set anything right and still measure it.")))
        return lines
    text = N_(
        "After {labels} labels, on the other accounts: AUC {auc}, Brier {brier}, calibration error {ece}."
    )
    lines.append(said(text, labels=f["labels"], **after))
    share = f["prevalence"]
    lines.append(
        said(
            N_("Share of automated accounts by these labels: {value} ({low} to {high}, 90 %); true: {true}."),
            **share,
        )
    )
    if f["draws"]:
        text = N_(
            "In {draws} other audiences and samples the interval held the true share in {held}; its width: {width}."
        )
        lines.append(said(text, **f["draws"]))
    return lines
