"""A refused form comes back as it was filled in, whatever was filled in, and nothing else on its page changes."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.web.refill import refilled

PAGE = """<h1>A &amp; B</h1>
<form method="post" action="/list"><input type="hidden" name="word" value="w"><input type="hidden" name="account" value="7">
<button name="do" value="off">Off</button></form>
<form class="asked" method="post" action="/list">
<input type="hidden" name="word" value="w">
<input id="who" name="account" value="" required aria-describedby="who-h"><p id="who-h">such as &lt;b&gt;</p>
<textarea name="why">old &amp; words</textarea>
<select name="for"><option value="a" selected>A</option><option value="b">B</option></select>
<input type="checkbox" name="quiet" value="yes" checked><input type="password" name="key">
<button name="do" value="put">Put</button></form><p>End</p>"""


class _Fields(HTMLParser):
    """What a browser would send of the second form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._area = False
        self.feed(page.split('class="asked"')[1].partition("</form>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.append((tag, told))
        if (tag == "input" and told.get("type") in {None, "hidden"}) or "checked" in told:
            self.found[told["name"] or ""] = told.get("value") or ""
        if tag == "option" and "selected" in told:
            self.found["for"] = told["value"] or ""
        self._area = tag == "textarea"

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found["why"] = data
            self._area = False

    def handle_endtag(self, tag: str) -> None:
        self._area &= tag != "textarea"


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


@given(who=words, why=words, which=st.sampled_from("ab"), quiet=st.booleans())
def test_whatever_was_filled_in_stands_there_again_as_text(
    who: str, why: str, which: str, quiet: bool
) -> None:
    form = {"account": who, "why": why, "for": which, "do": "put", **({"quiet": "yes"} if quiet else {})}
    page = refilled(PAGE, "/list", form)
    assert page is not None
    found = _Fields(page).found
    assert {**found, "do": "put"} == {**form, "word": "w"}
    assert page.count("<form") == PAGE.count("<form")
    assert page.startswith(PAGE.partition('<form class="asked"')[0])
    assert page.endswith("<p>End</p>")


def test_what_is_wrong_is_told_at_every_field_and_the_first_has_the_focus() -> None:
    page = refilled(PAGE, "/list", {"account": "x", "do": "put"})
    assert page is not None
    told = {
        given.get("name"): given
        for tag, given in _Fields(page).tags
        if tag in {"input", "textarea", "select"}
    }
    assert told["account"]["aria-describedby"] == "who-h wrong"
    assert "autofocus" in told["account"]
    assert told["why"]["aria-describedby"] == told["for"]["aria-describedby"] == "wrong"
    assert page.count("autofocus") == 1
    assert 'type="password" name="key">' in page


@pytest.mark.parametrize("said", ["“soon” is no day I can read.", "„soon“ ist kein Tag, den ich lesen kann."])
def test_the_field_that_is_quoted_is_the_wrong_one(said: str) -> None:
    page = refilled(PAGE, "/list", {"account": "x", "why": "soon", "do": "put"}, said)
    assert page is not None
    told = {given.get("name"): given for _tag, given in _Fields(page).tags}
    assert (told["why"]["aria-invalid"], "autofocus" in told["why"]) == ("true", True)
    assert page.count("autofocus") == page.count("aria-invalid") == 1


def test_a_form_is_known_by_what_it_sends() -> None:
    off = refilled(PAGE, "/list", {"account": "7", "do": "off"})
    assert off is not None
    assert "autofocus" not in off  # nothing is filled in there
    for action, form in (
        ("/elsewhere", {"account": "7", "do": "off"}),
        ("/list", {"account": "8", "do": "off"}),
        ("/list", {"account": "7", "do": "guessed"}),
        ("/list", {"account": "7", "do": "put", "more": "x"}),
    ):
        assert refilled(PAGE, action, form) is None
