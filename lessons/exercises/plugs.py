"""The learner's functions in the place of ours: for each exercise, a task that uses them.

Each plug loads the task of a recipe and puts the learner's function where that recipe has its own:
all else stays. NumPy functions become operations of autograd: what they return goes forward, and
the slope goes back that the exercise asks for. Importing this imports torch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import Tensor

from engine.recipes import (
    fizzbuzz,
    linear,
    linear_concise,
    mlp,
    mnist_mlp,
    optimisers,
    softmax,
    two_layer_numpy,
)
from engine.training.task import Batch, Task
from lessons.exercises.exercise import Namespace
from lessons.exercises.plug_parts import Array, Draws, array, elementwise, given, replaced, tensor

Load: TypeAlias = Callable[[], Any]
"""Loads the task of the recipe."""
Plug: TypeAlias = Callable[[Load, Namespace], Task]


def _hot(Z: Tensor, y: Tensor) -> Tensor:
    return torch.eye(Z.shape[1], dtype=Z.dtype)[y]


def _losses(P: Tensor, y: Tensor) -> Tensor:
    return -P[torch.arange(len(y)), y].log()


def _activation(value: str, slope: str) -> Plug:
    def plug(load: Load, mine: Namespace) -> Task:
        task: mlp.MlpTask = load()
        task.activation = elementwise(mine[value], mine[slope])
        return task

    return plug


def _on_scores(loss: Callable[[Namespace, Tensor, Tensor], tuple[Tensor, Tensor]]) -> Plug:
    """A plug whose `loss` gives the losses of a batch, and their gradient on the scores."""

    def plug(load: Load, mine: Namespace) -> Task:
        def cross_entropy(Z: Tensor, y: Tensor) -> Tensor:
            with torch.no_grad():
                value, gradient = loss(mine, Z, y)
            return given(Z, value, gradient)

        return replaced(load(), softmax, cross_entropy=cross_entropy)

    return plug


def _stable_softmax(mine: Namespace, Z: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    P = tensor(mine["softmax"](array(Z)), Z)
    return _losses(P, y), P - _hot(Z, y)


def _log_sum_exp(mine: Namespace, Z: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    whole = tensor([float(mine["log_sum_exp"](row)) for row in array(Z)], Z[:, 0])
    value = whole - Z[torch.arange(len(y)), y]
    return value, (Z - whole[:, None]).exp() - _hot(Z, y)


def _cross_entropy(mine: Namespace, Z: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    P = softmax.softmax(Z)
    mean = float(mine["cross_entropy"](array(P), array(y)))
    return torch.full((len(y),), mean, dtype=Z.dtype), P - _hot(Z, y)


def _softmax_gradient(mine: Namespace, Z: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    P = softmax.softmax(Z)
    return _losses(P, y), len(y) * tensor(mine["score_gradient"](array(P), array(y)), Z)


def _one_hot(mine: Namespace, Z: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    Y = tensor(mine["one_hot"](array(y), Z.shape[1]), Z)
    return -(Y * softmax.log_softmax(Z)).sum(dim=1), softmax.softmax(Z) - Y


def _weight_gradients(load: Load, mine: Namespace) -> Task:
    def update(X: Tensor, y: Tensor, W: Tensor, b: Tensor, lr: float) -> tuple[Tensor, Tensor]:
        with torch.no_grad():
            Z = softmax.scores(X, W, b)
            delta = softmax.softmax(Z) - _hot(Z, y)
            dW, db = mine["gradients"](array(delta), array(X))
            # The update divides by the number of samples once more.
            W.grad = len(y) * tensor(np.transpose(dW), W)
            b.grad = len(y) * tensor(db, b)
        linear.sgd([W, b], lr, len(y))
        return softmax.cross_entropy(Z, y).sum(), Z

    return replaced(load(), softmax, update=update)


def _update(load: Load, mine: Namespace) -> Task:
    def sgd(params: Iterable[Tensor], lr: float, batch_size: int) -> None:
        params = [*params]
        gradients = [array(param.grad) / batch_size for param in params if param.grad is not None]
        moved = mine["update"]([array(param) for param in params], gradients, lr)
        with torch.no_grad():
            for param, value in zip(params, moved, strict=True):
                param.copy_(tensor(value, param))
                param.grad = None

    return replaced(load(), linear, sgd=sgd)


def _squared(load: Load, mine: Namespace) -> Task:
    def squared_loss(y_hat: Tensor, y: Tensor) -> Tensor:
        p, t, n = array(y_hat), array(y), len(y)

        def moved(by: float) -> list[float]:
            return [n * float(mine["squared"](p + by * row, t)) for row in np.eye(n)]

        # Of a square, the central difference is the slope itself, however large the step is.
        slopes = [(up - down) / 2 for up, down in zip(moved(1.0), moved(-1.0), strict=True)]
        whole = torch.tensor(n * float(mine["squared"](p, t)), dtype=y_hat.dtype)
        return given(y_hat, whole, tensor(slopes, y_hat))

    return replaced(load(), linear, squared_loss=squared_loss)


def _autograd_step(load: Load, mine: Namespace) -> Task:
    def update(X: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> Tensor:
        # The bias is the weight of a feature that is always 1; the recipe has half the loss.
        wide = torch.cat([X, torch.ones_like(X[:, :1])], dim=1)
        both = torch.cat([w.detach(), b.detach()[None]]).requires_grad_()
        loss = float(mine["step"](both, wide, y, lr / 2))
        with torch.no_grad():
            w.copy_(both[:-1])
            b.copy_(both[-1])
        return torch.tensor(loss / 2 * len(y), dtype=w.dtype)

    return replaced(load(), linear, update=update)


def _mini_batches(load: Load, mine: Namespace) -> Task:
    task: Any = load()

    def batches(batch_size: int) -> Iterator[Batch]:
        X, y = array(task.data.X), array(task.data.y)
        for rows, labels in mine["batches"](X, y, batch_size, Draws(task.generator)):
            yield torch.as_tensor(np.asarray(rows)), torch.as_tensor(np.asarray(labels))

    task.batches = batches
    found: Task = task
    return found


def _kaiming(load: Load, mine: Namespace) -> Task:
    def init_weight(w: Tensor, init: str, generator: torch.Generator) -> None:
        outputs, inputs = w.shape
        w.copy_(tensor(mine["first_weights"](inputs, outputs, Draws(generator)), w))

    ours = mnist_mlp.init_weight
    try:
        mnist_mlp.init_weight = init_weight
        task: Task = load()
    finally:
        mnist_mlp.init_weight = ours
    return task


def _momentum(load: Load, mine: Namespace) -> Task:
    class Mine(optimisers.Momentum):
        """The learner's momentum."""

        def step(self, lr: float) -> None:
            """Move each parameter by the learner's rule."""
            for name, w in self.params.items():
                v = self.memory[f"velocity/{name}"]
                found = mine["momentum"](array(w), array(v), array(w.grad), lr, optimisers.BETA)
                _store(found, w, v)

    return _with_rule(load, Mine)


