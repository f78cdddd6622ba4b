"""Text without blanks between words: what the end of a line leaves behind."""

from __future__ import annotations

from lessons.format.characters import is_wide
from lessons.format.document import Span, Style, plain_text
from lessons.format.wide import closed_up
from tests.cases import for_each


@for_each(
    ("character", "wide"), [("误", True), ("。", True), ("a", False), ("é", False), ("·", False)]
)
def test_wide_characters(character: str, wide: bool) -> None:
    assert is_wide(character) is wide


@for_each(
    ("texts", "closed"),
    [
        (["误差", " ", "反向"], "误差反向"),
        (["误差， 反向"], "误差，反向"),
        (["误差", " ", "a"], "误差 a"),
        (["a b", " ", "c"], "a b c"),
        ([" 误"], " 误"),
    ],
)
def test_blanks_between_wide_characters_go(texts: list[str], closed: str) -> None:
    assert plain_text(closed_up([Span(text) for text in texts])) == closed


@for_each("style", [Style.CODE, Style.MATH, Style.NUMBER])
def test_code_and_formulas_keep_theirs(style: Style) -> None:
    spans = [Span("误 "), Span("差 项", style), Span(" 反")]
    assert closed_up(spans) == tuple(spans)


def test_english_is_left_alone() -> None:
    spans = [Span("a"), Span(" "), Span("b", Style.STRONG)]
    assert closed_up(spans) == tuple(spans)
