"""Derivatives: by autograd over what is declared, and by central differences beside it."""

from __future__ import annotations

from engine.formulas.bench import AUTOGRAD, CENTRAL
from tests.cases import for_each
from tests.unit.engine.formulas.samples import LAYERS, PLAIN, holds, proofs


@for_each(
    "equation",
    [
        r"\frac{\partial v}{\partial u} = 2 u + c",
        r"\partial v / \partial u = 2 u + c",
        r"\frac{d}{du} (u^2 + c u) = 2 u + c",
        r"\frac{\partial\, x^\top x}{\partial x} = 2 x",
        r"\frac{\partial}{\partial x_j} \sum_i x_i^2 = 2 x_j",
        r"\frac{\partial\, \mathrm{tr}(A B)}{\partial A} = B^\top",
        r"\frac{\partial (A x)_i}{\partial x_j} = A_{ij}",
        r"\left. \frac{d}{dc} (u c^2) \right|_{c = 3} = 6 u",
        r"\frac{\partial g}{\partial u} = 3 u^2 + 2 c u",
        r"\left. \frac{\partial (v u)}{\partial u} \right|_{v} = v",
    ],
)
def test_derivatives(equation: str) -> None:
    assert holds(equation), equation


def test_mixed_second_derivatives() -> None:
    assert holds(r"\frac{\partial}{\partial c} \frac{\partial v}{\partial u} = 1")
    assert holds(r"\frac{\partial}{\partial u} \frac{\partial v}{\partial u} = 2")


def test_both_methods_are_compared() -> None:
    (proof,) = proofs(r"\frac{\partial v}{\partial u} = 2 u + c")
    assert {comparison.against for comparison in proof.comparisons} == {AUTOGRAD, CENTRAL}


def test_a_wrong_derivative_is_rejected_by_both() -> None:
    (proof,) = proofs(r"\frac{\partial v}{\partial u} = 2 u - c")
    assert not any(comparison.ok for comparison in proof.comparisons)


def test_direct_partials_hold_everything_else() -> None:
    direct = PLAIN.with_direct_partials()
    assert holds(r"\frac{\partial g}{\partial u} = v", notation=direct)
    assert holds(
        r"\frac{d g}{d u} = \frac{\partial g}{\partial v} \frac{d v}{d u} "
        r"+ \frac{\partial g}{\partial u}",
        notation=direct,
    )
    assert not holds(r"\frac{\partial g}{\partial u} = v")


def test_a_gradient_goes_through_the_layers() -> None:
    assert holds(
        r"\frac{\partial L}{\partial W_{ij}^{(l)}} = "
        r"\frac{\partial L}{\partial z_i^{(l+1)}} a_j^{(l)}",
        r"\frac{\partial L}{\partial W^{(l)}} = "
        r"a^{(l)} \left( \frac{\partial L}{\partial z^{(l+1)}} \right)^\top",
        notation=LAYERS,
    )
    assert not holds(
        r"\frac{\partial L}{\partial W_{ij}^{(l)}} = "
        r"\frac{\partial L}{\partial z_j^{(l+1)}} a_i^{(l)}",
        notation=LAYERS,
    )


def test_differentials_move_what_is_declared_to_move() -> None:
    moving = PLAIN.with_moving("A", "B")
    assert holds(r"d(A B) = (dA) B + A (dB)", notation=moving)
    assert not holds(r"d(A B) = (dA) B + A B", notation=moving)
    assert holds(r"d(A B) = A (dB)", notation=PLAIN.with_moving("B"))


def test_a_gradient_by_the_declared_symbol() -> None:
    with_x = PLAIN.with_gradient("x")
    assert holds(r"\nabla \| A x - y \|^2 = 2 A^\top (A x - y)", notation=with_x)
    assert holds(r"\nabla_y \| A x - y \|^2 = -2 (A x - y)", notation=with_x)
