r"""Changes to the LaTeX of a line, found by its tree: lines with one mistake, and lines with a gap.

`mutants` change the tree, which has no source to draw. Here the source itself is edited where the
tree says what stands there, so that a changed line can be shown and is read again like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.formulas.functions import Apply, Call
from engine.formulas.statements import Statement
from engine.formulas.term import Term
from engine.formulas.terms import (
    Addition,
    Entry,
    Entrywise,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Reference,
    Transposed,
)

_OPENING = re.compile(r"(\\left\s*)?([(\[])\s*$")
_PAIRS = {"(": ")", "[": "]"}
_JOINTS = r"\\cdot(?![a-z])|\\odot(?![a-z])|\\times(?![a-z])|\\,|\\;|\\!"
_EXCHANGED = {r"\exp": r"\ln", r"\ln": r"\exp", r"\max": r"\min", r"\min": r"\max"}
_TURNED = {r"\le": r"\ge", r"\ge": r"\le", r"\leq": r"\geq", r"\geq": r"\leq", "<": ">", ">": "<"}


@dataclass(frozen=True, slots=True)
class Edit:
    """The LaTeX of a line with one mistake, and the kind of mistake, named as in `mutants`."""

    kind: str
    latex: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A factor of a line that can be left out: from `start` to `end` in its LaTeX."""

    start: int
    end: int
    factor: str

    def shown(self, latex: str) -> str:
        """The line with a box in the place of the factor."""
        return rf"{latex[: self.start]} \square {latex[self.end :]}"

    def filled(self, latex: str, factor: str) -> str:
        """The line with another factor in its place."""
        return rf"{latex[: self.start]} \left( {factor} \right) {latex[self.end :]}"


def edits(statement: Statement) -> Iterator[Edit]:
    """Single changes of the usual kinds to the right sides of a statement, as LaTeX.

    Some of them mean the same as before, or nothing: whoever shows one has it proved wrong first.
    """
    latex = statement.latex
    indices = _index_texts(statement)
    for side in right_sides(statement):
        for term in side.walk():
            if term.span[1] > term.span[0]:
                for kind, changed in _changes(latex, term, indices):
                    if changed != latex:
                        yield Edit(kind, changed)
    yield from _of_the_whole(statement)


def gaps(statement: Statement) -> Iterator[Gap]:
    """The factors of the right sides of a statement that can be left out."""
    for side in right_sides(statement):
        for term in side.walk():
            if isinstance(term, Product | Entrywise):
                for factor in term.factors:
                    start, end = enclosed(statement.latex, factor.span)
                    text = statement.latex[start:end]
                    if end > start and not (isinstance(factor, Number) and factor.number == 1):
                        yield Gap(start, end, text)


def right_sides(statement: Statement) -> Iterator[Term]:
    """All sides of a statement but those that stand before its relations."""
    for chain in statement.chains:
        yield from (side for side in chain.sides[1:] if side is not None)


def enclosed(latex: str, span: tuple[int, int]) -> tuple[int, int]:
    """A span with the brackets that stand around it alone."""
    start, end = span
    while True:
        opening = _OPENING.search(latex[:start])
        if opening is None:
            return start, end
        size = r"\\right\s*" if opening[1] else ""
        closing = re.match(rf"\s*{size}{re.escape(_PAIRS[opening[2]])}", latex[end:])
        if closing is None:
            return start, end
        start, end = opening.start(), end + closing.end()


def _index_texts(statement: Statement) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for side in statement.terms():
        for term in side.walk():
            if isinstance(term, Reference):
                for index in (*term.lower, *term.entries):
                    if isinstance(index, Reference) and index.span[1] - index.span[0] == 1:
                        found.setdefault(statement.latex[slice(*index.span)])
    return tuple(found)


