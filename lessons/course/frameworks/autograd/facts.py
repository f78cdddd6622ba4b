"""What the formulas of `frameworks/autograd` speak of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import permutations
from types import SimpleNamespace

import numpy as np

from engine.activations import Array
from engine.formulas.draws import integer, positive
from engine.formulas.notation import Notation
from engine.recipes.two_layer_sizes import D_IN, N
from lessons.course.frameworks.first_steps import losses
from lessons.judge.values import Choice, Number, Order, QuestionValues

NOTATION = (
    Notation()
    .drawn("x")
    .drawn("w")
    .drawn("b")
    .drawn("t")
    .drawn("g")
    .drawn(r"\eta", make=positive())
    .drawn(r"\mathrm{grad}")
    .defined("y = w x + b")
    .defined("L = (y - t)^2")
    .drawn("m", make=integer(3, 6))
    .defined("G_m = G_{m-1} + g", over="m")
    .defined("G_0 = 0", over="m")
    .defined(r"w_m = w_{m-1} - \eta \, G_m", over="m")
    .drawn("w_0", over="m")
    .index("k", "m")
)
"""A line y = wx + b with a loss, and a weight that moves by gradients that add up in G."""


LINE = (1.0, 2.0, 3.0)
"""Input, weight and bias of the line."""

_LINE = NOTATION.given(x=LINE[0], w=LINE[1], b=LINE[2])


SCOPES = {
    "autograd_x": NOTATION.given(x=4, w=2, b=3),
    "autograd_line": NOTATION,
    "autograd_three_calls": _LINE.defined(
        r"\mathrm{grad} = 3 \, \frac{\partial y}{\partial x}", ""
    ),
    "autograd_data": NOTATION.defined(r"\mathrm{grad} = 2 \cdot (3 + 7)", ""),
    "autograd_error_slope": NOTATION.given(x=3, w=2, b=1, t=10),
    "autograd_never_zeroed": NOTATION.given(g=3, m=3)
    .fixed(r"\eta", 0.1)
    .defined("w_0 = 1", over="m")
    .defined("L = g w"),
}


ASKED_X = 4.0
"""Where the gradient of the line is asked for: no other formula gives the same number there."""


def _gradient_of_line(at: str, calls: int = 1, x: float = 1.0) -> float:
    """What .grad holds at w = 2, b = 3 after so many calls of backward()."""
    import torch

    given = {
        name: torch.tensor(value, requires_grad=True)
        for name, value in (("x", x), ("w", 2.0), ("b", 3.0))
    }
    for _ in range(calls):
        (given["w"] * given["x"] + given["b"]).backward()
    found = given[at].grad
    assert found is not None
    return float(found)


def _gradient_of_error() -> float:
    """∂(y − t)²/∂w at x = 3, w = 2, b = 1, t = 10."""
    import torch

    w = torch.tensor(2.0, requires_grad=True)
    ((w * 3.0 + 1.0 - 10.0) ** 2).backward()
    assert w.grad is not None
    return float(w.grad)


def _after_data() -> float:
    """w.grad of w² computed at 3, after `w.data += 7`."""
    import torch

    w = torch.tensor(3.0, requires_grad=True)
    loss = w**2
    w.data += 7
    loss.backward()
    assert w.grad is not None
    return float(w.grad)


def _second_call() -> int:
    """What the second backward() through one graph does: 0 adds, 1 stops, 2 changes nothing."""
    import torch

    x, w, b = (torch.tensor(value, requires_grad=True) for value in (1.0, 2.0, 3.0))
    y = w * x + b
    y.backward()
    assert x.grad is not None
    first = float(x.grad)
    try:
        y.backward()
    except RuntimeError:
        return 1
    return 2 if float(x.grad) == first else 0


def _after_three(*, zeroing: bool) -> float:
    from lessons.course.frameworks.autograd.programs import constant_slope

    return constant_slope(zeroing)


def _name_inside() -> int:
    """What `w = w - ...` in no_grad leaves: 1 where the next backward() fails."""
    import torch

    w = torch.tensor(2.0, requires_grad=True)
    (w**2).backward()
    assert w.grad is not None
    with torch.no_grad():
        w = w - 0.1 * w.grad
    try:
        (w**2).backward()
    except RuntimeError:
        return 1
    return 0


ROUNDS = 3


RATE = 0.01


def _forward(v: SimpleNamespace) -> None:
    v.y_pred = v.x.mm(v.w1).clamp(min=0).mm(v.w2)


def _loss(v: SimpleNamespace) -> None:
    v.loss = (v.y_pred - v.y).pow(2).sum()


def _backward(v: SimpleNamespace) -> None:
    v.loss.backward()


def _move(v: SimpleNamespace) -> None:
    import torch

    with torch.no_grad():
        for w in (v.w1, v.w2):
            w -= RATE * w.grad


def _zero(v: SimpleNamespace) -> None:
    for w in (v.w1, v.w2):
        w.grad.zero_()


_PARTS: tuple[Callable[[SimpleNamespace], None], ...] = (_forward, _loss, _backward, _move, _zero)


def _start() -> tuple[Array, Array, Array, Array]:
    """x, y, w1, w2 of a small network, float64."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(6, 4)), rng.normal(size=(6, 2))
    return x, y, rng.normal(size=(4, 3)), rng.normal(size=(3, 2))


