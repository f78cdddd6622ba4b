"""Programs that show sentences of `backprop/in-pytorch` to be true."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import torch
from torch import Tensor, nn

from lessons.course.backprop.in_pytorch.mistakes import faulty_by_hand, faulty_train
from lessons.course.backprop.in_pytorch.programs import (
    F64,
    TARGET,
    Network,
    X,
    as_module,
    as_sequential,
    given,
    half_squared_error,
    plain,
    sequential,
    two_linear,
    weight_gradients,
)
from lessons.proof.claims import Claim


def fully_connected() -> bool:
    """The derivatives of each output of nn.Linear(3, 2) by each input: none is 0."""
    layer = nn.Linear(3, 2)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        layer.reset_parameters()
    slopes = torch.autograd.functional.jacobian(layer, torch.ones(3))
    assert isinstance(slopes, Tensor)
    return tuple(slopes.shape) == (2, 3) and bool((slopes != 0).all())


def starts_random() -> bool:
    """Two new layers beside each other: weights and biases differ."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        one, other = nn.Linear(2, 2), nn.Linear(2, 2)
    return bool((one.weight != other.weight).all() and (one.bias != other.bias).all())


def row_per_unit() -> bool:
    """The first sum of the hidden layer beside row 1 of its weights times the inputs, plus bias."""
    hidden = nn.Linear(2, 2, dtype=F64)
    given(hidden, nn.Linear(2, 2, dtype=F64))
    by_hand = 0.15 * 0.05 + 0.20 * 0.10 + 0.35
    row = hidden.weight[0].tolist() == [0.15, 0.20]
    return row and abs(hidden(X)[0].item() - by_hand) < 1e-15 and tuple(hidden.bias.shape) == (2,)


def knows_parameters() -> bool:
    """The names of the network's parameters: weight and bias of both layers."""
    names = {name for name, _ in Network().named_parameters()}
    return names == {"hidden.weight", "hidden.bias", "output.weight", "output.bias"}


def calls_forward() -> bool:
    """What network(X) gives, with a forward() that counts its calls: one call."""

    class Counting(Network):
        calls = 0

        def forward(self, x: Tensor) -> Tensor:
            self.calls += 1
            return super().forward(x)

    network = Counting()
    return torch.equal(network(X), Network()(X)) and network.calls == 1


def blocks_in_blocks() -> bool:
    """The blocks in the nn.Sequential of the lesson, and their outputs beside the module's."""
    network = sequential()
    inner = all(isinstance(block, nn.Sequential) for block in network)
    return inner and torch.equal(network(X), Network()(X))


def all_agree() -> bool:
    """The gradients of all four programs: apart by less than 1e-15."""
    columns = [way() for way in (plain, two_linear, as_module, as_sequential)]
    return all(max(row) - min(row) < 1e-15 for row in zip(*columns, strict=True))


def step_moves() -> bool:
    """The parameters after SGD's step(): old ones minus 0.5 times their gradients."""
    network = Network()
    optimiser = torch.optim.SGD(network.parameters(), lr=0.5)
    half_squared_error(network(X)).backward()
    wanted = [p.detach() - 0.5 * p.grad for p in network.parameters() if p.grad is not None]
    optimiser.step()
    found = list(network.parameters())
    return len(wanted) == 4 and all(map(torch.allclose, found, wanted))


def steps_grow() -> bool:
    """The first ten moves of w5 without zero_grad(): each is longer than the one before."""
    network = Network()
    optimiser = torch.optim.SGD(network.parameters(), lr=0.05)
    places = [network.output.weight[0, 0].item()]
    for _ in range(10):
        half_squared_error(network(X)).backward()
        optimiser.step()
        places.append(network.output.weight[0, 0].item())
    moves = [before - after for before, after in pairwise(places)]
    return all(0 < shorter < longer for shorter, longer in pairwise(moves))


def zero_is_none() -> bool:
    """`grad` after zero_grad(), of optimiser and network: None; the next backward() starts anew."""
    network = Network()
    optimiser = torch.optim.SGD(network.parameters(), lr=0.5)
    for zero in (optimiser.zero_grad, network.zero_grad):
        half_squared_error(network(X)).backward()
        once = weight_gradients(network)
        zero()
        if any(parameter.grad is not None for parameter in network.parameters()):
            return False
        half_squared_error(network(X)).backward()
        if weight_gradients(network) != once:
            return False
        zero()
    return True


def zeros_in_place() -> bool:
    """`grad` after zero_grad(set_to_none=False): the same tensors, filled with zeros."""
    network = Network()
    half_squared_error(network(X)).backward()
    before = [parameter.grad for parameter in network.parameters()]
    network.zero_grad(set_to_none=False)
    after = [parameter.grad for parameter in network.parameters()]
    return all(
        new is old and new is not None and not new.any()
        for old, new in zip(before, after, strict=True)
    )


def _data() -> tuple[Tensor, Tensor]:
    made = torch.Generator().manual_seed(0)
    samples = torch.randn(64, 2, generator=made)
    return samples, samples @ torch.tensor([2.0, -3.4])


def swings() -> bool:
    """The losses of the faulty fit: they turn from rising to falling at least twice."""
    losses = list(faulty_train(*_data(), 0.2))
    tops = sum(a < b > c for a, b, c in zip(losses, losses[1:], losses[2:], strict=False))
    return tops >= 2


def second_stops() -> bool:
    """The faulty fit by hand: two losses, then an error."""
    run = faulty_by_hand(*_data(), 0.2)
    losses = [next(run), next(run)]
    try:
        next(run)
    except RuntimeError:
        return losses[1] < losses[0]
    return False


def no_leaf_no_grad() -> bool:
    """`grad` of the new tensor after the next backward(): none is kept."""
    leaf = torch.tensor(2.0, requires_grad=True)
    (leaf**2).backward()
    assert leaf.grad is not None
    w = leaf - 0.1 * leaf.grad
    (w**2).backward()
    return not w.is_leaf and not w.retains_grad


def in_place_stops() -> bool:
    """`w -= lr * w.grad` on a leaf: an error outside of no_grad, none inside."""
    w = torch.tensor(2.0, requires_grad=True)
    (w**2).backward()
    assert w.grad is not None
    with torch.no_grad():
        w -= 0.1 * w.grad
    try:
        w -= 0.1 * w.grad
    except RuntimeError:
        return w.is_leaf
    return False


def reductions() -> bool:
    """nn.MSELoss without and with its reductions beside the mean and the sum of the squares."""
    squares = (Network()(X).detach() - TARGET) ** 2
    a = Network()(X).detach()
    mean, total = squares.mean(), squares.sum()
    return (
        torch.isclose(nn.MSELoss()(a, TARGET), mean).item()
        and torch.isclose(nn.MSELoss(reduction="mean")(a, TARGET), mean).item()
        and torch.isclose(nn.MSELoss(reduction="sum")(a, TARGET), total).item()
    ) is True


CLAIMS: Mapping[str, Claim] = {
    "fully-connected": fully_connected,
    "starts-random": starts_random,
    "row-per-unit": row_per_unit,
    "knows-parameters": knows_parameters,
    "calls-forward": calls_forward,
    "blocks-in-blocks": blocks_in_blocks,
    "all-agree": all_agree,
    "step-moves": step_moves,
    "steps-grow": steps_grow,
    "zero-is-none": zero_is_none,
    "zeros-in-place": zeros_in_place,
    "swings": swings,
    "second-stops": second_stops,
    "no-leaf-no-grad": no_leaf_no_grad,
    "in-place-stops": in_place_stops,
    "reductions": reductions,
}
