"""The settings that recipes declare, one function each; none imports torch."""

from __future__ import annotations

from engine.language import _
from engine.recipes.rules import TAUGHT, rules
from engine.training.hyperparameters import Hyperparameter, SettingKind


def epochs(default: int) -> Hyperparameter:
    """How many times to go through all samples."""
    return Hyperparameter(
        "epochs", _("epochs"), SettingKind.INTEGER, default, 1, 10_000,
        help=_("How many times the training goes through all samples."),
    )  # fmt: skip


def learning_rate(default: float) -> Hyperparameter:
    """The learning rate for the gradient of a mean loss."""
    return Hyperparameter(
        "lr", _("learning rate"), SettingKind.NUMBER, default, 1e-6, 100.0,
        help=_("How far one update moves against the gradient."), live=True,
    )  # fmt: skip


def batch_size(default: int) -> Hyperparameter:
    """The number of samples per update."""
    return Hyperparameter(
        "batch_size", _("batch size"), SettingKind.INTEGER, default, 1, 60_000,
        help=_("How many samples one update averages over."),
    )  # fmt: skip


def seed(default: int = 0) -> Hyperparameter:
    """The seed of the one generator that all random numbers come from."""
    return Hyperparameter(
        "seed", _("seed"), SettingKind.INTEGER, default, 0, 2**31 - 1,
        help=_("Fixes every random draw: the same seed gives the same run on the same device."),
    )  # fmt: skip


def threads(default: int = 1) -> Hyperparameter:
    """The number of CPU threads."""
    return Hyperparameter(
        "threads", _("threads"), SettingKind.INTEGER, default, 1, 256,
        help=_(
            "How many CPU threads compute. With 1, the same seed gives the same run on any load;"
            " more may be faster, and round differently."
        ),
    )  # fmt: skip


def validation(default: float = 0.0) -> Hyperparameter:
    """The share of the training samples that is held out to measure the model after each epoch."""
    return Hyperparameter(
        "validation", _("validation"), SettingKind.NUMBER, default, 0.0, 0.9,
        help=_(
            "Share of the training samples held out: the model never learns from them, and is"
            " measured on them after each epoch; 0 holds out none."
        ),
    )  # fmt: skip


def hidden(default: int = 256) -> Hyperparameter:
    """The number of units in the hidden layer."""
    return Hyperparameter(
        "hidden", _("hidden units"), SettingKind.INTEGER, default, 1, 2048,
        help=_("How many units the hidden layer has."),
    )  # fmt: skip


def activation(*choices: str) -> Hyperparameter:
    """The activation function, by default the first of `choices`."""
    return Hyperparameter(
        "activation", _("activation"), SettingKind.CHOICE, choices[0], choices=choices,
        help=_("The function that each hidden unit applies to its weighted sum."),
    )  # fmt: skip


def first_weights(default: str, **choices: str) -> Hyperparameter:
    """How the first weights are drawn: the choices, each with a few words about it."""
    about = "; ".join(f"{name}: {does}" for name, does in choices.items())
    return Hyperparameter(
        "init", _("first weights"), SettingKind.CHOICE, default, choices=tuple(choices),
        help=f"{about}.",
    )  # fmt: skip


def optimiser(default: str = "sgd", *, our_own: bool = False) -> Hyperparameter:
    """The rule of the updates; a recipe with this choice can race optimisers.

    With `our_own` rules instead of those of PyTorch, all that `engine.recipes.rules` finds.
    """
    about = _("The rule that turns gradients into an update.")
    if default == "sgd":
        about = _(
            "The rule that turns gradients into an update; rmsprop and adam need a learning rate"
            " near 0.001."
        )
    return Hyperparameter(
        "optimizer", _("optimiser"), SettingKind.CHOICE, default,
        choices=(*TAUGHT, *(rules() if our_own else ())),
        help=about,
    )  # fmt: skip


def usual_rates(**known: float) -> tuple[tuple[tuple[str, ...], float], ...]:
    """The learning rates of rules that need another one than the recipe's, and of those found.

    As `Recipe.usual_rates` holds them.
    """
    found = {name: rule.rate for name, (_path, rule) in rules().items() if rule.rate}
    return tuple(((name,), rate) for name, rate in {**known, **found}.items())


def two_layer(
    *extra: Hyperparameter, lr: float = 1e-6, init: str = "", torch: bool = True
) -> tuple[Hyperparameter, ...]:
    """The settings of a version of the two-layer network: all use the same data and steps.

    `init` is the default choice of first weights, `normal` or `uniform`; where it is empty, there
    is no choice. Without `torch`, PyTorch does not compute, and so there are no threads to choose.
    """
    drawn = first_weights(
        init,
        normal=_("from N(0, 1), needs a learning rate near 1e-6"),
        uniform=_("as nn.Linear draws them, needs one near 1e-4"),
    )
    return (
        Hyperparameter(
            "epochs", _("steps"), SettingKind.INTEGER, 500, 1, 10_000,
            help=_("How many updates are made; each goes through all samples."),
        ),
        Hyperparameter(
            "lr", _("learning rate"), SettingKind.NUMBER, lr, 1e-9, 1.0,
            help=_("How far one update moves against the gradient of the summed error."), live=True,
        ),
        Hyperparameter(
            "batch_size", _("batch size"), SettingKind.INTEGER, 64, 1, 64,
            help=_("How many samples one update sums over; there are 64 in all."),
        ),
        *extra,
        *((drawn,) if init else ()),
        validation(),
        seed(),
        *((threads(),) if torch else ()),
    )  # fmt: skip
