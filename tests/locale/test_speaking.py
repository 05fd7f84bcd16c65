"""Who speaks which language, and for how long."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from leumund import locale
from leumund.locale import _, speaking


def test_two_answers_at_once_speak_a_language_each() -> None:
    both = Barrier(2)

    def answer(language: str) -> str:
        with speaking(language):
            both.wait(10)
            said = _("unknown")
            both.wait(10)
            return said

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(answer, ["de", "en"])) == ["unbekannt", "unknown"]


def test_the_language_before_is_spoken_again_even_when_something_fails() -> None:
    before = locale.code()
    with pytest.raises(KeyError), speaking("de"), speaking("en"):
        raise KeyError(locale.code())
    assert locale.code() == before


def test_a_language_nobody_speaks_here_is_english() -> None:
    with speaking("tlh") as lang:
        assert lang == locale.code() == "en"
