"""What the formulas of `linear/concise` speak of."""

from __future__ import annotations

from engine.formulas import values as v
from engine.formulas.draws import ones, positive
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.formulas.world import World
from lessons.course.linear.model.facts import symbol

SAMPLES, BATCH = 1000, 64
FEATURES, OUTPUTS = 2, 1
RATE, SUMMED = 0.03, 10
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
