"""A learner's guess in words: while it waits for the training, and beside what was measured."""

from __future__ import annotations

from collections.abc import Sequence

from engine.language import _
from engine.naming import Shown
from engine.training.guess import Comparison, Guess, Theory, compared
from engine.training.snapshot import EpochMetrics
from tui.widgets.numbers import measured as shown


def plain(value: float) -> str:
    """A guess as it was typed: `2.3`, `500000`."""
    return f"{Shown(value):.6g}" if value < 1e6 else f"{Shown(value):.3g}"


def guess_text(guess: Guess) -> str:
    """`first loss 2.3, test accuracy 0.85`; empty without a guess."""
    texts = {
        _("first loss {value}"): guess.first_loss,
        _("test accuracy {value}"): guess.accuracy,
        _("test loss {value}"): guess.final_loss,
    }
    known = [text.format(value=plain(v)) for text, v in texts.items() if v is not None]
    return ", ".join(known)


def verdict(guess: Guess, rows: Sequence[EpochMetrics], epochs: int) -> tuple[str, ...]:
    """A sentence or two for each quantity that was guessed and has been measured."""
    told = []
    for one in compared(guess, rows):
        text = _sentence(one, rows[-1].epoch, epochs)
        if one.what == "first_loss" and guess.theory:
            text = f"{text} {_reason(guess.theory, one.measured)}".rstrip()
        told.append(text)
    return tuple(told)


def _sentence(one: Comparison, epoch: int, epochs: int) -> str:
    names = {"first_loss": _("First loss"), "accuracy": _("Test accuracy"),
             "final_loss": _("Test loss")}  # fmt: skip
    text = _("{what}: guessed {guess}, measured {value}.")
    if one.what != "first_loss":
        text = _("{what} after the last epoch: guessed {guess}, measured {value}.")
        if epoch < epochs:
            text = _("{what}: guessed {guess}, measured {value} after epoch {epoch} of {epochs}.")
    return text.format(
        what=names[one.what],
        guess=plain(one.guessed),
        value=shown(one.measured),
        epoch=epoch,
        epochs=epochs,
    )


def _reason(theory: Theory, measured: float) -> str:
    """Why the first loss is what it is; nothing where the reason does not hold."""
    near = theory.agrees(measured)
    if theory.why == "equal":
        text = (
            _(
                "Small first weights give each of {classes} classes nearly the probability"
                " 1/{classes}, so the loss starts near −ln(1/{classes}) = ln {classes} = {value}."
            )
            if near
            else _(
                "If all {classes} classes started with the same probability, it would be"
                " ln {classes} = {value}; these first weights already favour some of them."
            )
        )
        return text.format(classes=theory.classes, value=shown(theory.value))
    if not near:
        return ""
    if theory.why == "zero":
        text = _(
            "The first weights are small, so the model predicts about 0, and the loss starts near"
            " that of always predicting 0: {value}."
        )
    else:
        text = _(
            "Weights from N(0, 1) make the predictions far larger than the targets: the loss"
            " starts near {value}."
        )
    return text.format(value=shown(theory.value))
