"""What the formulas of `linear/concise` speak of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from itertools import islice, permutations

import numpy as np

from engine.formulas import values as v
from engine.formulas.draws import ones, positive
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.formulas.world import World
from lessons.course.linear.from_scratch.facts import NOISE
from lessons.course.linear.model.facts import symbol
from lessons.judge.values import Choice, Number, Order, QuestionValues, Shape

SAMPLES, BATCH = 1000, 64


FEATURES, OUTPUTS = 2, 1


RATE, SUMMED = 0.03, 8
"""A learning rate, and the size of a batch whose losses are added up."""


STEPS = 500
"""Updates of the lockstep."""


def _squares(world: World) -> Value:
    """What `nn.MSELoss` computes."""
    from torch.nn.functional import mse_loss

    return mse_loss(symbol(world, "hat bold y"), symbol(world, "bold y"))


def _halves(world: World) -> Value:
    """The loss of the version from scratch, by the functions of its recipe."""
    from engine.recipes.linear import linreg, squared_loss

    X, w, b, y = (symbol(world, key) for key in ("X", "bold w", "b", "bold y"))
    return squared_loss(linreg(X, w, b), y).mean()


def first_weights_scale() -> float:
    """The standard deviation of the first weights: what the recipe makes of a draw from N(0, 1)."""
    import torch

    from engine.recipes.linear import init_params

    drawn, _ = init_params(1, torch.Generator().manual_seed(0))
    return round(float(drawn / torch.randn(1, generator=torch.Generator().manual_seed(0))), 6)


NOTATION = (
    Notation()
    .distribution("N")
    .size("m")
    .size("d", low=2)
    .size("n")
    .drawn("X", r"m \times d")
    .drawn(r"\mathbf{w}", "d")
    .defined(r"w_j = \mathbf{w}_j", "", over="j")
    .drawn("b")
    .drawn(r"\mathbf{1}", "m", ones())
    .defined(r"V = \mathbf{w}^\top", r"1 \times d")
    .drawn(r"\mathbf{y}", "m")
    .defined(r"y^{(i)} = \mathbf{y}_i", "", over="i")
    .defined(r"x_j^{(i)} = X_{ij}", "", over="j i")
    .defined(r"\hat{\mathbf{y}} = X \mathbf{w} + b \mathbf{1}", "m")
    .defined(r"\hat y^{(i)} = X_{i,:} \mathbf{w} + b", "", over="i")
    .defined(r"\ell^{(i)} = \frac12 (\hat y^{(i)} - y^{(i)})^2", "", over="i")
    .computed("M", _squares, "")
    .computed("L", _halves, "")
    .with_gradient(r"\mathbf{w}")
    .drawn(r"\eta", make=positive(0.01, 0.5))
    .computed(r"\sigma", lambda _: first_weights_scale())
    .defined(
        r"\eta_{\mathrm{scratch}} = \frac{\eta \frac{\partial M}{\partial w_1}}"
        r"{\frac{\partial L}{\partial w_1}}",
        "",
    )
    .defined(
        r"\eta_{\mathrm{mean}} = \frac{\eta \sum_{i=1}^{m} \frac{\partial \ell^{(i)}}"
        r"{\partial w_1}}{\frac{\partial L}{\partial w_1}}",
        "",
    )
    .drawn(r"\mathbf{g}", "d")
    .drawn(r"\mathbf{g}_{\mathrm{old}}", "d")
    .index("i", "m")
    .index("j", "d")
)


def _found_by_step(world: World) -> Value:
    """The gradient that `step()` finds where `zero_grad()` came between."""
    import torch

    w = symbol(world, "bold w").clone().requires_grad_()
    optimizer = torch.optim.SGD([w], lr=RATE)
    ((symbol(world, "X") @ w - symbol(world, "bold y")) ** 2).mean().backward()
    optimizer.zero_grad(set_to_none=False)
    assert w.grad is not None
    return v.tensor(w.grad)


SCOPES = {
    "loader_length": NOTATION.fixed("m", BATCH).fixed("n", SAMPLES),
    "linear_weight_shape": NOTATION.fixed("d", FEATURES),
    "rate_without_half": NOTATION.fixed(r"\eta", RATE),
    "sum_without_division": NOTATION.fixed("m", SUMMED).fixed(r"\eta", RATE),
    "zero_grad_too_late": NOTATION.computed(r"\mathbf{g}", _found_by_step, "d"),
}


def batches_of_loader(samples: int, batch: int) -> float:
    """How many batches the recipe's own loader gives."""
    import torch

    from engine.recipes.linear_concise import loader

    generator = torch.Generator().manual_seed(0)
    return float(len(loader(torch.zeros(samples, 2), torch.zeros(samples), batch, generator)))


def weight_shape() -> tuple[int, ...]:
    """The shape of the weight of the recipe's own model for the features of the question."""
    from engine.recipes.linear_concise import make_net
    from engine.recipes.modules import linears

    (layer,) = linears(make_net(FEATURES))
    return tuple(layer.weight.shape)


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


NUMBERS: Mapping[str, Callable[[], float]] = {
    "noise_floor": lambda: NOISE**2 / 2,
    "float64_digits": lambda: -float(np.log10(np.finfo(np.float64).eps)),
    "lockstep_updates": lambda: STEPS,
    "noise_mean": partial(float, 0),
}


def _train_same_floor() -> int:
    """The last train loss over that of the version from scratch: twice, the same, or far less."""
    from lessons.course.linear.concise.claims import last_losses

    scratch, concise = last_losses()
    share = concise / scratch
    return 0 if share > 1.5 else 1 if share > 0.5 else 2


QUESTIONS: Mapping[str, QuestionValues] = {
    "loader_length": Number(
        lambda: batches_of_loader(SAMPLES, BATCH),
        slips={
            "last-batch": lambda: float(SAMPLES // BATCH),
            "batch-count": lambda: float(SAMPLES % BATCH),
            "batch-size": lambda: float(BATCH),
            "per-sample": lambda: float(SAMPLES),
        },
        tolerance=0,
    ),
    "linear_weight_shape": Shape(
        weight_shape,
        slips={
            "transposed": lambda: (FEATURES, OUTPUTS),
            "axis-dropped": lambda: (FEATURES,),
            "bias-included": lambda: (OUTPUTS, FEATURES + 1),
        },
    ),
    "rate_without_half": Number(
        lambda: 2 * RATE,
        slips={
            "no-half": lambda: RATE,
            "upside-down": lambda: RATE / 2,
        },
    ),
    "sum_without_division": Number(
        lambda: RATE * SUMMED,
        slips={
            "sum-for-mean": lambda: RATE,
            "half-corrected": (lambda: 2 * RATE * SUMMED, lambda: RATE * SUMMED / 2),
            "divide-twice": lambda: RATE / SUMMED,
        },
    ),
    "update_in_order": Order(working_order),
    "zero_grad_too_late": Choice(learned_when_cleared_early),
    "lockstep_difference": Choice(lockstep_option),
    "train_same_floor": Choice(_train_same_floor),
}
