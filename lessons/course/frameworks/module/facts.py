"""What the formulas of `frameworks/module` speak of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import permutations
from types import SimpleNamespace

from engine.formulas.draws import normal, uniform
from engine.formulas.notation import Notation
from engine.recipes.two_layer_sizes import D_IN, D_OUT, H, N
from lessons.course.frameworks.first_steps import losses
from lessons.course.frameworks.two_layer import NETWORK, SIZED
from lessons.judge.values import Choice, Number, Order, QuestionValues, Shape


def _with_sample(network: Notation) -> Notation:
    return network.drawn(r"\mathbf{x}", r"D_\mathrm{in} \times 1").defined(
        r"\mathbf{y} = (W^{(2)})^\top \max(0, (W^{(1)})^\top \mathbf{x})",
        r"D_\mathrm{out} \times 1",
    )


KEPT, DROPPED = 6.0, 0.25
"""A number that dropout keeps, and the probability with which it would have dropped it."""


_DROPOUT = (
    Notation()
    .drawn("p", make=uniform(0.1, 0.9))
    .drawn("u", make=normal())
    .defined(r"v = \frac{u}{1 - p}", "")
)


NOTATION = _with_sample(NETWORK).including(_DROPOUT)


SCOPES = {
    "module_one_sample": _with_sample(SIZED),
    "dropout": _DROPOUT,
    "module_dropout": _DROPOUT.given(u=KEPT, p=DROPPED),
}


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


def _kept() -> float:
    """What dropout of PyTorch gives for the number of the question where it keeps it."""
    import torch

    torch.manual_seed(0)
    given = torch.nn.Dropout(DROPPED)(torch.full((20,), KEPT))
    (value,) = set(given[given != 0].tolist())
    return float(value)


def _without_eval() -> int:
    """Measure in training mode under no_grad: 0 all the same, 1 units missing, 2 weights moved."""
    import torch

    from lessons.course.frameworks.module.programs import dropout_model

    torch.manual_seed(0)
    model, x = dropout_model(), torch.randn(8, 20)
    before = [param.detach().clone() for param in model.parameters()]
    with torch.no_grad():
        first, second = model(x), model(x)
    if not all(map(torch.equal, before, model.parameters())):
        return 2
    return 0 if torch.equal(first, second) else 1


NUMBERS: Mapping[str, Callable[[], float]] = {
    "module_numpy_first": lambda: losses("numpy", 1)[0],
    "module_optim_first": lambda: losses("optim", 1)[0],
    "features": lambda: D_IN,
    "module_orders": lambda: float(len(list(permutations(_STEPS)))),
    "outputs": lambda: D_OUT,
    "samples": lambda: N,
    "units": lambda: H,
}


def _lab_single_bits() -> int:
    """How much farther apart the six versions are in float32: twice, a thousand times, 10⁸."""
    from lessons.course.frameworks.module.claims import _apart

    times = _apart(32) / _apart(64)
    return 0 if times < 100 else 1 if times < 1e6 else 2


def _train_where_it_begins() -> int:
    """Which version begins with the same loss: that with NumPy, that with torch.optim, neither."""
    own, *others = (losses(version, 1)[0] for version in ("module", "numpy", "optim"))
    near = (abs(own / other - 1) < 0.01 for other in others)
    return [*near, True].index(True)


QUESTIONS: Mapping[str, QuestionValues] = {
    "module_one_sample": Shape(
        _one_sample,
        slips={
            "extra-axis": lambda: (1, D_OUT),
            "layer-output": lambda: (H,),
            "batch-remembered": lambda: (64, D_OUT),
        },
    ),
    "module_plain_list": Number(
        _found,
        slips={
            "layers-unseen": lambda: _found(entered=True),
            "bias-forgotten": lambda: _found(biases=False),
            "list-hides-all": lambda: 0.0,
            "numbers-for-tensors": lambda: float(D_IN * H + H),
            "attributes-for-tensors": lambda: _found() + 1,
        },
        tolerance=0,
    ),
    "module_names": Choice(_wrong_names),
    "module_order": Order(_only_order_that_trains),
    "module_dropout": Number(
        _kept,
        slips={
            "not-scaled": lambda: KEPT,
            "times-kept": lambda: (1 - DROPPED) * KEPT,
            "divided-by-p": lambda: KEPT / DROPPED,
            "times-one-plus": lambda: (1 + DROPPED) * KEPT,
        },
    ),
    "module_mode": Choice(_without_eval),
    "lab_single_bits": Choice(_lab_single_bits),
    "train_where_it_begins": Choice(_train_where_it_begins),
}
