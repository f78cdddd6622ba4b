"""The checks of `frameworks/module`: what a module finds, names and needs, each by running it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from types import SimpleNamespace

from engine.recipes.two_layer_sizes import D_IN, D_OUT, H
from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberQuestion,
    Option,
    OrderQuestion,
    ShapeQuestion,
    ShapeSlip,
    Slip,
)


def _one_sample() -> tuple[int, ...]:
    """The shape of the recipe's output for a single sample."""
    import torch

    from engine.recipes.two_layer_module import TwoLayerNet

    return tuple(TwoLayerNet(D_IN, H, D_OUT)(torch.zeros(D_IN)).shape)


def _found(*, biases: bool = True, entered: bool = False) -> float:
    """How many tensors a model finds whose second layer stands in a list, plain or entered."""
    from torch import Tensor, nn

    class HalfListed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first = nn.Linear(D_IN, H)
            others = [nn.Linear(H, D_OUT)]
            self.others = nn.ModuleList(others) if entered else others

        def forward(self, x: Tensor) -> Tensor:
            scores: Tensor = self.others[0](self.first(x).clamp(min=0))
            return scores

    names = [name for name, _ in HalfListed().named_parameters()]
    return float(sum(biases or name.endswith("weight") for name in names))


def _wrong_names() -> int:
    """Load the state of the Sequential as it is: 0 taken, 1 refused, 2 silently ignored."""
    import torch

    from engine.recipes.two_layer_module import TwoLayerNet
    from engine.recipes.two_layer_nn import make_model

    old, new = make_model(3, 2, 1), TwoLayerNet(3, 2, 1)
    try:
        new.load_state_dict(old.state_dict())
    except RuntimeError:
        return 1
    return 0 if torch.equal(next(old.parameters()), new.linear1.weight) else 2


# --- the order of a program ---------------------------------------------------------------


def _data(v: SimpleNamespace) -> None:
    import torch

    generator = torch.Generator().manual_seed(0)
    v.x, v.y = torch.randn(8, 5, generator=generator), torch.randn(8, 2, generator=generator)


def _model(v: SimpleNamespace) -> None:
    from engine.recipes.two_layer_module import TwoLayerNet

    v.model = TwoLayerNet(v.x.shape[1], 4, v.y.shape[1])
    v.start = v.model.linear2.weight.detach().clone()


def _optimizer(v: SimpleNamespace) -> None:
    from engine.recipes.two_layer_optim import make_optimizer

    v.optimizer = make_optimizer("sgd", v.model.parameters(), 0.01)


def _backward(v: SimpleNamespace) -> None:
    from engine.recipes.two_layer_nn import loss_fn

    loss = loss_fn(v.model(v.x), v.y)
    v.optimizer.zero_grad()
    loss.backward()


def _step(v: SimpleNamespace) -> None:
    v.optimizer.step()


_STEPS: tuple[Callable[[SimpleNamespace], None], ...] = (
    _data, _model, _optimizer, _backward, _step,
)  # fmt: skip


def _only_order_that_trains() -> tuple[int, ...]:
    """Run the steps in every order; the one after which the weights have moved."""
    import torch

    found = []
    for order in permutations(range(len(_STEPS))):
        v = SimpleNamespace()
        try:
            for place in order:
                _STEPS[place](v)
        except AttributeError:
            # A step asked for what no step before it had made.
            continue
        if not torch.equal(v.start, v.model.linear2.weight):
            found.append(order)
    (only,) = found
    return only


