"""Reads one post: the order of the questions, and who is left when all are answered.

The package's docstring has the definitions; `replies` holds the rules for thanks, begging and talk about
the tag, `reshares` those for other people's words, `reasons` what counts as a reason.
"""

from __future__ import annotations

from typing import Final

from leumund.facts.endorsements.begging import begged
from leumund.facts.endorsements.passing import credited, in_passing, passed_on_to, spoken_to
from leumund.facts.endorsements.promises import promised, reported
from leumund.facts.endorsements.reasons import reason_in
from leumund.facts.endorsements.record import Code, Endorsement, PostKind, Why
from leumund.facts.endorsements.replies import (
    another_meaning,
    asks_meaning,
    denied,
    given_back,
    only_talk,
    thanked,
    unthanked,
)
from leumund.facts.endorsements.reshares import Split, split
from leumund.facts.endorsements.talk import asks_whom, owed_to, stray, talked_about
from leumund.facts.endorsements.text import readable
from leumund.facts.endorsements.tokens import Tokens
from leumund.facts.endorsements.words import (
    ALSO,
    AND,
    ANYONE,
    EVERYBODY,
    EXCEPT,
    FOLLOW,
    GLAD,
    GREETING,
    HAPPY,
    IF,
    NOT,
    ONLY,
    RETURN,
    SOURCE,
    THANKS,
    TO,
    UNFOLLOW,
    WHY,
    YOU,
)
from leumund.facts.handles import is_cut, same_account
from leumund.friday_tag import has_tag

_NO_TAG: Final = Endorsement(kind="other", why=(Why(code="no_tag"),))
_LIST: Final = 2  # from here on a vote is shared, and the post says among how many


def read_post(
    text: str, *, author: str | None = None, is_reshare: bool = False, reply_to: str | None = None
) -> Endorsement:
    """How a post was read: its kind, whom it endorses, the reason it gives, and why it was read so.

    author: the handle of who posted it, so that nobody recommends herself. is_reshare: the network says
    it is one. reply_to: the handle of who is answered; some networks leave it out of the text.

    >>> read_post("Danke fürs #FF, @anna!").kind, read_post("Danke, @anna! #FF zurück").endorsed
    ('thanks', ('anna',))
    """
    if is_reshare or text.startswith("RT @"):
        return _other("reshare", "is_reshare")
    if not has_tag(text):
        return _NO_TAG
    text = readable(text)
    parts = split(text, author)
    if parts.passed_on:
        return _read_parts(parts, author)
    return _read_own(Tokens(text), author, reply_to)


def _read_parts(parts: Split, author: str | None) -> Endorsement:
    """A post with another's words in it: what its author adds decides."""
    own = Tokens(parts.own)
    passed_on = Tokens(parts.passed_on)
    named = [name for name in own.names.values() if not _is(name, author)]
    if own.tags and (named or not parts.reshare):
        if not named and own.every & YOU and own.every & EVERYBODY:  # “@anna: @ben @eva, wise” #FF to you all
            named = [name for name in passed_on.names.values() if not _is(name, author)]
            return _vote(own, author, named)
        return _read_own(own, author, None, quoted="" if parts.reshare else parts.by)
    if parts.reshare:
        return _other("reshare", "is_reshare")
    if passed_on.tags and own.every & RETURN:
        return _vote(own, author, [*named, parts.by], back=parts.own.strip())
    return _other("reshare", "quotes_another", parts.by) if parts.by else _other("reshare", "is_reshare")


