"""Findings that come and go where a loss swings: told once they hold, withdrawn once they are gone.

A finding is told when it was found at `HOLDS` diagnoses in a row, over `HOLDS_SHARE` of the planned
updates. It is withdrawn when it was not found at `GONE` in a row, over `GONE_SHARE` of them; until
then it says after which update it was found last. What is found at the end of a training is told at
once, since nothing comes after it. What is not found any more after the rate was changed is
withdrawn at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from engine.training.insight import Diagnosis

HOLDS, HOLDS_SHARE = 2, 0.01
GONE, GONE_SHARE = 3, 0.02
ONE_LAYER = frozenset({"exploding-updates", "vanishing-updates"})
"""These name the layer where it is worst: another one each time, it may be, and still the same."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding, from when it was first found until it is withdrawn."""

    diagnosis: Diagnosis
    """As it was found last."""
    since: int
    """The step from which on it has been found at every diagnosis, until the last time."""
    times: int = 1
    """At how many in a row."""
    missed: int = 0
    """At how many in a row it has not been found since."""
    is_told: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What it is the same as at another diagnosis."""
        one = self.diagnosis
        return one.id, "" if one.id in ONE_LAYER else one.layer

    def found_again(self, diagnosis: Diagnosis) -> Finding:
        """The same, at the next diagnosis."""
        if self.missed:
            return replace(self, diagnosis=diagnosis, since=diagnosis.step, times=1, missed=0)
        return replace(self, diagnosis=diagnosis, times=self.times + 1)


def told(findings: Iterable[Finding]) -> tuple[Diagnosis, ...]:
    """What is told of them, in their order."""
    return tuple(one.diagnosis for one in findings if one.is_told)


class Steady:
    """What is told of the findings of one training."""

    def __init__(self, places: Sequence[str]) -> None:
        """`places` are the ids of diagnoses, the worst first."""
        self._places = {name: place for place, name in enumerate(places)}
        self.findings: tuple[Finding, ...] = ()
        """The worst first, with those that are not told yet."""

    @property
    def told(self) -> tuple[Diagnosis, ...]:
        """What is told now, the worst first."""
        return told(self.findings)

    def take(
        self,
        found: Iterable[Diagnosis],
        step: int,
        planned: int,
        *,
        is_over: bool = False,
        is_changed: bool = False,
    ) -> None:
        """The findings of a diagnosis after `step` updates of those `planned`.

        `is_changed` where the rate was changed since the diagnosis before.
        """
        known = {one.key: one for one in self.findings}
        kept: list[Finding] = []
        for diagnosis in found:
            new = Finding(replace(diagnosis, step=step), since=step)
            before = known.pop(new.key, None)
            one = before.found_again(new.diagnosis) if before else new
            holds = one.times >= HOLDS and step - one.since >= HOLDS_SHARE * planned
            kept.append(replace(one, is_told=one.is_told or holds or is_over))
        for one in known.values():
            missed = one.missed + 1
            is_gone = missed >= GONE and step - one.diagnosis.step >= GONE_SHARE * planned
            if one.is_told and not is_gone and not is_changed:
                kept.append(replace(one, missed=missed))
        last = len(self._places)
        self.findings = tuple(
            sorted(kept, key=lambda one: self._places.get(one.diagnosis.id, last))
        )