BOOK = CheckBook(
    "frameworks",
    predicts={
        "module_one_sample": ShapeQuestion(
            shape=_one_sample,
            explanation="A layer works on the last axis and leaves all others as they are. "
            "Without an axis for samples, none comes out.",
            slips=(
                ShapeSlip(
                    "extra-axis",
                    lambda: (1, D_OUT),
                    "No axis for samples went in, so none comes out. With `x[None]`, of the shape "
                    "(1, [1000](number:features)), you would be right.",
                    line=r"\mathbf{y} : 1 \times D_\mathrm{out}",
                    right=r"\mathbf{y} : D_\mathrm{out}",
                ),
                ShapeSlip(
                    "layer-output",
                    lambda: (H,),
                    "That is what the first layer gives. The second one makes [10](number:outputs) "
                    "outputs "
                    "of it.",
                    line=r"\mathbf{y} = \max(0, (W^{(1)})^\top \mathbf{x})",
                    right=r"\mathbf{y} = (W^{(2)})^\top \max(0, (W^{(1)})^\top \mathbf{x})",
                ),
                ShapeSlip(
                    "batch-remembered",
                    lambda: (64, D_OUT),
                    "A model does not remember how many samples it was trained on. It gives as "
                    "many rows as it gets.",
                    line=r"\mathbf{y} : 64 \times D_\mathrm{out}",
                    right=r"\mathbf{y} : D_\mathrm{out}",
                ),
            ),
            hints=Hints(
                idea="which axis of `x` do the layers work on, and what happens to the others?",
                formula=r"the last axis is first $D_\mathrm{in}$ long, then $H$, then "
                r"$D_\mathrm{out}$.",
                numbers="[1000](number:features) features, then [100](number:units) units, then "
                "[10](number:outputs) outputs.",
            ),
        ),
        "module_plain_list": NumberQuestion(
            answer=_found,
            explanation="Weight and bias of `first`. The list is an attribute like any other: "
            "nothing in it is entered. So the optimiser moves the first layer only, and no "
            "message says so.",
            tolerance=0,
            slips=(
                Slip(
                    "layers-unseen",
                    lambda: _found(entered=True),
                    "That counts a weight and a bias for each of the two layers. But a plain list "
                    "is no module: what it holds is not entered.",
                    line="2 + 2",
                    right="2 + 0",
                ),
                Slip(
                    "bias-forgotten",
                    lambda: _found(biases=False),
                    "The layer has a bias as well: a tensor of its own.",
                    line="1 + 0",
                    right="2 + 0",
                ),
                Slip(
                    "list-hides-all",
                    lambda: 0.0,
                    "`first` was assigned to `self` as a layer, so it is entered. Only what stands "
                    "in the list is overlooked.",
                    line="0 + 0",
                    right="2 + 0",
                ),
            ),
            hints=Hints(
                idea="what is entered is what is a module itself. What is assigned to each name?",
                formula="`self.first` is an `nn.Module`; `self.others` is a list, and a list is "
                "none.",
                numbers="1 layer that is entered, with weight and bias.",
            ),
        ),
        "module_names": ChoiceQuestion(
            options=(
                Option(
                    "It works: the shapes are the same.",
                    "The state is put in by *names*, not by places: `0.weight` is not "
                    "`linear1.weight`.",
                ),
                Option(
                    "It is refused: the names are others.",
                    "`0.weight` is unexpected and `linear1.weight` is missing; the error names "
                    "both. Rename them, as the program above does.",
                    right=True,
                ),
                Option(
                    "Nothing: names that are not known are left out.",
                    "That would be a model with random weights, and nobody would notice. So it "
                    "happens only on request, with `strict=False`.",
                ),
            ),
            proof=_wrong_names,
        ),
        "module_order": OrderQuestion(
            items=(
                "Make the samples `x` and their targets `y`.",
                "Make the model, for as many features and outputs as they have.",
                "Give the parameters of the model to an optimiser.",
                "Forward, loss, `zero_grad()`, `backward()`.",
                "`optimizer.step()`",
            ),
            feedback=(
                "the data come first: the sizes of the model depend on them.",
                "the model needs the sizes of the data, and the optimiser needs the model.",
                "the optimiser needs a model whose parameters it shall move.",
                "`zero_grad()` is called on the optimiser, and the forward pass needs the model.",
                "a step is made with gradients, so `backward()` comes before it.",
            ),
            proof=_only_order_that_trains,
            explanation="All 120 orders were tried just now: this one alone moves the weights. The "
            "loss function could be chosen anywhere before it is used.",
        ),
    },
)