def _read_own(tokens: Tokens, author: str | None, reply_to: str | None, quoted: str = "") -> Endorsement:
    if not tokens.tags:
        return _NO_TAG  # what looked like a tag is the end of a link
    asked = begged(tokens, author)
    if asked:
        return _other("begging", "asks_for_recommendation", asked)
    meaning = asks_meaning(tokens) or owed_to(tokens) or asks_whom(tokens)
    if meaning:
        return _other("other", "talks_about_tag", meaning)
    thanks = thanked(tokens, author=author, replying=reply_to is not None)
    others = unthanked(tokens, thanks)
    back = given_back(tokens, thanks)
    if thanks and not others and not back:
        passed = [at for at in passed_on_to(tokens, thanks) if not _is(tokens.names[at], author)]
        if passed:
            return _vote(tokens, author, [tokens.names[at] for at in passed])
        return _other("thanks", "thanks_for_recommendation", tokens.said(thanks[0] - 4, thanks[-1]))
    people = [at for at in tokens.handles if not _is(tokens.names[at], author)]
    answered = reply_to if reply_to and (back or tokens.every & YOU) and not _is(reply_to, author) else ""
    if not people and not quoted and not answered:
        return _nobody(tokens, author)
    if not quoted and (judged := _not_meant(tokens, thanks)):
        return judged
    whys: list[Why] = []
    chosen = _chosen(tokens, people, thanks, others, whys, back=bool(back))
    names = [tokens.names[at] for at in chosen]
    if quoted:
        names.insert(0, quoted)
    if answered and not any(same_account(answered, name) for name in names):
        names.insert(0, answered.lstrip("@"))
    return _vote(tokens, author, names, back, whys)


def _nobody(tokens: Tokens, author: str | None) -> Endorsement:
    if tokens.handles and author:
        return _other("other", "own_handle_only")
    meaning = another_meaning(tokens)
    if meaning:
        return _other("other", "tag_means_something_else", meaning)
    return _other("other", "no_handle")


def _not_meant(tokens: Tokens, thanks: list[int]) -> Endorsement | None:
    """The tag and names are there, but nothing is recommended now."""
    talk = only_talk(tokens)
    if talk and (thanks or tokens.every & THANKS):  # "thanks, one of those #FFs to keep"
        return _other("thanks", "thanks_for_recommendation", talk)
    questions: tuple[tuple[Code, str], ...] = (
        ("tag_means_something_else", another_meaning(tokens)),
        ("negated", denied(tokens)),
        ("promised", promised(tokens)),
        ("talks_about_tag", talk or talked_about(tokens) or reported(tokens) or stray(tokens)),
    )
    for code, found in questions:
        if found:
            return _other("other", code, found)
    return None


def _chosen(
    tokens: Tokens, people: list[int], thanks: list[int], others: list[int], whys: list[Why], *, back: bool
) -> list[int]:
    """The handles that are recommended, among all but the author's."""
    chosen = []
    excepted = False
    for at in people:
        before = _word_before(tokens, at)
        excepted = _is_excepted(tokens, before) or (excepted and _joined(tokens, at))
        if excepted:
            whys.append(Why(code="excepted", detail=tokens.names[at]))
        elif is_cut(tokens.text, tokens.ends[at]):
            whys.append(Why(code="handle_cut_off", detail=tokens.names[at]))
        else:
            chosen.append(at)
    sources: list[int] = []
    for at in chosen:
        copied = (
            bool(sources) and _joined(tokens, at) and tokens.words[_word_before(tokens, sources[0])] == "cc"
        )
        before = _word_before(tokens, at)
        said = tokens.is_kind(before, "w")
        if copied or (said and (_is_source(tokens, before) or credited(tokens, at, before))):
            sources.append(at)
    if sources and (len(sources) < len(chosen) or tokens.is_kind(_word_before(tokens, sources[0]) - 1, "l")):
        chosen = _without(tokens, chosen, sources, "source_only", whys)
    if thanks and others and not back:
        for_others = [at for at in chosen if at > others[0]]
        if for_others:
            chosen = _without(tokens, chosen, [at for at in chosen if at < others[0]], "addressed_only", whys)
    addressed = _merely_addressed(tokens, chosen) or spoken_to(tokens, chosen)
    chosen = _without(tokens, chosen, addressed, "addressed_only", whys) if addressed else chosen
    passing = in_passing(tokens, chosen)
    return _without(tokens, chosen, passing, "in_passing", whys) if passing else chosen


def _merely_addressed(tokens: Tokens, chosen: list[int]) -> list[int]:
    """Those at the head of a reply whose recommendation points at others: `@anna have a look: #FF @ben`.

    Only where at least two words of plain talk stand between the head and the tag: after a greeting, a
    thank-you or a "back" the head of the reply is meant as well, as people write lists that way.
    """
    head = [at for at in tokens.leading() if at in chosen]
    if not head or not tokens.tags or len(head) == len(chosen):
        return []
    tag = tokens.tags[0]
    pointed = tokens.handle_after(tag)
    if pointed is None or pointed not in chosen or head[-1] > tag:
        return []
    between = [at for at in range(head[-1] + 1, tag) if tokens.kinds[at] == "w"]
    if any(_includes_head(tokens, at) for at in between):
        return []
    repeated = {tokens.names[at].lower() for at in chosen if at > tag}
    return [at for at in head if tokens.names[at].lower() not in repeated] if len(between) >= 2 else []


