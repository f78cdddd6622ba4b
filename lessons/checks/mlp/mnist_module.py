"""The questions of `mlp/mnist-module`."""

from __future__ import annotations

from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    SignQuestion,
    Slip,
)


def _tensors(*, biases: bool = True) -> float:
    """How many tensors the recipe's own network gives, all or the weights alone."""
    from engine.recipes.mnist_mlp_module import MLP

    names = [name for name, _ in MLP().named_parameters()]
    return float(sum(biases or name.endswith("weight") for name in names))


def _what_a_list_hides() -> int:
    """Count the parameters of a module that keeps its layers in a list."""
    from lessons.examples.mlp_module import Forgetful

    found = len(list(Forgetful().parameters()))
    return {4: 0, 2: 1, 0: 2}[found]


def _one_relu_for_two_layers() -> int:
    """Compare a network with one shared ReLU with one that has two."""
    import torch
    from torch import nn

    shared = nn.ReLU()
    first, second = nn.Linear(6, 5), nn.Linear(5, 4)
    x = torch.randn(3, 6, generator=torch.Generator().manual_seed(0))
    one = nn.Sequential(first, shared, second, shared)
    two = nn.Sequential(first, nn.ReLU(), second, nn.ReLU())
    alike = torch.equal(one(x), two(x))
    same_count = len(list(one.parameters())) == len(list(two.parameters())) == 4
    return 0 if alike and same_count else 1


def _half_of_all() -> float:
    """The chance that a sum of symmetric weights is below 0: count all patterns of signs."""
    from itertools import product

    x = (0.9, -0.3, 0.55, 1.3, 0.2)
    sums = [
        sum(sign * value for sign, value in zip(signs, x, strict=True))
        for signs in product((-1, 1), repeat=len(x))
    ]
    return sum(z <= 0 for z in sums) / len(sums)


