"""All the ways in which a server can answer badly, for `faulty`: each gives an answer to put on a path."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping

from tests.servers.faulty import Answer, Asked, Wire, good

_LONG = 3600.0
_MEGABYTE = b" " * (1 << 20)
_GZIP = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


def limited(headers: Mapping[str, str] | None = None, *, status: int = 429) -> Answer:
    """Too many requests; with the headers that say for how long, or without any."""
    return good({"error": "Too many requests"}, status=status, headers=headers)


def broken(status: int = 503, body: bytes = b"<h1>Service Unavailable</h1>") -> Answer:
    """An error page as a proxy in front of a server gives it: HTML."""
    return good(body, status=status, kind="text/html; charset=utf-8")


def redirect(to: str, status: int = 302) -> Answer:
    """Elsewhere, please."""
    return good(b"", status=status, headers={"Location": to})


def malformed(body: object, *, after: int) -> Answer:
    """JSON that ends too early, in an answer that is whole."""
    return good(json.dumps(body).encode()[:after])


def cut_off(body: object, *, after: int) -> Answer:
    """The connection ends before what was promised has come."""

    def give(_asked: Asked, wire: Wire) -> None:
        data = json.dumps(body).encode()
        wire.head(200, {"Content-Type": "application/json", "Content-Length": str(len(data))})
        wire.send(data[:after])
        wire.closes = True

    return give


def reset(body: object = "", *, after: int = 0) -> Answer:
    """The connection is reset; after=0: before a single byte came."""

    def give(_asked: Asked, wire: Wire) -> None:
        if after:
            data = json.dumps(body).encode()
            wire.head(200, {"Content-Type": "application/json", "Content-Length": str(len(data))})
            wire.send(data[:after])
            wire.pause(0.05)  # so that what was sent arrives before the reset overtakes it
        wire.reset()

    return give


def hung_up() -> Answer:
    """The connection is closed politely, without an answer."""

    def give(_asked: Asked, wire: Wire) -> None:
        wire.closes = True

    return give


def stalled(body: object = "", *, after: int = 0, seconds: float = _LONG) -> Answer:
    """Nothing comes any more after some bytes; after=0: nothing at all. Goes on after so many seconds."""

    def give(_asked: Asked, wire: Wire) -> None:
        data = json.dumps(body).encode()
        if after:
            wire.head(200, {"Content-Type": "application/json", "Content-Length": str(len(data))})
            wire.send(data[:after])
        wire.pause(seconds)
        if not after:
            wire.head(200, {"Content-Type": "application/json", "Content-Length": str(len(data))})
        wire.send(data[after:])

    return give


def dripped(body: object, *, pause: float = 0.05) -> Answer:
    """Byte by byte, never long enough silent for a time limit between two bytes."""

    def give(_asked: Asked, wire: Wire) -> None:
        data = json.dumps(body).encode()
        wire.head(200, {"Content-Type": "application/json", "Content-Length": str(len(data))})
        for place in range(len(data)):
            wire.send(data[place : place + 1])
            wire.pause(pause)

    return give


def dripped_headers(*, pause: float = 0.05) -> Answer:
    """Headers without end, one after the other."""

    def give(_asked: Asked, wire: Wire) -> None:
        wire.send(b"HTTP/1.1 200 OK\r\n")
        while True:
            wire.send(b"X-More: and more\r\n")
            wire.pause(pause)

    return give


def continued(*, pause: float = 0.01) -> Answer:
    """ "Go on" without end, and never an answer."""

    def give(_asked: Asked, wire: Wire) -> None:
        while True:
            wire.send(b"HTTP/1.1 100 Continue\r\n\r\n")
            wire.pause(pause)

    return give


def endless(piece: bytes = b'{"a": "' + b"x" * 65536 + b'"},', *, chunked: bool = True) -> Answer:
    """A body without end, as fast as it is read."""

    def give(_asked: Asked, wire: Wire) -> None:
        how = {"Transfer-Encoding": "chunked"} if chunked else {"Connection": "close"}
        wire.head(200, {"Content-Type": "application/json", **how})
        wire.closes = True
        whole = b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece
        while not wire.ended.is_set():
            wire.send(whole)

    return give


def huge_headers(*, count: int = 1, size: int = 1 << 20) -> Answer:
    """Headers of so many bytes each."""
    return good([], headers={f"X-Big-{number}": "x" * size for number in range(count)})


def blown_up(size: int = 1 << 30) -> Answer:
    """Some kilobytes, compressed, that become so many bytes (whole megabytes)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    piece = packer.compress(_MEGABYTE) + packer.flush(
        zlib.Z_FULL_FLUSH
    )  # stands on nothing before it: repeatable
    count = size // len(_MEGABYTE)

    def give(_asked: Asked, wire: Wire) -> None:
        check = 0
        for _ in range(count):
            check = zlib.crc32(_MEGABYTE, check)
        end = b"\x03\x00" + struct.pack("<II", check, size & 0xFFFFFFFF)
        length = len(_GZIP) + count * len(piece) + len(end)
        kind = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        wire.head(200, {**kind, "Content-Length": str(length)})
        wire.send(_GZIP + piece * count + end)

    return give


def not_http(data: bytes = b"\x00\xff\x15\x03SSH-2.0-something\r\n") -> Answer:
    """Something that is no HTTP at all."""

    def give(_asked: Asked, wire: Wire) -> None:
        wire.send(data)
        wire.closes = True

    return give


def wrongly_labelled(body: bytes = b"<!doctype html><title>Login</title>", kind: str = "text/html") -> Answer:
    """A page for people with status 200 where JSON was asked for, as captive portals give."""
    return good(body, kind=kind)


def wrongly_encoded(body: object, encoding: str = "utf-16") -> Answer:
    """JSON in an encoding that JSON does not know."""
    return good(json.dumps(body, ensure_ascii=False).encode(encoding))
