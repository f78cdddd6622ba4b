"""The questions of `mlp/concise`."""

from __future__ import annotations

import math

from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberQuestion,
    Option,
    ShapeQuestion,
    ShapeSlip,
    Slip,
)


def _first_weight_shape() -> tuple[int, ...]:
    from engine.recipes.mlp_concise import make_net
    from engine.recipes.modules import linears

    return tuple(linears(make_net(256, 10))[0].weight.shape)


def _widest_start(d: int) -> float:
    """The bound that nn.Linear draws its weights within, as PyTorch computes it."""
    import torch
    from torch.nn.init import calculate_gain

    # nn.Linear asks for kaiming_uniform with a slope of √5 on the negative side.
    gain = calculate_gain("leaky_relu", 5**0.5)
    bound = float(gain) * math.sqrt(3 / d)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        largest = float(torch.nn.Linear(d, 256).weight.detach().abs().max())
    # The draw is in float32, whose rounding may lie above the bound.
    assert 0.99 * bound < largest <= bound * (1 + 1e-6)
    return bound


def _learned_when_cleared_last() -> int:
    """Clear the gradients between backward and step: the index of what comes of it."""
    import torch

    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.5)
    for _ in range(3):
        (w**2 / 2).backward()
        optimizer.zero_grad()
        optimizer.step()
    return 1 if w.item() == 1.0 else 0 if abs(w.item()) < 0.2 else 2


def _apart_after_100() -> int:
    """Train both versions on a small network in float64: the index of how far they are apart."""
    import torch

    from engine.recipes import mlp, softmax_concise
    from engine.recipes.mlp_concise import make_net
    from engine.recipes.modules import linears
    from engine.recipes.optimisers import SGD

    generator = torch.Generator().manual_seed(0)
    images = torch.rand(64, 1, 28, 28, generator=generator, dtype=torch.float64)
    y = torch.arange(64) % 10
    start = mlp.init_params(784, 8, 10, generator)
    params = {name: param.double().requires_grad_() for name, param in start.items()}
    net = make_net(8, 10).double()
    with torch.no_grad():
        for layer, (W, b) in zip(linears(net), (("W1", "b1"), ("W2", "b2")), strict=True):
            layer.weight.copy_(params[W].T)
            layer.bias.copy_(params[b])
    rule, optimizer = SGD(params), torch.optim.SGD(net.parameters(), lr=0.5)
    for _ in range(100):
        mlp.update(images.flatten(1), y, params, mlp.relu, rule, 0.5)
        softmax_concise.update(net, optimizer, images, y)
    apart = float((params["W1"] - linears(net)[0].weight.T).detach().abs().max())
    return 1 if apart < 1e-9 else 2 if apart < 1e-3 else 0


def _what_another_start_changes() -> int:
    """Compare the two starts, and let the one of nn.Linear learn a little."""
    import torch

    from engine.recipes.mlp_concise import make_net
    from engine.recipes.softmax_concise import init_weights, update

    state = torch.get_rng_state()
    torch.manual_seed(0)
    own = make_net(16, 10)
    recipe = make_net(16, 10)
    torch.set_rng_state(state)
    generator = torch.Generator().manual_seed(0)
    init_weights(recipe, generator)
    y = torch.arange(50) % 10
    X = torch.rand(10, 1, 28, 28, generator=generator)[y]
    optimizer = torch.optim.SGD(own.parameters(), lr=0.1)
    losses = [float(update(own, optimizer, X, y)[0]) for _ in range(40)]
    pairs = zip(own.parameters(), recipe.parameters(), strict=True)
    alike = all(torch.equal(a, b) for a, b in pairs)
    return 2 if alike else 1 if losses[-1] < 0.2 * losses[0] else 0


