"""The sign and the colour of each run, which it keeps as long as the program runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from weakref import WeakKeyDictionary

from engine.training.runs import KeptRun, RunStore
from engine.training.snapshot import Setting, Snapshot
from tui.widgets.marks import KINDS, mark

_books: WeakKeyDictionary[RunStore, RunMarks] = WeakKeyDictionary()


class RunMarks:
    """Numbers for `mark`, given to runs when they are first shown."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    @classmethod
    def of(cls, store: RunStore) -> RunMarks:
        """The marks of the runs in a store."""
        return _books.setdefault(store, cls())

    def numbers(self, groups: Sequence[Sequence[KeptRun]]) -> list[int]:
        """The number of each line of a chart; a line is one run, or several with other seeds.

        A run that is new takes the mark that belongs to its own number, `softmax-12`, or the next
        one whose sign no other line has.
        """
        names = [[name_of(run) for run in group] for group in groups]
        found = [self._first_known(group) for group in names]
        # The oldest comes first, as while the runs ended one after the other.
        for at in reversed(range(len(names))):
            if found[at] is None:
                found[at] = self._free(names[at][-1], [one for one in found if one is not None])
        numbers = [one for one in found if one is not None]
        for group, number in zip(names, numbers, strict=True):
            for name in group:
                self._known.setdefault(name, number)
        return numbers

    def number_of_now(
        self, now: Snapshot, groups: Sequence[Sequence[KeptRun]], numbers: Sequence[int]
    ) -> int:
        """The number of the current training: that of the line which it will join, or its own."""
        for group, number in zip(groups, numbers, strict=True):
            if _joins(now, group):
                return number
        known = self._known.get(now.run)
        number = self._free(now.run, numbers) if known is None else known
        if now.run:
            self._known[now.run] = number
        return number

    def _first_known(self, names: Sequence[str]) -> int | None:
        # The oldest run of a line had its mark before the others joined it.
        return next((self._known[name] for name in reversed(names) if name in self._known), None)

    def _free(self, name: str, others: Sequence[int]) -> int:
        """The first number from that of the run on whose sign is not among `others`."""
        digits = name.rpartition("-")[2]
        start = int(digits) - 1 if digits.isdecimal() and len(digits) < 6 else 0
        signs = {mark(number)[0] for number in others}
        order = [(start + offset) % KINDS for offset in range(KINDS)]
        taken = {*others, *self._known.values()} if len(self._known) < KINDS else set(others)
        choices = chain(
            (one for one in order if mark(one)[0] not in signs and one not in taken),
            (one for one in order if mark(one)[0] not in signs),
            (one for one in order if one not in others),
        )
        return next(choices, order[0])


def name_of(run: KeptRun) -> str:
    """What tells a run from all others of its recipe."""
    return run.run or run.ended


def _joins(now: Snapshot, group: Sequence[KeptRun]) -> bool:
    """Whether the current training differs from a line only in its seed."""
    settings = now.started_with or now.settings
    seeds = [run.settings.get("seed") for run in group]
    if now.changes or settings.get("seed") in seeds or "seed" not in settings:
        return False
    return all(
        run.is_whole
        and not run.changes
        and run.data_kind == (now.dataset, now.synthetic)
        and _without_seed(run.started_with or run.settings) == _without_seed(settings)
        for run in group
    )


def _without_seed(settings: Mapping[str, Setting]) -> dict[str, str]:
    return {name: str(value) for name, value in settings.items() if name != "seed"}
