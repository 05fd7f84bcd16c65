"""The score that orders the conduct evidence, against accounts that people labelled: 1 polluter, 0 not."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from leumund.errors import UnreadableFileError
from leumund.facts.likeness import normalised, within
from leumund.facts.links import links_of
from leumund.facts.manners import manners_of
from leumund.facts.thanks import read_thanks
from leumund.locale import N_, _
from leumund.measures.conduct import features, score
from leumund.measures.conduct.evidence import kinds_of
from leumund.measures.conduct.features import Numbers
from leumund.measures.conduct.limits import Kind, interval, limits_said
from leumund.measures.conduct.score import Parameters, shipped
from leumund.measures.conduct.told import LEAST_POSTS
from leumund.validate import Finding, said
from leumund.validate.audience_labels import is_automated
from leumund.validate.audience_sets import moment
from leumund.validate.conduct_fit import fit
from leumund.validate.sureness import LEVEL, Flags, auc, middle
from leumund.validate.tables import look, missing, numbers

MOST_POSTS = 100
"""Of an account with more posts the last ones are looked at, as in a lab."""
_DRAWS = 400
_LEAST = 10
_HELD_OUT = 4
_PREFIXES = ("https://", "http://", "www.", "x.com/", "twitter.com/", "@")
_PROFILE = ("followers", "following", "posts", "created_at", "seen_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Accounts of which a label and at least one post are known, and what their posts and profiles are like.

    originals: how many of their last posts are their own words; kinds: how many of these are of each kind of evidence.
    """

    polluter: Flags
    posts: Mapping[str, Numbers]
    profile: Mapping[str, Numbers]
    originals: Numbers
    kinds: Mapping[Kind, Numbers]
    names: tuple[str, ...]
    read_posts: int
    unlabelled: int
    silent: int


def check(
    accounts: Path, posts: Path, *, label: str = "label", parameters: Parameters | None = None
) -> Finding:
    """AUC of the score for telling polluters from others: from the posts alone, and with the profile; 90 % intervals.

    Brier: of the points read as log odds. flagged: who would be proposed by the usual limits. Likeness to other people's
    posts is not looked for: what a table leaves out cannot be told from what nobody wrote.

    Raises:
        UnreadableFileError: no such tables, or no polluter and one who is none in them.
    """
    told = labelled(accounts, posts, label)
    chosen = parameters or shipped()
    size = len(told.polluter)
    alone = score.total(chosen.posts, told.posts, size)
    whole = alone + score.total(chosen.profile, told.profile, size)
    figures: dict[str, Any] = {
        "accounts": size, "polluters": int(told.polluter.sum()), "posts": told.read_posts, "unlabelled": told.unlabelled,
        "without_posts": told.silent, "level": LEVEL, "version": chosen.version,
        "posts_alone": _sure(alone, told.polluter),
    }  # fmt: skip
    known = [name for name, f in told.profile.items() if not np.isnan(f).all()]
    figures["with_profile"] = _sure(whole, told.polluter) if known else None
    figures["baseline_linked"] = _sure(told.posts["linked"], told.polluter)
    figures["brier"] = _brier(whole if known else alone, told.polluter)
    figures["brier_posts_alone"] = _brier(alone, told.polluter)
    figures["auc_posts_alone"] = figures["posts_alone"]["auc"]
    figures["auc_with_profile"] = figures["with_profile"]["auc"] if known else None
    figures["flagged"] = _flagged(told)
    return Finding(figures=figures, told=tuple(_told(figures)))


def _brier(points: Numbers, polluter: Flags) -> float:
    return float(np.mean((1 / (1 + np.exp(-np.clip(points, -500, 500))) - polluter) ** 2))


