"""Tells on stderr what is wrong with a training, each thing once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from engine.language import _

if TYPE_CHECKING:
    from engine.training.loop import TrainingRun


class Lines(Protocol):
    """Where lines are written."""

    def line(self, text: str) -> None:
        """Write `text` as a line of its own."""


class DiagnosisLines:
    """A line for each new diagnosis, and one when nothing is wrong any longer."""

    def __init__(self, errors: Lines) -> None:
        self._errors = errors
        self._told: set[tuple[str, str]] = set()

    def has_news(self, run: TrainingRun) -> bool:
        """Whether `tell` would write something."""
        diagnoses = run.watch.insights.diagnoses
        return any((one.id, one.layer) not in self._told for one in diagnoses) or (
            bool(self._told) and not diagnoses
        )

    def tell(self, run: TrainingRun) -> None:
        """Write down what is wrong now and was not before."""
        diagnoses = run.watch.insights.diagnoses
        for one in diagnoses:
            if (one.id, one.layer) in self._told:
                continue
            self._told.add((one.id, one.layer))
            text = _("diagnosis: {text} {advice}").format(text=one.text, advice=one.advice)
            self._errors.line(f"dltutor: {text}")
        if self._told and not diagnoses:
            self._told.clear()
            text = _("diagnosis: nothing looks wrong any longer.")
            self._errors.line(f"dltutor: {text}")
