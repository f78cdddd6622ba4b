"""The model of the lab with losses for classes: every number beside torch's."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from engine.errors import UserError
from engine.labs.classification_losses import MODES, START, Samples, answer, pairings
from tests.cases import for_each


def close(shown: object, wanted: torch.Tensor) -> bool:
    """Whether both agree to 1e-12."""
    return np.allclose(np.array(shown), wanted.detach().numpy(), rtol=1e-12, atol=1e-12)


@for_each("seed", range(20))
def test_bce_from_probabilities(seed: int) -> None:
    rng = np.random.default_rng(seed)
    p = rng.uniform(0.001, 0.999, size=4)
    y = rng.integers(2, size=4)
    found = answer(Samples("bce_probabilities", tuple((one,) for one in p.tolist()),
                           tuple(y.tolist())))  # fmt: skip
    q = torch.tensor(p, requires_grad=True)
    each = functional.binary_cross_entropy(q, torch.tensor(y).double(), reduction="none")
    (slope,) = torch.autograd.grad(each.sum(), q)
    assert close(found.losses, each)
    assert close([row[0] for row in found.slopes], slope)
    assert found.mean == pytest.approx(float(each.detach().mean()), abs=1e-12)


@for_each(("p", "y"), [(0.0, 1), (1.0, 0), (0.0, 0), (1.0, 1)])
def test_certain_probabilities_are_judged_as_torch_does(p: float, y: int) -> None:
    found = answer(Samples("bce_probabilities", ((p,),), (y,)))
    q = torch.tensor([p], dtype=torch.float64, requires_grad=True)
    loss = functional.binary_cross_entropy(q, torch.tensor([float(y)], dtype=torch.float64))
    (slope,) = torch.autograd.grad(loss, q)
    assert found.losses[0] == float(loss.detach())
    assert found.slopes[0][0] == pytest.approx(float(slope.detach()), rel=1e-12)


@for_each("seed", range(20))
@for_each("scale", [1.0, 200.0])
def test_bce_from_logits(seed: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    z = rng.normal(scale=scale, size=4)
    y = rng.integers(2, size=4)
    found = answer(Samples("bce_logits", tuple((one,) for one in z.tolist()), tuple(y.tolist())))
    score = torch.tensor(z, requires_grad=True)
    each = functional.binary_cross_entropy_with_logits(
        score, torch.tensor(y).double(), reduction="none"
    )
    (slope,) = torch.autograd.grad(each.sum(), score)
    assert close(found.losses, each)
    assert close([row[0] for row in found.slopes], slope)
    assert close([row[0] for row in found.p], torch.sigmoid(score))


@for_each("seed", range(20))
@for_each("scale", [1.0, 200.0])
def test_ce_once_and_twice(seed: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    classes = int(rng.integers(2, 6))
    rows = rng.normal(scale=scale, size=(4, classes))
    labels = rng.integers(classes, size=4)
    found = answer(Samples("ce_logits", tuple(map(tuple, rows.tolist())), tuple(labels.tolist())))
    z, t = torch.tensor(rows, requires_grad=True), torch.tensor(labels)
    once = functional.cross_entropy(z, t, reduction="none")
    twice = functional.cross_entropy(z.softmax(dim=1), t, reduction="none")
    for losses, slopes, mean, wanted in (
        (found.losses, found.slopes, found.mean, once),
        (found.twice_losses, found.twice_slopes, found.twice_mean, twice),
    ):
        (gradient,) = torch.autograd.grad(wanted.sum(), z)
        assert close(losses, wanted)
        assert close(slopes, gradient)
        assert mean == pytest.approx(float(wanted.detach().mean()), abs=1e-12)
    p = z.softmax(dim=1)
    assert close(found.p, p)
    assert close(found.twice_p, p.softmax(dim=1))
    assert min(found.twice_losses) >= found.floor - 1e-12


@for_each("classes", range(2, 6))
def test_the_floor_of_softmax_twice_is_reached_by_a_sure_score(classes: int) -> None:
    sure = (500.0,) + (-500.0,) * (classes - 1)
    found = answer(Samples("ce_logits", (sure,), (0,)))
    assert found.twice_losses[0] == pytest.approx(found.floor, abs=1e-12)
    assert found.losses[0] == 0.0


def test_the_numbers_of_the_curriculum() -> None:
    assert round(answer(START["bce_probabilities"]).mean, 6) == 0.960801
    ce = START["ce_logits"]
    assert round(answer(ce).mean, 6) == 0.896559
    assert round(answer(ce.relabelled(0).relabelled(1)).mean, 6) == 1.246559


@for_each("y", [0, 1])
@for_each("z", [-30.0, -2.3, -0.4, 0.0, 0.7, 1.0, 5.5, 40.0])
def test_pairings_are_those_of_torch(z: float, y: int) -> None:
    label = torch.tensor([float(y)], dtype=torch.float64)
    for one in pairings(z, y):
        score = torch.tensor([z], dtype=torch.float64, requires_grad=True)
        if one.torch == "cross_entropy":
            both = torch.stack([torch.zeros_like(score), score], dim=1)
            loss = functional.cross_entropy(both, torch.tensor([y]))
        elif one.torch:
            loss = getattr(functional, one.torch)(score, label)
        else:
            loss = functional.mse_loss(torch.sigmoid(score), label)
        (slope,) = torch.autograd.grad(loss, score)
        assert one.value == pytest.approx(float(loss.detach()), rel=1e-12, abs=1e-12), one
        assert one.slope == pytest.approx(float(slope.detach()), rel=1e-12, abs=1e-12), one


@for_each("mode", MODES)
@for_each(
    "text",
    ["", "1", ":", "x : 1", "1 : x", "0.5 : 2.5", "0.5 : 9", "0.5 : -1", "1e9 : 0", "0.5 : 0 1",
     "1 2; 3 : 0 1", "1 2;1 2;1 2;1 2;1 2 : 0 0 0 0 0", "1/0 : 1", "0 0 0 0 0 0 : 0 0 0 0 0 0"],
)  # fmt: skip
def test_what_cannot_be_used_gets_a_sentence(mode: str, text: str) -> None:
    with pytest.raises(UserError) as caught:
        START[mode].written(text)
    assert str(caught.value).endswith((".", "here."))


@for_each("mode", MODES)
def test_what_is_shown_can_be_read_back(mode: str) -> None:
    samples = START[mode]
    assert samples.written(samples.text) == samples


def test_moving_stays_within_what_can_be_computed() -> None:
    samples = START["bce_probabilities"]
    for _ in range(30):
        samples = samples.moved(0, 0, 1)
    assert samples.rows[0] == (1.0,)
    assert samples.moved(0, 0, -1).rows[0] == (0.95,)
