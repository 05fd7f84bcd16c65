"""Which hosts are spoken to: public ones, and those the owner allowed by name."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leumund.errors import ForbiddenAddressError, ServerUnreachableError
from leumund.http.addresses import connect, is_public

PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "255.255.255.255",
    "224.0.0.1", "::1", "::", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
    "2002:7f00:1::", "::127.0.0.1", "ff02::1", "192.0.2.1", "198.18.0.1", "2001:db8::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_no_way_of_writing_a_private_address_is_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@given(st.ip_addresses(v=4))
def test_an_address_within_another_is_as_public_as_alone(address: ipaddress.IPv4Address) -> None:
    mapped = ipaddress.IPv6Address((0xFFFF << 32) | int(address))
    assert is_public(mapped) == is_public(address)


def _resolving(*found: str) -> Callable[..., Any]:
    def getaddrinfo(host: str, port: int, **_more: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in found]

    return getaddrinfo


def test_a_name_that_leads_home_is_not_spoken_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _resolving("127.0.0.1"))
    with pytest.raises(ForbiddenAddressError):
        connect("kind.example", 443, allowed=frozenset(), timeout=1)


def test_a_name_that_leads_home_among_others_is_not_spoken_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _resolving("1.1.1.1", "192.168.0.1"))
    with pytest.raises(ForbiddenAddressError):
        connect("kind.example", 443, allowed=frozenset(), timeout=1)


def test_what_the_owner_allowed_by_name_and_port_is_spoken_to() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        connect("localhost", port, allowed=frozenset({f"localhost:{port}"}), timeout=5).close()
        with pytest.raises(ForbiddenAddressError):  # another port of the same machine was not meant
            connect("localhost", port, allowed=frozenset({"localhost:1"}), timeout=5)


def test_a_server_that_is_not_there_is_said_in_words() -> None:
    with pytest.raises(ServerUnreachableError) as caught:
        connect("no-such-host.invalid", 443, allowed=frozenset(), timeout=1)
    assert "no-such-host.invalid" in caught.value.message
