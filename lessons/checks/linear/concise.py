"""What the questions of `linear/concise` are proved by."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice, permutations

import numpy as np

from lessons.checks.base import CheckBook, NumberCheck
from lessons.course.linear.concise.facts import FEATURES, RATE, STEPS


def weight_shape() -> tuple[int, ...]:
    """The shape of the weight of the recipe's own model for the features of the question."""
    from engine.recipes.linear_concise import make_net
    from engine.recipes.modules import linears

    (layer,) = linears(make_net(FEATURES))
    return tuple(layer.weight.shape)


def batches_of_loader(samples: int, batch: int) -> float:
    """How many batches the recipe's own loader gives."""
    import torch

    from engine.recipes.linear_concise import loader

    generator = torch.Generator().manual_seed(0)
    return float(len(loader(torch.zeros(samples, 2), torch.zeros(samples), batch, generator)))


def working_order() -> tuple[int, ...]:
    """The one order of forward, loss, backward and step that makes the update from scratch."""
    found = [order for order in permutations(range(4)) if _updates_rightly(order)]
    assert len(found) == 1
    return found[0]


def _updates_rightly(order: tuple[int, ...]) -> bool:
    import torch

    from engine.recipes.linear import synthetic_data, update
    from engine.recipes.linear_concise import loss_fn, make_net

    X, y = synthetic_data(torch.tensor([2.0, 3.4]), 4.2, 10, torch.Generator().manual_seed(0))
    net = make_net(2)
    w = torch.zeros(2, requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    for parameter in net.parameters():
        torch.nn.init.zeros_(parameter)
    optimizer = torch.optim.SGD(net.parameters(), lr=RATE)
    made: dict[str, torch.Tensor] = {}

    def forward() -> None:
        made["y_hat"] = net(X).squeeze(1)

    def loss() -> None:
        made["loss"] = loss_fn(made["y_hat"], y) / 2

    def backward() -> None:
        made["loss"].backward()

    def step() -> None:
        optimizer.step()

    lines = (forward, loss, backward, step)
    try:
        for place in order:
            lines[place]()
    except KeyError:  # a line before the one that it needs
        return False
    update(X, y, w, b, RATE)
    return bool(torch.allclose(next(net.parameters()).detach().flatten(), w.detach()))


def learned_when_cleared_early() -> int:
    """The option that describes a program whose gradients are cleared before the step."""
    import torch

    from engine.recipes.linear import synthetic_data
    from engine.recipes.linear_concise import half_mse, make_net

    X, y = synthetic_data(torch.tensor([2.0, 3.4]), 4.2, 100, torch.Generator().manual_seed(0))
    net = make_net(2)
    before = [parameter.detach().clone() for parameter in net.parameters()]
    optimizer = torch.optim.SGD(net.parameters(), lr=RATE)
    for _ in range(20):
        half_mse(net, X, y).backward()
        optimizer.zero_grad()
        optimizer.step()
    moved = any(
        not torch.equal(old, new) for old, new in zip(before, net.parameters(), strict=True)
    )
    return 0 if moved else 1


@lru_cache(maxsize=1)
def lockstep_difference() -> float:
    """The largest difference of a parameter over the updates of both recipes, in 64 bits."""
    from engine.recipes.catalog import find_recipe
    from engine.training.lockstep import common_orders, load_lockstep
    from engine.training.task import Source

    recipes = [find_recipe("linear"), find_recipe("linear-concise")]
    pair = load_lockstep(common_orders(recipes, {}, Source("cpu")))
    return max(step.gap.difference for step in islice(pair.run(), STEPS))


def lockstep_option() -> int:
    """The option that describes it: no difference or rounding, a slow growth, a factor 2."""
    largest = lockstep_difference()
    return 0 if largest < 1e-12 else 1 if largest < 1e-2 else 2


BOOK = CheckBook(
    "linear",
    numbers={
        "lockstep_updates": NumberCheck(lambda: STEPS),
        "float64_digits": NumberCheck(lambda: -float(np.log10(np.finfo(np.float64).eps))),
    },
)