def _flagged(told: Labelled) -> dict[str, Any]:
    """How many of those with enough posts lie beyond the usual limits, polluters and others, and by which limit."""
    enough = told.originals >= LEAST_POSTS
    by_limit = {kind: enough & passed for kind, passed in passed_by(told.originals, told.kinds).items()}
    beyond = np.logical_or.reduce(list(by_limit.values()))
    sides = {"polluters": told.polluter, "others": ~told.polluter}
    counted = {
        name: {"with_enough_posts": int((enough & side).sum()), "flagged": int((beyond & side).sum())}
        for name, side in sides.items()
    }
    which = {
        kind: {name: int((passed & side).sum()) for name, side in sides.items()}
        for kind, passed in by_limit.items()
    }
    return {**counted, "by_limit": which}


def passed_by(originals: Numbers, kinds: Mapping[Kind, Numbers]) -> dict[Kind, Flags]:
    """Who lies beyond each of the usual limits."""
    return {x.kind: x.is_passed(*interval(kinds[x.kind], originals)) for x in limits_said(None)}


def fit_and_check(accounts: Path, posts: Path, *, label: str, to: Path, version: str) -> Finding:
    """Fit the parameters on three quarters of the people, check them on the others, and write them to a file.

    Who is held out is told by a hash of the name, so that it is the same people in every run.
    """
    import zlib

    told = labelled(accounts, posts, label)
    out = np.array([zlib.crc32(name.encode()) % _HELD_OUT == 0 for name in told.names])
    inside, outside = _part(told, ~out), _part(told, out)
    if len({*outside.polluter.tolist()}) < 2 or len({*inside.polluter.tolist()}) < 2:
        raise UnreadableFileError(accounts, _("too few accounts to fit anything"))
    made = fit(inside.posts, inside.profile, inside.polluter, version=version)
    size = len(outside.polluter)
    alone = score.total(made.posts, outside.posts, size)
    whole = alone + score.total(made.profile, outside.profile, size)
    figures: dict[str, Any] = {
        "fitted_on": len(inside.polluter), "held_out": size, "version": version,
        "posts_alone": _sure(alone, outside.polluter), "with_profile": _sure(whole, outside.polluter),
    }  # fmt: skip
    about = (
        "Points of the conduct score by feature, as log odds; see score.py and features.py beside this file.\n"
        f"Fitted on {len(inside.polluter)} labelled accounts; on {size} others: AUC {figures['posts_alone']['auc']:.3f} from posts"
        f" alone, {figures['with_profile']['auc']:.3f} with the profile."
    )
    to.write_text(score.written(made, about), "utf-8")
    lines = [
        said(
            N_("Fitted on {inside} accounts, checked on {outside} others: AUC {alone:.3f} from posts alone, {whole:.3f} with the profile."),
            inside=figures["fitted_on"], outside=size, alone=figures["posts_alone"]["auc"], whole=figures["with_profile"]["auc"],
        )
    ]  # fmt: skip
    return Finding(figures=figures, told=tuple(lines))


def _part(told: Labelled, kept: Flags) -> Labelled:
    posts, profile = ({n: f[kept] for n, f in part.items()} for part in (told.posts, told.profile))
    kinds = {kind: f[kept] for kind, f in told.kinds.items()}
    names = tuple(n for n, k in zip(told.names, kept.tolist(), strict=True) if k)
    return Labelled(polluter=told.polluter[kept], posts=posts, profile=profile, names=names, read_posts=told.read_posts,
                    originals=told.originals[kept], kinds=kinds,
                    unlabelled=told.unlabelled, silent=told.silent)  # fmt: skip


