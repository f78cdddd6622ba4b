"""Programs that show sentences of `frameworks/module` to be true."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from lessons.course.frameworks.first_steps import losses
from lessons.course.frameworks.module.facts import DROPPED
from lessons.proof.claims import Claim

if TYPE_CHECKING:
    import torch


def _samples(*shape: int) -> torch.Tensor:
    import torch

    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


def clamp_is_relu() -> bool:
    """clamp(min=0) and torch.relu on the same numbers."""
    import torch

    x = _samples(50)
    return torch.equal(x.clamp(min=0), torch.relu(x))


def hooks_skipped() -> bool:
    """A forward hook runs in model(x), and not in model.forward(x)."""
    import torch

    model, seen = torch.nn.Linear(3, 2), []
    model.register_forward_hook(lambda *_: seen.append(1))
    model.forward(_samples(3))
    before = len(seen)
    model(_samples(3))
    return before == 0 and len(seen) == 1


def last_axis() -> bool:
    """Shapes that nn.Linear(3, 2) gives for one, two and four axes."""
    import torch

    layer = torch.nn.Linear(3, 2)
    shapes = ((), (5,), (4, 5, 6))
    return all(layer(_samples(*shape, 3)).shape == (*shape, 2) for shape in shapes)


def super_first() -> bool:
    """A layer assigned to a module before super().__init__() raises AttributeError."""
    from torch import nn

    class TooEarly(nn.Module):
        def __init__(self) -> None:
            self.linear = nn.Linear(2, 1)
            super().__init__()

    try:
        TooEarly()
    except AttributeError:
        return True
    return False


def silent_list() -> bool:
    """A training step with a layer in a plain list: it runs, and that layer stays as it was."""
    import torch

    from lessons.course.frameworks.module.programs import InModuleList, InPlainList

    def moved(model: torch.nn.Module, weight: torch.Tensor) -> bool:
        first = torch.nn.Linear(2, 2)
        optimizer = torch.optim.SGD([*first.parameters(), *model.parameters()], lr=0.1)
        before = weight.detach().clone()
        optimizer.zero_grad()
        model(_samples(4, 1000)).pow(2).sum().backward()
        optimizer.step()
        return not torch.equal(before, weight)

    plain, listed = InPlainList(), InModuleList()
    return not moved(plain, plain.layers[1].weight) and moved(
        listed, listed.state_dict(keep_vars=True)["layers.1.weight"]
    )


def _two_models() -> tuple[torch.nn.Module, torch.nn.Module]:
    from engine.recipes.two_layer_module import TwoLayerNet
    from engine.recipes.two_layer_nn import make_model

    return make_model(3, 2, 1), TwoLayerNet(3, 2, 1)


def error_names() -> bool:
    """The message of load_state_dict for the state of the Sequential."""
    old, new = _two_models()
    try:
        new.load_state_dict(old.state_dict())
    except RuntimeError as error:
        told = str(error)
        missing, _, unexpected = told.partition("Unexpected")
        return "linear1.weight" in missing and "0.weight" in unexpected
    return False


def strict_false() -> bool:
    """The same with strict=False: no error, and the weights stay as they were."""
    import torch

    old, new = _two_models()
    before = {name: value.clone() for name, value in new.state_dict().items()}
    new.load_state_dict(old.state_dict(), strict=False)
    return all(torch.equal(value, before[name]) for name, value in new.state_dict().items())


@lru_cache(maxsize=2)
def _apart(bits: int) -> float:
    """The largest relative difference of weights of the six versions in two updates."""
    from engine.recipes.catalog import find_recipe
    from engine.training.lockstep import Precision, common_orders, load_lockstep
    from engine.training.task import Source

    versions = ("numpy", "tensors", "autograd", "nn", "optim", "module")
    recipes = [find_recipe(f"two-layer-{version}") for version in versions]
    source = Source("cpu", allow_synthetic=True)
    lockstep = load_lockstep(common_orders(recipes, {}, source), Precision(f"float{bits}"))
    return max(step.gap.relative for step in islice(lockstep.run(), 2))


def six_agree() -> bool:
    """Two updates of all six versions in lockstep, in float64."""
    return _apart(64) < 1e-9


def six_grow() -> bool:
    """How many times larger the differences are in float32 than in float64."""
    return 1e8 < _apart(32) / _apart(64) < 1e9


def six_in_float32() -> bool:
    """The same in float32: the weights are further apart."""
    return _apart(32) > _apart(64)


def same_beginning() -> bool:
    """The first train losses of the versions with NumPy and as a class: within one part in 1000."""
    return abs(losses("module", 1)[0] / losses("numpy", 1)[0] - 1) < 1e-3


def dropout_eval() -> bool:
    """What nn.Dropout returns in evaluation mode."""
    import torch

    x = _samples(100)
    return torch.equal(torch.nn.Dropout(DROPPED).eval()(x), x)


def mode_for_all() -> bool:
    """The attribute `training` of a model and of all its modules after eval() and train()."""
    from lessons.course.frameworks.module.programs import dropout_model

    model = dropout_model()
    off = not any(module.training for module in model.eval().modules())
    return off and all(module.training for module in model.train().modules())


def new_model_trains() -> bool:
    """The attribute `training` of new modules."""
    from lessons.course.frameworks.module.programs import dropout_model

    return all(module.training for module in dropout_model().modules())


def batch_norm() -> bool:
    """nn.BatchNorm1d: mean and variance of its output in training, running means in evaluation."""
    import torch

    norm, x = torch.nn.BatchNorm1d(3, eps=1e-9), 2 * _samples(50, 3) + 1
    made = norm(x)
    centred = torch.allclose(made.mean(dim=0), torch.zeros(3), atol=1e-5)
    scaled = torch.allclose(made.var(dim=0, unbiased=False), torch.ones(3), atol=1e-4)
    mean, var = norm.running_mean, norm.running_var
    assert mean is not None
    assert var is not None
    by_running = torch.allclose(norm.eval()(x), (x - mean) / var.sqrt(), atol=1e-5)
    return centred and scaled and by_running and not torch.allclose(norm(x), made, atol=0.1)


def linear_same() -> bool:
    """A model of linear layers and ReLU in both modes."""
    import torch

    model, x = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU()), _samples(5, 3)
    return torch.equal(model.train()(x), model.eval()(x))


def eval_records() -> bool:
    """A model in evaluation mode: its output has a graph, and backward() fills the gradients."""
    import torch

    model = torch.nn.Linear(3, 1).eval()
    model(_samples(3)).sum().backward()
    return model.weight.grad is not None


def inference_mode() -> bool:
    """A tensor made in inference mode used in a product that autograd records: an error."""
    import torch

    w = torch.ones(3, requires_grad=True)
    with torch.inference_mode():
        made = w * 2
    try:
        (w * made).sum().backward()
    except RuntimeError:
        return not made.requires_grad
    return False


def dropout_accuracy() -> bool:
    """Ten trained models with dropout: most are more accurate in evaluation mode."""
    import torch

    from lessons.course.frameworks.module.programs import (
        dropout_model,
        noisy_classes,
        train_and_measure,
    )

    better = 0
    for seed in range(10):
        torch.manual_seed(seed)
        model = dropout_model()
        x, y, test_x, test_y = noisy_classes()
        evaluated = train_and_measure(model, x, y, test_x, test_y)
        with torch.no_grad():
            right = model.train()(test_x).argmax(dim=1) == test_y
        better += evaluated > right.float().mean().item()
    return better >= 8


CLAIMS: Mapping[str, Claim] = {
    "clamp-is-relu": clamp_is_relu,
    "hooks-skipped": hooks_skipped,
    "last-axis": last_axis,
    "super-first": super_first,
    "silent-list": silent_list,
    "error-names": error_names,
    "strict-false": strict_false,
    "six-agree": six_agree,
    "six-grow": six_grow,
    "six-in-float32": six_in_float32,
    "same-beginning": same_beginning,
    "dropout-eval": dropout_eval,
    "mode-for-all": mode_for_all,
    "new-model-trains": new_model_trains,
    "batch-norm": batch_norm,
    "linear-same": linear_same,
    "eval-records": eval_records,
    "inference-mode": inference_mode,
    "dropout-accuracy": dropout_accuracy,
}
