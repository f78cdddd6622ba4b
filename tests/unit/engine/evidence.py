"""Made-up evidence for the tests of diagnoses."""

from __future__ import annotations

from dataclasses import replace

from engine.training.diagnoses import Evidence, diagnose
from engine.training.insight import Insight, LayerInsight
from engine.training.snapshot import EpochMetrics


def look(step: int, loss: float = 1.0, **changes: object) -> Insight:
    layer = LayerInsight("hidden", 1e-3, 10, 0, 0)
    whole = Insight(step, step / 100, loss, 2.3, (layer,), 1.0, 0.5, 2.0)
    return replace(whole, **changes)  # type: ignore[arg-type]  # by name


def row(epoch: int, train: float, test: float) -> EpochMetrics:
    return EpochMetrics(
        epoch=epoch, step=100 * epoch, train_loss=train, train_accuracy=0.5, test_loss=test,
        test_accuracy=0.5, seconds=1.0, samples_per_second=1.0,
    )  # fmt: skip


def evidence(*looks: Insight, rows: tuple[EpochMetrics, ...] = (), epochs: int = 10) -> Evidence:
    return Evidence(
        looks=looks, measured=rows, epochs=epochs, epoch=rows[-1].epoch if rows else 5,
        step=looks[-1].step if looks else 500, learning_rate=0.5,
    )  # fmt: skip


def ids(known: Evidence) -> list[str]:
    return [one.id for one in diagnose(known)]


def regression(epoch: int, train: float) -> EpochMetrics:
    return replace(row(epoch, train, train), train_accuracy=None, test_accuracy=None)
