"""The weeks of a board as Atom (RFC 4287) and as JSON Feed 1.1: one entry a week, all of people who agree today."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from xml.etree import ElementTree as ET

from leumund.board.taken import Taken, weeks_of
from leumund.clean import clean
from leumund.locale import _
from leumund.views import cells

_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class _Entry:
    """One week. told: place and handle, in order."""

    ident: str
    title: str
    published: datetime
    told: tuple[str, ...]

    def text(self) -> str:
        return "\n".join(self.told)


def both(taken: Taken, title: str, language: str, folder: str) -> dict[str, str]:
    """The two feeds by file name, in the language in use. folder: where they lie, as part of an address."""
    entries = list(_entries(taken, language))
    address = taken.options.address + folder if taken.options.address else ""
    return {
        "feed.xml": _atom(taken, title, language, address, entries),
        "feed.json": _json(taken, title, language, address, entries),
    }


def _entries(taken: Taken, language: str) -> Iterator[_Entry]:
    for week, places in weeks_of(taken):
        if places:
            told = tuple(f"{rank}. {taken.people[key].handle}" for rank, key in places)
            end = datetime.combine(week, time(23, 59, 59), UTC)
            yield _Entry(
                ident=_ident(taken, language, week.isoformat()),
                title=_("The week to {day}").format(day=cells.day(week)),
                published=min(end, taken.as_of.astimezone(UTC)),
                told=told,
            )


def _ident(taken: Taken, language: str, part: str) -> str:
    """The same for the same board and week, at every build."""
    whose = taken.options.address or (taken.contacts[0].handle if taken.contacts else "")
    name = f"leumund board|{whose}|{taken.published.board}|{language}|{part}"
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


def _atom(taken: Taken, title: str, language: str, address: str, entries: list[_Entry]) -> str:
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": language})
    now = _moment(taken.as_of)
    for name, text in (("title", clean(title)), ("id", _ident(taken, language, "feed")), ("updated", now)):
        ET.SubElement(feed, f"{{{_ATOM}}}{name}").text = text
    if address:
        for rel, to in (("self", address + "feed.xml"), ("alternate", address + "index.html")):
            ET.SubElement(feed, f"{{{_ATOM}}}link", {"rel": rel, "href": to})
    author = ET.SubElement(feed, f"{{{_ATOM}}}author")
    ET.SubElement(author, f"{{{_ATOM}}}name").text = (
        taken.contacts[0].handle if taken.contacts else clean(title)
    )
    for entry in entries:
        made = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        for name, text in (
            ("title", entry.title), ("id", entry.ident), ("published", _moment(entry.published)), ("updated", now),
        ):  # fmt: skip
            ET.SubElement(made, f"{{{_ATOM}}}{name}").text = text
        if address:
            ET.SubElement(made, f"{{{_ATOM}}}link", {"rel": "alternate", "href": address + "index.html"})
        ET.SubElement(made, f"{{{_ATOM}}}content", {"type": "text"}).text = entry.text()
    ET.indent(feed, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(feed, encoding="unicode")}\n'


def _json(taken: Taken, title: str, language: str, address: str, entries: list[_Entry]) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": clean(title),
        "language": language,
        **({"home_page_url": address + "index.html", "feed_url": address + "feed.json"} if address else {}),
        "items": [
            {
                "id": e.ident, "title": e.title, "content_text": e.text(), "date_published": _moment(e.published),
                "date_modified": _moment(taken.as_of), **({"url": address + "index.html"} if address else {}),
            }
            for e in entries
        ],
    }  # fmt: skip
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
