"""Tells on stderr what is wrong with a training, each thing once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from engine.language import _, plural

if TYPE_CHECKING:
    from engine.training.insight import Diagnosis
    from engine.training.loop import TrainingRun


def with_step(text: str, found: Diagnosis, step: int) -> str:
    """The text of a diagnosis; with the update after which it was found, if before `step`."""
    if not 0 < found.step < step:
        return text
    updates = plural("{count} update", "{count} updates", found.step)
    return _("{diagnosis} (found after {updates})").format(diagnosis=text, updates=updates)


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
        return bool(self._new(run)) or (bool(self._told) and not run.watch.insights.diagnoses)

    def _new(self, run: TrainingRun, *, is_over: bool = False) -> list[Diagnosis]:
        """What was found last, and is not written down yet; in the end, what was found before."""
        insights = run.watch.insights
        return [
            one
            for one in insights.diagnoses
            if (one.id, one.layer) not in self._told and (is_over or not insights.is_late(one))
        ]

    def tell(self, run: TrainingRun, *, is_over: bool = False) -> None:
        """Write down what is wrong now and was not before; in the end, all that the record has."""
        insights = run.watch.insights
        for one in self._new(run, is_over=is_over):
            self._told.add((one.id, one.layer))
            text = _("diagnosis: {text} {advice}").format(text=one.text, advice=one.advice)
            self._errors.line(f"dltutor: {with_step(text, one, insights.diagnosed)}")
        if self._told and not run.watch.insights.diagnoses:
            self._told.clear()
            text = _("diagnosis: nothing looks wrong any longer.")
            self._errors.line(f"dltutor: {text}")
