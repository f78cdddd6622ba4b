r"""Notation: every symbol declared once, with its shape and where its value comes from.

    NOTATION = (
        Notation()
        .size("S_l", over="l")
        .drawn(r"W^{(l)}", r"S_l \times S_{l+1}", over="l")
        .drawn(r"b^{(l)}", r"S_{l+1} \times 1", over="l")
        .defined(r"W_{ij}^{(l)} = (W^{(l)})_{ji}", over="i j l")
        .drawn(r"x", r"S_1 \times 1")
        .defined(r"a^{(1)} = x", r"S_1 \times 1")
        .defined(r"z^{(l+1)} = (W^{(l)})^\top a^{(l)} + b^{(l)}", r"S_{l+1} \times 1", over="l")
        .defined(r"a^{(l)} = \sigma(z^{(l)})", r"S_l \times 1", over="l")
        .defined(r"\sigma(u) = \frac{1}{1 + e^{-u}}")
        .index("i j k")
    )

A notation never changes: every method returns a new one. A later declaration replaces an earlier
one with the same head, so that a derivation can extend the notation of its lesson. Reading needs no
torch; evaluating does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from engine.formulas.declarations import Computer, Declaration, Head, Maker
from engine.formulas.draws import normal
from engine.formulas.errors import MeaningError, NoValueError
from engine.formulas.term import Term
from engine.formulas.terms import Entry, Everything, Number, Reference
from engine.formulas.values import Value

if TYPE_CHECKING:
    from engine.formulas.world import Place, World

Lazy: TypeAlias = "Callable[[World, tuple[Term, ...]], Value]"
"""A function of unevaluated arguments, such as a mean over outcomes."""


@dataclass(frozen=True, slots=True)
class Index:
    """A running or free index: how many values it has, where that is declared, and the first."""

    key: str
    size: str = ""
    """LaTeX."""
    start: int = 1
    unlike: str = ""
    """Key of an index from which it must differ when it is drawn."""


@dataclass(frozen=True, eq=False)
class Notation:
    """The declared symbols, by key; see the module."""

    declarations: tuple[Declaration, ...] = ()
    indices: Mapping[str, Index] = field(default_factory=dict)
    lazies: Mapping[str, Lazy] = field(default_factory=dict)
    entrywise_functions: Mapping[str, str] = field(default_factory=dict)
    """Functions of numbers, by key: the name of the torch function that computes them."""
    moving: tuple[str, ...] = ()
    """LaTeX of the symbols that differentials move."""
    partial: str = "total"
    """`total`: ∂ follows every declared dependence; `direct`: only what the numerator's own
    definition names, and d is the total derivative."""
    gradient: str = ""
    """LaTeX of the symbol that ∇ without an index is taken by."""
    approximate: float = 1e-2
    """Relative: how close the two sides of ≈ must be."""

    # --- declaring -----------------------------------------------------------------------

    def size(self, latex: str, *, over: str = "", low: int = 3) -> Notation:
        """A dimension; no two dimensions of a draw have the same value."""
        return self._with(self._declared(latex, over, "", low=low))

    def drawn(
        self,
        latex: str,
        shape: str = "",
        make: Maker | None = None,
        *,
        over: str = "",
        start: int = 1,
    ) -> Notation:
        r"""A symbol that is drawn at random.

        Args:
            latex: the symbol, such as `W^{(l)}`.
            shape: LaTeX such as `S_l \times S_{l+1}`, or `n` for a column; empty for a number.
            make: how it is drawn (`engine.formulas.draws`); normal numbers by default.
            over: the indices of its family, such as `l`; all other scripts belong to its name.
            start: the number of its first entry.
        """
        return self._with(self._declared(latex, over, shape, make=make or normal(), start=start))

    def fixed(self, latex: str, value: Any, shape: str = "") -> Notation:
        """A symbol with one known value: a number, a list (a column) or a list of rows."""
        kept = value if isinstance(value, int | float) else np.asarray(value, dtype=np.float64)
        declared = self._declared(latex, "", shape or None, compute=lambda world, *_: kept)
        return self._with(replace(declared, is_fixed=True))

    def given(self, **values: Any) -> Notation:
        """Declared letters with known values in place of drawn ones, such as `given(x=1, w=0)`.

        Raises:
            MeaningError: a letter is not declared, or a value is not finite. A symbol that only has
                a value is `fixed`.
        """
        found = self
        for latex, value in values.items():
            if self._head(latex, "").key not in self.keys:
                raise MeaningError(self._not_given(latex))
            if not np.isfinite(np.asarray(value, dtype=np.float64)).all():
                raise MeaningError(f"`given` has {value} for {latex}. Give a finite number.")
            found = found.fixed(latex, value)
        return found

    def _not_given(self, latex: str) -> str:
        near = get_close_matches(latex, [key for key in self.keys if key.isidentifier()], n=1)
        mean = f" Did you mean {near[0]}?" if near else ""
        return (
            f"`given` has a value for {latex}, which the notation does not declare.{mean} "
            f'Declare it before, or write .fixed("{latex}", …) for a symbol that is only a number.'
        )

    def defined(
        self, equation: str, shape: str | None = None, *, over: str = "", start: int = 1
    ) -> Notation:
        r"""A symbol or a function by its formula, such as `a^{(l)} = \sigma(z^{(l)})`.

        A shape that is given is checked whenever the value is computed.
        """
        from engine.formulas.heads import split_equation

        left, right = split_equation(equation)
        return self._with(self._declared(left, over, shape, source=right, start=start))

    def computed(
        self, latex: str, compute: Computer, shape: str | None = None, *, over: str = ""
    ) -> Notation:
        """A symbol whose value Python computes; `compute` gets the world and the indices."""
        return self._with(self._declared(latex, over, shape, compute=compute))

    def lazy(self, key: str) -> Lazy | None:
        """The function of unevaluated arguments that a key stands for."""
        return self.lazies.get(key)

    def entrywise(self, latex: str, name: str) -> Notation:
        r"""A function of numbers that torch knows, applied to each entry: \sigma is `sigmoid`."""
        key = self._head(latex, "").key
        return replace(self, entrywise_functions={**self.entrywise_functions, key: name})

    def operator(self, latex: str, apply: Lazy) -> Notation:
        r"""A function that evaluates its arguments itself, such as \mathbb{E}."""
        return replace(self, lazies={**self.lazies, self._head(latex, "").key: apply})

    def distribution(self, latex: str) -> Notation:
        r"""A name such as N in N(0, \sigma^2): it can be read, and has no value."""

        def no_value(world: World, arguments: tuple[Term, ...]) -> Value:
            raise NoValueError(f"{latex} is a distribution: it has no value.")

        return self.operator(latex, no_value)

    def index(self, names: str, size: str = "", *, start: int = 1, unlike: str = "") -> Notation:
        """Indices, separated by spaces; `size` is LaTeX, and without it the entries tell."""
        other = self._head(unlike, "").key if unlike else ""
        found = {
            key: Index(key, size, start, other)
            for key in (self._head(name, "").key for name in names.split())
        }
        return replace(self, indices={**self.indices, **found})

    def with_moving(self, *latex: str) -> Notation:
        """Differentials move these symbols: dX is drawn, with the shape of X."""
        return replace(self, moving=latex)

    def with_direct_partials(self) -> Notation:
        """∂ holds all symbols but its own constant; d is the total derivative."""
        return replace(self, partial="direct")

    def with_gradient(self, latex: str) -> Notation:
        """∇ is taken by this symbol."""
        return replace(self, gradient=latex)

    def with_tolerance(self, approximate: float) -> Notation:
        """The relative difference that ≈ allows between its two sides."""
        return replace(self, approximate=approximate)

    def including(self, other: Notation) -> Notation:
        """Both notations together; what the other one declares comes first."""
        return replace(
            self,
            declarations=(*other.declarations, *self.declarations),
            indices={**self.indices, **other.indices},
            lazies={**self.lazies, **other.lazies},
            entrywise_functions={**self.entrywise_functions, **other.entrywise_functions},
            moving=other.moving or self.moving,
            partial=other.partial if other.partial != "total" else self.partial,
            gradient=other.gradient or self.gradient,
        )

    # --- what readers and worlds ask -------------------------------------------------------

    def heads(self, key: str) -> tuple[Declaration, ...]:
        """All declarations under a key."""
        return self._by_key.get(key, ())

    @cached_property
    def keys(self) -> frozenset[str]:
        """All declared keys, of symbols, functions and indices."""
        return frozenset({*self._by_key, *self.indices, *self.lazies, *self.entrywise_functions})

    @cached_property
    def _by_key(self) -> dict[str, tuple[Declaration, ...]]:
        found: dict[str, tuple[Declaration, ...]] = {}
        for declaration in self.declarations:
            key = declaration.head.key
            found[key] = (*found.get(key, ()), declaration)
        return found

    @cached_property
    def _found(self) -> dict[Place, tuple[Declaration, dict[str, Value]]]:
        return {}

    def declaration(self, place: Place) -> tuple[Declaration, dict[str, Value]]:
        """The declaration of a value, and what the names of its head stand for.

        Raises:
            MeaningError: no head fits the indices.
        """
        known = self._found.get(place)
        if known is not None:
            return known
        key, lower, upper = place
        for declaration in self.heads(key):
            names = declaration.head.match(place)
            if names is not None:
                self._found[place] = declaration, names
                return declaration, names
        if key in self.indices and not lower and upper is None:
            found = Declaration(Head(key, key), compute=lambda world: world.free_index(key))
            self._found[place] = found, {}
            return found, {}
        indices = ", ".join(map(str, (*lower, *(() if upper is None else (upper,)))))
        raise NoValueError(f"{key} has no value{f' for the indices {indices}' if indices else ''}.")

    def term(self, declaration: Declaration) -> Term:
        """The definition of a symbol, read with this notation.

        Raises:
            MeaningError: it cannot be read.
        """
        from engine.formulas.reader import read_term

        if id(declaration) not in self._terms:
            assert declaration.source is not None, declaration.latex
            names = frozenset(declaration.head.names())
            self._terms[id(declaration)] = read_term(declaration.source, self, names)
        return self._terms[id(declaration)]

    def shape(self, declaration: Declaration) -> tuple[Term, ...] | None:
        """The declared shape: () for a number, (rows, columns) else, None where there is none."""
        from engine.formulas.reader import read_shape

        if declaration.shape is None:
            return None
        if id(declaration) not in self._shapes:
            names = frozenset(declaration.head.names())
            self._shapes[id(declaration)] = read_shape(declaration.shape, self, names)
        return self._shapes[id(declaration)]

    def alias(self, declaration: Declaration) -> Term | None:
        """The symbol, or the entry of one, that a symbol is another name for; else None."""
        if declaration.source is None or declaration.head.arguments is not None:
            return None
        term = self.term(declaration)
        if isinstance(term, Entry) and isinstance(term.base, Reference):
            plain = all(isinstance(e, Reference | Everything | Number) for e in term.entries)
            return term if plain else None
        return term if isinstance(term, Reference) else None

    @cached_property
    def _terms(self) -> dict[int, Term]:
        return {}

    @cached_property
    def _shapes(self) -> dict[int, tuple[Term, ...]]:
        return {}

    def function(
        self, place: Place, arguments: tuple[Value, ...]
    ) -> tuple[Declaration, dict[str, Value]]:
        """The declaration of a function, and what the names of its head stand for."""
        for declaration in self.heads(place[0]):
            names = declaration.head.match(place, arguments)
            if names is not None:
                return declaration, names
        raise MeaningError(f"The function {place[0]} is not declared for these arguments.")

    def has_definition(self, symbol: Term) -> bool:
        """Whether a symbol is computed from others; an entry of a drawn or known one is not."""
        if isinstance(symbol, Entry):
            return self.has_definition(symbol.base)
        if not isinstance(symbol, Reference):
            return False
        heads = [d for d in self.heads(symbol.key) if d.head.arguments is None]
        return any(d.source is not None and self.alias(d) is None for d in heads)

    def is_function(self, key: str) -> bool:
        """Whether a key is declared as a function."""
        if key in self.lazies or key in self.entrywise_functions:
            return True
        return any(d.head.arguments is not None for d in self.heads(key))

    def is_value(self, key: str) -> bool:
        """Whether a key is declared as a value or an index."""
        return key in self.indices or any(d.head.arguments is None for d in self.heads(key))

    def index_of(self, key: str) -> Index | None:
        """The index of that key."""
        return self.indices.get(key)

    def start_of(self, key: str) -> int:
        """The number of the first entry of a symbol."""
        return next((d.start for d in self.heads(key) if d.head.arguments is None), 1)

    def _head(self, latex: str, over: str) -> Head:
        from engine.formulas.heads import read_head

        return read_head(latex, tuple(over.split()))

    def _declared(
        self,
        latex: str,
        over: str,
        shape: str | None,
        *,
        source: str | None = None,
        make: Maker | None = None,
        compute: Computer | None = None,
        low: int | None = None,
        start: int = 1,
    ) -> Declaration:
        head = self._head(latex, over)
        return Declaration(head, shape, source, make, compute, low, start)

    def _with(self, declaration: Declaration) -> Notation:
        kept = tuple(d for d in self.declarations if not d.head.is_that_of(declaration.head))
        literal = declaration.head.has_numbers
        # Heads with numbers are tried before those with names: a^{(1)} before a^{(l)}.
        return replace(
            self,
            declarations=(declaration, *kept)
            if literal
            else (
                *(d for d in kept if d.head.has_numbers),
                declaration,
                *(d for d in kept if not d.head.has_numbers),
            ),
        )