def labelled(accounts: Path, posts: Path, label: str) -> Labelled:
    """The accounts and posts of two tables in the documented shapes; what an account lacks is unknown.

    Raises:
        UnreadableFileError: no such tables, or no polluter and one who is none in them.
    """
    labels, profiles, unlabelled = _accounts(accounts, label)
    kept: dict[str, list[tuple[float, str, bool]]] = {}
    read = 0
    for who, text, when, reply in _posts(posts):
        if who in labels:
            mine = kept.setdefault(who, [])
            mine.append((_moment(when, otherwise=-math.inf), text, reply))
            read += 1
            if len(mine) > 2 * MOST_POSTS:
                mine.sort(key=lambda p: p[0])
                del mine[:-MOST_POSTS]
    names = tuple(sorted(kept))
    polluter = np.array([labels[n] for n in names], np.bool_)
    if len(set(polluter.tolist())) < 2:
        raise UnreadableFileError(
            accounts, _("there are not both kinds of accounts with posts: label 1 and label 0")
        )
    told = [sorted(kept[n], key=lambda p: p[0])[-MOST_POSTS:] for n in names]
    profile = {c: np.array([profiles[n][i] for n in names], np.float64) for i, c in enumerate(_PROFILE)}
    last = np.array([posts[-1][0] for posts in told])  # where nobody says when the profile was seen
    last[np.isinf(last)] = np.nan
    seen = np.where(np.isnan(profile["seen_at"]), last, profile["seen_at"])
    age = (seen - profile["created_at"]) / 86_400
    of_posts, originals, kinds = features_of(told)
    return Labelled(
        polluter=polluter, names=names, read_posts=read, unlabelled=unlabelled, silent=len(labels) - len(names),
        posts=of_posts, originals=originals, kinds=kinds,
        profile=features.of_profile(
            followers=profile["followers"], following=profile["following"], posts=profile["posts"], age_days=age
        ),
    )  # fmt: skip


def features_of(
    told: Sequence[Sequence[tuple[object, str, bool]]],
) -> tuple[dict[str, Numbers], Numbers, dict[Kind, Numbers]]:
    """The features of each account, how many of its posts are original, and how many of these are of each kind."""
    size = len(told)
    author = np.repeat(np.arange(size), [len(p) for p in told])
    texts = [text for posts in told for _when, text, _reply in posts]
    replies = [reply for posts in told for _when, _text, reply in posts]
    links = [links_of(text) for text in texts]
    found = [manners_of(t, links=found, answers=r) for t, found, r in zip(texts, links, replies, strict=True)]
    counted = {n: np.array([getattr(m, n) for m in found], np.float64) for n in features.NEEDED}
    alike = within(author, [normalised(t) for t in texts], size)
    same = features.sites(author, size, [found.domains for found in links])
    thanked = np.array([read_thanks(text).kind == "thanks" for text in texts], np.bool_)
    nothing = np.zeros(len(texts), np.bool_)
    kinds = kinds_of(counted, alike.likest, thanked, homepage=nothing, similar=nothing)

    def total(flags: Flags) -> Numbers:
        return np.asarray(np.bincount(author, flags.astype(np.float64), minlength=size), np.float64)

    return (
        features.of_posts(author, size, counted, same, alike.mean),
        total(counted["reshare"] <= 0),
        {kind: total(of) for kind, of in kinds.items()},
    )


def _accounts(path: Path, label: str) -> tuple[dict[str, bool], dict[str, tuple[float, ...]], int]:
    sheet = look(path)
    at = {name: i for i, name in reversed(list(enumerate(sheet.names)))}
    if lacking := [name for name in ("account", label.lower()) if name not in at]:
        raise missing(
            path,
            lacking,
            hint=_("Wanted: account and the label (--label); profile columns as in the documented table."),
        )
    there = [c for c in _PROFILE if c in at]
    labels: dict[str, bool] = {}
    profiles: dict[str, tuple[float, ...]] = {}
    both: set[str] = set()
    unlabelled = 0
    for part in sheet.read([at["account"], at[label.lower()], *(at[c] for c in there)]):
        names, marks = part.columns[0].to_pylist(), part.columns[1].to_pylist()
        known = {
            c: _moments(column.to_pylist()) if c.endswith("_at") else numbers(column)
            for c, column in zip(there, part.columns[2:], strict=True)
        }
        nothing = np.full(len(names), np.nan)
        rows = zip(*(known.get(c, nothing) for c in _PROFILE), strict=True)
        for name, mark, row in zip(names, marks, rows, strict=True):
            said, who = is_automated(mark), _bare(name)
            if said is None or not who:
                unlabelled += 1
                continue
            if labels.setdefault(who, said) is not said:
                both.add(who)  # neither label of an account that has both can be believed
            profiles[who] = tuple(float(v) for v in row)
    return {n: of for n, of in labels.items() if n not in both}, profiles, unlabelled + len(both)


