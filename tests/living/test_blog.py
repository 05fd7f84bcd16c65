"""A connected blog: found from its address, kept in sync politely, whatever its pages and servers say."""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from leumund import fetching, syncing
from leumund.cli.app import app
from leumund.errors import ForbiddenAddressError, InsecureAddressError, LeumundError, SourceError, UsageError
from leumund.events import Account
from leumund.http import Client
from leumund.http.addresses import place
from leumund.lab import Lab
from leumund.sources.blog_spelling import Blog
from leumund.sources.feed_links import LONGEST_HEAD, named_in
from leumund.sources.living import Connection, living_named
from leumund.store import connections
from tests.living import labs
from tests.living.made_blog import COMMENTS, FEED, KEY, MENTIONS, SITE, MadeBlog, mention, rss
from tests.servers import faults
from tests.servers.faulty import Answer, Faulty, computed, good


@pytest.fixture
def blog(faulty: Faulty, monkeypatch: pytest.MonkeyPatch) -> MadeBlog:
    def quick(
        connection: Connection, stop: threading.Event, waiting: Callable[[str, float, str], None]
    ) -> Client:
        return Client(
            origin=connection.server, allowed=frozenset({place(connection.server)}), stop=stop, waiting=waiting,
            chance=lambda: 0.0, read_s=0.5, all_s=3.0, tries=3,
        )  # fmt: skip

    monkeypatch.setattr(fetching, "client_for", quick)
    return MadeBlog(faulty).start()


def connect(lab: Lab, blog: MadeBlog, *, key: str | None = None, where: str = "") -> Connection:
    options = {"token": "1", "server": blog.url} if key else {}
    who = labs.asked(where or blog.url, prompt=lambda _text, _hidden: key or "", private="1", **options)
    return labs.connect(lab, "blog", who)


def sync(lab: Lab) -> syncing.Outcome:
    (outcome,) = labs.sync(lab, stop=labs.Impatient())
    return outcome


def page(head: str) -> Answer:
    return good(f"<!doctype html><html><head>{head}</head><body>".encode(), kind="text/html; charset=utf-8")


# -- finding the feed


def found(faulty: Faulty, path: str = "/", **options: str) -> Connection:
    """The connection made from an address of the server."""
    who = labs.asked(faulty.url + path, prompt=lambda _text, _hidden: KEY, private="1", **options)
    return living_named("blog").connect(who).connection


def test_the_feeds_are_found_in_the_head_of_the_page(faulty: Faulty, blog: MadeBlog) -> None:
    made = found(faulty)
    assert made.settings["feed"] == blog.url + FEED
    assert made.settings["comments"] == blog.url + COMMENTS
    assert made.account == SITE
    assert [a.path for a in faulty.asked()] == ["/", FEED]  # no more than needed, nothing guessed


def test_the_address_of_a_feed_will_do(faulty: Faulty, blog: MadeBlog) -> None:
    made = found(faulty, FEED)
    assert made.settings["feed"] == blog.url + FEED
    assert "comments" not in made.settings


@pytest.mark.parametrize(
    "head",
    [
        "<LINK REL='alternate' TYPE='application/rss+xml' HREF='../deep/feed.xml'>",
        "<base href='/deep/'><link rel=alternate type=application/atom+xml href=feed.xml>",
        "<link href='/deep/feed.xml' type='application/feed+json; charset=utf-8' rel='home  alternate' />",
        "<!-- <link rel='alternate' type='application/rss+xml' href='/old'> --><link rel='alternate' type='application/rss+xml' href='/deep/feed.xml'>",
        "<script>'<link rel=\"alternate\" type=\"application/rss+xml\" href=\"/old\">'</script><link rel='alternate' type='application/rss+xml' href='/deep/feed.xml'>",
        "</head><body><link rel='alternate' type='application/rss+xml' href='/deep/feed.xml'>",
        "<link rel='alternate' type='application/json' href='/wp-json/'><link rel='alternate' type='application/rss+xml' href='/deep/feed.xml#top'>",
        "<link rel='alternate' type='application/rss+xml' title='Kommentare' href='/k'><link rel='alternate' type='application/rss+xml' href='/deep/feed.xml'>",
        "<link rel='alternate' type='application/rss+xml' href='https://other.example/@anna.rss'><link rel='alternate' type='application/rss+xml' href='/deep/feed.xml'>",
    ],
)  # fmt: skip
def test_odd_pages_name_their_feed_too(faulty: Faulty, blog: MadeBlog, head: str) -> None:
    faulty.answer("/blog/page", page(head))
    faulty.answer("/deep/feed.xml", good(rss("")))
    assert found(faulty, "/blog/page").settings["feed"] == f"{blog.url}/deep/feed.xml"
    assert [a.path for a in faulty.asked()] == ["/blog/page", "/deep/feed.xml"]


