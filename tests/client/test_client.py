"""The one polite client, against a server that answers badly in every way."""

from __future__ import annotations

import contextlib
import threading
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from leumund.errors import (
    ForbiddenAddressError,
    InsecureAddressError,
    LeumundError,
    RateLimitedError,
    ServerRefusedError,
    ServerUnreachableError,
    SourceError,
    StrangeAnswerError,
    TokenRefusedError,
    TooSlowError,
    WrongClockError,
)
from leumund.http import Client, Stopped
from leumund.http.addresses import place
from tests.servers import faults
from tests.servers.faulty import Answer, Asked, Faulty, computed, good

SECRET = "a-secret-nobody-may-see"


class Unhurried(threading.Event):
    """Remembers how long it was to wait, and does not."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0.0)
        return self.is_set()


def client(server: Faulty, **more: object) -> Client:
    given: dict[str, object] = {
        "origin": server.url, "allowed": frozenset({place(server.url)}), "token": lambda: f"Bearer {SECRET}",
        "stop": Unhurried(), "chance": lambda: 0.0, "read_s": 0.4, "all_s": 1.5, "tries": 3, **more,
    }  # fmt: skip
    return Client(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "bad",
    [
        faults.reset(), faults.reset([1, 2, 3], after=4), faults.cut_off([1, 2, 3], after=4), faults.hung_up(),
        faults.broken(500), faults.broken(502), faults.broken(503), faults.limited(), faults.not_http(),
        faults.stalled(), faults.stalled([1, 2, 3], after=3), faults.malformed([1, 2, 3], after=5),
        faults.limited({"Retry-After": "1"}), faults.limited({"X-RateLimit-Reset": "2"}),
    ],
)  # fmt: skip
def test_what_passes_is_tried_again_and_then_found(faulty: Faulty, bad: Answer) -> None:
    faulty.answer("/list", bad, good([1, 2, 3]))
    assert client(faulty).get_json(faulty.url + "/list")[0] == [1, 2, 3]
    assert len(faulty.asked("/list")) == 2


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (faults.reset(), ServerUnreachableError),
        (faults.stalled(), ServerUnreachableError),
        (faults.broken(503), ServerRefusedError),
        (faults.limited(), RateLimitedError),
        (faults.malformed([1, 2, 3], after=5), StrangeAnswerError),
        (faults.wrongly_labelled(), StrangeAnswerError),
        (faults.wrongly_encoded(["ä"]), StrangeAnswerError),
        (faults.not_http(), ServerUnreachableError),
        (faults.huge_headers(), ServerUnreachableError),
        (faults.huge_headers(count=500, size=60_000), ServerUnreachableError),
        (good(b"[" * 100_000), StrangeAnswerError),
        (good({"error": "no"}, status=403), ServerRefusedError),
        (good({"error": "no"}, status=401), TokenRefusedError),
    ],
)
def test_what_does_not_pass_is_said_in_words_and_without_secrets(
    faulty: Faulty, bad: Answer, said: type[LeumundError]
) -> None:
    faulty.answer("/list", bad)
    with pytest.raises(said) as caught:
        client(faulty).get_json(faulty.url + "/list", params={"token": SECRET})
    assert SECRET not in caught.value.message + caught.value.hint + repr(caught.value)
    assert "127.0.0.1" in caught.value.message


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"[" * 100_000 + b"]" * 100_000, "it is nested beyond all reason"),
        (b'{"id": NaN}', "this is no JSON"),
        (b'{"id": -Infinity}', "this is no JSON"),
        (b"[1e400]", "this is no JSON"),
        (b'["\xff"]', "this is no JSON"),
        ("[1]".encode("utf-16"), "this is no JSON"),
    ],
)
def test_what_came_whole_and_is_no_json_is_said_at_once(faulty: Faulty, body: bytes, why: str) -> None:
    faulty.answer("/list", good(body))
    asking = client(faulty)
    with pytest.raises(StrangeAnswerError, match=why):
        asking.get_json(faulty.url + "/list")
    assert len(faulty.asked("/list")) == 1


def test_of_an_endless_address_a_person_is_told_the_beginning(faulty: Faulty) -> None:
    faulty.answer("/7*", good(b"no"), good({}, status=400))
    for _time in range(2):
        with pytest.raises(SourceError) as caught:
            client(faulty).get_json(faulty.url + "/" + "7" * 5_000)
        assert len(caught.value.message) < 300


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (61, "1 minute "),
        (7200, "120 minutes"),
        (9 * 3600, "9 hours"),
        (7 * 86400, "7 days"),
        (1e300, "tomorrow"),
    ],
)
def test_how_long_a_limit_lasts_is_said_in_a_unit_for_people(seconds: float, told: str) -> None:
    hint = RateLimitedError("made.test", seconds).hint
    assert told in hint
    assert len(hint) < 200


def test_the_servers_own_wait_is_kept(faulty: Faulty) -> None:
    faulty.answer("/list", faults.limited({"Retry-After": "7"}), good([]))
    asking = client(faulty)
    asking.get(faulty.url + "/list")
    assert asking.stop.waits == [7.0]  # type: ignore[attr-defined]


def test_a_wait_beyond_patience_is_said_with_when_to_come_back(faulty: Faulty) -> None:
    faulty.answer("/list", faults.limited({"Retry-After": "7200"}))
    with pytest.raises(RateLimitedError) as caught:
        client(faulty).get(faulty.url + "/list")
    assert caught.value.seconds == 7200
    assert "120" in caught.value.hint


def test_nothing_left_of_the_limit_means_a_pause_before_the_next_request(faulty: Faulty) -> None:
    faulty.answer(
        "/list", good([], headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "30"}), good([])
    )
    asking = client(faulty)
    asking.get(faulty.url + "/list")
    asking.get(faulty.url + "/list")
    assert asking.stop.waits == [pytest.approx(30, abs=2)]  # type: ignore[attr-defined]


def test_an_endless_body_ends(faulty: Faulty) -> None:
    faulty.answer("/list", faults.endless())
    tracemalloc.start()
    with pytest.raises(SourceError):
        client(faulty, all_s=20.0).get(faulty.url + "/list", most=1 << 20)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 16 << 20


def test_a_body_that_unpacks_to_a_gigabyte_ends(faulty: Faulty) -> None:
    faulty.answer("/list", faults.blown_up(256 << 20))
    tracemalloc.start()
    with pytest.raises(StrangeAnswerError):
        client(faulty, all_s=30.0, read_s=20.0).get(faulty.url + "/list", most=1 << 20)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 32 << 20


@pytest.mark.parametrize("bad", [faults.dripped([1] * 500), faults.dripped_headers()])
def test_what_drips_on_for_ever_ends(faulty: Faulty, bad: Answer) -> None:
    faulty.answer("/list", bad)
    began = time.monotonic()
    with pytest.raises(ServerUnreachableError):
        client(faulty, tries=1).get(faulty.url + "/list")
    assert time.monotonic() - began < 60


@pytest.mark.parametrize("bad", [faults.continued(), faults.dripped([1] * 5000, pause=0.01)])
def test_a_server_that_is_slow_with_each_answer_is_not_waited_for_again_and_again(
    faulty: Faulty, bad: Answer
) -> None:
    faulty.answer("/list", bad)
    asking = client(faulty, tries=9, all_s=0.06, slow_after_s=0.1, slow_s=0.03)
    with pytest.raises(TooSlowError, match="answers too slowly"):
        asking.get(faulty.url + "/list")
    assert asking.requests < 9


@pytest.mark.parametrize(("days", "told"), [(30, True), (-400, True), (0.9, False), (-0.9, False)])
def test_a_clock_that_is_days_wrong_is_said_and_nothing_is_read(
    faulty: Faulty, days: float, told: bool
) -> None:
    """A list without times lies on the day it was read: on one to come nobody would be shown."""
    now = datetime.now(UTC)
    faulty.answer("/list", good([1], headers={"Date": format_datetime(now, usegmt=True)}))
    asking = client(faulty, clock=lambda: now + timedelta(days=days))
    with pytest.raises(WrongClockError, match="clock") if told else contextlib.nullcontext():
        asking.get(faulty.url + "/list")


def test_an_old_copy_of_a_page_says_nothing_of_the_clock(faulty: Faulty) -> None:
    then = datetime.now(UTC) - timedelta(days=9)
    faulty.answer("/feed", good([1], headers={"Date": format_datetime(then, usegmt=True)}))
    assert client(faulty, token=lambda: None).get(faulty.url + "/feed").json() == [1]


def test_a_redirect_into_the_own_network_is_not_followed(faulty: Faulty) -> None:
    faulty.answer("/list", faults.redirect("https://127.0.0.1:1/secret"))
    with pytest.raises(ForbiddenAddressError):
        client(faulty).get(faulty.url + "/list")


def test_a_redirect_to_an_unencrypted_address_is_not_followed(faulty: Faulty) -> None:
    faulty.answer("/list", faults.redirect("http://example.org/"))
    with pytest.raises(InsecureAddressError):
        client(faulty).get(faulty.url + "/list")


@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "gopher://example.org/", "//", "http://[", "javascript:1"]
)
def test_a_redirect_to_no_web_address_is_not_followed(faulty: Faulty, to: str) -> None:
    faulty.answer("/list", faults.redirect(to))
    with pytest.raises(SourceError):
        client(faulty).get(faulty.url + "/list")


def test_the_key_goes_to_its_own_server_only(faulty: Faulty) -> None:
    port = faulty.url.rpartition(":")[2]
    elsewhere = f"http://localhost:{port}"
    faulty.answer("/list", faults.redirect(elsewhere + "/other"))
    faulty.answer("/other", good([]))
    asking = client(faulty, allowed=frozenset({place(faulty.url), place(elsewhere)}))
    asking.get(faulty.url + "/list")
    assert faulty.asked("/list")[0].headers["authorization"] == f"Bearer {SECRET}"
    assert "authorization" not in faulty.asked("/other")[0].headers


def test_redirects_without_end_end(faulty: Faulty) -> None:
    faulty.answer("/list", faults.redirect(faulty.url + "/list"))
    with pytest.raises(StrangeAnswerError):
        client(faulty).get(faulty.url + "/list")
    assert len(faulty.asked("/list")) <= 6


def test_what_changes_something_is_sent_once_even_where_the_answer_breaks(faulty: Faulty) -> None:
    faulty.answer("/token", faults.cut_off({"a": 1}, after=3), good({}))
    with pytest.raises(SourceError):
        client(faulty).post(faulty.url + "/token", form={"code": SECRET})
    assert len(faulty.asked("/token")) == 1


def test_what_was_sent_goes_nowhere_else(faulty: Faulty) -> None:
    faulty.answer("/token", faults.redirect(faulty.url + "/other"))
    with pytest.raises(StrangeAnswerError):
        client(faulty).post(faulty.url + "/token", form={"code": SECRET})
    assert faulty.asked("/other") == []


def test_an_address_at_home_needs_the_owners_word(faulty: Faulty) -> None:
    with pytest.raises(LeumundError):
        client(faulty, allowed=frozenset()).get(faulty.url + "/list")
    assert faulty.asked() == []


def test_stopping_ends_a_wait_at_once(faulty: Faulty) -> None:
    faulty.answer("/list", faults.limited({"Retry-After": "600"}))
    stop = threading.Event()
    asking = client(faulty, stop=stop)
    threading.Timer(0.2, stop.set).start()
    began = time.monotonic()
    with pytest.raises(Stopped):
        asking.get(faulty.url + "/list")
    assert time.monotonic() - began < 60


def test_who_we_are_is_told(faulty: Faulty) -> None:
    faulty.answer("/list", good([]))
    client(faulty).get(faulty.url + "/list")
    assert faulty.asked()[0].headers["user-agent"].startswith("Leumund/")


def test_a_server_that_repeats_what_it_was_sent_gives_no_secret_away(faulty: Faulty) -> None:
    def repeats(asked: Asked) -> Answer:
        told = f"{asked.body.decode()} {asked.headers.get('authorization', '')} no code s3cret/word"
        return good({"error": told}, status=400)

    faulty.answer("/oauth/token", computed(repeats))
    client = Client(
        origin=faulty.url, allowed=frozenset({place(faulty.url)}), token=lambda: "Bearer a-key-of-hers"
    )
    with pytest.raises(ServerRefusedError) as told:
        client.post(f"{faulty.url}/oauth/token", form={"client_secret": "s3cret/word", "scope": "read"})
    assert "scope=read" in str(told.value)
    assert not any(part in str(told.value) for part in ("s3cret", "a-key-of-hers"))
