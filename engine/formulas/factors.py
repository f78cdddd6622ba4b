"""One factor: a number, a symbol with its scripts, brackets, a function, a sum, a derivative."""

from __future__ import annotations

from collections.abc import Sequence

from engine.formulas.declarations import Head
from engine.formulas.derivatives import At, Derivative, Differential
from engine.formulas.errors import MeaningError, UndeclaredSymbolError
from engine.formulas.expressions import Cursor, is_derivative, whole_term
from engine.formulas.heads import SEPARATORS, canonical, inside_brackets, units
from engine.formulas.nodes import (
    Accent,
    AtomClass,
    Fence,
    Fenced,
    Fraction,
    Grid,
    Group,
    Node,
    Row,
    Script,
    Styled,
    Symbol,
    Text,
)
from engine.formulas.nodes import Root as RootNode
from engine.formulas.operators import BUILTIN, EXTREMES, Apply, Call, FunctionName, Indicator
from engine.formulas.reader import Context, Item, items_of
from engine.formulas.roles import Role
from engine.formulas.terms import (
    Absolute,
    Entry,
    Everything,
    Inner,
    Norm,
    Number,
    Power,
    Product,
    Quotient,
    Reference,
    Root,
    Span,
    Term,
    Transposed,
    Vector,
)

_BIG = {"∑", "∏"}
_INDEXED_FUNCTIONS = {"max", "min", "arg max", "arg min"}
_CLOSING = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "⌊": "⌋", "⌈": "⌉"}
_ROUNDED = {"⌊": "floor", "⌈": "ceil"}
EULER = 2.718281828459045
PI = 3.141592653589793


