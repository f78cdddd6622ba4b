"""A derivative computes again what moves with its variable, and nothing else."""

from __future__ import annotations

from collections import Counter

import pytest

from engine.formulas import values as v
from engine.formulas.notation import Notation
from engine.formulas.statements import read_statements
from engine.formulas.term import Term
from engine.formulas.values import Value
from engine.formulas.world import World
from tests.cases import for_each


@pytest.fixture
def computed() -> Counter[str]:
    return Counter()


@pytest.fixture
def notation(computed: Counter[str]) -> Notation:
    """y = b u² with b beside u and c below it; g and k are derivatives by themselves."""

    def beside(world: World) -> Value:
        computed["b"] += 1
        return 3.0 * world.value(("c", (), None))

    def moving(world: World) -> Value:
        computed["a"] += 1
        return world.value(("u", (), None)) ** 2

    return (
        Notation()
        .drawn("u")
        .drawn("c")
        .computed("b", beside, "")
        .computed("a", moving, "")
        .defined("y = a b", "")
        .defined(r"g = \frac{\partial y}{\partial u}", "")
        .defined(r"k = \frac{\partial y}{\partial c}", "")
        .defined("F(t) = b t^2")
    )


def found(latex: str, world: World) -> float:
    return v.number(term(latex, world).value(world))


def term(latex: str, world: World) -> Term:
    (statement,) = read_statements(latex, world.notation)
    (only,) = statement.terms()
    return only


@pytest.mark.parametrize("method", ["autograd", "central"])
def test_only_what_moves_is_computed_again(
    notation: Notation, computed: Counter[str], method: str
) -> None:
    world = World(notation).by(method)
    u, b = found("u", world), found("b", world)
    assert found(r"\frac{\partial y}{\partial u}", world) == pytest.approx(2 * b * u)
    assert computed == {"b": 1, "a": 1 if method == "autograd" else 2}


@for_each("method", ["autograd", "central"])
@for_each(
    ("latex", "slope"),
    [
        (r"\frac{\partial y}{\partial c}", lambda u, c: 3 * u * u),
        (r"\frac{\partial k}{\partial u}", lambda u, c: 6 * u),
        (r"\frac{\partial g}{\partial c}", lambda u, c: 6 * u),
        (r"\frac{\partial}{\partial c} F(u)", lambda u, c: 3 * u * u),
        (r"\frac{\partial}{\partial u} (g + k)", lambda u, c: 6 * c + 6 * u),
    ],
)
def test_nothing_is_taken_from_before_that_the_variable_changes(
    notation: Notation, method: str, latex: str, slope: object
) -> None:
    world = World(notation).by(method)
    u, c = found("u", world), found("c", world)
    for name in "abygk":  # all of it is known before
        found(name, world)
    assert found(latex, world) == pytest.approx(slope(u, c), rel=1e-8)  # type: ignore[operator]
    assert found("y", world) == pytest.approx(3 * c * u * u)


def test_a_draw_by_central_differences_takes_no_derivative_from_autograd(
    notation: Notation,
) -> None:
    drawn = World(notation)
    exact, plain = found("g", drawn), found("a", drawn)
    central = drawn.by("central")
    assert found("a", central) == plain
    assert found("g", central) != exact
    assert found("g", central) == pytest.approx(exact)
