"""The lines of `dltutor train`: one per epoch, in columns that fit the terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from engine.language import _
from engine.training.snapshot import EpochMetrics
from tui.columns import right
from tui.math.width import cell_width

if TYPE_CHECKING:
    from engine.training.loop import TrainingRun

_GAP = "  "


@dataclass(frozen=True, slots=True)
class _Column:
    group: str
    """The heading over it and its neighbour."""
    name: str
    width: int
    of: Callable[[EpochMetrics], str]


class EpochLines:
    """The header and the rows for one training."""

    def __init__(self, run: TrainingRun, width: int | None) -> None:
        """`width` is that of the terminal; None where the lines go elsewhere."""
        self._columns = _columns(run)
        while width is not None and len(self._columns) > 1:
            if max(map(cell_width, self.header())) <= width:
                break
            self._columns.pop()

    def header(self) -> tuple[str, str]:
        """Two lines: the headings of the groups, and the names of the columns."""
        groups = [
            right(group, _total(list(columns)))
            for group, columns in groupby(self._columns, key=attrgetter("group"))
        ]
        return _GAP.join(groups).rstrip(), self._line([column.name for column in self._columns])

    def row(self, metrics: EpochMetrics) -> str:
        """The line of an epoch."""
        return self._line([column.of(metrics) for column in self._columns])

    def _line(self, cells: Sequence[str]) -> str:
        cells = [right(cell, c.width) for cell, c in zip(cells, self._columns, strict=True)]
        return _GAP.join(cells)


def _total(columns: Sequence[_Column]) -> int:
    return sum(column.width + len(_GAP) for column in columns) - len(_GAP)


def _columns(run: TrainingRun) -> list[_Column]:
    """All columns; where there is little room, the last ones are left out."""

    def epoch(row: EpochMetrics) -> str:
        return f"{row.epoch}/{run.epochs}"

    classifies = bool(run.task.classes)
    sets = [("train", _("train after epoch")), ("test", _("test after epoch"))]
    if run.task.validation_samples:
        sets.insert(1, ("validation", _("validation")))
    sets.append(("during", _("train during epoch")))
    columns = [_Column("", _("epoch"), max(5, 2 * len(str(run.epochs)) + 1), epoch)]
    for key, heading in sets:
        # Wide enough for the heading; a loss takes 9 cells, an accuracy 8.
        width = 9 if classifies else max(9, cell_width(heading))
        columns.append(_Column(heading, _("loss"), width, _loss(key)))
        if classifies:
            columns.append(_Column(heading, _("accuracy"), 8, _accuracy(key)))
    columns.append(_Column("", _("seconds"), 7, _seconds))
    columns.append(_Column("", _("samples/s"), 9, _rate))
    return columns


def _loss(key: str) -> Callable[[EpochMetrics], str]:
    def text(row: EpochMetrics) -> str:
        value: float | None = getattr(row, f"{key}_loss")
        return "-" if value is None else f"{value:#.4g}"

    return text


def _accuracy(key: str) -> Callable[[EpochMetrics], str]:
    def text(row: EpochMetrics) -> str:
        value: float | None = getattr(row, f"{key}_accuracy")
        return "-" if value is None else f"{100 * value:.2f} %"

    return text


def _seconds(row: EpochMetrics) -> str:
    return f"{row.seconds:.2f}" if row.epoch else "-"


def _rate(row: EpochMetrics) -> str:
    if not row.epoch:
        return "-"
    return f"{row.samples_per_second:,.0f}".replace(",", " ")