def _after(order: tuple[int, ...]) -> Array | None:
    """w1 after three rounds in this order; None where a part needs what is not there."""
    import torch

    x, y, w1, w2 = (torch.tensor(numbers) for numbers in _start())
    v = SimpleNamespace(x=x, y=y, w1=w1.requires_grad_(), w2=w2.requires_grad_())
    try:
        for _ in range(ROUNDS):
            for place in order:
                _PARTS[place](v)
    except (AttributeError, TypeError, RuntimeError):
        return None
    return np.asarray(v.w1.detach().numpy())


def _by_hand() -> Array:
    """w1 after three rounds with the gradients written out."""
    x, y, w1, w2 = _start()
    for _ in range(ROUNDS):
        h = x @ w1
        into_y = 2 * (np.maximum(h, 0) @ w2 - y)
        grad_w1, grad_w2 = x.T @ ((into_y @ w2.T) * (h > 0)), np.maximum(h, 0).T @ into_y
        w1, w2 = w1 - RATE * grad_w1, w2 - RATE * grad_w2
    return w1


def _only_order() -> tuple[int, ...]:
    """The only order that trains as the gradients by hand do."""
    wanted = _by_hand()
    found = []
    for order in permutations(range(len(_PARTS))):
        moved = _after(order)
        if moved is not None and np.allclose(moved, wanted, rtol=1e-9):
            found.append(order)
    (only,) = found
    return only


NUMBERS: Mapping[str, Callable[[], float]] = {
    "autograd_b": lambda: _gradient_of_line("b"),
    "autograd_w": lambda: _gradient_of_line("w"),
    "features": lambda: D_IN,
    "samples": lambda: N,
}


def _lab_other_bias() -> int:
    """How many gradients of the line another bias changes, among none, one and all three."""
    import torch

    found = []
    for b in (LINE[2], LINE[2] + 5):
        leaves = [torch.tensor(v, requires_grad=True) for v in (*LINE[:2], b)]
        x, w, bias = leaves
        found.append(torch.autograd.grad(w * x + bias, leaves))
    return (0, 1, 3).index(sum(bool(one != other) for one, other in zip(*found, strict=True)))


def _lab_skipped_update() -> int:
    """The gap of the versions after an update left out: gone at once, shrinking, or growing."""
    from itertools import islice

    from engine.recipes.catalog import find_recipe
    from engine.training.lockstep import Slip, common_orders, load_lockstep
    from engine.training.task import Source

    names = ("two-layer-numpy", "two-layer-autograd")
    lockstep = load_lockstep(common_orders([*map(find_recipe, names)], {}, Source("cpu")))
    lockstep.slips = {names[1]: Slip.SKIP}
    gaps = [step.gap for step in islice(lockstep.run(), 100)]
    if gaps[1].is_rounding:
        return 0
    return 1 if gaps[-1].relative < gaps[0].relative / 10 else 2


def _train_autograd_exact() -> int:
    """The last loss of the recipe over that of the gradients by hand: above, the same, below."""
    share = losses("autograd", 50)[-1] / losses("tensors", 50)[-1]
    return 0 if share > 1.01 else 1 if share > 0.99 else 2


QUESTIONS: Mapping[str, QuestionValues] = {
    "autograd_x": Number(
        lambda: _gradient_of_line("x", x=ASKED_X),
        slips={
            "value-for-slope": lambda: 2 * ASKED_X + 3,
            "own-value": lambda: ASKED_X,
            "one-term": lambda: 3.0,
            "product-for-slope": lambda: 2 * ASKED_X,
        },
        tolerance=0,
    ),
    "autograd_error_slope": Number(
        _gradient_of_error,
        slips={
            "no-input": lambda: _gradient_of_error() / 3,
            "no-two": lambda: _gradient_of_error() / 2,
            "error-alone": lambda: 7.0 - 10.0,
            "weight-for-input": lambda: 2 * (7.0 - 10.0) * 2.0,
            "loss-for-slope": lambda: (7.0 - 10.0) ** 2,
            "sign": lambda: -_gradient_of_error(),
        },
        tolerance=0,
    ),
    "autograd_three_calls": Number(
        lambda: _gradient_of_line("x", calls=3),
        slips={
            "stale-grad": lambda: _gradient_of_line("x"),
            "grads-multiplied": lambda: _gradient_of_line("x") ** 3,
            "calls-counted": lambda: 3.0,
            "last-two": lambda: _gradient_of_line("x", calls=2),
        },
        tolerance=0,
    ),
    "autograd_freed": Choice(_second_call),
    "autograd_data": Number(
        _after_data,
        slips={
            "as-recorded": lambda: 2 * 3.0,
            "loss-for-slope": lambda: 3.0**2,
            "new-loss": lambda: (3.0 + 7.0) ** 2,
            "step-for-value": lambda: 2 * 7.0,
            "new-value": lambda: 3.0 + 7.0,
        },
        tolerance=0,
    ),
    "autograd_never_zeroed": Number(
        lambda: _after_three(zeroing=False),
        slips={
            "stale-grad": lambda: _after_three(zeroing=True),
            "uphill": lambda: 2 - _after_three(zeroing=False),
            "doubling": lambda: 1 - 0.1 * 3 * (1 + 2 + 4),
            "no-gradient": lambda: 1 - 0.1 * (1 + 2 + 3),
            "no-learning-rate": lambda: 1.0 - 3 * (1 + 2 + 3),
        },
        before=lambda: 1.0,
    ),
    "autograd_name_inside": Choice(_name_inside),
    "autograd_order": Order(_only_order),
    "lab_other_bias": Choice(_lab_other_bias),
    "lab_skipped_update": Choice(_lab_skipped_update),
    "train_autograd_exact": Choice(_train_autograd_exact),
}
