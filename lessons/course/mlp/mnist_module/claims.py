"""Programs that show sentences of `mlp/mnist-module` to be true."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from lessons.course.glyph_runs import end_of_glyph_run, glyph_run
from lessons.proof.claims import Claim

if TYPE_CHECKING:
    from torch import Tensor

    from engine.recipes.mnist_mlp_module import MLP


@lru_cache(maxsize=1)
def _images() -> Tensor:
    """1000 drawn digits, normalised, (1000, 784)."""
    from engine.data.glyphs import glyph_images
    from engine.recipes.mnist_mlp import normalise

    return normalise(glyph_images(0, 2000, 500).train_images[:1000])


def _net(bias: float = 0.0) -> MLP:
    """The network of the recipe at its start, with this bias in the first layer."""
    import torch

    from engine.recipes.mnist_mlp_module import MLP, init_layers

    net = MLP()
    init_layers(net, "kaiming_normal", torch.Generator().manual_seed(0))
    torch.nn.init.constant_(net.fc1.bias, bias)
    return net


def super_first() -> bool:
    """A module that assigns a layer before super().__init__(): AttributeError."""
    from torch import nn

    class Hasty(nn.Module):
        def __init__(self) -> None:
            self.fc1 = nn.Linear(3, 2)
            super().__init__()

    try:
        Hasty()
    except AttributeError:
        return True
    return False


def calls_forward() -> bool:
    """What net(x) returns is what forward(x) returns, and forward runs once for it."""
    import torch
    from torch import nn

    calls = []

    class Counted(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            calls.append(1)
            return 2 * x

    return float(Counted()(torch.tensor(3.0))) == 6.0 and len(calls) == 1


def same_function() -> bool:
    """The scores of the module, and of the plain function with its tensors."""
    import torch

    from engine.recipes.mnist_mlp import forward

    net, x = _net(), torch.randn(5, 784, generator=torch.Generator().manual_seed(1))
    layers = (net.fc1, net.fc2, net.fc3)
    params = {f"w{i}": layer.weight for i, layer in enumerate(layers, start=1)}
    params |= {f"b{i}": layer.bias for i, layer in enumerate(layers, start=1)}
    return torch.allclose(net(x), forward(x, params), atol=1e-5)


def state_dict() -> bool:
    """The tensors in state_dict() are those of the named parameters."""
    net = _net()
    named = {name: value.data_ptr() for name, value in net.named_parameters()}
    return {name: value.data_ptr() for name, value in net.state_dict().items()} == named


def relu_both() -> bool:
    """nn.ReLU and F.relu on 1000 numbers."""
    import torch

    z = torch.randn(1000, generator=torch.Generator().manual_seed(0))
    return torch.equal(torch.nn.ReLU()(z), torch.nn.functional.relu(z))


def sequential_wants_modules() -> bool:
    """A function in nn.Sequential: TypeError."""
    from torch import nn

    try:
        nn.Sequential(nn.Linear(3, 2), nn.functional.relu)  # type: ignore[call-overload]
    except TypeError:
        return True
    return False


def in_place() -> bool:
    """What nn.ReLU(inplace=True) returns lies where its input lay, and the input has changed."""
    import torch

    z = torch.tensor([-2.0, 3.0])
    result = torch.nn.ReLU(inplace=True)(z)
    return result.data_ptr() == z.data_ptr() and z.tolist() == [0.0, 3.0]


def modes_alike() -> bool:
    """The scores of the network after train() and after eval()."""
    import torch

    net, x = _net(), _images()[:20]
    return torch.equal(net.train()(x), net.eval()(x))


def no_blame() -> bool:
    """The slope of ReLU at −1 and at 0 as PyTorch takes it: 0."""
    import torch

    z = torch.tensor([-1.0, 0.0], requires_grad=True)
    torch.relu(z).sum().backward()
    assert z.grad is not None
    return z.grad.tolist() == [0.0, 0.0]


def _silent(bias: float) -> tuple[float, float]:
    """The share of outputs of the first layer that are silent, and of units that are dead."""
    silent = _net(bias).fc1(_images()) <= 0
    return float(silent.float().mean()), float(silent.all(dim=0).float().mean())


def half_silent() -> bool:
    """Of the first layer's outputs for 1000 drawn digits, 45 to 55 % are silent at the start."""
    return 0.45 < _silent(0.0)[0] < 0.55


def bias_kills() -> bool:
    """Dead units for the biases 0, −2 and −5: none, some, more than half."""
    none, some, many = (_silent(bias)[1] for bias in (0.0, -2.0, -5.0))
    return none == 0 < some < 0.5 < many


def dead_stays() -> bool:
    """The gradients of all dead units of the first layer are 0, and one SGD update leaves them."""
    import torch
    from torch.nn.functional import cross_entropy

    net, x = _net(-2.0), _images()
    dead = (net.fc1(x) <= 0).all(dim=0)
    before = net.fc1.weight.detach().clone()
    cross_entropy(net(x), torch.arange(len(x)) % 10).backward()
    torch.optim.SGD(net.parameters(), lr=0.1).step()
    moved = (net.fc1.weight.detach() != before).any(dim=1)
    return bool(dead.any()) and not bool(moved[dead].any()) and bool(moved[~dead].any())


