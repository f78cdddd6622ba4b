"""The shape that a notation declares for a symbol, as a lesson writes it in its list of symbols."""

from __future__ import annotations

from engine.formulas.errors import MathSyntaxError, MeaningError
from engine.formulas.heads import read_head
from engine.formulas.notation import Notation
from engine.formulas.reader import read_term
from engine.formulas.terms import Everything, Reference


def declared_shape(latex: str, notation: Notation) -> str:
    """The declared shape of a symbol as LaTeX; empty for a number or where none is declared."""
    for indices in (_indices(notation), ()):
        try:
            head = read_head(latex, indices)
        except (MeaningError, MathSyntaxError):
            continue
        for declaration in notation.heads(head.key):
            if declaration.head.is_that_of(head):
                return declaration.shape or ""
    return _line_shape(latex, notation)


def _line_shape(latex: str, notation: Notation) -> str:
    """The shape of a row or column of a declared matrix, such as A_{:,s}; else empty."""
    try:
        term = read_term(latex, notation)
    except (MeaningError, MathSyntaxError):
        return ""
    if not isinstance(term, Reference) or len(term.entries) != 2:
        return ""
    heads = [d for d in notation.heads(term.key) if (d.head.upper is None) == (term.upper is None)]
    sizes = next((d.shape for d in heads if d.shape), "").split("\\times")
    kept = [isinstance(entry, Everything) for entry in term.entries]
    if len(sizes) != 2 or not any(kept):
        return ""
    return r" \times ".join(s.strip() if k else "1" for s, k in zip(sizes, kept, strict=True))


def _indices(notation: Notation) -> tuple[str, ...]:
    """The index names of all heads, for finding a head again."""
    names = {name for d in notation.declarations for name in d.head.names()} - {""}
    return tuple(sorted(name for name in names if " " not in name))