def test_of_several_feeds_the_first_that_is_one_is_taken_and_the_others_are_told(
    faulty: Faulty, blog: MadeBlog
) -> None:
    links = ("/none", FEED, "/podcast")
    faulty.answer(
        "/", page("".join(f"<link rel=alternate type=application/rss+xml href='{x}'>" for x in links))
    )
    told: list[str] = []
    who = replace(labs.asked(blog.url, private="1"), tell=told.append)
    made = living_named("blog").connect(who)
    assert made.connection.settings["feed"] == blog.url + FEED
    assert "/podcast" in told[0]


def test_of_two_feeds_of_comments_that_of_the_whole_blog_is_taken(faulty: Faulty, blog: MadeBlog) -> None:
    links = ("/feed/", "/2026/ein-beitrag/feed/", "/comments/feed/")
    titles = ("Anna", "Anna » Ein Beitrag Kommentar-Feed", "Anna » Kommentar-Feed")
    head = (
        f"<link rel=alternate type=application/rss+xml title='{t}' href='{x}'>"
        for t, x in zip(titles, links, strict=True)
    )
    faulty.answer("/2026/ein-beitrag/", page("".join(head)))
    assert found(faulty, "/2026/ein-beitrag/").settings["comments"] == blog.url + "/comments/feed/"


def test_a_feed_at_another_host_is_as_good_as_one_of_the_own() -> None:
    links = ("https://feeds.other.example/anna", "/podcast.xml")
    head = "".join(f"<link rel=alternate type=application/rss+xml href='{x}'>" for x in links)
    assert named_in(head.encode(), url=SITE).posts(SITE)[0].url == links[0]


TAGS = st.sampled_from(["<link ", "rel=", "alternate", "'", '"', ">", "<", "<!--", "-->", "<script>", "</script", "href=",
                        "type=application/rss+xml ", "/feed ", "https://[::", "<base ", "<body>", "&#x0;", "\x00", "ä"])  # fmt: skip


@given(st.lists(TAGS, max_size=60).map("".join), st.binary(max_size=50))
def test_whatever_a_page_holds_only_web_addresses_come_out(text: str, tail: bytes) -> None:
    named = named_in(text.encode() + tail, url="https://anna.example/x")
    assert all(f.url.startswith(("https://", "http://")) and f.url.isprintable() for f in named.feeds)


def test_a_page_costs_no_more_than_its_head() -> None:
    link = b"<link rel=alternate type=application/rss+xml href='/late'>"
    assert named_in(b" " * LONGEST_HEAD + link, url=SITE).feeds == ()
    assert len(named_in(link + b"<link " * (4 << 20), url=SITE).feeds) == 1


@given(st.sampled_from(["https://www.a.example", "https://a.example"]), st.text(max_size=20))
def test_one_spelling_is_the_end_of_it(account: str, rest: str) -> None:
    blog = Blog(account=account, pages="https://a.example")
    for text in (
        f"https://www.a.example{rest}",
        f"https://a.example/{rest}",
        rest,
        f"other:a.example:guest:{rest}",
    ):
        assert blog.page(blog.page(text)) == blog.page(text)
        assert blog.who(blog.who(text)) == blog.who(text)
    assert blog.page("https://www.a.example/x") == "https://a.example/x"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (page("<title>no feed</title>"), "neither a feed nor"),
        (good(b"", kind="text/html"), "neither a feed nor"),
        (good(b"\x89PNG\r\n" + bytes(range(256)) * 40, kind="image/png"), "neither a feed nor"),
        (good(b"<html>" + b"<p>lang</p>" * (20 << 20 >> 3), kind="text/html"), "longer than"),
        (page("<link rel=alternate type=application/rss+xml href=/404>"), "404"),
        (page("<link rel=alternate type=application/rss+xml href=/>"), "neither a feed nor"),
        (good(b'{"version":"https://jsonfeed.org/version/1.1","items":[{'), "cut off"),
        (good(b"", status=401), "password"),
        (good(b"", status=403), "403"),
    ],
)
def test_where_there_is_no_feed_it_is_said_with_what_to_do(
    faulty: Faulty, blog: MadeBlog, answer: Answer, said: str
) -> None:
    faulty.answer("/", answer)
    with pytest.raises(SourceError, match=said) as caught:
        found(faulty)
    assert caught.value.message.startswith(blog.url) or "cut off" in said
    assert caught.value.hint or "cut off" in said


