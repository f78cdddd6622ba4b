"""All recipes, by name. Importing this never imports torch."""

from __future__ import annotations

from dataclasses import replace

from engine.recipes.base import Hyperparameter, Recipe, SettingError, SettingKind

_SEED = Hyperparameter(
    "seed", "seed", SettingKind.INTEGER, 0, 0, 2**31 - 1,
    help="Fixes every random draw: the same seed gives the same run.",
)  # fmt: skip


def _epochs(default: int) -> Hyperparameter:
    return Hyperparameter(
        "epochs", "epochs", SettingKind.INTEGER, default, 1, 10_000,
        help="How often the training goes through all samples.",
    )  # fmt: skip


def _learning_rate(default: float) -> Hyperparameter:
    return Hyperparameter(
        "lr", "learning rate", SettingKind.NUMBER, default, 1e-6, 100.0,
        help="How far one update moves along the gradient.", live=True,
    )  # fmt: skip


def _batch_size(default: int) -> Hyperparameter:
    return Hyperparameter(
        "batch_size", "batch size", SettingKind.INTEGER, default, 1, 60_000,
        help="How many samples one update averages over.",
    )  # fmt: skip


def _two_layer(version: str, title: str, *extra: Hyperparameter, lr: float = 1e-6) -> Recipe:
    """One of the six versions of the two-layer network: the same data, sizes and steps."""
    return Recipe(
        name=f"two-layer-{version}",
        title=title,
        lesson=f"frameworks/{version}",
        module=f"engine.recipes.two_layer_{version}",
        dataset="random",
        hyperparameters=(
            Hyperparameter(
                "epochs", "steps", SettingKind.INTEGER, 500, 1, 10_000,
                help="How many updates are made: each goes through all samples.",
            ),
            Hyperparameter(
                "lr", "learning rate", SettingKind.NUMBER, lr, 1e-9, 1.0,
                help="How far one update moves along the gradient of the summed error.", live=True,
            ),
            Hyperparameter(
                "batch_size", "batch size", SettingKind.INTEGER, 64, 1, 64,
                help="How many samples one update sums over; 64 are all there are.",
            ),
            *extra,
            _SEED,
        ),
    )  # fmt: skip


def _init(default: str) -> Hyperparameter:
    return Hyperparameter(
        "init", "first weights", SettingKind.CHOICE, default, choices=("normal", "uniform"),
        help="normal: from N(0, 1), wants a learning rate near 1e-6; uniform: as nn.Linear draws"
        " them, wants one near 1e-4.",
    )  # fmt: skip


_SGD_ETC = ("sgd", "momentum", "rmsprop", "adam")
_OPTIMISER = Hyperparameter(
    "optimizer", "optimiser", SettingKind.CHOICE, "sgd", choices=_SGD_ETC,
    help="The rule that turns gradients into an update; rmsprop and adam want a learning rate near"
    " 0.001.",
)  # fmt: skip
_HIDDEN = Hyperparameter(
    "hidden", "hidden units", SettingKind.INTEGER, 256, 1, 2048,
    help="How many units the hidden layer has.",
)  # fmt: skip
_MNIST_INIT = Hyperparameter(
    "init", "first weights", SettingKind.CHOICE, "kaiming_normal",
    choices=("kaiming_normal", "small_normal", "standard_normal", "zeros"),
    help="kaiming_normal: from N(0, 2/in), made for ReLU; small_normal: from N(0, 0.01²);"
    " standard_normal: from N(0, 1), too large; zeros: all units stay alike.",
)  # fmt: skip


def _activation(*choices: str) -> Hyperparameter:
    return Hyperparameter(
        "activation", "activation", SettingKind.CHOICE, choices[0], choices=choices,
        help="The function that each hidden unit applies to what it adds up.",
    )  # fmt: skip


def _softmax(name: str, title: str, lesson: str) -> Recipe:
    return Recipe(
        name=name,
        title=title,
        lesson=f"classification/{lesson}",
        module=f"engine.recipes.{name.replace('-', '_')}",
        dataset="fashion-mnist",
        hyperparameters=(_epochs(10), _learning_rate(0.1), _batch_size(256), _SEED),
    )


