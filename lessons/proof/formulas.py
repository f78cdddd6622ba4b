"""Prove what the formulas of a lesson state, wherever they are: text, tables, prompts, hints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from engine.formulas.bench import Bench, bench_for
from engine.formulas.comparing import IDENTITY_TOLERANCE
from engine.formulas.errors import MathSyntaxError, NoValueError
from engine.formulas.functions import FunctionName
from engine.formulas.heads import canonical
from engine.formulas.notation import Notation
from engine.formulas.parser import parse
from engine.formulas.proving import Comparison, prove_line
from engine.formulas.statements import Statement, purpose_of, read_statements
from engine.formulas.terms import Number
from lessons.format.document import Span, Style, Text

RELATION_ENDS = ("=", "\\approx")
"""A formula that ends like this is completed by the computed number after it."""


class Standing(StrEnum):
    """What is known about a formula."""

    PROVED = "proved"
    DEFINITION = "definition"
    """It only introduces a name, and is marked so."""
    SUPPOSITION = "supposition"
    """It names an assumption, and is marked so."""
    MENTION = "mention"
    """It states nothing: a symbol or an expression that the notation can read."""
    UNPROVED = "unproved"


@dataclass(frozen=True, slots=True)
class Written:
    """A formula as written somewhere in a lesson."""

    latex: str
    line: int
    """In the lesson file; 0 if it is from elsewhere."""
    where: str = ""
    """Name of the question or mistake it belongs to."""
    wrong: bool = False
    """Whether it is the wrong line of a slip, which must not hold."""


@dataclass(frozen=True)
class Judged:
    """A formula and the result of its numerical check."""

    written: Written
    standing: Standing
    worst: Comparison | None = None
    problem: str = ""


def written_in(text: Text, where: str = "") -> Iterator[Written]:
    """The formulas of running text; one that ends with = is joined with the number after it."""
    for place, span in enumerate(text):
        if span.style is not Style.MATH:
            continue
        latex = span.text
        if latex.rstrip().endswith(RELATION_ENDS):
            number = next_number(text, place)
            if number is not None:
                latex = f"{latex} {number}"
        yield Written(latex, span.line, where)


def next_number(text: Text, place: int) -> str | None:
    """The computed number that follows a formula, as it is written."""
    for span in text[place + 1 :]:
        if span.style is Style.NUMBER:
            return _as_latex(span)
        if span.text.strip():
            return None
    return None


def _as_latex(span: Span) -> str:
    digits = span.text.replace("\N{NO-BREAK SPACE}", "").replace("\N{THIN SPACE}", "")
    digits = digits.replace(",", "").replace("\N{MINUS SIGN}", "-")
    mantissa, mark, exponent = digits.partition("e")
    return rf"{mantissa} \cdot 10^{{{exponent}}}" if mark else mantissa


def judged(written: Written, notation: Notation, name: str, round_number: int = 0) -> Judged:
    """Check one formula numerically."""
    purpose = ""
    try:
        purpose = purpose_of(written.latex)
        statements = read_statements(written.latex, notation)
    except (ValueError, MathSyntaxError) as error:
        if purpose == "suppose":
            return Judged(written, _MARKED[purpose])
        if _is_sign(written.latex):
            return Judged(written, Standing.MENTION)
        return Judged(written, Standing.UNPROVED, problem=str(error))
    if purpose == "suppose":
        return Judged(written, Standing.SUPPOSITION)
    claims = tuple(statement for statement in statements if statement.relates)
    bench = bench_for((statements,), notation, name, round_number)
    if purpose == "define":
        if not claims:
            return Judged(written, Standing.DEFINITION)
        # If what it introduces is also declared, both must agree.
        proof = prove_line((claims,), 0, bench)
        if proof.ok or (proof.problem and _is_rule(claims)):
            return Judged(written, Standing.DEFINITION)
        if proof.problem:
            return Judged(written, Standing.UNPROVED, proof.worst, proof.problem)
        problem = "The notation defines this symbol differently."
        return Judged(written, Standing.UNPROVED, proof.worst, problem)
    if not claims:
        problem = _unreadable(statements, bench)
        standing = Standing.UNPROVED if problem else Standing.MENTION
        return Judged(written, standing, problem=problem)
    proof = prove_line((claims,), 0, bench)
    if written.wrong:
        broken = not proof.ok
        worst = Comparison("being wrong", 0.0 if broken else 1.0, 0.5)
        problem = "" if broken else "The wrong line of a slip is true."
        return Judged(written, Standing.PROVED if broken else Standing.UNPROVED, worst, problem)
    standing = Standing.PROVED if proof.ok else Standing.UNPROVED
    return Judged(written, standing, proof.worst, proof.failure)


def _is_rule(claims: tuple[Statement, ...]) -> bool:
    """Whether numbers cannot check a definition: it says how something is drawn or updated."""
    relations = {r for claim in claims for chain in claim.chains for r in chain.relations}
    return bool(relations & {"∼", "←", "→"})


_MARKED = {"define": Standing.DEFINITION, "suppose": Standing.SUPPOSITION}


def _is_sign(latex: str) -> bool:
    """Whether a formula is a single operator that the text mentions, such as ⊙ or ∂."""
    from engine.formulas.nodes import AtomClass, Space, Symbol

    try:
        nodes = [node for node in parse(latex).items if not isinstance(node, Space)]
    except MathSyntaxError:
        return False
    first = nodes[0] if len(nodes) == 1 else None
    signs = (AtomClass.BINARY, AtomClass.RELATION)
    return isinstance(first, Symbol) and (first.kind in signs or first.text in "∂∇")


def _unreadable(statements: tuple[Statement, ...], bench: Bench) -> str:
    """Why an expression of a formula that states nothing has no value; empty if all have."""
    for statement in statements:
        for term in statement.terms():
            if isinstance(term, FunctionName):
                continue
            try:
                bench.value(term, 0)
            except NoValueError:
                continue
            except (ValueError, RuntimeError, ArithmeticError, TypeError) as error:
                return str(error)
    return ""


def shape_problem(factor: str, shape: str, notation: Notation, bench: Bench) -> Comparison:
    """Compare the shape written next to a factor with the factor's actual shape, on two draws."""
    from engine.formulas import values as v
    from engine.formulas.reader import read_shape, read_term

    found = 0.0
    term, sizes = read_term(factor, notation), read_shape(shape, notation)
    for draw in range(2):
        world = bench.world(draw)
        wanted = tuple(v.whole(size.value(world)) for size in sizes)
        own = v.shape_of(bench.value(term, draw))
        if (() if all(size == 1 for size in wanted) else wanted) != own:
            found = 1.0
    return Comparison("the shape", found, 0.5)


def named_numbers(latex: str) -> Iterator[tuple[str, str]]:
    r"""Name and digits of each \num{NAME}{DIGITS} in a formula."""
    from engine.formulas.nodes import Node, Row, Styled

    def walk(node: Node | None) -> Iterator[tuple[str, str]]:
        if isinstance(node, Styled) and node.purpose.startswith("number:"):
            yield node.purpose.partition(":")[2], canonical(node.body)
            return
        for field in getattr(type(node), "__dataclass_fields__", ()):
            value = getattr(node, field)
            for item in value if isinstance(value, tuple) else (value,):
                for part in item if isinstance(item, tuple) else (item,):
                    if hasattr(part, "__dataclass_fields__"):
                        yield from walk(part)

    try:
        row: Row = parse(latex)
    except MathSyntaxError:
        return  # the check of the formula itself says why
    yield from walk(row)


__all__ = [
    "IDENTITY_TOLERANCE",
    "Judged",
    "Number",
    "Standing",
    "Written",
    "judged",
    "named_numbers",
    "shape_problem",
    "written_in",
]