@pytest.mark.parametrize("to", ["https://127.0.0.1:9/feed", "https://10.0.0.1/", "https://[::1]/"])
def test_a_redirect_into_the_own_network_is_not_followed(faulty: Faulty, blog: MadeBlog, to: str) -> None:
    faulty.answer("/", faults.redirect(to))
    with pytest.raises(ForbiddenAddressError):
        found(faulty)
    assert len(faulty.asked()) == 1
    assert blog.asked == 0


@pytest.mark.parametrize(
    "to", ["https://127.0.0.1:9/feed", "http://127.0.0.1:9/feed", "https://192.168.1.1/rss"]
)
def test_a_page_cannot_lead_into_the_own_network(faulty: Faulty, blog: MadeBlog, to: str) -> None:
    faulty.answer("/", page(f"<link rel=alternate type=application/rss+xml href='{to}'>"))
    with pytest.raises((ForbiddenAddressError, InsecureAddressError)):
        found(faulty)
    assert blog.asked == 0


def test_a_feed_cannot_lead_into_the_own_network(lab: Lab, blog: MadeBlog) -> None:
    connect(lab, blog)
    more = '<atom:link rel="next" href="https://127.0.0.1:9/feed"/>'
    item = f"<item><title>T</title><link>{SITE}/t</link></item>"
    blog.server.answer(FEED, good(rss(item, more=more)))
    assert "private network" in labs.failures([sync(lab)])[0]
    assert list(labs.posts(lab)) == [f"{SITE}/t"]


@pytest.mark.parametrize("where", ["", " ", "anna", "not a blog", "ftp://anna.example", "https://a:b@anna.example",
                                   "@anna@example.social", "javascript:alert(1)", "https://[::"])  # fmt: skip
def test_what_is_no_address_is_said(where: str) -> None:
    with pytest.raises(UsageError, match="no address"):
        living_named("blog").connect(labs.asked(where))


def test_a_feed_of_comments_is_not_the_blog(faulty: Faulty, blog: MadeBlog) -> None:
    blog.comments = [("Ben", 1)]
    with pytest.raises(SourceError, match="feed of comments"):
        found(faulty, COMMENTS)


def test_the_account_is_the_one_whose_posts_the_feed_has(lab: Lab, blog: MadeBlog) -> None:
    item = "<item><title>T</title><link>https://anna.example/t</link></item>"
    blog.server.answer(FEED, good(rss(item, link="http://www.anna.example/")))
    (shown,) = living_named("blog").connect(labs.asked(blog.url, private="1")).events
    assert isinstance(shown, Account)
    assert (shown.own, shown.aliases) == (True, ("https://anna.example",))
    assert connect(lab, blog).account == "https://www.anna.example"
    sync(lab)
    with lab.tables(as_of=labs.now()) as tables:
        rows = tables.arrow("select post from posts where account in (select account from own)").to_pylist()
    assert [r["post"] for r in rows] == ["https://anna.example/t"]


# -- keeping in sync


