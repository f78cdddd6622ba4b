"""The guesses of `dltutor train`: what the learner expects, before anything is trained."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from engine.errors import UserError
from engine.language import _
from engine.training.guess import Guess, parse_accuracy, parse_loss
from engine.training.recipe import Recipe


def add_guesses(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    group = parser.add_argument_group(
        _("guesses"),
        _("Guess first: at the end, each guess is compared with what was measured."),
    )
    group.add_argument(
        "--guess-loss", metavar="X", help=_("the loss before the first update, such as 2.3")
    )
    group.add_argument(
        "--guess-accuracy",
        metavar="X",
        help=_("the test accuracy after the last epoch, such as 0.85; not for regressions"),
    )
    group.add_argument(
        "--guess-final-loss",
        metavar="X",
        help=_("for regressions: the test loss after the last epoch"),
    )


def read_guess(recipe: Recipe, args: argparse.Namespace) -> Guess:
    """The guess on the command line; raises UserError where it makes no sense."""

    def read(text: str | None, parse: Callable[[str], float]) -> float | None:
        return None if text is None else parse(text)

    guess = Guess(
        first_loss=read(args.guess_loss, parse_loss),
        accuracy=read(args.guess_accuracy, parse_accuracy),
        final_loss=read(args.guess_final_loss, parse_loss),
    )
    if guess and args.resume:
        raise UserError(
            _(
                "A guess is made before the first update, and --resume continues a run that has"
                " made some. Leave the guess out; the run keeps the one it began with."
            )
        )
    if guess.accuracy is not None and not recipe.classes:
        raise UserError(
            _(
                "The recipe {recipe!r} is a regression and has no accuracy. Guess its last test"
                " loss with --guess-final-loss."
            ).format(recipe=recipe.name)
        )
    if guess.final_loss is not None and recipe.classes:
        raise UserError(
            _(
                "The recipe {recipe!r} is measured by its test accuracy. Guess that with"
                " --guess-accuracy."
            ).format(recipe=recipe.name)
        )
    return guess
