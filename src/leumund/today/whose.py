"""Whose lab it is, and in which language she writes."""

from __future__ import annotations

from datetime import date

from leumund.asking import State
from leumund.locale import _
from leumund.measures import called
from leumund.store.tables import Tables


def owner_called(state: State) -> str:
    """What the owner is called, and all her accounts."""
    mine = state.tables.own
    if mine is None and state.tables.community:
        return _("a community")
    if mine is None:
        return _("an owner who has not said which accounts are hers")
    shown, handles = called(state.tables, state.lab.names, [mine])
    every = ", ".join(handles.get(mine, (shown.get(mine, "?"),)))
    return every if shown.get(mine) in {None, *handles.get(mine, ()), every} else f"{shown[mine]} ({every})"


def first_looked_at(tables: Tables) -> date | None:
    """The day on which an account was looked at for the first time; None where none was."""
    rows = tables.sql("select min(happened_at)::date from sightings").fetchall()
    return rows[0][0] if rows else None


def board_language(tables: Tables) -> str:
    """The language most of the owner's own posts are in; "all" where that cannot be told."""
    rows = tables.sql(
        """select language, count(*) as n from languages where account in (select account from own)
           and language is not null group by language order by n desc, language"""
    ).fetchall()
    if not rows or rows[0][1] * 10 < 6 * sum(n for _language, n in rows):
        return "all"
    return str(rows[0][0])
