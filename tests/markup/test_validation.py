"""The validator sees what is wrong, and lets pass what is right."""

from __future__ import annotations

from tests.markup.validation import Validated

_PAGE = '<!doctype html>\n<html lang="en">\n<head><title>A</title></head>\n<body>{}</body>\n</html>\n'


def test_what_is_wrong_is_said_with_its_place(validated: Validated) -> None:
    wrong = validated(
        {
            "right": _PAGE.format(
                '<main><h1>A</h1><p>One <time datetime="2026-01-02">day</time>.</p></main>'
            ),
            "part": '<section aria-label="Posts"><p>A</p></section>',
            "nested": _PAGE.format("<p>A<div>B</div></p>"),
            "twice": _PAGE.format('<p id="a">A</p><p id="a">B</p>'),
            "unknown": _PAGE.format("<blink>A</blink>"),
            "open": _PAGE.format("<section><b>A</section>"),
            "role": _PAGE.format('<img src="a.png"><ul><p>A</p></ul>'),
        }
    )
    assert {line.split(":")[0] for line in wrong} == {"nested", "twice", "unknown", "open", "role"}
    assert any(line.startswith("twice:4:") and "no-dup-id" in line for line in wrong), wrong
