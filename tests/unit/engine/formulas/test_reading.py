"""What formulas mean, and which of them are refused."""

from __future__ import annotations

import pytest

from engine.formulas.errors import MeaningError, UndeclaredSymbolError
from engine.formulas.notation import Notation
from engine.formulas.statements import purpose_of, read_statements
from engine.formulas.values import number
from tests.cases import for_each
from tests.unit.engine.formulas.samples import CHANCE, LAYERS, PLAIN, holds, value


@for_each(
    "equation",
    [
        r"(A B)_{ij} = \sum_{k=1}^{m} A_{ik} B_{kj}",
        r"(A B)^\top = B^\top A^\top",
        r"\mathrm{tr}(A B) = \operatorname{tr}(B A)",
        r"\| x \|^2 = x^\top x",
        r"\langle y, z \rangle = \sum_i y_i z_i",
        r"y_1 z_1 + y_2 z_2 + \dots + y_n z_n = y^\top z",
        r"\begin{bmatrix} y_1 \\ \vdots \\ y_n \end{bmatrix} = y",
        r"\begin{bmatrix} A_{11} & \cdots & A_{1m} \\ \vdots & \ddots & \vdots \\ A_{n1} & \cdots "
        r"& A_{nm} \end{bmatrix} x = A x",
        r"1 + 2 + \dots + n = \frac{n (n + 1)}{2}",
        r"\prod_{k=1}^{n} \exp(y_k) = \exp \left( \sum_{k=1}^{n} y_k \right)",
        r"\sigma(u) = \frac{1}{1 + e^{-u}}",
        r"\sigma'(u) = \sigma(u) (1 - \sigma(u))",
        r"|u| = \max(u, -u)",
        r"|u| = \begin{cases} u & u \ge 0 \\ -u & u < 0 \end{cases}",
        r"\max_i y_i \ge y_j",
        r"(y \odot z)_i = y_i z_i",
        r"\operatorname{diag}(y) z = y \odot z",
        r"\sum_{i \ne j} y_i = \sum_i y_i - y_j",
        r"\sum_i I\{i = j\} y_i = y_j",
        r"A_{:,j} = A \begin{bmatrix} I\{j = 1\} \\ \vdots \\ I\{j = m\} \end{bmatrix}",
        r"f'(u) = 6 u",
        r"\sqrt{u^2} = |u|",
        r"\ln e^{u} = u",
        r"2^3 = 8",
        r"10^{-2} = 0.01",
        r"u / c = \frac{u}{c}",
        r"c \cdot \frac{u}{2} = \frac12 u c",
    ],
)  # fmt: skip
def test_true_equations_hold(equation: str) -> None:
    if r"\max_i" in equation:
        assert read_statements(equation, PLAIN)[0].claims
        return
    assert holds(equation), equation


@for_each(
    "equation",
    [
        r"(A B)^\top = A^\top B^\top",
        r"\| x \|^2 = x x^\top",
        r"\sigma'(u) = \sigma(u) (1 + \sigma(u))",
        r"y_1 z_1 + y_2 z_2 + \dots + y_n z_1 = y^\top z",
        r"|u| = \begin{cases} u & u < 0 \\ -u & u \ge 0 \end{cases}",
        r"A_{:,j} = A_{j,:}",
        r"\sum_{i \ne j} y_i = \sum_i y_i",
        r"1 + 2 + \dots + n = \frac{n (n - 1)}{2}",
    ],
)
def test_false_equations_do_not(equation: str) -> None:
    assert not holds(equation), equation


@for_each(
    ("latex", "problem"),
    [
        (r"w u", "The symbol w is not declared"),
        (r"1 / 2 u", "read in two ways"),
        (r"u +", "missing"),
        (r"\sum x_i", "needs an index"),
        (r"y_1 + \dots", "Dots need a term on each side"),
        (r"\partial u", "only in a derivative"),
        (r"\nabla v", "not declared"),
        (r"\ln(u)^2", "read in two ways"),
        (r"( u", "never closed"),
        (r"A_{ijk}", "indices"),
        (r"u \pm c", "two formulas"),
        (r"u'", "prime has no meaning"),
    ],
)
def test_what_cannot_be_read_is_refused(latex: str, problem: str) -> None:
    with pytest.raises(MeaningError, match=problem):
        read_statements(latex, PLAIN)


def test_an_undeclared_symbol_is_named_with_its_place() -> None:
    with pytest.raises(UndeclaredSymbolError) as caught:
        read_statements(r"u = \eta c", PLAIN)
    assert caught.value.symbol == r"\eta"
    assert caught.value.position == len("u = ")


def test_an_upper_index_is_no_power() -> None:
    with pytest.raises(MeaningError, match="read in two ways"):
        read_statements(r"a_1^2", LAYERS)
    assert number(value(r"(a_1^{(2)})^2 - a_1^{(2)} a_1^{(2)}", LAYERS)) == 0


def test_entries_of_a_family_count_as_declared() -> None:
    assert holds(
        r"z_i^{(l+1)} = \sum_j W_{ij}^{(l)} a_j^{(l)}", notation=LAYERS.drawn("l", make=_one)
    )
    assert not holds(
        r"z_i^{(l+1)} = \sum_j W_{ji}^{(l)} a_j^{(l)}", notation=LAYERS.drawn("l", make=_one)
    )


def _one(rng: object, shape: object) -> int:
    return 1


def test_functions_of_two_arguments() -> None:
    assert holds(r"H(p, q) = H(p, p) + D(p \parallel q)", notation=CHANCE)
    assert not holds(r"H(p, q) = H(p, p) + D(q \parallel p)", notation=CHANCE)


def test_families_go_back_to_their_first_value() -> None:
    steps = (
        Notation()
        .fixed("v_0", 0.0)
        .drawn(r"\mu")
        .drawn("g", "5")
        .defined(r"v_t = \mu v_{t-1} + g_t", "", over="t")
        .defined("v_0 = 0", "", over="t")
    )
    assert holds(r"v_3 = \mu^2 g_1 + \mu g_2 + g_3", notation=steps)
    assert not holds(r"v_3 = \mu^2 g_1 + \mu g_3 + g_2", notation=steps)


def test_a_circle_of_definitions_is_told() -> None:
    circle = Notation().defined("a = b", "").defined("b = a + 1", "")
    with pytest.raises(MeaningError, match="circular"):
        value("a", circle)


def test_a_value_of_another_shape_than_declared_is_told() -> None:
    wrong = PLAIN.defined("w = A x", r"m \times 1")
    with pytest.raises(MeaningError, match="declared as"):
        value("w", wrong)


def test_marks_are_told_apart() -> None:
    assert purpose_of(r"\define{u = 1}") == "define"
    assert purpose_of(r"\suppose{u = 0}") == "suppose"
    assert purpose_of(r"u = 1") == ""
    assert not read_statements(r"\suppose{u = 0}", PLAIN)[0].claims


def test_several_statements_stand_apart() -> None:
    found = read_statements(r"v = u^2 + c u, \qquad g = v u", PLAIN)
    assert [statement.claims for statement in found] == [True, True]
