"""Made-up archives of true shape, small and large, whole and hostile, for the tests of sources."""

from __future__ import annotations

import gzip
import io
import json
import struct
import tarfile
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
Files = Mapping[str, bytes]
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)


def sample_files(name: str) -> dict[str, bytes]:
    """The files of a sample folder, as "mastodon_archive/sample"."""
    folder = HERE / name
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def mastodon_files(posts: int = 3, *, likes: int = 0) -> dict[str, bytes]:
    """A small archive of anna@example.social."""
    me = "https://example.social/users/anna"
    actor = {
        "id": me,
        "type": "Person",
        "preferredUsername": "anna",
        "name": "Anna",
        "url": "https://example.social/@anna",
    }
    items = []
    for n in range(posts):
        when = (BEGIN + timedelta(minutes=n)).strftime("%Y-%m-%dT%H:%M:%SZ")
        note = {
            "id": f"{me}/statuses/{n}",
            "type": "Note",
            "published": when,
            "content": f"<p>Beitrag {n}</p>",
            "to": [PUBLIC],
        }
        items.append(
            {
                "id": f"{me}/statuses/{n}/activity",
                "type": "Create",
                "actor": me,
                "published": when,
                "object": note,
            }
        )
    liked = [f"https://b.example/users/bruno/statuses/{n}" for n in range(likes)]
    return {
        "actor.json": as_json(actor),
        "outbox.json": as_json({"type": "OrderedCollection", "totalItems": posts, "orderedItems": items}),
        "likes.json": as_json({"type": "OrderedCollection", "totalItems": likes, "orderedItems": liked}),
    }


def tweet(number: int, **more: Any) -> dict[str, Any]:
    """A post of an X archive."""
    when = (BEGIN + timedelta(minutes=number)).strftime("%a %b %d %H:%M:%S +0000 %Y")
    return {
        "id_str": str(10_000 + number),
        "created_at": when,
        "full_text": f"Beitrag {number}",
        "lang": "de",
    } | more


def ytd(name: str, records: list[Any], part: int = 0) -> bytes:
    """A file of an X archive."""
    return f"window.YTD.{name}.part{part} = ".encode() + as_json(records)


def x_files(posts: int = 3, *, parts: int = 1, folder: str = "data/") -> dict[str, bytes]:
    """A small archive of @anna, its posts in that many files."""
    files = {"account.js": ytd("account", [{"account": {"username": "anna", "accountId": "7"}}])}
    for part in range(parts):
        mine = [{"tweet": tweet(n)} for n in range(part, posts, parts)]
        files[f"tweets-part{part}.js" if part else "tweets.js"] = ytd("tweets", mine, part)
    return {folder + name: data for name, data in files.items()}


def as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def as_zip(path: Path, files: Files, *, top: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(top + name, date_time=(2024, 3, 5, 10, 11, 12))
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return path


def as_tar(path: Path, files: Files, *, packed: bool = True, links: Mapping[str, str] | None = None) -> Path:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, target in (links or {}).items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            archive.addfile(info)
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), int(datetime(2024, 3, 5, 10, 11, 12, tzinfo=UTC).timestamp())
            archive.addfile(info, io.BytesIO(data))
    path.write_bytes(gzip.compress(whole.getvalue()) if packed else whole.getvalue())
    return path


def as_folder(path: Path, files: Files) -> Path:
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def locked(path: Path) -> Path:
    """The zip, each of its members marked as encrypted."""
    data = bytearray(path.read_bytes())
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(sign)
        while place >= 0:
            data[place + at] |= 1
            place = data.find(sign, place + 4)
    path.write_bytes(bytes(data))
    return path


def lying(path: Path, name: str, size: int) -> Path:
    """The zip, with another size told of one member in the list of members."""
    data = bytearray(path.read_bytes())
    place = data.find(b"PK\x01\x02")
    while data[place + 46 : place + 46 + len(name)] != name.encode():
        place = data.index(b"PK\x01\x02", place + 4)
    struct.pack_into("<L", data, place + 24, size)
    path.write_bytes(bytes(data))
    return path


def cut(path: Path, share: float) -> Path:
    """The first part of a file, as after a broken download."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def spoilt(path: Path, name: str, share: float) -> Path:
    """The zip, with garbage in the packed bytes of one member, so far into it."""
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(name)
    data = bytearray(path.read_bytes())
    name_size, extra_size = struct.unpack_from("<HH", data, info.header_offset + 26)
    at = info.header_offset + 30 + name_size + extra_size + int(info.compress_size * share)
    data[at : at + 40] = b"\xff" * 40
    path.write_bytes(bytes(data))
    return path
