"""Requests that cost money: each try is paid for before it is sent, and told how it ended."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leumund.errors import BudgetSpentError, ServerUnreachableError
from leumund.http import Answer, Client
from leumund.http.addresses import place
from tests.client.test_client import client
from tests.servers import faults
from tests.servers.faulty import Faulty, good


class Purse:
    """Notes what is paid and how it ended. most: so often it pays."""

    def __init__(self, most: int = 99) -> None:
        self.most, self.paid, self.ended = most, 0, list[int | None]()

    def pay(self, _url: str) -> Callable[[Answer | None], None]:
        if self.paid == self.most:
            raise BudgetSpentError("$1", "$1")
        self.paid += 1
        return lambda answer: self.ended.append(answer.status if answer else None)


def test_every_try_is_paid_for_and_a_lost_answer_is_never_settled(faulty: Faulty) -> None:
    purse = Purse()
    faulty.answer("/a", faults.broken(503), faults.hung_up(), good([1]))
    assert client(faulty, pay=purse.pay).get(f"{faulty.url}/a").json() == [1]
    assert (purse.paid, purse.ended) == (3, [503, 200])


def test_each_hop_of_a_redirect_is_paid_for(faulty: Faulty) -> None:
    purse = Purse()
    faulty.answer("/a", faults.redirect("/b"))
    faulty.answer("/b", good([1]))
    client(faulty, pay=purse.pay).get(f"{faulty.url}/a")
    assert (purse.paid, purse.ended) == (2, [302, 200])


def test_what_is_not_paid_for_is_not_sent(faulty: Faulty) -> None:
    purse = Purse(most=1)
    faulty.answer("/a", faults.broken(503))
    with pytest.raises(BudgetSpentError):
        client(faulty, pay=purse.pay).get(f"{faulty.url}/a")
    assert len(faulty.asked("/a")) == 1


def test_where_nobody_answers_nothing_was_sent() -> None:
    purse = Purse()
    nobody = "http://127.0.0.1:9"
    lonely = Client(origin=nobody, allowed=frozenset({place(nobody)}), pay=purse.pay, tries=1)
    with pytest.raises(ServerUnreachableError):
        lonely.get(f"{nobody}/a")
    assert (purse.paid, purse.ended) == (1, [None])


def test_each_try_is_signed_anew_and_for_its_own_server_alone(faulty: Faulty) -> None:
    signed: list[str] = []

    def sign(method: str, url: str) -> str:
        signed.append(f"{method} {url}")
        return f"Signed {len(signed)}"

    other = f"http://localhost:{faulty.url.rpartition(':')[2]}"
    faulty.answer("/a", faults.broken(503), faults.redirect(f"{other}/b"))
    faulty.answer("/b", good([1]))
    both = frozenset({place(faulty.url), place(other)})
    client(faulty, sign=sign, allowed=both).get(f"{faulty.url}/a", params={"x": "y"})
    assert signed == [f"GET {faulty.url}/a?x=y"] * 2
    assert [r.headers.get("authorization") for r in faulty.asked()] == ["Signed 1", "Signed 2", None]