def _leaky_slope() -> float:
    """The slope of nn.LeakyReLU at −2, by autograd, in float64."""
    import torch

    z = torch.tensor(-2.0, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(torch.nn.LeakyReLU()(z), z)
    return float(slope)


def _bias_gradient_below_0() -> float:
    """The gradient of the bias of a leaky unit below 0 whose output should rise."""
    import torch

    x = torch.tensor([0.5, 1.0, 1.5], dtype=torch.float64)
    b = torch.tensor(-3.0, dtype=torch.float64, requires_grad=True)
    loss = 0.5 * ((torch.nn.functional.leaky_relu(x + b) - 1) ** 2).mean()
    (slope,) = torch.autograd.grad(loss, b)
    return float(slope)


def _loss_after_relu() -> float:
    """The cross entropy of ten negative scores behind a ReLU."""
    import torch

    scores = torch.linspace(-3, -0.3, 10, dtype=torch.float64)[None].relu()
    return float(torch.nn.functional.cross_entropy(scores, torch.tensor([9])))


_SLOPE = r"f'(z) = \alpha = 0.01"
_CLIPPED = r"\ell = \ln(10 \exp(0)) - 0"

UPDATES = 100
"""In lockstep, as the lab of the lesson is set."""

BOOK = CheckBook(
    "mlp",
    numbers={"module_updates": NumberCheck(lambda: UPDATES)},
    predicts={
        "module_tensors": NumberQuestion(
            answer=_tensors,
            explanation="A weight and a bias for each linear layer. The activation is registered "
            "as well, but has nothing to learn.",
            tolerance=0,
            slips=(
                Slip(
                    "no-bias",
                    lambda: _tensors(biases=False),
                    "These are the weights. Each linear layer has a bias, too.",
                    line="1 + 1 + 1 + 0",
                    right="2 + 2 + 2 + 0",
                ),
                Slip(
                    "layers-for-tensors",
                    lambda: 4.0,
                    "That is how many things are assigned. A linear layer has two tensors, and the "
                    "activation none.",
                    line="1 + 1 + 1 + 1",
                    right="2 + 2 + 2 + 0",
                ),
                Slip(
                    "activation-counted",
                    lambda: _tensors() + 2,
                    "The activation has neither weights nor biases.",
                    line="2 + 2 + 2 + 2",
                    right="2 + 2 + 2 + 0",
                ),
            ),
            hints=Hints(
                "ask of each of the four: what is learned in it?",
                "linear layers, times the tensors of one.",
                "3 · 2",
            ),
        ),
        "module_plain_list": ChoiceQuestion(
            options=(
                Option(
                    "Two weights and two biases.",
                    "That is what the layers hold. But does the module know of them?",
                ),
                Option(
                    "The last layer's weight and bias.",
                    "Neither layer was assigned to `self`: what was assigned is a list.",
                ),
                Option(
                    "Nothing.",
                    "A module registers what is assigned to `self` and is a layer or a parameter; "
                    "it does not look into lists. The optimiser would get nothing to move. Take "
                    "`nn.ModuleList`, which is a list that registers.",
                    right=True,
                ),
            ),
            proof=_what_a_list_hides,
        ),
        "module_shared_relu": ChoiceQuestion(
            options=(
                Option(
                    "Yes: it has nothing to learn and remembers nothing.",
                    "Two uses do not disturb each other. A *linear* layer used twice would be "
                    "another network: both places would share their weights.",
                    right=True,
                ),
                Option(
                    "No: both layers would share what is learned.",
                    "`nn.ReLU` has no parameters, so there is nothing to share.",
                ),
                Option(
                    "No: the second call overwrites the result of the first.",
                    "Each call returns a tensor of its own, unless the object was made with "
                    "`inplace=True`; and even then it overwrites its input, not another result.",
                ),
            ),
            proof=_one_relu_for_two_layers,
        ),
        "module_silent": NumberQuestion(
            answer=_half_of_all,
            explanation="Turn the signs of all weights of a unit round, and its sum turns round, "
            "too. Both are as likely, so half of the sums are below 0. Real images "
            "come near it.",
            slips=(
                Slip(
                    "none-silent",
                    lambda: 0.0,
                    "A sum of numbers of both signs is often below 0, and there ReLU says 0.",
                    line=r"P(z \le 0) = 0",
                    right=r"P(z \le 0) = P(z \ge 0)",
                ),
                Slip(
                    "all-outputs-silent",
                    lambda: 1.0,
                    "Then the network could not learn at all. Only sums below 0 are silent.",
                    line=r"P(z \le 0) = 1",
                    right=r"P(z \le 0) = P(z \ge 0)",
                ),
            ),
            hints=Hints(
                "what becomes of a sum when all weights of the unit change their signs?",
                r"$P(z < 0) = P(z > 0)$",
                "two equal shares that add up to 1.",
            ),
        ),
        "module_leaky": NumberQuestion(
            answer=_leaky_slope,
            explanation="Below 0 the slope is $\\alpha = 0.01$, wherever the unit stands. ReLU "
            "would multiply by 0.",
            slips=(
                Slip(
                    "relu",
                    lambda: 0.0,
                    "That is ReLU. The leaky one lets a little through below 0.",
                    line=r"f'(z) = 0",
                    right=_SLOPE,
                ),
                Slip(
                    "value-for-slope",
                    lambda: -0.02,
                    "That is the output, $f(-2) = -0.02$. Blame is multiplied by the *slope*.",
                    line=r"f'(z) = \alpha z",
                    right=r"f'(z) = \alpha",
                ),
                Slip(
                    "slope-of-one-tenth",
                    lambda: 0.1,
                    "A slope of $\\suppose{\\alpha = 0.1}$ is in use, too, but `nn.LeakyReLU()` "
                    "takes "
                    "$\\alpha = 0.01$.",
                    line=r"f'(z) = 0.1",
                    right=_SLOPE,
                ),
                Slip(
                    "one-side-right",
                    lambda: 1.0,
                    "That is the slope above 0.",
                    line=r"f'(z) = 1",
                    right=_SLOPE,
                ),
            ),
            hints=Hints(
                "on its way back the blame is multiplied by the slope of the activation.",
                r"$f'(z) = \alpha$ for $\suppose{z < 0}$.",
                r"$f'(-2) = \alpha$, and `nn.LeakyReLU()` has one of one hundredth.",
            ),
        ),
        "module_leaky_bias": SignQuestion(
            value=_bias_gradient_below_0,
            explanation="A larger bias raises $z$, and leaky ReLU passes a hundredth of that on: "
            "the output rises and the loss falls, so the slope is negative. With ReLU the gradient "
            "would be 0, and the unit would stay where it is.",
            feedback="Push the bias up a little. The output follows, if only by a hundredth. What "
            "does the loss do?",
            slip="sign",
            line=r"\frac{\partial L}{\partial b} = (t - f(z)) \, f'(z)",
            right_line=r"\frac{\partial L}{\partial b} = (f(z) - t) \, f'(z)",
        ),
        "module_clipped": NumberQuestion(
            answer=_loss_after_relu,
            explanation="All ten scores are 0, so all classes are equally likely: $\\ell = \\ln "
            "10$. And "
            "no gradient comes back through ten silent outputs.",
            slips=(
                Slip(
                    "all-scores-zero",
                    lambda: 0.0,
                    "All scores are 0, but each is 1 in the sum, $\\exp(0) = 1$, and ten of them "
                    "are added.",
                    line=r"\ell = 0 - 0",
                    right=_CLIPPED,
                ),
                Slip(
                    "log-base-10",
                    lambda: 1.0,
                    "That is the logarithm to the base 10. The loss takes the natural one.",
                    line=r"\ell = \frac{\ln 10}{\ln 10}",
                    right=r"\ell = \ln 10",
                ),
                Slip(
                    "no-logarithm",
                    lambda: 10.0,
                    "That is the sum of ten ones. The loss is its logarithm.",
                    line=r"\ell = \sum_k \exp(o_k)",
                    right=r"\ell = \ln \sum_k \exp(o_k) - o_y",
                ),
            ),
            hints=Hints(
                "what does ReLU make of the ten scores?",
                r"$\ell = \ln \sum_k \exp(o_k) - o_y$",
                r"$\ell = \ln(10 \cdot \exp(0)) - 0$",
            ),
        ),
    },
)