def test_posts_comments_and_webmentions_come_into_the_lab(lab: Lab, blog: MadeBlog) -> None:
    blog.comments = [("Ben", 1), ("Carla", 2)]
    blog.mentions = [
        mention(1),
        mention(2, kind="repost-of"),
        mention(3, kind="in-reply-to", target="http://www.anna.example/3", content={"text": "So ist es."}),
        mention(4, kind="mention-of"),
        mention(5, target="https://another-site.example/1"),
        {**mention(6), "wm-private": True},
        {**mention(7), "author": {"name": "Anna", "url": "https://www.anna.example"},
         "url": "https://www.anna.example/9", "wm-source": "https://www.anna.example/9"},
    ]  # fmt: skip
    connect(lab, blog, key=KEY)
    outcome = sync(lab)
    assert (outcome.failures, outcome.problems) == ([], 0)
    own = {n: t for n, t in labs.posts(lab).items() if n in blog.names()}
    assert own == blog.names()
    assert labs.acts(lab) == [
        ("like", "https://leser1.example", SITE, f"{SITE}/1"),
        ("mention", "https://leser4.example", SITE, "https://leser4.example/4"),
        ("reply", "https://leser3.example", SITE, "https://leser3.example/3"),
        ("reply", "other:anna.example:guest:ben", SITE, f"{SITE}/1#comment-1"),
        ("reply", "other:anna.example:guest:carla", SITE, f"{SITE}/2#comment-2"),
        ("reshare", "https://leser2.example", SITE, f"{SITE}/1"),
    ]
    with lab.tables(as_of=labs.now()) as tables:
        answered = tables.arrow("select post from acts where kind = 'reply' order by post").to_pylist()
    assert [r["post"] for r in answered] == [f"{SITE}/1", f"{SITE}/2", f"{SITE}/3"]


def test_the_second_time_nothing_is_new_and_the_unchanged_is_not_sent_again(lab: Lab, blog: MadeBlog) -> None:
    blog.comments, blog.mentions = [("Ben", 1)], [mention(n) for n in range(1, 31)]
    connect(lab, blog, key=KEY)
    sync(lab)
    before = len(blog.server.asked())
    outcome = sync(lab)
    assert outcome.failures == []
    assert not any((*outcome.new.values(), *outcome.changed.values()))
    again = blog.server.asked()[before:]
    assert [a.path for a in again] == [FEED, COMMENTS, MENTIONS, MENTIONS]
    assert all(a.headers["if-none-match"] for a in again[:2])


@pytest.mark.parametrize("undated", [True, False])
def test_a_server_without_etags_gives_nothing_new_either(lab: Lab, blog: MadeBlog, *, undated: bool) -> None:
    blog.tags = False
    if undated:
        items = "".join(f"<item><title>T{n}</title><link>{SITE}/{n}</link></item>" for n in range(3))
        blog.server.answer(FEED, *(good(rss(items, more=f"<ttl>{n}</ttl>")) for n in range(3)))
    connect(lab, blog)
    first = sync(lab)
    assert first.new["posts"] == (3 if undated else 5)
    again = sync(lab)
    seen = {"sightings"} if undated else set()  # the feed has changed, if not in its posts
    assert not any(c for n, c in (*again.new.items(), *again.changed.items()) if n not in seen)
    assert len(labs.posts(lab)) == (3 if undated else 5)


def test_last_modified_will_do_where_there_is_no_etag(lab: Lab, blog: MadeBlog) -> None:
    when = "Sun, 01 Mar 2026 08:00:00 GMT"
    blog.server.answer(FEED, good(rss(""), headers={"Last-Modified": when}))
    connect(lab, blog)
    sync(lab)
    sync(lab)
    assert [a.headers.get("if-modified-since") for a in blog.server.asked(FEED)] == [None, None, when]


def test_a_feed_that_was_cut_off_is_asked_for_again(lab: Lab, blog: MadeBlog) -> None:
    connect(lab, blog)
    items = "".join(f"<item><title>T{n}</title><link>{SITE}/{n}</link></item>" for n in range(4))
    whole = rss(items)
    cut = whole[: whole.index(b"<title>T3") + 6]
    blog.server.answer(FEED, good(cut, headers={"ETag": '"half"'}), good(whole))
    assert sync(lab).problems == 1
    assert sync(lab).new["posts"] == 4 - 3
    assert "if-none-match" not in blog.server.asked(FEED)[-1].headers
    assert len(labs.posts(lab)) == 4


@pytest.mark.parametrize("how", ["linked", "wordpress"])
@pytest.mark.parametrize("count", [1, 10, 11, 57])
def test_older_posts_are_read_once_where_the_blog_tells_them(
    lab: Lab, blog: MadeBlog, how: str, count: int
) -> None:
    blog.how, blog.count = how, count
    connect(lab, blog)
    assert labs.failures([sync(lab)]) == []
    assert labs.posts(lab) == blog.names()
    blog.count += 3
    before = blog.asked
    sync(lab)
    assert labs.posts(lab) == blog.names()
    assert blog.asked == before + 1


