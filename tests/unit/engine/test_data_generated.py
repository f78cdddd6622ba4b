from __future__ import annotations

import pytest
import torch

from engine.data import linear_data


def test_labels_follow_the_rule_up_to_the_noise() -> None:
    data = linear_data(true_w=(2.0, -3.4), true_b=4.2, noise=0.01, n=1000, seed=3)
    assert data.features.shape == (1000, 2)
    assert data.labels.shape == (1000, 1)
    assert data.features.dtype is data.labels.dtype is torch.float32
    errors = data.labels[:, 0] - (data.features @ torch.tensor(data.true_w) + data.true_b)
    assert errors.mean().abs() < 0.0015
    assert errors.std() == pytest.approx(0.01, rel=0.1)


def test_without_noise_the_rule_holds() -> None:
    data = linear_data(noise=0.0, n=50)
    exact = data.features.double() @ torch.tensor(data.true_w, dtype=torch.float64) + data.true_b
    torch.testing.assert_close(data.labels[:, 0], exact.float(), rtol=1e-6, atol=1e-6)


def test_seed_fixes_every_draw() -> None:
    first, again, other = linear_data(seed=1), linear_data(seed=1), linear_data(seed=2)
    assert torch.equal(first.features, again.features)
    assert torch.equal(first.labels, again.labels)
    assert not torch.equal(first.features, other.features)


@pytest.mark.parametrize(
    ("true_w", "noise", "n"), [((), 0.1, 10), ((1.0,), -0.1, 10), ((1.0,), 0.1, 0)]
)
def test_nonsense_is_refused(true_w: tuple[float, ...], noise: float, n: int) -> None:
    with pytest.raises(ValueError, match="no samples"):
        linear_data(true_w=true_w, noise=noise, n=n)