def _mlp(name: str, title: str, lesson: str) -> Recipe:
    return Recipe(
        name=name,
        title=title,
        lesson=f"mlp/{lesson}",
        module=f"engine.recipes.{name.replace('-', '_')}",
        dataset="fashion-mnist",
        hyperparameters=(
            _epochs(5), _learning_rate(0.5), _batch_size(256), _HIDDEN,
            _activation("relu", "sigmoid", "tanh"), _OPTIMISER, _SEED,
        ),
        race_rates=(("momentum", 0.05), ("rmsprop", 0.001), ("adam", 0.001)),
    )  # fmt: skip


def _mnist_mlp(name: str, title: str, lesson: str) -> Recipe:
    return Recipe(
        name=name,
        title=title,
        lesson=f"mlp/{lesson}",
        module=f"engine.recipes.{name.replace('-', '_')}",
        dataset="mnist",
        hyperparameters=(
            _epochs(10), _learning_rate(0.01), _batch_size(200),
            _activation("relu", "leaky_relu", "selu", "softplus", "sigmoid", "tanh"),
            _OPTIMISER, _MNIST_INIT, _SEED,
        ),
        race_rates=(("rmsprop", 0.001), ("adam", 0.001)),
    )  # fmt: skip


_ADAM = replace(
    _OPTIMISER, default="adam", help="The rule that turns gradients into an update.",
)  # fmt: skip


RECIPES: tuple[Recipe, ...] = (
    Recipe(
        name="linear",
        title="Linear regression from scratch",
        lesson="linear/from-scratch",
        module="engine.recipes.linear",
        dataset="linear",
        hyperparameters=(_epochs(5), _learning_rate(0.03), _batch_size(10), _SEED),
    ),
    Recipe(
        name="linear-concise",
        title="Linear regression with nn.Linear",
        lesson="linear/concise",
        module="engine.recipes.linear_concise",
        dataset="linear",
        hyperparameters=(_epochs(5), _learning_rate(0.03), _batch_size(10), _SEED),
    ),
    _softmax("softmax", "Softmax regression from scratch", "softmax-from-scratch"),
    _softmax("softmax-concise", "Softmax regression with nn.Linear", "softmax-concise"),
    _mlp("mlp", "Multilayer perceptron from scratch", "from-scratch"),
    _mlp("mlp-concise", "Multilayer perceptron with nn.Sequential", "concise"),
    _mnist_mlp("mnist-mlp", "Three layers on digits, from bare tensors", "mnist-low-level"),
    _mnist_mlp("mnist-mlp-module", "Three layers on digits, as an nn.Module", "mnist-module"),
    _two_layer("numpy", "Two-layer network with NumPy"),
    _two_layer("tensors", "Two-layer network with tensors"),
    _two_layer("autograd", "Two-layer network with autograd"),
    _two_layer("nn", "Two-layer network with nn", _init("normal")),
    _two_layer("optim", "Two-layer network with optim", _ADAM, _init("uniform"), lr=1e-4),
    _two_layer("module", "Two-layer network as an nn.Module", _init("normal")),
    Recipe(
        name="fizzbuzz",
        title="FizzBuzz, learned from examples",
        lesson="frameworks/fizzbuzz",
        module="engine.recipes.fizzbuzz",
        dataset="fizzbuzz",
        hyperparameters=(
            _epochs(10_000),
            _learning_rate(0.05),
            _batch_size(128),
            replace(_SEED, default=3),
        ),
    ),
)


def find_recipe(name: str) -> Recipe:
    """The recipe called `name`; raises SettingError with the known names where there is none."""
    for recipe in RECIPES:
        if recipe.name == name:
            return recipe
    known = ", ".join(recipe.name for recipe in RECIPES)
    raise SettingError(f"There is no recipe {name!r}. The recipes are {known}.")
