"""Reading a list that grows at its top: everything once it is there, whatever interrupts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.errors import EndlessListError, ServerUnreachableError
from leumund.sources import Cursor, Page, walking
from leumund.sources.walking import Listing, walk

START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2027, 1, 1, tzinfo=UTC)


class Server:
    """A list of numbers, the newest (largest) first, a few on each page. asked: how often."""

    def __init__(self, *items: int, size: int = 3) -> None:
        self.items, self.size, self.asked = list(items), size, 0

    def ask(self, place: str | None) -> Listing:
        self.asked += 1
        below = [i for i in sorted(self.items, reverse=True) if place is None or i < int(place)]
        page, rest = below[: self.size], below[self.size :]
        return Listing(
            data=json.dumps(page).encode(),
            ids=tuple(str(i) for i in page),
            times=tuple(START + timedelta(hours=i) for i in page),
            next=str(page[-1]) if rest else None,
        )


def made(data: bytes, position: object) -> Page:
    return Page(kind="numbers", where="here", data=data, position=position)  # type: ignore[arg-type]


def read(
    server: Server, cursor: Cursor, *, pages: int = 10**6, again: timedelta = timedelta(0)
) -> tuple[list[int], Cursor]:
    """What a walk of so many pages gives, and where to go on."""
    found: list[int] = []
    for number, page in enumerate(walk(cursor, server.ask, made, at=NOW, again=again), start=1):
        found += json.loads(page.data)
        cursor = page.position
        if number == pages:
            break
    return found, cursor


def test_the_first_walk_reads_all_and_the_second_what_is_new() -> None:
    server = Server(*range(100, 120))
    found, cursor = read(server, None)
    assert sorted(found) == list(range(100, 120))
    server.items += [120, 121]
    server.asked = 0
    found, cursor = read(server, cursor)
    assert set(found) >= {120, 121}
    assert server.asked == 1


def test_new_things_come_before_the_rest_of_an_interrupted_history() -> None:
    server = Server(*range(100, 130))
    first, cursor = read(server, None, pages=2)
    server.items += [130, 131]
    second, _cursor = read(server, cursor)
    assert second[:2] == [131, 130]
    assert set(first) | set(second) == set(range(100, 132))


def test_what_was_newest_may_be_gone_and_the_walk_still_ends() -> None:
    server = Server(*range(100, 200))
    _found, cursor = read(server, None)
    server.items = [i for i in server.items if i < 198] + [200]
    server.asked = 0
    found, _cursor = read(server, cursor)
    assert found[0] == 200
    assert server.asked < 34  # two days further down at most, not the whole history


def test_looking_again_goes_below_what_is_known() -> None:
    server = Server(*range(100, 1000), size=50)
    _found, cursor = read(server, None)
    found, _cursor = read(server, cursor, again=timedelta(days=10))
    assert min(found) <= 999 - 240
    assert min(found) > 600


def test_a_server_that_always_gives_the_same_page_is_left() -> None:
    page = Listing(data=b"[1]", ids=("1",), times=(START,), next="again")
    pages = list(walk(None, lambda _place: page, made, at=NOW))
    assert [p.data for p in pages] == [b"[1]", b"[]"]
    assert pages[-1].position["gaps"] == "[]"


def test_a_server_that_gives_empty_pages_for_ever_is_left() -> None:
    counter = iter(range(10**6))
    pages = list(
        walk(
            None, lambda _place: Listing(data=b"[]", ids=(), times=(), next=str(next(counter))), made, at=NOW
        )
    )
    assert len(pages) < 10


def test_a_history_that_breaks_does_not_keep_new_things_away() -> None:
    server = Server(*range(100, 130))
    _found, cursor = read(server, None, pages=2)
    server.items += [130]

    def broken(place: str | None) -> Listing:
        if place is not None and int(place) < 120:
            raise ServerUnreachableError("a.example", "it is broken")
        return server.ask(place)

    pages: list[Page] = []
    with pytest.raises(ServerUnreachableError):
        pages.extend(walk(cursor, broken, made, at=NOW))
    found = [i for page in pages for i in json.loads(page.data)]
    assert 130 in found
    cursor = pages[-1].position
    rest, _cursor = read(server, cursor)
    assert set(found) | set(rest) >= set(range(100, 124))


@given(
    st.lists(st.tuples(st.integers(0, 7), st.integers(1, 6), st.booleans()), min_size=1, max_size=12),
    st.integers(1, 5),
)
def test_whatever_is_interrupted_in_the_end_everything_was_read(
    runs: list[tuple[int, int, bool]], size: int
) -> None:
    server = Server(*range(10), size=size)
    seen: set[int] = set()
    cursor: Cursor = None
    newest = 9
    for added, pages, breaks in runs:
        server.items += range(newest + 1, newest + 1 + added)
        newest += added
        asked = 0

        def ask(place: str | None, *, breaks: bool = breaks) -> Listing:
            nonlocal asked
            asked += 1
            if breaks and asked == 3:
                raise ServerUnreachableError("a.example", "it is broken")
            return server.ask(place)

        try:
            for number, page in enumerate(walk(cursor, ask, made, at=NOW), start=1):
                seen |= set(json.loads(page.data))
                cursor = page.position
                if number == pages:
                    break
        except ServerUnreachableError:
            pass
    rest, _cursor = read(server, cursor)
    assert seen | set(rest) == set(server.items)


def endless(place: str | None) -> Listing:
    """A list that always has something new further down."""
    number = int(place or 0)
    at = START - timedelta(minutes=number)
    return Listing(data=json.dumps([number]).encode(), ids=(str(number),), times=(at,), next=str(number + 1))


def test_a_list_that_never_ends_is_left_after_much_more_than_the_server_counts_and_gone_on_with() -> None:
    pages: list[Page] = []
    with pytest.raises(EndlessListError) as caught:
        pages.extend(walk(None, endless, made, at=NOW, counted=10))
    assert 2_000 < len(pages) < 2_100
    assert str(len(pages)) in caught.value.message
    further: list[Page] = []
    with pytest.raises(EndlessListError):
        further.extend(walk(pages[-1].position, endless, made, at=NOW, counted=10))
    first = {n for p in pages for n in json.loads(p.data)}
    second = {n for p in further for n in json.loads(p.data)}
    assert len(second - first) > 1_900  # not the same again


def test_whatever_a_server_counts_there_is_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "_MOST_PAGES", 50)
    pages: list[Page] = []
    with pytest.raises(EndlessListError):
        pages.extend(walk(None, endless, made, at=NOW, counted=2**31 - 1))
    assert len(pages) == 50
    assert json.loads(str(pages[-1].position["gaps"])) == [["50", None, None]]


def test_a_long_list_that_is_as_long_as_the_server_says_is_read_to_its_end() -> None:
    server = Server(*range(9_000), size=100)
    pages = list(walk(None, server.ask, made, at=NOW, counted=9_000))
    assert sum(len(json.loads(p.data)) for p in pages) == 9_000


def test_what_claims_to_be_of_later_than_the_reading_is_not_taken_for_read() -> None:
    server = Server(*range(100, 110))
    early = START + timedelta(hours=50)
    (*_pages, last) = walk(None, server.ask, made, at=early)
    assert last.position["top_at"] == early.isoformat()
