"""Programs that show sentences of `linear/concise` to be true."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

from lessons.course.linear.concise.facts import RATE
from lessons.proof.claims import Claim


def same_batches() -> bool:
    """Both recipes with one seed: the same batches in two epochs."""
    import torch

    from engine.recipes import linear, linear_concise
    from engine.training.task import Source

    ours, theirs = (
        module.build(module.RECIPE.settings(), Source("cpu")) for module in (linear, linear_concise)
    )
    return all(
        torch.equal(one, other)
        for _ in range(2)
        for pair in zip(ours.batches(64), theirs.batches(64), strict=True)
        for one, other in zip(*pair, strict=True)
    )


def new_order() -> bool:
    """Two epochs of the loader: the same samples in two orders."""
    import torch

    from engine.recipes.linear_concise import loader

    X = torch.arange(100.0)[:, None]
    ready = loader(X, X[:, 0], 32, torch.Generator().manual_seed(7))
    first, second = (torch.cat([y for _, y in ready]) for _ in range(2))
    return torch.equal(first.sort().values, second.sort().values) and not torch.equal(first, second)


def first_batch() -> bool:
    """next(iter(loader)) is a pair with the features and labels of one batch."""
    import torch

    from engine.recipes.linear_concise import loader

    ready = loader(torch.zeros(100, 2), torch.zeros(100), 32, torch.Generator())
    X, y = next(iter(ready))
    return (tuple(X.shape), tuple(y.shape)) == ((32, 2), (32,))


def own_draw() -> bool:
    """Two new layers have weights that are not zero and not alike."""
    import torch
    from torch import nn

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        first, second = nn.Linear(2, 1), nn.Linear(2, 1)
    return bool(first.weight.any()) and not torch.equal(first.weight, second.weight)


def same_start() -> bool:
    """init_params and init_weights with generators of one seed."""
    import torch

    from engine.recipes.linear import init_params
    from engine.recipes.linear_concise import init_weights, make_net

    w, b = init_params(2, torch.Generator().manual_seed(0))
    net = make_net(2)
    init_weights(net, torch.Generator().manual_seed(0))
    weight, bias = (parameter.detach() for parameter in net.parameters())
    return torch.allclose(weight[0], w, rtol=1e-6) and float(bias) == float(b) == 0.0


def sum_diverges() -> bool:
    """Half the sum over batches of 100, SGD at 0.03: the loss grows; with 8 it falls."""
    import torch

    from engine.recipes.linear import synthetic_data
    from engine.recipes.linear_concise import make_net

    X, y = synthetic_data(torch.tensor([2.0, 3.4]), 4.2, 800, torch.Generator().manual_seed(0))
    ends = {}
    for size in (8, 100):
        net = make_net(2)
        for parameter in net.parameters():
            torch.nn.init.zeros_(parameter)
        optimizer = torch.optim.SGD(net.parameters(), lr=RATE)
        total = torch.nn.MSELoss(reduction="sum")
        for start in range(0, len(y), size):
            optimizer.zero_grad()
            (total(net(X[start : start + size]).squeeze(1), y[start : start + size]) / 2).backward()
            optimizer.step()
        ends[size] = float(((net(X).squeeze(1) - y) ** 2).mean().detach())
    start_loss = float((y**2).mean())
    return ends[8] < start_loss / 1000 and not ends[100] < start_loss


def step_only_moves() -> bool:
    """SGD.step() leaves the gradient as it is, and moves nothing where there is none."""
    import torch

    w, untouched = (torch.ones(2, requires_grad=True) for _ in range(2))
    w.grad = torch.full((2,), 2.0)
    torch.optim.SGD([w, untouched], lr=0.25).step()
    return (
        w.tolist() == [0.5, 0.5]
        and w.grad.tolist() == [2.0, 2.0]
        and untouched.tolist() == [1.0, 1.0]
        and untouched.grad is None
    )


def none_by_default() -> bool:
    """Gradients after zero_grad() and after zero_grad(set_to_none=False)."""
    import torch

    w = torch.ones(2, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    w.grad = torch.ones(2)
    optimizer.zero_grad(set_to_none=False)
    zeros = w.grad is not None and not w.grad.any()
    optimizer.zero_grad()
    return zeros and w.grad is None


def used_up() -> bool:
    """A second pass over one generator of data_iter gives no batch."""
    import torch

    from engine.recipes.linear import data_iter

    batches = data_iter(8, torch.zeros(20, 2), torch.zeros(20), torch.Generator())
    return len(list(batches)) == 3 and not list(batches)


def loop_agrees() -> bool:
    """The loop of the program with our sgd and with SGD: parameters within 0.00001."""
    from lessons.course.linear.concise.programs import trained

    (loss, first), (other, second) = trained("own sgd"), trained("SGD")
    return math.isclose(loss, other, rel_tol=1e-3) and all(
        math.isclose(ours, theirs, abs_tol=1e-5) for ours, theirs in zip(first, second, strict=True)
    )


@lru_cache(maxsize=1)
def _ends() -> tuple[tuple[float, tuple[float, ...]], ...]:
    """Both recipes as they are set: the train loss after the last epoch, and the parameters."""
    from engine.recipes import linear, linear_concise
    from engine.training.task import Source

    ends = []
    for module in (linear, linear_concise):
        settings = module.RECIPE.settings()
        task = module.build(settings, Source("cpu"))
        for _ in range(int(settings["epochs"])):
            for batch in task.batches(int(settings["batch_size"])):
                task.update(batch, float(settings["lr"]))
        measured = task.evaluate_train()
        assert measured is not None
        ends.append((measured.loss, tuple(row.learned for row in task.rows())))
    return tuple(ends)


def last_losses() -> tuple[float, float]:
    """The train loss after the last epoch of the version from scratch, and of the concise one."""
    (scratch, _), (concise, _) = _ends()
    return scratch, concise


def default_run() -> bool:
    """Both recipes as they are set: parameters within 0.001 of the truth, and near each other."""
    truth = (2.0, 3.4, 4.2)
    (_, scratch), (_, concise) = _ends()
    return all(
        abs(ours - true) < 1e-3 and abs(ours - theirs) < 1e-5
        for ours, theirs, true in zip(scratch, concise, truth, strict=True)
    )


def same_floor() -> bool:
    """Both recipes as they are set: the last train losses within one per cent of each other."""
    scratch, concise = last_losses()
    return math.isclose(scratch, concise, rel_tol=0.01)


CLAIMS: Mapping[str, Claim] = {
    "same-batches": same_batches,
    "new-order": new_order,
    "first-batch": first_batch,
    "own-draw": own_draw,
    "same-start": same_start,
    "sum-diverges": sum_diverges,
    "step-only-moves": step_only_moves,
    "none-by-default": none_by_default,
    "used-up": used_up,
    "loop-agrees": loop_agrees,
    "default-run": default_run,
    "same-floor": same_floor,
}
