"""Arithmetic as learners type it, parsed into a small tree and computed; nothing is executed.

Grammar, from loosest to tightest binding:

    sum      = product { ("+" | "-") product }
    product  = factor { ("*" | "/") factor }
    factor   = ("+" | "-") factor | power
    power    = atom [ ("^" | "**") factor ]
    atom     = number | name | function "(" sum { "," sum } ")" | "(" sum ")"

The same notation serves answers to questions, the fields of labs and the graphs that a lab draws.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from engine.errors import UserError
from engine.language import _, plural

MAX_LENGTH = 200
"""Characters; anything longer is not an answer."""
MAX_DEPTH = 40
"""How deeply brackets and signs may be nested."""


class ExpressionError(UserError, ValueError):
    """Why an expression cannot be parsed or computed, in sentences that say what to do."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """A variable or a constant."""

    name: str


@dataclass(frozen=True, slots=True)
class Negate:
    """An operand with a minus sign before it."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands and one of `+ - * / ^`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function and what it is applied to."""

    function: str
    arguments: tuple[Node, ...]


Node: TypeAlias = Number | Name | Negate | Binary | Call


@dataclass(frozen=True, slots=True)
class Function:
    """A function that expressions may use."""

    arguments: int
    value: Callable[..., float]


def _sigmoid(x: float) -> float:
    # exp is taken only of numbers that are not positive, so that it cannot overflow.
    small = math.exp(-abs(x))
    return 1 / (1 + small) if x >= 0 else small / (1 + small)


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "exp": Function(1, math.exp),
        "ln": Function(1, math.log),
        "log": Function(1, math.log),
        "sqrt": Function(1, math.sqrt),
        "sigmoid": Function(1, _sigmoid),
        "tanh": Function(1, math.tanh),
        "relu": Function(1, lambda x: max(0.0, x)),
        "abs": Function(1, abs),
        "sin": Function(1, math.sin),
        "cos": Function(1, math.cos),
        "max": Function(2, max),
        "min": Function(2, min),
    }
)
"""`log` is the natural logarithm, as in PyTorch."""

CONSTANTS: Mapping[str, float] = MappingProxyType({"pi": math.pi, "e": math.e})

_NOTHING: Mapping[str, float] = MappingProxyType({})

_TOKEN = re.compile(
    r"(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<sign>\*\*|[-+*/^(),])"
)
_READ_AS = str.maketrans(
    {
        "\N{MINUS SIGN}": "-",
        "\N{EN DASH}": "-",
        "\N{MULTIPLICATION SIGN}": "*",
        "\N{MIDDLE DOT}": "*",
        "\N{DOT OPERATOR}": "*",
        "\N{DIVISION SIGN}": "/",
        "\N{GREEK SMALL LETTER SIGMA}": " sigmoid ",
        "\N{GREEK SMALL LETTER PI}": " pi ",
    }
)


