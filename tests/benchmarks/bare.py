"""Bare training loops over tensors in memory: what a good engineer writes who wants no figures.

Each has the model, the first parameters, the batches and the updates of a recipe, by the fastest
functions of PyTorch that are made for it; it measures nothing, checks nothing and keeps nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.training.snapshot import Setting
from engine.training.task import Batch, Task

Gather: TypeAlias = Callable[[Tensor, Tensor], Tensor]
GATHERS: dict[str, Gather] = {
    "index": lambda tensor, rows: tensor[rows],
    "select": lambda tensor, rows: tensor.index_select(0, rows),
}
"""Two ways to copy the rows of a batch: the usual one, and the fastest one on a CPU."""


def batches(
    X: Tensor, y: Tensor, size: int, generator: torch.Generator, gather: Gather
) -> Iterator[Batch]:
    """One epoch of shuffled mini-batches, the same as those of a recipe."""
    order = torch.randperm(len(X), generator=generator).to(X.device)
    for rows in order.split(size):
        yield gather(X, rows), gather(y, rows)


def functional_steps(task: Task, lr: float) -> Callable[[Tensor, Tensor], None]:
    """One update of the parameters W, b, or W1, b1, W2, b2, by plain gradient descent."""
    params = [p.detach().clone().requires_grad_() for p in task.parameters.values()]
    layers = list(zip(params[::2], params[1::2], strict=True))

    def step(X: Tensor, y: Tensor) -> None:
        H = X
        for W, b in layers[:-1]:
            H = F.relu(torch.addmm(b, H, W))
        W, b = layers[-1]
        F.cross_entropy(torch.addmm(b, H, W), y).backward()
        with torch.no_grad():
            for param in params:
                assert param.grad is not None
                param.sub_(param.grad, alpha=lr)
                param.grad = None

    return step


def module_steps(task: Task, lr: float) -> Callable[[Tensor, Tensor], None]:
    """One update of layers nn.Linear, with the activation ReLU, by torch.optim.SGD."""
    own = [p.detach().clone() for p in task.parameters.values()]
    layers: list[nn.Module] = [nn.Flatten()]
    for weight, bias in zip(own[::2], own[1::2], strict=True):
        layer = nn.Linear(weight.shape[1], weight.shape[0], device=task.device)
        with torch.no_grad():
            layer.weight.copy_(weight)
            layer.bias.copy_(bias)
        layers += [layer, nn.ReLU()]
    net = nn.Sequential(*layers[:-1])
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    loss_fn = nn.CrossEntropyLoss()

    def step(X: Tensor, y: Tensor) -> None:
        loss = loss_fn(net(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step


STEPS = {
    "softmax": functional_steps,
    "mlp": functional_steps,
    "softmax-concise": module_steps,
    "mlp-concise": module_steps,
    "mnist-mlp": module_steps,
    "mnist-mlp-module": module_steps,
}
"""The loop of each recipe that has one, with its default activation and optimiser."""


def bare_loop(
    recipe: str, task: Task, X: Tensor, y: Tensor, settings: Mapping[str, Setting], gather: str
) -> Iterator[None]:
    """One update per `next()`, without end; it starts from the parameters of `task`."""
    step = STEPS[recipe](task, float(settings["lr"]))
    generator = torch.Generator()
    generator.set_state(task.generator.get_state())
    while True:
        for batch in batches(X, y, int(settings["batch_size"]), generator, GATHERS[gather]):
            step(*batch)
            yield
