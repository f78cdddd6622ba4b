"""LaTeX maths drawn as lines of Unicode text with style roles.

`draw` is for displayed formulas, `inline` for formulas in prose. Both raise `MathSyntaxError` for
anything they cannot draw. Only the standard library is imported.
"""

from __future__ import annotations

from functools import lru_cache

from engine.formulas.errors import MathSyntaxError
from tui.math.spans import PLAIN, Drawing, Line, Role, Roles, Span, line_text
from tui.math.width import cell_width

__all__ = [
    "Drawing",
    "Line",
    "MathSyntaxError",
    "Role",
    "Roles",
    "Span",
    "cell_width",
    "draw",
    "draw_with_baseline",
    "inline",
    "line_text",
]


@lru_cache(maxsize=2048)
def draw_with_baseline(
    latex: str, width: int | None = None, *, plain_fonts: bool = False
) -> Drawing:
    """Draw a formula in two dimensions.

    Args:
        latex: the formula, without dollar signs.
        width: the greatest width of a line in cells, or None for no limit. A wider formula is
            broken before relations and before + and −; the lines after the first are indented.
        plain_fonts: draw without the characters that some fonts lack (pieces of tall brackets and
            sums).

    Returns:
        Lines of equal width, and the row of the first line's baseline.

    Raises:
        MathSyntaxError: the formula contains something unknown or incomplete.
        ValueError: width is below 1.
    """
    if width is not None and width < 1:
        raise ValueError(f"a formula needs a width of 1 cell or more, not {width}")
    # Imported late: a list of lessons measures text, and draws no formula.
    from engine.formulas.parser import parse
    from tui.math.layout import Layout
    from tui.math.linebreak import page
    from tui.math.pieces import Context, Size

    tree, layout, context = parse(latex), Layout(plain_fonts), Context(Size.DISPLAY, PLAIN)
    box = layout.row(tree, context) if width is None else page(layout, tree, context, width)
    return Drawing(box.rows, box.baseline, box.width)


def draw(latex: str, width: int | None = None, *, plain_fonts: bool = False) -> tuple[Line, ...]:
    """The lines of `draw_with_baseline`, without the baseline."""
    return draw_with_baseline(latex, width, plain_fonts=plain_fonts).lines


@lru_cache(maxsize=2048)
def inline(latex: str) -> Line:
    """A formula on one line, for prose.

    Fractions become a/b. Scripts become small characters if all of them exist, else `_(…)` and
    `^(…)`.

    Raises:
        MathSyntaxError: the formula contains something unknown or incomplete.
    """
    from engine.formulas.parser import parse
    from tui.math.one_line import InlineLayout
    from tui.math.pieces import Context, Size

    return InlineLayout().row(parse(latex), Context(Size.TEXT, PLAIN)).rows[0]