class Factors:
    """Reads one factor at a cursor."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self.context = cursor.context

    def factor(self) -> Term:
        """The next factor with everything that belongs to it."""
        cursor = self.cursor
        start = cursor.at
        item = cursor.item
        if item.purpose:
            return self.checked_number(cursor.take())
        if _digit(item.node) or (item.sign == "." and start + 1 < len(cursor.items)):
            return self.number()
        node = item.node
        if isinstance(node, Script) and _digit(node.base):
            return self.number()
        base = _base(node)
        if isinstance(base, Styled) and base.purpose.startswith("number:"):
            cursor.at += 1
            name = base.purpose.partition(":")[2]
            return self.scripted(self.checked_number(Item(base, item.span, name)), node, item.span)
        sign = base.text if isinstance(base, Symbol | Fence) else ""
        kind = base.kind if isinstance(base, Symbol | Fence) else None
        if sign in ("|", "‖") or (kind is AtomClass.OPEN):
            return self.bracketed()
        if sign in ("∂", "∇") or (sign == "d" and self.is_differential()):
            return self.differential(sign)
        if sign in _BIG or (sign in _INDEXED_FUNCTIONS and isinstance(node, Script) and node.sub):
            return self.big()
        if isinstance(node, Fraction):
            return self.fraction()
        if isinstance(base, Fenced):
            return self.fenced()
        if isinstance(base, Grid):
            return self.grid()
        if isinstance(base, RootNode):
            cursor.at += 1
            return self.scripted(self.root(base, item.span), node, item.span)
        if isinstance(base, Group) and not self.is_name(node):
            cursor.at += 1
            return self.scripted(
                whole_term(items_of(base.body, item.span), self.context), node, item.span
            )
        if isinstance(base, Fraction):
            inner = Cursor([Item(base, item.span)], self.context)
            cursor.at += 1
            return self.scripted(Factors(inner).factor(), node, item.span)
        return self.symbol()

    # --- numbers ---------------------------------------------------------------------------

    def number(self) -> Term:
        """Digits with a point; the last digit may bear a power."""
        cursor = self.cursor
        first = cursor.at
        text = ""
        script: Node | None = None
        end = cursor.item.span[0]
        while cursor.at < len(cursor.items):
            item = cursor.item
            sign = item.sign
            if not (sign.isdigit() or sign == "."):
                if isinstance(item.node, Script) and _digit(item.node.base):
                    text += canonical(item.node.base)
                    script = item.node
                    cursor.at += 1
                break
            if text and item.span[0] != end and not _thousands(cursor, self.context):
                break
            end = item.span[1]
            text += sign
            cursor.at += 1
        span = cursor.span(first)
        if text.count(".") > 1 or text in ("", "."):
            raise self.context.error("This number has several points.", span[0])
        _, _, after = text.partition(".")
        found = Number(number=float(text) if after else int(text), digits=len(after), span=span)
        return found if script is None else self.scripted(found, script, span)

    def checked_number(self, item: Item) -> Term:
        r"""\num{NAME}{…}: a number that is computed under a name."""
        assert isinstance(item.node, Styled)
        found = whole_term(items_of(item.node.body, item.span), self.context)
        negative = not isinstance(found, Number)
        inner = next((term for term in found.walk() if isinstance(term, Number)), None)
        if inner is None:
            raise self.context.error("\\num needs digits.", item.span[0])
        value = -inner.number if negative else inner.number
        return Number(number=value, digits=inner.digits, check=item.purpose, span=item.span)

    # --- brackets --------------------------------------------------------------------------

    def bracketed(self) -> Term:
        """Plain brackets up to the one that closes them, with its scripts."""
        items, closing, span = self.inside()
        opening = _text(self.cursor.items[self._opened].node)
        return self.scripted(self.content(opening, items, span), closing, span)

    def inside(self) -> tuple[list[Item], Node, Span]:
        """What stands between the next bracket and its partner, and the partner itself."""
        cursor = self.cursor
        first = self._opened = cursor.at
        opening = _text(cursor.item.node)
        if isinstance(cursor.item.node, Script):
            raise self.context.error("A bracket is closed before it opens.", cursor.item.span[0])
        closing = _CLOSING.get(opening, opening)
        depth = 0
        for at in range(first + 1, len(cursor.items)):
            text = _text(_base(cursor.items[at].node))
            if opening in _CLOSING:
                if text == opening:
                    depth += 1
                elif text == closing:
                    if depth == 0:
                        return self._closed(first, at)
                    depth -= 1
            elif text == closing and self._closes(first, at):
                return self._closed(first, at)
        raise self.context.error(f"{opening} is never closed.", cursor.item.span[0])

    def _closes(self, first: int, at: int) -> bool:
        """Whether a bar ends what stands before it: after a factor, not after a sign."""
        before = self.cursor.items[at - 1]
        return at > first + 1 and before.kind not in (
            AtomClass.BINARY,
            AtomClass.RELATION,
            AtomClass.OPEN,
            AtomClass.PUNCTUATION,
        )

    def _closed(self, first: int, at: int) -> tuple[list[Item], Node, Span]:
        cursor = self.cursor
        cursor.at = at + 1
        return cursor.items[first + 1 : at], cursor.items[at].node, cursor.span(first)

    def content(self, opening: str, items: list[Item], span: Span) -> Term:
        """What brackets of a kind make of their content."""
        if opening == "⟨":
            parts = split(items, SEPARATORS)
            if len(parts) != 2:
                raise self.context.error("An inner product has two parts.", span[0])
            left, right = (whole_term(part, self.context) for part in parts)
            return Inner(left=left, right=right, span=span)
        parts = split(items, {","})
        if len(parts) > 1:
            from engine.formulas.series import listed

            return Vector(items=listed(parts, self.context, span[0]), span=span)
        body = whole_term(items, self.context)
        if opening in _ROUNDED:
            return Apply(name=_ROUNDED[opening], arguments=(body,), span=span)
        if opening == "|":
            return Absolute(body=body, span=span)
        return Norm(body=body, span=span) if opening == "‖" else body

    def fenced(self) -> Term:
        r"""\left … \right, with its scripts."""
        item = self.cursor.take()
        node = _base(item.node)
        assert isinstance(node, Fenced)
        left, right = node.fences[0], node.fences[-1]
        items = items_of(node.bodies[0], item.span)
        if not left and right == "|":
            return self.held(items, item)
        if len(node.bodies) != 1:
            raise self.context.error("\\middle has no meaning here.", item.span[0])
        opening = left if left in ("|", "‖", "⟨", "⌊", "⌈") else "("
        return self.scripted(self.content(opening, items, item.span), item.node, item.span)

    def held(self, items: list[Item], item: Item) -> Term:
        r"""\left. … \right|_{η = 0}: some symbols are held."""
        node = item.node
        if not isinstance(node, Script) or node.sub is None or node.sup is not None:
            raise self.context.error("After the bar stands what is held.", item.span[0])
        pairs: list[tuple[Term, Term | None]] = []
        for part in split(items_of(node.sub, item.span), {","}):
            sides = split(part, {"="})
            symbol = whole_term(sides[0], self.context)
            value = whole_term(sides[1], self.context) if len(sides) > 1 else None
            pairs.append((symbol, value))
        return At(body=whole_term(items, self.context), held=tuple(pairs), span=item.span)

    # --- fractions, roots, grids -------------------------------------------------------------

    def fraction(self) -> Term:
        """A fraction, or a derivative that is written as one."""
        item = self.cursor.take()
        node = item.node
        assert isinstance(node, Fraction)
        sign = is_derivative(node)
        top, bottom = items_of(node.top, item.span), items_of(node.bottom, item.span)
        if not sign:
            above, below = whole_term(top, self.context), whole_term(bottom, self.context)
            return Quotient(top=above, bottom=below, span=item.span)
        variable = whole_term(bottom[1:], self.context)
        if not isinstance(variable, Reference):
            raise self.context.error("Below a derivative stands one symbol.", item.span[0])
        if len(top) == 1:
            body: Term = self.operand(sign)
        else:
            body = whole_term(top[1:], self.context)
        return Derivative(
            body=body,
            variable=variable,
            kind=sign,
            span=(item.span[0], max(item.span[1], body.span[1])),
        )

    def operand(self, sign: str) -> Term:
        """What a derivative sign without a numerator is applied to: the factors beside it."""
        cursor = self.cursor
        if not cursor.begins_factor():
            raise self.context.error(
                f"{sign} is applied to nothing.", cursor.items[cursor.at - 1].span[0]
            )
        return cursor.chain(juxtaposed_only=True)

    def root(self, node: RootNode, span: Span) -> Term:
        """A root."""
        body = whole_term(items_of(node.body, span), self.context)
        degree = (
            None if node.index is None else whole_term(items_of(node.index, span), self.context)
        )
        return Root(body=body, degree=degree, span=span)

    def grid(self) -> Term:
        """Cases or a matrix, with its scripts."""
        from engine.formulas.grids import read_grid

        item = self.cursor.take()
        node = _base(item.node)
        assert isinstance(node, Grid)
        return self.scripted(read_grid(node, item.span, self.context), item.node, item.span)

    # --- operators ---------------------------------------------------------------------------

    def big(self) -> Term:
        """Σ, ∏, max and their kind, over everything that is multiplied after them."""
        from engine.formulas.binders import read_binders
        from engine.formulas.operators import Big

        cursor = self.cursor
        first = cursor.at
        item = cursor.take()
        node = item.node
        kind = _text(_base(node))
        sub = node.sub if isinstance(node, Script) else None
        sup = node.sup if isinstance(node, Script) else None
        if sub is None:
            raise self.context.error(f"{kind} needs an index below it.", item.span[0])
        binders = read_binders(sub, sup, item.span, self.context)
        inner = Cursor(cursor.items, self.context.naming(*(b.index for b in binders)), cursor.stops)
        inner.at = cursor.at
        if not inner.begins_factor() and inner.sign != "−":
            raise self.context.error(f"{kind} is applied to nothing.", item.span[0])
        body = inner.product()
        cursor.at = inner.at
        if kind in _INDEXED_FUNCTIONS:
            from engine.formulas.extremes import Extremum, is_continuous

            if is_continuous(binders[0], body, self.context.notation):
                variable = Reference(key=binders[0].index, latex="", span=item.span)
                span = cursor.span(first)
                return Extremum(kind=kind, variable=variable, body=body, span=span)
        return Big(kind=kind, binders=binders, body=body, span=cursor.span(first))

    def differential(self, sign: str) -> Term:
        """∇ L, ∂ L / ∂ W on one line, or the differential d X."""
        cursor = self.cursor
        first = cursor.at
        item = cursor.take()
        if sign == "∇":
            return self.gradient(first, item)
        quotient = self._slashed(sign)
        if quotient is not None:
            body, variable = quotient
            return Derivative(body=body, variable=variable, kind=sign, span=cursor.span(first))
        if sign == "∂":
            raise self.context.error("∂ stands only in a derivative.", item.span[0])
        return Differential(body=self._operand(), span=cursor.span(first))

    def _operand(self) -> Term:
        """What d is applied to: a sum with all that belongs to it, or one factor."""
        return Factors(self.cursor).factor()

    def _slashed(self, sign: str) -> tuple[Term, Reference] | None:
        r"""Body and variable of \partial L / \partial W; None where no stroke follows."""
        cursor = self.cursor
        before = cursor.at
        if not cursor.begins_factor():
            return None
        body = Factors(cursor).factor()
        if cursor.sign == "/" and cursor.at + 1 < len(cursor.items):
            following = cursor.items[cursor.at + 1]
            if following.sign == sign:
                cursor.at += 2
                variable = Factors(cursor).factor()
                if not isinstance(variable, Reference):
                    raise self.context.error(
                        "Below a derivative stands one symbol.", following.span[0]
                    )
                return body, variable
        cursor.at = before
        return None

    def gradient(self, first: int, item: Item) -> Term:
        """∇ of what stands beside it, by its subscript or by the symbol that is declared."""
        cursor = self.cursor
        node = item.node
        sub = node.sub if isinstance(node, Script) else None
        if sub is not None:
            variable = whole_term(items_of(sub, item.span), self.context)
        elif self.context.notation.gradient:
            from engine.formulas.reader import read_term

            variable = read_term(self.context.notation.gradient, self.context.notation)
        else:
            raise self.context.error("What ∇ is taken by is not declared.", item.span[0])
        body = self.operand("∇")
        if sub is None and isinstance(body, Call) and len(body.arguments) == 1:
            # ∇L(w) is the gradient of the function L, where w is put in.
            (point,) = body.arguments
            variable = point if isinstance(point, Reference) else variable
        return Derivative(body=body, variable=variable, kind="∇", span=cursor.span(first))

    def is_differential(self) -> bool:
        """Whether a d is the sign of a differential here."""
        cursor = self.cursor
        if self.context.notation.moving and "d" not in self.context.names:
            return "d" not in self.context.notation.keys
        before = cursor.at
        if "d" in self.context.notation.keys or cursor.item.sign != "d":
            return False
        cursor.at += 1
        found = self._slashed("d") is not None
        cursor.at = before
        return found

    # --- symbols -------------------------------------------------------------------------------

    def is_name(self, node: Node) -> bool:
        """Whether a node is a declared symbol as a whole."""
        try:
            return canonical(node) in self.context.notation.keys
        except MeaningError:
            return False

    def symbol(self) -> Term:
        """A symbol with its scripts; a function with its arguments."""
        cursor = self.cursor
        item = cursor.take()
        node = item.node
        context = self.context
        key, rest = split_name(node, context)
        latex = context.latex[item.span[0] : item.span[1]]
        if key is None:
            return self.undeclared(node, item, latex)
        is_bound = key in context.names
        notation = context.notation
        if not is_bound and notation.is_function(key):
            following = _opens(cursor)
            if following or not notation.is_value(key):
                return self.call(key, rest, item, latex)
        sub, sup, primes = rest
        if primes:
            raise context.error(
                f"{latex} is no function: a prime has no meaning here.", item.span[0]
            )
        upper: Term | None = None
        families = (
            [] if is_bound else [d.head for d in notation.heads(key) if d.head.arguments is None]
        )
        if any(head.upper is not None for head in families):
            inner = inside_brackets(sup)
            if inner is None and sup is not None and canonical(sup) != "⊤":
                raise context.error(
                    f"{latex} is read in two ways: an upper index stands in round brackets, and a "
                    "power needs brackets round its base.",
                    item.span[0],
                )
            if inner is not None:
                upper = whole_term(items_of(inner, item.span), context)
                sup = None
        lower, entries = self.indices(sub, families, upper is not None, key, item, is_bound)
        span = item.span
        if sup is not None and sup.spans:
            # Of u^2 the symbol is u alone.
            caret = context.latex.rfind("^", span[0], sup.spans[0][0])
            span = (span[0], caret) if caret > span[0] else span
            latex = context.latex[slice(*span)]
        found: Term = Reference(
            key=key, latex=latex, lower=lower, upper=upper, entries=entries, span=span
        )
        if sup is None:
            return found
        return self.raised(found, sup, item.span)

    def indices(
        self,
        sub: Row | None,
        families: Sequence[Head],
        has_upper: bool,
        key: str,
        item: Item,
        is_bound: bool,
    ) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
        """A subscript as indices of a family, or as those of an entry."""
        if sub is None:
            return (), ()
        heads = families
        parts = self.subscript(sub, heads, key, item, is_bound)
        terms = tuple(
            Everything(span=item.span)
            if canonical(part) == ":"
            else whole_term(items_of(part, item.span), self.context)
            for part in parts
        )
        lengths = {len(head.lower) for head in heads if (head.upper is not None) == has_upper}
        plain = not any(isinstance(term, Everything) for term in terms)
        if len(terms) in lengths and plain:
            return terms, ()
        return (), terms

    def subscript(
        self, sub: Row, heads: Sequence[Head], key: str, item: Item, is_bound: bool
    ) -> list[Row]:
        """The indices in a subscript, cut so that their number fits the symbol."""
        parts = units(sub)
        has_comma = "," in canonical(sub)
        if has_comma or len(parts) == 1:
            return parts
        wanted = {len(head.lower) for head in heads if head.lower}
        shapes = {
            self._entry_count(d.shape)
            for d in self.context.notation.heads(key)
            if d.shape is not None and not is_bound and d.head.arguments is None
        }
        wanted |= shapes - {0}
        if len(parts) in wanted or not wanted:
            if len(parts) > 1 and all(canonical(part).isdigit() for part in parts) and 1 in wanted:
                raise self.context.error(
                    f"The index of {self.context.latex[item.span[0] : item.span[1]]} is read in "
                    "two ways: use a comma.",
                    item.span[0],
                )
            return parts
        if wanted == {1}:
            return [sub]
        raise self.context.error(
            f"{self.context.latex[item.span[0] : item.span[1]]} has {len(parts)} indices, but "
            f"needs {' or '.join(map(str, sorted(wanted)))}: use commas.",
            item.span[0],
        )

    def _entry_count(self, shape: str) -> int:
        if not shape:
            return 0
        sizes = shape.split("\\times")
        if len(sizes) == 1 or "1" in (sizes[0].strip(), sizes[-1].strip()):
            return 1
        return 2

    def call(
        self, key: str, rest: tuple[Row | None, Row | None, int], item: Item, latex: str
    ) -> Term:
        """A declared function with its arguments."""
        cursor = self.cursor
        sub, sup, primes = rest
        first = cursor.at - 1
        if not _opens(cursor):
            return FunctionName(latex=latex, span=item.span)
        upper: Term | None = None
        inner = inside_brackets(sup)
        if inner is not None:
            upper = whole_term(items_of(inner, item.span), self.context)
            sup = None
        heads = [d.head for d in self.context.notation.heads(key)]
        lower, entries = self.indices(sub, list(heads), upper is not None, key, item, False)
        if entries:
            raise self.context.error(f"{latex} has no such index.", item.span[0])
        arguments, closing = self.arguments()
        span = cursor.span(first)
        found: Term = Call(
            key=key, latex=latex, arguments=arguments, lower=lower, upper=upper, primes=primes,
            span=span,
        )  # fmt: skip
        if sup is not None:
            found = self.raised(found, sup, span)
        return self.scripted(found, closing, span)

    def arguments(self, separators: frozenset[str] = SEPARATORS) -> tuple[tuple[Term, ...], Node]:
        """The arguments in brackets, and the closing bracket with its scripts."""
        cursor = self.cursor
        item = cursor.item
        base = _base(item.node)
        if isinstance(base, Fenced):
            cursor.at += 1
            items, closing = items_of(base.bodies[0], item.span), item.node
        else:
            items, closing, _ = self.inside()
        parts = split(items, separators)
        return tuple(self.argument(part) for part in parts), closing

    def argument(self, items: list[Item]) -> Term:
        """One argument, which may be a condition: P(z > 0)."""
        from engine.formulas.operators import COMPARISONS
        from engine.formulas.statements import read_condition

        if any(item.sign in COMPARISONS for item in items):
            return read_condition(items, self.context)
        return whole_term(items, self.context)

    def builtin(self, name: str, node: Node, item: Item) -> Term:
        """A function that every reader knows; without brackets it takes one factor."""
        cursor = self.cursor
        first = cursor.at - 1
        primes = node.primes if isinstance(node, Script) else 0
        sup = node.sup if isinstance(node, Script) else None
        if isinstance(node, Script) and node.sub is not None:
            raise self.context.error(
                f"{name} with an index, such as another base, must be declared.", item.span[0]
            )
        closing: Node | None = None
        if _opens(cursor):
            arguments, closing = self.arguments(frozenset({","}))
        elif cursor.begins_factor():
            arguments = (Factors(cursor).factor(),)
        else:
            return FunctionName(latex=name, span=item.span)
        span = cursor.span(first)
        found: Term = Apply(name=name, arguments=arguments, primes=primes, span=span)
        if isinstance(closing, Script) and name not in EXTREMES and name not in ("exp", "tr"):
            raise self.context.error(
                f"A power after {name}(…) is read in two ways: put brackets round it.", span[0]
            )
        if sup is not None:
            found = self.raised(found, sup, span)
        return found if closing is None else self.scripted(found, closing, span)

    def undeclared(self, node: Node, item: Item, latex: str) -> Term:
        """What is known without a declaration: functions, e, π, indicators; else an error."""
        base = _base(node)
        name = canonical(base)
        if name in BUILTIN:
            return self.builtin(name, node, item)
        if name in ("I", "bold 1") and _opens(self.cursor):
            first = self.cursor.at - 1
            return self.indicator(first)
        constant = {"e": EULER, "π": PI}.get(name)
        if constant is not None:
            found = Number(number=constant, span=item.span)
            return self.scripted(found, node, item.span)
        raise UndeclaredSymbolError(latex, self.context.latex, item.span[0])

    def indicator(self, first: int) -> Term:
        r"""I\{…\} or \mathbf{1}[…]."""
        from engine.formulas.statements import read_condition

        cursor = self.cursor
        base = _base(cursor.item.node)
        if isinstance(base, Fenced):
            items = items_of(base.bodies[0], cursor.take().span)
        else:
            items, _, _ = self.inside()
        condition = read_condition(items, self.context)
        return Indicator(condition=condition, span=cursor.span(first))

    # --- scripts -------------------------------------------------------------------------------

    def scripted(self, found: Term, node: Node, span: Span) -> Term:
        """A term with the scripts that its closing bracket, or its group, bears."""
        if not isinstance(node, Script):
            return found
        if node.primes:
            raise self.context.error("A prime stands after a function only.", span[0])
        if node.sub is not None:
            terms = tuple(
                Everything(span=span)
                if canonical(part) == ":"
                else whole_term(items_of(part, span), self.context)
                for part in units(node.sub)
            )
            found = Entry(base=found, entries=terms, span=span)
        return found if node.sup is None else self.raised(found, node.sup, span)

    def raised(self, found: Term, sup: Row, span: Span) -> Term:
        """A term with a superscript: a transpose or a power."""
        if canonical(sup) == "⊤":
            return Transposed(body=found, span=span)
        exponent = whole_term(items_of(sup, span), self.context)
        return Power(base=found, exponent=exponent, span=span)


def split_name(
    node: Node, context: Context
) -> tuple[str | None, tuple[Row | None, Row | None, int]]:
    """The longest declared name in a symbol, and the scripts that are left over."""
    keys = context.notation.keys | context.names
    if not isinstance(node, Script):
        name = canonical(node)
        return (name if name in keys else None), (None, None, 0)
    base = canonical(node.base)
    inner: tuple[Row | None, Row | None] = (None, None)
    if isinstance(node.base, Group) and len(node.base.body.items) == 1:
        only = node.base.body.items[0]
        if isinstance(only, Script):
            # {e_i}^2: the inner scripts belong to the name.
            return None, (None, None, 0)
    sub = f"_{{{canonical(node.sub)}}}" if node.sub else ""
    sup = f"^{{{canonical(node.sup)}}}" if node.sup else ""
    primes = "′" * node.primes
    for name, left in (
        (base + sub + primes + sup, (None, None, 0)),
        (base + sub, (None, node.sup, node.primes)),
        (base + primes + sup, (node.sub, None, 0)),
        (base, (node.sub, node.sup, node.primes)),
    ):
        if name in keys:
            return name, left
    del inner
    return None, (None, None, 0)


def split(items: list[Item], separators: set[str] | frozenset[str]) -> list[list[Item]]:
    """The items between separators that stand outside of all brackets."""
    found: list[list[Item]] = [[]]
    depth = 0
    for item in items:
        text = _text(_base(item.node))
        if text in _CLOSING:
            depth += 1
        elif text in _CLOSING.values():
            depth -= 1
        if depth == 0 and item.sign in separators:
            found.append([])
        else:
            found[-1].append(item)
    return found


def bracket_of(item: Item) -> str:
    """The text of a sign, with or without scripts: ) of )^2."""
    return _text(_base(item.node))


def _base(node: Node) -> Node:
    while isinstance(node, Script):
        node = node.base
    return node


def _text(node: Node) -> str:
    return node.text if isinstance(node, Symbol | Fence | Text) else ""


def _digit(node: Node) -> bool:
    return isinstance(node, Symbol) and node.text.isdigit()


def _thousands(cursor: Cursor, context: Context) -> bool:
    r"""Whether a thin space in 60\,000 parts the thousands of one number."""
    before, here = cursor.items[cursor.at - 1], cursor.item
    between = context.latex[before.span[1] : here.span[0]].strip()
    return between in ("\\,", "{,}") and here.sign.isdigit()


def _opens(cursor: Cursor) -> bool:
    """Whether the next item is an opening bracket."""
    if cursor.at >= len(cursor.items):
        return False
    base = _base(cursor.item.node)
    if isinstance(base, Fenced):
        return base.fences[0] in ("(", "[", "{")
    return isinstance(base, Symbol | Fence) and base.text in ("(", "[", "{")


__all__ = ["Accent", "Factors", "Product", "Role", "split", "split_name"]
