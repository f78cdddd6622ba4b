"""The faulty and the repaired programs of `classification/softmax-concise`, side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.activations import Array
from lessons.course.classification.softmax_concise.facts import KNOWN, MODELS, SEEN
from lessons.judge.evidence import (
    Curve,
    Evidence,
    Fact,
    Measure,
    MistakeValues,
    Program,
    numbers,
)


def faulty_report(valid: Array, test: Array) -> float:
    """Choose the best of several models; the accuracy to report.

    One row per model: 1 where it is right about an image, else 0.
    """
    best, highest = 0, 0.0
    for model in range(len(test)):
        score = float(test[model].mean())
        if score > highest:
            best, highest = model, score
    return float(test[best].mean())


def report(valid: Array, test: Array) -> float:
    """Choose the best of several models; the accuracy to report.

    One row per model: 1 where it is right about an image, else 0.
    """
    best, highest = 0, 0.0
    for model in range(len(test)):
        score = float(valid[model].mean())
        if score > highest:
            best, highest = model, score
    return float(test[best].mean())


REPEATS = 300
"""How often models, validation set and test set are drawn."""


def mean_reports(run: Program, counts: tuple[int, ...]) -> list[float]:
    """The mean of what is reported for 1, 2, … models that are all right about the same share."""
    rng = np.random.default_rng(0)
    reports = []
    for _ in range(REPEATS):
        valid, test = (rng.random((MODELS, SEEN)) < KNOWN for _ in range(2))
        reports.append([run(valid[:count], test[:count]) for count in counts])
    return [float(mean) for mean in np.mean(reports, axis=0)]


def _report(run: Program) -> Evidence:
    counts = (1, 2, 5, 10, MODELS)
    found = mean_reports(run, counts)
    facts = (
        Fact("every model is right about", numbers([KNOWN], 4)),
        Fact("reported, 1 model", numbers(found[:1], 4)),
        Fact(f"reported, best of {MODELS}", numbers(found[-1:], 4)),
    )
    curve = Curve(tuple(map(float, counts)), tuple(found), "models", "accuracy reported, mean")
    return Evidence(Measure("too high, on average", found[-1] - KNOWN, 0.002), facts, curve)


MISTAKES: Mapping[str, MistakeValues] = {
    "chosen-on-test": MistakeValues("report", _report),
}
