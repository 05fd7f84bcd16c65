"""The report as Markdown, for a mail or a wiki: sentences and tables, no charts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from leumund.clean import clean
from leumund.locale import _, ngettext, speaking
from leumund.measures import Reading
from leumund.report.sections import Section, coverage_sentences, unknown_sentences
from leumund.views import cells, view_of, written

_MOST_ROWS = 20
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&])")


def as_markdown(
    sections: Sequence[Section], *, title: str, owner: str, as_of: datetime, language: str
) -> str:
    """The report as CommonMark with tables; of long tables the first rows."""
    with speaking(language):
        said = _("As of {moment}").format(moment=cells.moment(as_of))
        lines = [f"# {escaped(title)}", "", f"{escaped(owner)}. {escaped(said)}.", ""]
        for section in sections:
            lines += [f"## {escaped(section.heading)}", ""]
            for paragraph in section.paragraphs():
                lines += [escaped(paragraph), ""]
            for reading in section.readings:
                lines += _reading(reading, section)
            for sentence in [*unknown_sentences(section), *coverage_sentences(section)]:
                lines += [f"_{escaped(sentence)}_", ""]
        return "\n".join(lines).rstrip() + "\n"


def escaped(text: str) -> str:
    """A text in which nothing is markup, no tag and no link."""
    return _SPECIAL.sub(r"\\\1", clean(text)).replace("://", ":\u200b//")


def _reading(reading: Reading, section: Section) -> list[str]:
    view = view_of(reading)
    lines = [f"### {escaped(written.title(reading))}", ""]
    if said := written.joined(view.headlines(reading, section.highlight)):
        lines += [*(f"**{escaped(line)}**  " for line in said.split("\n")), ""]
    lines += [*(f"- {escaped(note)}" for note in written.notes(reading)), ""] if reading.notes else []
    table = view.as_table(reading, section.highlight)
    if table.rows:
        lines.append("| " + " | ".join(escaped(h.title) for h in table.heads) + " |")
        lines.append("|" + "|".join(" ---: " if h.numeric else " --- " for h in table.heads) + "|")
        lines += ["| " + " | ".join(escaped(c.text) for c in row) + " |" for row in table.rows[:_MOST_ROWS]]
        lines.append("")
        if left := len(table.rows) - _MOST_ROWS:
            more = ngettext("And {n} more row.", "And {n} more rows.", left).format(n=cells.number(left))
            lines += [more, ""] if left > 0 else []
    return lines
