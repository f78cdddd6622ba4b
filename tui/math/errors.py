"""The one error that the maths renderer raises."""

from __future__ import annotations


class MathSyntaxError(ValueError):
    """A formula cannot be drawn: something in it is not known or not complete.

    The message says what is wrong, where, and what to write instead.

    Attributes:
        position: index into the LaTeX source, counted from 0, where the trouble starts.
        latex: the whole source.
    """

    def __init__(self, problem: str, latex: str, position: int) -> None:
        self.position = position
        self.latex = latex
        start, end = max(0, position - 12), position + 18
        shown = ("…" if start else "") + latex[start:end] + ("…" if end < len(latex) else "")
        super().__init__(f"{problem} (position {position}, near “{shown}”)")
