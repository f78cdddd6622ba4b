"""The four rules from scratch move parameters as those of torch.optim do."""

from __future__ import annotations

import pytest
import torch

from engine.recipes.optimisers import OPTIMISERS, Optimiser
from engine.recipes.two_layer_optim import make_optimizer
from engine.training.optimiser_state import OptimiserState, into_torch, of_torch
from tests.cases import for_each


def ravine(w: torch.Tensor) -> torch.Tensor:
    """Steep across, flat along: what the rules treat differently."""
    return (torch.tensor([50.0, 0.5, 5.0], dtype=w.dtype) * (w - 1) ** 2).sum()


def start() -> torch.Tensor:
    return torch.tensor([0.0, 3.0, -2.0], dtype=torch.float64).requires_grad_()


def advance(optimiser: Optimiser, w: torch.Tensor, updates: int) -> None:
    for _ in range(updates):
        ravine(w).backward()
        optimiser.step(0.005)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_it_agrees_with_pytorch(name: str) -> None:
    w, other = start(), start()
    optimiser, reference = OPTIMISERS[name]({"w": w}), make_optimizer(name, [other], 0.005)
    losses = []
    for _ in range(200):
        advance(optimiser, w, 1)
        reference.zero_grad()
        loss = ravine(other)
        loss.backward()
        reference.step()
        losses.append(float(loss.detach()))
        torch.testing.assert_close(w, other, rtol=1e-12, atol=1e-12)
    assert losses[-1] < losses[0] / 2


@for_each("name", OPTIMISERS)
def test_it_goes_on_from_what_it_remembers(name: str) -> None:
    w, other = start(), start()
    optimiser, resumed = OPTIMISERS[name]({"w": w}), OPTIMISERS[name]({"w": other})
    advance(optimiser, w, 7)
    resumed.restore(optimiser.state())
    with torch.no_grad():
        other.copy_(w)
    state = optimiser.state()
    advance(optimiser, w, 5)
    assert state.counters == {"t": 7}  # a copy, which moves no more
    advance(resumed, other, 5)
    assert torch.equal(w, other)


def test_the_memory_of_another_rule_is_refused() -> None:
    adam, momentum = OPTIMISERS["adam"]({"w": start()}), OPTIMISERS["momentum"]({"w": start()})
    with pytest.raises(ValueError, match="remembers mean/w, square/w"):
        momentum.restore(adam.state())
    with pytest.raises(ValueError, match="remembers nothing"):
        adam.restore(OptimiserState())


def test_it_says_what_is_missing() -> None:
    with pytest.raises(AssertionError, match="backward"):
        OPTIMISERS["sgd"]({"w": start()}).step(0.1)


@for_each("name", ["sgd", "momentum", "rmsprop", "adam"])
def test_the_memory_of_pytorch_is_copied_and_put_back(name: str) -> None:
    w, other = start(), start()
    optimizer, resumed = make_optimizer(name, [w], 0.005), make_optimizer(name, [other], 0.005)

    def update(optimizer: torch.optim.Optimizer, w: torch.Tensor) -> None:
        optimizer.zero_grad()
        ravine(w).backward()
        optimizer.step()

    for _ in range(7):
        update(optimizer, w)
    state = of_torch(optimizer, {"w": w})
    assert bool(state.tensors) == (name != "sgd")
    into_torch(resumed, {"w": other}, state)
    with torch.no_grad():
        other.copy_(w)
    for _ in range(5):
        update(optimizer, w)
        update(resumed, other)
    assert torch.equal(w, other)
    into_torch(resumed, {"w": other}, state)  # the copy has stayed as it was
    kept = of_torch(resumed, {"w": other})
    assert all(torch.equal(kept.tensors[key], state.tensors[key]) for key in state.tensors)


def test_the_memory_of_other_parameters_is_refused() -> None:
    w = start()
    optimizer = make_optimizer("adam", [w], 0.1)
    for wrong in ({"exp_avg/v": torch.zeros(3)}, {"exp_avg/w": torch.zeros(2)}):
        with pytest.raises(ValueError, match="belongs to no parameter"):
            into_torch(optimizer, {"w": w}, OptimiserState(wrong))
    assert not of_torch(optimizer, {"w": w}).tensors
