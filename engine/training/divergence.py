"""A training whose numbers are no longer finite: how that is seen, and what is said about it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from engine.language import _, plural
from engine.naming import Shown
from engine.training.diagnoses.learning_rate import below

if TYPE_CHECKING:
    import torch


class DivergenceError(Exception):
    """A loss or a parameter is no longer a finite number; the last good parameters are restored."""

    def __init__(
        self,
        step: int,
        good_step: int,
        learning_rate: float,
        usual_rate: float | None = None,
        stable_rate: float | None = None,
        highest_rate: float | None = None,
        largest_rate: float | None = None,
        *,
        in_update: bool = True,
    ) -> None:
        """Update `step` met the number; where not `in_update`, it was measured after that update.

        The parameters are those after `good_step` updates again. The advice is that of
        `rate_to_try`. Where `highest_rate`, which the run had before, is higher than the present
        one, that is to blame.
        """
        self.step = step
        self.good_step = good_step
        text = _(
            "The training stopped: in update {step} the loss or a parameter was no longer a finite"
            " number, most likely because the learning rate {rate:g} is too high. {advice} {kept}"
        )
        if not in_update:
            text = _(
                "The training stopped: after {updates} the loss is no longer a finite number, most"
                " likely because the learning rate {rate:g} is too high. {advice} {kept}"
            )
        if highest_rate is not None and highest_rate > learning_rate:
            text = _(
                "The training stopped: after {updates} its numbers are no longer finite, most"
                " likely because the learning rate was {highest:g} before: the parameters have"
                " grown too large, and {rate:g} comes too late. {advice} {kept}"
            )
        _smaller, advice = rate_to_try(
            learning_rate, usual_rate, stable_rate, highest_rate, largest_rate
        )
        kept = _("The model goes back to its first parameters.")
        if good_step:
            kept = _(
                "The model goes back to its parameters after {updates}, which are finite."
            ).format(updates=plural("{count} update", "{count} updates", good_step))
        super().__init__(
            text.format(
                step=step,
                rate=Shown(learning_rate),
                highest=None if highest_rate is None else Shown(highest_rate),
                advice=advice,
                kept=kept,
                updates=plural("{count} update", "{count} updates", step),
            )
        )


def rate_to_try(
    learning_rate: float,
    usual_rate: float | None = None,
    stable_rate: float | None = None,
    highest_rate: float | None = None,
    largest_rate: float | None = None,
) -> tuple[float, str]:
    """A smaller rate for a training that diverged, and the sentence that names it.

    That is `stable_rate`, with which the run went well before, else `usual_rate`, that of the
    recipe for its settings, else a tenth; but nothing above `largest_rate`, at which steps begin to
    overshoot, where that was measured. After a `highest_rate` above the present one, a lower one
    comes too late.
    """
    smaller = learning_rate / 10
    advice = _("Choose a smaller one, such as {smaller:g}, and start again.")
    if highest_rate is not None and highest_rate > learning_rate:
        smaller = min(usual_rate, learning_rate) if usual_rate else learning_rate / 10
        advice = _("Choose a lower one from the beginning, such as {smaller:g}, and start again.")
    elif stable_rate is not None and stable_rate < learning_rate:
        smaller = stable_rate
        advice = _(
            "Choose a smaller one, such as {smaller:g}, with which this training went well,"
            " and start again."
        )
    elif usual_rate is not None and usual_rate < learning_rate:
        smaller = usual_rate
        advice = _(
            "Choose a smaller one, such as {smaller:g}, which is usual for these settings, and"
            " start again."
        )
    if largest_rate is not None and smaller > largest_rate:
        smaller = below(largest_rate)
        if highest_rate is None or highest_rate <= learning_rate:
            advice = _("Choose a smaller one, such as {smaller:g}, and start again.")
    return smaller, advice.format(smaller=Shown(smaller))


def all_finite(tensors: Iterable[torch.Tensor]) -> bool:
    """Whether all numbers in `tensors` are finite.

    A sum with a number that is not finite is not finite either, and takes a single pass. Only where
    the sum of large numbers may have overflowed are they looked at one by one.
    """
    import torch

    values = [tensor.detach() for tensor in tensors]
    if math.isfinite(torch.stack([value.sum() for value in values]).sum().item()):
        return True
    return all(bool(torch.isfinite(value).all()) for value in values)