def _posts(path: Path) -> Iterator[tuple[str, str, str, bool]]:
    """account, text, time as written and whether it is a reply of every post."""
    sheet = look(path)
    at = {name: i for i, name in reversed(list(enumerate(sheet.names)))}
    if lacking := [name for name in ("account", "text") if name not in at]:
        raise missing(path, lacking, hint=_("Wanted: account,text[,happened_at][,reply_to]"))
    more = [c for c in ("happened_at", "reply_to") if c in at]
    for part in sheet.read([at["account"], at["text"], *(at[c] for c in more)]):
        columns = dict(zip(("account", "text", *more), (c.to_pylist() for c in part.columns), strict=True))
        blank = [""] * part.num_rows
        for name, text, when, reply in zip(
            columns["account"],
            columns["text"],
            columns.get("happened_at", blank),
            columns.get("reply_to", blank),
            strict=True,
        ):
            yield _bare(name), text, when, bool(reply.strip())


def _bare(name: str) -> str:
    """A name as both tables may write it."""
    bare = name.strip().lower()
    for prefix in _PREFIXES:
        bare = bare.removeprefix(prefix)
    return bare


def _moments(written: list[str]) -> Numbers:
    return np.array([_moment(w) for w in written], np.float64)


def _moment(written: str, *, otherwise: float = math.nan) -> float:
    found = moment(written)
    return otherwise if found is None else found.timestamp()


def _sure(points: Numbers, polluter: Flags) -> dict[str, float | None]:
    """The AUC, and its interval by drawing accounts again."""
    low = high = None
    if min(Counter(polluter.tolist()).values()) >= _LEAST:
        dice = np.random.default_rng(1)
        drawn = []
        size = len(points)
        for _draw in range(_DRAWS):
            some = dice.integers(0, size, size)
            drawn.append(auc(points[some], polluter[some]))
        found = middle(np.array(drawn))
        low, high = found or (None, None)
    return {"auc": auc(points, polluter), "low": low, "high": high}


def _told(figures: dict[str, Any]) -> Iterator[str]:
    yield said(
        N_("{accounts} accounts, {polluters} of them polluters; {posts} posts. How often a polluter has more points than another (.5: by chance):"),
        accounts=figures["accounts"], polluters=figures["polluters"], posts=figures["posts"],
    )  # fmt: skip
    names = {
        "posts_alone": N_("from the posts alone"),
        "with_profile": N_("with the profile"),
        "baseline_linked": N_("share of posts with a link (baseline)"),
    }
    for name, words in names.items():
        one = figures[name]
        if one is None:
            yield said(N_("  {what}: unknown, the table holds no profile"), what=_(words))
        elif one["low"] is None:
            yield said(
                N_("  {auc:.3f}  {what}; too few accounts for an interval"), auc=one["auc"], what=_(words)
            )
        else:
            yield said(N_("  {auc:.3f} ({low:.3f} … {high:.3f})  {what}"), **one, what=_(words))
    flagged = figures["flagged"]
    if flagged["polluters"]["with_enough_posts"] + flagged["others"]["with_enough_posts"]:
        yield said(
            N_(
                "Beyond the usual limits: {flagged} of {with_enough_posts} polluters with five posts or more,"
            ),
            **flagged["polluters"],
        )
        yield said(N_("and {flagged} of {with_enough_posts} others."), **flagged["others"])
    if figures["unlabelled"]:
        yield said(N_("Left out, label not known: {count}."), count=figures["unlabelled"])
    if figures["without_posts"]:
        yield said(N_("Left out, no post known: {count}."), count=figures["without_posts"])