def _includes_head(tokens: Tokens, at: int) -> bool:
    """A word between the head of a reply and the tag by which the head is meant, too: hello, "to you"."""
    if tokens.has(at, THANKS | GLAD | RETURN | HAPPY | GREETING):
        return True
    return tokens.has(at, YOU) and (tokens.has(at - 1, TO | ALSO) or tokens.has(at + 1, ALSO))


def _without(tokens: Tokens, chosen: list[int], gone: list[int], code: Code, whys: list[Why]) -> list[int]:
    whys.extend(Why(code=code, detail=tokens.names[at]) for at in gone)
    return [at for at in chosen if at not in gone]


def _word_before(tokens: Tokens, at: int) -> int:
    """The place of the word before a handle; marks such as ( and : do not part them."""
    at -= 1
    while at >= 0 and tokens.kinds[at] == "m" and not tokens.classes[at]:
        at -= 1
    return at


def _is_source(tokens: Tokens, before: int) -> bool:
    if tokens.has(before, SOURCE) or (before >= 0 and tokens.words[before] == "cc"):
        return True
    if before > 1 and tokens.words[before - 2 : before + 1] == ["h", "/", "t"]:
        return True
    by = before >= 0 and tokens.words[before] in {"by", "von", "di"}
    return by and tokens.has(before - 1, SOURCE)


def _is_excepted(tokens: Tokens, before: int) -> bool:
    if tokens.has(before, EXCEPT | UNFOLLOW):
        return True
    if tokens.has(before, FOLLOW) and (
        tokens.has(before - 1, NOT) or tokens.words[before - 1] in {"t", "stop"}
    ):
        near = range(max(before - 5, 0), before)  # "how can you not follow @anna?" recommends her
        return not any(tokens.has(at, IF | ANYONE) or tokens.words[at] == "how" for at in near)
    plain_no = before >= 0 and tokens.words[before] in {"not", "nicht", "non", "never", "niemals"}
    return plain_no and tokens.has(before, NOT) and not tokens.has(before - 1, WHY | ONLY)


def _refuses(tokens: Tokens, at: int) -> bool:
    return tokens.has(at, NOT) or (at >= 0 and tokens.words[at] in {"t", "stop"})  # "don't follow"


def _joined(tokens: Tokens, at: int) -> bool:
    """True when a handle goes on with the list the one before it stands in: `not @anna and @ben`."""
    before = _word_before(tokens, at)
    return before >= 0 and (tokens.kinds[before] == "H" or tokens.has(before, AND | TO))


def _is(name: str, author: str | None) -> bool:
    return author is not None and same_account(name, author)


def _other(kind: PostKind, code: Code, detail: str = "") -> Endorsement:
    return Endorsement(kind=kind, why=(Why(code=code, detail=detail.strip()),))


def _vote(
    tokens: Tokens, author: str | None, names: list[str], back: str = "", whys: list[Why] | None = None
) -> Endorsement:
    first_spelling: dict[str, str] = {}
    for name in names:
        if not _is(name, author):
            first_spelling.setdefault(name.casefold(), name)
    endorsed = tuple(first_spelling.values())
    whys = whys or []
    if not endorsed:
        return Endorsement(kind="other", why=(*whys, Why(code="nobody_left")))
    grounds = [Why(code="names_people", detail=", ".join(endorsed))]
    if back:
        grounds.append(Why(code="names_back", detail=back))
    if len(endorsed) >= _LIST:
        grounds.append(Why(code="list_of_n", detail=str(len(endorsed))))
    reason = reason_in(tokens, back=bool(back))
    if reason:
        grounds.append(Why(code="reason_words", detail=reason))
    return Endorsement(
        kind="vote", endorsed=endorsed, reason_given=bool(reason), reason=reason, why=(*grounds, *whys)
    )