def _adam(load: Load, mine: Namespace) -> Task:
    class Mine(optimisers.Adam):
        """The learner's Adam."""

        def step(self, lr: float) -> None:
            """Move each parameter by the learner's rule."""
            self.t += 1
            for name, w in self.params.items():
                m, s = self.memory[f"mean/{name}"], self.memory[f"square/{name}"]
                means = optimisers.BETA1, optimisers.BETA2, optimisers.EPSILON
                before = array(w), array(m), array(s), array(w.grad)
                _store(mine["adam"](*before, self.t, lr, *means), w, m, s)

    return _with_rule(load, Mine)


def _store(values: Iterable[object], *into: Tensor) -> None:
    with torch.no_grad():
        for value, place in zip(values, into, strict=True):
            place.copy_(tensor(value, place))
    into[0].grad = None


def _with_rule(load: Load, rule: type[optimisers.Optimiser]) -> Task:
    task: mlp.MlpTask = load()
    task.optimiser = rule(task.params)
    return task


def _mlp_backward(load: Load, mine: Namespace) -> Task:
    def gradients(x: Array, y: Array, w1: Array, w2: Array) -> tuple[float, Array, Array]:
        loss, first, second = mine["gradients"](x.copy(), y.copy(), w1.copy(), w2.copy())
        return float(loss), first, second

    return replaced(load(), two_layer_numpy, gradients=gradients)


def _training_loop(load: Load, mine: Namespace) -> Task:
    def update(net: Any, optimizer: torch.optim.Optimizer, X: Tensor, y: Tensor) -> Tensor:
        def loss(y_hat: Tensor, y: Tensor) -> Tensor:
            half: Tensor = linear_concise.loss_fn(y_hat.squeeze(1), y) / 2
            return half

        (mean,) = mine["train"](net, [(X, y)], loss, optimizer, 1)
        return torch.tensor(float(mean), dtype=X.dtype)

    return replaced(load(), linear_concise, update=update)


def _module(load: Load, mine: Namespace) -> Task:
    task: Any = load()
    net = mine["Net"](fizzbuzz.NUM_DIGITS, fizzbuzz.NUM_HIDDEN, len(fizzbuzz.CLASSES))
    task.model = net
    task.parameters = {
        "0.weight": net.first.weight, "0.bias": net.first.bias,
        "2.weight": net.second.weight, "2.bias": net.second.bias,
    }  # fmt: skip
    (group,) = task.optimizer.param_groups
    task.optimizer = torch.optim.SGD(net.parameters(), lr=group["lr"])
    found: Task = task
    return found


def _fizzbuzz_encoder(load: Load, mine: Namespace) -> Task:
    task: Any = load()
    numbers = fizzbuzz.TRAIN_NUMBERS
    digits = [mine["encode"](i, fizzbuzz.NUM_DIGITS) for i in numbers]
    task.X = tensor(digits, task.X)
    task.y = tensor([mine["target"](i) for i in numbers], task.y)
    found: Task = task
    return found


PLUGS: Mapping[str, Plug] = {
    "sigmoid": _activation("sigmoid", "sigmoid_slope"),
    "relu": _activation("relu", "relu_slope"),
    "stable-softmax": _on_scores(_stable_softmax),
    "log-sum-exp": _on_scores(_log_sum_exp),
    "cross-entropy": _on_scores(_cross_entropy),
    "softmax-gradient": _on_scores(_softmax_gradient),
    "one-hot": _on_scores(_one_hot),
    "weight-gradients": _weight_gradients,
    "update": _update,
    "regression-losses": _squared,
    "autograd-step": _autograd_step,
    "mini-batches": _mini_batches,
    "kaiming": _kaiming,
    "momentum": _momentum,
    "adam": _adam,
    "mlp-backward": _mlp_backward,
    "training-loop": _training_loop,
    "module": _module,
    "fizzbuzz-encoder": _fizzbuzz_encoder,
}
"""By the name of the exercise; `training.USES` says which recipe each is for."""
OWN_BATCHES = ("mini-batches", "fizzbuzz-encoder")
"""Exercises whose version reads its own batches, which must be those of ours."""
OWN_START = ("kaiming",)
"""Exercises whose version begins with its own parameters, which must be those of ours."""
