"""What cannot be drawn raises, with the place and the mend."""

from __future__ import annotations

import pytest

from tests.cases import for_each
from tui.math import MathSyntaxError, draw, inline


@for_each(
    ("latex", "position", "words"),
    [
        (r"x + \foobarbaz y", 4, r"\foobarbaz is not known"),
        (r"a + \alphaa", 4, r"did you mean \alpha"),
        (r"\lambd x", 0, r"did you mean \lambda"),
        ("a + {b", 4, "never closed: add }"),
        ("a}", 1, "closes nothing"),
        (r"\frac{a}", 8, r"\frac needs something after it"),
        (r"y = \left( x", 4, r"add \right"),
        (r"\left( {a \right)", 7, "{ is never closed"),
        (r"x \right)", 2, r"\right has no \left"),
        (r"\left x", 6, "needs a delimiter"),
        ("a & b", 2, r"write \& for the sign"),
        (r"a \\ b", 2, "only inside an environment"),
        (r"\begin{foo}x\end{foo}", 6, "'foo' is not known"),
        (r"\begin{bmatrix} a", 0, r"add its \end"),
        (r"\begin{cases}a\end{aligned}", 18, r"closed by \end{aligned}"),
        (r"\begin{array}{lx}a\end{array}", 13, "l, c and r"),
        (r"\begin{array}{l}a&b\end{array}", 0, "more cells"),
        ("x^", 2, "^ needs something"),
        ("x^a^b", 3, "Two superscripts"),
        ("x_a_b", 3, "Two subscripts"),
        (r"\color{red}{x}", 6, "use one of bold, change, cancel, note"),
        (r"\text{a", 5, "never closed"),
        (r"\text{$x$}", 5, "plain words only"),
        (r"\sqrt[3", 5, "add ]"),
        ("a $ b", 2, "'$' is not known"),
        ("a 😀", 2, "is not known"),
        ("50%", 2, r"\%"),
        (r"\not x", 0, "cannot be drawn"),
        (r"x\limits_a", 1, r"must follow an operator"),
        (r"\mathbb{+}", 0, "letters and digits"),
        (r"\,^2", 0, "needs a base"),
    ],
)
def test_what_is_wrong_and_where(latex: str, position: int, words: str) -> None:
    for renderer in (draw, inline):
        with pytest.raises(MathSyntaxError) as caught:
            renderer(latex)
        assert caught.value.position == position
        assert words in str(caught.value)
        assert f"position {position}" in str(caught.value)
        assert isinstance(caught.value, ValueError)


@for_each(
    ("opening", "closing"),
    [
        ("{", "}"),
        ("x^{", "}"),
        (r"\frac{1}{", "}"),
        (r"\left(", r"\right)"),
        (r"\sqrt{", "}"),
        (r"\begin{cases}", r"\end{cases}"),
        (r"\hat", ""),
        (r"\mathbf{", "}"),
        ("x_", ""),
    ],
)
def test_deep_nesting_is_refused_in_words(opening: str, closing: str) -> None:
    with pytest.raises(MathSyntaxError, match=r"nested more than|Two|needs something"):
        draw(opening * 200 + "x" + closing * 200)


@pytest.mark.parametrize("width", [None, 20, 76])
def test_nesting_up_to_the_limit_is_drawn(width: int | None) -> None:
    for opening, closing in ((r"\left(a+", r"\right)"), (r"\frac{1}{1+", "}"), (r"(\sqrt{", "})")):
        assert draw(opening * 36 + "x" + closing * 36, width)


def test_no_source_gives_a_question_mark() -> None:
    assert not draw("")[0]
    with pytest.raises(MathSyntaxError):
        draw(r"\unknown")
