"""How alike texts are: the share of four-letter pieces they have in common (Jaccard), after normalising.

Normalised is a text of small letters with one blank between words; links, handles, hashtags' signs, digits and
punctuation are gone, so that a changed number or link does not make an advert a new one.

Within one author all pairs are compared, exactly: a piece is its four letters themselves, numbered, not a hash of them.
Across authors MinHash (rensa) finds who may be alike; what it finds is compared exactly before anything is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leumund.facts.links import LINK

NEAR = 0.7
SAME = 0.8
PIECE = 4
LEAST_LETTERS = 12  # "ja, genau" is like "ja, genau" and means nothing
BANDS, ROWS = 10, 4
_SEED = 2011
_AT_ONCE = 10_000
_MOST_LETTERS = 4_000  # of one text: a very long one is known by its beginning
_NAME = re.compile(r"[@＠]\w[\w.-]*(?:@[\w.-]+)?")
_NOISE = re.compile(r"[\W\d_]+")

Whole = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]


def normalised(text: str) -> str:
    """Small letters and single blanks, nothing else.

    >>> normalised("Nur HEUTE: 50 % auf alles! https://shop.example/a?b=1 @anna")
    'nur heute auf alles'
    """
    plain = LINK.sub(" ", text) if "://" in text or "www." in text else text
    if "@" in plain or "＠" in plain:
        plain = _NAME.sub(" ", plain)
    return _NOISE.sub(" ", plain).strip().lower()[:_MOST_LETTERS]


def jaccard(one: str, other: str) -> float:
    """How alike two normalised texts are, 0 to 1; two empty ones are not alike.

    >>> jaccard("guten morgen", "guten morgen"), jaccard("guten morgen", "xyz")
    (1.0, 0.0)
    """
    first, second = _pieces(one), _pieces(other)
    return len(first & second) / len(first | second) if first and second else 0.0


def _pieces(text: str) -> set[str]:
    return {text[i : i + PIECE] for i in range(len(text) - PIECE + 1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """likest: of each text, how alike the likest other text of its author is; mean: of each author, of all her pairs.

    One author has one text only: both 0.
    """

    likest: Numbers
    mean: Numbers


def within(author: Whole, texts: Sequence[str], authors: int) -> Within:
    """How alike each author's own texts are to each other; all pairs, exactly. author: 0 to authors - 1, one for each text.

    Texts of fewer than twelve letters are like nothing.
    """
    likest, mean = np.zeros(len(texts)), np.zeros(authors)
    often = np.bincount(author, minlength=authors)
    order = np.argsort(author, kind="stable")
    for rows in _by_author(author[order]):
        part = order[rows]
        alike, sums = _within(author[part], [texts[i] for i in part.tolist()])
        likest[part] = alike
        mine = np.unique(author[part])
        mean[mine] = sums / np.maximum(1, often[mine] * (often[mine] - 1))
    return Within(likest=likest, mean=mean)


def _by_author(author: Whole) -> Iterator[slice]:
    """Slices of at most about ten thousand texts that cut no author in two."""
    ends = np.concatenate([np.flatnonzero(np.diff(author)) + 1, [len(author)]])
    start = 0
    while start < len(author):
        fitting = ends[(ends > start) & (ends <= start + _AT_ONCE)]
        end = int(fitting[-1]) if len(fitting) else int(ends[ends > start][0])
        yield slice(start, end)
        start = end


def _within(author: Whole, texts: list[str]) -> tuple[Numbers, Numbers]:
    """Likest of each text, and the sum over all ordered pairs of each author (in order of the authors)."""
    from scipy import sparse

    authors, who = np.unique(author, return_inverse=True)
    first: dict[tuple[int, str], int] = {}
    stands_for = np.full(len(texts), -1, np.int64)
    for i, (mine, text) in enumerate(zip(who.tolist(), texts, strict=True)):
        if len(text) >= LEAST_LETTERS:
            stands_for[i] = first.setdefault((mine, text), len(first))
    likest, sums = np.zeros(len(texts)), np.zeros(len(authors))
    if not first:
        return likest, sums
    kept = stands_for >= 0
    times = np.bincount(stands_for[kept], minlength=len(first)).astype(np.float64)
    whose = np.array([mine for mine, _text in first], np.int64)
    text_of, size, column = _shared([text for _mine, text in first], whose)
    table = sparse.csr_array(
        (np.ones(len(column), np.float32), (text_of, column)), (len(first), int(column.max(initial=-1)) + 1)
    )
    both = sparse.coo_array(table @ table.T)
    one, other = both.row, both.col
    apart = one != other
    one, other, common = one[apart], other[apart], both.data[apart].astype(np.float64)
    alike = common / (size[one] + size[other] - common)
    best = np.zeros(len(first))
    np.maximum.at(best, one, alike)
    best[times > 1] = 1.0
    likest[kept] = best[stands_for[kept]]
    np.add.at(sums, whose[one], alike * times[one] * times[other])
    np.add.at(sums, whose, times * (times - 1))
    return likest, sums


def _shared(texts: list[str], whose: Whole) -> tuple[Whole, Numbers, Whole]:
    """Which text has which piece that another text of the same author has too; and how many pieces each text has.

    Letters are numbered as they occur, so that a piece is a number that stands for its four letters and no others. Where
    author, piece and text fit into 64 bits together they are sorted as one number, which is ten times as fast.
    """
    letters, text_of, inside = _laid_out(texts)
    if not len(inside):
        return np.zeros(0, np.int64), np.zeros(len(texts)), np.zeros(0, np.int64)
    seen = np.zeros(0x110000, np.bool_)
    seen[letters] = True
    code = (np.cumsum(seen) - 1).astype(np.uint64)[letters]
    per_letter = max(1, int(seen.sum() - 1).bit_length())
    text_bits, author_bits = len(texts).bit_length(), int(whose.max()).bit_length()
    text_of = text_of[:-3][inside]
    if PIECE * per_letter > 64:  # more than 65,536 different letters: the last ones share a number
        code, per_letter = np.minimum(code, np.uint64(0xFFFF)), 16
    piece = np.zeros(len(inside), np.uint64)
    for step in range(PIECE):
        piece = piece << np.uint64(per_letter) | code[step : len(letters) - 3 + step]
    piece = piece[inside]
    if author_bits + PIECE * per_letter + text_bits <= 64:
        key = whose[text_of].astype(np.uint64) << np.uint64(PIECE * per_letter) | piece
        key = np.sort(key << np.uint64(text_bits) | text_of.astype(np.uint64))
        key = key[np.concatenate([[True], key[1:] != key[:-1]])]
        text_of = (key & np.uint64((1 << text_bits) - 1)).astype(np.int64)
        key >>= np.uint64(text_bits)
        new = np.concatenate([[True], key[1:] != key[:-1]])
    else:
        order = np.lexsort((text_of, piece, whose[text_of]))
        text_of, piece = text_of[order], piece[order]
        of = whose[text_of]
        new = np.concatenate([[True], (piece[1:] != piece[:-1]) | (of[1:] != of[:-1])])
        fresh = new | np.concatenate([[True], text_of[1:] != text_of[:-1]])
        text_of, new = text_of[fresh], new[fresh]
    size = np.bincount(text_of, minlength=len(texts)).astype(np.float64)
    group = np.cumsum(new) - 1
    several = np.bincount(group)[group] > 1
    return text_of[several], size, np.cumsum(new[several]) - 1


def _laid_out(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint32], Whole, npt.NDArray[np.bool_]]:
    """All letters one after the other, whose text each is in, and where four letters in a row are of one text."""
    lengths = np.array([len(t) for t in texts], np.int64)
    letters = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    text_of = np.repeat(np.arange(len(texts)), lengths)
    return letters, text_of, text_of[:-3] == text_of[3:] if len(letters) >= PIECE else np.zeros(0, np.bool_)


def bands(texts: Sequence[str]) -> npt.NDArray[np.int32]:
    """Ten numbers for each text: of two texts that are alike at least one is the same in the same place."""
    from rensa import RMinHash

    found = np.zeros((len(texts), BANDS), np.int32)
    for start in range(0, len(texts), _AT_ONCE):
        part = texts[start : start + _AT_ONCE]
        text_of, tokens = _hashes(part)
        offsets = np.concatenate([[0], np.cumsum(np.bincount(text_of, minlength=len(part)))]).astype(
            np.uint64
        )
        digests = RMinHash.digest_matrix_from_flat_token_hashes(
            tokens, offsets, num_perm=BANDS * ROWS, seed=_SEED
        )
        matrix = np.array(digests.to_rows(), np.uint64).reshape(len(part), BANDS, ROWS)
        mixed = np.zeros((len(part), BANDS), np.uint64)
        for row in range(ROWS):
            mixed = (mixed ^ matrix[:, :, row]) * np.uint64(0x9E3779B97F4A7C15)
            mixed ^= mixed >> np.uint64(29)
        found[start : start + len(part)] = (mixed >> np.uint64(32)).astype(np.uint32).view(np.int32)
    return found


def _hashes(texts: Sequence[str]) -> tuple[Whole, npt.NDArray[np.uint64]]:
    """Which text, and a number of one of its pieces that is the same everywhere and always (pieces may repeat)."""
    plain, text_of, inside = _laid_out(texts)
    letters = plain.astype(np.uint64)
    number = np.zeros(len(inside), np.uint64)
    if not len(inside):
        return np.zeros(0, np.int64), number
    for step in range(PIECE):
        number = (number ^ letters[step : len(letters) - 3 + step]) * np.uint64(0xFF51AFD7ED558CCD)
        number ^= number >> np.uint64(32)
    return text_of[: len(inside)][inside], number[inside]
