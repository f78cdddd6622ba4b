"""The settings that recipes declare, each made by a function; none imports torch."""

from __future__ import annotations

from engine.training.hyperparameters import Hyperparameter, SettingKind


def epochs(default: int) -> Hyperparameter:
    """How often to go through all samples."""
    return Hyperparameter(
        "epochs", "epochs", SettingKind.INTEGER, default, 1, 10_000,
        help="How often the training goes through all samples.",
    )  # fmt: skip


def learning_rate(default: float) -> Hyperparameter:
    """The learning rate of the gradient of a mean loss."""
    return Hyperparameter(
        "lr", "learning rate", SettingKind.NUMBER, default, 1e-6, 100.0,
        help="How far one update moves along the gradient.", live=True,
    )  # fmt: skip


def batch_size(default: int) -> Hyperparameter:
    """Samples of an update."""
    return Hyperparameter(
        "batch_size", "batch size", SettingKind.INTEGER, default, 1, 60_000,
        help="How many samples one update averages over.",
    )  # fmt: skip


def seed(default: int = 0) -> Hyperparameter:
    """The seed of the one generator that all random numbers come from."""
    return Hyperparameter(
        "seed", "seed", SettingKind.INTEGER, default, 0, 2**31 - 1,
        help="Fixes every random draw: the same seed gives the same run.",
    )  # fmt: skip


def hidden(default: int = 256) -> Hyperparameter:
    """Units of the hidden layer."""
    return Hyperparameter(
        "hidden", "hidden units", SettingKind.INTEGER, default, 1, 2048,
        help="How many units the hidden layer has.",
    )  # fmt: skip


def activation(*choices: str) -> Hyperparameter:
    """The activation function, by default the first of `choices`."""
    return Hyperparameter(
        "activation", "activation", SettingKind.CHOICE, choices[0], choices=choices,
        help="The function that each hidden unit applies to what it adds up.",
    )  # fmt: skip


def first_weights(default: str, **choices: str) -> Hyperparameter:
    """How the first weights are drawn: the choices, and what each of them does."""
    about = "; ".join(f"{name}: {does}" for name, does in choices.items())
    return Hyperparameter(
        "init", "first weights", SettingKind.CHOICE, default, choices=tuple(choices),
        help=f"{about}.",
    )  # fmt: skip


def optimiser(default: str = "sgd") -> Hyperparameter:
    """The rule of the updates; a choice of it makes a race of optimisers possible."""
    hint = "; rmsprop and adam want a learning rate near 0.001" if default == "sgd" else ""
    return Hyperparameter(
        "optimizer", "optimiser", SettingKind.CHOICE, default,
        choices=("sgd", "momentum", "rmsprop", "adam"),
        help=f"The rule that turns gradients into an update{hint}.",
    )  # fmt: skip


def two_layer(
    *extra: Hyperparameter, lr: float = 1e-6, init: str = ""
) -> tuple[Hyperparameter, ...]:
    """The settings of a version of the two-layer network: all take the same data and steps.

    `init` is the default of the choice of first weights, `normal` or `uniform`; without one there
    is no choice.
    """
    drawn = first_weights(
        init,
        normal="from N(0, 1), wants a learning rate near 1e-6",
        uniform="as nn.Linear draws them, wants one near 1e-4",
    )
    return (
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
        *((drawn,) if init else ()),
        seed(),
    )  # fmt: skip
