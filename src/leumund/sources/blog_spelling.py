"""One blog under one name: with www or without, its account and its pages are called as its feed calls them.

A feed says `https://www.anna.example`, its posts lie at `https://anna.example/1`, and who links to one writes what
she saw. Without this a like would be for a page nobody has, of somebody who is not the owner.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from leumund.events import Account, Act, Event, Post
from leumund.sources.web_addresses import same_home, site_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Blog:
    """account: whose it is; pages: the origin under which its posts lie (`https://anna.example`)."""

    account: str
    pages: str

    def page(self, name: str | None) -> str | None:
        """The name of a page, as the blog itself names it where it is one of its own.

        >>> Blog(account="https://www.a.example", pages="https://a.example").page("https://www.a.example/1")
        'https://a.example/1'
        """
        if name is None or not name.startswith("https://") or not same_home(name, self.account):
            return name
        return self.pages + name.removeprefix(origin(name))

    def who(self, account: str) -> str:
        """The account, as the blog itself is named where it is that.

        >>> blog = Blog(account="https://www.a.example", pages="https://a.example")
        >>> blog.who("https://a.example"), blog.who("other:a.example:guest:ben"), blog.who("https://a.example/author/x")
        ('https://www.a.example', 'other:www.a.example:guest:ben', 'https://a.example/author/x')
        """
        if account.startswith("https://"):
            return (
                self.account if account == site_of(account) and same_home(account, self.account) else account
            )
        head, guest, name = account.partition(":guest:")
        site = "https://" + head.removeprefix("other:")
        return (
            f"other:{self.account.removeprefix('https://')}{guest}{name}"
            if guest and self.has(site)
            else account
        )

    def has(self, address: str) -> bool:
        """Whether a page is one of the blog's."""
        return same_home(address, self.account)

    def spelled(self, event: Event) -> Event:
        """The same event, with the blog and its pages under their own names."""
        match event:
            case Account():
                return replace(event, account=self.who(event.account))
            case Post():
                answered = event.reply_to_account
                return replace(
                    event,
                    post=self.page(event.post) or event.post,
                    account=self.who(event.account),
                    reply_to=self.page(event.reply_to),
                    reply_to_account=self.who(answered) if answered else None,
                    mentions=tuple(self.who(m) for m in event.mentions),
                )
            case Act():
                return replace(
                    event, actor=self.who(event.actor), target=self.who(event.target), post=self.page(event.post),
                    via=self.page(event.via),
                )  # fmt: skip
            case _:
                return event


def blog_of(events: Iterable[Event], *, fallback: str) -> Blog:
    """Whose feed these events are of, and where its pages lie. fallback: where it says neither."""
    seen = list(events)
    accounts = Counter(e.account for e in seen if isinstance(e, Post) and e.reply_to is None)
    told = next((e.account for e in seen if isinstance(e, Account)), None)
    account = told or next((a for a, _count in accounts.most_common(1)), fallback)
    homes = Counter(
        origin(e.post)
        for e in seen
        if isinstance(e, Post) and e.post.startswith("https://") and same_home(e.post, account)
    )
    return Blog(account=account, pages=next((h for h, _count in homes.most_common(1)), origin(account)))


def origin(address: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
