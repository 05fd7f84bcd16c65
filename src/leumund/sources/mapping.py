"""The mapping file of a foreign table: which noun its rows are, and where each of our columns comes from.

    noun = "post"
    network = "x"
    [columns]
    post = "tweet_id"
    account = "author_screen_name"
    happened_at = { column = "created_at", format = "%a %b %d %H:%M:%S %z %Y" }
    text = "text"
    exact = { value = true }              # the same in every row
    [words.kind]                          # the file's words -> ours
    retweet = "reshare"

A format is one of Python's strptime, or "unix" (seconds since 1970), or "unix ms"; of a column of numbers it is
1.234,56 or 1,234.56 or 1'234.56 (without it 1.234 is little more than one). Of columns that have
the same name the first is meant; the third column of a file can be called by its name and ".3".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from leumund.clean import ESCAPED
from leumund.errors import IncompleteTableError, UnreadableFileError, UsageError
from leumund.locale import _
from leumund.sources.shapes import SHAPES, nearest, noun_of

_NUMBER = re.compile(r"1([., '’\u00a0])?234[.,]56")


class Rule(TypedDict, total=False):
    """Where one of our columns comes from: a column's number or one value; how its times are written."""

    column: int
    value: str
    format: str


class Fitted(TypedDict):
    """A mapping that fits its file: plain values, ready to go with every page. escaped: the column of an export that says
    in which cells of its row an apostrophe stands that is none of theirs.
    """

    noun: str
    columns: dict[str, Rule]
    words: dict[str, dict[str, str]]
    escaped: NotRequired[int]


def noun_of_header(header: Sequence[str]) -> str | None:
    """Whose shape a header is, however its names are written (“Happened at”)."""
    return noun_of([_plain(name) for name in header])


def lacking(path: Path, header: Sequence[str]) -> IncompleteTableError | None:
    """The error of a table that is nearly in one of our shapes; None where it is not near enough to say so."""
    near = nearest([_plain(name) for name in header])
    if near is None:
        return None
    noun, missing = near
    hint = _(
        "Add it; this shows all columns: leumund csv-template {noun} --explain. Or say in a mapping file where "
        "it comes from, or its value for every row: leumund import FILE --mapping MAP.toml"
    ).format(noun=noun)
    return IncompleteTableError(path, noun, missing, hint=hint)


def from_header(path: Path, header: Sequence[str]) -> Fitted:
    """The mapping of a table in one of our own shapes.

    Raises:
        IncompleteTableError: it lacks a column. UnreadableFileError: it is in none of our shapes, or a column
            stands there twice.
    """
    names = [_plain(name) for name in header]
    noun = noun_of(names)
    if noun is None:
        if error := lacking(path, header):
            raise error
        needs = "; ".join(f"{n}: {', '.join(c for c, f in s.items() if f.needed)}" for n, s in SHAPES.items())
        hint = _(
            "A table needs these columns ({needs}), or a mapping: leumund import FILE --mapping MAP.toml"
        ).format(needs=needs)
        raise UnreadableFileError(path, _("the columns fit none of the shapes"), hint=hint)
    columns: dict[str, Rule] = {}
    for name in SHAPES[noun]:
        if names.count(name) > 1:
            hint = _("Rename or delete one of the two, or say which is meant with a mapping file.")
            raise UnreadableFileError(path, _("there are two columns “{name}”").format(name=name), hint=hint)
        if name in names:
            columns[name] = {"column": names.index(name)}
    fitted: Fitted = {"noun": noun, "columns": columns, "words": {}}
    if ESCAPED in names:
        fitted["escaped"] = names.index(ESCAPED)
    return fitted


def from_settings(mapping: Mapping[str, Any], header: Sequence[str]) -> Fitted:
    """A person's mapping, found to fit the file.

    Raises:
        UsageError: it does not; says where.
    """
    noun = mapping.get("noun", "")
    if not isinstance(noun, str) or noun not in SHAPES:
        raise UsageError(_("mapping: noun must be one of {words}").format(words=", ".join(SHAPES)))
    rules = dict(_section(mapping, "columns"))
    if "network" in mapping and "network" in SHAPES[noun]:
        rules.setdefault("network", {"value": mapping["network"]})
    for ours in rules:
        if ours not in SHAPES[noun]:
            raise UsageError(_("mapping: “{noun}” has no column “{name}”").format(noun=noun, name=ours),
                             hint=", ".join(SHAPES[noun]))  # fmt: skip
    missing = [c for c, f in SHAPES[noun].items() if f.needed and c not in rules]
    if missing:
        hint = _(
            'For rows of the noun “{noun}”. Below [columns] write {name} = "the column\'s name in the file", '
            'or, where it is the same in every row, {name} = {{ value = "..." }}'
        ).format(noun=noun, name=missing[0])
        raise UsageError(
            _("mapping: these columns are needed too: {names}").format(names=", ".join(missing)), hint=hint
        )
    words = {
        name: {theirs: _text(ours) for theirs, ours in _section(_section(mapping, "words"), name).items()}
        for name in _section(mapping, "words")
    }
    fitted = {ours: _rule(ours, theirs, header) for ours, theirs in rules.items()}
    for ours, rule in fitted.items():
        if SHAPES[noun][ours].type in ("number", "money", "whole", "hours") and not _NUMBER.fullmatch(
            rule.get("format", "1,234.56")
        ):
            message = _("mapping: “{name}” is a number; its format must be 1.234,56 or 1,234.56 or 1'234.56")
            raise UsageError(message.format(name=ours))
    return {"noun": noun, "columns": fitted, "words": words}


def _rule(ours: str, theirs: object, header: Sequence[str]) -> Rule:
    given = {"column": theirs} if isinstance(theirs, str) else theirs
    if not isinstance(given, Mapping) or not ({"column", "value"} & set(given)):
        raise UsageError(_("mapping: “{name}” needs a column's name, or a value").format(name=ours))
    rule: Rule = {}
    if "format" in given:
        rule["format"] = _text(given["format"])
    if "column" in given:
        rule["column"] = _place(_text(given["column"]), header)
    else:
        rule["value"] = _text(given["value"])
    return rule


def _place(name: str, header: Sequence[str]) -> int:
    if name in header:
        return header.index(name)
    found = re.fullmatch(r"(.+)\.([0-9]{1,6})", name, re.DOTALL)
    if found and 0 < (number := int(found[2])) <= len(header) and header[number - 1] == found[1]:
        return number - 1
    raise UsageError(_("mapping: the file has no column “{name}”").format(name=name), hint=", ".join(header))


def _section(mapping: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = mapping.get(name, {})
    if not isinstance(found, Mapping):
        raise UsageError(_("mapping: “{name}” must be a table").format(name=name))
    return found


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _plain(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip().lower())
