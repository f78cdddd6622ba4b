"""Running text that breaks beside wide characters, as Chinese text does."""

from __future__ import annotations

from tests.cases import for_each
from tui.page.lines import GLUE, Ink, Piece, line_text, line_width, wrap

TEXT = (
    "权重要乘以从它上面流过的值。因此，损失（即误差）随权重的变化率，等于“误差项”乘以输入 x 的值！"
)


def wrapped(pieces: list[Piece], width: int) -> list[str]:
    return [line_text(line) for line in wrap(pieces, width)]


@for_each("width", range(8, 60))
def test_no_line_overflows_or_breaks_the_rules_of_signs(width: int) -> None:
    lines = wrapped([(TEXT, Ink.PLAIN)], width)
    assert "".join(lines).replace(" ", "") == TEXT.replace(" ", "")
    for line in lines:
        assert line_width([(line, Ink.PLAIN)]) <= width
        assert line[0] not in "，。！）”"
        assert line[-1] not in "（“"


def test_a_line_is_filled() -> None:
    assert wrapped([("一二三四五六七八九十", Ink.PLAIN)], 8) == ["一二三四", "五六七八", "九十"]


def test_a_closing_sign_takes_the_character_before_it_along() -> None:
    assert wrapped([("一二三四。五六", Ink.PLAIN)], 8) == ["一二三", "四。五六"]


def test_an_opening_sign_goes_with_what_follows() -> None:
    assert wrapped([("一二三（四）五", Ink.PLAIN)], 8) == ["一二三", "（四）五"]


def test_styles_and_formulas_break_like_the_rest() -> None:
    pieces: list[Piece] = [
        ("一二", Ink.PLAIN),
        ("三四", Ink.STRONG),
        (f"x{GLUE}={GLUE}1", Ink.MATH),
        ("。五", Ink.PLAIN),
    ]
    assert wrapped(pieces, 8) == ["一二三四", "x = 1。", "五"]


def test_words_of_latin_letters_stay_whole() -> None:
    assert wrapped([("一二 sigmoid 三四", Ink.PLAIN)], 10) == ["一二", "sigmoid 三", "四"]
    assert wrapped([("one two-three four", Ink.PLAIN)], 10) == ["one", "two-three", "four"]