def test_what_came_while_nobody_asked_for_long_is_not_left_out(lab: Lab, blog: MadeBlog) -> None:
    blog.how, blog.count = "wordpress", 10
    connect(lab, blog)
    sync(lab)
    blog.count = 64
    sync(lab)
    assert labs.posts(lab) == blog.names()


def test_another_feed_of_the_same_blog_is_read_from_its_beginning(lab: Lab, blog: MadeBlog) -> None:
    blog.count = 57
    connect(lab, blog)
    sync(lab)
    blog.how = "linked"
    blog.server.answer("/other.xml", computed(blog.feed))
    assert connect(lab, blog, where=blog.url + "/other.xml").id == "blog"
    sync(lab)
    assert labs.posts(lab) == blog.names()


def test_of_a_blog_that_is_not_wordpress_no_older_pages_are_guessed(lab: Lab, blog: MadeBlog) -> None:
    blog.count = 57
    connect(lab, blog)
    sync(lab)
    assert len(labs.posts(lab)) == blog.shown
    assert all(not a.query for a in blog.server.asked())


def test_older_comments_of_wordpress_are_not_asked_for_by_page(lab: Lab, blog: MadeBlog) -> None:
    item = f"<item><link>{SITE}/1#comment-1</link><dc:creator>Ben</dc:creator><description>Ja</description></item>"
    program = "<generator>https://wordpress.org/?v=6.9</generator>"
    blog.server.answer(COMMENTS, good(rss(item, more=program)))
    connect(lab, blog)
    sync(lab)
    assert [a[0] for a in labs.acts(lab)] == ["reply"]
    assert len(blog.server.asked(COMMENTS)) == 1  # it has no such pages: each would be the first again


def test_archived_and_json_feeds_tell_where_older_posts_are(lab: Lab, blog: MadeBlog) -> None:
    def entry(n: int) -> str:
        at = f"2026-03-0{n}T08:00:00Z"
        return (
            f"<entry><id>{SITE}/{n}</id><title>T{n}</title><link href='/{n}'/><published>{at}</published>"
            f"<updated>{at}</updated></entry>"
        )

    head = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title><link href='{SITE}'/>"
    blog.server.answer(FEED, good(f"{head}<link rel='prev-archive' href='/a/2'/>{entry(3)}</feed>".encode()))
    blog.server.answer("/a/2", good(f"{head}<link rel='prev-archive' href='1'/>{entry(2)}</feed>".encode()))
    last = {
        "version": "https://jsonfeed.org/version/1.1", "home_page_url": SITE, "next_url": f"{blog.url}/a/0",
        "items": [{"id": "1", "url": f"{SITE}/1", "title": "T1", "date_published": "2026-03-01T08:00:00Z"}],
    }  # fmt: skip
    blog.server.answer("/a/1", good(last))
    connect(lab, blog)
    assert labs.failures([sync(lab)]) == []  # the last page is not there: then that was all
    assert sorted(labs.posts(lab)) == [f"{SITE}/{n}" for n in (1, 2, 3)]


@pytest.mark.parametrize("pages", [("/feed/",), ("/feed/?page=2",), ("/a", "/b"), ("/a", "/feed/")])
def test_pages_that_lead_round_and_round_come_to_an_end(
    lab: Lab, blog: MadeBlog, pages: tuple[str, ...]
) -> None:
    connect(lab, blog)
    for here, there in itertools.pairwise((FEED, *pages, pages[0])):
        more = f'<atom:link rel="next" href="{blog.url}{there}"/>'
        item = f"<item><title>T</title><link>{SITE}{here}</link></item>"
        blog.server.answer(here.partition("?")[0], good(rss(item, more=more)))
    before = len(blog.server.asked())
    assert labs.failures([sync(lab)]) == []
    assert len(blog.server.asked()) <= before + 1 + 3


