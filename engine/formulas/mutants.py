"""Mutants: formulas with one mistake, made from the tree, which a proof must reject."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from engine.formulas.bench import DRAWS, Bench
from engine.formulas.conditions import Cases, Condition
from engine.formulas.derivatives import Derivative
from engine.formulas.functions import Apply, Call
from engine.formulas.proving import prove_line
from engine.formulas.statements import Chain, Statement
from engine.formulas.sums import Big, Binder
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
    Root,
    Transposed,
)

FURTHER_DRAWS = 24
"""Draws, on top of the usual ones, on which a mutant must agree to count as equal."""
_EXCHANGED = {
    "exp": "ln", "ln": "exp", "log": "exp", "tanh": "exp", "sign": "exp", "max": "min",
    "min": "max", "sin": "cos", "cos": "sin",
}  # fmt: skip
_OTHER_WAY = {"≤": "≥", "≥": "≤", "<": ">", ">": "<", "≈": "≠", "≠": "="}


class Outcome(StrEnum):
    """What becomes of a mutant."""

    KILLED = "killed"
    EQUAL = "equal"
    """It means the same: further draws agree as well."""
    SURVIVED = "survived"
    """The usual draws agree, further ones do not: the draws are too weak."""


@dataclass(frozen=True, eq=False)
class Mutant:
    """One change to a statement."""

    kind: str
    span: tuple[int, int]
    """The part of the source that is changed."""
    statement: Statement


def mutants(statement: Statement) -> Iterator[Mutant]:
    """Every single change of the usual kinds to the sides and relations of a statement."""
    indices = _index_names(statement)
    for side in statement.terms():
        for term in side.walk():
            for kind, changed in _variants(term, indices):
                yield Mutant(kind, term.span, statement.replaced(term, changed))
    for chain in statement.chains:
        for number, relation in enumerate(chain.relations):
            if relation in _OTHER_WAY:
                relations = list(chain.relations)
                relations[number] = _OTHER_WAY[relation]
                changed_chain = Chain(chain.sides, tuple(relations))
                chains = tuple(changed_chain if c is chain else c for c in statement.chains)
                yield Mutant("relation turned", (0, 0), replace(statement, chains=chains))


def judge(
    mutant: Mutant, lines: Sequence[tuple[Statement, ...]], number: int, place: int, bench: Bench
) -> Outcome:
    """Whether the proof of a line rejects a mutant of one of its statements."""
    changed = list(lines)
    changed[number] = tuple(
        mutant.statement if at == place else statement for at, statement in enumerate(lines[number])
    )
    one = prove_line(changed, number, bench, 1)
    if not one.ok or not prove_line(changed, number, bench, DRAWS).ok:
        return Outcome.KILLED
    further = Bench(bench.notation, bench.name, bench.round_number + 1000, bench.terms)
    proof = prove_line(changed, number, further, FURTHER_DRAWS)
    # An index may be out of range on some draws, and agree on the others.
    return Outcome.EQUAL if proof.ok or proof.problem else Outcome.SURVIVED


def _index_names(statement: Statement) -> tuple[Reference, ...]:
    """The plain symbols that are used as indices anywhere in a statement."""
    found: dict[str, Reference] = {}
    for side in statement.terms():
        for term in side.walk():
            if isinstance(term, Reference):
                for index in (*term.lower, *term.entries):
                    if isinstance(index, Reference) and not (index.lower or index.entries):
                        found.setdefault(index.key, index)
    return tuple(found.values())


def _variants(term: Term, indices: tuple[Reference, ...]) -> Iterator[tuple[str, Term]]:
    match term:
        case Addition():
            yield from _addition(term)
        case Negative():
            yield "sign flipped", term.body
        case Product() | Entrywise():
            for number in range(len(term.factors)):
                rest = (*term.factors[:number], *term.factors[number + 1 :])
                if rest:
                    yield "factor dropped", replace(term, factors=rest)
        case Quotient():
            yield "fraction inverted", replace(term, top=term.bottom, bottom=term.top)
        case Transposed():
            yield "transpose dropped", term.body
        case Power():
            yield "power dropped", term.base
        case Root():
            yield "root dropped", term.body
        case Number() if not term.check:
            yield "constant changed", replace(term, number=term.number + 1)
            if term.number not in (0, 1):
                yield "constant changed", replace(term, number=1)
        case Reference() | Entry():
            yield from _indexed(term, indices)
        case Big() if term.kind in ("∑", "∏"):
            yield "sum dropped", First(big=term, span=term.span)
            other = "∏" if term.kind == "∑" else "∑"
            yield "sum exchanged", replace(term, kind=other)
            yield from _bounds(term)
        case Apply():
            if term.name in _EXCHANGED:
                yield "function exchanged", replace(term, name=_EXCHANGED[term.name])
            if len(term.arguments) == 1:
                yield "function dropped", term.arguments[0]
        case Call():
            if len(term.arguments) == 1:
                yield "function dropped", term.arguments[0]
            if term.primes:
                yield "prime dropped", replace(term, primes=term.primes - 1)
        case Derivative():
            yield "derivative dropped", term.body
        case Cases() if len(term.lines) > 1:
            for (one, first), (two, second) in pairwise(term.lines):
                swapped = tuple(
                    (two, first) if line[0] is one else (one, second) if line[0] is two else line
                    for line in term.lines
                )
                yield "cases exchanged", replace(term, lines=swapped)
        case Condition():
            for number, relation in enumerate(term.relations):
                if relation in _OTHER_WAY:
                    relations = list(term.relations)
                    relations[number] = _OTHER_WAY[relation]
                    yield "condition turned", replace(term, relations=tuple(relations))


def _addition(term: Addition) -> Iterator[tuple[str, Term]]:
    for number, part in enumerate(term.terms):
        flipped = part.body if isinstance(part, Negative) else Negative(body=part, span=part.span)
        before, after = term.terms[:number], term.terms[number + 1 :]
        yield "sign flipped", replace(term, terms=(*before, flipped, *after))
        if len(term.terms) > 1:
            yield "term dropped", replace(term, terms=(*before, *after))


def _indexed(term: Reference | Entry, indices: tuple[Reference, ...]) -> Iterator[tuple[str, Term]]:
    fields: list[tuple[str, tuple[Term, ...]]] = [("entries", term.entries)]
    if isinstance(term, Reference):
        fields.append(("lower", term.lower))
    for name, found in fields:
        if len(found) == 2:
            yield "indices swapped", _with(term, name, found[::-1])
        for number, index in enumerate(found):
            for other in indices:
                if isinstance(index, Reference) and other.key != index.key:
                    changed = (*found[:number], other, *found[number + 1 :])
                    yield "index exchanged", _with(term, name, changed)
            if isinstance(index, Number):
                moved = replace(index, number=index.number + 1)
                changed = (*found[:number], moved, *found[number + 1 :])
                yield "index moved", _with(term, name, changed)
    if isinstance(term, Reference) and term.upper is not None:
        moved_upper = Addition(terms=(term.upper, Number(number=1)), span=term.upper.span)
        yield "layer moved", replace(term, upper=moved_upper)


def _with(term: Reference | Entry, field: str, indices: tuple[Term, ...]) -> Term:
    if isinstance(term, Reference) and field == "lower":
        return replace(term, lower=indices)
    return replace(term, entries=indices)


def _bounds(term: Big) -> Iterator[tuple[str, Term]]:
    for number, binder in enumerate(term.binders):
        if binder.first is None or binder.last is None:
            if binder.condition is not None:
                plain = Binder(index=binder.index, span=binder.span)
                binders = (*term.binders[:number], plain, *term.binders[number + 1 :])
                yield "bounds changed", replace(term, binders=binders)
            continue
        first = Addition(terms=(binder.first, Number(number=1)), span=binder.span)
        changed = replace(binder, first=first)
        binders = (*term.binders[:number], changed, *term.binders[number + 1 :])
        yield "bounds changed", replace(term, binders=binders)


@dataclass(frozen=True, eq=False, kw_only=True)
class First(Term):
    """A sum without its sign: its body at the first value of the index."""

    big: Big

    def evaluate(self, world: object) -> object:
        for binder_value in self.big.runs(world):  # type: ignore[arg-type]
            del binder_value
            return self.big.body.value(world)  # type: ignore[arg-type]
        return 0
