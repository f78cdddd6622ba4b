"""Errors of authors' code, as sentences."""

from __future__ import annotations

import pytest

from engine.broken import MOST_SAID, said_of
from tests.cases import for_each


class SilentError(Exception):
    def __str__(self) -> str:
        raise RuntimeError


@for_each(
    ("error", "said"),
    [
        (ValueError("one\ntwo"), "This stops with ValueError: one."),
        (ValueError("ends with a stop."), "This stops with ValueError: ends with a stop."),
        (ValueError(), "This stops with ValueError: no reason given."),
        (ValueError("\n \n"), "This stops with ValueError: no reason given."),
        (ValueError("\x1b[31mred\a"), r"This stops with ValueError: \x1b[31mred\x07."),
        (SilentError(), "This stops with SilentError: its message cannot be read."),
        (SystemExit("\x1b[2J"), r"This would end the whole program (\x1b[2J)."),
        (SystemExit(), "This would end the whole program (SystemExit)."),
    ],
)
def test_an_error_is_one_sentence(error: BaseException, said: str) -> None:
    assert said_of(error) == said


@pytest.mark.parametrize("error", [ValueError("long " * 20_000), SystemExit("x" * 100_000)])
def test_a_long_message_is_shortened(error: BaseException) -> None:
    said = said_of(error)
    assert len(said) < MOST_SAID + 60
    assert "…" in said