def test_pages_without_end_come_to_an_end(lab: Lab, blog: MadeBlog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leumund.sources.blog_feeds.MOST_PAGES", 30)
    blog.how, blog.count, blog.shown = "linked", 200, 2
    connect(lab, blog)
    sync(lab)
    sync(lab)
    assert len(labs.posts(lab)) == 60


def test_what_vanishes_from_the_feed_stays_in_the_lab(lab: Lab, blog: MadeBlog) -> None:
    connect(lab, blog)
    sync(lab)
    blog.server.answer(FEED, good(rss(f"<item><title>Neu</title><link>{SITE}/neu</link></item>")))
    sync(lab)
    assert labs.posts(lab).keys() == {*blog.names(), f"{SITE}/neu"}


def test_an_edited_post_is_seen(lab: Lab, blog: MadeBlog) -> None:
    item = f"<item><title>{{}}</title><link>{SITE}/t</link><pubDate>Sun, 01 Mar 2026 08:00:00 GMT</pubDate></item>"
    blog.server.answer(FEED, *(good(rss(item.format(title))) for title in ("Alt", "Alt", "Neu")))
    connect(lab, blog)
    sync(lab)
    assert sync(lab).changed["posts"] == 1
    assert labs.posts(lab) == {f"{SITE}/t": "Neu"}


def test_a_comment_that_answers_nothing_is_no_post_of_the_owner(lab: Lab, blog: MadeBlog) -> None:
    blog.comments = [("Ben", 1)]
    connect(lab, blog)
    items = f"<item><title>Ohne Bezug</title><link>{SITE}/irgendwo</link></item>"
    blog.server.answer(COMMENTS, good(rss(items, title="Kommentare")))
    assert sync(lab).problems == 1
    assert labs.posts(lab) == blog.names()


def test_without_a_key_and_without_comments_the_rest_is_read_and_that_is_said(
    blog: MadeBlog, lab: Lab
) -> None:
    connect(lab, blog, where=blog.url + FEED)
    outcome = sync(lab)
    assert outcome.failures == []
    assert labs.posts(lab) == blog.names()
    notes = {r.stream: r.note for r in connections.reaches(lab.register)}
    assert "no key of webmention.io" in notes["webmentions"]
    assert "names no feed" in notes["comments"]
    assert blog.server.asked(MENTIONS) == blog.server.asked(COMMENTS) == []


def test_the_feed_of_another_site_is_a_problem(lab: Lab, blog: MadeBlog) -> None:
    connect(lab, blog)
    item = "<item><title>Kaufen</title><link>https://casino.example/1</link></item>"
    blog.server.answer(FEED, good(rss(item, link="https://casino.example")))
    assert sync(lab).problems == 1
    with lab.tables(as_of=labs.now()) as tables:
        mine = "select post from posts where account in (select account from own)"
        assert tables.arrow(mine).num_rows == 0


# -- webmentions


@pytest.mark.parametrize("count", [0, 1, 19, 20, 99, 100, 101, 250])
def test_all_webmentions_are_read_page_by_page_and_then_the_new_ones(
    lab: Lab, blog: MadeBlog, count: int
) -> None:
    blog.mentions = [mention(n) for n in range(5_000, 5_000 + count)]
    connect(lab, blog, key=KEY)
    sync(lab)
    assert len(labs.acts(lab)) == count
    blog.mentions += [mention(n) for n in range(9_000, 9_003)]
    before = len(blog.server.asked(MENTIONS))
    assert sync(lab).new["acts"] == 3
    asked = blog.server.asked(MENTIONS)[before:]
    assert count == 0 or int(asked[0].one("since_id") or 0) == 5_000 + count - 1 - 1_000
    assert len(labs.acts(lab)) == count + 3


def test_mentions_told_a_little_late_are_not_missed(lab: Lab, blog: MadeBlog) -> None:
    blog.mentions = [mention(5_001), mention(5_003)]
    connect(lab, blog, key=KEY)
    sync(lab)
    blog.mentions.insert(1, mention(5_002))
    assert sync(lab).new["acts"] == 1


def test_a_receiver_that_cannot_page_comes_to_an_end(lab: Lab, blog: MadeBlog) -> None:
    told = {"type": "feed", "children": [mention(n) for n in range(50)]}
    blog.server.answer(MENTIONS, good(told))
    connect(lab, blog, key=KEY)
    sync(lab)
    assert len(labs.acts(lab)) == 50
    assert len(blog.server.asked(MENTIONS)) == 3


def test_odd_mentions_are_problems_and_the_others_are_read(lab: Lab, blog: MadeBlog) -> None:
    connect(lab, blog, key=KEY)
    odd = [
        {"wm-id": "x"},
        {**mention(2), "wm-property": "stares-at"},
        {**mention(3), "wm-target": 7},
        "nonsense",
        None,
    ]
    blog.server.answer(MENTIONS, good({"children": [*odd, mention(9)]}))
    outcome = sync(lab)
    assert (len(outcome.failures), outcome.problems) == (0, 5)
    assert [a[1] for a in labs.acts(lab)] == ["https://leser9.example"]


def test_a_wrong_key_is_said_at_once_and_nothing_is_kept(lab: Lab, blog: MadeBlog) -> None:
    with pytest.raises(SourceError, match="does not know the key") as caught:
        connect(lab, blog, key="a-wrong-key")
    assert "a-wrong-key" not in caught.value.message + caught.value.hint
    assert connections.all_connections(lab.register) == []
    with pytest.raises(UsageError, match="no server"):
        found(blog.server, token="1", server="ftp://x")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 418, 500])
