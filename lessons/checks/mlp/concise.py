"""The questions of `mlp/concise`."""

from __future__ import annotations

from engine.formulas.proving import shape_of
from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    ShapeQuestion,
    ShapeSlip,
    Slip,
)
from lessons.course.mlp.concise.facts import EXCESS, SCOPES
from lessons.course.mlp.from_scratch.facts import HIDDEN, RATE

SHAPES = SCOPES["concise_weight_shape"]


def _first_weight_shape() -> tuple[int, ...]:
    from engine.recipes.mlp_concise import make_net
    from engine.recipes.modules import linears

    return tuple(linears(make_net(HIDDEN, 10))[0].weight.shape)


def _what_moves_with_another_layer() -> int:
    """Exchange a layer after the optimiser was made: the index of what the update moves."""
    import torch
    from torch import nn

    from engine.recipes.mlp_concise import make_net
    from engine.recipes.modules import linears
    from engine.recipes.softmax_concise import update

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        net = make_net(16, 10)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
        net[3] = nn.Linear(16, 10)
        before = [layer.weight.detach().clone() for layer in linears(net)]
        update(net, optimizer, torch.rand(20, 1, 28, 28), torch.arange(20) % 10)
    pairs = zip(before, linears(net), strict=True)
    hidden, last = (not torch.equal(old, layer.weight) for old, layer in pairs)
    return {(True, True): 0, (True, False): 1, (False, False): 2}[hidden, last]


def _first_other_loss() -> float:
    """Train two networks with rates a little apart: the first step, from 1, whose losses differ."""
    import torch

    from engine.recipes.mlp_concise import make_net
    from engine.recipes.softmax_concise import init_weights, update

    generator = torch.Generator().manual_seed(0)
    images = torch.rand(5, 32, 1, 28, 28, generator=generator)
    y = torch.arange(32) % 10
    losses = []
    for rate in (RATE, RATE * (1 + EXCESS)):
        net = make_net(8, 10)
        init_weights(net, torch.Generator().manual_seed(1))
        optimizer = torch.optim.SGD(net.parameters(), lr=rate)
        losses.append([float(update(net, optimizer, X, y)[0]) for X in images])
    differ = [one != other for one, other in zip(*losses, strict=True)]
    return float(differ.index(True) + 1)


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
    numbers={"concise_excess": NumberCheck(lambda: 100 * EXCESS)},
    predicts={
        "concise_weight_shape": ShapeQuestion(
            shape=_first_weight_shape,
            explanation="One row a unit and one column an input: (out, in). So all that belongs to "
            "one unit stands side by side in memory.",
            slips=(
                ShapeSlip(
                    "row-for-column",
                    lambda: shape_of("W^{(1)}", SHAPES),
                    r"That is our own $W^{(1)}$, one column a unit. `nn.Linear` keeps its "
                    "transpose.",
                    line=r"V = W^{(1)}",
                    right=r"V = (W^{(1)})^\top",
                ),
                ShapeSlip(
                    "last-layer",
                    lambda: shape_of(r"(W^{(2)})^\top", SHAPES),
                    "That is the last layer. The first one leads from the pixels to the hidden "
                    "units.",
                    line=r"V : S_3 \times S_2",
                    right=r"V : S_2 \times S_1",
                ),
            ),
            hints=Hints(
                "how many units receive, and how many numbers does each receive?",
                r"$V : S_2 \times S_1$",
                "$S_2 = 256$ units, and $S_1 = 784$ inputs each.",
            ),
        ),
        "concise_swapped_layer": ChoiceQuestion(
            options=(
                Option(
                    "Both layers: the optimiser works on `net`.",
                    "It has never seen `net`. What it was given is a list of tensors, and those of "
                    "the new layer are not among them.",
                ),
                Option(
                    "The hidden layer only.",
                    "The optimiser still holds the tensors of the old layer, which nobody uses any "
                    "more. The new one gets gradients and stays where it is. So make the optimiser "
                    "last, when the network is whole.",
                    right=True,
                ),
                Option(
                    "Nothing: the program stops with an error.",
                    "Every line is allowed: the old tensors are there, and the network computes "
                    "its scores. So there is no message.",
                ),
            ),
            proof=_what_moves_with_another_layer,
        ),
        "concise_first_apart": NumberQuestion(
            answer=_first_other_loss,
            explanation="The first loss is that of the same weights on the same batch. The rate "
            "acts in the update after it, so the parameters part at step 1 and the losses at "
            "step 2.",
            tolerance=0,
            slips=(
                Slip(
                    "loss-after-update",
                    lambda: 1.0,
                    "At step 1 the parameters part. But its loss was taken before, where both "
                    "versions still had the same weights.",
                    line=r"L_1 \ne \tilde L_1, \quad t = 1",
                    right=r"L_1 = \tilde L_1, \quad L_2 \ne \tilde L_2, \quad t = 2",
                ),
            ),
            hints=Hints(
                "what is the same in both versions when the first batch arrives?",
                r"$w^{+} = w - \eta g$: the rate plays a part in the next weights only.",
                "step 1 computes its loss with the first weights, step 2 with those after one "
                "update.",
            ),
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
                    "It draws evenly between two bounds, and the recipe from a normal "
                    "distribution.",
                ),
            ),
            proof=_what_another_start_changes,
        ),
    },
)