def parse(text: str, names: Collection[str] = ()) -> Node:
    """Parse `text`, which may use the variables `names`; raises ExpressionError.

    Takes time in proportion to the length of the text, which is at most `MAX_LENGTH`.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            _("That is {length} characters long. The limit is {limit}.").format(
                length=len(text), limit=MAX_LENGTH
            )
        )
    return _Reader(list(_tokens(text.translate(_READ_AS))), names).read()


def compute(node: Node, names: Mapping[str, float] = _NOTHING) -> float:
    """The value of a tree, where `names` gives the variables; raises ExpressionError.

    The value is always a finite number.
    """
    try:
        value = _value(node, names)
    except ZeroDivisionError:
        raise ExpressionError(_("That divides by 0. Change the divisor.")) from None
    except OverflowError:
        raise _too_large() from None
    except ValueError:
        raise ExpressionError(
            _(
                "That has no real value. Logarithms need a positive number; roots and fractional "
                "powers need 0 or a positive number."
            )
        ) from None
    if not math.isfinite(value):
        raise _too_large()
    return value


def _too_large() -> ExpressionError:
    return ExpressionError(_("The result is too large for a 64-bit number. Use smaller numbers."))


def evaluate(text: str, names: Mapping[str, float] = _NOTHING) -> float:
    """Parse and compute `text`; raises ExpressionError with a sentence for the learner."""
    return compute(parse(text, names), names)


def _value(node: Node, names: Mapping[str, float]) -> float:
    match node:
        case Number(value):
            return value
        case Name(name):
            return float(names[name]) if name in names else CONSTANTS[name]
        case Negate(operand):
            return -_value(operand, names)
        case Call(function, arguments):
            return float(FUNCTIONS[function].value(*(_value(part, names) for part in arguments)))
        case Binary(operator, left, right):
            return _combine(operator, _value(left, names), _value(right, names))


def _combine(operator: str, left: float, right: float) -> float:
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    if operator == "/":
        return left / right
    if left == 0 and right < 0:
        raise ZeroDivisionError
    return math.pow(left, right)  # unlike **, never a complex number


def _tokens(text: str) -> Iterator[str]:
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        found = _TOKEN.match(text, place)
        if found is None:
            raise ExpressionError(
                _(
                    "The character {character} cannot be used here. Use numbers, + - * / ^, "
                    "brackets and functions such as exp(…)."
                ).format(character=repr(text[place]))
            )
        yield found.group()
        place = found.end()


class _Reader:
    """Parses tokens from left to right, with one token of lookahead."""

    def __init__(self, tokens: list[str], names: Collection[str]) -> None:
        self._tokens = tokens
        self._names = names
        self._place = 0
        self._depth = 0

    def read(self) -> Node:
        if not self._tokens:
            raise ExpressionError(_("Nothing was typed. Type a number, such as 0.138 or 1/8."))
        node = self._sum()
        if self._ahead:
            raise self._unexpected(self._ahead, self._after())
        return node

    def _unexpected(self, token: str, advice: str) -> ExpressionError:
        return ExpressionError(
            _("{token} is not expected there. {advice}").format(token=repr(token), advice=advice)
        )

    @property
    def _ahead(self) -> str:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def _take(self) -> str:
        self._place += 1
        return self._tokens[self._place - 1]

    def _sum(self) -> Node:
        node = self._product()
        while self._ahead in {"+", "-"}:
            node = Binary(self._take(), node, self._product())
        return node

    def _product(self) -> Node:
        node = self._factor()
        while self._ahead in {"*", "/"}:
            node = Binary(self._take(), node, self._factor())
        return node

    def _factor(self) -> Node:
        self._deeper()
        try:
            if self._ahead == "-":
                self._take()
                return Negate(self._factor())
            if self._ahead == "+":
                self._take()
                return self._factor()
            return self._power()
        finally:
            self._depth -= 1

    def _power(self) -> Node:
        base = self._atom()
        if self._ahead in {"^", "**"}:
            self._take()
            return Binary("^", base, self._factor())
        return base

    def _atom(self) -> Node:
        if not self._ahead:
            raise ExpressionError(_("Something is missing at the end. Finish the expression."))
        token = self._take()
        if token == "(":
            node = self._sum()
            self._close()
            return node
        if token[0].isdigit() or token[0] == ".":
            return self._number(token)
        if token[0].isalpha() or token[0] == "_":
            return self._named(token)
        raise self._unexpected(token, _("Put a number before it."))

    def _number(self, token: str) -> Node:
        value = float(token)
        if math.isinf(value):
            raise ExpressionError(
                _("{token} is too large for a 64-bit number. Use a smaller one.").format(
                    token=token
                )
            )
        return Number(value)

    def _named(self, token: str) -> Node:
        if token in self._names:
            return Name(token)
        if token in FUNCTIONS:
            return Call(token, self._arguments(token))
        if token in CONSTANTS:
            return Name(token)
        known = [*self._names, *CONSTANTS, *FUNCTIONS]
        raise ExpressionError(
            _("The name {name} is not known. Use one of {names}.").format(
                name=repr(token), names=", ".join(known)
            )
        )

    def _arguments(self, function: str) -> tuple[Node, ...]:
        wanted = FUNCTIONS[function].arguments
        if self._ahead != "(":
            example = f"{function}({'0.5' if wanted == 1 else '0.5, 1'})"
            raise ExpressionError(
                _("Write {function} with brackets, as in {example}.").format(
                    function=function, example=example
                )
            )
        self._take()
        found = [self._sum()]
        while self._ahead == ",":
            self._take()
            found.append(self._sum())
        self._close()
        if len(found) != wanted:
            raise ExpressionError(
                _("The function {function} takes {numbers}, not {given}.").format(
                    function=function,
                    numbers=plural("one number", "{count} numbers", wanted),
                    given=len(found),
                )
            )
        return tuple(found)

    def _close(self) -> None:
        if not self._ahead:
            raise ExpressionError(_("A bracket is not closed. Add ) where it ends."))
        if self._ahead != ")":
            raise self._unexpected(self._ahead, self._after())
        self._take()

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionError(
                _(
                    "More than {limit} brackets or signs are inside each other. Simplify the "
                    "expression."
                ).format(limit=MAX_DEPTH)
            )

    def _after(self) -> str:
        if self._ahead == ")":
            return _("It closes a bracket that was never opened.")
        if self._ahead == ",":
            return _("Write decimals with a point, as in 0.5.")
        return _("Put an operator such as * before it.")
