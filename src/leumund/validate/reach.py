"""Whom standing reaches in a made-up world whose truth is known: people, or robots, farms and rings as well."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from leumund.events import Act, Statement
from leumund.facts import all_facts
from leumund.ids import account_key, network_of
from leumund.lab import Lab
from leumund.locale import N_, _
from leumund.measures.days import end_of_day
from leumund.measures.standing import ENOUGH
from leumund.measures.standing.personal import CLASSES, personal
from leumund.simulate import World, career_coach
from leumund.simulate.truth import HUMAN
from leumund.store.marks import EVER, marked
from leumund.store.marks import MARKS as MARKED
from leumund.store.people import link
from leumund.store.register import as_us
from leumund.validate import Finding, said
from leumund.validate.cells import Figures, percent, table

if TYPE_CHECKING:
    from leumund.store.tables import Tables

MARKS = (0, 10, 25)
GROUPS = {
    "people": N_("people"),
    "ring": N_("the ring"),
    "robots": N_("robots"),
    "schemers": N_("farms and advertisers"),
}
_ROBOTS = ("bot declared", "bot undeclared")


def check(*, seed: int = 2011, marks: Sequence[int] = MARKS, followers: int = 800) -> Finding:
    """The share of acts towards the owner that were done by accounts with a standing of .1 or more, by what they are.

    The world is the career coach's half year. Of each act, the standing its author had at the end of that day counts.
    marks: so many people she says she trusts, from the beginning; those who did most towards her, since these are the
    ones she knows. Rings and robots are never among them; whom she marks in the story itself is left out.
    """
    world = career_coach(seed=seed, followers=followers, experiment=False)
    cases = {}
    with tempfile.TemporaryDirectory(prefix="leumund-reach-", ignore_cleanup_errors=True) as made:
        for many in sorted(marks):
            with Lab.create(Path(made) / str(many)) as lab:
                _fill(lab, world, many)
                with lab.tables(as_of=world.end) as tables:
                    cases[str(many)] = _shares(tables.person_by_person(), world)
    figures: dict[str, Any] = {"enough": ENOUGH, "days": world.days, "by_marks": cases}
    return Finding(figures=figures, told=tuple(_told(figures)))


def _fill(lab: Lab, world: World, many: int) -> None:
    with lab.writing(world.end) as writer:
        told = (e for e in world.events() if not (isinstance(e, Statement) and e.kind in MARKED))
        writer.add(told)
        writer.add(
            [marked("trust", uri, network_of(uri), at=world.end, since=EVER) for uri in _known(world, many)]
        )
        writer.derive([all_facts()["recommendations"]])
    for person in world.truth.same_person:
        link(lab.register, list(person), name="", owner=world.own in person)


def _known(world: World, many: int) -> list[str]:
    """The people who did most towards her."""
    acts = Counter(
        e.actor for e in world.told if isinstance(e, Act) and e.target == world.own and e.kind != "unfollow"
    )
    people = [a for a in acts if world.truth.who.get(a) in HUMAN and a != world.own]
    return sorted(people, key=lambda a: (-acts[a], a))[:many]


def _shares(tables: Tables, world: World) -> dict[str, Any]:
    """By group: acts, and the share of them that were done with standing; and that of the accounts."""
    rows = tables.arrow(
        """select actor, epoch_us(happened_at) as at_us, "count" as n from acts
           where exact and kind <> 'unfollow' and target in (select account from own) and actor <> target
           order by at_us, actor"""
    )
    actor = rows["actor"].to_numpy().astype(np.int64)
    ends = np.array([end_of_day(t) for t in rows["at_us"].to_pylist()], np.int64)
    standing = personal(tables)
    tau = np.zeros(len(actor))
    for end in np.unique(ends).tolist():
        tau[ends == end] = standing.at(actor[ends == end], end)
    last = standing.at(actor, as_us(tables.as_of))
    count = rows["n"].to_numpy().astype(np.float64)
    group = {tables.person_of(account_key(uri)): _group(who) for uri, who in world.truth.who.items()}
    is_in = np.array([group.get(a, "people") for a in actor.tolist()])
    found: dict[str, Any] = {}
    for name in GROUPS:
        mine = is_in == name
        acts = float(count[mine].sum())
        reached = np.unique(actor[mine & (last >= ENOUGH)])
        on = Counter(CLASSES[c] for c in standing.classes(reached, as_us(tables.as_of)).tolist())
        found[name] = {
            "acts": int(acts), "accounts": len(np.unique(actor[mine])), "accounts_with": len(reached),
            "share": float(count[mine & (tau >= ENOUGH)].sum() / acts) if acts else None,
            "rests_on": dict(sorted(on.items())), "at_the_end": float(count[mine & (last >= ENOUGH)].sum() / acts) if acts else None,
        }  # fmt: skip
    return found


def _group(who: str) -> str:
    if who in HUMAN:
        return "people"
    return "ring" if who == "ring" else "robots" if who in _ROBOTS else "schemers"


def _told(figures: dict[str, Any]) -> list[str]:
    told = [_("The share of acts towards the owner that came from accounts with a standing of .1 or more:")]
    for many, groups in figures["by_marks"].items():
        told.append(said(N_("with {count} people marked as trusted:"), count=many))
        for name, words in GROUPS.items():
            one = groups[name]
            if one["share"] is None:
                continue
            text = N_(
                "{share:.1%}  {who}: {acts} acts of {accounts} accounts; by the standing they have at the end {at_the_end:.1%}"
            )
            told.append("  " + said(text, who=_(words), **one))
    ring = next(iter(figures["by_marks"].values()))["ring"]["rests_on"]
    if ring:
        rests = ", ".join(f"{name} {count}" for name, count in ring.items())
        text = N_(
            "This ring courts the owner, and she answers and follows it herself: that is what lends it standing ({rests})."
        )
        told.append(said(text, rests=rests))
    return told


def section(figures: Figures, command: str) -> str:
    """Whom standing reaches, by how many are marked."""
    rows = []
    for many, groups in figures["by_marks"].items():
        for name, words in GROUPS.items():
            one = groups[name]
            rests = ", ".join(f"{k} {v}" for k, v in one["rests_on"].items())
            rows.append(
                (
                    many, words, f"{one['acts']:,}", f"{one['accounts']:,}", percent(one["share"]),
                    percent(one["at_the_end"]), rests,
                )
            )  # fmt: skip
    heads = (
        "marked as trusted", "who", "acts", "accounts", "with standing that day", "by the standing at the end",
        "accounts with standing, by evidence",
    )  # fmt: skip
    told = f"`{command}`: {figures['days']} days of the career coach; share of acts towards her by accounts with a standing of .1 or more."
    return f"{told}\n\n{table(heads, rows)}"
