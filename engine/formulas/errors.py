"""What can be wrong with a formula: it cannot be drawn, cannot be read, or has no value."""

from __future__ import annotations


class MathSyntaxError(ValueError):
    """A formula that cannot be drawn: something in it is unknown or incomplete.

    The message says what is wrong, where, and what to write instead.

    Attributes:
        position: index into the LaTeX source, counted from 0, where the problem starts.
        latex: the whole source.
    """

    def __init__(self, problem: str, latex: str, position: int) -> None:
        self.position = position
        self.latex = latex
        start, end = max(0, position - 12), position + 18
        shown = ("…" if start else "") + latex[start:end] + ("…" if end < len(latex) else "")
        super().__init__(f"{problem} (position {position}, near “{shown}”)")


class MeaningError(ValueError):
    """A formula that can be drawn but not read: a symbol is not declared, or two readings fit.

    Attributes:
        problem: what is wrong and what to write instead, as a sentence.
        latex: the whole source.
        position: index into the source where the problem starts.
    """

    def __init__(self, problem: str, latex: str = "", position: int = 0) -> None:
        self.problem, self.latex, self.position = problem, latex, position
        where = f" In: {latex}" if latex else ""
        super().__init__(f"{problem}{where}")


class UndeclaredSymbolError(MeaningError):
    """A symbol that the notation does not declare; `symbol` is its LaTeX."""

    def __init__(self, symbol: str, latex: str = "", position: int = 0) -> None:
        self.symbol = symbol
        problem = f"The symbol {symbol} is not declared: add it to the notation."
        super().__init__(problem, latex, position)


class NoValueError(MeaningError):
    """A declared symbol that has no value as it stands: its index is left out, or has no range.

    A formula that states something needs it; one that only mentions the symbol does not.
    """
