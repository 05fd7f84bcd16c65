"""check-ff: why a Follow-Friday post counts or not, and how much, before one posts it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leumund.cli.shared import JsonOption
from leumund.errors import UnreadableFileError, UsageError
from leumund.locale import N_, _, ngettext

if TYPE_CHECKING:
    from leumund.facts.endorsements import Code, Endorsement

HELP = N_(
    'Say why a Follow-Friday post counts or not, before you post it. Example: leumund check-ff "#FF @anna, she listens"'
)


def check_ff(
    text: Annotated[str | None, typer.Argument(help=_("The text of a post."), show_default=False)] = None,
    author: Annotated[
        str | None,
        typer.Option(
            "--author",
            metavar="ACCOUNT",
            help=_("Who posts it: naming oneself does not count."),
            show_default=False,
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            metavar="CSV",
            help=_("A table with the column text (and id, created_at, author)."),
            show_default=False,
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    from leumund.facts.endorsements import read_post

    if (text is None) == (file is None):
        raise UsageError(_("Give either a text or --file."), hint='leumund check-ff "#FF @anna"')
    if file is not None:
        _check_file(file, json=json)
        return
    assert text is not None
    found = read_post(text, author=author.lstrip("@") if author else None)
    if json:
        import json as json_

        print(json_.dumps(_as_dict(None, found), ensure_ascii=False))
        return
    _tell(found)


def _as_dict(name: str | None, found: Endorsement) -> dict[str, object]:
    return {
        **({"id": name} if name is not None else {}),
        "class": found.kind,
        "endorsed": list(found.endorsed),
        "reason_given": found.reason_given,
        "counted": found.kind == "vote",
        "why": [_sentence(w.code, w.detail) for w in found.why],
        "codes": [w.code for w in found.why],
    }


def _sentence(code: Code, detail: str) -> str:
    from leumund.facts.endorsements import SENTENCES

    return _(SENTENCES[code]).format(detail=detail)


def _tell(found: Endorsement) -> None:
    from leumund.clean import clean
    from leumund.views.cells import number

    words = {
        "vote": _("This counts as a recommendation."),
        "thanks": _("This is a thank-you; it does not count as a recommendation."),
        "begging": _("This asks for a recommendation; it does not count as one."),
        "reshare": _("This passes on somebody else's post; it does not count as a recommendation."),
        "other": _("This does not count as a recommendation."),
    }
    print(words[found.kind])
    for reason in found.why:
        print(f"  · {clean(_sentence(reason.code, reason.detail))}")
    if found.kind == "vote":
        many = len(found.endorsed)
        worth = (1.0 if found.reason_given else 0.5) / many
        print(_("Recommended: {names}").format(names=", ".join("@" + clean(h) for h in found.endorsed)))
        each = ngettext(
            "It gives {names} {worth} of your voice this week.",
            "It gives each of them {worth} of your voice this week.",
            many,
        )
        print(each.format(names="@" + clean(found.endorsed[0]), worth=number(worth, 2)))
        if not found.reason_given:
            print(_("With a reason it would be worth twice as much: say what they are good at."))
        if many > 1:
            print(_("Fewer names are worth more each: your voice is shared among all you name in a week."))
        print(_("Whom you named in the last weeks, or who named you, counts less."))


def _check_file(file: Path, *, json: bool) -> None:
    import csv
    import json as json_

    from leumund.facts.endorsements import read_post
    from leumund.sources.text_files import pieces

    csv.field_size_limit(2**24)
    if not file.is_file():
        raise UnreadableFileError(file, _("there is no such file or folder"))
    counts: dict[str, int] = {}
    texts = (piece.decode("utf-8", "replace") for piece, *_rest in pieces(file, quoted=True))
    lines = (line for text in texts for line in text.removeprefix("\ufeff").splitlines(keepends=True))
    reader = csv.DictReader(lines, skipinitialspace=True)
    names = {(n or "").strip().lower(): n for n in reader.fieldnames or []}
    if "text" not in names:
        raise UnreadableFileError(file, _("it has no column “text”"), hint=", ".join(n for n in names if n))
    for number, row in enumerate(reader, 1):
        author = (row.get(names.get("author", "")) or "").strip().lstrip("@") or None
        found = read_post(row[names["text"]] or "", author=author)
        name = row.get(names["id"]) if "id" in names else None
        counts[found.kind] = counts.get(found.kind, 0) + 1
        if json:
            sys.stdout.write(json_.dumps(_as_dict(name or str(number), found), ensure_ascii=False) + "\n")
    if not json:
        from leumund.views.words import label

        for kind, count in sorted(counts.items(), key=lambda item: -item[1]):
            print(f"{label(kind)}: {count}")
