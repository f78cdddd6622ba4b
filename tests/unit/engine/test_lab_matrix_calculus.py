"""Derivatives by a matrix: three ways that agree, wrong ones that would not, and bad choices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
import torch

import engine.labs.matrix_calculus
from engine.errors import UserError
from engine.labs.matrix_calculus import FUNCTIONS, LARGEST, Choice, compute
from tests.cases import for_each

Matrix = npt.NDArray[np.float64]

BY_INDICES: dict[str, Callable[..., Matrix]] = {
    "trace_axbx": lambda X, A, B: (
        np.einsum("ir,sl,li->rs", A, B, X) + np.einsum("sj,jk,kr->rs", A, X, B)
    ),
    "trace_ax": lambda X, A: np.einsum("sr->rs", A),
    "quadratic": lambda x, A: np.einsum("rj,jk->rk", A, x) + np.einsum("ir,ik->rk", A, x),
    "norm": lambda X, A, B: 2 * np.einsum("ir,is->rs", A, np.einsum("ij,js->is", A, X) - B),
}
"""The gradients written out as sums, in NumPy."""

VALUES: dict[str, Callable[..., float]] = {
    "trace_axbx": lambda X, A, B: float(np.einsum("ij,jk,kl,li->", A, X, B, X)),
    "trace_ax": lambda X, A: float(np.einsum("ij,ji->", A, X)),
    "quadratic": lambda x, A: float(np.einsum("ik,ij,jk->", x, A, x)),
    "norm": lambda X, A, B: float(np.sum(np.square(np.einsum("ij,jk->ik", A, X) - B))),
}


def choices() -> list[Choice]:
    rng = np.random.default_rng(2)
    return [
        Choice(
            int(rng.integers(1, LARGEST + 1)),
            int(rng.integers(1, LARGEST + 1)),
            int(rng.integers(1000)),
            function=name,
        )
        for name in FUNCTIONS
        for _ in range(12)
    ]


@for_each("choice", choices(), ids=str)
def test_every_number_is_that_of_numpy_and_pytorch(choice: Choice) -> None:
    answer = compute(choice)
    matrices = [np.array(matrix) for matrix in answer.matrices.values()]
    wanted = BY_INDICES[choice.function](*matrices)
    assert np.shape(answer.formula) == matrices[0].shape
    assert np.allclose(answer.formula, wanted, rtol=1e-12, atol=1e-12)
    assert np.allclose(answer.autograd, wanted, rtol=1e-12, atol=1e-12)
    assert np.allclose(answer.central, wanted, rtol=1e-6, atol=1e-6)
    assert answer.value == pytest.approx(VALUES[choice.function](*matrices), rel=1e-12)
    assert answer.autograd_agrees
    assert answer.central_agrees
    jacobian = torch.autograd.functional.jacobian(
        lambda X: FUNCTIONS[choice.function].value(X, *map(torch.from_numpy, matrices[1:])),
        torch.from_numpy(matrices[0]),
    )
    assert np.allclose(answer.autograd, np.asarray(jacobian), rtol=1e-12, atol=1e-12)


@for_each("name", FUNCTIONS)
@for_each("shape", [(1, 1), (4, 4), (1, 4), (4, 1)])
def test_32_bits_round_more_and_still_agree(name: str, shape: tuple[int, int]) -> None:
    for seed in range(5):
        answer = compute(Choice(*shape, seed, "float32", name))
        assert answer.autograd_agrees
        assert answer.central_agrees
        assert (
            answer.central_rounding > compute(Choice(*shape, seed, "float64", name)).central_apart
        )


WRONG: dict[str, Callable[..., torch.Tensor]] = {
    "trace_axbx": lambda X, A, B: 2 * A.T @ X.T @ B.T,
    "trace_ax": lambda X, A: A.T + 0.1,
    "quadratic": lambda x, A: 2 * A @ x,
    "norm": lambda X, A, B: A.T @ (A @ X - B),
}
"""One term twice, an entry off, A taken for symmetric, the 2 forgotten."""


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_a_wrong_formula_would_not_pass_for_rounding(
    name: str, precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {**FUNCTIONS, name: replace(FUNCTIONS[name], closed_form=WRONG[name])}
    monkeypatch.setattr(engine.labs.matrix_calculus, "FUNCTIONS", wrong)
    answer = compute(Choice(precision=precision, function=name))
    assert not answer.autograd_agrees
    assert answer.autograd_apart > 0
    assert not answer.central_agrees


def test_the_first_matrix_counts_and_a_seed_gives_the_same_again() -> None:
    answer = compute(Choice())
    assert answer.matrices["X"] == ((0, 1, 2, 3), (4, 5, 6, 7), (8, 9, 10, 11))
    assert np.shape(answer.matrices["A"]) == np.shape(answer.matrices["B"]) == (4, 3)
    assert compute(Choice()).matrices == answer.matrices
    assert compute(Choice(seed=1)).matrices["A"] != answer.matrices["A"]


def test_shapes_follow_the_function() -> None:
    shapes = {name: dict(Choice(2, 3, function=name).shapes) for name in FUNCTIONS}
    assert shapes == {
        "trace_axbx": {"X": (2, 3), "A": (3, 2), "B": (3, 2)},
        "trace_ax": {"X": (2, 3), "A": (3, 2)},
        "quadratic": {"x": (2, 1), "A": (2, 2)},
        "norm": {"X": (2, 3), "A": (2, 2), "B": (2, 3)},
    }


def test_functions_come_in_turn() -> None:
    choice = Choice(2, 2, 5, "float32")
    seen = [choice.function]
    for _ in range(4):
        choice = choice.next_function()
        seen.append(choice.function)
    assert seen == [*FUNCTIONS, "trace_axbx"]
    assert choice == Choice(2, 2, 5, "float32")


def test_a_choice_can_be_written() -> None:
    assert Choice().read("2 3 7") == Choice(2, 3, 7)
    assert Choice(seed=9).read("2×3") == Choice(2, 3, 9)
    assert Choice().read("4, 1") == Choice(4, 1)


@for_each("text", ["", "3", "3 x", "3 4 5 6", "2.5 3", "0 4", "3 9", "3 4 -1",
                                  "3 4 1000000", "a b c", "9" * 5000])  # fmt: skip
def test_what_cannot_be_used_is_said_in_a_sentence(text: str) -> None:
    with pytest.raises(UserError) as caught:
        Choice().read(text)
    assert str(caught.value).endswith(".")
    assert len(str(caught.value)) < 200


def test_an_unknown_function_is_said() -> None:
    with pytest.raises(UserError, match="Choose one of trace_axbx, trace_ax, quadratic, norm"):
        Choice(function="det")