def _changes(latex: str, term: Term, indices: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    start, end = term.span
    text = latex[start:end]

    def put(new: str, at: tuple[int, int] = (start, end)) -> str:
        return latex[: at[0]] + new + latex[at[1] :]

    match term:
        case Addition():
            yield from _signs(latex, term)
        case Negative() if text.startswith(("-", "−")):
            yield "sign flipped", put(text[1:].lstrip())
        case Product() | Entrywise() if len(term.factors) > 1:
            for factor in term.factors:
                yield "factor dropped", _cleaned(put("", enclosed(latex, factor.span)))
        case Quotient() if re.match(r"\\[dt]?frac", text):
            top, bottom = latex[slice(*term.top.span)], latex[slice(*term.bottom.span)]
            yield "fraction inverted", put(rf"\frac{{{bottom}}}{{{top}}}")
        case Transposed() if found := re.search(r"\^\s*(\\top|\{\s*\\top\s*\})$", text):
            yield "transpose dropped", put(text[: found.start()])
        case Power() if term.base.span != term.span and text.startswith(("(", "\\left(")):
            yield "power dropped", put(latex[slice(*enclosed(latex, term.base.span))])
        case Power() if term.base.span != term.span:
            yield "power dropped", put(latex[slice(*term.base.span)])
        case Number() if text.isdecimal() and not term.check:
            yield "constant changed", put(str(int(text) + 1))
        case Reference() | Entry():
            yield from _indexed(latex, term, indices)
        case Apply() | Call():
            name = re.match(r"\\[a-z]+", text)
            if name and name[0] in _EXCHANGED:
                yield "function exchanged", put(_EXCHANGED[name[0]] + text[len(name[0]) :])
            if isinstance(term, Call) and term.primes and "'" in text:
                yield "prime dropped", put(text.replace("'", "", 1))
            if len(term.arguments) == 1 and term.arguments[0].span[1]:
                inside = latex[slice(*term.arguments[0].span)]
                yield "function dropped", put(rf"\left( {inside} \right)")


def _signs(latex: str, term: Addition) -> Iterator[tuple[str, str]]:
    end_before = term.span[0]
    for number, part in enumerate(term.terms):
        start, end = enclosed(latex, part.span)
        gap = latex[end_before:start]
        if isinstance(part, Negative) and latex[start] in "-−":
            rest = latex[start + 1 :].lstrip()
            yield "sign flipped", latex[:start] + ("+ " if number else "") + rest
        elif number and "+" in gap:
            at = end_before + gap.index("+")
            yield "sign flipped", f"{latex[:at]}-{latex[at + 1 :]}"
        elif not number:
            yield "sign flipped", f"{latex[:start]}-{latex[start:]}"
        if number:
            yield "term dropped", latex[:end_before] + latex[end:]
        end_before = end


def _indexed(
    latex: str, term: Reference | Entry, indices: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    found = list(term.entries)
    if isinstance(term, Reference):
        found = [*term.lower, *found]
        if term.upper is not None and term.upper.span[1] > term.upper.span[0]:
            a, b = term.upper.span
            upper = latex[a:b].strip()
            moved = {"l": "l+1", "l+1": "l", "n": "n-1", "n-1": "n", "1": "2", "2": "1"}.get(upper)
            if moved:
                yield "layer moved", latex[:a] + moved + latex[b:]
    spans = [index.span for index in found if index.span[1] - index.span[0] == 1]
    if len(spans) == 2 and spans[0] < spans[1]:
        (a, b), (c, d) = spans
        swapped = latex[:a] + latex[c:d] + latex[b:c] + latex[a:b] + latex[d:]
        yield "indices swapped", swapped
    for a, b in spans:
        for other in indices:
            if other != latex[a:b] and not latex[a:b].isdecimal():
                yield "index exchanged", latex[:a] + other + latex[b:]


def _of_the_whole(statement: Statement) -> Iterator[Edit]:
    """Changes to a whole right side, and a turned relation: there is one for every line."""
    latex = statement.latex
    for side in right_sides(statement):
        start, end = enclosed(latex, side.span)
        if end <= start:
            continue
        inside = latex[start:end]
        for kind, lead in (("sign flipped", "-"), ("constant changed", "2")):
            yield Edit(kind, rf"{latex[:start]} {lead} \left( {inside} \right) {latex[end:]}")
    for sign, other in _TURNED.items():
        pattern = re.escape(sign) + (r"(?![a-z])" if sign[0] == "\\" else "")
        if found := re.search(pattern, latex):
            yield Edit("relation turned", latex[: found.start()] + other + latex[found.end() :])


def _cleaned(latex: str) -> str:
    """A line without the multiplication signs that nothing stands beside any more."""
    before = ""
    while before != latex:
        before = latex
        latex = re.sub(rf"({_JOINTS})\s*(?:{_JOINTS})", r"\1", latex)
        latex = re.sub(rf"((?:^|[=({{+\-&\[]|\\left\(|\\le|\\ge)\s*)(?:{_JOINTS})\s*", r"\1", latex)
        latex = re.sub(rf"\s*(?:{_JOINTS})(\s*(?:$|[)}}+\-&\]]|\\right|\\\\))", r"\1", latex)
    return latex