def test_the_key_stands_in_no_message_and_no_file_of_the_lab(lab: Lab, blog: MadeBlog, status: int) -> None:
    connect(lab, blog, key=KEY)
    told = {"error": "bad", "error_description": f"the token {KEY} is bad", "token": KEY}
    blog.server.answer(MENTIONS, good(told, status=status))
    outcome = sync(lab)
    assert len(outcome.failures) == 1
    assert KEY not in repr(outcome) + " ".join(f.message + f.hint for f in outcome.failures)
    assert labs.posts(lab) == blog.names()
    files = [file for file in lab.folder.rglob("*") if file.is_file()]
    assert len(files) > 2
    assert all(KEY.encode() not in file.read_bytes() for file in files)


def test_the_key_goes_to_the_receiver_alone(lab: Lab, blog: MadeBlog) -> None:
    connect(lab, blog, key=KEY)
    sync(lab)
    others = [a for a in blog.server.asked() if a.path != MENTIONS]
    assert len(others) > 3
    assert all(KEY not in json.dumps([dict(a.headers), dict(a.query)]) for a in others)


# -- whatever goes wrong

BAD: dict[str, Answer] = {
    "reset": faults.reset(),
    "cut off": faults.cut_off([1, 2, 3, 4], after=6),
    "truncated JSON": faults.malformed([1, 2, 3, 4], after=6),
    "stall": faults.stalled(),
    "503": faults.broken(503),
    "429 with a span": faults.limited({"Retry-After": "0"}),
    "429 for hours": faults.limited({"Retry-After": "9999"}),
    "a page for people": faults.wrongly_labelled(),
    "no HTTP": faults.not_http(),
    "endless": faults.endless(),
    "huge headers": faults.huge_headers(),
    "blown up": faults.blown_up(64 << 20),
    "401": good(b"", status=401),
    "404": good(b"", status=404),
    "304 unasked": good(b"", status=304),
    "nothing": good(b""),
}


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("number", [1, 3])
def test_a_fault_costs_nothing(lab: Lab, blog: MadeBlog, kind: str, number: int) -> None:
    blog.how, blog.count = "linked", 35
    connect(lab, blog)
    blog.asked = 0
    gone = kind == "404" and number == 3  # an older page that is not there is the end, not a fault
    blog.before = lambda asked: BAD[kind] if asked == number else None
    for _attempt in range(4):
        if not labs.failures([sync(lab)]):
            break
    else:
        pytest.fail("it never came to its end")
    assert labs.posts(lab) == (dict(list(blog.names().items())[-20:]) if gone else blog.names())


@pytest.mark.parametrize("path", [FEED, COMMENTS, MENTIONS])
@pytest.mark.parametrize("kind", ["404", "429 for hours", "401", "a page for people", "503"])
def test_one_that_fails_does_not_keep_the_others(lab: Lab, blog: MadeBlog, path: str, kind: str) -> None:
    blog.comments, blog.mentions = [("Ben", 1)], [mention(1)]
    connect(lab, blog, key=KEY)
    blog.server.answer(path, BAD[kind])
    outcome = sync(lab)
    assert len(outcome.failures) == 1
    assert len(labs.posts(lab)) + len(labs.acts(lab)) == {FEED: 3, COMMENTS: 6, MENTIONS: 7}[path]


