"""The model of the softmax lab: probabilities and Jacobian are torch's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import UserError
from engine.labs.softmax import SAMPLES, Choice, answer, by_autograd, largest_difference
from tests.cases import for_each

SCORES = st.lists(st.floats(-50, 50), min_size=2, max_size=4).map(tuple)


@given(SCORES, st.floats(0.05, 50), st.floats(-100, 100))
def test_all_numbers_are_torch_s(
    scores: tuple[float, ...], temperature: float, constant: float
) -> None:
    choice = Choice(scores, temperature, constant)
    found, autograd = answer(choice), by_autograd(choice)
    z = torch.tensor(scores, dtype=torch.float64)

    def softmax(z: torch.Tensor) -> torch.Tensor:
        return torch.softmax((z + constant) / temperature, dim=0)

    assert found.logits == pytest.approx(((z + constant) / temperature).tolist(), rel=1e-12)
    assert found.probabilities == pytest.approx(softmax(z).tolist(), rel=1e-12, abs=1e-12)
    expected = torch.autograd.functional.jacobian(softmax, z)
    scale = max(1.0, float(expected.abs().max()))
    for jacobian in (found.jacobian, autograd.jacobian):
        assert np.allclose(jacobian, expected.numpy(), rtol=1e-12, atol=1e-12 * scale)
    leaf = z.clone().requires_grad_()
    softmax(leaf).sum().backward()
    assert leaf.grad is not None
    assert autograd.sum_gradient == pytest.approx(leaf.grad.tolist(), rel=1e-12, abs=1e-12)
    assert found.column_sums == pytest.approx([0.0] * len(scores), abs=1e-12 * scale)
    assert autograd.sum_gradient == pytest.approx([0.0] * len(scores), abs=1e-12 * scale)


def test_a_wrong_jacobian_would_not_agree() -> None:
    found = answer(Choice())
    transposed_sign = tuple(tuple(abs(entry) for entry in row) for row in found.jacobian)
    assert largest_difference(found.jacobian, by_autograd(Choice()).jacobian) < 1e-12
    assert largest_difference(transposed_sign, by_autograd(Choice()).jacobian) > 1e-3


def test_a_constant_moves_nothing_but_rounding() -> None:
    assert answer(Choice()).shift == 0
    assert answer(Choice(constant=3.7)).shift < 1e-15
    assert 0 < answer(Choice((0.1, 0.2, 0.7), constant=1e6)).shift < 1e-10


def test_temperature_flattens_and_sharpens() -> None:
    cold, plain, warm = (answer(Choice(temperature=T)).probabilities for T in (0.1, 1.0, 1000.0))
    assert max(cold) > max(plain) > max(warm)
    assert warm == pytest.approx([0.25] * 4, abs=1e-2)


def test_large_scores_do_not_overflow() -> None:
    found = answer(Choice((1000.0, -1000.0, 999.0), 0.01, 1e6))
    assert all(np.isfinite(found.probabilities))
    assert sum(found.probabilities) == pytest.approx(1.0)


def test_the_samples_are_those_of_the_lesson() -> None:
    assert SAMPLES == ((-1, 2, -3, 4), (-2, 3, -3, 9))
    assert Choice().scores == SAMPLES[0]
    assert Choice().with_score(2, 7.0).scores == (-1, 2, 7, 4)


@for_each(
    "wrong",
    [
        {"scores": (1.0,)},
        {"scores": (1.0,) * 5},
        {"scores": (1.0, 2e3)},
        {"temperature": 0.0},
        {"temperature": -1.0},
        {"temperature": 1e4},
        {"constant": 2e6},
    ],
)
def test_what_cannot_be_used_is_said(wrong: dict[str, object]) -> None:
    with pytest.raises(UserError) as caught:
        replace(Choice(), **wrong)  # type: ignore[arg-type]  # names of fields
    assert str(caught.value).endswith(".")