BOOK = CheckBook(
    "mlp",
    predicts={
        "concise_weight_shape": ShapeQuestion(
            shape=_first_weight_shape,
            explanation="One row a unit and one column an input: (out, in). So all that belongs to "
            "one unit stands side by side in memory.",
            slips=(
                ShapeSlip(
                    "row-for-column",
                    lambda: _first_weight_shape()[::-1],
                    r"That is our own $W^1$, one column a unit. `nn.Linear` keeps its transpose.",
                    line=r"V = W^1",
                    right=r"V = (W^1)^\top",
                ),
                ShapeSlip(
                    "last-layer",
                    lambda: (10, 256),
                    "That is the last layer. The first one leads from the pixels to the hidden "
                    "units.",
                    line=r"V : 10 \times S_2",
                    right=r"V : S_2 \times 784",
                ),
            ),
            hints=Hints(
                "how many units receive, and how many numbers does each receive?",
                r"$V : S_2 \times 784$",
                "256 units, and 784 inputs each.",
            ),
        ),
        "concise_spread": NumberQuestion(
            answer=lambda: _widest_start(784),
            explanation=r"$1/\sqrt{784} = 1/28$: the more inputs, the smaller each weight, so that "
            "their sum does not grow.",
            slips=(
                Slip(
                    "no-root",
                    lambda: 1 / 784,
                    "That is one over the number of inputs. Take the root of that number first.",
                    line=r"1/d",
                    right=r"1/\sqrt{d}",
                ),
                Slip(
                    "outputs-for-inputs",
                    lambda: 256**-0.5,
                    "That is for 256 inputs. The layer has 256 *outputs*; its inputs are the "
                    "pixels.",
                    line=r"1/\sqrt{S_2}",
                    right=r"1/\sqrt{d}",
                ),
            ),
            hints=Hints(
                "each hidden unit adds up one number from each pixel.",
                r"$1/\sqrt{d}$",
                r"$1/\sqrt{784}$",
            ),
        ),
        "concise_zero_place": ChoiceQuestion(
            options=(
                Option(
                    "The same as usual: the order does not matter.",
                    "`step()` moves by what is in `grad`. Here that has just been thrown away.",
                ),
                Option(
                    "Nothing: `step()` finds no gradients.",
                    "They are cleared before they are used, and no parameter moves. `zero_grad()` "
                    "belongs after one `step()` and before the next `backward()`.",
                    right=True,
                ),
                Option(
                    "It learns, but the gradients of all updates add up.",
                    "They add up where nobody clears them. Here they are cleared: too early.",
                    slip="stale-grad",
                    line=r"\mathrm{grad} = g_0 + g_1 + \dots",
                    right_line=r"\mathrm{grad} = 0",
                ),
            ),
            proof=_learned_when_cleared_last,
        ),
        "concise_apart": ChoiceQuestion(
            options=(
                Option(
                    "By about as much as the weights themselves.",
                    "That is what another start or other batches would do. Here both are the same, "
                    "and both compute the same formulas.",
                ),
                Option(
                    "By rounding only, far below a billionth.",
                    "The formulas are the same; only the order of the additions differs. That "
                    "touches the 16th digit first. The long steps enlarge it, but not by much.",
                    right=True,
                ),
                Option(
                    "By about a thousandth.",
                    "A learning rate that is 1 % off does that. Plant this slip in the lab, and "
                    "see.",
                ),
            ),
            proof=_apart_after_100,
        ),
        "concise_other_start": ChoiceQuestion(
            options=(
                Option(
                    "It no longer learns: those weights are too large.",
                    "They are larger than ours, but made for this number of inputs. It learns.",
                ),
                Option(
                    "It learns as well, but lockstep parts at the first step.",
                    "Another start leads to other weights that are as good. Only the comparison "
                    "number by number is lost.",
                    right=True,
                ),
                Option(
                    "Nothing: `nn.Linear` draws the same numbers.",
                    r"It draws evenly between two bounds, and the recipe from $N(0, 0.01^2)$.",
                ),
            ),
            proof=_what_another_start_changes,
        ),
    },
)
