"""What the grammar answers: the kind of a post, whom it endorses, and why it was read so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

PostKind: TypeAlias = Literal["vote", "thanks", "begging", "reshare", "other"]

Code: TypeAlias = Literal[
    "no_tag",
    "no_handle",
    "own_handle_only",
    "is_reshare",
    "quotes_another",
    "thanks_for_recommendation",
    "asks_for_recommendation",
    "tag_means_something_else",
    "talks_about_tag",
    "negated",
    "promised",
    "nobody_left",
    "names_people",
    "names_back",
    "list_of_n",
    "reason_words",
    "source_only",
    "addressed_only",
    "in_passing",
    "excepted",
    "handle_cut_off",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One ground for the answer: a stable code, and the words or names it rests on ("" if none)."""

    code: Code
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endorsement:
    """How a post was read.

    endorsed: handles as written without the leading @, in order, each once, never the author's; empty
    unless kind is "vote". reason: the words given as reason, "" where none were.
    """

    kind: PostKind
    endorsed: tuple[str, ...] = ()
    reason_given: bool = False
    reason: str = ""
    why: tuple[Why, ...] = ()


def N_(sentence: str) -> str:  # noqa: N802 - the name gettext's extractor looks for
    """Marks a sentence for translation, which happens where it is shown."""
    return sentence


SENTENCES: Final[dict[Code, str]] = {
    "no_tag": N_("The post carries no Follow Friday tag."),
    "no_handle": N_("The post names nobody."),
    "own_handle_only": N_("The post names only its own author."),
    "is_reshare": N_("The post passes on somebody else's words; only an original post counts."),
    "quotes_another": N_("The tag stands in words quoted from {detail}."),
    "thanks_for_recommendation": N_("The post thanks for a recommendation: “{detail}”."),
    "asks_for_recommendation": N_("The post asks to be recommended: “{detail}”."),
    "tag_means_something_else": N_("The tag means something else here: “{detail}”."),
    "talks_about_tag": N_("The post talks about recommending instead of doing it: “{detail}”."),
    "negated": N_("The post says no to a recommendation: “{detail}”."),
    "promised": N_("The recommendation is promised for another day: “{detail}”."),
    "nobody_left": N_("Nobody is left whom the post recommends."),
    "names_people": N_("The post recommends {detail}."),
    "names_back": N_("The post gives a recommendation back: “{detail}”."),
    "list_of_n": N_("The post names {detail} people, so that each gets a part of the vote."),
    "reason_words": N_("A reason is given: “{detail}”."),
    "source_only": N_("{detail} is named as the source only."),
    "addressed_only": N_("{detail} is spoken to, not recommended."),
    "in_passing": N_("{detail} is named in passing, not recommended."),
    "excepted": N_("{detail} is expressly left out."),
    "handle_cut_off": N_(
        "The handle {detail} is cut off by the end of the text, so nobody knows who is meant."
    ),
}
"""An English sentence for each code; `{detail}` is the detail of the Why."""