def test_bursts_of_faults_cost_nothing(lab: Lab, blog: MadeBlog) -> None:
    draw = random.Random(3)
    bad = [BAD[k] for k in ("reset", "503", "truncated JSON", "cut off", "no HTTP", "429 with a span")]
    blog.how, blog.count, blog.mentions = "wordpress", 85, [mention(n) for n in range(1, 701)]
    connect(lab, blog, key=KEY)
    blog.before = lambda _number: draw.choice(bad) if draw.random() < 0.4 else None
    for _attempt in range(30):
        if not labs.failures([sync(lab)]):
            break
    blog.before = lambda _number: None
    assert labs.failures([sync(lab)]) == []
    assert labs.posts(lab) == blog.names()
    assert len(labs.acts(lab)) == 700


def test_interrupted_at_any_page_it_goes_on_there(lab: Lab, blog: MadeBlog) -> None:
    blog.how, blog.count, blog.mentions = "linked", 45, [mention(n) for n in range(1, 451)]
    connect(lab, blog, key=KEY)
    for stop_at in range(1, 6):
        seen = 0

        def interrupt(step: syncing.Step) -> None:
            nonlocal seen
            seen += step.state == "reading" and step.rows > 0
            if seen == stop_at:  # noqa: B023  it is done before the next turn
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            labs.sync(lab, say=interrupt, stop=labs.Impatient())
        blog.count += 2
        blog.mentions.append(mention(2_000 + stop_at))
    assert labs.failures([sync(lab)]) == []
    assert labs.posts(lab) == blog.names()
    assert len(labs.acts(lab)) == 455


def test_killed_at_any_moment_it_goes_on(lab: Lab, blog: MadeBlog) -> None:
    draw = random.Random(7)
    blog.how, blog.count, blog.mentions = "wordpress", 60, [mention(n) for n in range(1, 901)]
    connect(lab, blog, key=KEY)
    command = [sys.executable, "-m", "leumund", "sync", "--lab", str(lab.folder)]
    killed = 0
    for _run in range(5):
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ.copy()
        )
        try:
            process.wait(draw.uniform(1.0, 3.0))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            killed += process.wait() != 0
        blog.count += 1
    assert killed > 1
    assert labs.failures([sync(lab)]) == []
    assert labs.posts(lab) == blog.names()
    assert len(labs.acts(lab)) == 900


# -- on the command line


def run(*command: str, typed: str = "") -> str:
    outcome = CliRunner().invoke(app, list(command), input=typed)
    assert outcome.exit_code == 0, (outcome.output, outcome.exception)
    return outcome.output


def test_the_whole_way_on_the_command_line(blog: MadeBlog, at_home: Path) -> None:
    blog.comments, blog.mentions = [("Ben", 1)], [mention(1)]
    told = run(
        "connect", "blog", blog.url, "--private-server", "--token", "--server", blog.url, typed=KEY + "\n"
    )
    assert SITE in told
    assert KEY not in told
    assert "6 posts" in run("sync")
    assert "Nothing new" in run("sync")
    assert "who follows the feed" in run("coverage")
    run("connect", "blog", blog.url, "--private-server")  # again, without a key: the known one stays
    blog.mentions.append(mention(2))
    assert "1 act" in run("sync")
    site = at_home / "site"
    run("widget", "build", "--out", str(site), "--posts", "50")
    shown = (site / "widget.html").read_text().count("<li>")
    assert shown == 5  # the sixth is a comment
    assert "homepage" not in run("sync")
    blog.count += 1
    assert "The posts for your homepage are new" in run("sync")
    assert (site / "widget.html").read_text().count("<li>") == 6
    run("disconnect", "blog")
    assert KEY not in (at_home / "secrets.json").read_text()


def test_where_the_page_names_the_receiver_the_way_to_read_it_is_told(faulty: Faulty, blog: MadeBlog) -> None:
    faulty.answer(
        "/",
        page(
            "<link rel=webmention href='https://webmention.io/anna.example/webmention'><link rel=alternate type=application/rss+xml href=/feed/>"
        ),
    )
    assert "--token" in run("connect", "blog", blog.url, "--private-server")


def test_a_blog_without_encryption_needs_the_owners_word(blog: MadeBlog) -> None:
    outcome = CliRunner().invoke(app, ["connect", "blog", blog.url])
    assert isinstance(outcome.exception, LeumundError)
    assert blog.server.asked() == []