def leaky_slope() -> bool:
    """The slope that nn.LeakyReLU() has below 0 by default."""
    import torch

    return torch.nn.LeakyReLU().negative_slope == 0.01


def _gradient_at_the_end(last: str) -> float:
    """The length of the gradient of ten negative scores behind an activation."""
    import torch

    scores = torch.linspace(-3.0, -0.3, 10)[None].requires_grad_()
    loss = torch.nn.functional.cross_entropy(getattr(torch.nn, last)()(scores), torch.tensor([9]))
    (gradient,) = torch.autograd.grad(loss, scores)
    return float(gradient.norm())


def clipped_no_gradient() -> bool:
    """The gradient of ten negative scores behind nn.ReLU: exactly 0."""
    return _gradient_at_the_end("ReLU") == 0.0


def leaky_at_end() -> bool:
    """The gradient behind nn.LeakyReLU: above 0, less than a tenth of that without activation."""
    return 0 < _gradient_at_the_end("LeakyReLU") < _gradient_at_the_end("Identity") / 10


def rounding_only() -> bool:
    """Ten updates of both versions on the same batches: the losses differ by less than 1e-4."""
    import torch
    from torch.nn import functional as F

    from engine.recipes.mnist_mlp import init_params, update
    from engine.recipes.softmax_concise import update as update_module

    params = init_params("kaiming_normal", torch.Generator().manual_seed(0))
    for param in params.values():
        param.requires_grad_()
    net = _net()
    plain = torch.optim.SGD(params.values(), lr=0.01)
    module = torch.optim.SGD(net.parameters(), lr=0.01)
    for rows in torch.arange(1000).split(100):
        x, y = _images()[rows], rows % 10
        loss, _ = update(x, y, params, F.relu, plain)
        other, _ = update_module(net, module, x, y)
        if abs(float(loss) - float(other)) > 1e-4:
            return False
    return True


def few_die() -> bool:
    """After four epochs of SGD at 0.01 on 2000 drawn digits: dead units of the first layer."""
    import torch
    from torch.nn import functional as F

    from engine.data.glyphs import glyph_images
    from engine.recipes.linear import data_iter
    from engine.recipes.mnist_mlp import normalise
    from engine.recipes.softmax_concise import update

    data, net = glyph_images(0, 2000, 500), _net()
    x, generator = normalise(data.train_images), torch.Generator().manual_seed(0)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    for _ in range(4):
        for images, labels in data_iter(50, x, data.train_labels, generator):
            update(net, optimizer, images, labels)
    with torch.no_grad():
        silent = F.relu(net.fc1(x)) == 0
    return float(silent.all(dim=0).float().mean()) < 0.02


def leaky_alike() -> bool:
    """Test accuracy with ReLU and leaky ReLU after each of four epochs: within 2 points."""
    from lessons.course.mlp.mnist_low_level.claims import usual_accuracies
    from lessons.course.mlp.mnist_low_level.programs import accuracies

    both = zip(usual_accuracies(), accuracies(4, activation="leaky_relu"), strict=True)
    return all(abs(one - other) < 0.02 for one, other in both)


@lru_cache(maxsize=1)
def tables_agree() -> bool:
    """Two epochs on 2000 drawn digits: the test accuracies of both recipes, within half a point."""
    rates = [0.01] * 2
    both = zip(glyph_run("mnist-mlp", *rates), glyph_run("mnist-mlp-module", *rates), strict=True)
    return all(abs(one.test_accuracy - other.test_accuracy) < 0.005 for one, other in both)


@lru_cache(maxsize=1)
def gain_by_seed() -> bool:
    """Four epochs from N(0, 1): the gains of leaky ReLU with seeds 0 and 1 over a point apart."""
    gains = []
    for seed in (0, 1):
        ends = [
            end_of_glyph_run(
                "mnist-mlp-module", *[0.01] * 4,
                init="standard_normal", activation=activation, seed=seed,
            ).test_accuracy
            for activation in ("relu", "leaky_relu")
        ]  # fmt: skip
        gains.append(ends[1] - ends[0])
    return abs(gains[0] - gains[1]) > 0.01


CLAIMS: Mapping[str, Claim] = {
    "super-first": super_first,
    "calls-forward": calls_forward,
    "same-function": same_function,
    "state-dict": state_dict,
    "relu-both": relu_both,
    "sequential-wants-modules": sequential_wants_modules,
    "in-place": in_place,
    "modes-alike": modes_alike,
    "no-blame": no_blame,
    "half-silent": half_silent,
    "bias-kills": bias_kills,
    "dead-stays": dead_stays,
    "leaky-slope": leaky_slope,
    "clipped-no-gradient": clipped_no_gradient,
    "leaky-at-end": leaky_at_end,
    "rounding-only": rounding_only,
    "few-die": few_die,
    "leaky-alike": leaky_alike,
    "tables-agree": tables_agree,
    "gain-by-seed": gain_by_seed,
}
