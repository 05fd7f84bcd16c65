from __future__ import annotations

import base64
import hashlib
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from leumund import locale
from leumund.measures import Column, Shape
from leumund.report import Section, as_markdown, render
from leumund.store.tables import Coverage

from . import sample

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=http://evil.example/x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "@anna\u202egnp.exe",
    "nul\x00byte",
    "\x1b[2J",
    "x" * 5000,
    "half \ud800",
    "</style></svg></title></table><h1>mine</h1>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    'https://evil.example/"onclick=alert(1)',
    "url(http://evil.example/x)",
    "not \ufffe XML",
]
VOID = {"meta", "link", "br", "img", "input", "hr", "wbr"}


class Page(HTMLParser):
    """Every element with its attributes, and whether all are closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


def page(sections: list[Section] | None = None, **given: Any) -> str:
    fixed: dict[str, Any] = {"title": "November", "owner": "Petra", "as_of": sample.AS_OF, "language": "en"}
    return render(sample.sections() if sections is None else sections, **(fixed | given))


@pytest.fixture(scope="module")
def html() -> str:
    return page()


@pytest.fixture(scope="module")
def hostile() -> str:
    names = dict(enumerate(HOSTILE, 1))
    columns = (
        Column(name="account", kind="account", title="Account"),
        Column(name="score", kind="number", title="Score"),
        Column(name="bio", kind="text", title="Bio"),
        Column(name="post", kind="post", title="Post"),
        Column(name="kind", kind="kind", title="Kind"),
        Column(name="time", kind="time", title="Time"),
    )
    rows = [(k, float(k), n, n, n, sample.AS_OF) for k, n in names.items()]
    shapes: tuple[Shape, ...] = ("ranking", "ledger", "breakdown", "series", "table", "number")
    read = [
        sample.reading(
            s, columns, list(rows), names=names, figures={"n": HOSTILE[0]}, options={"of": HOSTILE[1]}
        )
        for s in shapes
    ]
    sections = [Section(n, [n], read[i : i + 1], highlight=frozenset(names)) for i, n in enumerate(HOSTILE)]
    return page(sections, title=HOSTILE[8], owner=HOSTILE[0])


def test_nothing_is_loaded_from_anywhere(html: str, hostile: str) -> None:
    for given in (html, hostile):
        found = Page(given)
        assert not found.all(
            "script",
            "link",
            "img",
            "iframe",
            "object",
            "embed",
            "base",
            "form",
            "audio",
            "video",
            "image",
            "use",
        )
        for tag, attributes in found.elements:
            for name, value in attributes.items():
                assert name not in {
                    "src",
                    "srcset",
                    "data",
                    "action",
                    "background",
                    "poster",
                    "xlink:href",
                    "style",
                }, name
                assert not name.startswith("on"), name
                if name == "href":
                    assert tag == "a"
                    assert re.match(r"#|https?://[^\s\"'<>]+\Z", value or ""), value
                else:
                    assert "url(" not in (value or "").replace("url(#", "") or name in {
                        "title",
                        "aria-label",
                    }, value
                    assert "http" not in (value or "") or name in {
                        "xmlns",
                        "http-equiv",
                        "title",
                        "aria-label",
                    }, (name, value)
        css = re.findall(r"<style>(.*?)</style>", given, re.DOTALL)
        assert len(css) == 1
        assert not re.search(r"url\(|@import|http", css[0])


def test_the_policy_forbids_everything_but_the_one_style_sheet(html: str) -> None:
    (policy,) = (
        m["content"] for m in Page(html).all("meta") if m.get("http-equiv") == "Content-Security-Policy"
    )
    css = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert css
    digest = base64.b64encode(hashlib.sha256(css[1].encode()).digest()).decode()
    assert (
        policy
        == f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_every_element_is_closed_and_every_id_stands_once(html: str, hostile: str) -> None:
    for given in (html, hostile):
        found = Page(given)
        assert found.open == []
        ids = [i for _, a in found.elements if (i := a.get("id"))]
        assert len(ids) == len(set(ids))
        for _, attributes in found.elements:
            for name in ("aria-labelledby", "href"):
                for target in (attributes.get(name) or "").split():
                    if name == "aria-labelledby" or target.startswith("#"):
                        assert target.lstrip("#") in ids


def test_every_drawing_is_well_formed_and_named(html: str, hostile: str) -> None:
    for given in (html, hostile):
        drawings = re.findall(r"<svg.*?</svg>", given, re.DOTALL)
        assert drawings
        for drawing in drawings:
            root = ET.fromstring(drawing)
            assert root.get("role") == "img"
            assert [e.tag.rpartition("}")[2] for e in root][:2] == ["title", "desc"]
            assert root[1].text


def test_what_strangers_wrote_stands_there_as_text(hostile: str) -> None:
    found = Page(hostile)
    assert len(found.all("h1")) == 1
    assert HOSTILE[0] in found.text
    assert "{{ 7 * 7 }}" in found.text
    assert not any(c in hostile for c in "\x00\x1b\u202e\ufffe")
    assert not any(0xD800 <= ord(c) < 0xE000 for c in hostile)
    hostile.encode("utf-8")
    links = [a["href"] for a in found.all("a") if not (a["href"] or "").startswith("#")]
    assert links == []


def test_a_post_is_linked_without_telling_where_the_reader_came_from(html: str) -> None:
    found = Page(html)
    links = [a for a in found.all("a") if (a["href"] or "").startswith("https://social.example/")]
    assert links
    assert all("noreferrer" in (a["rel"] or "") for a in links)
    assert {"name": "referrer", "content": "no-referrer"} in found.all("meta")


def test_a_table_stands_beside_every_chart_with_caption_and_heads(html: str) -> None:
    found = Page(html)
    assert len(found.all("table")) == len(found.all("caption")) == 7  # the price has no rows
    assert len(found.all("figure")) == 6
    assert len(found.all("svg")) == 12
    assert all(a.get("scope") in {"col", "row"} for a in found.all("th"))
    assert all(
        a.get("tabindex") == "0" and a.get("aria-label")
        for a in found.all("div")
        if a.get("role") == "region"
    )


def test_each_section_says_how_far_the_lab_sees_and_what_is_unknown(html: str) -> None:
    said = Page(html).text
    assert (
        said.count("What was read: 48,120 records (37 without a date) from 12 Jan 2019 to 22 Nov 2026") == 5
    )
    assert (
        said.count("Influence: Unknown in 5 of 91 rows: Influence, At least, At most, New acts.") == 2
    )  # and in the footer
    assert "1,412 acts by accounts nobody you know trusts counted as 1.9 points." in said


def test_a_section_that_never_saw_anything_says_so_and_shows_no_0() -> None:
    nowhere = Coverage(first=None, last=None, rows=0, undated=0, sources=())
    empty = replace(sample.influence(), rows=(), notes=(), coverage=nowhere)
    said = Page(page([Section("Nothing yet", "", [empty])])).text
    assert "There is nothing to show yet." in said
    assert "What was read: 0 records." in said
    assert (
        "Influence 0"
        not in Page(page([Section("Nothing yet", "", [replace(empty, figures={"score": 0.0})])])).text
    )
    unknown = replace(empty, rows=tuple((sample.AS_OF, None, None, None, None) for _ in range(2)))
    said = Page(page([Section("Nothing known", "", [unknown])])).text
    assert "Influence unknown" in said
    assert not re.search(
        r"\b0(\.0)?\b", said.replace("counted as 0.", "").replace("0 records", "").replace("0.1.0", "")
    )


def test_german_is_written_with_points_and_commas_and_the_language_is_given_back() -> None:
    before = locale.code()
    html = page(language="de")
    assert locale.code() == before
    assert Page(html).all("html") == [{"lang": "de"}]
    said = Page(html).text
    assert "46,1" in said
    assert "48.120" in said
    assert "12.1.2019" in said
    assert "46.1" not in said


def test_the_language_is_given_back_when_something_fails() -> None:
    with pytest.raises(AttributeError):
        page(["no section"], language="de")  # type: ignore[list-item]
    assert locale.code() == "en"


def test_the_same_sections_give_the_same_bytes(html: str) -> None:
    assert page() == html


def test_no_clock_is_read(html: str) -> None:
    assert "As of 23 Nov 2026" in html
    later = page(as_of=sample.AS_OF.replace(year=2027))
    assert Page(later).text.count("As of 23 Nov 2026") == len(
        [r for s in sample.sections() for r in s.readings]
    )


def test_a_very_long_table_says_how_many_rows_are_left_out() -> None:
    long = sample.friday()
    html = page([Section("Long", "", [replace(long, rows=long.rows * 200)])])
    assert "And 200 more rows." in html
    assert html.count("<tr") == 401


def test_markdown_holds_the_sentences_and_tables_and_no_markup_of_strangers() -> None:
    text = as_markdown(sample.sections(), title="November", owner="Petra", as_of=sample.AS_OF, language="en")
    assert "## What you set in motion" in text
    assert "**Influence: 46.1 (between 42.4 and 50.5; −4.5 since 25 Aug 2026)**" in text
    assert "| 22 Nov 2026 | 46.3 |" in text
    assert "And 71 more rows." in text
    evil = replace(sample.friday(), names=dict.fromkeys(range(20), "[x](javascript:a)<b>|`*"))
    text = as_markdown([Section("<i>", "", [evil])], title="t", owner="o", as_of=sample.AS_OF, language="en")
    assert "[x]" not in text.replace("\\[x\\]", "")
    assert not re.search(r"(?<!\\)[<>`]", text)
    rows = [re.sub(r"\\.", "", line).count("|") for line in text.splitlines() if line.startswith("|")]
    assert len(set(rows)) == 1
