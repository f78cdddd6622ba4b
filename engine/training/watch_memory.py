"""What a training knows of its inside, as it is kept in a checkpoint and read back."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.training import plain
from engine.training.insight import Diagnosis, Histogram, Insight, LayerInsight, diagnosis_of
from engine.training.steady import Finding, told


@dataclass(frozen=True, slots=True)
class Memory:
    """All that diagnoses rest on, besides what was measured after each epoch."""

    looks: tuple[Insight, ...] = ()
    """The latest alone has histograms."""
    findings: tuple[Finding, ...] = ()
    diagnosed: int = 0
    """The step of the last diagnosis."""

    @property
    def told(self) -> tuple[Diagnosis, ...]:
        """What was told to be wrong, the worst first."""
        return told(self.findings)


def to_bytes(memory: Memory) -> bytes:
    """A memory as JSON."""
    layers = [layer.name for layer in memory.looks[0].layers] if memory.looks else []
    stored = {
        "layers": layers,
        "looks": [
            [
                look.step, look.epochs, look.loss, look.chance, _known(look.curvature), look.rate,
                _known(look.rate_limit),
                [[_known(one.update_ratio), one.units, one.dead, one.saturated, one.alike]
                 for one in look.layers],
            ]
            for look in memory.looks
        ],
        "histograms": [
            [_bars(layer.activations), _bars(layer.gradients)]
            for look in memory.looks[-1:]
            for layer in look.layers
        ],
        "findings": [
            [one.diagnosis.as_json(), one.since, one.times, one.missed, one.is_told]
            for one in memory.findings
        ],
        "diagnosed": memory.diagnosed,
    }  # fmt: skip
    return json.dumps(stored, allow_nan=False).encode()


def from_bytes(stored: bytes) -> Memory:
    """The memory that `to_bytes` gave; raises one of `plain.NOT_WHOLE` where it is none."""
    state = json.loads(stored)
    names = [plain.text(name) for name in state["layers"]]
    looks = [_look(row, names) for row in state["looks"]]
    if looks:
        looks[-1] = _with_histograms(looks[-1], state["histograms"])
    return Memory(
        tuple(looks),
        tuple(map(_finding, state["findings"])),
        plain.whole(state["diagnosed"]),
    )


def _look(row: list[Any], names: list[str]) -> Insight:
    step, epochs, loss, chance, curvature, rate, limit, layers = row
    return Insight(
        step=plain.whole(step),
        epochs=plain.number(epochs),
        loss=plain.number(loss),
        chance=plain.number(chance),
        layers=tuple(
            LayerInsight(
                name,
                update_ratio=None if ratio is None else plain.number(ratio),
                units=plain.whole(units),
                dead=plain.whole(dead),
                saturated=plain.whole(saturated),
                alike=plain.whole(alike),
            )
            for name, (ratio, units, dead, saturated, alike) in zip(names, layers, strict=True)
        ),
        curvature=None if curvature is None else plain.number(curvature),
        rate=plain.number(rate),
        rate_limit=math.inf if limit is None else plain.number(limit),
    )


def _with_histograms(look: Insight, rows: list[Any]) -> Insight:
    layers = [
        replace(layer, activations=_histogram(activations), gradients=_histogram(gradients))
        for layer, (activations, gradients) in zip(look.layers, rows, strict=True)
    ]
    return replace(look, layers=tuple(layers))


def _bars(found: Histogram | None) -> Sequence[object] | None:
    return (found.low, found.high, found.counts, found.outside) if found else None


def _histogram(stored: Sequence[Any] | None) -> Histogram | None:
    if stored is None:
        return None
    low, high, counts, outside = stored
    if not counts or plain.number(low) >= plain.number(high):
        raise ValueError("no histogram")
    return Histogram(low, high, tuple(map(plain.whole, counts)), plain.whole(outside))


def _finding(row: list[Any]) -> Finding:
    stored, since, times, missed, is_told = row
    diagnosis = diagnosis_of(stored)
    for text in (diagnosis.id, diagnosis.layer, diagnosis.title, diagnosis.text, diagnosis.advice):
        plain.text(text)
    plain.number(diagnosis.value)
    plain.whole(diagnosis.step)
    return Finding(
        diagnosis, plain.whole(since), plain.whole(times), plain.whole(missed), bool(is_told)
    )


def _known(number: float | None) -> float | None:
    """None for what is not known, or has no bound."""
    return number if number is not None and math.isfinite(number) else None
